/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: sections follow the order of the rows; rows of one section stand together in the table. Help is
 * wrapped as comments; text is always quoted.
 */
#include <string.h>

#include "memory.h"
#include "settings_private.h"

enum { WIDTH = 90, LINE_BYTES = 1024 };

static enum status put(struct buffer *to, const char *text)
{
    return buffer_put(to, text, strlen(text));
}

/* Words of text as lines "indent# ..." not wider than WIDTH; a newline in it begins a new line. */
static enum status put_comment(struct buffer *to, const char *indent, const char *text)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && *text != '\0') {
        size_t room = WIDTH - strlen(indent) - 2, n = strcspn(text, "\n"), whole = n;
        if (n > room) {
            for (n = room; n > 0 && text[n] != ' ';)
                n--;
            n = n > 0 ? n : whole; /* one endless word */
        }
        char line[LINE_BYTES];
        snprintf(
            line, sizeof line, "%s#%s%.*s\n", indent, n > 0 ? " " : "", (int)n, text);
        status = put(to, line);
        text += n + (text[n] == ' ' || text[n] == '\n');
    }
    return status;
}

static const char *describe(const struct setting *row, char to[static LINE_BYTES])
{
    switch (row->type) {
    case SETTING_INT:
        snprintf(to, LINE_BYTES, "%s (%lld to %lld)", row->help, (long long)row->min,
            (long long)row->max);
        break;
    case SETTING_FLAG:
        snprintf(to, LINE_BYTES, "%s (yes, no)", row->help);
        break;
    case SETTING_CHOICE:
        snprintf(to, LINE_BYTES, "%s (one of: %s)", row->help, row->choices);
        break;
    case SETTING_TEXT:
        snprintf(to, LINE_BYTES, "%s", row->help);
        break;
    }
    return to;
}

static enum status put_row(
    const struct setting *row, const char *value, bool starts_section, struct buffer *to)
{
    const char *slash = strchr(row->name, '/');
    char line[LINE_BYTES];
    enum status status = STATUS_OK;
    if (starts_section) {
        snprintf(line, sizeof line, "\n%.*s\n", (int)(slash - row->name), row->name);
        status = put(to, line);
    }
    if (status == STATUS_OK)
        status = put_comment(to, "    ", describe(row, line));
    const char *quote = row->type == SETTING_TEXT ? "\"" : "";
    snprintf(line, sizeof line, "    %s = %s%s%s\n", slash + 1, quote, value, quote);
    return status == STATUS_OK ? put(to, line) : status;
}

enum status settings_sample(const struct setting *table, size_t n, const char *head,
    const char *const *values, struct buffer *ret)
{
    enum status status = put_comment(ret, "", head);
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        const char *value =
            values != NULL && values[i] != NULL ? values[i] : table[i].fallback;
        size_t section = strcspn(table[i].name, "/") + 1;
        bool starts = i == 0 || strncmp(table[i].name, table[i - 1].name, section) != 0;
        PROMISE(setting_check(&table[i], value, NULL) == STATUS_OK);
        status = put_row(&table[i], value, starts, ret);
    }
    return status;
}

enum status settings_effective(const struct settings *settings, struct buffer *ret)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < settings->n && status == STATUS_OK; i++) {
        const struct setting *row = &settings->table[i];
        const char *value = settings->values[i];
        char line[LINE_BYTES];
        snprintf(line, sizeof line, "%s = %s%s\n", row->name,
            value != NULL ? value : row->fallback, value != NULL ? "" : " (default)");
        status = put(ret, line);
    }
    return status;
}
