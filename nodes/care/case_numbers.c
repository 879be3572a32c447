/* SPDX-License-Identifier: Apache-2.0
 * sealed: the number's hash, boxed under the case's key, its place "casenumb" | ident. mark: the same hash under the
 * epoch's key; a rotation opens the one to make the other anew.
 */
#include <string.h>

#include "casebook_inside.h"
#include "memory.h"

enum { SEALED_BYTES = HASH_BYTES + BOX_EXTRA_BYTES, PLACE_BYTES = 8 + IDENT_BYTES };

enum { ADD, FIND, KINDS, NEXT, MOVE, N_SQL };
static const char *const SQL[N_SQL] = {
    [ADD] = "INSERT INTO case_number (case_ident, kind, mark, sealed)"
            " VALUES (?1, ?2, ?3, ?4)",
    [FIND] = "SELECT case_ident FROM case_number WHERE mark = ?1 AND case_ident <> ?2"
             " ORDER BY id LIMIT 1",
    [KINDS] = "SELECT DISTINCT kind FROM case_number WHERE case_ident = ?1",
    [NEXT] = "SELECT id, sealed FROM case_number WHERE case_ident = ?1 AND id > ?2"
             " ORDER BY id LIMIT 1",
    [MOVE] = "UPDATE case_number SET mark = ?2 WHERE id = ?1",
};

enum status case_numbers_open(struct casebook *casebook, struct trouble *trouble)
{
    return statements_open(casebook->db, SQL, N_SQL, &casebook->number_sql, trouble);
}

static struct span make_place(
    const struct ident *ident, uint8_t memory[static PLACE_BYTES])
{
    memcpy(memory, "casenumb", 8);
    memcpy(memory + 8, ident->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

enum status casebook_hash_number(
    struct casebook *casebook, enum number_kind kind, const char *text, struct hash *ret)
{
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    return number_hash(&casebook->number_key, kind, span_text(text), ret);
}

enum status casebook_number_key(const struct casebook *casebook, struct box_key *ret)
{
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    *ret = casebook->number_key;
    return STATUS_OK;
}

static enum status find_mark(struct casebook *casebook, uint32_t epoch,
    const struct hash *hash, const struct ident *except, struct ident *ret)
{
    static const struct ident nobody;
    bool found = false;

    if (!epoch_keys_find(casebook->keys, epoch))
        return STATUS_NOT_FOUND;
    struct hash mark = casebook_mark(casebook, epoch, "case-number", hash_span(hash));
    struct query *query = query_start(casebook->number_sql, FIND);
    query_blob(query, 1, hash_span(&mark));
    query_ident(query, 2, except ? except : &nobody);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, ret->bytes, IDENT_BYTES);
    query_end(query);
    return status;
}

enum status casebook_find_number(struct casebook *casebook, const struct hash *hash,
    const struct ident *except, struct ident *ret)
{
    struct case_epoch epoch;

    if (!casebook->unlocked)
        return STATUS_LOCKED;
    enum status status = casebook_read_epoch(casebook, &epoch);
    if (status == STATUS_OK)
        status = find_mark(casebook, epoch.current, hash, except, ret);
    if (status == STATUS_NOT_FOUND && epoch.old != 0)
        status = find_mark(casebook, epoch.old, hash, except, ret);
    return status;
}

/* The epoch under which the case stands now, so that its marks and its key move together. */
static enum status put_number(struct casebook *casebook, const struct ident *ident,
    enum number_kind kind, const struct hash *hash, uint32_t epoch)
{
    uint8_t place[PLACE_BYTES];
    struct box_key key;
    struct buffer sealed;
    enum status status = casebook_key(casebook, ident, &key);

    if (status != STATUS_OK)
        return status;
    buffer_init(&sealed, SEALED_BYTES);
    status = box_apply(
        &key, casebook->chance, make_place(ident, place), hash_span(hash), &sealed);
    memory_wipe(&key, sizeof(key));
    if (status == STATUS_OK) {
        struct hash mark = casebook_mark(casebook, epoch, "case-number", hash_span(hash));
        struct query *query = query_start(casebook->number_sql, ADD);

        query_ident(query, 1, ident);
        query_int(query, 2, kind);
        query_blob(query, 3, hash_span(&mark));
        query_blob(query, 4, buffer_span(&sealed));
        status = query_run(query);
    }
    buffer_release(&sealed);
    return status;
}

enum status casebook_add_number(struct casebook *casebook, const struct ident *ident,
    enum number_kind kind, const struct hash *hash)
{
    uint32_t epoch = 0;

    PROMISE(db_in_transaction(casebook->db));
    PROMISE(number_kind_name(kind));
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    enum status status = casebook_epoch_of(casebook, ident, &epoch);
    return status == STATUS_OK ? put_number(casebook, ident, kind, hash, epoch) : status;
}

enum status casebook_number_kinds(
    struct casebook *casebook, const struct ident *ident, uint32_t *ret)
{
    struct query *query = query_start(casebook->number_sql, KINDS);
    uint32_t kinds = 0;
    bool found = false;
    enum status status;

    query_ident(query, 1, ident);
    while ((status = query_next(query, &found)) == STATUS_OK && found) {
        int64_t kind = row_int(query, 0);

        if (kind > 0 && kind < NUMBER_COUNT)
            kinds |= 1u << kind;
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret = kinds;
    return status;
}

static enum status move_one(
    struct casebook *casebook, int64_t id, uint32_t epoch, const struct buffer *plain)
{
    struct hash mark = casebook_mark(casebook, epoch, "case-number", buffer_span(plain));
    struct query *query = query_start(casebook->number_sql, MOVE);

    query_int(query, 1, id);
    query_blob(query, 2, hash_span(&mark));
    return query_run(query);
}

enum status case_numbers_move(struct casebook *casebook, const struct ident *ident,
    const struct box_key *key, uint32_t epoch)
{
    uint8_t place[PLACE_BYTES];
    int64_t id = 0;
    enum status status = STATUS_OK;

    for (bool found = true; status == STATUS_OK && found;) {
        struct query *query = query_start(casebook->number_sql, NEXT);
        struct buffer plain;
        bool opens = false;

        buffer_init(&plain, HASH_BYTES);
        query_ident(query, 1, ident);
        query_int(query, 2, id);
        status = query_next(query, &found);
        if (status == STATUS_OK && found) {
            id = row_int(query, 0);
            opens = box_break(key, make_place(ident, place), row_blob(query, 1),
                        &plain) == STATUS_OK;
        }
        query_end(query);
        if (opens) /* a spoilt one stays unfindable; it must not stop the others */
            status = move_one(casebook, id, epoch, &plain);
        buffer_release(&plain);
    }
    return status;
}
