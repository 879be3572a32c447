/* SPDX-License-Identifier: Apache-2.0
 *
 * finder: by name however it is written, alias, age band and day; the best first; wiped when cleared.
 */
#include "finder.h"

#include "check.h"
#include "memory.h"

static struct case_row make(int64_t id, const char *name, const char *full)
{
    struct case_row row = {.id = id,
        .ident = {{(uint8_t)id, (uint8_t)(id >> 8)}},
        .opened_day = 20000 + id,
        .origin = ORIGIN_WALK_IN,
        .outcome = OUTCOME_OPEN};

    snprintf(row.alias, sizeof(row.alias), "A%07lldX", (long long)id);
    row.person.age_band = id % 2 ? AGE_18_25 : AGE_9_17;
    row.person.preferred_name = name;
    row.person.full_name = full;
    return row;
}

static struct finder *filled(void)
{
    static const char *const names[][2] = {{"علی", ""}, {"Zarq", "Zarquona Pelligrande"},
        {"Quolm", "Zarq Quolm"}, {"گلبانو", ""}, {NULL, NULL}, {"Bozarq", ""}};
    struct finder *finder = finder_new();

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        struct case_row row = make((int64_t)i + 1, names[i][0], names[i][1]);

        finder_load(finder, &row);
    }
    finder_complete(finder);
    return finder;
}

/* The ids of the cases that fit, as "3 2 6". */
static void ask(const struct finder *finder, const struct finder_question *question,
    const char *wanted)
{
    struct finder_hit hits[FINDER_HITS_MAX];
    size_t n = 99, total = 99, used = 0;
    char got[400] = "";

    assert_ok(finder_ask(finder, question, hits, &n, &total));
    assert_int_equal(n, total);
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(
            got + used, sizeof(got) - used, "%s%d", i ? " " : "", hits[i].ident.bytes[0]);
    assert_string_equal(got, wanted);
}

static void finder__finds_a_name_in_whichever_spelling(void **state)
{
    (void)state;
    struct finder *finder = filled();
    ask(finder, &(struct finder_question){.name = "علي"}, "1");
    ask(finder, &(struct finder_question){.name = "گل‌بانو"}, "4");
    ask(finder, &(struct finder_question){.name = "بانو"}, "4");
    ask(finder, &(struct finder_question){.name = "PELLIGRANDE"}, "2");
    ask(finder, &(struct finder_question){.name = "nobody"}, "");
    ask(finder, &(struct finder_question){.name = " \u200c "}, "");
    finder_destroy(&finder);
}

static void finder__puts_whole_names_before_beginnings_before_parts(void **state)
{
    (void)state;
    struct finder *finder = filled();
    ask(finder, &(struct finder_question){.name = "zarq"}, "2 3 6");
    finder_destroy(&finder);
}

static void finder__narrows_by_alias_age_day_and_state(void **state)
{
    (void)state;
    struct finder *finder = filled();
    ask(finder, &(struct finder_question){.alias = "A0000004X"}, "4");
    ask(finder, &(struct finder_question){.age_band = AGE_9_17}, "6 4 2");
    ask(finder,
        &(struct finder_question){
            .has_days = true, .from_day = 20002, .until_day = 20003},
        "3 2");
    ask(finder, &(struct finder_question){.name = "zarq", .age_band = AGE_18_25}, "3");
    struct case_row closed = make(6, "Bozarq", "");
    closed.outcome = OUTCOME_LEFT;
    finder_put(finder, &closed);
    ask(finder, &(struct finder_question){.open_only = true}, "5 4 3 2 1");
    finder_destroy(&finder);
}

static void finder__is_kept_current(void **state)
{
    (void)state;
    struct finder *finder = filled();
    struct case_row changed = make(1, "Flimq", ""), added = make(7, "Flimquarble", "");
    finder_put(finder, &changed);
    finder_put(finder, &added);
    ask(finder, &(struct finder_question){.name = "علی"}, "");
    ask(finder, &(struct finder_question){.name = "flimq"}, "1 7");
    finder_remove(finder, &changed.ident);
    finder_remove(finder, &changed.ident);
    ask(finder, &(struct finder_question){.name = "flimq"}, "7");
    assert_int_equal(finder_count(finder), 6);
    finder_destroy(&finder);
}

static void finder__takes_no_case_twice_while_it_is_filled(void **state)
{
    (void)state;
    struct finder *finder = finder_new();
    struct case_row first = make(1, "Zarq", ""), second = make(2, "Quolm", "");
    finder_load(finder, &first);
    finder_put(finder, &second); /* changed before it was reached */
    assert_false(finder_is_complete(finder));
    assert_int_equal(finder_count(finder), 1);
    finder_load(finder, &second);
    finder_complete(finder);
    assert_true(finder_is_complete(finder));
    ask(finder, &(struct finder_question){.name = "quolm"}, "2");
    finder_clear(finder);
    assert_int_equal(finder_count(finder), 0);
    assert_false(finder_is_complete(finder));
    finder_destroy(&finder);
}

static void finder__counts_more_than_it_lists(void **state)
{
    (void)state;
    struct finder *finder = finder_new();
    struct finder_hit hits[FINDER_HITS_MAX];
    size_t n, total;
    for (int64_t i = 1; i <= 120; i++) {
        struct case_row row = make(i, i == 3 ? "zarq" : "zarquona", "");

        finder_load(finder, &row);
    }
    finder_complete(finder);
    struct finder_question question = {.name = "zarq"};
    assert_ok(finder_ask(finder, &question, hits, &n, &total));
    assert_int_equal(n, FINDER_HITS_MAX);
    assert_int_equal(total, 120);
    assert_int_equal(hits[0].ident.bytes[0], 3); /* the oldest, and the only whole name */
    assert_int_equal(hits[1].ident.bytes[0], 120);
    assert_int_equal(hits[FINDER_HITS_MAX - 1].ident.bytes[0], 72);
    question.name = "zarq\xff";
    assert_status(finder_ask(finder, &question, hits, &n, &total), STATUS_MALFORMED);
    finder_destroy(&finder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finder__finds_a_name_in_whichever_spelling),
        cmocka_unit_test(finder__puts_whole_names_before_beginnings_before_parts),
        cmocka_unit_test(finder__narrows_by_alias_age_day_and_state),
        cmocka_unit_test(finder__is_kept_current),
        cmocka_unit_test(finder__takes_no_case_twice_while_it_is_filled),
        cmocka_unit_test(finder__counts_more_than_it_lists),
    };
    return cmocka_run_group_tests_name("finder", tests, NULL, NULL);
}
