/* SPDX-License-Identifier: Apache-2.0
 *
 * members: a network for the bench: a real amaan-broker process with a roster of any number of members, whose
 * transport keys the bench holds, and connections that speak as these members. Envelopes have a real header
 * and exact size; their ciphertext is random bytes, which is all that the broker can see of a real one.
 */
#ifndef AMAAN_MEMBERS_H
#define AMAAN_MEMBERS_H

#include "ceremony.h"
#include "frame.h"
#include "process.h"
#include "seeded.h"

enum { MEMBERS_PATH_BYTES = 512 };

struct members {
    struct seeded seeded;
    struct ceremony ceremony;
    size_t n;
    struct member *members;                  /* ascending by node id */
    uint8_t (*secrets)[TRANSPORT_KEY_BYTES]; /* beside them */
    uint8_t broker_key[TRANSPORT_KEY_BYTES];
    char home[MEMBERS_PATH_BYTES], endpoint[128];
    pid_t broker;
    struct hash roster_hash;
};

/* Makes home/broker with the programs of the build folder, starts it and loads the roster. */
bool members_make(struct members *members, const char *build, const char *home, size_t n);
void members_stop(struct members *members);
/* HELLO of member i, up to date with the roster and unlocked. */
void members_hello(const struct members *members, size_t i, struct buffer *ret_frame);
/* OFFER of a fresh small-bucket envelope from anybody to member `to`. */
void members_offer(struct members *members, struct chance *chance, size_t to,
    struct buffer *ret_frame, struct ident *ret_msg_id);

#endif
