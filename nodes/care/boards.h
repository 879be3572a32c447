/* SPDX-License-Identifier: Apache-2.0
 *
 * boards: the rows of a coordinator's board on disk (docs/CARE.md 19). One box a row under a key of this node's: a seized
 * laptop must not tell who refers to whom. In clear stand two keyed hashes (of the referral, of the member that told of it
 * first) and the day of the last change. board.h is what they mean.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_BOARDS_H
#define AMAAN_BOARDS_H

#include "board.h"
#include "box.h"
#include "db.h"

extern const char *const BOARD_SCHEMA;

/* One member that invents referrals fills no disk and hides no other's: then its own oldest goes. */
enum { BOARD_OF_ONE_MAX = 20000 };

struct boards;

enum status boards_open(struct db *db, struct chance *chance, struct boards **ret,
    struct trouble *trouble) MUST_USE;
void boards_close(struct boards **boards);
void boards_unlock(struct boards *boards, const struct box_key *master);
void boards_lock(struct boards *boards);

/* Of that referral between those two. */
enum status boards_find(struct boards *boards, const char *reference,
    const struct ident *sender, const struct ident *recipient,
    struct board_row *ret) MUST_USE;
enum status boards_get(struct boards *boards, int64_t id, struct board_row *ret) MUST_USE;
/* id is ignored and set; `told_by` is who pays for its place. EXISTS: that referral has a row. */
enum status boards_add(struct boards *boards, struct board_row *row,
    const struct ident *told_by, int64_t day) MUST_USE;
enum status boards_change(
    struct boards *boards, const struct board_row *row, int64_t day) MUST_USE;
/* The next row with an id above *id, which is moved. CORRUPT: that one does not open; go on behind it. */
enum status boards_next(
    struct boards *boards, int64_t *id, struct board_row *ret) MUST_USE;
/* Deletes those of which nothing was heard since before that day. Works while locked. */
enum status boards_drop(struct boards *boards, int64_t day) MUST_USE;

#endif
