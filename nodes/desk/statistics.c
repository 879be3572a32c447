/* SPDX-License-Identifier: Apache-2.0
 * A month is counted once, for all of its tables: by itself when it is over, in slices; or in one go when somebody asks
 * before that (docs/CARE.md 20.3). What is stored is the printed table itself, hidden cells left out, so that no later program can show another.
 */
#include <stdio.h>
#include <string.h>

#include "cubes.h"
#include "inside.h"
#include "log.h"
#include "memory.h"
#include "months.h"

enum {
    ROWS_AT_ONCE = 200 /* a turn: some 5 ms */,
    COUNTS_LAYOUT = 1,
    COUNTS_HEAD_BYTES = 3,
    MONTH_FIELD_BYTES = 32
};

/* One count of a month under way: in slices, so that the node's loop goes on. */
/* Settled tasks before open ones: what is settled between two slices is then missed and never counted twice. */
enum { STEP_CASES, STEP_RECEIVED, STEP_SENT, STEP_SETTLED_TASKS, STEP_OPEN_TASKS, STEPS };

struct statistics_run {
    int32_t month;
    int step;
    int64_t id; /* of the last row looked at in this step; 0: none yet */
    struct task_cursor cursor;
    struct cubes cubes;
};

/* --- counting ---------------------------------------------------------------------------------------------------- */

static enum status count_case(struct desk *desk, struct statistics_run *run)
{
    struct case_row row;
    enum status status = casebook_next(desk->casebook, run->id, desk->arena, &row);

    if (status != STATUS_OK)
        return status;
    run->id = row.id;
    if (row.damaged)
        return STATUS_OK;
    if (row.outcome != OUTCOME_OPEN && month_of_day(row.closed_day) == run->month)
        cubes_add_closed(&run->cubes, row.origin, row.outcome);
    if (month_of_day(row.opened_day) == run->month) {
        struct case_facts facts = {.origin = row.origin,
            .risk = row.person.risk,
            .presumed = screening_standing(desk, &row) == SCREENED_FLAGGED,
            .exploitation = row.person.exploitation,
            .gender = row.person.gender,
            .child = person_is_child(&row.person),
            .displacement = row.displacement,
            .district = row.person.district};
        cubes_add_opened(&run->cubes, &facts);
    }
    return STATUS_OK;
}

/* The home district of a referral, or of its case when the referral does not say it (any more). */
static enum status find_district(
    struct desk *desk, const struct referral_row *row, char ret[static DISTRICT_BYTES])
{
    struct case_row found;
    struct ident ident;

    memcpy(ret, row->referral.person.district, DISTRICT_BYTES);
    if (*ret)
        return STATUS_OK;
    enum status status = casebook_find_tie(desk->casebook, row->id, &ident);
    if (status == STATUS_OK)
        status = casebook_find(desk->casebook, &ident, desk->arena, &found);
    if (status == STATUS_OK)
        memcpy(ret, found.person.district, DISTRICT_BYTES);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status count_referral(
    struct desk *desk, struct statistics_run *run, bool sent)
{
    struct referral_row row;
    char district[DISTRICT_BYTES] = "";
    enum status status = referrals_next(desk->referrals, sent, false,
        run->id == 0 ? INT64_MAX : run->id, desk->arena, &row);

    if (status != STATUS_OK)
        return status;
    run->id = row.id;
    if (row.damaged || month_of_day(row.changed_day) != run->month)
        return STATUS_OK;
    if (row.referral.service == SERVICE_LIVELIHOOD)
        status = find_district(desk, &row, district);
    struct referral_facts facts = {.sent = sent,
        .service = row.referral.service,
        .progress = row.progress,
        .district = district};
    if (status == STATUS_OK)
        cubes_add_referral(&run->cubes, &facts);
    return status;
}

/* Was a referral sent for the case? */
static enum status find_referred(struct desk *desk, const struct ident *ident, bool *ret)
{
    struct ident peer;
    int64_t referral = 0;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !*ret) {
        status = casebook_next_tie(desk->casebook, ident, referral, &referral);
        if (status == STATUS_OK)
            status = referrals_peer(desk->referrals, referral, &peer, ret);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* How far it went in the case that was made of an arrival. *ret_gone: it was erased, or the disk damaged it; then nobody
 * can say. */
static enum status find_course(struct desk *desk, const struct ident *case_id,
    struct return_facts *facts, bool *ret_gone)
{
    struct case_row row;
    enum status status = casebook_find(desk->casebook, case_id, desk->arena, &row);

    *ret_gone = status == STATUS_NOT_FOUND || (status == STATUS_OK && row.damaged);
    if (*ret_gone || status != STATUS_OK)
        return *ret_gone ? STATUS_OK : status;
    facts->screened = screening_standing(desk, &row);
    return find_referred(desk, case_id, &facts->referred);
}

static enum status count_return(
    struct desk *desk, struct statistics_run *run, bool settled)
{
    struct task_row row;
    bool gone = false;
    enum status status = tasks_next(desk->tasks, settled, &run->cursor, &row);

    if (status != STATUS_OK || row.damaged || month_of_day(row.arrival.day) != run->month)
        return status;
    struct return_facts facts = {.state = row.arrival.state,
        .type = row.arrival.return_type,
        .minor = row.arrival.minor};
    if (!ident_is_zero(&row.case_id))
        status = find_course(desk, &row.case_id, &facts, &gone);
    if (status == STATUS_OK && !gone)
        cubes_add_return(&run->cubes, &facts);
    return status;
}

static struct statistics_run *new_run(int32_t month)
{
    struct statistics_run *run = memory_new(sizeof(*run));

    run->month = month;
    cubes_clear(&run->cubes);
    return run;
}

static void destroy_run(struct statistics_run **run)
{
    if (!*run)
        return;
    memory_wipe(*run, sizeof(**run));
    memory_free(*run);
    *run = NULL;
}

/* At most so many rows more; step STEPS is the end. */
static enum status count_some(struct desk *desk, struct statistics_run *run, int rows)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && run->step < STEPS && rows-- > 0) {
        arena_reset(desk->arena);
        if (run->step == STEP_CASES)
            status = count_case(desk, run);
        else if (run->step <= STEP_SENT)
            status = count_referral(desk, run, run->step == STEP_SENT);
        else
            status = count_return(desk, run, run->step == STEP_SETTLED_TASKS);
        if (status == STATUS_NOT_FOUND) {
            run->step++;
            run->id = 0;
            run->cursor = (struct task_cursor){0};
            status = STATUS_OK;
        }
    }
    arena_reset(desk->arena);
    return status;
}

/* --- what is kept ------------------------------------------------------------------------------------------------ */

static struct json *format_words(
    enum cube cube, size_t n, const char *(*word)(enum cube cube, size_t i))
{
    struct json *list = json_new_list();

    for (size_t i = 0; i < n; i++)
        json_add_text(list, word(cube, i));
    json_add_text(list, "total");
    return list;
}

static struct json *format_cells(const struct counts *counts)
{
    struct json *cells = json_new_list();
    struct shown shown;

    suppress(counts, &shown);
    for (size_t i = 0; i <= counts->rows; i++) {
        struct json *line = json_new_list();

        for (size_t j = 0; j <= counts->columns; j++)
            if (!shown.at[i][j])
                json_add_text(line, "hidden");
            else if (i < counts->rows && j < counts->columns && counts->structural[i][j])
                json_add_text(line, "none");
            else
                json_add_int(line, counts_cell(counts, i, j));
        json_add(cells, &line);
    }
    return cells;
}

static struct json *format_table(
    struct desk *desk, enum cube cube, int32_t month, const struct counts *counts)
{
    struct json *json = json_new_object();
    struct json *rows = format_words(cube, counts->rows, cube_row);
    struct json *columns = format_words(cube, counts->columns, cube_column);
    struct json *cells = format_cells(counts);
    char period[MONTH_TEXT_BYTES];

    if (cube_is_quarterly(cube))
        quarter_format(month, period);
    else
        month_format(month, period);
    json_put_text(json, "cube", cube_name(cube));
    json_put_text(json, "period", period);
    item_put_day(json, "counted_day", desk_today(desk));
    json_put_text(json, "rows_of", cube_row_dimension(cube));
    json_put_text(json, "columns_of", cube_column_dimension(cube));
    json_give(json, "rows", &rows);
    json_give(json, "columns", &columns);
    json_give(json, "cells", &cells);
    return json;
}

static enum status publish(
    struct desk *desk, enum cube cube, int32_t month, const struct counts *counts)
{
    struct publication_place place = {month, cube, PUBLICATION_TABLE};
    struct json *table = format_table(desk, cube, month, counts);
    struct buffer text;
    enum status status;

    buffer_init(&text, PUBLICATION_BYTES_MAX);
    status = json_print(table, &text);
    if (status == STATUS_OK)
        status = publications_put(desk->publications, &place, buffer_span(&text));
    buffer_release(&text);
    json_destroy(&table);
    return status;
}

/* u8 1 | rows u8 | columns u8 | each count u32. */
static enum status keep_counts(
    struct desk *desk, enum cube cube, int32_t month, const struct counts *counts)
{
    struct publication_place place = {month, cube, PUBLICATION_COUNTS};
    size_t n = COUNTS_HEAD_BYTES + 4 * counts->rows * counts->columns;
    uint8_t *bytes = memory_new(n);
    struct writer writer = writer_over(bytes, n);

    writer_u8(&writer, COUNTS_LAYOUT);
    writer_u8(&writer, (uint8_t)counts->rows);
    writer_u8(&writer, (uint8_t)counts->columns);
    for (size_t i = 0; i < counts->rows; i++)
        for (size_t j = 0; j < counts->columns; j++)
            writer_u32(&writer, counts->at[i][j]);
    enum status status =
        publications_put(desk->publications, &place, writer_span(&writer));
    memory_wipe(bytes, n);
    memory_free(bytes);
    return status;
}

static enum status read_counts(
    struct desk *desk, enum cube cube, int32_t month, struct counts *ret)
{
    struct publication_place place = {month, cube, PUBLICATION_COUNTS};
    struct buffer bytes;
    enum status status;

    buffer_init(&bytes, PUBLICATION_BYTES_MAX);
    status = publications_find(desk->publications, &place, &bytes);
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&bytes));

        if (reader_u8(&reader) != COUNTS_LAYOUT || reader_u8(&reader) != ret->rows ||
            reader_u8(&reader) != ret->columns)
            reader_fail(&reader);
        for (size_t i = 0; i < ret->rows; i++)
            for (size_t j = 0; j < ret->columns; j++)
                ret->at[i][j] = reader_u32(&reader);
        status = reader_end(&reader) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    }
    buffer_release(&bytes);
    return status;
}

/* Appends the text of a table that was published. */
static enum status find_table(
    struct desk *desk, enum cube cube, int32_t month, struct buffer *ret)
{
    struct publication_place place = {month, cube, PUBLICATION_TABLE};

    return publications_find(desk->publications, &place, ret);
}

static enum status is_published(
    struct desk *desk, enum cube cube, int32_t month, bool *ret)
{
    struct buffer text;
    enum status status;

    buffer_init(&text, PUBLICATION_BYTES_MAX);
    status = find_table(desk, cube, month, &text);
    /* One that a bad disk spoilt was published: it is never counted again, and must not stop the node. */
    *ret = status == STATUS_OK || status == STATUS_CORRUPT;
    if (status == STATUS_CORRUPT) {
        log_event(LOG_ALARM, "record-damaged", NULL);
        status = STATUS_OK;
    }
    buffer_release(&text);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- a month, a quarter ------------------------------------------------------------------------------------------ */

static enum status publish_month(struct desk *desk, const struct statistics_run *run)
{
    enum status status = STATUS_OK;

    for (int i = CUBE_OPENED; status == STATUS_OK && i < CUBE_COUNT; i++) {
        enum cube cube = (enum cube)i;

        status = cube_is_quarterly(cube)
                     ? keep_counts(desk, cube, run->month, &run->cubes.of[i])
                     : publish(desk, cube, run->month, &run->cubes.of[i]);
    }
    return status;
}

/* The disk that burnt may have shown this month, counted from more than the backup holds: another count of it could be
 * subtracted. What was shown before the backup was made is in it. */
static enum status may_count(struct desk *desk, int32_t month, bool *ret)
{
    struct post_status post;
    enum status status = post_status(desk->options.post, &post);

    if (status == STATUS_OK)
        *ret = post.restored_ms == 0 || month >= month_of_ms(post.restored_ms);
    return status;
}

/* EXPIRED: it may have been shown before a restore, and is not here. */
static enum status settle_month(struct desk *desk, int32_t month)
{
    struct statistics_run *run;
    bool there = false, may = false;
    enum status status = is_published(desk, CUBE_OPENED, month, &there);

    if (status != STATUS_OK || there)
        return status;
    status = may_count(desk, month, &may);
    if (status != STATUS_OK || !may)
        return status == STATUS_OK ? STATUS_EXPIRED : status;
    run = new_run(month);
    while (status == STATUS_OK && run->step < STEPS)
        status = count_some(desk, run, ROWS_AT_ONCE);
    if (status == STATUS_OK)
        status = publish_month(desk, run);
    destroy_run(&run);
    return status;
}

/* The sum of three months as they were counted. When one of them is too small to show its own total, nothing of the
 * quarter is shown: the total less two totals would be that month's. */
static enum status settle_quarter(struct desk *desk, enum cube cube, int32_t month)
{
    struct cubes *cubes, *one;
    bool there = false, small = false;
    enum status status = is_published(desk, cube, month, &there);

    if (status != STATUS_OK || there)
        return status;
    cubes = memory_new(sizeof(*cubes));
    one = memory_new(sizeof(*one));
    cubes_clear(cubes);
    cubes_clear(one);
    struct counts *sum = &cubes->of[cube], *of_month = &one->of[cube];
    for (int n = QUARTER_MONTHS - 1; status == STATUS_OK && n >= 0; n--) {
        status = settle_month(desk, month_before(month, n));
        if (status == STATUS_OK)
            status = read_counts(desk, cube, month_before(month, n), of_month);
        if (status != STATUS_OK)
            break;
        counts_add(sum, of_month);
        small = small ||
                counts_cell(of_month, of_month->rows, of_month->columns) < SMALLEST_COUNT;
    }
    if (status == STATUS_OK && small)
        cubes_clear(cubes);
    if (status == STATUS_OK)
        status = publish(desk, cube, month, sum);
    memory_wipe(cubes, sizeof(*cubes));
    memory_wipe(one, sizeof(*one));
    memory_free(cubes);
    memory_free(one);
    return status;
}

static enum status add_table(
    struct desk *desk, enum cube cube, int32_t month, struct json *list)
{
    struct buffer text;
    struct json *table = NULL;
    enum status status = cube_is_quarterly(cube) ? settle_quarter(desk, cube, month)
                                                 : settle_month(desk, month);

    buffer_init(&text, PUBLICATION_BYTES_MAX);
    if (status == STATUS_OK)
        status = find_table(desk, cube, month, &text);
    if (status == STATUS_OK &&
        json_parse(buffer_span(&text), PUBLICATION_BYTES_MAX, &table, NULL) != STATUS_OK)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK)
        json_add(list, &table);
    buffer_release(&text);
    return status;
}

/* --- by itself --------------------------------------------------------------------------------------------------- */

/* The month that it is for both witnesses of time: one clock alone ends none. */
static int32_t certain_month(const struct desk *desk)
{
    int64_t now = desk_now_ms(desk), certain = post_certain_ms(desk->options.post);

    return month_of_ms(certain < now ? certain : now);
}

void statistics_stop(struct desk *desk)
{
    destroy_run(&desk->counting);
    desk->counted_before = 0;
}

bool statistics_are_due(const struct desk *desk)
{
    return !post_is_locked(desk->options.post) && !desk->casebook_lost &&
           (desk->counting || desk->counted_before != certain_month(desk));
}

enum status statistics_first_day(struct desk *desk, int64_t *ret)
{
    int32_t now = certain_month(desk), before = month_before(now, 1);
    bool there = true, may = false;
    enum status status = STATUS_OK;

    if (before >= MONTH_FIRST && before <= MONTH_LAST)
        status = is_published(desk, CUBE_OPENED, before, &there);
    if (status == STATUS_OK && !there)
        status = may_count(desk, before, &may);
    if (status == STATUS_OK)
        *ret = month_first_day(may ? before : now);
    return status;
}

static enum status begin_count(struct desk *desk, int32_t now)
{
    int32_t month = month_before(now, 1);
    bool there = true, may = false;
    enum status status = STATUS_OK;

    if (month >= MONTH_FIRST && month <= MONTH_LAST)
        status = is_published(desk, CUBE_OPENED, month, &there);
    if (status == STATUS_OK && !there)
        status = may_count(desk, month, &may);
    if (status == STATUS_OK && may)
        desk->counting = new_run(month);
    if (status == STATUS_OK)
        desk->counted_before = now;
    return status;
}

enum status statistics_work(struct desk *desk, bool *ret_more)
{
    bool there = false;
    enum status status = STATUS_OK;

    if (!statistics_are_due(desk))
        return STATUS_OK;
    if (!desk->counting)
        status = begin_count(desk, certain_month(desk));
    if (status != STATUS_OK || !desk->counting)
        return status;
    status = count_some(desk, desk->counting, ROWS_AT_ONCE);
    if (status == STATUS_OK && desk->counting->step < STEPS) {
        *ret_more = true;
        return STATUS_OK;
    }
    if (status == STATUS_OK) /* somebody may have asked meanwhile */
        status = is_published(desk, CUBE_OPENED, desk->counting->month, &there);
    if (status == STATUS_OK && !there)
        status = publish_month(desk, desk->counting);
    destroy_run(&desk->counting);
    return status;
}

/* --- the request ------------------------------------------------------------------------------------------------- */

static enum status read_month(
    struct desk *desk, const struct json *request, int32_t *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *text = NULL;
    enum status status =
        json_need_text(request, "month", MONTH_FIELD_BYTES, &text, &trouble);

    if (status == STATUS_OK && month_parse(text, ret) != STATUS_OK) {
        trouble_say(&trouble,
            "field \"month\" is to be a month such as 2026-11, from 2020-01 on");
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    if (*ret < certain_month(desk))
        return STATUS_OK;
    problem_say(problem, 409, "month-not-over",
        "%s is not over yet, or nobody else has signed a later time so far. Nothing was "
        "counted. A month is counted once, when it is over: two counts of it could be "
        "subtracted. Ask again in the next month.",
        text);
    return STATUS_CONFLICT;
}

static enum status read_cube(const struct verb *verb, const struct json *request,
    int32_t month, enum cube *ret, struct problem *problem)
{
    int word = 0;
    char last[MONTH_TEXT_BYTES];
    enum status status = desk_need_word(verb, request, "cube", &word, problem);

    *ret = (enum cube)word;
    if (status != STATUS_OK || !cube_is_quarterly(*ret) || month_ends_quarter(month))
        return status;
    while (!month_ends_quarter(month))
        month = month_before(month, -1);
    month_format(month, last);
    problem_say(problem, 400, "bad-request",
        "\"%s\" is counted by quarter. Nothing was changed. Ask with the last month of "
        "the quarter, %s.",
        cube_name(*ret), last);
    return STATUS_MALFORMED;
}

static enum status explain(
    const struct desk *desk, enum status status, struct problem *problem)
{
    if (status == STATUS_EXPIRED)
        problem_say(problem, 409, "month-lost",
            "This month, or one of its quarter, was over before the node was restored "
            "from a backup, and its count is not in the backup. It may have been "
            "printed; "
            "a second count could be subtracted from that print. Use the earlier print.");
    return case_explain(desk, status, problem);
}

enum status statistics_tables(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret_list, struct problem *problem)
{
    struct json *list = json_new_list();
    enum cube wanted = (enum cube)0;
    int32_t month = 0;
    enum status status = read_month(desk, request, &month, problem);

    if (status == STATUS_OK && json_find(request, "cube"))
        status = read_cube(verb, request, month, &wanted, problem);
    for (int i = CUBE_OPENED; status == STATUS_OK && i < CUBE_COUNT; i++) {
        enum cube cube = (enum cube)i;

        if (wanted ? cube != wanted
                   : cube_is_quarterly(cube) && !month_ends_quarter(month))
            continue;
        status = add_table(desk, cube, month, list);
        if (status == STATUS_EXPIRED && !wanted && cube_is_quarterly(cube))
            status = STATUS_OK; /* an earlier month is lost; this one may be here */
    }
    status = explain(desk, status, problem);
    if (status == STATUS_OK)
        json_give((*ret_list = json_new_object()), "items", &list);
    json_destroy(&list);
    return status;
}

enum status use_statistics(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    return statistics_tables(desk, verb, request, ret, problem);
}
