/* SPDX-License-Identifier: Apache-2.0
 *
 * An officer at a screening node is paid to learn where the shelter is, and who else knows. She has her passphrase, every
 * command, the keys of her node and a program of her own. What she gets are codes and days (docs/CARE.md 14, DP13, DP14).
 */
#include "inside.h"
#include "resync.h"
#include "update.h"
#include "verbs.h"

/* Words that stand at the shelter alone. Invented. */
static const char *const SECRETS[] = {
    "quarbine", "drabok", "PK529", "flimquarble", "wobbligantha"};

static unsigned asked;

static char *ask(
    struct world *w, size_t i, const char *verb, const char *request, int *ret_http)
{
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "insider-%u", ++asked);
    *ret_http = world_call(w, i, verb, key, request, &text);
    return text;
}

static void keep(char *answer, const char *field, char ret[WORLD_REFERENCE_BYTES])
{
    struct json *json = NULL;
    assert_ok(json_parse(span_text(answer), JSON_TEXT_MAX, &json, NULL));
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(json, field));
    json_destroy(&json);
    memory_free(answer);
}

static void do_at(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *field, char ret[WORLD_REFERENCE_BYTES])
{
    int code;
    char *answer = ask(w, i, verb, request, &code);
    if (code != http)
        print_error("%s: %d %s\n", verb, code, answer ? answer : "(died)");
    assert_int_equal(code, http);
    keep(answer, field, ret);
}

static void assert_clean(const char *verb, const char *answer)
{
    for (size_t i = 0; answer && i < ARRAY_LENGTH(SECRETS); i++)
        if (strstr(answer, SECRETS[i]))
            fail_msg("%s told %s: %s", verb, SECRETS[i], answer);
}

/* Every verb that she can type, about everything whose name she knows. Returns how many answers were no refusals. */
static int try_every_verb(struct world *w, char (*names)[WORLD_REFERENCE_BYTES], size_t n)
{
    int told = 0;
    for (const struct verb *verb = VERBS; verb < VERBS + VERBS_N; verb++) {
        if (verb->place != VERB_AT_DESK || verb->changes)
            continue; /* what changes would spoil the story, and shows nothing that the others do not */
        bool about = strchr(verb->path, '{') != NULL;
        for (size_t i = 0; i < (about ? n : 1); i++) {
            char request[96];
            int http;
            snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", names[i]);
            char *answer = ask(w, OFFICER, verb->name, about ? request : NULL, &http);
            assert_clean(verb->name, answer);
            told += http / 100 == 2;
            memory_free(answer);
        }
    }
    return told;
}

/* Letters with her node's keys, of every kind and to everybody: whatever comes back comes to her own node. */
static void try_every_letter(struct world *w, const char *reference)
{
    const size_t whom[] = {SHELTER, COORDINATOR};
    for (size_t k = 0; k < ARRAY_LENGTH(whom); k++) {
        struct world_member liar;
        struct buffer body;
        struct letter letter;
        uint8_t question[RESYNC_BYTES_MAX];
        struct resync resync = {.lost_since_ms = world_now_ms(w)};
        struct writer writer = writer_over(question, sizeof(question));

        world_member_init(&liar, w, OFFICER, whom[k]);
        resync_encode(&resync, &writer); /* "I lost all that you told me" */
        letter = world_member_letter(&liar, LETTER_RESYNC, writer_span(&writer));
        world_member_post(&liar, &letter);
        for (int what = 1; what < UPDATE_COUNT; what++) {
            struct update update = {.what = (enum update_what)what, .reason = 1};
            memcpy(update.reference, reference, REFERENCE_BYTES);
            if (what == UPDATE_PURGED || what == UPDATE_ACT_CONFIRMED ||
                what == UPDATE_ACT_UNDONE)
                update.reason = 0;
            if (what == UPDATE_PURGED)
                update.body_hash.bytes[0] = 7;
            if (what == UPDATE_CONSENT_WITHDRAWN || what == UPDATE_ENTERED_IN_ERROR ||
                what == UPDATE_CANCEL_REQUESTED)
                continue; /* they end the story, and tell nothing */
            if (what == UPDATE_ASKS || what == UPDATE_TELLS) {
                update.reason = 0;
                update.question = (enum inquiry)1;
            }
            if (what == UPDATE_TELLS)
                update.told = TOLD_YES;
            buffer_init(&body, BODY_BYTES_MAX);
            assert_ok(update_encode(&update, &body));
            letter = world_member_letter(&liar, LETTER_UPDATE, buffer_span(&body));
            world_member_post(&liar, &letter);
            buffer_release(&body);
        }
        static const uint16_t kinds[] = {LETTER_REFERRAL, LETTER_UPDATE, LETTER_ANSWER};
        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
            static const char plea[] = "where is she";
            letter = world_member_letter(&liar, kinds[i], span_text(plea));
            world_member_post(&liar, &letter);
        }
    }
}

static void dp13__an_insider_at_the_screening_node_learns_codes_and_days_and_no_place(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char names[4][WORLD_REFERENCE_BYTES], request[1024], made[WORLD_REFERENCE_BYTES];
    /* Her own work, as it should be. */
    do_at(w, OFFICER, "case-open",
        "{\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"
        "[\"pus\"]}",
        201, "case", names[0]);
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"tonight\","
        "\"case\":\"%s\"," WORLD_CONSENT "}",
        names[0]);
    do_at(w, OFFICER, "refer", request, 201, "reference", names[1]);
    world_settle(w);
    accept_referral(w, SHELTER, names[1]);
    /* What the shelter knows. */
    snprintf(request, sizeof(request), "{\"received\":\"%s\"}", names[1]);
    do_at(w, SHELTER, "case-open", request, 201, "case", made);
    snprintf(names[2], sizeof(names[2]), "%s", made);
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"name\":\"wobbligantha\",\"district\":\"PK529\","
        "\"safe_contact\":\"by the neighbour flimquarble\"}",
        made);
    do_at(w, SHELTER, "case-change", request, 200, "case", made);
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"text\":\"the house behind the quarbine mill\"}", made);
    do_at(w, SHELTER, "case-note", request, 200, "case", made);
    world_settle(w);
    assert_care(w, OFFICER, names[1], "accepted");
    snprintf(names[3], sizeof(names[3]), "%s", "000000000");
    assert_true(try_every_verb(w, names, ARRAY_LENGTH(names)) > 8);

    /* A worker of the shelter is fooled, or paid: a text to a member that only screens does not leave. */
    int http;
    snprintf(request, sizeof(request),
        "{\"to\":\"fia.torkham\",\"service\":\"%s\",\"priority\":\"normal\",\"case\":\"%"
        "s\","
        "\"note\":\"drabok road, the quarbine mill\"," WORLD_CONSENT "}",
        service_name(world_service(w, OFFICER)), made);
    char *answer = ask(w, SHELTER, "refer", request, &http);
    assert_int_equal(http, 403);
    assert_holds(answer, "reflection"); /* she has time, and did not ask for officers */
    memory_free(answer);
    snprintf(request, sizeof(request),
        "{\"to\":\"fia.torkham\",\"service\":\"%s\",\"priority\":\"normal\",\"case\":\"%"
        "s\",\"person_asked\":true,"
        "\"note\":\"drabok road, the quarbine mill\"," WORLD_CONSENT "}",
        service_name(world_service(w, OFFICER)), made);
    answer = ask(w, SHELTER, "refer", request, &http);
    assert_int_equal(http, 403);
    assert_holds(answer, "codes-only");
    memory_free(answer);
    snprintf(request, sizeof(request),
        "{\"to\":\"fia.torkham\",\"service\":\"%s\",\"priority\":\"normal\",\"case\":\"%"
        "s\",\"person_asked\":true,"
        "\"sender_role\":\"quarbine mill\"," WORLD_CONSENT "}",
        service_name(world_service(w, OFFICER)), made);
    do_at(w, SHELTER, "refer", request, 201, "reference", names[3]);
    world_settle(w);
    answer = ask(w, OFFICER, "inbox", NULL, &http);
    assert_holds(answer, names[3]); /* it came, */
    memory_free(answer);
    (void)try_every_verb(w, names, ARRAY_LENGTH(names)); /* and says codes and days */

    try_every_letter(w, names[1]);
    world_pass(w, DAYS(2));
    assert_true(try_every_verb(w, names, ARRAY_LENGTH(names)) > 8);
    /* Nothing of all that was done to the woman's referral. */
    assert_care(w, SHELTER, names[1], "accepted");
    assert_int_equal(world_effects(w, SHELTER, names[1]), 1);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp13__an_insider_at_the_screening_node_learns_codes_and_days_and_no_place),
    };
    return cmocka_run_group_tests_name("insider", tests, NULL, NULL);
}
