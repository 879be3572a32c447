/* SPDX-License-Identifier: Apache-2.0
 * The tables are gettext's own .mo format, made by msgfmt at build: sorted by text, so that halving finds a row.
 * They are ours, but are read like bytes from outside: msgfmt is not.
 */
#include <stdio.h>
#include <string.h>

#include "eng_mo.data.h"
#include "memory.h"
#include "page.h"
#include "urd_mo.data.h"

enum { MO_HEAD_BYTES = 28, MO_ROW_BYTES = 8, KEY_BYTES = 512 };
#define MO_MAGIC 0x950412deu

struct table {
    const unsigned char *bytes;
    size_t n;
};

static struct table table_of(enum page_language language)
{
    return language == PAGE_URD ? (struct table){URD_MO, URD_MO_BYTES}
                                : (struct table){ENG_MO, ENG_MO_BYTES};
}

static uint32_t number_at(struct table table, size_t at)
{
    const unsigned char *bytes = table.bytes + at;

    PROMISE(at + 4 <= table.n);
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* Row i of the texts (`head` 12) or of their translations (`head` 16); with a NUL behind. */
static struct span row(struct table table, size_t head, size_t i)
{
    size_t at = number_at(table, head) + i * MO_ROW_BYTES;
    size_t n = number_at(table, at), from = number_at(table, at + 4);

    PROMISE(from < table.n && n < table.n - from && table.bytes[from + n] == 0);
    return span_of(table.bytes + from, n);
}

size_t page_catalogue_count(enum page_language language)
{
    struct table table = table_of(language);

    PROMISE(table.n >= MO_HEAD_BYTES && number_at(table, 0) == MO_MAGIC);
    return number_at(table, 8);
}

const char *page_catalogue_key(enum page_language language, size_t i)
{
    PROMISE(i < page_catalogue_count(language));
    return (const char *)row(table_of(language), 12, i).at;
}

/* English and Urdu: one form for 1, one for all else. */
static const char *choose(struct span forms, int64_t n)
{
    size_t first = strlen((const char *)forms.at);

    return (const char *)forms.at + (n != 1 && first < forms.n ? first + 1 : 0);
}

const char *page_catalogue_find(
    enum page_language language, const char *kind, const char *text, int64_t n)
{
    size_t low = 0, high = page_catalogue_count(language);
    char key[KEY_BYTES];
    int length =
        snprintf(key, sizeof(key), "%s%s%s", kind ? kind : "", kind ? "\4" : "", text);

    if (length <= 0 || (size_t)length >= sizeof(key))
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(key, page_catalogue_key(language, middle));

        if (order == 0)
            return choose(row(table_of(language), 16, middle), n);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
