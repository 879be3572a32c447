/* SPDX-License-Identifier: Apache-2.0 */
#include "seeded.h"

#include <string.h>

#include "memory.h"

static uint64_t step(struct seeded *seeded)
{
    uint64_t x = seeded->state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static void fill_seeded(void *context, void *to, size_t n)
{
    uint8_t *bytes = to;
    uint64_t word = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 8 == 0)
            word = step(context);
        bytes[i] = (uint8_t)(word >> (8 * (i % 8)));
    }
}

struct chance *seeded_init(struct seeded *seeded, uint64_t seed)
{
    seeded->state = seed;
    seeded->chance = (struct chance){fill_seeded, seeded};
    return &seeded->chance;
}

static void fill_scripted(void *context, void *to, size_t n)
{
    struct scripted *scripted = context;
    PROMISE(n <= scripted->left.n);
    memcpy(to, scripted->left.at, n);
    scripted->left = span_of(scripted->left.at + n, scripted->left.n - n);
}

struct chance *scripted_init(struct scripted *scripted, struct span bytes)
{
    scripted->left = bytes;
    scripted->chance = (struct chance){fill_scripted, scripted};
    return &scripted->chance;
}
