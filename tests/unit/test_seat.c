/* SPDX-License-Identifier: Apache-2.0
 *
 * seat and local_roles: who sits at the node, what they may do, how much they may open.
 */
#include "check.h"
#include "local_roles.h"
#include "memory.h"
#include "seat.h"

static struct colleague person(uint8_t id, enum local_role role)
{
    return (struct colleague){.id = {{id}}, .role = role, .name = "Invented"};
}

static void seat__opens_the_screen_by_the_pin_and_gives_up_after_five(void **state)
{
    (void)state;
    struct seat *seat = seat_new(3);
    struct colleague one = person(1, LOCAL_WORKER);
    assert_null(seat_person(seat));
    assert_status(seat_try_pin(seat, "1234"), STATUS_DENIED);
    seat_take(seat, &one, "4711");
    seat_lock_screen(seat);
    assert_true(seat_screen_is_locked(seat));
    for (int i = 1; i < SEAT_TRIES_MAX; i++)
        assert_status(seat_try_pin(seat, i % 2 ? "47110" : "x"), STATUS_DENIED);
    assert_true(seat_screen_is_locked(seat));
    assert_ok(seat_try_pin(seat, "4711"));
    assert_false(seat_screen_is_locked(seat));
    for (int i = 1; i < SEAT_TRIES_MAX; i++)
        assert_status(seat_try_pin(seat, "4712"), STATUS_DENIED);
    assert_status(seat_try_pin(seat, "4712"), STATUS_FULL);
    seat_take(seat, &one, "");
    seat_lock_screen(seat);
    assert_status(seat_try_pin(seat, ""), STATUS_DENIED);
    seat_destroy(&seat);
}

static void seat__takes_pins_of_four_to_eight_digits(void **state)
{
    (void)state;
    assert_true(pin_is_good("0000") && pin_is_good("12345678"));
    assert_false(pin_is_good("123") || pin_is_good("123456789") || pin_is_good("12a4"));
}

static enum status open_case(struct seat *seat, uint8_t subject, int64_t at_ms)
{
    struct hash hash = {{subject}};

    return seat_open_case(seat, &hash, at_ms);
}

static void seat__needs_a_second_person_for_more_cases_an_hour(void **state)
{
    (void)state;
    struct seat *seat = seat_new(3);
    struct colleague one = person(1, LOCAL_WORKER), two = person(2, LOCAL_WORKER),
                     reception = person(3, LOCAL_RECEPTION);
    seat_take(seat, &one, "");
    for (uint8_t i = 1; i <= 3; i++)
        assert_ok(open_case(seat, i, i));
    assert_ok(open_case(seat, 2, 10));
    assert_status(open_case(seat, 4, 10), STATUS_FULL);
    seat_take(seat, &two, "");
    assert_ok(open_case(seat, 4, 11));
    seat_take(seat, &one, "");
    assert_status(open_case(seat, 4, 12), STATUS_FULL);
    assert_status(seat_agree(seat, &one), STATUS_DENIED);
    assert_status(seat_agree(seat, &reception), STATUS_DENIED);
    assert_ok(seat_agree(seat, &two));
    assert_ok(open_case(seat, 4, 13));
    assert_ok(open_case(seat, 5, 14));
    assert_ok(open_case(seat, 6, 15));
    assert_status(open_case(seat, 7, 16), STATUS_FULL);
    assert_status(open_case(seat, 7, 12 + SEAT_WINDOW_MS), STATUS_FULL);
    assert_ok(open_case(seat, 7, 13 + SEAT_WINDOW_MS));
    seat_destroy(&seat);
}

static void local_roles__of_this_program_hold_and_hide(void **state)
{
    (void)state;
    struct trouble trouble = {""};
    struct local_roles *roles = NULL;
    if (local_roles_open(&roles, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    assert_int_equal(local_roles_least(roles, "show"), LOCAL_WORKER);
    assert_int_equal(local_roles_least(roles, "something-new"), LOCAL_SUPERVISOR);
    assert_false(local_roles_may_read(roles, LOCAL_RECEPTION, "safe_contact"));
    assert_true(local_roles_may_read(roles, LOCAL_RECEPTION, "reference"));
    assert_true(local_roles_may_read(roles, LOCAL_WORKER, "safe_contact"));
    local_roles_close(&roles);
}

static void local_roles__refuse_what_is_not_a_whole_policy(void **state)
{
    (void)state;
#define ROLES "\"reception\":[],\"worker\":[\"a\"],\"supervisor\":[\"a\"]"
    static const char *const BAD[] = {"[]", "{}",
        "{\"version\":1,\"groups\":{\"a\":[\"x\"]},\"roles\":{" ROLES
        ",\"administrator\":[]},\"lists\":[],\"verbs\":{},\"cases_an_hour\":3}",
        "{\"version\":1,\"groups\":{\"a\":[\"x\"]},\"roles\":{" ROLES
        "},\"lists\":[],\"verbs\":{},\"cases_an_hour\":3}",
        "{\"version\":1,\"groups\":{\"a\":[\"x\"]},\"roles\":{" ROLES
        ",\"administrator\":[\"a\",\"b\"]},\"lists\":[],\"verbs\":{},\"cases_an_hour\":"
        "3}",
        "{\"version\":1,\"groups\":{\"a\":[\"x\"]},\"roles\":{" ROLES
        ",\"administrator\":[\"a\"]},\"lists\":[],\"verbs\":{\"show\":\"king\"},\"cases_"
        "an_hour\":3}",
        "{\"version\":1,\"groups\":{\"a\":[\"x\"]},\"roles\":{" ROLES
        ",\"administrator\":[\"a\"]},\"lists\":[],\"verbs\":{},\"cases_an_hour\":0}",
        "{\"version\":1,\"audit\":false,\"groups\":{\"a\":[\"x\"]},\"roles\":{" ROLES
        ",\"administrator\":[\"a\"]},\"lists\":[],\"verbs\":{},\"cases_an_hour\":3}"};
    struct trouble trouble;
    struct local_roles *roles = NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        assert_status(
            local_roles_parse(span_text(BAD[i]), &roles, &trouble), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seat__opens_the_screen_by_the_pin_and_gives_up_after_five),
        cmocka_unit_test(seat__takes_pins_of_four_to_eight_digits),
        cmocka_unit_test(seat__needs_a_second_person_for_more_cases_an_hour),
        cmocka_unit_test(local_roles__of_this_program_hold_and_hide),
        cmocka_unit_test(local_roles__refuse_what_is_not_a_whole_policy),
    };
    return cmocka_run_group_tests_name("seat", tests, NULL, NULL);
}
