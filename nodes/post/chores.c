/* SPDX-License-Identifier: Apache-2.0
 *
 * What time and the newest roster demand, in order. Nothing is expired or destroyed by one clock alone:
 * chores_certain_ms is the earlier of the own clock and of what others signed.
 */
#include "log.h"
#include "memory.h"
#include "parts.h"

int64_t chores_certain_ms(const struct post *post)
{
    const struct witness *witness = &post->witness;
    int64_t own_ms = post_own_ms(post), steady_ms = post_steady(post);
    int64_t other_ms =
        witness->roster_ms > witness->first_ms ? witness->roster_ms : witness->first_ms;
    if (witness_doubtful(witness, own_ms, steady_ms))
        own_ms = witness_other_ms(witness, steady_ms);
    return own_ms < other_ms ? own_ms : other_ms;
}

/* --- a new roster or notice ----------------------------------------------------------------------------- */

/* Members that are gone: their gaps will never be filled, and letters to them never arrive. */
static enum status close_gone(struct post *post)
{
    struct peer peer;
    struct chain_row row = {0};
    int64_t cursor = 0, now_ms = post_now(post);
    enum status status;
    while ((status = chain_next_gap(post->chain, &row, &row)) == STATUS_OK) {
        const struct member *member = trust_find_node(post->options.trust, &row.peer);
        if (trust_standing(post->options.trust, member, now_ms) == STANDING_REVOKED)
            status = settle_gone(post, &row);
        if (status != STATUS_OK)
            return status;
    }
    while (status == STATUS_NOT_FOUND || status == STATUS_OK) {
        status = peers_next(post->peers, &cursor, &peer);
        if (status != STATUS_OK)
            break;
        const struct member *member = trust_find_node(post->options.trust, &peer.node_id);
        if (trust_standing(post->options.trust, member, now_ms) == STANDING_REVOKED)
            status = custody_revoked(post, &peer.node_id);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status chores_trust(struct post *post)
{
    struct facts_row facts = *facts_get(post->facts);
    uint64_t roster = trust_version(post->options.trust, DOCUMENT_ROSTER);
    uint64_t notices = trust_version(post->options.trust, DOCUMENT_NOTICE);
    bool new_roster = roster != post->roster_judged;
    if (!new_roster && notices == post->notices_judged)
        return STATUS_OK;
    post->roster_judged = roster;
    post->notices_judged = notices;
    witness_hear_roster(
        &post->witness, trust_newest_signed_ms(post->options.trust), post_steady(post));
    post->session.cursor[LANE_NORMAL] = post->session.cursor[LANE_EXPRESS] = 0;
    post->session.receipts_due = true;
    post->drafts_due = post->rotate_due = true;
    enum status status = custody_standings(post);
    if (status == STATUS_OK && new_roster && !post->locked)
        status = arrive_parked(post);
    if (status == STATUS_OK && new_roster)
        status = close_gone(post);
    if (status != STATUS_OK || !new_roster || post->locked)
        return status; /* parked letters are judged at the unlock */
    facts = *facts_get(post->facts);
    facts.roster_version = roster;
    if (facts.bundles_skipped)
        facts.bundles_ms = 0;
    return facts_put(post->facts, &facts);
}

/* 30, 14 and 7 days before its end, and daily from then on (PROTOCOL.md 5a.14). */
static enum status warn_of_roster(struct post *post)
{
    int64_t end_ms = trust_roster_expires_ms(post->options.trust);
    int64_t left = (end_ms - post_now(post)) / DAY_MS;
    if (end_ms == 0 || (left != 30 && left != 14 && left > 7))
        return STATUS_OK;
    return post_alarm(post, ALARM_ROSTER_ENDS, NULL, left);
}

/* --- a database that is older than it should be ------------------------------------------------------------ */

enum status chores_restored(struct post *post)
{
    struct facts_row facts = *facts_get(post->facts);
    post->restored_due = false;
    facts.state_count = post->state_count; /* counts on from where it was */
    facts.restored_ms = post_now(post);
    enum status status = facts_put(post->facts, &facts);
    if (status == STATUS_OK)
        status = facts_count(post->facts);
    if (status == STATUS_OK)
        status = loss_begin_all(post, facts.welcome_ms);
    if (status == STATUS_OK)
        status = peers_end_epochs(post->peers);
    post->drafts_due = post->rotate_due = true;
    return status == STATUS_OK ? post_alarm(post, ALARM_RESTORED, NULL, 0) : status;
}

/* --- the tick ------------------------------------------------------------------------------------------- */

static enum status drop_old(struct post *post)
{
    int64_t certain_ms = chores_certain_ms(post), dropped = 0;
    enum status status = outbox_forget(post->outbox, certain_ms - LETTER_KEEP_MS);
    if (status == STATUS_OK)
        status = quarantine_drop_before(post->quarantine, QUARANTINE_UNREADABLE,
            certain_ms - UNREADABLE_KEEP_MS, &dropped);
    if (status == STATUS_OK)
        status = quarantine_drop_before(
            post->quarantine, QUARANTINE_PARKED, certain_ms - PARK_KEEP_MS, &dropped);
    return status == STATUS_OK && dropped > 0
               ? post_alarm(post, ALARM_PARKED, NULL, dropped)
               : status;
}

static enum status run_custody(struct post *post)
{
    enum status status = custody_standings(post);
    if (status == STATUS_OK)
        status = custody_expire(post);
    if (status == STATUS_OK)
        status = custody_tell(post);
    if (status == STATUS_OK)
        status = custody_voids(post);
    return status == STATUS_OK ? drop_old(post) : status;
}

enum status chores_tick(struct post *post)
{
    int64_t steady_ms = post_steady(post);
    int64_t elapsed_ms = steady_ms - post->ticked_steady_ms;
    post->tick_due = false;
    post->ticked_steady_ms = steady_ms;
    post->tick_steady_ms = steady_ms + POST_TICK_MS;
    post->drafts_due = post->rotate_due = true;
    post->session.cursor[LANE_NORMAL] = post->session.cursor[LANE_EXPRESS] = 0;
    post->session.receipts_due = true;
    if (elapsed_ms > 2 * POST_TICK_MS)
        elapsed_ms = 2 * POST_TICK_MS; /* it slept: nothing could come meanwhile */
    enum status status = warn_of_roster(post);
    if (status == STATUS_OK)
        status = run_custody(post);
    if (status == STATUS_OK)
        status = beat_gaps(post, elapsed_ms);
    if (status == STATUS_OK)
        status = beat_all(post);
    if (status == STATUS_OK)
        status = loss_tick(post);
    if (status == STATUS_OK)
        status = rotate_destroy(post);
    if (status == STATUS_OK)
        rotate_ask(post);
    return status;
}
