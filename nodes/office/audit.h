/* SPDX-License-Identifier: Apache-2.0
 *
 * audit: the record of who looked and who changed what (CARE.md 16). Rows are only added. A row says the hour, and in a
 * box the person's id, the verb, and the keyed hash of what it was about: never a value.
 *
 *     mac(n)  = BLAKE2b-256 keyed (audit mac key), over mac(n-1) | n u64 | hour u64 | content;   mac(0) is zero
 *     head    = n u64, BLAKE2b-256 keyed (audit head key), over n u64 | mac(n)
 *
 * The keys are derived from the master key, so without node.key nobody writes a row that holds. A changed, moved or
 * missing row breaks the chain at its number; a cut tail disagrees with the head. Who puts back rows and head of an
 * earlier copy is not found by the chain: the head's check word on the hand-over sheet tells it.
 *
 * Rows that are old enough are deleted from the oldest on (CARE.md 17). The last one that went leaves the anchor, on which
 * the first kept row hangs; numbers go on, and a row that does not hold is never deleted:
 *
 *     anchor  = n u64, mac(n), BLAKE2b-256 keyed (audit head key), over "anchor" 0 0 | n u64 | mac(n)
 *
 * While the node is locked there is no key: what happens then (a wrong passphrase) is counted by hour and kind in a
 * table of its own, and put into the chain at the next unlock as unproven. Writers have an open transaction.
 */
#ifndef AMAAN_AUDIT_H
#define AMAAN_AUDIT_H

#include "box.h"
#include "db.h"
#include "hash.h"

enum { AUDIT_VERB_BYTES = 32, AUDIT_LIST_MAX = 1000 };

extern const char *const AUDIT_SCHEMA;
extern const char *const AUDIT_ANCHOR_SCHEMA;

struct audit;

enum status audit_open(struct db *db, struct chance *chance, struct audit **ret,
    struct trouble *trouble) MUST_USE;
void audit_close(struct audit **audit);
void audit_unlock(struct audit *audit, const struct box_key *master);
void audit_lock(struct audit *audit);

struct audit_entry {
    int64_t hour;        /* since 1970 */
    struct ident person; /* zero: nobody, or before anybody unlocked */
    char verb[AUDIT_VERB_BYTES];
    struct hash subject; /* zero if none */
    int64_t times;       /* 1, or how often it happened while locked */
};

/* The keyed hash of a reference or name. The audit is unlocked. */
struct hash audit_subject(const struct audit *audit, const char *text);
/* With `once` an entry that is equal in all but times stands once an hour. LOCKED. */
enum status audit_put(
    struct audit *audit, const struct audit_entry *entry, bool once) MUST_USE;
/* Needs no key. The verb is one of the program's words. */
enum status audit_put_locked(
    struct audit *audit, int64_t hour, const char *verb) MUST_USE;
/* Puts what was counted while locked into the chain. LOCKED. */
enum status audit_adopt(struct audit *audit) MUST_USE;

/* Up to `max` entries before number `before` (0: from the newest), the newest first. */
enum status audit_list(struct audit *audit, int64_t before, struct audit_entry *ret,
    int64_t *ret_numbers, size_t max, size_t *ret_n) MUST_USE;
/* Deletes up to `max` rows, the oldest first, as long as they hold and are of `last_hour` or before; the newest row of
 * all stays. *ret_n tells how many went. A row whose hour lies in the future by a clock that was wrong keeps those
 * behind it until that hour is over. LOCKED. */
enum status audit_expire(
    struct audit *audit, int64_t last_hour, int max, int64_t *ret_n) MUST_USE;
/* How many rows were deleted: the record begins behind that number. Works while locked. */
enum status audit_begins(struct audit *audit, int64_t *ret_deleted) MUST_USE;
/* OK: all that is kept holds, from the anchor on; *ret_count counts deleted ones, too. CORRUPT: *ret_bad is the first number that does not (the count + 1 when the head is wrong). */
enum status audit_verify(struct audit *audit, int64_t *ret_count, int64_t *ret_bad,
    struct hash *ret_head) MUST_USE;

#endif
