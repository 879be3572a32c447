/* SPDX-License-Identifier: Apache-2.0
 * A text becomes a row of marks: digits (in any of three scripts), signs that people put between digits, others.
 * A run is a row of digits with at most two signs between two of them.
 */
#include "warn.h"

#include <string.h>

#include "body.h"
#include "memory.h"

enum {
    MARKS_MAX = NOTE_BYTES_MAX + 1,
    CNIC_DIGITS = 13,
    PHONE_DIGITS_MIN = 10,
    NAME_LETTERS_MIN = 3,
    BETWEEN_MAX = 2, /* ") " */
    OTHER = -1,
    BETWEEN = -2, /* hyphen, dash, space, point, slash */
    PLUS = -3
};

struct marks {
    size_t n;
    int what[MARKS_MAX];      /* 0..9 or one of the above */
    size_t at[MARKS_MAX + 1]; /* where it begins */
};

static int mark_of(const unsigned char *c, size_t n)
{
    if (n == 1 && c[0] >= '0' && c[0] <= '9')
        return c[0] - '0';
    if (n == 1)
        return strchr("- ./()", c[0]) ? BETWEEN : c[0] == '+' ? PLUS : OTHER;
    if (n == 2 && c[0] == 0xd9 && c[1] >= 0xa0 && c[1] <= 0xa9) /* U+0660.. */
        return c[1] - 0xa0;
    if (n == 2 && c[0] == 0xdb && c[1] >= 0xb0 && c[1] <= 0xb9) /* U+06F0.. */
        return c[1] - 0xb0;
    if (n == 2 && c[0] == 0xc2 && c[1] == 0xa0) /* a space that does not break */
        return BETWEEN;
    if (n == 3 && c[0] == 0xe2 && c[1] == 0x80 &&
        ((c[2] >= 0x80 && c[2] <= 0x95) || c[2] == 0xaf)) /* spaces, joiners, dashes */
        return BETWEEN;
    if (n == 2 && c[0] == 0xdb && c[1] == 0x94) /* Urdu full stop */
        return BETWEEN;
    return OTHER;
}

static void read_marks(const char *text, struct marks *ret)
{
    const unsigned char *c = (const unsigned char *)text;
    size_t at = 0;

    ret->n = 0;
    while (c[at] && ret->n < MARKS_MAX) {
        size_t n = 1;

        while ((c[at + n] & 0xc0) == 0x80)
            n++;
        ret->what[ret->n] = mark_of(c + at, n);
        ret->at[ret->n++] = at;
        at += n;
    }
    ret->at[ret->n] = at;
}

static bool is_digit(const struct marks *marks, size_t i)
{
    return i < marks->n && marks->what[i] >= 0;
}

static void add(
    struct warnings *ret, const char *field, enum warn_code code, size_t at, size_t n)
{
    if (code == WARN_CNIC)
        ret->cnic = true;
    if (ret->n < WARNINGS_MAX)
        ret->items[ret->n++] =
            (struct warning){.field = field, .code = code, .at = at, .n = n};
}

/* 5-7-1 or 13 in a row from here, nothing of the digits left over; *ret_end is behind it. */
static bool is_cnic(const struct marks *marks, size_t i, size_t *ret_end)
{
    int digits = 0;

    if (!is_digit(marks, i) || marks->what[i] == 0 || (i > 0 && is_digit(marks, i - 1)))
        return false;
    while (digits < CNIC_DIGITS) {
        if (!is_digit(marks, i))
            return false;
        digits++;
        i++;
        if ((digits == 5 || digits == 12) && i < marks->n && marks->what[i] == BETWEEN)
            i++;
    }
    *ret_end = i;
    return !is_digit(marks, i);
}

static bool all_between(const struct marks *marks, size_t i, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (marks->what[i + k] != BETWEEN)
            return false;
    return true;
}

/* A run from here: how many digits, and behind its last one. */
static int count_run(const struct marks *marks, size_t i, size_t *ret_end)
{
    int digits = 0;

    while (is_digit(marks, i)) {
        digits++;
        *ret_end = ++i;
        for (size_t signs = 1; signs <= BETWEEN_MAX && i < marks->n; signs++)
            if (is_digit(marks, i + signs) && all_between(marks, i, signs)) {
                i += signs;
                break;
            }
    }
    return digits;
}

static bool looks_like_phone(const struct marks *marks, size_t i, int digits)
{
    bool plus = i > 0 && marks->what[i - 1] == PLUS;
    bool zero = marks->what[i] == 0;
    bool country =
        marks->what[i] == 9 && is_digit(marks, i + 1) && marks->what[i + 1] == 2;
    bool bare = marks->what[i] == 3 && digits == 10; /* 3XX without its 0 */

    return digits >= PHONE_DIGITS_MIN &&
           (plus || zero || bare || (country && digits >= 12));
}

static void find_numbers(const char *field, const struct marks *marks, bool phone_allowed,
    struct warnings *ret)
{
    size_t end = 0, cnic_end = 0;

    for (size_t i = 0; i < marks->n; i++)
        if (is_cnic(marks, i, &end)) {
            add(ret, field, WARN_CNIC, marks->at[i], marks->at[end] - marks->at[i]);
            i = cnic_end = end;
        }
    for (size_t i = 0; i < marks->n; i++) {
        if (!is_digit(marks, i))
            continue;
        int digits = count_run(marks, i, &end);
        size_t n = marks->at[end] - marks->at[i];

        if (digits == CNIC_DIGITS && marks->what[i] != 0 && cnic_end == 0 &&
            !(i > 0 && marks->what[i - 1] == PLUS))
            add(ret, field, WARN_CNIC, marks->at[i], n);
        else if (!phone_allowed && looks_like_phone(marks, i, digits))
            add(ret, field, WARN_PHONE, marks->at[i], n);
        i = end - 1;
    }
}

/* --- names --------------------------------------------------------------------------------------------------- */

static bool is_letter(unsigned char c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static unsigned char fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
}

static bool stands_at(const char *text, size_t at, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!text[at + i] || fold(text[at + i]) != fold(word[i]))
            return false;
    return (at == 0 || !is_letter((unsigned char)text[at - 1])) &&
           !is_letter((unsigned char)text[at + n]);
}

static size_t count_letters(const char *word, size_t n)
{
    size_t letters = 0;

    for (size_t i = 0; i < n; i++)
        letters += ((unsigned char)word[i] & 0xc0) != 0x80;
    return letters;
}

/* Each word of the name by itself: a text rarely has the name as it stands in the record. */
static void find_name(
    const char *field, const char *text, const char *name, struct warnings *ret)
{
    for (const char *word = name; *word;) {
        size_t n = 0;

        while (word[n] && is_letter((unsigned char)word[n]))
            n++;
        if (count_letters(word, n) >= NAME_LETTERS_MIN)
            for (size_t at = 0; text[at]; at++)
                if (stands_at(text, at, word, n))
                    add(ret, field, WARN_NAME, at, n);
        word += n > 0 ? n : 1;
    }
}

void warn_text(const char *field, const char *text, bool phone_allowed,
    const struct person *names, struct warnings *ret)
{
    struct marks marks;

    if (!text || !*text)
        return;
    read_marks(text, &marks);
    find_numbers(field, &marks, phone_allowed, ret);
    if (names && names->preferred_name)
        find_name(field, text, names->preferred_name, ret);
    if (names && names->full_name)
        find_name(field, text, names->full_name, ret);
}

void warn_referral(const struct person *sent, const char *note, const char *sender_role,
    const struct person *known, struct warnings *ret)
{
    warn_text("note", note, false, known, ret);
    warn_text("sender_role", sender_role, false, known, ret);
    warn_text("safe_contact", sent->safe_contact, true, known, ret);
    warn_text("health", sent->health, false, known, ret);
    warn_text("access", sent->access, false, known, ret);
    warn_text("skills", sent->skills, false, known, ret);
    warn_text("guardian", sent->guardian, true, known, ret);
    warn_text("preferred_name", sent->preferred_name, false, NULL, ret);
    warn_text("full_name", sent->full_name, false, NULL, ret);
}

const char *warn_code_name(enum warn_code code)
{
    static const char *const names[WARN_COUNT] = {
        [WARN_CNIC] = "cnic", [WARN_PHONE] = "phone", [WARN_NAME] = "name"};

    return (unsigned)code < WARN_COUNT ? names[code] : NULL;
}
