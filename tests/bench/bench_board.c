/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_board: what it costs to look at a coordinator's board.
 *
 * usage: bench_board REFERRALS ROUNDS
 *
 * Prints {"referrals","rounds","median_ms","p99_ms","found"}. Rows and questions differ, and are the same in each run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "clock.h"
#include "figures.h"
#include "load.h"
#include "memory.h"

enum { REFERRALS_MAX = 1000000, ROUNDS_MAX = 100000, LINES = 200 };
#define NOW (INT64_C(20783) * DAY_MS)

static void make_row(struct board_row *row, size_t i)
{
    *row = (struct board_row){.id = (int64_t)i + 1,
        .service = (enum service)(1 + i % (SERVICE_COUNT - 1)),
        .priority = (enum priority)(1 + i % (PRIORITY_COUNT - 1)),
        .progress = (enum progress)(1 + i % (PROGRESS_COUNT - 1)),
        .created_ms = NOW - (int64_t)(i % 90) * DAY_MS - (int64_t)(i % 1440) * MINUTE_MS,
        .since_ms = NOW - (int64_t)(i % 45) * DAY_MS,
        .district = (uint16_t)(501 + i % 35)};
    row->sender.bytes[0] = (uint8_t)(i % 50);
    row->recipient.bytes[1] = (uint8_t)(i % 200);
}

/* Both countings of the page "load", as one look at it. */
static double measure_load(const struct deadline_policy *policy,
    const struct board_row *rows, size_t n, int64_t *took_us, size_t rounds)
{
    struct load_line *lines = memory_new_array(LOAD_LINES_MAX, sizeof *lines);

    for (size_t i = 0; i < rounds; i++) {
        int64_t start = figure_now_us();

        (void)load_count(policy, rows, n, LOAD_BY_SERVICE, NOW, lines);
        (void)load_count(policy, rows, n, LOAD_BY_DISTRICT, NOW, lines);
        took_us[i] = figure_now_us() - start;
    }
    memory_free(lines);
    return figure_percentile_ms(took_us, rounds, 99);
}

int main(int argc, char **argv)
{
    long n = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    long rounds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    struct board_line lines[LINES];
    struct board_totals totals = {0};
    struct deadline_policy policy;
    size_t found = 0;

    if (n < 1 || n > REFERRALS_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: bench_board REFERRALS ROUNDS\n");
        return 64;
    }
    deadlines_load(&policy);
    struct board_row *rows = memory_new_array((size_t)n, sizeof *rows);
    int64_t *took_us = memory_new_array((size_t)rounds, sizeof *took_us);
    for (size_t i = 0; i < (size_t)n; i++)
        make_row(&rows[i], i);
    for (long i = 0; i < rounds; i++) {
        struct board_question question = {.now_ms = NOW,
            .limit = LINES,
            .late_only = i % 4 == 1,
            .with_ended = i % 4 == 3};
        if (i % 4 == 2)
            question.district = (uint16_t)(501 + i % 35);
        int64_t start = figure_now_us();

        (void)board_view(&policy, rows, (size_t)n, &question, lines, &totals);
        took_us[i] = figure_now_us() - start;
        found += totals.found;
    }
    (void)printf("{\"referrals\":%ld,\"rounds\":%ld,\"median_ms\":%.3f,\"p99_ms\":%.3f,"
                 "\"found\":%zu,",
        n, rounds, figure_percentile_ms(took_us, (size_t)rounds, 50),
        figure_percentile_ms(took_us, (size_t)rounds, 99), found / (size_t)rounds);
    (void)printf("\"load_p99_ms\":%.3f}\n",
        measure_load(&policy, rows, (size_t)n, took_us, (size_t)rounds));
    memory_free(took_us);
    memory_free(rows);
    return found > 0 ? 0 : 1;
}
