/* SPDX-License-Identifier: Apache-2.0
 *
 * memory: small allocations that do not fail, and the end of the process for a broken promise of ours.
 *
 * memory_new aborts when the heap is empty. That is safe because every size that a peer can influence was
 * compared with limits.h before it was allocated. BUG() is for promises of our own code; a broken promise
 * of a peer never reaches it.
 */
#ifndef AMAAN_MEMORY_H
#define AMAAN_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed memory, never NULL (size 0 gives 1 byte). The caller frees it with memory_free. */
void *memory_new(size_t size);
void *memory_new_array(size_t n, size_t size); /* aborts on overflow of n * size */
void *memory_resize(void *old, size_t n, size_t size); /* new part is not zeroed */
void *memory_copy(const void *from, size_t size);
char *memory_copy_text(const char *text);
void memory_free(void *memory); /* accepts NULL */

/* Overwrites in a way that the compiler keeps. */
void memory_wipe(void *memory, size_t size);

_Noreturn void memory_bug(const char *file, int line, const char *what);
#define BUG(what) memory_bug(__FILE__, __LINE__, (what))
/* An assertion that stays on in release builds. */
#define PROMISE(condition)                                                               \
    ((condition) ? (void)0 : memory_bug(__FILE__, __LINE__, #condition))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
