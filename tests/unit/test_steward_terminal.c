/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward as a person meets it: on a terminal, in a folder of its own.
 */
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { SEEN_BYTES = 16384, ARGUMENTS_MAX = 16 };

static const char PROGRAM[] = AMAAN_BINARY_DIR "/steward/amaan-steward";
static const char MAKE_JOIN[] = AMAAN_BINARY_DIR "/tests/unit/make_join";
static const char WORDS[] = "seven invented words for a key";

struct dialogue {
    int terminal;
    pid_t child;
    char seen[SEEN_BYTES];
    size_t n;
};

/* Starts a program with these words (separated by single spaces); its stdout goes to `out` if that is not NULL. */
static void start(
    struct dialogue *dialogue, const char *program, const char *line, const char *out)
{
    char copy[512], *words[ARGUMENTS_MAX] = {(char *)(uintptr_t)program}, *at = copy;
    size_t n = 1;

    memset(dialogue, 0, sizeof *dialogue);
    (void)snprintf(copy, sizeof copy, "%s", line);
    while (n + 1 < ARGUMENTS_MAX && (words[n++] = strsep(&at, " ")) != NULL && at) {
    }
    dialogue->child = forkpty(&dialogue->terminal, NULL, NULL, NULL);
    assert_true(dialogue->child >= 0);
    if (dialogue->child == 0) {
        if (out) {
            int file = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);

            if (file < 0 || dup2(file, STDOUT_FILENO) < 0)
                _exit(99);
        }
        (void)execv(program, words);
        _exit(98);
    }
}

static void begin(struct dialogue *dialogue, const char *line, const char *out)
{
    start(dialogue, PROGRAM, line, out);
}

static bool see_more(struct dialogue *dialogue)
{
    ssize_t got = read(
        dialogue->terminal, dialogue->seen + dialogue->n, SEEN_BYTES - 1 - dialogue->n);

    if (got <= 0)
        return false;
    dialogue->n += (size_t)got;
    dialogue->seen[dialogue->n] = 0;
    return true;
}

/* Waits until the terminal shows the text, then types. */
static void answer(struct dialogue *dialogue, const char *text, const char *keys)
{
    while (!strstr(dialogue->seen, text)) {
        if (!see_more(dialogue))
            fail_msg("\"%s\" was never shown: %s", text, dialogue->seen);
    }
    assert_int_equal(write(dialogue->terminal, keys, strlen(keys)), strlen(keys));
    assert_int_equal(write(dialogue->terminal, "\n", 1), 1);
}

static int end(struct dialogue *dialogue)
{
    int result = 0;

    while (see_more(dialogue)) {
    }
    assert_int_equal(waitpid(dialogue->child, &result, 0), dialogue->child);
    (void)close(dialogue->terminal);
    assert_true(WIFEXITED(result));
    return WEXITSTATUS(result);
}

static void make_key_and_root(void)
{
    struct dialogue dialogue;

    begin(&dialogue, "key new --cost floor --out a.key", NULL);
    answer(&dialogue, "Passphrase for the new key: ", WORDS);
    answer(&dialogue, "The same again: ", WORDS);
    assert_int_equal(end(&dialogue), 0);
    assert_null(strstr(dialogue.seen, "invented"));
    assert_holds(dialogue.seen, "fingerprint: ");
    begin(&dialogue, "root new --steward a.key --threshold 1 --out root.amaan", NULL);
    assert_int_equal(end(&dialogue), 0);
}

static int verify(void)
{
    struct dialogue dialogue;

    begin(&dialogue, "verify root.amaan", NULL);
    return end(&dialogue);
}

static void sign__shows_asks_and_hides_the_passphrase(void **state)
{
    struct dialogue dialogue;

    (void)state;
    make_key_and_root();
    begin(&dialogue, "sign --key a.key root.amaan", NULL);
    answer(&dialogue, "Type yes: ", "no");
    assert_int_equal(end(&dialogue), 77);
    assert_null(strstr(dialogue.seen, "Passphrase"));
    begin(&dialogue, "sign --key a.key root.amaan", NULL);
    answer(&dialogue, "Type yes: ", "yes");
    answer(&dialogue, "Passphrase of a.key: ", "seven invented worms for a key");
    assert_int_equal(end(&dialogue), 77);
    assert_int_equal(verify(), 1);
    begin(&dialogue, "sign --key a.key root.amaan", NULL);
    answer(&dialogue, "Type yes: ", "yes");
    assert_holds(dialogue.seen, "threshold: 1");
    assert_holds(dialogue.seen, "Is this what you want to sign (root 1)?");
    answer(&dialogue, "Passphrase of a.key: ", WORDS);
    assert_int_equal(end(&dialogue), 0);
    assert_null(strstr(dialogue.seen, "invented"));
    assert_int_equal(verify(), 0);
}

static void sign__asks_nobody_who_cannot_see_what_it_is_about(void **state)
{
    struct dialogue dialogue;

    (void)state;
    make_key_and_root();
    begin(&dialogue, "sign --key a.key root.amaan", "facts");
    assert_int_equal(end(&dialogue), 69);
    assert_holds(dialogue.seen, "which is no terminal");
    assert_null(strstr(dialogue.seen, "Type yes"));
    assert_int_equal(verify(), 1);
}

static void roster_new__asks_whether_the_member_has_read_its_digits(void **state)
{
    static const char LINE[] = "roster new --root root.amaan --admit shelter.join "
                               "--protocol isp-1:2999-12-31 "
                               "--out-roster r.amaan --out-profiles p.amaan "
                               "--out-plain p.plain";
    struct dialogue dialogue;
    const char *digits;

    (void)state;
    make_key_and_root();
    begin(&dialogue, "sign --key a.key root.amaan", NULL);
    answer(&dialogue, "Type yes: ", "yes");
    answer(&dialogue, "Passphrase of a.key: ", WORDS);
    assert_int_equal(end(&dialogue), 0);
    start(&dialogue, MAKE_JOIN, "shelter.invented-town 2 1 shelter.join", NULL);
    assert_int_equal(end(&dialogue), 0);

    begin(&dialogue, LINE, NULL);
    answer(&dialogue, "Type yes: ", "y");
    assert_int_equal(end(&dialogue), 77);
    assert_int_not_equal(access("r.amaan", F_OK), 0);
    assert_int_not_equal(access("p.plain", F_OK), 0);
    begin(&dialogue, LINE, NULL);
    answer(&dialogue, "Type yes: ", "yes");
    digits = strstr(dialogue.seen, "shelter.invented-town\r\n  ");
    assert_non_null(digits);
    assert_int_equal(strspn(digits + 25, "0123456789 "), 47);
    assert_int_equal(end(&dialogue), 0);
    assert_int_equal(access("r.amaan", F_OK), 0);
}

static int setup(void **state)
{
    static char folder[64];

    (void)snprintf(folder, sizeof folder, "/tmp/amaan-terminal-XXXXXX");
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    static const char *const files[] = {"a.key", "a.key.signed", "root.amaan", "facts",
        "shelter.join", "r.amaan", "p.amaan", "p.plain"};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        (void)unlink(files[i]);
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            sign__shows_asks_and_hides_the_passphrase, setup, teardown),
        cmocka_unit_test_setup_teardown(
            sign__asks_nobody_who_cannot_see_what_it_is_about, setup, teardown),
        cmocka_unit_test_setup_teardown(
            roster_new__asks_whether_the_member_has_read_its_digits, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
