/* SPDX-License-Identifier: Apache-2.0
 * Finding cases, and keeping the finder current: filled in slices after unlocking, and told after each commit which cases
 * to read again.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

enum { CASES_LOADED_AT_ONCE = 500 }; /* some 20 ms */

/* --- finding ------------------------------------------------------------------------------------------------------------- */

static enum status read_days(
    const struct json *request, struct finder_question *question, struct trouble *trouble)
{
    int64_t from_ms = INT64_MIN, until_ms = INT64_MIN;
    enum status status = json_may_time(request, "from", &from_ms, trouble);

    if (status == STATUS_OK)
        status = json_may_time(request, "until", &until_ms, trouble);
    if (status != STATUS_OK)
        return status;
    question->has_days = from_ms != INT64_MIN || until_ms != INT64_MIN;
    question->from_day = from_ms == INT64_MIN ? 0 : from_ms / DAY_MS;
    question->until_day = until_ms == INT64_MIN ? INT64_MAX : until_ms / DAY_MS;
    return STATUS_OK;
}

/* Field "reference": the alias of a case, or the reference of a referral that belongs to one. */
static enum status read_reference(struct desk *desk, const struct json *request,
    char alias[static REFERENCE_BYTES], struct problem *problem)
{
    struct referral_row referral;
    struct ident ident;
    enum status status = case_read_alias(request, "reference", alias, problem);

    if (status != STATUS_OK ||
        referrals_find(desk->referrals, alias, desk->arena, &referral) != STATUS_OK ||
        casebook_find_tie(desk->casebook, referral.id, &ident) != STATUS_OK)
        return status;
    return case_alias(desk, &ident, alias);
}

static enum status read_question(struct desk *desk, const struct verb *verb,
    const struct json *request, struct finder_question *question,
    char alias[static REFERENCE_BYTES], struct problem *problem)
{
    struct trouble trouble = {""};
    int age_band = 0;
    enum status status =
        json_may_text(request, "name", FULL_NAME_BYTES_MAX, &question->name, &trouble);

    if (status == STATUS_OK)
        status = json_may_flag(request, "open", &question->open_only, &trouble);
    if (status == STATUS_OK)
        status = read_days(request, question, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    if (json_find(request, "age_band"))
        status = desk_need_word(verb, request, "age_band", &age_band, problem);
    question->age_band = (enum age_band)age_band;
    if (status == STATUS_OK && json_find(request, "reference")) {
        status = read_reference(desk, request, alias, problem);
        question->alias = alias;
    }
    return status;
}

static enum status add_found(
    struct desk *desk, const struct ident *ident, struct json *items)
{
    struct case_row row;
    enum status status;

    arena_reset(desk->arena);
    status = casebook_find(desk->casebook, ident, desk->arena, &row);
    if (status == STATUS_OK) {
        struct json *one = case_format(&row);

        json_add(items, &one);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* By number: the casebook itself is asked, whatever the finder knows. */
static enum status find_numbers(struct desk *desk, const struct json *request,
    struct json *items, bool *ret_asked, struct problem *problem)
{
    enum status status = STATUS_OK;

    for (int kind = 1; status == STATUS_OK && kind < NUMBER_COUNT; kind++) {
        struct hash hash;
        struct ident ident;
        bool given = false;

        status = case_read_number(
            desk, request, (enum number_kind)kind, &given, &hash, problem);
        if (status != STATUS_OK || !given)
            continue;
        *ret_asked = true;
        status = casebook_find_number(desk->casebook, &hash, NULL, &ident);
        if (status == STATUS_OK)
            status = add_found(desk, &ident, items);
        else if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    return status;
}

static enum status find_others(struct desk *desk, const struct finder_question *question,
    struct json *items, size_t *ret_total, struct problem *problem)
{
    struct finder_hit hits[FINDER_HITS_MAX];
    size_t n = 0;
    enum status status = finder_ask(desk->finder, question, hits, &n, ret_total);

    if (status != STATUS_OK)
        problem_say(problem, 400, "bad-request",
            "Field \"name\" is not understood. Nothing was changed.");
    for (size_t i = 0; status == STATUS_OK && i < n; i++)
        status = add_found(desk, &hits[i].ident, items);
    return status;
}

enum status use_case_find(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct finder_question question = {0};
    char alias[REFERENCE_BYTES];
    struct json *items = json_new_list(), *answer;
    bool by_number = false;
    size_t total = 0;
    enum status status = desk->casebook_lost ? STATUS_LOCKED : STATUS_OK;

    if (status == STATUS_OK)
        status = read_question(desk, verb, request, &question, alias, problem);

    if (status == STATUS_OK)
        status = find_numbers(desk, request, items, &by_number, problem);
    if (status == STATUS_OK && !by_number)
        status = find_others(desk, &question, items, &total, problem);
    if (status != STATUS_OK) {
        json_destroy(&items);
        return case_explain(desk, status, problem);
    }
    answer = json_new_object();
    json_put_int(answer, "found", (int64_t)(by_number ? json_count(items) : total));
    json_put_flag(answer, "complete", by_number || finder_is_complete(desk->finder));
    json_give(answer, "items", &items);
    *ret = answer;
    return STATUS_OK;
}

/* --- keeping the finder current ------------------------------------------------------------------------------------- */

void case_touch(struct desk *desk, const struct ident *ident)
{
    if (desk->n_touched < DESK_TOUCHED_MAX)
        desk->touched[desk->n_touched] = *ident;
    desk->n_touched++;
}

/* A slice of what the finder has yet to read. */
static enum status load_finder(struct desk *desk, bool *ret_more)
{
    struct arena *arena = arena_new(CASE_PERSON_ARENA_BYTES, CASE_PERSON_ARENA_PIECES);
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK && i < CASES_LOADED_AT_ONCE; i++) {
        struct case_row row;

        arena_reset(arena);
        status = casebook_next(desk->casebook, finder_loaded(desk->finder), arena, &row);
        if (status == STATUS_OK)
            finder_load(desk->finder, &row);
    }
    arena_destroy(&arena);
    if (status == STATUS_OK)
        *ret_more = true;
    if (status != STATUS_NOT_FOUND)
        return status;
    finder_complete(desk->finder);
    return STATUS_OK;
}

enum status cases_work(struct desk *desk, bool *ret_more)
{
    bool more = false;
    enum status status = STATUS_OK;

    if (post_is_locked(desk->options.post) || desk->casebook_lost)
        return STATUS_OK;
    if (!finder_is_complete(desk->finder))
        status = load_finder(desk, &more);
    if (status == STATUS_OK)
        status = casebook_work(desk->casebook, desk_today(desk), &more);
    desk->busy = more;
    *ret_more = *ret_more || more;
    return status;
}

static enum status follow(struct desk *desk, const struct ident *ident)
{
    struct case_row row;
    enum status status = casebook_find(desk->casebook, ident, desk->arena, &row);

    if (status == STATUS_OK)
        finder_put(desk->finder, &row);
    else if (status == STATUS_NOT_FOUND)
        finder_remove(desk->finder, ident);
    return status == STATUS_NOT_FOUND || status == STATUS_LOCKED ? STATUS_OK : status;
}

enum status cases_committed(struct desk *desk)
{
    enum status status = STATUS_OK;

    if (desk->n_touched > DESK_TOUCHED_MAX) { /* read all of them again */
        finder_clear(desk->finder);
        desk->busy = true;
    } else {
        for (size_t i = 0; status == STATUS_OK && i < desk->n_touched; i++) {
            arena_reset(desk->arena);
            status = follow(desk, &desk->touched[i]);
        }
    }
    desk->n_touched = 0;
    arena_reset(desk->arena);
    if (status == STATUS_OK)
        status = casebook_committed(desk->casebook);
    if (status == STATUS_FULL) { /* the next commit tries again */
        log_event(LOG_ALARM, "disk-full", NULL);
        status = STATUS_OK;
    }
    return status;
}
