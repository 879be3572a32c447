/* SPDX-License-Identifier: Apache-2.0
 *
 * body: what a referral and an answer say (content.proto), as plain structs. Decoded only after the
 * signature of the letter held (PROTOCOL.md 1.7). Text points into the arena and is clean (bytes.h).
 *
 * This is the whole of a referral that travels: minimum data, no CNIC, no address (docs/CARE.md 1).
 */
#ifndef AMAAN_BODY_H
#define AMAAN_BODY_H

#include "person.h"

enum {
    NOTE_BYTES_MAX = 1000,
    SENDER_ROLE_BYTES_MAX = 60,
    REFERENCE_BYTES =
        10 /* 9 characters, NUL: 8 Crockford base32 and a check character */,
    BODY_ARENA_BYTES = 65536,
    BODY_ARENA_PIECES = 256
};

enum service {
    SERVICE_SHELTER = 1,
    SERVICE_MEDICAL,
    SERVICE_PSYCHOSOCIAL,
    SERVICE_LEGAL,
    SERVICE_LIVELIHOOD,
    SERVICE_EDUCATION,
    SERVICE_CHILD_PROTECTION,
    SERVICE_SUPPLIES,
    SERVICE_FAMILY_CONTACT,
    SERVICE_DOCUMENTS,
    SERVICE_TRANSPORT,
    SERVICE_COORDINATION,
    SERVICE_COUNT
};
enum priority {
    PRIORITY_NORMAL = 1,
    PRIORITY_URGENT,
    PRIORITY_EMERGENCY,
    PRIORITY_TONIGHT,
    PRIORITY_COUNT
};
enum decision {
    DECISION_OPENED = 1,
    DECISION_ACCEPTED,
    DECISION_DECLINED,
    DECISION_COMPLETED,
    DECISION_COUNT
};
enum decline_reason {
    DECLINE_NONE = 0,
    DECLINE_AT_CAPACITY = 1,
    DECLINE_NOT_ELIGIBLE,
    DECLINE_SERVICE_CLOSED,
    DECLINE_SAFETY_CONFLICT,
    DECLINE_ALREADY_SERVED,
    DECLINE_CLIENT_DECLINED,
    DECLINE_INSUFFICIENT_INFO,
    DECLINE_COUNT
};

struct referral {
    char reference[REFERENCE_BYTES];
    enum service service;
    enum priority priority;
    int64_t needed_by_ms; /* midnight UTC of a day, else MALFORMED; 0 if none */
    struct person
        person; /* the groups that matrix and consent let through (docs/CARE.md 14) */
    const char *sender_role; /* "screening officer"; never a person's name */
    const char *note;        /* at most NOTE_BYTES_MAX */
};

struct answer {
    char reference[REFERENCE_BYTES];
    enum decision decision;
    enum decline_reason reason; /* with DECISION_DECLINED only, and then not NONE */
};

enum status referral_encode(
    const struct referral *referral, struct buffer *buffer) MUST_USE;
enum status referral_decode(
    struct arena *arena, struct span bytes, struct referral *ret) MUST_USE;
enum status answer_encode(const struct answer *answer, struct buffer *buffer) MUST_USE;
enum status answer_decode(
    struct arena *arena, struct span bytes, struct answer *ret) MUST_USE;

/* "shelter", "at-capacity": the words of commands, JSON and documents. NULL past the end. */
const char *service_name(enum service service);
const char *priority_name(enum priority priority);
const char *decision_name(enum decision decision);
const char *decline_reason_name(enum decline_reason reason);
/* The value of a word; NOT_FOUND otherwise. */
enum status service_parse(const char *word, enum service *ret) MUST_USE;
enum status priority_parse(const char *word, enum priority *ret) MUST_USE;
enum status decline_reason_parse(const char *word, enum decline_reason *ret) MUST_USE;

/* A new random reference with its check character (Crockford base32, mod 37), which is a letter or digit. */
struct chance;
void reference_new(struct chance *chance, char ret[static REFERENCE_BYTES]);
/* Folds case, O to 0, I and L to 1, drops '-' and spaces; MALFORMED if length, alphabet or check fail. */
enum status reference_parse(const char *text, char ret[static REFERENCE_BYTES]) MUST_USE;

#endif
