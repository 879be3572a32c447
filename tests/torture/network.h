/* SPDX-License-Identifier: Apache-2.0
 *
 * network: a real network for torture and bench: stewards, a broker and nodes as processes on loopback, made
 * with the same programs and words that people use. Key files cost the documented floor.
 */
#ifndef AMAAN_NETWORK_H
#define AMAAN_NETWORK_H

#include "process.h"

enum { NETWORK_NODES_MAX = 8, NETWORK_PATH_BYTES = 512 };

struct network {
    char build[NETWORK_PATH_BYTES], home[NETWORK_PATH_BYTES], log[NETWORK_PATH_BYTES];
    size_t n;
    const char *names[NETWORK_NODES_MAX], *roles[NETWORK_NODES_MAX];
    char homes[NETWORK_NODES_MAX][NETWORK_PATH_BYTES];
    pid_t nodes[NETWORK_NODES_MAX], broker;
};

/* Makes the network below `home` (an empty folder) with programs of the build folder; starts and unlocks
 * everything. false after saying on stderr what failed. */
bool network_make(struct network *network, const char *build, const char *home,
    const char *const names[], const char *const roles[], size_t n);
void network_stop(struct network *network);

bool network_start_broker(struct network *network);
bool network_start_node(struct network *network, size_t i); /* and unlocks it */
/* Gives root, roster and profiles to a broker that has lost its database. */
bool network_load_roster(struct network *network);
const char *network_broker_db(struct network *network); /* path, borrowed */

/* `amaan VERB --home ... words` at node i; words end with NULL. Exit code. */
int network_ask(struct network *network, size_t i, const char *verb,
    const char *const *words, struct span input, struct buffer *ret_output);

#endif
