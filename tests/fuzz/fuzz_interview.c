/* SPDX-License-Identifier: Apache-2.0
 * The bytes of an answer sheet or of an officer's confirmation, as they come back from a disk. Whatever is taken has
 * these bytes and no others, and can be assessed.
 */
#include <string.h>

#include "interview.h"
#include "confirmation.h"
#include "fuzz.h"
#include "memory.h"
#include "rule.h"

static void same(struct buffer *again, struct span bytes)
{
    PROMISE(span_equal(buffer_span(again), bytes));
    buffer_release(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct confirmation confirmation;
    struct interview *interview = NULL;
    struct assessment assessment;
    struct buffer again;

    buffer_init(&again, INTERVIEW_BYTES_MAX);
    if (interview_decode(span_of(bytes, n), &interview) == STATUS_OK) {
        rule_assess(interview, &assessment);
        PROMISE(outcome_class_word(assessment.class) && assessment.n_reasons > 0);
        PROMISE(interview_encode(interview, &again) == STATUS_OK);
        same(&again, span_of(bytes, n));
        interview_destroy(&interview);
    }
    buffer_init(&again, CONFIRMATION_BYTES_MAX);
    if (confirmation_decode(span_of(bytes, n), &confirmation) == STATUS_OK) {
        PROMISE(confirmation_encode(&confirmation, &again) == STATUS_OK);
        same(&again, span_of(bytes, n));
    }
    return 0;
}
