/* SPDX-License-Identifier: Apache-2.0
 *
 * care_kit: a database with care's tables on a disk in memory, and a seeded chance.
 */
#ifndef AMAAN_CARE_KIT_H
#define AMAAN_CARE_KIT_H

#include "box.h"
#include "care_schema.h"
#include "casebook_schema.h"
#include "check.h"
#include "consent_schema.h"
#include "db.h"
#include "faultvfs.h"
#include "memory.h"
#include "seeded.h"
#include "vault.h"

struct care_kit {
    struct faultvfs *vfs;
    struct seeded seeded;
    struct chance *chance;
    struct db *db;
    struct box_key master;
};

static inline void care_kit_open_db(struct care_kit *kit)
{
    const char *const migrations[] = {
        CARE_SCHEMA, CASEBOOK_SCHEMA, CONSENT_SCHEMA, CASE_COPY_SCHEMA};
    struct trouble trouble = {""};
    struct db_options options = {.path = "care.db",
        .vfs = faultvfs_name(kit->vfs),
        .migrations = migrations,
        .n_migrations = ARRAY_LENGTH(migrations),
        .application_id = 0x61637265};

    if (db_open(&options, &kit->db, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
}

static inline void care_kit_open(struct care_kit *kit, uint64_t seed)
{
    memset(kit, 0, sizeof(*kit));
    assert_ok(vault_start(NULL));
    kit->vfs = faultvfs_new("care-kit");
    kit->chance = seeded_init(&kit->seeded, seed);
    box_new_key(kit->chance, &kit->master);
    care_kit_open_db(kit);
}

static inline void care_kit_close(struct care_kit *kit)
{
    db_close(&kit->db);
    faultvfs_destroy(&kit->vfs);
}

#endif
