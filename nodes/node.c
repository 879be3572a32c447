/* SPDX-License-Identifier: Apache-2.0
 * Opening, joining, keys. The turn stands in turn.c, the making of a home in create.c.
 */
#include "node.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agains.h"
#include "audit.h"
#include "capacities.h"
#include "care_schema.h"
#include "casebook_schema.h"
#include "consent_schema.h"
#include "disk.h"
#include "erased.h"
#include "handovers.h"
#include "boards.h"
#include "watches.h"
#include "enquiries.h"
#include "surges.h"
#include "deeds.h"
#include "log.h"
#include "memory.h"
#include "members.h"
#include "node_inside.h"
#include "publications.h"
#include "roster.h"
#include "sheets.h"

enum { LINK_FILE_MAX = 256 };

static bool ask_desk(void *context, const struct ident *member, uint16_t kind)
{
    const struct node *node = context;

    return !node->desk || desk_kind_allowed(node->desk, member, kind);
}

static enum status ask_room(void *context, int64_t *ret_free, int64_t *ret_total)
{
    const struct node *node = context;

    return node->options.room(node->options.room_context, ret_free, ret_total);
}

/* The home (a symbolic link may lead to it) and the key in it are closed to others. A node.key that is missing is
 * said by unlock. */
static enum status check_private(const struct node *node, struct trouble *trouble)
{
    char *key = disk_path(node->home, "node.key");
    struct stat about;
    enum status status = STATUS_OK;

    if (stat(node->home, &about) == 0 &&
        (about.st_uid != geteuid() || (about.st_mode & 077) != 0)) {
        trouble_say(trouble,
            "%s must belong to the user who runs the node and be closed to others; close "
            "it with: chmod 700 %s. Nothing was started.",
            node->home, node->home);
        status = STATUS_DENIED;
    }
    if (status == STATUS_OK && lstat(key, &about) == 0)
        status = disk_check_private(key, trouble);
    memory_free(key);
    return status;
}

static enum status read_link_key(struct node *node, struct trouble *trouble)
{
    char *path = disk_path(node->home, "link.key");
    struct buffer bytes;
    enum status status = disk_check_private(path, trouble);

    buffer_init(&bytes, LINK_FILE_MAX);
    if (status == STATUS_OK) {
        buffer_release(&bytes);
        status = disk_read(path, LINK_FILE_MAX, &bytes, trouble);
    }
    if (status == STATUS_OK && bytes.used != NODE_CONF_KEY_BYTES) {
        trouble_say(trouble,
            "link.key does not hold a key of %d bytes. Nothing was started.",
            NODE_CONF_KEY_BYTES);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK)
        memcpy(node->link_secret, bytes.bytes, NODE_CONF_KEY_BYTES);
    buffer_release(&bytes);
    memory_free(path);
    return status;
}

size_t node_scripts(const char *ret[static NODE_SCRIPTS_MAX])
{
    const char *const scripts[] = {TRUST_SCHEMA, POST_SCHEMA, CARE_SCHEMA, SHEETS_SCHEMA,
        RESYNC_SCHEMA, AGAIN_SCHEMA, CASEBOOK_SCHEMA, CONSENT_SCHEMA, AUDIT_SCHEMA,
        CASE_COPY_SCHEMA, HANDOVER_SCHEMA, AUDIT_ANCHOR_SCHEMA, PUBLICATION_SCHEMA,
        CAPACITIES_SCHEMA, ENQUIRIES_SCHEMA, WATCHES_SCHEMA, BOARD_SCHEMA, SURGES_SCHEMA,
        DEEDS_SCHEMA};

    for (size_t i = 0; i < ARRAY_LENGTH(scripts); i++)
        ret[i] = scripts[i];
    return ARRAY_LENGTH(scripts);
}

static enum status open_stores(struct node *node, struct trouble *trouble)
{
    const char *migrations[NODE_SCRIPTS_MAX];
    char *path = disk_path(node->home, "node.db");
    char *counter = disk_path(node->home, "node.db.counter");
    char *case_key = disk_path(node->home, "case.key");
    struct db_options db = {.path = path,
        .vfs = node->options.vfs,
        .migrations = migrations,
        .n_migrations = node_scripts(migrations),
        .application_id = NODE_APPLICATION_ID,
        .wipe_freed_pages = true};
    enum status status = db_open(&db, &node->db, trouble);

    if (status == STATUS_OK)
        status = trust_open(node->db, &node->trust, trouble);
    if (status == STATUS_OK) {
        struct post_options post = {.db = node->db,
            .trust = node->trust,
            .clock = node->options.clock,
            .chance = node->options.chance,
            .node_id = node->conf.node_id,
            .counter_path = counter,
            .kind_allowed = ask_desk,
            .context = node,
            .room = node->options.room ? ask_room : NULL};

        status = post_open(&post, &node->post, trouble);
    }
    if (status == STATUS_OK) {
        struct desk_options desk = {.db = node->db,
            .post = node->post,
            .trust = node->trust,
            .clock = node->options.clock,
            .chance = node->options.chance,
            .node_id = node->conf.node_id,
            .name = node->conf.name,
            .person = node->conf.person,
            .case_key_path = case_key,
            .roles = node->conf.roles,
            .backup = &node->backing.shown,
            .announcing = &node->announcing};

        status = desk_open(&desk, &node->desk, trouble);
    }
    memory_free(path);
    memory_free(counter);
    memory_free(case_key);
    return status;
}

enum status node_open(
    const struct node_options *options, struct node **ret, struct trouble *trouble)
{
    struct node *node = memory_new(sizeof(*node));
    enum status status;

    node->options = *options;
    node->home = memory_copy_text(options->home);
    status = node_conf_read(node->home, &node->conf, trouble);
    if (status == STATUS_OK)
        status = check_private(node, trouble);
    if (status == STATUS_OK)
        status = read_link_key(node, trouble);
    if (status == STATUS_OK)
        status = open_stores(node, trouble);
    if (status != STATUS_OK) {
        node_close(&node);
        return status;
    }
    log_set_level(node->conf.log_level);
    *ret = node;
    return STATUS_OK;
}

void node_close(struct node **node_p)
{
    struct node *node = *node_p;

    if (!node)
        return;
    if (node->db)
        db_rollback(node->db);
    backing_stop(node);
    desk_close(&node->desk);
    post_close(&node->post);
    trust_close(&node->trust);
    db_close(&node->db);
    memory_wipe(node->link_secret, sizeof(node->link_secret));
    memory_wipe(node->directory_secret, sizeof(node->directory_secret));
    memory_free(node->promised);
    memory_free(node->home);
    memory_free(node);
    *node_p = NULL;
}

/* --- joining -------------------------------------------------------------------------------------------- */

/* One document in a turn of its own: it is believed only when it is on the disk. A proof of a fork is kept,
 * too, and is told by CONFLICT. */
static enum status take_document(struct node *node, enum document_type type,
    struct span bytes, struct trouble *trouble)
{
    enum status status = node_begin(node), ended;

    if (status != STATUS_OK)
        return status;
    if (type == DOCUMENT_ROOT)
        status = trust_pin(node->trust, bytes, trouble);
    else
        status = trust_offer(
            node->trust, type, bytes, clock_wall_ms(node->options.clock), trouble);
    ended = node_end(node);
    if (ended != STATUS_OK)
        return ended;
    return status == STATUS_EXISTS ? STATUS_OK : status;
}

static enum status check_own_row(const struct node *node, struct trouble *trouble)
{
    if (trust_find_node(node->trust, &node->conf.node_id))
        return STATUS_OK;
    trouble_say(trouble,
        "The roster does not name this node (yet). Its documents were kept. Give %s.join "
        "to a "
        "steward, compare the fingerprint, and join again with the next roster.",
        node->conf.name);
    return STATUS_NOT_FOUND;
}

enum status node_join(
    struct node *node, const struct node_join *request, struct trouble *trouble)
{
    enum status status = STATUS_OK;

    if (request->roots.n > 0)
        status = take_document(node, DOCUMENT_ROOT, request->roots, trouble);
    if (status == STATUS_OK && request->roster.n > 0)
        status = take_document(node, DOCUMENT_ROSTER, request->roster, trouble);
    if (status == STATUS_OK && request->profiles.n > 0)
        status = take_document(node, DOCUMENT_PROFILES, request->profiles, trouble);
    if (status == STATUS_OK)
        status = check_own_row(node, trouble);
    if (status == STATUS_OK && request->endpoint) {
        struct node_conf conf = node->conf;
        size_t n = strlen(request->endpoint);

        if (n >= sizeof(conf.endpoint))
            return STATUS_TOO_BIG;
        memset(conf.endpoint, 0, sizeof(conf.endpoint));
        memcpy(conf.endpoint, request->endpoint, n);
        memcpy(conf.broker_key, request->broker_key, NODE_CONF_KEY_BYTES);
        status = node_conf_write(node->home, &conf, trouble);
        if (status == STATUS_OK)
            node->conf = conf;
    }
    return status;
}

/* --- keys ------------------------------------------------------------------------------------------------- */

void node_people_of(const struct people *people, struct node_people *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->n = people_count(people);
    for (size_t i = 0; i < ret->n; i++)
        ret->people[i] = *people_nth(people, i);
    ret->recovery = people_have_recovery(people);
}

/* A turn of its own around one call of the desk. */
static enum status end_record(struct node *node, enum status status)
{
    enum status ended = node_end(node);

    return status == STATUS_OK ? ended : status;
}

enum status node_enter(struct node *node, const struct colleague *person, const char *pin,
    const struct node_people *people)
{
    enum status status;

    if (node_is_locked(node))
        return STATUS_LOCKED;
    status = node_begin(node);
    if (status != STATUS_OK)
        return status;
    if (node->begun == STATUS_OK)
        status = desk_enter(node->desk, person, pin);
    status = end_record(node, status);
    if (status != STATUS_OK)
        seat_leave(desk_seat(node->desk));
    else
        desk_set_people(node->desk, people->people, people->n, people->recovery);
    return status;
}

enum status node_record(struct node *node, const char *verb,
    const struct colleague *person, const char *subject)
{
    enum status status = node_begin(node);

    if (status != STATUS_OK)
        return status;
    if (node->begun == STATUS_OK)
        status = desk_record(node->desk, verb, person, subject);
    return end_record(node, status);
}

void node_set_people(struct node *node, const struct node_people *people)
{
    desk_set_people(node->desk, people->people, people->n, people->recovery);
}

struct seat *node_seat(struct node *node)
{
    return desk_seat(node->desk);
}

/* A restored home may hold cases that had been erased since its backup was made: they go before anything is shown. */
static enum status erase_again(
    struct node *node, const struct box_key *master, bool *ret_done)
{
    char *path = disk_path(node->home, NODE_ERASED);
    struct buffer idents;
    int64_t n = 0;

    buffer_init(&idents, ERASED_CASES_MAX * IDENT_BYTES);
    enum status status = erased_read(path, &node->conf.node_id, master, &idents, NULL);
    *ret_done = status == STATUS_OK;
    if (status == STATUS_OK)
        status = desk_erase_again(node->desk, buffer_span(&idents), &n);
    else if (status != STATUS_NOT_FOUND)
        log_event(LOG_ALARM, "erased-list-unreadable", NULL);
    if (*ret_done && status == STATUS_OK)
        log_event(LOG_INFO, "erased-again", "cases=%lld", (long long)n);
    /* Tried again at the next unlock. A casebook whose key is lost, or a spoilt row, must not keep the node locked. */
    if (*ret_done && status != STATUS_OK) {
        log_event(LOG_ALARM, "not-all-erased-again", NULL);
        *ret_done = false;
    }
    if (status != STATUS_FULL && status != STATUS_IO)
        status = STATUS_OK;
    buffer_release(&idents);
    memory_free(path);
    return status;
}

static void forget_erased(struct node *node)
{
    char *path = disk_path(node->home, NODE_ERASED);

    if (unlink(path) != 0)
        log_event(LOG_WARNING, "erased-list-stays", NULL); /* done again, to no effect */
    memory_free(path);
}

enum status node_unlock(struct node *node, const struct node_keys *keys)
{
    bool erased = false;
    enum status status = node_begin(node);

    if (status != STATUS_OK)
        return status;
    if (node->begun == STATUS_OK)
        status = post_unlock(node->post, keys);
    if (status == STATUS_OK && node->begun == STATUS_OK) {
        status = desk_unlock(node->desk, &keys->master);
        memcpy(node->directory_secret, keys->directory, DIRECTORY_KEY_BYTES);
        node->members_roster = node->members_profiles = 0;
        node_refresh_members(node);
    }
    if (status == STATUS_OK && node->begun == STATUS_OK)
        status = erase_again(node, &keys->master, &erased);
    enum status ended = node_end(node);
    if (status == STATUS_OK)
        status = ended;
    if (status == STATUS_OK && erased)
        forget_erased(node);
    if (status != STATUS_OK)
        node_lock(node);
    return status;
}

/* Whoever pressed "send" and then "lock" meant both. What cannot be done now rests on the disk until the next unlock. */
void node_finish_rests(struct node *node)
{
    if (node->dead != STATUS_OK || desk_deadline_steady_ms(node->desk) == INT64_MAX ||
        node_begin(node) != STATUS_OK)
        return;
    node->finishing = true;
    (void)!node_end(node);
    node->finishing = false;
}

void node_lock(struct node *node)
{
    backing_lock(node);
    post_lock(node->post);
    desk_lock(node->desk);
    memory_wipe(node->directory_secret, sizeof(node->directory_secret));
    node->members_roster = node->members_profiles = 0;
}

bool node_is_locked(const struct node *node)
{
    return post_is_locked(node->post);
}

bool node_may(const struct node *node, const struct verb *verb)
{
    return desk_may(node->desk, verb);
}

uint16_t node_page_port(const struct node *node)
{
    return node->conf.page_port;
}

const struct node_conf *node_settings(const struct node *node)
{
    return &node->conf;
}

/* --- looking in ------------------------------------------------------------------------------------------- */

enum status node_check(struct node *node, struct trouble *trouble)
{
    return db_check(node->db, trouble);
}

struct post *node_post(struct node *node)
{
    return node->post;
}

struct trust *node_trust(struct node *node)
{
    return node->trust;
}

const char *node_endpoint(const struct node *node)
{
    return node->conf.endpoint;
}

const char *node_announce_command(const struct node *node)
{
    return node->conf.announce_command;
}

struct desk_announcing *node_announcing(struct node *node)
{
    return &node->announcing;
}

enum status node_count_waiting(struct node *node, struct announce_counts *ret)
{
    PROMISE(!node->in_turn);
    return node->dead == STATUS_OK ? desk_count_waiting(node->desk, ret) : node->dead;
}

const uint8_t *node_broker_key(const struct node *node)
{
    return node->conf.broker_key;
}

const uint8_t *node_link_secret(const struct node *node)
{
    return node->link_secret;
}
