/* SPDX-License-Identifier: Apache-2.0
 * A table in order of preference: the last row that both sides know is taken.
 */
#include "suite.h"

static const struct suite ROWS[] = {
    {SUITE_X25519, UINT32_C(1) << 0, 32, 32, "x25519-hkdf-sha256-chacha20poly1305"},
#ifdef AMAAN_ODD_SUITE
    {SUITE_ODD, UINT32_C(1) << 31, 39, 37, "odd, for tests only"},
#endif
};

enum { N_ROWS = sizeof(ROWS) / sizeof(ROWS[0]) };

const struct suite *suite_find(uint16_t id)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        if (ROWS[i].id == id) {
            return &ROWS[i];
        }
    }
    return NULL;
}

const struct suite *suite_choose(uint32_t mine, uint32_t theirs)
{
    for (size_t i = N_ROWS; i > 0; i--) {
        if ((ROWS[i - 1].bit & mine & theirs) != 0) {
            return &ROWS[i - 1];
        }
    }
    return NULL;
}

uint32_t suite_bits(void)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < N_ROWS; i++) {
        bits |= ROWS[i].bit;
    }
    return bits;
}

size_t suite_count(void)
{
    return N_ROWS;
}

const struct suite *suite_nth(size_t i)
{
    return i < N_ROWS ? &ROWS[i] : NULL;
}
