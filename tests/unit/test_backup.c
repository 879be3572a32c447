/* SPDX-License-Identifier: Apache-2.0
 *
 * backup: the sealed file, its folder, and a home made anew out of it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_inside.h"
#include "check.h"
#include "clock.h"
#include "disk.h"
#include "memory.h"
#include "node.h"
#include "restore.h"
#include "seeded.h"
#include "vault.h"

enum { DATABASE_BYTES = 3 * 65536 + 1234 };
static const char PASSPHRASE[] = "seven invented words of a test";

struct bench {
    char folder[128];
    struct seeded seeded;
    struct box_key master;
    struct buffer database;
    struct backup_new request;
};

static void open_bench(struct bench *bench, uint64_t seed)
{
    memset(bench, 0, sizeof(*bench));
    assert_ok(vault_start(NULL));
    seeded_init(&bench->seeded, seed);
    snprintf(bench->folder, sizeof(bench->folder), AMAAN_BINARY_DIR "/backup-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    box_new_key(&bench->seeded.chance, &bench->master);
    buffer_init(&bench->database, DATABASE_BYTES);
    chance_fill(&bench->seeded.chance, buffer_grow(&bench->database, DATABASE_BYTES),
        DATABASE_BYTES);
    bench->request = (struct backup_new){.folder = bench->folder,
        .state_count = 77,
        .made_ms = INT64_C(1795496400000),
        .key_file = span_text("node.key under its passphrase"),
        .parts = {span_text("node conf"), span_text("the key of the line"),
            span_text("the keys of the cases"), buffer_span(&bench->database)},
        .master = &bench->master,
        .chance = &bench->seeded.chance};
    bench->request.node_id.bytes[3] = 9;
}

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static void close_bench(struct bench *bench)
{
    buffer_release(&bench->database);
    nftw(bench->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* On the heap. */
static char *write_one(struct bench *bench)
{
    struct backup_writer *writer = NULL;
    struct trouble trouble = {""};
    bool done = false;
    assert_ok(backup_start(&bench->request, &writer, &trouble));
    while (!done)
        assert_ok(backup_step(writer, &done, &trouble));
    char *path = disk_path(bench->folder, backup_name(writer));
    backup_stop(&writer);
    return path;
}

static int count_files(const char *folder, const char *ending)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    int n = 0;
    while ((entry = readdir(listing)))
        n += strlen(entry->d_name) > 10 && strstr(entry->d_name, ending) != NULL;
    closedir(listing);
    return n;
}

static enum status try_open(struct bench *bench, const char *path)
{
    struct trouble trouble = {""};
    struct buffer content;
    struct backup_parts parts;
    enum status status = backup_open(path, &bench->master, &content, &parts, &trouble);
    if (status == STATUS_OK)
        buffer_release(&content);
    else
        assert_true(*trouble.text != 0);
    return status;
}

static void backup__gives_back_what_was_put_in(void **state)
{
    (void)state;
    struct bench bench;
    struct trouble trouble = {""};
    struct backup_head head;
    struct buffer key_file, content;
    struct backup_parts parts;
    struct stat about;
    open_bench(&bench, 1);
    char *path = write_one(&bench);
    assert_ok(backup_look(path, &head, &key_file, &trouble));
    assert_true(head.state_count == 77 && head.made_ms == bench.request.made_ms);
    assert_true(ident_equal(&head.node_id, &bench.request.node_id));
    assert_true(span_equal(buffer_span(&key_file), bench.request.key_file));
    assert_ok(backup_open(path, &bench.master, &content, &parts, &trouble));
    assert_true(span_equal(parts.conf, bench.request.parts.conf));
    assert_true(span_equal(parts.link_key, bench.request.parts.link_key));
    assert_true(span_equal(parts.case_key, bench.request.parts.case_key));
    assert_true(span_equal(parts.database, bench.request.parts.database));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_true((uint64_t)about.st_size == backup_file_bytes(&head));
    buffer_release(&key_file);
    buffer_release(&content);
    memory_free(path);
    close_bench(&bench);
}

static void backup__shows_nothing_of_its_content(void **state)
{
    (void)state;
    struct bench bench;
    struct buffer bytes;
    open_bench(&bench, 2);
    char *path = write_one(&bench);
    assert_ok(disk_read(path, 1 << 20, &bytes, NULL));
    for (size_t at = 0; at + 16 < bytes.used; at++)
        assert_true(memcmp(bytes.bytes + at, "the key of the line", 16) != 0 &&
                    memcmp(bytes.bytes + at, bench.database.bytes + 5000, 16) != 0);
    buffer_release(&bytes);
    memory_free(path);
    close_bench(&bench);
}

static void backup__refuses_a_file_with_any_byte_changed(void **state)
{
    (void)state;
    struct bench bench;
    struct buffer bytes;
    struct trouble trouble = {""};
    open_bench(&bench, 3);
    char *path = write_one(&bench);
    assert_ok(disk_read(path, 1 << 20, &bytes, NULL));
    for (size_t at = 0; at < bytes.used; at += at < 400 ? 1 : 4999) {
        bytes.bytes[at] ^= 1;
        assert_ok(disk_write(path, buffer_span(&bytes), 0600, &trouble));
        assert_int_not_equal(try_open(&bench, path), STATUS_OK);
        bytes.bytes[at] ^= 1;
    }
    assert_ok(disk_write(path, buffer_span(&bytes), 0600, &trouble));
    assert_ok(try_open(&bench, path));
    /* Two pieces that changed places. */
    uint8_t piece[BACKUP_PIECE_BYTES + BOX_EXTRA_BYTES];
    uint8_t *first = bytes.bytes + BACKUP_HEAD_BYTES + bench.request.key_file.n;
    memcpy(piece, first, sizeof piece);
    memcpy(first, first + sizeof piece, sizeof piece);
    memcpy(first + sizeof piece, piece, sizeof piece);
    assert_ok(disk_write(path, buffer_span(&bytes), 0600, &trouble));
    assert_status(try_open(&bench, path), STATUS_FORGED);
    buffer_release(&bytes);
    memory_free(path);
    close_bench(&bench);
}

static void backup__refuses_a_file_cut_at_any_piece_or_with_more(void **state)
{
    (void)state;
    struct bench bench;
    struct buffer bytes;
    struct trouble trouble = {""};
    open_bench(&bench, 4);
    char *path = write_one(&bench);
    assert_ok(disk_read(path, 1 << 20, &bytes, NULL));
    for (size_t n = 0; n < bytes.used; n += n < 200 ? 1 : 9973) {
        assert_ok(disk_write(path, span_of(bytes.bytes, n), 0600, &trouble));
        assert_status(try_open(&bench, path), STATUS_MALFORMED);
    }
    *buffer_grow(&bytes, 1) = 0;
    assert_ok(disk_write(path, buffer_span(&bytes), 0600, &trouble));
    assert_status(try_open(&bench, path), STATUS_MALFORMED);
    assert_status(try_open(&bench, "/nowhere"), STATUS_NOT_FOUND);
    buffer_release(&bytes);
    memory_free(path);
    close_bench(&bench);
}

static void backup__of_another_node_does_not_open(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, 5);
    char *path = write_one(&bench);
    box_new_key(&bench.seeded.chance, &bench.master);
    assert_status(try_open(&bench, path), STATUS_FORGED);
    memory_free(path);
    close_bench(&bench);
}

static void backup__keeps_the_newest_seven_and_touches_no_others(void **state)
{
    (void)state;
    struct bench bench;
    struct backup_head head;
    struct trouble trouble = {""};
    open_bench(&bench, 6);
    bench.request.node_id.bytes[3] = 10;
    char *others = write_one(&bench);
    bench.request.node_id.bytes[3] = 9;
    char *mine = disk_path(bench.folder, "a photograph of a goat.bin");
    assert_ok(disk_write(mine, span_text("goat"), 0600, &trouble));
    for (int i = 0; i < BACKUP_KEEP + 3; i++) {
        bench.request.made_ms += DAY_MS;
        memory_free(write_one(&bench));
        assert_ok(backup_newest(bench.folder, &bench.request.node_id, &head));
        assert_int_equal(head.made_ms, bench.request.made_ms);
    }
    assert_int_equal(count_files(bench.folder, ".bin"), BACKUP_KEEP + 2);
    assert_int_equal(access(others, F_OK), 0);
    assert_int_equal(access(mine, F_OK), 0);
    struct ident nobody = {{1}};
    assert_status(backup_newest(bench.folder, &nobody, &head), STATUS_NOT_FOUND);
    assert_status(backup_newest("/nowhere", &nobody, &head), STATUS_CLOSED);
    memory_free(others);
    memory_free(mine);
    close_bench(&bench);
}

static void dp15__no_backup_older_than_35_days_stays_beside_a_newer_one(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, 6);
    memory_free(write_one(&bench));
    bench.request.made_ms += BACKUP_KEEP_DAYS * DAY_MS;
    memory_free(write_one(&bench));
    assert_int_equal(count_files(bench.folder, ".bin"), 2);
    bench.request.made_ms += DAY_MS;
    memory_free(write_one(&bench));
    assert_int_equal(count_files(bench.folder, ".bin"), 2); /* the first one is gone */
    close_bench(&bench);
}

static void backup__that_is_not_finished_leaves_nothing_that_looks_like_one(void **state)
{
    (void)state;
    struct bench bench;
    struct backup_writer *writer = NULL;
    struct backup_head head;
    struct trouble trouble = {""};
    bool done = false;
    open_bench(&bench, 7);
    assert_ok(backup_start(&bench.request, &writer, &trouble));
    assert_ok(backup_step(writer, &done, &trouble));
    assert_false(done);
    assert_int_equal(count_files(bench.folder, ".bin.new"), 1);
    assert_status(
        backup_newest(bench.folder, &bench.request.node_id, &head), STATUS_NOT_FOUND);
    backup_stop(&writer);
    assert_int_equal(count_files(bench.folder, ".bin"), 0);
    close_bench(&bench);
}

/* The stick gives back other bytes than it took: the file never gets its name, the older ones stay. */
static void backup__that_does_not_come_back_as_it_was_is_not_believed(void **state)
{
    (void)state;
    struct bench bench;
    struct backup_writer *writer = NULL;
    struct trouble trouble = {""};
    bool done = false;
    open_bench(&bench, 8);
    char *good = write_one(&bench);
    assert_ok(backup_start(&bench.request, &writer, &trouble));
    assert_ok(backup_step(writer, &done, &trouble)); /* all of it is written now */
    char fresh[64];
    snprintf(fresh, sizeof fresh, "%s.new", backup_name(writer));
    char *path = disk_path(bench.folder, fresh);
    int file = open(path, O_WRONLY);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, "x", 1, 70000), 1);
    close(file);
    assert_status(backup_step(writer, &done, &trouble), STATUS_CORRUPT);
    assert_true(*trouble.text != 0);
    backup_stop(&writer);
    assert_int_equal(count_files(bench.folder, ".bin"), 1);
    assert_ok(try_open(&bench, good));
    memory_free(path);
    memory_free(good);
    close_bench(&bench);
}

/* --- restore ---------------------------------------------------------------------------------------------- */

struct laptop {
    struct bench bench;
    char home[160], next[160];
    char *file;
};

static void open_laptop(struct laptop *laptop, uint64_t seed)
{
    struct trouble trouble = {""};
    struct node_backup made;
    struct people *people = NULL;
    struct node *node = NULL;
    struct buffer key_file;
    open_bench(&laptop->bench, seed);
    snprintf(laptop->home, sizeof(laptop->home), "%s/home", laptop->bench.folder);
    snprintf(laptop->next, sizeof(laptop->next), "%s/next", laptop->bench.folder);
    struct node_new request = {.home = laptop->home,
        .name = "fia.torkham",
        .roles = 1u << (ROLE_SCREENING - 1),
        .passphrase = span_text(PASSPHRASE),
        .cost = COST_FLOOR,
        .clock = clock_system(),
        .chance = &laptop->bench.seeded.chance};
    assert_ok(node_create(&request, &trouble));
    struct node_options options = {.home = laptop->home,
        .clock = clock_system(),
        .chance = &laptop->bench.seeded.chance};
    assert_ok(node_open(&options, &node, &trouble));
    char *path = disk_path(laptop->home, "node.key");
    assert_ok(disk_read(path, 65536, &key_file, &trouble));
    memory_free(path);
    assert_ok(people_break(buffer_span(&key_file), "", request.passphrase,
        &laptop->bench.seeded.chance, &people));
    buffer_release(&key_file);
    assert_ok(node_unlock(node, people_keys(people)));
    people_destroy(&people);
    assert_ok(node_backup_start(node, laptop->bench.folder, &trouble));
    while (node_backup_ended(node, &made, &trouble) == STATUS_BUSY) {
        assert_ok(node_begin(node));
        assert_ok(node_end(node));
    }
    assert_ok(node_backup_ended(node, &made, &trouble));
    laptop->file = disk_path(laptop->bench.folder, made.name);
    node_close(&node);
}

static void close_laptop(struct laptop *laptop)
{
    memory_free(laptop->file);
    close_bench(&laptop->bench);
}

static struct restore restore_of(const struct laptop *laptop)
{
    return (struct restore){.from = laptop->file,
        .home = laptop->next,
        .passphrase = span_text(PASSPHRASE),
        .clock = clock_system()};
}

static void restore__looks_through_everything_and_changes_nothing_in_a_dry_run(
    void **state)
{
    (void)state;
    struct laptop laptop;
    struct restore_report report;
    struct trouble trouble = {""};
    open_laptop(&laptop, 20);
    struct restore request = restore_of(&laptop);
    request.look_only = true;
    assert_ok(restore_node(&request, &report, &trouble));
    assert_string_equal(report.name, "fia.torkham");
    assert_int_equal(report.age_days, 0);
    assert_int_not_equal(access(laptop.next, F_OK), 0);
    request.passphrase = span_text("some other words of a test");
    assert_status(restore_node(&request, &report, &trouble), STATUS_DENIED);
    request = restore_of(&laptop);
    request.home = laptop.home; /* there is a node */
    assert_status(restore_node(&request, &report, &trouble), STATUS_EXISTS);
    assert_non_null(strstr(trouble.text, "Nothing was changed"));
    assert_int_not_equal(access(laptop.next, F_OK), 0);
    close_laptop(&laptop);
}

static void restore__makes_a_node_that_notices_that_it_is_one(void **state)
{
    (void)state;
    struct laptop laptop;
    struct restore_report report;
    struct trouble trouble = {""};
    struct node *node = NULL;
    struct post_status status;
    open_laptop(&laptop, 21);
    struct restore request = restore_of(&laptop);
    assert_ok(restore_node(&request, &report, &trouble));
    struct node_options options = {.home = laptop.next,
        .clock = clock_system(),
        .chance = &laptop.bench.seeded.chance};
    assert_ok(node_open(&options, &node, &trouble));
    assert_ok(node_check(node, &trouble));
    assert_ok(post_status(node_post(node), &status));
    assert_true(
        status.restored); /* before its first turn, and before anything is sealed */
    assert_ok(node_begin(node));
    assert_ok(node_end(node));
    assert_ok(post_status(node_post(node), &status));
    assert_true(status.state_count > report.state_count);
    node_close(&node);
    close_laptop(&laptop);
}

static int64_t tell_wall(void *context)
{
    return clock_wall_ms(clock_system()) + *(const int64_t *)context;
}

static void restore__of_a_backup_older_than_45_days_needs_a_persons_word(void **state)
{
    (void)state;
    struct laptop laptop;
    struct restore_report report;
    struct trouble trouble = {""};
    int64_t ahead_ms = 46 * DAY_MS;
    struct clock later = {.wall_ms = tell_wall, .context = &ahead_ms};
    open_laptop(&laptop, 22);
    struct restore request = restore_of(&laptop);
    request.clock = &later;
    assert_status(restore_node(&request, &report, &trouble), STATUS_EXPIRED);
    assert_int_equal(report.age_days, 46);
    assert_int_not_equal(access(laptop.next, F_OK), 0);
    request.look_only = true;
    assert_ok(restore_node(&request, &report, &trouble));
    request.look_only = false;
    request.old_is_meant = true;
    assert_ok(restore_node(&request, &report, &trouble));
    close_laptop(&laptop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backup__gives_back_what_was_put_in),
        cmocka_unit_test(backup__shows_nothing_of_its_content),
        cmocka_unit_test(backup__refuses_a_file_with_any_byte_changed),
        cmocka_unit_test(backup__refuses_a_file_cut_at_any_piece_or_with_more),
        cmocka_unit_test(backup__of_another_node_does_not_open),
        cmocka_unit_test(backup__keeps_the_newest_seven_and_touches_no_others),
        cmocka_unit_test(dp15__no_backup_older_than_35_days_stays_beside_a_newer_one),
        cmocka_unit_test(backup__that_is_not_finished_leaves_nothing_that_looks_like_one),
        cmocka_unit_test(backup__that_does_not_come_back_as_it_was_is_not_believed),
        cmocka_unit_test(
            restore__looks_through_everything_and_changes_nothing_in_a_dry_run),
        cmocka_unit_test(restore__makes_a_node_that_notices_that_it_is_one),
        cmocka_unit_test(restore__of_a_backup_older_than_45_days_needs_a_persons_word),
    };
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
