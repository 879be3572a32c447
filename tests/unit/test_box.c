/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "box.h"
#include "seeded.h"
#include "vault.h"
#include "vectors.h"

static void box__is_xchacha20_poly1305_behind_its_nonce(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("rfc8439.txt");
    size_t at = vectors_find(vectors, "xchacha A.3.1");
    struct span want = vectors_get(vectors, at, "sealed");
    struct scripted scripted;
    struct box_key key;
    struct buffer buffer;
    memcpy(key.bytes, vectors_take(vectors, at, "key", 32), 32);
    buffer_init(&buffer, 4096);
    assert_int_equal(
        box_apply(&key, scripted_init(&scripted, vectors_get(vectors, at, "nonce")),
            vectors_get(vectors, at, "aad"), vectors_get(vectors, at, "plain"), &buffer),
        STATUS_OK);
    assert_int_equal(buffer.used, BOX_NONCE_BYTES + want.n);
    assert_memory_equal(buffer.bytes, vectors_take(vectors, at, "nonce", 24), 24);
    assert_memory_equal(buffer.bytes + BOX_NONCE_BYTES, want.at, want.n);
    buffer_release(&buffer);
    vectors_close(&vectors);
}

struct fixture {
    struct seeded seeded;
    struct box_key key;
    struct buffer boxed, plain;
};

static void open_fixture(struct fixture *fixture, struct span place, struct span plain)
{
    box_new_key(seeded_init(&fixture->seeded, 51), &fixture->key);
    buffer_init(&fixture->boxed, 1024);
    buffer_init(&fixture->plain, 1024);
    assert_int_equal(
        box_apply(&fixture->key, &fixture->seeded.chance, place, plain, &fixture->boxed),
        STATUS_OK);
}

static void close_fixture(struct fixture *fixture)
{
    buffer_release(&fixture->boxed);
    buffer_release(&fixture->plain);
}

static void box__appends_what_was_put_in(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, span_text("row 1"), span_text("words"));
    assert_int_equal(fixture.boxed.used, 5 + BOX_EXTRA_BYTES);
    assert_int_equal(buffer_put(&fixture.plain, "before ", 7), STATUS_OK);
    assert_int_equal(box_break(&fixture.key, span_text("row 1"),
                         buffer_span(&fixture.boxed), &fixture.plain),
        STATUS_OK);
    assert_true(span_equal(buffer_span(&fixture.plain), span_text("before words")));
    close_fixture(&fixture);
}

static void box__holds_nothing_as_well(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, span_of(NULL, 0), span_of(NULL, 0));
    assert_int_equal(fixture.boxed.used, BOX_EXTRA_BYTES);
    assert_int_equal(box_break(&fixture.key, span_of(NULL, 0),
                         buffer_span(&fixture.boxed), &fixture.plain),
        STATUS_OK);
    assert_int_equal(fixture.plain.used, 0);
    close_fixture(&fixture);
}

static void box__does_not_open_in_another_place(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, span_text("row 1"), span_text("words"));
    assert_int_equal(box_break(&fixture.key, span_text("row 2"),
                         buffer_span(&fixture.boxed), &fixture.plain),
        STATUS_FORGED);
    assert_int_equal(fixture.plain.used, 0);
    close_fixture(&fixture);
}

static void box__refuses_any_changed_byte_and_every_truncation(void **state)
{
    (void)state;
    struct fixture fixture;
    struct span place = span_text("row 1");
    open_fixture(&fixture, place, span_text("words"));
    for (size_t i = 0; i < fixture.boxed.used; i++) {
        fixture.boxed.bytes[i] ^= 1;
        assert_int_equal(
            box_break(&fixture.key, place, buffer_span(&fixture.boxed), &fixture.plain),
            STATUS_FORGED);
        fixture.boxed.bytes[i] ^= 1;
        assert_int_equal(box_break(&fixture.key, place, span_of(fixture.boxed.bytes, i),
                             &fixture.plain),
            i < BOX_EXTRA_BYTES ? STATUS_MALFORMED : STATUS_FORGED);
    }
    assert_int_equal(fixture.plain.used, 0);
    close_fixture(&fixture);
}

static void box__refuses_to_grow_a_buffer_past_its_maximum(void **state)
{
    (void)state;
    struct fixture fixture;
    struct buffer small;
    open_fixture(&fixture, span_text("row 1"), span_text("words"));
    buffer_init(&small, 5 + BOX_EXTRA_BYTES - 1);
    assert_int_equal(box_apply(&fixture.key, &fixture.seeded.chance, span_text("row 1"),
                         span_text("words"), &small),
        STATUS_TOO_BIG);
    assert_int_equal(small.used, 0);
    buffer_release(&small);
    buffer_init(&small, 4);
    assert_int_equal(
        box_break(&fixture.key, span_text("row 1"), buffer_span(&fixture.boxed), &small),
        STATUS_TOO_BIG);
    buffer_release(&small);
    close_fixture(&fixture);
}

static void box__takes_a_new_nonce_each_time(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, span_text("row 1"), span_text("words"));
    size_t n = fixture.boxed.used;
    assert_int_equal(box_apply(&fixture.key, &fixture.seeded.chance, span_text("row 1"),
                         span_text("words"), &fixture.boxed),
        STATUS_OK);
    assert_int_equal(fixture.boxed.used, 2 * n);
    assert_memory_not_equal(fixture.boxed.bytes, fixture.boxed.bytes + n, n);
    close_fixture(&fixture);
}

static void box__derives_another_key_for_every_purpose(void **state)
{
    (void)state;
    struct box_key parent, table, other, want;
    for (size_t i = 0; i < BOX_KEY_BYTES; i++)
        parent.bytes[i] = (uint8_t)i;
    box_derive_key(&parent, "table", &table);
    box_derive_key(&parent, "tables", &other);
    /* HKDFExpand(SHA256, 32, b"amaan:box:table").derive(bytes(range(32))) of Python's cryptography */
    assert_int_equal(
        hex_parse("a2fc04cafcdf29f63d049d18d1ca2155692fec92f7748e512ccc34fda9790315",
            want.bytes, BOX_KEY_BYTES),
        STATUS_OK);
    assert_memory_equal(table.bytes, want.bytes, BOX_KEY_BYTES);
    assert_memory_not_equal(table.bytes, other.bytes, BOX_KEY_BYTES);
    box_derive_key(&parent, "table", &parent); /* in place */
    assert_memory_equal(parent.bytes, want.bytes, BOX_KEY_BYTES);
}

static int start(void **state)
{
    (void)state;
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(box__is_xchacha20_poly1305_behind_its_nonce),
        cmocka_unit_test(box__appends_what_was_put_in),
        cmocka_unit_test(box__holds_nothing_as_well),
        cmocka_unit_test(box__does_not_open_in_another_place),
        cmocka_unit_test(box__refuses_any_changed_byte_and_every_truncation),
        cmocka_unit_test(box__refuses_to_grow_a_buffer_past_its_maximum),
        cmocka_unit_test(box__takes_a_new_nonce_each_time),
        cmocka_unit_test(box__derives_another_key_for_every_purpose),
    };
    return cmocka_run_group_tests_name("box", tests, start, NULL);
}
