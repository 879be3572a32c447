/* SPDX-License-Identifier: Apache-2.0
 *
 * private: what db.c and query.c share. Not for others: it shows <sqlite3.h>.
 */
#ifndef AMAAN_STORE_PRIVATE_H
#define AMAAN_STORE_PRIVATE_H

#include <sqlite3.h>

#include "db.h"

struct db {
    sqlite3 *handle;
    sqlite3_stmt *begin, *commit, *rollback, *mark, *keep_mark, *undo_mark;
    sqlite3_stmt *page_count, *free_count;
    int64_t page_bytes;
    int log_pages;       /* in the write-ahead log since the last checkpoint */
    int marks;           /* open savepoints */
    int running;         /* queries started and not ended */
    enum status failure; /* sticky: what the open transaction died of */
};

/* Which status an SQLite result is; remembers FULL, IO and CORRUPT in db->failure. */
enum status db_note(struct db *db, int code);
enum status db_prepare(struct db *db, const char *sql, sqlite3_stmt **ret);
/* db.c, for image.c: which status an SQLite result is; limits and switches of every connection; may this program have
 * that file; the statements of db.c itself. */
enum status db_classify(int code);
int db_protect(sqlite3 *handle);
int db_run_script(struct db *db, const char *sql);
enum status db_check_owner(
    const struct db_options *options, struct db *db, struct trouble *trouble);
enum status db_prepare_own(struct db *db);

#endif
