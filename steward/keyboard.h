/* SPDX-License-Identifier: Apache-2.0
 *
 * keyboard: what only the person at the keyboard can give: a passphrase, and a typed yes. Both come from the
 * terminal itself (/dev/tty), whatever standard input is; scripts give file descriptors and flags instead.
 */
#ifndef AMAAN_KEYBOARD_H
#define AMAAN_KEYBOARD_H

#include "password.h"

enum { PASSPHRASE_NEW_MIN_BYTES = 12 };

/* Wipe with passphrase_release. */
struct passphrase {
    char bytes[PASSWORD_MAX_BYTES + 1];
    size_t n;
};

/* Reads a passphrase: from the file descriptor that `fd_word` names (its first line), or without it from the
 * terminal, not echoed, after `prompt`. With `is_new` it is asked twice and must not be short.
 * CLOSED: there is no terminal, or the person gave up. */
enum status passphrase_read(const char *fd_word, const char *prompt, bool is_new,
    struct passphrase *ret, struct trouble *trouble) MUST_USE;
struct span passphrase_span(const struct passphrase *passphrase);
void passphrase_release(struct passphrase *passphrase);

/* Shows the question on the terminal; OK if the answer is "yes". DENIED for anything else, CLOSED without
 * a terminal (the sentence then names `instead`, the option that answers it). */
enum status keyboard_confirms(
    const char *question, const char *instead, struct trouble *trouble) MUST_USE;

#endif
