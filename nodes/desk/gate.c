/* SPDX-License-Identifier: Apache-2.0
 * The row of the record is written before the use case runs and stays when it fails: who looked for a reference that
 * is not here looked, too. Lists and traces, which pages repeat, stand once an hour; the rest each time.
 */
#include <string.h>

#include "inside.h"
#include "memory.h"

static struct audit_entry make_entry(struct desk *desk, const char *verb,
    const struct colleague *person, const char *subject)
{
    struct audit_entry entry = {.hour = desk_now_ms(desk) / HOUR_MS, .times = 1};
    size_t n = strlen(verb);

    PROMISE(n < sizeof(entry.verb));
    memcpy(entry.verb, verb, n);
    if (person)
        entry.person = person->id;
    if (subject && *subject)
        entry.subject = audit_subject(desk->audit, subject);
    return entry;
}

enum status desk_record(struct desk *desk, const char *verb,
    const struct colleague *person, const char *subject)
{
    if (post_is_locked(desk->options.post))
        return audit_put_locked(desk->audit, desk_now_ms(desk) / HOUR_MS, verb);
    struct audit_entry entry = make_entry(desk, verb, person, subject);
    return audit_put(desk->audit, &entry, false);
}

enum status desk_enter(struct desk *desk, const struct colleague *person, const char *pin)
{
    const struct colleague *before = seat_person(desk->seat);
    enum status status = desk_record(desk, before ? "switch" : "enter", person, NULL);

    if (status == STATUS_OK)
        seat_take(desk->seat, person, pin);
    return status;
}

void desk_set_people(
    struct desk *desk, const struct colleague *people, size_t n, bool recovery)
{
    const struct colleague *sits = seat_person(desk->seat);
    bool stays = false;

    PROMISE(n <= PEOPLE_MAX);
    for (size_t i = 0; i < n; i++) {
        desk->people[i] = people[i];
        stays = stays || (sits && ident_equal(&sits->id, &people[i].id) &&
                             sits->role == people[i].role);
    }
    desk->n_people = n;
    desk->recovery = recovery;
    if (!stays)
        seat_leave(desk->seat);
}

struct seat *desk_seat(struct desk *desk)
{
    return desk->seat;
}

bool gate_may(const struct desk *desk, const struct verb *verb)
{
    const struct colleague *person = seat_person(desk->seat);

    return person && !seat_screen_is_locked(desk->seat) &&
           !post_is_locked(desk->options.post) &&
           person->role >= local_roles_least(desk->roles, verb->name);
}

static bool repeats(const struct verb *verb)
{
    return strcmp(verb->method, "GET") == 0;
}

/* Does the answer carry one whole item? */
static bool shows_whole(const struct verb *verb)
{
    static const char *const WHOLE[] = {"show", "accept", "decline", "complete", "shared",
        "case-show", "screen",
        /* of a referral's life */
        "waitlist", "redirect", "schedule", "no-show", "start", "hold", "resume", "fail",
        "milestone", "follow-up", "cancel-confirm", "cancel", "entered-in-error", "ask",
        "tell"};

    for (size_t i = 0; i < ARRAY_LENGTH(WHOLE); i++)
        if (strcmp(verb->name, WHOLE[i]) == 0)
            return true;
    return false;
}

/* Reading one whole item: what the block of an hour counts. */
static enum status check_block(struct desk *desk, const struct verb *verb,
    const char *reference, struct problem *problem)
{
    struct hash subject;
    enum status status;

    if (!shows_whole(verb) || !reference)
        return STATUS_OK;
    subject = audit_subject(desk->audit, reference);
    status = seat_open_case(desk->seat, &subject, clock_steady_ms(desk->options.clock));
    if (status != STATUS_FULL)
        return status;
    problem_say(problem, 403, "second-person",
        "%zu cases were opened by you within an hour. Nothing was shown. Another person "
        "of "
        "this node agrees to the next ones with their passphrase: \"amaan second "
        "--person "
        "NAME\". Or go on later.",
        local_roles_cases_an_hour(desk->roles));
    return STATUS_DENIED;
}

enum status gate_check(struct desk *desk, const struct verb *verb,
    const struct json *request, struct problem *problem)
{
    const struct colleague *person = seat_person(desk->seat);
    const char *reference = json_find_text(request, "reference");
    char canonical[REFERENCE_BYTES]; /* however it was typed, it is one subject */
    enum local_role least = local_roles_least(desk->roles, verb->name);

    if (!person || seat_screen_is_locked(desk->seat)) {
        problem_say(problem, 423, person ? "screen-locked" : "nobody-here",
            person ? "The screen is locked; letters go on arriving. Open it with \"amaan "
                     "screen-unlock\", or change the person with \"amaan switch\"."
                   : "Nobody has entered since the people of this node were changed. Say "
                     "who "
                     "you are with \"amaan switch --person NAME\".");
        return STATUS_LOCKED;
    }
    if (person->role < least) {
        problem_say(problem, 403, "not-your-role",
            "This is for the local role %s and above; yours is %s. Nothing was shown or "
            "changed. An administrator changes roles with \"amaan person-role\".",
            local_role_name(least), local_role_name(person->role));
        return STATUS_DENIED;
    }
    if (reference && reference_parse(reference, canonical) == STATUS_OK)
        reference = canonical;
    enum status status = check_block(desk, verb, reference, problem);
    if (status != STATUS_OK)
        return status;
    struct audit_entry entry = make_entry(desk, verb->name, person, reference);
    return audit_put(desk->audit, &entry, repeats(verb));
}

static void prune_item(struct desk *desk, bool whole, struct json *item)
{
    enum local_role role = seat_person(desk->seat)->role;
    const char *field;

    for (size_t i = 0; (field = local_roles_field(desk->roles, i)); i++)
        if (json_find(item, field) &&
            (!local_roles_may_read(desk->roles, role, field) ||
                (!whole && !local_roles_list_carries(desk->roles, field))))
            json_put_null(item, field);
}

/* Its answer names colleagues or members, and says nothing of a person who is helped. */
static bool is_of_us(const struct verb *verb)
{
    return strcmp(verb->name, "people") == 0 || strcmp(verb->name, "members") == 0;
}

void gate_prune(struct desk *desk, const struct verb *verb, struct json *answer)
{
    static const char *const LISTS[] = {"items", "late"};
    bool whole = !repeats(verb);

    if (is_of_us(verb))
        return;
    prune_item(desk, whole, answer);
    for (size_t i = 0; i < ARRAY_LENGTH(LISTS); i++) {
        const struct json *list = json_find(answer, LISTS[i]);
        struct json *pruned;

        if (json_kind(list) != JSON_LIST_KIND)
            continue;
        pruned = json_new_list();
        for (size_t j = 0; j < json_count(list); j++) {
            struct json *item = json_clone(json_nth(list, j));

            if (json_kind(item) == JSON_OBJECT_KIND)
                prune_item(desk, false, item);
            json_add(pruned, &item);
        }
        json_give(answer, LISTS[i], &pruned);
    }
}
