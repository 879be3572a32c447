/* SPDX-License-Identifier: Apache-2.0
 * Each page over its fixture in tests/unit/pages/NAME.json must be NAME.eng.html and NAME.urd.html there, byte for byte but
 * for the hash of the style sheet. PAGES_WRITE=DIR in the environment writes what came out, to look at or to keep.
 */
#include <stdio.h>

#include "check.h"
#include "memory.h"
#include "pages.h"
#include "seeded.h"

static const struct {
    const char *name;
    page_function *function;
} PAGES[] = {{"lock", page_lock}, {"home", page_home}, {"inbox", page_inbox},
    {"sent", page_sent}, {"referral", page_referral}, {"refusal", page_refusal},
    {"board", page_board}, {"launch", page_launch}, {"enquiries", page_enquiries},
    {"capacity", page_capacity}, {"people", page_people}, {"members", page_members},
    {"arrivals", page_arrivals}, {"cases", page_cases}, {"case", page_case},
    {"screen", page_screen}, {"outcome", page_outcome}, {"services", page_services},
    {"consent", page_consent}, {"send", page_send}, {"shift", page_shift},
    {"computer", page_computer}, {"recovery", page_recovery},
    {"setup_start", page_setup_start}, {"setup_request", page_setup_request},
    {"setup_compare", page_setup_compare}, {"live", page_live},
    {"timeline", page_timeline}, {"load", page_load}, {"office", page_office}};

static const char *const LANGUAGES[] = {"eng", "urd", "pseudo"};

static void read_file(const char *folder, const char *name, struct buffer *ret)
{
    char path[4096];
    FILE *stream;
    uint8_t *at;
    long n;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    stream = fopen(path, "rb");
    if (!stream)
        fail_msg("%s is missing", path);
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    n = ftell(stream);
    rewind(stream);
    buffer_init(ret, PAGE_BYTES_MAX);
    at = buffer_grow(ret, (size_t)n);
    assert_non_null(at);
    assert_int_equal(fread(at, 1, (size_t)n, stream), n);
    (void)fclose(stream);
}

static struct json *fixture(const char *name)
{
    struct trouble trouble = {""};
    struct buffer text;
    struct json *json = NULL;
    char file[64];

    (void)snprintf(file, sizeof(file), "%s.json", name);
    read_file(AMAAN_SOURCE_DIR "/tests/unit/pages", file, &text);
    if (json_parse(buffer_span(&text), PAGE_BYTES_MAX, &json, &trouble) != STATUS_OK)
        fail_msg("%s: %s", file, trouble.text);
    buffer_release(&text);
    return json;
}

static void render(page_function *page, const struct json *data,
    enum page_language language, struct buffer *ret, struct page_count *count)
{
    struct page_context context = {.language = language,
        .token = "token-of-the-test",
        .key = "key-of-the-test",
        .path = "/path?of=the-test",
        .theme = "",
        .practice = true,
        .count = count};

    buffer_init(ret, PAGE_BYTES_MAX);
    assert_int_equal(page(ret, data, &context), STATUS_OK);
    assert_non_null(buffer_grow(ret, 1)); /* a NUL */
}

static void mask_hashes(struct buffer *page)
{
    char *at = (char *)page->bytes;

    while ((at = strstr(at, "/asset/")))
        for (at += strlen("/asset/"); *at && *at != '/'; at++)
            *at = '0';
}

static void maybe_write(const char *file, const struct buffer *page)
{
    const char *folder = getenv("PAGES_WRITE");
    char path[4096];
    FILE *stream;

    if (!folder)
        return;
    (void)snprintf(path, sizeof(path), "%s/%s", folder, file);
    stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(page->bytes, 1, page->used - 1, stream), page->used - 1);
    (void)fclose(stream);
}

static void page__is_as_it_was_looked_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(PAGES); i++)
        for (int language = 0; language < PAGE_LANGUAGE_COUNT; language++) {
            struct page_count count = {0};
            struct json *data = fixture(PAGES[i].name);
            struct buffer page, golden;
            char file[64];

            render(PAGES[i].function, data, (enum page_language)language, &page, &count);
            (void)snprintf(
                file, sizeof(file), "%s.%s.html", PAGES[i].name, LANGUAGES[language]);
            mask_hashes(&page);
            maybe_write(file, &page);
            if (count.missing || count.untranslated)
                fail_msg("%s: %zu values missing, %zu not translated", file,
                    count.missing, count.untranslated);
            if (language != PAGE_PSEUDO && !getenv("PAGES_WRITE")) {
                read_file(AMAAN_SOURCE_DIR "/tests/unit/pages", file, &golden);
                assert_non_null(buffer_grow(&golden, 1));
                assert_string_equal((char *)page.bytes, (char *)golden.bytes);
                buffer_release(&golden);
            }
            buffer_release(&page);
            json_destroy(&data);
        }
}

static void catalogue__has_every_text_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGE_STRINGS_N; i++)
        if (!page_catalogue_find(PAGE_URD, NULL, PAGE_STRINGS[i].one, 1))
            fail_msg("po/urd.po lacks or marks as fuzzy: %s", PAGE_STRINGS[i].one);
    for (size_t i = 0; i < page_catalogue_count(PAGE_ENG); i++) {
        char kind[64] = "";
        const char *key = page_catalogue_key(PAGE_ENG, i);
        const char *word = strchr(key, '\4');

        if (!*key)
            continue;
        assert_non_null(word);
        (void)snprintf(kind, sizeof(kind), "%.*s", (int)(word - key), key);
        if (!page_catalogue_find(PAGE_URD, kind, word + 1, 1))
            fail_msg("po/urd.po lacks or marks as fuzzy: %s %s", kind, word + 1);
    }
    assert_int_equal(
        page_catalogue_count(PAGE_URD), page_catalogue_count(PAGE_ENG) + PAGE_STRINGS_N);
}

/* Districts have the names of config/places/places.csv, so that a list of them lacks none. */
static void catalogue__has_every_district_by_its_name(void **state)
{
    struct buffer csv;
    size_t n = 0, n_known = 0;

    (void)state;
    read_file(AMAAN_SOURCE_DIR "/config/places", "places.csv", &csv);
    assert_non_null(buffer_grow(&csv, 1));
    for (char *at = (char *)csv.bytes, *next; at && *at; at = next) {
        char code[16] = "", name[64] = "";

        next = strchr(at, '\n');
        next = next ? next + 1 : NULL;
        size_t comma = strcspn(at, ",");
        if (strncmp(at, "PK", 2) != 0 || at[comma] != ',')
            continue;
        (void)snprintf(code, sizeof(code), "%.*s", (int)comma, at);
        (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(at + comma + 1, ","),
            at + comma + 1);
        n++;
        const char *found = page_catalogue_find(PAGE_ENG, "district", code, 1);
        if (!found)
            fail_msg("po/eng.po lacks the district %s", code);
        assert_string_equal(found, name);
    }
    for (size_t i = 0; i < page_catalogue_count(PAGE_ENG); i++)
        n_known += strncmp(page_catalogue_key(PAGE_ENG, i), "district\4PK", 11) == 0;
    assert_int_equal(n, n_known);
    buffer_release(&csv);
}

static const char *const NO_HELP[] = {"launch", "live"};

static void page__has_help_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(PAGES); i++) {
        struct json *data = fixture(PAGES[i].name);
        struct buffer page;
        bool is_without = false;

        for (size_t j = 0; j < ARRAY_LENGTH(NO_HELP); j++)
            is_without |= strcmp(PAGES[i].name, NO_HELP[j]) == 0;
        render(PAGES[i].function, data, PAGE_ENG, &page, NULL);
        const char *help = strstr((char *)page.bytes, "<details class=\"help\">");
        if (!help && !is_without)
            fail_msg("%s.html has no help: {{> help}} under its heading", PAGES[i].name);
        if (help)
            assert_in_range(help - strstr((char *)page.bytes, "</h1>"), 0, 8);
        buffer_release(&page);
        json_destroy(&data);
    }
}

static void escape__lets_no_mark_through(void **state)
{
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 7);

    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint8_t bytes[64];
        struct buffer out;

        chance_fill(chance, bytes, sizeof(bytes));
        for (size_t i = 0; i < sizeof(bytes); i += 3)
            bytes[i] = (uint8_t) "<>&\"'\xE2"[bytes[i] % 6];
        buffer_init(&out, 4096);
        assert_int_equal(page_escape(&out, span_of(bytes, sizeof(bytes))), STATUS_OK);
        for (size_t i = 0; i < out.used; i++) {
            assert_null(memchr("<>\"'", out.bytes[i], 4));
            if (out.bytes[i] == '&')
                assert_non_null(
                    memchr(out.bytes + i, ';', out.used - i < 6 ? out.used - i : 6));
        }
        assert_true(
            text_is_clean(buffer_span(&out)) || memchr(out.bytes, '\t', out.used));
        buffer_release(&out);
    }
}

static void escaped_is(const char *text, const char *want)
{
    struct buffer out;

    buffer_init(&out, 256);
    assert_int_equal(page_escape(&out, span_text(text)), STATUS_OK);
    assert_non_null(buffer_grow(&out, 1));
    assert_string_equal((char *)out.bytes, want);
    buffer_release(&out);
}

static void escape__replaces_what_is_not_utf8_or_turns_text(void **state)
{
    (void)state;
    escaped_is("a<b>\"'&", "a&lt;b&gt;&quot;&#39;&amp;");
    escaped_is("\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");
    escaped_is("\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    escaped_is("x\xE2\x80\xAEy", "x\xEF\xBF\xBDy");
    escaped_is("امان", "امان");
}

static void page__shows_pakistans_day(void **state)
{
    struct json *data = fixture("referral");
    struct buffer page;

    (void)state;
    render(page_referral, data, PAGE_ENG, &page, NULL);
    assert_non_null(strstr((char *)page.bytes, "25 November 2026, 01:30"));
    buffer_release(&page);
    json_destroy(&data);
}

static void page__chooses_the_plural(void **state)
{
    struct json *data = fixture("lock");
    struct buffer page;

    (void)state;
    render(page_lock, data, PAGE_ENG, &page, NULL);
    assert_non_null(strstr((char *)page.bytes, "One express letter waits."));
    assert_non_null(strstr((char *)page.bytes, "<bdi>4</bdi> other letters wait."));
    buffer_release(&page);
    json_destroy(&data);
}

static void page__counts_what_is_missing(void **state)
{
    struct json *data = json_new_object();
    struct page_count count = {0};
    struct buffer page;

    (void)state;
    render(page_lock, data, PAGE_ENG, &page, &count);
    assert_true(count.missing >= 2);
    buffer_release(&page);
    json_destroy(&data);
}

static void page__does_not_let_a_value_leave_its_folder(void **state)
{
    struct json *data = fixture("inbox");
    struct json *list = json_new_list(), *row = json_new_object();
    struct buffer page;

    (void)state;
    json_put_text(row, "reference", "../x?y#z");
    json_add(list, &row);
    row = json_new_object();
    json_put_text(row, "reference", "..");
    json_add(list, &row);
    row = json_new_object();
    json_give(row, "items", &list);
    json_give(data, "inbox", &row);
    render(page_inbox, data, PAGE_ENG, &page, NULL);
    assert_non_null(strstr((char *)page.bytes, "href=\"/referral/%2E%2E%2Fx%3Fy%23z\""));
    assert_non_null(strstr((char *)page.bytes, "href=\"/referral/\""));
    buffer_release(&page);
    json_destroy(&data);
}

static void page__is_refused_when_too_big(void **state)
{
    struct json *data = fixture("home");
    struct page_context context = {
        .language = PAGE_URD, .token = "", .key = "", .path = "/"};
    struct buffer page;

    (void)state;
    buffer_init(&page, 100);
    assert_int_equal(page_home(&page, data, &context), STATUS_TOO_BIG);
    buffer_release(&page);
    json_destroy(&data);
}

static void assets__are_named_by_their_bytes(void **state)
{
    const struct page_asset *style = page_asset_find("style.css");
    const struct page_asset *font = page_asset_find("NotoNastaliqUrdu-Bold.woff2");

    (void)state;
    assert_non_null(style);
    assert_non_null(font);
    assert_int_equal(strlen(font->hash), 32);
    assert_memory_equal(font->bytes, "wOF2", 4);
    assert_non_null(strstr((const char *)style->bytes, font->hash));
    assert_null(page_asset_find("none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page__is_as_it_was_looked_at),
        cmocka_unit_test(catalogue__has_every_text_and_no_other),
        cmocka_unit_test(catalogue__has_every_district_by_its_name),
        cmocka_unit_test(page__has_help_of_its_own),
        cmocka_unit_test(escape__lets_no_mark_through),
        cmocka_unit_test(escape__replaces_what_is_not_utf8_or_turns_text),
        cmocka_unit_test(page__shows_pakistans_day),
        cmocka_unit_test(page__chooses_the_plural),
        cmocka_unit_test(page__counts_what_is_missing),
        cmocka_unit_test(page__does_not_let_a_value_leave_its_folder),
        cmocka_unit_test(page__is_refused_when_too_big),
        cmocka_unit_test(assets__are_named_by_their_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
