/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: libmicrohttpd runs without a thread; its epoll descriptor stands in our loop. After each run it
 * must be asked whether it wants to go on at once, and run again, or a long head hangs until the next byte. A
 * request that was handed out is suspended; its answer is kept until libmicrohttpd asks again after the resume.
 * A connection whose time is over is shut down, which libmicrohttpd sees as its end.
 */
#include "http.h"

#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "http_private.h"
#include "lan.h"
#include "local.h"
#include "log.h"
#include "loopback.h"
#include "memory.h"

enum { ROUNDS_MAX = 64, CONNECTION_BYTES = 16384 };

/* TLS 1.3 alone: every browser that Windows still gets speaks it, it has no weak mode to be talked down to, and it
 * hides the certificate from who listens. Groups and signatures are those of GnuTLS' NORMAL. No tickets: a browser that comes back
 * makes a new handshake, so that no key outlives its connection. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:%NO_TICKETS:%SERVER_PRECEDENCE"

/* A connection's limit. */
struct lease {
    int fd;
    int64_t ends_ms; /* INT64_MAX: none, while the program has the request */
    struct lease *next, **self;
};

struct http {
    struct http_options options;
    uint16_t port; /* 0: a Unix socket, or an office's network */
    bool desks;    /* an office's network, and which */
    struct subnet net;
    struct MHD_Daemon *daemon;
    struct watch *watch;
    struct timer *timer, *limit;
    struct http_request *requests;
    struct lease *leases;
    size_t connections;
    uint64_t strangers; /* connections of other users */
    size_t waiting;
    bool closing, quiet;
};

struct refusal {
    int code;
    const char *word, *title, *detail;
};

static const struct refusal REFUSALS[] = {
    {MHD_HTTP_FORBIDDEN, "not-allowed", "Forbidden",
        "Only the user who runs this process may speak here."},
    {MHD_HTTP_CONTENT_TOO_LARGE, "too-big", "Content Too Large",
        "The body is larger than is taken here. Nothing was changed."},
    {MHD_HTTP_HTTP_VERSION_NOT_SUPPORTED, "bad-request", "HTTP Version Not Supported",
        "HTTP/1.1 is spoken here. Nothing was changed."},
    {MHD_HTTP_SERVICE_UNAVAILABLE, "stopping", "Service Unavailable",
        "This process is ending: ask again when it runs."},
    {MHD_HTTP_BAD_REQUEST, "bad-request", "Bad Request",
        "The head of the request is not one that is taken here. Nothing was changed."},
};

/* The last row is for everything else. */
static const struct refusal *find_refusal(int code)
{
    size_t i = 0;

    while (i + 1 < ARRAY_LENGTH(REFUSALS) && REFUSALS[i].code != code)
        i++;
    return &REFUSALS[i];
}

static int64_t lease_end(const struct http *http)
{
    int64_t first = INT64_MAX;
    for (const struct lease *at = http->leases; at != NULL; at = at->next)
        if (at->ends_ms < first)
            first = at->ends_ms;
    return first;
}

static void run_rounds(struct http *http)
{
    for (int i = 0; i < ROUNDS_MAX; i++) {
        MHD_UNSIGNED_LONG_LONG wait_ms;
        size_t before = http->connections;
        if (MHD_run(http->daemon) != MHD_YES)
            return;
        if (http->connections < before)
            continue; /* was it full, it accepts again with the next run only */
        if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES) {
            timer_set(http->timer, INT64_MAX);
            return;
        }
        if (wait_ms > 0) {
            timer_set(http->timer, loop_now_ms(http->options.loop) + (int64_t)wait_ms);
            return;
        }
    }
    timer_set(http->timer, loop_now_ms(http->options.loop));
}

static void pump(void *context)
{
    struct http *http = context;
    run_rounds(http);
    timer_set(http->limit, lease_end(http));
}

static void cut_late(void *context)
{
    struct http *http = context;
    int64_t now = loop_now_ms(http->options.loop);
    for (struct lease *at = http->leases; at != NULL; at = at->next) {
        if (at->ends_ms > now)
            continue;
        at->ends_ms = INT64_MAX;
        (void)shutdown(at->fd, SHUT_RDWR);
    }
    pump(http);
}

static void lease_set(struct http *http, struct MHD_Connection *connection, bool bounded)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct lease *lease = info != NULL ? info->socket_context : NULL;
    PROMISE(lease != NULL);
    lease->ends_ms =
        bounded ? loop_now_ms(http->options.loop) + HTTP_REQUEST_MS : INT64_MAX;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **lease_,
    enum MHD_ConnectionNotificationCode what)
{
    struct http *http = context;
    struct lease *lease = *lease_;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        PROMISE(info != NULL);
        lease = memory_new(sizeof *lease);
        *lease = (struct lease){.fd = info->connect_fd,
            .ends_ms = loop_now_ms(http->options.loop) + HTTP_REQUEST_MS,
            .next = http->leases,
            .self = &http->leases};
        if (lease->next != NULL)
            lease->next->self = &lease->next;
        http->leases = lease;
        http->connections++;
        *lease_ = lease;
    } else if (lease != NULL) {
        *lease->self = lease->next;
        if (lease->next != NULL)
            lease->next->self = lease->self;
        memory_free(lease);
        http->connections--;
        *lease_ = NULL;
    }
}

/* Before a byte of the connection is read. */
static enum MHD_Result admit(void *context, const struct sockaddr *client, socklen_t n)
{
    struct http *http = context;
    if (http->options.local || (http->desks ? lan_admits(&http->net, client, n)
                                            : loopback_is_ours(client, n, http->port)))
        return MHD_YES; /* a local caller is asked for with the request: there is no address here */
    /* Told ever more rarely: a stranger must not fill the log. */
    http->strangers++;
    if ((http->strangers & (http->strangers - 1)) == 0)
        log_event(LOG_WARNING, "page-refused", "reason=%s times=%llu",
            http->desks ? "another-network" : "another-user",
            (unsigned long long)http->strangers);
    return MHD_NO;
}

static void wipe_and_free(void *memory)
{
    memory_wipe(memory, malloc_usable_size(memory));
    memory_free(memory);
}

static bool says(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->n_fields; i++)
        if (strcasecmp(answer->fields[i].name, name) == 0)
            return true;
    return false;
}

/* The copy that libmicrohttpd sends from is wiped when it is freed: answers hold what people wrote about people. */
static struct MHD_Response *make_response(
    const struct http *http, const struct http_answer *answer)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(answer->body.n,
            memory_copy(answer->body.n > 0 ? (const void *)answer->body.at : "",
                answer->body.n > 0 ? answer->body.n : 1),
            wipe_and_free);
    PROMISE(response != NULL);
    if (answer->type != NULL)
        MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    for (size_t i = 0; i < http->options.n_fields; i++)
        if (!says(answer, http->options.fields[i].name))
            PROMISE(MHD_add_response_header(response, http->options.fields[i].name,
                        http->options.fields[i].value) == MHD_YES);
    for (size_t i = 0; i < answer->n_fields; i++)
        PROMISE(MHD_add_response_header(response, answer->fields[i].name,
                    answer->fields[i].value) == MHD_YES);
    return response;
}

/* Makes the response; the connection takes it when libmicrohttpd asks. */
static void settle(struct http_request *request, const struct http_answer *answer)
{
    if (request->state == REQUEST_HANDED) {
        request->http->waiting--;
        lease_set(request->http, request->connection, true);
    }
    request->state = REQUEST_ANSWERED;
    request->code = answer->code;
    request->response = make_response(request->http, answer);
}

static void refuse(struct http_request *request, int code)
{
    static const struct http_field CLOSE = {"Connection", "close"};
    const struct refusal *why = find_refusal(code);
    char body[320];
    int n = snprintf(body, sizeof body,
        "{\"code\":\"%s\",\"detail\":\"%s\",\"status\":%d,\"title\":\"%s\","
        "\"type\":\"about:blank\"}\n",
        why->word, why->detail, code, why->title);
    PROMISE(n > 0 && (size_t)n < sizeof body);
    settle(request, &(struct http_answer){.code = code,
                        .type = "application/problem+json",
                        .body = span_of(body, (size_t)n),
                        .fields = &CLOSE,
                        .n_fields = 1});
}

void http_answer(struct http_request *request, const struct http_answer *answer)
{
    struct http *http = request->http;
    bool handing = request->handing;
    PROMISE(request->state == REQUEST_HANDED);
    settle(request, answer);
    if (handing)
        return;
    MHD_resume_connection(request->connection);
    timer_set(http->timer, loop_now_ms(http->options.loop));
}

static enum MHD_Result queue(struct http_request *request)
{
    if (request->response == NULL)
        return MHD_YES; /* queued before */
    enum MHD_Result result = MHD_queue_response(
        request->connection, (unsigned)request->code, request->response);
    MHD_destroy_response(request->response);
    request->response = NULL;
    return result;
}

static bool is_caller_ours(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info != NULL && local_is_ours(info->connect_fd);
}

static void judge(struct http_request *request, const char *method, const char *version)
{
    struct http *http = request->http;
    int code = request_judge_head(request, version, http->options.body_bytes_max);
    if (http->options.local && !is_caller_ours(request->connection))
        code = MHD_HTTP_FORBIDDEN;
    if (http->closing)
        code = MHD_HTTP_SERVICE_UNAVAILABLE;
    request->method = memory_copy_text(method);
    request->state = REQUEST_READING;
    if (code != 0)
        refuse(request, code);
}

static enum MHD_Result hand_out(struct http_request *request)
{
    struct http *http = request->http;
    request->state = REQUEST_HANDED;
    http->waiting++;
    lease_set(http, request->connection, false);
    request->handing = true;
    http->options.on_request(http->options.context, request);
    request->handing = false;
    if (request->state == REQUEST_ANSWERED)
        return queue(request);
    MHD_suspend_connection(request->connection);
    return MHD_YES;
}

static enum MHD_Result on_access(void *context, struct MHD_Connection *connection,
    const char *target, const char *method, const char *version, const char *data,
    size_t *data_bytes, void **request_)
{
    struct http_request *request = *request_;
    (void)context;
    (void)connection;
    (void)target;
    switch (request->state) {
    case REQUEST_NEW:
        judge(request, method, version);
        return request->state == REQUEST_ANSWERED ? queue(request) : MHD_YES;
    case REQUEST_READING:
        if (*data_bytes == 0)
            return hand_out(request);
        if (buffer_put(&request->body, data, *data_bytes) != STATUS_OK)
            return MHD_NO; /* more than its head said: end the connection */
        /* libmicrohttpd's own buffer, which it does not wipe: a passphrase may have come in it. */
        memory_wipe((void *)(uintptr_t)data, *data_bytes);
        *data_bytes = 0;
        return MHD_YES;
    case REQUEST_HANDED:
        return MHD_YES;
    case REQUEST_ANSWERED:
        return queue(request);
    }
    return MHD_NO;
}

/* The first that libmicrohttpd tells about a request. */
static void *on_target(
    void *context, const char *target, struct MHD_Connection *connection)
{
    struct http *http = context;
    struct http_request *request = memory_new(sizeof *request);
    request->http = http;
    request->connection = connection;
    request->target = memory_copy_text(target);
    request->after_target = target + strlen(target) + 1;
    buffer_init(&request->body, http->options.body_bytes_max);
    request->next = http->requests;
    request->self = &http->requests;
    if (request->next != NULL)
        request->next->self = &request->next;
    http->requests = request;
    return request;
}

static void on_completed(void *context, struct MHD_Connection *connection,
    void **request_, enum MHD_RequestTerminationCode how)
{
    struct http_request *request = *request_;
    (void)how;
    if (request == NULL)
        return;
    PROMISE(request->state != REQUEST_HANDED);
    if (!((struct http *)context)->closing)
        lease_set(context, connection, true);
    *request->self = request->next;
    if (request->next != NULL)
        request->next->self = request->self;
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    buffer_release(&request->body);
    memory_free(request->method);
    memory_wipe(request->target, strlen(request->target));
    memory_free(request->target);
    memory_free(request);
    *request_ = NULL;
}

static size_t leave_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void note_error(void *context, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static void note_error(void *context, const char *format, va_list arguments)
{
    char text[200];
    (void)context;
    vsnprintf(text, sizeof text, format, arguments);
    log_event(LOG_DEBUG, "http", "note=%s", log_text(text));
}

static void panic(void *context, const char *file, unsigned line, const char *reason)
{
    (void)context;
    memory_bug(file, (int)line, reason != NULL ? reason : "libmicrohttpd");
}

static struct MHD_Daemon *start_daemon(struct http *http)
{
    const struct http_tls *tls = http->options.tls;
    struct MHD_OptionItem more[] = {
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, HTTP_DESK_MAX, NULL},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, NULL}, {MHD_OPTION_HTTPS_MEM_CERT, 0, NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL}};

    if (tls) {
        more[1].ptr_value = (void *)(uintptr_t)tls->key;
        more[2].ptr_value = (void *)(uintptr_t)tls->certificate;
    } else {
        more[0].option = MHD_OPTION_END;
    }
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                                (tls ? MHD_USE_TLS : 0),
        0, admit, http, on_access, http, MHD_OPTION_EXTERNAL_LOGGER, note_error, NULL,
        MHD_OPTION_LISTEN_SOCKET, http->options.listen_fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(tls ? HTTP_DESKS_MAX : HTTP_CONNECTIONS_MAX),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes,
        NULL, MHD_OPTION_URI_LOG_CALLBACK, on_target, http, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
        MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

enum status http_open(
    const struct http_options *options, struct http **ret, struct trouble *trouble)
{
    struct http *http = memory_new(sizeof *http);
    http->options = *options;
    http->desks = options->tls != NULL;
    if (http->desks)
        http->net = options->tls->net;
    http->port = options->local || http->desks ? 0 : loopback_port(options->listen_fd);
    PROMISE(options->local || http->desks || http->port != 0);
    MHD_set_panic_func(panic, NULL);
    http->daemon = start_daemon(http);
    http->options.tls = NULL;
    if (http->daemon == NULL) {
        trouble_say(trouble, "cannot start the local server: %s", strerror(errno));
        close(options->listen_fd);
        memory_free(http);
        return STATUS_IO;
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    PROMISE(info != NULL);
    http->limit = loop_timer(options->loop, cut_late, http);
    http->timer = loop_timer(options->loop, pump, http);
    http->watch = loop_watch(options->loop, info->epoll_fd, POLLIN, pump, http);
    *ret = http;
    return STATUS_OK;
}

int http_take_listener(struct http *http)
{
    if (http->quiet)
        return -1;
    http->quiet = true;
    return MHD_quiesce_daemon(http->daemon);
}

void http_quiesce(struct http *http)
{
    int fd = http_take_listener(http);
    if (fd >= 0)
        close(fd);
}

void http_close(struct http **http_)
{
    struct http *http = *http_;
    if (http == NULL)
        return;
    http->closing = true;
    for (struct http_request *at = http->requests; at != NULL; at = at->next) {
        if (at->state != REQUEST_HANDED)
            continue;
        refuse(at, MHD_HTTP_SERVICE_UNAVAILABLE);
        MHD_resume_connection(at->connection);
    }
    pump(http);
    loop_unwatch(&http->watch);
    timer_destroy(&http->timer);
    timer_destroy(&http->limit);
    MHD_stop_daemon(http->daemon);
    PROMISE(http->requests == NULL && http->leases == NULL);
    memory_free(http);
    *http_ = NULL;
}

bool http_is_idle(const struct http *http)
{
    return http->requests == NULL;
}

size_t http_connections(const struct http *http)
{
    return http->connections;
}

size_t http_waiting(const struct http *http)
{
    return http->waiting;
}

void http_caller(
    const struct http_request *request, uint8_t ret[static SUBNET_ADDRESS_BYTES])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct sockaddr_in from;

    memset(ret, 0, SUBNET_ADDRESS_BYTES);
    if (!request->http->desks || info == NULL || info->client_addr->sa_family != AF_INET)
        return;
    memcpy(&from, info->client_addr, sizeof from);
    memcpy(ret, &from.sin_addr.s_addr, SUBNET_ADDRESS_BYTES);
}

const char *http_library(void)
{
    static char text[40];
    snprintf(text, sizeof text, "libmicrohttpd %s", MHD_get_version());
    return text;
}
