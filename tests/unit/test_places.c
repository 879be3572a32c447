/* SPDX-License-Identifier: Apache-2.0
 *
 * places: the list that is part of the program, and lists that are damaged.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "memory.h"
#include "places.h"

#define HEAD "source,invented\nversion,1\nday,2026-11-26\ncode,district,province\n"

static void places__of_this_program_are_the_160_districts(void **state)
{
    static const unsigned in_province[] = {0, 10, 35, 14, 1, 35, 36, 29};
    unsigned counted[8] = {0};
    struct places *places = memory_new(sizeof *places);

    (void)state;
    places_load(places);
    assert_int_equal(places->n, 160);
    assert_int_equal(places->version, 1);
    assert_holds(places->source, "OCHA COD-AB");
    for (size_t i = 0; i < places->n; i++) {
        const struct place *place = &places->list[i];

        counted[place->code / 100]++;
        assert_ptr_equal(places_find(places, place->code), place);
        for (size_t k = 0; k < i; k++) /* no district twice in one province */
            assert_false(strcmp(places->list[k].name, place->name) == 0 &&
                         strcmp(places->list[k].province, place->province) == 0);
    }
    for (unsigned province = 1; province < 8; province++)
        assert_int_equal(counted[province], in_province[province]);
    assert_string_equal(places_find(places, 528)->name, "Peshawar");
    assert_string_equal(places_find(places, 528)->province, "Khyber Pakhtunkhwa");
    assert_string_equal(places_find(places, 617)->name, "Lahore");
    assert_null(places_find(places, 199));
    assert_null(places_find(places, 0));
    assert_null(places_find(places, 65535));
    memory_free(places);
}

static void places__are_near_in_their_district_then_in_their_province(void **state)
{
    (void)state;
    assert_int_equal(place_nearness(513, 513), NEARNESS_DISTRICT);
    assert_int_equal(place_nearness(513, 528), NEARNESS_PROVINCE);
    assert_int_equal(place_nearness(513, 613), NEARNESS_ELSEWHERE);
}

static void place_codes__are_written_pk_and_three_digits(void **state)
{
    static const char *const bad[] = {"", "PK", "PK51", "PK5130", "pk513", "513", "PK013",
        "PK813", "PK500", "PK5 3", "XK513", "PK51\xd9"};
    char text[PLACE_CODE_BYTES];
    uint16_t code = 0;

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        if (!place_code_is_valid(i))
            continue;
        place_code_format(i, text);
        assert_ok(place_code_parse(text, &code));
        assert_int_equal(code, i);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_status(place_code_parse(bad[i], &code), STATUS_MALFORMED);
}

static enum status parse(const char *text, size_t n, struct trouble *trouble)
{
    struct places *places = memory_new(sizeof *places);
    enum status status = places_parse(span_of(text, n), places, trouble);

    memory_free(places);
    return status;
}

static void places__refuse_a_list_that_is_damaged_and_name_the_line(void **state)
{
    static const char good[] = HEAD "PK101,One,First\nPK102,Two,First\n";
    static const struct {
        const char *text, *line;
    } bad[] = {
        {"", "line 1"},
        {"version,1\n", "line 1"},
        {"source,invented\nversion,0\n", "line 2"},
        {"source,invented\nversion,1x\n", "line 2"},
        {"source,invented\nversion,1\nday,26-11-2026\n", "line 3"},
        {"source,invented\nversion,1\nday,2026-11-26\ncode,province\n", "line 4"},
        {HEAD, "line 5"},
        {HEAD "PK101,One\n", "line 5"},
        {HEAD "PK101,One,First,more\n", "line 5"},
        {HEAD "PK101,,First\n", "line 5"},
        {HEAD "PK101,One,First\n\n", "line 6"},
        {HEAD "PK101,One,First\nPK101,Two,First\n", "line 6"},
        {HEAD "PK102,One,First\nPK101,Two,First\n", "line 6"},
        {HEAD "PK101,\"One\",First\n", "line 5"},
        {HEAD "PK101,One,First\r\n", "line 5"},
        {HEAD "PK101,One,First\nPK102,Two,First", "line 6"},
        {HEAD "PK101,O\xffne,First\n", "line 5"},
        {HEAD "PK101,a name that is far too long for any district,First\n", "line 5"},
    };

    (void)state;
    assert_ok(parse(good, sizeof good - 1, NULL));
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct trouble trouble = {""};

        assert_status(
            parse(bad[i].text, strlen(bad[i].text), &trouble), STATUS_MALFORMED);
        assert_holds(trouble.text, bad[i].line);
    }
    for (size_t n = 0; n < sizeof good - 1; n++) /* good after the first district, too */
        assert_status(parse(good, n, NULL),
            n == sizeof HEAD "PK101,One,First\n" - 1 ? STATUS_OK : STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places__of_this_program_are_the_160_districts),
        cmocka_unit_test(places__are_near_in_their_district_then_in_their_province),
        cmocka_unit_test(place_codes__are_written_pk_and_three_digits),
        cmocka_unit_test(places__refuse_a_list_that_is_damaged_and_name_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
