/* SPDX-License-Identifier: Apache-2.0
 *
 * log: one line per event on stderr: "level=info event=session-open member=... reason=...".
 *
 * Never clear text, keys, names, bodies or passphrases. Values given by a peer are neutralised (control
 * bytes, spaces and quotes escaped) and cut. Each event name is limited to LOG_BURST lines a minute; what
 * was held back is counted in the next line of that event as suppressed=N. Under systemd (JOURNAL_STREAM
 * set) lines carry the <n> priority prefix.
 */
#ifndef AMAAN_LOG_H
#define AMAAN_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

struct clock;

/* LOG_WARNING, LOG_INFO and LOG_DEBUG are syslog(3)'s; LOG_ALARM is ours: a person must look at once. */
enum { LOG_ALARM = LOG_ALERT };
enum { LOG_BURST = 30 };

void log_set_level(int level); /* LOG_INFO at first */
/* Replaces stderr, for tests; NULL restores it. The line has no newline. */
void log_set_sink(void (*sink)(void *context, const char *line), void *context);

/* Whose steady time counts the minutes, for tests; NULL restores the system's. Forgets what was counted. */
void log_set_clock(struct clock *clock);

/* `format` makes the "key=value key=value" part, NULL for none; use log_text for text that a peer
 * supplied. */
void log_event(int level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Neutralised copy in a ring of four static buffers, for use inside one log_event call. */
const char *log_text(const char *hostile);

#endif
