/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: one growing array of (section, name, bytes); files are small, so finding is a walk.
 */
#include "vectors.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct entry {
    size_t section;
    char *name;
    uint8_t *bytes;
    size_t n;
};

struct vectors {
    struct entry *entries;
    size_t n_entries;
    char **titles;
    size_t n_titles;
    char path[512];
    int line;
};

static _Noreturn void give_up(
    const struct vectors *vectors, const char *what, const char *name)
{
    fprintf(stderr, "%s:%d: %s: %s\n", vectors->path, vectors->line, what, name);
    abort();
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        text[--n] = '\0';
    return text;
}

static void append(struct vectors *vectors, struct entry *entry, const char *value)
{
    size_t n = strlen(value);
    if (n >= 2 && value[0] == '"' && value[n - 1] == '"') {
        entry->bytes = memory_resize(entry->bytes, entry->n + n, 1);
        memcpy(entry->bytes + entry->n, value + 1, n - 2);
        entry->n += n - 2;
        return;
    }
    if (n % 2 != 0)
        give_up(vectors, "odd number of digits", entry->name);
    char *digits = memory_copy_text(value);
    entry->bytes = memory_resize(entry->bytes, entry->n + n / 2 + 1, 1);
    if (hex_parse(digits, entry->bytes + entry->n, n / 2) != STATUS_OK)
        give_up(vectors, "not hex", entry->name);
    entry->n += n / 2;
    memory_free(digits);
}

static void read_line(struct vectors *vectors, char *raw)
{
    bool continues = raw[0] == ' ';
    char *line = trim(raw);
    if (line[0] == '\0' || line[0] == '#')
        return;
    if (line[0] == '[' && line[strlen(line) - 1] == ']') {
        line[strlen(line) - 1] = '\0';
        vectors->titles = memory_resize(
            vectors->titles, vectors->n_titles + 1, sizeof *vectors->titles);
        vectors->titles[vectors->n_titles++] = memory_copy_text(line + 1);
        return;
    }
    if (continues) {
        if (vectors->n_entries == 0)
            give_up(vectors, "nothing to continue", line);
        append(vectors, &vectors->entries[vectors->n_entries - 1], line);
        return;
    }
    char *equals = strchr(line, '=');
    if (equals == NULL || vectors->n_titles == 0)
        give_up(vectors, "neither a section nor name = value", line);
    *equals = '\0';
    vectors->entries =
        memory_resize(vectors->entries, vectors->n_entries + 1, sizeof *vectors->entries);
    struct entry *entry = &vectors->entries[vectors->n_entries++];
    *entry = (struct entry){
        .section = vectors->n_titles - 1, .name = memory_copy_text(trim(line))};
    append(vectors, entry, trim(equals + 1));
}

struct vectors *vectors_open(const char *name)
{
    struct vectors *vectors = memory_new(sizeof *vectors);
    snprintf(vectors->path, sizeof vectors->path, "%s/tests/vectors/%s", AMAAN_SOURCE_DIR,
        name);
    FILE *file = fopen(vectors->path, "r");
    if (file == NULL)
        give_up(vectors, "cannot be opened", name);
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) > 0) {
        vectors->line++;
        read_line(vectors, line);
    }
    free(line);
    fclose(file);
    return vectors;
}

void vectors_close(struct vectors **vectors)
{
    if (*vectors == NULL)
        return;
    for (size_t i = 0; i < (*vectors)->n_entries; i++) {
        memory_free((*vectors)->entries[i].name);
        memory_free((*vectors)->entries[i].bytes);
    }
    for (size_t i = 0; i < (*vectors)->n_titles; i++)
        memory_free((*vectors)->titles[i]);
    memory_free((*vectors)->entries);
    memory_free((*vectors)->titles);
    memory_free(*vectors);
    *vectors = NULL;
}

size_t vectors_count(const struct vectors *vectors)
{
    return vectors->n_titles;
}

const char *vectors_title(const struct vectors *vectors, size_t section)
{
    PROMISE(section < vectors->n_titles);
    return vectors->titles[section];
}

size_t vectors_find(const struct vectors *vectors, const char *title)
{
    for (size_t i = 0; i < vectors->n_titles; i++)
        if (strcmp(vectors->titles[i], title) == 0)
            return i;
    give_up(vectors, "no such section", title);
}

static const struct entry *find_entry(
    const struct vectors *vectors, size_t section, const char *name)
{
    for (size_t i = 0; i < vectors->n_entries; i++)
        if (vectors->entries[i].section == section &&
            strcmp(vectors->entries[i].name, name) == 0)
            return &vectors->entries[i];
    return NULL;
}

bool vectors_has(const struct vectors *vectors, size_t section, const char *name)
{
    return find_entry(vectors, section, name) != NULL;
}

struct span vectors_get(const struct vectors *vectors, size_t section, const char *name)
{
    const struct entry *entry = find_entry(vectors, section, name);
    if (entry == NULL)
        give_up(vectors, "no such value", name);
    return span_of(entry->bytes, entry->n);
}

const uint8_t *vectors_take(
    const struct vectors *vectors, size_t section, const char *name, size_t n)
{
    struct span span = vectors_get(vectors, section, name);
    if (span.n != n)
        give_up(vectors, "value of another length", name);
    return span.at;
}

uint64_t vectors_number(const struct vectors *vectors, size_t section, const char *name)
{
    struct span span = vectors_get(vectors, section, name);
    uint64_t number = 0;
    if (span.n > 8)
        give_up(vectors, "number too long", name);
    for (size_t i = 0; i < span.n; i++)
        number = number << 8 | span.at[i];
    return number;
}

void vectors_print(FILE *file, const char *name, struct span value)
{
    enum { A_LINE = 48 };
    char hex[2 * A_LINE + 1];
    fprintf(file, "%s =", name);
    for (size_t at = 0; at < value.n; at += A_LINE) {
        size_t n = value.n - at < A_LINE ? value.n - at : A_LINE;
        hex_format(value.at + at, n, hex);
        fprintf(file, value.n <= A_LINE ? " %s" : "\n  %s", hex);
    }
    fprintf(file, "\n");
}
