/* SPDX-License-Identifier: Apache-2.0
 * Pages in mdoc, made from the table of verbs: amaan(1), and one for each command. docs/man holds what this
 * prints; a test compares. What all commands share stands in amaan(1).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "man_text.h"
#include "memory.h"
#include "order.h"

/* The day of the last change of what stands here; the pages carry it. */
#define PAGES_DATE "November 24, 2026"

static void print_head(const char *name, const char *summary)
{
    (void)printf(".\\\" SPDX-License-Identifier: Apache-2.0\n"
                 ".\\\" Made by \"amaan man\" from the table of verbs; change it there.\n"
                 ".Dd %s\n.Dt ",
        PAGES_DATE);
    for (const char *at = name; *at; at++)
        (void)putchar(toupper((unsigned char)*at));
    (void)printf(" 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd", name);
    man_word(summary, strlen(summary));
    (void)printf("\n");
}

static void print_flag(const struct option_row *row, const char *macro)
{
    (void)printf("%s ", macro);
    if (row->letter)
        (void)printf("Fl %c | ", row->letter);
    (void)printf("Fl -%s", row->name);
    if (row->argument)
        (void)printf(" Ar %s", row->argument);
    (void)printf("\n");
}

static void print_synopsis(const struct verb *verb)
{
    const char *words = verb->words;
    bool optional = *words == '[';

    (void)printf(".Sh SYNOPSIS\n.Nm amaan\n.Cm %s\n", verb->name);
    for (const struct option_row *row = verb->options; row && row->name; row++)
        print_flag(row, ".Op");
    if (*words) {
        size_t n = strlen(words) - (optional ? 2 : 0);

        (void)printf(
            "%s %.*s\n", optional ? ".Op Ar" : ".Ar", (int)n, words + (optional ? 1 : 0));
    }
}

static void print_options(const struct verb *verb)
{
    (void)printf(".Sh OPTIONS\n.Bl -tag -width Ds\n");
    for (const struct option_row *row = verb->options; row && row->name; row++) {
        (void)printf(".It ");
        if (row->letter)
            (void)printf("Fl %c , ", row->letter);
        (void)printf("Fl -%s", row->name);
        if (row->argument)
            (void)printf(" Ar %s", row->argument);
        (void)printf("\n");
        man_sentences(row->help);
        if (row->repeats)
            (void)printf("May be repeated.\n");
    }
    (void)printf(".It Fl h , Fl -help\nshow a short help\n.El\n");
}

static const char *type_word(enum argument_type type)
{
    switch (type) {
    case ARGUMENT_TEXT:
        return "text";
    case ARGUMENT_REFERENCE:
        return "a reference";
    case ARGUMENT_MEMBER:
        return "a member's name";
    case ARGUMENT_WORD:
        return "a code";
    case ARGUMENT_DAY:
        return "a day, such as 2026-11-24";
    case ARGUMENT_TIME:
        return "a time in UTC, such as 2026-11-24T14:30:00Z";
    case ARGUMENT_FLAG:
        return "true or false";
    case ARGUMENT_NUMBER:
        return "a whole number";
    case ARGUMENT_LANGUAGES:
        return "a list of codes";
    case ARGUMENT_OBJECT:
        return "an object with fields";
    case ARGUMENT_SECRET:
        return "a secret, never on a command line";
    }
    BUG("an argument of no type");
}

static void print_arguments(const struct verb *verb)
{
    if (!verb->arguments)
        return;
    (void)printf(".Sh ARGUMENTS\nFields of the request, as the node's interface takes "
                 "them:\n.Bl -tag -width Ds\n");
    for (const struct verb_argument *row = verb->arguments; row->name; row++) {
        char type[64];

        (void)snprintf(type, sizeof(type), "%s%s", type_word(row->type),
            row->required ? "" : "; optional");
        (void)printf(".It Va %s Pq", row->name);
        man_word(type, strlen(type));
        (void)printf("\n");
        man_sentences(row->help);
        if (row->words) {
            (void)printf(".br\nOne of:\n");
            man_sentences(row->words);
        }
    }
    (void)printf(".El\n");
}

static void print_examples(const char *examples)
{
    (void)printf(".Sh EXAMPLES\n.Bd -literal -offset indent\n");
    while (*examples) {
        size_t n = strcspn(examples, "\n");

        man_line(examples, n);
        examples += n + (examples[n] == '\n');
    }
    (void)printf(".Ed\n");
}

static void print_verb_page(const struct verb *verb)
{
    char name[64];

    (void)snprintf(name, sizeof(name), "amaan-%s", verb->name);
    print_head(name, verb->summary);
    print_synopsis(verb);
    (void)printf(".Sh DESCRIPTION\n");
    man_sentences(verb->description);
    if (verb->unlocked)
        (void)printf(".Pp\nThe node is to be unlocked.\n");
    if (verb->changes)
        (void)printf(".Pp\nIf the node's answer is lost, the command asks again under\n"
                     "the same key until the time is over.\n"
                     "After that it says the key: the same command with\n.Fl -key\nand "
                     "that key is never done twice.\n");
    if (order_has_option(verb, "until"))
        (void)printf(".Pp\nWith\n.Fl -until\nthe exit status is 0 when it has come so "
                     "far, 1 when it never can,\nand 75 when it has not within\n"
                     ".Fl -timeout .\n");
    print_options(verb);
    print_arguments(verb);
    print_examples(verb->examples);
    (void)printf(".Sh SEE ALSO\n.Xr amaan 1\n");
}

static void print_commands(void)
{
    (void)printf(".Sh COMMANDS\n.Bl -tag -width Ds\n");
    for (size_t i = 0; i < VERBS_N; i++) {
        const char *words = VERBS[i].words;

        (void)printf(".It Cm %s", VERBS[i].name);
        if (*words == '[')
            (void)printf(" Op Ar %.*s", (int)strlen(words) - 2, words + 1);
        else if (*words)
            (void)printf(" Ar %s", words);
        (void)printf("\n");
        man_sentences(VERBS[i].summary);
    }
    (void)printf(".It Cm help Op Ar COMMAND\nhow to use a command\n"
                 ".It Cm version\nversion of the program and its libraries\n.El\n");
}

static void print_exits(void)
{
    static const struct {
        int code;
        const char *meaning;
    } exits[] = {
        {0, "It is done, or it is so."},
        {EXIT_NEGATIVE, "A negative answer: there is no such thing, it contradicts what "
                        "is here, or it will never be."},
        {EX_USAGE, "The command line is not understood."},
        {EX_DATAERR, "What was given is not acceptable; nothing was changed."},
        {EX_NOINPUT, "A file, or a terminal to ask at, is not there."},
        {EX_UNAVAILABLE,
            "The node is not running, is busy, or gave no answer in time. If something "
            "was to be changed, the message says how to be sure."},
        {EX_SOFTWARE, "The node failed; its log says more."},
        {EX_CANTCREAT, "The node's disk is full: nothing was kept."},
        {EX_IOERR, "Reading or writing failed."},
        {EX_TEMPFAIL, "It has not come so far within the time."},
        {EX_PROTOCOL, "What listens on the socket does not answer as a node does."},
        {EX_NOPERM, "Not allowed, or the node is locked."},
        {EX_CONFIG, "The node's folder cannot be used."},
    };

    (void)printf(".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for (size_t i = 0; i < ARRAY_LENGTH(exits); i++) {
        (void)printf(".It %d\n", exits[i].code);
        man_sentences(exits[i].meaning);
    }
    (void)printf(".El\n");
}

static int compare_names(const void *a, const void *b)
{
    const struct verb *const *first = a, *const *second = b;

    return strcmp((*first)->name, (*second)->name);
}

/* All pages, in the order of the alphabet, as mdoc wants them. */
static void print_references(void)
{
    const struct verb **sorted = memory_new_array(VERBS_N, sizeof(struct verb *));

    for (size_t i = 0; i < VERBS_N; i++)
        sorted[i] = &VERBS[i];
    qsort(sorted, VERBS_N, sizeof(struct verb *), compare_names);
    (void)printf(".Sh SEE ALSO\n");
    for (size_t i = 0; i < VERBS_N; i++)
        (void)printf(".Xr amaan-%s 1%s\n", sorted[i]->name, i + 1 < VERBS_N ? " ," : "");
    memory_free(sorted);
}

static void print_main_page(void)
{
    print_head("amaan", "sealed referrals, from this node");
    (void)printf(
        ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar options\n.Op Ar arguments\n"
        ".Sh DESCRIPTION\n.Nm\nspeaks with the node of this machine, through a "
        "socket that only its owner may use.\n"
        "Data goes to standard output, talk to standard error.\n"
        "With\n.Fl -json\neach line is one JSON object: an item of a list, or "
        "the answer.\nNames in it keep their meaning; what is printed for people "
        "may change.\n");
    print_commands();
    (void)printf(
        ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
        ".It Ev AMAAN_HOME\nthe node's folder, unless\n.Fl -home\nis given\n"
        ".It Ev NO_COLOR\nif it is set, nothing is coloured\n.El\n"
        ".Sh FILES\n.Bl -tag -width Ds\n"
        ".It Pa ~/.local/share/amaan\nthe node's folder, if nothing else is said\n"
        ".It Pa run/socket\nin that folder: where the node listens\n.El\n");
    print_exits();
    print_examples("amaan refer --to shelter.peshawar --service shelter referral.json\n"
                   "amaan trace 7K2MQ4XTA --until stored --timeout 60\n"
                   "amaan inbox --json");
    print_references();
}

int man_run(struct order *order)
{
    if (order->arguments.n == 0 || strcmp(order->arguments.words[0], "amaan") == 0) {
        print_main_page();
        return EX_OK;
    }
    const struct verb *verb = verb_find(order->arguments.words[0]);
    if (!verb) {
        command_complain(
            "there is no command \"%s\". See: amaan --help", order->arguments.words[0]);
        return EX_USAGE;
    }
    print_verb_page(verb);
    return EX_OK;
}
