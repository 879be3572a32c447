/* SPDX-License-Identifier: Apache-2.0
 *
 * sheets: saved at each answer, read with the key of the case only, gone with it.
 */
#include "care_kit.h"
#include "clock.h"
#include "sheets.h"

struct stage {
    struct care_kit kit;
    struct sheets *sheets;
    struct box_key case_key;
    struct sheet_place place;
};

/* care_kit's database with the table of sheets on top, as the node has it. */
static void reopen(struct stage *stage)
{
    const char *const migrations[] = {
        CARE_SCHEMA, CASEBOOK_SCHEMA, CONSENT_SCHEMA, CASE_COPY_SCHEMA, SHEETS_SCHEMA};
    struct db_options options = {.path = "care.db",
        .vfs = faultvfs_name(stage->kit.vfs),
        .migrations = migrations,
        .n_migrations = ARRAY_LENGTH(migrations),
        .application_id = 0x61637265};

    sheets_close(&stage->sheets);
    db_close(&stage->kit.db);
    assert_ok(db_open(&options, &stage->kit.db, NULL));
    assert_ok(sheets_open(stage->kit.db, stage->kit.chance, &stage->sheets, NULL));
}

static void open_stage(struct stage *stage, uint64_t seed)
{
    memset(stage, 0, sizeof(*stage));
    care_kit_open(&stage->kit, seed);
    reopen(stage);
    box_new_key(stage->kit.chance, &stage->case_key);
    stage->place.case_id = ident_new(stage->kit.chance);
    stage->place.sheet_id = ident_new(stage->kit.chance);
    stage->place.kind = SHEET_INTERVIEW;
}

static void close_stage(struct stage *stage)
{
    sheets_close(&stage->sheets);
    care_kit_close(&stage->kit);
}

static enum status put(struct stage *stage, const char *text, int64_t now_ms)
{
    enum status status;

    assert_ok(db_begin(stage->kit.db));
    status = sheets_put(
        stage->sheets, &stage->case_key, &stage->place, span_text(text), now_ms);
    if (status == STATUS_OK)
        assert_ok(db_commit(stage->kit.db));
    else
        db_rollback(stage->kit.db);
    return status;
}

static void assert_stands(struct stage *stage, const char *text)
{
    struct buffer found;

    buffer_init(&found, SHEETS_BYTES_MAX);
    assert_ok(sheets_get(stage->sheets, &stage->case_key, &stage->place, &found));
    assert_span(buffer_span(&found), span_text(text));
    buffer_release(&found);
}

static enum status get(struct stage *stage, const struct box_key *key)
{
    struct buffer found;
    enum status status;

    buffer_init(&found, SHEETS_BYTES_MAX);
    status = sheets_get(stage->sheets, key, &stage->place, &found);
    assert_true(status == STATUS_OK || found.used == 0);
    buffer_release(&found);
    return status;
}

static void sheets__are_saved_again_at_each_answer(void **state)
{
    struct stage stage;
    struct sheet_row row;

    (void)state;
    open_stage(&stage, 31);
    assert_status(get(&stage, &stage.case_key), STATUS_NOT_FOUND);
    assert_ok(put(&stage, "one answer", 5 * HOUR_MS + 17));
    assert_ok(put(&stage, "two answers", 7 * HOUR_MS + 1));
    assert_ok(put(&stage, "three answers", 2 * HOUR_MS)); /* a clock that jumped */
    assert_stands(&stage, "three answers");
    assert_ok(sheets_next(stage.sheets, &stage.place.case_id, 0, &row));
    assert_int_equal(row.begun_hour, 5);
    assert_int_equal(row.changed_hour, 7);
    assert_true(ident_equal(&row.place.sheet_id, &stage.place.sheet_id));
    assert_status(
        sheets_next(stage.sheets, &stage.place.case_id, row.id, &row), STATUS_NOT_FOUND);
    assert_ok(put(&stage, "", 0));
    assert_stands(&stage, "");
    close_stage(&stage);
}

static void sheets__survive_a_power_cut_after_the_commit(void **state)
{
    struct stage stage;

    (void)state;
    open_stage(&stage, 32);
    assert_ok(put(&stage, "committed", 0));
    assert_ok(db_begin(stage.kit.db));
    assert_ok(
        sheets_put(stage.sheets, &stage.case_key, &stage.place, span_text("not yet"), 0));
    faultvfs_power_cut(stage.kit.vfs);
    db_rollback(stage.kit.db);
    reopen(&stage);
    assert_stands(&stage, "committed");
    close_stage(&stage);
}

static void sheets__of_one_interview_and_its_confirmation_stand_side_by_side(void **state)
{
    struct stage stage;
    struct sheet_row row = {0};

    (void)state;
    open_stage(&stage, 33);
    assert_ok(put(&stage, "interview", 0));
    stage.place.kind = SHEET_CONFIRMATION;
    assert_ok(put(&stage, "confirmation", 0));
    assert_stands(&stage, "confirmation");
    assert_ok(sheets_next(stage.sheets, &stage.place.case_id, 0, &row));
    assert_int_equal(row.place.kind, SHEET_INTERVIEW);
    assert_ok(sheets_next(stage.sheets, &stage.place.case_id, row.id, &row));
    assert_int_equal(row.place.kind, SHEET_CONFIRMATION);
    /* The answers changed: the confirmation goes, the interview stays. */
    assert_ok(db_begin(stage.kit.db));
    assert_ok(sheets_remove(stage.sheets, &stage.place));
    assert_status(sheets_remove(stage.sheets, &stage.place), STATUS_NOT_FOUND);
    assert_ok(db_commit(stage.kit.db));
    assert_status(get(&stage, &stage.case_key), STATUS_NOT_FOUND);
    stage.place.kind = SHEET_INTERVIEW;
    assert_stands(&stage, "interview");
    close_stage(&stage);
}

static void sheets__of_one_case_cannot_be_taken_over_by_another(void **state)
{
    struct stage stage;
    struct ident first;

    (void)state;
    open_stage(&stage, 34);
    assert_ok(put(&stage, "mine", 0));
    first = stage.place.case_id;
    stage.place.case_id = ident_new(stage.kit.chance);
    assert_status(put(&stage, "theirs", 0), STATUS_CONFLICT);
    assert_status(get(&stage, &stage.case_key), STATUS_NOT_FOUND);
    stage.place.case_id = first;
    assert_stands(&stage, "mine");
    close_stage(&stage);
}

static void sheets__take_up_to_their_limit(void **state)
{
    static uint8_t large[SHEETS_BYTES_MAX + 1];
    struct stage stage;

    (void)state;
    open_stage(&stage, 35);
    assert_ok(db_begin(stage.kit.db));
    assert_ok(sheets_put(stage.sheets, &stage.case_key, &stage.place,
        span_of(large, SHEETS_BYTES_MAX), 0));
    assert_status(sheets_put(stage.sheets, &stage.case_key, &stage.place,
                      span_of(large, sizeof(large)), 0),
        STATUS_TOO_BIG);
    assert_ok(db_commit(stage.kit.db));
    assert_ok(get(&stage, &stage.case_key));
    close_stage(&stage);
}

static void sheets__need_a_key(void **state)
{
    struct stage stage;

    (void)state;
    open_stage(&stage, 36);
    assert_ok(db_begin(stage.kit.db));
    assert_status(
        sheets_put(stage.sheets, NULL, &stage.place, span_text("x"), 0), STATUS_LOCKED);
    assert_ok(db_commit(stage.kit.db));
    assert_status(get(&stage, NULL), STATUS_LOCKED);
    close_stage(&stage);
}

static size_t content_bytes(struct stage *stage)
{
    static const char *const sql[] = {"SELECT length(content), content FROM sheet"};
    struct statements *statements = NULL;
    struct query *query;
    bool found = false;
    size_t n;

    assert_ok(statements_open(stage->kit.db, sql, 1, &statements, NULL));
    query = query_start(statements, 0);
    assert_ok(query_next(query, &found));
    assert_true(found);
    n = (size_t)row_int(query, 0);
    assert_null(memmem(row_blob(query, 1).at, n, "answer", 6));
    query_end(query);
    statements_close(&statements);
    return n;
}

static void sheets__do_not_show_by_their_size_how_much_was_said(void **state)
{
    static char long_text[1500];
    struct stage stage;
    size_t n;

    (void)state;
    open_stage(&stage, 37);
    assert_ok(put(&stage, "answer", 0));
    n = content_bytes(&stage);
    assert_int_equal(n, SHEETS_STEP_BYTES + BOX_EXTRA_BYTES);
    memset(long_text, 'x', sizeof(long_text) - 1);
    assert_ok(put(&stage, long_text, 0));
    assert_int_equal(content_bytes(&stage), n);
    close_stage(&stage);
}

static void dp17__a_sheet_is_erased_with_the_key_of_its_case(void **state)
{
    struct stage stage;
    struct box_key another;
    struct sheet_row row;
    int64_t n = 0;

    (void)state;
    open_stage(&stage, 38);
    assert_ok(put(&stage, "interview", 0));
    box_new_key(stage.kit.chance, &another);
    assert_status(get(&stage, &another), STATUS_CORRUPT); /* nobody else's key opens it */
    assert_ok(get(&stage, &stage.case_key));
    memory_wipe(&stage.case_key, sizeof(stage.case_key));
    assert_status(get(&stage, &stage.case_key), STATUS_CORRUPT);
    assert_ok(db_begin(stage.kit.db));
    assert_ok(sheets_remove_case(stage.sheets, &stage.place.case_id, &n));
    assert_int_equal(n, 1);
    assert_ok(sheets_remove_case(stage.sheets, &stage.place.case_id, &n));
    assert_int_equal(n, 0);
    assert_ok(db_commit(stage.kit.db));
    assert_status(
        sheets_next(stage.sheets, &stage.place.case_id, 0, &row), STATUS_NOT_FOUND);
    close_stage(&stage);
}

static void sheets__moved_to_another_place_on_the_disk_are_noticed(void **state)
{
    static const char *const sql[] = {
        "UPDATE sheet SET kind = 2", "UPDATE sheet SET kind = 1, content = x'00'"};
    struct stage stage;
    struct statements *statements = NULL;

    (void)state;
    open_stage(&stage, 39);
    assert_ok(put(&stage, "interview", 0));
    assert_ok(statements_open(stage.kit.db, sql, 2, &statements, NULL));
    assert_ok(db_begin(stage.kit.db));
    assert_ok(query_run(query_start(statements, 0)));
    stage.place.kind = SHEET_CONFIRMATION;
    assert_status(get(&stage, &stage.case_key), STATUS_CORRUPT);
    assert_ok(query_run(query_start(statements, 1)));
    stage.place.kind = SHEET_INTERVIEW;
    assert_status(get(&stage, &stage.case_key), STATUS_CORRUPT);
    db_rollback(stage.kit.db);
    statements_close(&statements);
    close_stage(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets__are_saved_again_at_each_answer),
        cmocka_unit_test(sheets__survive_a_power_cut_after_the_commit),
        cmocka_unit_test(
            sheets__of_one_interview_and_its_confirmation_stand_side_by_side),
        cmocka_unit_test(sheets__of_one_case_cannot_be_taken_over_by_another),
        cmocka_unit_test(sheets__take_up_to_their_limit),
        cmocka_unit_test(sheets__need_a_key),
        cmocka_unit_test(sheets__do_not_show_by_their_size_how_much_was_said),
        cmocka_unit_test(dp17__a_sheet_is_erased_with_the_key_of_its_case),
        cmocka_unit_test(sheets__moved_to_another_place_on_the_disk_are_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
