/* SPDX-License-Identifier: Apache-2.0
 *
 * trust: the signed documents in force at this machine (PROTOCOL.md 5a): the root chain, the newest roster,
 * notices, the profiles package (sealed bytes), and the version -> hash pairs of every roster ever seen.
 *
 * A document is verified, then stored (in the caller's transaction), and used only after the caller's commit
 * (trust_committed) so that nothing is believed that a crash could forget; trust_rolled_back drops it. Offers
 * of one transaction build on each other. Lists of members are answered from memory in O(1) and O(log n): the
 * broker asks for every frame.
 *
 *   offer:  same version, same hash   EXISTS: nothing to do
 *           older version             EXPIRED (a notice that is over: the same)
 *           signed, but another hash than mine of that version, or another previous hash than my version
 *                                     CONFLICT: proof of a fork (root, roster); kept in this transaction, so
 *                                     commit. A second package of one version is CONFLICT and no fork:
 *                                     the roster's hash decides what is true.
 *           more than 1,000 ahead     TOO_BIG (the first roster of a machine may have any version)
 *           bad threshold or key      FORGED
 *           root not known yet        NOT_FOUND: ask for the roots first
 *           a sixth member suspended by one steward's notices   DENIED
 *           else                      OK, pending until the commit
 *
 * Signatures count under the newest root that this machine knows. Root documents and notices may be
 * offered several behind each other: OK if at least one was new and none was bad.
 *
 * A fork is settled by a root document newer than the one under which it happened. Receiving is never
 * blocked by an old or expired roster, nor by a fork.
 */
#ifndef AMAAN_TRUST_H
#define AMAAN_TRUST_H

#include "clock.h"
#include "db.h"
#include "frame.h"
#include "member.h"

struct trust;

/* The SQL script that trust's tables need; programs put it into their own numbered list. */
extern const char *const TRUST_SCHEMA;

/* Loads what is stored. A machine that was never pinned has no root: everything answers NOT_FOUND. */
enum status trust_open(
    struct db *db, struct trust **ret, struct trouble *trouble) MUST_USE;
void trust_close(struct trust **trust);

/* Pins root document 1 (or 1..n, as one file of documents behind each other), in the caller's transaction.
 * EXISTS if the same is pinned, CONFLICT if another network is. */
enum status trust_pin(
    struct trust *trust, struct span root_documents, struct trouble *trouble) MUST_USE;
bool trust_is_pinned(const struct trust *trust);
const struct ident *trust_network_id(
    const struct trust *trust); /* first 16 bytes of root 1's hash; zero if not pinned */

/* Is it a network in which nothing is real? false until it is pinned. */
bool trust_is_practice(const struct trust *trust);
enum status trust_offer(struct trust *trust, enum document_type type, struct span bytes,
    int64_t now_ms, struct trouble *trouble) MUST_USE;
void trust_committed(struct trust *trust);
void trust_rolled_back(struct trust *trust);

/* Of root document 1: what people compare as a fingerprint. NOT_FOUND if not pinned. */
enum status trust_root_hash(struct trust *trust, struct hash *ret) MUST_USE;

/* 0 if none. A notice has its number as version: the newest of those not over. */
uint64_t trust_version(const struct trust *trust, enum document_type type);
struct hash trust_roster_hash(const struct trust *trust);
/* Of the profiles that belong to the newest roster (package.h); zero without a roster. */
struct hash trust_profiles_hash(const struct trust *trust);
/* The stored bytes, appended to the buffer; version 0 is the newest, and for notices all that are not over,
 * behind each other. NOT_FOUND. */
enum status trust_document(struct trust *trust, enum document_type type, uint64_t version,
    struct buffer *ret) MUST_USE;
/* Hash of a roster version ever accepted: NOT_FOUND, or OK. For the fork check of PROTOCOL.md 5 (2). */
enum status trust_roster_hash_of(
    struct trust *trust, uint64_t version, struct hash *ret) MUST_USE;
bool trust_forked(
    const struct trust *trust); /* a fork was proven: seal nothing, keep receiving */
/* The proofs: held document, other document, held, other ... behind each other. NOT_FOUND. */
enum status trust_forks(struct trust *trust, struct buffer *ret) MUST_USE;
int64_t trust_roster_created_ms(const struct trust *trust);
int64_t trust_roster_expires_ms(const struct trust *trust);
/* Latest created time of a root, roster or package in force. Not of a notice: one steward alone must not
 * move everybody's time. */
int64_t trust_newest_signed_ms(const struct trust *trust);

/* Borrowed until the next trust_committed. NULL if there is none. Identity and queue also find previous ones. */
const struct member *trust_find_node(
    const struct trust *trust, const struct ident *node_id);
const struct member *trust_find_identity(
    const struct trust *trust, const struct sign_public *identity);
const struct member *trust_find_transport(
    const struct trust *trust, const uint8_t key[static TRANSPORT_KEY_BYTES]);
const struct member *trust_find_queue(
    const struct trust *trust, const struct ident *queue_id);
size_t trust_member_count(const struct trust *trust);
const struct member *trust_nth_member(const struct trust *trust, size_t i);

/* Roster and notices together, at that time. member may be NULL (UNKNOWN). A row past its valid-to by the
 * roster's own time is SUSPENDED: no clock alone can do that. */
enum standing trust_standing(
    const struct trust *trust, const struct member *member, int64_t now_ms);

#endif
