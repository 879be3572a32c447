/* SPDX-License-Identifier: Apache-2.0
 *
 * inside: what the files of the desk share. Nobody else includes it.
 *
 * A use case reads its request, does its work and gives an answer; when it fails it says a problem and
 * returns a status, and desk.c undoes what it wrote.
 */
#ifndef AMAAN_DESK_INSIDE_H
#define AMAAN_DESK_INSIDE_H

#include "audit.h"
#include "decisions.h"
#include "desk.h"
#include "local_roles.h"
#include "problem.h"
#include "referrals.h"
#include "replies.h"

struct desk {
    struct desk_options options;
    struct referrals *referrals;
    struct decisions *decisions;
    struct replies *replies;
    struct directory *directory;
    struct audit *audit;
    struct local_roles *roles;
    struct seat *seat;
    struct person people[PEOPLE_MAX]; /* while unlocked */
    size_t n_people;
    bool recovery;
    struct arena *arena; /* of one referral at a time */
};

typedef enum status use_case(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem);

use_case use_status, use_members, use_roster, use_alarms;            /* overview.c */
use_case use_people, use_audit, use_audit_verify;                    /* staff.c */
use_case use_inbox, use_sent;                                        /* listing.c */
use_case use_refer;                                                  /* refer.c */
use_case use_show, use_trace, use_accept, use_decline, use_complete; /* decide.c */

/* refer.c: all of a request but its reference, which is not made yet; texts point into the request. */
enum status refer_read(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct referral *ret, const struct profile **ret_to,
    struct problem *problem) MUST_USE;

/* --- item.c --- */
/* One referral as JSON. Evidence: decisions, and the receipt checked anew. */
enum status item_format(struct desk *desk, const struct referral_row *row, bool evidence,
    struct json **ret) MUST_USE;
/* The row of field "reference"; says what is wrong. Its texts live in desk->arena until the next find. */
enum status item_find(struct desk *desk, const struct json *request,
    struct referral_row *ret, struct problem *problem) MUST_USE;
/* Name of a member, or its id in hex when the directory lacks it; `memory` may be used. */
const char *item_member_name(
    const struct desk *desk, const struct ident *node_id, char memory[IDENT_TEXT_BYTES]);
/* Adds the bits' words: 1 << (i - 1) is name(i). */
struct json *item_words(uint32_t bits, int count, const char *(*name)(int));

/* --- gate.c --- */
/* May who sits there do it now? Says why not. Records it. */
enum status gate_check(struct desk *desk, const struct verb *verb,
    const struct json *request, struct problem *problem) MUST_USE;
/* Takes out of an answer what the role, or a list, may not carry. */
void gate_prune(struct desk *desk, const struct verb *verb, struct json *answer);

/* --- desk.c --- */
int64_t desk_now_ms(const struct desk *desk);
int64_t desk_today(const struct desk *desk);
uint32_t desk_roles(const struct desk *desk);
/* Index + 1 of a word of the argument's list: the number of the enum. */
enum status desk_need_word(const struct verb *verb, const struct json *request,
    const char *name, int *ret, struct problem *problem) MUST_USE;
/* Says the trouble as a bad request and gives the status back. */
enum status desk_refuse(
    struct problem *problem, enum status status, const struct trouble *trouble);
enum lane desk_lane(enum priority priority);

#endif
