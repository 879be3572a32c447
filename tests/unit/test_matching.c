/* SPDX-License-Identifier: Apache-2.0
 *
 * matching: each reason by itself, and what always holds, over directories by chance. Members are invented.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "clock.h"
#include "matching.h"
#include "memory.h"
#include "seeded.h"

enum { TODAY = 20782, N = 60, ROUNDS = 300 };

#define BIT(value) (UINT32_C(1) << ((value)-1))
#define NOW ((int64_t)TODAY * DAY_MS)

static struct profile shelter(const char *name)
{
    return (struct profile){.name = name,
        .roles = BIT(ROLE_SHELTER),
        .services = BIT(SERVICE_SHELTER),
        .n_languages = 2,
        .languages = {"urd", "pus"},
        .hours = "",
        .contact = "",
        .eligibility = {.protocol = "isp-1", .protocol_last_day = TODAY}};
}

static struct match_question question(void)
{
    return (struct match_question){.service = SERVICE_SHELTER,
        .gender = GENDER_FEMALE,
        .age_band = AGE_18_25,
        .minor = MINOR_NO,
        .boy_age = MATCH_NO_BOY,
        .protocol_day = TODAY,
        .now_ms = NOW};
}

static struct match match_one(
    const struct match_question *asked, const struct profile *profile)
{
    struct match_candidate candidate = {.profile = profile, .active = true};
    struct match match;

    match_all(asked, &candidate, 1, &match);
    return match;
}

static void match__leaves_out_with_every_reason_that_applies(void **state)
{
    struct profile profile = shelter("shelter.a");
    struct match_question asked = question();
    struct match_candidate candidate = {.profile = &profile, .active = true};
    struct match match;

    (void)state;
    assert_int_equal(match_one(&asked, &profile).excluded, 0);
#define LEAVES_OUT(change, reason)                                                       \
    do {                                                                                 \
        asked = question();                                                              \
        profile = shelter("shelter.a");                                                  \
        change;                                                                          \
        assert_int_equal(match_one(&asked, &profile).excluded, BIT(reason));             \
    } while (0)
    LEAVES_OUT(
        profile.eligibility.protocol_last_day = TODAY - 1, EXCLUDED_PROTOCOL_LAPSED);
    LEAVES_OUT(profile.eligibility.protocol_last_day = 0, EXCLUDED_PROTOCOL_MISSING);
    LEAVES_OUT(profile.services = BIT(SERVICE_SUPPLIES), EXCLUDED_SERVICE);
    LEAVES_OUT(profile.roles = BIT(ROLE_LEGAL), EXCLUDED_SERVICE);
    LEAVES_OUT(profile.eligibility.genders = BIT(GENDER_MALE), EXCLUDED_GENDER);
    LEAVES_OUT(profile.eligibility.minimum_age = 26, EXCLUDED_AGE);
    LEAVES_OUT(profile.eligibility.maximum_age = 17, EXCLUDED_AGE);
    LEAVES_OUT(
        (asked.children = 1, profile.eligibility.children = CLAIM_NO), EXCLUDED_CHILDREN);
    LEAVES_OUT((asked.boy_age = 13, profile.eligibility.boys_max_age = 12),
        EXCLUDED_BOY_TOO_OLD);
    LEAVES_OUT((asked.wheelchair = true, profile.eligibility.wheelchair = CLAIM_NO),
        EXCLUDED_NO_ACCESS);
    LEAVES_OUT((asked.district = 513, profile.eligibility.n_catchment = 1,
                   profile.eligibility.catchment[0] = 528),
        EXCLUDED_CATCHMENT);
    LEAVES_OUT(profile.eligibility.units = BIT(UNIT_MALE_BED), EXCLUDED_NO_UNIT);
#undef LEAVES_OUT
    profile = shelter("shelter.a");
    profile.eligibility.protocol_last_day = 0;
    profile.eligibility.genders = BIT(GENDER_MALE);
    profile.eligibility.maximum_age = 17;
    asked = question();
    candidate = (struct match_candidate){.profile = &profile, .own = true};
    match_all(&asked, &candidate, 1, &match);
    assert_int_equal(match.excluded, BIT(EXCLUDED_NOT_ACTIVE) | BIT(EXCLUDED_OWN) |
                                         BIT(EXCLUDED_PROTOCOL_MISSING) |
                                         BIT(EXCLUDED_GENDER) | BIT(EXCLUDED_AGE));
}

static void match__treats_whoever_may_be_a_child_as_one(void **state)
{
    struct profile adults = shelter("shelter.a"), children = shelter("shelter.b");
    struct match_question asked = question();

    (void)state;
    adults.eligibility.minimum_age = 18;
    children.eligibility.maximum_age = 17;
    asked.age_band = AGE_UNKNOWN;
    asked.minor = MINOR_UNKNOWN;
    assert_int_equal(match_one(&asked, &adults).excluded, BIT(EXCLUDED_AGE));
    assert_int_equal(match_one(&asked, &children).excluded, 0);
    asked.minor = MINOR_NO;
    assert_int_equal(match_one(&asked, &adults).excluded, 0);
    assert_int_equal(match_one(&asked, &children).excluded, BIT(EXCLUDED_AGE));
    asked.age_band = AGE_18_25; /* as it looks; nobody knows */
    asked.minor = MINOR_UNKNOWN;
    assert_int_equal(match_one(&asked, &children).excluded, 0);
}

/* A good word of one free female bed, changed by the caller. */
static struct capacity bed(void)
{
    return (struct capacity){.unit = UNIT_FEMALE_BED,
        .status = CAPACITY_OPEN,
        .maximum = 8,
        .available = 1,
        .updated_ms = NOW - HOUR_MS,
        .good_until_ms = NOW + HOUR_MS};
}

static struct match match_room(const struct capacity *capacities, size_t n)
{
    struct profile profile = shelter("shelter.a");
    struct match_question asked = question();
    struct match_candidate candidate = {
        .profile = &profile, .active = true, .capacities = capacities, .n_capacities = n};
    struct match match;

    match_all(&asked, &candidate, 1, &match);
    return match;
}

static void match__never_takes_stale_room_for_free_room(void **state)
{
    struct capacity one = bed(), two[2];
    uint32_t free, untold, stale;

    (void)state;
    free = match_room(&one, 1).score;
    assert_true(match_room(&one, 1).reasons & BIT(RANKED_FREE));
    untold = match_room(NULL, 0).score;
    assert_true(match_room(NULL, 0).reasons & BIT(RANKED_ROOM_NOT_TOLD));
    one.good_until_ms = NOW;
    stale = match_room(&one, 1).score;
    assert_true(match_room(&one, 1).reasons & BIT(RANKED_ROOM_STALE));
    assert_false(match_room(&one, 1).reasons & BIT(RANKED_FREE));
    assert_true(free > untold && untold > stale);
    one.status = CAPACITY_FULL; /* long ago: who knows */
    assert_int_equal(match_room(&one, 1).excluded, 0);
    one = bed();
    one.status = CAPACITY_FULL;
    assert_int_equal(match_room(&one, 1).excluded, BIT(EXCLUDED_FULL));
    one.status = CAPACITY_CLOSED;
    assert_int_equal(match_room(&one, 1).excluded, BIT(EXCLUDED_CLOSED));
    one.status = CAPACITY_WAITLIST;
    assert_true(match_room(&one, 1).reasons & BIT(RANKED_WAITLIST));
    one.status = CAPACITY_ASK_FIRST;
    assert_true(match_room(&one, 1).reasons & BIT(RANKED_ASK_FIRST));
    one = bed();
    one.unit = UNIT_MALE_BED; /* says nothing of women */
    assert_true(match_room(&one, 1).reasons & BIT(RANKED_ROOM_NOT_TOLD));
    two[0] = bed();
    two[0].status = CAPACITY_FULL;
    two[1] = bed();
    two[1].unit = UNIT_PLACE;
    assert_true(match_room(two, 2).reasons & BIT(RANKED_FREE));
}

/* Which name comes first of two? */
static const char *first_of(
    const struct match_question *asked, const struct profile *a, const struct profile *b)
{
    struct match_candidate candidates[] = {
        {.profile = a, .active = true}, {.profile = b, .active = true}};
    struct match matches[2];

    match_all(asked, candidates, 2, matches);
    assert_int_equal(matches[0].excluded, 0);
    return candidates[matches[0].candidate].profile->name;
}

static void match__ranks_by_hour_then_place_then_language_then_name(void **state)
{
    struct profile a = shelter("shelter.a"), b = shelter("shelter.b");
    struct match_question asked = question();

    (void)state;
    assert_string_equal(first_of(&asked, &a, &b), "shelter.a");
    assert_string_equal(first_of(&asked, &b, &a), "shelter.a");
    b.eligibility.genders = BIT(GENDER_FEMALE);
    assert_string_equal(first_of(&asked, &a, &b), "shelter.b");
    asked.n_languages = 2;
    memcpy(asked.languages, "pus\0urd", 8);
    memcpy(b.languages[1], "eng", 4); /* no Pashto */
    assert_string_equal(first_of(&asked, &a, &b), "shelter.a");
    asked.district = 513;
    b.eligibility.n_catchment = 3;
    b.eligibility.catchment[0] = 506;
    b.eligibility.catchment[1] = 513;
    b.eligibility.catchment[2] = 528;
    assert_string_equal(first_of(&asked, &a, &b), "shelter.b");
    asked.tonight = true;
    a.eligibility.round_the_clock = CLAIM_YES;
    assert_string_equal(first_of(&asked, &a, &b), "shelter.a");
}

static void match__knows_district_province_and_telephone(void **state)
{
    struct profile clinic = shelter("clinic.a");
    struct match_question asked = question();

    (void)state;
    clinic.roles = BIT(ROLE_MEDICAL);
    clinic.services = BIT(SERVICE_MEDICAL);
    asked.service = SERVICE_MEDICAL;
    asked.district = 513;
    assert_true(match_one(&asked, &clinic).reasons & BIT(RANKED_PLACE_NOT_TOLD));
    clinic.eligibility.district = 513;
    assert_true(match_one(&asked, &clinic).reasons & BIT(RANKED_SAME_DISTRICT));
    clinic.eligibility.district = 528;
    assert_true(match_one(&asked, &clinic).reasons & BIT(RANKED_SAME_PROVINCE));
    clinic.eligibility.district = 617;
    assert_true(match_one(&asked, &clinic).reasons & BIT(RANKED_ELSEWHERE));
    clinic.eligibility.tele = CLAIM_YES;
    assert_true(match_one(&asked, &clinic).reasons & BIT(RANKED_TELE));
}

/* ---- by chance ---- */

static unsigned draw(struct chance *chance, unsigned below)
{
    uint32_t number;

    chance_fill(chance, &number, sizeof number);
    return number % below;
}

struct stage {
    struct profile profiles[N];
    char names[N][24];
    struct capacity capacities[N][2];
    struct match_candidate candidates[N];
};

static void draw_eligibility(struct chance *chance, struct eligibility *one)
{
    *one = (struct eligibility){.genders = draw(chance, 2) ? draw(chance, 16) : 0,
        .minimum_age = draw(chance, 2) ? draw(chance, 30) : 0,
        .boys_max_age = draw(chance, 18),
        .children = draw(chance, CLAIM_COUNT),
        .wheelchair = draw(chance, CLAIM_COUNT),
        .round_the_clock = draw(chance, CLAIM_COUNT),
        .units = draw(chance, 2) ? draw(chance, 32) : 0,
        .tele = draw(chance, CLAIM_COUNT),
        .protocol = "isp-1",
        .protocol_last_day = draw(chance, 3) ? TODAY - 2 + draw(chance, 5) : 0};
    if (draw(chance, 2))
        one->maximum_age = one->minimum_age + 1 + draw(chance, 40);
    if (draw(chance, 2))
        one->district = (uint16_t)(501 + draw(chance, 3));
    if (draw(chance, 2)) {
        one->n_catchment = 1;
        one->catchment[0] = (uint16_t)(501 + draw(chance, 3));
    }
}

static void draw_stage(struct chance *chance, struct stage *stage)
{
    for (size_t i = 0; i < N; i++) {
        struct profile *profile = &stage->profiles[i];

        snprintf(stage->names[i], sizeof stage->names[i], "member.x%03zu", i);
        *profile = shelter(stage->names[i]);
        profile->roles = BIT(1 + draw(chance, ROLE_COUNT - 1));
        profile->services = draw(chance, 1 << (SERVICE_COUNT - 1));
        profile->n_languages = draw(chance, 3);
        draw_eligibility(chance, &profile->eligibility);
        for (size_t k = 0; k < 2; k++) {
            stage->capacities[i][k] = bed();
            stage->capacities[i][k].unit = 1 + draw(chance, UNIT_COUNT - 1);
            stage->capacities[i][k].status = 1 + draw(chance, CAPACITY_STATUS_COUNT - 1);
            stage->capacities[i][k].good_until_ms = NOW + draw(chance, 2) * HOUR_MS;
        }
        stage->candidates[i] = (struct match_candidate){.profile = profile,
            .active = draw(chance, 4) != 0,
            .own = i == 7,
            .capacities = stage->capacities[i],
            .n_capacities = draw(chance, 3)};
    }
}

static struct match_question draw_question(struct chance *chance)
{
    struct match_question asked = question();

    asked.service = 1 + draw(chance, SERVICE_COUNT - 1);
    asked.gender = 1 + draw(chance, GENDER_COUNT - 1);
    asked.age_band = 1 + draw(chance, AGE_BAND_COUNT - 1);
    asked.minor = 1 + draw(chance, MINOR_COUNT - 1);
    asked.district = draw(chance, 2) ? (uint16_t)(501 + draw(chance, 3)) : 0;
    asked.children = draw(chance, 3);
    asked.boy_age = asked.children ? (int)draw(chance, 19) - 1 : MATCH_NO_BOY;
    asked.wheelchair = draw(chance, 2);
    asked.tonight = draw(chance, 2);
    return asked;
}

/* What must hold of whoever is offered, said once more and another way than in matching.c. */
static void assert_may_be_asked(
    const struct match_question *asked, const struct match_candidate *candidate)
{
    const struct profile *profile = candidate->profile;
    const struct eligibility *one = &profile->eligibility;

    assert_true(candidate->active);
    assert_false(candidate->own);
    assert_true(one->protocol_last_day >= asked->protocol_day);
    assert_true(
        profile->services == 0 || (profile->services >> (asked->service - 1) & 1));
    if (one->genders && asked->gender != GENDER_UNSTATED)
        assert_true(one->genders >> (asked->gender - 1) & 1);
    if (asked->age_band == AGE_18_25 && asked->minor == MINOR_NO) {
        assert_true(one->minimum_age <= 25);
        assert_true(one->maximum_age == 0 || one->maximum_age >= 18);
    }
    if (asked->children)
        assert_int_not_equal(one->children, CLAIM_NO);
    if (asked->boy_age > 0 && one->boys_max_age)
        assert_true(asked->boy_age <= (int)one->boys_max_age);
    if (asked->wheelchair)
        assert_int_not_equal(one->wheelchair, CLAIM_NO);
    if (asked->district && one->n_catchment)
        assert_int_equal(one->catchment[0], asked->district);
}

static void check_round(struct chance *chance, struct stage *stage)
{
    struct match_question asked = draw_question(chance);
    struct match matches[N], again[N];
    struct match_candidate turned[N];
    bool seen[N] = {false};

    match_all(&asked, stage->candidates, N, matches);
    for (size_t i = 0; i < N; i++) {
        const struct match *match = &matches[i];

        assert_false(seen[match->candidate]);
        seen[match->candidate] = true;
        if (match->excluded == 0)
            assert_may_be_asked(&asked, &stage->candidates[match->candidate]);
        if (i > 0 && matches[i - 1].excluded != 0)
            assert_int_not_equal(match->excluded, 0); /* behind all that are offered */
        if (i > 0 && match->excluded == 0)
            assert_true(matches[i - 1].score >= match->score);
        assert_false(!stage->candidates[match->candidate].active &&
                     !(match->excluded & BIT(EXCLUDED_NOT_ACTIVE)));
    }
    for (size_t i = 0; i < N; i++) /* another order of the members, the same list */
        turned[i] = stage->candidates[N - 1 - i];
    match_all(&asked, turned, N, again);
    for (size_t i = 0; i < N; i++) {
        assert_ptr_equal(stage->candidates[matches[i].candidate].profile,
            turned[again[i].candidate].profile);
        assert_int_equal(matches[i].excluded, again[i].excluded);
        assert_int_equal(matches[i].reasons, again[i].reasons);
    }
}

static void dp28__match_offers_nobody_who_is_suspended_lapsed_or_takes_no_such_person(
    void **state)
{
    struct stage *stage = memory_new(sizeof *stage);
    struct seeded seeded;

    (void)state;
    seeded_init(&seeded, 28);
    for (int round = 0; round < ROUNDS; round++) {
        draw_stage(&seeded.chance, stage);
        check_round(&seeded.chance, stage);
    }
    memory_free(stage);
}

static void match__has_a_word_for_each_reason(void **state)
{
    (void)state;
    for (int i = 1; i < EXCLUDED_COUNT; i++)
        assert_non_null(match_exclusion_name((enum match_exclusion)i));
    for (int i = 1; i < RANKED_COUNT; i++)
        assert_non_null(match_reason_name((enum match_reason)i));
    assert_null(match_exclusion_name(EXCLUDED_COUNT));
    assert_null(match_reason_name(RANKED_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match__leaves_out_with_every_reason_that_applies),
        cmocka_unit_test(match__treats_whoever_may_be_a_child_as_one),
        cmocka_unit_test(match__never_takes_stale_room_for_free_room),
        cmocka_unit_test(match__ranks_by_hour_then_place_then_language_then_name),
        cmocka_unit_test(match__knows_district_province_and_telephone),
        cmocka_unit_test(
            dp28__match_offers_nobody_who_is_suspended_lapsed_or_takes_no_such_person),
        cmocka_unit_test(match__has_a_word_for_each_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
