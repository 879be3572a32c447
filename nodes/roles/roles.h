/* SPDX-License-Identifier: Apache-2.0
 *
 * roles: what each kind of member may send and receive, as a table of rows (docs/CARE.md 3). Nothing else in
 * the project asks "is this a shelter?".
 *
 * `roles` is a bitmap of profiles.h (1 << (role - 1)); a member with several roles may do what any of them
 * may. Kinds from 16 on and VOID are post's own: everybody may. To add a role: a value in profiles.h, its word
 * in words.c, a row here.
 */
#ifndef AMAAN_ROLES_H
#define AMAAN_ROLES_H

#include "inner.h"
#include "profiles.h"

bool roles_may_send(uint32_t roles, uint16_t kind);
bool roles_may_receive(uint32_t roles, uint16_t kind);
/* "screening, shelter": the words of a bitmap, cut to the size. */
void roles_format(uint32_t roles, char *ret, size_t size);

#endif
