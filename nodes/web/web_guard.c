/* SPDX-License-Identifier: Apache-2.0 */
#include "web_guard.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "memory.h"

enum { MISDIRECTED = 421, FORBIDDEN = 403, NO_METHOD = 405, NO_TYPE = 415 };

static bool is_one_of(const char *value, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(value, list[i]) == 0)
            return true;
    return false;
}

void web_place_init(
    struct web_place *place, const char *address, const char *name, uint16_t port)
{
    *place = (struct web_place){.scheme = address ? "https" : "http"};
    (void)snprintf(place->hosts[0], WEB_HOST_MAX, "%s:%u",
        address ? address : "127.0.0.1", (unsigned)port);
    if (address && *name)
        (void)snprintf(place->hosts[1], WEB_HOST_MAX, "%s:%u", name, (unsigned)port);
}

static bool is_own_host(const char *host, const struct web_place *place)
{
    for (size_t i = 0; i < WEB_HOSTS_MAX; i++)
        if (host != NULL && *place->hosts[i] && strcmp(host, place->hosts[i]) == 0)
            return true;
    return false;
}

static bool is_own_origin(
    const char *origin, const char *host, const struct web_place *place)
{
    char own[WEB_HOST_MAX + 16];
    snprintf(own, sizeof own, "%s://%s", place->scheme, host);
    return strcmp(origin, own) == 0;
}

/* A look: typed by a person, opened by `amaan open`, or asked for by our own page; never into a frame. */
static bool is_look_welcome(const struct web_head *head)
{
    static const char *const DESTS[] = {
        "document", "style", "font", "image", "script", "empty"};
    const char *site = head->fetch_site, *mode = head->fetch_mode,
               *dest = head->fetch_dest;

    if (dest != NULL && !is_one_of(dest, DESTS, ARRAY_LENGTH(DESTS)))
        return false;
    if (site == NULL || strcmp(site, "same-origin") == 0)
        return true;
    return (strcmp(site, "none") == 0 || head->from_outside) &&
           (mode == NULL || strcmp(mode, "navigate") == 0) &&
           (dest == NULL || strcmp(dest, "document") == 0);
}

/* A change: from a form of our own page, shown in a window of its own. */
static bool is_change_welcome(const struct web_head *head)
{
    return head->origin != NULL &&
           (head->fetch_site == NULL || strcmp(head->fetch_site, "same-origin") == 0) &&
           (head->fetch_mode == NULL || strcmp(head->fetch_mode, "navigate") == 0) &&
           (head->fetch_dest == NULL || strcmp(head->fetch_dest, "document") == 0);
}

static bool is_plain_form(const char *type)
{
    return type != NULL &&
           (strcasecmp(type, "application/x-www-form-urlencoded") == 0 ||
               strcasecmp(type, "application/x-www-form-urlencoded; charset=utf-8") == 0);
}

int web_guard_judge(const struct web_head *head, const struct web_place *place)
{
    bool is_change = strcmp(head->method, "POST") == 0;

    if (!is_own_host(head->host, place))
        return MISDIRECTED;
    if (!is_change && strcmp(head->method, "GET") != 0)
        return NO_METHOD;
    if (head->origin != NULL && !is_own_origin(head->origin, head->host, place))
        return FORBIDDEN;
    if (is_change ? !is_change_welcome(head) : !is_look_welcome(head))
        return FORBIDDEN;
    return is_change && !is_plain_form(head->type) ? NO_TYPE : 0;
}
