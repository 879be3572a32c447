/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"
#include "web_tries.h"

static int64_t now_ms;

static int64_t tell(void *context)
{
    (void)context;
    return now_ms;
}

static struct clock clock_of_test = {tell, tell, NULL};

static struct hash who(const char *kind, int number)
{
    return web_tries_who(kind, &number, sizeof(number));
}

static struct web_tries *begin(void)
{
    now_ms = HOUR_MS;
    return web_tries_new(&clock_of_test);
}

static void tries__wait_ever_longer_and_never_longer_than_is_said(void **state)
{
    static const int64_t WAITS_S[] = {0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900};
    struct web_tries *tries = begin();
    struct hash person = who("person", 1);

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(WAITS_S); i++) {
        assert_int_equal(web_tries_wait_ms(tries, &person), 0);
        web_tries_begin(tries, &person);
        assert_int_equal(web_tries_wait_ms(tries, &person), WAITS_S[i] * SECOND_MS);
        if (WAITS_S[i] > 0) {
            now_ms += WAITS_S[i] * SECOND_MS - 1;
            assert_int_equal(web_tries_wait_ms(tries, &person), 1);
            now_ms++;
        }
    }
    now_ms += WEB_TRIES_FORGET_MS;
    web_tries_begin(tries, &person);
    assert_int_equal(web_tries_wait_ms(tries, &person), 0); /* it begins anew */
    web_tries_destroy(&tries);
}

static void tries__count_each_by_itself_and_forget_when_it_was_right(void **state)
{
    struct web_tries *tries = begin();
    struct hash person = who("person", 1), address = who("address", 1);

    (void)state;
    for (int i = 0; i < 3; i++)
        web_tries_begin(tries, &person);
    assert_true(web_tries_wait_ms(tries, &person) > 0);
    assert_int_equal(
        web_tries_wait_ms(tries, &address), 0); /* the same value, another kind */
    web_tries_clear(tries, &person);
    assert_int_equal(web_tries_wait_ms(tries, &person), 0);
    /* Nothing was tried: as if it had not begun. */
    for (int i = 0; i < 50; i++) {
        web_tries_begin(tries, &person);
        web_tries_take_back(tries, &person);
    }
    assert_int_equal(web_tries_wait_ms(tries, &person), 0);
    web_tries_take_back(tries, &address); /* never there */
    web_tries_clear(tries, &address);
    web_tries_destroy(&tries);
}

/* Somebody who invents names by the thousand does not wash out what is known of the one he guesses at. */
static void tries__keep_who_guesses_when_the_table_is_full(void **state)
{
    struct web_tries *tries = begin();
    struct hash victim = who("person", -1);

    (void)state;
    for (int i = 0; i < 4; i++)
        web_tries_begin(tries, &victim);
    for (int i = 0; i < 5000; i++) {
        struct hash invented = who("person", i);

        web_tries_begin(tries, &invented);
        assert_int_equal(web_tries_wait_ms(tries, &invented), 0);
    }
    assert_int_equal(web_tries_wait_ms(tries, &victim), 30 * SECOND_MS);
    web_tries_destroy(&tries);
    print_message("refused: 5000 invented names pushed nobody out\n");
}

static void tries__of_strangers_are_bounded_in_all(void **state)
{
    struct web_tries *tries = begin();

    (void)state;
    for (int hour = 0; hour < 3; hour++) {
        for (int i = 0; i < WEB_TRIES_STRANGERS; i++)
            assert_int_equal(web_tries_stranger_ms(tries), 0);
        assert_int_equal(web_tries_stranger_ms(tries), HOUR_MS);
        now_ms += HOUR_MS - 1;
        assert_int_equal(web_tries_stranger_ms(tries), 1);
        now_ms++;
    }
    web_tries_destroy(&tries);
}

/* So that a flood that is turned away, while one passphrase is being tried, does not use up the hour. */
static void tries__of_strangers_that_tried_nothing_are_taken_back(void **state)
{
    struct web_tries *tries = begin();

    (void)state;
    web_tries_take_back_stranger(tries); /* there was none */
    for (int i = 0; i < 10 * WEB_TRIES_STRANGERS; i++) {
        assert_int_equal(web_tries_stranger_ms(tries), 0);
        web_tries_take_back_stranger(tries);
    }
    for (int i = 0; i < WEB_TRIES_STRANGERS; i++)
        assert_int_equal(web_tries_stranger_ms(tries), 0);
    assert_int_equal(web_tries_stranger_ms(tries), HOUR_MS);
    web_tries_destroy(&tries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries__wait_ever_longer_and_never_longer_than_is_said),
        cmocka_unit_test(tries__count_each_by_itself_and_forget_when_it_was_right),
        cmocka_unit_test(tries__of_strangers_are_bounded_in_all),
        cmocka_unit_test(tries__of_strangers_that_tried_nothing_are_taken_back),
        cmocka_unit_test(tries__keep_who_guesses_when_the_table_is_full),
    };
    return cmocka_run_group_tests_name("web_tries", tests, NULL, NULL);
}
