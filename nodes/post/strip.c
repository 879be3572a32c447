/* SPDX-License-Identifier: Apache-2.0
 *
 * What a backup may not hold (PROTOCOL.md 4.7): private prekeys, and letters taken unopened, which only those could
 * open. Works on a copy in memory, never on the node's own database.
 */
#include "memory.h"
#include "post.h"

enum { PREKEYS, RAW, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [PREKEYS] = "DELETE FROM post_prekeys",
    [RAW] = "DELETE FROM post_raw",
};

enum status post_strip(struct db *copy, struct trouble *trouble)
{
    struct statements *statements = NULL;
    enum status status = statements_open(copy, SQL, STATEMENTS, &statements, trouble);

    if (status == STATUS_OK)
        status = db_begin(copy);
    for (size_t i = 0; i < STATEMENTS && status == STATUS_OK; i++)
        status = query_run(query_start(statements, i));
    if (status == STATUS_OK)
        status = db_commit(copy);
    db_rollback(copy);
    statements_close(&statements);
    return status;
}
