/* SPDX-License-Identifier: Apache-2.0
 * A form, or an address, as fields of a verb (the first byte says which): what is taken is a verb's own, prints, and is no
 * longer than what came; an address that is taken leads to a page of ours.
 */
#include <string.h>

#include "fuzz.h"
#include "memory.h"
#include "web_fields.h"
#include "web_pages.h"

static void take_fields(const struct verb *verb, struct span body)
{
    struct web_form form = {.n_fields = 0};
    struct trouble trouble = {""};
    struct json *fields, *said;
    struct buffer text;
    const struct json *value;
    const char *name;
    void *cursor = NULL;

    if (web_form_parse(body, &form) != STATUS_OK)
        return;
    fields = json_new_object();
    buffer_init(&text, JSON_TEXT_MAX);
    if (web_fields_read(verb, &form, fields, &trouble) != STATUS_OK)
        PROMISE(*trouble.text);
    for (size_t i = 0; i < form.n_fields; i++)
        if (strcmp(form.fields[i].name, WEB_FIELD_EACH) == 0)
            (void)!web_fields_put_each(verb, fields, form.fields[i].value, &trouble);
    while (json_each(fields, &cursor, &name, &value))
        PROMISE(verb_argument(verb, name));
    PROMISE(json_print(fields, &text) == STATUS_OK);
    said = web_fields_said(verb, &form);
    PROMISE(json_print(said, &text) == STATUS_OK);
    json_destroy(&said);
    json_destroy(&fields);
    buffer_release(&text);
    web_form_release(&form);
}

static void take_address(struct span bytes)
{
    char path[WEB_PATH_MAX * 2], reference[VERB_REFERENCE_BYTES];

    if (bytes.n >= sizeof(path))
        return;
    memcpy(path, bytes.at, bytes.n);
    path[bytes.n] = 0;
    if (!web_page_is_address(path))
        return;
    PROMISE(path[0] == '/' && path[1] != '/' && strlen(path) < WEB_PATH_MAX);
    PROMISE(strpbrk(path, "\r\n \\:#%<>\"'") == NULL);
    PROMISE(web_page_find(path, reference) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0)
        return 0;
    take_fields(&VERBS[bytes[0] % VERBS_N], span_of(bytes + 1, n - 1));
    take_address(span_of(bytes + 1, n - 1));
    return 0;
}
