/* SPDX-License-Identifier: Apache-2.0
 *
 * vault: starting the cryptography. <sodium.h> is included in this folder only.
 *
 * vault_start must be the first call of every program: it starts libsodium and runs a known-answer test of
 * every primitive that we use (known.h; the library's version number cannot tell whether a distribution's fixes are
 * in). Programs that seal or open envelopes also call hpke_self_test. A program whose test fails must end with STATUS_CORRUPT and say that nothing was opened or written.
 */
#ifndef AMAAN_VAULT_H
#define AMAAN_VAULT_H

#include "bytes.h"

enum status vault_start(struct trouble *trouble) MUST_USE;

/* Equality in constant time. */
bool vault_equal(const void *a, const void *b, size_t n);

/* No core dumps, no ptrace by the same user: for processes that hold keys. */
enum status vault_harden_process(struct trouble *trouble) MUST_USE;

#endif
