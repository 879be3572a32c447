/* SPDX-License-Identifier: Apache-2.0
 *
 * command: subcommand tables, options, usage and exit codes for every program.
 *
 * A command is a row and a file. Data goes to stdout, talk to stderr. -h and --help print the row's
 * usage and examples, --version the version with its libraries. An unknown word gets the nearest one
 * suggested. Exit codes are sysexits.h; EXIT_NEGATIVE for a negative answer.
 * To add a command: a row in main.c, a cmd_x.c with its usage, a line in docs/OPERATIONS.md, a test.
 */
#ifndef AMAAN_COMMAND_H
#define AMAAN_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

enum { EXIT_NEGATIVE = 1 };

struct option_row {
    const char *name;     /* long name without dashes */
    char letter;          /* 0 if none */
    const char *argument; /* "FILE", or NULL for a flag */
    const char *help;
    bool repeats; /* may be given more than once */
};

struct command {
    const char *name;
    const char *summary;              /* one line */
    const char *arguments;            /* "REF", "[FILE]", "" */
    const char *examples;             /* lines, shown first in the help; may be NULL */
    const struct option_row *options; /* ends with a row of NULL name */
    int (*run)(const struct command *command, int argc, char **argv);
};

/* Runs the row that argv[1] names, with argv[0] of run() being the command's own word; its result is the exit
 * code. "help [COMMAND]" and "version" are words too. `program` and `about` head the overview. */
int command_main(const char *program, const char *about, const struct command *commands,
    size_t n, int argc, char **argv);

/* One line for --version, such as "libsodium 1.0.18, SQLite 3.40.1"; kept, not copied. */
void command_set_libraries(const char *libraries);

/* Parsed command line of one command; lives until the process ends. */
struct arguments {
    int n; /* positional */
    char **words;
    struct {
        const char *name;
        const char *value; /* NULL for a flag */
    } options[256];        /* a first edition of a dozen members takes a hundred */
    int n_options;
};

/* Parses by the row's options. 0, or an exit code (help was printed: *ret_done true and 0; misuse:
 * EX_USAGE and a sentence on stderr). Options and words may mix; "-" is a word; after "--" all are. The
 * words are moved to the front of argv. */
int command_parse(const struct command *command, int argc, char **argv, int min_words,
    int max_words, struct arguments *ret, bool *ret_done);
const char *arguments_option(
    const struct arguments *arguments, const char *name); /* or NULL; last wins */
bool arguments_flag(const struct arguments *arguments, const char *name);
/* The i-th value of a repeating option, NULL past the end. */
const char *arguments_nth(const struct arguments *arguments, const char *name, int i);

/* sysexits code that fits the status. */
int command_exit_code(enum status status);
/* "program: sentence" on stderr. */
void command_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
