/* SPDX-License-Identifier: Apache-2.0
 *
 * node: making a home, opening it, entering a network; without any line.
 */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ceremony.h"
#include "check.h"
#include "disk.h"
#include "join.h"
#include "memory.h"
#include "loss.h"
#include "node.h"
#include "seat.h"
#include "seeded.h"
#include "vault.h"

enum { FILE_MAX = 65536 };
static const char PASSPHRASE[] = "seven invented words of a test";

struct bench {
    char home[128];
    struct seeded seeded;
    struct join join;
    struct ceremony ceremony;
    struct buffer roster, package;
};

static struct buffer read_home(const struct bench *bench, const char *name)
{
    char *path = disk_path(bench->home, name);
    struct buffer bytes;

    buffer_init(&bytes, FILE_MAX);
    assert_ok(disk_read(path, FILE_MAX, &bytes, NULL));
    memory_free(path);
    return bytes;
}

static struct node_new request_of(struct bench *bench)
{
    return (struct node_new){.home = bench->home,
        .name = "fia.torkham",
        .person = "Desk 4",
        .roles = 1u << (ROLE_SCREENING - 1),
        .passphrase = span_text(PASSPHRASE),
        .cost = COST_FLOOR,
        .clock = clock_system(),
        .chance = &bench->seeded.chance};
}

static void open_bench(struct bench *bench, uint64_t seed)
{
    struct trouble trouble = {""};

    memset(bench, 0, sizeof(*bench));
    assert_ok(vault_start(NULL));
    seeded_init(&bench->seeded, seed);
    snprintf(bench->home, sizeof(bench->home), AMAAN_BINARY_DIR "/node-XXXXXX");
    assert_non_null(mkdtemp(bench->home));
    struct node_new request = request_of(bench);
    if (node_create(&request, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    struct buffer text = read_home(bench, "fia.torkham.join");
    assert_ok(join_parse(buffer_span(&text), &bench->join, &trouble));
    buffer_release(&text);
}

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static void close_bench(struct bench *bench)
{
    buffer_release(&bench->roster);
    buffer_release(&bench->package);
    ceremony_release(&bench->ceremony);
    nftw(bench->home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* A network of this one member. */
static void found(struct bench *bench)
{
    int64_t now = clock_wall_ms(clock_system());
    struct member member = {.node_id = bench->join.node_id,
        .identity = bench->join.identity,
        .queue_id = bench->join.queue_id,
        .status = MEMBER_ACTIVE,
        .suites = bench->join.suites,
        .valid_from_ms = now - DAY_MS,
        .valid_to_ms = now + 300 * DAY_MS,
        .status_since = 1};
    struct profile profile = {.node_id = bench->join.node_id,
        .name = "fia.torkham",
        .roles = bench->join.roles,
        .hours = "",
        .contact = ""};

    memcpy(member.transport, bench->join.transport, TRANSPORT_KEY_BYTES);
    memcpy(member.directory, bench->join.directory, DIRECTORY_KEY_BYTES);
    ceremony_init(&bench->ceremony, &bench->seeded.chance, now);
    ceremony_set_profiles(&bench->ceremony, &profile, 1);
    ceremony_roster(
        &bench->ceremony, 1, span_of(NULL, 0), now, &member, 1, &bench->roster);
    ceremony_package(&bench->ceremony, 1, now, &member, 1, &bench->package);
}

static struct node *open_node(struct bench *bench)
{
    struct node_options options = {
        .home = bench->home, .clock = clock_system(), .chance = &bench->seeded.chance};
    struct trouble trouble = {""};
    struct node *node = NULL;

    if (node_open(&options, &node, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    return node;
}

static struct node_join join_of(struct bench *bench)
{
    struct node_join join = {.roots = buffer_span(&bench->ceremony.root),
        .roster = buffer_span(&bench->roster),
        .profiles = buffer_span(&bench->package),
        .endpoint = "tcp://127.0.0.1:7117"};

    memset(join.broker_key, 0x5a, sizeof(join.broker_key));
    return join;
}

static void node__makes_private_files_once(void **state)
{
    (void)state;
    static const char *const files[] = {"link.key", "node.key", "node.conf"};
    struct bench bench;
    struct trouble trouble = {""};
    struct stat about;
    open_bench(&bench, 1);
    assert_int_equal(stat(bench.home, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        char *path = disk_path(bench.home, files[i]);
        assert_int_equal(stat(path, &about), 0);
        assert_int_equal(about.st_mode & 0777, 0600);
        memory_free(path);
    }
    struct buffer before = read_home(&bench, "link.key");
    struct node_new request = request_of(&bench);
    assert_status(node_create(&request, &trouble), STATUS_EXISTS);
    assert_holds(trouble.text, "already");
    struct buffer after = read_home(&bench, "link.key");
    assert_span(buffer_span(&before), buffer_span(&after));
    buffer_release(&before);
    buffer_release(&after);
    close_bench(&bench);
}

static void node__repeats_an_init_that_was_cut_short(void **state)
{
    (void)state;
    struct bench bench;
    struct trouble trouble = {""};
    open_bench(&bench, 2);
    char *path = disk_path(bench.home, "node.key");
    assert_int_equal(unlink(path), 0);
    struct node_new request = request_of(&bench);
    assert_ok(node_create(&request, &trouble));
    assert_int_equal(access(path, F_OK), 0);
    memory_free(path);
    close_bench(&bench);
}

static void node__refuses_bad_names_passphrases_and_no_role(void **state)
{
    (void)state;
    struct bench bench;
    struct trouble trouble = {""};
    open_bench(&bench, 3);
    char other[160];
    snprintf(other, sizeof(other), "%s/other", bench.home);
    struct node_new request = request_of(&bench);
    request.home = other;
    request.name = "Torkham";
    assert_status(node_create(&request, &trouble), STATUS_MALFORMED);
    assert_holds(trouble.text, "fia.torkham");
    request = request_of(&bench);
    request.home = other;
    request.passphrase = span_text("short");
    assert_status(node_create(&request, &trouble), STATUS_MALFORMED);
    assert_holds(trouble.text, "passphrase");
    static const char *const never[] = {"seven invented words\r", "seven invented\twords",
        "seven words\nof two lines", "seven w\xf6rds in Latin-1"};
    for (size_t i = 0; i < ARRAY_LENGTH(never); i++) {
        request = request_of(&bench);
        request.home = other;
        request.passphrase = span_text(never[i]);
        assert_status(node_create(&request, &trouble), STATUS_MALFORMED);
        assert_holds(trouble.text, "one line of UTF-8");
    }
    request = request_of(&bench);
    request.home = other;
    request.passphrase = span_of("seven words\0of a test", 21);
    assert_status(node_create(&request, &trouble), STATUS_MALFORMED);
    request = request_of(&bench);
    request.home = other;
    request.roles = 0;
    assert_status(node_create(&request, &trouble), STATUS_MALFORMED);
    request = request_of(&bench);
    request.home = other;
    request.person = "a \"b\"";
    assert_status(node_create(&request, &trouble), STATUS_MALFORMED);
    assert_int_not_equal(access(other, F_OK), 0);
    close_bench(&bench);
}

static void node__joins_unlocks_and_knows_its_members(void **state)
{
    (void)state;
    struct bench bench;
    struct trouble trouble = {""};
    struct people *people = NULL;
    struct node_people all;
    struct json *answer = NULL;
    int http = 0;
    open_bench(&bench, 4);
    found(&bench);
    struct node *node = open_node(&bench);
    struct node_join join = join_of(&bench);
    if (node_join(node, &join, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    assert_ok(node_join(node, &join, &trouble)); /* again: nothing new */
    node_close(&node);
    node = open_node(&bench);
    assert_string_equal(node_endpoint(node), "tcp://127.0.0.1:7117");
    assert_int_equal(node_broker_key(node)[31], 0x5a);
    assert_true(node_is_locked(node));
    struct buffer file = read_home(&bench, "node.key");
    assert_status(people_break(buffer_span(&file), "", span_text("another passphrase"),
                      &bench.seeded.chance, &people),
        STATUS_DENIED);
    assert_ok(people_break(buffer_span(&file), "Desk 4", span_text(PASSPHRASE),
        &bench.seeded.chance, &people));
    node_people_of(people, &all);
    assert_status(node_enter(node, people_self(people), "", &all), STATUS_LOCKED);
    assert_ok(node_record(node, "wrong-passphrase", NULL, NULL));
    assert_ok(node_unlock(node, people_keys(people)));
    assert_false(node_is_locked(node));
    assert_ok(node_begin(node));
    node_call(node, "members", "", NULL, &answer, &http);
    assert_ok(node_end(node));
    assert_int_equal(http, 423);
    assert_string_equal(json_find_text(answer, "code"), "nobody-here");
    json_destroy(&answer);
    assert_ok(node_enter(node, people_self(people), "", &all));
    people_destroy(&people);
    assert_ok(node_begin(node));
    node_call(node, "members", "", NULL, &answer, &http);
    assert_ok(node_end(node));
    assert_int_equal(http, 200);
    assert_int_equal(json_count(json_find(answer, "items")), 1);
    json_destroy(&answer);
    node_lock(node);
    assert_true(node_is_locked(node));
    buffer_release(&file);
    node_close(&node);
    close_bench(&bench);
}

/* One call in a turn of its own; the HTTP code. The caller destroys the answer. */
static int call_node(struct node *node, const char *verb, struct json **ret)
{
    int http = 0;

    assert_ok(node_begin(node));
    node_call(node, verb, "", NULL, ret, &http);
    assert_ok(node_end(node));
    return http;
}

static void unlock_and_enter(struct node *node, const struct people *people)
{
    struct node_people all;

    node_people_of(people, &all);
    assert_ok(node_unlock(node, people_keys(people)));
    assert_ok(node_enter(node, people_self(people), "", &all));
}

static void node__without_its_case_key_says_so_and_goes_on_with_letters(void **state)
{
    (void)state;
    struct bench bench;
    struct trouble trouble = {""};
    struct people *people = NULL;
    struct json *answer = NULL;
    open_bench(&bench, 9);
    found(&bench);
    struct node *node = open_node(&bench);
    struct node_join join = join_of(&bench);
    assert_ok(node_join(node, &join, &trouble));
    struct buffer file = read_home(&bench, "node.key");
    char *path = disk_path(bench.home, "case.key");
    char *away = disk_path(bench.home, "case.key.away");
    assert_ok(people_break(
        buffer_span(&file), "", span_text(PASSPHRASE), &bench.seeded.chance, &people));
    unlock_and_enter(node, people);
    assert_int_equal(call_node(node, "case-open", &answer), 201);
    json_destroy(&answer);
    assert_ok(disk_check_private(path, &trouble));
    node_lock(node);
    assert_int_equal(rename(path, away), 0);
    unlock_and_enter(node, people);
    assert_int_equal(call_node(node, "case-open", &answer), 500);
    assert_string_equal(json_find_text(answer, "code"), "case-key-lost");
    json_destroy(&answer);
    assert_int_equal(call_node(node, "case-find", &answer), 500);
    assert_string_equal(json_find_text(answer, "code"), "case-key-lost");
    json_destroy(&answer);
    assert_int_equal(call_node(node, "inbox", &answer), 200);
    json_destroy(&answer);
    /* Put back, it opens. */
    assert_int_equal(rename(away, path), 0);
    node_lock(node);
    unlock_and_enter(node, people);
    assert_int_equal(call_node(node, "case-find", &answer), 200);
    assert_int_equal(json_find_int(answer, "found"), 1);
    json_destroy(&answer);
    memory_free(path);
    memory_free(away);
    people_destroy(&people);
    buffer_release(&file);
    node_close(&node);
    close_bench(&bench);
}

static void node__refuses_another_network_and_a_roster_without_itself(void **state)
{
    (void)state;
    struct bench bench, other;
    struct trouble trouble = {""};
    open_bench(&bench, 5);
    open_bench(&other, 6);
    found(&bench);
    found(&other);
    struct node *node = open_node(&bench);
    struct node_join join = join_of(&other);
    assert_status(node_join(node, &join, &trouble), STATUS_NOT_FOUND);
    assert_holds(trouble.text, "does not name this node");
    assert_string_equal(node_endpoint(node), "");
    join = join_of(&bench);
    assert_status(node_join(node, &join, &trouble), STATUS_CONFLICT);
    node_close(&node);
    close_bench(&other);
    close_bench(&bench);
}

static void node__refuses_a_second_opener_and_what_stands_open(void **state)
{
    (void)state;
    struct bench bench;
    struct trouble trouble = {""};
    struct node *second = NULL;
    open_bench(&bench, 7);
    struct node *node = open_node(&bench);
    struct node_options options = {
        .home = bench.home, .clock = clock_system(), .chance = &bench.seeded.chance};
    assert_status(node_open(&options, &second, &trouble), STATUS_BUSY);
    assert_true(*trouble.text);
    assert_ok(node_check(node, &trouble));
    node_close(&node);
    char *path = disk_path(bench.home, "link.key");
    assert_int_equal(chmod(path, 0644), 0);
    assert_status(node_open(&options, &second, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "link.key");
    assert_int_equal(chmod(path, 0600), 0);
    memory_free(path);
    path = disk_path(bench.home, "node.key");
    assert_int_equal(chmod(path, 0640), 0);
    assert_status(node_open(&options, &second, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "node.key");
    assert_int_equal(chmod(path, 0600), 0);
    memory_free(path);
    assert_int_equal(chmod(bench.home, 0755), 0);
    assert_status(node_open(&options, &second, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "chmod 700");
    assert_int_equal(chmod(bench.home, 0700), 0);
    node = open_node(&bench);
    node_close(&node);
    close_bench(&bench);
}

/* --- its people, its keys' end ------------------------------------------------------------------------------ */

static struct people *break_home(
    const struct bench *bench, const char *name, struct span words)
{
    struct buffer file = read_home(bench, "node.key");
    struct people *people = NULL;

    if (people_break(buffer_span(&file), name, words, chance_system(), &people) !=
        STATUS_OK)
        people = NULL;
    buffer_release(&file);
    return people;
}

static void write_home(const struct bench *bench, const char *name, struct span bytes)
{
    char *path = disk_path(bench->home, name);

    assert_ok(disk_write(path, bytes, 0600, NULL));
    memory_free(path);
}

static int call(struct node *node, const char *verb, struct json **ret)
{
    int http = 0;

    *ret = NULL;
    assert_ok(node_begin(node));
    node_call(node, verb, "", NULL, ret, &http);
    assert_ok(node_end(node));
    return http;
}

static bool audit_has(struct node *node, const char *verb)
{
    struct json *answer;
    bool has = false;

    assert_int_equal(call(node, "audit", &answer), 200);
    const struct json *items = json_find(answer, "items");
    for (size_t i = 0; i < json_count(items); i++)
        has = has || strcmp(json_find_text(json_nth(items, i), "verb"), verb) == 0;
    json_destroy(&answer);
    return has;
}

/* A node with shares: as recovery-make leaves it. */
static void make_shares(struct bench *bench, struct share ret[static SHARES])
{
    struct people *people = break_home(bench, "", span_text(PASSPHRASE));
    uint8_t secret[RECOVERY_BYTES];
    struct buffer file;

    assert_non_null(people);
    assert_ok(people_set_recovery(people, &bench->seeded.chance, secret));
    shares_split(secret, &bench->seeded.chance, ret);
    buffer_init(&file, PEOPLE_FILE_MAX);
    assert_ok(people_encode(people, &bench->seeded.chance, &file));
    write_home(bench, "node.key", buffer_span(&file));
    buffer_release(&file);
    people_destroy(&people);
}

static struct loss_recover recovery_of(
    struct bench *bench, const struct share *a, const struct share *b)
{
    return (struct loss_recover){.node = {.home = bench->home,
                                     .clock = clock_system(),
                                     .chance = &bench->seeded.chance},
        .shares = {*a, *b},
        .person = "Desk 4",
        .passphrase = span_text("a newer passphrase of a test"),
        .cost = COST_FLOOR};
}

static void dp24__two_of_three_shares_open_a_node_whose_passphrases_are_lost(void **state)
{
    (void)state;
    struct bench bench;
    struct share old[SHARES], shares[SHARES];
    struct trouble trouble = {""};
    open_bench(&bench, 24);
    make_shares(&bench, old);
    make_shares(&bench, shares);
    struct loss_recover request = recovery_of(&bench, &old[0], &old[1]);
    assert_status(loss_recover(&request, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "newer ones were made");
    request = recovery_of(&bench, &old[0], &shares[1]);
    assert_status(loss_recover(&request, &trouble), STATUS_CONFLICT);
    assert_holds(trouble.text, "two makings");
    request = recovery_of(&bench, &shares[1], &shares[1]);
    assert_status(loss_recover(&request, &trouble), STATUS_MALFORMED);
    struct people *before = break_home(&bench, "", span_text(PASSPHRASE));
    assert_non_null(before);
    request = recovery_of(&bench, &shares[2], &shares[0]);
    if (loss_recover(&request, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    assert_null(break_home(&bench, "Desk 4", span_text(PASSPHRASE)));
    struct people *people = break_home(&bench, "Desk 4", request.passphrase);
    assert_non_null(people);
    assert_memory_equal(people_keys(people), people_keys(before),
        sizeof(struct node_keys)); /* old mail */
    struct node *node = open_node(&bench);
    unlock_and_enter(node, people);
    assert_true(audit_has(node, "recover"));
    node_close(&node);
    people_destroy(&before);
    people_destroy(&people);
    close_bench(&bench);
}

static void dp21__what_is_asked_of_the_casebook_stands_in_the_record(void **state)
{
    (void)state;
    struct bench bench;
    struct json *answer;
    open_bench(&bench, 21);
    struct people *people = break_home(&bench, "", span_text(PASSPHRASE));
    struct node *node = open_node(&bench);
    assert_ok(node_record(node, "wrong-passphrase", NULL, NULL));
    unlock_and_enter(node, people);
    assert_int_equal(call(node, "inbox", &answer), 200);
    json_destroy(&answer);
    assert_int_equal(call(node, "show", &answer), 400);
    json_destroy(&answer);
    assert_true(audit_has(node, "wrong-passphrase"));
    assert_true(audit_has(node, "enter"));
    assert_true(audit_has(node, "inbox"));
    assert_true(audit_has(node, "show"));
    assert_int_equal(call(node, "audit-verify", &answer), 200);
    assert_true(json_find_flag(answer, "holds"));
    json_destroy(&answer);
    seat_lock_screen(node_seat(node));
    assert_int_equal(call(node, "inbox", &answer), 423);
    assert_string_equal(json_find_text(answer, "code"), "screen-locked");
    json_destroy(&answer);
    assert_false(node_is_locked(node)); /* letters go on being opened */
    node_close(&node);
    people_destroy(&people);
    close_bench(&bench);
}

static void dp22__no_setting_turns_the_record_or_the_screen_lock_off(void **state)
{
    (void)state;
    static const char *const LINES[] = {"audit\n    enabled = no",
        "office\n    audit = off", "audit = off", "screen\n    lock = never",
        "people\n    cases-an-hour = 1000", "log\n    audit = off"};
    struct bench bench;
    struct trouble trouble = {""};
    open_bench(&bench, 22);
    struct buffer conf = read_home(&bench, "node.conf");
    for (size_t i = 0; i < ARRAY_LENGTH(LINES); i++) {
        struct buffer more;
        struct node *node = NULL;
        struct node_options options = {
            .home = bench.home, .clock = clock_system(), .chance = &bench.seeded.chance};
        buffer_init(&more, FILE_MAX);
        assert_ok(buffer_put(&more, conf.bytes, conf.used));
        assert_ok(buffer_put(&more, LINES[i], strlen(LINES[i])));
        assert_ok(buffer_put(&more, "\n", 1));
        write_home(&bench, "node.conf", buffer_span(&more));
        assert_true(node_open(&options, &node, &trouble) != STATUS_OK);
        buffer_release(&more);
    }
    buffer_release(&conf);
    close_bench(&bench);
}

static void panic__leaves_no_key_that_opens_anything_and_takes_less_than_two_seconds(
    void **state)
{
    (void)state;
    struct bench bench;
    struct trouble trouble = {""};
    char held[192];
    open_bench(&bench, 23);
    char *path = disk_path(bench.home, "node.key");
    snprintf(held, sizeof(held), "%s/held", bench.home);
    assert_int_equal(link(path, held), 0); /* the same bytes on the disk */
    struct node *node = open_node(&bench); /* it may run */
    int64_t before = clock_steady_ms(clock_system());
    if (loss_panic(bench.home, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    assert_true(clock_steady_ms(clock_system()) - before < 2 * SECOND_MS);
    assert_false(loss_has_keys(bench.home));
    struct buffer left = read_home(&bench, "held");
    for (size_t i = 0; i < left.used; i++)
        assert_int_equal(left.bytes[i], 0);
    node_close(&node);
    char *link_key = disk_path(bench.home, "link.key");
    assert_int_equal(access(link_key, F_OK), -1);
    assert_ok(loss_panic(bench.home, &trouble)); /* again: nothing is there */
    buffer_release(&left);
    memory_free(link_key);
    memory_free(path);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp24__two_of_three_shares_open_a_node_whose_passphrases_are_lost),
        cmocka_unit_test(dp21__what_is_asked_of_the_casebook_stands_in_the_record),
        cmocka_unit_test(dp22__no_setting_turns_the_record_or_the_screen_lock_off),
        cmocka_unit_test(
            panic__leaves_no_key_that_opens_anything_and_takes_less_than_two_seconds),
        cmocka_unit_test(node__makes_private_files_once),
        cmocka_unit_test(node__repeats_an_init_that_was_cut_short),
        cmocka_unit_test(node__refuses_bad_names_passphrases_and_no_role),
        cmocka_unit_test(node__joins_unlocks_and_knows_its_members),
        cmocka_unit_test(node__without_its_case_key_says_so_and_goes_on_with_letters),
        cmocka_unit_test(node__refuses_another_network_and_a_roster_without_itself),
        cmocka_unit_test(node__refuses_a_second_opener_and_what_stands_open),
    };
    return cmocka_run_group_tests_name("node", tests, NULL, NULL);
}
