/* SPDX-License-Identifier: Apache-2.0
 *
 * store_kit: a database with the tables of an exchange, on a disk that can lose its power. For the two tests of
 * its stores; each has one of its own.
 */
#ifndef AMAAN_STORE_KIT_H
#define AMAAN_STORE_KIT_H

#include "bundles.h"
#include "check.h"
#include "clock.h"
#include "faultvfs.h"
#include "mailbox.h"
#include "memory.h"
#include "origin.h"
#include "rows.h"
#include "seeded.h"
#include "tombstones.h"

static struct seeded seeded;
static struct chance *chance;
static struct faultvfs *vfs;
static struct db *db;
static struct trouble trouble;

static void open_db(void)
{
    static const char *migrations[4];
    migrations[0] = ROWS_SCHEMA;
    migrations[1] = TOMBSTONES_SCHEMA;
    migrations[2] = BUNDLES_SCHEMA;
    migrations[3] = ORIGIN_SCHEMA;
    struct db_options options = {.path = "x.db",
        .vfs = faultvfs_name(vfs),
        .migrations = migrations,
        .n_migrations = ARRAY_LENGTH(migrations),
        .application_id = 0x616d7433};
    if (db_open(&options, &db, &trouble) != STATUS_OK) {
        fail_msg("%s", trouble.text);
    }
}

static int set_up(void **state)
{
    static int count;
    static char name[32];
    (void)state;
    chance = seeded_init(&seeded, 9);
    (void)snprintf(name, sizeof name, "stores%d", count++);
    vfs = faultvfs_new(name);
    open_db();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    db_close(&db);
    faultvfs_destroy(&vfs);
    return 0;
}

static void power_cut(void)
{
    faultvfs_power_cut(vfs);
    db_close(&db);
    open_db();
}

#endif
