/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: crypto_generichash with 32 bytes of output is BLAKE2b-256 (RFC 7693). It cannot fail
 * with these sizes, so a failure is a BUG.
 */
#include "hash.h"

#include <sodium.h>
#include <string.h>

#include "memory.h"

struct hash hash_of(struct span bytes)
{
    return hash_of_parts(&bytes, 1);
}

struct hash hash_of_parts(const struct span *parts, size_t n)
{
    crypto_generichash_state state;
    struct hash hash;
    int failed = crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    for (size_t i = 0; i < n; i++)
        failed |= crypto_generichash_update(&state, parts[i].at, parts[i].n);
    failed |= crypto_generichash_final(&state, hash.bytes, HASH_BYTES);
    PROMISE(failed == 0);
    memory_wipe(&state, sizeof state);
    return hash;
}

struct hash hash_keyed(const uint8_t key[static 32], struct span bytes)
{
    struct hash hash;
    PROMISE(crypto_generichash(hash.bytes, HASH_BYTES, bytes.at, bytes.n, key, 32) == 0);
    return hash;
}

struct hash hash_mark(const uint8_t key[static 32], struct span bytes)
{
    struct hash hash = {{0}};
    _Static_assert(crypto_onetimeauth_BYTES <= HASH_BYTES, "the mark fits");
    PROMISE(crypto_onetimeauth(hash.bytes, bytes.at, bytes.n, key) == 0);
    return hash;
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return sodium_memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

bool hash_is_zero(const struct hash *hash)
{
    return sodium_is_zero(hash->bytes, HASH_BYTES) == 1;
}

struct span hash_span(const struct hash *hash)
{
    return span_of(hash->bytes, HASH_BYTES);
}

struct hash reader_hash(struct reader *reader)
{
    struct hash hash;
    reader_copy(reader, hash.bytes, HASH_BYTES);
    return hash;
}

void writer_hash(struct writer *writer, const struct hash *hash)
{
    writer_put(writer, hash->bytes, HASH_BYTES);
}
