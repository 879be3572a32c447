/* SPDX-License-Identifier: Apache-2.0
 * init, join and run are done by amaan-node, which holds keys and database; this process becomes it. It is
 * looked for beside this program or one folder up, and nowhere else: no search path decides who gets the keys.
 */
#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "disk.h"
#include "memory.h"
#include "order.h"

enum { PATH_BYTES = 4096 };

/* The folder of this program; NULL if the kernel does not say. */
static char *find_own_folder(void)
{
    char path[PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (n <= 0 || (size_t)n >= sizeof(path) - 1)
        return NULL;
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (!slash)
        return NULL;
    *slash = 0;
    return memory_copy_text(path);
}

static void start_from(const struct order *order, const char *folder, const char *name)
{
    char *path = disk_path(folder, name);

    (void)execv(path, order->words);
    memory_free(path);
}

int launch_run(struct order *order)
{
    static const char *const places[] = {"amaan-node", "../amaan-node"};
    char *folder = find_own_folder();
    size_t n = 0;

    /* argv of amaan-node: its name, then the verb and all that was given. */
    while (order->words[n])
        n++;
    char **words = memory_new_array(n + 2, sizeof(*words));
    char name[] = "amaan-node";
    words[0] = name;
    memcpy(words + 1, order->words, n * sizeof(*words));
    struct order started = *order;
    started.words = words;
    for (size_t i = 0; folder && i < ARRAY_LENGTH(places); i++)
        start_from(&started, folder, places[i]);
    command_complain("amaan-node is not where it belongs, in %s: %s",
        folder ? folder : "the folder of this program", strerror(errno));
    memory_free(words);
    memory_free(folder);
    return EX_UNAVAILABLE;
}
