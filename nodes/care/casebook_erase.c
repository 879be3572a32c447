/* SPDX-License-Identifier: Apache-2.0
 * Erasing, rotation of the epoch key, tombstones, and the referrals of a case.
 *
 *   rotate: doomed := current        (nothing else; the rest is casebook_work's)
 *   work:   file {N, N+1} | old := N, current := N+1 | rows move, a slice a turn | old := 0
 *   committed: file {N+1}
 */
#include <string.h>

#include "casebook_inside.h"
#include "memory.h"
#include "update.h"

enum { WRAPPED_BYTES = BOX_KEY_BYTES + BOX_EXTRA_BYTES };

enum {
    DOOM,
    BEGIN,
    END,
    HELD,
    NEXT_OLD,
    MOVE,
    SPOILT,
    BURY,
    ASK,
    DROP,
    FIND_ASKED,
    CONFIRM,
    FIND_TOMB,
    NEXT_PEER,
    NEXT_TOMB,
    TIE,
    FIND_TIE,
    NEXT_TIE,
    N_SQL
};
static const char *const SQL[N_SQL] = {
    [DOOM] = "UPDATE case_epoch SET doomed = current WHERE id = 1",
    [BEGIN] = "UPDATE case_epoch SET old = current, current = current + 1, begun_day = ?1"
              " WHERE id = 1",
    [END] = "UPDATE case_epoch SET old = 0 WHERE id = 1",
    /* Has a case been erased whose key lies under this epoch? */
    [HELD] = "SELECT count(*) FROM case_tombstone WHERE epoch = ?1",
    [NEXT_OLD] = "SELECT id, ident, wrapped, content FROM case_file WHERE epoch = ?1"
                 " ORDER BY id LIMIT 1",
    [MOVE] = "UPDATE case_file SET epoch = ?2, wrapped = ?3,"
             " alias_mark = coalesce(?4, alias_mark) WHERE id = ?1",
    /* A key that does not open moves as it is: it is lost either way, and must not keep the old one alive. */
    [SPOILT] = "UPDATE case_file SET epoch = ?2 WHERE id = ?1",
    [BURY] = "INSERT OR IGNORE INTO case_tombstone (ident, alias_hash, day, epoch)"
             " SELECT ident, ?2, ?3, epoch FROM case_file WHERE ident = ?1",
    [ASK] = "INSERT INTO case_copy SELECT id, ?2, ?3, ?4, ?5, 0, 0"
            " FROM case_tombstone WHERE ident = ?1",
    [DROP] = "DELETE FROM case_file WHERE ident = ?1",
    [FIND_ASKED] = "SELECT body FROM case_copy WHERE mark = ?1 AND peer = ?2",
    [CONFIRM] = "UPDATE case_copy SET confirmed_day = ?3, mismatch = ?4"
                " WHERE mark = ?1 AND peer = ?2",
    [FIND_TOMB] = "SELECT id, ident, day, epoch,"
                  " (SELECT count(DISTINCT peer) FROM case_copy WHERE tombstone = t.id),"
                  " (SELECT count(DISTINCT peer) FROM case_copy WHERE tombstone = t.id"
                  " AND confirmed_day = 0) FROM case_tombstone t WHERE alias_hash = ?1",
    [NEXT_PEER] = "SELECT peer, CASE min(confirmed_day) WHEN 0 THEN 0"
                  " ELSE max(confirmed_day) END, max(stopped), max(mismatch)"
                  " FROM case_copy WHERE tombstone = ?1 AND peer > ?2"
                  " GROUP BY peer ORDER BY peer LIMIT 1",
    [NEXT_TOMB] =
        "SELECT id, ident FROM case_tombstone WHERE id > ?1 ORDER BY id LIMIT 1",
    [TIE] = "INSERT INTO case_referral (referral, case_ident) VALUES (?1, ?2)",
    [FIND_TIE] = "SELECT case_ident FROM case_referral WHERE referral = ?1",
    [NEXT_TIE] = "SELECT referral FROM case_referral WHERE case_ident = ?1"
                 " AND referral > ?2 ORDER BY referral LIMIT 1",
};

enum status casebook_erase_open(struct casebook *casebook, struct trouble *trouble)
{
    return statements_open(casebook->db, SQL, N_SQL, &casebook->erase_sql, trouble);
}

/* --- erasing ------------------------------------------------------------------------------------------------ */

static enum status read_alias(struct casebook *casebook, const struct ident *ident,
    char ret[static REFERENCE_BYTES])
{
    struct arena *arena = arena_new(CASE_PERSON_ARENA_BYTES, CASE_PERSON_ARENA_PIECES);
    struct case_row row;
    enum status status = casebook_find(casebook, ident, arena, &row);

    if (status == STATUS_OK && row.damaged)
        reference_new(casebook->chance, row.alias); /* nobody knows it any more */
    if (status == STATUS_OK)
        memcpy(ret, row.alias, REFERENCE_BYTES);
    arena_destroy(&arena);
    return status;
}

/* Once for each case: what is there already stands. */
static enum status bury(struct casebook *casebook, const struct ident *ident, int64_t day)
{
    char alias[REFERENCE_BYTES];
    enum status status = read_alias(casebook, ident, alias);

    if (status != STATUS_OK)
        return status;
    struct hash hash = hash_keyed(casebook->tombstone_key.bytes, span_text(alias));
    struct query *query = query_start(casebook->erase_sql, BURY);
    query_ident(query, 1, ident);
    query_blob(query, 2, hash_span(&hash));
    query_int(query, 3, day);
    memory_wipe(alias, sizeof(alias));
    return query_run(query);
}

/* An alias and a reference that are the same text leave different marks. */
static struct hash copy_mark(
    const struct casebook *casebook, const char *domain, struct span bytes)
{
    struct hash key = hash_keyed(casebook->tombstone_key.bytes, span_text(domain));
    struct hash mark = hash_keyed(key.bytes, bytes);

    memory_wipe(&key, sizeof(key));
    return mark;
}

static struct hash reference_mark(const struct casebook *casebook, const char *reference)
{
    return copy_mark(casebook, "copy-reference", span_text(reference));
}

static struct hash body_mark(
    const struct casebook *casebook, const struct hash *body_hash)
{
    return copy_mark(casebook, "copy-body", hash_span(body_hash));
}

enum status casebook_ask(struct casebook *casebook, const struct ident *ident,
    int64_t day, const struct case_copy *copy)
{
    PROMISE(db_in_transaction(casebook->db));
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    enum status status = bury(casebook, ident, day);
    if (status != STATUS_OK)
        return status;
    struct hash mark = reference_mark(casebook, copy->reference);
    struct hash body = body_mark(casebook, &copy->body_hash);
    struct query *query = query_start(casebook->erase_sql, ASK);
    query_ident(query, 1, ident);
    query_ident(query, 2, &copy->peer);
    query_blob(query, 3, hash_span(&mark));
    query_blob(query, 4,
        hash_is_zero(&copy->body_hash) ? span_of(body.bytes, 0) : hash_span(&body));
    query_int(query, 5, copy->stopped);
    return query_run(query);
}

enum status casebook_erase(
    struct casebook *casebook, const struct ident *ident, int64_t day)
{
    PROMISE(db_in_transaction(casebook->db));
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    enum status status = bury(casebook, ident, day);
    if (status == STATUS_OK) {
        struct query *query = query_start(casebook->erase_sql, DROP);

        query_ident(query, 1, ident);
        status = query_run(query);
    }
    return status;
}

/* Does what was destroyed fit what was sent? OK also where that is not known. */
static enum status compare_copy(struct casebook *casebook, const struct ident *peer,
    const struct hash *mark, const struct hash *body_hash, bool *ret_fits)
{
    struct hash kept, body = body_mark(casebook, body_hash);
    struct query *query = query_start(casebook->erase_sql, FIND_ASKED);
    bool found = false;

    query_blob(query, 1, hash_span(mark));
    query_ident(query, 2, peer);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK &&
        (row_blob(query, 0).n == 0 || update_is_gone_before(body_hash)))
        *ret_fits = true;
    else if (status == STATUS_OK)
        status = row_exact(query, 0, kept.bytes, sizeof(kept.bytes));
    if (status == STATUS_OK && !*ret_fits && row_blob(query, 0).n > 0)
        *ret_fits = hash_equal(&kept, &body);
    query_end(query);
    return status;
}

enum status casebook_confirm(struct casebook *casebook, const struct ident *peer,
    const char *reference, const struct hash *body_hash, int64_t day)
{
    bool fits = false;

    PROMISE(db_in_transaction(casebook->db));
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    struct hash mark = reference_mark(casebook, reference);
    enum status status = compare_copy(casebook, peer, &mark, body_hash, &fits);
    if (status != STATUS_OK)
        return status;
    struct query *query = query_start(casebook->erase_sql, CONFIRM);
    query_blob(query, 1, hash_span(&mark));
    query_ident(query, 2, peer);
    query_int(query, 3, day);
    query_int(query, 4, !fits);
    status = query_run(query);
    return status == STATUS_OK && !fits ? STATUS_CONFLICT : status;
}

/* --- rotation ------------------------------------------------------------------------------------------------ */

enum status casebook_rotate(struct casebook *casebook)
{
    PROMISE(db_in_transaction(casebook->db));
    if (!casebook->unlocked)
        return STATUS_LOCKED;
    return query_run(query_start(casebook->erase_sql, DOOM));
}

static enum status count_held(struct casebook *casebook, uint32_t epoch, int64_t *ret)
{
    struct query *query = query_start(casebook->erase_sql, HELD);
    bool found = false;

    query_int(query, 1, epoch);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = found ? row_int(query, 0) : 0;
    query_end(query);
    return status;
}

static enum status begin_rotation(
    struct casebook *casebook, const struct case_epoch *epoch, int64_t day)
{
    enum status status =
        epoch_keys_begin(casebook->keys, epoch->current, epoch->current + 1);

    if (status == STATUS_OK) {
        struct query *query = query_start(casebook->erase_sql, BEGIN);

        casebook->look = true;
        query_int(query, 1, day);
        status = query_run(query);
    }
    return status;
}

struct old_row {
    int64_t id;
    struct ident ident;
    struct box_key key;
    bool opens, has_alias; /* the record may be spoilt where the key is not */
    char alias[REFERENCE_BYTES];
};

/* The next case under the old epoch; NOT_FOUND when none is left. */
static enum status read_old(
    struct casebook *casebook, const struct case_epoch *epoch, struct old_row *ret)
{
    struct query *query = query_start(casebook->erase_sql, NEXT_OLD);
    bool found = false;

    query_int(query, 1, epoch->old);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        ret->id = row_int(query, 0);
        status = row_exact(query, 1, ret->ident.bytes, IDENT_BYTES);
    }
    if (status == STATUS_OK)
        ret->opens = casebook_unwrap(casebook, epoch->old, &ret->ident,
                         row_blob(query, 2), &ret->key) == STATUS_OK;
    ret->has_alias = status == STATUS_OK && ret->opens &&
                     casebook_read_alias(&ret->key, &ret->ident, row_blob(query, 3),
                         ret->alias) == STATUS_OK;
    query_end(query);
    return status;
}

static enum status move_row(
    struct casebook *casebook, const struct case_epoch *epoch, const struct old_row *row)
{
    struct buffer wrapped;
    enum status status;

    if (!row->opens) {
        struct query *query = query_start(casebook->erase_sql, SPOILT);

        query_int(query, 1, row->id);
        query_int(query, 2, epoch->current);
        return query_run(query);
    }
    buffer_init(&wrapped, WRAPPED_BYTES);
    status = casebook_wrap(casebook, epoch->current, &row->ident, &row->key, &wrapped);
    if (status == STATUS_OK) {
        struct hash mark =
            casebook_mark(casebook, epoch->current, "case-alias", span_text(row->alias));
        struct query *query = query_start(casebook->erase_sql, MOVE);

        query_int(query, 1, row->id);
        query_int(query, 2, epoch->current);
        query_blob(query, 3, buffer_span(&wrapped));
        if (row->has_alias)
            query_blob(query, 4, hash_span(&mark));
        else
            query_null(query, 4);
        status = query_run(query);
    }
    if (status == STATUS_OK)
        status = case_numbers_move(casebook, &row->ident, &row->key, epoch->current);
    buffer_release(&wrapped);
    return status;
}

static enum status move_rows(
    struct casebook *casebook, const struct case_epoch *epoch, bool *ret_more)
{
    struct old_row row = {0};
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK && i < ROTATE_AT_ONCE; i++) {
        status = read_old(casebook, epoch, &row);
        if (status == STATUS_OK)
            status = move_row(casebook, epoch, &row);
    }
    memory_wipe(&row, sizeof(row));
    if (status == STATUS_OK)
        *ret_more = true;
    if (status != STATUS_NOT_FOUND)
        return status;
    casebook->look = true;
    *ret_more = epoch->doomed >= epoch->current; /* erased meanwhile: another one */
    return query_run(query_start(casebook->erase_sql, END));
}

enum status casebook_work(struct casebook *casebook, int64_t day, bool *ret_more)
{
    struct case_epoch epoch;
    int64_t held = 0;

    PROMISE(db_in_transaction(casebook->db));
    if (!casebook->unlocked)
        return STATUS_OK;
    enum status status = casebook_read_epoch(casebook, &epoch);
    if (status != STATUS_OK || epoch.current == 0)
        return status;
    if (epoch.old != 0)
        return move_rows(casebook, &epoch, ret_more);
    bool due = epoch.doomed >= epoch.current;
    if (!due && day - epoch.begun_day >= ROTATE_DAYS) {
        status = count_held(casebook, epoch.current, &held);
        due = status == STATUS_OK && held > 0;
    }
    if (!due)
        return status;
    status = begin_rotation(casebook, &epoch, day);
    if (status == STATUS_OK)
        status = casebook_read_epoch(casebook, &epoch);
    return status == STATUS_OK ? move_rows(casebook, &epoch, ret_more) : status;
}

enum status casebook_committed(struct casebook *casebook)
{
    struct case_epoch epoch;

    PROMISE(!db_in_transaction(casebook->db));
    if (!casebook->unlocked || !casebook->look)
        return STATUS_OK;
    enum status status = casebook_read_epoch(casebook, &epoch);
    if (status == STATUS_OK)
        status = epoch_keys_keep(casebook->keys, epoch.current, epoch.old);
    if (status == STATUS_OK)
        casebook->look = false;
    return status;
}

/* --- tombstones ---------------------------------------------------------------------------------------------- */

enum status casebook_find_tombstone(
    struct casebook *casebook, const char *alias, struct tombstone *ret)
{
    struct case_epoch epoch;
    struct tombstone found = {0};
    bool is_there = false;

    if (!casebook->unlocked)
        return STATUS_LOCKED;
    enum status status = casebook_read_epoch(casebook, &epoch);
    if (status != STATUS_OK)
        return status;
    struct hash hash = hash_keyed(casebook->tombstone_key.bytes, span_text(alias));
    struct query *query = query_start(casebook->erase_sql, FIND_TOMB);
    query_blob(query, 1, hash_span(&hash));
    status = query_next(query, &is_there);
    if (status == STATUS_OK && !is_there)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        uint32_t oldest = epoch.old != 0 ? epoch.old : epoch.current;

        found.id = row_int(query, 0);
        found.day = row_int(query, 2);
        found.sealed_for_ever = row_int(query, 3) < oldest;
        found.n_asked = row_int(query, 4);
        found.n_confirmed = found.n_asked - row_int(query, 5);
        status = row_exact(query, 1, found.ident.bytes, IDENT_BYTES);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret = found;
    return status;
}

enum status casebook_next_tombstone(
    struct casebook *casebook, int64_t after, int64_t *ret_id, struct ident *ret_ident)
{
    struct query *query = query_start(casebook->erase_sql, NEXT_TOMB);
    struct ident ident;
    bool found = false;

    query_int(query, 1, after);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 1, ident.bytes, IDENT_BYTES);
    if (status == STATUS_OK) {
        *ret_id = row_int(query, 0);
        *ret_ident = ident;
    }
    query_end(query);
    return status;
}

enum status casebook_next_holder(struct casebook *casebook, int64_t tombstone,
    const struct ident *after, struct case_holder *ret)
{
    struct query *query = query_start(casebook->erase_sql, NEXT_PEER);
    struct case_holder next = {.day = 0};
    bool found = false;

    query_int(query, 1, tombstone);
    query_ident(query, 2, after);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, next.peer.bytes, IDENT_BYTES);
    if (status == STATUS_OK) {
        next.day = row_int(query, 1);
        next.stopped = row_int(query, 2) != 0;
        next.mismatch = row_int(query, 3) != 0;
        *ret = next;
    }
    query_end(query);
    return status;
}

/* --- referrals of a case --------------------------------------------------------------------------------------- */

enum status casebook_tie(
    struct casebook *casebook, const struct ident *ident, int64_t referral)
{
    PROMISE(db_in_transaction(casebook->db));
    struct query *query = query_start(casebook->erase_sql, TIE);
    query_int(query, 1, referral);
    query_ident(query, 2, ident);
    return query_run(query);
}

enum status casebook_find_tie(
    struct casebook *casebook, int64_t referral, struct ident *ret)
{
    struct query *query = query_start(casebook->erase_sql, FIND_TIE);
    bool found = false;

    query_int(query, 1, referral);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, ret->bytes, IDENT_BYTES);
    query_end(query);
    return status;
}

enum status casebook_next_tie(struct casebook *casebook, const struct ident *ident,
    int64_t after, int64_t *ret_referral)
{
    struct query *query = query_start(casebook->erase_sql, NEXT_TIE);
    bool found = false;

    query_ident(query, 1, ident);
    query_int(query, 2, after);
    enum status status = query_next(query, &found);
    if (status == STATUS_OK && !found)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *ret_referral = row_int(query, 0);
    query_end(query);
    return status;
}
