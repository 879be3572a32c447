/* SPDX-License-Identifier: Apache-2.0
 * What waits that nobody has opened, in numbers by lane (docs/CARE.md 22). Letters that came while the node was locked have
 * their lane in the clear; referrals that were opened by the node and by nobody yet have it under the node's key, so that
 * their two numbers are kept from the moment when it was locked.
 */
#include "inside.h"

/* A flood of more than that is not read further: the rest counts as one express referral, so that none is lost in it. */
enum { LOOKED_AT_MAX = 2000 };

/* A referral of a member that is none any more cannot be marked as opened, because nobody can be told: it must not be
 * announced for ever, and a person may wait behind it all the same. */
#define ORPHAN_COUNTS_MS DAY_MS

static bool is_unopened(const struct desk *desk, const struct referral_row *row)
{
    const struct trust *trust = desk->options.trust;
    int64_t now_ms = desk_now_ms(desk);
    enum standing standing;

    if (row->damaged || row->purged || row->progress != PROGRESS_REQUESTED)
        return false;
    standing = trust_standing(trust, trust_find_node(trust, &row->peer), now_ms);
    return (standing != STANDING_REVOKED && standing != STANDING_UNKNOWN) ||
           now_ms - row->received_ms < ORPHAN_COUNTS_MS;
}

static enum status count_referrals(struct desk *desk, struct announce_counts *ret)
{
    struct referral_row row = {0};
    struct announce_counts counts = {0};
    enum status status = STATUS_OK;
    int n = 0;

    for (; n < LOOKED_AT_MAX; n++) {
        arena_reset(desk->arena);
        status =
            referrals_next_undecided(desk->referrals, false, row.id, desk->arena, &row);
        if (status != STATUS_OK)
            break;
        if (!is_unopened(desk, &row))
            continue;
        if (desk_lane(row.referral.priority) == LANE_EXPRESS)
            counts.express++;
        else
            counts.normal++;
    }
    arena_reset(desk->arena);
    counts.express += n == LOOKED_AT_MAX;
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *ret = counts;
    return STATUS_OK;
}

void waiting_remember(struct desk *desk)
{
    /* LOCKED, and a disk that fails: what was known before stays. */
    (void)!count_referrals(desk, &desk->unopened);
}

enum status desk_count_waiting(struct desk *desk, struct announce_counts *ret)
{
    struct post_status post;
    enum status status = post_status(desk->options.post, &post);

    if (status != STATUS_OK)
        return status;
    if (!post.locked)
        status = count_referrals(desk, &desk->unopened);
    if (status != STATUS_OK)
        return status;
    ret->express = post.raw_express + desk->unopened.express;
    ret->normal = post.raw - post.raw_express + desk->unopened.normal;
    ret->locked = post.locked;
    return STATUS_OK;
}
