/* SPDX-License-Identifier: Apache-2.0
 *
 * faultvfs: a file system for databases of tests. Files are memory with two images: what was written and
 * what was synced. It can run full, fail and lose its power:
 *
 *   DISK_FULL       the k-th write from now, and every later one, has no room, until faultvfs_free
 *   DISK_ERROR      the k-th write fails once
 *   DISK_SYNC_ERROR the k-th sync fails once, and what was to be synced stays unsynced for ever: a later
 *                   sync only covers later writes, as kernels do it
 *
 * Each firing is counted: a test that armed a fault asserts that it fired. A database is opened with the
 * name of the file system as db_options.vfs; several may exist beside each other.
 */
#ifndef AMAAN_FAULTVFS_H
#define AMAAN_FAULTVFS_H

#include <stdbool.h>
#include <stdint.h>

struct faultvfs;

enum disk_fault { DISK_FULL, DISK_ERROR, DISK_SYNC_ERROR, DISK_FAULT_COUNT };

/* `name` is kept for sqlite; no two with one name at a time. */
struct faultvfs *faultvfs_new(const char *name);
/* All databases on it are closed. */
void faultvfs_destroy(struct faultvfs **vfs);
const char *faultvfs_name(const struct faultvfs *vfs);

/* Fires at the k-th chance from now, k = 1 is the next. Arming again replaces; 0 disarms. */
void faultvfs_arm(struct faultvfs *vfs, enum disk_fault fault, int k);
void faultvfs_free(struct faultvfs *vfs); /* a full disk has room again */
int faultvfs_fired(const struct faultvfs *vfs, enum disk_fault fault);

/* The machine loses its power: every file falls back to what was synced. Handles that are still open are
 * dead: they only give errors and change nothing; close the database afterwards. */
void faultvfs_power_cut(struct faultvfs *vfs);
/* The process is killed, the machine lives: what was written stays. Handles are dead as above. */
void faultvfs_kill(struct faultvfs *vfs);
/* The disk burns: no file is left. */
void faultvfs_burn(struct faultvfs *vfs);

int faultvfs_writes(const struct faultvfs *vfs); /* so far, for loops over every k */
int faultvfs_syncs(const struct faultvfs *vfs);
int64_t faultvfs_bytes(const struct faultvfs *vfs); /* of all files, as written */
/* True if these bytes stand in any file as written: for "never on disk" tests. */
bool faultvfs_contains(const struct faultvfs *vfs, const void *bytes, unsigned n);
/* Turns over one bit of the file whose name ends so, in both images. False if it is not that long. */
bool faultvfs_damage(struct faultvfs *vfs, const char *suffix, int64_t offset);

/* A copy of all files as written, and putting it back: a restored backup. No database is open on the vfs
 * when it is restored. */
struct faultvfs_image;
struct faultvfs_image *faultvfs_save(const struct faultvfs *vfs);
void faultvfs_restore(struct faultvfs *vfs, const struct faultvfs_image *image);
void faultvfs_image_destroy(struct faultvfs_image **image); /* accepts NULL inside */

#endif
