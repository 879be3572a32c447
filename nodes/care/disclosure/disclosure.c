/* SPDX-License-Identifier: Apache-2.0
 * One mask is computed and person_keep builds the copy up from nothing.
 */
#include "disclosure.h"

/* Groups that hold neither text nor place nor a day that names somebody. */
#define CODES                                                                            \
    (GROUP_BIT(GROUP_CORE) | GROUP_BIT(GROUP_HEALTH_URGENT) | GROUP_BIT(GROUP_RISK) |    \
        GROUP_BIT(GROUP_DEPENDANTS) | GROUP_BIT(GROUP_EXPLOITATION))

bool disclosure_is_screening_only(uint32_t roles)
{
    return roles == UINT32_C(1) << (ROLE_SCREENING - 1);
}

uint32_t disclosure_may(const struct disclosure_ask *ask)
{
    const struct matrix *matrix = ask->matrix;
    uint32_t may = matrix->always[ask->service] |
                   (matrix->if_consented[ask->service] & ask->consented);

    if (disclosure_is_screening_only(ask->recipient_roles))
        may &= CODES;
    return (may & ask->wanted) | GROUP_BIT(GROUP_CORE);
}

static enum withheld find_why(
    const struct disclosure_ask *ask, uint32_t known, uint32_t may, uint32_t bit)
{
    if (!(known & bit))
        return WITHHELD_UNKNOWN;
    if (may & bit)
        return WITHHELD_NOT;
    switch (matrix_cell(ask->matrix, ask->service, bit)) {
    case CELL_NEVER:
        return WITHHELD_MATRIX;
    case CELL_IF_CONSENTED:
    case CELL_ALWAYS:
        break;
    }
    if (disclosure_is_screening_only(ask->recipient_roles) && !(CODES & bit))
        return WITHHELD_ROLE;
    return ask->wanted & bit ? WITHHELD_NOT_CONSENTED : WITHHELD_NOT_WANTED;
}

struct disclosure disclosure_build(
    const struct disclosure_ask *ask, const struct person *person, const char *note)
{
    uint32_t may = disclosure_may(ask);
    uint32_t known = person_groups(person) | (note && *note ? NOTE_BIT : 0);
    struct disclosure built = {.person = person_keep(person, may & GROUP_ALL),
        .note = may & known & NOTE_BIT ? note : "",
        .sent = may & known,
        .may = may};

    for (int group = 1; group < GROUP_COUNT; group++)
        built.why[group] = find_why(ask, known, may, GROUP_BIT(group));
    built.why_note = find_why(ask, known, may, NOTE_BIT);
    return built;
}

const char *withheld_name(enum withheld why)
{
    static const char *const names[WITHHELD_COUNT] = {[WITHHELD_NOT] = "sent",
        [WITHHELD_MATRIX] = "matrix",
        [WITHHELD_NOT_CONSENTED] = "not-consented",
        [WITHHELD_ROLE] = "screening-member",
        [WITHHELD_NOT_WANTED] = "left-out",
        [WITHHELD_UNKNOWN] = "not-known"};

    return (unsigned)why < WITHHELD_COUNT ? names[why] : NULL;
}
