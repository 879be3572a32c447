/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of a month, and of a quarter (docs/CARE.md 20): an airport and a skills centre print their tables, and somebody
 * who has all of them subtracts what can be subtracted. All names are invented.
 */
#include "inside.h"
#include "seat.h"

enum { AIRPORT, SKILLS, HOUSE, LEAD, MONTH_CAST };
static const struct world_plan CAST_OF_MONTH[MONTH_CAST] = {
    {"fia.islamabad-airport", ROLE_SCREENING}, {"skills.gujranwala", ROLE_LIVELIHOOD},
    {"shelter.lahore", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};
#define MONTH() world_new(__LINE__, CAST_OF_MONTH, MONTH_CAST)
#define AGREED                                                                           \
    "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"pan\","      \
    "\"interpreter\":true,\"groups\":[\"name\",\"district\"]}"
#define MAN(district, more)                                                              \
    "{\"name\":\"Vestrolim\",\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":"        \
    "\"male\",\"languages\":[\"pan\"],\"risk\":\"low\",\"exploitation\":\"labour\","     \
    "\"displacement\":\"flood\",\"district\":\"" district "\"" more "}"
#define JANUARY(cube) "{\"month\":\"2027-01\",\"cube\":\"" cube "\"}"

enum {
    REQUEST_BYTES = 1024,
    LIST_BYTES = 8192,
    FROM_DE = 30,
    FROM_OM = 30,
    FLAGGED_DE = 14, /* all of PK617, all trained */
    FLAGGED_OM = 3,  /* all of PK608: whoever learns this number knows three people */
    OTHERS = 12,     /* of PK609, not on the list, still waiting for their training */
    SMALL_SUM = 11   /* what no sum and no range may be below (DP19) */
};

static char *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "month-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s %.300s: %d %s\n", verb, request, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    return text;
}

static void say(struct world *w, size_t i, const char *verb, const char *reference,
    const char *more, const char *holds)
{
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", reference, more);
    memory_free(call(w, i, verb, request, 200, holds));
}

static void make(struct world *w, size_t i, const char *verb, const char *request,
    const char *field, char ret[WORLD_REFERENCE_BYTES])
{
    struct json *json = NULL;
    char *text = call(w, i, verb, request, 201, field);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(json, field));
    json_destroy(&json);
    memory_free(text);
}

/* Days go by, and the stewards sign something: the second witness of time. */
static void pass(struct world *w, int days)
{
    world_pass(w, DAYS(days));
    world_roster(w, AIRPORT, MEMBER_ACTIVE, false);
    world_settle(w);
    world_pass(w, HOURS(1));
}

/* --- what happened -------------------------------------------------------------------------------------------------- */

static void import(struct world *w)
{
    static char csv[LIST_BYTES], request[LIST_BYTES + REQUEST_BYTES];
    struct json *json = NULL;
    int n = snprintf(csv, sizeof(csv),
        "flight_or_bus,date,sending_state,return_type,minor,care_need\\r\\n");
    for (int k = 0; k < FROM_DE + FROM_OM; k++)
        n += snprintf(csv + n, sizeof(csv) - (size_t)n,
            "XX-47,2027-01-04,%s,deported,no,no\\r\\n", k < FROM_DE ? "DEU" : "OM");
    snprintf(request, sizeof(request), "{\"csv\":\"%s\"}", csv);
    char *text = call(w, AIRPORT, "arrivals-preview", request, 200, "\"rows\":60");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    snprintf(request, sizeof(request), "{\"csv\":\"%s\",\"list\":\"%s\"}", csv,
        json_find_text(json, "list"));
    json_destroy(&json);
    memory_free(text);
    memory_free(call(w, AIRPORT, "arrivals-import", request, 201, "\"imported\":true"));
}

/* Every question that the instrument wants answered of an adult, and the officer's confirmation. */
static void screen(struct world *w, const char *alias)
{
    static const char *const YES[] = {
        "S1", "S2", "S3", "S6", "A1", "A2", "A5", "M3", "M9", "P1", "P10"};
    char more[REQUEST_BYTES];
    for (size_t q = 0; q < ARRAY_LENGTH(YES); q++) {
        snprintf(more, sizeof(more), ",\"question\":\"%s\",\"answer\":\"yes\"", YES[q]);
        say(w, AIRPORT, "screen-answer", alias, more, YES[q]);
    }
    say(w, AIRPORT, "screen-answer", alias, ",\"question\":\"S4\",\"answer\":\"no\"",
        "S4");
    say(w, AIRPORT, "screen-answer", alias, ",\"question\":\"S5\",\"answer\":\"no\"",
        "S5");
    say(w, AIRPORT, "screen-confirm", alias, ",\"class\":\"possible-vot-strong\"",
        "confirmed");
}

/* Refers the case for livelihood; the skills centre accepts, and says that the training was given or not yet. */
static void train(struct world *w, const char *alias, bool given)
{
    char request[REQUEST_BYTES], reference[WORLD_REFERENCE_BYTES];
    snprintf(request, sizeof(request),
        "{\"to\":\"skills.gujranwala\",\"service\":\"livelihood\",\"priority\":"
        "\"normal\",\"case\":\"%s\"," AGREED "}",
        alias);
    make(w, AIRPORT, "refer", request, "reference", reference);
    world_settle(w);
    say(w, SKILLS, "accept", reference, "", "accepted");
    if (given)
        say(w, SKILLS, "complete", reference, "", "completed");
    world_settle(w);
}

/* The tasks of that sending state: the first `flagged` are taken aside, screened and referred; the others are not met. */
static void work_off(struct world *w, const char *state, const char *request, int flagged)
{
    char alias[WORLD_REFERENCE_BYTES], more[64];
    struct json *json = NULL;
    char *text = call(w, AIRPORT, "tasks", "{}", 200, "\"more\":false");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    const struct json *items = json_find(json, "items");
    for (size_t n = 0; n < json_count(items); n++) {
        const char *task = json_find_text(json_nth(items, n), "task");
        if (strcmp(json_find_text(json_nth(items, n), "sending_state"), state) != 0)
            continue;
        say(w, AIRPORT, "task-take", task, "", "taken");
        if (flagged-- <= 0) {
            say(w, AIRPORT, "task-not-met", task, "", "not-met");
            continue;
        }
        make(w, AIRPORT, "case-open", request, "case", alias);
        screen(w, alias);
        snprintf(more, sizeof(more), ",\"case\":\"%s\"", alias);
        say(w, AIRPORT, "task-done", task, more, alias);
        train(w, alias, true);
        world_pass(w, MINUTES(10));
    }
    json_destroy(&json);
    memory_free(text);
}

static void live_january(struct world *w)
{
    char alias[WORLD_REFERENCE_BYTES];
    pass(w, 39); /* 2027-01-02 */
    import(w);
    work_off(w, "DEU", MAN("PK617", ",\"origin\":\"arrival\""), FLAGGED_DE);
    work_off(w, "OM", MAN("PK608", ",\"origin\":\"arrival\""), FLAGGED_OM);
    for (int n = 0; n < OTHERS; n++) {
        make(w, AIRPORT, "case-open", MAN("PK609", ""), "case", alias);
        train(w, alias, false);
    }
    pass(w, 31);
}

/* --- what somebody who has the tables can compute ----------------------------------------------------------------- */

enum { ROWS_MAX = 48, COLUMNS_MAX = 40, NOBODY_KNOWS = 1000000, ROUNDS = 100 };
/* Of each cell, total and grand total: what it is at least and at most. */
struct bounds {
    size_t rows, columns;
    int64_t low[ROWS_MAX][COLUMNS_MAX], high[ROWS_MAX][COLUMNS_MAX];
};

static const struct json *table_of(const struct json *answer)
{
    return json_nth(json_find(answer, "items"), 0);
}

static void read_bounds(const struct json *table, struct bounds *ret)
{
    ret->rows = json_count(json_find(table, "rows"));
    ret->columns = json_count(json_find(table, "columns"));
    assert_true(ret->rows <= ROWS_MAX && ret->columns <= COLUMNS_MAX);
    for (size_t r = 0; r < ret->rows; r++)
        for (size_t c = 0; c < ret->columns; c++) {
            const struct json *cell = json_nth(json_nth(json_find(table, "cells"), r), c);
            const char *word = json_text(cell);
            bool hidden = word && strcmp(word, "hidden") == 0;
            ret->low[r][c] = word ? 0 : json_int(cell);
            ret->high[r][c] = hidden ? NOBODY_KNOWS : ret->low[r][c];
        }
}

/* The last of n numbers, `step` apart, is the sum of the others: what follows for each of them. True if anything did. */
static bool subtract(int64_t *low, int64_t *high, size_t n, size_t step)
{
    int64_t lows = 0, highs = 0, *total_low = &low[(n - 1) * step],
            *total_high = &high[(n - 1) * step];
    bool learnt = false;
    for (size_t k = 0; k + 1 < n; k++) {
        lows += low[k * step];
        highs += high[k * step];
    }
    for (size_t k = 0; k + 1 < n; k++) {
        int64_t least = *total_low - (highs - high[k * step]);
        int64_t most = *total_high - (lows - low[k * step]);
        if (least > low[k * step]) {
            lows += least - low[k * step];
            low[k * step] = least;
            learnt = true;
        }
        if (most < high[k * step]) {
            highs -= high[k * step] - most;
            high[k * step] = most;
            learnt = true;
        }
    }
    if (lows > *total_low) {
        *total_low = lows;
        learnt = true;
    }
    if (highs < *total_high) {
        *total_high = highs;
        learnt = true;
    }
    return learnt;
}

/* Rows and columns are subtracted from their totals, and these from the grand total, again and again. */
static void subtract_all(struct bounds *bounds)
{
    bool learnt = true;
    for (int round = 0; learnt && round < ROUNDS; round++) {
        learnt = false;
        for (size_t r = 0; r < bounds->rows; r++)
            learnt =
                subtract(bounds->low[r], bounds->high[r], bounds->columns, 1) || learnt;
        for (size_t c = 0; c < bounds->columns; c++)
            learnt = subtract(&bounds->low[0][c], &bounds->high[0][c], bounds->rows,
                         COLUMNS_MAX) ||
                     learnt;
    }
}

/* How many are hidden, and how near somebody who subtracts comes to the one that is guarded worst. */
static int count_hidden(const struct json *table, int64_t *ret_range)
{
    static struct bounds bounds;
    int hidden = 0;
    *ret_range = NOBODY_KNOWS;
    read_bounds(table, &bounds);
    subtract_all(&bounds);
    for (size_t r = 0; r < bounds.rows; r++)
        for (size_t c = 0; c < bounds.columns; c++) {
            const struct json *cell = json_nth(json_nth(json_find(table, "cells"), r), c);
            const char *word = json_text(cell);
            int64_t range = bounds.high[r][c] - bounds.low[r][c];
            if (word && strcmp(word, "hidden") == 0) {
                hidden++;
                *ret_range = range < *ret_range ? range : *ret_range;
            } else if (!word) {
                assert_true(json_int(cell) >= SMALL_SUM);
            }
        }
    return hidden;
}

static int attack(const struct json *table)
{
    int64_t range;
    int hidden = count_hidden(table, &range);
    if (range < SMALL_SUM)
        fail_msg("%s: what is hidden is known to %lld", json_find_text(table, "cube"),
            (long long)range);
    return hidden;
}

static size_t find_word(const struct json *words, const char *wanted)
{
    for (size_t i = 0; i < json_count(words); i++)
        if (strcmp(json_text(json_nth(words, i)), wanted) == 0)
            return i;
    fail_msg("no word %s", wanted);
    return 0;
}

/* A cell by its words; -1: hidden. */
static int64_t cell_of(const struct json *table, const char *row, const char *column)
{
    size_t r = find_word(json_find(table, "rows"), row);
    size_t c = find_word(json_find(table, "columns"), column);
    const struct json *cell = json_nth(json_nth(json_find(table, "cells"), r), c);
    return json_text(cell) ? -1 : json_int(cell);
}

static struct json *tables(struct world *w, size_t i, const char *request)
{
    struct json *json = NULL;
    char *text = call(w, i, "statistics", request, 200, "\"items\"");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    memory_free(text);
    return json;
}

/* --- the stories ------------------------------------------------------------------------------------------------------ */

/* One January for both stories that only read it. */
static int set_up(void **state)
{
    struct world *w = MONTH();
    live_january(w);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    world_destroy(&w);
    return 0;
}

/* Hiding the small one alone is not enough: the test must be able to notice. */
static void the_attack_finds_what_a_total_would_tell(void **state)
{
    (void)state;
    static const char TABLE[] =
        "{\"rows\":[\"DE\",\"OM\",\"total\"],\"columns\":[\"flagged\",\"other\","
        "\"total\"],\"cells\":[[14,16,30],[\"hidden\",27,30],[17,43,60]]}";
    struct json *table = NULL;
    int64_t range;
    assert_ok(json_parse(span_text(TABLE), sizeof(TABLE), &table, NULL));
    assert_int_equal(count_hidden(table, &range), 1);
    assert_int_equal(range, 0);
    json_destroy(&table);
}

static void dp19__tables_of_a_month_tell_much_and_no_three_people(void **state)
{
    struct world *w = *state;
    struct json *of;
    /* Returns per sending state: screened, flagged, referred. The three from Oman are not told, nor by subtraction. */
    of = tables(w, AIRPORT, JANUARY("returns"));
    assert_int_equal(cell_of(table_of(of), "total", "total"), FROM_DE + FROM_OM);
    assert_int_equal(cell_of(table_of(of), "OM", "flagged-referred"), -1);
    assert_true(attack(table_of(of)) > 0);
    json_destroy(&of);
    of = tables(w, AIRPORT, JANUARY("arrivals"));
    assert_int_equal(cell_of(table_of(of), "total", "total"), FROM_DE + FROM_OM);
    attack(table_of(of));
    json_destroy(&of);
    /* IC-TIP: presumed victims by form, sex and age. */
    of = tables(w, AIRPORT, JANUARY("presumed"));
    assert_int_equal(
        cell_of(table_of(of), "presumed-labour", "total"), FLAGGED_DE + FLAGGED_OM);
    assert_int_equal(
        cell_of(table_of(of), "total", "total"), FLAGGED_DE + FLAGGED_OM + OTHERS);
    attack(table_of(of));
    json_destroy(&of);
    /* Labour migrants' reintegration per district, at who trains them. */
    of = tables(w, SKILLS, JANUARY("received"));
    assert_int_equal(
        cell_of(table_of(of), "total", "total"), FLAGGED_DE + FLAGGED_OM + OTHERS);
    assert_int_equal(cell_of(table_of(of), "livelihood-PK608", "completed"), -1);
    assert_true(attack(table_of(of)) > 0);
    json_destroy(&of);
    of = tables(w, AIRPORT, JANUARY("sent"));
    assert_int_equal(cell_of(table_of(of), "livelihood-PK608", "completed"), -1);
    attack(table_of(of));
    json_destroy(&of);
    /* Who had nobody tells nothing, not even that. */
    of = tables(w, HOUSE, JANUARY("received"));
    assert_int_equal(cell_of(table_of(of), "total", "total"), -1);
    attack(table_of(of));
    json_destroy(&of);
}

static void dp20__a_quarter_less_its_months_tells_nobody_either(void **state)
{
    (void)state;
    struct world *w = MONTH();
    char alias[WORLD_REFERENCE_BYTES];
    int64_t months = 0;
    struct json *of;
    pass(w, 39); /* 2027-01-02 */
    for (int month = 1; month <= 3; month++) {
        char request[64];
        for (int n = 0; n < 15; n++)
            make(w, HOUSE, "case-open", MAN("PK617", ""), "case", alias);
        for (int n = 0; n < 4; n++) /* a small number of another province each month */
            make(w, HOUSE, "case-open",
                "{\"displacement\":\"drought\",\"district\":\"PK701\"}", "case", alias);
        pass(w, month == 2 ? 28 : 31);
        snprintf(request, sizeof(request), "{\"month\":\"2027-0%d\",\"cube\":\"opened\"}",
            month);
        of = tables(w, HOUSE, request);
        months += cell_of(table_of(of), "total", "total");
        attack(table_of(of));
        json_destroy(&of);
    }
    of = tables(w, HOUSE, "{\"month\":\"2027-03\",\"cube\":\"displacement\"}");
    const struct json *quarter = table_of(of);
    assert_string_equal(json_find_text(quarter, "period"), "2027-Q1");
    assert_int_equal(months, 3 * 19);
    assert_int_equal(cell_of(quarter, "total", "total"), months);
    assert_true(attack(quarter) > 0);
    json_destroy(&of);
    /* There is no table of one of its months to subtract. */
    memory_free(call(w, HOUSE, "statistics",
        "{\"month\":\"2027-02\",\"cube\":\"displacement\"}", 400, "by quarter"));
    /* A case is erased, one more is opened: the prints are the same. */
    char *before = call(w, HOUSE, "statistics", "{\"month\":\"2027-03\"}", 200, "items");
    say(w, HOUSE, "case-erase", alias, ",\"now\":true", alias);
    make(w, HOUSE, "case-open", MAN("PK617", ""), "case", alias);
    char *after = call(w, HOUSE, "statistics", "{\"month\":\"2027-03\"}", 200, "items");
    assert_string_equal(after, before);
    memory_free(before);
    memory_free(after);
    world_destroy(&w);
}

static void sit(struct world *w, size_t i, enum local_role role, const char *name)
{
    struct node_people people = {.n = 2};
    people.people[0] = *seat_person(node_seat(world_node(w, i)));
    people.people[1] = (struct colleague){.id = {{77}}, .role = role};
    snprintf(people.people[1].name, PERSON_NAME_BYTES, "%s", name);
    assert_ok(node_enter(world_node(w, i), &people.people[1], NULL, &people));
}

static void dp26__the_months_export_is_marked_and_runs_nothing_in_a_spreadsheet(
    void **state)
{
    struct world *w = *state;
    struct json *json = NULL;
    sit(w, AIRPORT, LOCAL_WORKER, "Worker");
    memory_free(
        call(w, AIRPORT, "export", "{\"month\":\"2027-01\"}", 403, "not-your-role"));
    sit(w, AIRPORT, LOCAL_SUPERVISOR, "@SUM(1+1)*cmd|'/C calc'!A0");
    char *text = call(w, AIRPORT, "export", "{\"month\":\"2027-01\"}", 200, "csv");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    const char *csv = json_find_text(json, "csv");
    assert_holds(csv, "\"amaan export\",\"taken by @SUM(1+1)*cmd|'/C calc'!A0\","
                      "\"supervisor\",\"fia.islamabad-airport\"");
    assert_holds(csv, "\"returns\",\"2027-01\",\"sending-state\",\"total\",\"course\","
                      "\"total\",60\r\n");
    assert_holds(csv, "\"sending-state\",\"OM\",\"course\",\"flagged-referred\","
                      "\"hidden\"\r\n");
    /* No field begins as a formula does, behind its quotation mark or without one. */
    for (const char *at = csv; *at; at++)
        if (at == csv || at[-1] == ',' || at[-1] == '\n') {
            assert_null(strchr("=+-@\t", *at));
            assert_null(*at == '"' ? strchr("=+-@\t", at[1]) : NULL);
        }
    memory_free(call(w, AIRPORT, "audit", "{}", 200, "\"verb\":\"export\""));
    json_destroy(&json);
    memory_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_attack_finds_what_a_total_would_tell),
        cmocka_unit_test(dp19__tables_of_a_month_tell_much_and_no_three_people),
        cmocka_unit_test(dp20__a_quarter_less_its_months_tells_nobody_either),
        cmocka_unit_test(
            dp26__the_months_export_is_marked_and_runs_nothing_in_a_spreadsheet),
    };
    return cmocka_run_group_tests_name("month", tests, set_up, tear_down);
}
