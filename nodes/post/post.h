/* SPDX-License-Identifier: Apache-2.0
 *
 * post: a node's mail. Letters go out numbered and are kept until confirmed; letters come in, are opened
 * once, in order where order matters, and get a signed receipt (PROTOCOL.md 1 to 5).
 *
 * post is stores and deciders over one database; it never waits, never begins or commits and holds no
 * socket. The node's turn is: give it what arrived, let desk apply what was opened, commit, then speak what
 * post has to say:
 *
 *   post_connected / post_receive / post_lost     what came over the link
 *   post_work(now)                                what time demands: re-offers, heartbeats, expiry, prekeys
 *   while post_opened(&letter): effect, then post_settle(&letter)     (one transaction with the effect)
 *   --- db_commit; trust_committed; post_committed (writes the counter file) ---
 *   while post_speak(&frame): send it             only now: durable before spoken
 *
 * Ladder of a letter sent (what post_letter tells; words of docs/STYLE.md):
 *
 *   DRAFT --seal--> SEALED --broker's word--> HELD --receipt--> STORED --heartbeat--> CONFIRMED
 *     |               \______________ lifetime over, withdrawn ______/
 *     +-- recipient suspended: BLOCKED          EXPIRED, WITHDRAWN: a VOID takes the number's place
 *
 * A DRAFT could not be sealed yet (locked, no usable prekey, recipient unknown, fork): it has no number,
 * makes no gap, and is sealed by itself as soon as it can be.
 */
#ifndef AMAAN_POST_H
#define AMAAN_POST_H

#include "clock.h"
#include "db.h"
#include "frame.h"
#include "password.h"
#include "inner.h"
#include "node_keys.h"
#include "receipt.h"
#include "trust.h"

struct post;

extern const char *const POST_SCHEMA;   /* for the program's numbered list of scripts */
extern const char *const RESYNC_SCHEMA; /* a later one */

struct post_options {
    struct db *db;
    struct trust *trust;
    struct clock *clock;
    struct chance *chance;
    struct ident node_id;
    const char *counter_path; /* state counter outside the database (PROTOCOL.md 5 (6)) */
    /* May kind `kind` from a member be taken at all, by its role? NULL: yes. */
    bool (*kind_allowed)(void *context, const struct ident *member, uint16_t kind);
    void *context;
    enum status (*room)(
        void *context, int64_t *ret_free, int64_t *ret_total); /* disk; NULL: plenty */
};

enum status post_open(const struct post_options *options, struct post **ret,
    struct trouble *trouble) MUST_USE;
void post_close(struct post **post);

/* --- session with the broker -------------------------------------------------------------------------- */
void post_connected(struct post *post); /* link is up: HELLO is due */
void post_lost(struct post *post);      /* link is down */
/* The broker does not answer although asked: make a new connection, then post_lost. */
bool post_link_is_dead(const struct post *post);
enum status post_receive(
    struct post *post, struct span frame) MUST_USE; /* MALFORMED, DENIED: end the link */
enum status post_work(struct post *post) MUST_USE;  /* FULL, IO, CORRUPT as db.h says */
int64_t post_deadline_steady_ms(
    const struct post *post); /* when post_work has something to do */
/* Fills the buffer with the next frame to send; BUSY if there is none or credit is used up. After a rolled
 * back turn nothing of that turn is spoken. */
enum status post_speak(struct post *post, struct buffer *ret_frame) MUST_USE;
enum status post_committed(
    struct post *post) MUST_USE; /* counter file; IO ends the process */
void post_rolled_back(struct post *post);

/* --- keys --------------------------------------------------------------------------------------------- */
/* Keeps a copy in wiped memory until post_lock. */
enum status post_unlock(struct post *post, const struct node_keys *keys) MUST_USE;
void post_lock(struct post *post);
bool post_is_locked(const struct post *post);
const struct box_key *post_master_key(
    const struct post *post); /* NULL while locked; for desk's records */

/* --- sending ------------------------------------------------------------------------------------------ */
struct post_letter_new {
    struct ident recipient; /* node id */
    uint16_t kind;          /* below 16, not VOID */
    enum lane lane;
    struct ident
        item_id; /* names the letter for ever; EXISTS if this node used it before */
    struct ident
        after; /* item_id of an earlier letter to the same member that must settle first; zero: none */
    struct span body;
};

/* Keeps the letter (DRAFT, or SEALED at once when possible). LOCKED, TOO_BIG, NOT_FOUND (no such member),
 * DENIED (revoked member), EXISTS. Writes: inside a transaction. */
enum status post_send(struct post *post, const struct post_letter_new *letter) MUST_USE;
/* Withdraws a letter that is not STORED: RECALL and VOID. CONFLICT if STORED already. */
/* While it is true letters are checked and kept, and none is sealed: the caller undoes them all. */
void post_rehearse(struct post *post, bool yes);
/* A savepoint was undone, and the turn goes on. */
void post_undone(struct post *post);
enum status post_withdraw(struct post *post, const struct ident *item_id) MUST_USE;

enum letter_state {
    LETTER_STATE_DRAFT = 1,
    LETTER_STATE_SEALED,
    LETTER_STATE_HELD,
    LETTER_STATE_STORED,
    LETTER_STATE_CONFIRMED,
    LETTER_STATE_EXPIRED,
    LETTER_STATE_WITHDRAWN,
    LETTER_STATE_BLOCKED,
    LETTER_STATE_INVALID,
    LETTER_STATE_LATE,
    LETTER_STATE_UNDELIVERABLE,
    LETTER_STATE_COUNT
};
const char *letter_state_name(enum letter_state state);

struct post_letter {
    struct ident item_id, peer;
    uint16_t kind;
    enum lane lane;
    enum letter_state state;
    const char *reason; /* static words: why it waits in DRAFT or BLOCKED; "" otherwise */
    int64_t created_ms, changed_ms; /* of the last change of state */
    uint32_t chain_epoch;
    uint64_t pair_seq;
    uint16_t seal_no;
};

enum status post_letter(
    struct post *post, const struct ident *item_id, struct post_letter *ret) MUST_USE;
/* The signed receipt bytes under a STORED letter (evidence). NOT_FOUND. */
enum status post_letter_receipt(struct post *post, const struct ident *item_id,
    uint8_t ret[static RECEIPT_BYTES]) MUST_USE;

/* --- receiving ---------------------------------------------------------------------------------------- */
struct post_opened {
    struct ident item_id, peer;
    uint16_t kind;
    bool
        late; /* expired or voided: to be kept and shown, without effect; settle as it is */
    bool earlier_missing; /* held 24 h for a letter that has not come */
    int64_t created_ms, received_ms;
    struct span body; /* valid until the next post call */
    uint64_t handle;
};

/* The next letter whose effect is due: express first, then order of arrival; BUSY if none or locked. */
enum status post_opened(struct post *post, struct post_opened *ret) MUST_USE;
/* In the transaction of the effect. code NONE: STORED (or LATE if letter->late); otherwise INVALID(code). */
enum status post_settle(
    struct post *post, const struct post_opened *letter, enum receipt_code code) MUST_USE;

/* --- what waits for a person (PROTOCOL.md 5.5) --------------------------------------------------------- */
/* A letter of a member that was suspended when it came: proven, kept, without effect and not answered. */
struct post_aside {
    int64_t id;
    struct ident peer;
    uint16_t kind;
    enum lane lane;
    int64_t created_ms, received_ms;
    bool late; /* its lifetime ended meanwhile: released, it is shown and has no effect */
};
/* Those after an id, in order of arrival. */
enum status post_asides(struct post *post, int64_t after_id, struct post_aside *ret,
    size_t max, size_t *ret_n) MUST_USE;
/* Lets it have its effect: post_opened gives it in this same turn, and its receipt is owed. NOT_FOUND (no such letter
 * waits), DENIED (its sender is no member any more), LOCKED. Writes: inside a transaction. */
enum status post_release(struct post *post, int64_t id) MUST_USE;
/* Its content is destroyed; it never has an effect and is never answered. NOT_FOUND. Writes. */
enum status post_discard(struct post *post, int64_t id) MUST_USE;

/* Time of day for every decision of this node (PROTOCOL.md 4): the own clock's, unless others signed a later one. */
int64_t post_time_ms(const struct post *post);
/* What time may destroy (4.5): what was due before this, by the own clock and by another's signed time. */
int64_t post_certain_ms(const struct post *post);

/* When an envelope of that member was last proven here, to the hour; 0: never. Works while locked. */
enum status post_heard_ms(
    struct post *post, const struct ident *peer, int64_t *ret) MUST_USE;

/* --- what the pages and commands show ----------------------------------------------------------------- */
struct post_status {
    bool connected, welcomed, locked, restored;
    char broker_refusal[64]; /* code of the last refusal of a session, "" if none */
    int64_t drafts, sealed_waiting, held, unconfirmed; /* letters of mine by state */
    int64_t raw, raw_express, quarantined, parked, unreadable;
    int64_t restored_ms; /* when the newest restore was noticed; 0: never */
    int64_t last_welcome_ms, broker_time_skew_ms;
    bool knows_broker_time;  /* broker_time_skew_ms is one */
    int64_t signed_ahead_ms; /* others signed a time so far after this machine's */
    int64_t oldest_open_ms;  /* the oldest letter without a receipt; 0: none */
    int64_t locked_since_ms; /* by this process' knowledge; 0: it is unlocked */
    uint64_t state_count, roster_version, bundle_number;
    int64_t usable_prekeys, prekeys_until_ms;
    int64_t alarms; /* rows in the alarm list not yet acknowledged */
};
enum status post_status(struct post *post, struct post_status *ret) MUST_USE;

/* Alarms: evidence only (gap, conflict, fork, older roster, unreadable, quarantine full, restored). */
struct post_alarm {
    int64_t id, at_ms;
    const char *code;  /* "conflict", "fork", ... static */
    struct ident peer; /* zero if none */
    int64_t detail;
};
/* The node's newest good backup is so many days old, or its folder is missing (0). */
enum status post_alarm_backup(struct post *post, int64_t days) MUST_USE;
/* Somebody who was handed over did not arrive; `peer` is at the other end, or told it. */
enum status post_alarm_missing(struct post *post, const struct ident *peer) MUST_USE;
enum status post_alarms(struct post *post, int64_t after_id, struct post_alarm *ret,
    size_t max, size_t *ret_n) MUST_USE;

/* --- backup and loss (PROTOCOL.md 5.6) ------------------------------------------------------------------ */
/* Takes out of a copy of the database what no backup may hold. */
enum status post_strip(struct db *copy, struct trouble *trouble) MUST_USE;
/* Makes the counter file of a restored node, so far above the backup's count that the restore is noticed for sure. */
enum status post_mark_restored(
    const char *counter_path, uint64_t state_count, struct trouble *trouble) MUST_USE;

/* A letter that this node sent after the backup that it was restored from, as its recipient holds it. */
struct post_unknown {
    int64_t id;
    struct ident peer, item_id;
    uint32_t chain_epoch;
    uint64_t pair_seq;
    struct hash link;
    uint16_t kind;
    int64_t at_ms; /* when it was told */
};
enum status post_unknowns(struct post *post, int64_t after_id, struct post_unknown *ret,
    size_t max, size_t *ret_n) MUST_USE;
/* A member that said that it lost its records. */
struct post_loss {
    struct ident peer;
    int64_t lost_since_ms, told_ms;
};
enum status post_losses(
    struct post *post, struct post_loss *ret, size_t max, size_t *ret_n) MUST_USE;

#endif
