/* SPDX-License-Identifier: Apache-2.0
 *
 * What pages and commands are shown. Reads only.
 */
#include <string.h>

#include "memory.h"
#include "parts.h"

enum status post_letter(
    struct post *post, const struct ident *item_id, struct post_letter *ret)
{
    struct outbox_letter letter;
    enum status status = outbox_find_item(post->outbox, item_id, &letter);
    if (status == STATUS_OK)
        *ret = (struct post_letter){.item_id = letter.item_id,
            .peer = letter.peer,
            .kind = letter.kind,
            .lane = letter.lane,
            .state = letter.state,
            .reason = wait_words(letter.reason),
            .created_ms = letter.created_ms,
            .changed_ms = letter.changed_ms,
            .chain_epoch = letter.epoch,
            .pair_seq = letter.seq,
            .seal_no = letter.seal_no};
    return status;
}

enum status post_letter_receipt(
    struct post *post, const struct ident *item_id, uint8_t ret[static RECEIPT_BYTES])
{
    struct outbox_letter letter;
    enum status status = outbox_find_item(post->outbox, item_id, &letter);
    return status == STATUS_OK ? outbox_receipt(post->outbox, letter.id, ret) : status;
}

/* More changes than a node makes in the life of a letter: the counter of the lost disk was lower, too. */
enum { RESTORED_STEP = 1000000 };

static enum status count_out(struct post *post, struct post_status *status_row)
{
    int64_t counts[LETTER_STATE_COUNT];
    enum status status = outbox_counts(post->outbox, counts);
    if (status != STATUS_OK)
        return status;
    status_row->drafts = counts[LETTER_STATE_DRAFT] + counts[LETTER_STATE_BLOCKED];
    status_row->sealed_waiting = counts[LETTER_STATE_SEALED];
    status_row->held = counts[LETTER_STATE_HELD];
    status_row->unconfirmed = counts[LETTER_STATE_STORED];
    return STATUS_OK;
}

static enum status count_in(struct post *post, struct post_status *status_row)
{
    int64_t bytes = 0, refused = 0;
    enum status status =
        raw_count(post->raw, &status_row->raw, &status_row->raw_express, &bytes);
    if (status == STATUS_OK)
        status = inbox_count_quarantined(post->inbox, &status_row->quarantined);
    if (status == STATUS_OK)
        status = quarantine_count(post->quarantine, QUARANTINE_REFUSED, &refused);
    if (status == STATUS_OK)
        status =
            quarantine_count(post->quarantine, QUARANTINE_PARKED, &status_row->parked);
    if (status == STATUS_OK)
        status = quarantine_count(
            post->quarantine, QUARANTINE_UNREADABLE, &status_row->unreadable);
    status_row->quarantined += refused;
    return status;
}

static enum status count_prekeys(struct post *post, struct post_status *status_row)
{
    struct prekey prekeys[BUNDLE_PREKEYS_MAX];
    size_t n = 0;
    int64_t now_ms = post_now(post);
    enum status status = prekeys_list(post->prekeys, prekeys, &n);
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        if (prekeys[i].not_after_ms >= now_ms)
            status_row->usable_prekeys++;
        if (prekeys[i].not_after_ms > status_row->prekeys_until_ms)
            status_row->prekeys_until_ms = prekeys[i].not_after_ms;
    }
    return status;
}

static void say_broker(const struct post *post, struct post_status *status_row)
{
    const struct uplink *uplink = &post->uplink;
    const struct witness *witness = &post->witness;
    status_row->connected = uplink->state != UPLINK_DOWN;
    status_row->welcomed =
        uplink->state == UPLINK_CATCHING_UP || uplink->state == UPLINK_OPEN;
    if (uplink->refusal != 0) {
        const char *name = refusal_name(uplink->refusal);
        size_t n = strlen(name);
        PROMISE(n < sizeof status_row->broker_refusal);
        memcpy(status_row->broker_refusal, name, n + 1);
    }
    status_row->knows_broker_time = witness->broker_ms != 0;
    if (status_row->knows_broker_time)
        status_row->broker_time_skew_ms = witness->broker_ms + post_steady(post) -
                                          witness->broker_steady_ms - post_own_ms(post);
}

enum status post_status(struct post *post, struct post_status *ret)
{
    const struct facts_row *facts = facts_get(post->facts);
    struct post_status row = {.locked = post->locked,
        .restored = facts->restored_ms != 0 || post->restored_due,
        .restored_ms = post->restored_due ? post_now(post) : facts->restored_ms,
        .last_welcome_ms = facts->welcome_ms,
        .state_count = facts->state_count,
        .roster_version = trust_version(post->options.trust, DOCUMENT_ROSTER),
        .bundle_number = facts->bundle_number,
        .signed_ahead_ms = post_now(post) - post_own_ms(post),
        .locked_since_ms = post->locked ? post->locked_since_ms : 0};
    say_broker(post, &row);
    enum status status = count_out(post, &row);
    if (status == STATUS_OK)
        status = count_in(post, &row);
    if (status == STATUS_OK)
        status = count_prekeys(post, &row);
    if (status == STATUS_OK)
        status = alarms_unseen(post->alarms, &row.alarms);
    if (status == STATUS_OK)
        status = outbox_oldest_open(post->outbox, &row.oldest_open_ms);
    if (status == STATUS_OK)
        *ret = row;
    return status;
}

enum status post_heard_ms(struct post *post, const struct ident *peer, int64_t *ret)
{
    struct peer row;
    enum status status = peers_find(post->peers, peer, &row);

    if (status == STATUS_OK)
        *ret = row.heard_ms;
    return status;
}

enum status post_alarm_backup(struct post *post, int64_t days)
{
    return post_alarm(post, ALARM_BACKUP, NULL, days);
}

enum status post_alarm_missing(struct post *post, const struct ident *peer)
{
    return post_alarm(post, ALARM_MISSING, peer, 0);
}

enum status post_alarms(struct post *post, int64_t after_id, struct post_alarm *ret,
    size_t max, size_t *ret_n)
{
    return alarms_list(post->alarms, after_id, ret, max, ret_n);
}

enum status post_mark_restored(
    const char *counter_path, uint64_t state_count, struct trouble *trouble)
{
    struct counter *counter = NULL;
    enum status status = counter_open(counter_path, &counter, trouble);
    if (status != STATUS_OK)
        return status;
    status = counter_raise(counter, state_count + RESTORED_STEP);
    if (status != STATUS_OK)
        trouble_say(trouble, "the state counter %s cannot be written", counter_path);
    counter_close(&counter);
    return status;
}
