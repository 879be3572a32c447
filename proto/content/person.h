/* SPDX-License-Identifier: Apache-2.0
 *
 * person: what a case may hold of a person and what of it may travel: one struct for both, so that nothing can be
 * disclosed that has no field here, and no field stands here that the matrix of docs/CARE.md 14 does not name.
 *
 * There is no CNIC, no passport number, no address, no photograph, no answer of the screening form: no encoder
 * can reach them (DP11, DP12). There is no religion, ethnicity or orientation (DP30).
 *
 * Fields stand in groups; a group is disclosed whole or not at all (person_keep). What is not known or not
 * disclosed is 0 or "". Texts are clean (bytes.h), borrowed, and point into the arena after decoding; NULL is "".
 */
#ifndef AMAAN_PERSON_H
#define AMAAN_PERSON_H

#include "bytes.h"

enum {
    PREFERRED_NAME_BYTES_MAX = 60,
    FULL_NAME_BYTES_MAX = 120,
    SAFE_CONTACT_BYTES_MAX = 200,
    HEALTH_BYTES_MAX = 400,
    ACCESS_BYTES_MAX = 200,
    SKILLS_BYTES_MAX = 400,
    GUARDIAN_BYTES_MAX = 200,
    DISTRICT_BYTES = 6, /* "PK617" and NUL: an ADM2 P-code */
    LANGUAGES_MAX = 8,
    DEPENDANTS_MAX = 20
};

enum age_band {
    AGE_UNKNOWN = 1,
    AGE_0_8,
    AGE_9_17,
    AGE_18_25,
    AGE_26_40,
    AGE_41_60,
    AGE_OVER_60,
    AGE_BAND_COUNT
};
enum minor {
    MINOR_NO = 1,
    MINOR_YES,
    MINOR_UNKNOWN,
    MINOR_COUNT
}; /* unknown is treated as a child (DP10) */
enum gender {
    GENDER_FEMALE = 1,
    GENDER_MALE,
    GENDER_TRANSGENDER,
    GENDER_OTHER,
    GENDER_UNSTATED,
    GENDER_COUNT
};
enum risk { RISK_LOW = 1, RISK_MEDIUM, RISK_HIGH, RISK_UNKNOWN, RISK_COUNT };
/* Coarse on purpose: what helps a lawyer or doctor to prepare, nothing that tells the story. */
enum exploitation {
    EXPLOITATION_UNSAID = 1,
    EXPLOITATION_LABOUR,
    EXPLOITATION_SEXUAL,
    EXPLOITATION_OTHER,
    EXPLOITATION_COUNT
};
/* Bits of urgent_health. */
enum urgent_health {
    URGENT_INJURY = 1,
    URGENT_ILLNESS = 2,
    URGENT_PREGNANCY = 4,
    URGENT_MEDICATION = 8,
    URGENT_ALL = 15
};

enum field_group {
    GROUP_CORE = 1,      /* age band, minor, gender, languages, interpreter */
    GROUP_NAME,          /* preferred name */
    GROUP_IDENTITY,      /* full name, day of birth */
    GROUP_CONTACT,       /* safe contact */
    GROUP_DISTRICT,      /* home district */
    GROUP_HEALTH_URGENT, /* what a shelter must know tonight: four bits */
    GROUP_HEALTH,        /* injury, illness, pregnancy, medication, in words */
    GROUP_ACCESS,        /* disability, access needs */
    GROUP_RISK,          /* risk level, somebody may search */
    GROUP_DEPENDANTS,    /* children with the person */
    GROUP_EXPLOITATION,  /* the coarse code */
    GROUP_SKILLS,        /* skills, education, work wished for */
    GROUP_GUARDIAN,      /* who cares for a child */
    GROUP_COUNT
};
#define GROUP_BIT(group) (1u << ((group)-1))
#define GROUP_ALL (GROUP_BIT(GROUP_COUNT) - 1)

struct person {
    enum age_band age_band; /* GROUP_CORE: all four needed, none 0 */
    enum minor minor;
    enum gender gender;
    size_t n_languages;
    char languages[LANGUAGES_MAX]
                  [4]; /* ISO 639-3, "urd", "pus", "prs"; the best one first */
    bool interpreter;
    const char *preferred_name;
    const char *full_name;
    int64_t birth_day_ms; /* midnight UTC of a day since 1900, negative before 1970 */
    bool has_birth_day;
    const char *safe_contact;      /* how the person may be reached without danger */
    char district[DISTRICT_BYTES]; /* "" or a P-code */
    uint32_t urgent_health;        /* bits */
    const char *health, *access;
    enum risk risk; /* 0: not disclosed */
    bool searched_for;
    uint32_t dependants;            /* children with the person, at most DEPENDANTS_MAX */
    bool infant;                    /* one of them is not yet two */
    enum exploitation exploitation; /* 0: not disclosed */
    const char *skills, *guardian;
};

/* As content.proto Person. MALFORMED, TOO_BIG for what breaks a limit, UNSUPPORTED for a code of a later version. */
enum status person_encode(const struct person *person, struct buffer *buffer) MUST_USE;
enum status person_decode(
    struct arena *arena, struct span bytes, struct person *ret) MUST_USE;

/* The groups in which something is said, CORE always: a bitmap of GROUP_BIT. */
uint32_t person_groups(const struct person *person);
/* A copy that holds these groups only (CORE always); texts are borrowed from the original. */
struct person person_keep(const struct person *person, uint32_t groups);
/* Has the person to be treated as a child? Yes, or unknown. */
bool person_is_child(const struct person *person);

/* Words of commands, JSON and documents: docs/CARE.md 2 and 14. NULL past the end. */
const char *age_band_name(enum age_band band);
const char *minor_name(enum minor minor);
const char *gender_name(enum gender gender);
const char *risk_name(enum risk risk);
const char *exploitation_name(enum exploitation exploitation);
const char *field_group_name(enum field_group group);
const char *urgent_health_name(unsigned bit); /* of one bit */
/* The value of a word; NOT_FOUND otherwise. */
enum status age_band_parse(const char *word, enum age_band *ret) MUST_USE;
enum status minor_parse(const char *word, enum minor *ret) MUST_USE;
enum status gender_parse(const char *word, enum gender *ret) MUST_USE;
enum status risk_parse(const char *word, enum risk *ret) MUST_USE;
enum status exploitation_parse(const char *word, enum exploitation *ret) MUST_USE;
enum status field_group_parse(const char *word, enum field_group *ret) MUST_USE;

#endif
