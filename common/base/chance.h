/* SPDX-License-Identifier: Apache-2.0
 *
 * chance: where random bytes come from. Programs use chance_system (the kernel's generator); tests give a
 * seeded one, so that a world can be run again. Nothing else in the project makes randomness.
 */
#ifndef AMAAN_CHANCE_H
#define AMAAN_CHANCE_H

#include <stddef.h>
#include <stdint.h>

struct chance {
    void (*fill)(void *context, void *to, size_t n); /* never fails; aborts instead */
    void *context;
};

struct chance *chance_system(void);
void chance_fill(struct chance *chance, void *to, size_t n);
uint64_t chance_u64(struct chance *chance);
uint64_t chance_below(
    struct chance *chance, uint64_t limit); /* uniform in 0..limit-1; limit > 0 */

#endif
