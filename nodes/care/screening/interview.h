/* SPDX-License-Identifier: Apache-2.0
 *
 * interview: one person's answer sheet while it is filled in (docs/CARE.md 12.2, 12.5). What the answers mean is
 * rule.h's. Whoever keeps a sheet keeps its bytes, boxed, and never looks in: interview_encode gives the same bytes
 * for the same sheet, and decoding takes nothing else. These bytes never leave the node.
 *
 * Only NO is no: UNKNOWN, DECLINED and NOT_ASKED are open. Recording NO for S2 starts the clock of the soft gate,
 * any other answer ends it.
 *
 * The caller says who asks and what time it is; times are wall ms. All memory is wiped when destroyed.
 */
#ifndef AMAAN_INTERVIEW_H
#define AMAAN_INTERVIEW_H

#include "bytes.h"
#include "ident.h"
#include "question.h"

enum {
    INTERVIEW_LAYOUT = 1,
    INTERVIEW_NOTE_BYTES_MAX = 1000,       /* a note, not a statement */
    INTERVIEW_NOTES_BYTES_MAX = 16 * 1024, /* of one sheet: a screenful for each group */
    INTERVIEW_HEAD_BYTES = 114,
    INTERVIEW_BYTES_MAX =
        INTERVIEW_HEAD_BYTES + INTERVIEW_NOTES_BYTES_MAX + 3 * QUESTION_COUNT,
    INTERVIEW_LANGUAGE_BYTES = 4 /* three letters and NUL */
};

enum said { SAID_NOT_ASKED, SAID_YES, SAID_NO, SAID_UNKNOWN, SAID_DECLINED, SAID_COUNT };
extern const char *const SAID_WORDS[SAID_COUNT]; /* "not-asked", "yes", ... */

/* What the person chose when no officer of the preferred gender was there. */
enum interview_choice {
    INTERVIEW_CHOICE_NONE,
    INTERVIEW_CHOICE_WAITS,
    INTERVIEW_CHOICE_GOES_ON,
    INTERVIEW_CHOICE_COUNT
};

struct interview_facts {
    uint16_t form_version, rule_version;
    struct ident officer; /* id of a local person; zero when there are no people yet */
    int64_t begun_at_ms, changed_at_ms;
    char language[INTERVIEW_LANGUAGE_BYTES]; /* "" while not known */
    bool interpreter;
};

struct interview;

/* Every question not asked. changed_at_ms is set to begun_at_ms. MALFORMED: a time out of range, a language that is
 * not three small letters. */
enum status interview_new(
    const struct interview_facts *facts, struct interview **ret) MUST_USE;
void interview_destroy(struct interview **interview);
struct interview *interview_copy(const struct interview *interview);
const struct interview_facts *interview_get_facts(const struct interview *interview);

enum said interview_get(const struct interview *interview, size_t question);
/* at_ms before what stands there already leaves changed_at_ms where it is: clocks may jump back. MALFORMED for a
 * question, answer or time that does not exist. */
enum status interview_set(struct interview *interview, size_t question, enum said answer,
    int64_t at_ms) MUST_USE;

/* NULL when there is none; borrowed until the next change. */
const char *interview_get_note(const struct interview *interview, size_t question);
/* Empty text removes the note. DENIED beside V8; MALFORMED (not clean), TOO_BIG (a note, or all of them). */
enum status interview_set_note(struct interview *interview, size_t question,
    struct span text, int64_t at_ms) MUST_USE;

enum interview_choice interview_get_choice(const struct interview *interview);
/* CONFLICT unless S2 is no. */
enum status interview_choose(
    struct interview *interview, enum interview_choice choice, int64_t at_ms) MUST_USE;
/* When S2 became no, 0 when it is not. */
int64_t interview_without_officer_since_ms(const struct interview *interview);

/* Appends at most INTERVIEW_BYTES_MAX. TOO_BIG past the buffer's maximum. */
enum status interview_encode(
    const struct interview *interview, struct buffer *ret) MUST_USE;
/* MALFORMED, TOO_BIG; UNSUPPORTED: another layout, form or rule version than this program's. */
enum status interview_decode(struct span bytes, struct interview **ret) MUST_USE;

#endif
