/* SPDX-License-Identifier: Apache-2.0
 *
 * casebook_kit: a casebook over care_kit's database, with its key file in a folder of its own.
 */
#ifndef AMAAN_CASEBOOK_KIT_H
#define AMAAN_CASEBOOK_KIT_H

#include <stdlib.h>
#include <unistd.h>

#include "care_kit.h"
#include "casebook.h"

enum { KIT_DAY = 20782 }; /* 2026-11-25 */

struct casebook_kit {
    struct care_kit care;
    struct casebook *casebook;
    struct arena *arena;
    char folder[64], key_path[96];
};

static inline void casebook_kit_start(struct casebook_kit *kit)
{
    struct casebook_options options = {
        .db = kit->care.db, .chance = kit->care.chance, .key_path = kit->key_path};

    assert_ok(casebook_open(&options, &kit->casebook, NULL));
    assert_ok(casebook_unlock(kit->casebook, &kit->care.master));
}

static inline void casebook_kit_open(struct casebook_kit *kit, uint64_t seed)
{
    memset(kit, 0, sizeof(*kit));
    care_kit_open(&kit->care, seed);
    snprintf(kit->folder, sizeof(kit->folder), "/tmp/amaan-casebook-XXXXXX");
    assert_non_null(mkdtemp(kit->folder));
    snprintf(kit->key_path, sizeof(kit->key_path), "%s/case.key", kit->folder);
    kit->arena = arena_new(CASE_PERSON_ARENA_BYTES, CASE_PERSON_ARENA_PIECES);
    casebook_kit_start(kit);
}

static inline void casebook_kit_close(struct casebook_kit *kit)
{
    casebook_close(&kit->casebook);
    arena_destroy(&kit->arena);
    care_kit_close(&kit->care);
    unlink(kit->key_path);
    rmdir(kit->folder);
}

static inline void casebook_kit_begin(struct casebook_kit *kit)
{
    assert_ok(db_begin(kit->care.db));
}

static inline void casebook_kit_commit(struct casebook_kit *kit)
{
    assert_ok(db_commit(kit->care.db));
    assert_ok(casebook_committed(kit->casebook));
}

static inline struct person casebook_kit_person(const char *name)
{
    struct person person = {.age_band = AGE_18_25,
        .minor = MINOR_NO,
        .gender = GENDER_FEMALE,
        .n_languages = 1,
        .languages = {"pus"},
        .preferred_name = name,
        .full_name = "Zarquona Pelligrande",
        .safe_contact = "ask at the quolm counter"};

    return person;
}

static inline struct case_row casebook_kit_add(struct casebook_kit *kit, const char *name)
{
    struct case_row row = {.origin = ORIGIN_WALK_IN,
        .opened_day = KIT_DAY,
        .person = casebook_kit_person(name)};

    casebook_kit_begin(kit);
    assert_ok(casebook_add(kit->casebook, &row));
    casebook_kit_commit(kit);
    return row;
}

/* Work until no more is asked for. */
static inline void casebook_kit_work(struct casebook_kit *kit, int64_t day)
{
    for (bool more = true; more;) {
        more = false;
        casebook_kit_begin(kit);
        assert_ok(casebook_work(kit->casebook, day, &more));
        casebook_kit_commit(kit);
    }
}

#endif
