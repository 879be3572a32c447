/* SPDX-License-Identifier: Apache-2.0
 *
 * verbs: every row has a function, a route of its own and all that commands and documents need; its words are
 * content's words.
 */
#include "body.h"
#include "case_words.h"
#include "check.h"
#include "cubes.h"
#include "desk.h"
#include "local_roles.h"
#include "memory.h"
#include "update.h"
#include "verbs.h"

static void verbs__have_a_function_where_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < VERBS_N; i++)
        assert_int_equal(VERBS[i].place == VERB_AT_DESK, desk_knows(VERBS[i].name));
    assert_false(desk_knows("nothing"));
}

static void verbs__have_a_route_each_and_find_it_again(void **state)
{
    (void)state;
    char path[VERB_PATH_BYTES], reference[VERB_REFERENCE_BYTES];
    for (size_t i = 0; i < VERBS_N; i++) {
        const struct verb *verb = &VERBS[i];
        assert_int_equal(verb->place == VERB_LOCAL, verb->path == NULL);
        assert_int_equal(verb->place == VERB_LOCAL, verb->method == NULL);
        assert_ptr_equal(verb_find(verb->name), verb);
        if (!verb->path)
            continue;
        verb_path(verb, "7K2MQ4XTA", path);
        assert_ptr_equal(verb_route(verb->method, path, reference, NULL), verb);
        assert_string_equal(reference, strchr(verb->path, '{') ? "7K2MQ4XTA" : "");
    }
}

static void verbs__route_refuses_what_is_not_there(void **state)
{
    (void)state;
    char reference[VERB_REFERENCE_BYTES];
    bool other = false;
    assert_null(verb_route("GET", "/api/v1/nothing", reference, &other));
    assert_false(other);
    assert_null(verb_route("GET", "/api/v1/referrals", reference, &other));
    assert_true(other);
    assert_null(verb_route("GET", "/api/v1/referrals/", reference, &other));
    assert_null(verb_route("POST", "/api/v1/referrals/A/accept/more", reference, &other));
    assert_null(verb_route("POST", "/api/v1/referrals//accept", reference, &other));
    assert_null(verb_route("GET", "/api/v1/status/", reference, &other));
}

static void verbs__tell_a_person_what_they_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < VERBS_N; i++) {
        const struct verb *verb = &VERBS[i];
        assert_true(*verb->summary && *verb->description && *verb->examples);
        assert_non_null(verb->options);
        assert_non_null(verb->words);
        assert_true(verb->min_words <= verb->max_words);
        assert_int_equal(strchr(verb->examples, '\t') == NULL, 1);
        assert_holds(verb->examples, verb->name);
        for (const struct verb_argument *row = verb->arguments; row && row->name; row++) {
            assert_true(row->help && *row->help);
            assert_int_equal(row->type == ARGUMENT_WORD, row->words != NULL);
        }
    }
}

static void verbs__that_change_something_are_posts(void **state)
{
    (void)state;
    for (size_t i = 0; i < VERBS_N; i++)
        if (VERBS[i].changes) {
            assert_string_equal(VERBS[i].method, "POST");
            assert_true(VERBS[i].unlocked);
        }
}

/* What is not there is for supervisors only: a new verb gets its line in config/policy/local-roles.json. */
static void verbs__that_need_the_keys_stand_in_the_policy_of_local_roles(void **state)
{
    (void)state;
    struct local_roles *roles = NULL;
    assert_ok(local_roles_open(&roles, NULL));
    for (size_t i = 0; i < VERBS_N; i++)
        if (VERBS[i].unlocked && !local_roles_names(roles, VERBS[i].name))
            fail_msg("%s has no local role", VERBS[i].name);
    local_roles_close(&roles);
}

/* The i-th word of an argument, from 1. */
static const char *word_of(const char *verb, const char *argument, int i)
{
    static char word[32];
    const char *at = verb_argument(verb_find(verb), argument)->words;

    for (; i > 1; i--) {
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(at, " "), at);
    return word;
}

#define COMPARE(verb, argument, count, name, type)                                       \
    do {                                                                                 \
        for (int i = 1; i < (count); i++)                                                \
            assert_string_equal(word_of((verb), (argument), i), name((type)i));          \
        assert_string_equal(word_of((verb), (argument), (count)), "");                   \
    } while (0)

static void verbs__use_the_words_and_numbers_of_content(void **state)
{
    (void)state;
    COMPARE("refer", "service", SERVICE_COUNT, service_name, enum service);
    COMPARE("refer", "priority", PRIORITY_COUNT, priority_name, enum priority);
    COMPARE("refer", "age_band", AGE_BAND_COUNT, age_band_name, enum age_band);
    COMPARE("refer", "minor", MINOR_COUNT, minor_name, enum minor);
    COMPARE("refer", "gender", GENDER_COUNT, gender_name, enum gender);
    COMPARE("refer", "risk", RISK_COUNT, risk_name, enum risk);
    COMPARE("case-open", "age_band", AGE_BAND_COUNT, age_band_name, enum age_band);
    COMPARE("case-open", "minor", MINOR_COUNT, minor_name, enum minor);
    COMPARE("case-open", "gender", GENDER_COUNT, gender_name, enum gender);
    COMPARE("case-open", "risk", RISK_COUNT, risk_name, enum risk);
    COMPARE("case-open", "exploitation", EXPLOITATION_COUNT, exploitation_name,
        enum exploitation);
    COMPARE("statistics", "cube", CUBE_COUNT, cube_name, enum cube);
    COMPARE("case-open", "displacement", DISPLACEMENT_COUNT, displacement_name,
        enum displacement);
    COMPARE("case-open", "origin", ORIGIN_COUNT, case_origin_name, enum case_origin);
    COMPARE("case-find", "age_band", AGE_BAND_COUNT, age_band_name, enum age_band);
    COMPARE(
        "case-reopen", "reason", REOPEN_COUNT, reopen_reason_name, enum reopen_reason);
    COMPARE("case-link", "reason", LINK_REASON_COUNT, link_reason_name, enum link_reason);
    for (int i = OUTCOME_OPEN + 1; i < OUTCOME_COUNT; i++) /* all but the open one */
        assert_string_equal(word_of("case-close", "outcome", i - 1),
            case_outcome_name((enum case_outcome)i));
    assert_string_equal(word_of("case-close", "outcome", OUTCOME_COUNT - 1), "");
    COMPARE("decline", "reason", DECLINE_COUNT, decline_reason_name, enum decline_reason);
    COMPARE(
        "redirect", "reason", DECLINE_COUNT, decline_reason_name, enum decline_reason);
    COMPARE("hold", "reason", HOLD_COUNT, hold_reason_name, enum hold_reason);
    COMPARE("fail", "reason", FAIL_COUNT, fail_reason_name, enum fail_reason);
    COMPARE("milestone", "milestone", MILESTONE_COUNT, milestone_name, enum milestone);
    COMPARE("group", "milestone", MILESTONE_COUNT, milestone_name, enum milestone);
    COMPARE("follow-up", "after", FOLLOW_UP_COUNT, follow_up_name, enum follow_up);
    COMPARE("follow-up", "result", FOLLOW_RESULT_COUNT, follow_result_name,
        enum follow_result);
    COMPARE("ask", "question", INQUIRY_COUNT, inquiry_name, enum inquiry);
    COMPARE("tell", "question", INQUIRY_COUNT, inquiry_name, enum inquiry);
    COMPARE("tell", "answer", TOLD_COUNT, told_name, enum told);
    COMPARE("cancel", "reason", CANCEL_COUNT, cancel_reason_name, enum cancel_reason);
    COMPARE(
        "entered-in-error", "reason", ERROR_COUNT, error_reason_name, enum error_reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs__have_a_function_where_they_say),
        cmocka_unit_test(verbs__have_a_route_each_and_find_it_again),
        cmocka_unit_test(verbs__route_refuses_what_is_not_there),
        cmocka_unit_test(verbs__tell_a_person_what_they_do),
        cmocka_unit_test(verbs__that_change_something_are_posts),
        cmocka_unit_test(verbs__that_need_the_keys_stand_in_the_policy_of_local_roles),
        cmocka_unit_test(verbs__use_the_words_and_numbers_of_content),
    };
    return cmocka_run_group_tests_name("verbs", tests, NULL, NULL);
}
