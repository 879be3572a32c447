/* SPDX-License-Identifier: Apache-2.0
 *
 * judge: each field of a node's status, on both sides of each limit.
 */
#include "check.h"
#include "judge.h"
#include "memory.h"

#define DAY "86400000"

static void expect(const char *probe, const char *status, const char *finding)
{
    struct diagnosis diagnosis;
    struct json *json = NULL;
    assert_ok(json_parse(span_text(status), 4096, &json, NULL));
    judge_status(probe_find(probe), json, &diagnosis);
    if (strcmp(diagnosis.finding->name, finding) != 0)
        fail_msg("%s of %s: %s, not %s", probe, status, diagnosis.finding->name, finding);
    json_destroy(&json);
}

static void judge__of_session_and_people(void **state)
{
    (void)state;
    expect("session", "{\"connected\":true}", "session-ok");
    expect("session", "{\"connected\":false}", "session-down");
    expect("session", "{\"connected\":false,\"broker_refusal\":\"suspended\"}",
        "session-refused");
    expect("people", "{\"locked\":false}", "people-unlocked");
    expect("people", "{\"locked\":true,\"locked_ms\":172800000}", "people-locked");
    expect("people", "{\"locked\":true,\"locked_ms\":172800001}", "people-away");
}

static void judge__of_clocks_hears_signed_times_and_the_broker(void **state)
{
    (void)state;
    expect("clock", "{\"signed_ahead_ms\":0}", "clock-alone");
    expect("clock", "{\"signed_ahead_ms\":0,\"broker_skew_ms\":600000}", "clock-ok");
    expect("clock", "{\"signed_ahead_ms\":0,\"broker_skew_ms\":-600001}", "clock-off");
    expect("clock", "{\"signed_ahead_ms\":600001}", "clock-off");
    expect("clock", "{\"signed_ahead_ms\":86400001,\"broker_skew_ms\":0}", "clock-wrong");
    expect(
        "clock", "{\"signed_ahead_ms\":0,\"broker_skew_ms\":-" DAY "0}", "clock-wrong");
}

static const char *detail_of(const char *status)
{
    static char text[TROUBLE_BYTES];
    struct diagnosis diagnosis;
    struct json *json = NULL;
    assert_ok(json_parse(span_text(status), 4096, &json, NULL));
    judge_status(probe_find("clock"), json, &diagnosis);
    json_destroy(&json);
    snprintf(text, sizeof(text), "%s", diagnosis.detail.text);
    return text;
}

static void judge__of_clocks_says_which_way(void **state)
{
    (void)state;
    assert_holds(detail_of("{\"signed_ahead_ms\":0,\"broker_skew_ms\":900000}"),
        "15 minutes behind");
    assert_holds(detail_of("{\"signed_ahead_ms\":0,\"broker_skew_ms\":-900000}"),
        "15 minutes ahead");
    assert_holds(detail_of("{\"signed_ahead_ms\":1200000,\"broker_skew_ms\":-900000}"),
        "20 minutes behind");
}

static void judge__of_letters_keys_and_roster_counts_days(void **state)
{
    (void)state;
    expect("letters", "{\"outgoing\":{}}", "letters-ok");
    expect("letters", "{\"outgoing\":{},\"oldest_open_ms\":604800000}", "letters-ok");
    expect(
        "letters", "{\"outgoing\":{},\"oldest_open_ms\":604800001}", "letters-waiting");
    expect("letters", "{\"outgoing\":{},\"oldest_open_ms\":3024000001}", "letters-old");
    expect("prekeys", "{\"usable_prekeys\":0}", "prekeys-none");
    expect("prekeys", "{\"usable_prekeys\":1,\"prekeys_left_ms\":1209599999}",
        "prekeys-ending");
    expect(
        "prekeys", "{\"usable_prekeys\":1,\"prekeys_left_ms\":1209600000}", "prekeys-ok");
    expect("roster", "{\"joined\":false}", "roster-none");
    expect("roster", "{\"joined\":true}", "roster-none");
    expect("roster", "{\"joined\":true,\"roster_left_ms\":2592000000}", "roster-ok");
    expect("roster", "{\"joined\":true,\"roster_left_ms\":2591999999}", "roster-ending");
    expect("roster", "{\"joined\":true,\"roster_left_ms\":0}", "roster-over");
    expect("roster", "{\"joined\":true,\"forked\":true,\"roster_left_ms\":1}",
        "roster-forked");
}

static void judge__of_alarms_and_backups(void **state)
{
    (void)state;
    expect("alarms", "{\"alarms\":0}", "alarms-none");
    expect("alarms", "{\"alarms\":2}", "alarms-unseen");
    expect("backup", "{}", "backup-unknown");
    expect("backup", "{\"backup_ms\":-1}", "backup-none");
    expect("backup", "{\"backup_ms\":604800000}", "backup-ok");
    expect("backup", "{\"backup_ms\":604800001}", "backup-old");
}

static void judge__of_a_node_that_says_less_cannot_tell(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROBES_N; i++)
        if (PROBES[i].place == PROBE_BY_STATUS && strcmp(PROBES[i].name, "backup") != 0)
            expect(PROBES[i].name, "{}", "no-field");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge__of_session_and_people),
        cmocka_unit_test(judge__of_clocks_hears_signed_times_and_the_broker),
        cmocka_unit_test(judge__of_clocks_says_which_way),
        cmocka_unit_test(judge__of_letters_keys_and_roster_counts_days),
        cmocka_unit_test(judge__of_alarms_and_backups),
        cmocka_unit_test(judge__of_a_node_that_says_less_cannot_tell),
    };
    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
