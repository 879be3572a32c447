/* SPDX-License-Identifier: Apache-2.0
 * node.key goes first: everything else is sealed under what is in it.
 */
#include "loss.h"

#include <string.h>
#include <sys/stat.h>

#include "disk.h"
#include "memory.h"

enum { PASSPHRASE_BYTES_MIN = 12 };

static enum status check_words(
    const struct loss_recover *request, struct trouble *trouble)
{
    if (!request->person || !person_name_is_good(request->person)) {
        trouble_say(trouble, "Say who gets the new passphrase: --person NAME, at most 63 "
                             "bytes. Nothing was changed.");
        return STATUS_MALFORMED;
    }
    if (request->passphrase.n < PASSPHRASE_BYTES_MIN ||
        request->passphrase.n > PASSWORD_MAX_BYTES ||
        !text_is_clean(request->passphrase) ||
        memchr(request->passphrase.at, '\n', request->passphrase.n)) {
        trouble_say(trouble,
            "A passphrase has %d to %d bytes in one line. Nothing was changed.",
            PASSPHRASE_BYTES_MIN, PASSWORD_MAX_BYTES);
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

/* node.key as two shares open it. */
static enum status open_file(const struct loss_recover *request, const char *path,
    struct people **ret, struct trouble *trouble)
{
    uint8_t secret[SHARE_BYTES] = {0};
    struct buffer file;
    enum status status = shares_join(&request->shares[0], &request->shares[1], secret);

    buffer_init(&file, PEOPLE_FILE_MAX);
    if (status == STATUS_OK)
        status = disk_read(path, PEOPLE_FILE_MAX, &file, trouble);
    if (status == STATUS_OK)
        status = people_break_by_recovery(buffer_span(&file), secret, ret);
    if (status == STATUS_CONFLICT)
        trouble_say(trouble, "The two shares are of two makings: only those of the last "
                             "\"recovery-make\" open. Nothing was changed.");
    else if (status == STATUS_DENIED)
        trouble_say(trouble,
            "These shares do not open this node.key: they are of another "
            "node, or newer ones were made. Nothing was changed.");
    else if (status == STATUS_MALFORMED)
        trouble_say(trouble, "It takes two different shares and an undamaged node.key. "
                             "Nothing was changed.");
    memory_wipe(secret, sizeof(secret));
    buffer_release(&file);
    return status;
}

static enum status write_file(const struct loss_recover *request, const char *path,
    const struct people *people, struct trouble *trouble)
{
    struct buffer file;
    enum status status;

    buffer_init(&file, PEOPLE_FILE_MAX);
    status = people_encode(people, request->node.chance, &file);
    if (status == STATUS_OK)
        status = disk_write(path, buffer_span(&file), 0600, trouble);
    buffer_release(&file);
    return status;
}

enum status loss_recover(const struct loss_recover *request, struct trouble *trouble)
{
    char *path = disk_path(request->node.home, "node.key");
    struct people *people = NULL;
    struct node *node = NULL;
    enum status status = check_words(request, trouble);

    if (status == STATUS_OK)
        status = node_open(&request->node, &node, trouble);
    if (status == STATUS_OK)
        status = open_file(request, path, &people, trouble);
    if (status == STATUS_OK)
        status = people_restore(people, request->person, request->passphrase,
            request->cost, request->node.chance);
    if (status == STATUS_OK)
        status = node_record(node, "recover", NULL, NULL);
    if (status == STATUS_OK)
        status = write_file(request, path, people, trouble);
    people_destroy(&people);
    node_close(&node);
    memory_free(path);
    return status;
}

enum status loss_panic(const char *home, struct trouble *trouble)
{
    static const char *const FILES[] = {"node.key", "node.key.new", "link.key",
        "link.key.new", "case.key", "case.key.new", "office.pem", "office.pem.new",
        "office.authority", "office.authority.new"};
    enum status first = STATUS_OK;

    for (size_t i = 0; i < ARRAY_LENGTH(FILES); i++) {
        char *path = disk_path(home, FILES[i]);
        enum status status = disk_destroy(path, first == STATUS_OK ? trouble : NULL);

        if (first == STATUS_OK)
            first = status;
        memory_free(path);
    }
    return first;
}

bool loss_has_keys(const char *home)
{
    char *path = disk_path(home, "node.key");
    struct stat about;
    bool has = lstat(path, &about) == 0;

    memory_free(path);
    return has;
}
