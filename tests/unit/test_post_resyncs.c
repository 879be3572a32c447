/* SPDX-License-Identifier: Apache-2.0
 *
 * resyncs: what is to be asked and answered after a loss, and letters that nobody here knows.
 */
#include "clock.h"
#include "post_kit.h"
#include "resyncs.h"

struct bench {
    struct post_kit kit;
    struct resyncs *resyncs;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(resyncs_open(bench->kit.db, &bench->resyncs, NULL));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    resyncs_close(&bench->resyncs);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static struct resync_row make_row(unsigned n)
{
    return (struct resync_row){.peer = post_kit_ident(n),
        .begun_ms = 1,
        .asking = true,
        .asked = true,
        .next_ms = 100 * n,
        .lost_since_ms = 3,
        .known_epoch = UINT32_MAX,
        .known_seq = 5,
        .told_ms = 60 + n,
        .told_since_ms = 7,
        .signed_ms = 8,
        .answered_ms = 10,
        .its_epoch = 11,
        .its_seq = 12};
}

static void resyncs__are_found_again_as_they_were_put(void **state)
{
    struct bench *bench = *state;
    struct resync_row row = make_row(1), back;
    struct ident stranger = post_kit_ident(9);
    assert_ok(resyncs_put(bench->resyncs, &row));
    assert_ok(resyncs_find(bench->resyncs, &row.peer, &back));
    assert_true(back.begun_ms == row.begun_ms && back.asking && back.asked &&
                back.next_ms == row.next_ms && back.lost_since_ms == row.lost_since_ms &&
                back.known_epoch == row.known_epoch && back.known_seq == row.known_seq &&
                back.told_ms == row.told_ms && back.told_since_ms == row.told_since_ms &&
                back.signed_ms == row.signed_ms && back.answer_ms == 0 &&
                back.answered_ms == row.answered_ms && back.its_epoch == row.its_epoch &&
                back.its_seq == row.its_seq);
    assert_ok(resyncs_find(bench->resyncs, &stranger, &back));
    assert_true(back.begun_ms == 0 && back.told_ms == 0 && !back.asking);
    assert_true(ident_equal(&back.peer, &stranger));
}

static void resyncs__are_due_when_their_time_has_come_or_is_far_ahead(void **state)
{
    struct bench *bench = *state;
    struct ident first = {{0}};
    struct resync_row row, due;
    for (unsigned n = 1; n <= 3; n++) {
        row = make_row(n);
        assert_ok(resyncs_put(bench->resyncs, &row));
    }
    assert_status(resyncs_next_due(bench->resyncs, &first, 99, &due), STATUS_NOT_FOUND);
    assert_ok(resyncs_next_due(bench->resyncs, &first, 100, &due));
    assert_int_equal(due.next_ms, 100);
    row = make_row(2); /* a clock that was set back */
    row.next_ms = 30 * DAY_MS;
    assert_ok(resyncs_put(bench->resyncs, &row));
    assert_ok(resyncs_next_due(bench->resyncs, &first, 99, &due));
    assert_true(ident_equal(&due.peer, &row.peer));
    assert_status(
        resyncs_next_due(bench->resyncs, &due.peer, 99, &due), STATUS_NOT_FOUND);
    row.asking = false;
    assert_ok(resyncs_put(bench->resyncs, &row));
    assert_status(resyncs_next_due(bench->resyncs, &first, 99, &due), STATUS_NOT_FOUND);
    row.answer_ms = 50;
    assert_ok(resyncs_put(bench->resyncs, &row));
    assert_ok(resyncs_next_due(bench->resyncs, &first, 50, &due));
    assert_int_equal(due.answer_ms, 50);
}

static void resyncs__list_who_told_of_a_loss_the_newest_first(void **state)
{
    struct bench *bench = *state;
    struct post_loss told[2];
    size_t n = 9;
    assert_ok(resyncs_told(bench->resyncs, told, 2, &n));
    assert_int_equal(n, 0);
    for (unsigned i = 1; i <= 3; i++) {
        struct resync_row row = make_row(i);
        assert_ok(resyncs_put(bench->resyncs, &row));
    }
    assert_ok(resyncs_told(bench->resyncs, told, 2, &n));
    assert_int_equal(n, 2);
    assert_int_equal(told[0].told_ms, 63);
    assert_int_equal(told[1].told_ms, 62);
    assert_int_equal(told[0].lost_since_ms, 7);
}

static void resyncs__keep_so_many_unknown_letters_of_one_member_and_no_more(void **state)
{
    struct bench *bench = *state;
    struct post_unknown unknown = {.peer = post_kit_ident(1),
        .item_id = post_kit_ident(5),
        .chain_epoch = 3,
        .link = post_kit_hash(4),
        .kind = 1,
        .at_ms = 6};
    for (unsigned i = 1; i <= RESYNC_UNKNOWN_MAX; i++) {
        unknown.pair_seq = i;
        assert_ok(resyncs_put_unknown(bench->resyncs, &unknown));
    }
    unknown.pair_seq++;
    assert_status(resyncs_put_unknown(bench->resyncs, &unknown), STATUS_TOO_BIG);
    unknown.peer = post_kit_ident(2); /* another member's are its own affair */
    assert_ok(resyncs_put_unknown(bench->resyncs, &unknown));
    assert_status(resyncs_put_unknown(bench->resyncs, &unknown), STATUS_EXISTS);
    struct post_unknown list[3];
    size_t n = 0;
    assert_ok(resyncs_unknowns(bench->resyncs, 0, list, 3, &n));
    assert_int_equal(n, 3);
    assert_true(list[2].pair_seq == 3 && list[2].chain_epoch == 3 && list[2].kind == 1);
    assert_true(ident_equal(&list[2].item_id, &unknown.item_id));
    assert_true(hash_equal(&list[2].link, &unknown.link));
    assert_ok(resyncs_unknowns(bench->resyncs, RESYNC_UNKNOWN_MAX, list, 3, &n));
    assert_int_equal(n, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(resyncs__are_found_again_as_they_were_put),
        TEST(resyncs__are_due_when_their_time_has_come_or_is_far_ahead),
        TEST(resyncs__list_who_told_of_a_loss_the_newest_first),
        TEST(resyncs__keep_so_many_unknown_letters_of_one_member_and_no_more),
    };
    return cmocka_run_group_tests_name("resyncs", tests, NULL, NULL);
}
