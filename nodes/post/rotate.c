/* SPDX-License-Identifier: Apache-2.0
 *
 * Prekeys (PROTOCOL.md 1.4, 4): mine are made weeks ahead, listed in a signed bundle and handed to the broker;
 * others' bundles are fetched, so that first letters can be sealed while there is no line.
 *
 * A bundle is signed anew whenever the list of prekeys that still open is not the one that it names. After a
 * restore nothing is signed before a broker has told which number it serves: numbers are used once.
 */
#include <string.h>

#include "log.h"
#include "memory.h"
#include "parts.h"
#include "verify.h"

/* --- mine --------------------------------------------------------------------------------------------- */

/* A clock that runs ahead must not make keys for another century. */
static int64_t rotation_ms(const struct post *post)
{
    int64_t steady_ms = post_steady(post);
    return witness_doubtful(&post->witness, post_own_ms(post), steady_ms)
               ? witness_other_ms(&post->witness, steady_ms)
               : post_now(post);
}

/* When the next prekey begins: a week behind the newest. One of a far future (a clock was wrong) does not
 * count. */
static int64_t next_start(const struct prekey *prekeys, size_t n, int64_t now_ms)
{
    int64_t next_ms = now_ms;
    for (size_t i = 0; i < n; i++) {
        int64_t start_ms = prekeys[i].not_before_ms;
        if (start_ms <= now_ms + PREKEY_AHEAD_MS && start_ms + PREKEY_STEP_MS > next_ms)
            next_ms = start_ms + PREKEY_STEP_MS;
    }
    return next_ms;
}

static enum status make_missing(struct post *post)
{
    struct prekey prekeys[BUNDLE_PREKEYS_MAX];
    size_t n = 0;
    int64_t now_ms = rotation_ms(post);
    enum status status = prekeys_list(post->prekeys, prekeys, &n);
    if (status != STATUS_OK)
        return status;
    for (int64_t at_ms = next_start(prekeys, n, now_ms);
         at_ms <= now_ms + PREKEY_AHEAD_MS; at_ms += PREKEY_STEP_MS) {
        status =
            prekeys_make(post->prekeys, &post->prekeys_key, post->options.chance, at_ms);
        if (status == STATUS_OK)
            status = facts_count(post->facts);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static bool lists_the_same(
    const struct bundle *bundle, const struct prekey *prekeys, size_t n)
{
    if (bundle->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (bundle->prekeys[i].id != prekeys[i].id)
            return false;
    return true;
}

/* Is the bundle that stands in facts still right? Its bytes then are in post->envelope. */
static enum status load_bundle(
    struct post *post, const struct prekey *prekeys, size_t n, bool *ret_right)
{
    struct bundle bundle;
    *ret_right = false;
    buffer_clear(&post->envelope);
    enum status status = facts_bundle(post->facts, &post->envelope);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    status = bundle_verify(buffer_span(&post->envelope),
        trust_network_id(post->options.trust), post_me(post), &bundle);
    *ret_right = status == STATUS_OK && lists_the_same(&bundle, prekeys, n) &&
                 bundle.number >= post->served_bundle;
    return STATUS_OK;
}

static enum status sign_bundle(struct post *post, const struct prekey *prekeys, size_t n)
{
    const struct facts_row *facts = facts_get(post->facts);
    uint64_t last = facts->bundle_number > post->served_bundle ? facts->bundle_number
                                                               : post->served_bundle;
    struct bundle bundle = {.suite = SUITE_X25519,
        .node_id = post->options.node_id,
        .number = last + 1,
        .created_ms = post_now(post),
        .roster_version = trust_version(post->options.trust, DOCUMENT_ROSTER),
        .n = n};
    memcpy(bundle.prekeys, prekeys, n * sizeof *prekeys);
    buffer_clear(&post->envelope);
    enum status status = bundle_sign(&bundle, trust_network_id(post->options.trust),
        &post->keys.identity, &post->envelope);
    if (status == STATUS_OK)
        status =
            facts_put_bundle(post->facts, bundle.number, buffer_span(&post->envelope));
    if (status == STATUS_OK)
        status = facts_count(post->facts);
    if (status == STATUS_OK)
        log_event(LOG_INFO, "prekeys-published", "number=%llu prekeys=%zu",
            (unsigned long long)bundle.number, n);
    return status;
}

static bool is_greeted(const struct post *post)
{
    return post->uplink.state == UPLINK_CATCHING_UP || post->uplink.state == UPLINK_OPEN;
}

/* The bundle in post->envelope, unless the broker has it. */
static void hand_over(struct post *post)
{
    uint64_t mine = facts_get(post->facts)->bundle_number;
    if (!is_greeted(post) || mine <= post->served_bundle)
        return;
    struct frame frame = {.kind = FRAME_BUNDLE_PUT};
    frame.bundle_put.bundle = buffer_span(&post->envelope);
    speech_put(post->speech, &frame);
    post->served_bundle = mine;
}

enum status rotate_prekeys(struct post *post)
{
    struct prekey prekeys[BUNDLE_PREKEYS_MAX];
    size_t n = 0;
    bool right = false;
    if (post->locked || post_me(post) == NULL)
        return STATUS_OK;
    enum status status = make_missing(post);
    if (status == STATUS_OK)
        status = prekeys_list(post->prekeys, prekeys, &n);
    if (status == STATUS_OK)
        status = load_bundle(post, prekeys, n, &right);
    if (status != STATUS_OK)
        return status;
    bool number_unknown = facts_get(post->facts)->restored_ms != 0 && !is_greeted(post);
    if (!right && number_unknown)
        return STATUS_OK; /* WELCOME brings it here again */
    if (!right)
        status = sign_bundle(post, prekeys, n);
    if (status == STATUS_OK)
        hand_over(post);
    buffer_clear(&post->envelope);
    return status;
}

/* --- the end of a prekey (PROTOCOL.md 4.4, 4.5) --------------------------------------------------------- */

/* Was everything sealed under it fetched, as far as the broker says? */
static bool is_mailbox_done(const struct post *post, int64_t date_ms)
{
    return facts_get(post->facts)->emptied_ms > date_ms ||
           witness_past(&post->witness, post_own_ms(post), date_ms + 7 * DAY_MS);
}

static enum status is_pinned(struct post *post, uint64_t prekey_id, bool *ret)
{
    int64_t since_ms = 0;
    enum status status = raw_pinned(post->raw, prekey_id, &since_ms);
    *ret = status == STATUS_OK &&
           !witness_past(&post->witness, post_own_ms(post), since_ms + PREKEY_PIN_MS);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status rotate_destroy(struct post *post)
{
    struct prekey prekeys[BUNDLE_PREKEYS_MAX];
    size_t n = 0;
    int64_t own_ms = post_own_ms(post);
    enum status status = prekeys_list(post->prekeys, prekeys, &n);
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        int64_t date_ms = prekeys[i].not_before_ms + PREKEY_DESTROY_MS;
        bool pinned = false;
        if (!witness_past(&post->witness, own_ms, date_ms) ||
            witness_doubtful(&post->witness, own_ms, post_steady(post)) ||
            !is_mailbox_done(post, date_ms))
            continue;
        status = is_pinned(post, prekeys[i].id, &pinned);
        if (status != STATUS_OK || pinned)
            continue;
        status = prekeys_destroy(post->prekeys, prekeys[i].id);
        post->rotate_due = true; /* the bundle lists it no longer */
    }
    return status;
}

/* --- others' ------------------------------------------------------------------------------------------ */

/* Letters under a prekey that no longer opens are sealed again (PROTOCOL.md 2.4). */
static enum status mark_stale(
    struct post *post, const struct ident *peer, const struct bundle *bundle)
{
    struct outbox_letter letter;
    int64_t cursor = 0;
    enum status status;
    while ((status = outbox_next_unsettled(post->outbox, peer, cursor, &letter)) ==
           STATUS_OK) {
        cursor = letter.id;
        bool open =
            letter.state == LETTER_STATE_SEALED || letter.state == LETTER_STATE_HELD;
        if (!open || letter.reseal || bundle_find(bundle, letter.prekey_id) != NULL)
            continue;
        letter.reseal = true;
        letter.next_ms = 0;
        status = outbox_update(post->outbox, &letter);
        if (status != STATUS_OK)
            return status;
    }
    post->session.cursor[LANE_NORMAL] = post->session.cursor[LANE_EXPRESS] = 0;
    post->session.receipts_due = true;
    post->drafts_due = true;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The same number must be the same bytes. */
static enum status compare_bytes(
    struct post *post, const struct ident *node_id, struct span bytes)
{
    buffer_clear(&post->envelope);
    enum status status = peers_bundle_bytes(post->peers, node_id, &post->envelope);
    bool same = status == STATUS_OK && span_equal(buffer_span(&post->envelope), bytes);
    buffer_clear(&post->envelope);
    return status != STATUS_OK || same ? status
                                       : post_alarm(post, ALARM_BUNDLE, node_id, 0);
}

static enum status take_bundle(struct post *post, struct span bytes, bool *ret_skipped)
{
    struct bundle bundle;
    struct span covered;
    struct peer peer;
    if (bundle_decode(bytes, &bundle, &covered) != STATUS_OK ||
        ident_equal(&bundle.node_id, &post->options.node_id))
        return STATUS_OK;
    const struct member *member = trust_find_node(post->options.trust, &bundle.node_id);
    if (member == NULL) {
        *ret_skipped = true;
        return STATUS_OK;
    }
    enum status status = peers_find(post->peers, &bundle.node_id, &peer);
    if (status != STATUS_OK || bundle.number < peer.bundle_number ||
        bundle.number > INT64_MAX)
        return status;
    if (bundle_verify(bytes, trust_network_id(post->options.trust), member, &bundle) !=
        STATUS_OK) {
        *ret_skipped = true; /* perhaps by an identity that my roster does not know yet */
        return STATUS_OK;
    }
    if (bundle.number == peer.bundle_number)
        return compare_bytes(post, &bundle.node_id, bytes);
    status = peers_put_bundle(post->peers, &bundle.node_id, bundle.number, bytes);
    return status == STATUS_OK ? mark_stale(post, &bundle.node_id, &bundle) : status;
}

static void ask_bundles(struct post *post, uint64_t mark)
{
    struct frame frame = {.kind = FRAME_BUNDLES_GET};
    frame.bundles_get.mark = mark;
    speech_put(post->speech, &frame);
}

enum status rotate_bundles(struct post *post, const struct frame *frame)
{
    bool skipped = facts_get(post->facts)->bundles_skipped;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < frame->bundles.n && status == STATUS_OK; i++)
        status = take_bundle(post, frame->bundles.bundles[i], &skipped);
    if (status != STATUS_OK)
        return status;
    struct facts_row facts = *facts_get(post->facts);
    facts.bundles_mark = frame->bundles.mark;
    facts.bundles_ms = post_now(post);
    facts.bundles_skipped = skipped;
    if (frame->bundles.more)
        ask_bundles(post, frame->bundles.mark);
    return facts_put(post->facts, &facts);
}

void rotate_ask(struct post *post)
{
    const struct facts_row *facts = facts_get(post->facts);
    if (is_greeted(post) && period_over(post_now(post), facts->bundles_ms, DAY_MS))
        ask_bundles(post, facts->bundles_skipped ? 0 : facts->bundles_mark);
}
