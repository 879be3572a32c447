/* SPDX-License-Identifier: Apache-2.0
 *
 * world_member: a member that does as it likes: it has the keys of a node of the world, a numbering of its own
 * (an epoch that the node itself does not use), and the line of that node to the broker. What it makes is signed
 * and sealed as it should be, whatever it says: nothing but a recipient's own judgement stands against it.
 *
 *   struct world_member liar;
 *   world_member_init(&liar, world, OFFICER, SHELTER);
 *   struct letter letter = world_member_letter(&liar, LETTER_REFERRAL, body);   the next number; change it
 *   world_member_post(&liar, &letter);                                           sealed, offered, settled
 */
#ifndef AMAAN_WORLD_MEMBER_H
#define AMAAN_WORLD_MEMBER_H

#include "body.h"
#include "heartbeat.h"
#include "receipt.h"
#include "seal.h"
#include "world.h"

struct world_member {
    struct world *world;
    size_t from, to;
    const struct sign_secret *identity; /* of node `from`, unless the test sets another */
    /* What its letters say of rosters; the newest of node `to` at first. */
    uint64_t roster_version;
    struct hash roster_hash;
    enum lane lane;
    enum service service; /* of its referrals; what node `to` offers at first */
    /* Its numbering: the last number used, and its link. */
    uint32_t epoch;
    uint64_t seq;
    struct hash link;
    uint64_t heartbeats;
};

void world_member_init(
    struct world_member *member, struct world *world, size_t from, size_t to);
/* Begins a numbering under number 1. */
void world_member_epoch(struct world_member *member, uint32_t epoch);

/* The next letter in order, as an honest member would write it; an unnumbered kind has zeros. The body is borrowed. */
struct letter world_member_letter(
    struct world_member *member, uint16_t kind, struct span body);
/* Seals under the newest bundle of node `to`. ret_link: link_n. The numbering does not move. */
void world_member_seal(struct world_member *member, const struct letter *letter,
    struct buffer *ret_envelope, struct hash *ret_link);
/* Any frame, on the line of node `from`. */
void world_member_say(struct world_member *member, const struct frame *frame);
/* An OFFER on the line of node `from`; it is not settled. */
void world_member_offer(struct world_member *member, struct span envelope);
/* Seals, offers and lets the world settle; a numbered letter becomes the last one. */
void world_member_post(struct world_member *member, const struct letter *letter);

/* --- bodies --------------------------------------------------------------------------------------------- */

/* A referral with a new reference, into a buffer that is initialised here. */
void world_member_referral(struct world_member *member,
    char ret_reference[static REFERENCE_BYTES], struct buffer *ret);
/* The next number in a referral with a new reference. */
void world_member_refer(
    struct world_member *member, char ret_reference[static REFERENCE_BYTES]);
/* The number is the next one; everything else is as the caller says. */
void world_member_beat(struct world_member *member, struct heartbeat *heartbeat);
void world_member_void(
    struct world_member *member, const struct void_entry *entries, size_t n);
/* Signs the receipt as its issuer: 200 bytes as they stand, and the signature. */
void world_member_sign(struct world_member *member, const struct receipt *receipt,
    uint8_t ret[static RECEIPT_BYTES]);
/* Posts one signed receipt. */
void world_member_tell(struct world_member *member, const struct receipt *receipt);
/* A bundle of node `from` with that number and one new prekey, valid from then on, into a buffer that is
 * initialised here. */
void world_member_bundle(struct world_member *member, uint64_t number,
    int64_t not_before_ms, struct buffer *ret);

#endif
