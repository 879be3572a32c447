/* SPDX-License-Identifier: Apache-2.0
 * Lists of arrivals: whatever comes out keeps to its limits, and holds no 13 digits. And the fold of names: folding twice
 * is folding once.
 */
#include <string.h>

#include "arrivals_csv.h"
#include "fold.h"
#include "fuzz.h"
#include "memory.h"
#include "vault.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    PROMISE(vault_start(NULL) == STATUS_OK);
    return 0;
}

static void check_row(const struct arrival *row)
{
    PROMISE(memchr(row->vehicle, 0, sizeof(row->vehicle)) && *row->vehicle);
    PROMISE(memchr(row->state, 0, sizeof(row->state)));
    PROMISE(row->day >= 0 && row->day * INT64_C(86400000) <= TIME_MS_MAX);
    PROMISE(return_type_name(row->return_type) && answer_flag_name(row->minor));
    PROMISE(answer_flag_name(row->care_need) && arrival_reason(row, 0));
    PROMISE(!number_looks_like_cnic(span_text(row->vehicle)));
}

static void check_fold(struct span text)
{
    struct buffer once, twice;

    buffer_init(&once, FOLD_BYTES_MAX);
    buffer_init(&twice, FOLD_BYTES_MAX);
    if (fold_text(text, &once) == STATUS_OK) {
        enum status status = fold_text(buffer_span(&once), &twice);

        PROMISE(
            status == STATUS_TOO_BIG ||
            (status == STATUS_OK && span_equal(buffer_span(&once), buffer_span(&twice))));
    }
    buffer_release(&once);
    buffer_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct box_key key = {{1}};
    struct arrivals *arrivals = NULL;

    if (arrivals_parse(span_of(bytes, n), &key, &arrivals, NULL) == STATUS_OK) {
        PROMISE(arrivals->n_rows <= ARRIVALS_ROWS_MAX);
        for (size_t i = 0; i < arrivals->n_rows; i++)
            check_row(&arrivals->rows[i]);
        for (size_t i = 0; i < arrivals->n_dropped; i++)
            PROMISE(text_is_clean(span_text(arrivals->dropped[i])));
        arrivals_destroy(&arrivals);
    }
    check_fold(span_of(bytes, n));
    return 0;
}
