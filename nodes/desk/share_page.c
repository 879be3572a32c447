/* SPDX-License-Identifier: Apache-2.0
 * One paragraph a referral, one line a fact.
 */
#include "share_page.h"

#include <string.h>

#include "clock.h"
#include "memory.h"

enum { DAY_TEXT_BYTES = 10 };

const char *share_state_name(const struct share *share)
{
    if (share->purged_day != 0)
        return share->mismatch ? "mismatch" : "purged";
    return share->withdrawn_day != 0 ? "withdrawn" : "sent";
}

static enum status put(struct buffer *buffer, const char *text)
{
    return buffer_put(buffer, text, strlen(text));
}

static enum status put_day(struct buffer *buffer, int64_t day)
{
    char text[TIME_TEXT_BYTES];

    time_format(day * DAY_MS, text);
    return buffer_put(buffer, text, DAY_TEXT_BYTES);
}

static enum status put_label(
    struct buffer *buffer, const struct consent_text *text, const char *label)
{
    enum status status = put(buffer, consent_text_label(text, label));

    return status == STATUS_OK ? put(buffer, ": ") : status;
}

static enum status put_line(struct buffer *buffer, const struct consent_text *text,
    const char *label, const char *value)
{
    enum status status = put_label(buffer, text, label);

    if (status == STATUS_OK)
        status = put(buffer, value);
    return status == STATUS_OK ? put(buffer, "\n") : status;
}

static enum status put_consent(
    struct buffer *buffer, const struct consent_text *text, const struct consent *consent)
{
    char label[40];
    enum status status = put_label(buffer, text, "consent");

    (void)snprintf(
        label, sizeof(label), "given_by_%s", consent_giver_name(consent->giver));
    if (status == STATUS_OK)
        status = put(buffer, consent_text_label(text, label));
    if (status == STATUS_OK)
        status = put(buffer, ", ");
    if (status == STATUS_OK)
        status = put_day(buffer, consent->given_day);
    return status == STATUS_OK ? put(buffer, "\n") : status;
}

static enum status put_state(
    struct buffer *buffer, const struct consent_text *text, const struct share *share)
{
    int64_t day = share->purged_day != 0 ? share->purged_day : share->withdrawn_day;
    enum status status = put_label(buffer, text, "state");

    if (status == STATUS_OK)
        status = put(buffer, consent_text_label(text, share_state_name(share)));
    if (status == STATUS_OK && day != 0)
        status = put(buffer, ", ");
    if (status == STATUS_OK && day != 0)
        status = put_day(buffer, day);
    return status == STATUS_OK ? put(buffer, "\n") : status;
}

static enum status put_entry(struct buffer *buffer, const struct consent_text *text,
    const struct share_entry *entry)
{
    enum status status = put(buffer, "\n");

    if (status == STATUS_OK)
        status = put_line(
            buffer, text, "service", consent_text_service(text, entry->share.service));
    if (status == STATUS_OK)
        status = put_line(buffer, text, "recipient", entry->recipient);
    if (status == STATUS_OK)
        status = put_label(buffer, text, "day");
    if (status == STATUS_OK)
        status = put_day(buffer, entry->share.day);
    if (status == STATUS_OK)
        status = put(buffer, "\n");
    if (status == STATUS_OK)
        status = put_label(buffer, text, "groups");
    if (status == STATUS_OK)
        status = consent_text_list(text, entry->share.groups, buffer);
    if (status == STATUS_OK)
        status = put(buffer, "\n");
    if (status == STATUS_OK)
        status = put_consent(buffer, text, &entry->consent);
    return status == STATUS_OK ? put_state(buffer, text, &entry->share) : status;
}

enum status share_page_format(const struct consent_text *text, bool practice,
    const struct share_entry *entries, size_t n, struct buffer *ret)
{
    enum status status = STATUS_OK;

    if (practice) {
        status = put(ret, consent_text_label(text, "practice"));
        if (status == STATUS_OK)
            status = put(ret, "\n");
    }
    if (status == STATUS_OK)
        status = put(ret, consent_text_label(text, "title"));

    if (status == STATUS_OK)
        status = put(ret, "\n");
    if (status == STATUS_OK && !consent_text_is_reviewed(text)) {
        status = put(ret, "(");
        if (status == STATUS_OK)
            status = put(ret, consent_text_label(text, "draft"));
        if (status == STATUS_OK)
            status = put(ret, ")\n");
    }
    if (status == STATUS_OK && n == 0) {
        status = put(ret, "\n");
        if (status == STATUS_OK)
            status = put(ret, consent_text_label(text, "nothing"));
        if (status == STATUS_OK)
            status = put(ret, "\n");
    }
    for (size_t i = 0; status == STATUS_OK && i < n; i++)
        status = put_entry(ret, text, &entries[i]);
    return status;
}
