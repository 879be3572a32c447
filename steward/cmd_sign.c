/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward sign: checks everything, shows what is to be signed, asks, unlocks the key once, and signs only
 * then. What was shown is what is signed: files are read once.
 */
#include <string.h>
#include <sysexits.h>

#include "clock.h"
#include "commands.h"
#include "describe.h"
#include "diary.h"
#include "memory.h"
#include "keyboard.h"
#include "sheet.h"

const struct option_row SIGN_OPTIONS[] = {
    {"key", 'k', "FILE", "your key", false},
    {"passphrase-fd", 0, "N", "read its passphrase from this file descriptor", false},
    {"root", 'r', "FILE", "the network's root documents (not for a root file)", false},
    {"previous", 'p', "FILE", "the roster before: shows what changes", false},
    {"plain", 0, "FILE", "the plain profiles of this edition: shows names", false},
    {"join", 'j', "FILE", "a new member's request: shows that the keys are its own",
        true},
    {"again", 0, NULL, "the other document of this version is destroyed", false},
    {"dry-run", 0, NULL, "check and show; sign nothing", false},
    {"yes", 'y', NULL, "do not ask (for scripts)", false},
    {NULL, 0, NULL, NULL, false},
};

struct signing {
    const struct arguments *arguments;
    const char *key, *previous;
    struct charter charter; /* of --root; empty without */
    struct plain plain;
    struct requests requests;
    struct diary diary; /* of the key */
    struct sheet sheets[SHEETS_MAX];
    size_t n;
};

static enum status read_all(struct signing *signing, struct trouble *trouble)
{
    const struct arguments *arguments = signing->arguments;
    const char *root = arguments_option(arguments, "root");
    bool has_root = false;
    enum status status =
        plain_read(arguments_option(arguments, "plain"), &signing->plain, trouble);

    if (status == STATUS_OK)
        status = requests_read(arguments, "join", &signing->requests, trouble);
    if (status)
        return status;
    for (int i = 0; i < arguments->n; i++) {
        struct sheet *sheet = &signing->sheets[signing->n];

        if (strcmp(arguments->words[i], "-") == 0) {
            trouble_say(trouble, "sign writes the file again: give its name, not -");
            return STATUS_MALFORMED;
        }
        status = sheet_read(arguments->words[i], has_root ? &signing->charter : NULL,
            true, sheet, trouble);
        if (status && root && !has_root) {
            /* Not a root file: now the root is needed. A draft cannot vouch for anything. */
            status = charter_read(root, false, &signing->charter, trouble);
            has_root = status == STATUS_OK;
            if (has_root)
                status = sheet_read(
                    arguments->words[i], &signing->charter, true, sheet, trouble);
        }
        if (status)
            return status;
        signing->n++;
    }
    return sheets_fit(signing->sheets, signing->n, &signing->plain, trouble);
}

/* What may not be signed at all. */
static enum status check_sheet(
    const struct signing *signing, const struct sheet *sheet, struct trouble *trouble)
{
    const struct document *document = &sheet->document;

    if (document->type == DOCUMENT_NOTICE && document->n_signers > 0) {
        trouble_say(
            trouble, "%s is signed: a notice is one steward's word alone", sheet->path);
        return STATUS_EXISTS;
    }
    if (document->type != DOCUMENT_ROOT &&
        document->root_version != sheet->charter->root.version) {
        trouble_say(trouble,
            "%s was made under root document %llu, but %llu is in force: "
            "make it again",
            sheet->path, (unsigned long long)document->root_version,
            (unsigned long long)sheet->charter->root.version);
        return STATUS_EXPIRED;
    }
    if (document->expires_ms <= clock_wall_ms(clock_system())) {
        trouble_say(trouble,
            "%s is over already by this machine's clock: look at the clock, or make the "
            "document again",
            sheet->path);
        return STATUS_EXPIRED;
    }
    if (document->type == DOCUMENT_ROSTER && document->version > 1 &&
        !signing->previous) {
        trouble_say(trouble,
            "%s is roster %llu: give the roster before it with --previous, so that what "
            "changes is shown. Nobody signs a list of members unseen",
            sheet->path, (unsigned long long)document->version);
        return STATUS_MALFORMED;
    }
    if (arguments_flag(signing->arguments, "again"))
        return STATUS_OK;
    return diary_check(&signing->diary, &sheet->charter->network_id, document, trouble);
}

/* A document from the future would move everybody's time: the machine that made it may have a wrong clock. */
static void tell_of_clock(const struct document *document, struct facts *facts)
{
    int64_t ahead_ms = document->created_ms - clock_wall_ms(clock_system());

    if (ahead_ms > DAY_MS)
        facts_number(facts, "days_ahead_of_this_clock", (uint64_t)(ahead_ms / DAY_MS));
}

static enum status show_one(
    struct signing *signing, const struct sheet *sheet, struct trouble *trouble)
{
    char question[256];
    struct facts facts;
    enum status status;

    facts_begin(&facts, stdout, false);
    status = sheet_describe(sheet, &signing->plain, &facts);
    tell_of_clock(&sheet->document, &facts);
    if (status == STATUS_OK)
        status = sheet_describe_changes(sheet, signing->previous, &signing->plain,
            &signing->requests, &facts, trouble);
    else
        trouble_say(trouble, "%s is damaged", sheet->path);
    facts_end(&facts);
    (void)fflush(stdout);
    if (status || arguments_flag(signing->arguments, "yes") ||
        arguments_flag(signing->arguments, "dry-run"))
        return status;
    (void)snprintf(question, sizeof question, "Is this what you want to sign (%s %llu)?",
        document_type_name(sheet->document.type),
        (unsigned long long)sheet->document.version);
    return confirm_shown(question, trouble);
}

static enum status sign_one(struct signing *signing, struct sheet *sheet,
    const struct sign_secret *secret, struct trouble *trouble)
{
    const struct signatures *signatures = &sheet->signatures;
    enum status status = diary_note(
        &signing->diary, &sheet->charter->network_id, &sheet->document, trouble);

    if (status == STATUS_OK)
        status = sheet_sign(sheet, secret, trouble);

    if (status)
        return status;
    (void)printf("signed: %s, %zu of %zu needed signatures", sheet->path,
        signatures->good, signatures->needed);
    if (signatures->needed_old)
        (void)printf(", %zu of %zu of the stewards before", signatures->good_old,
            signatures->needed_old);
    (void)printf("%s\n", signatures->enough ? ": complete" : "");
    return STATUS_OK;
}

static enum status check_all(
    struct signing *signing, const char *key, struct trouble *trouble)
{
    struct sign_public public_key;
    enum status status = steward_key_parse(key, &public_key, trouble);

    if (status == STATUS_OK)
        status = diary_open(key, &signing->diary, trouble);
    for (size_t i = 0; status == STATUS_OK && i < signing->n; i++) {
        status = charter_allows(signing->sheets[i].charter, &signing->sheets[i].document,
            &public_key, trouble);
        if (status == STATUS_OK)
            status = check_sheet(signing, &signing->sheets[i], trouble);
    }
    for (size_t i = 0; status == STATUS_OK && i < signing->n; i++)
        status = show_one(signing, &signing->sheets[i], trouble);
    return status;
}

static enum status sign_all(struct signing *signing, struct trouble *trouble)
{
    struct sign_secret secret;
    enum status status = check_all(signing, signing->key, trouble);

    if (status)
        return status;
    if (arguments_flag(signing->arguments, "dry-run")) {
        (void)fprintf(stderr, "Nothing was signed (--dry-run): all checks passed.\n");
        return STATUS_OK;
    }
    status = unlock_key(signing->key,
        arguments_option(signing->arguments, "passphrase-fd"), &secret, trouble);
    for (size_t i = 0; status == STATUS_OK && i < signing->n; i++) {
        status = sign_one(signing, &signing->sheets[i], &secret, trouble);
        if (status && i > 0)
            trouble_prefix(trouble,
                "the documents named above are signed, the others are as they were "
                "(mend this, then give the same line again)");
    }
    memory_wipe(&secret, sizeof secret);
    return status;
}

int run_sign(const struct command *command, int argc, char **argv)
{
    struct signing *signing;
    struct arguments arguments;
    struct trouble trouble = {""};
    const char *key;
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 1, SHEETS_MAX, &arguments, &done);

    if (code || done)
        return code;
    code = need_option(&arguments, "key", &key);
    if (code)
        return code;
    signing = memory_new(sizeof *signing);
    signing->arguments = &arguments;
    signing->key = key;
    signing->previous = arguments_option(&arguments, "previous");
    status = read_all(signing, &trouble);
    if (status == STATUS_OK)
        status = sign_all(signing, &trouble);
    for (size_t i = 0; i < signing->n; i++)
        sheet_release(&signing->sheets[i]);
    diary_close(&signing->diary);
    requests_release(&signing->requests);
    plain_release(&signing->plain);
    charter_release(&signing->charter);
    memory_free(signing);
    return end_with(status, &trouble);
}
