/* SPDX-License-Identifier: Apache-2.0
 *
 * members: opens the sealed profiles that trust holds and fills the directory from them (PROTOCOL.md 5a).
 */
#ifndef AMAAN_MEMBERS_H
#define AMAAN_MEMBERS_H

#include "directory.h"
#include "trust.h"

/* NOT_FOUND: no package yet. CONFLICT: the package belongs to a roster that is not in force. Otherwise see
 * package_open. After a failure the directory keeps what it has. */
enum status members_load(struct trust *trust, const struct ident *node_id,
    const uint8_t directory_secret[static DIRECTORY_KEY_BYTES],
    struct directory *directory) MUST_USE;

#endif
