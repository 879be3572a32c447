/* SPDX-License-Identifier: Apache-2.0
 *
 * plans: how SQLite runs the statements that a database has prepared: for tests that no question costs more
 * than it finds, however long its table is.
 */
#ifndef AMAAN_PLANS_H
#define AMAAN_PLANS_H

#include <stdint.h>

/* From now on the database that was opened last is looked at. It is open while the others below are called. */
void plans_watch(void);
/* Each step of the plan of each of its statements, as EXPLAIN QUERY PLAN words it. */
void plans_each(
    void (*see)(void *context, const char *sql, const char *step), void *context);
/* How many instructions SQLite's machine needed for the statements whose text holds `part`, since this was
 * asked last. */
int64_t plans_steps(const char *part);

#endif
