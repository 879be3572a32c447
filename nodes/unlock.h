/* SPDX-License-Identifier: Apache-2.0
 *
 * unlock: the slow half of all that needs a passphrase, in a helper thread: opens node.key as one of its people and, if
 * asked, changes it. A changed node.key is on the disk before `done` is called. One at a time, so that nobody
 * guesses faster than the machine hashes once, and no change is lost to another.
 */
#ifndef AMAAN_UNLOCK_H
#define AMAAN_UNLOCK_H

#include "node.h"
#include "work.h"

enum unlock_act {
    UNLOCK_ONLY = 1,
    UNLOCK_ADD,        /* name, role, new_passphrase */
    UNLOCK_REMOVE,     /* name */
    UNLOCK_ROLE,       /* name, role */
    UNLOCK_PASSPHRASE, /* new_passphrase: one's own */
    UNLOCK_RECOVERY    /* a new recovery secret */
};

/* Texts are copied; NULL is "". */
struct unlock_order {
    enum unlock_act act;
    const char *home, *person, *passphrase;
    const char *name, *new_passphrase;
    enum local_role role;
    struct chance *chance; /* used in the helper thread: the system's */
};

/* What came of it. Wiped after `done`. */
struct unlock_result {
    bool opened; /* the passphrase was right */
    /* Before it was opened: as people_break. Then: as people_add and so on, or the disk's answer. */
    enum status status;
    struct node_keys keys;
    struct colleague self;
    struct node_people people; /* as the file has them now */
    uint8_t recovery[RECOVERY_BYTES];
};

/* `done` runs in the loop's thread. It is not called when the work ends first. */
void unlock_start(struct work *work, const struct unlock_order *order,
    void (*done)(void *context, const struct unlock_result *result), void *context);

#endif
