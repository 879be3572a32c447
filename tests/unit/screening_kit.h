/* SPDX-License-Identifier: Apache-2.0
 *
 * screening_kit: sheets for tests: made from a text of letters (y n ? - .), from chance, and told as the reference
 * tells them.
 */
#ifndef AMAAN_SCREENING_KIT_H
#define AMAAN_SCREENING_KIT_H

#include "interview.h"
#include "check.h"
#include "memory.h"
#include "rule.h"
#include "screening_reference.h"
#include "seeded.h"

static const char LETTERS[] = ".yn?-"; /* by enum said */
static const struct interview_facts KIT_FACTS = {.form_version = FORM_VERSION,
    .rule_version = RULE_VERSION,
    .begun_at_ms = 1000,
    .changed_at_ms = 1000,
    .language = "urd"};

static inline struct interview *kit_new(void)
{
    struct interview *interview = NULL;

    assert_ok(interview_new(&KIT_FACTS, &interview));
    return interview;
}

static inline struct interview *kit_from_letters(const char *letters)
{
    struct interview *interview = kit_new();

    assert_int_equal(strlen(letters), QUESTION_COUNT);
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        assert_ok(interview_set(
            interview, i, (enum said)(strchr(LETTERS, letters[i]) - LETTERS), 2000));
    return interview;
}

static inline uint8_t kit_id(const char *id)
{
    uint8_t question = 0;

    assert_ok(question_find(id, &question));
    return question;
}

/* "S1=y S5=n M1=y": all others stay as they are. */
static inline void kit_set(struct interview *interview, const char *said)
{
    while (*said) {
        size_t n = strcspn(said, "=");
        char id[QUESTION_ID_BYTES] = "";

        assert_true(n < sizeof(id) && said[n] == '=');
        memcpy(id, said, n);
        assert_ok(interview_set(interview, kit_id(id),
            (enum said)(strchr(LETTERS, said[n + 1]) - LETTERS), 2000));
        said += n + 2;
        said += strspn(said, " ");
    }
}

/* Gates and S2 yes, adult, nothing urgent; then what is said. */
static inline struct interview *kit_adult(const char *said)
{
    struct interview *interview = kit_new();

    kit_set(interview, "S1=y S2=y S3=y S4=n S5=n S6=y");
    kit_set(interview, said);
    return interview;
}

static inline uint64_t kit_number(struct chance *chance)
{
    uint64_t number;

    chance_fill(chance, &number, sizeof(number));
    return number;
}

/* A letter for each question. Sheets differ in how much is yes and how much is no, so that every class comes. */
static inline void kit_random_letters(
    struct chance *chance, char letters[QUESTION_COUNT + 1])
{
    static const unsigned YES_OF_100[] = {0, 1, 3, 8, 20, 50};
    static const unsigned NO_OF_100[] = {100, 95, 60, 20};
    unsigned yes = YES_OF_100[kit_number(chance) % ARRAY_LENGTH(YES_OF_100)];
    unsigned no = NO_OF_100[kit_number(chance) % ARRAY_LENGTH(NO_OF_100)];
    bool gates = kit_number(chance) % 8 != 0;

    for (size_t i = 0; i < QUESTION_COUNT; i++) {
        if (kit_number(chance) % 100 < yes)
            letters[i] = 'y';
        else if (kit_number(chance) % 100 < no)
            letters[i] = 'n';
        else
            letters[i] = "?-."[kit_number(chance) % 3];
    }
    for (size_t i = 0; gates && i < QUESTION_A1; i++)
        if (i == QUESTION_S1 || i == QUESTION_S3 || i == QUESTION_S6)
            letters[i] = 'y';
    letters[QUESTION_COUNT] = 0;
}

static inline void kit_tell(
    const struct assessment *so, char ret[static SCREENING_REFERENCE_BYTES])
{
    static const char *const FINDINGS[] = {"unknown", "no", "yes"};
    int used = snprintf(ret, SCREENING_REFERENCE_BYTES,
        "%s child=%d urgent=%s act=%s M=%u P=%u palermo=%d child-palermo=%d ptpa=%d |",
        outcome_class_word(so->class), so->child, FINDINGS[so->urgent], FINDINGS[so->act],
        so->means_score, so->purpose_score, so->palermo, so->child_palermo, so->ptpa);

    for (size_t i = 0; i < so->n_reasons; i++) {
        const struct reason *reason = &so->reasons[i];
        bool single = reason->question != QUESTION_NONE;

        used += snprintf(ret + used, SCREENING_REFERENCE_BYTES - (size_t)used, " %s%s%s",
            REASON_WORDS[reason->code], single ? ":" : "",
            single ? question_get(reason->question)->id : "");
        assert_true(used < SCREENING_REFERENCE_BYTES);
    }
}

#endif
