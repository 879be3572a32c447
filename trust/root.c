/* SPDX-License-Identifier: Apache-2.0
 * Version N must carry two thresholds: the old stewards hand over, the new ones show that they hold their keys.
 */
#include "root.h"

#include <string.h>

#include "memory.h"

enum { PURPOSE_REAL = 0, PURPOSE_PRACTICE = 1 };

static bool is_sound(const struct root *root)
{
    if (root->n_stewards < 1 || root->n_stewards > STEWARDS_MAX || root->threshold < 1 ||
        root->threshold > root->n_stewards)
        return false;
    for (size_t i = 1; i < root->n_stewards; i++) {
        if (memcmp(root->stewards[i - 1].bytes, root->stewards[i].bytes,
                SIGN_PUBLIC_BYTES) >= 0)
            return false;
    }
    return true;
}

enum status root_decode(const struct document *document, struct root *ret)
{
    struct root root = {
        .version = document->version,
        .created_ms = document->created_ms,
        .expires_ms = document->expires_ms,
        .previous = document->previous,
        .hash = document->hash,
        .n_stewards = document->count,
    };
    struct reader reader = reader_over(document->part);

    if (document->type != DOCUMENT_ROOT || document->count > STEWARDS_MAX)
        return STATUS_MALFORMED;
    root.threshold = reader_u8(&reader);
    uint8_t purpose = reader_u8(&reader);
    root.practice = purpose == PURPOSE_PRACTICE;
    reader_zeros(&reader, 14);
    for (size_t i = 0; i < root.n_stewards; i++)
        reader_copy(&reader, root.stewards[i].bytes, SIGN_PUBLIC_BYTES);
    if (reader_end(&reader) || purpose > PURPOSE_PRACTICE || !is_sound(&root))
        return STATUS_MALFORMED;
    *ret = root;
    return STATUS_OK;
}

enum status root_encode(const struct root *root, struct buffer *ret)
{
    struct document document = {
        .type = DOCUMENT_ROOT,
        .version = root->version,
        .root_version = root->version - 1,
        .created_ms = root->created_ms,
        .expires_ms = root->expires_ms,
        .previous = root->previous,
        .count = (uint32_t)root->n_stewards,
    };
    size_t n = ROOT_FIXED_BYTES + root->n_stewards * SIGN_PUBLIC_BYTES;
    uint8_t *to;
    struct writer writer;

    PROMISE(root->version >= 1 && is_sound(root));
    to = buffer_grow(ret, n + DOCUMENT_LIST_BYTES);
    if (!to)
        return STATUS_TOO_BIG;
    writer = writer_over(to, n + DOCUMENT_LIST_BYTES);
    document_encode_head(&document, n, &writer);
    writer_u8(&writer, (uint8_t)root->threshold);
    writer_u8(&writer, root->practice ? PURPOSE_PRACTICE : PURPOSE_REAL);
    writer_zeros(&writer, 14);
    for (size_t i = 0; i < root->n_stewards; i++)
        writer_put(&writer, root->stewards[i].bytes, SIGN_PUBLIC_BYTES);
    document_encode_unsigned(&writer);
    PROMISE(!writer.full && writer.used == writer.size);
    return STATUS_OK;
}

struct ident root_network_id(const struct root *root_1)
{
    struct ident network_id;

    PROMISE(root_1->version == 1);
    memcpy(network_id.bytes, root_1->hash.bytes, sizeof network_id.bytes);
    return network_id;
}

enum status root_accepts(const struct root *root, const struct document *document,
    const struct ident *network_id)
{
    size_t n =
        document_count_signers(document, network_id, root->stewards, root->n_stewards);

    return n >= root->threshold ? STATUS_OK : STATUS_FORGED;
}

bool root_has_steward(const struct root *root, const struct sign_public *key)
{
    for (size_t i = 0; i < root->n_stewards; i++) {
        if (sign_public_equal(&root->stewards[i], key))
            return true;
    }
    return false;
}

enum status root_check(const struct document *document, const struct root *root,
    const struct root *before, const struct ident *network_id)
{
    if ((before ? before->version : 0) != root->version - 1)
        return STATUS_NOT_FOUND;
    if (before && root_accepts(before, document, network_id))
        return STATUS_FORGED;
    if (root_accepts(root, document, network_id))
        return STATUS_FORGED;
    if (before && (!hash_equal(&before->hash, &root->previous) ||
                      before->practice != root->practice))
        return STATUS_CONFLICT;
    return STATUS_OK;
}

enum status root_read_chain(struct span bytes, bool drafts, struct root *ret,
    struct document *ret_last, struct ident *ret_network_id, struct trouble *trouble)
{
    struct root root, before = {0};
    struct document document;
    struct ident network_id = {{0}};
    size_t used;
    enum status status;

    do {
        status = document_decode(bytes, &document, &used);
        if (status == STATUS_OK)
            status = root_decode(&document, &root);
        if (status) {
            trouble_say(trouble,
                "this is not a file of root documents (after version %llu)",
                (unsigned long long)before.version);
            return status;
        }
        if (root.version == 1)
            network_id = root_network_id(&root);
        status =
            root_check(&document, &root, before.version ? &before : NULL, &network_id);
        if (status == STATUS_FORGED && drafts && used == bytes.n &&
            (!before.version || hash_equal(&before.hash, &root.previous)))
            status = STATUS_OK;
        if (status == STATUS_NOT_FOUND)
            trouble_say(trouble,
                "root document %llu cannot follow version %llu: "
                "give all of them in one file, from version 1 on",
                (unsigned long long)root.version, (unsigned long long)before.version);
        else if (status)
            trouble_say(trouble,
                status == STATUS_FORGED
                    ? "root document %llu is not signed by enough stewards"
                    : "root document %llu does not belong to the version before it",
                (unsigned long long)root.version);
        if (status)
            return status;
        before = root;
        bytes = span_of(bytes.at + used, bytes.n - used);
    } while (bytes.n > 0);
    *ret = root;
    *ret_last = document;
    *ret_network_id = network_id;
    return STATUS_OK;
}
