/* SPDX-License-Identifier: Apache-2.0
 *
 * tasks: people on a list of arrivals who are to be taken aside, and what became of it. Boxed; in clear stand the day, the
 * order, and whether a task is settled. A task has a short random name for people; it leads nowhere outside of this node.
 *
 * Calls that write assert an open transaction. Answers NOT_FOUND, EXISTS, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_TASKS_H
#define AMAAN_TASKS_H

#include "arrivals_csv.h"
#include "body.h"
#include "db.h"

struct tasks;

enum status tasks_open(struct db *db, struct chance *chance, struct tasks **ret,
    struct trouble *trouble) MUST_USE;
void tasks_close(struct tasks **tasks);
void tasks_unlock(struct tasks *tasks, const struct box_key *master);
void tasks_lock(struct tasks *tasks);

/* The name under which a list is imported once. */
struct hash tasks_list_hash(const struct tasks *tasks, struct span csv);
/* All of its rows, ordered. EXISTS: this list was imported. */
enum status tasks_add_list(struct tasks *tasks, const struct hash *list,
    const struct arrivals *arrivals, int64_t day) MUST_USE;
/* Works while locked. */
enum status tasks_knows_list(
    struct tasks *tasks, const struct hash *list, bool *ret) MUST_USE;

struct task_row {
    int64_t id;
    bool damaged;
    char name[REFERENCE_BYTES];
    struct arrival arrival; /* line: as in the list */
    enum task_state state;
    int64_t changed_day;  /* 0: never */
    struct ident who;     /* who took it; zero */
    struct ident case_id; /* that was made; zero */
};

enum status tasks_find(
    struct tasks *tasks, const char *name, struct task_row *ret) MUST_USE;
/* In order, from `*cursor` on (start with a zeroed one): first waiting and taken, by day and rank. With `settled` those
 * that are done or not met. NOT_FOUND at the end. */
struct task_cursor {
    int64_t day, rank, id;
};
enum status tasks_next(struct tasks *tasks, bool settled, struct task_cursor *cursor,
    struct task_row *ret) MUST_USE;
/* State, changed_day, who and case_id become what the row says. */
enum status tasks_put(struct tasks *tasks, const struct task_row *row) MUST_USE;
/* Deletes up to `max` rows of arrivals on `last_day` or before, settled or not; *ret_n tells how many there were. A list
 * goes with its last row. Works while locked. */
enum status tasks_expire(
    struct tasks *tasks, int64_t last_day, int max, int64_t *ret_n) MUST_USE;

#endif
