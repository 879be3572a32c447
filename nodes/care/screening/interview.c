/* SPDX-License-Identifier: Apache-2.0
 * A fixed row of answers, and notes on the heap. Layout: CARE.md 12.5. Every rule that interview_set and its sisters
 * hold is held again by the decoder, so that a sheet that was never written cannot be read.
 */
#include "interview.h"

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

struct interview {
    struct interview_facts facts;
    uint8_t said[QUESTION_COUNT];
    enum interview_choice choice;
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

static void free_note(struct interview *interview, size_t question)
{
    char *note = interview->notes[question];

    if (!note)
        return;
    interview->notes_bytes -= strlen(note);
    memory_wipe(note, strlen(note));
    memory_free(note);
    interview->notes[question] = NULL;
}

static void put_note(struct interview *interview, size_t question, struct span text)
{
    char *note = memory_new(text.n + 1);

    memcpy(note, text.at, text.n);
    interview->notes[question] = note;
    interview->notes_bytes += text.n;
}

enum status interview_new(const struct interview_facts *facts, struct interview **ret)
{
    struct interview *interview;

    if (!is_time(facts->begun_at_ms) || !is_language(facts->language) ||
        facts->language[3] != 0)
        return STATUS_MALFORMED;
    interview = memory_new(sizeof(*interview));
    interview->facts = *facts;
    interview->facts.changed_at_ms = facts->begun_at_ms;
    *ret = interview;
    return STATUS_OK;
}

void interview_destroy(struct interview **interview)
{
    if (!*interview)
        return;
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        free_note(*interview, i);
    memory_wipe(*interview, sizeof(**interview));
    memory_free(*interview);
    *interview = NULL;
}

struct interview *interview_copy(const struct interview *interview)
{
    struct interview *copy = memory_new(sizeof(*copy));

    *copy = *interview;
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (interview->notes[i])
            copy->notes[i] = memory_copy_text(interview->notes[i]);
    return copy;
}

const struct interview_facts *interview_get_facts(const struct interview *interview)
{
    return &interview->facts;
}

static void touch(struct interview *interview, int64_t at_ms)
{
    if (at_ms > interview->facts.changed_at_ms)
        interview->facts.changed_at_ms = at_ms;
}

enum said interview_get(const struct interview *interview, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return (enum said)interview->said[question];
}

enum status interview_set(
    struct interview *interview, size_t question, enum said answer, int64_t at_ms)
{
    if (question >= QUESTION_COUNT || (unsigned)answer >= SAID_COUNT || !is_time(at_ms))
        return STATUS_MALFORMED;
    if (question == QUESTION_S2 && answer == SAID_NO) {
        if (interview->said[question] != SAID_NO)
            interview->without_officer_since_ms = at_ms;
    } else if (question == QUESTION_S2) {
        interview->without_officer_since_ms = 0;
        interview->choice = INTERVIEW_CHOICE_NONE;
    }
    interview->said[question] = (uint8_t)answer;
    touch(interview, at_ms);
    return STATUS_OK;
}

const char *interview_get_note(const struct interview *interview, size_t question)
{
    PROMISE(question < QUESTION_COUNT);
    return interview->notes[question];
}

enum status interview_set_note(
    struct interview *interview, size_t question, struct span text, int64_t at_ms)
{
    size_t before;

    if (question >= QUESTION_COUNT || !is_time(at_ms))
        return STATUS_MALFORMED;
    if (!question_takes_note(question))
        return STATUS_DENIED;
    before = interview->notes[question] ? strlen(interview->notes[question]) : 0;
    if (text.n > INTERVIEW_NOTE_BYTES_MAX ||
        interview->notes_bytes - before + text.n > INTERVIEW_NOTES_BYTES_MAX)
        return STATUS_TOO_BIG;
    if (!text_is_clean(text))
        return STATUS_MALFORMED;
    free_note(interview, question);
    if (text.n > 0)
        put_note(interview, question, text);
    touch(interview, at_ms);
    return STATUS_OK;
}

enum interview_choice interview_get_choice(const struct interview *interview)
{
    return interview->choice;
}

enum status interview_choose(
    struct interview *interview, enum interview_choice choice, int64_t at_ms)
{
    if ((unsigned)choice >= INTERVIEW_CHOICE_COUNT || !is_time(at_ms))
        return STATUS_MALFORMED;
    if (interview->said[QUESTION_S2] != SAID_NO)
        return STATUS_CONFLICT;
    interview->choice = choice;
    touch(interview, at_ms);
    return STATUS_OK;
}

int64_t interview_without_officer_since_ms(const struct interview *interview)
{
    return interview->without_officer_since_ms;
}

/* ---- bytes ---- */

static void write_head(const struct interview *interview, struct writer *writer)
{
    const struct interview_facts *facts = &interview->facts;

    writer_put(writer, MAGIC, sizeof(MAGIC));
    writer_u8(writer, INTERVIEW_LAYOUT);
    writer_u16(writer, facts->form_version);
    writer_u16(writer, facts->rule_version);
    writer_ident(writer, &facts->officer);
    writer_u64(writer, (uint64_t)facts->begun_at_ms);
    writer_u64(writer, (uint64_t)facts->changed_at_ms);
    writer_put(writer, facts->language, 3);
    writer_u8(writer, facts->interpreter);
    writer_u8(writer, (uint8_t)interview->choice);
    writer_u64(writer, (uint64_t)interview->without_officer_since_ms);
    writer_put(writer, interview->said, QUESTION_COUNT);
}

enum status interview_encode(const struct interview *interview, struct buffer *ret)
{
    uint8_t *memory;
    uint8_t n_notes = 0;
    size_t n = INTERVIEW_HEAD_BYTES;
    struct writer writer;

    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (interview->notes[i]) {
            n_notes++;
            n += 3 + strlen(interview->notes[i]);
        }
    memory = buffer_grow(ret, n);
    if (!memory)
        return STATUS_TOO_BIG;
    writer = writer_over(memory, n);
    write_head(interview, &writer);
    writer_u8(&writer, n_notes);
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (interview->notes[i]) {
            size_t length = strlen(interview->notes[i]);

            writer_u8(&writer, (uint8_t)i);
            writer_u16(&writer, (uint16_t)length);
            writer_put(&writer, interview->notes[i], length);
        }
    PROMISE(writer_span(&writer).n == n);
    return STATUS_OK;
}

static enum status read_versions(struct reader *reader, struct interview *interview)
{
    uint8_t layout;

    reader_expect(reader, MAGIC, sizeof(MAGIC));
    layout = reader_u8(reader);
    interview->facts.form_version = reader_u16(reader);
    interview->facts.rule_version = reader_u16(reader);
    if (reader->bad)
        return STATUS_MALFORMED;
    return layout == INTERVIEW_LAYOUT && interview->facts.form_version == FORM_VERSION &&
                   interview->facts.rule_version == RULE_VERSION
               ? STATUS_OK
               : STATUS_UNSUPPORTED;
}

static void read_head(struct reader *reader, struct interview *interview)
{
    struct interview_facts *facts = &interview->facts;
    uint8_t interpreter, choice;

    facts->officer = reader_ident(reader);
    facts->begun_at_ms = reader_time_ms(reader);
    facts->changed_at_ms = reader_time_ms(reader);
    reader_copy(reader, facts->language, 3);
    interpreter = reader_u8(reader);
    choice = reader_u8(reader);
    interview->without_officer_since_ms = reader_time_ms(reader);
    reader_copy(reader, interview->said, QUESTION_COUNT);
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        if (interview->said[i] >= SAID_COUNT)
            reader_fail(reader);
    if (interpreter > 1 || choice >= INTERVIEW_CHOICE_COUNT ||
        !is_language(facts->language) || facts->begun_at_ms > facts->changed_at_ms)
        reader_fail(reader);
    if (interview->said[QUESTION_S2] != SAID_NO &&
        (choice != INTERVIEW_CHOICE_NONE || interview->without_officer_since_ms != 0))
        reader_fail(reader);
    facts->interpreter = interpreter == 1;
    interview->choice = choice < INTERVIEW_CHOICE_COUNT ? (enum interview_choice)choice
                                                        : INTERVIEW_CHOICE_NONE;
}

static void read_notes(struct reader *reader, struct interview *interview)
{
    uint8_t n = reader_u8(reader);
    int last = -1;

    for (uint8_t i = 0; i < n && !reader->bad; i++) {
        uint8_t question = reader_u8(reader);
        struct span text = reader_take(reader, reader_u16(reader));

        if (reader->bad || question <= last || !question_takes_note(question) ||
            text.n == 0 || text.n > INTERVIEW_NOTE_BYTES_MAX || !text_is_clean(text) ||
            interview->notes_bytes + text.n > INTERVIEW_NOTES_BYTES_MAX) {
            reader_fail(reader);
            return;
        }
        put_note(interview, question, text);
        last = question;
    }
}

enum status interview_decode(struct span bytes, struct interview **ret)
{
    struct reader reader = reader_over(bytes);
    struct interview *interview;
    enum status status;

    if (bytes.n > INTERVIEW_BYTES_MAX)
        return STATUS_TOO_BIG;
    interview = memory_new(sizeof(*interview));
    status = read_versions(&reader, interview);
    if (status == STATUS_OK) {
        read_head(&reader, interview);
        read_notes(&reader, interview);
        status = reader_end(&reader);
    }
    if (status != STATUS_OK) {
        interview_destroy(&interview);
        return status;
    }
    *ret = interview;
    return STATUS_OK;
}
