/* SPDX-License-Identifier: Apache-2.0
 * node.key is written last and never over another: while it is missing, everything before it may be made anew,
 * so an init that was cut short is simply repeated.
 */
#include <string.h>
#include <sys/stat.h>

#include "node_conf.h"
#include "dh.h"
#include "disk.h"
#include "join.h"
#include "keyring.h"
#include "people.h"
#include "log.h"
#include "memory.h"
#include "node.h"
#include "suite.h"

static enum status check_request(const struct node_new *request, struct trouble *trouble)
{
    if (!profile_name_is_valid(request->name)) {
        trouble_say(trouble,
            "\"%s\" is no member's name: small letters, digits and '-', with at least "
            "one '.', such "
            "as fia.torkham. Nothing was made.",
            request->name);
        return STATUS_MALFORMED;
    }
    if (request->roles == 0) {
        trouble_say(trouble, "A member has at least one role. Nothing was made.");
        return STATUS_MALFORMED;
    }
    if (request->person && *request->person &&
        (!person_name_is_good(request->person) ||
            strlen(request->person) >= NODE_CONF_TEXT_BYTES)) {
        trouble_say(trouble, "The person's name is too long or holds a quotation mark or "
                             "a line end. Nothing was "
                             "made.");
        return STATUS_MALFORMED;
    }
    if (request->passphrase.n < NODE_PASSPHRASE_MIN ||
        request->passphrase.n > PASSWORD_MAX_BYTES) {
        trouble_say(trouble,
            "The passphrase has %zu bytes; it needs %d to %d. Some words that do not "
            "belong "
            "together are good. Nothing was made.",
            request->passphrase.n, NODE_PASSPHRASE_MIN, PASSWORD_MAX_BYTES);
        return STATUS_MALFORMED;
    }
    /* What unlock could never be given would lock the casebook for good. */
    if (!text_is_clean(request->passphrase) ||
        memchr(request->passphrase.at, '\n', request->passphrase.n)) {
        trouble_say(trouble,
            "The passphrase is to be one line of UTF-8 without control characters (a "
            "file "
            "made on Windows ends its line with one). Nothing was made.");
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

static enum status write_file(const struct node_new *request, const char *name,
    struct span bytes, bool new_only, struct trouble *trouble)
{
    char *path = disk_path(request->home, name);
    enum status status = new_only ? disk_write_new(path, bytes, 0600, trouble)
                                  : disk_write(path, bytes, 0600, trouble);

    memory_free(path);
    return status;
}

static enum status write_join(const struct node_new *request,
    const struct node_conf *conf, const struct node_keys *keys,
    const uint8_t link_secret[static DH_BYTES], struct trouble *trouble)
{
    struct join join;
    struct buffer text;
    char file[JOIN_NAME_BYTES + 8];
    enum status status;

    memset(&join, 0, sizeof(join));
    join.node_id = conf->node_id;
    join.queue_id = conf->queue_id;
    join.suites = suite_bits();
    join.roles = request->roles;
    memcpy(join.name, request->name, strlen(request->name));
    dh_public_of(link_secret, join.transport);
    dh_public_of(keys->directory, join.directory);
    (void)snprintf(file, sizeof(file), "%s.join", request->name);
    buffer_init(&text, JOIN_TEXT_BYTES_MAX);
    status = join_format(&join, &keys->identity, &text);
    if (status == STATUS_OK)
        status = write_file(request, file, buffer_span(&text), false, trouble);
    buffer_release(&text);
    return status;
}

static enum status write_keys(
    const struct node_new *request, const struct node_keys *keys, struct trouble *trouble)
{
    const char *person =
        request->person && *request->person ? request->person : "administrator";
    struct people *people = NULL;
    struct buffer file;
    enum status status;

    buffer_init(&file, PEOPLE_FILE_MAX);
    status = people_new(
        keys, person, request->passphrase, request->cost, request->chance, &people);
    if (status == STATUS_OK)
        status = people_encode(people, request->chance, &file);
    people_destroy(&people);
    if (status == STATUS_FULL)
        trouble_say(trouble,
            "This machine has not the %u MiB of free memory that the chosen cost asks "
            "for. No key "
            "was made. Close programs, or choose --cost floor.",
            request->cost.mem_kib / 1024);
    if (status == STATUS_OK)
        status = write_file(request, "node.key", buffer_span(&file), true, trouble);
    buffer_release(&file);
    return status;
}

static bool is_there(const char *home, const char *name)
{
    char *path = disk_path(home, name);
    struct stat about;
    bool there = lstat(path, &about) == 0;

    memory_free(path);
    return there;
}

enum status node_create(const struct node_new *request, struct trouble *trouble)
{
    uint8_t link_secret[DH_BYTES], link_public[DH_BYTES];
    struct node_keys keys;
    struct node_conf conf;
    enum status status = check_request(request, trouble);

    if (status != STATUS_OK)
        return status;
    if (is_there(request->home, "node.key")) {
        trouble_say(trouble,
            "%s holds a node already. Nothing was changed. Choose another folder, or go "
            "on with "
            "this one.",
            request->home);
        return STATUS_EXISTS;
    }
    memset(&conf, 0, sizeof(conf));
    memcpy(conf.name, request->name, strlen(request->name));
    (void)snprintf(
        conf.person, sizeof(conf.person), "%s", request->person ? request->person : "");
    conf.node_id = ident_new(request->chance);
    conf.queue_id = ident_new(request->chance);
    conf.roles = request->roles;
    conf.log_level = LOG_INFO;
    keyring_new(request->chance, &keys);
    dh_new_keys(request->chance, link_public, link_secret);
    status = disk_make_folder(request->home, trouble);
    if (status == STATUS_OK)
        status = write_file(request, "link.key",
            span_of(link_secret, sizeof(link_secret)), false, trouble);
    if (status == STATUS_OK)
        status = node_conf_write(request->home, &conf, trouble);
    if (status == STATUS_OK)
        status = write_join(request, &conf, &keys, link_secret, trouble);
    if (status == STATUS_OK)
        status = write_keys(request, &keys, trouble);
    memory_wipe(&keys, sizeof(keys));
    memory_wipe(link_secret, sizeof(link_secret));
    return status;
}
