/* SPDX-License-Identifier: Apache-2.0
 * The rows of a coordinator's board in memory while unlocked: filled in slices, told after each commit which to read
 * again, made and moved by events (docs/CARE.md 19).
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

enum {
    ROWS_AT_ONCE = 2000, /* some 20 ms */
    BOARD_DAYS = 180     /* unheard of that long: it is over, whatever it says */
};
#define COORDINATOR (UINT32_C(1) << (ROLE_COORDINATOR - 1))

/* --- rows in memory ---------------------------------------------------------------------------------------------- */

static void fill_district(const struct desk *desk, struct board_row *row)
{
    row->district = event_district(desk, &row->sender, &row->recipient);
}

/* Ascending by id: where it stands, or would. */
static size_t find_place(const struct desk_board *board, int64_t id)
{
    size_t from = 0, until = board->n;

    while (from < until) {
        size_t middle = from + (until - from) / 2;

        if (board->rows[middle].id < id)
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

static void keep_row(struct desk *desk, struct board_row *row)
{
    struct desk_board *board = &desk->board;
    size_t at = find_place(board, row->id);

    fill_district(desk, row);
    if (at < board->n && board->rows[at].id == row->id) {
        board->rows[at] = *row;
        return;
    }
    if (board->n == board->size) {
        size_t size = board->size == 0 ? 256 : board->size * 2;
        struct board_row *rows = memory_new_array(size, sizeof(*rows));

        if (board->n > 0)
            memcpy(rows, board->rows, board->n * sizeof(*rows));
        memory_wipe(board->rows, board->n * sizeof(*rows));
        memory_free(board->rows);
        board->rows = rows;
        board->size = size;
    }
    memmove(
        &board->rows[at + 1], &board->rows[at], (board->n - at) * sizeof(*board->rows));
    board->rows[at] = *row;
    board->n++;
}

void board_forget(struct desk *desk)
{
    if (desk->board.rows)
        memory_wipe(desk->board.rows, desk->board.n * sizeof(*desk->board.rows));
    memory_free(desk->board.rows);
    desk->board = (struct desk_board){0};
}

void board_touch(struct desk *desk, int64_t id)
{
    struct desk_board *board = &desk->board;

    if (board->n_touched < DESK_TOUCHED_MAX)
        board->touched[board->n_touched] = id;
    board->n_touched++;
}

static enum status load(struct desk *desk)
{
    struct desk_board *board = &desk->board;
    struct board_row row;
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK && i < ROWS_AT_ONCE; i++) {
        status = boards_next(desk->boards, &board->loaded_id, &row);
        if (status == STATUS_OK)
            keep_row(desk, &row);
        if (status == STATUS_CORRUPT) {
            log_event(LOG_ALARM, "record-damaged", NULL);
            status = STATUS_OK;
        }
    }
    board->complete = status == STATUS_NOT_FOUND;
    return board->complete ? STATUS_OK : status;
}

bool board_is_due(const struct desk *desk)
{
    return !desk->board.complete && !post_is_locked(desk->options.post);
}

enum status board_work(struct desk *desk, bool *ret_more)
{
    if (post_is_locked(desk->options.post))
        return STATUS_OK;
    int64_t day = post_certain_ms(desk->options.post) / DAY_MS - BOARD_DAYS;
    if (desk->board.dropped_day != day) {
        enum status status = boards_drop(desk->boards, day);

        if (status != STATUS_OK)
            return status;
        board_forget(desk); /* read again without them */
        desk->board.dropped_day = day;
    }
    if (desk->board.complete)
        return STATUS_OK;
    enum status status = load(desk);
    *ret_more = *ret_more || !desk->board.complete;
    return status;
}

enum status board_committed(struct desk *desk)
{
    struct desk_board *board = &desk->board;
    enum status status = STATUS_OK;
    size_t n = board->n_touched;

    board->n_touched = 0;
    if (n > DESK_TOUCHED_MAX) {
        int64_t day = board->dropped_day;

        board_forget(desk);
        desk->board.dropped_day = day;
        return STATUS_OK;
    }
    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        struct board_row row;

        status = boards_get(desk->boards, board->touched[i], &row);
        if (status == STATUS_OK)
            keep_row(desk, &row);
        if (status == STATUS_NOT_FOUND || status == STATUS_LOCKED ||
            status == STATUS_CORRUPT)
            status = STATUS_OK;
    }
    return status;
}

/* --- what events do to it ---------------------------------------------------------------------------------------- */

/* Those who were shown a row hear from this node how it goes on: its members tell only the one who is responsible. */
static enum status pass_on(
    struct desk *desk, struct board_row *row, const struct event *event)
{
    bool moved = event->step == EVENT_MOVED || event->step == EVENT_SETTLED;
    int64_t told;

    if (!row->escalated || row->relayed || !moved)
        return STATUS_OK;
    fill_district(desk, row);
    return board_escalate(desk, row, &told);
}

enum status board_hear(
    struct desk *desk, const struct ident *from, const struct event *event, int64_t at_ms)
{
    bool by_sender = event->side == SIDE_OF_SENDER;
    const struct ident *sender = by_sender ? from : &event->member;
    struct board_row row;

    if (event->step == EVENT_ESCALATE) {
        const struct profile *profile = directory_find(desk->directory, from);

        if (!profile || !(profile->roles & COORDINATOR)) {
            log_event(LOG_ALARM, "event-not-applied", "reason=%s", "no-coordinator");
            return STATUS_OK;
        }
        sender = &event->sender;
    }
    enum status status = boards_find(
        desk->boards, event->reference, sender, by_sender ? &event->member : from, &row);
    if (status == STATUS_CORRUPT) {
        log_event(LOG_ALARM, "record-damaged", NULL);
        return STATUS_OK;
    }
    if (status == STATUS_NOT_FOUND) {
        board_begin(event, from, at_ms, &row);
        status = boards_add(desk->boards, &row, from, desk_today(desk));
    } else if (status == STATUS_OK) {
        status = board_apply(&row, event, from, at_ms);
        if (status != STATUS_OK) {
            if (status != STATUS_EXISTS)
                log_event(LOG_WARNING, "event-not-applied", "reason=%s step=%s",
                    status_name(status), event_step_name(event->step));
            return STATUS_OK;
        }
        status = boards_change(desk->boards, &row, desk_today(desk));
    }
    if (status == STATUS_OK)
        board_touch(desk, row.id);
    return status == STATUS_OK ? pass_on(desk, &row, event) : status;
}
