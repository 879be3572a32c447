/* SPDX-License-Identifier: Apache-2.0
 *
 * people: who works at this node, and node.key, in which each of them has a slot of their own (CARE.md 15).
 *
 * The secrets of the node (keyring.h) are boxed once under a random key-wrapping key. Each person has an X25519
 * pair whose secret is boxed under that person's passphrase (Argon2id); the key-wrapping key is sealed to each
 * public key (HPKE, suite 1). So a removal can give the others a new key-wrapping key without asking for their
 * passphrases. Recovery is one more pair, whose secret is in no file (shares.h).
 *
 * Layout, big-endian; `slots` is 1 to PEOPLE_MAX:
 *     0  4 "AMK2" | 4 2 version (1) | 6 1 slots | 7 1 recovery (0 or 1) | 8 32 salt of the names' marks
 *    40 112 recovery: 32 public | 32 enc | 48 sealed key-wrapping key; zeros if there is none
 *   152 a slot, 244 bytes: 16 person id | 16 mark of the name | 1 role | 3 zero | 4 passes | 4 KiB | 16 salt |
 *       32 public | 72 box of the secret, place: the 92 bytes before | 32 enc | 48 sealed key-wrapping key
 *       box under the key-wrapping key, place: every byte before, of: 200 keyring | 64 name (NUL-padded) a slot
 * The mark is the first half of the keyed hash of the name under the salt: it finds a slot. It hides a name from a
 * glance and not from somebody who guesses names.
 *
 * The box authenticates all slots: a changed role, a swapped slot, an added or a missing one opens nothing. Also
 * read is the older file of one person (password.h: keyfile), whatever name is given; that person is an
 * administrator, and the next change writes the new layout under that name. Refused: other lengths, versions, roles, costs; two slots of one id or one name;
 * a file without an administrator.
 */
#ifndef AMAAN_PEOPLE_H
#define AMAAN_PEOPLE_H

#include "ident.h"
#include "keyring.h"

enum {
    PEOPLE_MAX = 24,        /* three shifts of eight; more would not know each other */
    PEOPLE_FILE_MAX = 8192, /* all of them, with room */
    PERSON_NAME_BYTES = 64, /* with its NUL */
    RECOVERY_BYTES = 32
};

/* A ladder: each may do what the one before may (config/policy/local-roles.json says what). */
enum local_role {
    LOCAL_RECEPTION = 1,
    LOCAL_WORKER,
    LOCAL_SUPERVISOR,
    LOCAL_ADMINISTRATOR,
    LOCAL_ROLE_COUNT
};
const char *local_role_name(enum local_role role);
enum status local_role_parse(const char *text, enum local_role *ret) MUST_USE;

struct colleague {
    struct ident id;
    enum local_role role;
    char name[PERSON_NAME_BYTES];
};

/* node.key, opened by one of its people. It holds keys: wiped when destroyed. */
struct people;
void people_destroy(struct people **people);

/* May the name stand in a slot? One clean line of 1 to 63 bytes without quotation marks. */
bool person_name_is_good(const char *name);

/* A new file of one administrator. MALFORMED (name), FULL (memory for the cost). */
enum status people_new(const struct node_keys *keys, const char *name,
    struct span passphrase, struct cost cost, struct chance *chance,
    struct people **ret) MUST_USE;
/* `name` may be "" where one person is in the file. NOT_FOUND: it does not say who. DENIED: no such person, the
 * wrong passphrase, or changed bytes; each takes as long. MALFORMED, UNSUPPORTED, FULL. Slow on purpose. */
enum status people_break(struct span file, const char *name, struct span passphrase,
    struct chance *chance, struct people **ret) MUST_USE;
/* By the recovery secret; nobody is `self` then. DENIED, also where there is no recovery. */
enum status people_break_by_recovery(struct span file,
    const uint8_t secret[static RECOVERY_BYTES], struct people **ret) MUST_USE;
/* All that is checked before a passphrase; for `check` and fuzzing. */
enum status people_inspect(struct span file) MUST_USE;
/* The bytes of node.key. */
enum status people_encode(
    const struct people *people, struct chance *chance, struct buffer *ret) MUST_USE;

const struct node_keys *people_keys(const struct people *people);
const struct colleague *people_self(const struct people *people); /* NULL by recovery */
size_t people_count(const struct people *people);
const struct colleague *people_nth(const struct people *people, size_t i);
const struct colleague *people_find(const struct people *people, const char *name);
size_t people_administrators(const struct people *people);
bool people_have_recovery(const struct people *people);

/* Changes, for an administrator (or recovery); DENIED for others. Nothing is written but memory. */
/* EXISTS, FULL (no slot, or no memory for the cost), MALFORMED. */
enum status people_add(struct people *people, const char *name, enum local_role role,
    struct span passphrase, struct cost cost, struct chance *chance) MUST_USE;
/* The others get a new key-wrapping key. NOT_FOUND; CONFLICT: the last administrator, or
 * oneself. */
enum status people_remove(
    struct people *people, const char *name, struct chance *chance) MUST_USE;
/* NOT_FOUND; CONFLICT: the last administrator. */
enum status people_set_role(
    struct people *people, const char *name, enum local_role role) MUST_USE;
/* Anybody their own. A new pair and a new key-wrapping key, so that an old copy of the slot opens no new file. */
enum status people_set_passphrase(struct people *people, struct span passphrase,
    struct cost cost, struct chance *chance) MUST_USE;
/* A new recovery pair; shares of an earlier one open nothing any more. */
enum status people_set_recovery(struct people *people, struct chance *chance,
    uint8_t ret_secret[static RECOVERY_BYTES]) MUST_USE;
/* After people_break_by_recovery: a person with the role of administrator and a new passphrase, new or not. */
enum status people_restore(struct people *people, const char *name,
    struct span passphrase, struct cost cost, struct chance *chance) MUST_USE;

#endif
