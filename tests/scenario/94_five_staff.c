/* SPDX-License-Identifier: Apache-2.0
 *
 * Five people at one laptop of a shelter (docs/CARE.md 15, 16): a role each, one seat, one record that names them. All
 * names are invented.
 */
#include "check.h"
#include "people.h"
#include "scenario.h"
#include "seat.h"

enum { FIRST, SUPERVISOR, WORKER, NIGHT_WORKER, RECEPTION, STAFF };
enum { FILE_BYTES = PEOPLE_FILE_MAX, CASES = 31 };

static const struct {
    const char *name, *words;
    enum local_role role;
} PERSONS[STAFF] = {
    {"Blaszkodar", "seven invented words of the first", LOCAL_ADMINISTRATOR},
    {"Quolmina", "seven invented words of the second", LOCAL_SUPERVISOR},
    {"Dremmelina", "seven invented words of the third", LOCAL_WORKER},
    {"Farzinotte", "seven invented words of the fourth", LOCAL_WORKER},
    {"Tobbitash", "seven invented words of the fifth", LOCAL_RECEPTION},
};

struct laptop {
    struct world *world;
    struct buffer file; /* node.key */
};

static void keep(struct laptop *laptop, struct people *people)
{
    buffer_clear(&laptop->file);
    assert_ok(people_encode(people, world_chance(laptop->world), &laptop->file));
}

static void open_laptop(struct laptop *laptop, struct world *w)
{
    struct chance *chance = world_chance(w);
    struct people *people = NULL;

    laptop->world = w;
    buffer_init(&laptop->file, FILE_BYTES);
    assert_ok(people_new(world_keys(w, SHELTER), PERSONS[FIRST].name,
        span_text(PERSONS[FIRST].words), COST_FLOOR, chance, &people));
    for (int i = FIRST + 1; i < STAFF; i++)
        assert_ok(people_add(people, PERSONS[i].name, PERSONS[i].role,
            span_text(PERSONS[i].words), COST_FLOOR, chance));
    keep(laptop, people);
    people_destroy(&people);
}

static void close_laptop(struct laptop *laptop)
{
    buffer_release(&laptop->file);
    world_destroy(&laptop->world);
}

static struct node *node_of(struct laptop *laptop)
{
    return world_node(laptop->world, SHELTER);
}

/* What "amaan unlock" and "amaan switch" do: one step. */
static enum status sit(struct laptop *laptop, int who, const char *words, const char *pin)
{
    struct node_people all;
    struct people *people = NULL;
    enum status status = people_break(buffer_span(&laptop->file), PERSONS[who].name,
        span_text(words), world_chance(laptop->world), &people);

    if (status != STATUS_OK) {
        assert_ok(node_record(node_of(laptop), "wrong-passphrase", NULL, NULL));
        return status;
    }
    node_people_of(people, &all);
    status = node_enter(node_of(laptop), people_self(people), pin, &all);
    people_destroy(&people);
    return status;
}

static void sit_down(struct laptop *laptop, int who)
{
    assert_ok(sit(laptop, who, PERSONS[who].words, "4711"));
}

/* Another one agrees to the next block of cases. */
static enum status agree(struct laptop *laptop, int who)
{
    struct people *people = NULL;

    assert_ok(people_break(buffer_span(&laptop->file), PERSONS[who].name,
        span_text(PERSONS[who].words), world_chance(laptop->world), &people));
    enum status status = seat_agree(node_seat(node_of(laptop)), people_self(people));
    if (status == STATUS_OK)
        assert_ok(node_record(node_of(laptop), "second", people_self(people), NULL));
    people_destroy(&people);
    return status;
}

static int ask(struct laptop *laptop, const char *verb, const char *reference, char **ret)
{
    char request[64];

    snprintf(request, sizeof request, "{\"reference\":\"%s\"}", reference);
    return world_call(laptop->world, SHELTER, verb, "", *reference ? request : NULL, ret);
}

static void expect(struct laptop *laptop, const char *verb, const char *reference,
    int http, const char *holds, const char *lacks)
{
    char *text = NULL;
    int code = ask(laptop, verb, reference, &text);

    if (code != http)
        print_error("%s: %d %s\n", verb, code, text);
    assert_int_equal(code, http);
    assert_holds(text, holds);
    if (lacks && strstr(text, lacks))
        fail_msg("%s tells %s: %s", verb, lacks, text);
    memory_free(text);
}

/* Does the record say that this person did that? Asked by the supervisor, who stays. */
static bool recorded(struct laptop *laptop, const char *person, const char *verb)
{
    char row[128], *text = NULL;

    sit_down(laptop, SUPERVISOR);
    snprintf(
        row, sizeof row, "\"person\":\"%s\",\"times\":1,\"verb\":\"%s\"", person, verb);
    assert_int_equal(ask(laptop, "audit", "", &text), 200);
    bool found = strstr(text, row) != NULL;
    memory_free(text);
    return found;
}

static void refer(struct laptop *laptop, char ret[static WORLD_REFERENCE_BYTES])
{
    world_refer(laptop->world, OFFICER, SHELTER, LANE_NORMAL, ret);
    world_settle(laptop->world);
}

static void each_of_five_sees_what_her_role_allows_and_the_record_names_her(void **state)
{
    (void)state;
    struct laptop laptop;
    char ref[WORLD_REFERENCE_BYTES];
    open_laptop(&laptop, WORLD());
    refer(&laptop, ref);
    sit_down(&laptop, RECEPTION);
    expect(&laptop, "inbox", "", 200, ref, "vintorel");
    expect(&laptop, "inbox", "", 200, "\"age_band\":null", "18-25");
    expect(&laptop, "show", ref, 403, "not-your-role", "vintorel");
    expect(&laptop, "shift", "", 403, "not-your-role", ref);
    sit_down(&laptop, WORKER);
    expect(&laptop, "inbox", "", 200, "18-25", "vintorel"); /* texts are in no list */
    expect(&laptop, "show", ref, 200, "vintorel", NULL);
    expect(&laptop, "shift", "", 200, ref, "vintorel");
    expect(&laptop, "audit", "", 403, "not-your-role", "Tobbitash");
    sit_down(&laptop, NIGHT_WORKER);
    expect(&laptop, "accept", ref, 200, "accepted", NULL);
    sit_down(&laptop, FIRST);
    expect(&laptop, "people", "", 200, "\"second_administrator_wanted\":true", NULL);
    assert_true(recorded(&laptop, "Tobbitash", "inbox"));
    assert_false(recorded(&laptop, "Tobbitash", "show")); /* refused: nothing was shown */
    assert_true(recorded(&laptop, "Dremmelina", "show"));
    assert_true(recorded(&laptop, "Farzinotte", "accept"));
    assert_false(recorded(&laptop, "Dremmelina", "accept"));
    assert_true(recorded(&laptop, "Blaszkodar", "people"));
    expect(&laptop, "audit-verify", "", 200, "\"holds\":true", NULL);
    close_laptop(&laptop);
}

static void seats_are_changed_in_one_step_and_a_wrong_passphrase_changes_nothing(
    void **state)
{
    (void)state;
    struct laptop laptop;
    char ref[WORLD_REFERENCE_BYTES];
    open_laptop(&laptop, WORLD());
    refer(&laptop, ref);
    sit_down(&laptop, WORKER);
    assert_status(sit(&laptop, SUPERVISOR, PERSONS[WORKER].words, ""), STATUS_DENIED);
    assert_status(sit(&laptop, SUPERVISOR, "no such words at all", ""), STATUS_DENIED);
    assert_string_equal(seat_person(node_seat(node_of(&laptop)))->name, "Dremmelina");
    expect(&laptop, "show", ref, 200, "vintorel", NULL);
    expect(&laptop, "audit", "", 403, "not-your-role", NULL);
    sit_down(&laptop, SUPERVISOR);
    expect(&laptop, "audit", "", 200, "wrong-passphrase", NULL);
    /* From a locked screen as well: nobody has to know the PIN of the one before. */
    seat_lock_screen(node_seat(node_of(&laptop)));
    expect(&laptop, "show", ref, 423, "screen-locked", "vintorel");
    sit_down(&laptop, NIGHT_WORKER);
    expect(&laptop, "show", ref, 200, "vintorel", NULL);
    assert_true(recorded(&laptop, "Farzinotte", "switch"));
    close_laptop(&laptop);
}

static void the_fifth_wrong_pin_locks_the_node_and_letters_came_in_until_then(
    void **state)
{
    (void)state;
    struct laptop laptop;
    char ref[WORLD_REFERENCE_BYTES], later[WORLD_REFERENCE_BYTES];
    open_laptop(&laptop, WORLD());
    sit_down(&laptop, WORKER);
    struct seat *seat = node_seat(node_of(&laptop));
    seat_lock_screen(seat);
    refer(&laptop, ref);
    assert_letter(laptop.world, OFFICER, ref, LETTER_STATE_STORED);
    for (int i = 1; i < SEAT_TRIES_MAX; i++)
        assert_status(seat_try_pin(seat, "0000"), STATUS_DENIED);
    assert_status(seat_try_pin(seat, "0000"), STATUS_FULL);
    world_lock_node(laptop.world, SHELTER); /* as serve.c does it */
    expect(&laptop, "show", ref, 423, "locked", "vintorel");
    assert_status(sit(&laptop, WORKER, PERSONS[WORKER].words, ""), STATUS_LOCKED);
    refer(&laptop, later);
    assert_letter(laptop.world, OFFICER, later, LETTER_STATE_HELD);
    world_unlock_node(laptop.world, SHELTER);
    sit_down(&laptop, WORKER);
    world_settle(laptop.world);
    expect(&laptop, "show", later, 200, "vintorel", NULL);
    /* Right within five: the count begins anew. */
    seat_lock_screen(seat);
    assert_status(seat_try_pin(seat, "0000"), STATUS_DENIED);
    assert_ok(seat_try_pin(seat, "4711"));
    expect(&laptop, "show", ref, 200, "vintorel", NULL);
    close_laptop(&laptop);
}

static void the_thirty_first_case_of_an_hour_needs_another_person(void **state)
{
    (void)state;
    struct laptop laptop;
    static char refs[CASES][WORLD_REFERENCE_BYTES];
    open_laptop(&laptop, WORLD());
    for (int i = 0; i < CASES; i++)
        refer(&laptop, refs[i]);
    sit_down(&laptop, WORKER);
    for (int i = 0; i < CASES - 1; i++)
        expect(&laptop, "show", refs[i], 200, "vintorel", NULL);
    expect(&laptop, "show", refs[0], 200, "vintorel", NULL); /* the same one again */
    expect(&laptop, "show", refs[CASES - 1], 403, "second-person", "vintorel");
    sit_down(&laptop, NIGHT_WORKER);
    sit_down(&laptop, WORKER); /* changing seats and back starts nothing anew */
    expect(&laptop, "show", refs[CASES - 1], 403, "second-person", "vintorel");
    assert_status(agree(&laptop, WORKER), STATUS_DENIED);
    assert_status(agree(&laptop, RECEPTION), STATUS_DENIED);
    assert_ok(agree(&laptop, NIGHT_WORKER));
    expect(&laptop, "show", refs[CASES - 1], 200, "vintorel", NULL);
    assert_true(recorded(&laptop, "Farzinotte", "second"));
    close_laptop(&laptop);
}

static void who_is_removed_is_out_at_once_and_the_others_go_on(void **state)
{
    (void)state;
    struct laptop laptop;
    struct node_people all;
    struct people *people = NULL;
    char ref[WORLD_REFERENCE_BYTES];
    open_laptop(&laptop, WORLD());
    refer(&laptop, ref);
    sit_down(&laptop, WORKER);
    expect(&laptop, "show", ref, 200, "vintorel", NULL);
    /* A worker removes nobody; the administrator does while the worker sits there. */
    assert_ok(people_break(buffer_span(&laptop.file), PERSONS[WORKER].name,
        span_text(PERSONS[WORKER].words), world_chance(laptop.world), &people));
    assert_status(
        people_remove(people, PERSONS[NIGHT_WORKER].name, world_chance(laptop.world)),
        STATUS_DENIED);
    people_destroy(&people);
    assert_ok(people_break(buffer_span(&laptop.file), PERSONS[FIRST].name,
        span_text(PERSONS[FIRST].words), world_chance(laptop.world), &people));
    assert_ok(people_remove(people, PERSONS[WORKER].name, world_chance(laptop.world)));
    keep(&laptop, people);
    node_people_of(people, &all);
    people_destroy(&people);
    node_set_people(node_of(&laptop), &all);
    expect(&laptop, "show", ref, 423, "nobody-here", "vintorel");
    assert_status(sit(&laptop, WORKER, PERSONS[WORKER].words, ""), STATUS_DENIED);
    for (int i = 0; i < STAFF; i++)
        if (i != WORKER)
            sit_down(&laptop, i);
    sit_down(&laptop, NIGHT_WORKER);
    expect(&laptop, "show", ref, 200, "vintorel", NULL);
    /* What she did stays, under her number: her name went with her slot. */
    assert_false(recorded(&laptop, "Dremmelina", "show"));
    expect(&laptop, "audit", "", 200, "\"verb\":\"show\"", "Dremmelina");
    expect(&laptop, "people", "", 200, "Farzinotte", "Dremmelina");
    expect(&laptop, "audit-verify", "", 200, "\"holds\":true", NULL);
    close_laptop(&laptop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_five_sees_what_her_role_allows_and_the_record_names_her),
        cmocka_unit_test(
            seats_are_changed_in_one_step_and_a_wrong_passphrase_changes_nothing),
        cmocka_unit_test(
            the_fifth_wrong_pin_locks_the_node_and_letters_came_in_until_then),
        cmocka_unit_test(the_thirty_first_case_of_an_hour_needs_another_person),
        cmocka_unit_test(who_is_removed_is_out_at_once_and_the_others_go_on),
    };
    return cmocka_run_group_tests_name("five staff", tests, NULL, NULL);
}
