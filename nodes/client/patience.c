/* SPDX-License-Identifier: Apache-2.0
 * Between attempts the socket's folder is watched; a pause that doubles bounds each wait, because a socket is
 * bound a moment before it listens, and a busy node changes nothing in the folder.
 */
#include "patience.h"

#include <unistd.h>

#include "command.h"
#include "watch.h"

enum { PAUSE_MIN_MS = 50, PAUSE_MAX_MS = 500, HTTP_BUSY = 503, TALK_AFTER_MS = 1000 };

static int64_t left_ms(const struct patience *patience)
{
    return patience->deadline_ms - clock_steady_ms(patience->clock);
}

/* Is it worth another attempt? Gives back what a busy node said. */
static bool failed_for_now(enum status status, const struct reply *reply)
{
    return status == STATUS_CLOSED || status == STATUS_TIMEOUT ||
           (status == STATUS_OK && reply->http == HTTP_BUSY);
}

static void say_that_it_lasts(
    const struct patience *patience, int64_t started_ms, bool *said)
{
    int64_t now = clock_steady_ms(patience->clock);

    if (*said || !patience->talk || now - started_ms < TALK_AFTER_MS || !isatty(2))
        return;
    *said = true;
    command_complain("the node does not answer; trying again for %lld s",
        (long long)((patience->deadline_ms - now) / SECOND_MS + 1));
}

enum status patience_ask(const struct patience *patience, const struct ask *ask,
    struct reply *ret, bool *ret_handed, struct trouble *trouble)
{
    struct watch *watch = watch_new(patience->folder);
    int64_t started_ms = clock_steady_ms(patience->clock), pause = PAUSE_MIN_MS;
    struct ask attempt = *ask;
    struct reply reply = {0};
    enum status status;
    bool handed = false, said = false;

    for (;;) {
        attempt.timeout_ms = left_ms(patience);
        status = ask_node(&attempt, &reply, trouble);
        handed = handed || status == STATUS_TIMEOUT;
        if (!failed_for_now(status, &reply) || left_ms(patience) <= 0)
            break;
        if (status == STATUS_OK)
            reply_release(&reply);
        say_that_it_lasts(patience, started_ms, &said);
        watch_await(watch, pause < left_ms(patience) ? pause : left_ms(patience));
        pause = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
        if (left_ms(patience) <= 0)
            break;
    }
    watch_destroy(&watch);
    *ret_handed = handed;
    if (status == STATUS_OK &&
        !reply.json) { /* a busy node, and then the time was over */
        trouble_say(trouble, "the node is busy");
        return handed ? STATUS_TIMEOUT : STATUS_BUSY;
    }
    if (status == STATUS_OK)
        *ret = reply;
    return status == STATUS_CLOSED && handed ? STATUS_TIMEOUT : status;
}
