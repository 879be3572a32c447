/* SPDX-License-Identifier: Apache-2.0
 * Each byte is either copied, named, or replaced; nothing is left to the reader.
 */
#include "page.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* Bytes of the valid UTF-8 character at `at`, 0 for none. */
static size_t character(const uint8_t *at, size_t n, uint32_t *ret)
{
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80   ? 1
                    : at[0] < 0xC2 ? 0
                    : at[0] < 0xE0 ? 2
                    : at[0] < 0xF0 ? 3
                    : at[0] < 0xF5 ? 4
                                   : 0;
    uint32_t code;

    if (length == 0 || length > n)
        return 0;
    code = length == 1 ? at[0] : at[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3Fu);
    }
    if (length > 1 &&
        (code < LEAST[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)))
        return 0;
    *ret = code;
    return length;
}

static bool may_be_shown(uint32_t code)
{
    if (code < 0x20)
        return code == '\n' || code == '\t';
    return !(code >= 0x7F && code < 0xA0) && !(code >= 0x202A && code <= 0x202E) &&
           !(code >= 0x2066 && code <= 0x2069);
}

static enum status put(struct buffer *out, const char *text)
{
    struct span span = span_text(text);

    return buffer_put(out, span.at, span.n);
}

enum status page_escape(struct buffer *out, struct span text)
{
    enum status status = STATUS_OK;
    uint32_t code = 0;

    for (size_t i = 0; i < text.n && status == STATUS_OK;) {
        size_t n = character(text.at + i, text.n - i, &code);

        if (n == 0 || !may_be_shown(code))
            status = put(out, REPLACEMENT);
        else if (code == '<')
            status = put(out, "&lt;");
        else if (code == '>')
            status = put(out, "&gt;");
        else if (code == '&')
            status = put(out, "&amp;");
        else if (code == '"')
            status = put(out, "&quot;");
        else if (code == '\'')
            status = put(out, "&#39;");
        else
            status = buffer_put(out, text.at + i, n);
        i += n ? n : 1;
    }
    return status;
}
