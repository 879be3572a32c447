/* SPDX-License-Identifier: Apache-2.0
 *
 * panic: files first, then the keys of a running node, then what happens next. Nothing here waits for a person.
 */
#include <stdio.h>
#include <sysexits.h>

#include "call.h"
#include "cmd.h"
#include "disk.h"
#include "loss.h"
#include "memory.h"

enum { CALL_MS = 1000, ANSWER_MAX = 4096 };

const struct option_row PANIC_OPTIONS[] = {
    {"yes", 0, NULL, "yes, destroy the keys", false},
    {NULL, 0, NULL, NULL, false},
};

/* The Urdu is a draft: made by a machine and read by nobody yet (docs/CARE.md 15). */
static const char NEXT[] =
    "The keys of this node are destroyed. Nobody, you included, can read what is stored "
    "here.\n"
    "Safe: letters on their way wait with their senders and the exchange; other members "
    "keep theirs.\n"
    "Now: 1. Go to a safe place. 2. Call a steward from another telephone and have this "
    "node suspended.\n"
    "     3. Later: a new node, or the last backup with two recovery shares.\n"
    "\n"
    "(draft) اس نوڈ کی کنجیاں ضائع کر دی گئی ہیں۔ یہاں محفوظ معلومات اب کوئی نہیں پڑھ "
    "سکتا، آپ بھی نہیں۔\n"
    "محفوظ ہے: راستے میں موجود خطوط بھیجنے والوں کے پاس انتظار کرتے ہیں۔\n"
    "اب: ۱۔ محفوظ جگہ جائیں۔ ۲۔ دوسرے فون سے سٹیورڈ کو کال کریں اور اس نوڈ کو معطل "
    "کروائیں۔\n"
    "    ۳۔ بعد میں: نیا نوڈ، یا آخری بیک اپ اور بحالی کے دو حصے۔\n";

/* "lock" wipes the keys in memory and, with node.key gone, ends the process. */
static enum status wipe_running(const char *home)
{
    char *run = disk_path(home, "run"), *socket = disk_path(run, "socket");
    struct http_call call = {.socket_path = socket,
        .method = "POST",
        .path = "/api/v1/lock",
        .body = span_text("{}"),
        .timeout_ms = CALL_MS};
    struct buffer answer;
    int http = 0;
    enum status status;

    buffer_init(&answer, ANSWER_MAX);
    status = http_call(&call, &http, &answer, NULL);
    buffer_release(&answer);
    memory_free(run);
    memory_free(socket);
    if (status == STATUS_CLOSED)
        return STATUS_OK; /* it does not run */
    return status == STATUS_OK && http != 200 ? STATUS_DENIED : status;
}

int cmd_panic(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    if (!arguments_flag(&arguments, "yes")) {
        command_complain(
            "panic destroys the keys of this node for good. Nothing was done. "
            "If that is meant: amaan panic --yes");
        return EX_USAGE;
    }
    enum status destroyed = loss_panic(arguments.words[0], &trouble);
    enum status wiped = wipe_running(arguments.words[0]);
    if (destroyed != STATUS_OK)
        command_complain("%s. Destroy the disk itself.", trouble.text);
    if (wiped != STATUS_OK)
        command_complain("The running node did not answer; its memory may hold the keys. "
                         "Switch the machine off now.");
    if (destroyed == STATUS_OK && wiped == STATUS_OK)
        (void)fputs(NEXT, stdout);
    return destroyed == STATUS_OK && wiped == STATUS_OK ? EX_OK : EX_IOERR;
}
