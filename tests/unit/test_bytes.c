/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"
#include "check.h"
#include "memory.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static const uint8_t COUNTING[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void reader__reads_big_endian_in_order(void **state)
{
    struct reader reader = reader_over(span_of(COUNTING, 15));

    (void)state;
    assert_int_equal(reader_u8(&reader), 0x01);
    assert_int_equal(reader_u16(&reader), 0x0203);
    assert_int_equal(reader_u32(&reader), 0x04050607);
    assert_true(reader_u64(&reader) == UINT64_C(0x08090a0b0c0d0e0f));
    assert_ok(reader_end(&reader));
}

static void reader__refuses_a_read_beyond_the_end(void **state)
{
    (void)state;
    for (size_t n = 0; n < 15; n++) {
        struct reader reader = reader_over(span_of(COUNTING, n));

        (void)reader_u8(&reader);
        (void)reader_u16(&reader);
        (void)reader_u32(&reader);
        (void)reader_u64(&reader);
        assert_status(reader_end(&reader), STATUS_MALFORMED);
    }
}

static void reader__refuses_what_is_left_over(void **state)
{
    struct reader reader = reader_over(span_of(COUNTING, 2));

    (void)state;
    (void)reader_u8(&reader);
    assert_status(reader_end(&reader), STATUS_MALFORMED);
}

static void reader__gives_zeros_for_good_after_a_failure(void **state)
{
    struct reader reader = reader_over(span_of(COUNTING, sizeof(COUNTING)));
    uint8_t copy[4] = {9, 9, 9, 9};

    (void)state;
    reader_fail(&reader);
    assert_int_equal(reader_u8(&reader), 0);
    assert_int_equal(reader_u16(&reader), 0);
    assert_int_equal(reader_u32(&reader), 0);
    assert_true(reader_u64(&reader) == 0);
    assert_true(reader_time_ms(&reader) == 0);
    reader_copy(&reader, copy, sizeof(copy));
    assert_memory_equal(copy, "\0\0\0\0", 4);
    assert_int_equal(reader_take(&reader, 2).n, 0);
    assert_null(reader_take(&reader, 2).at);
    assert_int_equal(reader.left, sizeof(COUNTING));
}

static void reader__refuses_a_length_near_the_top_of_the_range(void **state)
{
    struct reader reader = reader_over(span_of(COUNTING, sizeof(COUNTING)));

    (void)state;
    (void)reader_u8(&reader);
    assert_null(reader_take(&reader, SIZE_MAX).at);
    assert_true(reader.bad);
}

static void reader__refuses_times_after_the_year_9999(void **state)
{
    uint8_t bytes[8];
    struct writer writer = writer_over(bytes, sizeof(bytes));
    struct reader reader = reader_over(span_of(bytes, sizeof(bytes)));

    (void)state;
    writer_u64(&writer, (uint64_t)TIME_MS_MAX);
    assert_true(reader_time_ms(&reader) == TIME_MS_MAX);
    assert_ok(reader_end(&reader));

    writer = writer_over(bytes, sizeof(bytes));
    writer_u64(&writer, (uint64_t)TIME_MS_MAX + 1);
    reader = reader_over(span_of(bytes, sizeof(bytes)));
    assert_true(reader_time_ms(&reader) == 0);
    assert_status(reader_end(&reader), STATUS_MALFORMED);
}

static void reader__holds_a_constant_and_zeros_against_the_bytes(void **state)
{
    static const uint8_t BYTES[] = {'A', 'M', 0, 0, 1};
    struct reader reader = reader_over(span_of(BYTES, 4));

    (void)state;
    reader_expect(&reader, "AM", 2);
    reader_zeros(&reader, 2);
    assert_ok(reader_end(&reader));

    reader = reader_over(span_of(BYTES, 2));
    reader_expect(&reader, "AN", 2);
    assert_status(reader_end(&reader), STATUS_MALFORMED);

    reader = reader_over(span_of(BYTES, sizeof(BYTES)));
    reader_expect(&reader, "AM", 2);
    reader_zeros(&reader, 3);
    assert_status(reader_end(&reader), STATUS_MALFORMED);
}

static void reader__borrows_without_copying(void **state)
{
    struct reader reader = reader_over(span_of(COUNTING, 4));
    struct span head = reader_take(&reader, 3);
    uint8_t last = 0;

    (void)state;
    assert_ptr_equal(head.at, COUNTING);
    assert_int_equal(head.n, 3);
    reader_copy(&reader, &last, 1);
    assert_int_equal(last, 4);
    assert_int_equal(reader_take(&reader, 0).n, 0);
    assert_ok(reader_end(&reader));
}

static void reader__accepts_an_empty_span_without_memory(void **state)
{
    struct reader reader = reader_over(span_of(NULL, 0));

    (void)state;
    (void)reader_take(&reader, 0);
    reader_zeros(&reader, 0);
    reader_copy(&reader, NULL, 0);
    assert_ok(reader_end(&reader));
}

static void writer__writes_what_a_reader_reads(void **state)
{
    uint8_t memory[32];
    struct writer writer = writer_over(memory, sizeof(memory));
    struct reader reader;

    (void)state;
    writer_u8(&writer, 0xfe);
    writer_u16(&writer, 0xfedc);
    writer_u32(&writer, 0xfedcba98);
    writer_u64(&writer, UINT64_C(0xfedcba9876543210));
    writer_put(&writer, "xyz", 3);
    writer_zeros(&writer, 2);
    assert_int_equal(writer_span(&writer).n, 20);

    reader = reader_over(writer_span(&writer));
    assert_int_equal(reader_u8(&reader), 0xfe);
    assert_int_equal(reader_u16(&reader), 0xfedc);
    assert_true(reader_u32(&reader) == 0xfedcba98);
    assert_true(reader_u64(&reader) == UINT64_C(0xfedcba9876543210));
    reader_expect(&reader, "xyz\0\0", 5);
    assert_ok(reader_end(&reader));
}

static void writer__stays_full_and_writes_nothing_more(void **state)
{
    uint8_t memory[4] = {7, 7, 7, 7};
    struct writer writer = writer_over(memory, 3);

    (void)state;
    writer_u16(&writer, 0x0102);
    writer_u32(&writer, 0xffffffff);
    writer_u8(&writer, 0xff);
    assert_true(writer.full);
    assert_memory_equal(memory, "\1\2\7\7", 4);
}

static void buffer__grows_to_its_maximum_and_no_further(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, 1000);
    for (int i = 0; i < 100; i++)
        assert_ok(buffer_put(&buffer, "0123456789", 10));
    assert_status(buffer_put(&buffer, "x", 1), STATUS_TOO_BIG);
    assert_null(buffer_grow(&buffer, SIZE_MAX));
    assert_int_equal(buffer_span(&buffer).n, 1000);
    assert_memory_equal(buffer_span(&buffer).at + 990, "0123456789", 10);
    assert_ok(buffer_put(&buffer, NULL, 0));
    buffer_release(&buffer);
    assert_null(buffer.bytes);
}

static void buffer__gives_zeroed_room_again_after_a_clear(void **state)
{
    struct buffer buffer;
    const uint8_t *memory;

    (void)state;
    buffer_init(&buffer, 64);
    assert_ok(buffer_put(&buffer, "secret", 6));
    memory = buffer.bytes;
    buffer_clear(&buffer);
    assert_int_equal(buffer_span(&buffer).n, 0);
    assert_memory_equal(memory, "\0\0\0\0\0\0", 6);
    assert_memory_equal(buffer_grow(&buffer, 6), "\0\0\0\0\0\0", 6);
    buffer_release(&buffer);
}

static void buffer__with_no_maximum_holds_nothing(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, 0);
    assert_ok(buffer_put(&buffer, "", 0));
    assert_status(buffer_put(&buffer, "x", 1), STATUS_TOO_BIG);
    buffer_release(&buffer);
}

static void arena__keeps_to_its_budget_of_bytes(void **state)
{
    struct arena *arena = arena_new(100, 10);

    (void)state;
    assert_non_null(arena_take(arena, 60));
    assert_null(arena_take(arena, 41));
    assert_non_null(arena_take(arena, 40));
    assert_null(arena_take(arena, 1));
    assert_null(arena_take(arena, SIZE_MAX));
    arena_destroy(&arena);
    assert_null(arena);
    arena_destroy(&arena);
}

static void arena__keeps_to_its_budget_of_pieces(void **state)
{
    struct arena *arena = arena_new(1000, 3);

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_non_null(arena_take(arena, 0));
    assert_null(arena_take(arena, 0));
    arena_reset(arena);
    assert_non_null(arena_take(arena, 1000));
    arena_destroy(&arena);
}

static void arena__gives_aligned_zeroed_pieces_apart_from_each_other(void **state)
{
    struct arena *arena = arena_new(200, 4);
    uint8_t *first, *second;

    (void)state;
    for (int round = 0; round < 2; round++) {
        first = arena_take(arena, 3);
        second = arena_take(arena, 17);
        assert_int_equal((uintptr_t)first % 16, 0);
        assert_int_equal((uintptr_t)second % 16, 0);
        assert_true(second >= first + 3);
        assert_memory_equal(first, "\0\0\0", 3);
        memset(first, 0xff, 3);
        memset(second, 0xff, 17);
        arena_reset(arena);
    }
    first = arena_take(arena, 40);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal(first[i], 0);
    arena_destroy(&arena);
}

#if defined(__SANITIZE_ADDRESS__)
static void arena__watches_the_room_behind_each_piece(void **state)
{
    struct arena *arena = arena_new(64, 4);
    uint8_t *piece = arena_take(arena, 5);

    (void)state;
    assert_false(__asan_address_is_poisoned(piece + 4));
    assert_true(__asan_address_is_poisoned(piece + 5));
    arena_reset(arena);
    assert_true(__asan_address_is_poisoned(piece));
    arena_destroy(&arena);
}
#endif

static void arena__copies_with_a_nul_behind(void **state)
{
    struct arena *arena = arena_new(8, 4);
    char *copy = arena_copy(arena, "abc", 3);

    (void)state;
    assert_string_equal(copy, "abc");
    assert_null(arena_copy(arena, "abcd", 4));
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    assert_null(arena_copy(arena, "", SIZE_MAX));
    arena_destroy(&arena);
}

static void text__of_people_is_clean(void **state)
{
    static const char *const GOOD[] = {"", "plain", "two\nlines",
        "\xd8\xa7\xd9\x85\xd8\xa7\xd9\x86", "\xe2\x82\xac", "\xf0\x9f\x8f\xa0",
        "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xc2\xa0", "\xe2\x80\x8c", "\xe2\x81\xaa"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(GOOD); i++)
        assert_true(text_is_clean(span_text(GOOD[i])));
}

static void text__with_a_trick_in_it_is_not_clean(void **state)
{
    static const struct {
        const char *at;
        size_t n;
    } BAD[] = {
        {"a\0b", 3},                          /* NUL */
        {"a\tb", 3},                          /* tab */
        {"\r", 1},                            /* return */
        {"\x1b[2J", 4},                       /* escape */
        {"\x7f", 1},                          /* delete */
        {"\xc2\x80", 2},                      /* C1 control */
        {"\xc2\x9f", 2},                      /* C1 control */
        {"\x80", 1},                          /* no lead */
        {"\xff", 1},                          /* never a lead */
        {"\xc0\xaf", 2},                      /* overlong "/" */
        {"\xe0\x80\xaf", 3},                  /* overlong "/" */
        {"\xf0\x80\x80\xaf", 4}, {"\xc3", 1}, /* cut */
        {"\xe2\x82", 2},                      /* cut */
        {"\xf0\x9f\x8f", 3},                  /* cut */
        {"\xc3(", 2},                         /* no continuation */
        {"\xed\xa0\x80", 3},                  /* surrogate */
        {"\xed\xbf\xbf", 3},                  /* surrogate */
        {"\xf4\x90\x80\x80", 4},              /* above 10FFFF */
        {"\xe2\x80\xaa", 3},                  /* U+202A */
        {"\xe2\x80\xae", 3},                  /* U+202E */
        {"\xe2\x81\xa6", 3},                  /* U+2066 */
        {"\xe2\x81\xa9", 3},                  /* U+2069 */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        assert_false(text_is_clean(span_of(BAD[i].at, BAD[i].n)));
}

static void hex__parses_what_it_formats(void **state)
{
    char text[33];
    uint8_t bytes[16];

    (void)state;
    hex_format(COUNTING, 16, text);
    assert_string_equal(text, "0102030405060708090a0b0c0d0e0f10");
    assert_ok(hex_parse(text, bytes, 16));
    assert_memory_equal(bytes, COUNTING, 16);
    assert_ok(hex_parse("FEdc", bytes, 2));
    assert_memory_equal(bytes, "\xfe\xdc", 2);
    assert_ok(hex_parse("", bytes, 0));
}

static void hex__refuses_all_else_and_leaves_the_output_alone(void **state)
{
    static const char *const BAD[] = {
        "", "0", "010", "01020", "0g02", "01 2", "-102", "0x02"};
    uint8_t bytes[2] = {5, 5};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++) {
        assert_status(hex_parse(BAD[i], bytes, 2), STATUS_MALFORMED);
        assert_memory_equal(bytes, "\5\5", 2);
    }
}

static void span__equality_is_of_length_and_bytes(void **state)
{
    (void)state;
    assert_true(span_equal(span_of(NULL, 0), span_text("")));
    assert_true(span_equal(span_text("ab"), span_of("abc", 2)));
    assert_false(span_equal(span_text("ab"), span_text("abc")));
    assert_false(span_equal(span_text("ab"), span_text("ac")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader__reads_big_endian_in_order),
        cmocka_unit_test(reader__refuses_a_read_beyond_the_end),
        cmocka_unit_test(reader__refuses_what_is_left_over),
        cmocka_unit_test(reader__gives_zeros_for_good_after_a_failure),
        cmocka_unit_test(reader__refuses_a_length_near_the_top_of_the_range),
        cmocka_unit_test(reader__refuses_times_after_the_year_9999),
        cmocka_unit_test(reader__holds_a_constant_and_zeros_against_the_bytes),
        cmocka_unit_test(reader__borrows_without_copying),
        cmocka_unit_test(reader__accepts_an_empty_span_without_memory),
        cmocka_unit_test(writer__writes_what_a_reader_reads),
        cmocka_unit_test(writer__stays_full_and_writes_nothing_more),
        cmocka_unit_test(buffer__grows_to_its_maximum_and_no_further),
        cmocka_unit_test(buffer__gives_zeroed_room_again_after_a_clear),
        cmocka_unit_test(buffer__with_no_maximum_holds_nothing),
        cmocka_unit_test(arena__keeps_to_its_budget_of_bytes),
        cmocka_unit_test(arena__keeps_to_its_budget_of_pieces),
        cmocka_unit_test(arena__gives_aligned_zeroed_pieces_apart_from_each_other),
#if defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test(arena__watches_the_room_behind_each_piece),
#endif
        cmocka_unit_test(arena__copies_with_a_nul_behind),
        cmocka_unit_test(text__of_people_is_clean),
        cmocka_unit_test(text__with_a_trick_in_it_is_not_clean),
        cmocka_unit_test(hex__parses_what_it_formats),
        cmocka_unit_test(hex__refuses_all_else_and_leaves_the_output_alone),
        cmocka_unit_test(span__equality_is_of_length_and_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
