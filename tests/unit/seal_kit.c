/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "seal_kit.h"

#include "memory.h"

const struct kit_case KIT_CASES[KIT_N_CASES] = {
    {"small, normal", 300, BUCKET_SMALL, LANE_NORMAL},
    {"small, express", BUCKET_SMALL - INNER_BYTES, BUCKET_SMALL, LANE_EXPRESS},
    {"middle, normal", BUCKET_SMALL - INNER_BYTES + 1, BUCKET_MIDDLE, LANE_NORMAL},
    {"middle, express", BUCKET_MIDDLE - INNER_BYTES, BUCKET_MIDDLE, LANE_EXPRESS},
    {"large, normal", BUCKET_MIDDLE - INNER_BYTES + 1, BUCKET_LARGE, LANE_NORMAL},
    {"large, express", BODY_BYTES_MAX, BUCKET_LARGE, LANE_EXPRESS},
};

struct span kit_body(size_t n)
{
    static uint8_t memory[BODY_BYTES_MAX];
    for (size_t i = 0; i < n; i++)
        memory[i] = (uint8_t)(31 * i + 7);
    return span_of(memory, n);
}

const struct member *trust_find_identity(
    const struct trust *trust, const struct sign_public *identity)
{
    for (size_t i = 0; i < KIT_PEOPLE; i++) {
        const struct member *member = trust->members[i];
        if (member != NULL &&
            (sign_public_equal(&member->identity, identity) ||
                sign_public_equal(&member->previous_identity, identity)))
            return member;
    }
    return NULL;
}

enum standing trust_standing(
    const struct trust *trust, const struct member *member, int64_t now_ms)
{
    assert_int_equal(now_ms, KIT_NOW_MS);
    for (size_t i = 0; i < KIT_PEOPLE; i++)
        if (member != NULL && trust->members[i] == member)
            return trust->standings[i];
    return STANDING_UNKNOWN;
}

uint64_t trust_version(const struct trust *trust, enum document_type type)
{
    assert_int_equal(type, DOCUMENT_ROSTER);
    return trust->version;
}

struct hash trust_roster_hash(const struct trust *trust)
{
    for (size_t i = 0; i < KIT_ROSTERS; i++)
        if (trust->rosters[i].version == trust->version)
            return trust->rosters[i].hash;
    return (struct hash){{0}};
}

enum status trust_roster_hash_of(struct trust *trust, uint64_t version, struct hash *ret)
{
    if (trust->answer != STATUS_OK)
        return trust->answer;
    for (size_t i = 0; i < KIT_ROSTERS; i++) {
        if (trust->rosters[i].version == version) {
            *ret = trust->rosters[i].hash;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

static void make_person(struct kit *kit, struct person *person)
{
    struct chance *chance = &kit->seeded.chance;
    const struct kem *kem = kem_find(KIT_SUITE);
    struct sign_public previous;
    *person = (struct person){.member = {.node_id = ident_new(chance),
                                  .queue_id = ident_new(chance),
                                  .previous_queue_id = ident_new(chance),
                                  .status = MEMBER_ACTIVE}};
    sign_new_keys(chance, &person->member.identity, &person->secret);
    sign_new_keys(chance, &previous, &person->previous_secret);
    person->bundle.suite = KIT_SUITE;
    person->bundle.node_id = person->member.node_id;
    person->bundle.number = 1;
    person->bundle.created_ms = KIT_NOW_MS;
    person->bundle.n = 1;
    person->bundle.prekeys[0].id = chance_u64(chance);
    person->bundle.prekeys[0].not_before_ms = KIT_NOW_MS;
    person->bundle.prekeys[0].not_after_ms = KIT_NOW_MS + PREKEY_VALID_MS;
    kem->new_keys(chance, person->bundle.prekeys[0].public_key, person->prekey_secret);
    person->sealer = (struct sealer){
        &kit->network_id, &person->member.node_id, &person->secret, NULL, chance};
}

static enum status find_prekey(void *context, uint64_t prekey_id, uint16_t *ret_suite,
    uint8_t ret_secret[static KEM_SECRET_MAX])
{
    struct kit *kit = context;
    kit->n_asked++;
    kit->asked_id = prekey_id;
    if (kit->source_answer != STATUS_OK)
        return kit->source_answer;
    if (prekey_id != kit->recipient.bundle.prekeys[0].id)
        return STATUS_NOT_FOUND;
    *ret_suite = kit->source_suite;
    memcpy(ret_secret, kit->recipient.prekey_secret, KEM_SECRET_MAX);
    return STATUS_OK;
}

void kit_init(struct kit *kit, uint64_t seed)
{
    memset(kit, 0, sizeof *kit);
    kit->network_id = ident_new(seeded_init(&kit->seeded, seed));
    make_person(kit, &kit->sender);
    make_person(kit, &kit->recipient);
    make_person(kit, &kit->third);
    kit->trust.members[0] = &kit->sender.member;
    kit->trust.members[1] = &kit->recipient.member;
    kit->trust.members[2] = &kit->third.member;
    for (size_t i = 0; i < KIT_PEOPLE; i++)
        kit->trust.standings[i] = STANDING_ACTIVE;
    kit->trust.version = 7;
    for (size_t i = 0; i < KIT_ROSTERS; i++) {
        kit->trust.rosters[i].version = 7 - i;
        chance_fill(&kit->seeded.chance, kit->trust.rosters[i].hash.bytes, HASH_BYTES);
    }
    buffer_init(&kit->envelope, ENVELOPE_BYTES_MAX);
    buffer_init(&kit->plain, BUCKET_LARGE);
    kit->source = (struct prekey_source){find_prekey, kit};
    kit->source_suite = KIT_SUITE;
}

void kit_release(struct kit *kit)
{
    buffer_release(&kit->envelope);
    buffer_release(&kit->plain);
    opened_release(&kit->opened);
}

struct letter kit_letter(const struct kit *kit, struct span body)
{
    struct letter letter = {
        .kind = LETTER_REFERRAL,
        .created_ms = KIT_NOW_MS - 1000,
        .lifetime_s = LETTER_LIFETIME_S,
        .chain_epoch = 203904000,
        .pair_seq = 1,
        .body = body,
    };
    letter.prev_link = link_first(&kit->network_id, &kit->sender.member.node_id,
        &kit->recipient.member.node_id, letter.chain_epoch);
    memset(letter.item_id.bytes, 0x1d, IDENT_BYTES);
    memset(letter.body_salt, 0x5a, sizeof letter.body_salt);
    return letter;
}

struct sealing kit_sealing(const struct kit *kit, const struct person *to)
{
    return (struct sealing){
        .recipient = &to->member,
        .bundle = &to->bundle,
        .prekey = &to->bundle.prekeys[0],
        .roster_version = kit->trust.version,
        .roster_hash = trust_roster_hash(&kit->trust),
    };
}

void kit_seal(struct kit *kit, struct span body, enum lane lane)
{
    struct letter letter = kit_letter(kit, body);
    struct sealing sealing = kit_sealing(kit, &kit->recipient);
    sealing.lane = lane;
    assert_int_equal(seal_apply(&kit->sender.sealer, &letter, &sealing, &kit->envelope,
                         &kit->msg_id, &kit->link),
        STATUS_OK);
}

enum status kit_break_bytes(struct kit *kit, struct span envelope)
{
    const struct ident queues[KIT_QUEUES] = {
        kit->recipient.member.queue_id, kit->recipient.member.previous_queue_id};
    kit->n_asked = 0;
    return seal_break(&kit->recipient.sealer, &kit->trust, &kit->source, queues,
        KIT_QUEUES, envelope, KIT_NOW_MS, &kit->plain, &kit->opened, &kit->step);
}

enum status kit_break(struct kit *kit)
{
    return kit_break_bytes(kit, buffer_span(&kit->envelope));
}

void craft_begin(struct kit *kit, const struct person *to, struct craft *ret)
{
    uint8_t info[58];
    struct writer writer = writer_over(info, sizeof info);
    memset(ret, 0, sizeof *ret);
    writer_put(&writer, "amaan:hpke:v1\0\0\0", 16);
    writer_ident(&writer, &kit->network_id);
    writer_u16(&writer, KIT_SUITE);
    writer_ident(&writer, &to->member.node_id);
    writer_u64(&writer, to->bundle.prekeys[0].id);
    ret->header = (struct header){
        .suite = KIT_SUITE,
        .lane = LANE_NORMAL,
        .msg_id = ident_new(&kit->seeded.chance),
        .queue_id = to->member.queue_id,
        .prekey_id = to->bundle.prekeys[0].id,
        .ciphertext_bytes = BUCKET_SMALL + SEAL_TAG_BYTES,
    };
    assert_int_equal(hpke_setup_sender(kem_find(KIT_SUITE), &kit->seeded.chance,
                         to->bundle.prekeys[0].public_key, writer_span(&writer),
                         ret->header.enc, &ret->hpke),
        STATUS_OK);
    writer = writer_over(ret->header_bytes, sizeof ret->header_bytes);
    header_encode(&ret->header, &writer);
    ret->header_n = writer_span(&writer).n;

    struct letter letter = kit_letter(kit, span_text(""));
    ret->inner = (struct inner){
        .kind = letter.kind,
        .sender = kit->sender.member.identity,
        .created_ms = letter.created_ms,
        .lifetime_s = letter.lifetime_s,
        .pair_seq = letter.pair_seq,
        .chain_epoch = letter.chain_epoch,
        .prev_link = letter.prev_link,
        .roster_version = kit->trust.version,
        .roster_hash = trust_roster_hash(&kit->trust),
        .item_id = letter.item_id,
    };
    memcpy(ret->inner.body_salt, letter.body_salt, sizeof letter.body_salt);
}

void craft_write(struct craft *craft, const struct ident *network_id,
    const struct person *by, const struct sign_public *to, struct span body)
{
    uint8_t transcript[TRANSCRIPT_BYTES];
    struct hash commit = body_commit(craft->inner.body_salt, body);
    craft->inner.body_bytes = (uint32_t)body.n;
    struct writer writer = writer_over(craft->plain, sizeof craft->plain);
    inner_encode(&craft->inner, &writer);
    writer_put(&writer, body.at, body.n);
    transcript_make(network_id, span_of(craft->header_bytes, craft->header_n), to,
        span_of(craft->plain, INNER_SIGNED_BYTES), &commit, transcript);
    sign_make(
        &by->secret, span_of(transcript, sizeof transcript), &craft->inner.signature);
    writer = writer_over(craft->plain, INNER_BYTES);
    inner_encode(&craft->inner, &writer);
}

void craft_finish(struct kit *kit, struct craft *craft)
{
    buffer_clear(&kit->envelope);
    uint8_t *to =
        buffer_grow(&kit->envelope, craft->header_n + craft->header.ciphertext_bytes);
    assert_non_null(to);
    memcpy(to, craft->header_bytes, craft->header_n);
    hpke_seal(&craft->hpke, 0, span_of(craft->header_bytes, craft->header_n),
        span_of(craft->plain, sizeof craft->plain), to + craft->header_n);
}
