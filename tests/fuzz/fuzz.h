/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz: what a target provides. libFuzzer calls it with new inputs, replay.c with the kept ones. A broken promise
 * (PROMISE, a sanitizer) is a find; refusing the input is not.
 */
#ifndef AMAAN_FUZZ_H
#define AMAAN_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
/* Optional: called once before the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

#endif
