/* SPDX-License-Identifier: Apache-2.0
 *
 * replies: the answers that were given to changing requests, by their Idempotency-Key. A program that lost the
 * reply repeats its request and gets the same answer; the same key with another request is a CONFLICT.
 *
 * Key and request are kept as keyed hashes, the answer as a box bound to the key's hash. A row is kept at
 * least REPLY_KEEP_DAYS, counted by two witnesses: the caller gives the later of the own clock and the newest
 * signed time when it puts, and the earlier when it purges, so that a clock that jumped makes no request happen
 * twice.
 */
#ifndef AMAAN_REPLIES_H
#define AMAAN_REPLIES_H

#include "box.h"
#include "db.h"

enum {
    REPLY_KEEP_DAYS =
        30, /* a program that was off for the 28 days of a holiday may still repeat */
    REPLY_KEY_BYTES_MAX = 200,
    REPLY_ANSWER_BYTES_MAX = 65536,
    REPLIES_PURGED_AT_ONCE = 100
};

struct replies;

enum status replies_open(struct db *db, struct chance *chance, struct replies **ret,
    struct trouble *trouble) MUST_USE;
void replies_close(struct replies **replies);
void replies_unlock(struct replies *replies, const struct box_key *master);
void replies_lock(struct replies *replies);

/* Appends the stored answer. NOT_FOUND: this key is new. CONFLICT: it stands under another request. */
enum status replies_find(struct replies *replies, const char *key, struct span request,
    int *ret_http, struct buffer *ret_answer) MUST_USE;
enum status replies_put(struct replies *replies, const char *key, struct span request,
    int http, struct span answer, int64_t day) MUST_USE;
/* The answer under that key speaks of this referral: it may hold content. */
enum status replies_mark(
    struct replies *replies, const char *key, const char *reference) MUST_USE;
/* Content of that referral was destroyed: every answer that may hold it is replaced by this one. */
enum status replies_blank(
    struct replies *replies, const char *reference, struct span answer) MUST_USE;
/* Deletes some rows older than REPLY_KEEP_DAYS before `day`; tells whether there may be more of them. */
enum status replies_purge(struct replies *replies, int64_t day, bool *ret_more) MUST_USE;

#endif
