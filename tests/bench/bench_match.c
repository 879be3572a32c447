/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_match: what it costs to rank the members of a directory for one question.
 *
 * usage: bench_match MEMBERS ROUNDS
 *
 * Prints {"members","rounds","median_ms","p99_ms","offered"}. Members, capacities and questions differ, and are the same
 * in each run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "figures.h"
#include "matching.h"
#include "memory.h"

enum { MEMBERS_MAX = 5000, ROUNDS_MAX = 100000, TODAY = 20782, UNITS_EACH = 2 };

struct bench {
    size_t n;
    char (*names)[PROFILE_NAME_BYTES_MAX + 1];
    struct profile *profiles;
    struct capacity *capacities;
    struct match_candidate *candidates;
    struct match *matches;
};

static void make_member(struct bench *bench, size_t i)
{
    static const char languages[][4] = {"urd", "pus", "prs", "snd", "bal"};
    struct profile *profile = &bench->profiles[i];

    (void)snprintf(bench->names[i], sizeof bench->names[i], "member.invented-%05zu", i);
    *profile = (struct profile){.name = bench->names[i],
        .roles = 1u << (1 + i % (ROLE_COUNT - 2)),
        .n_languages = 2,
        .hours = "",
        .contact = "",
        .eligibility = {.genders = i % 3 ? 1 : 0,
            .minimum_age = i % 2 ? 18 : 0,
            .round_the_clock = i % 3,
            .n_catchment = 40,
            .protocol = "isp-1",
            .protocol_last_day = i % 50 ? TODAY : TODAY - 1}};
    memcpy(profile->languages[0], languages[i % 5], 4);
    memcpy(profile->languages[1], languages[(i + 1) % 5], 4);
    for (unsigned k = 0; k < 40; k++)
        profile->eligibility.catchment[k] = (uint16_t)(501 + k);
    for (size_t k = 0; k < UNITS_EACH; k++)
        bench->capacities[i * UNITS_EACH + k] =
            (struct capacity){.unit = k ? UNIT_PLACE : UNIT_FEMALE_BED,
                .status = i % 4 ? CAPACITY_OPEN : CAPACITY_FULL,
                .maximum = 10,
                .available = i % 4,
                .good_until_ms = TODAY * DAY_MS + (i % 2 ? HOUR_MS : -HOUR_MS)};
    bench->candidates[i] = (struct match_candidate){.profile = profile,
        .active = i % 20 != 0,
        .capacities = &bench->capacities[i * UNITS_EACH],
        .n_capacities = UNITS_EACH};
}

static size_t ask(struct bench *bench, size_t round)
{
    struct match_question question = {.service = 1 + round % 5,
        .district = (uint16_t)(501 + round % 35),
        .gender = GENDER_FEMALE,
        .age_band = AGE_18_25,
        .minor = MINOR_NO,
        .boy_age = MATCH_NO_BOY,
        .n_languages = 2,
        .languages = {"pus", "urd"},
        .tonight = round % 2,
        .protocol_day = TODAY,
        .now_ms = TODAY * DAY_MS};
    size_t offered = 0;

    match_all(&question, bench->candidates, bench->n, bench->matches);
    while (offered < bench->n && bench->matches[offered].excluded == 0)
        offered++;
    return offered;
}

int main(int argc, char **argv)
{
    long members = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    long rounds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    struct bench bench = {.n = (size_t)members};
    size_t offered = 0;

    if (members < 1 || members > MEMBERS_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: bench_match MEMBERS ROUNDS\n");
        return 64;
    }
    bench.names = memory_new_array(bench.n, sizeof *bench.names);
    bench.profiles = memory_new_array(bench.n, sizeof *bench.profiles);
    bench.capacities = memory_new_array(bench.n * UNITS_EACH, sizeof *bench.capacities);
    bench.candidates = memory_new_array(bench.n, sizeof *bench.candidates);
    bench.matches = memory_new_array(bench.n, sizeof *bench.matches);
    int64_t *took_us = memory_new_array((size_t)rounds, sizeof *took_us);

    for (size_t i = 0; i < bench.n; i++)
        make_member(&bench, i);
    for (long i = 0; i < rounds; i++) {
        int64_t start = figure_now_us();

        offered += ask(&bench, (size_t)i);
        took_us[i] = figure_now_us() - start;
    }
    (void)printf("{\"members\":%ld,\"rounds\":%ld,\"median_ms\":%.3f,\"p99_ms\":%.3f,"
                 "\"offered\":%zu}\n",
        members, rounds, figure_percentile_ms(took_us, (size_t)rounds, 50),
        figure_percentile_ms(took_us, (size_t)rounds, 99), offered / (size_t)rounds);
    memory_free(took_us);
    memory_free(bench.matches);
    memory_free(bench.candidates);
    memory_free(bench.capacities);
    memory_free(bench.profiles);
    memory_free(bench.names);
    return offered > 0 ? 0 : 1;
}
