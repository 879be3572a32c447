/* SPDX-License-Identifier: Apache-2.0
 * One function a subject; each adds its bits and its digit. The score is those digits in the header's order, so that
 * comparing two members is comparing two numbers.
 */
#include "matching.h"

#include <stdlib.h>
#include <string.h>

#include "inner.h"
#include "memory.h"
#include "places.h"
#include "roles.h"

#define BIT(value) (UINT32_C(1) << ((value)-1))
#define UNIT_BIT(unit) (UINT32_C(1) << ((unit)-1))

static const char *const EXCLUSIONS[EXCLUDED_COUNT] = {
    [EXCLUDED_NOT_ACTIVE] = "not-active",
    [EXCLUDED_OWN] = "own-member",
    [EXCLUDED_PROTOCOL_MISSING] = "protocol-missing",
    [EXCLUDED_PROTOCOL_LAPSED] = "protocol-lapsed",
    [EXCLUDED_TAKES_NO_REFERRALS] = "takes-no-referrals",
    [EXCLUDED_SERVICE] = "service-not-offered",
    [EXCLUDED_GENDER] = "gender-not-taken",
    [EXCLUDED_AGE] = "age-not-taken",
    [EXCLUDED_CHILDREN] = "children-not-taken",
    [EXCLUDED_BOY_TOO_OLD] = "boy-too-old",
    [EXCLUDED_NO_ACCESS] = "no-wheelchair-access",
    [EXCLUDED_CATCHMENT] = "outside-catchment",
    [EXCLUDED_NO_UNIT] = "no-suitable-bed",
    [EXCLUDED_FULL] = "full",
    [EXCLUDED_CLOSED] = "closed",
};

static const char *const REASONS[RANKED_COUNT] = {
    [RANKED_FREE] = "free",
    [RANKED_ASK_FIRST] = "ask-first",
    [RANKED_ROOM_NOT_TOLD] = "room-not-told",
    [RANKED_ROOM_STALE] = "room-stale",
    [RANKED_WAITLIST] = "waitlist",
    [RANKED_SAME_DISTRICT] = "same-district",
    [RANKED_SERVES_DISTRICT] = "serves-district",
    [RANKED_SAME_PROVINCE] = "same-province",
    [RANKED_TELE] = "tele",
    [RANKED_ELSEWHERE] = "elsewhere",
    [RANKED_PLACE_NOT_TOLD] = "place-not-told",
    [RANKED_FIRST_LANGUAGE] = "first-language",
    [RANKED_LANGUAGE] = "another-language",
    [RANKED_NO_LANGUAGE] = "no-common-language",
    [RANKED_LANGUAGES_NOT_TOLD] = "languages-not-told",
    [RANKED_ANY_HOUR] = "any-hour",
    [RANKED_BY_DAY] = "by-day-only",
    [RANKED_HOURS_NOT_TOLD] = "hours-not-told",
    [RANKED_GENDER_NOT_TOLD] = "gender-not-told",
    [RANKED_AGE_NOT_TOLD] = "age-not-told",
    [RANKED_AGE_IN_PART] = "age-in-part",
    [RANKED_CHILDREN_NOT_TOLD] = "children-not-told",
    [RANKED_ACCESS_NOT_TOLD] = "access-not-told",
    [RANKED_PAPERS] = "asks-for-papers",
};

const char *match_exclusion_name(enum match_exclusion exclusion)
{
    return (unsigned)exclusion < EXCLUDED_COUNT ? EXCLUSIONS[exclusion] : NULL;
}

const char *match_reason_name(enum match_reason reason)
{
    return (unsigned)reason < RANKED_COUNT ? REASONS[reason] : NULL;
}

/* ---- may it be asked at all ---- */

static void judge_standing(const struct match_question *question,
    const struct match_candidate *candidate, struct match *match)
{
    const struct profile *profile = candidate->profile;
    enum protocol_state protocol =
        eligibility_protocol(&profile->eligibility, question->protocol_day);

    if (!candidate->active)
        match->excluded |= BIT(EXCLUDED_NOT_ACTIVE);
    if (candidate->own)
        match->excluded |= BIT(EXCLUDED_OWN);
    if (protocol == PROTOCOL_MISSING)
        match->excluded |= BIT(EXCLUDED_PROTOCOL_MISSING);
    if (protocol == PROTOCOL_LAPSED)
        match->excluded |= BIT(EXCLUDED_PROTOCOL_LAPSED);
    if (!roles_may_receive(profile->roles, LETTER_REFERRAL))
        match->excluded |= BIT(EXCLUDED_TAKES_NO_REFERRALS);
    if (!roles_may_serve(profile->roles, question->service) ||
        (profile->services != 0 &&
            !(profile->services & UINT32_C(1) << (question->service - 1))))
        match->excluded |= BIT(EXCLUDED_SERVICE);
}

/* ---- the person ---- */

/* The years that the person may have. Who may be a child is looked for among children, too. */
static void find_years(
    const struct match_question *question, uint32_t *ret_low, uint32_t *ret_high)
{
    static const struct {
        uint32_t low, high;
    } bands[AGE_BAND_COUNT] = {
        [AGE_UNKNOWN] = {0, 17},
        [AGE_0_8] = {0, 8},
        [AGE_9_17] = {9, 17},
        [AGE_18_25] = {18, 25},
        [AGE_26_40] = {26, 40},
        [AGE_41_60] = {41, 60},
        [AGE_OVER_60] = {61, AGE_YEARS_MAX},
    };

    *ret_low = bands[question->age_band].low;
    *ret_high = bands[question->age_band].high;
    if (question->age_band == AGE_UNKNOWN && question->minor == MINOR_NO) {
        *ret_low = 18;
        *ret_high = AGE_YEARS_MAX;
    } else if (question->minor == MINOR_UNKNOWN) {
        *ret_low = 0;
    }
}

static void judge_age(const struct match_question *question,
    const struct eligibility *one, struct match *match)
{
    uint32_t low, high, to = one->maximum_age ? one->maximum_age : AGE_YEARS_MAX;

    find_years(question, &low, &high);
    if (one->minimum_age == 0 && one->maximum_age == 0)
        match->reasons |= BIT(RANKED_AGE_NOT_TOLD);
    else if (high < one->minimum_age || low > to)
        match->excluded |= BIT(EXCLUDED_AGE);
    else if (low < one->minimum_age || high > to)
        match->reasons |= BIT(RANKED_AGE_IN_PART);
}

static void judge_person(const struct match_question *question,
    const struct eligibility *one, struct match *match)
{
    if (question->gender != GENDER_UNSTATED && one->genders == 0)
        match->reasons |= BIT(RANKED_GENDER_NOT_TOLD);
    else if (question->gender != GENDER_UNSTATED &&
             !(one->genders & UINT32_C(1) << (question->gender - 1)))
        match->excluded |= BIT(EXCLUDED_GENDER);
    judge_age(question, one, match);
    if (question->children > 0 && one->children == CLAIM_NO)
        match->excluded |= BIT(EXCLUDED_CHILDREN);
    if (question->children > 0 && one->children == CLAIM_NOTHING)
        match->reasons |= BIT(RANKED_CHILDREN_NOT_TOLD);
    if (question->boy_age > 0 && one->boys_max_age != 0 &&
        (uint32_t)question->boy_age > one->boys_max_age)
        match->excluded |= BIT(EXCLUDED_BOY_TOO_OLD);
    if (question->wheelchair && one->wheelchair == CLAIM_NO)
        match->excluded |= BIT(EXCLUDED_NO_ACCESS);
    if (question->wheelchair && one->wheelchair == CLAIM_NOTHING)
        match->reasons |= BIT(RANKED_ACCESS_NOT_TOLD);
    if (one->papers)
        match->reasons |= BIT(RANKED_PAPERS);
}

/* ---- room ---- */

/* The units in which such a person can be taken. */
static uint32_t suitable_units(const struct match_question *question)
{
    uint32_t units = UNIT_BIT(UNIT_PLACE);

    if (question->service != SERVICE_SHELTER)
        return units | UNIT_BIT(UNIT_APPOINTMENT);
    if (question->gender == GENDER_FEMALE)
        units |= UNIT_BIT(UNIT_FEMALE_BED);
    if (question->gender == GENDER_MALE)
        units |= UNIT_BIT(UNIT_MALE_BED);
    if (question->children > 0)
        units |= UNIT_BIT(UNIT_FAMILY_BED);
    return units;
}

enum room {
    ROOM_CLOSED,
    ROOM_FULL,
    ROOM_WAITLIST,
    ROOM_STALE,
    ROOM_UNTOLD,
    ROOM_ASK,
    ROOM_FREE
};

static enum room room_of(const struct capacity *capacity, int64_t now_ms)
{
    if (!capacity_is_good(capacity, now_ms))
        return ROOM_STALE;
    switch (capacity->status) {
    case CAPACITY_OPEN:
        return ROOM_FREE;
    case CAPACITY_WAITLIST:
        return ROOM_WAITLIST;
    case CAPACITY_FULL:
        return ROOM_FULL;
    case CAPACITY_ASK_FIRST:
        return ROOM_ASK;
    case CAPACITY_CLOSED:
    case CAPACITY_STATUS_COUNT:
        break;
    }
    return ROOM_CLOSED;
}

/* The best word about a unit that suits. */
static enum room find_room(
    const struct match_question *question, const struct match_candidate *candidate)
{
    uint32_t suitable = suitable_units(question);
    enum room best = ROOM_UNTOLD;
    bool told = false;

    for (size_t i = 0; i < candidate->n_capacities; i++) {
        const struct capacity *capacity = &candidate->capacities[i];
        enum room room = room_of(capacity, question->now_ms);

        if (!(suitable & UNIT_BIT(capacity->unit)) || (told && room <= best))
            continue;
        best = room;
        told = true;
    }
    return best;
}

static uint32_t judge_room(const struct match_question *question,
    const struct match_candidate *candidate, struct match *match)
{
    static const uint32_t reasons[] = {[ROOM_WAITLIST] = BIT(RANKED_WAITLIST),
        [ROOM_STALE] = BIT(RANKED_ROOM_STALE),
        [ROOM_UNTOLD] = BIT(RANKED_ROOM_NOT_TOLD),
        [ROOM_ASK] = BIT(RANKED_ASK_FIRST),
        [ROOM_FREE] = BIT(RANKED_FREE)};
    uint32_t units = candidate->profile->eligibility.units;
    enum room room = find_room(question, candidate);

    if (question->service == SERVICE_SHELTER && units != 0 &&
        !(units & suitable_units(question)))
        match->excluded |= BIT(EXCLUDED_NO_UNIT);
    if (room == ROOM_CLOSED)
        match->excluded |= BIT(EXCLUDED_CLOSED);
    else if (room == ROOM_FULL)
        match->excluded |= BIT(EXCLUDED_FULL);
    match->reasons |= reasons[room];
    return (uint32_t)room;
}

/* ---- place, language, hour ---- */

static bool serves(const struct eligibility *one, uint16_t district)
{
    for (size_t i = 0; i < one->n_catchment; i++)
        if (one->catchment[i] == district)
            return true;
    return false;
}

static uint32_t near_by_district(const struct match_question *question,
    const struct eligibility *one, struct match *match)
{
    switch (place_nearness(question->district, one->district)) {
    case NEARNESS_DISTRICT:
        match->reasons |= BIT(RANKED_SAME_DISTRICT);
        return 4;
    case NEARNESS_PROVINCE:
        match->reasons |= BIT(RANKED_SAME_PROVINCE);
        return 2;
    case NEARNESS_ELSEWHERE:
        break;
    }
    match->reasons |= BIT(RANKED_ELSEWHERE);
    return 1;
}

static uint32_t judge_place(const struct match_question *question,
    const struct eligibility *one, struct match *match)
{
    bool served = question->district != 0 && serves(one, question->district);
    uint32_t near = 0;

    if (question->district == 0)
        return 0;
    if (one->n_catchment > 0 && !served)
        match->excluded |= BIT(EXCLUDED_CATCHMENT);
    if (one->district != 0)
        near = near_by_district(question, one, match);
    if (served) {
        match->reasons |= BIT(RANKED_SERVES_DISTRICT);
        near = near < 3 ? 3 : near;
    }
    if (one->tele == CLAIM_YES) {
        match->reasons |= BIT(RANKED_TELE);
        near = near < 2 ? 2 : near;
    }
    if (near == 0)
        match->reasons |= BIT(RANKED_PLACE_NOT_TOLD);
    return near;
}

static uint32_t judge_languages(const struct match_question *question,
    const struct profile *profile, struct match *match)
{
    if (question->n_languages == 0)
        return 0;
    if (profile->n_languages == 0) {
        match->reasons |= BIT(RANKED_LANGUAGES_NOT_TOLD);
        return 1;
    }
    for (size_t i = 0; i < question->n_languages; i++)
        for (size_t k = 0; k < profile->n_languages; k++)
            if (memcmp(question->languages[i], profile->languages[k], 3) == 0) {
                match->reasons |= BIT(i == 0 ? RANKED_FIRST_LANGUAGE : RANKED_LANGUAGE);
                return i == 0 ? 3 : 2;
            }
    match->reasons |= BIT(RANKED_NO_LANGUAGE);
    return 0;
}

static uint32_t judge_hour(const struct match_question *question,
    const struct eligibility *one, struct match *match)
{
    if (!question->tonight)
        return 0;
    switch (one->round_the_clock) {
    case CLAIM_YES:
        match->reasons |= BIT(RANKED_ANY_HOUR);
        return 2;
    case CLAIM_NO:
        match->reasons |= BIT(RANKED_BY_DAY);
        return 0;
    case CLAIM_NOTHING:
    case CLAIM_COUNT:
        break;
    }
    match->reasons |= BIT(RANKED_HOURS_NOT_TOLD);
    return 1;
}

/* ---- all of it ---- */

/* How much of what was asked is told: 0 to 4. */
static uint32_t count_told(const struct match *match)
{
    static const uint32_t untold[] = {BIT(RANKED_GENDER_NOT_TOLD),
        BIT(RANKED_AGE_NOT_TOLD), BIT(RANKED_CHILDREN_NOT_TOLD),
        BIT(RANKED_ACCESS_NOT_TOLD)};
    uint32_t told = ARRAY_LENGTH(untold);

    for (size_t i = 0; i < ARRAY_LENGTH(untold); i++)
        told -= (match->reasons & untold[i]) != 0;
    return told;
}

static void judge(const struct match_question *question,
    const struct match_candidate *candidate, struct match *match)
{
    const struct eligibility *one = &candidate->profile->eligibility;
    uint32_t score;

    judge_standing(question, candidate, match);
    judge_person(question, one, match);
    score = judge_hour(question, one, match);
    score = score * 10 + judge_room(question, candidate, match);
    score = score * 10 + judge_place(question, one, match);
    score = score * 10 + judge_languages(question, candidate->profile, match);
    match->score = score * 10 + count_told(match);
}

struct entry {
    struct match match;
    const char *name;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    bool out = one->match.excluded != 0, other_out = other->match.excluded != 0;

    if (out != other_out)
        return out ? 1 : -1;
    if (!out && one->match.score != other->match.score)
        return one->match.score > other->match.score ? -1 : 1;
    return strcmp(one->name, other->name);
}

void match_all(const struct match_question *question,
    const struct match_candidate *candidates, size_t n, struct match *ret)
{
    struct entry *entries = memory_new_array(n, sizeof *entries);

    PROMISE(question->service >= 1 && question->service < SERVICE_COUNT);
    for (size_t i = 0; i < n; i++) {
        entries[i] = (struct entry){
            .match = {.candidate = i}, .name = candidates[i].profile->name};
        judge(question, &candidates[i], &entries[i].match);
    }
    if (n > 1)
        qsort(entries, n, sizeof *entries, compare_entries);
    for (size_t i = 0; i < n; i++)
        ret[i] = entries[i].match;
    memory_free(entries);
}
