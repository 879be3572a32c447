/* SPDX-License-Identifier: Apache-2.0
 *
 * progress: what may follow what in the life of a referral, on both sides, whatever letters cross; and docs/CARE.md 7.1,
 * which tells the same rows.
 */
#include <stdio.h>

#include "check.h"
#include "memory.h"
#include "progress.h"
#include "seeded.h"

enum { SENDERS_N = 5, CARE_BYTES = 131072, ROW_BYTES = 512 };
static const enum move SENDERS[SENDERS_N] = {
    MOVE_ASKS, MOVE_TELLS, MOVE_CANCEL_REQUESTED, MOVE_ENTERED_IN_ERROR, MOVE_STOPPED};

/* One line a state. Columns: the recipient's sixteen decisions by number, a blank, the sender's five as above. A letter is
 * the new state (a requested, b opened, c accepted ...), . the same one with the move written down, = said before or
 * overtaken, x impossible. */
static const char *const TABLE[PROGRESS_COUNT] = {
    [PROGRESS_REQUESTED] = "bcdxfmxxxxxxxx.. ..kol",
    [PROGRESS_OPENED] = "=cdxfmxxxxxxxx.. ..kol",
    [PROGRESS_ACCEPTED] = "==dexxghixxx.... ..kol",
    [PROGRESS_DECLINED] = "=x=xxxxxxxxxxxxx xxxox",
    [PROGRESS_COMPLETED] = "==x=xxxxxxxx..xx xxxox",
    [PROGRESS_WAITLISTED] = "=cdx.mxxxxxxxx.. ..kol",
    [PROGRESS_SCHEDULED] = "==dexx.hijxx.... ..kol",
    [PROGRESS_IN_SERVICE] = "==dexxg=ixxn.... ..kol",
    [PROGRESS_ON_HOLD] = "==dexxgh=xxn.... ..kol",
    [PROGRESS_NO_SHOW] = "==dxxxgxx=xnxx.. ..kol",
    [PROGRESS_CANCEL_REQUESTED] = "==de=m====ln.... ..=ol",
    [PROGRESS_CANCELLED] = "xxxxxxxxxx=xxxxx xxxo=",
    [PROGRESS_REDIRECTED] = "=xxxx=xxxxxxxxxx xxxox",
    [PROGRESS_FAILED] = "==xxxxxxxxx=xxxx xxxox",
    [PROGRESS_ENTERED_IN_ERROR] = "xxxxxxxxxxxxxxxx xxx=x",
};

static void assert_leads(
    enum progress from, enum move move, enum actor actor, char wanted)
{
    enum progress to = PROGRESS_COUNT;
    enum status status = progress_move(from, move, actor, &to);
    char found = status == STATUS_CONFLICT ? 'x'
                 : status == STATUS_EXISTS ? '='
                 : status != STATUS_OK     ? '?'
                 : to == from              ? '.'
                                           : (char)('a' + (int)to - 1);
    if (found != wanted)
        fail_msg("%s, %s by the %s: %c and not %c", progress_name(from), move_name(move),
            actor_name(actor), found, wanted);
}

static void progress__knows_every_state_every_move_and_every_actor(void **state)
{
    (void)state;
    for (int from = PROGRESS_REQUESTED; from < PROGRESS_COUNT; from++) {
        for (int i = 1; i < DECISION_COUNT; i++)
            assert_leads(
                (enum progress)from, (enum move)i, ACTOR_RECIPIENT, TABLE[from][i - 1]);
        for (size_t i = 0; i < SENDERS_N; i++)
            assert_leads((enum progress)from, SENDERS[i], ACTOR_SENDER,
                TABLE[from][DECISION_COUNT + i]);
    }
}

static void progress__lets_nobody_make_the_other_ones_moves(void **state)
{
    (void)state;
    for (int from = PROGRESS_REQUESTED; from < PROGRESS_COUNT; from++)
        for (int move = 0; move < MOVE_COUNT + 4; move++) {
            enum progress to;
            bool both = move == MOVE_ASKS || move == MOVE_TELLS;
            bool recipients = move >= 1 && move < DECISION_COUNT;
            bool senders = both || (move >= MOVE_CANCEL_REQUESTED && move < MOVE_COUNT);
            if (!recipients)
                assert_status(progress_move((enum progress)from, (enum move)move,
                                  ACTOR_RECIPIENT, &to),
                    STATUS_DENIED);
            if (!senders)
                assert_status(progress_move((enum progress)from, (enum move)move,
                                  ACTOR_SENDER, &to),
                    STATUS_DENIED);
            assert_int_equal(move_name((enum move)move) != NULL, recipients || senders);
        }
}

static void progress__ends_where_nothing_but_an_error_follows(void **state)
{
    (void)state;
    for (int from = PROGRESS_REQUESTED; from < PROGRESS_COUNT; from++) {
        bool moves = false;
        for (int actor = ACTOR_SENDER; actor <= ACTOR_RECIPIENT; actor++)
            for (int move = 1; move < MOVE_COUNT; move++) {
                enum progress to = PROGRESS_COUNT;
                if (move != MOVE_ENTERED_IN_ERROR &&
                    progress_move((enum progress)from, (enum move)move, (enum actor)actor,
                        &to) == STATUS_OK)
                    moves = moves || (int)to != from;
            }
        assert_int_equal(progress_is_over((enum progress)from), !moves);
    }
}

static void progress__tells_what_was_reached_and_what_never_will_be(void **state)
{
    (void)state;
    enum progress word;
    assert_ok(progress_reached(PROGRESS_COMPLETED, PROGRESS_ACCEPTED));
    assert_ok(progress_reached(PROGRESS_DECLINED, PROGRESS_OPENED));
    assert_ok(progress_reached(PROGRESS_DECLINED, PROGRESS_DECLINED));
    assert_ok(progress_reached(PROGRESS_NO_SHOW, PROGRESS_ACCEPTED));
    assert_status(progress_reached(PROGRESS_OPENED, PROGRESS_ACCEPTED), STATUS_BUSY);
    assert_status(progress_reached(PROGRESS_ACCEPTED, PROGRESS_COMPLETED), STATUS_BUSY);
    assert_status(progress_reached(PROGRESS_ACCEPTED, PROGRESS_DECLINED), STATUS_BUSY);
    assert_status(progress_reached(PROGRESS_NO_SHOW, PROGRESS_IN_SERVICE), STATUS_BUSY);
    assert_status(
        progress_reached(PROGRESS_DECLINED, PROGRESS_ACCEPTED), STATUS_CONFLICT);
    assert_status(
        progress_reached(PROGRESS_CANCELLED, PROGRESS_COMPLETED), STATUS_CONFLICT);
    for (int i = 1; i < PROGRESS_COUNT; i++) {
        assert_ok(progress_parse(progress_name((enum progress)i), &word));
        assert_int_equal(word, i);
    }
    assert_status(progress_parse("stored", &word), STATUS_NOT_FOUND);
    assert_null(progress_name(PROGRESS_COUNT));
}

/* --- crossing letters --------------------------------------------------------------------------------------- */

enum { LETTERS_MAX = 40, LIVES = 20000 };

/* One member: its state, what it said, and how much of the other's it has heard. */
struct side {
    enum actor actor;
    enum progress at;
    enum move said[LETTERS_MAX];
    size_t n_said, n_heard;
};

static void hear(struct side *side, const struct side *other)
{
    enum progress to;
    if (side->n_heard == other->n_said)
        return;
    if (progress_move(side->at, other->said[side->n_heard], other->actor, &to) ==
        STATUS_OK)
        side->at = to;
    side->n_heard++;
}

/* Tries one move. What is told to nobody is no letter. */
static void say(struct side *side, struct chance *chance)
{
    enum move move = side->actor == ACTOR_RECIPIENT
                         ? (enum move)(1 + chance_below(chance, DECISION_COUNT - 1))
                         : SENDERS[chance_below(chance, SENDERS_N - 1)];
    enum progress to;
    bool too_often = move == MOVE_ENTERED_IN_ERROR && chance_below(chance, 8) != 0;
    if (too_often || side->n_said == LETTERS_MAX ||
        progress_move(side->at, move, side->actor, &to) != STATUS_OK)
        return;
    side->at = to;
    side->said[side->n_said++] = move;
}

static void live(struct side *sender, struct side *recipient, struct chance *chance)
{
    uint32_t steps = 10 + (uint32_t)chance_below(chance, 60);
    for (uint32_t i = 0; i < steps; i++)
        switch (chance_below(chance, 6)) {
        case 0:
            say(sender, chance);
            break;
        case 1:
        case 2:
        case 3:
            say(recipient, chance);
            break;
        case 4:
            hear(sender, recipient);
            break;
        default:
            hear(recipient, sender);
        }
    while (sender->n_heard < recipient->n_said || recipient->n_heard < sender->n_said) {
        hear(sender, recipient);
        hear(recipient, sender);
    }
}

/* Letters of one member keep their order; how those of both fall between each other is chance. */
static void progress__comes_to_the_same_state_on_both_sides_however_letters_cross(
    void **state)
{
    (void)state;
    struct seeded seed;
    int ended[PROGRESS_COUNT] = {0};
    seeded_init(&seed, 77);
    for (int i = 0; i < LIVES; i++) {
        struct side sender = {.actor = ACTOR_SENDER, .at = PROGRESS_REQUESTED};
        struct side recipient = {.actor = ACTOR_RECIPIENT, .at = PROGRESS_REQUESTED};
        live(&sender, &recipient, &seed.chance);
        if (sender.at != recipient.at)
            fail_msg("life %d: %s and %s", i, progress_name(sender.at),
                progress_name(recipient.at));
        ended[sender.at]++;
    }
    for (int i = PROGRESS_OPENED; i < PROGRESS_COUNT; i++)
        assert_true(ended[i] > 0); /* lives of every kind were led */
}

/* --- docs/CARE.md 7.1 --------------------------------------------------------------------------------------- */

static void join(char *to, const char *word)
{
    size_t n = strlen(to);
    snprintf(to + n, ROW_BYTES - n, "%s%s", n > 0 ? ", " : "", word);
}

/* What the letter carries, by the rules that its bodies are checked by; what it need not carry is in brackets. */
static void format_carried(const struct progress_row *row, char ret[ROW_BYTES])
{
    static const char *const parts[] = {
        "day", "suggestions", "services", "milestone", "follow-up", "question", "told"};
    const struct answer_rule *rule = answer_rule((enum decision)row->move);
    ret[0] = '\0';
    if (!rule) {
        join(ret, "reason");
        return;
    }
    if (rule->n_reasons > 0)
        join(ret, rule->reason_needed ? "reason" : "(reason)");
    for (unsigned i = 0; i < ARRAY_LENGTH(parts); i++) {
        char word[32];
        if (!(rule->may & (1u << i)))
            continue;
        snprintf(word, sizeof(word), rule->must & (1u << i) ? "%s" : "(%s)", parts[i]);
        join(ret, word);
    }
}

static void format_row(const struct progress_row *row, char ret[ROW_BYTES])
{
    char from[ROW_BYTES] = "", carried[ROW_BYTES];
    for (int i = 1; i < PROGRESS_COUNT; i++)
        if (row->from & (UINT32_C(1) << i))
            join(from, progress_name((enum progress)i));
    format_carried(row, carried);
    snprintf(ret, ROW_BYTES, "\n| %.300s | %s | %s | %.60s | %s | %s |\n", from,
        move_name(row->move), actor_name(row->actor), carried,
        row->to == PROGRESS_STAYS ? "-" : progress_name(row->to),
        progress_effect_name(row->effect));
}

static void progress__stands_in_care_md_row_by_row_and_no_row_besides(void **state)
{
    (void)state;
    static char care[CARE_BYTES];
    char row[ROW_BYTES];
    size_t n_rows, n = 0;
    const struct progress_row *rows = progress_rows(&n_rows);
    FILE *file = fopen(AMAAN_SOURCE_DIR "/docs/CARE.md", "r");
    assert_non_null(file);
    size_t length = fread(care, 1, sizeof(care) - 1, file);
    fclose(file);
    assert_true(length > 0 && length < sizeof(care) - 1);
    char *section = strstr(care, "\n### 7.1 ");
    assert_non_null(section);
    char *end = strstr(section + 1, "\n#");
    assert_non_null(end);
    *end = '\0';
    for (size_t i = 0; i < n_rows; i++) {
        format_row(&rows[i], row);
        if (!strstr(section, row))
            fail_msg("docs/CARE.md 7.1 lacks this row:%s", row);
    }
    for (const char *at = strstr(section, "\n| "); at; at = strstr(at + 1, "\n| "))
        n++;
    assert_int_equal(n, n_rows + 2); /* the table's head */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress__knows_every_state_every_move_and_every_actor),
        cmocka_unit_test(progress__lets_nobody_make_the_other_ones_moves),
        cmocka_unit_test(progress__ends_where_nothing_but_an_error_follows),
        cmocka_unit_test(progress__tells_what_was_reached_and_what_never_will_be),
        cmocka_unit_test(
            progress__comes_to_the_same_state_on_both_sides_however_letters_cross),
        cmocka_unit_test(progress__stands_in_care_md_row_by_row_and_no_row_besides),
    };
    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
