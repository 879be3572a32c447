/* SPDX-License-Identifier: Apache-2.0
 * Crockford base32: 40 random bits as eight digits, then the 40-bit number modulo 37 as a check character,
 * whose last five values are * ~ $ = U. One wrong or two swapped characters are always noticed. New references
 * step over the four marks, which a shell or an address would read as something else.
 */
#include <string.h>

#include "body.h"
#include "chance.h"

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

enum { DIGITS = REFERENCE_BYTES - 2, DIGIT_VALUES = 32, CHECK_VALUES = 37 };

static char check_of(uint64_t number)
{
    return ALPHABET[number % CHECK_VALUES];
}

void reference_new(struct chance *chance, char ret[static REFERENCE_BYTES])
{
    uint64_t number = chance_u64(chance) >> (64 - 5 * DIGITS);
    while (strchr("*~$=", check_of(number)) != NULL) {
        number = (number + 1) % (UINT64_C(1) << (5 * DIGITS));
    }
    for (size_t i = 0; i < DIGITS; i++) {
        unsigned shift = (unsigned)(5 * (DIGITS - 1 - i));
        ret[i] = ALPHABET[(number >> shift) % DIGIT_VALUES];
    }
    ret[DIGITS] = check_of(number);
    ret[DIGITS + 1] = '\0';
}

/* What people write for a character, in the alphabet's form. */
static char fold(char c)
{
    if (c >= 'a' && c <= 'z') {
        c = (char)(c - 'a' + 'A');
    }
    if (c == 'O') {
        return '0';
    }
    return c == 'I' || c == 'L' ? '1' : c;
}

/* The value of a folded character below the limit; -1 if it has none. */
static int value_of(char c, int limit)
{
    for (int value = 0; value < limit; value++) {
        if (ALPHABET[value] == c) {
            return value;
        }
    }
    return -1;
}

enum status reference_parse(const char *text, char ret[static REFERENCE_BYTES])
{
    char parsed[REFERENCE_BYTES] = {0};
    uint64_t number = 0;
    size_t n = 0;
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == ' ') {
            continue;
        }
        if (n > DIGITS) {
            return STATUS_MALFORMED;
        }
        char c = fold(*text);
        int value = value_of(c, n < DIGITS ? DIGIT_VALUES : CHECK_VALUES);
        if (value < 0) {
            return STATUS_MALFORMED;
        }
        if (n < DIGITS) {
            number = number * DIGIT_VALUES + (uint64_t)value;
        }
        parsed[n++] = c;
    }
    if (n != DIGITS + 1 || parsed[DIGITS] != check_of(number)) {
        return STATUS_MALFORMED;
    }
    memcpy(ret, parsed, REFERENCE_BYTES);
    return STATUS_OK;
}
