/* SPDX-License-Identifier: Apache-2.0
 *
 * counter: the state counter outside the database (PROTOCOL.md 5 (6)). A database that is older than the
 * file beside it was restored from a backup, and its node must not go on numbering where it thinks it was.
 *
 * Two slots of one 8 KiB file, each: magic "AMC1" 4 | zero 4 | value u64 | H(the 16 bytes before) 32, at offset
 * 0 and 4096. The slot with the smaller value is written next, so a torn write leaves the other one.
 */
#ifndef AMAAN_COUNTER_H
#define AMAAN_COUNTER_H

#include <stdint.h>

#include "status.h"

struct counter;

/* A file that is not there, or whose slots are both broken, counts as 0. FULL, IO, DENIED. */
enum status counter_open(
    const char *path, struct counter **ret, struct trouble *trouble) MUST_USE;
void counter_close(struct counter **counter);
uint64_t counter_value(const struct counter *counter);
/* Written and synced on return. Nothing happens for a value not above the present one. FULL, IO. */
enum status counter_raise(struct counter *counter, uint64_t value) MUST_USE;

#endif
