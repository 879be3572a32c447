/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward key new, show, check, change.
 */
#include <sysexits.h>

#include "commands.h"
#include "disk.h"
#include "facts.h"
#include "memory.h"
#include "paper.h"
#include "keyboard.h"

enum { SECRET_MODE = 0600 };

static const struct option_row new_options[] = {
    {"out", 'o', "FILE", "where the key goes; nothing is overwritten", false},
    {"passphrase-fd", 0, "N", "read the passphrase from this file descriptor", false},
    {"cost", 0, "COST", "floor, node, steward (default) or PASSES,MIB", false},
    {"json", 0, NULL, "facts as JSON", false},
    {NULL, 0, NULL, NULL, false},
};
static const struct option_row show_options[] = {
    {"public", 0, NULL, "the public key alone, for scripts", false},
    {"json", 0, NULL, "facts as JSON", false},
    {NULL, 0, NULL, NULL, false},
};
static const struct option_row check_options[] = {
    {"passphrase-fd", 0, "N", "read the passphrase from this file descriptor", false},
    {NULL, 0, NULL, NULL, false},
};
static const struct option_row change_options[] = {
    {"out", 'o', "FILE", "where the key under its new passphrase goes", false},
    {"passphrase-fd", 0, "N", "read the old passphrase from this file descriptor", false},
    {"new-passphrase-fd", 0, "N", "and the new one from this", false},
    {"cost", 0, "COST", "floor, node, steward (default) or PASSES,MIB", false},
    {NULL, 0, NULL, NULL, false},
};

static void tell_key(const struct sign_public *key, bool json)
{
    char digits[FINGERPRINT_TEXT_BYTES];
    struct facts facts;

    fingerprint_format_key(key, digits);
    facts_begin(&facts, stdout, json);
    facts_hex(&facts, "public_key", key->bytes, sizeof key->bytes);
    facts_text(&facts, "fingerprint", digits);
    facts_end(&facts);
}

static enum status write_key(const char *path, const struct sign_secret *secret,
    struct span passphrase, const char *cost_word, struct trouble *trouble)
{
    struct cost cost;
    struct buffer text;
    enum status status = cost_parse(cost_word ? cost_word : "steward", &cost, trouble);

    if (status)
        return status;
    buffer_init(&text, KEY_TEXT_BYTES_MAX);
    status = key_file_format(secret, passphrase, cost, chance_system(), &text);
    if (status == STATUS_FULL)
        trouble_say(trouble,
            "this machine has not %u MiB of free memory: close other "
            "programs, or choose a lower --cost",
            cost.mem_kib / 1024);
    if (status == STATUS_OK)
        status = disk_write_new(path, buffer_span(&text), SECRET_MODE, trouble);
    buffer_release(&text);
    return status;
}

static int run_new(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct passphrase passphrase;
    struct sign_public key;
    struct sign_secret secret;
    struct trouble trouble = {""};
    const char *out;
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 0, 0, &arguments, &done);

    if (code || done)
        return code;
    code = need_option(&arguments, "out", &out);
    if (code)
        return code;
    /* Before anybody has typed anything. */
    status = paper_check_new(out, &trouble);
    if (status == STATUS_OK)
        status = passphrase_read(arguments_option(&arguments, "passphrase-fd"),
            "Passphrase for the new key: ", true, &passphrase, &trouble);
    if (status)
        return end_with(status, &trouble);
    sign_new_keys(chance_system(), &key, &secret);
    status = write_key(out, &secret, passphrase_span(&passphrase),
        arguments_option(&arguments, "cost"), &trouble);
    memory_wipe(&secret, sizeof secret);
    passphrase_release(&passphrase);
    if (status == STATUS_OK) {
        tell_key(&key, arguments_flag(&arguments, "json"));
        (void)fprintf(stderr,
            "%s is your key. Keep a second copy in another place; without its "
            "passphrase neither can be used. Give the public key to the stewards and "
            "read them the fingerprint.\n",
            out);
    }
    return end_with(status, &trouble);
}

static int run_show_key(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct buffer text;
    struct key_file file;
    struct trouble trouble = {""};
    char hex[2 * SIGN_PUBLIC_BYTES + 1];
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (code || done)
        return code;
    status = disk_read(arguments.words[0], KEY_TEXT_BYTES_MAX, &text, &trouble);
    if (status == STATUS_OK) {
        status = key_file_parse(buffer_span(&text), &file, &trouble);
        buffer_release(&text);
    }
    if (status)
        return end_with(status, &trouble);
    if (arguments_flag(&arguments, "public")) {
        hex_format(file.public_key.bytes, sizeof file.public_key.bytes, hex);
        (void)puts(hex);
    } else {
        tell_key(&file.public_key, arguments_flag(&arguments, "json"));
    }
    return EX_OK;
}

static int run_check(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct sign_secret secret;
    struct trouble trouble = {""};
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (code || done)
        return code;
    status = unlock_key(arguments.words[0], arguments_option(&arguments, "passphrase-fd"),
        &secret, &trouble);
    memory_wipe(&secret, sizeof secret);
    if (status == STATUS_OK)
        (void)printf("%s: the key and its passphrase are right\n", arguments.words[0]);
    return end_with(status, &trouble);
}

static int run_change(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct passphrase fresh;
    struct sign_secret secret;
    struct trouble trouble = {""};
    const char *out;
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (code || done)
        return code;
    code = need_option(&arguments, "out", &out);
    if (code)
        return code;
    status = paper_check_new(out, &trouble);
    if (status == STATUS_OK)
        status = unlock_key(arguments.words[0],
            arguments_option(&arguments, "passphrase-fd"), &secret, &trouble);
    if (status)
        return end_with(status, &trouble);
    status = passphrase_read(arguments_option(&arguments, "new-passphrase-fd"),
        "New passphrase: ", true, &fresh, &trouble);
    if (status == STATUS_OK) {
        status = write_key(out, &secret, passphrase_span(&fresh),
            arguments_option(&arguments, "cost"), &trouble);
        passphrase_release(&fresh);
    }
    memory_wipe(&secret, sizeof secret);
    if (status == STATUS_OK)
        (void)fprintf(stderr,
            "The same key is in %s under the new passphrase. Destroy the "
            "old file when you have checked the new one.\n",
            out);
    return end_with(status, &trouble);
}

static const struct command words[] = {
    {"new", "make a key", "", "amaan-steward key new --out mine.key", new_options,
        run_new},
    {"show", "public key and fingerprint; needs no passphrase", "FILE",
        "amaan-steward key show mine.key", show_options, run_show_key},
    {"check", "try the passphrase", "FILE", "amaan-steward key check mine.key",
        check_options, run_check},
    {"change", "put the key under a new passphrase", "FILE",
        "amaan-steward key change --out mine-2.key mine.key", change_options, run_change},
};

int run_key(const struct command *command, int argc, char **argv)
{
    (void)command;
    return command_main("amaan-steward key", "make and check your own key", words,
        ARRAY_LENGTH(words), argc, argv);
}
