/* SPDX-License-Identifier: Apache-2.0
 * Plain content: content.proto Referral | created ms u64 | received ms u64. Its place (associated data) is
 * "referral" | item_id, so that a box moved to another row does not open. Plain progress: u8 | 7 zeros, its place
 * "progress" | item_id.
 */
#include "referrals.h"

#include <string.h>

#include "clock.h"
#include "hash.h"
#include "limits.h"
#include "memory.h"

enum {
    CONTENT_TAIL_BYTES = 16,
    CONTENT_BYTES_MAX = BODY_BYTES_MAX + 64,
    PROGRESS_BYTES = 8,
    PLACE_BYTES = 24
};

static const char CONTENT_PLACE[8] = {'r', 'e', 'f', 'e', 'r', 'r', 'a', 'l'};
static const char PROGRESS_PLACE[8] = {'p', 'r', 'o', 'g', 'r', 'e', 's', 's'};

#define COLUMNS                                                                          \
    "id, sent, late, item_id, peer, progress, day, changed_day, content, purged"         \
    " FROM referral "

enum {
    PUT,
    FIND,
    NEXT,
    UNDECIDED,
    PEER,
    FIND_ID,
    CLEAR,
    MOVE,
    COUNT,
    STRIP,
    BURY,
    IS_BURIED,
    FORGET_BURIED,
    N_SQL
};
static const char *const SQL[N_SQL] = {
    [PUT] =
        "INSERT INTO referral (sent, item_id, peer, reference_hash, decided, progress,"
        " late, day, changed_day, content) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, "
        "?9)",
    [FIND] = "SELECT " COLUMNS "WHERE reference_hash = ?1",
    [NEXT] = "SELECT " COLUMNS
             "WHERE sent = ?1 AND late = ?2 AND id < ?3 ORDER BY id DESC LIMIT 1",
    [UNDECIDED] = "SELECT " COLUMNS "WHERE sent = ?1 AND late = 0 AND id > ?2"
                  " AND decided = 0 ORDER BY id LIMIT 1",
    [PEER] = "SELECT peer, sent FROM referral WHERE id = ?1",
    [FIND_ID] = "SELECT " COLUMNS "WHERE id = ?1",
    [CLEAR] = "UPDATE referral SET content = ?2 WHERE id = ?1",
    [MOVE] = "UPDATE referral SET decided = ?2, progress = ?3, changed_day = ?4"
             " WHERE id = ?1",
    [COUNT] = "SELECT coalesce(sum(sent), 0), coalesce(sum(NOT sent), 0),"
              " coalesce(sum(NOT sent AND NOT late AND NOT decided), 0),"
              " coalesce(sum(NOT sent AND late), 0) FROM referral",
    [STRIP] = "UPDATE referral SET content = ?2, purged = 1, decided = 1,"
              " changed_day = ?3 WHERE id = ?1",
    [BURY] = "INSERT INTO buried (reference_hash, peer, day) VALUES (?1, ?2, ?3)",
    [IS_BURIED] = "SELECT 1 FROM buried WHERE reference_hash = ?1 AND peer = ?2",
    [FORGET_BURIED] =
        "DELETE FROM buried WHERE peer = ?1 AND (day < ?2 OR reference_hash IN"
        " (SELECT reference_hash FROM buried WHERE peer = ?1"
        " ORDER BY day DESC, reference_hash LIMIT -1 OFFSET ?3))",
};

struct referrals {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key content_key, reference_key;
};

enum status referrals_open(
    struct db *db, struct chance *chance, struct referrals **ret, struct trouble *trouble)
{
    struct referrals *referrals = memory_new(sizeof(*referrals));
    enum status status = statements_open(db, SQL, N_SQL, &referrals->sql, trouble);

    referrals->db = db;
    referrals->chance = chance;
    if (status != STATUS_OK) {
        referrals_close(&referrals);
        return status;
    }
    *ret = referrals;
    return STATUS_OK;
}

void referrals_close(struct referrals **referrals)
{
    if (!*referrals)
        return;
    referrals_lock(*referrals);
    statements_close(&(*referrals)->sql);
    memory_free(*referrals);
    *referrals = NULL;
}

void referrals_unlock(struct referrals *referrals, const struct box_key *master)
{
    box_derive_key(master, "referral", &referrals->content_key);
    box_derive_key(master, "reference", &referrals->reference_key);
    referrals->unlocked = true;
}

void referrals_lock(struct referrals *referrals)
{
    memory_wipe(&referrals->content_key, sizeof(referrals->content_key));
    memory_wipe(&referrals->reference_key, sizeof(referrals->reference_key));
    referrals->unlocked = false;
}

static struct span make_place(
    const char name[static 8], const struct ident *item_id, uint8_t memory[PLACE_BYTES])
{
    memcpy(memory, name, 8);
    memcpy(memory + 8, item_id->bytes, IDENT_BYTES);
    return span_of(memory, PLACE_BYTES);
}

static enum status box_progress(struct referrals *referrals, const struct ident *item_id,
    enum progress progress, struct buffer *ret)
{
    uint8_t plain[PROGRESS_BYTES] = {(uint8_t)progress}, place[PLACE_BYTES];

    return box_apply(&referrals->content_key, referrals->chance,
        make_place(PROGRESS_PLACE, item_id, place), span_of(plain, sizeof(plain)), ret);
}

static enum status break_progress(
    struct referrals *referrals, struct span boxed, struct referral_row *row)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    enum status status;

    buffer_init(&plain, PROGRESS_BYTES);
    status = box_break(&referrals->content_key,
        make_place(PROGRESS_PLACE, &row->item_id, place), boxed, &plain);
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));

        row->progress = (enum progress)reader_u8(&reader);
        reader_zeros(&reader, PROGRESS_BYTES - 1);
        status = reader_end(&reader);
    }
    buffer_release(&plain);
    return status == STATUS_OK && progress_name(row->progress) ? STATUS_OK
                                                               : STATUS_CORRUPT;
}

static enum status box_content(
    struct referrals *referrals, const struct referral_row *row, struct buffer *ret)
{
    struct buffer plain;
    uint8_t place[PLACE_BYTES];
    enum status status;

    buffer_init(&plain, CONTENT_BYTES_MAX);
    status = referral_encode(&row->referral, &plain);
    if (status == STATUS_OK) {
        uint8_t *tail = buffer_grow(&plain, CONTENT_TAIL_BYTES);

        if (tail) {
            struct writer writer = writer_over(tail, CONTENT_TAIL_BYTES);

            writer_u64(&writer, (uint64_t)row->created_ms);
            writer_u64(&writer, (uint64_t)row->received_ms);
        } else {
            status = STATUS_TOO_BIG;
        }
    }
    if (status == STATUS_OK)
        status = box_apply(&referrals->content_key, referrals->chance,
            make_place(CONTENT_PLACE, &row->item_id, place), buffer_span(&plain), ret);
    buffer_release(&plain);
    return status;
}

enum status referrals_put(
    struct referrals *referrals, const struct referral_row *row, int64_t *ret_id)
{
    struct buffer boxed, progress;
    enum status status;

    PROMISE(db_in_transaction(referrals->db));
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    buffer_init(&boxed, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    buffer_init(&progress, PROGRESS_BYTES + BOX_EXTRA_BYTES);
    status = box_content(referrals, row, &boxed);
    if (status == STATUS_OK)
        status = box_progress(referrals, &row->item_id, PROGRESS_REQUESTED, &progress);
    if (status == STATUS_OK) {
        struct hash hash = hash_keyed(
            referrals->reference_key.bytes, span_text(row->referral.reference));
        struct query *query = query_start(referrals->sql, PUT);

        query_int(query, 1, row->sent);
        query_ident(query, 2, &row->item_id);
        query_ident(query, 3, &row->peer);
        query_blob(query, 4, hash_span(&hash));
        query_blob(query, 5, buffer_span(&progress));
        query_int(query, 6, row->late);
        query_int(query, 7, row->day);
        query_int(query, 8, row->day);
        query_blob(query, 9, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    buffer_release(&progress);
    if (status == STATUS_OK)
        *ret_id = db_last_row(referrals->db);
    return status;
}

/* Opens the box of a row whose letter is known; a box that does not open is damage, not a lie of a peer. */
static enum status break_content(struct referrals *referrals, struct span boxed,
    struct arena *arena, struct referral_row *row)
{
    struct buffer plain;
    uint8_t place[PLACE_BYTES];
    enum status status;

    buffer_init(&plain, CONTENT_BYTES_MAX);
    status = box_break(&referrals->content_key,
        make_place(CONTENT_PLACE, &row->item_id, place), boxed, &plain);
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));
        struct span body = reader_take(&reader,
            plain.used > CONTENT_TAIL_BYTES ? plain.used - CONTENT_TAIL_BYTES : 0);

        row->created_ms = reader_time_ms(&reader);
        row->received_ms = reader_time_ms(&reader);
        status = reader_end(&reader);
        if (status == STATUS_OK)
            status = referral_decode(arena, body, &row->referral);
    }
    buffer_release(&plain);
    return status == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

/* The present row of the query; NOT_FOUND without one. Ends the query. */
static enum status read_row(struct referrals *referrals, struct query *query,
    struct arena *arena, struct referral_row *ret)
{
    struct referral_row row = {0};
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        row.id = row_int(query, 0);
        row.sent = row_int(query, 1) != 0;
        row.late = row_int(query, 2) != 0;
        row.day = row_int(query, 6);
        row.changed_day = row_int(query, 7);
        row.purged = row_int(query, 9) != 0;
        status = row_exact(query, 3, row.item_id.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        status = row_exact(query, 4, row.peer.bytes, IDENT_BYTES);
    if (status == STATUS_OK &&
        (break_progress(referrals, row_blob(query, 5), &row) != STATUS_OK ||
            break_content(referrals, row_blob(query, 8), arena, &row) != STATUS_OK)) {
        row.damaged = true;
        row.progress = PROGRESS_REQUESTED;
        row.referral = (struct referral){.sender_role = "", .note = ""};
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret = row;
    return status;
}

enum status referrals_find(struct referrals *referrals, const char *reference,
    struct arena *arena, struct referral_row *ret)
{
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_keyed(referrals->reference_key.bytes, span_text(reference));
    struct query *query = query_start(referrals->sql, FIND);

    query_blob(query, 1, hash_span(&hash));
    return read_row(referrals, query, arena, ret);
}

enum status referrals_get(struct referrals *referrals, int64_t id, struct arena *arena,
    struct referral_row *ret)
{
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(referrals->sql, FIND_ID);

    query_int(query, 1, id);
    return read_row(referrals, query, arena, ret);
}

enum status referrals_next(struct referrals *referrals, bool sent, bool late,
    int64_t before, struct arena *arena, struct referral_row *ret)
{
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(referrals->sql, NEXT);

    query_int(query, 1, sent);
    query_int(query, 2, late);
    query_int(query, 3, before);
    return read_row(referrals, query, arena, ret);
}

enum status referrals_next_undecided(struct referrals *referrals, bool sent,
    int64_t after, struct arena *arena, struct referral_row *ret)
{
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    struct query *query = query_start(referrals->sql, UNDECIDED);

    query_int(query, 1, sent);
    query_int(query, 2, after);
    return read_row(referrals, query, arena, ret);
}

enum status referrals_peer(
    struct referrals *referrals, int64_t id, struct ident *ret_peer, bool *ret_sent)
{
    struct query *query = query_start(referrals->sql, PEER);
    struct ident peer;
    bool found = false;

    query_int(query, 1, id);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, peer.bytes, IDENT_BYTES);
    if (status == STATUS_OK) {
        *ret_peer = peer;
        *ret_sent = row_int(query, 1) != 0;
    }
    query_end(query);
    return status;
}

static enum status put_content(
    struct referrals *referrals, const struct referral_row *row)
{
    struct buffer boxed;

    buffer_init(&boxed, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    enum status status = box_content(referrals, row, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(referrals->sql, CLEAR);

        query_int(query, 1, row->id);
        query_blob(query, 2, buffer_span(&boxed));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status referrals_clear(struct referrals *referrals, int64_t id)
{
    struct arena *arena;
    struct referral_row row;

    PROMISE(db_in_transaction(referrals->db));
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    struct query *query = query_start(referrals->sql, FIND_ID);
    query_int(query, 1, id);
    enum status status = read_row(referrals, query, arena, &row);
    if (status == STATUS_OK && !row.damaged) {
        row.referral.person = (struct person){
            .age_band = AGE_UNKNOWN, .minor = MINOR_UNKNOWN, .gender = GENDER_UNSTATED};
        row.referral.note = row.referral.sender_role = "";
        status = put_content(referrals, &row);
    }
    arena_destroy(&arena);
    return status;
}

/* Does nothing wait for a decision here? A cancel that is asked for does. */
static bool is_decided(enum progress progress)
{
    return progress != PROGRESS_REQUESTED && progress != PROGRESS_OPENED &&
           progress != PROGRESS_CANCEL_REQUESTED;
}

enum status referrals_move(struct referrals *referrals, const struct referral_row *row,
    enum progress progress, int64_t day)
{
    struct buffer boxed;
    enum status status;

    PROMISE(db_in_transaction(referrals->db));
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    buffer_init(&boxed, PROGRESS_BYTES + BOX_EXTRA_BYTES);
    status = box_progress(referrals, &row->item_id, progress, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(referrals->sql, MOVE);

        query_int(query, 1, row->id);
        query_int(query, 2, is_decided(progress));
        query_blob(query, 3, buffer_span(&boxed));
        query_int(query, 4, day);
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

/* A referral of which only codes are left. */
static struct referral strip(const struct referral *referral)
{
    struct referral left = {.service = referral->service,
        .priority = referral->priority,
        .person = {.age_band = AGE_UNKNOWN,
            .minor = MINOR_UNKNOWN,
            .gender = GENDER_UNSTATED},
        .sender_role = "",
        .note = ""};

    memcpy(left.reference, referral->reference, REFERENCE_BYTES);
    return left;
}

enum status referrals_purge(
    struct referrals *referrals, const struct referral_row *row, int64_t day)
{
    struct referral_row left = *row;
    struct buffer boxed;
    enum status status;

    PROMISE(db_in_transaction(referrals->db));
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    left.referral = strip(&row->referral);
    buffer_init(&boxed, CONTENT_BYTES_MAX + BOX_EXTRA_BYTES);
    status = box_content(referrals, &left, &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(referrals->sql, STRIP);

        query_int(query, 1, row->id);
        query_blob(query, 2, buffer_span(&boxed));
        query_int(query, 3, day);
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status;
}

enum status referrals_bury(struct referrals *referrals, const char *reference,
    const struct ident *peer, int64_t day)
{
    PROMISE(db_in_transaction(referrals->db));
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_keyed(referrals->reference_key.bytes, span_text(reference));
    struct query *query = query_start(referrals->sql, FORGET_BURIED);

    query_ident(query, 1, peer);
    query_int(query, 2, day - BURIED_DAYS);
    query_int(query, 3, BURIED_OF_ONE_MAX - 1);
    enum status status = query_run(query);
    if (status != STATUS_OK)
        return status;
    query = query_start(referrals->sql, BURY);
    query_blob(query, 1, hash_span(&hash));
    query_ident(query, 2, peer);
    query_int(query, 3, day);
    return query_run(query);
}

enum status referrals_is_buried(struct referrals *referrals, const char *reference,
    const struct ident *peer, bool *ret)
{
    if (!referrals->unlocked)
        return STATUS_LOCKED;
    struct hash hash = hash_keyed(referrals->reference_key.bytes, span_text(reference));
    struct query *query = query_start(referrals->sql, IS_BURIED);

    query_blob(query, 1, hash_span(&hash));
    query_ident(query, 2, peer);
    enum status status = query_next(query, ret);
    query_end(query);
    return status;
}

enum status referrals_count(struct referrals *referrals, struct referrals_count *ret)
{
    struct query *query = query_start(referrals->sql, COUNT);
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK && found) {
        ret->sent = row_int(query, 0);
        ret->received = row_int(query, 1);
        ret->waiting = row_int(query, 2);
        ret->late = row_int(query, 3);
    }
    query_end(query);
    return status;
}
