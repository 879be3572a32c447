/* SPDX-License-Identifier: Apache-2.0
 *
 * subnet: addresses of an office's network (IPv4), and which of them are neighbours. A pure decision; the sockets are
 * common/http's.
 *
 * Private are those of RFC 1918 and, for a trial on one machine, 127.0.0.0/8. All others are refused: behind one of
 * them stands the internet, or a network of which nobody here knows who is in it.
 */
#ifndef AMAAN_SUBNET_H
#define AMAAN_SUBNET_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

enum { SUBNET_TEXT_BYTES = 16, SUBNET_ADDRESS_BYTES = 4 };

/* In the order of the wire. */
struct subnet {
    uint8_t address[SUBNET_ADDRESS_BYTES], mask[SUBNET_ADDRESS_BYTES];
};

/* "192.168.4.20": four plain numbers. MALFORMED: it is none. DENIED: it is none of a private network. The trouble
 * says which, and what to write. `ret_address` gets four bytes. */
enum status subnet_parse(const char *text,
    uint8_t ret_address[static SUBNET_ADDRESS_BYTES], struct trouble *trouble) MUST_USE;
void subnet_format(const uint8_t address[static SUBNET_ADDRESS_BYTES],
    char ret[static SUBNET_TEXT_BYTES]);
/* Is it in the same network? Not the network's own address, nor that to all. */
bool subnet_holds(
    const struct subnet *subnet, const uint8_t address[static SUBNET_ADDRESS_BYTES]);

#endif
