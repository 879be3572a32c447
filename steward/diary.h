/* SPDX-License-Identifier: Apache-2.0
 *
 * diary: which roots and rosters a key has signed, in a file beside it (KEY.signed). Two signed documents of one
 * version are a fork that stops a network from sealing, and the commonest way to one is a draft that was
 * made anew after somebody had signed the first. It is a help against mistakes, not against a thief: who
 * has the key can leave it out.
 *
 *   amaan signed documents 1
 *   <network id, 32 hex digits> <root or roster> <version> <hash, 64 hex digits>
 *
 * Root version 1 and profiles are not noted: a second one is another network, or no fork.
 */
#ifndef AMAAN_DIARY_H
#define AMAAN_DIARY_H

#include "document.h"

struct diary {
    char *path;
    struct buffer text;
};

enum { DIARY_BYTES_MAX = 1024 * 1024 };

/* Of that key file; empty if nothing was noted yet. Released by diary_close, which accepts a zeroed one. */
enum status diary_open(
    const char *key_path, struct diary *ret, struct trouble *trouble) MUST_USE;
void diary_close(struct diary *diary);

/* CONFLICT: another document of this type and version was signed. */
enum status diary_check(const struct diary *diary, const struct ident *network_id,
    const struct document *document, struct trouble *trouble) MUST_USE;
/* Notes it on the disk, before it is signed. */
enum status diary_note(struct diary *diary, const struct ident *network_id,
    const struct document *document, struct trouble *trouble) MUST_USE;

#endif
