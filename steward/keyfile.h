/* SPDX-License-Identifier: Apache-2.0
 *
 * keyfile: a steward's key on disk: three lines of text. The public key is readable without the passphrase, so
 * that it can be shown and given to `root new`; when the key is unlocked the two are compared.
 *
 *   amaan steward key 1
 *   public <64 lower-case hex digits>
 *   sealed <hex of a key file of kind steward (password.h); its body is the 32-byte seed>
 */
#ifndef AMAAN_KEYFILE_H
#define AMAAN_KEYFILE_H

#include "password.h"
#include "sign.h"

enum { KEY_SEALED_BYTES_MAX = 256, KEY_TEXT_BYTES_MAX = 1024 };

struct key_file {
    struct sign_public public_key;
    uint8_t sealed[KEY_SEALED_BYTES_MAX];
    size_t n;
    struct cost cost;
};

/* Appends the text of a file that keeps this secret. FULL: the machine has not the memory for the cost. */
enum status key_file_format(const struct sign_secret *secret, struct span passphrase,
    struct cost cost, struct chance *chance, struct buffer *ret) MUST_USE;
/* MALFORMED, UNSUPPORTED. */
enum status key_file_parse(
    struct span text, struct key_file *ret, struct trouble *trouble) MUST_USE;
/* DENIED: wrong passphrase. The caller wipes the secret. */
enum status key_file_unlock(const struct key_file *file, struct span passphrase,
    struct sign_secret *ret, struct trouble *trouble) MUST_USE;

/* "floor", "node", "steward", or "OPS,MIB" such as "4,1024". */
enum status cost_parse(
    const char *word, struct cost *ret, struct trouble *trouble) MUST_USE;
/* 64 hex digits, or the path of a key file. */
enum status steward_key_parse(
    const char *word, struct sign_public *ret, struct trouble *trouble) MUST_USE;

#endif
