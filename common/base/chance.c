/* SPDX-License-Identifier: Apache-2.0
 *
 * The system's source is getrandom(2), which blocks until the kernel is seeded and does not fail after.
 */
#include "chance.h"

#include <errno.h>
#include <sys/random.h>

#include "memory.h"

static void fill_from_kernel(void *context, void *to, size_t n)
{
    uint8_t *at = to;

    (void)context;
    while (n) {
        ssize_t got = getrandom(at, n, 0);

        if (got < 0 && errno == EINTR)
            continue;
        PROMISE(got > 0);
        at += got;
        n -= (size_t)got;
    }
}

struct chance *chance_system(void)
{
    static struct chance chance = {.fill = fill_from_kernel};

    return &chance;
}

void chance_fill(struct chance *chance, void *to, size_t n)
{
    chance->fill(chance->context, to, n);
}

uint64_t chance_u64(struct chance *chance)
{
    uint64_t value;

    chance_fill(chance, &value, sizeof(value));
    return value;
}

uint64_t chance_below(struct chance *chance, uint64_t limit)
{
    uint64_t uneven, value;

    PROMISE(limit > 0);
    uneven =
        -limit % limit; /* 2^64 mod limit: so many values would favour the small ones */
    do
        value = chance_u64(chance);
    while (value < uneven);
    return value % limit;
}
