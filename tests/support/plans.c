/* SPDX-License-Identifier: Apache-2.0
 * SQLite tells every new connection to its automatic extensions; ours only remembers it.
 */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "memory.h"
#include "plans.h"

static sqlite3 *watched;

static int remember(sqlite3 *handle, char **error, const void *api)
{
    (void)error;
    (void)api;
    watched = handle;
    return SQLITE_OK;
}

void plans_watch(void)
{
    PROMISE(sqlite3_auto_extension((void (*)(void))remember) == SQLITE_OK);
}

static void explain(sqlite3_stmt *statement,
    void (*see)(void *context, const char *sql, const char *step), void *context)
{
    const char *sql = sqlite3_sql(statement);
    char *question = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *plan = NULL;
    PROMISE(sqlite3_prepare_v2(watched, question, -1, &plan, NULL) == SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW)
        see(context, sql, (const char *)sqlite3_column_text(plan, 3));
    sqlite3_finalize(plan);
    sqlite3_free(question);
}

void plans_each(
    void (*see)(void *context, const char *sql, const char *step), void *context)
{
    sqlite3_stmt *statement = NULL;
    while ((statement = sqlite3_next_stmt(watched, statement)) != NULL)
        explain(statement, see, context);
}

int64_t plans_steps(const char *part)
{
    int64_t steps = 0;
    sqlite3_stmt *statement = NULL;
    while ((statement = sqlite3_next_stmt(watched, statement)) != NULL)
        if (strstr(sqlite3_sql(statement), part) != NULL)
            steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
}
