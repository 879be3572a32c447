/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: Argon2id with one lane (libsodium has no other), which costs an attacker at least as
 * much memory as RFC 9106 asks for. The head of a key file is associated data of its box, so the cost, the
 * salt and the kind cannot be changed without the passphrase.
 */
#include "password.h"

#include <sodium.h>
#include <string.h>

#include "memory.h"

const struct cost COST_FLOOR = {3, COST_MEM_KIB_MIN};
const struct cost COST_NODE = {3, 262144};
const struct cost COST_STEWARD = {4, 1048576};

enum {
    KEYFILE_VERSION = 1,
    KEYFILE_HEAD_BYTES = 4 + 2 + 2 + 4 + 4 + PASSWORD_SALT_BYTES + 4
};
static const uint8_t magic[4] = {'A', 'M', 'K', '1'};

_Static_assert(PASSWORD_SALT_BYTES == crypto_pwhash_SALTBYTES, "Argon2id salt");

static bool cost_is_allowed(struct cost cost)
{
    return cost.ops >= COST_OPS_MIN && cost.ops <= COST_OPS_MAX &&
           cost.mem_kib >= COST_MEM_KIB_MIN && cost.mem_kib <= COST_MEM_KIB_MAX;
}

enum status password_key(struct span passphrase,
    const uint8_t salt[static PASSWORD_SALT_BYTES], struct cost cost, struct box_key *ret)
{
    if (passphrase.n > PASSWORD_MAX_BYTES)
        return STATUS_TOO_BIG;
    if (!cost_is_allowed(cost))
        return STATUS_UNSUPPORTED;
    const char *text = passphrase.n > 0 ? (const char *)passphrase.at : "";
    struct box_key key;
    int answer = crypto_pwhash(key.bytes, BOX_KEY_BYTES, text, passphrase.n, salt,
        cost.ops, (size_t)cost.mem_kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
    if (answer == 0)
        *ret = key;
    memory_wipe(&key, sizeof key);
    return answer == 0 ? STATUS_OK : STATUS_FULL;
}

enum status keyfile_apply(enum keyfile_kind kind, struct span passphrase,
    struct cost cost, struct chance *chance, struct span body, struct buffer *ret)
{
    if (body.n > UINT32_MAX)
        return STATUS_TOO_BIG;
    uint8_t head[KEYFILE_HEAD_BYTES], salt[PASSWORD_SALT_BYTES];
    struct box_key key;
    struct buffer boxed;
    chance_fill(chance, salt, sizeof salt);
    enum status status = password_key(passphrase, salt, cost, &key);
    if (status != STATUS_OK)
        return status;
    struct writer writer = writer_over(head, sizeof head);
    writer_put(&writer, magic, sizeof magic);
    writer_u16(&writer, KEYFILE_VERSION);
    writer_u16(&writer, (uint16_t)kind);
    writer_u32(&writer, cost.ops);
    writer_u32(&writer, cost.mem_kib);
    writer_put(&writer, salt, sizeof salt);
    writer_u32(&writer, (uint32_t)body.n);
    buffer_init(&boxed, body.n + BOX_EXTRA_BYTES);
    status = box_apply(&key, chance, writer_span(&writer), body, &boxed);
    uint8_t *to = NULL;
    if (status == STATUS_OK) {
        to = buffer_grow(ret, sizeof head + boxed.used);
        status = to == NULL ? STATUS_TOO_BIG : STATUS_OK;
    }
    if (status == STATUS_OK) {
        memcpy(to, head, sizeof head);
        memcpy(to + sizeof head, boxed.bytes, boxed.used);
    }
    memory_wipe(&key, sizeof key);
    buffer_release(&boxed);
    return status;
}

struct keyfile {
    enum keyfile_kind kind;
    struct cost cost;
    uint8_t salt[PASSWORD_SALT_BYTES];
    struct span head, boxed; /* borrowed */
};

static enum status read_keyfile(struct span file, struct keyfile *ret)
{
    struct reader reader = reader_over(file);
    struct keyfile parts;
    reader_expect(&reader, magic, sizeof magic);
    uint16_t version = reader_u16(&reader);
    uint16_t kind = reader_u16(&reader);
    parts.cost.ops = reader_u32(&reader);
    parts.cost.mem_kib = reader_u32(&reader);
    reader_copy(&reader, parts.salt, sizeof parts.salt);
    uint32_t body_bytes = reader_u32(&reader);
    if (reader.bad)
        return STATUS_MALFORMED;
    if (version != KEYFILE_VERSION || (kind != KEYFILE_NODE && kind != KEYFILE_STEWARD))
        return STATUS_UNSUPPORTED;
    if (!cost_is_allowed(parts.cost))
        return STATUS_UNSUPPORTED;
    if (reader.left < BOX_EXTRA_BYTES || reader.left - BOX_EXTRA_BYTES != body_bytes)
        return STATUS_MALFORMED;
    parts.kind = (enum keyfile_kind)kind;
    parts.head = span_of(file.at, KEYFILE_HEAD_BYTES);
    parts.boxed = reader_take(&reader, reader.left);
    *ret = parts;
    return reader_end(&reader);
}

enum status keyfile_inspect(
    struct span file, enum keyfile_kind *ret_kind, struct cost *ret_cost)
{
    struct keyfile parts;
    enum status status = read_keyfile(file, &parts);
    if (status == STATUS_OK) {
        *ret_kind = parts.kind;
        *ret_cost = parts.cost;
    }
    return status;
}

enum status keyfile_break(enum keyfile_kind kind, struct span passphrase,
    struct span file, struct buffer *ret_body)
{
    struct keyfile parts;
    struct box_key key;
    enum status status = read_keyfile(file, &parts);
    if (status != STATUS_OK)
        return status;
    if (parts.kind != kind)
        return STATUS_UNSUPPORTED;
    status = password_key(passphrase, parts.salt, parts.cost, &key);
    if (status != STATUS_OK)
        return status;
    status = box_break(&key, parts.head, parts.boxed, ret_body);
    memory_wipe(&key, sizeof key);
    return status == STATUS_FORGED ? STATUS_DENIED : status;
}
