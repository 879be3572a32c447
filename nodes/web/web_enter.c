/* SPDX-License-Identifier: Apache-2.0
 * A try is counted before it is judged, and its end says whether it counts.
 */
#include "web_enter.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "pages.h"
#include "password.h"
#include "web_answer.h"
#include "web_error.h"
#include "web_pages.h"
#include "web_tries.h"

enum { PIN_MIN = 4, PIN_MAX = 8, COUNTED_MAX = 2, SAID_MAX = 256, SECONDS_BYTES = 24 };

static const struct {
    int http;
    const char *code;
} WRONG = {403, "wrong-entry"}, WAITS = {429, "too-many-tries"},
  FAULTY = {400, "bad-request"};

/* One that is on its way through the node. */
struct entry {
    struct web_enter *in;
    struct http_request *request;
    uint64_t life; /* of this browser's session; 0: none */
    enum page_language language;
    struct hash counted[COUNTED_MAX];
    size_t n_counted;
    char person[SAID_MAX], back[WEB_PATH_MAX];
    struct entry *next, **self;
};

struct web_enter {
    struct web_options options;
    struct web_sessions *sessions;
    struct web_tries *tries;
    struct entry *first;
};

struct web_enter *web_enter_new(
    const struct web_options *options, struct web_sessions *sessions)
{
    struct web_enter *enter = memory_new(sizeof(*enter));

    PROMISE(options->office);
    enter->options = *options;
    enter->sessions = sessions;
    enter->tries = web_tries_new(options->clock);
    return enter;
}

static void end_entry(struct entry *entry)
{
    *entry->self = entry->next;
    if (entry->next)
        entry->next->self = entry->self;
    memory_wipe(entry, sizeof(*entry));
    memory_free(entry);
}

void web_enter_destroy(struct web_enter **enter)
{
    if (!*enter)
        return;
    while ((*enter)->first)
        end_entry((*enter)->first);
    web_tries_destroy(&(*enter)->tries);
    memory_free(*enter);
    *enter = NULL;
}

/* --- pages ---------------------------------------------------------------------------------------------------- */

enum { LOCKED = 423 }; /* as the lock page */

void web_enter_show(struct http_request *request, const char *back)
{
    struct page_context context = {
        .language = web_language(request, NULL), .token = "", .key = "", .path = back};
    struct json *data = json_new_object();

    web_answer(request, LOCKED, page_office, data, &context, NULL, "office");
    json_destroy(&data);
}

/* The form again, with the name that was written. `error` is taken. */
static void show_again(
    const struct entry *entry, int code, struct json **error, int64_t wait_ms)
{
    struct json *data = json_new_object(), *said = json_new_object();
    int64_t wait_s = (wait_ms + SECOND_MS - 1) / SECOND_MS;
    char seconds[SECONDS_BYTES];
    const struct http_field field = {"Retry-After", seconds};
    const struct page_context context = {
        .language = entry->language, .token = "", .key = "", .path = entry->back};

    (void)snprintf(seconds, sizeof(seconds), "%lld", (long long)wait_s);
    json_put_text(said, "person", entry->person);
    json_give(data, "said", &said);
    json_give(data, "error", error);
    if (wait_s > 0)
        json_put_int(data, "wait", wait_s);
    web_answer(entry->request, code, page_office, data, &context,
        wait_s > 0 ? &field : NULL, "office");
    json_destroy(&data);
}

static struct json *error_of(const struct entry *entry, const char *code)
{
    return web_error_own(entry->language, code, NULL);
}

/* --- counting ------------------------------------------------------------------------------------------------- */

/* A desk that was open by itself; a stranger by whence it comes and by the name it says. */
static void count_whom(struct entry *entry)
{
    uint8_t address[SUBNET_ADDRESS_BYTES];

    if (entry->life != 0) {
        entry->counted[entry->n_counted++] =
            web_tries_who("desk", &entry->life, sizeof(entry->life));
        return;
    }
    http_caller(entry->request, address);
    entry->counted[entry->n_counted++] =
        web_tries_who("address", address, sizeof(address));
    entry->counted[entry->n_counted++] =
        web_tries_who("person", entry->person, strlen(entry->person));
}

static int64_t wait_of(const struct entry *entry)
{
    int64_t longest_ms = 0;

    for (size_t i = 0; i < entry->n_counted; i++) {
        int64_t wait_ms = web_tries_wait_ms(entry->in->tries, &entry->counted[i]);

        longest_ms = wait_ms > longest_ms ? wait_ms : longest_ms;
    }
    return longest_ms;
}

static void for_counted(const struct entry *entry,
    void (*what)(struct web_tries *tries, const struct hash *who))
{
    for (size_t i = 0; i < entry->n_counted; i++)
        what(entry->in->tries, &entry->counted[i]);
}

/* --- what came of it ------------------------------------------------------------------------------------------ */

static void let_in(struct entry *entry)
{
    struct web_enter *in = entry->in;
    char secret[WEB_SECRET_TEXT], line[WEB_COOKIE_LINE_MAX];
    struct web_session *session =
        entry->life != 0 ? web_session_of_life(in->sessions, entry->life) : NULL;

    for_counted(entry, web_tries_clear);
    web_session_shut_all(in->sessions);
    in->options.office->on_entered(in->options.context);
    if (session)
        web_session_renew(in->sessions, session, secret);
    else
        web_session_admit(in->sessions, secret);
    web_session_cookie_line(in->sessions, in->options.port, secret, line);
    web_send_away(entry->request, entry->back, line);
    memory_wipe(secret, sizeof(secret));
    memory_wipe(line, sizeof(line));
}

/* That the fifth wrong PIN locked the node is not said either: only that this was wrong. */
static bool is_wrong(const struct json *answer)
{
    static const char *const CODES[] = {"wrong-passphrase", "wrong-pin", "node-locked"};
    const char *code = json_find_text(answer, "code");

    for (size_t i = 0; code && i < ARRAY_LENGTH(CODES); i++)
        if (strcmp(code, CODES[i]) == 0)
            return true;
    return false;
}

/* Who locked the node by wrong PINs does it once: from now on this browser is a stranger, who is asked for a passphrase. */
static void end_if_it_locked(const struct entry *entry, const struct json *answer)
{
    const char *code = json_find_text(answer, "code");
    struct web_session *session =
        entry->life != 0 ? web_session_of_life(entry->in->sessions, entry->life) : NULL;

    if (session && code && strcmp(code, "node-locked") == 0)
        web_session_end(session);
}

static void on_judged(void *context, int http, const struct json *answer)
{
    struct entry *entry = context;
    struct json *error;

    if (http >= 200 && http < 300) {
        let_in(entry);
    } else if (is_wrong(answer)) {
        end_if_it_locked(entry, answer);
        error = error_of(entry, WRONG.code);
        show_again(entry, WRONG.http, &error, wait_of(entry));
    } else { /* busy, no memory, no good new PIN: nothing was tried */
        for_counted(entry, web_tries_take_back);
        if (entry->life == 0)
            web_tries_take_back_stranger(entry->in->tries);
        error = web_error_of_answer(entry->language, answer);
        show_again(entry, http, &error, 0);
    }
    end_entry(entry);
}

/* --- a try ------------------------------------------------------------------------------------------------------ */

static bool is_pin(const char *word)
{
    size_t n = strlen(word);

    return n >= PIN_MIN && n <= PIN_MAX && strspn(word, "0123456789") == n;
}

/* What the node would not even try is not counted: whoever sends such things by the hundred shuts nobody out. */
static const char *find_fault(const char *word, const char *pin)
{
    if (strlen(word) > PASSWORD_MAX_BYTES)
        return "This is longer than a passphrase can be. Nothing was changed.";
    return pin && *pin && !is_pin(pin)
               ? "A PIN has 4 to 8 digits. Nothing was changed. Choose another one."
               : NULL;
}

/* A wrong name with a PIN goes the way of a wrong PIN, and counts at the seat as one. */
static void try_it(struct entry *entry, bool known, const char *word, const char *pin)
{
    const struct web_options *options = &entry->in->options;
    struct json *fields = json_new_object();
    const char *verb = "unlock";

    if (known && is_pin(word)) {
        bool sits = options->office->sits(options->context, entry->person);

        verb = "screen-unlock";
        json_put_text(fields, "pin", sits ? word : "");
    } else {
        json_put_text(fields, "person", entry->person);
        json_put_text(fields, "passphrase", word);
        if (pin && *pin)
            json_put_text(fields, "pin", pin);
    }
    options->ask(options->context, verb_find(verb), "", &fields, on_judged, entry);
    json_destroy(&fields);
}

static struct entry *begin(struct web_enter *enter, struct http_request *request,
    const struct web_session *session, const char *person, const char *back)
{
    struct entry *entry = memory_new(sizeof(*entry));

    entry->in = enter;
    entry->request = request;
    entry->life = session ? web_session_life(session) : 0;
    entry->language = web_language(request, session);
    (void)snprintf(entry->person, sizeof(entry->person), "%s", person);
    (void)snprintf(entry->back, sizeof(entry->back), "%s", back);
    entry->next = enter->first;
    entry->self = &enter->first;
    if (entry->next)
        entry->next->self = &entry->next;
    enter->first = entry;
    count_whom(entry);
    return entry;
}

void web_enter_take(struct web_enter *enter, struct http_request *request,
    struct web_session *session, const struct web_form *form)
{
    const char *person = web_form_value(form, "person"),
               *word = web_form_value(form, "word"), *back = web_form_value(form, "back");
    struct json *error;

    if (!person || !word || !*person || !*word || strlen(person) >= SAID_MAX ||
        web_form_count(form, "person") > 1 || web_form_count(form, "word") > 1 ||
        web_form_count(form, "pin") > 1 || web_form_count(form, "back") > 1 ||
        (back && !web_page_is_address(back))) {
        web_refuse(request, session, WEB_BAD_FORM, 0, NULL);
        return;
    }
    struct entry *entry = begin(enter, request, session, person, back ? back : "/");
    const char *pin = web_form_value(form, "pin"), *fault = find_fault(word, pin);
    int64_t wait_ms = wait_of(entry);

    if (fault) {
        error = web_error_own(entry->language, FAULTY.code, fault);
        show_again(entry, FAULTY.http, &error, 0);
        end_entry(entry);
        return;
    }
    if (wait_ms == 0 && entry->life == 0)
        wait_ms = web_tries_stranger_ms(enter->tries);
    if (wait_ms > 0) {
        error = error_of(entry, WAITS.code);
        show_again(entry, WAITS.http, &error, wait_ms);
        end_entry(entry);
        return;
    }
    for_counted(entry, web_tries_begin);
    try_it(entry, session && web_session_is_shut(session), word, pin);
}
