/* SPDX-License-Identifier: Apache-2.0
 *
 * arrivals_csv: good rows, bad rows with their line and why, and lists that must not be here.
 */
#include "arrivals_csv.h"

#include "check.h"
#include "memory.h"
#include "vault.h"

#define TITLES "flight_or_bus,date,sending_state,return_type,minor,care_need,rcms\r\n"
#define GOOD "PK-752,2026-11-26,DE,eura-forced,no,yes,RC 4711\r\n"

static const struct box_key KEY = {{7, 7, 7}};

static struct arrivals *parse(const char *text)
{
    struct arrivals *arrivals = NULL;
    struct trouble trouble = {""};

    if (arrivals_parse(span_text(text), &KEY, &arrivals, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    return arrivals;
}

static void refuse(const char *text, enum status wanted, const char *says)
{
    struct arrivals *arrivals = NULL;
    struct trouble trouble = {""};

    assert_status(arrivals_parse(span_text(text), &KEY, &arrivals, &trouble), wanted);
    assert_null(arrivals);
    assert_holds(trouble.text, says);
}

static void arrivals__reads_what_a_list_says(void **state)
{
    (void)state;
    struct hash rcms;
    struct arrivals *list = parse(
        "\xef\xbb\xbf" TITLES GOOD "\"bus 7\",\"2026-11-27\",\"irn\",DEPORTED,unknown,,\n"
        "PK "
        "1,\xdb\xb2\xdb\xb0\xdb\xb2\xdb\xb6-\xdb\xb1\xdb\xb1-\xdb\xb2\xdb\xb8,TR,dfd,yes,"
        "no,");
    assert_int_equal(list->n_rows, 3);
    assert_int_equal(list->n_refused, 0);
    const struct arrival *row = &list->rows[0];
    assert_string_equal(row->vehicle, "PK-752");
    assert_int_equal(row->day, 20783);
    assert_string_equal(row->state, "DE");
    assert_int_equal(row->return_type, RETURN_EURA_FORCED);
    assert_int_equal(row->minor, FLAG_NO);
    assert_int_equal(row->care_need, FLAG_YES);
    assert_true(row->has_rcms);
    assert_ok(number_hash(&KEY, NUMBER_RCMS, span_text("rc-4711"), &rcms));
    assert_true(hash_equal(&rcms, &row->rcms));
    row = &list->rows[1];
    assert_string_equal(row->vehicle, "bus 7");
    assert_string_equal(row->state, "IRN");
    assert_int_equal(row->return_type, RETURN_DEPORTED);
    assert_int_equal(row->minor, FLAG_UNKNOWN);
    assert_int_equal(row->care_need, FLAG_UNKNOWN);
    assert_false(row->has_rcms);
    assert_int_equal(list->rows[2].day, 20785);
    assert_int_equal(list->rows[2].line, 4);
    arrivals_destroy(&list);
}

static void arrivals__takes_columns_in_any_order_and_drops_others_by_name(void **state)
{
    (void)state;
    struct arrivals *list = parse(
        "Name,rcms,care_need,minor,return_type,sending_state,Date,FLIGHT_OR_BUS,\"tel, "
        "no\"\nZarq,,yes,yes,voluntary,GR,2026-11-26,PK 1,0300-1234567\n");
    assert_int_equal(list->n_rows, 1);
    assert_int_equal(list->n_dropped, 2);
    assert_string_equal(list->dropped[0], "name");
    assert_string_equal(list->dropped[1], "tel, no");
    assert_int_equal(list->rows[0].return_type, RETURN_VOLUNTARY);
    arrivals_destroy(&list);
}

static void arrivals__refuses_bad_rows_with_their_line_and_why(void **state)
{
    (void)state;
    static const struct {
        const char *row, *why;
    } bad[] = {
        {",2026-11-26,DE,dfd,no,no,", "flight_or_bus"},
        {"PK 752 from somewhere far,2026-11-26,DE,dfd,no,no,", "flight_or_bus"},
        {"PK<b>,2026-11-26,DE,dfd,no,no,", "flight_or_bus"},
        {"PK1,26.11.2026,DE,dfd,no,no,", "date"},
        {"PK1,2026-11-31,DE,dfd,no,no,", "date"},
        {"PK1,2026-11-26T05:00:00Z,DE,dfd,no,no,", "date"},
        {"PK1,2026-11-26,Germany,dfd,no,no,", "sending_state"},
        {"PK1,2026-11-26,D1,dfd,no,no,", "sending_state"},
        {"PK1,2026-11-26,DE,flown,no,no,", "return_type"},
        {"PK1,2026-11-26,DE,dfd,perhaps,no,", "minor"},
        {"PK1,2026-11-26,DE,dfd,no,maybe,", "care_need"},
        {"PK1,2026-11-26,DE,dfd,no,no,X", "rcms"},
        {"PK1,2026-11-26,DE,dfd,no,no", "more or fewer"},
        {"PK1,2026-11-26,DE,dfd,no,no,,", "more or fewer"},
    };
    char text[512];
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        snprintf(text, sizeof(text), TITLES GOOD "\r\n%s\r\n" GOOD, bad[i].row);
        struct arrivals *list = parse(text);
        assert_int_equal(list->n_rows, 2);
        assert_int_equal(list->n_refused, 1);
        assert_int_equal(
            list->refused[0].line, 4); /* the empty line counts and is no row */
        assert_holds(list->refused[0].why, bad[i].why);
        arrivals_destroy(&list);
    }
}

static void dp12__a_list_with_a_column_of_identity_numbers_is_refused_as_a_whole(
    void **state)
{
    (void)state;
    static const char *const names[] = {"CNIC", "cnic_no", "Father CNIC", "NIC", "nic no",
        "NICOP", "passport", "Passport Number", "identity", "شناختی کارڈ", "ID Card",
        "35202-9876543-8"};
    char text[512];
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        snprintf(text, sizeof(text),
            "flight_or_bus,date,sending_state,return_type,minor,care_need,%s\n" GOOD,
            names[i]);
        refuse(text, STATUS_DENIED, "identity number");
    }
    struct arrivals *list =
        parse("flight_or_bus,date,sending_state,return_type,minor,care_need,clinic\n"
              "PK1,2026-11-26,DE,dfd,no,no,x\n");
    assert_int_equal(list->n_rows, 1);
    arrivals_destroy(&list);
}

static bool list_holds(const struct arrivals *list, const char *text)
{
    return memmem(list, sizeof(*list), text, strlen(text)) != NULL;
}

static void dp12__thirteen_digits_in_any_field_are_kept_nowhere(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "35202-9876543-8,2026-11-26,DE,dfd,no,no,,x",
        "PK1,2026-11-26,DE,dfd,no,no,3520298765438,x",
        "PK1,2026-11-26,DE,dfd,no,no,35202-9876543-8,x",
        "PK1,2026-11-26,3520298765438,dfd,no,no,,x",
    };
    char text[512];
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        snprintf(text, sizeof(text),
            "flight_or_bus,date,sending_state,return_type,minor,care_need,rcms,remark\n%"
            "s\n",
            rows[i]);
        struct arrivals *list = parse(text);
        assert_int_equal(list->n_rows, 0);
        assert_int_equal(list->n_refused, 1);
        assert_holds(list->refused[0].why, "13 digits");
        assert_false(list_holds(list, "9876543"));
        arrivals_destroy(&list);
    }
    /* In a column that is dropped it goes with the column. */
    struct arrivals *list =
        parse("flight_or_bus,date,sending_state,return_type,minor,care_need,remark\n"
              "PK1,2026-11-26,DE,dfd,no,no,35202-9876543-8\n");
    assert_int_equal(list->n_rows, 1);
    assert_false(list_holds(list, "9876543"));
    arrivals_destroy(&list);
}

static void arrivals__refuses_what_is_no_csv_or_lacks_a_column(void **state)
{
    (void)state;
    char big[ARRIVALS_BYTES_MAX + 2], text[512];
    refuse("", STATUS_MALFORMED, "flight_or_bus");
    refuse("flight_or_bus,date\n", STATUS_MALFORMED, "sending_state");
    refuse("date,date\n", STATUS_MALFORMED, "twice");
    refuse(TITLES "\"PK1,2026", STATUS_MALFORMED, "line 2");
    refuse(TITLES GOOD "PK\"1,2026\n", STATUS_MALFORMED, "line 3");
    refuse(TITLES "\"PK1\"x,2026\n", STATUS_MALFORMED, "quotes");
    refuse(TITLES "PK1\rx,2026\n", STATUS_MALFORMED, "quotes");
    memset(text, 'x', sizeof(text));
    memcpy(text, TITLES, sizeof(TITLES) - 1);
    text[sizeof(text) - 1] = 0;
    refuse(text, STATUS_TOO_BIG, "200 bytes");
    memset(big, 'x', sizeof(big));
    big[sizeof(big) - 1] = 0;
    refuse(big, STATUS_TOO_BIG, "49152");
    refuse("a,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n", STATUS_TOO_BIG, "columns");
}

static void arrivals__refuses_more_rows_than_its_limit(void **state)
{
    (void)state;
    struct arrivals *list = NULL;
    struct buffer text;
    struct trouble trouble = {""};
    static const char row[] = "P,2026-11-26,DE,dfd,,,\n";
    buffer_init(&text, ARRIVALS_BYTES_MAX);
    assert_ok(buffer_put(&text, TITLES, sizeof(TITLES) - 1));
    for (int i = 0; i < ARRIVALS_ROWS_MAX; i++)
        assert_ok(buffer_put(&text, row, sizeof(row) - 1));
    assert_ok(arrivals_parse(buffer_span(&text), &KEY, &list, &trouble));
    assert_int_equal(list->n_rows, ARRIVALS_ROWS_MAX);
    arrivals_destroy(&list);
    assert_ok(buffer_put(&text, row, sizeof(row) - 1));
    assert_status(
        arrivals_parse(buffer_span(&text), &KEY, &list, &trouble), STATUS_TOO_BIG);
    buffer_release(&text);
}

static void arrivals__counts_more_bad_rows_than_it_shows(void **state)
{
    (void)state;
    char text[4096] = TITLES;
    size_t used = strlen(text);
    for (int i = 0; i < ARRIVALS_REFUSED_MAX + 9; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "x,y\n");
    struct arrivals *list = parse(text);
    assert_int_equal(list->n_refused, ARRIVALS_REFUSED_MAX + 9);
    assert_int_equal(
        list->refused[ARRIVALS_REFUSED_MAX - 1].line, ARRIVALS_REFUSED_MAX + 1);
    arrivals_destroy(&list);
}

static void arrivals__puts_children_and_who_needs_care_first(void **state)
{
    (void)state;
    static const struct arrival order[] = {
        {.minor = FLAG_YES, .care_need = FLAG_NO, .return_type = RETURN_EURA_FORCED},
        {.minor = FLAG_YES, .care_need = FLAG_NO, .return_type = RETURN_VOLUNTARY},
        {.minor = FLAG_UNKNOWN, .care_need = FLAG_YES, .return_type = RETURN_VOLUNTARY},
        {.minor = FLAG_NO, .care_need = FLAG_YES, .return_type = RETURN_EURA_FORCED},
        {.minor = FLAG_NO, .care_need = FLAG_YES, .return_type = RETURN_OFF_LOADED},
        {.minor = FLAG_UNKNOWN, .care_need = FLAG_NO, .return_type = RETURN_DFD},
        {.minor = FLAG_NO, .care_need = FLAG_NO, .return_type = RETURN_EURA_FORCED},
        {.minor = FLAG_NO, .care_need = FLAG_UNKNOWN, .return_type = RETURN_VOLUNTARY},
    };
    for (size_t i = 1; i < ARRAY_LENGTH(order); i++)
        assert_true(arrival_rank(&order[i - 1]) < arrival_rank(&order[i]));
    assert_string_equal(arrival_reason(&order[2], 0), "minor-unknown");
    assert_string_equal(arrival_reason(&order[2], 1), "care-need");
    assert_string_equal(arrival_reason(&order[2], 2), "voluntary");
    assert_null(arrival_reason(&order[2], 3));
    assert_string_equal(arrival_reason(&order[6], 0), "eura-forced");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrivals__reads_what_a_list_says),
        cmocka_unit_test(arrivals__takes_columns_in_any_order_and_drops_others_by_name),
        cmocka_unit_test(arrivals__refuses_bad_rows_with_their_line_and_why),
        cmocka_unit_test(
            dp12__a_list_with_a_column_of_identity_numbers_is_refused_as_a_whole),
        cmocka_unit_test(dp12__thirteen_digits_in_any_field_are_kept_nowhere),
        cmocka_unit_test(arrivals__refuses_what_is_no_csv_or_lacks_a_column),
        cmocka_unit_test(arrivals__refuses_more_rows_than_its_limit),
        cmocka_unit_test(arrivals__counts_more_bad_rows_than_it_shows),
        cmocka_unit_test(arrivals__puts_children_and_who_needs_care_first),
    };
    if (vault_start(NULL) != STATUS_OK)
        return 1;
    return cmocka_run_group_tests_name("arrivals_csv", tests, NULL, NULL);
}
