/* SPDX-License-Identifier: Apache-2.0
 *
 * event: comes back as it was, is refused when it breaks a rule, cut anywhere or unknown; holds codes and members only.
 */
#include "event.h"

#include "check.h"
#include "clock.h"
#include "hostile.h"
#include "limits.h"
#include "memory.h"
#include "seeded.h"

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 23);
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
    struct event event;
    (void)context;
    arena_reset(arena);
    return event_decode(arena, bytes, &event);
}

static struct event make(enum event_step step)
{
    struct event event = {.step = step};
    reference_new(&seed.chance, event.reference);
    if (step != EVENT_NUDGE)
        event.member = ident_new(&seed.chance);
    if (step == EVENT_NUDGE || step == EVENT_REASSIGN)
        return event;
    event.side = SIDE_OF_SENDER;
    event.service = SERVICE_SHELTER;
    event.priority = PRIORITY_TONIGHT;
    event.created_ms = 29926666 * MINUTE_MS;
    if (step == EVENT_MOVED) {
        event.move = 7;
        event.day = 20783;
    }
    if (step == EVENT_LATE || step >= EVENT_SETTLED)
        event.move = 2;
    if (step == EVENT_GOES_ON)
        event.day = 20784;
    if (step == EVENT_LATE || step == EVENT_ESCALATE) {
        event.day = 20784;
        event.waits = WAITS_OPENING;
        event.late = LATE_FULL;
    }
    event.undelivered = step == EVENT_LATE;
    if (step == EVENT_ESCALATE)
        event.sender = ident_new(&seed.chance);
    return event;
}

static void event__of_every_step_comes_back_as_it_was_and_is_refused_when_cut(
    void **state)
{
    (void)state;
    for (int step = 1; step < EVENT_STEP_COUNT; step++) {
        struct event event = make((enum event_step)step), back;
        buffer_clear(&buffer);
        assert_ok(event_encode(&event, &buffer));
        assert_true(buffer.used <= EVENT_BYTES_MAX);
        arena_reset(arena);
        assert_ok(event_decode(arena, buffer_span(&buffer), &back));
        assert_string_equal(back.reference, event.reference);
        assert_int_equal(back.step, event.step);
        assert_true(ident_equal(&back.member, &event.member));
        assert_true(ident_equal(&back.sender, &event.sender));
        assert_int_equal(back.service, event.service);
        assert_int_equal(back.priority, event.priority);
        assert_int_equal(back.created_ms, event.created_ms);
        assert_int_equal(back.move, event.move);
        assert_int_equal(back.day, event.day);
        assert_int_equal(back.waits, event.waits);
        assert_int_equal(back.late, event.late);
        assert_int_equal(back.undelivered, event.undelivered);
        if (step == EVENT_MOVED ||
            step == EVENT_GOES_ON) /* its last two fields may be absent */
            continue;
        event.undelivered = false;
        buffer_clear(&buffer);
        assert_ok(event_encode(&event, &buffer));
        hostile_cut(buffer_span(&buffer), decode, NULL);
    }
}

static void event__refuses_what_cannot_be(void **state)
{
    (void)state;
    static const struct ident none;
    struct event bad[] = {make(EVENT_MOVED), make(EVENT_MOVED), make(EVENT_MOVED),
        make(EVENT_MOVED), make(EVENT_MOVED), make(EVENT_MOVED), make(EVENT_NUDGE),
        make(EVENT_REASSIGN), make(EVENT_LATE), make(EVENT_LATE), make(EVENT_SETTLED),
        make(EVENT_ESCALATE), make(EVENT_NUDGE), make(EVENT_SETTLED)};
    bad[0].reference[0] = 'a'; /* not canonical */
    bad[1].created_ms += 1;    /* no whole minute */
    bad[2].member = none;
    bad[3].late = LATE_HALF;
    bad[4].undelivered = true;
    bad[5].side = (enum event_side)0;
    bad[6].service = SERVICE_MEDICAL; /* a nudge says nothing more */
    bad[7].member = none;
    bad[8].late = LATE_NOT;
    bad[9].move = 0;                  /* no state */
    bad[10].side = SIDE_OF_RECIPIENT; /* not its to say */
    bad[11].sender = none;
    bad[12].step = (enum event_step)0;
    bad[13].day = 20783; /* nothing is to come */
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        buffer_clear(&buffer);
        assert_status(event_encode(&bad[i], &buffer), STATUS_MALFORMED);
    }
    struct event later = make(EVENT_MOVED);
    later.service = SERVICE_COUNT;
    assert_status(event_encode(&later, &buffer), STATUS_UNSUPPORTED);
    later = make(EVENT_LATE);
    later.waits = WAITS_COUNT;
    assert_status(event_encode(&later, &buffer), STATUS_UNSUPPORTED);
    later = make(EVENT_NUDGE);
    later.step = EVENT_STEP_COUNT;
    assert_status(event_encode(&later, &buffer), STATUS_UNSUPPORTED);
}

static void event__takes_no_text_and_no_other_field(void **state)
{
    (void)state;
    struct event event = make(EVENT_MOVED);
    static const uint8_t text[] = {0x72, 0x03, 'a', 'b', 'c'}; /* field 14 */
    buffer_clear(&buffer);
    assert_ok(event_encode(&event, &buffer));
    assert_ok(buffer_put(&buffer, text, sizeof(text)));
    assert_status(decode(NULL, buffer_span(&buffer)), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            event__of_every_step_comes_back_as_it_was_and_is_refused_when_cut),
        cmocka_unit_test(event__refuses_what_cannot_be),
        cmocka_unit_test(event__takes_no_text_and_no_other_field),
    };
    return cmocka_run_group_tests_name("event", tests, set_up, tear_down);
}
