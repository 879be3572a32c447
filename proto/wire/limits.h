/* SPDX-License-Identifier: Apache-2.0
 *
 * limits: every maximum that a peer can meet, each with its reason. Those marked (reasoned) were not
 * measured; a measurement may change them.
 */
#ifndef AMAAN_LIMITS_H
#define AMAAN_LIMITS_H

#include "clock.h"

enum {
    /* Link. A 32 KiB envelope in a protobuf frame fits with room; on a 64 kbit/s line it takes 4.6 s. */
    FRAME_BYTES_MAX = 36864,
    /* Decoding a frame may take at most this much memory: protobuf-c copies, and an empty sub-message
     * costs 60 times its bytes. */
    FRAME_ARENA_BYTES = 262144,
    FRAME_ARENA_PIECES = 2048,
    /* Parts of a document and lists of bundles: the largest part that leaves room for its own fields. */
    PART_BYTES_MAX = 32768,
    HAVE_IDS_MAX = 512, /* 8 KiB of ids a frame */
    HELD_IDS_MAX = 512,
    TAKEN_IDS_MAX = 2048, /* as many as a turn can deliver */

    /* Envelope buckets: three sizes are all that the broker learns of a length. */
    BUCKET_SMALL = 2048,
    BUCKET_MIDDLE = 8192,
    BUCKET_LARGE = 32768,
    ENVELOPE_BYTES_MAX = 33024, /* largest bucket, tag, header of the longest suite row */
    INNER_BYTES = 256,
    BODY_BYTES_MAX = BUCKET_LARGE - INNER_BYTES, /* 32,512 */

    /* Prekeys: eight weekly ones ahead plus those of the last 69 days make 18; 24 leaves room. */
    BUNDLE_PREKEYS_MAX = 24,

    RECEIPTS_PER_ENVELOPE = 6, /* 8 + 6 x 264 = 1,592 fit the small bucket */
    VOIDS_PER_ENVELOPE = 27,   /* 8 + 27 x 64 = 1,736 fit the small bucket */
    HEARTBEAT_RANGES_MAX = 32,

    /* Roster: one country's organisations, ten times over; 1.28 MB. */
    ROSTER_MEMBERS_MAX = 5000,
    STEWARDS_MAX = 16,
    ROOT_BYTES_MAX = 4096,
    ROSTER_BYTES_MAX = 1284096, /* 128 + 5,000 x 256 + signatures */
    PROFILES_BYTES_MAX =
        8388608,      /* 5,000 profiles of 1.2 KiB and their wrapped keys (reasoned) */
    NOTICES_MAX = 80, /* in force at once: 16 stewards x 5 single nodes */
    NOTICE_BYTES_MAX = 20800, /* all notices in force behind each other: 80 x 260 */
    NOTICE_MEMBERS_MAX = 5,   /* what one steward alone may suspend at once */
    ROSTER_JUMP_MAX = 1000,   /* a version further ahead is a mistake or an attack */

    /* Numbering (reasoned): the window and what a node keeps of mail it cannot use. */
    CHAIN_WINDOW = 4096,
    EPOCHS_PER_PEER_AND_YEAR = 16,
    QUARANTINE_BYTES_MAX = 16 * 1024 * 1024,
    RAW_BYTES_MAX = 256 * 1024 * 1024,
    RAW_FREE_DISK_PERCENT = 15,

    /* Broker (reasoned). A charter brings 300 returnees x 3 services and their answers. */
    TURN_FRAMES_MAX = 2048,
    TURN_BYTES_MAX = 4 * 1024 * 1024,
    MAILBOX_ENVELOPES_MAX = 20000,
    MAILBOX_BYTES_MAX = 64 * 1024 * 1024,
    MAILBOX_SENDER_SHARE = 4, /* one sender fills at most 1/4 of a mailbox */
    OFFERS_PER_MINUTE = 600,
    OFFERS_BURST = 4000,
    EXPRESS_BURST = 60,
    EXPRESS_PER_HOUR = 60,
    EXPRESS_PER_NORMAL = 8,       /* one normal after so many express: nothing starves */
    CREDIT_INITIAL_BYTES = 40960, /* over the largest envelope; 5.1 s at 64 kbit/s */
    CREDIT_MAX_BYTES = 1048576,
    INFLIGHT_BYTES_MAX = 256 * 1024 * 1024,
    DISK_REFUSE_PERCENT = 90,
    DISK_REFUSE_FREE_BYTES = 512 * 1024 * 1024,
    DISK_RESERVE_BYTES = 64 * 1024 * 1024,
    PURGE_ROWS_PER_TURN = 500,
    SESSION_REPLACEMENTS_MAX =
        3, /* in SESSION_REPLACEMENT_WINDOW_MS: more is a cloned key */
    POISON_SESSIONS_BEHIND =
        3, /* sessions that ended on one envelope: it goes behind the others */
    POISON_SESSIONS_ASIDE = 10 /* and is set aside, offered last, with an alarm */
};

/* Time windows (PROTOCOL.md 4). */
#define PREKEY_STEP_MS (7 * DAY_MS)   /* one new prekey a week */
#define PREKEY_VALID_MS (14 * DAY_MS) /* not_before to not_after */
#define PREKEY_AHEAD_MS                                                                  \
    (49 * DAY_MS) /* made so long before: silence of 35 days is normal */
#define PREKEY_EARLY_MS (1 * DAY_MS) /* a sender may use one a day early: clocks differ */
#define PREKEY_OFFER_LATE_MS (7 * DAY_MS)
#define PREKEY_DESTROY_MS (69 * DAY_MS) /* not_before + 14 + 7 + 45 + 3 */
#define PREKEY_PIN_MS                                                                    \
    (120 * DAY_MS) /* an unopened raw row keeps its prekey so long at most */
#define BROKER_TTL_MS (45 * DAY_MS)
#define TOMBSTONE_MS (1 * DAY_MS)
#define LETTER_LIFETIME_S (90 * 86400)
#define LETTER_KEEP_MS (45 * DAY_MS)  /* after STORED, unless CONFIRMED comes later */
#define REOFFER_FIRST_MS (1 * DAY_MS) /* after HELD without a receipt */
#define REOFFER_NEXT_MS (7 * DAY_MS)
#define RECEIPT_REPEAT_MS (10 * MINUTE_MS)
#define CONFIRM_AFTER_MS (1 * DAY_MS)
#define HEARTBEAT_MS (1 * DAY_MS)
#define GAP_ASK_MS (2 * HOUR_MS)
#define GAP_SHOW_MS (1 * DAY_MS)
#define GAP_ALARM_MS (7 * DAY_MS)
#define UNREADABLE_KEEP_MS (7 * DAY_MS)
#define PARK_KEEP_MS (90 * DAY_MS)
#define ITEM_MEMORY_MS (180 * DAY_MS)
#define SILENCE_NORMAL_MS (35 * DAY_MS)
#define NOTICE_VALID_MS (72 * HOUR_MS)
#define SESSION_REPLACEMENT_WINDOW_MS (10 * MINUTE_MS)
#define EPOCH_ZERO_S INT64_C(1577836800) /* 2020-01-01, where chain epochs count from */

#endif
