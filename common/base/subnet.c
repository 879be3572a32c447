/* SPDX-License-Identifier: Apache-2.0 */
#include "subnet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"

static const struct subnet PRIVATE[] = {
    {{10, 0, 0, 0}, {255, 0, 0, 0}},
    {{172, 16, 0, 0}, {255, 240, 0, 0}},
    {{192, 168, 0, 0}, {255, 255, 0, 0}},
    {{127, 0, 0, 0}, {255, 0, 0, 0}},
};

static bool is_same(const struct subnet *subnet, const uint8_t *address)
{
    for (size_t i = 0; i < SUBNET_ADDRESS_BYTES; i++)
        if (((subnet->address[i] ^ address[i]) & subnet->mask[i]) != 0)
            return false;
    return true;
}

static bool is_private(const uint8_t *address)
{
    for (size_t i = 0; i < ARRAY_LENGTH(PRIVATE); i++)
        if (is_same(&PRIVATE[i], address))
            return true;
    return false;
}

void subnet_format(const uint8_t address[static SUBNET_ADDRESS_BYTES],
    char ret[static SUBNET_TEXT_BYTES])
{
    (void)snprintf(ret, SUBNET_TEXT_BYTES, "%u.%u.%u.%u", address[0], address[1],
        address[2], address[3]);
}

/* The text must be what we would write: no other reading of it by whoever reads it next. */
enum status subnet_parse(const char *text,
    uint8_t ret_address[static SUBNET_ADDRESS_BYTES], struct trouble *trouble)
{
    uint8_t address[SUBNET_ADDRESS_BYTES];
    char again[SUBNET_TEXT_BYTES];

    if (inet_pton(AF_INET, text, address) != 1) {
        trouble_say(trouble,
            "\"%.40s\" is no address of the office's network, such as 192.168.4.20. "
            "Nothing was changed. \"ip -4 address\" shows those of this machine.",
            text);
        return STATUS_MALFORMED;
    }
    subnet_format(address, again);
    if (strcmp(again, text) != 0 || !is_private(address)) {
        trouble_say(trouble,
            "%.40s is no address of a private network (10., 172.16. to 172.31., "
            "192.168.), so strangers could knock at the page. Nothing was changed. Use "
            "this machine's address in the office's own network.",
            text);
        return STATUS_DENIED;
    }
    memcpy(ret_address, address, sizeof(address));
    return STATUS_OK;
}

bool subnet_holds(
    const struct subnet *subnet, const uint8_t address[static SUBNET_ADDRESS_BYTES])
{
    bool lowest = true, highest = true, single = true;

    for (size_t i = 0; i < SUBNET_ADDRESS_BYTES; i++) {
        uint8_t host = (uint8_t)~subnet->mask[i];

        single &= host == 0;
        lowest &= (address[i] & host) == 0;
        highest &= (address[i] & host) == host;
    }
    return is_same(subnet, address) && (single || (!lowest && !highest));
}
