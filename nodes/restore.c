/* SPDX-License-Identifier: Apache-2.0
 * node.key is written last: a restore that was cut short left no node that could be started.
 */
#include "restore.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "backup.h"
#include "disk.h"
#include "erased.h"
#include "memory.h"
#include "people.h"
#include "node_inside.h"

/* What is in the file, all of it proven. */
struct found {
    struct backup_head head;
    struct buffer key_file, content;
    struct backup_parts parts;
    struct node_conf conf;
    struct buffer erased; /* the list of cases that are to be erased again, as it is */
    uint64_t n_erased;
    bool list_broken;
};

static enum status check_home(const char *home, struct trouble *trouble)
{
    static const char *const names[] = {"node.key", "node.conf", "node.db",
        "node.db.counter", "link.key", "case.key", NODE_ERASED};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char *path = disk_path(home, names[i]);
        struct stat about;
        bool there = lstat(path, &about) == 0;

        memory_free(path);
        if (!there)
            continue;
        trouble_say(trouble,
            "%s holds a node, or the beginning of one (%s). Nothing was changed. Choose "
            "an empty folder.",
            home, names[i]);
        return STATUS_EXISTS;
    }
    return STATUS_OK;
}

/* The list that lies beside the backup (erased.h). Without it the backup is as good as it was. */
static void read_erased(
    const char *from, struct found *found, const struct box_key *master)
{
    const char *slash = strrchr(from, '/');
    char *folder = memory_copy_text(slash ? from : ".");

    if (slash)
        folder[slash == from ? 1 : slash - from] = 0;
    char *path = erased_path(folder, &found->head.node_id);
    struct buffer idents;
    enum status status;

    buffer_init(&idents, ERASED_CASES_MAX * IDENT_BYTES);
    status = erased_read(path, &found->head.node_id, master, &idents, NULL);
    found->list_broken = status != STATUS_OK && status != STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = disk_read(path, ERASED_FILE_BYTES_MAX, &found->erased, NULL);
    if (status == STATUS_OK)
        found->n_erased = idents.used / IDENT_BYTES;
    buffer_release(&idents);
    memory_free(path);
    memory_free(folder);
}

static enum status open_content(
    const struct restore *request, struct found *found, struct trouble *trouble)
{
    struct people *people = NULL;
    enum status status = people_break(buffer_span(&found->key_file),
        request->person ? request->person : "", request->passphrase, chance_system(),
        &people);

    if (status == STATUS_DENIED)
        trouble_say(trouble,
            "This is not a passphrase of the node.key in the backup, or the file was "
            "changed. Nothing was changed. Try again, or take another generation.");
    else if (status == STATUS_NOT_FOUND)
        trouble_say(trouble,
            "Several people are in the node.key of the backup: say whose "
            "passphrase it is with --person NAME. Nothing was changed.");
    else if (status == STATUS_FULL)
        trouble_say(trouble, "There is not enough memory to try the passphrase. Nothing "
                             "was changed. Close programs and try again.");
    else if (status != STATUS_OK)
        trouble_say(trouble, "The backup holds no node.key that this program can open. "
                             "Nothing was changed.");
    if (status == STATUS_OK)
        status = backup_open(request->from, &people_keys(people)->master, &found->content,
            &found->parts, trouble);
    if (status == STATUS_OK)
        read_erased(request->from, found, &people_keys(people)->master);
    people_destroy(&people);
    return status;
}

static enum status check_content(struct found *found, struct trouble *trouble)
{
    const char *scripts[NODE_SCRIPTS_MAX];
    struct db_options options = {.path = "the backup's database",
        .migrations = scripts,
        .n_migrations = node_scripts(scripts),
        .application_id = NODE_APPLICATION_ID};
    struct db *db = NULL;
    enum status status = node_conf_parse(
        found->parts.conf, "the backup's node.conf", &found->conf, trouble);

    if (status == STATUS_OK &&
        (!ident_equal(&found->conf.node_id, &found->head.node_id) ||
            found->parts.link_key.n != NODE_CONF_KEY_BYTES)) {
        trouble_say(trouble,
            "The backup's parts do not belong together. Nothing was changed. Take "
            "another generation.");
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        status = db_open_image(&options, found->parts.database, &db, trouble);
    db_close(&db);
    return status;
}

static enum status write_part(
    const char *home, const char *name, struct span bytes, struct trouble *trouble)
{
    char *path = disk_path(home, name);
    enum status status = disk_write_new(path, bytes, 0600, trouble);

    memory_free(path);
    return status;
}

static enum status write_home(
    const struct restore *request, const struct found *found, struct trouble *trouble)
{
    const char *home = request->home;
    char *counter = disk_path(home, "node.db.counter");
    enum status status = disk_make_folder(home, trouble);

    if (status == STATUS_OK)
        status = write_part(home, "link.key", found->parts.link_key, trouble);
    if (status == STATUS_OK)
        status = found->parts.case_key.n == 0
                     ? STATUS_OK
                     : write_part(home, "case.key", found->parts.case_key, trouble);
    if (status == STATUS_OK)
        status = write_part(home, "node.conf", found->parts.conf, trouble);
    if (status == STATUS_OK)
        status = write_part(home, "node.db", found->parts.database, trouble);
    if (status == STATUS_OK && found->erased.used > 0)
        status = write_part(home, NODE_ERASED, buffer_span(&found->erased), trouble);
    if (status == STATUS_OK)
        status = post_mark_restored(counter, found->head.state_count, trouble);
    if (status == STATUS_OK)
        status = write_part(home, "node.key", buffer_span(&found->key_file), trouble);
    if (status != STATUS_OK)
        trouble_prefix(
            trouble, "The home could not be written; empty the folder and try again");
    memory_free(counter);
    return status;
}

static void fill_report(
    const struct restore *request, const struct found *found, struct restore_report *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->node_id = found->head.node_id;
    memcpy(ret->name, found->conf.name, sizeof(ret->name));
    ret->made_ms = found->head.made_ms;
    ret->age_days = (clock_wall_ms(request->clock) - found->head.made_ms) / DAY_MS;
    ret->state_count = found->head.state_count;
    ret->database_bytes = found->parts.database.n;
    ret->erased = found->n_erased;
    ret->list_broken = found->list_broken;
}

enum status restore_node(
    const struct restore *request, struct restore_report *ret, struct trouble *trouble)
{
    struct found found;
    enum status status = check_home(request->home, trouble);

    memset(&found, 0, sizeof(found));
    if (status == STATUS_OK)
        status = backup_look(request->from, &found.head, &found.key_file, trouble);
    if (status == STATUS_OK)
        status = open_content(request, &found, trouble);
    if (status == STATUS_OK)
        status = check_content(&found, trouble);
    if (status == STATUS_OK) {
        fill_report(request, &found, ret);
        if (!request->look_only && !request->old_is_meant &&
            ret->age_days > RESTORE_OLD_DAYS) {
            trouble_say(trouble,
                "The backup is %lld days old. Letters that came and went since are not "
                "all sent again by themselves. Nothing was changed.",
                (long long)ret->age_days);
            status = STATUS_EXPIRED;
        }
    }
    if (status == STATUS_OK && !request->look_only)
        status = write_home(request, &found, trouble);
    buffer_release(&found.key_file);
    buffer_release(&found.content);
    buffer_release(&found.erased);
    return status;
}
