/* SPDX-License-Identifier: Apache-2.0
 *
 * reserve: a file of DISK_RESERVE_BYTES beside the database. It is given up when the disk is full, so that
 * TAKEN, RECALL and purges still find room for their log, and made again when there is room.
 */
#ifndef AMAAN_RESERVE_H
#define AMAAN_RESERVE_H

#include <stdbool.h>

#include "status.h"

struct reserve;

/* Does not fail: without room there is no reserve, which reserve_is_held tells. NULL path: none at all. */
struct reserve *reserve_open(const char *database_path);
/* The file stays. */
void reserve_close(struct reserve **reserve);
void reserve_release(struct reserve *reserve);
void reserve_restore(struct reserve *reserve);
bool reserve_is_held(const struct reserve *reserve);

#endif
