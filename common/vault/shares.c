/* SPDX-License-Identifier: Apache-2.0
 * Two points of the line are enough: secret = (j * a + i * b) / (i + j), with + as exclusive or. Indices are public.
 */
#include "shares.h"

#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "memory.h"

enum {
    CHECK_BYTES = 4,
    BODY_BYTES = 1 + SHARE_SET_BYTES + SHARE_BYTES,
    RAW_BYTES = BODY_BYTES + CHECK_BYTES,
    DIGITS = (RAW_BYTES * 8 + 4) / 5,
    GROUP = 4
};

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char PREFIX[] = "AMAAN";

/* Shift and add, all eight steps for any value. */
static uint8_t multiply(uint8_t a, uint8_t b)
{
    unsigned product = 0, x = a;

    for (int i = 0; i < 8; i++) {
        product ^= x & (0u - ((unsigned)(b >> i) & 1u));
        x = ((x << 1) ^ (0x1bu & (0u - ((x >> 7) & 1u)))) & 0xffu;
    }
    return (uint8_t)product;
}

/* a^254; 0 gives 0. */
static uint8_t invert(uint8_t a)
{
    uint8_t power = 1;

    for (int i = 0; i < 7; i++) {
        power = multiply(power, a);
        power = multiply(power, power);
    }
    return power;
}

void shares_split(const uint8_t secret[static SHARE_BYTES], struct chance *chance,
    struct share ret[static SHARES])
{
    uint8_t slope[SHARE_BYTES], set[SHARE_SET_BYTES];

    chance_fill(chance, slope, sizeof(slope));
    chance_fill(chance, set, sizeof(set));
    for (uint8_t i = 0; i < SHARES; i++) {
        ret[i].index = (uint8_t)(i + 1);
        memcpy(ret[i].set, set, sizeof(set));
        for (size_t j = 0; j < SHARE_BYTES; j++)
            ret[i].bytes[j] = secret[j] ^ multiply(ret[i].index, slope[j]);
    }
    memory_wipe(slope, sizeof(slope));
}

static bool is_index(uint8_t index)
{
    return index >= 1 && index <= SHARES;
}

enum status shares_join(
    const struct share *a, const struct share *b, uint8_t ret[static SHARE_BYTES])
{
    uint8_t divisor;

    if (!is_index(a->index) || !is_index(b->index) || a->index == b->index)
        return STATUS_MALFORMED;
    if (memcmp(a->set, b->set, SHARE_SET_BYTES) != 0)
        return STATUS_CONFLICT;
    divisor = invert(a->index ^ b->index);
    for (size_t i = 0; i < SHARE_BYTES; i++)
        ret[i] = multiply(
            divisor, multiply(b->index, a->bytes[i]) ^ multiply(a->index, b->bytes[i]));
    return STATUS_OK;
}

static void make_check(const uint8_t body[static BODY_BYTES], uint8_t ret[CHECK_BYTES])
{
    const struct span parts[] = {span_text("amaan:share:v1"), span_of(body, BODY_BYTES)};
    struct hash hash = hash_of_parts(parts, ARRAY_LENGTH(parts));

    memcpy(ret, hash.bytes, CHECK_BYTES);
}

void share_format(const struct share *share, char ret[static SHARE_TEXT_BYTES])
{
    uint8_t raw[RAW_BYTES + 1] = {0};
    size_t used = (size_t)snprintf(ret, SHARE_TEXT_BYTES, "%s-%d", PREFIX, share->index);

    raw[0] = share->index;
    memcpy(raw + 1, share->set, SHARE_SET_BYTES);
    memcpy(raw + 1 + SHARE_SET_BYTES, share->bytes, SHARE_BYTES);
    make_check(raw, raw + BODY_BYTES);
    for (size_t i = 0; i < DIGITS; i++) {
        size_t bit = i * 5, byte = bit / 8;
        unsigned pair = (unsigned)raw[byte] << 8 | raw[byte + 1];

        if (i % GROUP == 0)
            ret[used++] = '-';
        ret[used++] = ALPHABET[(pair >> (11 - bit % 8)) & 31];
    }
    ret[used] = 0;
    memory_wipe(raw, sizeof(raw));
}

/* -1 if it is none. */
static int digit_of(char c)
{
    const char *at;

    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    at = c ? strchr(ALPHABET, c) : NULL;
    return at ? (int)(at - ALPHABET) : -1;
}

/* The digits without blanks and hyphens, behind "AMAAN" and the index. */
static enum status read_digits(const char *text, uint8_t ret[DIGITS], int *ret_index)
{
    size_t n = 0, prefix = sizeof(PREFIX) - 1;
    int index = -1;

    for (; *text; text++) {
        char c = *text;

        if (strchr(" -\t\r\n", c))
            continue;
        if (prefix > 0) {
            if ((c & ~0x20) != PREFIX[sizeof(PREFIX) - 1 - prefix--])
                return STATUS_MALFORMED;
            continue;
        }
        int digit = digit_of(c);
        if (digit < 0 || n == DIGITS)
            return STATUS_MALFORMED;
        if (index < 0)
            index = digit;
        else
            ret[n++] = (uint8_t)digit;
    }
    *ret_index = index;
    return n == DIGITS ? STATUS_OK : STATUS_MALFORMED;
}

enum status share_parse(const char *text, struct share *ret)
{
    uint8_t digits[DIGITS], raw[RAW_BYTES + 1] = {0}, check[CHECK_BYTES];
    int index;
    enum status status = read_digits(text, digits, &index);

    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < DIGITS; i++) {
        size_t bit = i * 5, byte = bit / 8;
        unsigned pair = (unsigned)digits[i] << (11 - bit % 8);

        raw[byte] |= (uint8_t)(pair >> 8);
        raw[byte + 1] |= (uint8_t)pair;
    }
    make_check(raw, check);
    if (raw[RAW_BYTES] != 0 || memcmp(check, raw + BODY_BYTES, CHECK_BYTES) != 0 ||
        raw[0] != index || !is_index(raw[0]))
        status = STATUS_MALFORMED;
    if (status == STATUS_OK) {
        ret->index = raw[0];
        memcpy(ret->set, raw + 1, SHARE_SET_BYTES);
        memcpy(ret->bytes, raw + 1 + SHARE_SET_BYTES, SHARE_BYTES);
    }
    memory_wipe(raw, sizeof(raw));
    memory_wipe(digits, sizeof(digits));
    return status;
}
