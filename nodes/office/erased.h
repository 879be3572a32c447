/* SPDX-License-Identifier: Apache-2.0
 *
 * erased: which cases were erased at a node, as one small sealed file that lies beside its backups (docs/CARE.md 18,
 * PROTOCOL.md 5). A backup that was made before an erasure holds the case; whoever restores it has this list erase the
 * case again. Idents only, boxed under a key of the node's master key.
 *
 *   magic "AME1" 4 | zero 4 | box( n x case ident 16, ascending ), n <= ERASED_CASES_MAX
 */
#ifndef AMAAN_ERASED_H
#define AMAAN_ERASED_H

#include "box.h"
#include "ident.h"
#include "status.h"

enum {
    ERASED_CASES_MAX = 65536, /* more than a node has cases in years; 1 MiB */
    ERASED_FILE_BYTES_MAX = 8 + ERASED_CASES_MAX * IDENT_BYTES + BOX_EXTRA_BYTES
};

/* FOLDER/<first 16 hex digits of the node's id>.erased; the caller frees it. */
char *erased_path(const char *folder, const struct ident *node_id);

/* The idents of the file, appended. NOT_FOUND: there is none. FORGED, MALFORMED: it is another node's, or was changed. */
enum status erased_read(const char *path, const struct ident *node_id,
    const struct box_key *master, struct buffer *ret, struct trouble *trouble) MUST_USE;

/* The file then lists these as well as what it listed before (what cannot be read is replaced). FULL, IO, TOO_BIG. */
enum status erased_add(const char *path, const struct ident *node_id,
    const struct box_key *master, struct chance *chance, struct span idents,
    struct trouble *trouble) MUST_USE;

#endif
