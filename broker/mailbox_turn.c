/* SPDX-License-Identifier: Apache-2.0
 * The end of a turn for all mailboxes: purges, the last writes, and what a commit or a rollback means for the
 * memory.
 */
#include "mailbox_private.h"

#include "memory.h"

/* ---- purge ---- */

void mailboxes_set_unwanted(
    struct mailboxes *mailboxes, struct mailbox *mailbox, bool unwanted)
{
    if (mailbox->unwanted != unwanted) {
        mailbox->unwanted = unwanted;
        mailboxes->n_unwanted += unwanted ? 1 : (size_t)-1;
    }
}

static enum status purge_unwanted(struct mailboxes *mailboxes, size_t max, size_t *n)
{
    for (struct mailbox *mailbox = mailboxes->first; mailbox != NULL;
         mailbox = mailbox->next) {
        if (!mailbox->unwanted) {
            continue;
        }
        for (size_t i = 0; i < QUEUE_COUNT; i++) {
            struct held *held = mailbox->queues[i].first;
            for (; held != NULL && *n < max; held = held->behind) {
                if (held->state != HELD_WAITING) {
                    continue;
                }
                enum status status = mailbox_drop(mailboxes, held);
                if (status != STATUS_OK) {
                    return status;
                }
                ++*n;
            }
        }
    }
    return STATUS_OK;
}

enum status mailboxes_purge(struct mailboxes *mailboxes, uint32_t before_hour,
    uint32_t tombstones_before, size_t max, size_t *ret_n)
{
    size_t n = 0;
    enum status status = STATUS_OK;
    struct held *held = helds_oldest(mailboxes->helds);
    for (; held != NULL && held->hour < before_hour && n < max; held = held->newer) {
        if (held->state == HELD_LEAVING) {
            continue;
        }
        status = mailbox_drop(mailboxes, held);
        if (status != STATUS_OK) {
            return status;
        }
        n++;
    }
    if (mailboxes->n_unwanted > 0) {
        status = purge_unwanted(mailboxes, max, &n);
    }
    if (status == STATUS_OK) {
        status = tombstones_purge(mailboxes->tombstones, tombstones_before, max);
    }
    if (status == STATUS_OK) {
        *ret_n = n;
    }
    return status;
}

bool mailboxes_purge_is_due(
    const struct mailboxes *mailboxes, uint32_t before_hour, uint32_t tombstones_before)
{
    const struct held *oldest = helds_oldest(mailboxes->helds);
    if ((oldest != NULL && oldest->hour < before_hour) ||
        tombstones_are_due(mailboxes->tombstones, tombstones_before)) {
        return true;
    }
    const struct mailbox *mailbox = mailboxes->n_unwanted > 0 ? mailboxes->first : NULL;
    while (mailbox != NULL && (!mailbox->unwanted || mailbox->envelopes == 0)) {
        mailbox = mailbox->next;
    }
    return mailbox != NULL;
}

/* ---- the end of a turn ---- */

enum status mailboxes_flush(struct mailboxes *mailboxes, uint32_t hour)
{
    enum status status = tombstones_flush(mailboxes->tombstones, hour);
    for (size_t i = 0; status == STATUS_OK && i < mailboxes->n_blames; i++) {
        const struct blame *blame = &mailboxes->blames[i];
        status = rows_set_ended(mailboxes->rows, blame->id, blame->ended);
    }
    struct mailbox *mailbox = mailboxes->n_changed > 0 ? mailboxes->first : NULL;
    for (; status == STATUS_OK && mailbox != NULL; mailbox = mailbox->next) {
        if (mailbox->collected_changed) {
            status = rows_set_collected(
                mailboxes->rows, &mailbox->queue_id, mailbox->collected_hour);
        }
    }
    return status;
}

static void forget_changes(struct mailboxes *mailboxes)
{
    mailboxes->n_blames = 0;
    if (mailboxes->n_changed > 0) {
        struct mailbox *mailbox = mailboxes->first;
        for (; mailbox != NULL; mailbox = mailbox->next) {
            mailbox->collected_changed = false;
        }
        mailboxes->n_changed = 0;
    }
}

static void forget_left(struct mailboxes *mailboxes, struct helds_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct held *held = list->at[i];
        if (held->was == HELD_WAITING) {
            queue_remove(&held->mailbox->queues[held->queue], held);
        }
        helds_remove(mailboxes->helds, held);
    }
    list->n = 0;
}

void mailboxes_committed(struct mailboxes *mailboxes,
    void (*on_waiting)(void *context, struct mailbox *mailbox), void *context)
{
    tombstones_committed(mailboxes->tombstones);
    forget_changes(mailboxes);
    for (size_t i = 0; i < mailboxes->fresh.n; i++) {
        struct held *held = mailboxes->fresh.at[i];
        if (held->state == HELD_FRESH) {
            held->state = HELD_WAITING;
            queue_add_last(&held->mailbox->queues[held->queue], held);
            on_waiting(context, held->mailbox);
        }
    }
    mailboxes->fresh.n = 0;
    forget_left(mailboxes, &mailboxes->taken);
    forget_left(mailboxes, &mailboxes->dropped);
    shares_tidy(mailboxes->shares);
}

static void restore_left(struct mailboxes *mailboxes, struct helds_list *list)
{
    for (size_t i = list->n; i > 0; i--) {
        struct held *held = list->at[i - 1];
        count_in(mailboxes, held);
        if (held->share != NULL) {
            shares_grow(held->share, held->bytes);
        }
        held->state = held->was;
        held->taken = false;
        if (held->was == HELD_OUT) {
            mailbox_give_back(mailboxes, held, false);
        }
    }
    list->n = 0;
}

void mailboxes_rolled_back(struct mailboxes *mailboxes)
{
    tombstones_rolled_back(mailboxes->tombstones);
    restore_left(mailboxes, &mailboxes->dropped);
    restore_left(mailboxes, &mailboxes->taken);
    for (size_t i = 0; i < mailboxes->fresh.n; i++) {
        struct held *held = mailboxes->fresh.at[i];
        count_out(mailboxes, held);
        shares_shrink(held->share, held->bytes);
        helds_remove(mailboxes->helds, held);
    }
    mailboxes->fresh.n = 0;
}

size_t mailboxes_list_taken(
    const struct mailboxes *mailboxes, struct held **ret, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < mailboxes->taken.n && n < max; i++) {
        if (mailboxes->taken.at[i]->was != HELD_FRESH) {
            ret[n++] = mailboxes->taken.at[i];
        }
    }
    return n;
}

/* ---- check ---- */

struct checking {
    const struct mailboxes *mailboxes;
    int64_t total;
};

static enum status check_count(
    void *context, const struct ident *queue_id, int64_t envelopes, int64_t bytes)
{
    struct checking *checking = context;
    const struct mailbox *mailbox = mailboxes_find(checking->mailboxes, queue_id);
    checking->total += envelopes;
    bool agrees =
        mailbox != NULL && mailbox->envelopes == envelopes && mailbox->bytes == bytes;
    return agrees ? STATUS_OK : STATUS_CORRUPT;
}

enum status mailboxes_check(struct mailboxes *mailboxes, struct trouble *trouble)
{
    struct checking checking = {mailboxes, 0};
    enum status status = rows_each_count(mailboxes->rows, check_count, &checking);
    if (status == STATUS_OK && checking.total != (int64_t)helds_count(mailboxes->helds)) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_CORRUPT) {
        trouble_say(trouble,
            "the counters of the mailboxes do not agree with their rows; "
            "stop the broker, keep a copy of the file and start it again");
    }
    return status;
}
