/* SPDX-License-Identifier: Apache-2.0
 * amaan: the everyday commands of a node. Its commands are the rows of the desk's table of verbs; here is only
 * which function does which.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "memory.h"
#include "order.h"
#include "table.h"

static const struct {
    const char *verb;
    int (*run)(struct order *order);
} RUNS[] = {
    {"unlock", unlock_run},
    {"switch", unlock_run},
    {"screen-unlock", unlock_run},
    {"person-add", unlock_run},
    {"person-remove", unlock_run},
    {"person-role", unlock_run},
    {"passphrase", unlock_run},
    {"second", unlock_run},
    {"recovery-make", unlock_run},
    {"recover", launch_run},
    {"panic", launch_run},
    {"open", open_run},
    {"refer", refer_run},
    {"refer-again", form_run},
    {"preview", refer_run},
    {"inbox", list_run},
    {"sent", list_run},
    {"show", follow_run},
    {"trace", follow_run},
    {"case-open", form_run},
    {"board", form_run},
    {"match", form_run},
    {"capacity-set", form_run},
    {"enquire", form_run},
    {"answer-enquiry", form_run},
    {"case-find", form_run},
    {"case-change", form_run},
    {"case-note", form_run},
    {"case-erase", form_run},
    {"case-consent", form_run},
    {"hand-over-propose", form_run},
    {"arrivals-preview", form_run},
    {"arrivals-import", form_run},
    {"init", launch_run},
    {"join", launch_run},
    {"run", launch_run},
    {"restore", launch_run},
    {"completion", complete_run},
    {"man", man_run},
    {"doctor", doctor_run},
    {"explain", explain_run},
};

static int run_verb(const struct command *command, int argc, char **argv)
{
    struct order order = {0};
    bool done = false;
    int code = order_parse(command, argc, argv, &order, &done);

    if (code == 0 && !done) {
        int (*run)(struct order * order) = act_run;

        for (size_t i = 0; i < ARRAY_LENGTH(RUNS); i++)
            if (strcmp(RUNS[i].verb, command->name) == 0)
                run = RUNS[i].run;
        code = run(&order);
    }
    order_release(&order);
    return code;
}

/* Widths and letters of Urdu need UTF-8; where nobody set a locale, that is what we take. */
static void choose_locale(void)
{
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
    struct command *commands = memory_new_array(VERBS_N, sizeof(*commands));
    char libraries[160];

    choose_locale();
    for (size_t i = 0; i < VERBS_N; i++)
        commands[i] = (struct command){.name = VERBS[i].name,
            .summary = VERBS[i].summary,
            .arguments = VERBS[i].words,
            .examples = VERBS[i].examples,
            .options = VERBS[i].options,
            .run = run_verb};
    (void)snprintf(libraries, sizeof(libraries), "%s, %s, %s", ask_library(),
        table_library(), json_library());
    command_set_libraries(libraries);
    int code = command_main(
        "amaan", "sealed referrals, from this node", commands, VERBS_N, argc, argv);
    memory_free(commands);
    return code;
}
