/* SPDX-License-Identifier: Apache-2.0
 *
 * speech: nothing is said before the turn that decided it is committed, and what is said keeps its order.
 */
#include "bug.h"
#include "check.h"
#include "memory.h"
#include "speech.h"

struct bench {
    struct speech *speech;
    struct buffer frame;
    struct arena *arena;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    bench->speech = speech_new();
    bench->arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    buffer_init(&bench->frame, FRAME_BYTES_MAX);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    speech_destroy(&bench->speech);
    assert_null(bench->speech);
    buffer_release(&bench->frame);
    arena_destroy(&bench->arena);
    memory_free(bench);
    return 0;
}

static void say(struct bench *bench, uint32_t bytes)
{
    struct frame frame = {.kind = FRAME_CREDIT};
    frame.credit.bytes = bytes;
    speech_put(bench->speech, &frame);
}

static void hear(struct bench *bench, uint32_t bytes)
{
    struct frame frame;
    assert_true(speech_is_ready(bench->speech));
    assert_ok(speech_take(bench->speech, &bench->frame));
    arena_reset(bench->arena);
    assert_ok(frame_decode(bench->arena, buffer_span(&bench->frame), &frame));
    assert_int_equal(frame.kind, FRAME_CREDIT);
    assert_int_equal(frame.credit.bytes, bytes);
}

static void hear_nothing(struct bench *bench)
{
    assert_false(speech_is_ready(bench->speech));
    assert_status(speech_take(bench->speech, &bench->frame), STATUS_BUSY);
}

static void speech__says_nothing_before_the_commit(void **state)
{
    struct bench *bench = *state;
    say(bench, 1);
    hear_nothing(bench);
    assert_int_equal(speech_ready_bytes(bench->speech), 0);
    speech_commit(bench->speech);
    hear(bench, 1);
    hear_nothing(bench);
}

static void speech__keeps_the_order(void **state)
{
    struct bench *bench = *state;
    for (uint32_t i = 1; i <= 100; i++) {
        say(bench, i);
        if (i % 7 == 0)
            speech_commit(bench->speech);
    }
    speech_commit(bench->speech);
    for (uint32_t i = 1; i <= 100; i++)
        hear(bench, i);
    hear_nothing(bench);
}

static void speech__of_a_turn_that_was_rolled_back_is_forgotten(void **state)
{
    struct bench *bench = *state;
    say(bench, 1);
    speech_commit(bench->speech);
    say(bench, 2);
    say(bench, 3);
    speech_drop(bench->speech);
    say(bench, 4);
    speech_commit(bench->speech);
    hear(bench, 1);
    hear(bench, 4);
    hear_nothing(bench);
}

static void speech__is_all_forgotten_when_the_link_is_gone(void **state)
{
    struct bench *bench = *state;
    say(bench, 1);
    say(bench, 2);
    speech_commit(bench->speech);
    hear(bench, 1);
    say(bench, 3);
    speech_clear(bench->speech);
    hear_nothing(bench);
    assert_int_equal(speech_ready_bytes(bench->speech), 0);
    speech_commit(bench->speech); /* what was pending is gone as well */
    hear_nothing(bench);
    say(bench, 4);
    speech_commit(bench->speech);
    hear(bench, 4);
}

static void speech__counts_the_bytes_that_may_be_said(void **state)
{
    struct bench *bench = *state;
    size_t sum = 0;
    struct buffer one;
    struct frame frame = {.kind = FRAME_CREDIT};
    frame.credit.bytes = 5;
    buffer_init(&one, FRAME_BYTES_MAX);
    assert_ok(frame_encode(&frame, &one));
    for (int i = 0; i < 3; i++) {
        say(bench, 5);
        assert_int_equal(speech_ready_bytes(bench->speech), sum);
        speech_commit(bench->speech);
        sum += one.used;
        assert_int_equal(speech_ready_bytes(bench->speech), sum);
    }
    say(bench, 6);
    for (int i = 0; i < 3; i++) {
        hear(bench, 5);
        sum -= one.used;
        assert_int_equal(speech_ready_bytes(bench->speech), sum);
    }
    buffer_release(&one);
}

static void speech__takes_a_copy_of_what_a_frame_points_to(void **state)
{
    struct bench *bench = *state;
    uint8_t envelope[100];
    struct frame frame = {.kind = FRAME_OFFER}, heard;
    memset(envelope, 7, sizeof envelope);
    frame.offer.envelope = span_of(envelope, sizeof envelope);
    speech_put(bench->speech, &frame);
    memset(envelope, 8, sizeof envelope);
    speech_commit(bench->speech);
    assert_ok(speech_take(bench->speech, &bench->frame));
    assert_ok(frame_decode(bench->arena, buffer_span(&bench->frame), &heard));
    assert_int_equal(heard.offer.envelope.n, sizeof envelope);
    assert_int_equal(heard.offer.envelope.at[50], 7);
}

static void speech__keeps_a_frame_that_the_callers_buffer_cannot_hold(void **state)
{
    struct bench *bench = *state;
    struct buffer tiny;
    buffer_init(&tiny, 1);
    say(bench, 9);
    speech_commit(bench->speech);
    assert_status(speech_take(bench->speech, &tiny), STATUS_TOO_BIG);
    hear(bench, 9);
    buffer_release(&tiny);
}

/* A link that is never quite empty: 100,000 frames later everything is still in order. */
static void speech__goes_on_when_it_is_never_empty(void **state)
{
    struct bench *bench = *state;
    uint32_t said = 0, heard = 0;
    for (int i = 0; i < 13; i++)
        say(bench, ++said);
    speech_commit(bench->speech);
    while (said < 100000) {
        say(bench, ++said);
        say(bench, ++said);
        speech_commit(bench->speech);
        hear(bench, ++heard);
        say(bench, 12345);
        speech_drop(bench->speech);
        hear(bench, ++heard);
    }
    while (heard < said)
        hear(bench, ++heard);
    hear_nothing(bench);
    assert_int_equal(speech_ready_bytes(bench->speech), 0);
}

static void speech__of_a_frame_that_cannot_be_encoded_is_a_bug(void **state)
{
    struct bench *bench = *state;
    static const uint8_t envelope[ENVELOPE_BYTES_MAX + 1];
    struct frame frame = {.kind = FRAME_OFFER};
    frame.offer.envelope = span_of(envelope, sizeof envelope);
    assert_bug(speech_put(bench->speech, &frame));
}

static void speech__destroy_accepts_null(void **state)
{
    (void)state;
    struct speech *speech = NULL;
    speech_destroy(&speech);
    assert_null(speech);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(speech__says_nothing_before_the_commit),
        TEST(speech__keeps_the_order),
        TEST(speech__of_a_turn_that_was_rolled_back_is_forgotten),
        TEST(speech__is_all_forgotten_when_the_link_is_gone),
        TEST(speech__counts_the_bytes_that_may_be_said),
        TEST(speech__takes_a_copy_of_what_a_frame_points_to),
        TEST(speech__keeps_a_frame_that_the_callers_buffer_cannot_hold),
        TEST(speech__goes_on_when_it_is_never_empty),
        TEST(speech__of_a_frame_that_cannot_be_encoded_is_a_bug),
        cmocka_unit_test(speech__destroy_accepts_null),
    };
    return cmocka_run_group_tests_name("post_speech", tests, NULL, NULL);
}
