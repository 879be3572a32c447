/* SPDX-License-Identifier: Apache-2.0
 * The record of one person: all that went out under the same case, or the one referral that has none.
 */
#include "inside.h"
#include "memory.h"
#include "share_page.h"

enum { ENTRIES_MAX = 200 };

struct record {
    struct share_entry entries[ENTRIES_MAX];
    char names[ENTRIES_MAX][IDENT_TEXT_BYTES];
    size_t n;
    int damaged; /* entries that cannot be read any more, or whose consent cannot */
};

static enum status collect(struct desk *desk, const struct ident *subject,
    const struct box_key *key, struct record *record)
{
    struct share share = {0};
    enum status status = STATUS_OK;

    while (status == STATUS_OK && record->n < ENTRIES_MAX) {
        struct share_entry *entry = &record->entries[record->n];
        struct consent_row row = {0};
        int64_t before = share.id;

        status = sharings_next(desk->sharings, key, subject, before, &share);
        arena_reset(desk->consent_arena);
        if (status == STATUS_OK)
            status = consents_find(
                desk->consents, key, &share.consent_id, desk->consent_arena, &row);
        if (status == STATUS_CORRUPT && share.id > before) { /* that one alone */
            record->damaged++;
            status = STATUS_OK;
            continue;
        }
        if (status != STATUS_OK)
            break;
        entry->share = share;
        entry->consent = row.consent; /* its texts end with the next row: none is shown */
        entry->consent.role = entry->consent.rationale = NULL;
        entry->consent.first = entry->consent.second = NULL;
        entry->recipient =
            item_member_name(desk, &share.recipient, record->names[record->n]);
        record->n++;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static struct json *format_entry(const struct share_entry *entry)
{
    struct json *json = json_new_object(), *groups = json_new_list();

    for (int i = 0; i < 32; i++)
        if (entry->share.groups & (UINT32_C(1) << i))
            json_add_text(groups, disclosure_word(UINT32_C(1) << i));
    json_put_text(json, "reference", entry->share.reference);
    json_put_text(json, "service", service_name(entry->share.service));
    json_put_text(json, "recipient", entry->recipient);
    item_put_day(json, "day", entry->share.day);
    json_give(json, "groups", &groups);
    json_put_text(json, "state", share_state_name(&entry->share));
    if (entry->share.withdrawn_day != 0)
        item_put_day(json, "withdrawn_day", entry->share.withdrawn_day);
    if (entry->share.purged_day != 0)
        item_put_day(json, "purged_day", entry->share.purged_day);
    json_put_text(json, "given_by", consent_giver_name(entry->consent.giver));
    json_put_text(json, "how", consent_way_name(entry->consent.way));
    json_put_text(json, "language", entry->consent.language);
    json_put_int(json, "text_version", entry->consent.text_version);
    json_put_flag(json, "text_reviewed", entry->consent.text_reviewed);
    item_put_day(json, "given_day", entry->consent.given_day);
    item_put_day(json, "last_day", entry->consent.last_day);
    return json;
}

static enum status put_pages(
    const struct desk *desk, const struct record *record, struct json *json)
{
    static const char *const languages[] = {"eng", "urd"};
    struct json *pages = json_new_object();
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LENGTH(languages); i++) {
        const struct consent_text *text = consent_texts_find(desk->texts, languages[i]);
        struct buffer page;

        if (!text)
            continue;
        buffer_init(&page, SHARE_PAGE_BYTES_MAX);
        status = share_page_format(
            text, desk_is_practice(desk), record->entries, record->n, &page);
        if (status == STATUS_OK)
            json_put_span(pages, languages[i], buffer_span(&page));
        buffer_release(&page);
    }
    json_give(json, "pages", &pages);
    return status;
}

enum status use_shared(struct desk *desk, const struct verb *verb,
    const struct json *request, struct json **ret, struct problem *problem)
{
    struct record *record = memory_new(sizeof(*record));
    struct json *json = json_new_object(), *list = json_new_list();
    struct referral_row row;
    struct ident subject;
    struct box_key key;
    enum status status = item_find(desk, request, &row, problem);

    (void)verb;
    if (status == STATUS_OK && !row.sent) {
        problem_say(problem, 409, "not-sent-here",
            "This referral was sent by another member: the record of what was shared is "
            "kept there.");
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK)
        status = sharings_subject(desk->sharings, &row.item_id, &subject);
    if (status == STATUS_OK)
        status = refer_key_find(desk, &subject, &row.item_id, &key);
    if (status == STATUS_OK)
        status = collect(desk, &subject, &key, record);
    memory_wipe(&key, sizeof(key));
    for (size_t i = 0; status == STATUS_OK && i < record->n; i++) {
        struct json *one = format_entry(&record->entries[i]);

        json_add(list, &one);
    }
    json_give(json, "items", &list);
    if (record->damaged > 0)
        json_put_int(json, "damaged", record->damaged);
    if (status == STATUS_OK)
        status = put_pages(desk, record, json);
    memory_free(record);
    if (status != STATUS_OK) {
        json_destroy(&json);
        return status;
    }
    *ret = json;
    return STATUS_OK;
}
