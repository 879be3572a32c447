/* SPDX-License-Identifier: Apache-2.0
 * NFKC and case folding are libunistring's; it leaves alone what Arabic and Urdu keyboards do differently, hence the
 * table. What it hands out stands in memory of ours, which is wiped.
 */
#include "fold.h"

#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include "memory.h"

enum { DROP = 0, BLANK = ' ', NORMAL_BYTES_MAX = 4 * FOLD_BYTES_MAX };

/* from .. to become `into`; with `step` they become into, into + 1, ... In ascending order. */
static const struct fold_row {
    uint32_t from, to, into;
    bool step;
} ROWS[] = {
    {0x0022, 0x0022, DROP, false}, /* quotes and apostrophes */
    {0x0027, 0x0027, DROP, false},
    {0x002c, 0x002e, BLANK, false}, /* comma, hyphen, stop */
    {0x005f, 0x0060, BLANK, false},
    {0x00ad, 0x00ad, DROP, false},   /* soft hyphen */
    {0x02b9, 0x02bf, DROP, false},   /* letters for hamza and ain in Latin script */
    {0x0300, 0x036f, DROP, false},   /* accents that do not compose */
    {0x060c, 0x060c, BLANK, false},  /* Arabic comma */
    {0x0610, 0x061a, DROP, false},   /* signs above names */
    {0x061c, 0x061c, DROP, false},   /* Arabic letter mark */
    {0x0621, 0x0621, DROP, false},   /* hamza alone */
    {0x0622, 0x0623, 0x0627, false}, /* alef with madda, with hamza: alef */
    {0x0624, 0x0624, 0x0648, false}, /* waw with hamza */
    {0x0625, 0x0625, 0x0627, false}, /* alef with hamza below */
    {0x0626, 0x0626, 0x06cc, false}, /* ye with hamza: Urdu ye */
    {0x0629, 0x0629, 0x06c1, false}, /* te marbuta: Urdu he */
    {0x0640, 0x0640, DROP, false},   /* tatweel */
    {0x0643, 0x0643, 0x06a9, false}, /* Arabic kaf: Urdu kaf */
    {0x0647, 0x0647, 0x06c1, false}, /* Arabic he */
    {0x0649, 0x064a, 0x06cc, false}, /* alef maksura, Arabic ye */
    {0x064b, 0x065f, DROP, false},   /* vowel marks */
    {0x0660, 0x0669, '0', true},     /* Arabic digits */
    {0x0670, 0x0670, DROP, false},   /* alef above */
    {0x0671, 0x0671, 0x0627, false}, /* alef wasla */
    {0x06aa, 0x06aa, 0x06a9, false}, /* swash kaf */
    {0x06ba, 0x06ba, 0x0646, false}, /* nun ghunna: nun */
    {0x06be, 0x06be, 0x06c1, false}, /* do-chashmi he */
    {0x06c0, 0x06c0, 0x06c1, false}, /* he with hamza, both of them */
    {0x06c2, 0x06c3, 0x06c1, false}, /* and te marbuta goal */
    {0x06cd, 0x06cd, 0x06cc, false}, /* ye with tail */
    {0x06ce, 0x06ce, 0x06cc, false}, /* ye with small v */
    {0x06d0, 0x06d0, 0x06cc, false}, /* Pashto e */
    {0x06d3, 0x06d3, 0x06d2, false}, /* large ye with hamza */
    {0x06d4, 0x06d4, BLANK, false},  /* Urdu full stop */
    {0x06d5, 0x06d5, 0x06c1, false}, /* ae: Urdu he */
    {0x06d6, 0x06ed, DROP, false},   /* signs of recitation */
    {0x06f0, 0x06f9, '0', true},     /* Urdu digits */
    {0x200b, 0x200f, DROP, false},   /* zero width, joiners, direction */
    {0x2010, 0x2015, BLANK, false},  /* dashes */
    {0x2018, 0x201f, DROP, false},   /* quotes */
    {0x202a, 0x202e, DROP, false},   /* direction */
    {0x2060, 0x2069, DROP, false},
    {0xfe00, 0xfe0f, DROP, false}, /* variation selectors */
    {0xfeff, 0xfeff, DROP, false},
};

static ucs4_t fold_one(ucs4_t from)
{
    for (size_t i = 0; i < ARRAY_LENGTH(ROWS) && ROWS[i].from <= from; i++)
        if (from <= ROWS[i].to)
            return ROWS[i].into + (ROWS[i].step ? from - ROWS[i].from : 0);
    return from <= 0x20 || from == 0xa0 ? BLANK : from;
}

/* Small letters in form NFKC, in `normal`. */
static enum status normalise(
    struct span text, uint8_t normal[static NORMAL_BYTES_MAX], size_t *ret_n)
{
    size_t n = NORMAL_BYTES_MAX;
    enum status status = STATUS_OK;
    uint8_t *made = u8_casefold(text.at, text.n, NULL, UNINORM_NFKC, normal, &n);

    if (!made)
        return STATUS_TOO_BIG;
    if (made != normal) { /* it did not fit: a few signs grow to 18 letters */
        memory_wipe(made, n);
        free(made);
        status = STATUS_TOO_BIG;
    }
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

static enum status put(struct buffer *ret, ucs4_t letter)
{
    uint8_t bytes[6];
    int n = u8_uctomb(bytes, letter, sizeof(bytes));

    PROMISE(n > 0);
    return buffer_put(ret, bytes, (size_t)n);
}

static enum status fold_normal(struct span text, struct buffer *ret)
{
    bool blank = false, begun = false;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && text.n > 0) {
        ucs4_t letter;
        int n = u8_mbtouc(&letter, text.at, text.n);

        PROMISE(n > 0);
        text = span_of(text.at + n, text.n - (size_t)n);
        letter = fold_one(letter);
        if (letter == BLANK)
            blank = begun;
        if (letter == BLANK || letter == DROP)
            continue;
        if (blank)
            status = put(ret, BLANK);
        if (status == STATUS_OK)
            status = put(ret, letter);
        blank = false;
        begun = true;
    }
    return status;
}

enum status fold_text(struct span text, struct buffer *ret)
{
    uint8_t normal[NORMAL_BYTES_MAX];
    size_t n = 0;
    enum status status;

    if (text.n == 0)
        return STATUS_OK;
    if (text.n > FOLD_BYTES_MAX)
        return STATUS_TOO_BIG;
    if (u8_check(text.at, text.n))
        return STATUS_MALFORMED;
    status = normalise(text, normal, &n);
    if (status == STATUS_OK)
        status = fold_normal(span_of(normal, n), ret);
    memory_wipe(normal, sizeof(normal));
    return status;
}
