/* SPDX-License-Identifier: Apache-2.0
 * A fixed list of five at most: no memory is taken for a notice.
 */
#include "notice.h"

#include <string.h>

#include "memory.h"

static bool is_sound(const struct notice *notice)
{
    if (notice->n < 1 || notice->n > NOTICE_MEMBERS_MAX ||
        ident_is_zero(&notice->nodes[0]) ||
        notice->expires_ms - notice->created_ms > NOTICE_VALID_MS)
        return false;
    for (size_t i = 1; i < notice->n; i++) {
        if (ident_compare(&notice->nodes[i - 1], &notice->nodes[i]) >= 0)
            return false;
    }
    return true;
}

enum status notice_decode(const struct document *document, struct notice *ret)
{
    struct notice notice = {
        .root_version = document->root_version,
        .created_ms = document->created_ms,
        .expires_ms = document->expires_ms,
        .hash = document->hash,
        .n = document->count,
    };
    struct reader reader = reader_over(document->part);

    if (document->type != DOCUMENT_NOTICE || document->count > NOTICE_MEMBERS_MAX ||
        document->version != (uint64_t)document->created_ms || document->n_signers != 1)
        return STATUS_MALFORMED;
    for (size_t i = 0; i < notice.n; i++)
        notice.nodes[i] = reader_ident(&reader);
    if (reader_end(&reader) || !is_sound(&notice))
        return STATUS_MALFORMED;
    notice.steward = document_signer(document, 0);
    *ret = notice;
    return STATUS_OK;
}

enum status notice_encode(const struct notice *notice, struct buffer *ret)
{
    struct document document = {
        .type = DOCUMENT_NOTICE,
        .version = (uint64_t)notice->created_ms,
        .root_version = notice->root_version,
        .created_ms = notice->created_ms,
        .expires_ms = notice->expires_ms,
        .count = (uint32_t)notice->n,
    };
    size_t n = DOCUMENT_HEAD_BYTES + notice->n * IDENT_BYTES;
    struct writer writer;
    uint8_t *to;

    PROMISE(is_sound(notice));
    to = buffer_grow(ret, n + DOCUMENT_LIST_BYTES);
    if (!to)
        return STATUS_TOO_BIG;
    writer = writer_over(to, n + DOCUMENT_LIST_BYTES);
    document_encode_head(&document, n, &writer);
    for (size_t i = 0; i < notice->n; i++)
        writer_ident(&writer, &notice->nodes[i]);
    document_encode_unsigned(&writer);
    PROMISE(!writer.full && writer.used == writer.size);
    return STATUS_OK;
}

bool notice_names(const struct notice *notice, const struct ident *node_id)
{
    for (size_t i = 0; i < notice->n; i++) {
        if (ident_equal(&notice->nodes[i], node_id))
            return true;
    }
    return false;
}
