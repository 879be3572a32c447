/* SPDX-License-Identifier: Apache-2.0
 *
 * seal_kit: three members of an invented network and what the tests of nodes/seal need of them. The trust of
 * these tests stands in memory here, in place of the one over a database: seal asks it five questions. All
 * keys follow from a seed; with AMAAN_ODD_SUITE the prekeys are of the odd suite.
 */
#ifndef AMAAN_SEAL_KIT_H
#define AMAAN_SEAL_KIT_H

#include "seal.h"
#include "seeded.h"

#ifdef AMAAN_ODD_SUITE
enum { KIT_SUITE = SUITE_ODD };
#define KIT_VECTORS "seal-odd.txt"
#define KIT_MAKER "test_seal_frozen_odd"
#else
enum { KIT_SUITE = SUITE_X25519 };
#define KIT_VECTORS "seal.txt"
#define KIT_MAKER "test_seal_frozen"
#endif

enum { KIT_N_CASES = 6, KIT_PEOPLE = 3, KIT_ROSTERS = 4, KIT_QUEUES = 2 };
#define KIT_NOW_MS INT64_C(1780000000000)

struct person {
    struct member member;
    struct sign_secret secret, previous_secret;
    struct bundle bundle;
    uint8_t prekey_secret[KEM_SECRET_MAX];
    struct sealer sealer;
};

/* What a roster and its notices would say. */
struct trust {
    const struct member *members[KIT_PEOPLE];
    enum standing standings[KIT_PEOPLE];
    uint64_t version;
    struct {
        uint64_t version;
        struct hash hash;
    } rosters[KIT_ROSTERS];
    enum status answer; /* of trust_roster_hash_of, when not OK */
};

struct kit {
    struct seeded seeded;
    struct ident network_id;
    struct person sender, recipient, third;
    struct trust trust;
    struct buffer envelope, plain;
    struct ident msg_id;
    struct hash link;
    struct opened opened;
    enum seal_step step;
    /* The prekey source of the recipient, and what it was asked. */
    struct prekey_source source;
    enum status source_answer;
    uint16_t source_suite;
    int n_asked;
    uint64_t asked_id;
};

void kit_init(struct kit *kit, uint64_t seed);
void kit_release(struct kit *kit);

/* One body for each end of every bucket. */
extern const struct kit_case {
    const char *title;
    size_t body_bytes;
    uint32_t bucket;
    enum lane lane;
} KIT_CASES[KIT_N_CASES];

/* Byte i of every such body is 31 i + 7. Borrowed until the next call. */
struct span kit_body(size_t n);

/* A numbered letter from sender to recipient, the first of its chain. */
struct letter kit_letter(const struct kit *kit, struct span body);
struct sealing kit_sealing(const struct kit *kit, const struct person *to);
/* Seals for the recipient into kit->envelope, asserting OK. */
void kit_seal(struct kit *kit, struct span body, enum lane lane);
/* Opens kit->envelope as the recipient does, with its present and previous queue. */
enum status kit_break(struct kit *kit);
enum status kit_break_bytes(struct kit *kit, struct span envelope);

/* An envelope made by hand, to be wrong in one thing. begin sets up HPKE and the header; the test writes
 * inner, body and signature into plain; finish seals it into kit->envelope. */
struct craft {
    struct header header;
    uint8_t header_bytes[HEADER_BYTES_MAX];
    size_t header_n;
    struct hpke hpke;
    struct inner inner;
    uint8_t plain[BUCKET_SMALL];
};

void craft_begin(struct kit *kit, const struct person *to, struct craft *ret);
/* Writes the inner with the given body and a signature by `by` over what PROTOCOL.md 1.3 says. */
void craft_write(struct craft *craft, const struct ident *network_id,
    const struct person *by, const struct sign_public *to, struct span body);
void craft_finish(struct kit *kit, struct craft *craft);

#endif
