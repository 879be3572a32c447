/* SPDX-License-Identifier: Apache-2.0
 * One row a role; bits are 1 << kind. The partners at the end of a path (work, school, goods) hand on through
 * the coordinator and start no referral of their own.
 */
#include "roles.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"

#define KIND(kind) (1u << (kind))
/* Whoever refers, and whoever is asked, says where a person is met. */
#define REFER                                                                            \
    (KIND(LETTER_REFERRAL) | KIND(LETTER_UPDATE) | KIND(LETTER_ENQUIRY) |                \
        KIND(LETTER_HANDOVER) | KIND(LETTER_EVENT) | KIND(LETTER_TEST))
/* Who has room tells of it; who refers is told. */
#define ROOM KIND(LETTER_CAPACITY)
/* Whoever answers also says that content was destroyed. */
#define REPLY                                                                            \
    (KIND(LETTER_ANSWER) | KIND(LETTER_UPDATE) | KIND(LETTER_ENQUIRY_ANSWER) |           \
        KIND(LETTER_HANDOVER) | KIND(LETTER_EVENT) | KIND(LETTER_TEST))
#define SERVICE(name) (1u << (SERVICE_##name - 1))
#define ALL_SERVICES ((1u << (SERVICE_COUNT - 1)) - 1)
#define LIST(name) (1u << (WORKLIST_##name - 1))
/* Every office that is asked for something: keeps cases, and has acts that wait for a second person. */
#define PROVIDER_AREAS (AREA_ANSWER | AREA_CASES)
#define PROVIDER_LISTS (LIST(INBOX) | LIST(CASES) | LIST(ACTS))

struct role_row {
    uint32_t sends, receives; /* bits 1 << kind */
    uint32_t services;
    uint32_t areas;
    uint32_t worklists;
};

static const struct role_row ROWS[ROLE_COUNT] = {
    [ROLE_SCREENING] = {REFER | REPLY, REFER | REPLY | ROOM,
        SERVICE(COORDINATION) | SERVICE(TRANSPORT) | SERVICE(DOCUMENTS),
        AREA_REFER | AREA_ANSWER | AREA_CASES | AREA_SCREEN,
        LIST(ARRIVALS) | LIST(SCREENINGS) | LIST(INBOX) | LIST(SENT) | LIST(CASES) |
            LIST(ACTS)},
    [ROLE_SHELTER] = {REFER | REPLY | ROOM, REFER | REPLY | ROOM,
        SERVICE(SHELTER) | SERVICE(SUPPLIES) | SERVICE(TRANSPORT) |
            SERVICE(PSYCHOSOCIAL) | SERVICE(FAMILY_CONTACT),
        PROVIDER_AREAS | AREA_REFER, PROVIDER_LISTS | LIST(SENT)},
    [ROLE_MEDICAL] = {REFER | REPLY | ROOM, REFER | REPLY | ROOM,
        SERVICE(MEDICAL) | SERVICE(PSYCHOSOCIAL), PROVIDER_AREAS | AREA_REFER,
        PROVIDER_LISTS | LIST(SENT)},
    [ROLE_PSYCHOSOCIAL] = {REFER | REPLY | ROOM, REFER | REPLY | ROOM,
        SERVICE(PSYCHOSOCIAL) | SERVICE(FAMILY_CONTACT), PROVIDER_AREAS | AREA_REFER,
        PROVIDER_LISTS | LIST(SENT)},
    [ROLE_LEGAL] = {REFER | REPLY | ROOM, REFER | REPLY | ROOM,
        SERVICE(LEGAL) | SERVICE(DOCUMENTS), PROVIDER_AREAS | AREA_REFER,
        PROVIDER_LISTS | LIST(SENT)},
    [ROLE_LIVELIHOOD] = {REPLY | ROOM, REFER, SERVICE(LIVELIHOOD) | SERVICE(EDUCATION),
        PROVIDER_AREAS, PROVIDER_LISTS},
    [ROLE_EDUCATION] = {REPLY | ROOM, REFER, SERVICE(EDUCATION) | SERVICE(LIVELIHOOD),
        PROVIDER_AREAS, PROVIDER_LISTS},
    [ROLE_CHILD_PROTECTION] = {REFER | REPLY | ROOM, REFER | REPLY | ROOM,
        SERVICE(CHILD_PROTECTION) | SERVICE(SHELTER) | SERVICE(FAMILY_CONTACT) |
            SERVICE(EDUCATION) | SERVICE(PSYCHOSOCIAL),
        PROVIDER_AREAS | AREA_REFER, PROVIDER_LISTS | LIST(SENT)},
    [ROLE_SUPPLIES] = {REPLY | ROOM, REFER, SERVICE(SUPPLIES) | SERVICE(TRANSPORT),
        PROVIDER_AREAS, PROVIDER_LISTS},
    /* Whoever has nobody to ask for something asks the coordinator for it. */
    [ROLE_COORDINATOR] = {REFER | REPLY, REFER | REPLY | ROOM, ALL_SERVICES,
        PROVIDER_AREAS | AREA_REFER | AREA_FOLLOW, PROVIDER_LISTS | LIST(SENT)},
};

static const char *const WORKLISTS[WORKLIST_COUNT] = {
    [WORKLIST_ARRIVALS] = "arrivals",
    [WORKLIST_SCREENINGS] = "screenings",
    [WORKLIST_INBOX] = "inbox",
    [WORKLIST_SENT] = "sent",
    [WORKLIST_CASES] = "cases",
    [WORKLIST_ACTS] = "acts",
};

/* What any of the roles has. */
static struct role_row join_rows(uint32_t roles)
{
    struct role_row joined = {0};

    for (int role = 1; role < ROLE_COUNT; role++) {
        const struct role_row *row = &ROWS[role];

        if (!(roles & (1u << (role - 1))))
            continue;
        joined.sends |= row->sends;
        joined.receives |= row->receives;
        joined.services |= row->services;
        joined.areas |= row->areas;
        joined.worklists |= row->worklists;
    }
    return joined;
}

static bool is_posts_own(uint16_t kind)
{
    return kind >= LETTER_RECEIPT || kind == LETTER_VOID;
}

bool roles_may_send(uint32_t roles, uint16_t kind)
{
    return is_posts_own(kind) || (join_rows(roles).sends & KIND(kind)) != 0;
}

bool roles_may_receive(uint32_t roles, uint16_t kind)
{
    return is_posts_own(kind) || (join_rows(roles).receives & KIND(kind)) != 0;
}

bool roles_may_serve(uint32_t roles, enum service service)
{
    if (service < 1 || service >= SERVICE_COUNT)
        return false;
    return (join_rows(roles).services & (1u << (service - 1))) != 0;
}

bool roles_are_screening_only(uint32_t roles)
{
    return roles == 1u << (ROLE_SCREENING - 1);
}

uint32_t roles_areas(uint32_t roles)
{
    return join_rows(roles).areas;
}

uint32_t roles_worklists(uint32_t roles)
{
    return join_rows(roles).worklists;
}

const char *worklist_name(enum worklist worklist)
{
    return (unsigned)worklist < WORKLIST_COUNT ? WORKLISTS[worklist] : NULL;
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
