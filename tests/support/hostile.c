/* SPDX-License-Identifier: Apache-2.0
 * Each attempt is a fresh copy on the heap, without a spare byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hostile.h"

enum { RANDOM_FLIPS = 2000 };

static enum status decode_copy(struct span bytes, hostile_decoder *decode, void *context)
{
    uint8_t *copy = malloc(bytes.n > 0 ? bytes.n : 1);
    assert_non_null(copy);
    if (bytes.n > 0) {
        memcpy(copy, bytes.at, bytes.n);
    }
    enum status status = decode(context, span_of(copy, bytes.n));
    free(copy);
    return status;
}

void hostile_cut(struct span good, hostile_decoder *decode, void *context)
{
    assert_int_equal(decode_copy(good, decode, context), STATUS_OK);
    for (size_t n = 0; n < good.n; n++) {
        assert_int_not_equal(
            decode_copy(span_of(good.at, n), decode, context), STATUS_OK);
    }
    uint8_t *longer = malloc(good.n + 1);
    assert_non_null(longer);
    memcpy(longer, good.at, good.n);
    longer[good.n] = 0;
    assert_int_not_equal(
        decode_copy(span_of(longer, good.n + 1), decode, context), STATUS_OK);
    free(longer);
}

size_t hostile_flip(struct span good, size_t most, struct chance *chance,
    hostile_decoder *decode, void *context)
{
    size_t n_refused = 0;
    uint8_t *copy = malloc(good.n);
    assert_non_null(copy);
    memcpy(copy, good.at, good.n);
    for (size_t bit = 0; bit < good.n * 8 && bit < most * 8; bit++) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        n_refused += decode_copy(span_of(copy, good.n), decode, context) != STATUS_OK;
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (int i = 0; i < RANDOM_FLIPS; i++) {
        memcpy(copy, good.at, good.n);
        size_t n_changes = 1 + chance_below(chance, 8);
        for (size_t k = 0; k < n_changes; k++) {
            copy[chance_below(chance, good.n)] = (uint8_t)chance_u64(chance);
        }
        n_refused += decode_copy(span_of(copy, good.n), decode, context) != STATUS_OK;
    }
    free(copy);
    return n_refused;
}

void hostile_set(
    struct span good, size_t at, uint8_t value, hostile_decoder *decode, void *context)
{
    uint8_t *copy = malloc(good.n);
    assert_non_null(copy);
    memcpy(copy, good.at, good.n);
    assert_int_not_equal(copy[at], value);
    copy[at] = value;
    assert_int_not_equal(decode_copy(span_of(copy, good.n), decode, context), STATUS_OK);
    free(copy);
}
