/* SPDX-License-Identifier: Apache-2.0
 *
 * probe: looks at one thing of a node's home or of its line, and ends with one finding of findings.h. No probe needs
 * the passphrase, mends anything or relies on another; each opens for itself what it needs. The line's probes (probe_line.c)
 * send no frame, so that a node that runs beside them keeps its session. Home and database are looked at as the
 * node would (node.h); the database is opened only where no node has it open,
 * and then as a start of the node would: with all that follows for a log that was left and for an older schema.
 *
 * They may take as long as name servers and networks do; whoever has no time runs each in a process of its own and
 * ends it (nodes/examine/helper.h).
 */
#ifndef AMAAN_PROBE_H
#define AMAAN_PROBE_H

#include "dealer.h"
#include "findings.h"
#include "status.h"

/* What a test can turn. */
struct probe_world {
    const char *home;
    enum status (*room)(const char *path, int64_t *ret_free, int64_t *ret_total);
    enum status (*look_up)(const char *host, struct dealer_addresses *ret);
    int connect_ms;   /* for each address */
    int handshake_ms; /* handshake.h */
};

struct probe_answer {
    const char *finding;   /* a name of findings.h */
    int64_t figure;        /* days, bytes, percent: what the finding is about; 0: none */
    struct trouble detail; /* what was met: may name paths and hosts */
};

/* The system's room and look-up, 2 s for each address, 4 s for a word. */
struct probe_world probe_world_usual(const char *home);
/* `name` is a probe of PROBE_BY_HELPER; false if there is no such. link_start comes before. */
bool probe_run(
    const struct probe_world *world, const char *name, struct probe_answer *ret);

/* probe_line.c */
struct node_conf;
void probe_name(const struct probe_world *world, struct probe_answer *answer);
void probe_tcp(const struct probe_world *world, struct probe_answer *answer);
void probe_curve(const struct probe_world *world, struct probe_answer *answer);
/* probe.c: the 32 bytes of link.key; the caller wipes them. */
enum status probe_read_link_key(
    const char *home, uint8_t ret[static 32], struct trouble *trouble) MUST_USE;

#endif
