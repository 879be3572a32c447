/* SPDX-License-Identifier: Apache-2.0
 *
 * certificate: an office's authority speaks for its own address and name, and for nothing else.
 */
#include "certificate.h"
#include "check.h"
#include "clock.h"
#include "memory.h"
#include "seeded.h"

#define NOW INT64_C(1795689600000) /* 2026-11-26 */

struct office {
    struct seeded seeded;
    struct chance *chance;
    struct certificate_place place;
    struct buffer authority_key, authority, key, server;
};

static struct certificate_place place_of(uint8_t last, const char *name)
{
    struct certificate_place place = {.address = {192, 168, 4, last}};

    snprintf(place.name, sizeof(place.name), "%s", name);
    return place;
}

static enum status make_server(
    struct office *office, const struct certificate_place *place, int64_t now_ms)
{
    struct certificate_authority authority = {
        buffer_span(&office->authority_key), buffer_span(&office->authority)};

    return certificate_make_server(
        &authority, place, now_ms, office->chance, &office->key, &office->server);
}

static void open_office(struct office *office, const char *name)
{
    office->chance = seeded_init(&office->seeded, 5);
    office->place = place_of(20, name);
    assert_ok(certificate_make_authority(
        &office->place, NOW, office->chance, &office->authority_key, &office->authority));
    assert_ok(make_server(office, &office->place, NOW));
}

static void close_office(struct office *office)
{
    buffer_release(&office->authority_key);
    buffer_release(&office->authority);
    buffer_release(&office->key);
    buffer_release(&office->server);
}

static enum status check(const struct office *office, int64_t now_ms)
{
    return certificate_check(buffer_span(&office->server),
        buffer_span(&office->authority), &office->place, now_ms);
}

static void certificate__holds_for_its_office_as_long_as_it_says(void **state)
{
    static const char *const NAMES[] = {"", "amaan.office.internal"};
    struct certificate_about about;
    struct office office;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(NAMES); i++) {
        open_office(&office, NAMES[i]);
        assert_ok(check(&office, NOW));
        assert_ok(check(&office, NOW - HOUR_MS));
        assert_status(check(&office, NOW - 2 * DAY_MS), STATUS_EXPIRED);
        assert_ok(check(&office, NOW + (CERTIFICATE_SERVER_DAYS - 1) * DAY_MS));
        assert_status(
            check(&office, NOW + (CERTIFICATE_SERVER_DAYS + 1) * DAY_MS), STATUS_EXPIRED);
        assert_ok(certificate_inspect(buffer_span(&office.authority), &about));
        assert_true(about.until_ms == NOW + CERTIFICATE_AUTHORITY_DAYS * DAY_MS);
        assert_int_equal(strlen(about.digits), CERTIFICATE_DIGITS - 1);
        assert_int_equal(strspn(about.digits, "0123456789ABCDEF "), 79);
        assert_ok(certificate_fits(buffer_span(&office.authority), &office.place));
        close_office(&office);
    }
}

/* What a thief of the authority's key could sign: nothing that a desk would take. */
static void certificate__of_the_authority_for_any_other_place_does_not_hold(void **state)
{
    static const struct {
        uint8_t last;
        const char *name;
    } OTHERS[] = {{21, ""}, {21, "amaan.office.internal"}, {20, "bank.example"},
        {20, "office.internal"}, {20, "amaan.office.internal.example"},
        {20, "xamaan.office.internal"}};
    static const char *const NAMES[] = {"", "amaan.office.internal"};
    struct office office;
    int refused = 0;

    (void)state;
    for (size_t n = 0; n < ARRAY_LENGTH(NAMES); n++) {
        open_office(&office, NAMES[n]);
        for (size_t i = 0; i < ARRAY_LENGTH(OTHERS); i++) {
            struct certificate_place other = place_of(OTHERS[i].last, OTHERS[i].name);

            buffer_release(&office.key);
            buffer_release(&office.server);
            assert_ok(make_server(&office, &other, NOW));
            /* Whoever asks for that other name gets no answer that holds. */
            assert_status(certificate_check(buffer_span(&office.server),
                              buffer_span(&office.authority), &other, NOW),
                STATUS_FORGED);
            assert_status(certificate_fits(buffer_span(&office.authority), &other),
                STATUS_CONFLICT);
            refused++;
        }
        close_office(&office);
    }
    print_message("refused: %d certificates for other places\n", refused);
}

static void certificate__of_another_authority_does_not_hold(void **state)
{
    struct office office, other;

    (void)state;
    open_office(&office, "");
    open_office(&other, "");
    assert_status(certificate_check(buffer_span(&other.server),
                      buffer_span(&office.authority), &office.place, NOW),
        STATUS_FORGED);
    close_office(&other);
    close_office(&office);
}

static void certificate__refuses_texts_that_are_none(void **state)
{
    struct certificate_about about;
    struct buffer der;
    struct office office;
    int refused = 0;

    (void)state;
    open_office(&office, "");
    for (size_t n = 0; n + 30 < office.server.used; n += 7) {
        struct span cut = span_of(office.server.bytes, n);

        assert_status(certificate_inspect(cut, &about), STATUS_MALFORMED);
        assert_status(certificate_encode(cut, &der), STATUS_MALFORMED);
        assert_status(certificate_fits(cut, &office.place), STATUS_MALFORMED);
        refused++;
    }
    assert_ok(certificate_encode(buffer_span(&office.authority), &der));
    assert_int_equal(der.bytes[0], 0x30);
    buffer_release(&der);
    close_office(&office);
    print_message("refused: %d cut texts\n", refused);
}

static void certificate__takes_names_that_are_dns_names(void **state)
{
    static const char *const BAD[] = {"", "amaan", "192.168.4.20", "Amaan.office",
        "amaan..office", ".amaan.office", "amaan.office.", "-a.office", "a-.office",
        "a.-office", "a_b.office", "a b.office", "*.office", "a.office/",
        "a.office:8443"};

    (void)state;
    assert_true(certificate_name_is_good("amaan.office.internal"));
    assert_true(certificate_name_is_good("a-1.b2"));
    for (size_t i = 0; i < ARRAY_LENGTH(BAD); i++)
        if (certificate_name_is_good(BAD[i]))
            fail_msg("taken: \"%s\"", BAD[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate__holds_for_its_office_as_long_as_it_says),
        cmocka_unit_test(certificate__of_the_authority_for_any_other_place_does_not_hold),
        cmocka_unit_test(certificate__of_another_authority_does_not_hold),
        cmocka_unit_test(certificate__refuses_texts_that_are_none),
        cmocka_unit_test(certificate__takes_names_that_are_dns_names),
    };
    return cmocka_run_group_tests_name("certificate", tests, NULL, NULL);
}
