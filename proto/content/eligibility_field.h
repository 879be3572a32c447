/* SPDX-License-Identifier: Apache-2.0
 *
 * eligibility_field: eligibility as fields of a protobuf Profile. Private to proto/content.
 */
#ifndef AMAAN_ELIGIBILITY_FIELD_H
#define AMAAN_ELIGIBILITY_FIELD_H

#include "content.pb-c.h"
#include "eligibility.h"

/* `catchment` has room for CATCHMENT_MAX and lives as long as the message. */
void eligibility_write(const struct eligibility *eligibility, uint32_t *catchment,
    Amaan__Content__Profile *message);
/* Reads without judging: eligibility_check follows. TOO_BIG, MALFORMED, UNSUPPORTED for what the struct cannot hold. */
enum status eligibility_read(struct arena *arena, const Amaan__Content__Profile *message,
    struct eligibility *ret) MUST_USE;

#endif
