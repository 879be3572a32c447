/* SPDX-License-Identifier: Apache-2.0
 *
 * inside: what the files of the desk share. Nobody else includes it.
 *
 * A use case reads its request, does its work and gives an answer; when it fails it says a problem and
 * returns a status, and desk.c undoes what it wrote.
 */
#ifndef AMAAN_DESK_INSIDE_H
#define AMAAN_DESK_INSIDE_H

#include "acts.h"
#include "agains.h"
#include "audit.h"
#include "consent_text.h"
#include "consents.h"
#include "decisions.h"
#include "desk.h"
#include "disclosure.h"
#include "finder.h"
#include "links.h"
#include "local_roles.h"
#include "problem.h"
#include "referrals.h"
#include "replies.h"
#include "retention.h"
#include "sharings.h"
#include "sheets.h"
#include "tasks.h"
#include "timeline.h"
#include "warn.h"

enum { DESK_TOUCHED_MAX = 16 };

struct desk {
    struct desk_options options;
    struct referrals *referrals;
    struct decisions *decisions;
    struct replies *replies;
    struct agains *agains;
    struct consents *consents;
    struct sharings *sharings;
    struct acts *acts;
    struct consent_texts *texts;
    struct matrix matrix;
    struct directory *directory;
    struct arena *arena;         /* of one referral at a time */
    struct arena *consent_arena; /* of one consent row at a time */

    struct casebook *casebook;
    struct timeline *timeline;
    struct links *links;
    struct finder *finder;
    struct tasks *tasks;
    struct sheets *sheets;
    struct forms *forms; /* of the screening */
    bool casebook_lost;  /* case.key does not fit the cases */
    bool busy;           /* cases_work was not done last time */
    struct ident
        touched[DESK_TOUCHED_MAX]; /* cases that the finder reads after the commit */
    size_t n_touched;              /* more than DESK_TOUCHED_MAX: it reads all */
    struct retention retention;
    int64_t retained_day,
        retain_before; /* last day looked at; below which row to go on */
    int retain_list;
    struct audit *audit;
    struct local_roles *roles;
    struct seat *seat;
    struct colleague people[PEOPLE_MAX]; /* while unlocked */
    size_t n_people;
    bool recovery;
};

typedef enum status use_case(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem);

use_case use_status, use_members, use_roster, use_alarms; /* overview.c */
use_case use_quarantine, use_release, use_discard;        /* aside.c */
use_case use_people, use_audit, use_audit_verify;         /* staff.c */
use_case use_inbox, use_sent;                             /* listing.c */
use_case use_refer;                                       /* refer.c */
use_case use_show, use_trace;                             /* decide.c */
use_case use_stage, use_group;                            /* stages.c */
use_case use_cancel, use_entered_in_error, use_talk;      /* life.c */
use_case use_follow_up, use_follow_ups;                   /* follow_up.c */
use_case use_refer_again;                                 /* refer_again.c */
use_case use_case_open, use_case_change, use_case_close, use_case_reopen, use_case_note,
    use_case_show, use_case_link, use_case_unlink, use_case_erase; /* cases.c */
use_case use_case_find;                                            /* case_index.c */
use_case use_arrivals_preview, use_arrivals_import, use_tasks, use_task_take,
    use_task_done, use_task_not_met; /* arrivals.c */

use_case use_screen, use_screen_answer, use_screen_choose, use_screen_confirm,
    use_triage;                      /* screening.c */
use_case use_losses, use_send_again; /* loss.c */

use_case use_preview, use_withdraw_consent,
    use_shared;                                   /* preview.c, withdraw.c, shared.c */
use_case use_acts, use_confirm_act, use_undo_act; /* act.c */

/* refer.c: all of a request but its reference, which is not made yet; texts point into the request. */
enum status refer_read(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct referral *ret, const struct profile **ret_to,
    struct problem *problem) MUST_USE;

/* --- refer_plan.c: what a request to refer comes to, before anything is written --- */
struct refer_plan {
    const struct profile *to;
    struct ident item_id, subject; /* the letter; the case, or the letter again */
    struct box_key key;            /* of the subject's rows */
    struct referral referral;      /* as it would travel; without a reference yet */
    struct person known; /* all that is known; texts as borrowed as the request's */
    const char *note;    /* as it was asked for */
    int64_t today;
    struct disclosure disclosure;
    bool has_consent, text_accepted;
    struct consent_row consent; /* of this request; else the rows of the case stand */
    struct ident consent_id;    /* under which it goes: the newest row that counts */
    struct consent_verdict verdict;
    struct warnings warnings;
};
enum status refer_plan_make(struct desk *desk, const struct verb *verb,
    const struct json *request, struct refer_plan *ret, struct problem *problem) MUST_USE;
/* May it leave? Says why not (DP04). */
enum status refer_plan_check(
    const struct refer_plan *plan, struct problem *problem) MUST_USE;
/* Writes the consent row and what is shared. `body` is the referral's. */
enum status refer_plan_keep(
    struct desk *desk, const struct refer_plan *plan, struct span body) MUST_USE;
/* Adds field "withheld" if there is something. */
void refer_plan_put_withheld(const struct refer_plan *plan, struct json *json);

/* --- refer_consent.c --- */
/* Field "consent" of a request to refer; MALFORMED with what is wrong. Texts point into the request. */
enum status refer_consent_read(const struct desk *desk, const struct json *request,
    const struct refer_plan *plan, struct consent *ret, bool *ret_guardian_suspected,
    struct problem *problem) MUST_USE;

/* --- refer_case.c --- */
/* The person of the case that field "case" names by its alias (texts live in desk->arena), and the key of its rows, which
 * the caller wipes. */
enum status refer_case_find(struct desk *desk, const struct json *request,
    struct person *ret, struct ident *ret_id, struct box_key *ret_key,
    struct problem *problem) MUST_USE;
/* Key of the rows of a subject: its case's, or of referrals without a case. LOCKED, NOT_FOUND. */
enum status refer_key_find(const struct desk *desk, const struct ident *subject,
    const struct ident *item_id, struct box_key *ret) MUST_USE;

/* The next row of the subject after `row->id`; its texts live until the next call. NOT_FOUND at the end. */
enum status refer_next_consent(struct desk *desk, const struct box_key *key,
    const struct ident *subject, struct consent_row *row) MUST_USE;

/* --- decide.c --- */
/* Decides about a received referral (its reference is put in), writes it down and tells its sender. OK also when it was
 * said before: then nothing is sent again. */
enum status decide_answer(struct desk *desk, struct referral_row *row,
    const struct answer *answer, struct problem *problem) MUST_USE;
/* --- stages.c --- */
/* Field "day": one that is over, or one that is not. */
enum status stages_read_day(struct desk *desk, const struct json *request, bool past,
    uint32_t *ret, struct problem *problem) MUST_USE;
/* --- life.c --- */
/* A move of the other member: has its effect or not, and is kept (docs/CARE.md 7). Fills the record's letter. */
enum status life_arrived(struct desk *desk, const struct post_opened *letter,
    const struct referral_row *row, enum actor actor,
    struct decision_row *record) MUST_USE;

/* --- withdraw.c --- */
/* What went with that one referral is to be destroyed there; a letter that waits is stopped. The consent stands. */
enum status withdraw_share(struct desk *desk, const struct referral_row *row) MUST_USE;
/* Withdraws the consent under which that referral of this node went, with all its referrals. EXISTS: it was. */
enum status withdraw_consent(
    struct desk *desk, const struct referral_row *row, enum withdrawal reason) MUST_USE;
/* Answers that were kept under an Idempotency-Key may hold the content, too: they say why it is gone. */
enum status update_blank_replies(
    struct desk *desk, const char *reference, const char *why) MUST_USE;
/* The effect of an UPDATE letter (update.c). */
enum status update_apply(struct desk *desk, const struct post_opened *letter,
    enum receipt_code *ret_code) MUST_USE;
/* A received referral whose withdrawal came first: never kept, and its sender is told. */
enum status update_refuse_buried(struct desk *desk, const struct ident *peer,
    const struct referral *referral) MUST_USE;
/* Sends an UPDATE; a member that is gone is not told, and that is OK. */
enum status update_send(struct desk *desk, const struct ident *to,
    const struct update *update, enum lane lane) MUST_USE;

/* --- act.c --- */
/* After a referral went out by an override: the act, and its letters to the coordinators. */
enum status act_begin(struct desk *desk, const struct refer_plan *plan) MUST_USE;
/* The effect of an update about an act. */
enum status act_apply(struct desk *desk, const struct post_opened *letter,
    const struct update *update) MUST_USE;

/* --- item.c --- */
/* Every field of the referral in which something is said. */
void item_put_referral(struct json *json, const struct referral *referral);
void item_put_day(struct json *json, const char *name, int64_t day);
/* One referral as JSON. Evidence: decisions, and the receipt checked anew. */
enum status item_format(struct desk *desk, const struct referral_row *row, bool evidence,
    struct json **ret) MUST_USE;
/* The row of field "reference"; says what is wrong. Its texts live in desk->arena until the next find. */
enum status item_find(struct desk *desk, const struct json *request,
    struct referral_row *ret, struct problem *problem) MUST_USE;
/* Name of a member, or its id in hex when the directory lacks it; `memory` may be used. */
const char *item_member_name(
    const struct desk *desk, const struct ident *node_id, char memory[IDENT_TEXT_BYTES]);
/* Was that member revoked, or is it in no roster? */
bool item_peer_is_gone(const struct desk *desk, const struct ident *node_id);
/* Adds the bits' words: 1 << (i - 1) is name(i). */
struct json *item_words(uint32_t bits, int count, const char *(*name)(int));

/* --- case_item.c --- */
/* The fields of the request that are there replace what stands in the person. */
enum status case_read_person(const struct verb *verb, const struct json *request,
    struct person *person, struct problem *problem) MUST_USE;
/* The alias of a field; says what is wrong. */
enum status case_read_alias(const struct json *request, const char *field,
    char ret[static REFERENCE_BYTES], struct problem *problem) MUST_USE;
/* The case of a field; says what is wrong. Its texts live in desk->arena. */
enum status case_named(struct desk *desk, const struct json *request, const char *field,
    struct case_row *ret, struct problem *problem) MUST_USE;
/* "?" for a damaged one. */
enum status case_alias(struct desk *desk, const struct ident *ident,
    char ret[static REFERENCE_BYTES]) MUST_USE;
enum status case_explain(
    const struct desk *desk, enum status status, struct problem *problem);
/* What a list shows of a case; all of it, with its timeline and links. */
struct json *case_format(const struct case_row *row);
enum status case_format_all(
    struct desk *desk, const struct case_row *row, struct json **ret) MUST_USE;

/* --- cases.c --- */
/* An opaque id of the local person. */
struct ident case_who(const struct desk *desk);
/* A line of the case's timeline, today, by the local person. The reference may be NULL. */
enum status case_say(struct desk *desk, const struct ident *ident, enum case_event event,
    int detail, const char *reference) MUST_USE;
/* The hash of the field of that kind of number; *ret_given tells whether there is one. Says what is wrong. */
enum status case_read_number(struct desk *desk, const struct json *request,
    enum number_kind kind, bool *ret_given, struct hash *ret,
    struct problem *problem) MUST_USE;
/* Makes the case of origin, day and person, with the numbers of the request; `received` may be NULL. */
enum status case_open(struct desk *desk, const struct json *request, struct case_row *row,
    const struct referral_row *received, struct json **ret,
    struct problem *problem) MUST_USE;
/* Field "case" of refer: the referral belongs to that case. Without the field nothing happens. */
enum status case_tie_sent(struct desk *desk, const struct json *request,
    const struct referral_row *row, struct problem *problem) MUST_USE;
enum status cases_open(struct desk *desk, struct trouble *trouble) MUST_USE;
void cases_close(struct desk *desk);
void cases_unlock(struct desk *desk, const struct box_key *master);
void cases_lock(struct desk *desk);

/* --- case_index.c --- */
/* The finder reads the case again after the commit. */
void case_touch(struct desk *desk, const struct ident *ident);
enum status cases_work(struct desk *desk, bool *ret_more) MUST_USE;
enum status cases_committed(struct desk *desk) MUST_USE;
/* --- gate.c --- */
/* May who sits there do it now? Says why not. Records it. */
enum status gate_check(struct desk *desk, const struct verb *verb,
    const struct json *request, struct problem *problem) MUST_USE;
/* Takes out of an answer what the role, or a list, may not carry. */
void gate_prune(struct desk *desk, const struct verb *verb, struct json *answer);

/* --- retain.c --- */
enum { RETAIN_LISTS = 4 };
bool retain_is_due(const struct desk *desk);
enum status retain_work(struct desk *desk, struct two_days now, bool *ret_more) MUST_USE;

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
