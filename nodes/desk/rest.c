/* SPDX-License-Identifier: Apache-2.0
 * What is told to others rests for REST_MS before it is done (docs/CARE.md 23): it is tried and undone at once, so that what
 * cannot be is refused while the person looks; then it waits as a row of deeds.h, and is done for whoever asked for it.
 *
 *   asked -> tried -> rests -> done            the verb runs as if asked now; its letter is made and sealed
 *                       |   -> could not be    stays, with the reason, until somebody puts it away
 *                       '-> undone             the row goes, and nothing else ever was
 *
 * Rows hold no time of their end: after a start, an unlock or a turn that was undone what rests begins its rest anew. Times
 * stand in memory, and are made true by looking through the rows whenever one was done.
 */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

/* --- rows ---------------------------------------------------------------------------------------------------- */

/* *ret NULL: its box does not open, or holds something else. */
static enum status read_next(
    struct desk *desk, int64_t after, int64_t *ret_id, struct json **ret)
{
    struct buffer text;

    *ret = NULL;
    buffer_init(&text, DEED_BYTES_MAX);
    enum status status = deeds_next(desk->deeds, after, ret_id, &text);
    if (status == STATUS_OK &&
        json_parse(buffer_span(&text), DEED_BYTES_MAX, ret, NULL) != STATUS_OK)
        *ret = NULL;
    if (text.used > 0)
        memory_wipe(text.bytes, text.used);
    buffer_release(&text);
    return status;
}

static enum status put_deed(struct desk *desk, int64_t id, const struct json *deed)
{
    struct buffer text;

    buffer_init(&text, DEED_BYTES_MAX);
    enum status status = json_print(deed, &text);
    if (status == STATUS_OK)
        status = id != 0 ? deeds_change(desk->deeds, id, buffer_span(&text))
                         : deeds_add(desk->deeds, buffer_span(&text), &id);
    if (text.used > 0)
        memory_wipe(text.bytes, text.used);
    buffer_release(&text);
    desk->deeds_known = false;
    return status;
}

static bool is_over(const struct json *deed)
{
    return json_find(deed, "code") != NULL;
}

/* Is that its own reference, or that of what it is about? */
static bool is_named(const struct json *deed, const char *reference)
{
    const char *own = json_find_text(deed, "deed"),
               *about = json_find_text(deed, "reference");

    return (own && strcmp(own, reference) == 0) ||
           (about && strcmp(about, reference) == 0);
}

static void copy_text(struct json *to, const struct json *from, const char *name)
{
    const char *text = json_find_text(from, name);

    if (text)
        json_put_text(to, name, text);
}

/* What of it is shown: never what a person wrote. */
static struct json *format(const struct json *deed)
{
    static const char *const SHOWN[] = {
        "deed", "verb", "reference", "to", "code", "detail"};
    struct json *json = json_new_object();

    for (size_t i = 0; i < ARRAY_LENGTH(SHOWN); i++)
        copy_text(json, deed, SHOWN[i]);
    return json;
}

/* --- doing ---------------------------------------------------------------------------------------------------- */

static enum status keep_refused(
    struct desk *desk, int64_t id, const struct json *deed, const struct problem *problem)
{
    char memory[REFERENCE_BYTES];
    struct json *refused = deed ? format(deed) : json_new_object();

    if (!deed) {
        reference_new(desk->options.chance, memory);
        json_put_text(refused, "deed", memory);
    }
    json_put_text(refused, "code", problem->code);
    json_put_text(refused, "detail", problem->detail.text);
    enum status status = put_deed(desk, id, refused);
    json_destroy(&refused);
    log_event(LOG_WARNING, "deed-not-done", "reason=%s", log_text(problem->code));
    return status;
}

/* Whoever left meanwhile has an id and nothing else: it was asked for when they might. */
static struct colleague find_person(const struct desk *desk, const struct json *deed)
{
    struct colleague gone = {0};

    if (json_need_ident(deed, "person", &gone.id, &(struct trouble){""}) != STATUS_OK)
        return gone;
    for (size_t i = 0; i < desk->n_people; i++)
        if (ident_equal(&desk->people[i].id, &gone.id))
            return desk->people[i];
    return gone;
}

/* In a backup that was made within the ten seconds it still rests, and the desk of then did it. */
static bool was_sent_perhaps(const struct desk *desk, const struct json *deed)
{
    struct post_status post;

    return post_status(desk->options.post, &post) == STATUS_OK && post.restored_ms != 0 &&
           json_find_int(deed, "at") <= post.restored_ms;
}

static enum status say_restored(struct problem *problem)
{
    problem_say(problem, 409, "deed-restored",
        "This was about to be sent when the backup was made, and may have been sent "
        "then. Nothing was sent now. Ask the other side by telephone; send it again if "
        "it did not come.");
    return STATUS_CONFLICT;
}

static enum status do_deed(struct desk *desk, int64_t id, const struct json *deed)
{
    struct problem problem = {0};
    struct json *answer = NULL;
    const char *name = deed ? json_find_text(deed, "verb") : NULL;
    const struct verb *verb = name ? verb_find(name) : NULL;

    if (!verb) {
        problem_say(&problem, 500, "deed-damaged",
            "Something that was about to be sent is damaged on this computer's disk and "
            "was not sent. Look through what you sent last, and send what is missing "
            "again.");
        return keep_refused(desk, id, NULL, &problem);
    }
    desk->acting = true;
    desk->actor = find_person(desk, deed);
    enum status status =
        was_sent_perhaps(desk, deed)
            ? say_restored(&problem)
            : desk_do(desk, verb, json_find(deed, "request"), false, &answer, &problem);
    desk->acting = false;
    json_destroy(&answer);
    desk->deeds_known = false;
    if (status == STATUS_OK)
        return deeds_remove(desk->deeds, id);
    if (status == STATUS_FULL || status == STATUS_IO ||
        !db_in_transaction(desk->options.db))
        return status; /* no refusal: the turn is undone, and it rests on */
    problem_of_status(&problem, status);
    return keep_refused(desk, id, deed, &problem);
}

const struct colleague *desk_actor(const struct desk *desk)
{
    return desk->acting ? &desk->actor : seat_person(desk->seat);
}

static int64_t due_of(const struct desk *desk, int64_t id, int64_t otherwise)
{
    for (size_t i = 0; i < desk->n_rests; i++)
        if (desk->rests[i].id == id)
            return desk->rests[i].due_ms;
    return otherwise;
}

/* What was done made letters: post is to look again. */
static enum status look_through(struct desk *desk, bool all, bool *ret_more)
{
    int64_t now = clock_steady_ms(desk->options.clock), id = 0;
    struct rest rests[DEEDS_MAX];
    struct json *deed;
    size_t n = 0;
    enum status status;

    desk->deeds_known = true;
    while ((status = read_next(desk, id, &id, &deed)) == STATUS_OK) {
        int64_t due = due_of(desk, id, now + REST_MS);

        if (!deed || (!is_over(deed) && (all || due <= now)))
            status = do_deed(desk, id, deed);
        else if (!is_over(deed) && n < DEEDS_MAX)
            rests[n++] = (struct rest){id, due};
        json_destroy(&deed);
        if (status != STATUS_OK)
            return status;
    }
    *ret_more = *ret_more || !desk->deeds_known;
    memcpy(desk->rests, rests, n * sizeof(rests[0]));
    desk->n_rests = n;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status rest_work(struct desk *desk, bool *ret_more)
{
    return rest_is_due(desk) ? look_through(desk, false, ret_more) : STATUS_OK;
}

enum status desk_finish_rests(struct desk *desk, bool *ret_more)
{
    return look_through(desk, true, ret_more);
}

int64_t desk_deadline_steady_ms(const struct desk *desk)
{
    int64_t due = INT64_MAX;

    if (post_is_locked(desk->options.post))
        return INT64_MAX;
    for (size_t i = 0; i < desk->n_rests; i++)
        if (desk->rests[i].due_ms < due)
            due = desk->rests[i].due_ms;
    return desk->deeds_known ? due : clock_steady_ms(desk->options.clock);
}

bool rest_is_due(const struct desk *desk)
{
    return desk_deadline_steady_ms(desk) <= clock_steady_ms(desk->options.clock);
}

void desk_rolled_back(struct desk *desk)
{
    rest_forget(desk); /* each of them rests anew */
}

void rest_forget(struct desk *desk)
{
    desk->n_rests = 0;
    desk->deeds_known = false;
}

/* The deed that rests about what the request is about. NOT_FOUND is a normal answer. */
static enum status find_resting(
    struct desk *desk, const char *text, int64_t *ret_id, struct json **ret)
{
    char reference[REFERENCE_BYTES];
    int64_t id = 0;
    enum status status = STATUS_NOT_FOUND;

    if ((desk->n_rests == 0 && desk->deeds_known) || !text ||
        reference_parse(text, reference) != STATUS_OK)
        return STATUS_NOT_FOUND;
    while ((status = read_next(desk, id, &id, ret)) == STATUS_OK) {
        if (*ret && !is_over(*ret) && is_named(*ret, reference)) {
            *ret_id = id;
            return STATUS_OK;
        }
        json_destroy(ret);
    }
    return status;
}

bool rest_is_about(struct desk *desk, const char *reference)
{
    struct json *deed = NULL;
    int64_t id;
    bool rests = find_resting(desk, reference, &id, &deed) == STATUS_OK;

    json_destroy(&deed);
    return rests;
}

enum status rest_go_before(struct desk *desk, const struct verb *verb,
    const struct json *request, struct problem *problem)
{
    const char *about = json_find_text(request, "reference");
    struct json *deed = NULL;
    int64_t id;
    enum status status = find_resting(desk, about, &id, &deed);

    if (status == STATUS_OK && rest_is_asked(verb, request)) {
        problem_say(problem, 409, "still-resting",
            "Something else about this referral is about to be sent. Nothing was changed "
            "by this. Undo that, or let it go; then press again.");
        status = STATUS_CONFLICT;
    } else if (status == STATUS_OK) {
        status = do_deed(desk, id, deed);
    }
    json_destroy(&deed);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- asking ---------------------------------------------------------------------------------------------------- */

bool rest_is_asked(const struct verb *verb, const struct json *request)
{
    return verb->changes && verb_argument(verb, "rest") &&
           json_find_flag(request, "rest");
}

/* Of an enquiry to several: the first of them, and that there are more. */
static void put_recipient(struct json *deed, const struct json *request)
{
    const struct json *to = json_find(request, "to");
    char text[PROFILE_NAME_BYTES_MAX + 8];
    const char *first = json_count(to) > 0 ? json_text(json_nth(to, 0)) : NULL;

    copy_text(deed, request, "to");
    if (first && strlen(first) <= PROFILE_NAME_BYTES_MAX) {
        (void)snprintf(
            text, sizeof(text), "%s%s", first, json_count(to) > 1 ? ", ..." : "");
        json_put_text(deed, "to", text);
    }
}

/* What is kept: the request, who asked, and what is shown of it. */
static struct json *make_deed(
    struct desk *desk, const struct verb *verb, const struct json *request)
{
    const struct colleague *person = seat_person(desk->seat);
    struct json *deed = json_new_object(), *copy = json_clone(request);
    char memory[REFERENCE_BYTES];
    const char *about = json_find_text(request, "reference");

    reference_new(desk->options.chance, memory);
    json_put_text(deed, "deed", memory);
    json_put_text(deed, "verb", verb->name);
    if (about && reference_parse(about, memory) == STATUS_OK)
        json_put_text(deed, "reference", memory);
    put_recipient(deed, request);
    if (person)
        json_put_ident(deed, "person", &person->id);
    json_put_int(deed, "at", desk_now_ms(desk));
    json_give(deed, "request", &copy);
    return deed;
}

enum status rest_begin(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *tried = NULL, *deed;
    enum status status = desk_do(desk, verb, request, true, &tried, problem);

    json_destroy(&tried);
    if (status != STATUS_OK)
        return status;
    deed = make_deed(desk, verb, request);
    status = put_deed(desk, 0, deed);
    if (status == STATUS_BUSY)
        problem_say(problem, 409, "too-many-deeds",
            "%d things rest before they are sent, or could not be sent and wait to be "
            "looked at. Nothing was sent by this. Put away what could not be sent, then "
            "try again.",
            DEEDS_MAX);
    if (status == STATUS_OK) {
        *ret = format(deed);
        copy_text(*ret, request, "case");
        json_put_int(*ret, "seconds", REST_MS / SECOND_MS);
    }
    json_destroy(&deed);
    return status == STATUS_BUSY ? STATUS_CONFLICT : status;
}

/* --- verbs ----------------------------------------------------------------------------------------------------- */

/* The two lists; a damaged row is made good by the next turn. */
static enum status list(struct desk *desk, struct json *to)
{
    struct json *resting = json_new_list(), *failed = json_new_list(), *deed;
    int64_t id = 0;
    enum status status;

    while ((status = read_next(desk, id, &id, &deed)) == STATUS_OK) {
        if (deed) {
            struct json *one = format(deed);

            json_add(is_over(deed) ? failed : resting, &one);
        }
        json_destroy(&deed);
    }
    json_give(to, "resting", &resting);
    json_give(to, "not_done", &failed);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status rest_put(struct desk *desk, struct json *json)
{
    return post_is_locked(desk->options.post) ? STATUS_OK : list(desk, json);
}

enum status rest_put_item(struct desk *desk, const char *reference, struct json *json)
{
    struct json *deed = NULL;
    int64_t id;
    enum status status = find_resting(desk, reference, &id, &deed);

    if (status == STATUS_OK) {
        struct json *one = format(deed), *nothing = json_new_list();

        json_give(json, "rests", &one);
        json_give(json, "can", &nothing);
    }
    json_destroy(&deed);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status use_resting(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object();
    enum status status = list(desk, json);

    (void)verb, (void)request, (void)problem;
    if (status == STATUS_OK)
        *ret = json;
    else
        json_destroy(&json);
    return status;
}

/* Its own reference; else that of the referral: what rests before what could not be done. */
static bool is_meant(const struct json *deed, const char *reference, int how)
{
    const char *own = json_find_text(deed, "deed");

    if (how == 0)
        return own && strcmp(own, reference) == 0;
    return is_named(deed, reference) && is_over(deed) == (how == 2);
}

static enum status find(struct desk *desk, const struct json *request, int64_t *ret_id,
    struct json **ret, struct problem *problem)
{
    const char *text = json_find_text(request, "reference");
    char reference[REFERENCE_BYTES];
    enum status status = STATUS_NOT_FOUND;
    bool good = text && reference_parse(text, reference) == STATUS_OK;

    for (int how = 0; good && how < 3 && status == STATUS_NOT_FOUND; how++) {
        *ret_id = 0;
        while ((status = read_next(desk, *ret_id, ret_id, ret)) == STATUS_OK) {
            if (*ret && is_meant(*ret, reference, how))
                return STATUS_OK;
            json_destroy(ret);
        }
    }
    if (status == STATUS_NOT_FOUND)
        problem_say(problem, 404, "not-resting",
            "Nothing of that reference rests here any more: it was sent, or taken back "
            "before. Nothing was changed. What was sent can be cancelled, or said to be "
            "a mistake.");
    return status;
}

enum status use_undo(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *deed = NULL;
    int64_t id;
    enum status status = find(desk, request, &id, &deed, problem);

    (void)verb;
    if (status == STATUS_OK)
        status = deeds_remove(desk->deeds, id);
    if (status == STATUS_OK)
        *ret = format(deed);
    json_destroy(&deed);
    desk->deeds_known = false;
    return status;
}

/* What cannot be done any more stays with its reason, as when its time had come; the answer has it, too. */
enum status use_send_now(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *deed = NULL, *after = NULL;
    int64_t id, at;
    enum status status = find(desk, request, &id, &deed, problem);

    (void)verb;
    if (status == STATUS_OK && !is_over(deed))
        status = do_deed(desk, id, deed);
    if (status == STATUS_OK) {
        status = read_next(desk, id - 1, &at, &after);
        *ret = format(status == STATUS_OK && at == id && after ? after : deed);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    json_destroy(&after);
    json_destroy(&deed);
    return status;
}
