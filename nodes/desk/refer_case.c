/* SPDX-License-Identifier: Apache-2.0
 * The casebook gives person and key; a referral without a case has a key of the node's own.
 */
#include "inside.h"
#include "memory.h"

/* What a case says itself, so that a request must not. */
static const char *const FROM_CASE[] = {
    "age_band", "minor", "gender", "languages", "interpreter", "risk", "safe_contact"};

enum status refer_case_find(struct desk *desk, const struct json *request,
    struct person *ret, struct ident *ret_id, struct box_key *ret_key,
    struct problem *problem)
{
    struct case_row row;
    enum status status;

    for (size_t i = 0; i < ARRAY_LENGTH(FROM_CASE); i++)
        if (json_find(request, FROM_CASE[i])) {
            problem_say(problem, 400, "case-says-it",
                "Field \"%s\" comes from the case. Nothing was sent. Leave it out, or "
                "change the case.",
                FROM_CASE[i]);
            return STATUS_MALFORMED;
        }
    status = case_named(desk, request, "case", &row, problem);
    if (status == STATUS_OK)
        status = casebook_key(desk->casebook, &row.ident, ret_key);
    if (status == STATUS_OK) {
        *ret = row.person;
        *ret_id = row.ident;
    }
    return status;
}

enum status refer_key_find(const struct desk *desk, const struct ident *subject,
    const struct ident *item_id, struct box_key *ret)
{
    const struct box_key *master = post_master_key(desk->options.post);

    if (!master)
        return STATUS_LOCKED;
    if (!ident_equal(subject, item_id))
        return casebook_key(desk->casebook, subject, ret);
    box_derive_key(master, "consent", ret);
    return STATUS_OK;
}

enum status refer_next_consent(struct desk *desk, const struct box_key *key,
    const struct ident *subject, struct consent_row *row)
{
    int64_t after = row->id;

    arena_reset(desk->consent_arena);
    return consents_next(desk->consents, key, subject, after, desk->consent_arena, row);
}
