/* SPDX-License-Identifier: Apache-2.0
 *
 * broker: the exchange without its sockets: stores and forwards envelopes, reads only their headers
 * (PROTOCOL.md 6, 7). Programs put sockets around it (serve.h), tests a simulated world.
 *
 * One turn:   broker_begin -> broker_receive for each frame that is already there -> broker_end
 * broker_end makes what is due (deliveries, purges), commits once for all, and only then speaks through the
 * outlet. HELD is said after the commit or not at all. A frame that fails alone is refused alone. After
 * FULL the turn is rolled back, nobody is answered and the broker refuses new envelopes until there is room,
 * while TAKEN, RECALL and purge go on; after IO or CORRUPT broker_end says so and the process must end.
 *
 * Who speaks is the CURVE key of the connection, never what a frame claims.
 */
#ifndef AMAAN_BROKER_H
#define AMAAN_BROKER_H

#include "chance.h"
#include "clock.h"
#include "frame.h"
#include "trust.h"

struct broker;

/* Where answers go. OK; BUSY (that peer's pipe is full: the row stays HELD); NOT_FOUND (connection gone). */
struct outlet {
    enum status (*send)(void *context, uint64_t connection, struct span frame);
    void *context;
};

struct broker_options {
    const char *path; /* of the database */
    const char *vfs;  /* NULL: the system's */
    struct clock *clock;
    struct chance *chance;
    struct outlet outlet;
    enum status (*room)(
        void *context, int64_t *ret_free, int64_t *ret_total); /* NULL: plenty */
    void *room_context;
    /* Limits that an operator may set; 0 takes the one of limits.h. */
    int64_t mailbox_envelopes_max, mailbox_bytes_max;
    int64_t offers_per_minute, offers_burst; /* of one member */
};

enum status broker_open(const struct broker_options *options, struct broker **ret,
    struct trouble *trouble) MUST_USE;
void broker_close(struct broker **broker);

enum status broker_begin(struct broker *broker) MUST_USE;
/* `key` is the CURVE public key that the transport proved for this connection. Nothing is answered to bytes
 * that are malformed: the session ends. */
void broker_receive(struct broker *broker, uint64_t connection,
    const uint8_t key[static TRANSPORT_KEY_BYTES], struct span frame);
enum status broker_end(struct broker *broker) MUST_USE;
/* A connection is known to be gone (its deliveries are HELD again). */
void broker_lost(struct broker *broker, uint64_t connection);
/* Steady time at which a turn without frames is due; INT64_MAX if never. */
int64_t broker_deadline_steady_ms(const struct broker *broker);

/* Stop taking new sessions and offers; broker_drained when everything owed was spoken. */
void broker_drain(struct broker *broker);
bool broker_drained(const struct broker *broker);

/* For the transport's admission (ZAP): may this key open a connection now? ACTIVE and SUSPENDED members of
 * the newest roster may connect (a suspension is enforced and told per message). */
enum admission { ADMIT_YES, ADMIT_LATER, ADMIT_NEVER };
enum admission broker_admits(
    const struct broker *broker, const uint8_t key[static TRANSPORT_KEY_BYTES]);

/* The operator's side; each is a turn of its own. */
enum status broker_load(struct broker *broker, enum document_type type, struct span bytes,
    struct trouble *trouble) MUST_USE;

struct broker_status {
    struct ident store_id;
    uint64_t root_version, roster_version, profiles_version;
    int64_t roster_expires_ms;
    size_t members, sessions;
    int64_t envelopes, bytes, oldest_hour_ms;
    bool refusing_disk, draining, forked;
    int64_t offers, helds, delivered, taken, refused, duplicates,
        purged; /* since start */
};
void broker_status(struct broker *broker, struct broker_status *ret);

struct queue_line {
    struct ident node_id;
    int64_t envelopes, bytes, oldest_hour_ms;
    bool connected, locked;
    int silence_days; /* 0, 1, 7 or 35 */
};
/* Mailboxes with mail or a session, by node id; at most max. */
enum status broker_queues(
    struct broker *broker, struct queue_line *ret, size_t max, size_t *ret_n) MUST_USE;
/* Database integrity, and that counters agree with rows. */
enum status broker_check(struct broker *broker, struct trouble *trouble) MUST_USE;

#endif
