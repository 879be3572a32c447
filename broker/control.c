/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: a row per answer; requests come inside a turn of the loop but between two turns of the
 * broker, so broker_load and broker_check may have turns of their own, and each is answered at once.
 */
#include "control.h"

#include <string.h>

#include "documents.h"
#include "http.h"
#include "limits.h"
#include "local.h"
#include "memory.h"

enum { ANSWER_BYTES_MAX = JSON_TEXT_MAX };
enum {
    CODE_OK = 200,
    CODE_BAD = 400,
    CODE_UNKNOWN = 404,
    CODE_METHOD = 405,
    CODE_FAILED = 500
};

struct control {
    struct broker *broker;
    struct router *router;
    struct http *http;
    enum status failure;
    struct trouble trouble;
};

static void answer_json(struct http_request *request, int code, struct json *json)
{
    struct buffer text;

    buffer_init(&text, ANSWER_BYTES_MAX);
    if (json_print(json, &text) != STATUS_OK)
        BUG("an answer of the control socket is larger than its limits allow");
    http_answer(request,
        &(struct http_answer){
            .code = code, .type = "application/json", .body = buffer_span(&text)});
    buffer_release(&text);
    json_destroy(&json);
}

static void answer_sentence(struct http_request *request, int code, const char *sentence)
{
    struct json *json = json_new_object();

    json_put_text(json, "sentence", sentence);
    answer_json(request, code, json);
}

static void put_version(struct json *json, const char *name, uint64_t version)
{
    json_put_int(json, name, (int64_t)(version & INT64_MAX));
}

static void put_time_or_null(struct json *json, const char *name, int64_t at_ms)
{
    if (at_ms > 0)
        json_put_time(json, name, at_ms);
    else
        json_put_null(json, name);
}

static struct json *list_counts(const struct broker_status *status)
{
    struct json *counts = json_new_object();

    json_put_int(counts, "offers", status->offers);
    json_put_int(counts, "held", status->helds);
    json_put_int(counts, "delivered", status->delivered);
    json_put_int(counts, "taken", status->taken);
    json_put_int(counts, "refused", status->refused);
    json_put_int(counts, "duplicates", status->duplicates);
    json_put_int(counts, "purged", status->purged);
    return counts;
}

static struct json *list_connections(const struct router *router)
{
    struct json *json = json_new_object();
    struct router_counts counts;

    router_counts(router, &counts);
    put_version(json, "asked", counts.asked);
    put_version(json, "admitted", counts.admitted);
    put_version(json, "put_off", counts.put_off);
    put_version(json, "refused", counts.refused);
    put_version(json, "frames", counts.frames);
    put_version(json, "dropped",
        counts.dropped_shape + counts.dropped_name + counts.dropped_keyless);
    return json;
}

static void answer_status(struct control *control, struct http_request *request)
{
    struct broker_status status;
    struct json *json = json_new_object();

    broker_status(control->broker, &status);
    json_put_text(json, "version", AMAAN_VERSION);
    json_put_text(json, "endpoint", router_endpoint(control->router));
    json_put_ident(json, "store_id", &status.store_id);
    put_version(json, "root_version", status.root_version);
    put_version(json, "roster_version", status.roster_version);
    put_time_or_null(json, "roster_expires", status.roster_expires_ms);
    put_version(json, "profiles_version", status.profiles_version);
    json_put_int(json, "members", (int64_t)status.members);
    json_put_int(json, "sessions", (int64_t)status.sessions);
    json_put_int(json, "envelopes", status.envelopes);
    json_put_int(json, "bytes", status.bytes);
    put_time_or_null(json, "oldest_hour", status.oldest_hour_ms);
    json_put_flag(json, "refusing_disk", status.refusing_disk);
    json_put_flag(json, "draining", status.draining);
    json_put_flag(json, "forked", status.forked);
    struct json *counts = list_counts(&status),
                *lines = list_connections(control->router);
    json_give(json, "since_start", &counts);
    json_give(json, "connections", &lines);
    answer_json(request, CODE_OK, json);
}

/* IO and CORRUPT end the process; the asker is told before. */
static void answer_failure(struct control *control, struct http_request *request,
    enum status status, const struct trouble *trouble)
{
    if (status == STATUS_IO || status == STATUS_CORRUPT) {
        control->failure = status;
        control->trouble = *trouble;
    }
    answer_sentence(request, CODE_FAILED,
        trouble->text[0] != '\0' ? trouble->text : status_name(status));
}

static void answer_queue(struct control *control, struct http_request *request)
{
    struct queue_line *lines = memory_new_array(ROSTER_MEMBERS_MAX, sizeof *lines);
    struct trouble trouble = {.text = ""};
    size_t n = 0;
    enum status status = broker_queues(control->broker, lines, ROSTER_MEMBERS_MAX, &n);

    if (status) {
        answer_failure(control, request, status, &trouble);
        goto done;
    }
    struct json *json = json_new_object(), *list = json_new_list();
    for (size_t i = 0; i < n; i++) {
        struct json *row = json_new_object();

        json_put_ident(row, "node_id", &lines[i].node_id);
        json_put_int(row, "envelopes", lines[i].envelopes);
        json_put_int(row, "bytes", lines[i].bytes);
        put_time_or_null(row, "oldest_hour", lines[i].oldest_hour_ms);
        json_put_flag(row, "connected", lines[i].connected);
        json_put_flag(row, "locked", lines[i].locked);
        json_put_int(row, "silence_days", lines[i].silence_days);
        json_add(list, &row);
    }
    json_give(json, "mailboxes", &list);
    answer_json(request, CODE_OK, json);
done:
    memory_free(lines);
}

static void answer_check(struct control *control, struct http_request *request)
{
    struct trouble trouble = {.text = ""};
    enum status status = broker_check(control->broker, &trouble);

    if (status) {
        answer_failure(control, request, status, &trouble);
        return;
    }
    struct json *json = json_new_object();
    json_put_text(json, "result", status_name(status));
    answer_json(request, CODE_OK, json);
}

static void answer_documents(struct control *control, struct http_request *request)
{
    struct trouble trouble = {.text = ""};
    struct json *list = NULL;
    enum status status =
        documents_load(control->broker, http_body(request), &list, &trouble);

    if (status == STATUS_OK)
        answer_json(request, CODE_OK, list);
    else if (status == STATUS_IO || status == STATUS_CORRUPT)
        answer_failure(control, request, status, &trouble);
    else
        answer_sentence(request, CODE_BAD, trouble.text);
}

static const struct {
    const char *method, *path;
    void (*answer)(struct control *control, struct http_request *request);
} ROWS[] = {
    {"GET", "/v1/status", answer_status},
    {"GET", "/v1/queue", answer_queue},
    {"GET", "/v1/check", answer_check},
    {"POST", "/v1/documents", answer_documents},
};

static void on_request(void *context, struct http_request *request)
{
    for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++) {
        if (strcmp(http_path(request), ROWS[i].path) != 0)
            continue;
        if (strcmp(http_method(request), ROWS[i].method) == 0)
            ROWS[i].answer(context, request);
        else
            answer_sentence(request, CODE_METHOD, "this path is asked by another method");
        return;
    }
    answer_sentence(request, CODE_UNKNOWN, "there is nothing at this path");
}

enum status control_open(
    const struct control_options *options, struct control **ret, struct trouble *trouble)
{
    struct control *control = memory_new(sizeof *control);
    int fd = -1;

    *control = (struct control){.broker = options->broker, .router = options->router};
    enum status status = local_listen(options->socket_path, &fd, trouble);
    if (status == STATUS_OK)
        status = http_open(&(struct http_options){.loop = options->loop,
                               .listen_fd = fd,
                               .local = true,
                               .body_bytes_max = DOCUMENTS_BYTES_MAX,
                               .on_request = on_request,
                               .context = control},
            &control->http, trouble);
    if (status) {
        control_close(&control);
        return status;
    }
    *ret = control;
    return STATUS_OK;
}

void control_close(struct control **control)
{
    if (*control == NULL)
        return;
    http_close(&(*control)->http);
    memory_free(*control);
    *control = NULL;
}

enum status control_failure(const struct control *control, struct trouble *trouble)
{
    if (control->failure != STATUS_OK)
        trouble_say(trouble, "%s", control->trouble.text);
    return control->failure;
}
