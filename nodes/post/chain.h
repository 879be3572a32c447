/* SPDX-License-Identifier: Apache-2.0
 *
 * chain: how far each sender's numbers are settled here, per epoch (PROTOCOL.md 2.6). The head is the
 * memory against duplicates and replays; it is kept for ever and never goes back.
 *
 *    1 2 3 4 5 . 7 8 . 10        head = 5, highest = 10, missing: 6 and 9
 *            ^head
 *
 * A number is settled when its row in the inbox says how (inbox.h). The chain never waits: later letters
 * flow, the gap is asked for. Writes: inside a transaction.
 */
#ifndef AMAAN_CHAIN_H
#define AMAAN_CHAIN_H

#include "heartbeat.h"
#include "db.h"

struct chain;

enum gap_stage { GAP_QUIET = 0, GAP_ASKED, GAP_SHOWN, GAP_ALARMED };

struct chain_row {
    struct ident peer;
    uint32_t epoch;
    uint64_t head;
    struct hash head_link; /* link of number head; link_0 for head 0 */
    uint64_t highest;      /* highest number heard of, >= head */
    int64_t made_ms;
    int64_t gap_ms; /* how long the gap above head could have been filled */
    enum gap_stage gap_stage;
};

enum status chain_open(
    struct db *db, struct chain **ret, struct trouble *trouble) MUST_USE;
void chain_close(struct chain **chain);

enum status chain_find(struct chain *chain, const struct ident *peer, uint32_t epoch,
    struct chain_row *ret) MUST_USE; /* NOT_FOUND */
enum status chain_put(struct chain *chain, const struct chain_row *row) MUST_USE;
/* Moves the head of *row over everything settled above it and writes the row. A gap that moved is quiet
 * again. */
enum status chain_advance(struct chain *chain, struct chain_row *row) MUST_USE;
/* Numbers between head and highest that have no row in the inbox, ascending, at most max ranges. */
enum status chain_missing(struct chain *chain, const struct chain_row *row,
    struct number_range *ret, size_t max, size_t *ret_n) MUST_USE;
/* Highest number that arrived or was settled; head if none above it did. */
enum status chain_seen(
    struct chain *chain, const struct chain_row *row, uint64_t *ret) MUST_USE;
/* Epochs that this peer opened since then. */
enum status chain_epochs_since(struct chain *chain, const struct ident *peer,
    int64_t since_ms, int64_t *ret) MUST_USE;
/* The epoch to speak of in a heartbeat: one with a gap that is not given up first, else the newest. NOT_FOUND. */
enum status chain_spoken(
    struct chain *chain, const struct ident *peer, struct chain_row *ret) MUST_USE;
/* The epoch of this peer next below that one. NOT_FOUND. */
enum status chain_before(struct chain *chain, const struct ident *peer, uint32_t epoch,
    struct chain_row *ret) MUST_USE;
/* Chains with a gap, in order of (peer, epoch), after the given one (all zero at first). NOT_FOUND. */
enum status chain_next_gap(
    struct chain *chain, const struct chain_row *after, struct chain_row *ret) MUST_USE;

#endif
