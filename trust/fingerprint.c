/* SPDX-License-Identifier: Apache-2.0
 * A modulus per group instead of one long division: a person can be told how it is done.
 */
#include "fingerprint.h"

#include <string.h>

#include "memory.h"

void fingerprint_format(const struct hash *hash, char ret[static FINGERPRINT_TEXT_BYTES])
{
    struct reader reader = reader_over(hash_span(hash));

    for (size_t i = 0; i < FINGERPRINT_GROUPS; i++)
        (void)snprintf(ret + 6 * i, FINGERPRINT_TEXT_BYTES - 6 * i, "%05u%s",
            (unsigned)(reader_u32(&reader) % 100000),
            i + 1 < FINGERPRINT_GROUPS ? " " : "");
    PROMISE(!reader.bad);
}

static const char *skip_gap(const char *text)
{
    return text + strspn(text, " -\t\r\n");
}

bool fingerprint_matches(const char *fingerprint, const char *typed)
{
    for (;;) {
        fingerprint = skip_gap(fingerprint);
        typed = skip_gap(typed);
        if (*fingerprint != *typed)
            return false;
        if (!*fingerprint)
            return true;
        fingerprint++;
        typed++;
    }
}

void fingerprint_format_key(
    const struct sign_public *key, char ret[static FINGERPRINT_TEXT_BYTES])
{
    struct span parts[] = {
        span_of(CONTEXT_ROOT, CONTEXT_BYTES), span_of(key->bytes, sizeof key->bytes)};
    struct hash hash = hash_of_parts(parts, ARRAY_LENGTH(parts));

    fingerprint_format(&hash, ret);
}
