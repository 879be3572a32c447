/* SPDX-License-Identifier: Apache-2.0
 *
 * outbox: the letters that this node sent, from the moment a person sent them (PROTOCOL.md 2.5). A sender
 * cannot open its own sealing, so the letter itself is kept, boxed, beside the sealed bytes: it is what a
 * re-seal, a new epoch or a peer's lost disk is answered from.
 *
 *   letter    from put until it need not be kept any more (outbox_forget)
 *   envelope  from sealing until the recipient's receipt
 *   row       for ever: item ids are never used twice, and the receipt is evidence
 *
 * The states are post.h's. Writes: inside a transaction.
 */
#ifndef AMAAN_OUTBOX_H
#define AMAAN_OUTBOX_H

#include "db.h"
#include "heartbeat.h"
#include "post.h"
#include "words.h"

struct outbox;

struct outbox_letter {
    int64_t id; /* given by outbox_put */
    struct ident item_id, peer;
    uint16_t kind;
    enum lane lane;
    enum letter_state state;
    enum wait_reason reason;
    int64_t created_ms, changed_ms;
    uint32_t lifetime_s;
    struct ident after_item; /* zero: none */
    uint32_t after_back;
    uint32_t epoch; /* 0 while it has no number */
    uint64_t seq;
    struct hash prev_link, link;
    uint16_t seal_no;
    struct ident msg_id; /* of the newest sealing */
    uint64_t prekey_id;
    int64_t prekey_end_ms; /* its not_after */
    struct sign_public sealed_for;
    bool reseal;
    struct ident recall; /* zero: none */
    int64_t held_ms;
    uint32_t held_count;
    int64_t next_ms;
    bool settled;
    enum void_reason void_due; /* 0: none */
    int64_t void_row;
    int64_t stored_ms, received_ms;
};

enum status outbox_open(
    struct db *db, struct outbox **ret, struct trouble *trouble) MUST_USE;
void outbox_close(struct outbox **outbox);

/* EXISTS if the item id was ever used. `envelope` is empty for a draft. */
enum status outbox_put(struct outbox *outbox, struct outbox_letter *letter,
    struct span boxed, struct span envelope) MUST_USE;
/* Writes the row as it stands, blobs excepted. */
enum status outbox_update(
    struct outbox *outbox, const struct outbox_letter *letter) MUST_USE;
/* A new sealing: the row and its bytes. */
enum status outbox_put_envelope(struct outbox *outbox, const struct outbox_letter *letter,
    struct span envelope) MUST_USE;
/* The recipient's receipt: the row, the signed bytes; the sealed bytes go. */
enum status outbox_put_receipt(struct outbox *outbox, const struct outbox_letter *letter,
    const uint8_t receipt[static RECEIPT_BYTES]) MUST_USE;

enum status outbox_get(
    struct outbox *outbox, int64_t id, struct outbox_letter *ret) MUST_USE;
enum status outbox_find_item(struct outbox *outbox, const struct ident *item_id,
    struct outbox_letter *ret) MUST_USE;
enum status outbox_find_number(struct outbox *outbox, const struct ident *peer,
    uint32_t epoch, uint64_t seq, struct outbox_letter *ret) MUST_USE;
/* Appended; NOT_FOUND if gone. */
enum status outbox_boxed(struct outbox *outbox, int64_t id, struct buffer *ret) MUST_USE;
enum status outbox_envelope(
    struct outbox *outbox, int64_t id, struct buffer *ret) MUST_USE;
enum status outbox_receipt(
    struct outbox *outbox, int64_t id, uint8_t ret[static RECEIPT_BYTES]) MUST_USE;
/* When the oldest letter that still has no receipt was sent; 0: there is none. */
enum status outbox_oldest_open(struct outbox *outbox, int64_t *ret_created_ms) MUST_USE;
enum status outbox_counts(
    struct outbox *outbox, int64_t ret[static LETTER_STATE_COUNT]) MUST_USE;

/* What binds a boxed letter to its row. */
enum { OUTBOX_PLACE_BYTES = 49 };
struct span outbox_place(
    const struct outbox_letter *letter, uint8_t memory[static OUTBOX_PLACE_BYTES]);

/* --- what is due (outbox_due.c); NOT_FOUND at the end -------------------------------------------------- */

/* The next SEALED or HELD letter of that lane above a row whose time has come. */
enum status outbox_next_offer(struct outbox *outbox, enum lane lane, int64_t after_id,
    int64_t now_ms, struct outbox_letter *ret) MUST_USE;
/* The next DRAFT or BLOCKED letter above a row. */
enum status outbox_next_draft(
    struct outbox *outbox, int64_t after_id, struct outbox_letter *ret) MUST_USE;
/* The next letter without a receipt whose lifetime ended before now. */
enum status outbox_next_overdue(struct outbox *outbox, int64_t after_id, int64_t now_ms,
    struct outbox_letter *ret) MUST_USE;
/* The next letter without a receipt that was written before then and of which the owner was told less than so many
 * days of waiting; a VOID has no owner. */
enum status outbox_next_waiting(struct outbox *outbox, int64_t after_id,
    int64_t before_ms, int64_t days, struct outbox_letter *ret) MUST_USE;
enum status outbox_tell(struct outbox *outbox, int64_t id, int64_t days) MUST_USE;
/* The next letter with a number that its recipient has not settled, to this peer, above a row. */
enum status outbox_next_unsettled(struct outbox *outbox, const struct ident *peer,
    int64_t after_id, struct outbox_letter *ret) MUST_USE;
enum status outbox_next_recall(struct outbox *outbox, struct outbox_letter *ret) MUST_USE;
/* HELD letters above a row, for HAVE. */
enum status outbox_held(struct outbox *outbox, int64_t after_id, int64_t *ret_ids,
    struct ident *ret_msg_ids, size_t max, size_t *ret_n) MUST_USE;
/* Lowest unsettled number of an epoch; 0 if none. */
enum status outbox_oldest_unsettled(struct outbox *outbox, const struct ident *peer,
    uint32_t epoch, uint64_t *ret) MUST_USE;
/* STORED becomes CONFIRMED up to this number, if the receipt was signed before then. */
enum status outbox_confirm(struct outbox *outbox, const struct ident *peer,
    uint32_t epoch, uint64_t head, int64_t signed_before_ms, int64_t now_ms) MUST_USE;
/* The next STORED or CONFIRMED letter, still kept, of an epoch above this number, whose receipt was signed before then. */
enum status outbox_next_stored(struct outbox *outbox, const struct ident *peer,
    uint32_t epoch, uint64_t above_seq, int64_t signed_before_ms,
    struct outbox_letter *ret) MUST_USE;
/* The next epoch, ascending, in which letters to this peer have numbers. */
enum status outbox_next_epoch(struct outbox *outbox, const struct ident *peer,
    uint32_t after_epoch, uint32_t *ret) MUST_USE;
/* Letters of one peer whose VOID is to be made, the oldest first. */
enum status outbox_voids(struct outbox *outbox,
    struct outbox_letter ret[static VOIDS_PER_ENVELOPE], size_t *ret_n) MUST_USE;
/* The recipient has taken the VOID of that row: the numbers it names are settled. */
enum status outbox_voided(struct outbox *outbox, int64_t void_row) MUST_USE;
/* Drops letters that need not be kept: confirmed, or ended, and stored (ended) before then. */
enum status outbox_forget(struct outbox *outbox, int64_t before_ms) MUST_USE;

#endif
