/* SPDX-License-Identifier: Apache-2.0 */
#include "office_page.h"

#include <stdio.h>

#include "http.h"
#include "lan.h"
#include "log.h"
#include "memory.h"
#include "office_papers.h"
#include "web_form.h"

#define RETRY_MS                                                                         \
    MINUTE_MS /* an address that comes with the network's cable is there soon after it */

struct office_page {
    struct office_page_options options;
    struct web_office office;
    struct certificate_place place;
    struct web *web;
    struct http *http; /* NULL: it does not listen */
    struct timer *retry;
    bool fresh; /* new papers wait to be taken */
    bool told;  /* the log has said why it does not listen */
};

static void on_request(void *context, struct http_request *request)
{
    struct office_page *page = context;

    page->options.on_request(page->options.context);
    web_take(page->web, request);
}

static enum status listen_with(
    struct office_page *page, const struct office_papers *papers, struct trouble *trouble)
{
    struct http_tls tls = {.key = (const char *)papers->server.bytes,
        .certificate = (const char *)papers->server.bytes};
    struct http_options options = {.loop = page->options.loop,
        .tls = &tls,
        .body_bytes_max = WEB_FORM_BYTES_MAX,
        .fields = WEB_FIELDS,
        .n_fields = WEB_OFFICE_FIELDS_N,
        .on_request = on_request,
        .context = page};
    enum status status = lan_listen(page->place.address, page->options.conf->office_port,
        &options.listen_fd, &tls.net, trouble);

    return status == STATUS_OK ? http_open(&options, &page->http, trouble) : status;
}

static void tell_open(const struct office_page *page, const struct office_papers *papers)
{
    char until[TIME_TEXT_BYTES];
    bool over = clock_wall_ms(page->options.clock) > papers->page.until_ms;

    time_format(papers->page.until_ms, until);
    log_event(over ? LOG_WARNING : LOG_INFO, "office-page",
        "address=%s port=%u until=%s%s", page->options.conf->office_address,
        (unsigned)page->options.conf->office_port, until,
        over ? " reason=unlock-to-renew" : "");
}

static void try_to_listen(void *context)
{
    struct office_page *page = context;
    struct office_papers papers;
    struct trouble why = {""};
    enum status status =
        office_papers_read(page->options.home, &page->place, &papers, &why);

    if (status == STATUS_OK) {
        status = listen_with(page, &papers, &why);
        if (status == STATUS_OK)
            tell_open(page, &papers);
        office_papers_release(&papers);
    }
    if (status != STATUS_OK) {
        if (!page->told)
            log_event(LOG_WARNING, "no-office-page", "reason=%s", log_text(why.text));
        timer_set(page->retry, loop_now_ms(page->options.loop) + RETRY_MS);
    }
    page->told = status != STATUS_OK;
}

struct office_page *office_page_new(const struct office_page_options *options)
{
    struct office_page *page = memory_new(sizeof(*page));

    page->options = *options;
    page->place = office_place(options->conf);
    page->office = (struct web_office){.address = options->conf->office_address,
        .name = options->conf->office_name,
        .sits = options->sits,
        .on_entered = options->on_entered};
    struct web_options web = {.port = options->conf->office_port,
        .office = &page->office,
        .clock = options->clock,
        .chance = options->chance,
        .ask = options->ask,
        .may = options->may,
        .context = options->context};
    page->web = web_new(&web);
    page->retry = loop_timer(options->loop, try_to_listen, page);
    try_to_listen(page);
    return page;
}

void office_page_hang_up(struct office_page *page)
{
    if (page)
        http_close(&page->http);
}

void office_page_destroy(struct office_page **page)
{
    if (!*page)
        return;
    PROMISE(!(*page)->http);
    web_destroy(&(*page)->web);
    timer_destroy(&(*page)->retry);
    memory_free(*page);
    *page = NULL;
}

void office_page_turn(struct office_page *page)
{
    if (!page || !page->fresh || (page->http && !http_is_idle(page->http)))
        return;
    page->fresh = false;
    http_close(&page->http);
    try_to_listen(page);
}

void office_page_shut_sessions(struct office_page *page)
{
    if (page)
        web_shut_sessions(page->web);
}

void office_page_renew(struct office_page *page, const struct box_key *master)
{
    struct trouble why = {""};
    bool renewed = false;

    if (!page)
        return;
    const struct office_papers_order order = {.home = page->options.home,
        .place = page->place,
        .master = master,
        .clock = page->options.clock,
        .chance = page->options.chance};
    if (office_papers_renew(&order, &renewed, &why) != STATUS_OK)
        log_event(LOG_WARNING, "office-papers", "reason=%s", log_text(why.text));
    page->fresh |= renewed;
    if (renewed)
        log_event(LOG_INFO, "office-papers", "renewed=yes");
}
