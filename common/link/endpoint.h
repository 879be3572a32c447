/* SPDX-License-Identifier: Apache-2.0
 *
 * endpoint: "tcp://host:port" as text and in parts.
 */
#ifndef AMAAN_ENDPOINT_H
#define AMAAN_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

enum { ENDPOINT_HOST_BYTES = 256, ENDPOINT_TEXT_BYTES = 280 };

struct endpoint {
    char host[ENDPOINT_HOST_BYTES]; /* without the brackets of an IPv6 address */
    uint16_t port;
    bool numeric, ipv6; /* an address, not a name; of version 6 */
};

/* MALFORMED, with a sentence. Names are letters, digits, '-' and '.'; port 0 is allowed. */
enum status endpoint_parse(
    const char *text, struct endpoint *ret, struct trouble *trouble) MUST_USE;
/* The same endpoint with that numeric address as host. */
void endpoint_format(
    const char *host, uint16_t port, char ret[static ENDPOINT_TEXT_BYTES]);

#endif
