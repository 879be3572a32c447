/* SPDX-License-Identifier: Apache-2.0
 * One row a role; bits are 1 << kind. The partners at the end of a path (work, school, goods) hand on through
 * the coordinator and start no referral of their own.
 */
#include "roles.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"

#define KIND(kind) (1u << (kind))
#define REFER (KIND(LETTER_REFERRAL) | KIND(LETTER_UPDATE))
/* Whoever answers also says that content was destroyed. */
#define REPLY (KIND(LETTER_ANSWER) | KIND(LETTER_UPDATE))

struct role_row {
    uint32_t sends, receives;
};

static const struct role_row ROWS[ROLE_COUNT] = {
    [ROLE_SCREENING] = {REFER | REPLY, REFER | REPLY},
    [ROLE_SHELTER] = {REFER | REPLY, REFER | REPLY},
    [ROLE_MEDICAL] = {REFER | REPLY, REFER | REPLY},
    [ROLE_PSYCHOSOCIAL] = {REFER | REPLY, REFER | REPLY},
    [ROLE_LEGAL] = {REFER | REPLY, REFER | REPLY},
    [ROLE_LIVELIHOOD] = {REPLY, REFER},
    [ROLE_EDUCATION] = {REPLY, REFER},
    [ROLE_CHILD_PROTECTION] = {REFER | REPLY, REFER | REPLY},
    [ROLE_SUPPLIES] = {REPLY, REFER},
    [ROLE_COORDINATOR] = {REFER | REPLY, REFER | REPLY},
};

static bool any_row(uint32_t roles, uint16_t kind, bool sends)
{
    if (kind >= LETTER_RECEIPT || kind == LETTER_VOID)
        return true;
    for (int role = 1; role < ROLE_COUNT; role++) {
        uint32_t kinds = sends ? ROWS[role].sends : ROWS[role].receives;

        if ((roles & (1u << (role - 1))) && (kinds & KIND(kind)))
            return true;
    }
    return false;
}

bool roles_may_send(uint32_t roles, uint16_t kind)
{
    return any_row(roles, kind, true);
}

bool roles_may_receive(uint32_t roles, uint16_t kind)
{
    return any_row(roles, kind, false);
}

void roles_format(uint32_t roles, char *ret, size_t size)
{
    size_t used = 0;

    PROMISE(size > 0);
    ret[0] = 0;
    for (int role = 1; role < ROLE_COUNT; role++) {
        if (!(roles & (1u << (role - 1))))
            continue;
        int n = snprintf(ret + used, size - used, "%s%s", used > 0 ? ", " : "",
            role_name((enum role)role));
        if (n < 0 || (size_t)n >= size - used)
            return;
        used += (size_t)n;
    }
}
