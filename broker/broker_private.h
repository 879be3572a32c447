/* SPDX-License-Identifier: Apache-2.0
 *
 * broker_private: the inside of struct broker, for the broker_*.c files only.
 *
 *   broker.c          the turn: begin, receive, end
 *   broker_session.c  HELLO, the end of sessions, what a new roster means for those who are here
 *   broker_mail.c     OFFER, TAKEN, HAVE, RECALL, CREDIT
 *   broker_papers.c   documents and bundles, both ways
 *   broker_speak.c    what is said after the commit: answers, credit, papers, deliveries
 *   broker_disk.c     room on the disk, and a turn that had none
 *   broker_watch.c    the operator's side
 *
 * A handler works inside the turn's transaction. It answers through broker_answer, which is spoken after the
 * commit. FULL, IO and CORRUPT it hands to broker_fail: the rest of the turn is then skipped.
 */
#ifndef AMAAN_BROKER_PRIVATE_H
#define AMAAN_BROKER_PRIVATE_H

#include "answers.h"
#include "broker.h"
#include "bundles.h"
#include "calendar.h"
#include "origin.h"
#include "intake.h"
#include "lobby.h"
#include "mailbox.h"
#include "quota.h"
#include "reserve.h"
#include "schedule.h"

enum { NODE_TEXT_BYTES = 9 };

/* A document in parts: read once, served many times. */
struct paper {
    bool loaded;
    uint64_t version;
    struct buffer bytes;
};

/* Since the start. */
struct counts {
    int64_t offers, helds, delivered, taken, refused, duplicates, purged;
};

struct broker {
    struct broker_options options;
    struct db *db;
    struct trust *trust;
    struct origin *origin;
    struct mailboxes *mailboxes;
    struct bundles *bundles;
    struct lobby *lobby;
    struct session *holders; /* who is owed HELD at the turn's end */
    struct intake *intake;
    struct answers *answers;
    struct reserve *reserve;
    struct calendar calendar;
    struct arena *arena;
    struct buffer frame; /* of one delivery or paper */
    uint64_t frame_mark; /* if it is BUNDLES: theirs */

    /* Of this turn. now_ms is the calendar's: what is dropped or refused as too old follows it, so that a
     * wrong clock does neither (PROTOCOL.md 4). */
    int64_t now_ms, wall_ms, steady_ms;
    bool in_turn;
    uint64_t turn;        /* number of this one */
    enum status failure;  /* of this turn; IO and CORRUPT stay */
    bool was_rolled_back; /* the last turn found no room */
    bool trust_changed;   /* in this turn */
    uint64_t farewell;    /* connection that was told BYE last in this turn */

    struct quota_limits limits;
    struct bucket_size offers_size, express_size, papers_size, news_size;
    struct bucket news; /* how often all are told of new bundles */
    bool refuses_disk, was_full;
    int64_t room_asked_steady_ms, full_steady_ms;

    struct schedule deliveries, grants, papers;
    int64_t out_bytes;       /* delivered and not taken, of all sessions */
    bool has_more;           /* to say: the next turn is due at once */
    int64_t retry_steady_ms; /* blocked pipes are tried again then; INT64_MAX: none */
    int64_t purge_steady_ms; /* when mail may be due to be dropped */
    int64_t watch_steady_ms; /* when sessions are looked at again */
    struct paper newest[DOCUMENT_TYPE_COUNT], other;
    enum document_type other_type;
    uint64_t told[DOCUMENT_TYPE_COUNT]; /* versions of which all were told */
    uint64_t bundles_told;              /* mark of which all were told */

    bool draining, drained;
    struct counts counts, counts_before; /* before this turn */
};

void broker_fail(struct broker *broker, enum status status);
void broker_answer(struct broker *broker, uint64_t connection, const struct frame *frame);
void broker_refuse(struct broker *broker, uint64_t connection, const struct ident *msg_id,
    enum refusal code, uint32_t retry_after_s);
/* Says BYE, once a turn and connection. */
void broker_part(struct broker *broker, uint64_t connection, enum refusal reason);
uint32_t broker_hour(const struct broker *broker);
/* First 8 hex digits, for the log. */
const char *broker_node_text(
    const struct ident *node_id, char text[static NODE_TEXT_BYTES]);

/* --- sessions */
void broker_on_hello(struct broker *broker, uint64_t connection,
    const uint8_t key[static TRANSPORT_KEY_BYTES], const struct frame *frame);
/* `blames`: what was first under way counts a session that ended on it. */
void broker_end_session(
    struct broker *broker, struct session *session, bool blames, const char *reason);
/* After a new roster or notice: members, keys, mailboxes and standings may be others. */
void broker_look_again(struct broker *broker);
/* From time to time: suspensions lapse, peers vanish without a word. */
void broker_watch_sessions(struct broker *broker);
enum standing broker_standing(const struct broker *broker, const struct member *member);

/* --- mail */
void broker_on_offer(
    struct broker *broker, struct session *session, const struct frame *frame);
/* HELD of this turn: into the answers; or forgotten, of one session or (NULL) of all. */
void broker_say_helds(struct broker *broker);
void broker_forget_helds(struct broker *broker, struct session *only);
void broker_on_taken(
    struct broker *broker, struct session *session, const struct frame *frame);
void broker_on_have(
    struct broker *broker, struct session *session, const struct frame *frame);
void broker_on_recall(
    struct broker *broker, struct session *session, const struct frame *frame);
void broker_on_credit(
    struct broker *broker, struct session *session, const struct frame *frame);

/* --- papers */
void broker_on_document_get(
    struct broker *broker, struct session *session, const struct frame *frame);
void broker_on_document(
    struct broker *broker, struct session *session, const struct frame *frame);
void broker_on_bundle_put(
    struct broker *broker, struct session *session, const struct frame *frame);
void broker_on_bundles_get(
    struct broker *broker, struct session *session, const struct frame *frame);
void broker_ask_document(struct broker *broker, uint64_t connection,
    enum document_type type, uint64_t version, uint32_t offset);
void broker_wish_document(struct broker *broker, struct session *session,
    enum document_type type, uint64_t version, uint32_t offset);
void broker_wish_bundles(struct broker *broker, struct session *session, uint64_t after);
/* Verifies a document and stores it in this turn; as trust_offer, and its failures of the disk end the turn. */
enum status broker_offer_document(struct broker *broker, enum document_type type,
    struct span bytes, struct trouble *trouble) MUST_USE;
/* After a commit: everybody is told what is new. */
void broker_tell_news(struct broker *broker);
void broker_papers_release(struct broker *broker);
/* The next frame of papers for this session, in broker->frame. NOT_FOUND: no more. */
enum status broker_make_paper(struct broker *broker, struct session *session) MUST_USE;
/* It was said: the one after it is next. */
void broker_paper_said(const struct broker *broker, struct session *session);

/* --- speaking */
void broker_on_waiting(void *context, struct mailbox *mailbox);
void broker_ready(struct broker *broker, struct session *session); /* mail may go out */
enum status broker_speak(struct broker *broker) MUST_USE;

/* --- the disk */
void broker_ask_room(struct broker *broker);
int64_t broker_room_deadline_steady_ms(const struct broker *broker);
/* The turn's transaction found no room. OK: it was rolled back, and life goes on; IO, CORRUPT. */
enum status broker_survive_full(struct broker *broker) MUST_USE;

/* --- the turn */
void broker_tell_committed(struct broker *broker);
void broker_tell_rolled_back(struct broker *broker);

#endif
