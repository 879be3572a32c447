/* SPDX-License-Identifier: Apache-2.0
 * What the operator is told: counts, queues by node id, and whether the database holds together.
 */
#include "broker_kit.h"
#include "db.h"
#include "log.h"
#include "memory.h"

static struct kit kit;

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
    (void)snprintf(name, sizeof name, "watch%d", count++);
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

static void status__counts_what_happened(void **state)
{
    (void)state;
    struct broker_status status;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    kit_taken(&kit, 1, 1);
    broker_status(kit.broker, &status);
    assert_int_equal(status.members, KIT_MEMBERS);
    assert_int_equal(status.sessions, 2);
    assert_int_equal(status.offers, 2);
    assert_int_equal(status.helds, 2);
    assert_int_equal(status.delivered, 2);
    assert_int_equal(status.taken, 1);
    assert_int_equal(status.envelopes, 1);
    assert_int_equal(status.bytes, SMALL_BYTES);
    assert_int_equal(status.oldest_hour_ms, kit.wall_ms / HOUR_MS * HOUR_MS);
    assert_int_equal(status.root_version, 1);
    assert_true(status.roster_expires_ms > kit.wall_ms);
    assert_false(status.forked || status.refusing_disk || status.draining);
}

static void queues__are_listed_by_node_with_what_waits(void **state)
{
    (void)state;
    struct queue_line lines[KIT_MEMBERS];
    size_t n = 0;
    struct frame hello = kit_hello(&kit, 3);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    int64_t hour_ms = kit.wall_ms / HOUR_MS * HOUR_MS;
    for (int day = 0; day < 8; day++) {
        kit_pass(&kit, DAY_MS);
        kit_rest(&kit);
    }
    hello.hello.locked = true;
    kit_turn(&kit, 3, &hello);
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(kit_offer(&kit, 0, 3, LANE_NORMAL, NULL), 0);
    kit_credit(&kit, 3, CREDIT_INITIAL_BYTES); /* it is under way now */
    assert_ok(broker_queues(kit.broker, lines, KIT_MEMBERS, &n));
    assert_int_equal(n, 3); /* 0 has a session, 1 mail, 3 both; 2 and 4 neither */
    assert_true(ident_equal(&lines[0].node_id, &kit.members[0].node_id));
    assert_true(lines[0].connected);
    assert_int_equal(lines[0].envelopes, 0);
    assert_true(ident_equal(&lines[1].node_id, &kit.members[1].node_id));
    assert_false(lines[1].connected);
    assert_int_equal(lines[1].envelopes, 2);
    assert_int_equal(lines[1].bytes, 2 * SMALL_BYTES);
    assert_int_equal(lines[1].oldest_hour_ms, hour_ms);
    assert_int_equal(lines[1].silence_days, 7);
    assert_true(lines[2].connected && lines[2].locked);
    assert_int_equal(lines[2].envelopes, 1);
    assert_int_equal(lines[2].oldest_hour_ms, kit.wall_ms / HOUR_MS * HOUR_MS);
    assert_ok(broker_queues(kit.broker, lines, 1, &n));
    assert_int_equal(n, 1);
}

static void second_opener__is_told_that_it_is_in_use(void **state)
{
    (void)state;
    struct broker *second = NULL;
    struct trouble trouble = {""};
    assert_status(broker_open(&kit.options, &second, &trouble), STATUS_BUSY);
    assert_null(second);
    assert_holds(trouble.text, "in use by another process");
}

static void database_of_another_program__is_refused(void **state)
{
    (void)state;
    static const char *const script[] = {
        "CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT;"};
    struct db *db = NULL;
    struct trouble trouble = {""};
    struct db_options options = {.path = "other.db",
        .vfs = faultvfs_name(kit.vfs),
        .migrations = script,
        .n_migrations = 1,
        .application_id = 0x12345678};
    assert_ok(db_open(&options, &db, &trouble));
    db_close(&db);
    kit.options.path = "other.db";
    struct broker *broker = NULL;
    assert_status(broker_open(&kit.options, &broker, &trouble), STATUS_UNSUPPORTED);
    assert_null(broker);
    assert_string_not_equal(trouble.text, "");
}

static void damage__is_found_at_start_or_by_check_and_never_served(void **state)
{
    (void)state;
    int found = 0, harmless = 0;
    kit_connect(&kit, 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(kit_offer(&kit, 0, 1 + i % 4, LANE_NORMAL, NULL), 0);
    }
    kit_close(&kit);
    struct faultvfs_image *image = faultvfs_save(kit.vfs);
    for (int64_t offset = 0; offset < 64 * 1024; offset += 997) {
        struct trouble trouble = {""};
        faultvfs_restore(kit.vfs, image);
        if (!faultvfs_damage(kit.vfs, "broker.db", offset)) {
            continue;
        }
        enum status status = broker_open(&kit.options, &kit.broker, &trouble);
        if (status == STATUS_OK) {
            status = broker_check(kit.broker, &trouble);
        }
        if (status != STATUS_OK) {
            found++;
            assert_string_not_equal(trouble.text, ""); /* a sentence, not an abort */
        } else {
            harmless++; /* inside of ciphertext, or where nothing is */
        }
        broker_close(&kit.broker);
    }
    assert_true(found > 0);
    assert_true(harmless > 0);
    faultvfs_restore(kit.vfs, image);
    faultvfs_image_destroy(&image);
    kit_open(&kit);
}

/* How long the exchange says that member 1 has not collected. */
static int silence_of_1(void)
{
    struct queue_line lines[KIT_MEMBERS];
    size_t n = 0;
    assert_ok(broker_queues(kit.broker, lines, KIT_MEMBERS, &n));
    for (size_t i = 0; i < n; i++) {
        if (ident_equal(&lines[i].node_id, &kit.members[1].node_id)) {
            return lines[i].silence_days;
        }
    }
    return -1;
}

static void wait_days(int days)
{
    struct frame pong = {.kind = FRAME_PONG};
    for (int step = 0; step < 24 * 6 * days; step++) {
        kit_pass(&kit, 10 * MINUTE_MS);
        kit_rest(&kit);
        kit_turn(&kit, 0, &pong);
        kit_turn(&kit, 1, &pong);
        kit_forget(&kit);
    }
}

static void silence__ends_when_mail_is_taken(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    wait_days(8);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(silence_of_1(), 7);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, SMALL_BYTES);
    kit_taken(&kit, 1, 1);
    assert_int_equal(silence_of_1(), 0);
}

static void member_that_is_here_without_mail__is_not_silent(void **state)
{
    (void)state;
    kit_connect(&kit, 0);
    kit_connect(&kit, 1);
    kit_credit(&kit, 1, CREDIT_INITIAL_BYTES);
    wait_days(8);
    assert_int_equal(kit_offer(&kit, 0, 1, LANE_NORMAL, NULL), 0);
    assert_int_equal(silence_of_1(), 0);
}

static enum status load(enum document_type type, const struct buffer *bytes)
{
    struct trouble trouble = {""};
    enum status status = broker_load(kit.broker, type, buffer_span(bytes), &trouble);
    assert_int_equal(status != STATUS_OK, trouble.text[0] != '\0');
    return status;
}

static void documents__that_are_there_are_no_news_and_older_rosters_are_refused(
    void **state)
{
    (void)state;
    struct buffer second;
    assert_status(load(DOCUMENT_ROOT, &kit.ceremony.root), STATUS_EXISTS);
    assert_status(load(DOCUMENT_ROSTER, &kit.rosters[0]), STATUS_EXISTS);
    kit_next_roster(&kit);
    assert_status(load(DOCUMENT_ROSTER, &kit.rosters[0]), STATUS_EXPIRED);
    kit_make_root(&kit, &second);
    assert_ok(load(DOCUMENT_ROOT, &second));
    assert_status(load(DOCUMENT_ROOT, &second), STATUS_EXISTS);
    assert_status(
        load(DOCUMENT_ROOT, &kit.ceremony.root), STATUS_EXISTS); /* of the chain */
    buffer_release(&second);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(status__counts_what_happened),
        TEST(queues__are_listed_by_node_with_what_waits),
        TEST(second_opener__is_told_that_it_is_in_use),
        TEST(database_of_another_program__is_refused),
        TEST(damage__is_found_at_start_or_by_check_and_never_served),
        TEST(silence__ends_when_mail_is_taken),
        TEST(member_that_is_here_without_mail__is_not_silent),
        TEST(documents__that_are_there_are_no_news_and_older_rosters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
