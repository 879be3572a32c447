/* SPDX-License-Identifier: Apache-2.0
 *
 * node_inside: what node.c and turn.c share.
 */
#ifndef AMAAN_NODE_INSIDE_H
#define AMAAN_NODE_INSIDE_H

#include "backing.h"
#include "node_conf.h"
#include "desk.h"
#include "node.h"

/* An answer of this turn that its caller holds already; replaced when the turn is rolled back. */
struct promised_answer {
    struct json **answer;
    int *http;
};

struct node {
    struct node_options options;
    char *home;
    struct node_conf conf;
    uint8_t link_secret[NODE_CONF_KEY_BYTES];
    struct db *db;
    struct trust *trust;
    struct post *post;
    struct desk *desk;
    uint8_t directory_secret[DIRECTORY_KEY_BYTES]; /* while unlocked */
    uint64_t members_roster,
        members_profiles; /* versions that the directory was made from */

    bool in_turn;
    bool more;              /* work was left for the next turn */
    bool finishing;         /* what rests is done in this turn */
    enum status dead;       /* IO or CORRUPT: nothing is done any more */
    enum status begun;      /* why the turn has no transaction: FULL */
    int64_t quiet_until_ms; /* steady: after FULL, time does no work so long */
    int64_t worked_day;     /* of the last desk_work */
    struct backing backing; /* backups */
    struct desk_announcing announcing;
    struct promised_answer *promised;
    size_t n_promised, size_promised;
};

/* turn.c: the directory, after a commit or at unlock. */
void node_refresh_members(struct node *node);

/* node.c: the scripts of the database, in order, and the number of this program's files. */
enum { NODE_SCRIPTS_MAX = 24, NODE_APPLICATION_ID = 0x414d4e4f /* "AMNO" */ };
/* In a restored home: the list of cases that are to be erased again (erased.h), until that was done. */
#define NODE_ERASED "node.db.erased"
size_t node_scripts(const char *ret[static NODE_SCRIPTS_MAX]);

#endif
