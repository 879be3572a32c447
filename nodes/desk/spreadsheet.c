/* SPDX-License-Identifier: Apache-2.0
 * A field of digits alone stands bare, so that it is a number; everything else is text.
 */
#include "spreadsheet.h"

#include <string.h>

static bool is_number(const char *field)
{
    return *field && strspn(field, "0123456789") == strlen(field);
}

static bool begins_formula(const char *field)
{
    static const char *const WIDE[] = {
        "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"}; /* = + - @ */

    for (size_t i = 0; i < sizeof(WIDE) / sizeof(WIDE[0]); i++)
        if (strncmp(field, WIDE[i], strlen(WIDE[i])) == 0)
            return true;
    return *field && strchr("=+-@\t\r\n", *field);
}

static enum status put_text(struct buffer *buffer, const char *field)
{
    enum status status = buffer_put(buffer, "\"'", begins_formula(field) ? 2 : 1);

    for (; status == STATUS_OK && *field; field++) {
        if (*field == '"')
            status = buffer_put(buffer, "\"", 1);
        if (status == STATUS_OK)
            status = buffer_put(buffer, field, 1);
    }
    return status == STATUS_OK ? buffer_put(buffer, "\"", 1) : status;
}

enum status spreadsheet_put(struct buffer *buffer, const char *const *fields, size_t n)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        if (i > 0)
            status = buffer_put(buffer, ",", 1);
        if (status == STATUS_OK)
            status = is_number(fields[i])
                         ? buffer_put(buffer, fields[i], strlen(fields[i]))
                         : put_text(buffer, fields[i]);
    }
    return status == STATUS_OK ? buffer_put(buffer, "\r\n", 2) : status;
}
