/* SPDX-License-Identifier: Apache-2.0
 * SQLite's online backup fills a database in memory, some pages a call: pages that the source writes meanwhile are
 * brought up to date by SQLite, since it is the same connection. Its bytes are then taken as an image, whose header
 * is told that there is no write-ahead log: in memory there is none.
 */
#include <string.h>

#include "memory.h"
#include "private.h"

enum { HEADER_BYTES = 100, WRITE_VERSION_AT = 18, READ_VERSION_AT = 19, NO_LOG = 1 };

struct db_copy {
    sqlite3 *to;
    sqlite3_backup *backup;
};

static int open_memory(sqlite3 **ret)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    return sqlite3_open_v2(":memory:", ret, flags, NULL);
}

/* Memory that is not there is no failure of a disk. */
static enum status classify_memory(int code)
{
    return (code & 0xff) == SQLITE_NOMEM ? STATUS_FULL : db_classify(code);
}

enum status db_copy_start(struct db *db, int64_t bytes_max, struct db_copy **ret)
{
    if (db_bytes(db) > bytes_max) {
        return STATUS_TOO_BIG;
    }
    struct db_copy *copy = memory_new(sizeof *copy);
    int code = open_memory(&copy->to);
    if (code == SQLITE_OK) {
        copy->backup = sqlite3_backup_init(copy->to, "main", db->handle, "main");
        code = copy->backup != NULL ? SQLITE_OK : sqlite3_extended_errcode(copy->to);
    }
    if (code != SQLITE_OK) {
        db_copy_end(&copy);
        return classify_memory(code);
    }
    *ret = copy;
    return STATUS_OK;
}

enum status db_copy_step(struct db_copy *copy, int pages, bool *ret_done)
{
    int code = sqlite3_backup_step(copy->backup, pages);
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        return classify_memory(code);
    }
    *ret_done = code == SQLITE_DONE;
    return STATUS_OK;
}

void db_copy_end(struct db_copy **copy_p)
{
    struct db_copy *copy = *copy_p;
    if (copy == NULL) {
        return;
    }
    (void)sqlite3_backup_finish(copy->backup);
    (void)sqlite3_close(copy->to);
    memory_free(copy);
    *copy_p = NULL;
}

/* `bytes` is SQLite's memory and is taken. */
static int adopt(struct db *db, uint8_t *bytes, sqlite3_int64 n)
{
    if (n < HEADER_BYTES) {
        sqlite3_free(bytes);
        return SQLITE_NOTADB;
    }
    bytes[WRITE_VERSION_AT] = bytes[READ_VERSION_AT] = NO_LOG;
    int code = open_memory(&db->handle);
    if (code != SQLITE_OK) {
        sqlite3_free(bytes);
        return code;
    }
    code = sqlite3_deserialize(db->handle, "main", bytes, n, n,
        SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    return code == SQLITE_OK ? db_protect(db->handle) : code;
}

static enum status open_over(const struct db_options *options, uint8_t *bytes,
    sqlite3_int64 n, struct db **ret, struct trouble *trouble)
{
    struct db *db = memory_new(sizeof *db);
    int code = adopt(db, bytes, n);
    if (code == SQLITE_OK) {
        code = db_run_script(db, "PRAGMA journal_mode=MEMORY; PRAGMA temp_store=MEMORY;"
                                 "PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;");
    }
    enum status status = classify_memory(code);
    if (status != STATUS_OK) {
        trouble_say(trouble, "the copy of the database cannot be read");
    }
    if (status == STATUS_OK) {
        status = db_check_owner(options, db, trouble);
    }
    if (status == STATUS_OK) {
        status = db_prepare_own(db);
    }
    if (status == STATUS_OK) {
        db->page_bytes = ((int64_t)bytes[16] << 8 | bytes[17]) == 1
                             ? 65536
                             : ((int64_t)bytes[16] << 8 | bytes[17]);
        *ret = db;
    } else {
        db_close(&db);
    }
    return status;
}

enum status db_copy_open(struct db_copy **copy_p, const struct db_options *options,
    struct db **ret, struct trouble *trouble)
{
    struct db_copy *copy = *copy_p;
    sqlite3_int64 n = 0;
    (void)sqlite3_backup_finish(copy->backup);
    copy->backup = NULL;
    uint8_t *bytes = sqlite3_serialize(copy->to, "main", &n, 0);
    db_copy_end(copy_p); /* before the second one grows */
    if (bytes == NULL) {
        trouble_say(trouble, "there is not enough memory for a copy of the database");
        return STATUS_FULL;
    }
    return open_over(options, bytes, n, ret, trouble);
}

enum status db_open_image(const struct db_options *options, struct span image,
    struct db **ret, struct trouble *trouble)
{
    struct db *db = NULL;
    uint8_t *bytes = sqlite3_malloc64(image.n + 1);
    if (bytes == NULL) {
        trouble_say(trouble, "there is not enough memory for a copy of the database");
        return STATUS_FULL;
    }
    if (image.n > 0) {
        memcpy(bytes, image.at, image.n);
    }
    enum status status = open_over(options, bytes, (sqlite3_int64)image.n, &db, trouble);
    if (status == STATUS_OK) {
        status = db_check(db, trouble);
    }
    if (status == STATUS_OK) {
        *ret = db;
    } else {
        db_close(&db);
    }
    return status;
}

struct span db_image(struct db *db)
{
    sqlite3_int64 n = 0;
    const uint8_t *bytes =
        sqlite3_serialize(db->handle, "main", &n, SQLITE_SERIALIZE_NOCOPY);
    return span_of(bytes, bytes != NULL ? (size_t)n : 0);
}
