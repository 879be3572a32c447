/* SPDX-License-Identifier: Apache-2.0
 *
 * alarms: evidence that a person must see, kept until then. Silence is never an alarm. The same alarm about
 * the same member is kept once a day, at most 32 of one kind; only the newest 10,000 stay, so that nobody can
 * fill a disk with them or push other evidence out.
 */
#ifndef AMAAN_ALARMS_H
#define AMAAN_ALARMS_H

#include "post.h"

struct alarms;

enum alarm_code {
    ALARM_CONFLICT = 1, /* two letters under one number; detail: the number */
    ALARM_FORK, /* a member names another roster of a version that I hold; detail: version */
    ALARM_ROSTER_AHEAD,    /* a member names a roster more than 1,000 versions ahead */
    ALARM_ROSTER_WITHHELD, /* the broker names a document that it does not give */
    ALARM_OLDER_ROSTER,    /* the broker's newest document is older than it was */
    ALARM_UNREADABLE, /* a letter came that cannot be opened; its sender will seal it again */
    ALARM_REFUSED, /* bytes that prove no sender went to quarantine; detail: step of opening */
    ALARM_QUARANTINE_FULL, /* the oldest of the quarantine went */
    ALARM_SUSPENDED,       /* a letter of a suspended member waits for a person */
    ALARM_WINDOW,          /* a number far ahead of what is settled */
    ALARM_EPOCHS,          /* a member opens new epochs too often */
    ALARM_GAP,           /* an earlier letter is missing for 7 days; detail: the number */
    ALARM_LOST,          /* missing letters of a member that is gone; detail: how many */
    ALARM_RESTORED,      /* this database is an older one */
    ALARM_PEER_RESTORED, /* a member says that it was restored */
    ALARM_BUNDLE,        /* two prekey bundles under one number */
    ALARM_PARKED,        /* a parked letter's sender never came into the roster */
    ALARM_EXPIRED,       /* a letter of mine ended without STORED */
    ALARM_UNDELIVERABLE, /* a letter's recipient was revoked */
    ALARM_INVALID_LATER, /* a letter already receipted STORED turned out to be invalid */
    ALARM_BROKER_REFUSED, /* the broker calls an envelope of mine malformed */
    ALARM_WAITS, /* letters of mine to this member are not stored there; detail: for 1, 7 or 35 days */
    ALARM_ROSTER_ENDS, /* my newest roster runs out, or did; detail: days left */
    ALARM_BACKUP,      /* the newest backup is old, or its folder missing; detail: days */
    ALARM_UNKNOWN_SENT, /* a member holds letters of mine that this database lost */
    ALARM_MISSING, /* somebody was handed over and did not arrive; the member at the other end, or that told it */
    ALARM_COUNT
};

const char *alarm_name(enum alarm_code code);

enum status alarms_open(
    struct db *db, struct alarms **ret, struct trouble *trouble) MUST_USE;
void alarms_close(struct alarms **alarms);
/* peer may be NULL. Also written to the log. */
enum status alarms_raise(struct alarms *alarms, enum alarm_code code,
    const struct ident *peer, int64_t detail, int64_t now_ms) MUST_USE;
enum status alarms_list(struct alarms *alarms, int64_t after_id, struct post_alarm *ret,
    size_t max, size_t *ret_n) MUST_USE;
enum status alarms_see(struct alarms *alarms, int64_t up_to_id) MUST_USE;
enum status alarms_unseen(struct alarms *alarms, int64_t *ret) MUST_USE;

#endif
