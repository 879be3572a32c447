/* SPDX-License-Identifier: Apache-2.0
 *
 * cubes: a fixed set, each person once in each, and nothing common to two of them but the grand total.
 */
#include "cubes.h"

#include "check.h"
#include "memory.h"
#include "seeded.h"

static void cubes__have_words_that_are_read_again(void **state)
{
    (void)state;
    struct cubes *cubes = memory_new(sizeof(*cubes));
    enum cube cube;
    cubes_clear(cubes);
    for (int i = CUBE_OPENED; i < CUBE_COUNT; i++) {
        assert_ok(cube_parse(cube_name((enum cube)i), &cube));
        assert_int_equal(cube, i);
        assert_in_range(cubes->of[i].rows, 2, COUNTS_ROWS_MAX);
        assert_in_range(cubes->of[i].columns, 2, COUNTS_COLUMNS_MAX);
        for (size_t j = 0; j < cubes->of[i].rows; j++)
            assert_non_null(cube_row(cube, j));
        for (size_t j = 0; j < cubes->of[i].columns; j++)
            assert_non_null(cube_column(cube, j));
        assert_null(cube_row(cube, cubes->of[i].rows));
        assert_null(cube_column(cube, cubes->of[i].columns));
    }
    assert_null(cube_name(CUBE_COUNT));
    assert_null(cube_name((enum cube)0));
    assert_status(cube_parse("people", &cube), STATUS_NOT_FOUND);
    memory_free(cubes);
}

/* A dimension that stood in two tables of the same people would let one be subtracted from the other. */
static void dp20__no_dimension_stands_in_two_cubes_of_the_same_people(void **state)
{
    (void)state;
    const char *seen[2 * CUBE_COUNT][2];
    size_t n = 0;
    for (int i = CUBE_OPENED; i < CUBE_COUNT; i++) {
        const char *words[2] = {
            cube_row_dimension((enum cube)i), cube_column_dimension((enum cube)i)};
        for (size_t k = 0; k < 2; k++) {
            for (size_t j = 0; j < n; j++)
                assert_false(strcmp(seen[j][0], cube_population((enum cube)i)) == 0 &&
                             strcmp(seen[j][1], words[k]) == 0);
            seen[n][0] = cube_population((enum cube)i);
            seen[n++][1] = words[k];
        }
    }
}

static uint32_t total_of(const struct cubes *cubes, enum cube cube)
{
    return counts_cell(&cubes->of[cube], cubes->of[cube].rows, cubes->of[cube].columns);
}

static void dp20__everybody_is_counted_once_in_each_cube_of_the_same_people(void **state)
{
    (void)state;
    static const char *const districts[] = {
        "", "PK617", "PK401", "XX999", "PK9", "PK105"};
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 23);
    struct cubes *cubes = memory_new(sizeof(*cubes));
    cubes_clear(cubes);
    for (uint32_t n = 1; n <= 2000; n++) {
        struct case_facts facts = {
            .origin = (enum case_origin)(1 + chance_below(chance, ORIGIN_COUNT - 1)),
            .risk = (enum risk)chance_below(chance, RISK_COUNT),
            .presumed = chance_below(chance, 2),
            .exploitation = (enum exploitation)chance_below(chance, EXPLOITATION_COUNT),
            .gender = (enum gender)(1 + chance_below(chance, GENDER_COUNT - 1)),
            .child = chance_below(chance, 2),
            .displacement =
                (enum displacement)(1 + chance_below(chance, DISPLACEMENT_COUNT - 1)),
            .district = districts[chance_below(chance, 6)]};
        cubes_add_opened(cubes, &facts);
        assert_int_equal(total_of(cubes, CUBE_OPENED), n);
        assert_int_equal(total_of(cubes, CUBE_PRESUMED), n);
        assert_int_equal(total_of(cubes, CUBE_DISPLACEMENT), n);
    }
    for (int service = 1; service < SERVICE_COUNT; service++)
        for (int progress = 1; progress < PROGRESS_COUNT; progress++)
            for (size_t i = 0; i < ARRAY_LENGTH(districts); i++) {
                struct referral_facts facts = {.sent = true,
                    .service = (enum service)service,
                    .progress = (enum progress)progress,
                    .district = districts[i]};
                cubes_add_referral(cubes, &facts);
            }
    assert_int_equal(
        total_of(cubes, CUBE_SENT), 6 * (SERVICE_COUNT - 1) * (PROGRESS_COUNT - 1));
    assert_int_equal(total_of(cubes, CUBE_RECEIVED), 0);
    memory_free(cubes);
}

static const char *only_row(const struct cubes *cubes, enum cube cube)
{
    for (size_t i = 0; i < cubes->of[cube].rows; i++)
        if (counts_cell(&cubes->of[cube], i, cubes->of[cube].columns) == 1)
            return cube_row(cube, i);
    return NULL;
}

static const char *only_column(const struct cubes *cubes, enum cube cube)
{
    for (size_t i = 0; i < cubes->of[cube].columns; i++)
        if (counts_cell(&cubes->of[cube], cubes->of[cube].rows, i) == 1)
            return cube_column(cube, i);
    return NULL;
}

static void assert_service(enum service service, const char *district, const char *row)
{
    struct cubes *cubes = memory_new(sizeof(*cubes));
    struct referral_facts facts = {
        .service = service, .progress = PROGRESS_COMPLETED, .district = district};

    cubes_clear(cubes);
    cubes_add_referral(cubes, &facts);
    assert_string_equal(only_row(cubes, CUBE_RECEIVED), row);
    assert_string_equal(only_column(cubes, CUBE_RECEIVED), "completed");
    memory_free(cubes);
}

static void cubes__count_livelihood_by_the_four_districts(void **state)
{
    (void)state;
    assert_service(SERVICE_SHELTER, "", "shelter");
    assert_service(SERVICE_LEGAL, "PK617", "legal");
    assert_service(SERVICE_LIVELIHOOD, "PK617", "livelihood-PK617");
    assert_service(SERVICE_LIVELIHOOD, "PK630", "livelihood-PK630");
    assert_service(SERVICE_LIVELIHOOD, "PK401", "livelihood-elsewhere");
    assert_service(SERVICE_LIVELIHOOD, "", "livelihood-unknown");
    assert_service(SERVICE_EDUCATION, "", "education");
    assert_service(SERVICE_COORDINATION, "", "coordination");
}

static void assert_state(const char *state, const char *row)
{
    struct cubes *cubes = memory_new(sizeof(*cubes));

    cubes_clear(cubes);
    struct return_facts facts = {
        .state = state, .type = RETURN_DEPORTED, .minor = FLAG_UNKNOWN};
    cubes_add_return(cubes, &facts);
    assert_string_equal(only_row(cubes, CUBE_RETURNS), row);
    assert_string_equal(only_column(cubes, CUBE_RETURNS), "not-screened");
    assert_string_equal(only_row(cubes, CUBE_ARRIVALS), "deported");
    assert_string_equal(only_column(cubes, CUBE_ARRIVALS), "unknown");
    memory_free(cubes);
}

static void cubes__count_returns_by_state_in_either_code(void **state)
{
    (void)state;
    assert_state("DE", "DE");
    assert_state("DEU", "DE");
    assert_state("TUR", "TR");
    assert_state("ZZ", "another");
    assert_state("", "another");
}

static void cubes__tell_who_was_screened_flagged_and_referred(void **state)
{
    (void)state;
    static const char *const columns[][2] = {
        [SCREENED_NOT] = {"not-screened", "not-screened-referred"},
        [SCREENED] = {"screened", "screened-referred"},
        [SCREENED_FLAGGED] = {"flagged", "flagged-referred"}};
    for (int screened = SCREENED_NOT; screened <= SCREENED_FLAGGED; screened++)
        for (int referred = 0; referred < 2; referred++) {
            struct cubes *cubes = memory_new(sizeof(*cubes));
            struct return_facts facts = {.state = "OM",
                .type = RETURN_VOLUNTARY,
                .minor = FLAG_NO,
                .screened = (enum screened)screened,
                .referred = referred};
            cubes_clear(cubes);
            cubes_add_return(cubes, &facts);
            assert_string_equal(
                only_column(cubes, CUBE_RETURNS), columns[screened][referred]);
            assert_string_equal(only_column(cubes, CUBE_ARRIVALS), "no");
            assert_int_equal(
                total_of(cubes, CUBE_RETURNS), total_of(cubes, CUBE_ARRIVALS));
            memory_free(cubes);
        }
}

static void cubes__count_how_cases_ended(void **state)
{
    (void)state;
    for (int outcome = OUTCOME_OPEN + 1; outcome < OUTCOME_COUNT; outcome++) {
        struct cubes *cubes = memory_new(sizeof(*cubes));
        cubes_clear(cubes);
        cubes_add_closed(cubes, ORIGIN_WALK_IN, (enum case_outcome)outcome);
        assert_string_equal(only_row(cubes, CUBE_CLOSED), "walk-in");
        assert_string_equal(only_column(cubes, CUBE_CLOSED),
            case_outcome_name((enum case_outcome)outcome));
        memory_free(cubes);
    }
}

static void assert_case(
    struct case_facts facts, enum cube cube, const char *row, const char *column)
{
    struct cubes *cubes = memory_new(sizeof(*cubes));

    facts.origin = ORIGIN_ARRIVAL;
    cubes_clear(cubes);
    cubes_add_opened(cubes, &facts);
    assert_string_equal(only_row(cubes, cube), row);
    assert_string_equal(only_column(cubes, cube), column);
    memory_free(cubes);
}

static void cubes__tell_exploitation_of_presumed_victims_alone(void **state)
{
    (void)state;
    struct case_facts facts = {.exploitation = EXPLOITATION_SEXUAL,
        .gender = GENDER_FEMALE,
        .displacement = DISPLACEMENT_FLOOD,
        .district = "PK617"};
    assert_case(facts, CUBE_PRESUMED, "not-presumed", "female-adult");
    facts.presumed = facts.child = true;
    assert_case(facts, CUBE_PRESUMED, "presumed-sexual", "female-child");
    facts.exploitation = (enum exploitation)0;
    facts.gender = GENDER_UNSTATED;
    assert_case(facts, CUBE_PRESUMED, "presumed-unsaid", "other-child");
    assert_case(facts, CUBE_DISPLACEMENT, "flood", "PK6");
    assert_case(facts, CUBE_OPENED, "arrival", "unknown");
    facts.district = "";
    assert_case(facts, CUBE_DISPLACEMENT, "flood", "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cubes__have_words_that_are_read_again),
        cmocka_unit_test(dp20__no_dimension_stands_in_two_cubes_of_the_same_people),
        cmocka_unit_test(dp20__everybody_is_counted_once_in_each_cube_of_the_same_people),
        cmocka_unit_test(cubes__count_livelihood_by_the_four_districts),
        cmocka_unit_test(cubes__count_returns_by_state_in_either_code),
        cmocka_unit_test(cubes__tell_who_was_screened_flagged_and_referred),
        cmocka_unit_test(cubes__count_how_cases_ended),
        cmocka_unit_test(cubes__tell_exploitation_of_presumed_victims_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
