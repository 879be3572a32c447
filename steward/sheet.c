/* SPDX-License-Identifier: Apache-2.0
 * A root file differs in two ways only: its charter is itself, and what is signed stands at its end.
 */
#include "sheet.h"

#include "describe.h"
#include "memory.h"
#include "paper.h"

static enum status read_root_file(
    struct sheet *sheet, bool draft, struct trouble *trouble)
{
    /* The same bytes, not the same file again: it may be standard input. */
    enum status status =
        charter_take(&sheet->bytes, sheet->path, draft, &sheet->own, trouble);

    if (status)
        return status;
    sheet->is_root = true;
    sheet->charter = &sheet->own;
    sheet->document = sheet->own.last;
    return STATUS_OK;
}

static enum status find_charter(
    struct sheet *sheet, const struct charter *root, size_t used, struct trouble *trouble)
{
    const char *name = document_type_name(sheet->document.type);

    if (used != sheet->bytes.used) {
        trouble_say(trouble, "%s has bytes behind its %s document", sheet->path, name);
        return STATUS_MALFORMED;
    }
    if (!root) {
        trouble_say(trouble,
            "%s is a %s document: give the network's root documents "
            "with --root",
            sheet->path, name);
        return STATUS_MALFORMED;
    }
    sheet->charter = root;
    return STATUS_OK;
}

enum status sheet_read(const char *path, const struct charter *root, bool draft,
    struct sheet *ret, struct trouble *trouble)
{
    size_t used = 0;
    enum status status;

    *ret = (struct sheet){.path = path};
    status = paper_read(path, PAPER_BYTES_MAX, &ret->bytes, trouble);
    if (status)
        return status;
    status = document_decode(buffer_span(&ret->bytes), &ret->document, &used);
    if (status)
        trouble_say(trouble, "%s is not a signed document, or it is damaged", path);
    else if (ret->document.type == DOCUMENT_ROOT)
        status = read_root_file(ret, draft, trouble);
    else
        status = find_charter(ret, root, used, trouble);
    if (status == STATUS_OK) {
        status = charter_count(ret->charter, &ret->document, &ret->signatures);
        if (status == STATUS_NOT_FOUND) {
            trouble_say(trouble,
                "%s was made under root document %llu, which is not in "
                "the root file: get the newer file",
                path, (unsigned long long)ret->document.root_version);
            status = STATUS_CONFLICT;
        }
    }
    if (status)
        sheet_release(ret);
    return status;
}

void sheet_release(struct sheet *sheet)
{
    buffer_release(&sheet->bytes);
    charter_release(&sheet->own);
}

bool sheet_profiles(const struct sheet *sheet, struct hash *ret)
{
    struct parcel parcel;
    struct roster *roster;

    if (sheet->document.type == DOCUMENT_PROFILES &&
        parcel_decode(&sheet->document, &parcel) == STATUS_OK) {
        *ret = parcel.profiles;
        return true;
    }
    if (sheet->document.type == DOCUMENT_ROSTER &&
        roster_decode(&sheet->document, &roster) == STATUS_OK) {
        *ret = roster_profiles(roster);
        roster_destroy(&roster);
        return true;
    }
    return false;
}

/* Two documents of one version are a fork: whoever signs both splits the network. */
static enum status check_versions(
    const struct sheet *sheets, size_t n, struct trouble *trouble)
{
    for (size_t i = 0; i < n; i++) {
        const struct document *one = &sheets[i].document;

        for (size_t k = i + 1; k < n; k++) {
            const struct document *other = &sheets[k].document;

            if (one->type != other->type || one->type == DOCUMENT_NOTICE ||
                one->version != other->version || hash_equal(&one->hash, &other->hash))
                continue;
            trouble_say(trouble,
                "%s and %s are two different documents for %s %llu: only one may ever be "
                "signed. Find out with the other stewards which, and destroy the other",
                sheets[i].path, sheets[k].path, document_type_name(one->type),
                (unsigned long long)one->version);
            return STATUS_CONFLICT;
        }
    }
    return STATUS_OK;
}

static enum status check_rows(
    const struct sheet *sheet, const struct plain *plain, struct trouble *trouble)
{
    struct roster *roster;
    enum status status;

    if (sheet->document.type != DOCUMENT_ROSTER || !plain || plain->bytes.n == 0)
        return STATUS_OK;
    status = roster_decode(&sheet->document, &roster);
    if (status)
        return status;
    status = plain_check_rows(plain, roster, trouble);
    roster_destroy(&roster);
    return status;
}

enum status sheets_fit(const struct sheet *sheets, size_t n, const struct plain *plain,
    struct trouble *trouble)
{
    struct hash wanted, hash;
    const char *first = NULL;
    enum status status = check_versions(sheets, n, trouble);

    if (status)
        return status;
    if (plain && plain->bytes.n > 0) {
        wanted = package_hash(plain->bytes);
        first = "the plain profiles";
    }
    for (size_t i = 0; i < n; i++) {
        if (!sheet_profiles(&sheets[i], &hash))
            continue;
        if (!first) {
            wanted = hash;
            first = sheets[i].path;
        } else if (!hash_equal(&hash, &wanted)) {
            trouble_say(trouble, "%s and %s do not belong to the same edition", first,
                sheets[i].path);
            return STATUS_CONFLICT;
        }
        status = check_rows(&sheets[i], plain, trouble);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* ---- against what was before ---- */

enum status sheet_check_follows(
    const struct sheet *sheet, const struct document *previous, struct trouble *trouble)
{
    const struct document *document = &sheet->document;
    struct signatures signatures;

    if (charter_count(sheet->charter, previous, &signatures) || !signatures.enough) {
        trouble_say(trouble, "the previous roster is not signed by enough stewards");
        return STATUS_FORGED;
    }
    if (document->version == previous->version + 1 &&
        hash_equal(&document->previous, &previous->hash))
        return STATUS_OK;
    trouble_say(trouble,
        "roster %llu does not follow the previous roster %llu: one of "
        "the two is of another edition",
        (unsigned long long)document->version, (unsigned long long)previous->version);
    return STATUS_CONFLICT;
}

static bool is_of(const struct sign_public *key, const struct member *then)
{
    return sign_public_equal(key, &then->identity) ||
           sign_public_equal(key, &then->previous_identity);
}

/* Letters under a previous key are believed: so it must be one that the member had. */
static enum status check_previous_keys(
    const struct roster *before, const struct roster *after, struct trouble *trouble)
{
    static const struct sign_public none = {{0}};
    char text[IDENT_TEXT_BYTES];

    for (size_t i = 0; i < roster_count(after); i++) {
        const struct member *now = roster_nth(after, i);
        const struct member *then =
            before ? roster_find_node(before, &now->node_id) : NULL;

        if (sign_public_equal(&now->previous_identity, &none) ||
            (then && is_of(&now->previous_identity, then)))
            continue;
        ident_format(&now->node_id, text);
        trouble_say(trouble,
            "the row of %s names a previous key that this member never had: whoever has "
            "it could write in its name. Nothing was signed; ask the steward who made "
            "this roster",
            text);
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

static enum status describe_roster_changes(const struct sheet *sheet, const char *path,
    const struct plain *plain, const struct requests *requests, struct facts *facts,
    struct trouble *trouble)
{
    struct roster *before = NULL, *after = NULL;
    struct document previous;
    struct buffer bytes;
    enum status status = roster_decode(&sheet->document, &after);

    buffer_init(&bytes, 0);
    if (status == STATUS_OK && path) {
        status = paper_read_document(path, DOCUMENT_ROSTER, &bytes, &previous, trouble);
        if (status == STATUS_OK)
            status = sheet_check_follows(sheet, &previous, trouble);
        if (status == STATUS_OK)
            status = roster_decode(&previous, &before);
    }
    if (status == STATUS_OK)
        status = check_previous_keys(before, after, trouble);
    if (status == STATUS_OK && requests)
        status = requests_check(requests, after, trouble);
    if (status == STATUS_OK)
        describe_changes(facts, before, after, plain, requests);
    roster_destroy(&before);
    roster_destroy(&after);
    buffer_release(&bytes);
    return status;
}

enum status sheet_describe_changes(const struct sheet *sheet, const char *previous_path,
    const struct plain *plain, const struct requests *requests, struct facts *facts,
    struct trouble *trouble)
{
    const struct document *document = &sheet->document;
    struct root before, after;

    if (document->type == DOCUMENT_ROSTER && (previous_path || document->version == 1))
        return describe_roster_changes(
            sheet, previous_path, plain, requests, facts, trouble);
    if (document->type == DOCUMENT_ROOT && document->version > 1 &&
        root_decode(document, &after) == STATUS_OK &&
        charter_find(sheet->charter, document->version - 1, &before) == STATUS_OK)
        describe_root_changes(facts, &before, &after);
    return STATUS_OK;
}

static size_t document_length(const struct document *document)
{
    return document->body.n + DOCUMENT_LIST_BYTES +
           document->n_signers * DOCUMENT_SIGNER_BYTES;
}

enum status sheet_sign(
    struct sheet *sheet, const struct sign_secret *secret, struct trouble *trouble)
{
    const struct buffer *all = sheet->is_root ? &sheet->own.bytes : &sheet->bytes;
    size_t before = all->used - document_length(&sheet->document);
    struct document fresh;
    struct buffer out;
    enum status status;

    buffer_init(&out, PAPER_BYTES_MAX);
    PROMISE(strcmp(sheet->path, "-") != 0);
    status = buffer_put(&out, all->bytes, before);
    if (status == STATUS_OK)
        status =
            document_sign(&sheet->document, &sheet->charter->network_id, secret, &out);
    if (status == STATUS_OK)
        status = document_decode_one(
            span_of(out.bytes + before, out.used - before), sheet->document.type, &fresh);
    if (status == STATUS_OK)
        status = charter_count(sheet->charter, &fresh, &sheet->signatures);
    if (status == STATUS_OK)
        status = paper_replace(sheet->path, buffer_span(&out), trouble);
    else
        trouble_say(trouble,
            "%s cannot take another signature (%s): nothing was written. Make the "
            "document again",
            sheet->path, status_name(status));
    buffer_release(&out);
    return status;
}

enum status sheet_describe(
    const struct sheet *sheet, const struct plain *plain, struct facts *facts)
{
    enum status status;

    facts_text(facts, "file", sheet->path);
    describe_document(facts, &sheet->document);
    status = describe_part(facts, &sheet->document, plain);
    describe_signers(facts, &sheet->document, sheet->charter, &sheet->signatures);
    return status;
}
