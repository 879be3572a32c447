/* SPDX-License-Identifier: Apache-2.0
 * The node is asked first: a running one tells of its database and its line, and those are then left alone. All
 * other probes are processes, started together, so that none hides or delays another. A report holds words of
 * findings.h, numbers, and nothing that was met: no detail goes into it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sysexits.h>

#include "disk.h"
#include "examine.h"
#include "memory.h"
#include "print.h"
#include "request.h"

enum { REPORT_BYTES_MAX = 65536, CELL_BYTES = TROUBLE_BYTES + 512, FINDING_BYTES = 32 };

struct rows {
    struct diagnosis *row; /* PROBES_N */
    struct json *status;   /* of the running node, or NULL */
};

static void settle(struct diagnosis *row, const char *finding)
{
    row->finding = finding_find(finding);
    PROMISE(row->finding);
}

/* --- the running node ------------------------------------------------------------------------------------ */

static const char *ask_status(
    const struct order *order, struct json **ret, struct trouble *trouble)
{
    struct request request = {
        .verb = verb_find("status"), .timeout_ms = order->timeout_ms};
    struct reply reply = {0};
    const char *finding = "node-runs";

    switch (request_try(order, &request, &reply, trouble)) {
    case STATUS_OK:
        if (reply.http < 300) {
            *ret = reply.json;
            reply.json = NULL;
        } else {
            finding = reply.http == 503 ? "node-silent" : "node-strange";
        }
        break;
    case STATUS_CLOSED:
        finding = "node-stopped";
        break;
    case STATUS_TIMEOUT:
        finding = "node-silent";
        break;
    default:
        finding = "node-strange";
        break;
    }
    reply_release(&reply);
    return finding;
}

static void ask_running_node(const struct order *order, struct rows *rows)
{
    for (size_t i = 0; i < PROBES_N; i++)
        if (strcmp(PROBES[i].name, "node") == 0)
            settle(&rows->row[i], ask_status(order, &rows->status, &rows->row[i].detail));
    examine_status(rows->status, rows->row);
}

static void run_helpers(const struct order *order, struct rows *rows)
{
    const struct examine examine = {
        .home = order->home, .status = rows->status, .timeout_ms = order->timeout_ms};

    examine_helpers(&examine, rows->row);
}

/* --- what is said ---------------------------------------------------------------------------------------- */

static void print_json_row(const struct diagnosis *row)
{
    struct json *json = json_new_object();

    json_put_text(json, "probe", row->probe->name);
    json_put_text(json, "looks_at", row->probe->looks_at);
    json_put_text(json, "result", finding_result_name(row->finding->result));
    json_put_text(json, "finding", row->finding->name);
    json_put_text(json, "sentence", row->finding->sentence);
    json_put_text(json, "detail", row->detail.text);
    json_put_int(json, "figure", row->figure);
    print_line(json);
    json_destroy(&json);
}

static void print_table(const struct rows *rows)
{
    static const char *const titles[] = {"PROBE", "LOOKS AT", "RESULT", "WHAT", NULL};
    static const char *const colours[] = {[FINDING_OK] = "green",
        [FINDING_WARNING] = "yellow",
        [FINDING_FAILED] = "red",
        [FINDING_UNTOLD] = "bold"};
    struct table *table = table_new(titles, true);

    for (size_t i = 0; i < PROBES_N; i++) {
        const struct diagnosis *row = &rows->row[i];
        char what[CELL_BYTES];

        (void)snprintf(what, sizeof(what), "%s%s%s%s", row->finding->sentence,
            *row->detail.text ? " (" : "", row->detail.text,
            *row->detail.text ? ")" : "");
        table_add(table, (const char *const[]){row->probe->name, row->probe->looks_at,
                             finding_result_name(row->finding->result), what});
        table_paint(table, 2, colours[row->finding->result]);
    }
    table_print(table);
    table_destroy(&table);
}

static void put_line(struct buffer *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void put_line(struct buffer *report, const char *format, ...)
{
    char line[CELL_BYTES];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(line, sizeof(line), format, list);
    va_end(list);
    PROMISE(buffer_put(report, line, strlen(line)) == STATUS_OK);
}

static void write_report(const struct rows *rows, struct buffer *report)
{
    struct utsname machine;

    if (uname(&machine) != 0) /* its node name is nobody's business */
        memset(&machine, 0, sizeof(machine));
    put_line(report, "amaan doctor, report 1\namaan %s\n%s %s\n\n", AMAAN_VERSION,
        machine.sysname, machine.machine);
    for (size_t i = 0; i < PROBES_N; i++) {
        const struct diagnosis *row = &rows->row[i];

        put_line(report, "%-9s %-11s %-19s %8lld  %s\n", row->probe->name,
            finding_result_name(row->finding->result), row->finding->name,
            (long long)row->figure, row->finding->sentence);
    }
}

/* To standard output, or to a new file that only this user reads. */
static int give_report(const struct rows *rows, const char *path)
{
    struct trouble trouble = {""};
    struct buffer report;
    enum status status = STATUS_OK;

    buffer_init(&report, REPORT_BYTES_MAX);
    write_report(rows, &report);
    if (strcmp(path, "-") == 0)
        (void)fwrite(report.bytes, 1, report.used, stdout);
    else
        status = disk_write_new(path, buffer_span(&report), 0600, &trouble);
    buffer_release(&report);
    if (status != STATUS_OK) {
        command_complain("doctor: %s",
            *trouble.text ? trouble.text : "there is such a file; nothing was written");
        return EX_CANTCREAT;
    }
    if (strcmp(path, "-") != 0)
        (void)fprintf(stderr,
            "The report is in %s. It names nobody; read it before you give it away.\n",
            path);
    return EX_OK;
}

/* 0: all is well. What could not be told for want of time or of amaan-node is no well-being. */
static int judge_rows(const struct rows *rows)
{
    int code = EX_OK;

    for (size_t i = 0; i < PROBES_N; i++) {
        const struct finding *finding = rows->row[i].finding;

        if (finding->result == FINDING_WARNING || finding->result == FINDING_FAILED)
            return EXIT_NEGATIVE;
        if (strcmp(finding->name, "no-helper") == 0)
            code = EX_UNAVAILABLE;
        else if (strcmp(finding->name, "no-end") == 0 && code == EX_OK)
            code = EX_TEMPFAIL;
    }
    return code;
}

int doctor_run(struct order *order)
{
    const char *report = arguments_option(&order->arguments, "report");
    struct rows rows = {.row = examine_new()};
    int code;

    ask_running_node(order, &rows);
    run_helpers(order, &rows);
    code = judge_rows(&rows);
    if (report && give_report(&rows, report) != EX_OK)
        code = EX_CANTCREAT;
    if (order->json && !(report && strcmp(report, "-") == 0))
        for (size_t i = 0; i < PROBES_N; i++)
            print_json_row(&rows.row[i]);
    else if (!(report && strcmp(report, "-") == 0))
        print_table(&rows);
    json_destroy(&rows.status);
    memory_free(rows.row);
    return code;
}
