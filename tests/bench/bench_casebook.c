/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_casebook: what it costs to open a casebook: from the keys to the last case in the finder, in slices as the
 * node does it, and to find a name in it.
 *
 * usage: bench_casebook FOLDER CASES
 *
 * Makes a casebook of so many cases in the folder, opens it anew, fills the finder, asks it, rotates the epoch key. Prints
 * {"n","make_ms","open_ms","slice_ms_max","find_ms","memory_bytes","file_bytes","rotate_ms"}.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "care_schema.h"
#include "casebook.h"
#include "casebook_schema.h"
#include "figures.h"
#include "finder.h"
#include "memory.h"
#include "vault.h"

enum { CASES_MAX = 1000000, AT_ONCE = 500, DAY = 20782 };

struct bench {
    char db_path[4096], key_path[4096];
    struct db *db;
    struct casebook *casebook;
    struct box_key master;
    struct arena *arena;
    long n;
};

static bool open_it(struct bench *bench)
{
    const char *const migrations[] = {CARE_SCHEMA, CASEBOOK_SCHEMA, CASE_COPY_SCHEMA};
    struct db_options options = {.path = bench->db_path,
        .migrations = migrations,
        .n_migrations = ARRAY_LENGTH(migrations),
        .application_id = 0x62656e63,
        .wipe_freed_pages = true};
    struct trouble trouble = {""};

    if (db_open(&options, &bench->db, &trouble) != STATUS_OK) {
        fprintf(stderr, "%s\n", trouble.text);
        return false;
    }
    struct casebook_options casebook = {
        .db = bench->db, .chance = chance_system(), .key_path = bench->key_path};
    return casebook_open(&casebook, &bench->casebook, &trouble) == STATUS_OK &&
           casebook_unlock(bench->casebook, &bench->master) == STATUS_OK;
}

static void close_it(struct bench *bench)
{
    casebook_close(&bench->casebook);
    db_close(&bench->db);
}

/* Names that are different, half of them in Urdu letters. */
static void make_name(long i, char *ret, size_t size)
{
    static const char *const latin[] = {"Zarq", "Quolm", "Flim", "Wobb", "Pell"};
    static const char *const urdu[] = {"علي", "گلبانو", "زُبَیْدَہ", "نور", "فاطمة"};

    snprintf(ret, size, "%s %s%ld", i % 2 ? latin[i % 5] : urdu[i % 5],
        i % 2 ? "ona" : "خان", i);
}

static bool make_cases(struct bench *bench)
{
    bool ok = true;

    for (long i = 0; ok && i < bench->n; i++) {
        char name[64];
        struct case_row row = {.origin = ORIGIN_WALK_IN,
            .opened_day = DAY - i % 1000,
            .person = {.age_band = (enum age_band)(1 + i % 6),
                .minor = MINOR_UNKNOWN,
                .gender = GENDER_UNSTATED,
                .n_languages = 1,
                .languages = {"urd"},
                .preferred_name = name,
                .full_name = name,
                .safe_contact = "ask at the counter of the invented office",
                .risk = RISK_UNKNOWN}};

        make_name(i, name, sizeof(name));
        if (i % AT_ONCE == 0)
            ok = db_begin(bench->db) == STATUS_OK;
        ok = ok && casebook_add(bench->casebook, &row) == STATUS_OK;
        if (ok && (i % AT_ONCE == AT_ONCE - 1 || i == bench->n - 1))
            ok = db_commit(bench->db) == STATUS_OK &&
                 db_checkpoint(bench->db, 1) == STATUS_OK;
    }
    return ok;
}

/* As cases_work of the desk: a slice, a pause, the next. */
static bool fill(struct bench *bench, struct finder *finder, int64_t *ret_max_us)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        int64_t begun = figure_now_us();

        for (int i = 0; status == STATUS_OK && i < AT_ONCE; i++) {
            struct case_row row;

            arena_reset(bench->arena);
            status =
                casebook_next(bench->casebook, finder_loaded(finder), bench->arena, &row);
            if (status == STATUS_OK)
                finder_load(finder, &row);
        }
        int64_t took = figure_now_us() - begun;
        *ret_max_us = took > *ret_max_us ? took : *ret_max_us;
    }
    finder_complete(finder);
    return status == STATUS_NOT_FOUND && finder_count(finder) == (size_t)bench->n;
}

static bool rotate(struct bench *bench)
{
    bool ok = db_begin(bench->db) == STATUS_OK &&
              casebook_rotate(bench->casebook) == STATUS_OK &&
              db_commit(bench->db) == STATUS_OK;

    for (bool more = true; ok && more;) {
        more = false;
        ok = db_begin(bench->db) == STATUS_OK &&
             casebook_work(bench->casebook, DAY, &more) == STATUS_OK &&
             db_commit(bench->db) == STATUS_OK &&
             casebook_committed(bench->casebook) == STATUS_OK;
    }
    return ok;
}

static bool run(struct bench *bench)
{
    struct finder_hit hits[FINDER_HITS_MAX];
    struct finder_question question = {.name = "بانو"};
    int64_t slice_us = 0, times[5] = {figure_now_us()};
    size_t n = 0, total = 0;

    if (!open_it(bench) || !make_cases(bench))
        return false;
    close_it(bench);
    times[1] = figure_now_us();
    int64_t before = figure_memory_bytes(getpid());
    if (!open_it(bench))
        return false;
    struct finder *finder = finder_new();
    bool ok = fill(bench, finder, &slice_us);
    times[2] = figure_now_us();
    int64_t after = figure_memory_bytes(getpid());
    ok = ok && finder_ask(finder, &question, hits, &n, &total) == STATUS_OK && n > 0;
    times[3] = figure_now_us();
    ok = ok && rotate(bench);
    times[4] = figure_now_us();
    if (ok)
        printf("{\"n\":%ld,\"make_ms\":%.0f,\"open_ms\":%.0f,\"slice_ms_max\":%.1f,"
               "\"find_ms\":%.1f,\"memory_bytes\":%lld,\"file_bytes\":%lld,"
               "\"rotate_ms\":%.0f}\n",
            bench->n, (double)(times[1] - times[0]) / 1000,
            (double)(times[2] - times[1]) / 1000, (double)slice_us / 1000,
            (double)(times[3] - times[2]) / 1000, (long long)(after - before),
            (long long)db_bytes(bench->db), (double)(times[4] - times[3]) / 1000);
    finder_destroy(&finder);
    return ok;
}

int main(int argc, char **argv)
{
    struct bench bench = {.n = 0};
    char *end = NULL;

    if (argc == 3)
        bench.n = strtol(argv[2], &end, 10);
    if (argc != 3 || bench.n < 1 || bench.n > CASES_MAX || *end) {
        fprintf(stderr, "usage: bench_casebook FOLDER CASES\n");
        return 64;
    }
    snprintf(bench.db_path, sizeof(bench.db_path), "%s/bench-casebook.db", argv[1]);
    snprintf(bench.key_path, sizeof(bench.key_path), "%s/bench-case.key", argv[1]);
    if (access(bench.db_path, F_OK) == 0 || access(bench.key_path, F_OK) == 0) {
        fprintf(stderr, "%s holds a casebook of an earlier run\n", argv[1]);
        return 73;
    }
    if (vault_start(NULL) != STATUS_OK)
        return 1;
    box_new_key(chance_system(), &bench.master);
    bench.arena = arena_new(CASE_PERSON_ARENA_BYTES, CASE_PERSON_ARENA_PIECES);
    bool ok = run(&bench);
    if (!ok)
        fprintf(stderr, "%s: it failed\n", argv[1]);
    close_it(&bench);
    arena_destroy(&bench.arena);
    unlink(bench.db_path);
    unlink(bench.key_path);
    return ok ? 0 : 1;
}
