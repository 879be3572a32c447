/* SPDX-License-Identifier: Apache-2.0
 * The place of a box is "deed" and four zeros | ident 16.
 */
#include "deeds.h"

#include <string.h>

#include "memory.h"

enum { PLACE_BYTES = 8 + IDENT_BYTES };

static const char PLACE[8] = "deed";

const char *const DEEDS_SCHEMA =
    /* What rests before it is done. content: a box. */
    "CREATE TABLE deed ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT," /* never used twice: what was done is no other's */
    " ident BLOB NOT NULL UNIQUE CHECK (length(ident) = 16),"
    " content BLOB NOT NULL"
    ") STRICT;";

enum { ADD, CHANGE, IDENT, NEXT, COUNT, REMOVE, N_SQL };
static const char *const SQL[N_SQL] = {
    [ADD] = "INSERT INTO deed (ident, content) VALUES (?1, ?2)",
    [CHANGE] = "UPDATE deed SET content = ?2 WHERE id = ?1",
    [IDENT] = "SELECT ident FROM deed WHERE id = ?1",
    [NEXT] = "SELECT id, ident, content FROM deed WHERE id > ?1 ORDER BY id LIMIT 1",
    [COUNT] = "SELECT count(*) FROM deed",
    [REMOVE] = "DELETE FROM deed WHERE id = ?1",
};

struct deeds {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key key;
};

enum status deeds_open(
    struct db *db, struct chance *chance, struct deeds **ret, struct trouble *trouble)
{
    struct deeds *deeds = memory_new(sizeof(*deeds));
    enum status status = statements_open(db, SQL, N_SQL, &deeds->sql, trouble);

    deeds->db = db;
    deeds->chance = chance;
    if (status != STATUS_OK) {
        deeds_close(&deeds);
        return status;
    }
    *ret = deeds;
    return STATUS_OK;
}

void deeds_close(struct deeds **deeds)
{
    if (!*deeds)
        return;
    deeds_lock(*deeds);
    statements_close(&(*deeds)->sql);
    memory_free(*deeds);
    *deeds = NULL;
}

void deeds_unlock(struct deeds *deeds, const struct box_key *master)
{
    box_derive_key(master, "deed", &deeds->key);
    deeds->unlocked = true;
}

void deeds_lock(struct deeds *deeds)
{
    memory_wipe(&deeds->key, sizeof(deeds->key));
    deeds->unlocked = false;
}

static struct span make_place(const struct ident *ident, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, PLACE, sizeof(PLACE));
    memcpy(memory + sizeof(PLACE), ident->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static enum status box_text(
    struct deeds *deeds, const struct ident *ident, struct span text, struct buffer *ret)
{
    uint8_t place[PLACE_BYTES];

    if (text.n > DEED_BYTES_MAX)
        return STATUS_TOO_BIG;
    return box_apply(&deeds->key, deeds->chance, make_place(ident, place), text, ret);
}

static enum status check_room(struct deeds *deeds)
{
    struct query *query = query_start(deeds->sql, COUNT);
    bool found = false;
    enum status status = query_next(query, &found);
    bool full = status == STATUS_OK && found && row_int(query, 0) >= DEEDS_MAX;

    query_end(query);
    return full ? STATUS_BUSY : status;
}

enum status deeds_add(struct deeds *deeds, struct span text, int64_t *ret_id)
{
    struct ident ident = ident_new(deeds->chance);
    struct buffer boxed;

    PROMISE(db_in_transaction(deeds->db));
    if (!deeds->unlocked)
        return STATUS_LOCKED;
    buffer_init(&boxed, DEED_BYTES_MAX + BOX_EXTRA_BYTES);
    enum status status = check_room(deeds);
    if (status == STATUS_OK)
        status = box_text(deeds, &ident, text, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(deeds->sql, ADD);

        query_ident(query, 1, &ident);
        query_blob(query, 2, buffer_span(&boxed));
        status = query_run(query);
    }
    if (status == STATUS_OK)
        *ret_id = db_last_row(deeds->db);
    buffer_release(&boxed);
    return status;
}

static enum status find_ident(struct deeds *deeds, int64_t id, struct ident *ret)
{
    struct query *query = query_start(deeds->sql, IDENT);
    bool found = false;

    query_int(query, 1, id);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status = found ? row_exact(query, 0, ret->bytes, IDENT_BYTES) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

enum status deeds_change(struct deeds *deeds, int64_t id, struct span text)
{
    struct ident ident;
    struct buffer boxed;

    PROMISE(db_in_transaction(deeds->db));
    if (!deeds->unlocked)
        return STATUS_LOCKED;
    buffer_init(&boxed, DEED_BYTES_MAX + BOX_EXTRA_BYTES);
    enum status status = find_ident(deeds, id, &ident);
    if (status == STATUS_OK)
        status = box_text(deeds, &ident, text, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(deeds->sql, CHANGE);

        query_int(query, 1, id);
        query_blob(query, 2, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status deeds_next(
    struct deeds *deeds, int64_t after, int64_t *ret_id, struct buffer *ret_text)
{
    uint8_t place[PLACE_BYTES];
    struct ident ident;
    bool found = false;

    if (!deeds->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(deeds->sql, NEXT);
    query_int(query, 1, after);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        *ret_id = row_int(query, 0);
        if (row_exact(query, 1, ident.bytes, IDENT_BYTES) != STATUS_OK ||
            box_break(&deeds->key, make_place(&ident, place), row_blob(query, 2),
                ret_text) != STATUS_OK)
            buffer_clear(ret_text);
    }
    query_end(query);
    return status;
}

enum status deeds_remove(struct deeds *deeds, int64_t id)
{
    PROMISE(db_in_transaction(deeds->db));
    struct query *query = query_start(deeds->sql, REMOVE);

    query_int(query, 1, id);
    return query_run(query);
}
