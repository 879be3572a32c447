/* SPDX-License-Identifier: Apache-2.0
 * The place of a row's box is "audit" and three zeros | number. Content: person 16 | verb 32 | subject 32 | times u64.
 */
#include "audit.h"

#include <string.h>

#include "memory.h"

enum {
    CONTENT_BYTES = IDENT_BYTES + AUDIT_VERB_BYTES + HASH_BYTES + 8,
    BOXED_BYTES = CONTENT_BYTES + BOX_EXTRA_BYTES,
    PLACE_BYTES = 16
};

static const char PLACE[8] = "audit";
static const char ANCHOR_PLACE[8] = "anchor";

const char *const AUDIT_SCHEMA =
    /* content: box of person | verb | subject | times. once: keyed hash of a row that stands once an hour. */
    "CREATE TABLE audit ("
    " number INTEGER PRIMARY KEY CHECK (number > 0),"
    " hour INTEGER NOT NULL,"
    " once BLOB UNIQUE CHECK (length(once) = 32),"
    " content BLOB NOT NULL,"
    " mac BLOB NOT NULL CHECK (length(mac) = 32)"
    ") STRICT;"
    "CREATE TABLE audit_head ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " number INTEGER NOT NULL,"
    " mac BLOB NOT NULL CHECK (length(mac) = 32)"
    ") STRICT;"
    /* What happened while there was no key. */
    "CREATE TABLE audit_locked ("
    " hour INTEGER NOT NULL,"
    " verb TEXT NOT NULL,"
    " times INTEGER NOT NULL,"
    " PRIMARY KEY (hour, verb)"
    ") STRICT, WITHOUT ROWID;";

const char *const AUDIT_ANCHOR_SCHEMA =
    /* The newest row that was deleted: its number, its mac, and that mac under the head key. */
    "CREATE TABLE audit_anchor ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " number INTEGER NOT NULL,"
    " mac BLOB NOT NULL CHECK (length(mac) = 32),"
    " seal BLOB NOT NULL CHECK (length(seal) = 32)"
    ") STRICT;";

enum {
    LAST,
    ONCE,
    PUT,
    HEAD,
    SET_HEAD,
    LIST,
    WALK,
    NOTE,
    NOTED,
    FORGET,
    ANCHOR,
    SET_ANCHOR,
    EXPIRE,
    N_SQL
};
static const char *const SQL[N_SQL] = {
    [LAST] = "SELECT number, mac FROM audit ORDER BY number DESC LIMIT 1",
    [ONCE] = "SELECT 1 FROM audit WHERE once = ?1",
    [PUT] = "INSERT INTO audit (number, hour, once, content, mac)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    [HEAD] = "SELECT number, mac FROM audit_head WHERE id = 1",
    [SET_HEAD] = "INSERT INTO audit_head (id, number, mac) VALUES (1, ?1, ?2)"
                 " ON CONFLICT (id) DO UPDATE SET number = ?1, mac = ?2",
    [LIST] = "SELECT number, hour, content FROM audit WHERE number < ?1"
             " ORDER BY number DESC LIMIT ?2",
    [WALK] = "SELECT number, hour, content, mac FROM audit ORDER BY number",
    [NOTE] = "INSERT INTO audit_locked (hour, verb, times) VALUES (?1, ?2, 1)"
             " ON CONFLICT (hour, verb) DO UPDATE SET times = times + 1",
    [NOTED] = "SELECT hour, verb, times FROM audit_locked ORDER BY hour, verb LIMIT 1",
    [FORGET] = "DELETE FROM audit_locked WHERE hour = ?1 AND verb = ?2",
    [ANCHOR] = "SELECT number, mac, seal FROM audit_anchor WHERE id = 1",
    [SET_ANCHOR] =
        "INSERT INTO audit_anchor (id, number, mac, seal) VALUES (1, ?1, ?2, ?3)"
        " ON CONFLICT (id) DO UPDATE SET number = ?1, mac = ?2, seal = ?3",
    [EXPIRE] = "DELETE FROM audit WHERE number <= ?1",
};

struct audit {
    struct db *db;
    struct chance *chance;
    struct statements *sql;
    bool unlocked;
    struct box_key content_key, mac_key, head_key, subject_key;
};

enum status audit_open(
    struct db *db, struct chance *chance, struct audit **ret, struct trouble *trouble)
{
    struct audit *audit = memory_new(sizeof(*audit));
    enum status status = statements_open(db, SQL, N_SQL, &audit->sql, trouble);

    audit->db = db;
    audit->chance = chance;
    if (status != STATUS_OK) {
        audit_close(&audit);
        return status;
    }
    *ret = audit;
    return STATUS_OK;
}

void audit_close(struct audit **audit)
{
    if (!*audit)
        return;
    audit_lock(*audit);
    statements_close(&(*audit)->sql);
    memory_free(*audit);
    *audit = NULL;
}

void audit_unlock(struct audit *audit, const struct box_key *master)
{
    box_derive_key(master, "audit content", &audit->content_key);
    box_derive_key(master, "audit mac", &audit->mac_key);
    box_derive_key(master, "audit head", &audit->head_key);
    box_derive_key(master, "audit subject", &audit->subject_key);
    audit->unlocked = true;
}

void audit_lock(struct audit *audit)
{
    memory_wipe(&audit->content_key, sizeof(audit->content_key));
    memory_wipe(&audit->mac_key, sizeof(audit->mac_key));
    memory_wipe(&audit->head_key, sizeof(audit->head_key));
    memory_wipe(&audit->subject_key, sizeof(audit->subject_key));
    audit->unlocked = false;
}

struct hash audit_subject(const struct audit *audit, const char *text)
{
    PROMISE(audit->unlocked);
    return hash_keyed(audit->subject_key.bytes, span_text(text));
}

/* --- the chain -------------------------------------------------------------------------------------------- */

static struct hash chain(const struct audit *audit, const struct hash *before,
    int64_t number, int64_t hour, struct span content)
{
    uint8_t bytes[HASH_BYTES + 16 + BOXED_BYTES];
    struct writer writer = writer_over(bytes, sizeof(bytes));

    writer_hash(&writer, before);
    writer_u64(&writer, (uint64_t)number);
    writer_u64(&writer, (uint64_t)hour);
    writer_put(&writer, content.at, content.n);
    return hash_keyed(audit->mac_key.bytes, writer_span(&writer));
}

static struct hash head_of(
    const struct audit *audit, int64_t number, const struct hash *mac)
{
    uint8_t bytes[8 + HASH_BYTES];
    struct writer writer = writer_over(bytes, sizeof(bytes));

    writer_u64(&writer, (uint64_t)number);
    writer_hash(&writer, mac);
    return hash_keyed(audit->head_key.bytes, writer_span(&writer));
}

static struct span make_place(int64_t number, uint8_t memory[PLACE_BYTES])
{
    struct writer writer = writer_over(memory, PLACE_BYTES);

    writer_put(&writer, PLACE, sizeof(PLACE));
    writer_u64(&writer, (uint64_t)number);
    return writer_span(&writer);
}

/* Number and mac of a query's one row; zero if there is none. */
static enum status read_end(
    struct audit *audit, size_t sql, int64_t *ret_number, struct hash *ret_mac)
{
    struct query *query = query_start(audit->sql, sql);
    bool found = false;
    enum status status = query_next(query, &found);

    *ret_number = 0;
    memset(ret_mac, 0, sizeof(*ret_mac));
    if (status == STATUS_OK && found) {
        *ret_number = row_int(query, 0);
        status = row_exact(query, 1, ret_mac->bytes, HASH_BYTES);
    }
    query_end(query);
    return status;
}

static enum status set_head(struct audit *audit, int64_t number, const struct hash *mac)
{
    struct hash head = head_of(audit, number, mac);
    struct query *query = query_start(audit->sql, SET_HEAD);

    query_int(query, 1, number);
    query_blob(query, 2, hash_span(&head));
    return query_run(query);
}

static struct span write_content(
    const struct audit_entry *entry, uint8_t memory[CONTENT_BYTES])
{
    struct writer writer = writer_over(memory, CONTENT_BYTES);

    writer_ident(&writer, &entry->person);
    writer_put(&writer, entry->verb, AUDIT_VERB_BYTES);
    writer_hash(&writer, &entry->subject);
    writer_u64(&writer, (uint64_t)entry->times);
    return writer_span(&writer);
}

/* Behind the last row that stands there: a row that was cut before is found by the head, which stays wrong then. */
static enum status append(struct audit *audit, const struct audit_entry *entry,
    const struct hash *once, int64_t number, const struct hash *before)
{
    uint8_t content[CONTENT_BYTES], place[PLACE_BYTES];
    struct buffer boxed;
    struct hash mac;
    enum status status;

    buffer_init(&boxed, BOXED_BYTES);
    status = box_apply(&audit->content_key, audit->chance, make_place(number, place),
        write_content(entry, content), &boxed);
    if (status == STATUS_OK) {
        struct query *query = query_start(audit->sql, PUT);

        mac = chain(audit, before, number, entry->hour, buffer_span(&boxed));
        query_int(query, 1, number);
        query_int(query, 2, entry->hour);
        if (once)
            query_blob(query, 3, hash_span(once));
        else
            query_null(query, 3);
        query_blob(query, 4, buffer_span(&boxed));
        query_blob(query, 5, hash_span(&mac));
        status = query_run(query);
    }
    buffer_release(&boxed);
    return status == STATUS_OK ? set_head(audit, number, &mac) : status;
}

static enum status is_there(struct audit *audit, const struct hash *once, bool *ret)
{
    struct query *query = query_start(audit->sql, ONCE);

    query_blob(query, 1, hash_span(once));
    enum status status = query_next(query, ret);
    query_end(query);
    return status;
}

static struct hash once_of(const struct audit *audit, const struct audit_entry *entry)
{
    uint8_t bytes[8 + CONTENT_BYTES];
    struct writer writer = writer_over(bytes, sizeof(bytes));

    writer_u64(&writer, (uint64_t)entry->hour);
    writer_ident(&writer, &entry->person);
    writer_put(&writer, entry->verb, AUDIT_VERB_BYTES);
    writer_hash(&writer, &entry->subject);
    writer_zeros(&writer, 8);
    return hash_keyed(audit->subject_key.bytes, writer_span(&writer));
}

enum status audit_put(struct audit *audit, const struct audit_entry *entry, bool once)
{
    struct hash mark, mac, head, right;
    int64_t number, counted;
    bool found = false;
    enum status status = STATUS_OK;

    PROMISE(db_in_transaction(audit->db));
    if (!audit->unlocked)
        return STATUS_LOCKED;
    if (once) {
        mark = once_of(audit, entry);
        status = is_there(audit, &mark, &found);
        if (status != STATUS_OK || found)
            return status;
    }
    status = read_end(audit, LAST, &number, &mac);
    if (status == STATUS_OK)
        status = read_end(audit, HEAD, &counted, &head);
    if (status != STATUS_OK)
        return status;
    /* A head that does not hold is left broken for good: going on must not repair what somebody cut. */
    right = head_of(audit, number, &mac);
    if (number + counted > 0 && (number != counted || !hash_equal(&head, &right)))
        number = (number > counted ? number : counted) + 1;
    return append(audit, entry, once ? &mark : NULL, number + 1, &mac);
}

enum status audit_put_locked(struct audit *audit, int64_t hour, const char *verb)
{
    PROMISE(db_in_transaction(audit->db));
    struct query *query = query_start(audit->sql, NOTE);

    query_int(query, 1, hour);
    query_text(query, 2, verb);
    return query_run(query);
}

static enum status take_noted(
    struct audit *audit, struct audit_entry *ret, bool *ret_found)
{
    struct query *query = query_start(audit->sql, NOTED);
    enum status status = query_next(query, ret_found);

    memset(ret, 0, sizeof(*ret));
    if (status == STATUS_OK && *ret_found) {
        const char *verb = row_text(query, 1);
        size_t n = verb ? strlen(verb) : 0;

        ret->hour = row_int(query, 0);
        ret->times = row_int(query, 2);
        if (n < sizeof(ret->verb))
            memcpy(ret->verb, verb, n);
        else
            status = STATUS_CORRUPT;
    }
    query_end(query);
    return status;
}

enum status audit_adopt(struct audit *audit)
{
    struct audit_entry entry;
    bool found = false;
    enum status status;

    PROMISE(db_in_transaction(audit->db));
    while ((status = take_noted(audit, &entry, &found)) == STATUS_OK && found) {
        struct query *query;

        status = audit_put(audit, &entry, false);
        if (status != STATUS_OK)
            return status;
        query = query_start(audit->sql, FORGET);
        query_int(query, 1, entry.hour);
        query_text(query, 2, entry.verb);
        status = query_run(query);
        if (status != STATUS_OK)
            return status;
    }
    return status;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

/* CORRUPT leaves the entry empty but for its hour. */
static enum status open_entry(struct audit *audit, int64_t number, int64_t hour,
    struct span content, struct audit_entry *ret)
{
    uint8_t place[PLACE_BYTES];
    struct buffer plain;
    enum status status;

    memset(ret, 0, sizeof(*ret));
    ret->hour = hour;
    buffer_init(&plain, CONTENT_BYTES);
    status = box_break(&audit->content_key, make_place(number, place), content, &plain);
    if (status == STATUS_OK) {
        struct reader reader = reader_over(buffer_span(&plain));

        ret->person = reader_ident(&reader);
        reader_copy(&reader, ret->verb, AUDIT_VERB_BYTES);
        ret->verb[AUDIT_VERB_BYTES - 1] = 0;
        ret->subject = reader_hash(&reader);
        ret->times = (int64_t)reader_u64(&reader);
        status = reader_end(&reader);
    }
    buffer_release(&plain);
    return status == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

enum status audit_list(struct audit *audit, int64_t before, struct audit_entry *ret,
    int64_t *ret_numbers, size_t max, size_t *ret_n)
{
    struct query *query;
    bool found = false;
    size_t n = 0;
    enum status status;

    if (!audit->unlocked)
        return STATUS_LOCKED;
    query = query_start(audit->sql, LIST);
    query_int(query, 1, before > 0 ? before : INT64_MAX);
    query_int(query, 2, (int64_t)max);
    while ((status = query_next(query, &found)) == STATUS_OK && found && n < max) {
        ret_numbers[n] = row_int(query, 0);
        if (open_entry(audit, ret_numbers[n], row_int(query, 1), row_blob(query, 2),
                &ret[n]) != STATUS_OK)
            memcpy(ret[n].verb, "damaged", sizeof("damaged"));
        n++;
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

/* Does the present row stand where it belongs, and does it hold? */
static bool row_holds(
    struct audit *audit, const struct query *query, int64_t number, struct hash *mac)
{
    struct span content = row_blob(query, 2);
    struct hash stored;
    struct audit_entry entry;

    if (row_int(query, 0) != number || content.n != BOXED_BYTES ||
        row_exact(query, 3, stored.bytes, HASH_BYTES) != STATUS_OK)
        return false;
    *mac = chain(audit, mac, number, row_int(query, 1), content);
    return hash_equal(mac, &stored) &&
           open_entry(audit, number, row_int(query, 1), content, &entry) == STATUS_OK;
}

/* --- old rows ------------------------------------------------------------------------------------------------ */

static struct hash anchor_of(
    const struct audit *audit, int64_t number, const struct hash *mac)
{
    uint8_t bytes[sizeof(ANCHOR_PLACE) + 8 + HASH_BYTES];
    struct writer writer = writer_over(bytes, sizeof(bytes));

    writer_put(&writer, ANCHOR_PLACE, sizeof(ANCHOR_PLACE));
    writer_u64(&writer, (uint64_t)number);
    writer_hash(&writer, mac);
    return hash_keyed(audit->head_key.bytes, writer_span(&writer));
}

/* What the first kept row hangs on: zero as long as nothing was deleted. *ret_holds: it is as this node left it. */
static enum status read_anchor(
    struct audit *audit, int64_t *ret_number, struct hash *ret_mac, bool *ret_holds)
{
    struct query *query = query_start(audit->sql, ANCHOR);
    struct hash seal = {{0}}, right;
    bool found = false;
    enum status status = query_next(query, &found);

    *ret_number = 0;
    *ret_holds = true;
    memset(ret_mac, 0, sizeof(*ret_mac));
    if (status == STATUS_OK && found) {
        *ret_number = row_int(query, 0);
        status = row_exact(query, 1, ret_mac->bytes, HASH_BYTES);
        if (status == STATUS_OK)
            status = row_exact(query, 2, seal.bytes, HASH_BYTES);
        right = anchor_of(audit, *ret_number, ret_mac);
        *ret_holds = *ret_number > 0 && hash_equal(&seal, &right);
    }
    query_end(query);
    return status;
}

enum status audit_begins(struct audit *audit, int64_t *ret_deleted)
{
    struct query *query = query_start(audit->sql, ANCHOR);
    bool found = false;
    enum status status = query_next(query, &found);

    if (status == STATUS_OK)
        *ret_deleted = found ? row_int(query, 0) : 0;
    query_end(query);
    return status;
}

static enum status move_anchor(
    struct audit *audit, int64_t number, const struct hash *mac)
{
    struct hash seal = anchor_of(audit, number, mac);
    struct query *query = query_start(audit->sql, SET_ANCHOR);

    query_int(query, 1, number);
    query_blob(query, 2, hash_span(mac));
    query_blob(query, 3, hash_span(&seal));
    enum status status = query_run(query);
    if (status != STATUS_OK)
        return status;
    query = query_start(audit->sql, EXPIRE);
    query_int(query, 1, number);
    return query_run(query);
}

enum status audit_expire(struct audit *audit, int64_t last_hour, int max, int64_t *ret_n)
{
    int64_t number, newest, n = 0;
    struct hash mac, next;
    bool found = false, holds = true;
    struct query *query;

    PROMISE(db_in_transaction(audit->db));
    *ret_n = 0;
    if (!audit->unlocked)
        return STATUS_LOCKED;
    enum status status = read_end(audit, LAST, &newest, &next);
    if (status == STATUS_OK)
        status = read_anchor(audit, &number, &mac, &holds);
    if (status != STATUS_OK || !holds)
        return status;
    query = query_start(audit->sql, WALK);
    next = mac;
    while (n < max && (status = query_next(query, &found)) == STATUS_OK && found &&
           number + 1 < newest && row_int(query, 1) <= last_hour &&
           row_holds(audit, query, number + 1, &next)) {
        mac = next;
        number++;
        n++;
    }
    query_end(query);
    if (status == STATUS_OK && n > 0)
        status = move_anchor(audit, number, &mac);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

enum status audit_verify(
    struct audit *audit, int64_t *ret_count, int64_t *ret_bad, struct hash *ret_head)
{
    struct hash mac, head, right;
    int64_t number = 0, counted = 0;
    bool found = false, holds = true;
    struct query *query;
    enum status status;

    if (!audit->unlocked)
        return STATUS_LOCKED;
    status = read_anchor(audit, &number, &mac, &holds);
    if (status != STATUS_OK)
        return status;
    if (!holds) {
        *ret_bad = number + 1;
        return STATUS_CORRUPT;
    }
    query = query_start(audit->sql, WALK);
    while (holds && (status = query_next(query, &found)) == STATUS_OK && found)
        holds = row_holds(audit, query, ++number, &mac);
    query_end(query);
    if (!holds) {
        *ret_bad = number;
        return STATUS_CORRUPT;
    }
    if (status == STATUS_OK)
        status = read_end(audit, HEAD, &counted, &head);
    if (status != STATUS_OK)
        return status;
    right = head_of(audit, number, &mac);
    if (number == 0 || counted != number || !hash_equal(&head, &right)) {
        *ret_bad = number + 1;
        return STATUS_CORRUPT;
    }
    *ret_count = number;
    *ret_head = head;
    return STATUS_OK;
}
