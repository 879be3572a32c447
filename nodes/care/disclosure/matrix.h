/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix: the reviewed table of docs/CARE.md 14: for each service and each field group, whether the group travels
 * always, if consented, or never. Read from config/policy/disclosure.json, which is part of the program.
 *
 * What always holds of a matrix that was read: every service has exactly one column, every group and the note a
 * cell in each, the core is `always` everywhere, the note is never `always`. Anything else is refused with a sentence.
 */
#ifndef AMAAN_MATRIX_H
#define AMAAN_MATRIX_H

#include "body.h"

enum { MATRIX_BYTES_MAX = 65536, MATRIX_REVIEWER_BYTES_MAX = 80 };

/* The note is no field of a person; it is shown, consented to and stored beside the groups as one more bit, far from
 * the bits that groups of a later version may take. */
#define NOTE_BIT (UINT32_C(1) << 31)
#define DISCLOSURE_ALL ((uint32_t)GROUP_ALL | NOTE_BIT)

enum cell { CELL_NEVER = 1, CELL_IF_CONSENTED, CELL_ALWAYS };

struct matrix {
    int64_t version;
    bool reviewed; /* a person signed it; else it is a draft */
    char reviewed_by[MATRIX_REVIEWER_BYTES_MAX + 1];
    uint32_t always[SERVICE_COUNT],
        if_consented[SERVICE_COUNT]; /* bits of groups, NOTE_BIT */
};

/* MALFORMED, TOO_BIG with the reason in the trouble. */
enum status matrix_read(
    struct span text, struct matrix *ret, struct trouble *trouble) MUST_USE;
/* The one that is part of the program. */
enum status matrix_read_own(struct matrix *ret, struct trouble *trouble) MUST_USE;
/* The cell of one bit. */
enum cell matrix_cell(const struct matrix *matrix, enum service service, uint32_t bit);
const char *cell_name(enum cell cell);

/* "name", "note": the word of one bit of DISCLOSURE_ALL; NULL for another. */
const char *disclosure_word(uint32_t bit);
/* The bit of a word; NOT_FOUND. */
enum status disclosure_parse(const char *word, uint32_t *ret_bit) MUST_USE;

#endif
