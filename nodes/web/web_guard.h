/* SPDX-License-Identifier: Apache-2.0
 *
 * web_guard: may this request reach the local page at all? A pure decision over its head.
 *
 * Against pages of other origins that the same browser has open. Host is one exact name (or the office's second), so that a name which a
 * stranger's DNS points at 127.0.0.1 is refused (421). A request that another page made is refused (403) by
 * Sec-Fetch-Site and Origin; another port of this machine is another origin ("same-site"), and refused too. A
 * change must say its Origin. The page's Referrer-Policy must be same-origin: under no-referrer browsers send
 * "Origin: null" with our own forms (Fetch, "append a request Origin header").
 *
 * It does not ask who the caller is: that is the session's part, and the kernel's word on the caller's user.
 */
#ifndef AMAAN_WEB_GUARD_H
#define AMAAN_WEB_GUARD_H

#include <stdbool.h>
#include <stdint.h>

enum { WEB_HOST_MAX = 80, WEB_HOSTS_MAX = 2 };

/* Where the page stands, as browsers say it: "127.0.0.1:PORT"; in an office its address with the port and, if there is one,
 * its name with the port. An Origin is the scheme with the very Host of the same request. */
struct web_place {
    const char *scheme;                      /* "http", "https" */
    char hosts[WEB_HOSTS_MAX][WEB_HOST_MAX]; /* "": none */
};
/* `address` NULL: the local page. `name` may be "". */
void web_place_init(
    struct web_place *place, const char *address, const char *name, uint16_t port);

/* Values as they came; NULL: absent. That none of them came twice is http.h's promise. */
struct web_head {
    const char *method;
    const char *host, *origin;
    const char *fetch_site, *fetch_mode, *fetch_dest;
    const char *type; /* Content-Type */
    bool
        from_outside; /* a look that may begin elsewhere: `amaan open` leads there from a file */
};

/* 0: let it in; else the code of the refusal: 405 (neither GET nor POST), 421 (Host), 403 (Origin or fetch
 * metadata), 415 (a POST that is no plain form). */
int web_guard_judge(const struct web_head *head, const struct web_place *place);

#endif
