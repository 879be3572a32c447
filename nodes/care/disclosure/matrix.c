/* SPDX-License-Identifier: Apache-2.0
 * The file is read into bits; after the last column every service must have been met once.
 */
#include "matrix.h"

#include <string.h>

#include "disclosure_policy.data.h"
#include "json.h"
#include "memory.h"

static const char *const CELLS[] = {"never", "if-consented", "always"};

const char *cell_name(enum cell cell)
{
    return cell >= CELL_NEVER && cell <= CELL_ALWAYS ? CELLS[cell - 1] : NULL;
}

const char *disclosure_word(uint32_t bit)
{
    if (bit == NOTE_BIT)
        return "note";
    for (int group = 1; group < GROUP_COUNT; group++)
        if (bit == GROUP_BIT(group))
            return field_group_name((enum field_group)group);
    return NULL;
}

enum status disclosure_parse(const char *word, uint32_t *ret_bit)
{
    enum field_group group;

    if (strcmp(word, "note") == 0) {
        *ret_bit = NOTE_BIT;
        return STATUS_OK;
    }
    enum status status = field_group_parse(word, &group);
    if (status == STATUS_OK)
        *ret_bit = GROUP_BIT(group);
    return status;
}

enum cell matrix_cell(const struct matrix *matrix, enum service service, uint32_t bit)
{
    if (matrix->always[service] & bit)
        return CELL_ALWAYS;
    return matrix->if_consented[service] & bit ? CELL_IF_CONSENTED : CELL_NEVER;
}

/* The bits of one column. */
static enum status read_cells(const struct json *cells, uint32_t *ret_always,
    uint32_t *ret_if, struct trouble *trouble)
{
    const char *known[GROUP_COUNT];
    size_t n = 0;

    for (int group = 1; group < GROUP_COUNT; group++)
        known[n++] = field_group_name((enum field_group)group);
    known[n++] = "note";
    enum status status = json_refuse_unknown(cells, known, n, trouble);
    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        size_t cell = 0;
        uint32_t bit = 0;

        status =
            json_need_choice(cells, known[i], CELLS, ARRAY_LENGTH(CELLS), &cell, trouble);
        if (status == STATUS_OK)
            status = disclosure_parse(known[i], &bit);
        if (status == STATUS_OK && cell + 1 == CELL_ALWAYS)
            *ret_always |= bit;
        if (status == STATUS_OK && cell + 1 == CELL_IF_CONSENTED)
            *ret_if |= bit;
    }
    if (status == STATUS_OK && !(*ret_always & GROUP_BIT(GROUP_CORE))) {
        trouble_say(trouble, "\"core\" is to be \"always\"");
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK && (*ret_always & NOTE_BIT)) {
        trouble_say(trouble, "\"note\" may not be \"always\"");
        status = STATUS_MALFORMED;
    }
    return status;
}

static enum status read_column(
    const struct json *column, struct matrix *matrix, struct trouble *trouble)
{
    static const char *const known[] = {"services", "cells"};
    const struct json *services = NULL, *cells = NULL;
    uint32_t always = 0, if_consented = 0;
    enum status status = json_refuse_unknown(column, known, ARRAY_LENGTH(known), trouble);

    if (status == STATUS_OK)
        status = json_need_list(column, "services", SERVICE_COUNT, &services, trouble);
    if (status == STATUS_OK)
        status = json_need_object(column, "cells", &cells, trouble);
    if (status == STATUS_OK)
        status = read_cells(cells, &always, &if_consented, trouble);
    for (size_t i = 0; status == STATUS_OK && i < json_count(services); i++) {
        const char *word = json_text(json_nth(services, i));
        enum service service;

        if (!word || service_parse(word, &service) != STATUS_OK) {
            trouble_say(trouble, "\"%.40s\" is no service", word ? word : "?");
            status = STATUS_MALFORMED;
        } else if (matrix->always[service] != 0) {
            trouble_say(trouble, "service \"%s\" stands in two columns", word);
            status = STATUS_MALFORMED;
        } else {
            matrix->always[service] = always;
            matrix->if_consented[service] = if_consented;
        }
    }
    return status;
}

static enum status read_head(
    const struct json *json, struct matrix *matrix, struct trouble *trouble)
{
    static const char *const known[] = {
        "policy", "version", "state", "reviewed_by", "reviewed_on", "columns"};
    static const char *const policies[] = {"disclosure"};
    static const char *const states[] = {"draft", "reviewed"};
    size_t index = 0, state = 0;
    const char *by = "", *on = "";
    enum status status = json_refuse_unknown(json, known, ARRAY_LENGTH(known), trouble);

    if (status == STATUS_OK)
        status = json_need_choice(json, "policy", policies, 1, &index, trouble);
    if (status == STATUS_OK)
        status = json_need_int(json, "version", 1, UINT32_MAX, &matrix->version, trouble);
    if (status == STATUS_OK)
        status = json_need_choice(json, "state", states, 2, &state, trouble);
    if (status == STATUS_OK)
        status =
            json_may_text(json, "reviewed_by", MATRIX_REVIEWER_BYTES_MAX, &by, trouble);
    if (status == STATUS_OK)
        status = json_may_text(json, "reviewed_on", 10, &on, trouble);
    if (status != STATUS_OK)
        return status;
    if ((state == 1) != (*by != 0) || (state == 1) != (*on != 0)) {
        trouble_say(trouble, "a reviewed policy says who reviewed it and on which day, a "
                             "draft says neither");
        return STATUS_MALFORMED;
    }
    matrix->reviewed = state == 1;
    memcpy(matrix->reviewed_by, by, strlen(by) + 1);
    return STATUS_OK;
}

enum status matrix_read(struct span text, struct matrix *ret, struct trouble *trouble)
{
    struct matrix matrix = {0};
    struct json *json = NULL;
    const struct json *columns = NULL, *column;
    const char *name;
    void *cursor = NULL;
    enum status status = json_parse(text, MATRIX_BYTES_MAX, &json, trouble);

    if (status == STATUS_OK)
        status = read_head(json, &matrix, trouble);
    if (status == STATUS_OK)
        status = json_need_object(json, "columns", &columns, trouble);
    while (status == STATUS_OK && json_each(columns, &cursor, &name, &column)) {
        status = read_column(column, &matrix, trouble);
        if (status != STATUS_OK && trouble)
            trouble_prefix(trouble, "column \"%.40s\"", name);
    }
    for (int service = 1; status == STATUS_OK && service < SERVICE_COUNT; service++)
        if (matrix.always[service] == 0) {
            trouble_say(trouble, "service \"%s\" has no column",
                service_name((enum service)service));
            status = STATUS_MALFORMED;
        }
    json_destroy(&json);
    if (status == STATUS_OK)
        *ret = matrix;
    return status;
}

enum status matrix_read_own(struct matrix *ret, struct trouble *trouble)
{
    return matrix_read(span_of(DISCLOSURE_POLICY, DISCLOSURE_POLICY_BYTES), ret, trouble);
}
