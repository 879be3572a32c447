/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | status u8 | zero 2 | maximum u32 | available u32 | updated u64 | good until u64 |
 * written u64. Its place is "capacity" | member 16 | unit u8.
 */
#include "capacities.h"

#include <string.h>

#include "memory.h"

enum {
    LAYOUT = 1,
    CONTENT_BYTES = 4 + 4 + 4 + 8 + 8 + 8,
    PLACE_BYTES = 8 + IDENT_BYTES + 1
};

const char *const CAPACITIES_SCHEMA =
    /* Room that a member says it has. content: a box. */
    "CREATE TABLE capacity ("
    " member BLOB NOT NULL CHECK (length(member) = 16),"
    " unit INTEGER NOT NULL,"
    " content BLOB NOT NULL,"
    " PRIMARY KEY (member, unit)"
    ") STRICT, WITHOUT ROWID;";

enum { PUT, FIND, NEXT, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] = "INSERT INTO capacity (member, unit, content) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (member, unit) DO UPDATE SET content = ?3",
    [FIND] = "SELECT member, unit, content FROM capacity WHERE member = ?1 AND unit = ?2",
    [NEXT] = "SELECT member, unit, content FROM capacity"
             " WHERE (member, unit) > (?1, ?2) AND unit BETWEEN 0 AND 255"
             " ORDER BY member, unit LIMIT 1",
};

struct capacities {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key key;
};

enum status capacities_open(struct db *db, struct chance *chance, struct capacities **ret,
    struct trouble *trouble)
{
    struct capacities *capacities = memory_new(sizeof(*capacities));
    enum status status = statements_open(db, SQL, N_SQL, &capacities->sql, trouble);

    capacities->db = db;
    capacities->chance = chance;
    if (status != STATUS_OK) {
        capacities_close(&capacities);
        return status;
    }
    *ret = capacities;
    return STATUS_OK;
}

void capacities_close(struct capacities **capacities)
{
    if (!*capacities)
        return;
    capacities_lock(*capacities);
    statements_close(&(*capacities)->sql);
    memory_free(*capacities);
    *capacities = NULL;
}

void capacities_unlock(struct capacities *capacities, const struct box_key *master)
{
    box_derive_key(master, "capacity", &capacities->key);
    capacities->unlocked = true;
}

void capacities_lock(struct capacities *capacities)
{
    memory_wipe(&capacities->key, sizeof(capacities->key));
    capacities->unlocked = false;
}

static struct span make_place(
    const struct ident *member, enum unit unit, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, "capacity", 8);
    memcpy(memory + 8, member->bytes, IDENT_BYTES);
    memory[8 + IDENT_BYTES] = (uint8_t)unit;
    return span_of(memory, PLACE_BYTES);
}

static enum status box_row(
    struct capacities *capacities, const struct capacity_row *row, struct buffer *ret)
{
    const struct capacity *one = &row->capacity;
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));

    writer_u8(&writer, LAYOUT);
    writer_u8(&writer, (uint8_t)one->status);
    writer_zeros(&writer, 2);
    writer_u32(&writer, one->maximum);
    writer_u32(&writer, one->available);
    writer_u64(&writer, (uint64_t)one->updated_ms);
    writer_u64(&writer, (uint64_t)one->good_until_ms);
    writer_u64(&writer, (uint64_t)row->written_ms);
    return box_apply(&capacities->key, capacities->chance,
        make_place(&row->member, one->unit, place), writer_span(&writer), ret);
}

static enum status read_content(struct span plain, struct capacity_row *row)
{
    struct reader reader = reader_over(plain);
    struct capacity *one = &row->capacity;

    if (reader_u8(&reader) != LAYOUT)
        reader_fail(&reader);
    one->status = (enum capacity_status)reader_u8(&reader);
    reader_zeros(&reader, 2);
    one->maximum = reader_u32(&reader);
    one->available = reader_u32(&reader);
    one->updated_ms = reader_time_ms(&reader);
    one->good_until_ms = reader_time_ms(&reader);
    row->written_ms = reader_time_ms(&reader);
    return reader_end(&reader) == STATUS_OK && capacity_status_name(one->status)
               ? STATUS_OK
               : STATUS_CORRUPT;
}

/* The row of the query; NOT_FOUND without one. Ends the query. */
static enum status read_row(
    struct capacities *capacities, struct query *query, struct capacity_row *ret)
{
    struct capacity_row row = {0};
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    bool found = false;
    enum status status = query_next(query, &found);

    buffer_init(&plain, CONTENT_BYTES);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, row.member.bytes, IDENT_BYTES);
    if (status == STATUS_OK) {
        row.capacity.unit = (enum unit)row_int(query, 1);
        if (!unit_name(row.capacity.unit) ||
            box_break(&capacities->key, make_place(&row.member, row.capacity.unit, place),
                row_blob(query, 2), &plain) != STATUS_OK)
            status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK)
        status = read_content(buffer_span(&plain), &row);
    query_end(query);
    buffer_release(&plain);
    if (status == STATUS_OK)
        *ret = row;
    else if (status ==
             STATUS_CORRUPT) { /* so that whoever goes through them can go on behind it */
        ret->member = row.member;
        ret->capacity.unit = row.capacity.unit;
    }
    return status;
}

static bool is_known(struct capacities *capacities, const struct capacity_row *row)
{
    struct query *query = query_start(capacities->sql, FIND);
    struct capacity_row known;

    query_ident(query, 1, &row->member);
    query_int(query, 2, row->capacity.unit);
    /* A damaged one is no word: the new one takes its place. */
    return read_row(capacities, query, &known) == STATUS_OK &&
           known.written_ms >= row->written_ms;
}

enum status capacities_put(struct capacities *capacities, const struct capacity_row *row)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(capacities->db));
    if (!capacities->unlocked)
        return STATUS_LOCKED;
    if (is_known(capacities, row))
        return STATUS_EXISTS;
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = box_row(capacities, row, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(capacities->sql, PUT);

        query_ident(query, 1, &row->member);
        query_int(query, 2, row->capacity.unit);
        query_blob(query, 3, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status capacities_next(struct capacities *capacities,
    const struct capacity_row *after, struct capacity_row *ret)
{
    static const struct ident first;

    if (!capacities->unlocked)
        return STATUS_LOCKED;
    struct capacity_row row = {.member = after ? after->member : first};
    enum status status;

    row.capacity.unit = after ? after->capacity.unit : (enum unit)0;
    do {
        struct query *query = query_start(capacities->sql, NEXT);

        query_ident(query, 1, &row.member);
        query_int(query, 2, (int64_t)row.capacity.unit);
        status = read_row(capacities, query, &row);
    } while (status == STATUS_CORRUPT && !ident_is_zero(&row.member));
    if (status == STATUS_OK)
        *ret = row;
    return status;
}
