/* SPDX-License-Identifier: Apache-2.0
 *
 * helper: amaan-node, run for an answer: several at once, each within the same time. One that is late is ended, and
 * the others keep their answers. Standard input and error are closed to them.
 */
#ifndef AMAAN_HELPER_H
#define AMAAN_HELPER_H

#include <sys/types.h>

#include "bytes.h"

enum { HELPER_OUTPUT_MAX = 32768 };

struct helper {
    pid_t pid; /* 0: not running */
    int fd;
    struct buffer output;
    bool started, ended; /* ended: by itself, before the time was over */
};

/* The program beside this one or one folder up, nowhere else; NULL if it is not there. On the heap. */
char *helper_find(void);
/* The folder of this program; NULL if the kernel does not say. On the heap. */
char *helper_folder(void);

/* `words` end with NULL; the first is argv[0]. */
void helper_start(struct helper *helper, const char *program, const char *const *words);
/* Until all have ended or the time is over; then none runs any more. */
void helpers_await(struct helper *helpers, size_t n, int64_t timeout_ms);
void helper_release(struct helper *helper);

#endif
