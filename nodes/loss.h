/* SPDX-License-Identifier: Apache-2.0
 *
 * loss: what is done when passphrases are lost (recover) and when the keys must not be found (panic). Both work on the
 * home folder of a node; recover needs it stopped, panic does not care.
 */
#ifndef AMAAN_LOSS_H
#define AMAAN_LOSS_H

#include "node.h"
#include "shares.h"

/* Two shares open node.key; `person`, new or not, is an administrator with this passphrase from now on. It is put into
 * the record of who looked before the file is written. DENIED: these shares do not open it. CONFLICT: shares of two
 * makings. MALFORMED. BUSY: the node runs. */
struct loss_recover {
    struct node_options node;
    struct share shares[SHARES_NEEDED];
    const char *person;
    struct span passphrase;
    struct cost cost;
};
enum status loss_recover(
    const struct loss_recover *request, struct trouble *trouble) MUST_USE;

/* Overwrites and removes node.key and link.key and what a cut write of them left. The first failure; it goes on. */
enum status loss_panic(const char *home, struct trouble *trouble) MUST_USE;
bool loss_has_keys(const char *home);

#endif
