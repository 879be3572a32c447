/* SPDX-License-Identifier: Apache-2.0
 * How much stands on a coordinator's board, by service and by district, and how long people wait (docs/CARE.md 19).
 */
#include "load.h"

#include "inside.h"
#include "memory.h"

_Static_assert((int)LOAD_LINES_MAX >= (int)PLACE_NUMBERS, "a line for each district");

static void put_hours(struct json *json, const char *name, int64_t ms)
{
    json_put_int(json, name, (ms + HOUR_MS / 2) / HOUR_MS);
}

static void name_line(
    const struct desk *desk, enum load_by by, unsigned key, struct json *json)
{
    const struct place *place = places_find(desk->places, key);
    char code[PLACE_CODE_BYTES];

    if (by == LOAD_BY_SERVICE) {
        json_put_text(json, "service", service_name((enum service)key));
        return;
    }
    if (!place_code_is_valid(key)) {
        json_put_text(json, "district", "none");
        return;
    }
    place_code_format(key, code);
    json_put_text(json, "district", code);
    json_put_text(json, "name", place ? place->name : code);
}

static void put_lines(
    const struct desk *desk, enum load_by by, const char *name, struct json *json)
{
    struct load_line *lines = memory_new_array(LOAD_LINES_MAX, sizeof(*lines));
    struct json *list = json_new_list();
    size_t n = load_count(
        &desk->deadlines, desk->board.rows, desk->board.n, by, desk_now_ms(desk), lines);

    for (size_t i = 0; i < n; i++) {
        struct json *one = json_new_object();

        name_line(desk, by, lines[i].key, one);
        json_put_int(one, "open", (int64_t)lines[i].open);
        json_put_int(one, "half_over", (int64_t)lines[i].half);
        json_put_int(one, "overdue", (int64_t)lines[i].overdue);
        json_put_int(one, "undelivered", (int64_t)lines[i].undelivered);
        json_put_int(one, "waiting", (int64_t)lines[i].waiting);
        put_hours(one, "median_hours", lines[i].median_ms);
        put_hours(one, "longest_hours", lines[i].longest_ms);
        json_add(list, &one);
    }
    json_give(json, name, &list);
    memory_free(lines);
}

enum status use_load(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object();

    (void)verb, (void)request, (void)problem;
    put_lines(desk, LOAD_BY_SERVICE, "services", json);
    put_lines(desk, LOAD_BY_DISTRICT, "districts", json);
    json_put_flag(json, "complete", desk->board.complete);
    *ret = json;
    return STATUS_OK;
}
