/* SPDX-License-Identifier: Apache-2.0
 *
 * What waits for a person: letters of a suspended member, released or discarded (PROTOCOL.md 5.5), and the owner of
 * a letter that nobody stored (6.7).
 */
#include "inside.h"

static int call(struct world *w, size_t who, const char *verb, int64_t letter)
{
    static unsigned asked;
    char key[32], request[64], *answer = NULL;
    snprintf(key, sizeof key, "release-%u", ++asked);
    snprintf(request, sizeof request, "{\"reference\":\"%lld\"}", (long long)letter);
    int http = world_call(w, who, verb, key, request, &answer);
    memory_free(answer);
    return http;
}

/* The first letter that waits at node i; 0 if there is none. */
static int64_t waiting(struct world *w, size_t i)
{
    struct post_aside aside = {0};
    size_t n = 0;
    assert_ok(post_asides(node_post(world_node(w, i)), 0, &aside, 1, &n));
    return n == 1 ? aside.id : 0;
}

/* A referral of the officer comes to the shelter while the officer is suspended. */
static int64_t make_aside(struct world *w, char ref[static WORLD_REFERENCE_BYTES])
{
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    world_roster(w, OFFICER, MEMBER_SUSPENDED, false);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(3));
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(status_of(w, SHELTER).quarantined, 1);
    return waiting(w, SHELTER);
}

static void a_released_letter_has_its_effect_once_and_its_sender_is_told(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    int64_t letter = make_aside(w, ref);
    world_crash_node(w, SHELTER);
    world_start_node(w, SHELTER, true);
    assert_int_equal(call(w, SHELTER, "release", letter + 1), 404);
    assert_int_equal(call(w, SHELTER, "release", letter), 200);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(status_of(w, SHELTER).quarantined, 0);
    assert_int_equal(call(w, SHELTER, "release", letter), 404);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_true(world_letter(w, OFFICER, ref) == LETTER_STATE_STORED ||
                world_letter(w, OFFICER, ref) == LETTER_STATE_CONFIRMED);
    world_destroy(&w);
}

static void a_letter_is_released_when_its_sender_is_a_member_again(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    int64_t letter = make_aside(w, ref);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, DAYS(2));
    assert_int_equal(world_effects(w, SHELTER, ref), 0); /* a roster releases nothing */
    assert_int_equal(call(w, SHELTER, "release", letter), 200);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_letter(w, OFFICER, ref, LETTER_STATE_STORED);
    world_destroy(&w);
}

static void a_discarded_letter_never_has_an_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    int64_t letter = make_aside(w, ref);
    assert_int_equal(call(w, SHELTER, "discard", letter), 200);
    assert_int_equal(waiting(w, SHELTER), 0);
    assert_int_equal(call(w, SHELTER, "release", letter), 404);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, DAYS(10));
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(world_alarms(w, OFFICER, "waits"), 2); /* its owner hears of it */
    world_destroy(&w);
}

static void a_letter_of_a_member_that_was_revoked_can_only_be_discarded(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    int64_t letter = make_aside(w, ref);
    world_roster(w, OFFICER, MEMBER_REVOKED, false);
    world_pass(w, HOURS(1));
    assert_int_equal(call(w, SHELTER, "release", letter), 403);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    assert_int_equal(call(w, SHELTER, "discard", letter), 200);
    world_destroy(&w);
}

/* A VOID that came from a suspended member names a referral that waits, too. */
static void a_released_void_voids_what_it_names(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar, courier;
    struct buffer body, envelope;
    struct hash link, voided;
    char ref[REFERENCE_BYTES];
    world_member_init(&courier, w, COORDINATOR, SHELTER);
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_referral(&liar, ref, &body);
    struct letter letter =
        world_member_letter(&liar, LETTER_REFERRAL, buffer_span(&body));
    buffer_init(&envelope, ENVELOPE_BYTES_MAX);
    world_member_seal(&liar, &letter, &envelope, &voided); /* never sent */
    struct void_entry entry = {.chain_epoch = liar.epoch,
        .reason = VOID_WITHDRAWN,
        .pair_seq = letter.pair_seq,
        .link = voided,
        .item_id = letter.item_id};
    uint8_t list[8 + 64];
    struct writer writer = writer_over(list, sizeof list);
    void_list_encode(&entry, 1, &writer);
    liar.seq = letter.pair_seq;
    liar.link = voided;
    letter = world_member_letter(&liar, LETTER_VOID, writer_span(&writer));
    buffer_clear(&envelope);
    world_member_seal(&liar, &letter, &envelope, &link);
    world_roster(w, OFFICER, MEMBER_SUSPENDED, false);
    world_member_offer(&courier, buffer_span(&envelope));
    world_settle(w);
    assert_int_equal(status_of(w, SHELTER).quarantined, 1);
    assert_int_equal(call(w, SHELTER, "release", waiting(w, SHELTER)), 200);
    assert_int_equal(status_of(w, SHELTER).quarantined, 0);
    world_settle(w);
    /* Both numbers are settled: the one voided, and the VOID's own. */
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_member_refer(&liar, ref);
    assert_int_equal(world_effects(w, SHELTER, ref), 0); /* number 2 is the VOID's */
    buffer_release(&body);
    buffer_release(&envelope);
    world_destroy(&w);
}

static void a_letter_that_its_sender_withdrew_cannot_be_released(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    int64_t letter = make_aside(w, ref);
    struct outbox_letter sent;
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    sent = sent_letter(w, OFFICER, SHELTER, 1);
    assert_ok(withdraw(w, OFFICER, &sent.item_id));
    world_pass(w, DAYS(1));
    assert_int_equal(waiting(w, SHELTER), 0);
    assert_int_equal(call(w, SHELTER, "release", letter), 404);
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    world_destroy(&w);
}

static void the_owner_of_a_letter_is_told_at_1_7_and_35_days(void **state)
{
    (void)state;
    static const struct {
        int64_t day;
        int alarms;
    } TOLD[] = {{0, 0}, {2, 1}, {6, 1}, {8, 2}, {34, 2}, {36, 3}, {60, 3}};
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    int64_t day = 0;
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    for (size_t i = 0; i < ARRAY_LENGTH(TOLD); i++) {
        world_pass(w, DAYS(TOLD[i].day - day));
        day = TOLD[i].day;
        assert_int_equal(world_alarms(w, OFFICER, "waits"), TOLD[i].alarms);
        if (day == 8) { /* who was told is not told again after a power cut */
            world_crash_node(w, OFFICER);
            world_start_node(w, OFFICER, true);
        }
    }
    world_heal(w, SHELTER);
    world_pass(w, DAYS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_int_equal(world_alarms(w, OFFICER, "waits"), 3);
    world_destroy(&w);
}

static void a_clock_that_jumped_tells_no_owner_anything(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_set_clock(w, OFFICER, INT64_C(4070908800000)); /* 2099-01-01 */
    world_pass(w, HOURS(3));
    assert_int_equal(world_alarms(w, OFFICER, "waits"), 0);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_released_letter_has_its_effect_once_and_its_sender_is_told),
        cmocka_unit_test(a_letter_is_released_when_its_sender_is_a_member_again),
        cmocka_unit_test(a_discarded_letter_never_has_an_effect),
        cmocka_unit_test(a_letter_of_a_member_that_was_revoked_can_only_be_discarded),
        cmocka_unit_test(a_released_void_voids_what_it_names),
        cmocka_unit_test(a_letter_that_its_sender_withdrew_cannot_be_released),
        cmocka_unit_test(the_owner_of_a_letter_is_told_at_1_7_and_35_days),
        cmocka_unit_test(a_clock_that_jumped_tells_no_owner_anything),
    };
    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
