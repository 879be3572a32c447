/* SPDX-License-Identifier: Apache-2.0
 * What members say of themselves. The members are invented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "clock.h"
#include "hostile.h"
#include "limits.h"
#include "memory.h"
#include "profiles.h"
#include "seeded.h"
#include "vectors.h"

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 8);
    arena = arena_new(PROFILES_ARENA_BYTES, PROFILES_ARENA_PIECES);
    buffer_init(&buffer, PROFILES_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    buffer_release(&buffer);
    return 0;
}

/* Three members in `list`. */
static struct profiles three_profiles(struct profile list[static 3])
{
    static const char *const names[] = {
        "clinic.rawalpindi", "fia.torkham", "shelter.peshawar"};
    for (size_t i = 0; i < 3; i++) {
        list[i] = (struct profile){
            .name = names[i],
            .roles = UINT32_C(1) << i,
            .services = i == 1 ? 0 : UINT32_C(1) << i,
            .n_languages = 2,
            .languages = {"urd", "eng"},
            .hours = "Mo-Sa 8-20",
            .contact = i == 2 ? "the coordinator" : "",
        };
        memset(list[i].node_id.bytes, (int)i + 1, IDENT_BYTES);
    }
    return (struct profiles){4, 3, list};
}

static enum status decode(void *context, struct span bytes)
{
    (void)context;
    struct profiles profiles;
    arena_reset(arena);
    return profiles_decode(arena, bytes, &profiles);
}

static const char *text_or_nothing(const char *text)
{
    return text ? text : "";
}

static void assert_eligibilities_equal(
    const struct eligibility *a, const struct eligibility *b)
{
    struct eligibility one = *a, other = *b;
    assert_string_equal(text_or_nothing(a->licence), text_or_nothing(b->licence));
    assert_string_equal(text_or_nothing(a->protocol), text_or_nothing(b->protocol));
    one.licence = one.protocol = other.licence = other.protocol = NULL;
    assert_memory_equal(&one, &other, sizeof one);
}

/* A clinic that tells everything. */
static struct eligibility full_eligibility(void)
{
    return (struct eligibility){.district = 528,
        .n_catchment = 3,
        .catchment = {506, 513, 528},
        .genders = 15,
        .minimum_age = 9,
        .maximum_age = 59,
        .boys_max_age = 12,
        .children = CLAIM_YES,
        .wheelchair = CLAIM_NO,
        .round_the_clock = CLAIM_YES,
        .units = 1 << (UNIT_APPOINTMENT - 1),
        .papers = 3,
        .tele = CLAIM_YES,
        .utc_offset = -330,
        .licence = "an invented council, number 12",
        .protocol = "isp-1",
        .protocol_last_day = 21000};
}

static void assert_profiles_equal(const struct profiles *a, const struct profiles *b)
{
    assert_true(a->version == b->version);
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct profile *one = &a->profiles[i], *other = &b->profiles[i];
        assert_true(ident_equal(&one->node_id, &other->node_id));
        assert_string_equal(one->name, other->name);
        assert_int_equal(one->roles, other->roles);
        assert_int_equal(one->services, other->services);
        assert_int_equal(one->n_languages, other->n_languages);
        assert_memory_equal(one->languages, other->languages, sizeof one->languages);
        assert_string_equal(one->hours, other->hours);
        assert_string_equal(one->contact, other->contact);
        assert_eligibilities_equal(&one->eligibility, &other->eligibility);
    }
}

static void profiles__come_back_as_they_were(void **state)
{
    (void)state;
    struct profile list[3];
    struct profiles profiles = three_profiles(list), back;
    for (size_t n = 0; n <= 3; n++) {
        profiles.n = n;
        arena_reset(arena);
        assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
        assert_int_equal(profiles_decode(arena, buffer_span(&buffer), &back), STATUS_OK);
        assert_profiles_equal(&profiles, &back);
    }
}

static void profiles__of_5000_members_with_long_texts_fit_the_limits(void **state)
{
    (void)state;
    static char names[ROSTER_MEMBERS_MAX][PROFILE_NAME_BYTES_MAX + 1];
    char text[PROFILE_TEXT_BYTES_MAX + 1];
    memset(text, 't', PROFILE_TEXT_BYTES_MAX);
    text[PROFILE_TEXT_BYTES_MAX] = '\0';
    struct profile *list = memory_new_array(ROSTER_MEMBERS_MAX, sizeof(*list));
    for (size_t i = 0; i < ROSTER_MEMBERS_MAX; i++) {
        snprintf(names[i], sizeof names[i],
            "invented-organisation-with-a-very-long-name-indeed.place-%05zu", i);
        list[i] = (struct profile){.name = names[i],
            .roles = 4,
            .services = 2,
            .n_languages = 8,
            .languages = {"urd", "pus", "prs", "pnb", "snd", "bal", "eng", "skr"},
            .hours = text,
            .contact = text,
            .eligibility = full_eligibility()};
        list[i].eligibility.n_catchment = CATCHMENT_MAX;
        for (unsigned k = 0; k < CATCHMENT_MAX; k++)
            list[i].eligibility.catchment[k] = (uint16_t)(601 + k);
        list[i].node_id.bytes[0] = (uint8_t)(i >> 8);
        list[i].node_id.bytes[1] = (uint8_t)i;
        list[i].node_id.bytes[15] = 1;
    }
    struct profiles profiles = {9, ROSTER_MEMBERS_MAX, list}, back;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    assert_true(buffer.used <= PROFILES_BYTES_MAX);
    assert_int_equal(profiles_decode(arena, buffer_span(&buffer), &back), STATUS_OK);
    assert_profiles_equal(&profiles, &back);
    profiles.n++;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_TOO_BIG);
    memory_free(list);
}

static void profiles__refuse_wrong_order_and_anything_twice(void **state)
{
    (void)state;
    struct profile list[3];
    struct profiles profiles = three_profiles(list);
    list[1].node_id = list[0].node_id;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    profiles = three_profiles(list);
    memset(list[0].node_id.bytes, 9, IDENT_BYTES);
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    profiles = three_profiles(list);
    list[2].name = list[0].name;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    profiles = three_profiles(list);
    memset(list[0].node_id.bytes, 0, IDENT_BYTES);
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    profiles = three_profiles(list);
    profiles.version = 0;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
}

static void profile__refuses_unknown_roles_and_services_and_none(void **state)
{
    (void)state;
    struct profile list[3];
    struct profiles profiles = three_profiles(list);
    list[0].roles = (UINT32_C(1) << (ROLE_COUNT - 1)) - 1;
    list[0].services = (UINT32_C(1) << (SERVICE_COUNT - 1)) - 1;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    list[0].roles = UINT32_C(1) << (ROLE_COUNT - 1);
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_UNSUPPORTED);
    list[0].roles = 0;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    list[0].roles = 1;
    list[0].services = UINT32_C(1) << (SERVICE_COUNT - 1);
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_UNSUPPORTED);
}

static void profile__refuses_texts_that_are_too_long_or_not_clean(void **state)
{
    (void)state;
    char text[PROFILE_TEXT_BYTES_MAX + 2];
    memset(text, 't', sizeof text);
    text[PROFILE_TEXT_BYTES_MAX + 1] = '\0';
    struct profile list[3];
    struct profiles profiles = three_profiles(list);
    list[0].hours = text;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_TOO_BIG);
    profiles = three_profiles(list);
    list[0].contact = text;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_TOO_BIG);
    list[0].contact = "\xff";
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    profiles = three_profiles(list);
    memcpy(list[0].languages[1], "urd", 4);
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
}

/* The encoder's and, with bytes that a careless encoder could write, the decoder's answer. */
static enum status try_eligibility(const struct eligibility *one, uint32_t services)
{
    struct profile list[3];
    struct profiles profiles = three_profiles(list), back;
    enum status status;
    list[0].eligibility = *one;
    list[0].services = services | UINT32_C(1) << (SERVICE_MEDICAL - 1);
    status = profiles_encode(&profiles, &buffer);
    if (status != STATUS_OK)
        return status;
    arena_reset(arena);
    assert_int_equal(profiles_decode(arena, buffer_span(&buffer), &back), STATUS_OK);
    assert_profiles_equal(&profiles, &back);
    return STATUS_OK;
}

static void eligibility__comes_back_and_refuses_what_breaks_its_rules(void **state)
{
    (void)state;
    struct eligibility one = full_eligibility();
    assert_int_equal(try_eligibility(&one, 0), STATUS_OK);
#define WRONG(field, value, expected)                                                    \
    do {                                                                                 \
        one = full_eligibility();                                                        \
        one.field = (value);                                                             \
        assert_int_equal(try_eligibility(&one, 0), (expected));                          \
    } while (0)
    WRONG(district, 500, STATUS_MALFORMED);
    WRONG(district, 800, STATUS_MALFORMED);
    WRONG(district, 99, STATUS_MALFORMED);
    WRONG(n_catchment, CATCHMENT_MAX + 1, STATUS_TOO_BIG);
    WRONG(catchment[1], 506, STATUS_MALFORMED);
    WRONG(catchment[0], 507, STATUS_OK);
    WRONG(catchment[2], 600, STATUS_MALFORMED);
    WRONG(genders, 16, STATUS_UNSUPPORTED);
    WRONG(minimum_age, 60, STATUS_MALFORMED);
    WRONG(maximum_age, 121, STATUS_MALFORMED);
    WRONG(maximum_age, 0, STATUS_OK);
    WRONG(boys_max_age, 18, STATUS_MALFORMED);
    WRONG(children, CLAIM_COUNT, STATUS_UNSUPPORTED);
    WRONG(wheelchair, CLAIM_COUNT, STATUS_UNSUPPORTED);
    WRONG(round_the_clock, CLAIM_COUNT, STATUS_UNSUPPORTED);
    WRONG(units, UINT32_C(1) << (UNIT_COUNT - 1), STATUS_UNSUPPORTED);
    WRONG(papers, UINT32_C(1) << (PAPER_COUNT - 1), STATUS_UNSUPPORTED);
    WRONG(tele, CLAIM_COUNT, STATUS_UNSUPPORTED);
    WRONG(tele, CLAIM_NO, STATUS_MALFORMED); /* with an offset */
    WRONG(utc_offset, -331, STATUS_MALFORMED);
    WRONG(utc_offset, 855, STATUS_MALFORMED);
    WRONG(licence, "a\tb", STATUS_MALFORMED);
    WRONG(protocol, "", STATUS_MALFORMED);
    WRONG(protocol, "ISP 1", STATUS_MALFORMED);
    WRONG(protocol, "isp-1-with-a-name-too-long-by-far", STATUS_MALFORMED);
    WRONG(protocol_last_day, 0, STATUS_MALFORMED);
    WRONG(protocol_last_day, UINT32_MAX, STATUS_MALFORMED);
#undef WRONG
}

static void eligibility__is_cut_and_flipped_without_harm(void **state)
{
    (void)state;
    struct eligibility one = full_eligibility();
    struct profile list[3];
    struct profiles profiles = three_profiles(list);
    profiles.n = 1;
    list[0].services = UINT32_C(1) << (SERVICE_MEDICAL - 1);
    list[0].eligibility = one;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    struct span good = buffer_span(&buffer);
    for (size_t n = 3; n < good.n; n++)
        assert_int_equal(decode(NULL, span_of(good.at, n)), STATUS_MALFORMED);
    assert_true(hostile_flip(good, good.n, &seed.chance, decode, NULL) > 0);
}

/* Every profile that says of a shelter where it is, exactly or nearly, cannot be written, and bytes that say so
 * cannot be read: what the directory of a node holds has passed here. */
static void dp14__the_directory_holds_no_shelters_place(void **state)
{
    (void)state;
    const uint32_t shelter = UINT32_C(1) << (SERVICE_SHELTER - 1);
    struct eligibility one = full_eligibility();
    assert_int_equal(try_eligibility(&one, 0), STATUS_OK);
    assert_int_equal(try_eligibility(&one, shelter), STATUS_MALFORMED);
    one.district = 0;
    assert_int_equal(try_eligibility(&one, shelter), STATUS_OK);
    for (uint16_t n = 1; n < CATCHMENT_SHELTER_MIN; n++) {
        one.n_catchment = n;
        memset(&one.catchment[n], 0, sizeof one.catchment - n * sizeof one.catchment[0]);
        assert_int_equal(try_eligibility(&one, shelter), STATUS_MALFORMED);
    }
    one.n_catchment = 0;
    one.catchment[0] = 0;
    assert_int_equal(try_eligibility(&one, shelter), STATUS_OK);
    for (unsigned code = 1; code < 1000; code++) { /* the role, without the service */
        struct profile list[3];
        struct profiles profiles = three_profiles(list);
        list[0].roles |= UINT32_C(1) << (ROLE_SHELTER - 1);
        list[0].services = 0;
        list[0].eligibility.district = (uint16_t)code;
        assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    }
    /* The bytes of a careless encoder: a clinic in Peshawar, its one role made a shelter's. */
    struct profile list[3];
    struct profiles profiles = three_profiles(list);
    profiles.n = 1;
    list[0].roles = UINT32_C(1) << (ROLE_MEDICAL - 1);
    list[0].services = 0;
    list[0].eligibility.district = 528;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    assert_int_equal(decode(NULL, buffer_span(&buffer)), STATUS_OK);
    const uint8_t role[] = {0x18, 1 << (ROLE_MEDICAL - 1)};
    size_t at = 0;
    while (memcmp(buffer.bytes + at, role, sizeof role) != 0)
        at++;
    buffer.bytes[at + 1] = 1 << (ROLE_SHELTER - 1);
    assert_int_equal(decode(NULL, buffer_span(&buffer)), STATUS_MALFORMED);
}

static void dp28__a_protocol_holds_to_its_last_day_and_not_beyond(void **state)
{
    (void)state;
    struct eligibility one = full_eligibility();
    assert_int_equal(eligibility_protocol(&one, 20999), PROTOCOL_SIGNED);
    assert_int_equal(eligibility_protocol(&one, 21000), PROTOCOL_SIGNED);
    assert_int_equal(eligibility_protocol(&one, 21001), PROTOCOL_LAPSED);
    one.protocol_last_day = 0;
    one.protocol = "";
    assert_int_equal(eligibility_protocol(&one, 0), PROTOCOL_MISSING);
}

static void profile_name__is_lower_case_with_a_dot(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a.b", "fia.torkham", "fia.islamabad-airport", "x1.y2.z3"};
    static const char *const bad[] = {"", "a", "torkham", ".a", "a.", "a..b", "-a.b",
        "a.b-", "a.-b", "a-.b", "A.b", "a b.c", "a_b.c", "a/b.c", "../a.b", "a.b\n",
        "\xd8\xa7.b",
        "12345678901234567890123456789012345678901234567890123456789012.45"};
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        assert_true(profile_name_is_valid(good[i]));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_false(profile_name_is_valid(bad[i]));
        struct profile list[3];
        struct profiles profiles = three_profiles(list);
        list[0].name = bad[i];
        assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_MALFORMED);
    }
}

static void profiles__refuse_bytes_cut_or_with_more_and_survive_flips(void **state)
{
    (void)state;
    struct profile list[3];
    struct profiles profiles = three_profiles(list);
    profiles.n =
        1; /* a list may end after each of its entries: with one, nothing may be cut */
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    struct span good = buffer_span(&buffer);
    for (size_t n = 0; n < good.n; n++) {
        enum status expected =
            n == 2 ? STATUS_OK : STATUS_MALFORMED; /* after the version */
        assert_int_equal(decode(NULL, span_of(good.at, n)), expected);
    }
    profiles.n = 3;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    good = buffer_span(&buffer);
    assert_true(hostile_flip(good, good.n, &seed.chance, decode, NULL) > 0);
}

static void profiles__with_unknown_fields_at_any_depth_are_malformed(void **state)
{
    (void)state;
    struct profile list[3];
    struct profiles profiles = three_profiles(list);
    profiles.n = 1;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    uint8_t changed[1000];
    size_t n = buffer.used;
    memcpy(changed, buffer.bytes, n);
    memcpy(changed + n, "\x18\x01", 2); /* field 3 of the list */
    assert_int_equal(decode(NULL, span_of(changed, n + 2)), STATUS_MALFORMED);
    memcpy(changed + n, "\xc0\x01\x01", 3); /* field 24 of the profile */
    assert_int_equal(changed[2], 0x12);
    changed[3] = (uint8_t)(changed[3] + 3);
    assert_int_equal(decode(NULL, span_of(changed, n + 3)), STATUS_MALFORMED);
}

static void profiles__beyond_a_limit_of_memory_are_too_big(void **state)
{
    (void)state;
    struct profile list[3];
    struct profiles profiles = three_profiles(list), back;
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    struct arena *small = arena_new(PROFILES_ARENA_BYTES, 10);
    assert_int_equal(profiles_decode(small, buffer_span(&buffer), &back), STATUS_TOO_BIG);
    arena_destroy(&small);
    uint8_t *huge = memory_new(PROFILES_BYTES_MAX + 1);
    assert_int_equal(decode(NULL, span_of(huge, PROFILES_BYTES_MAX + 1)), STATUS_TOO_BIG);
    memory_free(huge);
}

static void profiles__words_of_every_role_lead_back_to_it(void **state)
{
    (void)state;
    enum role role;
    for (unsigned i = 1; i < ROLE_COUNT; i++) {
        assert_int_equal(role_parse(role_name((enum role)i), &role), STATUS_OK);
        assert_int_equal(role, i);
    }
    assert_null(role_name((enum role)0));
    assert_null(role_name(ROLE_COUNT));
    assert_int_equal(role_parse("steward", &role), STATUS_NOT_FOUND);
}

static void profiles__read_and_write_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("content.txt");
    struct span frozen = vectors_get(vectors, vectors_find(vectors, "profiles"), "body");
    struct profiles profiles;
    arena_reset(arena);
    assert_int_equal(profiles_decode(arena, frozen, &profiles), STATUS_OK);
    assert_int_equal(profiles.n, 3);
    assert_string_equal(profiles.profiles[2].name, "shelter.peshawar");
    assert_int_equal(profiles_encode(&profiles, &buffer), STATUS_OK);
    assert_true(span_equal(buffer_span(&buffer), frozen));
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles__come_back_as_they_were),
        cmocka_unit_test(profiles__of_5000_members_with_long_texts_fit_the_limits),
        cmocka_unit_test(profiles__refuse_wrong_order_and_anything_twice),
        cmocka_unit_test(profile__refuses_unknown_roles_and_services_and_none),
        cmocka_unit_test(profile__refuses_texts_that_are_too_long_or_not_clean),
        cmocka_unit_test(eligibility__comes_back_and_refuses_what_breaks_its_rules),
        cmocka_unit_test(eligibility__is_cut_and_flipped_without_harm),
        cmocka_unit_test(dp14__the_directory_holds_no_shelters_place),
        cmocka_unit_test(dp28__a_protocol_holds_to_its_last_day_and_not_beyond),
        cmocka_unit_test(profile_name__is_lower_case_with_a_dot),
        cmocka_unit_test(profiles__refuse_bytes_cut_or_with_more_and_survive_flips),
        cmocka_unit_test(profiles__with_unknown_fields_at_any_depth_are_malformed),
        cmocka_unit_test(profiles__beyond_a_limit_of_memory_are_too_big),
        cmocka_unit_test(profiles__words_of_every_role_lead_back_to_it),
        cmocka_unit_test(profiles__read_and_write_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
