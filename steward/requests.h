/* SPDX-License-Identifier: Apache-2.0
 *
 * requests: the join requests that a steward holds beside the roster that he is to sign. They show him, by
 * fingerprints that he compares with the members himself, that the keys in the roster are theirs: whoever made the
 * draft could have put in others under a member's name.
 */
#ifndef AMAAN_REQUESTS_H
#define AMAAN_REQUESTS_H

#include "command.h"
#include "join.h"
#include "roster.h"

enum { REQUESTS_MAX = 64 };

struct requests {
    struct join *joins;
    const char **paths; /* of the command line */
    size_t n;
};

/* The values of the option `name`, which repeats. Released by requests_release, which accepts an empty one. */
enum status requests_read(const struct arguments *arguments, const char *name,
    struct requests *ret, struct trouble *trouble) MUST_USE;
void requests_release(struct requests *requests);

const struct join *requests_find(
    const struct requests *requests, const struct ident *node_id); /* or NULL */
/* Has the roster exactly these keys, for each of them? CONFLICT, NOT_FOUND (no such member). */
enum status requests_check(const struct requests *requests, const struct roster *roster,
    struct trouble *trouble) MUST_USE;

/* A join request from a file: with its path before the sentence. */
enum status request_read(
    const char *path, struct join *ret, struct trouble *trouble) MUST_USE;

#endif
