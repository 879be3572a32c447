/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | service u8 | giver u8 | way u8 | interpreter u8 | reviewed u8 | override u8 |
 * withdrawn u8 | language 3 | suspicion u8 | groups u32 | text version u32 | given u64 | last u64 | withdrawn day u64 |
 * recipient 16 | four texts, each u16 length and bytes: role, rationale, first, second. Its place is
 * "consent" | consent_id.
 */
#include "consents.h"

#include <string.h>

#include "memory.h"

enum {
    LAYOUT = 1,
    CONTENT_BYTES_MAX = 1024,
    PLACE_BYTES = 24,
    DAY_MAX = 1000000,
    LETTERS = 3
};

static const char PLACE[8] = {'c', 'o', 'n', 's', 'e', 'n', 't', 0};

#define COLUMNS "id, consent_id, subject, content FROM consent "
enum { PUT, CHANGE, FIND, NEXT, REMOVE, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] = "INSERT INTO consent (consent_id, subject, content) VALUES (?1, ?2, ?3)",
    [CHANGE] = "UPDATE consent SET content = ?2 WHERE consent_id = ?1",
    [FIND] = "SELECT " COLUMNS "WHERE consent_id = ?1",
    [NEXT] = "SELECT " COLUMNS "WHERE subject = ?1 AND id > ?2 ORDER BY id LIMIT 1",
    [REMOVE] = "DELETE FROM consent WHERE subject = ?1",
};

struct consents {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
};

enum status consents_open(
    struct db *db, struct chance *chance, struct consents **ret, struct trouble *trouble)
{
    struct consents *consents = memory_new(sizeof(*consents));
    enum status status = statements_open(db, SQL, N_SQL, &consents->sql, trouble);

    consents->db = db;
    consents->chance = chance;
    if (status != STATUS_OK) {
        consents_close(&consents);
        return status;
    }
    *ret = consents;
    return STATUS_OK;
}

void consents_close(struct consents **consents)
{
    if (!*consents)
        return;
    statements_close(&(*consents)->sql);
    memory_free(*consents);
    *consents = NULL;
}

static struct span make_place(const struct ident *id, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, PLACE, sizeof(PLACE));
    memcpy(memory + sizeof(PLACE), id->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static void write_text(struct writer *writer, const char *text)
{
    struct span span = span_text(text ? text : "");

    writer_u16(writer, (uint16_t)span.n);
    writer_put(writer, span.at, span.n);
}

static void write_consent(struct writer *writer, const struct consent *consent)
{
    const uint8_t codes[] = {LAYOUT, (uint8_t)consent->service, (uint8_t)consent->giver,
        (uint8_t)consent->way, consent->interpreter, consent->text_reviewed,
        (uint8_t)consent->override, (uint8_t)consent->withdrawn};

    writer_put(writer, codes, sizeof(codes));
    writer_put(writer, consent->language, LETTERS);
    writer_u8(writer, (uint8_t)consent->suspicion);
    writer_u32(writer, consent->groups);
    writer_u32(writer, consent->text_version);
    writer_u64(writer, (uint64_t)consent->given_day);
    writer_u64(writer, (uint64_t)consent->last_day);
    writer_u64(writer, (uint64_t)consent->withdrawn_day);
    writer_put(writer, consent->recipient.bytes, IDENT_BYTES);
    write_text(writer, consent->role);
    write_text(writer, consent->rationale);
    write_text(writer, consent->first);
    write_text(writer, consent->second);
}

static enum status box_consent(struct consents *consents, const struct box_key *key,
    const struct consent_row *row, struct buffer *ret)
{
    uint8_t plain[CONTENT_BYTES_MAX], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));

    write_consent(&writer, &row->consent);
    enum status status = box_apply(key, consents->chance,
        make_place(&row->consent_id, place), writer_span(&writer), ret);
    memory_wipe(plain, sizeof(plain));
    return status;
}

static const char *read_text(struct reader *reader, struct arena *arena)
{
    struct span span = reader_take(reader, reader_u16(reader));
    const char *copy = span.at ? arena_copy(arena, span.at, span.n) : NULL;

    if (!copy)
        reader_fail(reader);
    return copy;
}

static int64_t read_day(struct reader *reader)
{
    uint64_t day = reader_u64(reader);

    if (day > DAY_MAX)
        reader_fail(reader);
    return day > DAY_MAX ? 0 : (int64_t)day;
}

static enum status read_consent(
    struct reader *reader, struct arena *arena, struct consent *ret)
{
    struct consent consent = {0};

    if (reader_u8(reader) != LAYOUT)
        reader_fail(reader);
    consent.service = (enum service)reader_u8(reader);
    consent.giver = (enum consent_giver)reader_u8(reader);
    consent.way = (enum consent_way)reader_u8(reader);
    consent.interpreter = reader_u8(reader) != 0;
    consent.text_reviewed = reader_u8(reader) != 0;
    consent.override = (enum override)reader_u8(reader);
    consent.withdrawn = (enum withdrawal)reader_u8(reader);
    reader_copy(reader, consent.language, LETTERS);
    consent.suspicion = (enum consent_suspicion)reader_u8(reader);
    consent.groups = reader_u32(reader);
    consent.text_version = reader_u32(reader);
    consent.given_day = read_day(reader);
    consent.last_day = read_day(reader);
    consent.withdrawn_day = read_day(reader);
    reader_copy(reader, consent.recipient.bytes, IDENT_BYTES);
    consent.role = read_text(reader, arena);
    consent.rationale = read_text(reader, arena);
    consent.first = read_text(reader, arena);
    consent.second = read_text(reader, arena);
    if (reader_end(reader) != STATUS_OK || !service_name(consent.service) ||
        consent.suspicion >= SUSPICION_COUNT || !consent_giver_name(consent.giver) ||
        !consent_way_name(consent.way))
        return STATUS_CORRUPT;
    *ret = consent;
    return STATUS_OK;
}

/* Writes the row's box by a statement whose first parameter is the consent's id. */
static enum status write_row(struct consents *consents, const struct box_key *key,
    const struct consent_row *row, size_t statement)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(consents->db));
    buffer_init(&boxed, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    enum status status = box_consent(consents, key, row, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(consents->sql, statement);
        int index = 1;

        query_ident(query, index++, &row->consent_id);
        if (statement == PUT)
            query_ident(query, index++, &row->subject);
        query_blob(query, index, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status consents_put(
    struct consents *consents, const struct box_key *key, const struct consent_row *row)
{
    return write_row(consents, key, row, PUT);
}

enum status consents_change(
    struct consents *consents, const struct box_key *key, const struct consent_row *row)
{
    enum status status = write_row(consents, key, row, CHANGE);

    return status == STATUS_OK && db_changes(consents->db) == 0 ? STATUS_NOT_FOUND
                                                                : status;
}

/* The present row of the query; NOT_FOUND without one. Ends the query. */
static enum status read_row(struct query *query, const struct box_key *key,
    struct arena *arena, struct consent_row *ret)
{
    struct consent_row row = {0};
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    bool found = false;
    enum status status = query_next(query, &found);

    buffer_init(&plain, CONTENT_BYTES_MAX);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        row.id = row_int(query, 0);
        status = row_exact(query, 1, row.consent_id.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        status = row_exact(query, 2, row.subject.bytes, IDENT_BYTES);
    if (status == STATUS_OK && box_break(key, make_place(&row.consent_id, place),
                                   row_blob(query, 3), &plain) != STATUS_OK)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));

        status = read_consent(&reader, arena, &row.consent);
    }
    query_end(query);
    buffer_release(&plain);
    if (status == STATUS_OK)
        *ret = row;
    else if (status == STATUS_CORRUPT && row.id > 0)
        ret->id = row.id; /* so that whoever goes through them can go on behind it */
    return status;
}

enum status consents_find(struct consents *consents, const struct box_key *key,
    const struct ident *consent_id, struct arena *arena, struct consent_row *ret)
{
    struct query *query = query_start(consents->sql, FIND);

    query_ident(query, 1, consent_id);
    return read_row(query, key, arena, ret);
}

enum status consents_next(struct consents *consents, const struct box_key *key,
    const struct ident *subject, int64_t after, struct arena *arena,
    struct consent_row *ret)
{
    struct query *query = query_start(consents->sql, NEXT);

    query_ident(query, 1, subject);
    query_int(query, 2, after);
    return read_row(query, key, arena, ret);
}

enum status consents_remove(struct consents *consents, const struct ident *subject)
{
    PROMISE(db_in_transaction(consents->db));
    struct query *query = query_start(consents->sql, REMOVE);
    query_ident(query, 1, subject);
    return query_run(query);
}
