/* SPDX-License-Identifier: Apache-2.0
 *
 * counter: a file of two slots that a torn write, a full disk or a lost file never make greater than it was
 * (PROTOCOL.md 5.6).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "counter.h"
#include "disk.h"
#include "hash.h"
#include "memory.h"

enum { SLOT_STEP = 4096, SLOT_BYTES = 48 };

struct bench {
    char folder[64];
    char *path;
    struct counter *counter;
};

static int set_up(void **state)
{
    struct bench *bench = memory_new(sizeof *bench);
    snprintf(bench->folder, sizeof bench->folder, "/tmp/amaan-counter-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    bench->path = disk_path(bench->folder, "counter");
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    counter_close(&bench->counter);
    assert_null(bench->counter);
    counter_close(&bench->counter); /* accepts NULL */
    unlink(bench->path);
    assert_int_equal(rmdir(bench->folder), 0);
    memory_free(bench->path);
    memory_free(bench);
    return 0;
}

/* Opened again, as after a start. */
static uint64_t value(struct bench *bench)
{
    counter_close(&bench->counter);
    assert_ok(counter_open(bench->path, &bench->counter, NULL));
    return counter_value(bench->counter);
}

static void set_byte(struct bench *bench, off_t at, uint8_t byte)
{
    int file = open(bench->path, O_WRONLY | O_CREAT, 0600);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
    close(file);
}

static uint8_t get_byte(struct bench *bench, off_t at)
{
    uint8_t byte = 0;
    int file = open(bench->path, O_RDONLY);
    assert_true(file >= 0);
    assert_int_equal(pread(file, &byte, 1, at), 1);
    close(file);
    return byte;
}

static void counter__of_a_file_that_is_not_there_is_zero_and_private(void **state)
{
    struct bench *bench = *state;
    struct stat info;
    assert_int_equal(value(bench), 0);
    assert_int_equal(stat(bench->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(value(bench), 0);
}

static void counter__is_found_again_as_it_was_raised(void **state)
{
    struct bench *bench = *state;
    static const uint64_t values[] = {
        1, 2, 3, 1000, UINT32_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX};
    assert_int_equal(value(bench), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(values); i++) {
        assert_ok(counter_raise(bench->counter, values[i]));
        assert_true(counter_value(bench->counter) == values[i]);
        assert_true(value(bench) == values[i]);
    }
}

static void counter__never_goes_back(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(value(bench), 0);
    assert_ok(counter_raise(bench->counter, 10));
    assert_ok(counter_raise(bench->counter, 9));
    assert_ok(counter_raise(bench->counter, 10));
    assert_ok(counter_raise(bench->counter, 0));
    assert_int_equal(counter_value(bench->counter), 10);
    assert_int_equal(value(bench), 10);
}

/* The layout is the header's: a file of another version of this program must be read the same way. */
static void counter__has_the_layout_of_its_header(void **state)
{
    struct bench *bench = *state;
    static const uint8_t start[16] = {
        'A', 'M', 'C', '1', 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    uint8_t slot[SLOT_BYTES];
    struct hash check = hash_of(span_of(start, sizeof start));
    assert_int_equal(value(bench), 0);
    assert_ok(counter_raise(bench->counter, UINT64_C(0x0102030405060708)));
    for (int i = 0; i < SLOT_BYTES; i++)
        slot[i] = get_byte(bench, i);
    assert_memory_equal(slot, start, sizeof start);
    assert_memory_equal(slot + 16, check.bytes, HASH_BYTES);
    assert_ok(counter_raise(bench->counter, UINT64_C(0x0102030405060709)));
    assert_int_equal(get_byte(bench, 15), 8); /* the older slot is left alone */
    assert_int_equal(get_byte(bench, SLOT_STEP + 15), 9);
    assert_ok(counter_raise(bench->counter, UINT64_C(0x010203040506070a)));
    assert_int_equal(get_byte(bench, 15), 10);
}

/* Whichever byte of the newest slot is wrong, the other slot counts, and writing goes on into the torn one. */
static void counter__survives_a_torn_slot(void **state)
{
    struct bench *bench = *state;
    for (int at = 0; at < SLOT_BYTES; at++) {
        unlink(bench->path);
        assert_int_equal(value(bench), 0);
        assert_ok(counter_raise(bench->counter, 7)); /* slot 0 */
        assert_ok(counter_raise(bench->counter, 8)); /* slot 1 */
        set_byte(
            bench, SLOT_STEP + at, (uint8_t)(get_byte(bench, SLOT_STEP + at) ^ 0x40));
        assert_int_equal(value(bench), 7);
        assert_ok(counter_raise(bench->counter, 9));
        assert_int_equal(value(bench), 9);
        assert_int_equal(get_byte(bench, 15), 7); /* the sound one was not touched */
    }
}

static void counter__with_both_slots_broken_is_zero(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(value(bench), 0);
    assert_ok(counter_raise(bench->counter, 7));
    assert_ok(counter_raise(bench->counter, 8));
    set_byte(bench, 20, (uint8_t)(get_byte(bench, 20) ^ 1));
    set_byte(bench, SLOT_STEP, 'X');
    assert_int_equal(value(bench), 0);
    assert_ok(counter_raise(bench->counter, 3));
    assert_int_equal(value(bench), 3);
}

static void counter__of_a_short_file_counts_what_is_whole(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(value(bench), 0);
    assert_ok(counter_raise(bench->counter, 7));
    assert_ok(counter_raise(bench->counter, 8));
    assert_int_equal(truncate(bench->path, SLOT_STEP + SLOT_BYTES - 1), 0);
    assert_int_equal(value(bench), 7);
    assert_int_equal(truncate(bench->path, SLOT_BYTES), 0);
    assert_int_equal(value(bench), 7);
    assert_int_equal(truncate(bench->path, SLOT_BYTES - 1), 0);
    assert_int_equal(value(bench), 0);
    assert_int_equal(truncate(bench->path, 0), 0);
    assert_int_equal(value(bench), 0);
    assert_ok(counter_raise(bench->counter, 1));
    assert_int_equal(value(bench), 1);
}

static void counter__does_not_follow_a_symbolic_link(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    char *target = disk_path(bench->folder, "target");
    assert_int_equal(symlink(target, bench->path), 0);
    assert_status(counter_open(bench->path, &bench->counter, &trouble), STATUS_DENIED);
    assert_null(bench->counter);
    assert_holds(trouble.text, "state counter");
    assert_int_not_equal(access(target, F_OK), 0);
    memory_free(target);
}

static void counter__that_cannot_be_opened_is_denied_or_an_io_error(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    char *nowhere = disk_path(bench->path, "nowhere");
    assert_status(counter_open(nowhere, &bench->counter, &trouble), STATUS_IO);
    assert_status(counter_open(bench->folder, &bench->counter, &trouble), STATUS_IO);
    assert_holds(trouble.text, bench->folder);
    assert_null(bench->counter);
    memory_free(nowhere);
}

static void counter__that_cannot_be_read_is_an_io_error(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble = {""};
    assert_int_equal(mkfifo(bench->path, 0600), 0); /* has no offsets */
    assert_status(counter_open(bench->path, &bench->counter, &trouble), STATUS_IO);
    assert_null(bench->counter);
    assert_holds(trouble.text, "cannot read");
}

static void counter__says_full_and_keeps_its_value_on_a_full_disk(void **state)
{
    struct bench *bench = *state;
    assert_ok(counter_open("/dev/full", &bench->counter, NULL));
    assert_status(counter_raise(bench->counter, 1), STATUS_FULL);
    assert_int_equal(counter_value(bench->counter), 0);
    assert_status(counter_raise(bench->counter, 1), STATUS_FULL);
}

static void counter__says_io_when_its_sync_fails(void **state)
{
    struct bench *bench = *state;
    assert_ok(counter_open("/dev/null", &bench->counter, NULL)); /* cannot be synced */
    assert_status(counter_raise(bench->counter, 1), STATUS_IO);
    assert_int_equal(counter_value(bench->counter), 0);
}

/* A write that ends inside a slot: FULL; one that cannot begin: IO. The slot before counts, then and later. */
static void counter__survives_a_write_that_was_cut(void **state)
{
    struct bench *bench = *state;
    struct rlimit before, cut;
    assert_int_equal(value(bench), 0);
    assert_ok(counter_raise(bench->counter, 5));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    cut = before;
    cut.rlim_cur = SLOT_STEP + 20;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &cut), 0);
    enum status within = counter_raise(bench->counter, 6);
    cut.rlim_cur = SLOT_STEP;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &cut), 0);
    enum status at_once = counter_raise(bench->counter, 6);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_status(within, STATUS_FULL);
    assert_status(at_once, STATUS_IO);
    assert_int_equal(counter_value(bench->counter), 5);
    assert_int_equal(value(bench), 5);
    assert_ok(counter_raise(bench->counter, 6));
    assert_int_equal(value(bench), 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counter__of_a_file_that_is_not_there_is_zero_and_private),
        TEST(counter__is_found_again_as_it_was_raised),
        TEST(counter__never_goes_back),
        TEST(counter__has_the_layout_of_its_header),
        TEST(counter__survives_a_torn_slot),
        TEST(counter__with_both_slots_broken_is_zero),
        TEST(counter__of_a_short_file_counts_what_is_whole),
        TEST(counter__does_not_follow_a_symbolic_link),
        TEST(counter__that_cannot_be_opened_is_denied_or_an_io_error),
        TEST(counter__that_cannot_be_read_is_an_io_error),
        TEST(counter__says_full_and_keeps_its_value_on_a_full_disk),
        TEST(counter__says_io_when_its_sync_fails),
        TEST(counter__survives_a_write_that_was_cut),
    };
    return cmocka_run_group_tests_name("post_counter", tests, NULL, NULL);
}
