/* SPDX-License-Identifier: Apache-2.0
 * One connection with every protection switched on before the first page is read. The wish for EXCLUSIVE
 * comes before WAL: SQLite then keeps the log's index on the heap and the file's lock for good. The log is
 * written back only by db_checkpoint; a hook tells how long it is. query.c runs the statements.
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "private.h"

enum {
    VALUE_BYTES_MAX = 9 * 1024 * 1024, /* the largest signed document and some room */
    LOG_KEEP_BYTES = 16 * 1024 * 1024, /* the log file is cut back to this */
    QUICK_CHECK_BYTES = 64 * 1024 * 1024,
    HEAP_BYTES_MAX = 768 * 1024 * 1024
};

static const struct {
    int which, value;
} LIMITS[] = {
    {SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX},
    {SQLITE_LIMIT_SQL_LENGTH, 100000},
    {SQLITE_LIMIT_COLUMN, 100},
    {SQLITE_LIMIT_EXPR_DEPTH, 30},
    {SQLITE_LIMIT_COMPOUND_SELECT, 5},
    {SQLITE_LIMIT_VDBE_OP, 25000},
    {SQLITE_LIMIT_FUNCTION_ARG, 10},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 50},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static const struct {
    int which, value;
} SWITCHES[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
};

static enum status classify_constraint(int extended)
{
    bool is_key = extended == SQLITE_CONSTRAINT_UNIQUE ||
                  extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                  extended == SQLITE_CONSTRAINT_ROWID;
    return is_key ? STATUS_EXISTS : STATUS_CONFLICT;
}

enum status db_classify(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return STATUS_OK;
    case SQLITE_CONSTRAINT:
        return classify_constraint(code);
    case SQLITE_FULL:
        return STATUS_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_BUSY;
    case SQLITE_TOOBIG:
        return STATUS_TOO_BIG;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
        return STATUS_CORRUPT;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        BUG("SQLite was used against its rules");
    default: /* IOERR, NOMEM, CANTOPEN, READONLY, PERM, INTERRUPT, ...: nothing can be relied on */
        return STATUS_IO;
    }
}

enum status db_note(struct db *db, int code)
{
    enum status status = db_classify(code);
    bool ends_transaction =
        status == STATUS_FULL || status == STATUS_IO || status == STATUS_CORRUPT;
    if (ends_transaction && db->failure != STATUS_IO && db->failure != STATUS_CORRUPT) {
        db->failure = status;
    }
    return status;
}

enum status db_prepare(struct db *db, const char *sql, sqlite3_stmt **ret)
{
    const char *rest = NULL;
    int code =
        sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, &rest);
    if (code == SQLITE_OK) {
        PROMISE(*ret != NULL && *rest == '\0'); /* exactly one statement */
    }
    return db_classify(code);
}

static int step_once(sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code;
}

/* ---- opening ---- */

int db_run_script(struct db *db, const char *sql)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

static int read_number(struct db *db, const char *sql, int64_t *ret)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
            *ret = sqlite3_column_int64(statement, 0);
            code = SQLITE_OK;
        }
    }
    sqlite3_finalize(statement);
    return code;
}

static int remember_log_pages(void *context, sqlite3 *handle, const char *name, int pages)
{
    (void)handle;
    (void)name;
    struct db *db = context;
    db->log_pages = pages;
    return SQLITE_OK;
}

/* A database is made with mode 0600. Only a file that is not there is opened: closing a descriptor of an
 * open database would drop the locks that this process holds on it. */
static void make_private_file(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file >= 0) {
        close(file);
    }
}

int db_protect(sqlite3 *handle)
{
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < ARRAY_LENGTH(SWITCHES); i++) {
        code =
            sqlite3_db_config(handle, SWITCHES[i].which, SWITCHES[i].value, (int *)NULL);
    }
    for (size_t i = 0; code == SQLITE_OK && i < ARRAY_LENGTH(LIMITS); i++) {
        sqlite3_limit(handle, LIMITS[i].which, LIMITS[i].value);
    }
    return code;
}

static int open_handle(const struct db_options *options, struct db *db)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
    if (options->vfs == NULL) {
        make_private_file(options->path);
    }
    sqlite3_hard_heap_limit64(HEAP_BYTES_MAX);
    int code = sqlite3_open_v2(options->path, &db->handle, flags, options->vfs);
    if (code == SQLITE_OK) {
        code = db_protect(db->handle);
    }
    return code;
}

static int set_pragmas(const struct db_options *options, struct db *db)
{
    char sql[1024];
    int page_bytes = options->page_bytes > 0 ? options->page_bytes : 4096;
    int64_t cache_bytes = options->cache_bytes > 0 ? options->cache_bytes : 2048 * 1024;
    snprintf(sql, sizeof sql,
        "PRAGMA locking_mode=EXCLUSIVE;" /* first: see above */
        "PRAGMA page_size=%d;"
        "PRAGMA cache_size=-%lld;"
        "PRAGMA mmap_size=0;" /* errors arrive as errors, not as SIGBUS */
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA wal_autocheckpoint=0;"
        "PRAGMA journal_size_limit=%d;"
        "PRAGMA cell_size_check=ON;"
        "PRAGMA temp_store=MEMORY;"
        "PRAGMA secure_delete=%s;",
        page_bytes, (long long)(cache_bytes / 1024), (int)LOG_KEEP_BYTES,
        options->wipe_freed_pages ? "ON" : "FAST");
    return db_run_script(db, sql);
}

/* What was asked for can be refused silently: read it back. */
static enum status check_pragmas(struct db *db, struct trouble *trouble)
{
    enum status status = STATUS_CORRUPT;
    sqlite3_stmt *statement = NULL;
    const char *mode = NULL;
    int64_t synchronous = -1;
    if (sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        mode = (const char *)sqlite3_column_text(statement, 0);
    }
    if (mode != NULL && strcmp(mode, "wal") == 0 &&
        read_number(db, "PRAGMA synchronous", &synchronous) == SQLITE_OK &&
        synchronous == 2) {
        status = STATUS_OK;
    } else {
        trouble_say(trouble, "the database refuses write-ahead logging, without which "
                             "nothing is safe here; is its folder on a network drive?");
    }
    sqlite3_finalize(statement);
    return status;
}

enum status db_check_owner(
    const struct db_options *options, struct db *db, struct trouble *trouble)
{
    int64_t owner = 0;
    int64_t version = 0;
    int64_t tables = 0;
    int code = read_number(db, "PRAGMA application_id", &owner);
    if (code == SQLITE_OK) {
        code = read_number(db, "PRAGMA user_version", &version);
    }
    if (code == SQLITE_OK) {
        code = read_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if (code != SQLITE_OK) {
        trouble_say(
            trouble, "%s cannot be read: %s", options->path, sqlite3_errmsg(db->handle));
        return db_classify(code);
    }
    bool is_new = owner == 0 && version == 0 && tables == 0;
    if (!is_new && (uint32_t)owner != options->application_id) {
        trouble_say(
            trouble, "%s belongs to another program; it was not touched", options->path);
        return STATUS_UNSUPPORTED;
    }
    if (version < 0 || (uint64_t)version > options->n_migrations) {
        trouble_say(trouble,
            "%s was written by a newer version of this program (schema %lld, this one "
            "knows %zu); it was not touched: install the newer version",
            options->path, (long long)version, options->n_migrations);
        return STATUS_UNSUPPORTED;
    }
    return STATUS_OK;
}

static enum status migrate(
    const struct db_options *options, struct db *db, struct trouble *trouble)
{
    int64_t version = 0;
    int code = read_number(db, "PRAGMA user_version", &version);
    while (code == SQLITE_OK && (size_t)version < options->n_migrations) {
        char sql[128];
        snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%lld;",
            (int)options->application_id, (long long)version + 1);
        code = db_run_script(db, "BEGIN IMMEDIATE");
        if (code == SQLITE_OK) {
            code = db_run_script(db, options->migrations[version]);
        }
        if (code == SQLITE_OK) {
            code = db_run_script(db, sql);
        }
        if (code == SQLITE_OK) {
            code = db_run_script(db, "COMMIT");
        }
        if (code != SQLITE_OK) {
            trouble_say(trouble,
                "%s could not be brought to schema %lld: %s; it is as it was before",
                options->path, (long long)version + 1, sqlite3_errmsg(db->handle));
            if (!sqlite3_get_autocommit(db->handle)) {
                (void)db_run_script(db, "ROLLBACK");
            }
        }
        version++;
    }
    return db_classify(code);
}

static enum status look_through(
    const char *pragma, struct db *db, struct trouble *trouble)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db->handle, pragma, -1, &statement, NULL);
    enum status status = db_classify(code);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        status = db_classify(code);
        const char *finding =
            code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
        if (status == STATUS_OK && (finding == NULL || strcmp(finding, "ok") != 0)) {
            trouble_say(trouble, "the database is damaged: %s",
                finding != NULL ? finding : "no answer");
            status = STATUS_CORRUPT;
        }
    }
    if (status != STATUS_OK && status != STATUS_CORRUPT) {
        trouble_say(
            trouble, "the database cannot be read: %s", sqlite3_errmsg(db->handle));
    }
    sqlite3_finalize(statement);
    return status;
}

enum status db_prepare_own(struct db *db)
{
    const struct {
        const char *sql;
        sqlite3_stmt **to;
    } own[] = {
        {"BEGIN IMMEDIATE", &db->begin},
        {"COMMIT", &db->commit},
        {"ROLLBACK", &db->rollback},
        {"SAVEPOINT mark", &db->mark},
        {"RELEASE mark", &db->keep_mark},
        {"ROLLBACK TO mark", &db->undo_mark},
        {"PRAGMA page_count", &db->page_count},
        {"PRAGMA freelist_count", &db->free_count},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(own); i++) {
        enum status status = db_prepare(db, own[i].sql, own[i].to);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status explain_open(const struct db_options *options, const struct db *db,
    int code, struct trouble *trouble)
{
    enum status status = db_classify(code);
    if (status == STATUS_BUSY) {
        trouble_say(trouble,
            "%s is in use by another process; only one may have it open: stop that one, "
            "or ask it through its own commands",
            options->path);
    } else {
        trouble_say(trouble, "%s cannot be opened: %s", options->path,
            db->handle != NULL ? sqlite3_errmsg(db->handle) : "no memory");
    }
    return status;
}

static enum status set_up(
    const struct db_options *options, struct db *db, struct trouble *trouble)
{
    int code = open_handle(options, db);
    if (code == SQLITE_OK) {
        code = set_pragmas(options, db);
    }
    if (code != SQLITE_OK) {
        return explain_open(options, db, code, trouble);
    }
    enum status status = check_pragmas(db, trouble);
    if (status == STATUS_OK) {
        status = db_check_owner(options, db, trouble);
    }
    if (status == STATUS_OK) {
        status = migrate(options, db, trouble);
    }
    if (status == STATUS_OK) {
        status = db_prepare_own(db);
    }
    if (status == STATUS_OK) {
        status = db_classify(read_number(db, "PRAGMA page_size", &db->page_bytes));
    }
    if (status == STATUS_OK && db_bytes(db) <= QUICK_CHECK_BYTES) {
        status = look_through("PRAGMA quick_check(1)", db, trouble);
    }
    return status;
}

enum status db_open(
    const struct db_options *options, struct db **ret, struct trouble *trouble)
{
    trouble_say(trouble, "%s cannot be opened", options->path);
    struct db *db = memory_new(sizeof *db);
    enum status status = set_up(options, db, trouble);
    if (status != STATUS_OK) {
        db_close(&db);
        return status;
    }
    sqlite3_wal_hook(db->handle, remember_log_pages, db);
    db->log_pages =
        INT_MAX; /* a log that was found is written back at the first chance */
    *ret = db;
    return STATUS_OK;
}

void db_close(struct db **db_p)
{
    struct db *db = *db_p;
    if (db == NULL) {
        return;
    }
    db_rollback(db);
    sqlite3_stmt *own[] = {db->begin, db->commit, db->rollback, db->mark, db->keep_mark,
        db->undo_mark, db->page_count, db->free_count};
    for (size_t i = 0; i < ARRAY_LENGTH(own); i++) {
        sqlite3_finalize(own[i]);
    }
    if (db->handle != NULL && db->failure == STATUS_OK) {
        (void)sqlite3_wal_checkpoint_v2(
            db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    if (sqlite3_close(db->handle) != SQLITE_OK) {
        BUG("a database was closed before its statements");
    }
    memory_free(db);
    *db_p = NULL;
}

/* ---- transactions ---- */

enum status db_begin(struct db *db)
{
    PROMISE(!db_in_transaction(db));
    if (db->failure != STATUS_OK) {
        return db->failure;
    }
    return db_note(db, step_once(db->begin));
}

enum status db_commit(struct db *db)
{
    PROMISE(db->running == 0 && db->marks == 0);
    enum status status = db->failure;
    if (status == STATUS_OK) {
        PROMISE(db_in_transaction(db));
        status = db_note(db, step_once(db->commit));
    }
    if (status != STATUS_OK) {
        db_rollback(db);
    }
    return status;
}

void db_rollback(struct db *db)
{
    if (db->handle != NULL && db_in_transaction(db) && db->rollback != NULL) {
        (void)db_note(db, step_once(db->rollback));
    }
    db->marks = 0;
    if (db->failure == STATUS_FULL) {
        db->failure = STATUS_OK;
    }
}

bool db_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

enum status db_mark(struct db *db)
{
    if (db->failure != STATUS_OK) {
        return db->failure;
    }
    PROMISE(db_in_transaction(db));
    enum status status = db_note(db, step_once(db->mark));
    if (status == STATUS_OK) {
        db->marks++;
    }
    return status;
}

void db_unmark(struct db *db, bool keep)
{
    if (db->marks == 0) { /* the transaction died, and its savepoints with it */
        PROMISE(db->failure != STATUS_OK);
        return;
    }
    db->marks--;
    if (!db_in_transaction(db)) {
        return;
    }
    if (!keep) {
        (void)db_note(db, step_once(db->undo_mark));
    }
    (void)db_note(db, step_once(db->keep_mark));
}

/* ---- care of the file ---- */

enum status db_checkpoint(struct db *db, int min_pages)
{
    PROMISE(!db_in_transaction(db) && db->running == 0);
    if (db->failure != STATUS_OK) {
        return db->failure;
    }
    if (db->log_pages <= min_pages) {
        return STATUS_OK;
    }
    int code = sqlite3_wal_checkpoint_v2(
        db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    enum status status = db_note(db, code);
    if (status == STATUS_FULL) {
        db->failure = STATUS_OK;
        return status;
    }
    if (status == STATUS_OK) {
        db->log_pages = 0;
    }
    return status;
}

enum status db_check(struct db *db, struct trouble *trouble)
{
    return look_through("PRAGMA integrity_check(1)", db, trouble);
}

int64_t db_bytes(struct db *db)
{
    int64_t pages = 0;
    if (sqlite3_step(db->page_count) == SQLITE_ROW) {
        pages = sqlite3_column_int64(db->page_count, 0);
    }
    sqlite3_reset(db->page_count);
    if (sqlite3_step(db->free_count) == SQLITE_ROW) {
        pages -= sqlite3_column_int64(db->free_count, 0);
    }
    sqlite3_reset(db->free_count);
    return pages * db->page_bytes;
}

const char *db_library(void)
{
    static char name[32];
    snprintf(name, sizeof name, "SQLite %s", sqlite3_libversion());
    return name;
}
