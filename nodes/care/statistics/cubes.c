/* SPDX-License-Identifier: Apache-2.0
 * A dimension is a function from a number to a word; a table of cubes names two of them. What fits no word of a
 * dimension is counted under its last one.
 */
#include "cubes.h"

#include <string.h>

#include "memory.h"

static size_t count_words(const char *(*word)(size_t))
{
    size_t n = 0;

    while (word(n))
        n++;
    return n;
}

static size_t find_word(const char *(*word)(size_t), const char *wanted, size_t n)
{
    size_t i = 0;

    while (i + 1 < n && strcmp(word(i), wanted) != 0)
        i++;
    return i;
}

/* --- dimensions ------------------------------------------------------------------------------------------------- */

static const char *origin_word(size_t i)
{
    return case_origin_name((enum case_origin)(i + 1));
}

static const char *outcome_word(size_t i)
{
    return case_outcome_name((enum case_outcome)(i + OUTCOME_OPEN + 1));
}

static const char *risk_word(size_t i)
{
    return risk_name((enum risk)(i + 1));
}

static const char *displacement_word(size_t i)
{
    return displacement_name((enum displacement)(i + 1));
}

static const char *progress_word(size_t i)
{
    return progress_name((enum progress)(i + 1));
}

static const char *return_word(size_t i)
{
    return return_type_name((enum return_type)(i + 1));
}

static const char *minor_word(size_t i)
{
    return answer_flag_name((enum answer_flag)(i + 1));
}

#define WORDS(function, ...)                                                             \
    static const char *function(size_t i)                                                \
    {                                                                                    \
        static const char *const words[] = {__VA_ARGS__};                                \
        return i < ARRAY_LENGTH(words) ? words[i] : NULL;                                \
    }

/* Presumed victims by what is known of the exploitation, and everybody else. */
WORDS(form_word, "presumed-unsaid", "presumed-labour", "presumed-sexual",
    "presumed-other", "not-presumed")
WORDS(sex_age_word, "female-adult", "female-child", "male-adult", "male-child",
    "other-adult", "other-child")
/* How far it went with somebody on a list of arrivals. Help waits for no form: who was not screened may be referred. */
WORDS(course_word, "not-screened", "not-screened-referred", "screened",
    "screened-referred", "flagged", "flagged-referred")
/* ADM1 P-codes: a district's code begins with its province's. */
WORDS(province_word, "PK1", "PK2", "PK3", "PK4", "PK5", "PK6", "PK7", "unknown")
/* The four districts of the labour migrants' programme. */
WORDS(labour_district_word, "livelihood-PK617", "livelihood-PK609", "livelihood-PK608",
    "livelihood-PK630", "livelihood-elsewhere", "livelihood-unknown")

enum { LABOUR_DISTRICTS = 6, LABOUR_PREFIX = 11 /* "livelihood-" */ };

/* The services, with livelihood in its districts: one table, so that they cannot be subtracted from another. */
static const char *service_word(size_t i)
{
    if (i < SERVICE_LIVELIHOOD - 1)
        return service_name((enum service)(i + 1));
    i -= SERVICE_LIVELIHOOD - 1;
    return i < LABOUR_DISTRICTS ? labour_district_word(i)
                                : service_name((enum service)(
                                      SERVICE_LIVELIHOOD + 1 + i - LABOUR_DISTRICTS));
}

static const char STATES[][2][4] = {{"AE", "ARE"}, {"AT", "AUT"}, {"AU", "AUS"},
    {"BE", "BEL"}, {"BG", "BGR"}, {"BH", "BHR"}, {"CH", "CHE"}, {"CY", "CYP"},
    {"CZ", "CZE"}, {"DE", "DEU"}, {"DK", "DNK"}, {"ES", "ESP"}, {"FI", "FIN"},
    {"FR", "FRA"}, {"GB", "GBR"}, {"GR", "GRC"}, {"HU", "HUN"}, {"IE", "IRL"},
    {"IR", "IRN"}, {"IT", "ITA"}, {"KW", "KWT"}, {"MY", "MYS"}, {"NL", "NLD"},
    {"NO", "NOR"}, {"OM", "OMN"}, {"PL", "POL"}, {"PT", "PRT"}, {"QA", "QAT"},
    {"RO", "ROU"}, {"SA", "SAU"}, {"SE", "SWE"}, {"TR", "TUR"}};

static const char *state_word(size_t i)
{
    if (i == ARRAY_LENGTH(STATES))
        return "another";
    return i < ARRAY_LENGTH(STATES) ? STATES[i][0] : NULL;
}

/* --- the table --------------------------------------------------------------------------------------------------- */

static const struct row {
    const char *name, *population, *rows, *columns;
    const char *(*row)(size_t);
    const char *(*column)(size_t);
    bool quarterly;
} ROWS[CUBE_COUNT] = {
    [CUBE_OPENED] = {"opened", "opened", "origin", "risk", origin_word, risk_word, false},
    [CUBE_CLOSED] = {"closed", "closed", "origin", "outcome", origin_word, outcome_word,
        false},
    [CUBE_PRESUMED] = {"presumed", "opened", "exploitation", "sex-and-age", form_word,
        sex_age_word, false},
    [CUBE_DISPLACEMENT] = {"displacement", "opened", "driver", "province",
        displacement_word, province_word, true},
    [CUBE_SENT] = {"sent", "sent", "service", "state", service_word, progress_word,
        false},
    [CUBE_RECEIVED] = {"received", "received", "service", "state", service_word,
        progress_word, false},
    [CUBE_RETURNS] = {"returns", "returns", "sending-state", "course", state_word,
        course_word, false},
    [CUBE_ARRIVALS] = {"arrivals", "returns", "return-type", "minor", return_word,
        minor_word, false},
};

static const struct row *find_row(enum cube cube)
{
    return cube >= CUBE_OPENED && cube < CUBE_COUNT ? &ROWS[cube] : NULL;
}

const char *cube_name(enum cube cube)
{
    return find_row(cube) ? find_row(cube)->name : NULL;
}

enum status cube_parse(const char *word, enum cube *ret)
{
    for (int i = CUBE_OPENED; i < CUBE_COUNT; i++)
        if (strcmp(ROWS[i].name, word) == 0) {
            *ret = (enum cube)i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

bool cube_is_quarterly(enum cube cube)
{
    return find_row(cube) && find_row(cube)->quarterly;
}

const char *cube_population(enum cube cube)
{
    return find_row(cube) ? find_row(cube)->population : NULL;
}

const char *cube_row_dimension(enum cube cube)
{
    return find_row(cube) ? find_row(cube)->rows : NULL;
}

const char *cube_column_dimension(enum cube cube)
{
    return find_row(cube) ? find_row(cube)->columns : NULL;
}

const char *cube_row(enum cube cube, size_t i)
{
    return find_row(cube) ? find_row(cube)->row(i) : NULL;
}

const char *cube_column(enum cube cube, size_t i)
{
    return find_row(cube) ? find_row(cube)->column(i) : NULL;
}

/* --- counting --------------------------------------------------------------------------------------------------- */

void cubes_clear(struct cubes *cubes)
{
    memset(cubes, 0, sizeof(*cubes));
    for (int i = CUBE_OPENED; i < CUBE_COUNT; i++) {
        struct counts *counts = &cubes->of[i];

        counts->rows = count_words(ROWS[i].row);
        counts->columns = count_words(ROWS[i].column);
        PROMISE(counts->rows <= COUNTS_ROWS_MAX && counts->columns <= COUNTS_COLUMNS_MAX);
    }
}

static void add_one(struct cubes *cubes, enum cube cube, size_t row, size_t column)
{
    struct counts *counts = &cubes->of[cube];

    PROMISE(row < counts->rows && column < counts->columns);
    if (counts->at[row][column] < COUNT_MAX)
        counts->at[row][column]++;
}

static size_t province_of(const char *district)
{
    char province[4] = "";

    if (strlen(district) > 3)
        memcpy(province, district, 3);
    return find_word(province_word, province, count_words(province_word));
}

static size_t sex_age_of(const struct case_facts *facts)
{
    size_t sex = facts->gender == GENDER_FEMALE ? 0
                 : facts->gender == GENDER_MALE ? 1
                                                : 2;

    return 2 * sex + facts->child;
}

static size_t form_of(const struct case_facts *facts)
{
    if (!facts->presumed)
        return 4;
    return facts->exploitation > EXPLOITATION_UNSAID &&
                   facts->exploitation < EXPLOITATION_COUNT
               ? (size_t)facts->exploitation - 1
               : 0;
}

void cubes_add_closed(
    struct cubes *cubes, enum case_origin origin, enum case_outcome outcome)
{
    PROMISE(outcome > OUTCOME_OPEN);
    add_one(cubes, CUBE_CLOSED, (size_t)origin - 1, (size_t)outcome - OUTCOME_OPEN - 1);
}

void cubes_add_opened(struct cubes *cubes, const struct case_facts *facts)
{
    enum risk risk = facts->risk == 0 ? RISK_UNKNOWN : facts->risk;

    add_one(cubes, CUBE_OPENED, (size_t)facts->origin - 1, (size_t)risk - 1);
    add_one(cubes, CUBE_PRESUMED, form_of(facts), sex_age_of(facts));
    add_one(cubes, CUBE_DISPLACEMENT, (size_t)facts->displacement - 1,
        province_of(facts->district));
}

static size_t labour_district_of(const char *district)
{
    for (size_t i = 0; i + 2 < LABOUR_DISTRICTS; i++)
        if (strcmp(labour_district_word(i) + LABOUR_PREFIX, district) == 0)
            return i;
    return *district ? LABOUR_DISTRICTS - 2 : LABOUR_DISTRICTS - 1;
}

static size_t service_row_of(const struct referral_facts *facts)
{
    size_t row = (size_t)facts->service - 1;

    if (facts->service == SERVICE_LIVELIHOOD)
        return row + labour_district_of(facts->district);
    return facts->service > SERVICE_LIVELIHOOD ? row + LABOUR_DISTRICTS - 1 : row;
}

void cubes_add_referral(struct cubes *cubes, const struct referral_facts *facts)
{
    add_one(cubes, facts->sent ? CUBE_SENT : CUBE_RECEIVED, service_row_of(facts),
        (size_t)facts->progress - 1);
}

static size_t state_of(const char *state)
{
    size_t i = 0;

    while (i < ARRAY_LENGTH(STATES) && strcmp(STATES[i][0], state) != 0 &&
           strcmp(STATES[i][1], state) != 0)
        i++;
    return i;
}

void cubes_add_return(struct cubes *cubes, const struct return_facts *facts)
{
    add_one(cubes, CUBE_RETURNS, state_of(facts->state),
        2 * (size_t)facts->screened + facts->referred);
    add_one(cubes, CUBE_ARRIVALS, (size_t)facts->type - 1, (size_t)facts->minor - 1);
}

void counts_add(struct counts *to, const struct counts *from)
{
    PROMISE(to->rows == from->rows && to->columns == from->columns);
    for (size_t i = 0; i < to->rows; i++)
        for (size_t j = 0; j < to->columns; j++)
            to->at[i][j] += from->at[i][j];
}
