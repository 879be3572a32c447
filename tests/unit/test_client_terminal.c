/* SPDX-License-Identifier: Apache-2.0
 * Secrets, terminals, and the program that amaan becomes for init, join and run.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_stage.h"
#include "memory.h"

#define SECRET "seven invented words, plus \xda\xa9"

static int set_up(void **state)
{
    *state = stage_new();
    return 0;
}

static int tear_down(void **state)
{
    stage_destroy(*state);
    return 0;
}

/* Runs unlock with these bytes on a pipe as descriptor N. */
static int unlock_with(struct stage *stage, const char *bytes)
{
    int ends[2];
    char number[16];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    (void)close(ends[1]);
    (void)snprintf(number, sizeof(number), "%d", ends[0]);
    const char *words[] = {"unlock", "--passphrase-fd", number, NULL};
    int code = stage_run(stage, NULL, words);
    (void)close(ends[0]);
    return code;
}

static void unlock__hands_over_the_passphrase_of_a_descriptor(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200});
    assert_int_equal(unlock_with(stage, SECRET "\n"), 0);
    assert_string_equal(stage->requests[0].line, "POST /api/v1/unlock");
    assert_string_equal(stage->requests[0].body, "{\"passphrase\":\"" SECRET "\"}");
    assert_string_equal(stage->requests[0].key, "");
    assert_string_equal(stage->out, "");
    assert_null(strstr(stage->err, "seven"));
    assert_int_equal(unlock_with(stage, "ends with a blank "), 0);
    assert_string_equal(
        stage->requests[1].body, "{\"passphrase\":\"ends with a blank \"}");
}

static void unlock__refuses_what_is_no_passphrase(void **state)
{
    struct stage *stage = *state;
    char longest[1024 + 3] = "";
    const char *const bad[] = {"", "\n", "two\nlines", "tab\t", "\xff", longest};

    memset(longest, 'x', 1025);
    STAGE_BEGIN(stage, {.http = 200});
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_int_equal(unlock_with(stage, bad[i]), EX_DATAERR);
    assert_int_equal(STAGE_RUN(stage, NULL, "unlock", "--passphrase-fd", "99"), EX_IOERR);
    assert_int_equal(
        STAGE_RUN(stage, NULL, "unlock", "--passphrase-fd", "x"), EX_DATAERR);
    assert_int_equal(stage->n_requests, 0);
    longest[1024] = '\n';
    assert_int_equal(unlock_with(stage, longest), 0);
}

static void unlock__says_that_the_passphrase_is_wrong(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage,
        {.http = 403, .body = "{\"detail\":\"The passphrase does not open node.key.\"}"});
    assert_int_equal(unlock_with(stage, "another\n"), EX_NOPERM);
    assert_string_equal(stage->err, "amaan: The passphrase does not open node.key.\n");
}

static void unlock__without_a_terminal_asks_nobody(void **state)
{
    struct stage *stage = *state;

    STAGE_BEGIN(stage, {.http = 200});
    assert_int_equal(STAGE_RUN(stage, SECRET, "unlock"), EX_NOINPUT);
    assert_non_null(strstr(stage->err, "--passphrase-fd"));
    assert_int_equal(stage->n_requests, 0);
}

/* --- a terminal ------------------------------------------------------------------------------------------ */

struct terminal {
    int master, slave;
    char seen[8192];
    size_t used;
};

static void open_terminal(struct terminal *terminal)
{
    memset(terminal, 0, sizeof(*terminal));
    terminal->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal->master >= 0);
    assert_int_equal(grantpt(terminal->master), 0);
    assert_int_equal(unlockpt(terminal->master), 0);
    terminal->slave = open(ptsname(terminal->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal->slave >= 0);
}

static void close_terminal(struct terminal *terminal)
{
    (void)close(terminal->slave);
    (void)close(terminal->master);
}

/* Reads what is shown until these words stand there. */
static void await_words(struct terminal *terminal, const char *words)
{
    while (!strstr(terminal->seen, words)) {
        ssize_t n = read(terminal->master, terminal->seen + terminal->used,
            sizeof(terminal->seen) - 1 - terminal->used);

        assert_true(n > 0);
        terminal->used += (size_t)n;
    }
}

static void read_the_rest(struct terminal *terminal)
{
    struct pollfd wait = {.fd = terminal->master, .events = POLLIN};

    while (poll(&wait, 1, 0) > 0 && wait.revents & POLLIN) {
        ssize_t n = read(terminal->master, terminal->seen + terminal->used,
            sizeof(terminal->seen) - 1 - terminal->used);

        assert_true(n > 0);
        terminal->used += (size_t)n;
    }
}

static bool echoes(const struct terminal *terminal)
{
    struct termios now;

    assert_int_equal(tcgetattr(terminal->slave, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

static void unlock__asks_at_the_terminal_without_echo(void **state)
{
    struct stage *stage = *state;
    struct terminal terminal;
    const char *words[] = {"unlock", "--home", stage->home, NULL};

    STAGE_BEGIN(stage, {.http = 200});
    open_terminal(&terminal);
    struct stage_child child = stage_start(stage, NULL, NULL, words, terminal.slave);
    await_words(&terminal, "Passphrase: ");
    assert_false(echoes(&terminal));
    assert_int_equal(write(terminal.master, SECRET "\n", strlen(SECRET) + 1),
        (ssize_t)strlen(SECRET) + 1);
    assert_int_equal(stage_finish(stage, &child), 0);
    read_the_rest(&terminal);
    assert_null(strstr(terminal.seen, "seven"));
    assert_true(echoes(&terminal));
    assert_string_equal(stage->requests[0].body, "{\"passphrase\":\"" SECRET "\"}");
    close_terminal(&terminal);
}

static void unlock__restores_the_echo_when_it_is_interrupted(void **state)
{
    struct stage *stage = *state;
    struct terminal terminal;
    const char *words[] = {"unlock", "--home", stage->home, NULL};

    open_terminal(&terminal);
    struct stage_child child = stage_start(stage, NULL, NULL, words, terminal.slave);
    await_words(&terminal, "Passphrase: ");
    assert_int_equal(kill(child.pid, SIGINT), 0);
    assert_int_equal(stage_finish(stage, &child), 128 + SIGINT);
    assert_true(echoes(&terminal));
    close_terminal(&terminal);
}

static void init__restores_the_echo_when_it_is_interrupted(void **state)
{
    struct stage *stage = *state;
    struct terminal terminal;
    char home[STAGE_PATH_BYTES + 8], key[STAGE_PATH_BYTES + 24];
    const char *words[] = {
        "init", "--name", "fia.nowhere", "--role", "screening", home, NULL};

    (void)snprintf(home, sizeof(home), "%s/new", stage->home);
    (void)snprintf(key, sizeof(key), "%s/node.key", home);
    open_terminal(&terminal);
    struct stage_child child = stage_start(
        stage, AMAAN_BINARY_DIR "/nodes/amaan-node", NULL, words, terminal.slave);
    await_words(&terminal, "Passphrase: ");
    assert_false(echoes(&terminal));
    assert_int_equal(kill(child.pid, SIGINT), 0);
    assert_int_equal(stage_finish(stage, &child), 128 + SIGINT);
    assert_true(echoes(&terminal));
    assert_int_not_equal(access(key, F_OK), 0);
    close_terminal(&terminal);
}

static void run_on_terminal(
    struct stage *stage, struct terminal *terminal, const char *const *words)
{
    struct stage_child child = stage_start(stage, NULL, NULL, words, terminal->slave);

    assert_int_equal(stage_finish(stage, &child), 0);
    read_the_rest(terminal);
}

static void colours__are_for_terminals_that_want_them(void **state)
{
    struct stage *stage = *state;
    struct terminal terminal;
    const char *words[] = {"sent", "--home", stage->home, NULL};

    STAGE_BEGIN(stage,
        {.http = 200,
            .body =
                "{\"items\":[{\"reference\":\"R\",\"state\":\"declined\"}],\"next\":0}"});
    (void)setenv("TERM", "xterm", 1);
    (void)unsetenv("NO_COLOR");
    open_terminal(&terminal);
    run_on_terminal(stage, &terminal, words);
    assert_non_null(strstr(terminal.seen, "\x1b["));
    assert_non_null(strstr(terminal.seen, "declined"));
    close_terminal(&terminal);
    (void)setenv("NO_COLOR", "1", 1);
    open_terminal(&terminal);
    run_on_terminal(stage, &terminal, words);
    assert_non_null(strstr(terminal.seen, "declined"));
    assert_null(strstr(terminal.seen, "\x1b"));
    close_terminal(&terminal);
    (void)unsetenv("NO_COLOR");
    (void)setenv("TERM", "dumb", 1);
    open_terminal(&terminal);
    run_on_terminal(stage, &terminal, words);
    assert_null(strstr(terminal.seen, "\x1b"));
    close_terminal(&terminal);
}

/* --- init, join, run ------------------------------------------------------------------------------------- */

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    size_t n;

    assert_non_null(in);
    assert_non_null(out);
    while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    (void)fclose(in);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(to, 0700), 0);
}

static void write_script(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    (void)fputs("#!/bin/sh\nfor w; do echo \"<$w>\"; done\nexit 7\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

static void local_verbs__become_amaan_node_with_the_home_as_its_last_word(void **state)
{
    struct stage *stage = *state;
    static const char *const places[] = {"amaan-node", "run/amaan-node"};
    char program[STAGE_PATH_BYTES + 16], node[STAGE_PATH_BYTES + 24];
    const char *words[] = {"init", "--name", "fia.nowhere", "--home=/nowhere", "-r",
        "screening", "-r", "-x", "--cost=", NULL};

    (void)snprintf(program, sizeof(program), "%s/run/amaan", stage->home);
    copy_file(AMAAN_BINARY_DIR "/nodes/client/amaan", program);
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        (void)snprintf(node, sizeof(node), "%s/%s", stage->home, places[i]);
        write_script(node);
        struct stage_child child = stage_start(stage, program, NULL, words, -1);
        assert_int_equal(stage_finish(stage, &child), 7);
        assert_string_equal(stage->out, "<init>\n<--name=fia.nowhere>\n"
                                        "<--role=screening>\n<--role=-x>\n<--cost=>\n"
                                        "<-->\n</nowhere>\n");
        assert_int_equal(unlink(node), 0);
    }
    struct stage_child child = stage_start(stage, program, NULL, words, -1);
    assert_int_equal(stage_finish(stage, &child), EX_UNAVAILABLE);
    assert_non_null(strstr(stage->err, "amaan-node is not where it belongs"));
}

static void local_verbs__are_checked_before(void **state)
{
    struct stage *stage = *state;

    assert_int_equal(STAGE_RUN(stage, NULL, "init", "--nam", "x"), EX_USAGE);
    assert_int_equal(STAGE_RUN(stage, NULL, "run", "now"), EX_USAGE);
    assert_int_equal(STAGE_RUN(stage, NULL, "run", "--help"), 0);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(unlock__hands_over_the_passphrase_of_a_descriptor),
        STAGED(unlock__refuses_what_is_no_passphrase),
        STAGED(unlock__says_that_the_passphrase_is_wrong),
        STAGED(unlock__without_a_terminal_asks_nobody),
        STAGED(unlock__asks_at_the_terminal_without_echo),
        STAGED(unlock__restores_the_echo_when_it_is_interrupted),
        STAGED(init__restores_the_echo_when_it_is_interrupted),
        STAGED(colours__are_for_terminals_that_want_them),
        STAGED(local_verbs__become_amaan_node_with_the_home_as_its_last_word),
        STAGED(local_verbs__are_checked_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
