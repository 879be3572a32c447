/* SPDX-License-Identifier: Apache-2.0
 * The join request as text, and its fingerprint.
 */
#include "check.h"
#include "hostile.h"
#include "join.h"
#include "trust_kit.h"

static struct kit kit;
static struct sign_secret identity;
static struct join good;
static struct buffer text;

static enum status parse(void *context, struct span bytes)
{
    struct join join;
    struct trouble trouble = {""};
    enum status status = join_parse(bytes, &join, &trouble);

    (void)context;
    assert_int_equal(status != STATUS_OK, trouble.text[0] != 0);
    return status;
}

/* Parses the request's text with `from` replaced by `to` at its first place. */
static enum status parse_changed(const char *from, const char *to)
{
    char copy[2 * JOIN_TEXT_BYTES_MAX], *at;
    struct buffer changed;
    enum status status;

    memcpy(copy, text.bytes, text.used);
    copy[text.used] = 0;
    at = strstr(copy, from);
    assert_non_null(at);
    buffer_init(&changed, 2 * JOIN_TEXT_BYTES_MAX);
    assert_ok(buffer_put(&changed, copy, (size_t)(at - copy)));
    assert_ok(buffer_put(&changed, to, strlen(to)));
    assert_ok(buffer_put(&changed, at + strlen(from), strlen(at + strlen(from))));
    status = parse(NULL, buffer_span(&changed));
    buffer_release(&changed);
    return status;
}

static void join__comes_back_as_it_was(void **state)
{
    struct join back;
    struct buffer again;

    (void)state;
    assert_ok(join_parse(buffer_span(&text), &back, NULL));
    assert_memory_equal(&back, &good, sizeof good);
    buffer_init(&again, JOIN_TEXT_BYTES_MAX);
    assert_ok(join_format(&back, &identity, &again));
    assert_span(buffer_span(&again), buffer_span(&text));
    buffer_release(&again);
}

static void join__takes_names_of_one_to_64_letters(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 64; n++) {
        struct join join = good, back;
        struct buffer bytes;

        memset(join.name, 0, sizeof join.name);
        memset(join.name, 'x', n);
        buffer_init(&bytes, JOIN_TEXT_BYTES_MAX);
        assert_ok(join_format(&join, &identity, &bytes));
        assert_ok(join_parse(buffer_span(&bytes), &back, NULL));
        assert_string_equal(back.name, join.name);
        hostile_cut(span_of(bytes.bytes, bytes.used - 1), parse, NULL);
        buffer_release(&bytes);
    }
}

static void join__forgives_line_ends_and_nothing_else(void **state)
{
    (void)state;
    assert_ok(parse_changed("request 1\n", "request 1\r\n"));
    assert_status(parse_changed("request 1\n", "request 2\n"), STATUS_MALFORMED);
    assert_status(parse_changed("request 1\n", "request 1 \n"), STATUS_MALFORMED);
    assert_status(parse_changed("request 1\n", "request 1\n\n"), STATUS_MALFORMED);
    assert_status(parse_changed("request 1\n", "request 1\n00"), STATUS_MALFORMED);
    assert_status(parse_changed("414d4a31", "414D4A31"), STATUS_MALFORMED);
    assert_status(parse_changed("414d4a31", "414d4a32"), STATUS_MALFORMED);
    assert_status(parse_changed("amaan", "Amaan"), STATUS_MALFORMED);
    assert_ok(buffer_put(&text, "\n\n", 2)); /* empty lines at the end */
    assert_ok(parse(NULL, buffer_span(&text)));
    text.used -= 2;
}

static void join__a_request_that_was_changed_is_forged(void **state)
{
    char from[9], to[9];

    (void)state;
    hex_format(good.transport, 4, from);
    memcpy(to, from, sizeof to);
    to[0] = from[0] == 'a' ? 'b' : 'a';
    assert_status(parse_changed(from, to), STATUS_FORGED);
}

static void join__refuses_what_cannot_be_a_request(void **state)
{
    struct buffer longer;

    (void)state;
    buffer_init(&longer, 4096);
    assert_non_null(buffer_grow(&longer, JOIN_TEXT_BYTES_MAX + 1));
    assert_status(parse(NULL, buffer_span(&longer)), STATUS_TOO_BIG);
    buffer_release(&longer);
    assert_status(parse(NULL, span_of(NULL, 0)), STATUS_MALFORMED);
    (void)hostile_flip(buffer_span(&text), text.used, kit.chance, parse, NULL);
}

/* The request with n of its bytes set to that value; which bytes they are, whatever the signature says. */
static enum status parse_with(size_t at, size_t n, uint8_t value)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t copy[JOIN_TEXT_BYTES_MAX];

    memcpy(copy, text.bytes, text.used);
    for (size_t i = at; i < at + n; i++) {
        size_t place = strlen("amaan join request 1\n") + i / 32 * 65 + i % 32 * 2;

        copy[place] = (uint8_t)digits[value >> 4];
        copy[place + 1] = (uint8_t)digits[value & 15];
    }
    return parse(NULL, span_of(copy, text.used));
}

static void join__refuses_missing_keys_and_names_that_cannot_be(void **state)
{
    static const struct {
        size_t at, n;
        uint8_t value;
    } rows[] = {
        {0, 1, 'B'},    /* magic */
        {4, 4, 0},      /* no suite */
        {8, 4, 0},      /* no role */
        {12, 1, 0},     /* a name of no letters */
        {12, 1, 65},    /* and of too many */
        {12, 1, 20},    /* one byte less than there is */
        {13, 1, 1},     /* zeros */
        {15, 1, 1},     /* zeros */
        {16, 16, 0},    /* node id */
        {32, 16, 0},    /* queue id */
        {48, 32, 0},    /* identity */
        {80, 32, 0},    /* transport */
        {112, 32, 0},   /* directory */
        {144, 1, 'S'},  /* a name has no capitals, */
        {150, 1, ' '},  /* spaces, */
        {150, 1, '/'},  /* marks, */
        {150, 1, 0},    /* ends, */
        {150, 1, 0xff}, /* or bytes that are no letters */
        {150, 2, 0xd8},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_status(parse_with(rows[i].at, rows[i].n, rows[i].value), STATUS_MALFORMED);
    assert_status(parse_with(150, 1, 'x'), STATUS_FORGED);
    assert_status(parse_with(144 + 21, 64, 0), STATUS_FORGED);
}

static void fingerprint__is_eight_groups_of_five_digits_of_the_hash(void **state)
{
    struct hash hash = {{0}};
    char digits[FINGERPRINT_TEXT_BYTES], other[FINGERPRINT_TEXT_BYTES];
    struct join join = good;

    (void)state;
    hash.bytes[3] = 7;                                                    /* 7 */
    hash.bytes[4] = hash.bytes[5] = hash.bytes[6] = hash.bytes[7] = 0xff; /* 4294967295 */
    hash.bytes[29] = 0x01, hash.bytes[30] = 0x86, hash.bytes[31] = 0xa0;  /* 100000 */
    fingerprint_format(&hash, digits);
    assert_string_equal(digits, "00007 67295 00000 00000 00000 00000 00000 00000");

    join_fingerprint(&good, digits);
    assert_int_equal(strlen(digits), 47);
    join.name[0] = 'z';
    join_fingerprint(&join, other);
    assert_string_not_equal(digits, other);
    join = good;
    join.signature.bytes[0] ^= 1; /* not part of it */
    join_fingerprint(&join, other);
    assert_string_equal(digits, other);
}

static void fingerprint__matches_what_a_person_types(void **state)
{
    const char *digits = "00007 67295 00000 11111 22222 33333 44444 55555";

    (void)state;
    assert_true(fingerprint_matches(digits, digits));
    assert_true(
        fingerprint_matches(digits, " 0000767295-00000 11111\n2222233333 4444455555\n"));
    assert_false(
        fingerprint_matches(digits, "00007 67295 00000 11111 22222 33333 44444 55554"));
    assert_false(fingerprint_matches(digits, "00007 67295"));
    assert_false(fingerprint_matches(digits, ""));
    assert_false(
        fingerprint_matches(digits, "00007 67295 00000 11111 22222 33333 44444 555550"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(join__comes_back_as_it_was),
        cmocka_unit_test(join__takes_names_of_one_to_64_letters),
        cmocka_unit_test(join__forgives_line_ends_and_nothing_else),
        cmocka_unit_test(join__a_request_that_was_changed_is_forged),
        cmocka_unit_test(join__refuses_what_cannot_be_a_request),
        cmocka_unit_test(join__refuses_missing_keys_and_names_that_cannot_be),
        cmocka_unit_test(fingerprint__is_eight_groups_of_five_digits_of_the_hash),
        cmocka_unit_test(fingerprint__matches_what_a_person_types),
    };
    struct sign_public key;
    int failed;

    kit_init(&kit, 6);
    sign_new_keys(kit.chance, &key, &identity);
    good.node_id = ident_new(kit.chance);
    good.queue_id = ident_new(kit.chance);
    chance_fill(kit.chance, good.transport, sizeof good.transport);
    chance_fill(kit.chance, good.directory, sizeof good.directory);
    good.suites = 1;
    good.roles = 2;
    memcpy(good.name, "shelter.invented-town", 22);
    buffer_init(&text, JOIN_TEXT_BYTES_MAX);
    if (join_format(&good, &identity, &text))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    buffer_release(&text);
    kit_release(&kit);
    return failed;
}
