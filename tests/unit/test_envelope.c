/* SPDX-License-Identifier: Apache-2.0
 *
 * What whoever carries an envelope can learn from its bytes: to which queue, which lane, which of three sizes.
 */
#include "check.h"
#include "memory.h"
#include "seal_kit.h"
#include "some_bodies.h"

enum { LETTERS = 48, WINDOW = 8, SIZES = 40 };

static bool holds(struct span bytes, const void *part, size_t n)
{
    return memmem(bytes.at, bytes.n, part, n) != NULL;
}

static bool is_worth_looking_for(const uint8_t *window)
{
    return memcmp(window, window + 1, WINDOW - 1) !=
           0; /* a run of one byte says nothing */
}

/* A word as it is, and as a text of hex digits. */
static bool holds_word(struct span bytes, const char *word)
{
    char hex[128];

    hex_format((const uint8_t *)word, strlen(word), hex);
    return holds(bytes, word, strlen(word)) || holds(bytes, hex, strlen(hex));
}

static void assert_tells_nothing(struct span envelope, struct span body)
{
    for (const char *const *word = SOME_BODIES_WORDS; *word; word++) {
        assert_true(holds_word(body, *word)); /* or nothing would be looked for */
        assert_false(holds_word(envelope, *word));
    }
    for (size_t i = 0; i + WINDOW <= body.n; i++)
        if (is_worth_looking_for(body.at + i))
            assert_false(holds(envelope, body.at + i, WINDOW));
}

/* The clear part is what its fields say and no byte more, and none of them follows from what was written. */
static void assert_header_is_the_same(const struct header *first, struct span envelope)
{
    struct header header;
    struct span bytes;
    uint8_t again[HEADER_BYTES_MAX];
    struct writer writer = writer_over(again, sizeof(again));

    assert_ok(header_decode(envelope, &header, &bytes, NULL));
    header_encode(&header, &writer);
    assert_span(bytes, writer_span(&writer));
    assert_int_equal(header.suite, first->suite);
    assert_int_equal(header.lane, first->lane);
    assert_true(ident_equal(&header.queue_id, &first->queue_id));
    assert_int_equal(header.prekey_id, first->prekey_id);
    assert_int_equal(header.ciphertext_bytes, first->ciphertext_bytes);
}

static void dp02__no_byte_of_an_envelope_says_service_place_name_or_number(void **state)
{
    (void)state;
    struct kit kit;
    struct buffer body;
    struct header first = {.suite = 0};
    kit_init(&kit, 202);
    buffer_init(&body, BODY_BYTES_MAX);
    for (size_t i = 0; i < LETTERS; i++) {
        some_bodies_make(&kit.seeded.chance, i, &body);
        kit_seal(&kit, buffer_span(&body), LANE_NORMAL);
        if (i == 0)
            assert_ok(header_decode(buffer_span(&kit.envelope), &first, NULL, NULL));
        assert_header_is_the_same(&first, buffer_span(&kit.envelope));
        assert_tells_nothing(buffer_span(&kit.envelope), buffer_span(&body));
        assert_ok(kit_break(&kit)); /* it is in there all the same */
        assert_span(kit.opened.body, buffer_span(&body));
    }
    buffer_release(&body);
    kit_release(&kit);
}

static void dp03__any_two_letters_of_one_size_class_are_equally_long(void **state)
{
    (void)state;
    static const size_t ends[] = {
        0, BUCKET_SMALL - INNER_BYTES, BUCKET_MIDDLE - INNER_BYTES, BODY_BYTES_MAX};
    struct kit kit;
    size_t before = 0;
    kit_init(&kit, 303);
    for (size_t class = 1; class < ARRAY_LENGTH(ends); class ++) {
        size_t least = class == 1 ? 0 : ends[class - 1] + 1, length = 0;

        for (size_t i = 0; i < SIZES; i++) {
            size_t n = i == 0   ? least
                       : i == 1 ? ends[class]
                                : least + chance_below(&kit.seeded.chance,
                                              ends[class] - least + 1);
            uint8_t *bytes = memory_new(n + 1);

            chance_fill(&kit.seeded.chance, bytes, n);
            kit_seal(&kit, span_of(bytes, n), LANE_NORMAL);
            if (i == 0)
                length = kit.envelope.used;
            assert_int_equal(kit.envelope.used, length);
            memory_free(bytes);
        }
        assert_true(length > before); /* the classes are three, and differ */
        before = length;
    }
    kit_release(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp02__no_byte_of_an_envelope_says_service_place_name_or_number),
        cmocka_unit_test(dp03__any_two_letters_of_one_size_class_are_equally_long),
    };
    return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
