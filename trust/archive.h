/* SPDX-License-Identifier: Apache-2.0
 *
 * archive: the store of trust: documents in force, the hash of every version ever accepted (kept for ever,
 * for the fork check of PROTOCOL.md 5), and proofs of forks. Kept whole: all roots, the newest four rosters,
 * the newest two packages, notices until 30 days after their end, at most eight forks.
 *
 * Calls that write assert an open transaction. FULL, IO and CORRUPT as in db.h.
 */
#ifndef AMAAN_ARCHIVE_H
#define AMAAN_ARCHIVE_H

#include "db.h"
#include "document.h"

struct archive;

enum status archive_open(
    struct db *db, struct archive **ret, struct trouble *trouble) MUST_USE;
void archive_close(struct archive **archive);

/* Keeps an accepted document (bytes: body and signatures) and drops what is kept no longer. EXISTS. */
enum status archive_put(struct archive *archive, const struct document *document,
    struct span bytes, int64_t taken_ms) MUST_USE;
/* The bytes, appended; version 0 is the newest; notices of one number stand behind each other. NOT_FOUND. */
enum status archive_get(struct archive *archive, enum document_type type,
    uint64_t version, struct buffer *ret) MUST_USE;
/* Of any version ever put, kept or not. NOT_FOUND. */
enum status archive_hash(struct archive *archive, enum document_type type,
    uint64_t version, struct hash *ret) MUST_USE;
enum status archive_has_notice(
    struct archive *archive, const struct hash *hash) MUST_USE; /* OK or NOT_FOUND */
/* Gives kept documents to `each`, oldest first (notices: the newest NOTICES_MAX taken). Stops at its first
 * status that is not OK and returns it. */
enum status archive_walk(struct archive *archive, enum document_type type,
    enum status (*each)(void *context, struct span bytes, int64_t taken_ms),
    void *context) MUST_USE;
enum status archive_drop_notices(
    struct archive *archive, int64_t ended_before_ms) MUST_USE;

/* Keeps `other` beside the document held under its version (if that is still kept); again: nothing new.
 * under_root is the newest root version at that time. */
enum status archive_put_fork(struct archive *archive, const struct document *other,
    struct span bytes, uint64_t under_root) MUST_USE;
/* Is there a fork that no root newer than under_root has settled? */
enum status archive_has_fork(
    struct archive *archive, uint64_t newest_root, bool *ret) MUST_USE;
/* Every pair behind each other: held, other, held, other. NOT_FOUND if there is none. */
enum status archive_get_forks(struct archive *archive, struct buffer *ret) MUST_USE;

#endif
