/* SPDX-License-Identifier: Apache-2.0
 *
 * words: why a letter waits, as number in the database and as words for people.
 */
#ifndef AMAAN_POST_WORDS_H
#define AMAAN_POST_WORDS_H

enum wait_reason {
    WAIT_NOTHING = 0,
    WAIT_LOCKED,    /* this node is locked */
    WAIT_FORK,      /* a fork of the roster was proven: nothing is sealed */
    WAIT_UNKNOWN,   /* the recipient is not in the newest roster */
    WAIT_SUSPENDED, /* the recipient is suspended */
    WAIT_REVOKED,   /* the recipient was revoked */
    WAIT_BUNDLE,    /* no prekeys of the recipient are known yet */
    WAIT_PREKEY,    /* its prekeys have run out */
    WAIT_WINDOW,    /* too many numbers are unsettled there */
    WAIT_EARLIER,   /* the letter that must settle first is a draft itself */
    WAIT_EPOCH,     /* after a conflict: a new numbering starts tomorrow */
    WAIT_ROSTER,    /* a first letter, and my newest roster has run out */
    WAIT_REASON_COUNT
};

const char *wait_words(enum wait_reason reason);

#endif
