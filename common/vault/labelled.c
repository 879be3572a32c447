/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: RFC 9180 section 4, in parts instead of copies:
 * extract over "HPKE-v1" | suite_id | label | input, expand over I2OSP(n, 2) | "HPKE-v1" | suite_id | label | info.
 */
#include "labelled.h"

#include "memory.h"

static const uint8_t version[7] = {'H', 'P', 'K', 'E', '-', 'v', '1'};

void labelled_extract(struct span suite_id, struct span salt, const char *label,
    struct span input, uint8_t ret_prk[static HKDF_PRK_BYTES])
{
    const struct span parts[] = {
        span_of(version, sizeof version), suite_id, span_text(label), input};
    hkdf_extract_parts(salt, parts, ARRAY_LENGTH(parts), ret_prk);
}

void labelled_expand(struct span suite_id, const uint8_t prk[static HKDF_PRK_BYTES],
    const char *label, struct span info, uint8_t *ret, size_t n)
{
    PROMISE(n <= HKDF_OUT_MAX);
    const uint8_t length[2] = {(uint8_t)(n >> 8), (uint8_t)(n & 0xff)};
    const struct span parts[] = {span_of(length, sizeof length),
        span_of(version, sizeof version), suite_id, span_text(label), info};
    hkdf_expand_parts(prk, parts, ARRAY_LENGTH(parts), ret, n);
}
