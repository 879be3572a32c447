/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define YEAR_MS (365 * DAY_MS)

static void must(enum status status)
{
    PROMISE(status == STATUS_OK);
}

/* Replaces the draft by the same document with the signatures of the first n stewards. */
static void sign_draft(
    struct ceremony *ceremony, enum document_type type, size_t n, struct buffer *draft)
{
    for (size_t i = 0; i < n; i++) {
        struct document document;
        struct buffer with_signature;
        buffer_init(&with_signature, document_bytes_max(type));
        must(document_decode_one(buffer_span(draft), type, &document));
        must(document_sign(
            &document, &ceremony->network_id, &ceremony->secrets[i], &with_signature));
        buffer_release(draft);
        *draft = with_signature;
    }
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, SIGN_PUBLIC_BYTES);
}

int ceremony_compare_members(const void *a, const void *b)
{
    return ident_compare(
        &((const struct member *)a)->node_id, &((const struct member *)b)->node_id);
}

/* Puts a signed root behind those before it. */
static void add_root(struct ceremony *ceremony, uint64_t version, int64_t created_ms)
{
    struct root root = {.version = version,
        .created_ms = created_ms,
        .expires_ms = created_ms + 2 * YEAR_MS,
        .previous = ceremony->root_hash,
        .threshold = CEREMONY_THRESHOLD,
        .practice = ceremony->practice,
        .n_stewards = CEREMONY_STEWARDS};
    for (size_t i = 0; i < CEREMONY_STEWARDS; i++)
        root.stewards[i] = ceremony->publics[i];
    qsort(root.stewards, CEREMONY_STEWARDS, sizeof root.stewards[0], compare_keys);
    struct buffer draft;
    buffer_init(&draft, document_bytes_max(DOCUMENT_ROOT));
    must(root_encode(&root, &draft));
    struct document document;
    struct root made;
    must(document_decode_one(buffer_span(&draft), DOCUMENT_ROOT, &document));
    must(root_decode(&document, &made));
    if (version == 1)
        ceremony->network_id = root_network_id(&made);
    ceremony->root_version = version;
    ceremony->root_hash = document.hash;
    sign_draft(ceremony, DOCUMENT_ROOT, CEREMONY_THRESHOLD, &draft);
    must(buffer_put(&ceremony->root, draft.bytes, draft.used));
    buffer_release(&draft);
}

static void found(
    struct ceremony *ceremony, struct chance *chance, int64_t now_ms, bool practice)
{
    *ceremony = (struct ceremony){
        .chance = chance, .roster_lifetime_ms = YEAR_MS, .practice = practice};
    for (size_t i = 0; i < CEREMONY_STEWARDS; i++)
        sign_new_keys(chance, &ceremony->publics[i], &ceremony->secrets[i]);
    buffer_init(&ceremony->root, document_bytes_max(DOCUMENT_ROOT));
    add_root(ceremony, 1, now_ms - DAY_MS);
    ceremony_set_profiles(ceremony, NULL, 0);
}

void ceremony_init(struct ceremony *ceremony, struct chance *chance, int64_t now_ms)
{
    found(ceremony, chance, now_ms, false);
}

void ceremony_init_practice(
    struct ceremony *ceremony, struct chance *chance, int64_t now_ms)
{
    found(ceremony, chance, now_ms, true);
}

void ceremony_next_root(struct ceremony *ceremony, int64_t created_ms)
{
    add_root(ceremony, ceremony->root_version + 1, created_ms);
}

void ceremony_release(struct ceremony *ceremony)
{
    buffer_release(&ceremony->root);
    buffer_release(&ceremony->profiles_plain);
    memory_wipe(ceremony, sizeof *ceremony);
}

void ceremony_set_profiles(
    struct ceremony *ceremony, const struct profile *profiles, size_t n)
{
    struct profiles all = {.version = 1, .n = n, .profiles = profiles};
    uint8_t salt[PACKAGE_SALT_BYTES];
    chance_fill(ceremony->chance, salt, sizeof salt);
    struct buffer encoded;
    buffer_init(&encoded, CEREMONY_PROFILES_MAX);
    must(profiles_encode(&all, &encoded));
    buffer_release(&ceremony->profiles_plain);
    buffer_init(&ceremony->profiles_plain, CEREMONY_PROFILES_MAX);
    must(buffer_put(&ceremony->profiles_plain, salt, sizeof salt));
    must(buffer_put(&ceremony->profiles_plain, encoded.bytes, encoded.used));
    buffer_release(&encoded);
}

void ceremony_roster(struct ceremony *ceremony, uint64_t version, struct span before,
    int64_t created_ms, const struct member *members, size_t n, struct buffer *ret)
{
    struct roster_draft draft = {.version = version,
        .root_version = ceremony->root_version,
        .created_ms = created_ms,
        .expires_ms = created_ms + ceremony->roster_lifetime_ms,
        .profiles = package_hash(buffer_span(&ceremony->profiles_plain)),
        .members = members,
        .n = n};
    if (before.n > 0) {
        struct document last;
        must(document_decode_one(before, DOCUMENT_ROSTER, &last));
        draft.previous = last.hash;
    }
    buffer_init(ret, document_bytes_max(DOCUMENT_ROSTER));
    must(roster_encode(&draft, ret));
    sign_draft(ceremony, DOCUMENT_ROSTER, CEREMONY_THRESHOLD, ret);
}

void ceremony_package(struct ceremony *ceremony, uint64_t version, int64_t created_ms,
    const struct member *members, size_t n, struct buffer *ret)
{
    struct package_draft draft = {.network_id = &ceremony->network_id,
        .version = version,
        .root_version = ceremony->root_version,
        .created_ms = created_ms,
        .expires_ms = created_ms + YEAR_MS,
        .plain = buffer_span(&ceremony->profiles_plain),
        .members = members,
        .n = n};
    buffer_init(ret, document_bytes_max(DOCUMENT_PROFILES));
    must(package_make(&draft, ceremony->chance, ret));
    sign_draft(ceremony, DOCUMENT_PROFILES, CEREMONY_THRESHOLD, ret);
}

void ceremony_notice(struct ceremony *ceremony, const struct ident *node,
    int64_t created_ms, struct buffer *ret)
{
    struct notice notice = {.root_version = ceremony->root_version,
        .created_ms = created_ms,
        .expires_ms = created_ms + NOTICE_VALID_MS,
        .n = 1};
    notice.nodes[0] = *node;
    buffer_init(ret, document_bytes_max(DOCUMENT_NOTICE));
    must(notice_encode(&notice, ret));
    sign_draft(ceremony, DOCUMENT_NOTICE, 1, ret);
}
