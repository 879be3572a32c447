/* SPDX-License-Identifier: Apache-2.0
 *
 * Consent: nothing leaves without it, and taking it back reaches what is out already (docs/CARE.md 13, 14).
 */
#include "inside.h"
#include "update.h"

#define PERSON                                                                           \
    "\"priority\":\"normal\",\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":"        \
    "\"female\",\"languages\":[\"pus\"],\"risk\":\"high\",\"note\":\"invented: quolla\""
#define TO_SHELTER "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\"," PERSON

static unsigned asked;

/* Calls with a key of its own; asserts code and a part of the answer; gives the parsed answer. */
static struct json *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    char key[32], *text = NULL;
    struct json *answer = NULL;
    snprintf(key, sizeof(key), "consent-%u", ++asked);
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

static void ask_about(struct world *w, size_t i, const char *verb, const char *reference,
    int http, const char *holds)
{
    char request[96];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    ask(w, i, verb, request, http, holds);
}

static void refer(struct world *w, const char *request, char ret[WORLD_REFERENCE_BYTES])
{
    struct json *answer = call(w, OFFICER, "refer", request, 201, "reference");
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(answer, "reference"));
    json_destroy(&answer);
}

/* What node i says of the referral, as text. */
static char *trace(struct world *w, size_t i, const char *reference)
{
    char request[64], *text = NULL;
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    assert_int_equal(world_call(w, i, "show", "", request, &text), 200);
    return text;
}

static void assert_traced(
    struct world *w, size_t i, const char *reference, const char *part, bool holds)
{
    char *text = trace(w, i, reference);
    if ((strstr(text, part) != NULL) != holds)
        fail_msg("%s %s in %s", part, holds ? "is not" : "is", text);
    memory_free(text);
}

static void dp04__nothing_leaves_without_a_consent_row_that_covers_it(void **state)
{
    (void)state;
    static const struct {
        const char *consent, *code;
    } bad[] = {
        {"", "consent-needed"},
        {",\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","
         "\"interpreter\":true,\"groups\":[\"contact\"]}",
            "note-withheld"},
        {",\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","
         "\"interpreter\":true,\"groups\":[\"note\"],\"expires\":\"2026-11-23\"}",
            "consent-incomplete"},
        {",\"consent\":{\"given_by\":\"person\",\"how\":\"signed\",\"language\":\"urd\","
         "\"interpreter\":true,\"groups\":[\"note\"]}",
            "consent-incomplete"},
        {",\"consent\":{\"given_by\":\"guardian\",\"how\":\"spoken\",\"language\":"
         "\"urd\","
         "\"interpreter\":true,\"groups\":[\"note\"]}",
            "consent-needed"},
        {",\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","
         "\"interpreter\":true,\"groups\":[\"religion\"]}",
            "bad-request"},
        {",\"consent\":{\"given_by\":\"person\"}", "bad-request"},
        {",\"consent\":7", "bad-request"},
    };
    struct world *w = WORLD();
    char request[1024];
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        char *text = NULL;
        snprintf(request, sizeof(request), TO_SHELTER "%s}", bad[i].consent);
        int code = world_call(w, OFFICER, "refer", "", request, &text);
        assert_true(code == 403 || code == 400);
        assert_holds(text, bad[i].code);
        memory_free(text);
    }
    ask(w, OFFICER, "sent", NULL, 200, "\"items\":[]");
    struct post_status status = status_of(w, OFFICER);
    assert_int_equal(status.drafts + status.sealed_waiting + status.held, 0);
    world_settle(w);
    ask(w, SHELTER, "inbox", NULL, 200, "\"items\":[]");
    ask(w, OFFICER, "refer", TO_SHELTER "," WORLD_CONSENT "}", 201, "reference");
    world_destroy(&w);
}

static void dp10__whoever_may_be_a_child_does_not_consent_alone(void **state)
{
    (void)state;
    struct world *w = WORLD();
#define UNKNOWN                                                                          \
    "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"tonight\","     \
    "\"age_band\":\"unknown\",\"minor\":\"unknown\",\"gender\":\"female\","              \
    "\"languages\":[],\"risk\":\"high\","
    ask(w, OFFICER, "refer", UNKNOWN WORLD_CONSENT "}", 403, "best-interest");
    ask(w, OFFICER, "refer", UNKNOWN WORLD_CONSENT_CHILD "}", 201, "reference");
    world_destroy(&w);
}

static void a_preview_shows_what_would_be_read_and_keeps_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct json *answer =
        call(w, OFFICER, "preview", TO_SHELTER "," WORLD_CONSENT "}", 200, "may_leave");
    assert_true(json_find_flag(answer, "may_leave"));
    assert_string_equal(json_find_text(answer, "consent"), "ok");
    const struct json *fields = json_find(answer, "fields");
    bool note = false;
    for (size_t i = 0; i < json_count(fields); i++) {
        const struct json *one = json_nth(fields, i);
        if (strcmp(json_find_text(one, "field"), "note") == 0) {
            note = true;
            assert_string_equal(json_find_text(one, "value"), "invented: quolla");
            assert_string_equal(json_find_text(one, "why"), "if-consented");
        }
    }
    assert_true(note);
    assert_holds(
        json_find_text(json_find(answer, "read_out"), "eng"), "shelter.peshawar");
    json_destroy(&answer);
    ask(w, OFFICER, "preview",
        "{\"to\":\"coordinator.islamabad\",\"service\":\"supplies\"," PERSON "}", 200,
        "{\"group\":\"risk\",\"why\":\"matrix\"}");
    ask(w, OFFICER, "preview", TO_SHELTER "}", 200, "\"refusal\":\"consent-needed\"");
    ask(w, OFFICER, "sent", NULL, 200, "\"items\":[]");
    world_destroy(&w);
}

static void dp13__a_note_to_a_member_that_only_screens_is_refused_and_texts_are_stripped(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
#define TO_OFFICER                                                                       \
    "{\"to\":\"fia.torkham\",\"service\":\"documents\",\"priority\":\"normal\","         \
    "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":["      \
    "\"pus\"],\"risk\":\"high\",\"safe_contact\":\"vintorel\",\"sender_role\":"          \
    "\"drabokwarden\","
    ask(w, SHELTER, "refer", TO_OFFICER "\"note\":\"x\"," WORLD_CONSENT "}", 403,
        "codes-only");
    struct json *answer = call(w, SHELTER, "refer", TO_OFFICER WORLD_CONSENT "}", 201,
        "{\"group\":\"contact\",\"why\":\"screening-member\"}");
    world_settle(w);
    assert_traced(w, OFFICER, json_find_text(answer, "reference"), "vintorel", false);
    assert_traced(w, OFFICER, json_find_text(answer, "reference"), "drabokwarden", false);
    json_destroy(&answer);
    world_destroy(&w);
}

static void a_cnic_never_travels_and_a_number_only_on_the_senders_word(void **state)
{
    (void)state;
    struct world *w = WORLD();
#define NOTED(note)                                                                      \
    "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","      \
    "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":["      \
    "\"pus\"],\"risk\":\"high\",\"note\":\"" note "\"," WORLD_CONSENT
    ask(w, OFFICER, "refer", NOTED("no 35202-1234567-1") ",\"yes_text\":true}", 400,
        "cnic-in-text");
    ask(w, OFFICER, "refer", NOTED("call 0300-1234567") "}", 409, "text-warning");
    ask(w, OFFICER, "refer", NOTED("call 0300-1234567") ",\"yes_text\":true}", 201,
        "reference");
    world_destroy(&w);
}

static void dp06__a_withdrawal_destroys_the_content_at_a_receiver_that_was_offline(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], request[64], *accepted = NULL;
    refer(w, TO_SHELTER "," WORLD_CONSENT "}", ref);
    world_settle(w);
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", ref);
    assert_int_equal(world_call(w, SHELTER, "accept", "kept", request, &accepted), 200);
    assert_holds(accepted, "quolla");
    memory_free(accepted);
    world_settle(w);
    world_cut(w, SHELTER);
    ask_about(w, SHELTER, "withdraw-consent", ref, 409, "not-sent-here");
    ask_about(w, OFFICER, "withdraw-consent", ref, 200, "\"withdrawn\":true");
    ask_about(w, OFFICER, "withdraw-consent", ref, 200, "\"withdrawn\":true");
    world_pass(w, DAYS(2));
    assert_traced(w, SHELTER, ref, "quolla", true); /* it cannot know yet */
    assert_traced(w, OFFICER, ref, "purged_day", false);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_traced(w, SHELTER, ref, "quolla", false);
    assert_traced(w, SHELTER, ref, "\"withdrawn\":true", true);
    assert_traced(w, OFFICER, ref, "\"purge_verified\":true", true);
    ask_about(w, SHELTER, "complete", ref, 409, "withdrawn");
    /* Not in the answer that was kept for the same request either. */
    assert_int_equal(world_call(w, SHELTER, "accept", "kept", request, &accepted), 200);
    assert_null(strstr(accepted, "quolla"));
    memory_free(accepted);
    ask_about(w, OFFICER, "shared", ref, 200, "\"state\":\"purged\"");
    world_destroy(&w);
}

static void dp06__a_withdrawal_stops_what_waits_at_once(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, OFFICER);
    refer(w, TO_SHELTER "," WORLD_CONSENT "}", ref);
    ask_about(w, OFFICER, "withdraw-consent", ref, 200, "\"letter\":\"withdrawn\"");
    world_heal(w, OFFICER);
    world_pass(w, DAYS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 0);
    char *inbox = NULL;
    assert_int_equal(world_call(w, SHELTER, "inbox", "", NULL, &inbox), 200);
    assert_null(strstr(inbox, "quolla"));
    memory_free(inbox);
    world_destroy(&w);
}

static void dp06__a_withdrawal_that_crosses_the_delivery_destroys_all_the_same(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_cut(w, SHELTER);
    refer(w, TO_SHELTER "," WORLD_CONSENT "}", ref);
    world_settle(w);
    assert_letter(w, OFFICER, ref, LETTER_STATE_HELD);
    world_cut(w, OFFICER);
    ask_about(w, OFFICER, "withdraw-consent", ref, 200, "\"withdrawn\":true");
    world_heal(w, SHELTER);
    world_settle(w);
    assert_traced(w, SHELTER, ref, "quolla", true); /* it was faster */
    world_heal(w, OFFICER);
    world_pass(w, DAYS(1));
    assert_traced(w, SHELTER, ref, "quolla", false);
    assert_traced(w, OFFICER, ref, "\"purge_verified\":true", true);
    world_destroy(&w);
}

/* Express overtakes: the withdrawal is there before the referral is. */
static void dp06__a_withdrawal_that_comes_first_lets_the_referral_never_be_kept(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar, other;
    struct buffer body, said;
    struct update update = {
        .what = UPDATE_CONSENT_WITHDRAWN, .reason = WITHDRAWAL_PERSON_ASKED};
    world_member_init(&liar, w, OFFICER, SHELTER);
    world_member_init(&other, w, COORDINATOR, SHELTER);
    world_member_referral(&liar, update.reference, &body);
    buffer_init(&said, BODY_BYTES_MAX);
    assert_ok(update_encode(&update, &said));
    struct letter letter = world_member_letter(&liar, LETTER_UPDATE, buffer_span(&said));
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 1), RECEIPT_STORED);
    letter = world_member_letter(&liar, LETTER_REFERRAL, buffer_span(&body));
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 2), RECEIPT_STORED);
    ask(w, SHELTER, "inbox", NULL, 200, "\"items\":[]");
    ask_about(w, SHELTER, "show", update.reference, 404, "unknown-reference");
    /* One member's word buries nothing of another. */
    letter = world_member_letter(&other, LETTER_REFERRAL, buffer_span(&body));
    world_member_post(&other, &letter);
    assert_int_equal(receipted(&other, 1), RECEIPT_STORED);
    ask_about(w, SHELTER, "show", update.reference, 200, "drabok");
    /* And destroys nothing of another. */
    letter = world_member_letter(&liar, LETTER_UPDATE, buffer_span(&said));
    world_member_post(&liar, &letter);
    assert_int_equal(receipted(&liar, 3), RECEIPT_STORED);
    ask_about(w, SHELTER, "show", update.reference, 200, "drabok");
    buffer_release(&body);
    buffer_release(&said);
    world_destroy(&w);
}

static void a_false_proof_of_destruction_is_seen(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct buffer said;
    struct update update = {.what = UPDATE_PURGED, .body_hash = {{7}}};
    char ref[WORLD_REFERENCE_BYTES];
    refer(w, TO_SHELTER "," WORLD_CONSENT "}", ref);
    world_settle(w);
    memcpy(update.reference, ref, REFERENCE_BYTES);
    world_member_init(&liar, w, SHELTER, OFFICER);
    buffer_init(&said, BODY_BYTES_MAX);
    assert_ok(update_encode(&update, &said));
    struct letter letter = world_member_letter(&liar, LETTER_UPDATE, buffer_span(&said));
    world_member_post(&liar, &letter); /* nobody asked for it: no effect */
    assert_traced(w, OFFICER, ref, "purged_day", false);
    world_lock_node(
        w, SHELTER); /* it receives and opens nothing: its own proof is to come */
    ask_about(w, OFFICER, "withdraw-consent", ref, 200, "withdrawn");
    world_settle(w);
    letter = world_member_letter(&liar, LETTER_UPDATE, buffer_span(&said));
    world_member_post(&liar, &letter);
    assert_traced(w, OFFICER, ref, "\"purge_verified\":false", true);
    ask_about(w, OFFICER, "shared", ref, 200, "\"state\":\"mismatch\"");
    world_unlock_node(w, SHELTER);
    buffer_release(&said);
    world_destroy(&w);
}

static void dp07__taking_one_consent_back_lowers_no_other_service(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char shelter[WORLD_REFERENCE_BYTES], supplies[WORLD_REFERENCE_BYTES],
        other[WORLD_REFERENCE_BYTES];
    refer(w, TO_SHELTER "," WORLD_CONSENT "}", shelter);
    refer(w,
        "{\"to\":\"shelter.peshawar\",\"service\":\"supplies\"," PERSON "," WORLD_CONSENT
        "}",
        supplies);
    refer(w,
        "{\"to\":\"coordinator.islamabad\",\"service\":\"shelter\"," PERSON
        "," WORLD_CONSENT "}",
        other);
    world_settle(w);
    ask_about(w, OFFICER, "withdraw-consent", shelter, 200, "withdrawn");
    world_pass(w, HOURS(1));
    assert_traced(w, SHELTER, shelter, "quolla", false);
    assert_traced(w, SHELTER, supplies, "quolla", true);
    assert_traced(w, COORDINATOR, other, "quolla", true);
    assert_traced(w, OFFICER, other, "withdrawn", false);
    assert_traced(w, OFFICER, supplies, "withdrawn", false);
    ask_about(w, COORDINATOR, "accept", other, 200, "accepted");
    ask_about(w, SHELTER, "accept", supplies, 200, "accepted");
    world_settle(w);
    assert_care(w, OFFICER, other, "accepted");
    assert_care(w, OFFICER, supplies, "accepted");
    world_destroy(&w);
}

#define OVERRIDE(reason, second)                                                         \
    ",\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\",\"language\":\"urd\","   \
    "\"groups\":[\"note\"],\"role\":\"shift lead\",\"reason\":\"" reason                 \
    "\",\"second\":\"" second "\"}}"

static void dp08__an_override_needs_role_reason_and_another_person(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES], request[128];
    ask(w, OFFICER, "refer", TO_SHELTER OVERRIDE("court-order", ""), 400, "second");
    ask(w, OFFICER, "refer",
        TO_SHELTER ",\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\","
                   "\"language\":\"urd\",\"groups\":[\"note\"],\"second\":\"x\","
                   "\"reason\":\"court-order\"}}",
        400, "role");
    ask(w, OFFICER, "refer",
        TO_SHELTER ",\"consent\":{\"given_by\":\"override\",\"how\":\"spoken\","
                   "\"language\":\"urd\",\"groups\":[\"note\"],\"second\":\"x\","
                   "\"role\":\"shift lead\"}}",
        400, "reason");
    ask(w, OFFICER, "acts", NULL, 200, "\"items\":[]");
    refer(w, TO_SHELTER OVERRIDE("court-order", "duty lead"), ref);
    world_settle(w);
    ask(w, OFFICER, "acts", NULL, 200, "\"state\":\"told\"");
    ask(w, COORDINATOR, "acts", NULL, 200, ref); /* visible to the coordinator */
    ask(w, SHELTER, "acts", NULL, 200, "\"items\":[]");
    ask_about(w, COORDINATOR, "undo-act", ref, 409, "no-open-act");
    /* Alone, when life is at risk: open on both lists, and not to be confirmed by the same person. */
    refer(w, TO_SHELTER OVERRIDE("life-at-risk", ""), ref);
    world_settle(w);
    ask(w, OFFICER, "acts", NULL, 200, "\"state\":\"open\"");
    ask(w, COORDINATOR, "acts", NULL, 200, "\"state\":\"open\"");
    ask_about(w, OFFICER, "confirm-act", ref, 403, "second-person-needed");
    snprintf(
        request, sizeof(request), "{\"reference\":\"%s\",\"second\":\"duty lead\"}", ref);
    ask(w, OFFICER, "confirm-act", request, 200, "confirmed");
    ask(w, OFFICER, "undo-act", request, 409, "no-open-act");
    world_destroy(&w);
}

static void dp08__a_coordinator_at_another_node_confirms_or_undoes_an_act(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char good[WORLD_REFERENCE_BYTES], bad[WORLD_REFERENCE_BYTES];
    refer(w, TO_SHELTER OVERRIDE("life-at-risk", ""), good);
    refer(w, TO_SHELTER OVERRIDE("child-at-risk", ""), bad);
    world_settle(w);
    ask_about(w, COORDINATOR, "confirm-act", good, 200, "confirmed");
    ask_about(w, COORDINATOR, "undo-act", bad, 200, "undone");
    world_pass(w, HOURS(1));
    ask(w, OFFICER, "acts", NULL, 200, "\"second\":\"coordinator.islamabad\"");
    struct json *acts = call(w, OFFICER, "acts", NULL, 200, "undone");
    const struct json *items = json_find(acts, "items");
    for (size_t i = 0; i < json_count(items); i++)
        assert_string_not_equal(json_find_text(json_nth(items, i), "state"), "open");
    json_destroy(&acts);
    assert_traced(w, SHELTER, good, "quolla", true);
    assert_traced(w, SHELTER, bad, "quolla", false);
    assert_traced(w, OFFICER, bad, "\"purge_verified\":true", true);
    world_destroy(&w);
}

/* --- recorded before anything is sent ----------------------------------------------------------------------- */

static void open_case(
    struct world *w, const char *person, char ret[WORLD_REFERENCE_BYTES])
{
    struct json *answer = call(w, OFFICER, "case-open", person, 201, "case");
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(answer, "case"));
    json_destroy(&answer);
}

#define ADULT "{\"name\":\"Zarq\",\"age_band\":\"18-25\",\"minor\":\"no\"}"
#define SPOKEN                                                                           \
    "\"how\":\"spoken\",\"language\":\"urd\",\"interpreter\":true,"                      \
    "\"groups\":[\"note\",\"contact\",\"risk\"]"

/* The verb about a case with the consent of `giver`. */
static void consent(
    struct world *w, const char *alias, const char *giver, int http, const char *holds)
{
    char request[512];
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"to\":\"shelter.peshawar\",\"service\":\"shelter\","
        "\"consent\":{" SPOKEN ",%s}}",
        alias, giver);
    ask(w, OFFICER, "case-consent", request, http, holds);
}

static void refer_case(struct world *w, const char *alias, int http, const char *holds)
{
    char request[256];
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"normal\","
        "\"case\":\"%s\"}",
        alias);
    ask(w, OFFICER, "refer", request, http, holds);
}

static void dp04__a_consent_recorded_beforehand_lets_a_later_referral_go(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[WORLD_REFERENCE_BYTES];
    open_case(w, ADULT, alias);
    refer_case(w, alias, 403, "consent-needed");
    consent(w, alias, "\"given_by\":\"person\"", 201, "\"service\":\"shelter\"");
    ask(w, OFFICER, "sent", NULL, 200, "\"items\":[]"); /* nothing was sent by it */
    ask_about(w, OFFICER, "case-consents", alias, 200, "\"given_by\":\"person\"");
    ask_about(w, OFFICER, "case-show", alias, 200, "\"event\":\"consent-given\"");
    refer_case(w, alias, 201, "reference");
    world_pass(w, DAYS(91)); /* it lasts 90 days if nothing else is said */
    refer_case(w, alias, 403, "consent-ended");
    world_destroy(&w);
}

static void dp07__consents_of_a_case_end_for_one_service_and_the_others_stand(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[WORLD_REFERENCE_BYTES], request[128];
    open_case(w, ADULT, alias);
    consent(w, alias, "\"given_by\":\"person\"", 201, "shelter");
    refer_case(w, alias, 201, "reference");
    world_settle(w);
    snprintf(
        request, sizeof(request), "{\"reference\":\"%s\",\"service\":\"legal\"}", alias);
    ask(w, OFFICER, "case-withdraw", request, 200, "\"consents\":0");
    snprintf(request, sizeof(request), "{\"reference\":\"%s\",\"to\":\"nobody.known\"}",
        alias);
    ask(w, OFFICER, "case-withdraw", request, 404, "unknown-member");
    refer_case(w, alias, 201, "reference");
    world_settle(w);
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"to\":\"shelter.peshawar\"}", alias);
    ask(w, OFFICER, "case-withdraw", request, 200, "\"letters\":2");
    refer_case(w, alias, 403, "consent-ended");
    world_settle(w);
    ask(w, SHELTER, "inbox", NULL, 200, "\"withdrawn\":true");
    ask_about(w, OFFICER, "case-show", alias, 200, "\"event\":\"consent-ended\"");
    world_destroy(&w);
}

/* A guardian's word that was kept before anybody suspected anything does not count any more. */
static void dp09__suspicion_of_a_guardian_holds_for_the_whole_case_until_it_is_cleared(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char alias[WORLD_REFERENCE_BYTES], request[512];
    open_case(w, "{\"age_band\":\"9-17\",\"minor\":\"yes\"}", alias);
    consent(w, alias, "\"given_by\":\"person\"", 403, "child");
    consent(w, alias,
        "\"given_by\":\"override\",\"role\":\"officer\",\"reason\":"
        "\"life-at-risk\"",
        400, "consent-incomplete");
    consent(w, alias, "\"given_by\":\"guardian\"", 201, "guardian");
    refer_case(w, alias, 201, "reference");
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"to\":\"coordinator.islamabad\",\"service\":\"%s\","
        "\"consent\":{" SPOKEN ",\"given_by\":\"best-interest\",\"role\":\"child "
        "protection officer\",\"rationale\":\"invented: the uncle sold her\","
        "\"guardian_suspected\":true}}",
        alias, service_name(world_service(w, COORDINATOR)));
    ask(w, OFFICER, "case-consent", request, 201, "\"guardian_suspected\":true");
    refer_case(w, alias, 403, "suspicion");
    consent(w, alias, "\"given_by\":\"guardian\",\"guardian_suspected\":false", 400,
        "Only a best-interest decision");
    consent(w, alias, "\"given_by\":\"guardian\"", 403, "suspicion");
    consent(w, alias,
        "\"given_by\":\"best-interest\",\"role\":\"child protection "
        "officer\",\"rationale\":\"invented: it was another uncle\","
        "\"guardian_suspected\":false",
        201, "best-interest");
    refer_case(w, alias, 201, "reference");
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp04__nothing_leaves_without_a_consent_row_that_covers_it),
        cmocka_unit_test(dp10__whoever_may_be_a_child_does_not_consent_alone),
        cmocka_unit_test(a_preview_shows_what_would_be_read_and_keeps_nothing),
        cmocka_unit_test(
            dp13__a_note_to_a_member_that_only_screens_is_refused_and_texts_are_stripped),
        cmocka_unit_test(a_cnic_never_travels_and_a_number_only_on_the_senders_word),
        cmocka_unit_test(
            dp06__a_withdrawal_destroys_the_content_at_a_receiver_that_was_offline),
        cmocka_unit_test(dp06__a_withdrawal_stops_what_waits_at_once),
        cmocka_unit_test(
            dp06__a_withdrawal_that_crosses_the_delivery_destroys_all_the_same),
        cmocka_unit_test(
            dp06__a_withdrawal_that_comes_first_lets_the_referral_never_be_kept),
        cmocka_unit_test(a_false_proof_of_destruction_is_seen),
        cmocka_unit_test(dp07__taking_one_consent_back_lowers_no_other_service),
        cmocka_unit_test(dp08__an_override_needs_role_reason_and_another_person),
        cmocka_unit_test(dp08__a_coordinator_at_another_node_confirms_or_undoes_an_act),
        cmocka_unit_test(dp04__a_consent_recorded_beforehand_lets_a_later_referral_go),
        cmocka_unit_test(
            dp07__consents_of_a_case_end_for_one_service_and_the_others_stand),
        cmocka_unit_test(
            dp09__suspicion_of_a_guardian_holds_for_the_whole_case_until_it_is_cleared),
    };
    return cmocka_run_group_tests_name("consent", tests, NULL, NULL);
}
