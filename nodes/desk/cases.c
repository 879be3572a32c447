/* SPDX-License-Identifier: Apache-2.0
 * The use cases of a case. Each writes the row, then what happened into its timeline; the finder follows after the
 * commit (desk_committed), so that it never shows what was rolled back.
 */
#include <string.h>

#include "hash.h"
#include "inside.h"
#include "log.h"
#include "memory.h"

/* An opaque id of the local person; the name itself stands in settings. */
struct ident case_who(const struct desk *desk)
{
    const struct colleague *person = desk_actor(desk);
    static const struct ident NOBODY;

    return person ? person->id : NOBODY;
}

enum status case_say(struct desk *desk, const struct ident *ident, enum case_event event,
    int detail, const char *reference)
{
    struct event_row row = {.day = desk_today(desk),
        .event = event,
        .detail = (uint8_t)detail,
        .who = case_who(desk)};

    if (reference)
        memcpy(row.reference, reference, REFERENCE_BYTES);
    return timeline_add(desk->timeline, ident, &row);
}

/* --- numbers ---------------------------------------------------------------------------------------------------- */

static enum status explain_number(
    enum status status, enum number_kind kind, struct problem *problem)
{
    if (status == STATUS_MALFORMED)
        problem_say(problem, 400, "bad-number",
            "Field \"%s\" cannot be that: a CNIC has 13 digits, the others 3 to 31 "
            "letters "
            "and digits. Nothing was changed, and the number was not kept.",
            number_kind_name(kind));
    return status;
}

enum status case_read_number(struct desk *desk, const struct json *request,
    enum number_kind kind, bool *ret_given, struct hash *ret, struct problem *problem)
{
    struct trouble trouble = {""};
    const char *text = NULL;
    enum status status =
        json_may_text(request, number_kind_name(kind), NUMBER_TEXT_MAX, &text, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    *ret_given = text && *text;
    if (!*ret_given)
        return STATUS_OK;
    status = casebook_hash_number(desk->casebook, kind, text, ret);
    return explain_number(status, kind, problem);
}

static enum status add_duplicate(struct desk *desk, const struct hash *hash,
    const struct ident *except, struct json *duplicates)
{
    char alias[REFERENCE_BYTES];
    struct ident other;
    enum status status = casebook_find_number(desk->casebook, hash, except, &other);

    if (status == STATUS_OK)
        status = case_alias(desk, &other, alias);
    if (status == STATUS_OK)
        json_add_text(duplicates, alias);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Puts the numbers of the request; `duplicates` gets aliases of cases that have one of them. */
static enum status put_numbers(struct desk *desk, const struct json *request,
    const struct ident *ident, struct json *duplicates, struct problem *problem)
{
    enum status status = STATUS_OK;

    for (int kind = 1; status == STATUS_OK && kind < NUMBER_COUNT; kind++) {
        struct hash hash;
        bool given = false;

        status = case_read_number(
            desk, request, (enum number_kind)kind, &given, &hash, problem);
        if (status != STATUS_OK || !given)
            continue;
        status =
            casebook_add_number(desk->casebook, ident, (enum number_kind)kind, &hash);
        if (status == STATUS_OK || status == STATUS_EXISTS)
            status = add_duplicate(desk, &hash, ident, duplicates);
    }
    return status;
}

/* --- opening and changing ------------------------------------------------------------------------------------------ */

/* The received referral of which the case is made: its person is where the record begins. */
static enum status read_received(struct desk *desk, const struct json *request,
    struct referral_row *ret, bool *ret_given, struct problem *problem)
{
    char reference[REFERENCE_BYTES];
    struct ident known;

    *ret_given = json_find(request, "received") != NULL;
    if (!*ret_given)
        return STATUS_OK;
    enum status status = case_read_alias(request, "received", reference, problem);
    if (status == STATUS_OK)
        status = referrals_find(desk->referrals, reference, desk->arena, ret);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && ret->sent)) {
        problem_say(problem, 404, "unknown-reference",
            "No received referral %s is known here. Nothing was changed.", reference);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && ret->damaged) {
        problem_say(problem, 500, "damaged",
            "The record of referral %s cannot be read any more: the disk damaged it. "
            "Nothing was changed. Open the case without it.",
            reference);
        return STATUS_CORRUPT;
    }
    if (status == STATUS_OK &&
        casebook_find_tie(desk->casebook, ret->id, &known) == STATUS_OK) {
        problem_say(problem, 409, "has-case",
            "The referral %s belongs to a case already. Nothing was changed. \"amaan "
            "case-find --reference %s\" shows it.",
            reference, reference);
        return STATUS_EXISTS;
    }
    return status;
}

enum status case_open(struct desk *desk, const struct json *request, struct case_row *row,
    const struct referral_row *received, struct json **ret, struct problem *problem)
{
    struct json *duplicates = json_new_list();
    enum status status = case_explain(desk, casebook_add(desk->casebook, row), problem);

    if (status == STATUS_OK)
        status = put_numbers(desk, request, &row->ident, duplicates, problem);
    if (status == STATUS_OK)
        status = case_say(desk, &row->ident, EVENT_OPENED, 0, NULL);
    if (status == STATUS_OK && received)
        status = casebook_tie(desk->casebook, &row->ident, received->id);
    if (status == STATUS_OK && received)
        status =
            case_say(desk, &row->ident, EVENT_RECEIVED, 0, received->referral.reference);
    if (status == STATUS_OK) {
        case_touch(desk, &row->ident);
        *ret = case_format(row);
        json_give(*ret, "duplicates", &duplicates);
    }
    json_destroy(&duplicates);
    return status;
}

static enum status read_displacement(const struct verb *verb, const struct json *request,
    struct case_row *row, struct problem *problem)
{
    int word = (int)row->displacement;
    enum status status = STATUS_OK;

    if (json_find(request, "displacement"))
        status = desk_need_word(verb, request, "displacement", &word, problem);
    row->displacement = (enum displacement)word;
    return status;
}

enum status use_case_open(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct case_row row = {.opened_day = desk_today(desk),
        .person = {
            .age_band = AGE_UNKNOWN, .minor = MINOR_UNKNOWN, .gender = GENDER_UNSTATED}};
    struct referral_row received;
    bool is_received = false;
    int origin;
    enum status status = read_received(desk, request, &received, &is_received, problem);

    origin = is_received ? ORIGIN_REFERRAL : ORIGIN_WALK_IN;
    if (status == STATUS_OK && is_received)
        row.person = received.referral.person;
    if (status == STATUS_OK && json_find(request, "origin"))
        status = desk_need_word(verb, request, "origin", &origin, problem);
    if (status == STATUS_OK)
        status = case_read_person(verb, request, &row.person, problem);
    if (status == STATUS_OK)
        status = read_displacement(verb, request, &row, problem);
    row.origin = (enum case_origin)origin;
    if (status == STATUS_OK)
        status =
            case_open(desk, request, &row, is_received ? &received : NULL, ret, problem);
    return status;
}

enum status use_case_change(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *duplicates = json_new_list();
    struct case_row row;
    enum status status = case_named(desk, request, "reference", &row, problem);

    if (status == STATUS_OK)
        status = case_read_person(verb, request, &row.person, problem);
    if (status == STATUS_OK)
        status = read_displacement(verb, request, &row, problem);
    row.changed_day = desk_today(desk);
    if (status == STATUS_OK)
        status = casebook_put(desk->casebook, &row);
    if (status == STATUS_OK)
        status = put_numbers(desk, request, &row.ident, duplicates, problem);
    if (status == STATUS_OK)
        status = case_say(desk, &row.ident, EVENT_CHANGED, 0, NULL);
    if (status == STATUS_OK) {
        case_touch(desk, &row.ident);
        *ret = case_format(&row);
        json_give(*ret, "duplicates", &duplicates);
    }
    json_destroy(&duplicates);
    return status;
}

/* --- closing, opening again, notes ------------------------------------------------------------------------------------ */

static enum status move(struct desk *desk, struct case_row *row,
    enum case_outcome outcome, int detail, struct json **ret)
{
    row->changed_day = desk_today(desk);
    row->closed_day = outcome == OUTCOME_OPEN ? 0 : row->changed_day;
    row->outcome = outcome;
    enum status status = casebook_put(desk->casebook, row);
    if (status == STATUS_OK)
        status = case_say(desk, &row->ident,
            outcome == OUTCOME_OPEN ? EVENT_REOPENED : EVENT_CLOSED, detail, NULL);
    if (status == STATUS_OK) {
        case_touch(desk, &row->ident);
        *ret = case_format(row);
    }
    return status;
}

enum status use_case_close(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct case_row row;
    int word = 0;
    enum status status = case_named(desk, request, "reference", &row, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "outcome", &word, problem);
    if (status == STATUS_OK && row.outcome != OUTCOME_OPEN) {
        problem_say(problem, 409, "case-closed",
            "The case %s is closed (%s). Nothing was changed. Open it again first, with "
            "\"amaan case-reopen\".",
            row.alias, case_outcome_name(row.outcome));
        return STATUS_CONFLICT;
    }
    /* The words begin behind "open". */
    return status == STATUS_OK
               ? move(desk, &row, (enum case_outcome)(word + 1), word + 1, ret)
               : status;
}

enum status use_case_reopen(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct case_row row;
    int reason = 0;
    enum status status = case_named(desk, request, "reference", &row, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "reason", &reason, problem);
    if (status == STATUS_OK && row.outcome == OUTCOME_OPEN) {
        problem_say(problem, 409, "case-open",
            "The case %s is open. Nothing was changed.", row.alias);
        return STATUS_CONFLICT;
    }
    return status == STATUS_OK ? move(desk, &row, OUTCOME_OPEN, reason, ret) : status;
}

enum status use_case_note(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct event_row event = {
        .day = desk_today(desk), .event = EVENT_NOTE, .who = case_who(desk)};
    struct trouble trouble = {""};
    struct case_row row;
    const char *text;
    enum status status = case_named(desk, request, "reference", &row, problem);

    (void)verb;
    if (status != STATUS_OK)
        return status;
    status = json_need_text(request, "text", EVENT_TEXT_BYTES_MAX, &text, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    memcpy(event.text, text, strlen(text) + 1);
    status = timeline_add(desk->timeline, &row.ident, &event);
    memory_wipe(&event, sizeof(event));
    if (status == STATUS_OK)
        *ret = case_format(&row);
    return status;
}

enum status use_case_show(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct case_row row;
    enum status status = case_named(desk, request, "reference", &row, problem);

    (void)verb;
    return status == STATUS_OK ? case_format_all(desk, &row, ret) : status;
}

/* --- links ---------------------------------------------------------------------------------------------------------- */

static enum status read_pair(struct desk *desk, const struct json *request,
    struct case_row *ret, struct case_row *ret_other, struct problem *problem)
{
    enum status status = case_named(desk, request, "reference", ret, problem);

    if (status == STATUS_OK)
        status = case_named(desk, request, "with", ret_other, problem);
    return status;
}

enum status use_case_link(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct case_row row, other;
    int reason = 0;
    enum status status = read_pair(desk, request, &row, &other, problem);

    if (status == STATUS_OK)
        status = desk_need_word(verb, request, "reason", &reason, problem);
    if (status == STATUS_OK)
        status = links_add(desk->links, &row.ident, &other.ident,
            (enum link_reason)reason, desk_today(desk));
    if (status == STATUS_EXISTS || status == STATUS_CONFLICT)
        problem_say(problem, 409, "cannot-link", "%s and %s are %s. Nothing was changed.",
            row.alias, other.alias,
            status == STATUS_EXISTS ? "linked already" : "one case");
    if (status == STATUS_OK)
        status = case_say(desk, &row.ident, EVENT_LINKED, reason, NULL);
    if (status == STATUS_OK)
        status = case_say(desk, &other.ident, EVENT_LINKED, reason, NULL);
    return status == STATUS_OK ? case_format_all(desk, &row, ret) : status;
}

enum status use_case_unlink(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct case_row row, other;
    enum status status = read_pair(desk, request, &row, &other, problem);

    (void)verb;
    if (status == STATUS_OK) {
        status = links_remove(desk->links, &row.ident, &other.ident);
        if (status == STATUS_NOT_FOUND)
            problem_say(problem, 404, "cannot-link",
                "%s and %s are not linked. Nothing was changed.", row.alias, other.alias);
    }
    if (status == STATUS_OK)
        status = case_say(desk, &row.ident, EVENT_UNLINKED, 0, NULL);
    if (status == STATUS_OK)
        status = case_say(desk, &other.ident, EVENT_UNLINKED, 0, NULL);
    return status == STATUS_OK ? case_format_all(desk, &row, ret) : status;
}

/* --- the casebook's part of the desk ----------------------------------------------------------------------------------- */

enum status case_tie_sent(struct desk *desk, const struct json *request,
    const struct referral_row *row, struct problem *problem)
{
    struct case_row found;
    enum status status;

    if (!json_find(request, "case"))
        return STATUS_OK;
    status = case_named(desk, request, "case", &found, problem);
    if (status == STATUS_OK)
        status = casebook_tie(desk->casebook, &found.ident, row->id);
    if (status == STATUS_OK)
        status = case_say(desk, &found.ident, EVENT_REFERRED, 0, row->referral.reference);
    return status;
}

enum status cases_open(struct desk *desk, struct trouble *trouble)
{
    struct casebook_options options = {.db = desk->options.db,
        .chance = desk->options.chance,
        .key_path = desk->options.case_key_path};
    enum status status = casebook_open(&options, &desk->casebook, trouble);

    desk->finder = finder_new();
    if (status == STATUS_OK)
        status = timeline_open(desk->options.db, desk->options.chance, desk->casebook,
            &desk->timeline, trouble);
    if (status == STATUS_OK)
        status = links_open(desk->options.db, desk->options.chance, desk->casebook,
            &desk->links, trouble);
    if (status == STATUS_OK)
        status =
            tasks_open(desk->options.db, desk->options.chance, &desk->tasks, trouble);
    return status;
}

void cases_close(struct desk *desk)
{
    if (desk->timeline)
        timeline_close(&desk->timeline);
    if (desk->links)
        links_close(&desk->links);
    if (desk->tasks)
        tasks_close(&desk->tasks);
    finder_destroy(&desk->finder);
    casebook_close(&desk->casebook);
}

void cases_unlock(struct desk *desk, const struct box_key *master)
{
    enum status status = casebook_unlock(desk->casebook, master);

    tasks_unlock(desk->tasks, master);
    desk->casebook_lost = status != STATUS_OK;
    desk->busy = true;
    if (desk->casebook_lost)
        log_event(LOG_ALARM, "case-key-lost", "reason=%s", log_text(status_name(status)));
}

void cases_lock(struct desk *desk)
{
    casebook_lock(desk->casebook);
    tasks_lock(desk->tasks);
    finder_clear(desk->finder);
    desk->casebook_lost = false;
    desk->n_touched = 0;
}
