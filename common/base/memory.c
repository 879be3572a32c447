/* SPDX-License-Identifier: Apache-2.0
 *
 * Thin wrappers over the heap. The message of a broken promise is written with write(2), because the heap
 * or stdio may be what is broken.
 */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void memory_bug(const char *file, int line, const char *what)
{
    char text[512];
    int n = snprintf(text, sizeof(text), "BUG: %s:%d: %s\n", file, line, what);

    if (n > 0) {
        size_t size = (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
        ssize_t written = write(STDERR_FILENO, text, size);

        (void)written;
    }
    abort();
}

void *memory_new(size_t size)
{
    return memory_new_array(1, size);
}

void *memory_new_array(size_t n, size_t size)
{
    size_t bytes;
    void *memory;

    if (__builtin_mul_overflow(n, size, &bytes))
        BUG("size of an allocation overflows");
    memory = calloc(1, bytes ? bytes : 1);
    if (!memory)
        BUG("out of memory");
    return memory;
}

void *memory_resize(void *old, size_t n, size_t size)
{
    size_t bytes;
    void *memory;

    if (__builtin_mul_overflow(n, size, &bytes))
        BUG("size of an allocation overflows");
    memory = realloc(old, bytes ? bytes : 1);
    if (!memory)
        BUG("out of memory");
    return memory;
}

void *memory_copy(const void *from, size_t size)
{
    void *copy = memory_new(size);

    if (size)
        memcpy(copy, from, size);
    return copy;
}

char *memory_copy_text(const char *text)
{
    return memory_copy(text, strlen(text) + 1);
}

void memory_free(void *memory)
{
    free(memory);
}

void memory_wipe(void *memory, size_t size)
{
    if (size)
        explicit_bzero(memory, size);
}
