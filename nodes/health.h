/* SPDX-License-Identifier: Apache-2.0
 *
 * health: what a running node found out about its own home and line when somebody last asked, in memory only. The
 * looking is done by processes and awaited in a helper thread (examine.h): the loop goes on. What the node says of
 * itself is judged anew whenever it is shown.
 */
#ifndef AMAAN_HEALTH_H
#define AMAAN_HEALTH_H

#include "clock.h"
#include "json.h"
#include "work.h"

struct health;

struct health_options {
    struct loop *loop;
    struct clock *clock;
    const char *home, *program; /* amaan-node; NULL: this program's neighbour. Copied */
};
struct health *health_new(const struct health_options *options);
void health_destroy(struct health **health);

/* `status` is the node's own. `done` runs in the loop's thread, and not at all when `health` ends first. BUSY: somebody
 * looks already. */
enum status health_look(struct health *health, const struct json *status,
    void (*done)(void *context), void *context) MUST_USE;

/* {"items": [row of examine.h ...], "looked_at"}: failures first, then warnings, then what could not be told. Without
 * "looked_at" nobody has looked yet, and rows of the home and the line are not there. `status` may be NULL. */
struct json *health_format(const struct health *health, const struct json *status);

#endif
