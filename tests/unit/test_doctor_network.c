/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor against a real exchange and a real node: what stops a line has a row of its own, and no two causes look the
 * same. The node is stopped for most of it, so that the probes themselves look.
 */
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "chance.h"
#include "clock.h"
#include "command.h"
#include "disk.h"
#include "network.h"
#include "node_conf.h"

enum { OUTPUT_MAX = 65536, CONNECTED_WITHIN_MS = 60000 };

static char folder[] = "/tmp/amaan-doctor-XXXXXX";
static struct network network;
static struct buffer output;
static struct node_conf conf; /* as join wrote it */
static struct buffer link_key;

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static int doctor(void)
{
    buffer_clear(&output);
    int code = network_ask(&network, 0, "doctor",
        (const char *const[]){"--json", "--timeout", "60", NULL}, span_text(""), &output);
    assert_ok(buffer_put(&output, "", 1));
    return code;
}

static bool found(const char *finding)
{
    char text[64];
    snprintf(text, sizeof(text), "\"finding\":\"%s\"", finding);
    return strstr((const char *)output.bytes, text) != NULL;
}

static void expect(const char *finding)
{
    if (!found(finding))
        fail_msg("%s was not found:\n%s", finding, (const char *)output.bytes);
}

static void put_back(void)
{
    char *key = disk_path(network.homes[0], "link.key");
    assert_ok(node_conf_write(network.homes[0], &conf, NULL));
    assert_ok(disk_write(key, buffer_span(&link_key), 0600, NULL));
    free(key);
}

static int set_up(void **state)
{
    static const char *const names[] = {"fia.torkham"}, *const roles[] = {"screening"};
    (void)state;
    buffer_init(&output, OUTPUT_MAX);
    assert_non_null(mkdtemp(folder));
    assert_true(network_make(&network, AMAAN_BINARY_DIR, folder, names, roles, 1));
    char *key = disk_path(network.homes[0], "link.key");
    assert_ok(disk_read(key, 64, &link_key, NULL));
    free(key);
    return node_conf_read(network.homes[0], &conf, NULL) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    network_stop(&network);
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    buffer_release(&output);
    buffer_release(&link_key);
    return 0;
}

/* Room on the machine of the test is nobody's promise. */
static bool only_the_disk_is_low(void)
{
    return found("disk-low") || found("disk-full");
}

static void doctor__of_a_node_that_works_finds_all_well(void **state)
{
    (void)state;
    int64_t end_ms = clock_steady_ms(clock_system()) + CONNECTED_WITHIN_MS;
    int code = doctor();
    while (!found("session-ok") && clock_steady_ms(clock_system()) < end_ms)
        code = doctor();
    expect("session-ok");
    expect("curve-connected");
    expect("database-answers");
    expect("clock-ok");
    expect("prekeys-ok");
    expect("roster-ok");
    expect("people-unlocked");
    expect("backup-unknown");
    if (!only_the_disk_is_low())
        assert_int_equal(code, 0);
    assert_int_equal(network_ask(&network, 0, "lock", NULL, span_text(""), NULL), 0);
    assert_int_equal(doctor(), EXIT_NEGATIVE);
    expect("people-locked");
}

static void doctor__of_a_stopped_node_shakes_hands_itself(void **state)
{
    (void)state;
    process_stop(&network.nodes[0]);
    assert_int_equal(doctor(), EXIT_NEGATIVE);
    expect("node-stopped");
    expect("database-ok");
    expect("name-number");
    expect("tcp-ok");
    expect("curve-ok");
}

static void doctor__tells_another_exchange_from_no_network(void **state)
{
    (void)state;
    struct node_conf other = conf;
    other.broker_key[7] ^= 1;
    assert_ok(node_conf_write(network.homes[0], &other, NULL));
    assert_int_equal(doctor(), EXIT_NEGATIVE);
    expect("tcp-ok");
    expect("curve-other");
    put_back();
}

static void doctor__tells_a_node_that_is_not_admitted(void **state)
{
    (void)state;
    uint8_t key[NODE_CONF_KEY_BYTES];
    char *path = disk_path(network.homes[0], "link.key");
    chance_fill(chance_system(), key, sizeof(key));
    assert_ok(disk_write(path, span_of(key, sizeof(key)), 0600, NULL));
    free(path);
    assert_int_equal(doctor(), EXIT_NEGATIVE);
    expect("link-key-ok");
    expect("tcp-ok");
    expect("curve-not-admitted");
    put_back();
}

static void doctor__tells_a_name_that_leads_nowhere(void **state)
{
    (void)state;
    struct node_conf other = conf;
    snprintf(other.endpoint, sizeof(other.endpoint), "tcp://exchange.invalid:7117");
    assert_ok(node_conf_write(network.homes[0], &other, NULL));
    assert_int_equal(doctor(), EXIT_NEGATIVE);
    expect("name-unknown");
    expect("tcp-not-tried");
    expect("curve-not-tried");
    expect("link-key-ok");
    put_back();
}

static void doctor__tells_an_exchange_that_is_down(void **state)
{
    (void)state;
    process_stop(&network.broker);
    assert_int_equal(doctor(), EXIT_NEGATIVE);
    expect("tcp-refused");
    expect("curve-unreached");
    assert_true(network_start_broker(&network));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doctor__of_a_node_that_works_finds_all_well),
        cmocka_unit_test(doctor__of_a_stopped_node_shakes_hands_itself),
        cmocka_unit_test(doctor__tells_another_exchange_from_no_network),
        cmocka_unit_test(doctor__tells_a_node_that_is_not_admitted),
        cmocka_unit_test(doctor__tells_a_name_that_leads_nowhere),
        cmocka_unit_test(doctor__tells_an_exchange_that_is_down),
    };
    return cmocka_run_group_tests_name("doctor_network", tests, set_up, tear_down);
}
