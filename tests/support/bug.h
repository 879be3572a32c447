/* SPDX-License-Identifier: Apache-2.0
 *
 * bug: asserts that a call ends the process for a broken promise of ours (memory.h), and goes on with the
 * test. What the call held on the heap until then is lost: use it for promises that come first in a function.
 */
#ifndef AMAAN_BUG_H
#define AMAAN_BUG_H

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf bug_back;

static inline void bug_caught(int number)
{
    (void)number;
    siglongjmp(bug_back, 1);
}

#define assert_bug(call)                                                                 \
    do {                                                                                 \
        void (*bug_before)(int) = signal(SIGABRT, bug_caught);                           \
        volatile int bug_seen = 1;                                                       \
        if (sigsetjmp(bug_back, 1) == 0) {                                               \
            call;                                                                        \
            bug_seen = 0;                                                                \
        }                                                                                \
        signal(SIGABRT, bug_before);                                                     \
        assert_int_equal(bug_seen, 1);                                                   \
    } while (0)

#endif
