/* SPDX-License-Identifier: Apache-2.0
 * What a case holds of a person, and what is left of it when only some groups may travel. All people are invented.
 */
#include "check.h"
#include "clock.h"
#include "hostile.h"
#include "limits.h"
#include "memory.h"
#include "person.h"
#include "seeded.h"

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 14);
    arena = arena_new(65536, 256);
    buffer_init(&buffer, BODY_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    buffer_release(&buffer);
    return 0;
}

static struct person everything(void)
{
    return (struct person){.age_band = AGE_9_17,
        .minor = MINOR_YES,
        .gender = GENDER_FEMALE,
        .n_languages = 2,
        .languages = {"prs", "urd"},
        .interpreter = true,
        .preferred_name = "Gulnamoona",
        .full_name = "Gulnamoona Farziwala",
        .birth_day_ms = 14677 * DAY_MS,
        .has_birth_day = true,
        .safe_contact = "by the counsellor, mornings",
        .district = "PK513",
        .urgent_health = URGENT_INJURY | URGENT_MEDICATION,
        .health = "Invented: a cut on the left hand.",
        .access = "cannot climb stairs",
        .risk = RISK_HIGH,
        .searched_for = true,
        .dependants = 1,
        .infant = true,
        .exploitation = EXPLOITATION_LABOUR,
        .skills = "sews; reads Dari",
        .guardian = "invented aunt"};
}

static enum status decode(void *context, struct span bytes)
{
    struct person person;

    (void)context;
    arena_reset(arena);
    return person_decode(arena, bytes, &person);
}

static void person__with_everything_comes_back_and_no_cut_of_it_does(void **state)
{
    struct person person = everything(), back;
    struct buffer again;

    (void)state;
    assert_int_equal(person_encode(&person, &buffer), STATUS_OK);
    arena_reset(arena);
    assert_int_equal(person_decode(arena, buffer_span(&buffer), &back), STATUS_OK);
    assert_int_equal(person_groups(&back), GROUP_ALL);
    assert_string_equal(back.guardian, person.guardian);
    assert_true(back.birth_day_ms == person.birth_day_ms);
    buffer_init(&again, BODY_BYTES_MAX);
    assert_int_equal(person_encode(&back, &again), STATUS_OK);
    assert_true(span_equal(buffer_span(&buffer), buffer_span(&again)));
    buffer_release(&again);
    assert_true(
        hostile_flip(buffer_span(&buffer), buffer.used, &seed.chance, decode, NULL) > 0);
}

/* Each group alone: what is kept says that group and no other, whatever stood there. */
static void person__keeps_exactly_the_groups_that_were_allowed(void **state)
{
    struct person person = everything();

    (void)state;
    for (uint32_t groups = 0; groups <= GROUP_ALL; groups++) {
        struct person kept = person_keep(&person, groups);

        assert_int_equal(person_groups(&kept), groups | GROUP_BIT(GROUP_CORE));
    }
}

/* A canary in every text: it is in the encoded bytes exactly when its group was allowed. */
static void dp05__no_encoded_byte_of_a_group_that_was_not_allowed(void **state)
{
    static const struct {
        enum field_group group;
        const char *canary;
    } CANARIES[] = {{GROUP_NAME, "Gulnamoona"}, {GROUP_IDENTITY, "Farziwala"},
        {GROUP_CONTACT, "counsellor"}, {GROUP_DISTRICT, "PK513"},
        {GROUP_HEALTH, "left hand"}, {GROUP_ACCESS, "stairs"}, {GROUP_SKILLS, "sews"},
        {GROUP_GUARDIAN, "aunt"}};
    struct person person = everything();

    (void)state;
    person.full_name = "Farziwala";
    for (uint32_t groups = 0; groups <= GROUP_ALL; groups++) {
        struct person kept = person_keep(&person, groups);

        assert_int_equal(person_encode(&kept, &buffer), STATUS_OK);
        for (size_t i = 0; i < ARRAY_LENGTH(CANARIES); i++) {
            bool there = memmem(buffer.bytes, buffer.used, CANARIES[i].canary,
                             strlen(CANARIES[i].canary)) != NULL;

            assert_int_equal(there, (groups & GROUP_BIT(CANARIES[i].group)) != 0);
        }
    }
}

static void person__without_its_core_is_malformed(void **state)
{
    struct person person = everything();

    (void)state;
    person.age_band = (enum age_band)0;
    assert_int_equal(person_encode(&person, &buffer), STATUS_MALFORMED);
    person = everything();
    person.minor = (enum minor)0;
    assert_int_equal(person_encode(&person, &buffer), STATUS_MALFORMED);
    person = everything();
    person.gender = GENDER_COUNT;
    assert_int_equal(person_encode(&person, &buffer), STATUS_UNSUPPORTED);
}

static void person__with_a_value_beyond_its_limit_is_refused(void **state)
{
    char text[FULL_NAME_BYTES_MAX + 300];
    struct person person = everything();

    (void)state;
    memset(text, 'x', sizeof(text));
    text[FULL_NAME_BYTES_MAX + 1] = 0;
    person.full_name = text;
    assert_int_equal(person_encode(&person, &buffer), STATUS_TOO_BIG);
    text[FULL_NAME_BYTES_MAX] = 0;
    assert_int_equal(person_encode(&person, &buffer), STATUS_OK);
    static const char *const DISTRICTS[] = {
        "PK5", "PK5133", "PK813", "PK0a1", "XX513", "pk513"};
    for (size_t i = 0; i < ARRAY_LENGTH(DISTRICTS); i++) {
        person = everything();
        memcpy(person.district, DISTRICTS[i],
            strlen(DISTRICTS[i]) < DISTRICT_BYTES ? strlen(DISTRICTS[i]) + 1
                                                  : DISTRICT_BYTES);
        assert_int_equal(person_encode(&person, &buffer), STATUS_MALFORMED);
    }
    person = everything();
    person.birth_day_ms += 1;
    assert_int_equal(person_encode(&person, &buffer), STATUS_MALFORMED);
    person.birth_day_ms = -25568 * DAY_MS;
    assert_int_equal(person_encode(&person, &buffer), STATUS_MALFORMED);
    person.birth_day_ms = -25567 * DAY_MS;
    assert_int_equal(person_encode(&person, &buffer), STATUS_OK);
    person.dependants = DEPENDANTS_MAX + 1;
    assert_int_equal(person_encode(&person, &buffer), STATUS_MALFORMED);
    person.dependants = 0;
    assert_int_equal(
        person_encode(&person, &buffer), STATUS_MALFORMED); /* an infant of none */
    person.infant = false;
    person.urgent_health = 16;
    assert_int_equal(person_encode(&person, &buffer), STATUS_UNSUPPORTED);
}

static void dp10__age_unknown_is_a_child(void **state)
{
    struct person person = everything();

    (void)state;
    person.minor = MINOR_UNKNOWN;
    assert_true(person_is_child(&person));
    person.minor = MINOR_YES;
    assert_true(person_is_child(&person));
    person.minor = MINOR_NO;
    assert_false(person_is_child(&person));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(person__with_everything_comes_back_and_no_cut_of_it_does),
        cmocka_unit_test(person__keeps_exactly_the_groups_that_were_allowed),
        cmocka_unit_test(dp05__no_encoded_byte_of_a_group_that_was_not_allowed),
        cmocka_unit_test(person__without_its_core_is_malformed),
        cmocka_unit_test(person__with_a_value_beyond_its_limit_is_refused),
        cmocka_unit_test(dp10__age_unknown_is_a_child),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
