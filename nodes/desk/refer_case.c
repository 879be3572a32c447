/* SPDX-License-Identifier: Apache-2.0
 * The casebook gives person and key; a referral without a case has a key of the node's own.
 */
#include "inside.h"
#include "memory.h"

/* What a case says itself, so that a request must not. */
static const char *const FROM_CASE[] = {
    "age_band", "minor", "gender", "languages", "interpreter", "risk", "safe_contact"};

enum status refer_case_find(const struct desk *desk, const struct json *request,
    struct desk_case *ret, struct ident *ret_id, struct problem *problem)
{
    const struct desk_options *options = &desk->options;
    struct trouble trouble = {""};
    enum status status = json_need_ident(request, "case", ret_id, &trouble);

    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    for (size_t i = 0; i < ARRAY_LENGTH(FROM_CASE); i++)
        if (json_find(request, FROM_CASE[i])) {
            problem_say(problem, 400, "case-says-it",
                "Field \"%s\" comes from the case. Nothing was sent. Leave it out, or "
                "change the case.",
                FROM_CASE[i]);
            return STATUS_MALFORMED;
        }
    status = options->find_case
                 ? options->find_case(options->find_case_context, ret_id, ret)
                 : STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND)
        problem_say(problem, 404, "unknown-case",
            "No case of that number is known here. Nothing was sent.");
    return status;
}

enum status refer_key_find(const struct desk *desk, const struct ident *subject,
    const struct ident *item_id, struct box_key *ret)
{
    const struct desk_options *options = &desk->options;
    const struct box_key *master = post_master_key(options->post);
    struct desk_case found;

    if (!master)
        return STATUS_LOCKED;
    if (ident_equal(subject, item_id)) {
        box_derive_key(master, "consent", ret);
        return STATUS_OK;
    }
    if (!options->find_case)
        return STATUS_NOT_FOUND;
    enum status status = options->find_case(options->find_case_context, subject, &found);
    if (status == STATUS_OK)
        *ret = found.key;
    memory_wipe(&found.key, sizeof(found.key));
    return status;
}

enum status refer_next_consent(struct desk *desk, const struct box_key *key,
    const struct ident *subject, struct consent_row *row)
{
    int64_t after = row->id;

    arena_reset(desk->consent_arena);
    return consents_next(desk->consents, key, subject, after, desk->consent_arena, row);
}
