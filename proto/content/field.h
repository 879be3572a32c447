/* SPDX-License-Identifier: Apache-2.0
 *
 * field: what referrals, answers and profiles have in common: texts and languages as protobuf bytes. Private to
 * proto/content.
 */
#ifndef AMAAN_FIELD_H
#define AMAAN_FIELD_H

#include "body.h"
#include "content.pb-c.h"

/* The last day that a letter may name: 9999-12-31. */
enum { FIELD_DAY_MAX = 2932896 };

/* Borrowed from the text; NULL is "". protobuf-c only reads it. */
ProtobufCBinaryData field_of_text(const char *text);
ProtobufCBinaryData field_of(const void *at, size_t n);

/* OK for clean text of at most max bytes; TOO_BIG, MALFORMED. */
enum status field_check_text(struct span text, size_t max) MUST_USE;
/* The same, then a copy with a NUL in the arena. */
enum status field_read_text(struct arena *arena, ProtobufCBinaryData field, size_t max,
    const char **ret) MUST_USE;

/* Canonical, as body.h's reference_parse gives it; MALFORMED. */
enum status field_check_reference(const char reference[static REFERENCE_BYTES]) MUST_USE;
enum status field_read_reference(
    ProtobufCBinaryData field, char ret[static REFERENCE_BYTES]) MUST_USE;
/* Unpacks a body and refuses what this version does not know. */
enum status field_unpack(struct arena *arena, const ProtobufCMessageDescriptor *type,
    struct span bytes, const void **ret) MUST_USE;

/* At most LANGUAGES_MAX, none twice, three letters a-z each. */
enum status field_check_languages(const char (*languages)[4], size_t n) MUST_USE;
enum status field_read_languages(
    const ProtobufCBinaryData *fields, size_t n, char (*ret)[4]) MUST_USE;
/* Fills room for n fields. */
void field_write_languages(
    const char (*languages)[4], size_t n, ProtobufCBinaryData *ret);

/* --- person.c --- */
enum status field_check_person(const struct person *person) MUST_USE;
enum status field_read_person(struct arena *arena, const Amaan__Content__Person *message,
    struct person *ret) MUST_USE;
/* `languages` has room for LANGUAGES_MAX and lives as long as the message. */
void field_write_person(const struct person *person, ProtobufCBinaryData *languages,
    Amaan__Content__Person *ret);

#endif
