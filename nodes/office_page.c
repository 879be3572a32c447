/* SPDX-License-Identifier: Apache-2.0 */
#include "office_page.h"

#include <stdio.h>
#include <unistd.h>

#include "http.h"
#include "lan.h"
#include "log.h"
#include "memory.h"
#include "office_papers.h"
#include "web_form.h"

#define PATIENCE_MS (10 * MINUTE_MS)
#define RETRY_MS                                                                         \
    MINUTE_MS /* an address that comes with the network's cable is there soon after it */

struct office_page {
    struct office_page_options options;
    struct web_office office;
    struct certificate_place place;
    struct web *web;
    struct http *http; /* NULL: it does not listen */
    int listener;      /* kept between two papers; -1: none */
    struct subnet net;
    struct timer *retry;
    int64_t fresh_ms; /* steady: since when */
    bool fresh;       /* new papers wait to be taken */
    bool told;        /* the log has said why it does not listen */
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
    enum status status = STATUS_OK;

    if (page->listener < 0)
        status = lan_listen(page->place.address, page->options.conf->office_port,
            &page->listener, &page->net, trouble);
    struct http_tls tls = {.key = (const char *)papers->server.bytes,
        .certificate = (const char *)papers->server.bytes,
        .net = page->net};
    struct http_options options = {.loop = page->options.loop,
        .listen_fd = page->listener,
        .tls = &tls,
        .body_bytes_max = WEB_FORM_BYTES_MAX,
        .fields = WEB_FIELDS,
        .n_fields = WEB_OFFICE_FIELDS_N,
        .on_request = on_request,
        .context = page};

    if (status != STATUS_OK)
        return status;
    page->listener = -1; /* taken */
    return http_open(&options, &page->http, trouble);
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

    if (page->http) /* new papers were taken before the timer ran out */
        return;
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
    page->listener = -1;
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
    if ((*page)->listener >=
        0) /* between two papers, the second of which could not be read */
        close((*page)->listener);
    web_destroy(&(*page)->web);
    timer_destroy(&(*page)->retry);
    memory_free(*page);
    *page = NULL;
}

static bool may_hang_up(const struct office_page *page)
{
    int64_t late_ms = loop_now_ms(page->options.loop) - page->fresh_ms;

    return !page->http || http_connections(page->http) == 0 ||
           (late_ms >= PATIENCE_MS && http_is_idle(page->http));
}

void office_page_turn(struct office_page *page)
{
    if (!page || !page->fresh || !may_hang_up(page))
        return;
    page->fresh = false;
    if (page->http)
        page->listener = http_take_listener(page->http);
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
    if (!renewed)
        return;
    log_event(LOG_INFO, "office-papers", "renewed=yes");
    page->fresh = true;
    page->fresh_ms = loop_now_ms(page->options.loop);
    office_page_turn(page);
}
