/* SPDX-License-Identifier: Apache-2.0
 * A row holds a member and its profile's text together; order and hashes are made once, at the end.
 */
#include "edition.h"

#include <string.h>

#include "likeness.h"
#include "memory.h"
#include "served.h"
#include "suite.h"
#include "words.h"

enum { TEXT_BYTES = PROFILE_TEXT_BYTES_MAX + 1, NAME_BYTES = PROFILE_NAME_BYTES_MAX + 1 };

struct row {
    struct member member;
    bool has_profile;
    struct profile profile; /* its texts point into this row */
    char name[NAME_BYTES], hours[TEXT_BYTES], contact[TEXT_BYTES];
    struct served_texts served;
    bool touched, vouched; /* in this edition: place, protocol are to be checked */
};

struct edition {
    struct edition_start start;
    uint64_t version, package_version;
    struct hash previous;
    uint8_t salt[PACKAGE_SALT_BYTES];
    struct row *rows;
    size_t n, size;
};

static struct row *find_row(struct edition *edition, const struct ident *node_id)
{
    for (size_t i = 0; i < edition->n; i++) {
        if (ident_equal(&edition->rows[i].member.node_id, node_id))
            return &edition->rows[i];
    }
    return NULL;
}

static enum status need_row(struct edition *edition, const struct ident *node_id,
    struct row **ret, struct trouble *trouble)
{
    char text[IDENT_TEXT_BYTES];

    *ret = find_row(edition, node_id);
    if (*ret)
        return STATUS_OK;
    ident_format(node_id, text);
    trouble_say(trouble, "no member of the previous roster has the node id %s", text);
    return STATUS_NOT_FOUND;
}

static enum status set_text(
    char *to, size_t size, const char *from, const char *what, struct trouble *trouble)
{
    size_t n = strlen(from);

    if (n >= size || !text_is_clean(span_text(from))) {
        trouble_say(trouble, "%s has at most %zu bytes of plain text", what, size - 1);
        return STATUS_MALFORMED;
    }
    memcpy(to, from, n + 1);
    return STATUS_OK;
}

/* The texts of a row's profile point into the row: again after it was moved. */
static void aim_profile(struct row *row)
{
    row->profile.node_id = row->member.node_id;
    row->profile.name = row->name;
    row->profile.hours = row->hours;
    row->profile.contact = row->contact;
    row->profile.eligibility.licence = row->served.licence;
    row->profile.eligibility.protocol = row->served.protocol;
}

/* ---- starting ---- */

static enum status copy_profile(
    struct row *row, const struct profile *profile, struct trouble *trouble)
{
    enum status status =
        set_text(row->name, NAME_BYTES, profile->name, "a name", trouble);

    if (status == STATUS_OK && profile->hours)
        status = set_text(row->hours, TEXT_BYTES, profile->hours, "hours", trouble);
    if (status == STATUS_OK && profile->contact)
        status =
            set_text(row->contact, TEXT_BYTES, profile->contact, "a contact", trouble);
    if (status == STATUS_OK && profile->eligibility.licence)
        status = set_text(row->served.licence, sizeof row->served.licence,
            profile->eligibility.licence, "a licence", trouble);
    if (status == STATUS_OK && profile->eligibility.protocol)
        status = set_text(row->served.protocol, sizeof row->served.protocol,
            profile->eligibility.protocol, "a protocol", trouble);
    row->profile = *profile;
    row->has_profile = true;
    return status;
}

static enum status load_rows(
    struct edition *edition, const struct roster *roster, struct trouble *trouble)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < roster_count(roster); i++) {
        struct row *row = &edition->rows[edition->n++];
        const struct profile *profile;

        row->member = *roster_nth(roster, i);
        profile = plain_find(edition->start.plain, &row->member.node_id);
        if (profile)
            status = copy_profile(row, profile, trouble);
        aim_profile(row);
    }
    return status;
}

static enum status load_previous(struct edition *edition, struct trouble *trouble)
{
    const struct edition_start *start = &edition->start;
    struct roster *roster = NULL;
    struct hash plain = package_hash(start->plain->bytes), profiles;
    enum status status = roster_decode(start->previous, &roster);

    if (status) {
        trouble_say(trouble, "the previous roster is damaged");
        return status;
    }
    profiles = roster_profiles(roster);
    edition->size = roster_count(roster) + EDITION_ADMIT_MAX;
    edition->rows = memory_new_array(edition->size, sizeof *edition->rows);
    if (!hash_equal(&plain, &profiles)) {
        trouble_say(trouble, "the plain profiles do not belong to the previous roster: "
                             "take the file that was made together with it");
        status = STATUS_CONFLICT;
    } else if (start->created_ms <= roster_created_ms(roster)) {
        trouble_say(trouble, "the previous roster was made later than now: set this "
                             "machine's clock, or give the time with --created");
        status = STATUS_EXPIRED;
    } else {
        status = load_rows(edition, roster, trouble);
    }
    roster_destroy(&roster);
    return status;
}

enum status edition_new(
    const struct edition_start *start, struct edition **ret, struct trouble *trouble)
{
    struct edition *edition = memory_new(sizeof *edition);
    enum status status = STATUS_OK;

    edition->start = *start;
    if (start->previous) {
        edition->version = start->previous->version + 1;
        edition->previous = start->previous->hash;
        edition->package_version = start->plain->profiles.version + 1;
        if (start->plain->bytes.n >= PACKAGE_SALT_BYTES)
            memcpy(edition->salt, start->plain->bytes.at, sizeof edition->salt);
        status = load_previous(edition, trouble);
    } else {
        edition->version = edition->package_version = 1;
        chance_fill(start->chance, edition->salt, sizeof edition->salt);
        edition->size = EDITION_ADMIT_MAX;
        edition->rows = memory_new_array(edition->size, sizeof *edition->rows);
    }
    if (status)
        edition_destroy(&edition);
    else
        *ret = edition;
    return status;
}

void edition_destroy(struct edition **edition)
{
    if (!*edition)
        return;
    if ((*edition)->rows)
        memory_wipe((*edition)->rows, (*edition)->size * sizeof *(*edition)->rows);
    memory_free((*edition)->rows);
    memory_wipe(*edition, sizeof **edition);
    memory_free(*edition);
    *edition = NULL;
}

/* ---- profiles ---- */

static enum status set_name(
    struct edition *edition, struct row *row, const char *name, struct trouble *trouble)
{
    if (!profile_name_is_valid(name)) {
        trouble_say(trouble,
            "\"%s\" cannot be a member's name: it is written as "
            "kind.place, in a-z, 0-9, '-' and '.'",
            name);
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < edition->n; i++) {
        struct row *other = &edition->rows[i];

        if (other == row || !other->has_profile || !likeness_same(other->name, name))
            continue;
        trouble_say(trouble,
            strcmp(other->name, name) == 0
                ? "another member has the name %s: is this the same one with new keys "
                  "(--rekey)? If not, give it another name with --name"
                : "the name looks like that of the member %s: somebody may be imitating "
                  "it. Ask that member; if all is well, give the new one another name "
                  "with --name",
            other->name);
        return STATUS_EXISTS;
    }
    return set_text(row->name, NAME_BYTES, name, "a name", trouble);
}

enum status edition_describe(struct edition *edition, const struct ident *node_id,
    const struct profile_words *words, struct trouble *trouble)
{
    struct row *row;
    enum status status = need_row(edition, node_id, &row, trouble);

    if (status == STATUS_OK && !row->has_profile) {
        trouble_say(trouble, "a revoked member has no profile to change");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && words->name)
        status = set_name(edition, row, words->name, trouble);
    if (status == STATUS_OK && words->roles)
        status = words_roles(words->roles, &row->profile.roles, trouble);
    if (status == STATUS_OK && row->profile.roles == 0) {
        trouble_say(trouble, "a member has at least one role");
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK && words->services)
        status = words_services(words->services, &row->profile.services, trouble);
    if (status == STATUS_OK && words->languages)
        status = words_languages(words->languages, &row->profile, trouble);
    if (status == STATUS_OK && words->hours)
        status = set_text(row->hours, TEXT_BYTES, words->hours, "--hours", trouble);
    if (status == STATUS_OK && words->contact)
        status = set_text(row->contact, TEXT_BYTES, words->contact, "--contact", trouble);
    if (status == STATUS_OK)
        status =
            served_read(&words->served, &row->profile.eligibility, &row->served, trouble);
    if (status == STATUS_OK) {
        row->touched = true;
        row->vouched = row->vouched || words->served.protocol;
    }
    return status;
}

/* ---- members ---- */

static enum status check_join(const struct edition *edition, const struct join *join,
    const struct row *own, struct trouble *trouble)
{
    if (!(join->suites & suite_bits())) {
        trouble_say(trouble,
            "%s knows no way of sealing that this program knows: one of "
            "the two is too old",
            join->name);
        return STATUS_UNSUPPORTED;
    }
    if (join->roles >> (ROLE_COUNT - 1)) {
        trouble_say(trouble, "%s asks for roles that are unknown here", join->name);
        return STATUS_UNSUPPORTED;
    }
    for (size_t i = 0; i < edition->n; i++) {
        const struct member *other = &edition->rows[i].member;

        if (&edition->rows[i] == own)
            continue;
        if (sign_public_equal(&other->identity, &join->identity) ||
            sign_public_equal(&other->previous_identity, &join->identity) ||
            memcmp(other->transport, join->transport, TRANSPORT_KEY_BYTES) == 0 ||
            ident_equal(&other->queue_id, &join->queue_id)) {
            trouble_say(trouble,
                "the request of %s has a key of another member: keys are "
                "never shared. Ask for a new request",
                join->name);
            return STATUS_CONFLICT;
        }
    }
    return STATUS_OK;
}

static void take_keys(struct edition *edition, const struct join *join, struct row *row)
{
    struct member *member = &row->member;

    member->identity = join->identity;
    member->queue_id = join->queue_id;
    memcpy(member->transport, join->transport, sizeof member->transport);
    memcpy(member->directory, join->directory, sizeof member->directory);
    member->suites = join->suites;
    member->valid_from_ms = edition->start.created_ms;
    member->valid_to_ms = edition->start.created_ms + edition->start.valid_ms;
}

enum status edition_admit(
    struct edition *edition, const struct join *join, struct trouble *trouble)
{
    struct row row = {.has_profile = true, .touched = true, .vouched = true};
    enum status status = check_join(edition, join, NULL, trouble);

    if (status)
        return status;
    if (find_row(edition, &join->node_id)) {
        trouble_say(trouble,
            "%s is in the roster already: give its new request with "
            "--rekey",
            join->name);
        return STATUS_EXISTS;
    }
    if (edition->n == edition->size || edition->n == ROSTER_MEMBERS_MAX) {
        trouble_say(trouble, "more members than one edition can take");
        return STATUS_TOO_BIG;
    }
    status = set_name(edition, &row, join->name, trouble);
    if (status)
        return status;
    row.member.node_id = join->node_id;
    row.member.status = MEMBER_ACTIVE;
    row.member.status_since = edition->version;
    take_keys(edition, join, &row);
    row.profile.roles = join->roles;
    row.profile.services = words_services_of(join->roles);
    edition->rows[edition->n] = row;
    aim_profile(&edition->rows[edition->n]);
    edition->n++;
    return STATUS_OK;
}

enum status edition_rekey(
    struct edition *edition, const struct join *join, struct trouble *trouble)
{
    struct row *row;
    enum status status = need_row(edition, &join->node_id, &row, trouble);

    if (status == STATUS_OK)
        status = check_join(edition, join, row, trouble);
    if (status == STATUS_OK && row->member.status == MEMBER_REVOKED) {
        trouble_say(trouble,
            "%s is revoked: it comes back as a new member only, with a "
            "new home",
            join->name);
        status = STATUS_DENIED;
    }
    if (status)
        return status;
    if (!sign_public_equal(&row->member.identity, &join->identity))
        row->member.previous_identity = row->member.identity;
    if (!ident_equal(&row->member.queue_id, &join->queue_id))
        row->member.previous_queue_id = row->member.queue_id;
    take_keys(edition, join, row);
    /* A key that comes back is not its own previous one. */
    if (sign_public_equal(&row->member.identity, &row->member.previous_identity))
        memset(&row->member.previous_identity, 0, sizeof row->member.previous_identity);
    if (ident_equal(&row->member.queue_id, &row->member.previous_queue_id))
        memset(&row->member.previous_queue_id, 0, sizeof row->member.previous_queue_id);
    return STATUS_OK;
}

enum status edition_set_status(struct edition *edition, const struct ident *node_id,
    enum member_status wanted, struct trouble *trouble)
{
    struct row *row;
    enum status status = need_row(edition, node_id, &row, trouble);

    if (status)
        return status;
    if (row->member.status == wanted) {
        trouble_say(trouble, "%s has that status already",
            row->has_profile ? row->name : "this member");
        return STATUS_EXISTS;
    }
    if (row->member.status == MEMBER_REVOKED) {
        trouble_say(trouble, "a revoked member comes back as a new member only, with new "
                             "keys and --admit");
        return STATUS_DENIED;
    }
    row->member.status = wanted;
    row->member.status_since = edition->version;
    if (wanted == MEMBER_ACTIVE)
        row->vouched = row->touched = true;
    if (wanted == MEMBER_REVOKED) {
        row->has_profile = false;
        memset(&row->member.profile, 0, sizeof row->member.profile);
    }
    return STATUS_OK;
}

enum status edition_renew(
    struct edition *edition, const struct ident *node_id, struct trouble *trouble)
{
    struct row *row;
    enum status status = need_row(edition, node_id, &row, trouble);

    if (status == STATUS_OK)
        row->member.valid_to_ms = edition->start.created_ms + edition->start.valid_ms;
    return status;
}

/* ---- finishing ---- */

/* What this edition says anew of a member, or admits it with. */
static enum status check_profiles(const struct edition *edition, struct trouble *trouble)
{
    int64_t today = edition->start.created_ms / DAY_MS;
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < edition->n; i++) {
        const struct row *row = &edition->rows[i];

        if (!row->has_profile)
            continue;
        if (row->touched)
            status = served_check_place(&row->profile, trouble);
        if (status == STATUS_OK && row->vouched)
            status = served_check_protocol(&row->profile, today, trouble);
    }
    return status;
}

static int compare_rows(const void *a, const void *b)
{
    return ident_compare(&((const struct row *)a)->member.node_id,
        &((const struct row *)b)->member.node_id);
}

static enum status check_rows(const struct edition *edition, struct trouble *trouble)
{
    for (size_t i = 0; i < edition->n; i++) {
        const struct row *row = &edition->rows[i];

        if (row->member.status != MEMBER_ACTIVE ||
            row->member.valid_to_ms > edition->start.created_ms)
            continue;
        trouble_say(trouble,
            "the time of %s in the roster has run out: add --renew %s "
            "(or --renew all), or suspend it",
            row->name, row->name);
        return STATUS_EXPIRED;
    }
    return STATUS_OK;
}

static enum status encode_plain(struct edition *edition, struct profile *list,
    struct buffer *ret_plain, struct trouble *trouble)
{
    struct profiles profiles = {.version = edition->package_version, .profiles = list};
    enum status status;

    for (size_t i = 0; i < edition->n; i++) {
        if (edition->rows[i].has_profile)
            list[profiles.n++] = edition->rows[i].profile;
    }
    status = plain_format(edition->salt, &profiles, ret_plain);
    if (status)
        trouble_say(trouble, "the profiles cannot be written: %s", status_name(status));
    return status;
}

/* The keyed hash of each member's own profile, into its row. */
static enum status hash_profiles(struct edition *edition, struct span plain)
{
    struct buffer one;
    enum status status = STATUS_OK;

    buffer_init(&one, PROFILES_BYTES_MAX);
    for (size_t i = 0; status == STATUS_OK && i < edition->n; i++) {
        struct row *row = &edition->rows[i];
        struct profiles single = {.version = 1, .n = 1, .profiles = &row->profile};

        if (!row->has_profile)
            continue;
        buffer_clear(&one);
        status = profiles_encode(&single, &one);
        if (status == STATUS_OK)
            row->member.profile = package_profile_hash(plain, buffer_span(&one));
    }
    buffer_release(&one);
    return status;
}

static enum status make_drafts(struct edition *edition, const struct member *members,
    struct span plain, struct buffer *ret_roster, struct buffer *ret_package)
{
    const struct edition_start *start = &edition->start;
    struct roster_draft roster = {
        .version = edition->version,
        .root_version = start->charter->root.version,
        .created_ms = start->created_ms,
        .expires_ms = start->expires_ms,
        .previous = edition->previous,
        .profiles = package_hash(plain),
        .members = members,
        .n = edition->n,
    };
    struct package_draft package = {
        .network_id = &start->charter->network_id,
        .version = edition->package_version,
        .root_version = start->charter->root.version,
        .created_ms = start->created_ms,
        .expires_ms = start->expires_ms,
        .plain = plain,
        .members = members,
        .n = edition->n,
    };
    struct document document;
    struct roster *checked = NULL;
    enum status status = roster_encode(&roster, ret_roster);

    if (status == STATUS_OK)
        status = package_make(&package, start->chance, ret_package);
    /* What every machine will do with it: nothing is signed that would be refused. */
    if (status == STATUS_OK)
        status = document_decode_one(buffer_span(ret_roster), DOCUMENT_ROSTER, &document);
    if (status == STATUS_OK)
        status = roster_decode(&document, &checked);
    roster_destroy(&checked);
    return status;
}

enum status edition_finish(struct edition *edition, struct buffer *ret_roster,
    struct buffer *ret_package, struct buffer *ret_plain, struct trouble *trouble)
{
    struct profile *list = memory_new_array(edition->n, sizeof *list);
    struct member *members = memory_new_array(edition->n, sizeof *members);
    enum status status = check_rows(edition, trouble);

    buffer_init(ret_roster, ROSTER_BYTES_MAX);
    buffer_init(ret_package, PROFILES_BYTES_MAX);
    buffer_init(ret_plain, PROFILES_BYTES_MAX);
    qsort(edition->rows, edition->n, sizeof *edition->rows, compare_rows);
    for (size_t i = 0; i < edition->n; i++)
        aim_profile(&edition->rows[i]);
    if (status == STATUS_OK)
        status = check_profiles(edition, trouble);
    if (status == STATUS_OK)
        status = encode_plain(edition, list, ret_plain, trouble);
    if (status == STATUS_OK) {
        struct span plain = plain_bytes(buffer_span(ret_plain));

        status = hash_profiles(edition, plain);
        for (size_t i = 0; i < edition->n; i++)
            members[i] = edition->rows[i].member;
        if (status == STATUS_OK)
            status = make_drafts(edition, members, plain, ret_roster, ret_package);
        if (status)
            trouble_say(trouble, status == STATUS_FORGED
                                     ? "a member's directory key is not a usable key"
                                     : "the roster that these changes make would be "
                                       "refused by every member");
    }
    memory_free(list);
    memory_free(members);
    return status;
}
