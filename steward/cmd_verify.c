/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward verify: exit 0 if every document is complete and all fit together, 1 if one is not.
 */
#include <sysexits.h>

#include "clock.h"
#include "commands.h"
#include "describe.h"
#include "memory.h"
#include "paper.h"
#include "sheet.h"

const struct option_row VERIFY_OPTIONS[] = {
    {"root", 'r', "FILE", "the network's signed root documents", false},
    {"previous", 'p', "FILE", "the roster before: does this one follow it?", false},
    {"plain", 0, "FILE", "the plain profiles that belong to them", false},
    {"json", 0, NULL, "facts as JSON", false},
    {NULL, 0, NULL, NULL, false},
};

struct checking {
    const struct arguments *arguments;
    const char *root, *previous;
    struct charter charter;
    struct plain plain;
    struct sheet sheets[SHEETS_MAX];
    size_t n;
};

static bool is_good(const struct sheet *sheet)
{
    return sheet->signatures.enough && !sheet->signatures.outdated;
}

static void tell_sheet(const struct sheet *sheet, struct facts *facts)
{
    char digits[FINGERPRINT_TEXT_BYTES];

    facts_open(facts, NULL);
    facts_text(facts, "file", sheet->path);
    describe_document(facts, &sheet->document);
    if (sheet->is_root) {
        fingerprint_format(&sheet->document.hash, digits);
        facts_text(facts, "fingerprint", digits);
    }
    describe_signers(facts, &sheet->document, sheet->charter, &sheet->signatures);
    facts_flag(
        facts, "expired", sheet->document.expires_ms <= clock_wall_ms(clock_system()));
    facts_close(facts);
}

/* What is not good, in a sentence each. */
static bool judge(const struct checking *checking)
{
    bool good = true;

    for (size_t i = 0; i < checking->n; i++) {
        const struct sheet *sheet = &checking->sheets[i];

        if (is_good(sheet))
            continue;
        good = false;
        if (sheet->signatures.outdated)
            command_complain(
                "%s was signed under root document %llu, before the stewards changed: "
                "who has it keeps it, nobody takes it anew. Make the next roster",
                sheet->path, (unsigned long long)sheet->signatures.root_version);
        else
            command_complain("%s has not the signatures that it needs: the next steward "
                             "signs it",
                sheet->path);
    }
    return good;
}

static enum status check_previous(
    const struct checking *checking, struct trouble *trouble)
{
    struct document previous;
    struct buffer bytes;
    enum status status;

    if (!checking->previous)
        return STATUS_OK;
    status = paper_read_document(
        checking->previous, DOCUMENT_ROSTER, &bytes, &previous, trouble);
    if (status)
        return status;
    for (size_t i = 0; status == STATUS_OK && i < checking->n; i++) {
        if (checking->sheets[i].document.type == DOCUMENT_ROSTER)
            status = sheet_check_follows(&checking->sheets[i], &previous, trouble);
    }
    buffer_release(&bytes);
    return status;
}

static enum status read_all(struct checking *checking, struct trouble *trouble)
{
    const struct arguments *arguments = checking->arguments;
    enum status status =
        plain_read(arguments_option(arguments, "plain"), &checking->plain, trouble);

    if (status == STATUS_OK && checking->root)
        status = charter_read(checking->root, false, &checking->charter, trouble);
    for (int i = 0; status == STATUS_OK && i < arguments->n; i++) {
        struct sheet *sheet = &checking->sheets[checking->n];

        status = sheet_read(arguments->words[i],
            checking->root ? &checking->charter : NULL, true, sheet, trouble);
        if (status)
            break;
        checking->n++;
        status = describe_part(NULL, &sheet->document, NULL);
        if (status)
            trouble_say(trouble, "%s is damaged", sheet->path);
    }
    if (status == STATUS_OK)
        status = sheets_fit(checking->sheets, checking->n, &checking->plain, trouble);
    if (status == STATUS_OK)
        status = check_previous(checking, trouble);
    return status;
}

static void tell(const struct checking *checking, bool good)
{
    struct facts facts;

    facts_begin(&facts, stdout, arguments_flag(checking->arguments, "json"));
    facts_open_list(&facts, "documents");
    for (size_t i = 0; i < checking->n; i++)
        tell_sheet(&checking->sheets[i], &facts);
    facts_close_list(&facts);
    facts_flag(&facts, "good", good);
    facts_end(&facts);
}

int run_verify(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct checking *checking;
    bool done, good = false;
    enum status status;
    int code = command_parse(command, argc, argv, 1, SHEETS_MAX, &arguments, &done);

    if (code || done)
        return code;
    checking = memory_new(sizeof *checking);
    checking->arguments = &arguments;
    checking->root = arguments_option(&arguments, "root");
    checking->previous = arguments_option(&arguments, "previous");
    status = read_all(checking, &trouble);
    if (status == STATUS_OK) {
        good = judge(checking);
        tell(checking, good);
    }
    for (size_t i = 0; i < checking->n; i++)
        sheet_release(&checking->sheets[i]);
    plain_release(&checking->plain);
    charter_release(&checking->charter);
    memory_free(checking);
    if (status)
        return end_with(status, &trouble);
    return good ? EX_OK : EXIT_NEGATIVE;
}
