/* SPDX-License-Identifier: Apache-2.0
 * Profiles sealed to members: who can open them, and who cannot.
 */
#include "check.h"
#include "hostile.h"
#include "kem.h"
#include "trust_kit.h"

enum { SOME = 6 };

static struct kit kit;
static struct member members[SOME];
static uint8_t secrets[SOME][KEM_SECRET_MAX];
static uint8_t plain_bytes[PACKAGE_SALT_BYTES + 3000];
static struct span plain;

static void package_of(size_t n, struct buffer *ret, struct document *ret_document)
{
    kit_package(&kit, 4, plain, members, n, "ab", ret);
    assert_ok(document_decode_one(buffer_span(ret), DOCUMENT_PROFILES, ret_document));
}

static enum status open_as(const struct document *document, size_t i, struct buffer *ret)
{
    struct hash expected = package_hash(plain);

    return package_open(
        document, &kit.network_id, &members[i].node_id, secrets[i], &expected, ret);
}

static enum status decode(void *context, struct span bytes)
{
    struct document document;
    struct parcel parcel;
    enum status status = document_decode_one(bytes, DOCUMENT_PROFILES, &document);

    (void)context;
    if (status == STATUS_OK)
        status = parcel_decode(&document, &parcel);
    return status == STATUS_UNSUPPORTED ? STATUS_MALFORMED : status;
}

static void package__is_opened_by_every_active_member_and_by_no_other(void **state)
{
    struct buffer package, opened;
    struct document document;

    (void)state;
    members[2].status = MEMBER_SUSPENDED;
    members[3].status = MEMBER_REVOKED;
    package_of(SOME - 1, &package, &document); /* the last one is no member */
    buffer_init(&opened, PROFILES_BYTES_MAX);
    for (size_t i = 0; i < SOME; i++) {
        bool reader = i != 2 && i != 3 && i != SOME - 1;

        buffer_clear(&opened);
        assert_status(
            open_as(&document, i, &opened), reader ? STATUS_OK : STATUS_NOT_FOUND);
        assert_span(buffer_span(&opened), reader ? plain : span_of(NULL, 0));
    }
    members[2].status = members[3].status = MEMBER_ACTIVE;
    buffer_release(&package);
    buffer_release(&opened);
}

static void package__does_not_hold_its_plain_bytes(void **state)
{
    struct buffer package;
    struct document document;

    (void)state;
    package_of(SOME, &package, &document);
    for (size_t at = 0; at + 8 <= plain.n; at += 8)
        assert_null(memmem(package.bytes, package.used, plain.at + at, 8));
    buffer_release(&package);
}

static void package__opens_with_no_other_key_place_or_network(void **state)
{
    struct hash expected = package_hash(plain), other_hash = expected;
    struct ident other = kit.network_id;
    struct buffer package, opened;
    struct document document;

    (void)state;
    package_of(SOME, &package, &document);
    buffer_init(&opened, PROFILES_BYTES_MAX);
    assert_status(package_open(&document, &kit.network_id, &members[0].node_id,
                      secrets[1], &expected, &opened),
        STATUS_FORGED);
    other.bytes[15] ^= 1;
    assert_status(package_open(&document, &other, &members[0].node_id, secrets[0],
                      &expected, &opened),
        STATUS_FORGED);
    other_hash.bytes[0] ^= 1;
    assert_status(package_open(&document, &kit.network_id, &members[0].node_id,
                      secrets[0], &other_hash, &opened),
        STATUS_CONFLICT);
    document.version++; /* a box moved into another edition */
    assert_status(open_as(&document, 0, &opened), STATUS_FORGED);
    assert_int_equal(opened.used, 0);
    buffer_release(&package);
    buffer_release(&opened);
}

static void package__any_changed_byte_of_key_or_box_is_noticed(void **state)
{
    struct buffer package, opened;
    struct document document;
    size_t end;

    (void)state;
    package_of(1, &package, &document);
    buffer_init(&opened, PROFILES_BYTES_MAX);
    end = document.body.n;
    for (size_t at = 80; at < end; at += at < 240 ? 1 : 61) {
        enum status status;

        package.bytes[at] ^= 0x40;
        status = document_decode_one(buffer_span(&package), DOCUMENT_PROFILES, &document);
        if (status == STATUS_OK)
            status = open_as(&document, 0, &opened);
        assert_int_not_equal(status, STATUS_OK);
        package.bytes[at] ^= 0x40;
    }
    buffer_release(&package);
    buffer_release(&opened);
}

static void package__refuses_truncation_and_tables_out_of_order(void **state)
{
    struct buffer package;
    struct document document;
    uint8_t entry[PARCEL_ENTRY_BYTES];

    (void)state;
    package_of(2, &package, &document);
    hostile_cut(buffer_span(&package), decode, NULL);
    hostile_set(buffer_span(&package), 116, 1, decode, NULL); /* zeros */
    hostile_set(buffer_span(&package), 75, 3, decode, NULL);  /* count */
    hostile_set(buffer_span(&package), 72, 1, decode, NULL);  /* beyond the limit */
    hostile_set(buffer_span(&package), 40, 1, decode, NULL);  /* previous hash */
    hostile_set(buffer_span(&package), 127, 1, decode, NULL); /* zeros */
    hostile_set(buffer_span(&package), 115, package.bytes[115] ^ 1, decode,
        NULL); /* length of the locked profiles */
    hostile_set(buffer_span(&package), 112, 0xff, decode, NULL);
    (void)hostile_flip(
        buffer_span(&package), PARCEL_FIXED_BYTES, kit.chance, decode, NULL);
    memcpy(entry, package.bytes + PARCEL_FIXED_BYTES, sizeof entry);
    memcpy(package.bytes + PARCEL_FIXED_BYTES,
        package.bytes + PARCEL_FIXED_BYTES + sizeof entry, sizeof entry);
    assert_status(decode(NULL, buffer_span(&package)), STATUS_MALFORMED);
    memcpy(package.bytes + PARCEL_FIXED_BYTES + sizeof entry, entry, sizeof entry);
    assert_status(decode(NULL, buffer_span(&package)), STATUS_MALFORMED);
    buffer_release(&package);
}

/* Decodes one entry and a box of that many bytes: the shortest that can hold anything is nonce and tag. */
static enum status decode_locked(size_t locked_bytes)
{
    uint8_t bytes[PARCEL_FIXED_BYTES + 64 + DOCUMENT_LIST_BYTES];
    struct document document = {
        .type = DOCUMENT_PROFILES,
        .version = 1,
        .root_version = 1,
        .created_ms = 1,
        .expires_ms = 2,
    };
    struct writer writer = writer_over(bytes, sizeof bytes);

    document_encode_head(&document, PARCEL_FIXED_BYTES + locked_bytes, &writer);
    writer_zeros(&writer, HASH_BYTES);
    writer_u32(&writer, (uint32_t)locked_bytes);
    writer_zeros(&writer, 12 + locked_bytes);
    document_encode_unsigned(&writer);
    return decode(NULL, writer_span(&writer));
}

static void package__may_have_no_reader_but_has_a_box(void **state)
{
    (void)state;
    assert_ok(decode_locked(24 + 16));
    assert_status(decode_locked(24 + 15), STATUS_MALFORMED);
    assert_status(decode_locked(0), STATUS_MALFORMED);
}

static void package__a_directory_key_of_low_order_makes_none(void **state)
{
    struct member bad = members[0];
    struct package_draft draft = {
        .network_id = &kit.network_id,
        .version = 1,
        .root_version = 1,
        .created_ms = 1,
        .expires_ms = 2,
        .plain = plain,
        .members = &bad,
        .n = 1,
    };
    struct buffer bytes;

    (void)state;
    buffer_init(&bytes, PROFILES_BYTES_MAX);
    memset(bad.directory, 0, sizeof bad.directory);
    bad.directory[0] = 1; /* a point of order 4 */
    assert_status(package_make(&draft, kit.chance, &bytes), STATUS_FORGED);
    buffer_release(&bytes);
}

static void package__a_profile_hash_needs_the_salt(void **state)
{
    uint8_t other_salt[PACKAGE_SALT_BYTES + 1] = {1};
    struct span profile = span_text("some profile");
    struct hash one = package_profile_hash(plain, profile), same, other;
    struct span profiles;

    (void)state;
    same = package_profile_hash(plain, profile);
    other = package_profile_hash(span_of(other_salt, sizeof other_salt), profile);
    assert_true(hash_equal(&one, &same));
    assert_false(hash_equal(&one, &other));
    assert_ok(package_profiles(plain, &profiles));
    assert_span(profiles, span_of(plain_bytes + 32, sizeof plain_bytes - 32));
    assert_status(
        package_profiles(span_of(plain_bytes, 31), &profiles), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(package__is_opened_by_every_active_member_and_by_no_other),
        cmocka_unit_test(package__does_not_hold_its_plain_bytes),
        cmocka_unit_test(package__opens_with_no_other_key_place_or_network),
        cmocka_unit_test(package__any_changed_byte_of_key_or_box_is_noticed),
        cmocka_unit_test(package__refuses_truncation_and_tables_out_of_order),
        cmocka_unit_test(package__may_have_no_reader_but_has_a_box),
        cmocka_unit_test(package__a_directory_key_of_low_order_makes_none),
        cmocka_unit_test(package__a_profile_hash_needs_the_salt),
    };
    int failed;

    kit_init(&kit, 5);
    kit_members(&kit, members, SOME);
    for (size_t i = 0; i < SOME; i++)
        kem_find(1)->new_keys(kit.chance, members[i].directory, secrets[i]);
    chance_fill(kit.chance, plain_bytes, sizeof plain_bytes);
    plain = span_of(plain_bytes, sizeof plain_bytes);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    kit_release(&kit);
    return failed;
}
