/* SPDX-License-Identifier: Apache-2.0
 * The body is printed once and repeated byte by byte: the node compares what a key stands for.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "memory.h"
#include "patience.h"
#include "print.h"

enum {
    KEY_BYTES = 16,
    KEY_TEXT_BYTES_MAX = 200,
    REFERENCE_TEXT_MAX = 20, /* as people write it, with blanks and hyphens */
    TARGET_BYTES = 400,
    NUMBER_BYTES = 24,
    HTTP_LOCKED = 423,
    HTTP_FAILED = 500
};

/* Only what a slip can bear: the node checks the rest. */
static bool looks_like_reference(const char *text)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz*~$=- ";
    size_t n = strlen(text);

    return n > 0 && n <= REFERENCE_TEXT_MAX && strspn(text, allowed) == n;
}

static enum status add_text(struct buffer *target, const char *text)
{
    return buffer_put(target, text, strlen(text));
}

/* name=value of each field, behind ? and &. */
static enum status put_query(struct buffer *target, const struct json *fields)
{
    void *cursor = NULL;
    const char *name, *mark = "?";
    const struct json *value;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && fields && json_each(fields, &cursor, &name, &value)) {
        char number[NUMBER_BYTES];
        const char *text = json_text(value);

        if (!text) {
            PROMISE(json_kind(value) == JSON_INT_KIND);
            (void)snprintf(number, sizeof(number), "%lld", (long long)json_int(value));
            text = number;
        }
        char *escaped = ask_escape(text);
        status = add_text(target, mark);
        if (status == STATUS_OK)
            status = add_text(target, name);
        if (status == STATUS_OK)
            status = add_text(target, "=");
        if (status == STATUS_OK)
            status = add_text(target, escaped);
        memory_free(escaped);
        mark = "&";
    }
    return status;
}

/* Path and query, with a NUL behind them. */
static enum status put_target(
    struct buffer *target, const struct request *request, struct trouble *trouble)
{
    bool is_get = strcmp(request->verb->method, "GET") == 0;
    char path[VERB_PATH_BYTES];
    char *escaped = NULL;

    if (request->reference && !looks_like_reference(request->reference)) {
        trouble_say(
            trouble, "this is no reference: it has 9 letters and digits, as on the slip");
        return STATUS_MALFORMED;
    }
    if (request->reference)
        escaped = ask_escape(request->reference);
    verb_path(request->verb, escaped ? escaped : "", path);
    memory_free(escaped);
    enum status status = add_text(target, path);
    if (status == STATUS_OK && is_get)
        status = put_query(target, request->fields);
    if (status == STATUS_OK)
        status = buffer_put(target, "", 1);
    if (status != STATUS_OK)
        trouble_say(trouble, "the options are too long");
    return status;
}

static enum status put_body(struct buffer *body, const struct request *request)
{
    if (strcmp(request->verb->method, "GET") == 0)
        return STATUS_OK;
    return request->fields ? json_print(request->fields, body) : add_text(body, "{}");
}

/* What both ways of asking share. The buffers are released by the caller. */
static enum status prepare(const struct order *order, const struct request *request,
    struct buffer *target, struct buffer *body, struct ask *ret, struct trouble *trouble)
{
    buffer_init(target, TARGET_BYTES);
    buffer_init(body, JSON_TEXT_MAX);
    enum status status = put_target(target, request, trouble);
    if (status == STATUS_OK)
        status = put_body(body, request);
    if (status == STATUS_OK)
        *ret = (struct ask){.socket_path = order->socket_path,
            .method = request->verb->method,
            .path = (const char *)target->bytes,
            .body = buffer_span(body),
            .timeout_ms = request->timeout_ms};
    return status;
}

enum status request_try(const struct order *order, const struct request *request,
    struct reply *ret, struct trouble *trouble)
{
    struct buffer target, body;
    struct ask ask;
    enum status status = prepare(order, request, &target, &body, &ask, trouble);

    if (status == STATUS_OK)
        status = ask_node(&ask, ret, trouble);
    buffer_release(&target);
    buffer_release(&body);
    return status;
}

static bool is_folder(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

int request_complain(
    const struct order *order, enum status status, const struct trouble *trouble)
{
    if (status == STATUS_CLOSED && !is_folder(order->home))
        command_complain("there is no node in %s. \"amaan init\" makes one; --home names "
                         "another folder",
            order->home);
    else if (status == STATUS_CLOSED)
        command_complain("the node in %s is not running: nothing was handed to it. "
                         "Start it with \"amaan run\"",
            order->home);
    else if (status == STATUS_TIMEOUT)
        command_complain("%s within %lld s. \"amaan status\" shows how the node is",
            trouble->text, (long long)(order->timeout_ms / SECOND_MS));
    else
        command_complain("%s", trouble->text);
    switch (status) {
    case STATUS_CLOSED:
    case STATUS_TIMEOUT:
    case STATUS_BUSY:
        return EX_UNAVAILABLE;
    case STATUS_DENIED:
        return EX_NOPERM;
    default:
        return EX_PROTOCOL;
    }
}

/* A change whose answer is missing: how to be sure. */
static void explain_key(const struct order *order, bool handed, const char *key)
{
    if (handed)
        command_complain("no answer came: whether the node did it is not known. To be "
                         "sure, give the same command again with --key %s: with this "
                         "key it is never done twice",
            key);
    else if (is_folder(order->home))
        command_complain("nothing was handed over. The same command with --key %s, at "
                         "any time, does it once",
            key);
}

static int choose_key(const struct order *order, char ret[static KEY_TEXT_BYTES_MAX + 1])
{
    const char *given = arguments_option(&order->arguments, "key");
    uint8_t bytes[KEY_BYTES];

    if (!given) {
        chance_fill(order->chance, bytes, sizeof(bytes));
        hex_format(bytes, sizeof(bytes), ret);
        return EX_OK;
    }
    size_t n = strlen(given);
    for (size_t i = 0; i < n; i++)
        if (given[i] <= ' ' || given[i] > '~')
            n = 0;
    if (n == 0 || n > KEY_TEXT_BYTES_MAX) {
        command_complain("%s: --key takes 1 to %d letters, digits and signs, no blanks",
            order->verb->name, KEY_TEXT_BYTES_MAX);
        return EX_USAGE;
    }
    memcpy(ret, given, n + 1);
    return EX_OK;
}

static int ask_patiently(const struct order *order, struct ask *ask, struct reply *ret)
{
    struct patience patience = {order->clock, order->run, order->deadline_ms, true};
    char key[KEY_TEXT_BYTES_MAX + 1];
    struct trouble trouble = {""};
    bool handed = false;
    int code = choose_key(order, key);

    if (code != EX_OK)
        return code;
    if (!is_folder(order->home))
        return request_complain(order, STATUS_CLOSED, &trouble);
    ask->key = key;
    enum status status = patience_ask(&patience, ask, ret, &handed, &trouble);
    if (status == STATUS_TIMEOUT) {
        explain_key(order, true, key);
        return EX_UNAVAILABLE;
    }
    if (status != STATUS_OK)
        code = request_complain(order, status, &trouble);
    else
        code = reply_judge(ret);
    /* A node that came back locked or full could not look the key up: what it did before is not known. */
    bool unsure = handed && status == STATUS_OK &&
                  (ret->http == HTTP_LOCKED || ret->http >= HTTP_FAILED);
    if (code == EX_UNAVAILABLE || unsure)
        explain_key(order, handed, key);
    return code;
}

int request_tell(const struct order *order, enum status status,
    const struct trouble *trouble, struct reply *reply)
{
    int code = status == STATUS_OK ? reply_judge(reply)
                                   : request_complain(order, status, trouble);

    print_practice(reply->json);
    if (code != EX_OK)
        reply_release(reply);
    return code;
}

int request_run(
    const struct order *order, const struct request *request, struct reply *ret)
{
    struct trouble trouble = {""};
    struct buffer target, body;
    struct reply reply = {0};
    struct ask ask;
    int code;
    enum status status = prepare(order, request, &target, &body, &ask, &trouble);

    if (status != STATUS_OK) {
        command_complain("%s", trouble.text);
        code = EX_DATAERR;
    } else if (request->verb->changes) {
        code = ask_patiently(order, &ask, &reply);
    } else {
        status = ask_node(&ask, &reply, &trouble);
        code = status == STATUS_OK ? reply_judge(&reply)
                                   : request_complain(order, status, &trouble);
    }
    buffer_release(&target);
    buffer_release(&body);
    print_practice(reply.json);
    if (code == EX_OK)
        *ret = reply;
    else
        reply_release(&reply);
    return code;
}
