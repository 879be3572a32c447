/* SPDX-License-Identifier: Apache-2.0
 *
 * replies: the same key with the same request gives the same answer, for at least REPLY_KEEP_DAYS.
 */
#include "care_kit.h"
#include "replies.h"

enum { DAY = 20000 };

static void put(struct care_kit *kit, struct replies *replies, const char *key,
    const char *request, const char *answer, int64_t day)
{
    assert_ok(db_begin(kit->db));
    assert_ok(replies_put(replies, key, span_text(request), 201, span_text(answer), day));
    assert_ok(db_commit(kit->db));
}

static enum status find(
    struct replies *replies, const char *key, const char *request, const char *wanted)
{
    struct buffer answer;
    int http = 0;

    buffer_init(&answer, REPLY_ANSWER_BYTES_MAX);
    enum status status = replies_find(replies, key, span_text(request), &http, &answer);
    if (status == STATUS_OK) {
        assert_int_equal(http, 201);
        assert_span(buffer_span(&answer), span_text(wanted));
    }
    buffer_release(&answer);
    return status;
}

static void replies__gives_the_same_answer_and_refuses_another_request(void **state)
{
    (void)state;
    struct care_kit kit;
    struct replies *replies = NULL;
    care_kit_open(&kit, 31);
    assert_ok(replies_open(kit.db, kit.chance, &replies, NULL));
    assert_status(find(replies, "key-1", "refer", ""), STATUS_LOCKED);
    replies_unlock(replies, &kit.master);
    assert_status(find(replies, "key-1", "refer", ""), STATUS_NOT_FOUND);
    put(&kit, replies, "key-1", "refer", "{\"a\":1}", DAY);
    put(&kit, replies, "key-2", "refer", "{\"a\":2}", DAY);
    assert_ok(find(replies, "key-1", "refer", "{\"a\":1}"));
    assert_ok(find(replies, "key-2", "refer", "{\"a\":2}"));
    assert_status(find(replies, "key-1", "Refer", ""), STATUS_CONFLICT);
    assert_ok(db_begin(kit.db));
    assert_status(replies_put(replies, "key-1", span_text("x"), 200, span_text("y"), DAY),
        STATUS_EXISTS);
    db_rollback(kit.db);
    replies_close(&replies);
    care_kit_close(&kit);
}

static void purge(
    struct care_kit *kit, struct replies *replies, int64_t day, bool wanted_more)
{
    bool more = !wanted_more;

    assert_ok(db_begin(kit->db));
    assert_ok(replies_purge(replies, day, &more));
    assert_ok(db_commit(kit->db));
    assert_int_equal(more, wanted_more);
}

static void replies__are_purged_after_their_time_and_not_before(void **state)
{
    (void)state;
    struct care_kit kit;
    struct replies *replies = NULL;
    care_kit_open(&kit, 32);
    assert_ok(replies_open(kit.db, kit.chance, &replies, NULL));
    replies_unlock(replies, &kit.master);
    put(&kit, replies, "old", "r", "a", DAY);
    put(&kit, replies, "new", "r", "a", DAY + 1);
    purge(&kit, replies, DAY + REPLY_KEEP_DAYS, false);
    assert_ok(find(replies, "old", "r", "a"));
    purge(&kit, replies, DAY + REPLY_KEEP_DAYS + 1, false);
    assert_status(find(replies, "old", "r", "a"), STATUS_NOT_FOUND);
    assert_ok(find(replies, "new", "r", "a"));
    replies_close(&replies);
    care_kit_close(&kit);
}

static void replies__are_purged_some_at_once_until_none_is_left(void **state)
{
    (void)state;
    struct care_kit kit;
    struct replies *replies = NULL;
    char key[16];
    care_kit_open(&kit, 34);
    assert_ok(replies_open(kit.db, kit.chance, &replies, NULL));
    replies_unlock(replies, &kit.master);
    for (int i = 0; i <= REPLIES_PURGED_AT_ONCE; i++) {
        snprintf(key, sizeof(key), "key-%d", i);
        put(&kit, replies, key, "r", "a", DAY);
    }
    purge(&kit, replies, DAY + REPLY_KEEP_DAYS + 1, true);
    purge(&kit, replies, DAY + REPLY_KEEP_DAYS + 1, false);
    for (int i = 0; i <= REPLIES_PURGED_AT_ONCE; i++) {
        snprintf(key, sizeof(key), "key-%d", i);
        assert_status(find(replies, key, "r", "a"), STATUS_NOT_FOUND);
    }
    replies_close(&replies);
    care_kit_close(&kit);
}

static void replies__keeps_keys_and_answers_unreadable(void **state)
{
    (void)state;
    struct care_kit kit;
    struct replies *replies = NULL;
    care_kit_open(&kit, 33);
    assert_ok(replies_open(kit.db, kit.chance, &replies, NULL));
    replies_unlock(replies, &kit.master);
    put(&kit, replies, "vamprolix-key", "dullibert-request", "marzidoon-answer", DAY);
    replies_close(&replies);
    db_close(&kit.db);
    assert_false(faultvfs_contains(kit.vfs, "vamprolix", 9));
    assert_false(faultvfs_contains(kit.vfs, "dullibert", 9));
    assert_false(faultvfs_contains(kit.vfs, "marzidoon", 9));
    care_kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies__gives_the_same_answer_and_refuses_another_request),
        cmocka_unit_test(replies__are_purged_after_their_time_and_not_before),
        cmocka_unit_test(replies__are_purged_some_at_once_until_none_is_left),
        cmocka_unit_test(replies__keeps_keys_and_answers_unreadable),
    };
    return cmocka_run_group_tests_name("replies", tests, NULL, NULL);
}
