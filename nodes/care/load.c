/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include <stdlib.h>

#include "memory.h"

/* One open row. */
struct sample {
    unsigned key;
    bool waits, undelivered;
    enum late late;
    int64_t wait_ms;
};

static bool is_not_served_yet(enum waits waits)
{
    return waits == WAITS_OPENING || waits == WAITS_DECISION ||
           waits == WAITS_BEGINNING || waits == WAITS_APPOINTMENT ||
           waits == WAITS_PLACE || waits == WAITS_NEXT;
}

/* By key; those that wait last, the longest at the end. */
static int compare_samples(const void *a, const void *b)
{
    const struct sample *left = a, *right = b;

    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    if (left->waits != right->waits)
        return left->waits ? 1 : -1;
    if (left->wait_ms != right->wait_ms)
        return left->wait_ms < right->wait_ms ? -1 : 1;
    return 0;
}

static int compare_lines(const void *a, const void *b)
{
    const struct load_line *left = a, *right = b;

    if (left->open != right->open)
        return left->open > right->open ? -1 : 1;
    return left->key < right->key ? -1 : left->key > right->key;
}

static size_t take_samples(const struct deadline_policy *policy,
    const struct board_row *rows, size_t n, enum load_by by, int64_t now_ms,
    struct sample *ret)
{
    size_t taken = 0;

    for (size_t i = 0; i < n; i++) {
        struct board_line line = {.row = i};
        int64_t wait_ms = now_ms - rows[i].created_ms;

        board_look(policy, &rows[i], now_ms, &line);
        if (line.deadline.waits == WAITS_NOTHING)
            continue;
        bool waits = is_not_served_yet(line.deadline.waits);
        ret[taken++] = (struct sample){
            .key = by == LOAD_BY_SERVICE ? (unsigned)rows[i].service : rows[i].district,
            .waits = waits,
            .undelivered = rows[i].undelivered,
            .late = line.late,
            .wait_ms = waits && wait_ms > 0 ? wait_ms : 0}; /* a clock was wrong */
    }
    return taken;
}

static struct load_line sum_up(const struct sample *samples, size_t n)
{
    struct load_line line = {.key = samples[0].key, .open = n};

    for (size_t i = 0; i < n; i++) {
        line.half += samples[i].late == LATE_HALF;
        line.overdue += samples[i].late == LATE_FULL;
        line.undelivered += samples[i].undelivered;
        line.waiting += samples[i].waits;
    }
    if (line.waiting == 0)
        return line;
    const struct sample *waiting = samples + n - line.waiting;
    int64_t low = waiting[(line.waiting - 1) / 2].wait_ms;
    int64_t high = waiting[line.waiting / 2].wait_ms;
    line.median_ms = low + (high - low) / 2;
    line.longest_ms = samples[n - 1].wait_ms;
    return line;
}

size_t load_count(const struct deadline_policy *policy, const struct board_row *rows,
    size_t n, enum load_by by, int64_t now_ms,
    struct load_line ret[static LOAD_LINES_MAX])
{
    struct sample *samples = memory_new_array(n > 0 ? n : 1, sizeof(*samples));
    size_t taken = take_samples(policy, rows, n, by, now_ms, samples), lines = 0;

    qsort(samples, taken, sizeof(*samples), compare_samples);
    for (size_t from = 0, until; from < taken && lines < LOAD_LINES_MAX; from = until) {
        until = from;
        while (until < taken && samples[until].key == samples[from].key)
            until++;
        ret[lines++] = sum_up(samples + from, until - from);
    }
    memory_free(samples);
    qsort(ret, lines, sizeof(*ret), compare_lines);
    return lines;
}
