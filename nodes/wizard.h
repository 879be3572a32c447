/* SPDX-License-Identifier: Apache-2.0
 *
 * wizard: a node's process while its home is not set up (setup.h): the wizard's pages on 127.0.0.1 and, on the home's
 * socket, nothing but "open". When the home is ready it ends, and `serve` goes on in the same process, with the listening
 * socket and the sessions, so that the browser that set up the desk meets the node's own page at the same address.
 *
 * Keys are made and backups read in a helper thread. Forms of one step that come while it is done wait for its end and are
 * answered alike; those of another step are refused.
 */
#ifndef AMAAN_WIZARD_H
#define AMAAN_WIZARD_H

#include "chance.h"
#include "clock.h"
#include "password.h"

/* Where the page is if that port is free; else at one that is. It goes into node.conf. */
enum { WIZARD_PORT = 7140 };

struct web_sessions;

/* What the wizard leaves to `serve`: serve_options has the same members. */
struct wizard_end {
    bool ready; /* false: a signal ended it */
    int page_fd;
    struct web_sessions *sessions;
};

struct wizard_options {
    const char *home;
    struct clock *clock;
    struct chance *chance; /* also used in the helper thread: the system's */
    struct cost cost;
    void (*on_ready)(void *context, const char *socket_path);
    void *context;
};

/* OK: by a signal, or because the home is ready. Otherwise why it could not start or had to stop. The process has called
 * loop_block_signals. */
enum status wizard(const struct wizard_options *options, struct wizard_end *ret,
    struct trouble *trouble) MUST_USE;

#endif
