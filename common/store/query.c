/* SPDX-License-Identifier: Apache-2.0
 * A query is one prepared statement and whether it runs. Values are bound without a copy, so bindings are
 * cleared when the query ends. A query of a transaction that has failed does not reach SQLite any more.
 */
#include "memory.h"
#include "private.h"

struct query {
    sqlite3_stmt *statement;
    struct db *db;
    bool running, writes;
};

struct statements {
    size_t n;
    struct query queries[];
};

enum status statements_open(struct db *db, const char *const *sql, size_t n,
    struct statements **ret, struct trouble *trouble)
{
    struct statements *statements =
        memory_new(sizeof *statements + n * sizeof statements->queries[0]);
    for (size_t i = 0; i < n; i++) {
        struct query *query = &statements->queries[i];
        statements->n = i + 1;
        query->db = db;
        enum status status = db_prepare(db, sql[i], &query->statement);
        if (status != STATUS_OK) {
            trouble_say(trouble, "the database does not fit this program: %s in: %s",
                sqlite3_errmsg(db->handle), sql[i]);
            statements_close(&statements);
            return status;
        }
        query->writes = !sqlite3_stmt_readonly(query->statement);
    }
    *ret = statements;
    return STATUS_OK;
}

void statements_close(struct statements **statements_p)
{
    struct statements *statements = *statements_p;
    if (statements == NULL) {
        return;
    }
    for (size_t i = 0; i < statements->n; i++) {
        if (statements->queries[i].running) {
            query_end(&statements->queries[i]);
        }
        sqlite3_finalize(statements->queries[i].statement);
    }
    memory_free(statements);
    *statements_p = NULL;
}

struct query *query_start(struct statements *statements, size_t i)
{
    PROMISE(i < statements->n);
    struct query *query = &statements->queries[i];
    PROMISE(!query->running);
    PROMISE(!query->writes || db_in_transaction(query->db) ||
            query->db->failure != STATUS_OK);
    query->running = true;
    query->db->running++;
    return query;
}

static void check_bound(struct query *query, int code)
{
    PROMISE(query->running);
    if (code != SQLITE_OK) {
        BUG("a value was bound that the statement does not have");
    }
}

void query_int(struct query *query, int index, int64_t value)
{
    check_bound(query, sqlite3_bind_int64(query->statement, index, value));
}

void query_blob(struct query *query, int index, struct span value)
{
    if (value.n == 0) {
        check_bound(query, sqlite3_bind_zeroblob(query->statement, index, 0));
        return;
    }
    int code =
        sqlite3_bind_blob64(query->statement, index, value.at, value.n, SQLITE_STATIC);
    if (code ==
        SQLITE_TOOBIG) { /* longer than any value may be: the row would be refused */
        BUG("a blob beyond the limit was bound");
    }
    check_bound(query, code);
}

void query_ident(struct query *query, int index, const struct ident *value)
{
    query_blob(query, index, ident_span(value));
}

void query_text(struct query *query, int index, const char *value)
{
    check_bound(
        query, sqlite3_bind_text(query->statement, index, value, -1, SQLITE_STATIC));
}

void query_null(struct query *query, int index)
{
    check_bound(query, sqlite3_bind_null(query->statement, index));
}

enum status query_next(struct query *query, bool *ret_row)
{
    PROMISE(query->running);
    if (query->db->failure != STATUS_OK) {
        return query->db->failure;
    }
    int code = sqlite3_step(query->statement);
    enum status status = db_note(query->db, code);
    if (status == STATUS_OK) {
        *ret_row = code == SQLITE_ROW;
    }
    return status;
}

enum status query_run(struct query *query)
{
    bool row = true;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && row) {
        status = query_next(query, &row);
    }
    query_end(query);
    return status;
}

void query_end(struct query *query)
{
    PROMISE(query->running);
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
    query->running = false;
    query->db->running--;
}

int64_t row_int(const struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

struct span row_blob(const struct query *query, int column)
{
    const void *at = sqlite3_column_blob(query->statement, column);
    return span_of(at, (size_t)sqlite3_column_bytes(query->statement, column));
}

const char *row_text(const struct query *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    return text != NULL ? text : "";
}

bool row_is_null(const struct query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

enum status row_exact(const struct query *query, int column, void *ret, size_t n)
{
    struct span value = row_blob(query, column);
    if (value.n != n || sqlite3_column_type(query->statement, column) != SQLITE_BLOB) {
        return STATUS_CORRUPT;
    }
    if (n > 0) {
        memcpy(ret, value.at, n);
    }
    return STATUS_OK;
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t db_last_row(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}
