/* SPDX-License-Identifier: Apache-2.0
 * The text is only a carrier: hex is turned into bytes first, then the bytes are decoded as any layout is.
 */
#include "join.h"

#include <string.h>

#include "memory.h"

enum {
    LINE_BYTES = 32,
    FIXED_BYTES = 144,
    BINARY_MAX = FIXED_BYTES + 64 + SIGNATURE_BYTES
};

static const char TITLE[] = "amaan join request 1\n";

static bool name_is_sound(const char *name)
{
    size_t n = strlen(name);

    return n >= 1 && n < JOIN_NAME_BYTES &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == n;
}

static bool is_zero(const uint8_t key[static 32])
{
    static const uint8_t zero[32];

    return memcmp(key, zero, sizeof zero) == 0;
}

static bool is_sound(const struct join *join)
{
    return name_is_sound(join->name) && join->suites != 0 && join->roles != 0 &&
           !ident_is_zero(&join->node_id) && !ident_is_zero(&join->queue_id) &&
           !is_zero(join->identity.bytes) && !is_zero(join->transport) &&
           !is_zero(join->directory);
}

static void encode_unsigned(const struct join *join, struct writer *writer)
{
    size_t n = strlen(join->name);

    writer_put(writer, "AMJ1", 4);
    writer_u32(writer, join->suites);
    writer_u32(writer, join->roles);
    writer_u8(writer, (uint8_t)n);
    writer_zeros(writer, 3);
    writer_ident(writer, &join->node_id);
    writer_ident(writer, &join->queue_id);
    writer_put(writer, join->identity.bytes, sizeof join->identity.bytes);
    writer_put(writer, join->transport, sizeof join->transport);
    writer_put(writer, join->directory, sizeof join->directory);
    writer_put(writer, join->name, n);
}

/* Context and unsigned request: what is signed, and what the fingerprint is of. */
static struct span make_message(
    const struct join *join, uint8_t memory[static CONTEXT_BYTES + BINARY_MAX])
{
    struct writer writer = writer_over(memory, CONTEXT_BYTES + BINARY_MAX);

    writer_put(&writer, CONTEXT_JOIN, CONTEXT_BYTES);
    encode_unsigned(join, &writer);
    return writer_span(&writer);
}

static enum status put_lines(struct span bytes, struct buffer *ret)
{
    enum status status = buffer_put(ret, TITLE, sizeof TITLE - 1);

    for (size_t at = 0; status == STATUS_OK && at < bytes.n; at += LINE_BYTES) {
        size_t n = bytes.n - at < LINE_BYTES ? bytes.n - at : LINE_BYTES;
        char line[2 * LINE_BYTES + 1];

        hex_format(bytes.at + at, n, line);
        line[2 * n] = '\n'; /* over the NUL */
        status = buffer_put(ret, line, 2 * n + 1);
    }
    return status;
}

enum status join_format(
    struct join *join, const struct sign_secret *identity, struct buffer *ret)
{
    uint8_t message[CONTEXT_BYTES + BINARY_MAX], bytes[BINARY_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);

    join->identity = sign_public_of(identity);
    PROMISE(is_sound(join));
    sign_make(identity, make_message(join, message), &join->signature);
    encode_unsigned(join, &writer);
    writer_put(&writer, join->signature.bytes, sizeof join->signature.bytes);
    return put_lines(writer_span(&writer), ret);
}

static enum status decode(struct span bytes, struct join *ret)
{
    struct reader reader = reader_over(bytes);
    struct join join;
    size_t n;

    memset(&join, 0, sizeof join);
    reader_expect(&reader, "AMJ1", 4);
    join.suites = reader_u32(&reader);
    join.roles = reader_u32(&reader);
    n = reader_u8(&reader);
    reader_zeros(&reader, 3);
    join.node_id = reader_ident(&reader);
    join.queue_id = reader_ident(&reader);
    reader_copy(&reader, join.identity.bytes, sizeof join.identity.bytes);
    reader_copy(&reader, join.transport, sizeof join.transport);
    reader_copy(&reader, join.directory, sizeof join.directory);
    if (n >= JOIN_NAME_BYTES)
        return STATUS_MALFORMED;
    reader_copy(&reader, join.name, n);
    reader_copy(&reader, join.signature.bytes, sizeof join.signature.bytes);
    if (reader_end(&reader) || strlen(join.name) != n || !is_sound(&join))
        return STATUS_MALFORMED;
    *ret = join;
    return STATUS_OK;
}

/* One line without its end; false when there is none. */
static bool next_line(struct span *text, struct span *ret)
{
    const uint8_t *end = text->n ? memchr(text->at, '\n', text->n) : NULL;
    size_t n = end ? (size_t)(end - text->at) : text->n;

    if (text->n == 0)
        return false;
    *ret = span_of(text->at, n);
    if (n > 0 && text->at[n - 1] == '\r')
        ret->n--;
    n += end != NULL;
    *text = span_of(text->at + n, text->n - n);
    return true;
}

static enum status read_hex(struct span line, uint8_t *to)
{
    char text[2 * LINE_BYTES + 1];

    if (line.n == 0 || line.n > 2 * LINE_BYTES || line.n % 2)
        return STATUS_MALFORMED;
    for (size_t i = 0; i < line.n; i++) {
        if (line.at[i] >= 'A' && line.at[i] <= 'F') /* one form only */
            return STATUS_MALFORMED;
    }
    memcpy(text, line.at, line.n);
    text[line.n] = 0;
    return hex_parse(text, to, line.n / 2);
}

static enum status read_lines(
    struct span text, uint8_t bytes[static BINARY_MAX], size_t *ret_n)
{
    struct span line;
    size_t n = 0;
    bool ended = false;

    if (!next_line(&text, &line) || line.n != sizeof TITLE - 2 ||
        memcmp(line.at, TITLE, line.n) != 0)
        return STATUS_MALFORMED;
    while (next_line(&text, &line)) {
        if (line.n == 0) {
            ended = true;
            continue;
        }
        if (ended || line.n / 2 > BINARY_MAX - n || n % LINE_BYTES ||
            read_hex(line, bytes + n))
            return STATUS_MALFORMED;
        n += line.n / 2;
    }
    *ret_n = n;
    return STATUS_OK;
}

enum status join_parse(struct span text, struct join *ret, struct trouble *trouble)
{
    uint8_t bytes[BINARY_MAX], message[CONTEXT_BYTES + BINARY_MAX];
    struct join join;
    size_t n;

    if (text.n > JOIN_TEXT_BYTES_MAX) {
        trouble_say(trouble, "this file is too long to be a join request");
        return STATUS_TOO_BIG;
    }
    if (read_lines(text, bytes, &n) || decode(span_of(bytes, n), &join)) {
        trouble_say(trouble, "this is not a join request, or it was damaged on its way: "
                             "ask the member to send the file again");
        return STATUS_MALFORMED;
    }
    if (sign_check(&join.identity, make_message(&join, message), &join.signature)) {
        trouble_say(trouble, "the signature of this join request does not hold: it was "
                             "changed on its way. Ask the member to send it again");
        return STATUS_FORGED;
    }
    *ret = join;
    return STATUS_OK;
}

void join_fingerprint(const struct join *join, char ret[static FINGERPRINT_TEXT_BYTES])
{
    uint8_t message[CONTEXT_BYTES + BINARY_MAX];
    struct hash hash = hash_of(make_message(join, message));

    fingerprint_format(&hash, ret);
}
