/* SPDX-License-Identifier: Apache-2.0
 * The table is built while walking the members, so that it comes out in order; the box is made last, straight
 * into the document.
 */
#include "package.h"

#include <string.h>

#include "box.h"
#include "hpke.h"
#include "memory.h"

enum {
    PLACE_BYTES = CONTEXT_BYTES + IDENT_BYTES + 8,
    INFO_BYTES = PLACE_BYTES + IDENT_BYTES,
    SUITE_OF_DIRECTORY_KEYS = 1
};

struct hash package_hash(struct span plain)
{
    struct span parts[] = {span_of(CONTEXT_PROFILES, CONTEXT_BYTES), plain};

    return hash_of_parts(parts, ARRAY_LENGTH(parts));
}

struct hash package_profile_hash(struct span plain, struct span profile)
{
    PROMISE(plain.n >= PACKAGE_SALT_BYTES);
    return hash_keyed(plain.at, profile);
}

enum status package_profiles(struct span plain, struct span *ret)
{
    if (plain.n < PACKAGE_SALT_BYTES)
        return STATUS_MALFORMED;
    *ret = span_of(plain.at + PACKAGE_SALT_BYTES, plain.n - PACKAGE_SALT_BYTES);
    return STATUS_OK;
}

/* The place of the box; with the node id behind it the info of a wrap. */
static void write_info(const struct ident *network_id, uint64_t version,
    const struct ident *node_id, uint8_t ret[static INFO_BYTES])
{
    struct writer writer = writer_over(ret, INFO_BYTES);

    writer_put(&writer, CONTEXT_WRAP, CONTEXT_BYTES);
    writer_ident(&writer, network_id);
    writer_u64(&writer, version);
    writer_ident(&writer, node_id);
    PROMISE(!writer.full && writer.used == INFO_BYTES);
}

static enum status wrap_key(const struct package_draft *draft, struct chance *chance,
    const struct member *member, const struct box_key *key, const struct hash *hash,
    struct writer *writer)
{
    const struct kem *kem = kem_find(SUITE_OF_DIRECTORY_KEYS);
    uint8_t info[INFO_BYTES], enc[KEM_ENC_MAX], wrapped[PARCEL_WRAPPED_BYTES];
    struct hpke hpke;
    enum status status;

    PROMISE(kem && kem->enc_bytes == PARCEL_ENC_BYTES);
    write_info(draft->network_id, draft->version, &member->node_id, info);
    status = hpke_setup_sender(
        kem, chance, member->directory, span_of(info, sizeof info), enc, &hpke);
    if (status)
        return status;
    hpke_seal(&hpke, 0, hash_span(hash), span_of(key->bytes, sizeof key->bytes), wrapped);
    hpke_release(&hpke);
    writer_ident(writer, &member->node_id);
    writer_put(writer, enc, PARCEL_ENC_BYTES);
    writer_put(writer, wrapped, sizeof wrapped);
    return STATUS_OK;
}

static uint32_t count_readers(const struct package_draft *draft)
{
    uint32_t n = 0;

    for (size_t i = 0; i < draft->n; i++)
        n += draft->members[i].status == MEMBER_ACTIVE;
    return n;
}

static enum status write_front(const struct package_draft *draft, struct chance *chance,
    const struct box_key *key, const struct hash *hash, struct buffer *ret)
{
    uint32_t n = count_readers(draft);
    size_t locked_bytes = draft->plain.n + BOX_EXTRA_BYTES;
    size_t front_bytes = PARCEL_FIXED_BYTES + (size_t)n * PARCEL_ENTRY_BYTES;
    struct document document = {
        .type = DOCUMENT_PROFILES,
        .version = draft->version,
        .root_version = draft->root_version,
        .created_ms = draft->created_ms,
        .expires_ms = draft->expires_ms,
        .count = n,
    };
    uint8_t *to = buffer_grow(ret, front_bytes);
    struct writer writer;
    enum status status = STATUS_OK;

    if (!to)
        return STATUS_TOO_BIG;
    writer = writer_over(to, front_bytes);
    document_encode_head(&document, front_bytes + locked_bytes, &writer);
    writer_hash(&writer, hash);
    writer_u32(&writer, (uint32_t)locked_bytes);
    writer_zeros(&writer, 12);
    for (size_t i = 0; status == STATUS_OK && i < draft->n; i++) {
        if (draft->members[i].status == MEMBER_ACTIVE)
            status = wrap_key(draft, chance, &draft->members[i], key, hash, &writer);
    }
    PROMISE(status || (!writer.full && writer.used == front_bytes));
    return status;
}

enum status package_make(
    const struct package_draft *draft, struct chance *chance, struct buffer *ret)
{
    static const struct ident nobody = {{0}};
    struct hash hash = package_hash(draft->plain);
    uint8_t info[INFO_BYTES], list[DOCUMENT_LIST_BYTES] = {0};
    struct box_key key;
    enum status status;

    PROMISE(draft->plain.n >= PACKAGE_SALT_BYTES);
    if (draft->n > ROSTER_MEMBERS_MAX || draft->plain.n > PROFILES_BYTES_MAX ||
        draft->plain.n + PARCEL_FIXED_BYTES + draft->n * PARCEL_ENTRY_BYTES +
                BOX_EXTRA_BYTES + DOCUMENT_LIST_BYTES +
                DOCUMENT_SIGNERS_MAX * DOCUMENT_SIGNER_BYTES >
            PROFILES_BYTES_MAX)
        return STATUS_TOO_BIG;
    box_new_key(chance, &key);
    write_info(draft->network_id, draft->version, &nobody, info);
    status = write_front(draft, chance, &key, &hash, ret);
    if (status == STATUS_OK)
        status = box_apply(&key, chance, span_of(info, PLACE_BYTES), draft->plain, ret);
    if (status == STATUS_OK)
        status = buffer_put(ret, list, sizeof list);
    memory_wipe(&key, sizeof key);
    return status;
}

static enum status unwrap_key(const struct parcel *parcel,
    const struct parcel_entry *entry, const uint8_t info[static INFO_BYTES],
    const uint8_t secret[static DIRECTORY_KEY_BYTES], struct box_key *ret)
{
    const struct kem *kem = kem_find(SUITE_OF_DIRECTORY_KEYS);
    struct hpke hpke;
    enum status status =
        hpke_setup_recipient(kem, entry->enc, secret, span_of(info, INFO_BYTES), &hpke);

    if (status)
        return status;
    status = hpke_open(&hpke, 0, hash_span(&parcel->profiles),
        span_of(entry->wrapped, sizeof entry->wrapped), ret->bytes);
    hpke_release(&hpke);
    return status;
}

enum status package_open(const struct document *document, const struct ident *network_id,
    const struct ident *node_id,
    const uint8_t directory_secret[static DIRECTORY_KEY_BYTES],
    const struct hash *expected, struct buffer *ret_plain)
{
    uint8_t info[INFO_BYTES];
    struct parcel parcel;
    struct parcel_entry entry;
    struct box_key key;
    struct buffer plain;
    struct hash hash;
    enum status status = parcel_decode(document, &parcel);

    if (status)
        return status;
    if (!hash_equal(&parcel.profiles, expected))
        return STATUS_CONFLICT;
    if (parcel_find(&parcel, node_id, &entry))
        return STATUS_NOT_FOUND;
    write_info(network_id, parcel.version, node_id, info);
    status = unwrap_key(&parcel, &entry, info, directory_secret, &key);
    if (status)
        return status;
    buffer_init(&plain, PROFILES_BYTES_MAX);
    status = box_break(&key, span_of(info, PLACE_BYTES), parcel.locked, &plain);
    memory_wipe(&key, sizeof key);
    if (status == STATUS_OK) {
        hash = package_hash(buffer_span(&plain));
        if (plain.used < PACKAGE_SALT_BYTES || !hash_equal(&hash, expected))
            status = STATUS_FORGED;
        else
            status = buffer_put(ret_plain, plain.bytes, plain.used);
    }
    buffer_release(&plain);
    return status;
}
