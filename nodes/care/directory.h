/* SPDX-License-Identifier: Apache-2.0
 *
 * directory: care's view of the members: who they are by name, role and service. Made from the signed profiles
 * at unlock, kept in memory only, gone at lock. A name leads to one member or none.
 */
#ifndef AMAAN_DIRECTORY_H
#define AMAAN_DIRECTORY_H

#include "profiles.h"

struct directory;

struct directory *directory_new(void); /* empty */
void directory_destroy(struct directory **directory);

/* Replaces what is there by these encoded profiles (profiles.h). After a failure nothing is changed. */
enum status directory_load(struct directory *directory, struct span profiles) MUST_USE;
void directory_clear(struct directory *directory);

uint64_t directory_version(const struct directory *directory); /* 0 when empty */
size_t directory_count(const struct directory *directory);
const struct profile *directory_nth(const struct directory *directory, size_t i);
/* NULL is a normal answer; borrowed until the next load or clear. */
const struct profile *directory_find(
    const struct directory *directory, const struct ident *node_id);
const struct profile *directory_find_name(
    const struct directory *directory, const char *name);
/* The nearest name that was perhaps meant: the longest common beginning, of 3 characters at least; or NULL. */
const struct profile *directory_suggest(
    const struct directory *directory, const char *name);

#endif
