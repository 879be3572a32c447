/* SPDX-License-Identifier: Apache-2.0
 *
 * world: a broker and some nodes in one process, over memory links, with a hand-turned clock, seeded
 * randomness and databases on a file system that can forget, fill up and fail (faultvfs.h).
 *
 * Nothing is awaited: world_settle lets frames travel until everybody is at rest at this instant,
 * world_pass turns the clock, stopping at every deadline on the way. Faults are armed by countdown and count
 * how often they fired; a scenario asserts that they did. A crash drops the process' memory and reopens its
 * file as the disk would show it after a power cut: what was not synced is gone.
 */
#ifndef AMAAN_WORLD_H
#define AMAAN_WORLD_H

#include "broker.h"
#include "node.h"
#include "profiles.h"

enum { WORLD_NODES_MAX = 8 };

/* Fields of a request to refer: an adult agreed; somebody decided for a child, or for whoever may be one. */
#define WORLD_CONSENT                                                                    \
    "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"urd\","      \
    "\"interpreter\":true,\"groups\":[\"contact\",\"note\"]}"
#define WORLD_CONSENT_CHILD                                                              \
    "\"consent\":{\"given_by\":\"best-interest\",\"how\":\"spoken\",\"language\":"       \
    "\"urd\","                                                                           \
    "\"interpreter\":true,\"groups\":[\"contact\",\"note\"],\"role\":\"shift lead\","    \
    "\"rationale\":\"invented\"}"

struct world;

/* Names of members, for the scenarios: index into the world's nodes in the order of world_new. */
struct world_plan {
    const char *name; /* "fia.torkham" */
    enum role role;
};

/* Founds the network: stewards, root, a roster of all nodes, profiles; pins every node, loads the broker,
 * connects and unlocks everybody, and settles. Starts on 2026-11-24 05:00 UTC. */
struct world *world_new(uint64_t seed, const struct world_plan *plan, size_t n);
/* The same, of a network for practice. */
struct world *world_new_practice(uint64_t seed, const struct world_plan *plan, size_t n);
void world_destroy(struct world **world);
/* The one service that the member offers: what its role may be asked for. */
enum service world_service(const struct world *world, size_t i);

int64_t world_now_ms(const struct world *world);
void world_settle(struct world *world);
void world_step(
    struct world *world); /* one turn of everybody, for what lies between two of them */
void world_pass(struct world *world, int64_t ms);

/* The parts, for looking inside. NULL while stopped. */
struct broker *world_broker(struct world *world);
struct node *world_node(struct world *world, size_t i);
const struct ident *world_node_id(const struct world *world, size_t i);

const char *world_name(const struct world *world, size_t i);
/* One turn of node i with a call in it (verb, key, request as node_call has them). false if the node is off
 * or died in that turn; the answer is then not the caller's. */
bool world_turn(struct world *world, size_t i, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_code);

/* --- links, power, keys ------------------------------------------------------------------------------- */
void world_cut(
    struct world *world, size_t i); /* the node loses its line; frames on it are gone */
void world_heal(struct world *world, size_t i);
void world_stop_broker(struct world *world); /* power cut */
void world_start_broker(struct world *world);
void world_burn_broker_disk(
    struct world *world); /* stopped broker: its database is gone */
void world_crash_node(struct world *world, size_t i); /* power cut */
void world_start_node(struct world *world, size_t i, bool unlock);
void world_lock_node(struct world *world, size_t i);
void world_unlock_node(struct world *world, size_t i);
void world_set_clock(struct world *world, size_t i,
    int64_t wall_ms); /* the node's own clock from now on */

/* A copy of the node's database as it is now, put back later: a restored backup. The counter file beside it
 * stays new (that is how a restored node is noticed) unless it is forgotten, too. */
void world_save_disk(struct world *world, size_t i);
void world_restore_disk(struct world *world, size_t i);
void world_forget_counter(struct world *world, size_t i);

/* A sealed backup of node i into a folder of its own; all of it, in this call. The path is the caller's to free. */
char *world_backup(struct world *world, size_t i);
/* The laptop burns: home and database are gone for good. Then a new one, whose home is made from that file; its
 * database lies on a real disk from now on. */
void world_burn_node(struct world *world, size_t i);
void world_restore_backup(struct world *world, size_t i, const char *file);
const char *world_home(const struct world *world, size_t i);

/* --- faults: each fires once after `countdown` more chances (0: the next) ------------------------------ */
enum world_fault {
    FAULT_FRAME_LOST, /* with its connection, as TCP does it */
    FAULT_FRAME_TWICE,
    FAULT_FRAME_SWAPPED, /* with the next of the same line and direction */
    FAULT_CRASH_BEFORE_COMMIT,
    FAULT_CRASH_AFTER_COMMIT, /* committed, nothing spoken */
    FAULT_DISK_FULL,          /* at the k-th write of the file */
    FAULT_DISK_ERROR,         /* at the k-th write: the process must end */
    FAULT_SYNC_ERROR,         /* at the k-th sync */
    FAULT_COUNT
};
enum { WORLD_BROKER = 100, WORLD_ANYBODY = 101 }; /* `who` beside a node's index */
void world_arm(struct world *world, enum world_fault fault, size_t who, int countdown);
int world_fired(const struct world *world, enum world_fault fault); /* since world_new */
/* What the disk of node i says of itself; a total of 0: plenty. */
void world_room(struct world *world, size_t i, int64_t free_bytes, int64_t total_bytes);
void world_free_disk(struct world *world, size_t who); /* a full disk has room again */

/* --- a hostile broker: sees every frame from the broker to node i before it is delivered ------------------
 * The function may change *frame's content (buffer), or answer false to drop it. */
void world_tamper(struct world *world,
    bool (*tamper)(void *context, size_t i, struct buffer *frame), void *context);
/* The same for frames that node i says. */
void world_tamper_out(struct world *world,
    bool (*tamper)(void *context, size_t i, struct buffer *frame), void *context);
/* Frames captured on their way to node i since the last call (for replay), and a way to inject bytes. */
void world_record(struct world *world, size_t i, bool on);
size_t world_recorded(const struct world *world, size_t i);
struct span world_recorded_frame(
    const struct world *world, size_t i, size_t k); /* borrowed */
void world_replay(struct world *world, size_t i, size_t k);
void world_inject(struct world *world, size_t i, struct span frame);
/* A frame to the broker on the line of node i, which does not know of it. */
void world_say(struct world *world, size_t i, struct span frame);
/* What a member that does as it likes has in its hands (world_member.h). */
const struct node_keys *world_keys(const struct world *world, size_t i);
struct chance *world_chance(struct world *world);

/* --- stewards ----------------------------------------------------------------------------------------- */
/* The next roster with node i at that status, signed by the threshold; loaded into the broker unless
 * `keep_back`. Returns its version. */
uint64_t world_roster(
    struct world *world, size_t i, enum member_status status, bool keep_back);
/* The row of node i in the next roster, to be changed before it is made. */
struct member *world_row(struct world *world, size_t i);
/* So many further members from the next roster on, who never come: documents of several parts. */
void world_crowd(struct world *world, size_t n);
/* The next root, by the same stewards; what is made from then on is signed under it. Returns its version. */
uint64_t world_root(struct world *world, bool keep_back);
/* Bytes of a roster version made so far; another roster of the same version (a fork). */
struct span world_roster_bytes(const struct world *world, uint64_t version);
struct span world_profiles_bytes(const struct world *world, uint64_t version);
struct span world_roots(const struct world *world); /* all of them, behind each other */
void world_fork_roster(struct world *world, struct buffer *ret);
/* How long the next rosters hold. */
void world_shorten_rosters(struct world *world, int64_t ms);
void world_notice(struct world *world, size_t i); /* one steward's emergency suspension */

/* --- what people do ----------------------------------------------------------------------------------- */
enum { WORLD_REFERENCE_BYTES = 16 };
/* Refers from a to b, express or not; asserts success; the reference is the sender's and travels. */
void world_refer(struct world *world, size_t from, size_t to, enum lane lane,
    char ret_reference[static WORLD_REFERENCE_BYTES]);
/* Any verb with a JSON text as request (NULL: none): HTTP code; the answer as compact JSON text, freed with
 * memory_free. The turn runs to its end; a crash in it gives code 0 and NULL. */
int world_call(struct world *world, size_t i, const char *verb, const char *key,
    const char *request, char **ret_answer);
/* State of the letter that carries a referral sent by i. */
enum letter_state world_letter(struct world *world, size_t i, const char *reference);
/* How many referrals with this reference stand in the inbox of node i: the effects. */
int world_effects(struct world *world, size_t i, const char *reference);
/* Care's word at node i for a reference: "requested", "accepted", ...; "" if unknown there. */
const char *world_care_state(struct world *world, size_t i, const char *reference);
int world_alarms(
    struct world *world, size_t i, const char *code); /* how many of that code */

#endif
