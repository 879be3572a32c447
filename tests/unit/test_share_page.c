/* SPDX-License-Identifier: Apache-2.0
 *
 * share_page and consent_text: what a person is read, and what she gets on one page, in both languages.
 */
#include "check.h"
#include "consent_eng.data.h"
#include "memory.h"
#include "share_page.h"

enum { DAY = 20781, TEXT_MAX = 65536 };

static struct consent_texts *texts;

static int set_up(void **state)
{
    struct trouble trouble = {""};
    (void)state;
    if (consent_texts_open(&texts, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    consent_texts_close(&texts);
    return 0;
}

/* The page of both languages is what stands in the golden file, byte by byte. */
static void dp18__the_record_of_what_was_shared_is_one_page_in_both_languages(
    void **state)
{
    (void)state;
    static const char *const languages[] = {"eng", "urd"};
    struct share_entry entries[3] = {
        {.share = {.service = SERVICE_SHELTER,
             .groups = GROUP_BIT(GROUP_CORE) | GROUP_BIT(GROUP_CONTACT) | NOTE_BIT,
             .day = DAY},
            .consent = {.giver = GIVER_PERSON, .given_day = DAY},
            .recipient = "shelter.peshawar"},
        {.share = {.service = SERVICE_MEDICAL,
             .groups = GROUP_BIT(GROUP_CORE) | GROUP_BIT(GROUP_HEALTH),
             .day = DAY + 1,
             .withdrawn_day = DAY + 3},
            .consent = {.giver = GIVER_BEST_INTEREST, .given_day = DAY + 1},
            .recipient = "clinic.rawalpindi"},
        {.share = {.service = SERVICE_LEGAL,
             .groups = GROUP_BIT(GROUP_CORE) | GROUP_BIT(GROUP_IDENTITY),
             .day = DAY + 1,
             .withdrawn_day = DAY + 3,
             .purged_day = DAY + 4},
            .consent = {.giver = GIVER_GUARDIAN, .given_day = DAY + 1},
            .recipient = "legal.lahore"},
    };
    static char golden[TEXT_MAX];
    struct buffer page;
    buffer_init(&page, SHARE_PAGE_BYTES_MAX);
    for (size_t i = 0; i < ARRAY_LENGTH(languages); i++) {
        assert_ok(share_page_format(consent_texts_find(texts, languages[i]), false,
            entries, ARRAY_LENGTH(entries), &page));
        assert_ok(share_page_format(
            consent_texts_find(texts, languages[i]), false, NULL, 0, &page));
    }
    FILE *file = fopen(AMAAN_SOURCE_DIR "/tests/vectors/shared.txt", "r");
    assert_non_null(file);
    size_t n = fread(golden, 1, sizeof(golden), file);
    fclose(file);
    if (!span_equal(buffer_span(&page), span_of(golden, n)))
        fail_msg("the page is:\n%.*s", (int)page.used, (const char *)page.bytes);
    buffer_release(&page);
}

static void share__is_sent_withdrawn_purged_or_badly_proved(void **state)
{
    (void)state;
    struct share share = {.day = DAY};
    assert_string_equal(share_state_name(&share), "sent");
    share.withdrawn_day = DAY;
    assert_string_equal(share_state_name(&share), "withdrawn");
    share.purged_day = DAY;
    assert_string_equal(share_state_name(&share), "purged");
    share.mismatch = true;
    assert_string_equal(share_state_name(&share), "mismatch");
}

static void consent_text__says_service_recipient_and_groups(void **state)
{
    (void)state;
    static const char *const languages[] = {"eng", "urd"};
    for (size_t i = 0; i < ARRAY_LENGTH(languages); i++) {
        const struct consent_text *text = consent_texts_find(texts, languages[i]);
        struct buffer read_out;
        char words[CONSENT_READ_OUT_BYTES_MAX + 1] = "";
        assert_non_null(text);
        buffer_init(&read_out, CONSENT_READ_OUT_BYTES_MAX);
        assert_ok(consent_text_fill(text, SERVICE_LEGAL, "legal.lahore",
            GROUP_BIT(GROUP_CORE) | NOTE_BIT, &read_out));
        memcpy(words, read_out.bytes, read_out.used);
        assert_holds(words, "legal.lahore");
        assert_holds(words, consent_text_service(text, SERVICE_LEGAL));
        assert_holds(words, consent_text_group(text, NOTE_BIT));
        assert_null(strstr(words, consent_text_group(text, GROUP_BIT(GROUP_HEALTH))));
        assert_null(strchr(words, '{'));
        assert_false(consent_text_is_reviewed(text)); /* nobody signed it yet */
        buffer_release(&read_out);
    }
    assert_null(consent_texts_find(texts, "pus"));
}

static void consent_text__that_lacks_a_word_or_a_mark_is_refused(void **state)
{
    (void)state;
    static const char *const pairs[][3] = {{"{groups}", "them", "{groups}"},
        {"\"guardian\":", "\"aunt\":", "aunt"}, {"\"title\":", "\"titel\":", "titel"},
        {"\"state\": \"draft\"", "\"state\": \"reviewed\"", "reviewed"},
        {"\"policy\": \"consent\"", "\"policy\": \"other\"", "policy"}};
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        struct trouble trouble = {""};
        struct consent_text *read = NULL;
        size_t size = CONSENT_ENG_BYTES + 100;
        char *text = memory_new(CONSENT_ENG_BYTES + 1), *changed = memory_new(size);
        memcpy(text, CONSENT_ENG, CONSENT_ENG_BYTES);
        char *at = strstr(text, pairs[i][0]);
        assert_non_null(at);
        snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, pairs[i][1],
            at + strlen(pairs[i][0]));
        assert_status(
            consent_text_read(span_text(changed), &read, &trouble), STATUS_MALFORMED);
        assert_holds(trouble.text, pairs[i][2]);
        assert_null(read);
        memory_free(text);
        memory_free(changed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp18__the_record_of_what_was_shared_is_one_page_in_both_languages),
        cmocka_unit_test(share__is_sent_withdrawn_purged_or_badly_proved),
        cmocka_unit_test(consent_text__says_service_recipient_and_groups),
        cmocka_unit_test(consent_text__that_lacks_a_word_or_a_mark_is_refused),
    };
    return cmocka_run_group_tests_name("share_page", tests, set_up, tear_down);
}
