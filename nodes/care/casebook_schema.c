/* SPDX-License-Identifier: Apache-2.0
 * In clear stand random idents, days, epochs, whether a case is closed and what kind of number was given; all else is a
 * box or a keyed hash.
 */
#include "casebook_schema.h"

const char *const CASEBOOK_SCHEMA =
    /* The epoch in force, the one before while a rotation runs (0: none), the one that has to go (10.6). */
    "CREATE TABLE case_epoch ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " current INTEGER NOT NULL,"
    " old INTEGER NOT NULL,"
    " doomed INTEGER NOT NULL,"
    " begun_day INTEGER NOT NULL"
    ") STRICT;"
    "INSERT INTO case_epoch VALUES (1, 0, 0, 0, 0);"
    /* One case. wrapped: its key under the epoch's; alias_mark: keyed hash of the alias, under the epoch's, too. */
    "CREATE TABLE case_file ("
    " id INTEGER PRIMARY KEY,"
    " ident BLOB NOT NULL UNIQUE CHECK (length(ident) = 16),"
    " epoch INTEGER NOT NULL,"
    " alias_mark BLOB NOT NULL UNIQUE CHECK (length(alias_mark) = 32),"
    " closed INTEGER NOT NULL CHECK (closed IN (0, 1)),"
    " opened_day INTEGER NOT NULL,"
    " changed_day INTEGER NOT NULL,"
    " wrapped BLOB NOT NULL,"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX case_file_epoch ON case_file (epoch, id);"
    /* CNIC, hotline, RCMS. sealed: box of the number's hash under the case's key; mark: that hash, hashed once more under
     * the epoch's key, so that an erased case's mark cannot be tried out any more. */
    "CREATE TABLE case_number ("
    " id INTEGER PRIMARY KEY,"
    " case_ident BLOB NOT NULL REFERENCES case_file (ident) ON DELETE CASCADE,"
    " kind INTEGER NOT NULL,"
    " mark BLOB NOT NULL CHECK (length(mark) = 32),"
    " sealed BLOB NOT NULL,"
    " UNIQUE (case_ident, mark)"
    ") STRICT;"
    "CREATE INDEX case_number_mark ON case_number (mark);"
    "CREATE TABLE case_event ("
    " id INTEGER PRIMARY KEY,"
    " case_ident BLOB NOT NULL REFERENCES case_file (ident) ON DELETE CASCADE,"
    " row_ident BLOB NOT NULL CHECK (length(row_ident) = 16)," /* what the box is bound to */
    " day INTEGER NOT NULL,"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX case_event_of ON case_event (case_ident, id);"
    /* Two cases; the smaller ident first. reason: box under the first one's key. */
    "CREATE TABLE case_link ("
    " first BLOB NOT NULL REFERENCES case_file (ident) ON DELETE CASCADE,"
    " second BLOB NOT NULL REFERENCES case_file (ident) ON DELETE CASCADE,"
    " day INTEGER NOT NULL,"
    " reason BLOB NOT NULL,"
    " PRIMARY KEY (first, second),"
    " CHECK (first < second)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX case_link_second ON case_link (second);"
    /* Which referral, sent or received, belongs to which case. */
    "CREATE TABLE case_referral ("
    " referral INTEGER PRIMARY KEY REFERENCES referral (id) ON DELETE CASCADE,"
    " case_ident BLOB NOT NULL REFERENCES case_file (ident) ON DELETE CASCADE"
    ") STRICT;"
    "CREATE INDEX case_referral_of ON case_referral (case_ident);"
    /* What remains of an erased case. epoch: under which its key had been wrapped. */
    "CREATE TABLE case_tombstone ("
    " id INTEGER PRIMARY KEY,"
    " ident BLOB NOT NULL UNIQUE CHECK (length(ident) = 16),"
    " alias_hash BLOB NOT NULL UNIQUE CHECK (length(alias_hash) = 32),"
    " day INTEGER NOT NULL,"
    " epoch INTEGER NOT NULL"
    ") STRICT;"
    /* Members that held a copy; confirmed_day 0: not yet. */
    "CREATE TABLE case_confirmation ("
    " tombstone INTEGER NOT NULL REFERENCES case_tombstone (id),"
    " peer BLOB NOT NULL CHECK (length(peer) = 16),"
    " confirmed_day INTEGER NOT NULL,"
    " PRIMARY KEY (tombstone, peer)"
    ") STRICT, WITHOUT ROWID;"
    /* Lists that were imported: by keyed hash, so that one is taken once. */
    "CREATE TABLE arrival_list ("
    " id INTEGER PRIMARY KEY,"
    " list_hash BLOB NOT NULL UNIQUE CHECK (length(list_hash) = 32),"
    " day INTEGER NOT NULL"
    ") STRICT;"
    /* Somebody to be taken aside. rank and nth order them; settled: done or not met. */
    "CREATE TABLE task ("
    " id INTEGER PRIMARY KEY,"
    " row_ident BLOB NOT NULL UNIQUE CHECK (length(row_ident) = 16),"
    " number_mark BLOB NOT NULL UNIQUE CHECK (length(number_mark) = 32)," /* of its short name */
    " list INTEGER NOT NULL REFERENCES arrival_list (id),"
    " rank INTEGER NOT NULL,"
    " day INTEGER NOT NULL," /* of arrival */
    " settled INTEGER NOT NULL CHECK (settled IN (0, 1)),"
    " content BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX task_order ON task (settled, day, rank, id);";

const char *const CASE_COPY_SCHEMA =
    /* A copy that a member was asked to destroy. mark, body: keyed hashes of reference and content (body empty: not
     * known). confirmed_day 0: not proven yet. In place of case_confirmation, which knew members only. */
    "CREATE TABLE case_copy ("
    " tombstone INTEGER NOT NULL REFERENCES case_tombstone (id),"
    " peer BLOB NOT NULL CHECK (length(peer) = 16),"
    " mark BLOB NOT NULL CHECK (length(mark) = 32),"
    " body BLOB NOT NULL CHECK (length(body) IN (0, 32)),"
    " stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),"
    " confirmed_day INTEGER NOT NULL,"
    " mismatch INTEGER NOT NULL CHECK (mismatch IN (0, 1)),"
    " PRIMARY KEY (mark, peer)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX case_copy_of ON case_copy (tombstone, peer);"
    "INSERT INTO case_copy SELECT tombstone, peer, randomblob(32), x'', 0, "
    "confirmed_day, 0"
    " FROM case_confirmation;"
    "DROP TABLE case_confirmation;";
