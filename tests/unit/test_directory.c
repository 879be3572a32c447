/* SPDX-License-Identifier: Apache-2.0
 *
 * directory: members by id and by name; a load that fails changes nothing. And roles: who may do what.
 */
#include "check.h"
#include "directory.h"
#include "memory.h"
#include "roles.h"
#include "seeded.h"

enum { N = 3 };

static void encode(const struct profile *profiles, size_t n, struct buffer *ret)
{
    struct profiles all = {.version = 7, .n = n, .profiles = profiles};

    buffer_init(ret, 65536);
    assert_ok(profiles_encode(&all, ret));
}

static void make(struct profile profiles[N])
{
    static const char *const names[N] = {"clinic.alpha", "fia.beta", "shelter.gamma"};

    for (int i = 0; i < N; i++) {
        profiles[i] = (struct profile){
            .name = names[i], .roles = 1u << i, .hours = "", .contact = ""};
        profiles[i].node_id.bytes[0] = (uint8_t)(10 * (i + 1));
    }
}

static void directory__finds_members_by_id_and_name(void **state)
{
    (void)state;
    struct profile profiles[N];
    struct buffer bytes;
    struct ident nobody = {{11}};
    struct directory *directory = directory_new();
    make(profiles);
    encode(profiles, N, &bytes);
    assert_ok(directory_load(directory, buffer_span(&bytes)));
    assert_int_equal(directory_count(directory), N);
    assert_int_equal(directory_version(directory), 7);
    for (int i = 0; i < N; i++) {
        assert_string_equal(
            directory_find(directory, &profiles[i].node_id)->name, profiles[i].name);
        assert_int_equal(
            directory_find_name(directory, profiles[i].name)->roles, 1u << i);
        assert_string_equal(directory_nth(directory, (size_t)i)->name, profiles[i].name);
    }
    assert_null(directory_find(directory, &nobody));
    assert_null(directory_find_name(directory, "fia.bet"));
    assert_string_equal(directory_suggest(directory, "fia.bet")->name, "fia.beta");
    assert_string_equal(directory_suggest(directory, "FIA.Beta")->name, "fia.beta");
    assert_null(directory_suggest(directory, "zz"));
    buffer_release(&bytes);
    directory_destroy(&directory);
}

static void directory__keeps_what_it_has_when_a_load_fails(void **state)
{
    (void)state;
    struct profile profiles[N];
    struct buffer bytes;
    struct directory *directory = directory_new();
    make(profiles);
    encode(profiles, N, &bytes);
    assert_ok(directory_load(directory, buffer_span(&bytes)));
    assert_status(directory_load(directory, span_of(bytes.bytes, bytes.used - 1)),
        STATUS_MALFORMED);
    assert_int_equal(directory_count(directory), N);
    assert_non_null(directory_find_name(directory, "fia.beta"));
    directory_clear(directory);
    assert_int_equal(directory_count(directory), 0);
    assert_null(directory_find_name(directory, "fia.beta"));
    buffer_release(&bytes);
    directory_destroy(&directory);
}

static void roles__let_partners_at_the_end_answer_and_not_refer(void **state)
{
    (void)state;
    uint32_t skills = 1u << (ROLE_LIVELIHOOD - 1), shelter = 1u << (ROLE_SHELTER - 1);
    assert_false(roles_may_send(skills, LETTER_REFERRAL));
    assert_true(roles_may_send(skills, LETTER_ANSWER));
    assert_true(roles_may_receive(skills, LETTER_REFERRAL));
    assert_true(roles_may_send(shelter, LETTER_REFERRAL));
    assert_true(roles_may_send(skills | shelter, LETTER_REFERRAL));
    assert_false(roles_may_send(0, LETTER_ANSWER));
}

static void roles__leave_the_posts_own_kinds_to_the_post(void **state)
{
    (void)state;
    static const uint16_t own[] = {
        LETTER_VOID, LETTER_RECEIPT, LETTER_HEARTBEAT, LETTER_RESYNC};
    for (size_t i = 0; i < ARRAY_LENGTH(own); i++) {
        assert_true(roles_may_send(0, own[i]));
        assert_true(roles_may_receive(0, own[i]));
    }
}

static void roles__have_a_row_each_and_words(void **state)
{
    (void)state;
    char words[64];
    for (int role = 1; role < ROLE_COUNT; role++)
        assert_true(roles_may_send(1u << (role - 1), LETTER_ANSWER));
    roles_format(
        (1u << (ROLE_SCREENING - 1)) | (1u << (ROLE_SHELTER - 1)), words, sizeof(words));
    assert_string_equal(words, "screening, shelter");
    roles_format(0, words, sizeof(words));
    assert_string_equal(words, "");
}

/* The row of each role: what it is asked for, offered and shown. No service is without a role that gives it besides
 * the coordinator's, who gives all. */
static void roles__every_service_has_a_provider_and_every_role_its_lists(void **state)
{
    (void)state;
    uint32_t coordinator = 1u << (ROLE_COORDINATOR - 1);
    for (int service = 1; service < SERVICE_COUNT; service++) {
        bool given = service == SERVICE_COORDINATION;
        for (int role = 1; role < ROLE_COORDINATOR; role++)
            given |= roles_may_serve(1u << (role - 1), (enum service)service);
        assert_true(given);
        assert_true(roles_may_serve(coordinator, (enum service)service));
        assert_false(roles_may_serve(0, (enum service)service));
    }
    assert_false(roles_may_serve(coordinator, (enum service)0));
    assert_false(roles_may_serve(coordinator, SERVICE_COUNT));
    for (int role = 1; role < ROLE_COUNT; role++) {
        uint32_t bits = 1u << (role - 1);
        bool refers = roles_may_send(bits, LETTER_REFERRAL);
        bool screens = role == ROLE_SCREENING;
        assert_int_equal((roles_areas(bits) & AREA_REFER) != 0, refers);
        assert_int_equal((roles_areas(bits) & AREA_SCREEN) != 0, screens);
        assert_int_equal(
            (roles_worklists(bits) & (1u << (WORKLIST_SENT - 1))) != 0, refers);
        assert_int_equal(
            (roles_worklists(bits) & (1u << (WORKLIST_ARRIVALS - 1))) != 0, screens);
        assert_true(roles_areas(bits) & AREA_CASES); /* a walk-in comes to any door */
        assert_int_equal(roles_are_screening_only(bits), screens);
    }
    for (int list = 1; list < WORKLIST_COUNT; list++)
        assert_non_null(worklist_name((enum worklist)list));
    assert_null(worklist_name(WORKLIST_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directory__finds_members_by_id_and_name),
        cmocka_unit_test(directory__keeps_what_it_has_when_a_load_fails),
        cmocka_unit_test(roles__let_partners_at_the_end_answer_and_not_refer),
        cmocka_unit_test(roles__leave_the_posts_own_kinds_to_the_post),
        cmocka_unit_test(roles__have_a_row_each_and_words),
        cmocka_unit_test(roles__every_service_has_a_provider_and_every_role_its_lists),
    };
    return cmocka_run_group_tests_name("directory", tests, NULL, NULL);
}
