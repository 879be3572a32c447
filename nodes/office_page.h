/* SPDX-License-Identifier: Apache-2.0
 *
 * office_page: the page of a running node for the desks of its office (docs/decisions/0006): web.h over TLS at the address of
 * node.conf, with the papers of office_papers.h. There is none unless office/address is set.
 *
 * The node works on without it: when the address is not there yet (a cable, a router that starts later) or another
 * program has the port, it is tried again each minute; when papers are missing, the log says what to do.
 *
 * New papers are taken while nobody is connected; who connects at that moment waits in the socket's queue. Somebody who stays connected on
 * purpose puts that off for ten minutes; then it is done between two requests, and browsers connect again by themselves.
 */
#ifndef AMAAN_OFFICE_PAGE_H
#define AMAAN_OFFICE_PAGE_H

#include "box.h"
#include "loop.h"
#include "node_conf.h"
#include "web.h"

struct office_page;

struct office_page_options {
    const char *home;
    const struct node_conf *conf; /* outlives it */
    struct loop *loop;
    struct clock *clock;
    struct chance *chance;
    /* As web_options and web_office. */
    void (*ask)(void *context, const struct verb *verb, const char *key,
        struct json **fields,
        void (*on_answer)(void *asker, int http, const struct json *answer), void *asker);
    bool (*may)(void *context, const struct verb *verb);
    bool (*sits)(void *context, const char *person);
    void (*on_entered)(void *context);
    void (*on_request)(void *context); /* something was asked: work to do */
    void *context;
};

struct office_page *office_page_new(const struct office_page_options *options);
/* No more requests; what waits is answered 503. Before whoever answers `ask` ends. All accept NULL. */
void office_page_hang_up(struct office_page *page);
void office_page_destroy(struct office_page **page);

void office_page_turn(struct office_page *page); /* after each turn's answers */
void office_page_shut_sessions(struct office_page *page);
/* Somebody unlocked the node: new papers, if it is time. */
void office_page_renew(struct office_page *page, const struct box_key *master);

#endif
