/* SPDX-License-Identifier: Apache-2.0
 * The file is small (a root document has a few hundred bytes), so versions are found by reading it again.
 */
#include "charter.h"

#include "paper.h"

enum status charter_take(struct buffer *bytes, const char *path, bool draft,
    struct charter *ret, struct trouble *trouble)
{
    struct charter charter;
    enum status status = root_read_chain(buffer_span(bytes), draft, &charter.root,
        &charter.last, &charter.network_id, trouble);

    if (status) {
        trouble_prefix(trouble, "%s", path);
        return status;
    }
    charter.bytes = *bytes;
    buffer_init(bytes, 0);
    *ret = charter;
    return STATUS_OK;
}

enum status charter_read(
    const char *path, bool draft, struct charter *ret, struct trouble *trouble)
{
    struct buffer bytes;
    enum status status = paper_read(path, PAPER_BYTES_MAX, &bytes, trouble);

    if (status)
        return status;
    status = charter_take(&bytes, path, draft, ret, trouble);
    buffer_release(&bytes);
    return status;
}

void charter_release(struct charter *charter)
{
    buffer_release(&charter->bytes);
}

enum status charter_find(
    const struct charter *charter, uint64_t version, struct root *ret)
{
    struct span bytes = buffer_span(&charter->bytes);
    struct document document;
    size_t used;

    while (bytes.n > 0 && document_decode(bytes, &document, &used) == STATUS_OK) {
        if (document.version == version)
            return root_decode(&document, ret);
        bytes = span_of(bytes.at + used, bytes.n - used);
    }
    return STATUS_NOT_FOUND;
}

static void count_under(const struct charter *charter, const struct document *document,
    const struct root *root, struct signatures *ret)
{
    ret->good = document_count_signers(
        document, &charter->network_id, root->stewards, root->n_stewards);
    ret->needed = document->type == DOCUMENT_NOTICE ? 1 : root->threshold;
    ret->enough = ret->good >= ret->needed;
    ret->root_version = root->version;
}

static enum status count_root(const struct charter *charter,
    const struct document *document, struct signatures *ret)
{
    struct root root, before;
    enum status status = root_decode(document, &root);

    if (status)
        return status;
    count_under(charter, document, &root, ret);
    if (root.version == 1)
        return STATUS_OK;
    status = charter_find(charter, root.version - 1, &before);
    if (status)
        return status;
    ret->good_old = document_count_signers(
        document, &charter->network_id, before.stewards, before.n_stewards);
    ret->needed_old = before.threshold;
    ret->enough = ret->enough && ret->good_old >= ret->needed_old;
    return STATUS_OK;
}

enum status charter_count(const struct charter *charter, const struct document *document,
    struct signatures *ret)
{
    struct signatures signatures = {0}, older = {0};
    struct root root;
    enum status status = STATUS_OK;

    if (document->type == DOCUMENT_ROOT) {
        status = count_root(charter, document, &signatures);
        if (status == STATUS_OK)
            *ret = signatures;
        return status;
    }
    status = charter_find(charter, document->root_version, &root);
    if (status)
        return status;
    count_under(charter, document, &charter->root, &signatures);
    if (!signatures.enough && root.version != charter->root.version) {
        count_under(charter, document, &root, &older);
        if (older.enough) {
            signatures = older;
            signatures.outdated = true;
        }
    }
    *ret = signatures;
    return STATUS_OK;
}

bool charter_signature_counts(
    const struct charter *charter, const struct document *document, size_t i)
{
    struct sign_public key = document_signer(document, i);
    uint64_t older =
        document->type == DOCUMENT_ROOT ? document->version - 1 : document->root_version;
    struct root root;

    if (!root_has_steward(&charter->root, &key) &&
        (charter_find(charter, older, &root) || !root_has_steward(&root, &key)))
        return false;
    return document_count_signers(document, &charter->network_id, &key, 1) == 1;
}

enum status charter_allows(const struct charter *charter, const struct document *document,
    const struct sign_public *key, struct trouble *trouble)
{
    struct root before;

    if (root_has_steward(&charter->root, key))
        return STATUS_OK;
    if (document->type == DOCUMENT_ROOT && document->version > 1 &&
        charter_find(charter, document->version - 1, &before) == STATUS_OK &&
        root_has_steward(&before, key))
        return STATUS_OK;
    trouble_say(trouble,
        "this key is none of the stewards' of root document %llu: its "
        "signature would not count",
        (unsigned long long)charter->root.version);
    return STATUS_DENIED;
}
