/* SPDX-License-Identifier: Apache-2.0
 *
 * What the broker says, by uplink's table of acts, and what time demands of the session.
 */
#include <string.h>

#include "log.h"
#include "memory.h"
#include "parts.h"

enum { BUNDLES_AHEAD_MAX = 10000 };

/* --- WELCOME ------------------------------------------------------------------------------------------ */

/* Numbers of bundles go up by a few a week. A leap is no past of mine, it would only use them up. */
static uint64_t believe_number(const struct post *post, uint64_t served)
{
    if (served <= facts_get(post->facts)->bundle_number + BUNDLES_AHEAD_MAX)
        return served;
    log_event(LOG_WARNING, "bundle-number-not-believed", "number=%llu",
        (unsigned long long)served);
    return 0;
}

static enum status begin_session(struct post *post, const struct frame *frame)
{
    struct facts_row facts = *facts_get(post->facts);
    int64_t now_ms = post_now(post);
    if (frame->welcome.version != LINK_VERSION ||
        (frame->welcome.suite_bits & suite_bits()) == 0)
        return STATUS_UNSUPPORTED;
    session_start(&post->session, frame->welcome.credit_bytes);
    witness_hear_broker(&post->witness, frame->welcome.time_ms, post_steady(post));
    post->served_bundle = believe_number(post, frame->welcome.bundle_number);
    post->rotate_due = true; /* what it serves is compared with mine */
    post->session.have_due = !ident_equal(&facts.store_id, &frame->welcome.store_id);
    post->session.have_store = frame->welcome.store_id;
    if (post->session.have_due)
        post->renewed_ms = now_ms; /* receipts that it held went with the old one */
    enum status status = documents_begin(post, frame);
    if (status == STATUS_OK && period_over(now_ms, facts.welcome_ms, HOUR_MS)) {
        facts.welcome_ms = now_ms / HOUR_MS * HOUR_MS;
        status = facts_put(post->facts, &facts);
    }
    log_event(LOG_INFO, "welcome", "waiting=%u express=%u",
        (unsigned)frame->welcome.waiting, (unsigned)frame->welcome.waiting_express);
    return status;
}

/* --- the other frames --------------------------------------------------------------------------------- */

static enum status note_empty(struct post *post)
{
    struct facts_row facts = *facts_get(post->facts);
    int64_t hour_ms = post_now(post) / HOUR_MS * HOUR_MS;
    post->session.drained = true;
    if (facts.emptied_ms == hour_ms)
        return STATUS_OK;
    facts.emptied_ms = hour_ms;
    return facts_put(post->facts, &facts);
}

static enum status note_held(struct post *post, const struct frame *frame)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < frame->held.n && status == STATUS_OK; i++)
        status = offer_held(post, &frame->held.msg_ids[i]);
    return status;
}

static void add_credit(struct post *post, uint32_t bytes)
{
    post->session.credit += bytes; /* 64 bits: no number of frames overflows it */
}

static void say_pong(struct post *post)
{
    struct frame pong = {.kind = FRAME_PONG};
    pong.ping.time_ms = post_own_ms(post) > 0 ? post_own_ms(post) : 0;
    speech_put(post->speech, &pong);
}

/* The session is over, the line is not: HELLO again after a pause. */
static void end_session(struct post *post, const char *reason)
{
    log_event(LOG_INFO, "session-end", "reason=%s", reason);
    session_end(&post->session);
    documents_end(post);
}

enum status hear_frame(struct post *post, const struct frame *frame)
{
    int64_t steady_ms = post_steady(post);
    switch (uplink_hear(&post->uplink, frame, steady_ms)) {
    case ACT_IGNORE:
        return STATUS_OK;
    case ACT_BEGIN:
        return begin_session(post, frame);
    case ACT_REFUSED:
        return offer_refused(post, frame);
    case ACT_STAND_BACK:
        end_session(post, refusal_name(frame->refused.code));
        return STATUS_OK;
    case ACT_GIVE_DOCUMENT:
        return documents_give(post, frame);
    case ACT_TAKE_DOCUMENT:
        return documents_take(post, frame);
    case ACT_TAKE_BUNDLES:
        return rotate_bundles(post, frame);
    case ACT_HELD:
        return note_held(post, frame);
    case ACT_DELIVER:
        return arrive_delivery(post, frame);
    case ACT_EMPTY:
        return note_empty(post);
    case ACT_HOLDS:
        return offer_holds(post, frame);
    case ACT_CREDIT:
        add_credit(post, frame->credit.bytes);
        return STATUS_OK;
    case ACT_PONG:
        say_pong(post);
        return STATUS_OK;
    case ACT_HEAR_PONG:
        witness_hear_broker(&post->witness, frame->ping.time_ms, steady_ms);
        return STATUS_OK;
    case ACT_BYE:
        end_session(post, "bye");
        uplink_pause(&post->uplink, steady_ms);
        return STATUS_OK;
    case ACT_END:
    case ACT_COUNT:
        break;
    }
    return STATUS_DENIED;
}

/* --- time --------------------------------------------------------------------------------------------- */

static void say_hello(struct post *post)
{
    const struct facts_row *facts = facts_get(post->facts);
    struct hash roster = trust_roster_hash(post->options.trust);
    struct frame hello = {.kind = FRAME_HELLO};
    hello.hello.version_min = hello.hello.version_max = LINK_VERSION;
    hello.hello.suites = suite_bits();
    hello.hello.node_id = post->options.node_id;
    hello.hello.roster_version = trust_version(post->options.trust, DOCUMENT_ROSTER);
    memcpy(hello.hello.roster_hash, roster.bytes, FRAME_HASH_BYTES);
    hello.hello.bundle_number = facts->bundle_number;
    hello.hello.bundles_mark = facts->bundles_skipped ? 0 : facts->bundles_mark;
    hello.hello.locked = post->locked;
    speech_put(post->speech, &hello);
}

static void say_ping(struct post *post)
{
    struct frame ping = {.kind = FRAME_PING};
    ping.ping.time_ms = post_own_ms(post) > 0 ? post_own_ms(post) : 0;
    speech_put(post->speech, &ping);
}

enum status hear_time(struct post *post)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        switch (uplink_work(&post->uplink, offer_awaits(post), post_steady(post))) {
        case UPLINK_NOTHING:
            return STATUS_OK;
        case UPLINK_SAY_HELLO:
            say_hello(post);
            break;
        case UPLINK_SAY_PING:
            say_ping(post);
            break;
        case UPLINK_WITHHELD:
            status = post_alarm(post, ALARM_ROSTER_WITHHELD, NULL, 0);
            break;
        case UPLINK_DEAD:
            log_event(LOG_WARNING, "broker-silent", NULL);
            session_end(&post->session);
            documents_end(post);
            post->link_dead = true;
            break;
        }
    }
    return status;
}

static void say_taken(struct post *post)
{
    struct session *session = &post->session;
    for (size_t at = 0; at < session->n_taken;) {
        size_t n = session->n_taken - at;
        if (n > TAKEN_IDS_MAX)
            n = TAKEN_IDS_MAX;
        struct frame taken = {.kind = FRAME_TAKEN};
        taken.taken.n = n;
        taken.taken.deliveries = session->taken + at;
        speech_put(post->speech, &taken);
        at += n;
    }
    session->n_taken = 0;
}

void hear_answer(struct post *post)
{
    say_taken(post);
    if (post->uplink.state != UPLINK_OPEN || !arrive_has_room(post))
        return;
    struct frame credit = {.kind = FRAME_CREDIT};
    credit.credit.bytes = session_grant(&post->session);
    if (credit.credit.bytes > 0)
        speech_put(post->speech, &credit);
}
