/* SPDX-License-Identifier: Apache-2.0
 *
 * deeds: what somebody asked for and what rests before it is done (docs/CARE.md 23), each a text in a box. In clear stand
 * random ids alone. Durable, so that no power cut loses what was sent a moment before it.
 *
 * Writing asserts an open transaction. Answers NOT_FOUND, BUSY, TOO_BIG, LOCKED, FULL, IO, CORRUPT.
 */
#ifndef AMAAN_DEEDS_H
#define AMAAN_DEEDS_H

#include "box.h"
#include "db.h"

enum {
    DEEDS_MAX = 32, /* in ten seconds one person does less; the rest could not be done */
    DEED_BYTES_MAX = 65536 /* a form (WEB_FORM_BYTES_MAX) and its frame */
};

/* The SQL script of the table, for node.c's numbered list. */
extern const char *const DEEDS_SCHEMA;

struct deeds;

enum status deeds_open(struct db *db, struct chance *chance, struct deeds **ret,
    struct trouble *trouble) MUST_USE;
void deeds_close(struct deeds **deeds);
void deeds_unlock(struct deeds *deeds, const struct box_key *master);
void deeds_lock(struct deeds *deeds);

/* BUSY: there are DEEDS_MAX. TOO_BIG: the text. */
enum status deeds_add(struct deeds *deeds, struct span text, int64_t *ret_id) MUST_USE;
enum status deeds_change(struct deeds *deeds, int64_t id, struct span text) MUST_USE;
/* The next one with an id above `after`, the earliest first. The text is appended; of a damaged row it is empty.
 * NOT_FOUND at the end. */
enum status deeds_next(struct deeds *deeds, int64_t after, int64_t *ret_id,
    struct buffer *ret_text) MUST_USE;
enum status deeds_remove(struct deeds *deeds, int64_t id) MUST_USE;

#endif
