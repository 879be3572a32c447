/* SPDX-License-Identifier: Apache-2.0
 * A language (the first byte) and an answer of a verb, shown by every page. Whatever the values hold, the page has the
 * marks of its template and no others, and the same input gives the same bytes.
 */
#include <string.h>

#include "fuzz.h"
#include "json.h"
#include "memory.h"
#include "pages.h"

static page_function *const PAGES[] = {page_lock, page_home, page_inbox, page_sent,
    page_referral, page_refusal, page_board, page_launch, page_enquiries, page_capacity,
    page_people, page_members, page_computer, page_load, page_timeline};

/* What a value could add: an element that no template has, a quote that ends its attribute, a control character. */
static void is_well_marked(struct span page)
{
    static const char OURS[] = "<script src=\"/asset/"; /* our one script, and no other */
    size_t quotes = 0, open = 0;

    for (size_t i = 0; i < page.n; i++) {
        uint8_t c = page.at[i];

        PROMISE((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t');
        quotes += c == '"';
        if (c == '<') {
            PROMISE(open == 0);
            PROMISE(i + 1 < page.n && strchr("abcdfghilmnoprstu/!", page.at[i + 1]));
            PROMISE(page.n - i < sizeof(OURS) - 1 || memcmp(page.at + i, OURS, 7) != 0 ||
                    memcmp(page.at + i, OURS, sizeof(OURS) - 1) == 0);
            open = 1;
        } else if (c == '>') {
            PROMISE(open == 1 && quotes % 2 == 0);
            open = 0;
        }
    }
    PROMISE(open == 0 && quotes % 2 == 0);
}

static void show(
    page_function *page, const struct json *data, enum page_language language)
{
    struct page_context context = {.language = language,
        .token = "a-token",
        .key = "a-key",
        .path = "/sent",
        .theme = "dark",
        .practice = true};
    struct buffer one, two;
    enum status status;

    buffer_init(&one, PAGE_BYTES_MAX);
    buffer_init(&two, PAGE_BYTES_MAX);
    status = page(&one, data, &context);
    PROMISE(status == STATUS_OK || status == STATUS_TOO_BIG);
    PROMISE(page(&two, data, &context) == status);
    if (status == STATUS_OK) {
        is_well_marked(buffer_span(&one));
        PROMISE(one.used == two.used && memcmp(one.bytes, two.bytes, one.used) == 0);
    }
    buffer_release(&one);
    buffer_release(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct trouble trouble = {""};
    struct json *data = NULL;

    if (n == 0 || json_parse(span_of(bytes + 1, n - 1), PAGE_BYTES_MAX, &data,
                      &trouble) != STATUS_OK)
        return 0;
    for (size_t i = 0; i < ARRAY_LENGTH(PAGES); i++)
        show(PAGES[i], data, (enum page_language)(bytes[0] % PAGE_LANGUAGE_COUNT));
    json_destroy(&data);
    return 0;
}
