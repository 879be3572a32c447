/* SPDX-License-Identifier: Apache-2.0
 * A bucket counts in 1/3,600,000 of a token, so that a refill of one token an hour is one a millisecond and
 * nothing is lost by rounding.
 */
#include "quota.h"

#include "memory.h"

#define TOKEN HOUR_MS

/* What lets the disk take mail again after it refused. */
enum { RESUME_PERCENT = 88, RESUME_FREE_BYTES = 640 * 1024 * 1024 };

void bucket_fill(struct bucket *bucket, const struct bucket_size *size, int64_t steady_ms)
{
    bucket->fill = size->tokens * TOKEN;
    bucket->last_steady_ms = steady_ms;
}

bool bucket_take(struct bucket *bucket, const struct bucket_size *size, int64_t steady_ms)
{
    int64_t full = size->tokens * TOKEN;
    int64_t passed_ms = steady_ms - bucket->last_steady_ms;
    if (passed_ms > 0) {
        int64_t missing = full - bucket->fill;
        bucket->fill = passed_ms >= missing / size->per_hour + 1
                           ? full
                           : bucket->fill + passed_ms * size->per_hour;
        bucket->last_steady_ms = steady_ms;
    }
    if (bucket->fill < TOKEN) {
        return false;
    }
    bucket->fill -= TOKEN;
    return true;
}

uint32_t bucket_wait_s(const struct bucket *bucket, const struct bucket_size *size)
{
    int64_t missing = TOKEN - bucket->fill;
    int64_t wait_ms = missing > 0 ? missing / size->per_hour : 0;
    return (uint32_t)(wait_ms / SECOND_MS + 1);
}

/* A sender's part of a mailbox, and never less than lets it send at all. */
static int64_t share_of(int64_t limit, int64_t least)
{
    int64_t share = limit / MAILBOX_SENDER_SHARE;
    return share > least ? share : least;
}

enum refusal quota_judge(
    const struct quota_limits *limits, const struct quota_facts *facts)
{
    if (facts->disk_refuses || facts->all_envelopes >= limits->all_envelopes) {
        return REFUSAL_DISK_FULL;
    }
    if (facts->mailbox_envelopes >= limits->mailbox_envelopes ||
        facts->mailbox_bytes + facts->envelope_bytes > limits->mailbox_bytes) {
        return REFUSAL_MAILBOX_FULL;
    }
    if (facts->share_envelopes + 1 > share_of(limits->mailbox_envelopes, 1) ||
        facts->share_bytes + facts->envelope_bytes >
            share_of(limits->mailbox_bytes, ENVELOPE_BYTES_MAX)) {
        return REFUSAL_SENDER_SHARE;
    }
    return (enum refusal)0;
}

uint32_t quota_retry_after_s(enum refusal code)
{
    switch (code) {
    case REFUSAL_MAILBOX_FULL:
    case REFUSAL_SENDER_SHARE:
        return 3600;
    case REFUSAL_DISK_FULL:
        return 600;
    case REFUSAL_DRAINING:
        return 10;
    case REFUSAL_RECIPIENT_SUSPENDED:
    case REFUSAL_UNKNOWN_RECIPIENT:
        return 6 * 3600;
    default:
        return 0;
    }
}

bool quota_disk_refuses(int64_t free_bytes, int64_t total_bytes, bool refuses_now)
{
    int64_t percent = refuses_now ? RESUME_PERCENT : DISK_REFUSE_PERCENT;
    int64_t least = refuses_now ? RESUME_FREE_BYTES : DISK_REFUSE_FREE_BYTES;
    int64_t used_bytes = total_bytes - free_bytes;
    return free_bytes < least || used_bytes / 100 >= total_bytes / 100 * percent / 100;
}

enum silence quota_silence(uint32_t collected_hour, uint32_t now_hour)
{
    uint32_t days = now_hour > collected_hour ? (now_hour - collected_hour) / 24 : 0;
    if (days >= SILENCE_35_DAYS) {
        return SILENCE_35_DAYS;
    }
    if (days >= SILENCE_WEEK) {
        return SILENCE_WEEK;
    }
    return days >= SILENCE_DAY ? SILENCE_DAY : SILENCE_NONE;
}

bool replacements_add(struct replacements *replacements, int64_t steady_ms)
{
    size_t place = replacements->n % SESSION_REPLACEMENTS_MAX;
    bool too_many =
        replacements->n >= SESSION_REPLACEMENTS_MAX &&
        steady_ms - replacements->at_ms[place] <= SESSION_REPLACEMENT_WINDOW_MS;
    replacements->at_ms[place] = steady_ms; /* the oldest of the last three goes */
    replacements->n++;
    return too_many;
}
