/* SPDX-License-Identifier: Apache-2.0
 * One function a probe. Statuses of disk.h and node.h become findings here.
 */
#include "probe.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "disk.h"
#include "limits.h"
#include "memory.h"
#include "node.h"
#include "node_conf.h"
#include "people.h"
#include "password.h"

enum { KEY_FILE_MAX = PEOPLE_FILE_MAX, CONNECT_MS = 2000, HANDSHAKE_MS = 4000 };
/* PROTOCOL.md 3.5: an unlocked node takes mail until so much is free. */
#define FREE_BYTES_LEAST (64 * INT64_C(1024) * 1024)

struct probe_world probe_world_usual(const char *home)
{
    return (struct probe_world){.home = home,
        .room = disk_room,
        .look_up = dealer_look_up,
        .connect_ms = CONNECT_MS,
        .handshake_ms = HANDSHAKE_MS};
}

static void probe_home(const struct probe_world *world, struct probe_answer *answer)
{
    struct stat about;

    answer->finding = "home-ok";
    if (stat(world->home, &about) != 0 || !S_ISDIR(about.st_mode)) {
        trouble_say(&answer->detail, "%s: %s", world->home,
            errno == 0 ? "no folder" : strerror(errno));
        answer->finding = "home-missing";
    } else if (about.st_uid != geteuid()) {
        trouble_say(&answer->detail, "%s", world->home);
        answer->finding = "home-foreign";
    } else if ((about.st_mode & 077) != 0) {
        trouble_say(&answer->detail, "chmod 700 %s", world->home);
        answer->finding = "home-open";
    }
}

/* OK and the file; NOT_FOUND, DENIED (others may read it), or why it cannot be read. */
static enum status read_private(
    const char *home, const char *name, struct buffer *ret, struct trouble *trouble)
{
    char *path = disk_path(home, name);
    struct stat about;
    enum status status =
        lstat(path, &about) == 0 ? disk_check_private(path, trouble) : STATUS_NOT_FOUND;

    if (status == STATUS_OK)
        status = disk_read(path, KEY_FILE_MAX, ret, trouble);
    memory_free(path);
    return status;
}

enum status probe_read_link_key(
    const char *home, uint8_t ret[static 32], struct trouble *trouble)
{
    struct buffer file = {0};
    enum status status = read_private(home, "link.key", &file, trouble);

    if (status == STATUS_OK && file.used != NODE_CONF_KEY_BYTES) {
        trouble_say(trouble, "it has %zu bytes, not %d", file.used, NODE_CONF_KEY_BYTES);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        memcpy(ret, file.bytes, NODE_CONF_KEY_BYTES);
    buffer_release(&file);
    return status;
}

static void probe_link_key(const struct probe_world *world, struct probe_answer *answer)
{
    uint8_t key[NODE_CONF_KEY_BYTES];
    enum status status = probe_read_link_key(world->home, key, &answer->detail);

    memory_wipe(key, sizeof(key));
    answer->finding = status == STATUS_OK          ? "link-key-ok"
                      : status == STATUS_NOT_FOUND ? "link-key-missing"
                      : status == STATUS_DENIED    ? "link-key-open"
                                                   : "link-key-damaged";
}

static void probe_node_key(const struct probe_world *world, struct probe_answer *answer)
{
    struct buffer file = {0};
    enum status status = read_private(world->home, "node.key", &file, &answer->detail);

    if (status == STATUS_OK && people_inspect(buffer_span(&file)) != STATUS_OK)
        status = STATUS_MALFORMED;
    buffer_release(&file);
    answer->finding = status == STATUS_OK          ? "node-key-ok"
                      : status == STATUS_NOT_FOUND ? "node-key-missing"
                      : status == STATUS_DENIED    ? "node-key-open"
                                                   : "node-key-damaged";
}

static void probe_conf(const struct probe_world *world, struct probe_answer *answer)
{
    struct node_conf conf;
    enum status status = node_conf_read(world->home, &conf, &answer->detail);

    if (status == STATUS_NOT_FOUND)
        answer->finding = "conf-missing";
    else if (status != STATUS_OK)
        answer->finding = "conf-wrong";
    else
        *answer = (struct probe_answer){
            .finding = *conf.endpoint ? "conf-ok" : "conf-not-joined"};
}

/* `join` makes the database. A home whose settings cannot be read may have had one. */
static bool has_joined(const char *home)
{
    struct node_conf conf;

    return node_conf_read(home, &conf, NULL) != STATUS_OK || *conf.endpoint;
}

static void probe_database(const struct probe_world *world, struct probe_answer *answer)
{
    char *path = disk_path(world->home, "node.db");
    struct node_options options = {
        .home = world->home, .clock = clock_system(), .chance = chance_system()};
    struct node *node = NULL;
    struct stat about;

    if (lstat(path, &about) != 0) {
        answer->finding = has_joined(world->home) ? "database-missing" : "database-new";
        memory_free(path);
        return;
    }
    enum status status = node_open(&options, &node, &answer->detail);
    if (status == STATUS_OK)
        status = node_check(node, &answer->detail);
    node_close(&node);
    memory_free(path);
    answer->finding = status == STATUS_OK        ? "database-ok"
                      : status == STATUS_BUSY    ? "database-busy"
                      : status == STATUS_CORRUPT ? "database-damaged"
                      : status == STATUS_IO      ? "database-damaged"
                                                 : "database-not-read";
}

static void probe_disk(const struct probe_world *world, struct probe_answer *answer)
{
    int64_t free_bytes = 0, total_bytes = 0;

    if (world->room(world->home, &free_bytes, &total_bytes) != STATUS_OK) {
        answer->finding = "disk-unknown";
        return;
    }
    answer->figure = free_bytes / (1024 * 1024);
    trouble_say(&answer->detail, "%lld MiB of %lld are free", (long long)answer->figure,
        (long long)(total_bytes / (1024 * 1024)));
    answer->finding = free_bytes < FREE_BYTES_LEAST ? "disk-full"
                      : free_bytes < total_bytes / 100 * RAW_FREE_DISK_PERCENT
                          ? "disk-low"
                          : "disk-ok";
}

bool probe_run(
    const struct probe_world *world, const char *name, struct probe_answer *ret)
{
    static const struct {
        const char *name;
        void (*look)(const struct probe_world *world, struct probe_answer *answer);
    } looks[] = {
        {"home", probe_home},
        {"link-key", probe_link_key},
        {"node-key", probe_node_key},
        {"conf", probe_conf},
        {"database", probe_database},
        {"disk", probe_disk},
        {"name", probe_name},
        {"tcp", probe_tcp},
        {"curve", probe_curve},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(looks); i++)
        if (strcmp(looks[i].name, name) == 0) {
            *ret = (struct probe_answer){.finding = "no-helper"};
            looks[i].look(world, ret);
            return true;
        }
    return false;
}
