/* SPDX-License-Identifier: Apache-2.0
 * A file is believed piece by piece: nothing of a piece is used before it opened under its place. The folder is
 * walked by heads alone; what was proven when it was written is not proven again each hour.
 */
#include "backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_inside.h"
#include "clock.h"
#include "disk.h"
#include "memory.h"

enum { DIGITS = 16, FILES_MAX = 256 };
static const char ENDING[] = ".bin";
static const char UNFINISHED[] = ".bin.new";

static bool read_all(int file, uint8_t *to, size_t n)
{
    while (n > 0) {
        ssize_t got = read(file, to, n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        n -= (size_t)got;
    }
    return true;
}

static enum status refuse(struct trouble *trouble, const char *path, enum status status)
{
    if (status == STATUS_UNSUPPORTED)
        trouble_say(trouble,
            "%s was made by a newer version of this program. Nothing was changed. "
            "Install the newer version.",
            path);
    else
        trouble_say(trouble,
            "%s is no whole backup of a node: it is something else, or it was cut short "
            "or changed. Nothing was changed. Take another generation.",
            path);
    return status;
}

/* An open file behind its head and node.key; -1 with the reason. */
static int open_file(const char *path, struct backup_head *head, struct buffer *key_file,
    enum status *ret_status)
{
    uint8_t bytes[BACKUP_HEAD_BYTES];
    struct stat about;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);

    *ret_status = STATUS_NOT_FOUND;
    if (file < 0)
        return -1;
    *ret_status = STATUS_MALFORMED;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
        read_all(file, bytes, sizeof(bytes)))
        *ret_status = backup_head_decode(span_of(bytes, sizeof(bytes)), head);
    if (*ret_status == STATUS_OK &&
        (about.st_size < 0 || (uint64_t)about.st_size != backup_file_bytes(head)))
        *ret_status = STATUS_MALFORMED;
    if (*ret_status == STATUS_OK && key_file) {
        uint8_t *to = buffer_grow(key_file, head->key_file_bytes);

        if (!to || !read_all(file, to, head->key_file_bytes))
            *ret_status = STATUS_MALFORMED;
    }
    if (*ret_status == STATUS_OK)
        return file;
    (void)close(file);
    return -1;
}

enum status backup_look(const char *path, struct backup_head *ret,
    struct buffer *ret_key_file, struct trouble *trouble)
{
    struct backup_head head;
    struct buffer key_file;
    enum status status;

    buffer_init(&key_file, BACKUP_KEY_FILE_MAX);
    int file = open_file(path, &head, &key_file, &status);
    if (file < 0) {
        buffer_release(&key_file);
        if (status == STATUS_NOT_FOUND)
            trouble_say(trouble, "%s cannot be opened. Nothing was changed.", path);
        else
            (void)refuse(trouble, path, status);
        return status;
    }
    (void)close(file);
    *ret = head;
    *ret_key_file = key_file;
    return STATUS_OK;
}

static enum status read_pieces(int file, const struct backup_head *head,
    const struct hash *hash, const struct box_key *key, struct buffer *content)
{
    uint64_t pieces = backup_pieces(head->content_bytes);
    uint8_t place[BACKUP_PLACE_BYTES];
    enum status status = STATUS_OK;
    struct buffer boxed;

    buffer_init(&boxed, BACKUP_PIECE_BYTES + BOX_EXTRA_BYTES);
    for (uint64_t i = 0; i < pieces && status == STATUS_OK; i++) {
        size_t n = backup_piece_bytes(head->content_bytes, i) + BOX_EXTRA_BYTES;

        buffer_clear(&boxed);
        uint8_t *to = buffer_grow(&boxed, n);
        if (!to || !read_all(file, to, n))
            status = STATUS_MALFORMED;
        if (status == STATUS_OK)
            status = box_break(
                key, backup_place(hash, i, place), buffer_span(&boxed), content);
    }
    buffer_release(&boxed);
    return status;
}

enum status backup_open(const char *path, const struct box_key *master,
    struct buffer *ret_content, struct backup_parts *ret, struct trouble *trouble)
{
    struct backup_head head;
    struct buffer key_file, content;
    struct box_key key;
    enum status status;

    buffer_init(&key_file, BACKUP_KEY_FILE_MAX);
    int file = open_file(path, &head, &key_file, &status);
    if (file < 0) {
        buffer_release(&key_file);
        return refuse(trouble, path, status);
    }
    buffer_init(&content, (size_t)head.content_bytes);
    struct hash hash = backup_file_hash(&head, buffer_span(&key_file));
    backup_derive_key(master, &key);
    status = read_pieces(file, &head, &hash, &key, &content);
    memory_wipe(&key, sizeof(key));
    (void)close(file);
    buffer_release(&key_file);
    if (status == STATUS_OK)
        status = backup_parts_decode(buffer_span(&content), ret);
    if (status != STATUS_OK) {
        buffer_release(&content);
        return refuse(trouble, path, status);
    }
    *ret_content = content;
    return STATUS_OK;
}

/* --- the folder ------------------------------------------------------------------------------------------- */

static bool has_form(const char *name, const char *ending)
{
    return strspn(name, "0123456789abcdef") == DIGITS &&
           strcmp(name + DIGITS, ending) == 0;
}

bool backup_name_is_ours(const char *name)
{
    return has_form(name, ENDING);
}

struct found {
    char name[BACKUP_NAME_BYTES];
    struct backup_head head;
};

static int compare_found(const void *a, const void *b)
{
    const struct found *first = a, *second = b;

    if (first->head.made_ms != second->head.made_ms)
        return first->head.made_ms < second->head.made_ms ? 1 : -1;
    if (first->head.state_count != second->head.state_count)
        return first->head.state_count < second->head.state_count ? 1 : -1;
    return 0;
}

/* Those of this node, the newest first; at most FILES_MAX are looked at. */
static enum status list_folder(const char *folder, const struct ident *node_id,
    struct found ret[static FILES_MAX], size_t *ret_n)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    size_t n = 0;

    if (!listing)
        return STATUS_CLOSED;
    while (n < FILES_MAX && (entry = readdir(listing)) != NULL) {
        enum status status;

        if (!backup_name_is_ours(entry->d_name))
            continue;
        char *path = disk_path(folder, entry->d_name);
        int file = open_file(path, &ret[n].head, NULL, &status);
        memory_free(path);
        if (file < 0)
            continue;
        (void)close(file);
        if (!ident_equal(&ret[n].head.node_id, node_id))
            continue;
        memcpy(ret[n].name, entry->d_name, DIGITS + sizeof(ENDING));
        n++;
    }
    (void)closedir(listing);
    qsort(ret, n, sizeof(*ret), compare_found);
    *ret_n = n;
    return STATUS_OK;
}

enum status backup_newest(
    const char *folder, const struct ident *node_id, struct backup_head *ret)
{
    struct found *found = memory_new_array(FILES_MAX, sizeof(*found));
    size_t n = 0;
    enum status status = list_folder(folder, node_id, found, &n);

    if (status == STATUS_OK && n == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *ret = found[0].head;
    memory_free(found);
    return status;
}

static bool is_unfinished_of(const char *path, const struct ident *node_id)
{
    uint8_t bytes[BACKUP_HEAD_BYTES];
    struct backup_head head;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    bool is_mine =
        file >= 0 && read_all(file, bytes, sizeof(bytes)) &&
        backup_head_decode(span_of(bytes, sizeof(bytes)), &head) == STATUS_OK &&
        ident_equal(&head.node_id, node_id);

    if (file >= 0)
        (void)close(file);
    return is_mine;
}

/* What a write of this node that was cut short left behind. */
static void drop_unfinished(const char *folder, const struct ident *node_id)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;

    if (!listing)
        return;
    while ((entry = readdir(listing)) != NULL)
        if (has_form(entry->d_name, UNFINISHED)) {
            char *path = disk_path(folder, entry->d_name);

            if (is_unfinished_of(path, node_id))
                (void)unlink(path);
            memory_free(path);
        }
    (void)closedir(listing);
}

void backup_prune(const char *folder, const struct ident *node_id)
{
    struct found *found = memory_new_array(FILES_MAX, sizeof(*found));
    size_t n = 0;

    drop_unfinished(folder, node_id);
    if (list_folder(folder, node_id, found, &n) == STATUS_OK)
        for (size_t i = 1; i < n; i++) {
            if (i < BACKUP_KEEP && found[i].head.made_ms >=
                                       found[0].head.made_ms - BACKUP_KEEP_DAYS * DAY_MS)
                continue;
            char *path = disk_path(folder, found[i].name);

            (void)unlink(path);
            memory_free(path);
        }
    memory_free(found);
}
