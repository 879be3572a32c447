/* SPDX-License-Identifier: Apache-2.0
 * The file's object is sent as it is, with --to and --service in their places: the node judges the fields, so
 * that there is one judge.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "input.h"
#include "memory.h"
#include "plain.h"
#include "print.h"
#include "request.h"

enum { REFERRAL_TEXT_MAX = 65536 };

static int fit_exit_code(enum status status)
{
    return status == STATUS_NOT_FOUND ? EX_NOINPUT
           : status == STATUS_DENIED  ? EX_NOINPUT
           : status == STATUS_IO      ? EX_IOERR
                                      : EX_DATAERR;
}

/* Some editors put the mark U+FEFF before everything: it is nothing that a person wrote, or sees. */
static struct span skip_mark(struct span text)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};

    return text.n >= sizeof(mark) && memcmp(text.at, mark, sizeof(mark)) == 0
               ? span_of(text.at + sizeof(mark), text.n - sizeof(mark))
               : text;
}

static int read_referral(const struct order *order, struct json **ret)
{
    const char *path = order->arguments.n > 0 ? order->arguments.words[0] : "-";
    struct trouble trouble = {""};
    struct json *json = NULL;
    struct buffer text;

    if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO))
        (void)fprintf(stderr, "Type the referral as JSON; Ctrl-D ends it.\n");
    buffer_init(&text, REFERRAL_TEXT_MAX);
    enum status status = input_read(path, &text, &trouble);
    if (status == STATUS_OK) {
        status =
            json_parse(skip_mark(buffer_span(&text)), REFERRAL_TEXT_MAX, &json, &trouble);
        if (status == STATUS_OK && json_kind(json) != JSON_OBJECT_KIND) {
            trouble_say(&trouble, "it is to be one JSON object");
            status = STATUS_MALFORMED;
        }
        if (status != STATUS_OK)
            trouble_prefix(
                &trouble, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
    }
    buffer_release(&text);
    if (status != STATUS_OK) {
        command_complain("%s. Nothing was sent", trouble.text);
        json_destroy(&json);
        return fit_exit_code(status);
    }
    *ret = json;
    return EX_OK;
}

/* Talk for the person; the data is on standard output already. */
static void say_what_follows(const struct json *item)
{
    const char *letter = json_find_text(item, "letter"),
               *to = json_find_text(item, "peer");
    char *plain_letter = plain_copy(letter ? letter : "kept", false);
    char *plain_to = plain_copy(to ? to : "the member", false);

    (void)fprintf(stderr,
        "It is on this node's disk (letter: %s) and will be sent until %s's signed "
        "receipt is back.\nFollow it with: amaan trace %s\n",
        plain_letter, plain_to, json_find_text(item, "reference"));
    memory_free(plain_letter);
    memory_free(plain_to);
}

/* Nothing was sent: what would be read is the data. */
static int print_dry(const struct order *order, const struct json *answer)
{
    if (order->json)
        print_line(answer);
    else
        print_answer("preview", answer);
    return EX_OK;
}

static int print_result(const struct order *order, const struct json *item)
{
    const char *reference = json_find_text(item, "reference");

    if (!reference ||
        strspn(reference, "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U") != strlen(reference)) {
        command_complain("the node's answer has no reference");
        return EX_PROTOCOL;
    }
    if (order->json)
        print_line(item);
    else
        (void)printf("%s\n", reference);
    if (!order->json && !arguments_flag(&order->arguments, "reference-only"))
        say_what_follows(item);
    return EX_OK;
}

int refer_run(struct order *order)
{
    static const char *const replaced[] = {"to", "service"};
    struct request request = {.verb = order->verb, .timeout_ms = order->timeout_ms};
    struct reply reply = {0};
    struct json *referral = NULL;
    bool dry = strcmp(order->verb->name, "preview") == 0 ||
               arguments_flag(&order->arguments, "dry-run");
    int code = read_referral(order, &referral);

    if (dry)
        request.verb = verb_find("preview");

    if (code == EX_OK) {
        for (size_t i = 0; i < ARRAY_LENGTH(replaced); i++) {
            const char *value = arguments_option(&order->arguments, replaced[i]);

            if (value)
                json_put_text(referral, replaced[i], value);
        }
        if (!dry && arguments_flag(&order->arguments, "yes-text"))
            json_put_flag(referral, "yes_text", true);
        /* Reading may have waited for a person: the time begins now. */
        order->deadline_ms = clock_steady_ms(order->clock) + order->timeout_ms;
        request.fields = referral;
        code = request_run(order, &request, &reply);
    }
    if (code == EX_OK)
        code = dry ? print_dry(order, reply.json) : print_result(order, reply.json);
    reply_release(&reply);
    json_destroy(&referral);
    return code;
}
