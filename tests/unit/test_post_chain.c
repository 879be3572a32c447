/* SPDX-License-Identifier: Apache-2.0
 *
 * chain: the head moves over what is settled and never back; what lies between is missing (PROTOCOL.md 2.6).
 */
#include "chain.h"
#include "inbox.h"
#include "plans.h"
#include "post_kit.h"

enum { EPOCH = 200000000 };

struct bench {
    struct post_kit kit;
    struct chain *chain;
    struct inbox *inbox;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(chain_open(bench->kit.db, &bench->chain, NULL));
    assert_ok(inbox_open(bench->kit.db, &bench->inbox, NULL));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    chain_close(&bench->chain);
    assert_null(bench->chain);
    inbox_close(&bench->inbox);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static struct chain_row make_row(
    unsigned peer, uint32_t epoch, uint64_t head, uint64_t highest)
{
    return (struct chain_row){.peer = post_kit_ident(peer),
        .epoch = epoch,
        .head = head,
        .head_link = post_kit_hash((unsigned)head),
        .highest = highest,
        .made_ms = 1000 + epoch,
        .gap_ms = 5,
        .gap_stage = GAP_SHOWN};
}

static void put(
    struct bench *bench, unsigned peer, uint32_t epoch, uint64_t head, uint64_t highest)
{
    struct chain_row row = make_row(peer, epoch, head, highest);
    assert_ok(chain_put(bench->chain, &row));
}

static struct chain_row find(struct bench *bench, unsigned peer, uint32_t epoch)
{
    struct chain_row row;
    struct ident ident = post_kit_ident(peer);
    assert_ok(chain_find(bench->chain, &ident, epoch, &row));
    return row;
}

/* A number with its row in the inbox; its link is post_kit_hash(seq). */
static void arrive(struct bench *bench, unsigned peer, uint32_t epoch, uint64_t seq,
    enum settled_how how)
{
    struct inbox_letter letter = {.peer = post_kit_ident(peer),
        .epoch = epoch,
        .seq = seq,
        .link = post_kit_hash((unsigned)seq),
        .item_id = post_kit_ident((unsigned)seq),
        .kind = 1,
        .state = how == SETTLED_NOT ? INBOX_DUE : INBOX_SETTLED,
        .how = how};
    assert_ok(inbox_put(bench->inbox, &letter, span_text("body")));
}

static void assert_row(const struct chain_row *is, const struct chain_row *wanted)
{
    assert_true(ident_equal(&is->peer, &wanted->peer));
    assert_true(is->epoch == wanted->epoch);
    assert_true(is->head == wanted->head);
    assert_true(hash_equal(&is->head_link, &wanted->head_link));
    assert_true(is->highest == wanted->highest);
    assert_int_equal(is->made_ms, wanted->made_ms);
    assert_int_equal(is->gap_ms, wanted->gap_ms);
    assert_int_equal(is->gap_stage, wanted->gap_stage);
}

static void chain__is_found_again_as_it_was_put(void **state)
{
    struct bench *bench = *state;
    struct ident nobody = post_kit_ident(2);
    struct chain_row row, wanted = make_row(1, UINT32_MAX, 5, 9);
    assert_ok(chain_put(bench->chain, &wanted));
    row = find(bench, 1, UINT32_MAX);
    assert_row(&row, &wanted);
    assert_status(
        chain_find(bench->chain, &wanted.peer, UINT32_MAX - 1, &row), STATUS_NOT_FOUND);
    assert_status(chain_find(bench->chain, &nobody, UINT32_MAX, &row), STATUS_NOT_FOUND);
    assert_row(&row, &wanted);
    wanted.head = 6;
    wanted.highest = UINT64_MAX;
    wanted.gap_stage = GAP_ALARMED;
    assert_ok(chain_put(bench->chain, &wanted));
    row = find(bench, 1, UINT32_MAX);
    assert_row(&row, &wanted);
    wanted.made_ms++; /* when it was made stays */
    assert_ok(chain_put(bench->chain, &wanted));
    assert_int_equal(find(bench, 1, UINT32_MAX).made_ms, wanted.made_ms - 1);
}

/* The drawing of the header: 1 2 3 4 5 . 7 8 . 10 */
static void chain__advances_over_what_is_settled_and_no_further(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 0, 10);
    static const uint64_t there[] = {1, 2, 3, 4, 5, 7, 8, 10};
    for (size_t i = 0; i < ARRAY_LENGTH(there); i++)
        arrive(bench, 1, EPOCH, there[i], SETTLED_STORED);
    arrive(bench, 2, EPOCH, 6, SETTLED_STORED);     /* another's */
    arrive(bench, 1, EPOCH + 1, 6, SETTLED_STORED); /* another epoch's */
    assert_ok(chain_advance(bench->chain, &row));
    assert_int_equal(row.head, 5);
    struct hash link = post_kit_hash(5);
    assert_true(hash_equal(&row.head_link, &link));
    assert_int_equal(row.highest, 10);
    assert_int_equal(row.gap_stage, GAP_QUIET); /* another gap now, with its own time */
    assert_int_equal(row.gap_ms, 0);
    struct chain_row kept = find(bench, 1, EPOCH);
    assert_row(&kept, &row);
    struct number_range missing[4];
    size_t n = 0;
    assert_ok(chain_missing(bench->chain, &row, missing, 4, &n));
    assert_int_equal(n, 2);
    assert_true(missing[0].first == 6 && missing[0].last == 6);
    assert_true(missing[1].first == 9 && missing[1].last == 9);
}

static void chain__keeps_the_time_of_a_gap_that_did_not_move(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 5, 8);
    arrive(bench, 1, EPOCH, 8, SETTLED_STORED);
    assert_ok(chain_advance(bench->chain, &row));
    assert_int_equal(row.head, 5);
    assert_int_equal(row.gap_ms, 5);
    assert_int_equal(row.gap_stage, GAP_SHOWN);
}

static void chain__settles_whatever_a_row_says_but_not_what_is_only_due(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 0, 8);
    for (int how = SETTLED_STORED; how <= SETTLED_AGAIN; how++)
        arrive(bench, 1, EPOCH, (uint64_t)how, (enum settled_how)how);
    arrive(bench, 1, EPOCH, 8, SETTLED_NOT);
    assert_ok(chain_advance(bench->chain, &row));
    assert_int_equal(row.head, SETTLED_AGAIN);
}

static void chain__of_which_nothing_is_settled_stays_and_never_goes_back(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 7, 7);
    assert_ok(chain_advance(bench->chain, &row));
    assert_int_equal(row.head, 7);
    assert_int_equal(row.highest, 7);
    row.highest = 3; /* of a caller that was wrong */
    assert_ok(chain_advance(bench->chain, &row));
    assert_int_equal(row.head, 7);
    assert_int_equal(row.highest, 7);
}

static void chain__advances_over_a_window_in_one_go(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 0, CHAIN_WINDOW);
    for (uint64_t seq = CHAIN_WINDOW; seq > 1; seq--)
        arrive(bench, 1, EPOCH, seq, SETTLED_STORED);
    assert_ok(chain_advance(bench->chain, &row));
    assert_int_equal(row.head, 0);
    arrive(bench, 1, EPOCH, 1, SETTLED_STORED);
    assert_ok(chain_advance(bench->chain, &row));
    assert_int_equal(row.head, CHAIN_WINDOW);
}

/* ---- missing ---- */

static void assert_missing(struct bench *bench, uint64_t head, uint64_t highest,
    const uint64_t *wanted, size_t n_wanted)
{
    struct chain_row row = make_row(1, EPOCH, head, highest);
    struct number_range missing[8];
    size_t n = 77;
    assert_ok(chain_missing(bench->chain, &row, missing, ARRAY_LENGTH(missing), &n));
    assert_int_equal(n, n_wanted);
    for (size_t i = 0; i < n; i++) {
        assert_true(missing[i].first == wanted[2 * i]);
        assert_true(missing[i].last == wanted[2 * i + 1]);
    }
}

static void chain__misses_every_number_without_a_row_between_head_and_highest(
    void **state)
{
    struct bench *bench = *state;
    assert_missing(bench, 0, 0, NULL, 0);
    assert_missing(bench, 3, 3, NULL, 0);
    static const uint64_t all[] = {1, 9};
    assert_missing(bench, 0, 9, all, 1);
    arrive(bench, 1, EPOCH, 9, SETTLED_STORED);
    static const uint64_t to_8[] = {1, 8};
    assert_missing(bench, 0, 9, to_8, 1);
    arrive(bench, 1, EPOCH, 1, SETTLED_STORED);
    arrive(bench, 1, EPOCH, 4, SETTLED_LATE);
    arrive(bench, 1, EPOCH, 5, SETTLED_VOID);
    static const uint64_t parts[] = {2, 3, 6, 8};
    assert_missing(bench, 1, 9, parts, 2);
    static const uint64_t more[] = {2, 3, 6, 8, 10, 20};
    assert_missing(bench, 1, 20, more, 3);
    static const uint64_t above[] = {6, 8};
    assert_missing(bench, 5, 9, above, 1);
}

/* It came, and its effect will be made: asking for it, or giving it up as lost, would be wrong. */
static void chain__does_not_miss_what_came_and_is_due(void **state)
{
    struct bench *bench = *state;
    arrive(bench, 1, EPOCH, 1, SETTLED_NOT);
    arrive(bench, 1, EPOCH, 3, SETTLED_STORED);
    static const uint64_t wanted[] = {2, 2};
    assert_missing(bench, 0, 3, wanted, 1);
}

static void chain__says_no_more_ranges_than_were_asked_for(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 0, 100);
    struct number_range missing[HEARTBEAT_RANGES_MAX];
    size_t n = 77;
    for (uint64_t seq = 2; seq <= 100; seq += 2)
        arrive(bench, 1, EPOCH, seq, SETTLED_STORED);
    assert_ok(chain_missing(bench->chain, &row, missing, HEARTBEAT_RANGES_MAX, &n));
    assert_int_equal(n, HEARTBEAT_RANGES_MAX);
    for (size_t i = 0; i < n; i++)
        assert_true(missing[i].first == 2 * i + 1 && missing[i].last == 2 * i + 1);
    assert_ok(chain_missing(bench->chain, &row, missing, 0, &n));
    assert_int_equal(n, 0);
}

/* What a heartbeat says must be one that the other side can read. */
static void chain__misses_what_a_heartbeat_can_carry(void **state)
{
    struct bench *bench = *state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 5);
    uint8_t bytes[HEARTBEAT_BYTES_MAX];
    for (uint64_t seq = 2; seq <= 60; seq++)
        if (chance_below(chance, 3) == 0)
            arrive(bench, 1, EPOCH, seq,
                chance_below(chance, 2) ? SETTLED_STORED : SETTLED_NOT);
    for (uint64_t highest = 60; highest < 63; highest++) {
        struct chain_row row = make_row(1, EPOCH, 0, highest);
        struct heartbeat beat = {.number = 1,
                             .my_epoch = 1,
                             .my_last = 1,
                             .your_epoch = EPOCH},
                         heard;
        struct writer writer = writer_over(bytes, sizeof bytes);
        uint64_t seen = 0;
        assert_ok(chain_missing(
            bench->chain, &row, beat.missing, HEARTBEAT_RANGES_MAX, &beat.n_missing));
        assert_true(beat.n_missing > 3);
        assert_ok(chain_seen(bench->chain, &row, &seen));
        assert_true(seen <= 60);
        beat.highest_seen = highest + 1; /* above every missing one */
        heartbeat_encode(&beat, &writer);
        assert_ok(heartbeat_decode(writer_span(&writer), &heard));
    }
}

static void chain__has_seen_the_highest_number_that_came(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 3, 50);
    uint64_t seen = 77;
    assert_ok(chain_seen(bench->chain, &row, &seen));
    assert_int_equal(seen, 3);
    arrive(bench, 1, EPOCH, 2, SETTLED_STORED);
    assert_ok(chain_seen(bench->chain, &row, &seen));
    assert_int_equal(seen, 3);
    arrive(bench, 1, EPOCH, 9, SETTLED_NOT);
    arrive(bench, 1, EPOCH + 1, 20, SETTLED_STORED);
    arrive(bench, 2, EPOCH, 30, SETTLED_STORED);
    assert_ok(chain_seen(bench->chain, &row, &seen));
    assert_int_equal(seen, 9);
}

/* ---- epochs and gaps ---- */

static void chain__counts_the_epochs_that_a_member_opened_since(void **state)
{
    struct bench *bench = *state;
    struct ident peer = post_kit_ident(1);
    int64_t n = -1;
    for (uint32_t epoch = 1; epoch <= 5; epoch++)
        put(bench, 1, epoch, 0, 0); /* made at 1000 + epoch */
    put(bench, 2, 9, 0, 0);
    assert_ok(chain_epochs_since(bench->chain, &peer, 0, &n));
    assert_int_equal(n, 5);
    assert_ok(chain_epochs_since(bench->chain, &peer, 1003, &n));
    assert_int_equal(n, 2);
    assert_ok(chain_epochs_since(bench->chain, &peer, 1005, &n));
    assert_int_equal(n, 0);
}

static void chain__speaks_of_an_epoch_with_a_gap_first_else_of_the_newest(void **state)
{
    struct bench *bench = *state;
    struct ident peer = post_kit_ident(1), other = post_kit_ident(2);
    struct chain_row row;
    put(bench, 1, 10, 5, 5);
    put(bench, 1, 30, 5, 5);
    put(bench, 1, 20, 5, 5);
    put(bench, 3, 90, 5, 9);
    assert_ok(chain_spoken(bench->chain, &peer, &row));
    assert_int_equal(row.epoch, 30);
    put(bench, 1, 10, 5, 6);
    assert_ok(chain_spoken(bench->chain, &peer, &row));
    assert_int_equal(row.epoch, 10);
    put(bench, 1, 20, 5, 6);
    assert_ok(chain_spoken(bench->chain, &peer, &row));
    assert_int_equal(row.epoch, 20);
    assert_status(chain_spoken(bench->chain, &other, &row), STATUS_NOT_FOUND);
}

static void chain__gives_the_epochs_of_a_member_from_the_newest_down(void **state)
{
    struct bench *bench = *state;
    struct ident peer = post_kit_ident(1);
    struct chain_row row;
    put(bench, 1, 5, 1, 1);
    put(bench, 1, 9, 2, 2);
    put(bench, 2, 7, 3, 3);
    assert_ok(chain_before(bench->chain, &peer, UINT32_MAX, &row));
    assert_int_equal(row.epoch, 9);
    assert_ok(chain_before(bench->chain, &peer, row.epoch, &row));
    assert_int_equal(row.epoch, 5);
    assert_status(chain_before(bench->chain, &peer, row.epoch, &row), STATUS_NOT_FOUND);
}

static void chain__walks_over_every_gap_and_nothing_else(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = {.epoch = 0};
    static const struct {
        unsigned peer;
        uint32_t epoch;
    } gaps[] = {{1, 5}, {1, 7}, {2, 1}, {300, 4}};
    assert_status(chain_next_gap(bench->chain, &row, &row), STATUS_NOT_FOUND);
    put(bench, 1, 6, 4, 4);
    put(bench, 5, 6, 4, 4);
    for (size_t i = ARRAY_LENGTH(gaps); i > 0; i--)
        put(bench, gaps[i - 1].peer, gaps[i - 1].epoch, 4, 5);
    for (size_t i = 0; i < ARRAY_LENGTH(gaps); i++) {
        struct ident peer = post_kit_ident(gaps[i].peer);
        assert_ok(chain_next_gap(bench->chain, &row, &row));
        assert_true(ident_equal(&row.peer, &peer));
        assert_int_equal(row.epoch, gaps[i].epoch);
    }
    assert_status(chain_next_gap(bench->chain, &row, &row), STATUS_NOT_FOUND);
}

/* ---- failures ---- */

static void chain__with_broken_rows_is_corrupt(void **state)
{
    struct bench *bench = *state;
    struct chain_row row = make_row(1, EPOCH, 0, 9), before = row;
    arrive(bench, 1, EPOCH, 1, SETTLED_STORED);
    put(bench, 1, EPOCH, 0, 9);
    post_kit_run(&bench->kit, "UPDATE post_inbox SET link = x'00'");
    assert_status(chain_advance(bench->chain, &row), STATUS_CORRUPT);
    assert_row(&row, &before);
    post_kit_run(&bench->kit, "UPDATE post_chains SET head_link = x'00'");
    assert_status(chain_find(bench->chain, &before.peer, EPOCH, &row), STATUS_CORRUPT);
    post_kit_run(&bench->kit, "UPDATE post_chains SET peer = x'ff'");
    struct chain_row start = {.epoch = 0};
    assert_status(chain_next_gap(bench->chain, &start, &row), STATUS_CORRUPT);
    assert_row(&row, &before);
}

static void chain__needs_its_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct chain *chain = NULL;
    post_kit_open_bare(&kit);
    assert_status(chain_open(kit.db, &chain, NULL), STATUS_CORRUPT);
    assert_null(chain);
    chain_close(&chain); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct chain_row row = make_row(1, EPOCH, 1, 9), before = row;
    struct number_range missing[4];
    size_t n = 7;
    uint64_t seen = 7;
    int64_t epochs = 7;
    assert_status(chain_find(bench->chain, &row.peer, EPOCH, &row), wanted);
    assert_status(chain_put(bench->chain, &row), wanted);
    assert_status(chain_advance(bench->chain, &row), wanted);
    assert_status(chain_missing(bench->chain, &row, missing, 4, &n), wanted);
    assert_status(chain_seen(bench->chain, &row, &seen), wanted);
    assert_status(chain_epochs_since(bench->chain, &row.peer, 0, &epochs), wanted);
    assert_status(chain_spoken(bench->chain, &row.peer, &row), wanted);
    assert_status(chain_next_gap(bench->chain, &row, &row), wanted);
    assert_row(&row, &before);
    assert_true(n == 7 && seen == 7 && epochs == 7);
}

static void chain__says_what_the_disk_says(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void chain__costs_what_it_finds(void **state)
{
    struct bench *bench = *state;
    static const struct post_kit_excuse excuses[] = {
        {"ORDER BY head < highest AND", "TEMP B-TREE", "the epochs of one member"}};
    inbox_close(&bench->inbox); /* has its own excuses */
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
    assert_ok(inbox_open(bench->kit.db, &bench->inbox, NULL));
    /* A long history below the head and many chains without a gap cost nothing. */
    for (uint64_t seq = 1; seq <= 1000; seq++)
        arrive(bench, 1, EPOCH, seq, SETTLED_STORED);
    for (unsigned peer = 0; peer < 1000; peer++)
        put(bench, peer, EPOCH, 1000, 1000);
    struct chain_row row = make_row(1, EPOCH, 1000, 1000), after = {.epoch = 0};
    struct number_range missing[4];
    size_t n;
    uint64_t seen;
    (void)plans_steps("post_");
    assert_ok(chain_advance(bench->chain, &row));
    assert_ok(chain_missing(bench->chain, &row, missing, 4, &n));
    assert_ok(chain_seen(bench->chain, &row, &seen));
    assert_status(chain_next_gap(bench->chain, &after, &row), STATUS_NOT_FOUND);
    assert_in_range(plans_steps("post_"), 1, 300);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(chain__is_found_again_as_it_was_put),
        TEST(chain__advances_over_what_is_settled_and_no_further),
        TEST(chain__keeps_the_time_of_a_gap_that_did_not_move),
        TEST(chain__settles_whatever_a_row_says_but_not_what_is_only_due),
        TEST(chain__of_which_nothing_is_settled_stays_and_never_goes_back),
        TEST(chain__advances_over_a_window_in_one_go),
        TEST(chain__misses_every_number_without_a_row_between_head_and_highest),
        TEST(chain__does_not_miss_what_came_and_is_due),
        TEST(chain__says_no_more_ranges_than_were_asked_for),
        TEST(chain__misses_what_a_heartbeat_can_carry),
        TEST(chain__has_seen_the_highest_number_that_came),
        TEST(chain__counts_the_epochs_that_a_member_opened_since),
        TEST(chain__speaks_of_an_epoch_with_a_gap_first_else_of_the_newest),
        TEST(chain__gives_the_epochs_of_a_member_from_the_newest_down),
        TEST(chain__walks_over_every_gap_and_nothing_else),
        TEST(chain__with_broken_rows_is_corrupt),
        cmocka_unit_test(chain__needs_its_table),
        TEST(chain__says_what_the_disk_says),
        TEST(chain__costs_what_it_finds),
    };
    return cmocka_run_group_tests_name("post_chain", tests, NULL, NULL);
}
