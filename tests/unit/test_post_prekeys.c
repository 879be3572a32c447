/* SPDX-License-Identifier: Apache-2.0
 *
 * prekeys: public and listed while locked, secret only under the key (PROTOCOL.md 1.4, 4).
 */
#include "dh.h"
#include "post_kit.h"
#include "prekeys.h"

#define NOW INT64_C(1790000000000)

struct bench {
    struct post_kit kit;
    struct prekeys *prekeys;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    post_kit_open(&bench->kit);
    assert_ok(prekeys_open(bench->kit.db, &bench->prekeys, NULL));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    prekeys_close(&bench->prekeys);
    assert_null(bench->prekeys);
    post_kit_close(&bench->kit);
    memory_free(bench);
    return 0;
}

static void make(struct bench *bench, int64_t not_before_ms)
{
    assert_ok(
        prekeys_make(bench->prekeys, &bench->kit.key, bench->kit.chance, not_before_ms));
}

static size_t list(struct bench *bench, struct prekey ret[static BUNDLE_PREKEYS_MAX])
{
    size_t n = 777;
    assert_ok(prekeys_list(bench->prekeys, ret, &n));
    return n;
}

static enum status find_secret(struct bench *bench, const struct box_key *key,
    uint64_t id, uint8_t ret[static KEM_SECRET_MAX])
{
    uint16_t suite = 77;
    enum status status = prekeys_secret(bench->prekeys, key, id, &suite, ret);
    assert_int_equal(suite, status == STATUS_OK ? SUITE_X25519 : 77);
    return status;
}

static void prekeys__are_listed_in_order_with_14_days_each(void **state)
{
    struct bench *bench = *state;
    struct prekey found[BUNDLE_PREKEYS_MAX];
    static const int weeks[] = {2, 0, 1, 1};
    assert_int_equal(list(bench, found), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(weeks); i++)
        make(bench, NOW + weeks[i] * PREKEY_STEP_MS);
    assert_int_equal(list(bench, found), 4);
    static const int wanted[] = {0, 1, 1, 2};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(found[i].not_before_ms, NOW + wanted[i] * PREKEY_STEP_MS);
        assert_int_equal(found[i].not_after_ms, found[i].not_before_ms + 14 * DAY_MS);
        for (size_t k = 0; k < i; k++)
            assert_true(found[k].id != found[i].id);
    }
}

/* The secret half belongs to the public one: what is sealed for it opens. */
static void prekeys__have_the_secret_of_their_public_half(void **state)
{
    struct bench *bench = *state;
    const struct kem *kem = kem_find(SUITE_X25519);
    struct prekey found[BUNDLE_PREKEYS_MAX];
    make(bench, NOW);
    make(bench, NOW + 1);
    size_t n = list(bench, found);
    for (size_t i = 0; i < n; i++) {
        uint8_t secret[KEM_SECRET_MAX] = {0}, enc[KEM_ENC_MAX];
        uint8_t sent[KEM_SHARED_BYTES], heard[KEM_SHARED_BYTES];
        assert_ok(find_secret(bench, &bench->kit.key, found[i].id, secret));
        assert_ok(kem->encap(bench->kit.chance, found[i].public_key, enc, sent));
        assert_ok(kem->decap(enc, secret, heard));
        assert_memory_equal(sent, heard, sizeof sent);
    }
}

static void prekeys__open_under_their_key_and_at_their_place_only(void **state)
{
    struct bench *bench = *state;
    struct prekey found[BUNDLE_PREKEYS_MAX];
    struct box_key other;
    uint8_t secret[KEM_SECRET_MAX] = {0};
    static const uint8_t untouched[KEM_SECRET_MAX];
    box_new_key(bench->kit.chance, &other);
    make(bench, NOW);
    make(bench, NOW + 1);
    (void)list(bench, found);
    assert_status(find_secret(bench, &other, found[0].id, secret), STATUS_FORGED);
    assert_status(
        find_secret(bench, &bench->kit.key, found[0].id + 1, secret), STATUS_NOT_FOUND);
    /* One row's box moved to the other. */
    post_kit_run(&bench->kit, "UPDATE post_prekeys SET secret ="
                              " (SELECT secret FROM post_prekeys ORDER BY id LIMIT 1)");
    enum status first = find_secret(bench, &bench->kit.key, found[0].id, secret);
    memset(secret, 0, sizeof secret);
    enum status second = find_secret(bench, &bench->kit.key, found[1].id, secret);
    assert_true((first == STATUS_OK) != (second == STATUS_OK));
    assert_status(first == STATUS_OK ? second : first, STATUS_FORGED);
    memset(secret, 0, sizeof secret);
    post_kit_run(&bench->kit, "UPDATE post_prekeys SET secret = x'00'");
    assert_status(
        find_secret(bench, &bench->kit.key, found[0].id, secret), STATUS_MALFORMED);
    assert_memory_equal(secret, untouched, sizeof secret);
}

static void prekeys__never_stand_on_the_disk_in_the_clear(void **state)
{
    struct bench *bench = *state;
    struct prekey found[BUNDLE_PREKEYS_MAX];
    uint8_t secret[KEM_SECRET_MAX] = {0};
    const struct kem *kem = kem_find(SUITE_X25519);
    make(bench, NOW);
    (void)list(bench, found);
    assert_ok(find_secret(bench, &bench->kit.key, found[0].id, secret));
    assert_ok(db_commit(bench->kit.db));
    assert_true(faultvfs_contains(
        bench->kit.vfs, found[0].public_key, (unsigned)kem->public_bytes));
    assert_false(faultvfs_contains(bench->kit.vfs, secret, (unsigned)kem->secret_bytes));
    assert_ok(db_begin(bench->kit.db));
}

static void prekeys__are_gone_when_they_are_destroyed(void **state)
{
    struct bench *bench = *state;
    struct prekey found[BUNDLE_PREKEYS_MAX];
    uint8_t secret[KEM_SECRET_MAX] = {0};
    make(bench, NOW);
    make(bench, NOW + 1);
    (void)list(bench, found);
    uint64_t id = found[0].id, other = found[1].id;
    assert_ok(prekeys_destroy(bench->prekeys, id));
    assert_ok(prekeys_destroy(bench->prekeys, id)); /* harmless */
    assert_status(find_secret(bench, &bench->kit.key, id, secret), STATUS_NOT_FOUND);
    assert_int_equal(list(bench, found), 1);
    assert_true(found[0].id == other);
    assert_ok(find_secret(bench, &bench->kit.key, other, secret));
}

/* A bundle has room for 24: the newest are listed, still ascending. */
static void prekeys__beyond_24_are_listed_from_the_newest(void **state)
{
    struct bench *bench = *state;
    struct prekey found[BUNDLE_PREKEYS_MAX];
    for (int i = 30; i > 0; i--)
        make(bench, NOW + i);
    assert_int_equal(list(bench, found), BUNDLE_PREKEYS_MAX);
    for (int i = 0; i < BUNDLE_PREKEYS_MAX; i++)
        assert_int_equal(found[i].not_before_ms, NOW + 7 + i);
}

static void prekeys__take_every_random_id_but_none_twice(void **state)
{
    struct bench *bench = *state;
    struct prekey found[BUNDLE_PREKEYS_MAX];
    uint8_t secret[KEM_SECRET_MAX] = {0};
    for (int i = 0; i < BUNDLE_PREKEYS_MAX; i++)
        make(bench, NOW + i);
    size_t n = list(bench, found), above = 0;
    for (size_t i = 0; i < n; i++) {
        above += found[i].id > INT64_MAX;
        assert_ok(find_secret(bench, &bench->kit.key, found[i].id, secret));
    }
    assert_true(above > 0 && above < n); /* ids of both signs were met */
    struct seeded again;
    struct chance *chance = seeded_init(&again, 9);
    assert_ok(prekeys_make(bench->prekeys, &bench->kit.key, chance, NOW));
    chance = seeded_init(&again, 9);
    assert_status(
        prekeys_make(bench->prekeys, &bench->kit.key, chance, NOW), STATUS_EXISTS);
}

static void prekeys__with_a_public_key_of_another_size_are_corrupt(void **state)
{
    struct bench *bench = *state;
    static const char *const wrong[] = {"UPDATE post_prekeys SET public = zeroblob(100)",
        "UPDATE post_prekeys SET public = zeroblob(33)",
        "UPDATE post_prekeys SET public = zeroblob(31)",
        "UPDATE post_prekeys SET public = x''"};
    struct prekey found[BUNDLE_PREKEYS_MAX];
    make(bench, NOW);
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        size_t n = 777;
        post_kit_run(&bench->kit, wrong[i]);
        assert_status(prekeys_list(bench->prekeys, found, &n), STATUS_CORRUPT);
        assert_int_equal(n, 777);
    }
}

static void prekeys__need_their_table(void **state)
{
    (void)state;
    struct post_kit kit;
    struct prekeys *prekeys = NULL;
    post_kit_open_bare(&kit);
    assert_status(prekeys_open(kit.db, &prekeys, NULL), STATUS_CORRUPT);
    assert_null(prekeys);
    prekeys_close(&prekeys); /* accepts NULL */
    post_kit_close(&kit);
}

static void try_all(void *context, enum status wanted)
{
    struct bench *bench = context;
    struct prekey found[BUNDLE_PREKEYS_MAX];
    uint8_t secret[KEM_SECRET_MAX] = {0};
    size_t n = 7;
    assert_status(
        prekeys_make(bench->prekeys, &bench->kit.key, bench->kit.chance, NOW), wanted);
    assert_status(prekeys_list(bench->prekeys, found, &n), wanted);
    assert_status(find_secret(bench, &bench->kit.key, 1, secret), wanted);
    assert_status(prekeys_destroy(bench->prekeys, 1), wanted);
    assert_int_equal(n, 7);
}

static void prekeys__say_what_the_disk_says(void **state)
{
    struct bench *bench = *state;
    post_kit_each_fault(&bench->kit, try_all, bench);
}

static void prekeys__are_found_by_their_id(void **state)
{
    (void)state;
    static const struct post_kit_excuse excuses[] = {
        {"ORDER BY not_before_ms", "SCAN", "some twenty of them, for a bundle"},
        {"ORDER BY not_before_ms", "TEMP B-TREE", "some twenty of them, for a bundle"},
    };
    post_kit_plans(excuses, ARRAY_LENGTH(excuses));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(prekeys__are_listed_in_order_with_14_days_each),
        TEST(prekeys__have_the_secret_of_their_public_half),
        TEST(prekeys__open_under_their_key_and_at_their_place_only),
        TEST(prekeys__never_stand_on_the_disk_in_the_clear),
        TEST(prekeys__are_gone_when_they_are_destroyed),
        TEST(prekeys__beyond_24_are_listed_from_the_newest),
        TEST(prekeys__take_every_random_id_but_none_twice),
        TEST(prekeys__with_a_public_key_of_another_size_are_corrupt),
        cmocka_unit_test(prekeys__need_their_table),
        TEST(prekeys__say_what_the_disk_says),
        TEST(prekeys__are_found_by_their_id),
    };
    return cmocka_run_group_tests_name("post_prekeys", tests, NULL, NULL);
}
