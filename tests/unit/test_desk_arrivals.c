/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: a list of arrivals is looked at, taken once as it was looked at, and becomes tasks.
 */
#include "check.h"
#include "desk.h"
#include "memory.h"
#include "world.h"

static const struct world_plan PLAN[] = {
    {"fia.torkham", ROLE_SCREENING}, {"shelter.peshawar", ROLE_SHELTER}};

#define WORLD() world_new(7500 + __LINE__, PLAN, 2)
#define TITLES "flight_or_bus,date,sending_state,return_type,minor,care_need,rcms"
#define LIST                                                                             \
    TITLES "\\r\\nPK-752,2026-11-26,DE,dfd,no,no,RC4711\\r\\n"                           \
           "PK-752,2026-11-26,DE,dfd,yes,no,\\r\\n"                                      \
           "PK-752,26 Nov,DE,dfd,no,no,\\r\\n"

static char *ask(struct world *world, const char *verb, const char *request, int http)
{
    static unsigned asked;
    char *answer = NULL, key[32];

    snprintf(key, sizeof(key), "arrivals-%u", ++asked);
    int code = world_call(world, 0, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request ? request : "", code, answer);
    assert_int_equal(code, http);
    return answer;
}

static void call(struct world *world, const char *verb, const char *request, int http,
    const char *holds)
{
    char *answer = ask(world, verb, request, http);

    assert_holds(answer, holds);
    memory_free(answer);
}

/* The value of a text field in an answer. */
static void pick(const char *answer, const char *field, char *ret, size_t size)
{
    char mark[32];

    snprintf(mark, sizeof(mark), "\"%s\":\"", field);
    const char *at = strstr(answer, mark);
    assert_non_null(at);
    at += strlen(mark);
    snprintf(ret, size, "%.*s", (int)strcspn(at, "\""), at);
}

static void import(struct world *world)
{
    char *answer = ask(world, "arrivals-preview", "{\"csv\":\"" LIST "\"}", 200);
    char list[80], request[1024];

    assert_holds(answer, "\"rows\":2");
    assert_holds(answer, "\"first\":1");
    assert_holds(answer, "\"line\":4");
    assert_holds(answer, "\"imported\":false");
    pick(answer, "list", list, sizeof(list));
    memory_free(answer);
    call(world, "tasks", NULL, 200, "\"items\":[]"); /* looking keeps nothing */
    snprintf(request, sizeof(request), "{\"csv\":\"" LIST "\",\"list\":\"%s\"}", list);
    call(world, "arrivals-import", request, 201, "\"imported\":true");
    call(world, "arrivals-import", request, 409, "list-known");
    snprintf(request, sizeof(request), "{\"csv\":\"" TITLES "\",\"list\":\"%s\"}", list);
    call(world, "arrivals-import", request, 409, "list-changed");
}

static void desk__takes_a_list_as_it_was_looked_at_and_once(void **state)
{
    (void)state;
    struct world *w = WORLD();
    import(w);
    char *answer = ask(w, "tasks", NULL, 200);
    const char *child = strstr(answer, "\"minor\":\"yes\"");
    const char *adult = strstr(answer, "\"minor\":\"no\"");
    assert_true(child && adult && child < adult);
    assert_holds(answer, "\"reasons\":[\"minor\",\"dfd\"]");
    assert_null(strstr(answer, "4711"));
    memory_free(answer);
    world_destroy(&w);
}

static void dp12__a_list_with_a_cnic_column_is_refused_with_what_to_do(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char *answer = ask(w, "arrivals-preview",
        "{\"csv\":\"" TITLES
        ",cnic\\nPK-752,2026-11-26,DE,dfd,no,no,,35202-9876543-8\\n\"}",
        400);
    assert_holds(answer, "identity-column");
    assert_holds(answer, "Delete the file");
    assert_null(strstr(answer, "9876543"));
    memory_free(answer);
    call(w, "arrivals-preview", "{\"csv\":\"\\\"\"}", 400, "bad-list");
    call(w, "arrivals-preview", "{}", 400, "csv");
    world_destroy(&w);
}

static void desk__takes_and_settles_tasks(void **state)
{
    (void)state;
    char task[16], alias[16], request[128];
    struct world *w = WORLD();
    import(w);
    char *answer = ask(w, "tasks", NULL, 200);
    const char *adult = strstr(answer, "\"minor\":\"no\"");
    pick(adult, "task", task, sizeof(task));
    memory_free(answer);
    answer = ask(w, "case-open", "{\"origin\":\"arrival\"}", 201);
    pick(answer, "case", alias, sizeof(alias));
    memory_free(answer);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", task);
    call(w, "task-take", request, 200, "\"state\":\"taken\"");
    call(w, "task-take", request, 200, "\"state\":\"taken\"");
    call(w, "task-done", request, 400, "case");
    snprintf(
        request, sizeof(request), "{\"reference\":\"%s\",\"case\":\"%s\"}", task, alias);
    call(w, "task-done", request, 200, alias);
    call(w, "task-done", request, 409, "task-settled");
    call(w, "tasks", "{\"settled\":\"yes\"}", 200, task);
    call(w, "case-find", "{\"rcms\":\"rc 4711\"}", 200, alias);
    answer = ask(w, "tasks", NULL, 200);
    pick(answer, "task", task, sizeof(task));
    memory_free(answer);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", task);
    call(w, "task-not-met", request, 200, "\"state\":\"not-met\"");
    call(w, "tasks", NULL, 200, "\"items\":[]");
    call(w, "task-take", "{\"reference\":\"000000000\"}", 404, "unknown-task");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk__takes_a_list_as_it_was_looked_at_and_once),
        cmocka_unit_test(dp12__a_list_with_a_cnic_column_is_refused_with_what_to_do),
        cmocka_unit_test(desk__takes_and_settles_tasks),
    };
    return cmocka_run_group_tests_name("desk_arrivals", tests, NULL, NULL);
}
