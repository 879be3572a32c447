/* SPDX-License-Identifier: Apache-2.0
 *
 * link_kit: a listening exchange and members on real sockets of this machine, in one loop. Nothing is awaited by
 * sleeping: kit_until turns the loop until a condition holds, and fails the test after 20 s.
 */
#ifndef AMAAN_LINK_KIT_H
#define AMAAN_LINK_KIT_H

#include "check.h"
#include "dealer.h"
#include "dh.h"
#include "memory.h"
#include "router.h"
#include "seeded.h"

enum { KIT_PEERS = 4, KIT_FRAME_MAX = 4096 };

struct kit_peer {
    uint8_t secret[DH_BYTES], public[DH_BYTES];
    struct dealer *dealer;
    int connected, lost;
    enum router_verdict verdict;
};

struct kit {
    struct seeded seeded;
    struct loop *loop;
    struct work *work;
    struct router *router;
    uint8_t secret[DH_BYTES], public[DH_BYTES]; /* of the exchange */
    struct kit_peer peers[KIT_PEERS];
    struct router_options router_options;
    struct dealer_options dealer_options; /* for the next kit_connect */
    /* What came last. */
    size_t n_frames;
    uint64_t connection;
    uint8_t key[LINK_KEY_BYTES];
    uint8_t payload[KIT_FRAME_MAX];
    size_t n_payload;
};

void kit_init(struct kit *kit);
void kit_release(struct kit *kit);
void kit_listen(struct kit *kit);
void kit_connect(struct kit *kit, size_t i); /* starts it */
void kit_send(struct kit *kit, size_t i, const char *text);
/* One turn of the loop, and all frames read. */
void kit_turn(struct kit *kit);
void kit_until(struct kit *kit, bool (*holds)(const struct kit *kit));
struct router_counts kit_counts(const struct kit *kit);

#endif
