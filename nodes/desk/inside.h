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
#include "boards.h"
#include "capacities.h"
#include "consent_text.h"
#include "consents.h"
#include "cubes.h"
#include "deadlines.h"
#include "decisions.h"
#include "deeds.h"
#include "desk.h"
#include "disclosure.h"
#include "enquiries.h"
#include "finder.h"
#include "handovers.h"
#include "links.h"
#include "local_roles.h"
#include "points.h"
#include "matching.h"
#include "places.h"
#include "problem.h"
#include "publications.h"
#include "referrals.h"
#include "replies.h"
#include "retention.h"
#include "sharings.h"
#include "sheets.h"
#include "surges.h"
#include "tasks.h"
#include "timeline.h"
#include "warn.h"
#include "watches.h"

enum { DESK_TOUCHED_MAX = 16 };

/* Rows of the board in memory, ascending by id. */
struct desk_board {
    struct board_row *rows;
    size_t n, size;
    bool complete; /* all rows of the store are here */
    int64_t loaded_id, dropped_day;
    int64_t touched[DESK_TOUCHED_MAX]; /* read again after the commit */
    size_t n_touched;                  /* more than DESK_TOUCHED_MAX: all are */
};

/* Ten seconds: long enough to see what one has pressed (docs/CARE.md 23). */
#define REST_MS (10 * SECOND_MS)
struct rest {
    int64_t id, due_ms; /* by the steady clock */
};

struct desk {
    struct desk_options options;
    struct referrals *referrals;
    struct decisions *decisions;
    struct replies *replies;
    struct agains *agains;
    struct consents *consents;
    struct sharings *sharings;
    struct acts *acts;
    struct handovers *handovers;
    struct points *points;
    struct watches *watches;
    struct boards *boards;
    struct desk_board board;
    struct deadline_policy deadlines;
    struct publications *publications;
    struct statistics_run *counting; /* NULL: nothing is counted */
    int32_t counted_before;          /* the month before this one was looked after */
    struct consent_texts *texts;
    struct matrix matrix;
    struct directory *directory;
    struct places *places;
    struct capacities *capacities;
    struct enquiries *enquiries;
    struct surges *surges;
    struct deeds *deeds;
    struct rest rests[DEEDS_MAX];
    size_t n_rests;
    bool deeds_known; /* rests[] holds all that rest */
    bool acting;      /* a deed is being done, for `actor` */
    struct colleague actor;
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
    int64_t retained_day; /* last day looked at */
    int retain_stage;     /* where the look stands (retain.c); 0: at its beginning */
    int64_t retain_cursor;
    struct audit *audit;
    struct local_roles *roles;
    struct seat *seat;
    struct colleague people[PEOPLE_MAX]; /* while unlocked */
    size_t n_people;
    bool recovery;
    struct announce_counts unopened; /* referrals; kept while locked (waiting.c) */
};

typedef enum status use_case(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem);

use_case use_status, use_members, use_roster, use_alarms; /* overview.c */
use_case use_quarantine, use_release, use_discard;        /* aside.c */
use_case use_people, use_audit, use_audit_verify;         /* staff.c */
use_case use_shift;                                       /* shift.c */
use_case use_inbox, use_sent;                             /* listing.c */
use_case use_refer;                                       /* refer.c */
use_case use_show, use_trace;                             /* decide.c */
use_case use_stage, use_group;                            /* stages.c */
use_case use_cancel, use_entered_in_error, use_talk;      /* life.c */
use_case use_follow_up, use_follow_ups;                   /* follow_up.c */
use_case use_refer_again;                                 /* refer_again.c */
use_case use_case_open, use_case_change, use_case_close, use_case_reopen, use_case_note,
    use_case_show, use_case_link, use_case_unlink; /* cases.c */
use_case use_case_erase;                           /* case_erase.c */
use_case use_case_find;                            /* case_index.c */
use_case use_arrivals_preview, use_arrivals_import, use_tasks, use_task_take,
    use_task_done, use_task_not_met; /* arrivals.c */

use_case use_screen, use_screen_answer, use_screen_choose, use_screen_confirm,
    use_triage;                      /* screening.c */
use_case use_losses, use_send_again; /* loss.c */

use_case use_statistics;   /* statistics.c */
use_case use_export;       /* export.c */
use_case use_proof;        /* proof.c */
use_case use_case_summary; /* summary.c */
use_case use_slip;         /* slip.c */
use_case use_preview, use_withdraw_consent,
    use_shared;                                   /* preview.c, withdraw.c, shared.c */
use_case use_acts, use_confirm_act, use_undo_act; /* act.c */

use_case use_match;                                      /* match.c */
use_case use_capacity_set;                               /* capacity.c */
use_case use_enquire, use_enquiries, use_answer_enquiry; /* enquire.c */
use_case use_test_letter, use_test_letters;              /* test_letter.c */
use_case use_surge, use_surge_add, use_surge_remove;     /* surge.c */
use_case use_resting, use_undo, use_send_now;            /* rest.c */

/* --- desk.c --- */
/* The verb in a savepoint, without asking who may. `try`: it is undone whatever comes of it, and no letter is sealed. */
enum status desk_do(struct desk *desk, const struct verb *verb,
    const struct json *request, bool try, struct json **ret, struct problem *problem);

/* --- rest.c --- */
bool rest_is_asked(const struct verb *verb, const struct json *request);
enum status rest_begin(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem);
/* What rests about the same reference is done first: whoever goes on with it has seen it. What would rest itself is refused
 * meanwhile: it may be the correction of what was pressed by mistake. */
enum status rest_go_before(struct desk *desk, const struct verb *verb,
    const struct json *request, struct problem *problem);
bool rest_is_about(struct desk *desk, const char *reference);
enum status rest_work(struct desk *desk, bool *ret_more);
bool rest_is_due(const struct desk *desk);
void rest_forget(struct desk *desk); /* times only; at the lock */
/* "resting" and "not_done": lists of {"deed", "verb", "reference", "to", "code", "detail"}. Nothing while locked. */
enum status rest_put(struct desk *desk, struct json *json);
/* "rests", the deed about that referral; nothing else can be done then. */
enum status rest_put_item(struct desk *desk, const char *reference, struct json *json);
/* Who does what is done now, for records. NULL: nobody. */
const struct colleague *desk_actor(const struct desk *desk);

/* --- match.c --- */
/* The fields of "match" and "enquire". */
enum status match_read_question(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct match_question *ret,
    struct problem *problem) MUST_USE;
struct match_subject;
struct match_answer {
    struct match_candidate *candidates;
    struct match_subject *subjects;
    struct match *matches; /* in their order */
    size_t n;
};
/* The whole directory, matched; the caller releases it. */
enum status match_directory(struct desk *desk, const struct match_question *question,
    struct match_answer *ret) MUST_USE;
void match_answer_release(struct match_answer *answer);

/* --- enquire.c --- */
/* The effects of ENQUIRY and ENQUIRY_ANSWER letters. */
enum status enquiry_apply(struct desk *desk, const struct post_opened *letter,
    enum receipt_code *ret_code) MUST_USE;
enum status enquiry_answer_apply(struct desk *desk, const struct post_opened *letter,
    enum receipt_code *ret_code) MUST_USE;

/* --- capacity.c --- */
/* The effect of a CAPACITY letter. */
enum status capacity_apply(struct desk *desk, const struct post_opened *letter,
    enum receipt_code *ret_code) MUST_USE;
struct json *capacity_format(const struct desk *desk, const struct capacity *capacity);
/* All that is known, ascending by member and unit; the caller releases it. */
struct capacity_list {
    struct capacity_row *rows;
    size_t n, size;
};
enum status capacity_list(struct desk *desk, struct capacity_list *ret) MUST_USE;
void capacity_list_release(struct capacity_list *list);
/* How many units that member has told of. */
size_t capacity_list_find(const struct capacity_list *list, const struct ident *member,
    struct capacity ret[static UNIT_COUNT]);

/* --- member.c: what a profile says of whom its member serves --- */
/* By the earlier of two witnesses of time: no clock alone lapses anybody (DP28). */
enum protocol_state member_protocol(
    const struct desk *desk, const struct profile *profile);
/* DENIED with the problem where the member may be asked for nothing. */
enum status member_check_protocol(const struct desk *desk, const struct profile *profile,
    struct problem *problem) MUST_USE;
/* Adds field "room": what it said of each unit. */
void member_put_room(const struct desk *desk, struct json *json,
    const struct capacity *capacities, size_t n);
void member_put_served(
    const struct desk *desk, struct json *json, const struct profile *profile);

/* refer.c: all of a request but its reference, which is not made yet; texts point into the request. */
enum status refer_read(const struct desk *desk, const struct verb *verb,
    const struct json *request, struct referral *ret, const struct profile **ret_to,
    struct problem *problem) MUST_USE;

/* The member of field "to", which is asked for that service and may be. Says why not. */
enum status refer_recipient(const struct desk *desk, const struct json *request,
    enum service service, const struct profile **ret, struct problem *problem) MUST_USE;

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
    bool reflects, person_asked; /* reflect.c */
};
enum status refer_plan_make(struct desk *desk, const struct verb *verb,
    const struct json *request, struct refer_plan *ret, struct problem *problem) MUST_USE;
/* Weighs the rows of the subject, and then that of the plan: which groups do they cover? */
enum status refer_plan_weigh(
    struct desk *desk, struct refer_plan *plan, uint32_t *ret_covered) MUST_USE;
/* Nobody agreed, or not to all of it: says so. DENIED. */
enum status refer_plan_say_no_consent(
    const struct refer_plan *plan, struct problem *problem) MUST_USE;
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
    const struct refer_plan *plan, struct consent *ret, struct problem *problem) MUST_USE;

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

/* --- consent.c --- */
use_case use_case_consent, use_case_consents;
/* --- reflect.c --- */
/* Has the person of the request's case time to reflect, and does the member screen? Reads field "person_asked", too. */
enum status reflect_weigh(struct desk *desk, const struct json *request,
    struct refer_plan *plan, struct problem *problem) MUST_USE;
enum status reflect_check(
    const struct refer_plan *plan, struct problem *problem) MUST_USE;
/* That the person asked stands in the timeline. */
enum status reflect_keep(struct desk *desk, const struct refer_plan *plan) MUST_USE;
/* The person of the case was identified: from now on there is time, and once only. */
enum status reflect_begin(struct desk *desk, const struct ident *ident) MUST_USE;

/* --- decide.c --- */
/* Decides about a received referral (its reference is put in), writes it down and tells its sender. OK also when it was
 * said before: then nothing is sent again. */
enum status decide_answer(struct desk *desk, struct referral_row *row,
    const struct answer *answer, struct problem *problem) MUST_USE;
/* --- stages.c --- */
/* "can": the verbs of a referral's life that would move it from here, or be written down. */
void stages_put_can(const struct referral_row *row, struct json *json);
/* Field "day": one that is over, or one that is not. */
enum status stages_read_day(struct desk *desk, const struct json *request, bool past,
    uint32_t *ret, struct problem *problem) MUST_USE;
/* --- life.c --- */
/* Can the member that was asked decide about it, now or once it comes? */
enum status life_may_have_it(
    struct desk *desk, const struct referral_row *row, bool *ret) MUST_USE;
/* A move of the other member: has its effect or not, and is kept (docs/CARE.md 7). Fills the record's letter. */
enum status life_arrived(struct desk *desk, const struct post_opened *letter,
    const struct referral_row *row, enum actor actor,
    struct decision_row *record) MUST_USE;

/* --- withdraw.c --- */
use_case use_case_withdraw;
/* What went with that one referral is to be destroyed there; a letter that waits is stopped. The consent stands. */
enum status withdraw_share(struct desk *desk, const struct referral_row *row) MUST_USE;
/* Withdraws the consent under which that referral of this node went, with all its referrals. EXISTS: it was. */
enum status withdraw_consent(
    struct desk *desk, const struct referral_row *row, enum withdrawal reason) MUST_USE;
/* Stops that letter of this node where it can be stopped, and asks its content back, unless it never left. Withdrawn_day
 * and stopped of the share are set; the caller keeps it. */
enum status withdraw_letter(struct desk *desk, struct share *share,
    enum withdrawal reason, bool *ret_left) MUST_USE;
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

/* --- handover.c --- */
use_case use_hand_over_propose, use_hand_over_agree, use_handed_over, use_arrived,
    use_hand_over_off, use_meeting_points, use_missing;
/* Adds field "handover" if there is one. */
enum status handover_put(
    struct desk *desk, const struct referral_row *row, struct json *json) MUST_USE;
/* The effect of a HANDOVER letter. */
enum status handover_apply(struct desk *desk, const struct post_opened *letter,
    enum receipt_code *ret_code) MUST_USE;
/* Is an arrival overdue? */
bool handovers_are_due(const struct desk *desk);
/* Tells who is missing; erases what nobody needs to know any more. */
enum status handovers_work(struct desk *desk, struct two_days now) MUST_USE;

/* --- watch.c --- */
use_case use_due, use_settle;
/* A referral was made or came; it is watched from now on. */
enum status watch_begin(struct desk *desk, const struct referral_row *row) MUST_USE;
/* It moved at that time into the state that the row has now; `day` of an appointment or a list, or 0. */
enum status watch_moved(struct desk *desk, const struct referral_row *row,
    enum actor actor, enum move move, int64_t at_ms, uint32_t day) MUST_USE;
/* Its letter goes once more. */
enum status watch_again(struct desk *desk, const struct referral_row *row) MUST_USE;
/* Nobody waits for anything of it any more. */
enum status watch_settle(struct desk *desk, const struct referral_row *row) MUST_USE;
bool watches_are_due(const struct desk *desk);
enum status watches_work(struct desk *desk, bool *ret_more) MUST_USE;

/* --- event.c --- */
enum { EVENT_COORDINATORS_MAX = 8 }; /* the responsible one and its deputies */
/* The provider's district, else the sender's; 0 not told. */
uint16_t event_district(
    const struct desk *desk, const struct ident *sender, const struct ident *recipient);
/* Who is responsible for it, and who stands in, in that order. */
size_t event_coordinators(struct desk *desk, uint16_t district,
    const struct profile *ret[static EVENT_COORDINATORS_MAX]);
/* NOT_FOUND, DENIED: no member any more. */
enum status event_send(struct desk *desk, const struct ident *to,
    const struct event *event, enum lane lane) MUST_USE;
/* Tells the coordinator that `actor` made the move (0: the referral); on this node's own board also the other's. */
enum status event_moved(struct desk *desk, const struct referral_row *row,
    enum actor actor, unsigned move, uint32_t day) MUST_USE;
/* Half of its time is over; at its full time the deputies hear it, too. */
enum status event_late(struct desk *desk, const struct referral_row *row,
    const struct watch *watch, const struct deadline *deadline, enum late late,
    bool arrived) MUST_USE;
/* To deputies that heard it: a later state. */
enum status event_goes_on(struct desk *desk, const struct referral_row *row,
    const struct watch *watch) MUST_USE;
enum status event_settled(
    struct desk *desk, const struct referral_row *row, bool also_deputies) MUST_USE;
/* The effect of an EVENT letter. */
enum status event_apply(struct desk *desk, const struct post_opened *letter,
    enum receipt_code *ret_code) MUST_USE;

/* --- coordinate.c --- */
/* Shows the row to the other coordinators as it stands; how many were told. */
enum status board_escalate(
    struct desk *desk, const struct board_row *row, int64_t *ret_told) MUST_USE;

/* --- board_rows.c --- */
enum status board_hear(struct desk *desk, const struct ident *from,
    const struct event *event, int64_t at_ms) MUST_USE;
/* Read again after the commit. */
void board_touch(struct desk *desk, int64_t id);
void board_forget(struct desk *desk);
bool board_is_due(const struct desk *desk);
enum status board_work(struct desk *desk, bool *ret_more) MUST_USE;
enum status board_committed(struct desk *desk) MUST_USE;

/* --- coordinate.c --- */
/* What happened to a row and is to happen, by time: [{"at", "kind", "word", "shape", "whom"?}]. */
struct json *row_events(
    const struct desk *desk, const struct board_row *row, const struct board_line *line);
use_case use_board, use_load, use_call_note, use_nudge, use_reassign, use_escalate;

/* --- item.c --- */
/* Every field of the referral in which something is said. */
void item_put_referral(struct json *json, const struct referral *referral);
void item_put_day(struct json *json, const char *name, int64_t day);
/* One referral as JSON. Evidence: decisions, and the receipt checked anew. */
enum status item_format(struct desk *desk, const struct referral_row *row, bool evidence,
    struct json **ret) MUST_USE;
/* The row of field "reference"; says what is wrong. Its texts live in desk->arena until the next find. */
/* The letter that carried it last: its own, or that of the last "send-again". */
enum status item_newest_letter(
    struct desk *desk, const struct referral_row *row, struct ident *ret) MUST_USE;
enum status item_find(struct desk *desk, const struct json *request,
    struct referral_row *ret, struct problem *problem) MUST_USE;
/* Name of a member, or its id in hex when the directory lacks it; `memory` may be used. */
const char *item_member_name(
    const struct desk *desk, const struct ident *node_id, char memory[IDENT_TEXT_BYTES]);
/* Under which consent a referral of this node went, and what became of it. NOT_FOUND; CORRUPT. */
enum status item_find_share(
    struct desk *desk, const struct referral_row *row, struct share *ret) MUST_USE;
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

/* --- case_erase.c --- */
/* Erases the case and all that hangs on it. `ask`: members that hold something of it are asked to destroy it and to
 * prove that. */
enum status case_destroy(
    struct desk *desk, const struct ident *ident, const char *alias, bool ask) MUST_USE;
/* The proof came. NOT_FOUND: nothing was asked of that member about that referral. */
enum status case_erase_proven(
    struct desk *desk, const struct ident *from, const struct update *update) MUST_USE;

/* --- case_index.c --- */
/* The finder reads the case again after the commit. */
void case_touch(struct desk *desk, const struct ident *ident);
enum status cases_work(struct desk *desk, bool *ret_more) MUST_USE;
enum status cases_committed(struct desk *desk) MUST_USE;
/* --- screening.c --- */
/* Which case an interview is of, and by when an officer of the preferred gender is to be there. No answer of it. */
enum status screening_put_open(
    struct desk *desk, const struct sheet_row *row, struct json *json) MUST_USE;
/* --- statistics.c --- */
/* The tables that the request asks for, published now if they were not. Also says what is wrong. */
enum status statistics_tables(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret_list, struct problem *problem) MUST_USE;

/* The first day of a month that may still be counted: rows of a list from that day on are needed. */
enum status statistics_first_day(struct desk *desk, int64_t *ret) MUST_USE;
/* Counts the month that is over, in slices. */
bool statistics_are_due(const struct desk *desk);
enum status statistics_work(struct desk *desk, bool *ret_more) MUST_USE;
void statistics_stop(struct desk *desk); /* what was counted so far is wiped */

/* What an officer confirmed, as one of three words. All that leaves a screening for statistics (DP11). */
enum screened screening_standing(struct desk *desk, const struct case_row *row);

/* --- gate.c --- */
/* May who sits there do it now? Says why not. Records it. */
enum status gate_check(struct desk *desk, const struct verb *verb,
    const struct json *request, struct problem *problem) MUST_USE;
/* The same question without the reference: is the verb offered? Records nothing. */
bool gate_may(const struct desk *desk, const struct verb *verb);
/* Takes out of an answer what the role, or a list, may not carry. */
void gate_prune(struct desk *desk, const struct verb *verb, struct json *answer);

/* --- retain.c --- */
/* Is there anything of a person in it, or was it emptied? */
bool retain_says_something(const struct referral *referral);
/* Which class is the row in, and since which day? 0: none, it is open and kept. */
enum retained retain_classify(
    struct desk *desk, const struct referral_row *row, int64_t *ret_since);
bool retain_is_due(const struct desk *desk);
enum status retain_work(struct desk *desk, struct two_days now, bool *ret_more) MUST_USE;

/* --- desk.c --- */
/* Is nothing in this network real (docs/CARE.md 21)? */
bool desk_is_practice(const struct desk *desk);
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
/* Before the keys go: counts what nobody has opened. */
void waiting_remember(struct desk *desk);

#endif
