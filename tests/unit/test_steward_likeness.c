/* SPDX-License-Identifier: Apache-2.0
 * Names that imitate others, and names that are merely near.
 */
#include "check.h"
#include "likeness.h"

static void likeness__sees_letters_that_look_the_same(void **state)
{
    static const struct {
        const char *one, *other;
    } rows[] = {
        {"shelter.peshawar", "shelter.peshawar"},
        {"shelter.peshawar", "she1ter.peshawar"},
        {"shelter.peshawar", "sheiter.peshawar"},
        {"shelter.peshawar", "shelter.peshavvar"},
        {"shelter.peshawar", "shelter.pe5hawar"},
        {"shelter.peshawar", "shelter-peshawar"},
        {"shelter.peshawar", "shelter.pesh.awar"},
        {"fia.torkham", "fia.torkharn"},
        {"fia.torkham", "fla.t0rkham"},
        {"clinic.rawalpindi", "c1inic.rawalpindi"},
        {"clinic.rawalpindi", "dinic.rawalpindi"},
        {"clinic.swat-2", "clinic.swat-z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!likeness_same(rows[i].one, rows[i].other) ||
            !likeness_same(rows[i].other, rows[i].one))
            fail_msg("%s and %s look the same", rows[i].one, rows[i].other);
    }
}

static void likeness__tells_other_names_apart(void **state)
{
    static const char *const names[] = {"shelter.peshawar", "shelter.lahore-1",
        "shelter.lahore-2", "shelter.peshawa", "clinic.peshawar", "fia.torkham", "x.y"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
            assert_int_equal(likeness_same(names[i], names[k]), i == k);
    }
}

static void likeness__names_the_nearest_other_member(void **state)
{
    static struct profile profiles[] = {
        {.node_id = {{1}}, .name = "shelter.peshawar"},
        {.node_id = {{2}}, .name = "clinic.rawalpindi"},
        {.node_id = {{3}}, .name = "shelter.peshwar"},
    };
    struct plain plain = {.profiles = {.version = 1, .n = 3, .profiles = profiles}};

    (void)state;
    assert_string_equal(likeness_near(&plain, &profiles[2]), "shelter.peshawar");
    assert_string_equal(likeness_near(&plain, &profiles[0]), "shelter.peshwar");
    assert_null(likeness_near(&plain, &profiles[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likeness__sees_letters_that_look_the_same),
        cmocka_unit_test(likeness__tells_other_names_apart),
        cmocka_unit_test(likeness__names_the_nearest_other_member),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
