/* SPDX-License-Identifier: Apache-2.0
 *
 * inbox: one row for every number that arrived (or will never arrive), kept as the memory of duplicates;
 * its body, boxed under this node's own key, only until its effect is made.
 *
 *   put --> DUE -----------------------> SETTLED       effect and receipt in one transaction
 *    |       ^                             ^
 *    |       | after_back satisfied        |
 *    +--> WAITING (receipted STORED) ------+
 *    +--> QUARANTINED (suspended sender) --> DUE       a person released it
 *    +--> SETTLED (void, lost, refused)
 *
 * Writes: inside a transaction.
 */
#ifndef AMAAN_INBOX_H
#define AMAAN_INBOX_H

#include "box.h"
#include "db.h"
#include "hash.h"
#include "header.h"
#include "receipt.h"

struct inbox;

enum inbox_state { INBOX_DUE = 1, INBOX_WAITING, INBOX_SETTLED, INBOX_QUARANTINED };
enum settled_how {
    SETTLED_NOT = 0,
    SETTLED_STORED,
    SETTLED_INVALID,
    SETTLED_LATE,
    SETTLED_VOID,       /* will never come, says its sender */
    SETTLED_QUARANTINE, /* came, proven, without effect */
    SETTLED_LOST,       /* its sender is gone */
    SETTLED_AGAIN,      /* the same item under an earlier number had the effect */
    SETTLED_RELEASED /* was quarantined; a person lets it have its effect, which is due */
};

struct inbox_letter {
    int64_t id; /* given by inbox_put */
    struct ident peer;
    uint32_t epoch;
    uint64_t seq;
    struct hash link, prev_link; /* prev_link zero: unknown */
    struct ident item_id;
    uint16_t kind;
    enum lane lane;
    int64_t created_ms;
    uint32_t after_back;
    int64_t received_ms;
    struct hash body_commit, envelope;
    enum inbox_state state;
    enum settled_how how;
    bool late, missing;
    bool has_receipt;
    int64_t said_ms;     /* when the receipt was last owed */
    int64_t disputed_ms; /* when another letter under this number was last answered */
};

enum status inbox_open(
    struct db *db, struct inbox **ret, struct trouble *trouble) MUST_USE;
void inbox_close(struct inbox **inbox);

/* Puts a letter with its body (box it first: inbox_place) or without (empty span). EXISTS if the number has
 * a row. */
enum status inbox_put(
    struct inbox *inbox, struct inbox_letter *letter, struct span boxed) MUST_USE;
/* A voided number whose letter came after all: it gets its body and becomes DUE and late. */
enum status inbox_revive(
    struct inbox *inbox, const struct inbox_letter *letter, struct span boxed) MUST_USE;
enum status inbox_find(struct inbox *inbox, const struct ident *peer, uint32_t epoch,
    uint64_t seq, struct inbox_letter *ret) MUST_USE;
/* The next letter of this peer above a number of an epoch, in that order, that came (not voided, not lost). */
enum status inbox_next_number(struct inbox *inbox, const struct ident *peer,
    uint32_t epoch, uint64_t seq, struct inbox_letter *ret) MUST_USE;
enum status inbox_get(struct inbox *inbox, int64_t id, struct inbox_letter *ret) MUST_USE;
/* A letter of this peer with that item, received since then, that is still to be settled, or was settled as
 * STORED, INVALID or LATE: its answer stands for the item. */
enum status inbox_find_item(struct inbox *inbox, const struct ident *peer,
    const struct ident *item_id, int64_t since_ms, struct inbox_letter *ret) MUST_USE;

/* The next DUE letter: express first, then order of arrival. NOT_FOUND. */
enum status inbox_next_due(struct inbox *inbox, struct inbox_letter *ret) MUST_USE;
enum status inbox_next_quarantined(
    struct inbox *inbox, int64_t after_id, struct inbox_letter *ret) MUST_USE;
/* The boxed body, appended. NOT_FOUND if it is gone. */
enum status inbox_body(struct inbox *inbox, int64_t id, struct buffer *ret) MUST_USE;
/* The stored receipt. NOT_FOUND. */
enum status inbox_receipt(
    struct inbox *inbox, int64_t id, uint8_t ret[static RECEIPT_BYTES]) MUST_USE;

/* Writes state, how, late, missing, said_ms and disputed_ms as they stand in the letter; a receipt replaces the stored
 * one unless it is NULL. keep_body: false wipes it. */
enum status inbox_update(struct inbox *inbox, const struct inbox_letter *letter,
    const uint8_t *receipt, bool keep_body) MUST_USE;
/* WAITING letters of the chain that named this number become DUE. */
enum status inbox_wake(struct inbox *inbox, const struct ident *peer, uint32_t epoch,
    uint64_t settled_seq) MUST_USE;
/* All WAITING letters of the chain become DUE, marked "an earlier letter is missing". */
enum status inbox_wake_all(
    struct inbox *inbox, const struct ident *peer, uint32_t epoch) MUST_USE;
enum status inbox_count_quarantined(struct inbox *inbox, int64_t *ret) MUST_USE;

/* What binds a boxed body to its row. */
enum { INBOX_PLACE_BYTES = 60 };
struct span inbox_place(
    const struct inbox_letter *letter, uint8_t memory[static INBOX_PLACE_BYTES]);

#endif
