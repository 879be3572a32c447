/* SPDX-License-Identifier: Apache-2.0
 * Bodies: the first byte says 1 referral, 2 answer, 3 profiles, 4 person, 5 update, 6 capacity, 7 enquiry, 8 its answer, 9 hand-over, 10 event. What is taken can be
 * written in no more bytes.
 */
#include "body.h"
#include "capacity.h"
#include "enquiry.h"
#include "event.h"
#include "fuzz.h"
#include "limits.h"
#include "meeting.h"
#include "memory.h"
#include "profiles.h"
#include "update.h"

static enum status decode(
    uint8_t type, struct arena *arena, struct span bytes, struct buffer *out)
{
    struct referral referral;
    struct answer answer;
    struct profiles profiles;
    struct person person;
    struct update update;
    struct meeting meeting;
    struct event event;
    struct capacity capacity;
    struct enquiry enquiry;
    struct enquiry_answer enquiry_answer;
    enum status status = STATUS_MALFORMED;
    if (type == 1 && (status = referral_decode(arena, bytes, &referral)) == STATUS_OK) {
        PROMISE(referral_encode(&referral, out) == STATUS_OK);
    } else if (type == 2 &&
               (status = answer_decode(arena, bytes, &answer)) == STATUS_OK) {
        PROMISE(answer_encode(&answer, out) == STATUS_OK);
    } else if (type == 3 &&
               (status = profiles_decode(arena, bytes, &profiles)) == STATUS_OK) {
        PROMISE(profiles_encode(&profiles, out) == STATUS_OK);
    } else if (type == 4 &&
               (status = person_decode(arena, bytes, &person)) == STATUS_OK) {
        PROMISE(person_encode(&person, out) == STATUS_OK);
    } else if (type == 5 &&
               (status = update_decode(arena, bytes, &update)) == STATUS_OK) {
        PROMISE(update_encode(&update, out) == STATUS_OK);
    } else if (type == 6 &&
               (status = capacity_decode(arena, bytes, &capacity)) == STATUS_OK) {
        PROMISE(capacity_encode(&capacity, out) == STATUS_OK);
    } else if (type == 7 &&
               (status = enquiry_decode(arena, bytes, &enquiry)) == STATUS_OK) {
        PROMISE(enquiry_encode(&enquiry, out) == STATUS_OK);
    } else if (type == 8 && (status = enquiry_answer_decode(
                                 arena, bytes, &enquiry_answer)) == STATUS_OK) {
        PROMISE(enquiry_answer_encode(&enquiry_answer, out) == STATUS_OK);
    } else if (type == 9 &&
               (status = meeting_decode(arena, bytes, &meeting)) == STATUS_OK) {
        PROMISE(meeting_encode(&meeting, out) == STATUS_OK);
    } else if (type == 10 && (status = event_decode(arena, bytes, &event)) == STATUS_OK) {
        PROMISE(event_encode(&event, out) == STATUS_OK);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct arena *arena;
    static struct buffer buffer, again;
    if (arena == NULL) {
        arena = arena_new(PROFILES_ARENA_BYTES, PROFILES_ARENA_PIECES);
        buffer_init(&buffer, PROFILES_BYTES_MAX);
        buffer_init(&again, PROFILES_BYTES_MAX);
    }
    if (n == 0) {
        return 0;
    }
    arena_reset(arena);
    if (decode(bytes[0], arena, span_of(bytes + 1, n - 1), &buffer) != STATUS_OK) {
        return 0;
    }
    PROMISE(buffer.used == n - 1);
    arena_reset(arena);
    PROMISE(decode(bytes[0], arena, buffer_span(&buffer), &again) == STATUS_OK);
    PROMISE(span_equal(buffer_span(&buffer), buffer_span(&again)));
    return 0;
}
