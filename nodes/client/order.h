/* SPDX-License-Identifier: Apache-2.0
 *
 * order: one command as a person gave it: the verb, its options and words, and which node is meant.
 *
 * To add a command: a row in the desk's table of verbs. A verb that needs no more than its options and a
 * reference is done by act.c; others have a function here and a row in main.c.
 */
#ifndef AMAAN_ORDER_H
#define AMAAN_ORDER_H

#include "chance.h"
#include "clock.h"
#include "verbs.h"

struct order {
    const struct verb *verb;
    struct arguments arguments;
    char *home, *run,
        *socket_path; /* the node's folder, its run folder, the socket in it */
    bool json;
    int64_t timeout_ms, deadline_ms; /* steady */
    struct clock *clock;
    struct chance *chance;
};

/* 0, or an exit code; with *ret_done the help was printed and there is nothing to do. Release in any case. */
int order_parse(const struct command *command, int argc, char **argv, struct order *ret,
    bool *ret_done) MUST_USE;
void order_release(struct order *order);
/* The value of the option that stands for a field: "needed_by" is --needed-by. NULL if not given. */
const char *order_field(const struct order *order, const char *name);
bool order_has_option(const struct verb *verb, const char *name);

/* What the commands do; each gives the exit code. */
int act_run(struct order *order);    /* one question, one answer */
int list_run(struct order *order);   /* inbox, sent */
int refer_run(struct order *order);  /* refer */
int form_run(struct order *order);   /* fields from a file, options on top */
int follow_run(struct order *order); /* show, trace */
int open_run(struct order *order);   /* open */
/* Starts the wizard of amaan-node where a home is not set up and nobody serves it. An exit code; 0 also where there is
 * nothing to start. */
int begin_run(struct order *order);
int unlock_run(struct order *order);   /* unlock and all that needs a passphrase */
int launch_run(struct order *order);   /* init, join, run: amaan-node does it */
int complete_run(struct order *order); /* completion */
int doctor_run(struct order *order);   /* doctor */
int explain_run(struct order *order);  /* explain */
int man_run(struct order *order);      /* man */

#endif
