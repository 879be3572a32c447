/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward notice new: one steward alone, signed at once.
 */
#include <stdlib.h>
#include <sysexits.h>

#include "commands.h"
#include "describe.h"
#include "facts.h"
#include "memory.h"
#include "paper.h"

enum { PUBLIC_MODE = 0644 };

static const struct option_row new_options[] = {
    {"key", 'k', "FILE", "your key", false},
    {"passphrase-fd", 0, "N", "read its passphrase from this file descriptor", false},
    {"root", 'r', "FILE", "the network's signed root documents", false},
    {"roster", 0, "FILE", "the roster in force: every node must be in it", false},
    {"plain", 0, "FILE", "the plain profiles: members by name", false},
    {"suspend", 's', "MEMBER", "name or node id, at most five", true},
    {"out", 'o', "FILE", "where the notice goes; nothing is overwritten", false},
    {"created", 0, "TIME", "instead of this machine's clock", false},
    {"dry-run", 0, NULL, "check and show; sign and write nothing", false},
    {"yes", 'y', NULL, "do not ask (for scripts)", false},
    {"json", 0, NULL, "facts as JSON", false},
    {NULL, 0, NULL, NULL, false},
};

struct task {
    const struct arguments *arguments;
    const char *key, *root, *out;
    struct charter charter;
    struct plain plain;
    struct roster *roster; /* NULL when none was given */
};

static enum status read_roster(struct task *task, struct trouble *trouble)
{
    const char *path = arguments_option(task->arguments, "roster");
    struct signatures signatures;
    struct document document;
    struct buffer bytes;
    enum status status;

    if (!path)
        return STATUS_OK;
    status = paper_read_document(path, DOCUMENT_ROSTER, &bytes, &document, trouble);
    if (status)
        return status;
    if (charter_count(&task->charter, &document, &signatures) || !signatures.enough) {
        trouble_say(trouble, "%s is not signed by enough stewards", path);
        status = STATUS_FORGED;
    } else {
        status = roster_decode(&document, &task->roster);
    }
    buffer_release(&bytes);
    return status;
}

static enum status add_node(
    struct task *task, const char *word, struct notice *notice, struct trouble *trouble)
{
    struct ident node_id;
    size_t at;
    enum status status = plain_resolve(&task->plain, word, &node_id, trouble);

    if (status)
        return status;
    if (task->roster && !roster_find_node(task->roster, &node_id)) {
        trouble_say(trouble, "%s is not in the roster", word);
        return STATUS_NOT_FOUND;
    }
    if (notice_names(notice, &node_id))
        return STATUS_OK; /* named twice is named once */
    if (notice->n == NOTICE_MEMBERS_MAX) {
        trouble_say(trouble,
            "one steward alone suspends at most %d members: for more, "
            "make a roster together",
            NOTICE_MEMBERS_MAX);
        return STATUS_TOO_BIG;
    }
    at = notice->n++;
    while (at > 0 && ident_compare(&notice->nodes[at - 1], &node_id) > 0) {
        notice->nodes[at] = notice->nodes[at - 1];
        at--;
    }
    notice->nodes[at] = node_id;
    return STATUS_OK;
}

static enum status fill_notice(
    struct task *task, struct notice *notice, struct trouble *trouble)
{
    enum status status = option_created(task->arguments, &notice->created_ms, trouble);

    notice->expires_ms = notice->created_ms + NOTICE_VALID_MS;
    notice->root_version = task->charter.root.version;
    for (int i = 0; status == STATUS_OK; i++) {
        const char *word = arguments_nth(task->arguments, "suspend", i);

        if (!word)
            break;
        status = add_node(task, word, notice, trouble);
    }
    if (status == STATUS_OK && notice->n == 0) {
        trouble_say(trouble, "--suspend is needed, once for each member");
        status = STATUS_MALFORMED;
    }
    return status;
}

/* Shows the draft, asks, unlocks, signs. */
static enum status sign_draft(struct task *task, const struct buffer *draft,
    struct buffer *ret_signed, struct trouble *trouble)
{
    struct sign_public public_key;
    struct sign_secret secret;
    struct document document;
    enum status status =
        document_decode_one(buffer_span(draft), DOCUMENT_NOTICE, &document);

    if (status == STATUS_OK)
        status = steward_key_parse(task->key, &public_key, trouble);
    if (status == STATUS_OK)
        status = charter_allows(&task->charter, &document, &public_key, trouble);
    if (status || arguments_flag(task->arguments, "dry-run"))
        return status;
    if (!arguments_flag(task->arguments, "yes"))
        status = confirm_shown("Suspend these members for 72 hours?", trouble);
    if (status)
        return status;
    status = unlock_key(
        task->key, arguments_option(task->arguments, "passphrase-fd"), &secret, trouble);
    if (status == STATUS_OK)
        status = document_sign(&document, &task->charter.network_id, &secret, ret_signed);
    memory_wipe(&secret, sizeof secret);
    return status;
}

static enum status make_notice(struct task *task, struct trouble *trouble)
{
    struct notice notice = {0};
    struct buffer draft, finished;
    struct facts facts;
    enum status status = fill_notice(task, &notice, trouble);

    buffer_init(&draft, NOTICE_BYTES_MAX);
    buffer_init(&finished, NOTICE_BYTES_MAX);
    if (status == STATUS_OK)
        status = notice_encode(&notice, &draft);
    if (status == STATUS_OK) {
        facts_begin(&facts, stdout, arguments_flag(task->arguments, "json"));
        facts_text(&facts, "type", "notice");
        facts_number(&facts, "version", (uint64_t)notice.created_ms);
        facts_time(&facts, "created", notice.created_ms);
        facts_time(&facts, "expires", notice.expires_ms);
        describe_notice(&facts, &notice, &task->plain);
        facts_end(&facts);
        (void)fflush(stdout);
        status = sign_draft(task, &draft, &finished, trouble);
    }
    if (status == STATUS_OK && arguments_flag(task->arguments, "dry-run")) {
        (void)fprintf(stderr, "Nothing was signed or written (--dry-run).\n");
        goto done;
    }
    if (status == STATUS_OK)
        status = paper_create(task->out, buffer_span(&finished), PUBLIC_MODE, trouble);
    if (status == STATUS_OK)
        (void)fprintf(stderr,
            "%s is complete: give it to the broker at once, and tell the "
            "other stewards. It ends after 72 hours unless a roster "
            "confirms it.\n",
            task->out);
done:
    buffer_release(&draft);
    buffer_release(&finished);
    return status;
}

static int run_new(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct task task = {.arguments = &arguments};
    struct trouble trouble = {""};
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 0, 0, &arguments, &done);

    if (code || done)
        return code;
    code = need_option(&arguments, "key", &task.key);
    if (code == EX_OK)
        code = need_option(&arguments, "root", &task.root);
    if (code == EX_OK)
        code = need_option(&arguments, "out", &task.out);
    if (code)
        return code;
    status = paper_check_new(task.out, &trouble);
    if (status == STATUS_OK)
        status = charter_read(task.root, false, &task.charter, &trouble);
    if (status == STATUS_OK)
        status = plain_read(arguments_option(&arguments, "plain"), &task.plain, &trouble);
    if (status == STATUS_OK)
        status = read_roster(&task, &trouble);
    if (status == STATUS_OK)
        status = make_notice(&task, &trouble);
    roster_destroy(&task.roster);
    plain_release(&task.plain);
    charter_release(&task.charter);
    return end_with(status, &trouble);
}

static const struct command words[] = {
    {"new", "suspend up to five members now", "",
        "amaan-steward notice new --key mine.key --root root.amaan --plain "
        "profiles.plain "
        "\\\n    --suspend clinic.rawalpindi --out notice.amaan",
        new_options, run_new},
};

int run_notice(const struct command *command, int argc, char **argv)
{
    (void)command;
    return command_main("amaan-steward notice",
        "suspend members at once, alone, for 72 hours", words, ARRAY_LENGTH(words), argc,
        argv);
}
