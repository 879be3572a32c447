/* SPDX-License-Identifier: Apache-2.0 */
#include "web_offer.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "page.h"

enum { WORD_BYTES = 64, PROVINCE_AT = 2 }; /* "PK513": its third letter is the province */

/* Those that are spoken most where referrals are made come first. The catalogue knows each (test_web_pages). */
static const char *const LANGUAGES[] = {"urd", "pus", "pan", "skr", "snd", "bal", "hno",
    "brh", "kas", "khw", "scl", "prs", "haz", "fas", "uzb", "ben", "rhg", "ara", "eng"};

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

/* Districts stand in the catalogue by their codes, ascending, and so province by province. */
static struct json *make_provinces(void)
{
    static const char KIND[] = "district\4PK";
    struct json *provinces = json_new_list(), *one = NULL, *districts = NULL;
    char province[] = "0";

    for (size_t i = 0; i <= page_catalogue_count(PAGE_ENG); i++) {
        bool is_end = i == page_catalogue_count(PAGE_ENG);
        const char *key = is_end ? "" : page_catalogue_key(PAGE_ENG, i);
        bool is_district = strncmp(key, KIND, sizeof(KIND) - 1) == 0;
        const char *code = is_district ? strchr(key, '\4') + 1 : "";

        if (districts && (is_end || (is_district && code[PROVINCE_AT] != *province))) {
            json_give(one, "districts", &districts);
            json_add(provinces, &one);
        }
        if (!is_district)
            continue;
        if (!districts) {
            *province = code[PROVINCE_AT];
            one = json_new_object();
            districts = json_new_list();
            json_put_text(one, "province", province);
        }
        json_add_text(districts, code);
    }
    return provinces;
}

static void put_known(struct json *data)
{
    struct json *known = json_new_object(), *languages = json_new_list(),
                *provinces = make_provinces();

    for (size_t i = 0; i < ARRAY_LENGTH(LANGUAGES); i++)
        json_add_text(languages, LANGUAGES[i]);
    json_give(known, "languages", &languages);
    json_give(known, "provinces", &provinces);
    json_give(data, "known", &known);
}

void web_offer_put(
    const struct web_options *options, const struct web_page *page, struct json *data)
{
    struct json *may = json_new_object(), *nav = json_new_list(),
                *words = json_new_object();
    char word[WORD_BYTES];

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
    put_known(data);
    (void)snprintf(
        word, sizeof(word), "%.*s", (int)strcspn(page->path + 1, "/"), page->path + 1);
    json_put_text(data, "page", word);
}
