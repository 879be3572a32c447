/* SPDX-License-Identifier: Apache-2.0
 *
 * init: makes the home of an exchange. Running it again changes nothing and says what is there.
 */
#include <stdio.h>
#include <sysexits.h>

#include "ask.h"
#include "commands.h"

static void tell(const struct home *home, const struct home_made *made)
{
    (void)printf("%s: %s\n", home->conf, made->conf ? "made" : "is there, unchanged");
    (void)printf("%s: %s\n", home->key,
        made->key ? "made; never copy it anywhere but into a backup"
                  : "is there, unchanged");
    (void)printf("%s: address and public key, for members' join --broker\n", home->card);
    (void)printf("Next: amaan-broker run --home %s\n", home->folder);
}

static int run_init(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct home home;
    struct home_made made;
    struct trouble trouble = {.text = ""};
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (code != EX_OK || done)
        return code;
    home_init(&home, arguments.words[0]);
    enum status status = home_make(&home,
        &(struct home_wish){.endpoint = arguments_option(&arguments, "endpoint"),
            .public = arguments_option(&arguments, "public"),
            .chance = chance_system()},
        &made, &trouble);
    if (status == STATUS_OK)
        tell(&home, &made);
    else
        code = ask_fail(status, &trouble);
    if (status == STATUS_CONFLICT)
        code = EX_CANTCREAT;
    home_release(&home);
    return code;
}

static const struct option_row OPTIONS[] = {
    {"endpoint", 'e', "ENDPOINT",
        "where to listen (tcp://127.0.0.1:7117); port 0 takes a free one", false},
    {"public", 'p', "ENDPOINT", "the same as members reach it, if that differs", false},
    {NULL, 0, NULL, NULL, false},
};

const struct command CMD_INIT = {
    .name = "init",
    .summary = "make the home of an exchange: key, settings, card for members",
    .arguments = "HOME",
    .examples = "amaan-broker init /var/lib/amaan-broker\n"
                "amaan-broker init --endpoint tcp://0.0.0.0:7117 --public "
                "tcp://exchange.example:7117 /var/lib/amaan-broker\n",
    .options = OPTIONS,
    .run = run_init,
};
