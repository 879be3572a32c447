/* SPDX-License-Identifier: Apache-2.0
 *
 * setup: how far a home is on its way to a working desk, and the steps. The state is what is on the disk, nothing else:
 *
 *   START    no node.key                  node_create, or a restore: node.key comes last
 *   REQUEST  node.key, no exchange        the request goes to a steward; setup_take_papers
 *   COMPARE  HOME/join/root.amaan, too    nothing of it is believed; setup_join, or setup_drop_papers
 *   READY    node.conf names the exchange: `run` it
 *
 * A step that was cut short is done again from its beginning. The papers are copied, root.amaan last, so that what was
 * compared is what is pinned, whatever becomes of the stick.
 */
#ifndef AMAAN_SETUP_H
#define AMAAN_SETUP_H

#include "chance.h"
#include "clock.h"
#include "fingerprint.h"
#include "json.h"

enum setup_step { SETUP_START = 1, SETUP_REQUEST, SETUP_COMPARE, SETUP_READY };

enum { SETUP_STICKS_MAX = 8 };

enum setup_step setup_step(const char *home);
const char *setup_step_name(enum setup_step step); /* "start" */
/* What the wizard's page shows at this step (web_setup.h). What cannot be read is not there. */
struct json *setup_show(const char *home);

/* Before a home is made at START: what was begun there and cut short, or is left of a node whose key is gone, goes into a
 * folder beside it, HOME/before-N. Nothing is deleted. EXISTS: too often already. */
enum status setup_put_aside(const char *home, struct trouble *trouble) MUST_USE;
/* The page's port in node.conf, so that the node goes on where the wizard was. */
enum status setup_keep_port(
    const char *home, uint16_t port, struct trouble *trouble) MUST_USE;
uint16_t setup_port(const char *home); /* 0: none yet */

/* Of a folder on a stick: root.amaan, broker.amaan, and roster and profiles, either without a number or the highest
 * ("roster-3.amaan"). MALFORMED, NOT_FOUND, TOO_BIG, FULL, IO: nothing was taken in then. */
enum status setup_take_papers(
    const char *home, const char *folder, struct trouble *trouble) MUST_USE;
void setup_drop_papers(const char *home);
/* Of the root that is about to be pinned; "" if there is none. */
void setup_root(const char *home, char ret[static FINGERPRINT_TEXT_BYTES]);
/* Pins the root, takes in the rest, and forgets the papers. As node_join. */
enum status setup_join(const char *home, struct clock *clock, struct chance *chance,
    struct trouble *trouble) MUST_USE;

#endif
