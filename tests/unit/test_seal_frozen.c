/* SPDX-License-Identifier: Apache-2.0
 *
 * The frozen vectors of tests/vectors/seal.txt, and of seal-odd.txt in the build with the odd suite.
 * `test_seal_frozen freeze` prints such a file: run once when the format was made, never to repair a
 * failing test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "memory.h"
#include "seal_kit.h"
#include "vault.h"
#include "vectors.h"

enum { VECTOR_SEED = 1001 };

struct frozen {
    struct kit kit;
    struct hash commit;
    uint8_t transcript[TRANSCRIPT_BYTES];
    struct span header, signed_inner;
};

static void make_case(size_t i, struct frozen *ret)
{
    struct kit *kit = &ret->kit;
    kit_init(kit, VECTOR_SEED);
    seeded_init(&kit->seeded, VECTOR_SEED + 1 + i);
    kit_seal(kit, kit_body(KIT_CASES[i].body_bytes), KIT_CASES[i].lane);
    assert_int_equal(kit_break(kit), STATUS_OK);
    ret->header = span_of(
        kit->envelope.bytes, HEADER_FIXED_BYTES + suite_find(KIT_SUITE)->enc_bytes);
    ret->signed_inner = span_of(kit->plain.bytes, INNER_SIGNED_BYTES);
    ret->commit = kit->opened.body_commit;
    transcript_make(&kit->network_id, ret->header, &kit->recipient.member.identity,
        ret->signed_inner, &ret->commit, ret->transcript);
}

static void print_person(const char *who, const struct person *person)
{
    char name[64];
    const struct kem *kem = kem_find(KIT_SUITE);
    uint8_t id[8];
    struct writer writer = writer_over(id, sizeof id);
    writer_u64(&writer, person->bundle.prekeys[0].id);
    snprintf(name, sizeof name, "%s node_id", who);
    vectors_print(stdout, name, ident_span(&person->member.node_id));
    snprintf(name, sizeof name, "%s queue_id", who);
    vectors_print(stdout, name, ident_span(&person->member.queue_id));
    snprintf(name, sizeof name, "%s identity seed", who);
    vectors_print(stdout, name, span_of(person->secret.bytes, SIGN_SEED_BYTES));
    snprintf(name, sizeof name, "%s identity", who);
    vectors_print(
        stdout, name, span_of(person->member.identity.bytes, SIGN_PUBLIC_BYTES));
    snprintf(name, sizeof name, "%s prekey_id", who);
    vectors_print(stdout, name, writer_span(&writer));
    snprintf(name, sizeof name, "%s prekey secret", who);
    vectors_print(stdout, name, span_of(person->prekey_secret, kem->secret_bytes));
    snprintf(name, sizeof name, "%s prekey", who);
    vectors_print(
        stdout, name, span_of(person->bundle.prekeys[0].public_key, kem->public_bytes));
}

static int freeze(void)
{
    struct kit kit;
    kit_init(&kit, VECTOR_SEED);
    printf("# Envelopes (PROTOCOL.md 1.2, 1.3, 1.6), frozen. Made once by `%s freeze`.\n"
           "# Byte i of every body is (31 i + 7) mod 256. Of the larger ones only the "
           "hash of\n"
           "# the whole envelope stands here.\n\n[members]\n",
        KIT_MAKER);
    vectors_print(stdout, "network_id", ident_span(&kit.network_id));
    print_person("sender", &kit.sender);
    print_person("recipient", &kit.recipient);
    kit_release(&kit);
    for (size_t i = 0; i < KIT_N_CASES; i++) {
        struct frozen frozen;
        make_case(i, &frozen);
        const struct opened *opened = &frozen.kit.opened;
        uint8_t length[4];
        struct writer writer = writer_over(length, sizeof length);
        writer_u32(&writer, (uint32_t)KIT_CASES[i].body_bytes);
        printf("\n[%s]\n", KIT_CASES[i].title);
        vectors_print(stdout, "body_bytes", writer_span(&writer));
        vectors_print(stdout, "salt", span_of(opened->inner.body_salt, 32));
        vectors_print(stdout, "body_commit", hash_span(&frozen.commit));
        vectors_print(stdout, "header", frozen.header);
        vectors_print(stdout, "signed inner", frozen.signed_inner);
        vectors_print(stdout, "M", span_of(frozen.transcript, TRANSCRIPT_BYTES));
        vectors_print(
            stdout, "signature", span_of(opened->inner.signature.bytes, SIGNATURE_BYTES));
        vectors_print(stdout, "link", hash_span(&opened->link));
        vectors_print(stdout, "envelope hash", hash_span(&opened->envelope));
        if (KIT_CASES[i].bucket == BUCKET_SMALL)
            vectors_print(stdout, "envelope", buffer_span(&frozen.kit.envelope));
        kit_release(&frozen.kit);
    }
    return 0;
}

static void assert_frozen(
    const struct vectors *vectors, size_t at, const char *name, struct span got)
{
    assert_true(span_equal(vectors_get(vectors, at, name), got));
}

static void seal__makes_the_frozen_envelopes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open(KIT_VECTORS);
    for (size_t i = 0; i < KIT_N_CASES; i++) {
        struct frozen frozen;
        size_t at = vectors_find(vectors, KIT_CASES[i].title);
        make_case(i, &frozen);
        const struct opened *opened = &frozen.kit.opened;
        assert_int_equal(
            vectors_number(vectors, at, "body_bytes"), KIT_CASES[i].body_bytes);
        assert_frozen(vectors, at, "salt", span_of(opened->inner.body_salt, 32));
        assert_frozen(vectors, at, "body_commit", hash_span(&frozen.commit));
        assert_frozen(vectors, at, "header", frozen.header);
        assert_frozen(vectors, at, "signed inner", frozen.signed_inner);
        assert_frozen(vectors, at, "M", span_of(frozen.transcript, TRANSCRIPT_BYTES));
        assert_frozen(vectors, at, "signature",
            span_of(opened->inner.signature.bytes, SIGNATURE_BYTES));
        assert_frozen(vectors, at, "link", hash_span(&opened->link));
        assert_frozen(vectors, at, "envelope hash", hash_span(&opened->envelope));
        assert_int_equal(
            vectors_has(vectors, at, "envelope"), KIT_CASES[i].bucket == BUCKET_SMALL);
        kit_release(&frozen.kit);
    }
    vectors_close(&vectors);
}

static void seal__opens_the_frozen_envelopes_with_the_frozen_keys(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open(KIT_VECTORS);
    const struct kem *kem = kem_find(KIT_SUITE);
    struct kit kit;
    size_t at = vectors_find(vectors, "members");
    kit_init(&kit, 14); /* other keys, all of which are replaced */
    struct person *me = &kit.recipient;
    memcpy(kit.network_id.bytes, vectors_take(vectors, at, "network_id", 16), 16);
    memcpy(kit.sender.member.node_id.bytes,
        vectors_take(vectors, at, "sender node_id", 16), 16);
    memcpy(kit.sender.member.identity.bytes,
        vectors_take(vectors, at, "sender identity", 32), 32);
    memcpy(
        me->member.node_id.bytes, vectors_take(vectors, at, "recipient node_id", 16), 16);
    memcpy(me->member.queue_id.bytes, vectors_take(vectors, at, "recipient queue_id", 16),
        16);
    sign_keys_from_seed(vectors_take(vectors, at, "recipient identity seed", 32),
        &me->member.identity, &me->secret);
    me->bundle.prekeys[0].id = vectors_number(vectors, at, "recipient prekey_id");
    memcpy(me->prekey_secret,
        vectors_take(vectors, at, "recipient prekey secret", kem->secret_bytes),
        kem->secret_bytes);
    for (size_t i = 0; i < 2; i++) {
        at = vectors_find(vectors, KIT_CASES[i].title);
        assert_int_equal(
            kit_break_bytes(&kit, vectors_get(vectors, at, "envelope")), STATUS_OK);
        assert_true(span_equal(kit.opened.body, kit_body(KIT_CASES[i].body_bytes)));
        assert_frozen(vectors, at, "link", hash_span(&kit.opened.link));
        assert_frozen(vectors, at, "envelope hash", hash_span(&kit.opened.envelope));
    }
    kit_release(&kit);
    vectors_close(&vectors);
}

static int start(void **state)
{
    (void)state;
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seal__makes_the_frozen_envelopes),
        cmocka_unit_test(seal__opens_the_frozen_envelopes_with_the_frozen_keys),
    };
    if (argc == 2 && strcmp(argv[1], "freeze") == 0)
        return start(NULL) == 0 ? freeze() : 1;
    return cmocka_run_group_tests_name("seal_frozen", tests, start, NULL);
}
