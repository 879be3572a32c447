/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: after our own scan zconfig reads the text into a tree. Its nodes come in the order of the lines,
 * which gives every complaint its line number; zconfig itself keeps none, takes any name, and any name twice.
 */
#include "settings.h"

#include <czmq.h>

#include "disk.h"
#include "memory.h"
#include "nearest.h"
#include "settings_private.h"

enum { NAME_BYTES = 80 };

struct reading {
    struct settings *settings;
    const struct scan *scan;
    const char *file;
    size_t at; /* node number, in the order of the lines */
    struct trouble *trouble;
};

static const struct setting *find_row(
    const struct setting *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static bool parse_int(const char *text, int64_t *ret)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || text[0] == '+' || text[0] == ' ')
        return false;
    *ret = value;
    return true;
}

static bool is_choice(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *at = choices; n > 0 && *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == n && strncmp(at, value, n) == 0)
            return true;
        at += word + (at[word] == ' ');
    }
    return false;
}

enum status setting_check(
    const struct setting *row, const char *value, struct trouble *trouble)
{
    int64_t number;
    bool holds = false;
    switch (row->type) {
    case SETTING_TEXT:
        holds = (int64_t)strlen(value) >= row->min && (int64_t)strlen(value) <= row->max;
        trouble_say(trouble, "%s must have %lld to %lld bytes", row->name,
            (long long)row->min, (long long)row->max);
        break;
    case SETTING_INT:
        holds = parse_int(value, &number) && number >= row->min && number <= row->max;
        trouble_say(trouble, "%s must be a whole number from %lld to %lld, not \"%.60s\"",
            row->name, (long long)row->min, (long long)row->max, value);
        break;
    case SETTING_FLAG:
        holds = is_choice("yes no", value);
        trouble_say(trouble, "%s must be yes or no, not \"%.60s\"", row->name, value);
        break;
    case SETTING_CHOICE:
        holds = is_choice(row->choices, value);
        trouble_say(trouble, "%s must be one of: %s; not \"%.60s\"", row->name,
            row->choices, value);
        break;
    }
    return holds ? STATUS_OK : STATUS_MALFORMED;
}

/* Fails with file and line before what was said. */
static enum status fail_at(const struct reading *reading, size_t at)
{
    int line = at < reading->scan->n ? reading->scan->line[at] : 0;
    trouble_prefix(reading->trouble, "%s, line %d", reading->file, line);
    return STATUS_MALFORMED;
}

static enum status refuse_unknown(struct reading *reading, size_t at, const char *name)
{
    const char *nearest = NULL;
    unsigned best = NEAREST_START;
    for (size_t i = 0; i < reading->settings->n; i++)
        nearest_consider(name, reading->settings->table[i].name, &nearest, &best);
    if (nearest != NULL)
        trouble_say(
            reading->trouble, "there is no setting %s; did you mean %s?", name, nearest);
    else
        trouble_say(reading->trouble, "there is no setting %s", name);
    return fail_at(reading, at);
}

static enum status take_setting(
    struct reading *reading, const char *section, zconfig_t *node)
{
    struct settings *settings = reading->settings;
    size_t at = reading->at++;
    char name[NAME_BYTES];

    snprintf(name, sizeof name, "%s/%s", section, zconfig_name(node));
    const struct setting *row = find_row(settings->table, settings->n, name);
    if (row == NULL)
        return refuse_unknown(reading, at, name);
    char **value = &settings->values[row - settings->table];
    if (*value != NULL) {
        trouble_say(reading->trouble, "%s is set a second time", name);
        return fail_at(reading, at);
    }
    if (setting_check(row, zconfig_value(node), reading->trouble) != STATUS_OK)
        return fail_at(reading, at);
    *value = memory_copy_text(zconfig_value(node));
    return STATUS_OK;
}

static enum status check_section(
    struct reading *reading, zconfig_t *root, zconfig_t *section)
{
    const struct settings *settings = reading->settings;
    const char *name = zconfig_name(section), *guess = NULL;
    const struct setting *meant = NULL;
    unsigned best = NEAREST_START;
    size_t at = reading->at++;
    bool known = false;

    for (zconfig_t *node = zconfig_child(root); node != section;
         node = zconfig_next(node)) {
        if (strcmp(zconfig_name(node), name) == 0) {
            trouble_say(reading->trouble, "section %s stands there a second time", name);
            return fail_at(reading, at);
        }
    }
    for (size_t i = 0; i < settings->n && !known; i++) {
        char word[NAME_BYTES];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(settings->table[i].name, "/"),
            settings->table[i].name);
        known = strcmp(word, name) == 0;
        unsigned before = best;
        nearest_consider(name, word, &guess, &best);
        if (best < before)
            meant = &settings->table[i];
    }
    if (known)
        return STATUS_OK;
    if (meant != NULL)
        trouble_say(reading->trouble, "there is no section %s; did you mean %.*s?", name,
            (int)strcspn(meant->name, "/"), meant->name);
    else
        trouble_say(reading->trouble, "there is no section %s", name);
    return fail_at(reading, at);
}

static enum status take_tree(struct reading *reading, zconfig_t *root)
{
    for (zconfig_t *section = zconfig_child(root); section != NULL;
         section = zconfig_next(section)) {
        enum status status = check_section(reading, root, section);
        for (zconfig_t *node = zconfig_child(section);
             node != NULL && status == STATUS_OK; node = zconfig_next(node))
            status = take_setting(reading, zconfig_name(section), node);
        if (status != STATUS_OK)
            return status;
    }
    PROMISE(reading->at == reading->scan->n);
    return STATUS_OK;
}

/* Every fallback must pass its own row. */
static void check_table(const struct setting *table, size_t n)
{
    PROMISE(n <= SETTINGS_ROWS_MAX);
    for (size_t i = 0; i < n; i++) {
        PROMISE(
            strchr(table[i].name, '/') != NULL && strlen(table[i].name) < NAME_BYTES / 2);
        PROMISE(setting_check(&table[i], table[i].fallback, NULL) == STATUS_OK);
    }
}

enum status settings_parse(const struct setting *table, size_t n, struct span text,
    const char *file, struct settings **ret, struct trouble *trouble)
{
    struct settings *settings = NULL;
    struct scan *scan = memory_new(sizeof *scan);
    zconfig_t *root = NULL;
    enum status status = scan_text(text, file, scan, trouble);

    check_table(table, n);
    if (status != STATUS_OK)
        goto done;
    settings = memory_new(sizeof *settings);
    settings->table = table;
    settings->n = n;
    char *copy = memory_new(text.n + 2);
    if (text.n > 0)
        memcpy(copy, text.at, text.n);
    copy[text.n] = '\n';
    root = zconfig_str_load(copy);
    memory_free(copy);
    if (root == NULL) {
        trouble_say(trouble, "%s: cannot be read", file);
        status = STATUS_MALFORMED;
        goto done;
    }
    struct reading reading = {settings, scan, file, 0, trouble};
    status = take_tree(&reading, root);
    if (status != STATUS_OK)
        goto done;
    *ret = settings;
    settings = NULL;
done:
    zconfig_destroy(&root);
    settings_destroy(&settings);
    memory_free(scan);
    return status;
}

enum status settings_read(const struct setting *table, size_t n, const char *path,
    struct settings **ret, struct trouble *trouble)
{
    struct buffer text;
    buffer_init(&text, SETTINGS_BYTES_MAX);
    enum status status = disk_read(path, SETTINGS_BYTES_MAX, &text, trouble);
    if (status == STATUS_OK)
        status = settings_parse(table, n, buffer_span(&text), path, ret, trouble);
    buffer_release(&text);
    return status;
}

void settings_destroy(struct settings **settings)
{
    if (*settings == NULL)
        return;
    for (size_t i = 0; i < (*settings)->n; i++)
        memory_free((*settings)->values[i]);
    memory_free(*settings);
    *settings = NULL;
}

static const char *value_of(
    const struct settings *settings, const char *name, const struct setting **ret_row)
{
    const struct setting *row = find_row(settings->table, settings->n, name);
    PROMISE(row != NULL);
    const char *value = settings->values[row - settings->table];
    *ret_row = row;
    return value != NULL ? value : row->fallback;
}

const char *settings_text(const struct settings *settings, const char *name)
{
    const struct setting *row;
    const char *value = value_of(settings, name, &row);
    PROMISE(row->type == SETTING_TEXT || row->type == SETTING_CHOICE);
    return value;
}

int64_t settings_int(const struct settings *settings, const char *name)
{
    const struct setting *row;
    int64_t number = 0;
    const char *value = value_of(settings, name, &row);
    PROMISE(row->type == SETTING_INT && parse_int(value, &number));
    return number;
}

bool settings_flag(const struct settings *settings, const char *name)
{
    const struct setting *row;
    const char *value = value_of(settings, name, &row);
    PROMISE(row->type == SETTING_FLAG);
    return strcmp(value, "yes") == 0;
}

bool settings_is_set(const struct settings *settings, const char *name)
{
    const struct setting *row = find_row(settings->table, settings->n, name);
    PROMISE(row != NULL);
    return settings->values[row - settings->table] != NULL;
}
