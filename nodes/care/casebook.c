/* SPDX-License-Identifier: Apache-2.0
 * Plain content: content.proto Person | alias 9 | origin u8 | outcome u8 | displacement u8 (0: unsaid) | 4 zeros |
 * closed day u64. Its place (associated data) is "casefile" | ident, that of a wrapped key "casewrap" | ident.
 */
#include "casebook_inside.h"

#include <string.h>

#include "memory.h"

enum {
    TAIL_BYTES = 24,
    ALIAS_BYTES = REFERENCE_BYTES - 1,
    CONTENT_BYTES_MAX = 8192,
    WRAPPED_BYTES = BOX_KEY_BYTES + BOX_EXTRA_BYTES,
    PLACE_BYTES = 8 + IDENT_BYTES,
    ALIAS_TRIES = 8
};

#define COLUMNS                                                                          \
    "id, ident, epoch, opened_day, changed_day, wrapped, content FROM case_file "

enum { EPOCH, FIRST, ADD, PUT, FIND, NEXT, FIND_ALIAS, COUNT, COUNT_ERASED, N_SQL };
static const char *const SQL[N_SQL] = {
    [EPOCH] = "SELECT current, old, doomed, begun_day FROM case_epoch WHERE id = 1",
    [FIRST] = "UPDATE case_epoch SET current = ?2, begun_day = ?1 WHERE id = 1",
    [ADD] = "INSERT INTO case_file (ident, epoch, alias_mark, closed, opened_day,"
            " changed_day, wrapped, content) VALUES (?1, ?2, ?3, 0, ?4, ?4, ?5, ?6)",
    [PUT] = "UPDATE case_file SET closed = ?2, changed_day = ?3, content = ?4"
            " WHERE ident = ?1",
    [FIND] = "SELECT " COLUMNS "WHERE ident = ?1",
    [NEXT] = "SELECT " COLUMNS "WHERE id > ?1 ORDER BY id LIMIT 1",
    [FIND_ALIAS] = "SELECT ident FROM case_file WHERE alias_mark = ?1",
    [COUNT] = "SELECT coalesce(sum(NOT closed), 0), coalesce(sum(closed), 0)"
              " FROM case_file",
    [COUNT_ERASED] = "SELECT count(*) FROM case_tombstone",
};

/* --- opening ---------------------------------------------------------------------------------------------- */

enum status casebook_open(const struct casebook_options *options, struct casebook **ret,
    struct trouble *trouble)
{
    struct casebook *casebook = memory_new(sizeof(*casebook));
    enum status status;

    casebook->db = options->db;
    casebook->chance = options->chance;
    casebook->keys = epoch_keys_new(options->key_path, options->chance);
    status = statements_open(options->db, SQL, N_SQL, &casebook->sql, trouble);
    if (status == STATUS_OK)
        status = case_numbers_open(casebook, trouble);
    if (status == STATUS_OK)
        status = casebook_erase_open(casebook, trouble);
    if (status != STATUS_OK) {
        casebook_close(&casebook);
        return status;
    }
    *ret = casebook;
    return STATUS_OK;
}

void casebook_close(struct casebook **casebook)
{
    if (!*casebook)
        return;
    casebook_lock(*casebook);
    epoch_keys_destroy(&(*casebook)->keys);
    statements_close(&(*casebook)->sql);
    statements_close(&(*casebook)->number_sql);
    statements_close(&(*casebook)->erase_sql);
    memory_free(*casebook);
    *casebook = NULL;
}

enum status casebook_read_epoch(struct casebook *casebook, struct case_epoch *ret)
{
    struct query *query = query_start(casebook->sql, EPOCH);
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && !found)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK)
        *ret = (struct case_epoch){(uint32_t)row_int(query, 0),
            (uint32_t)row_int(query, 1), (uint32_t)row_int(query, 2), row_int(query, 3)};
    query_end(query);
    return status;
}

enum status casebook_unlock(struct casebook *casebook, const struct box_key *master)
{
    struct case_epoch epoch;
    enum status status = epoch_keys_unlock(casebook->keys, master);

    casebook->unlocked = false;
    if (status == STATUS_OK)
        status = casebook_read_epoch(casebook, &epoch);
    if (status == STATUS_OK &&
        ((epoch.current != 0 && !epoch_keys_find(casebook->keys, epoch.current)) ||
            (epoch.old != 0 && !epoch_keys_find(casebook->keys, epoch.old))))
        status = STATUS_CORRUPT;
    if (status != STATUS_OK) {
        casebook_lock(casebook);
        return status;
    }
    box_derive_key(master, "case-number", &casebook->number_key);
    box_derive_key(master, "case-tombstone", &casebook->tombstone_key);
    casebook->unlocked = casebook->look = true;
    return STATUS_OK;
}

void casebook_lock(struct casebook *casebook)
{
    epoch_keys_lock(casebook->keys);
    memory_wipe(&casebook->number_key, sizeof(casebook->number_key));
    memory_wipe(&casebook->tombstone_key, sizeof(casebook->tombstone_key));
    casebook->unlocked = casebook->look = false;
}

/* --- keys -------------------------------------------------------------------------------------------------- */

static struct span make_place(const char name[static 8], const struct ident *ident,
    uint8_t memory[static PLACE_BYTES])
{
    memcpy(memory, name, 8);
    memcpy(memory + 8, ident->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static void derive(
    struct casebook *casebook, uint32_t epoch, const char *purpose, struct box_key *ret)
{
    const struct box_key *key = epoch_keys_find(casebook->keys, epoch);

    PROMISE(key);
    box_derive_key(key, purpose, ret);
}

struct hash casebook_mark(
    struct casebook *casebook, uint32_t epoch, const char *purpose, struct span bytes)
{
    struct box_key key;

    derive(casebook, epoch, purpose, &key);
    struct hash mark = hash_keyed(key.bytes, bytes);
    memory_wipe(&key, sizeof(key));
    return mark;
}

enum status casebook_wrap(struct casebook *casebook, uint32_t epoch,
    const struct ident *ident, const struct box_key *key, struct buffer *ret)
{
    uint8_t place[PLACE_BYTES];
    struct box_key wrapping;

    derive(casebook, epoch, "case-key", &wrapping);
    enum status status = box_apply(&wrapping, casebook->chance,
        make_place("casewrap", ident, place), span_of(key->bytes, BOX_KEY_BYTES), ret);
    memory_wipe(&wrapping, sizeof(wrapping));
    return status;
}

enum status casebook_unwrap(struct casebook *casebook, uint32_t epoch,
    const struct ident *ident, struct span wrapped, struct box_key *ret)
{
    uint8_t place[PLACE_BYTES];
    struct box_key wrapping;
    struct buffer plain;

    if (!epoch_keys_find(casebook->keys, epoch))
        return STATUS_CORRUPT;
    buffer_init(&plain, BOX_KEY_BYTES);
    derive(casebook, epoch, "case-key", &wrapping);
    enum status status =
        box_break(&wrapping, make_place("casewrap", ident, place), wrapped, &plain);
    memory_wipe(&wrapping, sizeof(wrapping));
    if (status == STATUS_OK && plain.used == BOX_KEY_BYTES)
        memcpy(ret->bytes, plain.bytes, BOX_KEY_BYTES);
    else
        status = STATUS_CORRUPT;
    buffer_release(&plain);
    return status;
}

/* --- one row ------------------------------------------------------------------------------------------------ */

static enum status box_content(struct casebook *casebook, const struct box_key *key,
    const struct case_row *row, struct buffer *ret)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    enum status status;

    buffer_init(&plain, CONTENT_BYTES_MAX);
    status = person_encode(&row->person, &plain); /* replaces what is in a buffer */
    uint8_t *tail = status == STATUS_OK ? buffer_grow(&plain, TAIL_BYTES) : NULL;
    if (status == STATUS_OK && !tail)
        status = STATUS_TOO_BIG;
    if (tail) {
        struct writer writer = writer_over(tail, TAIL_BYTES);

        writer_put(&writer, row->alias, ALIAS_BYTES);
        writer_u8(&writer, (uint8_t)row->origin);
        writer_u8(&writer, (uint8_t)row->outcome);
        writer_u8(&writer, (uint8_t)row->displacement);
        writer_zeros(&writer, 4);
        writer_u64(&writer, (uint64_t)row->closed_day);
        PROMISE(writer_span(&writer).n == TAIL_BYTES);
    }
    if (status == STATUS_OK)
        status = box_apply(key, casebook->chance,
            make_place("casefile", &row->ident, place), buffer_span(&plain), ret);
    buffer_release(&plain);
    return status;
}

static enum status read_tail(struct reader *reader, struct case_row *row)
{
    reader_copy(reader, row->alias, ALIAS_BYTES);
    row->alias[ALIAS_BYTES] = 0;
    row->origin = (enum case_origin)reader_u8(reader);
    row->outcome = (enum case_outcome)reader_u8(reader);
    row->displacement = (enum displacement)reader_u8(reader);
    if (row->displacement == 0) /* of a case that an earlier program wrote */
        row->displacement = DISPLACEMENT_UNSAID;
    reader_zeros(reader, 4);
    row->closed_day = (int64_t)reader_u64(reader);
    return reader_end(reader) == STATUS_OK && case_origin_name(row->origin) &&
                   case_outcome_name(row->outcome) && displacement_name(row->displacement)
               ? STATUS_OK
               : STATUS_CORRUPT;
}

static enum status break_content(const struct box_key *key, struct span boxed,
    struct arena *arena, struct case_row *row)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    enum status status;

    buffer_init(&plain, CONTENT_BYTES_MAX);
    status = box_break(key, make_place("casefile", &row->ident, place), boxed, &plain);
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));
        struct span person =
            reader_take(&reader, plain.used > TAIL_BYTES ? plain.used - TAIL_BYTES : 0);

        status = read_tail(&reader, row);
        if (status == STATUS_OK && arena)
            status = person_decode(arena, person, &row->person);
    }
    buffer_release(&plain);
    return status == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

enum status casebook_read_alias(const struct box_key *key, const struct ident *ident,
    struct span content, char ret[static REFERENCE_BYTES])
{
    struct case_row row = {.ident = *ident};
    enum status status = break_content(key, content, NULL, &row);

    if (status == STATUS_OK)
        memcpy(ret, row.alias, REFERENCE_BYTES);
    memory_wipe(&row, sizeof(row));
    return status;
}

/* The present row of the query; NOT_FOUND without one. Ends the query. ret_key may be NULL. */
static enum status read_row(struct casebook *casebook, struct query *query,
    struct arena *arena, struct case_row *ret, struct box_key *ret_key)
{
    struct case_row row = {0};
    struct box_key key = {{0}};
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        row.id = row_int(query, 0);
        row.opened_day = row_int(query, 3);
        row.changed_day = row_int(query, 4);
        status = row_exact(query, 1, row.ident.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK) {
        enum status opened = casebook_unwrap(
            casebook, (uint32_t)row_int(query, 2), &row.ident, row_blob(query, 5), &key);

        if (opened == STATUS_OK)
            opened = break_content(&key, row_blob(query, 6), arena, &row);
        if (opened != STATUS_OK)
            row = (struct case_row){.id = row.id,
                .ident = row.ident,
                .opened_day = row.opened_day,
                .changed_day = row.changed_day,
                .damaged = true};
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret = row;
    if (status == STATUS_OK && ret_key)
        *ret_key = key;
    memory_wipe(&key, sizeof(key));
    return status;
}

enum status casebook_find(struct casebook *casebook, const struct ident *ident,
    struct arena *arena, struct case_row *ret)
{
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(casebook->sql, FIND);

    query_ident(query, 1, ident);
    return read_row(casebook, query, arena, ret, NULL);
}

enum status casebook_next(
    struct casebook *casebook, int64_t after, struct arena *arena, struct case_row *ret)
{
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(casebook->sql, NEXT);

    query_int(query, 1, after);
    return read_row(casebook, query, arena, ret, NULL);
}

enum status casebook_key(
    struct casebook *casebook, const struct ident *ident, struct box_key *ret)
{
    enum status status;
    bool found = false;

    if (!casebook->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(casebook->sql, FIND);
    query_ident(query, 1, ident);
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = casebook_unwrap(
            casebook, (uint32_t)row_int(query, 2), ident, row_blob(query, 5), ret);
    query_end(query);
    return status;
}

enum status casebook_epoch_of(
    struct casebook *casebook, const struct ident *ident, uint32_t *ret)
{
    struct query *query = query_start(casebook->sql, FIND);
    bool found = false;

    query_ident(query, 1, ident);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *ret = (uint32_t)row_int(query, 2);
    query_end(query);
    return status;
}

/* --- adding and changing ------------------------------------------------------------------------------------ */

/* The epoch in force; the first one begins with the first case. A key that is there although the database knows of none is
 * taken, not replaced: this may be a database from before the first case, and a newer copy needs that key. */
static enum status settle_epoch(struct casebook *casebook, int64_t day, uint32_t *ret)
{
    struct case_epoch epoch;
    enum status status = casebook_read_epoch(casebook, &epoch);

    if (status != STATUS_OK)
        return status;
    if (epoch.current == 0) {
        epoch.current = epoch_keys_newest(casebook->keys);
        if (epoch.current == 0) {
            epoch.current = 1;
            status = epoch_keys_begin(casebook->keys, 0, 1);
        }
        if (status == STATUS_OK) {
            struct query *query = query_start(casebook->sql, FIRST);

            query_int(query, 1, day);
            query_int(query, 2, epoch.current);
            status = query_run(query);
        }
    }
    if (status == STATUS_OK)
        *ret = epoch.current;
    return status;
}

static enum status find_mark(
    struct casebook *casebook, uint32_t epoch, const char *alias, struct ident *ret)
{
    bool found = false;

    if (!epoch_keys_find(casebook->keys, epoch))
        return STATUS_NOT_FOUND;
    struct hash mark = casebook_mark(casebook, epoch, "case-alias", span_text(alias));
    struct query *query = query_start(casebook->sql, FIND_ALIAS);
    query_blob(query, 1, hash_span(&mark));
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, ret->bytes, IDENT_BYTES);
    query_end(query);
    return status;
}

enum status casebook_find_alias(
    struct casebook *casebook, const char *alias, struct ident *ret)
{
    struct case_epoch epoch;

    if (!casebook->unlocked)
        return STATUS_LOCKED;
    enum status status = casebook_read_epoch(casebook, &epoch);
    if (status == STATUS_OK)
        status = find_mark(casebook, epoch.current, alias, ret);
    if (status == STATUS_NOT_FOUND && epoch.old != 0)
        status = find_mark(casebook, epoch.old, alias, ret);
    return status;
}

/* An alias that is not in use here. */
static enum status choose_alias(
    struct casebook *casebook, char ret[static REFERENCE_BYTES])
{
    struct ident known;

    for (int i = 0; i < ALIAS_TRIES; i++) {
        reference_new(casebook->chance, ret);
        enum status status = casebook_find_alias(casebook, ret, &known);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    return STATUS_EXISTS;
}

static enum status insert(struct casebook *casebook, uint32_t epoch,
    const struct box_key *key, struct case_row *row)
{
    struct buffer wrapped, content;
    enum status status;

    buffer_init(&wrapped, WRAPPED_BYTES);
    buffer_init(&content, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    status = casebook_wrap(casebook, epoch, &row->ident, key, &wrapped);
    if (status == STATUS_OK)
        status = box_content(casebook, key, row, &content);
    if (status == STATUS_OK) {
        struct hash mark =
            casebook_mark(casebook, epoch, "case-alias", span_text(row->alias));
        struct query *query = query_start(casebook->sql, ADD);

        query_ident(query, 1, &row->ident);
        query_int(query, 2, epoch);
        query_blob(query, 3, hash_span(&mark));
        query_int(query, 4, row->opened_day);
        query_blob(query, 5, buffer_span(&wrapped));
        query_blob(query, 6, buffer_span(&content));
        status = query_run(query);
    }
    if (status == STATUS_OK)
        row->id = db_last_row(casebook->db);
    buffer_release(&wrapped);
    buffer_release(&content);
    return status;
}

enum status casebook_add(struct casebook *casebook, struct case_row *row)
{
    struct case_row made = *row;
    struct box_key key;
    uint32_t epoch = 0;
    enum status status;

    PROMISE(db_in_transaction(casebook->db));
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    made.ident = ident_new(casebook->chance);
    made.outcome = OUTCOME_OPEN;
    if (made.displacement == 0)
        made.displacement = DISPLACEMENT_UNSAID;
    made.changed_day = made.opened_day;
    made.closed_day = 0;
    made.damaged = false;
    box_new_key(casebook->chance, &key);
    status = settle_epoch(casebook, row->opened_day, &epoch);
    if (status == STATUS_OK)
        status = choose_alias(casebook, made.alias);
    if (status == STATUS_OK)
        status = insert(casebook, epoch, &key, &made);
    memory_wipe(&key, sizeof(key));
    if (status == STATUS_OK)
        *row = made;
    return status;
}

enum status casebook_put(struct casebook *casebook, const struct case_row *row)
{
    struct arena *arena = arena_new(CASE_PERSON_ARENA_BYTES, CASE_PERSON_ARENA_PIECES);
    struct case_row now = {0};
    struct box_key key;
    struct buffer content;
    enum status status = STATUS_LOCKED;

    PROMISE(db_in_transaction(casebook->db));
    buffer_init(&content, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    if (casebook->unlocked) {
        struct query *query = query_start(casebook->sql, FIND);

        query_ident(query, 1, &row->ident);
        status = read_row(casebook, query, arena, &now, &key);
    }
    if (status == STATUS_OK && now.damaged)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK) {
        now.outcome = row->outcome;
        now.displacement = row->displacement;
        now.closed_day = row->closed_day;
        now.person = row->person;
        status = box_content(casebook, &key, &now, &content);
    }
    if (status == STATUS_OK) {
        struct query *query = query_start(casebook->sql, PUT);

        query_ident(query, 1, &row->ident);
        query_int(query, 2, row->outcome != OUTCOME_OPEN);
        query_int(query, 3, row->changed_day);
        query_blob(query, 4, buffer_span(&content));
        status = query_run(query);
    }
    memory_wipe(&key, sizeof(key));
    buffer_release(&content);
    arena_destroy(&arena);
    return status;
}

enum status casebook_count(struct casebook *casebook, struct casebook_count *ret)
{
    struct casebook_count count = {0};
    struct query *query = query_start(casebook->sql, COUNT);
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && found) {
        count.open = row_int(query, 0);
        count.closed = row_int(query, 1);
    }
    query_end(query);
    if (status == STATUS_OK) {
        query = query_start(casebook->sql, COUNT_ERASED);
        status = query_next(query, &found);
        if (status == STATUS_OK && found)
            count.erased = row_int(query, 0);
        query_end(query);
    }
    if (status == STATUS_OK)
        *ret = count;
    return status;
}
