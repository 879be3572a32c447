/* SPDX-License-Identifier: Apache-2.0
 *
 * consents, sharings, acts: boxed, found again, changed, and dead without their key.
 */
#include "acts.h"
#include "care_kit.h"
#include "consents.h"
#include "referrals.h"
#include "replies.h"
#include "sharings.h"

enum { DAY = 20781 };

struct bench {
    struct care_kit kit;
    struct consents *consents;
    struct sharings *sharings;
    struct acts *acts;
    struct arena *arena;
    struct box_key key;
};

static void open_bench(struct bench *bench)
{
    care_kit_open(&bench->kit, 31);
    assert_ok(consents_open(bench->kit.db, bench->kit.chance, &bench->consents, NULL));
    assert_ok(sharings_open(bench->kit.db, bench->kit.chance, &bench->sharings, NULL));
    assert_ok(acts_open(bench->kit.db, bench->kit.chance, &bench->acts, NULL));
    acts_unlock(bench->acts, &bench->kit.master);
    bench->arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    box_new_key(bench->kit.chance, &bench->key);
}

static void close_bench(struct bench *bench)
{
    consents_close(&bench->consents);
    sharings_close(&bench->sharings);
    acts_close(&bench->acts);
    arena_destroy(&bench->arena);
    care_kit_close(&bench->kit);
}

static struct consent_row make_consent(struct bench *bench, const struct ident *subject)
{
    struct consent_row row = {
        .consent_id = ident_new(bench->kit.chance), .subject = *subject};
    row.consent = (struct consent){.service = SERVICE_LEGAL,
        .recipient = ident_new(bench->kit.chance),
        .groups = DISCLOSURE_ALL,
        .giver = GIVER_OVERRIDE,
        .way = WAY_SPOKEN,
        .language = "pus",
        .interpreter = true,
        .text_version = 3,
        .given_day = DAY,
        .last_day = DAY + 9,
        .override = OVERRIDE_COURT_ORDER,
        .role = "shift quolmlead",
        .rationale = "pelligrande",
        .first = "brintavel",
        .second = "thrandel"};
    return row;
}

static void put_consent(struct bench *bench, const struct consent_row *row)
{
    assert_ok(db_begin(bench->kit.db));
    assert_ok(consents_put(bench->consents, &bench->key, row));
    assert_ok(db_commit(bench->kit.db));
}

static void consents__come_back_in_order_and_change(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct ident subject = ident_new(bench.kit.chance),
                 other = ident_new(bench.kit.chance);
    struct consent_row first = make_consent(&bench, &subject),
                       second = make_consent(&bench, &subject),
                       third = make_consent(&bench, &other), found = {0};
    put_consent(&bench, &first);
    put_consent(&bench, &third);
    put_consent(&bench, &second);
    assert_ok(
        consents_next(bench.consents, &bench.key, &subject, 0, bench.arena, &found));
    assert_true(ident_equal(&found.consent_id, &first.consent_id));
    assert_true(ident_equal(&found.consent.recipient, &first.consent.recipient));
    assert_int_equal(found.consent.groups, DISCLOSURE_ALL);
    assert_int_equal(found.consent.override, OVERRIDE_COURT_ORDER);
    assert_int_equal(found.consent.text_version, 3);
    assert_int_equal(found.consent.last_day, DAY + 9);
    assert_string_equal(found.consent.language, "pus");
    assert_string_equal(found.consent.rationale, "pelligrande");
    assert_string_equal(found.consent.second, "thrandel");
    assert_true(found.consent.interpreter);
    assert_ok(consents_next(
        bench.consents, &bench.key, &subject, found.id, bench.arena, &found));
    assert_true(ident_equal(&found.consent_id, &second.consent_id));
    assert_status(consents_next(bench.consents, &bench.key, &subject, found.id,
                      bench.arena, &found),
        STATUS_NOT_FOUND);
    first.consent.withdrawn_day = DAY + 1;
    first.consent.withdrawn = WITHDRAWAL_PERSON_ASKED;
    assert_ok(db_begin(bench.kit.db));
    assert_ok(consents_change(bench.consents, &bench.key, &first));
    first.consent_id = ident_new(bench.kit.chance);
    assert_status(consents_change(bench.consents, &bench.key, &first), STATUS_NOT_FOUND);
    assert_status(consents_put(bench.consents, &bench.key, &second), STATUS_EXISTS);
    db_rollback(bench.kit.db);
    close_bench(&bench);
}

static void consents__without_the_key_of_their_case_are_nothing(void **state)
{
    (void)state;
    struct bench bench;
    struct box_key other;
    open_bench(&bench);
    struct ident subject = ident_new(bench.kit.chance);
    struct consent_row row = make_consent(&bench, &subject), found;
    put_consent(&bench, &row);
    box_new_key(bench.kit.chance, &other);
    assert_status(consents_next(bench.consents, &other, &subject, 0, bench.arena, &found),
        STATUS_CORRUPT);
    consents_close(&bench.consents);
    sharings_close(&bench.sharings);
    acts_close(&bench.acts);
    db_close(&bench.kit.db);
    static const char *const words[] = {"quolmlea", "pelligra", "brintave", "thrandel"};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        assert_false(faultvfs_contains(bench.kit.vfs, words[i], 8));
    assert_false(
        faultvfs_contains(bench.kit.vfs, row.consent.recipient.bytes, IDENT_BYTES));
    close_bench(&bench);
}

static void sharings__say_what_went_and_what_became_of_it(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct share share = {.item_id = ident_new(bench.kit.chance),
        .subject = ident_new(bench.kit.chance),
        .consent_id = ident_new(bench.kit.chance),
        .recipient = ident_new(bench.kit.chance),
        .reference = "7K2MQ4XTA",
        .service = SERVICE_SHELTER,
        .groups = GROUP_ALL,
        .day = DAY,
        .body_hash = {{9}}};
    struct share found;
    struct ident subject;
    assert_ok(db_begin(bench.kit.db));
    assert_ok(sharings_put(bench.sharings, &bench.key, &share));
    assert_status(sharings_put(bench.sharings, &bench.key, &share), STATUS_EXISTS);
    db_rollback(bench.kit.db);
    assert_ok(db_begin(bench.kit.db));
    assert_ok(sharings_put(bench.sharings, &bench.key, &share));
    share.withdrawn_day = DAY + 1;
    share.purged_day = DAY + 2;
    share.mismatch = share.stopped = true;
    assert_ok(sharings_change(bench.sharings, &bench.key, &share));
    assert_ok(db_commit(bench.kit.db));
    assert_ok(sharings_subject(bench.sharings, &share.item_id, &subject));
    assert_true(ident_equal(&subject, &share.subject));
    assert_ok(sharings_find(bench.sharings, &bench.key, &share.item_id, &found));
    assert_string_equal(found.reference, "7K2MQ4XTA");
    assert_int_equal(found.withdrawn_day, DAY + 1);
    assert_int_equal(found.purged_day, DAY + 2);
    assert_true(found.mismatch && found.stopped);
    assert_true(hash_equal(&found.body_hash, &share.body_hash));
    assert_ok(sharings_next(bench.sharings, &bench.key, &subject, 0, &found));
    assert_status(sharings_next(bench.sharings, &bench.key, &subject, found.id, &found),
        STATUS_NOT_FOUND);
    close_bench(&bench);
}

static void acts__stay_open_until_they_are_settled(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct act act = {.mine = true,
        .peer = ident_new(bench.kit.chance),
        .reference = "7K2MQ4XTA",
        .reason = OVERRIDE_LIFE_AT_RISK,
        .state = ACT_OPEN,
        .day = DAY,
        .first = "brintavel"};
    struct act found;
    assert_ok(db_begin(bench.kit.db));
    assert_ok(acts_put(bench.acts, &act));
    assert_status(acts_put(bench.acts, &act), STATUS_EXISTS);
    db_rollback(bench.kit.db);
    assert_ok(db_begin(bench.kit.db));
    assert_ok(acts_put(bench.acts, &act));
    assert_ok(acts_next(bench.acts, true, INT64_MAX, &found));
    assert_string_equal(found.first, "brintavel");
    assert_status(acts_find(bench.acts, "7K2MQ4XTA", false, &found), STATUS_NOT_FOUND);
    assert_ok(acts_find(bench.acts, "7K2MQ4XTA", true, &found));
    found.state = ACT_CONFIRMED;
    assert_ok(acts_change(bench.acts, &found));
    assert_status(acts_next(bench.acts, true, INT64_MAX, &found), STATUS_NOT_FOUND);
    assert_ok(acts_next(bench.acts, false, INT64_MAX, &found));
    assert_int_equal(found.state, ACT_CONFIRMED);
    acts_lock(bench.acts);
    assert_status(acts_find(bench.acts, "7K2MQ4XTA", true, &found), STATUS_LOCKED);
    assert_status(acts_next(bench.acts, false, INT64_MAX, &found), STATUS_LOCKED);
    assert_status(acts_put(bench.acts, &act), STATUS_LOCKED);
    assert_ok(db_commit(bench.kit.db));
    close_bench(&bench);
}

static void acts__of_one_member_fill_no_disk(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    struct act act = {.peer = ident_new(bench.kit.chance),
        .reason = OVERRIDE_LIFE_AT_RISK,
        .state = ACT_OPEN,
        .day = DAY};
    assert_ok(db_begin(bench.kit.db));
    for (int i = 0; i < ACTS_TOLD_MAX; i++) {
        reference_new(bench.kit.chance, act.reference);
        assert_ok(acts_put(bench.acts, &act));
    }
    reference_new(bench.kit.chance, act.reference);
    assert_status(acts_put(bench.acts, &act), STATUS_TOO_BIG);
    act.peer = ident_new(bench.kit.chance);
    assert_ok(acts_put(bench.acts, &act));
    assert_ok(db_commit(bench.kit.db));
    close_bench(&bench);
}

static void dp06__of_content_that_was_purged_only_codes_are_left(void **state)
{
    (void)state;
    struct bench bench;
    struct referrals *referrals;
    struct referral_row row = {.peer = {{7}}, .day = DAY}, found;
    bool buried = true;
    open_bench(&bench);
    assert_ok(referrals_open(bench.kit.db, bench.kit.chance, &referrals, NULL));
    referrals_unlock(referrals, &bench.kit.master);
    row.item_id = ident_new(bench.kit.chance);
    reference_new(bench.kit.chance, row.referral.reference);
    row.referral.service = SERVICE_MEDICAL;
    row.referral.priority = PRIORITY_URGENT;
    row.referral.person = (struct person){.age_band = AGE_18_25,
        .minor = MINOR_NO,
        .gender = GENDER_FEMALE,
        .safe_contact = "vornto"};
    row.referral.note = "quillomar";
    assert_ok(db_begin(bench.kit.db));
    assert_ok(referrals_put(referrals, &row, &row.id));
    assert_ok(referrals_purge(referrals, &row, DAY + 1));
    assert_ok(referrals_find(referrals, row.referral.reference, bench.arena, &found));
    assert_true(found.purged);
    assert_false(found.damaged);
    assert_string_equal(found.referral.note, "");
    assert_string_equal(found.referral.person.safe_contact, "");
    assert_int_equal(found.referral.person.age_band, AGE_UNKNOWN);
    assert_int_equal(found.referral.service, SERVICE_MEDICAL);
    assert_string_equal(found.referral.reference, row.referral.reference);
    struct referrals_count count;
    assert_ok(referrals_count(referrals, &count));
    assert_int_equal(count.waiting, 0);
    /* Tombstones: by member, once, and not without end. */
    assert_ok(referrals_bury(referrals, "00000000A", &row.peer, DAY));
    assert_status(referrals_bury(referrals, "00000000A", &row.peer, DAY), STATUS_EXISTS);
    db_rollback(bench.kit.db);
    assert_ok(db_begin(bench.kit.db));
    assert_ok(referrals_bury(referrals, "00000000A", &row.peer, DAY));
    assert_ok(referrals_is_buried(referrals, "00000000A", &row.peer, &buried));
    assert_true(buried);
    assert_ok(referrals_is_buried(referrals, "00000000A", &row.item_id, &buried));
    assert_false(buried);
    assert_ok(referrals_bury(referrals, "00000001B", &row.peer, DAY + BURIED_DAYS + 1));
    assert_ok(referrals_is_buried(referrals, "00000000A", &row.peer, &buried));
    assert_false(buried);
    assert_ok(db_commit(bench.kit.db));
    referrals_close(&referrals);
    close_bench(&bench);
}

static void replies__about_a_referral_are_blanked_with_its_content(void **state)
{
    (void)state;
    struct bench bench;
    struct replies *replies;
    struct buffer answer;
    int http = 0;
    open_bench(&bench);
    assert_ok(replies_open(bench.kit.db, bench.kit.chance, &replies, NULL));
    replies_unlock(replies, &bench.kit.master);
    buffer_init(&answer, REPLY_ANSWER_BYTES_MAX);
    assert_ok(db_begin(bench.kit.db));
    for (int i = 0; i < 3; i++) {
        char key[16];
        snprintf(key, sizeof(key), "k%d", i);
        assert_ok(
            replies_put(replies, key, span_text("q"), 200, span_text("{\"n\":1}"), DAY));
        assert_ok(replies_mark(replies, key, i < 2 ? "7K2MQ4XTA" : "00000000A"));
    }
    assert_ok(replies_blank(replies, "7K2MQ4XTA", span_text("{}")));
    assert_ok(replies_blank(replies, "7K2MQ4XTA", span_text("{}")));
    for (int i = 0; i < 3; i++) {
        char key[16];
        snprintf(key, sizeof(key), "k%d", i);
        buffer_clear(&answer);
        assert_ok(replies_find(replies, key, span_text("q"), &http, &answer));
        assert_span(buffer_span(&answer), span_text(i < 2 ? "{}" : "{\"n\":1}"));
    }
    assert_ok(db_commit(bench.kit.db));
    buffer_release(&answer);
    replies_close(&replies);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(consents__come_back_in_order_and_change),
        cmocka_unit_test(consents__without_the_key_of_their_case_are_nothing),
        cmocka_unit_test(sharings__say_what_went_and_what_became_of_it),
        cmocka_unit_test(acts__stay_open_until_they_are_settled),
        cmocka_unit_test(acts__of_one_member_fill_no_disk),
        cmocka_unit_test(dp06__of_content_that_was_purged_only_codes_are_left),
        cmocka_unit_test(replies__about_a_referral_are_blanked_with_its_content),
    };
    return cmocka_run_group_tests_name("consents", tests, NULL, NULL);
}
