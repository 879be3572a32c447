/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame of a turn: what arrived (hear.c), what time demands (chores.c), what may be said after the commit.
 * A failure of the database that a frame met is kept until post_work tells it, so that the whole turn is
 * undone and not only the frame.
 */
#include "post.h"

#include "memory.h"
#include "parts.h"

enum {
    PLAIN_BYTES_MAX = BUCKET_LARGE,
    BOXED_BYTES_MAX =
        ENVELOPE_BYTES_MAX + 64 + BOX_EXTRA_BYTES /* a parked letter is the largest */
};

#define NOW_MS_MAX (TIME_MS_MAX - 400 * DAY_MS)

/* --- what the flows ask ------------------------------------------------------------------------------- */

/* What is made now must still be encoded when it ends. */
static int64_t clamp(int64_t wall_ms)
{
    return wall_ms < NOW_MS_MAX ? wall_ms : NOW_MS_MAX;
}

int64_t post_own_ms(const struct post *post)
{
    return clamp(clock_wall_ms(post->options.clock));
}

int64_t post_steady(const struct post *post)
{
    return clock_steady_ms(post->options.clock);
}

int64_t post_now(const struct post *post)
{
    return clamp(witness_now_ms(&post->witness, post_own_ms(post), post_steady(post)));
}

int64_t post_time_ms(const struct post *post)
{
    return post_now(post);
}

int64_t post_certain_ms(const struct post *post)
{
    return chores_certain_ms(post);
}

const struct member *post_me(const struct post *post)
{
    return trust_find_node(post->options.trust, &post->options.node_id);
}

struct sealer post_sealer(const struct post *post)
{
    static const struct sign_public none;
    const struct sign_public *previous = &post->keys.previous_identity;
    PROMISE(!post->locked);
    return (struct sealer){.network_id = trust_network_id(post->options.trust),
        .node_id = &post->options.node_id,
        .identity = &post->keys.identity,
        .previous_identity = sign_public_equal(previous, &none) ? NULL : previous,
        .chance = post->options.chance};
}

enum status post_alarm(
    struct post *post, enum alarm_code code, const struct ident *peer, int64_t detail)
{
    return alarms_raise(post->alarms, code, peer, detail, post_now(post));
}

/* --- life --------------------------------------------------------------------------------------------- */

static enum status open_stores(struct post *post, struct trouble *trouble)
{
    struct db *db = post->options.db;
    enum status status = facts_open(db, &post->facts, trouble);
    if (status == STATUS_OK)
        status = alarms_open(db, &post->alarms, trouble);
    if (status == STATUS_OK)
        status = peers_open(db, &post->peers, trouble);
    if (status == STATUS_OK)
        status = chain_open(db, &post->chain, trouble);
    if (status == STATUS_OK)
        status = inbox_open(db, &post->inbox, trouble);
    if (status == STATUS_OK)
        status = raw_open(db, &post->raw, trouble);
    if (status == STATUS_OK)
        status = quarantine_open(db, &post->quarantine, trouble);
    if (status == STATUS_OK)
        status = prekeys_open(db, &post->prekeys, trouble);
    if (status == STATUS_OK)
        status = receipts_open(db, &post->receipts, trouble);
    if (status == STATUS_OK)
        status = outbox_open(db, &post->outbox, trouble);
    if (status == STATUS_OK)
        status = resyncs_open(db, &post->resyncs, trouble);
    return status;
}

static bool is_active(const struct post *post, const struct ident *node_id)
{
    const struct trust *trust = post->options.trust;
    return trust_standing(trust, trust_find_node(trust, node_id), post_now(post)) ==
           STANDING_ACTIVE;
}

/* Times that others signed, as they were known before the start: of those who are still believed. */
static enum status load_witnesses(struct post *post)
{
    struct peer peer;
    int64_t cursor = 0, steady_ms = post_steady(post);
    enum status status;
    witness_hear_roster(
        &post->witness, trust_newest_signed_ms(post->options.trust), steady_ms);
    while ((status = peers_next(post->peers, &cursor, &peer)) == STATUS_OK)
        if (peer.signed_ms != 0 && is_active(post, &peer.node_id))
            witness_hear_member(&post->witness, &peer.node_id, peer.signed_ms, steady_ms);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status count_raw(struct post *post)
{
    int64_t rows = 0, express = 0;
    return raw_count(post->raw, &rows, &express, &post->raw_bytes);
}

static enum status load(struct post *post, struct trouble *trouble)
{
    enum status status = load_witnesses(post);
    if (status == STATUS_OK)
        status = count_raw(post);
    if (status != STATUS_OK)
        trouble_say(
            trouble, "the post's tables do not hold together (%s)", status_name(status));
    return status;
}

enum status post_open(
    const struct post_options *options, struct post **ret, struct trouble *trouble)
{
    struct post *post = memory_new(sizeof *post);
    post->options = *options;
    post->locked = true;
    post->locked_since_ms = post_own_ms(post);
    post->speech = speech_new();
    post->arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    buffer_init(&post->envelope, ENVELOPE_BYTES_MAX);
    buffer_init(&post->plain, PLAIN_BYTES_MAX);
    buffer_init(&post->body, PLAIN_BYTES_MAX);
    buffer_init(&post->boxed, BOXED_BYTES_MAX);
    enum status status = counter_open(options->counter_path, &post->counter, trouble);
    if (status == STATUS_OK)
        status = open_stores(post, trouble);
    if (status == STATUS_OK)
        status = load(post, trouble);
    if (status != STATUS_OK) {
        post_close(&post);
        return status;
    }
    post->state_count = counter_value(post->counter);
    post->restored_due = post->state_count > facts_get(post->facts)->state_count;
    post->roster_judged = facts_get(post->facts)->roster_version;
    post->tick_due = true;
    post->ticked_steady_ms = post_steady(post);
    *ret = post;
    return STATUS_OK;
}

void post_close(struct post **post_p)
{
    struct post *post = *post_p;
    if (post == NULL)
        return;
    post_lock(post);
    session_end(&post->session);
    documents_end(post);
    speech_destroy(&post->speech);
    resyncs_close(&post->resyncs);
    outbox_close(&post->outbox);
    receipts_close(&post->receipts);
    prekeys_close(&post->prekeys);
    quarantine_close(&post->quarantine);
    raw_close(&post->raw);
    inbox_close(&post->inbox);
    chain_close(&post->chain);
    peers_close(&post->peers);
    alarms_close(&post->alarms);
    facts_close(&post->facts);
    counter_close(&post->counter);
    arena_destroy(&post->arena);
    buffer_release(&post->envelope);
    buffer_release(&post->plain);
    buffer_release(&post->body);
    buffer_release(&post->boxed);
    memory_free(post);
    *post_p = NULL;
}

/* --- keys --------------------------------------------------------------------------------------------- */

enum status post_unlock(struct post *post, const struct node_keys *keys)
{
    post->keys = *keys;
    box_derive_key(&keys->master, "post letters", &post->letters_key);
    box_derive_key(&keys->master, "post prekeys", &post->prekeys_key);
    post->locked = false;
    post->raw_due = post->drafts_due = post->rotate_due = post->tick_due = true;
    post->roster_judged = facts_get(post->facts)->roster_version;
    post->session.receipts_due = true;
    post->session.cursor[LANE_NORMAL] = post->session.cursor[LANE_EXPRESS] = 0;
    return STATUS_OK;
}

void post_lock(struct post *post)
{
    if (!post->locked)
        post->locked_since_ms = post_own_ms(post);
    post->locked = true;
    memory_wipe(&post->keys, sizeof post->keys);
    memory_wipe(&post->letters_key, sizeof post->letters_key);
    memory_wipe(&post->prekeys_key, sizeof post->prekeys_key);
    buffer_clear(&post->plain);
    buffer_clear(&post->body);
}

bool post_is_locked(const struct post *post)
{
    return post->locked;
}

const struct box_key *post_master_key(const struct post *post)
{
    return post->locked ? NULL : &post->keys.master;
}

/* --- the link ----------------------------------------------------------------------------------------- */

static void forget_session(struct post *post)
{
    session_end(&post->session);
    documents_end(post);
}

void post_connected(struct post *post)
{
    forget_session(post);
    speech_clear(post->speech);
    post->link_dead = false;
    uplink_connected(&post->uplink, post_steady(post));
}

void post_lost(struct post *post)
{
    forget_session(post);
    speech_clear(post->speech);
    post->link_dead = false;
    uplink_lost(&post->uplink);
}

bool post_link_is_dead(const struct post *post)
{
    return post->link_dead;
}

static bool is_of_the_disk(enum status status)
{
    return status == STATUS_FULL || status == STATUS_IO || status == STATUS_CORRUPT;
}

enum status post_receive(struct post *post, struct span bytes)
{
    struct frame frame;
    if (post->failure != STATUS_OK) /* the turn will be undone: hear nothing more in it */
        return STATUS_OK;
    arena_reset(post->arena);
    enum status status = frame_decode(post->arena, bytes, &frame);
    if (status == STATUS_OK)
        status = hear_frame(post, &frame);
    if (!is_of_the_disk(status))
        return status;
    post->failure = status;
    return STATUS_OK;
}

/* --- the turn ----------------------------------------------------------------------------------------- */

static bool tick_is_due(const struct post *post)
{
    return post->tick_due || post_steady(post) >= post->tick_steady_ms;
}

/* What became possible since the last turn. */
static enum status work_off(struct post *post)
{
    enum status status = STATUS_OK;
    if (post->restored_due)
        status = chores_restored(post);
    if (status == STATUS_OK)
        status = chores_trust(post);
    if (status == STATUS_OK && post->raw_due && !post->locked)
        status = arrive_raw(post);
    if (status == STATUS_OK && tick_is_due(post))
        status = chores_tick(post);
    if (status == STATUS_OK && post->rotate_due && !post->locked) {
        post->rotate_due = false;
        status = rotate_prekeys(post);
    }
    if (status == STATUS_OK && post->drafts_due && !post->locked) {
        post->drafts_due = false;
        status = send_drafts(post);
    }
    return status;
}

enum status post_work(struct post *post)
{
    post->more = false;
    enum status status = post->failure;
    if (status == STATUS_OK)
        status = work_off(post);
    if (status == STATUS_OK)
        status = hear_time(post);
    if (status == STATUS_OK)
        status = documents_step(post);
    if (status == STATUS_OK)
        status = offer_have(post);
    if (status == STATUS_OK)
        status = offer_pump(post);
    if (status == STATUS_OK)
        hear_answer(post);
    return status;
}

enum status post_committed(struct post *post)
{
    uint64_t count = facts_get(post->facts)->state_count;
    facts_committed(post->facts);
    if (count > post->state_count) {
        enum status status = counter_raise(post->counter, count);
        if (status != STATUS_OK)
            return status;
        post->state_count = count;
    }
    documents_committed(post);
    speech_commit(post->speech);
    enum status status = offer_receipts(post);
    if (status == STATUS_OK)
        speech_commit(post->speech);
    return status;
}

void post_rolled_back(struct post *post)
{
    enum status status = facts_reload(post->facts);
    if (status == STATUS_OK)
        status = quarantine_reload(post->quarantine);
    if (status == STATUS_OK)
        status = count_raw(post);
    post->failure = status == STATUS_FULL ? STATUS_OK : status;
    speech_drop(post->speech);
    forget_session(post);
    uplink_pause(&post->uplink, post_steady(post));
    post->tick_due = post->drafts_due = post->raw_due = post->rotate_due = true;
    post->more = false;
    post->restored_due = post->state_count > facts_get(post->facts)->state_count;
    post->roster_judged = facts_get(post->facts)->roster_version;
    post->notices_judged = 0;
}

enum status post_speak(struct post *post, struct buffer *ret_frame)
{
    return speech_take(post->speech, ret_frame);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t post_deadline_steady_ms(const struct post *post)
{
    int64_t steady_ms = post_steady(post);
    bool unlocked_work =
        !post->locked && (post->raw_due || post->drafts_due || post->rotate_due);
    if (post->more || post->tick_due || post->restored_due || unlocked_work ||
        speech_is_ready(post->speech))
        return steady_ms;
    int64_t deadline =
        earlier(post->tick_steady_ms, uplink_deadline(&post->uplink, offer_awaits(post)));
    if (post->session.retry_ms != 0 && post->uplink.state == UPLINK_OPEN)
        deadline = earlier(deadline, steady_ms + post->session.retry_ms - post_now(post));
    return deadline;
}
