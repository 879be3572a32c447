/* SPDX-License-Identifier: Apache-2.0
 *
 * db: SQLite's front door. <sqlite3.h> is included in this folder only; SQL text stands in store modules
 * only, as tables of named statements that are prepared when the store opens, so that a typo or a drifted
 * schema stops the start, not the night.
 *
 * One connection per file (EXCLUSIVE before WAL, so a second opener gets BUSY and no -shm file exists);
 * synchronous=FULL; own checkpoints; DEFENSIVE, no trusted schema, no extensions, STRICT tables, low limits.
 * Only node.c and broker.c begin and commit; every store call that writes asserts an open transaction.
 *
 * FULL is not IO: after FULL the transaction is rolled back by the caller, new work is refused, and the
 * process stays up. After IO or CORRUPT nothing may be answered and the process ends; an fsync is never
 * tried again. A failure is sticky: until db_rollback every later call of that transaction gives the same
 * status, so that no half of a turn can be committed; IO and CORRUPT stay for good.
 */
#ifndef AMAAN_DB_H
#define AMAAN_DB_H

#include "bytes.h"
#include "ident.h"

struct db;

struct db_options {
    const char *path;
    const char *vfs;               /* NULL: the system's; tests name theirs */
    const char *const *migrations; /* SQL scripts, numbered from 1, append-only */
    size_t n_migrations;
    uint32_t application_id; /* another program's file is refused with a sentence */
    /* For a store whose rows were measured; 0 takes SQLite's own. The page size of a file is settled when it
     * is made. */
    int page_bytes;
    int64_t cache_bytes;
    /* Deleted content is always overwritten where its page is written anyway. Whole freed pages are only
     * overwritten when this is set: for a store of clear or long-lived secrets, not for one of envelopes. */
    bool wipe_freed_pages;
};

/* BUSY (somebody has it open), UNSUPPORTED (newer than this program, or another program's), CORRUPT, FULL,
 * IO. A file of up to 64 MiB is looked through at once (quick_check). */
enum status db_open(
    const struct db_options *options, struct db **ret, struct trouble *trouble) MUST_USE;
void db_close(struct db **db); /* checkpoints; accepts NULL */

enum status db_begin(struct db *db) MUST_USE; /* IMMEDIATE; BUG if one is open */
enum status db_commit(
    struct db *db) MUST_USE;     /* FULL or IO: the transaction is then rolled back */
void db_rollback(struct db *db); /* harmless without a transaction */
bool db_in_transaction(const struct db *db);
/* A savepoint for work that may fail alone inside the turn's transaction. */
enum status db_mark(struct db *db) MUST_USE;
void db_unmark(struct db *db, bool keep);

/* Writes the log back into the file when it is larger than the given pages; between transactions only. FULL
 * is harmless: the log keeps what it has. */
enum status db_checkpoint(struct db *db, int min_pages) MUST_USE;
/* Integrity check; CORRUPT with the first finding. */
enum status db_check(struct db *db, struct trouble *trouble) MUST_USE;
int64_t db_bytes(struct db *db); /* size of the database in use, without free pages */
const char *db_library(void);    /* "SQLite 3.40.1", for --version */

/* --- a copy in memory (image.c): for a backup, and for looking into one --------------------------------------
 * Nothing of it touches a disk. The copy is of one moment: what the source commits while it is under way is in it. */
struct db_copy;
/* TOO_BIG: the database has more than bytes_max. The source must outlive the copy. */
enum status db_copy_start(
    struct db *db, int64_t bytes_max, struct db_copy **ret) MUST_USE;
/* So many pages more; between transactions only. FULL: not enough memory. */
enum status db_copy_step(struct db_copy *copy, int pages, bool *ret_done) MUST_USE;
/* The finished copy as a database of its own; the copy is gone, whatever the answer. FULL, CORRUPT. */
enum status db_copy_open(struct db_copy **copy, const struct db_options *options,
    struct db **ret, struct trouble *trouble) MUST_USE;
void db_copy_end(struct db_copy **copy); /* accepts NULL */
/* A database in memory over a copy of these bytes, looked through as a whole; only application_id and the number
 * of migrations are taken from the options. UNSUPPORTED, CORRUPT, FULL. */
enum status db_open_image(const struct db_options *options, struct span image,
    struct db **ret, struct trouble *trouble) MUST_USE;
/* The bytes of a database in memory, as they would stand in its file; borrowed until it changes or closes. */
struct span db_image(struct db *db);

/* A store's statements. */
struct statements;
struct query;

enum status statements_open(struct db *db, const char *const *sql, size_t n,
    struct statements **ret, struct trouble *trouble) MUST_USE;
void statements_close(struct statements **statements);

/* A fresh run of statement i: bind in order (1-based), then run, or next until there is no row, then end.
 * Blobs are borrowed until query_end. BUG if that statement is already running. */
struct query *query_start(struct statements *statements, size_t i);
void query_int(struct query *query, int index, int64_t value);
void query_blob(
    struct query *query, int index, struct span value); /* empty, not NULL, when n is 0 */
void query_ident(struct query *query, int index, const struct ident *value);
void query_text(struct query *query, int index, const char *value);
void query_null(struct query *query, int index);

/* Runs to the end and ends the query. OK, EXISTS (unique or primary key), CONFLICT (another constraint),
 * FULL, IO, CORRUPT. */
enum status query_run(struct query *query) MUST_USE;
/* OK with *ret_row: true while there is a row. On failure or without a row the query is still to be ended. */
enum status query_next(struct query *query, bool *ret_row) MUST_USE;
void query_end(struct query *query);
/* Columns of the present row, 0-based; blobs and text are borrowed until the next call on the query. */
int64_t row_int(const struct query *query, int column);
struct span row_blob(const struct query *query, int column);
const char *row_text(const struct query *query, int column);
bool row_is_null(const struct query *query, int column);
/* A blob column of exactly n bytes; CORRUPT otherwise. */
enum status row_exact(
    const struct query *query, int column, void *ret, size_t n) MUST_USE;

int64_t db_changes(const struct db *db);  /* rows touched by the last statement */
int64_t db_last_row(const struct db *db); /* rowid of the last insert */

#endif
