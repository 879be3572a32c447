/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "command.h"
#include "memory.h"

#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

static struct arguments got;
static int runs;

static const struct option_row SEND_OPTIONS[] = {
    {.name = "json", .letter = 'j', .help = "as JSON"},
    {.name = "to", .letter = 't', .argument = "NAME", .help = "whom", .repeats = true},
    {.name = "file", .argument = "FILE", .help = "from a file"},
    {.name = NULL},
};

static int run_send(const struct command *command, int argc, char **argv)
{
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 2, &got, &done);

    if (code || done)
        return code;
    runs++;
    return EX_OK;
}

static int run_status(const struct command *command, int argc, char **argv)
{
    (void)command;
    (void)argc;
    (void)argv;
    runs++;
    return EXIT_NEGATIVE;
}

static const struct command COMMANDS[] = {
    {.name = "send",
        .summary = "sends a letter",
        .arguments = "REF [NOTE]",
        .examples = "prog send 12\nprog send --to a 12",
        .options = SEND_OPTIONS,
        .run = run_send},
    {.name = "status", .summary = "says how it is", .arguments = "", .run = run_status},
};

struct spoken {
    int code;
    char out[4096], err[1024];
};

static int redirect(FILE *file, int to)
{
    int kept;

    (void)fflush(NULL);
    kept = dup(to);
    assert_true(dup2(fileno(file), to) >= 0);
    return kept;
}

static void collect(FILE *file, char *text, size_t size)
{
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    (void)fclose(file);
}

/* Runs the words, split at spaces, as a command line. */
static struct spoken say(const char *line)
{
    static char words[512]; /* the parsed arguments point into it */
    static char *argv[32];
    struct spoken spoken;
    FILE *out = tmpfile();
    FILE *err = tmpfile();
    int argc = 1;
    int kept_out, kept_err;

    (void)snprintf(words, sizeof(words), "%s", line);
    argv[0] = words + strlen(words);
    for (char *at = words; *at;) {
        argv[argc++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    argv[argc] = NULL;
    runs = 0;
    got = (struct arguments){.n = 0};
    kept_out = redirect(out, STDOUT_FILENO);
    kept_err = redirect(err, STDERR_FILENO);
    spoken.code =
        command_main("prog", "for tests", COMMANDS, ARRAY_LENGTH(COMMANDS), argc, argv);
    (void)fflush(NULL);
    (void)dup2(kept_out, STDOUT_FILENO);
    (void)dup2(kept_err, STDERR_FILENO);
    (void)close(kept_out);
    (void)close(kept_err);
    collect(out, spoken.out, sizeof(spoken.out));
    collect(err, spoken.err, sizeof(spoken.err));
    return spoken;
}

static void command__without_a_word_shows_the_overview_as_a_misuse(void **state)
{
    struct spoken spoken = say("");

    (void)state;
    assert_int_equal(spoken.code, EX_USAGE);
    assert_string_equal(spoken.out, "");
    assert_holds(spoken.err, "prog: for tests");
    assert_holds(spoken.err, "sends a letter");
}

static void command__overview_goes_to_stdout_when_asked_for(void **state)
{
    static const char *const WAYS[] = {"--help", "-h", "help"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(WAYS); i++) {
        struct spoken spoken = say(WAYS[i]);

        assert_int_equal(spoken.code, EX_OK);
        assert_holds(spoken.out, "status");
        assert_string_equal(spoken.err, "");
    }
}

static void command__version_names_the_libraries(void **state)
{
    struct spoken spoken;

    (void)state;
    command_set_libraries("libcurious 1.2");
    spoken = say("--version");
    assert_int_equal(spoken.code, EX_OK);
    assert_string_equal(spoken.out, "prog " AMAAN_VERSION "\nlibcurious 1.2\n");
    command_set_libraries(NULL);
    assert_string_equal(say("version").out, "prog " AMAAN_VERSION "\n");
}

static void command__runs_its_row_and_gives_its_code(void **state)
{
    (void)state;
    assert_int_equal(say("status").code, EXIT_NEGATIVE);
    assert_int_equal(runs, 1);
    assert_int_equal(say("send 12").code, EX_OK);
    assert_int_equal(runs, 1);
}

static void command__unknown_gets_the_nearest_suggested(void **state)
{
    struct spoken spoken = say("sned 12");

    (void)state;
    assert_int_equal(spoken.code, EX_USAGE);
    assert_string_equal(
        spoken.err, "prog: there is no command \"sned\". Did you mean \"send\"?\n");
    assert_holds(say("stat").err, "Did you mean \"status\"?");
    assert_holds(say("zzzzzz").err, "See: prog --help");
    assert_int_equal(runs, 0);
}

static void command__must_come_first(void **state)
{
    (void)state;
    assert_int_equal(say("--json send").code, EX_USAGE);
    assert_int_equal(runs, 0);
}

static void help__of_a_command_shows_examples_usage_and_options(void **state)
{
    static const char *const WAYS[] = {
        "send --help", "send -h", "help send", "send 1 2 3 --help"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(WAYS); i++) {
        struct spoken spoken = say(WAYS[i]);

        assert_int_equal(spoken.code, EX_OK);
        assert_int_equal(runs, 0);
        assert_holds(spoken.out, "prog send --to a 12\n");
        assert_holds(spoken.out, "Usage: prog send [OPTIONS] REF [NOTE]");
        assert_holds(spoken.out, "-t, --to NAME");
        assert_holds(spoken.out, "    --file FILE");
    }
    assert_int_equal(say("help sned").code, EX_USAGE);
}

static void options__mix_with_words_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(say("send 12 -j --to=a note --to b").code, EX_OK);
    assert_int_equal(got.n, 2);
    assert_string_equal(got.words[0], "12");
    assert_string_equal(got.words[1], "note");
    assert_true(arguments_flag(&got, "json"));
    assert_false(arguments_flag(&got, "file"));
    assert_null(arguments_option(&got, "file"));
    assert_null(arguments_option(&got, "json"));
    assert_string_equal(arguments_option(&got, "to"), "b");
    assert_string_equal(arguments_nth(&got, "to", 0), "a");
    assert_string_equal(arguments_nth(&got, "to", 1), "b");
    assert_null(arguments_nth(&got, "to", 2));
}

static void options__letters_join_each_other_and_their_value(void **state)
{
    (void)state;
    assert_int_equal(say("send -jta 12").code, EX_OK);
    assert_true(arguments_flag(&got, "json"));
    assert_string_equal(arguments_option(&got, "to"), "a");
    assert_int_equal(say("send -t a 12").code, EX_OK);
    assert_string_equal(arguments_option(&got, "to"), "a");
    assert_int_equal(got.n, 1);
}

static void options__end_at_two_dashes_and_one_dash_is_a_word(void **state)
{
    (void)state;
    assert_int_equal(say("send - -- --json").code, EX_OK);
    assert_int_equal(got.n, 2);
    assert_string_equal(got.words[0], "-");
    assert_string_equal(got.words[1], "--json");
    assert_false(arguments_flag(&got, "json"));
}

static void options__may_have_an_empty_value(void **state)
{
    (void)state;
    assert_int_equal(say("send --file= 12").code, EX_OK);
    assert_string_equal(arguments_option(&got, "file"), "");
}

static void misuse__is_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *line, *sentence;
    } ROWS[] = {
        {"send", "something is missing; it takes REF [NOTE]"},
        {"send 1 2 3", "too many words; it takes REF [NOTE]"},
        {"send 1 --jso", "has no option --jso. Did you mean --json?"},
        {"send 1 --wrong", "has no option --wrong. See: prog send --help"},
        {"send 1 -x", "has no option -x"},
        {"send 1 --json=yes", "--json takes no value"},
        {"send 1 --file", "--file needs FILE"},
        {"send 1 -t", "-t needs NAME"},
        {"send 1 --file a --file b", "--file may be given once only"},
        {"send 1 -j -j", "--json may be given once only"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++) {
        struct spoken spoken = say(ROWS[i].line);

        assert_int_equal(spoken.code, EX_USAGE);
        assert_holds(spoken.err, ROWS[i].sentence);
        assert_string_equal(spoken.out, "");
        assert_int_equal(runs, 0);
        assert_int_equal(got.n, 0);
    }
}

enum { OPTIONS = 256 };

static void misuse__by_too_many_options_is_refused(void **state)
{
    static char *argv[OPTIONS + 10];
    char word[] = "send", option[] = "-ta", reference[] = "12";
    struct arguments arguments = {.n = 0};
    bool done = false;
    int argc = 0;

    (void)state;
    argv[argc++] = word;
    argv[argc++] = reference;
    while (argc < OPTIONS + 2)
        argv[argc++] = option;
    assert_int_equal(
        command_parse(&COMMANDS[0], argc, argv, 1, 1, &arguments, &done), EX_OK);
    assert_int_equal(arguments.n_options, OPTIONS);
    argv[1] = reference;
    argv[argc++] = option;
    assert_int_equal(
        command_parse(&COMMANDS[0], argc, argv, 1, 1, &arguments, &done), EX_USAGE);
}

static void output__that_cannot_be_written_is_an_error(void **state)
{
    char program[] = "prog", word[] = "--help";
    char *argv[] = {program, word, NULL};
    FILE *full = fopen("/dev/full", "w");
    FILE *err = tmpfile();
    int kept, kept_err, code;

    (void)state;
    assert_non_null(full);
    kept = redirect(full, STDOUT_FILENO);
    kept_err = redirect(err, STDERR_FILENO);
    code = command_main("prog", "for tests", COMMANDS, ARRAY_LENGTH(COMMANDS), 2, argv);
    (void)dup2(kept, STDOUT_FILENO);
    (void)dup2(kept_err, STDERR_FILENO);
    (void)close(kept);
    (void)close(kept_err);
    clearerr(stdout);
    (void)fclose(full);
    (void)fclose(err);
    assert_int_equal(code, EX_IOERR);
}

static void exit_code__tells_what_to_do_next(void **state)
{
    (void)state;
    assert_int_equal(command_exit_code(STATUS_OK), EX_OK);
    assert_int_equal(command_exit_code(STATUS_NOT_FOUND), EXIT_NEGATIVE);
    assert_int_equal(command_exit_code(STATUS_MALFORMED), EX_DATAERR);
    assert_int_equal(command_exit_code(STATUS_LOCKED), EX_NOPERM);
    assert_int_equal(command_exit_code(STATUS_EXISTS), EX_CANTCREAT);
    assert_int_equal(command_exit_code(STATUS_FULL), EX_TEMPFAIL);
    assert_int_equal(command_exit_code(STATUS_CLOSED), EX_UNAVAILABLE);
    assert_int_equal(command_exit_code(STATUS_IO), EX_IOERR);
    for (unsigned i = 1; i < STATUS_COUNT; i++) {
        assert_int_not_equal(command_exit_code((enum status)i), EX_OK);
        assert_int_not_equal(command_exit_code((enum status)i), EX_SOFTWARE);
    }
    assert_int_equal(command_exit_code(STATUS_COUNT), EX_SOFTWARE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(command__without_a_word_shows_the_overview_as_a_misuse),
        cmocka_unit_test(command__overview_goes_to_stdout_when_asked_for),
        cmocka_unit_test(command__version_names_the_libraries),
        cmocka_unit_test(command__runs_its_row_and_gives_its_code),
        cmocka_unit_test(command__unknown_gets_the_nearest_suggested),
        cmocka_unit_test(command__must_come_first),
        cmocka_unit_test(help__of_a_command_shows_examples_usage_and_options),
        cmocka_unit_test(options__mix_with_words_in_any_order),
        cmocka_unit_test(options__letters_join_each_other_and_their_value),
        cmocka_unit_test(options__end_at_two_dashes_and_one_dash_is_a_word),
        cmocka_unit_test(options__may_have_an_empty_value),
        cmocka_unit_test(misuse__is_refused_with_a_sentence),
        cmocka_unit_test(misuse__by_too_many_options_is_refused),
        cmocka_unit_test(output__that_cannot_be_written_is_an_error),
        cmocka_unit_test(exit_code__tells_what_to_do_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
