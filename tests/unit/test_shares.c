/* SPDX-License-Identifier: Apache-2.0
 *
 * shares: any two of three give the secret, one says nothing.
 */
#include "check.h"
#include "memory.h"
#include "seeded.h"
#include "shares.h"
#include "vault.h"

static void shares__any_two_restore_any_secret(void **state)
{
    (void)state;
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 9);
    for (int round = 0; round < 300; round++) {
        uint8_t secret[SHARE_BYTES], again[SHARE_BYTES];
        struct share shares[SHARES];
        chance_fill(chance, secret, sizeof(secret));
        shares_split(secret, chance, shares);
        for (int i = 0; i < SHARES; i++)
            for (int j = 0; j < SHARES; j++) {
                enum status status = shares_join(&shares[i], &shares[j], again);
                if (i == j) {
                    assert_status(status, STATUS_MALFORMED);
                    continue;
                }
                assert_ok(status);
                assert_memory_equal(secret, again, sizeof(secret));
            }
    }
}

/* For one share and every possible secret there is exactly one slope that explains it: it excludes none. */
static void shares__one_alone_excludes_no_secret(void **state)
{
    (void)state;
    bool seen[SHARES][256] = {{false}};
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 10);
    uint8_t secret[SHARE_BYTES] = {0};
    for (int round = 0; round < 400; round++) {
        struct share shares[SHARES];
        shares_split(secret, chance, shares);
        for (int i = 0; i < SHARES; i++)
            for (int j = 0; j < SHARE_BYTES; j++)
                seen[i][shares[i].bytes[j]] = true;
    }
    for (int i = 0; i < SHARES; i++)
        for (int j = 0; j < 256; j++)
            assert_true(seen[i][j]);
}

/* {57} * {83} = {c1} (FIPS 197, 4.2): 0x57 + 2r and 0x57 + 3r worked out by hand for r = 0xae. */
static void shares__follow_the_field_of_aes(void **state)
{
    (void)state;
    struct share one = {.index = 1}, two = {.index = 2}, three = {.index = 3};
    uint8_t secret[SHARE_BYTES];
    memset(one.bytes, 0x57 ^ 0xae, SHARE_BYTES);
    memset(two.bytes, 0x57 ^ 0x47, SHARE_BYTES);   /* {02} * {ae} = {47} */
    memset(three.bytes, 0x57 ^ 0xe9, SHARE_BYTES); /* {03} * {ae} = {e9} */
    assert_ok(shares_join(&one, &three, secret));
    assert_int_equal(secret[31], 0x57);
    assert_ok(shares_join(&three, &two, secret));
    assert_int_equal(secret[0], 0x57);
    two.set[0] = 1;
    assert_status(shares_join(&one, &two, secret), STATUS_CONFLICT);
}

static void shares__are_written_and_read_and_a_slip_of_the_pen_is_found(void **state)
{
    (void)state;
    struct seeded seeded;
    uint8_t secret[SHARE_BYTES] = {1, 2, 3};
    struct share shares[SHARES], again;
    char text[SHARE_TEXT_BYTES];
    assert_ok(vault_start(NULL));
    shares_split(secret, seeded_init(&seeded, 11), shares);
    for (int i = 0; i < SHARES; i++) {
        share_format(&shares[i], text);
        assert_true(strlen(text) < SHARE_TEXT_BYTES - 1);
        assert_ok(share_parse(text, &again));
        assert_memory_equal(&again, &shares[i], sizeof(again));
        for (char *c = text; *c; c++) {
            char right = *c;
            if (right == '-') {
                *c = ' ';
                assert_ok(share_parse(text, &again));
            } else {
                *c = right == '7' ? '8' : '7';
                assert_status(share_parse(text, &again), STATUS_MALFORMED);
            }
            *c = right;
        }
        for (char *c = text; *c; c++)
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c - 'A' + 'a');
        assert_ok(share_parse(text, &again));
        text[strlen(text) - 1] = 0;
        assert_status(share_parse(text, &again), STATUS_MALFORMED);
    }
    assert_status(share_parse("", &again), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares__any_two_restore_any_secret),
        cmocka_unit_test(shares__one_alone_excludes_no_secret),
        cmocka_unit_test(shares__follow_the_field_of_aes),
        cmocka_unit_test(shares__are_written_and_read_and_a_slip_of_the_pen_is_found),
    };
    return cmocka_run_group_tests_name("shares", tests, NULL, NULL);
}
