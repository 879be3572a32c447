/* SPDX-License-Identifier: Apache-2.0
 * What decides without a disk: the table of sessions, the ring of turns, credit, quotas, the calendar.
 */
#include "calendar.h"
#include "check.h"
#include "credit.h"
#include "limits.h"
#include "memory.h"
#include "quota.h"
#include "schedule.h"
#include "session.h"

/* ---- session ---- */

/* PROTOCOL.md 7.2, as a column a kind: what the table says must be said here as well. */
static void session__follows_the_table_of_the_protocol(void **state)
{
    (void)state;
    static const struct {
        enum frame_kind kind;
        char verdicts[SESSION_STATE_COUNT +
                      1]; /* none, active, suspended: d o n i, as below */
    } rows[] = {
        {FRAME_HELLO, "ddd"},
        {FRAME_WELCOME, "..."},
        {FRAME_REFUSED, ".ii"},
        {FRAME_DOCUMENT_GET, ".dd"},
        {FRAME_DOCUMENT, ".dd"},
        {FRAME_BUNDLE_PUT, ".dn"},
        {FRAME_BUNDLES_GET, ".dn"},
        {FRAME_BUNDLES, "..."},
        {FRAME_OFFER, ".dn"},
        {FRAME_HELD, "..."},
        {FRAME_DELIVER, "..."},
        {FRAME_TAKEN, ".di"},
        {FRAME_EMPTY, "..."},
        {FRAME_HAVE, ".dn"},
        {FRAME_HOLDS, "..."},
        {FRAME_RECALL, ".dn"},
        {FRAME_CREDIT, ".dd"},
        {FRAME_PING, ".dd"},
        {FRAME_PONG, ".ii"},
        {FRAME_BYE, "idd"},
    };
    assert_int_equal(ARRAY_LENGTH(rows), FRAME_KIND_COUNT - 1);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        for (unsigned s = 0; s < SESSION_STATE_COUNT; s++) {
            char wanted = rows[i].verdicts[s];
            enum session_verdict verdict =
                session_judge((enum session_state)s, rows[i].kind);
            char is = verdict == SESSION_DOES      ? 'd'
                      : verdict == SESSION_DENIES  ? 'n'
                      : verdict == SESSION_IGNORES ? 'i'
                                                   : '.';
            if (is != wanted) {
                fail_msg("%s %s: %c, not %c", session_state_name((enum session_state)s),
                    frame_kind_name(rows[i].kind), is, wanted);
            }
        }
    }
    assert_int_equal(session_judge(SESSION_ACTIVE, FRAME_KIND_COUNT), SESSION_ENDS);
    assert_int_equal(session_judge(SESSION_STATE_COUNT, FRAME_PING), SESSION_ENDS);
}

static void session__is_nobodys_without_hello_or_membership(void **state)
{
    (void)state;
    assert_int_equal(session_state_of(false, STANDING_ACTIVE), SESSION_NONE);
    assert_int_equal(session_state_of(true, STANDING_ACTIVE), SESSION_ACTIVE);
    assert_int_equal(session_state_of(true, STANDING_SUSPENDED), SESSION_SUSPENDED);
    assert_int_equal(session_state_of(true, STANDING_REVOKED), SESSION_NONE);
    assert_int_equal(session_state_of(true, STANDING_UNKNOWN), SESSION_NONE);
}

/* ---- schedule ---- */

static void schedule__gives_everybody_the_same_bytes(void **state)
{
    (void)state;
    struct schedule schedule = {NULL};
    struct place places[3] = {{NULL}};
    const int64_t sizes[3] = {2152, 8296, 32872};
    int64_t got[3] = {0}, all = 0;
    for (size_t i = 0; i < 3; i++) {
        schedule_add(&schedule, &places[i]);
        schedule_add(&schedule, &places[i]); /* nothing: it stands there */
    }
    while (all < 100 * SCHEDULE_QUANTUM) {
        struct place *place = schedule_next(&schedule);
        size_t i = (size_t)(place - places);
        if (schedule_spend(&schedule, place, sizes[i])) {
            got[i] += sizes[i];
            all += sizes[i];
        }
    }
    for (size_t i = 0; i < 3; i++) {
        assert_true(got[i] > all / 3 - 2 * SCHEDULE_QUANTUM);
        assert_true(got[i] < all / 3 + 2 * SCHEDULE_QUANTUM);
    }
}

static void schedule__joining_again_and_again_gains_nothing(void **state)
{
    (void)state;
    struct schedule schedule = {NULL};
    struct place honest = {NULL}, greedy = {NULL};
    int n_honest = 0, n_greedy = 0;
    schedule_add(&schedule, &honest);
    schedule_add(&schedule, &greedy);
    for (int i = 0; i < 1000; i++) {
        struct place *place = schedule_next(&schedule);
        if (!schedule_spend(&schedule, place, SCHEDULE_QUANTUM)) {
            continue;
        }
        n_honest += place == &honest;
        n_greedy += place == &greedy;
        if (place == &greedy) {
            schedule_remove(&schedule, &greedy);
            schedule_add(&schedule, &greedy);
        }
    }
    assert_true(n_greedy <= n_honest + 1);
}

static void schedule__forgets_who_left(void **state)
{
    (void)state;
    struct schedule schedule = {NULL};
    struct place a = {NULL}, b = {NULL}, c = {NULL};
    assert_null(schedule_next(&schedule));
    schedule_add(&schedule, &a);
    schedule_add(&schedule, &b);
    schedule_add(&schedule, &c);
    assert_ptr_equal(schedule_next(&schedule), &a);
    schedule_remove(&schedule, &a);
    schedule_remove(&schedule, &a);
    assert_ptr_equal(schedule_next(&schedule), &b);
    schedule_remove(&schedule, &c);
    schedule_remove(&schedule, &b);
    assert_null(schedule_next(&schedule));
    schedule_add(&schedule, &a);
    assert_ptr_equal(schedule_next(&schedule), &a);
    assert_int_equal(a.deficit, SCHEDULE_QUANTUM); /* what it had is gone */
}

static void schedule__chooses_express_then_one_normal_after_eight(void **state)
{
    (void)state;
    struct choice_facts facts = {.waiting = {[QUEUE_EXPRESS] = 1, [QUEUE_NORMAL] = 1}};
    assert_int_equal(schedule_choose(&facts), QUEUE_EXPRESS);
    facts.express_run = EXPRESS_PER_NORMAL - 1;
    assert_int_equal(schedule_choose(&facts), QUEUE_EXPRESS);
    facts.express_run = EXPRESS_PER_NORMAL;
    assert_int_equal(schedule_choose(&facts), QUEUE_NORMAL);
    facts.waiting[QUEUE_NORMAL] = 0; /* nobody waits: express goes on */
    assert_int_equal(schedule_choose(&facts), QUEUE_EXPRESS);
}

static void schedule__gives_poison_alone_and_last(void **state)
{
    (void)state;
    struct choice_facts facts = {
        .waiting = {[QUEUE_NORMAL] = 1, [QUEUE_BEHIND] = 1, [QUEUE_ASIDE] = 1}};
    assert_int_equal(schedule_choose(&facts), QUEUE_NORMAL);
    facts.waiting[QUEUE_NORMAL] = 0;
    facts.under_way = 1;
    assert_int_equal(schedule_choose(&facts), QUEUE_COUNT);
    facts.under_way = 0;
    assert_int_equal(schedule_choose(&facts), QUEUE_BEHIND);
    facts.waiting[QUEUE_BEHIND] = 0;
    assert_int_equal(schedule_choose(&facts), QUEUE_ASIDE);
    facts = (struct choice_facts){
        .waiting = {[QUEUE_EXPRESS] = 1}, .under_way = 1, .alone = true};
    assert_int_equal(schedule_choose(&facts), QUEUE_COUNT);
    facts = (struct choice_facts){.under_way = 0};
    assert_int_equal(schedule_choose(&facts), QUEUE_COUNT);
}

/* ---- credit ---- */

static void grant__gives_back_what_was_used_and_doubles_when_it_is_fast(void **state)
{
    (void)state;
    struct grant grant;
    grant_init(&grant, 0);
    assert_int_equal(grant.left_bytes, CREDIT_INITIAL_BYTES);
    assert_int_equal(grant_renew(&grant, 0), 0); /* nothing was used */
    assert_true(grant_use(&grant, CREDIT_INITIAL_BYTES));
    assert_int_equal(grant_renew(&grant, 500), 2 * CREDIT_INITIAL_BYTES);
    assert_true(grant_use(&grant, 2 * CREDIT_INITIAL_BYTES));
    assert_int_equal(
        grant_renew(&grant, 5000), 2 * CREDIT_INITIAL_BYTES); /* slow: as it is */
    for (int64_t i = 0; i < 100; i++) {
        assert_true(grant_use(&grant, grant.left_bytes));
        (void)grant_renew(&grant, 5000 + i);
    }
    assert_int_equal(grant.window_bytes, CREDIT_MAX_BYTES);
}

static void grant__always_lets_the_largest_envelope_through(void **state)
{
    (void)state;
    struct grant grant;
    grant_init(&grant, 0);
    for (int i = 0; i < 100; i++) {
        assert_true(grant_use(&grant, 8296));
        (void)grant_renew(&grant, i * 10000);
        assert_true(grant.left_bytes >= ENVELOPE_BYTES_MAX);
    }
}

static void grant__that_was_overdrawn_is_owed(void **state)
{
    (void)state;
    struct grant grant;
    grant_init(&grant, 0);
    assert_true(grant_use(&grant, 32872));
    assert_false(grant_use(&grant, 32872));
    assert_true(grant.left_bytes < 0);
    (void)grant_renew(&grant, 60000);
    assert_true(grant.left_bytes >= ENVELOPE_BYTES_MAX);
    assert_true(grant.left_bytes <= grant.window_bytes);
}

static void give_and_take(struct window *window, int64_t at, int64_t journey_ms)
{
    uint64_t delivery = 1;
    while (window_has_room(window, 2152)) {
        window_gave(window, delivery++, 2152, at);
    }
    for (uint64_t i = 1; i < delivery; i++) {
        window_took(window, i, 2152, at + journey_ms);
    }
    assert_int_equal(window->out_bytes, 0);
}

static void window__doubles_within_a_second_and_halves_above_four(void **state)
{
    (void)state;
    struct window window;
    window_init(&window);
    give_and_take(&window, 0, 1000);
    assert_int_equal(window.window_bytes, 2 * CREDIT_INITIAL_BYTES);
    give_and_take(&window, 10000, 2500);
    assert_int_equal(window.window_bytes, 2 * CREDIT_INITIAL_BYTES);
    give_and_take(&window, 20000, 4001);
    assert_int_equal(window.window_bytes, CREDIT_INITIAL_BYTES);
    give_and_take(&window, 30000, 60000);
    assert_int_equal(
        window.window_bytes, CREDIT_INITIAL_BYTES); /* never below the largest */
    for (int64_t i = 0; i < 20; i++) {
        give_and_take(&window, 100000 + i * 1000, 10);
    }
    assert_int_equal(window.window_bytes, CREDIT_MAX_BYTES);
    assert_true(CREDIT_INITIAL_BYTES >= ENVELOPE_BYTES_MAX);
}

static void window__that_is_not_used_does_not_grow(void **state)
{
    (void)state;
    struct window window;
    window_init(&window);
    for (uint64_t i = 1; i < 100; i++) {
        window_gave(&window, i, 2152, 0);
        window_took(&window, i, 2152, 1);
    }
    assert_int_equal(window.window_bytes, CREDIT_INITIAL_BYTES);
}

/* ---- quota ---- */

static void bucket__holds_its_burst_and_refills_by_the_hour(void **state)
{
    (void)state;
    const struct bucket_size size = {3, 60};
    struct bucket bucket;
    bucket_fill(&bucket, &size, 0);
    for (int i = 0; i < 3; i++) {
        assert_true(bucket_take(&bucket, &size, 0));
    }
    assert_false(bucket_take(&bucket, &size, 0));
    assert_int_equal(bucket_wait_s(&bucket, &size), 61);
    assert_false(bucket_take(&bucket, &size, MINUTE_MS - 1));
    assert_true(bucket_take(&bucket, &size, MINUTE_MS));
    for (int i = 0; i < 3; i++) {
        assert_true(bucket_take(&bucket, &size, 900 * DAY_MS)); /* full, not more */
    }
    assert_false(bucket_take(&bucket, &size, 900 * DAY_MS));
}

static void quota__names_the_first_limit_that_is_met(void **state)
{
    (void)state;
    const struct quota_limits limits = {100, 1000000, 1000};
    struct quota_facts facts = {.envelope_bytes = 2152};
    assert_int_equal(quota_judge(&limits, &facts), 0);
    facts.share_envelopes = 24;
    assert_int_equal(quota_judge(&limits, &facts), 0);
    facts.share_envelopes = 25;
    assert_int_equal(quota_judge(&limits, &facts), REFUSAL_SENDER_SHARE);
    facts.share_envelopes = 0;
    facts.share_bytes = 250000 - 2151;
    assert_int_equal(quota_judge(&limits, &facts), REFUSAL_SENDER_SHARE);
    facts.mailbox_envelopes = 100;
    assert_int_equal(quota_judge(&limits, &facts), REFUSAL_MAILBOX_FULL);
    facts.mailbox_envelopes = 0;
    facts.mailbox_bytes = 1000000 - 2151;
    assert_int_equal(quota_judge(&limits, &facts), REFUSAL_MAILBOX_FULL);
    facts.all_envelopes = 1000;
    assert_int_equal(quota_judge(&limits, &facts), REFUSAL_DISK_FULL);
    facts.all_envelopes = 0;
    facts.disk_refuses = true;
    assert_int_equal(quota_judge(&limits, &facts), REFUSAL_DISK_FULL);
}

static void quota__of_a_tiny_mailbox_still_lets_one_in(void **state)
{
    (void)state;
    const struct quota_limits limits = {1, ENVELOPE_BYTES_MAX, 1000};
    struct quota_facts facts = {.envelope_bytes = 32872};
    assert_int_equal(quota_judge(&limits, &facts), 0);
}

static void quota__says_silence_in_four_words_only(void **state)
{
    (void)state;
    assert_int_equal(quota_silence(100, 100), SILENCE_NONE);
    assert_int_equal(quota_silence(100, 100 + 23), SILENCE_NONE);
    assert_int_equal(quota_silence(100, 100 + 24), SILENCE_DAY);
    assert_int_equal(quota_silence(100, 100 + 7 * 24 - 1), SILENCE_DAY);
    assert_int_equal(quota_silence(100, 100 + 7 * 24), SILENCE_WEEK);
    assert_int_equal(quota_silence(100, 100 + 35 * 24), SILENCE_35_DAYS);
    assert_int_equal(quota_silence(200, 100), SILENCE_NONE); /* the clock went back */
}

static void quota__every_refusal_that_passes_by_itself_says_when(void **state)
{
    (void)state;
    const enum refusal passing[] = {REFUSAL_MAILBOX_FULL, REFUSAL_SENDER_SHARE,
        REFUSAL_DISK_FULL, REFUSAL_DRAINING, REFUSAL_RECIPIENT_SUSPENDED,
        REFUSAL_UNKNOWN_RECIPIENT};
    for (size_t i = 0; i < ARRAY_LENGTH(passing); i++) {
        assert_true(quota_retry_after_s(passing[i]) > 0);
    }
    assert_int_equal(quota_retry_after_s(REFUSAL_ID_CONFLICT), 0);
}

static void disk__refuses_at_nine_tenths_or_512_MiB_and_resumes_later(void **state)
{
    (void)state;
    const int64_t gib = INT64_C(1) << 30, mib = INT64_C(1) << 20;
    assert_false(quota_disk_refuses(11 * gib, 100 * gib, false));
    assert_true(quota_disk_refuses(9 * gib, 100 * gib, false));
    assert_true(quota_disk_refuses(11 * gib, 100 * gib, true)); /* does not flap */
    assert_false(quota_disk_refuses(13 * gib, 100 * gib, true));
    assert_true(quota_disk_refuses(511 * mib, 2 * gib, false));
    assert_false(quota_disk_refuses(513 * mib, 2 * gib, false));
    assert_true(quota_disk_refuses(600 * mib, 2 * gib, true));
    assert_false(quota_disk_refuses(INT64_MAX / 2, INT64_MAX / 2, false));
}

static void replacements__more_than_three_in_ten_minutes_are_too_many(void **state)
{
    (void)state;
    struct replacements replacements = {.n = 0};
    assert_false(replacements_add(&replacements, 0));
    assert_false(replacements_add(&replacements, 1000));
    assert_false(replacements_add(&replacements, 2000));
    assert_true(replacements_add(&replacements, 3000));
    assert_true(replacements_add(&replacements, 1000 + 10 * MINUTE_MS));
    assert_false(replacements_add(&replacements, 30 * MINUTE_MS));
}

/* ---- calendar ---- */

static void calendar__follows_the_clock_within_a_day(void **state)
{
    (void)state;
    struct calendar calendar;
    calendar_init(&calendar, 0, 100 * DAY_MS, 5);
    assert_int_equal(calendar_turn(&calendar, 100 * DAY_MS + 7, 5, 0), 100 * DAY_MS + 7);
    assert_int_equal(
        calendar_turn(&calendar, 101 * DAY_MS, 6, 0), 101 * DAY_MS); /* ahead by a day */
    assert_int_equal(
        calendar_turn(&calendar, 100 * DAY_MS + HOUR_MS, 7, 0), 100 * DAY_MS + HOUR_MS);
    assert_int_equal(calendar_hour(&calendar), 100 * 24 + 1);
}

static void calendar__does_not_believe_a_jump_without_a_witness(void **state)
{
    (void)state;
    struct calendar calendar;
    calendar_init(&calendar, 100 * DAY_MS, 100 * DAY_MS, 0);
    int64_t believed = calendar_turn(&calendar, 50000 * DAY_MS, HOUR_MS, 0);
    assert_int_equal(believed, 100 * DAY_MS + HOUR_MS); /* the steady clock alone */
    believed = calendar_turn(&calendar, 20 * DAY_MS, 2 * HOUR_MS, 0);
    assert_int_equal(believed, 100 * DAY_MS + 2 * HOUR_MS); /* nor one back */
}

static void calendar__believes_stewards_or_a_week_of_running(void **state)
{
    (void)state;
    struct calendar calendar;
    calendar_init(&calendar, 100 * DAY_MS, 100 * DAY_MS, 0);
    assert_int_equal(
        calendar_turn(&calendar, 150 * DAY_MS, 1, 140 * DAY_MS), 140 * DAY_MS);
    assert_int_equal(calendar_turn(&calendar, 150 * DAY_MS, 1, 900 * DAY_MS),
        150 * DAY_MS); /* the earlier of the two */
    calendar_init(&calendar, 100 * DAY_MS, 100 * DAY_MS, 0);
    for (int64_t day = 0; day < 7; day++) {
        int64_t believed =
            calendar_turn(&calendar, (150 + day) * DAY_MS, day * DAY_MS, 0);
        assert_int_equal(believed, (100 + day) * DAY_MS);
    }
    assert_int_equal(calendar_turn(&calendar, 157 * DAY_MS, 7 * DAY_MS, 0), 157 * DAY_MS);
}

static void calendar__doubts_each_jump_anew(void **state)
{
    (void)state;
    struct calendar calendar;
    calendar_init(&calendar, 100 * DAY_MS, 100 * DAY_MS, 0);
    (void)calendar_turn(&calendar, 500 * DAY_MS, HOUR_MS, 0);
    for (int64_t day = 1; day < 20; day++) { /* it was set right again */
        assert_int_equal(calendar_turn(&calendar, (100 + day) * DAY_MS, day * DAY_MS, 0),
            (100 + day) * DAY_MS);
    }
    assert_int_equal(
        calendar_turn(&calendar, 500 * DAY_MS, 20 * DAY_MS, 0), 120 * DAY_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session__follows_the_table_of_the_protocol),
        cmocka_unit_test(session__is_nobodys_without_hello_or_membership),
        cmocka_unit_test(schedule__gives_everybody_the_same_bytes),
        cmocka_unit_test(schedule__joining_again_and_again_gains_nothing),
        cmocka_unit_test(schedule__forgets_who_left),
        cmocka_unit_test(schedule__chooses_express_then_one_normal_after_eight),
        cmocka_unit_test(schedule__gives_poison_alone_and_last),
        cmocka_unit_test(grant__gives_back_what_was_used_and_doubles_when_it_is_fast),
        cmocka_unit_test(grant__always_lets_the_largest_envelope_through),
        cmocka_unit_test(grant__that_was_overdrawn_is_owed),
        cmocka_unit_test(window__doubles_within_a_second_and_halves_above_four),
        cmocka_unit_test(window__that_is_not_used_does_not_grow),
        cmocka_unit_test(bucket__holds_its_burst_and_refills_by_the_hour),
        cmocka_unit_test(quota__names_the_first_limit_that_is_met),
        cmocka_unit_test(quota__of_a_tiny_mailbox_still_lets_one_in),
        cmocka_unit_test(quota__says_silence_in_four_words_only),
        cmocka_unit_test(quota__every_refusal_that_passes_by_itself_says_when),
        cmocka_unit_test(disk__refuses_at_nine_tenths_or_512_MiB_and_resumes_later),
        cmocka_unit_test(replacements__more_than_three_in_ten_minutes_are_too_many),
        cmocka_unit_test(calendar__follows_the_clock_within_a_day),
        cmocka_unit_test(calendar__does_not_believe_a_jump_without_a_witness),
        cmocka_unit_test(calendar__believes_stewards_or_a_week_of_running),
        cmocka_unit_test(calendar__doubts_each_jump_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
