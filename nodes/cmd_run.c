/* SPDX-License-Identifier: Apache-2.0
 *
 * run: the node, in the foreground. One line on standard output says that it serves.
 */
#include <stdio.h>
#include <unistd.h>

#include "cmd.h"
#include "link.h"
#include "loop.h"
#include "serve.h"

static void say_ready(void *context, const char *socket_path)
{
    (void)context;
    (void)printf("amaan-node serves at %s\n", socket_path);
    (void)fflush(stdout);
}

/* Bell and sentence, for somebody who runs it in a terminal. A log has its own line. */
static void say_announcement(void *context, const struct announce_counts *counts)
{
    char line[ANNOUNCE_LINE_BYTES];

    (void)context;
    if (!isatty(STDERR_FILENO))
        return;
    announce_line(counts, line);
    (void)fprintf(stderr, "\a%s\n", line);
}

int cmd_run(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    struct serve_options options = {.home = arguments.words[0],
        .clock = clock_system(),
        .chance = chance_system(),
        .on_ready = say_ready,
        .on_announce = say_announcement};
    loop_block_signals();
    enum status status = link_start(1, &trouble);
    if (status == STATUS_OK)
        status = serve(&options, &trouble);
    link_stop();
    if (status != STATUS_OK)
        command_complain("%s", *trouble.text ? trouble.text : status_name(status));
    return command_exit_code(status);
}
