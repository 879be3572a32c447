/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "disk.h"
#include "home.h"
#include "memory.h"
#include "seeded.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/amaan-test-broker-home-XXXXXX";
static struct home home;
static struct seeded seeded;
static struct trouble trouble;
static const uint8_t SOME_KEY[DH_BYTES] = {0xab, 0xcd};

static int set_up(void **state)
{
    char inner[sizeof folder + 8];

    (void)state;
    memcpy(strrchr(folder, '-'), "-XXXXXX", 8);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(inner, sizeof inner, "%s/broker", folder);
    home_init(&home, inner);
    seeded_init(&seeded, 7);
    trouble = (struct trouble){.text = ""};
    return 0;
}

static int tear_down(void **state)
{
    char run[sizeof folder + 16];

    (void)state;
    (void)unlink(home.conf);
    (void)unlink(home.key);
    (void)unlink(home.card);
    (void)unlink(home.endpoint);
    (void)snprintf(run, sizeof run, "%s/run", home.folder);
    (void)rmdir(run);
    (void)rmdir(home.folder);
    home_release(&home);
    return rmdir(folder);
}

static enum status make(const char *endpoint, const char *public, struct home_made *ret)
{
    return home_make(&home,
        &(struct home_wish){
            .endpoint = endpoint, .public = public, .chance = &seeded.chance},
        ret, &trouble);
}

static void read_text(const char *path, char *ret, size_t size)
{
    struct buffer bytes;

    assert_status(disk_read(path, size - 1, &bytes, NULL), STATUS_OK);
    (void)snprintf(ret, size, "%.*s", (int)bytes.used, (const char *)bytes.bytes);
    buffer_release(&bytes);
}

static mode_t mode_of(const char *path)
{
    struct stat about;

    assert_int_equal(lstat(path, &about), 0);
    return about.st_mode & 07777;
}

static void make_run_folder(void)
{
    char run[sizeof folder + 16];

    (void)snprintf(run, sizeof run, "%s/run", home.folder);
    assert_status(disk_make_folder(run, NULL), STATUS_OK);
}

static void write_last(const char *endpoint)
{
    make_run_folder();
    assert_status(disk_write(home.endpoint, span_text(endpoint), 0600, NULL), STATUS_OK);
}

static struct conf conf_of(const char *endpoint, const char *public)
{
    struct conf conf = {.io_threads = 1};

    (void)snprintf(conf.endpoint, sizeof conf.endpoint, "%s", endpoint);
    (void)snprintf(conf.public, sizeof conf.public, "%s", public);
    return conf;
}

static void new_home__is_for_its_owner_only(void **state)
{
    struct home_made made;
    char card[1024], wanted[256], hex[2 * DH_BYTES + 1];
    uint8_t secret[DH_BYTES], public[DH_BYTES];

    (void)state;
    assert_status(make(NULL, NULL, &made), STATUS_OK);
    assert_true(made.conf && made.key);
    assert_int_equal(mode_of(home.folder), 0700);
    assert_int_equal(mode_of(home.key), 0600);
    assert_int_equal(mode_of(home.conf), 0600);
    assert_status(home_read_secret(&home, secret, &trouble), STATUS_OK);
    dh_public_of(secret, public);
    hex_format(public, DH_BYTES, hex);
    read_text(home.card, card, sizeof card);
    (void)snprintf(
        wanted, sizeof wanted, "endpoint = tcp://127.0.0.1:7117\nkey = %s\n", hex);
    assert_holds(card, wanted);
}

static void making_it_again__changes_nothing(void **state)
{
    struct home_made made;
    uint8_t before[DH_BYTES], after[DH_BYTES];
    char conf_before[8192], conf_after[8192];

    (void)state;
    assert_status(make("tcp://127.0.0.1:0", NULL, &made), STATUS_OK);
    assert_status(home_read_secret(&home, before, NULL), STATUS_OK);
    read_text(home.conf, conf_before, sizeof conf_before);
    assert_status(make(NULL, NULL, &made), STATUS_OK);
    assert_false(made.conf || made.key);
    assert_status(make("tcp://127.0.0.1:0", NULL, &made), STATUS_OK);
    assert_status(home_read_secret(&home, after, NULL), STATUS_OK);
    read_text(home.conf, conf_after, sizeof conf_after);
    assert_memory_equal(before, after, sizeof before);
    assert_string_equal(conf_before, conf_after);
}

static void another_address__is_a_conflict_and_nothing_is_overwritten(void **state)
{
    struct home_made made;
    char conf_before[8192], conf_after[8192];

    (void)state;
    assert_status(make("tcp://127.0.0.1:7001", NULL, &made), STATUS_OK);
    read_text(home.conf, conf_before, sizeof conf_before);
    assert_status(make("tcp://127.0.0.1:7002", NULL, &made), STATUS_CONFLICT);
    assert_holds(trouble.text, "tcp://127.0.0.1:7001");
    read_text(home.conf, conf_after, sizeof conf_after);
    assert_string_equal(conf_before, conf_after);
}

static void impossible_address__makes_nothing(void **state)
{
    struct home_made made;

    (void)state;
    assert_status(make("127.0.0.1:7117", NULL, &made), STATUS_MALFORMED);
    assert_status(make("tcp://0.0.0.0:7117", NULL, &made), STATUS_MALFORMED);
    assert_status(make("tcp://0.0.0.0:7117", "tcp://[::]:7117", &made), STATUS_MALFORMED);
    assert_int_equal(access(home.folder, F_OK), -1);
}

static void public_address__stands_in_the_card(void **state)
{
    struct home_made made;
    char card[1024];

    (void)state;
    assert_status(
        make("tcp://0.0.0.0:7117", "tcp://exchange.example:7117", &made), STATUS_OK);
    read_text(home.card, card, sizeof card);
    assert_holds(card, "endpoint = tcp://exchange.example:7117\n");
}

static void key__is_refused_when_others_can_read_it_or_its_size_is_wrong(void **state)
{
    struct home_made made;
    uint8_t secret[DH_BYTES];

    (void)state;
    assert_status(make(NULL, NULL, &made), STATUS_OK);
    assert_int_equal(chmod(home.key, 0640), 0);
    assert_status(home_read_secret(&home, secret, &trouble), STATUS_DENIED);
    assert_status(disk_write(home.key, span_text("short"), 0600, NULL), STATUS_OK);
    assert_status(home_read_secret(&home, secret, &trouble), STATUS_CORRUPT);
    assert_int_equal(unlink(home.key), 0);
    assert_status(home_read_secret(&home, secret, &trouble), STATUS_NOT_FOUND);
    assert_holds(trouble.text, "amaan-broker init");
}

/* A listening socket at a free port of loopback. */
static int listen_somewhere(int *ret_port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static void port_0__takes_the_port_of_last_time_if_it_is_free(void **state)
{
    struct conf conf = conf_of("tcp://127.0.0.1:0", "");
    char chosen[CONF_ENDPOINT_BYTES], last[64];
    int port;
    int fd = listen_somewhere(&port);

    (void)state;
    home_choose_endpoint(&home, &conf, chosen);
    assert_string_equal(chosen, "tcp://127.0.0.1:0");
    (void)snprintf(last, sizeof last, "tcp://127.0.0.1:%d\n", port);
    write_last(last);
    home_choose_endpoint(&home, &conf, chosen);
    assert_string_equal(chosen, "tcp://127.0.0.1:0"); /* somebody listens there */
    assert_int_equal(close(fd), 0);
    home_choose_endpoint(&home, &conf, chosen);
    last[strcspn(last, "\n")] = '\0';
    assert_string_equal(chosen, last);
}

static void last_port__counts_for_its_own_host_and_for_port_0_only(void **state)
{
    struct conf other = conf_of("tcp://127.0.0.2:0", "");
    struct conf fixed = conf_of("tcp://127.0.0.1:7117", "");
    struct conf zero = conf_of("tcp://127.0.0.1:0", "");
    char chosen[CONF_ENDPOINT_BYTES];

    (void)state;
    write_last("tcp://127.0.0.1:7399\n");
    home_choose_endpoint(&home, &other, chosen);
    assert_string_equal(chosen, "tcp://127.0.0.2:0");
    home_choose_endpoint(&home, &fixed, chosen);
    assert_string_equal(chosen, "tcp://127.0.0.1:7117");
    write_last("rubbish");
    home_choose_endpoint(&home, &zero, chosen);
    assert_string_equal(chosen, "tcp://127.0.0.1:0");
}

static void start__writes_the_real_port_into_the_card_once(void **state)
{
    struct conf conf = conf_of("tcp://127.0.0.1:0", "");
    struct stat before, after;
    char text[1024];

    (void)state;
    make_run_folder();
    assert_status(
        home_write_endpoint(&home, &conf, "tcp://127.0.0.1:7399", SOME_KEY, &trouble),
        STATUS_OK);
    read_text(home.endpoint, text, sizeof text);
    assert_string_equal(text, "tcp://127.0.0.1:7399\n");
    read_text(home.card, text, sizeof text);
    assert_holds(text, "endpoint = tcp://127.0.0.1:7399\n");
    assert_int_equal(stat(home.card, &before), 0);
    assert_status(
        home_write_endpoint(&home, &conf, "tcp://127.0.0.1:7399", SOME_KEY, &trouble),
        STATUS_OK);
    assert_int_equal(stat(home.card, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino); /* not written again */
    assert_status(
        home_write_endpoint(&home, &conf, "tcp://127.0.0.1:7400", SOME_KEY, &trouble),
        STATUS_OK);
    read_text(home.card, text, sizeof text);
    assert_holds(text, ":7400\n");
    assert_null(strstr(text, ":7399"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            new_home__is_for_its_owner_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            making_it_again__changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            another_address__is_a_conflict_and_nothing_is_overwritten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            impossible_address__makes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            public_address__stands_in_the_card, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            key__is_refused_when_others_can_read_it_or_its_size_is_wrong, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            port_0__takes_the_port_of_last_time_if_it_is_free, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            last_port__counts_for_its_own_host_and_for_port_0_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            start__writes_the_real_port_into_the_card_once, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
