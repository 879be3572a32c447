/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers come in the order of offers, nearly always: a flight is looked for from the front. Receipts under way
 * are asked for once per row of a walk over all that are owed: their ids stand in an array of their own.
 */
#include "session.h"

#include "memory.h"

void session_start(struct session *session, uint32_t credit_bytes)
{
    session_end(session);
    session->credit = credit_bytes;
    session->window = CREDIT_INITIAL_BYTES;
    session->receipts_due = true;
}

void session_end(struct session *session)
{
    memory_free(session->flights);
    memory_free(session->owed);
    memory_free(session->taken);
    *session = (struct session){0};
}

/* Where the first id stands that is not below this one. */
static size_t find_owed(const struct session *session, int64_t id)
{
    size_t low = 0, high = session->n_owed;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (session->owed[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_owed(struct session *session, int64_t id)
{
    size_t at = find_owed(session, id);
    if (session->n_owed == session->owed_size) {
        session->owed_size = session->owed_size == 0 ? 64 : session->owed_size * 2;
        session->owed =
            memory_resize(session->owed, session->owed_size, sizeof *session->owed);
    }
    memmove(&session->owed[at + 1], &session->owed[at],
        (session->n_owed - at) * sizeof *session->owed);
    session->owed[at] = id;
    session->n_owed++;
}

static void remove_owed(struct session *session, int64_t id)
{
    size_t at = find_owed(session, id);
    PROMISE(at < session->n_owed && session->owed[at] == id);
    session->n_owed--;
    memmove(&session->owed[at], &session->owed[at + 1],
        (session->n_owed - at) * sizeof *session->owed);
}

void session_fly(struct session *session, const struct flight *flight, size_t bytes)
{
    if (session->n_flights == session->flights_size) {
        session->flights_size =
            session->flights_size == 0 ? 16 : session->flights_size * 2;
        session->flights = memory_resize(
            session->flights, session->flights_size, sizeof *session->flights);
    }
    session->flights[session->n_flights++] = *flight;
    for (size_t k = 0; k < flight->n_owed; k++)
        add_owed(session, flight->owed[k]);
    session->credit -= (int64_t)bytes;
}

enum status session_land(
    struct session *session, const struct ident *msg_id, struct flight *ret)
{
    for (size_t i = 0; i < session->n_flights; i++) {
        if (!ident_equal(&session->flights[i].msg_id, msg_id))
            continue;
        *ret = session->flights[i];
        session->n_flights--;
        memmove(&session->flights[i], &session->flights[i + 1],
            (session->n_flights - i) * sizeof *session->flights);
        for (size_t k = 0; k < ret->n_owed; k++)
            remove_owed(session, ret->owed[k]);
        return STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

bool session_has_row(const struct session *session, int64_t row)
{
    for (size_t i = 0; i < session->n_flights; i++)
        if (session->flights[i].kind == FLIGHT_LETTER && session->flights[i].row == row)
            return true;
    return false;
}

bool session_has_owed(const struct session *session, int64_t id)
{
    size_t at = find_owed(session, id);
    return at < session->n_owed && session->owed[at] == id;
}

/* A round is one windowful: its time decides the next window. */
static void count_round(struct session *session, size_t bytes, int64_t steady_ms)
{
    if (session->round_bytes == 0)
        session->round_steady_ms = steady_ms;
    session->round_bytes += (int64_t)bytes;
    if (session->round_bytes < session->window)
        return;
    int64_t took_ms = steady_ms - session->round_steady_ms;
    if (took_ms <= 1 * SECOND_MS && session->window < CREDIT_MAX_BYTES)
        session->window *= 2;
    else if (took_ms > 4 * SECOND_MS && session->window > CREDIT_INITIAL_BYTES)
        session->window /= 2;
    if (session->window > CREDIT_MAX_BYTES)
        session->window = CREDIT_MAX_BYTES;
    if (session->window < CREDIT_INITIAL_BYTES)
        session->window = CREDIT_INITIAL_BYTES;
    session->round_bytes = 0;
}

enum status session_take(
    struct session *session, uint64_t delivery, size_t bytes, int64_t steady_ms)
{
    /* One initial window of grace: a frame that was under way twice is no crime. */
    if (session->outstanding - (int64_t)bytes < -(int64_t)CREDIT_INITIAL_BYTES)
        return STATUS_DENIED;
    if (delivery > session->delivered + 1)
        return STATUS_DENIED;
    if (delivery > session->delivered)
        session->delivered = delivery;
    if (session->n_taken == session->taken_size) {
        session->taken_size = session->taken_size == 0 ? 16 : session->taken_size * 2;
        session->taken =
            memory_resize(session->taken, session->taken_size, sizeof *session->taken);
    }
    session->taken[session->n_taken++] = delivery;
    session->outstanding -= (int64_t)bytes;
    session->drained = false;
    count_round(session, bytes, steady_ms);
    return STATUS_OK;
}

uint32_t session_grant(struct session *session)
{
    int64_t grant = session->window - session->outstanding;
    if (grant <= 0)
        return 0;
    session->outstanding = session->window;
    return (uint32_t)grant;
}
