/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward: the key ceremony, rosters and notices of a network, on machines that are not connected to
 * anything (PROTOCOL.md 5a; docs/OPERATIONS.md, Stewards). It never opens a socket.
 */
#include <sysexits.h>

#include "clock.h"
#include "commands.h"
#include "disk.h"
#include "hpke.h"
#include "memory.h"
#include "keyboard.h"
#include "vault.h"

static const struct option_row no_options[] = {{NULL, 0, NULL, NULL, false}};

static const struct command commands[] = {
    {"key", "make and check your own key", "new|show|check|change ...", NULL, no_options,
        run_key},
    {"root", "say who the stewards are", "new|rotate ...", NULL, no_options, run_root},
    {"roster", "make the next list of members and their profiles", "new|next ...", NULL,
        no_options, run_roster},
    {"notice", "suspend members at once, alone, for 72 hours", "new ...", NULL,
        no_options, run_notice},
    {"sign", "add your signature to documents", "DOCUMENT...",
        "amaan-steward sign --key mine.key root.amaan\n"
        "amaan-steward sign --key mine.key --root root.amaan --previous roster-6.amaan "
        "\\\n"
        "    --plain profiles-7.plain --join clinic.rawalpindi.join \\\n"
        "    roster-7.amaan profiles-7.amaan",
        SIGN_OPTIONS, run_sign},
    {"verify", "check that documents are complete and fit together", "DOCUMENT...",
        "amaan-steward verify --root root.amaan roster.amaan profiles.amaan\n"
        "amaan-steward verify --root root.amaan --previous roster-6.amaan --plain "
        "profiles-7.plain roster-7.amaan",
        VERIFY_OPTIONS, run_verify},
    {"show", "show what a file says", "FILE",
        "amaan-steward show shelter.peshawar.join\n"
        "amaan-steward show - <root.amaan\n"
        "amaan-steward show --plain profiles.plain --json roster.amaan",
        SHOW_OPTIONS, run_show},
};

int need_option(const struct arguments *arguments, const char *name, const char **ret)
{
    *ret = arguments_option(arguments, name);
    if (*ret)
        return EX_OK;
    command_complain("--%s is needed", name);
    return EX_USAGE;
}

enum status option_created(
    const struct arguments *arguments, int64_t *ret, struct trouble *trouble)
{
    const char *word = arguments_option(arguments, "created");

    if (!word) {
        *ret = clock_wall_ms(clock_system());
        return STATUS_OK;
    }
    if (time_parse(word, ret) == STATUS_OK && *ret > 0)
        return STATUS_OK;
    trouble_say(trouble, "--created is a time such as 2026-11-24T05:00:00Z");
    return STATUS_MALFORMED;
}

enum status option_days(const struct arguments *arguments, const char *name, int days,
    int64_t *ret, struct trouble *trouble)
{
    const char *word = arguments_option(arguments, name);
    char *end = NULL;
    long number = word ? strtol(word, &end, 10) : days;

    if (word && (!*word || *end || number < 1 || number > 3650)) {
        trouble_say(trouble, "--%s is a number of days, 1 to 3650", name);
        return STATUS_MALFORMED;
    }
    *ret = number * DAY_MS;
    return STATUS_OK;
}

enum status unlock_key(const char *path, const char *passphrase_fd,
    struct sign_secret *ret, struct trouble *trouble)
{
    struct passphrase passphrase;
    struct key_file file;
    struct buffer text;
    char prompt[300];
    enum status status = disk_check_private(path, trouble);

    if (status == STATUS_OK)
        status = disk_read(path, KEY_TEXT_BYTES_MAX, &text, trouble);
    if (status)
        return status;
    status = key_file_parse(buffer_span(&text), &file, trouble);
    buffer_release(&text);
    if (status)
        return status;
    (void)snprintf(prompt, sizeof prompt, "Passphrase of %.200s: ", path);
    status = passphrase_read(passphrase_fd, prompt, false, &passphrase, trouble);
    if (status)
        return status;
    status = key_file_unlock(&file, passphrase_span(&passphrase), ret, trouble);
    passphrase_release(&passphrase);
    return status;
}

enum status confirm_shown(const char *question, struct trouble *trouble)
{
    if (isatty(STDOUT_FILENO))
        return keyboard_confirms(question, "--yes", trouble);
    trouble_say(trouble,
        "what you are to confirm is shown on standard output, which is no terminal: "
        "nothing was written. Let it be shown, or give --yes");
    return STATUS_CLOSED;
}

int end_with(enum status status, const struct trouble *trouble)
{
    if (status)
        command_complain("%s", trouble->text[0] ? trouble->text : status_name(status));
    /* What was asked for is not there: for a file named on the command line that is EX_NOINPUT. */
    return status == STATUS_NOT_FOUND ? EX_NOINPUT : command_exit_code(status);
}

int main(int argc, char **argv)
{
    struct trouble trouble = {""};

    if (vault_start(&trouble) || hpke_self_test(&trouble) ||
        vault_harden_process(&trouble)) {
        command_complain("%s", trouble.text);
        return EX_SOFTWARE;
    }
    return command_main("amaan-steward",
        "keys, members and signatures of a network, on a machine that is connected to "
        "nothing",
        commands, ARRAY_LENGTH(commands), argc, argv);
}
