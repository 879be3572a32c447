/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: questions go through http's minimal client; the offline broker's outlet says of everybody
 * that the connection is gone.
 */
#include "ask.h"

#include <stdio.h>
#include <sysexits.h>

#include "broker.h"
#include "call.h"
#include "memory.h"

enum { CODE_OK = 200 };

bool ask_parse(const struct command *command, int argc, char **argv, int max_words,
    struct arguments *ret, struct home *ret_home, int *ret_code)
{
    bool done = false;
    int code = command_parse(command, argc, argv, 0, max_words, ret, &done);

    if (code != EX_OK || done) {
        *ret_code = code;
        return false;
    }
    const char *folder = arguments_option(ret, "home");
    if (folder == NULL || folder[0] == '\0') {
        command_complain("%s: say which exchange: --home HOME", command->name);
        *ret_code = EX_USAGE;
        return false;
    }
    home_init(ret_home, folder);
    return true;
}

static enum status read_refusal(
    int code, const struct json *json, struct trouble *trouble)
{
    const char *sentence = json_find_text(json, "sentence");

    if (sentence)
        trouble_say(trouble, "%s", sentence);
    else
        trouble_say(trouble, "the exchange answered with code %d", code);
    return STATUS_MALFORMED;
}

enum status ask(const struct home *home, const char *path, struct span body,
    int timeout_ms, struct json **ret, struct trouble *trouble)
{
    struct buffer text;
    struct json *json = NULL;
    int code = 0;

    buffer_init(&text, JSON_TEXT_MAX);
    enum status status =
        http_call(&(struct http_call){.socket_path = home->socket,
                      .method = body.n > 0 ? "POST" : "GET",
                      .path = path,
                      .type = body.n > 0 ? "application/octet-stream" : NULL,
                      .body = body,
                      .timeout_ms = timeout_ms},
            &code, &text, trouble);
    if (status == STATUS_CLOSED || status == STATUS_NOT_FOUND) {
        trouble_say(trouble,
            "no exchange is running in %s. Start it with: amaan-broker run --home %s",
            home->folder, home->folder);
        status = STATUS_CLOSED;
    }
    if (status == STATUS_OK)
        status = json_parse(buffer_span(&text), JSON_TEXT_MAX, &json, trouble);
    if (status == STATUS_OK && code != CODE_OK)
        status = read_refusal(code, json, trouble);
    buffer_release(&text);
    if (status == STATUS_OK)
        *ret = json;
    else
        json_destroy(&json);
    return status;
}

int ask_fail(enum status status, const struct trouble *trouble)
{
    command_complain(
        "%s", trouble->text[0] != '\0' ? trouble->text : status_name(status));
    return command_exit_code(status);
}

void ask_print_json(const struct json *json)
{
    struct buffer text;

    buffer_init(&text, JSON_TEXT_MAX);
    if (json_print(json, &text) != STATUS_OK)
        BUG("an answer that was read cannot be printed");
    (void)printf("%.*s\n", (int)text.used, (const char *)text.bytes);
    buffer_release(&text);
}

static enum status say_to_nobody(void *context, uint64_t connection, struct span frame)
{
    (void)context;
    (void)connection;
    (void)frame;
    return STATUS_NOT_FOUND;
}

enum status ask_open_offline(
    const struct home *home, struct broker **ret, struct trouble *trouble)
{
    struct conf conf;
    enum status status = conf_read(home->conf, &conf, trouble);

    if (status)
        return status;
    status = broker_open(&(struct broker_options){.path = home->database,
                             .clock = clock_system(),
                             .chance = chance_system(),
                             .outlet = {.send = say_to_nobody}},
        ret, trouble);
    if (status == STATUS_BUSY)
        trouble_say(trouble,
            "another process has %s open, but does not answer at %s. Nothing was changed",
            home->database, home->socket);
    return status;
}
