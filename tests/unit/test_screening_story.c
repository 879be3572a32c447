/* SPDX-License-Identifier: Apache-2.0
 * One screening from the counter to what a coordinator may read: the form, the interview, the store, the rule, the
 * officer, the outcome.
 */
#include "care_kit.h"
#include "clock.h"
#include "confirmation.h"
#include "forms.h"
#include "screening_kit.h"
#include "sheets.h"

static const char CANARY[] = "Invented-Name-Of-Nobody";

struct stage {
    struct care_kit kit;
    struct sheets *sheets;
    struct box_key case_key;
    struct sheet_place place;
    int64_t now_ms;
};

static void open_store(struct stage *stage)
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

static void save(struct stage *stage, const struct interview *interview)
{
    struct buffer bytes;

    buffer_init(&bytes, INTERVIEW_BYTES_MAX);
    assert_ok(interview_encode(interview, &bytes));
    assert_ok(db_begin(stage->kit.db));
    assert_ok(sheets_put(stage->sheets, &stage->case_key, &stage->place,
        buffer_span(&bytes), stage->now_ms));
    assert_ok(db_commit(stage->kit.db));
    buffer_release(&bytes);
}

static struct interview *load(struct stage *stage)
{
    struct interview *interview = NULL;
    struct buffer bytes;

    buffer_init(&bytes, INTERVIEW_BYTES_MAX);
    assert_ok(sheets_get(stage->sheets, &stage->case_key, &stage->place, &bytes));
    assert_ok(interview_decode(buffer_span(&bytes), &interview));
    buffer_release(&bytes);
    return interview;
}

static void open_stage(struct stage *stage, uint64_t seed)
{
    memset(stage, 0, sizeof(*stage));
    care_kit_open(&stage->kit, seed);
    open_store(stage);
    box_new_key(stage->kit.chance, &stage->case_key);
    stage->place.case_id = ident_new(stage->kit.chance);
    stage->place.sheet_id = ident_new(stage->kit.chance);
    stage->place.kind = SHEET_INTERVIEW;
    stage->now_ms = 20 * DAY_MS;
}

static void close_stage(struct stage *stage)
{
    sheets_close(&stage->sheets);
    care_kit_close(&stage->kit);
}

/* The power goes after each single answer of a whole interview; never more than the answer in the air is lost. */
static void story__a_lone_officer_loses_no_answer_to_a_power_cut(void **state)
{
    static const char SAID[] = "yyynny"
                               "nynn?n"
                               "nnyynynnynn?nnn"
                               "ynnnnnnnnyn"
                               "ny"
                               "nnnnynnn"
                               "yynynnnnnny";
    struct stage stage;
    struct forms *forms = NULL;
    struct interview *interview;
    struct assessment assessment;
    unsigned n_asked = 0;

    (void)state;
    open_stage(&stage, 41);
    assert_ok(forms_new(&forms, NULL));
    interview = kit_new();
    for (size_t i = 0; i < QUESTION_COUNT; i++) {
        uint8_t question = forms_form(forms)->order[i];

        assert_true(rule_may_ask(interview, question));
        assert_ok(interview_set(interview, question,
            (enum said)(strchr(LETTERS, SAID[question]) - LETTERS), stage.now_ms));
        save(&stage, interview);
        interview_destroy(&interview);
        faultvfs_power_cut(stage.kit.vfs);
        open_store(&stage);
        interview = load(&stage);
        n_asked++;
        for (size_t q = 0; q < QUESTION_COUNT; q++)
            assert_true(q > i || interview_get(interview, q) != SAID_NOT_ASKED);
    }
    assert_int_equal(n_asked, 59);
    rule_assess(interview, &assessment);
    assert_int_equal(assessment.class, OUTCOME_POSSIBLE_VOT_STRONG);
    interview_destroy(&interview);
    forms_destroy(&forms);
    close_stage(&stage);
}

static void confirm(const struct interview *interview, struct outcome *ret)
{
    struct assessment assessment;
    struct confirmation confirmation = {
        .form_version = FORM_VERSION, .rule_version = RULE_VERSION};

    rule_assess(interview, &assessment);
    confirmation.proposed = confirmation.confirmed = assessment.class;
    assert_ok(outcome_make(&assessment, &confirmation, ret));
}

static void dp11__an_outcome_holds_nothing_that_was_said_or_noted(void **state)
{
    struct interview *interview = kit_adult("A1=y M1=y M6=y P2=y P10=y V8=y N2=y");
    struct interview *other = kit_adult("A5=y M2=y M9=y P8=y P11=y V1=y N2=y");
    struct outcome a, b;

    (void)state;
    memset(&a, 0, sizeof(a));
    memset(&b, 0, sizeof(b));
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (question_takes_note(i))
            assert_ok(interview_set_note(interview, i, span_text(CANARY), 5000));
    confirm(interview, &a);
    confirm(other, &b);
    assert_null(memmem(&a, sizeof(a), CANARY, sizeof(CANARY) - 1));
    /* Two people with other stories and the same result: nobody can tell one from the other. */
    assert_int_equal(a.class, b.class);
    assert_true(a.palermo == b.palermo && a.ptpa == b.ptpa && a.assessed == b.assessed);
    assert_int_equal(a.n_needs, b.n_needs);
    assert_memory_equal(a.needs, b.needs, sizeof(a.needs));
    interview_destroy(&interview);
    interview_destroy(&other);
}

static void dp11__the_disk_shows_nothing_of_a_sheet(void **state)
{
    static const char *const sql[] = {"SELECT * FROM sheet"};
    struct stage stage;
    struct interview *interview = kit_adult("A1=y P2=y");
    struct statements *statements = NULL;
    struct query *query;
    bool found = false;

    (void)state;
    open_stage(&stage, 42);
    assert_ok(interview_set_note(interview, QUESTION_P1, span_text(CANARY), 5000));
    save(&stage, interview);
    assert_ok(statements_open(stage.kit.db, sql, 1, &statements, NULL));
    query = query_start(statements, 0);
    assert_ok(query_next(query, &found));
    assert_true(found);
    for (int column = 0; column < 7; column++) {
        struct span bytes = row_blob(query, column);

        assert_null(memmem(bytes.at, bytes.n, CANARY, sizeof(CANARY) - 1));
        assert_null(memmem(bytes.at, bytes.n, "SCRS", 4));
    }
    query_end(query);
    statements_close(&statements);
    interview_destroy(&interview);
    close_stage(&stage);
}

/* Refuses everything at the first gate, and is still helped with what she asks for. */
static void story__somebody_who_refuses_every_question_still_gets_a_bed(void **state)
{
    struct interview *interview = kit_new();
    struct assessment assessment;
    uint32_t shelter = 1u << 0;
    struct outcome outcome;

    (void)state;
    kit_set(interview, "S1=y S3=y S6=n N1=y");
    for (size_t i = QUESTION_A1; i < QUESTION_N1; i++)
        assert_false(rule_may_ask(interview, i));
    rule_assess(interview, &assessment);
    assert_int_equal(assessment.class, OUTCOME_INCOMPLETE);
    assert_int_equal(rule_may_refer(interview, shelter), shelter);
    confirm(interview, &outcome);
    assert_int_equal(outcome.n_needs, 1);
    assert_int_equal(outcome.needs[0], 1);
    assert_null(outcome_htcds_status(outcome.class));
    interview_destroy(&interview);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(story__a_lone_officer_loses_no_answer_to_a_power_cut),
        cmocka_unit_test(dp11__an_outcome_holds_nothing_that_was_said_or_noted),
        cmocka_unit_test(dp11__the_disk_shows_nothing_of_a_sheet),
        cmocka_unit_test(story__somebody_who_refuses_every_question_still_gets_a_bed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
