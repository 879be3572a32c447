/* SPDX-License-Identifier: Apache-2.0
 *
 * roles: what each kind of member sends, takes, is asked for and offers its staff, as a table of rows (docs/CARE.md
 * 4). Nothing else in the project asks "is this a shelter?".
 *
 * `roles` is a bitmap of profiles.h (1 << (role - 1)); a member with several roles may do what any of them
 * may. Kinds from 16 on and VOID are post's own: everybody may. To add a role: a value in profiles.h, its word
 * in words.c, a row here.
 */
#ifndef AMAAN_ROLES_H
#define AMAAN_ROLES_H

#include "inner.h"
#include "profiles.h"

/* Letters. A peer that sends what its row lacks is refused by the receiver (INVALID, code ROLE). */
bool roles_may_send(uint32_t roles, uint16_t kind);
bool roles_may_receive(uint32_t roles, uint16_t kind);
/* May a member of these roles be asked for the service at all? Its profile may narrow it, never widen. */
bool roles_may_serve(uint32_t roles, enum service service);
/* Is screening its only role? To such a member codes and days travel, and nothing else (DP13). */
bool roles_are_screening_only(uint32_t roles);

/* What a node offers its own staff: a bit for each group of verbs. */
enum area {
    AREA_REFER = 1,  /* make and follow referrals */
    AREA_ANSWER = 2, /* open, accept, decline, complete what came */
    AREA_CASES = 4,  /* keep a casebook */
    AREA_SCREEN = 8, /* screening form, counter triage, arrivals */
    AREA_FOLLOW = 16 /* follow other members' referrals: the coordinator's worklists */
};
uint32_t roles_areas(uint32_t roles);

/* Lists that wait for a person, in the order in which a page shows them. */
enum worklist {
    WORKLIST_ARRIVALS = 1, /* people to take aside, from the arrivals list */
    WORKLIST_SCREENINGS,   /* forms that were begun and not ended */
    WORKLIST_INBOX,        /* referrals to open and to decide */
    WORKLIST_SENT,         /* own referrals that wait for somebody */
    WORKLIST_CASES,        /* open cases with a step due */
    WORKLIST_ACTS,         /* acts of one person that wait for a second one */
    WORKLIST_COUNT
};
/* Bits 1 << (worklist - 1). */
uint32_t roles_worklists(uint32_t roles);
const char *worklist_name(enum worklist worklist); /* "arrivals"; NULL past the end */

/* "screening, shelter": the words of a bitmap, cut to the size. */
void roles_format(uint32_t roles, char *ret, size_t size);

#endif
