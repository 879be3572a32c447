/* SPDX-License-Identifier: Apache-2.0
 *
 * epoch_keys: the epoch keys of the casebook, under which the cases' own keys are wrapped (docs/CARE.md 10.6).
 *
 * They stand in a file of its own, and not in a row, for two reasons. A row's old versions live on in the write-ahead
 * log, in freed pages and in every copy of the database, and would open what was erased; a copy of the database
 * never holds this file. And a small file that is replaced by rename leaves one block behind, not a history.
 *
 * One key is in force; while a rotation runs the one before it stands beside it. Each change is on the disk (disk.h:
 * fsync, rename, fsync of the folder) before the call returns, so that the caller can order it against its commit:
 *
 *   begin: file {N, N+1} -> rows wrapped under N+1, committed turn by turn -> keep: file {N+1}
 *
 * A crash anywhere leaves a file with every key that a committed row needs. Which epochs those are the database
 * knows; this module does not.
 *
 * Layout, big-endian: 0 4 "AMW1" | 4 2 version (1) | 6 2 number of keys (1, 2) | then for each: 4 epoch | 72 box of the
 * key under a key derived from the master key, bound to its epoch.
 */
#ifndef AMAAN_EPOCH_KEYS_H
#define AMAAN_EPOCH_KEYS_H

#include "box.h"

enum { EPOCH_KEYS_MAX = 2 };

struct epoch_keys;

/* Nothing is read before unlock. */
struct epoch_keys *epoch_keys_new(const char *path, struct chance *chance);
void epoch_keys_destroy(struct epoch_keys **keys);
/* OK, also when there is no file: then there is no key. CORRUPT (another master key, or changed bytes), IO. */
enum status epoch_keys_unlock(
    struct epoch_keys *keys, const struct box_key *master) MUST_USE;
void epoch_keys_lock(struct epoch_keys *keys);

/* NULL is a normal answer; borrowed until the next call that changes. */
const struct box_key *epoch_keys_find(const struct epoch_keys *keys, uint32_t epoch);
/* The highest epoch that has a key; 0: none. */
uint32_t epoch_keys_newest(const struct epoch_keys *keys);
/* A fresh key of epoch `next` beside that of `current` (0: there is none yet); any other goes. FULL, IO: nothing
 * was changed. LOCKED. */
enum status epoch_keys_begin(
    struct epoch_keys *keys, uint32_t current, uint32_t next) MUST_USE;
/* All but these two (0: none) are destroyed. Writes only when there is something to destroy. */
enum status epoch_keys_keep(
    struct epoch_keys *keys, uint32_t current, uint32_t old) MUST_USE;

#endif
