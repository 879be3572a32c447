/* SPDX-License-Identifier: Apache-2.0
 * The rows name the options that begin a change; every other known option describes the last one.
 */
#include "change.h"

#include <string.h>

#include "memory.h"
#include "keyboard.h"
#include "requests.h"

static const struct {
    const char *option;
    enum change_kind kind;
} kinds[] = {
    {"admit", CHANGE_ADMIT},
    {"rekey", CHANGE_REKEY},
    {"edit", CHANGE_EDIT},
    {"suspend", CHANGE_SUSPEND},
    {"revoke", CHANGE_REVOKE},
    {"reactivate", CHANGE_REACTIVATE},
    {"renew", CHANGE_RENEW},
};

static enum change_kind find_kind(const char *option)
{
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if (strcmp(kinds[i].option, option) == 0)
            return kinds[i].kind;
    }
    return 0;
}

/* Where an option that describes a member belongs; NULL for any other option. */
static const char **find_place(struct change *change, const char *option)
{
    const struct {
        const char *option, **place;
    } places[] = {
        {"name", &change->words.name},
        {"roles", &change->words.roles},
        {"services", &change->words.services},
        {"languages", &change->words.languages},
        {"hours", &change->words.hours},
        {"contact", &change->words.contact},
        {"fingerprint", &change->fingerprint},
        {"district", &change->words.served.district},
        {"catchment", &change->words.served.catchment},
        {"genders", &change->words.served.genders},
        {"ages", &change->words.served.ages},
        {"boys-age", &change->words.served.boys_age},
        {"children", &change->words.served.children},
        {"wheelchair", &change->words.served.wheelchair},
        {"round-the-clock", &change->words.served.round_the_clock},
        {"units", &change->words.served.units},
        {"papers", &change->words.served.papers},
        {"tele", &change->words.served.tele},
        {"licence", &change->words.served.licence},
        {"protocol", &change->words.served.protocol},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        if (strcmp(places[i].option, option) == 0)
            return places[i].place;
    }
    return NULL;
}

static bool may_be_described(const struct change *change, const char *option)
{
    if (change->kind == CHANGE_EDIT)
        return strcmp(option, "fingerprint") != 0;
    return change->kind == CHANGE_ADMIT || change->kind == CHANGE_REKEY;
}

enum status change_parse(const struct arguments *arguments, struct change *ret,
    size_t *ret_n, struct trouble *trouble)
{
    struct change *last = NULL, none = {0};
    const char *all_signed =
        NULL; /* before the first member: the protocol of all new ones */
    size_t n = 0;

    for (int i = 0; i < arguments->n_options; i++) {
        const char *option = arguments->options[i].name;
        const char *value = arguments->options[i].value, **place;
        enum change_kind kind = find_kind(option);

        if (kind) {
            if (n == CHANGES_MAX) {
                trouble_say(trouble, "more than %d changes at once: make two editions",
                    CHANGES_MAX);
                return STATUS_TOO_BIG;
            }
            last = &ret[n++];
            *last = (struct change){.kind = kind, .word = value};
            continue;
        }
        if (!find_place(&none, option))
            continue;
        if (!last && strcmp(option, "protocol") == 0 && !all_signed) {
            all_signed = value;
            continue;
        }
        if (!last || !may_be_described(last, option)) {
            trouble_say(trouble,
                "--%s describes the member of the --admit, --rekey or "
                "--edit before it, and there is none",
                option);
            return STATUS_MALFORMED;
        }
        place = find_place(last, option);
        if (*place) {
            trouble_say(trouble, "--%s is given twice for one member", option);
            return STATUS_MALFORMED;
        }
        *place = value;
    }
    for (size_t i = 0; i < n; i++)
        if (ret[i].kind == CHANGE_ADMIT && !ret[i].words.served.protocol)
            ret[i].words.served.protocol = all_signed;
    *ret_n = n;
    return STATUS_OK;
}

/* Whose request it is: for new keys the member's name in the profiles, which counts, and the request's own. */
static void say_who(const struct change *change, const struct plain *plain,
    const struct join *join, char *ret, size_t size)
{
    const struct profile *profile =
        change->kind == CHANGE_REKEY ? plain_find(plain, &join->node_id) : NULL;

    if (profile && strcmp(profile->name, join->name) != 0)
        (void)snprintf(ret, size, "%s (the request says %s)", profile->name, join->name);
    else
        (void)snprintf(ret, size, "%s", join->name);
}

static enum status compare_fingerprint(const struct change *change, const char *who,
    const char *digits, bool compared, struct trouble *trouble)
{
    char question[480];

    (void)fprintf(stderr, "%s: fingerprint %s\n", who, digits);
    if (change->fingerprint) {
        if (fingerprint_matches(digits, change->fingerprint))
            return STATUS_OK;
        trouble_say(trouble,
            "%s has another fingerprint than the one that you typed: somebody may have "
            "changed the request on its way. Nothing was written. Do not admit it; ask "
            "the member for a new one over another way",
            change->word);
        return STATUS_DENIED;
    }
    if (compared)
        return STATUS_OK;
    (void)snprintf(question, sizeof question,
        "%s\n  %s\nHas this member itself read these 40 digits to you, by telephone or "
        "in person?",
        who, digits);
    return keyboard_confirms(
        question, "--fingerprint DIGITS after each request", trouble);
}

static bool has_words(const struct profile_words *words)
{
    return words->name || words->roles || words->services || words->languages ||
           words->hours || words->contact || served_says_something(&words->served);
}

static enum status apply_join(const struct change *change, const struct plain *plain,
    bool compared, struct edition *edition, struct trouble *trouble)
{
    struct join join;
    char digits[FINGERPRINT_TEXT_BYTES], who[2 * JOIN_NAME_BYTES + 32];
    enum status status = request_read(change->word, &join, trouble);

    if (status)
        return status;
    join_fingerprint(&join, digits);
    say_who(change, plain, &join, who, sizeof who);
    if (change->kind == CHANGE_ADMIT && change->words.name &&
        strlen(change->words.name) < sizeof join.name)
        memcpy(join.name, change->words.name, strlen(change->words.name) + 1);
    status = change->kind == CHANGE_ADMIT ? edition_admit(edition, &join, trouble)
                                          : edition_rekey(edition, &join, trouble);
    if (status == STATUS_OK)
        status = compare_fingerprint(change, who, digits, compared, trouble);
    if (status == STATUS_OK && has_words(&change->words))
        status = edition_describe(edition, &join.node_id, &change->words, trouble);
    return status;
}

static enum status renew_all(
    const struct document *previous, struct edition *edition, struct trouble *trouble)
{
    struct roster *roster;
    enum status status;

    if (!previous)
        return STATUS_OK;
    status = roster_decode(previous, &roster);
    if (status)
        return status;
    for (size_t i = 0; status == STATUS_OK && i < roster_count(roster); i++)
        status = edition_renew(edition, &roster_nth(roster, i)->node_id, trouble);
    roster_destroy(&roster);
    return status;
}

enum status change_apply(const struct change *change, const struct plain *plain,
    const struct document *previous, bool compared, struct edition *edition,
    struct trouble *trouble)
{
    struct ident node_id;
    enum status status;

    if (change->kind == CHANGE_ADMIT || change->kind == CHANGE_REKEY)
        return apply_join(change, plain, compared, edition, trouble);
    if (change->kind == CHANGE_RENEW && strcmp(change->word, "all") == 0)
        return renew_all(previous, edition, trouble);
    status = plain_resolve(plain, change->word, &node_id, trouble);
    if (status)
        return status;
    switch (change->kind) {
    case CHANGE_SUSPEND:
        return edition_set_status(edition, &node_id, MEMBER_SUSPENDED, trouble);
    case CHANGE_REVOKE:
        return edition_set_status(edition, &node_id, MEMBER_REVOKED, trouble);
    case CHANGE_REACTIVATE:
        return edition_set_status(edition, &node_id, MEMBER_ACTIVE, trouble);
    case CHANGE_RENEW:
        return edition_renew(edition, &node_id, trouble);
    case CHANGE_EDIT:
        return edition_describe(edition, &node_id, &change->words, trouble);
    case CHANGE_ADMIT:
    case CHANGE_REKEY:
        break;
    }
    BUG("change of no kind");
}
