/* SPDX-License-Identifier: Apache-2.0
 *
 * probe, findings: a home broken in each way ends with the finding that says so, and no finding is one that nobody
 * can come to. Passphrases and names are invented.
 */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "disk.h"
#include "link.h"
#include "memory.h"
#include "node.h"
#include "node_conf.h"
#include "probe.h"
#include "profiles.h"
#include "vault.h"

static char home[64];
static struct probe_world world;
static int64_t room_free, room_total;
static bool name_is_known;

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static enum status room_of_test(const char *path, int64_t *ret_free, int64_t *ret_total)
{
    (void)path;
    *ret_free = room_free;
    *ret_total = room_total;
    return room_total < 0 ? STATUS_IO : STATUS_OK;
}

static enum status look_up_of_test(const char *host, struct dealer_addresses *ret)
{
    assert_string_equal(host, "exchange.example");
    if (!name_is_known)
        return STATUS_NOT_FOUND;
    *ret = (struct dealer_addresses){.n = 1, .address = {"127.0.0.1"}};
    return STATUS_OK;
}

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof(path), "%s/%s", home, name);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    snprintf(home, sizeof(home), "/tmp/amaan-probe-XXXXXX");
    assert_non_null(mkdtemp(home));
    struct node_new request = {.home = home,
        .name = "fia.torkham",
        .roles = 1u << (ROLE_SCREENING - 1),
        .passphrase = span_text("seven invented words of a test"),
        .cost = COST_FLOOR,
        .clock = clock_system(),
        .chance = chance_system()};
    assert_ok(node_create(&request, NULL));
    world = probe_world_usual(home);
    world.room = room_of_test;
    world.look_up = look_up_of_test;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    chmod(home, 0700);
    nftw(home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}

static void expect(const char *probe, const char *finding)
{
    struct probe_answer answer;
    assert_true(probe_run(&world, probe, &answer));
    if (strcmp(answer.finding, finding) != 0)
        fail_msg(
            "%s: %s, not %s (%s)", probe, answer.finding, finding, answer.detail.text);
    assert_string_equal(finding_find(finding)->probe, probe);
}

static void write_text(const char *name, const char *text)
{
    assert_ok(disk_write(path_of(name), span_text(text), 0600, NULL));
}

static void set_endpoint(const char *endpoint)
{
    struct node_conf conf;
    assert_ok(node_conf_read(home, &conf, NULL));
    snprintf(conf.endpoint, sizeof(conf.endpoint), "%s", endpoint);
    conf.broker_key[0] = 9;
    assert_ok(node_conf_write(home, &conf, NULL));
}

static void make_database(void)
{
    struct node_options options = {
        .home = home, .clock = clock_system(), .chance = chance_system()};
    struct node *node = NULL;
    assert_ok(node_open(&options, &node, NULL));
    node_close(&node);
}

static void probes__of_a_new_home_find_all_well_and_no_network_yet(void **state)
{
    (void)state;
    expect("home", "home-ok");
    expect("link-key", "link-key-ok");
    expect("node-key", "node-key-ok");
    expect("conf", "conf-not-joined");
    expect("database", "database-new");
    expect("name", "name-none");
    expect("tcp", "tcp-not-tried");
    expect("curve", "curve-not-tried");
}

static void home__that_is_open_or_missing_is_told(void **state)
{
    (void)state;
    make_database();
    chmod(home, 0750);
    expect("home", "home-open");
    expect("database", "database-not-read"); /* the node does not start either */
    expect("link-key", "link-key-ok");       /* and the others still look */
    world.home = path_of("nothing");
    expect("home", "home-missing");
    world.home = path_of("node.conf");
    expect("home", "home-missing");
}

static void keys__that_are_missing_open_or_damaged_are_told(void **state)
{
    (void)state;
    static const char *const keys[] = {"link.key", "node.key"};
    static const char *const probes[] = {"link-key", "node-key"};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        char finding[32];
        chmod(path_of(keys[i]), 0640);
        snprintf(finding, sizeof(finding), "%s-open", probes[i]);
        expect(probes[i], finding);
        write_text(keys[i], "short");
        snprintf(finding, sizeof(finding), "%s-damaged", probes[i]);
        expect(probes[i], finding);
        unlink(path_of(keys[i]));
        snprintf(finding, sizeof(finding), "%s-missing", probes[i]);
        expect(probes[i], finding);
    }
}

static void conf__that_is_missing_or_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    struct probe_answer answer;
    set_endpoint("tcp://exchange.example:7117");
    expect("conf", "conf-ok");
    write_text("node.conf", "node\n    nmae = \"x\"\n");
    expect("conf", "conf-wrong");
    assert_true(probe_run(&world, "conf", &answer));
    assert_holds(answer.detail.text, "node/name");
    expect("name", "name-none");
    unlink(path_of("node.conf"));
    expect("conf", "conf-missing");
}

static void database__that_is_missing_damaged_or_in_use_is_told(void **state)
{
    (void)state;
    struct node_options options = {
        .home = home, .clock = clock_system(), .chance = chance_system()};
    struct node *node = NULL;
    assert_ok(node_open(&options, &node, NULL));
    expect("database", "database-busy"); /* and nobody's lock was dropped: */
    expect("database", "database-busy");
    node_close(&node);
    expect("database", "database-ok");
    write_text("node.db", "this is no database, and it is long enough to be looked at");
    expect("database", "database-damaged");
    unlink(path_of("node.db"));
    expect("database", "database-new"); /* join makes it */
    set_endpoint("tcp://exchange.example:7117");
    expect("database", "database-missing");
    assert_int_equal(access(path_of("node.db"), F_OK), -1); /* it was not made */
}

static void disk__is_judged_by_the_limits_of_the_protocol(void **state)
{
    (void)state;
    room_total = INT64_C(100) * 1024 * 1024 * 1024;
    room_free = room_total / 100 * 15;
    expect("disk", "disk-ok");
    room_free--;
    expect("disk", "disk-low");
    room_free = INT64_C(64) * 1024 * 1024;
    expect("disk", "disk-low");
    room_free--;
    expect("disk", "disk-full");
    room_total = -1;
    expect("disk", "disk-unknown");
}

static void name__is_looked_up_only_if_it_is_one(void **state)
{
    (void)state;
    set_endpoint("tcp://192.0.2.1:7117");
    expect("name", "name-number");
    set_endpoint("tcp://exchange.example:1");
    name_is_known = false;
    expect("name", "name-unknown");
    expect("tcp", "tcp-not-tried");
    expect("curve", "curve-not-tried");
    name_is_known = true;
    expect("name", "name-ok");
    expect("tcp", "tcp-refused"); /* nobody listens at port 1 of this machine */
    expect("curve", "curve-unreached");
    unlink(path_of("link.key"));
    expect("curve", "curve-not-tried");
}

static void probes__are_known_where_their_rows_say(void **state)
{
    (void)state;
    struct probe_answer answer;
    for (size_t i = 0; i < PROBES_N; i++)
        assert_int_equal(probe_run(&world, PROBES[i].name, &answer),
            PROBES[i].place == PROBE_BY_HELPER);
    assert_false(probe_run(&world, "nothing", &answer));
}

static void findings__are_distinct_and_name_nothing_that_was_met(void **state)
{
    (void)state;
    for (size_t i = 0; i < FINDINGS_N; i++) {
        const struct finding *finding = &FINDINGS[i];
        assert_ptr_equal(finding_find(finding->name), finding);
        assert_true(!finding->probe || probe_find(finding->probe));
        assert_null(strchr(finding->sentence, '%') && strstr(finding->sentence, "%s")
                        ? finding->sentence
                        : NULL);
        assert_true(strlen(finding->sentence) > 10);
        assert_true(finding_result_name(finding->result)[0]);
        if (finding->result == FINDING_FAILED) /* the case, what is safe, what to do */
            assert_non_null(strstr(finding->sentence, ". "));
    }
    for (size_t i = 0; i < PROBES_N; i++) {
        bool can_be_well = false;
        assert_ptr_equal(probe_find(PROBES[i].name), &PROBES[i]);
        for (size_t k = 0; k < FINDINGS_N; k++)
            can_be_well |= FINDINGS[k].probe && FINDINGS[k].result == FINDING_OK &&
                           strcmp(FINDINGS[k].probe, PROBES[i].name) == 0;
        assert_true(can_be_well);
    }
    assert_null(finding_find("nothing"));
    assert_null(probe_find("nothing"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(probes__of_a_new_home_find_all_well_and_no_network_yet),
        TEST(home__that_is_open_or_missing_is_told),
        TEST(keys__that_are_missing_open_or_damaged_are_told),
        TEST(conf__that_is_missing_or_wrong_is_told_with_its_line),
        TEST(database__that_is_missing_damaged_or_in_use_is_told),
        TEST(disk__is_judged_by_the_limits_of_the_protocol),
        TEST(name__is_looked_up_only_if_it_is_one),
        TEST(probes__are_known_where_their_rows_say),
        cmocka_unit_test(findings__are_distinct_and_name_nothing_that_was_met),
    };
    assert_ok(vault_start(NULL));
    assert_ok(link_start(1, NULL));
    int failed = cmocka_run_group_tests_name("probe", tests, NULL, NULL);
    link_stop();
    return failed;
}
