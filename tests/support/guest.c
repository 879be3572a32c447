/* SPDX-License-Identifier: Apache-2.0 */
#include "guest.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

enum { PATIENCE_S = 60 };

static int64_t (*wall_ms)(void *context);

static time_t tell_time(time_t *ret)
{
    time_t now = (time_t)(wall_ms(NULL) / 1000);

    if (ret)
        *ret = now;
    return now;
}

void guest_set_clock(int64_t (*tell_wall_ms)(void *context))
{
    wall_ms = tell_wall_ms;
    gnutls_global_set_time_function(tell_time);
}

int guest_reach(const struct guest *guest)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_in to = {.sin_family = AF_INET,
        .sin_port = htons(guest->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in from = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (guest->from) {
        assert_int_equal(inet_pton(AF_INET, guest->from, &from.sin_addr), 1);
        assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
    }
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

struct line {
    int fd;
    gnutls_certificate_credentials_t trust;
    gnutls_session_t session;
};

static void look_at_certificate(struct guest *guest, gnutls_session_t session)
{
    unsigned int n = 0;
    size_t size = sizeof(guest->seen);
    const gnutls_datum_t *der = gnutls_certificate_get_peers(session, &n);

    assert_int_equal(n, 1);
    assert_int_equal(gnutls_fingerprint(GNUTLS_DIG_SHA256, der, guest->seen, &size), 0);
}

static bool dial(struct guest *guest, struct line *line)
{
    const char *name = guest->name ? guest->name : "127.0.0.1";
    gnutls_datum_t trust = {
        (unsigned char *)(uintptr_t)guest->trust.at, (unsigned)guest->trust.n};
    int done;

    line->fd = guest_reach(guest);
    assert_int_equal(gnutls_certificate_allocate_credentials(&line->trust), 0);
    if (guest->trust.n > 0)
        assert_int_equal(gnutls_certificate_set_x509_trust_mem(
                             line->trust, &trust, GNUTLS_X509_FMT_PEM),
            1);
    assert_int_equal(gnutls_init(&line->session, GNUTLS_CLIENT), 0);
    assert_int_equal(gnutls_priority_set_direct(line->session,
                         guest->versions ? guest->versions : GUEST_MODERN, NULL),
        0);
    assert_int_equal(
        gnutls_credentials_set(line->session, GNUTLS_CRD_CERTIFICATE, line->trust), 0);
    if (guest->name)
        assert_int_equal(
            gnutls_server_name_set(line->session, GNUTLS_NAME_DNS, name, strlen(name)),
            0);
    gnutls_session_set_verify_cert(line->session, name, 0);
    gnutls_transport_set_int(line->session, line->fd);
    gnutls_handshake_set_timeout(line->session, PATIENCE_S * 1000);
    if (line->fd < 0)
        return false;
    do
        done = gnutls_handshake(line->session);
    while (done < 0 && !gnutls_error_is_fatal(done));
    if (done == 0)
        look_at_certificate(guest, line->session);
    return done == 0;
}

static void hang_up(struct line *line)
{
    gnutls_deinit(line->session);
    gnutls_certificate_free_credentials(line->trust);
    if (line->fd >= 0)
        close(line->fd);
}

bool guest_shakes_hands(struct guest *guest)
{
    struct line line;
    bool good = dial(guest, &line);

    if (good)
        (void)gnutls_bye(line.session, GNUTLS_SHUT_WR);
    hang_up(&line);
    return good;
}

static size_t write_request(const struct guest *guest, const char *line, const char *head,
    const char *body, char *ret)
{
    size_t used = (size_t)snprintf(ret, GUEST_TEXT_MAX, "%s HTTP/1.1\r\n%s", line, head);

    if (*guest->cookie)
        used += (size_t)snprintf(
            ret + used, GUEST_TEXT_MAX - used, "Cookie: %s\r\n", guest->cookie);
    if (body)
        used += (size_t)snprintf(
            ret + used, GUEST_TEXT_MAX - used, "Content-Length: %zu\r\n", strlen(body));
    used += (size_t)snprintf(ret + used, GUEST_TEXT_MAX - used,
        "Connection: close\r\n\r\n%s", body ? body : "");
    assert_true(used < GUEST_TEXT_MAX);
    return used;
}

int guest_send(struct guest *guest, const char *line, const char *head, const char *body)
{
    static char request[GUEST_TEXT_MAX];
    size_t n = write_request(guest, line, head, body, request), used = 0;
    struct line to;
    ssize_t got = 0;

    guest->text[0] = 0;
    if (dial(guest, &to)) {
        for (size_t sent = 0; sent < n && got >= 0; sent += (size_t)got)
            got = gnutls_record_send(to.session, request + sent, n - sent);
        while (used < GUEST_TEXT_MAX - 1 &&
               ((got = gnutls_record_recv(
                     to.session, guest->text + used, GUEST_TEXT_MAX - 1 - used)) > 0 ||
                   got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED))
            used += got > 0 ? (size_t)got : 0;
        guest->text[used] = 0;
    }
    hang_up(&to);
    return strncmp(guest->text, "HTTP/1.1 ", 9) == 0
               ? (int)strtol(guest->text + 9, NULL, 10)
               : 0;
}

void guest_keep_cookie(struct guest *guest)
{
    const char *at = strstr(guest->text, "Set-Cookie: ");

    assert_non_null(at);
    at += strlen("Set-Cookie: ");
    (void)snprintf(
        guest->cookie, sizeof(guest->cookie), "%.*s", (int)strcspn(at, ";"), at);
}
