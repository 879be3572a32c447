/* SPDX-License-Identifier: Apache-2.0
 *
 * session: what is remembered of one session with the broker, in memory only: envelopes on their way,
 * credit in both directions, deliveries to be acknowledged. It dies with the session; everything in it is
 * a hint that the database can do without.
 *
 * Credit counts the bytes of envelopes. What I may offer is given by the broker (WELCOME, CREDIT). What it
 * may deliver is given here, by a window that doubles while a windowful comes within a second and halves
 * when it takes more than four, so that an express letter never waits long behind normal ones on a slow line.
 */
#ifndef AMAAN_SESSION_H
#define AMAAN_SESSION_H

#include "frame.h"

/* An envelope offered and not yet answered. */
enum flight_kind { FLIGHT_LETTER = 1, FLIGHT_RECEIPTS, FLIGHT_HEARTBEAT, FLIGHT_RESYNC };
struct flight {
    enum flight_kind kind;
    struct ident msg_id;
    int64_t row;       /* of the outbox, for a letter */
    struct ident peer; /* for receipts: to whom */
    size_t n_owed;
    int64_t owed[6]; /* rows of receipts.h */
};

/* Offers at the same time; the rest waits for answers. */
enum { SESSION_FLIGHTS_MAX = 2048, SESSION_REFUSED_MAX = 64 };

struct session {
    int64_t credit; /* bytes that I may still offer */
    struct flight *flights;
    size_t n_flights, flights_size;
    int64_t *owed; /* ids of receipts under way, ascending */
    size_t n_owed, owed_size;
    int64_t cursor[2]; /* per lane: outbox rows up to here were looked at */
    int64_t retry_ms;  /* earliest time at which a refused letter may go again; 0 none */
    bool held_back; /* until then the broker takes nothing from me, whoever it is for */
    struct ident
        refused[SESSION_REFUSED_MAX]; /* until then it takes no receipts for these */
    size_t n_refused;
    bool receipts_due; /* something may be owed */
    bool have_due;     /* the broker's database is another one: ask HAVE */
    bool have_asked;
    struct ident have_store; /* its name, remembered when all was asked */
    int64_t have_cursor;
    size_t n_have;
    int64_t have_rows[HAVE_IDS_MAX];
    /* Deliveries. */
    uint64_t delivered; /* highest number of a delivery in this session */
    uint64_t *taken;
    size_t n_taken, taken_size;
    int64_t window, outstanding; /* bytes the broker may have under way; has */
    int64_t round_bytes, round_steady_ms;
    bool drained; /* the mailbox was reported empty, and nothing came since */
};

void session_start(struct session *session, uint32_t credit_bytes);
void session_end(struct session *session); /* forgets and frees */

void session_fly(struct session *session, const struct flight *flight, size_t bytes);
/* Takes the flight out; NOT_FOUND. */
enum status session_land(
    struct session *session, const struct ident *msg_id, struct flight *ret) MUST_USE;
bool session_has_row(const struct session *session, int64_t row);
bool session_has_owed(const struct session *session, int64_t id);

/* A delivery came: DENIED if it was far more than the credit given, or if one before it was lost on the way:
 * what the broker believes to be under way it gives again in the next session. */
enum status session_take(
    struct session *session, uint64_t delivery, size_t bytes, int64_t steady_ms) MUST_USE;
/* The credit to give now (0: none), counted as given. */
uint32_t session_grant(struct session *session);

#endif
