/* SPDX-License-Identifier: Apache-2.0
 * The bundle is signed as one piece behind context and network, so the message is put together in memory.
 */
#include "verify.h"

#include <string.h>

#include "memory.h"

enum { FRONT_BYTES = CONTEXT_BYTES + IDENT_BYTES };

static struct span make_message(const struct ident *network_id, struct span unsigned_part,
    uint8_t memory[static FRONT_BYTES + BUNDLE_BYTES_MAX])
{
    struct writer writer = writer_over(memory, FRONT_BYTES + BUNDLE_BYTES_MAX);

    writer_put(&writer, CONTEXT_PREKEY, CONTEXT_BYTES);
    writer_ident(&writer, network_id);
    writer_put(&writer, unsigned_part.at, unsigned_part.n);
    return writer_span(&writer);
}

enum status bundle_sign(struct bundle *bundle, const struct ident *network_id,
    const struct sign_secret *identity, struct buffer *ret)
{
    uint8_t bytes[BUNDLE_BYTES_MAX], message[FRONT_BYTES + BUNDLE_BYTES_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);
    struct signature signature;

    bundle_encode_unsigned(bundle, &writer);
    sign_make(
        identity, make_message(network_id, writer_span(&writer), message), &signature);
    writer_put(&writer, signature.bytes, sizeof signature.bytes);
    if (buffer_put(ret, bytes, writer_span(&writer).n))
        return STATUS_TOO_BIG;
    memcpy(bundle->signature, signature.bytes, sizeof signature.bytes);
    return STATUS_OK;
}

enum status bundle_verify(struct span bytes, const struct ident *network_id,
    const struct member *member, struct bundle *ret)
{
    static const struct sign_public none = {{0}};
    uint8_t message[FRONT_BYTES + BUNDLE_BYTES_MAX];
    struct bundle bundle;
    struct signature signature;
    struct span covered, signed_message;
    enum status status = bundle_decode(bytes, &bundle, &covered);

    if (status)
        return status;
    if (!ident_equal(&bundle.node_id, &member->node_id))
        return STATUS_CONFLICT;
    signed_message = make_message(network_id, covered, message);
    memcpy(signature.bytes, bundle.signature, sizeof signature.bytes);
    status = sign_check(&member->identity, signed_message, &signature);
    if (status && !sign_public_equal(&member->previous_identity, &none))
        status = sign_check(&member->previous_identity, signed_message, &signature);
    if (status)
        return STATUS_FORGED;
    *ret = bundle;
    return STATUS_OK;
}

struct hash bundle_hash(struct span bytes)
{
    struct span parts[] = {span_of(CONTEXT_BUNDLE, CONTEXT_BYTES), bytes};

    return hash_of_parts(parts, ARRAY_LENGTH(parts));
}
