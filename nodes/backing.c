/* SPDX-License-Identifier: Apache-2.0
 * The folder is looked at once an hour. backup.last in the home says when the newest good one was made, for the days
 * on which the stick lies in a drawer: "AMK1" 4 | zero 4 | made, ms u64.
 */
#include "backing.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "erased.h"
#include "log.h"
#include "memory.h"
#include "node_inside.h"

enum {
    COPY_PAGES = 256,
    KEPT_BYTES = 16,
    CONF_BYTES_MAX = SETTINGS_BYTES_MAX,
    CASE_KEY_BYTES_MAX = 1024
};
#define LOOK_MS HOUR_MS
#define OLD_MS (7 * DAY_MS)
static const char KEPT_MAGIC[4] = {'A', 'M', 'K', '1'};

bool backing_runs(const struct node *node)
{
    return node->backing.copy || node->backing.writer;
}

static void drop(struct node *node)
{
    struct backing *backing = &node->backing;

    backup_stop(&backing->writer);
    db_copy_end(&backing->copy);
    db_close(&backing->image);
    buffer_release(&backing->key_file);
    buffer_release(&backing->conf);
    buffer_release(&backing->case_key);
    memory_free(backing->folder);
    backing->folder = NULL;
    backing->shown.running = false;
}

static void end(struct node *node, enum status status)
{
    struct backing *backing = &node->backing;

    drop(node);
    backing->ended = true;
    backing->status = status;
    backing->shown.failed = status != STATUS_OK;
    if (status == STATUS_OK)
        log_event(
            LOG_INFO, "backup-made", "bytes=%llu", (unsigned long long)backing->bytes);
    else
        log_event(
            LOG_WARNING, "backup-failed", "reason=%s", log_text(status_name(status)));
}

/* --- backup.last ---------------------------------------------------------------------------------------- */

static int64_t read_kept(const struct node *node)
{
    char *path = disk_path(node->home, "backup.last");
    struct buffer bytes;
    int64_t made_ms = 0;

    if (disk_read(path, KEPT_BYTES, &bytes, NULL) == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&bytes));

        reader_expect(&reader, KEPT_MAGIC, sizeof(KEPT_MAGIC));
        reader_zeros(&reader, 4);
        made_ms = reader_time_ms(&reader);
        if (reader_end(&reader) != STATUS_OK)
            made_ms = 0;
        buffer_release(&bytes);
    }
    memory_free(path);
    return made_ms;
}

static void keep(struct node *node, int64_t made_ms)
{
    char *path = disk_path(node->home, "backup.last");
    uint8_t bytes[KEPT_BYTES];
    struct writer writer = writer_over(bytes, sizeof(bytes));

    writer_put(&writer, KEPT_MAGIC, sizeof(KEPT_MAGIC));
    writer_zeros(&writer, 4);
    writer_u64(&writer, (uint64_t)made_ms);
    if (disk_write(path, writer_span(&writer), 0600, NULL) != STATUS_OK)
        log_event(LOG_WARNING, "backup-not-noted", NULL); /* the file itself is good */
    memory_free(path);
    node->backing.shown.newest_ms = made_ms;
}

/* --- steps ---------------------------------------------------------------------------------------------- */

static enum status read_home(struct node *node, const char *name, size_t max,
    struct buffer *ret, struct trouble *trouble)
{
    char *path = disk_path(node->home, name);
    enum status status = disk_read(path, max, ret, trouble);

    memory_free(path);
    return status;
}

static enum status start(struct node *node, const char *folder)
{
    struct backing *backing = &node->backing;
    enum status status;

    backing->ended = false;
    backing->by_itself = false;
    backing->folder = memory_copy_text(folder);
    backing->trouble = (struct trouble){""};
    status = read_home(
        node, "node.key", BACKUP_KEY_FILE_MAX, &backing->key_file, &backing->trouble);
    if (status == STATUS_OK)
        status = read_home(
            node, "node.conf", CONF_BYTES_MAX, &backing->conf, &backing->trouble);
    if (status == STATUS_OK) {
        status = db_copy_start(node->db, BACKUP_DATABASE_MAX, &backing->copy);
        if (status == STATUS_TOO_BIG)
            trouble_say(&backing->trouble,
                "the database is larger than a backup can be (%lld MiB). No backup was "
                "made.",
                (long long)(BACKUP_DATABASE_MAX >> 20));
    }
    backing->shown.running = status == STATUS_OK;
    if (status != STATUS_OK)
        end(node, status);
    return status;
}

enum status node_backup_start(
    struct node *node, const char *folder, struct trouble *trouble)
{
    PROMISE(!node->in_turn);
    if (!folder)
        folder = node->conf.backup_folder;
    if (node_is_locked(node))
        return STATUS_LOCKED;
    if (backing_runs(node))
        return STATUS_BUSY;
    if (!*folder)
        return STATUS_NOT_FOUND;
    enum status status = start(node, folder);
    if (status != STATUS_OK)
        trouble_say(trouble, "%s",
            *node->backing.trouble.text ? node->backing.trouble.text
                                        : status_name(status));
    return status == STATUS_NOT_FOUND ? STATUS_IO : status;
}

/* Beside the copy as it is now: without it no case of the copy opens. A node without cases has none. */
static enum status read_case_key(struct node *node)
{
    struct backing *backing = &node->backing;
    enum status status = read_home(
        node, "case.key", CASE_KEY_BYTES_MAX, &backing->case_key, &backing->trouble);

    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The copy is whole: from here on it is what the backup holds. */
static enum status begin_writing(struct node *node)
{
    struct backing *backing = &node->backing;
    const char *scripts[NODE_SCRIPTS_MAX];
    struct db_options options = {.path = "the copy",
        .migrations = scripts,
        .n_migrations = node_scripts(scripts),
        .application_id = NODE_APPLICATION_ID};
    struct post_status post;
    enum status status = post_status(node->post, &post);

    if (status == STATUS_OK)
        status =
            db_copy_open(&backing->copy, &options, &backing->image, &backing->trouble);
    if (status == STATUS_OK)
        status = post_strip(backing->image, &backing->trouble);
    if (status == STATUS_OK)
        status = read_case_key(node);
    if (status != STATUS_OK)
        return status;
    struct backup_new request = {.folder = backing->folder,
        .node_id = node->conf.node_id,
        .state_count = post.state_count,
        .made_ms = post_time_ms(node->post),
        .key_file = buffer_span(&backing->key_file),
        .parts = {buffer_span(&backing->conf),
            span_of(node->link_secret, sizeof(node->link_secret)),
            buffer_span(&backing->case_key), db_image(backing->image)},
        .master = post_master_key(node->post),
        .chance = node->options.chance};
    backing->made_ms = request.made_ms;
    if (request.parts.database.n == 0)
        return STATUS_FULL;
    return backup_start(&request, &backing->writer, &backing->trouble);
}

/* Beside the backups: which cases those that were made before must not bring back. A stick that is full or gone is told
 * by the next backup; the list is tried again at the next look. */
static void list_erased(struct node *node, const char *folder)
{
    char *path = erased_path(folder, &node->conf.node_id);
    int64_t n = desk_count_erased(node->desk);
    struct buffer idents;
    enum status status = STATUS_OK;

    buffer_init(&idents, ERASED_CASES_MAX * IDENT_BYTES);
    if (n > 0)
        status = desk_list_erased(node->desk, &idents);
    if (n > 0 && status == STATUS_OK)
        status = erased_add(path, &node->conf.node_id, post_master_key(node->post),
            node->options.chance, buffer_span(&idents), NULL);
    if (status == STATUS_OK)
        node->backing.listed = n;
    else
        log_event(LOG_WARNING, "erased-not-listed", NULL);
    buffer_release(&idents);
    memory_free(path);
}

static void finish(struct node *node)
{
    struct backing *backing = &node->backing;

    (void)snprintf(
        backing->name, sizeof(backing->name), "%s", backup_name(backing->writer));
    backing->bytes = backup_bytes(backing->writer);
    keep(node, backing->made_ms);
    list_erased(node, backing->folder);
    backing->shown.folder_missing = false;
    backing->shown.newest_bytes = backing->bytes;
    end(node, STATUS_OK);
}

void backing_step(struct node *node)
{
    struct backing *backing = &node->backing;
    enum status status = STATUS_OK;
    bool done = false;

    if (backing->list_due && !node_is_locked(node) &&
        backing->listed != desk_count_erased(node->desk))
        list_erased(node, node->conf.backup_folder);
    backing->list_due = false;
    if (backing->by_itself && !backing_runs(node) && !node_is_locked(node))
        (void)start(
            node, node->conf.backup_folder); /* how it ends is told by the next look */
    if (!backing_runs(node))
        return;
    if (backing->copy) {
        status = db_copy_step(backing->copy, COPY_PAGES, &done);
        if (status == STATUS_OK && done)
            status = begin_writing(node);
    } else {
        status = backup_step(backing->writer, &done, &backing->trouble);
        if (status == STATUS_OK && done)
            finish(node);
    }
    if (status != STATUS_OK)
        end(node, status);
}

enum status node_backup_ended(
    const struct node *node, struct node_backup *ret, struct trouble *trouble)
{
    const struct backing *backing = &node->backing;

    if (backing_runs(node) || !backing->ended)
        return STATUS_BUSY;
    if (backing->status != STATUS_OK) {
        trouble_say(trouble, "%s",
            *backing->trouble.text ? backing->trouble.text
                                   : status_name(backing->status));
        return backing->status == STATUS_BUSY ? STATUS_IO : backing->status;
    }
    memset(ret, 0, sizeof(*ret));
    memcpy(ret->name, backing->name, sizeof(ret->name));
    ret->made_ms = backing->made_ms;
    ret->bytes = backing->bytes;
    return STATUS_OK;
}

void backing_lock(struct node *node)
{
    if (!backing_runs(node))
        return;
    trouble_say(&node->backing.trouble,
        "The node was locked meanwhile. No backup was made; those that were made before "
        "stay.");
    end(node, STATUS_LOCKED);
}

void backing_stop(struct node *node)
{
    drop(node);
}

static enum status check_folder(const char *folder, struct trouble *trouble)
{
    struct stat about;

    if (*folder != '/' || !text_is_clean(span_text(folder)) || strchr(folder, '\n') ||
        strlen(folder) >= NODE_CONF_TEXT_BYTES) {
        trouble_say(trouble,
            "A folder for backups is a whole path, from / on, of at most %d bytes. "
            "Nothing was changed.",
            NODE_CONF_TEXT_BYTES - 1);
        return STATUS_MALFORMED;
    }
    if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode)) {
        trouble_say(trouble,
            "There is no such folder: is the stick in? Nothing was changed; backups go "
            "where they went before.");
        return STATUS_NOT_FOUND;
    }
    if (access(folder, W_OK | X_OK) != 0) {
        trouble_say(trouble,
            "Nothing can be written into that folder. Nothing was changed; backups go "
            "where they went before.");
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

enum status node_set_backup_folder(
    struct node *node, const char *folder, struct trouble *trouble)
{
    struct node_conf conf = node->conf;
    enum status status = check_folder(folder, trouble);

    PROMISE(!node->in_turn);
    if (status != STATUS_OK)
        return status;
    (void)snprintf(conf.backup_folder, sizeof(conf.backup_folder), "%s", folder);
    status = node_conf_write(node->home, &conf, trouble);
    if (status != STATUS_OK)
        return status;
    node->conf = conf;
    node->backing.known = false; /* the next turn looks there */
    node->backing.shown = (struct desk_backup){.running = node->backing.shown.running,
        .newest_ms = node->backing.shown.newest_ms};
    return STATUS_OK;
}

/* --- by itself ------------------------------------------------------------------------------------------ */

/* Is it so old, or a time ahead of now that a wrong clock wrote? */
static bool is_over(int64_t now_ms, int64_t then_ms, int64_t period_ms)
{
    return then_ms == 0 || now_ms - then_ms >= period_ms || then_ms - now_ms > DAY_MS;
}

static void look_at_folder(struct node *node)
{
    struct desk_backup *shown = &node->backing.shown;
    struct backup_head head;
    enum status status =
        backup_newest(node->conf.backup_folder, &node->conf.node_id, &head);

    shown->folder_missing = status == STATUS_CLOSED;
    shown->newest_bytes = status == STATUS_OK ? backup_file_bytes(&head) : 0;
    if (status == STATUS_OK)
        shown->newest_ms = head.made_ms;
    else if (status == STATUS_NOT_FOUND)
        shown->newest_ms = 0; /* the folder is there, and empty */
}

enum status backing_look(struct node *node)
{
    struct backing *backing = &node->backing;
    struct desk_backup *shown = &backing->shown;
    int64_t steady_ms = clock_steady_ms(node->options.clock);
    int64_t now_ms = post_time_ms(node->post);

    if (!backing->known) {
        backing->known = true;
        backing->known_ms = now_ms;
        backing->listed = -1;
        shown->folder_set = *node->conf.backup_folder != 0;
        shown->folder = node->conf.backup_folder;
        shown->newest_ms = read_kept(node);
        backing->look_steady_ms = steady_ms;
    }
    if (!shown->folder_set || steady_ms < backing->look_steady_ms || shown->running)
        return STATUS_OK;
    backing->look_steady_ms = steady_ms + LOOK_MS;
    look_at_folder(node);
    backing->list_due = !shown->folder_missing && !node_is_locked(node);
    bool due = is_over(now_ms, shown->newest_ms, node->conf.backup_hours * HOUR_MS);
    int64_t since_ms = shown->newest_ms != 0 ? shown->newest_ms : backing->known_ms;
    backing->by_itself = due && !shown->folder_missing && !node_is_locked(node);
    if ((due && (shown->folder_missing || shown->failed)) || now_ms - since_ms > OLD_MS)
        return post_alarm_backup(node->post, (now_ms - since_ms) / DAY_MS);
    return STATUS_OK;
}
