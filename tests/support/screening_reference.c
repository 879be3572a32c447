/* SPDX-License-Identifier: Apache-2.0 */
#include "screening_reference.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A group of questions a letter, and where in the sheet its first one stands. */
static const char GROUPS[] = "SAMPKVN";
static const int FIRST[] = {0, 6, 12, 27, 38, 40, 48};

static const char GATES[] = "S1 S3 S6";
static const char ACTS[] = "A1 A2 A3 A4 A5";
static const char MEANS_STRONG[] = "M1 M2 M3 M4 M5";
static const char MEANS_MEDIUM[] = "M6 M7 M8 M9 M10 M11 M12 M13";
static const char MEANS_WEAK[] = "M14 M15";
static const char PURPOSE_STRONG[] = "P1 P2 P3 P4 P5 P6 P7 P8 P9";
static const char PURPOSE_MEDIUM[] = "P10 P11";
static const char VULNERABLE[] = "V1 V2 V3 V4 V5 V6 V7 V8";
static const char NEEDS[] = "N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 N11";
static const char PTPA_MEANS[] = "M1 M2 M3 M4 M5 M6 M7 M8";
static const char PTPA_PURPOSE[] = "P1 P2 P3 P4 P7 P8";

static char letter_of(const char *sheet, const char *id)
{
    int number = id[1] - '0';

    if (id[2])
        number = 10 * number + id[2] - '0';
    return sheet[FIRST[strchr(GROUPS, id[0]) - GROUPS] + number - 1];
}

/* Takes the next id out of a list; 0 at its end. */
static int next_id(const char **list, char id[8])
{
    size_t n;

    *list += strspn(*list, " ");
    n = strcspn(*list, " ");
    memcpy(id, *list, n);
    id[n] = 0;
    *list += n;
    return n > 0;
}

/* How many of the ids in the list have one of these letters. */
static int count(const char *sheet, const char *list, const char *letters)
{
    char id[8];
    int n = 0;

    while (next_id(&list, id))
        if (strchr(letters, letter_of(sheet, id)))
            n++;
    return n;
}

static void say(char *ret, const char *format, ...)
{
    size_t used = strlen(ret);
    va_list list;

    va_start(list, format);
    vsnprintf(ret + used, SCREENING_REFERENCE_BYTES - used, format, list);
    va_end(list);
}

static void say_each(
    char *ret, const char *code, const char *sheet, const char *list, const char *letters)
{
    char id[8];

    while (next_id(&list, id))
        if (strchr(letters, letter_of(sheet, id)))
            say(ret, " %s:%s", code, id);
}

#define YES "y"
#define NO "n"
#define OPEN "?-."
#define NOT_NO "y?-."
#define NOT_YES "n?-."

struct facts {
    int complete, child, means, purpose, palermo, child_palermo, ptpa;
    const char *act, *urgent;
};

static struct facts learn(const char *sheet)
{
    struct facts facts = {.act = "unknown"};
    int any_purpose =
        count(sheet, PURPOSE_STRONG, YES) + count(sheet, PURPOSE_MEDIUM, YES);
    int weak = count(sheet, MEANS_WEAK, YES);

    facts.complete = count(sheet, GATES, NOT_YES) == 0;
    facts.child = count(sheet, "S5", NOT_NO);
    facts.urgent = count(sheet, "S4", YES)  ? "yes"
                   : count(sheet, "S4", NO) ? "no"
                                            : "unknown";
    if (!facts.complete)
        return facts;
    facts.means = 4 * count(sheet, MEANS_STRONG, YES) +
                  2 * count(sheet, MEANS_MEDIUM, YES) + (weak < 1 ? weak : 1);
    facts.purpose =
        4 * count(sheet, PURPOSE_STRONG, YES) + 2 * count(sheet, PURPOSE_MEDIUM, YES);
    if (count(sheet, ACTS, YES) || (count(sheet, "A6", YES) && any_purpose))
        facts.act = "yes";
    else if (count(sheet, "A1 A2 A3 A4 A5 A6", NO) == 6)
        facts.act = "no";
    if (strcmp(facts.act, "yes") == 0 && facts.child)
        facts.child_palermo = facts.palermo = facts.purpose >= 4;
    else if (strcmp(facts.act, "yes") == 0)
        facts.palermo = facts.means >= 5 && facts.purpose >= 5;
    facts.ptpa = (strcmp(facts.act, "yes") == 0 || count(sheet, "A6", YES)) &&
                 count(sheet, PTPA_MEANS, YES) && count(sheet, PTPA_PURPOSE, YES);
    return facts;
}

static const char *name_class(const char *sheet, const struct facts *facts)
{
    int harm = count(sheet, ACTS, YES) + count(sheet, "A6", YES) +
               count(sheet, MEANS_STRONG, YES) + count(sheet, MEANS_MEDIUM, YES) +
               count(sheet, MEANS_WEAK, YES) + count(sheet, PURPOSE_STRONG, YES) +
               count(sheet, PURPOSE_MEDIUM, YES) + count(sheet, VULNERABLE, YES);
    int weak_place = count(sheet, VULNERABLE, YES) + count(sheet, NEEDS, YES);
    const struct {
        int fits;
        const char *name;
    } lines[] = {
        {!facts->complete, "incomplete"},
        {facts->child && harm, "child-at-risk"},
        {!facts->child && facts->palermo, "possible-vot-strong"},
        {strcmp(facts->act, "no") != 0 && (facts->means >= 5 || facts->purpose >= 4),
            "possible-vot"},
        {count(sheet, "K1", YES) && weak_place, "smuggled-vulnerable"},
        {weak_place, "vulnerable-returnee"},
        {1, "no-indicators"},
    };
    int i = 0;

    while (!lines[i].fits)
        i++;
    return lines[i].name;
}

static void say_scored_reasons(char *ret, const char *sheet, const struct facts *facts)
{
    int any_purpose =
        count(sheet, PURPOSE_STRONG, YES) + count(sheet, PURPOSE_MEDIUM, YES);

    say_each(ret, "act", sheet, ACTS, YES);
    say_each(ret, any_purpose ? "attempt" : "attempt-alone", sheet, "A6", YES);
    say(ret, "%s", strcmp(facts->act, "unknown") == 0 ? " act-not-known" : "");
    say(ret, "%s", strcmp(facts->act, "no") == 0 ? " act-denied" : "");
    say_each(ret, "means", sheet, MEANS_STRONG, YES);
    say_each(ret, "means", sheet, MEANS_MEDIUM, YES);
    say_each(ret, "means", sheet, MEANS_WEAK, YES);
    say(ret, "%s",
        facts->means >= 5 ? " means-enough"
        : facts->means    ? " means-below"
                          : "");
    say_each(ret, "purpose", sheet, PURPOSE_STRONG, YES);
    say_each(ret, "purpose", sheet, PURPOSE_MEDIUM, YES);
    say(ret, "%s",
        facts->purpose >= 5   ? " purpose-enough"
        : facts->purpose == 4 ? " purpose-some"
        : facts->purpose      ? " purpose-below"
                              : "");
    say(ret, "%s", facts->palermo && !facts->child ? " palermo-adult" : "");
    say(ret, "%s", facts->child_palermo ? " palermo-child" : "");
    say(ret, "%s", facts->ptpa ? " ptpa" : "");
    say_each(ret, "smuggled", sheet, "K1", YES);
    say_each(ret, "vulnerability", sheet, VULNERABLE, YES);
}

void screening_reference(const char *sheet, char ret[static SCREENING_REFERENCE_BYTES])
{
    struct facts facts = learn(sheet);
    /* Everything from A1 on but K2 (place 39 of the sheet). */
    int said = strcspn(sheet + 6, "y") < 33 || strcspn(sheet + 40, "y") < 19;

    ret[0] = 0;
    say(ret,
        "%s child=%d urgent=%s act=%s M=%d P=%d palermo=%d child-palermo=%d ptpa=%d |",
        name_class(sheet, &facts), facts.child, facts.urgent, facts.act, facts.means,
        facts.purpose, facts.palermo, facts.child_palermo, facts.ptpa);
    say_each(ret, "gate-not-met", sheet, GATES, NOT_YES);
    say_each(ret, "preferred-officer-missing", sheet, "S2", NO);
    say_each(ret, "urgent", sheet, "S4", YES);
    say_each(ret, "urgent-unknown", sheet, "S4", OPEN);
    say_each(ret, "child", sheet, "S5", YES);
    say_each(ret, "child-by-doubt", sheet, "S5", OPEN);
    if (facts.complete)
        say_scored_reasons(ret, sheet, &facts);
    say_each(ret, "need", sheet, NEEDS, YES);
    say(ret, "%s", facts.complete && !said ? " nothing-said" : "");
}
