/* SPDX-License-Identifier: Apache-2.0
 *
 * hpke: RFC 9180 base mode over a kem row. Amaan uses sequence 0 only and one sealing per encapsulation;
 * the sequence is a parameter so that all vectors of RFC 9180 A.2 can be checked.
 */
#ifndef AMAAN_HPKE_H
#define AMAAN_HPKE_H

#include "kem.h"

enum { HPKE_TAG_BYTES = 16, HPKE_KEY_BYTES = 32, HPKE_NONCE_BYTES = 12 };

/* Holds a key: wipe with hpke_release. */
struct hpke {
    uint8_t key[HPKE_KEY_BYTES];
    uint8_t base_nonce[HPKE_NONCE_BYTES];
};

/* Sender: makes enc (kem->enc_bytes). FORGED if the recipient's key is of low order. */
enum status hpke_setup_sender(const struct kem *kem, struct chance *chance,
    const uint8_t *recipient_public, struct span info, uint8_t *ret_enc,
    struct hpke *ret) MUST_USE;
enum status hpke_setup_recipient(const struct kem *kem, const uint8_t *enc,
    const uint8_t *secret, struct span info, struct hpke *ret) MUST_USE;
/* ret has plain.n + HPKE_TAG_BYTES bytes. */
void hpke_seal(const struct hpke *hpke, uint64_t sequence, struct span aad,
    struct span plain, uint8_t *ret);
/* ret has sealed.n - HPKE_TAG_BYTES bytes. FORGED if it does not hold; ret is then untouched. */
enum status hpke_open(const struct hpke *hpke, uint64_t sequence, struct span aad,
    struct span sealed, uint8_t *ret) MUST_USE;
void hpke_release(struct hpke *hpke);

/* RFC 9180 A.2 once through both sides: for programs that open or make envelopes, after vault_start.
 * CORRUPT if this machine gives another answer. */
enum status hpke_self_test(struct trouble *trouble) MUST_USE;

#endif
