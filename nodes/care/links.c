/* SPDX-License-Identifier: Apache-2.0
 * The reason is boxed under the key of the case with the smaller ident: plain u8 | 7 zeros, place "caselink" | both.
 */
#include "links.h"

#include <string.h>

#include "memory.h"

enum { REASON_BYTES = 8, PLACE_BYTES = 8 + 2 * IDENT_BYTES };

enum { ADD, REMOVE, NEXT, N_SQL };
static const char *const SQL[N_SQL] = {
    [ADD] = "INSERT INTO case_link (first, second, day, reason) VALUES (?1, ?2, ?3, ?4)",
    [REMOVE] = "DELETE FROM case_link WHERE first = ?1 AND second = ?2",
    [NEXT] = "SELECT other, day, reason FROM ("
             " SELECT second AS other, day, reason FROM case_link WHERE first = ?1"
             " UNION ALL"
             " SELECT first AS other, day, reason FROM case_link WHERE second = ?1)"
             " WHERE other > ?2 ORDER BY other LIMIT 1",
};

struct links {
    struct db *db;
    struct chance *chance;
    struct casebook *casebook;
    struct statements *sql;
};

enum status links_open(struct db *db, struct chance *chance, struct casebook *casebook,
    struct links **ret, struct trouble *trouble)
{
    struct links *links = memory_new(sizeof(*links));
    enum status status = statements_open(db, SQL, N_SQL, &links->sql, trouble);

    links->db = db;
    links->chance = chance;
    links->casebook = casebook;
    if (status != STATUS_OK) {
        links_close(&links);
        return status;
    }
    *ret = links;
    return STATUS_OK;
}

void links_close(struct links **links)
{
    if (!*links)
        return;
    statements_close(&(*links)->sql);
    memory_free(*links);
    *links = NULL;
}

static void put_in_order(const struct ident **a, const struct ident **b)
{
    const struct ident *kept = *a;

    if (ident_compare(*a, *b) > 0) {
        *a = *b;
        *b = kept;
    }
}

static struct span make_place(const struct ident *first, const struct ident *second,
    uint8_t memory[static PLACE_BYTES])
{
    memcpy(memory, "caselink", 8);
    memcpy(memory + 8, first->bytes, IDENT_BYTES);
    memcpy(memory + 8 + IDENT_BYTES, second->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

enum status links_add(struct links *links, const struct ident *a, const struct ident *b,
    enum link_reason reason, int64_t day)
{
    uint8_t place[PLACE_BYTES], plain[REASON_BYTES] = {(uint8_t)reason};
    struct box_key key, other;
    struct buffer boxed;

    PROMISE(db_in_transaction(links->db));
    PROMISE(link_reason_name(reason));
    put_in_order(&a, &b);
    if (ident_equal(a, b))
        return STATUS_CONFLICT;
    enum status status = casebook_key(links->casebook, b, &other);
    if (status == STATUS_OK)
        status = casebook_key(links->casebook, a, &key);
    if (status != STATUS_OK)
        return status;
    buffer_init(&boxed, REASON_BYTES + BOX_EXTRA_BYTES);
    status = box_apply(&key, links->chance, make_place(a, b, place),
        span_of(plain, sizeof(plain)), &boxed);
    memory_wipe(&key, sizeof(key));
    memory_wipe(&other, sizeof(other));
    if (status == STATUS_OK) {
        struct query *query = query_start(links->sql, ADD);

        query_ident(query, 1, a);
        query_ident(query, 2, b);
        query_int(query, 3, day);
        query_blob(query, 4, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status links_remove(
    struct links *links, const struct ident *a, const struct ident *b)
{
    PROMISE(db_in_transaction(links->db));
    put_in_order(&a, &b);
    struct query *query = query_start(links->sql, REMOVE);
    query_ident(query, 1, a);
    query_ident(query, 2, b);
    enum status status = query_run(query);
    return status == STATUS_OK && db_changes(links->db) == 0 ? STATUS_NOT_FOUND : status;
}

/* 0 when it does not open. */
static enum link_reason read_reason(struct links *links, const struct ident *ident,
    const struct ident *other, struct span boxed)
{
    uint8_t place[PLACE_BYTES];
    enum link_reason reason = 0;
    struct box_key key;
    struct buffer plain;

    put_in_order(&ident, &other);
    if (casebook_key(links->casebook, ident, &key) != STATUS_OK)
        return 0;
    buffer_init(&plain, REASON_BYTES);
    if (box_break(&key, make_place(ident, other, place), boxed, &plain) == STATUS_OK &&
        plain.used == REASON_BYTES)
        reason = (enum link_reason)plain.bytes[0];
    memory_wipe(&key, sizeof(key));
    buffer_release(&plain);
    return link_reason_name(reason) ? reason : 0;
}

enum status links_next(struct links *links, const struct ident *ident,
    const struct ident *after, struct link_row *ret)
{
    struct link_row row = {0};
    struct box_key key;
    bool found = false;
    enum status status = casebook_key(links->casebook, ident, &key);

    memory_wipe(&key, sizeof(key));
    if (status != STATUS_OK)
        return status;
    struct query *query = query_start(links->sql, NEXT);
    query_ident(query, 1, ident);
    query_ident(query, 2, after);
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, row.other.bytes, IDENT_BYTES);
    if (status == STATUS_OK) {
        row.day = row_int(query, 1);
        row.reason = read_reason(links, ident, &row.other, row_blob(query, 2));
        *ret = row;
    }
    query_end(query);
    return status;
}
