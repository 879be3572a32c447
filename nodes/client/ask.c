/* SPDX-License-Identifier: Apache-2.0
 * One easy handle a call. libcurl's prereq function runs when the connection stands and nothing was written yet:
 * there the peer's uid is checked, and from there on the request counts as handed over. libcurl's own buffers
 * are wiped when freed, by our memory functions.
 */
#include "ask.h"

#include <curl/curl.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sysexits.h>

#include "command.h"
#include "memory.h"
#include "plain.h"

enum { HEADER_BYTES = 512 };

struct call {
    CURL *curl;
    int fd;
    struct buffer body;
    bool handed, stranger, too_big;
};

static void *take_memory(size_t n)
{
    return memory_new(n);
}

static void wipe_and_free(void *memory)
{
    if (!memory)
        return;
    memory_wipe(memory, malloc_usable_size(memory));
    memory_free(memory);
}

static void *move_memory(void *old, size_t n)
{
    void *new = memory_new(n);

    if (old) {
        size_t kept = malloc_usable_size(old);

        memcpy(new, old, kept < n ? kept : n);
        wipe_and_free(old);
    }
    return new;
}

static void *take_array(size_t n, size_t size)
{
    return memory_new_array(n, size);
}

static void start_library(void)
{
    static bool started;

    if (!started)
        PROMISE(curl_global_init_mem(CURL_GLOBAL_NOTHING, take_memory, wipe_and_free,
                    move_memory, memory_copy_text, take_array) == CURLE_OK);
    started = true;
}

const char *ask_library(void)
{
    static char text[48];

    start_library();
    (void)snprintf(
        text, sizeof(text), "libcurl %s", curl_version_info(CURLVERSION_NOW)->version);
    return text;
}

char *ask_escape(const char *text)
{
    start_library();
    char *escaped = curl_easy_escape(NULL, text, 0);
    PROMISE(escaped);
    char *copy = memory_copy_text(escaped);
    curl_free(escaped);
    return copy;
}

/* Our own socket, to have its number when it is connected. */
static curl_socket_t on_open(
    void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct call *call = context;

    (void)purpose;
    call->fd =
        socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    return call->fd < 0 ? CURL_SOCKET_BAD : call->fd;
}

/* The kernel's word on who listens at the other end. */
static bool is_ours(int fd)
{
    struct ucred peer;
    socklen_t n = sizeof(peer);

    return fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
           n == sizeof(peer) && peer.uid == geteuid();
}

static int on_connected(
    void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct call *call = context;

    (void)remote, (void)local, (void)remote_port, (void)local_port;
    call->stranger = !is_ours(call->fd);
    call->handed = !call->stranger;
    return call->stranger ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
    struct call *call = context;

    if (buffer_put(&call->body, bytes, size * n) == STATUS_OK)
        return size * n;
    call->too_big = true;
    return 0; /* ends the call */
}

static void add_header(struct curl_slist **list, const char *name, const char *value)
{
    char line[HEADER_BYTES];
    int n = snprintf(line, sizeof(line), "%s:%s%s", name, *value ? " " : "", value);

    PROMISE(n > 0 && (size_t)n < sizeof(line));
    struct curl_slist *longer = curl_slist_append(*list, line);
    PROMISE(longer);
    *list = longer;
}

static struct curl_slist *make_headers(const struct ask *ask)
{
    struct curl_slist *list = NULL;

    add_header(&list, "Accept", "application/json");
    add_header(&list, "Expect", ""); /* libcurl's own is taken away */
    if (ask->body.n > 0)
        add_header(&list, "Content-Type", "application/json");
    if (ask->key)
        add_header(&list, "Idempotency-Key", ask->key);
    return list;
}

#define SET(option, value)                                                               \
    PROMISE(curl_easy_setopt(call->curl, (option), (value)) == CURLE_OK)

static void set_request(
    struct call *call, const struct ask *ask, struct curl_slist *headers)
{
    char url[HEADER_BYTES];
    int n = snprintf(url, sizeof(url), "http://localhost%s", ask->path);

    PROMISE(n > 0 && (size_t)n < sizeof(url));
    SET(CURLOPT_URL, url);
    SET(CURLOPT_UNIX_SOCKET_PATH, ask->socket_path);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_TIMEOUT_MS, (long)(ask->timeout_ms > 0 ? ask->timeout_ms : 1));
    if (strcmp(ask->method, "GET") != 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_CUSTOMREQUEST, ask->method);
        SET(CURLOPT_POSTFIELDSIZE, (long)ask->body.n);
        SET(CURLOPT_POSTFIELDS, ask->body.n > 0 ? (const char *)ask->body.at : "");
    }
}

static void set_strictness(struct call *call)
{
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_PROTOCOLS_STR, "http");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, call);
    SET(CURLOPT_PREREQFUNCTION, on_connected);
    SET(CURLOPT_PREREQDATA, call);
    SET(CURLOPT_WRITEFUNCTION, on_bytes);
    SET(CURLOPT_WRITEDATA, call);
}

static bool is_json(const char *type)
{
    static const char *const types[] = {"application/json", "application/problem+json"};

    for (size_t i = 0; type && i < ARRAY_LENGTH(types); i++) {
        size_t n = strlen(types[i]);

        if (strncasecmp(type, types[i], n) == 0 &&
            (type[n] == '\0' || type[n] == ';' || type[n] == ' '))
            return true;
    }
    return false;
}

/* What came is to be an answer of a node and nothing else. */
static enum status read_reply(
    const struct call *call, struct reply *ret, struct trouble *trouble)
{
    struct reply reply = {0};
    const char *type = NULL;
    long http = 0;
    bool known =
        curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &http) == CURLE_OK &&
        curl_easy_getinfo(call->curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK;

    if (!known || http < 200 || http > 599 || (http >= 300 && http < 400) ||
        !is_json(type)) {
        trouble_say(trouble,
            "what listens on the socket does not answer as a node does (HTTP %ld)", http);
        return STATUS_MALFORMED;
    }
    enum status status =
        json_parse(buffer_span(&call->body), JSON_TEXT_MAX, &reply.json, trouble);
    if (status == STATUS_OK && json_kind(reply.json) != JSON_OBJECT_KIND) {
        trouble_say(trouble, "it is no object");
        json_destroy(&reply.json);
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK) {
        trouble_prefix(trouble, "the node's answer cannot be read");
        return status;
    }
    reply.http = (int)http;
    *ret = reply;
    return STATUS_OK;
}

static enum status judge(const struct call *call, CURLcode code, const struct ask *ask,
    struct reply *ret, struct trouble *trouble)
{
    if (call->stranger) {
        trouble_say(trouble,
            "the socket %s belongs to another user: nothing was handed over",
            ask->socket_path);
        return STATUS_DENIED;
    }
    if (call->too_big) {
        trouble_say(trouble, "the node's answer is longer than %d bytes", JSON_TEXT_MAX);
        return STATUS_TOO_BIG;
    }
    if (code == CURLE_OK)
        return read_reply(call, ret, trouble);
    if (!call->handed) {
        trouble_say(trouble, "no node listens on %s", ask->socket_path);
        return STATUS_CLOSED;
    }
    trouble_say(trouble, "no answer came (%s)", curl_easy_strerror(code));
    return STATUS_TIMEOUT;
}

enum status ask_node(const struct ask *ask, struct reply *ret, struct trouble *trouble)
{
    struct call call = {.fd = -1};
    struct curl_slist *headers;
    enum status status;

    start_library();
    buffer_init(&call.body, JSON_TEXT_MAX);
    call.curl = curl_easy_init();
    PROMISE(call.curl);
    headers = make_headers(ask);
    set_strictness(&call);
    set_request(&call, ask, headers);
    status = judge(&call, curl_easy_perform(call.curl), ask, ret, trouble);
    curl_easy_cleanup(call.curl);
    curl_slist_free_all(headers);
    buffer_release(&call.body);
    return status;
}

void reply_release(struct reply *reply)
{
    json_destroy(&reply->json);
}

int reply_exit_code(const struct reply *reply)
{
    static const struct {
        int http, code;
    } fits[] = {
        {401, EX_NOPERM},
        {403, EX_NOPERM},
        {404, EXIT_NEGATIVE},
        {405, EX_SOFTWARE},
        {409, EXIT_NEGATIVE},
        {423, EX_NOPERM},
        {503, EX_UNAVAILABLE},
        {507, EX_CANTCREAT},
    };

    if (reply->http < 300)
        return EX_OK;
    for (size_t i = 0; i < ARRAY_LENGTH(fits); i++)
        if (fits[i].http == reply->http)
            return fits[i].code;
    return reply->http < 500 ? EX_DATAERR : EX_SOFTWARE;
}

int reply_judge(const struct reply *reply)
{
    if (reply->http < 300)
        return EX_OK;
    const char *detail = json_find_text(reply->json, "detail");
    const char *code = json_find_text(reply->json, "code");
    char *plain = plain_copy(detail ? detail : "", false);
    char *word = plain_copy(code ? code : "", false);

    if (*plain && *word)
        command_complain("%s [%s]", plain, word);
    else if (*plain)
        command_complain("%s", plain);
    else
        command_complain("the node refused it (HTTP %d)", reply->http);
    memory_free(plain);
    memory_free(word);
    return reply_exit_code(reply);
}
