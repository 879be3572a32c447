/* SPDX-License-Identifier: Apache-2.0
 * Texts stay in the parsed JSON.
 */
#include "points.h"

#include <string.h>

#include "json.h"
#include "meeting.h"
#include "meeting_points.data.h"
#include "memory.h"

enum { FILE_BYTES_MAX = 262144 };

struct points {
    struct json *json;
    size_t n;
    struct point list[POINTS_MAX];
    bool reviewed;
};

static bool is_district(const char *text)
{
    return strlen(text) == DISTRICT_BYTES - 1 && strncmp(text, "PK", 2) == 0 &&
           strspn(text + 2, "0123456789") == 3;
}

static enum status read_point(
    const struct json *json, struct points *points, struct trouble *trouble)
{
    static const char *const known[] = {"number", "district", "eng", "urd"};
    struct point *point = &points->list[points->n];
    const char *district = "";
    int64_t number = 0;
    enum status status = json_refuse_unknown(json, known, ARRAY_LENGTH(known), trouble);

    if (status == STATUS_OK)
        status = json_need_int(json, "number", 1, MEETING_POINT_MAX, &number, trouble);
    if (status == STATUS_OK)
        status = json_need_text(json, "district", DISTRICT_BYTES - 1, &district, trouble);
    if (status == STATUS_OK)
        status = json_need_text(json, "eng", POINT_TEXT_BYTES_MAX, &point->eng, trouble);
    if (status == STATUS_OK)
        status = json_need_text(json, "urd", POINT_TEXT_BYTES_MAX, &point->urd, trouble);
    if (status != STATUS_OK)
        return status;
    if (!is_district(district) ||
        (points->n > 0 && (unsigned)number <= points->list[points->n - 1].number)) {
        trouble_say(trouble,
            "meeting point %lld: numbers rise, and the district is a "
            "P-code such as \"PK513\"",
            (long long)number);
        return STATUS_MALFORMED;
    }
    point->number = (unsigned)number;
    memcpy(point->district, district, DISTRICT_BYTES);
    points->n++;
    return STATUS_OK;
}

static enum status read_head(
    const struct json *json, struct points *points, struct trouble *trouble)
{
    static const char *const known[] = {
        "policy", "version", "state", "reviewed_by", "reviewed_on", "points"};
    static const char *const policies[] = {"meeting-points"};
    static const char *const states[] = {"draft", "reviewed"};
    const char *by = "", *on = "";
    int64_t version = 0;
    size_t policy, state = 0;
    enum status status = json_refuse_unknown(json, known, ARRAY_LENGTH(known), trouble);

    if (status == STATUS_OK)
        status = json_need_choice(json, "policy", policies, 1, &policy, trouble);
    if (status == STATUS_OK)
        status = json_need_int(json, "version", 1, UINT32_MAX, &version, trouble);
    if (status == STATUS_OK)
        status = json_need_choice(json, "state", states, 2, &state, trouble);
    if (status == STATUS_OK)
        status = json_may_text(json, "reviewed_by", 200, &by, trouble);
    if (status == STATUS_OK)
        status = json_may_text(json, "reviewed_on", 10, &on, trouble);
    if (status == STATUS_OK && (state == 1) != (by && *by && on && *on)) {
        trouble_say(trouble, "who reviewed, and on which day, is named when the state is "
                             "\"reviewed\"");
        status = STATUS_MALFORMED;
    }
    points->reviewed = state == 1;
    return status;
}

enum status points_parse(struct span text, struct points **ret, struct trouble *trouble)
{
    struct points *points = memory_new(sizeof(*points));
    const struct json *list = NULL;
    enum status status = json_parse(text, FILE_BYTES_MAX, &points->json, trouble);

    if (status == STATUS_OK)
        status = read_head(points->json, points, trouble);
    if (status == STATUS_OK)
        status = json_need_list(points->json, "points", POINTS_MAX, &list, trouble);
    for (size_t i = 0; status == STATUS_OK && i < json_count(list); i++)
        status = read_point(json_nth(list, i), points, trouble);
    if (status != STATUS_OK) {
        points_close(&points);
        return status == STATUS_TOO_BIG ? STATUS_MALFORMED : status;
    }
    *ret = points;
    return STATUS_OK;
}

enum status points_open(struct points **ret, struct trouble *trouble)
{
    return points_parse(span_of(MEETING_POINTS, MEETING_POINTS_BYTES), ret, trouble);
}

void points_close(struct points **points)
{
    if (!*points)
        return;
    json_destroy(&(*points)->json);
    memory_free(*points);
    *points = NULL;
}

size_t points_count(const struct points *points)
{
    return points->n;
}

const struct point *points_nth(const struct points *points, size_t i)
{
    return i < points->n ? &points->list[i] : NULL;
}

const struct point *points_find(const struct points *points, unsigned number)
{
    for (size_t i = 0; i < points->n; i++)
        if (points->list[i].number == number)
            return &points->list[i];
    return NULL;
}

bool points_are_reviewed(const struct points *points)
{
    return points->reviewed;
}
