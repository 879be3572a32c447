/* SPDX-License-Identifier: Apache-2.0
 *
 * prekeys: this node's own prekeys; the private halves boxed under a key of the passphrase
 * (PROTOCOL.md 1.4, 4). The list is public and readable while locked. Deleting needs no passphrase. Writes:
 * inside a transaction.
 */
#ifndef AMAAN_PREKEYS_H
#define AMAAN_PREKEYS_H

#include "box.h"
#include "db.h"
#include "kem.h"
#include "prekey.h"

struct prekeys;

enum status prekeys_open(
    struct db *db, struct prekeys **ret, struct trouble *trouble) MUST_USE;
void prekeys_close(struct prekeys **prekeys);

/* Makes one prekey of suite 1, valid from then on for PREKEY_VALID_MS. */
enum status prekeys_make(struct prekeys *prekeys, const struct box_key *key,
    struct chance *chance, int64_t not_before_ms) MUST_USE;
/* All that still open, ascending by not_before; the newest BUNDLE_PREKEYS_MAX if there were more. */
enum status prekeys_list(struct prekeys *prekeys,
    struct prekey ret[static BUNDLE_PREKEYS_MAX], size_t *ret_n) MUST_USE;
/* NOT_FOUND if it is destroyed or was never made; FORGED if the box does not open. */
enum status prekeys_secret(struct prekeys *prekeys, const struct box_key *key,
    uint64_t prekey_id, uint16_t *ret_suite,
    uint8_t ret_secret[static KEM_SECRET_MAX]) MUST_USE;
enum status prekeys_destroy(struct prekeys *prekeys, uint64_t prekey_id) MUST_USE;

#endif
