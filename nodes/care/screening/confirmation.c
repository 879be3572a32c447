/* SPDX-License-Identifier: Apache-2.0
 * The rules that need no assessment are held at decoding, too.
 */
#include "confirmation.h"

#include <string.h>

#include "memory.h"
#include "rule.h"

static const uint8_t MAGIC[4] = {'S', 'C', 'R', 'C'};

const char *const CONFIRMATION_REASON_WORDS[CONFIRMATION_REASON_COUNT] = {
    [CONFIRMATION_NONE] = "none",
    [CONFIRMATION_SEEN_BY_OFFICER] = "seen-by-officer",
    [CONFIRMATION_TOLD_BY_OTHERS] = "told-by-others",
    [CONFIRMATION_MISUNDERSTOOD] = "misunderstood",
    [CONFIRMATION_COACHED] = "coached",
    [CONFIRMATION_AGE_ESTABLISHED] = "age-established",
    [CONFIRMATION_OTHER] = "other",
};

static enum status refuse(enum status status, struct trouble *trouble, const char *why)
{
    trouble_say(trouble, "%s", why);
    return status;
}

static enum status check_class(
    const struct confirmation *confirmation, struct trouble *trouble)
{
    if (!outcome_class_word(confirmation->proposed) ||
        !outcome_class_word(confirmation->confirmed))
        return refuse(STATUS_MALFORMED, trouble, "that is no class of a screening");
    if (confirmation->confirmed == confirmation->proposed)
        return STATUS_OK;
    if (confirmation->confirmed == OUTCOME_INCOMPLETE)
        return refuse(STATUS_DENIED, trouble,
            "nobody sets INCOMPLETE by hand: answer the gate that is not met");
    if (confirmation->proposed == OUTCOME_INCOMPLETE &&
        confirmation->confirmed == OUTCOME_NO_INDICATORS)
        return refuse(STATUS_DENIED, trouble,
            "the interview was not finished, so nobody can say that there are no "
            "indicators; leave it INCOMPLETE and refer what the person asks for");
    return STATUS_OK;
}

static enum status check_reason(
    const struct confirmation *confirmation, struct trouble *trouble)
{
    bool differs = confirmation->confirmed != confirmation->proposed;
    bool lower = confirmation->confirmed < confirmation->proposed;

    if ((unsigned)confirmation->reason >= CONFIRMATION_REASON_COUNT ||
        !memchr(confirmation->text, 0, sizeof(confirmation->text)) ||
        !text_is_clean(span_text(confirmation->text)))
        return refuse(STATUS_MALFORMED, trouble, "the reason or its text is not valid");
    if (differs == (confirmation->reason == CONFIRMATION_NONE))
        return refuse(STATUS_MALFORMED, trouble,
            differs ? "another class than the proposed one needs a reason"
                    : "a class confirmed as proposed has no reason; leave it out");
    if ((lower || confirmation->reason == CONFIRMATION_OTHER) && !*confirmation->text)
        return refuse(STATUS_MALFORMED, trouble,
            "a lower class, and the reason \"other\", need a text that says why");
    return STATUS_OK;
}

enum status confirmation_check(const struct confirmation *confirmation,
    const struct assessment *assessment, struct trouble *trouble)
{
    enum status status;

    if (confirmation->proposed != assessment->class ||
        confirmation->form_version != assessment->form_version ||
        confirmation->rule_version != assessment->rule_version)
        return refuse(STATUS_CONFLICT, trouble,
            "the answers lead to another class than the one that was looked at; look "
            "again and confirm that");
    status = check_class(confirmation, trouble);
    if (status == STATUS_OK && confirmation->confirmed == OUTCOME_CHILD_AT_RISK &&
        !assessment->child)
        return refuse(STATUS_DENIED, trouble,
            "S5 says that the person is an adult; if that is in doubt, answer S5 first");
    return status == STATUS_OK ? check_reason(confirmation, trouble) : status;
}

enum status confirmation_encode(
    const struct confirmation *confirmation, struct buffer *ret)
{
    size_t length = strlen(confirmation->text);
    size_t n = CONFIRMATION_BYTES_MAX - CONFIRMATION_TEXT_BYTES_MAX + length;
    struct writer writer;
    uint8_t *memory;

    PROMISE(check_class(confirmation, NULL) == STATUS_OK &&
            check_reason(confirmation, NULL) == STATUS_OK);
    memory = buffer_grow(ret, n);
    if (!memory)
        return STATUS_TOO_BIG;
    writer = writer_over(memory, n);
    writer_put(&writer, MAGIC, sizeof(MAGIC));
    writer_u8(&writer, CONFIRMATION_LAYOUT);
    writer_u16(&writer, confirmation->form_version);
    writer_u16(&writer, confirmation->rule_version);
    writer_ident(&writer, &confirmation->officer);
    writer_u64(&writer, (uint64_t)confirmation->at_ms);
    writer_u8(&writer, (uint8_t)confirmation->proposed);
    writer_u8(&writer, (uint8_t)confirmation->confirmed);
    writer_u8(&writer, (uint8_t)confirmation->reason);
    writer_u16(&writer, (uint16_t)length);
    writer_put(&writer, confirmation->text, length);
    PROMISE(writer_span(&writer).n == n);
    return STATUS_OK;
}

enum status confirmation_decode(struct span bytes, struct confirmation *ret)
{
    struct reader reader = reader_over(bytes);
    struct confirmation read = {.form_version = 0};
    struct span text;
    uint8_t layout;

    reader_expect(&reader, MAGIC, sizeof(MAGIC));
    layout = reader_u8(&reader);
    read.form_version = reader_u16(&reader);
    read.rule_version = reader_u16(&reader);
    if (reader.bad)
        return STATUS_MALFORMED;
    if (layout != CONFIRMATION_LAYOUT || read.form_version != FORM_VERSION ||
        read.rule_version != RULE_VERSION)
        return STATUS_UNSUPPORTED;
    read.officer = reader_ident(&reader);
    read.at_ms = reader_time_ms(&reader);
    read.proposed = (enum outcome_class)reader_u8(&reader);
    read.confirmed = (enum outcome_class)reader_u8(&reader);
    read.reason = (enum confirmation_reason)reader_u8(&reader);
    text = reader_take(&reader, reader_u16(&reader));
    if (reader_end(&reader) != STATUS_OK || text.n > CONFIRMATION_TEXT_BYTES_MAX ||
        !text_is_clean(text))
        return STATUS_MALFORMED;
    if (text.n > 0)
        memcpy(read.text, text.at, text.n);
    if (check_class(&read, NULL) != STATUS_OK || check_reason(&read, NULL) != STATUS_OK)
        return STATUS_MALFORMED;
    *ret = read;
    return STATUS_OK;
}
