/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | reason u8 | state u8 | zero u8 | day u64 | settled u64 | reference 10 | two texts of
 * 61 bytes, zeros behind. Its place is "act" | reference hash.
 */
#include "acts.h"

#include <string.h>

#include "hash.h"
#include "memory.h"

enum {
    LAYOUT = 1,
    PERSON_BYTES = ACT_PERSON_BYTES_MAX + 1,
    CONTENT_BYTES = 4 + 16 + REFERENCE_BYTES + 2 * PERSON_BYTES,
    PLACE_BYTES = 8 + HASH_BYTES,
    DAY_MAX = 1000000
};

static const char PLACE[8] = {'a', 'c', 't', 0, 0, 0, 0, 0};

#define COLUMNS "id, mine, peer, reference_hash, content FROM act "
enum { PUT, CHANGE, FIND, NEXT, COUNT, REMOVE, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] = "INSERT INTO act (mine, open, peer, reference_hash, content)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    [CHANGE] = "UPDATE act SET open = ?2, content = ?3 WHERE id = ?1",
    [FIND] = "SELECT " COLUMNS
             "WHERE reference_hash = ?1 AND mine = ?2 ORDER BY id DESC LIMIT 1",
    [NEXT] = "SELECT " COLUMNS "WHERE id < ?1 AND open >= ?2 ORDER BY id DESC LIMIT 1",
    [COUNT] = "SELECT count(*) FROM act WHERE peer = ?1 AND mine = 0",
    [REMOVE] = "DELETE FROM act WHERE reference_hash = ?1 AND mine = 1",
};

struct acts {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key content_key, hash_key;
};

enum status acts_open(
    struct db *db, struct chance *chance, struct acts **ret, struct trouble *trouble)
{
    struct acts *acts = memory_new(sizeof(*acts));
    enum status status = statements_open(db, SQL, N_SQL, &acts->sql, trouble);

    acts->db = db;
    acts->chance = chance;
    if (status != STATUS_OK) {
        acts_close(&acts);
        return status;
    }
    *ret = acts;
    return STATUS_OK;
}

void acts_close(struct acts **acts)
{
    if (!*acts)
        return;
    acts_lock(*acts);
    statements_close(&(*acts)->sql);
    memory_free(*acts);
    *acts = NULL;
}

void acts_unlock(struct acts *acts, const struct box_key *master)
{
    box_derive_key(master, "act", &acts->content_key);
    box_derive_key(master, "act hash", &acts->hash_key);
    acts->unlocked = true;
}

void acts_lock(struct acts *acts)
{
    memory_wipe(&acts->content_key, sizeof(acts->content_key));
    memory_wipe(&acts->hash_key, sizeof(acts->hash_key));
    acts->unlocked = false;
}

static struct span make_place(const struct hash *hash, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, PLACE, sizeof(PLACE));
    memcpy(memory + sizeof(PLACE), hash->bytes, HASH_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static enum status box_act(
    struct acts *acts, const struct act *act, const struct hash *hash, struct buffer *ret)
{
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));

    writer_u8(&writer, LAYOUT);
    writer_u8(&writer, (uint8_t)act->reason);
    writer_u8(&writer, (uint8_t)act->state);
    writer_zeros(&writer, 1);
    writer_u64(&writer, (uint64_t)act->day);
    writer_u64(&writer, (uint64_t)act->settled_day);
    writer_put(&writer, act->reference, REFERENCE_BYTES);
    writer_put(&writer, act->first, PERSON_BYTES);
    writer_put(&writer, act->second, PERSON_BYTES);
    enum status status = box_apply(&acts->content_key, acts->chance,
        make_place(hash, place), writer_span(&writer), ret);
    memory_wipe(plain, sizeof(plain));
    return status;
}

static enum status check_room(struct acts *acts, const struct act *act)
{
    struct query *query;
    bool found = false;
    int64_t n = 0;

    if (act->mine)
        return STATUS_OK;
    query = query_start(acts->sql, COUNT);
    query_ident(query, 1, &act->peer);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && found)
        n = row_int(query, 0);
    query_end(query);
    return status == STATUS_OK && n >= ACTS_TOLD_MAX ? STATUS_TOO_BIG : status;
}

enum status acts_put(struct acts *acts, const struct act *act)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(acts->db));
    if (!acts->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_keyed(acts->hash_key.bytes, span_text(act->reference));
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = check_room(acts, act);
    if (status == STATUS_OK)
        status = box_act(acts, act, &hash, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(acts->sql, PUT);

        query_int(query, 1, act->mine);
        query_int(query, 2, act->state == ACT_OPEN);
        query_ident(query, 3, &act->peer);
        query_blob(query, 4, hash_span(&hash));
        query_blob(query, 5, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status acts_change(struct acts *acts, const struct act *act)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(acts->db));
    if (!acts->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_keyed(acts->hash_key.bytes, span_text(act->reference));
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = box_act(acts, act, &hash, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(acts->sql, CHANGE);

        query_int(query, 1, act->id);
        query_int(query, 2, act->state == ACT_OPEN);
        query_blob(query, 3, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

static int64_t read_day(struct reader *reader)
{
    uint64_t day = reader_u64(reader);

    if (day > DAY_MAX)
        reader_fail(reader);
    return day > DAY_MAX ? 0 : (int64_t)day;
}

static enum status read_act(struct span plain, struct act *act)
{
    struct reader reader = reader_over(plain);

    if (reader_u8(&reader) != LAYOUT)
        reader_fail(&reader);
    act->reason = (enum override)reader_u8(&reader);
    act->state = (enum act_state)reader_u8(&reader);
    reader_zeros(&reader, 1);
    act->day = read_day(&reader);
    act->settled_day = read_day(&reader);
    reader_copy(&reader, act->reference, REFERENCE_BYTES);
    reader_copy(&reader, act->first, PERSON_BYTES);
    reader_copy(&reader, act->second, PERSON_BYTES);
    return reader_end(&reader) == STATUS_OK && override_name(act->reason) &&
                   act_state_name(act->state) &&
                   act->reference[REFERENCE_BYTES - 1] == '\0' &&
                   act->first[PERSON_BYTES - 1] == '\0' &&
                   act->second[PERSON_BYTES - 1] == '\0'
               ? STATUS_OK
               : STATUS_CORRUPT;
}

/* The present row of the query, damaged or not; NOT_FOUND without one. Ends the query. */
static enum status read_row(struct acts *acts, struct query *query, struct act *ret)
{
    struct act act = {0};
    struct hash hash = {{0}};
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    bool found = false;
    enum status status = query_next(query, &found);

    buffer_init(&plain, CONTENT_BYTES);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        act.id = row_int(query, 0);
        act.mine = row_int(query, 1) != 0;
        status = row_exact(query, 2, act.peer.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        status = row_exact(query, 3, hash.bytes, HASH_BYTES);
    if (status == STATUS_OK) {
        *ret = (struct act){.id = act.id, .mine = act.mine, .peer = act.peer};
        ret->damaged = box_break(&acts->content_key, make_place(&hash, place),
                           row_blob(query, 4), &plain) != STATUS_OK ||
                       read_act(buffer_span(&plain), &act) != STATUS_OK;
        if (!ret->damaged)
            *ret = act;
    }
    query_end(query);
    buffer_release(&plain);
    return status;
}

enum status acts_find(
    struct acts *acts, const char *reference, bool mine, struct act *ret)
{
    if (!acts->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_keyed(acts->hash_key.bytes, span_text(reference));
    struct query *query = query_start(acts->sql, FIND);

    query_blob(query, 1, hash_span(&hash));
    query_int(query, 2, mine);
    enum status status = read_row(acts, query, ret);
    return status == STATUS_OK && ret->damaged ? STATUS_CORRUPT : status;
}

enum status acts_next(struct acts *acts, bool open_only, int64_t before, struct act *ret)
{
    if (!acts->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(acts->sql, NEXT);

    query_int(query, 1, before);
    query_int(query, 2, open_only);
    return read_row(acts, query, ret);
}

enum status acts_remove(struct acts *acts, const char *reference)
{
    PROMISE(db_in_transaction(acts->db));
    if (!acts->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_keyed(acts->hash_key.bytes, span_text(reference));
    struct query *query = query_start(acts->sql, REMOVE);

    query_blob(query, 1, hash_span(&hash));
    return query_run(query);
}

const char *act_state_name(enum act_state state)
{
    static const char *const names[ACT_STATE_COUNT] = {[ACT_OPEN] = "open",
        [ACT_TOLD] = "told",
        [ACT_CONFIRMED] = "confirmed",
        [ACT_UNDONE] = "undone"};

    return (unsigned)state < ACT_STATE_COUNT ? names[state] : NULL;
}
