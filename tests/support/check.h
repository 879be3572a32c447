/* SPDX-License-Identifier: Apache-2.0
 *
 * check: cmocka with what it needs before it, and assertions that print both values. Include it instead of
 * <cmocka.h>. Each assertion evaluates its arguments once. For tests only.
 */
#ifndef AMAAN_CHECK_H
#define AMAAN_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "bytes.h"
#include "status.h"

static inline void check_status(
    enum status actual, enum status wanted, const char *what, const char *file, int line)
{
    if (actual == wanted)
        return;
    print_error(
        "%s is \"%s\", not \"%s\"\n", what, status_name(actual), status_name(wanted));
    _fail(file, line);
}

static inline void check_print_span(const char *head, struct span span)
{
    print_error("%s %zu bytes:", head, span.n);
    for (size_t i = 0; i < span.n && i < 64; i++)
        print_error("%s%02x", i % 4 ? "" : " ", span.at[i]);
    print_error("%s\n", span.n > 64 ? " ..." : "");
}

static inline void check_span(
    struct span actual, struct span wanted, const char *what, const char *file, int line)
{
    if (span_equal(actual, wanted))
        return;
    print_error("%s differs\n", what);
    check_print_span("  is    ", actual);
    check_print_span("  wanted", wanted);
    _fail(file, line);
}

static inline void check_holds(
    const char *text, const char *part, const char *what, const char *file, int line)
{
    if (text && strstr(text, part))
        return;
    print_error(
        "%s is \"%s\", which does not hold \"%s\"\n", what, text ? text : "(NULL)", part);
    _fail(file, line);
}

/* assert_status(decode(...), STATUS_MALFORMED) */
#define assert_status(actual, wanted)                                                    \
    check_status((actual), (wanted), #actual, __FILE__, __LINE__)
#define assert_ok(actual) assert_status((actual), STATUS_OK)
/* Two struct span. */
#define assert_span(actual, wanted)                                                      \
    check_span((actual), (wanted), #actual, __FILE__, __LINE__)
/* A sentence that holds a word. */
#define assert_holds(text, part) check_holds((text), (part), #text, __FILE__, __LINE__)

#endif
