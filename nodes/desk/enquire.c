/* SPDX-License-Identifier: Apache-2.0
 * An enquiry is the question of "match" put to at most three members that matching offers. Receiving one commits
 * nobody; what is answered is one word. Both sides keep it for a week.
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"
#include "roles.h"

enum {
    ASKED_MAX = 3,     /* more would say to the whole network that somebody is in need */
    HOURS_TONIGHT = 2, /* then the next ones are asked */
    HOURS = 24,
    LISTED_MAX = 200
};

static int64_t whole_hour(int64_t ms)
{
    return (ms + HOUR_MS - 1) / HOUR_MS * HOUR_MS;
}

static enum status send_body(struct desk *desk, const struct ident *to, uint16_t kind,
    bool tonight, struct span body)
{
    struct post_letter_new letter = {.recipient = *to,
        .kind = kind,
        .lane = tonight ? LANE_EXPRESS : LANE_NORMAL,
        .item_id = ident_new(desk->options.chance),
        .body = body};

    return post_send(desk->options.post, &letter);
}

static struct enquiry make_enquiry(
    const struct match_question *question, bool infant, int64_t until_ms)
{
    struct enquiry enquiry = {.service = question->service,
        .gender = question->gender,
        .age_band = question->age_band,
        .minor = question->minor,
        .children = question->children,
        .infant = infant,
        .boy_age = question->boy_age,
        .n_languages = question->n_languages,
        .wheelchair = question->wheelchair,
        .tonight = question->tonight,
        .district = question->district,
        .until_ms = until_ms};

    memcpy(enquiry.languages, question->languages, sizeof(enquiry.languages));
    return enquiry;
}

static enum status read_enquiry(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct match_question *ret_question, struct enquiry *ret,
    struct problem *problem)
{
    struct trouble trouble = {""};
    bool infant = false;
    enum status status = match_read_question(desk, verb, request, ret_question, problem);

    if (status != STATUS_OK)
        return status;
    int64_t hours = ret_question->tonight ? HOURS_TONIGHT : HOURS;
    status = json_may_flag(request, "infant", &infant, &trouble);
    if (status == STATUS_OK)
        status = json_may_int(request, "hours", 1, ENQUIRY_HOURS_MAX, &hours, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    if (infant && ret_question->children == 0)
        ret_question->children = 1;
    *ret = make_enquiry(
        ret_question, infant, whole_hour(desk_now_ms(desk) + hours * HOUR_MS));
    reference_new(desk->options.chance, ret->reference);
    return STATUS_OK;
}

/* Is it among those named in field "to"? Without the field the best ones are taken. */
static bool is_wanted(const struct json *to, const char *name)
{
    if (!to)
        return true;
    for (size_t i = 0; i < json_count(to); i++) {
        const char *text = json_text(json_nth(to, i));

        if (text && strcmp(text, name) == 0)
            return true;
    }
    return false;
}

/* At most ASKED_MAX profiles that matching offers; refuses if one that was named is not offered. */
static enum status choose(struct desk *desk, const struct json *request,
    const struct match_answer *found, const struct profile *ret[static ASKED_MAX],
    size_t *ret_n, struct problem *problem)
{
    struct trouble trouble = {""};
    const struct json *to = NULL;
    size_t n = 0;
    enum status status = json_may_list(request, "to", ASKED_MAX, &to, &trouble);

    (void)desk;
    if (status != STATUS_OK)
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    for (size_t i = 0; i < found->n && n < ASKED_MAX; i++) {
        const struct match *match = &found->matches[i];
        const struct profile *profile = found->candidates[match->candidate].profile;

        if (match->excluded == 0 && is_wanted(to, profile->name))
            ret[n++] = profile;
    }
    if (n > 0 && (!to || n == json_count(to))) {
        *ret_n = n;
        return STATUS_OK;
    }
    problem_say(problem, 409, "nobody-to-ask",
        "%s. Nothing was sent. \"amaan match\" with the same options says why; the "
        "coordinator may know somebody.",
        to ? "Not everyone of field \"to\" may be asked for this" : "Nobody fits");
    return STATUS_NOT_FOUND;
}

static struct json *format_row(const struct desk *desk, const struct enquiry_row *row)
{
    const struct enquiry *one = &row->enquiry;
    struct json *json = json_new_object(), *languages = json_new_list();
    char memory[IDENT_TEXT_BYTES], code[PLACE_CODE_BYTES];

    for (size_t i = 0; i < one->n_languages; i++)
        json_add_text(languages, one->languages[i]);
    json_put_text(json, "reference", one->reference);
    json_put_text(json, "direction", row->mine ? "sent" : "received");
    json_put_text(json, "peer", item_member_name(desk, &row->peer, memory));
    json_put_text(json, "service", service_name(one->service));
    json_put_text(json, "gender", gender_name(one->gender));
    json_put_text(json, "age_band", age_band_name(one->age_band));
    json_put_text(json, "minor", minor_name(one->minor));
    json_put_int(json, "children", one->children);
    json_put_flag(json, "infant", one->infant);
    if (one->boy_age >= 0)
        json_put_int(json, "boy_age", one->boy_age);
    json_give(json, "languages", &languages);
    json_put_flag(json, "wheelchair", one->wheelchair);
    json_put_flag(json, "tonight", one->tonight);
    if (one->district != 0) {
        place_code_format(one->district, code);
        json_put_text(json, "where", code);
    }
    json_put_time(json, "until", one->until_ms);
    json_put_flag(json, "over", desk_now_ms(desk) >= one->until_ms);
    if (row->word != 0)
        json_put_text(json, "answer", enquiry_word_name(row->word));
    if (row->answer_until_ms > 0)
        json_put_time(json, "kept_until", row->answer_until_ms);
    return json;
}

/* Who asked or was asked, and when, is all that is left to say. */
static struct json *format_damaged(const struct desk *desk, const struct enquiry_row *row)
{
    struct json *json = json_new_object();
    char memory[IDENT_TEXT_BYTES];

    json_put_flag(json, "damaged", true);
    json_put_text(json, "direction", row->mine ? "sent" : "received");
    json_put_text(json, "peer", item_member_name(desk, &row->peer, memory));
    item_put_day(json, "day", row->day);
    return json;
}

/* One row and one letter for each; all of them or none. */
static enum status ask_them(struct desk *desk, const struct enquiry *enquiry,
    const struct profile *const *asked, size_t n, struct json *items)
{
    struct buffer body;
    enum status status = STATUS_OK;

    buffer_init(&body, ENQUIRY_BYTES_MAX);
    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        struct enquiry_row row = {.mine = true,
            .peer = asked[i]->node_id,
            .day = desk_today(desk),
            .enquiry = *enquiry};

        if (i > 0) /* nobody who is asked knows under which name another is */
            reference_new(desk->options.chance, row.enquiry.reference);
        struct json *one = format_row(desk, &row);
        json_add(items, &one);
        buffer_clear(&body);
        status = enquiry_encode(&row.enquiry, &body);
        if (status == STATUS_OK)
            status = enquiries_put(desk->enquiries, &row);
        if (status == STATUS_OK)
            status = send_body(
                desk, &row.peer, LETTER_ENQUIRY, enquiry->tonight, buffer_span(&body));
    }
    buffer_release(&body);
    return status;
}

enum status use_enquire(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    const struct profile *asked[ASKED_MAX];
    struct match_question question;
    struct match_answer found;
    struct enquiry enquiry;
    size_t n = 0;

    if (!roles_may_send(desk_roles(desk), LETTER_ENQUIRY)) {
        problem_say(problem, 403, "role-may-not-refer",
            "A member with this role refers through the coordinator and asks nobody "
            "itself. Nothing was sent.");
        return STATUS_DENIED;
    }
    enum status status = read_enquiry(desk, verb, request, &question, &enquiry, problem);
    if (status == STATUS_OK)
        status = match_directory(desk, &question, &found);
    if (status != STATUS_OK)
        return status;
    struct json *items = json_new_list();
    status = choose(desk, request, &found, asked, &n, problem);
    if (status == STATUS_OK)
        status = ask_them(desk, &enquiry, asked, n, items);
    match_answer_release(&found);
    if (status != STATUS_OK) {
        json_destroy(&items);
        return status;
    }
    *ret = json_new_object();
    json_put_text(*ret, "reference", enquiry.reference);
    json_give(*ret, "items", &items);
    return STATUS_OK;
}

enum status use_enquiries(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct enquiry_row *rows = memory_new_array(LISTED_MAX, sizeof(*rows));
    size_t n = 0;
    enum status status = enquiries_list(desk->enquiries, LISTED_MAX, rows, &n);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK) {
        struct json *items = json_new_list();

        for (size_t i = 0; i < n; i++) {
            struct json *one = rows[i].damaged ? format_damaged(desk, &rows[i])
                                               : format_row(desk, &rows[i]);

            json_add(items, &one);
        }
        *ret = json_new_object();
        json_give(*ret, "items", &items);
    }
    memory_free(rows);
    return status;
}

static enum status read_answer(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct enquiry_row *row, struct problem *problem)
{
    struct trouble trouble = {""};
    int64_t hours = 0;
    int word;
    enum status status = desk_need_word(verb, request, "answer", &word, problem);

    if (status != STATUS_OK)
        return status;
    status = json_may_int(request, "hours", 1, ENQUIRY_HOURS_MAX, &hours, &trouble);
    if (status == STATUS_OK && (word == ENQUIRY_YES) != (hours > 0)) {
        trouble_say(&trouble, "field \"hours\" says for how long a yes holds; it stands "
                              "with a yes and with nothing else");
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK)
        return desk_refuse(problem, STATUS_MALFORMED, &trouble);
    row->word = (enum enquiry_word)word;
    row->answered_ms = desk_now_ms(desk);
    row->answer_until_ms = hours ? whole_hour(row->answered_ms + hours * HOUR_MS) : 0;
    return STATUS_OK;
}

static enum status find_received(struct desk *desk, const struct json *request,
    struct enquiry_row *ret, struct problem *problem)
{
    char reference[REFERENCE_BYTES];
    const char *text = json_find_text(request, "reference");
    enum status status = text ? reference_parse(text, reference) : STATUS_MALFORMED;

    if (status == STATUS_OK)
        status = enquiries_find(desk->enquiries, reference, false, NULL, ret);
    if (status == STATUS_MALFORMED || status == STATUS_NOT_FOUND) {
        problem_say(problem, 404, "unknown-enquiry",
            "No enquiry of that reference came here. Nothing was changed. \"amaan "
            "enquiries\" lists them.");
        return STATUS_NOT_FOUND;
    }
    return status;
}

enum status use_answer_enquiry(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct enquiry_row row;
    struct buffer body;
    enum status status = find_received(desk, request, &row, problem);

    if (status == STATUS_OK)
        status = read_answer(desk, verb, request, &row, problem);
    if (status == STATUS_OK)
        status = enquiries_answer(desk->enquiries, &row);
    if (status != STATUS_OK)
        return status;
    struct enquiry_answer answer = {.word = row.word, .until_ms = row.answer_until_ms};
    memcpy(answer.reference, row.enquiry.reference, REFERENCE_BYTES);
    buffer_init(&body, ENQUIRY_BYTES_MAX);
    status = enquiry_answer_encode(&answer, &body);
    if (status == STATUS_OK)
        status = send_body(desk, &row.peer, LETTER_ENQUIRY_ANSWER, row.enquiry.tonight,
            buffer_span(&body));
    buffer_release(&body);
    if (status == STATUS_OK)
        *ret = format_row(desk, &row);
    return status;
}

enum status enquiry_apply(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct enquiry_row row = {.peer = letter->peer, .day = desk_today(desk)};

    if (!roles_may_receive(desk_roles(desk), LETTER_ENQUIRY)) {
        *ret_code = RECEIPT_CODE_ROLE;
        return STATUS_OK;
    }
    if (enquiry_decode(desk->arena, letter->body, &row.enquiry) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    if (letter->late)
        return STATUS_OK;
    /* One reference, one asker: an answer to it must not go to somebody else. */
    struct enquiry_row known;
    enum status status =
        enquiries_find(desk->enquiries, row.enquiry.reference, false, NULL, &known);
    if (status == STATUS_CORRUPT ||
        (status == STATUS_OK && !ident_equal(&known.peer, &row.peer))) {
        log_event(LOG_ALARM, "enquiry-not-kept", "reason=%s", "reference-in-use");
        return STATUS_OK;
    }
    if (status == STATUS_NOT_FOUND)
        status = enquiries_put(desk->enquiries, &row);
    if (status == STATUS_TOO_BIG)
        log_event(LOG_WARNING, "enquiry-not-kept", "reason=%s", "too-many");
    return status == STATUS_EXISTS || status == STATUS_TOO_BIG ? STATUS_OK : status;
}

enum status enquiry_answer_apply(
    struct desk *desk, const struct post_opened *letter, enum receipt_code *ret_code)
{
    struct enquiry_answer answer;
    struct enquiry_row row;

    if (enquiry_answer_decode(desk->arena, letter->body, &answer) != STATUS_OK) {
        *ret_code = RECEIPT_CODE_BODY;
        return STATUS_OK;
    }
    enum status status =
        enquiries_find(desk->enquiries, answer.reference, true, &letter->peer, &row);
    if (status == STATUS_NOT_FOUND || letter->late)
        return STATUS_OK; /* a receipt must not tell what is known here */
    if (status == STATUS_CORRUPT) {
        log_event(LOG_ALARM, "record-damaged", NULL);
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    row.word = answer.word;
    row.answer_until_ms = answer.until_ms;
    row.answered_ms = letter->created_ms;
    status = enquiries_answer(desk->enquiries, &row);
    return status == STATUS_EXISTS ? STATUS_OK : status;
}
