/* SPDX-License-Identifier: Apache-2.0
 *
 * The box of a secret is bound to its id. Rows are overwritten when deleted (the program opens its database
 * with secure deletion).
 */
#include "prekeys.h"

#include "memory.h"

enum { PUT, LIST, SECRET, DESTROY, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [PUT] = "INSERT INTO post_prekeys (id, suite, public, secret, not_before_ms,"
            " not_after_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [LIST] = "SELECT id, public, not_before_ms, not_after_ms FROM (SELECT * FROM"
             " post_prekeys ORDER BY not_before_ms DESC, id LIMIT ?1)"
             " ORDER BY not_before_ms, id",
    [SECRET] = "SELECT suite, secret FROM post_prekeys WHERE id = ?1",
    [DESTROY] = "DELETE FROM post_prekeys WHERE id = ?1",
};

enum { PLACE_BYTES = 26 };

struct prekeys {
    struct statements *statements;
};

enum status prekeys_open(struct db *db, struct prekeys **ret, struct trouble *trouble)
{
    struct prekeys *prekeys = memory_new(sizeof *prekeys);
    enum status status =
        statements_open(db, SQL, STATEMENTS, &prekeys->statements, trouble);
    if (status != STATUS_OK) {
        prekeys_close(&prekeys);
        return status;
    }
    *ret = prekeys;
    return STATUS_OK;
}

void prekeys_close(struct prekeys **prekeys)
{
    if (*prekeys == NULL)
        return;
    statements_close(&(*prekeys)->statements);
    memory_free(*prekeys);
    *prekeys = NULL;
}

static struct span secret_place(uint64_t id, uint8_t memory[static PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);
    writer_put(&writer, "amaan:post:prekeys", 18);
    writer_u64(&writer, id);
    return writer_span(&writer);
}

enum status prekeys_make(struct prekeys *prekeys, const struct box_key *key,
    struct chance *chance, int64_t not_before_ms)
{
    const struct kem *kem = kem_find(SUITE_X25519);
    PROMISE(kem != NULL);
    uint8_t public_key[KEM_PUBLIC_MAX], secret[KEM_SECRET_MAX], place[PLACE_BYTES];
    uint64_t id = chance_u64(chance);
    struct buffer boxed;
    buffer_init(&boxed, KEM_SECRET_MAX + BOX_EXTRA_BYTES);
    kem->new_keys(chance, public_key, secret);
    enum status status = box_apply(
        key, chance, secret_place(id, place), span_of(secret, kem->secret_bytes), &boxed);
    memory_wipe(secret, sizeof secret);
    if (status == STATUS_OK) {
        struct query *query = query_start(prekeys->statements, PUT);
        query_int(query, 1, (int64_t)id);
        query_int(query, 2, kem->suite);
        query_blob(query, 3, span_of(public_key, kem->public_bytes));
        query_blob(query, 4, buffer_span(&boxed));
        query_int(query, 5, not_before_ms);
        query_int(query, 6, not_before_ms + PREKEY_VALID_MS);
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status prekeys_list(
    struct prekeys *prekeys, struct prekey ret[static BUNDLE_PREKEYS_MAX], size_t *ret_n)
{
    const struct kem *kem = kem_find(SUITE_X25519);
    PROMISE(kem != NULL);
    struct query *query = query_start(prekeys->statements, LIST);
    query_int(query, 1, BUNDLE_PREKEYS_MAX);
    size_t n = 0;
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found && n < BUNDLE_PREKEYS_MAX) {
        struct prekey prekey = {.id = (uint64_t)row_int(query, 0),
            .not_before_ms = row_int(query, 2),
            .not_after_ms = row_int(query, 3)};
        status = row_exact(query, 1, prekey.public_key, kem->public_bytes);
        ret[n++] = prekey;
        if (status == STATUS_OK)
            status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

enum status prekeys_secret(struct prekeys *prekeys, const struct box_key *key,
    uint64_t prekey_id, uint16_t *ret_suite, uint8_t ret_secret[static KEM_SECRET_MAX])
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    buffer_init(&plain, KEM_SECRET_MAX);
    struct query *query = query_start(prekeys->statements, SECRET);
    query_int(query, 1, (int64_t)prekey_id);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status =
            box_break(key, secret_place(prekey_id, place), row_blob(query, 1), &plain);
    if (status == STATUS_OK) {
        *ret_suite = (uint16_t)row_int(query, 0);
        memcpy(ret_secret, plain.bytes, plain.used);
    }
    query_end(query);
    buffer_release(&plain);
    return status;
}

enum status prekeys_destroy(struct prekeys *prekeys, uint64_t prekey_id)
{
    struct query *query = query_start(prekeys->statements, DESTROY);
    query_int(query, 1, (int64_t)prekey_id);
    return query_run(query);
}
