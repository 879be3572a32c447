/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk that fails in the middle of a turn, at any statement, again and again. What the linker wraps
 * (CMakeLists.txt) counts the statements of one node's turns; the one on which the countdown ends fails, and so do
 * all that follow until the turn is undone, as common/store has it.
 */
#include "inside.h"

#include "seeded.h"

static struct {
    struct world *world; /* NULL: nothing fails */
    size_t who;
    bool in_turn;        /* of that node, and before the commit */
    bool calm;           /* at the unlock: the world takes no refusal of it */
    enum status failure; /* what the statement says */
    bool failing;        /* until the transaction is undone */
    uint64_t countdown,
        fired; /* statements of this turn until it fails; 0: it does not */
    struct seeded seeded;
} fault;

/* Seven turns of eight fail: early as often as late, short turns and long ones. */
static void draw(void)
{
    struct chance *chance = &fault.seeded.chance;
    uint64_t most = UINT64_C(1) << chance_u64(chance) % 9;
    fault.countdown = chance_u64(chance) % 8 == 0 ? 0 : 1 + chance_u64(chance) % most;
}

static enum status strike(void)
{
    if (!fault.in_turn)
        return STATUS_OK;
    if (!fault.failing && fault.countdown > 0 && --fault.countdown == 0) {
        fault.failing = true;
        fault.fired++;
    }
    return fault.failing ? fault.failure : STATUS_OK;
}

enum status __real_query_run(struct query *query);
enum status __real_query_next(struct query *query, bool *ret_row);
enum status __real_db_commit(struct db *db);
void __real_db_rollback(struct db *db);
enum status __real_node_begin(struct node *node);
enum status __real_node_end(struct node *node);
enum status __real_node_unlock(struct node *node, const struct node_keys *keys);
enum status __real_node_enter(struct node *node, const struct colleague *person,
    const char *pin, const struct node_people *people);
enum status __wrap_node_enter(struct node *node, const struct colleague *person,
    const char *pin, const struct node_people *people);
enum status __wrap_query_run(struct query *query);
enum status __wrap_query_next(struct query *query, bool *ret_row);
enum status __wrap_db_commit(struct db *db);
void __wrap_db_rollback(struct db *db);
enum status __wrap_node_begin(struct node *node);
enum status __wrap_node_end(struct node *node);
enum status __wrap_node_unlock(struct node *node, const struct node_keys *keys);

enum status __wrap_query_run(struct query *query)
{
    enum status status = strike();
    if (status == STATUS_OK)
        return __real_query_run(query);
    query_end(query);
    return status;
}

enum status __wrap_query_next(struct query *query, bool *ret_row)
{
    enum status status = strike();
    return status == STATUS_OK ? __real_query_next(query, ret_row) : status;
}

enum status __wrap_db_commit(struct db *db)
{
    if (fault.in_turn && fault.failing)
        return fault.failure;
    fault.in_turn = false; /* what is read behind it does not fail for want of room */
    return __real_db_commit(db);
}

void __wrap_db_rollback(struct db *db)
{
    __real_db_rollback(db);
    fault.in_turn = false;
    fault.failing = false;
}

enum status __wrap_node_begin(struct node *node)
{
    enum status status = __real_node_begin(node);
    fault.in_turn = status == STATUS_OK && fault.world != NULL && !fault.calm &&
                    world_node(fault.world, fault.who) == node;
    if (fault.in_turn)
        draw();
    return status;
}

enum status __wrap_node_end(struct node *node)
{
    enum status status = __real_node_end(node);
    fault.in_turn = fault.failing = false;
    return status;
}

enum status __wrap_node_unlock(struct node *node, const struct node_keys *keys)
{
    fault.calm = true;
    enum status status = __real_node_unlock(node, keys);
    fault.calm = false;
    return status;
}

enum status __wrap_node_enter(struct node *node, const struct colleague *person,
    const char *pin, const struct node_people *people)
{
    fault.calm = true;
    enum status status = __real_node_enter(node, person, pin, people);
    fault.calm = false;
    return status;
}

static void arm(struct world *w, size_t i, enum status failure)
{
    fault.world = w;
    fault.who = i;
    fault.failure = failure;
}

static void disarm(void)
{
    fault.world = NULL;
    fault.in_turn = fault.failing = false;
}

/* --- what people do until it works ----------------------------------------------------------------------------- */

/* The reference is not known here: it is in the answer, which a person would read. */
static void refer_until_done(struct world *w, size_t from, size_t to)
{
    static unsigned asked;
    char key[32], request[1024];
    snprintf(key, sizeof key, "statement-%u", ++asked);
    snprintf(request, sizeof request,
        "{\"to\":\"%s\",\"service\":\"%s\",\"priority\":\"%s\",\"age_band\":"
        "\"unknown\",\"minor\":\"no\",\"gender\":\"male\",\"languages\":[\"urd\"],"
        "\"risk\":\"low\",\"note\":\"%s\"," WORLD_CONSENT "}",
        world_name(w, to), service_name(world_service(w, to)),
        asked % 3 == 0 ? "tonight" : "normal",
        strncmp(world_name(w, to), "fia.", 4) == 0 ? "" : "invented: vintorel");
    for (int tries = 0; tries < 200; tries++) {
        char *answer = NULL;
        int code = world_call(w, from, "refer", key, request, &answer);
        memory_free(answer);
        if (code == 201)
            return;
        assert_true(code == 507 || code == 500 || code == 0);
        world_pass(w, MINUTES(1));
    }
    fail();
}

/* A node that died is started again, as its supervisor does it. */
static void await(struct world *w, size_t i)
{
    for (int tries = 0; world_node(w, i) == NULL; tries++) {
        assert_true(tries < 50);
        world_pass(w, MINUTES(1));
    }
}

/* The world sees only the turns that it makes itself: whoever makes one starts a node that died in it. */
static void revive(struct world *w, size_t i, enum status status)
{
    if (status != STATUS_IO)
        return;
    world_crash_node(w, i);
    world_start_node(w, i, true);
}

static void withdraw_until_done(struct world *w, size_t i, const struct ident *item_id)
{
    for (int tries = 0; tries < 200; tries++) {
        await(w, i);
        enum status end = node_begin(world_node(w, i));
        if (end == STATUS_OK) {
            enum status status = post_withdraw(post_of(w, i), item_id);
            end = node_end(world_node(w, i));
            if (end == STATUS_OK) {
                assert_true(status == STATUS_OK || status == STATUS_CONFLICT ||
                            status == STATUS_EXISTS);
                return;
            }
        }
        revive(w, i, end);
        world_pass(w, MINUTES(1));
    }
    fail();
}

/* What is shown is right or not shown. */
static void look_often(struct world *w, size_t i)
{
    struct outbox_letter letter;
    struct post_status shown;
    struct post_letter one;
    uint8_t receipt[RECEIPT_BYTES];
    for (int tries = 0; tries < 60; tries++) {
        await(w, i);
        struct post *post = post_of(w, i);
        bool any = outbox_get(post->outbox, 1, &letter) == STATUS_OK;
        enum status begun = node_begin(world_node(w, i));
        if (begun != STATUS_OK) {
            revive(w, i, begun);
            world_pass(w, MINUTES(1));
            continue;
        }
        enum status status = post_status(post, &shown);
        if (status == STATUS_OK)
            assert_true(shown.roster_version > 0);
        if (status == STATUS_OK && any)
            status = post_letter(post, &letter.item_id, &one);
        if (status == STATUS_OK && any)
            assert_int_equal(one.pair_seq, letter.seq);
        if (status == STATUS_OK && any)
            status = post_letter_receipt(post, &letter.item_id, receipt);
        assert_true(
            status == STATUS_OK || status == STATUS_NOT_FOUND || status == fault.failure);
        enum status end = node_end(world_node(w, i));
        assert_true(end == STATUS_OK || end == fault.failure);
        revive(w, i, end);
    }
}

static int count_listed(struct world *w, size_t i, const char *verb)
{
    char *answer = NULL;
    assert_int_equal(world_call(w, i, verb, "", "{\"limit\":1000}", &answer), 200);
    int n = 0;
    const char *end = strstr(answer, "\"late\"");
    for (const char *at = answer; (at = strstr(at, "\"reference\"")) != NULL; at++)
        n += end == NULL || at < end;
    memory_free(answer);
    return n;
}

/* A day's work: letters both ways, a person who changes her mind, a node that is locked for a while, members that
 * come and go, a letter of a newcomer, one that waits for another. */
static void live_a_day(struct world *w, size_t victim, enum status failure)
{
    struct world_member newcomer;
    struct sign_public public;
    struct sign_secret secret;
    char ref[REFERENCE_BYTES];
    struct outbox_letter letter;
    arm(w, victim, failure);
    refer_until_done(w, OFFICER, SHELTER);
    refer_until_done(w, SHELTER, OFFICER);
    refer_until_done(w, OFFICER, COORDINATOR);
    world_pass(w, MINUTES(30));
    /* Locked: raw rows, and the unlock. */
    disarm();
    await(w, SHELTER);
    world_lock_node(w, SHELTER);
    arm(w, victim, failure);
    refer_until_done(w, OFFICER, SHELTER);
    refer_until_done(w, OFFICER, SHELTER);
    world_pass(w, MINUTES(30));
    await(w, OFFICER);
    if (outbox_next_unsettled(post_of(w, OFFICER)->outbox, world_node_id(w, SHELTER), 0,
            &letter) == STATUS_OK)
        withdraw_until_done(w, OFFICER, &letter.item_id);
    disarm();
    await(w, SHELTER);
    world_unlock_node(w, SHELTER);
    arm(w, victim, failure);
    world_pass(w, HOURS(1));
    /* A newcomer, before and after the roster that has it. */
    sign_new_keys(world_chance(w), &public, &secret);
    disarm();
    await(w, SHELTER);
    world_member_init(&newcomer, w, COORDINATOR, SHELTER);
    newcomer.identity = &secret;
    world_member_epoch(&newcomer, (uint32_t)(world_now_ms(w) / 1000 % 1000000));
    arm(w, victim, failure);
    for (int i = 0; i < 2; i++) {
        await(w, SHELTER);
        world_member_refer(&newcomer, ref);
        world_pass(w, MINUTES(10));
    }
    struct member *row = world_row(w, COORDINATOR);
    row->previous_identity = row->identity;
    row->identity = public;
    world_roster(w, COORDINATOR, MEMBER_ACTIVE, false);
    world_pass(w, MINUTES(30));
    row->identity = row->previous_identity; /* and back: the node has no other key */
    memset(&row->previous_identity, 0, sizeof row->previous_identity);
    world_roster(w, SHELTER, MEMBER_SUSPENDED, false);
    refer_until_done(w, OFFICER, SHELTER);
    world_pass(w, MINUTES(30));
    world_roster(w, SHELTER, MEMBER_ACTIVE, false);
    look_often(w, victim);
    world_pass(w, HOURS(20));
}

/* Everybody's numbers are settled, every letter had one effect or was withdrawn. */
static void check_the_end(struct world *w, int by_officer, int by_shelter)
{
    disarm();
    world_pass(w, DAYS(9)); /* the slowest re-offer */
    for (size_t i = 0; i < CAST; i++)
        for (size_t to = 0; to < CAST; to++)
            if (i != to)
                assert_int_equal(count_unsettled(w, i, to), 0);
    assert_int_equal(count_listed(w, OFFICER, "sent"), by_officer);
    assert_int_equal(count_listed(w, SHELTER, "sent"), by_shelter);
    assert_int_equal(count_listed(w, OFFICER, "inbox"), by_shelter);
    assert_int_equal(status_of(w, OFFICER).drafts, 0);
    struct chain_row gap = {0};
    assert_status(
        chain_next_gap(post_of(w, SHELTER)->chain, &gap, &gap), STATUS_NOT_FOUND);
}

static void live(uint64_t seed, size_t victim, enum status failure, int days)
{
    disarm();
    seeded_init(&fault.seeded, seed);
    struct world *w = world_new(seed, USUAL_CAST, CAST);
    fault.fired = 0;
    for (int day = 0; day < days; day++)
        live_a_day(w, victim, failure);
    print_message("statements that failed: %d\n", (int)fault.fired);
    assert_true(fault.fired > 50 * (uint64_t)days);
    check_the_end(w, days * 5, days);
    world_destroy(&w);
}

static void a_statement_that_fails_anywhere_at_a_sender_loses_nothing(void **state)
{
    (void)state;
    live(1, OFFICER, STATUS_FULL, 2);
}

static void a_statement_that_fails_anywhere_at_a_recipient_loses_nothing(void **state)
{
    (void)state;
    live(2, SHELTER, STATUS_FULL, 2);
}

static void a_disk_that_dies_at_any_statement_of_either_node_loses_nothing(void **state)
{
    (void)state;
    live(3, OFFICER, STATUS_IO, 1);
    live(4, SHELTER, STATUS_IO, 1);
}

/* --- after a loss of records ----------------------------------------------------------------------------------- */

/* Some days in which every node that dies is started again. */
static void pass_days(struct world *w, int days)
{
    for (int hour = 0; hour < days * 24; hour++) {
        world_pass(w, HOURS(1));
        for (size_t i = 0; i < CAST; i++)
            await(w, i);
    }
}

static int count_conflicts(struct world *w)
{
    int n = 0;
    for (size_t i = 0; i < CAST; i++)
        n += world_alarms(w, i, "conflict");
    return n;
}

/* A laptop burns with letters of that day on it. Whoever asks, and whoever answers, has a disk that fails on and on. */
static void make_good(uint64_t seed, size_t victim, enum status failure)
{
    enum { WENT = 3, CAME = 4 };
    char came[CAME][WORLD_REFERENCE_BYTES], went[WENT][WORLD_REFERENCE_BYTES];
    disarm();
    seeded_init(&fault.seeded, seed);
    struct world *w = world_new(seed, USUAL_CAST, CAST);
    fault.fired = 0;
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, came[0]);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, went[0]);
    world_pass(w, HOURS(8));
    char *file = world_backup(w, SHELTER);
    world_pass(w, HOURS(8));
    for (int i = 1; i < CAME; i++)
        world_refer(w, i == 2 ? COORDINATOR : OFFICER, SHELTER, LANE_NORMAL, came[i]);
    for (int i = 1; i < WENT; i++)
        world_refer(w, SHELTER, OFFICER, LANE_NORMAL, went[i]);
    world_pass(w, HOURS(8));
    world_burn_node(w, SHELTER);
    world_restore_backup(w, SHELTER, file);
    world_start_node(w, SHELTER, true);
    arm(w, victim, failure);
    pass_days(w, 3);
    refer_until_done(w, SHELTER, OFFICER);
    refer_until_done(w, OFFICER, SHELTER);
    pass_days(w, 2);
    print_message("statements that failed: %d\n", (int)fault.fired);
    assert_true(fault.fired > 50);
    disarm();
    pass_days(w, 9);
    for (int i = 0; i < CAME; i++)
        assert_int_equal(world_effects(w, SHELTER, came[i]), 1);
    for (int i = 0; i < WENT; i++)
        assert_int_equal(world_effects(w, OFFICER, went[i]), 1);
    assert_int_equal(count_listed(w, OFFICER, "inbox"), WENT + 1);
    assert_true(world_alarms(w, SHELTER, "unknown_sent") > 0);
    assert_true(world_alarms(w, OFFICER, "peer_restored") > 0);
    assert_int_equal(count_conflicts(w), 0);
    for (size_t to = 0; to < CAST; to++)
        if (to != SHELTER)
            assert_int_equal(count_unsettled(w, SHELTER, to), 0);
    memory_free(file);
    world_destroy(&w);
}

static void a_statement_that_fails_anywhere_after_a_loss_makes_it_no_greater(void **state)
{
    (void)state;
    make_good(11, SHELTER, STATUS_FULL);
    make_good(12, OFFICER, STATUS_FULL);
}

static void a_disk_that_dies_at_any_statement_after_a_loss_makes_it_no_greater(
    void **state)
{
    (void)state;
    make_good(13, SHELTER, STATUS_IO);
    make_good(14, OFFICER, STATUS_IO);
}

/* --- what waits for a person ----------------------------------------------------------------------------------- */

/* Until the node says yes; it may have said so in an answer that was lost with its turn. */
static void settle_until_done(struct world *w, size_t i, const char *verb, int64_t letter)
{
    static unsigned asked;
    char key[32], request[64];
    snprintf(key, sizeof(key), "aside-%u", ++asked);
    snprintf(request, sizeof(request), "{\"reference\":\"%lld\"}", (long long)letter);
    for (int tries = 0; tries < 200; tries++) {
        char *answer = NULL;
        await(w, i);
        int code = world_call(w, i, verb, key, request, &answer);
        memory_free(answer);
        if (code == 200)
            return;
        assert_true(code == 507 || code == 500 || code == 0);
        world_pass(w, MINUTES(1));
    }
    fail();
}

/* Letters of a suspended member, one of them withdrawn since: two are released, one is discarded. */
static void decide_aside(uint64_t seed, enum status failure)
{
    enum { LETTERS = 4 };
    char refs[LETTERS][WORLD_REFERENCE_BYTES];
    int64_t waiting[LETTERS + 1];
    struct post_aside asides[LETTERS + 1];
    size_t n = 0;
    disarm();
    seeded_init(&fault.seeded, seed);
    struct world *w = world_new(seed, USUAL_CAST, CAST);
    fault.fired = 0;
    world_cut(w, SHELTER);
    for (int i = 0; i < LETTERS; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, refs[i]);
    world_settle(w);
    world_roster(w, OFFICER, MEMBER_SUSPENDED, false);
    arm(w, SHELTER, failure);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(3));
    disarm();
    world_pass(w, HOURS(8));
    await(w, SHELTER);
    assert_ok(post_asides(post_of(w, SHELTER), 0, asides, LETTERS + 1, &n));
    assert_int_equal(n, LETTERS);
    for (size_t i = 0; i < n; i++)
        waiting[i] = asides[i].id;
    arm(w, SHELTER, failure);
    settle_until_done(w, SHELTER, "release", waiting[0]);
    settle_until_done(w, SHELTER, "discard", waiting[1]);
    settle_until_done(w, SHELTER, "release", waiting[2]);
    world_roster(w, OFFICER, MEMBER_ACTIVE, false);
    world_pass(w, HOURS(3));
    settle_until_done(w, SHELTER, "release", waiting[3]);
    world_pass(w, HOURS(3));
    print_message("statements that failed: %d\n", (int)fault.fired);
    assert_true(fault.fired > 5);
    disarm();
    pass_days(w, 9);
    int effects = 0;
    for (int i = 0; i < LETTERS; i++)
        effects += world_effects(w, SHELTER, refs[i]);
    assert_int_equal(effects, LETTERS - 1); /* each once; the discarded one never */
    assert_ok(post_asides(post_of(w, SHELTER), 0, asides, LETTERS + 1, &n));
    assert_int_equal(n, 0);
    world_destroy(&w);
}

static void a_statement_that_fails_anywhere_in_a_release_gives_each_letter_one_effect(
    void **state)
{
    (void)state;
    for (uint64_t seed = 21; seed < 23; seed++)
        decide_aside(seed, seed % 2 ? STATUS_FULL : STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_that_fails_anywhere_at_a_sender_loses_nothing),
        cmocka_unit_test(a_statement_that_fails_anywhere_at_a_recipient_loses_nothing),
        cmocka_unit_test(a_disk_that_dies_at_any_statement_of_either_node_loses_nothing),
        cmocka_unit_test(
            a_statement_that_fails_anywhere_after_a_loss_makes_it_no_greater),
        cmocka_unit_test(
            a_disk_that_dies_at_any_statement_after_a_loss_makes_it_no_greater),
        cmocka_unit_test(
            a_statement_that_fails_anywhere_in_a_release_gives_each_letter_one_effect),
    };
    return cmocka_run_group_tests_name("statements", tests, NULL, NULL);
}
