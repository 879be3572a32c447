/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: seal_apply lays out header, inner, body and zeros in the order of PROTOCOL.md 1.6,
 * signs, and seals straight into the caller's buffer. seal_break walks 1.7; each step names itself before
 * it is tried, so that the step of a failure is always the one that failed. Everything from the plain text
 * on stands in seal_judge, which parked letters go through again.
 */
#include "seal.h"

#include <string.h>

#include "memory.h"

enum { INFO_BYTES = 58 };

/* HPKE info of PROTOCOL.md 1.2. */
static void make_info(const struct ident *network_id, uint16_t suite,
    const struct ident *recipient, uint64_t prekey_id, uint8_t ret[static INFO_BYTES])
{
    struct writer writer = writer_over(ret, INFO_BYTES);
    writer_put(&writer, CONTEXT_HPKE, CONTEXT_BYTES);
    writer_ident(&writer, network_id);
    writer_u16(&writer, suite);
    writer_ident(&writer, recipient);
    writer_u64(&writer, prekey_id);
    PROMISE(writer_span(&writer).n == INFO_BYTES);
}

static struct hash make_link(const struct inner *inner, const struct hash *commit,
    const struct ident *sender, const struct ident *recipient)
{
    const struct link_input input = {
        .sender = sender,
        .recipient = recipient,
        .chain_epoch = inner->chain_epoch,
        .pair_seq = inner->pair_seq,
        .prev_link = &inner->prev_link,
        .kind = inner->kind,
        .created_ms = inner->created_ms,
        .lifetime_s = inner->lifetime_s,
        .after_back = inner->after_back,
        .item_id = &inner->item_id,
        .body_commit = commit,
    };
    return inner->pair_seq == 0 ? (struct hash){{0}} : link_next(&input);
}

static struct inner make_inner(const struct sealer *sealer, const struct letter *letter,
    const struct sealing *sealing)
{
    struct inner inner = {
        .kind = letter->kind,
        .seal_no = sealing->seal_no,
        .sender = sign_public_of(sealer->identity),
        .created_ms = letter->created_ms,
        .lifetime_s = letter->lifetime_s,
        .after_back = letter->after_back,
        .pair_seq = letter->pair_seq,
        .chain_epoch = letter->chain_epoch,
        .body_bytes = (uint32_t)letter->body.n,
        .prev_link = letter->prev_link,
        .roster_version = sealing->roster_version,
        .roster_hash = sealing->roster_hash,
        .item_id = letter->item_id,
    };
    memcpy(inner.body_salt, letter->body_salt, sizeof inner.body_salt);
    return inner;
}

/* Writes inner and body into plain (a whole bucket of zeros) and signs. */
static void write_plain(const struct sealer *sealer, const struct letter *letter,
    const struct sealing *sealing, struct span header, uint8_t *plain, size_t bucket,
    struct hash *ret_link)
{
    struct inner inner = make_inner(sealer, letter, sealing);
    struct hash commit = body_commit(letter->body_salt, letter->body);
    uint8_t transcript[TRANSCRIPT_BYTES];
    struct span body, signed_inner;
    struct writer writer = writer_over(plain, bucket);
    inner_encode(&inner, &writer);
    writer_put(&writer, letter->body.at, letter->body.n);
    transcript_make(sealer->network_id, header, &sealing->recipient->identity,
        span_of(plain, INNER_SIGNED_BYTES), &commit, transcript);
    sign_make(sealer->identity, span_of(transcript, sizeof transcript), &inner.signature);
    writer = writer_over(plain, INNER_BYTES);
    inner_encode(&inner, &writer);
    *ret_link = make_link(&inner, &commit, sealer->node_id, &sealing->recipient->node_id);
    /* What a recipient would refuse must not be given a number. */
    PROMISE(
        inner_decode(span_of(plain, bucket), &inner, &body, &signed_inner) == STATUS_OK);
    memory_wipe(&inner, sizeof inner);
}

static enum status choose_bucket(
    const struct letter *letter, const struct sealing *sealing, uint32_t *ret)
{
    uint32_t bucket = bucket_for_body(letter->body.n);
    if (bucket == 0)
        return STATUS_TOO_BIG;
    PROMISE(sealing->min_bucket == 0 || bucket_is_known(sealing->min_bucket));
    *ret = bucket > sealing->min_bucket ? bucket : sealing->min_bucket;
    return STATUS_OK;
}

/* SetupBaseS: after it the header is complete. */
static enum status set_up(const struct sealer *sealer, const struct kem *kem,
    const struct sealing *sealing, struct header *header, struct hpke *ret)
{
    uint8_t info[INFO_BYTES];
    make_info(sealer->network_id, header->suite, &sealing->recipient->node_id,
        header->prekey_id, info);
    return hpke_setup_sender(kem, sealer->chance, sealing->prekey->public_key,
        span_of(info, sizeof info), header->enc, ret);
}

enum status seal_apply(const struct sealer *sealer, const struct letter *letter,
    const struct sealing *sealing, struct buffer *ret_envelope, struct ident *ret_msg_id,
    struct hash *ret_link)
{
    const struct suite *suite = suite_find(sealing->bundle->suite);
    const struct kem *kem = kem_find(sealing->bundle->suite);
    uint32_t bucket = 0;
    struct hpke hpke;
    struct hash link;
    PROMISE(ident_equal(&sealing->bundle->node_id, &sealing->recipient->node_id));
    PROMISE(bundle_find(sealing->bundle, sealing->prekey->id) != NULL);
    buffer_clear(ret_envelope);
    if (suite == NULL || kem == NULL)
        return STATUS_UNSUPPORTED;
    PROMISE(
        suite->enc_bytes == kem->enc_bytes && suite->public_bytes == kem->public_bytes);
    enum status status = choose_bucket(letter, sealing, &bucket);
    if (status != STATUS_OK)
        return status;

    struct header header = {
        .suite = suite->id,
        .lane = sealing->lane,
        .msg_id = ident_new(sealer->chance),
        .queue_id = sealing->recipient->queue_id,
        .prekey_id = sealing->prekey->id,
        .ciphertext_bytes = bucket + SEAL_TAG_BYTES,
    };
    status = set_up(sealer, kem, sealing, &header, &hpke);
    if (status != STATUS_OK)
        return status;
    uint8_t *plain = memory_new(bucket);
    uint8_t *envelope = buffer_grow(ret_envelope, envelope_bytes(suite, bucket));
    if (envelope == NULL) {
        status = STATUS_TOO_BIG;
        goto done;
    }
    struct writer writer = writer_over(envelope, HEADER_FIXED_BYTES + suite->enc_bytes);
    header_encode(&header, &writer);
    struct span header_bytes = writer_span(&writer);
    write_plain(sealer, letter, sealing, header_bytes, plain, bucket, &link);
    hpke_seal(&hpke, 0, header_bytes, span_of(plain, bucket), envelope + header_bytes.n);
    *ret_msg_id = header.msg_id;
    *ret_link = link;
done:
    hpke_release(&hpke);
    memory_wipe(plain, bucket);
    memory_free(plain);
    return status;
}

static bool is_mine(
    const struct ident *queue, const struct ident *queues, size_t n_queues)
{
    for (size_t i = 0; i < n_queues; i++)
        if (ident_equal(queue, &queues[i]))
            return true;
    return false;
}

/* Steps 3 and 4. */
static enum status open_sealed(const struct sealer *sealer,
    const struct prekey_source *prekeys, const struct header *header,
    struct span header_bytes, struct span ciphertext, struct buffer *plain,
    enum seal_step *ret_step)
{
    uint8_t secret[KEM_SECRET_MAX] = {0}, info[INFO_BYTES];
    uint16_t suite = 0;
    struct hpke hpke = {{0}, {0}};
    *ret_step = SEAL_STEP_PREKEY;
    enum status status =
        prekeys->find(prekeys->context, header->prekey_id, &suite, secret);
    if (status != STATUS_OK)
        goto done;
    const struct kem *kem = kem_find(header->suite);
    status = STATUS_FORGED;
    if (kem == NULL || suite != header->suite)
        goto done;
    *ret_step = SEAL_STEP_OPEN;
    make_info(
        sealer->network_id, header->suite, sealer->node_id, header->prekey_id, info);
    status =
        hpke_setup_recipient(kem, header->enc, secret, span_of(info, sizeof info), &hpke);
    if (status != STATUS_OK)
        goto done;
    uint8_t *to = buffer_grow(plain, ciphertext.n - SEAL_TAG_BYTES);
    status =
        to == NULL ? STATUS_TOO_BIG : hpke_open(&hpke, 0, header_bytes, ciphertext, to);
done:
    hpke_release(&hpke);
    memory_wipe(secret, sizeof secret);
    return status;
}

enum status seal_break(const struct sealer *sealer, struct trust *trust,
    const struct prekey_source *prekeys, const struct ident *queues, size_t n_queues,
    struct span envelope, int64_t now_ms, struct buffer *plain, struct opened *ret,
    enum seal_step *ret_step)
{
    struct header header;
    struct span header_bytes, ciphertext;
    buffer_clear(plain);
    *ret_step = SEAL_STEP_HEADER;
    enum status status = header_decode(envelope, &header, &header_bytes, &ciphertext);
    if (status != STATUS_OK)
        return status;
    *ret_step = SEAL_STEP_QUEUE;
    if (!is_mine(&header.queue_id, queues, n_queues))
        return STATUS_DENIED;
    status =
        open_sealed(sealer, prekeys, &header, header_bytes, ciphertext, plain, ret_step);
    if (status == STATUS_OK) {
        struct hash hash = hash_of(envelope);
        status = seal_judge(sealer, trust, header_bytes, buffer_span(plain), &hash,
            now_ms, ret, ret_step);
    }
    if (status != STATUS_OK)
        buffer_clear(plain);
    return status;
}

/* Step 7: under my present identity, or the previous one while letters to it may still be under way. */
static enum status check_signature(const struct sealer *sealer, struct span header,
    struct span signed_inner, const struct opened *opened)
{
    const struct sign_public present = sign_public_of(sealer->identity);
    const struct sign_public *mine[] = {&present, sealer->previous_identity};
    for (size_t i = 0; i < ARRAY_LENGTH(mine); i++) {
        uint8_t transcript[TRANSCRIPT_BYTES];
        if (mine[i] == NULL)
            continue;
        transcript_make(sealer->network_id, header, mine[i], signed_inner,
            &opened->body_commit, transcript);
        if (sign_check(&opened->inner.sender, span_of(transcript, sizeof transcript),
                &opened->inner.signature) == STATUS_OK)
            return STATUS_OK;
    }
    return STATUS_FORGED;
}

/* Step 8. */
static enum status compare_rosters(
    struct trust *trust, const struct inner *inner, enum roster_view *ret)
{
    uint64_t mine = trust_version(trust, DOCUMENT_ROSTER);
    if (inner->roster_version > mine) {
        bool near = inner->roster_version - mine <= ROSTER_JUMP_MAX;
        *ret = near ? ROSTER_NEWER : ROSTER_STRANGE;
        return STATUS_OK;
    }
    struct hash known;
    enum status status = trust_roster_hash_of(trust, inner->roster_version, &known);
    if (status == STATUS_NOT_FOUND) {
        *ret = ROSTER_STRANGE;
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    if (!hash_equal(&known, &inner->roster_hash))
        *ret = ROSTER_FORK;
    else
        *ret = inner->roster_version == mine ? ROSTER_SAME : ROSTER_OLDER;
    return STATUS_OK;
}

enum status seal_judge(const struct sealer *sealer, struct trust *trust,
    struct span header, struct span plain, const struct hash *envelope, int64_t now_ms,
    struct opened *ret, enum seal_step *ret_step)
{
    struct opened opened = {.envelope = *envelope};
    struct span signed_inner;
    *ret_step = SEAL_STEP_HEADER;
    enum status status = header_decode_alone(header, &opened.header);
    if (status != STATUS_OK)
        goto done;
    *ret_step = SEAL_STEP_INNER;
    status = inner_decode(plain, &opened.inner, &opened.body, &signed_inner);
    if (status != STATUS_OK)
        goto done;
    *ret_step = SEAL_STEP_SENDER;
    opened.sender = trust_find_identity(trust, &opened.inner.sender);
    opened.standing = trust_standing(trust, opened.sender, now_ms);
    opened.body_commit = body_commit(opened.inner.body_salt, opened.body);
    *ret_step = SEAL_STEP_SIGNATURE;
    status = check_signature(sealer, header, signed_inner, &opened);
    if (status != STATUS_OK)
        goto done;
    *ret_step = SEAL_STEP_ROSTER;
    status = compare_rosters(trust, &opened.inner, &opened.roster);
    if (status != STATUS_OK)
        goto done;
    if (opened.sender != NULL)
        opened.link = make_link(
            &opened.inner, &opened.body_commit, &opened.sender->node_id, sealer->node_id);
    *ret_step = SEAL_STEP_DONE;
    *ret = opened;
done:
    memory_wipe(&opened, sizeof opened);
    return status;
}

void opened_release(struct opened *opened)
{
    if (opened != NULL)
        memory_wipe(opened, sizeof *opened);
}

enum status seal_self_test(struct trouble *trouble)
{
    return hpke_self_test(trouble);
}
