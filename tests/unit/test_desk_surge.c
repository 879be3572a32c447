/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: who may be called up (docs/CARE.md 5.9), through node_call.
 */
#include "check.h"
#include "desk.h"
#include "memory.h"
#include "surges.h"
#include "world.h"

enum { OFFICER, SHELTER, CAST };

static const struct world_plan PLAN[CAST] = {
    {"fia.torkham", ROLE_SCREENING}, {"shelter.peshawar", ROLE_SHELTER}};

#define WORLD() world_new(9900 + __LINE__, PLAN, CAST)
#define SOMEBODY(person, rest)                                                           \
    "{\"person\":\"" person                                                              \
    "\",\"contact\":\"invented 4711\",\"gender\":\"female\"," rest "}"

static char *ask(
    struct world *w, size_t i, const char *verb, const char *request, int http)
{
    static unsigned asked;
    char *answer = NULL, key[32];

    snprintf(key, sizeof(key), "surge-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request, code, answer);
    assert_int_equal(code, http);
    return answer;
}

static void call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    char *answer = ask(w, i, verb, request, http);

    assert_holds(answer, holds);
    memory_free(answer);
}

/* Do the names stand in the list in that order, and nobody else? "" for nobody. */
static void assert_listed(
    struct world *w, size_t i, const char *request, const char *first, const char *then)
{
    char *answer = ask(w, i, "surge", request, 200);
    const char *at = strstr(answer, first), *next = at ? strstr(at, then) : NULL;
    int n = 0;

    for (const char *c = answer; (c = strstr(c, "\"person\":")); c++)
        n++;
    if (!at || !next || n != (*first != '\0') + (*then != '\0'))
        fail_msg("not %s, %s in %s", first, then, answer);
    memory_free(answer);
}

static void surge__lists_who_is_there_nearest_first(void **state)
{
    (void)state;
    struct world *w = WORLD();
    call(w, OFFICER, "surge-add",
        SOMEBODY("Aldrevane", "\"role\":\"medical\",\"languages\":[\"pus\",\"urd\"],"
                              "\"district\":\"PK617\",\"until\":\"2026-12-31\""),
        201, "\"today\":true");
    call(w, OFFICER, "surge-add",
        SOMEBODY("Zestrolin", "\"role\":\"medical\",\"languages\":[\"pus\"],"
                              "\"district\":\"PK513\",\"until\":\"2026-12-31\""),
        201, "\"district\":\"PK513\"");
    call(w, OFFICER, "surge-add",
        SOMEBODY("Mirquand", "\"role\":\"screening\",\"languages\":[\"bal\"],\"from\":"
                             "\"2026-12-01\",\"until\":\"2026-12-31\""),
        201, "\"today\":false");
    assert_listed(w, OFFICER, "{}", "Aldrevane", "Zestrolin");
    assert_listed(w, OFFICER, "{\"district\":\"PK528\"}", "Zestrolin", "Aldrevane");
    assert_listed(w, OFFICER, "{\"language\":\"urd\"}", "Aldrevane", "");
    assert_listed(w, OFFICER, "{\"role\":\"screening\"}", "", "");
    assert_listed(
        w, OFFICER, "{\"role\":\"screening\",\"day\":\"2026-12-02\"}", "Mirquand", "");
    assert_listed(w, OFFICER, "{\"role\":\"screening\",\"all\":true}", "Mirquand", "");
    assert_listed(w, OFFICER, "{\"gender\":\"male\"}", "", "");
    /* It is this member's own list, and nobody else has it. */
    world_settle(w);
    assert_listed(w, SHELTER, "{\"all\":true}", "", "");
    /* It survives a lock and a power cut. */
    world_lock_node(w, OFFICER);
    call(w, OFFICER, "surge", "{}", 423, "locked");
    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    assert_listed(w, OFFICER, "{}", "Aldrevane", "Zestrolin");
    world_destroy(&w);
}

static void surge__refuses_what_tells_a_shelters_place_or_is_over(void **state)
{
    (void)state;
    struct world *w = WORLD();
    call(w, SHELTER, "surge-add",
        SOMEBODY("Quoravel", "\"role\":\"shelter\",\"languages\":[\"pus\"],"
                             "\"district\":\"PK513\",\"until\":\"2026-12-31\""),
        400, "where the house is");
    call(w, SHELTER, "surge-add",
        SOMEBODY("Quoravel", "\"role\":\"shelter\",\"languages\":[\"pus\"],"
                             "\"until\":\"2026-11-23\""),
        400, "until");
    call(w, SHELTER, "surge-add",
        SOMEBODY("Quoravel", "\"role\":\"legal\",\"languages\":[\"pus\"],"
                             "\"until\":\"2028-11-23\""),
        400, "within a year");
    call(w, SHELTER, "surge-add",
        SOMEBODY("Quoravel", "\"role\":\"legal\",\"languages\":[\"pus\"],\"district\":"
                             "\"PK999\",\"until\":\"2026-12-31\""),
        400, "unknown-district");
    call(w, SHELTER, "surge-add",
        SOMEBODY("", "\"role\":\"legal\",\"languages\":[\"pus\"],\"until\":"
                     "\"2026-12-31\""),
        400, "person");
    assert_listed(w, SHELTER, "{\"all\":true}", "", "");
    world_destroy(&w);
}

static void surge__people_go_when_they_are_taken_off_or_past_their_last_day(void **state)
{
    (void)state;
    char request[64];
    struct world *w = WORLD();
    char *answer = ask(w, OFFICER, "surge-add",
        SOMEBODY("Aldrevane", "\"role\":\"legal\",\"languages\":[\"pus\"],\"until\":"
                              "\"2026-12-31\""),
        201);
    snprintf(request, sizeof(request), "{\"reference\":\"%.9s\"}",
        strstr(answer, "\"reference\":\"") + strlen("\"reference\":\""));
    memory_free(answer);
    call(w, OFFICER, "surge-remove", request, 200, "\"removed\":true");
    call(w, OFFICER, "surge-remove", request, 404, "not-on-the-list");
    call(w, OFFICER, "surge-add",
        SOMEBODY("Zestrolin", "\"role\":\"legal\",\"languages\":[\"pus\"],\"until\":"
                              "\"2026-11-26\""),
        201, "Zestrolin");
    /* A clock that jumped takes nobody off. */
    world_set_clock(w, OFFICER, world_now_ms(w) + 30 * DAY_MS);
    world_pass(w, DAY_MS);
    assert_listed(w, OFFICER, "{\"all\":true}", "Zestrolin", "");
    world_set_clock(w, OFFICER, world_now_ms(w));
    world_pass(w, 5 * DAY_MS);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_settle(w);
    world_pass(w, 2 * DAY_MS);
    assert_listed(w, OFFICER, "{\"all\":true}", "", "");
    world_destroy(&w);
}

static void surge__list_is_full_at_its_limit(void **state)
{
    (void)state;
    static const char ONE[] =
        SOMEBODY("Aldrevane", "\"role\":\"legal\",\"languages\":[\"pus\"],\"until\":"
                              "\"2026-12-31\"");
    struct world *w = WORLD();
    for (int n = 0; n < SURGES_MAX; n++)
        call(w, OFFICER, "surge-add", ONE, 201, "");
    call(w, OFFICER, "surge-add", ONE, 409, "surge-full");
    call(w, OFFICER, "surge", "{}", 200, "\"found\":500");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surge__lists_who_is_there_nearest_first),
        cmocka_unit_test(surge__refuses_what_tells_a_shelters_place_or_is_over),
        cmocka_unit_test(surge__people_go_when_they_are_taken_off_or_past_their_last_day),
        cmocka_unit_test(surge__list_is_full_at_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
