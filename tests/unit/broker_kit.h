/* SPDX-License-Identifier: Apache-2.0
 *
 * broker_kit: the core of an exchange (broker.h) with hand-made frames, a clock that the test turns, a disk
 * that can fail, and members whose pipes can be full or gone. Members are numbered from 0, ascending by node
 * id; member i speaks over kit_connection until the test changes that.
 */
#ifndef AMAAN_BROKER_KIT_H
#define AMAAN_BROKER_KIT_H

#include "broker.h"
#include "ceremony.h"
#include "check.h"
#include "faultvfs.h"
#include "prekey.h"
#include "seeded.h"

enum { KIT_MEMBERS = 5, KIT_ROSTERS = 8, SMALL_BYTES = 2152, LARGE_BYTES = 32872 };
#define KIT_START_MS INT64_C(1795500000000) /* November 2026 */

/* One frame that the broker said. */
struct said {
    uint64_t connection;
    size_t n;
    uint8_t *bytes;
    bool heard;
};

struct kit {
    struct faultvfs *vfs;
    struct seeded seeded;
    struct chance *chance;
    struct clock clock;
    int64_t wall_ms, steady_ms;
    int64_t free_bytes, total_bytes; /* of the disk; 0: not asked */
    struct broker_options options;
    struct broker *broker;

    struct ceremony ceremony;
    struct member members[KIT_MEMBERS];
    struct sign_secret identities[KIT_MEMBERS];
    uint64_t connections[KIT_MEMBERS];
    struct buffer rosters[KIT_ROSTERS];
    size_t n_rosters;

    struct said *said;
    size_t n_said, said_size;
    enum status pipes[64]; /* by connection: what sending gives */
    int busy[64];          /* so many times it is BUSY before that */
    struct arena *arena;
    struct buffer frame;
};

/* Opened and loaded with root and roster of all members; nobody is connected. */
void kit_init(struct kit *kit, const char *vfs_name);
void kit_release(struct kit *kit);
void kit_open(struct kit *kit);
void kit_close(struct kit *kit);
void kit_pass(struct kit *kit, int64_t ms); /* both clocks */
/* A roster with the members as they are now, loaded into the broker. */
void kit_next_roster(struct kit *kit);
/* Bytes of a roster of that version with the members as they are now. */
void kit_make_roster(struct kit *kit, uint64_t version, struct buffer *ret);

/* Root 2, with the same stewards, signed by two of them. */
void kit_make_root(struct kit *kit, struct buffer *ret);

/* --- turns */
void kit_begin(struct kit *kit);
void kit_say(struct kit *kit, size_t i, const struct frame *frame); /* inside of a turn */
void kit_say_bytes(struct kit *kit, size_t i, struct span bytes);
void kit_end(struct kit *kit);
void kit_turn(struct kit *kit, size_t i, const struct frame *frame); /* one frame */
void kit_rest(struct kit *kit); /* turns until none is due at this instant */

/* --- what was said. Borrowed until the next look. */
/* The next frame of that kind to member i that was not looked at; NULL. */
const struct frame *kit_find(struct kit *kit, size_t i, enum frame_kind kind);
size_t kit_count_held(const struct kit *kit, size_t i); /* msg_ids in all HELD */
size_t kit_count(
    const struct kit *kit, size_t i, enum frame_kind kind); /* not looked at */
void kit_forget(struct kit *kit);                           /* all of it */

/* --- frames */
struct frame kit_hello(const struct kit *kit, size_t i);
/* HELLO, WELCOME, and what came with it is forgotten. */
void kit_connect(struct kit *kit, size_t i);
void kit_disconnect(struct kit *kit, size_t i);
void kit_credit(struct kit *kit, size_t i, uint32_t bytes); /* a turn */
/* An envelope with random bytes and msg_id. */
size_t kit_envelope(struct kit *kit, size_t to, enum lane lane, uint32_t bucket,
    uint8_t ret[static ENVELOPE_BYTES_MAX], struct ident *ret_msg_id);
/* One is offered in a turn of its own. What the sender was told: HELD gives 0. */
enum refusal kit_offer(
    struct kit *kit, size_t from, size_t to, enum lane lane, struct ident *ret_msg_id);
enum refusal kit_offer_bytes(
    struct kit *kit, size_t from, struct span envelope, bool again);
/* The next delivery to member i that was not looked at: its number, 0 none. */
uint64_t kit_take(struct kit *kit, size_t i, struct ident *ret_msg_id);
void kit_taken(struct kit *kit, size_t i, uint64_t delivery); /* a turn */
void kit_recall(struct kit *kit, size_t i, const struct ident *msg_id);
/* Member i's bundle of that number, with one prekey valid from now - 1 d for `valid_ms`. */
size_t kit_bundle(struct kit *kit, size_t i, uint64_t number, uint64_t prekey_id,
    int64_t valid_ms, uint8_t ret[static BUNDLE_BYTES_MAX]);
void kit_put_bundle(struct kit *kit, size_t from, struct span bundle); /* a turn */

#endif
