/* SPDX-License-Identifier: Apache-2.0
 *
 * sheet: a file with a signed or unsigned document, together with the charter that it is judged by: its own root
 * documents if it is a root file, those of --root otherwise. For `sign` and `verify`.
 */
#ifndef AMAAN_SHEET_H
#define AMAAN_SHEET_H

#include "charter.h"
#include "facts.h"
#include "plain.h"
#include "requests.h"

enum { SHEETS_MAX = 16 };

struct sheet {
    const char *path;
    struct buffer bytes; /* empty for a root file: its bytes are in `own` */
    struct charter own;  /* of a root file */
    bool is_root;
    const struct charter *charter; /* own, or the one given */
    struct document document;      /* of a root file: the last one */
    struct signatures signatures;
};

/* `root` may be NULL while only root files are read. With `draft` the last root document may still lack
 * signatures. The caller releases it; it must not be moved. */
enum status sheet_read(const char *path, const struct charter *root, bool draft,
    struct sheet *ret, struct trouble *trouble) MUST_USE;
void sheet_release(struct sheet *sheet);

/* The profiles hash that a roster or package carries; false for other types or damage. */
bool sheet_profiles(const struct sheet *sheet, struct hash *ret);
/* Do rosters and packages among these, and the plain profiles if there are any, carry one hash, and do no two
 * claim one version? CONFLICT. */
enum status sheets_fit(const struct sheet *sheets, size_t n, const struct plain *plain,
    struct trouble *trouble) MUST_USE;

/* Is the document the roster that follows `previous`, which is signed? FORGED, CONFLICT. */
enum status sheet_check_follows(const struct sheet *sheet,
    const struct document *previous, struct trouble *trouble) MUST_USE;
/* The changes of a roster against the file of the one before (NULL: none was given), and of a root document
 * against the one before. Nothing for other types. */
enum status sheet_describe_changes(const struct sheet *sheet, const char *previous_path,
    const struct plain *plain, const struct requests *requests, struct facts *facts,
    struct trouble *trouble) MUST_USE;

/* Replaces the file by the same with this key's signature. */
enum status sheet_sign(struct sheet *sheet, const struct sign_secret *secret,
    struct trouble *trouble) MUST_USE;

/* File, head, part and signatures as facts; MALFORMED if the part is. */
enum status sheet_describe(
    const struct sheet *sheet, const struct plain *plain, struct facts *facts) MUST_USE;

#endif
