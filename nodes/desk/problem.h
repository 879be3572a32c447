/* SPDX-License-Identifier: Apache-2.0
 *
 * problem: why a request was not done, for a person and for a program (RFC 9457). `code` is stable and listed
 * in docs/OPERATIONS.md; the detail says what happened, what is safe and what to do.
 */
#ifndef AMAAN_PROBLEM_H
#define AMAAN_PROBLEM_H

#include "json.h"

struct problem {
    int http;
    const char *code; /* static; NULL: none was said */
    struct trouble detail;
};

void problem_say(struct problem *problem, int http, const char *code, const char *format,
    ...) __attribute__((format(printf, 4, 5)));
/* Says what fits the status, unless something was said. */
void problem_of_status(struct problem *problem, enum status status);
struct json *problem_format(const struct problem *problem);
/* "Conflict" for 409. */
const char *problem_title(int http);

#endif
