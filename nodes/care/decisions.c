/* SPDX-License-Identifier: Apache-2.0
 * Plain content: at ms u64 | move u8 | reason u8 | question u8 | told u8 | milestone u8 | follow-up u8 | result u8 |
 * n u8 | day u32 | services u32 | 3 node ids of which n are suggested. Rows of 0.1 end behind n, and have zeros from the
 * question on. Its place is "decision" | item_id.
 */
#include "decisions.h"

#include <string.h>

#include "memory.h"

enum {
    CONTENT_BYTES_SHORT = 16,
    CONTENT_BYTES = CONTENT_BYTES_SHORT + 8 + SUGGESTIONS_MAX * IDENT_BYTES,
    PLACE_BYTES = 24
};

static const char PLACE[8] = {'d', 'e', 'c', 'i', 's', 'i', 'o', 'n'};

enum { PUT, NEXT, LAST_MINE, IDLE, TOLD, N_SQL };
static const char *const SQL[N_SQL] = {
    [PUT] = "INSERT INTO decision (referral, item_id, mine, applied, content)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    [NEXT] = "SELECT id, item_id, mine, applied, content FROM decision"
             " WHERE referral = ?1 AND id > ?2 ORDER BY id LIMIT 1",
    [LAST_MINE] = "SELECT item_id FROM decision WHERE referral = ?1 AND mine = 1"
                  " ORDER BY id DESC LIMIT 1",
    [IDLE] = "SELECT count(*) FROM decision WHERE referral = ?1 AND applied = 0",
    [TOLD] = "SELECT count(*) FROM decision WHERE referral = ?1 AND mine = 0",
};

struct decisions {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key key;
};

enum status decisions_open(
    struct db *db, struct chance *chance, struct decisions **ret, struct trouble *trouble)
{
    struct decisions *decisions = memory_new(sizeof(*decisions));
    enum status status = statements_open(db, SQL, N_SQL, &decisions->sql, trouble);

    decisions->db = db;
    decisions->chance = chance;
    if (status != STATUS_OK) {
        decisions_close(&decisions);
        return status;
    }
    *ret = decisions;
    return STATUS_OK;
}

void decisions_close(struct decisions **decisions)
{
    if (!*decisions)
        return;
    decisions_lock(*decisions);
    statements_close(&(*decisions)->sql);
    memory_free(*decisions);
    *decisions = NULL;
}

void decisions_unlock(struct decisions *decisions, const struct box_key *master)
{
    box_derive_key(master, "decision", &decisions->key);
    decisions->unlocked = true;
}

void decisions_lock(struct decisions *decisions)
{
    memory_wipe(&decisions->key, sizeof(decisions->key));
    decisions->unlocked = false;
}

static struct span make_place(const struct ident *item_id, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, PLACE, sizeof(PLACE));
    memcpy(memory + sizeof(PLACE), item_id->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

void decision_of_answer(const struct answer *answer, struct decision_row *ret)
{
    ret->move = (enum move)answer->decision;
    ret->reason = answer->reason;
    ret->day = answer->day;
    ret->services = answer->services;
    ret->n_suggestions = answer->n_suggestions;
    memcpy(ret->suggestions, answer->suggestions, sizeof(ret->suggestions));
    ret->milestone = answer->milestone;
    ret->follow_up = answer->follow_up;
    ret->result = answer->result;
    ret->question = answer->question;
    ret->told = answer->told;
}

void decision_to_answer(const struct decision_row *row, struct answer *ret)
{
    ret->decision = (enum decision)row->move;
    ret->reason = row->reason;
    ret->day = row->day;
    ret->services = row->services;
    ret->n_suggestions = row->n_suggestions;
    memcpy(ret->suggestions, row->suggestions, sizeof(ret->suggestions));
    ret->milestone = row->milestone;
    ret->follow_up = row->follow_up;
    ret->result = row->result;
    ret->question = row->question;
    ret->told = row->told;
}

static void write_content(struct writer *writer, const struct decision_row *row)
{
    writer_u64(writer, (uint64_t)row->at_ms);
    writer_u8(writer, (uint8_t)row->move);
    writer_u8(writer, (uint8_t)row->reason);
    writer_u8(writer, (uint8_t)row->question);
    writer_u8(writer, (uint8_t)row->told);
    writer_u8(writer, (uint8_t)row->milestone);
    writer_u8(writer, (uint8_t)row->follow_up);
    writer_u8(writer, (uint8_t)row->result);
    writer_u8(writer, (uint8_t)row->n_suggestions);
    writer_u32(writer, row->day);
    writer_u32(writer, row->services);
    for (size_t i = 0; i < SUGGESTIONS_MAX; i++)
        writer_put(writer, row->suggestions[i].bytes, IDENT_BYTES);
}

static void read_content(struct reader *reader, size_t n, struct decision_row *row)
{
    row->at_ms = reader_time_ms(reader);
    row->move = (enum move)reader_u8(reader);
    row->reason = reader_u8(reader);
    row->question = (enum inquiry)reader_u8(reader);
    row->told = (enum told)reader_u8(reader);
    row->milestone = (enum milestone)reader_u8(reader);
    row->follow_up = (enum follow_up)reader_u8(reader);
    row->result = (enum follow_result)reader_u8(reader);
    row->n_suggestions = reader_u8(reader);
    if (n == CONTENT_BYTES_SHORT)
        return;
    row->day = reader_u32(reader);
    row->services = reader_u32(reader);
    for (size_t i = 0; i < SUGGESTIONS_MAX; i++)
        reader_copy(reader, row->suggestions[i].bytes, IDENT_BYTES);
}

enum status decisions_put(struct decisions *decisions, const struct decision_row *row)
{
    uint8_t plain[CONTENT_BYTES], place[PLACE_BYTES];
    struct writer writer = writer_over(plain, sizeof(plain));
    struct buffer boxed;
    enum status status;

    PROMISE(db_in_transaction(decisions->db));
    if (!decisions->unlocked)
        return STATUS_LOCKED;
    write_content(&writer, row);
    buffer_init(&boxed, CONTENT_BYTES + BOX_EXTRA_BYTES);
    status = box_apply(&decisions->key, decisions->chance,
        make_place(&row->item_id, place), writer_span(&writer), &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(decisions->sql, PUT);

        query_int(query, 1, row->referral);
        query_ident(query, 2, &row->item_id);
        query_int(query, 3, row->mine);
        query_int(query, 4, row->applied);
        query_blob(query, 5, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

static enum status break_content(
    struct decisions *decisions, struct span boxed, struct decision_row *row)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    enum status status;

    buffer_init(&plain, CONTENT_BYTES);
    status = box_break(&decisions->key, make_place(&row->item_id, place), boxed, &plain);
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));

        read_content(&reader, plain.used, row);
        status = reader_end(&reader);
    }
    buffer_release(&plain);
    if (status != STATUS_OK || !move_name(row->move) ||
        row->n_suggestions > SUGGESTIONS_MAX)
        return STATUS_CORRUPT;
    return STATUS_OK;
}

enum status decisions_next(struct decisions *decisions, int64_t referral, int64_t after,
    struct decision_row *ret)
{
    struct decision_row row = {.referral = referral};
    struct query *query;
    bool found = false;
    enum status status;

    if (!decisions->unlocked)
        return STATUS_LOCKED;
    query = query_start(decisions->sql, NEXT);
    query_int(query, 1, referral);
    query_int(query, 2, after);
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        row.id = row_int(query, 0);
        row.mine = row_int(query, 2) != 0;
        row.applied = row_int(query, 3) != 0;
        status = row_exact(query, 1, row.item_id.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK) {
        *ret = row;
        if (break_content(decisions, row_blob(query, 4), &row) == STATUS_OK)
            *ret = row;
        else
            ret->damaged = true;
    }
    query_end(query);
    return status;
}

static enum status has_so_many(
    struct decisions *decisions, size_t statement, int64_t referral, int most, bool *ret)
{
    struct query *query = query_start(decisions->sql, statement);
    bool found = false;

    query_int(query, 1, referral);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = found && row_int(query, 0) >= most;
    query_end(query);
    return status;
}

enum status decisions_is_full(struct decisions *decisions, int64_t referral, bool *ret)
{
    return has_so_many(decisions, TOLD, referral, DECISIONS_TOLD_MAX, ret);
}

enum status decisions_is_flooded(struct decisions *decisions, int64_t referral, bool *ret)
{
    return has_so_many(decisions, IDLE, referral, DECISIONS_IDLE_MAX, ret);
}

enum status decisions_last_mine(
    struct decisions *decisions, int64_t referral, struct ident *ret_item_id)
{
    struct query *query = query_start(decisions->sql, LAST_MINE);
    bool found = false;
    enum status status;

    query_int(query, 1, referral);
    status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, ret_item_id->bytes, IDENT_BYTES);
    query_end(query);
    return status;
}
