/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: DHKEM of RFC 9180 section 4.1 over dh.h. The suite_id of the KEM is "KEM" and its
 * number; enc and the recipient's public key, whole as they travel, are the context of the shared secret.
 * The odd suite (tests only) wraps the same mathematics in filler bytes that are checked on every use.
 */
#include "kem.h"

#include <string.h>

#include "labelled.h"
#include "memory.h"

/* ExtractAndExpand of section 4.1. */
static void expand_shared(uint16_t kem_id, const uint8_t dh[static DH_BYTES],
    struct span enc, struct span recipient_public,
    uint8_t ret_shared[static KEM_SHARED_BYTES])
{
    const uint8_t kem_suite[5] = {
        'K', 'E', 'M', (uint8_t)(kem_id >> 8), (uint8_t)(kem_id & 0xff)};
    struct span suite_id = span_of(kem_suite, sizeof kem_suite);
    uint8_t context[KEM_ENC_MAX + KEM_PUBLIC_MAX], prk[HKDF_PRK_BYTES];
    struct writer writer = writer_over(context, sizeof context);
    writer_put(&writer, enc.at, enc.n);
    writer_put(&writer, recipient_public.at, recipient_public.n);
    labelled_extract(suite_id, span_of(NULL, 0), "eae_prk", span_of(dh, DH_BYTES), prk);
    labelled_expand(suite_id, prk, "shared_secret", writer_span(&writer), ret_shared,
        KEM_SHARED_BYTES);
    memory_wipe(prk, sizeof prk);
}

enum { KEM_X25519 = 0x0020 };

static void new_keys_x25519(
    struct chance *chance, uint8_t *ret_public, uint8_t *ret_secret)
{
    dh_new_keys(chance, ret_public, ret_secret);
}

static enum status encap_x25519(struct chance *chance, const uint8_t *recipient_public,
    uint8_t *ret_enc, uint8_t ret_shared[KEM_SHARED_BYTES])
{
    uint8_t secret[DH_BYTES], public[DH_BYTES], dh[DH_BYTES];
    dh_new_keys(chance, public, secret);
    enum status status = dh_combine(secret, recipient_public, dh);
    if (status == STATUS_OK) {
        expand_shared(KEM_X25519, dh, span_of(public, DH_BYTES),
            span_of(recipient_public, DH_BYTES), ret_shared);
        memcpy(ret_enc, public, DH_BYTES);
    }
    memory_wipe(secret, sizeof secret);
    memory_wipe(dh, sizeof dh);
    return status;
}

static enum status decap_x25519(
    const uint8_t *enc, const uint8_t *secret, uint8_t ret_shared[KEM_SHARED_BYTES])
{
    uint8_t public[DH_BYTES], dh[DH_BYTES];
    enum status status = dh_combine(secret, enc, dh);
    if (status == STATUS_OK) {
        dh_public_of(secret, public);
        expand_shared(KEM_X25519, dh, span_of(enc, DH_BYTES), span_of(public, DH_BYTES),
            ret_shared);
    }
    memory_wipe(dh, sizeof dh);
    return status;
}

#ifdef AMAAN_ODD_SUITE
enum { ODD_KEM = 0x7f01, ODD_SECRET = 33, ODD_PUBLIC = 37, ODD_ENC = 39 };
static const uint8_t odd_secret[1] = {0x5a};                    /* behind the key */
static const uint8_t odd_public[5] = {'o', 'd', 'd', 'p', 'k'}; /* before the key */
static const uint8_t odd_enc[7] = {'o', 'd', 'd', 'e', 'n', 'c', '!'}; /* behind it */

static void frame_odd_public(const uint8_t *x25519, uint8_t *ret)
{
    memcpy(ret, odd_public, sizeof odd_public);
    memcpy(ret + sizeof odd_public, x25519, DH_BYTES);
}

static void new_keys_odd(struct chance *chance, uint8_t *ret_public, uint8_t *ret_secret)
{
    uint8_t public[DH_BYTES];
    dh_new_keys(chance, public, ret_secret);
    memcpy(ret_secret + DH_BYTES, odd_secret, sizeof odd_secret);
    frame_odd_public(public, ret_public);
}

static enum status encap_odd(struct chance *chance, const uint8_t *recipient_public,
    uint8_t *ret_enc, uint8_t ret_shared[KEM_SHARED_BYTES])
{
    uint8_t secret[DH_BYTES], enc[ODD_ENC], dh[DH_BYTES];
    if (memcmp(recipient_public, odd_public, sizeof odd_public) != 0)
        return STATUS_FORGED;
    dh_new_keys(chance, enc, secret);
    memcpy(enc + DH_BYTES, odd_enc, sizeof odd_enc);
    enum status status = dh_combine(secret, recipient_public + sizeof odd_public, dh);
    if (status == STATUS_OK) {
        expand_shared(ODD_KEM, dh, span_of(enc, ODD_ENC),
            span_of(recipient_public, ODD_PUBLIC), ret_shared);
        memcpy(ret_enc, enc, ODD_ENC);
    }
    memory_wipe(secret, sizeof secret);
    memory_wipe(dh, sizeof dh);
    return status;
}

static enum status decap_odd(
    const uint8_t *enc, const uint8_t *secret, uint8_t ret_shared[KEM_SHARED_BYTES])
{
    uint8_t x25519[DH_BYTES], public[ODD_PUBLIC], dh[DH_BYTES];
    if (memcmp(enc + DH_BYTES, odd_enc, sizeof odd_enc) != 0 ||
        memcmp(secret + DH_BYTES, odd_secret, sizeof odd_secret) != 0)
        return STATUS_FORGED;
    enum status status = dh_combine(secret, enc, dh);
    if (status == STATUS_OK) {
        dh_public_of(secret, x25519);
        frame_odd_public(x25519, public);
        expand_shared(
            ODD_KEM, dh, span_of(enc, ODD_ENC), span_of(public, ODD_PUBLIC), ret_shared);
    }
    memory_wipe(dh, sizeof dh);
    return status;
}
#endif

static const struct kem rows[] = {
    {.suite = 1,
        .secret_bytes = DH_BYTES,
        .public_bytes = DH_BYTES,
        .enc_bytes = DH_BYTES,
        .suite_id = {'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, 0x03},
        .new_keys = new_keys_x25519,
        .encap = encap_x25519,
        .decap = decap_x25519},
#ifdef AMAAN_ODD_SUITE
    {.suite = 0x7f01,
        .secret_bytes = ODD_SECRET,
        .public_bytes = ODD_PUBLIC,
        .enc_bytes = ODD_ENC,
        .suite_id = {'H', 'P', 'K', 'E', 0x7f, 0x01, 0x00, 0x01, 0x00, 0x03},
        .new_keys = new_keys_odd,
        .encap = encap_odd,
        .decap = decap_odd},
#endif
};

const struct kem *kem_find(uint16_t suite)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        if (rows[i].suite == suite)
            return &rows[i];
    return NULL;
}

size_t kem_count(void)
{
    return ARRAY_LENGTH(rows);
}

const struct kem *kem_nth(size_t i)
{
    return i < ARRAY_LENGTH(rows) ? &rows[i] : NULL;
}
