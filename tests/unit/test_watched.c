/* SPDX-License-Identifier: Apache-2.0
 *
 * Nothing is read, printed or exported beside the record of who looked (docs/CARE.md 16), and no setting ends the record,
 * the screen lock or what retention destroys (15, 17): over every verb of the table, and over node.conf with random lines.
 */
#include "check.h"
#include "disk.h"
#include "inside.h"
#include "memory.h"
#include "node_conf.h"
#include "node_inside.h"
#include "seeded.h"
#include "world.h"

enum { OFFICER, SHELTER, COORDINATOR, CAST };

static const struct world_plan PLAN[CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"coordinator.islamabad", ROLE_COORDINATOR}};

#define WORLD() world_new(16700 + __LINE__, PLAN, CAST)
#define MARK "vintorel" /* stands in every text of every request */
#define REFERENCE "28T5CY4TY"
enum { CONF_BYTES_MAX = 65536, TRIES = 3000, OPENED_MAX = 25, WORDS_OF_LINE = 3 };

/* --- every verb ------------------------------------------------------------------------------------------------- */

/* A request that says something in every field. */
static struct json *request_of(const struct verb *verb)
{
    struct json *request = json_new_object();

    for (const struct verb_argument *row = verb->arguments; row && row->name; row++)
        switch (row->type) {
        case ARGUMENT_REFERENCE:
            json_put_text(request, row->name, REFERENCE);
            break;
        case ARGUMENT_FLAG:
            json_put_flag(request, row->name, true);
            break;
        case ARGUMENT_NUMBER:
            json_put_int(request, row->name, 1);
            break;
        default:
            json_put_text(request, row->name,
                strcmp(row->name, "reference") == 0 ? REFERENCE : MARK);
        }
    return request;
}

static int call(struct world *w, size_t i, const char *verb, const struct json *request,
    struct json **ret)
{
    int http = 0;

    *ret = NULL;
    assert_true(world_turn(w, i, verb, "", request, ret, &http));
    return http;
}

/* The member that is offered the verb asks; whether it comes to something is all the same here. */
static size_t ask_somewhere(struct world *w, const struct verb *verb)
{
    struct json *request = request_of(verb), *answer = NULL;
    size_t i = 0;

    for (; i < CAST; i++) {
        (void)call(w, i, verb->name, request, &answer);
        const char *code = json_find_text(answer, "code");
        bool refused = code && strcmp(code, "role-lacks-verb") == 0;
        assert_false(code && strcmp(code, "bad-request") == 0 &&
                     strstr(json_find_text(answer, "detail"), "is not known here"));
        json_destroy(&answer);
        if (!refused)
            break;
    }
    if (i == CAST)
        fail_msg("nobody is offered %s", verb->name);
    json_destroy(&request);
    return i;
}

static int64_t times_recorded(struct world *w, size_t i, const char *verb)
{
    struct json *request = json_new_object(), *answer = NULL;
    int64_t n = 0;

    json_put_int(request, "limit", AUDIT_LIST_MAX);
    assert_int_equal(call(w, i, "audit", request, &answer), 200);
    const struct json *items = json_find(answer, "items");
    for (size_t k = 0; k < json_count(items); k++)
        n += strcmp(json_find_text(json_nth(items, k), "verb"), verb) == 0;
    json_destroy(&answer);
    json_destroy(&request);
    return n;
}

/* Six fields, of which one is a word of the program, one a person of this node, and one a mark of 8 hex digits. */
static void assert_no_values(struct world *w, size_t i)
{
    struct json *answer = NULL;
    struct buffer text;

    assert_int_equal(call(w, i, "audit", NULL, &answer), 200);
    const struct json *items = json_find(answer, "items");
    for (size_t k = 0; k < json_count(items); k++) {
        static const char *const FIELDS[] = {
            "about", "hour", "number", "person", "times", "verb"};
        const struct json *row = json_nth(items, k);
        const char *about = json_find_text(row, "about");
        assert_int_equal(json_count(row), ARRAY_LENGTH(FIELDS));
        for (size_t f = 0; f < ARRAY_LENGTH(FIELDS); f++)
            assert_true(strcmp(FIELDS[f], "about") == 0 || json_find(row, FIELDS[f]));
        if (about)
            assert_true(strlen(about) == 8 && strspn(about, "0123456789abcdef") == 8);
    }
    buffer_init(&text, JSON_TEXT_MAX);
    assert_ok(json_print(answer, &text));
    assert_ok(buffer_put(&text, "", 1));
    assert_null(strstr((const char *)text.bytes, MARK));
    assert_null(strstr((const char *)text.bytes, REFERENCE));
    buffer_release(&text);
    json_destroy(&answer);
}

static void dp21__every_verb_that_needs_the_keys_leaves_a_row_without_values(void **state)
{
    (void)state;
    struct world *w = WORLD();
    size_t asked = 0;
    for (size_t k = 0; k < VERBS_N; k++) {
        const struct verb *verb = &VERBS[k];
        if (verb->place != VERB_AT_DESK || !verb->unlocked)
            continue;
        int64_t before[CAST];
        for (size_t i = 0; i < CAST; i++)
            before[i] = times_recorded(w, i, verb->name);
        size_t i = ask_somewhere(w, verb);
        /* "audit" itself was counted by asking it. */
        if (times_recorded(w, i, verb->name) <= before[i] &&
            strcmp(verb->name, "audit") != 0)
            fail_msg("%s left no row", verb->name);
        asked++;
    }
    assert_true(asked >= 40);
    for (size_t i = 0; i < CAST; i++) {
        struct json *answer = NULL;
        assert_no_values(w, i);
        assert_int_equal(call(w, i, "audit-verify", NULL, &answer), 200);
        assert_true(json_find_flag(answer, "holds"));
        json_destroy(&answer);
    }
    world_destroy(&w);
}

/* Whoever adds a verb that asks for no passphrase adds it here, and thinks about what it shows. */
static void dp21__what_is_shown_without_the_keys_is_a_short_list_without_content(
    void **state)
{
    (void)state;
    static const char *const OPEN[] = {"status", "roster", "alarms"};
    for (size_t k = 0; k < VERBS_N; k++) {
        bool known = false;
        if (VERBS[k].place != VERB_AT_DESK || VERBS[k].unlocked)
            continue;
        for (size_t i = 0; i < ARRAY_LENGTH(OPEN); i++)
            known = known || strcmp(VERBS[k].name, OPEN[i]) == 0;
        if (!known)
            fail_msg("%s needs no passphrase and leaves no row", VERBS[k].name);
        for (const struct verb_argument *row = VERBS[k].arguments; row && row->name;
             row++)
            assert_string_not_equal(row->name, "reference");
    }
}

/* --- node.conf --------------------------------------------------------------------------------------------------- */

static const char *const WORDS[] = {"audit", "record", "retention", "keep", "days",
    "screen", "lock", "pin", "people", "office", "cases-an-hour", "second-person", "log",
    "level", "backup", "folder", "every-hours", "node", "person", "off", "no", "false",
    "0", "never", "none", "warning", "debug", "1", "168", "9999999", "-1", "\"\"",
    "\"/nowhere\"", "\"off\"", "enabled", "disable-audit", "reflection", "purge"};
static const char *const GLUE[] = {" = ", "\n    ", "/", " ", "=", "\n", ": ", ""};

/* Puts one to three random words, with something between them, behind or into the lines that stand there. */
static void make_worse(struct chance *chance, struct span conf, struct buffer *ret)
{
    size_t cut = conf.n;

    buffer_clear(ret);
    if (chance_below(chance, 2) == 0) { /* at the end of some line */
        cut = (size_t)chance_below(chance, conf.n);
        while (cut < conf.n && conf.at[cut] != '\n')
            cut++;
        cut += cut < conf.n;
    }
    assert_ok(buffer_put(ret, conf.at, cut));
    size_t n = 1 + (size_t)chance_below(chance, WORDS_OF_LINE);
    for (size_t i = 0; i < n; i++) {
        const char *word = WORDS[chance_below(chance, ARRAY_LENGTH(WORDS))];
        const char *glue = GLUE[chance_below(chance, ARRAY_LENGTH(GLUE))];
        if (i == 0 && chance_below(chance, 2) == 0)
            assert_ok(buffer_put(ret, "    ", 4));
        assert_ok(buffer_put(ret, word, strlen(word)));
        assert_ok(buffer_put(ret, glue, strlen(glue)));
    }
    assert_ok(buffer_put(ret, "\n", 1));
    assert_ok(buffer_put(ret, conf.at + cut, conf.n - cut));
    if (chance_below(chance, 8) == 0) /* and a byte of anything */
        ret->bytes[chance_below(chance, ret->used)] = (uint8_t)chance_u64(chance);
}

/* Another value for what may be set. */
static void set_anew(struct chance *chance, struct span conf, struct buffer *ret)
{
    static const char *const ROWS[] = {"    person = ", "    level = ", "    folder = ",
        "    every-hours = ", "    port = "};
    const char *row = ROWS[chance_below(chance, ARRAY_LENGTH(ROWS))];
    const char *word = WORDS[chance_below(chance, ARRAY_LENGTH(WORDS))];
    size_t at = 0, n = strlen(row);

    while (at + n < conf.n && memcmp(conf.at + at, row, n) != 0)
        at++;
    assert_true(at + n < conf.n);
    size_t rest = at + n;
    while (rest < conf.n && conf.at[rest] != '\n')
        rest++;
    buffer_clear(ret);
    assert_ok(buffer_put(ret, conf.at, at + n));
    assert_ok(buffer_put(ret, word, strlen(word)));
    assert_ok(buffer_put(ret, conf.at + rest, conf.n - rest));
}

static bool is_same_node(const struct node_conf *a, const struct node_conf *b)
{
    return strcmp(a->name, b->name) == 0 && ident_equal(&a->node_id, &b->node_id) &&
           ident_equal(&a->queue_id, &b->queue_id) && a->roles == b->roles &&
           strcmp(a->endpoint, b->endpoint) == 0 &&
           memcmp(a->broker_key, b->broker_key, NODE_CONF_KEY_BYTES) == 0;
}

/* The node runs with that file: it records, its screen locks, its days are the program's. */
static void assert_held(struct world *w)
{
    struct retention retention;
    struct json *answer = NULL;

    world_crash_node(w, OFFICER);
    world_start_node(w, OFFICER, true);
    int64_t before = times_recorded(w, OFFICER, "show");
    struct json *request = json_new_object();
    json_put_text(request, "reference", REFERENCE);
    assert_int_equal(call(w, OFFICER, "show", request, &answer), 404);
    json_destroy(&answer);
    assert_int_equal(times_recorded(w, OFFICER, "show"), before + 1);
    retention_load(&retention);
    assert_memory_equal(
        &world_node(w, OFFICER)->desk->retention, &retention, sizeof(retention));
    seat_lock_screen(node_seat(world_node(w, OFFICER)));
    assert_int_equal(call(w, OFFICER, "show", request, &answer), 423);
    json_destroy(&answer);
    json_destroy(&request);
}

static void dp22__no_line_of_node_conf_ends_the_record_the_screen_lock_or_the_deadlines(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 2200);
    struct node_conf right, conf;
    struct buffer text, worse;
    int refused = 0, opened = 0;
    char *path = disk_path(world_home(w, OFFICER), "node.conf");
    buffer_init(&text, CONF_BYTES_MAX);
    buffer_init(&worse, CONF_BYTES_MAX);
    assert_ok(disk_read(path, CONF_BYTES_MAX, &text, NULL));
    assert_ok(node_conf_parse(buffer_span(&text), "node.conf", &right, NULL));
    for (int i = 0; i < TRIES; i++) {
        if (i % 4 == 0)
            set_anew(chance, buffer_span(&text), &worse);
        else
            make_worse(chance, buffer_span(&text), &worse);
        if (node_conf_parse(buffer_span(&worse), "node.conf", &conf, NULL) != STATUS_OK) {
            refused++;
            continue;
        }
        if (!is_same_node(&right, &conf) || opened >= OPENED_MAX)
            continue;
        opened++;
        assert_ok(disk_write(path, buffer_span(&worse), 0600, NULL));
        assert_held(w);
    }
    assert_true(refused > TRIES / 2);
    assert_true(opened > 3);
    buffer_release(&text);
    buffer_release(&worse);
    memory_free(path);
    world_destroy(&w);
}

/* Whoever adds a setting adds it here, and thinks about what it may turn off. */
static void dp22__the_settings_are_names_places_and_the_log_alone(void **state)
{
    (void)state;
    static const char *const KNOWN[] = {"node/name", "node/id", "node/queue",
        "node/roles", "node/person", "link/endpoint", "link/broker-key", "log/level",
        "backup/folder", "backup/every-hours", "page/port", "announce/command",
        /* office mode asks by the same verbs, and each try at its door is recorded */
        "office/address", "office/name", "office/port"};
    assert_int_equal(NODE_CONF_ROWS_N, ARRAY_LENGTH(KNOWN));
    for (size_t i = 0; i < NODE_CONF_ROWS_N; i++)
        assert_string_equal(NODE_CONF_ROWS[i].name, KNOWN[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp21__every_verb_that_needs_the_keys_leaves_a_row_without_values),
        cmocka_unit_test(
            dp21__what_is_shown_without_the_keys_is_a_short_list_without_content),
        cmocka_unit_test(
            dp22__no_line_of_node_conf_ends_the_record_the_screen_lock_or_the_deadlines),
        cmocka_unit_test(dp22__the_settings_are_names_places_and_the_log_alone),
    };
    return cmocka_run_group_tests_name("watched", tests, NULL, NULL);
}
