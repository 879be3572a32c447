/* SPDX-License-Identifier: Apache-2.0
 *
 * A line is made on the stack and leaves in one write(2), so that lines of two threads do not mix. The
 * table of events is small and fixed; should it overflow, the surplus events share its last row.
 */
#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "memory.h"

enum {
    LINE_BYTES = 1024,
    EVENTS_MAX = 128,
    EVENT_BYTES = 48,
    TEXTS = 4,
    TEXT_BYTES = 160
};

struct event {
    char name[EVENT_BYTES];
    int64_t minute_began_ms;
    int said;
    unsigned long held_back;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int loudest = LOG_INFO;
static void (*line_sink)(void *context, const char *line);
static void *line_sink_context;
static struct clock *line_clock;
static struct event events[EVENTS_MAX];
static int n_events;

static const char *level_name(int level)
{
    switch (level) {
    case LOG_ALARM:
        return "alarm";
    case LOG_WARNING:
        return "warning";
    case LOG_INFO:
        return "info";
    default:
        return "debug";
    }
}

void log_set_level(int level)
{
    pthread_mutex_lock(&lock);
    loudest = level;
    pthread_mutex_unlock(&lock);
}

void log_set_sink(void (*sink)(void *context, const char *line), void *context)
{
    pthread_mutex_lock(&lock);
    line_sink = sink;
    line_sink_context = context;
    pthread_mutex_unlock(&lock);
}

void log_set_clock(struct clock *clock)
{
    pthread_mutex_lock(&lock);
    line_clock = clock;
    n_events = 0;
    pthread_mutex_unlock(&lock);
}

static struct event *find_event(const char *name, int64_t now_ms)
{
    struct event *event;

    for (int i = 0; i < n_events; i++) {
        if (strncmp(events[i].name, name, EVENT_BYTES - 1) == 0)
            return &events[i];
    }
    if (n_events == EVENTS_MAX)
        return &events[EVENTS_MAX - 1];
    event = &events[n_events++];
    *event = (struct event){.minute_began_ms = now_ms};
    (void)snprintf(event->name, sizeof(event->name), "%s", name);
    return event;
}

/* Whether one more line of this event may be said now; then *ret_held_back lines went unsaid before it. */
static bool may_say(const char *name, unsigned long *ret_held_back)
{
    int64_t now_ms = clock_steady_ms(line_clock ? line_clock : clock_system());
    struct event *event = find_event(name, now_ms);

    if (now_ms - event->minute_began_ms >= MINUTE_MS || now_ms < event->minute_began_ms) {
        event->minute_began_ms = now_ms;
        event->said = 0;
    }
    if (event->said >= LOG_BURST) {
        event->held_back++;
        return false;
    }
    event->said++;
    *ret_held_back = event->held_back;
    event->held_back = 0;
    return true;
}

static void emit(int level, char *line)
{
    char whole[LINE_BYTES + 8];
    ssize_t written;
    int n;

    for (char *at = line; *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    }
    if (line_sink) {
        line_sink(line_sink_context, line);
        return;
    }
    if (getenv("JOURNAL_STREAM"))
        n = snprintf(whole, sizeof(whole), "<%d>%s\n", level, line);
    else
        n = snprintf(whole, sizeof(whole), "%s\n", line);
    written = write(STDERR_FILENO, whole, (size_t)n);
    (void)written; /* nobody is left to be told */
}

/* Adds to the line; the dots at its end tell a reader that it was cut. */
static void append(char *line, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

static void append(char *line, const char *format, va_list list)
{
    size_t used = strlen(line);
    int n = vsnprintf(line + used, LINE_BYTES - used, format, list);

    if (n >= 0 && (size_t)n >= LINE_BYTES - used)
        memcpy(line + LINE_BYTES - 4, "...", 4);
}

static void append_text(char *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append_text(char *line, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    append(line, format, list);
    va_end(list);
}

void log_event(int level, const char *event, const char *format, ...)
{
    char line[LINE_BYTES] = "";
    unsigned long held_back = 0;
    va_list list;

    pthread_mutex_lock(&lock);
    if (level <= loudest && may_say(event, &held_back)) {
        append_text(line, "level=%s event=%s", level_name(level), event);
        if (held_back)
            append_text(line, " suppressed=%lu", held_back);
        if (format && *format) {
            append_text(line, " ");
            va_start(list, format);
            append(line, format, list);
            va_end(list);
        }
        emit(level, line);
    }
    pthread_mutex_unlock(&lock);
}

const char *log_text(const char *hostile)
{
    static _Thread_local char ring[TEXTS][TEXT_BYTES];
    static _Thread_local unsigned turn;
    char *text = ring[turn++ % TEXTS];
    size_t used = 0;

    if (!hostile)
        hostile = "";
    for (; *hostile; hostile++) {
        unsigned char c = (unsigned char)*hostile;

        if (used + 4 + 4 > TEXT_BYTES) {
            memcpy(text + used, "...", 3);
            used += 3;
            break;
        }
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '\'' || c == '\\' || c == '=')
            used += (size_t)snprintf(text + used, 5, "\\x%02x", c);
        else
            text[used++] = (char)c;
    }
    text[used] = '\0';
    return text;
}
