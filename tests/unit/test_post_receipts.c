/* SPDX-License-Identifier: Apache-2.0
 *
 * receipts: owed until the broker holds them, up to six of one member together (PROTOCOL.md 1.5).
 */
#include "post_kit.h"
#include "receipts.h"

enum { SKIPPED_MAX = 8 };

struct bench {
    struct post_kit kit;
    struct receipts *receipts;
    int64_t ids[SKIPPED_MAX]; /* to be skipped */
    unsigned peers[SKIPPED_MAX];
    size_t n_ids, n_peers;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(receipts_open(bench->kit.db, &bench->receipts, NULL));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    receipts_close(&bench->receipts);
    assert_null(bench->receipts);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static bool is_skipped(void *context, int64_t id, const struct ident *peer)
{
    const struct bench *bench = context;
    for (size_t i = 0; i < bench->n_ids; i++)
        if (bench->ids[i] == id)
            return true;
    for (size_t i = 0; i < bench->n_peers; i++) {
        struct ident skipped = post_kit_ident(bench->peers[i]);
        if (ident_equal(&skipped, peer))
            return true;
    }
    return false;
}

static void owe(struct bench *bench, unsigned peer, uint8_t mark)
{
    struct ident ident = post_kit_ident(peer);
    uint8_t receipt[RECEIPT_BYTES];
    memset(receipt, mark, sizeof receipt);
    assert_ok(receipts_owe(bench->receipts, &ident, receipt));
}

static struct receipts_batch next(struct bench *bench)
{
    struct receipts_batch batch;
    assert_ok(receipts_next(bench->receipts, is_skipped, bench, &batch));
    return batch;
}

/* The batch is of this peer and holds receipts with these marks. */
static void assert_batch(
    const struct receipts_batch *batch, unsigned peer, const char *marks)
{
    struct ident ident = post_kit_ident(peer);
    assert_int_equal(batch->n, strlen(marks));
    assert_true(ident_equal(&batch->peer, &ident));
    for (size_t i = 0; i < batch->n; i++) {
        assert_int_equal(batch->bytes[i][0], marks[i]);
        assert_int_equal(batch->bytes[i][RECEIPT_BYTES - 1], marks[i]);
        if (i > 0)
            assert_true(batch->ids[i] > batch->ids[i - 1]);
    }
}

static void receipts__without_a_debt_give_an_empty_batch(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(next(bench).n, 0);
}

static void receipts__of_one_member_travel_together_up_to_six(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < 8; i++)
        owe(bench, 1, (uint8_t)('a' + i));
    struct receipts_batch batch = next(bench);
    assert_batch(&batch, 1, "abcdef");
    for (size_t i = 0; i < batch.n; i++)
        assert_ok(receipts_said(bench->receipts, batch.ids[i]));
    batch = next(bench);
    assert_batch(&batch, 1, "gh");
    batch = next(bench); /* owed until they were said */
    assert_batch(&batch, 1, "gh");
}

static void receipts__of_the_oldest_debt_come_first(void **state)
{
    struct bench *bench = *state;
    owe(bench, 2, 'a');
    owe(bench, 1, 'b');
    owe(bench, 2, 'c');
    owe(bench, 3, 'd');
    struct receipts_batch batch = next(bench);
    assert_batch(&batch, 2, "ac");
}

static void receipts__under_way_and_of_members_out_of_reach_are_skipped(void **state)
{
    struct bench *bench = *state;
    owe(bench, 1, 'a');
    owe(bench, 2, 'b');
    owe(bench, 1, 'c');
    owe(bench, 3, 'd');
    owe(bench, 2, 'e');
    struct receipts_batch batch = next(bench);
    assert_batch(&batch, 1, "ac");
    bench->ids[0] = batch.ids[0];
    bench->n_ids = 1;
    batch = next(bench);
    assert_batch(&batch, 2, "be");
    bench->peers[0] = 2;
    bench->n_peers = 1;
    batch = next(bench);
    assert_batch(&batch, 1, "c");
    bench->peers[1] = 1;
    bench->n_peers = 2;
    batch = next(bench);
    assert_batch(&batch, 3, "d");
    bench->peers[2] = 3;
    bench->n_peers = 3;
    assert_int_equal(next(bench).n, 0);
}

static void receipts__may_be_said_twice(void **state)
{
    struct bench *bench = *state;
    owe(bench, 1, 'a');
    struct receipts_batch batch = next(bench);
    assert_ok(receipts_said(bench->receipts, batch.ids[0]));
    assert_ok(receipts_said(bench->receipts, batch.ids[0]));
    assert_int_equal(next(bench).n, 0);
    owe(bench, 1,
        'b'); /* a number is never given twice: an old answer says nothing of it */
    assert_true(next(bench).ids[0] > batch.ids[0]);
}

static void receipts__with_broken_rows_are_corrupt(void **state)
{
    struct bench *bench = *state;
    struct receipts_batch batch = {.n = 77};
    owe(bench, 1, 'a');
    owe(bench, 1, 'b');
    post_kit_run(&bench->kit, "UPDATE post_owed SET receipt = x'00' WHERE id = 2");
    assert_status(
        receipts_next(bench->receipts, is_skipped, bench, &batch), STATUS_CORRUPT);
    post_kit_run(&bench->kit, "UPDATE post_owed SET peer = x'00' WHERE id = 1");
    assert_status(
        receipts_next(bench->receipts, is_skipped, bench, &batch), STATUS_CORRUPT);
    assert_int_equal(batch.n, 77);
}

static void receipts__need_their_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct receipts *receipts = NULL;
    post_kit_open_bare(&kit);
    assert_status(receipts_open(kit.db, &receipts, NULL), STATUS_CORRUPT);
    assert_null(receipts);
    receipts_close(&receipts); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct ident peer = post_kit_ident(1);
    static const uint8_t receipt[RECEIPT_BYTES];
    struct receipts_batch batch = {.n = 77};
    assert_status(receipts_owe(bench->receipts, &peer, receipt), wanted);
    assert_status(receipts_next(bench->receipts, is_skipped, bench, &batch), wanted);
    assert_status(receipts_said(bench->receipts, 1), wanted);
    assert_int_equal(batch.n, 77);
}

static void receipts__say_what_the_disk_says(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void receipts__are_walked_from_the_oldest_until_six_are_found(void **state)
{
    (void)state;
    static const struct post_kit_excuse excuses[] = {{"ORDER BY id", "SCAN post_owed",
        "stops at six of one member; holds what is owed"}};
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(receipts__without_a_debt_give_an_empty_batch),
        TEST(receipts__of_one_member_travel_together_up_to_six),
        TEST(receipts__of_the_oldest_debt_come_first),
        TEST(receipts__under_way_and_of_members_out_of_reach_are_skipped),
        TEST(receipts__may_be_said_twice),
        TEST(receipts__with_broken_rows_are_corrupt),
        cmocka_unit_test(receipts__need_their_table),
        TEST(receipts__say_what_the_disk_says),
        TEST(receipts__are_walked_from_the_oldest_until_six_are_found),
    };
    return cmocka_run_group_tests_name("post_receipts", tests, NULL, NULL);
}
