/* SPDX-License-Identifier: Apache-2.0
 *
 * card: broker.amaan, read strictly.
 */
#include "card.h"
#include "check.h"

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static enum status parse(const char *text, struct card *card)
{
    struct trouble trouble = {""};
    enum status status = card_parse(span_text(text), card, &trouble);

    if (status != STATUS_OK)
        assert_true(*trouble.text);
    return status;
}

static void card__gives_endpoint_and_key(void **state)
{
    (void)state;
    struct card card;
    assert_ok(
        parse("# an exchange\r\n\nendpoint = tcp://127.0.0.1:7117\nkey=" KEY, &card));
    assert_string_equal(card.endpoint, "tcp://127.0.0.1:7117");
    assert_int_equal(card.key[0], 0x00);
    assert_int_equal(card.key[31], 0xff);
    assert_ok(parse("key = \"" KEY "\"\nendpoint = \"tcp://a.example:1\"\n", &card));
    assert_string_equal(card.endpoint, "tcp://a.example:1");
}

static void card__refuses_what_it_does_not_know(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "endpoint = tcp://127.0.0.1:1\n",
        "key = " KEY "\n", "endpoint = tcp://127.0.0.1:1\nkey = " KEY "\nkey = " KEY "\n",
        "endpoint = tcp://127.0.0.1:1\nkey = " KEY "\nmore = 1\n",
        "endpoint = tcp://127.0.0.1:1\nkey = " KEY "0\n",
        "endpoint = tcp://127.0.0.1:1\nkey = x" KEY "\n",
        "endpoint = http://127.0.0.1:1\nkey = " KEY "\n", "endpoint\nkey = " KEY "\n"};
    struct card card;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_status(parse(bad[i], &card), STATUS_MALFORMED);
}

static void card__refuses_a_nul_and_a_long_line(void **state)
{
    (void)state;
    static const char nul[] = "endpoint = tcp://127.0.0.1:1\0\nkey = " KEY "\n";
    char line[CARD_BYTES_MAX + 8];
    struct trouble trouble = {""};
    struct card card;
    assert_status(
        card_parse(span_of(nul, sizeof(nul) - 1), &card, &trouble), STATUS_MALFORMED);
    memset(line, '#', sizeof(line));
    assert_status(card_parse(span_of(line, 600), &card, &trouble), STATUS_MALFORMED);
    assert_status(
        card_parse(span_of(line, sizeof(line)), &card, &trouble), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(card__gives_endpoint_and_key),
        cmocka_unit_test(card__refuses_what_it_does_not_know),
        cmocka_unit_test(card__refuses_a_nul_and_a_long_line),
    };
    return cmocka_run_group_tests_name("card", tests, NULL, NULL);
}
