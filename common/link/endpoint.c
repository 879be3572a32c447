/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: everything is checked here, so that libzmq never sees a wildcard, an interface name or a
 * scheme that we do not mean.
 */
#include "endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const char SCHEME[] = "tcp://";

static bool parse_port(const char *text, uint16_t *ret)
{
    uint32_t value = 0;
    size_t n = strlen(text);
    if (n == 0 || n > 5)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint32_t)(text[i] - '0');
    }
    if (value > 65535)
        return false;
    *ret = (uint16_t)value;
    return true;
}

static bool is_name(const char *host)
{
    bool letter = false;
    if (host[0] == '-' || host[0] == '.')
        return false;
    for (const char *at = host; *at != '\0'; at++) {
        bool alpha = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        bool digit = *at >= '0' && *at <= '9';
        if (!alpha && !digit && *at != '-' && *at != '.')
            return false;
        letter = letter || alpha;
    }
    return letter; /* "1.2.3" is neither a name nor an address */
}

enum status endpoint_parse(
    const char *text, struct endpoint *ret, struct trouble *trouble)
{
    struct endpoint endpoint = {.port = 0};
    struct in_addr v4;
    struct in6_addr v6;
    const char *host = text + sizeof SCHEME - 1, *colon = strrchr(text, ':');
    size_t n;

    if (strncmp(text, SCHEME, sizeof SCHEME - 1) != 0 || colon < host)
        goto bad;
    n = (size_t)(colon - host);
    bool bracketed = n >= 2 && host[0] == '[' && host[n - 1] == ']';
    if (bracketed) {
        host++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof endpoint.host || !parse_port(colon + 1, &endpoint.port))
        goto bad;
    memcpy(endpoint.host, host, n);
    endpoint.ipv6 = bracketed;
    if (bracketed)
        endpoint.numeric = inet_pton(AF_INET6, endpoint.host, &v6) == 1;
    else
        endpoint.numeric = inet_pton(AF_INET, endpoint.host, &v4) == 1;
    if (!endpoint.numeric && (bracketed || !is_name(endpoint.host)))
        goto bad;
    *ret = endpoint;
    return STATUS_OK;
bad:
    trouble_say(trouble,
        "\"%.100s\" is not an endpoint: write tcp://HOST:PORT, such as "
        "tcp://127.0.0.1:7117 or "
        "tcp://[::1]:7117",
        text);
    return STATUS_MALFORMED;
}

void endpoint_format(
    const char *host, uint16_t port, char ret[static ENDPOINT_TEXT_BYTES])
{
    bool ipv6 = strchr(host, ':') != NULL;
    snprintf(ret, ENDPOINT_TEXT_BYTES, "%s%s%.255s%s:%u", SCHEME, ipv6 ? "[" : "", host,
        ipv6 ? "]" : "", (unsigned)port);
}
