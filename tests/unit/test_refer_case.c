/* SPDX-License-Identifier: Apache-2.0
 *
 * A referral that comes from a case: the person is the case's, consent rows add up under it, and the record of what was
 * shared is the case's. The case is an invented one, given by the test in place of a casebook.
 */
#include "check.h"
#include "inside.h"
#include "memory.h"
#include "node_inside.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};

#define WORLD() world_new(9300 + __LINE__, PLAN, CAST)
#define CASE "\"case\":\"0102030405060708090a0b0c0d0e0f10\""
#define CONSENT(groups)                                                                  \
    "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","      \
    "\"interpreter\":true,\"groups\":[" groups "]}"

struct casebook {
    struct ident id;
    struct desk_case known;
};

static enum status find_case(void *context, const struct ident *id, struct desk_case *ret)
{
    const struct casebook *book = context;

    if (!ident_equal(id, &book->id))
        return STATUS_NOT_FOUND;
    *ret = book->known;
    return STATUS_OK;
}

static void give_case(struct world *w, struct casebook *book)
{
    struct node *node = world_node(w, OFFICER);

    *book = (struct casebook){
        .id = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}};
    book->known.person = (struct person){.age_band = AGE_26_40,
        .minor = MINOR_NO,
        .gender = GENDER_FEMALE,
        .n_languages = 1,
        .languages = {"pus"},
        .preferred_name = "Gulnamoona",
        .full_name = "Gulnamoona Farziwala",
        .safe_contact = "through vintorel",
        .urgent_health = URGENT_INJURY,
        .health = "invented drabok",
        .risk = RISK_HIGH};
    memset(book->known.key.bytes, 7, sizeof(book->known.key.bytes));
    node->desk->options.find_case = find_case;
    node->desk->options.find_case_context = book;
}

static struct json *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    struct json *answer = NULL;
    snprintf(key, sizeof(key), "case-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &answer, NULL));
    memory_free(text);
    return answer;
}

static void ask(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    struct json *answer = call(w, i, verb, request, http, holds);
    json_destroy(&answer);
}

#define REFER(to, service, more)                                                         \
    "{\"to\":\"" to "\",\"service\":\"" service "\",\"priority\":\"normal\"," CASE more  \
    "}"

static void dp05__a_referral_of_a_case_carries_matrix_and_consent_and_nothing_more(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct casebook book;
    char request[64], *read = NULL;
    give_case(w, &book);
    struct json *answer = call(w, OFFICER, "refer",
        REFER("shelter.peshawar", "shelter", "," CONSENT("\"name\"")), 201,
        "{\"group\":\"health\",\"why\":\"matrix\"}");
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}",
        json_find_text(answer, "reference"));
    world_settle(w);
    assert_int_equal(world_call(w, SHELTER, "trace", "", request, &read), 200);
    assert_holds(read, "Gulnamoona");
    assert_holds(read, "through vintorel");
    assert_holds(read, "injury");
    assert_null(strstr(read, "Farziwala"));
    assert_null(strstr(read, "drabok"));
    memory_free(read);
    json_destroy(&answer);
    world_destroy(&w);
}

static void refer__of_a_case_takes_the_person_from_it_and_from_nowhere_else(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct casebook book;
    ask(w, OFFICER, "refer", REFER("shelter.peshawar", "shelter", "," CONSENT("")), 404,
        "unknown-case"); /* a node without cases */
    give_case(w, &book);
    ask(w, OFFICER, "refer",
        REFER("shelter.peshawar", "shelter", ",\"gender\":\"male\"," CONSENT("")), 400,
        "case-says-it");
    ask(w, OFFICER, "refer",
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"case\":\"ff02030405060708090a0b0c0d0e0f10\"," CONSENT("") "}",
        404, "unknown-case");
    ask(w, OFFICER, "refer", REFER("shelter.peshawar", "shelter", ""), 403,
        "consent-needed");
    ask(w, OFFICER, "refer",
        REFER("shelter.peshawar", "shelter",
            ",\"note\":\"asked for by Gulnamoona\"," CONSENT("\"note\"")),
        409, "text-warning");
    /* The sender may leave out what matrix and consent would let through. */
    ask(w, OFFICER, "preview",
        REFER(
            "shelter.peshawar", "shelter", ",\"groups\":[\"core\"]," CONSENT("\"name\"")),
        200, "{\"group\":\"name\",\"why\":\"left-out\"}");
    ask(w, OFFICER, "sent", NULL, 200, "\"items\":[]");
    world_destroy(&w);
}

static void dp07__the_rows_of_a_case_stand_and_end_by_themselves(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct casebook book;
    char request[64];
    give_case(w, &book);
    struct json *first = call(w, OFFICER, "refer",
        REFER("shelter.peshawar", "shelter", "," CONSENT("\"name\"")), 201, "reference");
    struct json *supplies = call(w, OFFICER, "refer",
        REFER("shelter.peshawar", "supplies", "," CONSENT("")), 201, "reference");
    /* The row of before covers the next one, too. */
    ask(w, OFFICER, "refer", REFER("shelter.peshawar", "shelter", ""), 201, "reference");
    world_settle(w);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}",
        json_find_text(first, "reference"));
    ask(w, OFFICER, "withdraw-consent", request, 200, "withdrawn");
    world_pass(w, HOUR_MS);
    ask(w, OFFICER, "refer", REFER("shelter.peshawar", "shelter", ""), 403,
        "consent-ended");
    ask(w, OFFICER, "refer", REFER("shelter.peshawar", "supplies", ""), 201, "reference");
    /* One record for the person: both referrals for shelter are destroyed, the others stand. */
    struct json *record = call(w, OFFICER, "shared", request, 200, "pages");
    const struct json *items = json_find(record, "items");
    int purged = 0, sent = 0;
    for (size_t i = 0; i < json_count(items); i++) {
        const char *state_of = json_find_text(json_nth(items, i), "state");
        purged += strcmp(state_of, "purged") == 0;
        sent += strcmp(state_of, "sent") == 0;
    }
    assert_int_equal(purged, 2);
    assert_int_equal(sent, 2);
    assert_holds(json_find_text(json_find(record, "pages"), "eng"), "shelter.peshawar");
    json_destroy(&record);
    json_destroy(&first);
    json_destroy(&supplies);
    world_destroy(&w);
}

/* Months of consents: a case is never locked out by its own rows. */
static void refer__of_a_case_with_very_many_consents_goes_on(void **state)
{
    (void)state;
    enum { MANY = 90 };
    struct world *w = WORLD();
    struct casebook book;
    char request[64] = "";
    give_case(w, &book);
    for (int i = 0; i < MANY; i++) {
        struct json *answer = call(w, OFFICER, "refer",
            REFER("shelter.peshawar", "shelter", "," CONSENT("")), 201, "reference");
        snprintf(request, sizeof(request), "{\"reference\":\"%s\"}",
            json_find_text(answer, "reference"));
        json_destroy(&answer);
    }
    ask(w, OFFICER, "preview", REFER("shelter.peshawar", "shelter", ""), 200,
        "\"may_leave\":true");
    struct json *record = call(w, OFFICER, "shared", request, 200, "pages");
    assert_int_equal(json_count(json_find(record, "items")), MANY);
    json_destroy(&record);
    ask(w, OFFICER, "withdraw-consent", request, 200, "withdrawn");
    ask(w, OFFICER, "preview", REFER("shelter.peshawar", "shelter", ""), 200,
        "\"refusal\":\"consent-ended\"");
    world_destroy(&w);
}

static void dp09__a_suspected_guardian_of_a_case_cannot_consent(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct casebook book;
    give_case(w, &book);
    book.known.person.age_band = AGE_9_17;
    book.known.person.minor = MINOR_YES;
    book.known.guardian_suspected = true;
#define GUARDIAN                                                                         \
    ",\"consent\":{\"given_by\":\"guardian\",\"how\":\"spoken\",\"language\":\"urd\","   \
    "\"interpreter\":true,\"groups\":[]}"
    ask(w, OFFICER, "refer", REFER("shelter.peshawar", "shelter", GUARDIAN), 403,
        "suspicion");
    book.known.guardian_suspected = false;
    ask(w, OFFICER, "refer", REFER("shelter.peshawar", "shelter", GUARDIAN), 201,
        "reference");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp05__a_referral_of_a_case_carries_matrix_and_consent_and_nothing_more),
        cmocka_unit_test(refer__of_a_case_takes_the_person_from_it_and_from_nowhere_else),
        cmocka_unit_test(dp07__the_rows_of_a_case_stand_and_end_by_themselves),
        cmocka_unit_test(refer__of_a_case_with_very_many_consents_goes_on),
        cmocka_unit_test(dp09__a_suspected_guardian_of_a_case_cannot_consent),
    };
    return cmocka_run_group_tests_name("refer_case", tests, NULL, NULL);
}
