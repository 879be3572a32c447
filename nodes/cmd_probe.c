/* SPDX-License-Identifier: Apache-2.0
 *
 * probe: what `amaan doctor` runs, one probe a process. By hand it runs them all, one after the other.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "json.h"
#include "link.h"
#include "memory.h"
#include "probe.h"

enum { LINE_BYTES_MAX = 16384 };

const struct option_row PROBE_OPTIONS[] = {
    {"only", 0, "PROBE", "this probe alone", false},
    {"json", 'j', NULL, "one JSON object a line", false},
    {NULL, 0, NULL, NULL, false},
};

static void print_json(const char *probe, const struct probe_answer *answer)
{
    struct json *json = json_new_object();
    struct buffer line;

    json_put_text(json, "probe", probe);
    json_put_text(json, "finding", answer->finding);
    json_put_int(json, "figure", answer->figure);
    json_put_text(json, "detail", answer->detail.text);
    buffer_init(&line, LINE_BYTES_MAX);
    PROMISE(json_print(json, &line) == STATUS_OK);
    (void)printf("%.*s\n", (int)line.used, (const char *)line.bytes);
    buffer_release(&line);
    json_destroy(&json);
}

static void print_text(const char *probe, const struct probe_answer *answer)
{
    const struct finding *finding = finding_find(answer->finding);

    (void)printf("%-9s %-11s %s%s%s%s\n", probe, finding_result_name(finding->result),
        finding->sentence, *answer->detail.text ? " (" : "", answer->detail.text,
        *answer->detail.text ? ")" : "");
}

static bool run_probes(const char *home, const char *only, bool as_json)
{
    struct probe_world world = probe_world_usual(home);
    bool good = true;

    for (size_t i = 0; i < PROBES_N; i++) {
        struct probe_answer answer;

        if ((only && strcmp(PROBES[i].name, only) != 0) ||
            !probe_run(&world, PROBES[i].name, &answer))
            continue;
        if (as_json)
            print_json(PROBES[i].name, &answer);
        else
            print_text(PROBES[i].name, &answer);
        good &= finding_find(answer.finding)->result == FINDING_OK;
    }
    return good;
}

int cmd_probe(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);
    const char *only = done || code != 0 ? NULL : arguments_option(&arguments, "only");

    if (done || code != 0)
        return code;
    if (only && (!probe_find(only) || probe_find(only)->place != PROBE_BY_HELPER)) {
        command_complain("probe: there is no probe \"%s\" of home or line", only);
        return EX_USAGE;
    }
    if (link_start(1, &trouble) != STATUS_OK) {
        command_complain("%s", trouble.text);
        return EX_SOFTWARE;
    }
    bool good = run_probes(arguments.words[0], only, arguments_flag(&arguments, "json"));
    link_stop();
    return good ? EX_OK : EXIT_NEGATIVE;
}
