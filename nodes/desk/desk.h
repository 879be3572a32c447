/* SPDX-License-Identifier: Apache-2.0
 *
 * desk: the use cases, and the only place where post and care meet. A person's request becomes rows of care and
 * a letter of post in one transaction; an opened letter becomes its effect.
 *
 * The desk never begins or commits: node.c does. A use case that fails leaves nothing behind (savepoint). What
 * people decide travels as ANSWER letters (PROTOCOL.md 2.2); transport's states are shown beside them.
 */
#ifndef AMAAN_DESK_H
#define AMAAN_DESK_H

#include "announce.h"
#include "directory.h"
#include "json.h"
#include "post.h"
#include "seat.h"
#include "verbs.h"

struct desk;

/* What status tells of the node's backups; the node keeps it true. */
struct desk_backup {
    bool folder_set, folder_missing, failed, running;
    int64_t newest_ms;     /* of the newest good one; 0: none is known */
    uint64_t newest_bytes; /* 0: not seen, the stick lies in a drawer */
    const char *folder;    /* where they go by themselves; NULL or "": nowhere */
};

/* And of its announcements (crier.h). */
struct desk_announcing {
    bool command_set, running, failed; /* failed: the command, when it ran last */
    int exit_code;   /* of the last one; 128 and its number for a signal */
    int64_t last_ms; /* of the last announcement; 0: none */
};

struct desk_options {
    struct db *db;
    struct post *post;
    struct trust *trust;
    struct clock *clock;
    struct chance *chance;
    struct ident node_id;
    const char *name, *person; /* borrowed for the desk's life */
    const char *case_key_path; /* of case.key, beside the database; copied */
    uint32_t roles; /* as wished at init; the signed profile rules once it is known */
    const struct desk_backup *backup;         /* borrowed likewise; may be NULL */
    const struct desk_announcing *announcing; /* likewise */
};

enum status desk_open(const struct desk_options *options, struct desk **ret,
    struct trouble *trouble) MUST_USE;
void desk_close(struct desk **desk);

/* Keys of the casebook; beside post_unlock and post_lock. Locking also forgets the directory. */
/* The idents of the cases that were erased here, appended (erased.h). Their number is ascending in time. */
enum status desk_list_erased(struct desk *desk, struct buffer *ret) MUST_USE;
int64_t desk_count_erased(struct desk *desk);
/* After a restore: erases those of the idents that are here again, in the open transaction; who holds something is asked
 * once more. *ret_n: how many there were. CORRUPT: one is too damaged; all the others went. */
enum status desk_erase_again(
    struct desk *desk, struct span idents, int64_t *ret_n) MUST_USE;
enum status desk_unlock(struct desk *desk, const struct box_key *master) MUST_USE;
void desk_lock(struct desk *desk);
struct directory *desk_directory(struct desk *desk); /* node.c loads it */

/* Who sits there (CARE.md 15): verbs that need the keys are refused until somebody entered, while the screen is
 * locked, and to roles below the policy's. Every one of them is put into the record of who looked (audit.h) before
 * it is done; without room for the row nothing is shown. These write inside the caller's transaction. */
enum status desk_enter(
    struct desk *desk, const struct colleague *person, const char *pin) MUST_USE;
enum status desk_record(struct desk *desk, const char *verb,
    const struct colleague *person, const char *subject) MUST_USE;
/* Those in node.key, for names; somebody who is not among them, or not in that role, has to enter again. */
void desk_set_people(
    struct desk *desk, const struct colleague *people, size_t n, bool recovery);
struct seat *desk_seat(struct desk *desk);

/* node_call of node.h. Writes inside the caller's transaction. */
void desk_call(struct desk *desk, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_http);
/* Does the verb have a function here? For the test of the table. */
bool desk_knows(const char *verb);
/* May whoever sits there call it now? For what is offered; each call is judged again. A verb of the door asks for a
 * passphrase itself. */
bool desk_may(const struct desk *desk, const struct verb *verb);

/* The effect of an opened letter. OK with *ret_code NONE (settle it as STORED or LATE) or the reason for
 * INVALID. FULL, IO, CORRUPT, LOCKED: no effect, do not settle. */
enum status desk_apply(struct desk *desk, const struct post_opened *letter,
    enum receipt_code *ret_code) MUST_USE;
/* What waits that nobody has opened: letters, and referrals of which the node itself knows only. While locked the
 * referrals are those of the moment when it was locked; a node that was started since knows of none. */
enum status desk_count_waiting(struct desk *desk, struct announce_counts *ret) MUST_USE;
/* May a member's letter of that kind be taken, by the role it has? */
bool desk_kind_allowed(
    const struct desk *desk, const struct ident *member, uint16_t kind);
/* What a new day demands: old replies go; and slices of longer work on the casebook. With *ret_more it is to be
 * called again. */
enum status desk_work(struct desk *desk, bool *ret_more) MUST_USE;
/* The turn was undone. */
void desk_rolled_back(struct desk *desk);
/* When there is work by the clock. INT64_MAX: never. */
int64_t desk_deadline_steady_ms(const struct desk *desk);
/* Does what still rests (docs/CARE.md 23), in the open transaction: before the keys are given away. */
enum status desk_finish_rests(struct desk *desk, bool *ret_more) MUST_USE;
/* Is there work that does not wait for a new day? */
bool desk_has_work(const struct desk *desk);
/* Must follow each commit: what was committed is believed now. */
enum status desk_committed(struct desk *desk) MUST_USE;

#endif
