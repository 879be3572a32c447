/* SPDX-License-Identifier: Apache-2.0
 * Signed documents and prekey bundles, served and brought (PROTOCOL.md 4.1, 5a, 7.2).
 */
#include "broker_kit.h"
#include "log.h"
#include "memory.h"

static struct kit kit;
static char alarmed[256];

static void note_alarm(void *context, const char *line)
{
    (void)context;
    if (strstr(line, "level=alarm") != NULL) {
        (void)snprintf(alarmed, sizeof alarmed, "%s", line);
    }
}

static int set_up(void **state)
{
    static int count;
    static char name[32];
    (void)state;
    (void)snprintf(name, sizeof name, "papers%d", count++);
    kit_init(&kit, name);
    alarmed[0] = '\0';
    log_set_sink(note_alarm, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kit_release(&kit);
    log_set_sink(NULL, NULL);
    return 0;
}

static struct broker_status status_now(void)
{
    struct broker_status status;
    broker_status(kit.broker, &status);
    return status;
}

static void get(size_t i, enum document_type type, uint64_t version, uint32_t offset)
{
    struct frame frame = {.kind = FRAME_DOCUMENT_GET};
    frame.document_get.type = type;
    frame.document_get.version = version;
    frame.document_get.offset = offset;
    kit_turn(&kit, i, &frame);
}

/* Member i brings a part of these bytes. */
static void bring(size_t i, enum document_type type, uint64_t version, struct span whole,
    uint32_t offset)
{
    struct frame frame = {.kind = FRAME_DOCUMENT};
    size_t left = whole.n - offset;
    frame.document.type = type;
    frame.document.version = version;
    frame.document.total_bytes = (uint32_t)whole.n;
    frame.document.offset = offset;
    frame.document.part =
        span_of(whole.at + offset, left < PART_BYTES_MAX ? left : PART_BYTES_MAX);
    kit_turn(&kit, i, &frame);
}

/* ---- serving documents ---- */

static void document__is_served_newest_or_by_version(void **state)
{
    (void)state;
    kit_next_roster(&kit);
    kit_connect(&kit, 0);
    get(0, DOCUMENT_ROSTER, 0, 0);
    const struct frame *document = kit_find(&kit, 0, FRAME_DOCUMENT);
    assert_non_null(document);
    assert_int_equal(document->document.version, 2);
    assert_span(document->document.part, buffer_span(&kit.rosters[1]));
    get(0, DOCUMENT_ROSTER, 1, 0);
    document = kit_find(&kit, 0, FRAME_DOCUMENT);
    assert_non_null(document);
    assert_int_equal(document->document.version, 1);
    assert_span(document->document.part, buffer_span(&kit.rosters[0]));
    get(0, DOCUMENT_ROOT, 1, 0);
    document = kit_find(&kit, 0, FRAME_DOCUMENT);
    assert_non_null(document);
    assert_span(document->document.part, buffer_span(&kit.ceremony.root));
}

static void document__that_is_not_held_is_not_found(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    const struct {
        enum document_type type;
        uint64_t version;
        uint32_t offset;
    } wishes[] = {{DOCUMENT_ROSTER, 9, 0}, {DOCUMENT_ROOT, 2, 0}, {DOCUMENT_NOTICE, 0, 0},
        {DOCUMENT_PROFILES, 0, 0}, {DOCUMENT_ROSTER, 0, 1000000}};
    for (size_t i = 0; i < ARRAY_LENGTH(wishes); i++) {
        get(0, wishes[i].type, wishes[i].version, wishes[i].offset);
        const struct frame *refused = kit_find(&kit, 0, FRAME_REFUSED);
        assert_non_null(refused);
        assert_int_equal(refused->refused.code, REFUSAL_NOT_FOUND);
        assert_true(ident_is_zero(&refused->refused.msg_id));
    }
    assert_int_equal(status_now().sessions, 1);
}

static void many_wishes_for_one_type__are_one(void **state)
{
    (void)state;
    struct frame frame = {.kind = FRAME_DOCUMENT_GET};
    frame.document_get.type = DOCUMENT_ROSTER;
    kit_connect(&kit, 0);
    kit_begin(&kit);
    for (int i = 0; i < 500; i++) {
        kit_say(&kit, 0, &frame);
    }
    kit_end(&kit);
    kit_rest(&kit);
    assert_int_equal(kit_count(&kit, 0, FRAME_DOCUMENT), 1);
}

/* Profiles of three parts; random bytes do, the exchange reads none of them. */
static void make_profiles(struct buffer *ret)
{
    static struct profile profiles[KIT_MEMBERS];
    ceremony_set_profiles(&kit.ceremony, profiles, 0);
    uint8_t *more = buffer_grow(&kit.ceremony.profiles_plain, 2 * PART_BYTES_MAX);
    assert_non_null(more);
    chance_fill(kit.chance, more, 2 * PART_BYTES_MAX);
    ceremony_package(&kit.ceremony, 1, kit.wall_ms, kit.members, KIT_MEMBERS, ret);
}

static void large_document__is_served_part_by_part(void **state)
{
    (void)state;
    struct buffer package, got;
    struct trouble trouble = {""};
    make_profiles(&package);
    assert_true(package.used > 2 * PART_BYTES_MAX);
    assert_ok(
        broker_load(kit.broker, DOCUMENT_PROFILES, buffer_span(&package), &trouble));
    kit_connect(&kit, 0);
    buffer_init(&got, PROFILES_BYTES_MAX);
    while (got.used < package.used) {
        get(0, DOCUMENT_PROFILES, 1, (uint32_t)got.used);
        const struct frame *document = kit_find(&kit, 0, FRAME_DOCUMENT);
        assert_non_null(document);
        assert_int_equal(document->document.offset, got.used);
        assert_int_equal(document->document.total_bytes, package.used);
        assert_ok(
            buffer_put(&got, document->document.part.at, document->document.part.n));
        assert_int_equal(kit_count(&kit, 0, FRAME_DOCUMENT), 0); /* one part a wish */
    }
    assert_span(buffer_span(&got), buffer_span(&package));
    buffer_release(&got);
    buffer_release(&package);
}

static void new_document__is_told_to_everybody_who_is_here(void **state)
{
    (void)state;
    struct buffer notice;
    struct trouble trouble = {""};
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_next_roster(&kit);
    for (size_t i = 0; i < 2; i++) {
        const struct frame *document = kit_find(&kit, i, FRAME_DOCUMENT);
        assert_non_null(document);
        assert_int_equal(document->document.type, DOCUMENT_ROSTER);
        assert_int_equal(document->document.version, 2);
    }
    kit_pass(&kit, MINUTE_MS);
    ceremony_notice(&kit.ceremony, &kit.members[3].node_id, kit.wall_ms, &notice);
    assert_ok(broker_load(kit.broker, DOCUMENT_NOTICE, buffer_span(&notice), &trouble));
    const struct frame *document = kit_find(&kit, 1, FRAME_DOCUMENT);
    assert_non_null(document);
    assert_int_equal(document->document.type, DOCUMENT_NOTICE);
    assert_span(document->document.part, buffer_span(&notice));
    assert_int_equal(kit_count(&kit, 1, FRAME_DOCUMENT), 0);
    buffer_release(&notice);
}

static void notice__is_told_although_its_number_is_not_the_newest(void **state)
{
    (void)state;
    struct buffer first, second;
    struct trouble trouble = {""};
    kit_pass(&kit, 10 * MINUTE_MS);
    ceremony_notice(
        &kit.ceremony, &kit.members[3].node_id, kit.wall_ms - MINUTE_MS, &first);
    ceremony_notice(
        &kit.ceremony, &kit.members[4].node_id, kit.wall_ms - 2 * MINUTE_MS, &second);
    kit_connect(&kit, 0);
    assert_ok(broker_load(kit.broker, DOCUMENT_NOTICE, buffer_span(&first), &trouble));
    assert_non_null(kit_find(&kit, 0, FRAME_DOCUMENT));
    assert_ok(broker_load(kit.broker, DOCUMENT_NOTICE, buffer_span(&second), &trouble));
    const struct frame *both = kit_find(&kit, 0, FRAME_DOCUMENT);
    assert_non_null(both);
    assert_int_equal(both->document.total_bytes, first.used + second.used);
    buffer_release(&first);
    buffer_release(&second);
}

static void full_pipe__loses_no_document(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit.pipes[kit.connections[0]] = STATUS_BUSY;
    get(0, DOCUMENT_ROSTER, 0, 0);
    assert_int_equal(kit.n_said, 0);
    kit.pipes[kit.connections[0]] = STATUS_OK;
    kit_pass(&kit, SECOND_MS);
    kit_rest(&kit);
    assert_int_equal(kit_count(&kit, 0, FRAME_DOCUMENT), 1);
}

/* ---- documents that members bring ---- */

static void newer_roster_of_a_member__is_asked_for_and_taken(void **state)
{
    (void)state;
    struct buffer roster;
    kit_make_roster(&kit, 2, &roster);
    struct frame hello = kit_hello(&kit, 0);
    hello.hello.roster_version = 2;
    kit_turn(&kit, 0, &hello);
    const struct frame *wish = kit_find(&kit, 0, FRAME_DOCUMENT_GET);
    assert_non_null(wish);
    assert_int_equal(wish->document_get.type, DOCUMENT_ROSTER);
    assert_int_equal(wish->document_get.version, 2);
    bring(0, DOCUMENT_ROSTER, 2, buffer_span(&roster), 0);
    assert_int_equal(status_now().roster_version, 2);
    kit_close(&kit);
    kit_open(&kit);
    assert_int_equal(status_now().roster_version, 2);
    buffer_release(&roster);
}

static void document_in_parts__is_asked_for_to_its_end(void **state)
{
    (void)state;
    struct buffer package;
    make_profiles(&package);
    kit_connect(&kit, 0);
    bring(0, DOCUMENT_PROFILES, 1, buffer_span(&package), 0);
    for (uint32_t offset = PART_BYTES_MAX; offset < package.used;
         offset += PART_BYTES_MAX) {
        assert_int_equal(status_now().profiles_version, 0);
        const struct frame *wish = kit_find(&kit, 0, FRAME_DOCUMENT_GET);
        assert_non_null(wish);
        assert_int_equal(wish->document_get.type, DOCUMENT_PROFILES);
        assert_int_equal(wish->document_get.offset, offset);
        bring(0, DOCUMENT_PROFILES, 1, buffer_span(&package), offset);
    }
    assert_int_equal(status_now().profiles_version, 1);
    buffer_release(&package);
}

/* Nobody signed it: what lacks a root is not judged further. */
static void make_roster_under_root_2(struct buffer *ret)
{
    struct roster_draft draft = {.version = 2,
        .root_version = 2,
        .created_ms = kit.wall_ms,
        .expires_ms = kit.wall_ms + DAY_MS,
        .previous = {{1}},
        .members = kit.members,
        .n = KIT_MEMBERS};
    buffer_init(ret, ROSTER_BYTES_MAX);
    assert_ok(roster_encode(&draft, ret));
}

static void roster_under_an_unknown_root__makes_it_ask_for_the_roots(void **state)
{
    (void)state;
    struct buffer roster, root;
    make_roster_under_root_2(&roster);
    kit_connect(&kit, 0);
    bring(0, DOCUMENT_ROSTER, 2, buffer_span(&roster), 0);
    const struct frame *wish = kit_find(&kit, 0, FRAME_DOCUMENT_GET);
    assert_non_null(wish);
    assert_int_equal(wish->document_get.type, DOCUMENT_ROOT);
    assert_int_equal(wish->document_get.version, 2);
    kit_make_root(&kit, &root);
    bring(0, DOCUMENT_ROOT, 2, buffer_span(&root), 0);
    assert_int_equal(status_now().root_version, 2);
    wish = kit_find(&kit, 0, FRAME_DOCUMENT_GET); /* perhaps there are more */
    assert_non_null(wish);
    assert_int_equal(wish->document_get.type, DOCUMENT_ROOT);
    assert_int_equal(wish->document_get.version, 3);
    wish = kit_find(&kit, 0, FRAME_DOCUMENT_GET); /* and the roster anew */
    assert_non_null(wish);
    assert_int_equal(wish->document_get.type, DOCUMENT_ROSTER);
    bring(0, DOCUMENT_ROSTER, 2, buffer_span(&roster), 0);
    assert_int_equal(status_now().roster_version, 1); /* and now its signatures count */
    assert_int_equal(status_now().sessions, 1);
    buffer_release(&root);
    buffer_release(&roster);
}

static void older_roster_of_a_member__is_refused(void **state)
{
    (void)state;
    kit_next_roster(&kit);
    kit_connect(&kit, 0);
    bring(0, DOCUMENT_ROSTER, 1, buffer_span(&kit.rosters[0]), 0);
    const struct frame *refused = kit_find(&kit, 0, FRAME_REFUSED);
    assert_non_null(refused);
    assert_int_equal(refused->refused.code, REFUSAL_OLDER);
    assert_int_equal(status_now().roster_version, 2);
}

static void forged_roster__changes_nothing(void **state)
{
    (void)state;
    struct buffer roster;
    kit_connect(&kit, 0);
    kit_make_roster(&kit, 2, &roster);
    roster.bytes[200] ^= 1; /* inside of the first row */
    bring(0, DOCUMENT_ROSTER, 2, buffer_span(&roster), 0);
    assert_int_equal(status_now().roster_version, 1);
    assert_int_equal(status_now().sessions, 1); /* older roots may be all that it knows */
    memset(roster.bytes, 0, 4);
    bring(0, DOCUMENT_ROSTER, 2, buffer_span(&roster), 0);
    assert_int_equal(status_now().sessions, 0); /* that was no document at all */
    buffer_release(&roster);
}

static void fork__is_kept_as_proof_and_an_alarm(void **state)
{
    (void)state;
    struct buffer fork;
    kit_next_roster(&kit);
    kit.members[4].status = MEMBER_SUSPENDED;
    kit_make_roster(&kit, 2, &fork);
    kit.members[4].status = MEMBER_ACTIVE;
    struct frame hello = kit_hello(&kit, 0);
    hello.hello.roster_hash[0] ^= 1; /* the same version with another hash */
    kit_turn(&kit, 0, &hello);
    const struct frame *wish = kit_find(&kit, 0, FRAME_DOCUMENT_GET);
    assert_non_null(wish);
    assert_int_equal(wish->document_get.version, 2);
    bring(0, DOCUMENT_ROSTER, 2, buffer_span(&fork), 0);
    assert_true(status_now().forked);
    assert_holds(alarmed, "event=document-fork");
    kit_close(&kit);
    kit_open(&kit);
    assert_true(status_now().forked);
    buffer_release(&fork);
}

static void too_many_documents__are_refused(void **state)
{
    (void)state;
    struct buffer roster;
    kit_make_roster(&kit, 2, &roster);
    roster.bytes[200] ^= 1;
    kit_connect(&kit, 0);
    for (int i = 0; i < 64; i++) {
        bring(0, DOCUMENT_ROSTER, 2, buffer_span(&roster), 0);
    }
    assert_null(kit_find(&kit, 0, FRAME_REFUSED));
    bring(0, DOCUMENT_ROSTER, 2, buffer_span(&roster), 0);
    const struct frame *refused = kit_find(&kit, 0, FRAME_REFUSED);
    assert_non_null(refused);
    assert_int_equal(refused->refused.code, REFUSAL_RATE);
    assert_true(refused->refused.retry_after_s > 0);
    buffer_release(&roster);
}

/* ---- bundles ---- */

static size_t put_bundle(size_t from, size_t of, uint64_t number, uint8_t *ret)
{
    size_t n = kit_bundle(&kit, of, number, number + 100, 14 * DAY_MS, ret);
    kit_put_bundle(&kit, from, span_of(ret, n));
    return n;
}

static void bundle__is_served_to_who_asks_with_an_older_mark(void **state)
{
    (void)state;
    uint8_t bytes[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    size_t n = put_bundle(0, 0, 1, bytes);
    struct frame hello = kit_hello(&kit, 1);
    kit_turn(&kit, 1, &hello);
    const struct frame *bundles = kit_find(&kit, 1, FRAME_BUNDLES);
    assert_non_null(bundles);
    assert_int_equal(bundles->bundles.n, 1);
    assert_span(bundles->bundles.bundles[0], span_of(bytes, n));
    uint64_t mark = bundles->bundles.mark;
    kit_forget(&kit);
    hello.hello.bundles_mark = mark; /* at the next session it has them */
    kit_turn(&kit, 1, &hello);
    assert_null(kit_find(&kit, 1, FRAME_BUNDLES));
    hello.hello.bundles_mark = mark + 1000; /* the mark of another disk */
    kit_turn(&kit, 1, &hello);
    bundles = kit_find(&kit, 1, FRAME_BUNDLES);
    assert_non_null(bundles);
    assert_int_equal(bundles->bundles.n, 1);
    assert_int_equal(bundles->bundles.mark, mark);
}

static void new_bundle__reaches_who_is_here_at_once(void **state)
{
    (void)state;
    uint8_t bytes[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    put_bundle(0, 0, 1, bytes);
    const struct frame *bundles = kit_find(&kit, 1, FRAME_BUNDLES);
    assert_non_null(bundles);
    assert_int_equal(bundles->bundles.n, 1);
    size_t n = put_bundle(0, 2, 1, bytes);
    bundles = kit_find(&kit, 1, FRAME_BUNDLES);
    assert_non_null(bundles);
    assert_int_equal(bundles->bundles.n, 1); /* what it has is not said again */
    assert_span(bundles->bundles.bundles[0], span_of(bytes, n));
}

static void storm_of_bundles__is_not_passed_on_to_everybody(void **state)
{
    (void)state;
    uint8_t bytes[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    for (uint64_t number = 1; number <= 300; number++) {
        put_bundle(0, 0, number, bytes);
    }
    assert_true(kit_count(&kit, 1, FRAME_BUNDLES) <= 64);
    kit_forget(&kit);
    kit_pass(&kit, 10 * MINUTE_MS);
    kit_rest(&kit);
    const struct frame *bundles = kit_find(&kit, 1, FRAME_BUNDLES);
    assert_non_null(bundles); /* in the end the newest is known */
    assert_span(
        bundles->bundles.bundles[0], span_of(bytes, bundles->bundles.bundles[0].n));
}

static void bundles_that_fit__are_given_in_one_frame(void **state)
{
    (void)state;
    uint8_t bytes[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    for (size_t i = 0; i < KIT_MEMBERS; i++) {
        put_bundle(0, i, 1, bytes);
    }
    kit_connect(&kit, 1);
    struct frame ask = {.kind = FRAME_BUNDLES_GET};
    kit_turn(&kit, 1, &ask);
    const struct frame *bundles = kit_find(&kit, 1, FRAME_BUNDLES);
    assert_non_null(bundles);
    assert_int_equal(
        bundles->bundles.n, KIT_MEMBERS); /* more than fit: test_broker_stores */
    assert_false(bundles->bundles.more);
}

static enum refusal refused_bundle(size_t from, struct span bundle)
{
    kit_forget(&kit);
    kit_put_bundle(&kit, from, bundle);
    const struct frame *refused = kit_find(&kit, from, FRAME_REFUSED);
    return refused != NULL ? refused->refused.code : (enum refusal)0;
}

static void bundle__is_taken_from_anybody_but_only_signed_by_its_member(void **state)
{
    (void)state;
    uint8_t first[BUNDLE_BYTES_MAX], bytes[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    size_t n = kit_bundle(&kit, 1, 5, 50, 14 * DAY_MS, first);
    assert_int_equal(refused_bundle(0, span_of(first, n)), 0); /* handed on by another */
    assert_int_equal(refused_bundle(0, span_of(first, n)), 0); /* known: nothing to say */
    n = kit_bundle(&kit, 1, 4, 51, 14 * DAY_MS, bytes);
    assert_int_equal(refused_bundle(0, span_of(bytes, n)), REFUSAL_OLDER);
    n = kit_bundle(&kit, 1, 6, 52, 14 * DAY_MS, bytes);
    bytes[60] ^= 1;
    assert_int_equal(refused_bundle(0, span_of(bytes, n)), REFUSAL_MALFORMED);
    n = kit_bundle(&kit, 1, 6, 52, 14 * DAY_MS, bytes);
    bytes[8] ^= 1; /* of a node that is no member */
    assert_int_equal(refused_bundle(0, span_of(bytes, n)), REFUSAL_NOT_MEMBER);
    assert_int_equal(status_now().sessions, 1);
    struct frame hello = kit_hello(&kit, 1);
    kit_turn(&kit, 1, &hello);
    const struct frame *welcome = kit_find(&kit, 1, FRAME_WELCOME);
    assert_non_null(welcome);
    assert_int_equal(welcome->welcome.bundle_number, 5);
}

static void two_bundles_of_one_number__are_an_alarm_and_the_first_is_kept(void **state)
{
    (void)state;
    uint8_t first[BUNDLE_BYTES_MAX], second[BUNDLE_BYTES_MAX];
    kit_connect(&kit, 0);
    size_t n = put_bundle(0, 0, 1, first);
    size_t n_second = kit_bundle(&kit, 0, 1, 999, 14 * DAY_MS, second);
    second[70] ^= 1; /* whoever cannot sign cannot raise it */
    assert_int_equal(refused_bundle(0, span_of(second, n_second)), REFUSAL_MALFORMED);
    assert_string_equal(alarmed, "");
    second[70] ^= 1;
    assert_int_equal(refused_bundle(0, span_of(second, n_second)), REFUSAL_OLDER);
    assert_holds(alarmed, "event=two-bundles");
    struct frame hello = kit_hello(&kit, 1);
    kit_turn(&kit, 1, &hello);
    const struct frame *bundles = kit_find(&kit, 1, FRAME_BUNDLES);
    assert_non_null(bundles);
    assert_span(bundles->bundles.bundles[0], span_of(first, n));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(document__is_served_newest_or_by_version),
        TEST(document__that_is_not_held_is_not_found),
        TEST(many_wishes_for_one_type__are_one),
        TEST(large_document__is_served_part_by_part),
        TEST(new_document__is_told_to_everybody_who_is_here),
        TEST(notice__is_told_although_its_number_is_not_the_newest),
        TEST(full_pipe__loses_no_document),
        TEST(newer_roster_of_a_member__is_asked_for_and_taken),
        TEST(document_in_parts__is_asked_for_to_its_end),
        TEST(roster_under_an_unknown_root__makes_it_ask_for_the_roots),
        TEST(older_roster_of_a_member__is_refused),
        TEST(forged_roster__changes_nothing),
        TEST(fork__is_kept_as_proof_and_an_alarm),
        TEST(too_many_documents__are_refused),
        TEST(bundle__is_served_to_who_asks_with_an_older_mark),
        TEST(new_bundle__reaches_who_is_here_at_once),
        TEST(storm_of_bundles__is_not_passed_on_to_everybody),
        TEST(bundles_that_fit__are_given_in_one_frame),
        TEST(bundle__is_taken_from_anybody_but_only_signed_by_its_member),
        TEST(two_bundles_of_one_number__are_an_alarm_and_the_first_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
