/* SPDX-License-Identifier: Apache-2.0
 * One function per thing; names and order of facts are what scripts read, so they only grow.
 */
#include "describe.h"

#include "clock.h"
#include "likeness.h"
#include "memory.h"
#include "places.h"

static const char *status_word(enum member_status status)
{
    switch (status) {
    case MEMBER_ACTIVE:
        return "active";
    case MEMBER_SUSPENDED:
        return "suspended";
    case MEMBER_REVOKED:
        return "revoked";
    case MEMBER_STATUS_COUNT:
        break;
    }
    return "unknown";
}

/* The member's name where the profiles have one, its node id in any case. */
static void describe_node(
    struct facts *facts, const struct plain *plain, const struct ident *node_id)
{
    const struct profile *profile = plain ? plain_find(plain, node_id) : NULL;

    if (profile)
        facts_text(facts, "name", profile->name);
    facts_ident(facts, "node_id", node_id);
}

void describe_document(struct facts *facts, const struct document *document)
{
    facts_text(facts, "type", document_type_name(document->type));
    facts_number(facts, "version", document->version);
    if (document->type != DOCUMENT_ROOT)
        facts_number(facts, "root_version", document->root_version);
    facts_time(facts, "created", document->created_ms);
    facts_time(facts, "expires", document->expires_ms);
    facts_hex(facts, "hash", document->hash.bytes, sizeof document->hash.bytes);
}

void describe_signers(struct facts *facts, const struct document *document,
    const struct charter *charter, const struct signatures *signatures)
{
    if (signatures) {
        if (signatures->needed_old) {
            facts_number(facts, "signatures_of_old_stewards", signatures->good_old);
            facts_number(facts, "needed_of_old_stewards", signatures->needed_old);
        }
        facts_number(facts, "signatures", signatures->good);
        facts_number(facts, "needed", signatures->needed);
        facts_flag(facts, "complete", signatures->enough);
        if (signatures->outdated)
            facts_number(facts, "complete_under_root", signatures->root_version);
    }
    facts_open_list(facts, "signers");
    for (size_t i = 0; i < document->n_signers; i++) {
        struct sign_public key = document_signer(document, i);

        facts_open(facts, NULL);
        facts_hex(facts, "key", key.bytes, sizeof key.bytes);
        if (charter)
            facts_flag(facts, "counts", charter_signature_counts(charter, document, i));
        facts_close(facts);
    }
    facts_close_list(facts);
}

void describe_root(struct facts *facts, const struct root *root)
{
    char digits[FINGERPRINT_TEXT_BYTES];

    fingerprint_format(&root->hash, digits);
    facts_text(facts, "fingerprint", digits);
    facts_flag(facts, "practice", root->practice);
    facts_number(facts, "threshold", root->threshold);
    facts_open_list(facts, "stewards");
    for (size_t i = 0; i < root->n_stewards; i++) {
        facts_open(facts, NULL);
        facts_hex(facts, "key", root->stewards[i].bytes, sizeof root->stewards[i].bytes);
        fingerprint_format_key(&root->stewards[i], digits);
        facts_text(facts, "fingerprint", digits);
        facts_close(facts);
    }
    facts_close_list(facts);
}

static void describe_steward(
    struct facts *facts, const struct sign_public *key, const char *change)
{
    char digits[FINGERPRINT_TEXT_BYTES];

    fingerprint_format_key(key, digits);
    facts_open(facts, NULL);
    facts_hex(facts, "key", key->bytes, sizeof key->bytes);
    facts_text(facts, "fingerprint", digits);
    facts_text(facts, "change", change);
    facts_close(facts);
}

void describe_root_changes(
    struct facts *facts, const struct root *before, const struct root *after)
{
    facts_number(facts, "threshold_before", before->threshold);
    facts_open_list(facts, "changes");
    for (size_t i = 0; i < after->n_stewards; i++) {
        if (!root_has_steward(before, &after->stewards[i]))
            describe_steward(facts, &after->stewards[i], "new steward");
    }
    for (size_t i = 0; i < before->n_stewards; i++) {
        if (!root_has_steward(after, &before->stewards[i]))
            describe_steward(facts, &before->stewards[i], "steward no more");
    }
    facts_close_list(facts);
}

void describe_roster(
    struct facts *facts, const struct roster *roster, const struct plain *plain)
{
    struct hash profiles = roster_profiles(roster);

    facts_hex(facts, "profiles_hash", profiles.bytes, sizeof profiles.bytes);
    facts_number(facts, "members", roster_count(roster));
    facts_open_list(facts, "rows");
    for (size_t i = 0; i < roster_count(roster); i++) {
        const struct member *member = roster_nth(roster, i);

        facts_open(facts, NULL);
        describe_node(facts, plain, &member->node_id);
        facts_text(facts, "status", status_word(member->status));
        facts_number(facts, "since_version", member->status_since);
        facts_time(facts, "valid_to", member->valid_to_ms);
        facts_close(facts);
    }
    facts_close_list(facts);
}

static bool has_new_keys(const struct member *before, const struct member *after)
{
    return !before || !sign_public_equal(&before->identity, &after->identity) ||
           !sign_public_equal(&before->previous_identity, &after->previous_identity) ||
           memcmp(before->transport, after->transport, sizeof before->transport) != 0 ||
           memcmp(before->directory, after->directory, sizeof before->directory) != 0 ||
           !ident_equal(&before->queue_id, &after->queue_id) ||
           !ident_equal(&before->previous_queue_id, &after->previous_queue_id) ||
           before->suites != after->suites;
}

static bool has_new_status(const struct member *before, const struct member *after)
{
    return before && before->status != after->status;
}

/* What is neither status nor keys. */
static const char *lesser_change(const struct member *before, const struct member *after)
{
    if (!hash_equal(&before->profile, &after->profile))
        return "new profile";
    if (before->valid_to_ms != after->valid_to_ms ||
        before->valid_from_ms != after->valid_from_ms)
        return "renewed";
    return NULL;
}

static void describe_protocol(struct facts *facts, const struct eligibility *one)
{
    char day[TIME_TEXT_BYTES];

    if (one->protocol_last_day == 0)
        return;
    time_format((int64_t)one->protocol_last_day * DAY_MS, day);
    day[10] = '\0'; /* the day of "2027-12-31T..." */
    facts_text(facts, "protocol", one->protocol);
    facts_text(facts, "protocol_last_day", day);
}

/* Where the keys come from, and whose name the member's could be taken for. */
static void describe_newcomer(struct facts *facts, const struct ident *node_id,
    const struct plain *plain, const struct requests *requests)
{
    const struct join *join = requests ? requests_find(requests, node_id) : NULL;
    const struct profile *profile = plain ? plain_find(plain, node_id) : NULL;
    const char *near = profile ? likeness_near(plain, profile) : NULL;
    char digits[FINGERPRINT_TEXT_BYTES];

    if (near)
        facts_text(facts, "name_is_near", near);
    if (profile)
        describe_protocol(facts, &profile->eligibility);
    if (join) {
        join_fingerprint(join, digits);
        facts_text(facts, "fingerprint", digits);
    } else if (requests) {
        facts_text(facts, "fingerprint",
            "not shown: give this member's request with --join to check its keys");
    }
}

static void describe_change(struct facts *facts, const struct member *then,
    const struct member *now, const struct plain *plain, const struct requests *requests)
{
    bool keys = has_new_keys(then, now), status = has_new_status(then, now);
    const char *lesser = keys || status ? NULL : lesser_change(then, now);

    if (!keys && !status && !lesser)
        return;
    facts_open(facts, NULL);
    describe_node(facts, plain, &now->node_id);
    if (!then && now->status == MEMBER_ACTIVE)
        facts_text(facts, "change", "admitted");
    else if (!then)
        facts_text(facts, "change", status_word(now->status));
    else if (status)
        facts_text(facts, "change",
            now->status == MEMBER_ACTIVE ? "reactivated" : status_word(now->status));
    else
        facts_text(facts, "change", keys ? "new keys" : lesser);
    if (then && status && keys)
        facts_text(facts, "keys", "new keys");
    if (keys)
        describe_newcomer(facts, &now->node_id, plain, requests);
    facts_close(facts);
}

void describe_changes(struct facts *facts, const struct roster *before,
    const struct roster *after, const struct plain *plain,
    const struct requests *requests)
{
    facts_open_list(facts, "changes");
    for (size_t i = 0; i < roster_count(after); i++) {
        const struct member *now = roster_nth(after, i);
        const struct member *then =
            before ? roster_find_node(before, &now->node_id) : NULL;

        describe_change(facts, then, now, plain, requests);
    }
    for (size_t i = 0; before && i < roster_count(before); i++) {
        const struct member *then = roster_nth(before, i);

        if (roster_find_node(after, &then->node_id))
            continue;
        facts_open(facts, NULL);
        describe_node(facts, plain, &then->node_id);
        facts_text(facts, "change", "removed");
        facts_close(facts);
    }
    facts_close_list(facts);
}

void describe_parcel(struct facts *facts, const struct parcel *parcel)
{
    facts_hex(
        facts, "profiles_hash", parcel->profiles.bytes, sizeof parcel->profiles.bytes);
    facts_number(facts, "readers", parcel->n);
    facts_number(facts, "sealed_bytes", parcel->locked.n);
}

void describe_notice(
    struct facts *facts, const struct notice *notice, const struct plain *plain)
{
    facts_open_list(facts, "suspends");
    for (size_t i = 0; i < notice->n; i++) {
        facts_open(facts, NULL);
        describe_node(facts, plain, &notice->nodes[i]);
        facts_close(facts);
    }
    facts_close_list(facts);
}

static void describe_bits(struct facts *facts, const char *name, uint32_t bits, int count,
    const char *(*word)(int number))
{
    facts_open_list(facts, name);
    for (int number = 1; number < count; number++) {
        if (bits & UINT32_C(1) << (number - 1))
            facts_text(facts, NULL, word(number));
    }
    facts_close_list(facts);
}

static const char *role_word(int number)
{
    return role_name((enum role)number);
}

static const char *service_word(int number)
{
    return service_name((enum service)number);
}

void describe_join(struct facts *facts, const struct join *join)
{
    char digits[FINGERPRINT_TEXT_BYTES];

    join_fingerprint(join, digits);
    facts_text(facts, "type", "join request");
    facts_text(facts, "name", join->name);
    facts_text(facts, "fingerprint", digits);
    facts_ident(facts, "node_id", &join->node_id);
    describe_bits(facts, "roles", join->roles, ROLE_COUNT, role_word);
}

static const char *gender_word(int number)
{
    return gender_name((enum gender)number);
}

static const char *unit_word(int number)
{
    return unit_name((enum unit)number);
}

static const char *paper_word(int number)
{
    return paper_name((enum paper)number);
}

static void describe_told(struct facts *facts, const char *name, enum claim told)
{
    if (told != CLAIM_NOTHING)
        facts_text(facts, name, claim_name(told));
}

static void describe_places(struct facts *facts, const struct eligibility *one)
{
    char code[PLACE_CODE_BYTES];

    if (one->district != 0) {
        place_code_format(one->district, code);
        facts_text(facts, "district", code);
    }
    if (one->n_catchment == 0)
        return;
    facts_open_list(facts, "catchment");
    for (size_t i = 0; i < one->n_catchment; i++) {
        place_code_format(one->catchment[i], code);
        facts_text(facts, NULL, code);
    }
    facts_close_list(facts);
}

/* Only what is told. */
static void describe_eligibility(struct facts *facts, const struct eligibility *one)
{
    describe_protocol(facts, one);
    describe_places(facts, one);
    if (one->genders)
        describe_bits(facts, "genders", one->genders, GENDER_COUNT, gender_word);
    if (one->minimum_age)
        facts_number(facts, "minimum_age", one->minimum_age);
    if (one->maximum_age)
        facts_number(facts, "maximum_age", one->maximum_age);
    if (one->boys_max_age)
        facts_number(facts, "boys_max_age", one->boys_max_age);
    describe_told(facts, "children", one->children);
    describe_told(facts, "wheelchair", one->wheelchair);
    describe_told(facts, "round_the_clock", one->round_the_clock);
    if (one->units)
        describe_bits(facts, "units", one->units, UNIT_COUNT, unit_word);
    if (one->papers)
        describe_bits(facts, "papers", one->papers, PAPER_COUNT, paper_word);
    describe_told(facts, "tele", one->tele);
    if (one->tele == CLAIM_YES) {
        char offset[16];
        int minutes = one->utc_offset < 0 ? -one->utc_offset : one->utc_offset;

        (void)snprintf(offset, sizeof offset, "%c%02d:%02d",
            one->utc_offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
        facts_text(facts, "utc_offset", offset);
    }
    if (one->licence && *one->licence)
        facts_text(facts, "licence", one->licence);
}

void describe_plain(struct facts *facts, const struct plain *plain)
{
    facts_text(facts, "type", "plain profiles");
    facts_number(facts, "version", plain->profiles.version);
    facts_open_list(facts, "profiles");
    for (size_t i = 0; i < plain->profiles.n; i++) {
        const struct profile *profile = &plain->profiles.profiles[i];

        facts_open(facts, NULL);
        facts_text(facts, "name", profile->name);
        facts_ident(facts, "node_id", &profile->node_id);
        describe_bits(facts, "roles", profile->roles, ROLE_COUNT, role_word);
        describe_bits(facts, "services", profile->services, SERVICE_COUNT, service_word);
        facts_open_list(facts, "languages");
        for (size_t k = 0; k < profile->n_languages; k++)
            facts_text(facts, NULL, profile->languages[k]);
        facts_close_list(facts);
        facts_text(facts, "hours", profile->hours ? profile->hours : "");
        facts_text(facts, "contact", profile->contact ? profile->contact : "");
        describe_eligibility(facts, &profile->eligibility);
        facts_close(facts);
    }
    facts_close_list(facts);
}

enum status describe_part(
    struct facts *facts, const struct document *document, const struct plain *plain)
{
    struct root root;
    struct roster *roster = NULL;
    struct parcel parcel;
    struct notice notice;
    enum status status = STATUS_MALFORMED;

    switch (document->type) {
    case DOCUMENT_ROOT:
        status = root_decode(document, &root);
        if (status == STATUS_OK && facts)
            describe_root(facts, &root);
        break;
    case DOCUMENT_ROSTER:
        status = roster_decode(document, &roster);
        if (status == STATUS_OK && facts)
            describe_roster(facts, roster, plain);
        break;
    case DOCUMENT_PROFILES:
        status = parcel_decode(document, &parcel);
        if (status == STATUS_OK && facts)
            describe_parcel(facts, &parcel);
        break;
    case DOCUMENT_NOTICE:
        status = notice_decode(document, &notice);
        if (status == STATUS_OK && facts)
            describe_notice(facts, &notice, plain);
        break;
    case DOCUMENT_TYPE_COUNT:
        break;
    }
    roster_destroy(&roster);
    return status;
}
