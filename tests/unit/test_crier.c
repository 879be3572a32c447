/* SPDX-License-Identifier: Apache-2.0
 *
 * crier: the real command, a script of the test that writes down all that it is given. The loop is the system's; the clock
 * that spaces and ends is turned by hand.
 */
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "crier.h"
#include "disk.h"
#include "log.h"
#include "memory.h"
#include "world.h"

enum { TEXT_MAX = 65536, PATIENCE_MS = 60000, PATH_BYTES = 256 };
#define NOON_MS (INT64_C(1795478400000) + 7 * HOUR_MS) /* in Pakistan */

struct bench {
    char folder[PATH_BYTES], command[PATH_BYTES], heard[PATH_BYTES];
    struct loop *loop;
    struct clock clock;
    int64_t steady_ms;
    struct desk_announcing shown;
    struct crier *crier;
    int rung;
};

static struct buffer logged;

static void keep_line(void *context, const char *line)
{
    (void)context;
    assert_ok(buffer_put(&logged, line, strlen(line)));
    assert_ok(buffer_put(&logged, "\n", 1));
}

static int64_t say_wall(void *context)
{
    (void)context;
    return NOON_MS;
}

static int64_t say_steady(void *context)
{
    return ((struct bench *)context)->steady_ms;
}

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static void ring(void *context, const struct announce_counts *counts)
{
    struct bench *bench = context;
    char line[ANNOUNCE_LINE_BYTES];

    announce_line(counts, line);
    keep_line(NULL, line); /* what a terminal shows is looked at with the log */
    bench->rung++;
}

static enum status make_crier(struct bench *bench, struct trouble *trouble)
{
    struct crier_options options = {.loop = bench->loop,
        .clock = &bench->clock,
        .command = bench->command,
        .shown = &bench->shown,
        .on_announce = ring,
        .context = bench};

    return crier_new(&options, &bench->crier, trouble);
}

/* `body` is the script behind its first lines; "$heard" in it is a file beside the script. */
static void set_up(struct bench *bench, const char *body)
{
    struct trouble trouble = {""};
    char text[2048];

    memset(bench, 0, sizeof(*bench));
    buffer_init(&logged, TEXT_MAX);
    log_set_sink(keep_line, NULL);
    snprintf(bench->folder, PATH_BYTES, "/tmp/amaan-crier-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(bench->command, PATH_BYTES, "%.200s/cry", bench->folder);
    snprintf(bench->heard, PATH_BYTES, "%.200s/heard", bench->folder);
    snprintf(text, sizeof(text), "#!/bin/sh\nheard=${0%%cry}heard\n%s\n", body);
    assert_ok(disk_write(bench->command, span_text(text), 0700, NULL));
    bench->clock = (struct clock){say_wall, say_steady, bench};
    bench->steady_ms = HOUR_MS;
    bench->loop = loop_new(clock_system());
    if (make_crier(bench, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
}

static void tear_down(struct bench *bench)
{
    crier_destroy(&bench->crier);
    loop_destroy(&bench->loop);
    log_set_sink(NULL, NULL);
    buffer_release(&logged);
    nftw(bench->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void wait_for_end(struct bench *bench)
{
    int64_t end_ms = loop_now_ms(bench->loop) + PATIENCE_MS;

    while (bench->shown.running && loop_now_ms(bench->loop) < end_ms)
        assert_ok(loop_turn(bench->loop, end_ms));
    assert_false(bench->shown.running);
}

static bool was_logged(const char *words)
{
    return memmem(logged.bytes, logged.used, words, strlen(words)) != NULL;
}

static void take(struct bench *bench, int64_t express, int64_t normal)
{
    struct announce_counts counts = {express, normal, true};

    crier_take(bench->crier, &counts);
}

static void read_heard(const struct bench *bench, struct buffer *ret)
{
    buffer_init(ret, TEXT_MAX);
    assert_ok(disk_read(bench->heard, TEXT_MAX, ret, NULL));
    assert_ok(buffer_put(ret, "", 1));
}

/* --- what may be run ------------------------------------------------------------------------------------- */

static void expect_refused(const char *command, enum status status, const char *holds)
{
    struct trouble trouble = {""};

    assert_status(crier_check(command, &trouble), status);
    assert_holds(trouble.text, holds);
    assert_holds(trouble.text, "Nothing was started");
}

static void crier__refuses_a_command_that_others_can_change(void **state)
{
    (void)state;
    struct bench bench;
    char link[PATH_BYTES + 8];
    set_up(&bench, "exit 0");
    snprintf(link, sizeof(link), "%s.link", bench.command);
    assert_int_equal(symlink(bench.command, link), 0);
    assert_ok(crier_check("", NULL));
    assert_ok(crier_check(bench.command, NULL));
    assert_ok(crier_check(link, NULL));
    expect_refused("cry", STATUS_DENIED, "whole path");
    expect_refused("/nowhere/amaan-cry", STATUS_NOT_FOUND, "cannot be found");
    expect_refused(bench.folder, STATUS_DENIED, "is not a program");
    assert_int_equal(chmod(bench.command, 0770), 0);
    expect_refused(bench.command, STATUS_DENIED, "changed by other users");
    expect_refused(link, STATUS_DENIED, "changed by other users");
    assert_int_equal(chmod(bench.command, 0702), 0);
    expect_refused(bench.command, STATUS_DENIED, "changed by other users");
    assert_int_equal(chmod(bench.command, 0700), 0);
    assert_int_equal(chmod(bench.folder, 0777), 0);
    expect_refused(bench.command, STATUS_DENIED, "folder");
    assert_int_equal(chmod(bench.folder, 0700), 0);
    if (geteuid() == 0) { /* only root can give a file away */
        assert_int_equal(chown(bench.command, 65534, 65534), 0);
        expect_refused(bench.command, STATUS_DENIED, "changed by other users");
    }
    tear_down(&bench);
}

static void crier__does_not_run_what_was_changed_since(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, "echo ran >\"$heard\"");
    assert_int_equal(chmod(bench.command, 0777), 0);
    take(&bench, 1, 0);
    assert_false(bench.shown.running);
    assert_true(bench.shown.failed);
    assert_true(was_logged("event=announce-failed code=127"));
    assert_int_equal(bench.rung, 1); /* the bell rings all the same */
    assert_int_not_equal(access(bench.heard, F_OK), 0);
    tear_down(&bench);
}

/* --- how it ends ------------------------------------------------------------------------------------------ */

static void crier__tells_the_code_of_a_command_that_failed(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, "exit 3");
    take(&bench, 1, 0);
    assert_true(bench.shown.running);
    wait_for_end(&bench);
    assert_true(bench.shown.failed);
    assert_int_equal(bench.shown.exit_code, 3);
    assert_true(was_logged("event=announce-failed code=3"));
    assert_true(bench.shown.last_ms == NOON_MS);
    tear_down(&bench);
}

static void crier__kills_a_command_that_hangs_and_runs_one_at_a_time(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, "echo ran >>\"$heard\"; tail -f /dev/null & wait");
    take(&bench, 1, 0);
    bench.steady_ms += CRIER_RUNS_MS - 1;
    crier_turn(bench.crier);
    assert_true(bench.shown.running);
    assert_true(crier_deadline_steady_ms(bench.crier) <= bench.steady_ms + 1);
    bench.steady_ms +=
        1; /* a minute: a further letter is due, and the command has had its time */
    take(&bench, 2, 0);
    assert_int_equal(bench.rung, 2);
    assert_true(was_logged("announce-still-runs"));
    crier_turn(bench.crier);
    assert_false(bench.shown.running);
    assert_int_equal(bench.shown.exit_code, 128 + SIGKILL);
    take(&bench, 2, 0);
    assert_false(bench.shown.running); /* nothing is due */
    tear_down(&bench);
}

static void crier__ends_its_command_with_the_node(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, "tail -f /dev/null");
    take(&bench, 1, 0);
    assert_true(bench.shown.running);
    crier_destroy(&bench.crier);
    assert_false(bench.shown.running);
    tear_down(&bench);
}

static void crier__counts_at_most_every_two_seconds(void **state)
{
    (void)state;
    struct bench bench;
    set_up(&bench, "exit 0");
    assert_true(crier_wants(bench.crier));
    take(&bench, 0, 0);
    for (int i = 0; i < 1000; i++) {
        crier_stir(bench.crier);
        assert_false(crier_wants(bench.crier));
    }
    bench.steady_ms += CRIER_LOOK_GAP_MS;
    assert_true(crier_wants(bench.crier));
    crier_take(bench.crier, NULL); /* nothing could be counted: no busy loop */
    assert_false(crier_wants(bench.crier));
    bench.steady_ms += CRIER_LOOK_MS;
    assert_true(crier_wants(bench.crier));
    assert_int_equal(bench.rung, 0);
    tear_down(&bench);
}

/* --- nothing of the person ---------------------------------------------------------------------------------- */

enum { OFFICER, SHELTER, CAST };
static const struct world_plan PLAN[CAST] = {
    {"fia.torkham", ROLE_SCREENING}, {"shelter.peshawar", ROLE_SHELTER}};

#define CANARY_NOTE "zorvexil"
#define CANARY_PHONE "0300-0000417"
#define CANARY_ALIAS "Quillomar"
/* Everything that a command can see of its parent. */
#define WRITES_DOWN                                                                      \
    "{ tr '\\0' '\\n' </proc/$$/cmdline; tr '\\0' '\\n' </proc/$$/environ; cat;"         \
    " ls -l /proc/$$/fd /proc/$$/cwd; } >>\"$heard\" 2>&1"

static void refer(struct world *w, const char *priority, char *ret_reference)
{
    static int n;
    char key[16], request[1024], *answer = NULL;
    struct json *json = NULL;

    snprintf(key, sizeof(key), "crier-%d", ++n);
    snprintf(request, sizeof(request),
        "{\"to\":\"shelter.peshawar\",\"service\":\"shelter\",\"priority\":\"%s\","
        "\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":\"female\",\"languages\":"
        "[\"pus\"],\"risk\":\"high\",\"safe_contact\":\"%s\",\"sender_role\":\"officer\","
        "\"note\":\"%s %s\",\"yes_text\":true," WORLD_CONSENT "}",
        priority, CANARY_PHONE, CANARY_NOTE, CANARY_ALIAS);
    int http = world_call(w, OFFICER, "refer", key, request, &answer);
    if (http != 201 && http != 200)
        fail_msg("%d %s", http, answer);
    assert_ok(json_parse(span_text(answer), TEXT_MAX, &json, NULL));
    snprintf(
        ret_reference, WORLD_REFERENCE_BYTES, "%s", json_find_text(json, "reference"));
    json_destroy(&json);
    memory_free(answer);
    world_settle(w);
}

static void announce_of(
    struct bench *bench, struct world *w, int64_t express, int64_t normal, bool locked)
{
    struct announce_counts counts;

    assert_ok(node_count_waiting(world_node(w, SHELTER), &counts));
    assert_int_equal(counts.express, express);
    assert_int_equal(counts.normal, normal);
    assert_int_equal(counts.locked, locked);
    bench->steady_ms += ANNOUNCE_REPEAT_MS;
    crier_take(bench->crier, &counts);
    assert_true(bench->shown.running);
    wait_for_end(bench);
    assert_false(bench->shown.failed);
}

/* Does the canary stand in the world at all? */
static void expect_read(struct world *w, const char *reference, const char *word)
{
    char request[64], *answer = NULL;

    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    assert_int_equal(world_call(w, SHELTER, "show", "", request, &answer), 200);
    assert_holds(answer, word);
    memory_free(answer);
}

static int find_in_all(const struct buffer *heard, const char *word)
{
    return (memmem(heard->bytes, heard->used, word, strlen(word)) != NULL) +
           (memmem(logged.bytes, logged.used, word, strlen(word)) != NULL);
}

static void dp23__an_announcement_holds_numbers_and_nothing_of_anybody(void **state)
{
    (void)state;
    struct bench bench;
    struct buffer heard;
    char references[4][WORLD_REFERENCE_BYTES], secret[PATH_BYTES];
    int found = 0;
    set_up(&bench, WRITES_DOWN);
    struct world *w = world_new(23001, PLAN, CAST);
    snprintf(secret, sizeof(secret), "%.200s/" CANARY_NOTE, bench.folder);
    int fd = open(secret, O_CREAT | O_RDWR, 0600); /* not closed on exec */
    assert_true(fd >= 0);
    assert_int_equal(setenv("AMAAN_TEST_NAME", CANARY_ALIAS, 1), 0);

    refer(w, "normal", references[0]);
    refer(w, "tonight", references[1]);
    announce_of(&bench, w, 1, 1, false);
    world_lock_node(w, SHELTER);
    announce_of(&bench, w, 1, 1, true); /* as they were when it was locked */
    refer(w, "emergency", references[2]);
    refer(w, "normal", references[3]);
    announce_of(&bench, w, 2, 2, true);
    world_unlock_node(w, SHELTER);
    world_settle(w);
    announce_of(&bench, w, 2, 2, false);

    read_heard(&bench, &heard);
    assert_holds((const char *)heard.bytes, "express=1\nnormal=1\nlocked=no\n");
    assert_holds((const char *)heard.bytes, "express=2\nnormal=2\nlocked=yes\n");
    assert_holds((const char *)heard.bytes, "LANG=C.UTF-8\n");
    assert_true(was_logged("Letters wait unopened: 2 express, 2 normal"));
    assert_true(was_logged("event=announce express=2 normal=2 locked=yes"));
    const char *const canaries[] = {CANARY_NOTE, CANARY_PHONE, CANARY_ALIAS, "torkham",
        "peshawar", references[0], references[1], references[2], references[3]};
    for (size_t i = 0; i < ARRAY_LENGTH(canaries); i++)
        found += find_in_all(&heard, canaries[i]);
    assert_int_equal(bench.rung, 4);
    print_message("dp23: %d announcements, %zu bytes heard, %zu logged, %zu canaries: %d "
                  "found\n",
        bench.rung, heard.used, logged.used, ARRAY_LENGTH(canaries), found);
    assert_int_equal(found, 0);
    for (size_t i = 0; i < 4; i++) /* they were there to be found */
        expect_read(w, references[i], CANARY_NOTE);
    expect_read(w, references[1], CANARY_PHONE);
    expect_read(w, references[2], "torkham");
    unsetenv("AMAAN_TEST_NAME");
    close(fd);
    world_destroy(&w);
    buffer_release(&heard);
    tear_down(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crier__refuses_a_command_that_others_can_change),
        cmocka_unit_test(crier__does_not_run_what_was_changed_since),
        cmocka_unit_test(crier__tells_the_code_of_a_command_that_failed),
        cmocka_unit_test(crier__kills_a_command_that_hangs_and_runs_one_at_a_time),
        cmocka_unit_test(crier__ends_its_command_with_the_node),
        cmocka_unit_test(crier__counts_at_most_every_two_seconds),
        cmocka_unit_test(dp23__an_announcement_holds_numbers_and_nothing_of_anybody),
    };
    return cmocka_run_group_tests_name("crier", tests, NULL, NULL);
}
