/* SPDX-License-Identifier: Apache-2.0
 * Sessions by connection and callers by node id, each in a table of chains that doubles when it is full.
 * Parcels stand in a ring that doubles up to PARCELS_MAX.
 */
#include "lobby.h"

#include <string.h>

#include "memory.h"

enum {
    FIRST_BUCKETS = 256,
    FIRST_PARCELS = 6,
    PARCELS_MAX = 192 /* 3 KiB: with the rest a session stays below 4 */
};

struct lobby {
    struct caller *callers, **caller_buckets;
    size_t n_callers, n_caller_buckets;
    struct session *sessions, **session_buckets;
    size_t n_sessions, n_session_buckets;
    uint64_t secret;
};

struct lobby *lobby_new(struct chance *chance)
{
    struct lobby *lobby = memory_new(sizeof *lobby);
    lobby->n_caller_buckets = FIRST_BUCKETS;
    lobby->n_session_buckets = FIRST_BUCKETS;
    lobby->caller_buckets = memory_new_array(FIRST_BUCKETS, sizeof(struct caller *));
    lobby->session_buckets = memory_new_array(FIRST_BUCKETS, sizeof(struct session *));
    lobby->secret = chance_u64(chance) | 1;
    return lobby;
}

void lobby_destroy(struct lobby **lobby_p)
{
    struct lobby *lobby = *lobby_p;
    if (lobby == NULL) {
        return;
    }
    while (lobby->sessions != NULL) {
        lobby_remove(lobby, lobby->sessions);
    }
    while (lobby->callers != NULL) {
        struct caller *caller = lobby->callers;
        lobby->callers = caller->next;
        memory_free(caller);
    }
    memory_free(lobby->caller_buckets);
    memory_free(lobby->session_buckets);
    memory_free(lobby);
    *lobby_p = NULL;
}

static size_t mix(const struct lobby *lobby, uint64_t value, size_t n_buckets)
{
    uint64_t mixed = value * lobby->secret;
    return (mixed ^ (mixed >> 32)) & (n_buckets - 1);
}

/* ---- callers ---- */

static struct caller **caller_bucket(
    const struct lobby *lobby, const struct ident *node_id)
{
    uint64_t half = 0;
    memcpy(&half, node_id->bytes, sizeof half);
    return &lobby->caller_buckets[mix(lobby, half, lobby->n_caller_buckets)];
}

struct caller *lobby_find_caller(const struct lobby *lobby, const struct ident *node_id)
{
    struct caller *caller = *caller_bucket(lobby, node_id);
    while (caller != NULL && !ident_equal(&caller->node_id, node_id)) {
        caller = caller->next_same;
    }
    return caller;
}

static void grow_callers(struct lobby *lobby)
{
    memory_free(lobby->caller_buckets);
    lobby->n_caller_buckets *= 2;
    lobby->caller_buckets =
        memory_new_array(lobby->n_caller_buckets, sizeof(struct caller *));
    for (struct caller *caller = lobby->callers; caller != NULL; caller = caller->next) {
        struct caller **bucket = caller_bucket(lobby, &caller->node_id);
        caller->next_same = *bucket;
        *bucket = caller;
    }
}

struct caller *lobby_get_caller(struct lobby *lobby, const struct ident *node_id)
{
    struct caller *caller = lobby_find_caller(lobby, node_id);
    if (caller == NULL) {
        if (lobby->n_callers == lobby->n_caller_buckets) {
            grow_callers(lobby);
        }
        struct caller **bucket = caller_bucket(lobby, node_id);
        caller = memory_new(sizeof *caller);
        caller->node_id = *node_id;
        caller->next = lobby->callers;
        caller->next_same = *bucket;
        lobby->callers = caller;
        *bucket = caller;
        lobby->n_callers++;
    }
    return caller;
}

struct caller *lobby_first_caller(const struct lobby *lobby)
{
    return lobby->callers;
}

/* ---- sessions ---- */

static struct session **session_bucket(const struct lobby *lobby, uint64_t connection)
{
    return &lobby->session_buckets[mix(lobby, connection, lobby->n_session_buckets)];
}

struct session *lobby_find(const struct lobby *lobby, uint64_t connection)
{
    struct session *session = *session_bucket(lobby, connection);
    while (session != NULL && session->connection != connection) {
        session = session->next_same;
    }
    return session;
}

static void grow_sessions(struct lobby *lobby)
{
    memory_free(lobby->session_buckets);
    lobby->n_session_buckets *= 2;
    lobby->session_buckets =
        memory_new_array(lobby->n_session_buckets, sizeof(struct session *));
    for (struct session *session = lobby->sessions; session; session = session->next) {
        struct session **bucket = session_bucket(lobby, session->connection);
        session->next_same = *bucket;
        *bucket = session;
    }
}

struct session *lobby_add(struct lobby *lobby, uint64_t connection, struct caller *caller)
{
    PROMISE(caller->session == NULL && lobby_find(lobby, connection) == NULL);
    if (lobby->n_sessions == lobby->n_session_buckets) {
        grow_sessions(lobby);
    }
    struct session **bucket = session_bucket(lobby, connection);
    struct session *session = memory_new(sizeof *session);
    session->connection = connection;
    session->caller = caller;
    session->first_delivery = 1;
    session->next_delivery = 1;
    session->next_same = *bucket;
    *bucket = session;
    session->next = lobby->sessions;
    if (session->next != NULL) {
        session->next->before = session;
    }
    lobby->sessions = session;
    lobby->n_sessions++;
    caller->session = session;
    return session;
}

void lobby_remove(struct lobby *lobby, struct session *session)
{
    PROMISE(!session->place.waits && !session->grant_place.waits &&
            !session->paper_place.waits && session->n_under_way == 0);
    struct session **at = session_bucket(lobby, session->connection);
    while (*at != session) {
        at = &(*at)->next_same;
    }
    *at = session->next_same;
    if (session->before != NULL) {
        session->before->next = session->next;
    } else {
        lobby->sessions = session->next;
    }
    if (session->next != NULL) {
        session->next->before = session->before;
    }
    lobby->n_sessions--;
    session->caller->session = NULL;
    memory_free(session->parcels);
    memory_free(session);
}

struct session *lobby_first(const struct lobby *lobby)
{
    return lobby->sessions;
}

size_t lobby_count(const struct lobby *lobby)
{
    return lobby->n_sessions;
}

/* ---- parcels ---- */

bool session_may_give(const struct session *session)
{
    return session->next_delivery - session->first_delivery < PARCELS_MAX;
}

static void grow_parcels(struct session *session)
{
    size_t size = session->parcels_size > 0 ? session->parcels_size * 2 : FIRST_PARCELS;
    struct parcel *parcels = memory_new_array(size, sizeof *parcels);
    for (uint64_t i = session->first_delivery; i < session->next_delivery; i++) {
        parcels[i % size] = session->parcels[i % session->parcels_size];
    }
    memory_free(session->parcels);
    session->parcels = parcels;
    session->parcels_size = size;
}

uint64_t session_give(struct session *session, struct held *held)
{
    PROMISE(session_may_give(session));
    if (session->next_delivery - session->first_delivery == session->parcels_size) {
        grow_parcels(session);
    }
    uint64_t delivery = session->next_delivery++;
    session->parcels[delivery % session->parcels_size] =
        (struct parcel){held, (uint32_t)held->id, held->bytes};
    session->n_under_way++;
    return delivery;
}

bool session_gave(const struct session *session, uint64_t delivery)
{
    return delivery > 0 && delivery < session->next_delivery;
}

struct parcel *session_find_parcel(struct session *session, uint64_t delivery)
{
    if (delivery < session->first_delivery || delivery >= session->next_delivery) {
        return NULL;
    }
    struct parcel *parcel = &session->parcels[delivery % session->parcels_size];
    return parcel->held != NULL ? parcel : NULL;
}

void session_close_parcel(struct session *session, uint64_t delivery)
{
    struct parcel *parcel = session_find_parcel(session, delivery);
    PROMISE(parcel != NULL);
    parcel->held = NULL;
    session->n_under_way--;
    while (
        session->first_delivery < session->next_delivery &&
        session->parcels[session->first_delivery % session->parcels_size].held == NULL) {
        session->first_delivery++;
    }
}
