/* SPDX-License-Identifier: Apache-2.0
 *
 * backing: when and how a running node makes its backups (docs/CARE.md 18), some steps at the end of each turn:
 *
 *   IDLE -> COPYING (256 pages a turn) -> SEALING and reading back (half a MiB a turn) -> IDLE
 *
 * The copy is of the moment when COPYING ends. Locking ends a backup that is under way: the master key is gone.
 * For node.c and turn.c; others use node.h.
 */
#ifndef AMAAN_BACKING_H
#define AMAAN_BACKING_H

#include "backup.h"
#include "db.h"
#include "desk.h"

struct node;

struct backing {
    char *folder;
    struct db_copy *copy;
    struct db *image;
    struct backup_writer *writer;
    struct buffer key_file, conf, case_key;
    struct desk_backup shown;
    int64_t look_steady_ms; /* the next look at folder and clock */
    bool
        list_due; /* behind the commit: an erasure that is undone must not stand in the list */
    int64_t
        listed; /* erased cases that the list in the folder has, as far as is known; -1: not known */
    int64_t known_ms; /* the newest good one, as backup.last says */
    bool known, by_itself;
    /* How the last one ended. */
    bool ended;
    enum status status;
    struct trouble trouble;
    char name[32];
    int64_t made_ms;
    uint64_t bytes;
};

/* In a turn: is one due, is the newest too old? May write an alarm. */
enum status backing_look(struct node *node) MUST_USE;
/* After the commit of a turn. A failure ends the backup, not the node. */
void backing_step(struct node *node);
bool backing_runs(const struct node *node);
void backing_lock(struct node *node);
void backing_stop(struct node *node);

#endif
