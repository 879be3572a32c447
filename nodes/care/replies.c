/* SPDX-License-Identifier: Apache-2.0
 * The place of an answer's box is "reply" and three zeros | key_hash.
 */
#include "replies.h"

#include <string.h>

#include "hash.h"
#include "memory.h"

enum { PLACE_BYTES = 8 + HASH_BYTES };

static const char PLACE[8] = "reply";

enum { FIND, PUT, PURGE, MARK, ABOUT, BLANK, N_SQL };
static const char *const SQL[N_SQL] = {
    [FIND] = "SELECT request_hash, http, answer FROM reply WHERE key_hash = ?1",
    [PUT] = "INSERT INTO reply (key_hash, request_hash, day, http, answer)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    [PURGE] = "DELETE FROM reply WHERE key_hash IN"
              " (SELECT key_hash FROM reply WHERE day < ?1 LIMIT ?2)",
    [MARK] = "UPDATE reply SET about = ?2 WHERE key_hash = ?1",
    [ABOUT] = "SELECT key_hash FROM reply WHERE about = ?1 LIMIT 1",
    [BLANK] = "UPDATE reply SET answer = ?2, about = NULL WHERE key_hash = ?1",
};

struct replies {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key hash_key, answer_key;
};

enum status replies_open(
    struct db *db, struct chance *chance, struct replies **ret, struct trouble *trouble)
{
    struct replies *replies = memory_new(sizeof(*replies));
    enum status status = statements_open(db, SQL, N_SQL, &replies->sql, trouble);

    replies->db = db;
    replies->chance = chance;
    if (status != STATUS_OK) {
        replies_close(&replies);
        return status;
    }
    *ret = replies;
    return STATUS_OK;
}

void replies_close(struct replies **replies)
{
    if (!*replies)
        return;
    replies_lock(*replies);
    statements_close(&(*replies)->sql);
    memory_free(*replies);
    *replies = NULL;
}

void replies_unlock(struct replies *replies, const struct box_key *master)
{
    box_derive_key(master, "reply hash", &replies->hash_key);
    box_derive_key(master, "reply", &replies->answer_key);
    replies->unlocked = true;
}

void replies_lock(struct replies *replies)
{
    memory_wipe(&replies->hash_key, sizeof(replies->hash_key));
    memory_wipe(&replies->answer_key, sizeof(replies->answer_key));
    replies->unlocked = false;
}

static struct span make_place(const struct hash *key, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, PLACE, sizeof(PLACE));
    memcpy(memory + sizeof(PLACE), key->bytes, HASH_BYTES);
    return span_of(memory, PLACE_BYTES);
}

enum status replies_find(struct replies *replies, const char *key, struct span request,
    int *ret_http, struct buffer *ret_answer)
{
    uint8_t place[PLACE_BYTES];
    struct hash stored;
    bool found = false;
    enum status status;

    if (!replies->unlocked)
        return STATUS_LOCKED;
    struct hash key_hash = hash_keyed(replies->hash_key.bytes, span_text(key));
    struct hash request_hash = hash_keyed(replies->hash_key.bytes, request);
    struct query *query = query_start(replies->sql, FIND);

    query_blob(query, 1, hash_span(&key_hash));
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, stored.bytes, HASH_BYTES);
    if (status == STATUS_OK && !hash_equal(&stored, &request_hash))
        status = STATUS_CONFLICT;
    if (status == STATUS_OK &&
        box_break(&replies->answer_key, make_place(&key_hash, place), row_blob(query, 2),
            ret_answer) != STATUS_OK)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK)
        *ret_http = (int)row_int(query, 1);
    query_end(query);
    return status;
}

enum status replies_put(struct replies *replies, const char *key, struct span request,
    int http, struct span answer, int64_t day)
{
    uint8_t place[PLACE_BYTES];
    struct buffer boxed;
    enum status status;

    PROMISE(db_in_transaction(replies->db));
    if (!replies->unlocked)
        return STATUS_LOCKED;
    struct hash key_hash = hash_keyed(replies->hash_key.bytes, span_text(key));
    struct hash request_hash = hash_keyed(replies->hash_key.bytes, request);

    buffer_init(&boxed, REPLY_ANSWER_BYTES_MAX + BOX_EXTRA_BYTES);
    status = box_apply(&replies->answer_key, replies->chance,
        make_place(&key_hash, place), answer, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(replies->sql, PUT);

        query_blob(query, 1, hash_span(&key_hash));
        query_blob(query, 2, hash_span(&request_hash));
        query_int(query, 3, day);
        query_int(query, 4, http);
        query_blob(query, 5, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status replies_mark(struct replies *replies, const char *key, const char *reference)
{
    PROMISE(db_in_transaction(replies->db));
    if (!replies->unlocked)
        return STATUS_LOCKED;
    struct hash key_hash = hash_keyed(replies->hash_key.bytes, span_text(key));
    struct hash about = hash_keyed(replies->hash_key.bytes, span_text(reference));
    struct query *query = query_start(replies->sql, MARK);

    query_blob(query, 1, hash_span(&key_hash));
    query_blob(query, 2, hash_span(&about));
    return query_run(query);
}

static enum status find_about(
    struct replies *replies, const struct hash *about, struct hash *ret_key)
{
    struct query *query = query_start(replies->sql, ABOUT);
    bool found = false;

    query_blob(query, 1, hash_span(about));
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        status =
            found ? row_exact(query, 0, ret_key->bytes, HASH_BYTES) : STATUS_NOT_FOUND;
    query_end(query);
    return status;
}

enum status replies_blank(
    struct replies *replies, const char *reference, struct span answer)
{
    uint8_t place[PLACE_BYTES];
    struct hash key_hash;
    enum status status;

    PROMISE(db_in_transaction(replies->db));
    if (!replies->unlocked)
        return STATUS_LOCKED;
    struct hash about = hash_keyed(replies->hash_key.bytes, span_text(reference));
    while ((status = find_about(replies, &about, &key_hash)) == STATUS_OK) {
        struct buffer boxed;

        buffer_init(&boxed, REPLY_ANSWER_BYTES_MAX + BOX_EXTRA_BYTES);
        status = box_apply(&replies->answer_key, replies->chance,
            make_place(&key_hash, place), answer, &boxed);
        if (status == STATUS_OK) {
            struct query *query = query_start(replies->sql, BLANK);

            query_blob(query, 1, hash_span(&key_hash));
            query_blob(query, 2, buffer_span(&boxed));
            status = query_run(query);
        }
        buffer_release(&boxed);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status replies_purge(struct replies *replies, int64_t day, bool *ret_more)
{
    struct query *query;
    enum status status;

    PROMISE(db_in_transaction(replies->db));
    query = query_start(replies->sql, PURGE);
    query_int(query, 1, day - REPLY_KEEP_DAYS);
    query_int(query, 2, REPLIES_PURGED_AT_ONCE);
    status = query_run(query);
    if (status == STATUS_OK)
        *ret_more = db_changes(replies->db) == REPLIES_PURGED_AT_ONCE;
    return status;
}
