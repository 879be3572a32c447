/* SPDX-License-Identifier: Apache-2.0
 * The kinds are a table, whose row says whether a kind is numbered and whether it ever expires. All padding is
 * read to the last byte: header, inner and body must determine the ciphertext (PROTOCOL.md 1.1).
 */
#include "inner.h"
#include "memory.h"

static const char MAGIC[4] = {'A', 'M', 'I', '1'};

static const struct row {
    uint16_t kind;
    bool numbered, expires;
    const char *name;
} ROWS[] = {
    {LETTER_REFERRAL, true, true, "referral"},
    {LETTER_UPDATE, true, true, "update"},
    {LETTER_ANSWER, true, true, "answer"},
    {LETTER_VOID, true, false, "void"},
    {LETTER_HANDOVER, true, true, "handover"},
    {LETTER_EVENT, true, true, "event"},
    {LETTER_CAPACITY, true, true, "capacity"},
    {LETTER_ENQUIRY, true, true, "enquiry"},
    {LETTER_ENQUIRY_ANSWER, true, true, "enquiry answer"},
    {LETTER_TEST, true, true, "test"},
    {LETTER_RECEIPT, false, false, "receipt"},
    {LETTER_HEARTBEAT, false, false, "heartbeat"},
    {LETTER_RESYNC, false, false, "resync"},
};

static const struct row *find_row(uint16_t kind)
{
    for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++) {
        if (ROWS[i].kind == kind) {
            return &ROWS[i];
        }
    }
    return NULL;
}

bool letter_kind_is_known(uint16_t kind)
{
    return find_row(kind) != NULL;
}

bool letter_kind_is_numbered(uint16_t kind)
{
    const struct row *row = find_row(kind);
    return row != NULL && row->numbered;
}

const char *letter_kind_name(uint16_t kind)
{
    const struct row *row = find_row(kind);
    return row != NULL ? row->name : "unknown";
}

void inner_encode(const struct inner *inner, struct writer *writer)
{
    writer_put(writer, MAGIC, sizeof MAGIC);
    writer_u16(writer, inner->kind);
    writer_u16(writer, inner->seal_no);
    writer_put(writer, inner->sender.bytes, SIGN_PUBLIC_BYTES);
    writer_u64(writer, (uint64_t)inner->created_ms);
    writer_u32(writer, inner->lifetime_s);
    writer_u32(writer, inner->after_back);
    writer_u64(writer, inner->pair_seq);
    writer_u32(writer, inner->chain_epoch);
    writer_u32(writer, inner->body_bytes);
    writer_hash(writer, &inner->prev_link);
    writer_u64(writer, inner->roster_version);
    writer_hash(writer, &inner->roster_hash);
    writer_ident(writer, &inner->item_id);
    writer_put(writer, inner->body_salt, sizeof inner->body_salt);
    writer_put(writer, inner->signature.bytes, SIGNATURE_BYTES);
}

static struct inner read_inner(struct reader *reader)
{
    struct inner inner = {0};
    reader_expect(reader, MAGIC, sizeof MAGIC);
    inner.kind = reader_u16(reader);
    inner.seal_no = reader_u16(reader);
    reader_copy(reader, inner.sender.bytes, SIGN_PUBLIC_BYTES);
    inner.created_ms = reader_time_ms(reader);
    inner.lifetime_s = reader_u32(reader);
    inner.after_back = reader_u32(reader);
    inner.pair_seq = reader_u64(reader);
    inner.chain_epoch = reader_u32(reader);
    inner.body_bytes = reader_u32(reader);
    inner.prev_link = reader_hash(reader);
    inner.roster_version = reader_u64(reader);
    inner.roster_hash = reader_hash(reader);
    inner.item_id = reader_ident(reader);
    reader_copy(reader, inner.body_salt, sizeof inner.body_salt);
    reader_copy(reader, inner.signature.bytes, SIGNATURE_BYTES);
    return inner;
}

/* PROTOCOL.md 2.1: what a numbered kind has and another has not. */
static bool numbers_fit(const struct inner *inner, const struct row *row)
{
    if (row->numbered) {
        return inner->pair_seq > 0 && inner->chain_epoch > 0 &&
               inner->after_back < inner->pair_seq &&
               (inner->lifetime_s > 0) == row->expires && !ident_is_zero(&inner->item_id);
    }
    return inner->pair_seq == 0 && inner->chain_epoch == 0 && inner->after_back == 0 &&
           inner->lifetime_s == 0 && hash_is_zero(&inner->prev_link);
}

enum status inner_decode(
    struct span plain, struct inner *ret, struct span *ret_body, struct span *ret_signed)
{
    if (plain.n > BUCKET_LARGE || !bucket_is_known((uint32_t)plain.n)) {
        return STATUS_MALFORMED;
    }
    struct reader reader = reader_over(plain);
    struct inner inner = read_inner(&reader);
    struct span body = reader_take(&reader, inner.body_bytes);
    reader_zeros(&reader, reader.left);
    enum status status = reader_end(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    const struct row *row = find_row(inner.kind);
    if (row == NULL) {
        return STATUS_UNSUPPORTED;
    }
    if (!numbers_fit(&inner, row)) {
        return STATUS_MALFORMED;
    }
    *ret = inner;
    *ret_body = body;
    *ret_signed = span_of(plain.at, INNER_SIGNED_BYTES);
    return STATUS_OK;
}
