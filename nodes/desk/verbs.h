/* SPDX-License-Identifier: Apache-2.0
 *
 * verbs: the one table of use cases. The API's routes, the commands and their help, the completion words and the
 * manual pages are made from its rows.
 *
 * To add a use case: a row here, a function in the desk's own table (desk.c) or at the door (api/door.h), a
 * test. tests/unit/test_verbs.c fails until all of them are there.
 *
 * Answers (JSON objects, names sorted):
 *   refer accept decline complete show trace   one item (below); so do all verbs of a referral's life, CARE.md 7
 *   group           {"items": [{"reference", "peer", "state"} ...]}
 *   follow-ups      {"items": [{"reference", "peer", "service", "state", "after", "due"} ...], "more"}
 *   inbox sent      {"items": [item ...], "late": [item ...], "next": N}   newest first; next 0: no more;
 *                   late: the newest 100
 *   match           {"ranked": [{"rank", "name", "reasons", ...}], "excluded": [{"name", "reasons"}], ...}
 *   members roster alarms acts quarantine       {"items": [...], ...}
 *   shift           {"referrals", "forms", "acts": [...], "express", "record", ...}: references and numbers only
 *   shared          the same and {"pages": {"eng", "urd"}}
 *   preview         {"fields": [{"field", "value", "group", "why"}], "withheld": [...], "may_leave", ...}
 *   status                                     one object
 *   an error        {"type", "title", "status", "code", "detail"}   (RFC 9457; code is stable)
 * An item has: reference, direction ("sent", "received"), peer, state (people's word: progress.h), letter (transport's word under the referral: draft ... confirmed; only when
 * sent), waits_days (while nobody has stored it), returned and next (its recipient was revoked),
 * receipt_verified, service, priority and the other fields of content.proto Referral, day,
 * changed_day, and from show and trace also decisions and letters, the evidence, and can: the verbs that would be taken now.
 */
#ifndef AMAAN_VERBS_H
#define AMAAN_VERBS_H

#include "command.h"

enum verb_place {
    VERB_AT_DESK = 1, /* node_call does it, inside a turn */
    VERB_AT_DOOR, /* the process does it: it needs more than a turn (hashing a passphrase) */
    VERB_LOCAL    /* the command alone: no node is asked */
};

enum argument_type {
    ARGUMENT_TEXT = 1,
    ARGUMENT_REFERENCE, /* 9 characters of a slip */
    ARGUMENT_MEMBER,    /* a name such as shelter.peshawar */
    ARGUMENT_WORD,      /* one of `words` */
    ARGUMENT_DAY,       /* 2026-11-24 */
    ARGUMENT_TIME,      /* 2026-11-24T14:30:00Z */
    ARGUMENT_FLAG,
    ARGUMENT_NUMBER,
    ARGUMENT_LANGUAGES, /* list of ISO 639-3 codes */
    ARGUMENT_OBJECT, /* an object with fields of its own; from a file, never an option */
    ARGUMENT_SECRET  /* never on a command line */
};

/* One field of the request's JSON object. */
struct verb_argument {
    const char *name; /* "needed_by" */
    enum argument_type type;
    bool required;
    const char *words; /* of ARGUMENT_WORD: "low medium high unknown" */
    const char *help;
};

struct verb {
    const char *name;
    enum verb_place place;
    const char *method;                    /* NULL for VERB_LOCAL */
    const char *path;                      /* "/api/v1/referrals/{reference}/accept" */
    const char *summary;                   /* one line */
    const char *description;               /* some sentences for the manual page */
    const struct verb_argument *arguments; /* ends with a NULL name; may be NULL */
    bool changes;                          /* needs an Idempotency-Key from programs */
    bool unlocked;                         /* needs the passphrase to have been given */
    /* The command. */
    const char *words; /* positional ones: "REF", "[FILE]", "" */
    int min_words, max_words;
    const struct option_row *options; /* ends with a row of NULL name */
    const char *examples;
};

extern const struct verb VERBS[];
extern const size_t VERBS_N;

/* NULL is a normal answer. */
const struct verb *verb_find(const char *name);
/* The verb behind method and path; `ret_reference` (at least VERB_REFERENCE_BYTES) gets what stood in place of
 * {reference}, "" if nothing. With ret_other_method set, a path that exists under another method is told. */
enum { VERB_REFERENCE_BYTES = 64, VERB_PATH_BYTES = 160 };
const struct verb *verb_route(const char *method, const char *path,
    char ret_reference[static VERB_REFERENCE_BYTES], bool *ret_other_method);
/* The path with the reference put in. */
void verb_path(
    const struct verb *verb, const char *reference, char ret[static VERB_PATH_BYTES]);
const struct verb_argument *verb_argument(const struct verb *verb, const char *name);
/* "consent.how": the part of an ARGUMENT_OBJECT; NULL is a normal answer. */
const struct verb_argument *verb_part(const struct verb *verb, const char *name);

#endif
