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
            {.name = "follow-ups", .verb = "follow-ups", .maybe = true}}},
    {"/inbox", page_inbox, "inbox", NULL,
        {{.name = "inbox", .verb = "inbox"},
            {.name = "due", .verb = "due", .maybe = true}}},
    {"/sent", page_sent, "sent", NULL, {{.name = "sent", .verb = "sent"}}},
    {"/referral/{reference}", page_referral, NULL, NULL,
        {{.name = "referral", .verb = "trace", .once = "show"},
            {.name = "points", .verb = "meeting-points", .maybe = true}}},
    {"/enquiries", page_enquiries, "enquiries", NULL,
        {{.name = "enquiries", .verb = "enquiries"}}},
    {"/capacity", page_capacity, "capacity", "capacity-set",
        {{.name = "members", .verb = "members"}}},
    {"/board", page_board, "board", NULL,
        {{.name = "board", .once = "board"},
            {.name = "missing", .verb = "missing", .maybe = true}}},
    {"/members", page_members, "members", NULL, {{.name = "members", .verb = "members"}}},
    {"/people", page_people, "people", NULL, {{.name = "people", .verb = "people"}}},
    {"/computer", page_computer, "computer", NULL,
        {{.name = "alarms", .verb = "alarms"}, {.name = "roster", .verb = "roster"},
            {.name = "quarantine", .verb = "quarantine", .maybe = true}}},
};
const size_t WEB_PAGES_N = ARRAY_LENGTH(WEB_PAGES);

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
    return !query || strspn(query + 1, PLAIN "=&_") == strlen(query + 1);
}
