/* SPDX-License-Identifier: Apache-2.0
 *
 * web_tries: how often somebody at the door was wrong, and how long they wait before the next try. A pure decision over
 * steady time; nobody sleeps.
 *
 *   wrong tries   1  2  3    4    5    6   7   8 ...
 *   then wait     0  0  15 s 30 s 1 m  2 m 4 m 8 m, at most 15 m
 *
 * Two are free, for a person mistypes twice. A try counts as wrong from its begin, so that many at once gain nothing, and is taken
 * back when it was right, or when nothing was tried at all. After an hour without one all is forgotten.
 *
 * Counted are names, addresses, and desks that were open already. A desk that was open is counted by itself alone, so that
 * strangers who guess at a name do not shut its owner out (device cookies: OWASP, "Slow Down Online Guessing Attacks").
 * The table is bounded; when it is full, the one with the fewest wrong tries gives way: whoever was found guessing stays.
 */
#ifndef AMAAN_WEB_TRIES_H
#define AMAAN_WEB_TRIES_H

#include <stdint.h>

#include "clock.h"
#include "hash.h"

enum {
    WEB_TRIES_FREE = 2,
    /* Of browsers that the node does not know, in all: three times as many as people can work here come anew in an
     * hour. Each stands in the record of who looked, and a network has many addresses. */
    WEB_TRIES_STRANGERS = 72,
    WEB_TRIES_MAX = 128, /* 24 people, 32 connections' addresses, 8 desks: with room */
};
#define WEB_TRIES_FIRST_MS                                                               \
    (15 * SECOND_MS) /* longer than it takes to find the right keys */
#define WEB_TRIES_LONGEST_MS                                                             \
    (15 * MINUTE_MS) /* some 100 guesses a day; a person can still work */
#define WEB_TRIES_FORGET_MS HOUR_MS

struct web_tries;

struct web_tries *web_tries_new(struct clock *clock);
void web_tries_destroy(struct web_tries **tries); /* wipes */

/* What is counted: a name of the kind with its value, hashed: no name of a person stands in the table. */
struct hash web_tries_who(const char *kind, const void *value, size_t n);
/* 0: it may try now; else so long it has to wait. */
int64_t web_tries_wait_ms(struct web_tries *tries, const struct hash *who);
void web_tries_begin(struct web_tries *tries, const struct hash *who);
/* One more stranger: 0, or so long until the next hour begins for all of them; then it was not counted. */
int64_t web_tries_stranger_ms(struct web_tries *tries);
/* Nothing was tried: one that was counted does not count. */
void web_tries_take_back_stranger(struct web_tries *tries);
/* It was right: all wrong tries are forgotten. */
void web_tries_clear(struct web_tries *tries, const struct hash *who);
/* Nothing was tried: the last begin does not count. */
void web_tries_take_back(struct web_tries *tries, const struct hash *who);

#endif
