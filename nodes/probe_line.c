/* SPDX-License-Identifier: Apache-2.0
 * From name to address, from address to a connection, from a connection to being let in. The name's and the
 * machine's answers are kept apart, because a person does something else about each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dial.h"
#include "endpoint.h"
#include "handshake.h"
#include "memory.h"
#include "node_conf.h"
#include "probe.h"

/* The exchange of node.conf; false if there is none to speak of. */
static bool read_exchange(const struct probe_world *world, struct node_conf *ret_conf,
    struct endpoint *ret, struct probe_answer *answer)
{
    return node_conf_read(world->home, ret_conf, &answer->detail) == STATUS_OK &&
           *ret_conf->endpoint &&
           endpoint_parse(ret_conf->endpoint, ret, &answer->detail) == STATUS_OK;
}

static bool find_addresses(const struct probe_world *world,
    const struct endpoint *endpoint, struct dealer_addresses *ret)
{
    *ret = (struct dealer_addresses){.n = 1};
    if (!endpoint->numeric)
        return world->look_up(endpoint->host, ret) == STATUS_OK && ret->n > 0;
    (void)snprintf(ret->address[0], sizeof(ret->address[0]), "%.*s",
        DEALER_ADDRESS_BYTES - 1, endpoint->host);
    return true;
}

void probe_name(const struct probe_world *world, struct probe_answer *answer)
{
    struct node_conf conf;
    struct endpoint endpoint;
    struct dealer_addresses addresses;

    if (!read_exchange(world, &conf, &endpoint, answer)) {
        answer->finding = "name-none";
        return;
    }
    trouble_say(&answer->detail, "%s", endpoint.host);
    if (endpoint.numeric)
        answer->finding = "name-number";
    else
        answer->finding =
            find_addresses(world, &endpoint, &addresses) ? "name-ok" : "name-unknown";
}

static const char *judge_connection(int failure)
{
    switch (failure) {
    case 0:
        return "tcp-ok";
    case ECONNREFUSED:
        return "tcp-refused";
    case ETIMEDOUT:
        return "tcp-silent";
    default:
        return "tcp-no-way";
    }
}

void probe_tcp(const struct probe_world *world, struct probe_answer *answer)
{
    struct node_conf conf;
    struct endpoint endpoint;
    struct dealer_addresses addresses;
    int failure = 0;

    answer->finding = "tcp-not-tried";
    if (!read_exchange(world, &conf, &endpoint, answer) ||
        !find_addresses(world, &endpoint, &addresses))
        return;
    for (size_t i = 0; i < addresses.n; i++) {
        int fd = -1;

        failure = dial(addresses.address[i], endpoint.port, world->connect_ms, &fd);
        if (failure == 0)
            (void)close(fd);
        trouble_say(&answer->detail, "%s port %u%s%s", addresses.address[i],
            (unsigned)endpoint.port, failure ? ": " : "",
            failure ? strerror(failure) : "");
        if (failure == 0)
            break;
    }
    answer->finding = judge_connection(failure);
}

static const char *judge_handshake(enum handshake_result result)
{
    static const char *const findings[HANDSHAKE_RESULT_COUNT] = {
        [HANDSHAKE_DONE] = "curve-ok",
        [HANDSHAKE_UNREACHED] = "curve-unreached",
        [HANDSHAKE_REFUSED] = "curve-refused",
        [HANDSHAKE_PUT_OFF] = "curve-not-admitted",
        [HANDSHAKE_OTHER] = "curve-other",
        [HANDSHAKE_MUTE] = "curve-mute",
    };
    return findings[result];
}

void probe_curve(const struct probe_world *world, struct probe_answer *answer)
{
    enum handshake_result result = HANDSHAKE_UNREACHED;
    uint8_t secret[NODE_CONF_KEY_BYTES];
    struct node_conf conf;
    struct endpoint endpoint;
    struct dealer_addresses addresses;
    char text[ENDPOINT_TEXT_BYTES];

    answer->finding = "curve-not-tried";
    if (!read_exchange(world, &conf, &endpoint, answer) ||
        !find_addresses(world, &endpoint, &addresses) ||
        probe_read_link_key(world->home, secret, &answer->detail) != STATUS_OK)
        return;
    for (size_t i = 0; i < addresses.n && result == HANDSHAKE_UNREACHED; i++) {
        struct handshake_options options = {.address = addresses.address[i],
            .port = endpoint.port,
            .broker_key = conf.broker_key,
            .secret = secret,
            .timeout_ms = world->handshake_ms};

        endpoint_format(addresses.address[i], endpoint.port, text);
        trouble_say(&answer->detail, "%s", text);
        result = handshake_try(&options);
    }
    memory_wipe(secret, sizeof(secret));
    answer->finding = judge_handshake(result);
}
