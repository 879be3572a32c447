/* SPDX-License-Identifier: Apache-2.0
 * A template of a page, as pagec reads it. Whatever is refused is refused with a place and a sentence; whatever is
 * taken becomes C of plain ASCII, in which every literal closes on its own line.
 */
#include <string.h>

#include "fuzz.h"
#include "memory.h"
#include "template.h"

static struct template_strings strings;

static bool find(void *self, const char *name, struct span *ret)
{
    (void)self;
    *ret = span_text(strcmp(name, "open") == 0 ? "<p title=\"" : "<b>{{x}}</b>");
    return strcmp(name, "open") == 0 || strcmp(name, "part") == 0;
}

static void is_plain_c(struct span code)
{
    bool in_literal = false;

    for (size_t i = 0; i < code.n; i++) {
        uint8_t c = code.at[i];

        PROMISE(c == '\n' || (c >= 0x20 && c < 0x7f));
        PROMISE(c != '\n' || !in_literal);
        if (c == '"')
            in_literal = !in_literal;
    }
    PROMISE(!in_literal);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct trouble trouble = {""};
    struct buffer out;
    enum status status;

    strings.n = 0;
    buffer_init(&out, TEMPLATE_OUT_MAX);
    status =
        template_compile("x", span_of(bytes, n), find, NULL, &out, &strings, &trouble);
    PROMISE((status == STATUS_OK) == (trouble.text[0] == 0));
    if (status == STATUS_OK)
        is_plain_c(buffer_span(&out));
    buffer_release(&out);
    return 0;
}
