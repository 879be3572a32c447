/* SPDX-License-Identifier: Apache-2.0
 * What is asked on a terminal: a child sits at a pseudo terminal, the test is the person at the other end.
 */
#include <pty.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "keyboard.h"

enum { SEEN_BYTES = 4096 };

struct dialogue {
    int terminal;
    pid_t child;
    char seen[SEEN_BYTES];
    size_t n;
};

/* What the child does; its exit code is the status. */
static int ask_new(void)
{
    struct passphrase passphrase;
    struct trouble trouble = {""};
    enum status status =
        passphrase_read(NULL, "New words: ", true, &passphrase, &trouble);

    if (status == STATUS_OK && strcmp(passphrase.bytes, "seven invented words") != 0)
        return 99;
    return (int)status;
}

static int ask_yes(void)
{
    struct trouble trouble = {""};

    return (int)keyboard_confirms("Is it so?", "--yes", &trouble);
}

static void begin(struct dialogue *dialogue, int (*act)(void))
{
    memset(dialogue, 0, sizeof *dialogue);
    dialogue->child = forkpty(&dialogue->terminal, NULL, NULL, NULL);
    assert_true(dialogue->child >= 0);
    if (dialogue->child == 0)
        _exit(act());
}

/* Reads what the terminal shows until it shows the text. */
static void await(struct dialogue *dialogue, const char *text)
{
    while (!strstr(dialogue->seen, text)) {
        ssize_t got = read(dialogue->terminal, dialogue->seen + dialogue->n,
            SEEN_BYTES - 1 - dialogue->n);

        assert_true(got > 0);
        dialogue->n += (size_t)got;
        dialogue->seen[dialogue->n] = 0;
    }
}

static void type(struct dialogue *dialogue, const char *keys)
{
    assert_int_equal(write(dialogue->terminal, keys, strlen(keys)), strlen(keys));
}

/* The child's exit code, after everything that it shows. */
static int end(struct dialogue *dialogue)
{
    int result = 0;

    for (;;) {
        ssize_t got = read(dialogue->terminal, dialogue->seen + dialogue->n,
            SEEN_BYTES - 1 - dialogue->n);

        if (got <= 0)
            break;
        dialogue->n += (size_t)got;
        dialogue->seen[dialogue->n] = 0;
    }
    assert_int_equal(waitpid(dialogue->child, &result, 0), dialogue->child);
    (void)close(dialogue->terminal);
    assert_true(WIFEXITED(result));
    return WEXITSTATUS(result);
}

static void passphrase__is_asked_twice_and_never_shown(void **state)
{
    struct dialogue dialogue;

    (void)state;
    begin(&dialogue, ask_new);
    await(&dialogue, "New words: ");
    type(&dialogue, "seven invented words\n");
    await(&dialogue, "The same again: ");
    type(&dialogue, "seven invented words\n");
    assert_int_equal(end(&dialogue), STATUS_OK);
    assert_null(strstr(dialogue.seen, "seven"));
}

static void passphrase__two_that_differ_are_refused(void **state)
{
    struct dialogue dialogue;

    (void)state;
    begin(&dialogue, ask_new);
    await(&dialogue, "New words: ");
    type(&dialogue, "seven invented words\n");
    await(&dialogue, "The same again: ");
    type(&dialogue, "seven invented worms\n");
    assert_int_equal(end(&dialogue), STATUS_DENIED);
}

static void passphrase__control_c_gives_up(void **state)
{
    struct dialogue dialogue;

    (void)state;
    begin(&dialogue, ask_new);
    await(&dialogue, "New words: ");
    type(&dialogue, "\x03\n");
    assert_int_equal(end(&dialogue), STATUS_CLOSED);
}

static void passphrase__too_short_is_refused(void **state)
{
    struct dialogue dialogue;

    (void)state;
    begin(&dialogue, ask_new);
    await(&dialogue, "New words: ");
    type(&dialogue, "short\n");
    await(&dialogue, "The same again: ");
    type(&dialogue, "short\n");
    assert_int_equal(end(&dialogue), STATUS_DENIED);
}

static void confirmation__is_the_word_yes_and_no_other(void **state)
{
    static const struct {
        const char *keys;
        enum status wanted;
    } rows[] = {{"yes\n", STATUS_OK}, {"y\n", STATUS_DENIED}, {"no\n", STATUS_DENIED},
        {"\n", STATUS_DENIED}, {"yes please, all of them\n", STATUS_DENIED}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dialogue dialogue;

        begin(&dialogue, ask_yes);
        await(&dialogue, "Type yes: ");
        type(&dialogue, rows[i].keys);
        assert_int_equal(end(&dialogue), rows[i].wanted);
    }
}

static void passphrase__from_a_descriptor_is_its_first_line(void **state)
{
    struct passphrase passphrase;
    struct trouble trouble = {""};
    char number[16];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "one two three four\nfive\n", 24), 24);
    (void)close(ends[1]);
    (void)snprintf(number, sizeof number, "%d", ends[0]);
    assert_ok(passphrase_read(number, "", true, &passphrase, &trouble));
    assert_span(passphrase_span(&passphrase), span_text("one two three four"));
    passphrase_release(&passphrase);
    assert_int_equal(passphrase.n, 0);
    assert_status(
        passphrase_read(number, "", true, &passphrase, &trouble), STATUS_DENIED);
    assert_status(
        passphrase_read(number, "", false, &passphrase, &trouble), STATUS_CLOSED);
    (void)close(ends[0]);
    assert_status(passphrase_read(number, "", false, &passphrase, &trouble), STATUS_IO);
    assert_status(
        passphrase_read("3x", "", false, &passphrase, &trouble), STATUS_MALFORMED);
    assert_status(
        passphrase_read("-1", "", false, &passphrase, &trouble), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passphrase__is_asked_twice_and_never_shown),
        cmocka_unit_test(passphrase__two_that_differ_are_refused),
        cmocka_unit_test(passphrase__control_c_gives_up),
        cmocka_unit_test(passphrase__too_short_is_refused),
        cmocka_unit_test(confirmation__is_the_word_yes_and_no_other),
        cmocka_unit_test(passphrase__from_a_descriptor_is_its_first_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
