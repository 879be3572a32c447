/* SPDX-License-Identifier: Apache-2.0
 * command.h parses by the verb's own rows; here are the options that mean the same everywhere.
 */
#include "order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "ask.h"
#include "disk.h"
#include "input.h"
#include "memory.h"

enum { TIMEOUT_S = 10, TIMEOUT_S_MAX = 86400, FIELD_BYTES = 32 };

static int find_home(struct order *order)
{
    const char *given = arguments_option(&order->arguments, "home");
    const char *environment = getenv("AMAAN_HOME"), *user = getenv("HOME");

    if (!given && environment && *environment)
        given = environment;
    if (given && *given)
        order->home = memory_copy_text(given);
    else if (user && *user)
        order->home = disk_path(user, ".local/share/amaan");
    if (!order->home) {
        command_complain("which node? Neither --home nor AMAAN_HOME nor HOME says it");
        return EX_USAGE;
    }
    order->run = disk_path(order->home, "run");
    order->socket_path = disk_path(order->run, "socket");
    if (strlen(order->socket_path) <= SOCKET_PATH_MAX)
        return EX_OK;
    command_complain("the path of the node's socket, %s, is longer than %d bytes: no "
                     "system takes that. Move the node's folder to a shorter path",
        order->socket_path, SOCKET_PATH_MAX);
    return EX_CONFIG;
}

static int find_timeout(struct order *order)
{
    const char *text = arguments_option(&order->arguments, "timeout");
    int64_t seconds = TIMEOUT_S;

    if (text && input_number(text, 1, TIMEOUT_S_MAX, &seconds) != STATUS_OK) {
        command_complain("%s: --timeout takes whole seconds, 1 to %d", order->verb->name,
            TIMEOUT_S_MAX);
        return EX_USAGE;
    }
    order->timeout_ms = seconds * SECOND_MS;
    order->deadline_ms = clock_steady_ms(order->clock) + order->timeout_ms;
    return EX_OK;
}

int order_parse(const struct command *command, int argc, char **argv, struct order *ret,
    bool *ret_done)
{
    struct order order = {.verb = verb_find(command->name),
        .clock = clock_system(),
        .chance = chance_system()};
    bool done = false;

    PROMISE(order.verb);
    int code = command_parse(command, argc, argv, order.verb->min_words,
        order.verb->max_words, &order.arguments, &done);
    if (code == EX_OK && !done)
        code = find_timeout(&order);
    if (code == EX_OK && !done && order_has_option(order.verb, "home"))
        code = find_home(&order);
    order.json = !done && code == EX_OK && arguments_flag(&order.arguments, "json");
    *ret_done = done;
    *ret = order;
    return code;
}

void order_release(struct order *order)
{
    memory_free(order->home);
    memory_free(order->run);
    memory_free(order->socket_path);
}

static void format_option(const char *name, char ret[static FIELD_BYTES])
{
    (void)snprintf(ret, FIELD_BYTES, "%s", name);
    for (char *at = strchr(ret, '_'); at; at = strchr(at, '_'))
        *at = '-';
}

const char *order_field(const struct order *order, const char *name)
{
    char option[FIELD_BYTES];

    format_option(name, option);
    return arguments_option(&order->arguments, option);
}

bool order_has_option(const struct verb *verb, const char *name)
{
    char option[FIELD_BYTES];

    format_option(name, option);
    for (const struct option_row *row = verb->options; row && row->name; row++)
        if (strcmp(row->name, option) == 0)
            return true;
    return false;
}
