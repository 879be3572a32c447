/* SPDX-License-Identifier: Apache-2.0
 *
 * watch: waits until something happens to the node's socket, instead of asking again and again. Open it before
 * the attempt: what happens between a failed attempt and the wait is not missed then.
 */
#ifndef AMAAN_WATCH_H
#define AMAAN_WATCH_H

#include <stdint.h>

struct watch;

struct watch *watch_new(const char *folder); /* it need not be there yet */
void watch_destroy(struct watch **watch);
/* Until files came or changed in the folder (or the folder came), or the time is over. */
void watch_await(struct watch *watch, int64_t max_ms);

#endif
