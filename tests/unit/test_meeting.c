/* SPDX-License-Identifier: Apache-2.0
 *
 * meeting: comes back as it was, is refused when it breaks a rule, cut anywhere or unknown; holds no place but a number.
 */
#include "meeting.h"

#include "check.h"
#include "hostile.h"
#include "limits.h"
#include "memory.h"
#include "seeded.h"
#include "vectors.h"

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 22);
    arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    buffer_init(&buffer, BODY_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    buffer_release(&buffer);
    return 0;
}

static enum status decode(void *context, struct span bytes)
{
    struct meeting meeting;
    (void)context;
    arena_reset(arena);
    return meeting_decode(arena, bytes, &meeting);
}

static struct meeting make(enum meeting_step step)
{
    struct meeting meeting = {.step = step, .round = 3};
    reference_new(&seed.chance, meeting.reference);
    if (step == MEETING_PROPOSE) {
        meeting.point = 7;
        meeting.from_ms = INT64_C(1795600000000);
        meeting.minutes = 90;
        meeting.way_minutes = 45;
        meeting.who = WHO_TWO_WOMEN;
        chance_fill(&seed.chance, meeting.seed, sizeof(meeting.seed));
    }
    return meeting;
}

static void meeting__comes_back_as_it_was_and_is_refused_when_cut(void **state)
{
    (void)state;
    for (int step = 1; step < MEETING_STEP_COUNT; step++) {
        struct meeting meeting = make((enum meeting_step)step), back;
        buffer_clear(&buffer);
        assert_ok(meeting_encode(&meeting, &buffer));
        arena_reset(arena);
        assert_ok(meeting_decode(arena, buffer_span(&buffer), &back));
        assert_memory_equal(&meeting, &back, sizeof(back));
        hostile_cut(buffer_span(&buffer), decode, NULL);
    }
}

static void meeting__refuses_what_cannot_be(void **state)
{
    (void)state;
    struct meeting good = make(MEETING_PROPOSE), bad[14];
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        bad[i] = good;
    bad[0].point = 0;
    bad[1].point = MEETING_POINT_MAX + 1;
    bad[2].minutes = 0;
    bad[3].minutes = MEETING_WINDOW_MINUTES_MAX + 1;
    bad[4].way_minutes = MEETING_WAY_MINUTES_MAX + 1;
    bad[5].from_ms = 0;
    bad[6].from_ms = TIME_MS_MAX + 1;
    memset(bad[7].seed, 0, sizeof(bad[7].seed));
    bad[8].who = (enum meeting_who)0;
    bad[9].round = 0;
    bad[10].round = MEETING_ROUNDS_MAX + 1;
    bad[11].reference[0] = 'a'; /* not canonical */
    bad[12].step = (enum meeting_step)0;
    bad[13].step = MEETING_AGREE; /* and yet it names a place */
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        buffer_clear(&buffer);
        assert_status(meeting_encode(&bad[i], &buffer), STATUS_MALFORMED);
    }
    good.step = MEETING_STEP_COUNT;
    assert_status(meeting_encode(&good, &buffer), STATUS_UNSUPPORTED);
    good = make(MEETING_PROPOSE);
    good.who = MEETING_WHO_COUNT;
    assert_status(meeting_encode(&good, &buffer), STATUS_UNSUPPORTED);
}

static void meeting__takes_no_more_bytes_and_no_other_fields(void **state)
{
    (void)state;
    struct meeting meeting = make(MEETING_PROPOSE);
    static const uint8_t text[] = {0x52, 0x03, 'a', 'b', 'c'}; /* field 10, three bytes */
    buffer_clear(&buffer);
    assert_ok(meeting_encode(&meeting, &buffer));
    assert_ok(buffer_put(&buffer, text, sizeof(text)));
    assert_status(decode(NULL, buffer_span(&buffer)), STATUS_MALFORMED);
}

static void meeting__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("content.txt");
    int n = 0;
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct meeting meeting;
        if (vectors_number(vectors, i, "type") != 9)
            continue;
        arena_reset(arena);
        buffer_clear(&buffer);
        assert_ok(meeting_decode(arena, vectors_get(vectors, i, "body"), &meeting));
        assert_ok(meeting_encode(&meeting, &buffer));
        assert_span(buffer_span(&buffer), vectors_get(vectors, i, "body"));
        n++;
    }
    assert_int_equal(n, 2);
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meeting__comes_back_as_it_was_and_is_refused_when_cut),
        cmocka_unit_test(meeting__refuses_what_cannot_be),
        cmocka_unit_test(meeting__takes_no_more_bytes_and_no_other_fields),
        cmocka_unit_test(meeting__reads_and_writes_the_frozen_bytes),
    };
    return cmocka_run_group_tests_name("meeting", tests, set_up, tear_down);
}
