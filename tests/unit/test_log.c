/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "clock.h"
#include "log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char last[2048];
static int lines;
static int64_t now_ms;

static void keep_line(void *context, const char *line)
{
    assert_ptr_equal(context, &lines);
    (void)snprintf(last, sizeof(last), "%s", line);
    lines++;
}

static int64_t give_now(void *context)
{
    (void)context;
    return now_ms;
}

static struct clock hand_clock = {.wall_ms = give_now, .steady_ms = give_now};

static int set_up(void **state)
{
    (void)state;
    now_ms = 1000;
    lines = 0;
    last[0] = '\0';
    log_set_sink(keep_line, &lines);
    log_set_clock(&hand_clock);
    log_set_level(LOG_INFO);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    log_set_sink(NULL, NULL);
    log_set_clock(NULL);
    log_set_level(LOG_INFO);
    return 0;
}

static void log__writes_one_line_of_keys_and_values(void **state)
{
    (void)state;
    log_event(LOG_WARNING, "session-open", "member=%d reason=%s", 7, "none");
    assert_string_equal(last, "level=warning event=session-open member=7 reason=none");
    log_event(LOG_ALARM, "fork", NULL);
    assert_string_equal(last, "level=alarm event=fork");
    assert_int_equal(lines, 2);
}

static void log__keeps_quiet_below_its_level(void **state)
{
    (void)state;
    log_event(LOG_DEBUG, "detail", NULL);
    assert_int_equal(lines, 0);
    log_set_level(LOG_DEBUG);
    log_event(LOG_DEBUG, "detail", NULL);
    assert_string_equal(last, "level=debug event=detail");
    log_set_level(LOG_ALARM);
    log_event(LOG_WARNING, "warn", NULL);
    assert_int_equal(lines, 1);
}

static void log__limits_each_event_and_says_how_many_it_held_back(void **state)
{
    (void)state;
    for (int i = 0; i < LOG_BURST + 5; i++)
        log_event(LOG_INFO, "noise", "n=%d", i);
    assert_int_equal(lines, LOG_BURST);
    log_event(LOG_INFO, "other", NULL);
    assert_int_equal(lines, LOG_BURST + 1);

    now_ms += MINUTE_MS - 1;
    log_event(LOG_INFO, "noise", NULL);
    assert_int_equal(lines, LOG_BURST + 1);
    now_ms += 1;
    log_event(LOG_INFO, "noise", "n=last");
    assert_string_equal(last, "level=info event=noise suppressed=6 n=last");
    log_event(LOG_INFO, "noise", "n=more");
    assert_string_equal(last, "level=info event=noise n=more");
}

static void log__survives_more_kinds_of_events_than_it_has_rows(void **state)
{
    char name[32];

    (void)state;
    for (int i = 0; i < 500; i++) {
        (void)snprintf(name, sizeof(name), "kind-%d", i);
        log_event(LOG_INFO, name, NULL);
    }
    assert_true(lines >= 127);
    assert_true(lines <= 127 + LOG_BURST);
}

static void log__cuts_a_long_line_and_lets_it_be_seen(void **state)
{
    char value[3000];

    (void)state;
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    log_event(LOG_INFO, "long", "value=%s", value);
    assert_int_equal(strlen(last), 1023);
    assert_string_equal(last + 1020, "...");
}

static void log__never_lets_a_value_begin_a_new_line(void **state)
{
    (void)state;
    log_event(LOG_INFO, "split", "value=%s", "a\nlevel=alarm event=fake");
    assert_null(strchr(last, '\n'));
    assert_holds(last, "value=a?level");
}

static void log_text__neutralises_what_a_peer_supplied(void **state)
{
    (void)state;
    assert_string_equal(log_text("plain-1.2"), "plain-1.2");
    assert_string_equal(log_text("a b\n\"=\\"), "a\\x20b\\x0a\\x22\\x3d\\x5c");
    assert_string_equal(log_text("\x1b[2J"), "\\x1b[2J");
    assert_string_equal(log_text("\xd8\xa7"), "\\xd8\\xa7");
    assert_string_equal(log_text(NULL), "");
}

static void log_text__is_cut_and_four_live_at_once(void **state)
{
    char hostile[1000];
    const char *texts[4];

    (void)state;
    memset(hostile, '\n', sizeof(hostile) - 1);
    hostile[sizeof(hostile) - 1] = '\0';
    texts[0] = log_text(hostile);
    assert_true(strlen(texts[0]) < 160);
    assert_string_equal(texts[0] + strlen(texts[0]) - 3, "...");
    texts[1] = log_text("b");
    texts[2] = log_text("c");
    texts[3] = log_text("d");
    assert_string_equal(texts[1], "b");
    assert_string_equal(texts[2], "c");
    assert_string_equal(texts[3], "d");
    assert_true(strlen(texts[0]) > 100);
}

/* What one call writes on stderr. */
static void capture(char said[static 256], const char *journal)
{
    int ends[2];
    int kept = dup(STDERR_FILENO);
    ssize_t got;

    assert_int_equal(pipe(ends), 0);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    if (journal)
        (void)setenv("JOURNAL_STREAM", journal, 1);
    else
        (void)unsetenv("JOURNAL_STREAM");
    log_set_sink(NULL, NULL);
    log_event(LOG_WARNING, "to-stderr", "x=1");
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    (void)close(ends[1]);
    got = read(ends[0], said, 255);
    (void)close(ends[0]);
    said[got > 0 ? got : 0] = '\0';
}

static void log__speaks_to_stderr_and_gives_the_journal_its_priorities(void **state)
{
    char said[256];

    (void)state;
    capture(said, NULL);
    assert_string_equal(said, "level=warning event=to-stderr x=1\n");
    capture(said, "8:1234");
    assert_string_equal(said, "<4>level=warning event=to-stderr x=1\n");
    (void)unsetenv("JOURNAL_STREAM");
}

#define LOG_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST(log__writes_one_line_of_keys_and_values),
        LOG_TEST(log__keeps_quiet_below_its_level),
        LOG_TEST(log__limits_each_event_and_says_how_many_it_held_back),
        LOG_TEST(log__survives_more_kinds_of_events_than_it_has_rows),
        LOG_TEST(log__cuts_a_long_line_and_lets_it_be_seen),
        LOG_TEST(log__never_lets_a_value_begin_a_new_line),
        LOG_TEST(log_text__neutralises_what_a_peer_supplied),
        LOG_TEST(log_text__is_cut_and_four_live_at_once),
        LOG_TEST(log__speaks_to_stderr_and_gives_the_journal_its_priorities),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
