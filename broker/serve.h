/* SPDX-License-Identifier: Apache-2.0
 *
 * serve: the running exchange: broker.h with its sockets around it, in one thread.
 *
 *     members --CURVE--> router --frames--> broker --answers--> router
 *     commands --local HTTP--> control ----^   one turn, one commit, then one word
 *
 * When it serves it prints one line on stdout ("amaan-broker serves tcp://127.0.0.1:7117"), and nothing there
 * after it; the log is stderr. SIGTERM, SIGINT and SIGHUP drain: no new sessions and offers, what is owed is
 * said, then it ends; a second signal, or DRAIN_MS, ends it at once. Killed at any point it loses nothing of
 * what it said.
 */
#ifndef AMAAN_SERVE_H
#define AMAAN_SERVE_H

#include "chance.h"
#include "clock.h"
#include "conf.h"
#include "home.h"

#define DRAIN_MS (5 * SECOND_MS)

struct serve_options {
    const struct home *home;
    const struct conf *conf;
    struct clock *clock;
    struct chance *chance;
};

/* Until it was told to end: OK. BUSY (another process has this home's database open), DENIED (the address is
 * taken), and all of broker_open, router_open and control_open. IO and CORRUPT: the disk failed; what was
 * answered before is safe, start again when the cause is mended. `trouble` is not NULL. */
enum status serve_run(
    const struct serve_options *options, struct trouble *trouble) MUST_USE;

/* What broker.h asks as options.room: the disk of the home, less what the settings keep free for others. */
struct serve_room {
    const char *folder;
    int64_t keep_free_bytes;
};
enum status serve_ask_room(void *context, int64_t *ret_free, int64_t *ret_total);

#endif
