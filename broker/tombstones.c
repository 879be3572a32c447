/* SPDX-License-Identifier: Apache-2.0
 * In memory a ring in the order of time with an index over it; on the disk one row for each turn that took
 * something. Rows of the ring's older end are forgotten row by row, so that ring and table agree.
 */
#include "tombstones.h"

#include <string.h>

#include "clock.h"
#include "memory.h"

const char *const TOMBSTONES_SCHEMA =
    "CREATE TABLE tombstones ("
    " id INTEGER PRIMARY KEY,"         /* a turn's, rising */
    " hour INTEGER NOT NULL,"          /* since 1970, of the turn */
    " entries BLOB NOT NULL) STRICT;"; /* n x { msg_id 16 | H(envelope) 32 } */

enum { PUT, ALL, REMOVE, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [PUT] = "INSERT INTO tombstones (id, hour, entries) VALUES (?1, ?2, ?3)",
    [ALL] = "SELECT id, hour, entries FROM tombstones ORDER BY id",
    [REMOVE] = "DELETE FROM tombstones WHERE id <= ?1",
};

enum { ENTRY_BYTES = IDENT_BYTES + HASH_BYTES, N_BUCKETS = 262144 };

#define NONE UINT32_MAX

struct entry {
    struct ident msg_id;
    struct hash hash;
    uint32_t next_same; /* in the ring, or NONE */
};

/* A row of the table: so many entries of the ring, in order. */
struct row {
    int64_t id;
    uint32_t hour, n;
};

struct tombstones {
    struct statements *statements;
    struct entry *ring;
    size_t ring_size, first, n;
    uint32_t *buckets;
    uint64_t secret;
    struct row *rows; /* a ring as well */
    size_t rows_size, first_row, n_rows;
    size_t n_leaving, n_entries_leaving; /* rows at the front that this turn deletes */
    uint8_t *turn;                       /* entries of this turn */
    size_t n_turn, turn_size;
    uint32_t turn_hour;
    int64_t last_id; /* of a row */
};

/* ---- memory ---- */

static uint32_t *find_bucket(
    const struct tombstones *tombstones, const struct ident *msg_id)
{
    uint64_t half[2];
    memcpy(half, msg_id->bytes, sizeof half);
    uint64_t mixed = (half[0] ^ tombstones->secret) * (half[1] | 1);
    return &tombstones->buckets[(mixed ^ (mixed >> 40)) & (N_BUCKETS - 1)];
}

static void unlink_oldest(struct tombstones *tombstones)
{
    uint32_t place = (uint32_t)tombstones->first;
    uint32_t *at = find_bucket(tombstones, &tombstones->ring[place].msg_id);
    while (*at != place) {
        PROMISE(*at != NONE);
        at = &tombstones->ring[*at].next_same;
    }
    *at = tombstones->ring[place].next_same;
    tombstones->first = (tombstones->first + 1) % tombstones->ring_size;
    tombstones->n--;
}

static void forget_row(struct tombstones *tombstones)
{
    struct row *row = &tombstones->rows[tombstones->first_row];
    for (uint32_t i = 0; i < row->n; i++) {
        unlink_oldest(tombstones);
    }
    tombstones->first_row = (tombstones->first_row + 1) % tombstones->rows_size;
    tombstones->n_rows--;
}

static void grow_rows(struct tombstones *tombstones)
{
    size_t size = tombstones->rows_size * 2;
    struct row *rows = memory_new_array(size, sizeof *rows);
    for (size_t i = 0; i < tombstones->n_rows; i++) {
        rows[i] = tombstones->rows[(tombstones->first_row + i) % tombstones->rows_size];
    }
    memory_free(tombstones->rows);
    tombstones->rows = rows;
    tombstones->rows_size = size;
    tombstones->first_row = 0;
}

static void remember_row(
    struct tombstones *tombstones, int64_t id, uint32_t hour, struct span entries)
{
    struct reader reader = reader_over(entries);
    uint32_t n = (uint32_t)(entries.n / ENTRY_BYTES);
    PROMISE(tombstones->n + n <= tombstones->ring_size);
    for (uint32_t i = 0; i < n; i++) {
        size_t place = (tombstones->first + tombstones->n) % tombstones->ring_size;
        struct entry *entry = &tombstones->ring[place];
        entry->msg_id = reader_ident(&reader);
        entry->hash = reader_hash(&reader);
        uint32_t *bucket = find_bucket(tombstones, &entry->msg_id);
        entry->next_same = *bucket;
        *bucket = (uint32_t)place;
        tombstones->n++;
    }
    if (tombstones->n_rows == tombstones->rows_size) {
        grow_rows(tombstones);
    }
    size_t at = (tombstones->first_row + tombstones->n_rows) % tombstones->rows_size;
    tombstones->rows[at] = (struct row){id, hour, n};
    tombstones->n_rows++;
}

/* ---- the store ---- */

static enum status load(struct tombstones *tombstones)
{
    struct query *query = query_start(tombstones->statements, ALL);
    bool row = false;
    enum status status = query_next(query, &row);
    while (status == STATUS_OK && row) {
        struct span entries = row_blob(query, 2);
        size_t n = entries.n / ENTRY_BYTES;
        if (entries.n % ENTRY_BYTES != 0 || n > TOMBSTONES_ROW_MAX) {
            status = STATUS_CORRUPT;
            break;
        }
        while (tombstones->n + n > tombstones->ring_size) {
            forget_row(tombstones);
        }
        tombstones->last_id = row_int(query, 0);
        remember_row(
            tombstones, tombstones->last_id, (uint32_t)row_int(query, 1), entries);
        status = query_next(query, &row);
    }
    query_end(query);
    return status;
}

enum status tombstones_open(struct db *db, struct chance *chance, struct tombstones **ret,
    struct trouble *trouble)
{
    struct tombstones *tombstones = memory_new(sizeof *tombstones);
    tombstones->ring_size = TOMBSTONES_MAX + TOMBSTONES_TURN_MAX;
    tombstones->ring = memory_new_array(tombstones->ring_size, sizeof(struct entry));
    tombstones->buckets = memory_new_array(N_BUCKETS, sizeof(uint32_t));
    memset(tombstones->buckets, 0xff, N_BUCKETS * sizeof(uint32_t));
    tombstones->rows_size = 64;
    tombstones->rows = memory_new_array(tombstones->rows_size, sizeof(struct row));
    tombstones->secret = chance_u64(chance);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &tombstones->statements, trouble);
    if (status == STATUS_OK) {
        status = load(tombstones);
        if (status != STATUS_OK) {
            trouble_say(
                trouble, "the tombstones cannot be read: %s", status_name(status));
        }
    }
    if (status != STATUS_OK) {
        tombstones_close(&tombstones);
        return status;
    }
    *ret = tombstones;
    return STATUS_OK;
}

void tombstones_close(struct tombstones **tombstones_p)
{
    struct tombstones *tombstones = *tombstones_p;
    if (tombstones == NULL) {
        return;
    }
    statements_close(&tombstones->statements);
    memory_free(tombstones->turn);
    memory_free(tombstones->rows);
    memory_free(tombstones->buckets);
    memory_free(tombstones->ring);
    memory_free(tombstones);
    *tombstones_p = NULL;
}

enum status tombstones_find(const struct tombstones *tombstones,
    const struct ident *msg_id, const struct hash *hash)
{
    uint32_t at = *find_bucket(tombstones, msg_id);
    while (at != NONE) {
        const struct entry *entry = &tombstones->ring[at];
        if (ident_equal(&entry->msg_id, msg_id)) {
            return hash_equal(&entry->hash, hash) ? STATUS_EXISTS : STATUS_CONFLICT;
        }
        at = entry->next_same;
    }
    return STATUS_NOT_FOUND;
}

void tombstones_add(
    struct tombstones *tombstones, const struct ident *msg_id, const struct hash *hash)
{
    if (tombstones->n_turn == TOMBSTONES_TURN_MAX) {
        return;
    }
    if (tombstones->n_turn == tombstones->turn_size) {
        tombstones->turn_size =
            tombstones->turn_size > 0 ? tombstones->turn_size * 2 : 64;
        tombstones->turn =
            memory_resize(tombstones->turn, tombstones->turn_size, ENTRY_BYTES);
    }
    struct writer writer =
        writer_over(tombstones->turn + tombstones->n_turn * ENTRY_BYTES, ENTRY_BYTES);
    writer_ident(&writer, msg_id);
    writer_hash(&writer, hash);
    tombstones->n_turn++;
}

static const struct row *get_row(const struct tombstones *tombstones, size_t i)
{
    return &tombstones->rows[(tombstones->first_row + i) % tombstones->rows_size];
}

/* Deletes the rows at the front that are marked as leaving. */
static enum status remove_leaving(struct tombstones *tombstones)
{
    struct query *query = query_start(tombstones->statements, REMOVE);
    query_int(query, 1, get_row(tombstones, tombstones->n_leaving - 1)->id);
    return query_run(query);
}

static void mark_leaving(struct tombstones *tombstones)
{
    tombstones->n_entries_leaving += get_row(tombstones, tombstones->n_leaving)->n;
    tombstones->n_leaving++;
}

static struct span get_part(const struct tombstones *tombstones, size_t from)
{
    size_t n = tombstones->n_turn - from;
    n = n > TOMBSTONES_ROW_MAX ? TOMBSTONES_ROW_MAX : n;
    return span_of(tombstones->turn + from * ENTRY_BYTES, n * ENTRY_BYTES);
}

enum status tombstones_flush(struct tombstones *tombstones, uint32_t hour)
{
    enum status status = STATUS_OK;
    size_t n_leaving = tombstones->n_leaving;
    tombstones->turn_hour = hour;
    while (tombstones->n_leaving < tombstones->n_rows &&
           tombstones->n - tombstones->n_entries_leaving + tombstones->n_turn >
               TOMBSTONES_MAX) {
        mark_leaving(tombstones);
    }
    if (tombstones->n_leaving > n_leaving) {
        status = remove_leaving(tombstones);
    }
    int64_t id = tombstones->last_id;
    for (size_t i = 0; status == STATUS_OK && i < tombstones->n_turn;
         i += TOMBSTONES_ROW_MAX) {
        struct query *query = query_start(tombstones->statements, PUT);
        query_int(query, 1, ++id);
        query_int(query, 2, hour);
        query_blob(query, 3, get_part(tombstones, i));
        status = query_run(query);
    }
    return status;
}

bool tombstones_are_due(const struct tombstones *tombstones, uint32_t before_hour)
{
    return tombstones->n_leaving < tombstones->n_rows &&
           get_row(tombstones, tombstones->n_leaving)->hour < before_hour;
}

enum status tombstones_purge(
    struct tombstones *tombstones, uint32_t before_hour, size_t max)
{
    size_t n = 0;
    while (n < max && tombstones_are_due(tombstones, before_hour)) {
        mark_leaving(tombstones);
        n++;
    }
    return n > 0 ? remove_leaving(tombstones) : STATUS_OK;
}

void tombstones_committed(struct tombstones *tombstones)
{
    for (; tombstones->n_leaving > 0; tombstones->n_leaving--) {
        forget_row(tombstones);
    }
    for (size_t i = 0; i < tombstones->n_turn; i += TOMBSTONES_ROW_MAX) {
        remember_row(tombstones, ++tombstones->last_id, tombstones->turn_hour,
            get_part(tombstones, i));
    }
    tombstones->n_entries_leaving = 0;
    tombstones->n_turn = 0;
}

void tombstones_rolled_back(struct tombstones *tombstones)
{
    tombstones->n_leaving = 0;
    tombstones->n_entries_leaving = 0;
    tombstones->n_turn = 0;
}

size_t tombstones_count(const struct tombstones *tombstones)
{
    return tombstones->n;
}
