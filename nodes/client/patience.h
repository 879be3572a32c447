/* SPDX-License-Identifier: Apache-2.0
 *
 * patience: the same request again, under the same Idempotency-Key, until an answer came or the time is over.
 * Whoever lost the reply to a change does not know whether it happened; the key makes that harmless.
 */
#ifndef AMAAN_PATIENCE_H
#define AMAAN_PATIENCE_H

#include "ask.h"

struct patience {
    struct clock *clock;
    const char *folder;  /* where the socket comes and goes */
    int64_t deadline_ms; /* steady */
    bool talk;           /* tell the person at the terminal that it takes long */
};

/* As ask_node; CLOSED and TIMEOUT only when the time is over, and *ret_handed (always set) tells whether any
 * attempt was handed over without an answer. OK with HTTP 503 is the last word of a busy node. */
enum status patience_ask(const struct patience *patience, const struct ask *ask,
    struct reply *ret, bool *ret_handed, struct trouble *trouble) MUST_USE;

#endif
