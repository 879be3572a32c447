/* SPDX-License-Identifier: Apache-2.0
 * mdoc takes a dot or quote at the start of a line for a request and a backslash for an escape; a sentence is to
 * begin on its own line.
 */
#include "man_text.h"

#include <stdio.h>
#include <string.h>

enum { LINE_WIDTH = 78 };

static void print_characters(const char *text, size_t n, int quoted)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\\')
            (void)fputs("\\e", stdout);
        else if (text[i] == '"' && quoted)
            (void)fputs("\\(dq", stdout);
        else
            (void)putchar(text[i]);
    }
}

void man_line(const char *text, size_t n)
{
    if (n > 0 && (text[0] == '.' || text[0] == '\''))
        (void)fputs("\\&", stdout);
    print_characters(text, n, 0);
    (void)putchar('\n');
}

void man_word(const char *text, size_t n)
{
    (void)fputs(" \"\\&", stdout);
    print_characters(text, n, 1);
    (void)putchar('"');
}

/* At most LINE_WIDTH wide, broken at blanks. */
static void print_wrapped(const char *text, size_t n)
{
    while (n > LINE_WIDTH) {
        size_t cut = LINE_WIDTH;

        while (cut > 0 && text[cut] != ' ')
            cut--;
        if (cut == 0)
            break;
        man_line(text, cut);
        text += cut + 1;
        n -= cut + 1;
    }
    man_line(text, n);
}

void man_sentences(const char *text)
{
    while (*text) {
        size_t n = 0;

        while (text[n] && !(strchr(".?!:", text[n]) && text[n + 1] == ' '))
            n++;
        n += text[n] != 0;
        print_wrapped(text, n);
        text += n;
        while (*text == ' ')
            text++;
    }
}
