/* SPDX-License-Identifier: Apache-2.0 */
#include "visitor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "memory.h"

int visitor_reach(const struct visitor *visitor)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons(visitor->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

int visitor_hear(struct visitor *visitor, int fd)
{
    size_t used = 0;
    ssize_t got;

    while (used < VISITOR_TEXT_MAX - 1 &&
           (got = recv(fd, visitor->text + used, VISITOR_TEXT_MAX - 1 - used, 0)) > 0)
        used += (size_t)got;
    close(fd);
    visitor->text[used] = 0;
    return strncmp(visitor->text, "HTTP/1.1 ", 9) == 0
               ? (int)strtol(visitor->text + 9, NULL, 10)
               : 0;
}

/* Every request closes its connection. */
int visitor_ask(
    const struct visitor *visitor, const char *line, const char *head, const char *body)
{
    static char request[VISITOR_TEXT_MAX];
    size_t used = (size_t)snprintf(request, VISITOR_TEXT_MAX, "%s HTTP/1.1\r\n", line);
    int fd = visitor_reach(visitor);

    for (const char *at = head; *at; at++) {
        if (at[0] == '@' && at[1] == 'P') {
            used += (size_t)snprintf(
                request + used, VISITOR_TEXT_MAX - used, "%u", visitor->port);
            at++;
        } else {
            request[used++] = *at;
        }
    }
    if (body)
        used += (size_t)snprintf(request + used, VISITOR_TEXT_MAX - used,
            "Content-Length: %zu\r\n", strlen(body));
    used += (size_t)snprintf(request + used, VISITOR_TEXT_MAX - used,
        "Connection: close\r\n\r\n%s", body ? body : "");
    assert_true(used < VISITOR_TEXT_MAX);
    assert_true(fd >= 0);
    (void)!send(fd, request, used, MSG_NOSIGNAL);
    return fd;
}

int visitor_send_with(
    struct visitor *visitor, const char *line, const char *head, const char *body)
{
    return visitor_hear(visitor, visitor_ask(visitor, line, head, body));
}

int visitor_send(
    struct visitor *visitor, const char *line, const char *head, const char *body)
{
    char all[1024];

    snprintf(all, sizeof(all), "%sCookie: %s\r\n", head, visitor->cookie);
    return visitor_send_with(visitor, line, all, body);
}

void visitor_copy_after(
    const char *text, const char *mark, const char *ends, char *ret, size_t size)
{
    const char *at = strstr(text, mark);

    assert_non_null(at);
    at += strlen(mark);
    assert_true(strcspn(at, ends) < size);
    snprintf(ret, size, "%.*s", (int)strcspn(at, ends), at);
}

void visitor_keep_cookie(struct visitor *visitor)
{
    assert_holds(visitor->text, "; Path=/; HttpOnly; SameSite=Strict\r\n");
    visitor_copy_after(
        visitor->text, "Set-Cookie: ", ";", visitor->cookie, sizeof(visitor->cookie));
}

/* A page of the session; its form token is kept. */
int visitor_look(struct visitor *visitor, const char *line)
{
    int code = visitor_send(visitor, line, HOST, NULL);

    visitor_copy_after(
        visitor->text, "name=\"form\" value=\"", "\"", visitor->form, VISITOR_SECRET);
    visitor_copy_after(
        visitor->text, "name=\"key\" value=\"", "\"", visitor->key, sizeof(visitor->key));
    return code;
}

int visitor_change(struct visitor *visitor, const char *line, const char *fields)
{
    char body[2048];

    snprintf(body, sizeof(body), "form=%s%s", visitor->form, fields);
    return visitor_send(visitor, line, CHANGE, body);
}

int visitor_send_now(struct visitor *visitor)
{
    static const char MARK[] = "action=\"/do/send-now\"";
    char *page = memory_copy_text(visitor->text), deed[32], fields[256];
    const char *at = page;
    int n = 0;

    for (; (at = strstr(at, MARK)); at += sizeof(MARK), n++) {
        visitor_copy_after(at, "name=\"reference\" value=\"", "\"", deed, sizeof(deed));
        snprintf(
            fields, sizeof(fields), "&key=%s&reference=%s&back=/", visitor->key, deed);
        assert_int_equal(visitor_change(visitor, "POST /do/send-now", fields), 303);
    }
    memory_free(page);
    return n;
}
