/* SPDX-License-Identifier: Apache-2.0
 *
 * parts: the inside of post, for its own flows (not for others: include post.h). A flow ties stores and
 * deciders together; it has no state of its own.
 *
 *   send.c     a person sends or withdraws            arrive.c   DELIVER, raw rows, parked letters
 *   sealing.c  number, link, seal, seal again         letters.c  a proven letter finds its number
 *   offer.c    what goes to the broker, its answers   settle.c   effect and receipt, heads move
 *   custody.c  expiry, VOID, blocked, forgotten       told.c     receipts under my letters
 *   rotate.c   own prekeys and bundle, others'        beat.c     heartbeats out and in
 *   aside.c    letters of suspended members: listed, released, discarded
 *   documents.c  root, roster, notices, profiles      chores.c   what time demands, in order
 *   loss.c     questions and answers after a loss of records
 */
#ifndef AMAAN_PARTS_H
#define AMAAN_PARTS_H

#include "alarms.h"
#include "chain.h"
#include "counter.h"
#include "facts.h"
#include "inbox.h"
#include "outbox.h"
#include "peers.h"
#include "post.h"
#include "prekeys.h"
#include "quarantine.h"
#include "raw.h"
#include "receipts.h"
#include "resyncs.h"
#include "seal.h"
#include "session.h"
#include "speech.h"
#include "uplink.h"
#include "witness.h"

/* The document that is being fetched from the broker, and what it says to have. */
struct documents {
    uint64_t
        wanted[DOCUMENT_TYPE_COUNT]; /* newest version named by the broker or a member */
    uint64_t vain[DOCUMENT_TYPE_COUNT]; /* asked for and not got in this session */
    bool
        suspect; /* the broker names my roster's version with another hash: fetch the proof */
    /* Under way. */
    enum document_type type; /* 0: none */
    uint64_t version;        /* 0: the newest, not known yet which */
    uint32_t total;
    bool asked;   /* a DOCUMENT_GET is not answered yet */
    bool judging; /* one was given to trust in this turn */
    struct buffer parts;
    size_t given; /* parts given in this turn */
    /* What the broker named in an earlier session: its word must not go back. */
    struct ident named_store;
    uint64_t named_roster;
};

struct post {
    struct post_options options;
    struct counter *counter;
    struct facts *facts;
    struct alarms *alarms;
    struct peers *peers;
    struct chain *chain;
    struct inbox *inbox;
    struct raw *raw;
    struct quarantine *quarantine;
    struct prekeys *prekeys;
    struct receipts *receipts;
    struct outbox *outbox;
    struct resyncs *resyncs;

    struct witness witness;
    struct uplink uplink;
    struct session session;
    struct documents documents;
    struct speech *speech;
    bool link_dead; /* nothing heard although asked: the program makes a new connection */
    int64_t renewed_ms; /* when the broker turned out to have a new database; 0 never */
    uint64_t
        served_bundle; /* newest bundle of mine that the broker serves, by its WELCOME */
    /* Under which letters were last looked at; the roster also stands in facts, once parked letters were. */
    uint64_t roster_judged, notices_judged;
    enum status failure; /* of the database, met in this turn */

    bool locked, rehearsing;
    int64_t locked_since_ms; /* wall time; of the start, if it was never unlocked */
    struct node_keys keys;
    struct box_key letters_key, prekeys_key; /* derived from the master key */

    /* What the next post_work has to look at. */
    bool tick_due, drafts_due, raw_due, rotate_due, restored_due, more;
    int64_t tick_steady_ms;   /* next tick */
    int64_t ticked_steady_ms; /* last one */
    int64_t raw_bytes;        /* size of the raw rows, as last counted */
    uint64_t state_count;     /* as last written to the counter file */

    struct arena *arena;
    struct buffer envelope, plain, body, boxed; /* scratch, each used within one flow */
};

#define POST_TICK_MS (15 * MINUTE_MS)

/* post.c */
int64_t post_now(const struct post *post);
int64_t post_own_ms(const struct post *post);
int64_t post_steady(const struct post *post);
const struct member *post_me(
    const struct post *post); /* NULL if the roster lacks this node */
struct sealer post_sealer(const struct post *post); /* while unlocked */
enum status post_alarm(struct post *post, enum alarm_code code, const struct ident *peer,
    int64_t detail) MUST_USE;

/* sealing.c. BUSY: the letter has to wait; its state, reason say why. The envelope is in post->envelope. */
enum status sealing_number(
    struct post *post, struct outbox_letter *letter, struct span salt_and_body) MUST_USE;
enum status sealing_again(struct post *post, struct outbox_letter *letter) MUST_USE;
/* Opens the kept letter (salt 32 | body) into post->plain. */
enum status sealing_unbox(
    struct post *post, const struct outbox_letter *letter, struct span *ret) MUST_USE;
/* An unnumbered letter. BUSY: not now. */
enum status sealing_note(struct post *post, const struct ident *peer, uint16_t kind,
    struct span body, struct ident *ret_msg_id) MUST_USE;
bool sealing_is_stale(struct post *post, const struct outbox_letter *letter,
    const struct member *recipient);

/* send.c */
enum status send_drafts(struct post *post) MUST_USE;
/* A numbered letter of post itself. */
enum status send_void(struct post *post, const struct ident *peer, struct span body,
    int64_t *ret_row) MUST_USE;

/* offer.c */
void offer_envelope(struct post *post, const struct flight *flight, bool again);
enum status offer_pump(struct post *post) MUST_USE;
enum status offer_held(struct post *post, const struct ident *msg_id) MUST_USE;
enum status offer_refused(struct post *post, const struct frame *frame) MUST_USE;
enum status offer_have(struct post *post) MUST_USE;
enum status offer_holds(struct post *post, const struct frame *frame) MUST_USE;
enum status offer_recalls(struct post *post) MUST_USE;
/* Receipts that are owed, into the ready half of speech: after the commit, reads only. */
enum status offer_receipts(struct post *post) MUST_USE;
bool offer_awaits(const struct post *post);

/* arrive.c */
enum status arrive_delivery(struct post *post, const struct frame *frame) MUST_USE;
enum status arrive_raw(
    struct post *post) MUST_USE; /* some raw rows; more is set if there are more */
enum status arrive_parked(
    struct post *post) MUST_USE; /* judged again under the newest roster */
bool arrive_has_room(const struct post *post);
enum status arrive_refuse(struct post *post, struct span envelope, int64_t detail,
    enum alarm_code code, const struct ident *peer) MUST_USE;

/* letters.c: a proven, numbered letter of an active or suspended member. */
enum status letters_take(struct post *post, const struct opened *opened,
    struct span envelope, int64_t received_ms) MUST_USE;
/* A quarantined letter that a person released; its body is in post->body. */
enum status letters_release(struct post *post, struct inbox_letter *letter) MUST_USE;

/* settle.c */
/* The number gets its receipt (unless the status is 0), the head moves, who waited for it is due. */
enum status settle_number(struct post *post, struct inbox_letter *letter,
    enum settled_how how, enum receipt_status status, enum receipt_code code) MUST_USE;
enum status settle_gone(struct post *post, struct chain_row *row) MUST_USE; /* LOST */
/* Owes a CONFLICT that names the link held; not stored under a number. held_row may be NULL; if not, its
 * number is answered at most once in ten minutes. */
enum status settle_conflict(struct post *post, const struct opened *opened,
    const struct hash *held_link, struct inbox_letter *held_row,
    int64_t received_ms) MUST_USE;
enum status settle_repeat(struct post *post, struct inbox_letter *letter) MUST_USE;
/* The chain of a number; a new epoch gets a fresh row (not written). DENIED: too many epochs. */
enum status settle_chain(struct post *post, const struct ident *peer, uint32_t epoch,
    struct chain_row *ret) MUST_USE;

/* told.c */
enum status told_receipts(struct post *post, const struct opened *opened) MUST_USE;

/* beat.c */
/* A letter that its recipient had receipted and lost goes again under its number, not before that time. */
enum status beat_again(
    struct post *post, struct outbox_letter *letter, int64_t next_ms) MUST_USE;
enum status beat_all(struct post *post) MUST_USE;
enum status beat_one(struct post *post, struct peer *peer) MUST_USE;
enum status beat_heard(struct post *post, const struct opened *opened) MUST_USE;
enum status beat_gaps(struct post *post, int64_t elapsed_ms) MUST_USE;

/* rotate.c */
enum status rotate_prekeys(struct post *post) MUST_USE; /* make, sign, publish */
enum status rotate_destroy(struct post *post) MUST_USE;
void rotate_ask(struct post *post); /* BUNDLES_GET if it is time */
enum status rotate_bundles(struct post *post, const struct frame *frame) MUST_USE;

/* documents.c */
enum status documents_begin(struct post *post, const struct frame *welcome) MUST_USE;
enum status documents_step(struct post *post) MUST_USE; /* ask for the next, or be OPEN */
enum status documents_take(struct post *post, const struct frame *frame) MUST_USE;
enum status documents_give(struct post *post, const struct frame *frame) MUST_USE;
enum status documents_refused(struct post *post) MUST_USE;
void documents_want(struct post *post, enum document_type type, uint64_t version);
void documents_committed(struct post *post);
void documents_end(struct post *post); /* of the session */

/* custody.c */
enum status custody_expire(struct post *post) MUST_USE;
enum status custody_tell(struct post *post) MUST_USE; /* owners, that a letter waits */
enum status custody_voids(struct post *post) MUST_USE;
enum status custody_standings(
    struct post *post) MUST_USE; /* BLOCKED and drafts, by the newest roster */
enum status custody_revoked(struct post *post, const struct ident *peer) MUST_USE;
enum status custody_end(struct post *post, struct outbox_letter *letter,
    enum letter_state state, enum void_reason reason) MUST_USE;

/* chores.c */
enum status chores_tick(struct post *post) MUST_USE;
enum status chores_trust(
    struct post *post) MUST_USE; /* is a new roster or notice in force? */
enum status chores_restored(struct post *post) MUST_USE;
/* What time only may destroy: before this, by the own clock and by another's signed time. */
int64_t chores_certain_ms(const struct post *post);

/* loss.c: this node lost its records since then: that member is asked, begun at most once a day; or every one. */
enum status loss_begin(
    struct post *post, const struct ident *peer_id, int64_t lost_since_ms) MUST_USE;
enum status loss_begin_all(struct post *post, int64_t lost_since_ms) MUST_USE;
enum status loss_heard(struct post *post, const struct opened *opened) MUST_USE;
enum status loss_tick(struct post *post) MUST_USE;

/* hear.c */
enum status hear_frame(struct post *post, const struct frame *frame) MUST_USE;
enum status hear_time(struct post *post) MUST_USE; /* HELLO, PING; who does not answer */
void hear_answer(struct post *post); /* TAKEN and CREDIT at the turn's end */

#endif
