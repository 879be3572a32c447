/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | word u8 | bytes of the enquiry u16 | answer until u64 | answered u64 | the
 * enquiry as it travels. Its place is "enquiry" | reference hash | peer | side.
 */
#include "enquiries.h"

#include <string.h>

#include "hash.h"
#include "memory.h"

enum {
    LAYOUT = 1,
    HEAD_BYTES = 4 + 8 + 8,
    CONTENT_BYTES = HEAD_BYTES + ENQUIRY_BYTES_MAX,
    PLACE_BYTES = 8 + HASH_BYTES + IDENT_BYTES + 1
};

const char *const ENQUIRIES_SCHEMA =
    /* What was asked before a referral, and answered. content: a box. */
    "CREATE TABLE enquiry ("
    " id INTEGER PRIMARY KEY,"
    " mine INTEGER NOT NULL CHECK (mine IN (0, 1)),"
    " peer BLOB NOT NULL CHECK (length(peer) = 16),"
    " day INTEGER NOT NULL,"
    " reference_hash BLOB NOT NULL CHECK (length(reference_hash) = 32),"
    " content BLOB NOT NULL,"
    " UNIQUE (reference_hash, peer, mine)"
    ") STRICT;"
    "CREATE INDEX enquiry_peer ON enquiry (peer, mine);"
    "CREATE INDEX enquiry_day ON enquiry (day);";

#define COLUMNS "id, mine, peer, day, reference_hash, content FROM enquiry "
enum { PUT, CHANGE, FIND, FIND_OF, FAIRLY, COUNT, DROP, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] = "INSERT INTO enquiry (mine, peer, day, reference_hash, content)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    [CHANGE] = "UPDATE enquiry SET content = ?2 WHERE id = ?1",
    [FIND] =
        "SELECT " COLUMNS "WHERE reference_hash = ?1 AND mine = ?2 ORDER BY id LIMIT 1",
    [FIND_OF] = "SELECT " COLUMNS "WHERE reference_hash = ?1 AND mine = ?2 AND peer = ?3",
    /* The turn of a row: how many newer ones the same member has on the same side. */
    [FAIRLY] = "SELECT enquiry.id, mine, peer, day, reference_hash, content FROM"
               " (SELECT id, row_number() OVER"
               " (PARTITION BY peer, mine ORDER BY id DESC) AS turn FROM enquiry) AS row"
               " JOIN enquiry ON enquiry.id = row.id ORDER BY turn, enquiry.id DESC",
    [COUNT] = "SELECT count(*) FROM enquiry WHERE peer = ?1 AND mine = 0",
    [DROP] = "DELETE FROM enquiry WHERE day < ?1",
};

struct enquiries {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    struct arena *arena;
    bool unlocked;
    struct box_key content_key, hash_key;
};

enum status enquiries_open(
    struct db *db, struct chance *chance, struct enquiries **ret, struct trouble *trouble)
{
    struct enquiries *enquiries = memory_new(sizeof(*enquiries));
    enum status status = statements_open(db, SQL, N_SQL, &enquiries->sql, trouble);

    enquiries->db = db;
    enquiries->chance = chance;
    enquiries->arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    if (status != STATUS_OK) {
        enquiries_close(&enquiries);
        return status;
    }
    *ret = enquiries;
    return STATUS_OK;
}

void enquiries_close(struct enquiries **enquiries)
{
    if (!*enquiries)
        return;
    enquiries_lock(*enquiries);
    statements_close(&(*enquiries)->sql);
    arena_destroy(&(*enquiries)->arena);
    memory_free(*enquiries);
    *enquiries = NULL;
}

void enquiries_unlock(struct enquiries *enquiries, const struct box_key *master)
{
    box_derive_key(master, "enquiry", &enquiries->content_key);
    box_derive_key(master, "enquiry hash", &enquiries->hash_key);
    enquiries->unlocked = true;
}

void enquiries_lock(struct enquiries *enquiries)
{
    memory_wipe(&enquiries->content_key, sizeof(enquiries->content_key));
    memory_wipe(&enquiries->hash_key, sizeof(enquiries->hash_key));
    enquiries->unlocked = false;
}

static struct span make_place(const struct hash *hash, const struct ident *peer,
    bool mine, uint8_t memory[PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, "enquiry", 8);
    writer_put(&writer, hash->bytes, HASH_BYTES);
    writer_put(&writer, peer->bytes, IDENT_BYTES);
    writer_u8(&writer, mine);
    return writer_span(&writer);
}

static struct hash hash_of_reference(
    const struct enquiries *enquiries, const char *reference)
{
    return hash_keyed(enquiries->hash_key.bytes, span_text(reference));
}

static enum status box_row(
    struct enquiries *enquiries, const struct enquiry_row *row, struct buffer *ret)
{
    struct hash hash = hash_of_reference(enquiries, row->enquiry.reference);
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));
    struct buffer asked;

    buffer_init(&asked, ENQUIRY_BYTES_MAX);
    enum status status = enquiry_encode(&row->enquiry, &asked);
    if (status == STATUS_OK) {
        writer_u8(&writer, LAYOUT);
        writer_u8(&writer, (uint8_t)row->word);
        writer_u16(&writer, (uint16_t)asked.used);
        writer_u64(&writer, (uint64_t)row->answer_until_ms);
        writer_u64(&writer, (uint64_t)row->answered_ms);
        writer_put(&writer, asked.bytes, asked.used);
        status = box_apply(&enquiries->content_key, enquiries->chance,
            make_place(&hash, &row->peer, row->mine, place), writer_span(&writer), ret);
    }
    memory_wipe(plain, sizeof(plain));
    buffer_release(&asked);
    return status;
}

static enum status check_room(struct enquiries *enquiries, const struct enquiry_row *row)
{
    struct query *query;
    bool found = false;
    int64_t n = 0;

    if (row->mine)
        return STATUS_OK;
    query = query_start(enquiries->sql, COUNT);
    query_ident(query, 1, &row->peer);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && found)
        n = row_int(query, 0);
    query_end(query);
    return status == STATUS_OK && n >= ENQUIRIES_OF_PEER_MAX ? STATUS_TOO_BIG : status;
}

enum status enquiries_put(struct enquiries *enquiries, const struct enquiry_row *row)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(enquiries->db));
    if (!enquiries->unlocked)
        return STATUS_LOCKED;
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = check_room(enquiries, row);
    if (status == STATUS_OK)
        status = box_row(enquiries, row, &boxed);
    if (status == STATUS_OK) {
        struct hash hash = hash_of_reference(enquiries, row->enquiry.reference);
        struct query *query = query_start(enquiries->sql, PUT);

        query_int(query, 1, row->mine);
        query_ident(query, 2, &row->peer);
        query_int(query, 3, row->day);
        query_blob(query, 4, hash_span(&hash));
        query_blob(query, 5, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

static enum status read_content(
    struct enquiries *enquiries, struct span plain, struct enquiry_row *row)
{
    struct reader reader = reader_over(plain);

    if (reader_u8(&reader) != LAYOUT)
        reader_fail(&reader);
    row->word = (enum enquiry_word)reader_u8(&reader);
    uint16_t n = reader_u16(&reader);
    row->answer_until_ms = reader_time_ms(&reader);
    row->answered_ms = reader_time_ms(&reader);
    struct span asked = reader_take(&reader, n);
    if (reader_end(&reader) != STATUS_OK ||
        (row->word != 0 && !enquiry_word_name(row->word)))
        return STATUS_CORRUPT;
    arena_reset(enquiries->arena);
    enum status status = enquiry_decode(enquiries->arena, asked, &row->enquiry);
    arena_reset(enquiries->arena);
    return status == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

/* The next row of the query, damaged or not; NOT_FOUND at its end. */
static enum status read_row(
    struct enquiries *enquiries, struct query *query, struct enquiry_row *ret)
{
    struct enquiry_row row = {0};
    struct hash hash = {{0}};
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    bool found = false;
    enum status status = query_next(query, &found);

    buffer_init(&plain, CONTENT_BYTES);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        row.id = row_int(query, 0);
        row.mine = row_int(query, 1) != 0;
        row.day = row_int(query, 3);
        status = row_exact(query, 2, row.peer.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        status = row_exact(query, 4, hash.bytes, HASH_BYTES);
    if (status == STATUS_OK) {
        *ret = row;
        ret->damaged = box_break(&enquiries->content_key,
                           make_place(&hash, &row.peer, row.mine, place),
                           row_blob(query, 5), &plain) != STATUS_OK ||
                       read_content(enquiries, buffer_span(&plain), &row) != STATUS_OK;
        if (!ret->damaged)
            *ret = row;
    }
    buffer_release(&plain);
    return status;
}

enum status enquiries_find(struct enquiries *enquiries, const char *reference, bool mine,
    const struct ident *peer, struct enquiry_row *ret)
{
    if (!enquiries->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_of_reference(enquiries, reference);
    struct query *query = query_start(enquiries->sql, peer ? FIND_OF : FIND);

    query_blob(query, 1, hash_span(&hash));
    query_int(query, 2, mine);
    if (peer)
        query_ident(query, 3, peer);
    enum status status = read_row(enquiries, query, ret);
    query_end(query);
    return status == STATUS_OK && ret->damaged ? STATUS_CORRUPT : status;
}

enum status enquiries_answer(struct enquiries *enquiries, const struct enquiry_row *row)
{
    struct enquiry_row known;
    struct buffer boxed;

    PROMISE(db_in_transaction(enquiries->db));
    enum status status =
        enquiries_find(enquiries, row->enquiry.reference, row->mine, &row->peer, &known);
    if (status == STATUS_OK && known.word != 0 && known.answered_ms >= row->answered_ms)
        status = STATUS_EXISTS;
    if (status != STATUS_OK)
        return status;
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    status = box_row(enquiries, row, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(enquiries->sql, CHANGE);

        query_int(query, 1, known.id);
        query_blob(query, 2, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

/* One half of the list, behind what is there already. */
static enum status list_half(struct enquiries *enquiries, bool waiting, size_t max,
    struct enquiry_row ret[], size_t *n)
{
    struct query *query = query_start(enquiries->sql, FAIRLY);
    enum status status = STATUS_OK;

    while (status == STATUS_OK && *n < max) {
        struct enquiry_row row;

        status = read_row(enquiries, query, &row);
        if (status == STATUS_OK && waiting == (row.word == 0 && !row.damaged))
            ret[(*n)++] = row;
    }
    query_end(query);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status enquiries_list(
    struct enquiries *enquiries, size_t max, struct enquiry_row ret[], size_t *ret_n)
{
    *ret_n = 0;
    if (!enquiries->unlocked)
        return STATUS_LOCKED;
    enum status status = list_half(enquiries, true, max, ret, ret_n);
    return status == STATUS_OK ? list_half(enquiries, false, max, ret, ret_n) : status;
}

enum status enquiries_drop(struct enquiries *enquiries, int64_t before_day)
{
    struct query *query = query_start(enquiries->sql, DROP);

    PROMISE(db_in_transaction(enquiries->db));
    query_int(query, 1, before_day);
    return query_run(query);
}
