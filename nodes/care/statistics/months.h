/* SPDX-License-Identifier: Apache-2.0
 *
 * months: calendar months of the days that the node keeps, by arithmetic: no time zone is asked. Those days are of UTC: in
 * Pakistan, five hours ahead all the year, they begin at five in the morning, and what happens in the night before
 * counts as the day that ends. So a month is over at five in the morning of the first. A month is a number, 202611.
 */
#ifndef AMAAN_MONTHS_H
#define AMAAN_MONTHS_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

enum {
    MONTH_FIRST = 202001, /* before these programs */
    MONTH_LAST = 209912,
    MONTH_TEXT_BYTES = 8, /* "2026-11", "2026-Q4" */
    QUARTER_MONTHS = 3
};

/* "2026-11". MALFORMED, also outside of MONTH_FIRST to MONTH_LAST. */
enum status month_parse(const char *text, int32_t *ret) MUST_USE;
void month_format(int32_t month, char ret[static MONTH_TEXT_BYTES]);
/* The month in which the day (since 1970) lies. */
int32_t month_of_day(int64_t day);
/* The month of the day that it is at that time. */
int32_t month_of_ms(int64_t wall_ms);
/* Its first day, since 1970. */
int64_t month_first_day(int32_t month);
/* n months before; n may be 0. */
int32_t month_before(int32_t month, int n);
bool month_ends_quarter(int32_t month);
/* "2026-Q4" of any of its months. */
void quarter_format(int32_t month, char ret[static MONTH_TEXT_BYTES]);

#endif
