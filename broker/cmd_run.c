/* SPDX-License-Identifier: Apache-2.0
 *
 * run: the exchange itself (serve.h), until it is told to end.
 */
#include <sysexits.h>

#include "ask.h"
#include "commands.h"
#include "log.h"
#include "serve.h"
#include "vault.h"

static enum status serve(const struct home *home, struct trouble *trouble)
{
    struct conf conf;
    enum status status = vault_harden_process(trouble);

    if (status == STATUS_OK)
        status = home_check(home, trouble);
    if (status == STATUS_OK)
        status = conf_read(home->conf, &conf, trouble);
    if (status)
        return status;
    log_set_level(conf.log_level);
    return serve_run(&(struct serve_options){.home = home,
                         .conf = &conf,
                         .clock = clock_system(),
                         .chance = chance_system()},
        trouble);
}

static int run_run(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct home home;
    struct trouble trouble = {.text = ""};
    int code = EX_OK;

    if (!ask_parse(command, argc, argv, 0, &arguments, &home, &code))
        return code;
    enum status status = serve(&home, &trouble);
    if (status)
        code = ask_fail(status, &trouble);
    if (status == STATUS_NOT_FOUND)
        code = EX_NOINPUT;
    if (status == STATUS_CORRUPT)
        code = EX_IOERR;
    home_release(&home);
    return code;
}

static const struct option_row OPTIONS[] = {
    ASK_HOME_OPTION,
    {NULL, 0, NULL, NULL, false},
};

const struct command CMD_RUN = {
    .name = "run",
    .summary = "serve members until told to end (SIGTERM)",
    .arguments = "",
    .examples = "amaan-broker run --home /var/lib/amaan-broker\n",
    .options = OPTIONS,
    .run = run_run,
};
