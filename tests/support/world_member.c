/* SPDX-License-Identifier: Apache-2.0
 *
 * The recipient's bundle and roster are read where they stand: in its own node. The letter goes the way of all
 * letters, through the broker, so that what the broker refuses is never blamed on the recipient.
 */
#include "world_member.h"

#include "check.h"
#include "memory.h"
#include "parts.h"
#include "verify.h"

enum { EPOCH = 77, SECRET_BYTES = 32 };

static struct trust *trust_of(const struct world_member *member)
{
    return node_trust(world_node(member->world, member->to));
}

static struct sealer make_sealer(const struct world_member *member)
{
    return (struct sealer){.network_id = trust_network_id(trust_of(member)),
        .node_id = world_node_id(member->world, member->from),
        .identity = member->identity,
        .chance = world_chance(member->world)};
}

void world_member_epoch(struct world_member *member, uint32_t epoch)
{
    member->epoch = epoch;
    member->seq = 0;
    member->link = link_first(trust_network_id(trust_of(member)),
        world_node_id(member->world, member->from),
        world_node_id(member->world, member->to), epoch);
}

void world_member_init(
    struct world_member *member, struct world *world, size_t from, size_t to)
{
    *member = (struct world_member){.world = world,
        .from = from,
        .to = to,
        .identity = &world_keys(world, from)->identity,
        .service = world_service(world, to),
        .heartbeats = 1000}; /* above those of the node itself */
    member->roster_version = trust_version(trust_of(member), DOCUMENT_ROSTER);
    member->roster_hash = trust_roster_hash(trust_of(member));
    world_member_epoch(member, EPOCH);
}

struct letter world_member_letter(
    struct world_member *member, uint16_t kind, struct span body)
{
    struct chance *chance = world_chance(member->world);
    struct letter letter = {.kind = kind,
        .created_ms = world_now_ms(member->world),
        .item_id = ident_new(chance),
        .body = body};
    chance_fill(chance, letter.body_salt, sizeof letter.body_salt);
    if (!letter_kind_is_numbered(kind))
        return letter;
    letter.lifetime_s = kind == LETTER_VOID ? 0 : LETTER_LIFETIME_S;
    letter.chain_epoch = member->epoch;
    letter.pair_seq = member->seq + 1;
    letter.prev_link = member->link;
    return letter;
}

/* As the recipient last published it. */
static void read_bundle(const struct world_member *member, struct bundle *ret)
{
    struct buffer bytes;
    buffer_init(&bytes, BUNDLE_BYTES_MAX);
    const struct post *post = node_post(world_node(member->world, member->to));
    assert_ok(facts_bundle(post->facts, &bytes));
    assert_ok(bundle_decode(buffer_span(&bytes), ret, NULL));
    buffer_release(&bytes);
}

void world_member_seal(struct world_member *member, const struct letter *letter,
    struct buffer *ret_envelope, struct hash *ret_link)
{
    struct bundle bundle;
    struct ident msg_id;
    struct sealer sealer = make_sealer(member);
    read_bundle(member, &bundle);
    const struct sealing sealing = {.recipient = trust_find_node(trust_of(member),
                                        world_node_id(member->world, member->to)),
        .bundle = &bundle,
        .prekey = bundle_choose(&bundle, world_now_ms(member->world)),
        .lane = member->lane,
        .roster_version = member->roster_version,
        .roster_hash = member->roster_hash};
    assert_non_null(sealing.prekey);
    assert_ok(seal_apply(&sealer, letter, &sealing, ret_envelope, &msg_id, ret_link));
}

void world_member_say(struct world_member *member, const struct frame *frame)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    assert_ok(frame_encode(frame, &bytes));
    world_say(member->world, member->from, buffer_span(&bytes));
    buffer_release(&bytes);
}

void world_member_offer(struct world_member *member, struct span envelope)
{
    struct frame frame = {.kind = FRAME_OFFER};
    frame.offer.envelope = envelope;
    frame.offer.again = true;
    world_member_say(member, &frame);
}

void world_member_post(struct world_member *member, const struct letter *letter)
{
    struct buffer envelope;
    struct hash link;
    buffer_init(&envelope, ENVELOPE_BYTES_MAX);
    world_member_seal(member, letter, &envelope, &link);
    world_member_offer(member, buffer_span(&envelope));
    world_settle(member->world);
    buffer_release(&envelope);
    if (letter->pair_seq == 0)
        return;
    member->seq = letter->pair_seq;
    member->link = link;
}

/* --- bodies --------------------------------------------------------------------------------------------- */

void world_member_referral(struct world_member *member,
    char ret_reference[static REFERENCE_BYTES], struct buffer *ret)
{
    struct referral referral = {.service = member->service,
        .priority = PRIORITY_NORMAL,
        .person = {.age_band = AGE_UNKNOWN,
            .minor = MINOR_NO,
            .gender = GENDER_FEMALE,
            .n_languages = 1,
            .languages = {"urd"},
            .risk = RISK_LOW},
        .sender_role = "",
        .note = "invented: drabok"};
    reference_new(world_chance(member->world), referral.reference);
    memcpy(ret_reference, referral.reference, REFERENCE_BYTES);
    buffer_init(ret, BODY_BYTES_MAX);
    assert_ok(referral_encode(&referral, ret));
}

void world_member_refer(
    struct world_member *member, char ret_reference[static REFERENCE_BYTES])
{
    struct buffer body;
    world_member_referral(member, ret_reference, &body);
    struct letter letter =
        world_member_letter(member, LETTER_REFERRAL, buffer_span(&body));
    world_member_post(member, &letter);
    buffer_release(&body);
}

void world_member_beat(struct world_member *member, struct heartbeat *heartbeat)
{
    uint8_t bytes[HEARTBEAT_BYTES_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);
    heartbeat->number = ++member->heartbeats;
    heartbeat_encode(heartbeat, &writer);
    struct letter letter =
        world_member_letter(member, LETTER_HEARTBEAT, writer_span(&writer));
    world_member_post(member, &letter);
}

void world_member_void(
    struct world_member *member, const struct void_entry *entries, size_t n)
{
    uint8_t bytes[8 + VOIDS_PER_ENVELOPE * 64];
    struct writer writer = writer_over(bytes, sizeof bytes);
    void_list_encode(entries, n, &writer);
    struct letter letter = world_member_letter(member, LETTER_VOID, writer_span(&writer));
    world_member_post(member, &letter);
}

void world_member_sign(struct world_member *member, const struct receipt *receipt,
    uint8_t ret[static RECEIPT_BYTES])
{
    uint8_t covered[CONTEXT_BYTES + IDENT_BYTES + RECEIPT_SIGNED_BYTES];
    struct signature signature;
    struct writer writer = writer_over(ret, RECEIPT_BYTES);
    receipt_encode_unsigned(receipt, &writer);
    struct writer under = writer_over(covered, sizeof covered);
    writer_put(&under, CONTEXT_RECEIPT, CONTEXT_BYTES);
    writer_ident(&under, trust_network_id(trust_of(member)));
    writer_put(&under, ret, RECEIPT_SIGNED_BYTES);
    sign_make(member->identity, writer_span(&under), &signature);
    writer_put(&writer, signature.bytes, sizeof signature.bytes);
    PROMISE(writer_span(&writer).n == RECEIPT_BYTES);
}

void world_member_tell(struct world_member *member, const struct receipt *receipt)
{
    uint8_t bytes[RECEIPT_BYTES], body[RECEIPT_BATCH_HEAD_BYTES + RECEIPT_BYTES];
    struct writer writer = writer_over(body, sizeof body);
    world_member_sign(member, receipt, bytes);
    const struct span one = span_of(bytes, sizeof bytes);
    receipt_batch_encode(&one, 1, &writer);
    struct letter letter =
        world_member_letter(member, LETTER_RECEIPT, writer_span(&writer));
    world_member_post(member, &letter);
}

void world_member_bundle(struct world_member *member, uint64_t number,
    int64_t not_before_ms, struct buffer *ret)
{
    struct chance *chance = world_chance(member->world);
    uint8_t secret[KEM_SECRET_MAX];
    struct bundle bundle = {.suite = SUITE_X25519,
        .node_id = *world_node_id(member->world, member->from),
        .number = number,
        .created_ms = world_now_ms(member->world),
        .roster_version = member->roster_version,
        .n = 1};
    bundle.prekeys[0] = (struct prekey){.id = chance_u64(chance),
        .not_before_ms = not_before_ms,
        .not_after_ms = not_before_ms + PREKEY_VALID_MS};
    kem_find(SUITE_X25519)->new_keys(chance, bundle.prekeys[0].public_key, secret);
    memory_wipe(secret, sizeof secret);
    buffer_init(ret, BUNDLE_BYTES_MAX);
    assert_ok(
        bundle_sign(&bundle, trust_network_id(trust_of(member)), member->identity, ret));
}
