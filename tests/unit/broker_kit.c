/* SPDX-License-Identifier: Apache-2.0 */
#include "broker_kit.h"

#include <stdlib.h>

#include "dh.h"
#include "memory.h"
#include "verify.h"

#define YEAR_MS (365 * DAY_MS)

/* ---- the world around it ---- */

static int64_t tell_wall(void *context)
{
    const struct kit *kit = context;
    return kit->wall_ms;
}

static int64_t tell_steady(void *context)
{
    const struct kit *kit = context;
    return kit->steady_ms;
}

static enum status tell_room(void *context, int64_t *ret_free, int64_t *ret_total)
{
    const struct kit *kit = context;
    *ret_free = kit->total_bytes > 0 ? kit->free_bytes : INT64_MAX / 2;
    *ret_total = kit->total_bytes > 0 ? kit->total_bytes : INT64_MAX / 2;
    return STATUS_OK;
}

static enum status hear(void *context, uint64_t connection, struct span frame)
{
    struct kit *kit = context;
    assert_true(connection < ARRAY_LENGTH(kit->pipes));
    if (kit->busy[connection] > 0) {
        kit->busy[connection]--;
        return STATUS_BUSY;
    }
    if (kit->pipes[connection] != STATUS_OK) {
        return kit->pipes[connection];
    }
    if (kit->n_said == kit->said_size) {
        kit->said_size = kit->said_size > 0 ? kit->said_size * 2 : 256;
        kit->said = memory_resize(kit->said, kit->said_size, sizeof *kit->said);
    }
    kit->said[kit->n_said++] =
        (struct said){connection, frame.n, memory_copy(frame.at, frame.n), false};
    return STATUS_OK;
}

struct pair {
    struct member member; /* first: sorted by it */
    struct sign_secret identity;
};

static void make_members(struct kit *kit)
{
    struct pair pairs[KIT_MEMBERS];
    for (size_t i = 0; i < KIT_MEMBERS; i++) {
        struct member *member = &pairs[i].member;
        uint8_t unused[DIRECTORY_KEY_BYTES];
        *member = (struct member){.node_id = ident_new(kit->chance),
            .queue_id = ident_new(kit->chance),
            .status = MEMBER_ACTIVE,
            .suites = suite_bits(),
            .valid_from_ms = KIT_START_MS - DAY_MS,
            .valid_to_ms = KIT_START_MS + YEAR_MS,
            .status_since = 1};
        sign_new_keys(kit->chance, &member->identity, &pairs[i].identity);
        dh_new_keys(kit->chance, member->transport, unused);
        dh_new_keys(kit->chance, member->directory, unused);
    }
    qsort(pairs, KIT_MEMBERS, sizeof *pairs, ceremony_compare_members);
    for (size_t i = 0; i < KIT_MEMBERS; i++) {
        kit->members[i] = pairs[i].member;
        kit->identities[i] = pairs[i].identity;
        kit->connections[i] = i + 1;
    }
}

void kit_open(struct kit *kit)
{
    struct trouble trouble = {""};
    if (broker_open(&kit->options, &kit->broker, &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
}

void kit_close(struct kit *kit)
{
    broker_close(&kit->broker);
}

void kit_init(struct kit *kit, const char *vfs_name)
{
    struct trouble trouble = {""};
    *kit = (struct kit){.wall_ms = KIT_START_MS, .steady_ms = 1000000};
    kit->chance = seeded_init(&kit->seeded, 77);
    kit->vfs = faultvfs_new(vfs_name);
    kit->clock = (struct clock){tell_wall, tell_steady, kit};
    kit->arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    buffer_init(&kit->frame, FRAME_BYTES_MAX);
    kit->options = (struct broker_options){.path = "broker.db",
        .vfs = faultvfs_name(kit->vfs),
        .clock = &kit->clock,
        .chance = kit->chance,
        .outlet = {hear, kit},
        .room = tell_room,
        .room_context = kit};
    make_members(kit);
    ceremony_init(&kit->ceremony, kit->chance, KIT_START_MS);
    kit_open(kit);
    if (broker_load(kit->broker, DOCUMENT_ROOT, buffer_span(&kit->ceremony.root),
            &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
    kit_next_roster(kit);
}

void kit_release(struct kit *kit)
{
    kit_close(kit);
    kit_forget(kit);
    memory_free(kit->said);
    for (size_t i = 0; i < kit->n_rosters; i++) {
        buffer_release(&kit->rosters[i]);
    }
    ceremony_release(&kit->ceremony);
    arena_destroy(&kit->arena);
    buffer_release(&kit->frame);
    faultvfs_destroy(&kit->vfs);
}

void kit_pass(struct kit *kit, int64_t ms)
{
    kit->wall_ms += ms;
    kit->steady_ms += ms;
}

void kit_make_roster(struct kit *kit, uint64_t version, struct buffer *ret)
{
    struct span before =
        version > 1 ? buffer_span(&kit->rosters[version - 2]) : span_of(NULL, 0);
    ceremony_roster(&kit->ceremony, version, before, KIT_START_MS + (int64_t)version,
        kit->members, KIT_MEMBERS, ret);
}

void kit_next_roster(struct kit *kit)
{
    struct trouble trouble = {""};
    struct buffer *roster = &kit->rosters[kit->n_rosters];
    assert_true(kit->n_rosters < KIT_ROSTERS);
    kit_make_roster(kit, ++kit->n_rosters, roster);
    if (broker_load(kit->broker, DOCUMENT_ROSTER, buffer_span(roster), &trouble) !=
        STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
}

void kit_make_root(struct kit *kit, struct buffer *ret)
{
    struct document document;
    struct root root;
    struct buffer first_signature, draft;
    assert_ok(
        document_decode_one(buffer_span(&kit->ceremony.root), DOCUMENT_ROOT, &document));
    assert_ok(root_decode(&document, &root));
    root.previous = document.hash;
    root.version = 2;
    buffer_init(&draft, ROOT_BYTES_MAX);
    assert_ok(root_encode(&root, &draft));
    buffer_init(&first_signature, ROOT_BYTES_MAX);
    buffer_init(ret, ROOT_BYTES_MAX);
    assert_ok(document_decode_one(buffer_span(&draft), DOCUMENT_ROOT, &document));
    assert_ok(document_sign(&document, &kit->ceremony.network_id,
        &kit->ceremony.secrets[0], &first_signature));
    assert_ok(
        document_decode_one(buffer_span(&first_signature), DOCUMENT_ROOT, &document));
    assert_ok(document_sign(
        &document, &kit->ceremony.network_id, &kit->ceremony.secrets[1], ret));
    buffer_release(&first_signature);
    buffer_release(&draft);
}

/* ---- turns ---- */

void kit_begin(struct kit *kit)
{
    assert_ok(broker_begin(kit->broker));
}

void kit_say_bytes(struct kit *kit, size_t i, struct span bytes)
{
    broker_receive(kit->broker, kit->connections[i], kit->members[i].transport, bytes);
}

void kit_say(struct kit *kit, size_t i, const struct frame *frame)
{
    assert_ok(frame_encode(frame, &kit->frame));
    kit_say_bytes(kit, i, buffer_span(&kit->frame));
}

void kit_end(struct kit *kit)
{
    assert_ok(broker_end(kit->broker));
}

void kit_turn(struct kit *kit, size_t i, const struct frame *frame)
{
    kit_begin(kit);
    kit_say(kit, i, frame);
    kit_end(kit);
}

void kit_rest(struct kit *kit)
{
    for (int turns = 0; broker_deadline_steady_ms(kit->broker) <= kit->steady_ms;
         turns++) {
        assert_true(turns < 10000); /* it comes to rest */
        kit_begin(kit);
        kit_end(kit);
    }
}

/* ---- what was said ---- */

static bool decode_said(struct kit *kit, const struct said *said, struct frame *ret)
{
    arena_reset(kit->arena);
    return frame_decode(kit->arena, span_of(said->bytes, said->n), ret) == STATUS_OK;
}

const struct frame *kit_find(struct kit *kit, size_t i, enum frame_kind kind)
{
    static struct frame frame;
    for (size_t k = 0; k < kit->n_said; k++) {
        struct said *said = &kit->said[k];
        if (said->heard || said->connection != kit->connections[i]) {
            continue;
        }
        assert_true(decode_said(kit, said, &frame));
        if (frame.kind == kind) {
            said->heard = true;
            return &frame;
        }
    }
    return NULL;
}

size_t kit_count(const struct kit *kit, size_t i, enum frame_kind kind)
{
    struct kit *looker = (struct kit *)(uintptr_t)kit; /* only its arena is used */
    size_t n = 0;
    for (size_t k = 0; k < kit->n_said; k++) {
        struct frame frame;
        if (!kit->said[k].heard && kit->said[k].connection == kit->connections[i] &&
            decode_said(looker, &kit->said[k], &frame) && frame.kind == kind) {
            n++;
        }
    }
    return n;
}

size_t kit_count_held(const struct kit *kit, size_t i)
{
    struct kit *looker = (struct kit *)(uintptr_t)kit; /* only its arena is used */
    size_t n = 0;
    for (size_t k = 0; k < kit->n_said; k++) {
        struct frame frame;
        if (!kit->said[k].heard && kit->said[k].connection == kit->connections[i] &&
            decode_said(looker, &kit->said[k], &frame) && frame.kind == FRAME_HELD) {
            n += frame.held.n;
        }
    }
    return n;
}

void kit_forget(struct kit *kit)
{
    for (size_t i = 0; i < kit->n_said; i++) {
        memory_free(kit->said[i].bytes);
    }
    kit->n_said = 0;
}

/* ---- frames ---- */

struct frame kit_hello(const struct kit *kit, size_t i)
{
    struct frame frame = {.kind = FRAME_HELLO};
    struct document document;
    const struct buffer *newest = &kit->rosters[kit->n_rosters - 1];
    assert_ok(document_decode_one(buffer_span(newest), DOCUMENT_ROSTER, &document));
    frame.hello.version_min = frame.hello.version_max = LINK_VERSION;
    frame.hello.suites = suite_bits();
    frame.hello.node_id = kit->members[i].node_id;
    frame.hello.roster_version = kit->n_rosters;
    memcpy(frame.hello.roster_hash, document.hash.bytes, FRAME_HASH_BYTES);
    return frame;
}

void kit_connect(struct kit *kit, size_t i)
{
    struct frame hello = kit_hello(kit, i);
    kit_turn(kit, i, &hello);
    assert_non_null(kit_find(kit, i, FRAME_WELCOME));
    kit_forget(kit);
}

void kit_disconnect(struct kit *kit, size_t i)
{
    broker_lost(kit->broker, kit->connections[i]);
}

void kit_credit(struct kit *kit, size_t i, uint32_t bytes)
{
    struct frame frame = {.kind = FRAME_CREDIT};
    frame.credit.bytes = bytes;
    kit_turn(kit, i, &frame);
}

size_t kit_envelope(struct kit *kit, size_t to, enum lane lane, uint32_t bucket,
    uint8_t ret[static ENVELOPE_BYTES_MAX], struct ident *ret_msg_id)
{
    struct writer writer = writer_over(ret, ENVELOPE_BYTES_MAX);
    struct header header = {.suite = SUITE_X25519,
        .lane = lane,
        .msg_id = ident_new(kit->chance),
        .queue_id = kit->members[to].queue_id,
        .prekey_id = 7,
        .ciphertext_bytes = bucket + SEAL_TAG_BYTES};
    chance_fill(kit->chance, header.enc, 32);
    header_encode(&header, &writer);
    size_t n = writer_span(&writer).n;
    chance_fill(kit->chance, ret + n, header.ciphertext_bytes);
    *ret_msg_id = header.msg_id;
    return n + header.ciphertext_bytes;
}

enum refusal kit_offer_bytes(
    struct kit *kit, size_t from, struct span envelope, bool again)
{
    struct frame frame = {.kind = FRAME_OFFER};
    frame.offer.envelope = envelope;
    frame.offer.again = again;
    kit_turn(kit, from, &frame);
    const struct frame *refused = kit_find(kit, from, FRAME_REFUSED);
    if (refused != NULL) {
        assert_int_equal(kit_count(kit, from, FRAME_HELD), 0);
        return refused->refused.code;
    }
    assert_non_null(kit_find(kit, from, FRAME_HELD));
    return (enum refusal)0;
}

enum refusal kit_offer(
    struct kit *kit, size_t from, size_t to, enum lane lane, struct ident *ret_msg_id)
{
    uint8_t bytes[ENVELOPE_BYTES_MAX];
    struct ident unused;
    size_t n = kit_envelope(
        kit, to, lane, BUCKET_SMALL, bytes, ret_msg_id != NULL ? ret_msg_id : &unused);
    return kit_offer_bytes(kit, from, span_of(bytes, n), false);
}

uint64_t kit_take(struct kit *kit, size_t i, struct ident *ret_msg_id)
{
    struct header header;
    const struct frame *frame = kit_find(kit, i, FRAME_DELIVER);
    if (frame == NULL) {
        return 0;
    }
    assert_ok(header_decode(frame->deliver.envelope, &header, NULL, NULL));
    if (ret_msg_id != NULL) {
        *ret_msg_id = header.msg_id;
    }
    return frame->deliver.delivery;
}

void kit_taken(struct kit *kit, size_t i, uint64_t delivery)
{
    struct frame frame = {.kind = FRAME_TAKEN};
    frame.taken.n = 1;
    frame.taken.deliveries = &delivery;
    kit_turn(kit, i, &frame);
}

void kit_recall(struct kit *kit, size_t i, const struct ident *msg_id)
{
    struct frame frame = {.kind = FRAME_RECALL};
    frame.recall.msg_id = *msg_id;
    kit_turn(kit, i, &frame);
}

size_t kit_bundle(struct kit *kit, size_t i, uint64_t number, uint64_t prekey_id,
    int64_t valid_ms, uint8_t ret[static BUNDLE_BYTES_MAX])
{
    struct buffer bytes;
    struct bundle bundle = {.suite = SUITE_X25519,
        .node_id = kit->members[i].node_id,
        .number = number,
        .created_ms = kit->wall_ms,
        .roster_version = 1,
        .n = 1};
    uint8_t unused[DH_BYTES];
    bundle.prekeys[0].id = prekey_id;
    bundle.prekeys[0].not_before_ms = kit->wall_ms - DAY_MS;
    bundle.prekeys[0].not_after_ms = bundle.prekeys[0].not_before_ms + valid_ms;
    dh_new_keys(kit->chance, bundle.prekeys[0].public_key, unused);
    buffer_init(&bytes, BUNDLE_BYTES_MAX);
    assert_ok(
        bundle_sign(&bundle, &kit->ceremony.network_id, &kit->identities[i], &bytes));
    size_t n = bytes.used;
    memcpy(ret, bytes.bytes, n);
    buffer_release(&bytes);
    return n;
}

void kit_put_bundle(struct kit *kit, size_t from, struct span bundle)
{
    struct frame frame = {.kind = FRAME_BUNDLE_PUT};
    frame.bundle_put.bundle = bundle;
    kit_turn(kit, from, &frame);
}
