/* SPDX-License-Identifier: Apache-2.0
 *
 * consent_rule: which rows count, what is no consent at all, and who gives it for a child.
 */
#include "check.h"
#include "consent_rule.h"
#include "memory.h"

enum { TODAY = 20781 };

static const struct ident SHELTER = {{1}}, CLINIC = {{2}};

static struct consent some_consent(enum consent_giver giver)
{
    return (struct consent){.service = SERVICE_SHELTER,
        .recipient = SHELTER,
        .groups = GROUP_BIT(GROUP_CORE) | GROUP_BIT(GROUP_CONTACT),
        .giver = giver,
        .way = WAY_SPOKEN,
        .language = "urd",
        .interpreter = true,
        .given_day = TODAY,
        .last_day = TODAY + CONSENT_DAYS,
        .role = "shift lead",
        .rationale = "invented",
        .first = "first",
        .second = giver == GIVER_OVERRIDE ? "second" : "",
        .override = giver == GIVER_OVERRIDE ? OVERRIDE_COURT_ORDER : (enum override)0};
}

static struct consent_ask some_ask(bool child)
{
    return (struct consent_ask){.service = SERVICE_SHELTER,
        .recipient = SHELTER,
        .groups = GROUP_BIT(GROUP_CORE),
        .child = child,
        .today = TODAY};
}

static struct consent_verdict judge(
    const struct consent *rows, size_t n, const struct consent_ask *ask)
{
    struct consent_verdict verdict = consent_ask_begin(ask);
    for (size_t i = 0; i < n; i++)
        consent_weigh(&rows[i], ask, &verdict);
    return verdict;
}

static void dp04__a_row_covers_one_service_one_recipient_its_groups_and_its_days(
    void **state)
{
    (void)state;
    struct consent row = some_consent(GIVER_PERSON);
    struct consent_ask ask = some_ask(false);
    assert_int_equal(judge(NULL, 0, &ask).answer, CONSENT_NONE);
    assert_int_equal(judge(&row, 1, &ask).answer, CONSENT_OK);
    ask.service = SERVICE_MEDICAL;
    assert_int_equal(judge(&row, 1, &ask).answer, CONSENT_NONE);
    ask = some_ask(false);
    ask.recipient = CLINIC;
    assert_int_equal(judge(&row, 1, &ask).answer, CONSENT_NONE);
    ask = some_ask(false);
    ask.groups |= GROUP_BIT(GROUP_NAME);
    assert_int_equal(judge(&row, 1, &ask).answer, CONSENT_MISSING);
    assert_int_equal(judge(&row, 1, &ask).missing, GROUP_BIT(GROUP_NAME));
    ask = some_ask(false);
    ask.today = row.last_day;
    assert_int_equal(judge(&row, 1, &ask).answer, CONSENT_OK);
    ask.today++;
    assert_int_equal(judge(&row, 1, &ask).answer, CONSENT_EXPIRED);
    ask.today = row.given_day - 1;
    assert_int_equal(judge(&row, 1, &ask).answer, CONSENT_EXPIRED);
}

static void consent__rows_add_up(void **state)
{
    (void)state;
    struct consent rows[2] = {some_consent(GIVER_PERSON), some_consent(GIVER_PERSON)};
    struct consent_ask ask = some_ask(false);
    rows[1].groups = GROUP_BIT(GROUP_NAME);
    ask.groups = GROUP_BIT(GROUP_CONTACT) | GROUP_BIT(GROUP_NAME);
    assert_int_equal(judge(rows, 1, &ask).answer, CONSENT_MISSING);
    assert_int_equal(judge(rows, 2, &ask).answer, CONSENT_OK);
}

/* Every pair of states of two rows: the second never takes away what the first gives. */
static void dp07__a_row_that_ended_lowers_no_other(void **state)
{
    (void)state;
    struct consent good = some_consent(GIVER_PERSON), bad[4];
    struct consent_ask ask = some_ask(false);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        bad[i] = good;
    bad[0].withdrawn_day = TODAY;
    bad[1].last_day = TODAY - 1;
    bad[2].giver = GIVER_GUARDIAN;
    bad[3].service = SERVICE_LEGAL;
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct consent after[2] = {good, bad[i]}, before[2] = {bad[i], good};
        assert_int_equal(judge(after, 2, &ask).answer, CONSENT_OK);
        assert_int_equal(judge(before, 2, &ask).answer, CONSENT_OK);
    }
    assert_int_equal(judge(&bad[0], 1, &ask).answer, CONSENT_WITHDRAWN);
}

static void dp09__a_child_by_guardian_or_best_interest_an_adult_by_herself(void **state)
{
    (void)state;
    static const struct {
        enum consent_giver giver;
        bool child, suspected;
        enum consent_answer answer;
    } table[] = {
        {GIVER_PERSON, false, false, CONSENT_OK},
        {GIVER_PERSON, false, true, CONSENT_OK},
        {GIVER_PERSON, true, false, CONSENT_CHILD},
        {GIVER_PERSON, true, true, CONSENT_CHILD},
        {GIVER_GUARDIAN, false, false, CONSENT_ADULT},
        {GIVER_GUARDIAN, false, true, CONSENT_SUSPECTED},
        {GIVER_GUARDIAN, true, false, CONSENT_OK},
        {GIVER_GUARDIAN, true, true, CONSENT_SUSPECTED},
        {GIVER_BEST_INTEREST, false, false, CONSENT_OK},
        {GIVER_BEST_INTEREST, true, false, CONSENT_OK},
        {GIVER_BEST_INTEREST, true, true, CONSENT_OK},
        {GIVER_OVERRIDE, false, false, CONSENT_OK},
        {GIVER_OVERRIDE, true, true, CONSENT_OK},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        struct consent row = some_consent(table[i].giver);
        struct consent_ask ask = some_ask(table[i].child);
        ask.guardian_suspected = table[i].suspected;
        assert_int_equal(judge(&row, 1, &ask).answer, table[i].answer);
        assert_int_equal(consent_guardian_may_be_told(table[i].child, table[i].suspected),
            table[i].child && !table[i].suspected);
    }
    struct consent row = some_consent(GIVER_BEST_INTEREST);
    row.role = "";
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_ROLE);
    row = some_consent(GIVER_BEST_INTEREST);
    row.rationale = "";
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_RATIONALE);
}

static void dp10__unknown_age_means_the_rules_of_a_child(void **state)
{
    (void)state;
    struct person person = {.age_band = AGE_18_25, .minor = MINOR_UNKNOWN};
    assert_true(person_is_child(&person));
    person.minor = MINOR_YES;
    assert_true(person_is_child(&person));
    person.minor = MINOR_NO;
    assert_false(person_is_child(&person));
}

static void dp08__an_override_needs_role_reason_and_a_second_person(void **state)
{
    (void)state;
    for (int reason = 1; reason < OVERRIDE_COUNT; reason++) {
        struct consent row = some_consent(GIVER_OVERRIDE);
        row.override = (enum override)reason;
        assert_int_equal(consent_check(&row, false), CONSENT_RIGHT);
        assert_false(consent_is_alone(&row));
        row.second = "first"; /* the same person twice */
        assert_int_equal(consent_check(&row, false), CONSENT_FAULT_SECOND);
        row.second = "";
        bool alone = reason == OVERRIDE_LIFE_AT_RISK || reason == OVERRIDE_CHILD_AT_RISK;
        assert_int_equal(
            consent_check(&row, false), alone ? CONSENT_RIGHT : CONSENT_FAULT_SECOND);
        assert_true(consent_is_alone(&row));
        row.first = "";
        assert_int_equal(consent_check(&row, false), CONSENT_FAULT_SECOND);
        row = some_consent(GIVER_OVERRIDE);
        row.role = NULL;
        assert_int_equal(consent_check(&row, false), CONSENT_FAULT_ROLE);
    }
    struct consent row = some_consent(GIVER_OVERRIDE);
    row.override = (enum override)0;
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_REASON);
    row = some_consent(GIVER_PERSON);
    row.override = OVERRIDE_COURT_ORDER;
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_REASON);
}

static void consent__by_a_draft_text_is_read_out_by_an_interpreter(void **state)
{
    (void)state;
    struct consent row = some_consent(GIVER_PERSON);
    assert_int_equal(consent_check(&row, false), CONSENT_RIGHT);
    row.interpreter = false;
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_DRAFT);
    assert_int_equal(consent_check(&row, true), CONSENT_RIGHT);
    row.interpreter = true;
    row.way = WAY_THUMBPRINT;
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_DRAFT);
    row.text_reviewed = true;
    row.interpreter = false;
    assert_int_equal(consent_check(&row, false), CONSENT_RIGHT);
}

static void consent__ends_within_a_year_and_not_before_it_begins(void **state)
{
    (void)state;
    struct consent row = some_consent(GIVER_PERSON);
    row.last_day = row.given_day + CONSENT_DAYS_MAX;
    assert_int_equal(consent_check(&row, false), CONSENT_RIGHT);
    row.last_day++;
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_DAYS);
    row.last_day = row.given_day - 1;
    assert_int_equal(consent_check(&row, false), CONSENT_FAULT_DAYS);
}

static void consent__has_a_word_for_every_code(void **state)
{
    (void)state;
    for (int i = 1; i < GIVER_COUNT; i++)
        assert_non_null(consent_giver_name((enum consent_giver)i));
    for (int i = 1; i < WAY_COUNT; i++)
        assert_non_null(consent_way_name((enum consent_way)i));
    for (int i = 1; i < CONSENT_ANSWER_COUNT; i++)
        assert_non_null(consent_answer_name((enum consent_answer)i));
    assert_null(consent_giver_name(GIVER_COUNT));
    assert_null(consent_way_name(WAY_COUNT));
    assert_null(consent_answer_name(CONSENT_ANSWER_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp04__a_row_covers_one_service_one_recipient_its_groups_and_its_days),
        cmocka_unit_test(consent__rows_add_up),
        cmocka_unit_test(dp07__a_row_that_ended_lowers_no_other),
        cmocka_unit_test(dp09__a_child_by_guardian_or_best_interest_an_adult_by_herself),
        cmocka_unit_test(dp10__unknown_age_means_the_rules_of_a_child),
        cmocka_unit_test(dp08__an_override_needs_role_reason_and_a_second_person),
        cmocka_unit_test(consent__by_a_draft_text_is_read_out_by_an_interpreter),
        cmocka_unit_test(consent__ends_within_a_year_and_not_before_it_begins),
        cmocka_unit_test(consent__has_a_word_for_every_code),
    };
    return cmocka_run_group_tests_name("consent_rule", tests, NULL, NULL);
}
