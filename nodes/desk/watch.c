/* SPDX-License-Identifier: Apache-2.0
 * Deadlines: each move sets when its referral is looked at again; the look marks what is late and lets a normal clock
 * rest while nobody can be heard; the list says whose turn it is (docs/CARE.md 9).
 */
#include <string.h>

#include "inside.h"
#include "log.h"
#include "memory.h"

enum {
    LOOKS_AT_ONCE = 50,         /* some 20 ms */
    DUE_LISTED_MAX = 200,       /* nobody works through more before looking again */
    NEXT_SHOWN = 3,             /* as many as an enquiry asks */
    LOOK_AGAIN_MS = 3600 * 1000 /* while a letter is on its way or a clock rests */
};

/* --- what is known of one ------------------------------------------------------------------------------------ */

/* How its letter stands, and whether the two members can hear each other. */
struct reach {
    bool arrived, failed;
    int64_t silent_since_ms; /* of a known outage; 0: there is none */
};

/* Since when this node has no connection; 0: it has one. */
static enum status own_silence(struct desk *desk, int64_t *ret)
{
    struct post_status post;
    enum status status = post_status(desk->options.post, &post);

    if (status == STATUS_OK)
        *ret = post.welcomed ? 0 : post.last_welcome_ms;
    return status;
}

static enum status read_reach(
    struct desk *desk, const struct referral_row *row, struct reach *ret)
{
    int64_t silence_ms = (int64_t)desk->deadlines.silence_hours * HOUR_MS;
    int64_t own = 0, heard = 0, now = desk_now_ms(desk);
    struct post_letter letter;
    struct reach reach = {.arrived = true};
    enum status status = STATUS_OK;

    if (row->sent) {
        struct ident newest;

        status = item_newest_letter(desk, row, &newest);
        if (status == STATUS_OK)
            status = post_letter(desk->options.post, &newest, &letter);
        if (status == STATUS_OK) {
            reach.failed = letter.state > LETTER_STATE_CONFIRMED &&
                           letter.state != LETTER_STATE_BLOCKED;
            reach.arrived = letter.state == LETTER_STATE_STORED ||
                            letter.state == LETTER_STATE_CONFIRMED;
        }
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK; /* long ago */
    }
    if (status == STATUS_OK)
        status = own_silence(desk, &own);
    if (status == STATUS_OK)
        status = post_heard_ms(desk->options.post, &row->peer, &heard);
    if (status != STATUS_OK)
        return status;
    if (own != 0 && now - own >= silence_ms)
        reach.silent_since_ms = own;
    if (heard != 0 && now - heard >= silence_ms &&
        (reach.silent_since_ms == 0 || heard < reach.silent_since_ms))
        reach.silent_since_ms = heard;
    *ret = reach;
    return STATUS_OK;
}

static size_t find_deadlines(struct desk *desk, const struct referral_row *row,
    const struct watch *watch, bool failed, struct deadline ret[static DEADLINES_OF_ONE])
{
    enum priority priority = row->referral.priority;
    bool came = !row->sent && deadline_pauses(row->referral.service, priority);
    int64_t now = desk_now_ms(desk);
    struct watched watched = {.service = row->referral.service,
        .priority = priority,
        .progress = row->progress,
        .created_ms = came ? row->received_ms : row->created_ms,
        .since_ms = watch->since_ms,
        .paused_ms = watch->paused_ms,
        .day = watch->day,
        .failed = failed,
        .settled = watch->settled || row->purged || row->late};

    if (watch->paused_since_ms != 0 && now > watch->paused_since_ms)
        watched.paused_ms += now - watch->paused_since_ms;
    size_t n = deadlines_of(&desk->deadlines, &watched, ret);
    /* What its sender does next is nothing that the one who was asked waits for. */
    return n > 0 && !row->sent && ret[0].waits == WAITS_NEXT ? 0 : n;
}

/* --- looking ------------------------------------------------------------------------------------------------- */

/* Of all its states: the deputies know of it, and hear how it goes on. */
#define TOLD_DEPUTIES (UINT32_C(1) << 31)

static uint32_t mark_of(enum waits waits, enum late late)
{
    return UINT32_C(1) << ((unsigned)waits * 2 + (late == LATE_FULL));
}

/* A normal clock rests while nobody can be heard, or the letter has not arrived; the others go on. */
static void rest_or_run(struct watch *watch, const struct referral_row *row,
    const struct reach *reach, int64_t now)
{
    bool may = row->sent &&
               deadline_pauses(row->referral.service, row->referral.priority) &&
               !progress_is_over(row->progress) && !reach->failed;
    bool rests = may && (!reach->arrived || reach->silent_since_ms != 0);

    if (rests && watch->paused_since_ms == 0) {
        watch->paused_since_ms = now;
    } else if (!rests && watch->paused_since_ms != 0) {
        watch->paused_ms +=
            now > watch->paused_since_ms ? now - watch->paused_since_ms : 0;
        watch->paused_since_ms = 0;
    }
}

/* The earliest time at which something of it changes by itself. */
static int64_t next_look(const struct watch *watch, const struct referral_row *row,
    const struct deadline *deadlines, size_t n, const struct reach *reach, int64_t now)
{
    int64_t look = WATCH_NEVER;

    for (size_t i = 0; i < n; i++) {
        const struct deadline *one = &deadlines[i];
        int64_t at = !(watch->told & mark_of(one->waits, LATE_HALF))
                         ? deadline_half_ms(one)
                     : !(watch->told & mark_of(one->waits, LATE_FULL)) ? one->due_ms
                                                                       : WATCH_NEVER;
        if (at != WATCH_NEVER && (look == WATCH_NEVER || at < look))
            look = at;
    }
    bool open = n > 0 && !progress_is_over(row->progress) && row->sent;
    bool on_its_way = open && !reach->arrived && !reach->failed;
    if ((on_its_way || watch->paused_since_ms != 0) &&
        (look == WATCH_NEVER || look > now + LOOK_AGAIN_MS))
        look = now + LOOK_AGAIN_MS;
    return look != WATCH_NEVER && look <= now ? now + 1 : look;
}

/* Marks what became late since the last look, tells it once, and says when to look again. */
static enum status look_at(
    struct desk *desk, const struct referral_row *row, struct watch *watch)
{
    struct deadline deadlines[DEADLINES_OF_ONE];
    int64_t now = desk_now_ms(desk);
    struct reach reach;
    enum status status = read_reach(desk, row, &reach);

    if (status != STATUS_OK)
        return status;
    rest_or_run(watch, row, &reach, now);
    size_t n = find_deadlines(desk, row, watch, reach.failed, deadlines);
    for (size_t i = 0; i < n; i++) {
        enum late late = deadline_late(&deadlines[i], now);

        if (late == LATE_NOT || (watch->told & mark_of(deadlines[i].waits, late)))
            continue;
        watch->told |=
            mark_of(deadlines[i].waits, LATE_HALF) | mark_of(deadlines[i].waits, late);
        log_event(LOG_WARNING, "referral-late", "waits=%s late=%s arrived=%s",
            waits_name(deadlines[i].waits), late_name(late),
            reach.arrived ? "yes" : "no");
        if (row->sent)
            status = event_late(desk, row, watch, &deadlines[i], late, reach.arrived);
        if (status != STATUS_OK)
            return status;
        if (row->sent && late == LATE_FULL)
            watch->told |= TOLD_DEPUTIES;
    }
    watch->due_ms = n > 0 ? deadlines[0].due_ms : WATCH_NEVER;
    watch->look_ms = next_look(watch, row, deadlines, n, &reach, now);
    return watches_put(desk->watches, watch);
}

enum status watch_begin(struct desk *desk, const struct referral_row *row)
{
    struct watch watch = {
        .referral = row->id, .since_ms = row->sent ? row->created_ms : row->received_ms};
    enum status status = look_at(desk, row, &watch);

    return status == STATUS_OK ? event_moved(desk, row, ACTOR_SENDER, 0, 0) : status;
}

enum status watch_moved(struct desk *desk, const struct referral_row *row,
    enum actor actor, enum move move, int64_t at_ms, uint32_t day)
{
    struct watch watch = {.referral = row->id};
    enum status status = watches_find(desk->watches, row->id, &watch);

    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    watch.since_ms = at_ms < desk_now_ms(desk) ? at_ms : desk_now_ms(desk);
    watch.day = day;
    watch.told &= TOLD_DEPUTIES;
    watch.nudged_ms = 0;
    status = look_at(desk, row, &watch);
    if (status == STATUS_OK)
        status = event_moved(desk, row, actor, (unsigned)move, day);
    return status == STATUS_OK && (watch.told & TOLD_DEPUTIES)
               ? event_goes_on(desk, row, &watch)
               : status;
}

enum status watch_again(struct desk *desk, const struct referral_row *row)
{
    struct watch watch;
    enum status status = watches_find(desk->watches, row->id, &watch);

    if (status == STATUS_OK)
        status = look_at(desk, row, &watch);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status watch_settle(struct desk *desk, const struct referral_row *row)
{
    struct watch watch = {.referral = row->id};
    enum status status = watches_find(desk->watches, row->id, &watch);

    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    watch.settled = true;
    watch.due_ms = watch.look_ms = WATCH_NEVER;
    status = watches_put(desk->watches, &watch);
    return status == STATUS_OK && row->sent && !row->damaged
               ? event_settled(desk, row, watch.told & TOLD_DEPUTIES)
               : status;
}

/* --- what time does ------------------------------------------------------------------------------------------ */

bool watches_are_due(const struct desk *desk)
{
    int64_t look_ms = INT64_MAX;

    return !post_is_locked(desk->options.post) &&
           (watches_soonest(desk->watches, &look_ms) != STATUS_OK ||
               look_ms <= desk_now_ms(desk));
}

/* One that cannot be read, or came too late, or is no more: not again by itself. */
static enum status put_away(struct desk *desk, struct watch *watch)
{
    watch->due_ms = watch->look_ms = WATCH_NEVER;
    return watches_put(desk->watches, watch);
}

enum status watches_work(struct desk *desk, bool *ret_more)
{
    enum status status = STATUS_OK;
    int n = 0;

    if (post_is_locked(desk->options.post))
        return STATUS_OK;
    for (; status == STATUS_OK && n < LOOKS_AT_ONCE; n++) {
        struct referral_row row;
        struct watch watch;

        arena_reset(desk->arena);
        status = watches_next_look(desk->watches, desk_now_ms(desk), &watch);
        if (status != STATUS_OK)
            break;
        status = referrals_get(desk->referrals, watch.referral, desk->arena, &row);
        if (status == STATUS_OK && !row.damaged && !row.late)
            status = look_at(desk, &row, &watch);
        else if (status == STATUS_OK || status == STATUS_NOT_FOUND ||
                 status == STATUS_CORRUPT)
            status = put_away(desk, &watch);
    }
    arena_reset(desk->arena);
    if (n == LOOKS_AT_ONCE)
        *ret_more = true;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- what is shown ------------------------------------------------------------------------------------------- */

/* The three best others that may be asked instead. */
static enum status put_next(
    struct desk *desk, const struct referral_row *row, struct json *json)
{
    const struct person *person = &row->referral.person;
    struct match_question question = {.service = row->referral.service,
        .gender = person->gender,
        .age_band = person->age_band,
        .minor = person->minor,
        .boy_age = MATCH_NO_BOY,
        .n_languages = person->n_languages,
        .tonight = row->referral.priority == PRIORITY_TONIGHT,
        .protocol_day = post_certain_ms(desk->options.post) / DAY_MS,
        .now_ms = post_time_ms(desk->options.post)};
    struct match_answer found;

    memcpy(question.languages, person->languages, sizeof(question.languages));
    enum status status = match_directory(desk, &question, &found);
    if (status != STATUS_OK)
        return status;
    struct json *list = json_new_list();
    for (size_t i = 0; i < found.n && json_count(list) < NEXT_SHOWN; i++) {
        const struct profile *one = found.candidates[found.matches[i].candidate].profile;

        if (found.matches[i].excluded == 0 && !ident_equal(&one->node_id, &row->peer))
            json_add_text(list, one->name);
    }
    json_give(json, "next", &list);
    match_answer_release(&found);
    return STATUS_OK;
}

/* Which telephone to ring, and which reference to say: an express letter that nobody opened. */
static void put_ring(
    const struct desk *desk, const struct referral_row *row, struct json *json)
{
    const struct profile *profile = directory_find(desk->directory, &row->peer);
    int64_t since = desk_now_ms(desk) - row->created_ms;

    if (!row->sent || row->progress != PROGRESS_REQUESTED ||
        desk_lane(row->referral.priority) != LANE_EXPRESS ||
        since < (int64_t)desk->deadlines.ring_minutes * MINUTE_MS)
        return;
    struct json *ring = json_new_object();
    json_put_text(ring, "contact", profile ? profile->contact : "");
    json_put_text(ring, "say", row->referral.reference);
    json_give(json, "ring", &ring);
}

/* A letter that did not arrive cannot have been read, and nobody is to be blamed for not answering. */
static void put_reach(const struct referral_row *row, const struct watch *watch,
    const struct reach *reach, struct json *json)
{
    if (row->sent)
        json_put_text(json, "letter",
            reach->failed    ? "failed"
            : reach->arrived ? "arrived"
                             : "undelivered");
    if (watch->nudged_ms != 0)
        json_put_time(json, "nudged_at", watch->nudged_ms);
    if (reach->silent_since_ms != 0)
        json_put_time(json, "not_heard_since", reach->silent_since_ms);
    if (watch->paused_since_ms != 0)
        json_put_time(json, "paused_since", watch->paused_since_ms);
    else if (row->sent && !reach->arrived && !reach->failed)
        json_put_time(json, "cannot_have_been_seen_since", row->created_ms);
}

static enum status format_due(struct desk *desk, const struct referral_row *row,
    const struct watch *watch, struct json *list)
{
    struct deadline deadlines[DEADLINES_OF_ONE];
    char memory[IDENT_TEXT_BYTES];
    struct reach reach;
    enum status status = read_reach(desk, row, &reach);

    if (status != STATUS_OK)
        return status;
    size_t n = find_deadlines(desk, row, watch, reach.failed, deadlines);
    if (n == 0)
        return STATUS_OK;
    enum late late = deadline_late(&deadlines[0], desk_now_ms(desk));
    struct json *one = json_new_object();
    json_put_text(one, "reference", row->referral.reference);
    json_put_text(one, "side", row->sent ? "sent" : "received");
    json_put_text(one, "member", item_member_name(desk, &row->peer, memory));
    json_put_text(one, "service", service_name(row->referral.service));
    json_put_text(one, "priority", priority_name(row->referral.priority));
    json_put_text(one, "state", progress_name(row->progress));
    json_put_text(one, "waits_for", waits_name(deadlines[0].waits));
    json_put_text(one, "turn",
        (deadlines[0].owner == ACTOR_SENDER) == row->sent ? "ours" : "theirs");
    json_put_time(one, "due", deadlines[0].due_ms);
    json_put_text(one, "late", late_name(late));
    put_reach(row, watch, &reach, one);
    put_ring(desk, row, one);
    if (!ident_equal(&watch->suggested, &(struct ident){0}))
        json_put_text(one, "coordinator_suggests",
            item_member_name(desk, &watch->suggested, memory));
    bool next = row->sent && !row->purged &&
                !deadline_pauses(row->referral.service, row->referral.priority) &&
                (late == LATE_FULL || !reach.arrived);
    if (next || (row->sent && deadlines[0].waits == WAITS_NEXT))
        status = put_next(desk, row, one);
    json_add(list, &one);
    return status;
}

enum status use_due(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct json *json = json_new_object(), *list = json_new_list();
    struct watch watch = {0};
    int64_t n_late = 0;
    enum status status = STATUS_OK;

    (void)verb;
    (void)request;
    (void)problem;
    while (json_count(list) < DUE_LISTED_MAX) {
        struct referral_row row;

        arena_reset(desk->arena);
        status = watches_next_due(desk->watches, watch.due_ms, watch.referral, &watch);
        if (status == STATUS_OK)
            status = referrals_get(desk->referrals, watch.referral, desk->arena, &row);
        if (status != STATUS_OK)
            break;
        if (!row.damaged)
            status = format_due(desk, &row, &watch, list);
        if (status != STATUS_OK)
            break;
    }
    if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    if (status == STATUS_OK)
        status = watches_count_due(desk->watches, desk_now_ms(desk), &n_late);
    json_put_int(json, "overdue", n_late);
    json_put_int(json, "policy_version", desk->deadlines.version);
    json_give(json, "items", &list);
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}

enum status use_settle(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct referral_row row;
    struct post_letter letter = {.state = LETTER_STATE_CONFIRMED};
    struct ident newest;
    enum status status = item_find(desk, request, &row, problem);

    (void)verb;
    if (status != STATUS_OK)
        return status;
    if (row.sent)
        status = item_newest_letter(desk, &row, &newest);
    if (status == STATUS_OK && row.sent)
        status = post_letter(desk->options.post, &newest, &letter);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) /* it went long ago */
        return status;
    bool failed =
        letter.state > LETTER_STATE_CONFIRMED && letter.state != LETTER_STATE_BLOCKED;
    if (!row.sent || !(progress_is_over(row.progress) || failed)) {
        problem_say(problem, 409, row.sent ? "still-open" : "not-yours",
            row.sent
                ? "The referral %s is %s and not ended. Nothing was changed. End it "
                  "first with \"amaan cancel\"."
                : "The referral %s (%s) was received, not sent: only its sender says "
                  "that nothing more is needed. Nothing was changed.",
            row.referral.reference, progress_name(row.progress));
        return STATUS_CONFLICT;
    }
    status = watch_settle(desk, &row);
    return status == STATUS_OK ? item_format(desk, &row, true, ret) : status;
}
