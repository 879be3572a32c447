/* SPDX-License-Identifier: Apache-2.0
 *
 * status: the one result type. Values differ by what the caller should do, not by where it went wrong.
 * STATUS_OK is 0. Outputs (`ret_...`) are touched only on STATUS_OK. Where a person will read about it
 * (start-up, commands, settings) a last parameter `struct trouble *` collects a sentence; each level may
 * prefix its own. A trouble may be NULL everywhere.
 */
#ifndef AMAAN_STATUS_H
#define AMAAN_STATUS_H

#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))

enum status {
    STATUS_OK = 0,
    STATUS_MALFORMED,   /* the bytes are not what they claim to be: refuse them */
    STATUS_UNSUPPORTED, /* well formed, but of a version, suite or kind unknown here */
    STATUS_TOO_BIG,     /* beyond a limit of limits.h */
    STATUS_DENIED,      /* not allowed to this caller or member */
    STATUS_FORGED,      /* a signature or seal does not hold */
    STATUS_EXPIRED,     /* was right once */
    STATUS_NOT_FOUND,   /* a normal answer of every find */
    STATUS_EXISTS,      /* already there, and equal: repeat the old answer */
    STATUS_CONFLICT,    /* already there, and different: evidence */
    STATUS_FULL,        /* disk, mailbox or quota: try later, nothing was changed */
    STATUS_BUSY,        /* not now: nothing to read, or would block */
    STATUS_TIMEOUT, /* the answer did not come in time; whether it happened is unknown */
    STATUS_CLOSED,  /* the other side is gone */
    STATUS_LOCKED,  /* needs the passphrase first */
    STATUS_IO,      /* the disk lied or failed: stop, never retry an fsync */
    STATUS_CORRUPT, /* stored data does not hold together */
    STATUS_COUNT    /* number of values, not one of them */
};

/* "malformed", "not found", ... Never NULL; "unknown status" for a number outside the enum. */
const char *status_name(enum status status);

enum { TROUBLE_BYTES = 512 };

/* A sentence for a person: what happened, what is safe, what to do next. Cut, never overrun. */
struct trouble {
    char text[TROUBLE_BYTES];
};

/* Replaces the sentence. Control characters of the result are shown as '?'. */
void trouble_say(struct trouble *trouble, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts "prefix: " before what is there. */
void trouble_prefix(struct trouble *trouble, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
