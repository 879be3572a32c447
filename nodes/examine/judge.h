/* SPDX-License-Identifier: Apache-2.0
 *
 * judge: what the running node's status means, one probe at a time: pure. A field that is missing is "no-field":
 * an older node says less. Limits are those of PROTOCOL.md where it has one.
 */
#ifndef AMAAN_JUDGE_H
#define AMAAN_JUDGE_H

#include "findings.h"
#include "json.h"

struct diagnosis {
    const struct probe *probe;
    const struct finding *finding;
    int64_t figure;        /* days, minutes, MiB: what the finding is about; 0: none */
    struct trouble detail; /* for the person in front of it; never in a report */
};

/* `status` is the node's answer to the verb of that name; `probe` one of PROBE_BY_STATUS, but "node". */
void judge_status(
    const struct probe *probe, const struct json *status, struct diagnosis *ret);

#endif
