/* SPDX-License-Identifier: Apache-2.0
 *
 * charter: the root documents of a network, read from a file and checked from version 1 on: who may sign, and
 * whether enough of them have.
 */
#ifndef AMAAN_CHARTER_H
#define AMAAN_CHARTER_H

#include "root.h"

struct charter {
    struct buffer bytes;
    struct root root;     /* the newest */
    struct document last; /* its document, borrowed from bytes */
    struct ident network_id;
};

/* With `draft` the last root document may still lack signatures. The caller releases it. */
enum status charter_read(
    const char *path, bool draft, struct charter *ret, struct trouble *trouble) MUST_USE;
/* The same from bytes of a file of that name; they are taken over on success. */
enum status charter_take(struct buffer *bytes, const char *path, bool draft,
    struct charter *ret, struct trouble *trouble) MUST_USE;
void charter_release(struct charter *charter);

/* The root document of that version: NOT_FOUND. */
enum status charter_find(
    const struct charter *charter, uint64_t version, struct root *ret) MUST_USE;

struct signatures {
    size_t good, needed; /* by the stewards who must sign */
    size_t good_old,
        needed_old; /* a root document: by the stewards before; needed_old 0 for version 1 */
    bool enough;
    uint64_t root_version; /* under which they were counted */
    bool
        outdated; /* enough, but not under the newest root: whoever knows that refuses it */
};
/* Under the newest root, as every machine judges it; only if that does not accept it, under the one that it
 * names: it may have been signed before the stewards changed, and the next edition is built on it. A notice
 * needs one. NOT_FOUND: it names a root that is not in the file. */
enum status charter_count(const struct charter *charter, const struct document *document,
    struct signatures *ret) MUST_USE;
/* Does the i-th signature hold, and is it a steward's who is asked (under the newest root or the one before)? */
bool charter_signature_counts(
    const struct charter *charter, const struct document *document, size_t i);
/* May this key sign the document at all? DENIED. */
enum status charter_allows(const struct charter *charter, const struct document *document,
    const struct sign_public *key, struct trouble *trouble) MUST_USE;

#endif
