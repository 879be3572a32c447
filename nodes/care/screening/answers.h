/* SPDX-License-Identifier: Apache-2.0
 *
 * answers: one person's answer sheet while it is filled in (docs/CARE.md 12.2, 12.5). What the answers mean is
 * rule.h's. Whoever keeps a sheet keeps its bytes, boxed, and never looks in: answers_encode gives the same bytes
 * for the same sheet, and decoding takes nothing else. These bytes never leave the node.
 *
 * Only NO is no: UNKNOWN, DECLINED and NOT_ASKED are open. Recording NO for S2 starts the clock of the soft gate,
 * any other answer ends it.
 *
 * The caller says who asks and what time it is; times are wall ms. All memory is wiped when destroyed.
 */
#ifndef AMAAN_ANSWERS_H
#define AMAAN_ANSWERS_H

#include "bytes.h"
#include "ident.h"
#include "question.h"

enum {
    ANSWERS_LAYOUT = 1,
    ANSWERS_NOTE_BYTES_MAX = 1000,       /* a note, not a statement */
    ANSWERS_NOTES_BYTES_MAX = 16 * 1024, /* of one sheet: a screenful for each group */
    ANSWERS_HEAD_BYTES = 114,
    ANSWERS_BYTES_MAX = ANSWERS_HEAD_BYTES + ANSWERS_NOTES_BYTES_MAX + 3 * QUESTION_COUNT,
    ANSWERS_LANGUAGE_BYTES = 4 /* three letters and NUL */
};

enum said { SAID_NOT_ASKED, SAID_YES, SAID_NO, SAID_UNKNOWN, SAID_DECLINED, SAID_COUNT };
extern const char *const SAID_WORDS[SAID_COUNT]; /* "not-asked", "yes", ... */

/* What the person chose when no officer of the preferred gender was there. */
enum answers_choice { CHOICE_NONE, CHOICE_WAITS, CHOICE_GOES_ON, CHOICE_COUNT };

struct answers_facts {
    uint16_t form_version, rule_version;
    struct ident officer; /* id of a local person; zero when there are no people yet */
    int64_t begun_at_ms, changed_at_ms;
    char language[ANSWERS_LANGUAGE_BYTES]; /* "" while not known */
    bool interpreter;
};

struct answers;

/* Every question not asked. changed_at_ms is set to begun_at_ms. MALFORMED: a time out of range, a language that is
 * not three small letters. */
enum status answers_new(const struct answers_facts *facts, struct answers **ret) MUST_USE;
void answers_destroy(struct answers **answers);
struct answers *answers_copy(const struct answers *answers);
const struct answers_facts *answers_get_facts(const struct answers *answers);

enum said answers_get(const struct answers *answers, size_t question);
/* at_ms before what stands there already leaves changed_at_ms where it is: clocks may jump back. MALFORMED for a
 * question, answer or time that does not exist. */
enum status answers_set(
    struct answers *answers, size_t question, enum said answer, int64_t at_ms) MUST_USE;

/* NULL when there is none; borrowed until the next change. */
const char *answers_get_note(const struct answers *answers, size_t question);
/* Empty text removes the note. DENIED beside V8; MALFORMED (not clean), TOO_BIG (a note, or all of them). */
enum status answers_set_note(
    struct answers *answers, size_t question, struct span text, int64_t at_ms) MUST_USE;

enum answers_choice answers_get_choice(const struct answers *answers);
/* CONFLICT unless S2 is no. */
enum status answers_choose(
    struct answers *answers, enum answers_choice choice, int64_t at_ms) MUST_USE;
/* When S2 became no, 0 when it is not. */
int64_t answers_without_officer_since_ms(const struct answers *answers);

/* Appends at most ANSWERS_BYTES_MAX. TOO_BIG past the buffer's maximum. */
enum status answers_encode(const struct answers *answers, struct buffer *ret) MUST_USE;
/* MALFORMED, TOO_BIG; UNSUPPORTED: another layout, form or rule version than this program's. */
enum status answers_decode(struct span bytes, struct answers **ret) MUST_USE;

#endif
