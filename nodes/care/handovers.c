/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | state u8 | step u8 | who u8 | round u32 | point u32 | minutes u32 | way u32 |
 * from u64 | handed u64 | arrived u64 | seed 16 | reference 10. Its place is "handover" | referral u64.
 */
#include "handovers.h"

#include <string.h>

#include "hash.h"
#include "memory.h"

enum { LAYOUT = 1, CONTENT_BYTES = 4 + 16 + 24 + 16 + REFERENCE_BYTES, PLACE_BYTES = 16 };

const char *const HANDOVER_SCHEMA =
    "CREATE TABLE handover ("
    " referral INTEGER PRIMARY KEY REFERENCES referral (id) ON DELETE CASCADE,"
    " due_ms INTEGER,"    /* arrival awaited; null: not */
    " erase_day INTEGER," /* null: nothing to erase, or not yet known */
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX handover_due ON handover (due_ms) WHERE due_ms IS NOT NULL;"
    "CREATE INDEX handover_over ON handover (erase_day) WHERE erase_day IS NOT NULL;"
    /* Told to this coordinator. */
    "CREATE TABLE missing ("
    " id INTEGER PRIMARY KEY,"
    " peer BLOB NOT NULL CHECK (length(peer) = 16),"
    " reference_hash BLOB NOT NULL CHECK (length(reference_hash) = 32),"
    " told_ms INTEGER NOT NULL,"
    " content BLOB NOT NULL," /* the reference, boxed */
    " UNIQUE (reference_hash, peer)"
    ") STRICT;";

enum {
    FIND,
    PUT,
    SHELVE,
    NEXT_DUE,
    SOONEST,
    NEXT_OVER,
    PUT_MISSING,
    DROP_OLDEST,
    END_MISSING,
    NEXT_MISSING,
    N_SQL
};
static const char *const SQL[N_SQL] = {
    [FIND] = "SELECT content FROM handover WHERE referral = ?1",
    [PUT] = "INSERT INTO handover VALUES (?1, ?2, ?3, ?4) ON CONFLICT (referral)"
            " DO UPDATE SET due_ms = ?2, erase_day = ?3, content = ?4",
    [SHELVE] = "UPDATE handover SET due_ms = NULL, erase_day = NULL WHERE referral = ?1",
    [NEXT_DUE] =
        "SELECT referral FROM handover WHERE due_ms <= ?1 ORDER BY due_ms LIMIT 1",
    [SOONEST] = "SELECT min(due_ms) FROM handover WHERE due_ms IS NOT NULL",
    [NEXT_OVER] =
        "SELECT referral FROM handover WHERE erase_day < ?1 ORDER BY erase_day LIMIT 1",
    [PUT_MISSING] = "INSERT INTO missing (peer, reference_hash, told_ms, content)"
                    " VALUES (?1, ?2, ?3, ?4)",
    [DROP_OLDEST] = "DELETE FROM missing WHERE peer = ?1 AND id NOT IN"
                    " (SELECT id FROM missing WHERE peer = ?1 ORDER BY id DESC LIMIT ?2)",
    [END_MISSING] = "DELETE FROM missing WHERE reference_hash = ?1 AND peer = ?2",
    [NEXT_MISSING] = "SELECT id, peer, reference_hash, told_ms, content FROM missing"
                     " WHERE id < ?1 ORDER BY id DESC LIMIT 1",
};

struct handovers {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key content_key, hash_key;
};

enum status handovers_open(
    struct db *db, struct chance *chance, struct handovers **ret, struct trouble *trouble)
{
    struct handovers *handovers = memory_new(sizeof(*handovers));
    enum status status = statements_open(db, SQL, N_SQL, &handovers->sql, trouble);

    handovers->db = db;
    handovers->chance = chance;
    if (status != STATUS_OK) {
        handovers_close(&handovers);
        return status;
    }
    *ret = handovers;
    return STATUS_OK;
}

void handovers_close(struct handovers **handovers)
{
    if (!*handovers)
        return;
    handovers_lock(*handovers);
    statements_close(&(*handovers)->sql);
    memory_free(*handovers);
    *handovers = NULL;
}

void handovers_unlock(struct handovers *handovers, const struct box_key *master)
{
    box_derive_key(master, "handover", &handovers->content_key);
    box_derive_key(master, "handover hash", &handovers->hash_key);
    handovers->unlocked = true;
}

void handovers_lock(struct handovers *handovers)
{
    memory_wipe(&handovers->content_key, sizeof(handovers->content_key));
    memory_wipe(&handovers->hash_key, sizeof(handovers->hash_key));
    handovers->unlocked = false;
}

static struct span make_place(int64_t referral, uint8_t memory[PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, "handover", 8);
    writer_u64(&writer, (uint64_t)referral);
    return writer_span(&writer);
}

static void write_handover(struct writer *writer, const struct handover *handover)
{
    const struct meeting *plan = &handover->plan;

    writer_u8(writer, LAYOUT);
    writer_u8(writer, (uint8_t)handover->state);
    writer_u8(writer, (uint8_t)plan->step);
    writer_u8(writer, (uint8_t)plan->who);
    writer_u32(writer, plan->round);
    writer_u32(writer, plan->point);
    writer_u32(writer, plan->minutes);
    writer_u32(writer, plan->way_minutes);
    writer_u64(writer, (uint64_t)plan->from_ms);
    writer_u64(writer, (uint64_t)handover->handed_ms);
    writer_u64(writer, (uint64_t)handover->arrived_ms);
    writer_put(writer, plan->seed, MEETING_SEED_BYTES);
    writer_put(writer, plan->reference, REFERENCE_BYTES);
}

static enum status read_handover(struct span bytes, struct handover *ret)
{
    struct reader reader = reader_over(bytes);
    struct handover handover = {0};
    struct meeting *plan = &handover.plan;

    if (reader_u8(&reader) != LAYOUT)
        reader_fail(&reader);
    handover.state = (enum handover_state)reader_u8(&reader);
    plan->step = (enum meeting_step)reader_u8(&reader);
    plan->who = (enum meeting_who)reader_u8(&reader);
    plan->round = reader_u32(&reader);
    plan->point = reader_u32(&reader);
    plan->minutes = reader_u32(&reader);
    plan->way_minutes = reader_u32(&reader);
    plan->from_ms = reader_time_ms(&reader);
    handover.handed_ms = reader_time_ms(&reader);
    handover.arrived_ms = reader_time_ms(&reader);
    reader_copy(&reader, plan->seed, MEETING_SEED_BYTES);
    reader_copy(&reader, plan->reference, REFERENCE_BYTES);
    if (reader_end(&reader) != STATUS_OK || handover.state >= HANDOVER_STATE_COUNT ||
        !memchr(plan->reference, '\0', REFERENCE_BYTES))
        return STATUS_CORRUPT;
    *ret = handover;
    return STATUS_OK;
}

enum status handovers_find(
    struct handovers *handovers, int64_t referral, struct handover *ret)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    bool found = false;

    if (!handovers->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(handovers->sql, FIND);
    query_int(query, 1, referral);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    buffer_init(&plain, CONTENT_BYTES);
    if (status == STATUS_OK &&
        box_break(&handovers->content_key, make_place(referral, place),
            row_blob(query, 0), &plain) != STATUS_OK)
        status = STATUS_CORRUPT;
    query_end(query);
    if (status == STATUS_OK)
        status = read_handover(buffer_span(&plain), ret);
    buffer_release(&plain);
    return status;
}

static void put_or_null(struct query *query, int index, int64_t value)
{
    if (value == INT64_MAX)
        query_null(query, index);
    else
        query_int(query, index, value);
}

enum status handovers_put(
    struct handovers *handovers, int64_t referral, const struct handover *handover)
{
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));
    struct buffer boxed;

    PROMISE(db_in_transaction(handovers->db));
    if (!handovers->unlocked)
        return STATUS_LOCKED;
    write_handover(&writer, handover);
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = box_apply(&handovers->content_key, handovers->chance,
        make_place(referral, place), writer_span(&writer), &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(handovers->sql, PUT);

        query_int(query, 1, referral);
        put_or_null(query, 2, handover_due_ms(handover));
        put_or_null(query, 3, handover_erase_day(handover));
        query_blob(query, 4, buffer_span(&boxed));
        status = query_run(query);
    }
    memory_wipe(plain, sizeof(plain));
    buffer_release(&boxed);
    return status;
}

enum status handovers_shelve(struct handovers *handovers, int64_t referral)
{
    PROMISE(db_in_transaction(handovers->db));
    struct query *query = query_start(handovers->sql, SHELVE);
    query_int(query, 1, referral);
    return query_run(query);
}

/* The one number of a statement with one parameter; NOT_FOUND. */
static enum status ask_number(
    struct handovers *handovers, size_t statement, int64_t parameter, int64_t *ret)
{
    struct query *query = query_start(handovers->sql, statement);
    bool found = false;

    query_int(query, 1, parameter);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *ret = row_int(query, 0);
    query_end(query);
    return status;
}

enum status handovers_next_due(
    struct handovers *handovers, int64_t now_ms, int64_t *ret_referral)
{
    return ask_number(handovers, NEXT_DUE, now_ms, ret_referral);
}

enum status handovers_next_over(
    struct handovers *handovers, int64_t day, int64_t *ret_referral)
{
    return ask_number(handovers, NEXT_OVER, day, ret_referral);
}

enum status handovers_soonest(struct handovers *handovers, int64_t *ret_ms)
{
    struct query *query = query_start(handovers->sql, SOONEST);
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK)
        *ret_ms = found && !row_is_null(query, 0) ? row_int(query, 0) : INT64_MAX;
    query_end(query);
    return status;
}

/* --- missing --------------------------------------------------------------------------------------------------- */

static struct hash hash_reference(
    const struct handovers *handovers, const char *reference)
{
    return hash_keyed(handovers->hash_key.bytes, span_text(reference));
}

static enum status make_room(struct handovers *handovers, const struct ident *peer)
{
    struct query *query = query_start(handovers->sql, DROP_OLDEST);

    query_ident(query, 1, peer);
    query_int(query, 2, MISSING_OF_ONE_MAX - 1);
    return query_run(query);
}

enum status handovers_put_missing(
    struct handovers *handovers, const struct missing *missing)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(handovers->db));
    if (!handovers->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_reference(handovers, missing->reference);
    enum status status = make_room(handovers, &missing->peer);
    buffer_init(&boxed, REFERENCE_BYTES + BOX_EXTRA_BYTES);
    if (status == STATUS_OK)
        status = box_apply(&handovers->content_key, handovers->chance, hash_span(&hash),
            span_of(missing->reference, REFERENCE_BYTES), &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(handovers->sql, PUT_MISSING);

        query_ident(query, 1, &missing->peer);
        query_blob(query, 2, hash_span(&hash));
        query_int(query, 3, missing->told_ms);
        query_blob(query, 4, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status handovers_end_missing(
    struct handovers *handovers, const struct ident *peer, const char *reference)
{
    PROMISE(db_in_transaction(handovers->db));
    if (!handovers->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_reference(handovers, reference);
    struct query *query = query_start(handovers->sql, END_MISSING);
    query_blob(query, 1, hash_span(&hash));
    query_ident(query, 2, peer);
    enum status status = query_run(query);
    return status == STATUS_OK && db_changes(handovers->db) == 0 ? STATUS_NOT_FOUND
                                                                 : status;
}

/* CORRUPT with the id set: go on behind it. */
static enum status read_missing(
    struct handovers *handovers, int64_t before, struct missing *ret)
{
    struct buffer plain;
    struct hash hash;
    bool found = false;
    struct query *query = query_start(handovers->sql, NEXT_MISSING);

    query_int(query, 1, before);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    buffer_init(&plain, REFERENCE_BYTES);
    if (status == STATUS_OK) {
        ret->id = row_int(query, 0);
        ret->told_ms = row_int(query, 3);
        status = row_exact(query, 1, ret->peer.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        status = row_exact(query, 2, hash.bytes, HASH_BYTES);
    if (status == STATUS_OK &&
        (box_break(&handovers->content_key, hash_span(&hash), row_blob(query, 4),
             &plain) != STATUS_OK ||
            plain.used != REFERENCE_BYTES || plain.bytes[REFERENCE_BYTES - 1] != 0))
        status = STATUS_CORRUPT;
    query_end(query);
    if (status == STATUS_OK)
        memcpy(ret->reference, plain.bytes, REFERENCE_BYTES);
    buffer_release(&plain);
    return status;
}

enum status handovers_next_missing(
    struct handovers *handovers, int64_t before, struct missing *ret)
{
    struct missing next = {.id = before};
    enum status status;

    if (!handovers->unlocked)
        return STATUS_LOCKED;
    do {
        before = next.id;
        status = read_missing(handovers, before, &next);
    } while (status == STATUS_CORRUPT && next.id < before);
    if (status == STATUS_OK)
        *ret = next;
    return status;
}
