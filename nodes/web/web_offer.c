/* SPDX-License-Identifier: Apache-2.0 */
#include "web_offer.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"

enum { WORD_BYTES = 64 };

static bool is_open_to(const struct web_page *page, const struct json *may)
{
    for (size_t i = 0; i < WEB_ASKS_MAX && page->asks[i].name; i++) {
        const struct web_ask *ask = &page->asks[i];

        if (!ask->maybe && !ask->form &&
            !json_find_flag(may, ask->verb ? ask->verb : ask->once))
            return false;
    }
    return !page->nav_if || json_find_flag(may, page->nav_if);
}

/* words.decline.reason: what a form lets one choose from, out of the verb's own row. */
static void put_words(const struct verb *verb, struct json *words)
{
    struct json *of_verb = json_new_object();

    for (const struct verb_argument *row = verb->arguments; row && row->name; row++) {
        struct json *list = json_new_list();
        char word[WORD_BYTES];

        for (const char *at = row->words; at && *at; at += strspn(at, " ")) {
            (void)snprintf(word, sizeof(word), "%.*s", (int)strcspn(at, " "), at);
            json_add_text(list, word);
            at += strlen(word);
        }
        if (json_count(list) > 0)
            json_give(of_verb, row->name, &list);
        json_destroy(&list);
    }
    json_give(words, verb->name, &of_verb);
}

void web_offer_put(
    const struct web_options *options, const struct web_page *page, struct json *data)
{
    struct json *may = json_new_object(), *nav = json_new_list(),
                *words = json_new_object();

    for (size_t i = 0; i < VERBS_N; i++)
        if (VERBS[i].place != VERB_LOCAL && options->may(options->context, &VERBS[i])) {
            json_put_flag(may, VERBS[i].name, true);
            put_words(&VERBS[i], words);
        }
    for (size_t i = 0; i < WEB_PAGES_N; i++) {
        const struct web_page *row = &WEB_PAGES[i];

        if (!row->nav || !is_open_to(row, may))
            continue;
        struct json *one = json_new_object();
        json_put_text(one, "path", row->path + 1);
        json_put_text(one, "name", row->nav);
        json_put_flag(one, "here", row == page);
        json_add(nav, &one);
    }
    json_give(data, "may", &may);
    json_give(data, "nav", &nav);
    json_give(data, "words", &words);
}
