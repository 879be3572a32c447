/* SPDX-License-Identifier: Apache-2.0
 *
 * node: one organisation's post and desk over one database, without its sockets. Programs put a link, a
 * local socket and a loop around it (serve.h), tests a simulated world. It alone begins and commits.
 *
 * One turn:   node_begin -> node_connected / node_lost / node_receive / node_call ... -> node_end
 * node_end lets time work (post_work), opens what may be opened, lets desk apply each letter's effect and
 * post file its receipt in the same transaction, commits, writes the counter file, and only then are frames
 * given out by node_speak and answers of node_call valid to be sent (`ret_committed`). FULL rolls the turn
 * back: answers of that turn are replaced by a refusal ("the disk is full: ..."), nothing is spoken, the node
 * stays up. After IO or CORRUPT the process must end.
 *
 * Home folder (0700): node.conf, link.key (0600), node.key (under the passphrase), case.key (epoch_keys.h), node.db,
 * node.db.counter, backup.last, run/socket.
 */
#ifndef AMAAN_NODE_H
#define AMAAN_NODE_H

#include "announce.h"
#include "json.h"
#include "people.h"
#include "post.h"

struct node;

struct node_options {
    const char *home;
    const char *vfs; /* NULL: the system's */
    struct clock *clock;
    struct chance *chance;
    enum status (*room)(
        void *context, int64_t *ret_free, int64_t *ret_total); /* NULL: plenty */
    void *room_context;
};

/* Makes a home: keys, settings, database, and the join request file. `roles` is a bitmap of profiles.h.
 * EXISTS (nothing is overwritten). `person` is the first of its people (people.h), an administrator, whose
 * passphrase opens node.key at the given cost; NULL or "": "administrator". */
enum { NODE_PASSPHRASE_MIN = 12 }; /* bytes */
struct node_new {
    const char *home, *name, *person;
    uint32_t roles;
    struct span passphrase;
    struct cost cost;
    struct clock *clock;
    struct chance *chance;
};
enum status node_create(const struct node_new *request, struct trouble *trouble) MUST_USE;

enum status node_open(const struct node_options *options, struct node **ret,
    struct trouble *trouble) MUST_USE;
void node_close(struct node **node);

/* Pins the root and installs roster and profiles; the broker's endpoint and CURVE key go into settings. A turn
 * of its own. CONFLICT if the node belongs to another network. */
struct node_join {
    struct span roots, roster, profiles;
    const char *endpoint;
    uint8_t broker_key[32];
};
enum status node_join(
    struct node *node, const struct node_join *request, struct trouble *trouble) MUST_USE;

enum status node_begin(struct node *node) MUST_USE;
void node_connected(struct node *node);
void node_lost(struct node *node);
bool node_link_is_dead(
    const struct node *node); /* the broker does not answer: make a new connection */
enum status node_receive(
    struct node *node, struct span frame) MUST_USE; /* not OK: end the link */
/* One use case of verbs.h by name: `request` (may be NULL) in, answer out. `key` is the Idempotency-Key ("" if
 * none): the same key with the same request gives the stored answer again; with another request CONFLICT
 * (HTTP 409). The answer is the caller's after node_end. ret_http is the HTTP status code. Both
 * pointers must stay valid until node_end: a turn that is rolled back replaces what they hold. */
void node_call(struct node *node, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_http);
enum status node_end(struct node *node) MUST_USE;
enum status node_speak(
    struct node *node, struct buffer *ret_frame) MUST_USE; /* BUSY: nothing */
int64_t node_deadline_steady_ms(const struct node *node);

/* Unlocking: the slow half is people_break of people.h, in a helper thread (unlock.h); this half is a turn of its
 * own. Letters are opened from now on; people's verbs wait until somebody has entered. */
enum status node_unlock(struct node *node, const struct node_keys *keys) MUST_USE;

/* Names and roles of those who are in node.key, without secrets. */
struct node_people {
    struct colleague people[PEOPLE_MAX];
    size_t n;
    bool recovery; /* there are shares */
};
void node_people_of(const struct people *people, struct node_people *ret);
/* Somebody sits down (desk.h); recorded in a turn of its own. `pin` may be NULL. LOCKED. */
enum status node_enter(struct node *node, const struct colleague *person, const char *pin,
    const struct node_people *people) MUST_USE;
/* Puts an act into the record of who looked, in a turn of its own; also while locked. `subject` may be NULL. */
enum status node_record(struct node *node, const char *verb,
    const struct colleague *person, const char *subject) MUST_USE;
/* After node.key was changed. */
void node_set_people(struct node *node, const struct node_people *people);
struct seat *node_seat(struct node *node);
struct verb;
bool node_may(const struct node *node, const struct verb *verb); /* desk_may */
void node_lock(struct node *node);
/* Does what still rests (docs/CARE.md 23), in a turn of its own: before a person's lock, and before the
 * process ends. */
void node_finish_rests(struct node *node);
bool node_is_locked(const struct node *node);
uint16_t node_page_port(const struct node *node); /* of node.conf; 0: no local page */
struct node_conf;
const struct node_conf *node_settings(const struct node *node); /* borrowed */

/* --- backup (docs/CARE.md 18) ----------------------------------------------------------------------------
 * Made by itself when node.conf names a folder, or when asked for, some steps a turn. */
/* `folder` NULL: that of node.conf. LOCKED, BUSY (one is under way), NOT_FOUND (no folder is set), others. Outside of
 * a turn. */
enum status node_backup_start(
    struct node *node, const char *folder, struct trouble *trouble) MUST_USE;
/* From now on they go there by themselves; node.conf is written. Outside of a turn. MALFORMED: no whole path, or one
 * with a line end; NOT_FOUND: no such folder; DENIED: it cannot be written; too long: TOO_BIG. Nothing is changed then. */
enum status node_set_backup_folder(
    struct node *node, const char *folder, struct trouble *trouble) MUST_USE;
struct node_backup {
    char name[32]; /* of the file in the folder */
    int64_t made_ms;
    uint64_t bytes;
};
/* BUSY: it is still under way. Otherwise how the last one ended. */
enum status node_backup_ended(
    const struct node *node, struct node_backup *ret, struct trouble *trouble) MUST_USE;

/* Looks through the database; for `amaan-node check`. CORRUPT with the first finding. */
enum status node_check(struct node *node, struct trouble *trouble) MUST_USE;

/* --- announcements (docs/CARE.md 22); crier.h makes them heard -------------------------------------------- */
/* What waits that nobody has opened, between two turns. */
enum status node_count_waiting(struct node *node, struct announce_counts *ret) MUST_USE;
struct desk_announcing;
struct desk_announcing *node_announcing(
    struct node *node); /* what status shows; the caller writes it */
const char *node_announce_command(const struct node *node); /* "": none */

struct post *node_post(struct node *node); /* for tests and status */
struct trust *node_trust(struct node *node);
const char *node_endpoint(const struct node *node);
const uint8_t *node_broker_key(const struct node *node);
const uint8_t *node_link_secret(const struct node *node); /* CURVE secret of link.key */

#endif
