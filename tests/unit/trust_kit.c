/* SPDX-License-Identifier: Apache-2.0 */
#include "trust_kit.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static void must(enum status status)
{
    PROMISE(status == STATUS_OK);
}

void kit_init(struct kit *kit, uint64_t seed)
{
    struct document document;

    memset(kit, 0, sizeof *kit);
    kit->chance = seeded_init(&kit->seeded, seed);
    for (size_t i = 0; i < KIT_STEWARDS; i++) {
        struct sign_public key;
        struct sign_secret secret;
        size_t at = i;

        sign_new_keys(kit->chance, &key, &secret);
        for (; at > 0 && memcmp(kit->keys[at - 1].bytes, key.bytes, sizeof key) > 0;
             at--) {
            kit->keys[at] = kit->keys[at - 1];
            kit->secrets[at] = kit->secrets[at - 1];
        }
        kit->keys[at] = key;
        kit->secrets[at] = secret;
    }
    kit->root_1 = kit_root(kit, "abc", 2);
    buffer_init(&kit->root, ROOT_BYTES_MAX);
    must(root_encode(&kit->root_1, &kit->root));
    kit_sign(kit, &kit->root, "ab");
    must(document_decode_one(buffer_span(&kit->root), DOCUMENT_ROOT, &document));
    must(root_decode(&document, &kit->root_1));
    kit->network_id = root_network_id(&kit->root_1);
}

void kit_release(struct kit *kit)
{
    buffer_release(&kit->root);
}

void kit_sign(struct kit *kit, struct buffer *draft, const char *who)
{
    for (; *who; who++) {
        struct document document;
        struct buffer with;
        size_t used;

        must(document_decode(buffer_span(draft), &document, &used));
        buffer_init(&with, document_bytes_max(document.type));
        must(
            document_sign(&document, &kit->network_id, &kit->secrets[*who - 'a'], &with));
        buffer_release(draft);
        *draft = with;
    }
}

struct root kit_root(const struct kit *kit, const char *stewards, size_t threshold)
{
    struct root root = {
        .version = 1,
        .created_ms = KIT_NOW_MS,
        .expires_ms = KIT_NOW_MS + 1000 * DAY_MS,
        .threshold = threshold,
    };

    for (; *stewards; stewards++)
        root.stewards[root.n_stewards++] = kit->keys[*stewards - 'a'];
    return root;
}

void kit_next_root(struct kit *kit, const struct root *before, const char *stewards,
    size_t threshold, const char *who, struct buffer *ret, struct root *ret_root)
{
    struct root root = kit_root(kit, stewards, threshold);
    struct document document;

    root.practice = before->practice;
    root.version = before->version + 1;
    root.previous = before->hash;
    buffer_init(ret, ROOT_BYTES_MAX);
    must(root_encode(&root, ret));
    kit_sign(kit, ret, who);
    must(document_decode_one(buffer_span(ret), DOCUMENT_ROOT, &document));
    must(root_decode(&document, ret_root));
}

static int compare_members(const void *a, const void *b)
{
    return ident_compare(
        &((const struct member *)a)->node_id, &((const struct member *)b)->node_id);
}

void kit_members(struct kit *kit, struct member *members, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct member *member = &members[i];
        struct sign_secret secret;

        memset(member, 0, sizeof *member);
        member->node_id = ident_new(kit->chance);
        member->queue_id = ident_new(kit->chance);
        sign_new_keys(kit->chance, &member->identity, &secret);
        chance_fill(kit->chance, member->transport, sizeof member->transport);
        chance_fill(kit->chance, member->directory, sizeof member->directory);
        member->status = MEMBER_ACTIVE;
        member->suites = 1;
        member->valid_from_ms = KIT_NOW_MS;
        member->valid_to_ms = KIT_NOW_MS + 700 * DAY_MS;
        member->status_since = 1;
    }
    qsort(members, n, sizeof *members, compare_members);
}

void kit_roster(struct kit *kit, uint64_t version, const struct hash *before,
    const struct member *members, size_t n, const char *who, struct buffer *ret)
{
    struct roster_draft draft = {
        .version = version,
        .root_version = 1,
        .created_ms = KIT_NOW_MS + (int64_t)version * HOUR_MS,
        .expires_ms = KIT_NOW_MS + (int64_t)version * HOUR_MS + 180 * DAY_MS,
        .members = members,
        .n = n,
    };

    if (before)
        draft.previous = *before;
    else if (version > 1)
        draft.previous = hash_of(span_text("some roster"));
    buffer_init(ret, ROSTER_BYTES_MAX);
    must(roster_encode(&draft, ret));
    kit_sign(kit, ret, who);
}

void kit_notice(struct kit *kit, int64_t created_ms, const struct ident *nodes, size_t n,
    const char *who, struct buffer *ret)
{
    struct notice notice = {
        .root_version = 1,
        .created_ms = created_ms,
        .expires_ms = created_ms + NOTICE_VALID_MS,
        .n = n,
    };

    memcpy(notice.nodes, nodes, n * sizeof *nodes);
    buffer_init(ret, NOTICE_BYTES_MAX);
    must(notice_encode(&notice, ret));
    kit_sign(kit, ret, who);
}

void kit_package(struct kit *kit, uint64_t version, struct span plain,
    const struct member *members, size_t n, const char *who, struct buffer *ret)
{
    struct package_draft draft = {
        .network_id = &kit->network_id,
        .version = version,
        .root_version = 1,
        .created_ms = KIT_NOW_MS + (int64_t)version * HOUR_MS,
        .expires_ms = KIT_NOW_MS + (int64_t)version * HOUR_MS + 180 * DAY_MS,
        .plain = plain,
        .members = members,
        .n = n,
    };

    buffer_init(ret, PROFILES_BYTES_MAX);
    must(package_make(&draft, kit->chance, ret));
    kit_sign(kit, ret, who);
}

struct hash kit_hash(const struct buffer *bytes)
{
    struct document document;
    size_t used;

    must(document_decode(buffer_span(bytes), &document, &used));
    return document.hash;
}
