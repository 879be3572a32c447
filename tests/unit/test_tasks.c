/* SPDX-License-Identifier: Apache-2.0
 *
 * tasks: one for each good row, in order, boxed; a list is taken once.
 */
#include "tasks.h"

#include "care_kit.h"

static const char LIST[] =
    "flight_or_bus,date,sending_state,return_type,minor,care_need,rcms\n"
    "QX-9471,2026-11-26,DE,voluntary,no,no,\n"
    "QX-9471,2026-11-26,DE,eura-forced,unknown,no,RC4711\n"
    "QX-9471,2026-11-25,DE,voluntary,no,no,\n"
    "QX-9471,2026-11-26,DE,dfd,yes,no,\n";

struct bench {
    struct care_kit kit;
    struct tasks *tasks;
    struct arrivals *arrivals;
    struct hash list;
};

static void open_bench(struct bench *bench)
{
    struct box_key key = {{1}};

    memset(bench, 0, sizeof(*bench));
    care_kit_open(&bench->kit, 91);
    assert_ok(tasks_open(bench->kit.db, bench->kit.chance, &bench->tasks, NULL));
    tasks_unlock(bench->tasks, &bench->kit.master);
    assert_ok(arrivals_parse(span_text(LIST), &key, &bench->arrivals, NULL));
    bench->list = tasks_list_hash(bench->tasks, span_text(LIST));
    assert_ok(db_begin(bench->kit.db));
    assert_ok(tasks_add_list(bench->tasks, &bench->list, bench->arrivals, 20782));
    assert_ok(db_commit(bench->kit.db));
}

static void close_bench(struct bench *bench)
{
    tasks_close(&bench->tasks);
    arrivals_destroy(&bench->arrivals);
    care_kit_close(&bench->kit);
}

static void tasks__come_by_day_and_then_in_the_order_of_need(void **state)
{
    (void)state;
    static const uint32_t lines[] = {4, 5, 3, 2};
    struct bench bench;
    struct task_cursor cursor = {0};
    struct task_row row;
    open_bench(&bench);
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        assert_ok(tasks_next(bench.tasks, false, &cursor, &row));
        assert_int_equal(row.arrival.line, lines[i]);
        assert_int_equal(row.state, TASK_WAITING);
        assert_string_equal(row.arrival.vehicle, "QX-9471");
        assert_int_equal(row.arrival.has_rcms, lines[i] == 3);
    }
    assert_status(tasks_next(bench.tasks, false, &cursor, &row), STATUS_NOT_FOUND);
    close_bench(&bench);
}

static void tasks__are_found_taken_and_settled(void **state)
{
    (void)state;
    struct bench bench;
    struct task_cursor cursor = {0}, again = {0}, settled = {0};
    struct task_row row, found;
    open_bench(&bench);
    assert_ok(tasks_next(bench.tasks, false, &cursor, &row));
    row.state = TASK_DONE;
    row.changed_day = 20783;
    row.who = ident_new(bench.kit.chance);
    row.case_id = ident_new(bench.kit.chance);
    assert_ok(db_begin(bench.kit.db));
    assert_ok(tasks_put(bench.tasks, &row));
    assert_ok(db_commit(bench.kit.db));
    assert_ok(tasks_find(bench.tasks, row.name, &found));
    assert_int_equal(found.state, TASK_DONE);
    assert_int_equal(found.changed_day, 20783);
    assert_true(ident_equal(&found.who, &row.who));
    assert_true(ident_equal(&found.case_id, &row.case_id));
    assert_ok(tasks_next(bench.tasks, true, &settled, &found));
    assert_string_equal(found.name, row.name);
    assert_ok(tasks_next(bench.tasks, false, &again, &found));
    assert_string_not_equal(found.name, row.name);
    assert_status(tasks_find(bench.tasks, "00000000A", &found), STATUS_NOT_FOUND);
    close_bench(&bench);
}

static void tasks__take_a_list_once(void **state)
{
    (void)state;
    struct bench bench;
    struct hash other;
    bool known = false;
    open_bench(&bench);
    assert_ok(tasks_knows_list(bench.tasks, &bench.list, &known));
    assert_true(known);
    other = tasks_list_hash(bench.tasks, span_text("another"));
    assert_ok(tasks_knows_list(bench.tasks, &other, &known));
    assert_false(known);
    assert_ok(db_begin(bench.kit.db));
    assert_status(
        tasks_add_list(bench.tasks, &bench.list, bench.arrivals, 20782), STATUS_EXISTS);
    db_rollback(bench.kit.db);
    close_bench(&bench);
}

static void tasks__stand_boxed_on_the_disk_and_answer_locked(void **state)
{
    (void)state;
    struct bench bench;
    struct task_cursor cursor = {0};
    struct task_row row;
    open_bench(&bench);
    assert_false(faultvfs_contains(bench.kit.vfs, "QX-9471", 7));
    assert_false(faultvfs_contains(bench.kit.vfs, "RC4711", 6));
    assert_false(
        faultvfs_contains(bench.kit.vfs, bench.arrivals->rows[1].rcms.bytes, HASH_BYTES));
    tasks_lock(bench.tasks);
    assert_status(tasks_next(bench.tasks, false, &cursor, &row), STATUS_LOCKED);
    assert_status(tasks_find(bench.tasks, "00000000A", &row), STATUS_LOCKED);
    assert_ok(db_begin(bench.kit.db));
    assert_status(
        tasks_add_list(bench.tasks, &bench.list, bench.arrivals, 1), STATUS_LOCKED);
    assert_status(tasks_put(bench.tasks, &row), STATUS_LOCKED);
    db_rollback(bench.kit.db);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks__come_by_day_and_then_in_the_order_of_need),
        cmocka_unit_test(tasks__are_found_taken_and_settled),
        cmocka_unit_test(tasks__take_a_list_once),
        cmocka_unit_test(tasks__stand_boxed_on_the_disk_and_answer_locked),
    };
    return cmocka_run_group_tests_name("tasks", tests, NULL, NULL);
}
