/* SPDX-License-Identifier: Apache-2.0 */
#include "link_kit.h"

enum { GIVE_UP_MS = 20000, TURN_MS = 50 };

static enum router_verdict judge(void *context, const uint8_t key[static LINK_KEY_BYTES])
{
    const struct kit *kit = context;
    for (size_t i = 0; i < KIT_PEERS; i++) {
        if (memcmp(kit->peers[i].public, key, LINK_KEY_BYTES) == 0) {
            return kit->peers[i].verdict;
        }
    }
    return ROUTER_LATER;
}

static void note_connected(void *context)
{
    struct kit_peer *peer = context;
    peer->connected++;
}

static void note_lost(void *context)
{
    struct kit_peer *peer = context;
    peer->lost++;
}

void kit_init(struct kit *kit)
{
    struct chance *chance = seeded_init(&kit->seeded, 3);
    *kit = (struct kit){.seeded = kit->seeded};
    chance = seeded_init(&kit->seeded, 3);
    assert_ok(link_start(1, NULL));
    kit->loop = loop_new(clock_system());
    kit->work = work_new(kit->loop);
    dh_new_keys(chance, kit->public, kit->secret);
    for (size_t i = 0; i < KIT_PEERS; i++) {
        dh_new_keys(chance, kit->peers[i].public, kit->peers[i].secret);
        kit->peers[i].verdict = ROUTER_ADMIT;
    }
    kit->router_options = (struct router_options){.loop = kit->loop,
        .endpoint = "tcp://127.0.0.1:0",
        .secret = kit->secret,
        .admits = judge,
        .context = kit,
        .frame_bytes_max = KIT_FRAME_MAX,
        .handshake_ms = 300};
    kit->dealer_options = (struct dealer_options){.loop = kit->loop,
        .work = kit->work,
        .chance = chance,
        .broker_key = kit->public,
        .frame_bytes_max = KIT_FRAME_MAX,
        .on_connected = note_connected,
        .on_lost = note_lost,
        .pause_first_ms = 20,
        .pause_max_ms = 100,
        .refused_first_ms = 20,
        .refused_max_ms = 100,
        .attempt_ms = 600};
}

void kit_release(struct kit *kit)
{
    for (size_t i = 0; i < KIT_PEERS; i++) {
        dealer_close(&kit->peers[i].dealer);
    }
    router_close(&kit->router);
    work_destroy(&kit->work);
    loop_destroy(&kit->loop);
    link_stop();
}

void kit_listen(struct kit *kit)
{
    struct trouble trouble = {""};
    if (router_open(&kit->router_options, &kit->router, &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
}

void kit_connect(struct kit *kit, size_t i)
{
    struct trouble trouble = {""};
    struct dealer_options options = kit->dealer_options;
    if (options.endpoint == NULL) {
        options.endpoint = router_endpoint(kit->router);
    }
    options.secret = kit->peers[i].secret;
    options.context = &kit->peers[i];
    if (dealer_open(&options, &kit->peers[i].dealer, &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
}

void kit_send(struct kit *kit, size_t i, const char *text)
{
    assert_ok(dealer_send(kit->peers[i].dealer, span_text(text)));
}

void kit_turn(struct kit *kit)
{
    struct router_frame frame;
    assert_ok(loop_turn(kit->loop, loop_now_ms(kit->loop) + TURN_MS));
    while (kit->router != NULL && router_receive(kit->router, &frame) == STATUS_OK) {
        kit->n_frames++;
        kit->connection = frame.connection;
        memcpy(kit->key, frame.key, LINK_KEY_BYTES);
        assert_true(frame.payload.n <= sizeof kit->payload);
        memcpy(kit->payload, frame.payload.at, frame.payload.n);
        kit->n_payload = frame.payload.n;
    }
}

void kit_until(struct kit *kit, bool (*holds)(const struct kit *kit))
{
    int64_t end_ms = loop_now_ms(kit->loop) + GIVE_UP_MS;
    while (!holds(kit)) {
        if (loop_now_ms(kit->loop) > end_ms) {
            fail_msg("it did not come about in %d s", GIVE_UP_MS / 1000);
        }
        kit_turn(kit);
    }
}

struct router_counts kit_counts(const struct kit *kit)
{
    struct router_counts counts;
    router_counts(kit->router, &counts);
    return counts;
}
