/* SPDX-License-Identifier: Apache-2.0
 * Lists remember what a turn put and removed, for its commit or rollback. Fresh bytes also go into a ring of
 * 16 MiB, so that what is delivered at once is not read back from the disk.
 */
#include "mailbox_private.h"

#include <string.h>

#include "memory.h"

/* ---- mailboxes ---- */

static struct mailbox **find_bucket(
    const struct mailboxes *mailboxes, const struct ident *queue_id)
{
    uint64_t half = 0;
    memcpy(&half, queue_id->bytes, sizeof half);
    uint64_t mixed = half * mailboxes->secret;
    struct mailbox *const *bucket = &mailboxes->buckets[(mixed >> 40) % BUCKETS];
    return (struct mailbox **)(uintptr_t)bucket;
}

struct mailbox *mailboxes_find(
    const struct mailboxes *mailboxes, const struct ident *queue_id)
{
    struct mailbox *mailbox = *find_bucket(mailboxes, queue_id);
    while (mailbox != NULL && !ident_equal(&mailbox->queue_id, queue_id)) {
        mailbox = mailbox->next_same;
    }
    return mailbox;
}

struct mailbox *mailboxes_get(
    struct mailboxes *mailboxes, const struct ident *queue_id, uint32_t now_hour)
{
    struct mailbox *mailbox = mailboxes_find(mailboxes, queue_id);
    if (mailbox == NULL) {
        struct mailbox **bucket = find_bucket(mailboxes, queue_id);
        mailbox = memory_new(sizeof *mailbox);
        mailbox->queue_id = *queue_id;
        mailbox->collected_hour =
            now_hour; /* silence counts from when it was first seen */
        mailbox->next_same = *bucket;
        *bucket = mailbox;
        mailbox->next = mailboxes->first;
        mailboxes->first = mailbox;
    }
    return mailbox;
}

struct mailbox *mailboxes_first(const struct mailboxes *mailboxes)
{
    return mailboxes->first;
}

size_t mailboxes_count_held(const struct mailboxes *mailboxes)
{
    return helds_count(mailboxes->helds);
}

int64_t mailboxes_count_bytes(const struct mailboxes *mailboxes)
{
    return mailboxes->bytes;
}

struct held *mailboxes_find_held(
    const struct mailboxes *mailboxes, const struct ident *msg_id)
{
    struct held *held = helds_find(mailboxes->helds, msg_id);
    return held != NULL && held->state != HELD_LEAVING ? held : NULL;
}

struct held *mailboxes_oldest(const struct mailboxes *mailboxes)
{
    return helds_oldest(mailboxes->helds);
}

/* ---- opening ---- */

static enum queue choose_queue(int64_t lane, int64_t ended)
{
    if (ended >= POISON_SESSIONS_ASIDE) {
        return QUEUE_ASIDE;
    }
    if (ended >= POISON_SESSIONS_BEHIND) {
        return QUEUE_BEHIND;
    }
    return lane == LANE_EXPRESS ? QUEUE_EXPRESS : QUEUE_NORMAL;
}

struct loading {
    struct mailboxes *mailboxes;
    uint32_t now_hour;
};

/* An hour from the disk; one that a wrong clock put into the future is now. */
static uint32_t past_hour(const struct loading *loading, int64_t hour)
{
    return hour > 0 && hour < loading->now_hour ? (uint32_t)hour : loading->now_hour;
}

static enum status load_envelope(void *context, const struct envelope_row *row)
{
    struct loading *loading = context;
    struct mailboxes *mailboxes = loading->mailboxes;
    if (helds_find(mailboxes->helds, &row->msg_id) != NULL) {
        return STATUS_CORRUPT;
    }
    struct held *held = helds_add(mailboxes->helds, &row->msg_id);
    held->mailbox = mailboxes_get(mailboxes, &row->queue_id, loading->now_hour);
    held->hash = row->hash;
    held->id = row->id;
    held->bytes = (uint32_t)row->n_bytes;
    held->hour = past_hour(loading, row->hour);
    held->ended = (uint8_t)(row->ended > UINT8_MAX ? UINT8_MAX : row->ended);
    held->queue = (uint8_t)choose_queue(row->lane, row->ended);
    held->state = HELD_WAITING;
    queue_add_last(&held->mailbox->queues[held->queue], held);
    count_in(mailboxes, held);
    mailboxes->last_id = held->id;
    return STATUS_OK;
}

static enum status load_collected(
    void *context, const struct ident *queue_id, int64_t hour)
{
    struct loading *loading = context;
    (void)mailboxes_get(loading->mailboxes, queue_id, past_hour(loading, hour));
    return STATUS_OK;
}

enum status mailboxes_open(struct db *db, struct chance *chance, uint32_t now_hour,
    struct mailboxes **ret, struct trouble *trouble)
{
    struct mailboxes *mailboxes = memory_new(sizeof *mailboxes);
    mailboxes->helds = helds_new(chance);
    mailboxes->shares = shares_new(chance);
    mailboxes->secret = chance_u64(chance) | 1;
    mailboxes->cache = memory_new(CACHE_BYTES);
    struct loading loading = {mailboxes, now_hour};
    enum status status = tombstones_open(db, chance, &mailboxes->tombstones, trouble);
    if (status == STATUS_OK) {
        status = rows_open(db, &mailboxes->rows, trouble);
    }
    if (status == STATUS_OK) {
        status = rows_each_collected(mailboxes->rows, load_collected, &loading);
        if (status == STATUS_OK) {
            status = rows_each_envelope(mailboxes->rows, load_envelope, &loading);
        }
        if (status != STATUS_OK) {
            trouble_say(
                trouble, "the mailboxes cannot be read (%s)", status_name(status));
        }
    }
    if (status != STATUS_OK) {
        mailboxes_close(&mailboxes);
        return status;
    }
    *ret = mailboxes;
    return STATUS_OK;
}

void mailboxes_close(struct mailboxes **mailboxes_p)
{
    struct mailboxes *mailboxes = *mailboxes_p;
    if (mailboxes == NULL) {
        return;
    }
    rows_close(&mailboxes->rows);
    tombstones_close(&mailboxes->tombstones);
    while (mailboxes->first != NULL) {
        struct mailbox *mailbox = mailboxes->first;
        mailboxes->first = mailbox->next;
        memory_free(mailbox);
    }
    helds_destroy(&mailboxes->helds);
    shares_destroy(&mailboxes->shares);
    memory_free(mailboxes->fresh.at);
    memory_free(mailboxes->taken.at);
    memory_free(mailboxes->dropped.at);
    memory_free(mailboxes->blames);
    memory_free(mailboxes->cache);
    memory_free(mailboxes);
    *mailboxes_p = NULL;
}

/* ---- in ---- */

enum status mailboxes_recall_offer(const struct mailboxes *mailboxes,
    const struct ident *msg_id, const struct hash *hash, bool again)
{
    const struct held *held = helds_find(mailboxes->helds, msg_id);
    if (held != NULL && !hash_equal(&held->hash, hash)) {
        return STATUS_CONFLICT;
    }
    if (held != NULL && held->state == HELD_LEAVING && (again || !held->taken)) {
        return STATUS_BUSY;
    }
    if (held != NULL) {
        return STATUS_EXISTS;
    }
    if (again) {
        return STATUS_NOT_FOUND;
    }
    return tombstones_find(mailboxes->tombstones, msg_id, hash);
}

const struct share *mailbox_find_share(const struct mailboxes *mailboxes,
    const struct mailbox *mailbox, const struct ident *sender)
{
    return shares_find(mailboxes->shares, mailbox, sender);
}

static void list_add(struct helds_list *list, struct held *held)
{
    if (list->n == list->size) {
        list->size = list->size > 0 ? list->size * 2 : 256;
        list->at = memory_resize(list->at, list->size, sizeof(struct held *));
    }
    list->at[list->n++] = held;
}

static void cache_put(struct mailboxes *mailboxes, struct held *held, struct span bytes)
{
    uint64_t place = mailboxes->cache_head % CACHE_BYTES;
    if (place + bytes.n > CACHE_BYTES) {
        mailboxes->cache_head += CACHE_BYTES - place;
        place = 0;
    }
    memcpy(mailboxes->cache + place, bytes.at, bytes.n);
    held->cached_at = mailboxes->cache_head + 1;
    mailboxes->cache_head += bytes.n;
}

enum status mailbox_put(
    struct mailboxes *mailboxes, struct mailbox *mailbox, const struct arrival *arrival)
{
    PROMISE(arrival->queue == QUEUE_EXPRESS || arrival->queue == QUEUE_NORMAL);
    PROMISE(arrival->envelope.n <= ENVELOPE_BYTES_MAX);
    struct envelope_row row = {
        .id = mailboxes->last_id + 1,
        .queue_id = mailbox->queue_id,
        .msg_id = arrival->header->msg_id,
        .lane = arrival->queue == QUEUE_EXPRESS ? LANE_EXPRESS : LANE_NORMAL,
        .hour = arrival->hour,
        .hash = arrival->hash,
    };
    enum status status = rows_put(mailboxes->rows, &row, arrival->envelope);
    if (status != STATUS_OK) {
        return status;
    }
    struct held *held = helds_add(mailboxes->helds, &arrival->header->msg_id);
    held->mailbox = mailbox;
    held->hash = arrival->hash;
    held->id = ++mailboxes->last_id;
    held->bytes = (uint32_t)arrival->envelope.n;
    held->hour = arrival->hour;
    held->queue = (uint8_t)arrival->queue;
    held->state = HELD_FRESH;
    held->share = shares_add(mailboxes->shares, mailbox, &arrival->sender, held->bytes);
    count_in(mailboxes, held);
    cache_put(mailboxes, held, arrival->envelope);
    list_add(&mailboxes->fresh, held);
    return STATUS_OK;
}

/* ---- out ---- */

struct held *mailbox_give(struct mailbox *mailbox, enum queue queue)
{
    struct held *held = mailbox->queues[queue].first;
    PROMISE(held != NULL && held->state == HELD_WAITING);
    queue_remove(&mailbox->queues[queue], held);
    held->state = HELD_OUT;
    return held;
}

static void add_blame(struct mailboxes *mailboxes, const struct held *held)
{
    if (mailboxes->n_blames == mailboxes->blames_size) {
        mailboxes->blames_size =
            mailboxes->blames_size > 0 ? mailboxes->blames_size * 2 : 16;
        mailboxes->blames = memory_resize(
            mailboxes->blames, mailboxes->blames_size, sizeof(struct blame));
    }
    mailboxes->blames[mailboxes->n_blames++] = (struct blame){held->id, held->ended};
}

void mailbox_give_back(struct mailboxes *mailboxes, struct held *held, bool ended)
{
    if (held->state != HELD_OUT) {
        return;
    }
    if (ended && held->ended < UINT8_MAX) {
        held->ended++;
        enum queue queue = choose_queue(LANE_NORMAL, held->ended);
        if (queue != QUEUE_NORMAL) {
            held->queue = (uint8_t)queue;
        }
        add_blame(mailboxes, held);
    }
    held->state = HELD_WAITING;
    if (held->queue == QUEUE_EXPRESS || held->queue == QUEUE_NORMAL) {
        queue_add_first(&held->mailbox->queues[held->queue], held);
    } else {
        queue_add_last(&held->mailbox->queues[held->queue], held);
    }
}

enum status mailbox_read(struct mailboxes *mailboxes, struct held *held, struct span *ret)
{
    uint64_t start = held->cached_at - 1;
    if (held->cached_at != 0 && mailboxes->cache_head - start <= CACHE_BYTES) {
        *ret = span_of(mailboxes->cache + start % CACHE_BYTES, held->bytes);
        return STATUS_OK;
    }
    enum status status =
        rows_read(mailboxes->rows, held->id, mailboxes->read, held->bytes);
    if (status == STATUS_OK) {
        *ret = span_of(mailboxes->read, held->bytes);
    }
    return status;
}

static enum status remove_row(
    struct mailboxes *mailboxes, struct held *held, struct helds_list *list)
{
    PROMISE(held->state != HELD_LEAVING);
    enum status status = rows_remove(mailboxes->rows, held->id);
    if (status == STATUS_OK) {
        held->was = held->state;
        held->state = HELD_LEAVING;
        count_out(mailboxes, held);
        if (held->share != NULL) {
            shares_shrink(held->share, held->bytes);
        }
        list_add(list, held);
    }
    return status;
}

enum status mailbox_taken(struct mailboxes *mailboxes, struct held *held)
{
    enum status status = remove_row(mailboxes, held, &mailboxes->taken);
    if (status == STATUS_OK) {
        held->taken = true;
        tombstones_add(mailboxes->tombstones, &held->msg_id, &held->hash);
    }
    return status;
}

enum status mailbox_drop(struct mailboxes *mailboxes, struct held *held)
{
    return remove_row(mailboxes, held, &mailboxes->dropped);
}

void mailbox_collected(
    struct mailboxes *mailboxes, struct mailbox *mailbox, uint32_t hour)
{
    if (hour > mailbox->collected_hour) {
        mailbox->collected_hour = hour;
        mailboxes->n_changed += mailbox->collected_changed ? 0 : 1;
        mailbox->collected_changed = true;
    }
}
