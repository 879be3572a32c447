/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: the use cases of a case, through node_call, in a world of three members and an exchange.
 */
#include "check.h"
#include "desk.h"
#include "memory.h"
#include "world.h"

enum { OFFICER, SHELTER, CLINIC, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"clinic.peshawar", ROLE_MEDICAL}};

#define WORLD() world_new(7000 + __LINE__, PLAN, CAST)

enum { ALIAS_BYTES = 10 };

/* The answer's text, freed with memory_free. */
static char *ask(
    struct world *world, size_t i, const char *verb, const char *request, int http)
{
    static unsigned asked;
    char *answer = NULL, key[32];

    snprintf(key, sizeof(key), "case-%u", ++asked);
    int code = world_call(world, i, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request ? request : "", code, answer);
    assert_int_equal(code, http);
    return answer;
}

static void call(struct world *world, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    char *answer = ask(world, i, verb, request, http);

    assert_holds(answer, holds);
    memory_free(answer);
}

/* The verb about a case, with further fields (", \"x\":1"). */
static char *about(struct world *world, size_t i, const char *verb, const char *alias,
    const char *more, int http)
{
    char request[512];

    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", alias, more);
    return ask(world, i, verb, request, http);
}

static void call_about(struct world *world, size_t i, const char *verb, const char *alias,
    const char *more, int http, const char *holds)
{
    char *answer = about(world, i, verb, alias, more, http);

    assert_holds(answer, holds);
    memory_free(answer);
}

static void open_case(
    struct world *world, size_t i, const char *request, char ret[static ALIAS_BYTES])
{
    char *answer = ask(world, i, "case-open", request, 201);
    const char *at = strstr(answer, "\"case\":\"");

    assert_non_null(at);
    snprintf(ret, ALIAS_BYTES, "%s", at + 8);
    memory_free(answer);
}

static void desk__opens_a_case_of_a_person_of_whom_nothing_is_known(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(w, SHELTER, "{}", alias);
    call_about(w, SHELTER, "case-show", alias, "", 200, "\"minor\":\"unknown\"");
    call_about(w, SHELTER, "case-show", alias, "", 200, "\"origin\":\"walk-in\"");
    call_about(w, SHELTER, "case-show", alias, "", 200, "\"event\":\"opened\"");
    world_destroy(&w);
}

static void desk__finds_a_case_by_name_alias_and_day_and_follows_changes(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES], other[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(
        w, SHELTER, "{\"name\":\"علي\",\"age_band\":\"18-25\",\"minor\":\"no\"}", alias);
    open_case(w, SHELTER, "{\"name\":\"Quolm\"}", other);
    call(w, SHELTER, "case-find", "{\"name\":\"علی\"}", 200, alias);
    call(w, SHELTER, "case-find", "{\"name\":\"nobody\"}", 200, "\"items\":[]");
    call(w, SHELTER, "case-find", "{\"age_band\":\"18-25\"}", 200, "\"found\":1");
    call(w, SHELTER, "case-find", "{\"from\":\"2026-11-24\",\"until\":\"2026-11-24\"}",
        200, "\"found\":2");
    call(w, SHELTER, "case-find", "{\"until\":\"2026-11-23\"}", 200, "\"found\":0");
    call_about(w, SHELTER, "case-find", other, "", 200, other);
    call_about(w, SHELTER, "case-change", alias, ",\"name\":\"Zarq\"", 200, alias);
    call(w, SHELTER, "case-find", "{\"name\":\"علی\"}", 200, "\"items\":[]");
    call(w, SHELTER, "case-find", "{\"name\":\"zar\"}", 200, alias);
    call(w, SHELTER, "case-find", "{\"name\":\"zar\"}", 200, "\"complete\":true");
    /* It is read again after a lock, and after a crash. */
    world_lock_node(w, SHELTER);
    call(w, SHELTER, "case-find", "{\"name\":\"zar\"}", 423, "locked");
    world_unlock_node(w, SHELTER);
    call(w, SHELTER, "case-find", "{\"name\":\"zar\"}", 200, alias);
    world_crash_node(w, SHELTER);
    world_start_node(w, SHELTER, true);
    world_settle(w);
    call(w, SHELTER, "case-find", "{\"name\":\"zar\"}", 200, alias);
    world_destroy(&w);
}

static void dp12__a_cnic_is_masked_and_only_tells_a_duplicate(void **state)
{
    (void)state;
    char first[ALIAS_BYTES], second[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(w, SHELTER, "{\"name\":\"Zarq\",\"cnic\":\"35202-9876543-8\"}", first);
    char *answer = ask(
        w, SHELTER, "case-open", "{\"name\":\"Zark\",\"cnic\":\"3520298765438\"}", 201);
    char wanted[64];
    snprintf(wanted, sizeof(wanted), "\"duplicates\":[\"%s\"]", first);
    assert_holds(answer, wanted);
    memory_free(answer);
    answer = ask(w, SHELTER, "case-find", "{\"cnic\":\"35202 9876543 8\"}", 200);
    assert_holds(answer, first);
    assert_null(strstr(answer, "9876543"));
    memory_free(answer);
    answer = about(w, SHELTER, "case-show", first, "", 200);
    assert_holds(answer, "\"cnic\":\"*****-*******-*\"");
    assert_null(strstr(answer, "9876543"));
    memory_free(answer);
    call(w, SHELTER, "case-open", "{\"cnic\":\"12345\"}", 400, "bad-number");
    open_case(w, SHELTER, "{}", second);
    call_about(w, SHELTER, "case-change", second, ",\"hotline\":\"HL 4711\"", 200,
        "\"duplicates\":[]");
    call(w, SHELTER, "case-find", "{\"hotline\":\"hl-4711\"}", 200, second);
    world_destroy(&w);
}

static void desk__closes_a_case_with_a_reason_and_opens_it_again(void **state)
{
    (void)state;
    static const char *const outcomes[] = {"services-completed", "left", "declined-help",
        "taken-away", "transferred", "died", "not-a-case", "other"};
    char alias[ALIAS_BYTES], more[64], holds[64];
    struct world *w = WORLD();
    open_case(w, SHELTER, "{\"name\":\"Zarq\"}", alias);
    call_about(
        w, SHELTER, "case-reopen", alias, ",\"reason\":\"came-back\"", 409, "case-open");
    call_about(w, SHELTER, "case-close", alias, "", 400, "outcome");
    call_about(w, SHELTER, "case-close", alias, ",\"outcome\":\"open\"", 400, "outcome");
    for (size_t i = 0; i < ARRAY_LENGTH(outcomes); i++) {
        snprintf(more, sizeof(more), ",\"outcome\":\"%s\"", outcomes[i]);
        snprintf(holds, sizeof(holds), "\"outcome\":\"%s\"", outcomes[i]);
        call_about(w, SHELTER, "case-close", alias, more, 200, holds);
        call_about(
            w, SHELTER, "case-show", alias, "", 200, "\"closed_day\":\"2026-11-24\"");
        call_about(w, SHELTER, "case-close", alias, more, 409, "case-closed");
        call(w, SHELTER, "case-find", "{\"open\":true}", 200, "\"found\":0");
        call_about(w, SHELTER, "case-reopen", alias, ",\"reason\":\"came-back\"", 200,
            "\"outcome\":\"open\"");
    }
    call_about(w, SHELTER, "case-show", alias, "", 200, "\"reason\":\"taken-away\"");
    world_destroy(&w);
}

static void desk__links_cases_both_ways_and_takes_it_back(void **state)
{
    (void)state;
    char a[ALIAS_BYTES], b[ALIAS_BYTES], more[96], with[64];
    struct world *w = WORLD();
    open_case(w, SHELTER, "{\"name\":\"Zarq\"}", a);
    open_case(w, SHELTER, "{\"name\":\"Zark\"}", b);
    snprintf(more, sizeof(more), ",\"with\":\"%s\",\"reason\":\"same-person\"", b);
    snprintf(with, sizeof(with), ",\"with\":\"%s\"", a);
    call_about(w, SHELTER, "case-link", a, more, 200, b);
    call_about(w, SHELTER, "case-link", a, more, 409, "cannot-link");
    call_about(w, SHELTER, "case-show", b, "", 200, a);
    call_about(w, SHELTER, "case-unlink", b, with, 200, "\"links\":[]");
    call_about(w, SHELTER, "case-unlink", b, with, 404, "cannot-link");
    call_about(w, SHELTER, "case-show", a, "", 200, "\"links\":[]");
    call_about(w, SHELTER, "case-show", a, "", 200, "\"event\":\"unlinked\"");
    snprintf(more, sizeof(more), ",\"with\":\"%s\",\"reason\":\"family\"", a);
    call_about(w, SHELTER, "case-link", a, more, 409, "one case");
    world_destroy(&w);
}

static void desk__makes_a_case_of_a_received_referral_once(void **state)
{
    (void)state;
    char ref[WORLD_REFERENCE_BYTES], request[128];
    struct world *w = WORLD();
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    snprintf(request, sizeof(request), "{\"received\":\"%s\",\"name\":\"Zarq\"}", ref);
    call(w, SHELTER, "case-open", request, 201, "\"origin\":\"referral\"");
    call(w, SHELTER, "case-open", request, 409, "has-case");
    call(w, OFFICER, "case-open", request, 404, "unknown-reference");
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", ref);
    call(w, SHELTER, "case-find", request, 200, "\"name\":\"Zarq\"");
    world_destroy(&w);
}

/* Of a case: the person comes from it. */
#define REFERRAL                                                                         \
    "\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":"                  \
    "\"urgent\"," WORLD_CONSENT_CHILD

static void desk__ties_a_referral_to_its_case_and_sends_no_word_of_it(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES], request[1024];
    struct world *w = WORLD();
    open_case(w, OFFICER, "{\"name\":\"Zarq\"}", alias);
    snprintf(request, sizeof(request), "{" REFERRAL ",\"case\":\"%s\"}", alias);
    char *answer = ask(w, OFFICER, "refer", request, 201);
    char reference[ALIAS_BYTES];
    snprintf(reference, sizeof(reference), "%s", strstr(answer, "\"reference\":\"") + 13);
    memory_free(answer);
    world_settle(w);
    assert_string_not_equal(reference, alias);
    call_about(w, OFFICER, "case-show", alias, "", 200, reference);
    call_about(w, OFFICER, "case-find", reference, "", 200, alias);
    answer = ask(w, SHELTER, "inbox", NULL, 200);
    assert_holds(answer, reference);
    assert_null(strstr(answer, alias));
    memory_free(answer);
    call(w, OFFICER, "refer", "{" REFERRAL ",\"case\":\"00000000A\"}", 400,
        "bad-reference");
    call(w, OFFICER, "refer", "{" REFERRAL ",\"case\":\"000000000\"}", 404,
        "unknown-case");
    world_destroy(&w);
}

static void dp17__erasing_lists_who_has_yet_to_confirm(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES], request[1024];
    struct world *w = WORLD();
    open_case(w, OFFICER, "{\"name\":\"Zarq\"}", alias);
    snprintf(request, sizeof(request),
        "{" REFERRAL ",\"note\":\"flimquarble\",\"case\":\"%s\"}", alias);
    char reference[ALIAS_BYTES], *answer = NULL;
    assert_int_equal(world_call(w, OFFICER, "refer", "again", request, &answer), 201);
    snprintf(reference, sizeof(reference), "%s", strstr(answer, "\"reference\":\"") + 13);
    memory_free(answer);
    call_about(w, OFFICER, "show", reference, "", 200, "flimquarble");
    world_settle(w); /* what never left needs nobody's word */
    call_about(w, OFFICER, "case-erase", alias, "", 200,
        "\"confirmations\":[{\"confirmed\":false,\"member\":\"shelter.peshawar\"}]");
    /* Nor does a repeated request bring it back. */
    assert_int_equal(world_call(w, OFFICER, "refer", "again", request, &answer), 201);
    assert_null(strstr(answer, "flimquarble"));
    memory_free(answer);
    call_about(w, OFFICER, "case-show", alias, "", 404, "case-erased");
    call_about(w, OFFICER, "show", reference, "", 200, "\"note\":\"\"");
    call(w, OFFICER, "case-find", "{\"name\":\"zarq\"}", 200, "\"items\":[]");
    call_about(w, OFFICER, "case-erase", alias, "", 200, "\"sealed_for_ever\":false");
    call_about(w, OFFICER, "case-erase", alias, ",\"now\":true", 200,
        "\"sealed_for_ever\":true");
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    call_about(w, OFFICER, "case-erase", alias, "", 200, "\"sealed_for_ever\":true");
    call_about(w, OFFICER, "case-erase", "000000000", "", 404, "unknown-case");
    world_destroy(&w);
}

static void desk__keeps_nothing_of_a_case_whose_turn_was_rolled_back(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(w, SHELTER, "{\"name\":\"Quolm\"}", alias);
    world_arm(w, FAULT_DISK_FULL, SHELTER, 0);
    call(w, SHELTER, "case-open", "{\"name\":\"Zarq\"}", 507, "disk-full");
    assert_int_equal(world_fired(w, FAULT_DISK_FULL), 1);
    world_free_disk(w, SHELTER);
    world_pass(w, 60000);
    call(w, SHELTER, "case-find", "{\"name\":\"zarq\"}", 200, "\"items\":[]");
    call(w, SHELTER, "case-find", "{\"name\":\"quolm\"}", 200, alias);
    world_destroy(&w);
}

static void desk__reads_a_large_casebook_in_slices_after_unlocking(void **state)
{
    (void)state;
    char first[ALIAS_BYTES], last[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(w, SHELTER, "{\"name\":\"Quolm\"}", first);
    for (int i = 0; i < 520; i++)
        open_case(w, SHELTER, "{}", last);
    open_case(w, SHELTER, "{\"name\":\"Zarq\"}", last);
    world_lock_node(w, SHELTER);
    world_unlock_node(w, SHELTER);
    /* One slice is read in each turn. */
    world_settle(w);
    call(w, SHELTER, "case-find", "{\"name\":\"zarq\"}", 200, last);
    call(w, SHELTER, "case-find", "{\"name\":\"quolm\"}", 200, first);
    call(w, SHELTER, "case-find", "{}", 200, "\"found\":522");
    call(w, SHELTER, "case-find", "{}", 200, "\"complete\":true");
    world_destroy(&w);
}

static void desk__refuses_a_record_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        const char *request, *holds;
    } bad[] = {
        {"{\"age_band\":\"9-17\",\"minor\":\"no\"}", "age-contradicts"},
        {"{\"languages\":[\"urdu\"]}", "languages"},
        {"{\"languages\":[\"urd\",\"urd\"]}", "languages"},
        {"{\"district\":\"Lahore\"}", "district"},
        {"{\"dependants\":21}", "dependants"},
        {"{\"birth_day\":\"2001-02-28T05:00:00Z\"}", "birth_day"},
        {"{\"address\":\"somewhere\"}", "address"},
        {"{\"name\":\"\\u202etrick\"}", "name"},
        {"{\"received\":\"12\"}", "bad-reference"},
    };
    struct world *w = WORLD();
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        char *answer = NULL;
        int code = world_call(w, SHELTER, "case-open", "", bad[i].request, &answer);
        assert_in_range(code, 400, 413);
        assert_holds(answer, bad[i].holds);
        memory_free(answer);
    }
    call(w, SHELTER, "case-find", "{}", 200, "\"found\":0");
    world_destroy(&w);
}

static void refer_to(struct world *w, size_t to, const char *alias, const char *service,
    char ret[static ALIAS_BYTES])
{
    char request[512];

    snprintf(request, sizeof(request),
        "{\"to\":\"%s\",\"service\":\"%s\",\"priority\":\"urgent\","
        "\"case\":\"%s\"," WORLD_CONSENT "}",
        world_name(w, to), service, alias);
    char *answer = ask(w, OFFICER, "refer", request, 201);
    const char *at = strstr(answer, "\"reference\":\"");
    assert_non_null(at);
    snprintf(ret, ALIAS_BYTES, "%s", at + strlen("\"reference\":\""));
    memory_free(answer);
    world_settle(w);
}

/* A case with all that can be said, one referral that stands and one that the person took back. */
static void desk__a_summary_tells_needs_and_course_and_not_whose(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES], kept[ALIAS_BYTES], taken[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(w, OFFICER,
        "{\"name\":\"Quolmire\",\"full_name\":\"Quolmire Vant\",\"birth_day\":"
        "\"2001-02-28\",\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\","
        "\"languages\":[\"pus\"],\"district\":\"PK617\",\"safe_contact\":\"Zembrin\","
        "\"health\":\"Tolvark\",\"access\":\"Brenquil\",\"skills\":\"Dovrane\","
        "\"guardian\":\"Felquor\",\"dependants\":7,\"risk\":\"high\",\"exploitation\":"
        "\"sexual\",\"displacement\":\"flood\",\"pregnancy\":true,\"cnic\":"
        "\"1234512345671\"}",
        alias);
    memory_free(about(w, OFFICER, "case-note", alias, ",\"text\":\"Hespermol\"", 200));
    refer_to(w, CLINIC, alias, "medical", kept);
    memory_free(about(w, CLINIC, "accept", kept, "", 200));
    memory_free(about(w, CLINIC, "decline", kept, ",\"reason\":\"at-capacity\"", 200));
    refer_to(w, SHELTER, alias, "shelter", taken);
    memory_free(about(w, OFFICER, "withdraw-consent", taken, "", 200));
    world_settle(w);
    char *page = about(w, OFFICER, "case-summary", alias, "", 200);
    static const char *const wanted[] = {"\"age_band\":\"18-25\"", "\"children\":true",
        "\"pregnancy\":true", "\"needs\":[\"medical\"]", "\"opened\":\"2026-11\"",
        "\"state\":\"declined\"", "\"step\":\"accepted\"", "\"reason\":\"at-capacity\"",
        "\"languages\":[\"pus\"]"};
    const char *const never[] = {"Quolm", "Vant", "2001", "PK617", "Zembrin", "Tolvark",
        "Brenquil", "Dovrane", "Felquor", "Hespermol", "12345", ":7", "high", "sexual",
        "flood", "clinic", "torkham", "-24", "shelter", alias, kept, taken};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        assert_holds(page, wanted[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(never); i++)
        if (strstr(page, never[i]))
            fail_msg("%s stands in %s", never[i], page);
    memory_free(page);
    call_about(w, CLINIC, "case-summary", alias, "", 404, "unknown-case");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk__opens_a_case_of_a_person_of_whom_nothing_is_known),
        cmocka_unit_test(desk__finds_a_case_by_name_alias_and_day_and_follows_changes),
        cmocka_unit_test(dp12__a_cnic_is_masked_and_only_tells_a_duplicate),
        cmocka_unit_test(desk__closes_a_case_with_a_reason_and_opens_it_again),
        cmocka_unit_test(desk__links_cases_both_ways_and_takes_it_back),
        cmocka_unit_test(desk__makes_a_case_of_a_received_referral_once),
        cmocka_unit_test(desk__ties_a_referral_to_its_case_and_sends_no_word_of_it),
        cmocka_unit_test(dp17__erasing_lists_who_has_yet_to_confirm),
        cmocka_unit_test(desk__keeps_nothing_of_a_case_whose_turn_was_rolled_back),
        cmocka_unit_test(desk__reads_a_large_casebook_in_slices_after_unlocking),
        cmocka_unit_test(desk__refuses_a_record_that_cannot_be),
        cmocka_unit_test(desk__a_summary_tells_needs_and_course_and_not_whose),
    };
    return cmocka_run_group_tests_name("desk_cases", tests, NULL, NULL);
}
