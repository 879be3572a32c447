/* SPDX-License-Identifier: Apache-2.0
 * What is known of a row of the board, by its times: for its picture, and the table beneath it. The board keeps a row's last
 * state and not each: what the two members said to each other between is theirs.
 */
#include "inside.h"
#include "memory.h"

enum { EVENTS_MAX = BOARD_CALLS_MAX + 5 };

struct happening {
    int64_t at_ms;
    const char *kind, *word, *shape, *whom;
};

struct happenings {
    size_t n;
    struct happening list[EVENTS_MAX];
};

/* Behind those of the same time and earlier. */
static void add(struct happenings *all, struct happening one)
{
    size_t i = all->n++;

    PROMISE(i < EVENTS_MAX);
    for (; i > 0 && all->list[i - 1].at_ms > one.at_ms; i--)
        all->list[i] = all->list[i - 1];
    all->list[i] = one;
}

static void collect(const struct board_row *row, const struct board_line *line,
    int64_t now_ms, struct happenings *all)
{
    add(all, (struct happening){row->created_ms, "event", "made", "done", NULL});
    if (row->progress != PROGRESS_REQUESTED)
        add(all, (struct happening){
                     row->since_ms, "state", progress_name(row->progress), "done", NULL});
    if (row->nudged_ms != 0)
        add(all, (struct happening){row->nudged_ms, "event", "reminded", "done", NULL});
    for (size_t i = 0; i < row->n_calls; i++)
        add(all, (struct happening){row->calls[i].at_ms, "call",
                     call_result_name(row->calls[i].result), "done",
                     call_whom_name(row->calls[i].whom)});
    add(all, (struct happening){now_ms, "event", "now", "now", NULL});
    if (line->deadline.waits != WAITS_NOTHING)
        add(all, (struct happening){line->deadline.due_ms, "waits",
                     waits_name(line->deadline.waits),
                     line->late == LATE_FULL ? "late" : "due", NULL});
}

struct json *row_events(
    const struct desk *desk, const struct board_row *row, const struct board_line *line)
{
    struct happenings all = {0};
    struct json *list = json_new_list();

    collect(row, line, desk_now_ms(desk), &all);
    for (size_t i = 0; i < all.n; i++) {
        struct json *one = json_new_object();

        json_put_time(one, "at", all.list[i].at_ms);
        json_put_text(one, "kind", all.list[i].kind);
        json_put_text(one, "word", all.list[i].word);
        json_put_text(one, "shape", all.list[i].shape);
        if (all.list[i].whom)
            json_put_text(one, "whom", all.list[i].whom);
        json_add(list, &one);
    }
    return list;
}
