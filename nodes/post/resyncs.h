/* SPDX-License-Identifier: Apache-2.0
 *
 * resyncs: what is still to be asked and answered after a loss of records (PROTOCOL.md 5.6), one row a member; and the
 * letters that this node sent and does not know any more, as their recipients told. Writes: inside a transaction.
 */
#ifndef AMAAN_RESYNCS_H
#define AMAAN_RESYNCS_H

#include "db.h"
#include "post.h"

struct resyncs;

struct resync_row {
    struct ident peer;
    /* My loss. */
    int64_t begun_ms; /* 0: never asked */
    bool asking;      /* no last answer yet */
    bool asked;       /* a question is out: an answer is taken */
    int64_t next_ms;  /* of the next question */
    int64_t lost_since_ms;
    uint32_t known_epoch;
    uint64_t known_seq;
    /* Its loss. */
    int64_t told_ms, told_since_ms; /* 0: never */
    int64_t signed_ms;              /* of its last question that was taken */
    int64_t answer_ms;              /* when the answer is due; 0: none is */
    int64_t answered_ms;
    uint32_t its_epoch;
    uint64_t its_seq;
};

enum status resyncs_open(
    struct db *db, struct resyncs **ret, struct trouble *trouble) MUST_USE;
void resyncs_close(struct resyncs **resyncs);

/* A member never asked nor told gives a fresh row, all zero but its name. */
enum status resyncs_find(
    struct resyncs *resyncs, const struct ident *peer, struct resync_row *ret) MUST_USE;
enum status resyncs_put(struct resyncs *resyncs, const struct resync_row *row) MUST_USE;
/* The next row, in order of peers, after this one (zero: the first), to which a question or an answer is due. */
enum status resyncs_next_due(struct resyncs *resyncs, const struct ident *after,
    int64_t now_ms, struct resync_row *ret) MUST_USE;
/* Members that told of a loss, the newest first. */
enum status resyncs_told(
    struct resyncs *resyncs, struct post_loss *ret, size_t max, size_t *ret_n) MUST_USE;

/* EXISTS: it stands there. FULL is of the disk alone; past RESYNC_UNKNOWN_MAX of one member TOO_BIG. */
enum { RESYNC_UNKNOWN_MAX = 1024 };
enum status resyncs_put_unknown(
    struct resyncs *resyncs, const struct post_unknown *unknown) MUST_USE;
enum status resyncs_unknowns(struct resyncs *resyncs, int64_t after_id,
    struct post_unknown *ret, size_t max, size_t *ret_n) MUST_USE;

#endif
