/* SPDX-License-Identifier: Apache-2.0
 *
 * cubes: the tables of statistics that there are (docs/CARE.md 20.1). Fixed: nobody can ask for another one. Each has two
 * dimensions, and counts each of its people, referrals or arrivals in one cell of one month.
 *
 * To add one: a row here, its counting in statistics.c of the desk, a row in CARE.md. What a dimension says of those
 * whom another cube counts as well must not stand in that cube too: then only the grand totals are common to both, and
 * nothing can be had by subtracting one table from another. A test holds it by the words of dimensions.
 *
 * What is counted comes as plain codes: this module cannot reach a store, a person's record or a screening.
 */
#ifndef AMAAN_CUBES_H
#define AMAAN_CUBES_H

#include "case_words.h"
#include "progress.h"
#include "suppress.h"

/* A number never changes its meaning: what was published is kept under it. */
enum cube {
    CUBE_OPENED =
        1, /* cases by the month in which they were opened: how they began, how dangerous it is */
    CUBE_PRESUMED, /* the same: form of exploitation of presumed victims, by sex and age (IC-TIP) */
    CUBE_DISPLACEMENT, /* the same, by quarter: what drove people from home, and from which province */
    CUBE_CLOSED, /* cases by the month in which they were closed: how they began and ended */
    CUBE_SENT, /* referrals by the month of their newest step: service and state; livelihood by district */
    CUBE_RECEIVED,
    CUBE_RETURNS, /* rows of lists of arrivals: sending state, and whether they were screened, flagged, referred */
    CUBE_ARRIVALS, /* the same: return type, minor */
    CUBE_COUNT
};

const char *cube_name(enum cube cube); /* "opened"; NULL past the end */
enum status cube_parse(const char *word, enum cube *ret) MUST_USE;
bool cube_is_quarterly(enum cube cube);
/* Of whom: "opened", "closed", "sent" ... Cubes of one population have the same grand total. */
const char *cube_population(enum cube cube);
/* What the rows and columns say: "origin", "state". */
const char *cube_row_dimension(enum cube cube);
const char *cube_column_dimension(enum cube cube);
/* Words of the i-th row and column; NULL past the end. */
const char *cube_row(enum cube cube, size_t i);
const char *cube_column(enum cube cube, size_t i);

/* Counts of one month, of all cubes. */
struct cubes {
    struct counts of[CUBE_COUNT];
};
void cubes_clear(struct cubes *cubes); /* all zero; sizes set */

struct case_facts {
    enum case_origin origin;
    enum risk risk; /* 0: not said */
    bool
        presumed; /* an officer confirmed that the person may be a victim (outcome_htcds_status) */
    enum exploitation exploitation; /* 0: not said */
    enum gender gender;
    bool child;
    enum displacement displacement;
    const char *district; /* "" or a P-code */
};
struct referral_facts {
    bool sent;
    enum service service;
    enum progress progress;
    const char *district; /* of livelihood: the home district; "" or a P-code */
};

/* Screened: an officer confirmed a class of a complete interview. Flagged: the class of a possible victim. */
enum screened { SCREENED_NOT, SCREENED, SCREENED_FLAGGED };
/* A row of a list of arrivals. */
struct return_facts {
    const char *state; /* as in the list: two or three letters of ISO 3166-1 */
    enum return_type type;
    enum answer_flag minor;
    enum screened screened; /* in the case that was made of it */
    bool referred;          /* a referral was sent for that case */
};

/* A case that was opened in the month; one that was closed in it, with an outcome other than open. */
void cubes_add_opened(struct cubes *cubes, const struct case_facts *facts);
void cubes_add_closed(
    struct cubes *cubes, enum case_origin origin, enum case_outcome outcome);
void cubes_add_referral(struct cubes *cubes, const struct referral_facts *facts);
void cubes_add_return(struct cubes *cubes, const struct return_facts *facts);
/* Adds the counts of one table to another of the same size. */
void counts_add(struct counts *to, const struct counts *from);

#endif
