/* SPDX-License-Identifier: Apache-2.0
 *
 * local_roles: what each local role of a node may do and read. The reviewed policy config/policy/local-roles.json is
 * part of the program: no setting of a node changes it, and none turns the record of readers off (DP22).
 *
 * The policy has: version 1; `groups`, lists of fields of an item (verbs.h); `roles`, for each local role the groups
 * that it may read, where a higher role reads at least what the one below reads; `lists`, the
 * groups that lists and traces may carry to anybody; `verbs`, the least role of each; and
 * `cases_an_hour`, 1 to CASES_AN_HOUR_MAX. A field in no group is open to all. A verb that does not stand there is
 * for supervisors and above: what nobody reviewed is not open to everybody.
 */
#ifndef AMAAN_LOCAL_ROLES_H
#define AMAAN_LOCAL_ROLES_H

#include "json.h"
#include "people.h"

enum { CASES_AN_HOUR_MAX = 64 };

struct local_roles;

/* The policy of this program. MALFORMED with the first thing that is wrong. */
enum status local_roles_open(struct local_roles **ret, struct trouble *trouble) MUST_USE;
/* Any text; for tests. */
enum status local_roles_parse(
    struct span text, struct local_roles **ret, struct trouble *trouble) MUST_USE;
void local_roles_close(struct local_roles **roles);

enum local_role local_roles_least(const struct local_roles *roles, const char *verb);
bool local_roles_names(const struct local_roles *roles, const char *verb);
bool local_roles_may_read(
    const struct local_roles *roles, enum local_role role, const char *field);
bool local_roles_list_carries(const struct local_roles *roles, const char *field);
/* The i-th field that stands in a group; NULL at the end. */
const char *local_roles_field(const struct local_roles *roles, size_t i);
size_t local_roles_cases_an_hour(const struct local_roles *roles);

#endif
