/* SPDX-License-Identifier: Apache-2.0
 * One delivery at a time is timed, so a window changes at most once in the time of a journey there and back.
 * It only grows if it was used.
 */
#include "credit.h"

#include "limits.h"

#define FAST_MS (1 * SECOND_MS)
#define SLOW_MS (4 * SECOND_MS)

void grant_init(struct grant *grant, int64_t steady_ms)
{
    *grant = (struct grant){
        .window_bytes = CREDIT_INITIAL_BYTES,
        .left_bytes = CREDIT_INITIAL_BYTES,
        .since_steady_ms = steady_ms,
    };
}

bool grant_use(struct grant *grant, int64_t bytes)
{
    bool had = bytes <= grant->left_bytes;
    grant->left_bytes -= bytes;
    grant->owed_bytes += bytes;
    grant->used_bytes += bytes;
    return had;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

uint32_t grant_renew(struct grant *grant, int64_t steady_ms)
{
    if (grant->owed_bytes < grant->window_bytes / 2 &&
        grant->left_bytes >= ENVELOPE_BYTES_MAX) {
        return 0;
    }
    int64_t more = grant->owed_bytes;
    grant->owed_bytes = 0;
    if (grant->used_bytes >= grant->window_bytes) {
        if (steady_ms - grant->since_steady_ms <= FAST_MS) {
            int64_t window = smaller(grant->window_bytes * 2, CREDIT_MAX_BYTES);
            more += window - grant->window_bytes;
            grant->window_bytes = window;
        }
        grant->used_bytes = 0;
        grant->since_steady_ms = steady_ms;
    }
    grant->left_bytes += more;
    return (uint32_t)more;
}

void window_init(struct window *window)
{
    *window = (struct window){.window_bytes = CREDIT_INITIAL_BYTES};
}

bool window_has_room(const struct window *window, int64_t bytes)
{
    return window->out_bytes + bytes <= window->window_bytes;
}

void window_gave(
    struct window *window, uint64_t delivery, int64_t bytes, int64_t steady_ms)
{
    window->out_bytes += bytes;
    if (window->probe == 0) {
        window->probe = delivery;
        window->probe_steady_ms = steady_ms;
        window->most_bytes = window->out_bytes;
    } else if (window->out_bytes > window->most_bytes) {
        window->most_bytes = window->out_bytes;
    }
}

void window_took(
    struct window *window, uint64_t delivery, int64_t bytes, int64_t steady_ms)
{
    window->out_bytes -= bytes;
    if (delivery != window->probe) {
        return;
    }
    int64_t journey_ms = steady_ms - window->probe_steady_ms;
    window->probe = 0;
    if (journey_ms > SLOW_MS) {
        int64_t half = window->window_bytes / 2;
        window->window_bytes = half > CREDIT_INITIAL_BYTES ? half : CREDIT_INITIAL_BYTES;
    } else if (journey_ms <= FAST_MS && window->most_bytes * 2 > window->window_bytes) {
        window->window_bytes = smaller(window->window_bytes * 2, CREDIT_MAX_BYTES);
    }
}
