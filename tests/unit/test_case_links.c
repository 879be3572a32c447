/* SPDX-License-Identifier: Apache-2.0
 *
 * links: said once, true for both, taken back without a trace.
 */
#include "casebook_kit.h"
#include "links.h"

static void links__hold_for_both_sides_and_can_be_taken_back(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct links *links;
    struct link_row found;
    struct ident first = {{0}};
    casebook_kit_open(&kit, 71);
    assert_ok(links_open(kit.care.db, kit.care.chance, kit.casebook, &links, NULL));
    struct case_row a = casebook_kit_add(&kit, "Zarq"),
                    b = casebook_kit_add(&kit, "Zark");
    casebook_kit_begin(&kit);
    assert_ok(links_add(links, &a.ident, &b.ident, LINK_SAME_PERSON, KIT_DAY));
    assert_status(
        links_add(links, &b.ident, &a.ident, LINK_FAMILY, KIT_DAY), STATUS_EXISTS);
    db_rollback(kit.care.db);
    casebook_kit_begin(&kit);
    assert_ok(links_add(links, &a.ident, &b.ident, LINK_SAME_PERSON, KIT_DAY));
    casebook_kit_commit(&kit);
    assert_ok(links_next(links, &a.ident, &first, &found));
    assert_true(ident_equal(&found.other, &b.ident));
    assert_int_equal(found.reason, LINK_SAME_PERSON);
    assert_int_equal(found.day, KIT_DAY);
    assert_ok(links_next(links, &b.ident, &first, &found));
    assert_true(ident_equal(&found.other, &a.ident));
    assert_int_equal(found.reason, LINK_SAME_PERSON);
    assert_status(links_next(links, &b.ident, &found.other, &found), STATUS_NOT_FOUND);
    casebook_kit_begin(&kit);
    assert_ok(links_remove(links, &b.ident, &a.ident));
    assert_status(links_remove(links, &a.ident, &b.ident), STATUS_NOT_FOUND);
    casebook_kit_commit(&kit);
    assert_status(links_next(links, &a.ident, &first, &found), STATUS_NOT_FOUND);
    links_close(&links);
    casebook_kit_close(&kit);
}

static void links__leave_both_cases_as_they_were(void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct links *links;
    struct case_row found;
    casebook_kit_open(&kit, 72);
    assert_ok(links_open(kit.care.db, kit.care.chance, kit.casebook, &links, NULL));
    struct case_row a = casebook_kit_add(&kit, "Zarq"),
                    b = casebook_kit_add(&kit, "Zark");
    casebook_kit_begin(&kit);
    assert_ok(links_add(links, &b.ident, &a.ident, LINK_SAME_NUMBER, KIT_DAY));
    casebook_kit_commit(&kit);
    assert_ok(casebook_find(kit.casebook, &a.ident, kit.arena, &found));
    assert_string_equal(found.person.preferred_name, "Zarq");
    assert_ok(casebook_find(kit.casebook, &b.ident, kit.arena, &found));
    assert_string_equal(found.person.preferred_name, "Zark");
    links_close(&links);
    casebook_kit_close(&kit);
}

static void links__join_no_case_with_itself_or_with_none_and_go_with_an_erased_one(
    void **state)
{
    (void)state;
    struct casebook_kit kit;
    struct links *links;
    struct link_row found;
    struct ident nobody = {{3}}, first = {{0}};
    casebook_kit_open(&kit, 73);
    assert_ok(links_open(kit.care.db, kit.care.chance, kit.casebook, &links, NULL));
    struct case_row a = casebook_kit_add(&kit, "Zarq"),
                    b = casebook_kit_add(&kit, "Zark");
    casebook_kit_begin(&kit);
    assert_status(
        links_add(links, &a.ident, &a.ident, LINK_FAMILY, KIT_DAY), STATUS_CONFLICT);
    assert_status(
        links_add(links, &a.ident, &nobody, LINK_FAMILY, KIT_DAY), STATUS_NOT_FOUND);
    assert_ok(links_add(links, &a.ident, &b.ident, LINK_FAMILY, KIT_DAY));
    assert_ok(casebook_erase(kit.casebook, &b.ident, KIT_DAY));
    casebook_kit_commit(&kit);
    assert_status(links_next(links, &a.ident, &first, &found), STATUS_NOT_FOUND);
    links_close(&links);
    casebook_kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links__hold_for_both_sides_and_can_be_taken_back),
        cmocka_unit_test(links__leave_both_cases_as_they_were),
        cmocka_unit_test(
            links__join_no_case_with_itself_or_with_none_and_go_with_an_erased_one),
    };
    return cmocka_run_group_tests_name("case_links", tests, NULL, NULL);
}
