/* SPDX-License-Identifier: Apache-2.0
 *
 * Erasing a case reaches what others hold of it, and counts who proved that it is gone (docs/CARE.md 10.6).
 */
#include "inside.h"
#include "update.h"

enum { CLINIC = 2 };
static const struct world_plan CAST_OF_ERASE[] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"clinic.rawalpindi", ROLE_MEDICAL}};

static unsigned asked;

static char *call(
    struct world *w, size_t i, const char *verb, const char *request, int http)
{
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "erase-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, text ? text : "(died)");
    assert_int_equal(code, http);
    return text;
}

static void take(char *answer, const char *field, char ret[WORLD_REFERENCE_BYTES])
{
    struct json *json = NULL;
    assert_ok(json_parse(span_text(answer), JSON_TEXT_MAX, &json, NULL));
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(json, field));
    json_destroy(&json);
    memory_free(answer);
}

static void open_case(struct world *w, char ret[WORLD_REFERENCE_BYTES])
{
    take(call(w, OFFICER, "case-open",
             "{\"name\":\"Zarq\",\"age_band\":\"18-25\",\"minor\":\"no\","
             "\"gender\":\"female\",\"languages\":[\"pus\"]}",
             201),
        "case", ret);
}

struct wish {
    const char *to, *service, *note;
};
static const struct wish BED = {"shelter.peshawar", "shelter", "quolla"},
                         CARE = {"clinic.rawalpindi", "medical", "drabok"};

static void refer(struct world *w, const struct wish *wish, const char *alias,
    char ret[WORLD_REFERENCE_BYTES])
{
    char request[1024];
    assert_in_range(snprintf(request, sizeof(request),
                        "{\"to\":\"%s\",\"service\":\"%s\",\"priority\":\"normal\","
                        "\"note\":\"%s\",\"case\":\"%s\"," WORLD_CONSENT "}",
                        wish->to, wish->service, wish->note, alias),
        1, sizeof(request) - 1);
    take(call(w, OFFICER, "refer", request, 201), "reference", ret);
}

static char *about(struct world *w, size_t i, const char *verb, const char *reference)
{
    char request[96];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    return call(w, i, verb, request, 200);
}

static void assert_said(
    struct world *w, size_t i, const char *verb, const char *reference, const char *part)
{
    char *text = about(w, i, verb, reference);
    if (!strstr(text, part))
        fail_msg("%s is not in %s", part, text);
    memory_free(text);
}

static void assert_unsaid(
    struct world *w, size_t i, const char *verb, const char *reference, const char *part)
{
    char *text = about(w, i, verb, reference);
    if (strstr(text, part))
        fail_msg("%s is in %s", part, text);
    memory_free(text);
}

static void dp17__an_erasure_reaches_two_members_and_both_prove_it(void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, CAST_OF_ERASE, 3);
    char alias[WORLD_REFERENCE_BYTES], shelter[WORLD_REFERENCE_BYTES],
        clinic[WORLD_REFERENCE_BYTES];
    open_case(w, alias);
    refer(w, &BED, alias, shelter);
    refer(w, &CARE, alias, clinic);
    world_settle(w);
    assert_said(w, SHELTER, "show", shelter, "quolla");
    assert_said(w, CLINIC, "show", clinic, "drabok");
    world_cut(w, CLINIC); /* weeks without network */
    memory_free(about(w, OFFICER, "case-erase", alias));
    world_settle(w);
    assert_unsaid(w, SHELTER, "show", shelter, "quolla");
    assert_said(w, OFFICER, "case-erase", alias,
        "\"confirmed\":true,\"day\":\"2026-11-24\",\"member\":\"shelter.peshawar\"");
    assert_said(w, OFFICER, "case-erase", alias,
        "\"confirmed\":false,\"member\":\"clinic.rawalpindi\"");
    world_pass(w, DAYS(20));
    world_heal(w, CLINIC);
    world_pass(w, DAYS(1));
    assert_unsaid(w, CLINIC, "show", clinic, "drabok");
    assert_unsaid(w, OFFICER, "case-erase", alias, "\"confirmed\":false");
    assert_unsaid(w, OFFICER, "case-erase", alias, "mismatch");
    world_destroy(&w);
}

static void dp17__an_erasure_stops_what_waits_and_destroys_what_crossed_it(void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, CAST_OF_ERASE, 3);
    char alias[WORLD_REFERENCE_BYTES], never[WORLD_REFERENCE_BYTES],
        crossed[WORLD_REFERENCE_BYTES];
    open_case(w, alias);
    world_cut(w, SHELTER);
    refer(w, &BED, alias, crossed);
    world_settle(w);
    assert_letter(w, OFFICER, crossed, LETTER_STATE_HELD);
    world_cut(w, OFFICER);
    refer(w, &CARE, alias, never);
    memory_free(about(w, OFFICER, "case-erase", alias));
    world_heal(w, SHELTER);
    world_settle(w);
    assert_said(w, SHELTER, "show", crossed, "quolla"); /* it was faster */
    /* Stopped, as far as is known here. */
    assert_said(w, OFFICER, "case-erase", alias, "\"stopped\":true");
    world_heal(w, OFFICER);
    world_pass(w, DAYS(1));
    assert_unsaid(w, SHELTER, "show", crossed, "quolla");
    assert_int_equal(world_effects(w, CLINIC, never), 0);
    assert_said(w, OFFICER, "case-erase", alias,
        "\"confirmed\":true,\"day\":\"2026-11-24\",\"member\":\"shelter.peshawar\"");
    world_destroy(&w);
}

static void dp17__whoever_made_a_case_of_it_sees_that_the_sender_erased_its_own(
    void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, CAST_OF_ERASE, 3);
    char alias[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES],
        made[WORLD_REFERENCE_BYTES], request[96];
    open_case(w, alias);
    refer(w, &BED, alias, reference);
    world_settle(w);
    memory_free(about(w, SHELTER, "accept", reference));
    snprintf(request, sizeof(request), "{\"received\":\"%s\"}", reference);
    take(call(w, SHELTER, "case-open", request, 201), "case", made);
    memory_free(about(w, OFFICER, "case-erase", alias));
    world_settle(w);
    assert_said(w, SHELTER, "case-show", made, "\"event\":\"withdrawn\"");
    assert_said(w, SHELTER, "case-show", made, "\"reason\":\"erased\"");
    world_destroy(&w);
}

static void dp17__a_proof_that_does_not_fit_what_was_sent_is_seen(void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, CAST_OF_ERASE, 3);
    struct world_member liar;
    struct buffer said;
    struct update update = {.what = UPDATE_PURGED, .body_hash = {{7}}};
    char alias[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES];
    open_case(w, alias);
    refer(w, &BED, alias, reference);
    world_settle(w);
    memcpy(update.reference, reference, REFERENCE_BYTES);
    world_member_init(&liar, w, SHELTER, OFFICER);
    buffer_init(&said, BODY_BYTES_MAX);
    assert_ok(update_encode(&update, &said));
    world_lock_node(w, SHELTER);
    memory_free(about(w, OFFICER, "case-erase", alias));
    world_settle(w);
    struct letter letter = world_member_letter(&liar, LETTER_UPDATE, buffer_span(&said));
    world_member_post(&liar, &letter);
    assert_said(w, OFFICER, "case-erase", alias, "\"mismatch\":true");
    buffer_release(&said);
    world_destroy(&w);
}

/* Its time was over there, and nobody lied. */
static void dp17__what_retention_emptied_before_is_proven_as_that(void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, CAST_OF_ERASE, 3);
    char alias[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES], request[96];
    open_case(w, alias);
    refer(w, &BED, alias, reference);
    world_settle(w);
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"reason\":\"at-capacity\"}", reference);
    memory_free(call(w, SHELTER, "decline", request, 200));
    world_settle(w);
    for (int day = 0; day < 12; day++)
        world_pass(w, DAYS(1));
    assert_unsaid(w, SHELTER, "show", reference, "quolla");
    memory_free(about(w, OFFICER, "case-erase", alias));
    world_pass(w, HOURS(1));
    assert_said(w, OFFICER, "case-erase", alias, "\"confirmed\":true");
    assert_unsaid(w, OFFICER, "case-erase", alias, "mismatch");
    world_destroy(&w);
}

/* The list of losses is old paper: whoever took the consent back since is not sent once more. */
static void dp06__what_was_withdrawn_is_not_sent_again(void **state)
{
    (void)state;
    struct world *w = world_new(__LINE__, CAST_OF_ERASE, 3);
    char alias[WORLD_REFERENCE_BYTES], reference[WORLD_REFERENCE_BYTES], request[96];
    open_case(w, alias);
    refer(w, &BED, alias, reference);
    world_settle(w);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    memory_free(call(w, OFFICER, "withdraw-consent", request, 200));
    world_settle(w);
    char *text = call(w, OFFICER, "send-again", request, 409);
    assert_holds(text, "withdrawn");
    memory_free(text);
    world_settle(w);
    assert_unsaid(w, SHELTER, "show", reference, "quolla");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp17__an_erasure_reaches_two_members_and_both_prove_it),
        cmocka_unit_test(dp17__an_erasure_stops_what_waits_and_destroys_what_crossed_it),
        cmocka_unit_test(
            dp17__whoever_made_a_case_of_it_sees_that_the_sender_erased_its_own),
        cmocka_unit_test(dp17__a_proof_that_does_not_fit_what_was_sent_is_seen),
        cmocka_unit_test(dp17__what_retention_emptied_before_is_proven_as_that),
        cmocka_unit_test(dp06__what_was_withdrawn_is_not_sent_again),
    };
    return cmocka_run_group_tests_name("erase", tests, NULL, NULL);
}
