/* SPDX-License-Identifier: Apache-2.0
 * Rows, and the search for one.
 */
#include "web_pages.h"

#include <string.h>

#include "memory.h"
#include "pages.h"

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"

const struct web_page WEB_PAGES[] = {
    {"/", page_home, "home", NULL,
        {{.name = "due", .verb = "due", .maybe = true},
            {.name = "acts", .verb = "acts", .maybe = true},
            {.name = "follow-ups", .verb = "follow-ups", .maybe = true},
            {.name = "tests", .verb = "test-letters", .maybe = true}}},
    {WEB_PAGE_LIVE, page_live, NULL, NULL,
        {{.name = "due", .verb = "due", .maybe = true}}},
    {"/arrivals", page_arrivals, "arrivals", "triage",
        {{.name = "tasks", .verb = "tasks"}, {.name = "triage", .form = "triage"}}},
    {"/cases", page_cases, "cases", "screen",
        {{.name = "shift", .verb = "shift"}, {.name = "found", .form = "case-find"}}},
    {"/case/{reference}", page_case, NULL, NULL,
        {{.name = "case", .once = "case-show"}, {.name = "screening", .once = "screen"},
            {.name = "consents", .verb = "case-consents"},
            {.name = "tasks", .verb = "tasks", .maybe = true}}},
    {"/screen/{reference}", page_screen, NULL, NULL,
        {{.name = "screening", .once = "screen"}}},
    {"/outcome/{reference}", page_outcome, NULL, NULL,
        {{.name = "screening", .once = "screen"}}},
    {"/services/{reference}", page_services, NULL, NULL,
        {{.name = "case", .once = "case-show"}, {.name = "match", .form = "match"},
            {.name = "enquiries", .verb = "enquiries", .maybe = true}}},
    {"/consent/{reference}", page_consent, NULL, NULL,
        {{.name = "case", .once = "case-show"}, {.name = "plan", .form = "preview"},
            {.name = "consents", .verb = "case-consents"}}},
    {"/send/{reference}", page_send, NULL, NULL,
        {{.name = "case", .once = "case-show"}, {.name = "plans", .form = "preview"},
            {.name = "consents", .verb = "case-consents"}}},
    {"/shift", page_shift, "shift", NULL, {{.name = "shift", .verb = "shift"}}},
    {"/inbox", page_inbox, "inbox", NULL,
        {{.name = "inbox", .verb = "inbox"},
            {.name = "due", .verb = "due", .maybe = true}}},
    {"/sent", page_sent, "sent", NULL, {{.name = "sent", .verb = "sent"}}},
    {"/referral/{reference}", page_referral, NULL, NULL,
        {{.name = "referral", .verb = "trace", .once = "show"},
            {.name = "points", .verb = "meeting-points", .maybe = true},
            {.name = "members", .verb = "members", .maybe = true}}},
    {"/enquiries", page_enquiries, "enquiries", NULL,
        {{.name = "enquiries", .verb = "enquiries"}}},
    {"/capacity", page_capacity, "capacity", "capacity-set",
        {{.name = "members", .verb = "members"}}},
    {"/board", page_board, "board", NULL,
        {{.name = "board", .once = "board"},
            {.name = "members", .verb = "members", .maybe = true},
            {.name = "load", .verb = "load", .maybe = true},
            {.name = "missing", .verb = "missing", .maybe = true}}},
    {"/load", page_load, "load", NULL, {{.name = "load", .verb = "load"}}},
    {"/timeline", page_timeline, NULL, NULL,
        {{.name = "board", .once = "board"},
            {.name = "members", .verb = "members", .maybe = true}}},
    {"/members", page_members, "members", NULL,
        {{.name = "members", .verb = "members"},
            {.name = "roster", .verb = "roster", .maybe = true}}},
    {"/people", page_people, "people", NULL, {{.name = "people", .verb = "people"}}},
    {"/computer", page_computer, "computer", NULL,
        {{.name = "health", .verb = "findings"}, {.name = "alarms", .verb = "alarms"},
            {.name = "roster", .verb = "roster"},
            {.name = "tests", .verb = "test-letters", .maybe = true},
            {.name = "quarantine", .verb = "quarantine", .maybe = true}}},
    {"/recovery", page_recovery, NULL, NULL,
        {{.name = "made", .form = "recovery-make", .single = true}}},
};
const size_t WEB_PAGES_N = ARRAY_LENGTH(WEB_PAGES);

static const struct web_made MADE[] = {{"case-open", "case", "/case/", "case-show"}};

const struct web_made *web_made_find(const char *verb)
{
    for (size_t i = 0; i < ARRAY_LENGTH(MADE); i++)
        if (strcmp(MADE[i].verb, verb) == 0)
            return &MADE[i];
    return NULL;
}

const struct web_ask *web_page_form(const struct web_page *page, const char *verb)
{
    for (size_t i = 0; i < WEB_ASKS_MAX && page->asks[i].name; i++)
        if (page->asks[i].form && strcmp(page->asks[i].form, verb) == 0)
            return &page->asks[i];
    return NULL;
}

/* Does the path fit the row's? Copies what stands for {reference}. */
static bool fits(const char *pattern, const char *path, size_t n, char *ret_reference)
{
    size_t before = strcspn(pattern, "{"), piece;

    *ret_reference = 0;
    if (!pattern[before])
        return n == before && strncmp(pattern, path, n) == 0;
    if (n <= before || strncmp(pattern, path, before) != 0)
        return false;
    piece = strspn(path + before, PLAIN);
    if (piece == 0 || piece >= VERB_REFERENCE_BYTES || before + piece != n)
        return false;
    memcpy(ret_reference, path + before, piece);
    ret_reference[piece] = 0;
    return true;
}

const struct web_page *web_page_find(
    const char *path, char ret_reference[static VERB_REFERENCE_BYTES])
{
    size_t n = strcspn(path, "?");

    for (size_t i = 0; i < WEB_PAGES_N; i++)
        if (fits(WEB_PAGES[i].path, path, n, ret_reference))
            return &WEB_PAGES[i];
    return NULL;
}

bool web_page_is_address(const char *path)
{
    char reference[VERB_REFERENCE_BYTES];
    const char *query = strchr(path, '?');

    if (strlen(path) >= WEB_PATH_MAX || !web_page_find(path, reference))
        return false;
    /* a name of a member has a dot */
    return !query || strspn(query + 1, PLAIN "=&_.") == strlen(query + 1);
}
