/* SPDX-License-Identifier: Apache-2.0
 * Plain content, version 1: u8 1 | role u8 | gender u8 | number of languages u8 | 8 languages of 3 letters or zeros |
 * district u16 | from day u32 | until day u32 | reference 9 | person: length u8, text | contact: length u8, text. Its
 * place is "surge" | id 16.
 */
#include "surges.h"

#include <string.h>

#include "ident.h"
#include "memory.h"

enum {
    LAYOUT = 1,
    LANGUAGE_BYTES = 3,
    CONTENT_BYTES = 4 + LANGUAGES_MAX * LANGUAGE_BYTES + 2 + 4 + 4 + REFERENCE_BYTES - 1 +
                    2 * (1 + SURGE_TEXT_BYTES),
    PLACE_BYTES = 6 + IDENT_BYTES
};

const char *const SURGES_SCHEMA =
    /* Who may be called up. content: a box. */
    "CREATE TABLE surge ("
    " id INTEGER PRIMARY KEY,"
    " ident BLOB NOT NULL UNIQUE CHECK (length(ident) = 16),"
    " until_day INTEGER NOT NULL,"
    " content BLOB NOT NULL"
    ") STRICT;";

enum { ADD, NEXT, COUNT, REMOVE, DROP, N_SQL };
static const char *const SQL[N_SQL] = {
    [ADD] = "INSERT INTO surge (ident, until_day, content) VALUES (?1, ?2, ?3)",
    [NEXT] = "SELECT id, ident, until_day, content FROM surge WHERE id > ?1"
             " ORDER BY id LIMIT 1",
    [COUNT] = "SELECT count(*) FROM surge",
    [REMOVE] = "DELETE FROM surge WHERE id = ?1",
    [DROP] = "DELETE FROM surge WHERE until_day < ?1",
};

struct surges {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key key;
};

enum status surges_open(
    struct db *db, struct chance *chance, struct surges **ret, struct trouble *trouble)
{
    struct surges *surges = memory_new(sizeof(*surges));
    enum status status = statements_open(db, SQL, N_SQL, &surges->sql, trouble);

    surges->db = db;
    surges->chance = chance;
    if (status != STATUS_OK) {
        surges_close(&surges);
        return status;
    }
    *ret = surges;
    return STATUS_OK;
}

void surges_close(struct surges **surges)
{
    if (!*surges)
        return;
    surges_lock(*surges);
    statements_close(&(*surges)->sql);
    memory_free(*surges);
    *surges = NULL;
}

void surges_unlock(struct surges *surges, const struct box_key *master)
{
    box_derive_key(master, "surge", &surges->key);
    surges->unlocked = true;
}

void surges_lock(struct surges *surges)
{
    memory_wipe(&surges->key, sizeof(surges->key));
    surges->unlocked = false;
}

static struct span make_place(const struct ident *ident, uint8_t memory[PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, "surge", 6);
    writer_put(&writer, ident->bytes, IDENT_BYTES);
    return writer_span(&writer);
}

static void write_text(struct writer *writer, const char *text)
{
    size_t n = strlen(text);

    PROMISE(n <= SURGE_TEXT_BYTES);
    writer_u8(writer, (uint8_t)n);
    writer_put(writer, text, n);
}

static enum status box_row(struct surges *surges, const struct ident *ident,
    const struct surge *surge, struct buffer *ret)
{
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));

    writer_u8(&writer, LAYOUT);
    writer_u8(&writer, (uint8_t)surge->role);
    writer_u8(&writer, (uint8_t)surge->gender);
    writer_u8(&writer, (uint8_t)surge->n_languages);
    for (size_t i = 0; i < LANGUAGES_MAX; i++)
        writer_put(&writer, surge->languages[i], LANGUAGE_BYTES);
    writer_u16(&writer, surge->district);
    writer_u32(&writer, (uint32_t)surge->from_day);
    writer_u32(&writer, (uint32_t)surge->until_day);
    writer_put(&writer, surge->reference, REFERENCE_BYTES - 1);
    write_text(&writer, surge->person);
    write_text(&writer, surge->contact);
    enum status status = box_apply(&surges->key, surges->chance, make_place(ident, place),
        writer_span(&writer), ret);
    memory_wipe(plain, sizeof(plain));
    return status;
}

static enum status check_room(struct surges *surges)
{
    struct query *query = query_start(surges->sql, COUNT);
    bool found = false;
    int64_t n = 0;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && found)
        n = row_int(query, 0);
    query_end(query);
    return status == STATUS_OK && n >= SURGES_MAX ? STATUS_TOO_BIG : status;
}

enum status surges_add(struct surges *surges, struct surge *surge)
{
    struct buffer boxed;

    PROMISE(db_in_transaction(surges->db));
    if (!surges->unlocked)
        return STATUS_LOCKED;
    struct ident ident = ident_new(surges->chance);
    reference_new(surges->chance, surge->reference);
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = check_room(surges);
    if (status == STATUS_OK)
        status = box_row(surges, &ident, surge, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(surges->sql, ADD);

        query_ident(query, 1, &ident);
        query_int(query, 2, surge->until_day);
        query_blob(query, 3, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

static void read_text(struct reader *reader, char ret[static SURGE_TEXT_BYTES + 1])
{
    size_t n = reader_u8(reader);
    struct span text = reader_take(reader, n);

    if (n > SURGE_TEXT_BYTES || text.n != n)
        reader_fail(reader);
    else if (n > 0)
        memcpy(ret, text.at, n);
}

static enum status read_content(struct span plain, struct surge *ret)
{
    struct reader reader = reader_over(plain);

    if (reader_u8(&reader) != LAYOUT)
        reader_fail(&reader);
    ret->role = (enum role)reader_u8(&reader);
    ret->gender = (enum gender)reader_u8(&reader);
    ret->n_languages = reader_u8(&reader);
    for (size_t i = 0; i < LANGUAGES_MAX; i++)
        reader_copy(&reader, ret->languages[i], LANGUAGE_BYTES);
    ret->district = reader_u16(&reader);
    ret->from_day = reader_u32(&reader);
    ret->until_day = reader_u32(&reader);
    reader_copy(&reader, ret->reference, REFERENCE_BYTES - 1);
    read_text(&reader, ret->person);
    read_text(&reader, ret->contact);
    return reader_end(&reader) == STATUS_OK && role_name(ret->role) &&
                   gender_name(ret->gender) && ret->n_languages <= LANGUAGES_MAX
               ? STATUS_OK
               : STATUS_CORRUPT;
}

/* The row of the query, which it ends. One that does not open is damaged, and no error. */
static enum status read_row(
    struct surges *surges, struct query *query, struct surge_row *ret)
{
    uint8_t place[PLACE_BYTES];
    struct ident ident;
    struct buffer plain;
    bool found = false;
    enum status status = query_next(query, &found);

    *ret = (struct surge_row){0};
    buffer_init(&plain, CONTENT_BYTES);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        ret->id = row_int(query, 0);
        ret->damaged = row_exact(query, 1, ident.bytes, IDENT_BYTES) != STATUS_OK ||
                       box_break(&surges->key, make_place(&ident, place),
                           row_blob(query, 3), &plain) != STATUS_OK ||
                       read_content(buffer_span(&plain), &ret->surge) != STATUS_OK;
        if (ret->damaged)
            ret->surge = (struct surge){.until_day = row_int(query, 2)};
    }
    query_end(query);
    buffer_release(&plain);
    return status;
}

enum status surges_next(struct surges *surges, int64_t after, struct surge_row *ret)
{
    if (!surges->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(surges->sql, NEXT);

    query_int(query, 1, after);
    return read_row(surges, query, ret);
}

static enum status delete_where(struct surges *surges, int statement, int64_t value)
{
    PROMISE(db_in_transaction(surges->db));
    struct query *query = query_start(surges->sql, statement);

    query_int(query, 1, value);
    return query_run(query);
}

enum status surges_remove(struct surges *surges, int64_t id)
{
    return delete_where(surges, REMOVE, id);
}

enum status surges_drop(struct surges *surges, int64_t before_day)
{
    return delete_where(surges, DROP, before_day);
}
