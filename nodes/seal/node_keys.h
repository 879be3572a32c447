/* SPDX-License-Identifier: Apache-2.0
 *
 * node_keys: the secrets of node.key while a node is unlocked. Office reads them from the file, post uses them;
 * the two do not know each other. Whoever holds a copy wipes it.
 */
#ifndef AMAAN_NODE_KEYS_H
#define AMAAN_NODE_KEYS_H

#include "box.h"
#include "member.h"
#include "sign.h"

struct node_keys {
    struct sign_secret identity;
    struct sign_public previous_identity; /* zero if none */
    uint8_t directory[DIRECTORY_KEY_BYTES];
    struct box_key master;
};

#endif
