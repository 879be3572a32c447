/* SPDX-License-Identifier: Apache-2.0
 * The title line tells the file from sealed packages and keeps a text editor from being trusted with it.
 */
#include "plain.h"

#include "disk.h"
#include "memory.h"
#include "paper.h"

static const char TITLE[] = "amaan profiles 1\n";
enum { TITLE_BYTES = sizeof TITLE - 1 };

bool plain_is_file(struct span bytes)
{
    return bytes.n >= TITLE_BYTES && memcmp(bytes.at, TITLE, TITLE_BYTES) == 0;
}

struct span plain_bytes(struct span file)
{
    PROMISE(plain_is_file(file));
    return span_of(file.at + TITLE_BYTES, file.n - TITLE_BYTES);
}

enum status plain_parse(struct buffer *file, struct plain *ret)
{
    struct plain plain = {.bytes = {NULL, 0}};
    struct span profiles;
    enum status status;

    if (!plain_is_file(buffer_span(file)))
        return STATUS_MALFORMED;
    plain.bytes = plain_bytes(buffer_span(file));
    status = package_profiles(plain.bytes, &profiles);
    if (status)
        return status;
    plain.arena = arena_new(PROFILES_ARENA_BYTES, PROFILES_ARENA_PIECES);
    status = profiles_decode(plain.arena, profiles, &plain.profiles);
    if (status) {
        arena_destroy(&plain.arena);
        return status;
    }
    plain.file = *file;
    buffer_init(file, 0);
    *ret = plain;
    return STATUS_OK;
}

enum status plain_read(const char *path, struct plain *ret, struct trouble *trouble)
{
    struct buffer file;
    enum status status;

    if (!path) {
        *ret = (struct plain){.bytes = {NULL, 0}};
        buffer_init(&ret->file, 0);
        return STATUS_OK;
    }
    status = strcmp(path, "-") == 0 ? STATUS_OK : disk_check_private(path, trouble);
    if (status == STATUS_OK)
        status = paper_read(path, PROFILES_BYTES_MAX, &file, trouble);
    if (status)
        return status;
    status = plain_parse(&file, ret);
    if (status) {
        trouble_say(trouble,
            "%s is not a stewards' file of plain profiles, or it is "
            "damaged",
            path);
        buffer_release(&file);
    }
    return status;
}

void plain_release(struct plain *plain)
{
    arena_destroy(&plain->arena);
    buffer_release(&plain->file);
}

enum status plain_format(const uint8_t salt[static PACKAGE_SALT_BYTES],
    const struct profiles *profiles, struct buffer *ret)
{
    struct buffer encoded;
    enum status status;

    buffer_init(&encoded, PROFILES_BYTES_MAX);
    status = profiles_encode(profiles, &encoded);
    if (status == STATUS_OK)
        status = buffer_put(ret, TITLE, TITLE_BYTES);
    if (status == STATUS_OK)
        status = buffer_put(ret, salt, PACKAGE_SALT_BYTES);
    if (status == STATUS_OK)
        status = buffer_put(ret, encoded.bytes, encoded.used);
    buffer_release(&encoded);
    return status;
}

const struct profile *plain_find(const struct plain *plain, const struct ident *node_id)
{
    for (size_t i = 0; i < plain->profiles.n; i++) {
        if (ident_equal(&plain->profiles.profiles[i].node_id, node_id))
            return &plain->profiles.profiles[i];
    }
    return NULL;
}

enum status plain_hash_profile(
    const struct plain *plain, const struct profile *profile, struct hash *ret)
{
    struct profiles single = {.version = 1, .n = 1, .profiles = profile};
    struct buffer encoded;
    enum status status;

    buffer_init(&encoded, PROFILES_BYTES_MAX);
    status = profiles_encode(&single, &encoded);
    if (status == STATUS_OK)
        *ret = package_profile_hash(plain->bytes, buffer_span(&encoded));
    buffer_release(&encoded);
    return status;
}

enum status plain_check_rows(
    const struct plain *plain, const struct roster *roster, struct trouble *trouble)
{
    static const struct hash none = {{0}};
    size_t met = 0;

    for (size_t i = 0; i < roster_count(roster); i++) {
        const struct member *member = roster_nth(roster, i);
        const struct profile *profile = plain_find(plain, &member->node_id);
        struct hash hash = none;

        if (profile && plain_hash_profile(plain, profile, &hash))
            hash = none;
        met += profile != NULL;
        if (hash_equal(&hash, &member->profile))
            continue;
        trouble_say(trouble,
            "the row of %s in the roster carries the hash of another profile: do not "
            "sign, and ask the steward who made it",
            profile ? profile->name : "a member without a profile");
        return STATUS_CONFLICT;
    }
    if (met == plain->profiles.n)
        return STATUS_OK;
    trouble_say(trouble, "the plain profiles name a member that is not in the roster: do "
                         "not sign, and ask the steward who made it");
    return STATUS_CONFLICT;
}

enum status plain_resolve(const struct plain *plain, const char *word, struct ident *ret,
    struct trouble *trouble)
{
    if (ident_parse(word, ret) == STATUS_OK)
        return STATUS_OK;
    for (size_t i = 0; i < plain->profiles.n; i++) {
        if (strcmp(plain->profiles.profiles[i].name, word) == 0) {
            *ret = plain->profiles.profiles[i].node_id;
            return STATUS_OK;
        }
    }
    trouble_say(trouble,
        "%s is neither a node id (32 hex digits) nor a name in the plain "
        "profiles (--plain)",
        word);
    return STATUS_NOT_FOUND;
}
