/* SPDX-License-Identifier: Apache-2.0
 * All of PROTOCOL.md 5a against bytes that other code has made: layouts, signatures, wraps, fingerprints.
 */
#include "check.h"
#include "join.h"
#include "memory.h"
#include "notice.h"
#include "package.h"
#include "roster.h"
#include "root.h"
#include "vault.h"
#include "vectors.h"

static struct vectors *vectors;

static struct span frozen(const char *title, const char *name)
{
    return vectors_get(vectors, vectors_find(vectors, title), name);
}

static const uint8_t *frozen_bytes(const char *title, const char *name, size_t n)
{
    return vectors_take(vectors, vectors_find(vectors, title), name, n);
}

static void assert_text(const char *text, const char *title, const char *name)
{
    assert_span(span_text(text), frozen(title, name));
}

static struct sign_secret steward(size_t i)
{
    char name[] = "seed_0";
    struct sign_public key;
    struct sign_secret secret;

    name[5] = (char)('0' + i);
    sign_keys_from_seed(frozen_bytes("root 1", name, SIGN_SEED_BYTES), &key, &secret);
    return secret;
}

static struct ident network_id(void)
{
    struct ident ident;

    memcpy(ident.bytes, frozen_bytes("root 1", "network_id", IDENT_BYTES), IDENT_BYTES);
    return ident;
}

/* The draft, signed by these stewards ("012"), is the frozen document. */
static void assert_signs_to(struct buffer *draft, const char *who, const char *title)
{
    struct ident network = network_id();

    for (; *who; who++) {
        struct sign_secret secret = steward((size_t)(*who - '0'));
        struct document document;
        struct buffer with;
        size_t used;

        assert_ok(document_decode(buffer_span(draft), &document, &used));
        buffer_init(&with, document_bytes_max(document.type));
        assert_ok(document_sign(&document, &network, &secret, &with));
        buffer_release(draft);
        *draft = with;
    }
    assert_span(buffer_span(draft), frozen(title, "document"));
    buffer_release(draft);
}

static struct root read_roots(void)
{
    struct span first = frozen("root 1", "document");
    struct span second = frozen("root 2", "document");
    struct document last;
    struct ident network, wanted = network_id();
    struct buffer chain;
    struct root root;
    struct trouble trouble;

    buffer_init(&chain, 2 * ROOT_BYTES_MAX);
    assert_ok(buffer_put(&chain, first.at, first.n));
    assert_ok(buffer_put(&chain, second.at, second.n));
    assert_ok(
        root_read_chain(buffer_span(&chain), false, &root, &last, &network, &trouble));
    assert_true(ident_equal(&network, &wanted));
    buffer_release(&chain);
    return root;
}

static void check_roots(void)
{
    struct root second = read_roots(), first;
    struct sign_secret secret = steward(0);
    struct sign_public key = sign_public_of(&secret);
    struct document document;
    struct buffer draft;
    char digits[FINGERPRINT_TEXT_BYTES];

    assert_int_equal(second.version, 2);
    assert_int_equal(second.threshold, 2);
    assert_int_equal(second.n_stewards, 3);
    assert_false(root_has_steward(&second, &key));
    assert_span(hash_span(&second.hash), frozen("root 2", "hash"));
    assert_ok(
        document_decode_one(frozen("root 1", "document"), DOCUMENT_ROOT, &document));
    assert_ok(root_decode(&document, &first));
    fingerprint_format(&first.hash, digits);
    assert_text(digits, "root 1", "fingerprint");
    fingerprint_format_key(&key, digits);
    assert_text(digits, "root 1", "steward_fingerprint");

    buffer_init(&draft, ROOT_BYTES_MAX);
    assert_ok(root_encode(&first, &draft));
    assert_signs_to(&draft, "10", "root 1");
    buffer_init(&draft, ROOT_BYTES_MAX);
    assert_ok(root_encode(&second, &draft));
    assert_signs_to(&draft, "321", "root 2");
}

static struct roster *read_roster(const char *title, struct document *ret)
{
    struct root root = read_roots();
    struct ident network = network_id();
    struct roster *roster = NULL;

    assert_ok(document_decode_one(frozen(title, "document"), DOCUMENT_ROSTER, ret));
    assert_ok(root_accepts(&root, ret, &network));
    assert_ok(roster_decode(ret, &roster));
    return roster;
}

static void check_roster(const char *title, const char *who)
{
    struct document document;
    struct roster *roster = read_roster(title, &document);
    struct member *members = memory_new_array(roster_count(roster) + 1, sizeof *members);
    struct roster_draft draft = {
        .version = document.version,
        .root_version = document.root_version,
        .created_ms = document.created_ms,
        .expires_ms = document.expires_ms,
        .previous = document.previous,
        .profiles = roster_profiles(roster),
        .members = members,
        .n = roster_count(roster),
    };
    struct buffer bytes;

    for (size_t i = 0; i < draft.n; i++)
        members[i] = *roster_nth(roster, i);
    buffer_init(&bytes, ROSTER_BYTES_MAX);
    assert_ok(roster_encode(&draft, &bytes));
    assert_signs_to(&bytes, who, title);
    memory_free(members);
    roster_destroy(&roster);
}

static void check_rosters(void)
{
    struct document first, second;
    struct roster *roster = read_roster("roster 1", &first);
    struct roster *next = read_roster("roster 2", &second);
    struct hash profiles = roster_profiles(roster);

    assert_int_equal(roster_count(roster), 3);
    assert_int_equal(roster_count(next), 0);
    assert_span(hash_span(&first.hash), frozen("roster 1", "hash"));
    assert_span(hash_span(&second.previous), frozen("roster 1", "hash"));
    assert_span(hash_span(&profiles), frozen("roster 1", "profiles"));
    assert_span(
        ident_span(&roster_nth(roster, 1)->node_id), frozen("roster 1", "second_node"));
    roster_destroy(&roster);
    roster_destroy(&next);
    check_roster("roster 1", "31");
    check_roster("roster 2", "23");
}

static void check_package(void)
{
    struct root root = read_roots();
    struct ident network = network_id(), node_id;
    struct span one = frozen("profiles", "one_profile");
    struct document document;
    struct hash profiles, hash;
    struct buffer plain;

    memcpy(profiles.bytes, frozen_bytes("roster 1", "profiles", HASH_BYTES), HASH_BYTES);
    assert_ok(document_decode_one(
        frozen("profiles", "document"), DOCUMENT_PROFILES, &document));
    assert_ok(root_accepts(&root, &document, &network));
    for (size_t i = 0; i < 2; i++) {
        char node[] = "node_0", secret[] = "directory_secret_0";

        node[5] = secret[17] = (char)('0' + i);
        memcpy(node_id.bytes, frozen_bytes("profiles", node, IDENT_BYTES), IDENT_BYTES);
        buffer_init(&plain, PROFILES_BYTES_MAX);
        assert_ok(package_open(&document, &network, &node_id,
            frozen_bytes("profiles", secret, DIRECTORY_KEY_BYTES), &profiles, &plain));
        assert_span(buffer_span(&plain), frozen("profiles", "plain"));
        buffer_release(&plain);
    }
    hash = package_hash(frozen("profiles", "plain"));
    assert_true(hash_equal(&hash, &profiles));
    hash = package_profile_hash(frozen("profiles", "plain"), one);
    assert_span(hash_span(&hash), frozen("profiles", "one_hash"));
}

static void check_notice(void)
{
    struct ident network = network_id();
    struct sign_secret secret = steward(2);
    struct sign_public key = sign_public_of(&secret);
    struct document document;
    struct notice notice;
    struct buffer draft;

    assert_ok(
        document_decode_one(frozen("notice", "document"), DOCUMENT_NOTICE, &document));
    assert_ok(notice_decode(&document, &notice));
    assert_int_equal(document_count_signers(&document, &network, &key, 1), 1);
    assert_int_equal(notice.n, 2);
    assert_true(document.version ==
                vectors_number(vectors, vectors_find(vectors, "notice"), "created"));
    buffer_init(&draft, NOTICE_BYTES_MAX);
    assert_ok(notice_encode(&notice, &draft));
    assert_signs_to(&draft, "2", "notice");
}

static void check_join(void)
{
    char digits[FINGERPRINT_TEXT_BYTES];
    struct sign_public key;
    struct sign_secret secret;
    struct join join;
    struct buffer text;

    assert_ok(join_parse(frozen("join", "text"), &join, NULL));
    assert_text(join.name, "join", "name");
    assert_span(ident_span(&join.node_id), frozen("join", "node_id"));
    assert_int_equal(join.roles, 130);
    join_fingerprint(&join, digits);
    assert_text(digits, "join", "fingerprint");
    sign_keys_from_seed(
        frozen_bytes("join", "identity_seed", SIGN_SEED_BYTES), &key, &secret);
    buffer_init(&text, JOIN_TEXT_BYTES_MAX);
    assert_ok(join_format(&join, &secret, &text));
    assert_span(buffer_span(&text), frozen("join", "text"));
    buffer_release(&text);
}

static void documents__read_and_write_the_frozen_bytes(void **state)
{
    (void)state;
    vectors = vectors_open("documents.txt");
    check_roots();
    check_rosters();
    check_package();
    check_notice();
    check_join();
    vectors_close(&vectors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents__read_and_write_the_frozen_bytes),
    };

    return vault_start(NULL) ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
