/* SPDX-License-Identifier: Apache-2.0
 *
 * handover: every state under every step of either side, and what the two sides come to when letters cross.
 */
#include "handover.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "clock.h"
#include "memory.h"
#include "points.h"
#include "seeded.h"

enum { CARE_BYTES = 131072, LETTERS_MAX = 12, STORIES = 4000 };
#define NOON INT64_C(1795600800000)

static struct meeting make(enum meeting_step step, unsigned round)
{
    struct meeting meeting = {.reference = "0000000AP", .step = step, .round = round};
    if (step == MEETING_PROPOSE) {
        meeting.point = round;
        meeting.from_ms = NOON;
        meeting.minutes = 60;
        meeting.way_minutes = 30;
        meeting.who = WHO_WOMAN;
        meeting.seed[0] = (uint8_t)round;
    }
    return meeting;
}

/* Cell of the table 8.1: does its text hold the word, between commas and blanks? */
static bool holds(const char *cell, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = cell; (at = strstr(at, word)) != NULL; at++)
        if ((at == cell || at[-1] == ' ' || at[-1] == ',') &&
            (at[n] == 0 || at[n] == ' ' || at[n] == ','))
            return true;
    return false;
}

/* Copies up to the next bar; gives what is behind it and its blank. */
static const char *take_cell(const char *row, char *ret, size_t size)
{
    size_t n = strcspn(row, "|");
    assert_true(row[n] == '|' && n < size);
    memcpy(ret, row, n);
    ret[n] = 0;
    return row + n + 2;
}

/* All states x steps x sides, against the table that people read. */
static void handover__does_what_the_table_of_care_says(void **state)
{
    (void)state;
    static char care[CARE_BYTES];
    FILE *file = fopen(AMAAN_SOURCE_DIR "/docs/CARE.md", "r");
    assert_non_null(file);
    care[fread(care, 1, sizeof(care) - 1, file)] = 0;
    fclose(file);
    const char *table = strstr(care, "### 8.1 step");
    assert_non_null(table);
    int moves = 0;
    for (int step = 1; step < MEETING_STEP_COUNT; step++) {
        char mark[40], who[40] = "", from[120] = "", to[40] = "";
        snprintf(mark, sizeof(mark), "| %d | %s | ", step,
            meeting_step_name((enum meeting_step)step));
        const char *row = strstr(table, mark);
        if (!row)
            fail_msg("no row \"%s\" in CARE.md 8.1", mark);
        row += strlen(mark);
        row = take_cell(row, who, sizeof(who));
        row = take_cell(row, from, sizeof(from));
        (void)take_cell(row, to, sizeof(to));
        for (int side = SIDE_SENDER; side <= SIDE_PROVIDER; side++)
            for (int now = 0; now < HANDOVER_STATE_COUNT; now++) {
                struct handover handover = {
                    .state = (enum handover_state)now, .plan = make(MEETING_PROPOSE, 1)};
                if (now == HANDOVER_NONE)
                    handover.plan.round = 0;
                struct meeting letter = make((enum meeting_step)step,
                    handover.plan.round + (step == MEETING_PROPOSE));
                bool may_say = holds(who, "either") ||
                               holds(who, side == SIDE_SENDER ? "sender" : "provider");
                bool may_move =
                    letter.round > 0 &&
                    holds(from, handover_state_name((enum handover_state)now));
                enum status status =
                    handover_move(&handover, &letter, (enum handover_side)side, NOON);
                bool stands = holds(to, handover_state_name((enum handover_state)now)) &&
                              step != MEETING_PROPOSE;
                enum status wanted = !may_say   ? STATUS_DENIED
                                     : stands   ? STATUS_EXISTS
                                     : may_move ? STATUS_OK
                                                : STATUS_CONFLICT;
                if (status != wanted)
                    fail_msg("%s by side %d in state %s: %s, the table says %s",
                        meeting_step_name(letter.step), side,
                        handover_state_name((enum handover_state)now),
                        status_name(status), status_name(wanted));
                if (status == STATUS_OK) {
                    assert_true(holds(to, handover_state_name(handover.state)));
                    moves++;
                } else {
                    assert_int_equal(handover.state, now);
                }
            }
    }
    assert_int_equal(moves, 4 + 1 + 3 + 5 + 2 * 2 + 2);
}

static void handover__what_was_said_of_an_older_proposal_moves_nothing(void **state)
{
    (void)state;
    struct handover handover = {.state = HANDOVER_NONE};
    struct meeting letter = make(MEETING_PROPOSE, 1);
    assert_ok(handover_move(&handover, &letter, SIDE_PROVIDER, NOON));
    letter = make(MEETING_PROPOSE, 2);
    assert_ok(handover_move(&handover, &letter, SIDE_PROVIDER, NOON));
    letter = make(MEETING_AGREE, 1);
    assert_status(handover_move(&handover, &letter, SIDE_SENDER, NOON), STATUS_EXPIRED);
    letter = make(MEETING_PROPOSE, 1);
    assert_status(handover_move(&handover, &letter, SIDE_PROVIDER, NOON), STATUS_EXPIRED);
    letter = make(MEETING_AGREE, 3); /* of a proposal that nobody made */
    assert_status(handover_move(&handover, &letter, SIDE_SENDER, NOON), STATUS_CONFLICT);
    letter = make(MEETING_AGREE, 2);
    assert_ok(handover_move(&handover, &letter, SIDE_SENDER, NOON));
    assert_int_equal(handover.plan.point, 2);
}

/* One side: what it said is with the other one only after some time, in order (PROTOCOL.md 2.6 keeps it). */
struct side {
    struct handover handover;
    struct meeting out[LETTERS_MAX];
    int n_out, n_heard; /* heard: by the other one */
};

static void hear(struct side *to, struct side *from, enum handover_side of)
{
    if (from->n_heard == from->n_out)
        return;
    enum status status =
        handover_move(&to->handover, &from->out[from->n_heard++], of, NOON);
    assert_true(status == STATUS_OK || status == STATUS_EXISTS ||
                status == STATUS_EXPIRED || status == STATUS_CONFLICT);
}

static void say(struct side *side, enum handover_side as, enum meeting_step step)
{
    struct meeting letter =
        make(step, side->handover.plan.round + (step == MEETING_PROPOSE));
    if (side->n_out < LETTERS_MAX && letter.round > 0 &&
        handover_move(&side->handover, &letter, as, NOON) == STATUS_OK)
        side->out[side->n_out++] = letter;
}

/* Whatever crosses: when all is heard, both know the same of a person who went or arrived, and never is one side waiting for
 * her at a place that the other one does not know. */
static void handover__both_sides_come_to_the_same_whatever_crosses(void **state)
{
    (void)state;
    struct seeded seed;
    int ended[HANDOVER_STATE_COUNT] = {0}, crossed = 0;
    seeded_init(&seed, 5);
    for (int story = 0; story < STORIES; story++) {
        struct side sender = {.n_out = 0}, provider = {.n_out = 0};
        for (int i = 0; i < 40; i++) {
            uint8_t dice[2];
            chance_fill(&seed.chance, dice, sizeof(dice));
            enum meeting_step step =
                (enum meeting_step)(1 + dice[1] % (MEETING_STEP_COUNT - 1));
            switch (dice[0] % 6) {
            case 0:
            case 1:
                say(&sender, SIDE_SENDER, step);
                break;
            case 2:
            case 3:
                say(&provider, SIDE_PROVIDER, step);
                break;
            case 4:
                hear(&sender, &provider, SIDE_PROVIDER);
                break;
            default:
                hear(&provider, &sender, SIDE_SENDER);
            }
            crossed += sender.n_heard < sender.n_out && provider.n_heard < provider.n_out;
        }
        while (sender.n_heard < sender.n_out || provider.n_heard < provider.n_out) {
            hear(&sender, &provider, SIDE_PROVIDER);
            hear(&provider, &sender, SIDE_SENDER);
        }
        enum handover_state a = sender.handover.state, b = provider.handover.state;
        if (a != b)
            fail_msg("story %d ends %s here and %s there", story, handover_state_name(a),
                handover_state_name(b));
        if (a == HANDOVER_AGREED)
            assert_int_equal(sender.handover.plan.point, provider.handover.plan.point);
        ended[a]++;
    }
    assert_true(crossed > STORIES / 4);
    for (int i = 1; i < HANDOVER_STATE_COUNT; i++)
        assert_true(ended[i] > 0);
    print_message("%d stories, letters crossed %d times\n", STORIES, crossed);
}

static void handover__awaits_the_arrival_after_window_and_way(void **state)
{
    (void)state;
    struct handover handover = {
        .state = HANDOVER_AGREED, .plan = make(MEETING_PROPOSE, 1)};
    struct meeting letter = make(MEETING_HAND_OVER, 1);
    assert_true(handover_due_ms(&handover) == INT64_MAX);
    assert_ok(handover_move(&handover, &letter, SIDE_SENDER, NOON + 10 * MINUTE_MS));
    assert_true(handover_due_ms(&handover) == NOON + 90 * MINUTE_MS);
    handover.handed_ms = NOON + 120 * MINUTE_MS; /* they left late: the way begins then */
    assert_true(handover_due_ms(&handover) == NOON + 150 * MINUTE_MS);
    letter = make(MEETING_ARRIVE, 1);
    assert_ok(handover_move(&handover, &letter, SIDE_PROVIDER, NOON + 140 * MINUTE_MS));
    assert_true(handover_due_ms(&handover) == INT64_MAX);
    assert_true(handover_erase_day(&handover) == NOON / DAY_MS + 1);
    handover.state = HANDOVER_MISSING; /* whoever looks for her needs it */
    assert_true(handover_erase_day(&handover) == INT64_MAX);
    handover.state = HANDOVER_AGREED;
    assert_true(handover_erase_day(&handover) == NOON / DAY_MS + 7);
}

static void handover__the_code_is_of_all_that_was_proposed(void **state)
{
    (void)state;
    struct meeting plan = make(MEETING_PROPOSE, 1), other[7];
    char code[HANDOVER_CODE_BYTES], changed[HANDOVER_CODE_BYTES];
    handover_code(&plan, code);
    assert_int_equal(strlen(code), 6);
    assert_int_equal(strspn(code, "0123456789"), 6);
    for (size_t i = 0; i < ARRAY_LENGTH(other); i++)
        other[i] = plan;
    other[0].point++;
    other[1].from_ms += MINUTE_MS;
    other[2].minutes++;
    other[3].way_minutes++;
    other[4].who = WHO_MAN;
    other[5].seed[15] ^= 1;
    other[6].round++;
    for (size_t i = 0; i < ARRAY_LENGTH(other); i++) {
        handover_code(&other[i], changed);
        assert_string_not_equal(code, changed);
    }
}

static void points__are_numbered_neutral_places_in_both_languages(void **state)
{
    (void)state;
    struct points *points = NULL;
    struct trouble trouble = {""};
    static const char *const bad[] = {"{}", "[]",
        "{\"policy\":\"meeting-points\",\"version\":1,\"state\":\"reviewed\",\"points\":["
        "]}",
        "{\"policy\":\"meeting-points\",\"version\":1,\"state\":\"draft\",\"points\":[{"
        "\"number\":2,\"district\":\"PK513\",\"eng\":\"a\",\"urd\":\"b\"},{\"number\":2,"
        "\"district\":\"PK513\",\"eng\":\"a\",\"urd\":\"b\"}]}",
        "{\"policy\":\"meeting-points\",\"version\":1,\"state\":\"draft\",\"points\":[{"
        "\"number\":1,\"district\":\"Torkham\",\"eng\":\"a\",\"urd\":\"b\"}]}"};
    assert_ok(points_open(&points, &trouble));
    assert_true(points_count(points) >= 10);
    assert_null(points_find(points, 9999));
    assert_int_equal(points_find(points, 1)->number, 1);
    assert_null(points_nth(points, points_count(points)));
    assert_false(points_are_reviewed(points));
    points_close(&points);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_status(
            points_parse(span_text(bad[i]), &points, &trouble), STATUS_MALFORMED);
        assert_true(*trouble.text != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handover__does_what_the_table_of_care_says),
        cmocka_unit_test(handover__what_was_said_of_an_older_proposal_moves_nothing),
        cmocka_unit_test(handover__both_sides_come_to_the_same_whatever_crosses),
        cmocka_unit_test(handover__awaits_the_arrival_after_window_and_way),
        cmocka_unit_test(handover__the_code_is_of_all_that_was_proposed),
        cmocka_unit_test(points__are_numbered_neutral_places_in_both_languages),
    };
    return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
