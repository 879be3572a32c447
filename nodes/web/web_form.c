/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: a copy of the body is cut at "&" and "=" and decoded in place, for decoding never makes it longer.
 */
#include "web_form.h"

#include <string.h>

#include "memory.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte of *from, decoded; -1 for a bad escape or a NUL. Steps over what it read. */
static int take_byte(const char **from)
{
    const char *at = *from;
    int high, low;

    *from = at + 1;
    if (*at != '%')
        return *at == '+' ? ' ' : (unsigned char)*at;
    high = hex_digit(at[1]);
    low = high < 0 ? -1 : hex_digit(at[2]);
    if (low < 0 || high * 16 + low == 0)
        return -1;
    *from = at + 3;
    return high * 16 + low;
}

static bool decode(char *text)
{
    char *to = text;
    const char *from = text;

    while (*from != '\0') {
        int byte = take_byte(&from);
        if (byte < 0)
            return false;
        if (byte == '\n' && to > text && to[-1] == '\r')
            to--;
        *to++ = (char)byte;
    }
    *to = '\0';
    return text_is_clean(span_text(text));
}

static enum status add_field(struct web_form *form, char *name)
{
    char *value = strchr(name, '=');

    if (value == NULL || value == name)
        return STATUS_MALFORMED;
    if (form->n_fields == WEB_FORM_FIELDS_MAX)
        return STATUS_TOO_BIG;
    *value++ = '\0';
    if (strchr(value, '=') != NULL || !decode(name) || !decode(value))
        return STATUS_MALFORMED;
    if (strlen(name) > WEB_FORM_NAME_MAX)
        return STATUS_TOO_BIG;
    form->fields[form->n_fields].name = name;
    form->fields[form->n_fields++].value = value;
    return STATUS_OK;
}

static enum status cut(struct web_form *form)
{
    char *at = form->text_bytes > 1 ? form->text : NULL;
    enum status status = STATUS_OK;

    while (at != NULL && status == STATUS_OK) {
        char *next = strchr(at, '&');
        if (next != NULL)
            *next++ = '\0';
        status = add_field(form, at);
        at = next;
    }
    return status;
}

enum status web_form_parse(struct span body, struct web_form *ret)
{
    struct web_form form = {.n_fields = 0};
    enum status status;

    if (body.n > WEB_FORM_BYTES_MAX)
        return STATUS_TOO_BIG;
    if (body.n > 0 && memchr(body.at, '\0', body.n) != NULL)
        return STATUS_MALFORMED;
    form.text_bytes = body.n + 1;
    form.text = memory_new(form.text_bytes);
    if (body.n > 0)
        memcpy(form.text, body.at, body.n);
    status = cut(&form);
    if (status != STATUS_OK)
        web_form_release(&form);
    else
        *ret = form;
    return status;
}

const char *web_form_value(const struct web_form *form, const char *name)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    return NULL;
}

size_t web_form_count(const struct web_form *form, const char *name)
{
    size_t n = 0;

    for (size_t i = 0; i < form->n_fields; i++)
        n += strcmp(form->fields[i].name, name) == 0;
    return n;
}

void web_form_release(struct web_form *form)
{
    if (form->text != NULL)
        memory_wipe(form->text, form->text_bytes);
    memory_free(form->text);
    memset(form, 0, sizeof *form);
}
