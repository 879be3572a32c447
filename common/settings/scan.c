/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: the form is small on purpose: a section stands at the margin, its settings four spaces in, a value
 * is a word or stands between double quotes without a double quote in it.
 */
#include <string.h>

#include "settings_private.h"

enum { INDENT = 4 };

static bool is_name_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static size_t count_spaces(const char *at, size_t n)
{
    size_t i = 0;
    while (i < n && at[i] == ' ')
        i++;
    return i;
}

/* Only spaces or a comment are left. */
static bool is_rest_empty(const char *at, size_t n)
{
    size_t spaces = count_spaces(at, n);
    return spaces == n || at[spaces] == '#';
}

/* What stands behind the equals sign: NULL, or what is wrong. */
static const char *judge_value(const char *at, size_t n)
{
    size_t i = count_spaces(at, n);
    if (i < n && at[i] == '"') {
        const char *end = memchr(at + i + 1, '"', n - i - 1);
        if (end == NULL)
            return "the closing quote is missing";
        size_t used = (size_t)(end + 1 - at);
        return is_rest_empty(end + 1, n - used)
                   ? NULL
                   : "something follows the closing quote; a value has no quote inside";
    }
    size_t start = i;
    while (i < n && at[i] != ' ' && at[i] != '#' && at[i] != '"' && at[i] != '\'')
        i++;
    if (i == start)
        return "a value is missing behind =";
    return is_rest_empty(at + i, n - i) && (i == n || at[i] == ' ')
               ? NULL
               : "a value with spaces, # or quotes stands between double quotes";
}

/* NULL, or what is wrong with this line; *ret_counts if it names something. */
static const char *judge_line(
    const char *at, size_t n, bool has_section, bool *ret_counts)
{
    size_t indent = count_spaces(at, n), name = indent;
    *ret_counts = false;
    if (is_rest_empty(at, n))
        return NULL;
    if (at[indent] == '\t')
        return "a tab stands here: indent by four spaces";
    if (indent != 0 && indent != INDENT)
        return "indent by exactly four spaces inside a section, and not at all for its "
               "name";
    while (name < n && is_name_letter(at[name]))
        name++;
    if (name == indent)
        return "a name is expected here (a to z, 0 to 9, -)";
    *ret_counts = true;
    size_t equals = name + count_spaces(at + name, n - name);
    if (equals == n || at[equals] == '#') {
        return indent == 0 ? NULL : "\"= VALUE\" is missing";
    } else if (at[equals] != '=') {
        return "a name is made of a to z, 0 to 9 and -, and = follows";
    }
    if (indent == 0 || !has_section)
        return "a setting stands in a section, indented by four spaces";
    return judge_value(at + equals + 1, n - equals - 1);
}

enum status scan_text(
    struct span text, const char *file, struct scan *ret, struct trouble *trouble)
{
    const char *at = (const char *)text.at;
    size_t left = text.n;
    bool has_section = false, counts;

    ret->n = 0;
    for (int line = 1; left > 0; line++) {
        const char *newline = memchr(at, '\n', left);
        size_t whole = newline == NULL ? left : (size_t)(newline - at) + 1;
        size_t n = newline == NULL ? left : whole - 1;
        const char *wrong = !text_is_clean(span_of(at, n)) && memchr(at, '\t', n) == NULL
                                ? "this line is not plain text"
                                : judge_line(at, n, has_section, &counts);
        if (wrong == NULL && counts && ret->n == LINES_MAX)
            wrong = "the file has too many lines";
        if (wrong == NULL && memchr(at, '\t', n) != NULL)
            wrong = "a tab stands here: use spaces";
        if (wrong != NULL) {
            trouble_say(trouble, "%s, line %d: %s", file, line, wrong);
            return STATUS_MALFORMED;
        }
        if (counts)
            ret->line[ret->n++] = line;
        has_section = has_section || counts;
        at += whole;
        left -= whole;
    }
    return STATUS_OK;
}
