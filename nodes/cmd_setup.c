/* SPDX-License-Identifier: Apache-2.0
 *
 * setup: the wizard, for a home that is not ready; then the node, in the same process. What `amaan open` starts.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cmd.h"
#include "link.h"
#include "loop.h"
#include "serve.h"
#include "setup.h"
#include "wizard.h"

const struct option_row SETUP_OPTIONS[] = {
    {"needed", 0, NULL,
        "start nothing; the exit status is 0 where there is something to set up, else 1",
        false},
    {"cost", 0, "COST", "of guessing the passphrase: normal, floor, or PASSES,KIB",
        false},
    {NULL, 0, NULL, NULL, false},
};

static void say_wizard(void *context, const char *socket_path)
{
    (void)context;
    (void)printf("amaan-node sets up at %s\n", socket_path);
    (void)fflush(stdout);
}

static void say_ready(void *context, const char *socket_path)
{
    (void)context;
    (void)printf("amaan-node serves at %s\n", socket_path);
    (void)fflush(stdout);
}

static enum status run(
    const char *home, const struct wizard_end *end, struct trouble *trouble)
{
    struct serve_options options = {.home = home,
        .clock = clock_system(),
        .chance = chance_system(),
        .on_ready = end ? NULL : say_ready, /* one line; who waited for it has gone */
        .wizard = end};
    enum status status = link_start(1, trouble);

    if (status == STATUS_OK)
        status = serve(&options, trouble);
    link_stop();
    return status;
}

static enum status set_up(
    const char *home, const struct cost *cost, struct trouble *trouble)
{
    const struct wizard_options options = {.home = home,
        .clock = clock_system(),
        .chance = chance_system(),
        .cost = *cost,
        .on_ready = say_wizard};
    struct wizard_end end;
    enum status status = wizard(&options, &end, trouble);

    return status == STATUS_OK && end.ready ? run(home, &end, trouble) : status;
}

int cmd_setup(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct cost cost;
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    const char *home = arguments.words[0];
    bool ready = setup_step(home) == SETUP_READY;
    if (arguments_flag(&arguments, "needed"))
        return ready ? EXIT_NEGATIVE : EX_OK;
    if (!cmd_read_cost(arguments_option(&arguments, "cost"), &cost)) {
        command_complain("--cost is normal, floor, or PASSES,KIB");
        return EX_USAGE;
    }
    loop_block_signals();
    enum status status =
        ready ? run(home, NULL, &trouble) : set_up(home, &cost, &trouble);
    if (status != STATUS_OK)
        command_complain("%s", *trouble.text ? trouble.text : status_name(status));
    return command_exit_code(status);
}
