/* SPDX-License-Identifier: Apache-2.0
 *
 * disk: small whole files. A write is a new file, fsync, rename, fsync of the folder: after a crash the old
 * or the new content is there, never a mixture. No symbolic link is followed in the last component.
 */
#ifndef AMAAN_DISK_H
#define AMAAN_DISK_H

#include <stdbool.h>
#include <sys/types.h>

#include "bytes.h"

/* NOT_FOUND, TOO_BIG (more than max), IO. The caller releases the buffer. */
enum status disk_read(
    const char *path, size_t max, struct buffer *ret, struct trouble *trouble) MUST_USE;
/* FULL or IO. Mode as given, whatever the umask. */
enum status disk_write(
    const char *path, struct span bytes, mode_t mode, struct trouble *trouble) MUST_USE;
/* As disk_write, but EXISTS if there is such a file: for keys, which nobody may overwrite. */
enum status disk_write_new(
    const char *path, struct span bytes, mode_t mode, struct trouble *trouble) MUST_USE;
/* Overwrites the file with zeros, then takes it away, each on the disk before the next. What a worn flash chip
 * keeps elsewhere of it is beyond any program. OK if there is none; IO, when it is gone but not surely overwritten. */
enum status disk_destroy(const char *path, struct trouble *trouble) MUST_USE;
/* Makes the folder and its parents, the last one 0700; OK if it is there with that mode. */
enum status disk_make_folder(const char *path, struct trouble *trouble) MUST_USE;
/* DENIED with a sentence if the file can be read by others than its owner. */
enum status disk_check_private(const char *path, struct trouble *trouble) MUST_USE;
/* Room left for this user on the file system of path, and its size, in bytes. */
enum status disk_room(const char *path, int64_t *ret_free, int64_t *ret_total) MUST_USE;
/* The folder in which the file stands is on the disk, too: after making one. IO. */
enum status disk_sync_parent(const char *path, struct trouble *trouble) MUST_USE;
/* "folder/name" on the heap. */
char *disk_path(const char *folder, const char *name);

#endif
