/* SPDX-License-Identifier: Apache-2.0
 * The seed alone is kept; the public key follows from it, which is how a changed public line is found out.
 */
#include "keyfile.h"

#include "disk.h"
#include "memory.h"

static const char TITLE[] = "amaan steward key 1\npublic ";
static const char SEALED[] = "\nsealed ";

static enum status put_hex(struct buffer *buffer, const void *from, size_t n)
{
    char hex[2 * KEY_SEALED_BYTES_MAX + 1];

    PROMISE(n <= KEY_SEALED_BYTES_MAX);
    hex_format(from, n, hex);
    return buffer_put(buffer, hex, 2 * n);
}

enum status key_file_format(const struct sign_secret *secret, struct span passphrase,
    struct cost cost, struct chance *chance, struct buffer *ret)
{
    struct sign_public public_key = sign_public_of(secret);
    struct buffer sealed;
    enum status status;

    buffer_init(&sealed, KEY_SEALED_BYTES_MAX);
    status = keyfile_apply(KEYFILE_STEWARD, passphrase, cost, chance,
        span_of(secret->bytes, SIGN_SEED_BYTES), &sealed);
    if (status == STATUS_OK)
        status = buffer_put(ret, TITLE, sizeof TITLE - 1);
    if (status == STATUS_OK)
        status = put_hex(ret, public_key.bytes, sizeof public_key.bytes);
    if (status == STATUS_OK)
        status = buffer_put(ret, SEALED, sizeof SEALED - 1);
    if (status == STATUS_OK)
        status = put_hex(ret, sealed.bytes, sealed.used);
    if (status == STATUS_OK)
        status = buffer_put(ret, "\n", 1);
    buffer_release(&sealed);
    return status;
}

static enum status read_hex(struct reader *reader, void *to, size_t n)
{
    char hex[2 * KEY_SEALED_BYTES_MAX + 1];

    if (n > KEY_SEALED_BYTES_MAX || reader->bad || reader->left < 2 * n)
        return STATUS_MALFORMED;
    reader_copy(reader, hex, 2 * n);
    hex[2 * n] = 0;
    return hex_parse(hex, to, n);
}

static enum status parse(struct span text, struct key_file *file)
{
    struct reader reader = reader_over(text);
    enum keyfile_kind kind;
    enum status status;

    reader_expect(&reader, TITLE, sizeof TITLE - 1);
    if (read_hex(&reader, file->public_key.bytes, sizeof file->public_key.bytes))
        return STATUS_MALFORMED;
    reader_expect(&reader, SEALED, sizeof SEALED - 1);
    if (reader.bad || reader.left == 0 || reader.left % 2 == 0)
        return STATUS_MALFORMED;
    file->n = (reader.left - 1) / 2;
    if (read_hex(&reader, file->sealed, file->n))
        return STATUS_MALFORMED;
    reader_expect(&reader, "\n", 1);
    if (reader_end(&reader))
        return STATUS_MALFORMED;
    status = keyfile_inspect(span_of(file->sealed, file->n), &kind, &file->cost);
    if (status == STATUS_OK && kind != KEYFILE_STEWARD)
        status = STATUS_UNSUPPORTED;
    return status;
}

enum status key_file_parse(
    struct span text, struct key_file *ret, struct trouble *trouble)
{
    struct key_file file = {.n = 0};
    enum status status = parse(text, &file);

    if (status)
        trouble_say(trouble, status == STATUS_UNSUPPORTED
                                 ? "this key file is of a kind or version unknown here"
                                 : "this is not a steward's key file, or it is damaged: "
                                   "take the other copy");
    else
        *ret = file;
    return status;
}

enum status key_file_unlock(const struct key_file *file, struct span passphrase,
    struct sign_secret *ret, struct trouble *trouble)
{
    struct buffer seed;
    struct sign_public public_key;
    struct sign_secret secret;
    enum status status;

    buffer_init(&seed, KEY_SEALED_BYTES_MAX);
    status =
        keyfile_break(KEYFILE_STEWARD, passphrase, span_of(file->sealed, file->n), &seed);
    if (status == STATUS_OK && seed.used != SIGN_SEED_BYTES)
        status = STATUS_MALFORMED;
    if (status == STATUS_OK) {
        sign_keys_from_seed(seed.bytes, &public_key, &secret);
        if (!sign_public_equal(&public_key, &file->public_key))
            status = STATUS_CORRUPT;
        else
            *ret = secret;
        memory_wipe(&secret, sizeof secret);
    }
    if (status == STATUS_DENIED)
        trouble_say(trouble, "the passphrase is wrong, or the key file was changed");
    else if (status == STATUS_FULL)
        trouble_say(trouble,
            "this machine has not the %u MiB of free memory that the "
            "key asks for: close other programs",
            file->cost.mem_kib / 1024);
    else if (status)
        trouble_say(trouble, "the key file is damaged (%s): take the other copy",
            status_name(status));
    buffer_release(&seed);
    return status;
}

/* Digits up to `end`, behind which *text then stands. */
static bool read_number(const char **text, char end, uint32_t *ret)
{
    uint32_t number = 0;
    const char *at = *text;

    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (number > 9999)
            return false;
        number = number * 10 + (uint32_t)(*at - '0');
    }
    if (*at != end)
        return false;
    *text = at + 1;
    *ret = number;
    return true;
}

static bool read_cost(const char *word, struct cost *ret)
{
    uint32_t ops, mib;

    if (!read_number(&word, ',', &ops) || !read_number(&word, 0, &mib))
        return false;
    *ret = (struct cost){ops, mib * 1024};
    return ops >= COST_OPS_MIN && ops <= COST_OPS_MAX &&
           ret->mem_kib >= COST_MEM_KIB_MIN && ret->mem_kib <= COST_MEM_KIB_MAX;
}

enum status cost_parse(const char *word, struct cost *ret, struct trouble *trouble)
{
    struct cost cost = COST_STEWARD;

    if (strcmp(word, "floor") == 0) {
        cost = COST_FLOOR;
    } else if (strcmp(word, "node") == 0) {
        cost = COST_NODE;
    } else if (strcmp(word, "steward") != 0 && !read_cost(word, &cost)) {
        trouble_say(trouble,
            "--cost is floor, node, steward, or PASSES,MIB with %d to %d passes and "
            "%d to %d MiB",
            COST_OPS_MIN, COST_OPS_MAX, COST_MEM_KIB_MIN / 1024, COST_MEM_KIB_MAX / 1024);
        return STATUS_MALFORMED;
    }
    *ret = cost;
    return STATUS_OK;
}

enum status steward_key_parse(
    const char *word, struct sign_public *ret, struct trouble *trouble)
{
    struct sign_public key = {{0}};
    struct key_file file;
    struct buffer text;
    enum status status;

    if (hex_parse(word, key.bytes, sizeof key.bytes) == STATUS_OK) {
        *ret = key;
        return STATUS_OK;
    }
    if (strspn(word, "0123456789abcdefABCDEF") == strlen(word)) {
        trouble_say(trouble, "a steward's public key has 64 hex digits; %s has %zu", word,
            strlen(word));
        return STATUS_MALFORMED;
    }
    status = disk_read(word, KEY_TEXT_BYTES_MAX, &text, trouble);
    if (status)
        return status;
    status = key_file_parse(buffer_span(&text), &file, trouble);
    if (status)
        trouble_prefix(trouble, "%s", word);
    else
        *ret = file.public_key;
    buffer_release(&text);
    return status;
}
