/* SPDX-License-Identifier: Apache-2.0
 * The stewards' file of plain profiles, as it comes from another steward.
 */
#include "check.h"
#include "hostile.h"
#include "plain.h"
#include "trust_kit.h"

enum { SOME = 3 };

static struct kit kit;
static struct member members[SOME];
static struct profile profiles[SOME];
static struct buffer file;

static enum status parse(void *context, struct span bytes)
{
    struct plain plain;
    struct buffer copy;
    enum status status;

    (void)context;
    buffer_init(&copy, PROFILES_BYTES_MAX);
    assert_ok(buffer_put(&copy, bytes.at, bytes.n));
    status = plain_parse(&copy, &plain);
    if (status == STATUS_OK)
        plain_release(&plain);
    buffer_release(&copy);
    return status ? STATUS_MALFORMED : status;
}

static struct plain parse_good(void)
{
    struct plain plain;
    struct buffer copy;

    buffer_init(&copy, PROFILES_BYTES_MAX);
    assert_ok(buffer_put(&copy, file.bytes, file.used));
    assert_ok(plain_parse(&copy, &plain));
    return plain;
}

static struct roster *make_roster(void)
{
    struct document document;
    struct roster *roster = NULL;
    struct buffer bytes;

    kit_roster(&kit, 1, NULL, members, SOME, "ab", &bytes);
    assert_ok(document_decode_one(buffer_span(&bytes), DOCUMENT_ROSTER, &document));
    assert_ok(roster_decode(&document, &roster));
    buffer_release(&bytes);
    return roster;
}

static void plain__comes_back_as_it_was_and_finds_its_members(void **state)
{
    struct plain plain = parse_good();
    struct trouble trouble = {""};
    struct ident node_id;

    (void)state;
    assert_int_equal(plain.profiles.n, SOME);
    assert_string_equal(plain_find(&plain, &members[1].node_id)->name, profiles[1].name);
    assert_ok(plain_resolve(&plain, "kind.place-c", &node_id, &trouble));
    assert_true(ident_equal(&node_id, &members[2].node_id));
    assert_status(
        plain_resolve(&plain, "kind.nowhere", &node_id, &trouble), STATUS_NOT_FOUND);
    assert_holds(trouble.text, "kind.nowhere");
    assert_span(plain_bytes(buffer_span(&file)), plain.bytes);
    plain_release(&plain);
}

static void plain__refuses_other_files_and_files_cut_or_longer(void **state)
{
    struct span good = buffer_span(&file);

    (void)state;
    /* A list that ends between two profiles is one of fewer: the roster's hash tells that, not the form. */
    for (size_t n = 0; n < good.n; n++) {
        uint8_t copy[1024];
        struct plain plain;
        struct buffer cut;

        memcpy(copy, good.at, n);
        buffer_init(&cut, sizeof copy);
        assert_ok(buffer_put(&cut, copy, n));
        if (plain_parse(&cut, &plain) == STATUS_OK) {
            assert_true(plain.profiles.n < SOME);
            plain_release(&plain);
        }
        buffer_release(&cut);
    }
    hostile_set(good, 0, 'A', parse, NULL);
    hostile_set(good, 15, '2', parse, NULL);
}

static void plain__rows_must_carry_the_hashes_of_their_profiles(void **state)
{
    struct plain plain = parse_good();
    struct trouble trouble = {""};
    struct roster *roster;
    struct hash kept;

    (void)state;
    for (size_t i = 0; i < SOME; i++)
        assert_ok(plain_hash_profile(&plain, &profiles[i], &members[i].profile));
    roster = make_roster();
    assert_ok(plain_check_rows(&plain, roster, &trouble));
    roster_destroy(&roster);

    kept = members[1].profile;
    members[1].profile = members[0].profile; /* another member's */
    roster = make_roster();
    assert_status(plain_check_rows(&plain, roster, &trouble), STATUS_CONFLICT);
    assert_holds(trouble.text, profiles[1].name);
    roster_destroy(&roster);
    memset(&members[1].profile, 0, sizeof kept); /* none, though there is one */
    roster = make_roster();
    assert_status(plain_check_rows(&plain, roster, &trouble), STATUS_CONFLICT);
    roster_destroy(&roster);
    members[1].profile = kept;

    plain.profiles.n--; /* a row that claims a profile which is not there */
    roster = make_roster();
    assert_status(plain_check_rows(&plain, roster, &trouble), STATUS_CONFLICT);
    roster_destroy(&roster);
    plain_release(&plain);
}

int main(void)
{
    static const char *const names[SOME] = {
        "kind.place-a", "kind.place-b", "kind.place-c"};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain__comes_back_as_it_was_and_finds_its_members),
        cmocka_unit_test(plain__refuses_other_files_and_files_cut_or_longer),
        cmocka_unit_test(plain__rows_must_carry_the_hashes_of_their_profiles),
    };
    struct profiles all = {.version = 1, .n = SOME, .profiles = profiles};
    uint8_t salt[PACKAGE_SALT_BYTES];
    int failed;

    kit_init(&kit, 9);
    kit_members(&kit, members, SOME);
    chance_fill(kit.chance, salt, sizeof salt);
    for (size_t i = 0; i < SOME; i++)
        profiles[i] = (struct profile){
            .node_id = members[i].node_id, .name = names[i], .roles = 2, .services = 2};
    buffer_init(&file, PROFILES_BYTES_MAX);
    if (plain_format(salt, &all, &file))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_release(&file);
    kit_release(&kit);
    return failed;
}
