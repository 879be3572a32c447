/* SPDX-License-Identifier: Apache-2.0
 *
 * crier: makes a node heard (docs/CARE.md 22). When announce.h says so, it writes a log line, lets the caller ring the
 * terminal, and starts the command of node.conf ([announce] command) if there is one.
 *
 * The command is a program of the person who runs the node, and is treated as one that the whole room hears: its
 * arguments are the fixed words of announce.h with numbers in them; its environment is PATH, LANG and, if the node has it,
 * XDG_RUNTIME_DIR, without which there is no sound; its standard input, output and error are /dev/null; no other
 * descriptor is open in it; no shell is started. It runs in a process group of its own, one at a time, and is killed
 * with its group after CRIER_RUNS_MS. Nothing waits for it: its end is an event of the loop.
 */
#ifndef AMAAN_CRIER_H
#define AMAAN_CRIER_H

#include "desk.h"
#include "loop.h"

struct crier;

/* A sound of half a minute and a message to a gateway fit; one that hangs must not keep the next from being heard. */
#define CRIER_RUNS_MS (60 * SECOND_MS)
/* Counting reads what waits: as often as this at most, whatever arrives. */
#define CRIER_LOOK_GAP_MS (2 * SECOND_MS)
/* With nothing happening: repeats are due sometimes, and the morning comes. */
#define CRIER_LOOK_MS (20 * SECOND_MS)

struct crier_options {
    struct loop *loop;
    struct clock *clock;
    const char *command;           /* "": none */
    struct desk_announcing *shown; /* what status tells; kept true */
    void (*on_announce)(
        void *context, const struct announce_counts *counts); /* may be NULL */
    void *context;
};

/* DENIED with what to do if the command is not a whole path to a program that may be run and that only root or the user
 * of the node can change: it, or a folder above it. NOT_FOUND. OK for "". */
enum status crier_check(const char *command, struct trouble *trouble) MUST_USE;

/* What crier_check says of the command. */
enum status crier_new(const struct crier_options *options, struct crier **ret,
    struct trouble *trouble) MUST_USE;
void crier_destroy(struct crier **crier); /* a command that runs is killed */

/* Something happened: counts may have changed. */
void crier_stir(struct crier *crier);
int64_t crier_deadline_steady_ms(const struct crier *crier);
/* Is it time to count? Then crier_take follows; with NULL if nothing could be counted. */
bool crier_wants(const struct crier *crier);
void crier_take(struct crier *crier, const struct announce_counts *counts);
/* Kills a command that runs too long. In each turn. */
void crier_turn(struct crier *crier);

#endif
