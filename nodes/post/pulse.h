/* SPDX-License-Identifier: Apache-2.0
 *
 * pulse: decides to whom a heartbeat is due (PROTOCOL.md 1.8, 6 (7)).
 *
 * To members with traffic in the last 60 days, or with any unsettled number either way; daily while they
 * are heard, and further and further apart while they are silent: 1, 1, 2, 4, 7, 7 days, so that 35 days
 * of silence leave about seven in their mailbox, not 35. A gap that is to be asked for goes at once.
 */
#ifndef AMAAN_PULSE_H
#define AMAAN_PULSE_H

#include <stdbool.h>
#include <stdint.h>

struct pulse {
    int64_t traffic_ms; /* last numbered letter either way */
    int64_t out_ms;     /* last heartbeat sent, or first traffic */
    uint32_t tries;     /* sent since it was last heard */
    bool unsettled;     /* a number of mine without receipt, or a gap of its numbers */
};

int64_t pulse_wait_ms(uint32_t tries);
bool pulse_due(const struct pulse *pulse, int64_t now_ms);

#endif
