/* SPDX-License-Identifier: Apache-2.0
 * A running node tells of its database and its line, and those are then left alone.
 */
#include "examine.h"

#include <string.h>

#include "helper.h"
#include "memory.h"

struct diagnosis *examine_new(void)
{
    struct diagnosis *rows = memory_new_array(PROBES_N, sizeof(*rows));

    for (size_t i = 0; i < PROBES_N; i++)
        rows[i].probe = &PROBES[i];
    return rows;
}

static void settle(struct diagnosis *row, const char *finding)
{
    row->finding = finding_find(finding);
    PROMISE(row->finding);
}

void examine_status(const struct json *status, struct diagnosis *rows)
{
    for (size_t i = 0; i < PROBES_N; i++) {
        if (PROBES[i].place != PROBE_BY_STATUS || strcmp(PROBES[i].name, "node") == 0)
            continue;
        if (status)
            judge_status(&PROBES[i], status, &rows[i]);
        else
            settle(&rows[i], "not-asked");
    }
}

/* What the running node settles by running, so that nobody else has to look. */
static const char *settle_by_status(const char *probe, const struct json *status)
{
    if (status && strcmp(probe, "database") == 0)
        return "database-answers";
    if (strcmp(probe, "curve") == 0 && json_find_flag(status, "connected"))
        return "curve-connected";
    return NULL;
}

static void start_probe(struct helper *helper, const char *program, const char *probe,
    const struct examine *order)
{
    const char *words[] = {
        "amaan-node", "probe", "--json", "--only", probe, "--", order->home, NULL};

    helper_start(helper, program, words);
}

static void read_answer(const struct helper *helper, struct diagnosis *row)
{
    struct json *json = NULL;
    const struct finding *finding = NULL;

    if (helper->ended && json_parse(buffer_span(&helper->output), HELPER_OUTPUT_MAX,
                             &json, NULL) == STATUS_OK) {
        const char *name = json_find_text(json, "finding");
        const char *detail = json_find_text(json, "detail");

        finding = name ? finding_find(name) : NULL;
        row->figure = json_find_int(json, "figure");
        if (detail && *detail)
            trouble_say(&row->detail, "%s", detail);
    }
    json_destroy(&json);
    row->finding =
        finding
            ? finding
            : finding_find(helper->started && !helper->ended ? "no-end" : "no-helper");
}

void examine_helpers(const struct examine *order, struct diagnosis *rows)
{
    struct helper *helpers = memory_new_array(PROBES_N, sizeof(*helpers));
    char *program = order->program ? memory_copy_text(order->program) : helper_find();

    for (size_t i = 0; i < PROBES_N; i++) {
        const char *settled = settle_by_status(PROBES[i].name, order->status);

        helpers[i].fd = -1;
        if (PROBES[i].place != PROBE_BY_HELPER)
            continue;
        if (settled)
            settle(&rows[i], settled);
        else if (program)
            start_probe(&helpers[i], program, PROBES[i].name, order);
    }
    helpers_await(helpers, PROBES_N, order->timeout_ms);
    for (size_t i = 0; i < PROBES_N; i++) {
        if (PROBES[i].place == PROBE_BY_HELPER && !rows[i].finding)
            read_answer(&helpers[i], &rows[i]);
        helper_release(&helpers[i]);
    }
    memory_free(program);
    memory_free(helpers);
}

struct json *examine_format(const struct diagnosis *row)
{
    struct json *json = json_new_object();

    json_put_text(json, "probe", row->probe->name);
    json_put_text(json, "result", finding_result_name(row->finding->result));
    json_put_text(json, "finding", row->finding->name);
    json_put_text(json, "detail", row->detail.text);
    json_put_int(json, "figure", row->figure);
    return json;
}
