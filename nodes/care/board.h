/* SPDX-License-Identifier: Apache-2.0
 *
 * board: what a coordinator sees of referrals that are not its own: state, whose turn, until when, how old, which service,
 * the provider's district (docs/CARE.md 19). Rows are made and moved by signed events of the two members alone, by the
 * same table as a referral's own state (progress.h); no row holds a name or a text, there is no field for one. Pure.
 */
#ifndef AMAAN_BOARD_H
#define AMAAN_BOARD_H

#include "deadlines.h"

enum { BOARD_CALLS_MAX = 8 }; /* the newest ones of a referral; then its oldest goes */

/* Telephone calls about a referral, by codes: whom, and what came of it. Numbers are kept in records. */
enum call_whom { CALL_SENDER = 1, CALL_RECIPIENT, CALL_COORDINATOR, CALL_WHOM_COUNT };
enum call_result {
    CALL_REACHED = 1,
    CALL_PROMISED, /* it will be done */
    CALL_NO_ANSWER,
    CALL_WRONG_NUMBER,
    CALL_CANNOT, /* they say that they cannot */
    CALL_RESULT_COUNT
};
const char *call_whom_name(enum call_whom whom); /* NULL past the end */
const char *call_result_name(enum call_result result);

struct board_call {
    int64_t at_ms;
    enum call_whom whom;
    enum call_result result;
};

struct board_row {
    int64_t id; /* of the store */
    char reference[REFERENCE_BYTES];
    struct ident sender, recipient;
    enum service service;
    enum priority priority;
    enum progress progress;
    int64_t created_ms; /* whole minutes */
    int64_t since_ms;   /* in its state */
    uint32_t day;       /* of an appointment or a list */
    bool settled;       /* its sender needs nothing more */
    bool undelivered;   /* as its sender told last */
    bool escalated;     /* to the other coordinators, or by one of them */
    /* It is known only because it is late, by its sender's or another coordinator's word: that word says its state. */
    bool relayed;
    int64_t nudged_ms; /* 0 never */
    uint16_t
        district; /* the provider's, else the sender's (places.h); 0 not told. Not stored. */
    size_t n_calls;
    struct board_call calls[BOARD_CALLS_MAX]; /* oldest first */
};

/* A row of what the event of `from` says; EVENT_MOVED, EVENT_LATE, EVENT_SETTLED, or EVENT_ESCALATE. */
void board_begin(const struct event *event, const struct ident *from, int64_t at_ms,
    struct board_row *ret);
/* What the event of `from` changes in the row of its referral. EXISTS: nothing. CONFLICT: impossible from here, nothing.
 * DENIED: `from` is not of the pair. A coordinator's word, and the sender's about both, count in a relayed row alone. */
enum status board_apply(struct board_row *row, const struct event *event,
    const struct ident *from, int64_t at_ms) MUST_USE;
void board_note_call(struct board_row *row, const struct board_call *call);

struct board_question {
    enum service service; /* 0: any; and so the rest */
    enum priority priority;
    enum progress progress;
    uint16_t district;
    struct ident member; /* at either end */
    int64_t id;          /* this row, ended or not */
    bool late_only, escalated_only, with_ended;
    int64_t now_ms;
    size_t skip, limit;
};
struct board_line {
    size_t row;               /* index */
    struct deadline deadline; /* waits: WAITS_NOTHING where nothing is */
    enum late late;
};
/* What the row waits for and how late it is; of one that waits for nothing, `ret` is left as it is. */
void board_look(const struct deadline_policy *policy, const struct board_row *row,
    int64_t now_ms, struct board_line *ret);
struct board_totals {
    size_t found, half, full, undelivered;
};
/* Fills ret with those of the question, the most overdue first; then what is due, by its time; then the ended ones, the
 * newest first. How many stand in ret (limit at most); the totals are of all that were found. */
size_t board_view(const struct deadline_policy *policy, const struct board_row *rows,
    size_t n, const struct board_question *question, struct board_line *ret,
    struct board_totals *ret_totals);

#endif
