/* SPDX-License-Identifier: Apache-2.0
 * What members say of themselves. The members are invented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

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
            .roles = 2,
            .services = 1,
            .n_languages = 8,
            .languages = {"urd", "pus", "prs", "pnb", "snd", "bal", "eng", "skr"},
            .hours = text,
            .contact = text};
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
    memcpy(changed + n, "\x40\x01", 2); /* field 8 of the profile */
    assert_int_equal(changed[2], 0x12);
    changed[3] = (uint8_t)(changed[3] + 2);
    assert_int_equal(decode(NULL, span_of(changed, n + 2)), STATUS_MALFORMED);
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
        cmocka_unit_test(profile_name__is_lower_case_with_a_dot),
        cmocka_unit_test(profiles__refuse_bytes_cut_or_with_more_and_survive_flips),
        cmocka_unit_test(profiles__with_unknown_fields_at_any_depth_are_malformed),
        cmocka_unit_test(profiles__beyond_a_limit_of_memory_are_too_big),
        cmocka_unit_test(profiles__words_of_every_role_lead_back_to_it),
        cmocka_unit_test(profiles__read_and_write_the_frozen_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
