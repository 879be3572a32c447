/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward show: any file of the ceremony, by what it begins with. Nothing is verified but what a file
 * proves by itself; `verify` does the rest.
 */
#include <sysexits.h>

#include "commands.h"
#include "describe.h"
#include "memory.h"
#include "paper.h"

const struct option_row SHOW_OPTIONS[] = {
    {"plain", 0, "FILE", "the plain profiles: members by name", false},
    {"json", 0, NULL, "facts as JSON", false},
    {NULL, 0, NULL, NULL, false},
};

static bool begins_with(const struct buffer *bytes, const char *text)
{
    size_t n = strlen(text);

    return bytes->used >= n && memcmp(bytes->bytes, text, n) == 0;
}

static enum status show_join(
    const struct buffer *bytes, struct facts *facts, struct trouble *trouble)
{
    struct join join;
    enum status status = join_parse(buffer_span(bytes), &join, trouble);

    if (status == STATUS_OK)
        describe_join(facts, &join);
    return status;
}

static enum status show_key(
    const struct buffer *bytes, struct facts *facts, struct trouble *trouble)
{
    char digits[FINGERPRINT_TEXT_BYTES];
    struct key_file file;
    enum status status = key_file_parse(buffer_span(bytes), &file, trouble);

    if (status)
        return status;
    fingerprint_format_key(&file.public_key, digits);
    facts_text(facts, "type", "steward key");
    facts_hex(facts, "public_key", file.public_key.bytes, sizeof file.public_key.bytes);
    facts_text(facts, "fingerprint", digits);
    return STATUS_OK;
}

static enum status show_plain(
    struct buffer *bytes, struct facts *facts, struct trouble *trouble)
{
    struct plain plain;
    enum status status = plain_parse(bytes, &plain);

    if (status) {
        trouble_say(trouble, "these plain profiles are damaged");
        return status;
    }
    describe_plain(facts, &plain);
    plain_release(&plain);
    return STATUS_OK;
}

static enum status show_documents(const struct buffer *bytes, const struct plain *plain,
    struct facts *facts, struct trouble *trouble)
{
    struct span rest = buffer_span(bytes);
    struct document document;
    size_t used;
    enum status status = STATUS_OK;

    facts_open_list(facts, "documents");
    do {
        status = document_decode(rest, &document, &used);
        if (status)
            break;
        facts_open(facts, NULL);
        describe_document(facts, &document);
        status = describe_part(facts, &document, plain);
        describe_signers(facts, &document, NULL, NULL);
        facts_close(facts);
        rest = span_of(rest.at + used, rest.n - used);
    } while (status == STATUS_OK && rest.n > 0);
    facts_close_list(facts);
    if (status)
        trouble_say(trouble, "this is no file of the stewards, or it is damaged");
    return status;
}

static enum status show(struct buffer *bytes, const struct plain *plain,
    struct facts *facts, struct trouble *trouble)
{
    if (begins_with(bytes, "amaan join request"))
        return show_join(bytes, facts, trouble);
    if (begins_with(bytes, "amaan steward key"))
        return show_key(bytes, facts, trouble);
    if (plain_is_file(buffer_span(bytes)))
        return show_plain(bytes, facts, trouble);
    return show_documents(bytes, plain, facts, trouble);
}

/* A file that is damaged half-way shows nothing: half a truth would be believed. */
static enum status show_whole(
    struct buffer *bytes, const struct plain *plain, bool json, struct trouble *trouble)
{
    char *text = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&text, &n);
    struct facts facts;
    enum status status;

    PROMISE(memory);
    facts_begin(&facts, memory, json);
    status = show(bytes, plain, &facts, trouble);
    facts_end(&facts);
    PROMISE(fclose(memory) == 0);
    if (status == STATUS_OK)
        (void)fwrite(text, 1, n, stdout);
    memory_wipe(text, n); /* profiles name people's workplaces */
    memory_free(text);
    return status;
}

int run_show(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct plain plain;
    struct buffer bytes;
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (code || done)
        return code;
    status = plain_read(arguments_option(&arguments, "plain"), &plain, &trouble);
    if (status)
        return end_with(status, &trouble);
    status = paper_read(arguments.words[0], PAPER_BYTES_MAX, &bytes, &trouble);
    if (status == STATUS_OK) {
        status = show_whole(&bytes, &plain, arguments_flag(&arguments, "json"), &trouble);
        buffer_release(&bytes);
    }
    plain_release(&plain);
    return end_with(status, &trouble);
}
