/* SPDX-License-Identifier: Apache-2.0
 * All verbs at the door that take secrets. A secret lives in one buffer, one JSON value and libcurl's memory; all
 * three wipe what they free. Shares are printed once, each in a line of its own.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "passphrase.h"
#include "request.h"

static const struct {
    const char *name, *option, *prompt;
    bool twice; /* at the terminal */
} SECRETS[] = {
    {"passphrase", "passphrase-fd", "Passphrase", false},
    {"new_passphrase", "new-passphrase-fd", "New passphrase", true},
    {"pin", "pin-fd", "PIN", false},
};

static int fit_exit_code(enum status status)
{
    switch (status) {
    case STATUS_NOT_FOUND:
        return EX_NOINPUT;
    case STATUS_IO:
        return EX_IOERR;
    case STATUS_BUSY:
        return EX_TEMPFAIL;
    default:
        return EX_DATAERR;
    }
}

static enum status read_twice(
    const char *prompt, const struct buffer *first, struct trouble *trouble)
{
    struct buffer again;
    enum status status;

    buffer_init(&again, PASSPHRASE_BYTES_MAX);
    (void)fprintf(stderr, "Once more. ");
    status = passphrase_read(prompt, NULL, &again, trouble);
    if (status == STATUS_OK && !span_equal(buffer_span(first), buffer_span(&again))) {
        trouble_say(trouble, "the two are not the same; nothing was changed");
        status = STATUS_MALFORMED;
    }
    passphrase_release(&again);
    return status;
}

/* One secret of the table into the request. */
static enum status put_secret(
    struct order *order, size_t i, struct json *fields, struct trouble *trouble)
{
    const char *descriptor = arguments_option(&order->arguments, SECRETS[i].option);
    struct buffer secret;
    enum status status;

    buffer_init(&secret, PASSPHRASE_BYTES_MAX);
    status = passphrase_read(SECRETS[i].prompt, descriptor, &secret, trouble);
    if (status == STATUS_OK && SECRETS[i].twice && !descriptor)
        status = read_twice(SECRETS[i].prompt, &secret, trouble);
    if (status == STATUS_OK)
        json_put_span(fields, SECRETS[i].name, buffer_span(&secret));
    passphrase_release(&secret);
    return status;
}

/* The PIN of unlock is asked for on request only. */
static bool is_wanted(const struct order *order, const struct verb_argument *row)
{
    return row->required || arguments_option(&order->arguments, "pin-fd") ||
           arguments_flag(&order->arguments, "pin");
}

static int fill(struct order *order, struct json *fields)
{
    struct trouble trouble = {""};
    enum status status = STATUS_OK;

    if (order->arguments.n > 0)
        json_put_text(fields, "name", order->arguments.words[0]);
    for (const struct verb_argument *row = order->verb->arguments; row->name; row++) {
        const char *value =
            row->type == ARGUMENT_SECRET ? NULL : order_field(order, row->name);

        if (value)
            json_put_text(fields, row->name, value);
        else if (row->required && row->type != ARGUMENT_SECRET &&
                 !json_find(fields, row->name)) {
            command_complain("%s: --%s is missing%s%s", order->verb->name, row->name,
                row->words ? "; one of: " : "", row->words ? row->words : "");
            return EX_USAGE;
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < sizeof(SECRETS) / sizeof(*SECRETS);
         i++) {
        const struct verb_argument *row = verb_argument(order->verb, SECRETS[i].name);

        if (row && is_wanted(order, row))
            status = put_secret(order, i, fields, &trouble);
    }
    if (status == STATUS_OK)
        return EX_OK;
    command_complain("%s", trouble.text);
    return fit_exit_code(status);
}

static void tell(const struct order *order, const struct json *answer)
{
    const struct json *shares = json_find(answer, "shares");
    const char *name = order->verb->name;

    if (strcmp(name, "unlock") == 0)
        (void)fprintf(stderr, "The node is unlocked.\n");
    else if (strcmp(name, "screen-unlock") == 0)
        (void)fprintf(stderr, "The screen is open.\n");
    else if (shares)
        (void)fprintf(stderr,
            "Three recovery shares of this node. Any two open it; one says nothing. "
            "Write "
            "each on paper of its own with the node's name, keep them with three people "
            "in three places, and clear this screen. They are not shown again.\n");
    else
        (void)fprintf(stderr, "Done.\n");
    for (size_t i = 0; i < json_count(shares); i++)
        (void)printf("%s\n", json_text(json_nth(shares, i)));
    if (json_find(answer, "recorded") && !json_find_flag(answer, "recorded"))
        (void)fprintf(stderr, "It was done, but the record of it could not be kept: look "
                              "at the disk.\n");
}

int unlock_run(struct order *order)
{
    struct json *fields = json_new_object();
    struct request request = {
        .verb = order->verb, .timeout_ms = order->timeout_ms, .fields = fields};
    struct reply reply = {0};
    int code = fill(order, fields);

    if (code == EX_OK)
        code = request_run(order, &request, &reply);
    if (code == EX_OK)
        tell(order, reply.json);
    reply_release(&reply);
    json_destroy(&fields);
    return code;
}
