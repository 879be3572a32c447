/* SPDX-License-Identifier: Apache-2.0
 *
 * process: real programs for tests: servers that say a line when they serve and are killed without warning,
 * and commands that run to their end. Ended by the pid that was started, never by name.
 */
#ifndef AMAAN_PROCESS_H
#define AMAAN_PROCESS_H

#include <sys/types.h>

#include "bytes.h"

enum { PROCESS_WORDS_MAX = 24, PROCESS_OUTPUT_MAX = 4 * 1024 * 1024 };

/* Starts a server with stderr appended to `log` and waits for its first line on stdout. The pid, or -1 when
 * it ended or said nothing within 60 s. */
pid_t process_serve(const char *log, const char *const *words);
/* SIGKILL, and waits for its end. */
void process_kill(pid_t *pid);
/* SIGTERM, and waits; its exit code, or -1 when a signal ended it. */
int process_stop(pid_t *pid);

/* Runs a command: `input` to stdin (may be empty), stdout into the buffer (may be NULL), stderr appended to
 * `log`. Its exit code, -1 when a signal ended it. */
int process_run(const char *log, const char *const *words, struct span input,
    struct buffer *ret_output);

#endif
