/* SPDX-License-Identifier: Apache-2.0
 * Why a line does not come up: a real exchange on a real socket, turned by a thread, and one handshake with it.
 */
#include "handshake.h"

#include <pthread.h>
#include <stdatomic.h>

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

static enum handshake_result try_with(
    const uint8_t *broker_key, const char *endpoint, int timeout_ms)
{
    struct handshake_options options = {
        .endpoint = endpoint ? endpoint : router_endpoint(kit.router),
        .broker_key = broker_key,
        .secret = kit.peers[0].secret,
        .timeout_ms = timeout_ms};

    return handshake_try(&options);
}

enum { LONG_MS = 20000, SHORT_MS = 1500 };

static void handshake__with_the_exchange_is_done_and_says_no_word(void **state)
{
    (void)state;
    assert_int_equal(try_with(kit.public, NULL, LONG_MS), HANDSHAKE_DONE);
    assert_int_equal(kit.n_frames, 0);
}

static void handshake__of_a_refused_key_is_told_apart(void **state)
{
    (void)state;
    kit.peers[0].verdict = ROUTER_NEVER;
    assert_int_equal(try_with(kit.public, NULL, LONG_MS), HANDSHAKE_REFUSED);
}

static void handshake__of_an_unknown_member_meets_silence(void **state)
{
    (void)state;
    kit.peers[0].verdict = ROUTER_LATER;
    assert_int_equal(try_with(kit.public, NULL, SHORT_MS), HANDSHAKE_SILENT);
}

static void handshake__with_the_holder_of_another_key_is_cut_off(void **state)
{
    (void)state;
    uint8_t secret[DH_BYTES], public[DH_BYTES];
    dh_new_keys(&kit.seeded.chance, public, secret);
    assert_int_equal(try_with(public, NULL, LONG_MS), HANDSHAKE_BROKEN);
    assert_int_equal(kit_counts(&kit).asked, 0);
}

static void handshake__with_nobody_is_not_taken_for_a_refusal(void **state)
{
    (void)state;
    assert_int_equal(
        try_with(kit.public, "tcp://127.0.0.1:1", LONG_MS), HANDSHAKE_UNREACHED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(handshake__with_the_exchange_is_done_and_says_no_word),
        TEST(handshake__of_a_refused_key_is_told_apart),
        TEST(handshake__of_an_unknown_member_meets_silence),
        TEST(handshake__with_the_holder_of_another_key_is_cut_off),
        TEST(handshake__with_nobody_is_not_taken_for_a_refusal),
    };
    return cmocka_run_group_tests_name("handshake", tests, NULL, NULL);
}
