/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of post. Times are wall milliseconds, zero where it never happened; 64-bit ids and numbers
 * stand as SQLite's signed integers. What a person wrote is always boxed (box.h) under a key that needs the
 * passphrase; what a locked node needs (raw envelopes, own bundle, sealed bytes) stands as it is.
 */
#include "post.h"

const char *const POST_SCHEMA =
    "CREATE TABLE post_facts ("
    " one INTEGER PRIMARY KEY CHECK (one = 1),"
    " state_count INTEGER NOT NULL," /* changes that must not be forgotten (counter.h) */
    " heartbeat_number INTEGER NOT NULL," /* of the last heartbeat made here */
    " bundle_number INTEGER NOT NULL,"    /* of the bundle beside */
    " bundle BLOB,"   /* own signed prekey bundle, NULL before the first unlock */
    " store_id BLOB," /* of the broker's database when last asked HAVE */
    " bundles_mark INTEGER NOT NULL,"    /* how far other members' bundles were fetched */
    " bundles_ms INTEGER NOT NULL,"      /* when */
    " bundles_skipped INTEGER NOT NULL," /* 1: some were of members that my roster lacked */
    " emptied_ms INTEGER NOT NULL,"      /* mailbox last reported empty, to the hour */
    " restored_ms INTEGER NOT NULL," /* when this database was noticed to be an older one */
    " welcome_ms INTEGER NOT NULL," /* last WELCOME, to the hour */
    " roster_version INTEGER NOT NULL" /* under which parked letters and drafts were last judged */
    ") STRICT;"
    "INSERT INTO post_facts VALUES (1, 0, 0, 0, NULL, NULL, 0, 0, 0, 0, 0, 0, 0);"

    "CREATE TABLE post_peers ("
    " id INTEGER PRIMARY KEY,"
    " node_id BLOB NOT NULL UNIQUE,"
    " bundle_number INTEGER NOT NULL DEFAULT 0,"
    " bundle BLOB,"                      /* its newest bundle, verified when it came */
    " epoch INTEGER NOT NULL DEFAULT 0," /* of my numbers to it; 0: none, or given up */
    " last_epoch INTEGER NOT NULL DEFAULT 0," /* highest ever used: an epoch is used once */
    " last_seq INTEGER NOT NULL DEFAULT 0,"   /* last number given in epoch */
    " last_link BLOB,"                        /* its link */
    " conflicted INTEGER NOT NULL DEFAULT 0," /* 1: the last epoch was given up for a CONFLICT */
    " conflict_ms INTEGER NOT NULL DEFAULT 0," /* when one was last opened for that reason */
    " heartbeat_in INTEGER NOT NULL DEFAULT 0," /* highest heartbeat number taken from it */
    " heartbeat_out_ms INTEGER NOT NULL DEFAULT 0,"
    " heartbeat_tries INTEGER NOT NULL DEFAULT 0," /* sent since it was last heard */
    " heard_ms INTEGER NOT NULL DEFAULT 0,"  /* last proven envelope, my time, coarse */
    " signed_ms INTEGER NOT NULL DEFAULT 0," /* newest time that it signed, coarse */
    " traffic_ms INTEGER NOT NULL DEFAULT 0" /* last numbered letter, either way, coarse */
    ") STRICT;"

    "CREATE TABLE post_outbox ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT," /* order of sending */
    " item_id BLOB NOT NULL UNIQUE,"
    " peer BLOB NOT NULL,"
    " kind INTEGER NOT NULL,"
    " lane INTEGER NOT NULL,"
    " state INTEGER NOT NULL,"  /* enum letter_state */
    " reason INTEGER NOT NULL," /* enum wait_reason */
    " created_ms INTEGER NOT NULL,"
    " changed_ms INTEGER NOT NULL,"
    " lifetime_s INTEGER NOT NULL,"
    " after_item BLOB," /* letter to settle first, NULL if none */
    " after_back INTEGER NOT NULL,"
    " epoch INTEGER NOT NULL," /* 0 and 0 while it has no number */
    " seq INTEGER NOT NULL,"
    " prev_link BLOB, link BLOB,"
    " seal_no INTEGER NOT NULL,"
    " letter BLOB,"   /* boxed salt and body; NULL when it need not be kept */
    " envelope BLOB," /* newest sealing; NULL before and after it is needed */
    " msg_id BLOB, prekey_id INTEGER NOT NULL, prekey_end_ms INTEGER NOT NULL,"
    " sealed_for BLOB,"          /* recipient's identity key in that sealing */
    " reseal INTEGER NOT NULL,"  /* 1: seal again before the next offer */
    " recall BLOB,"              /* msg_id to be recalled at the broker, NULL if none */
    " held_ms INTEGER NOT NULL," /* last HELD */
    " held_count INTEGER NOT NULL,"
    " next_ms INTEGER NOT NULL," /* not to be offered before */
    " settled INTEGER NOT NULL," /* 1: the recipient needs nothing more for this number */
    " void_due INTEGER NOT NULL,"    /* reason of the VOID still to be made, 0 if none */
    " void_row INTEGER NOT NULL,"    /* id of the VOID that took its place */
    " stored_ms INTEGER NOT NULL,"   /* when the receipt came, my time */
    " received_ms INTEGER NOT NULL," /* the recipient's time in the receipt */
    " receipt BLOB,"                 /* its signed bytes */
    " told_days INTEGER NOT NULL DEFAULT 0" /* its owner was told that it waits so long */
    ") STRICT;"
    "CREATE INDEX post_outbox_due ON post_outbox (lane, id) WHERE state IN (2, 3);"
    "CREATE INDEX post_outbox_drafts ON post_outbox (id) WHERE state IN (1, 8);"
    "CREATE INDEX post_outbox_open ON post_outbox (id, state, created_ms, lifetime_s)"
    " WHERE state IN (1, 2, 3, 8);"
    "CREATE INDEX post_outbox_states ON post_outbox (kind, state);"
    "CREATE UNIQUE INDEX post_outbox_numbers ON post_outbox (peer, epoch, seq) WHERE seq "
    "> 0;"
    "CREATE INDEX post_outbox_unsettled ON post_outbox (peer, epoch, seq)"
    " WHERE settled = 0 AND seq > 0;"
    "CREATE INDEX post_outbox_unsettled_ids ON post_outbox (peer, id)"
    " WHERE settled = 0 AND seq > 0;"
    "CREATE INDEX post_outbox_stored ON post_outbox (peer, epoch, seq) WHERE state = 4;"
    "CREATE INDEX post_outbox_kept ON post_outbox (id) WHERE letter IS NOT NULL;"
    "CREATE INDEX post_outbox_voids ON post_outbox (peer) WHERE void_due > 0;"
    "CREATE INDEX post_outbox_voided ON post_outbox (void_row) WHERE void_row > 0;"
    "CREATE INDEX post_outbox_recalls ON post_outbox (id) WHERE recall IS NOT NULL;"

    "CREATE TABLE post_chains (" /* what came from others, per sender and epoch; kept for ever */
    " peer BLOB NOT NULL, epoch INTEGER NOT NULL,"
    " head INTEGER NOT NULL," /* every number up to here is settled */
    " head_link BLOB NOT NULL,"
    " highest INTEGER NOT NULL," /* highest number heard of */
    " made_ms INTEGER NOT NULL,"
    " gap_ms INTEGER NOT NULL," /* how long the gap above head was open and could be filled */
    " gap_stage INTEGER NOT NULL," /* 0, 1 asked, 2 shown, 3 alarm */
    " PRIMARY KEY (peer, epoch)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX post_chains_gaps ON post_chains (peer, epoch) WHERE head < highest;"

    "CREATE TABLE post_inbox (" /* one row per number taken; bodies only until their effect */
    " id INTEGER PRIMARY KEY AUTOINCREMENT," /* order of arrival */
    " peer BLOB NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " link BLOB NOT NULL, prev_link BLOB NOT NULL," /* prev_link zero if unknown (voided, lost) */
    " item_id BLOB NOT NULL,"
    " kind INTEGER NOT NULL, lane INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL, after_back INTEGER NOT NULL,"
    " received_ms INTEGER NOT NULL,"
    " body_commit BLOB NOT NULL, envelope_hash BLOB NOT NULL,"
    " state INTEGER NOT NULL,"   /* enum inbox_state */
    " how INTEGER NOT NULL,"     /* enum settled_how; 0 while not settled */
    " late INTEGER NOT NULL,"    /* 1: expired or voided */
    " missing INTEGER NOT NULL," /* 1: shown although an earlier letter is missing */
    " body BLOB,"                /* boxed; NULL once its effect is made */
    " receipt BLOB,"             /* signed bytes, repeated exactly; NULL if none is due */
    " said_ms INTEGER NOT NULL," /* when the receipt was last owed */
    " disputed_ms INTEGER NOT NULL," /* when another letter under this number was last answered */
    " UNIQUE (peer, epoch, seq)"
    ") STRICT;"
    "CREATE INDEX post_inbox_due ON post_inbox (lane DESC, id) WHERE state = 1;"
    "CREATE INDEX post_inbox_waiting ON post_inbox (peer, epoch) WHERE state = 2;"
    "CREATE INDEX post_inbox_quarantined ON post_inbox (id) WHERE state = 4;"
    "CREATE INDEX post_inbox_items ON post_inbox (peer, item_id);"

    "CREATE TABLE post_owed (" /* receipts to be said; gone when the broker holds them */
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " peer BLOB NOT NULL,"
    " receipt BLOB NOT NULL"
    ") STRICT;"

    "CREATE TABLE post_raw (" /* taken while locked, not opened yet */
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " lane INTEGER NOT NULL,"
    " prekey_id INTEGER NOT NULL," /* pinned while the row exists */
    " hour_ms INTEGER NOT NULL,"   /* of arrival, to the hour */
    " size INTEGER NOT NULL,"      /* of the envelope */
    " envelope BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX post_raw_order ON post_raw (lane DESC, id, size);"
    "CREATE INDEX post_raw_pins ON post_raw (prekey_id, hour_ms);"

    "CREATE TABLE post_quarantine (" /* bytes that may have no effect */
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " why INTEGER NOT NULL,"    /* enum quarantine_why */
    " detail INTEGER NOT NULL," /* step of opening, or roster version of a parked letter */
    " at_ms INTEGER NOT NULL,"
    " size INTEGER NOT NULL,"
    " bytes BLOB NOT NULL" /* the envelope; boxed plain text for parked letters */
    ") STRICT;"
    "CREATE INDEX post_quarantine_why ON post_quarantine (why, id, size, at_ms);"

    "CREATE TABLE post_prekeys ("
    " id INTEGER PRIMARY KEY," /* the random prekey id */
    " suite INTEGER NOT NULL,"
    " public BLOB NOT NULL,"
    " secret BLOB NOT NULL," /* boxed */
    " not_before_ms INTEGER NOT NULL, not_after_ms INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE post_alarms ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " code INTEGER NOT NULL," /* enum alarm_code */
    " peer BLOB NOT NULL,"    /* zero if none */
    " detail INTEGER NOT NULL,"
    " day INTEGER NOT NULL," /* the same alarm is kept once a day */
    " at_ms INTEGER NOT NULL,"
    " seen INTEGER NOT NULL,"
    " UNIQUE (code, peer, day, detail)"
    ") STRICT;";
