/* SPDX-License-Identifier: Apache-2.0
 *
 * epoch_keys: two keys at most, on the disk before the call returns, and nothing of a key that went.
 */
#include "epoch_keys.h"

#include <sys/stat.h>

#include "casebook_kit.h"
#include "disk.h"

struct bench {
    struct seeded seeded;
    struct box_key master;
    struct epoch_keys *keys;
    char folder[64], path[96];
};

static void open_bench(struct bench *bench)
{
    memset(bench, 0, sizeof(*bench));
    assert_ok(vault_start(NULL));
    struct chance *chance = seeded_init(&bench->seeded, 51);
    box_new_key(chance, &bench->master);
    snprintf(bench->folder, sizeof(bench->folder), "/tmp/amaan-epoch-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(bench->path, sizeof(bench->path), "%s/case.key", bench->folder);
    bench->keys = epoch_keys_new(bench->path, chance);
    assert_ok(epoch_keys_unlock(bench->keys, &bench->master));
}

static void close_bench(struct bench *bench)
{
    epoch_keys_destroy(&bench->keys);
    unlink(bench->path);
    rmdir(bench->folder);
}

static void epoch_keys__keep_a_key_across_unlocking(void **state)
{
    (void)state;
    struct bench bench;
    struct stat about;
    open_bench(&bench);
    assert_null(epoch_keys_find(bench.keys, 1));
    assert_ok(epoch_keys_begin(bench.keys, 0, 1));
    struct box_key first = *epoch_keys_find(bench.keys, 1);
    assert_int_equal(stat(bench.path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    epoch_keys_lock(bench.keys);
    assert_null(epoch_keys_find(bench.keys, 1));
    assert_status(epoch_keys_begin(bench.keys, 0, 1), STATUS_LOCKED);
    assert_ok(epoch_keys_unlock(bench.keys, &bench.master));
    assert_memory_equal(
        epoch_keys_find(bench.keys, 1)->bytes, first.bytes, BOX_KEY_BYTES);
    close_bench(&bench);
}

static void epoch_keys__hold_old_and_new_until_told_and_then_one(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    assert_ok(epoch_keys_begin(bench.keys, 0, 1));
    assert_ok(epoch_keys_begin(bench.keys, 1, 2));
    assert_ok(epoch_keys_keep(bench.keys, 2, 1));
    assert_ok(epoch_keys_unlock(bench.keys, &bench.master));
    assert_non_null(epoch_keys_find(bench.keys, 1));
    assert_non_null(epoch_keys_find(bench.keys, 2));
    assert_ok(epoch_keys_keep(bench.keys, 2, 0));
    assert_null(epoch_keys_find(bench.keys, 1));
    assert_ok(epoch_keys_unlock(bench.keys, &bench.master));
    assert_null(epoch_keys_find(bench.keys, 1));
    assert_non_null(epoch_keys_find(bench.keys, 2));
    close_bench(&bench);
}

static void epoch_keys__never_drop_the_last_key(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    assert_ok(epoch_keys_begin(bench.keys, 0, 1));
    assert_ok(epoch_keys_keep(bench.keys, 7, 0));
    assert_non_null(epoch_keys_find(bench.keys, 1));
    close_bench(&bench);
}

static void epoch_keys__refuse_a_file_with_any_byte_changed_or_cut(void **state)
{
    (void)state;
    struct bench bench;
    struct buffer file;
    open_bench(&bench);
    assert_ok(epoch_keys_begin(bench.keys, 0, 1));
    buffer_init(&file, 4096);
    assert_ok(disk_read(bench.path, 4096, &file, NULL));
    for (size_t i = 0; i < file.used; i++) {
        file.bytes[i] ^= 1;
        assert_ok(disk_write(bench.path, buffer_span(&file), 0600, NULL));
        assert_status(epoch_keys_unlock(bench.keys, &bench.master), STATUS_CORRUPT);
        assert_null(epoch_keys_find(bench.keys, 1));
        file.bytes[i] ^= 1;
        assert_ok(disk_write(bench.path, span_of(file.bytes, i), 0600, NULL));
        assert_status(epoch_keys_unlock(bench.keys, &bench.master), STATUS_CORRUPT);
    }
    assert_ok(disk_write(bench.path, buffer_span(&file), 0600, NULL));
    assert_ok(epoch_keys_unlock(bench.keys, &bench.master));
    buffer_release(&file);
    close_bench(&bench);
}

static void epoch_keys__keep_what_they_have_when_the_file_cannot_be_written(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    assert_ok(epoch_keys_begin(bench.keys, 0, 1));
    char moved[160];
    snprintf(moved, sizeof(moved), "%s-moved", bench.folder);
    assert_int_equal(rename(bench.folder, moved), 0);
    assert_true(epoch_keys_begin(bench.keys, 1, 2) != STATUS_OK);
    assert_non_null(epoch_keys_find(bench.keys, 1));
    assert_null(epoch_keys_find(bench.keys, 2));
    assert_int_equal(rename(moved, bench.folder), 0);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epoch_keys__keep_a_key_across_unlocking),
        cmocka_unit_test(epoch_keys__hold_old_and_new_until_told_and_then_one),
        cmocka_unit_test(epoch_keys__never_drop_the_last_key),
        cmocka_unit_test(epoch_keys__refuse_a_file_with_any_byte_changed_or_cut),
        cmocka_unit_test(epoch_keys__keep_what_they_have_when_the_file_cannot_be_written),
    };
    return cmocka_run_group_tests_name("epoch_keys", tests, NULL, NULL);
}
