/* SPDX-License-Identifier: Apache-2.0
 * Referrals and answers. All people and notes here are invented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "body.h"
#include "capacity.h"
#include "clock.h"
#include "header.h"
#include "hostile.h"
#include "memory.h"
#include "profiles.h"
#include "seeded.h"
#include "meeting.h"
#include "update.h"
#include "vectors.h"

static struct seeded seed;
static struct arena *arena;
static struct buffer buffer;

static int set_up(void **state)
{
    (void)state;
    seeded_init(&seed, 7);
    arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    buffer_init(&buffer, BODY_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(&arena);
    buffer_release(&buffer);
    return 0;
}

static struct referral some_referral(void)
{
    struct referral referral = {
        .service = SERVICE_SHELTER,
        .priority = PRIORITY_TONIGHT,
        .needed_by_ms = 20790 * DAY_MS,
        .person = {.age_band = AGE_26_40,
            .minor = MINOR_NO,
            .gender = GENDER_FEMALE,
            .n_languages = 2,
            .languages = {"urd", "pus"},
            .interpreter = true,
            .risk = RISK_HIGH,
            .safe_contact = "through the desk only"},
        .sender_role = "screening officer",
        .note = "Invented: needs a bed tonight.",
    };
    reference_new(&seed.chance, referral.reference);
    return referral;
}

static enum status decode_referral(void *context, struct span bytes)
{
    (void)context;
    struct referral referral;
    arena_reset(arena);
    return referral_decode(arena, bytes, &referral);
}

static enum status decode_answer(void *context, struct span bytes)
{
    (void)context;
    struct answer answer;
    arena_reset(arena);
    return answer_decode(arena, bytes, &answer);
}

static void assert_referrals_equal(const struct referral *a, const struct referral *b)
{
    assert_string_equal(a->reference, b->reference);
    assert_int_equal(a->service, b->service);
    assert_int_equal(a->priority, b->priority);
    assert_true(a->needed_by_ms == b->needed_by_ms);
    assert_int_equal(a->person.age_band, b->person.age_band);
    assert_int_equal(a->person.minor, b->person.minor);
    assert_int_equal(a->person.gender, b->person.gender);
    assert_int_equal(a->person.n_languages, b->person.n_languages);
    assert_memory_equal(
        a->person.languages, b->person.languages, sizeof a->person.languages);
    assert_int_equal(a->person.interpreter, b->person.interpreter);
    assert_int_equal(a->person.risk, b->person.risk);
    assert_string_equal(a->person.safe_contact, b->person.safe_contact);
    assert_string_equal(a->sender_role, b->sender_role);
    assert_string_equal(a->note, b->note);
}

static void assert_comes_back(const struct referral *referral)
{
    struct referral back;
    arena_reset(arena);
    assert_int_equal(referral_encode(referral, &buffer), STATUS_OK);
    assert_int_equal(referral_decode(arena, buffer_span(&buffer), &back), STATUS_OK);
    assert_referrals_equal(referral, &back);
}

static void referral__comes_back_as_it_was_for_every_code(void **state)
{
    (void)state;
    struct referral referral = some_referral();
    for (unsigned i = 0; i < 60; i++) {
        referral.service = (enum service)(1 + i % (SERVICE_COUNT - 1));
        referral.priority = (enum priority)(1 + i % (PRIORITY_COUNT - 1));
        referral.person.age_band = (enum age_band)(1 + i % (AGE_BAND_COUNT - 1));
        referral.person.minor = (enum minor)(1 + i % (MINOR_COUNT - 1));
        referral.person.gender = (enum gender)(1 + i % (GENDER_COUNT - 1));
        referral.person.risk = (enum risk)(1 + i % (RISK_COUNT - 1));
        referral.needed_by_ms = i % 3 == 0 ? 0 : (20790 + (int64_t)i) * DAY_MS;
        referral.person.interpreter = i % 2 == 0;
        reference_new(&seed.chance, referral.reference);
        assert_comes_back(&referral);
    }
}

static void referral__comes_back_with_every_text_at_its_limit_and_empty(void **state)
{
    (void)state;
    char note[NOTE_BYTES_MAX + 1], contact[SAFE_CONTACT_BYTES_MAX + 1];
    char role[SENDER_ROLE_BYTES_MAX + 1];
    memset(note, 'n', NOTE_BYTES_MAX);
    memset(contact, 'c', SAFE_CONTACT_BYTES_MAX);
    memset(role, 'r', SENDER_ROLE_BYTES_MAX);
    note[NOTE_BYTES_MAX] = contact[SAFE_CONTACT_BYTES_MAX] = role[SENDER_ROLE_BYTES_MAX] =
        '\0';
    struct referral referral = some_referral();
    referral.note = note;
    referral.person.safe_contact = contact;
    referral.sender_role = role;
    referral.person.n_languages = LANGUAGES_MAX;
    memcpy(referral.person.languages, "urd\0pus\0prs\0pnb\0snd\0bal\0eng\0skr", 32);
    assert_comes_back(&referral);
    referral.note = referral.person.safe_contact = referral.sender_role = "";
    referral.person.n_languages = 0;
    memset(referral.person.languages, 0, sizeof referral.person.languages);
    assert_comes_back(&referral);
}

/* An Urdu text of exactly n bytes, by repeating a sentence and filling up with full stops. */
static void write_urdu(char *to, size_t n)
{
    static const char sentence[] = "فرضی نمونہ: خاتون کو آج رات محفوظ رہائش درکار ہے۔ ";
    size_t used = 0;
    while (sizeof sentence - 1 <= n - used) {
        memcpy(to + used, sentence, sizeof sentence - 1);
        used += sizeof sentence - 1;
    }
    memset(to + used, '.', n - used);
    to[n] = '\0';
}

static void referral__with_an_urdu_note_of_1000_bytes_comes_back(void **state)
{
    (void)state;
    char note[NOTE_BYTES_MAX + 1];
    write_urdu(note, NOTE_BYTES_MAX);
    struct referral referral = some_referral();
    referral.note = note;
    assert_comes_back(&referral);
    assert_true(buffer.used <= BUCKET_SMALL - INNER_BYTES);
}

static void referral__with_texts_beyond_their_limits_is_too_big(void **state)
{
    (void)state;
    char text[NOTE_BYTES_MAX + 2];
    memset(text, 'n', sizeof text);
    text[NOTE_BYTES_MAX + 1] = '\0';
    struct referral referral = some_referral();
    referral.note = text;
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_TOO_BIG);
    referral = some_referral();
    text[SAFE_CONTACT_BYTES_MAX + 1] = '\0';
    referral.person.safe_contact = text;
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_TOO_BIG);
    referral = some_referral();
    text[SENDER_ROLE_BYTES_MAX + 1] = '\0';
    referral.sender_role = text;
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_TOO_BIG);
    referral = some_referral();
    referral.person.n_languages = LANGUAGES_MAX + 1;
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_TOO_BIG);
}

static void referral__with_text_that_is_not_clean_is_malformed(void **state)
{
    (void)state;
    static const char *const dirty[] = {"\xff", "\xc0\x80", "a\x07", "a\rb",
        "\xed\xa0\x80", "\xd9", "\xe2\x80\xae\xd8\xa7", "\xe2\x81\xa6", "\x7f", "a\tb"};
    for (size_t i = 0; i < ARRAY_LENGTH(dirty); i++) {
        struct referral referral = some_referral();
        referral.note = dirty[i];
        assert_int_equal(referral_encode(&referral, &buffer), STATUS_MALFORMED);
        referral = some_referral();
        referral.person.safe_contact = dirty[i];
        assert_int_equal(referral_encode(&referral, &buffer), STATUS_MALFORMED);
        referral = some_referral();
        referral.sender_role = dirty[i];
        assert_int_equal(referral_encode(&referral, &buffer), STATUS_MALFORMED);
    }
    struct referral referral = some_referral();
    referral.note = "two\nlines";
    assert_comes_back(&referral);
}

/* Encodes a referral whose note is `mark`, then puts `text` of the same length in its place. */
static enum status decode_with_note(const char *mark, const char *text)
{
    struct referral referral = some_referral();
    referral.note = mark;
    size_t n = strlen(mark);
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
    assert_memory_equal(buffer.bytes + buffer.used - n, mark, n);
    memcpy(buffer.bytes + buffer.used - n, text, n);
    return decode_referral(NULL, buffer_span(&buffer));
}

static void referral__with_text_that_is_not_clean_is_refused_from_a_peer(void **state)
{
    (void)state;
    assert_int_equal(decode_with_note("abc", "xyz"), STATUS_OK);
    assert_int_equal(decode_with_note("abc", "x\xffz"), STATUS_MALFORMED);
    assert_int_equal(decode_with_note("abc", "x\0z"), STATUS_MALFORMED);
    assert_int_equal(decode_with_note("abc", "xy\xd9"), STATUS_MALFORMED);
    assert_int_equal(decode_with_note("abc", "\xe2\x80\xae"), STATUS_MALFORMED);
}

static void referral__with_a_code_unknown_here_is_unsupported(void **state)
{
    (void)state;
    struct referral good = some_referral(), bad = good;
    bad.service = SERVICE_COUNT;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_UNSUPPORTED);
    bad = good;
    bad.priority = PRIORITY_COUNT;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_UNSUPPORTED);
    bad = good;
    bad.person.age_band = AGE_BAND_COUNT;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_UNSUPPORTED);
    bad = good;
    bad.person.minor = MINOR_COUNT;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_UNSUPPORTED);
    bad = good;
    bad.person.gender = GENDER_COUNT;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_UNSUPPORTED);
    bad = good;
    bad.person.risk = RISK_COUNT;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_UNSUPPORTED);
    assert_int_equal(referral_encode(&good, &buffer), STATUS_OK);
    buffer.bytes[12] = 99; /* the service, behind the reference */
    assert_int_equal(decode_referral(NULL, buffer_span(&buffer)), STATUS_UNSUPPORTED);
}

static void referral__without_a_code_is_malformed(void **state)
{
    (void)state;
    struct referral good = some_referral(), bad = good;
    bad.service = (enum service)0;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    bad = good;
    bad.person.minor = (enum minor)0;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    assert_int_equal(decode_referral(NULL, span_of(NULL, 0)), STATUS_MALFORMED);
}

static void referral__has_a_whole_day_a_right_reference_and_real_languages(void **state)
{
    (void)state;
    struct referral good = some_referral(), bad = good;
    bad.needed_by_ms = good.needed_by_ms + 1;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    bad.needed_by_ms = -DAY_MS;
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    bad = good;
    bad.reference[0] = bad.reference[0] == '0' ? '1' : '0';
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    bad = good;
    memset(bad.reference, '0', sizeof bad.reference); /* no end */
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    bad = good;
    memcpy(bad.person.languages[1], "Urd", 4);
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    memcpy(bad.person.languages[1], "ur", 3);
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
    memcpy(bad.person.languages[1], "urd", 4); /* twice */
    assert_int_equal(referral_encode(&bad, &buffer), STATUS_MALFORMED);
}

static void referral__refuses_bytes_cut_at_any_length_or_with_more(void **state)
{
    (void)state;
    /* A body may end after any whole field: what is then missing must be refused. Only the texts may be
     * missing, so the last text that is set is the last that may be cut. */
    struct referral referral = some_referral();
    referral.person.safe_contact = referral.sender_role = referral.note = "";
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
    hostile_cut(buffer_span(&buffer), decode_referral, NULL);
}

static void referral__with_unknown_doubled_or_padded_fields_is_malformed(void **state)
{
    (void)state;
    struct referral referral = some_referral();
    uint8_t longer[4000];
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
    memcpy(longer, buffer.bytes, buffer.used);
    size_t n = buffer.used;
    memcpy(longer + n, "\x70\x01", 2); /* field 14 */
    assert_int_equal(decode_referral(NULL, span_of(longer, n + 2)), STATUS_MALFORMED);
    memcpy(longer + n, "\x10\x01", 2); /* the service again */
    assert_int_equal(decode_referral(NULL, span_of(longer, n + 2)), STATUS_MALFORMED);
    memcpy(longer + n, "\x6a\x00", 2); /* an empty note in place of the note */
    assert_int_equal(decode_referral(NULL, span_of(longer, n + 2)), STATUS_MALFORMED);
    uint8_t *huge = memory_new(BODY_BYTES_MAX + 1);
    assert_int_equal(
        decode_referral(NULL, span_of(huge, BODY_BYTES_MAX + 1)), STATUS_TOO_BIG);
    memory_free(huge);
}

static void referral__beyond_the_budget_of_memory_is_too_big(void **state)
{
    (void)state;
    struct referral referral = some_referral(), back;
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
    for (size_t pieces = 0; pieces < 9; pieces++) {
        struct arena *small = arena_new(BODY_ARENA_BYTES, pieces);
        assert_int_equal(
            referral_decode(small, buffer_span(&buffer), &back), STATUS_TOO_BIG);
        arena_destroy(&small);
    }
}

static void referral__survives_flipped_bits(void **state)
{
    (void)state;
    struct referral referral = some_referral();
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
    struct span good = buffer_span(&buffer);
    assert_true(hostile_flip(good, good.n, &seed.chance, decode_referral, NULL) > 0);
}

/* All parts of an answer, each with a value that fits. */
static struct answer fill(enum decision decision, unsigned parts, unsigned reason)
{
    struct answer answer = {.decision = decision, .reason = reason};
    reference_new(&seed.chance, answer.reference);
    if (parts & ANSWER_DAY)
        answer.day = 20790;
    if (parts & ANSWER_SUGGESTIONS) {
        answer.n_suggestions = SUGGESTIONS_MAX;
        for (size_t i = 0; i < SUGGESTIONS_MAX; i++)
            answer.suggestions[i] = ident_new(&seed.chance);
    }
    if (parts & ANSWER_SERVICES)
        answer.services = 1u << (SERVICE_LIVELIHOOD - 1) | 1;
    if (parts & ANSWER_MILESTONE)
        answer.milestone = MILESTONE_START_UP_KIT;
    if (parts & ANSWER_FOLLOW_UP) {
        answer.follow_up = FOLLOW_UP_180;
        answer.result = FOLLOW_RESULT_MOVED;
    }
    if (parts & ANSWER_QUESTION)
        answer.question = INQUIRY_ARRIVAL_WHEN;
    if (parts & ANSWER_TOLD)
        answer.told = parts & ANSWER_DAY ? TOLD_DAY : TOLD_NO;
    return answer;
}

static bool may_be(const struct answer *answer, unsigned parts)
{
    const struct answer_rule *rule = answer_rule(answer->decision);
    bool day_fits = answer->decision != DECISION_TELLS ||
                    (answer->told == TOLD_DAY) == ((parts & ANSWER_DAY) != 0);
    return (parts & ~rule->may) == 0 && (rule->must & ~parts) == 0 && day_fits &&
           (answer->reason == 0 ? !rule->reason_needed
                                : answer->reason < rule->n_reasons);
}

static void answer__comes_back_as_it_was_for_every_decision_and_every_part(void **state)
{
    (void)state;
    for (int decision = 1; decision < DECISION_COUNT; decision++)
        for (unsigned parts = 0; parts < 2 * ANSWER_TOLD; parts++)
            for (unsigned reason = 0; reason <= DECLINE_COUNT; reason++) {
                struct answer answer = fill((enum decision)decision, parts, reason), back;
                enum status status = answer_encode(&answer, &buffer);
                if (!may_be(&answer, parts)) {
                    assert_true(
                        status == STATUS_MALFORMED || status == STATUS_UNSUPPORTED);
                    continue;
                }
                assert_int_equal(status, STATUS_OK);
                assert_true(buffer.used <= 100); /* the small bucket, as any receipt */
                arena_reset(arena);
                assert_int_equal(
                    answer_decode(arena, buffer_span(&buffer), &back), STATUS_OK);
                assert_memory_equal(&back, &answer, sizeof(back));
            }
}

static void answer__refuses_what_is_cut_unknown_or_more(void **state)
{
    (void)state;
    struct answer answer = {.decision = DECISION_DECLINED, .reason = DECLINE_AT_CAPACITY};
    reference_new(&seed.chance, answer.reference);
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_OK);
    struct span good = buffer_span(&buffer);
    hostile_cut(good, decode_answer, NULL);
    hostile_set(good, 12, DECISION_COUNT, decode_answer, NULL);
    hostile_set(good, 14, DECLINE_COUNT, decode_answer, NULL);
    assert_true(hostile_flip(good, good.n, &seed.chance, decode_answer, NULL) > 0);
    answer.decision = DECISION_COUNT;
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_UNSUPPORTED);
    answer.decision = (enum decision)0;
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_MALFORMED);
    answer = fill(DECISION_FOLLOWED_UP, ANSWER_FOLLOW_UP, 0);
    answer.result = (enum follow_result)0; /* half of it */
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_MALFORMED);
    answer = fill(DECISION_REDIRECTED, ANSWER_SUGGESTIONS, 0);
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_OK);
    assert_int_equal(buffer.bytes[buffer.used - IDENT_BYTES - 1], IDENT_BYTES);
    buffer.bytes[buffer.used - IDENT_BYTES - 1]--; /* no id: nothing else fits there */
    assert_int_equal(
        decode_answer(NULL, span_of(buffer.bytes, buffer.used - 1)), STATUS_MALFORMED);
    answer.suggestions[2] = answer.suggestions[0]; /* twice */
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_MALFORMED);
    answer.suggestions[2] = (struct ident){{0}};
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_MALFORMED);
    answer.n_suggestions = SUGGESTIONS_MAX + 1;
    assert_int_equal(answer_encode(&answer, &buffer), STATUS_TOO_BIG);
}

static void answer__survives_flipped_bits_whatever_it_carries(void **state)
{
    (void)state;
    for (int decision = 1; decision < DECISION_COUNT; decision++) {
        const struct answer_rule *rule = answer_rule((enum decision)decision);
        struct answer answer =
            fill((enum decision)decision, rule->may, rule->reason_needed);
        assert_int_equal(answer_encode(&answer, &buffer), STATUS_OK);
        struct span good = buffer_span(&buffer);
        assert_true(hostile_flip(good, good.n, &seed.chance, decode_answer, NULL) > 0);
    }
}

#define ASSERT_WORDS(noun, first, count)                                                 \
    for (unsigned i = (first); i < (count); i++) {                                       \
        enum noun value;                                                                 \
        assert_non_null(noun##_name((enum noun)i));                                      \
        assert_int_equal(noun##_parse(noun##_name((enum noun)i), &value), STATUS_OK);    \
        assert_int_equal(value, i);                                                      \
    }                                                                                    \
    assert_null(noun##_name((enum noun)(count)));                                        \
    assert_null((first) == 0 ? NULL : noun##_name((enum noun)0));                        \
    {                                                                                    \
        enum noun value;                                                                 \
        assert_int_equal(noun##_parse("no such word", &value), STATUS_NOT_FOUND);        \
        assert_int_equal(noun##_parse("", &value), STATUS_NOT_FOUND);                    \
    }

static void words__of_every_code_lead_back_to_it(void **state)
{
    (void)state;
    ASSERT_WORDS(service, 1, SERVICE_COUNT)
    ASSERT_WORDS(priority, 1, PRIORITY_COUNT)
    ASSERT_WORDS(age_band, 1, AGE_BAND_COUNT)
    ASSERT_WORDS(minor, 1, MINOR_COUNT)
    ASSERT_WORDS(gender, 1, GENDER_COUNT)
    ASSERT_WORDS(risk, 1, RISK_COUNT)
    ASSERT_WORDS(decline_reason, 0, DECLINE_COUNT)
    for (unsigned i = 1; i < DECISION_COUNT; i++) {
        assert_non_null(decision_name((enum decision)i));
    }
    assert_null(decision_name(DECISION_COUNT));
}

/* Does docs/CARE.md have the row "| number | word |" between this heading and the next? */
static void assert_told(
    const char *care, const char *heading, unsigned number, const char *word)
{
    char row[100];
    const char *section = strstr(care, heading);
    assert_non_null(section);
    const char *end = strstr(section + strlen(heading), "\n#");
    snprintf(row, sizeof row, "\n| %u | %s |", number, word);
    const char *found = strstr(section, row);
    if (found == NULL || (end != NULL && found > end)) {
        fail_msg("docs/CARE.md does not tell \"%s\" under \"%s\"", row + 1, heading);
    }
}

static size_t count_rows(const char *care, const char *heading)
{
    const char *section = strstr(care, heading);
    const char *end = strstr(section + strlen(heading), "\n#");
    size_t n = 0;
    for (const char *row = strstr(section, "\n| ");
         row != NULL && (end == NULL || row < end); row = strstr(row + 1, "\n| ")) {
        n++;
    }
    return n - 2; /* the table's head */
}

static void words__stand_in_care_md_and_no_others(void **state)
{
    (void)state;
    static char care[262144];
    FILE *file = fopen(AMAAN_SOURCE_DIR "/docs/CARE.md", "r");
    assert_non_null(file);
    size_t n = fread(care, 1, sizeof care - 1, file);
    fclose(file);
    assert_true(n > 0 && n < sizeof care - 1);
#define ASSERT_TOLD(heading, noun, first, count)                                         \
    for (unsigned i = (first); i < (count); i++) {                                       \
        assert_told(care, heading, i, noun##_name((enum noun)i));                        \
    }                                                                                    \
    assert_int_equal(count_rows(care, heading), (count) - (first));
    ASSERT_TOLD("### 2.1 service", service, 1, SERVICE_COUNT)
    ASSERT_TOLD("### 2.2 priority", priority, 1, PRIORITY_COUNT)
    ASSERT_TOLD("### 2.3 age band", age_band, 1, AGE_BAND_COUNT)
    ASSERT_TOLD("### 2.4 minor", minor, 1, MINOR_COUNT)
    ASSERT_TOLD("### 2.5 gender", gender, 1, GENDER_COUNT)
    ASSERT_TOLD("### 2.6 risk", risk, 1, RISK_COUNT)
    ASSERT_TOLD("### 2.7 decision", decision, 1, DECISION_COUNT)
    ASSERT_TOLD("### 2.8 reason", decline_reason, 0, DECLINE_COUNT)
    ASSERT_TOLD("### 2.9 role", role, 1, ROLE_COUNT)
    ASSERT_TOLD("### 2.10 exploitation", exploitation, 1, EXPLOITATION_COUNT)
    ASSERT_TOLD("### 2.11 field group", field_group, 1, GROUP_COUNT)
    ASSERT_TOLD("### 8.1 step", meeting_step, 1, MEETING_STEP_COUNT)
    ASSERT_TOLD("### 8.2 who comes", meeting_who, 1, MEETING_WHO_COUNT)
    ASSERT_TOLD("### 5.6 unit", unit, 1, UNIT_COUNT)
    ASSERT_TOLD("### 5.7 paper", paper, 1, PAPER_COUNT)
    ASSERT_TOLD("### 5.8 status of room", capacity_status, 1, CAPACITY_STATUS_COUNT)
    ASSERT_TOLD("### 7.2 reason for a hold", hold_reason, 1, HOLD_COUNT)
    ASSERT_TOLD("### 7.3 reason for failing", fail_reason, 1, FAIL_COUNT)
    ASSERT_TOLD("### 7.4 milestone", milestone, 1, MILESTONE_COUNT)
    ASSERT_TOLD("### 7.5 follow-up", follow_up, 1, FOLLOW_UP_COUNT)
    ASSERT_TOLD("### 7.6 result of a follow-up", follow_result, 1, FOLLOW_RESULT_COUNT)
    ASSERT_TOLD("### 7.7 question", inquiry, 1, INQUIRY_COUNT)
    ASSERT_TOLD("### 7.8 what is said to it", told, 1, TOLD_COUNT)
    ASSERT_TOLD("### 7.9 reason for a cancel", cancel_reason, 1, CANCEL_COUNT)
    ASSERT_TOLD("### 7.10 reason for an error", error_reason, 1, ERROR_COUNT)
    ASSERT_TOLD("### 13.1 reason for an override", override, 1, OVERRIDE_COUNT)
    ASSERT_TOLD("### 13.2 reason for a withdrawal", withdrawal, 1, WITHDRAWAL_COUNT)
    ASSERT_TOLD("### 13.3 update", update_what, 1, UPDATE_COUNT)
}

static void body__reads_and_writes_the_frozen_bytes(void **state)
{
    (void)state;
    struct vectors *vectors = vectors_open("content.txt");
    for (size_t i = 0; i < vectors_count(vectors); i++) {
        struct span frozen = vectors_get(vectors, i, "body");
        uint64_t type = vectors_number(vectors, i, "type");
        struct referral referral;
        struct answer answer;
        struct person person;
        arena_reset(arena);
        if (type == 1) {
            assert_int_equal(referral_decode(arena, frozen, &referral), STATUS_OK);
            assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
        } else if (type == 2) {
            assert_int_equal(answer_decode(arena, frozen, &answer), STATUS_OK);
            assert_int_equal(answer_encode(&answer, &buffer), STATUS_OK);
        } else if (type == 4) {
            assert_int_equal(person_decode(arena, frozen, &person), STATUS_OK);
            assert_int_equal(person_encode(&person, &buffer), STATUS_OK);
        } else {
            continue;
        }
        assert_true(span_equal(buffer_span(&buffer), frozen));
    }
    vectors_close(&vectors);
}

/* Notes as an officer might write them; people and events are invented. */
static const char *const SAMPLES[] = {
    "Needs a safe bed for tonight. Calm, tired, has eaten. Wants a woman to meet her.",
    "Medical check requested: old fracture of the left wrist, no fever. Consents to "
    "examination "
    "by a woman doctor. Has had no papers since the return. Speaks slowly, give time.",
    "Wishes to learn tailoring again, worked with machines before. Can come on weekdays.",
    "خاتون کو آج رات محفوظ رہائش درکار ہے۔ اردو اور پشتو بولتی ہیں۔ خاتون عملہ مناسب رہے "
    "گا۔",
    "طبی معائنہ درکار ہے، پرانی چوٹ۔ خاتون ڈاکٹر کی رضامندی دی ہے۔ دوا سے الرجی معلوم "
    "نہیں۔",
};

static void referral__of_the_usual_kind_fits_the_small_bucket(void **state)
{
    (void)state;
    char longest_english[NOTE_BYTES_MAX + 1], longest_urdu[NOTE_BYTES_MAX + 1];
    memset(longest_english, 'n', NOTE_BYTES_MAX);
    longest_english[NOTE_BYTES_MAX] = '\0';
    write_urdu(longest_urdu, NOTE_BYTES_MAX);
    size_t n = 0, n_fit = 0, most = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(SAMPLES) + 2; i++) {
        struct referral referral = some_referral();
        referral.note = i < ARRAY_LENGTH(SAMPLES)    ? SAMPLES[i]
                        : i == ARRAY_LENGTH(SAMPLES) ? longest_english
                                                     : longest_urdu;
        assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
        n++;
        n_fit += bucket_for_body(buffer.used) == BUCKET_SMALL;
        most = buffer.used > most ? buffer.used : most;
    }
    print_message(
        "referrals that fit the 1,792-byte body of the small bucket: %zu of %zu "
        "(%zu %%), the longest has %zu bytes\n",
        n_fit, n, 100 * n_fit / n, most);
    assert_int_equal(n_fit, n);
}

static void
referral__with_the_texts_of_an_ordinary_one_at_their_limit_fits_the_small_bucket(
    void **state)
{
    (void)state;
    char note[NOTE_BYTES_MAX + 1], contact[SAFE_CONTACT_BYTES_MAX + 1];
    char role[SENDER_ROLE_BYTES_MAX + 1];
    write_urdu(note, NOTE_BYTES_MAX);
    write_urdu(contact, SAFE_CONTACT_BYTES_MAX);
    write_urdu(role, SENDER_ROLE_BYTES_MAX);
    struct referral referral = some_referral();
    referral.note = note;
    referral.person.safe_contact = contact;
    referral.sender_role = role;
    referral.person.n_languages = LANGUAGES_MAX;
    memcpy(referral.person.languages, "urd\0pus\0prs\0pnb\0snd\0bal\0eng\0skr", 32);
    referral.needed_by_ms = TIME_MS_MAX / DAY_MS * DAY_MS;
    assert_int_equal(referral_encode(&referral, &buffer), STATUS_OK);
    assert_int_equal(bucket_for_body(buffer.used), BUCKET_SMALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(referral__comes_back_as_it_was_for_every_code),
        cmocka_unit_test(referral__comes_back_with_every_text_at_its_limit_and_empty),
        cmocka_unit_test(referral__with_an_urdu_note_of_1000_bytes_comes_back),
        cmocka_unit_test(referral__with_texts_beyond_their_limits_is_too_big),
        cmocka_unit_test(referral__with_text_that_is_not_clean_is_malformed),
        cmocka_unit_test(referral__with_text_that_is_not_clean_is_refused_from_a_peer),
        cmocka_unit_test(referral__with_a_code_unknown_here_is_unsupported),
        cmocka_unit_test(referral__without_a_code_is_malformed),
        cmocka_unit_test(referral__has_a_whole_day_a_right_reference_and_real_languages),
        cmocka_unit_test(referral__refuses_bytes_cut_at_any_length_or_with_more),
        cmocka_unit_test(referral__with_unknown_doubled_or_padded_fields_is_malformed),
        cmocka_unit_test(referral__beyond_the_budget_of_memory_is_too_big),
        cmocka_unit_test(referral__survives_flipped_bits),
        cmocka_unit_test(answer__comes_back_as_it_was_for_every_decision_and_every_part),
        cmocka_unit_test(answer__refuses_what_is_cut_unknown_or_more),
        cmocka_unit_test(answer__survives_flipped_bits_whatever_it_carries),
        cmocka_unit_test(words__of_every_code_lead_back_to_it),
        cmocka_unit_test(words__stand_in_care_md_and_no_others),
        cmocka_unit_test(body__reads_and_writes_the_frozen_bytes),
        cmocka_unit_test(referral__of_the_usual_kind_fits_the_small_bucket),
        cmocka_unit_test(
            referral__with_the_texts_of_an_ordinary_one_at_their_limit_fits_the_small_bucket),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
