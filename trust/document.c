/* SPDX-License-Identifier: Apache-2.0
 * One table row per type gives magic, context and limit. The body's length is read first, then the list
 * behind it; nothing of the type's own part is looked at here.
 */
#include "document.h"

#include <string.h>

#include "memory.h"

enum { MAGIC_BYTES = 4, MESSAGE_BYTES = CONTEXT_BYTES + IDENT_BYTES + HASH_BYTES };

static const struct row {
    const char *name, *magic, *context;
    size_t bytes_max;
} rows[DOCUMENT_TYPE_COUNT] = {
    [DOCUMENT_ROOT] = {"root", "AMS1", CONTEXT_ROOT, ROOT_BYTES_MAX},
    [DOCUMENT_ROSTER] = {"roster", "AMM1", CONTEXT_ROSTER, ROSTER_BYTES_MAX},
    [DOCUMENT_PROFILES] = {"profiles", "AMF1", CONTEXT_PROFILES, PROFILES_BYTES_MAX},
    [DOCUMENT_NOTICE] = {"notice", "AMN1", CONTEXT_NOTICE, NOTICE_BYTES_MAX},
};

const char *document_type_name(enum document_type type)
{
    return type > 0 && type < DOCUMENT_TYPE_COUNT ? rows[type].name : "unknown document";
}

size_t document_bytes_max(enum document_type type)
{
    return type > 0 && type < DOCUMENT_TYPE_COUNT ? rows[type].bytes_max : 0;
}

static enum document_type find_type(struct span magic)
{
    for (int type = 1; type < DOCUMENT_TYPE_COUNT; type++) {
        if (memcmp(rows[type].magic, magic.at, MAGIC_BYTES) == 0)
            return (enum document_type)type;
    }
    return 0;
}

static void read_head(struct reader *reader, struct document *document)
{
    (void)reader_take(reader, MAGIC_BYTES + 4);
    document->version = reader_u64(reader);
    document->root_version = reader_u64(reader);
    document->created_ms = reader_time_ms(reader);
    document->expires_ms = reader_time_ms(reader);
    document->previous = reader_hash(reader);
    document->count = reader_u32(reader);
    reader_zeros(reader, 4);
    if (document->version == 0 || document->version > INT64_MAX ||
        document->root_version > INT64_MAX || document->created_ms == 0 ||
        document->expires_ms <= document->created_ms)
        reader_fail(reader);
    if (document->type == DOCUMENT_ROOT ? document->root_version != document->version - 1
                                        : document->root_version == 0)
        reader_fail(reader);
    if (document->version == 1 || document->type == DOCUMENT_PROFILES ||
        document->type == DOCUMENT_NOTICE) {
        if (!hash_is_zero(&document->previous))
            reader_fail(reader);
    } else if (hash_is_zero(&document->previous)) {
        reader_fail(reader);
    }
}

static void read_list(struct reader *reader, struct document *document)
{
    const uint8_t *before = NULL;

    document->n_signers = reader_u8(reader);
    reader_zeros(reader, 3);
    if (document->n_signers > DOCUMENT_SIGNERS_MAX)
        reader_fail(reader);
    document->signers = reader_take(reader, document->n_signers * DOCUMENT_SIGNER_BYTES);
    for (size_t i = 0; !reader->bad && i < document->n_signers; i++) {
        const uint8_t *key = document->signers.at + i * DOCUMENT_SIGNER_BYTES;

        if (before && memcmp(before, key, SIGN_PUBLIC_BYTES) >= 0)
            reader_fail(reader);
        before = key;
    }
}

enum status document_decode(struct span bytes, struct document *ret, size_t *ret_bytes)
{
    struct document document = {0};
    struct reader reader = reader_over(bytes);
    struct span magic = reader_take(&reader, MAGIC_BYTES);
    uint32_t body_bytes = reader_u32(&reader);
    size_t used;

    if (reader.bad)
        return STATUS_MALFORMED;
    document.type = find_type(magic);
    if (document.type == 0)
        return STATUS_UNSUPPORTED;
    if (body_bytes > rows[document.type].bytes_max)
        return STATUS_TOO_BIG;
    if (body_bytes < DOCUMENT_HEAD_BYTES)
        return STATUS_MALFORMED;

    reader = reader_over(bytes);
    document.body = reader_take(&reader, body_bytes);
    read_list(&reader, &document);
    if (reader.bad)
        return STATUS_MALFORMED;
    used = bytes.n - reader.left;
    if (used > rows[document.type].bytes_max)
        return STATUS_TOO_BIG;

    reader = reader_over(document.body);
    read_head(&reader, &document);
    if (reader.bad)
        return STATUS_MALFORMED;
    document.part = reader_take(&reader, reader.left);
    document.hash = hash_of(document.body);
    *ret = document;
    *ret_bytes = used;
    return STATUS_OK;
}

enum status document_decode_one(
    struct span bytes, enum document_type type, struct document *ret)
{
    struct document document;
    size_t used;
    enum status status = document_decode(bytes, &document, &used);

    if (status)
        return status;
    if (document.type != type || used != bytes.n)
        return STATUS_MALFORMED;
    *ret = document;
    return STATUS_OK;
}

void document_encode_head(
    const struct document *document, size_t body_bytes, struct writer *writer)
{
    PROMISE(document->type > 0 && document->type < DOCUMENT_TYPE_COUNT);
    PROMISE(body_bytes <= rows[document->type].bytes_max);
    writer_put(writer, rows[document->type].magic, MAGIC_BYTES);
    writer_u32(writer, (uint32_t)body_bytes);
    writer_u64(writer, document->version);
    writer_u64(writer, document->root_version);
    writer_u64(writer, (uint64_t)document->created_ms);
    writer_u64(writer, (uint64_t)document->expires_ms);
    writer_hash(writer, &document->previous);
    writer_u32(writer, document->count);
    writer_zeros(writer, 4);
}

void document_encode_unsigned(struct writer *writer)
{
    writer_zeros(writer, DOCUMENT_LIST_BYTES);
}

static void make_message(const struct document *document, const struct ident *network_id,
    uint8_t ret[static MESSAGE_BYTES])
{
    struct writer writer = writer_over(ret, MESSAGE_BYTES);

    writer_put(&writer, rows[document->type].context, CONTEXT_BYTES);
    if (document->type == DOCUMENT_ROOT && document->version == 1)
        writer_zeros(&writer, IDENT_BYTES);
    else
        writer_ident(&writer, network_id);
    writer_hash(&writer, &document->hash);
    PROMISE(!writer.full && writer.used == MESSAGE_BYTES);
}

struct sign_public document_signer(const struct document *document, size_t i)
{
    struct sign_public key;

    PROMISE(i < document->n_signers);
    memcpy(key.bytes, document->signers.at + i * DOCUMENT_SIGNER_BYTES, sizeof key.bytes);
    return key;
}

static bool signature_holds(const struct document *document, size_t i,
    const uint8_t message[static MESSAGE_BYTES])
{
    struct sign_public key = document_signer(document, i);
    struct signature signature;

    memcpy(signature.bytes,
        document->signers.at + i * DOCUMENT_SIGNER_BYTES + SIGN_PUBLIC_BYTES,
        sizeof signature.bytes);
    return sign_check(&key, span_of(message, MESSAGE_BYTES), &signature) == STATUS_OK;
}

size_t document_count_signers(const struct document *document,
    const struct ident *network_id, const struct sign_public *keys, size_t n_keys)
{
    uint8_t message[MESSAGE_BYTES];
    size_t count = 0;

    make_message(document, network_id, message);
    for (size_t i = 0; i < document->n_signers; i++) { /* each key stands once */
        struct sign_public signer = document_signer(document, i);

        for (size_t k = 0; k < n_keys; k++) {
            if (!sign_public_equal(&signer, &keys[k]))
                continue;
            if (signature_holds(document, i, message))
                count++;
            break;
        }
    }
    return count;
}

static enum status put_entry(struct buffer *buffer, const struct sign_public *key,
    const struct signature *signature)
{
    enum status status = buffer_put(buffer, key->bytes, sizeof key->bytes);

    if (status == STATUS_OK)
        status = buffer_put(buffer, signature->bytes, sizeof signature->bytes);
    return status;
}

enum status document_sign(const struct document *document, const struct ident *network_id,
    const struct sign_secret *secret, struct buffer *ret)
{
    struct sign_public mine = sign_public_of(secret);
    struct signature signature;
    uint8_t message[MESSAGE_BYTES], list[DOCUMENT_LIST_BYTES] = {0};
    size_t before = 0, after;
    enum status status;

    while (before < document->n_signers &&
           memcmp(document->signers.at + before * DOCUMENT_SIGNER_BYTES, mine.bytes,
               sizeof mine.bytes) < 0)
        before++;
    after = before;
    if (after < document->n_signers) {
        struct sign_public next = document_signer(document, after);

        after += sign_public_equal(&next, &mine);
    }
    if (after == before && document->n_signers == DOCUMENT_SIGNERS_MAX)
        return STATUS_FULL;

    make_message(document, network_id, message);
    sign_make(secret, span_of(message, sizeof message), &signature);
    list[0] = (uint8_t)(before + 1 + document->n_signers - after);
    status = buffer_put(ret, document->body.at, document->body.n);
    if (status == STATUS_OK)
        status = buffer_put(ret, list, sizeof list);
    if (status == STATUS_OK)
        status = buffer_put(ret, document->signers.at, before * DOCUMENT_SIGNER_BYTES);
    if (status == STATUS_OK)
        status = put_entry(ret, &mine, &signature);
    if (status == STATUS_OK)
        status = buffer_put(ret, document->signers.at + after * DOCUMENT_SIGNER_BYTES,
            (document->n_signers - after) * DOCUMENT_SIGNER_BYTES);
    return status;
}
