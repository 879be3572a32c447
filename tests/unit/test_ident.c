/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "ident.h"
#include "memory.h"

/* Counts up, so that two draws differ. */
static void fill_counting(void *context, void *to, size_t n)
{
    uint8_t *next = context;
    uint8_t *at = to;

    for (size_t i = 0; i < n; i++)
        at[i] = (*next)++;
}

static void ident__is_drawn_from_the_chance_alone(void **state)
{
    uint8_t next = 1;
    struct chance chance = {.fill = fill_counting, .context = &next};
    struct ident a = ident_new(&chance);
    struct ident b = ident_new(&chance);
    char text[IDENT_TEXT_BYTES];

    (void)state;
    ident_format(&a, text);
    assert_string_equal(text, "0102030405060708090a0b0c0d0e0f10");
    assert_false(ident_equal(&a, &b));
    assert_true(ident_compare(&a, &b) < 0);
    assert_true(ident_compare(&b, &a) > 0);
    assert_int_equal(ident_compare(&a, &a), 0);
}

static void ident__parses_what_it_formats(void **state)
{
    struct ident a = {{0xff, 0xee, 0x01}}, b;
    char text[IDENT_TEXT_BYTES];

    (void)state;
    ident_format(&a, text);
    assert_ok(ident_parse(text, &b));
    assert_true(ident_equal(&a, &b));
}

static void ident__refuses_text_of_another_form(void **state)
{
    static const char *const BAD[] = {"", "0102030405060708090a0b0c0d0e0f1",
        "0102030405060708090a0b0c0d0e0f101", "0102030405060708090a0b0c0d0e0f1g",
        "01020304-0506-0708-090a-0b0c0d0e0f10"};
    struct ident ident = {{1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        assert_status(ident_parse(BAD[i], &ident), STATUS_MALFORMED);
    assert_int_equal(ident.bytes[0], 1);
}

static void ident__knows_zero(void **state)
{
    struct ident ident = {{0}};

    (void)state;
    assert_true(ident_is_zero(&ident));
    ident.bytes[IDENT_BYTES - 1] = 1;
    assert_false(ident_is_zero(&ident));
}

static void ident__travels_as_sixteen_bytes(void **state)
{
    struct ident a = {{1, 2, 3}}, b;
    uint8_t memory[IDENT_BYTES];
    struct writer writer = writer_over(memory, sizeof(memory));

    (void)state;
    writer_ident(&writer, &a);
    assert_span(writer_span(&writer), ident_span(&a));

    struct reader reader = reader_over(writer_span(&writer));

    b = reader_ident(&reader);
    assert_ok(reader_end(&reader));
    assert_true(ident_equal(&a, &b));
    reader = reader_over(span_of(memory, sizeof(memory) - 1));
    b = reader_ident(&reader);
    assert_true(ident_is_zero(&b));
    assert_status(reader_end(&reader), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ident__is_drawn_from_the_chance_alone),
        cmocka_unit_test(ident__parses_what_it_formats),
        cmocka_unit_test(ident__refuses_text_of_another_form),
        cmocka_unit_test(ident__knows_zero),
        cmocka_unit_test(ident__travels_as_sixteen_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
