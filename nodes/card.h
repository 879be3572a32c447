/* SPDX-License-Identifier: Apache-2.0
 *
 * card: broker.amaan, the exchange's address and public key for `join --broker`: text, lines "endpoint = tcp://..."
 * and "key = <64 hex digits>", each once; empty lines and # comments. Anything else is refused.
 */
#ifndef AMAAN_CARD_H
#define AMAAN_CARD_H

#include "bytes.h"

enum { CARD_ENDPOINT_BYTES = 256, CARD_KEY_BYTES = 32, CARD_BYTES_MAX = 4096 };

struct card {
    char endpoint[CARD_ENDPOINT_BYTES];
    uint8_t key[CARD_KEY_BYTES];
};

/* MALFORMED with the line and what is wrong. */
enum status card_parse(
    struct span text, struct card *ret, struct trouble *trouble) MUST_USE;

#endif
