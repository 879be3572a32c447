/* SPDX-License-Identifier: Apache-2.0
 *
 * Days and dates are converted by arithmetic on the proleptic Gregorian calendar (years start in March, so
 * that a leap day is the last of its year): no time zone, no global state of libc.
 */
#include "clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bytes.h"
#include "memory.h"

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    PROMISE(clock_gettime(id, &now) == 0);
    return (int64_t)now.tv_sec * SECOND_MS + now.tv_nsec / 1000000;
}

static int64_t read_wall(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static int64_t read_steady(void *context)
{
    (void)context;
    return read_clock(CLOCK_BOOTTIME);
}

struct clock *clock_system(void)
{
    static struct clock clock = {.wall_ms = read_wall, .steady_ms = read_steady};

    return &clock;
}

int64_t clock_wall_ms(struct clock *clock)
{
    return clock->wall_ms(clock->context);
}

int64_t clock_steady_ms(struct clock *clock)
{
    return clock->steady_ms(clock->context);
}

enum { DAYS_OF_400_YEARS = 146097, DAYS_FROM_MARCH_0_TO_1970 = 719468 };

/* For years from 0 on. */
static int64_t days_of_date(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_OF_400_YEARS + day_of_era - DAYS_FROM_MARCH_0_TO_1970;
}

static void date_of_days(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = days + DAYS_FROM_MARCH_0_TO_1970;
    int64_t era = z / DAYS_OF_400_YEARS;
    int64_t day_of_era = z - era * DAYS_OF_400_YEARS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);

    *ret_year = year_of_era + era * 400 + (month <= 2);
    *ret_month = month;
    *ret_day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
}

void time_format(int64_t wall_ms, char ret[static TIME_TEXT_BYTES])
{
    int64_t year, seconds;
    int month, day;

    if (wall_ms < 0)
        wall_ms = 0;
    if (wall_ms > TIME_MS_MAX)
        wall_ms = TIME_MS_MAX;
    date_of_days(wall_ms / DAY_MS, &year, &month, &day);
    seconds = wall_ms % DAY_MS / SECOND_MS;
    /* The divisions change nothing; they show the compiler that the text fits. */
    (void)snprintf(ret, TIME_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02uZ",
        (unsigned)year % 10000, (unsigned)month % 100, (unsigned)day % 100,
        (unsigned)(seconds / 3600) % 100, (unsigned)(seconds / 60) % 60,
        (unsigned)seconds % 60);
}

/* Exactly n decimal digits. */
static bool read_digits(const char **at, int n, int *ret)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        char c = (*at)[i];

        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += n;
    *ret = value;
    return true;
}

static bool read_mark(const char **at, char mark)
{
    if (**at != mark)
        return false;
    (*at)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return DAYS[month - 1] + (month == 2 && leap);
}

enum status time_parse(const char *text, int64_t *ret_wall_ms)
{
    int year, month, day, hour = 0, minute = 0, second = 0;
    int64_t seconds;

    if (!read_digits(&text, 4, &year) || !read_mark(&text, '-') ||
        !read_digits(&text, 2, &month) || !read_mark(&text, '-') ||
        !read_digits(&text, 2, &day))
        return STATUS_MALFORMED;
    if (*text && (!read_mark(&text, 'T') || !read_digits(&text, 2, &hour) ||
                     !read_mark(&text, ':') || !read_digits(&text, 2, &minute) ||
                     !read_mark(&text, ':') || !read_digits(&text, 2, &second) ||
                     !read_mark(&text, 'Z') || *text))
        return STATUS_MALFORMED;
    if (year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 59)
        return STATUS_MALFORMED;
    seconds = days_of_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    *ret_wall_ms = seconds * SECOND_MS;
    return STATUS_OK;
}
