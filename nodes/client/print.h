/* SPDX-License-Identifier: Apache-2.0
 *
 * print: answers on standard output: JSON Lines for programs, tables and pages for people. Data goes to
 * standard output, talk ("No referrals.") to standard error.
 *
 * JSON Lines: one compact object a line, names sorted; a list has one line per item. Names and meanings are
 * those of verbs.h and only grow; what people read may change at any time.
 */
#ifndef AMAAN_PRINT_H
#define AMAAN_PRINT_H

#include "json.h"
#include "table.h"

/* One line. */
void print_line(const struct json *json);
/* A line for each. */
void print_lines(const struct json *list);
/* In a network for practice every answer says so: a coloured line on standard error, whatever goes to standard output.
 * NULL is no answer. */
void print_practice(const struct json *answer);
/* The answer to a verb, for people. A verb without a form of its own gets its fields as names and values. */
void print_answer(const char *verb, const struct json *answer);
/* The page of a referral: what transport did and what people decided, beside each other (page.c). */
void print_page(const struct json *item);
/* Rows of inbox and sent. */
struct table *print_new_list(const char *verb);
void print_add_item(struct table *table, const char *verb, const struct json *item);

/* "a, b" of a list of text; on the heap. */
char *print_join(const struct json *list);
/* Appends a name and a value to a table without headings, unless the value is empty. */
void print_fact(struct table *table, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
