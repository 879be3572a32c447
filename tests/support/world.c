/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: every actor has a fault file system of its own and two lines of frames. settle() gives
 * everybody who has frames or a due deadline one turn, again and again, until nobody moves; pass() turns the
 * clock to the next deadline and settles. A frame that was lost takes its connection with it. An actor that
 * died of an armed fault is started again RESTART_MS later, as a supervisor would.
 */
#include "world.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ceremony.h"
#include "disk.h"
#include "faultvfs.h"
#include "join.h"
#include "restore.h"
#include "memory.h"
#include "roles.h"
#include "seeded.h"
#include "vault.h"
#include "world_line.h"

#define WORLD_START_MS INT64_C(1795496400000) /* 2026-11-24 05:00 UTC */
#define RESTART_MS (30 * SECOND_MS)
#define RECONNECT_MS (5 * SECOND_MS)
#define ROOM_BYTES (INT64_C(1) << 40)

enum {
    ROSTERS_MAX = 32,
    MEMBERS_MAX = 512,
    ROUNDS_MAX = 20000,
    PATH_BYTES = 256,
    DOCUMENT_MAX = 65536
};

static const char PASSPHRASE[] = "seven invented words for the test network";

struct actor {
    struct world *world;
    size_t index;
    char home[PATH_BYTES], vfs_name[32];
    struct faultvfs *vfs;
    struct node *node;
    struct node_keys keys;
    struct node_people people;
    struct join join;
    struct clock clock;
    int64_t wall_offset_ms;
    bool line_up, want_unlocked, full, real_disk;
    int64_t room_free, room_total; /* of its disk; 0: plenty */
    uint64_t connection;           /* 0: none */
    int64_t reconnect_at_ms, restart_at_ms;
    struct line to_node, to_broker, recorded;
    bool recording;
    struct faultvfs_image *saved;
};

struct armed {
    bool on;
    size_t who;
    int countdown;
};

struct world {
    char folder[PATH_BYTES - 32]; /* room for the name of a home in it */
    char broker_vfs_name[32];
    unsigned
        number; /* of this world in the process: file systems need names of their own */
    struct seeded seeded;
    int64_t steady_ms;
    struct clock clock;
    size_t n;
    struct actor actors[WORLD_NODES_MAX];
    const struct world_plan *plan;
    struct broker *broker;
    struct faultvfs *broker_vfs;
    bool broker_full;
    int64_t broker_restart_at_ms;
    uint64_t connections;
    struct ceremony ceremony;
    struct buffer rosters[ROSTERS_MAX], packages[ROSTERS_MAX];
    size_t n_rosters;
    struct member
        members[MEMBERS_MAX]; /* rows of the next roster, ascending by node id */
    size_t n_members;
    struct armed armed[FAULT_COUNT];
    int fired[FAULT_COUNT];
    bool (*tamper)(void *context, size_t i, struct buffer *frame);
    void *tamper_context;
    bool (*tamper_out)(void *context, size_t i, struct buffer *frame);
    void *tamper_out_context;
};

static void must(enum status status, const char *what)
{
    if (status == STATUS_OK)
        return;
    print_error("world: %s: %s\n", what, status_name(status));
    fail();
}

/* --- time ---------------------------------------------------------------------------------------------- */

static int64_t tell_world_wall(void *context)
{
    const struct world *world = context;
    return WORLD_START_MS + world->steady_ms;
}

static int64_t tell_world_steady(void *context)
{
    const struct world *world = context;
    return world->steady_ms;
}

static int64_t tell_actor_wall(void *context)
{
    const struct actor *actor = context;
    return tell_world_wall(actor->world) + actor->wall_offset_ms;
}

static int64_t tell_actor_steady(void *context)
{
    const struct actor *actor = context;
    return actor->world->steady_ms;
}

int64_t world_now_ms(const struct world *world)
{
    return WORLD_START_MS + world->steady_ms;
}

void world_set_clock(struct world *world, size_t i, int64_t wall_ms)
{
    world->actors[i].wall_offset_ms = wall_ms - world_now_ms(world);
}

/* --- faults -------------------------------------------------------------------------------------------- */

void world_arm(struct world *world, enum world_fault fault, size_t who, int countdown)
{
    struct faultvfs *vfs = who == WORLD_BROKER ? world->broker_vfs
                           : who < world->n    ? world->actors[who].vfs
                                               : NULL;
    switch (fault) {
    case FAULT_DISK_FULL:
        faultvfs_arm(vfs, DISK_FULL, countdown + 1);
        break;
    case FAULT_DISK_ERROR:
        faultvfs_arm(vfs, DISK_ERROR, countdown + 1);
        break;
    case FAULT_SYNC_ERROR:
        faultvfs_arm(vfs, DISK_SYNC_ERROR, countdown + 1);
        break;
    default:
        world->armed[fault] = (struct armed){true, who, countdown};
    }
}

int world_fired(const struct world *world, enum world_fault fault)
{
    enum disk_fault kind = fault == FAULT_DISK_FULL    ? DISK_FULL
                           : fault == FAULT_DISK_ERROR ? DISK_ERROR
                                                       : DISK_SYNC_ERROR;
    if (fault < FAULT_DISK_FULL)
        return world->fired[fault];
    int sum = faultvfs_fired(world->broker_vfs, kind);
    for (size_t i = 0; i < world->n; i++)
        sum += faultvfs_fired(world->actors[i].vfs, kind);
    return sum;
}

/* Has this fault's moment come for `who`? */
static bool strikes(struct world *world, enum world_fault fault, size_t who)
{
    struct armed *armed = &world->armed[fault];
    if (!armed->on || (armed->who != who && armed->who != WORLD_ANYBODY) ||
        armed->countdown-- > 0)
        return false;
    armed->on = false;
    world->fired[fault]++;
    return true;
}

void world_free_disk(struct world *world, size_t who)
{
    faultvfs_free(who == WORLD_BROKER ? world->broker_vfs : world->actors[who].vfs);
}

/* --- power --------------------------------------------------------------------------------------------- */

static void drop_connection(struct world *world, struct actor *actor)
{
    uint64_t connection = actor->connection;
    actor->connection = 0;
    line_clear(&actor->to_node);
    line_clear(&actor->to_broker);
    actor->reconnect_at_ms = world->steady_ms + RECONNECT_MS;
    if (connection != 0 && world->broker)
        broker_lost(world->broker, connection);
}

void world_crash_node(struct world *world, size_t i)
{
    struct actor *actor = &world->actors[i];
    if (!actor->node)
        return;
    faultvfs_power_cut(actor->vfs);
    node_close(&actor->node);
    drop_connection(world, actor);
}

static void die(struct world *world, struct actor *actor)
{
    world_crash_node(world, actor->index);
    actor->restart_at_ms = world->steady_ms + RESTART_MS;
}

static enum status tell_room(void *context, int64_t *ret_free, int64_t *ret_total)
{
    const struct actor *actor = context;
    bool plenty = actor->room_total == 0;
    *ret_free = plenty ? ROOM_BYTES : actor->room_free;
    *ret_total = plenty ? ROOM_BYTES : actor->room_total;
    return STATUS_OK;
}

void world_room(struct world *world, size_t i, int64_t free_bytes, int64_t total_bytes)
{
    world->actors[i].room_free = free_bytes;
    world->actors[i].room_total = total_bytes;
}

void world_start_node(struct world *world, size_t i, bool unlock)
{
    struct actor *actor = &world->actors[i];
    struct node_options options = {.home = actor->home,
        .vfs = actor->real_disk ? NULL : actor->vfs_name,
        .clock = &actor->clock,
        .chance = &world->seeded.chance,
        .room = tell_room,
        .room_context = actor};
    struct trouble trouble = {""};
    enum status status = node_open(&options, &actor->node, &trouble);
    if (status != STATUS_OK)
        print_error("world: node %zu: %s\n", i, trouble.text);
    must(status, "node_open");
    actor->restart_at_ms = INT64_MAX;
    actor->want_unlocked = unlock;
    if (unlock)
        world_unlock_node(world, i);
}

void world_lock_node(struct world *world, size_t i)
{
    world->actors[i].want_unlocked = false;
    node_finish_rests(world->actors[i].node); /* as serve.c does */
    node_lock(world->actors[i].node);
}

void world_unlock_node(struct world *world, size_t i)
{
    world->actors[i].want_unlocked = true;
    must(node_unlock(world->actors[i].node, &world->actors[i].keys), "node_unlock");
    must(node_enter(world->actors[i].node, &world->actors[i].people.people[0], NULL,
             &world->actors[i].people),
        "node_enter");
}

static enum status send_to_node(void *context, uint64_t connection, struct span frame)
{
    struct world *world = context;
    for (size_t i = 0; i < world->n; i++)
        if (world->actors[i].connection == connection && connection != 0) {
            line_put(&world->actors[i].to_node, frame);
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

void world_start_broker(struct world *world)
{
    struct broker_options options = {.path = "broker.db",
        .vfs = world->broker_vfs_name,
        .clock = &world->clock,
        .chance = &world->seeded.chance,
        .outlet = {send_to_node, world}};
    struct trouble trouble = {""};
    enum status status = broker_open(&options, &world->broker, &trouble);
    if (status != STATUS_OK)
        print_error("world: broker: %s\n", trouble.text);
    must(status, "broker_open");
    world->broker_restart_at_ms = INT64_MAX;
    struct broker_status now;
    broker_status(world->broker, &now);
    if (now.roster_version == 0 &&
        world->n_rosters > 0) { /* a new disk: its operator loads the files */
        size_t last = world->n_rosters - 1;
        must(broker_load(world->broker, DOCUMENT_ROOT, buffer_span(&world->ceremony.root),
                 &trouble),
            "load root");
        must(broker_load(world->broker, DOCUMENT_ROSTER,
                 buffer_span(&world->rosters[last]), &trouble),
            "load roster");
        must(broker_load(world->broker, DOCUMENT_PROFILES,
                 buffer_span(&world->packages[last]), &trouble),
            "load profiles");
    }
}

void world_stop_broker(struct world *world)
{
    if (!world->broker)
        return;
    faultvfs_power_cut(world->broker_vfs);
    broker_close(&world->broker);
    for (size_t i = 0; i < world->n; i++) {
        struct actor *actor = &world->actors[i];
        if (actor->connection != 0 && actor->node)
            node_lost(actor->node);
        drop_connection(world, actor);
    }
}

void world_burn_broker_disk(struct world *world)
{
    PROMISE(!world->broker);
    faultvfs_burn(world->broker_vfs);
}

void world_save_disk(struct world *world, size_t i)
{
    faultvfs_image_destroy(&world->actors[i].saved);
    world->actors[i].saved = faultvfs_save(world->actors[i].vfs);
}

void world_restore_disk(struct world *world, size_t i)
{
    PROMISE(!world->actors[i].node);
    faultvfs_restore(world->actors[i].vfs, world->actors[i].saved);
}

void world_forget_counter(struct world *world, size_t i)
{
    char *path = disk_path(world->actors[i].home, "node.db.counter");
    assert_int_equal(unlink(path), 0);
    memory_free(path);
}

void world_burn_node(struct world *world, size_t i)
{
    world_crash_node(world, i);
    faultvfs_burn(world->actors[i].vfs);
}

void world_restore_backup(struct world *world, size_t i, const char *file)
{
    struct actor *actor = &world->actors[i];
    struct trouble trouble = {""};
    struct restore_report report;
    PROMISE(!actor->node);
    (void)snprintf(actor->home, sizeof(actor->home), "%s/new-laptop-%zu-%llu",
        world->folder, i, (unsigned long long)world->steady_ms);
    actor->real_disk = true;
    struct restore request = {.from = file,
        .home = actor->home,
        .passphrase = span_text(PASSPHRASE),
        .old_is_meant = true,
        .clock = &actor->clock};
    enum status status = restore_node(&request, &report, &trouble);
    if (status != STATUS_OK)
        print_error("world: restore: %s\n", trouble.text);
    must(status, "restore_node");
}

const char *world_home(const struct world *world, size_t i)
{
    return world->actors[i].home;
}

void world_cut(struct world *world, size_t i)
{
    struct actor *actor = &world->actors[i];
    actor->line_up = false;
    if (actor->connection != 0 && actor->node)
        node_lost(actor->node);
    drop_connection(world, actor);
}

void world_heal(struct world *world, size_t i)
{
    world->actors[i].line_up = true;
    world->actors[i].reconnect_at_ms = world->steady_ms;
}

/* --- turns --------------------------------------------------------------------------------------------- */

static void lose_link(struct world *world, struct actor *actor)
{
    if (actor->node)
        node_lost(actor->node);
    drop_connection(world, actor);
}

/* Ends the node's turn: false if the node died in it. */
static bool end_turn(struct world *world, struct actor *actor)
{
    if (strikes(world, FAULT_CRASH_BEFORE_COMMIT, actor->index)) {
        die(world, actor);
        return false;
    }
    enum status status = node_end(actor->node);
    if (status == STATUS_IO || status == STATUS_CORRUPT) {
        die(world, actor);
        return false;
    }
    if (status != STATUS_FULL)
        must(status, "node_end");
    if (strikes(world, FAULT_CRASH_AFTER_COMMIT, actor->index)) {
        die(world, actor);
        return false;
    }
    return true;
}

static void speak(struct world *world, struct actor *actor)
{
    struct buffer frame;
    buffer_init(&frame, FRAME_BYTES_MAX);
    while (actor->connection != 0 && node_speak(actor->node, &frame) == STATUS_OK) {
        size_t who = actor->index;
        if (strikes(world, FAULT_FRAME_LOST, who)) {
            lose_link(world, actor);
            break;
        }
        if (world->tamper_out &&
            !world->tamper_out(world->tamper_out_context, who, &frame))
            continue;
        line_put(&actor->to_broker, buffer_span(&frame));
        if (strikes(world, FAULT_FRAME_TWICE, who))
            line_put(&actor->to_broker, buffer_span(&frame));
        if (strikes(world, FAULT_FRAME_SWAPPED, who))
            line_swap_last(&actor->to_broker);
    }
    buffer_release(&frame);
}

char *world_backup(struct world *world, size_t i)
{
    struct actor *actor = &world->actors[i];
    char folder[PATH_BYTES];
    struct trouble trouble = {""};
    struct node_backup made;
    (void)snprintf(folder, sizeof(folder), "%s/stick-%zu", world->folder, i);
    must(disk_make_folder(folder, &trouble), "a stick");
    must(node_backup_start(actor->node, folder, &trouble), "node_backup_start");
    while (node_backup_ended(actor->node, &made, &trouble) == STATUS_BUSY) {
        must(node_begin(actor->node), "node_begin");
        assert_true(end_turn(world, actor));
        speak(world, actor);
    }
    if (node_backup_ended(actor->node, &made, &trouble) != STATUS_OK)
        print_error("world: backup: %s\n", trouble.text);
    must(node_backup_ended(actor->node, &made, &trouble), "a backup");
    return disk_path(folder, made.name);
}

/* One frame towards the node, after the hostile broker had its way with it. */
static enum status hand_over(
    struct world *world, struct actor *actor, struct buffer *frame)
{
    if (world->tamper && !world->tamper(world->tamper_context, actor->index, frame))
        return STATUS_OK;
    if (actor->recording)
        line_put(&actor->recorded, buffer_span(frame));
    return node_receive(actor->node, buffer_span(frame));
}

static bool node_is_due(struct world *world, struct actor *actor)
{
    return actor->node && (!line_is_empty(&actor->to_node) ||
                              node_deadline_steady_ms(actor->node) <= world->steady_ms);
}

static bool may_connect(struct world *world, struct actor *actor)
{
    return actor->node && actor->line_up && world->broker && actor->connection == 0 &&
           actor->reconnect_at_ms <= world->steady_ms &&
           broker_admits(world->broker, actor->join.transport) == ADMIT_YES;
}

static bool node_turn(struct world *world, struct actor *actor)
{
    bool connect = may_connect(world, actor);
    if (!connect && !node_is_due(world, actor))
        return false;
    enum status status = node_begin(actor->node);
    if (status == STATUS_IO || status == STATUS_CORRUPT) {
        die(world, actor);
        return true;
    }
    bool ended = false;
    if (connect) {
        actor->connection = ++world->connections;
        node_connected(actor->node);
    }
    struct buffer frame;
    buffer_init(&frame, FRAME_BYTES_MAX);
    while (!ended && line_take(&actor->to_node, &frame))
        ended = hand_over(world, actor, &frame) != STATUS_OK;
    buffer_release(&frame);
    if (!end_turn(world, actor))
        return true;
    if (ended) {
        lose_link(world, actor);
        actor->reconnect_at_ms = world->steady_ms + MINUTE_MS;
    } else if (node_link_is_dead(actor->node)) {
        lose_link(world, actor);
    } else {
        speak(world, actor);
    }
    return true;
}

bool world_turn(struct world *world, size_t i, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_code)
{
    struct actor *actor = &world->actors[i];
    if (!actor->node)
        return false;
    must(node_begin(actor->node), "node_begin");
    node_call(actor->node, verb, key, request, ret_answer, ret_code);
    if (!end_turn(world, actor)) {
        json_destroy(ret_answer);
        return false;
    }
    speak(world, actor);
    return true;
}

static void broker_died(struct world *world)
{
    world_stop_broker(world);
    world->broker_restart_at_ms = world->steady_ms + RESTART_MS;
}

static bool broker_is_due(struct world *world)
{
    if (!world->broker)
        return false;
    for (size_t i = 0; i < world->n; i++)
        if (!line_is_empty(&world->actors[i].to_broker))
            return true;
    return broker_deadline_steady_ms(world->broker) <= world->steady_ms;
}

static bool broker_turn(struct world *world)
{
    if (!broker_is_due(world))
        return false;
    enum status status = broker_begin(world->broker);
    if (status == STATUS_IO || status == STATUS_CORRUPT) {
        broker_died(world);
        return true;
    }
    struct buffer frame;
    buffer_init(&frame, FRAME_BYTES_MAX);
    for (size_t i = 0; i < world->n; i++) {
        struct actor *actor = &world->actors[i];
        while (line_take(&actor->to_broker, &frame))
            broker_receive(world->broker, actor->connection, actor->join.transport,
                buffer_span(&frame));
    }
    buffer_release(&frame);
    if (strikes(world, FAULT_CRASH_BEFORE_COMMIT, WORLD_BROKER)) {
        broker_died(world);
        return true;
    }
    bool deaf = world->armed[FAULT_CRASH_AFTER_COMMIT].on &&
                world->armed[FAULT_CRASH_AFTER_COMMIT].who == WORLD_BROKER &&
                world->armed[FAULT_CRASH_AFTER_COMMIT].countdown == 0;
    if (deaf) /* it speaks after its commit: nobody may hear it */
        for (size_t i = 0; i < world->n; i++)
            line_mute(&world->actors[i].to_node, true);
    status = broker_end(world->broker);
    for (size_t i = 0; deaf && i < world->n; i++)
        line_mute(&world->actors[i].to_node, false);
    if (strikes(world, FAULT_CRASH_AFTER_COMMIT, WORLD_BROKER) || status == STATUS_IO ||
        status == STATUS_CORRUPT) {
        broker_died(world);
        return true;
    }
    if (status != STATUS_FULL)
        must(status, "broker_end");
    return true;
}

static bool restart_the_dead(struct world *world)
{
    bool moved = false;
    if (!world->broker && world->broker_restart_at_ms <= world->steady_ms) {
        world_start_broker(world);
        moved = true;
    }
    for (size_t i = 0; i < world->n; i++)
        if (!world->actors[i].node &&
            world->actors[i].restart_at_ms <= world->steady_ms) {
            world_start_node(world, i, world->actors[i].want_unlocked);
            moved = true;
        }
    return moved;
}

/* Everybody who is due has one turn; true if anybody was. */
static bool take_turns(struct world *world)
{
    bool moved = restart_the_dead(world);
    moved |= broker_turn(world);
    for (size_t i = 0; i < world->n; i++)
        moved |= node_turn(world, &world->actors[i]);
    return moved;
}

void world_step(struct world *world)
{
    take_turns(world);
}

void world_settle(struct world *world)
{
    int rounds = 0;
    for (bool moved = true; moved; rounds++) {
        if (rounds > ROUNDS_MAX) {
            print_error("world: never at rest\n");
            fail();
        }
        moved = take_turns(world);
    }
}

static void sooner(int64_t *next, int64_t at, int64_t now)
{
    if (at < *next)
        *next = at > now ? at : now + 1;
}

/* The next instant at which something is due, at most `end`. */
static int64_t next_instant(struct world *world, int64_t end)
{
    int64_t next = end, now = world->steady_ms;
    if (world->broker)
        sooner(&next, broker_deadline_steady_ms(world->broker), now);
    else
        sooner(&next, world->broker_restart_at_ms, now);
    for (size_t i = 0; i < world->n; i++) {
        struct actor *actor = &world->actors[i];
        if (!actor->node)
            sooner(&next, actor->restart_at_ms, now);
        else
            sooner(&next, node_deadline_steady_ms(actor->node), now);
        if (actor->node && actor->line_up && world->broker && actor->connection == 0 &&
            broker_admits(world->broker, actor->join.transport) == ADMIT_YES)
            sooner(&next, actor->reconnect_at_ms, now);
    }
    return next;
}

void world_pass(struct world *world, int64_t ms)
{
    int64_t end = world->steady_ms + ms;
    world_settle(world);
    while (world->steady_ms < end) {
        world->steady_ms = next_instant(world, end);
        world_settle(world);
    }
}

/* --- looking in, and the hostile broker ------------------------------------------------------------------ */

struct broker *world_broker(struct world *world)
{
    return world->broker;
}

struct node *world_node(struct world *world, size_t i)
{
    return world->actors[i].node;
}

enum service world_service(const struct world *world, size_t i)
{
    enum service service = SERVICE_SHELTER;

    while (!roles_may_serve(1u << (world->plan[i].role - 1), service))
        service++;
    return service;
}

const char *world_name(const struct world *world, size_t i)
{
    return world->plan[i].name;
}

const struct ident *world_node_id(const struct world *world, size_t i)
{
    return &world->actors[i].join.node_id;
}

void world_tamper(struct world *world,
    bool (*tamper)(void *context, size_t i, struct buffer *frame), void *context)
{
    world->tamper = tamper;
    world->tamper_context = context;
}

void world_tamper_out(struct world *world,
    bool (*tamper)(void *context, size_t i, struct buffer *frame), void *context)
{
    world->tamper_out = tamper;
    world->tamper_out_context = context;
}

void world_record(struct world *world, size_t i, bool on)
{
    world->actors[i].recording = on;
}

size_t world_recorded(const struct world *world, size_t i)
{
    return line_count(&world->actors[i].recorded);
}

struct span world_recorded_frame(const struct world *world, size_t i, size_t k)
{
    return line_nth(&world->actors[i].recorded, k);
}

void world_replay(struct world *world, size_t i, size_t k)
{
    line_put(&world->actors[i].to_node, line_nth(&world->actors[i].recorded, k));
}

void world_inject(struct world *world, size_t i, struct span frame)
{
    line_put(&world->actors[i].to_node, frame);
}

void world_say(struct world *world, size_t i, struct span frame)
{
    PROMISE(world->actors[i].connection != 0);
    line_put(&world->actors[i].to_broker, frame);
}

const struct node_keys *world_keys(const struct world *world, size_t i)
{
    return &world->actors[i].keys;
}

struct chance *world_chance(struct world *world)
{
    return &world->seeded.chance;
}

/* --- stewards -------------------------------------------------------------------------------------------- */

struct member *world_row(struct world *world, size_t i)
{
    for (size_t m = 0; m < world->n_members; m++)
        if (ident_equal(&world->members[m].node_id, &world->actors[i].join.node_id))
            return &world->members[m];
    BUG("a node of this world has no row");
}

static void load_roots(struct world *world)
{
    struct trouble trouble = {""};
    must(broker_load(
             world->broker, DOCUMENT_ROOT, buffer_span(&world->ceremony.root), &trouble),
        "load root");
}

uint64_t world_root(struct world *world, bool keep_back)
{
    ceremony_next_root(&world->ceremony, world_now_ms(world));
    if (!keep_back && world->broker) {
        load_roots(world);
        world_settle(world);
    }
    return world->ceremony.root_version;
}

uint64_t world_roster(
    struct world *world, size_t i, enum member_status status, bool keep_back)
{
    PROMISE(world->n_rosters < ROSTERS_MAX);
    size_t k = world->n_rosters;
    struct member *row = world_row(world, i);
    if (row->status != status) {
        row->status = status;
        row->status_since = k + 1;
    }
    ceremony_roster(&world->ceremony, k + 1,
        k > 0 ? buffer_span(&world->rosters[k - 1]) : span_of(NULL, 0),
        world_now_ms(world), world->members, world->n_members, &world->rosters[k]);
    ceremony_package(&world->ceremony, k + 1, world_now_ms(world), world->members,
        world->n_members, &world->packages[k]);
    world->n_rosters++;
    if (!keep_back && world->broker) {
        struct trouble trouble = {""};
        must(broker_load(world->broker, DOCUMENT_ROSTER, buffer_span(&world->rosters[k]),
                 &trouble),
            "load roster");
        must(broker_load(world->broker, DOCUMENT_PROFILES,
                 buffer_span(&world->packages[k]), &trouble),
            "load profiles");
        world_settle(world);
    }
    return k + 1;
}

struct span world_roster_bytes(const struct world *world, uint64_t version)
{
    PROMISE(version >= 1 && version <= world->n_rosters);
    return buffer_span(&world->rosters[version - 1]);
}

struct span world_profiles_bytes(const struct world *world, uint64_t version)
{
    PROMISE(version >= 1 && version <= world->n_rosters);
    return buffer_span(&world->packages[version - 1]);
}

struct span world_roots(const struct world *world)
{
    return buffer_span(&world->ceremony.root);
}

void world_fork_roster(struct world *world, struct buffer *ret)
{
    struct buffer fork;
    size_t k =
        world->n_rosters - 1; /* another document of the version that is in force */
    ceremony_roster(&world->ceremony, k + 1,
        k > 0 ? buffer_span(&world->rosters[k - 1]) : span_of(NULL, 0),
        world_now_ms(world) + SECOND_MS, world->members, world->n_members, &fork);
    must(buffer_put(ret, fork.bytes, fork.used), "fork");
    buffer_release(&fork);
}

void world_shorten_rosters(struct world *world, int64_t ms)
{
    world->ceremony.roster_lifetime_ms = ms;
}

void world_notice(struct world *world, size_t i)
{
    struct buffer draft;
    ceremony_notice(
        &world->ceremony, &world->actors[i].join.node_id, world_now_ms(world), &draft);
    struct trouble trouble = {""};
    must(broker_load(world->broker, DOCUMENT_NOTICE, buffer_span(&draft), &trouble),
        "load notice");
    buffer_release(&draft);
    world_settle(world);
}

/* --- founding -------------------------------------------------------------------------------------------- */

static void sort_members(struct world *world)
{
    qsort(world->members, world->n_members, sizeof world->members[0],
        ceremony_compare_members);
}

void world_crowd(struct world *world, size_t n)
{
    struct chance *chance = &world->seeded.chance;
    PROMISE(n <= MEMBERS_MAX - world->n_members);
    for (size_t k = 0; k < n; k++) {
        struct member *row = &world->members[world->n_members++];
        *row = (struct member){.node_id = ident_new(chance),
            .queue_id = ident_new(chance),
            .status = MEMBER_ACTIVE,
            .suites = suite_bits(),
            .valid_from_ms = WORLD_START_MS - DAY_MS,
            .valid_to_ms = WORLD_START_MS + 400 * DAY_MS,
            .status_since = world->n_rosters + 1};
        chance_fill(chance, row->identity.bytes, sizeof row->identity.bytes);
        chance_fill(chance, row->transport, sizeof row->transport);
        chance_fill(chance, row->directory, sizeof row->directory);
    }
    sort_members(world);
}

/* Of every member's sharing protocol: the world never gets so old. But of "kind.lapsing" it ends ten days after the
 * start, and "kind.unsigned" has none. */
enum { PROTOCOL_LAST_DAY = 100000, PROTOCOL_LAPSING_DAYS = 10 };

static struct eligibility serves(const char *name)
{
    const char *place = strchr(name, '.');

    if (strcmp(place, ".unsigned") == 0)
        return (struct eligibility){.district = 0};
    return (struct eligibility){.protocol = "isp-1",
        .protocol_last_day = strcmp(place, ".lapsing") == 0
                                 ? WORLD_START_MS / DAY_MS + PROTOCOL_LAPSING_DAYS
                                 : PROTOCOL_LAST_DAY};
}

/* Who may give clothes and food does. */
static uint32_t offered_by(const struct world *world, size_t i)
{
    uint32_t also = roles_may_serve(1u << (world->plan[i].role - 1), SERVICE_SUPPLIES)
                        ? 1u << (SERVICE_SUPPLIES - 1)
                        : 0;

    return 1u << (world_service(world, i) - 1) | also;
}

static void describe_members(struct world *world)
{
    struct profile profiles[WORLD_NODES_MAX];
    for (size_t k = 0; k < world->n; k++)
        for (size_t i = 0; i < world->n; i++)
            if (ident_equal(&world->members[k].node_id, &world->actors[i].join.node_id))
                profiles[k] = (struct profile){.node_id = world->members[k].node_id,
                    .name = world->plan[i].name,
                    .roles = 1u << (world->plan[i].role - 1),
                    .services = offered_by(world, i),
                    .hours = "",
                    .contact = "",
                    .eligibility = serves(world->plan[i].name)};
    ceremony_set_profiles(&world->ceremony, profiles, world->n);
}

static void create_node(struct world *world, size_t i)
{
    struct actor *actor = &world->actors[i];
    actor->world = world;
    actor->index = i;
    actor->line_up = true;
    actor->restart_at_ms = INT64_MAX;
    actor->clock = (struct clock){tell_actor_wall, tell_actor_steady, actor};
    snprintf(actor->home, sizeof actor->home, "%s/%zu", world->folder, i);
    snprintf(actor->vfs_name, sizeof actor->vfs_name, "world%u-%zu", world->number, i);
    actor->vfs = faultvfs_new(actor->vfs_name);
    struct node_new request = {.home = actor->home,
        .name = world->plan[i].name,
        .person = "test person",
        .roles = 1u << (world->plan[i].role - 1),
        .passphrase = span_text(PASSPHRASE),
        .cost = COST_FLOOR,
        .clock = &world->clock,
        .chance = &world->seeded.chance};
    struct trouble trouble = {""};
    if (node_create(&request, &trouble) != STATUS_OK) {
        print_error("world: %s\n", trouble.text);
        fail();
    }
    char name[PATH_BYTES];
    snprintf(name, sizeof name, "%s.join", world->plan[i].name);
    char *path = disk_path(actor->home, name);
    struct buffer text;
    must(disk_read(path, JOIN_TEXT_BYTES_MAX, &text, &trouble), "join file");
    must(join_parse(buffer_span(&text), &actor->join, &trouble), "join request");
    buffer_release(&text);
    memory_free(path);
    path = disk_path(actor->home, "node.key");
    must(disk_read(path, DOCUMENT_MAX, &text, &trouble), "key file");
    struct people *people = NULL;
    must(people_break(buffer_span(&text), "", span_text(PASSPHRASE),
             &world->seeded.chance, &people),
        "passphrase");
    actor->keys = *people_keys(people);
    node_people_of(people, &actor->people);
    people_destroy(&people);
    buffer_release(&text);
    memory_free(path);
    world->members[i] = (struct member){.node_id = actor->join.node_id,
        .identity = actor->join.identity,
        .queue_id = actor->join.queue_id,
        .status = MEMBER_ACTIVE,
        .suites = actor->join.suites,
        .valid_from_ms = WORLD_START_MS - DAY_MS,
        .valid_to_ms = WORLD_START_MS + 400 * DAY_MS,
        .status_since = 1};
    memcpy(world->members[i].transport, actor->join.transport, TRANSPORT_KEY_BYTES);
    memcpy(world->members[i].directory, actor->join.directory, DIRECTORY_KEY_BYTES);
}

static void join_node(struct world *world, size_t i)
{
    world_start_node(world, i, false);
    struct node_join request = {.roots = buffer_span(&world->ceremony.root),
        .roster = buffer_span(&world->rosters[0]),
        .profiles = buffer_span(&world->packages[0]),
        .endpoint = "tcp://127.0.0.1:7077"};
    struct trouble trouble = {""};
    enum status status = node_join(world->actors[i].node, &request, &trouble);
    if (status != STATUS_OK)
        print_error("world: %s\n", trouble.text);
    must(status, "node_join");
    world_unlock_node(world, i);
}

static struct world *found_world(
    uint64_t seed, const struct world_plan *plan, size_t n, bool practice)
{
    PROMISE(n <= WORLD_NODES_MAX);
    static unsigned worlds;
    must(vault_start(NULL), "vault_start");
    struct world *world = memory_new(sizeof *world);
    world->number = worlds++;
    world->plan = plan;
    world->n = world->n_members = n;
    world->clock = (struct clock){tell_world_wall, tell_world_steady, world};
    world->broker_restart_at_ms = INT64_MAX;
    seeded_init(&world->seeded, seed);
    snprintf(world->folder, sizeof world->folder, "%s/world-XXXXXX", AMAAN_BINARY_DIR);
    if (!mkdtemp(world->folder))
        fail();
    snprintf(world->broker_vfs_name, sizeof world->broker_vfs_name, "world%u-broker",
        world->number);
    world->broker_vfs = faultvfs_new(world->broker_vfs_name);
    for (size_t i = 0; i < n; i++)
        create_node(world, i);
    sort_members(world);
    (practice ? ceremony_init_practice : ceremony_init)(
        &world->ceremony, &world->seeded.chance, world_now_ms(world));
    describe_members(world);
    world_roster(world, 0, MEMBER_ACTIVE, true);
    world_start_broker(world);
    for (size_t i = 0; i < n; i++)
        join_node(world, i);
    world_settle(world);
    world_pass(world, MINUTE_MS);
    return world;
}

struct world *world_new(uint64_t seed, const struct world_plan *plan, size_t n)
{
    return found_world(seed, plan, n, false);
}

struct world *world_new_practice(uint64_t seed, const struct world_plan *plan, size_t n)
{
    return found_world(seed, plan, n, true);
}

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
    (void)s, (void)type, (void)ftw;
    return remove(path);
}

void world_destroy(struct world **world_p)
{
    struct world *world = *world_p;
    if (!world)
        return;
    for (size_t i = 0; i < world->n; i++) {
        struct actor *actor = &world->actors[i];
        node_close(&actor->node);
        line_clear(&actor->to_node);
        line_clear(&actor->to_broker);
        line_clear(&actor->recorded);
        faultvfs_image_destroy(&actor->saved);
        faultvfs_destroy(&actor->vfs);
        memory_wipe(&actor->keys, sizeof actor->keys);
    }
    broker_close(&world->broker);
    faultvfs_destroy(&world->broker_vfs);
    for (size_t k = 0; k < world->n_rosters; k++) {
        buffer_release(&world->rosters[k]);
        buffer_release(&world->packages[k]);
    }
    ceremony_release(&world->ceremony);
    nftw(world->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    memory_free(world);
    *world_p = NULL;
}
