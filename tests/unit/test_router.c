/* SPDX-License-Identifier: Apache-2.0
 * The exchange's side of the transport, on real sockets: who is let in, who speaks, and what a hostile peer
 * cannot do.
 */
#include "link_kit.h"
#include "endpoint.h"
#include "link_private.h"
#include "rawpeer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

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

static bool both_are_connected(const struct kit *at)
{
    return at->peers[0].connected > 0 && at->peers[1].connected > 0;
}

static bool a_frame_came(const struct kit *at)
{
    return at->n_frames > 0;
}

/* ---- who speaks ---- */

static void frame__comes_with_the_key_that_was_proven(void **state)
{
    (void)state;
    kit_listen(&kit);
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_until(&kit, both_are_connected);
    uint64_t connections[2];
    for (size_t i = 0; i < 2; i++) { /* after a poll: the second frame has the property */
        kit.n_frames = 0;
        kit_send(&kit, i, i == 0 ? "from the first" : "from the second");
        kit_until(&kit, a_frame_came);
        assert_memory_equal(kit.key, kit.peers[i].public, LINK_KEY_BYTES);
        connections[i] = kit.connection;
        assert_int_not_equal(kit.connection, 0);
    }
    assert_int_not_equal(connections[0], connections[1]);
    assert_span(span_of(kit.payload, kit.n_payload), span_text("from the second"));
    assert_int_equal(kit_counts(&kit).dropped_keyless, 0);
}

static void answer__reaches_who_spoke_and_nobody_else(void **state)
{
    (void)state;
    struct span bytes = {NULL, 0};
    kit_listen(&kit);
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_until(&kit, both_are_connected);
    kit_send(&kit, 1, "hello");
    kit_until(&kit, a_frame_came);
    assert_ok(router_send(kit.router, kit.connection, span_text("welcome")));
    int64_t end_ms = loop_now_ms(kit.loop) + 20000;
    while (dealer_receive(kit.peers[1].dealer, &bytes) != STATUS_OK) {
        assert_true(loop_now_ms(kit.loop) < end_ms);
        kit_turn(&kit);
    }
    assert_span(bytes, span_text("welcome"));
    assert_status(dealer_receive(kit.peers[0].dealer, &bytes), STATUS_BUSY);
    assert_status(
        router_send(kit.router, kit.connection + 77, span_text("x")), STATUS_NOT_FOUND);
    assert_status(router_send(kit.router, 5, span_text("x")), STATUS_NOT_FOUND);
}

static void second_connection_of_one_key__works_beside_a_dead_one(void **state)
{
    (void)state;
    kit_listen(&kit);
    memcpy(kit.peers[1].secret, kit.peers[0].secret, DH_BYTES);
    memcpy(kit.peers[1].public, kit.peers[0].public, DH_BYTES);
    kit_connect(&kit, 0);
    kit_until(&kit, first_is_connected);
    kit_send(&kit, 0, "old");
    kit_until(&kit, a_frame_came);
    uint64_t old = kit.connection;
    kit_connect(&kit, 1); /* the old line is half open, nobody told the exchange */
    kit_until(&kit, both_are_connected);
    kit.n_frames = 0;
    kit_send(&kit, 1, "new");
    kit_until(&kit, a_frame_came);
    assert_int_not_equal(kit.connection, old);
    assert_ok(router_send(kit.router, kit.connection, span_text("x")));
}

/* ---- who is let in ---- */

static bool first_was_refused(const struct kit *at)
{
    return dealer_was_refused(at->peers[0].dealer);
}

static bool was_put_off_twice(const struct kit *at)
{
    return kit_counts(at).put_off >= 2;
}

static void key__refused_for_good_is_told_so(void **state)
{
    (void)state;
    kit_listen(&kit);
    kit.peers[0].verdict = ROUTER_NEVER;
    kit_connect(&kit, 0);
    kit_until(&kit, first_was_refused);
    assert_true(kit_counts(&kit).refused > 0);
    assert_int_equal(kit_counts(&kit).admitted, 0);
    assert_int_equal(kit.peers[0].connected, 0);
    assert_holds(dealer_reason(kit.peers[0].dealer), "refused");
}

static void key__not_known_yet_comes_in_when_it_is(void **state)
{
    (void)state;
    kit_listen(&kit);
    kit.peers[0].verdict = ROUTER_LATER;
    kit_connect(&kit, 0);
    kit_until(&kit, was_put_off_twice);
    assert_int_equal(kit.peers[0].connected, 0);
    assert_false(dealer_was_refused(kit.peers[0].dealer));
    kit.peers[0].verdict = ROUTER_ADMIT; /* a new roster */
    kit_until(&kit, first_is_connected);
}

static void key__refused_once_comes_in_after_all_when_the_roster_has_it(void **state)
{
    (void)state;
    kit_listen(&kit);
    kit.peers[0].verdict = ROUTER_NEVER;
    kit_connect(&kit, 0);
    kit_until(&kit, first_was_refused);
    kit.peers[0].verdict = ROUTER_ADMIT;
    kit_until(
        &kit, first_is_connected); /* a fresh socket: libzmq's own never comes back */
}

static bool attempt_failed(const struct kit *at)
{
    return dealer_reason(at->peers[0].dealer)[0] != '\0';
}

static void handler_that_died__lets_nobody_in(void **state)
{
    (void)state;
    kit_listen(&kit);
    zap_close(router_zap(kit.router));
    kit_connect(&kit, 0);
    kit_until(&kit, attempt_failed);
    assert_int_equal(kit.peers[0].connected, 0);
    assert_int_equal(kit.n_frames, 0);
    dealer_close(&kit.peers[0].dealer);
    struct trouble trouble = {""}; /* router_close wants one to close */
    assert_ok(zap_open(&kit.router_options, "amaan", router_zap(kit.router), &trouble));
}

static void guard__wants_a_domain_and_reads_it_back(void **state)
{
    (void)state;
    struct trouble trouble = {""};
    void *socket = rawpeer_new_router();
    assert_status(router_guard(socket, "", &trouble), STATUS_UNSUPPORTED);
    assert_holds(trouble.text, "without asking");
    assert_ok(router_guard(socket, "amaan", &trouble));
    rawpeer_drop_router(&socket);
}

static uint16_t port_of_router(void)
{
    struct endpoint endpoint;
    assert_ok(endpoint_parse(router_endpoint(kit.router), &endpoint, NULL));
    return endpoint.port;
}

static void router__refuses_a_second_handler(void **state)
{
    (void)state;
    struct router *second = NULL;
    struct trouble trouble = {""};
    kit_listen(&kit);
    assert_status(router_open(&kit.router_options, &second, &trouble), STATUS_EXISTS);
    assert_null(second);
    assert_string_not_equal(trouble.text, "");
}

static void router__refuses_a_taken_address_and_a_name(void **state)
{
    (void)state;
    char endpoint[ENDPOINT_TEXT_BYTES];
    struct trouble trouble = {""};
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    endpoint_format("127.0.0.1", ntohs(at.sin_port), endpoint);
    kit.router_options.endpoint = endpoint;
    assert_status(router_open(&kit.router_options, &kit.router, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, endpoint);
    kit.router_options.endpoint = "tcp://exchange.example:7117";
    assert_status(
        router_open(&kit.router_options, &kit.router, &trouble), STATUS_MALFORMED);
    assert_null(kit.router);
    close(fd);
}

/* ---- hostile peers ---- */

static bool two_shapes_were_dropped(const struct kit *at)
{
    return kit_counts(at).dropped_shape >= 2;
}

static bool name_was_dropped(const struct kit *at)
{
    return kit_counts(at).dropped_name >= 1;
}

static struct rawpeer *open_rawpeer(size_t i, struct span routing_id)
{
    return rawpeer_open(router_endpoint(kit.router), kit.public, kit.peers[i].secret,
        kit.peers[i].public, routing_id);
}

static void message_of_several_frames__is_dropped(void **state)
{
    (void)state;
    const struct span frames[] = {span_text("one"), span_text("two"), span_text("three")};
    kit_listen(&kit);
    struct rawpeer *peer = open_rawpeer(0, span_of(NULL, 0));
    rawpeer_send(peer, frames, 3);
    rawpeer_send(peer, frames, 2);
    rawpeer_send(peer, frames, 1);
    kit_until(&kit, two_shapes_were_dropped);
    kit_until(&kit, a_frame_came);
    assert_int_equal(kit.n_frames, 1); /* what has the right shape still comes */
    assert_span(span_of(kit.payload, kit.n_payload), span_text("one"));
    rawpeer_close(&peer);
}

static void name_that_a_peer_claims__is_not_taken(void **state)
{
    (void)state;
    const struct span frame = span_text("I am somebody else");
    kit_listen(&kit);
    struct rawpeer *peer = open_rawpeer(0, span_text("officer"));
    rawpeer_send(peer, &frame, 1);
    kit_until(&kit, name_was_dropped);
    assert_int_equal(kit.n_frames, 0);
    kit_connect(&kit, 1);
    kit.peers[0].connected = 1;
    kit_until(&kit, both_are_connected);
    kit_send(&kit, 1, "still here");
    kit_until(&kit, a_frame_came);
    rawpeer_close(&peer);
}

static bool first_was_lost(const struct kit *at)
{
    return at->peers[0].lost > 0;
}

static void frame_that_is_too_large__ends_the_connection_and_only_that(void **state)
{
    (void)state;
    static const uint8_t large[KIT_FRAME_MAX + 1];
    kit_listen(&kit);
    kit.dealer_options.frame_bytes_max = 10 * KIT_FRAME_MAX;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_until(&kit, both_are_connected);
    assert_ok(dealer_send(kit.peers[0].dealer, span_of(large, sizeof large)));
    kit_until(&kit, first_was_lost);
    assert_int_equal(kit.n_frames, 0);
    assert_int_equal(kit.peers[1].lost, 0);
    kit_send(&kit, 1, "fine");
    kit_until(&kit, a_frame_came);
}

static int open_tcp(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons(port_of_router()),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    (void)connect(fd, (struct sockaddr *)&at, sizeof at);
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    assert_int_equal(poll(&ready, 1, 5000), 1);
    return fd;
}

/* True when the other side has closed it. */
static bool is_closed(int fd)
{
    uint8_t bytes[256];
    ssize_t n = read(fd, bytes, sizeof bytes);
    while (n > 0) {
        n = read(fd, bytes, sizeof bytes);
    }
    return n == 0 || errno == ECONNRESET;
}

static void stranger_that_announces_a_huge_frame__is_cut_off(void **state)
{
    (void)state;
    uint8_t greeting[64] = {
        0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, 'C', 'U', 'R', 'V', 'E'};
    uint8_t huge[9] = {0x06, 0, 0, 0, 0, 0x40, 0, 0, 0}; /* a command of 1 GiB */
    static uint8_t junk[65536];
    kit_listen(&kit);
    int fd = open_tcp();
    assert_int_equal(write(fd, greeting, sizeof greeting), sizeof greeting);
    assert_int_equal(write(fd, huge, sizeof huge), sizeof huge);
    ssize_t sent = 0, n = 0;
    int64_t end_ms = loop_now_ms(kit.loop) + 20000;
    while (!is_closed(fd)) {
        assert_true(loop_now_ms(kit.loop) < end_ms);
        n = send(fd, junk, sizeof junk, MSG_NOSIGNAL);
        sent += n > 0 ? n : 0;
        assert_true(
            sent < 16 * 1024 * 1024); /* no more than what lies in sockets' buffers */
        kit_turn(&kit);
    }
    close(fd);
    assert_int_equal(kit_counts(&kit).asked, 0);
}

static void stranger_that_says_nothing__is_cut_off(void **state)
{
    (void)state;
    kit_listen(&kit);
    int fd = open_tcp();
    int64_t end_ms = loop_now_ms(kit.loop) + 20000;
    while (!is_closed(fd)) {
        assert_true(loop_now_ms(kit.loop) < end_ms);
        kit_turn(&kit);
    }
    close(fd);
}

static void peer_that_does_not_read__makes_it_busy_and_never_waits(void **state)
{
    (void)state;
    static const uint8_t frame[KIT_FRAME_MAX];
    kit.router_options.send_queue = 8;
    kit_listen(&kit);
    struct rawpeer *peer = open_rawpeer(0, span_of(NULL, 0));
    const struct span hello = span_text("hello");
    rawpeer_send(peer, &hello, 1);
    kit_until(&kit, a_frame_came);
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK; i++) {
        assert_true(i < 100000);
        status = router_send(kit.router, kit.connection, span_of(frame, sizeof frame));
    }
    assert_status(status, STATUS_BUSY);
    rawpeer_close(&peer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(frame__comes_with_the_key_that_was_proven),
        TEST(answer__reaches_who_spoke_and_nobody_else),
        TEST(second_connection_of_one_key__works_beside_a_dead_one),
        TEST(key__refused_for_good_is_told_so),
        TEST(key__not_known_yet_comes_in_when_it_is),
        TEST(key__refused_once_comes_in_after_all_when_the_roster_has_it),
        TEST(handler_that_died__lets_nobody_in),
        TEST(guard__wants_a_domain_and_reads_it_back),
        TEST(router__refuses_a_second_handler),
        TEST(router__refuses_a_taken_address_and_a_name),
        TEST(message_of_several_frames__is_dropped),
        TEST(name_that_a_peer_claims__is_not_taken),
        TEST(frame_that_is_too_large__ends_the_connection_and_only_that),
        TEST(stranger_that_announces_a_huge_frame__is_cut_off),
        TEST(stranger_that_says_nothing__is_cut_off),
        TEST(peer_that_does_not_read__makes_it_busy_and_never_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
