/* SPDX-License-Identifier: Apache-2.0
 * Straight reads in the order of the layout. A batch borrows its receipts: what the issuer signed is kept and
 * repeated byte for byte, never written anew.
 */
#include "receipt.h"
#include "memory.h"

static const char MAGIC[4] = {'A', 'M', 'R', '1'};
static const char BATCH_MAGIC[4] = {'A', 'M', 'R', 'S'};

void receipt_encode_unsigned(const struct receipt *receipt, struct writer *writer)
{
    writer_put(writer, MAGIC, sizeof MAGIC);
    writer_u8(writer, (uint8_t)receipt->status);
    writer_u8(writer, (uint8_t)receipt->code);
    writer_zeros(writer, 2);
    writer_ident(writer, &receipt->issuer);
    writer_ident(writer, &receipt->sender);
    writer_u32(writer, receipt->chain_epoch);
    writer_zeros(writer, 4);
    writer_u64(writer, receipt->pair_seq);
    writer_hash(writer, &receipt->link);
    writer_hash(writer, &receipt->body_commit);
    writer_hash(writer, &receipt->envelope);
    writer_u64(writer, (uint64_t)receipt->received_ms);
    writer_u64(writer, receipt->roster_version);
    writer_hash(writer, &receipt->roster_hash);
}

static void read_word(struct reader *reader, struct receipt *receipt)
{
    uint8_t status = reader_u8(reader);
    uint8_t code = reader_u8(reader);
    bool status_known = status >= RECEIPT_STORED && status < RECEIPT_STATUS_COUNT;
    bool code_known = code < RECEIPT_CODE_COUNT;
    bool fits = (status == RECEIPT_INVALID) == (code != RECEIPT_CODE_NONE);
    if (!status_known || !code_known || !fits) {
        reader_fail(reader);
        return;
    }
    receipt->status = (enum receipt_status)status;
    receipt->code = (enum receipt_code)code;
}

enum status receipt_decode(
    struct span bytes, struct receipt *ret, struct span *ret_signed)
{
    struct receipt receipt = {0};
    struct reader reader = reader_over(bytes);
    reader_expect(&reader, MAGIC, sizeof MAGIC);
    read_word(&reader, &receipt);
    reader_zeros(&reader, 2);
    receipt.issuer = reader_ident(&reader);
    receipt.sender = reader_ident(&reader);
    receipt.chain_epoch = reader_u32(&reader);
    reader_zeros(&reader, 4);
    receipt.pair_seq = reader_u64(&reader);
    receipt.link = reader_hash(&reader);
    receipt.body_commit = reader_hash(&reader);
    receipt.envelope = reader_hash(&reader);
    receipt.received_ms = reader_time_ms(&reader);
    receipt.roster_version = reader_u64(&reader);
    receipt.roster_hash = reader_hash(&reader);
    reader_copy(&reader, receipt.signature.bytes, SIGNATURE_BYTES);
    if (receipt.pair_seq == 0 || receipt.chain_epoch == 0) {
        reader_fail(&reader);
    }
    enum status status = reader_end(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    *ret = receipt;
    if (ret_signed != NULL) {
        *ret_signed = span_of(bytes.at, RECEIPT_SIGNED_BYTES);
    }
    return STATUS_OK;
}

const char *receipt_status_name(enum receipt_status status)
{
    static const char *const names[RECEIPT_STATUS_COUNT] = {
        [RECEIPT_STORED] = "stored",
        [RECEIPT_INVALID] = "invalid",
        [RECEIPT_LATE] = "late",
        [RECEIPT_CONFLICT] = "conflict",
    };
    bool known = status >= RECEIPT_STORED && status < RECEIPT_STATUS_COUNT;
    return known ? names[status] : "unknown";
}

void receipt_batch_encode(const struct span *receipts, size_t n, struct writer *writer)
{
    PROMISE(n >= 1 && n <= RECEIPTS_PER_ENVELOPE);
    writer_put(writer, BATCH_MAGIC, sizeof BATCH_MAGIC);
    writer_u8(writer, (uint8_t)n);
    writer_zeros(writer, 3);
    for (size_t i = 0; i < n; i++) {
        PROMISE(receipts[i].n == RECEIPT_BYTES);
        writer_put(writer, receipts[i].at, receipts[i].n);
    }
}

enum status receipt_batch_decode(
    struct span bytes, struct span ret[static RECEIPTS_PER_ENVELOPE], size_t *ret_n)
{
    struct span receipts[RECEIPTS_PER_ENVELOPE];
    struct reader reader = reader_over(bytes);
    reader_expect(&reader, BATCH_MAGIC, sizeof BATCH_MAGIC);
    size_t n = reader_u8(&reader);
    reader_zeros(&reader, 3);
    if (reader.bad || n < 1 || n > RECEIPTS_PER_ENVELOPE) {
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < n; i++) {
        receipts[i] = reader_take(&reader, RECEIPT_BYTES);
    }
    enum status status = reader_end(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        ret[i] = receipts[i];
    }
    *ret_n = n;
    return STATUS_OK;
}
