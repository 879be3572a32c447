/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters of members that were suspended when they came (PROTOCOL.md 5.5). A thief with a stolen laptop can
 * write them as well as an honest office could before it was suspended: only a person can tell, by telephone.
 */
#include "log.h"
#include "memory.h"
#include "parts.h"

enum status post_asides(struct post *post, int64_t after_id, struct post_aside *ret,
    size_t max, size_t *ret_n)
{
    struct inbox_letter letter = {.id = after_id};
    enum status status = STATUS_OK;
    size_t n = 0;
    while (n < max) {
        status = inbox_next_quarantined(post->inbox, letter.id, &letter);
        if (status != STATUS_OK)
            break;
        ret[n++] = (struct post_aside){.id = letter.id,
            .peer = letter.peer,
            .kind = letter.kind,
            .lane = letter.lane,
            .created_ms = letter.created_ms,
            .received_ms = letter.received_ms,
            .late = letter.late};
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *ret_n = n;
    return STATUS_OK;
}

static enum status find_aside(struct post *post, int64_t id, struct inbox_letter *ret)
{
    enum status status = inbox_get(post->inbox, id, ret);
    if (status == STATUS_OK && ret->state != INBOX_QUARANTINED)
        status = STATUS_NOT_FOUND;
    return status;
}

/* Into post->body. */
static enum status unbox(struct post *post, const struct inbox_letter *letter)
{
    uint8_t place[INBOX_PLACE_BYTES];
    buffer_clear(&post->boxed);
    buffer_clear(&post->body);
    enum status status = inbox_body(post->inbox, letter->id, &post->boxed);
    if (status == STATUS_OK)
        status = box_break(&post->letters_key, inbox_place(letter, place),
            buffer_span(&post->boxed), &post->body);
    if (status == STATUS_OK || status == STATUS_FULL || status == STATUS_IO)
        return status;
    return STATUS_CORRUPT;
}

/* Released into a roster that has it: suspended, or active again. */
static bool is_member(const struct post *post, const struct ident *peer)
{
    const struct member *sender = trust_find_node(post->options.trust, peer);
    enum standing standing = trust_standing(post->options.trust, sender, post_now(post));
    return standing == STANDING_ACTIVE || standing == STANDING_SUSPENDED;
}

enum status post_release(struct post *post, int64_t id)
{
    struct inbox_letter letter;
    if (post->locked)
        return STATUS_LOCKED;
    enum status status = find_aside(post, id, &letter);
    if (status == STATUS_OK && !is_member(post, &letter.peer))
        status = STATUS_DENIED;
    if (status == STATUS_OK)
        status = unbox(post, &letter);
    if (status == STATUS_OK)
        status = letters_release(post, &letter);
    if (status == STATUS_OK)
        log_event(LOG_WARNING, "released", "letter=%lld", (long long)id);
    return status;
}

enum status post_discard(struct post *post, int64_t id)
{
    struct inbox_letter letter;
    enum status status = find_aside(post, id, &letter);
    if (status != STATUS_OK)
        return status;
    letter.state = INBOX_SETTLED;
    log_event(LOG_WARNING, "discarded", "letter=%lld", (long long)id);
    return inbox_update(post->inbox, &letter, NULL, false);
}
