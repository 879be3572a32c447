/* SPDX-License-Identifier: Apache-2.0
 * Plain: length u32 | bytes | zeros up to a step. Place of the box: "sheet" | case_id | sheet_id | kind.
 */
#include "sheets.h"

#include <string.h>

#include "clock.h"
#include "memory.h"

static const char PLACE[5] = {'s', 'h', 'e', 'e', 't'};

enum { LENGTH_BYTES = 4, PLACE_BYTES = sizeof(PLACE) + 2 * IDENT_BYTES + 1 };

const char *const SHEETS_SCHEMA =
    /* content: box of an interview or a confirmation, padded. */
    "CREATE TABLE sheet ("
    " id INTEGER PRIMARY KEY,"
    " case_id BLOB NOT NULL CHECK (length(case_id) = 16),"
    " sheet_id BLOB NOT NULL CHECK (length(sheet_id) = 16),"
    " kind INTEGER NOT NULL CHECK (kind IN (1, 2)),"
    " begun_hour INTEGER NOT NULL," /* since 1970 */
    " changed_hour INTEGER NOT NULL,"
    " content BLOB NOT NULL,"
    " UNIQUE (sheet_id, kind)"
    ") STRICT;"
    "CREATE INDEX sheet_case ON sheet (case_id, id);";

enum { PUT, GET, NEXT, REMOVE, REMOVE_CASE, EXPIRE, UNCONFIRMED, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] =
        "INSERT INTO sheet (case_id, sheet_id, kind, begun_hour, changed_hour, content)"
        " VALUES (?1, ?2, ?3, ?4, ?4, ?5) ON CONFLICT (sheet_id, kind) DO UPDATE"
        " SET changed_hour = max(changed_hour, excluded.changed_hour),"
        " content = excluded.content WHERE case_id = excluded.case_id",
    [GET] =
        "SELECT content FROM sheet WHERE case_id = ?1 AND sheet_id = ?2 AND kind = ?3",
    [NEXT] = "SELECT id, sheet_id, kind, begun_hour, changed_hour FROM sheet"
             " WHERE case_id = ?1 AND id > ?2 ORDER BY id LIMIT 1",
    [REMOVE] = "DELETE FROM sheet WHERE case_id = ?1 AND sheet_id = ?2 AND kind = ?3",
    [REMOVE_CASE] = "DELETE FROM sheet WHERE case_id = ?1",
    [UNCONFIRMED] = "SELECT id, sheet_id, kind, begun_hour, changed_hour, case_id"
                    " FROM sheet AS s WHERE s.kind = 1 AND s.id > ?1 AND NOT EXISTS"
                    " (SELECT 1 FROM sheet WHERE sheet_id = s.sheet_id AND kind = 2)"
                    " ORDER BY id LIMIT 1",
    [EXPIRE] =
        "DELETE FROM sheet WHERE id IN (SELECT id FROM sheet AS s"
        " WHERE s.kind = 1 AND s.changed_hour <= ?1 AND NOT EXISTS"
        " (SELECT 1 FROM sheet WHERE sheet_id = s.sheet_id AND kind = 2) LIMIT ?2)",
};

struct sheets {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
};

enum status sheets_open(
    struct db *db, struct chance *chance, struct sheets **ret, struct trouble *trouble)
{
    struct sheets *sheets = memory_new(sizeof(*sheets));
    enum status status = statements_open(db, SQL, N_SQL, &sheets->sql, trouble);

    sheets->db = db;
    sheets->chance = chance;
    if (status != STATUS_OK) {
        sheets_close(&sheets);
        return status;
    }
    *ret = sheets;
    return STATUS_OK;
}

void sheets_close(struct sheets **sheets)
{
    if (!*sheets)
        return;
    statements_close(&(*sheets)->sql);
    memory_free(*sheets);
    *sheets = NULL;
}

static struct span make_place(
    const struct sheet_place *place, uint8_t memory[PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, PLACE, sizeof(PLACE));
    writer_ident(&writer, &place->case_id);
    writer_ident(&writer, &place->sheet_id);
    writer_u8(&writer, (uint8_t)place->kind);
    return writer_span(&writer);
}

static void bind_place(struct query *query, const struct sheet_place *place)
{
    query_ident(query, 1, &place->case_id);
    query_ident(query, 2, &place->sheet_id);
    query_int(query, 3, place->kind);
}

static size_t padded(size_t n)
{
    return (n + LENGTH_BYTES + SHEETS_STEP_BYTES - 1) / SHEETS_STEP_BYTES *
           SHEETS_STEP_BYTES;
}

static enum status box_up(struct sheets *sheets, const struct box_key *case_key,
    const struct sheet_place *place, struct span bytes, struct buffer *ret)
{
    uint8_t place_bytes[PLACE_BYTES];
    size_t n = padded(bytes.n);
    uint8_t *plain = memory_new(n);
    struct writer writer = writer_over(plain, n);
    struct box_key key;
    enum status status;

    writer_u32(&writer, (uint32_t)bytes.n);
    writer_put(&writer, bytes.at, bytes.n);
    writer_zeros(&writer, n - LENGTH_BYTES - bytes.n);
    box_derive_key(case_key, "sheet", &key);
    status = box_apply(
        &key, sheets->chance, make_place(place, place_bytes), writer_span(&writer), ret);
    memory_wipe(&key, sizeof(key));
    memory_wipe(plain, n);
    memory_free(plain);
    return status;
}

enum status sheets_put(struct sheets *sheets, const struct box_key *case_key,
    const struct sheet_place *place, struct span bytes, int64_t now_ms)
{
    struct buffer boxed;
    enum status status;

    PROMISE(db_in_transaction(sheets->db));
    if (!case_key)
        return STATUS_LOCKED;
    if (bytes.n > SHEETS_BYTES_MAX)
        return STATUS_TOO_BIG;
    buffer_init(&boxed, padded(SHEETS_BYTES_MAX) + BOX_EXTRA_BYTES);
    status = box_up(sheets, case_key, place, bytes, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(sheets->sql, PUT);

        bind_place(query, place);
        query_int(query, 4, now_ms / HOUR_MS);
        query_blob(query, 5, buffer_span(&boxed));
        status = query_run(query);
    }
    if (status == STATUS_OK && db_changes(sheets->db) == 0)
        status = STATUS_CONFLICT;
    buffer_release(&boxed);
    return status;
}

static enum status unbox(const struct box_key *case_key, const struct sheet_place *place,
    struct span boxed, struct buffer *ret)
{
    uint8_t place_bytes[PLACE_BYTES];
    struct box_key key;
    struct buffer plain;
    enum status status;

    box_derive_key(case_key, "sheet", &key);
    buffer_init(&plain, padded(SHEETS_BYTES_MAX));
    status = box_break(&key, make_place(place, place_bytes), boxed, &plain);
    memory_wipe(&key, sizeof(key));
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));
        struct span bytes = reader_take(&reader, reader_u32(&reader));

        reader_zeros(&reader, reader.left);
        status = reader_end(&reader);
        if (status == STATUS_OK) {
            status = buffer_put(ret, bytes.at, bytes.n);
            buffer_release(&plain);
            return status; /* TOO_BIG is the caller's buffer */
        }
    }
    buffer_release(&plain);
    return STATUS_CORRUPT;
}

enum status sheets_get(struct sheets *sheets, const struct box_key *case_key,
    const struct sheet_place *place, struct buffer *ret)
{
    struct query *query;
    bool found = false;
    enum status status;

    if (!case_key)
        return STATUS_LOCKED;
    query = query_start(sheets->sql, GET);
    bind_place(query, place);
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = unbox(case_key, place, row_blob(query, 0), ret);
    query_end(query);
    return status;
}

static enum status read_listed(struct query *query, struct sheet_row *row)
{
    row->id = row_int(query, 0);
    row->place.kind = (enum sheet_kind)row_int(query, 2);
    row->begun_hour = row_int(query, 3);
    row->changed_hour = row_int(query, 4);
    return row_exact(query, 1, row->place.sheet_id.bytes, IDENT_BYTES);
}

enum status sheets_next(struct sheets *sheets, const struct ident *case_id, int64_t after,
    struct sheet_row *ret)
{
    struct query *query = query_start(sheets->sql, NEXT);
    struct sheet_row row = {.place.case_id = *case_id};
    bool found = false;
    enum status status;

    query_ident(query, 1, case_id);
    query_int(query, 2, after);
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = read_listed(query, &row);
    query_end(query);
    if (status == STATUS_OK)
        *ret = row;
    return status;
}

enum status sheets_next_unconfirmed(
    struct sheets *sheets, int64_t after, struct sheet_row *ret)
{
    struct query *query = query_start(sheets->sql, UNCONFIRMED);
    struct sheet_row row = {0};
    bool found = false;

    query_int(query, 1, after);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = read_listed(query, &row);
    if (status == STATUS_OK)
        status = row_exact(query, 5, row.place.case_id.bytes, IDENT_BYTES);
    query_end(query);
    if (status == STATUS_OK)
        *ret = row;
    return status;
}

enum status sheets_remove(struct sheets *sheets, const struct sheet_place *place)
{
    struct query *query;
    enum status status;

    PROMISE(db_in_transaction(sheets->db));
    query = query_start(sheets->sql, REMOVE);
    bind_place(query, place);
    status = query_run(query);
    if (status == STATUS_OK && db_changes(sheets->db) == 0)
        status = STATUS_NOT_FOUND;
    return status;
}

enum status sheets_remove_case(
    struct sheets *sheets, const struct ident *case_id, int64_t *ret_n)
{
    struct query *query;
    enum status status;

    PROMISE(db_in_transaction(sheets->db));
    query = query_start(sheets->sql, REMOVE_CASE);
    query_ident(query, 1, case_id);
    status = query_run(query);
    if (status == STATUS_OK)
        *ret_n = db_changes(sheets->db);
    return status;
}

enum status sheets_expire(
    struct sheets *sheets, int64_t last_hour, int max, int64_t *ret_n)
{
    PROMISE(db_in_transaction(sheets->db));
    struct query *query = query_start(sheets->sql, EXPIRE);

    query_int(query, 1, last_hour);
    query_int(query, 2, max);
    enum status status = query_run(query);
    if (status == STATUS_OK)
        *ret_n = db_changes(sheets->db);
    return status;
}
