/* SPDX-License-Identifier: Apache-2.0
 *
 * origin: the few things that the broker knows about itself: its store_id (random, made with the database, so
 * that nodes notice a lost disk), the key of its envelopes' marks and the hour that its calendar believed last. A store; writes assert an open
 * transaction.
 */
#ifndef AMAAN_ORIGIN_H
#define AMAAN_ORIGIN_H

#include "chance.h"
#include "db.h"

extern const char *const ORIGIN_SCHEMA;

struct origin;

/* Makes the store_id if there is none: inside a transaction. */
enum status origin_open(struct db *db, struct chance *chance, struct origin **ret,
    struct trouble *trouble) MUST_USE;
void origin_close(struct origin **origin);

const struct ident *origin_store_id(const struct origin *origin);
/* A random key of this database, for the marks of its envelopes (hash_mark); never shown. */
const uint8_t *origin_mark_key(const struct origin *origin); /* 32 bytes */
int64_t origin_hour(const struct origin *origin); /* as last written; 0 if never */
enum status origin_set_hour(struct origin *origin, int64_t hour) MUST_USE;

#endif
