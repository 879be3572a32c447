/* SPDX-License-Identifier: Apache-2.0
 * In memory an entry for each node, in a table of chains by node id; a turn keeps copies of the entries it
 * replaced, for a rollback.
 */
#include "bundles.h"

#include <string.h>

#include "memory.h"

const char *const BUNDLES_SCHEMA =
    "CREATE TABLE bundles ("
    " node_id BLOB PRIMARY KEY,"     /* 16 */
    " mark INTEGER NOT NULL UNIQUE," /* rises with every change */
    " bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;";

enum { ALL, PUT, SINCE, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [ALL] = "SELECT mark, bytes FROM bundles ORDER BY mark",
    [PUT] = "INSERT INTO bundles (node_id, mark, bytes) VALUES (?1, ?2, ?3) "
            "ON CONFLICT (node_id) DO UPDATE SET mark = ?2, bytes = ?3",
    [SINCE] = "SELECT mark, bytes FROM bundles WHERE mark > ?1 ORDER BY mark",
};

enum { BUCKETS = 4096 };

struct prekey_end {
    uint64_t id;
    int64_t not_after_ms;
};

struct entry {
    struct entry *next_same;
    struct ident node_id;
    uint64_t number;
    struct hash hash;
    size_t n;
    struct prekey_end ends[BUNDLE_PREKEYS_MAX];
};

struct undo {
    struct entry *entry;
    struct entry before; /* number 0: there was none */
};

struct bundles {
    struct statements *statements;
    struct entry *buckets[BUCKETS];
    uint64_t secret;
    uint64_t mark, committed_mark, first_mark;
    struct undo *undos;
    size_t n_undos, undos_size;
};

static size_t find_bucket(const struct bundles *bundles, const struct ident *node_id)
{
    uint64_t half = 0;
    memcpy(&half, node_id->bytes, sizeof half);
    return (half * bundles->secret >> 40) % BUCKETS;
}

static struct entry *find_entry(
    const struct bundles *bundles, const struct ident *node_id)
{
    struct entry *entry = bundles->buckets[find_bucket(bundles, node_id)];
    while (entry != NULL && !ident_equal(&entry->node_id, node_id)) {
        entry = entry->next_same;
    }
    return entry;
}

static struct entry *get_entry(struct bundles *bundles, const struct ident *node_id)
{
    struct entry *entry = find_entry(bundles, node_id);
    if (entry == NULL) {
        size_t bucket = find_bucket(bundles, node_id);
        entry = memory_new(sizeof *entry);
        entry->node_id = *node_id;
        entry->next_same = bundles->buckets[bucket];
        bundles->buckets[bucket] = entry;
    }
    return entry;
}

static void fill_entry(
    struct entry *entry, const struct bundle *bundle, struct span bytes)
{
    entry->number = bundle->number;
    entry->hash = hash_of(bytes);
    entry->n = bundle->n;
    for (size_t i = 0; i < bundle->n; i++) {
        entry->ends[i] =
            (struct prekey_end){bundle->prekeys[i].id, bundle->prekeys[i].not_after_ms};
    }
}

static enum status load(struct bundles *bundles)
{
    bool row = false;
    struct query *query = query_start(bundles->statements, ALL);
    enum status status = query_next(query, &row);
    while (status == STATUS_OK && row) {
        struct bundle bundle;
        struct span covered, bytes = row_blob(query, 1);
        if (bundle_decode(bytes, &bundle, &covered) != STATUS_OK ||
            row_int(query, 0) <= 0) {
            status = STATUS_CORRUPT;
            break;
        }
        fill_entry(get_entry(bundles, &bundle.node_id), &bundle, bytes);
        bundles->mark = (uint64_t)row_int(query, 0);
        status = query_next(query, &row);
    }
    query_end(query);
    return status;
}

enum status bundles_open(
    struct db *db, struct chance *chance, struct bundles **ret, struct trouble *trouble)
{
    struct bundles *bundles = memory_new(sizeof *bundles);
    bundles->secret = chance_u64(chance) | 1;
    bundles->first_mark = (chance_u64(chance) >> 2) + 1;
    enum status status =
        statements_open(db, SQL, STATEMENTS, &bundles->statements, trouble);
    if (status == STATUS_OK) {
        status = load(bundles);
        if (status != STATUS_OK) {
            trouble_say(
                trouble, "the prekey bundles cannot be read (%s)", status_name(status));
        }
    }
    if (status != STATUS_OK) {
        bundles_close(&bundles);
        return status;
    }
    bundles->committed_mark = bundles->mark;
    *ret = bundles;
    return STATUS_OK;
}

void bundles_close(struct bundles **bundles_p)
{
    struct bundles *bundles = *bundles_p;
    if (bundles == NULL) {
        return;
    }
    statements_close(&bundles->statements);
    for (size_t i = 0; i < BUCKETS; i++) {
        while (bundles->buckets[i] != NULL) {
            struct entry *entry = bundles->buckets[i];
            bundles->buckets[i] = entry->next_same;
            memory_free(entry);
        }
    }
    memory_free(bundles->undos);
    memory_free(bundles);
    *bundles_p = NULL;
}

uint64_t bundles_number(const struct bundles *bundles, const struct ident *node_id)
{
    const struct entry *entry = find_entry(bundles, node_id);
    return entry != NULL ? entry->number : 0;
}

enum status bundles_compare(
    const struct bundles *bundles, const struct bundle *bundle, struct span bytes)
{
    const struct entry *entry = find_entry(bundles, &bundle->node_id);
    if (entry == NULL || bundle->number > entry->number) {
        return STATUS_OK;
    }
    if (bundle->number < entry->number) {
        return STATUS_EXPIRED;
    }
    struct hash hash = hash_of(bytes);
    return hash_equal(&hash, &entry->hash) ? STATUS_EXISTS : STATUS_CONFLICT;
}

static void keep_undo(struct bundles *bundles, struct entry *entry)
{
    if (bundles->n_undos == bundles->undos_size) {
        bundles->undos_size = bundles->undos_size > 0 ? bundles->undos_size * 2 : 8;
        bundles->undos =
            memory_resize(bundles->undos, bundles->undos_size, sizeof(struct undo));
    }
    bundles->undos[bundles->n_undos++] = (struct undo){entry, *entry};
}

enum status bundles_put(
    struct bundles *bundles, const struct bundle *bundle, struct span bytes)
{
    uint64_t mark = bundles->mark > 0 ? bundles->mark + 1 : bundles->first_mark;
    struct query *query = query_start(bundles->statements, PUT);
    query_ident(query, 1, &bundle->node_id);
    query_int(query, 2, (int64_t)mark);
    query_blob(query, 3, bytes);
    enum status status = query_run(query);
    if (status == STATUS_OK) {
        struct entry *entry = get_entry(bundles, &bundle->node_id);
        keep_undo(bundles, entry);
        fill_entry(entry, bundle, bytes);
        bundles->mark = mark;
    }
    return status;
}

void bundles_committed(struct bundles *bundles)
{
    bundles->n_undos = 0;
    bundles->committed_mark = bundles->mark;
}

void bundles_rolled_back(struct bundles *bundles)
{
    for (; bundles->n_undos > 0; bundles->n_undos--) {
        struct undo *undo = &bundles->undos[bundles->n_undos - 1];
        struct entry *next_same = undo->entry->next_same;
        *undo->entry = undo->before; /* one that was new stays, with number 0: none */
        undo->entry->next_same = next_same;
    }
    bundles->mark = bundles->committed_mark;
}

bool bundles_find_end(const struct bundles *bundles, const struct ident *node_id,
    uint64_t prekey_id, int64_t *ret_not_after_ms)
{
    const struct entry *entry = find_entry(bundles, node_id);
    for (size_t i = 0; entry != NULL && i < entry->n; i++) {
        if (entry->ends[i].id == prekey_id) {
            *ret_not_after_ms = entry->ends[i].not_after_ms;
            return true;
        }
    }
    return false;
}

uint64_t bundles_mark(const struct bundles *bundles)
{
    return bundles->mark;
}

enum status bundles_since(struct bundles *bundles, uint64_t mark, struct buffer *bytes,
    size_t max_bytes, size_t *ret_bytes, size_t max, size_t *ret_n, uint64_t *ret_mark,
    bool *ret_more)
{
    bool row = false, more = false;
    size_t n = 0, used = 0;
    if (mark > bundles->mark) {
        mark = 0; /* of another disk */
    }
    struct query *query = query_start(bundles->statements, SINCE);
    query_int(query, 1, (int64_t)mark);
    enum status status = query_next(query, &row);
    while (status == STATUS_OK && row) {
        struct span bundle = row_blob(query, 1);
        if (n == max || bundle.n > max_bytes - used) {
            more = true;
            break;
        }
        status = buffer_put(bytes, bundle.at, bundle.n);
        if (status == STATUS_OK) {
            ret_bytes[n++] = bundle.n;
            used += bundle.n;
            mark = (uint64_t)row_int(query, 0);
            status = query_next(query, &row);
        }
    }
    query_end(query);
    if (status == STATUS_OK) {
        *ret_n = n;
        *ret_mark = mark;
        *ret_more = more;
    }
    return status;
}
