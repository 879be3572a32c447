/* SPDX-License-Identifier: Apache-2.0
 *
 * matching: which members may be asked for a service, in which order, and why (docs/CARE.md 5.5). Question, directory
 * and capacities in; a ranked list out. Pure, and the same for equal inputs in any order of the members.
 *
 * Every member of the question's directory comes back: offered, with the reasons for its rank, or excluded, with every
 * reason that applies and not only the first. Never offered: who is not active in the roster (suspended, revoked), whose
 * sharing protocol is missing or has lapsed (DP28), who does not offer the service, who says that it takes no such
 * person. What a profile does not tell excludes nobody; it is said as a reason, and ranks behind what is told.
 *
 * Room is never guessed: stale capacity is not room. A member that said nothing ranks before one whose word is stale.
 * The rank is a proposal. A person chooses, and the provider decides.
 *
 * The order: for tonight, who takes in at any hour; then room; then nearness; then the person's languages; then how
 * much is told; then the name.
 */
#ifndef AMAAN_MATCHING_H
#define AMAAN_MATCHING_H

#include "capacity.h"
#include "profiles.h"

enum { MATCH_NO_BOY = -1 };

struct match_question {
    enum service service;
    uint16_t district;      /* places.h; 0: not told */
    enum gender gender;     /* GENDER_UNSTATED: not told */
    enum age_band age_band; /* unknown, and not an adult: treated as a child (DP10) */
    enum minor minor;
    unsigned children; /* who come with the person */
    int boy_age;       /* years of the oldest boy among them, or MATCH_NO_BOY */
    size_t n_languages;
    char languages[LANGUAGES_MAX][4]; /* the best one first */
    bool wheelchair, tonight;
    int64_t
        protocol_day; /* by the earlier witness of time: no clock alone lapses anybody */
    int64_t now_ms;   /* by the later one: capacity is rather stale than free */
};

struct match_candidate {
    const struct profile *profile;
    bool active, own; /* in the roster, not suspended; this member itself */
    const struct capacity *capacities; /* the newest of each unit */
    size_t n_capacities;
};

/* Why not. Bits 1 << (value - 1) of match.excluded. */
enum match_exclusion {
    EXCLUDED_NOT_ACTIVE = 1,
    EXCLUDED_OWN,
    EXCLUDED_PROTOCOL_MISSING,
    EXCLUDED_PROTOCOL_LAPSED,
    EXCLUDED_TAKES_NO_REFERRALS,
    EXCLUDED_SERVICE,
    EXCLUDED_GENDER,
    EXCLUDED_AGE,
    EXCLUDED_CHILDREN,
    EXCLUDED_BOY_TOO_OLD,
    EXCLUDED_NO_ACCESS,
    EXCLUDED_CATCHMENT,
    EXCLUDED_NO_UNIT, /* no bed for such a person */
    EXCLUDED_FULL,
    EXCLUDED_CLOSED,
    EXCLUDED_COUNT
};

/* Why there. Bits 1 << (value - 1) of match.reasons. */
enum match_reason {
    RANKED_FREE = 1, /* fresh, with room of a unit that suits */
    RANKED_ASK_FIRST,
    RANKED_ROOM_NOT_TOLD,
    RANKED_ROOM_STALE,
    RANKED_WAITLIST,
    RANKED_SAME_DISTRICT,
    RANKED_SERVES_DISTRICT, /* by its catchment */
    RANKED_SAME_PROVINCE,
    RANKED_TELE,
    RANKED_ELSEWHERE,
    RANKED_PLACE_NOT_TOLD,
    RANKED_FIRST_LANGUAGE,
    RANKED_LANGUAGE,
    RANKED_NO_LANGUAGE,
    RANKED_LANGUAGES_NOT_TOLD,
    RANKED_ANY_HOUR,
    RANKED_BY_DAY,
    RANKED_HOURS_NOT_TOLD,
    RANKED_GENDER_NOT_TOLD,
    RANKED_AGE_NOT_TOLD,
    RANKED_AGE_IN_PART, /* takes some of that age */
    RANKED_CHILDREN_NOT_TOLD,
    RANKED_ACCESS_NOT_TOLD,
    RANKED_PAPERS, /* asks for papers */
    RANKED_COUNT
};

struct match {
    size_t candidate; /* its index */
    uint32_t excluded, reasons;
    uint32_t score; /* larger is better; only compared */
};

/* Fills n matches: the offered ones first, best first; then the excluded ones by name. */
void match_all(const struct match_question *question,
    const struct match_candidate *candidates, size_t n, struct match *ret);

const char *match_exclusion_name(enum match_exclusion exclusion); /* or NULL */
const char *match_reason_name(enum match_reason reason);

#endif
