/* SPDX-License-Identifier: Apache-2.0
 *
 * enquiry: the two letters, which can carry codes and nothing else.
 */
#include <string.h>

#include "check.h"
#include "clock.h"
#include "eligibility.h"
#include "enquiry.h"
#include "hostile.h"
#include "seeded.h"
#include "vectors.h"

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 11);
    arena = arena_new(65536, 256);
    buffer_init(&buffer, ENQUIRY_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    buffer_release(&buffer);
    return 0;
}

static struct enquiry some_enquiry(void)
{
    return (struct enquiry){.reference = "28T5CY4TY",
        .service = SERVICE_SHELTER,
        .gender = GENDER_FEMALE,
        .age_band = AGE_18_25,
        .minor = MINOR_NO,
        .children = 1,
        .infant = true,
        .boy_age = ENQUIRY_NO_BOY,
        .n_languages = 1,
        .languages = {"pus"},
        .tonight = true,
        .district = 513,
        .until_ms = 498770 * HOUR_MS};
}

static enum status decode(void *context, struct span bytes)
{
    struct enquiry enquiry;

    (void)context;
    arena_reset(arena);
    return enquiry_decode(arena, bytes, &enquiry);
}

static void enquiry__comes_back_as_it_was_and_refuses_what_breaks_its_rules(void **state)
{
    struct enquiry one = some_enquiry(), back;

    (void)state;
    assert_ok(enquiry_encode(&one, &buffer));
    assert_ok(enquiry_decode(arena, buffer_span(&buffer), &back));
    assert_memory_equal(&one, &back, sizeof one);
#define WRONG(field, value, expected)                                                    \
    do {                                                                                 \
        one = some_enquiry();                                                            \
        one.field = (value);                                                             \
        assert_status(enquiry_encode(&one, &buffer), (expected));                        \
    } while (0)
    WRONG(reference[0], '3', STATUS_MALFORMED);
    WRONG(service, 0, STATUS_MALFORMED);
    WRONG(service, SERVICE_COUNT, STATUS_UNSUPPORTED);
    WRONG(gender, GENDER_COUNT, STATUS_UNSUPPORTED);
    WRONG(age_band, AGE_BAND_COUNT, STATUS_UNSUPPORTED);
    WRONG(minor, MINOR_COUNT, STATUS_UNSUPPORTED);
    WRONG(children, 0, STATUS_MALFORMED); /* with an infant */
    WRONG(children, DEPENDANTS_MAX + 1, STATUS_MALFORMED);
    WRONG(boy_age, 18, STATUS_MALFORMED);
    WRONG(boy_age, 0, STATUS_OK);
    WRONG(languages[0][0], 'P', STATUS_MALFORMED);
    WRONG(district, 500, STATUS_MALFORMED);
    WRONG(until_ms, 0, STATUS_MALFORMED);
    WRONG(until_ms, HOUR_MS + 1, STATUS_MALFORMED);
#undef WRONG
}

/* The longest enquiry there is fits the size: nothing else has room in it. */
static void enquiry__has_no_room_for_a_text(void **state)
{
    struct enquiry one = some_enquiry();

    (void)state;
    one.n_languages = LANGUAGES_MAX;
    memcpy(one.languages, "urd\0pus\0prs\0pnb\0snd\0bal\0eng\0skr", 32);
    one.boy_age = BOYS_AGE_MAX;
    one.children = DEPENDANTS_MAX;
    one.wheelchair = true;
    assert_ok(enquiry_encode(&one, &buffer));
    assert_true(buffer.used < ENQUIRY_BYTES_MAX);
    memset(one.languages, 'x', sizeof one.languages[0]); /* no end within its cell */
    assert_status(enquiry_encode(&one, &buffer), STATUS_MALFORMED);
}

static void enquiry__is_cut_and_flipped_without_harm(void **state)
{
    struct enquiry one = some_enquiry();

    (void)state;
    assert_ok(enquiry_encode(&one, &buffer));
    struct span good = buffer_span(&buffer);
    for (size_t n = 0; n < good.n; n++)
        assert_status(decode(NULL, span_of(good.at, n)), STATUS_MALFORMED);
    assert_true(hostile_flip(good, good.n, &seed.chance, decode, NULL) > 0);
}

static void enquiry_answer__says_until_when_with_a_yes_and_only_then(void **state)
{
    struct enquiry_answer yes = {"28T5CY4TY", ENQUIRY_YES, 498774 * HOUR_MS}, back;
    struct enquiry_answer no = {"28T5CY4TY", ENQUIRY_NO, 0};

    (void)state;
    assert_ok(enquiry_answer_encode(&yes, &buffer));
    assert_ok(enquiry_answer_decode(arena, buffer_span(&buffer), &back));
    assert_string_equal(yes.reference, back.reference);
    assert_int_equal(yes.word, back.word);
    assert_true(yes.until_ms == back.until_ms);
    for (size_t n = 0; n < buffer.used; n++)
        assert_true(
            enquiry_answer_decode(arena, span_of(buffer.bytes, n), &back) != STATUS_OK);
    assert_ok(enquiry_answer_encode(&no, &buffer));
    no.until_ms = HOUR_MS;
    assert_status(enquiry_answer_encode(&no, &buffer), STATUS_MALFORMED);
    yes.until_ms = 0;
    assert_status(enquiry_answer_encode(&yes, &buffer), STATUS_MALFORMED);
    yes.word = ENQUIRY_WORD_COUNT;
    assert_status(enquiry_answer_encode(&yes, &buffer), STATUS_UNSUPPORTED);
}

static void enquiry__reads_and_writes_the_frozen_bytes(void **state)
{
    struct vectors *vectors = vectors_open("content.txt");
    struct span frozen = vectors_get(
        vectors, vectors_find(vectors, "enquiry woman with infant tonight"), "body");
    struct enquiry one = some_enquiry(), got;
    struct enquiry_answer answer;

    (void)state;
    assert_ok(enquiry_decode(arena, frozen, &got));
    assert_memory_equal(&one, &got, sizeof one);
    assert_ok(enquiry_encode(&got, &buffer));
    assert_true(span_equal(buffer_span(&buffer), frozen));
    frozen = vectors_get(vectors, vectors_find(vectors, "enquiry answer yes"), "body");
    assert_ok(enquiry_answer_decode(arena, frozen, &answer));
    assert_ok(enquiry_answer_encode(&answer, &buffer));
    assert_true(span_equal(buffer_span(&buffer), frozen));
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enquiry__comes_back_as_it_was_and_refuses_what_breaks_its_rules),
        cmocka_unit_test(enquiry__has_no_room_for_a_text),
        cmocka_unit_test(enquiry__is_cut_and_flipped_without_harm),
        cmocka_unit_test(enquiry_answer__says_until_when_with_a_yes_and_only_then),
        cmocka_unit_test(enquiry__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
