/* SPDX-License-Identifier: Apache-2.0
 * Lines are compared as text: one begins as the document's would, and ends in its hash or in another.
 */
#include "diary.h"

#include <string.h>

#include "disk.h"
#include "memory.h"
#include "paper.h"

enum { LINE_BYTES = 160, SECRET_MODE = 0600 };

static const char TITLE[] = "amaan signed documents 1\n";

enum status diary_open(const char *key_path, struct diary *ret, struct trouble *trouble)
{
    size_t size = strlen(key_path) + sizeof ".signed";
    struct diary diary = {.path = memory_new(size)};
    enum status status;

    (void)snprintf(diary.path, size, "%s.signed", key_path);
    status = paper_read(diary.path, DIARY_BYTES_MAX, &diary.text, trouble);
    if (status == STATUS_NOT_FOUND) {
        buffer_init(&diary.text, DIARY_BYTES_MAX);
        status = buffer_put(&diary.text, TITLE, sizeof TITLE - 1);
    } else if (status == STATUS_OK &&
               (diary.text.used < sizeof TITLE - 1 ||
                   memcmp(diary.text.bytes, TITLE, sizeof TITLE - 1) != 0 ||
                   diary.text.bytes[diary.text.used - 1] != '\n')) {
        trouble_say(trouble,
            "%s is not what amaan-steward has noted beside your key, or it is damaged: "
            "take the other copy, or move it away if there is none",
            diary.path);
        buffer_release(&diary.text);
        status = STATUS_CORRUPT;
    }
    if (status)
        memory_free(diary.path);
    else
        *ret = diary;
    return status;
}

void diary_close(struct diary *diary)
{
    memory_free(diary->path);
    diary->path = NULL;
    buffer_release(&diary->text);
}

static bool is_noted(const struct document *document)
{
    return document->type == DOCUMENT_ROSTER ||
           (document->type == DOCUMENT_ROOT && document->version > 1);
}

/* The document's line; *ret_prefix of it say which document it is, the rest is its hash. */
static size_t format_line(const struct ident *network_id, const struct document *document,
    char line[static LINE_BYTES], size_t *ret_prefix)
{
    char network[IDENT_TEXT_BYTES], hash[2 * HASH_BYTES + 1];
    int n;

    ident_format(network_id, network);
    hex_format(document->hash.bytes, HASH_BYTES, hash);
    n = snprintf(line, LINE_BYTES, "%s %s %llu ", network,
        document_type_name(document->type), (unsigned long long)document->version);
    *ret_prefix = (size_t)n;
    n += snprintf(line + n, LINE_BYTES - (size_t)n, "%s\n", hash);
    PROMISE(n < LINE_BYTES);
    return (size_t)n;
}

/* OK: this very document is noted. NOT_FOUND: none of its version. CONFLICT. */
static enum status look_up(const struct diary *diary, const struct ident *network_id,
    const struct document *document)
{
    char line[LINE_BYTES];
    size_t prefix, n = format_line(network_id, document, line, &prefix);
    struct span rest = buffer_span(&diary->text);
    enum status found = STATUS_NOT_FOUND;

    while (rest.n > 0) {
        const uint8_t *end = memchr(rest.at, '\n', rest.n);
        size_t length = end ? (size_t)(end - rest.at) + 1 : rest.n;

        if (length == n && memcmp(rest.at, line, n) == 0)
            return STATUS_OK; /* signed before, and then perhaps another --again */
        if (length > prefix && memcmp(rest.at, line, prefix) == 0)
            found = STATUS_CONFLICT;
        rest = span_of(rest.at + length, rest.n - length);
    }
    return found;
}

enum status diary_check(const struct diary *diary, const struct ident *network_id,
    const struct document *document, struct trouble *trouble)
{
    if (!is_noted(document) || look_up(diary, network_id, document) != STATUS_CONFLICT)
        return STATUS_OK;
    trouble_say(trouble,
        "this key has signed another %s %llu (%s): two signed ones are a fork and stop "
        "the whole network. Nothing was signed. If every copy of the other is "
        "destroyed, give --again; if not, call the other stewards",
        document_type_name(document->type), (unsigned long long)document->version,
        diary->path);
    return STATUS_CONFLICT;
}

enum status diary_note(struct diary *diary, const struct ident *network_id,
    const struct document *document, struct trouble *trouble)
{
    char line[LINE_BYTES];
    size_t prefix, n;
    enum status status;

    if (!is_noted(document) || look_up(diary, network_id, document) == STATUS_OK)
        return STATUS_OK;
    n = format_line(network_id, document, line, &prefix);
    status = buffer_put(&diary->text, line, n);
    if (status)
        trouble_say(trouble, "%s is full", diary->path);
    else
        status = disk_write(diary->path, buffer_span(&diary->text), SECRET_MODE, trouble);
    if (status)
        trouble_prefix(trouble, "it could not be noted beside your key what it signs, "
                                "and so nothing was signed");
    return status;
}
