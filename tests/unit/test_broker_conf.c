/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "conf.h"
#include "disk.h"
#include "limits.h"
#include "log.h"
#include "memory.h"

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/amaan-test-broker-conf-XXXXXX";
static struct trouble trouble;

static int set_up(void **state)
{
    (void)state;
    memcpy(strrchr(path, '-'), "-XXXXXX", 8);
    int file = mkstemp(path);
    assert_true(file >= 0);
    trouble = (struct trouble){.text = ""};
    return close(file);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static enum status read_conf(const char *text, struct conf *ret)
{
    assert_status(disk_write(path, span_text(text), 0600, NULL), STATUS_OK);
    return conf_read(path, ret, &trouble);
}

static void sample__is_the_file_under_config(void **state)
{
    struct buffer made, kept;

    (void)state;
    buffer_init(&made, SETTINGS_BYTES_MAX);
    assert_status(conf_sample(NULL, NULL, &made), STATUS_OK);
    assert_status(disk_read(AMAAN_SOURCE_DIR "/config/broker.conf", SETTINGS_BYTES_MAX,
                      &kept, NULL),
        STATUS_OK);
    assert_true(span_equal(buffer_span(&made), buffer_span(&kept)));
    buffer_release(&made);
    buffer_release(&kept);
}

static void sample__sets_the_limits_of_the_protocol(void **state)
{
    struct conf conf;

    (void)state;
    assert_status(
        conf_read(AMAAN_SOURCE_DIR "/config/broker.conf", &conf, NULL), STATUS_OK);
    assert_string_equal(conf.endpoint, "tcp://127.0.0.1:7117");
    assert_string_equal(conf.public, "");
    assert_int_equal(conf.io_threads, 1);
    assert_int_equal(conf.mailbox_envelopes_max, MAILBOX_ENVELOPES_MAX);
    assert_int_equal(conf.mailbox_bytes_max, MAILBOX_BYTES_MAX);
    assert_int_equal(conf.keep_free_bytes, DISK_REFUSE_FREE_BYTES);
    assert_int_equal(conf.log_level, LOG_INFO);
}

static void empty_file__means_the_same_as_the_sample(void **state)
{
    struct conf sample, empty;

    (void)state;
    memset(&sample, 0, sizeof sample);
    memset(&empty, 0, sizeof empty);
    assert_status(
        conf_read(AMAAN_SOURCE_DIR "/config/broker.conf", &sample, NULL), STATUS_OK);
    assert_status(read_conf("# nothing\n", &empty), STATUS_OK);
    assert_string_equal(empty.endpoint, sample.endpoint);
    assert_int_equal(empty.mailbox_bytes_max, sample.mailbox_bytes_max);
    assert_int_equal(empty.keep_free_bytes, sample.keep_free_bytes);
}

static void values__are_read_in_their_units(void **state)
{
    struct conf conf;

    (void)state;
    assert_status(read_conf("link\n    endpoint = \"tcp://0.0.0.0:9\"\n"
                            "    public = \"tcp://exchange.example:9\"\n"
                            "mailbox\n    envelopes = 10\n    mib = 3\n"
                            "disk\n    keep-free-mib = 1000\n"
                            "log\n    level = debug\n",
                      &conf),
        STATUS_OK);
    assert_string_equal(conf.endpoint, "tcp://0.0.0.0:9");
    assert_string_equal(conf.public, "tcp://exchange.example:9");
    assert_int_equal(conf.mailbox_envelopes_max, 10);
    assert_int_equal(conf.mailbox_bytes_max, 3 * 1024 * 1024);
    assert_int_equal(conf.keep_free_bytes, INT64_C(1000) * 1024 * 1024);
    assert_int_equal(conf.log_level, LOG_DEBUG);
}

static void misspelt_name__is_refused_with_line_and_nearest(void **state)
{
    struct conf conf;

    (void)state;
    assert_status(read_conf("mailbox\n    envelops = 10\n", &conf), STATUS_MALFORMED);
    assert_holds(trouble.text, path);
    assert_holds(trouble.text, "2");
    assert_holds(trouble.text, "envelopes");
}

static void limits__cannot_be_raised_over_those_of_the_protocol(void **state)
{
    struct conf conf;

    (void)state;
    assert_int_not_equal(read_conf("mailbox\n    envelopes = 20001\n", &conf), STATUS_OK);
    assert_int_not_equal(read_conf("mailbox\n    mib = 65\n", &conf), STATUS_OK);
    assert_int_not_equal(read_conf("disk\n    keep-free-mib = 511\n", &conf), STATUS_OK);
    assert_int_not_equal(read_conf("mailbox\n    mib = 0\n", &conf), STATUS_OK);
    assert_int_not_equal(read_conf("log\n    level = loud\n", &conf), STATUS_OK);
}

static void endpoint__must_be_an_address(void **state)
{
    struct conf conf;

    (void)state;
    assert_status(
        read_conf("link\n    endpoint = \"tcp://exchange.example:7117\"\n", &conf),
        STATUS_MALFORMED);
    assert_holds(trouble.text, "is a name");
    assert_status(
        read_conf("link\n    endpoint = \"tcp://127.0.0.1\"\n", &conf), STATUS_MALFORMED);
    assert_status(conf_check_endpoint("tcp://[::1]:7117", NULL), STATUS_OK);
}

static void every_address__cannot_be_told_to_members(void **state)
{
    struct conf conf;

    (void)state;
    assert_status(read_conf("link\n    endpoint = \"tcp://0.0.0.0:7117\"\n", &conf),
        STATUS_MALFORMED);
    assert_holds(trouble.text, "--public");
    assert_status(conf_check_public("tcp://[::]:7117", NULL), STATUS_MALFORMED);
    assert_status(conf_check_public("tcp://[::1]:7117", NULL), STATUS_OK);
    assert_status(conf_check_public("tcp://10.0.0.0:7117", NULL), STATUS_OK);
    assert_status(conf_check_public("tcp://exchange.example:7117", NULL), STATUS_OK);
}

static void missing_file__is_told_from_a_bad_one(void **state)
{
    struct conf conf;

    (void)state;
    assert_status(
        conf_read("/nonexistent/broker.conf", &conf, &trouble), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            sample__is_the_file_under_config, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            sample__sets_the_limits_of_the_protocol, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            empty_file__means_the_same_as_the_sample, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            values__are_read_in_their_units, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            misspelt_name__is_refused_with_line_and_nearest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            limits__cannot_be_raised_over_those_of_the_protocol, set_up, tear_down),
        cmocka_unit_test_setup_teardown(endpoint__must_be_an_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            every_address__cannot_be_told_to_members, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            missing_file__is_told_from_a_bad_one, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
