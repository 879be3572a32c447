/* SPDX-License-Identifier: Apache-2.0
 * The suite row gives the length of enc, and so where the ciphertext begins: until the suite is known
 * nothing behind the fixed part is looked at.
 */
#include <string.h>

#include "header.h"
#include "memory.h"

static const char MAGIC[4] = {'A', 'M', 'E', '1'};
static const uint32_t BUCKETS[] = {BUCKET_SMALL, BUCKET_MIDDLE, BUCKET_LARGE};

uint32_t bucket_for_body(size_t body_bytes)
{
    for (size_t i = 0; i < ARRAY_LENGTH(BUCKETS); i++) {
        if (body_bytes <= BUCKETS[i] - INNER_BYTES) {
            return BUCKETS[i];
        }
    }
    return 0;
}

bool bucket_is_known(uint32_t bucket)
{
    for (size_t i = 0; i < ARRAY_LENGTH(BUCKETS); i++) {
        if (bucket == BUCKETS[i]) {
            return true;
        }
    }
    return false;
}

static bool is_ciphertext_size(uint32_t bytes)
{
    return bytes > SEAL_TAG_BYTES && bucket_is_known(bytes - SEAL_TAG_BYTES);
}

size_t envelope_bytes(const struct suite *suite, uint32_t bucket)
{
    return HEADER_FIXED_BYTES + suite->enc_bytes + bucket + SEAL_TAG_BYTES;
}

void header_encode(const struct header *header, struct writer *writer)
{
    const struct suite *suite = suite_find(header->suite);
    PROMISE(suite != NULL);
    PROMISE(is_ciphertext_size(header->ciphertext_bytes));
    PROMISE(header->lane == LANE_NORMAL || header->lane == LANE_EXPRESS);

    writer_put(writer, MAGIC, sizeof MAGIC);
    writer_u16(writer, header->suite);
    writer_u8(writer, (uint8_t)header->lane);
    writer_zeros(writer, 1);
    writer_ident(writer, &header->msg_id);
    writer_ident(writer, &header->queue_id);
    writer_u64(writer, header->prekey_id);
    writer_u32(writer, header->ciphertext_bytes);
    writer_zeros(writer, 4);
    writer_put(writer, header->enc, suite->enc_bytes);
}

/* All up to enc. */
static struct header read_fixed(struct reader *reader)
{
    struct header header = {0};
    reader_expect(reader, MAGIC, sizeof MAGIC);
    header.suite = reader_u16(reader);
    uint8_t lane = reader_u8(reader);
    if (lane > LANE_EXPRESS) {
        reader_fail(reader);
    }
    header.lane = (enum lane)lane;
    reader_zeros(reader, 1);
    header.msg_id = reader_ident(reader);
    header.queue_id = reader_ident(reader);
    header.prekey_id = reader_u64(reader);
    header.ciphertext_bytes = reader_u32(reader);
    reader_zeros(reader, 4);
    if (ident_is_zero(&header.msg_id) || !is_ciphertext_size(header.ciphertext_bytes)) {
        reader_fail(reader);
    }
    return header;
}

/* The whole clear part. */
static enum status read_header(struct reader *reader, struct header *ret)
{
    struct header header = read_fixed(reader);
    if (reader->bad) {
        return STATUS_MALFORMED;
    }
    const struct suite *suite = suite_find(header.suite);
    if (suite == NULL) {
        return STATUS_UNSUPPORTED;
    }
    reader_copy(reader, header.enc, suite->enc_bytes);
    *ret = header;
    return STATUS_OK;
}

enum status header_decode(struct span envelope, struct header *ret,
    struct span *ret_header_bytes, struct span *ret_ciphertext)
{
    struct reader reader = reader_over(envelope);
    struct header header;
    enum status status = read_header(&reader, &header);
    if (status != STATUS_OK) {
        return status;
    }
    size_t left = reader.left;
    struct span ciphertext = reader_take(&reader, header.ciphertext_bytes);
    status = reader_end(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    *ret = header;
    if (ret_header_bytes != NULL) {
        *ret_header_bytes = span_of(envelope.at, envelope.n - left);
    }
    if (ret_ciphertext != NULL) {
        *ret_ciphertext = ciphertext;
    }
    return STATUS_OK;
}

enum status header_decode_alone(struct span bytes, struct header *ret)
{
    struct reader reader = reader_over(bytes);
    struct header header;
    enum status status = read_header(&reader, &header);
    if (status == STATUS_OK) {
        status = reader_end(&reader);
    }
    if (status == STATUS_OK) {
        *ret = header;
    }
    return status;
}
