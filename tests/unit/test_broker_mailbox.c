/* SPDX-License-Identifier: Apache-2.0
 * Mailboxes keep rows and memory together, over commit and rollback.
 */
#include "store_kit.h"

enum { SMALL_BYTES = 2152 };

static struct mailboxes *open_mailboxes(uint32_t hour)
{
    struct mailboxes *mailboxes = NULL;
    if (mailboxes_open(db, chance, hour, &mailboxes, &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
    return mailboxes;
}

static void ignore_waiting(void *context, struct mailbox *mailbox)
{
    (void)mailbox;
    if (context != NULL) {
        ++*(int *)context;
    }
}

static void commit(struct mailboxes *mailboxes)
{
    assert_ok(mailboxes_flush(mailboxes, 200));
    assert_ok(db_commit(db));
    mailboxes_committed(mailboxes, ignore_waiting, NULL);
}

static void roll_back(struct mailboxes *mailboxes)
{
    db_rollback(db);
    mailboxes_rolled_back(mailboxes);
}

static uint8_t content[SMALL_BYTES];

/* Inside of a transaction. */
static struct ident put_envelope(struct mailboxes *mailboxes, struct mailbox *mailbox,
    enum queue queue, uint32_t hour, const struct ident *sender)
{
    struct header header = {.msg_id = ident_new(chance)};
    chance_fill(chance, content, sizeof content);
    struct arrival arrival = {.header = &header,
        .envelope = span_of(content, sizeof content),
        .hash = hash_of(span_of(content, sizeof content)),
        .queue = queue,
        .sender = *sender,
        .hour = hour};
    assert_ok(mailbox_put(mailboxes, mailbox, &arrival));
    return header.msg_id;
}

static void check(struct mailboxes *mailboxes)
{
    if (mailboxes_check(mailboxes, &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
}

static void mailboxes__say_who_waits_only_after_the_commit(void **state)
{
    (void)state;
    int waiting = 0;
    struct ident sender = ident_new(chance), queue = ident_new(chance);
    struct mailboxes *mailboxes = open_mailboxes(100);
    struct mailbox *mailbox = mailboxes_get(mailboxes, &queue, 100);
    assert_ok(db_begin(db));
    struct ident id = put_envelope(mailboxes, mailbox, QUEUE_NORMAL, 100, &sender);
    assert_int_equal(mailbox->queues[QUEUE_NORMAL].n, 0);
    assert_ok(mailboxes_flush(mailboxes, 100));
    assert_ok(db_commit(db));
    mailboxes_committed(mailboxes, ignore_waiting, &waiting);
    assert_int_equal(waiting, 1);
    assert_int_equal(mailbox->queues[QUEUE_NORMAL].n, 1);
    assert_int_equal(mailbox->envelopes, 1);
    assert_int_equal(mailbox->bytes, SMALL_BYTES);
    assert_non_null(mailboxes_find_held(mailboxes, &id));
    assert_int_equal(mailbox_find_share(mailboxes, mailbox, &sender)->envelopes, 1);
    check(mailboxes);
    mailboxes_close(&mailboxes);
}

static void mailboxes__are_as_before_after_a_rollback(void **state)
{
    (void)state;
    struct ident sender = ident_new(chance), queue = ident_new(chance), ids[4];
    struct mailboxes *mailboxes = open_mailboxes(100);
    struct mailbox *mailbox = mailboxes_get(mailboxes, &queue, 100);
    assert_ok(db_begin(db));
    for (size_t i = 0; i < 3; i++) {
        ids[i] = put_envelope(mailboxes, mailbox, QUEUE_NORMAL, 100, &sender);
    }
    commit(mailboxes);
    assert_ok(db_begin(db));
    struct held *first = mailbox_give(mailbox, QUEUE_NORMAL);
    struct held *second = mailbox_give(mailbox, QUEUE_NORMAL);
    assert_ok(mailbox_taken(mailboxes, first));
    assert_ok(mailbox_drop(mailboxes, second));
    assert_ok(mailbox_drop(mailboxes, mailboxes_find_held(mailboxes, &ids[2])));
    ids[3] = put_envelope(mailboxes, mailbox, QUEUE_EXPRESS, 100, &sender);
    assert_ok(mailbox_drop(mailboxes, mailboxes_find_held(mailboxes, &ids[3])));
    assert_int_equal(mailbox->envelopes, 0);
    assert_null(mailboxes_find_held(mailboxes, &ids[0]));
    roll_back(mailboxes);
    assert_int_equal(mailbox->envelopes, 3);
    assert_int_equal(mailbox_find_share(mailboxes, mailbox, &sender)->envelopes, 3);
    assert_null(mailboxes_find_held(mailboxes, &ids[3]));
    check(mailboxes);
    for (size_t i = 0; i < 3; i++) { /* in their order, what was out as well */
        struct held *held = mailbox_give(mailbox, QUEUE_NORMAL);
        assert_true(ident_equal(&held->msg_id, &ids[i]));
    }
    mailboxes_close(&mailboxes);
}

static void mailboxes__come_back_from_the_disk_without_senders(void **state)
{
    (void)state;
    struct ident sender = ident_new(chance), queue = ident_new(chance), ids[3];
    struct span bytes;
    struct mailboxes *mailboxes = open_mailboxes(100);
    struct mailbox *mailbox = mailboxes_get(mailboxes, &queue, 100);
    assert_ok(db_begin(db));
    ids[0] = put_envelope(mailboxes, mailbox, QUEUE_NORMAL, 100, &sender);
    ids[1] =
        put_envelope(mailboxes, mailbox, QUEUE_EXPRESS, 900, &sender); /* a wrong clock */
    mailbox_collected(mailboxes, mailbox, 120);
    commit(mailboxes);
    uint8_t last[SMALL_BYTES];
    memcpy(last, content, sizeof last);
    mailboxes_close(&mailboxes);
    power_cut();
    mailboxes = open_mailboxes(200);
    mailbox = mailboxes_find(mailboxes, &queue);
    assert_non_null(mailbox);
    assert_int_equal(mailbox->collected_hour, 120);
    assert_int_equal(mailbox->queues[QUEUE_NORMAL].n, 1);
    assert_int_equal(mailbox->queues[QUEUE_EXPRESS].n, 1);
    assert_null(mailbox_find_share(mailboxes, mailbox, &sender));
    struct held *held = mailboxes_find_held(mailboxes, &ids[1]);
    assert_int_equal(held->hour, 200); /* not in the future */
    assert_ok(mailbox_read(mailboxes, held, &bytes));
    assert_span(bytes, span_of(last, sizeof last));
    check(mailboxes);
    mailboxes_close(&mailboxes);
}

static void mailboxes__read_fresh_and_old_bytes(void **state)
{
    (void)state;
    enum { MANY = 16 * 1024 * 1024 / SMALL_BYTES + 10 }; /* more than the cache holds */
    struct ident sender = ident_new(chance), queue = ident_new(chance);
    struct mailboxes *mailboxes = open_mailboxes(100);
    struct mailbox *mailbox = mailboxes_get(mailboxes, &queue, 100);
    assert_ok(db_begin(db));
    for (size_t i = 0; i < MANY; i++) {
        (void)put_envelope(mailboxes, mailbox, QUEUE_NORMAL, 100, &sender);
    }
    commit(mailboxes);
    for (size_t i = 0; i < MANY; i++) {
        struct span bytes;
        struct held *held = mailbox_give(mailbox, QUEUE_NORMAL);
        if (i > 20 && i < MANY - 20) {
            continue;
        }
        assert_ok(mailbox_read(mailboxes, held, &bytes));
        struct hash hash = hash_of(bytes);
        assert_true(hash_equal(&hash, &held->hash));
    }
    mailboxes_close(&mailboxes);
}

static void mailboxes__purge_old_and_unwanted_mail_in_slices(void **state)
{
    (void)state;
    struct ident sender = ident_new(chance), one = ident_new(chance),
                 two = ident_new(chance);
    size_t n = 0;
    struct mailboxes *mailboxes = open_mailboxes(200);
    struct mailbox *old = mailboxes_get(mailboxes, &one, 200);
    struct mailbox *unwanted = mailboxes_get(mailboxes, &two, 200);
    assert_ok(db_begin(db));
    for (uint32_t i = 0; i < 20; i++) {
        bool is_old = i < 10;
        (void)put_envelope(mailboxes, is_old ? old : unwanted,
            is_old ? QUEUE_NORMAL : QUEUE_EXPRESS, 100 + i, &sender);
    }
    commit(mailboxes);
    assert_false(mailboxes_purge_is_due(mailboxes, 100, 0));
    assert_true(mailboxes_purge_is_due(mailboxes, 105, 0));
    mailboxes_set_unwanted(mailboxes, unwanted, true);
    assert_true(mailboxes_purge_is_due(mailboxes, 100, 0));
    assert_ok(db_begin(db));
    assert_ok(mailboxes_purge(mailboxes, 105, 0, 8, &n));
    commit(mailboxes);
    assert_int_equal(n, 8);
    assert_int_equal(old->envelopes, 5);
    assert_int_equal(unwanted->envelopes, 7);
    assert_ok(db_begin(db));
    assert_ok(mailboxes_purge(mailboxes, 105, 0, 500, &n));
    commit(mailboxes);
    assert_int_equal(unwanted->envelopes, 0);
    assert_int_equal(old->envelopes, 5);
    assert_false(mailboxes_purge_is_due(mailboxes, 105, 0));
    check(mailboxes);
    mailboxes_close(&mailboxes);
}

static void mailboxes__notice_rows_that_do_not_agree(void **state)
{
    (void)state;
    struct ident sender = ident_new(chance), queue = ident_new(chance);
    struct rows *rows = NULL;
    struct mailboxes *mailboxes = open_mailboxes(100);
    struct mailbox *mailbox = mailboxes_get(mailboxes, &queue, 100);
    assert_ok(db_begin(db));
    (void)put_envelope(mailboxes, mailbox, QUEUE_NORMAL, 100, &sender);
    commit(mailboxes);
    check(mailboxes);
    assert_ok(rows_open(db, &rows, &trouble));
    assert_ok(db_begin(db));
    assert_ok(rows_remove(rows, 1)); /* behind its back */
    assert_ok(db_commit(db));
    rows_close(&rows);
    assert_status(mailboxes_check(mailboxes, &trouble), STATUS_CORRUPT);
    assert_string_not_equal(trouble.text, "");
    mailboxes_close(&mailboxes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(mailboxes__say_who_waits_only_after_the_commit),
        TEST(mailboxes__are_as_before_after_a_rollback),
        TEST(mailboxes__come_back_from_the_disk_without_senders),
        TEST(mailboxes__read_fresh_and_old_bytes),
        TEST(mailboxes__purge_old_and_unwanted_mail_in_slices),
        TEST(mailboxes__notice_rows_that_do_not_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
