/* SPDX-License-Identifier: Apache-2.0
 *
 * damage: one flipped byte in one box, in every store of the care module. Of three rows the other two come as they
 * were, and the third is told as damaged or stepped over, as the store's header says.
 */
#include "acts.h"
#include "capacities.h"
#include "casebook_kit.h"
#include "consents.h"
#include "decisions.h"
#include "enquiries.h"
#include "handovers.h"
#include "links.h"
#include "publications.h"
#include "referrals.h"
#include "replies.h"
#include "sharings.h"
#include "sheets.h"
#include "tasks.h"
#include "timeline.h"

enum { ROWS = 3, LONGEST_LIST = 10 };

static const char ARRIVALS[] =
    "flight_or_bus,date,sending_state,return_type,minor,care_need,rcms\n"
    "QX-9471,2026-11-26,DE,voluntary,no,no,\n"
    "QX-9471,2026-11-25,DE,voluntary,no,no,\n"
    "QX-9471,2026-11-24,DE,voluntary,no,no,\n";

struct bench {
    struct casebook_kit kit;
    struct arena *arena;
    struct box_key key; /* of the case or letter, where a store has none of its own */
    struct ident subject, ids[ROWS];
    int64_t referral[ROWS];
    char reference[ROWS][REFERENCE_BYTES];
    struct case_row cases[ROWS + 1];
};

/* What a listing gave. */
struct seen {
    int good, told;
};

static void open_bench(struct bench *bench)
{
    const char *const migrations[] = {CARE_SCHEMA, CASEBOOK_SCHEMA, CONSENT_SCHEMA,
        CASE_COPY_SCHEMA, SHEETS_SCHEMA, HANDOVER_SCHEMA, PUBLICATION_SCHEMA,
        CAPACITIES_SCHEMA, ENQUIRIES_SCHEMA};

    memset(bench, 0, sizeof(*bench));
    care_kit_open(&bench->kit.care, 77);
    db_close(&bench->kit.care.db);
    struct db_options options = {.path = "care.db",
        .vfs = faultvfs_name(bench->kit.care.vfs),
        .migrations = migrations,
        .n_migrations = ARRAY_LENGTH(migrations),
        .application_id = 0x61637265};
    assert_ok(db_open(&options, &bench->kit.care.db, NULL));
    (void)snprintf(
        bench->kit.folder, sizeof(bench->kit.folder), "/tmp/amaan-damage-XXXXXX");
    assert_non_null(mkdtemp(bench->kit.folder));
    (void)snprintf(bench->kit.key_path, sizeof(bench->kit.key_path), "%s/case.key",
        bench->kit.folder);
    bench->kit.arena = arena_new(CASE_PERSON_ARENA_BYTES, CASE_PERSON_ARENA_PIECES);
    casebook_kit_start(&bench->kit);
    bench->arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    box_new_key(bench->kit.care.chance, &bench->key);
    bench->subject = ident_new(bench->kit.care.chance);
    for (int i = 0; i < ROWS; i++) {
        bench->ids[i] = ident_new(bench->kit.care.chance);
        reference_new(bench->kit.care.chance, bench->reference[i]);
    }
}

static void close_bench(struct bench *bench)
{
    arena_destroy(&bench->arena);
    casebook_kit_close(&bench->kit);
}

/* Flips one bit in the box of the second of the three rows; what the query gives is in the order of putting. */
static void spoil(struct bench *bench, const char *find, const char *change)
{
    const char *const sql[] = {find, change};
    struct statements *statements = NULL;
    uint8_t *boxed;
    bool found = false;

    assert_ok(statements_open(bench->kit.care.db, sql, 2, &statements, NULL));
    casebook_kit_begin(&bench->kit);
    struct query *query = query_start(statements, 0);
    assert_ok(query_next(query, &found));
    assert_true(found);
    struct span before = row_blob(query, 0);
    size_t n = before.n;
    uint8_t *old = memory_new(n);
    boxed = memory_new(n);
    memcpy(old, before.at, n);
    memcpy(boxed, before.at, n);
    query_end(query);
    boxed[n / 2] ^= 1;
    query = query_start(statements, 1);
    query_blob(query, 1, span_of(boxed, n));
    query_blob(query, 2, span_of(old, n));
    assert_ok(query_run(query));
    assert_int_equal(db_changes(bench->kit.care.db), 1);
    casebook_kit_commit(&bench->kit);
    memory_free(old);
    memory_free(boxed);
    statements_close(&statements);
}

#define SPOIL(bench, table, column, order)                                               \
    spoil(bench, "SELECT " column " FROM " table " ORDER BY " order " LIMIT 1 OFFSET 1", \
        "UPDATE " table " SET " column " = ?1 WHERE " column " = ?2")

/* Every status of a step of a listing; false at its end. No list goes on for ever. */
static bool goes_on(enum status status, bool damaged, struct seen *seen)
{
    if (status == STATUS_NOT_FOUND)
        return false;
    if (status == STATUS_CORRUPT)
        damaged = true;
    else
        assert_ok(status);
    seen->told += damaged;
    seen->good += !damaged;
    assert_true(seen->good + seen->told < LONGEST_LIST);
    return true;
}

static void expect(struct seen seen, int told)
{
    assert_int_equal(seen.good, ROWS - 1);
    assert_int_equal(seen.told, told);
}

static struct referrals *put_referrals(struct bench *bench)
{
    struct referrals *referrals;

    assert_ok(
        referrals_open(bench->kit.care.db, bench->kit.care.chance, &referrals, NULL));
    referrals_unlock(referrals, &bench->kit.care.master);
    casebook_kit_begin(&bench->kit);
    for (int i = 0; i < ROWS; i++) {
        struct referral_row row = {
            .peer = {{7}}, .day = KIT_DAY, .item_id = bench->ids[i]};

        memcpy(row.referral.reference, bench->reference[i], REFERENCE_BYTES);
        row.referral.service = SERVICE_MEDICAL;
        row.referral.priority = PRIORITY_URGENT;
        row.referral.person = (struct person){.age_band = AGE_18_25,
            .minor = MINOR_NO,
            .gender = GENDER_FEMALE,
            .safe_contact = "vornto"};
        row.referral.note = "quillomar";
        assert_ok(referrals_put(referrals, &row, &bench->referral[i]));
    }
    casebook_kit_commit(&bench->kit);
    return referrals;
}

static void referrals__are_shown_beside_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    struct referral_row row = {.id = INT64_MAX};
    enum status status;
    open_bench(&bench);
    struct referrals *referrals = put_referrals(&bench);
    SPOIL(&bench, "referral", "content", "id");
    do
        status = referrals_next(referrals, false, false, row.id, bench.arena, &row);
    while (goes_on(status, row.damaged, &seen));
    expect(seen, 1);
    referrals_close(&referrals);
    close_bench(&bench);
}

static void decisions__are_told_beside_a_damaged_one_that_keeps_its_letter_and_side(
    void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct decisions *decisions;
    struct decision_row row = {.mine = true, .applied = true, .move = MOVE_OPENED},
                        found = {0};
    open_bench(&bench);
    struct referrals *referrals = put_referrals(&bench);
    row.referral = bench.referral[0];
    assert_ok(decisions_open(bench.kit.care.db, bench.kit.care.chance, &decisions, NULL));
    decisions_unlock(decisions, &bench.kit.care.master);
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        row.item_id = bench.ids[i];
        assert_ok(decisions_put(decisions, &row));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "decision", "content", "id");
    do {
        status = decisions_next(decisions, row.referral, found.id, &found);
        if (status == STATUS_OK && found.damaged) {
            assert_true(ident_equal(&found.item_id, &bench.ids[1]));
            assert_true(found.mine && found.applied);
            assert_int_equal(found.move, 0);
        }
    } while (goes_on(status, found.damaged, &seen));
    expect(seen, 1);
    decisions_close(&decisions);
    referrals_close(&referrals);
    close_bench(&bench);
}

static void replies__are_given_again_beside_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct replies *replies;
    static const char *const keys[] = {"quolm", "zarq", "vornto"};
    struct buffer answer;
    int http = 0;
    open_bench(&bench);
    assert_ok(replies_open(bench.kit.care.db, bench.kit.care.chance, &replies, NULL));
    replies_unlock(replies, &bench.kit.care.master);
    buffer_init(&answer, REPLY_ANSWER_BYTES_MAX);
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        assert_ok(replies_put(
            replies, keys[i], span_text("asked"), 201, span_text("said"), KIT_DAY + i));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "reply", "answer", "day");
    for (int i = 0; i < ROWS; i++) {
        buffer_clear(&answer);
        status = replies_find(replies, keys[i], span_text("asked"), &http, &answer);
        assert_status(status, i == 1 ? STATUS_CORRUPT : STATUS_OK);
        assert_true(goes_on(status, false, &seen));
    }
    expect(seen, 1);
    buffer_release(&answer);
    replies_close(&replies);
    close_bench(&bench);
}

static void consents__are_read_behind_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct consents *consents;
    struct consent_row found = {0};
    open_bench(&bench);
    assert_ok(consents_open(bench.kit.care.db, bench.kit.care.chance, &consents, NULL));
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        struct consent_row row = {.consent_id = bench.ids[i], .subject = bench.subject};

        row.consent = (struct consent){.service = SERVICE_LEGAL,
            .giver = GIVER_OVERRIDE,
            .way = WAY_SPOKEN,
            .language = "pus",
            .given_day = KIT_DAY,
            .last_day = KIT_DAY + 9};
        assert_ok(consents_put(consents, &bench.key, &row));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "consent", "content", "id");
    do
        status = consents_next(
            consents, &bench.key, &bench.subject, found.id, bench.arena, &found);
    while (goes_on(status, false, &seen));
    expect(seen, 1);
    consents_close(&consents);
    close_bench(&bench);
}

static void sharings__are_read_behind_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct sharings *sharings;
    struct share found = {0};
    open_bench(&bench);
    assert_ok(sharings_open(bench.kit.care.db, bench.kit.care.chance, &sharings, NULL));
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        struct share row = {.item_id = bench.ids[i],
            .subject = bench.subject,
            .service = SERVICE_LEGAL,
            .day = KIT_DAY};

        memcpy(row.reference, bench.reference[i], REFERENCE_BYTES);
        assert_ok(sharings_put(sharings, &bench.key, &row));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "share", "content", "id");
    do
        status = sharings_next(sharings, &bench.key, &bench.subject, found.id, &found);
    while (goes_on(status, false, &seen));
    expect(seen, 1);
    sharings_close(&sharings);
    close_bench(&bench);
}

static void acts__are_told_beside_a_damaged_one_and_that_one_is_not_found_as_another(
    void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct acts *acts;
    struct act row = {.mine = true, .reason = OVERRIDE_COURT_ORDER, .state = ACT_OPEN},
               found = {.id = INT64_MAX};
    open_bench(&bench);
    assert_ok(acts_open(bench.kit.care.db, bench.kit.care.chance, &acts, NULL));
    acts_unlock(acts, &bench.kit.care.master);
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        row.peer = bench.ids[i];
        memcpy(row.reference, bench.reference[i], REFERENCE_BYTES);
        assert_ok(acts_put(acts, &row));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "act", "content", "id");
    do {
        status = acts_next(acts, true, found.id, &found);
        if (status == STATUS_OK && found.damaged) {
            assert_true(found.mine && ident_equal(&found.peer, &bench.ids[1]));
            assert_string_equal(found.reference, "");
        }
    } while (goes_on(status, found.damaged, &seen));
    expect(seen, 1);
    assert_ok(acts_find(acts, bench.reference[2], true, &found));
    assert_status(acts_find(acts, bench.reference[1], true, &found), STATUS_CORRUPT);
    acts_close(&acts);
    close_bench(&bench);
}

static void handovers__and_the_missing_are_read_beside_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct handovers *handovers;
    struct missing missing = {.id = INT64_MAX};
    open_bench(&bench);
    struct referrals *referrals = put_referrals(&bench);
    assert_ok(handovers_open(bench.kit.care.db, bench.kit.care.chance, &handovers, NULL));
    handovers_unlock(handovers, &bench.kit.care.master);
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        struct handover row = {.state = HANDOVER_PROPOSED};

        memcpy(row.plan.reference, bench.reference[i], REFERENCE_BYTES);
        memcpy(missing.reference, bench.reference[i], REFERENCE_BYTES);
        missing.peer = bench.ids[i];
        assert_ok(handovers_put(handovers, bench.referral[i], &row));
        assert_ok(handovers_put_missing(handovers, &missing));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "handover", "content", "referral");
    SPOIL(&bench, "missing", "content", "id");
    for (int i = 0; i < ROWS; i++) {
        struct handover found;

        status = handovers_find(handovers, bench.referral[i], &found);
        assert_status(status, i == 1 ? STATUS_CORRUPT : STATUS_OK);
        assert_true(goes_on(status, false, &seen));
    }
    expect(seen, 1);
    seen = (struct seen){0};
    missing.id = INT64_MAX;
    do
        status = handovers_next_missing(handovers, missing.id, &missing);
    while (goes_on(status, false, &seen));
    expect(seen, 0);
    handovers_close(&handovers);
    referrals_close(&referrals);
    close_bench(&bench);
}

static void capacities__step_over_a_damaged_one_until_its_member_says_the_next(
    void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct capacities *capacities;
    struct capacity_row row = {.written_ms = 1}, found;
    bool first = true;
    open_bench(&bench);
    assert_ok(
        capacities_open(bench.kit.care.db, bench.kit.care.chance, &capacities, NULL));
    capacities_unlock(capacities, &bench.kit.care.master);
    row.member = bench.subject;
    row.capacity = (struct capacity){.status = CAPACITY_FULL, .maximum = 9};
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        row.capacity.unit = (enum unit)(UNIT_PLACE + i);
        assert_ok(capacities_put(capacities, &row));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "capacity", "content", "unit");
    do {
        status = capacities_next(capacities, first ? NULL : &found, &found);
        first = false;
    } while (goes_on(status, false, &seen));
    expect(seen, 0);
    row.capacity.unit = UNIT_FEMALE_BED;
    casebook_kit_begin(&bench.kit);
    assert_ok(capacities_put(capacities, &row));
    casebook_kit_commit(&bench.kit);
    assert_ok(capacities_next(capacities, NULL, &found));
    assert_ok(capacities_next(capacities, &found, &found));
    assert_int_equal(found.capacity.unit, UNIT_FEMALE_BED);
    capacities_close(&capacities);
    close_bench(&bench);
}

static void enquiries__are_listed_with_a_damaged_one_of_which_the_member_is_known(
    void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct enquiries *enquiries;
    struct enquiry_row row = {.day = KIT_DAY}, list[ROWS + 1], found;
    size_t n = 0;
    open_bench(&bench);
    assert_ok(enquiries_open(bench.kit.care.db, bench.kit.care.chance, &enquiries, NULL));
    enquiries_unlock(enquiries, &bench.kit.care.master);
    row.enquiry = (struct enquiry){.service = SERVICE_SHELTER,
        .gender = GENDER_FEMALE,
        .age_band = AGE_18_25,
        .minor = MINOR_NO,
        .boy_age = ENQUIRY_NO_BOY,
        .until_ms = KIT_DAY * INT64_C(86400000)};
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        row.peer = bench.ids[i];
        memcpy(row.enquiry.reference, bench.reference[i], REFERENCE_BYTES);
        assert_ok(enquiries_put(enquiries, &row));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "enquiry", "content", "id");
    status = enquiries_list(enquiries, ROWS + 1, list, &n);
    for (size_t i = 0; i < n; i++)
        assert_true(goes_on(status, list[i].damaged, &seen));
    expect(seen, 1);
    assert_true(list[2].damaged && ident_equal(&list[2].peer, &bench.ids[1]));
    assert_status(enquiries_find(enquiries, bench.reference[1], false, NULL, &found),
        STATUS_CORRUPT);
    assert_ok(enquiries_find(enquiries, bench.reference[2], false, NULL, &found));
    enquiries_close(&enquiries);
    close_bench(&bench);
}

static void publications__are_read_beside_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct publications *publications;
    struct buffer text;
    open_bench(&bench);
    assert_ok(
        publications_open(bench.kit.care.db, bench.kit.care.chance, &publications, NULL));
    publications_unlock(publications, &bench.kit.care.master);
    buffer_init(&text, PUBLICATION_BYTES_MAX);
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        struct publication_place place = {202609 + i, 3, PUBLICATION_TABLE};

        assert_ok(publications_put(publications, &place, span_text("table")));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "publication", "content", "month");
    for (int i = 0; i < ROWS; i++) {
        struct publication_place place = {202609 + i, 3, PUBLICATION_TABLE};

        status = publications_find(publications, &place, &text);
        assert_status(status, i == 1 ? STATUS_CORRUPT : STATUS_OK);
        assert_true(goes_on(status, false, &seen));
    }
    expect(seen, 1);
    buffer_release(&text);
    publications_close(&publications);
    close_bench(&bench);
}

static void tasks__are_shown_beside_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct tasks *tasks;
    struct task_row row = {0};
    struct task_cursor cursor = {0};
    struct arrivals *arrivals;
    struct box_key key = {{1}};
    open_bench(&bench);
    assert_ok(tasks_open(bench.kit.care.db, bench.kit.care.chance, &tasks, NULL));
    tasks_unlock(tasks, &bench.kit.care.master);
    assert_ok(arrivals_parse(span_text(ARRIVALS), &key, &arrivals, NULL));
    struct hash list = tasks_list_hash(tasks, span_text(ARRIVALS));
    casebook_kit_begin(&bench.kit);
    assert_ok(tasks_add_list(tasks, &list, arrivals, KIT_DAY));
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "task", "content", "id");
    do
        status = tasks_next(tasks, false, &cursor, &row);
    while (goes_on(status, row.damaged, &seen));
    expect(seen, 1);
    arrivals_destroy(&arrivals);
    tasks_close(&tasks);
    close_bench(&bench);
}

static void cases__are_shown_beside_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct case_row row = {0};
    open_bench(&bench);
    for (int i = 0; i < ROWS; i++)
        bench.cases[i] = casebook_kit_add(&bench.kit, "Zarq");
    SPOIL(&bench, "case_file", "content", "id");
    do
        status = casebook_next(bench.kit.casebook, row.id, bench.kit.arena, &row);
    while (goes_on(status, row.damaged, &seen));
    expect(seen, 1);
    close_bench(&bench);
}

static void timeline__is_shown_with_a_damaged_event_and_its_day(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct timeline *timeline;
    struct event_row row = {.day = KIT_DAY, .event = EVENT_CHANGED}, found;
    open_bench(&bench);
    assert_ok(timeline_open(
        bench.kit.care.db, bench.kit.care.chance, bench.kit.casebook, &timeline, NULL));
    bench.cases[0] = casebook_kit_add(&bench.kit, "Zarq");
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++)
        assert_ok(timeline_add(timeline, &bench.cases[0].ident, &row));
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "case_event", "content", "id");
    found.id = INT64_MAX;
    do {
        status = timeline_next(timeline, &bench.cases[0].ident, found.id, &found);
        assert_int_equal(found.day, KIT_DAY);
    } while (goes_on(status, found.damaged, &seen));
    expect(seen, 1);
    timeline_close(&timeline);
    close_bench(&bench);
}

static void links__are_shown_with_a_damaged_one_without_its_reason(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct links *links;
    struct link_row found = {0};
    open_bench(&bench);
    assert_ok(links_open(
        bench.kit.care.db, bench.kit.care.chance, bench.kit.casebook, &links, NULL));
    for (int i = 0; i <= ROWS; i++)
        bench.cases[i] = casebook_kit_add(&bench.kit, "Zarq");
    casebook_kit_begin(&bench.kit);
    for (int i = 1; i <= ROWS; i++)
        assert_ok(links_add(
            links, &bench.cases[0].ident, &bench.cases[i].ident, LINK_FAMILY, KIT_DAY));
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "case_link", "reason", "first, second");
    do
        status = links_next(links, &bench.cases[0].ident, &found.other, &found);
    while (goes_on(status, found.reason == 0, &seen));
    expect(seen, 1);
    links_close(&links);
    close_bench(&bench);
}

static void sheets__are_listed_and_read_beside_a_damaged_one(void **state)
{
    (void)state;
    struct bench bench;
    struct seen seen = {0};
    enum status status;
    struct sheets *sheets;
    struct sheet_row row = {0};
    struct buffer bytes;
    open_bench(&bench);
    assert_ok(sheets_open(bench.kit.care.db, bench.kit.care.chance, &sheets, NULL));
    buffer_init(&bytes, SHEETS_BYTES_MAX);
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS; i++) {
        struct sheet_place place = {bench.subject, bench.ids[i], SHEET_INTERVIEW};

        assert_ok(sheets_put(sheets, &bench.key, &place, span_text("quolm"), 0));
    }
    casebook_kit_commit(&bench.kit);
    SPOIL(&bench, "sheet", "content", "id");
    while (sheets_next(sheets, &bench.subject, row.id, &row) == STATUS_OK) {
        buffer_clear(&bytes);
        status = sheets_get(sheets, &bench.key, &row.place, &bytes);
        assert_true(goes_on(status, false, &seen));
    }
    expect(seen, 1);
    buffer_release(&bytes);
    sheets_close(&sheets);
    close_bench(&bench);
}

/* Not damage, but the same list: one that asks all night hides nobody, and what was answered stands behind. */
static void enquiries__of_one_that_asks_much_hide_neither_others_nor_what_waits(
    void **state)
{
    (void)state;
    enum { LOUD = 40, LISTED = 6 };
    struct bench bench;
    struct enquiries *enquiries;
    struct enquiry_row row = {.day = KIT_DAY}, list[LISTED];
    size_t n = 0;
    open_bench(&bench);
    assert_ok(enquiries_open(bench.kit.care.db, bench.kit.care.chance, &enquiries, NULL));
    enquiries_unlock(enquiries, &bench.kit.care.master);
    row.enquiry = (struct enquiry){.service = SERVICE_SHELTER,
        .gender = GENDER_FEMALE,
        .age_band = AGE_18_25,
        .minor = MINOR_NO,
        .boy_age = ENQUIRY_NO_BOY,
        .until_ms = KIT_DAY * INT64_C(86400000)};
    casebook_kit_begin(&bench.kit);
    for (int i = 0; i < ROWS - 1; i++) { /* two quiet members come first */
        row.peer = bench.ids[i];
        memcpy(row.enquiry.reference, bench.reference[i], REFERENCE_BYTES);
        assert_ok(enquiries_put(enquiries, &row));
    }
    row.peer = bench.ids[ROWS - 1];
    for (int i = 0; i < LOUD; i++) {
        reference_new(bench.kit.care.chance, row.enquiry.reference);
        assert_ok(enquiries_put(enquiries, &row));
    }
    row.word = ENQUIRY_NO; /* the newest of them was answered */
    row.answered_ms = 1;
    assert_ok(enquiries_answer(enquiries, &row));
    casebook_kit_commit(&bench.kit);
    assert_ok(enquiries_list(enquiries, LISTED, list, &n));
    assert_int_equal(n, LISTED);
    assert_true(ident_equal(&list[0].peer, &bench.ids[1]));
    assert_true(ident_equal(&list[1].peer, &bench.ids[0]));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(list[i].word, 0);
    assert_true(ident_equal(&list[2].peer, &bench.ids[ROWS - 1]));
    enquiries_close(&enquiries);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(referrals__are_shown_beside_a_damaged_one),
        cmocka_unit_test(
            decisions__are_told_beside_a_damaged_one_that_keeps_its_letter_and_side),
        cmocka_unit_test(replies__are_given_again_beside_a_damaged_one),
        cmocka_unit_test(consents__are_read_behind_a_damaged_one),
        cmocka_unit_test(sharings__are_read_behind_a_damaged_one),
        cmocka_unit_test(
            acts__are_told_beside_a_damaged_one_and_that_one_is_not_found_as_another),
        cmocka_unit_test(handovers__and_the_missing_are_read_beside_a_damaged_one),
        cmocka_unit_test(
            capacities__step_over_a_damaged_one_until_its_member_says_the_next),
        cmocka_unit_test(
            enquiries__are_listed_with_a_damaged_one_of_which_the_member_is_known),
        cmocka_unit_test(publications__are_read_beside_a_damaged_one),
        cmocka_unit_test(tasks__are_shown_beside_a_damaged_one),
        cmocka_unit_test(cases__are_shown_beside_a_damaged_one),
        cmocka_unit_test(timeline__is_shown_with_a_damaged_event_and_its_day),
        cmocka_unit_test(links__are_shown_with_a_damaged_one_without_its_reason),
        cmocka_unit_test(sheets__are_listed_and_read_beside_a_damaged_one),
        cmocka_unit_test(
            enquiries__of_one_that_asks_much_hide_neither_others_nor_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
