/* SPDX-License-Identifier: Apache-2.0
 * As in body.c one check serves both directions. Names are compared after sorting pointers to them, so that 5,000
 * profiles do not cost 12 million comparisons.
 */
#include <stdlib.h>
#include <string.h>

#include "content.pb-c.h"
#include "eligibility_field.h"
#include "field.h"
#include "limits.h"
#include "memory.h"
#include "profiles.h"
#include "message.h"

#define ROLE_BITS ((UINT32_C(1) << (ROLE_COUNT - 1)) - 1)
#define SERVICE_BITS ((UINT32_C(1) << (SERVICE_COUNT - 1)) - 1)

static bool is_name_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool profile_name_is_valid(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > PROFILE_NAME_BYTES_MAX || !is_name_letter(name[0]) ||
        !is_name_letter(name[n - 1])) {
        return false;
    }
    size_t n_dots = 0;
    for (size_t i = 1; i < n; i++) {
        bool mark = name[i] == '.' || name[i] == '-';
        if (!mark && !is_name_letter(name[i])) {
            return false;
        }
        if (mark && !is_name_letter(name[i - 1])) {
            return false;
        }
        n_dots += name[i] == '.';
    }
    return n_dots >= 1;
}

bool profile_is_shelter(const struct profile *profile)
{
    return (profile->roles & UINT32_C(1) << (ROLE_SHELTER - 1)) != 0 ||
           (profile->services & UINT32_C(1) << (SERVICE_SHELTER - 1)) != 0;
}

static enum status check_profile(const struct profile *profile)
{
    if (profile->name == NULL || !profile_name_is_valid(profile->name) ||
        ident_is_zero(&profile->node_id) || profile->roles == 0) {
        return STATUS_MALFORMED;
    }
    if ((profile->roles & ~ROLE_BITS) != 0 || (profile->services & ~SERVICE_BITS) != 0) {
        return STATUS_UNSUPPORTED;
    }
    enum status status = field_check_languages(profile->languages, profile->n_languages);
    if (status == STATUS_OK && profile->hours != NULL) {
        status = field_check_text(span_text(profile->hours), PROFILE_TEXT_BYTES_MAX);
    }
    if (status == STATUS_OK && profile->contact != NULL) {
        status = field_check_text(span_text(profile->contact), PROFILE_TEXT_BYTES_MAX);
    }
    if (status == STATUS_OK) {
        status = eligibility_check(&profile->eligibility, profile_is_shelter(profile));
    }
    return status;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool names_differ(const struct profile *profiles, size_t n)
{
    const char **names = memory_new_array(n, sizeof(*names));
    for (size_t i = 0; i < n; i++) {
        names[i] = profiles[i].name;
    }
    if (n > 1) {
        qsort(names, n, sizeof(*names), compare_names);
    }
    bool differ = true;
    for (size_t i = 1; i < n && differ; i++) {
        differ = strcmp(names[i - 1], names[i]) != 0;
    }
    memory_free(names);
    return differ;
}

static enum status check_profiles(const struct profiles *profiles)
{
    if (profiles->n > ROSTER_MEMBERS_MAX) {
        return STATUS_TOO_BIG;
    }
    if (profiles->version == 0) {
        return STATUS_MALFORMED;
    }
    const struct profile *list = profiles->profiles;
    for (size_t i = 0; i < profiles->n; i++) {
        enum status status = check_profile(&list[i]);
        if (status != STATUS_OK) {
            return status;
        }
        if (i > 0 && ident_compare(&list[i - 1].node_id, &list[i].node_id) >= 0) {
            return STATUS_MALFORMED;
        }
    }
    return names_differ(list, profiles->n) ? STATUS_OK : STATUS_MALFORMED;
}

/* What protobuf-c reads while one profile is packed. */
struct room {
    Amaan__Content__Profile message;
    ProtobufCBinaryData languages[LANGUAGES_MAX];
    uint32_t catchment[CATCHMENT_MAX];
};

static void fill_room(const struct profile *profile, struct room *room)
{
    amaan__content__profile__init(&room->message);
    field_write_languages(profile->languages, profile->n_languages, room->languages);
    room->message.node_id = field_of(profile->node_id.bytes, IDENT_BYTES);
    room->message.name = field_of_text(profile->name);
    room->message.roles = profile->roles;
    room->message.services = profile->services;
    room->message.n_languages = profile->n_languages;
    room->message.languages = room->languages;
    room->message.hours = field_of_text(profile->hours);
    room->message.contact = field_of_text(profile->contact);
    eligibility_write(&profile->eligibility, room->catchment, &room->message);
}

enum status profiles_encode(const struct profiles *profiles, struct buffer *buffer)
{
    enum status status = check_profiles(profiles);
    if (status != STATUS_OK) {
        return status;
    }
    struct room *rooms = memory_new_array(profiles->n, sizeof(*rooms));
    Amaan__Content__Profile **list = memory_new_array(profiles->n, sizeof(*list));
    for (size_t i = 0; i < profiles->n; i++) {
        fill_room(&profiles->profiles[i], &rooms[i]);
        list[i] = &rooms[i].message;
    }
    Amaan__Content__Profiles message = AMAAN__CONTENT__PROFILES__INIT;
    message.version = profiles->version;
    message.n_profiles = profiles->n;
    message.profiles = list;
    status = message_pack(&message.base, buffer);
    memory_free(list);
    memory_free(rooms);
    return status;
}

static enum status read_name(
    struct arena *arena, ProtobufCBinaryData field, const char **ret)
{
    if (field.len > PROFILE_NAME_BYTES_MAX || field.len == 0 ||
        memchr(field.data, '\0', field.len) != NULL) {
        return STATUS_MALFORMED;
    }
    const char *name = arena_copy(arena, field.data, field.len);
    if (name == NULL) {
        return STATUS_TOO_BIG;
    }
    *ret = name;
    return STATUS_OK;
}

static enum status read_profile(
    struct arena *arena, const Amaan__Content__Profile *message, struct profile *profile)
{
    if (message->node_id.len != IDENT_BYTES) {
        return STATUS_MALFORMED;
    }
    memcpy(profile->node_id.bytes, message->node_id.data, IDENT_BYTES);
    profile->roles = message->roles;
    profile->services = message->services;
    profile->n_languages = message->n_languages;
    enum status status = field_read_languages(
        message->languages, message->n_languages, profile->languages);
    if (status == STATUS_OK) {
        status = read_name(arena, message->name, &profile->name);
    }
    if (status == STATUS_OK) {
        status = field_read_text(
            arena, message->hours, PROFILE_TEXT_BYTES_MAX, &profile->hours);
    }
    if (status == STATUS_OK) {
        status = field_read_text(
            arena, message->contact, PROFILE_TEXT_BYTES_MAX, &profile->contact);
    }
    if (status == STATUS_OK) {
        status = eligibility_read(arena, message, &profile->eligibility);
    }
    return status;
}

enum status profiles_decode(struct arena *arena, struct span bytes, struct profiles *ret)
{
    if (bytes.n > PROFILES_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    const ProtobufCMessage *unpacked = NULL;
    enum status status =
        message_unpack(arena, &amaan__content__profiles__descriptor, bytes, &unpacked);
    if (status != STATUS_OK) {
        return status;
    }
    if (!message_knows_all(unpacked)) {
        return STATUS_MALFORMED;
    }
    const Amaan__Content__Profiles *message = (const void *)unpacked;
    if (message->n_profiles > ROSTER_MEMBERS_MAX) {
        return STATUS_TOO_BIG;
    }
    size_t n = message->n_profiles;
    struct profile *list = arena_take(arena, (n + 1) * sizeof(*list));
    if (list == NULL) {
        return STATUS_TOO_BIG;
    }
    for (size_t i = 0; i < n; i++) {
        status = read_profile(arena, message->profiles[i], &list[i]);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct profiles profiles = {message->version, n, list};
    status = check_profiles(&profiles);
    if (status == STATUS_OK) {
        *ret = profiles;
    }
    return status;
}
