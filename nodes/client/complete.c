/* SPDX-License-Identifier: Apache-2.0
 * The script holds the table's words and asks no node: completing must not open a referral. Every word it prints
 * is a word of the table, so that nothing needs quoting; a check says so.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "order.h"

/* Letters, digits, blanks and hyphens: safe between single quotes. */
static void print_words(const char *words)
{
    for (const char *at = words; *at; at++)
        PROMISE(isalnum((unsigned char)*at) || *at == '-' || *at == ' ');
    (void)fputs(words, stdout);
}

static void print_commands(void)
{
    for (size_t i = 0; i < VERBS_N; i++) {
        if (i > 0)
            (void)putchar(' ');
        print_words(VERBS[i].name);
    }
}

static bool is_option_of(const char *option, const char *argument)
{
    size_t n = strlen(argument);
    bool same = strlen(option) == n;

    for (size_t i = 0; same && i < n; i++)
        same = argument[i] == option[i] || (argument[i] == '_' && option[i] == '-');
    return same;
}

static const char *find_own_choices(const struct verb *verb, const char *option)
{
    for (const struct verb_argument *row = verb->arguments; row && row->name; row++)
        if (row->type == ARGUMENT_WORD && is_option_of(option, row->name))
            return row->words;
    return NULL;
}

/* The codes that an option may have, or NULL. An option means the same in all commands. */
static const char *find_choices(const struct verb *verb, const char *option)
{
    const char *words = find_own_choices(verb, option);

    for (size_t i = 0; !words && i < VERBS_N; i++)
        words = find_own_choices(&VERBS[i], option);
    return words;
}

/* What may follow an option: codes, a file, a folder, or something that we cannot know. */
static void print_option_values(const struct verb *verb)
{
    for (const struct option_row *row = verb->options; row && row->name; row++) {
        const char *choices = find_choices(verb, row->name);

        if (!row->argument)
            continue;
        (void)printf("            --%s", row->name);
        if (row->letter)
            (void)printf("|-%c", row->letter);
        (void)printf(") ");
        if (choices) {
            (void)printf("words='");
            print_words(choices);
            (void)printf("' ;;\n");
        } else if (strcmp(row->argument, "FILE") == 0) {
            (void)printf("files=-f ;;\n");
        } else if (strcmp(row->argument, "DIR") == 0) {
            (void)printf("files=-d ;;\n");
        } else {
            (void)printf("return ;;\n");
        }
    }
}

static void print_options(const struct verb *verb)
{
    for (const struct option_row *row = verb->options; row && row->name; row++) {
        (void)printf("--");
        print_words(row->name);
        (void)putchar(' ');
    }
    (void)printf("--help");
}

static void print_verb(const struct verb *verb)
{
    (void)printf("    %s)\n        case $prev in\n", verb->name);
    print_option_values(verb);
    (void)printf("            *) words='");
    print_options(verb);
    (void)printf("'");
    if (strstr(verb->words, "FILE") || strcmp(verb->words, "CSV") == 0)
        (void)printf(" files=-f");
    if (strcmp(verb->words, "[COMMAND]") == 0) {
        (void)printf("\" $commands\"");
    }
    (void)printf(" ;;\n        esac ;;\n");
}

int complete_run(struct order *order)
{
    (void)order;
    (void)printf("# Completion of amaan for bash, made by \"amaan completion\".\n"
                 "_amaan()\n{\n"
                 "    local cur=${COMP_WORDS[COMP_CWORD]} words= files= commands prev\n"
                 "    prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                 "    commands='");
    print_commands();
    (void)printf("'\n"
                 "    COMPREPLY=()\n"
                 "    if ((COMP_CWORD == 1)); then\n"
                 "        words=\"$commands help --help --version\"\n"
                 "    else\n"
                 "    case ${COMP_WORDS[1]} in\n"
                 "    help) words=$commands ;;\n");
    for (size_t i = 0; i < VERBS_N; i++)
        print_verb(&VERBS[i]);
    (void)printf("    esac\n"
                 "    fi\n"
                 "    local IFS=$'\\n'\n"
                 "    COMPREPLY=($(compgen -W \"${words// /$'\\n'}\" -- \"$cur\"))\n"
                 "    if [[ -n $files && $cur != -* ]]; then\n"
                 "        compopt -o filenames 2>/dev/null\n"
                 "        COMPREPLY+=($(compgen \"$files\" -- \"$cur\"))\n"
                 "    fi\n"
                 "}\n"
                 "complete -F _amaan amaan\n");
    return 0;
}
