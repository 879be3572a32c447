/* SPDX-License-Identifier: Apache-2.0 */
#include "web_session.h"

#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "memory.h"
#include "vault.h"

enum { LAUNCH_BYTES = 4, COOKIE_HEADER_MAX = 4096 };

struct launch {
    bool living;
    uint8_t token[WEB_SECRET_BYTES];
    int64_t made_ms;
};

struct deed {
    struct hash name, said;
};

struct web_session {
    bool living, shut;
    uint8_t cookie[WEB_SECRET_BYTES], form[WEB_SECRET_BYTES];
    int64_t made_ms, used_ms; /* steady time */
    uint64_t life;
    char language[WEB_LANGUAGE_BYTES];
    struct deed deeds[WEB_DEEDS_MAX]; /* a ring */
    size_t n_deeds;                   /* ever kept */
};

struct web_sessions {
    struct clock *clock;
    struct chance *chance;
    uint8_t number[LAUNCH_BYTES];
    bool secure;
    uint64_t lives; /* given away */
    struct launch launches[WEB_LAUNCHES_MAX];
    struct web_session sessions[WEB_SESSIONS_MAX];
};

struct web_sessions *web_sessions_new(struct clock *clock, struct chance *chance)
{
    struct web_sessions *sessions = memory_new(sizeof *sessions);

    sessions->clock = clock;
    sessions->chance = chance;
    chance_fill(chance, sessions->number, sizeof sessions->number);
    return sessions;
}

void web_sessions_destroy(struct web_sessions **sessions)
{
    if (*sessions == NULL)
        return;
    memory_wipe(*sessions, sizeof **sessions);
    memory_free(*sessions);
    *sessions = NULL;
}

void web_sessions_set_secure(struct web_sessions *sessions)
{
    sessions->secure = true;
}

void web_session_cookie_name(const struct web_sessions *sessions, uint16_t port,
    char ret[static WEB_COOKIE_NAME_MAX])
{
    char number[2 * LAUNCH_BYTES + 1];

    hex_format(sessions->number, LAUNCH_BYTES, number);
    if (sessions->secure)
        snprintf(ret, WEB_COOKIE_NAME_MAX, "__Host-amaan-%u", (unsigned)port);
    else
        snprintf(ret, WEB_COOKIE_NAME_MAX, "amaan-%u-%s", (unsigned)port, number);
}

void web_session_cookie_line(const struct web_sessions *sessions, uint16_t port,
    const char *secret, char ret[static WEB_COOKIE_LINE_MAX])
{
    char name[WEB_COOKIE_NAME_MAX];

    web_session_cookie_name(sessions, port, name);
    snprintf(ret, WEB_COOKIE_LINE_MAX, "%s=%s; Path=/;%s HttpOnly; SameSite=Strict", name,
        secret, sessions->secure ? " Secure;" : "");
}

size_t web_session_stale_lines(const struct web_sessions *sessions, uint16_t port,
    const char *header, char ret[static WEB_STALE_MAX][WEB_COOKIE_LINE_MAX])
{
    char name[WEB_COOKIE_NAME_MAX];
    size_t n_name, n_number = 2 * (size_t)LAUNCH_BYTES, n_lines = 0;

    web_session_cookie_name(sessions, port, name);
    n_name = strlen(name);
    for (const char *at = header ? header : ""; *at && !sessions->secure;) {
        size_t n = strcspn(at, "=;");

        if (n == n_name && at[n] == '=' && strncmp(at, name, n_name - n_number) == 0 &&
            strspn(at + n_name - n_number, "0123456789abcdef") == n_number &&
            strncmp(at, name, n_name) != 0 && n_lines < WEB_STALE_MAX)
            snprintf(ret[n_lines++], WEB_COOKIE_LINE_MAX,
                "%.*s=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict", (int)n, at);
        at += strcspn(at, ";");
        at += strspn(at, "; ");
    }
    return n_lines;
}

void web_session_launch(
    struct web_sessions *sessions, char ret_token[static WEB_SECRET_TEXT])
{
    struct launch *to = &sessions->launches[0];

    for (size_t i = 1; i < WEB_LAUNCHES_MAX && to->living; i++) {
        struct launch *at = &sessions->launches[i];
        if (!at->living || at->made_ms < to->made_ms)
            to = at;
    }
    to->living = true;
    to->made_ms = clock_steady_ms(sessions->clock);
    chance_fill(sessions->chance, to->token, sizeof to->token);
    hex_format(to->token, sizeof to->token, ret_token);
}

/* False if the text is not a secret's. */
static bool read_secret(const char *text, uint8_t ret[static WEB_SECRET_BYTES])
{
    return text != NULL && hex_parse(text, ret, WEB_SECRET_BYTES) == STATUS_OK;
}

static bool use_launch(struct web_sessions *sessions, const char *token)
{
    int64_t now_ms = clock_steady_ms(sessions->clock);
    uint8_t secret[WEB_SECRET_BYTES];
    bool found = false;

    if (!read_secret(token, secret))
        return false;
    for (size_t i = 0; i < WEB_LAUNCHES_MAX; i++) {
        struct launch *at = &sessions->launches[i];
        if (!at->living || !vault_equal(at->token, secret, sizeof secret))
            continue;
        found = now_ms - at->made_ms < WEB_LAUNCH_MS;
        memory_wipe(at, sizeof *at);
    }
    memory_wipe(secret, sizeof secret);
    return found;
}

static bool is_over(const struct web_session *session, int64_t now_ms)
{
    return now_ms - session->used_ms >= WEB_IDLE_MS ||
           now_ms - session->made_ms >= WEB_LIFE_MS;
}

/* Keeps the cookie, so that its browser finds the lock page, and nothing else of it. */
static void shut(struct web_sessions *sessions, struct web_session *session)
{
    session->shut = true;
    chance_fill(sessions->chance, session->form, sizeof session->form);
    web_session_forget(session);
}

static void shut_those_over(struct web_sessions *sessions)
{
    int64_t now_ms = clock_steady_ms(sessions->clock);

    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++) {
        struct web_session *at = &sessions->sessions[i];
        if (at->living && !at->shut && is_over(at, now_ms))
            shut(sessions, at);
    }
}

static struct web_session *find_room(struct web_sessions *sessions)
{
    struct web_session *room = &sessions->sessions[0];

    for (size_t i = 1; i < WEB_SESSIONS_MAX && room->living; i++) {
        struct web_session *at = &sessions->sessions[i];
        if (!at->living || at->used_ms < room->used_ms)
            room = at;
    }
    return room;
}

enum status web_session_enter(struct web_sessions *sessions, const char *token,
    char ret_cookie[static WEB_SECRET_TEXT])
{
    if (!use_launch(sessions, token))
        return STATUS_DENIED;
    web_session_admit(sessions, ret_cookie);
    return STATUS_OK;
}

void web_session_admit(
    struct web_sessions *sessions, char ret_cookie[static WEB_SECRET_TEXT])
{
    struct web_session *session;

    shut_those_over(sessions);
    session = find_room(sessions);
    memory_wipe(session, sizeof *session);
    session->living = true;
    web_session_renew(sessions, session, ret_cookie);
}

void web_session_renew(struct web_sessions *sessions, struct web_session *session,
    char ret_cookie[static WEB_SECRET_TEXT])
{
    session->shut = false;
    session->life = ++sessions->lives;
    web_session_forget(session); /* another person may have entered */
    session->made_ms = session->used_ms = clock_steady_ms(sessions->clock);
    chance_fill(sessions->chance, session->cookie, sizeof session->cookie);
    chance_fill(sessions->chance, session->form, sizeof session->form);
    hex_format(session->cookie, sizeof session->cookie, ret_cookie);
}

struct web_session *web_session_find(
    struct web_sessions *sessions, const char *cookie, bool by_person)
{
    uint8_t secret[WEB_SECRET_BYTES];
    struct web_session *found = NULL;

    shut_those_over(sessions);
    if (!read_secret(cookie, secret))
        return NULL;
    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++) {
        struct web_session *at = &sessions->sessions[i];
        if (at->living && vault_equal(at->cookie, secret, sizeof secret))
            found = at;
    }
    memory_wipe(secret, sizeof secret);
    if (found != NULL && by_person)
        found->used_ms = clock_steady_ms(sessions->clock);
    return found;
}

/* "a=1; b=2": the value of the one pair with this name, into `ret`; false if there is none or a second. */
static bool read_cookie(
    const char *header, const char *name, char ret[static WEB_SECRET_TEXT])
{
    size_t name_bytes = strlen(name), n_found = 0;

    for (const char *at = header; *at != '\0';) {
        size_t n = strcspn(at, ";");
        if (n > name_bytes && strncmp(at, name, name_bytes) == 0 &&
            at[name_bytes] == '=') {
            if (n - name_bytes - 1 != WEB_SECRET_TEXT - 1)
                return false;
            memcpy(ret, at + name_bytes + 1, WEB_SECRET_TEXT - 1);
            ret[WEB_SECRET_TEXT - 1] = '\0';
            n_found++;
        }
        at += n;
        at += strspn(at, "; ");
    }
    return n_found == 1;
}

struct web_session *web_session_of_header(
    struct web_sessions *sessions, uint16_t port, const char *header, bool by_person)
{
    char name[WEB_COOKIE_NAME_MAX], cookie[WEB_SECRET_TEXT];
    struct web_session *session = NULL;

    web_session_cookie_name(sessions, port, name);
    if (header != NULL && strnlen(header, COOKIE_HEADER_MAX) < COOKIE_HEADER_MAX &&
        read_cookie(header, name, cookie))
        session = web_session_find(sessions, cookie, by_person);
    memory_wipe(cookie, sizeof cookie);
    return session;
}

void web_session_form_token(
    const struct web_session *session, char ret_token[static WEB_SECRET_TEXT])
{
    hex_format(session->form, sizeof session->form, ret_token);
}

bool web_session_is_form_token(const struct web_session *session, const char *token)
{
    uint8_t secret[WEB_SECRET_BYTES];
    bool same =
        read_secret(token, secret) && vault_equal(session->form, secret, sizeof secret);

    memory_wipe(secret, sizeof secret);
    return same;
}

uint64_t web_session_life(const struct web_session *session)
{
    return session->life;
}

struct web_session *web_session_of_life(struct web_sessions *sessions, uint64_t life)
{
    shut_those_over(sessions);
    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++)
        if (sessions->sessions[i].living && sessions->sessions[i].life == life)
            return &sessions->sessions[i];
    return NULL;
}

bool web_session_is_shut(const struct web_session *session)
{
    return session->shut;
}

void web_session_shut(struct web_sessions *sessions, struct web_session *session)
{
    shut(sessions, session);
}

void web_session_end(struct web_session *session)
{
    memory_wipe(session, sizeof *session);
}

void web_session_shut_all(struct web_sessions *sessions)
{
    memory_wipe(sessions->launches, sizeof sessions->launches);
    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++)
        if (sessions->sessions[i].living)
            shut(sessions, &sessions->sessions[i]);
}

size_t web_session_count(struct web_sessions *sessions)
{
    size_t n = 0;

    shut_those_over(sessions);
    for (size_t i = 0; i < WEB_SESSIONS_MAX; i++)
        n += sessions->sessions[i].living && !sessions->sessions[i].shut;
    return n;
}

const char *web_session_language(const struct web_session *session)
{
    return session->language;
}

void web_session_set_language(struct web_session *session, const char *language)
{
    PROMISE(strlen(language) < WEB_LANGUAGE_BYTES);
    memcpy(session->language, language, strlen(language) + 1);
}

enum web_done web_session_done(
    const struct web_session *session, const struct hash *name, const struct hash *said)
{
    size_t n = session->n_deeds < WEB_DEEDS_MAX ? session->n_deeds : WEB_DEEDS_MAX;

    for (size_t i = 0; i < n; i++)
        if (hash_equal(&session->deeds[i].name, name))
            return hash_equal(&session->deeds[i].said, said) ? WEB_DONE
                                                             : WEB_DONE_OTHERWISE;
    return WEB_NOT_DONE;
}

void web_session_forget(struct web_session *session)
{
    memory_wipe(session->deeds, sizeof session->deeds);
    session->n_deeds = 0;
}

void web_session_keep(
    struct web_session *session, const struct hash *name, const struct hash *said)
{
    for (size_t i = 0; i < WEB_DEEDS_MAX; i++)
        if (hash_equal(&session->deeds[i].name, name))
            memory_wipe(&session->deeds[i], sizeof session->deeds[i]);
    session->deeds[session->n_deeds++ % WEB_DEEDS_MAX] =
        (struct deed){.name = *name, .said = *said};
}
