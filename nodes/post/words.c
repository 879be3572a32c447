/* SPDX-License-Identifier: Apache-2.0
 *
 * Two tables of words.
 */
#include "words.h"

#include "memory.h"
#include "post.h"

const char *wait_words(enum wait_reason reason)
{
    static const char *const words[WAIT_REASON_COUNT] = {
        [WAIT_NOTHING] = "",
        [WAIT_LOCKED] = "this node is locked",
        [WAIT_FORK] = "two rosters of one version exist",
        [WAIT_UNKNOWN] = "the recipient is not in the roster",
        [WAIT_SUSPENDED] = "the recipient is suspended",
        [WAIT_REVOKED] = "the recipient was removed from the network",
        [WAIT_BUNDLE] = "no keys of the recipient have come yet",
        [WAIT_PREKEY] = "the recipient's keys have run out",
        [WAIT_WINDOW] = "too many letters to the recipient are unanswered",
        [WAIT_EARLIER] = "an earlier letter waits itself",
        [WAIT_EPOCH] = "a new numbering starts tomorrow",
        [WAIT_ROSTER] = "the roster has run out; first letters wait for a new one",
    };
    return reason >= 0 && reason < WAIT_REASON_COUNT ? words[reason] : "";
}

const char *letter_state_name(enum letter_state state)
{
    static const char *const names[LETTER_STATE_COUNT] = {
        [LETTER_STATE_DRAFT] = "draft",
        [LETTER_STATE_SEALED] = "sealed",
        [LETTER_STATE_HELD] = "held",
        [LETTER_STATE_STORED] = "stored",
        [LETTER_STATE_CONFIRMED] = "confirmed",
        [LETTER_STATE_EXPIRED] = "expired",
        [LETTER_STATE_WITHDRAWN] = "withdrawn",
        [LETTER_STATE_BLOCKED] = "blocked",
        [LETTER_STATE_INVALID] = "invalid",
        [LETTER_STATE_LATE] = "late",
        [LETTER_STATE_UNDELIVERABLE] = "undeliverable",
    };
    return state > 0 && state < LETTER_STATE_COUNT ? names[state] : "unknown";
}
