/* SPDX-License-Identifier: Apache-2.0
 *
 * A real node whose keys are locked, a real exchange and a letter for tonight: the command of node.conf runs and is told
 * counts and nothing else.
 */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "disk.h"
#include "memory.h"
#include "network.h"
#include "node_conf.h"

enum { OFFICER, SHELTER, CAST, OUTPUT_MAX = 65536, HEARD_WITHIN_MS = 120000 };
#define CANARY "zorvexil"

static char folder[] = "/tmp/amaan-announce-XXXXXX";
static struct network network;
static struct buffer output;

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static int set_up(void **state)
{
    static const char *const names[] = {"fia.torkham", "shelter.peshawar"};
    static const char *const roles[] = {"screening", "shelter"};
    (void)state;
    buffer_init(&output, OUTPUT_MAX);
    assert_non_null(mkdtemp(folder));
    assert_true(network_make(&network, AMAAN_BINARY_DIR, folder, names, roles, CAST));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    network_stop(&network);
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    buffer_release(&output);
    return 0;
}

/* The shelter's node is started again with a command that writes down what it is told. */
static void set_command(const char *command, const char *heard)
{
    struct node_conf conf;
    char text[1024];
    snprintf(text, sizeof(text), "#!/bin/sh\n{ echo \"$@\"; env; cat; } >>'%s'\n", heard);
    assert_ok(disk_write(command, span_text(text), 0700, NULL));
    assert_int_equal(process_stop(&network.nodes[SHELTER]), 0);
    assert_ok(node_conf_read(network.homes[SHELTER], &conf, NULL));
    snprintf(conf.announce_command, sizeof(conf.announce_command), "%s", command);
    assert_ok(node_conf_write(network.homes[SHELTER], &conf, NULL));
    assert_true(network_start_node(&network, SHELTER));
}

static void refer_tonight(void)
{
    int code = network_ask(&network, OFFICER, "refer",
        (const char *const[]){"--to", "shelter.peshawar", "--service", "shelter",
            "--timeout", "60", "-", NULL},
        span_text("{\"priority\":\"tonight\",\"age_band\":\"18-25\",\"minor\":\"no\","
                  "\"gender\":\"female\",\"languages\":[\"pus\"],\"risk\":\"high\","
                  "\"safe_contact\":\"0300-" CANARY "\",\"sender_role\":\"officer\","
                  "\"note\":\"" CANARY "\",\"consent\":{\"given_by\":\"person\",\"how\":"
                  "\"spoken\",\"language\":\"urd\",\"interpreter\":true,\"groups\":"
                  "[\"contact\",\"note\"]}}"),
        &output);
    if (code != 0)
        fail_msg("refer ended with %d: %.*s", code, (int)output.used, output.bytes);
}

static void ask_status(void)
{
    buffer_clear(&output);
    (void)network_ask(&network, SHELTER, "status", (const char *const[]){"--json", NULL},
        span_text(""), &output);
    assert_ok(buffer_put(&output, "", 1));
}

static void announce__of_a_locked_node_runs_the_command_with_counts(void **state)
{
    (void)state;
    char *command = disk_path(folder, "cry"), *heard = disk_path(folder, "heard");
    struct buffer told;
    int64_t end_ms = clock_steady_ms(clock_system()) + HEARD_WITHIN_MS;
    bool ran = false;
    set_command(command, heard);
    assert_int_equal(
        network_ask(&network, SHELTER, "lock", NULL, span_text(""), NULL), 0);
    assert_int_not_equal(access(heard, F_OK), 0); /* nothing waited */
    refer_tonight();
    do {
        ask_status();
        ran = strstr((const char *)output.bytes, "\"last_at\"") != NULL &&
              strstr((const char *)output.bytes, "\"running\":false") != NULL;
    } while (!ran && clock_steady_ms(clock_system()) < end_ms);
    assert_true(ran);
    assert_holds((const char *)output.bytes, "\"waiting\":{\"express\":1,\"normal\":0}");
    assert_holds((const char *)output.bytes, "\"failed\":false");
    buffer_init(&told, OUTPUT_MAX);
    assert_ok(disk_read(heard, OUTPUT_MAX, &told, NULL));
    assert_ok(buffer_put(&told, "", 1));
    assert_holds((const char *)told.bytes, "express=1 normal=0 locked=yes\n");
    assert_null(strstr((const char *)told.bytes, CANARY));
    assert_null(strstr((const char *)told.bytes, "torkham"));
    assert_null(strstr((const char *)told.bytes, "peshawar"));
    buffer_release(&told);
    memory_free(command);
    memory_free(heard);
}

static void announce__of_a_command_that_others_can_change_starts_no_node(void **state)
{
    (void)state;
    char *command = disk_path(folder, "cry");
    struct buffer log;
    assert_int_equal(process_stop(&network.nodes[SHELTER]), 0);
    assert_int_equal(chmod(command, 0777), 0);
    assert_false(network_start_node(&network, SHELTER));
    buffer_init(&log, PROCESS_OUTPUT_MAX);
    assert_ok(disk_read(network.log, PROCESS_OUTPUT_MAX, &log, NULL));
    assert_ok(buffer_put(&log, "", 1));
    assert_holds((const char *)log.bytes, "can be changed by other users");
    assert_int_equal(chmod(command, 0700), 0);
    assert_true(network_start_node(&network, SHELTER));
    buffer_release(&log);
    memory_free(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(announce__of_a_locked_node_runs_the_command_with_counts),
        cmocka_unit_test(announce__of_a_command_that_others_can_change_starts_no_node),
    };
    return cmocka_run_group_tests_name("announce_network", tests, set_up, tear_down);
}
