/* SPDX-License-Identifier: Apache-2.0
 * What is known while locked stands here without the directory: numbers, versions, ids.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

enum { ALARMS_MAX = 500, CHANGES_MAX = 20 };

static const char *name_role(int i)
{
    return role_name((enum role)i);
}

static const char *name_service(int i)
{
    return service_name((enum service)i);
}

static void put_post(struct json *json, const struct post_status *post)
{
    struct json *out = json_new_object(), *in = json_new_object();

    json_put_flag(json, "locked", post->locked);
    json_put_flag(json, "connected", post->welcomed);
    if (*post->broker_refusal)
        json_put_text(json, "broker_refusal", post->broker_refusal);
    if (post->last_welcome_ms != 0)
        json_put_time(json, "last_welcome_at", post->last_welcome_ms);
    json_put_flag(json, "restored", post->restored);
    json_put_int(json, "alarms", post->alarms);
    json_put_int(out, "draft", post->drafts);
    json_put_int(out, "sealed", post->sealed_waiting);
    json_put_int(out, "held", post->held);
    json_put_int(out, "unconfirmed", post->unconfirmed);
    json_give(json, "outgoing", &out);
    json_put_int(in, "unopened", post->raw);
    json_put_int(in, "unopened_express", post->raw_express);
    json_put_int(in, "parked", post->parked);
    json_put_int(in, "quarantined", post->quarantined);
    json_put_int(in, "unreadable", post->unreadable);
    json_give(json, "incoming", &in);
    json_put_int(json, "usable_prekeys", post->usable_prekeys);
    if (post->prekeys_until_ms != 0)
        json_put_time(json, "prekeys_until", post->prekeys_until_ms);
}

static void put_backup(const struct desk *desk, struct json *json)
{
    const struct desk_backup *backup = desk->options.backup;
    struct json *one = json_new_object();

    json_put_flag(one, "folder_set", backup && backup->folder_set);
    json_put_flag(one, "folder_missing", backup && backup->folder_missing);
    json_put_flag(one, "failed", backup && backup->failed);
    json_put_flag(one, "running", backup && backup->running);
    if (backup && backup->newest_bytes != 0)
        json_put_int(one, "newest_kib", (int64_t)(backup->newest_bytes / 1024));
    /* A path is shown to whoever sits there, not before a locked screen. */
    if (backup && backup->folder && *backup->folder && seat_person(desk->seat) &&
        !seat_screen_is_locked(desk->seat))
        json_put_text(one, "folder", backup->folder);
    if (backup && backup->newest_ms != 0) {
        json_put_time(one, "newest_at", backup->newest_ms);
        json_put_int(json, "backup_ms", desk_now_ms(desk) - backup->newest_ms);
        json_put_int(one, "age_days", (desk_now_ms(desk) - backup->newest_ms) / DAY_MS);
    }
    if (backup && backup->folder_set && backup->newest_ms == 0)
        json_put_int(json, "backup_ms", -1);
    json_give(json, "backup", &one);
}

/* Numbers alone: this is shown to whoever stands before a locked screen. */
static void put_waiting(
    const struct desk *desk, const struct announce_counts *counts, struct json *json)
{
    const struct desk_announcing *announcing = desk->options.announcing;
    struct json *waiting = json_new_object(), *one = json_new_object();

    json_put_int(waiting, "express", counts->express);
    json_put_int(waiting, "normal", counts->normal);
    json_give(json, "waiting", &waiting);
    json_put_flag(one, "command_set", announcing && announcing->command_set);
    json_put_flag(one, "running", announcing && announcing->running);
    json_put_flag(one, "failed", announcing && announcing->failed);
    if (announcing && announcing->failed)
        json_put_int(one, "exit_code", announcing->exit_code);
    if (announcing && announcing->last_ms != 0)
        json_put_time(one, "last_at", announcing->last_ms);
    json_give(json, "announce", &one);
}

/* For `amaan doctor`: lengths of time, so that a client with another clock judges the same. */
static void put_ages(struct json *json, const struct post_status *post, int64_t now_ms)
{
    if (post->knows_broker_time)
        json_put_int(json, "broker_skew_ms", post->broker_time_skew_ms);
    json_put_int(json, "signed_ahead_ms", post->signed_ahead_ms);
    if (post->oldest_open_ms != 0)
        json_put_int(json, "oldest_open_ms", now_ms - post->oldest_open_ms);
    if (post->locked_since_ms != 0)
        json_put_int(
            json, "locked_ms", now_ms - post->signed_ahead_ms - post->locked_since_ms);
    if (post->usable_prekeys > 0)
        json_put_int(json, "prekeys_left_ms", post->prekeys_until_ms - now_ms);
}

static void put_roster(const struct desk *desk, struct json *json)
{
    const struct trust *trust = desk->options.trust;
    int64_t expires = trust_roster_expires_ms(trust);

    json_put_int(json, "roster_version", (int64_t)trust_version(trust, DOCUMENT_ROSTER));
    if (expires != 0) {
        json_put_time(json, "roster_expires_at", expires);
        json_put_int(json, "roster_days_left", (expires - desk_now_ms(desk)) / DAY_MS);
    }
    json_put_flag(json, "forked", trust_forked(trust));
}

/* Who sits there is shown to nobody who stands before a locked screen. */
static void put_seat(const struct desk *desk, struct json *json)
{
    const struct colleague *sits = seat_person(desk->seat);
    bool screen_locked = seat_screen_is_locked(desk->seat);

    json_put_flag(json, "screen_locked", screen_locked);
    json_put_flag(json, "screen_pin", sits && seat_has_pin(desk->seat));
    if (!sits || screen_locked)
        return;
    json_put_text(json, "sits", sits->name);
    json_put_text(json, "local_role", local_role_name(sits->role));
}

enum status use_status(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct post_status post;
    struct referrals_count count;
    struct announce_counts waiting;
    enum status status = post_status(desk->options.post, &post);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK)
        status = referrals_count(desk->referrals, &count);
    if (status == STATUS_OK)
        status = desk_count_waiting(desk, &waiting);
    if (status != STATUS_OK)
        return status;
    struct json *json = json_new_object();
    struct json *roles = item_words(desk_roles(desk), ROLE_COUNT, name_role);

    json_put_text(json, "name", desk->options.name);
    json_put_text(json, "person", desk->options.person);
    json_give(json, "roles", &roles);
    json_put_ident(json, "node", &desk->options.node_id);
    json_put_text(json, "version", AMAAN_VERSION);
    json_put_flag(json, "joined", trust_is_pinned(desk->options.trust));
    put_post(json, &post);
    put_ages(json, &post, desk_now_ms(desk));
    put_roster(desk, json);
    put_backup(desk, json);
    put_waiting(desk, &waiting, json);
    put_seat(desk, json);
    status = json_find(json, "sits") ? rest_put(desk, json) : STATUS_OK;
    if (trust_roster_expires_ms(desk->options.trust) != 0)
        json_put_int(json, "roster_left_ms",
            trust_roster_expires_ms(desk->options.trust) - desk_now_ms(desk));
    json_put_int(json, "sent", count.sent);
    json_put_int(json, "received", count.received);
    json_put_int(json, "undecided", count.waiting);
    json_put_int(json, "late", count.late);
    *ret = json;
    return status;
}

static struct json *format_member(const struct desk *desk, const struct profile *profile,
    const struct capacity_list *told)
{
    struct capacity capacities[UNIT_COUNT];
    const struct trust *trust = desk->options.trust;
    struct json *json = json_new_object(), *languages = json_new_list();
    struct json *roles = item_words(profile->roles, ROLE_COUNT, name_role);
    struct json *services = item_words(profile->services, SERVICE_COUNT, name_service);
    enum standing standing = trust_standing(
        trust, trust_find_node(trust, &profile->node_id), desk_now_ms(desk));

    for (size_t i = 0; i < profile->n_languages; i++)
        json_add_text(languages, profile->languages[i]);
    json_put_text(json, "name", profile->name);
    json_put_ident(json, "node", &profile->node_id);
    json_give(json, "roles", &roles);
    json_give(json, "services", &services);
    json_give(json, "languages", &languages);
    json_put_text(json, "hours", profile->hours);
    json_put_text(json, "contact", profile->contact);
    json_put_text(json, "standing", standing_name(standing));
    member_put_served(desk, json, profile);
    member_put_room(
        desk, json, capacities, capacity_list_find(told, &profile->node_id, capacities));
    json_put_flag(json, "self", ident_equal(&profile->node_id, &desk->options.node_id));
    return json;
}

/* A member that was heard once, and not for so long that it counts as cut off (docs/CARE.md 9). */
static enum status put_silence(struct desk *desk, const struct profile *profile,
    struct json *member, int64_t *silent)
{
    int64_t heard = 0;
    enum status status = STATUS_OK;

    if (!ident_equal(&profile->node_id, &desk->options.node_id))
        status = post_heard_ms(desk->options.post, &profile->node_id, &heard);
    if (status != STATUS_OK || heard == 0 ||
        desk_now_ms(desk) - heard < (int64_t)desk->deadlines.silence_hours * HOUR_MS)
        return status;
    json_put_time(member, "not_heard_since", heard);
    ++*silent;
    return STATUS_OK;
}

enum status use_members(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct capacity_list told;
    int64_t silent = 0;
    int service = 0;
    enum status status = json_find(request, "service")
                             ? desk_need_word(verb, request, "service", &service, problem)
                             : STATUS_OK;

    if (status == STATUS_OK)
        status = capacity_list(desk, &told);
    if (status != STATUS_OK)
        return status;
    struct json *json = json_new_object(), *items = json_new_list();
    for (size_t i = 0; status == STATUS_OK && i < directory_count(desk->directory); i++) {
        const struct profile *profile = directory_nth(desk->directory, i);
        if (service != 0 && !(profile->services & (UINT32_C(1) << (service - 1))))
            continue;
        struct json *member = format_member(desk, profile, &told);

        status = put_silence(desk, profile, member, &silent);
        json_add(items, &member);
    }
    capacity_list_release(&told);
    json_give(json, "items", &items);
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    json_put_int(json, "silent", silent);
    json_put_int(json, "profiles_version", (int64_t)directory_version(desk->directory));
    *ret = json;
    return STATUS_OK;
}

/* Whose standing changed last, the newest change first. */
static size_t find_changed(
    const struct trust *trust, const struct member *ret[static CHANGES_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < trust_member_count(trust); i++) {
        const struct member *member = trust_nth_member(trust, i);
        size_t at = n;

        for (; at > 0 && ret[at - 1]->status_since < member->status_since; at--)
            if (at < CHANGES_MAX)
                ret[at] = ret[at - 1];
        if (at < CHANGES_MAX)
            ret[at] = member;
        n += n < CHANGES_MAX;
    }
    return n;
}

static void put_changes(const struct desk *desk, struct json *json)
{
    const struct trust *trust = desk->options.trust;
    const struct member *changed[CHANGES_MAX];
    struct json *list = json_new_list();
    size_t n = find_changed(trust, changed);

    for (size_t i = 0; i < n; i++) {
        char memory[IDENT_TEXT_BYTES];
        struct json *one = json_new_object();

        json_put_text(one, "name", item_member_name(desk, &changed[i]->node_id, memory));
        json_put_text(one, "standing",
            standing_name(trust_standing(trust, changed[i], desk_now_ms(desk))));
        json_put_int(one, "since_roster", (int64_t)changed[i]->status_since);
        json_add(list, &one);
    }
    json_give(json, "changes", &list);
}

enum status use_roster(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    static const enum document_type types[] = {
        DOCUMENT_ROOT, DOCUMENT_ROSTER, DOCUMENT_PROFILES, DOCUMENT_NOTICE};
    static const char *const names[] = {"root", "roster", "profiles", "notice"};
    const struct trust *trust = desk->options.trust;
    struct json *json = json_new_object(), *items = json_new_list();

    (void)verb, (void)request, (void)problem;
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        struct json *one = json_new_object();

        json_put_text(one, "document", names[i]);
        json_put_int(one, "version", (int64_t)trust_version(trust, types[i]));
        if (types[i] == DOCUMENT_ROSTER && trust_version(trust, DOCUMENT_ROSTER) != 0) {
            struct hash hash = trust_roster_hash(trust);

            json_put_hex(one, "hash", hash.bytes, HASH_BYTES);
            json_put_time(one, "created_at", trust_roster_created_ms(trust));
        }
        json_add(items, &one);
    }
    json_give(json, "items", &items);
    json_put_int(json, "members", (int64_t)trust_member_count(trust));
    put_changes(desk, json);
    if (trust_is_pinned(trust))
        json_put_ident(json, "network", trust_network_id(trust));
    put_roster(desk, json);
    *ret = json;
    return STATUS_OK;
}

enum status use_alarms(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct post_alarm *alarms = memory_new_array(ALARMS_MAX, sizeof(*alarms));
    char memory[IDENT_TEXT_BYTES];
    size_t n = 0;
    enum status status = post_alarms(desk->options.post, 0, alarms, ALARMS_MAX, &n);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK) {
        struct json *json = json_new_object(), *items = json_new_list();

        for (size_t i = 0; i < n; i++) {
            struct json *one = json_new_object();

            json_put_int(one, "id", alarms[i].id);
            json_put_time(one, "at", alarms[i].at_ms);
            json_put_text(one, "code", alarms[i].code);
            if (!ident_is_zero(&alarms[i].peer))
                json_put_text(
                    one, "peer", item_member_name(desk, &alarms[i].peer, memory));
            json_put_int(one, "detail", alarms[i].detail);
            json_add(items, &one);
        }
        json_give(json, "items", &items);
        *ret = json;
    }
    memory_free(alarms);
    return status;
}
