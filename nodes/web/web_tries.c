/* SPDX-License-Identifier: Apache-2.0 */
#include "web_tries.h"

#include <stdbool.h>
#include <string.h>

#include "memory.h"

struct row {
    bool living;
    struct hash who;
    int wrong;
    int64_t last_ms,
        before_ms; /* steady; the one before it, for a try that is taken back */
};

struct web_tries {
    struct clock *clock;
    struct row rows[WEB_TRIES_MAX];
    int64_t hour_ms; /* steady: its begin */
    int strangers;   /* in it */
};

struct web_tries *web_tries_new(struct clock *clock)
{
    struct web_tries *tries = memory_new(sizeof(*tries));

    tries->clock = clock;
    return tries;
}

void web_tries_destroy(struct web_tries **tries)
{
    if (!*tries)
        return;
    memory_wipe(*tries, sizeof(**tries));
    memory_free(*tries);
    *tries = NULL;
}

struct hash web_tries_who(const char *kind, const void *value, size_t n)
{
    const struct span parts[] = {span_of(kind, strlen(kind) + 1), span_of(value, n)};

    return hash_of_parts(parts, ARRAY_LENGTH(parts));
}

static struct row *find(struct web_tries *tries, const struct hash *who)
{
    int64_t now_ms = clock_steady_ms(tries->clock);

    for (size_t i = 0; i < WEB_TRIES_MAX; i++) {
        struct row *at = &tries->rows[i];

        if (at->living && now_ms - at->last_ms >= WEB_TRIES_FORGET_MS)
            memory_wipe(at, sizeof(*at));
        if (at->living && hash_equal(&at->who, who))
            return at;
    }
    return NULL;
}

static struct row *find_room(struct web_tries *tries)
{
    struct row *room = &tries->rows[0];

    for (size_t i = 0; i < WEB_TRIES_MAX; i++) {
        struct row *at = &tries->rows[i];

        if (!at->living)
            return at;
        if (at->wrong < room->wrong ||
            (at->wrong == room->wrong && at->last_ms < room->last_ms))
            room = at;
    }
    return room;
}

static int64_t pause_after(int wrong)
{
    int64_t pause_ms = wrong > WEB_TRIES_FREE ? WEB_TRIES_FIRST_MS : 0;

    for (int i = WEB_TRIES_FREE + 1; i < wrong && pause_ms < WEB_TRIES_LONGEST_MS; i++)
        pause_ms *= 2;
    return pause_ms < WEB_TRIES_LONGEST_MS ? pause_ms : WEB_TRIES_LONGEST_MS;
}

int64_t web_tries_wait_ms(struct web_tries *tries, const struct hash *who)
{
    const struct row *row = find(tries, who);
    int64_t until_ms = row ? row->last_ms + pause_after(row->wrong) : 0;
    int64_t now_ms = clock_steady_ms(tries->clock);

    return row && until_ms > now_ms ? until_ms - now_ms : 0;
}

void web_tries_begin(struct web_tries *tries, const struct hash *who)
{
    struct row *row = find(tries, who);
    int64_t now_ms = clock_steady_ms(tries->clock);

    if (!row) {
        row = find_room(tries);
        *row = (struct row){.living = true, .who = *who, .last_ms = now_ms};
    }
    row->wrong++;
    row->before_ms = row->last_ms;
    row->last_ms = now_ms;
}

int64_t web_tries_stranger_ms(struct web_tries *tries)
{
    int64_t now_ms = clock_steady_ms(tries->clock);

    if (now_ms - tries->hour_ms >= HOUR_MS) {
        tries->hour_ms = now_ms;
        tries->strangers = 0;
    }
    if (tries->strangers >= WEB_TRIES_STRANGERS)
        return tries->hour_ms + HOUR_MS - now_ms;
    tries->strangers++;
    return 0;
}

void web_tries_take_back_stranger(struct web_tries *tries)
{
    if (tries->strangers > 0) /* none: it began in the hour before */
        tries->strangers--;
}

void web_tries_clear(struct web_tries *tries, const struct hash *who)
{
    struct row *row = find(tries, who);

    if (row)
        memory_wipe(row, sizeof(*row));
}

void web_tries_take_back(struct web_tries *tries, const struct hash *who)
{
    struct row *row = find(tries, who);

    if (!row)
        return;
    row->last_ms = row->before_ms;
    if (--row->wrong <= 0)
        memory_wipe(row, sizeof(*row));
}
