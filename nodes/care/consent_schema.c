/* SPDX-License-Identifier: Apache-2.0
 * In clear stand random ids, days and whether an act is open: what the node needs to find its rows.
 */
#include "consent_schema.h"

const char *const CONSENT_SCHEMA =
    /* One consent. subject: the case, or the letter of a referral without one. content: a box under the case's key. */
    "CREATE TABLE consent ("
    " id INTEGER PRIMARY KEY,"
    " consent_id BLOB NOT NULL UNIQUE CHECK (length(consent_id) = 16),"
    " subject BLOB NOT NULL CHECK (length(subject) = 16),"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX consent_of ON consent (subject, id);"
    /* What was shared by one letter. content: a box under the case's key. */
    "CREATE TABLE share ("
    " id INTEGER PRIMARY KEY,"
    " item_id BLOB NOT NULL UNIQUE CHECK (length(item_id) = 16),"
    " subject BLOB NOT NULL CHECK (length(subject) = 16),"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX share_of ON share (subject, id);"
    /* A withdrawal that came before its referral: that content will never be kept. */
    "CREATE TABLE buried ("
    " reference_hash BLOB NOT NULL CHECK (length(reference_hash) = 32),"
    " peer BLOB NOT NULL CHECK (length(peer) = 16),"
    " day INTEGER NOT NULL,"
    " PRIMARY KEY (reference_hash, peer)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX buried_day ON buried (peer, day);"
    /* An override, done here or told by a member. content: a box. */
    "CREATE TABLE act ("
    " id INTEGER PRIMARY KEY,"
    " mine INTEGER NOT NULL CHECK (mine IN (0, 1)),"
    " open INTEGER NOT NULL CHECK (open IN (0, 1)),"
    " peer BLOB NOT NULL CHECK (length(peer) = 16)," /* who told it; the recipient of one of mine */
    " reference_hash BLOB NOT NULL CHECK (length(reference_hash) = 32),"
    " content BLOB NOT NULL,"
    " UNIQUE (reference_hash, peer, mine)"
    ") STRICT;"
    /* Content that was destroyed on its sender's word: what is left is codes. */
    "ALTER TABLE referral ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;"
    /* An answer kept for an Idempotency-Key may hold content: it is found by the referral's reference. */
    "ALTER TABLE reply ADD COLUMN about BLOB;"
    "CREATE INDEX reply_about ON reply (about) WHERE about IS NOT NULL;";
