/* SPDX-License-Identifier: Apache-2.0
 * A fixed row of answers, and notes on the heap. Layout: CARE.md 12.5. Every rule that answers_set and its sisters
 * hold is held again by the decoder, so that a sheet that was never written cannot be read.
 */
#include "answers.h"

#include <string.h>

#include "memory.h"
#include "rule.h"

static const uint8_t MAGIC[4] = {'S', 'C', 'R', 'S'};

const char *const SAID_WORDS[SAID_COUNT] = {
    [SAID_NOT_ASKED] = "not-asked",
    [SAID_YES] = "yes",
    [SAID_NO] = "no",
    [SAID_UNKNOWN] = "unknown",
    [SAID_DECLINED] = "declined",
};

struct answers {
    struct answers_facts facts;
    uint8_t answers[QUESTION_COUNT];
    enum answers_choice choice;
    int64_t without_officer_since_ms;
    char *notes[QUESTION_COUNT];
    size_t notes_bytes;
};

static bool is_time(int64_t at_ms)
{
    return at_ms >= 0 && at_ms <= TIME_MS_MAX;
}

static bool is_language(const char *language)
{
    if (language[0] == 0)
        return language[1] == 0 && language[2] == 0;
    for (size_t i = 0; i < 3; i++)
        if (language[i] < 'a' || language[i] > 'z')
            return false;
    return true;
}

static void free_note(struct answers *answers, size_t question)
{
    char *note = answers->notes[question];

    if (!note)
        return;
    answers->notes_bytes -= strlen(note);
    memory_wipe(note, strlen(note));
    memory_free(note);
    answers->notes[question] = NULL;
}

static void put_note(struct answers *answers, size_t question, struct span text)
{
    char *note = memory_new(text.n + 1);

    memcpy(note, text.at, text.n);
    answers->notes[question] = note;
    answers->notes_bytes += text.n;
}

enum status answers_new(const struct answers_facts *facts, struct answers **ret)
{
    struct answers *answers;

    if (!is_time(facts->begun_at_ms) || !is_language(facts->language) ||
        facts->language[3] != 0)
        return STATUS_MALFORMED;
    answers = memory_new(sizeof(*answers));
    answers->facts = *facts;
    answers->facts.changed_at_ms = facts->begun_at_ms;
    *ret = answers;
    return STATUS_OK;
}

void answers_destroy(struct answers **answers)
{
    if (!*answers)
        return;
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        free_note(*answers, i);
    memory_wipe(*answers, sizeof(**answers));
    memory_free(*answers);
    *answers = NULL;
}

struct answers *answers_copy(const struct answers *answers)
{
    struct answers *copy = memory_new(sizeof(*copy));

    *copy = *answers;
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (answers->notes[i])
            copy->notes[i] = memory_copy_text(answers->notes[i]);
    return copy;
}

const struct answers_facts *answers_get_facts(const struct answers *answers)
{
    return &answers->facts;
}

static void touch(struct answers *answers, int64_t at_ms)
{
    if (at_ms > answers->facts.changed_at_ms)
        answers->facts.changed_at_ms = at_ms;
}

enum said answers_get(const struct answers *answers, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return (enum said)answers->answers[question];
}

enum status answers_set(
    struct answers *answers, size_t question, enum said answer, int64_t at_ms)
{
    if (question >= QUESTION_COUNT || (unsigned)answer >= SAID_COUNT || !is_time(at_ms))
        return STATUS_MALFORMED;
    if (question == QUESTION_S2 && answer == SAID_NO) {
        if (answers->answers[question] != SAID_NO)
            answers->without_officer_since_ms = at_ms;
    } else if (question == QUESTION_S2) {
        answers->without_officer_since_ms = 0;
        answers->choice = CHOICE_NONE;
    }
    answers->answers[question] = (uint8_t)answer;
    touch(answers, at_ms);
    return STATUS_OK;
}

const char *answers_get_note(const struct answers *answers, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return answers->notes[question];
}

enum status answers_set_note(
    struct answers *answers, size_t question, struct span text, int64_t at_ms)
{
    size_t before;

    if (question >= QUESTION_COUNT || !is_time(at_ms))
        return STATUS_MALFORMED;
    if (!question_takes_note(question))
        return STATUS_DENIED;
    before = answers->notes[question] ? strlen(answers->notes[question]) : 0;
    if (text.n > ANSWERS_NOTE_BYTES_MAX ||
        answers->notes_bytes - before + text.n > ANSWERS_NOTES_BYTES_MAX)
        return STATUS_TOO_BIG;
    if (!text_is_clean(text))
        return STATUS_MALFORMED;
    free_note(answers, question);
    if (text.n > 0)
        put_note(answers, question, text);
    touch(answers, at_ms);
    return STATUS_OK;
}

enum answers_choice answers_get_choice(const struct answers *answers)
{
    return answers->choice;
}

enum status answers_choose(
    struct answers *answers, enum answers_choice choice, int64_t at_ms)
{
    if ((unsigned)choice >= CHOICE_COUNT || !is_time(at_ms))
        return STATUS_MALFORMED;
    if (answers->answers[QUESTION_S2] != SAID_NO)
        return STATUS_CONFLICT;
    answers->choice = choice;
    touch(answers, at_ms);
    return STATUS_OK;
}

int64_t answers_without_officer_since_ms(const struct answers *answers)
{
    return answers->without_officer_since_ms;
}

/* ---- bytes ---- */

static void write_head(const struct answers *answers, struct writer *writer)
{
    const struct answers_facts *facts = &answers->facts;

    writer_put(writer, MAGIC, sizeof(MAGIC));
    writer_u8(writer, ANSWERS_LAYOUT);
    writer_u16(writer, facts->form_version);
    writer_u16(writer, facts->rule_version);
    writer_ident(writer, &facts->officer);
    writer_u64(writer, (uint64_t)facts->begun_at_ms);
    writer_u64(writer, (uint64_t)facts->changed_at_ms);
    writer_put(writer, facts->language, 3);
    writer_u8(writer, facts->interpreter);
    writer_u8(writer, (uint8_t)answers->choice);
    writer_u64(writer, (uint64_t)answers->without_officer_since_ms);
    writer_put(writer, answers->answers, QUESTION_COUNT);
}

enum status answers_encode(const struct answers *answers, struct buffer *ret)
{
    uint8_t *memory;
    uint8_t n_notes = 0;
    size_t n = ANSWERS_HEAD_BYTES;
    struct writer writer;

    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (answers->notes[i]) {
            n_notes++;
            n += 3 + strlen(answers->notes[i]);
        }
    memory = buffer_grow(ret, n);
    if (!memory)
        return STATUS_TOO_BIG;
    writer = writer_over(memory, n);
    write_head(answers, &writer);
    writer_u8(&writer, n_notes);
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (answers->notes[i]) {
            size_t length = strlen(answers->notes[i]);

            writer_u8(&writer, (uint8_t)i);
            writer_u16(&writer, (uint16_t)length);
            writer_put(&writer, answers->notes[i], length);
        }
    PROMISE(writer_span(&writer).n == n);
    return STATUS_OK;
}

static enum status read_versions(struct reader *reader, struct answers *answers)
{
    uint8_t layout;

    reader_expect(reader, MAGIC, sizeof(MAGIC));
    layout = reader_u8(reader);
    answers->facts.form_version = reader_u16(reader);
    answers->facts.rule_version = reader_u16(reader);
    if (reader->bad)
        return STATUS_MALFORMED;
    return layout == ANSWERS_LAYOUT && answers->facts.form_version == FORM_VERSION &&
                   answers->facts.rule_version == RULE_VERSION
               ? STATUS_OK
               : STATUS_UNSUPPORTED;
}

static void read_head(struct reader *reader, struct answers *answers)
{
    struct answers_facts *facts = &answers->facts;
    uint8_t interpreter, choice;

    facts->officer = reader_ident(reader);
    facts->begun_at_ms = reader_time_ms(reader);
    facts->changed_at_ms = reader_time_ms(reader);
    reader_copy(reader, facts->language, 3);
    interpreter = reader_u8(reader);
    choice = reader_u8(reader);
    answers->without_officer_since_ms = reader_time_ms(reader);
    reader_copy(reader, answers->answers, QUESTION_COUNT);
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (answers->answers[i] >= SAID_COUNT)
            reader_fail(reader);
    if (interpreter > 1 || choice >= CHOICE_COUNT || !is_language(facts->language) ||
        facts->begun_at_ms > facts->changed_at_ms)
        reader_fail(reader);
    if (answers->answers[QUESTION_S2] != SAID_NO &&
        (choice != CHOICE_NONE || answers->without_officer_since_ms != 0))
        reader_fail(reader);
    facts->interpreter = interpreter == 1;
    answers->choice = choice < CHOICE_COUNT ? (enum answers_choice)choice : CHOICE_NONE;
}

static void read_notes(struct reader *reader, struct answers *answers)
{
    uint8_t n = reader_u8(reader);
    int last = -1;

    for (uint8_t i = 0; i < n && !reader->bad; i++) {
        uint8_t question = reader_u8(reader);
        struct span text = reader_take(reader, reader_u16(reader));

        if (reader->bad || question <= last || !question_takes_note(question) ||
            text.n == 0 || text.n > ANSWERS_NOTE_BYTES_MAX || !text_is_clean(text) ||
            answers->notes_bytes + text.n > ANSWERS_NOTES_BYTES_MAX) {
            reader_fail(reader);
            return;
        }
        put_note(answers, question, text);
        last = question;
    }
}

enum status answers_decode(struct span bytes, struct answers **ret)
{
    struct reader reader = reader_over(bytes);
    struct answers *answers;
    enum status status;

    if (bytes.n > ANSWERS_BYTES_MAX)
        return STATUS_TOO_BIG;
    answers = memory_new(sizeof(*answers));
    status = read_versions(&reader, answers);
    if (status == STATUS_OK) {
        read_head(&reader, answers);
        read_notes(&reader, answers);
        status = reader_end(&reader);
    }
    if (status != STATUS_OK) {
        answers_destroy(&answers);
        return status;
    }
    *ret = answers;
    return STATUS_OK;
}
