/* SPDX-License-Identifier: Apache-2.0
 *
 * The byte strings of PROTOCOL.md 1.3 and 1.6, put together here a second time, field by field.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bug.h"
#include "seeded.h"
#include "transcript.h"
#include "vault.h"

struct fixture {
    struct ident network_id, sender, recipient, item_id;
    struct hash prev_link, commit;
    struct link_input input;
};

static void fill(struct fixture *fixture)
{
    struct seeded seeded;
    struct chance *chance = seeded_init(&seeded, 71);
    fixture->network_id = ident_new(chance);
    fixture->sender = ident_new(chance);
    fixture->recipient = ident_new(chance);
    fixture->item_id = ident_new(chance);
    chance_fill(chance, fixture->prev_link.bytes, HASH_BYTES);
    chance_fill(chance, fixture->commit.bytes, HASH_BYTES);
    fixture->input = (struct link_input){
        .sender = &fixture->sender,
        .recipient = &fixture->recipient,
        .chain_epoch = 0x01020304,
        .pair_seq = UINT64_C(0x1112131415161718),
        .prev_link = &fixture->prev_link,
        .kind = 0x2122,
        .created_ms = INT64_C(0x0000213243546576),
        .lifetime_s = 0x41424344,
        .after_back = 0x51525354,
        .item_id = &fixture->item_id,
        .body_commit = &fixture->commit,
    };
}

static void body_commit__is_context_salt_length_body(void **state)
{
    (void)state;
    uint8_t bytes[16 + 32 + 4 + 5] = "amaan:body:v1", salt[32];
    memset(salt, 0xab, sizeof salt);
    memcpy(bytes + 16, salt, 32);
    memcpy(bytes + 48, "\0\0\0\5words", 9);
    struct hash want = hash_of(span_of(bytes, sizeof bytes));
    struct hash got = body_commit(salt, span_text("words"));
    assert_true(hash_equal(&want, &got));
    salt[0] ^= 1;
    got = body_commit(salt, span_text("words"));
    assert_false(hash_equal(&want, &got));
}

static void link_first__is_context_network_sender_recipient_epoch(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t bytes[68] = "amaan:chain:v1";
    fill(&f);
    memcpy(bytes + 16, f.network_id.bytes, 16);
    memcpy(bytes + 32, f.sender.bytes, 16);
    memcpy(bytes + 48, f.recipient.bytes, 16);
    memcpy(bytes + 64, "\1\2\3\4", 4);
    struct hash want = hash_of(span_of(bytes, sizeof bytes));
    struct hash got = link_first(&f.network_id, &f.sender, &f.recipient, 0x01020304);
    assert_true(hash_equal(&want, &got));
    got = link_first(&f.network_id, &f.recipient, &f.sender, 0x01020304);
    assert_false(hash_equal(&want, &got));
}

static void link_next__is_the_158_bytes_of_the_protocol(void **state)
{
    (void)state;
    struct fixture f;
    uint8_t bytes[158] = "amaan:link:v1";
    fill(&f);
    memcpy(bytes + 16, f.sender.bytes, 16);
    memcpy(bytes + 32, f.recipient.bytes, 16);
    memcpy(bytes + 48, "\x01\x02\x03\x04", 4);
    memcpy(bytes + 52, "\x11\x12\x13\x14\x15\x16\x17\x18", 8);
    memcpy(bytes + 60, f.prev_link.bytes, 32);
    memcpy(bytes + 92, "\x21\x22", 2);
    memcpy(bytes + 94, "\x00\x00\x21\x32\x43\x54\x65\x76", 8);
    memcpy(bytes + 102, "\x41\x42\x43\x44", 4);
    memcpy(bytes + 106, "\x51\x52\x53\x54", 4);
    memcpy(bytes + 110, f.item_id.bytes, 16);
    memcpy(bytes + 126, f.commit.bytes, 32);
    struct hash want = hash_of(span_of(bytes, sizeof bytes)), got = link_next(&f.input);
    assert_true(hash_equal(&want, &got));
}

static void assert_other_link(const struct fixture *f, const struct hash *first)
{
    struct hash link = link_next(&f->input);
    assert_false(hash_equal(&link, first));
}

static void link_next__changes_with_every_field(void **state)
{
    (void)state;
    struct fixture f, fresh;
    fill(&f);
    struct hash first = link_next(&f.input);
#define OTHER(change)                                                                    \
    do {                                                                                 \
        fill(&f);                                                                        \
        change;                                                                          \
        assert_other_link(&f, &first);                                                   \
    } while (0)
    OTHER(f.sender.bytes[15] ^= 1);
    OTHER(f.recipient.bytes[15] ^= 1);
    OTHER(f.input.chain_epoch++);
    OTHER(f.input.pair_seq++);
    OTHER(f.prev_link.bytes[31] ^= 1);
    OTHER(f.input.kind++);
    OTHER(f.input.created_ms++);
    OTHER(f.input.lifetime_s++);
    OTHER(f.input.after_back++);
    OTHER(f.item_id.bytes[15] ^= 1);
    OTHER(f.commit.bytes[31] ^= 1);
#undef OTHER
    fill(&fresh);
    struct hash again = link_next(&fresh.input);
    assert_true(hash_equal(&again, &first));
}

static void transcript__is_the_288_bytes_of_the_protocol(void **state)
{
    (void)state;
    struct fixture f;
    struct sign_public recipient;
    uint8_t want[TRANSCRIPT_BYTES] = "amaan:env:v1", got[TRANSCRIPT_BYTES], inner[160];
    struct span header = span_text("some header");
    struct hash header_hash = hash_of(header);
    fill(&f);
    memset(recipient.bytes, 0xc1, sizeof recipient.bytes);
    memset(inner, 0xd2, sizeof inner);
    memcpy(want + 16, f.network_id.bytes, 16);
    memcpy(want + 32, header_hash.bytes, 32);
    memcpy(want + 64, recipient.bytes, 32);
    memcpy(want + 96, inner, 160);
    memcpy(want + 256, f.commit.bytes, 32);
    transcript_make(
        &f.network_id, header, &recipient, span_of(inner, sizeof inner), &f.commit, got);
    assert_memory_equal(got, want, TRANSCRIPT_BYTES);
}

static void transcript__takes_no_part_of_another_size(void **state)
{
    (void)state;
    static const uint8_t lots[BODY_BYTES_MAX + 1], salt[32];
    static const struct sign_public recipient;
    static const struct hash commit;
    static const struct ident network_id;
    uint8_t made[TRANSCRIPT_BYTES];
    assert_bug((void)body_commit(salt, span_of(lots, sizeof lots)));
    assert_bug(transcript_make(&network_id, span_text("header"), &recipient,
        span_of(lots, INNER_SIGNED_BYTES - 1), &commit, made));
}

static int start(void **state)
{
    (void)state;
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(body_commit__is_context_salt_length_body),
        cmocka_unit_test(link_first__is_context_network_sender_recipient_epoch),
        cmocka_unit_test(link_next__is_the_158_bytes_of_the_protocol),
        cmocka_unit_test(link_next__changes_with_every_field),
        cmocka_unit_test(transcript__is_the_288_bytes_of_the_protocol),
        cmocka_unit_test(transcript__takes_no_part_of_another_size),
    };
    return cmocka_run_group_tests_name("transcript", tests, start, NULL);
}
