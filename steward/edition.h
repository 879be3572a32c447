/* SPDX-License-Identifier: Apache-2.0
 *
 * edition: the next roster with its profiles, made from the previous ones by changes. Roster and package of
 * one edition carry the same hash of the profiles, so they only work together. Members stay in the roster
 * when they are revoked (their old letters must be judged for years); their profile goes.
 */
#ifndef AMAAN_EDITION_H
#define AMAAN_EDITION_H

#include "charter.h"
#include "join.h"
#include "plain.h"
#include "roster.h"
#include "served.h"

struct edition;

enum { EDITION_ADMIT_MAX = 64 };

struct edition_start {
    const struct charter *charter;   /* signed; its newest root signs this edition */
    const struct document *previous; /* NULL: this is the first roster */
    const struct plain *plain;       /* that belongs to previous; empty for the first */
    int64_t created_ms, expires_ms;
    int64_t valid_ms; /* how long an admitted or renewed member's row holds */
    struct chance *chance;
};

/* CONFLICT: plain does not belong to previous. EXPIRED: created is not after previous. */
enum status edition_new(const struct edition_start *start, struct edition **ret,
    struct trouble *trouble) MUST_USE;
void edition_destroy(struct edition **edition);

/* Changes. Each says in the sentence why it cannot be: EXISTS, NOT_FOUND, CONFLICT, UNSUPPORTED, MALFORMED. */
enum status edition_admit(
    struct edition *edition, const struct join *join, struct trouble *trouble) MUST_USE;
/* New keys of a member: the identity and the queue that it had become its previous ones. */
enum status edition_rekey(
    struct edition *edition, const struct join *join, struct trouble *trouble) MUST_USE;
enum status edition_set_status(struct edition *edition, const struct ident *node_id,
    enum member_status status, struct trouble *trouble) MUST_USE;
enum status edition_renew(struct edition *edition, const struct ident *node_id,
    struct trouble *trouble) MUST_USE;

/* Words as a steward types them, NULL where nothing is to change: "shelter,medical", "urd,pus". */
struct profile_words {
    const char *name, *roles, *services, *languages, *hours, *contact;
    struct served_words served;
};
enum status edition_describe(struct edition *edition, const struct ident *node_id,
    const struct profile_words *words, struct trouble *trouble) MUST_USE;

/* Drafts without signatures, into buffers that are initialised here, and the stewards' new plain file.
 *
 * DENIED if the profile of a member that was admitted, reactivated or described here tells a shelter's place (DP14),
 * or if one that was admitted or reactivated, or whose protocol was told here, has no signed sharing protocol that
 * holds on the day the edition was made (DP28). Who lapsed and was not touched stays listed, so that a lapse never
 * stands in the way of a suspension: every node treats it as lapsed by itself. */
enum status edition_finish(struct edition *edition, struct buffer *ret_roster,
    struct buffer *ret_package, struct buffer *ret_plain,
    struct trouble *trouble) MUST_USE;

#endif
