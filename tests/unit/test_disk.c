/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "disk.h"
#include "memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/amaan-test-disk-XXXXXX";

static int set_up(void **state)
{
    memcpy(strrchr(folder, '-'), "-XXXXXX", 8);
    assert_non_null(mkdtemp(folder));
    *state = disk_path(folder, "file");
    return 0;
}

static void empty(const char *path)
{
    DIR *listing = opendir(path);
    struct dirent *entry;

    assert_non_null(listing);
    while ((entry = readdir(listing))) {
        char *inner;

        if (entry->d_name[0] == '.')
            continue;
        inner = disk_path(path, entry->d_name);
        if (unlink(inner) != 0) {
            empty(inner);
            (void)rmdir(inner);
        }
        memory_free(inner);
    }
    (void)closedir(listing);
}

static int tear_down(void **state)
{
    memory_free(*state);
    empty(folder);
    return rmdir(folder);
}

static mode_t mode_of(const char *path)
{
    struct stat about;

    assert_int_equal(lstat(path, &about), 0);
    return about.st_mode & 07777;
}

static void assert_content(const char *path, const char *wanted)
{
    struct buffer buffer;

    assert_ok(disk_read(path, 1000, &buffer, NULL));
    assert_span(buffer_span(&buffer), span_text(wanted));
    buffer_release(&buffer);
}

static int count_files(void)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;
    int n = 0;

    while ((entry = readdir(listing)))
        n += entry->d_name[0] != '.';
    (void)closedir(listing);
    return n;
}

static void disk__reads_what_was_written_last(void **state)
{
    const char *path = *state;

    assert_ok(disk_write(path, span_text("first"), 0600, NULL));
    assert_content(path, "first");
    assert_ok(disk_write(path, span_text(""), 0600, NULL));
    assert_content(path, "");
    assert_int_equal(count_files(), 1);
}

static void disk__gives_the_mode_whatever_the_umask(void **state)
{
    const char *path = *state;
    mode_t before = umask(0777);

    assert_ok(disk_write(path, span_text("x"), 0644, NULL));
    assert_int_equal(mode_of(path), 0644);
    (void)umask(0);
    assert_ok(disk_write(path, span_text("x"), 0600, NULL));
    assert_int_equal(mode_of(path), 0600);
    (void)umask(before);
}

static void disk__survives_the_leftover_of_a_crash(void **state)
{
    const char *path = *state;
    char *fresh = disk_path(folder, "file.new");

    assert_ok(disk_write(fresh, span_text("half a wri"), 0600, NULL));
    assert_ok(disk_write(path, span_text("whole"), 0600, NULL));
    assert_content(path, "whole");
    assert_int_equal(count_files(), 1);
    memory_free(fresh);
}

static void disk__does_not_write_through_a_planted_link(void **state)
{
    const char *path = *state;
    char *fresh = disk_path(folder, "file.new");
    char *victim = disk_path(folder, "victim");

    assert_ok(disk_write(victim, span_text("safe"), 0600, NULL));
    assert_int_equal(symlink(victim, fresh), 0);
    assert_ok(disk_write(path, span_text("new"), 0600, NULL));
    assert_content(victim, "safe");
    assert_content(path, "new");
    memory_free(fresh);
    memory_free(victim);
}

static void disk__reads_exactly_up_to_the_maximum(void **state)
{
    const char *path = *state;
    struct buffer buffer = {.used = 77};
    struct trouble trouble = {""};
    char text[10001];

    memset(text, 'a', 10000);
    text[10000] = '\0';
    assert_ok(disk_write(path, span_text(text), 0600, NULL));
    assert_status(disk_read(path, 9999, &buffer, &trouble), STATUS_TOO_BIG);
    assert_holds(trouble.text, "larger than the 9999 bytes");
    assert_int_equal(buffer.used, 77);
    assert_ok(disk_read(path, 10000, &buffer, &trouble));
    assert_span(buffer_span(&buffer), span_text(text));
    buffer_release(&buffer);
}

static void disk__says_which_file_is_missing(void **state)
{
    struct buffer buffer;
    struct trouble trouble = {""};

    assert_status(disk_read(*state, 10, &buffer, &trouble), STATUS_NOT_FOUND);
    assert_holds(trouble.text, *state);
    assert_status(
        disk_write("/nonexistent/x", span_text("x"), 0600, &trouble), STATUS_IO);
    assert_holds(trouble.text, "/nonexistent/x");
}

static void disk__reads_neither_links_nor_pipes_nor_folders(void **state)
{
    char *link = disk_path(folder, "link");
    char *pipe = disk_path(folder, "pipe");
    struct buffer buffer;

    assert_ok(disk_write(*state, span_text("x"), 0600, NULL));
    assert_int_equal(symlink(*state, link), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_status(disk_read(link, 10, &buffer, NULL), STATUS_IO);
    assert_status(disk_read(pipe, 10, &buffer, NULL), STATUS_IO);
    assert_status(disk_read(folder, 10, &buffer, NULL), STATUS_IO);
    memory_free(link);
    memory_free(pipe);
}

static void disk__never_overwrites_a_key(void **state)
{
    const char *path = *state;
    char *dangling = disk_path(folder, "dangling");
    struct trouble trouble = {""};

    assert_ok(disk_write_new(path, span_text("key"), 0600, NULL));
    assert_int_equal(mode_of(path), 0600);
    assert_status(
        disk_write_new(path, span_text("other"), 0600, &trouble), STATUS_EXISTS);
    assert_holds(trouble.text, "already there");
    assert_content(path, "key");
    assert_int_equal(count_files(), 1);
    assert_int_equal(symlink("/nonexistent", dangling), 0);
    assert_status(disk_write_new(dangling, span_text("key"), 0600, NULL), STATUS_EXISTS);
    memory_free(dangling);
}

static void disk__keeps_the_old_content_when_there_is_no_room_for_the_new(void **state)
{
    static char large[65536];
    const char *path = *state;
    struct rlimit before, small = {4096, 4096};
    struct trouble trouble = {""};
    enum status status;

    assert_ok(disk_write(path, span_text("old"), 0600, NULL));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    status = disk_write(path, span_of(large, sizeof(large)), 0600, &trouble);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_status(status, STATUS_FULL);
    assert_holds(trouble.text, "cannot write");
    assert_content(path, "old");
    assert_int_equal(count_files(), 1);
}

static void folder__is_made_private_with_its_parents(void **state)
{
    char *parent = disk_path(folder, "a");
    char *child = disk_path(folder, "a//b/");
    mode_t before = umask(022);

    (void)state;
    assert_ok(disk_make_folder(child, NULL));
    assert_int_equal(mode_of(child), 0700);
    assert_int_equal(mode_of(parent), 0755);
    assert_ok(disk_make_folder(child, NULL));
    (void)umask(before);
    memory_free(parent);
    memory_free(child);
}

static void folder__open_to_others_is_refused_with_the_way_out(void **state)
{
    char *path = disk_path(folder, "open");
    char *link = disk_path(folder, "link");
    struct trouble trouble = {""};

    assert_ok(disk_make_folder(path, NULL));
    assert_int_equal(chmod(path, 0750), 0);
    assert_status(disk_make_folder(path, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "chmod 700");
    assert_int_equal(chmod(path, 0700), 0);
    assert_int_equal(symlink(path, link), 0);
    assert_status(disk_make_folder(link, &trouble), STATUS_DENIED);
    assert_ok(disk_write(*state, span_text("x"), 0600, NULL));
    assert_status(disk_make_folder(*state, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "not a folder");
    assert_status(disk_make_folder("", &trouble), STATUS_IO);
    memory_free(path);
    memory_free(link);
}

static void private__means_the_owner_alone(void **state)
{
    const char *path = *state;
    struct trouble trouble = {""};

    assert_status(disk_check_private(path, &trouble), STATUS_NOT_FOUND);
    assert_ok(disk_write(path, span_text("key"), 0600, NULL));
    assert_ok(disk_check_private(path, NULL));
    assert_int_equal(chmod(path, 0640), 0);
    assert_status(disk_check_private(path, &trouble), STATUS_DENIED);
    assert_holds(trouble.text, "chmod 600");
    assert_int_equal(chmod(path, 0604), 0);
    assert_status(disk_check_private(path, &trouble), STATUS_DENIED);
    assert_status(disk_check_private(folder, &trouble), STATUS_DENIED);
}

static void private__allows_a_service_credential_its_access_list(void **state)
{
    const char *path = *state;

    assert_ok(disk_write(path, span_text("key"), 0440, NULL));
    assert_status(disk_check_private(path, NULL), STATUS_DENIED);
    (void)setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_ok(disk_check_private(path, NULL));
    assert_int_equal(chmod(path, 0444), 0);
    assert_status(disk_check_private(path, NULL), STATUS_DENIED);
    (void)unsetenv("CREDENTIALS_DIRECTORY");
}

static void room__is_counted(void **state)
{
    int64_t free_bytes = -1, total_bytes = -1;

    (void)state;
    assert_ok(disk_room(folder, &free_bytes, &total_bytes));
    assert_true(free_bytes >= 0);
    assert_true(total_bytes > 0);
    assert_true(free_bytes <= total_bytes);
    assert_status(disk_room("/nonexistent", &free_bytes, &total_bytes), STATUS_NOT_FOUND);
}

#define DISK_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DISK_TEST(disk__reads_what_was_written_last),
        DISK_TEST(disk__gives_the_mode_whatever_the_umask),
        DISK_TEST(disk__survives_the_leftover_of_a_crash),
        DISK_TEST(disk__does_not_write_through_a_planted_link),
        DISK_TEST(disk__reads_exactly_up_to_the_maximum),
        DISK_TEST(disk__says_which_file_is_missing),
        DISK_TEST(disk__reads_neither_links_nor_pipes_nor_folders),
        DISK_TEST(disk__never_overwrites_a_key),
        DISK_TEST(disk__keeps_the_old_content_when_there_is_no_room_for_the_new),
        DISK_TEST(folder__is_made_private_with_its_parents),
        DISK_TEST(folder__open_to_others_is_refused_with_the_way_out),
        DISK_TEST(private__means_the_owner_alone),
        DISK_TEST(private__allows_a_service_credential_its_access_list),
        DISK_TEST(room__is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
