/* SPDX-License-Identifier: Apache-2.0
 *
 * The daily look (docs/CARE.md 17) at each class, with both witnesses of time set by hand, in a world of three members.
 * What the story of real days is stands in tests/scenario/93_retention.c. All names are invented.
 */
#include "check.h"
#include "inside.h"
#include "memory.h"
#include "node_inside.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};

#define WORLD() world_new(15500 + __LINE__, PLAN, CAST)
enum { REQUEST_BYTES = 1024, TURNS_MAX = 100, DAY_2099 = 47117 };
#define CONSENT                                                                          \
    "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","      \
    "\"interpreter\":true,\"groups\":[\"name\"]}"
#define LIST                                                                             \
    "flight_or_bus,date,sending_state,return_type,minor,care_need,rcms\\n"               \
    "QX-9471,2026-11-24,DE,dfd,yes,no,\\nQX-9471,2026-11-26,DE,voluntary,no,no,\\n"

static struct json *call(
    struct world *w, const char *verb, const char *request, int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    struct json *answer = NULL;
    snprintf(key, sizeof(key), "retain-%u", ++asked);
    int code = world_call(w, OFFICER, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    memory_free(text);
    return answer;
}

static void ask(
    struct world *w, const char *verb, const char *request, int http, const char *holds)
{
    struct json *answer = call(w, verb, request, http, holds);
    json_destroy(&answer);
}

static void about(struct world *w, const char *verb, const char *alias, const char *more,
    int http, const char *holds)
{
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", alias, more);
    ask(w, verb, request, http, holds);
}

static void open_case(struct world *w, char ret[static REFERENCE_BYTES])
{
    struct json *answer = call(w, "case-open",
        "{\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"
        "[\"pus\"],\"name\":\"Gulnamoona\",\"hotline\":\"HL 4711\"}",
        201, "case");
    snprintf(ret, REFERENCE_BYTES, "%s", json_find_text(answer, "case"));
    json_destroy(&answer);
}

static void refer_case(
    struct world *w, const char *alias, char ret[static REFERENCE_BYTES])
{
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"case\":\"%s\"," CONSENT "}",
        alias);
    struct json *answer = call(w, "refer", request, 201, "reference");
    snprintf(ret, REFERENCE_BYTES, "%s", json_find_text(answer, "reference"));
    json_destroy(&answer);
    world_settle(w);
}

static struct desk *desk_of(struct world *w)
{
    return world_node(w, OFFICER)->desk;
}

/* The whole look of a day on which the two witnesses say that; answers how many turns it took. */
static int look(struct world *w, int64_t own, int64_t witness)
{
    struct node *node = world_node(w, OFFICER);
    struct desk *desk = node->desk;
    int turns = 0;
    bool more = true;

    desk->retained_day = 0;
    while (more) {
        more = false;
        assert_ok(db_begin(node->db));
        assert_ok(retain_work(desk, (struct two_days){own, witness}, &more));
        assert_ok(db_commit(node->db));
        assert_ok(desk_committed(desk));
        assert_true(++turns < TURNS_MAX);
    }
    return turns;
}

static void pass(struct world *w, int64_t days)
{
    int64_t day = desk_today(desk_of(w)) + days;
    (void)look(w, day, day);
}

static void dp15__a_closed_case_is_erased_with_its_forms_after_90_days(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char closed[REFERENCE_BYTES], open[REFERENCE_BYTES];
    open_case(w, closed);
    open_case(w, open);
    about(w, "screen-answer", closed, ",\"question\":\"S1\",\"answer\":\"yes\"", 200, "");
    about(w, "case-close", closed, ",\"outcome\":\"services-completed\"", 200, closed);
    pass(w, 29);
    about(w, "screen", closed, "", 200, "\"answer\":\"yes\"");
    pass(w, 89);
    about(w, "case-show", closed, "", 200, "Gulnamoona");
    pass(w, 90);
    about(w, "case-show", closed, "", 404, "case-erased");
    about(w, "screen", closed, "", 404, "case-erased");
    about(w, "case-show", open, "", 200, "Gulnamoona");
    /* Erased as by hand: its tombstone tells it, and the record that nobody did it. */
    about(w, "case-erase", closed, "", 200, "\"state\":\"erased\"");
    ask(w, "audit", "{\"limit\":50}", 200,
        "\"person\":\"nobody\",\"times\":1,\"verb\":\"expired-case\"");
    world_destroy(&w);
}

static void dp15__a_case_stays_as_long_as_one_of_its_referrals_is_open(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES], ref[REFERENCE_BYTES], request[64], *text = NULL;
    open_case(w, alias);
    refer_case(w, alias, ref);
    about(w, "case-close", alias, ",\"outcome\":\"transferred\"", 200, alias);
    pass(w, 500);
    about(w, "case-show", alias, "", 200, "Gulnamoona");
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"reason\":\"at-capacity\"}", ref);
    assert_int_equal(world_call(w, SHELTER, "decline", "once", request, &text), 200);
    memory_free(text);
    world_settle(w);
    pass(w, 500);
    about(w, "case-show", alias, "", 404, "case-erased");
    world_destroy(&w);
}

static void dp15__a_form_that_nobody_ended_is_erased_30_days_after_its_last_answer(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char begun[REFERENCE_BYTES], ended[REFERENCE_BYTES];
    static const char *const ANSWERS[][2] = {{"S1", "yes"}, {"S2", "yes"}, {"S3", "yes"},
        {"S6", "yes"}, {"S4", "no"}, {"S5", "no"}, {"A1", "yes"}, {"A2", "yes"},
        {"M1", "yes"}, {"M3", "yes"}, {"P1", "yes"}, {"P2", "yes"}};
    open_case(w, begun);
    open_case(w, ended);
    for (size_t i = 0; i < ARRAY_LENGTH(ANSWERS); i++) {
        char more[64];
        snprintf(more, sizeof(more), ",\"question\":\"%s\",\"answer\":\"%s\"",
            ANSWERS[i][0], ANSWERS[i][1]);
        about(w, "screen-answer", ended, more, 200, "");
    }
    about(w, "screen-confirm", ended, ",\"class\":\"possible-vot-strong\"", 200, "");
    about(w, "screen-answer", begun, ",\"question\":\"S1\",\"answer\":\"yes\"", 200, "");
    pass(w, 29);
    about(w, "screen", begun, "", 200, "\"answer\":\"yes\"");
    pass(w, 30);
    struct json *sheet = call(w, "screen", "{}", 400, "");
    json_destroy(&sheet);
    char request[64], *text = NULL;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", begun);
    assert_int_equal(world_call(w, OFFICER, "screen", "", request, &text), 200);
    assert_null(strstr(text, "\"answer\":\"yes\""));
    memory_free(text);
    /* One that a person confirmed goes with its case. */
    about(w, "screen", ended, "", 200, "\"confirmed\":\"possible-vot-strong\"");
    ask(w, "audit", "{\"limit\":50}", 200, "\"times\":1,\"verb\":\"expired-form\"");
    world_destroy(&w);
}

/* Days of the world itself, and what a node does in them by itself: the second witness comes on the day before the last. */
static void live(struct world *w, int days)
{
    world_pass(w, days * DAY_MS);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_settle(w);
    world_pass(w, DAY_MS);
}

static void dp15__a_row_of_arrivals_is_deleted_30_days_after_its_day(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char request[REQUEST_BYTES];
    struct json *answer =
        call(w, "arrivals-preview", "{\"csv\":\"" LIST "\"}", 200, "\"rows\":2");
    snprintf(request, sizeof(request), "{\"csv\":\"" LIST "\",\"list\":\"%s\"}",
        json_find_text(answer, "list"));
    json_destroy(&answer);
    ask(w, "arrivals-import", request, 201, "\"imported\":true");
    live(w,
        30); /* the rows are of today and of the day after tomorrow; November is counted */
    answer = call(w, "tasks", NULL, 200, "\"day\":\"2026-11-26\"");
    assert_int_equal(json_count(json_find(answer, "items")), 1);
    json_destroy(&answer);
    live(w, 2);
    ask(w, "tasks", NULL, 200, "\"items\":[]");
    ask(w, "audit", "{\"limit\":50}", 200, "\"times\":1,\"verb\":\"expired-arrival\"");
    world_destroy(&w);
}

static void dp15__who_looked_is_kept_5_years_and_the_chain_holds_after(void **state)
{
    (void)state;
    struct world *w = WORLD();
    for (int i = 0; i < 12; i++)
        about(w, "show", "28T5CY4TY", "", 404, "");
    pass(w, 1825);
    ask(w, "audit-verify", NULL, 200, "\"from\":1,\"holds\":true");
    pass(w, 1827);
    struct json *answer = call(w, "audit-verify", NULL, 200, "\"holds\":true");
    int64_t from = json_int(json_find(answer, "from"));
    assert_true(from > 12);
    assert_true(json_int(json_find(answer, "rows")) >= from);
    json_destroy(&answer);
    ask(w, "audit", NULL, 200, "\"verb\":\"expired-record\"");
    pass(w, 1827); /* and once more from there */
    ask(w, "audit-verify", NULL, 200, "\"holds\":true");
    world_destroy(&w);
}

/* Everything there is, and long over by one of the two witnesses. */
static void dp15__one_clock_in_2099_destroys_nothing_of_any_class(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES], begun[REFERENCE_BYTES], request[REQUEST_BYTES];
    struct json *answer =
        call(w, "arrivals-preview", "{\"csv\":\"" LIST "\"}", 200, "\"rows\":2");
    snprintf(request, sizeof(request), "{\"csv\":\"" LIST "\",\"list\":\"%s\"}",
        json_find_text(answer, "list"));
    json_destroy(&answer);
    ask(w, "arrivals-import", request, 201, "\"imported\":true");
    open_case(w, alias);
    open_case(w, begun);
    about(w, "screen-answer", begun, ",\"question\":\"S1\",\"answer\":\"yes\"", 200, "");
    about(w, "case-close", alias, ",\"outcome\":\"left\"", 200, alias);
    int64_t today = desk_today(desk_of(w));
    (void)look(w, DAY_2099, today);
    (void)look(w, today, DAY_2099);
    about(w, "case-show", alias, "", 200, "Gulnamoona");
    about(w, "screen", begun, "", 200, "\"answer\":\"yes\"");
    answer = call(w, "tasks", NULL, 200, "QX-9471");
    assert_int_equal(json_count(json_find(answer, "items")), 2);
    json_destroy(&answer);
    ask(w, "audit-verify", NULL, 200, "\"from\":1,\"holds\":true");
    (void)look(w, DAY_2099, DAY_2099); /* that it would have been destroyed */
    about(w, "case-show", alias, "", 404, "case-erased");
    world_destroy(&w);
}

/* Some hundred closed cases do not stop the node's turns. */
static void retain__erases_in_bounded_slices(void **state)
{
    enum { CASES = 25 };
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES];
    for (int i = 0; i < CASES; i++) {
        open_case(w, alias);
        about(w, "case-close", alias, ",\"outcome\":\"left\"", 200, alias);
    }
    int64_t day = desk_today(desk_of(w)) + 90;
    assert_true(look(w, day, day) >= 3);
    about(w, "case-show", alias, "", 404, "case-erased");
    world_destroy(&w);
}

/* --- nothing is left of an erased case ------------------------------------------------------------------------ */

static int64_t count(struct db *db, const char *sql, const struct ident *ident)
{
    const char *const list[] = {sql};
    struct statements *statements;
    bool found = false;

    assert_ok(statements_open(db, list, 1, &statements, NULL));
    struct query *query = query_start(statements, 0);
    query_ident(query, 1, ident);
    assert_ok(query_next(query, &found));
    int64_t n = row_int(query, 0);
    query_end(query);
    statements_close(&statements);
    return n;
}

/* In how many columns of which tables does the ident stand? Names of them behind each other. */
static void find_ident(struct db *db, const struct ident *ident, char *ret, size_t size)
{
    const char *const list[] = {
        "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' ORDER BY 1, 2"};
    struct statements *statements;
    bool found = false;

    *ret = 0;
    assert_ok(statements_open(db, list, 1, &statements, NULL));
    struct query *query = query_start(statements, 0);
    while (query_next(query, &found) == STATUS_OK && found) {
        char sql[256];
        snprintf(sql, sizeof(sql),
            "SELECT count(*) FROM \"%s\" WHERE instr(CAST(\"%s\" AS BLOB), ?1) > 0",
            row_text(query, 0), row_text(query, 1));
        if (count(db, sql, ident) > 0)
            snprintf(ret + strlen(ret), size - strlen(ret), "%s.%s ", row_text(query, 0),
                row_text(query, 1));
    }
    query_end(query);
    statements_close(&statements);
}

static void dp17__nothing_with_an_erased_cases_ident_stays_but_its_tombstone(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct db *db = world_node(w, OFFICER)->db;
    char alias[REFERENCE_BYTES], other[REFERENCE_BYTES], ref[REFERENCE_BYTES];
    char places[1024], more[64];
    struct ident ident;
    open_case(w, alias);
    open_case(w, other);
    refer_case(w, alias, ref);
    about(w, "screen-answer", alias, ",\"question\":\"S1\",\"answer\":\"yes\"", 200, "");
    snprintf(more, sizeof(more), ",\"with\":\"%s\",\"reason\":\"family\"", other);
    about(w, "case-link", alias, more, 200, other);
    assert_ok(casebook_find_alias(desk_of(w)->casebook, alias, &ident));
    /* That the search finds. */
    find_ident(db, &ident, places, sizeof(places));
    static const char *const TABLES[] = {"case_event.case_ident", "case_file.ident",
        "case_link.", "case_number.case_ident", "case_referral.case_ident",
        "consent.subject", "share.subject", "sheet.case_id"};
    for (size_t i = 0; i < ARRAY_LENGTH(TABLES); i++)
        assert_holds(places, TABLES[i]);
    about(w, "case-erase", alias, "", 200, "erased");
    find_ident(db, &ident, places, sizeof(places));
    assert_string_equal(places, "case_tombstone.ident ");
    /* A letter about it afterwards changes nothing and stops nobody. */
    about(w, "shared", ref, "", 404, "");
    world_pass(w, DAY_MS);
    about(w, "case-show", other, "", 200, "Gulnamoona");
    world_destroy(&w);
}

static void dp17__an_override_of_an_erased_case_goes_with_it(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[REFERENCE_BYTES], request[REQUEST_BYTES];
    open_case(w, alias);
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"tonight\","
        "\"case\":\"%s\",\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\","
        "\"language\":\"urd\",\"groups\":[],\"role\":\"shift lead\",\"reason\":"
        "\"court-order\",\"second\":\"duty lead\"}}",
        alias);
    ask(w, "refer", request, 201, "reference");
    ask(w, "acts", NULL, 200, "court-order");
    about(w, "case-erase", alias, "", 200, "erased");
    ask(w, "acts", NULL, 200, "\"items\":[]");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp15__a_closed_case_is_erased_with_its_forms_after_90_days),
        cmocka_unit_test(dp15__a_case_stays_as_long_as_one_of_its_referrals_is_open),
        cmocka_unit_test(
            dp15__a_form_that_nobody_ended_is_erased_30_days_after_its_last_answer),
        cmocka_unit_test(dp15__a_row_of_arrivals_is_deleted_30_days_after_its_day),
        cmocka_unit_test(dp15__who_looked_is_kept_5_years_and_the_chain_holds_after),
        cmocka_unit_test(dp15__one_clock_in_2099_destroys_nothing_of_any_class),
        cmocka_unit_test(retain__erases_in_bounded_slices),
        cmocka_unit_test(
            dp17__nothing_with_an_erased_cases_ident_stays_but_its_tombstone),
        cmocka_unit_test(dp17__an_override_of_an_erased_case_goes_with_it),
    };
    return cmocka_run_group_tests_name("retain", tests, NULL, NULL);
}
