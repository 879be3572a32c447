/* SPDX-License-Identifier: Apache-2.0
 * Every column that says something about a person or a referral is a box (box.h) or a keyed hash. In clear
 * stand random ids, days, and whether anything was decided, not what: what the node needs to find and count its
 * rows.
 */
#include "care_schema.h"

const char *const CARE_SCHEMA =
    /* One referral, sent or received. content: box of content.proto Referral | created ms | received ms. progress:
     * box of what people decided so far. */
    "CREATE TABLE referral ("
    " id INTEGER PRIMARY KEY,"
    " sent INTEGER NOT NULL CHECK (sent IN (0, 1)),"
    " item_id BLOB NOT NULL UNIQUE CHECK (length(item_id) = 16)," /* its letter */
    " peer BLOB NOT NULL CHECK (length(peer) = 16)," /* node id at the other end */
    " reference_hash BLOB NOT NULL UNIQUE CHECK (length(reference_hash) = 32),"
    " decided INTEGER NOT NULL CHECK (decided IN (0, 1))," /* beyond OPENED */
    " progress BLOB NOT NULL,"
    " late INTEGER NOT NULL CHECK (late IN (0, 1))," /* came after its lifetime: no effect */
    " day INTEGER NOT NULL,"                         /* days since 1970 */
    " changed_day INTEGER NOT NULL,"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX referral_list ON referral (sent, late, id);"
    /* What was decided. content: box of at ms | decision | reason. */
    "CREATE TABLE decision ("
    " id INTEGER PRIMARY KEY,"
    " referral INTEGER NOT NULL REFERENCES referral (id),"
    " item_id BLOB NOT NULL UNIQUE CHECK (length(item_id) = 16),"
    " mine INTEGER NOT NULL CHECK (mine IN (0, 1)),"
    " applied INTEGER NOT NULL CHECK (applied IN (0, 1)),"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX decision_of ON decision (referral, id);"
    /* Answers given to an Idempotency-Key. answer: box of the JSON text. */
    "CREATE TABLE reply ("
    " key_hash BLOB PRIMARY KEY CHECK (length(key_hash) = 32),"
    " request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),"
    " day INTEGER NOT NULL,"
    " http INTEGER NOT NULL,"
    " answer BLOB NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX reply_day ON reply (day);";
