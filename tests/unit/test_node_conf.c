/* SPDX-License-Identifier: Apache-2.0
 *
 * node_conf: what is written can be read, what is wrong is named, and config/node.conf is made from the rows.
 */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "disk.h"
#include "log.h"
#include "memory.h"
#include "node_conf.h"

#define ID "0102030405060708090a0b0c0d0e0f10"

static char *make_home(void)
{
    char *home = memory_copy_text(AMAAN_BINARY_DIR "/node-conf-XXXXXX");

    assert_non_null(mkdtemp(home));
    return home;
}

static void drop_home(char *home)
{
    char *path = disk_path(home, "node.conf");

    unlink(path);
    rmdir(home);
    memory_free(path);
    memory_free(home);
}

static struct node_conf make_conf(void)
{
    struct node_conf conf;

    memset(&conf, 0, sizeof(conf));
    snprintf(conf.name, sizeof(conf.name), "fia.torkham");
    snprintf(conf.person, sizeof(conf.person), "Desk 4 # night");
    conf.node_id.bytes[0] = 1;
    conf.queue_id.bytes[15] = 2;
    conf.roles = (1u << (ROLE_SCREENING - 1)) | (1u << (ROLE_COORDINATOR - 1));
    conf.log_level = LOG_WARNING;
    return conf;
}

static void node_conf__reads_what_it_wrote(void **state)
{
    (void)state;
    char *home = make_home();
    struct node_conf conf = make_conf(), again;
    struct trouble trouble = {""};
    assert_ok(node_conf_write(home, &conf, &trouble));
    assert_ok(node_conf_read(home, &again, &trouble));
    assert_string_equal(again.name, conf.name);
    assert_string_equal(again.person, conf.person);
    assert_true(ident_equal(&again.node_id, &conf.node_id));
    assert_true(ident_equal(&again.queue_id, &conf.queue_id));
    assert_int_equal(again.roles, conf.roles);
    assert_string_equal(again.endpoint, "");
    assert_string_equal(again.office_address, ""); /* off until somebody asks for it */
    assert_int_equal(again.office_port, NODE_CONF_OFFICE_PORT);
    assert_int_equal(again.log_level, LOG_WARNING);
    snprintf(conf.endpoint, sizeof(conf.endpoint), "tcp://exchange.example:7117");
    memset(conf.broker_key, 0xab, sizeof(conf.broker_key));
    snprintf(conf.announce_command, sizeof(conf.announce_command), "/opt/cry");
    snprintf(conf.office_address, sizeof(conf.office_address), "192.168.4.20");
    snprintf(conf.office_name, sizeof(conf.office_name), "amaan.office.internal");
    conf.office_port = 9443;
    assert_ok(node_conf_write(home, &conf, &trouble));
    assert_ok(node_conf_read(home, &again, &trouble));
    assert_string_equal(again.endpoint, conf.endpoint);
    assert_string_equal(again.announce_command, "/opt/cry");
    assert_string_equal(again.office_address, "192.168.4.20");
    assert_string_equal(again.office_name, "amaan.office.internal");
    assert_int_equal(again.office_port, 9443);
    assert_memory_equal(again.broker_key, conf.broker_key, sizeof(conf.broker_key));
    drop_home(home);
}

static void node_conf__names_the_setting_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } bad[] = {
        {"node\n    name = \"torkham\"\n", "node/name"},
        {"node\n    name = \"fia.torkham\"\n    id = \"zz\"\n", "node/id"},
        {"node\n    nmae = \"fia.torkham\"\n", "node/name"},
        {"log\n    level = loud\n", "level"},
        {"node\n    name = \"fia.torkham\"\n    id = \"" ID "\"\n    queue = \"" ID
         "\"\n    roles = \"shelter\"\nannounce\n    command = \"cry\"\n",
            "announce/command"},
        {"node\n    name = \"fia.torkham\"\n    id = \"" ID "\"\n    queue = \"" ID
         "\"\n    roles = \"shelter\"\noffice\n    address = \"8.8.8.8\"\n",
            "office/address: 8.8.8.8 is no address of a private network"},
        {"node\n    name = \"fia.torkham\"\n    id = \"" ID "\"\n    queue = \"" ID
         "\"\n    roles = \"shelter\"\noffice\n    name = \"amaan\"\n",
            "office/name"},
        {"office\n    port = 443\n", "port"},
    };
    char *home = make_home(), *path = disk_path(home, "node.conf");
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct node_conf conf;
        struct trouble trouble = {""};
        assert_ok(disk_write(path, span_text(bad[i].text), 0600, NULL));
        assert_status(node_conf_read(home, &conf, &trouble), STATUS_MALFORMED);
        assert_holds(trouble.text, bad[i].word);
    }
    memory_free(path);
    drop_home(home);
}

static void node_conf__sample_is_the_file_under_config(void **state)
{
    (void)state;
    struct buffer sample, file;
    buffer_init(&sample, SETTINGS_BYTES_MAX);
    buffer_init(&file, SETTINGS_BYTES_MAX);
    assert_ok(node_conf_sample(&sample));
    assert_ok(
        disk_read(AMAAN_SOURCE_DIR "/config/node.conf", SETTINGS_BYTES_MAX, &file, NULL));
    assert_span(buffer_span(&file), buffer_span(&sample));
    buffer_release(&sample);
    buffer_release(&file);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(node_conf__reads_what_it_wrote),
        cmocka_unit_test(node_conf__names_the_setting_that_is_wrong),
        cmocka_unit_test(node_conf__sample_is_the_file_under_config),
    };
    struct buffer sample;

    if (argc == 2 &&
        strcmp(argv[1], "--print") == 0) { /* to make config/node.conf anew */
        buffer_init(&sample, SETTINGS_BYTES_MAX);
        assert_ok(node_conf_sample(&sample));
        fwrite(sample.bytes, 1, sample.used, stdout);
        buffer_release(&sample);
        return 0;
    }
    return cmocka_run_group_tests_name("node_conf", tests, NULL, NULL);
}
