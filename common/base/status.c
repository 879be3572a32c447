/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of names, and two ways to put a sentence into a fixed array without overrunning it.
 */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const NAMES[STATUS_COUNT] = {
    [STATUS_OK] = "ok",
    [STATUS_MALFORMED] = "malformed",
    [STATUS_UNSUPPORTED] = "unsupported",
    [STATUS_TOO_BIG] = "too big",
    [STATUS_DENIED] = "denied",
    [STATUS_FORGED] = "forged",
    [STATUS_EXPIRED] = "expired",
    [STATUS_NOT_FOUND] = "not found",
    [STATUS_EXISTS] = "exists",
    [STATUS_CONFLICT] = "conflict",
    [STATUS_FULL] = "full",
    [STATUS_BUSY] = "busy",
    [STATUS_TIMEOUT] = "timeout",
    [STATUS_CLOSED] = "closed",
    [STATUS_LOCKED] = "locked",
    [STATUS_IO] = "input or output error",
    [STATUS_CORRUPT] = "corrupt",
};

const char *status_name(enum status status)
{
    if ((unsigned)status >= STATUS_COUNT)
        return "unknown status";
    return NAMES[status];
}

static void show_controls(char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x20 || c == 0x7f)
            *text = '?';
    }
}

/* vsnprintf cuts at a byte: take back a multi-byte character of which only the head fits. */
static void drop_cut_character(char *text)
{
    size_t n = strlen(text);
    size_t tail = 0;

    while (tail < n && tail < 3 && ((unsigned char)text[n - 1 - tail] & 0xc0) == 0x80)
        tail++;
    if (tail >= n)
        return;

    unsigned char lead = (unsigned char)text[n - 1 - tail];
    size_t wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;

    if (tail < wanted)
        text[n - 1 - tail] = '\0';
}

void trouble_say(struct trouble *trouble, const char *format, ...)
{
    char text[TROUBLE_BYTES]; /* the arguments may point into the trouble itself */
    va_list list;

    if (!trouble)
        return;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    show_controls(text);
    drop_cut_character(text);
    memcpy(trouble->text, text, sizeof(text));
}

void trouble_prefix(struct trouble *trouble, const char *format, ...)
{
    char text[TROUBLE_BYTES];
    va_list list;
    size_t used;

    if (!trouble)
        return;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    used = strlen(text);
    if (snprintf(text + used, sizeof(text) - used, ": %s", trouble->text) < 0)
        return; /* what was there stays */
    show_controls(text);
    drop_cut_character(text);
    memcpy(trouble->text, text, sizeof(text));
}
