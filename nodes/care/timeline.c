/* SPDX-License-Identifier: Apache-2.0
 * Plain content: event u8 | detail u8 | has reference u8 | 5 zeros | who 16 | reference 9 | text. Its place is
 * "caseevnt" | the row's own random ident | the case's.
 */
#include "timeline.h"

#include <string.h>

#include "memory.h"

enum {
    HEAD_BYTES = 8 + IDENT_BYTES + REFERENCE_BYTES - 1,
    CONTENT_BYTES_MAX = HEAD_BYTES + EVENT_TEXT_BYTES_MAX,
    PLACE_BYTES = 8 + 2 * IDENT_BYTES
};

enum { ADD, NEXT, N_SQL };
static const char *const SQL[N_SQL] = {
    [ADD] = "INSERT INTO case_event (case_ident, row_ident, day, content)"
            " VALUES (?1, ?2, ?3, ?4)",
    [NEXT] = "SELECT id, row_ident, day, content FROM case_event"
             " WHERE case_ident = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1",
};

struct timeline {
    struct db *db;
    struct chance *chance;
    struct casebook *casebook;
    struct statements *sql;
};

enum status timeline_open(struct db *db, struct chance *chance, struct casebook *casebook,
    struct timeline **ret, struct trouble *trouble)
{
    struct timeline *timeline = memory_new(sizeof(*timeline));
    enum status status = statements_open(db, SQL, N_SQL, &timeline->sql, trouble);

    timeline->db = db;
    timeline->chance = chance;
    timeline->casebook = casebook;
    if (status != STATUS_OK) {
        timeline_close(&timeline);
        return status;
    }
    *ret = timeline;
    return STATUS_OK;
}

void timeline_close(struct timeline **timeline)
{
    if (!*timeline)
        return;
    statements_close(&(*timeline)->sql);
    memory_free(*timeline);
    *timeline = NULL;
}

static struct span make_place(const struct ident *row, const struct ident *ident,
    uint8_t memory[static PLACE_BYTES])
{
    memcpy(memory, "caseevnt", 8);
    memcpy(memory + 8, row->bytes, IDENT_BYTES);
    memcpy(memory + 8 + IDENT_BYTES, ident->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static enum status box_content(struct timeline *timeline, const struct ident *ident,
    const struct ident *row_ident, const struct event_row *row, struct buffer *ret)
{
    uint8_t place[PLACE_BYTES];
    struct box_key key;
    struct buffer plain;
    enum status status = casebook_key(timeline->casebook, ident, &key);

    if (status != STATUS_OK)
        return status;
    buffer_init(&plain, CONTENT_BYTES_MAX);
    struct writer writer = writer_over(buffer_grow(&plain, HEAD_BYTES), HEAD_BYTES);
    writer_u8(&writer, (uint8_t)row->event);
    writer_u8(&writer, row->detail);
    writer_u8(&writer, *row->reference != 0);
    writer_zeros(&writer, 5);
    writer_ident(&writer, &row->who);
    writer_put(&writer, row->reference, REFERENCE_BYTES - 1);
    PROMISE(writer_span(&writer).n == HEAD_BYTES);
    status = buffer_put(&plain, row->text, strlen(row->text));
    if (status == STATUS_OK)
        status = box_apply(&key, timeline->chance, make_place(row_ident, ident, place),
            buffer_span(&plain), ret);
    memory_wipe(&key, sizeof(key));
    buffer_release(&plain);
    return status;
}

enum status timeline_add(
    struct timeline *timeline, const struct ident *ident, const struct event_row *row)
{
    struct ident row_ident = ident_new(timeline->chance);
    struct buffer content;
    enum status status;

    PROMISE(db_in_transaction(timeline->db));
    PROMISE(case_event_name(row->event));
    if (!text_is_clean(span_text(row->text)))
        return STATUS_MALFORMED;
    buffer_init(&content, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    status = box_content(timeline, ident, &row_ident, row, &content);
    if (status == STATUS_OK) {
        struct query *query = query_start(timeline->sql, ADD);

        query_ident(query, 1, ident);
        query_ident(query, 2, &row_ident);
        query_int(query, 3, row->day);
        query_blob(query, 4, buffer_span(&content));
        status = query_run(query);
    }
    buffer_release(&content);
    return status;
}

static enum status read_content(struct span plain, struct event_row *row)
{
    struct reader reader = reader_over(plain);

    row->event = (enum case_event)reader_u8(&reader);
    row->detail = reader_u8(&reader);
    uint8_t has_reference = reader_u8(&reader);
    reader_zeros(&reader, 5);
    row->who = reader_ident(&reader);
    reader_copy(&reader, row->reference, REFERENCE_BYTES - 1);
    row->reference[has_reference ? REFERENCE_BYTES - 1 : 0] = 0;
    struct span text = reader_take(&reader, reader.left);
    if (reader.bad || !case_event_name(row->event) || text.n > EVENT_TEXT_BYTES_MAX)
        return STATUS_CORRUPT;
    if (text.n > 0)
        memcpy(row->text, text.at, text.n);
    row->text[text.n] = 0;
    return STATUS_OK;
}

static enum status break_content(const struct box_key *key, struct span place,
    struct span boxed, struct event_row *row)
{
    struct buffer plain;

    buffer_init(&plain, CONTENT_BYTES_MAX);
    enum status status = box_break(key, place, boxed, &plain);
    if (status == STATUS_OK)
        status = read_content(buffer_span(&plain), row);
    buffer_release(&plain);
    return status;
}

enum status timeline_next(struct timeline *timeline, const struct ident *ident,
    int64_t before, struct event_row *ret)
{
    uint8_t place[PLACE_BYTES];
    struct box_key key;
    struct ident row_ident = {{0}};
    bool found = false;
    enum status status = casebook_key(timeline->casebook, ident, &key);

    if (status != STATUS_OK)
        return status;
    struct query *query = query_start(timeline->sql, NEXT);
    query_ident(query, 1, ident);
    query_int(query, 2, before);
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 1, row_ident.bytes, IDENT_BYTES);
    if (status == STATUS_OK) {
        struct event_row row = {0};
        enum status opened = break_content(
            &key, make_place(&row_ident, ident, place), row_blob(query, 3), &row);

        if (opened != STATUS_OK)
            row = (struct event_row){.damaged = true};
        row.id = row_int(query, 0);
        row.day = row_int(query, 2);
        *ret = row;
        memory_wipe(&row, sizeof(row));
    }
    query_end(query);
    memory_wipe(&key, sizeof(key));
    return status;
}
