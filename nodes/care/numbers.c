/* SPDX-License-Identifier: Apache-2.0
 * Digits of three sets: 0-9, U+0660-0669 (D9 A0..A9), U+06F0-06F9 (DB B0..B9).
 */
#include "numbers.h"

#include <string.h>

#include "memory.h"

static const char *const NAMES[NUMBER_COUNT] = {NULL, "cnic", "hotline", "rcms"};

const char *number_kind_name(enum number_kind kind)
{
    return kind > 0 && kind < NUMBER_COUNT ? NAMES[kind] : NULL;
}

/* The digit at the beginning of the text, or -1; *ret_n is how many bytes it has. */
static int read_digit(struct span text, size_t *ret_n)
{
    *ret_n = 1;
    if (text.n > 0 && text.at[0] >= '0' && text.at[0] <= '9')
        return text.at[0] - '0';
    *ret_n = 2;
    if (text.n >= 2 && text.at[0] == 0xd9 && text.at[1] >= 0xa0 && text.at[1] <= 0xa9)
        return text.at[1] - 0xa0;
    if (text.n >= 2 && text.at[0] == 0xdb && text.at[1] >= 0xb0 && text.at[1] <= 0xb9)
        return text.at[1] - 0xb0;
    *ret_n = 1;
    return -1;
}

/* Kind, then the signs. 0: refused. */
static size_t normalise(
    enum number_kind kind, struct span text, uint8_t ret[static NUMBER_CHARS_MAX + 1])
{
    size_t n = 0;

    ret[n++] = (uint8_t)kind;
    if (text.n > NUMBER_TEXT_MAX)
        return 0;
    for (size_t step; text.n > 0; text = span_of(text.at + step, text.n - step)) {
        int digit = read_digit(text, &step);
        uint8_t sign = digit >= 0 ? (uint8_t)('0' + digit) : text.at[0];

        if (sign == '-' || sign == ' ' || sign == '.' || sign == '/')
            continue;
        if (sign >= 'a' && sign <= 'z')
            sign = (uint8_t)(sign - 'a' + 'A');
        bool letter = sign >= 'A' && sign <= 'Z' && kind != NUMBER_CNIC;
        if ((digit < 0 && !letter) || n > NUMBER_CHARS_MAX)
            return 0;
        ret[n++] = sign;
    }
    if (kind == NUMBER_CNIC)
        return n == CNIC_DIGITS + 1 ? n : 0;
    return n > NUMBER_CHARS_MIN ? n : 0;
}

enum status number_hash(
    const struct box_key *key, enum number_kind kind, struct span text, struct hash *ret)
{
    uint8_t normal[NUMBER_CHARS_MAX + 1];
    size_t n = normalise(kind, text, normal);

    if (n > 0)
        *ret = hash_keyed(key->bytes, span_of(normal, n));
    memory_wipe(normal, sizeof(normal));
    return n > 0 ? STATUS_OK : STATUS_MALFORMED;
}

bool number_looks_like_cnic(struct span text)
{
    size_t digits = 0, gap = 0;

    for (size_t step; text.n > 0; text = span_of(text.at + step, text.n - step)) {
        if (read_digit(text, &step) >= 0) {
            digits = gap > 1 ? 1 : digits + 1;
            gap = 0;
        } else {
            if (digits == CNIC_DIGITS && gap == 0)
                return true;
            gap++;
            if (gap > 1)
                digits = 0;
        }
    }
    return digits == CNIC_DIGITS;
}
