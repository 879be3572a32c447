/* SPDX-License-Identifier: Apache-2.0
 * What is in force: judged, stored, and believed only after the commit.
 */
#include "check.h"
#include "faultvfs.h"
#include "memory.h"
#include "trust.h"
#include "trust_kit.h"

enum { SOME = 8 };

static struct kit kit;
static struct member members[SOME];

struct bench {
    struct faultvfs *vfs;
    struct db *db;
    struct trust *trust;
};

static void open_trust(struct bench *bench)
{
    static const char *migrations[1];
    struct db_options options = {
        .path = "trust.db",
        .vfs = faultvfs_name(bench->vfs),
        .migrations = migrations,
        .n_migrations = 1,
        .application_id = 0x616d7432,
    };
    struct trouble trouble = {""};

    migrations[0] = TRUST_SCHEMA;
    if (db_open(&options, &bench->db, &trouble) ||
        trust_open(bench->db, &bench->trust, &trouble))
        fail_msg("%s", trouble.text);
}

static void close_trust(struct bench *bench)
{
    trust_close(&bench->trust);
    db_close(&bench->db);
}

static void reopen(struct bench *bench)
{
    close_trust(bench);
    open_trust(bench);
}

static enum status pin(struct bench *bench, const struct buffer *roots)
{
    struct trouble trouble = {""};
    enum status status;

    assert_ok(db_begin(bench->db));
    status = trust_pin(bench->trust, buffer_span(roots), &trouble);
    assert_ok(db_commit(bench->db));
    trust_committed(bench->trust);
    return status;
}

static enum status offer_at(
    struct bench *bench, enum document_type type, const struct buffer *bytes, int64_t now)
{
    struct trouble trouble = {""};
    enum status status;

    assert_ok(db_begin(bench->db));
    status = trust_offer(bench->trust, type, buffer_span(bytes), now, &trouble);
    assert_int_equal(status != STATUS_OK, trouble.text[0] != 0);
    assert_ok(db_commit(bench->db));
    trust_committed(bench->trust);
    return status;
}

static enum status offer(
    struct bench *bench, enum document_type type, const struct buffer *bytes)
{
    return offer_at(bench, type, bytes, KIT_NOW_MS + DAY_MS);
}

/* Offers a roster and forgets it. */
static enum status offer_roster(struct bench *bench, uint64_t version,
    const struct hash *before, size_t n, const char *who)
{
    struct buffer bytes;
    enum status status;

    kit_roster(&kit, version, before, members, n, who, &bytes);
    status = offer(bench, DOCUMENT_ROSTER, &bytes);
    buffer_release(&bytes);
    return status;
}

static int setup_empty(void **state)
{
    static int count;
    char name[16];
    struct bench *bench = memory_new(sizeof *bench);

    (void)snprintf(name, sizeof name, "disk%d", count++);
    bench->vfs = faultvfs_new(name);
    open_trust(bench);
    *state = bench;
    return 0;
}

static int setup(void **state)
{
    struct bench *bench;

    (void)setup_empty(state);
    bench = *state;
    assert_ok(pin(bench, &kit.root));
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;

    close_trust(bench);
    faultvfs_destroy(&bench->vfs);
    memory_free(bench);
    return 0;
}

static void trust__knows_nobody_before_it_is_pinned(void **state)
{
    struct bench *bench = *state;
    struct buffer out;

    assert_false(trust_is_pinned(bench->trust));
    assert_true(ident_is_zero(trust_network_id(bench->trust)));
    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ab"), STATUS_NOT_FOUND);
    assert_status(offer(bench, DOCUMENT_ROOT, &kit.root), STATUS_NOT_FOUND);
    assert_null(trust_find_node(bench->trust, &members[0].node_id));
    assert_int_equal(trust_standing(bench->trust, NULL, 0), STANDING_UNKNOWN);
    assert_int_equal(trust_member_count(bench->trust), 0);
    buffer_init(&out, ROOT_BYTES_MAX);
    assert_status(trust_document(bench->trust, DOCUMENT_ROOT, 0, &out), STATUS_NOT_FOUND);
    assert_status(
        trust_document(bench->trust, DOCUMENT_NOTICE, 0, &out), STATUS_NOT_FOUND);
    buffer_release(&out);
}

static void trust__is_pinned_to_one_network(void **state)
{
    struct bench *bench = *state;
    struct kit other;
    struct buffer draft;

    kit_init(&other, 99);
    buffer_init(&draft, ROOT_BYTES_MAX);
    assert_ok(root_encode(&kit.root_1, &draft));
    assert_status(pin(bench, &draft), STATUS_FORGED); /* unsigned */
    assert_false(trust_is_pinned(bench->trust));
    assert_ok(pin(bench, &kit.root));
    assert_true(ident_equal(trust_network_id(bench->trust), &kit.network_id));
    assert_status(pin(bench, &kit.root), STATUS_EXISTS);
    assert_status(pin(bench, &other.root), STATUS_CONFLICT);
    assert_status(offer(bench, DOCUMENT_ROOT, &other.root), STATUS_FORGED);
    reopen(bench);
    assert_true(ident_equal(trust_network_id(bench->trust), &kit.network_id));
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROOT), 1);
    buffer_release(&draft);
    kit_release(&other);
}

static void trust__believes_nothing_before_the_commit(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble;
    struct buffer bytes;

    kit_roster(&kit, 1, NULL, members, 3, "ab", &bytes);
    assert_ok(db_begin(bench->db));
    assert_ok(trust_offer(
        bench->trust, DOCUMENT_ROSTER, buffer_span(&bytes), KIT_NOW_MS, &trouble));
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 0);
    assert_null(trust_find_node(bench->trust, &members[0].node_id));
    db_rollback(bench->db);
    trust_rolled_back(bench->trust);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 0);

    assert_ok(db_begin(bench->db));
    assert_ok(trust_offer(
        bench->trust, DOCUMENT_ROSTER, buffer_span(&bytes), KIT_NOW_MS, &trouble));
    assert_ok(db_commit(bench->db));
    trust_committed(bench->trust);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 1);
    assert_non_null(trust_find_node(bench->trust, &members[0].node_id));
    buffer_release(&bytes);
}

static void trust__has_everything_again_after_a_restart(void **state)
{
    struct bench *bench = *state;
    struct buffer roster, out;
    struct hash hash;

    kit_roster(&kit, 1, NULL, members, SOME, "ab", &roster);
    assert_ok(offer(bench, DOCUMENT_ROSTER, &roster));
    hash = trust_roster_hash(bench->trust);
    reopen(bench);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 1);
    assert_memory_equal(trust_roster_hash(bench->trust).bytes, hash.bytes, 32);
    assert_int_equal(trust_member_count(bench->trust), SOME);
    assert_ptr_equal(trust_find_queue(bench->trust, &members[5].queue_id),
        trust_nth_member(bench->trust, 5));
    assert_ptr_equal(trust_find_identity(bench->trust, &members[5].identity),
        trust_nth_member(bench->trust, 5));
    assert_ptr_equal(trust_find_transport(bench->trust, members[5].transport),
        trust_nth_member(bench->trust, 5));
    assert_int_equal(trust_roster_created_ms(bench->trust), KIT_NOW_MS + HOUR_MS);
    assert_int_equal(
        trust_roster_expires_ms(bench->trust), KIT_NOW_MS + 180 * DAY_MS + HOUR_MS);
    assert_int_equal(trust_newest_signed_ms(bench->trust), KIT_NOW_MS + HOUR_MS);
    buffer_init(&out, ROSTER_BYTES_MAX);
    assert_ok(trust_document(bench->trust, DOCUMENT_ROSTER, 0, &out));
    assert_span(buffer_span(&out), buffer_span(&roster));
    buffer_release(&out);
    buffer_release(&roster);
}

static void roster__needs_the_threshold_of_different_stewards(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(offer_roster(bench, 1, NULL, 2, ""), STATUS_FORGED);
    assert_int_equal(offer_roster(bench, 1, NULL, 2, "a"), STATUS_FORGED);
    assert_int_equal(offer_roster(bench, 1, NULL, 2, "aa"), STATUS_FORGED);
    assert_int_equal(
        offer_roster(bench, 1, NULL, 2, "ad"), STATUS_FORGED); /* no steward */
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 0);
    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ac"), STATUS_OK);
}

static void roster__goes_forward_only(void **state)
{
    struct bench *bench = *state;
    struct hash one, two, found;

    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ab"), STATUS_OK);
    one = trust_roster_hash(bench->trust);
    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ab"), STATUS_EXISTS);
    assert_int_equal(offer_roster(bench, 1, NULL, 2, "abc"), STATUS_EXISTS);
    assert_int_equal(offer_roster(bench, 2, &one, 3, "ab"), STATUS_OK);
    two = trust_roster_hash(bench->trust);
    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ab"), STATUS_EXPIRED);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 2);
    assert_ok(trust_roster_hash_of(bench->trust, 1, &found));
    assert_true(hash_equal(&found, &one));
    assert_ok(trust_roster_hash_of(bench->trust, 2, &found));
    assert_true(hash_equal(&found, &two));
    assert_status(trust_roster_hash_of(bench->trust, 3, &found), STATUS_NOT_FOUND);
    assert_status(
        trust_roster_hash_of(bench->trust, UINT64_MAX, &found), STATUS_NOT_FOUND);
    assert_false(trust_forked(bench->trust));
}

static void roster__another_hash_under_one_version_is_proof_of_a_fork(void **state)
{
    struct bench *bench = *state;
    struct hash one, kept;
    struct buffer proof;
    struct document held, other;
    size_t used, used_other;

    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ab"), STATUS_OK);
    one = trust_roster_hash(bench->trust);
    assert_int_equal(offer_roster(bench, 1, NULL, 3, "a"), STATUS_FORGED); /* no proof */
    assert_false(trust_forked(bench->trust));
    assert_int_equal(offer_roster(bench, 1, NULL, 3, "bc"), STATUS_CONFLICT);
    assert_true(trust_forked(bench->trust));
    kept = trust_roster_hash(bench->trust);
    assert_true(hash_equal(&kept, &one)); /* the first one stays */
    reopen(bench);
    assert_true(trust_forked(bench->trust));
    buffer_init(&proof, 4 * ROSTER_BYTES_MAX);
    assert_ok(trust_forks(bench->trust, &proof));
    assert_ok(document_decode(buffer_span(&proof), &held, &used));
    assert_ok(document_decode(
        span_of(proof.bytes + used, proof.used - used), &other, &used_other));
    assert_int_equal(used + used_other, proof.used);
    assert_int_equal(held.version, other.version);
    assert_false(hash_equal(&held.hash, &other.hash));
    buffer_release(&proof);
    /* An older version with another hash is the same proof; it is kept once. */
    assert_int_equal(offer_roster(bench, 2, &one, 2, "ab"), STATUS_OK);
    assert_int_equal(offer_roster(bench, 1, NULL, 3, "bc"), STATUS_CONFLICT);
}

static void roster__the_next_must_name_mine_as_the_one_before(void **state)
{
    struct bench *bench = *state;
    struct hash one, other = {{1}};

    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ab"), STATUS_OK);
    one = trust_roster_hash(bench->trust);
    assert_int_equal(offer_roster(bench, 2, &other, 2, "a"), STATUS_FORGED);
    assert_false(trust_forked(bench->trust));
    assert_int_equal(offer_roster(bench, 2, &other, 2, "ab"), STATUS_CONFLICT);
    assert_true(trust_forked(bench->trust));
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 1);
    assert_int_equal(offer_roster(bench, 2, &one, 2, "ab"), STATUS_OK);
}

static void roster__may_jump_1000_versions_and_not_more(void **state)
{
    struct bench *bench = *state;
    struct hash found;

    assert_int_equal(offer_roster(bench, 5000, NULL, 2, "ab"), STATUS_OK); /* the first */
    assert_int_equal(offer_roster(bench, 6001, NULL, 2, "ab"), STATUS_TOO_BIG);
    assert_int_equal(offer_roster(bench, 6000, NULL, 2, "ab"), STATUS_OK);
    assert_status(trust_roster_hash_of(bench->trust, 5500, &found), STATUS_NOT_FOUND);
    assert_int_equal(offer_roster(bench, 5500, NULL, 3, "ab"), STATUS_EXPIRED);
    assert_ok(trust_roster_hash_of(bench->trust, 5000, &found));
}

static void roster__old_ones_are_dropped_and_their_hashes_kept(void **state)
{
    struct bench *bench = *state;
    struct hash before = {{0}}, found;
    struct buffer out;

    for (uint64_t version = 1; version <= 6; version++) {
        assert_int_equal(
            offer_roster(bench, version, version > 1 ? &before : NULL, 1, "ab"),
            STATUS_OK);
        before = trust_roster_hash(bench->trust);
    }
    buffer_init(&out, ROSTER_BYTES_MAX);
    assert_status(
        trust_document(bench->trust, DOCUMENT_ROSTER, 2, &out), STATUS_NOT_FOUND);
    assert_ok(trust_document(bench->trust, DOCUMENT_ROSTER, 3, &out));
    assert_ok(trust_roster_hash_of(bench->trust, 1, &found));
    buffer_release(&out);
}

static void roster__of_another_network_is_forged(void **state)
{
    struct bench *bench = *state;
    struct kit other;
    struct buffer bytes;

    kit_init(&other, 6);
    memcpy(
        other.keys, kit.keys, sizeof kit.keys); /* the same stewards, another network */
    memcpy(other.secrets, kit.secrets, sizeof kit.secrets);
    kit_roster(&other, 1, NULL, members, 2, "ab", &bytes);
    assert_status(offer(bench, DOCUMENT_ROSTER, &bytes), STATUS_FORGED);
    buffer_release(&bytes);
    kit_release(&other);
}

static void document__of_another_type_or_with_bytes_behind_is_malformed(void **state)
{
    struct bench *bench = *state;
    struct buffer bytes, two;

    kit_roster(&kit, 1, NULL, members, 2, "ab", &bytes);
    assert_status(offer(bench, DOCUMENT_NOTICE, &bytes), STATUS_MALFORMED);
    assert_status(offer(bench, DOCUMENT_ROOT, &bytes), STATUS_MALFORMED);
    buffer_init(&two, ROSTER_BYTES_MAX);
    assert_ok(buffer_put(&two, bytes.bytes, bytes.used));
    assert_ok(buffer_put(&two, bytes.bytes, bytes.used));
    assert_status(offer(bench, DOCUMENT_ROSTER, &two), STATUS_MALFORMED);
    buffer_release(&two);
    buffer_release(&bytes);
}

static void root__new_stewards_sign_rosters_and_old_ones_do_not(void **state)
{
    struct bench *bench = *state;
    struct root two;
    struct buffer second, roster;
    struct roster_draft draft = {
        .version = 2, .root_version = 2, .created_ms = 5, .expires_ms = KIT_NOW_MS};
    struct hash one;

    assert_int_equal(offer_roster(bench, 1, NULL, 2, "ab"), STATUS_OK);
    one = trust_roster_hash(bench->trust);
    kit_next_root(&kit, &kit.root_1, "cde", 2, "abcd", &second, &two);

    draft.previous = one;
    buffer_init(&roster, ROSTER_BYTES_MAX);
    assert_ok(roster_encode(&draft, &roster));
    kit_sign(&kit, &roster, "de");
    assert_status(
        offer(bench, DOCUMENT_ROSTER, &roster), STATUS_NOT_FOUND); /* root first */
    assert_ok(offer(bench, DOCUMENT_ROOT, &second));
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROOT), 2);
    assert_int_equal(
        offer_roster(bench, 2, &one, 2, "ab"), STATUS_FORGED); /* the old ones */
    assert_ok(offer(bench, DOCUMENT_ROSTER, &roster));
    reopen(bench);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROOT), 2);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROSTER), 2);
    assert_status(offer(bench, DOCUMENT_ROOT, &second), STATUS_EXISTS);
    assert_status(offer(bench, DOCUMENT_ROOT, &kit.root), STATUS_EXPIRED);
    buffer_release(&roster);
    buffer_release(&second);
}

static void root__chain_may_be_pinned_or_offered_as_one_file(void **state)
{
    struct bench *bench = *state;
    struct root two, three;
    struct buffer second, third, chain;

    kit_next_root(&kit, &kit.root_1, "abcd", 3, "abc", &second, &two);
    kit_next_root(&kit, &two, "abcd", 2, "bcd", &third, &three);
    assert_status(offer(bench, DOCUMENT_ROOT, &third), STATUS_NOT_FOUND);
    buffer_init(&chain, 3 * ROOT_BYTES_MAX);
    assert_ok(buffer_put(&chain, kit.root.bytes, kit.root.used));
    assert_ok(buffer_put(&chain, second.bytes, second.used));
    assert_ok(buffer_put(&chain, third.bytes, third.used));
    assert_ok(pin(bench, &chain));
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROOT), 3);
    assert_status(pin(bench, &kit.root), STATUS_EXISTS);
    assert_status(offer(bench, DOCUMENT_ROOT, &chain), STATUS_EXISTS);
    buffer_release(&second);
    buffer_release(&third);
    buffer_release(&chain);
}

static void root__a_second_one_of_a_version_is_a_fork_that_a_newer_root_settles(
    void **state)
{
    struct bench *bench = *state;
    struct root two, other_two, three;
    struct buffer second, other, third;

    kit_next_root(&kit, &kit.root_1, "abc", 2, "ab", &second, &two);
    kit_next_root(&kit, &kit.root_1, "abd", 2, "abd", &other, &other_two);
    assert_ok(offer(bench, DOCUMENT_ROOT, &second));
    assert_status(offer(bench, DOCUMENT_ROOT, &other), STATUS_CONFLICT);
    assert_true(trust_forked(bench->trust));
    assert_int_equal(trust_version(bench->trust, DOCUMENT_ROOT), 2);
    buffer_release(&other);
    kit_next_root(
        &kit, &other_two, "abc", 2, "abd", &other, &three); /* the other branch */
    assert_status(offer(bench, DOCUMENT_ROOT, &other), STATUS_CONFLICT);

    kit_next_root(&kit, &two, "bcd", 2, "abcd", &third, &three);
    assert_ok(offer(bench, DOCUMENT_ROOT, &third));
    assert_false(trust_forked(bench->trust));
    reopen(bench);
    assert_false(trust_forked(bench->trust));
    buffer_release(&second);
    buffer_release(&other);
    buffer_release(&third);
}

static enum standing stand(struct bench *bench, size_t i, int64_t now_ms)
{
    return trust_standing(
        bench->trust, trust_find_node(bench->trust, &members[i].node_id), now_ms);
}

static void standing__follows_the_roster(void **state)
{
    struct bench *bench = *state;
    int64_t now = KIT_NOW_MS + DAY_MS;

    members[1].status = MEMBER_SUSPENDED;
    members[2].status = MEMBER_REVOKED;
    members[3].valid_to_ms = KIT_NOW_MS + 1; /* over when the roster was made */
    members[4].valid_from_ms = KIT_NOW_MS + 10 * DAY_MS;
    assert_int_equal(offer_roster(bench, 1, NULL, 5, "ab"), STATUS_OK);
    assert_int_equal(stand(bench, 0, now), STANDING_ACTIVE);
    assert_int_equal(stand(bench, 1, now), STANDING_SUSPENDED);
    assert_int_equal(stand(bench, 2, now), STANDING_REVOKED);
    assert_int_equal(stand(bench, 3, now), STANDING_SUSPENDED);
    assert_int_equal(stand(bench, 4, now), STANDING_SUSPENDED);
    assert_int_equal(stand(bench, 5, now), STANDING_UNKNOWN);
    assert_int_equal(stand(bench, 0, now + 36500 * DAY_MS), STANDING_ACTIVE); /* clock */
    kit_members(&kit, members, SOME);
}

static void notice__suspends_for_72_hours_and_lapses(void **state)
{
    struct bench *bench = *state;
    struct buffer notice;
    int64_t made = KIT_NOW_MS + 2 * HOUR_MS, now = made + HOUR_MS;

    assert_int_equal(offer_roster(bench, 1, NULL, 5, "ab"), STATUS_OK);
    kit_notice(&kit, made, &members[2].node_id, 1, "c", &notice);
    assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, now));
    assert_status(offer_at(bench, DOCUMENT_NOTICE, &notice, now), STATUS_EXISTS);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_NOTICE), made);
    assert_int_equal(stand(bench, 2, now), STANDING_SUSPENDED);
    assert_int_equal(stand(bench, 1, now), STANDING_ACTIVE);
    reopen(bench);
    assert_int_equal(stand(bench, 2, made + 72 * HOUR_MS - 1), STANDING_SUSPENDED);
    assert_int_equal(stand(bench, 2, made + 72 * HOUR_MS), STANDING_ACTIVE);
    assert_int_equal(stand(bench, 2, 0), STANDING_SUSPENDED); /* a clock that went back */
    assert_status(
        offer_at(bench, DOCUMENT_NOTICE, &notice, made + 72 * HOUR_MS), STATUS_EXISTS);
    assert_int_equal(trust_newest_signed_ms(bench->trust), KIT_NOW_MS + HOUR_MS);
    buffer_release(&notice);
}

static void notice__ends_with_a_roster_made_later_and_not_with_one_made_before(
    void **state)
{
    struct bench *bench = *state;
    struct buffer notice;
    struct hash before;
    int64_t made = KIT_NOW_MS + 2 * HOUR_MS + 1, now = KIT_NOW_MS + 5 * HOUR_MS;

    assert_int_equal(offer_roster(bench, 1, NULL, 5, "ab"), STATUS_OK);
    before = trust_roster_hash(bench->trust);
    kit_notice(&kit, made, &members[2].node_id, 1, "c", &notice);
    assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, now));
    assert_int_equal(
        offer_roster(bench, 2, &before, 5, "ab"), STATUS_OK); /* made before */
    assert_int_equal(stand(bench, 2, now), STANDING_SUSPENDED);
    before = trust_roster_hash(bench->trust);
    assert_int_equal(offer_roster(bench, 3, &before, 5, "ab"), STATUS_OK); /* lifts it */
    assert_int_equal(stand(bench, 2, now), STANDING_ACTIVE);
    before = trust_roster_hash(bench->trust);
    members[2].status = MEMBER_SUSPENDED; /* another one confirms it */
    members[2].status_since = 4;
    assert_int_equal(offer_roster(bench, 4, &before, 5, "ab"), STATUS_OK);
    assert_int_equal(stand(bench, 2, made + 100 * DAY_MS), STANDING_SUSPENDED);
    buffer_release(&notice);
    kit_notice(&kit, made + 1, &members[1].node_id, 1, "b", &notice);
    assert_status(
        offer_at(bench, DOCUMENT_NOTICE, &notice, now), STATUS_EXPIRED); /* late */
    buffer_release(&notice);
    kit_members(&kit, members, SOME);
}

static void notice__with_a_time_far_ahead_ends_72_hours_after_it_was_taken(void **state)
{
    struct bench *bench = *state;
    struct buffer notice;
    int64_t now = KIT_NOW_MS + 2 * HOUR_MS;

    assert_int_equal(offer_roster(bench, 1, NULL, 5, "ab"), STATUS_OK);
    kit_notice(&kit, now + 1000 * DAY_MS, &members[2].node_id, 1, "c", &notice);
    assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, now));
    assert_int_equal(stand(bench, 2, now + 71 * HOUR_MS), STANDING_SUSPENDED);
    assert_int_equal(stand(bench, 2, now + 73 * HOUR_MS), STANDING_ACTIVE);
    buffer_release(&notice);
}

static void notice__one_steward_suspends_five_and_each_steward_counts_alone(void **state)
{
    struct bench *bench = *state;
    struct buffer notice;
    struct ident nodes[SOME];
    int64_t made = KIT_NOW_MS + 2 * HOUR_MS;

    assert_int_equal(offer_roster(bench, 1, NULL, SOME, "ab"), STATUS_OK);
    for (size_t i = 0; i < SOME; i++)
        nodes[i] = members[i].node_id;
    kit_notice(&kit, made, nodes, 4, "a", &notice);
    assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, made));
    buffer_release(&notice);
    kit_notice(&kit, made + 1, nodes + 3, 2, "a", &notice); /* one again, one new: five */
    assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, made));
    buffer_release(&notice);
    kit_notice(&kit, made + 2, nodes + 5, 1, "a", &notice);
    assert_status(offer_at(bench, DOCUMENT_NOTICE, &notice, made), STATUS_DENIED);
    assert_int_equal(stand(bench, 5, made), STANDING_ACTIVE);
    buffer_release(&notice);
    kit_notice(&kit, made, nodes + 5, 1, "b", &notice); /* the same number is no fork */
    assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, made));
    assert_int_equal(stand(bench, 5, made), STANDING_SUSPENDED);
    assert_false(trust_forked(bench->trust));
    buffer_release(&notice);
    kit_notice(&kit, made + 2, nodes + 5, 1, "a", &notice); /* when the first are over */
    assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, made + 72 * HOUR_MS + 1));
    buffer_release(&notice);
    kit_notice(&kit, made + 3, nodes + 6, 1, "d", &notice); /* no steward */
    assert_status(offer_at(bench, DOCUMENT_NOTICE, &notice, made), STATUS_FORGED);
    buffer_release(&notice);
}

static void notice__all_in_force_are_given_behind_each_other_and_taken_so(void **state)
{
    struct bench *bench = *state, *second = NULL;
    struct buffer notice, all;
    int64_t made = KIT_NOW_MS + 2 * HOUR_MS;

    assert_int_equal(offer_roster(bench, 1, NULL, SOME, "ab"), STATUS_OK);
    for (size_t i = 0; i < 3; i++) {
        kit_notice(&kit, made + (int64_t)i, &members[i].node_id, 1, "c", &notice);
        assert_ok(offer_at(bench, DOCUMENT_NOTICE, &notice, made));
        buffer_release(&notice);
    }
    buffer_init(&all, NOTICE_BYTES_MAX);
    assert_ok(trust_document(bench->trust, DOCUMENT_NOTICE, 0, &all));
    assert_int_equal(all.used, 3 * (80 + 16 + 4 + 96));

    (void)setup((void **)&second);
    assert_int_equal(offer_roster(second, 1, NULL, SOME, "ab"), STATUS_OK);
    assert_ok(offer_at(second, DOCUMENT_NOTICE, &all, made));
    assert_status(offer_at(second, DOCUMENT_NOTICE, &all, made), STATUS_EXISTS);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            stand(second, i, made), i < 3 ? STANDING_SUSPENDED : STANDING_ACTIVE);
    buffer_clear(&all);
    assert_ok(trust_document(second->trust, DOCUMENT_NOTICE, (uint64_t)made + 1, &all));
    assert_int_equal(all.used, 80 + 16 + 4 + 96);
    buffer_release(&all);
    (void)teardown((void **)&second);
}

static void profiles__are_kept_sealed_and_go_forward_only(void **state)
{
    struct bench *bench = *state;
    uint8_t plain[PACKAGE_SALT_BYTES + 10] = {1};
    struct span span = span_of(plain, sizeof plain);
    struct buffer one, other, out;

    kit_package(&kit, 3, span, members, 3, "a", &one);
    assert_status(offer(bench, DOCUMENT_PROFILES, &one), STATUS_FORGED);
    kit_sign(&kit, &one, "c");
    assert_ok(offer(bench, DOCUMENT_PROFILES, &one));
    assert_status(offer(bench, DOCUMENT_PROFILES, &one), STATUS_EXISTS);
    kit_package(&kit, 3, span, members, 3, "ab", &other); /* sealed a second time */
    assert_status(offer(bench, DOCUMENT_PROFILES, &other), STATUS_CONFLICT);
    assert_false(trust_forked(bench->trust));
    reopen(bench);
    assert_int_equal(trust_version(bench->trust, DOCUMENT_PROFILES), 3);
    buffer_init(&out, PROFILES_BYTES_MAX);
    assert_ok(trust_document(bench->trust, DOCUMENT_PROFILES, 0, &out));
    assert_span(buffer_span(&out), buffer_span(&one));
    buffer_release(&other);
    kit_package(&kit, 2, span, members, 3, "ab", &other);
    assert_status(offer(bench, DOCUMENT_PROFILES, &other), STATUS_EXPIRED);
    buffer_release(&one);
    buffer_release(&other);
    buffer_release(&out);
}

static void trust__several_offers_of_one_transaction_build_on_each_other(void **state)
{
    struct bench *bench = *state;
    struct trouble trouble;
    struct buffer one, two;
    struct hash before;

    kit_roster(&kit, 1, NULL, members, 2, "ab", &one);
    before = kit_hash(&one);
    kit_roster(&kit, 2, &before, members, 3, "ab", &two);
    assert_ok(db_begin(bench->db));
    assert_ok(trust_offer(bench->trust, DOCUMENT_ROSTER, buffer_span(&one), 0, &trouble));
    assert_ok(trust_offer(bench->trust, DOCUMENT_ROSTER, buffer_span(&two), 0, &trouble));
    db_rollback(bench->db);
    trust_rolled_back(bench->trust);
    assert_ok(db_begin(bench->db));
    assert_ok(trust_offer(bench->trust, DOCUMENT_ROSTER, buffer_span(&one), 0, &trouble));
    assert_ok(trust_offer(bench->trust, DOCUMENT_ROSTER, buffer_span(&two), 0, &trouble));
    assert_ok(db_commit(bench->db));
    trust_committed(bench->trust);
    assert_int_equal(trust_member_count(bench->trust), 3);
    buffer_release(&one);
    buffer_release(&two);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            trust__knows_nobody_before_it_is_pinned, setup_empty, teardown),
        cmocka_unit_test_setup_teardown(
            trust__is_pinned_to_one_network, setup_empty, teardown),
        T(trust__believes_nothing_before_the_commit),
        T(trust__has_everything_again_after_a_restart),
        T(trust__several_offers_of_one_transaction_build_on_each_other),
        T(roster__needs_the_threshold_of_different_stewards),
        T(roster__goes_forward_only),
        T(roster__another_hash_under_one_version_is_proof_of_a_fork),
        T(roster__the_next_must_name_mine_as_the_one_before),
        T(roster__may_jump_1000_versions_and_not_more),
        T(roster__old_ones_are_dropped_and_their_hashes_kept),
        T(roster__of_another_network_is_forged),
        T(document__of_another_type_or_with_bytes_behind_is_malformed),
        T(root__new_stewards_sign_rosters_and_old_ones_do_not),
        T(root__chain_may_be_pinned_or_offered_as_one_file),
        T(root__a_second_one_of_a_version_is_a_fork_that_a_newer_root_settles),
        T(standing__follows_the_roster),
        T(notice__suspends_for_72_hours_and_lapses),
        T(notice__ends_with_a_roster_made_later_and_not_with_one_made_before),
        T(notice__with_a_time_far_ahead_ends_72_hours_after_it_was_taken),
        T(notice__one_steward_suspends_five_and_each_steward_counts_alone),
        T(notice__all_in_force_are_given_behind_each_other_and_taken_so),
        T(profiles__are_kept_sealed_and_go_forward_only),
    };
    int failed;

    kit_init(&kit, 8);
    kit_members(&kit, members, SOME);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    kit_release(&kit);
    return failed;
}
