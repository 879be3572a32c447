/* SPDX-License-Identifier: Apache-2.0
 *
 * sheets: answer sheets and what officers made of them, kept at the node where the person was asked, and saved again
 * at each answer (docs/CARE.md 12.5, 12.6). The store does not know what is in the bytes: it links nothing of the
 * screening, and nobody can ask it for an answer.
 *
 * Everything is boxed under a key of the case, which the caller holds: whoever destroys that key has erased the sheets
 * with it, also those in a copy of the disk. In clear stand random ids, the kind, and hours. Boxes are padded to
 * steps of SHEETS_STEP_BYTES, so that their size does not tell how much was said.
 *
 * A sheet is put at the same place again when it changes; the old bytes are gone then. No key: LOCKED.
 */
#ifndef AMAAN_SHEETS_H
#define AMAAN_SHEETS_H

#include "box.h"
#include "db.h"

enum {
    SHEETS_BYTES_MAX = 32 * 1024, /* of one sheet: more than the largest interview */
    SHEETS_STEP_BYTES = 2048
};

enum sheet_kind { SHEET_INTERVIEW = 1, SHEET_CONFIRMATION, SHEET_KIND_COUNT };

/* A confirmation has the sheet_id of the interview that it is about. */
struct sheet_place {
    struct ident case_id, sheet_id;
    enum sheet_kind kind;
};

struct sheet_row {
    int64_t id; /* for sheets_next */
    struct sheet_place place;
    int64_t begun_hour, changed_hour; /* since 1970 UTC */
};

struct sheets;

/* The script of its table: one of the node's migrations. */
extern const char *const SHEETS_SCHEMA;

enum status sheets_open(struct db *db, struct chance *chance, struct sheets **ret,
    struct trouble *trouble) MUST_USE;
void sheets_close(struct sheets **sheets);

/* Saves, in place of what stood there. TOO_BIG; CONFLICT: that sheet belongs to another case. */
enum status sheets_put(struct sheets *sheets, const struct box_key *case_key,
    const struct sheet_place *place, struct span bytes, int64_t now_ms) MUST_USE;
/* Appends the bytes. NOT_FOUND; CORRUPT: not under this key, or not these bytes. */
enum status sheets_get(struct sheets *sheets, const struct box_key *case_key,
    const struct sheet_place *place, struct buffer *ret) MUST_USE;
/* The next of a case with an id above `after`, without content; NOT_FOUND at the end. Needs no key. */
enum status sheets_next(struct sheets *sheets, const struct ident *case_id, int64_t after,
    struct sheet_row *ret) MUST_USE;
/* The next interview of any case with an id above `after` that nobody has confirmed. */
enum status sheets_next_unconfirmed(
    struct sheets *sheets, int64_t after, struct sheet_row *ret) MUST_USE;
/* Removes a confirmation that the answers have overtaken. NOT_FOUND. */
enum status sheets_remove(
    struct sheets *sheets, const struct sheet_place *place) MUST_USE;
/* Removes up to `max` interviews that nobody has confirmed and whose last answer was in `last_hour` or before; *ret_n
 * tells how many there were. Needs no key. */
enum status sheets_expire(
    struct sheets *sheets, int64_t last_hour, int max, int64_t *ret_n) MUST_USE;
/* Removes every row of a case, after its key was destroyed. Needs no key; *ret_n may be 0. */
enum status sheets_remove_case(
    struct sheets *sheets, const struct ident *case_id, int64_t *ret_n) MUST_USE;

#endif
