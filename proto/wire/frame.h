/* SPDX-License-Identifier: Apache-2.0
 *
 * frame: what a node and its broker say to each other (PROTOCOL.md 7), one protobuf message a frame.
 *
 * frame_decode fills a plain struct whose spans point into the arena: valid until the arena is reset. It
 * refuses unknown fields, unknown kinds and codes, wrong sizes and lists beyond limits.h. frame_encode
 * writes any frame that frame_decode accepts; decode(encode(x)) is x.
 * To add a kind: a row here, in link.proto and in frame.c's table, its clause in PROTOCOL.md 7, its states
 * in broker/session.c and nodes/post/uplink.c, a vector.
 */
#ifndef AMAAN_FRAME_H
#define AMAAN_FRAME_H

#include "header.h"

enum { LINK_VERSION = 1, FRAME_HASH_BYTES = 32 };

enum frame_kind {
    FRAME_HELLO = 1,    /* node: who I am */
    FRAME_WELCOME,      /* broker */
    FRAME_REFUSED,      /* broker: about a message, or about the session (msg_id zero) */
    FRAME_DOCUMENT_GET, /* either: give me a signed document */
    FRAME_DOCUMENT,     /* either: a part of one */
    FRAME_BUNDLE_PUT,   /* node: a bundle, mine or another member's newer one */
    FRAME_BUNDLES_GET,  /* node: what changed after this mark */
    FRAME_BUNDLES,      /* broker */
    FRAME_OFFER,        /* node: keep this envelope */
    FRAME_HELD,         /* broker: these are on my disk */
    FRAME_DELIVER,      /* broker: for you */
    FRAME_TAKEN,        /* node: these are on my disk */
    FRAME_EMPTY,        /* broker: your mailbox is drained */
    FRAME_HAVE,         /* node: do you still hold these? */
    FRAME_HOLDS,        /* broker: bitmap in the order asked */
    FRAME_RECALL,       /* node: drop this one if you hold it */
    FRAME_CREDIT,       /* either: you may send so many bytes more */
    FRAME_PING,
    FRAME_PONG,
    FRAME_BYE,
    FRAME_KIND_COUNT
};

enum refusal {
    REFUSAL_VERSION = 1, /* no common protocol version or suite */
    REFUSAL_NOT_MEMBER,  /* the key and the node id of HELLO are not one active member */
    REFUSAL_SUSPENDED,   /* you are suspended or revoked */
    REFUSAL_UNKNOWN_RECIPIENT, /* no member has that queue */
    REFUSAL_RECIPIENT_SUSPENDED,
    REFUSAL_MAILBOX_FULL,
    REFUSAL_SENDER_SHARE, /* your part of that mailbox is used up */
    REFUSAL_RATE,
    REFUSAL_DISK_FULL,
    REFUSAL_STALE_PREKEY, /* past not_after + 7 d by the recipient's bundle: seal again */
    REFUSAL_ID_CONFLICT,  /* another envelope has that msg_id */
    REFUSAL_MALFORMED,
    REFUSAL_DRAINING,  /* the broker is stopping */
    REFUSAL_NOT_FOUND, /* document not held */
    REFUSAL_OLDER,     /* bundle or document older than the one held */
    REFUSAL_COUNT
};

/* How long the recipient has not collected, coarse on purpose. */
enum silence {
    SILENCE_NONE = 0,
    SILENCE_DAY = 1,
    SILENCE_WEEK = 7,
    SILENCE_35_DAYS = 35
};

enum document_type {
    DOCUMENT_ROOT = 1,
    DOCUMENT_ROSTER,
    DOCUMENT_PROFILES,
    DOCUMENT_NOTICE,
    DOCUMENT_TYPE_COUNT
};

struct frame {
    enum frame_kind kind;
    union {
        struct {
            uint32_t version_min, version_max, suites;
            struct ident node_id;
            uint64_t roster_version;
            uint8_t roster_hash[FRAME_HASH_BYTES];
            uint64_t bundle_number; /* mine that I last made; 0 none */
            uint64_t bundles_mark;  /* as FRAME_BUNDLES_GET */
            bool locked;
        } hello;
        struct {
            uint32_t version, suite_bits;
            struct ident store_id; /* random, made with the broker's database */
            int64_t time_ms;
            uint64_t root_version, roster_version, profiles_version, notice_number;
            uint8_t roster_hash[FRAME_HASH_BYTES];
            uint64_t bundle_number; /* the newest of yours that I serve; 0 none */
            uint32_t credit_bytes;  /* what you may offer before more CREDIT */
            uint32_t waiting;       /* envelopes in your mailbox */
            uint32_t waiting_express;
        } welcome;
        struct {
            struct ident msg_id;
            enum refusal code;
            uint32_t retry_after_s;
            enum silence silence;
        } refused;
        struct {
            enum document_type type;
            uint64_t version; /* 0: the newest. A notice's version is its number */
            uint32_t offset;
        } document_get;
        struct {
            enum document_type type;
            uint64_t version;
            uint32_t total_bytes, offset;
            struct span part; /* 1..PART_BYTES_MAX */
        } document;
        struct {
            struct span bundle;
        } bundle_put;
        struct {
            uint64_t mark; /* 0: all */
        } bundles_get;
        struct {
            size_t n;
            const struct span *bundles; /* together at most PART_BYTES_MAX */
            uint64_t mark;              /* give it back next time */
            bool more;
        } bundles;
        struct {
            struct span envelope;
            bool again; /* re-offer: skip the tombstones */
        } offer;
        struct {
            size_t n;
            const struct ident *msg_ids;
        } held;
        struct {
            struct ident msg_id;
        } recall;
        struct {
            uint64_t delivery; /* number within this session */
            struct span envelope;
        } deliver;
        struct {
            size_t n;
            const uint64_t *deliveries;
        } taken;
        struct {
            size_t n;
            const struct ident *msg_ids;
        } have;
        struct {
            uint32_t n;
            struct span
                bitmap; /* (n + 7) / 8 bytes, bit 0 of byte 0 first, spare bits zero */
        } holds;
        struct {
            uint32_t bytes;
        } credit;
        struct {
            int64_t time_ms;
        } ping; /* also pong */
        struct {
            enum refusal reason; /* 0: nothing wrong */
        } bye;
    };
};

/* TOO_BIG, MALFORMED, UNSUPPORTED (a kind or enum value unknown here). */
enum status frame_decode(
    struct arena *arena, struct span bytes, struct frame *ret) MUST_USE;
/* Replaces the buffer's content. TOO_BIG past its maximum (give it FRAME_BYTES_MAX). */
enum status frame_encode(const struct frame *frame, struct buffer *buffer) MUST_USE;
const char *frame_kind_name(enum frame_kind kind);
const char *refusal_name(enum refusal code); /* "mailbox_full", as in PROTOCOL.md 7 */

#endif
