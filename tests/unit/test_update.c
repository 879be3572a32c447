/* SPDX-License-Identifier: Apache-2.0
 *
 * update: comes back as it was, is refused when it breaks a rule, cut anywhere or unknown.
 */
#include "check.h"
#include "hostile.h"
#include "limits.h"
#include "memory.h"
#include "seeded.h"
#include "update.h"
#include "vectors.h"

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 21);
    arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    buffer_init(&buffer, BODY_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    buffer_release(&buffer);
    return 0;
}

static enum status decode(void *context, struct span bytes)
{
    struct update update;
    (void)context;
    arena_reset(arena);
    return update_decode(arena, bytes, &update);
}

static struct update make(enum update_what what, unsigned reason)
{
    struct update update = {.what = what, .reason = reason};
    reference_new(&seed.chance, update.reference);
    if (what == UPDATE_PURGED)
        chance_fill(&seed.chance, &update.body_hash, sizeof(update.body_hash));
    if (what == UPDATE_ASKS || what == UPDATE_TELLS)
        update.question = INQUIRY_ARRIVAL_WHEN;
    if (what == UPDATE_TELLS) {
        update.told = TOLD_DAY;
        update.day = 20790;
    }
    return update;
}

static void update__comes_back_as_it_was_for_every_kind_and_reason(void **state)
{
    (void)state;
    static const unsigned reasons[UPDATE_COUNT] = {
        [UPDATE_CONSENT_WITHDRAWN] = WITHDRAWAL_COUNT,
        [UPDATE_PURGED] = 1,
        [UPDATE_OVERRIDE] = OVERRIDE_COUNT,
        [UPDATE_OVERRIDE_ALONE] = OVERRIDE_COUNT,
        [UPDATE_ACT_CONFIRMED] = 1,
        [UPDATE_ACT_UNDONE] = 1,
        [UPDATE_CANCEL_REQUESTED] = CANCEL_COUNT,
        [UPDATE_ENTERED_IN_ERROR] = ERROR_COUNT,
        [UPDATE_ASKS] = 1,
        [UPDATE_TELLS] = 1};
    for (int what = 1; what < UPDATE_COUNT; what++)
        for (unsigned reason = 0; reason <= reasons[what]; reason++) {
            bool coded = reasons[what] > 1;
            struct update update = make((enum update_what)what, reason), back;
            enum status wanted = coded
                                     ? (reason == 0                  ? STATUS_MALFORMED
                                           : reason == reasons[what] ? STATUS_UNSUPPORTED
                                                                     : STATUS_OK)
                                     : (reason == 0 ? STATUS_OK : STATUS_MALFORMED);
            assert_status(update_encode(&update, &buffer), wanted);
            if (wanted != STATUS_OK)
                continue;
            arena_reset(arena);
            assert_ok(update_decode(arena, buffer_span(&buffer), &back));
            assert_memory_equal(&back, &update, sizeof(back));
        }
}

static void update__carries_a_question_and_a_day_only_where_they_belong(void **state)
{
    (void)state;
    struct update update = make(UPDATE_TELLS, 0);
    update.day = 0; /* a day is told, and none is there */
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
    update.told = TOLD_YES;
    assert_ok(update_encode(&update, &buffer));
    update.day = 20790;
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
    update = make(UPDATE_TELLS, 0);
    update.told = TOLD_COUNT;
    assert_status(update_encode(&update, &buffer), STATUS_UNSUPPORTED);
    update = make(UPDATE_ASKS, 0);
    update.question = INQUIRY_COUNT;
    assert_status(update_encode(&update, &buffer), STATUS_UNSUPPORTED);
    update.question = (enum inquiry)0;
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
    update = make(UPDATE_ASKS, 0);
    update.told = TOLD_YES;
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
    update = make(UPDATE_CANCEL_REQUESTED, CANCEL_SENT_TWICE);
    update.question = INQUIRY_ESCORTED;
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
}

static void update__refuses_a_hash_where_none_belongs_and_none_where_one_does(
    void **state)
{
    (void)state;
    struct update update = make(UPDATE_PURGED, 0);
    memset(&update.body_hash, 0, sizeof(update.body_hash));
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
    update = make(UPDATE_CONSENT_WITHDRAWN, 1);
    update.body_hash.bytes[3] = 1;
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
    update = make(UPDATE_PURGED, 0);
    update.what = UPDATE_COUNT;
    assert_status(update_encode(&update, &buffer), STATUS_UNSUPPORTED);
    update.what = (enum update_what)0;
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
    update = make(UPDATE_ACT_CONFIRMED, 0);
    update.reference[2] = 'I';
    assert_status(update_encode(&update, &buffer), STATUS_MALFORMED);
}

static void update__is_refused_when_cut_at_any_length_and_survives_flipped_bits(
    void **state)
{
    (void)state;
    struct update updates[] = {make(UPDATE_CONSENT_WITHDRAWN, WITHDRAWAL_PERSON_ASKED),
        make(UPDATE_PURGED, 0), make(UPDATE_OVERRIDE_ALONE, OVERRIDE_LIFE_AT_RISK)};
    for (size_t i = 0; i < ARRAY_LENGTH(updates); i++) {
        assert_ok(update_encode(&updates[i], &buffer));
        struct span good = buffer_span(&buffer);
        hostile_cut(good, decode, NULL);
        hostile_set(good, 12, UPDATE_COUNT, decode, NULL);
        assert_true(hostile_flip(good, good.n, &seed.chance, decode, NULL) > 0);
    }
}

static void update__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("content.txt");
    int n = 0;
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct update update;
        if (vectors_number(vectors, i, "type") != 5)
            continue;
        struct span frozen = vectors_get(vectors, i, "body");
        arena_reset(arena);
        assert_ok(update_decode(arena, frozen, &update));
        assert_ok(update_encode(&update, &buffer));
        assert_span(buffer_span(&buffer), frozen);
        n++;
    }
    assert_int_equal(n, 7);
    vectors_close(&vectors);
}

static void update__has_a_word_for_every_code(void **state)
{
    (void)state;
    enum withdrawal withdrawal;
    enum override override;
    for (int i = 1; i < UPDATE_COUNT; i++)
        assert_non_null(update_what_name((enum update_what)i));
    assert_null(update_what_name(UPDATE_COUNT));
    for (int i = 1; i < WITHDRAWAL_COUNT; i++) {
        assert_ok(withdrawal_parse(withdrawal_name((enum withdrawal)i), &withdrawal));
        assert_int_equal(withdrawal, i);
    }
    for (int i = 1; i < OVERRIDE_COUNT; i++) {
        assert_ok(override_parse(override_name((enum override)i), &override));
        assert_int_equal(override, i);
    }
    assert_null(override_name(OVERRIDE_COUNT));
    assert_null(withdrawal_name(WITHDRAWAL_COUNT));
    assert_status(override_parse("", &override), STATUS_NOT_FOUND);
    assert_status(withdrawal_parse("", &withdrawal), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(update__comes_back_as_it_was_for_every_kind_and_reason),
        cmocka_unit_test(update__carries_a_question_and_a_day_only_where_they_belong),
        cmocka_unit_test(
            update__refuses_a_hash_where_none_belongs_and_none_where_one_does),
        cmocka_unit_test(
            update__is_refused_when_cut_at_any_length_and_survives_flipped_bits),
        cmocka_unit_test(update__reads_and_writes_the_frozen_bytes),
        cmocka_unit_test(update__has_a_word_for_every_code),
    };
    return cmocka_run_group_tests_name("update", tests, set_up, tear_down);
}
