/* SPDX-License-Identifier: Apache-2.0
 * A node's side of the transport, on real sockets: it comes back by itself, in no storm, and a name server that
 * does not answer keeps nobody waiting.
 */
#include "link_kit.h"

#include <pthread.h>
#include <stdlib.h>

static struct kit kit;

static int set_up(void **state)
{
    (void)state;
    kit_init(&kit);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kit_release(&kit);
    return 0;
}

static bool first_is_connected(const struct kit *at)
{
    return at->peers[0].connected > 0;
}

static bool first_came_back(const struct kit *at)
{
    return at->peers[0].connected > 1;
}

static bool first_was_lost(const struct kit *at)
{
    return at->peers[0].lost > 0;
}

static bool first_failed(const struct kit *at)
{
    return dealer_reason(at->peers[0].dealer)[0] != '\0';
}

/* ---- names ---- */

/* A name server that does not answer before the test says so. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_asked, may_answer, has_answered;

static enum status look_up_in_vain(const char *host, struct dealer_addresses *ret)
{
    (void)host;
    (void)ret;
    pthread_mutex_lock(&mutex);
    is_asked = true;
    pthread_cond_broadcast(&changed);
    while (!may_answer) {
        pthread_cond_wait(&changed, &mutex);
    }
    has_answered = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    return STATUS_NOT_FOUND;
}

static void set_and_wait(bool *to_set, const bool *to_wait)
{
    pthread_mutex_lock(&mutex);
    if (to_set != NULL) {
        *to_set = true;
        pthread_cond_broadcast(&changed);
    }
    while (!*to_wait) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

static void note(void *context)
{
    ++*(int *)context;
}

static void dead_name_server__keeps_nobody_waiting(void **state)
{
    (void)state;
    int fired = 0;
    is_asked = may_answer = has_answered = false;
    kit_listen(&kit);
    kit.dealer_options.endpoint = "tcp://exchange.example:7117";
    kit.dealer_options.look_up = look_up_in_vain;
    kit_connect(&kit, 0);
    kit_turn(&kit);
    set_and_wait(NULL, &is_asked);
    struct timer *timer = loop_timer(kit.loop, note, &fired);
    timer_set(timer, loop_now_ms(kit.loop));
    kit_turn(&kit); /* the loop goes on */
    assert_int_equal(fired, 1);
    assert_int_equal(dealer_state(kit.peers[0].dealer), DEALER_WAITING);
    kit.dealer_options.endpoint = NULL;
    kit.dealer_options.look_up = NULL;
    kit_connect(&kit, 1); /* and others connect meanwhile */
    while (kit.peers[1].connected == 0) {
        kit_turn(&kit);
    }
    dealer_close(&kit.peers[0].dealer); /* does not wait for it either */
    timer_destroy(&timer);
    set_and_wait(&may_answer, &has_answered);
}

static enum status look_up_two(const char *host, struct dealer_addresses *ret)
{
    if (strcmp(host, "exchange.example") != 0) {
        return STATUS_NOT_FOUND;
    }
    *ret = (struct dealer_addresses){
        .n = 2, .address = {"127.0.0.2", "127.0.0.1"}}; /* nobody listens at the first */
    return STATUS_OK;
}

static void all_addresses_of_a_name__are_tried_in_turn(void **state)
{
    (void)state;
    char endpoint[128];
    kit_listen(&kit);
    (void)snprintf(endpoint, sizeof endpoint, "tcp://exchange.example%s",
        strrchr(router_endpoint(kit.router), ':'));
    kit.dealer_options.endpoint = endpoint;
    kit.dealer_options.look_up = look_up_two;
    kit_connect(&kit, 0);
    kit_until(&kit, first_is_connected);
}

/* ---- coming back ---- */

static void connection_that_ended__is_told_and_comes_back_at_the_same_address(
    void **state)
{
    (void)state;
    char endpoint[128];
    kit_listen(&kit);
    (void)snprintf(endpoint, sizeof endpoint, "%s", router_endpoint(kit.router));
    kit_connect(&kit, 0);
    kit_until(&kit, first_is_connected);
    router_close(&kit.router);
    kit_until(&kit, first_was_lost);
    assert_status(dealer_send(kit.peers[0].dealer, span_text("x")), STATUS_CLOSED);
    kit.router_options.endpoint = endpoint;
    kit_listen(&kit);
    kit_until(&kit, first_came_back);
    assert_string_equal(dealer_reason(kit.peers[0].dealer), "");
}

static void restart__ends_a_connection_that_is_up(void **state)
{
    (void)state;
    kit_listen(&kit);
    kit_connect(&kit, 0);
    kit_until(&kit, first_is_connected);
    dealer_restart(kit.peers[0].dealer);
    assert_int_equal(kit.peers[0].lost, 1);
    kit_until(&kit, first_came_back);
}

static void pauses__are_drawn_so_that_nobody_comes_back_together(void **state)
{
    (void)state;
    int64_t earliest = INT64_MAX, latest = 0;
    kit.dealer_options.endpoint = "tcp://127.0.0.1:1"; /* nobody listens */
    kit.dealer_options.pause_first_ms = 100000;
    kit.dealer_options.pause_max_ms = 200000;
    for (size_t i = 0; i < KIT_PEERS; i++) {
        kit_connect(&kit, i);
    }
    int64_t start = loop_now_ms(kit.loop);
    for (size_t i = 0; i < KIT_PEERS; i++) {
        while (dealer_reason(kit.peers[i].dealer)[0] == '\0') {
            kit_turn(&kit);
        }
        int64_t at = dealer_next_attempt_steady_ms(kit.peers[i].dealer);
        earliest = at < earliest ? at : earliest;
        latest = at > latest ? at : latest;
    }
    assert_true(earliest >= start + 50000);
    assert_true(latest <= loop_now_ms(kit.loop) + 150000);
    assert_true(latest - earliest > 1000); /* seeded: they differ */
}

static void hurry__tries_now_instead_of_after_the_pause(void **state)
{
    (void)state;
    kit.dealer_options.endpoint = "tcp://127.0.0.1:1";
    kit.dealer_options.pause_first_ms = kit.dealer_options.pause_max_ms = DAY_MS;
    kit_connect(&kit, 0);
    kit_until(&kit, first_failed);
    assert_true(dealer_next_attempt_steady_ms(kit.peers[0].dealer) >
                loop_now_ms(kit.loop) + HOUR_MS);
    dealer_hurry(kit.peers[0].dealer);
    kit_turn(&kit);
    assert_int_equal(kit.peers[0].connected, 0);
    dealer_close(&kit.peers[0].dealer);
}

static void exchange_with_another_key__is_not_talked_to(void **state)
{
    (void)state;
    uint8_t secret[DH_BYTES], public[DH_BYTES];
    kit_listen(&kit);
    dh_new_keys(&kit.seeded.chance, public, secret);
    kit.dealer_options.broker_key = public;
    kit_connect(&kit, 0);
    kit_until(&kit, first_failed);
    assert_int_equal(kit.peers[0].connected, 0);
    assert_int_equal(kit_counts(&kit).asked, 0);
}

static void endpoint__that_is_none_is_refused(void **state)
{
    (void)state;
    struct trouble trouble = {""};
    struct dealer *dealer = NULL;
    struct dealer_options options = kit.dealer_options;
    options.endpoint = "http://127.0.0.1:7117";
    options.secret = kit.peers[0].secret;
    assert_status(dealer_open(&options, &dealer, &trouble), STATUS_MALFORMED);
    assert_null(dealer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(dead_name_server__keeps_nobody_waiting),
        TEST(all_addresses_of_a_name__are_tried_in_turn),
        TEST(connection_that_ended__is_told_and_comes_back_at_the_same_address),
        TEST(restart__ends_a_connection_that_is_up),
        TEST(pauses__are_drawn_so_that_nobody_comes_back_together),
        TEST(hurry__tries_now_instead_of_after_the_pause),
        TEST(exchange_with_another_key__is_not_talked_to),
        TEST(endpoint__that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
