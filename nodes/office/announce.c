/* SPDX-License-Identifier: Apache-2.0
 * `..._told` goes down with the count and up only with an announcement: what lies above it has not been heard.
 */
#include "announce.h"

#include <stdio.h>

enum { PAKISTAN_HOURS_EAST = 5, HOURS_A_DAY = 24, NUMBER_BYTES = 8 };

bool announce_is_night(int64_t wall_ms)
{
    int64_t hour = wall_ms / HOUR_MS - (wall_ms % HOUR_MS < 0);

    hour = (hour % HOURS_A_DAY + HOURS_A_DAY + PAKISTAN_HOURS_EAST) % HOURS_A_DAY;
    return hour >= ANNOUNCE_NIGHT_BEGINS || hour < ANNOUNCE_NIGHT_ENDS;
}

/* Were there `n` announcements of express within that time? */
static bool were_so_many(
    const struct announce *announce, size_t n, int64_t within_ms, int64_t steady_ms)
{
    if (announce->n_express < n)
        return false;
    return steady_ms -
               announce->express_at_ms[(announce->n_express - n) % ANNOUNCE_DAY_MAX] <
           within_ms;
}

static bool express_is_due(
    const struct announce *announce, int64_t express, int64_t steady_ms)
{
    int64_t gap_ms =
        express > announce->express_told ? ANNOUNCE_RISE_GAP_MS : ANNOUNCE_REPEAT_MS;

    if (express == 0 || were_so_many(announce, ANNOUNCE_HOUR_MAX, HOUR_MS, steady_ms))
        return false;
    if (were_so_many(announce, ANNOUNCE_DAY_MAX, DAY_MS, steady_ms))
        gap_ms = ANNOUNCE_WORN_GAP_MS;
    return !were_so_many(announce, 1, gap_ms, steady_ms);
}

static bool normal_is_due(
    const struct announce *announce, int64_t normal, int64_t steady_ms, int64_t wall_ms)
{
    if (normal <= announce->normal_told || announce_is_night(wall_ms))
        return false;
    return !announce->normal_ever ||
           steady_ms - announce->normal_at_ms >= ANNOUNCE_NORMAL_GAP_MS;
}

bool announce_decide(struct announce *announce, const struct announce_counts *counts,
    int64_t steady_ms, int64_t wall_ms)
{
    int64_t express = counts->express > 0 ? counts->express : 0;
    int64_t normal = counts->normal > 0 ? counts->normal : 0;
    bool calls, tells;

    if (announce->express_told > express)
        announce->express_told = express;
    if (announce->normal_told > normal)
        announce->normal_told = normal;
    calls = express_is_due(announce, express, steady_ms);
    tells = normal_is_due(announce, normal, steady_ms, wall_ms);
    if (!calls && !tells)
        return false;
    if (calls) {
        announce->express_at_ms[announce->n_express % ANNOUNCE_DAY_MAX] = steady_ms;
        announce->n_express++;
        announce->express_told = express;
    }
    if (tells) {
        announce->normal_at_ms = steady_ms;
        announce->normal_ever = true;
    }
    announce->normal_told = normal; /* both numbers are told, whichever was the reason */
    return true;
}

static void format_number(int64_t count, char ret[static NUMBER_BYTES])
{
    if (count > ANNOUNCE_COUNT_MAX)
        (void)snprintf(ret, NUMBER_BYTES, "%d+", ANNOUNCE_COUNT_MAX);
    else
        (void)snprintf(ret, NUMBER_BYTES, "%d", count > 0 ? (int)count : 0);
}

void announce_words(const struct announce_counts *counts,
    char ret[static ANNOUNCE_WORDS][ANNOUNCE_WORD_BYTES])
{
    char express[NUMBER_BYTES], normal[NUMBER_BYTES];

    format_number(counts->express, express);
    format_number(counts->normal, normal);
    (void)snprintf(ret[0], ANNOUNCE_WORD_BYTES, "express=%s", express);
    (void)snprintf(ret[1], ANNOUNCE_WORD_BYTES, "normal=%s", normal);
    (void)snprintf(
        ret[2], ANNOUNCE_WORD_BYTES, "locked=%s", counts->locked ? "yes" : "no");
}

/* The Urdu is a draft until a native speaker has signed it. */
void announce_line(
    const struct announce_counts *counts, char ret[static ANNOUNCE_LINE_BYTES])
{
    char express[NUMBER_BYTES], normal[NUMBER_BYTES];

    format_number(counts->express, express);
    format_number(counts->normal, normal);
    (void)snprintf(ret, ANNOUNCE_LINE_BYTES,
        "Letters wait unopened: %s express, %s normal. Please come to this machine.\n"
        "خطوط کھلنے کے منتظر ہیں: %s فوری، %s عام۔ براہِ کرم اس مشین پر آئیں۔ (draft)",
        express, normal, express, normal);
}
