/* SPDX-License-Identifier: Apache-2.0
 *
 * plain: the members' profiles in the clear, in a file that only stewards keep (0600) and hand from edition
 * to edition: the line "amaan profiles 1", then the plain bytes of package.h (salt and profiles).
 */
#ifndef AMAAN_PLAIN_H
#define AMAAN_PLAIN_H

#include "package.h"
#include "profiles.h"
#include "roster.h"

struct plain {
    struct buffer file;
    struct span bytes; /* of package.h: salt and profiles; empty when there is no file */
    struct arena *arena;
    struct profiles profiles; /* borrowed from the arena */
};

/* path NULL: an empty one, in which nobody has a name. DENIED if others can read the file. The caller releases
 * it. */
enum status plain_read(
    const char *path, struct plain *ret, struct trouble *trouble) MUST_USE;
void plain_release(struct plain *plain);
/* From bytes; for show. MALFORMED if they are no such file. The buffer is taken over on success. */
enum status plain_parse(struct buffer *file, struct plain *ret) MUST_USE;
bool plain_is_file(struct span bytes); /* begins as one */
/* Appends title, salt and the encoded profiles. */
enum status plain_format(const uint8_t salt[static PACKAGE_SALT_BYTES],
    const struct profiles *profiles, struct buffer *ret) MUST_USE;
/* The plain bytes in what plain_format made. */
struct span plain_bytes(struct span file);

const struct profile *plain_find(
    const struct plain *plain, const struct ident *node_id); /* or NULL */
/* The keyed hash of one profile, as its member's row carries it. */
enum status plain_hash_profile(
    const struct plain *plain, const struct profile *profile, struct hash *ret) MUST_USE;
/* Does each row carry the hash of its own profile, and each profile belong to a row? CONFLICT. */
enum status plain_check_rows(const struct plain *plain, const struct roster *roster,
    struct trouble *trouble) MUST_USE;
/* A node id in hex, or the name of a member in these profiles. NOT_FOUND. */
enum status plain_resolve(const struct plain *plain, const char *word, struct ident *ret,
    struct trouble *trouble) MUST_USE;

#endif
