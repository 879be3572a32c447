/* SPDX-License-Identifier: Apache-2.0 */
#include "some_bodies.h"

#include "body.h"
#include "check.h"
#include "memory.h"

const char *const SOME_BODIES_WORDS[] = {"Gulnamoona", "Farziwala", "PK513", "stairs",
    "counsellor", "4210112345671", "03001234567", "شیلٹر", NULL};

void some_bodies_make(struct chance *chance, size_t i, struct buffer *ret)
{
    struct referral referral = {.service = (enum service)(1 + i % (SERVICE_COUNT - 1)),
        .priority = (enum priority)(1 + i % (PRIORITY_COUNT - 1)),
        .sender_role = "screening officer",
        .note = "Gulnamoona Farziwala, PK513, 4210112345671, 03001234567: people write "
                "what they must not. شیلٹر",
        .person = {
            .age_band = (enum age_band)(1 + chance_below(chance, AGE_BAND_COUNT - 1)),
            .minor = MINOR_UNKNOWN,
            .gender = GENDER_FEMALE,
            .n_languages = 1,
            .languages = {"prs"},
            .preferred_name = "Gulnamoona",
            .full_name = "Gulnamoona Farziwala",
            .safe_contact = "by the counsellor, 03001234567",
            .district = "PK513",
            .access = "cannot climb stairs",
            .dependants = (uint32_t)chance_below(chance, 4),
            .risk = (enum risk)(1 + chance_below(chance, RISK_COUNT - 1))}};

    reference_new(chance, referral.reference);
    assert_ok(referral_encode(&referral, ret));
}
