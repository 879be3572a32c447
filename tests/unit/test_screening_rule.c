/* SPDX-License-Identifier: Apache-2.0
 * docs/CARE.md 12.2 to 12.4, by properties and against a second implementation.
 */
#include "screening_kit.h"

static struct assessment assess(const struct interview *interview)
{
    struct assessment assessment;

    rule_assess(interview, &assessment);
    return assessment;
}

/* The assessment of a sheet that is thrown away. */
static struct assessment assess_and_forget(struct interview *interview)
{
    struct assessment assessment = assess(interview);

    interview_destroy(&interview);
    return assessment;
}

static void assert_class(const char *said, enum outcome_class wanted)
{
    struct assessment assessment = assess_and_forget(kit_adult(said));

    if (assessment.class != wanted)
        fail_msg("%s is %s, not %s", said, outcome_class_word(assessment.class),
            outcome_class_word(wanted));
}

static bool has_reason(
    const struct assessment *assessment, enum reason_code code, uint8_t question)
{
    for (size_t i = 0; i < assessment->n_reasons; i++)
        if (assessment->reasons[i].code == code &&
            assessment->reasons[i].question == question)
            return true;
    return false;
}

static void rule__agrees_with_the_reference_on_100000_random_sheets(void **state)
{
    char letters[QUESTION_COUNT + 1], wanted[SCREENING_REFERENCE_BYTES],
        told[SCREENING_REFERENCE_BYTES];
    unsigned n[OUTCOME_CLASS_COUNT] = {0};
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 20261125);

    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        kit_random_letters(chance, letters);
        struct assessment assessment = assess_and_forget(kit_from_letters(letters));
        kit_tell(&assessment, told);
        screening_reference(letters, wanted);
        if (strcmp(told, wanted) != 0)
            fail_msg("sheet %u %s\n  told %s\n  not  %s", i, letters, told, wanted);
        n[assessment.class]++;
    }
    for (int class = 1; class < OUTCOME_CLASS_COUNT; class ++) {
        print_message(
            "%6u %s\n", n[class], outcome_class_word((enum outcome_class) class));
        assert_true(n[class] > 0);
    }
}

static void rule__agrees_with_the_reference_on_every_small_vector(void **state)
{
    static const char *const IDS[] = {
        "S5", "A1", "A6", "M1", "M6", "M14", "P1", "P5", "P10", "K1", "V8", "N4"};
    char letters[QUESTION_COUNT + 1], wanted[SCREENING_REFERENCE_BYTES],
        told[SCREENING_REFERENCE_BYTES];
    unsigned n_all = 1;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(IDS); i++)
        n_all *= i < 3 ? 3 : 2; /* of the first three, open is something else than no */
    for (unsigned all_no = 0; all_no < 2; all_no++)
        for (unsigned number = 0; number < n_all; number++) {
            unsigned rest = number;

            memset(letters, all_no ? 'n' : '?', QUESTION_COUNT);
            letters[QUESTION_COUNT] = 0;
            memcpy(letters, "yyynny", 6);
            for (size_t i = 0; i < ARRAY_LENGTH(IDS); i++) {
                unsigned values = i < 3 ? 3 : 2;

                letters[kit_id(IDS[i])] = "ny?"[rest % values];
                rest /= values;
            }
            struct assessment assessment = assess_and_forget(kit_from_letters(letters));
            kit_tell(&assessment, told);
            screening_reference(letters, wanted);
            assert_string_equal(told, wanted);
        }
}

static void rule__scores_exactly_as_the_four_combinations_of_the_ilo(void **state)
{
    (void)state;
    for (unsigned s = 0; s <= 6; s++)
        for (unsigned m = 0; m <= 8; m++)
            for (unsigned w = 0; w <= 3; w++) {
                bool ilo =
                    s >= 2 || (s >= 1 && m + w >= 1) || m >= 3 || (m >= 2 && w >= 1);

                if ((rule_score(s, m, w) >= RULE_POSITIVE) != ilo)
                    fail_msg("S=%u M=%u w=%u", s, m, w);
            }
}

static void rule__never_lowers_the_class_for_one_more_yes(void **state)
{
    char letters[QUESTION_COUNT + 1];
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 7);
    unsigned n_steps = 0;

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        kit_random_letters(chance, letters);
        memcpy(letters, "yyyn", 4);
        letters[QUESTION_S6] = 'y';
        struct interview *interview = kit_from_letters(letters);
        enum outcome_class before = assess(interview).class;
        for (size_t q = QUESTION_A1; q < QUESTION_COUNT; q++) {
            enum said was = interview_get(interview, q);

            if (q == QUESTION_K1 + 1 || was == SAID_YES)
                continue;
            assert_ok(interview_set(interview, q, SAID_YES, 3000));
            if (assess(interview).class < before)
                fail_msg("%s and %s", letters, question_get(q)->id);
            assert_ok(interview_set(interview, q, was, 3000));
            n_steps++;
        }
        interview_destroy(&interview);
    }
    assert_true(n_steps > 100000);
}

static void rule__never_takes_an_open_answer_for_a_no(void **state)
{
    char letters[QUESTION_COUNT + 1];
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 8);

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        kit_random_letters(chance, letters);
        memcpy(letters, "yyy", 3);
        letters[QUESTION_S6] = 'y';
        struct interview *interview = kit_from_letters(letters);
        struct assessment before = assess(interview);
        for (size_t q = QUESTION_S4; q < QUESTION_COUNT; q++) {
            if (q == QUESTION_S6 || letters[q] != 'n')
                continue;
            assert_ok(interview_set(interview, q, SAID_UNKNOWN, 3000));
            struct assessment after = assess(interview);
            assert_true(after.class >= before.class);
            assert_true(after.child >= before.child && after.palermo >= before.palermo &&
                        after.ptpa >= before.ptpa);
            assert_true(after.urgent != FINDING_NO || before.urgent == FINDING_NO);
            assert_ok(interview_set(interview, q, SAID_NO, 3000));
        }
        interview_destroy(&interview);
    }
}

static void rule__treats_unknown_declined_and_not_asked_alike(void **state)
{
    char letters[QUESTION_COUNT + 1], told[3][SCREENING_REFERENCE_BYTES];
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 9);

    (void)state;
    for (unsigned i = 0; i < 2000; i++) {
        kit_random_letters(chance, letters);
        for (size_t kind = 0; kind < 3; kind++) {
            for (size_t q = 0; q < QUESTION_COUNT; q++)
                if (strchr("?-.", letters[q]))
                    letters[q] = "?-."[kind];
            struct assessment assessment = assess_and_forget(kit_from_letters(letters));
            kit_tell(&assessment, told[kind]);
        }
        assert_string_equal(told[0], told[1]);
        assert_string_equal(told[0], told[2]);
    }
}

static void rule__does_not_care_in_which_order_a_sheet_was_filled_in(void **state)
{
    char letters[QUESTION_COUNT + 1];
    uint8_t order[QUESTION_COUNT];
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 10);

    (void)state;
    for (unsigned i = 0; i < 2000; i++) {
        struct interview *straight, *shuffled = kit_new();
        struct assessment a, b;
        char told[2][SCREENING_REFERENCE_BYTES];

        kit_random_letters(chance, letters);
        straight = kit_from_letters(letters);
        for (uint8_t q = 0; q < QUESTION_COUNT; q++)
            order[q] = q;
        for (size_t q = QUESTION_COUNT - 1; q > 0; q--) {
            size_t other = kit_number(chance) % (q + 1);
            uint8_t keep = order[q];

            order[q] = order[other];
            order[other] = keep;
        }
        for (size_t q = 0; q < QUESTION_COUNT; q++) /* first something else, then that */
            assert_ok(interview_set(
                shuffled, order[q], (enum said)(kit_number(chance) % SAID_COUNT), 2000));
        for (size_t q = 0; q < QUESTION_COUNT; q++)
            assert_ok(interview_set(
                shuffled, order[q], interview_get(straight, order[q]), 2000));
        a = assess(straight);
        b = assess(shuffled);
        kit_tell(&a, told[0]);
        kit_tell(&b, told[1]);
        assert_string_equal(told[0], told[1]);
        interview_destroy(&straight);
        interview_destroy(&shuffled);
    }
}

static void dp10__a_person_whose_age_nobody_knows_is_a_child(void **state)
{
    static const char LETTERS_OF_DOUBT[] = "y?-.";
    struct assessment assessment;

    (void)state;
    for (size_t i = 0; LETTERS_OF_DOUBT[i]; i++) {
        char said[32];

        snprintf(said, sizeof(said), "S5=%c A2=y P10=y P11=y", LETTERS_OF_DOUBT[i]);
        assessment = assess_and_forget(kit_adult(said));
        assert_true(assessment.child);
        assert_int_equal(assessment.class, OUTCOME_CHILD_AT_RISK);
        assert_true(assessment.palermo && assessment.child_palermo);
        assert_true(has_reason(&assessment,
            LETTERS_OF_DOUBT[i] == 'y' ? REASON_CHILD : REASON_CHILD_BY_DOUBT,
            QUESTION_S5));
    }
    assessment = assess_and_forget(kit_adult("A2=y P10=y P11=y"));
    assert_false(assessment.child || assessment.palermo);
    assessment = assess_and_forget(kit_new()); /* nothing was asked at all */
    assert_true(assessment.child);
}

static void rule__finds_each_class_as_the_table_says(void **state)
{
    (void)state;
    assert_class("", OUTCOME_NO_INDICATORS);
    assert_class("S1=n", OUTCOME_INCOMPLETE);
    assert_class("S3=?", OUTCOME_INCOMPLETE);
    assert_class("S6=- A1=y M1=y M2=y P1=y P2=y", OUTCOME_INCOMPLETE);
    assert_class("S2=n", OUTCOME_NO_INDICATORS);
    assert_class("V5=y", OUTCOME_VULNERABLE_RETURNEE);
    assert_class("N6=y", OUTCOME_VULNERABLE_RETURNEE);
    assert_class("K1=y", OUTCOME_NO_INDICATORS);
    assert_class("K2=n", OUTCOME_NO_INDICATORS);
    assert_class("K1=y V6=y", OUTCOME_SMUGGLED_VULNERABLE);
    assert_class("K1=y N11=y", OUTCOME_SMUGGLED_VULNERABLE);
    assert_class("M1=y", OUTCOME_NO_INDICATORS); /* 4: not positive */
    assert_class("M1=y M14=y", OUTCOME_POSSIBLE_VOT);
    assert_class("M6=y M7=y M15=y", OUTCOME_POSSIBLE_VOT);
    assert_class("P3=y", OUTCOME_POSSIBLE_VOT);
    assert_class("P10=y", OUTCOME_NO_INDICATORS);
    assert_class("A1=n A2=n A3=n A4=n A5=n A6=n P3=y", OUTCOME_NO_INDICATORS);
    assert_class("A1=n A2=n A3=n A4=n A5=n A6=? P3=y", OUTCOME_POSSIBLE_VOT);
    assert_class("A1=y M1=y M2=y P3=y", OUTCOME_POSSIBLE_VOT); /* P is 4 */
    assert_class("A1=y M1=y M2=y P3=y P11=y", OUTCOME_POSSIBLE_VOT_STRONG);
    assert_class("A6=y M1=y M2=y P3=y P11=y", OUTCOME_POSSIBLE_VOT_STRONG);
    assert_class("S5=y", OUTCOME_NO_INDICATORS);
    assert_class("S5=y V1=y", OUTCOME_CHILD_AT_RISK);
    assert_class("S5=y A6=y", OUTCOME_CHILD_AT_RISK);
    assert_class("S5=y N1=y", OUTCOME_VULNERABLE_RETURNEE);
}

static void rule__counts_an_attempt_as_an_act_only_with_a_purpose(void **state)
{
    struct assessment alone = assess_and_forget(kit_adult("A6=y M1=y M2=y"));
    struct assessment with = assess_and_forget(kit_adult("A6=y M1=y P10=y"));

    (void)state;
    assert_int_equal(alone.act, FINDING_UNKNOWN);
    assert_true(has_reason(&alone, REASON_ATTEMPT_ALONE, QUESTION_A6));
    assert_int_equal(with.act, FINDING_YES);
    assert_true(has_reason(&with, REASON_ATTEMPT, QUESTION_A6));
}

static void rule__keeps_palermo_and_ptpa_apart(void **state)
{
    /* Organ removal: Palermo has it, the Act does not. */
    struct assessment organ = assess_and_forget(kit_adult("A1=y M5=y M6=y P6=y P11=y"));
    /* One means and one purpose: the Act is met, the indicators are not enough. */
    struct assessment pay = assess_and_forget(kit_adult("A1=y M6=y P1=y"));

    (void)state;
    assert_true(organ.palermo && !organ.ptpa);
    assert_true(pay.ptpa && !pay.palermo);
}

static void rule__scores_nothing_when_a_gate_is_not_met(void **state)
{
    struct assessment assessment =
        assess_and_forget(kit_adult("S6=n S4=y S5=? A1=y M1=y M2=y P1=y P2=y V1=y N2=y"));

    (void)state;
    assert_int_equal(assessment.class, OUTCOME_INCOMPLETE);
    assert_int_equal(assessment.unmet_gates, 1u << QUESTION_S6);
    assert_false(assessment.palermo || assessment.ptpa || assessment.child_palermo);
    assert_int_equal(assessment.means_score + assessment.purpose_score, 0);
    assert_true(assessment.child && assessment.urgent == FINDING_YES);
    assert_int_equal(assessment.needs, 1u << 1);
    assert_int_equal(assessment.n_reasons, 4); /* the gate, urgent, age, the need */
}

static void rule__ends_the_interview_but_never_the_help(void **state)
{
    char letters[QUESTION_COUNT + 1];
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 11);
    struct interview *interview = kit_new();

    (void)state;
    for (uint32_t q = 0; q < NEED_COUNT; q++) {
        uint32_t bit = 1u << (question_get(QUESTION_N1 + q)->service - 1);

        assert_ok(interview_set(interview, QUESTION_N1 + q, SAID_YES, 2000));
        assert_int_equal(rule_may_refer(interview, UINT32_MAX), bit);
        assert_int_equal(rule_may_refer(interview, ~bit), 0); /* no consent */
        assert_ok(interview_set(interview, QUESTION_N1 + q, SAID_NOT_ASKED, 2000));
    }
    interview_destroy(&interview);
    /* Whatever else is said, and whether or not the gates are met: the same services. */
    for (unsigned i = 0; i < 5000; i++) {
        struct interview *whole, *bare = kit_new();

        kit_random_letters(chance, letters);
        whole = kit_from_letters(letters);
        assert_ok(
            interview_set(bare, QUESTION_S4, interview_get(whole, QUESTION_S4), 2000));
        for (size_t q = QUESTION_N1; q < QUESTION_COUNT; q++)
            assert_ok(interview_set(bare, q, interview_get(whole, q), 2000));
        uint32_t consented = (uint32_t)kit_number(chance);
        assert_int_equal(
            rule_may_refer(whole, consented), rule_may_refer(bare, consented));
        interview_destroy(&whole);
        interview_destroy(&bare);
    }
}

static void rule__lets_urgent_help_be_referred_always(void **state)
{
    struct interview *interview = kit_new();

    (void)state;
    kit_set(interview, "S1=n S4=y S6=n");
    assert_int_equal(
        rule_may_refer(interview, 0), 7); /* shelter, medical, psychosocial */
    kit_set(interview, "S4=?");
    assert_int_equal(rule_may_refer(interview, UINT32_MAX), 0);
    assert_int_equal(assess(interview).urgent, FINDING_UNKNOWN);
    interview_destroy(&interview);
}

static void rule__asks_only_what_the_gates_allow(void **state)
{
    struct interview *interview = kit_new();

    (void)state;
    assert_true(rule_may_ask(interview, QUESTION_S6));
    assert_true(rule_may_ask(interview, QUESTION_N1));
    assert_false(rule_may_ask(interview, QUESTION_A1));
    kit_set(interview, "S1=y S3=y S6=y");
    assert_false(rule_may_ask(interview, QUESTION_A1)); /* the preference was not asked */
    kit_set(interview, "S2=-");
    assert_true(rule_may_ask(interview, QUESTION_A1));
    kit_set(interview, "S2=n");
    assert_false(rule_may_ask(interview, QUESTION_V8));
    assert_ok(interview_choose(interview, INTERVIEW_CHOICE_WAITS, 3000));
    assert_false(rule_may_ask(interview, QUESTION_V8));
    assert_ok(interview_choose(interview, INTERVIEW_CHOICE_GOES_ON, 3000));
    assert_true(rule_may_ask(interview, QUESTION_V8));
    kit_set(interview, "S6=n");
    assert_false(rule_may_ask(interview, QUESTION_V8));
    assert_true(rule_may_ask(interview, QUESTION_N1 + 10));
    interview_destroy(&interview);
}

static void rule__has_a_clock_for_an_officer_of_the_preferred_gender(void **state)
{
    struct interview *interview = kit_new();
    struct rule_wait wait;

    (void)state;
    assert_false(rule_wait_at(interview, INT64_MAX).open);
    assert_ok(interview_set(interview, QUESTION_S2, SAID_NO, 5000));
    assert_ok(interview_set(interview, QUESTION_S2, SAID_NO, 9000)); /* said again */
    wait = rule_wait_at(interview, 5000 + RULE_PREFERRED_OFFICER_MS);
    assert_true(wait.open && !wait.overdue);
    assert_int_equal(wait.since_ms, 5000);
    assert_int_equal(wait.deadline_ms, 5000 + RULE_PREFERRED_OFFICER_MS);
    assert_ok(interview_choose(interview, INTERVIEW_CHOICE_WAITS, 9000));
    assert_true(rule_wait_at(interview, 5001 + RULE_PREFERRED_OFFICER_MS).overdue);
    assert_ok(interview_choose(interview, INTERVIEW_CHOICE_GOES_ON, 9000));
    assert_false(rule_wait_at(interview, INT64_MAX).open);
    assert_ok(interview_choose(interview, INTERVIEW_CHOICE_WAITS, 9500));
    assert_true(rule_wait_at(interview, 9600).open);
    assert_ok(interview_set(interview, QUESTION_S2, SAID_YES, 9700));
    assert_false(rule_wait_at(interview, INT64_MAX).open);
    assert_int_equal(interview_without_officer_since_ms(interview), 0);
    assert_status(
        interview_choose(interview, INTERVIEW_CHOICE_WAITS, 9800), STATUS_CONFLICT);
    interview_destroy(&interview);
}

static void rule__gives_a_reason_for_every_class_and_none_that_is_not_so(void **state)
{
    char letters[QUESTION_COUNT + 1];
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 12);

    (void)state;
    for (unsigned i = 0; i < 5000; i++) {
        kit_random_letters(chance, letters);
        struct interview *interview = kit_from_letters(letters);
        struct assessment so = assess(interview);
        assert_true(so.n_reasons > 0);
        for (size_t r = 0; r < so.n_reasons; r++) {
            uint8_t question = so.reasons[r].question;

            if (question < QUESTION_COUNT && question >= QUESTION_A1)
                assert_int_equal(interview_get(interview, question), SAID_YES);
            for (size_t other = 0; other < r; other++)
                assert_false(so.reasons[r].code == so.reasons[other].code &&
                             question == so.reasons[other].question);
        }
        interview_destroy(&interview);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule__agrees_with_the_reference_on_100000_random_sheets),
        cmocka_unit_test(rule__agrees_with_the_reference_on_every_small_vector),
        cmocka_unit_test(rule__scores_exactly_as_the_four_combinations_of_the_ilo),
        cmocka_unit_test(rule__never_lowers_the_class_for_one_more_yes),
        cmocka_unit_test(rule__never_takes_an_open_answer_for_a_no),
        cmocka_unit_test(rule__treats_unknown_declined_and_not_asked_alike),
        cmocka_unit_test(rule__does_not_care_in_which_order_a_sheet_was_filled_in),
        cmocka_unit_test(dp10__a_person_whose_age_nobody_knows_is_a_child),
        cmocka_unit_test(rule__finds_each_class_as_the_table_says),
        cmocka_unit_test(rule__counts_an_attempt_as_an_act_only_with_a_purpose),
        cmocka_unit_test(rule__keeps_palermo_and_ptpa_apart),
        cmocka_unit_test(rule__scores_nothing_when_a_gate_is_not_met),
        cmocka_unit_test(rule__ends_the_interview_but_never_the_help),
        cmocka_unit_test(rule__lets_urgent_help_be_referred_always),
        cmocka_unit_test(rule__asks_only_what_the_gates_allow),
        cmocka_unit_test(rule__has_a_clock_for_an_officer_of_the_preferred_gender),
        cmocka_unit_test(rule__gives_a_reason_for_every_class_and_none_that_is_not_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
