/* SPDX-License-Identifier: Apache-2.0
 *
 * facts: one row that survives a start, and a count that goes up once a transaction and never back.
 */
#include "facts.h"
#include "post_kit.h"

struct bench {
    struct post_kit kit;
    struct facts *facts;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(facts_open(bench->kit.db, &bench->facts, NULL));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    facts_close(&bench->facts);
    assert_null(bench->facts);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static void commit(struct bench *bench)
{
    assert_ok(db_commit(bench->kit.db));
    facts_committed(bench->facts);
    assert_ok(db_begin(bench->kit.db));
}

static void reopen(struct bench *bench)
{
    facts_close(&bench->facts);
    assert_ok(facts_open(bench->kit.db, &bench->facts, NULL));
}

static void assert_row(const struct facts_row *is, const struct facts_row *wanted)
{
    assert_true(is->state_count == wanted->state_count);
    assert_true(is->heartbeat_number == wanted->heartbeat_number);
    assert_true(is->bundle_number == wanted->bundle_number);
    assert_true(ident_equal(&is->store_id, &wanted->store_id));
    assert_true(is->bundles_mark == wanted->bundles_mark);
    assert_int_equal(is->bundles_ms, wanted->bundles_ms);
    assert_int_equal(is->bundles_skipped, wanted->bundles_skipped);
    assert_int_equal(is->emptied_ms, wanted->emptied_ms);
    assert_int_equal(is->restored_ms, wanted->restored_ms);
    assert_int_equal(is->welcome_ms, wanted->welcome_ms);
    assert_true(is->roster_version == wanted->roster_version);
}

static void facts__begin_with_zeros_and_without_a_bundle(void **state)
{
    struct bench *bench = *state;
    struct facts_row zero = {0};
    struct buffer bundle;
    buffer_init(&bundle, 100);
    assert_row(facts_get(bench->facts), &zero);
    assert_status(facts_bundle(bench->facts, &bundle), STATUS_NOT_FOUND);
    buffer_release(&bundle);
}

/* Every column by itself, with the greatest numbers that peers can name. */
static void facts__are_found_again_as_they_were_put(void **state)
{
    struct bench *bench = *state;
    struct facts_row row = {.state_count = 1,
        .heartbeat_number = UINT64_MAX,
        .store_id = post_kit_ident(3),
        .bundles_mark = UINT64_MAX - 1,
        .bundles_ms = 5,
        .bundles_skipped = true,
        .emptied_ms = 7,
        .restored_ms = 8,
        .welcome_ms = 9,
        .roster_version = (uint64_t)INT64_MAX + 1};
    assert_ok(facts_put(bench->facts, &row));
    assert_row(facts_get(bench->facts), &row);
    reopen(bench);
    assert_row(facts_get(bench->facts), &row);
}

static void facts__of_a_turn_that_was_rolled_back_are_as_before(void **state)
{
    struct bench *bench = *state;
    struct facts_row row = *facts_get(bench->facts);
    row.welcome_ms = 1;
    assert_ok(facts_put(bench->facts, &row));
    commit(bench);
    row.welcome_ms = 2;
    assert_ok(facts_put(bench->facts, &row));
    assert_ok(facts_count(bench->facts));
    post_kit_mend(&bench->kit);
    assert_ok(facts_reload(bench->facts));
    assert_int_equal(facts_get(bench->facts)->welcome_ms, 1);
    assert_int_equal(facts_get(bench->facts)->state_count, 0);
    assert_ok(facts_count(bench->facts)); /* what was counted in that turn was not */
    assert_int_equal(facts_get(bench->facts)->state_count, 1);
}

static void facts__count_once_a_transaction(void **state)
{
    struct bench *bench = *state;
    for (uint64_t turn = 1; turn <= 3; turn++) {
        for (int i = 0; i < 5; i++)
            assert_ok(facts_count(bench->facts));
        assert_int_equal(facts_get(bench->facts)->state_count, turn);
        commit(bench);
    }
    reopen(bench);
    assert_int_equal(facts_get(bench->facts)->state_count, 3);
}

/* A copy that was taken before a change was counted must not undo the count. */
static void facts__put_never_sets_the_count_back(void **state)
{
    struct bench *bench = *state;
    struct facts_row row = *facts_get(bench->facts);
    assert_ok(facts_count(bench->facts));
    row.heartbeat_number = 4;
    assert_ok(facts_put(bench->facts, &row));
    assert_int_equal(facts_get(bench->facts)->state_count, 1);
    assert_int_equal(facts_get(bench->facts)->heartbeat_number, 4);
    reopen(bench);
    assert_int_equal(facts_get(bench->facts)->state_count, 1);
    row.state_count = 900; /* after a restore it jumps */
    assert_ok(facts_put(bench->facts, &row));
    reopen(bench);
    assert_int_equal(facts_get(bench->facts)->state_count, 900);
}

static void facts__keep_the_bundle_with_its_number(void **state)
{
    struct bench *bench = *state;
    struct facts_row row = {.bundle_number = 99};
    struct buffer bundle;
    buffer_init(&bundle, 100);
    assert_ok(facts_put_bundle(bench->facts, 7, span_text("first")));
    assert_ok(facts_put_bundle(bench->facts, 8, span_text("second")));
    assert_int_equal(facts_get(bench->facts)->bundle_number, 8);
    assert_ok(buffer_put(&bundle, "|", 1)); /* appended */
    assert_ok(facts_bundle(bench->facts, &bundle));
    assert_span(buffer_span(&bundle), span_text("|second"));
    assert_ok(facts_put(bench->facts, &row)); /* does not touch it, here or on the disk */
    assert_int_equal(facts_get(bench->facts)->bundle_number, 8);
    reopen(bench);
    assert_int_equal(facts_get(bench->facts)->bundle_number, 8);
    buffer_release(&bundle);
}

static void facts__do_not_give_a_bundle_that_the_buffer_cannot_hold(void **state)
{
    struct bench *bench = *state;
    struct buffer tiny;
    buffer_init(&tiny, 3);
    assert_ok(facts_put_bundle(bench->facts, 1, span_text("four")));
    assert_status(facts_bundle(bench->facts, &tiny), STATUS_TOO_BIG);
    assert_int_equal(tiny.used, 0);
    buffer_release(&tiny);
}

static void facts__without_their_row_or_with_a_wrong_name_are_corrupt(void **state)
{
    struct bench *bench = *state;
    struct facts *second = NULL;
    struct facts_row before = *facts_get(bench->facts);
    post_kit_run(&bench->kit, "UPDATE post_facts SET store_id = x'0102'");
    assert_status(facts_reload(bench->facts), STATUS_CORRUPT);
    post_kit_run(&bench->kit, "DELETE FROM post_facts");
    assert_status(facts_reload(bench->facts), STATUS_CORRUPT);
    assert_status(facts_open(bench->kit.db, &second, NULL), STATUS_CORRUPT);
    assert_null(second);
    assert_row(facts_get(bench->facts), &before);
}

static void facts__need_their_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct facts *facts = NULL;
    struct trouble trouble = {""};
    post_kit_open_bare(&kit);
    assert_status(facts_open(kit.db, &facts, &trouble), STATUS_CORRUPT);
    assert_null(facts);
    assert_holds(trouble.text, "post_facts");
    facts_close(&facts); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct facts_row before = *facts_get(bench->facts), row = before;
    struct buffer bundle;
    buffer_init(&bundle, 100);
    row.welcome_ms = 99;
    assert_status(facts_put(bench->facts, &row), wanted);
    assert_status(facts_count(bench->facts), wanted);
    assert_status(facts_bundle(bench->facts, &bundle), wanted);
    assert_status(facts_put_bundle(bench->facts, 5, span_text("x")), wanted);
    assert_status(facts_reload(bench->facts), wanted);
    assert_row(facts_get(bench->facts), &before);
    assert_int_equal(bundle.used, 0);
    buffer_release(&bundle);
}

static void facts__say_what_the_disk_says_and_change_nothing(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void facts__are_read_in_one_step(void **state)
{
    (void)state;
    static const struct post_kit_excuse excuses[] = {
        {"post_facts", "SCAN post_facts", "has one row"}};
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(facts__begin_with_zeros_and_without_a_bundle),
        TEST(facts__are_found_again_as_they_were_put),
        TEST(facts__of_a_turn_that_was_rolled_back_are_as_before),
        TEST(facts__count_once_a_transaction),
        TEST(facts__put_never_sets_the_count_back),
        TEST(facts__keep_the_bundle_with_its_number),
        TEST(facts__do_not_give_a_bundle_that_the_buffer_cannot_hold),
        TEST(facts__without_their_row_or_with_a_wrong_name_are_corrupt),
        cmocka_unit_test(facts__need_their_table),
        TEST(facts__say_what_the_disk_says_and_change_nothing),
        TEST(facts__are_read_in_one_step),
    };
    return cmocka_run_group_tests_name("post_facts", tests, NULL, NULL);
}
