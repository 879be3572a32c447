/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: writes the request, then reads until the other side closes or the announced length is there. The
 * head is parsed once it is complete; whatever does not fit the strict form is MALFORMED.
 */
#include "call.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "local.h"
#include "memory.h"

enum { HEAD_BYTES_MAX = 8192, READ_BYTES = 16384 };

struct talk {
    int fd;
    int64_t until_ms;
};

/* OK when the descriptor is ready, TIMEOUT when the call's time is over. */
static enum status await(const struct talk *talk, short events)
{
    for (;;) {
        int64_t left = talk->until_ms - clock_steady_ms(clock_system());
        struct pollfd item = {.fd = talk->fd, .events = events};
        if (left <= 0)
            return STATUS_TIMEOUT;
        int n = poll(&item, 1, left > MINUTE_MS ? (int)MINUTE_MS : (int)left);
        if (n > 0)
            return STATUS_OK;
        if (n < 0 && errno != EINTR)
            return STATUS_IO;
    }
}

static enum status send_all(const struct talk *talk, struct span bytes)
{
    while (bytes.n > 0) {
        enum status status = await(talk, POLLOUT);
        if (status != STATUS_OK)
            return status;
        ssize_t n = send(talk->fd, bytes.at, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n < 0)
            return STATUS_CLOSED;
        bytes.at += n;
        bytes.n -= (size_t)n;
    }
    return STATUS_OK;
}

/* Reads some bytes behind those that are there; *ret_end at the end of the stream. */
static enum status receive_some(
    const struct talk *talk, struct buffer *bytes, bool *ret_end)
{
    uint8_t piece[READ_BYTES];
    for (;;) {
        enum status status = await(talk, POLLIN);
        if (status != STATUS_OK)
            return status;
        ssize_t n = recv(talk->fd, piece, sizeof piece, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n < 0)
            return STATUS_CLOSED;
        *ret_end = n == 0;
        return n == 0 ? STATUS_OK : buffer_put(bytes, piece, (size_t)n);
    }
}

/* Digits only. */
static bool parse_number(const char *text, size_t n, size_t *ret)
{
    size_t value = 0;
    if (n == 0 || n > 9)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (size_t)(text[i] - '0');
    }
    *ret = value;
    return true;
}

/* One header line; false if it is not one. Counts lengths. */
static bool read_line(const char *line, size_t n, size_t *ret_length, int *lengths)
{
    static const char LENGTH[] = "Content-Length";
    const char *colon = memchr(line, ':', n);
    if (colon == NULL || colon == line)
        return false;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1;
    while (value < line + n && *value == ' ')
        value++;
    if (name == strlen("Transfer-Encoding") &&
        strncasecmp(line, "Transfer-Encoding", name) == 0)
        return false;
    if (name != sizeof LENGTH - 1 || strncasecmp(line, LENGTH, name) != 0)
        return true;
    return ++*lengths == 1 && parse_number(value, (size_t)(line + n - value), ret_length);
}

/* "HTTP/1.1 200 OK\r\nname: value\r\n...\r\n" without the last empty line. */
static enum status read_head(
    const char *head, size_t n, int *ret_code, size_t *ret_length)
{
    static const char VERSION[] = "HTTP/1.1 ";
    const char *end = head + n, *line = memmem(head, n, "\r\n", 2);
    size_t code = 0, length = 0;
    int lengths = 0;

    if (n < sizeof VERSION + 2 || memcmp(head, VERSION, sizeof VERSION - 1) != 0 ||
        !parse_number(head + sizeof VERSION - 1, 3, &code) || code < 200 ||
        line == NULL || memchr(head, '\0', n) != NULL)
        return STATUS_MALFORMED;
    for (line += 2; line < end;) {
        const char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);
        if (stop == NULL || !read_line(line, (size_t)(stop - line), &length, &lengths))
            return STATUS_MALFORMED;
        line = stop + 2;
    }
    if (lengths != 1)
        return STATUS_MALFORMED;
    *ret_code = (int)code;
    *ret_length = length;
    return STATUS_OK;
}

static enum status receive_answer(
    const struct talk *talk, size_t body_max, int *ret_code, struct buffer *ret_body)
{
    struct buffer bytes;
    const uint8_t *stop = NULL;
    size_t length = 0, head = 0;
    int code = 0;
    bool end = false;
    enum status status = STATUS_OK;

    buffer_init(&bytes, HEAD_BYTES_MAX + body_max + READ_BYTES);
    while (status == STATUS_OK && !end && (stop == NULL || bytes.used < head + length)) {
        status = receive_some(talk, &bytes, &end);
        if (status != STATUS_OK || stop != NULL)
            continue;
        stop = bytes.used > 0 ? memmem(bytes.bytes, bytes.used, "\r\n\r\n", 4) : NULL;
        if (stop == NULL && bytes.used > HEAD_BYTES_MAX)
            status = STATUS_MALFORMED;
        if (stop == NULL)
            continue;
        head = (size_t)(stop - bytes.bytes) + 4;
        status = read_head((const char *)bytes.bytes, head - 2, &code, &length);
        if (status == STATUS_OK && length > body_max)
            status = STATUS_TOO_BIG;
    }
    if (status == STATUS_OK && (stop == NULL || bytes.used < head + length))
        status = STATUS_CLOSED;
    if (status == STATUS_OK && bytes.used != head + length)
        status = STATUS_MALFORMED;
    if (status == STATUS_OK)
        status = buffer_put(ret_body, bytes.bytes + head, length);
    if (status == STATUS_OK)
        *ret_code = code;
    buffer_release(&bytes);
    return status;
}

static enum status send_request(const struct talk *talk, const struct http_call *call)
{
    char head[1024];
    int n = snprintf(head, sizeof head,
        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\n"
        "%s%s%sContent-Length: %zu\r\n\r\n",
        call->method, call->path, call->type != NULL ? call->type : "application/json",
        call->key != NULL ? "Idempotency-Key: " : "", call->key != NULL ? call->key : "",
        call->key != NULL ? "\r\n" : "", call->body.n);
    PROMISE(n > 0 && (size_t)n < sizeof head);
    enum status status = send_all(talk, span_of(head, (size_t)n));
    if (status == STATUS_OK)
        status = send_all(talk, call->body);
    /* A server that refuses early may close before it has read everything: its answer counts. */
    return status == STATUS_CLOSED ? STATUS_OK : status;
}

enum status http_call(const struct http_call *call, int *ret_code,
    struct buffer *ret_body, struct trouble *trouble)
{
    struct talk talk = {.until_ms = clock_steady_ms(clock_system()) + call->timeout_ms};
    enum status status = local_connect(call->socket_path, &talk.fd, trouble);
    if (status == STATUS_NOT_FOUND)
        return STATUS_CLOSED;
    if (status != STATUS_OK)
        return status;
    status = send_request(&talk, call);
    if (status == STATUS_OK)
        status =
            receive_answer(&talk, ret_body->max - ret_body->used, ret_code, ret_body);
    close(talk.fd);
    if (status == STATUS_TIMEOUT)
        trouble_say(trouble, "no answer in %d ms: whether it was done is not known",
            call->timeout_ms);
    else if (status != STATUS_OK)
        trouble_say(trouble, "the answer at %s cannot be used (%s)", call->socket_path,
            status_name(status));
    return status;
}
