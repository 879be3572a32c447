/* SPDX-License-Identifier: Apache-2.0
 * Days to months as in Howard Hinnant's days_from_civil: years begin in March, so that the leap day is the last.
 */
#include "months.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"

enum { YEAR_MONTHS = 12, CENTURIES_DAYS = 146097 };

/* Rounds down, also below zero. */
static int64_t divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t month_of_day(int64_t day)
{
    int64_t z = day + 719468; /* days since 1 March of the year 0 */
    int64_t era = divide(z, CENTURIES_DAYS), of_era = z - era * CENTURIES_DAYS;
    int64_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / (CENTURIES_DAYS - 1)) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t from_march = (5 * of_year + 2) / 153;
    int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;

    return (int32_t)((year + era * 400 + (month <= 2)) * 100 + month);
}

int64_t month_first_day(int32_t month)
{
    int64_t of_year = month % 100, year = month / 100 - (of_year <= 2);
    int64_t era = divide(year, 400), of_era = year - era * 400;
    int64_t from_march = of_year > 2 ? of_year - 3 : of_year + 9;

    return era * CENTURIES_DAYS + of_era * 365 + of_era / 4 - of_era / 100 +
           (153 * from_march + 2) / 5 - 719468;
}

int32_t month_of_ms(int64_t wall_ms)
{
    return month_of_day(divide(wall_ms, DAY_MS));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum status month_parse(const char *text, int32_t *ret)
{
    int32_t month;

    if (strlen(text) != 7 || text[4] != '-')
        return STATUS_MALFORMED;
    for (int i = 0; i < 7; i++)
        if (i != 4 && !is_digit(text[i]))
            return STATUS_MALFORMED;
    month = (text[0] - '0') * 100000 + (text[1] - '0') * 10000 + (text[2] - '0') * 1000 +
            (text[3] - '0') * 100 + (text[5] - '0') * 10 + (text[6] - '0');
    if (month < MONTH_FIRST || month > MONTH_LAST || month % 100 < 1 ||
        month % 100 > YEAR_MONTHS)
        return STATUS_MALFORMED;
    *ret = month;
    return STATUS_OK;
}

void month_format(int32_t month, char ret[static MONTH_TEXT_BYTES])
{
    (void)snprintf(ret, MONTH_TEXT_BYTES, "%04u-%02u", (unsigned)month / 100 % 10000,
        (unsigned)month % 100);
}

int32_t month_before(int32_t month, int n)
{
    int32_t months = month / 100 * YEAR_MONTHS + month % 100 - 1 - n;

    return months / YEAR_MONTHS * 100 + months % YEAR_MONTHS + 1;
}

bool month_ends_quarter(int32_t month)
{
    return month % 100 % QUARTER_MONTHS == 0;
}

void quarter_format(int32_t month, char ret[static MONTH_TEXT_BYTES])
{
    (void)snprintf(ret, MONTH_TEXT_BYTES, "%04u-Q%u", (unsigned)month / 100 % 10000,
        ((unsigned)month % 100 + 2) / QUARTER_MONTHS % 10);
}
