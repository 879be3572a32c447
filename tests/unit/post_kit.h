/* SPDX-License-Identifier: Apache-2.0
 *
 * post_kit: a database with post's tables on a disk in memory, a transaction that is open in it, rows changed by
 * hand, and a look at how SQLite answers the questions of a store.
 */
#ifndef AMAAN_POST_KIT_H
#define AMAAN_POST_KIT_H

#include "box.h"
#include "check.h"
#include "db.h"
#include "faultvfs.h"
#include "hash.h"
#include "ident.h"
#include "memory.h"
#include "seeded.h"

struct post_kit {
    struct faultvfs *vfs;
    struct seeded seeded;
    struct chance *chance;
    struct db *db;
    struct box_key key;
};

void post_kit_open(struct post_kit *kit); /* a transaction is begun */
void post_kit_close(struct post_kit *kit);
/* The tables are not there, so that a store cannot open. */
void post_kit_open_bare(struct post_kit *kit);

/* One statement in the open transaction. */
void post_kit_run(struct post_kit *kit, const char *sql);
/* The first column of its first row. */
int64_t post_kit_number(struct post_kit *kit, const char *sql);
/* Rolled back and begun again, with room on the disk. */
void post_kit_mend(struct post_kit *kit);
/* Calls `try` twice: when the disk has become full under the open transaction (FULL), and when it has failed
 * (IO), so that every statement says so until the transaction, or the database, is left. Comes last in a test. */
void post_kit_each_fault(
    struct post_kit *kit, void (*try)(void *context, enum status wanted), void *context);

struct ident post_kit_ident(unsigned n);
struct hash post_kit_hash(unsigned n);

/* A step of a plan that reads more than it finds, and why it may. */
struct post_kit_excuse {
    const char *sql;  /* part of the statement */
    const char *step; /* part of the step */
    const char *why;
};
/* Fails for a step without an excuse that reads a whole table, a whole index, every row behind one, or sorts;
 * and for an excuse that nobody needs. */
void post_kit_plans(const struct post_kit_excuse *excuses, size_t n);

#endif
