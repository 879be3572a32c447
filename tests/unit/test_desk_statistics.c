/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: statistics, exports and proofs, through node_call, in a world of two members and an exchange.
 */
#include "check.h"
#include "desk.h"
#include "memory.h"
#include "people.h"
#include "receipt.h"
#include "sign.h"
#include "suite.h"
#include "world.h"

enum { OFFICER, SHELTER, CAST };

static const struct world_plan PLAN[CAST] = {
    {"fia.torkham", ROLE_SCREENING}, {"shelter.peshawar", ROLE_SHELTER}};

#define WORLD() world_new(8800 + __LINE__, PLAN, CAST)
#define DAYS(n) ((n)*DAY_MS)

enum { ALIAS_BYTES = 10, REQUEST_BYTES = 512 };

/* The answer's text, freed with memory_free. */
static char *ask(
    struct world *w, size_t i, const char *verb, const char *request, int http)
{
    static unsigned asked;
    char *answer = NULL, key[32];

    snprintf(key, sizeof(key), "stat-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &answer);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request ? request : "", code, answer);
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

static void about(struct world *w, size_t i, const char *verb, const char *alias,
    const char *more, int http, const char *holds)
{
    char request[REQUEST_BYTES];

    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", alias, more);
    call(w, i, verb, request, http, holds);
}

static void open_case(
    struct world *w, size_t i, const char *request, char ret[static ALIAS_BYTES])
{
    char *answer = ask(w, i, "case-open", request, 201);
    const char *at = strstr(answer, "\"case\":\"");

    assert_non_null(at);
    snprintf(ret, ALIAS_BYTES, "%s", at + 8);
    memory_free(answer);
}

static void open_cases(struct world *w, size_t i, int n, const char *request)
{
    char alias[ALIAS_BYTES];

    while (n-- > 0)
        open_case(w, i, request, alias);
}

/* Days go by, and the stewards sign something: the second witness of time. */
static void pass(struct world *w, int days)
{
    world_pass(w, DAYS(days));
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_settle(w);
    world_pass(w, HOUR_MS);
}

/* The cell of a table by its words: a number, -1 when it is hidden. */
static int64_t cell_of(
    struct world *w, size_t i, const char *request, const char *row, const char *column)
{
    char *text = ask(w, i, "statistics", request, 200);
    struct json *answer = NULL;
    size_t r = 0, c = 0;

    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    const struct json *table = json_nth(json_find(answer, "items"), 0);
    const struct json *rows = json_find(table, "rows");
    const struct json *columns = json_find(table, "columns");
    while (r < json_count(rows) && strcmp(json_text(json_nth(rows, r)), row) != 0)
        r++;
    while (
        c < json_count(columns) && strcmp(json_text(json_nth(columns, c)), column) != 0)
        c++;
    assert_true(r < json_count(rows) && c < json_count(columns));
    const struct json *cell = json_nth(json_nth(json_find(table, "cells"), r), c);
    int64_t count = json_text(cell) ? -1 : json_int(cell);
    json_destroy(&answer);
    memory_free(text);
    return count;
}

#define NOVEMBER(cube) "{\"month\":\"2026-11\",\"cube\":\"" cube "\"}"

/* --- what is counted ----------------------------------------------------------------------------------------- */

static void statistics__count_cases_and_referrals_of_the_month(void **state)
{
    (void)state;
    char reference[WORLD_REFERENCE_BYTES];
    struct world *w = WORLD();
    open_cases(w, SHELTER, 12, "{}");
    open_cases(w, SHELTER, 14, "{\"gender\":\"female\",\"minor\":\"no\"}");
    for (int n = 0; n < 13; n++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, reference);
    world_settle(w);
    pass(w, 7);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("opened"), "walk-in", "low"), -1);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("opened"), "total", "total"), 26);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("presumed"), "total", "total"), 26);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("received"), "total", "total"), 13);
    assert_int_equal(cell_of(w, OFFICER, NOVEMBER("sent"), "total", "total"), 13);
    assert_int_equal(cell_of(w, OFFICER, NOVEMBER("received"), "total", "total"), -1);
    call(w, SHELTER, "statistics", NOVEMBER("returns"), 200,
        "\"rows_of\":\"sending-state\"");
    /* Without a cube: all of the month; the quarter stands with its last month only. */
    char *all = ask(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 200);
    assert_holds(all, "\"cube\":\"returns\"");
    assert_null(strstr(all, "displacement"));
    memory_free(all);
    world_destroy(&w);
}

static void screen_child(struct world *w, size_t i, const char *alias)
{
    static const char *const questions[] = {"S1", "S2", "S3", "S6", "M1"};
    char more[64];

    for (size_t n = 0; n < ARRAY_LENGTH(questions); n++) {
        snprintf(
            more, sizeof(more), ",\"question\":\"%s\",\"answer\":\"yes\"", questions[n]);
        about(w, i, "screen-answer", alias, more, 200, "");
    }
}

static void dp11__statistics_see_a_confirmed_class_and_no_answer(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES];
    struct world *w = WORLD();
    for (int n = 0; n < 24; n++) {
        open_case(w, OFFICER, "{\"exploitation\":\"labour\",\"gender\":\"male\"}", alias);
        screen_child(w, OFFICER, alias);
        if (n % 2 == 0) /* the others wait for an officer: nothing is presumed of them */
            about(w, OFFICER, "screen-confirm", alias, ",\"class\":\"child-at-risk\"",
                200, "\"confirmed\"");
    }
    pass(w, 7);
    char *all = ask(w, OFFICER, "statistics", NOVEMBER("presumed"), 200);
    assert_null(strstr(all, "\"M1\""));
    assert_null(strstr(all, alias));
    memory_free(all);
    assert_int_equal(cell_of(w, OFFICER, NOVEMBER("presumed"), "total", "total"), 24);
    assert_int_equal(
        cell_of(w, OFFICER, NOVEMBER("presumed"), "presumed-labour", "total"), 12);
    world_destroy(&w);
}

/* By itself when the month is over: what goes afterwards, and who asks when, changes nothing. */
static void statistics__of_a_month_are_counted_by_the_node_itself(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES];
    struct world *w = WORLD();
    for (int n = 0; n < 26; n++) {
        open_case(w, SHELTER, "{}", alias);
        about(w, SHELTER, "case-close", alias,
            n % 2 ? ",\"outcome\":\"left\"" : ",\"outcome\":\"other\"", 200, "");
    }
    open_case(w, SHELTER, "{}", alias);
    pass(w, 7);
    pass(w, 1); /* nobody asked so far */
    about(w, SHELTER, "case-erase", alias, "", 200, "");
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("opened"), "total", "total"), 27);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("closed"), "total", "total"), 26);
    world_destroy(&w);
}

/* In Pakistan it is the first of December, two in the morning; the node's day is still the last of November. */
static void statistics__lose_nobody_of_the_last_night_of_a_month(void **state)
{
    (void)state;
    struct world *w = WORLD();
    open_cases(w, SHELTER, 11, "{}");
    world_pass(w, DAYS(6) + 14 * HOUR_MS);
    pass(w, 0);
    call(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 409, "month-not-over");
    open_cases(w, SHELTER, 4, "{}");
    pass(w, 1);
    open_cases(w, SHELTER, 2, "{}");
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("opened"), "total", "total"), 15);
    world_destroy(&w);
}

/* Rows of a list go after 30 days, and December has 31: they wait until it was counted. */
static void statistics__lose_nobody_who_came_on_the_first_of_a_long_month(void **state)
{
    (void)state;
    static char csv[2048], request[4096];
    struct world *w = WORLD();
    struct json *json = NULL;
    int n = snprintf(csv, sizeof(csv),
        "flight_or_bus,date,sending_state,return_type,minor,care_need\\r\\n");
    pass(w, 7); /* 2026-12-01 */
    for (int k = 0; k < 12; k++)
        n += snprintf(csv + n, sizeof(csv) - (size_t)n,
            "XX-%d,2026-12-01,DE,deported,no,no\\r\\n", k);
    snprintf(request, sizeof(request), "{\"csv\":\"%s\"}", csv);
    char *text = ask(w, OFFICER, "arrivals-preview", request, 200);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    snprintf(request, sizeof(request), "{\"csv\":\"%s\",\"list\":\"%s\"}", csv,
        json_find_text(json, "list"));
    json_destroy(&json);
    memory_free(text);
    call(w, OFFICER, "arrivals-import", request, 201, "\"imported\":true");
    pass(w, 30);
    pass(w, 0);
    call(w, OFFICER, "tasks", "{}", 200, "2026-12-01");
    pass(w, 1);
    assert_int_equal(cell_of(w, OFFICER, "{\"month\":\"2026-12\",\"cube\":\"returns\"}",
                         "total", "total"),
        12);
    pass(w, 1);
    pass(w, 1);
    call(w, OFFICER, "tasks", "{}", 200, "\"items\":[]"); /* then they go */
    world_destroy(&w);
}

/* More rows than one slice has: nobody is lost or counted twice. */
static void statistics__of_many_rows_are_counted_in_slices(void **state)
{
    (void)state;
    struct world *w = WORLD();
    open_cases(w, SHELTER, 450, "{}");
    pass(w, 7);
    pass(w, 1);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("opened"), "total", "total"), 450);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("presumed"), "total", "total"), 450);
    world_destroy(&w);
}

/* --- differencing -------------------------------------------------------------------------------------------- */

static void dp20__repeated_or_sliced_questions_cannot_subtract_below_eleven(void **state)
{
    (void)state;
    static const char *const slices[] = {"{\"month\":\"2026-11\",\"district\":\"PK617\"}",
        "{\"month\":\"2026-11\",\"from\":\"2026-11-24\"}",
        "{\"month\":\"2026-11\",\"gender\":\"female\"}", "{\"month\":\"2026-11-24\"}",
        "{\"month\":\"2026\"}", "{\"month\":\"2026-Q4\"}",
        "{\"month\":\"2026-11\",\"cube\":\"origin\"}",
        "{\"month\":\"2026-11\",\"cube\":\"displacement\"}", "{}"};
    char erased[ALIAS_BYTES], closed[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(w, SHELTER, "{\"gender\":\"female\"}", erased);
    open_case(w, SHELTER, "{\"gender\":\"male\",\"minor\":\"no\"}", closed);
    open_cases(w, SHELTER, 14, "{\"displacement\":\"flood\",\"district\":\"PK617\"}");
    /* While the month runs there is nothing to ask for twice. */
    call(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 409, "month-not-over");
    call(w, SHELTER, "export", "{\"month\":\"2026-11\"}", 409, "month-not-over");
    pass(w, 7);
    char *first = ask(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 200);
    /* Whoever is erased, closed or changed afterwards: the print is the same to the byte. */
    about(w, SHELTER, "case-erase", erased, ",\"now\":true", 200, "");
    about(w, SHELTER, "case-close", closed, ",\"outcome\":\"left\"", 200, "");
    open_cases(w, SHELTER, 3, "{}");
    world_crash_node(w, SHELTER);
    world_start_node(w, SHELTER, true);
    world_settle(w);
    char *second = ask(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 200);
    assert_string_equal(second, first);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("opened"), "total", "total"), 16);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("presumed"), "total", "total"), 16);
    for (size_t i = 0; i < ARRAY_LENGTH(slices); i++)
        call(w, SHELTER, "statistics", slices[i], 400, "bad-request");
    /* The neighbour month has three people, and nobody learns that from its quarter: 16 less 13 would be it. */
    pass(w, 33);
    assert_int_equal(cell_of(w, SHELTER, "{\"month\":\"2026-12\",\"cube\":\"opened\"}",
                         "total", "total"),
        -1);
    char *quarter = ask(w, SHELTER, "statistics",
        "{\"month\":\"2026-12\",\"cube\":\"displacement\"}", 200);
    assert_holds(quarter, "\"period\":\"2026-Q4\"");
    *strstr(quarter, "\"columns\":") = '\0'; /* names are sorted: behind the cells */
    assert_null(strpbrk(strstr(quarter, "\"cells\":"), "0123456789"));
    memory_free(quarter);
    memory_free(first);
    memory_free(second);
    world_destroy(&w);
}

static void dp20__a_quarter_is_the_sum_of_its_months_as_they_were_counted(void **state)
{
    (void)state;
    char erased[ALIAS_BYTES];
    struct world *w = WORLD();
    pass(w, 39); /* 2027-01-02 */
    open_case(w, SHELTER, "{}", erased);
    open_cases(w, SHELTER, 14, "{\"displacement\":\"flood\",\"district\":\"PK617\"}");
    pass(w, 31);
    open_cases(w, SHELTER, 12, "{\"displacement\":\"flood\",\"district\":\"PK601\"}");
    assert_int_equal(cell_of(w, SHELTER, "{\"month\":\"2027-01\",\"cube\":\"opened\"}",
                         "total", "total"),
        15);
    about(w, SHELTER, "case-erase", erased, "", 200, "");
    pass(w, 28);
    open_cases(w, SHELTER, 20, "{\"displacement\":\"heat\",\"district\":\"PK701\"}");
    pass(w, 33);
    call(w, SHELTER, "statistics", "{\"month\":\"2027-02\",\"cube\":\"displacement\"}",
        400, "2027-03");
    static const char QUARTER[] = "{\"month\":\"2027-03\",\"cube\":\"displacement\"}";
    assert_int_equal(cell_of(w, SHELTER, QUARTER, "total", "total"), 47);
    call(w, SHELTER, "statistics", QUARTER, 200, "\"period\":\"2027-Q1\"");
    world_destroy(&w);
}

static void dp20__a_clock_that_jumped_ends_no_month(void **state)
{
    (void)state;
    struct world *w = WORLD();
    open_cases(w, SHELTER, 12, "{}");
    world_set_clock(w, SHELTER, world_now_ms(w) + DAYS(400));
    world_pass(w, HOUR_MS);
    call(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 409, "month-not-over");
    world_destroy(&w);
}

static void dp20__a_restored_node_counts_no_month_a_second_time(void **state)
{
    (void)state;
    struct world *w = WORLD();
    open_cases(w, SHELTER, 14, "{}");
    char *file = world_backup(w, SHELTER);
    open_cases(w, SHELTER, 3, "{}");
    pass(w, 7);
    pass(w, 1);
    assert_int_equal(cell_of(w, SHELTER, NOVEMBER("opened"), "total", "total"), 17);
    world_burn_node(w, SHELTER);
    world_pass(w, HOUR_MS);
    world_restore_backup(w, SHELTER, file);
    world_start_node(w, SHELTER, true);
    world_settle(w);
    /* The backup has fourteen: seventeen less that would be the three who came last. */
    call(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 409, "month-lost");
    call(w, SHELTER, "export", NOVEMBER("presumed"), 409, "month-lost");
    /* The next month is counted as ever; its quarter is not. */
    open_cases(w, SHELTER, 12, "{}");
    pass(w, 31);
    pass(w, 1);
    call(w, SHELTER, "statistics", "{\"month\":\"2026-12\",\"cube\":\"displacement\"}",
        409, "month-lost");
    assert_int_equal(
        cell_of(w, SHELTER, "{\"month\":\"2026-12\"}", "total", "total"), 12);
    memory_free(file);
    world_destroy(&w);
}

/* --- exports --------------------------------------------------------------------------------------------------- */

static void sit(struct world *w, size_t i, enum local_role role, const char *name)
{
    struct node_people people = {.n = 2};

    people.people[0] = *seat_person(node_seat(world_node(w, i)));
    people.people[1] = (struct colleague){.id = {{77}}, .role = role};
    snprintf(people.people[1].name, PERSON_NAME_BYTES, "%s", name);
    assert_ok(node_enter(world_node(w, i), &people.people[1], NULL, &people));
}

/* As RFC 4180 has it; how many fields, none of which begins a formula. *at goes behind the record. */
static int read_record(const char **at)
{
    const char *c = *at;
    int fields = 0;

    for (;; c++) {
        fields++;
        if (*c != '"') {
            assert_true(strspn(c, "0123456789") > 0);
            c += strspn(c, "0123456789");
        } else {
            assert_null(strchr("=+-@\t\r\n", *++c));
            while (*c != '"' || *++c == '"')
                assert_int_not_equal(*c++, '\0');
        }
        if (*c != ',')
            break;
    }
    assert_int_equal(strncmp(c, "\r\n", 2), 0);
    *at = c + 2;
    return fields;
}

static void dp26__an_export_is_marked_safe_in_a_spreadsheet_and_refused_by_role(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    open_cases(w, SHELTER, 12, "{}");
    pass(w, 7);
    sit(w, SHELTER, LOCAL_WORKER, "Worker");
    call(w, SHELTER, "export", "{\"month\":\"2026-11\"}", 403, "not-your-role");
    call(w, SHELTER, "statistics", "{\"month\":\"2026-11\"}", 403, "not-your-role");
    sit(w, SHELTER, LOCAL_RECEPTION, "Reception");
    call(w, SHELTER, "export", "{\"month\":\"2026-11\"}", 403, "not-your-role");
    sit(w, SHELTER, LOCAL_SUPERVISOR, "=HYPERLINK(1)");
    char *text = ask(w, SHELTER, "export", "{\"month\":\"2026-11\"}", 200);
    struct json *answer = NULL;
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    const char *csv = json_find_text(answer, "csv");
    assert_non_null(csv);
    assert_int_equal(strncmp(csv,
                         "\"amaan export\",\"taken by =HYPERLINK(1)\",\"supervisor\","
                         "\"shelter.peshawar\",\"at 2026-12-0",
                         80),
        0);
    assert_holds(
        csv, "\r\n\"opened\",\"2026-11\",\"origin\",\"total\",\"risk\",\"total\",12\r\n");
    assert_holds(csv, "\"walk-in\",\"risk\",\"low\",\"hidden\"\r\n");
    for (const char *at = csv; *at;)
        assert_int_equal(read_record(&at), 7);
    json_destroy(&answer);
    memory_free(text);
    /* Each export is a row of the record of who looked. */
    memory_free(ask(w, SHELTER, "export", "{\"month\":\"2026-11\"}", 200));
    char *audit = ask(w, SHELTER, "audit", "{}", 200);
    int rows = 0;
    for (const char *at = audit; (at = strstr(at, "\"verb\":\"export\"")); at++)
        rows++;
    assert_int_equal(rows, 2);
    memory_free(audit);
    world_destroy(&w);
}

/* --- what drove a person from home ---------------------------------------------------------------------- */

static void displacement__stays_with_the_case_and_travels_in_no_letter(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES], request[1024], reference[16];
    struct world *w = WORLD();
    open_case(w, OFFICER,
        "{\"name\":\"Zarq\",\"age_band\":\"18-25\",\"minor\":\"no\","
        "\"gender\":\"female\",\"languages\":[\"urd\"],\"displacement\":\"flood\"}",
        alias);
    about(w, OFFICER, "case-show", alias, "", 200, "\"displacement\":\"flood\"");
    about(w, OFFICER, "case-change", alias, ",\"displacement\":\"glof\"", 200, "");
    about(w, OFFICER, "case-change", alias, ",\"name\":\"Zarqa\"", 200, "");
    about(w, OFFICER, "case-show", alias, "", 200, "\"displacement\":\"glof\"");
    about(w, OFFICER, "case-change", alias, ",\"displacement\":\"war\"", 400,
        "bad-request");
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"case\":\"%s\"," WORLD_CONSENT "}",
        alias);
    char *text = ask(w, OFFICER, "refer", request, 201);
    snprintf(reference, sizeof(reference), "%.9s", strstr(text, "\"reference\":\"") + 13);
    memory_free(text);
    world_settle(w);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    text = ask(w, SHELTER, "show", request, 200);
    assert_holds(text, "18-25");
    assert_null(strstr(text, "glof"));
    assert_null(strstr(text, "displacement"));
    memory_free(text);
    world_destroy(&w);
}

/* --- proofs ----------------------------------------------------------------------------------------------------- */

/* What a court has: the network's id, the members' public keys of the roster, and the document. */
static bool check_receipt(
    const struct ident *network, const struct sign_public *key, const uint8_t *receipt)
{
    uint8_t message[CONTEXT_BYTES + IDENT_BYTES + RECEIPT_SIGNED_BYTES];
    struct signature signature;

    memcpy(message, CONTEXT_RECEIPT, CONTEXT_BYTES);
    memcpy(message + CONTEXT_BYTES, network->bytes, IDENT_BYTES);
    memcpy(message + CONTEXT_BYTES + IDENT_BYTES, receipt, RECEIPT_SIGNED_BYTES);
    memcpy(signature.bytes, receipt + RECEIPT_SIGNED_BYTES, SIGNATURE_BYTES);
    return sign_check(key, span_of(message, sizeof(message)), &signature) == STATUS_OK;
}

static struct json *prove(struct world *w, size_t i, const char *alias)
{
    char request[64];
    struct json *answer = NULL;

    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", alias);
    char *text = ask(w, i, "proof", request, 200);
    assert_null(strstr(text, alias));
    assert_null(strstr(text, "shelter"));
    assert_null(strstr(text, "vintorel"));
    assert_null(strstr(text, "Zarq"));
    assert_null(strstr(text, "service"));
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    memory_free(text);
    return answer;
}

/* The receipt of a letter, checked with the key of the member at the other end. */
static void assert_proven(
    struct world *w, const struct json *proof, const struct json *letter, size_t by)
{
    uint8_t receipt[RECEIPT_BYTES];
    struct ident network, member;

    assert_ok(json_need_ident(proof, "network", &network, NULL));
    assert_ok(json_need_ident(letter, "member", &member, NULL));
    assert_true(ident_equal(&member, world_node_id(w, by)));
    assert_ok(json_need_hex(letter, "receipt", receipt, RECEIPT_BYTES, NULL));
    assert_true(check_receipt(&network, &world_row(w, by)->identity, receipt));
    assert_true(json_find_flag(letter, "proven"));
    for (size_t at = 0; at < RECEIPT_BYTES; at += 13) {
        receipt[at] ^= 1;
        assert_false(check_receipt(&network, &world_row(w, by)->identity, receipt));
        receipt[at] ^= 1;
    }
}

static void proof__is_checked_with_the_roster_alone_and_holds_no_content(void **state)
{
    (void)state;
    char sender[ALIAS_BYTES], receiver[ALIAS_BYTES], request[1024], reference[16];
    struct world *w = WORLD();
    open_case(w, OFFICER,
        "{\"name\":\"Zarq\",\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":"
        "\"female\","
        "\"languages\":[\"urd\"]}",
        sender);
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"case\":\"%s\",\"note\":\"invented: vintorel\"," WORLD_CONSENT "}",
        sender);
    char *text = ask(w, OFFICER, "refer", request, 201);
    snprintf(reference, sizeof(reference), "%.9s", strstr(text, "\"reference\":\"") + 13);
    memory_free(text);
    world_settle(w);
    about(w, SHELTER, "accept", reference, "", 200, "accepted");
    snprintf(request, sizeof(request), "{\"received\":\"%s\"}", reference);
    open_case(w, SHELTER, request, receiver);
    about(w, SHELTER, "complete", reference, "", 200, "completed");
    world_settle(w);
    /* The sender proves that it was sent and stored, the provider that it said what it decided. */
    struct json *proof = prove(w, OFFICER, sender);
    const struct json *one = json_nth(json_find(proof, "referrals"), 0);
    assert_int_equal(json_count(json_find(proof, "referrals")), 1);
    assert_string_equal(json_find_text(one, "direction"), "sent");
    assert_string_equal(json_find_text(one, "decided"), "completed");
    assert_string_equal(json_find_text(one, "day"), "2026-11-24");
    assert_proven(w, proof, one, SHELTER);
    assert_int_equal(json_count(json_find(one, "decisions")), 2);
    json_destroy(&proof);
    proof = prove(w, SHELTER, receiver);
    one = json_nth(json_find(proof, "referrals"), 0);
    assert_string_equal(json_find_text(one, "direction"), "received");
    assert_int_equal(json_count(json_find(one, "decisions")), 2);
    for (size_t i = 0; i < 2; i++) {
        const struct json *decision = json_nth(json_find(one, "decisions"), i);
        assert_string_equal(json_find_text(decision, "by"), "this-member");
        assert_proven(w, proof, decision, OFFICER);
    }
    json_destroy(&proof);
    about(w, SHELTER, "proof", sender, "", 404, ""); /* it is no case there */
    world_destroy(&w);
}

static void proof__of_a_case_without_referrals_is_empty(void **state)
{
    (void)state;
    char alias[ALIAS_BYTES];
    struct world *w = WORLD();
    open_case(w, OFFICER, "{}", alias);
    struct json *proof = prove(w, OFFICER, alias);
    assert_int_equal(json_count(json_find(proof, "referrals")), 0);
    json_destroy(&proof);
    sit(w, OFFICER, LOCAL_WORKER, "Worker");
    about(w, OFFICER, "proof", alias, "", 403, "not-your-role");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics__count_cases_and_referrals_of_the_month),
        cmocka_unit_test(dp11__statistics_see_a_confirmed_class_and_no_answer),
        cmocka_unit_test(statistics__of_a_month_are_counted_by_the_node_itself),
        cmocka_unit_test(statistics__lose_nobody_of_the_last_night_of_a_month),
        cmocka_unit_test(statistics__lose_nobody_who_came_on_the_first_of_a_long_month),
        cmocka_unit_test(statistics__of_many_rows_are_counted_in_slices),
        cmocka_unit_test(dp20__repeated_or_sliced_questions_cannot_subtract_below_eleven),
        cmocka_unit_test(dp20__a_quarter_is_the_sum_of_its_months_as_they_were_counted),
        cmocka_unit_test(dp20__a_restored_node_counts_no_month_a_second_time),
        cmocka_unit_test(dp20__a_clock_that_jumped_ends_no_month),
        cmocka_unit_test(
            dp26__an_export_is_marked_safe_in_a_spreadsheet_and_refused_by_role),
        cmocka_unit_test(displacement__stays_with_the_case_and_travels_in_no_letter),
        cmocka_unit_test(proof__is_checked_with_the_roster_alone_and_holds_no_content),
        cmocka_unit_test(proof__of_a_case_without_referrals_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
