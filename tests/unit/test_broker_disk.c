/* SPDX-License-Identifier: Apache-2.0
 * A disk that is full or fails: nothing is claimed that is not on it, and what can go on goes on (PROTOCOL.md
 * 6.1, 6.5).
 */
#include "broker_kit.h"
#include "log.h"
#include "memory.h"
#include "reserve.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ALL_WRITES_MAX = 400 };

static struct kit kit;
static uint8_t bytes[ENVELOPE_BYTES_MAX];

static void swallow(void *context, const char *line)
{
    (void)context;
    (void)line;
}

static int set_up(void **state)
{
    static int count;
    static char name[32];
    (void)state;
    (void)snprintf(name, sizeof name, "full%d", count++);
    kit_init(&kit, name);
    log_set_sink(swallow, NULL);
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

static struct frame offer_frame(size_t to, struct ident *ret_msg_id)
{
    struct frame offer = {.kind = FRAME_OFFER};
    offer.offer.envelope = span_of(
        bytes, kit_envelope(&kit, to, LANE_NORMAL, BUCKET_SMALL, bytes, ret_msg_id));
    return offer;
}

/* ---- figures ---- */

static void disk_that_fills__refuses_offers_before_it_is_full(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit.total_bytes = INT64_C(100) << 30;
    kit.free_bytes = INT64_C(9) << 30; /* 91 % are used */
    kit_pass(&kit, 2 * SECOND_MS);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_DISK_FULL);
    assert_true(status_now().refusing_disk);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES); /* TAKEN and RECALL always work */
    kit_taken(&kit, 1, kit_take(&kit, 1, NULL));
    assert_int_equal(status_now().envelopes, 0);
    kit.free_bytes = INT64_C(11) << 30; /* 89 %: not enough to begin again */
    kit_pass(&kit, 2 * SECOND_MS);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_DISK_FULL);
    kit.free_bytes = INT64_C(20) << 30;
    kit_pass(&kit, 11 * SECOND_MS);
    kit_rest(&kit); /* it looks by itself */
    assert_false(status_now().refusing_disk);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
}

static void disk__below_512_MiB_refuses(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit.total_bytes = INT64_C(4) << 30;
    kit.free_bytes = INT64_C(511) << 20;
    kit_pass(&kit, 2 * SECOND_MS);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_DISK_FULL);
}

/* ---- full ---- */

static void turn_without_room__is_rolled_back_and_nobody_is_answered(void **state)
{
    (void)state;
    struct ident msg_id;
    kit_connect(&kit, 0);
    kit_connect(&kit, 2);
    struct frame offer = offer_frame(1, &msg_id);
    faultvfs_arm(kit.vfs, DISK_FULL, 1);
    kit_begin(&kit);
    kit_say(&kit, 0, &offer);
    kit_end(&kit);
    assert_int_equal(faultvfs_fired(kit.vfs, DISK_FULL), 1);
    assert_int_equal(kit_count(&kit, 0, FRAME_HELD), 0);
    const struct frame *bye = kit_find(&kit, 0, FRAME_BYE);
    assert_non_null(bye);
    assert_int_equal(bye->bye.reason, REFUSAL_DISK_FULL);
    assert_int_equal(status_now().sessions, 1); /* who did not speak goes on */
    assert_int_equal(status_now().envelopes, 0);
    assert_int_equal(status_now().helds, 0);
    assert_true(status_now().refusing_disk);
    faultvfs_free(kit.vfs);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), REFUSAL_DISK_FULL);
    kit_pass(&kit, 11 * SECOND_MS);
    kit_rest(&kit);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(status_now().envelopes, 1);
}

static void full_disk__is_no_reason_to_try_without_a_pause(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_pass(&kit, 46 * DAY_MS); /* a purge is due, and finds no room */
    faultvfs_arm(kit.vfs, DISK_FULL, 1);
    kit_begin(&kit);
    kit_end(&kit);
    assert_int_equal(faultvfs_fired(kit.vfs, DISK_FULL), 1);
    assert_int_equal(status_now().envelopes, 1);
    assert_int_equal(status_now().purged, 0);
    assert_true(broker_deadline_steady_ms(kit.broker) > kit.steady_ms);
    faultvfs_free(kit.vfs);
    kit_pass(&kit, 11 * SECOND_MS);
    kit_rest(&kit);
    assert_int_equal(status_now().purged, 1);
}

/* What giving up the reserve does on a real disk: between the failed turn and the second try. */
static void give_room(void *context, const char *line)
{
    (void)context;
    if (strstr(line, "event=disk-full") != NULL) {
        faultvfs_free(kit.vfs);
    }
}

static void taken_in_a_turn_without_room__is_tried_once_more(void **state)
{
    (void)state;
    struct ident msg_id;
    struct frame taken = {.kind = FRAME_TAKEN};
    uint64_t delivery = 1;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    taken.taken.n = 1;
    taken.taken.deliveries = &delivery;
    struct frame offer = offer_frame(2, &msg_id);
    log_set_sink(give_room, NULL);
    faultvfs_arm(kit.vfs, DISK_FULL, 1);
    kit_begin(&kit);
    kit_say(&kit, 0, &offer);
    kit_say(&kit, 1, &taken);
    kit_end(&kit);
    assert_int_equal(faultvfs_fired(kit.vfs, DISK_FULL), 1);
    assert_int_equal(kit_count(&kit, 0, FRAME_HELD), 0);
    assert_int_equal(status_now().envelopes, 0);
    assert_int_equal(status_now().taken, 1);
    struct trouble trouble = {""};
    assert_ok(broker_check(kit.broker, &trouble));
    faultvfs_power_cut(kit.vfs);
    kit_close(&kit);
    kit_open(&kit);
    assert_int_equal(status_now().envelopes, 0);
}

static void taken_that_finds_no_room_at_all__is_delivered_again(void **state)
{
    (void)state;
    struct ident sent, got;
    kit_connect(&kit, 0);
    size_t n = kit_envelope(&kit, 1, LANE_NORMAL, BUCKET_SMALL, bytes, &sent);
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, NULL), 1);
    faultvfs_arm(kit.vfs, DISK_FULL, 1);
    kit_taken(&kit, 1, 1);
    assert_int_equal(status_now().envelopes, 1);
    assert_int_equal(status_now().taken, 0);
    faultvfs_free(kit.vfs);
    kit_forget(&kit);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    assert_int_equal(kit_take(&kit, 1, &got), 1);
    assert_true(ident_equal(&sent, &got));
    kit_pass(&kit, 11 * SECOND_MS);
    kit_rest(&kit);
    kit_recall(&kit, 0, &sent); /* nor is it remembered as taken */
    assert_int_equal(kit_offer_bytes(&kit, 0, span_of(bytes, n), false), 0);
    assert_int_equal(status_now().envelopes, 1);
}

/* One exchange with offers, deliveries, TAKEN, RECALL: gives what was claimed to be held, or gone. */
struct claims {
    struct ident held[8], taken;
    size_t n;
    bool took;
};

static bool end_turn(void)
{
    enum status status = broker_end(kit.broker);
    return status == STATUS_OK;
}

static void note_helds(struct claims *claims, size_t sender)
{
    const struct frame *held;
    while ((held = kit_find(&kit, sender, FRAME_HELD)) != NULL) {
        for (size_t i = 0; i < held->held.n; i++) {
            claims->held[claims->n++] = held->held.msg_ids[i];
        }
    }
}

/* False: the process has to end. */
static bool play(struct claims *claims)
{
    struct ident msg_id;
    struct frame hello = kit_hello(&kit, 0), other = kit_hello(&kit, 1);
    for (int turn = 0; turn < 4; turn++) {
        if (broker_begin(kit.broker) != STATUS_OK) {
            return false;
        }
        kit_say(&kit, 0, &hello);
        struct frame offer = offer_frame(2, &msg_id);
        kit_say(&kit, 0, &offer);
        if (!end_turn()) {
            return false;
        }
        note_helds(claims, 0);
    }
    if (broker_begin(kit.broker) != STATUS_OK) {
        return false;
    }
    kit_say(&kit, 1, &other);
    struct frame credit = {.kind = FRAME_CREDIT};
    credit.credit.bytes = CREDIT_INITIAL_BYTES;
    kit_say(&kit, 1, &credit);
    if (!end_turn() || broker_begin(kit.broker) != STATUS_OK) {
        return false;
    }
    struct frame to_other = offer_frame(1, &msg_id);
    kit_say(&kit, 0, &hello);
    kit_say(&kit, 0, &to_other);
    if (!end_turn()) {
        return false;
    }
    note_helds(claims, 0);
    uint64_t delivery = kit_take(&kit, 1, &claims->taken);
    if (delivery == 0 || broker_begin(kit.broker) != STATUS_OK) {
        return delivery == 0;
    }
    struct frame taken = {.kind = FRAME_TAKEN};
    taken.taken.n = 1;
    taken.taken.deliveries = &delivery;
    kit_say(&kit, 1, &taken);
    claims->took = true;
    return end_turn();
}

static bool is_held(const struct ident *msg_id)
{
    struct frame have = {.kind = FRAME_HAVE};
    have.have.n = 1;
    have.have.msg_ids = msg_id;
    kit_turn(&kit, 3, &have);
    const struct frame *holds = kit_find(&kit, 3, FRAME_HOLDS);
    assert_non_null(holds);
    return holds->holds.bitmap.at[0] == 1;
}

static void check_claims(const struct claims *claims)
{
    struct trouble trouble = {""};
    if (broker_check(kit.broker, &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
    kit_connect(&kit, 3);
    for (size_t i = 0; i < claims->n; i++) {
        bool may_be_gone = claims->took && ident_equal(&claims->held[i], &claims->taken);
        assert_true(is_held(&claims->held[i]) || may_be_gone);
    }
}

static void start_again(const char *name)
{
    kit_release(&kit);
    kit_init(&kit, name);
}

static void disk_full_at_any_write__loses_nothing_that_was_said(void **state)
{
    (void)state;
    int fired = 1;
    for (int k = 1; fired > 0; k++) {
        struct claims claims = {.n = 0};
        assert_true(k < ALL_WRITES_MAX);
        start_again("full-at");
        faultvfs_arm(kit.vfs, DISK_FULL, k);
        assert_true(play(&claims)); /* a full disk never ends the process */
        fired = faultvfs_fired(kit.vfs, DISK_FULL);
        faultvfs_free(kit.vfs);
        kit_pass(&kit, 11 * SECOND_MS);
        kit_rest(&kit);
        check_claims(&claims);
        assert_int_equal(kit_offer(&kit, 3, 2, LANE_NORMAL, NULL), 0);
        faultvfs_power_cut(kit.vfs);
        kit_close(&kit);
        kit_open(&kit);
        check_claims(&claims);
    }
}

static void play_with_a_fault(enum disk_fault fault, const char *name)
{
    int fired = 1, ended = 0;
    for (int k = 1; fired > 0; k++) {
        struct claims claims = {.n = 0};
        assert_true(k < ALL_WRITES_MAX);
        start_again(name);
        faultvfs_arm(kit.vfs, fault, k);
        bool lives = play(&claims);
        fired = faultvfs_fired(kit.vfs, fault);
        if (!lives) {
            ended++;
            assert_int_equal(broker_begin(kit.broker), STATUS_IO); /* for good */
        }
        faultvfs_arm(kit.vfs, fault, 0);
        faultvfs_power_cut(kit.vfs);
        kit_close(&kit);
        kit_open(&kit);
        check_claims(&claims);
    }
    assert_true(ended > 0);
}

static void failing_write__ends_the_process_and_nothing_is_claimed(void **state)
{
    (void)state;
    play_with_a_fault(DISK_ERROR, "error-at");
}

static void failing_sync__ends_the_process_and_nothing_is_claimed(void **state)
{
    (void)state;
    play_with_a_fault(DISK_SYNC_ERROR, "sync-at");
}

static void document_without_room__is_not_loaded_and_may_come_again(void **state)
{
    (void)state;
    struct buffer roster;
    struct trouble trouble = {""};
    kit_make_roster(&kit, 2, &roster);
    faultvfs_arm(kit.vfs, DISK_FULL, 1);
    assert_status(
        broker_load(kit.broker, DOCUMENT_ROSTER, buffer_span(&roster), &trouble),
        STATUS_FULL);
    assert_int_equal(status_now().roster_version, 1);
    assert_string_not_equal(trouble.text, "");
    faultvfs_free(kit.vfs);
    assert_ok(broker_load(kit.broker, DOCUMENT_ROSTER, buffer_span(&roster), &trouble));
    assert_int_equal(status_now().roster_version, 2);
    buffer_release(&roster);
}

/* ---- the reserve ---- */

static void reserve__takes_its_blocks_and_gives_them_up(void **state)
{
    (void)state;
    char folder[] = "/tmp/amaan-test-reserve-XXXXXX", path[64], file[80];
    struct stat about;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/x.db", folder);
    (void)snprintf(file, sizeof file, "%s.reserve", path);
    struct reserve *reserve = reserve_open(path);
    assert_true(reserve_is_held(reserve));
    assert_int_equal(stat(file, &about), 0);
    assert_true(about.st_blocks * 512 >= DISK_RESERVE_BYTES);
    assert_int_equal(about.st_mode & 0777, 0600);
    reserve_release(reserve);
    assert_false(reserve_is_held(reserve));
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_blocks, 0);
    reserve_restore(reserve);
    assert_true(reserve_is_held(reserve));
    reserve_close(&reserve);
    reserve = reserve_open(path); /* it stays, and is found again */
    assert_true(reserve_is_held(reserve));
    reserve_release(reserve);
    reserve_close(&reserve);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void reserve__without_a_place_is_none(void **state)
{
    (void)state;
    struct reserve *reserve = reserve_open("/nowhere/at/all/x.db");
    assert_false(reserve_is_held(reserve));
    reserve_release(reserve);
    reserve_close(&reserve);
    reserve = reserve_open(NULL);
    assert_false(reserve_is_held(reserve));
    reserve_close(&reserve);
    reserve_close(&reserve);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(disk_that_fills__refuses_offers_before_it_is_full),
        TEST(disk__below_512_MiB_refuses),
        TEST(turn_without_room__is_rolled_back_and_nobody_is_answered),
        TEST(full_disk__is_no_reason_to_try_without_a_pause),
        TEST(taken_in_a_turn_without_room__is_tried_once_more),
        TEST(taken_that_finds_no_room_at_all__is_delivered_again),
        TEST(disk_full_at_any_write__loses_nothing_that_was_said),
        TEST(failing_write__ends_the_process_and_nothing_is_claimed),
        TEST(failing_sync__ends_the_process_and_nothing_is_claimed),
        TEST(document_without_room__is_not_loaded_and_may_come_again),
        cmocka_unit_test(reserve__takes_its_blocks_and_gives_them_up),
        cmocka_unit_test(reserve__without_a_place_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
