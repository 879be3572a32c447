/* SPDX-License-Identifier: Apache-2.0
 * The passphrase lives in one buffer, one JSON value and libcurl's memory; all three wipe what they free.
 */
#include <stdio.h>
#include <sysexits.h>

#include "passphrase.h"
#include "request.h"

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

int unlock_run(struct order *order)
{
    struct json *fields = NULL;
    struct request request = {.verb = order->verb, .timeout_ms = order->timeout_ms};
    struct trouble trouble = {""};
    struct reply reply = {0};
    struct buffer passphrase;
    int code;

    buffer_init(&passphrase, PASSPHRASE_BYTES_MAX);
    enum status status = passphrase_read(
        arguments_option(&order->arguments, "passphrase-fd"), &passphrase, &trouble);
    if (status != STATUS_OK) {
        command_complain("%s", trouble.text);
        code = fit_exit_code(status);
    } else {
        fields = json_new_object();
        json_put_span(fields, "passphrase", buffer_span(&passphrase));
        request.fields = fields;
        code = request_run(order, &request, &reply);
    }
    if (code == EX_OK)
        (void)fprintf(stderr, "The node is unlocked.\n");
    reply_release(&reply);
    json_destroy(&fields);
    passphrase_release(&passphrase);
    return code;
}
