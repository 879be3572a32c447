/* SPDX-License-Identifier: Apache-2.0
 * Three tables: whole documents, hashes by version, forks. Pruning belongs to putting, so that no caller can
 * forget it.
 */
#include "archive.h"

#include "memory.h"
#include "trust.h"

enum { ROSTERS_KEPT = 4, PACKAGES_KEPT = 2, FORKS_KEPT = 8 };

const char *const TRUST_SCHEMA =
    "CREATE TABLE trust_documents ("
    " type INTEGER NOT NULL,"       /* document_type of frame.h */
    " hash BLOB NOT NULL,"          /* of the body */
    " version INTEGER NOT NULL,"    /* a notice's number */
    " expires_ms INTEGER NOT NULL," /* as the document says */
    " taken_ms INTEGER NOT NULL,"   /* when this machine accepted it */
    " bytes BLOB NOT NULL,"         /* body and signatures */
    " PRIMARY KEY (type, hash)) STRICT;"
    "CREATE INDEX trust_documents_version ON trust_documents (type, version);"
    "CREATE TABLE trust_versions ("
    " type INTEGER NOT NULL,"
    " version INTEGER NOT NULL,"
    " hash BLOB NOT NULL," /* kept for ever */
    " PRIMARY KEY (type, version)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE trust_forks ("
    " hash BLOB NOT NULL PRIMARY KEY," /* of the other document */
    " under_root INTEGER NOT NULL,"    /* newest root then; a newer one settles it */
    " held BLOB NOT NULL,"             /* ours, empty if it was not kept any more */
    " other BLOB NOT NULL) STRICT;";

enum statement {
    PUT_DOCUMENT,
    PUT_VERSION,
    DROP_OLD,
    DROP_NOTICES,
    GET_VERSION,
    GET_NEWEST,
    GET_HASH,
    HAS_NOTICE,
    WALK,
    PUT_FORK,
    HAS_FORK,
    GET_FORKS,
    STATEMENT_COUNT
};

static const char *const sql[STATEMENT_COUNT] = {
    [PUT_DOCUMENT] = "INSERT INTO trust_documents "
                     "(type, hash, version, expires_ms, taken_ms, bytes) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [PUT_VERSION] =
        "INSERT INTO trust_versions (type, version, hash) VALUES (?1, ?2, ?3)",
    [DROP_OLD] = "DELETE FROM trust_documents WHERE type = ?1 AND version NOT IN "
                 "(SELECT version FROM trust_documents WHERE type = ?1 "
                 "ORDER BY version DESC LIMIT ?2)",
    [DROP_NOTICES] = "DELETE FROM trust_documents WHERE type = ?1 AND expires_ms < ?2",
    [GET_VERSION] = "SELECT bytes FROM trust_documents WHERE type = ?1 AND version = ?2 "
                    "ORDER BY hash",
    [GET_NEWEST] = "SELECT bytes FROM trust_documents WHERE type = ?1 AND version = "
                   "(SELECT max(version) FROM trust_documents WHERE type = ?1) "
                   "ORDER BY hash",
    [GET_HASH] = "SELECT hash FROM trust_versions WHERE type = ?1 AND version = ?2",
    [HAS_NOTICE] = "SELECT 1 FROM trust_documents WHERE type = ?1 AND hash = ?2",
    [WALK] = "SELECT bytes, taken_ms FROM (SELECT bytes, taken_ms, version, hash "
             "FROM trust_documents WHERE type = ?1 "
             "ORDER BY taken_ms DESC, version DESC LIMIT ?2) ORDER BY version, hash",
    [PUT_FORK] = "INSERT INTO trust_forks (hash, under_root, held, other) "
                 "SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM trust_forks) < ?5",
    [HAS_FORK] = "SELECT EXISTS (SELECT 1 FROM trust_forks WHERE under_root >= ?1)",
    [GET_FORKS] = "SELECT held, other FROM trust_forks ORDER BY under_root, hash",
};

struct archive {
    struct db *db;
    struct statements *statements;
};

enum status archive_open(struct db *db, struct archive **ret, struct trouble *trouble)
{
    struct archive *archive = memory_new(sizeof *archive);
    enum status status =
        statements_open(db, sql, STATEMENT_COUNT, &archive->statements, trouble);

    if (status) {
        memory_free(archive);
        return status;
    }
    archive->db = db;
    *ret = archive;
    return STATUS_OK;
}

void archive_close(struct archive **archive)
{
    if (!*archive)
        return;
    statements_close(&(*archive)->statements);
    memory_free(*archive);
    *archive = NULL;
}

static struct query *start(
    struct archive *archive, enum statement statement, enum document_type type)
{
    struct query *query = query_start(archive->statements, statement);

    query_int(query, 1, type);
    return query;
}

static enum status put_version(struct archive *archive, const struct document *document)
{
    struct query *query = start(archive, PUT_VERSION, document->type);

    query_int(query, 2, (int64_t)document->version);
    query_blob(query, 3, hash_span(&document->hash));
    return query_run(query);
}

static enum status drop_old(struct archive *archive, enum document_type type, int kept)
{
    struct query *query = start(archive, DROP_OLD, type);

    query_int(query, 2, kept);
    return query_run(query);
}

enum status archive_put(struct archive *archive, const struct document *document,
    struct span bytes, int64_t taken_ms)
{
    struct query *query;
    enum status status;

    PROMISE(db_in_transaction(archive->db));
    query = start(archive, PUT_DOCUMENT, document->type);
    query_blob(query, 2, hash_span(&document->hash));
    query_int(query, 3, (int64_t)document->version);
    query_int(query, 4, document->expires_ms);
    query_int(query, 5, taken_ms);
    query_blob(query, 6, bytes);
    status = query_run(query);
    if (status == STATUS_OK && document->type != DOCUMENT_NOTICE)
        status = put_version(archive, document);
    if (status == STATUS_OK && document->type == DOCUMENT_ROSTER)
        status = drop_old(archive, DOCUMENT_ROSTER, ROSTERS_KEPT);
    if (status == STATUS_OK && document->type == DOCUMENT_PROFILES)
        status = drop_old(archive, DOCUMENT_PROFILES, PACKAGES_KEPT);
    return status;
}

enum status archive_drop_notices(struct archive *archive, int64_t ended_before_ms)
{
    struct query *query;

    PROMISE(db_in_transaction(archive->db));
    query = start(archive, DROP_NOTICES, DOCUMENT_NOTICE);
    query_int(query, 2, ended_before_ms);
    return query_run(query);
}

/* Appends the columns of every row; NOT_FOUND without a row. */
static enum status collect(struct query *query, int columns, struct buffer *ret)
{
    bool row = false, any = false;
    enum status status;

    for (;;) {
        status = query_next(query, &row);
        if (status || !row)
            break;
        any = true;
        for (int column = 0; status == STATUS_OK && column < columns; column++) {
            struct span bytes = row_blob(query, column);

            status = buffer_put(ret, bytes.at, bytes.n);
        }
        if (status)
            break;
    }
    query_end(query);
    if (status == STATUS_OK && !any)
        status = STATUS_NOT_FOUND;
    return status;
}

enum status archive_get(struct archive *archive, enum document_type type,
    uint64_t version, struct buffer *ret)
{
    struct query *query = start(archive, version ? GET_VERSION : GET_NEWEST, type);

    if (version > INT64_MAX) {
        query_end(query);
        return STATUS_NOT_FOUND;
    }
    if (version)
        query_int(query, 2, (int64_t)version);
    return collect(query, 1, ret);
}

enum status archive_hash(
    struct archive *archive, enum document_type type, uint64_t version, struct hash *ret)
{
    struct query *query;
    struct hash hash;
    bool row = false;
    enum status status;

    if (version > INT64_MAX)
        return STATUS_NOT_FOUND;
    query = start(archive, GET_HASH, type);
    query_int(query, 2, (int64_t)version);
    status = query_next(query, &row);
    if (status == STATUS_OK && !row)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = row_exact(query, 0, hash.bytes, sizeof hash.bytes);
    query_end(query);
    if (status == STATUS_OK)
        *ret = hash;
    return status;
}

enum status archive_has_notice(struct archive *archive, const struct hash *hash)
{
    struct query *query = start(archive, HAS_NOTICE, DOCUMENT_NOTICE);
    bool row = false;
    enum status status;

    query_blob(query, 2, hash_span(hash));
    status = query_next(query, &row);
    query_end(query);
    if (status == STATUS_OK && !row)
        status = STATUS_NOT_FOUND;
    return status;
}

enum status archive_walk(struct archive *archive, enum document_type type,
    enum status (*each)(void *context, struct span bytes, int64_t taken_ms),
    void *context)
{
    struct query *query = start(archive, WALK, type);
    bool row = false;
    enum status status;

    query_int(query, 2, type == DOCUMENT_NOTICE ? NOTICES_MAX : INT64_MAX);
    for (;;) {
        status = query_next(query, &row);
        if (status || !row)
            break;
        status = each(context, row_blob(query, 0), row_int(query, 1));
        if (status)
            break;
    }
    query_end(query);
    return status;
}

enum status archive_put_fork(struct archive *archive, const struct document *other,
    struct span bytes, uint64_t under_root)
{
    struct buffer held;
    struct query *query;
    enum status status;

    PROMISE(db_in_transaction(archive->db));
    buffer_init(&held, document_bytes_max(other->type));
    status = archive_get(archive, other->type, other->version, &held);
    if (status && status != STATUS_NOT_FOUND)
        goto done;
    query = query_start(archive->statements, PUT_FORK);
    query_blob(query, 1, hash_span(&other->hash));
    query_int(query, 2, (int64_t)under_root);
    query_blob(query, 3, buffer_span(&held));
    query_blob(query, 4, bytes);
    query_int(query, 5, FORKS_KEPT);
    status = query_run(query);
    if (status == STATUS_EXISTS)
        status = STATUS_OK;
done:
    buffer_release(&held);
    return status;
}

enum status archive_has_fork(struct archive *archive, uint64_t newest_root, bool *ret)
{
    struct query *query = query_start(archive->statements, HAS_FORK);
    bool row = false;
    enum status status;

    query_int(query, 1, (int64_t)newest_root);
    status = query_next(query, &row);
    if (status == STATUS_OK)
        *ret = row && row_int(query, 0) != 0;
    query_end(query);
    return status;
}

enum status archive_get_forks(struct archive *archive, struct buffer *ret)
{
    return collect(query_start(archive->statements, GET_FORKS), 2, ret);
}
