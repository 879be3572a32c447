/* SPDX-License-Identifier: Apache-2.0
 *
 * labelled: LabeledExtract and LabeledExpand of RFC 9180 section 4, which bind every key to the suite and
 * to what it is for. Used by kem and hpke only; the broker does not link it.
 */
#ifndef AMAAN_LABELLED_H
#define AMAAN_LABELLED_H

#include "hkdf.h"

void labelled_extract(struct span suite_id, struct span salt, const char *label,
    struct span input, uint8_t ret_prk[static HKDF_PRK_BYTES]);
/* n at most 65,535 and HKDF_OUT_MAX, else BUG. */
void labelled_expand(struct span suite_id, const uint8_t prk[static HKDF_PRK_BYTES],
    const char *label, struct span info, uint8_t *ret, size_t n);

#endif
