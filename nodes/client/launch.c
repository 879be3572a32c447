/* SPDX-License-Identifier: Apache-2.0
 * init, join and run are done by amaan-node, which holds keys and database; this process becomes it. helper.h says
 * where it is looked for, and nowhere else: no search path decides who gets the keys.
 * It takes the home as its last word, because it has no default one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "helper.h"
#include "memory.h"
#include "order.h"

/* "--name=value", so that no value is taken for an option. On the heap. */
static char *format_option(const char *name, const char *value)
{
    size_t n = strlen(name) + (value ? strlen(value) : 0) + sizeof("--=");
    char *text = memory_new(n);

    (void)snprintf(text, n, "--%s%s%s", name, value ? "=" : "", value ? value : "");
    return text;
}

/* amaan-node's command line: the verb, what was given, the home. */
static char **make_words(const struct order *order)
{
    const struct arguments *given = &order->arguments;
    char **words = memory_new_array((size_t)given->n_options + 5, sizeof(*words));
    size_t n = 0;

    words[n++] = memory_copy_text("amaan-node");
    words[n++] = memory_copy_text(order->verb->name);
    for (int i = 0; i < given->n_options; i++)
        if (strcmp(given->options[i].name, "home") != 0)
            words[n++] = format_option(given->options[i].name, given->options[i].value);
    words[n++] = memory_copy_text("--");
    words[n] = memory_copy_text(order->home);
    return words;
}

int launch_run(struct order *order)
{
    char *path = helper_find(), *folder = helper_folder(), **words = make_words(order);

    if (path)
        (void)execv(path, words);
    command_complain("amaan-node is not where it belongs, in %s: %s",
        folder ? folder : "the folder of this program", strerror(errno));
    for (char **word = words; *word; word++)
        memory_free(*word);
    memory_free(words);
    memory_free(folder);
    memory_free(path);
    return EX_UNAVAILABLE;
}
