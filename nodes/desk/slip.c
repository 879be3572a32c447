/* SPDX-License-Identifier: Apache-2.0
 * A note for whoever is referred (docs/CARE.md 10.8): the referral's reference, and the telephone of this desk. The person may be
 * searched: no name, service, member, day or place is in it. That it was made is recorded.
 */
#include <string.h>

#include "inside.h"

/* The directory's contact is a steward's free text: only a bare number is put on paper. */
static bool is_number(const char *text)
{
    return strspn(text, "0123456789 +-()/") == strlen(text);
}

enum status use_slip(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    const struct profile *own = directory_find(desk->directory, &desk->options.node_id);
    struct referral_row row;
    enum status status = item_find(desk, request, &row, problem);

    (void)verb;
    if (status != STATUS_OK)
        return status;
    *ret = json_new_object();
    json_put_text(*ret, "reference", row.referral.reference);
    json_put_text(*ret, "telephone", own && is_number(own->contact) ? own->contact : "");
    return STATUS_OK;
}
