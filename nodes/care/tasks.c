/* SPDX-License-Identifier: Apache-2.0
 * Plain content, fixed: name 9 | state u8 | return type u8 | minor u8 | care need u8 | has rcms u8 | line u32 | vehicle 20 |
 * sending state 4 | day u64 | changed day u64 | rcms 32 | who 16 | case 16. Its place is "casetask" | the row's own
 * random ident.
 */
#include "tasks.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum {
    NAME_BYTES = REFERENCE_BYTES - 1,
    CONTENT_BYTES = NAME_BYTES + 5 + 4 + VEHICLE_BYTES_MAX + STATE_BYTES + 16 +
                    HASH_BYTES + 2 * IDENT_BYTES,
    PLACE_BYTES = 8 + IDENT_BYTES
};

enum { ADD_LIST, KNOWS_LIST, ADD, FIND, NEXT, PUT, EXPIRE, EXPIRE_LISTS, N_SQL };
static const char *const SQL[N_SQL] = {
    [ADD_LIST] = "INSERT INTO arrival_list (list_hash, day) VALUES (?1, ?2)",
    [KNOWS_LIST] = "SELECT count(*) FROM arrival_list WHERE list_hash = ?1",
    [ADD] = "INSERT INTO task (row_ident, number_mark, list, rank, day, settled, content)"
            " VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
    [FIND] = "SELECT id, row_ident, day, rank, content FROM task WHERE number_mark = ?1",
    [NEXT] = "SELECT id, row_ident, day, rank, content FROM task WHERE settled = ?1"
             " AND (day, rank, id) > (?2, ?3, ?4) ORDER BY day, rank, id LIMIT 1",
    [PUT] = "UPDATE task SET settled = ?2, content = ?3 WHERE number_mark = ?1"
            " AND row_ident = ?4",
    [EXPIRE] = "DELETE FROM task WHERE id IN"
               " (SELECT id FROM task WHERE day <= ?1 LIMIT ?2)",
    [EXPIRE_LISTS] = "DELETE FROM arrival_list WHERE day <= ?1"
                     " AND NOT EXISTS (SELECT 1 FROM task WHERE list = arrival_list.id)",
};

struct tasks {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key content_key, name_key, list_key;
};

enum status tasks_open(
    struct db *db, struct chance *chance, struct tasks **ret, struct trouble *trouble)
{
    struct tasks *tasks = memory_new(sizeof(*tasks));
    enum status status = statements_open(db, SQL, N_SQL, &tasks->sql, trouble);

    tasks->db = db;
    tasks->chance = chance;
    if (status != STATUS_OK) {
        tasks_close(&tasks);
        return status;
    }
    *ret = tasks;
    return STATUS_OK;
}

void tasks_close(struct tasks **tasks)
{
    if (!*tasks)
        return;
    tasks_lock(*tasks);
    statements_close(&(*tasks)->sql);
    memory_free(*tasks);
    *tasks = NULL;
}

void tasks_unlock(struct tasks *tasks, const struct box_key *master)
{
    box_derive_key(master, "task", &tasks->content_key);
    box_derive_key(master, "task-name", &tasks->name_key);
    box_derive_key(master, "arrival-list", &tasks->list_key);
    tasks->unlocked = true;
}

void tasks_lock(struct tasks *tasks)
{
    memory_wipe(&tasks->content_key, sizeof(tasks->content_key));
    memory_wipe(&tasks->name_key, sizeof(tasks->name_key));
    memory_wipe(&tasks->list_key, sizeof(tasks->list_key));
    tasks->unlocked = false;
}

struct hash tasks_list_hash(const struct tasks *tasks, struct span csv)
{
    PROMISE(tasks->unlocked);
    return hash_keyed(tasks->list_key.bytes, csv);
}

/* --- one row ---------------------------------------------------------------------------------------------------- */

static struct span make_place(
    const struct ident *ident, uint8_t memory[static PLACE_BYTES])
{
    memcpy(memory, "casetask", 8);
    memcpy(memory + 8, ident->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static enum status box_row(struct tasks *tasks, const struct ident *ident,
    const struct task_row *row, struct buffer *ret)
{
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));

    writer_put(&writer, row->name, NAME_BYTES);
    writer_u8(&writer, (uint8_t)row->state);
    writer_u8(&writer, (uint8_t)row->arrival.return_type);
    writer_u8(&writer, (uint8_t)row->arrival.minor);
    writer_u8(&writer, (uint8_t)row->arrival.care_need);
    writer_u8(&writer, row->arrival.has_rcms);
    writer_u32(&writer, row->arrival.line);
    writer_put(&writer, row->arrival.vehicle, VEHICLE_BYTES_MAX);
    writer_put(&writer, row->arrival.state, STATE_BYTES);
    writer_u64(&writer, (uint64_t)row->arrival.day);
    writer_u64(&writer, (uint64_t)row->changed_day);
    writer_hash(&writer, &row->arrival.rcms);
    writer_ident(&writer, &row->who);
    writer_ident(&writer, &row->case_id);
    enum status status = box_apply(&tasks->content_key, tasks->chance,
        make_place(ident, place), writer_span(&writer), ret);
    memory_wipe(plain, sizeof(plain));
    return status;
}

static enum status break_row(struct tasks *tasks, const struct ident *ident,
    struct span boxed, struct task_row *row)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;

    buffer_init(&plain, CONTENT_BYTES);
    enum status status =
        box_break(&tasks->content_key, make_place(ident, place), boxed, &plain);
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));

        reader_copy(&reader, row->name, NAME_BYTES);
        row->state = (enum task_state)reader_u8(&reader);
        row->arrival.return_type = (enum return_type)reader_u8(&reader);
        row->arrival.minor = (enum answer_flag)reader_u8(&reader);
        row->arrival.care_need = (enum answer_flag)reader_u8(&reader);
        row->arrival.has_rcms = reader_u8(&reader) != 0;
        row->arrival.line = reader_u32(&reader);
        reader_copy(&reader, row->arrival.vehicle, VEHICLE_BYTES_MAX);
        reader_copy(&reader, row->arrival.state, STATE_BYTES);
        row->arrival.day = (int64_t)reader_u64(&reader);
        row->changed_day = (int64_t)reader_u64(&reader);
        row->arrival.rcms = reader_hash(&reader);
        row->who = reader_ident(&reader);
        row->case_id = reader_ident(&reader);
        row->arrival.state[STATE_BYTES - 1] = 0;
        status = reader_end(&reader);
    }
    buffer_release(&plain);
    return status == STATUS_OK && task_state_name(row->state) ? STATUS_OK
                                                              : STATUS_CORRUPT;
}

/* The present row of the query; NOT_FOUND without one. Ends the query. */
static enum status read_row(struct tasks *tasks, struct query *query,
    struct task_row *ret, struct task_cursor *ret_cursor)
{
    struct task_row row = {0};
    struct ident ident;
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 1, ident.bytes, IDENT_BYTES);
    if (status == STATUS_OK) {
        if (break_row(tasks, &ident, row_blob(query, 4), &row) != STATUS_OK)
            row = (struct task_row){.damaged = true, .state = TASK_WAITING};
        row.id = row_int(query, 0);
        row.arrival.day = row_int(query, 2);
        *ret = row;
        if (ret_cursor)
            *ret_cursor = (struct task_cursor){
                row_int(query, 2), row_int(query, 3), row_int(query, 0)};
    }
    query_end(query);
    return status;
}

enum status tasks_find(struct tasks *tasks, const char *name, struct task_row *ret)
{
    if (!tasks->unlocked)
        return STATUS_LOCKED;
    struct hash mark = hash_keyed(tasks->name_key.bytes, span_text(name));
    struct query *query = query_start(tasks->sql, FIND);
    query_blob(query, 1, hash_span(&mark));
    return read_row(tasks, query, ret, NULL);
}

enum status tasks_next(
    struct tasks *tasks, bool settled, struct task_cursor *cursor, struct task_row *ret)
{
    if (!tasks->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(tasks->sql, NEXT);
    query_int(query, 1, settled);
    query_int(query, 2, cursor->day);
    query_int(query, 3, cursor->rank);
    query_int(query, 4, cursor->id);
    return read_row(tasks, query, ret, cursor);
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

enum status tasks_knows_list(struct tasks *tasks, const struct hash *list, bool *ret)
{
    struct query *query = query_start(tasks->sql, KNOWS_LIST);
    bool found = false;

    query_blob(query, 1, hash_span(list));
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = found && row_int(query, 0) > 0;
    query_end(query);
    return status;
}

static enum status add_row(
    struct tasks *tasks, int64_t list, const struct arrival *arrival)
{
    struct task_row row = {.arrival = *arrival, .state = TASK_WAITING};
    struct ident ident = ident_new(tasks->chance);
    struct buffer content;

    reference_new(tasks->chance, row.name);
    buffer_init(&content, CONTENT_BYTES + BOX_EXTRA_BYTES);
    enum status status = box_row(tasks, &ident, &row, &content);
    if (status == STATUS_OK) {
        struct hash mark = hash_keyed(tasks->name_key.bytes, span_text(row.name));
        struct query *query = query_start(tasks->sql, ADD);

        query_ident(query, 1, &ident);
        query_blob(query, 2, hash_span(&mark));
        query_int(query, 3, list);
        query_int(query, 4, arrival_rank(arrival));
        query_int(query, 5, arrival->day);
        query_blob(query, 6, buffer_span(&content));
        status = query_run(query);
    }
    buffer_release(&content);
    return status;
}

enum status tasks_add_list(struct tasks *tasks, const struct hash *list,
    const struct arrivals *arrivals, int64_t day)
{
    PROMISE(db_in_transaction(tasks->db));
    if (!tasks->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(tasks->sql, ADD_LIST);
    query_blob(query, 1, hash_span(list));
    query_int(query, 2, day);
    enum status status = query_run(query);
    int64_t id = db_last_row(tasks->db);
    for (size_t i = 0; status == STATUS_OK && i < arrivals->n_rows; i++)
        status = add_row(tasks, id, &arrivals->rows[i]);
    return status;
}

/* The row's own ident, under which it is boxed. */
static enum status read_ident(
    struct tasks *tasks, const struct hash *mark, struct ident *ret)
{
    struct query *query = query_start(tasks->sql, FIND);
    bool found = false;

    query_blob(query, 1, hash_span(mark));
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 1, ret->bytes, IDENT_BYTES);
    query_end(query);
    return status;
}

enum status tasks_put(struct tasks *tasks, const struct task_row *row)
{
    struct buffer content;
    struct ident ident;

    PROMISE(db_in_transaction(tasks->db));
    if (!tasks->unlocked)
        return STATUS_LOCKED;
    struct hash mark = hash_keyed(tasks->name_key.bytes, span_text(row->name));
    enum status status = read_ident(tasks, &mark, &ident);
    buffer_init(&content, CONTENT_BYTES + BOX_EXTRA_BYTES);
    if (status == STATUS_OK)
        status = box_row(tasks, &ident, row, &content);
    if (status == STATUS_OK) {
        struct query *query = query_start(tasks->sql, PUT);

        query_blob(query, 1, hash_span(&mark));
        query_int(query, 2, row->state == TASK_DONE || row->state == TASK_NOT_MET);
        query_blob(query, 3, buffer_span(&content));
        query_ident(query, 4, &ident);
        status = query_run(query);
    }
    buffer_release(&content);
    return status;
}

enum status tasks_expire(struct tasks *tasks, int64_t last_day, int max, int64_t *ret_n)
{
    PROMISE(db_in_transaction(tasks->db));
    struct query *query = query_start(tasks->sql, EXPIRE);

    query_int(query, 1, last_day);
    query_int(query, 2, max);
    enum status status = query_run(query);
    if (status != STATUS_OK)
        return status;
    *ret_n = db_changes(tasks->db);
    if (*ret_n == max)
        return STATUS_OK; /* the lists in the last slice */
    query = query_start(tasks->sql, EXPIRE_LISTS);
    query_int(query, 1, last_day);
    return query_run(query);
}
