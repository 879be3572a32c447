/* SPDX-License-Identifier: Apache-2.0
 *
 * lobby: who is here. A caller is a member that called since the start: its allowances outlive its sessions. A
 * session is its one live connection. Memory only; a session takes at most 4 KiB beside its caller.
 */
#ifndef AMAAN_LOBBY_H
#define AMAAN_LOBBY_H

#include "credit.h"
#include "frame.h"
#include "mailbox.h"
#include "member.h"
#include "quota.h"
#include "schedule.h"

enum { HELD_IDS_FIRST = 16 };
enum { MAILBOXES_OF_MEMBER = 2 }; /* of its previous queue, of its queue */

struct caller {
    struct caller *next, *next_same; /* lobby.c's own */
    struct ident node_id;
    const struct member *member;                    /* of the present roster, or NULL */
    struct mailbox *mailboxes[MAILBOXES_OF_MEMBER]; /* [0] may be NULL */
    struct session *session;
    struct bucket offers, express, papers; /* papers: documents that it brings */
    struct replacements replacements;
};

/* One delivery under way. The envelope may be gone meanwhile: its number tells. */
struct parcel {
    struct held *held; /* NULL: taken */
    uint32_t id;       /* low half of its number */
    uint32_t bytes;
};

struct document_wish {
    bool wanted;
    uint64_t version;
    uint32_t offset;
};

struct session {
    struct session *next, *before, *next_same; /* lobby.c's own */
    uint64_t connection;
    struct caller *caller;
    uint8_t key[TRANSPORT_KEY_BYTES]; /* that HELLO was said with */
    bool locked;                      /* its node has no passphrase yet */
    uint64_t spoke_turn;              /* number of the turn in which it spoke last */
    int64_t heard_steady_ms;
    int64_t asked_steady_ms;         /* whether it is still there; 0: never */
    bool is_blocked;                 /* its pipe was full in this turn */
    int64_t blocked_since_steady_ms; /* 0: is not */
    uint64_t kept_turn;              /* in which n_kept answers could not be said */
    size_t n_kept;
    bool told_empty;  /* nothing came since it was told that its mailbox is empty */
    bool gave_credit; /* it is ready for mail */

    struct session *next_holder; /* while helds is not NULL */
    struct ident *helds;         /* of this turn, to be said as HELD */
    size_t n_helds, helds_size;
    struct grant grant; /* what it may offer */
    struct place grant_place;

    int64_t credit_bytes; /* what it still takes */
    struct window window;
    struct place place; /* in the schedule of deliveries */
    unsigned express_run;
    bool alone;             /* what is under way must be alone */
    struct parcel *parcels; /* ring over [first_delivery, next_delivery) */
    size_t parcels_size, n_under_way;
    uint64_t first_delivery, next_delivery;

    struct document_wish wishes[DOCUMENT_TYPE_COUNT];
    bool wants_bundles;
    uint64_t bundles_after;   /* the last mark that it was given or named */
    struct place paper_place; /* in the schedule of documents and bundles */
};

struct lobby;

struct lobby *lobby_new(struct chance *chance);
void lobby_destroy(struct lobby **lobby);

struct caller *lobby_find_caller(const struct lobby *lobby, const struct ident *node_id);
/* Made if need be; all zero but the id. */
struct caller *lobby_get_caller(struct lobby *lobby, const struct ident *node_id);
struct caller *lobby_first_caller(const struct lobby *lobby); /* then ->next */

struct session *lobby_find(const struct lobby *lobby, uint64_t connection);
/* The caller has none, nor has the connection. */
struct session *lobby_add(
    struct lobby *lobby, uint64_t connection, struct caller *caller);
void lobby_remove(struct lobby *lobby, struct session *session);
struct session *lobby_first(const struct lobby *lobby); /* then ->next */
size_t lobby_count(const struct lobby *lobby);

/* False: too many are under way. Then session_give is a BUG; else it gives the number. */
bool session_may_give(const struct session *session);
uint64_t session_give(struct session *session, struct held *held);
/* The parcel of that number; NULL if it was never given or is done. */
struct parcel *session_find_parcel(struct session *session, uint64_t delivery);
/* It is done. */
void session_close_parcel(struct session *session, uint64_t delivery);
/* Was that number ever given in this session? */
bool session_gave(const struct session *session, uint64_t delivery);

#endif
