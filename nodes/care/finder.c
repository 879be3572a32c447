/* SPDX-License-Identifier: Apache-2.0
 * An entry's names stand behind it in one piece of memory: "\n" preferred "\n" full "\n", folded. What begins behind "\n"
 * is the beginning of a name, behind a blank that of a word.
 */
#include "finder.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "memory.h"

enum { NAMES_BYTES_MAX = 2 * FOLD_BYTES_MAX + 4, FIRST_ROOM = 256 };

struct entry {
    int64_t id;
    struct ident ident;
    char alias[REFERENCE_BYTES];
    uint8_t age_band;
    bool open;
    int32_t day;
    uint16_t n_names;
    char names[];
};

struct finder {
    struct entry **entries;
    size_t n, room;
    int64_t loaded;
    bool complete, overfull;
};

struct finder *finder_new(void)
{
    return memory_new(sizeof(struct finder));
}

static void drop(struct entry *entry)
{
    memory_wipe(entry, sizeof(*entry) + entry->n_names);
    memory_free(entry);
}

void finder_clear(struct finder *finder)
{
    for (size_t i = 0; i < finder->n; i++)
        drop(finder->entries[i]);
    memory_free(finder->entries);
    memset(finder, 0, sizeof(*finder));
}

void finder_destroy(struct finder **finder)
{
    if (!*finder)
        return;
    finder_clear(*finder);
    memory_free(*finder);
    *finder = NULL;
}

/* A name that does not fold is left out: it was checked when it was stored. */
static void put_name(struct buffer *names, const char *name)
{
    size_t before = names->used;

    if (name && fold_text(span_text(name), names) != STATUS_OK)
        names->used = before;
    PROMISE(buffer_put(names, "\n", 1) == STATUS_OK);
}

static struct entry *make_entry(const struct case_row *row)
{
    struct buffer names;

    buffer_init(&names, NAMES_BYTES_MAX);
    PROMISE(buffer_put(&names, "\n", 1) == STATUS_OK);
    put_name(&names, row->person.preferred_name);
    put_name(&names, row->person.full_name);
    struct entry *entry = memory_new(sizeof(*entry) + names.used);
    entry->id = row->id;
    entry->ident = row->ident;
    memcpy(entry->alias, row->alias, REFERENCE_BYTES);
    entry->age_band = (uint8_t)row->person.age_band;
    entry->open = row->outcome == OUTCOME_OPEN;
    entry->day = (int32_t)row->opened_day;
    entry->n_names = (uint16_t)names.used;
    memcpy(entry->names, names.bytes, names.used);
    buffer_release(&names);
    return entry;
}

static void append(struct finder *finder, const struct case_row *row)
{
    if (finder->n == FINDER_CASES_MAX) {
        finder->overfull = true;
        return;
    }
    if (finder->n == finder->room) {
        finder->room = finder->room ? 2 * finder->room : FIRST_ROOM;
        finder->entries =
            memory_resize(finder->entries, finder->room, sizeof(*finder->entries));
    }
    finder->entries[finder->n++] = make_entry(row);
}

static size_t find_entry(const struct finder *finder, const struct ident *ident)
{
    size_t i = 0;

    while (i < finder->n && !ident_equal(&finder->entries[i]->ident, ident))
        i++;
    return i;
}

void finder_load(struct finder *finder, const struct case_row *row)
{
    PROMISE(row->id > finder->loaded);
    finder->loaded = row->id;
    append(finder, row);
}

int64_t finder_loaded(const struct finder *finder)
{
    return finder->loaded;
}

void finder_complete(struct finder *finder)
{
    finder->complete = true;
}

bool finder_is_complete(const struct finder *finder)
{
    return finder->complete && !finder->overfull;
}

void finder_put(struct finder *finder, const struct case_row *row)
{
    size_t i = find_entry(finder, &row->ident);

    if (i < finder->n) {
        struct entry *made = make_entry(row);

        drop(finder->entries[i]);
        finder->entries[i] = made;
    } else if (finder->complete) {
        append(finder, row);
    }
}

void finder_remove(struct finder *finder, const struct ident *ident)
{
    size_t i = find_entry(finder, ident);

    if (i == finder->n)
        return;
    drop(finder->entries[i]);
    finder->n--;
    memmove(&finder->entries[i], &finder->entries[i + 1],
        (finder->n - i) * sizeof(*finder->entries));
}

size_t finder_count(const struct finder *finder)
{
    return finder->n;
}

/* --- asking --------------------------------------------------------------------------------------------------- */

/* 0: it does not fit. */
static enum finder_fit fit_name(const struct entry *entry, struct span name)
{
    const char *at = entry->names, *end = entry->names + entry->n_names;
    enum finder_fit best = 0;

    while ((at = memmem(at, (size_t)(end - at), name.at, name.n)) != NULL) {
        enum finder_fit fit = FIT_PART;

        if (at[-1] == '\n' && at[name.n] == '\n')
            fit = FIT_NAME;
        else if (at[-1] == '\n' || at[-1] == ' ')
            fit = FIT_BEGINNING;
        if (best == 0 || fit < best)
            best = fit;
        at++;
    }
    return best;
}

static enum finder_fit fit_entry(const struct entry *entry,
    const struct finder_question *question, const struct buffer *name)
{
    if (question->alias && strcmp(question->alias, entry->alias) != 0)
        return 0;
    if (question->age_band != 0 && question->age_band != entry->age_band)
        return 0;
    if (question->has_days &&
        (entry->day < question->from_day || entry->day > question->until_day))
        return 0;
    if (question->open_only && !entry->open)
        return 0;
    if (!question->name)
        return FIT_NO_NAME;
    return name->used > 0 ? fit_name(entry, buffer_span(name)) : 0;
}

/* Behind the last one that fits as well: whoever came before is newer. */
static void put_hit(struct finder_hit *hits, size_t *n, const struct finder_hit *hit)
{
    size_t at = *n;

    while (at > 0 && hits[at - 1].fit > hit->fit)
        at--;
    if (at == FINDER_HITS_MAX)
        return;
    size_t kept = *n < FINDER_HITS_MAX ? *n : FINDER_HITS_MAX - 1;
    memmove(&hits[at + 1], &hits[at], (kept - at) * sizeof(*hits));
    hits[at] = *hit;
    *n = kept + 1;
}

enum status finder_ask(const struct finder *finder,
    const struct finder_question *question, struct finder_hit ret[static FINDER_HITS_MAX],
    size_t *ret_n, size_t *ret_total)
{
    struct buffer name;
    size_t n = 0, total = 0;
    enum status status = STATUS_OK;

    buffer_init(&name, FOLD_BYTES_MAX);
    if (question->name)
        status = fold_text(span_text(question->name), &name);
    for (size_t i = finder->n; status == STATUS_OK && i > 0; i--) {
        const struct entry *entry = finder->entries[i - 1];
        struct finder_hit hit = {entry->ident, fit_entry(entry, question, &name)};

        if (hit.fit == 0)
            continue;
        total++;
        put_hit(ret, &n, &hit);
    }
    buffer_release(&name);
    if (status == STATUS_OK) {
        *ret_n = n;
        *ret_total = total;
    }
    return status;
}
