/* SPDX-License-Identifier: Apache-2.0
 *
 * The table is searched linearly; help is printed from the rows, so that it cannot drift from what is
 * parsed. Nothing is stored between calls but the program's name and the libraries' line.
 */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "bytes.h"
#include "memory.h"
#include "nearest.h"

enum { OPTIONS_MAX = 256, WORD_BYTES = 32 };

static const char *program_name = "amaan";
static const char *program_libraries;

void command_set_libraries(const char *libraries)
{
    program_libraries = libraries;
}

void command_complain(const char *format, ...)
{
    va_list list;

    (void)fprintf(stderr, "%s: ", program_name);
    va_start(list, format);
    (void)vfprintf(stderr, format, list);
    va_end(list);
    (void)fputc('\n', stderr);
}

static void print_overview(FILE *to, const char *program, const char *about,
    const struct command *commands, size_t n)
{
    (void)fprintf(to, "%s: %s\n\nUsage: %s COMMAND [ARGUMENTS]\n\nCommands:\n", program,
        about, program);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(to, "  %-16s %s\n", commands[i].name, commands[i].summary);
    (void)fprintf(to,
        "\n  %s COMMAND --help   how to use one command\n"
        "  %s --version        version of the program and its libraries\n",
        program, program);
}

static void print_option(const struct option_row *option)
{
    char left[64];
    char letter[8] = "    ";

    if (option->letter)
        (void)snprintf(letter, sizeof(letter), "-%c, ", option->letter);
    (void)snprintf(left, sizeof(left), "%s--%s%s%s", letter, option->name,
        option->argument ? " " : "", option->argument ? option->argument : "");
    (void)printf("  %-26s %s%s\n", left, option->help ? option->help : "",
        option->repeats ? " (may be repeated)" : "");
}

static void print_help(const struct command *command)
{
    const char *examples = command->examples;

    (void)printf("%s %s: %s\n", program_name, command->name, command->summary);
    if (examples && *examples) {
        (void)printf("\nExamples:\n");
        while (*examples) {
            size_t n = strcspn(examples, "\n");

            (void)printf("  %.*s\n", (int)n, examples);
            examples += n + (examples[n] == '\n');
        }
    }
    (void)printf("\nUsage: %s %s [OPTIONS]%s%s\n\nOptions:\n", program_name,
        command->name, command->arguments && *command->arguments ? " " : "",
        command->arguments ? command->arguments : "");
    for (const struct option_row *option = command->options; option && option->name;
         option++)
        print_option(option);
    (void)printf("  %-26s %s\n", "-h, --help", "this text");
}

static const struct command *find_command(
    const struct command *commands, size_t n, const char *word)
{
    const char *nearest = NULL;
    unsigned best = NEAREST_START;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(commands[i].name, word) == 0)
            return &commands[i];
        nearest_consider(word, commands[i].name, &nearest, &best);
    }
    if (nearest)
        command_complain(
            "there is no command \"%s\". Did you mean \"%s\"?", word, nearest);
    else
        command_complain(
            "there is no command \"%s\". See: %s --help", word, program_name);
    return NULL;
}

static int finish_output(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        command_complain("the output could not be written completely");
        return code ? code : EX_IOERR;
    }
    return code;
}

static bool asks_for(
    const char *word, const char *letter, const char *name, const char *plain)
{
    return strcmp(word, letter) == 0 || strcmp(word, name) == 0 ||
           strcmp(word, plain) == 0;
}

int command_main(const char *program, const char *about, const struct command *commands,
    size_t n, int argc, char **argv)
{
    const struct command *command;

    program_name = program;
    if (argc < 2) {
        print_overview(stderr, program, about, commands, n);
        return EX_USAGE;
    }
    if (asks_for(argv[1], "-h", "--help", "help")) {
        if (argc == 2) {
            print_overview(stdout, program, about, commands, n);
            return finish_output(EX_OK);
        }
        command = find_command(commands, n, argv[2]);
        if (!command)
            return EX_USAGE;
        print_help(command);
        return finish_output(EX_OK);
    }
    if (asks_for(argv[1], "-V", "--version", "version")) {
        (void)printf("%s %s\n", program, AMAAN_VERSION);
        if (program_libraries)
            (void)printf("%s\n", program_libraries);
        return finish_output(EX_OK);
    }
    if (argv[1][0] == '-') {
        command_complain("a command comes first. See: %s --help", program);
        return EX_USAGE;
    }
    command = find_command(commands, n, argv[1]);
    if (!command)
        return EX_USAGE;
    return finish_output(command->run(command, argc - 1, argv + 1));
}

/* ---- one command's line ---- */

static const struct option_row *find_option(
    const struct command *command, const char *name, size_t n)
{
    const char *nearest = NULL;
    unsigned best = NEAREST_START;
    char word[WORD_BYTES + 1];

    (void)snprintf(
        word, sizeof(word), "%.*s", (int)(n < WORD_BYTES ? n : WORD_BYTES), name);
    for (const struct option_row *option = command->options; option && option->name;
         option++) {
        if (strlen(option->name) == n && strncmp(option->name, name, n) == 0)
            return option;
        nearest_consider(word, option->name, &nearest, &best);
    }
    if (nearest)
        command_complain(
            "%s has no option --%s. Did you mean --%s?", command->name, word, nearest);
    else
        command_complain("%s has no option --%s. See: %s %s --help", command->name, word,
            program_name, command->name);
    return NULL;
}

static const struct option_row *find_letter(const struct command *command, char letter)
{
    for (const struct option_row *option = command->options; option && option->name;
         option++) {
        if (option->letter == letter)
            return option;
    }
    command_complain("%s has no option -%c. See: %s %s --help", command->name, letter,
        program_name, command->name);
    return NULL;
}

static int add_option(const struct command *command, const struct option_row *option,
    const char *value, struct arguments *arguments)
{
    if (!option->repeats && arguments_flag(arguments, option->name)) {
        command_complain("%s: --%s may be given once only", command->name, option->name);
        return EX_USAGE;
    }
    if (arguments->n_options == OPTIONS_MAX) {
        command_complain("%s: more than %d options", command->name, OPTIONS_MAX);
        return EX_USAGE;
    }
    arguments->options[arguments->n_options].name = option->name;
    arguments->options[arguments->n_options].value = value;
    arguments->n_options++;
    return EX_OK;
}

/* --name, --name=value, --name value. */
static int parse_long(const struct command *command, int argc, char **argv, int *at,
    struct arguments *arguments)
{
    const char *name = argv[*at] + 2;
    size_t n = strcspn(name, "=");
    const struct option_row *option = find_option(command, name, n);
    const char *value = name[n] == '=' ? name + n + 1 : NULL;

    if (!option)
        return EX_USAGE;
    if (!option->argument && value) {
        command_complain("%s: --%s takes no value", command->name, option->name);
        return EX_USAGE;
    }
    if (option->argument && !value) {
        if (*at + 1 >= argc) {
            command_complain(
                "%s: --%s needs %s", command->name, option->name, option->argument);
            return EX_USAGE;
        }
        value = argv[++*at];
    }
    return add_option(command, option, value, arguments);
}

/* -f, -fg, -o value, -ovalue. */
static int parse_letters(const struct command *command, int argc, char **argv, int *at,
    struct arguments *arguments)
{
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        const struct option_row *option = find_letter(command, *letter);
        const char *value = NULL;
        int code;

        if (!option)
            return EX_USAGE;
        if (option->argument) {
            if (letter[1]) {
                value = letter + 1;
            } else if (*at + 1 < argc) {
                value = argv[++*at];
            } else {
                command_complain(
                    "%s: -%c needs %s", command->name, *letter, option->argument);
                return EX_USAGE;
            }
        }
        code = add_option(command, option, value, arguments);
        if (code || value)
            return code;
    }
    return EX_OK;
}

static int check_words(const struct command *command, const struct arguments *arguments,
    int min_words, int max_words)
{
    const char *wanted =
        command->arguments && *command->arguments ? command->arguments : "no words";

    if (arguments->n >= min_words && arguments->n <= max_words)
        return EX_OK;
    command_complain("%s: %s; it takes %s. See: %s %s --help", command->name,
        arguments->n < min_words ? "something is missing" : "too many words", wanted,
        program_name, command->name);
    return EX_USAGE;
}

int command_parse(const struct command *command, int argc, char **argv, int min_words,
    int max_words, struct arguments *ret, bool *ret_done)
{
    struct arguments parsed = {.n = 0};
    bool words_only = false;
    int code = EX_OK;

    /* The positional words are moved to the front of argv, behind the command's own. */
    parsed.words = argv + 1;
    for (int i = 1; i < argc && !code; i++) {
        char *word = argv[i];

        if (words_only || word[0] != '-' || word[1] == '\0') {
            parsed.words[parsed.n++] = word;
        } else if (strcmp(word, "--") == 0) {
            words_only = true;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            print_help(command);
            *ret_done = true;
            return EX_OK;
        } else if (word[1] == '-') {
            code = parse_long(command, argc, argv, &i, &parsed);
        } else {
            code = parse_letters(command, argc, argv, &i, &parsed);
        }
    }
    if (!code)
        code = check_words(command, &parsed, min_words, max_words);
    if (code)
        return code;
    *ret = parsed;
    *ret_done = false;
    return EX_OK;
}

const char *arguments_option(const struct arguments *arguments, const char *name)
{
    for (int i = arguments->n_options - 1; i >= 0; i--) {
        if (strcmp(arguments->options[i].name, name) == 0)
            return arguments->options[i].value;
    }
    return NULL;
}

bool arguments_flag(const struct arguments *arguments, const char *name)
{
    for (int i = 0; i < arguments->n_options; i++) {
        if (strcmp(arguments->options[i].name, name) == 0)
            return true;
    }
    return false;
}

const char *arguments_nth(const struct arguments *arguments, const char *name, int i)
{
    for (int at = 0; at < arguments->n_options; at++) {
        if (strcmp(arguments->options[at].name, name) == 0 && i-- == 0)
            return arguments->options[at].value;
    }
    return NULL;
}

int command_exit_code(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return EX_OK;
    case STATUS_NOT_FOUND:
        return EXIT_NEGATIVE;
    case STATUS_MALFORMED:
    case STATUS_UNSUPPORTED:
    case STATUS_TOO_BIG:
    case STATUS_FORGED:
    case STATUS_EXPIRED:
    case STATUS_CONFLICT:
    case STATUS_CORRUPT:
        return EX_DATAERR;
    case STATUS_DENIED:
    case STATUS_LOCKED:
        return EX_NOPERM;
    case STATUS_EXISTS:
        return EX_CANTCREAT;
    case STATUS_FULL:
    case STATUS_BUSY:
    case STATUS_TIMEOUT:
        return EX_TEMPFAIL;
    case STATUS_CLOSED:
        return EX_UNAVAILABLE;
    case STATUS_IO:
        return EX_IOERR;
    case STATUS_COUNT:
        break;
    }
    return EX_SOFTWARE;
}
