/* SPDX-License-Identifier: Apache-2.0
 *
 * One night of one woman: the shelter is full. Three are asked, one says yes, and is full when the referral comes; it says
 * who has room, and there she waits on a list and is taken in. At each step both sides say the same, and so does the
 * coordinator's board. All names are invented.
 */
#include "inside.h"

enum { AIRPORT, NO_ROOM, NO_ANSWER, PROMISED, FRIEND, LEAD, FULL_CAST };
static const struct world_plan CAST_OF_FULL[FULL_CAST] = {
    {"fia.islamabad-airport", ROLE_SCREENING}, {"shelter.attock", ROLE_SHELTER},
    {"shelter.chakwal", ROLE_SHELTER}, {"shelter.jhelum", ROLE_SHELTER},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};
#define FULL() world_new(__LINE__, CAST_OF_FULL, FULL_CAST)
#define AGREED                                                                           \
    "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","      \
    "\"interpreter\":true,\"groups\":[\"name\"]}"
#define SHE                                                                              \
    "\"service\":\"shelter\",\"gender\":\"female\",\"age_band\":\"18-25\","              \
    "\"languages\":[\"urd\"],\"tonight\":true,\"children\":1"

enum { REQUEST_BYTES = 768 };

static char *call(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    static unsigned asked;
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "full-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s %s: %d %s\n", verb, request, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    return text;
}

/* The verb about that reference; letters travel. */
static void say(struct world *w, size_t i, const char *verb, const char *reference,
    const char *more, const char *holds)
{
    char request[REQUEST_BYTES];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", reference, more);
    memory_free(call(w, i, verb, request, 200, holds));
    world_settle(w);
}

static void make(struct world *w, size_t i, const char *verb, const char *request,
    const char *field, char ret[WORLD_REFERENCE_BYTES])
{
    struct json *json = NULL;
    char *text = call(w, i, verb, request, 201, field);
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    snprintf(ret, WORLD_REFERENCE_BYTES, "%s", json_find_text(json, field));
    json_destroy(&json);
    memory_free(text);
    world_settle(w);
}

/* Field of the line about `key`:`value` in what the verb lists at node i; "" when there is no such line or field. */
static void read_line(struct world *w, size_t i, const char *verb, const char *key,
    const char *value, const char *field, char ret[static 64])
{
    struct json *json = NULL;
    char *text = call(w, i, verb, "{}", 200, "\"items\"");
    assert_ok(json_parse(span_text(text), JSON_TEXT_MAX, &json, NULL));
    const struct json *items = json_find(json, "items");
    *ret = '\0';
    for (size_t n = 0; n < json_count(items); n++) {
        const char *found = json_find_text(json_nth(items, n), key);
        const char *said = json_find_text(json_nth(items, n), field);
        if (found && strcmp(found, value) == 0)
            snprintf(ret, 64, "%s", said ? said : "");
    }
    json_destroy(&json);
    memory_free(text);
}

static void assert_line(struct world *w, size_t i, const char *verb, const char *key,
    const char *value, const char *field, const char *wanted)
{
    char said[64];
    read_line(w, i, verb, key, value, field, said);
    if (strcmp(said, wanted) != 0)
        fail_msg("%s: %s %s: %s is \"%s\", not \"%s\"", world_name(w, i), verb, value,
            field, said, wanted);
}

/* What all three know of a referral between the officer and a shelter: its state, what is waited for, and whose turn it is. */
static void assert_all_say(struct world *w, size_t house, const char *ref,
    const char *state, const char *waits_for, bool senders_turn)
{
    assert_care(w, AIRPORT, ref, state);
    assert_care(w, house, ref, state);
    const char *own = senders_turn ? "ours" : "theirs";
    assert_line(w, AIRPORT, "due", "reference", ref, "waits_for", waits_for);
    assert_line(w, AIRPORT, "due", "reference", ref, "turn", own);
    assert_line(
        w, house, "due", "reference", ref, "waits_for", senders_turn ? "" : waits_for);
    assert_line(w, LEAD, "board", "reference", ref, "state", state);
    assert_line(w, LEAD, "board", "reference", ref, "waits_for", waits_for);
    assert_line(w, LEAD, "board", "reference", ref, "turn",
        senders_turn ? "sender" : "recipient");
}

/* Nobody waits for anything of it any more, anywhere. */
static void assert_nobody_waits(struct world *w, size_t house, const char *ref)
{
    assert_line(w, AIRPORT, "due", "reference", ref, "waits_for", "");
    assert_line(w, house, "due", "reference", ref, "waits_for", "");
    assert_line(w, LEAD, "board", "reference", ref, "state", "");
}

/* The officer asks three. What comes to them is codes; one says no, one nothing, one yes for two hours. */
static void ask_three(struct world *w, const char *alias)
{
    char reference[64];
    memory_free(call(w, AIRPORT, "match", "{" SHE "}", 200, "\"rank\":1"));
    memory_free(call(w, AIRPORT, "enquire",
        "{" SHE ",\"infant\":true,\"to\":[\"shelter.attock\",\"shelter.chakwal\","
        "\"shelter.jhelum\"]}",
        201, "shelter.jhelum"));
    world_settle(w);
    for (size_t i = NO_ROOM; i <= PROMISED; i++) {
        char *text = call(w, i, "enquiries", "{}", 200, "\"infant\":true");
        assert_null(strstr(text, "Nolvereth"));
        assert_null(strstr(text, alias));
        memory_free(text);
        assert_line(w, AIRPORT, "enquiries", "peer", world_name(w, i), "answer", "");
    }
    memory_free(call(w, FRIEND, "enquiries", "{}", 200, "\"items\":[]"));
    read_line(w, NO_ROOM, "enquiries", "direction", "received", "reference", reference);
    say(w, NO_ROOM, "answer-enquiry", reference, ",\"answer\":\"no\"", "no");
    read_line(w, PROMISED, "enquiries", "direction", "received", "reference", reference);
    say(w, PROMISED, "answer-enquiry", reference, ",\"answer\":\"yes\",\"hours\":2",
        "kept_until");
    assert_line(w, AIRPORT, "enquiries", "peer", "shelter.attock", "answer", "no");
    assert_line(w, AIRPORT, "enquiries", "peer", "shelter.chakwal", "answer", "");
    assert_line(w, AIRPORT, "enquiries", "peer", "shelter.jhelum", "answer", "yes");
    assert_line(w, AIRPORT, "enquiries", "peer", "shelter.jhelum", "kept_until",
        "2026-11-24T08:00:00Z");
    /* A yes is no acceptance: there is no referral yet, anywhere. */
    memory_free(call(w, PROMISED, "inbox", "{}", 200, "\"items\":[]"));
    memory_free(call(w, LEAD, "board", "{}", 200, "\"items\":[]"));
}

static void full__a_yes_that_is_full_by_then_redirects_and_she_is_taken_in_from_a_list(
    void **state)
{
    (void)state;
    struct world *w = FULL();
    char alias[WORLD_REFERENCE_BYTES], first[WORLD_REFERENCE_BYTES],
        second[WORLD_REFERENCE_BYTES], request[REQUEST_BYTES];
    make(w, AIRPORT, "case-open",
        "{\"name\":\"Nolvereth\",\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":"
        "\"female\",\"languages\":[\"urd\"],\"risk\":\"high\"}",
        "case", alias);
    ask_three(w, alias);
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.jhelum\",\"service\":\"shelter\",\"priority\":\"tonight\","
        "\"case\":\"%s\"," AGREED "}",
        alias);
    make(w, AIRPORT, "refer", request, "reference", first);
    assert_all_say(w, PROMISED, first, "requested", "opening", false);
    say(w, PROMISED, "show", first, "", "Nolvereth");
    assert_all_say(w, PROMISED, first, "opened", "decision", false);
    /* Its last bed went to somebody else meanwhile, and it says so: it is not offered any more. */
    memory_free(call(w, PROMISED, "capacity-set",
        "{\"unit\":\"female-bed\",\"status\":\"full\",\"maximum\":4}", 200, "full"));
    world_settle(w);
    memory_free(call(w, AIRPORT, "match", "{" SHE "}", 200,
        "{\"name\":\"shelter.jhelum\",\"reasons\":[\"full\"]}"));
    say(w, PROMISED, "redirect", first,
        ",\"reason\":\"at-capacity\",\"suggest\":\"shelter.peshawar\"", "redirected");
    assert_all_say(w, PROMISED, first, "redirected", "next", true);
    say(w, AIRPORT, "show", first, "", "\"suggested\":[\"shelter.peshawar\"]");
    say(w, AIRPORT, "show", first, "", "\"reason\":\"at-capacity\"");
    /* Nothing of her went to whom they named. */
    memory_free(call(w, FRIEND, "inbox", "{}", 200, "\"items\":[]"));
    snprintf(request, sizeof(request),
        "{\"reference\":\"%s\",\"to\":\"shelter.peshawar\"," AGREED "}", first);
    make(w, AIRPORT, "refer-again", request, "reference", second);
    assert_nobody_waits(w, PROMISED, first);
    assert_all_say(w, FRIEND, second, "requested", "opening", false);
    assert_line(w, LEAD, "board", "reference", second, "priority", "tonight");
    say(w, FRIEND, "show", second, "", "Nolvereth");
    say(w, FRIEND, "waitlist", second, ",\"day\":\"2026-11-25\"", "waitlisted");
    assert_all_say(w, FRIEND, second, "waitlisted", "place", false);
    world_pass(w, HOURS(3));
    say(w, FRIEND, "accept", second, "", "accepted");
    assert_all_say(w, FRIEND, second, "accepted", "beginning", false);
    say(w, AIRPORT, "show", second, "", "\"state\":\"accepted\"");
    say(w, FRIEND, "show", second, "", "\"state\":\"accepted\"");
    /* And of the first one it still stands, at both ends, how it ended. */
    assert_care(w, AIRPORT, first, "redirected");
    assert_care(w, PROMISED, first, "redirected");
    assert_int_equal(
        world_effects(w, NO_ROOM, first) + world_effects(w, NO_ANSWER, first), 0);
    assert_int_equal(world_effects(w, FRIEND, second), 1);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            full__a_yes_that_is_full_by_then_redirects_and_she_is_taken_in_from_a_list),
    };
    return cmocka_run_group_tests_name("full", tests, NULL, NULL);
}
