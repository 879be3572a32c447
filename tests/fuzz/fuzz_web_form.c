/* SPDX-License-Identifier: Apache-2.0
 * Bodies of forms: what is taken is clean text, within its limits, every value found again by its name.
 */
#include <string.h>

#include "fuzz.h"
#include "memory.h"
#include "web_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct web_form form = {.n_fields = 0};
    size_t sum = 0;

    if (web_form_parse(span_of(bytes, n), &form) != STATUS_OK) {
        PROMISE(form.text == NULL);
        return 0;
    }
    PROMISE(form.n_fields <= WEB_FORM_FIELDS_MAX);
    for (size_t i = 0; i < form.n_fields; i++) {
        const char *name = form.fields[i].name, *value = form.fields[i].value;
        PROMISE(text_is_clean(span_text(name)) && text_is_clean(span_text(value)));
        PROMISE(name[0] != '\0' && strlen(name) <= WEB_FORM_NAME_MAX);
        PROMISE(web_form_count(&form, name) > 1 || web_form_value(&form, name) == value);
        sum += strlen(name) + strlen(value) + 1;
    }
    PROMISE(sum <= n);
    web_form_release(&form);
    return 0;
}
