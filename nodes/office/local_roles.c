/* SPDX-License-Identifier: Apache-2.0
 * Checked once when it is read; afterwards it is only looked up.
 */
#include "local_roles.h"

#include <string.h>

#include "local_roles.data.h"
#include "memory.h"

enum { POLICY_BYTES_MAX = 16384, LIST_MAX = 64, WORD_MAX = 40 };

struct local_roles {
    struct json *json;
    const struct json *groups, *roles, *lists, *verbs; /* parts of json */
    int64_t cases_an_hour;
};

static bool holds(const struct json *list, const char *word)
{
    for (size_t i = 0; i < json_count(list); i++) {
        const char *text = json_text(json_nth(list, i));

        if (text && strcmp(text, word) == 0)
            return true;
    }
    return false;
}

static enum status refuse(struct trouble *trouble, const char *what, const char *name)
{
    trouble_say(trouble, "The policy of local roles: %s \"%s\".", what, name);
    return STATUS_MALFORMED;
}

/* Every field of the object is a list of short texts. */
static enum status check_lists(const struct json *object, struct trouble *trouble)
{
    void *cursor = NULL;
    const struct json *list;
    const char *name;

    while (json_each(object, &cursor, &name, &list)) {
        if (json_kind(list) != JSON_LIST_KIND || json_count(list) > LIST_MAX)
            return refuse(trouble, "no list, or too long:", name);
        for (size_t i = 0; i < json_count(list); i++) {
            const char *text = json_text(json_nth(list, i));

            if (!text || !*text || strlen(text) > WORD_MAX)
                return refuse(trouble, "something that is no word in", name);
        }
    }
    return STATUS_OK;
}

/* All four roles are there, with known groups, and each reads what the one below reads. */
static enum status check_roles(const struct local_roles *policy, struct trouble *trouble)
{
    const struct json *below = NULL;

    if (json_count(policy->roles) != LOCAL_ROLE_COUNT - 1)
        return refuse(trouble, "it must have the four roles:", "roles");
    for (int i = LOCAL_RECEPTION; i < LOCAL_ROLE_COUNT; i++) {
        const char *name = local_role_name((enum local_role)i);
        const struct json *list = json_find(policy->roles, name);

        if (!list)
            return refuse(trouble, "a role is missing:", name);
        for (size_t j = 0; j < json_count(list); j++)
            if (!json_find(policy->groups, json_text(json_nth(list, j))))
                return refuse(trouble, "a group that is not there in", name);
        for (size_t j = 0; j < json_count(below); j++)
            if (!holds(list, json_text(json_nth(below, j))))
                return refuse(trouble, "reads less than the role below:", name);
        below = list;
    }
    return STATUS_OK;
}

static enum status check_verbs(const struct local_roles *policy, struct trouble *trouble)
{
    void *cursor = NULL;
    const struct json *value;
    const char *name;
    enum local_role role;

    while (json_each(policy->verbs, &cursor, &name, &value))
        if (!json_text(value) || local_role_parse(json_text(value), &role) != STATUS_OK)
            return refuse(trouble, "no local role stands at the verb", name);
    return STATUS_OK;
}

static enum status read_policy(struct local_roles *policy, struct trouble *trouble)
{
    static const char *const KNOWN[] = {
        "version", "groups", "roles", "lists", "verbs", "cases_an_hour"};
    int64_t version;
    enum status status =
        json_refuse_unknown(policy->json, KNOWN, ARRAY_LENGTH(KNOWN), trouble);

    if (status == STATUS_OK)
        status = json_need_int(policy->json, "version", 1, 1, &version, trouble);
    if (status == STATUS_OK)
        status = json_need_object(policy->json, "groups", &policy->groups, trouble);
    if (status == STATUS_OK)
        status = json_need_object(policy->json, "roles", &policy->roles, trouble);
    if (status == STATUS_OK)
        status = json_need_object(policy->json, "verbs", &policy->verbs, trouble);
    if (status == STATUS_OK)
        status = json_need_int(policy->json, "cases_an_hour", 1, CASES_AN_HOUR_MAX,
            &policy->cases_an_hour, trouble);
    if (status == STATUS_OK)
        status = json_need_list(policy->json, "lists", LIST_MAX, &policy->lists, trouble);
    if (status == STATUS_OK)
        status = check_lists(policy->groups, trouble);
    if (status == STATUS_OK)
        status = check_lists(policy->roles, trouble);
    if (status == STATUS_OK)
        status = check_roles(policy, trouble);
    return status == STATUS_OK ? check_verbs(policy, trouble) : status;
}

enum status local_roles_parse(
    struct span text, struct local_roles **ret, struct trouble *trouble)
{
    struct local_roles *policy = memory_new(sizeof(*policy));
    enum status status = json_parse(text, POLICY_BYTES_MAX, &policy->json, trouble);

    if (status == STATUS_OK)
        status = read_policy(policy, trouble);
    if (status != STATUS_OK) {
        local_roles_close(&policy);
        return STATUS_MALFORMED;
    }
    *ret = policy;
    return STATUS_OK;
}

enum status local_roles_open(struct local_roles **ret, struct trouble *trouble)
{
    return local_roles_parse(span_of(LOCAL_ROLES, LOCAL_ROLES_BYTES), ret, trouble);
}

void local_roles_close(struct local_roles **roles)
{
    if (!*roles)
        return;
    json_destroy(&(*roles)->json);
    memory_free(*roles);
    *roles = NULL;
}

bool local_roles_names(const struct local_roles *roles, const char *verb)
{
    return json_find_text(roles->verbs, verb) != NULL;
}

enum local_role local_roles_least(const struct local_roles *roles, const char *verb)
{
    const char *text = json_find_text(roles->verbs, verb);
    enum local_role role = LOCAL_SUPERVISOR;

    if (text)
        PROMISE(local_role_parse(text, &role) == STATUS_OK);
    return role;
}

/* Is the field in no group, or in one of these? */
static bool carries(
    const struct local_roles *roles, const struct json *mine, const char *field)
{
    const struct json *list;
    void *cursor = NULL;
    const char *group;

    while (json_each(roles->groups, &cursor, &group, &list))
        if (holds(list, field))
            return holds(mine, group);
    return true;
}

bool local_roles_may_read(
    const struct local_roles *roles, enum local_role role, const char *field)
{
    return carries(roles, json_find(roles->roles, local_role_name(role)), field);
}

bool local_roles_list_carries(const struct local_roles *roles, const char *field)
{
    return carries(roles, roles->lists, field);
}

const char *local_roles_field(const struct local_roles *roles, size_t i)
{
    void *cursor = NULL;
    const struct json *list;
    const char *group;

    while (json_each(roles->groups, &cursor, &group, &list)) {
        if (i < json_count(list))
            return json_text(json_nth(list, i));
        i -= json_count(list);
    }
    return NULL;
}

size_t local_roles_cases_an_hour(const struct local_roles *roles)
{
    return (size_t)roles->cases_an_hour;
}
