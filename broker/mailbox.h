/* SPDX-License-Identifier: Apache-2.0
 *
 * mailbox: the envelopes that wait at the broker for one member. What stands on the disk (rows.h,
 * tombstones.h) and the memory of it (held.h) are kept together here, over commit and rollback; nobody else
 * puts or removes an envelope.
 *
 * Every call that writes asserts an open transaction; what it did counts only after mailboxes_committed
 * (deliver nothing before that) and is undone by mailboxes_rolled_back. Statuses of writes: FULL, IO, CORRUPT.
 */
#ifndef AMAAN_MAILBOX_H
#define AMAAN_MAILBOX_H

#include "db.h"
#include "held.h"
#include "shares.h"

struct mailbox {
    struct mailbox *next; /* of all, and of the same bucket: mailbox.c's own */
    struct mailbox *next_same;
    struct ident queue_id;
    struct queue_ends queues[QUEUE_COUNT]; /* WAITING */
    int64_t envelopes, bytes;              /* what the next commit will leave */
    uint32_t collected_hour; /* its member last took something or found it empty */
    bool collected_changed;
    bool unwanted;           /* its member is revoked: purged in slices */
    struct session *session; /* who empties it now, or NULL: the broker's own */
};

struct mailboxes;

enum status mailboxes_open(struct db *db, struct chance *chance, uint32_t now_hour,
    struct mailboxes **ret, struct trouble *trouble) MUST_USE;
void mailboxes_close(struct mailboxes **mailboxes);

struct mailbox *mailboxes_find(
    const struct mailboxes *mailboxes, const struct ident *queue_id);
/* The same, made if it is not there; it costs no row before something is put in. */
struct mailbox *mailboxes_get(
    struct mailboxes *mailboxes, const struct ident *queue_id, uint32_t now_hour);
struct mailbox *mailboxes_first(const struct mailboxes *mailboxes); /* then ->next */
size_t mailboxes_count_held(const struct mailboxes *mailboxes);
int64_t mailboxes_count_bytes(const struct mailboxes *mailboxes);
struct held *mailboxes_find_held(
    const struct mailboxes *mailboxes, const struct ident *msg_id);
struct held *mailboxes_oldest(const struct mailboxes *mailboxes);

/* Was this offered before? NOT_FOUND; EXISTS: the same bytes are held, or were taken in the last 24 hours;
 * CONFLICT: other bytes have that msg_id; BUSY: it leaves in this turn. `again` skips what was taken. */
enum status mailboxes_recall_offer(const struct mailboxes *mailboxes,
    const struct ident *msg_id, const struct hash *hash, bool again) MUST_USE;

struct arrival {
    const struct header *header;
    struct span envelope;
    struct hash hash;
    enum queue queue;    /* EXPRESS or NORMAL: in which order it waits */
    struct ident sender; /* node id, for the shares in memory */
    uint32_t hour;
};

/* Puts a copy in; mailboxes_recall_offer said NOT_FOUND. */
enum status mailbox_put(struct mailboxes *mailboxes, struct mailbox *mailbox,
    const struct arrival *arrival) MUST_USE;
/* What the sender has in this mailbox; NULL if nothing. */
const struct share *mailbox_find_share(const struct mailboxes *mailboxes,
    const struct mailbox *mailbox, const struct ident *sender);

/* The first of that queue goes OUT. BUG if it is empty. */
struct held *mailbox_give(struct mailbox *mailbox, enum queue queue);
/* OUT becomes WAITING again, first in its queue: give back in reverse order. `ended`: the session ended on
 * this one; it may move behind (written with the next flush). */
void mailbox_give_back(struct mailboxes *mailboxes, struct held *held, bool ended);
/* The bytes of one that is held; borrowed until the next call of this module. IO, CORRUPT. */
enum status mailbox_read(
    struct mailboxes *mailboxes, struct held *held, struct span *ret) MUST_USE;

/* Removes: taken leaves a tombstone, drop does not. */
enum status mailbox_taken(struct mailboxes *mailboxes, struct held *held) MUST_USE;
enum status mailbox_drop(struct mailboxes *mailboxes, struct held *held) MUST_USE;
/* The member collects: to be remembered, to the hour. */
void mailbox_collected(
    struct mailboxes *mailboxes, struct mailbox *mailbox, uint32_t hour);

/* Drops at most `max` rows: arrived before that hour, or unwanted; and tombstones before theirs. */
enum status mailboxes_purge(struct mailboxes *mailboxes, uint32_t before_hour,
    uint32_t tombstones_before, size_t max, size_t *ret_n) MUST_USE;
bool mailboxes_purge_is_due(
    const struct mailboxes *mailboxes, uint32_t before_hour, uint32_t tombstones_before);
void mailboxes_set_unwanted(
    struct mailboxes *mailboxes, struct mailbox *mailbox, bool unwanted);

/* The last write of a turn: tombstones, hours of collection, ended sessions. */
enum status mailboxes_flush(struct mailboxes *mailboxes, uint32_t hour) MUST_USE;
/* Calls on_waiting for every mailbox that got something new. */
void mailboxes_committed(struct mailboxes *mailboxes,
    void (*on_waiting)(void *context, struct mailbox *mailbox), void *context);
/* What this turn removed waits again. */
void mailboxes_rolled_back(struct mailboxes *mailboxes);
/* Those msg_ids that this turn removed by mailbox_taken, for doing it again after a rollback. */
size_t mailboxes_list_taken(
    const struct mailboxes *mailboxes, struct held **ret, size_t max);

/* Rows agree with the counters. CORRUPT with a sentence. */
enum status mailboxes_check(
    struct mailboxes *mailboxes, struct trouble *trouble) MUST_USE;

#endif
