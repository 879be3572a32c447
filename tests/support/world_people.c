/* SPDX-License-Identifier: Apache-2.0
 *
 * What people do in a world, and what they see: everything goes through node_call, as pages and commands do.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"

enum { ANSWER_MAX = 4 * 1024 * 1024, ALARMS_MAX = 256, LIST_LIMIT = 1000 };

int world_call(struct world *world, size_t i, const char *verb, const char *key,
    const char *request, char **ret_answer)
{
    struct json *question = NULL, *answer = NULL;
    int code = 0;
    *ret_answer = NULL;
    if (request)
        assert_int_equal(
            json_parse(span_text(request), JSON_TEXT_MAX, &question, NULL), STATUS_OK);
    bool alive = world_turn(world, i, verb, key, question, &answer, &code);
    if (alive) {
        struct buffer text;
        buffer_init(&text, ANSWER_MAX);
        assert_int_equal(json_print(answer, &text), STATUS_OK);
        *ret_answer = memory_new(text.used + 1);
        memcpy(*ret_answer, text.bytes, text.used);
        buffer_release(&text);
    }
    json_destroy(&answer);
    json_destroy(&question);
    return alive ? code : 0;
}

/* The answer parsed, for looking inside; fails unless it is 200 or 201. */
static struct json *ask(
    struct world *world, size_t i, const char *verb, const char *key, const char *request)
{
    char *text = NULL;
    int code = world_call(world, i, verb, key, request, &text);
    if (code != 200 && code != 201) {
        print_error(
            "world: %s at node %zu: %d %s\n", verb, i, code, text ? text : "(died)");
        fail();
    }
    struct json *answer = NULL;
    assert_int_equal(json_parse(span_text(text), ANSWER_MAX, &answer, NULL), STATUS_OK);
    memory_free(text);
    return answer;
}

void world_refer(struct world *world, size_t from, size_t to, enum lane lane,
    char ret_reference[static WORLD_REFERENCE_BYTES])
{
    static unsigned asked; /* an Idempotency-Key of its own for every call */
    char key[32], request[1024];
    /* To a member that only screens no text travels. */
    bool screens = strncmp(world_name(world, to), "fia.", 4) == 0;
    snprintf(key, sizeof key, "world-%u", ++asked);
    snprintf(request, sizeof request,
        "{\"to\":\"%s\",\"service\":\"%s\",\"priority\":\"%s\",\"age_band\":\"18-"
        "25\",\"minor\":\"no\","
        "\"gender\":\"female\",\"languages\":[\"pus\",\"urd\"],\"risk\":\"high\",\"safe_"
        "contact\":\"\","
        "\"sender_role\":\"screening officer\",\"note\":\"%s\"," WORLD_CONSENT "}",
        world_name(world, to), service_name(world_service(world, to)),
        lane == LANE_EXPRESS ? "tonight" : "normal", screens ? "" : "invented: vintorel");
    struct json *answer = ask(world, from, "refer", key, request);
    const char *reference = json_find_text(answer, "reference");
    assert_non_null(reference);
    snprintf(ret_reference, WORLD_REFERENCE_BYTES, "%s", reference);
    json_destroy(&answer);
}

/* The item of a reference in a listing of node i, copied; NULL if it is not there. */
static struct json *find_item(struct world *world, size_t i, const char *verb,
    const char *reference, int *ret_count)
{
    char request[32];
    snprintf(request, sizeof request, "{\"limit\":%d}", LIST_LIMIT);
    struct json *answer = ask(world, i, verb, "", request);
    const struct json *items = json_find(answer, "items");
    struct json *found = NULL;
    int n = 0;
    for (size_t k = 0; k < json_count(items); k++) {
        const struct json *item = json_nth(items, k);
        const char *name = json_find_text(item, "reference");
        if (name && strcmp(name, reference) == 0 && ++n == 1)
            found = json_clone(item);
    }
    json_destroy(&answer);
    if (ret_count)
        *ret_count = n;
    return found;
}

enum letter_state world_letter(struct world *world, size_t i, const char *reference)
{
    struct json *item = find_item(world, i, "sent", reference, NULL);
    assert_non_null(item);
    const char *word = json_find_text(item, "letter");
    enum letter_state state = LETTER_STATE_COUNT;
    for (int s = 1; s < LETTER_STATE_COUNT; s++)
        if (word && strcmp(word, letter_state_name((enum letter_state)s)) == 0)
            state = (enum letter_state)s;
    assert_int_not_equal(state, LETTER_STATE_COUNT);
    json_destroy(&item);
    return state;
}

int world_effects(struct world *world, size_t i, const char *reference)
{
    int n = 0;
    struct json *item = find_item(world, i, "inbox", reference, &n);
    json_destroy(&item);
    return n;
}

const char *world_care_state(struct world *world, size_t i, const char *reference)
{
    static char word[32];
    struct json *item = find_item(world, i, "inbox", reference, NULL);
    if (!item)
        item = find_item(world, i, "sent", reference, NULL);
    const char *state = json_find_text(item, "state");
    snprintf(word, sizeof word, "%s", state ? state : "");
    json_destroy(&item);
    return word;
}

int world_alarms(struct world *world, size_t i, const char *code)
{
    struct post_alarm alarms[ALARMS_MAX];
    size_t n = 0;
    int found = 0;
    assert_int_equal(
        post_alarms(node_post(world_node(world, i)), 0, alarms, ALARMS_MAX, &n),
        STATUS_OK);
    for (size_t k = 0; k < n; k++)
        found += strcmp(alarms[k].code, code) == 0;
    return found;
}
