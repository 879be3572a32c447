/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: every string is either hashed in parts or written into memory of its exact size, and
 * the writer's size is the check that no field was forgotten.
 */
#include "transcript.h"

#include "memory.h"

enum { LINK_FIRST_BYTES = 68, LINK_NEXT_BYTES = 158 };

static struct hash hash_whole(const struct writer *writer, size_t bytes)
{
    PROMISE(writer_span(writer).n == bytes);
    return hash_of(writer_span(writer));
}

struct hash body_commit(const uint8_t salt[static 32], struct span body)
{
    uint8_t length[4];
    struct writer writer = writer_over(length, sizeof length);
    PROMISE(body.n <= BODY_BYTES_MAX);
    writer_u32(&writer, (uint32_t)body.n);
    const struct span parts[] = {span_of(CONTEXT_BODY, CONTEXT_BYTES), span_of(salt, 32),
        writer_span(&writer), body};
    return hash_of_parts(parts, ARRAY_LENGTH(parts));
}

struct hash link_first(const struct ident *network_id, const struct ident *sender,
    const struct ident *recipient, uint32_t chain_epoch)
{
    uint8_t bytes[LINK_FIRST_BYTES];
    struct writer writer = writer_over(bytes, sizeof bytes);
    writer_put(&writer, CONTEXT_CHAIN, CONTEXT_BYTES);
    writer_ident(&writer, network_id);
    writer_ident(&writer, sender);
    writer_ident(&writer, recipient);
    writer_u32(&writer, chain_epoch);
    return hash_whole(&writer, sizeof bytes);
}

struct hash link_next(const struct link_input *input)
{
    uint8_t bytes[LINK_NEXT_BYTES];
    struct writer writer = writer_over(bytes, sizeof bytes);
    writer_put(&writer, CONTEXT_LINK, CONTEXT_BYTES);
    writer_ident(&writer, input->sender);
    writer_ident(&writer, input->recipient);
    writer_u32(&writer, input->chain_epoch);
    writer_u64(&writer, input->pair_seq);
    writer_hash(&writer, input->prev_link);
    writer_u16(&writer, input->kind);
    writer_u64(&writer, (uint64_t)input->created_ms);
    writer_u32(&writer, input->lifetime_s);
    writer_u32(&writer, input->after_back);
    writer_ident(&writer, input->item_id);
    writer_hash(&writer, input->body_commit);
    return hash_whole(&writer, sizeof bytes);
}

void transcript_make(const struct ident *network_id, struct span header,
    const struct sign_public *recipient, struct span signed_inner,
    const struct hash *commit, uint8_t ret[static TRANSCRIPT_BYTES])
{
    struct hash header_hash = hash_of(header);
    struct writer writer = writer_over(ret, TRANSCRIPT_BYTES);
    PROMISE(signed_inner.n == INNER_SIGNED_BYTES);
    writer_put(&writer, CONTEXT_ENVELOPE, CONTEXT_BYTES);
    writer_ident(&writer, network_id);
    writer_hash(&writer, &header_hash);
    writer_put(&writer, recipient->bytes, SIGN_PUBLIC_BYTES);
    writer_put(&writer, signed_inner.at, signed_inner.n);
    writer_hash(&writer, commit);
    PROMISE(writer_span(&writer).n == TRANSCRIPT_BYTES);
}
