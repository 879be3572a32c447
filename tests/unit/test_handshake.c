/* SPDX-License-Identifier: Apache-2.0
 * Why a line does not come up: a real exchange on a real socket, turned by a thread, and one handshake with it.
 */
#include "handshake.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link_kit.h"

static struct kit kit;
static pthread_t exchange;
static atomic_bool ends;

static void *turn_exchange(void *context)
{
    (void)context;
    while (!atomic_load(&ends))
        kit_turn(&kit);
    return NULL;
}

static int set_up(void **state)
{
    (void)state;
    kit_init(&kit);
    kit.router_options.handshake_ms = 10000; /* as in life */
    kit_listen(&kit);
    atomic_store(&ends, false);
    return pthread_create(&exchange, NULL, turn_exchange, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    atomic_store(&ends, true);
    pthread_join(exchange, NULL);
    kit_release(&kit);
    return 0;
}

enum { LONG_MS = 20000, SHORT_MS = 2000 };

static enum handshake_result try_at(
    const uint8_t *broker_key, uint16_t port, int timeout_ms)
{
    struct handshake_options options = {.address = "127.0.0.1",
        .port = port,
        .broker_key = broker_key,
        .secret = kit.peers[0].secret,
        .timeout_ms = timeout_ms};

    return handshake_try(&options);
}

static enum handshake_result try_with(const uint8_t *broker_key, int timeout_ms)
{
    const char *colon = strrchr(router_endpoint(kit.router), ':');

    return try_at(broker_key, (uint16_t)strtoul(colon + 1, NULL, 10), timeout_ms);
}

static void handshake__with_the_exchange_is_done_and_says_no_word(void **state)
{
    (void)state;
    assert_int_equal(try_with(kit.public, LONG_MS), HANDSHAKE_DONE);
    assert_int_equal(kit.n_frames, 0);
}

static void handshake__of_a_refused_key_is_told_apart(void **state)
{
    (void)state;
    kit.peers[0].verdict = ROUTER_NEVER;
    assert_int_equal(try_with(kit.public, LONG_MS), HANDSHAKE_REFUSED);
}

/* libzmq meets silence or a hang-up, as it happens: often enough to see both. */
static void handshake__of_an_unknown_member_is_put_off_by_the_exchange_itself(
    void **state)
{
    (void)state;
    kit.peers[0].verdict = ROUTER_LATER;
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_with(kit.public, SHORT_MS), HANDSHAKE_PUT_OFF);
}

static void handshake__with_the_holder_of_another_key_is_no_admission(void **state)
{
    (void)state;
    uint8_t secret[DH_BYTES], public[DH_BYTES];
    for (int i = 0; i < 12; i++) {
        dh_new_keys(&kit.seeded.chance, public, secret);
        assert_int_equal(try_with(public, LONG_MS), HANDSHAKE_OTHER);
    }
    assert_int_equal(kit_counts(&kit).asked, 0);
}

static void handshake__with_nobody_is_not_taken_for_a_refusal(void **state)
{
    (void)state;
    assert_int_equal(try_at(kit.public, 1, LONG_MS), HANDSHAKE_UNREACHED);
}

static void handshake__with_somebody_who_says_nothing_is_told(void **state)
{
    (void)state;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, n), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
    assert_int_equal(
        try_at(kit.public, ntohs(address.sin_port), SHORT_MS), HANDSHAKE_MUTE);
    close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(handshake__with_the_exchange_is_done_and_says_no_word),
        TEST(handshake__of_a_refused_key_is_told_apart),
        TEST(handshake__of_an_unknown_member_is_put_off_by_the_exchange_itself),
        TEST(handshake__with_the_holder_of_another_key_is_no_admission),
        TEST(handshake__with_nobody_is_not_taken_for_a_refusal),
        TEST(handshake__with_somebody_who_says_nothing_is_told),
    };
    return cmocka_run_group_tests_name("handshake", tests, NULL, NULL);
}
