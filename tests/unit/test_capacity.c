/* SPDX-License-Identifier: Apache-2.0
 *
 * capacity: the letter, and the store in which the newest word of each member and unit wins.
 */
#include <string.h>

#include "capacities.h"
#include "check.h"
#include "clock.h"
#include "faultvfs.h"
#include "hostile.h"
#include "memory.h"
#include "seeded.h"
#include "vault.h"
#include "vectors.h"

enum { NOW_HOURS = 498768 };

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 10);
    arena = arena_new(65536, 256);
    buffer_init(&buffer, CAPACITY_BYTES_MAX);
    return vault_start(NULL) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    buffer_release(&buffer);
    return 0;
}

static struct capacity some_capacity(void)
{
    return (struct capacity){.unit = UNIT_FEMALE_BED,
        .status = CAPACITY_OPEN,
        .maximum = 12,
        .available = 3,
        .updated_ms = NOW_HOURS * HOUR_MS,
        .good_until_ms = (NOW_HOURS + 24) * HOUR_MS};
}

static enum status decode(void *context, struct span bytes)
{
    struct capacity capacity;

    (void)context;
    arena_reset(arena);
    return capacity_decode(arena, bytes, &capacity);
}

static void capacity__comes_back_as_it_was_and_refuses_what_breaks_its_rules(void **state)
{
    struct capacity one = some_capacity(), back;

    (void)state;
    assert_ok(capacity_encode(&one, &buffer));
    assert_ok(capacity_decode(arena, buffer_span(&buffer), &back));
    assert_memory_equal(&one, &back, sizeof one);
#define WRONG(field, value, expected)                                                    \
    do {                                                                                 \
        one = some_capacity();                                                           \
        one.field = (value);                                                             \
        assert_status(capacity_encode(&one, &buffer), (expected));                       \
    } while (0)
    WRONG(unit, 0, STATUS_MALFORMED);
    WRONG(unit, UNIT_COUNT, STATUS_UNSUPPORTED);
    WRONG(status, 0, STATUS_MALFORMED);
    WRONG(status, CAPACITY_STATUS_COUNT, STATUS_UNSUPPORTED);
    WRONG(status, CAPACITY_FULL, STATUS_MALFORMED); /* with three free */
    WRONG(status, CAPACITY_WAITLIST, STATUS_MALFORMED);
    WRONG(status, CAPACITY_CLOSED, STATUS_OK);
    WRONG(status, CAPACITY_ASK_FIRST, STATUS_OK);
    WRONG(available, 0, STATUS_MALFORMED); /* and open */
    WRONG(available, 13, STATUS_MALFORMED);
    WRONG(maximum, 0, STATUS_MALFORMED);
    WRONG(maximum, CAPACITY_MAXIMUM + 1, STATUS_MALFORMED);
    WRONG(updated_ms, 0, STATUS_MALFORMED);
    WRONG(updated_ms, NOW_HOURS * HOUR_MS + 1, STATUS_MALFORMED);
    WRONG(good_until_ms, NOW_HOURS * HOUR_MS, STATUS_MALFORMED);
    WRONG(good_until_ms, (NOW_HOURS + 24) * HOUR_MS + 1, STATUS_MALFORMED);
    WRONG(good_until_ms, (NOW_HOURS + 31 * 24 + 1) * HOUR_MS, STATUS_MALFORMED);
#undef WRONG
}

static void capacity__reads_and_writes_the_frozen_bytes(void **state)
{
    struct vectors *vectors = vectors_open("content.txt");
    struct span frozen =
        vectors_get(vectors, vectors_find(vectors, "capacity three female beds"), "body");
    struct capacity one = some_capacity(), got;

    (void)state;
    assert_ok(capacity_decode(arena, frozen, &got));
    assert_memory_equal(&one, &got, sizeof one);
    assert_ok(capacity_encode(&got, &buffer));
    assert_true(span_equal(buffer_span(&buffer), frozen));
    vectors_close(&vectors);
}

static void capacity__is_cut_and_flipped_without_harm(void **state)
{
    struct capacity one = some_capacity();

    (void)state;
    assert_ok(capacity_encode(&one, &buffer));
    struct span good = buffer_span(&buffer);
    for (size_t n = 0; n < good.n; n++)
        assert_status(decode(NULL, span_of(good.at, n)), STATUS_MALFORMED);
    assert_true(hostile_flip(good, good.n, &seed.chance, decode, NULL) > 0);
}

static void capacity__holds_to_the_hour_it_says(void **state)
{
    struct capacity one = some_capacity();

    (void)state;
    assert_true(capacity_is_good(&one, one.good_until_ms - 1));
    assert_false(capacity_is_good(&one, one.good_until_ms));
}

/* ---- the store ---- */

static struct db *db;
static struct capacities *capacities;
static struct faultvfs *vfs;

static void open_store(void)
{
    vfs = faultvfs_new("capacity");
    const char *const migrations[] = {CAPACITIES_SCHEMA};
    struct db_options options = {.path = "capacity.db",
        .vfs = faultvfs_name(vfs),
        .migrations = migrations,
        .n_migrations = 1,
        .application_id = 0x63617061};
    struct box_key master;

    memset(&master, 7, sizeof master);
    assert_ok(db_open(&options, &db, NULL));
    assert_ok(capacities_open(db, &seed.chance, &capacities, NULL));
    capacities_unlock(capacities, &master);
    assert_ok(db_begin(db));
}

static void close_store(void)
{
    db_rollback(db);
    capacities_close(&capacities);
    db_close(&db);
    faultvfs_destroy(&vfs);
}

static struct capacity_row row_of(uint8_t member, enum unit unit, uint32_t available)
{
    struct capacity_row row = {.capacity = some_capacity(), .written_ms = 1000};

    row.member.bytes[0] = member;
    row.capacity.unit = unit;
    row.capacity.available = available;
    return row;
}

static void capacities__keep_the_newest_word_in_whichever_order_it_comes(void **state)
{
    struct capacity_row row = row_of(1, UNIT_FEMALE_BED, 3), got;

    (void)state;
    open_store();
    row.written_ms = 2000;
    assert_ok(capacities_put(capacities, &row));
    row.written_ms = 1000; /* written before, arrived later */
    row.capacity.available = 9;
    assert_status(capacities_put(capacities, &row), STATUS_EXISTS);
    row.written_ms = 2000; /* the same once more */
    assert_status(capacities_put(capacities, &row), STATUS_EXISTS);
    assert_ok(capacities_next(capacities, NULL, &got));
    assert_int_equal(got.capacity.available, 3);
    row.written_ms = 2001;
    assert_ok(capacities_put(capacities, &row));
    assert_ok(capacities_next(capacities, NULL, &got));
    assert_int_equal(got.capacity.available, 9);
    assert_status(capacities_next(capacities, &got, &got), STATUS_NOT_FOUND);
    close_store();
}

static void capacities__list_all_by_member_and_unit(void **state)
{
    static const struct {
        uint8_t member;
        enum unit unit;
    } order[] = {
        {1, UNIT_PLACE}, {1, UNIT_FAMILY_BED}, {2, UNIT_PLACE}, {9, UNIT_APPOINTMENT}};
    struct capacity_row row;

    (void)state;
    open_store();
    for (size_t i = ARRAY_LENGTH(order); i-- > 0;) {
        row = row_of(order[i].member, order[i].unit, (uint32_t)i + 1);
        assert_ok(capacities_put(capacities, &row));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
        assert_ok(capacities_next(capacities, i ? &row : NULL, &row));
        assert_int_equal(row.member.bytes[0], order[i].member);
        assert_int_equal(row.capacity.unit, order[i].unit);
        assert_int_equal(row.capacity.available, i + 1);
        assert_true(row.capacity.good_until_ms == some_capacity().good_until_ms);
    }
    assert_status(capacities_next(capacities, &row, &row), STATUS_NOT_FOUND);
    capacities_lock(capacities);
    assert_status(capacities_next(capacities, NULL, &row), STATUS_LOCKED);
    assert_status(capacities_put(capacities, &row), STATUS_LOCKED);
    close_store();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            capacity__comes_back_as_it_was_and_refuses_what_breaks_its_rules),
        cmocka_unit_test(capacity__reads_and_writes_the_frozen_bytes),
        cmocka_unit_test(capacity__is_cut_and_flipped_without_harm),
        cmocka_unit_test(capacity__holds_to_the_hour_it_says),
        cmocka_unit_test(capacities__keep_the_newest_word_in_whichever_order_it_comes),
        cmocka_unit_test(capacities__list_all_by_member_and_unit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
