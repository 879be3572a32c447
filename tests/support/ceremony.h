/* SPDX-License-Identifier: Apache-2.0
 *
 * ceremony: three stewards of whom two must sign, in memory: what amaan-steward does with files and people,
 * for worlds and benches that need a network of their own.
 */
#ifndef AMAAN_CEREMONY_H
#define AMAAN_CEREMONY_H

#include "member.h"
#include "notice.h"
#include "package.h"
#include "profiles.h"
#include "roster.h"
#include "root.h"

enum {
    CEREMONY_STEWARDS = 3,
    CEREMONY_THRESHOLD = 2,
    CEREMONY_PROFILES_MAX = 4 * 1024 * 1024
};

struct ceremony {
    struct chance *chance;
    struct ident network_id;
    struct sign_public publics[CEREMONY_STEWARDS];
    struct sign_secret secrets[CEREMONY_STEWARDS];
    struct buffer root; /* all, behind each other, signed */
    bool practice;
    uint64_t root_version; /* of the last one */
    struct hash root_hash;
    struct buffer profiles_plain; /* salt and encoded profiles */
    int64_t roster_lifetime_ms;   /* a year; a test may say less */
};

void ceremony_init(struct ceremony *ceremony, struct chance *chance, int64_t now_ms);
/* The same for a network in which nothing is real. */
void ceremony_init_practice(
    struct ceremony *ceremony, struct chance *chance, int64_t now_ms);
void ceremony_release(struct ceremony *ceremony);
/* The next root, of the same stewards; later documents are signed under it. */
void ceremony_next_root(struct ceremony *ceremony, int64_t created_ms);
/* What the next rosters and packages say of the members; ascending by node id. */
void ceremony_set_profiles(
    struct ceremony *ceremony, const struct profile *profiles, size_t n);

/* Signed documents, into buffers that are initialised here. Members ascending by node id. `before`: the roster
 * of the version before, empty for version 1. */
void ceremony_roster(struct ceremony *ceremony, uint64_t version, struct span before,
    int64_t created_ms, const struct member *members, size_t n, struct buffer *ret);
void ceremony_package(struct ceremony *ceremony, uint64_t version, int64_t created_ms,
    const struct member *members, size_t n, struct buffer *ret);
void ceremony_notice(struct ceremony *ceremony, const struct ident *node,
    int64_t created_ms, struct buffer *ret);

/* For qsort of struct member. */
int ceremony_compare_members(const void *a, const void *b);

#endif
