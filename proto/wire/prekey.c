/* SPDX-License-Identifier: Apache-2.0
 * Straight reads in the order of the layout; the rules between the entries are checked at the end.
 */
#include "prekey.h"
#include "memory.h"

static const char MAGIC[4] = {'A', 'M', 'P', '1'};

void bundle_encode_unsigned(const struct bundle *bundle, struct writer *writer)
{
    const struct suite *suite = suite_find(bundle->suite);
    PROMISE(suite != NULL);
    PROMISE(bundle->n >= 1 && bundle->n <= BUNDLE_PREKEYS_MAX);

    writer_put(writer, MAGIC, sizeof MAGIC);
    writer_u16(writer, bundle->suite);
    writer_u8(writer, (uint8_t)bundle->n);
    writer_zeros(writer, 1);
    writer_ident(writer, &bundle->node_id);
    writer_u64(writer, bundle->number);
    writer_u64(writer, (uint64_t)bundle->created_ms);
    writer_u64(writer, bundle->roster_version);
    writer_zeros(writer, 8);
    for (size_t i = 0; i < bundle->n; i++) {
        const struct prekey *prekey = &bundle->prekeys[i];
        writer_u64(writer, prekey->id);
        writer_put(writer, prekey->public_key, suite->public_bytes);
        writer_u64(writer, (uint64_t)prekey->not_before_ms);
        writer_u64(writer, (uint64_t)prekey->not_after_ms);
    }
}

static void read_head(struct reader *reader, struct bundle *bundle)
{
    reader_expect(reader, MAGIC, sizeof MAGIC);
    bundle->suite = reader_u16(reader);
    bundle->n = reader_u8(reader);
    reader_zeros(reader, 1);
    bundle->node_id = reader_ident(reader);
    bundle->number = reader_u64(reader);
    bundle->created_ms = reader_time_ms(reader);
    bundle->roster_version = reader_u64(reader);
    reader_zeros(reader, 8);
    if (bundle->n < 1 || bundle->n > BUNDLE_PREKEYS_MAX || bundle->number == 0 ||
        ident_is_zero(&bundle->node_id)) {
        reader_fail(reader);
    }
}

static void read_prekey(
    struct reader *reader, const struct suite *suite, struct bundle *bundle, size_t i)
{
    struct prekey *prekey = &bundle->prekeys[i];
    prekey->id = reader_u64(reader);
    reader_copy(reader, prekey->public_key, suite->public_bytes);
    prekey->not_before_ms = reader_time_ms(reader);
    prekey->not_after_ms = reader_time_ms(reader);
    if (prekey->not_after_ms <= prekey->not_before_ms) {
        reader_fail(reader);
    }
    if (i > 0 && prekey->not_before_ms < bundle->prekeys[i - 1].not_before_ms) {
        reader_fail(reader);
    }
    for (size_t earlier = 0; earlier < i; earlier++) {
        if (bundle->prekeys[earlier].id == prekey->id) {
            reader_fail(reader);
        }
    }
}

enum status bundle_decode(struct span bytes, struct bundle *ret, struct span *ret_signed)
{
    struct bundle bundle = {0};
    struct reader reader = reader_over(bytes);
    read_head(&reader, &bundle);
    if (reader.bad) {
        return STATUS_MALFORMED;
    }
    const struct suite *suite = suite_find(bundle.suite);
    if (suite == NULL) {
        return STATUS_UNSUPPORTED;
    }
    for (size_t i = 0; i < bundle.n && !reader.bad; i++) {
        read_prekey(&reader, suite, &bundle, i);
    }
    reader_copy(&reader, bundle.signature, sizeof bundle.signature);
    enum status status = reader_end(&reader);
    if (status != STATUS_OK) {
        return status;
    }
    *ret = bundle;
    if (ret_signed != NULL) {
        *ret_signed = span_of(bytes.at, bytes.n - BUNDLE_SIGNATURE_BYTES);
    }
    return STATUS_OK;
}

const struct prekey *bundle_find(const struct bundle *bundle, uint64_t prekey_id)
{
    for (size_t i = 0; i < bundle->n; i++) {
        if (bundle->prekeys[i].id == prekey_id) {
            return &bundle->prekeys[i];
        }
    }
    return NULL;
}

const struct prekey *bundle_choose(const struct bundle *bundle, int64_t now_ms)
{
    for (size_t i = bundle->n; i > 0; i--) {
        const struct prekey *prekey = &bundle->prekeys[i - 1];
        if (prekey->not_before_ms - PREKEY_EARLY_MS <= now_ms &&
            now_ms <= prekey->not_after_ms) {
            return prekey;
        }
    }
    return NULL;
}
