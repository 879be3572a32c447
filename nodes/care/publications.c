/* SPDX-License-Identifier: Apache-2.0
 * The place of a box is "publish" | month u32 | cube u8 | kind u8: no table opens as another one.
 */
#include "publications.h"

#include <string.h>

#include "memory.h"

enum { PLACE_BYTES = 14 };

static const char PLACE[8] = {'p', 'u', 'b', 'l', 'i', 's', 'h', 0};

const char *const PUBLICATION_SCHEMA =
    /* content: a box. */
    "CREATE TABLE publication ("
    " month INTEGER NOT NULL,"
    " cube INTEGER NOT NULL,"
    " kind INTEGER NOT NULL,"
    " content BLOB NOT NULL,"
    " PRIMARY KEY (month, cube, kind)"
    ") STRICT, WITHOUT ROWID;";

enum { PUT, FIND, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] =
        "INSERT INTO publication (month, cube, kind, content) VALUES (?1, ?2, ?3, ?4)",
    [FIND] =
        "SELECT content FROM publication WHERE month = ?1 AND cube = ?2 AND kind = ?3",
};

struct publications {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key key;
};

enum status publications_open(struct db *db, struct chance *chance,
    struct publications **ret, struct trouble *trouble)
{
    struct publications *publications = memory_new(sizeof(*publications));
    enum status status = statements_open(db, SQL, N_SQL, &publications->sql, trouble);

    publications->db = db;
    publications->chance = chance;
    if (status != STATUS_OK) {
        publications_close(&publications);
        return status;
    }
    *ret = publications;
    return STATUS_OK;
}

void publications_close(struct publications **publications)
{
    if (!*publications)
        return;
    publications_lock(*publications);
    statements_close(&(*publications)->sql);
    memory_free(*publications);
    *publications = NULL;
}

void publications_unlock(struct publications *publications, const struct box_key *master)
{
    box_derive_key(master, "publication", &publications->key);
    publications->unlocked = true;
}

void publications_lock(struct publications *publications)
{
    memory_wipe(&publications->key, sizeof(publications->key));
    publications->unlocked = false;
}

static struct span make_place(
    const struct publication_place *place, uint8_t memory[PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, PLACE, sizeof(PLACE));
    writer_u32(&writer, (uint32_t)place->month);
    writer_u8(&writer, (uint8_t)place->cube);
    writer_u8(&writer, (uint8_t)place->kind);
    return writer_span(&writer);
}

static void bind(struct query *query, const struct publication_place *place)
{
    query_int(query, 1, place->month);
    query_int(query, 2, place->cube);
    query_int(query, 3, place->kind);
}

enum status publications_put(struct publications *publications,
    const struct publication_place *place, struct span bytes)
{
    uint8_t memory[PLACE_BYTES];
    struct buffer boxed;

    PROMISE(db_in_transaction(publications->db));
    if (!publications->unlocked)
        return STATUS_LOCKED;
    if (bytes.n > PUBLICATION_BYTES_MAX)
        return STATUS_TOO_BIG;
    buffer_init(&boxed, PUBLICATION_BYTES_MAX + BOX_EXTRA_BYTES);
    enum status status = box_apply(&publications->key, publications->chance,
        make_place(place, memory), bytes, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(publications->sql, PUT);

        bind(query, place);
        query_blob(query, 4, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status publications_find(struct publications *publications,
    const struct publication_place *place, struct buffer *ret)
{
    uint8_t memory[PLACE_BYTES];
    bool found = false;

    if (!publications->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(publications->sql, FIND);
    bind(query, place);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK && box_break(&publications->key, make_place(place, memory),
                                   row_blob(query, 0), ret) != STATUS_OK)
        status = STATUS_CORRUPT;
    query_end(query);
    return status;
}
