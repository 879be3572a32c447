/* SPDX-License-Identifier: Apache-2.0
 *
 * quota: what is too much (PROTOCOL.md 6.5). A decider: figures and the time go in, a refusal or none comes out.
 * Counts by sender are memory; nothing here reaches the disk.
 */
#ifndef AMAAN_QUOTA_H
#define AMAAN_QUOTA_H

#include "frame.h"

/* A bucket of tokens that refills by itself. */
struct bucket {
    int64_t fill; /* in 1/HOUR_MS tokens: a token an hour is one of these a ms */
    int64_t last_steady_ms;
};

struct bucket_size {
    int64_t tokens;   /* when full */
    int64_t per_hour; /* refill */
};

void bucket_fill(
    struct bucket *bucket, const struct bucket_size *size, int64_t steady_ms);
/* One token out; false if there is none. */
bool bucket_take(
    struct bucket *bucket, const struct bucket_size *size, int64_t steady_ms);
/* Until there is a token again, in whole seconds, at least 1. */
uint32_t bucket_wait_s(const struct bucket *bucket, const struct bucket_size *size);

struct quota_limits {
    int64_t mailbox_envelopes, mailbox_bytes;
    int64_t all_envelopes; /* of all mailboxes: their index is memory */
};

struct quota_facts {
    bool disk_refuses;
    int64_t envelope_bytes;
    int64_t all_envelopes;
    int64_t mailbox_envelopes, mailbox_bytes;
    int64_t share_envelopes, share_bytes; /* the sender's part of the mailbox */
};

/* 0: there is room. */
enum refusal quota_judge(
    const struct quota_limits *limits, const struct quota_facts *facts);
/* When to try again. RATE and what a retry cannot mend give 0: the caller knows better. */
uint32_t quota_retry_after_s(enum refusal code);

/* Does the disk refuse new mail? What stops it does so a little earlier than what lets it go on, so that it
 * does not flap. */
bool quota_disk_refuses(int64_t free_bytes, int64_t total_bytes, bool refuses_now);

/* How long a member has not collected, coarse on purpose. */
enum silence quota_silence(uint32_t collected_hour, uint32_t now_hour);

/* Sessions of one member that replaced another, by steady time: more than 3 in 10 minutes are a cloned key. */
struct replacements {
    int64_t at_ms[SESSION_REPLACEMENTS_MAX];
    size_t n;
};
bool replacements_add(struct replacements *replacements, int64_t steady_ms);

#endif
