/* SPDX-License-Identifier: Apache-2.0
 *
 * Damage: a bad disk spoils boxes, and a key file is gone. The node goes on, says what it cannot read, and keeps what
 * still comes.
 */
#include <unistd.h>

#include "disk.h"
#include "inside.h"
#include "node_inside.h"

#define PERSON                                                                           \
    "\"priority\":\"normal\",\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":"        \
    "\"female\",\"languages\":[\"pus\"],\"risk\":\"high\",\"note\":\"invented: quolla\""
#define ALONE                                                                            \
    "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\"," PERSON                       \
    ",\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\",\"language\":\"urd\","   \
    "\"groups\":[\"note\"],\"role\":\"shift lead\",\"reason\":\"life-at-risk\","         \
    "\"second\":\"\"}}"

static unsigned asked;

/* Asserts code and a part of the answer; copies its reference, if it has one. */
static void ask(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds, char *ret_reference)
{
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "damage-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    if (ret_reference) {
        const char *at = strstr(text, "\"reference\":\"");
        assert_non_null(at);
        snprintf(ret_reference, REFERENCE_BYTES, "%.9s", at + strlen("\"reference\":\""));
    }
    memory_free(text);
}

static void ask_about(struct world *w, size_t i, const char *verb, const char *reference,
    int http, const char *holds)
{
    char request[96];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    ask(w, i, verb, request, http, holds, NULL);
}

/* In every row of that statement's table the last byte of the box, which is of its seal, is another one. */
static void spoil(struct world *w, size_t i, const char *const sql[1])
{
    struct db *db = world_node(w, i)->db;
    struct statements *statements = NULL;
    assert_ok(statements_open(db, sql, 1, &statements, NULL));
    assert_ok(db_begin(db));
    assert_ok(query_run(query_start(statements, 0)));
    assert_ok(db_commit(db));
    statements_close(&statements);
}

#define FLIP(table, column)                                                              \
    "UPDATE " table " SET " column " = CAST(substr(" column ", 1, length(" column        \
    ") - 1) || CASE WHEN substr(" column ", -1) = x'00' THEN x'01' ELSE x'00' END AS "   \
    "BLOB)"

static const char *const EVERY_BOX[] = {FLIP("referral", "content"),
    FLIP("referral", "progress"), FLIP("decision", "content"), FLIP("consent", "content"),
    FLIP("share", "content"), FLIP("act", "content"), FLIP("reply", "answer"),
    FLIP("handover", "content"), FLIP("missing", "content"), FLIP("capacity", "content"),
    FLIP("enquiry", "content"), FLIP("surge", "content"), FLIP("publication", "content"),
    FLIP("task", "content"), FLIP("case_file", "content"), FLIP("case_event", "content"),
    FLIP("case_link", "reason"), FLIP("sheet", "content")};

/* Letters about what is spoilt come, days and a month pass: nobody stops, and new work goes on. */
static void a_node_lives_whose_every_box_is_spoilt_and_letters_about_them_come(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char confirmed[REFERENCE_BYTES], undone[REFERENCE_BYTES], plain[REFERENCE_BYTES],
        question[REFERENCE_BYTES], request[128], fresh[WORLD_REFERENCE_BYTES];
    ask(w, OFFICER, "refer", ALONE, 201, "reference", confirmed);
    ask(w, OFFICER, "refer", ALONE, 201, "reference", undone);
    ask(w, OFFICER, "refer", ALONE, 201, "reference", plain);
    ask(w, OFFICER, "enquire",
        "{\"service\":\"shelter\",\"gender\":\"female\",\"to\":[\"shelter.peshawar\"]}",
        201, "reference", question);
    ask(w, OFFICER, "case-open", "{\"name\":\"Zarq\"}", 201, "case", NULL);
    ask(w, OFFICER, "surge-add",
        "{\"person\":\"Zestrolin\",\"contact\":\"invented\",\"role\":\"legal\","
        "\"gender\":"
        "\"female\",\"languages\":[\"pus\"],\"until\":\"2026-12-31\"}",
        201, "Zestrolin", NULL);
    world_settle(w);
    ask_about(w, SHELTER, "accept", plain, 200, "accepted");
    world_settle(w);
    for (size_t k = 0; k < ARRAY_LENGTH(EVERY_BOX); k++)
        spoil(w, OFFICER, &EVERY_BOX[k]);
    ask_about(w, COORDINATOR, "confirm-act", confirmed, 200, "confirmed");
    ask_about(w, COORDINATOR, "undo-act", undone, 200, "undone");
    ask_about(w, SHELTER, "complete", plain, 200, "completed");
    snprintf(
        request, sizeof(request), "{\"reference\":\"%s\",\"answer\":\"no\"}", question);
    ask(w, SHELTER, "answer-enquiry", request, 200, "no", NULL);
    ask(w, SHELTER, "capacity-set",
        "{\"unit\":\"female-bed\",\"status\":\"full\",\"maximum\":12}", 200, "full",
        NULL);
    world_settle(w);
    ask(w, OFFICER, "acts", NULL, 200, "\"damaged\":true", NULL);
    ask(w, OFFICER, "enquiries", NULL, 200, "\"damaged\":true", NULL);
    ask(w, OFFICER, "sent", NULL, 200, "\"damaged\":true", NULL);
    ask(w, OFFICER, "shift", NULL, 200, "acts", NULL);
    ask(w, OFFICER, "surge", "{\"all\":true}", 200, "\"damaged\":1", NULL);
    world_pass(w, DAYS(40));
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, fresh);
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, fresh), 1);
    world_destroy(&w);
}

/* The case of somebody on a list is spoilt, the task is not: the month is counted all the same, without that person. */
static void statistics__count_a_month_in_which_a_returned_persons_case_is_spoilt(
    void **state)
{
    (void)state;
    static const char *const cases[] = {FLIP("case_file", "content")};
    char task[REFERENCE_BYTES], request[512], *text = NULL;
    struct world *w = WORLD();
    struct json *json = NULL;
#define LIST                                                                             \
    "\"csv\":\"flight_or_bus,date,sending_state,return_type,minor,care_need\\r\\n"       \
    "XX-1,2026-11-24,DE,deported,no,no\\r\\n\""
    assert_int_equal(
        world_call(w, OFFICER, "arrivals-preview", "list", "{" LIST "}", &text), 200);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    snprintf(request, sizeof(request), "{" LIST ",\"list\":\"%s\"}",
        json_find_text(json, "list"));
    json_destroy(&json);
    memory_free(text);
    ask(w, OFFICER, "arrivals-import", request, 201, "\"imported\":true", NULL);
    assert_int_equal(world_call(w, OFFICER, "tasks", "tasks", "{}", &text), 200);
    snprintf(
        task, sizeof(task), "%.9s", strstr(text, "\"task\":\"") + strlen("\"task\":\""));
    memory_free(text);
    ask_about(w, OFFICER, "task-take", task, 200, "taken");
    assert_int_equal(
        world_call(w, OFFICER, "case-open", "case", "{\"name\":\"Zarq\"}", &text), 201);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\",\"case\":\"%.9s\"}", task,
        strstr(text, "\"case\":\"") + strlen("\"case\":\""));
    memory_free(text);
    ask(w, OFFICER, "task-done", request, 200, "done", NULL);
    spoil(w, OFFICER, cases);
    world_pass(w, DAYS(8));
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_settle(w);
    world_pass(w, HOURS(1));
    ask(w, OFFICER, "statistics", "{\"month\":\"2026-11\"}", 200, "\"returns\"", NULL);
    world_destroy(&w);
}

/* `show` tells the decision that is spoilt, with whose it was, and the others as they are. */
static void show__says_that_a_decision_cannot_be_read(void **state)
{
    (void)state;
    static const char *const first[] = {FLIP("decision", "content") " WHERE id = 1"};
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    ask_about(w, SHELTER, "accept", ref, 200, "accepted");
    world_settle(w);
    ask_about(w, SHELTER, "complete", ref, 200, "completed");
    world_settle(w);
    ask_about(w, OFFICER, "show", ref, 200, "\"decision\":\"accepted\"");
    spoil(w, OFFICER, first);
    ask_about(w, OFFICER, "show", ref, 200, "\"by\":\"recipient\",\"damaged\":true");
    ask_about(w, OFFICER, "show", ref, 200, "\"decision\":\"completed\"");
    world_destroy(&w);
}

/* The key of the cases is gone and letters still come: they are kept and can be answered; the cases are said to be lost. */
static void a_node_without_its_case_key_keeps_the_letters_that_come(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], later[WORLD_REFERENCE_BYTES];
    ask(w, SHELTER, "case-open", "{\"name\":\"Zarq\"}", 201, "case", NULL);
    char *path = disk_path(world_home(w, SHELTER), "case.key");
    world_lock_node(w, SHELTER);
    assert_int_equal(unlink(path), 0);
    world_refer(w, OFFICER, SHELTER, LANE_EXPRESS, ref);
    world_settle(w);
    world_unlock_node(w, SHELTER);
    world_settle(w);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    ask(w, SHELTER, "case-find", NULL, 500, "case-key-lost", NULL);
    ask(w, SHELTER, "case-open", "{\"name\":\"Quolm\"}", 500, "case-key-lost", NULL);
    ask_about(w, SHELTER, "accept", ref, 200, "accepted");
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, later);
    world_pass(w, DAYS(3)); /* the daily look, too */
    assert_int_equal(world_effects(w, SHELTER, later), 1);
    /* What is taken back goes, as everywhere. */
    ask_about(w, OFFICER, "withdraw-consent", ref, 200, "withdrawn");
    world_settle(w);
    ask_about(w, SHELTER, "show", ref, 200, "\"withdrawn\":true");
    ask_about(w, OFFICER, "show", ref, 200, "\"purge_verified\":true");
    memory_free(path);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_node_lives_whose_every_box_is_spoilt_and_letters_about_them_come),
        cmocka_unit_test(
            statistics__count_a_month_in_which_a_returned_persons_case_is_spoilt),
        cmocka_unit_test(show__says_that_a_decision_cannot_be_read),
        cmocka_unit_test(a_node_without_its_case_key_keeps_the_letters_that_come),
    };
    return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
