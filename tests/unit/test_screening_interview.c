/* SPDX-License-Identifier: Apache-2.0
 * The answer sheet and the officer's confirmation: what they take, and their bytes (docs/CARE.md 12.5, 12.6).
 */
#include "confirmation.h"
#include "hostile.h"
#include "screening_kit.h"

static enum status decode_interview(void *context, struct span bytes)
{
    struct interview *interview = NULL;
    enum status status = interview_decode(bytes, &interview);

    (void)context;
    if (status == STATUS_OK)
        interview_destroy(&interview);
    return status;
}

static enum status decode_confirmation(void *context, struct span bytes)
{
    struct confirmation confirmation;

    (void)context;
    return confirmation_decode(bytes, &confirmation);
}

static struct interview *full(void)
{
    struct interview *interview = kit_adult("S2=n S4=? A1=y M3=- P1=y N6=y");

    assert_ok(interview_choose(interview, INTERVIEW_CHOICE_WAITS, 2500));
    assert_ok(interview_set_note(interview, QUESTION_S4, span_text("fever"), 3000));
    assert_ok(interview_set_note(interview, kit_id("M3"), span_text("کاغذات"), 3000));
    return interview;
}

static void put(const struct interview *interview, struct buffer *buffer)
{
    buffer_init(buffer, INTERVIEW_BYTES_MAX);
    assert_ok(interview_encode(interview, buffer));
}

static void interview__begin_with_nothing_asked(void **state)
{
    struct interview *interview = kit_new();

    (void)state;
    for (size_t i = 0; i < QUESTION_COUNT; i++) {
        assert_int_equal(interview_get(interview, i), SAID_NOT_ASKED);
        assert_null(interview_get_note(interview, i));
    }
    interview_destroy(&interview);
    interview_destroy(&interview); /* accepts NULL */
}

static void interview__refuse_what_does_not_exist(void **state)
{
    struct interview_facts facts = KIT_FACTS;
    struct interview *interview = kit_new(), *none = NULL;

    (void)state;
    assert_status(
        interview_set(interview, QUESTION_COUNT, SAID_YES, 2000), STATUS_MALFORMED);
    assert_status(interview_set(interview, 0, SAID_COUNT, 2000), STATUS_MALFORMED);
    assert_status(interview_set(interview, 0, SAID_YES, -1), STATUS_MALFORMED);
    assert_status(
        interview_set(interview, 0, SAID_YES, TIME_MS_MAX + 1), STATUS_MALFORMED);
    memcpy(facts.language, "UR", 3);
    assert_status(interview_new(&facts, &none), STATUS_MALFORMED);
    facts = KIT_FACTS;
    facts.begun_at_ms = -1;
    assert_status(interview_new(&facts, &none), STATUS_MALFORMED);
    interview_destroy(&interview);
}

static void interview__never_move_their_time_back(void **state)
{
    struct interview *interview = kit_new();

    (void)state;
    assert_ok(interview_set(interview, QUESTION_A1, SAID_NO, 9000));
    assert_ok(interview_set(interview, QUESTION_A1, SAID_YES, 10)); /* the clock jumped */
    assert_int_equal(interview_get_facts(interview)->changed_at_ms, 9000);
    assert_int_equal(interview_get(interview, QUESTION_A1), SAID_YES);
    interview_destroy(&interview);
}

static void interview__take_notes_that_are_short_and_clean(void **state)
{
    static char long_text[INTERVIEW_NOTE_BYTES_MAX + 1];
    struct interview *interview = kit_new();
    size_t n = 0;

    (void)state;
    memset(long_text, 'x', sizeof(long_text));
    assert_status(interview_set_note(
                      interview, QUESTION_A1, span_of(long_text, sizeof(long_text)), 1),
        STATUS_TOO_BIG);
    assert_status(interview_set_note(interview, QUESTION_A1, span_text("a\x1b[2J"), 1),
        STATUS_MALFORMED);
    assert_status(interview_set_note(interview, QUESTION_A1, span_of("\xff", 1), 1),
        STATUS_MALFORMED);
    assert_null(interview_get_note(interview, QUESTION_A1));
    while (n < QUESTION_V8 &&
           interview_set_note(interview, n, span_of(long_text, INTERVIEW_NOTE_BYTES_MAX),
               1) == STATUS_OK)
        n++;
    assert_int_equal(n, INTERVIEW_NOTES_BYTES_MAX / INTERVIEW_NOTE_BYTES_MAX);
    /* Replacing and removing give room back. */
    assert_ok(interview_set_note(interview, 0, span_text("short"), 1));
    assert_string_equal(interview_get_note(interview, 0), "short");
    assert_ok(interview_set_note(interview, 1, span_text(""), 1));
    assert_null(interview_get_note(interview, 1));
    assert_ok(interview_set_note(
        interview, n, span_of(long_text, INTERVIEW_NOTE_BYTES_MAX), 1));
    interview_destroy(&interview);
}

static void dp30__no_note_stands_beside_the_question_about_who_a_person_is(void **state)
{
    struct interview *interview = kit_adult("V8=y"), *none = NULL;
    struct buffer bytes, forged;

    (void)state;
    assert_status(interview_set_note(interview, QUESTION_V8, span_text("of the ..."), 1),
        STATUS_DENIED);
    /* Nor can one be written into the bytes by hand. */
    assert_ok(interview_set_note(interview, QUESTION_V8 - 1, span_text("note"), 1));
    put(interview, &bytes);
    buffer_init(&forged, INTERVIEW_BYTES_MAX);
    assert_ok(buffer_put(&forged, bytes.bytes, bytes.used));
    assert_int_equal(forged.bytes[INTERVIEW_HEAD_BYTES], QUESTION_V8 - 1);
    forged.bytes[INTERVIEW_HEAD_BYTES] = QUESTION_V8;
    assert_status(interview_decode(buffer_span(&forged), &none), STATUS_MALFORMED);
    forged.bytes[INTERVIEW_HEAD_BYTES] = QUESTION_V8 + 1;
    assert_ok(interview_decode(buffer_span(&forged), &none));
    interview_destroy(&none);
    interview_destroy(&interview);
    buffer_release(&bytes);
    buffer_release(&forged);
}

static void interview__come_back_from_their_bytes(void **state)
{
    struct interview *interview = full(), *back = NULL, *copy = interview_copy(interview);
    struct buffer first, second, third;

    (void)state;
    put(interview, &first);
    assert_int_equal(first.used, INTERVIEW_HEAD_BYTES + 2 * 3 + 5 + 12);
    assert_ok(interview_decode(buffer_span(&first), &back));
    put(back, &second);
    put(copy, &third);
    assert_span(buffer_span(&second), buffer_span(&first));
    assert_span(buffer_span(&third), buffer_span(&first));
    assert_string_equal(interview_get_facts(back)->language, "urd");
    assert_string_equal(interview_get_note(back, kit_id("M3")), "کاغذات");
    assert_int_equal(interview_get_choice(back), INTERVIEW_CHOICE_WAITS);
    assert_int_equal(interview_without_officer_since_ms(back), 2000);
    assert_int_equal(interview_get(back, kit_id("M3")), SAID_DECLINED);
    interview_destroy(&interview);
    interview_destroy(&back);
    interview_destroy(&copy);
    buffer_release(&first);
    buffer_release(&second);
    buffer_release(&third);
}

static void interview__have_one_encoding_whatever_was_written_first(void **state)
{
    char letters[QUESTION_COUNT + 1];
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 3);

    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        struct interview *a, *b = kit_new();
        struct buffer bytes_a, bytes_b;

        kit_random_letters(chance, letters);
        a = kit_from_letters(letters);
        for (size_t q = QUESTION_COUNT; q > 0; q--)
            assert_ok(interview_set(b, q - 1, interview_get(a, q - 1), 2000));
        assert_ok(interview_set_note(a, 3, span_text("one"), 2000));
        assert_ok(interview_set_note(a, 9, span_text("two"), 2000));
        assert_ok(interview_set_note(b, 9, span_text("two"), 2000));
        assert_ok(interview_set_note(b, 3, span_text("one"), 2000));
        put(a, &bytes_a);
        put(b, &bytes_b);
        assert_span(buffer_span(&bytes_a), buffer_span(&bytes_b));
        interview_destroy(&a);
        interview_destroy(&b);
        buffer_release(&bytes_a);
        buffer_release(&bytes_b);
    }
}

static void interview__withstand_hostile_bytes(void **state)
{
    struct interview *interview = full();
    struct seeded seeded;
    struct buffer bytes;

    (void)state;
    put(interview, &bytes);
    hostile_cut(buffer_span(&bytes), decode_interview, NULL);
    hostile_flip(
        buffer_span(&bytes), bytes.used, seeded_init(&seeded, 4), decode_interview, NULL);
    hostile_set(buffer_span(&bytes), 0, 'X', decode_interview, NULL);
    hostile_set(buffer_span(&bytes), 44, 2, decode_interview, NULL); /* interpreter */
    hostile_set(buffer_span(&bytes), 45, 3, decode_interview, NULL); /* choice */
    hostile_set(buffer_span(&bytes), 54, SAID_COUNT, decode_interview, NULL);
    /* S2 is not no any more, but its clock runs. */
    hostile_set(buffer_span(&bytes), 55, SAID_YES, decode_interview, NULL);
    hostile_set(buffer_span(&bytes), 113, 1, decode_interview, NULL); /* notes */
    hostile_set(buffer_span(&bytes), 114, 60, decode_interview, NULL);
    /* The second note before the first. */
    hostile_set(buffer_span(&bytes), 114, kit_id("M3"), decode_interview, NULL);
    buffer_release(&bytes);
    interview_destroy(&interview);
}

static void interview__of_another_version_are_not_read_as_this_one(void **state)
{
    static const size_t PLACES[] = {4, 6, 8}; /* layout, form, rule */
    struct interview *interview = full(), *none = NULL;
    struct buffer bytes;

    (void)state;
    put(interview, &bytes);
    for (size_t i = 0; i < ARRAY_LENGTH(PLACES); i++) {
        bytes.bytes[PLACES[i]]++;
        assert_status(interview_decode(buffer_span(&bytes), &none), STATUS_UNSUPPORTED);
        bytes.bytes[PLACES[i]]--;
    }
    buffer_release(&bytes);
    interview_destroy(&interview);
}

/* ---- confirmation ---- */

static struct assessment assess(const char *said)
{
    struct interview *interview = kit_adult(said);
    struct assessment assessment;

    rule_assess(interview, &assessment);
    interview_destroy(&interview);
    return assessment;
}

static enum status confirm(const struct assessment *assessment, enum outcome_class class,
    enum confirmation_reason reason, const char *text)
{
    struct confirmation confirmation = {.form_version = assessment->form_version,
        .rule_version = assessment->rule_version,
        .proposed = assessment->class,
        .confirmed = class,
        .reason = reason};
    struct trouble trouble = {""};

    snprintf(confirmation.text, sizeof(confirmation.text), "%s", text);
    enum status status = confirmation_check(&confirmation, assessment, &trouble);
    assert_true((status == STATUS_OK) == (trouble.text[0] == 0));
    return status;
}

static void confirmation__needs_no_reason_for_what_was_proposed(void **state)
{
    struct assessment so = assess("P3=y");

    (void)state;
    assert_ok(confirm(&so, OUTCOME_POSSIBLE_VOT, CONFIRMATION_NONE, ""));
    assert_status(
        confirm(&so, OUTCOME_POSSIBLE_VOT, CONFIRMATION_COACHED, ""), STATUS_MALFORMED);
}

static void confirmation__raises_with_a_reason_and_lowers_with_a_text_too(void **state)
{
    struct assessment so = assess("K1=y V1=y");

    (void)state;
    assert_status(
        confirm(&so, OUTCOME_POSSIBLE_VOT, CONFIRMATION_NONE, ""), STATUS_MALFORMED);
    assert_ok(confirm(&so, OUTCOME_POSSIBLE_VOT, CONFIRMATION_SEEN_BY_OFFICER, ""));
    assert_status(
        confirm(&so, OUTCOME_POSSIBLE_VOT, CONFIRMATION_OTHER, ""), STATUS_MALFORMED);
    assert_ok(confirm(&so, OUTCOME_POSSIBLE_VOT, CONFIRMATION_OTHER, "marks of ropes"));
    assert_status(confirm(&so, OUTCOME_NO_INDICATORS, CONFIRMATION_MISUNDERSTOOD, ""),
        STATUS_MALFORMED);
    assert_ok(confirm(
        &so, OUTCOME_NO_INDICATORS, CONFIRMATION_MISUNDERSTOOD, "meant another journey"));
}

static void confirmation__never_makes_an_adult_a_child_nor_a_broken_interview_nothing(
    void **state)
{
    struct assessment adult = assess("P3=y"), child = assess("S5=? K1=y N1=y"),
                      broken = assess("S6=n");

    (void)state;
    assert_status(
        confirm(&adult, OUTCOME_CHILD_AT_RISK, CONFIRMATION_SEEN_BY_OFFICER, ""),
        STATUS_DENIED);
    assert_ok(confirm(&child, OUTCOME_CHILD_AT_RISK, CONFIRMATION_SEEN_BY_OFFICER, ""));
    assert_ok(confirm(&broken, OUTCOME_INCOMPLETE, CONFIRMATION_NONE, ""));
    assert_ok(confirm(&broken, OUTCOME_POSSIBLE_VOT, CONFIRMATION_SEEN_BY_OFFICER, ""));
    assert_status(confirm(&broken, OUTCOME_NO_INDICATORS, CONFIRMATION_OTHER, "calm"),
        STATUS_DENIED);
    assert_status(
        confirm(&adult, OUTCOME_INCOMPLETE, CONFIRMATION_OTHER, "x"), STATUS_DENIED);
}

static void confirmation__falls_when_the_answers_lead_elsewhere(void **state)
{
    struct assessment before = assess("V1=y"), after = assess("V1=y P3=y");
    struct confirmation confirmation = {.form_version = FORM_VERSION,
        .rule_version = RULE_VERSION,
        .proposed = before.class,
        .confirmed = before.class};
    struct outcome outcome;

    (void)state;
    assert_ok(outcome_make(&before, &confirmation, &outcome));
    assert_status(outcome_make(&after, &confirmation, &outcome), STATUS_CONFLICT);
}

static void confirmation__comes_back_from_its_bytes_and_withstands_hostile_ones(
    void **state)
{
    struct confirmation confirmation = {.form_version = FORM_VERSION,
                            .rule_version = RULE_VERSION,
                            .at_ms = 77,
                            .proposed = OUTCOME_POSSIBLE_VOT,
                            .confirmed = OUTCOME_VULNERABLE_RETURNEE,
                            .reason = CONFIRMATION_OTHER,
                            .text = "کوئی اور وجہ"},
                        back;
    struct seeded seeded;
    struct buffer bytes;

    (void)state;
    buffer_init(&bytes, CONFIRMATION_BYTES_MAX);
    assert_ok(confirmation_encode(&confirmation, &bytes));
    assert_ok(confirmation_decode(buffer_span(&bytes), &back));
    assert_string_equal(back.text, confirmation.text);
    assert_int_equal(back.confirmed, OUTCOME_VULNERABLE_RETURNEE);
    assert_int_equal(back.at_ms, 77);
    hostile_cut(buffer_span(&bytes), decode_confirmation, NULL);
    hostile_flip(buffer_span(&bytes), bytes.used, seeded_init(&seeded, 5),
        decode_confirmation, NULL);
    hostile_set(buffer_span(&bytes), 33, 0, decode_confirmation, NULL);
    hostile_set(buffer_span(&bytes), 34, OUTCOME_INCOMPLETE, decode_confirmation, NULL);
    hostile_set(buffer_span(&bytes), 35, CONFIRMATION_NONE, decode_confirmation, NULL);
    hostile_set(buffer_span(&bytes), 38, '\r', decode_confirmation, NULL);
    bytes.bytes[4]++;
    assert_status(confirmation_decode(buffer_span(&bytes), &back), STATUS_UNSUPPORTED);
    buffer_release(&bytes);
}

/* ---- what may be handed on ---- */

static void outcome__says_class_flags_and_needs_and_nothing_else(void **state)
{
    struct assessment so = assess("A1=y M1=y M6=y P1=y P10=y N1=y N4=y N11=y");
    struct confirmation confirmation = {.form_version = FORM_VERSION,
        .rule_version = RULE_VERSION,
        .proposed = so.class,
        .confirmed = so.class};
    struct outcome outcome;

    (void)state;
    assert_ok(outcome_make(&so, &confirmation, &outcome));
    assert_int_equal(outcome.class, OUTCOME_POSSIBLE_VOT_STRONG);
    assert_true(outcome.assessed && outcome.palermo && outcome.ptpa);
    assert_int_equal(outcome.n_needs, 3);
    assert_memory_equal(outcome.needs, "\x01\x08\x0b", 3);
    assert_int_equal(outcome.rule_version, RULE_VERSION);
    /* There is no room in it for a sheet, and no pointer to one. */
    assert_true(sizeof(struct outcome) <= 40);
}

static void outcome__of_a_broken_interview_says_that_its_flags_say_nothing(void **state)
{
    struct assessment so = assess("S6=n A1=y P1=y P2=y N2=y");
    struct confirmation confirmation = {.form_version = FORM_VERSION,
        .rule_version = RULE_VERSION,
        .proposed = so.class,
        .confirmed = OUTCOME_POSSIBLE_VOT,
        .reason = CONFIRMATION_SEEN_BY_OFFICER};
    struct outcome outcome;

    (void)state;
    assert_ok(outcome_make(&so, &confirmation, &outcome));
    assert_false(outcome.assessed || outcome.palermo || outcome.ptpa);
    assert_int_equal(outcome.n_needs, 1);
}

static void outcome__never_calls_anybody_an_actual_victim(void **state)
{
    (void)state;
    for (int class = 0; class <= OUTCOME_CLASS_COUNT; class ++) {
        const char *status = outcome_htcds_status((enum outcome_class) class);

        if (class >= OUTCOME_POSSIBLE_VOT && class < OUTCOME_CLASS_COUNT)
            assert_string_equal(status, "PossibleVictimOfTrafficking");
        else
            assert_null(status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interview__begin_with_nothing_asked),
        cmocka_unit_test(interview__refuse_what_does_not_exist),
        cmocka_unit_test(interview__never_move_their_time_back),
        cmocka_unit_test(interview__take_notes_that_are_short_and_clean),
        cmocka_unit_test(dp30__no_note_stands_beside_the_question_about_who_a_person_is),
        cmocka_unit_test(interview__come_back_from_their_bytes),
        cmocka_unit_test(interview__have_one_encoding_whatever_was_written_first),
        cmocka_unit_test(interview__withstand_hostile_bytes),
        cmocka_unit_test(interview__of_another_version_are_not_read_as_this_one),
        cmocka_unit_test(confirmation__needs_no_reason_for_what_was_proposed),
        cmocka_unit_test(confirmation__raises_with_a_reason_and_lowers_with_a_text_too),
        cmocka_unit_test(
            confirmation__never_makes_an_adult_a_child_nor_a_broken_interview_nothing),
        cmocka_unit_test(confirmation__falls_when_the_answers_lead_elsewhere),
        cmocka_unit_test(
            confirmation__comes_back_from_its_bytes_and_withstands_hostile_ones),
        cmocka_unit_test(outcome__says_class_flags_and_needs_and_nothing_else),
        cmocka_unit_test(outcome__of_a_broken_interview_says_that_its_flags_say_nothing),
        cmocka_unit_test(outcome__never_calls_anybody_an_actual_victim),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
