/* SPDX-License-Identifier: Apache-2.0
 * The body exists in clear only in a stack array and a buffer of this file; both are wiped on every path.
 */
#include "keyring.h"

#include <string.h>

#include "dh.h"
#include "memory.h"

enum { VERSION = 1, SPARE_BYTES = 32 };

static const char MAGIC[4] = {'A', 'M', 'R', '1'};

void keyring_new(struct chance *chance, struct node_keys *ret)
{
    struct sign_public identity;
    uint8_t directory_public[DH_BYTES];

    memset(ret, 0, sizeof(*ret));
    sign_new_keys(chance, &identity, &ret->identity);
    dh_new_keys(chance, directory_public, ret->directory);
    box_new_key(chance, &ret->master);
}

void keyring_encode(const struct node_keys *keys, struct writer *writer)
{
    writer_put(writer, MAGIC, sizeof(MAGIC));
    writer_u16(writer, VERSION);
    writer_u16(writer, 0);
    writer_put(writer, keys->identity.bytes, SIGN_SECRET_BYTES);
    writer_put(writer, keys->previous_identity.bytes, SIGN_PUBLIC_BYTES);
    writer_put(writer, keys->directory, DH_BYTES);
    writer_put(writer, keys->master.bytes, BOX_KEY_BYTES);
    writer_zeros(writer, SPARE_BYTES);
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum |= bytes[i];
    return sum == 0;
}

/* Does the public half belong to the seed? */
static bool identity_holds(const struct sign_secret *secret)
{
    struct sign_public right;
    struct sign_secret made;
    struct sign_public stored = sign_public_of(secret);

    sign_keys_from_seed(secret->bytes, &right, &made);
    memory_wipe(&made, sizeof(made));
    return sign_public_equal(&right, &stored);
}

enum status keyring_decode(struct span body, struct node_keys *ret)
{
    struct reader reader = reader_over(body);
    struct node_keys keys;
    enum status status;

    memset(&keys, 0, sizeof(keys));
    reader_expect(&reader, MAGIC, sizeof(MAGIC));
    uint16_t version = reader_u16(&reader);
    if (!reader.bad && version != VERSION)
        return STATUS_UNSUPPORTED;
    reader_zeros(&reader, 2);
    reader_copy(&reader, keys.identity.bytes, SIGN_SECRET_BYTES);
    reader_copy(&reader, keys.previous_identity.bytes, SIGN_PUBLIC_BYTES);
    reader_copy(&reader, keys.directory, DH_BYTES);
    reader_copy(&reader, keys.master.bytes, BOX_KEY_BYTES);
    reader_zeros(&reader, SPARE_BYTES);
    status = reader_end(&reader);
    if (status == STATUS_OK &&
        (!identity_holds(&keys.identity) || is_zero(keys.directory, DH_BYTES) ||
            is_zero(keys.master.bytes, BOX_KEY_BYTES)))
        status = STATUS_MALFORMED;
    if (status == STATUS_OK)
        *ret = keys;
    memory_wipe(&keys, sizeof(keys));
    return status;
}

enum status keyring_apply(const struct node_keys *keys, struct span passphrase,
    struct cost cost, struct chance *chance, struct buffer *ret_file)
{
    uint8_t body[KEYRING_BYTES];
    struct writer writer = writer_over(body, sizeof(body));
    enum status status;

    keyring_encode(keys, &writer);
    status = keyfile_apply(
        KEYFILE_NODE, passphrase, cost, chance, writer_span(&writer), ret_file);
    memory_wipe(body, sizeof(body));
    return status;
}

enum status keyring_break(struct span file, struct span passphrase, struct node_keys *ret)
{
    struct buffer body;
    enum status status;

    buffer_init(&body, KEYRING_BYTES * 2);
    status = keyfile_break(KEYFILE_NODE, passphrase, file, &body);
    if (status == STATUS_OK)
        status = keyring_decode(buffer_span(&body), ret);
    buffer_release(&body);
    return status;
}
