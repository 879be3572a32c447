/* SPDX-License-Identifier: Apache-2.0
 *
 * eligibility: what a profile says of whom its member serves, from where, and under which sharing protocol
 * (docs/CARE.md 5.2). All of it may be absent: 0, "" and "not told" are the same thing, and matching never takes them
 * for a yes or a no.
 *
 * DP14: who has the role shelter or offers the service shelter has no district here, and a catchment of at least
 * CATCHMENT_SHELTER_MIN districts or none. A single district would say nearly where the house is, and the directory
 * is read by every member. Its coordinator is reached by the profile's contact. Whatever breaks this is MALFORMED to
 * encode and to decode: no steward can sign it, no node can take it.
 *
 * DP28: protocol names the version of the data sharing protocol that the member signed, and its last day. Both or
 * neither are there. Without them, or after that day, a member is asked for nothing (eligibility_protocol).
 */
#ifndef AMAAN_ELIGIBILITY_H
#define AMAAN_ELIGIBILITY_H

#include "person.h"

enum {
    CATCHMENT_MAX =
        64, /* more than any province has (36): who serves more says nothing */
    CATCHMENT_SHELTER_MIN = 3,
    AGE_YEARS_MAX = 120,
    BOYS_AGE_MAX = 17,
    PROTOCOL_BYTES_MAX = 24, /* "isp-2": a-z, 0-9, '-' and '.' */
    LICENCE_BYTES_MAX = 80,
    UTC_OFFSET_MIN = -720, /* in minutes, a multiple of UTC_OFFSET_STEP */
    UTC_OFFSET_MAX = 840,
    UTC_OFFSET_STEP = 15
};

enum claim { CLAIM_NOTHING = 0, CLAIM_YES, CLAIM_NO, CLAIM_COUNT };

/* What a provider has a number of: HSDS 3.1 unit. */
enum unit {
    UNIT_PLACE = 1, /* for anybody */
    UNIT_FEMALE_BED,
    UNIT_MALE_BED,
    UNIT_FAMILY_BED, /* a room for one family */
    UNIT_APPOINTMENT,
    UNIT_COUNT
};
enum paper {
    PAPER_IDENTITY = 1,
    PAPER_POLICE,
    PAPER_MEDICAL,
    PAPER_COURT,
    PAPER_REFERRAL,
    PAPER_COUNT
};

struct eligibility {
    uint16_t district; /* places.h; 0: not told */
    uint16_t n_catchment;
    uint16_t catchment[CATCHMENT_MAX]; /* ascending; none: everywhere */
    uint32_t genders;                  /* bit 1 << (gender - 1), without unstated */
    uint32_t minimum_age, maximum_age; /* years, both included; maximum 0: none */
    uint32_t boys_max_age;             /* of boys who come with her; 0: not told */
    enum claim children;               /* with the person who is served */
    enum claim wheelchair, round_the_clock;
    uint32_t units, papers; /* bits 1 << (unit - 1); papers that are asked for */
    enum claim tele;        /* serves by telephone or video: its place does not matter */
    int32_t utc_offset;     /* of a tele-consultant, in minutes */
    const char *licence;    /* which authority verified it, and its number */
    const char *protocol;
    uint32_t protocol_last_day; /* days since 1970; 0 with "" */
};

/* `is_shelter`: by role or service. MALFORMED for what breaks a rule, UNSUPPORTED for codes of a later version. */
enum status eligibility_check(
    const struct eligibility *eligibility, bool is_shelter) MUST_USE;

enum protocol_state { PROTOCOL_SIGNED = 1, PROTOCOL_MISSING, PROTOCOL_LAPSED };
enum protocol_state eligibility_protocol(
    const struct eligibility *eligibility, int64_t today);
bool protocol_is_valid(const char *version);

/* "female-bed", "police-report", "yes": the words of commands and documents. NULL past the end. */
const char *unit_name(enum unit unit);
const char *paper_name(enum paper paper);
const char *claim_name(enum claim told); /* NULL for CLAIM_NOTHING, too */
enum status unit_parse(const char *word, enum unit *ret) MUST_USE; /* NOT_FOUND */
enum status paper_parse(const char *word, enum paper *ret) MUST_USE;
enum status claim_parse(const char *word, enum claim *ret) MUST_USE;

#endif
