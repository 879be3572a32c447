/* SPDX-License-Identifier: Apache-2.0
 * Rows are decoded once into an array; three sorted arrays of (pointer to key, row) stand beside it. 5,000
 * members take 13 comparisons.
 */
#include "roster.h"

#include <string.h>

#include "memory.h"

struct entry {
    const uint8_t *key; /* into a member */
    const struct member *member;
};

struct index {
    struct entry *entries;
    size_t n;
};

struct roster {
    uint64_t version;
    struct hash hash, profiles;
    int64_t created_ms, expires_ms;
    struct member *members;
    size_t n;
    struct index identities, transports, queues;
};

static int compare_32(const void *a, const void *b)
{
    return memcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key, 32);
}

static int compare_16(const void *a, const void *b)
{
    return memcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key, 16);
}

typedef int comparison(const void *, const void *);

static void add(struct index *index, const uint8_t *key, const struct member *member)
{
    index->entries[index->n++] = (struct entry){key, member};
}

static void sort(struct index *index, comparison *compare)
{
    qsort(index->entries, index->n, sizeof index->entries[0], compare);
}

static bool has_duplicate(const struct index *index, comparison *compare)
{
    for (size_t i = 1; i < index->n; i++) {
        if (compare(&index->entries[i - 1], &index->entries[i]) == 0)
            return true;
    }
    return false;
}

static const struct member *find(
    const struct index *index, const uint8_t *key, comparison *compare)
{
    struct entry wanted = {key, NULL};
    const struct entry *entry;

    if (index->n == 0)
        return NULL;
    entry = bsearch(&wanted, index->entries, index->n, sizeof wanted, compare);
    return entry ? entry->member : NULL;
}

/* False if two rows share what must be unique. */
static bool build_indexes(struct roster *roster)
{
    static const struct sign_public none = {{0}};
    size_t n = roster->n;

    roster->identities.entries = memory_new_array(2 * n, sizeof(struct entry));
    roster->transports.entries = memory_new_array(n, sizeof(struct entry));
    roster->queues.entries = memory_new_array(2 * n, sizeof(struct entry));
    for (size_t i = 0; i < n; i++) {
        const struct member *member = &roster->members[i];

        add(&roster->identities, member->identity.bytes, member);
        if (!sign_public_equal(&member->previous_identity, &none))
            add(&roster->identities, member->previous_identity.bytes, member);
        add(&roster->transports, member->transport, member);
        add(&roster->queues, member->queue_id.bytes, member);
        if (!ident_is_zero(&member->previous_queue_id))
            add(&roster->queues, member->previous_queue_id.bytes, member);
    }
    sort(&roster->identities, compare_32);
    sort(&roster->transports, compare_32);
    sort(&roster->queues, compare_16);
    return !has_duplicate(&roster->identities, compare_32) &&
           !has_duplicate(&roster->transports, compare_32) &&
           !has_duplicate(&roster->queues, compare_16);
}

static void read_rows(struct reader *reader, struct roster *roster)
{
    for (size_t i = 0; !reader->bad && i < roster->n; i++) {
        struct member *member = &roster->members[i];

        if (member_decode(reader_take(reader, MEMBER_ROW_BYTES), member) ||
            member->status_since > roster->version)
            reader_fail(reader);
        else if (i > 0 && ident_compare(&member[-1].node_id, &member->node_id) >= 0)
            reader_fail(reader);
    }
}

enum status roster_decode(const struct document *document, struct roster **ret)
{
    struct reader reader = reader_over(document->part);
    struct roster *roster;
    enum status status = STATUS_MALFORMED;

    if (document->type != DOCUMENT_ROSTER || document->count > ROSTER_MEMBERS_MAX)
        return STATUS_MALFORMED;
    roster = memory_new(sizeof *roster);
    roster->version = document->version;
    roster->hash = document->hash;
    roster->created_ms = document->created_ms;
    roster->expires_ms = document->expires_ms;
    roster->profiles = reader_hash(&reader);
    reader_zeros(&reader, 16);
    if (reader.bad || reader.left != (size_t)document->count * MEMBER_ROW_BYTES)
        goto done;
    roster->n = document->count;
    roster->members = memory_new_array(roster->n, sizeof *roster->members);
    read_rows(&reader, roster);
    if (reader_end(&reader) || !build_indexes(roster))
        goto done;
    *ret = roster;
    roster = NULL;
    status = STATUS_OK;
done:
    roster_destroy(&roster);
    return status;
}

enum status roster_encode(const struct roster_draft *draft, struct buffer *ret)
{
    struct document document = {
        .type = DOCUMENT_ROSTER,
        .version = draft->version,
        .root_version = draft->root_version,
        .created_ms = draft->created_ms,
        .expires_ms = draft->expires_ms,
        .previous = draft->previous,
        .count = (uint32_t)draft->n,
    };
    size_t n = ROSTER_FIXED_BYTES + draft->n * MEMBER_ROW_BYTES;
    struct writer writer;
    uint8_t *to;

    if (draft->n > ROSTER_MEMBERS_MAX)
        return STATUS_TOO_BIG;
    to = buffer_grow(ret, n + DOCUMENT_LIST_BYTES);
    if (!to)
        return STATUS_TOO_BIG;
    writer = writer_over(to, n + DOCUMENT_LIST_BYTES);
    document_encode_head(&document, n, &writer);
    writer_hash(&writer, &draft->profiles);
    writer_zeros(&writer, 16);
    for (size_t i = 0; i < draft->n; i++) {
        PROMISE(i == 0 || ident_compare(&draft->members[i - 1].node_id,
                              &draft->members[i].node_id) < 0);
        member_encode(&draft->members[i], &writer);
    }
    document_encode_unsigned(&writer);
    PROMISE(!writer.full && writer.used == writer.size);
    return STATUS_OK;
}

void roster_destroy(struct roster **roster)
{
    if (!*roster)
        return;
    memory_free((*roster)->members);
    memory_free((*roster)->identities.entries);
    memory_free((*roster)->transports.entries);
    memory_free((*roster)->queues.entries);
    memory_free(*roster);
    *roster = NULL;
}

uint64_t roster_version(const struct roster *roster)
{
    return roster->version;
}

struct hash roster_hash(const struct roster *roster)
{
    return roster->hash;
}

struct hash roster_profiles(const struct roster *roster)
{
    return roster->profiles;
}

int64_t roster_created_ms(const struct roster *roster)
{
    return roster->created_ms;
}

int64_t roster_expires_ms(const struct roster *roster)
{
    return roster->expires_ms;
}

static int compare_node(const void *key, const void *row)
{
    return ident_compare(key, &((const struct member *)row)->node_id);
}

const struct member *roster_find_node(
    const struct roster *roster, const struct ident *node_id)
{
    if (roster->n == 0)
        return NULL;
    return bsearch(
        node_id, roster->members, roster->n, sizeof *roster->members, compare_node);
}

const struct member *roster_find_identity(
    const struct roster *roster, const struct sign_public *identity)
{
    return find(&roster->identities, identity->bytes, compare_32);
}

const struct member *roster_find_transport(
    const struct roster *roster, const uint8_t key[static TRANSPORT_KEY_BYTES])
{
    return find(&roster->transports, key, compare_32);
}

const struct member *roster_find_queue(
    const struct roster *roster, const struct ident *queue_id)
{
    return find(&roster->queues, queue_id->bytes, compare_16);
}

size_t roster_count(const struct roster *roster)
{
    return roster->n;
}

const struct member *roster_nth(const struct roster *roster, size_t i)
{
    PROMISE(i < roster->n);
    return &roster->members[i];
}
