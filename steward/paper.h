/* SPDX-License-Identifier: Apache-2.0
 *
 * paper: files that are carried between machines. One file holds one document; a root file holds all root
 * documents from version 1 on, behind each other. "-" is standard input, where a file is read and not
 * written again. Symbolic links are not followed: what is signed is the file that was named.
 */
#ifndef AMAAN_PAPER_H
#define AMAAN_PAPER_H

#include <sys/types.h>

#include "document.h"

enum { PAPER_BYTES_MAX = PROFILES_BYTES_MAX };

/* The bytes of a file, at most `max`; the caller releases the buffer. NOT_FOUND, TOO_BIG, IO, DENIED (a link). */
enum status paper_read(
    const char *path, size_t max, struct buffer *ret, struct trouble *trouble) MUST_USE;
/* A file with exactly one document of that type, which borrows from the buffer. */
enum status paper_read_document(const char *path, enum document_type type,
    struct buffer *ret, struct document *ret_document, struct trouble *trouble) MUST_USE;
/* EXISTS (nothing is overwritten), FULL, IO. Works on memory sticks, which know no hard links. */
enum status paper_create(
    const char *path, struct span bytes, mode_t mode, struct trouble *trouble) MUST_USE;
/* EXISTS if there is such a file, or the left-over of a write that was cut short: to be asked for all outputs
 * before any is made. */
enum status paper_check_new(const char *path, struct trouble *trouble) MUST_USE;
/* Takes away a file that this run has created, when a later one could not be. */
void paper_remove(const char *path);
/* The old content or the new stands there, whatever happens. */
enum status paper_replace(
    const char *path, struct span bytes, struct trouble *trouble) MUST_USE;

#endif
