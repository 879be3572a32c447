/* SPDX-License-Identifier: Apache-2.0
 *
 * trust: the signed documents in force at this machine (PROTOCOL.md 5a): the root chain, the newest roster,
 * notices, the profiles package (sealed bytes), and the version -> hash pairs of every roster ever seen.
 *
 * A document is verified, then stored (in the caller's transaction), and used only after the caller's commit
 * (trust_committed) so that nothing is believed that a crash could forget; trust_rolled_back drops it. Lists
 * of members are answered from memory in O(1) and O(log n): the broker asks for every frame.
 *
 *   offer:  older version           EXISTS (equal) or EXPIRED (older): nothing to do
 *           same version, other hash CONFLICT: proof of a fork, both kept (trust_fork)
 *           more than 1,000 ahead    TOO_BIG
 *           bad threshold, key, hash FORGED
 *           root not known yet       NOT_FOUND: ask for the roots first
 *           else                     OK, pending until the commit
 *
 * Receiving is never blocked by an old or expired roster; see trust_roster_days_left.
 */
#ifndef AMAAN_TRUST_H
#define AMAAN_TRUST_H

#include "clock.h"
#include "db.h"
#include "frame.h"
#include "member.h"

struct trust;

/* The SQL scripts that trust's tables need; programs put them into their own numbered list. */
extern const char *const TRUST_SCHEMA;

/* Loads what is stored. A machine that was never pinned has no root: everything answers NOT_FOUND. */
enum status trust_open(struct db *db, struct trust **ret, struct trouble *trouble) MUST_USE;
void trust_close(struct trust **trust);

/* Pins root document 1 (or 1..n, as one file of documents behind each other). EXISTS if the same is pinned,
 * CONFLICT if another network is. */
enum status trust_pin(struct trust *trust, struct span root_documents, struct trouble *trouble) MUST_USE;
bool trust_is_pinned(const struct trust *trust);
const struct ident *trust_network_id(const struct trust *trust); /* first 16 bytes of root 1's hash */

enum status trust_offer(struct trust *trust, enum document_type type, struct span bytes, int64_t now_ms,
    struct trouble *trouble) MUST_USE;
void trust_committed(struct trust *trust);
void trust_rolled_back(struct trust *trust);

/* 0 if none. A notice has its number as version. */
uint64_t trust_version(const struct trust *trust, enum document_type type);
struct hash trust_roster_hash(const struct trust *trust);
/* The stored bytes, appended to the buffer; version 0 is the newest. NOT_FOUND. */
enum status trust_document(struct trust *trust, enum document_type type, uint64_t version, struct buffer *ret) MUST_USE;
/* Hash of a roster version ever accepted: NOT_FOUND, or OK. For the fork check of PROTOCOL.md 5 (2). */
enum status trust_roster_hash_of(struct trust *trust, uint64_t version, struct hash *ret) MUST_USE;
bool trust_forked(const struct trust *trust); /* a fork was proven: seal nothing, keep receiving */
int64_t trust_roster_created_ms(const struct trust *trust);
int64_t trust_roster_expires_ms(const struct trust *trust);
int64_t trust_newest_signed_ms(const struct trust *trust); /* latest created time of any document in force */

/* Borrowed until the next trust_committed. NULL if there is none. Identity and queue also find previous ones. */
const struct member *trust_find_node(const struct trust *trust, const struct ident *node_id);
const struct member *trust_find_identity(const struct trust *trust, const struct sign_public *identity);
const struct member *trust_find_transport(const struct trust *trust, const uint8_t key[static TRANSPORT_KEY_BYTES]);
const struct member *trust_find_queue(const struct trust *trust, const struct ident *queue_id);
size_t trust_member_count(const struct trust *trust);
const struct member *trust_nth_member(const struct trust *trust, size_t i);

/* Roster and notices together, at that time. member may be NULL (UNKNOWN). */
enum standing trust_standing(const struct trust *trust, const struct member *member, int64_t now_ms);

#endif
