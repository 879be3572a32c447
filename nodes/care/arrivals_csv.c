/* SPDX-License-Identifier: Apache-2.0
 * One pass: a field at a time into memory of fixed size. Whatever is wrong with quotes or sizes ends the list; what is wrong
 * with a value ends the row.
 */
#include "arrivals_csv.h"

#include <string.h>

#include "clock.h"
#include "memory.h"

enum column {
    COLUMN_VEHICLE,
    COLUMN_DATE,
    COLUMN_STATE,
    COLUMN_RETURN,
    COLUMN_MINOR,
    COLUMN_CARE,
    COLUMN_RCMS,
    COLUMN_COUNT,
    COLUMN_OTHER
};
static const char *const COLUMNS[COLUMN_COUNT] = {"flight_or_bus", "date",
    "sending_state", "return_type", "minor", "care_need", "rcms"};

/* Parts of a column's name that mean an identity number. */
static const char *const IDENTITY[] = {"cnic", "nicop", "passport", "pasport", "identity",
    "idcard", "id_card", "id card", "شناختی", "شناخت", "پاسپورٹ"};

struct field {
    char text[ARRIVALS_FIELD_BYTES_MAX + 1];
    size_t n;
};

struct scan {
    struct span left;
    uint32_t line;
    struct arrivals *arrivals;
    const struct box_key *number_key;
    enum column columns[ARRIVALS_COLUMNS_MAX];
    size_t n_columns;
};

enum ending { ENDS_FIELD, ENDS_ROW, ENDS_LIST };

/* --- RFC 4180 --------------------------------------------------------------------------------------------------- */

static bool take(struct scan *scan, char wanted)
{
    if (scan->left.n == 0 || scan->left.at[0] != (uint8_t)wanted)
        return false;
    scan->left = span_of(scan->left.at + 1, scan->left.n - 1);
    return true;
}

static enum status put(struct field *field, char c)
{
    if (field->n == ARRIVALS_FIELD_BYTES_MAX)
        return STATUS_TOO_BIG;
    field->text[field->n++] = c;
    return STATUS_OK;
}

static enum status read_quoted(struct scan *scan, struct field *field)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        if (scan->left.n == 0)
            return STATUS_MALFORMED;
        char c = (char)scan->left.at[0];

        (void)take(scan, c);
        if (c == '"' && !take(scan, '"'))
            return STATUS_OK;
        if (c == '\n')
            scan->line++;
        status = put(field, c);
    }
    return status;
}

/* One field without its ending; MALFORMED (quotes), TOO_BIG. */
static enum status read_field(
    struct scan *scan, struct field *field, enum ending *ret_ending)
{
    enum status status = STATUS_OK;

    memset(field, 0, sizeof(*field));
    if (take(scan, '"')) {
        status = read_quoted(scan, field);
    } else {
        while (status == STATUS_OK && scan->left.n > 0 &&
               !memchr(",\r\n\"", scan->left.at[0], 4)) {
            status = put(field, (char)scan->left.at[0]);
            (void)take(scan, (char)scan->left.at[0]);
        }
    }
    if (status != STATUS_OK)
        return status;
    if (take(scan, ','))
        *ret_ending = ENDS_FIELD;
    else if (scan->left.n == 0)
        *ret_ending = ENDS_LIST;
    else if ((take(scan, '\r'), take(scan, '\n')))
        *ret_ending = ENDS_ROW;
    else
        return STATUS_MALFORMED;
    return STATUS_OK;
}

static enum status complain(
    const struct scan *scan, enum status status, struct trouble *trouble)
{
    if (status == STATUS_TOO_BIG)
        trouble_say(trouble,
            "line %u: a field has more than %d bytes, or the line more than %d columns",
            (unsigned)scan->line, ARRIVALS_FIELD_BYTES_MAX, ARRIVALS_COLUMNS_MAX);
    else if (status == STATUS_MALFORMED)
        trouble_say(trouble, "line %u: the quotes do not fit: this is not CSV",
            (unsigned)scan->line);
    return status;
}

/* --- the first line ------------------------------------------------------------------------------------------------ */

static void make_plain(struct field *field)
{
    size_t begin = 0;

    while (field->n > 0 && memchr(" \t", field->text[field->n - 1], 2))
        field->n--;
    while (begin < field->n && memchr(" \t", field->text[begin], 2))
        begin++;
    memmove(field->text, field->text + begin, field->n - begin);
    field->n -= begin;
    field->text[field->n] = 0;
}

static void make_small(struct field *field)
{
    for (size_t i = 0; i < field->n; i++)
        if (field->text[i] >= 'A' && field->text[i] <= 'Z')
            field->text[i] = (char)(field->text[i] - 'A' + 'a');
}

/* "nic", "nic no", "father_nic", and not "clinic". */
static bool has_nic(const char *text)
{
    for (const char *at = text; (at = strstr(at, "nic")) != NULL; at++) {
        bool begins = at == text || at[-1] < 'a' || at[-1] > 'z';

        if (begins && (at[3] < 'a' || at[3] > 'z'))
            return true;
    }
    return false;
}

static bool names_identity(const struct field *field)
{
    for (size_t i = 0; i < ARRAY_LENGTH(IDENTITY); i++)
        if (strstr(field->text, IDENTITY[i]))
            return true;
    return has_nic(field->text) || number_looks_like_cnic(span_of(field->text, field->n));
}

/* For people to read: cut between letters, and without what may not be shown. */
static void note_dropped(struct arrivals *arrivals, const struct field *field)
{
    char *to = arrivals->dropped[arrivals->n_dropped++];
    size_t n = field->n < ARRIVALS_NAME_BYTES - 1 ? field->n : ARRIVALS_NAME_BYTES - 1;

    while (n > 0 && n < field->n && ((uint8_t)field->text[n] & 0xc0) == 0x80)
        n--;
    memcpy(to, field->text, n);
    if (!text_is_clean(span_of(to, n)) || memchr(to, '\n', n))
        memset(to, '?', n);
}

static enum status read_title(
    struct scan *scan, struct field *field, struct trouble *trouble)
{
    make_plain(field);
    make_small(field);
    if (names_identity(field)) {
        trouble_say(trouble,
            "column %zu is named after an identity number: this list must not be here. "
            "Nothing "
            "was kept. Delete the file, and ask whoever made it for one without that "
            "column",
            scan->n_columns + 1);
        return STATUS_DENIED;
    }
    enum column column = COLUMN_OTHER;
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (strcmp(field->text, COLUMNS[i]) == 0)
            column = (enum column)i;
    for (size_t i = 0; column != COLUMN_OTHER && i < scan->n_columns; i++)
        if (scan->columns[i] == column) {
            trouble_say(trouble, "column \"%s\" stands there twice", COLUMNS[column]);
            return STATUS_MALFORMED;
        }
    if (column == COLUMN_OTHER)
        note_dropped(scan->arrivals, field);
    scan->columns[scan->n_columns++] = column;
    return STATUS_OK;
}

static enum status read_titles(
    struct scan *scan, enum ending *ending, struct trouble *trouble)
{
    struct field field;
    bool has[COLUMN_COUNT] = {false};
    enum status status;

    do {
        status = read_field(scan, &field, ending);
        if (status == STATUS_OK && scan->n_columns == ARRIVALS_COLUMNS_MAX)
            status = STATUS_TOO_BIG;
        if (status != STATUS_OK)
            return complain(scan, status, trouble);
        status = read_title(scan, &field, trouble);
        if (status != STATUS_OK)
            return status;
        if (scan->columns[scan->n_columns - 1] != COLUMN_OTHER)
            has[scan->columns[scan->n_columns - 1]] = true;
    } while (*ending == ENDS_FIELD);
    for (int i = 0; i < COLUMN_RCMS; i++)
        if (!has[i]) {
            trouble_say(trouble,
                "the first line lacks the column \"%s\"; it is to name: flight_or_bus, "
                "date, "
                "sending_state, return_type, minor, care_need, and may name rcms",
                COLUMNS[i]);
            return STATUS_MALFORMED;
        }
    return STATUS_OK;
}

/* --- a row ------------------------------------------------------------------------------------------------------------ */

/* Urdu and Arabic digits become Western ones. */
static void make_western(struct field *field)
{
    size_t to = 0;

    for (size_t i = 0; i < field->n; i++, to++) {
        uint8_t a = (uint8_t)field->text[i];
        uint8_t b = i + 1 < field->n ? (uint8_t)field->text[i + 1] : 0;

        field->text[to] = field->text[i];
        if (a == 0xd9 && b >= 0xa0 && b <= 0xa9) {
            field->text[to] = (char)('0' + b - 0xa0);
            i++;
        } else if (a == 0xdb && b >= 0xb0 && b <= 0xb9) {
            field->text[to] = (char)('0' + b - 0xb0);
            i++;
        }
    }
    field->n = to;
    field->text[to] = 0;
}

static const char *read_vehicle(const struct field *field, struct arrival *row)
{
    if (field->n == 0 || field->n > VEHICLE_BYTES_MAX)
        return "flight_or_bus is to have 1 to 20 letters, digits, blanks or hyphens";
    for (size_t i = 0; i < field->n; i++) {
        char c = field->text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        if (!letter && !(c >= '0' && c <= '9') && c != ' ' && c != '-')
            return "flight_or_bus is to have 1 to 20 letters, digits, blanks or hyphens";
    }
    memcpy(row->vehicle, field->text, field->n);
    return NULL;
}

static const char *read_date(const struct field *field, struct arrival *row)
{
    int64_t ms;

    if (field->n != 10 || time_parse(field->text, &ms) != STATUS_OK || ms % DAY_MS != 0 ||
        ms < 0)
        return "date is to be a day, such as 2026-11-24";
    row->day = ms / DAY_MS;
    return NULL;
}

static const char *read_state(const struct field *field, struct arrival *row)
{
    bool right = field->n == 2 || field->n == 3;

    for (size_t i = 0; right && i < field->n; i++) {
        char c = field->text[i];

        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        right = c >= 'A' && c <= 'Z';
        row->state[i] = c;
    }
    return right ? NULL : "sending_state is to be two or three letters (ISO 3166-1)";
}

static const char *read_flag(struct field *field, enum answer_flag *ret)
{
    make_small(field);
    if (field->n == 0) {
        *ret = FLAG_UNKNOWN;
        return NULL;
    }
    return answer_flag_parse(field->text, ret) == STATUS_OK
               ? NULL
               : "minor and care_need are to be yes, no or unknown";
}

static const char *read_value(
    struct scan *scan, enum column column, struct field *field, struct arrival *row)
{
    make_plain(field);
    if (column != COLUMN_RCMS && column != COLUMN_OTHER) {
        if (number_looks_like_cnic(span_of(field->text, field->n)))
            return "13 digits: this could be a CNIC, and is not kept";
        make_western(field);
    }
    switch (column) {
    case COLUMN_VEHICLE:
        return read_vehicle(field, row);
    case COLUMN_DATE:
        return read_date(field, row);
    case COLUMN_STATE:
        return read_state(field, row);
    case COLUMN_RETURN:
        make_small(field);
        return return_type_parse(field->text, &row->return_type) == STATUS_OK
                   ? NULL
                   : "return_type is to be eura-forced, deported, off-loaded, dfd or "
                     "voluntary";
    case COLUMN_MINOR:
        return read_flag(field, &row->minor);
    case COLUMN_CARE:
        return read_flag(field, &row->care_need);
    case COLUMN_RCMS:
        if (field->n == 0)
            return NULL;
        /* A CNIC in this column would be kept as its hash, under the wrong name. */
        if (number_looks_like_cnic(span_of(field->text, field->n)) ||
            number_hash(scan->number_key, NUMBER_RCMS, span_of(field->text, field->n),
                &row->rcms) != STATUS_OK)
            return "rcms is to have 3 to 31 letters and digits, and not 13 digits";
        row->has_rcms = true;
        return NULL;
    default:
        return NULL;
    }
}

static void refuse(struct arrivals *arrivals, uint32_t line, const char *why)
{
    if (arrivals->n_refused < ARRIVALS_REFUSED_MAX)
        arrivals->refused[arrivals->n_refused] = (struct arrivals_refused){line, why};
    arrivals->n_refused++;
}

/* An empty line is no row. */
static enum status read_row(
    struct scan *scan, enum ending *ending, struct trouble *trouble)
{
    struct arrival row = {.line = scan->line};
    const char *why = NULL;
    struct field field;
    size_t n = 0;
    bool empty = false;
    enum status status;

    do {
        status = read_field(scan, &field, ending);
        if (status == STATUS_OK && n == ARRIVALS_COLUMNS_MAX)
            status = STATUS_TOO_BIG;
        if (status != STATUS_OK)
            break;
        empty = n == 0 && field.n == 0 && *ending != ENDS_FIELD;
        if (n < scan->n_columns && !empty) {
            const char *wrong = read_value(scan, scan->columns[n], &field, &row);

            why = why ? why : wrong;
        }
        n++;
    } while (*ending == ENDS_FIELD);
    memory_wipe(&field, sizeof(field));
    if (status != STATUS_OK)
        return complain(scan, status, trouble);
    if (empty)
        return STATUS_OK;
    if (n != scan->n_columns)
        why = "the row has more or fewer fields than the first line";
    if (!why && scan->arrivals->n_rows == ARRIVALS_ROWS_MAX) {
        trouble_say(trouble, "the list has more than %d rows", ARRIVALS_ROWS_MAX);
        return STATUS_TOO_BIG;
    }
    if (why)
        refuse(scan->arrivals, row.line, why);
    else
        scan->arrivals->rows[scan->arrivals->n_rows++] = row;
    return STATUS_OK;
}

enum status arrivals_parse(struct span csv, const struct box_key *number_key,
    struct arrivals **ret, struct trouble *trouble)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    struct scan scan = {.left = csv, .line = 1, .number_key = number_key};
    enum ending ending = ENDS_LIST;
    enum status status;

    if (csv.n > ARRIVALS_BYTES_MAX) {
        trouble_say(trouble, "the list has more than %d bytes", ARRIVALS_BYTES_MAX);
        return STATUS_TOO_BIG;
    }
    if (csv.n >= sizeof(mark) && memcmp(csv.at, mark, sizeof(mark)) == 0)
        scan.left = span_of(csv.at + sizeof(mark), csv.n - sizeof(mark));
    scan.arrivals = memory_new(sizeof(*scan.arrivals));
    status = read_titles(&scan, &ending, trouble);
    while (status == STATUS_OK && ending == ENDS_ROW && scan.left.n > 0) {
        scan.line++;
        status = read_row(&scan, &ending, trouble);
    }
    if (status != STATUS_OK) {
        arrivals_destroy(&scan.arrivals);
        return status;
    }
    *ret = scan.arrivals;
    return STATUS_OK;
}

void arrivals_destroy(struct arrivals **arrivals)
{
    if (!*arrivals)
        return;
    memory_wipe(*arrivals, sizeof(**arrivals));
    memory_free(*arrivals);
    *arrivals = NULL;
}

/* --- order -------------------------------------------------------------------------------------------------------------- */

int arrival_rank(const struct arrival *arrival)
{
    bool cares = arrival->care_need == FLAG_YES;
    int step = 5;

    if (arrival->minor == FLAG_YES)
        step = 0;
    else if (arrival->minor == FLAG_UNKNOWN && cares)
        step = 1;
    else if (cares)
        step = 2;
    else if (arrival->minor == FLAG_UNKNOWN)
        step = 3;
    return step * RETURN_COUNT + (int)arrival->return_type;
}

const char *arrival_reason(const struct arrival *arrival, size_t i)
{
    const char *reasons[4] = {NULL};
    size_t n = 0;

    if (arrival->minor == FLAG_YES)
        reasons[n++] = "minor";
    else if (arrival->minor == FLAG_UNKNOWN)
        reasons[n++] = "minor-unknown";
    if (arrival->care_need == FLAG_YES)
        reasons[n++] = "care-need";
    reasons[n++] = return_type_name(arrival->return_type);
    return i < n ? reasons[i] : NULL;
}
