/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbering and sealing in the order of PROTOCOL.md 1.6. A letter gets its number in the same transaction
 * that keeps it sealed; what cannot be sealed has no number and makes no gap.
 */
#include <string.h>

#include "memory.h"
#include "parts.h"

struct target {
    const struct member *member;
    struct bundle bundle;
    const struct prekey *prekey;
};

static enum wait_reason choose_prekey(struct post *post, struct target *target)
{
    int64_t steady_ms = post_steady(post);
    target->prekey = bundle_choose(&target->bundle, post_now(post));
    if (target->prekey == NULL &&
        witness_doubtful(&post->witness, post_own_ms(post), steady_ms))
        target->prekey =
            bundle_choose(&target->bundle, witness_other_ms(&post->witness, steady_ms));
    if (target->prekey == NULL) /* two members may have named a time that is not */
        target->prekey = bundle_choose(&target->bundle, post_own_ms(post));
    return target->prekey == NULL ? WAIT_PREKEY : WAIT_NOTHING;
}

/* Who may be written to, and under which prekey. */
static enum status choose_target(struct post *post, const struct ident *peer,
    struct target *target, enum wait_reason *ret_wait)
{
    target->member = trust_find_node(post->options.trust, peer);
    enum standing standing =
        trust_standing(post->options.trust, target->member, post_now(post));
    *ret_wait = WAIT_NOTHING;
    if (post->locked)
        *ret_wait = WAIT_LOCKED;
    else if (trust_forked(post->options.trust))
        *ret_wait = WAIT_FORK;
    else if (standing == STANDING_UNKNOWN)
        *ret_wait = WAIT_UNKNOWN;
    else if (standing == STANDING_SUSPENDED)
        *ret_wait = WAIT_SUSPENDED;
    else if (standing == STANDING_REVOKED)
        *ret_wait = WAIT_REVOKED;
    if (*ret_wait != WAIT_NOTHING)
        return STATUS_OK;
    enum status status = peers_bundle(post->peers, peer, &target->bundle);
    if (status == STATUS_NOT_FOUND) {
        *ret_wait = WAIT_BUNDLE;
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        *ret_wait = choose_prekey(post, target);
    return status;
}

static struct sealing make_sealing(
    struct post *post, const struct target *target, enum lane lane, uint16_t seal_no)
{
    return (struct sealing){.recipient = target->member,
        .bundle = &target->bundle,
        .prekey = target->prekey,
        .lane = lane,
        .seal_no = seal_no,
        .roster_version = trust_version(post->options.trust, DOCUMENT_ROSTER),
        .roster_hash = trust_roster_hash(post->options.trust)};
}

static struct letter make_letter(
    const struct outbox_letter *row, struct span salt_and_body)
{
    struct letter letter = {.kind = row->kind,
        .created_ms = row->created_ms,
        .lifetime_s = row->lifetime_s,
        .after_back = row->after_back,
        .chain_epoch = row->epoch,
        .pair_seq = row->seq,
        .prev_link = row->prev_link,
        .item_id = row->item_id};
    memcpy(letter.body_salt, salt_and_body.at, sizeof letter.body_salt);
    letter.body = span_of(salt_and_body.at + sizeof letter.body_salt,
        salt_and_body.n - sizeof letter.body_salt);
    return letter;
}

/* A first contact needs a roster that still holds (PROTOCOL.md 5a.14); whom one knows may always be written to. */
static bool is_first_contact(const struct peer *peer)
{
    return peer->last_epoch == 0 && peer->heard_ms == 0;
}

static bool has_roster_run_out(const struct post *post)
{
    int64_t end_ms = trust_roster_expires_ms(post->options.trust);
    return witness_past(&post->witness, post_own_ms(post), end_ms);
}

/* Opens a new numbering where there is none (PROTOCOL.md 5 (1), 2.4). */
static enum wait_reason open_epoch(struct post *post, struct peer *peer)
{
    int64_t now_ms = post_now(post);
    if (peer->epoch != 0)
        return WAIT_NOTHING;
    if (peer->conflicted) {
        if (peer->conflict_ms != 0 && !period_over(now_ms, peer->conflict_ms, DAY_MS))
            return WAIT_EPOCH;
        peer->conflict_ms = now_ms;
        peer->conflicted = false;
    }
    int64_t seconds = now_ms / 1000 - EPOCH_ZERO_S;
    uint32_t epoch = seconds > 0 && seconds < UINT32_MAX ? (uint32_t)seconds : 1;
    peer->epoch = epoch > peer->last_epoch ? epoch : peer->last_epoch + 1;
    peer->last_epoch = peer->epoch;
    peer->last_seq = 0;
    peer->last_link = link_first(trust_network_id(post->options.trust),
        &post->options.node_id, &peer->node_id, peer->epoch);
    return WAIT_NOTHING;
}

/* How far back the letter stands that must settle first; 0 if none needs to. */
static enum status find_after_back(struct post *post, struct outbox_letter *letter,
    const struct peer *peer, enum wait_reason *ret_wait)
{
    struct outbox_letter earlier;
    letter->after_back = 0;
    if (ident_is_zero(&letter->after_item))
        return STATUS_OK;
    enum status status = outbox_find_item(post->outbox, &letter->after_item, &earlier);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    bool waits = earlier.state == LETTER_STATE_DRAFT ||
                 (earlier.state == LETTER_STATE_BLOCKED && earlier.seq == 0);
    if (waits)
        *ret_wait = WAIT_EARLIER;
    else if (earlier.epoch == peer->epoch && earlier.seq > 0 &&
             ident_equal(&earlier.peer, &letter->peer) && earlier.seq <= peer->last_seq)
        letter->after_back = (uint32_t)(peer->last_seq + 1 - earlier.seq);
    return STATUS_OK;
}

static enum status give_number(struct post *post, struct outbox_letter *letter,
    struct peer *peer, enum wait_reason *ret_wait)
{
    uint64_t oldest = 0;
    if (is_first_contact(peer) && has_roster_run_out(post)) {
        *ret_wait = WAIT_ROSTER;
        return STATUS_OK;
    }
    *ret_wait = open_epoch(post, peer);
    if (*ret_wait != WAIT_NOTHING)
        return STATUS_OK;
    enum status status =
        outbox_oldest_unsettled(post->outbox, &peer->node_id, peer->epoch, &oldest);
    if (status == STATUS_OK)
        status = find_after_back(post, letter, peer, ret_wait);
    if (status != STATUS_OK || *ret_wait != WAIT_NOTHING)
        return status;
    /* One place is left for a VOID, which makes room. */
    uint64_t window = letter->kind == LETTER_VOID ? CHAIN_WINDOW : CHAIN_WINDOW - 1;
    if (oldest != 0 && peer->last_seq + 1 - oldest >= window) {
        *ret_wait = WAIT_WINDOW;
        return STATUS_OK;
    }
    letter->epoch = peer->epoch;
    letter->seq = peer->last_seq + 1;
    letter->prev_link = peer->last_link;
    return STATUS_OK;
}

/* What the row says of its newest sealing. */
static void note_sealing(struct outbox_letter *letter, const struct target *target)
{
    letter->prekey_id = target->prekey->id;
    letter->prekey_end_ms = target->prekey->not_after_ms;
    letter->sealed_for = target->member->identity;
    letter->reseal = false;
    letter->next_ms = 0;
    letter->reason = WAIT_NOTHING;
}

static enum status wait_for(
    struct post *post, struct outbox_letter *letter, enum wait_reason wait)
{
    enum letter_state state =
        wait == WAIT_SUSPENDED ? LETTER_STATE_BLOCKED : LETTER_STATE_DRAFT;
    if (letter->state != state)
        letter->changed_ms = post_now(post);
    letter->state = state;
    letter->reason = wait;
    letter->epoch = 0;
    letter->seq = 0;
    letter->after_back = 0;
    return STATUS_BUSY;
}

static enum status apply_seal(struct post *post, struct outbox_letter *letter,
    struct span salt_and_body, const struct target *target)
{
    struct sealer sealer = post_sealer(post);
    struct letter plain = make_letter(letter, salt_and_body);
    struct sealing sealing = make_sealing(post, target, letter->lane, letter->seal_no);
    return seal_apply(
        &sealer, &plain, &sealing, &post->envelope, &letter->msg_id, &letter->link);
}

enum status sealing_number(
    struct post *post, struct outbox_letter *letter, struct span salt_and_body)
{
    struct target target;
    struct peer peer;
    enum wait_reason wait;
    enum status status = choose_target(post, &letter->peer, &target, &wait);
    if (status == STATUS_OK && wait == WAIT_NOTHING)
        status = peers_find(post->peers, &letter->peer, &peer);
    if (status == STATUS_OK && wait == WAIT_NOTHING)
        status = give_number(post, letter, &peer, &wait);
    if (status != STATUS_OK)
        return status;
    if (wait != WAIT_NOTHING)
        return wait_for(post, letter, wait);
    status = apply_seal(post, letter, salt_and_body, &target);
    if (status == STATUS_FORGED || status == STATUS_UNSUPPORTED)
        return wait_for(post, letter, WAIT_PREKEY);
    if (status != STATUS_OK)
        return status;
    note_sealing(letter, &target);
    letter->state = LETTER_STATE_SEALED;
    letter->changed_ms = post_now(post);
    peer.last_seq = letter->seq;
    peer.last_link = letter->link;
    if (period_over(letter->changed_ms, peer.traffic_ms, HOUR_MS))
        peer.traffic_ms = letter->changed_ms;
    if (peer.heartbeat_out_ms == 0)
        peer.heartbeat_out_ms = letter->changed_ms; /* the first one a day from now */
    status = peers_put(post->peers, &peer);
    return status == STATUS_OK ? facts_count(post->facts) : status;
}

enum status sealing_unbox(
    struct post *post, const struct outbox_letter *letter, struct span *ret)
{
    uint8_t place[OUTBOX_PLACE_BYTES];
    buffer_clear(&post->boxed);
    buffer_clear(&post->plain);
    enum status status = outbox_boxed(post->outbox, letter->id, &post->boxed);
    if (status != STATUS_OK)
        return status;
    status = box_break(&post->letters_key, outbox_place(letter, place),
        buffer_span(&post->boxed), &post->plain);
    if (status != STATUS_OK || post->plain.used < 32)
        return STATUS_CORRUPT;
    *ret = buffer_span(&post->plain);
    return STATUS_OK;
}

/* Same number and link, other envelope (PROTOCOL.md 2.4). BUSY leaves the letter as it is. */
enum status sealing_again(struct post *post, struct outbox_letter *letter)
{
    struct target target;
    struct span salt_and_body;
    enum wait_reason wait;
    struct hash link = letter->link;
    struct ident old = letter->msg_id;
    enum status status = choose_target(post, &letter->peer, &target, &wait);
    if (status != STATUS_OK)
        return status;
    if (wait != WAIT_NOTHING || letter->seal_no == UINT16_MAX)
        return STATUS_BUSY;
    status = sealing_unbox(post, letter, &salt_and_body);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_BUSY : status;
    letter->seal_no++;
    status = apply_seal(post, letter, salt_and_body, &target);
    buffer_clear(&post->plain);
    if (status != STATUS_OK) {
        letter->seal_no--;
        return status == STATUS_FORGED || status == STATUS_UNSUPPORTED ? STATUS_BUSY
                                                                       : status;
    }
    if (!hash_equal(&link, &letter->link))
        return STATUS_CORRUPT; /* the kept letter is not the one that was numbered */
    note_sealing(letter, &target);
    letter->recall = old;
    return outbox_put_envelope(post->outbox, letter, buffer_span(&post->envelope));
}

enum status sealing_note(struct post *post, const struct ident *peer, uint16_t kind,
    struct span body, struct ident *ret_msg_id)
{
    struct target target;
    struct hash no_link;
    enum wait_reason wait;
    enum status status = choose_target(post, peer, &target, &wait);
    if (status != STATUS_OK)
        return status;
    if (wait != WAIT_NOTHING)
        return STATUS_BUSY;
    struct letter letter = {.kind = kind,
        .created_ms = post_now(post),
        .item_id = ident_new(post->options.chance),
        .body = body};
    chance_fill(post->options.chance, letter.body_salt, sizeof letter.body_salt);
    struct sealer sealer = post_sealer(post);
    struct sealing sealing = make_sealing(post, &target, LANE_NORMAL, 0);
    status =
        seal_apply(&sealer, &letter, &sealing, &post->envelope, ret_msg_id, &no_link);
    return status == STATUS_FORGED || status == STATUS_UNSUPPORTED ? STATUS_BUSY : status;
}

bool sealing_is_stale(
    struct post *post, const struct outbox_letter *letter, const struct member *recipient)
{
    return letter->reseal ||
           post_now(post) > letter->prekey_end_ms + PREKEY_OFFER_LATE_MS ||
           !sign_public_equal(&letter->sealed_for, &recipient->identity);
}
