/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: the 200 bytes of the receipt behind context and network id are signed as one piece.
 */
#include "seal.h"

#include <string.h>

#include "memory.h"

enum { MESSAGE_BYTES = CONTEXT_BYTES + IDENT_BYTES + RECEIPT_SIGNED_BYTES };

static struct span make_message(const struct ident *network_id, struct span signed_part,
    uint8_t memory[static MESSAGE_BYTES])
{
    struct writer writer = writer_over(memory, MESSAGE_BYTES);
    writer_put(&writer, CONTEXT_RECEIPT, CONTEXT_BYTES);
    writer_ident(&writer, network_id);
    writer_put(&writer, signed_part.at, signed_part.n);
    PROMISE(writer_span(&writer).n == MESSAGE_BYTES);
    return writer_span(&writer);
}

void seal_receipt(const struct sealer *sealer, const struct trust *trust,
    const struct opened *letter, enum receipt_status status, enum receipt_code code,
    const struct hash *link, int64_t received_ms, uint8_t ret[static RECEIPT_BYTES])
{
    PROMISE(letter->sender != NULL && letter->inner.pair_seq > 0);
    PROMISE((status == RECEIPT_INVALID) == (code != RECEIPT_CODE_NONE));
    const struct receipt receipt = {
        .status = status,
        .code = code,
        .issuer = *sealer->node_id,
        .sender = letter->sender->node_id,
        .chain_epoch = letter->inner.chain_epoch,
        .pair_seq = letter->inner.pair_seq,
        .link = *link,
        .body_commit = letter->body_commit,
        .envelope = letter->envelope,
        .received_ms = received_ms,
        .roster_version = trust_version(trust, DOCUMENT_ROSTER),
        .roster_hash = trust_roster_hash(trust),
    };
    uint8_t message[MESSAGE_BYTES];
    struct signature signature;
    struct writer writer = writer_over(ret, RECEIPT_BYTES);
    receipt_encode_unsigned(&receipt, &writer);
    sign_make(sealer->identity,
        make_message(sealer->network_id, writer_span(&writer), message), &signature);
    writer_put(&writer, signature.bytes, SIGNATURE_BYTES);
    PROMISE(writer_span(&writer).n == RECEIPT_BYTES);
}

enum status seal_receipt_check(const struct ident *network_id,
    const struct member *issuer, struct span bytes, struct receipt *ret)
{
    static const struct sign_public none;
    uint8_t message[MESSAGE_BYTES];
    struct receipt receipt;
    struct span signed_part;
    enum status status = receipt_decode(bytes, &receipt, &signed_part);
    if (status != STATUS_OK)
        return status;
    if (!ident_equal(&receipt.issuer, &issuer->node_id))
        return STATUS_FORGED;
    struct span span = make_message(network_id, signed_part, message);
    status = sign_check(&issuer->identity, span, &receipt.signature);
    if (status != STATUS_OK && !sign_public_equal(&issuer->previous_identity, &none))
        status = sign_check(&issuer->previous_identity, span, &receipt.signature);
    if (status == STATUS_OK)
        *ret = receipt;
    return status;
}
