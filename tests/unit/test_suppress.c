/* SPDX-License-Identifier: Apache-2.0
 *
 * suppress: somebody who knows every number that is shown tries to compute one that is not. Three attackers: one adds
 * and subtracts everything with everything, one writes down all tables that would look the same, and one leaves out
 * those of which this program would have hidden other cells.
 */
#include "suppress.h"

#include "check.h"
#include "seeded.h"

enum { LINES_MAX = 4 };

static struct counts table_of(size_t rows, size_t columns, const uint32_t *cells)
{
    struct counts counts = {.rows = rows, .columns = columns};

    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            counts.at[i][j] = cells[i * columns + j];
    return counts;
}

/* Counts as they are: many small ones, some zeros, some large ones. */
static struct counts some_table(
    struct chance *chance, size_t rows, size_t columns, uint32_t most, bool structural)
{
    struct counts counts = {.rows = rows, .columns = columns};

    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            counts.at[i][j] =
                (uint32_t)chance_below(chance, chance_below(chance, 2) ? 9 : most);
    if (structural) {
        size_t i = chance_below(chance, rows), j = chance_below(chance, columns);

        counts.structural[i][j] = true;
        counts.at[i][j] = 0;
    }
    return counts;
}

/* --- what is hidden at once ---------------------------------------------------------------------------------- */

static void dp19__each_cell_and_total_below_eleven_is_hidden_and_zero_is_small(
    void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 19);
    for (int n = 0; n < 500; n++) {
        size_t rows = 2 + chance_below(chance, 5), columns = 2 + chance_below(chance, 5);
        struct counts counts = some_table(chance, rows, columns, 40, false);
        struct shown shown;
        suppress(&counts, &shown);
        for (size_t i = 0; i <= rows; i++)
            for (size_t j = 0; j <= columns; j++)
                if (counts_cell(&counts, i, j) < 11)
                    assert_false(shown.at[i][j]);
    }
}

static void suppress__shows_a_table_of_large_counts_whole(void **state)
{
    (void)state;
    static const uint32_t cells[] = {11, 12, 400, 11, 30, 99};
    struct counts counts = table_of(2, 3, cells);
    struct shown shown;
    suppress(&counts, &shown);
    for (size_t i = 0; i <= 2; i++)
        for (size_t j = 0; j <= 3; j++)
            assert_true(shown.at[i][j]);
    assert_int_equal(counts_cell(&counts, 2, 3), 563);
    assert_int_equal(counts_cell(&counts, 0, 3), 423);
    assert_int_equal(counts_cell(&counts, 2, 1), 42);
}

static void dp19__a_table_of_ten_people_shows_nothing_one_of_eleven_its_total(
    void **state)
{
    (void)state;
    static const uint32_t ten[] = {10, 0, 0, 0}, eleven[] = {11, 0, 0, 0};
    struct counts counts = table_of(2, 2, ten);
    struct shown shown;
    suppress(&counts, &shown);
    for (size_t i = 0; i <= 2; i++)
        for (size_t j = 0; j <= 2; j++)
            assert_false(shown.at[i][j]);
    counts = table_of(2, 2, eleven);
    suppress(&counts, &shown);
    for (size_t i = 0; i <= 2; i++)
        for (size_t j = 0; j <= 2; j++)
            assert_int_equal(shown.at[i][j], i == 2 && j == 2);
}

static void dp19__a_structural_zero_is_no_secret_and_hides_nobody(void **state)
{
    (void)state;
    static const uint32_t cells[] = {0, 20, 30, 40, 50, 60, 70, 80, 90};
    struct counts counts = table_of(3, 3, cells);
    struct shown shown;
    counts.structural[0][0] = true;
    suppress(&counts, &shown);
    for (size_t i = 0; i <= 3; i++)
        for (size_t j = 0; j <= 3; j++)
            assert_true(shown.at[i][j]);
    /* The same zero, if somebody could have been counted there, hides others with it. */
    counts.structural[0][0] = false;
    suppress(&counts, &shown);
    int hidden = 0;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            hidden += !shown.at[i][j];
    assert_false(shown.at[0][0]);
    assert_in_range(hidden, 4, 8);
}

static void dp19__the_grand_total_is_hidden_for_its_own_size_alone(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 20);
    for (int n = 0; n < 3000; n++) {
        size_t rows = 2 + chance_below(chance, 4), columns = 2 + chance_below(chance, 4);
        struct counts counts = some_table(chance, rows, columns, 30, false);
        struct shown shown;
        suppress(&counts, &shown);
        assert_int_equal(
            shown.at[rows][columns], counts_cell(&counts, rows, columns) >= 11);
    }
}

/* Of the largest size, mostly empty, as the tables of a small member are. */
static void suppress__settles_the_largest_table(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 24);
    struct counts counts =
        some_table(chance, COUNTS_ROWS_MAX, COUNTS_COLUMNS_MAX, 3, true);
    struct shown shown;
    for (int n = 0; n < 300; n++)
        counts.at[chance_below(chance, 40)][chance_below(chance, 32)] =
            (uint32_t)chance_below(chance, 60);
    suppress(&counts, &shown);
    assert_true(shown.at[COUNTS_ROWS_MAX][COUNTS_COLUMNS_MAX]);
}

/* --- the first attacker adds and subtracts ------------------------------------------------------------------- */

struct weights {
    int row[LINES_MAX], column[LINES_MAX], all;
};

/* The next combination of -1, 0 and 1; false after the last. What is not shown has the weight 0. */
static bool turn(int *weight, bool shown)
{
    if (!shown)
        return false;
    *weight = *weight == 1 ? -1 : *weight + 1;
    return *weight != -1;
}

static bool next_weights(
    const struct counts *counts, const struct shown *shown, struct weights *weights)
{
    if (turn(&weights->all, shown->at[counts->rows][counts->columns]))
        return true;
    for (size_t i = 0; i < counts->rows; i++)
        if (turn(&weights->row[i], shown->at[i][counts->columns]))
            return true;
    for (size_t j = 0; j < counts->columns; j++)
        if (turn(&weights->column[j], shown->at[counts->rows][j]))
            return true;
    return false;
}

/* Totals with these weights, less whatever cells are shown, are the number of people in some of the hidden cells, each
 * once: how many? -1: this combination is no number of people. */
static int64_t subtract(
    const struct counts *counts, const struct shown *shown, const struct weights *weights)
{
    int64_t people = 0;
    bool some = false;

    for (size_t i = 0; i < counts->rows; i++)
        for (size_t j = 0; j < counts->columns; j++) {
            int times = weights->row[i] + weights->column[j] + weights->all;

            if (shown->at[i][j] || counts->structural[i][j] || times == 0)
                continue;
            if (times != 1)
                return -1;
            some = true;
            people += counts->at[i][j];
        }
    return some ? people : -1;
}

static long attack_by_subtracting(const struct counts *counts)
{
    struct shown shown;
    struct weights weights = {0};
    long found = 0;

    suppress(counts, &shown);
    for (size_t i = 0; i < counts->rows; i++)
        weights.row[i] = shown.at[i][counts->columns] ? -1 : 0;
    for (size_t j = 0; j < counts->columns; j++)
        weights.column[j] = shown.at[counts->rows][j] ? -1 : 0;
    weights.all = shown.at[counts->rows][counts->columns] ? -1 : 0;
    do {
        int64_t people = subtract(counts, &shown, &weights);

        found += people >= 0;
        if (people >= 0 && people < 11)
            fail_msg("a group of %ld people can be computed", (long)people);
    } while (next_weights(counts, &shown, &weights));
    return found;
}

static void dp19__no_rows_columns_and_totals_subtract_to_fewer_than_eleven(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 21);
    long found = 0;
    for (int n = 0; n < 600; n++) {
        size_t rows = 2 + chance_below(chance, 3), columns = 2 + chance_below(chance, 3);
        struct counts counts = some_table(
            chance, rows, columns, 12 + (uint32_t)chance_below(chance, 40), n % 3 == 0);
        found += attack_by_subtracting(&counts);
    }
    assert_true(found > 1000); /* groups that can be computed, all of them large */
}

/* --- the others write down all tables that look the same ----------------------------------------- */

struct range {
    uint32_t least[LINES_MAX + 1][LINES_MAX + 1], most[LINES_MAX + 1][LINES_MAX + 1];
    long tables;
};

struct guess {
    const struct counts *truth;
    const struct shown *shown;
    struct counts tried;
    struct range range;
    bool
        knows_method; /* and leaves out the tables of which it would have hidden other cells */
};

static bool looks_the_same(const struct guess *guess)
{
    struct shown hidden;

    for (size_t i = 0; i <= guess->truth->rows; i++)
        for (size_t j = 0; j <= guess->truth->columns; j++)
            if (guess->shown->at[i][j] &&
                counts_cell(&guess->tried, i, j) != counts_cell(guess->truth, i, j))
                return false;
    if (!guess->knows_method)
        return true;
    suppress(&guess->tried, &hidden);
    for (size_t i = 0; i <= guess->truth->rows; i++)
        for (size_t j = 0; j <= guess->truth->columns; j++)
            if (hidden.at[i][j] != guess->shown->at[i][j])
                return false;
    return true;
}

static void note_table(struct guess *guess)
{
    struct range *range = &guess->range;

    for (size_t i = 0; i <= guess->truth->rows; i++)
        for (size_t j = 0; j <= guess->truth->columns; j++) {
            uint32_t count = counts_cell(&guess->tried, i, j);

            if (range->tables == 0 || count < range->least[i][j])
                range->least[i][j] = count;
            if (range->tables == 0 || count > range->most[i][j])
                range->most[i][j] = count;
        }
    range->tables++;
}

static void try_all(struct guess *guess, size_t cell, uint32_t left)
{
    size_t columns = guess->truth->columns, n = guess->truth->rows * columns;
    size_t i = cell / columns, j = cell % columns;
    uint32_t from = 0, to = left;

    if (guess->shown->at[i][j])
        from = to = guess->truth->at[i][j];
    if (cell + 1 == n)
        from = left > from ? left : from;
    for (uint32_t count = from; count <= to && count <= left; count++) {
        guess->tried.at[i][j] = count;
        if (cell + 1 < n)
            try_all(guess, cell + 1, left - count);
        else if (looks_the_same(guess))
            note_table(guess);
    }
}

static void attack_by_guessing(
    const struct counts *counts, bool knows_method, uint32_t least)
{
    struct shown shown;
    suppress(counts, &shown);
    if (!shown.at[counts->rows][counts->columns])
        return; /* nothing is known */
    struct guess guess = {.truth = counts,
        .shown = &shown,
        .knows_method = knows_method,
        .tried = {.rows = counts->rows, .columns = counts->columns}};
    try_all(&guess, 0, counts_cell(counts, counts->rows, counts->columns));
    assert_true(guess.range.tables > 0);
    for (size_t i = 0; i <= counts->rows; i++)
        for (size_t j = 0; j <= counts->columns; j++)
            if (!shown.at[i][j] &&
                guess.range.most[i][j] - guess.range.least[i][j] < least)
                fail_msg("cell %zu,%zu is between %u and %u", i, j,
                    guess.range.least[i][j], guess.range.most[i][j]);
}

static void dp19__a_hidden_cell_keeps_a_range_of_eleven_in_all_tables_that_look_the_same(
    void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 22);
    for (int n = 0; n < 150; n++) {
        struct counts counts = some_table(chance, 2, 2, 20, false);
        attack_by_guessing(&counts, false, 11);
    }
    for (int n = 0; n < 25; n++) {
        struct counts counts = some_table(chance, 2 + n % 2, 3 - n % 2, 13, false);
        attack_by_guessing(&counts, false, 11);
    }
}

/* The choice of what is hidden says little: it depends on places. */
static void dp19__who_knows_the_method_too_cannot_tell_a_hidden_cell(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 25);
    for (int n = 0; n < 40; n++) {
        struct counts counts = some_table(chance, 2, 2, 20, false);
        attack_by_guessing(&counts, true, 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp19__each_cell_and_total_below_eleven_is_hidden_and_zero_is_small),
        cmocka_unit_test(suppress__shows_a_table_of_large_counts_whole),
        cmocka_unit_test(
            dp19__a_table_of_ten_people_shows_nothing_one_of_eleven_its_total),
        cmocka_unit_test(dp19__a_structural_zero_is_no_secret_and_hides_nobody),
        cmocka_unit_test(dp19__the_grand_total_is_hidden_for_its_own_size_alone),
        cmocka_unit_test(suppress__settles_the_largest_table),
        cmocka_unit_test(dp19__no_rows_columns_and_totals_subtract_to_fewer_than_eleven),
        cmocka_unit_test(
            dp19__a_hidden_cell_keeps_a_range_of_eleven_in_all_tables_that_look_the_same),
        cmocka_unit_test(dp19__who_knows_the_method_too_cannot_tell_a_hidden_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
