/* SPDX-License-Identifier: Apache-2.0
 *
 * One table of days.
 */
#include "pulse.h"

#include "memory.h"
#include "witness.h"

#define TRAFFIC_MS (60 * DAY_MS)

int64_t pulse_wait_ms(uint32_t tries)
{
    static const uint8_t days[] = {1, 1, 2, 4, 7, 7};
    size_t i = tries < ARRAY_LENGTH(days) ? tries : ARRAY_LENGTH(days) - 1;
    return days[i] * DAY_MS;
}

bool pulse_due(const struct pulse *pulse, int64_t now_ms)
{
    /* Traffic in the future means that the clock was set back: it was not long ago. */
    bool wanted = pulse->unsettled ||
                  (pulse->traffic_ms != 0 && now_ms - pulse->traffic_ms < TRAFFIC_MS);
    return wanted && period_over(now_ms, pulse->out_ms, pulse_wait_ms(pulse->tries));
}
