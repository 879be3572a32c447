/* SPDX-License-Identifier: Apache-2.0
 *
 * findings: what `amaan doctor` can find: probes, and under each the findings that it may end with. Words of both
 * are stable. A sentence holds no name, reference, path, address or number: whatever of that kind a probe met stands
 * in the detail beside it, which is shown on the spot and never goes into a report.
 *
 * To add a probe: a row in PROBES and its findings here; then either the function that looks, in nodes/probe.c
 * (what needs the home or the line), or the judgement of a field of the node's status, in nodes/examine/judge.c.
 * tests/unit/test_findings.c says what is missing.
 */
#ifndef AMAAN_FINDINGS_H
#define AMAAN_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

enum finding_result { FINDING_OK = 1, FINDING_WARNING, FINDING_FAILED, FINDING_UNTOLD };

enum probe_place {
    PROBE_BY_HELPER = 1, /* amaan-node probe: with the home's keys and settings */
    PROBE_BY_STATUS      /* by what the running node says of itself */
};

struct probe {
    const char *name; /* "link-key" */
    enum probe_place place;
    const char *looks_at;
};

struct finding {
    const char *name;  /* "link-key-open" */
    const char *probe; /* whose; NULL: of any */
    enum finding_result result;
    const char *sentence; /* what is the case, what is safe, what to do */
};

extern const struct probe PROBES[]; /* in the order in which they are shown */
extern const size_t PROBES_N;
extern const struct finding FINDINGS[];
extern const size_t FINDINGS_N;

const struct probe *probe_find(const char *name);            /* NULL is a normal answer */
const struct finding *finding_find(const char *name);        /* likewise */
const char *finding_result_name(enum finding_result result); /* "ok", "cannot-tell" */

#endif
