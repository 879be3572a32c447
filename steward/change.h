/* SPDX-License-Identifier: Apache-2.0
 *
 * change: what the command line of `roster new` and `roster next` asks for, in its order. Options that describe
 * a member (--name, --services ...) belong to the --admit, --rekey or --edit before them; a --protocol before the
 * first of these to every --admit that has none of its own.
 */
#ifndef AMAAN_CHANGE_H
#define AMAAN_CHANGE_H

#include "command.h"
#include "edition.h"

enum change_kind {
    CHANGE_ADMIT = 1,
    CHANGE_REKEY,
    CHANGE_EDIT,
    CHANGE_SUSPEND,
    CHANGE_REVOKE,
    CHANGE_REACTIVATE,
    CHANGE_RENEW
};

struct change {
    enum change_kind kind;
    const char *word;        /* of the command line: a file, a node id, a name or "all" */
    const char *fingerprint; /* as the steward typed it, or NULL */
    struct profile_words words;
};

enum { CHANGES_MAX = 64 };

/* MALFORMED: an option stands before the member that it describes. */
enum status change_parse(const struct arguments *arguments, struct change *ret,
    size_t *ret_n, struct trouble *trouble) MUST_USE;

/* Carries it out. A join request's fingerprint is shown on stderr, and compared: with the typed digits, or
 * (`compared`) the person says that it was done, or is asked on the terminal. DENIED. */
enum status change_apply(const struct change *change, const struct plain *plain,
    const struct document *previous, bool compared, struct edition *edition,
    struct trouble *trouble) MUST_USE;

#endif
