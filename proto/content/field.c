/* SPDX-License-Identifier: Apache-2.0
 * The checks run in both directions, so that no encoder writes what its decoder refuses.
 */
#include <string.h>

#include "field.h"
#include "limits.h"
#include "message.h"

enum { LANGUAGE_LETTERS = 3 };

ProtobufCBinaryData field_of(const void *at, size_t n)
{
    return (ProtobufCBinaryData){n, (uint8_t *)(uintptr_t)at};
}

ProtobufCBinaryData field_of_text(const char *text)
{
    return text != NULL ? field_of(text, strlen(text)) : field_of(NULL, 0);
}

enum status field_check_text(struct span text, size_t max)
{
    if (text.n > max) {
        return STATUS_TOO_BIG;
    }
    return text_is_clean(text) ? STATUS_OK : STATUS_MALFORMED;
}

enum status field_read_text(
    struct arena *arena, ProtobufCBinaryData field, size_t max, const char **ret)
{
    enum status status = field_check_text(span_of(field.data, field.len), max);
    if (status != STATUS_OK) {
        return status;
    }
    const char *copy = arena_copy(arena, field.data, field.len);
    if (copy == NULL) {
        return STATUS_TOO_BIG;
    }
    *ret = copy;
    return STATUS_OK;
}

static bool is_language(const char *language)
{
    for (size_t i = 0; i < LANGUAGE_LETTERS; i++) {
        if (language[i] < 'a' || language[i] > 'z') {
            return false;
        }
    }
    return language[LANGUAGE_LETTERS] == '\0';
}

enum status field_check_languages(const char (*languages)[4], size_t n)
{
    if (n > LANGUAGES_MAX) {
        return STATUS_TOO_BIG;
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_language(languages[i])) {
            return STATUS_MALFORMED;
        }
        for (size_t earlier = 0; earlier < i; earlier++) {
            if (strcmp(languages[earlier], languages[i]) == 0) {
                return STATUS_MALFORMED;
            }
        }
    }
    return STATUS_OK;
}

enum status field_read_languages(
    const ProtobufCBinaryData *fields, size_t n, char (*ret)[4])
{
    if (n > LANGUAGES_MAX) {
        return STATUS_TOO_BIG;
    }
    char languages[LANGUAGES_MAX][4] = {{0}};
    for (size_t i = 0; i < n; i++) {
        if (fields[i].len != LANGUAGE_LETTERS) {
            return STATUS_MALFORMED;
        }
        memcpy(languages[i], fields[i].data, LANGUAGE_LETTERS);
    }
    enum status status = field_check_languages((const char(*)[4])languages, n);
    if (status == STATUS_OK) {
        memcpy(ret, languages, sizeof(languages));
    }
    return status;
}

void field_write_languages(const char (*languages)[4], size_t n, ProtobufCBinaryData *ret)
{
    for (size_t i = 0; i < n; i++) {
        ret[i] = field_of(languages[i], LANGUAGE_LETTERS);
    }
}

enum status field_check_reference(const char reference[static REFERENCE_BYTES])
{
    char canonical[REFERENCE_BYTES];

    if (!memchr(reference, '\0', REFERENCE_BYTES) ||
        reference_parse(reference, canonical) != STATUS_OK)
        return STATUS_MALFORMED;
    return memcmp(canonical, reference, REFERENCE_BYTES) == 0 ? STATUS_OK
                                                              : STATUS_MALFORMED;
}

enum status field_read_reference(
    ProtobufCBinaryData field, char ret[static REFERENCE_BYTES])
{
    if (field.len != REFERENCE_BYTES - 1)
        return STATUS_MALFORMED;
    memcpy(ret, field.data, field.len);
    ret[field.len] = '\0';
    return STATUS_OK;
}

enum status field_unpack(struct arena *arena, const ProtobufCMessageDescriptor *type,
    struct span bytes, const void **ret)
{
    const ProtobufCMessage *message = NULL;
    enum status status = bytes.n > BODY_BYTES_MAX ? STATUS_TOO_BIG : STATUS_OK;

    if (status == STATUS_OK)
        status = message_unpack(arena, type, bytes, &message);
    if (status == STATUS_OK && !message_knows_all(message))
        status = STATUS_MALFORMED;
    if (status == STATUS_OK)
        *ret = message;
    return status;
}
