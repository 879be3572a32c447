/* SPDX-License-Identifier: Apache-2.0
 *
 * recover: two shares, a new passphrase. Shares are asked for like passphrases: never on the command line.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "loss.h"
#include "memory.h"
#include "passphrase.h"

const struct option_row RECOVER_OPTIONS[] = {
    {"person", 'p', "NAME", "the administrator who gets the new passphrase", false},
    {"shares-fd", 0, "N", "read two shares, a line each, from descriptor N", false},
    {"cost", 0, "COST", "of guessing the passphrase: normal, floor, or PASSES,KIB",
        false},
    {"passphrase-fd", 0, "N", "read the passphrase from descriptor N instead of asking",
        false},
    {NULL, 0, NULL, NULL, false},
};

static enum status read_share(
    struct span line, int number, struct share *ret, struct trouble *trouble)
{
    char text[SHARE_TEXT_BYTES * 2] = {0};
    enum status status = STATUS_MALFORMED;

    if (line.n < sizeof(text)) {
        memcpy(text, line.at, line.n);
        status = share_parse(text, ret);
    }
    if (status != STATUS_OK)
        trouble_say(trouble,
            "Share %d is not as it was printed: compare it letter by letter with the "
            "paper. "
            "Nothing was changed.",
            number);
    memory_wipe(text, sizeof(text));
    return status;
}

/* Both from one descriptor, or one after the other at the terminal. */
static enum status read_shares(
    const char *fd, struct share ret[static SHARES_NEEDED], struct trouble *trouble)
{
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK && i < SHARES_NEEDED; i++) {
        struct buffer typed;
        const uint8_t *end = NULL;

        buffer_init(&typed, 1);
        if (!fd)
            (void)fprintf(stderr, "Share %d of %d. ", i + 1, SHARES_NEEDED);
        status = passphrase_read(fd, false, &typed, trouble);
        if (status == STATUS_OK && fd) {
            end = memchr(typed.bytes, '\n', typed.used);
            status = STATUS_MALFORMED;
            if (!end)
                trouble_say(trouble, "Two shares are needed, a line each.");
        }
        if (end) {
            size_t n = (size_t)(end - typed.bytes);

            status = read_share(span_of(typed.bytes, n), 1, &ret[0], trouble);
            if (status == STATUS_OK)
                status =
                    read_share(span_of(end + 1, typed.used - n - 1), 2, &ret[1], trouble);
        } else if (status == STATUS_OK) {
            status = read_share(buffer_span(&typed), i + 1, &ret[i], trouble);
        }
        buffer_release(&typed);
        if (fd)
            break;
    }
    return status;
}

int cmd_recover(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct buffer passphrase;
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    struct loss_recover request = {.node = {.home = arguments.words[0],
                                       .clock = clock_system(),
                                       .chance = chance_system()},
        .person = arguments_option(&arguments, "person")};
    if (!cmd_read_cost(arguments_option(&arguments, "cost"), &request.cost)) {
        command_complain("--cost is normal, floor, or PASSES,KIB");
        return EX_USAGE;
    }
    buffer_init(&passphrase, 1);
    enum status status =
        read_shares(arguments_option(&arguments, "shares-fd"), request.shares, &trouble);
    if (status == STATUS_OK) {
        status = passphrase_read(
            arguments_option(&arguments, "passphrase-fd"), true, &passphrase, &trouble);
        request.passphrase = buffer_span(&passphrase);
        if (status == STATUS_OK)
            status = loss_recover(&request, &trouble);
        buffer_release(&passphrase);
    }
    memory_wipe(request.shares, sizeof(request.shares));
    if (status == STATUS_OK)
        (void)fprintf(stderr,
            "%s is an administrator with the new passphrase. Everything kept here is "
            "readable as before. Start the node, unlock it, and make new shares: "
            "\"amaan recovery-make\".\n",
            request.person);
    else
        command_complain("%s", *trouble.text ? trouble.text : status_name(status));
    return command_exit_code(status);
}
