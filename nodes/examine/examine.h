/* SPDX-License-Identifier: Apache-2.0
 *
 * examine: all probes of findings.h at once. What a running node says of itself is judged; the rest are processes of
 * amaan-node, started together, so that none hides or delays another: a probe that fails or hangs is a row, too.
 */
#ifndef AMAAN_EXAMINE_H
#define AMAAN_EXAMINE_H

#include "judge.h"

/* `rows` are PROBES_N, in the order of PROBES, from examine_new; memory_free ends them. */
struct diagnosis *examine_new(void);
/* Rows of PROBE_BY_STATUS, but "node": judged; "not-asked" where `status` is NULL. Nothing is started. */
void examine_status(const struct json *status, struct diagnosis *rows);

/* Rows of PROBE_BY_HELPER. Blocks until the last has ended, `timeout_ms` at most: not for a loop's thread. `program` is
 * amaan-node; NULL: the one beside this program. `status` may be NULL; what it settles is not run. */
struct examine {
    const char *program, *home;
    const struct json *status;
    int64_t timeout_ms;
};
void examine_helpers(const struct examine *order, struct diagnosis *rows);

/* {"probe", "result", "finding", "figure", "detail"}: what stands in a list of a page. */
struct json *examine_format(const struct diagnosis *row);

#endif
