/* SPDX-License-Identifier: Apache-2.0
 * Call-backs only note what happened; everything is done in turn(). Frames that the line could not take stay in
 * `unsent` and go first in the next turn.
 */
#include "serve.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "crier.h"
#include "dealer.h"
#include "disk.h"
#include "health.h"
#include "http.h"
#include "limits.h"
#include "local.h"
#include "log.h"
#include "loopback.h"
#include "loss.h"
#include "loop.h"
#include "memory.h"
#include "node_conf.h"
#include "office_page.h"
#include "password.h"
#include "seat.h"
#include "shares.h"
#include "unlock.h"
#include "web.h"
#include "web_form.h"
#include "wizard.h"
#include "work.h"

enum { FRAMES_PER_TURN = 512, NEW_PASSPHRASE_MIN = 12 };
#define UNSENT_PAUSE_MS 50

struct serve {
    struct serve_options options;
    struct node *node;
    struct loop *loop;
    struct work *hashing, *looking_up; /* a slow passphrase does not hold up a name */
    struct dealer *dealer;
    struct crier *crier;
    struct api *api;
    struct http *http, *page_http; /* the socket; the local page, NULL: none */
    struct web *web;
    struct office_page *office; /* the page for desks of the office; NULL: none */
    struct api_call *unlocking;
    struct api_call *backing_up; /* answered when the file has its name */
    struct health *health;
    struct api_call *examining;
    const struct verb *verb; /* of that call, with its PIN and the name it means */
    char pin[PIN_DIGITS_MAX + 1], name[PERSON_NAME_BYTES];
    bool
        locked_meanwhile; /* somebody locked while keys were derived: they are not taken */
    struct buffer frame;
    bool connected, restart, unsent, stop, active;
};

/* --- call-backs: notes --------------------------------------------------------------------------------- */

static void on_connected(void *context)
{
    struct serve *serve = context;

    serve->connected = true;
    log_event(LOG_INFO, "link-up", NULL);
}

static void on_lost(void *context)
{
    struct serve *serve = context;

    serve->connected = false;
    serve->unsent = false;
    node_lost(serve->node);
    log_event(LOG_INFO, "link-lost", "reason=%s", log_text(dealer_reason(serve->dealer)));
}

static void on_signal(void *context, int number)
{
    struct serve *serve = context;

    if (number == SIGHUP && serve->dealer)
        dealer_hurry(serve->dealer);
    else if (number != SIGHUP)
        serve->stop = true;
}

static void on_request(void *context, struct http_request *request)
{
    struct serve *serve = context;

    serve->active = true;
    api_take(serve->api, request);
}

static void on_page_request(void *context, struct http_request *request)
{
    struct serve *serve = context;

    serve->active = true;
    web_take(serve->web, request);
}

static void on_desk(void *context)
{
    ((struct serve *)context)->active = true;
}

static bool sits(void *context, const char *person)
{
    const struct serve *serve = context;
    const struct colleague *at = seat_person(node_seat(serve->node));

    return at && strcmp(at->name, person) == 0;
}

/* From the office's network: this machine's browsers have to show anew who sits at them. */
static void on_desk_entered(void *context)
{
    struct serve *serve = context;

    web_shut_sessions(serve->web);
    web_set_elsewhere(serve->web, true);
}

static void ask_for_page(void *context, const struct verb *verb, const char *key,
    struct json **fields,
    void (*on_answer)(void *asker, int http, const struct json *answer), void *asker)
{
    struct serve *serve = context;

    api_ask(serve->api, verb, key, fields, on_answer, asker);
}

static bool may_for_page(void *context, const struct verb *verb)
{
    const struct serve *serve = context;

    return node_may(serve->node, verb);
}

static void make_call(void *context, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_http)
{
    struct serve *serve = context;

    node_call(serve->node, verb, key, request, ret_answer, ret_http);
}

/* --- the door: unlock and lock -------------------------------------------------------------------------- */

static void finish_lock_state(struct serve *serve, struct api_call *call)
{
    struct json *json = json_new_object();

    json_put_flag(json, "locked", node_is_locked(serve->node));
    api_finish(call, 200, &json);
}

/* Errors of a passphrase that opened nothing; `state` says what the node is now. */
static void fail_unopened(struct api_call *call, enum status status, bool locked)
{
    if (status == STATUS_DENIED)
        api_fail(call, 403, "wrong-passphrase",
            locked ? "This is not the passphrase of that person, nobody here has that "
                     "name, or "
                     "node.key was changed. The node stays locked; letters go on "
                     "waiting. Try "
                     "again."
                   : "This is not the passphrase of that person, nobody here has that "
                     "name, or "
                     "node.key was changed. The node was unlocked before and stays so; "
                     "\"amaan "
                     "lock\" locks it.");
    else if (status == STATUS_NOT_FOUND)
        api_fail(call, 400, "who",
            "Several people work at this node, or node.key is missing. Nothing was "
            "changed. "
            "Say who you are: --person NAME.");
    else if (status == STATUS_FULL)
        api_fail(call, 507, "no-room",
            "There is not enough memory or disk to unlock. The node stays as it is; "
            "letters "
            "go on waiting. Close programs or free some space, and try again.");
    else
        api_fail(call, 500, "broken",
            "node.key could not be read or does not belong to this node. The node stays "
            "as "
            "it is. Its log says more.");
}

/* Errors of a change that node.key does not hold. */
static void fail_change(struct api_call *call, enum status status)
{
    switch (status) {
    case STATUS_DENIED:
        api_fail(call, 403, "not-your-role",
            "Only an administrator does this. Nothing was changed.");
        break;
    case STATUS_EXISTS:
        api_fail(call, 409, "exists",
            "Somebody of that name works here already. Nothing was changed.");
        break;
    case STATUS_NOT_FOUND:
        api_fail(call, 404, "not-found",
            "Nobody of that name works here. Nothing was changed. \"amaan people\" lists "
            "who does.");
        break;
    case STATUS_CONFLICT:
        api_fail(call, 409, "last-administrator",
            "That is the last administrator, or yourself. Nothing was changed. Make "
            "another administrator first, who can do it.");
        break;
    case STATUS_FULL:
        api_fail(call, 507, "no-room",
            "There is no room: 24 people, the memory or the disk are the limit. Nothing "
            "was changed.");
        break;
    case STATUS_MALFORMED:
        api_fail(call, 400, "bad-request",
            "A name has 1 to 63 bytes, in one line, without quotation marks. Nothing was "
            "changed.");
        break;
    default:
        api_fail(call, 500, "broken",
            "node.key could not be written. What it was before is still there.");
    }
}

static const struct {
    const char *verb;
    enum unlock_act act;
} ACTS[] = {
    {"unlock", UNLOCK_ONLY},
    {"switch", UNLOCK_ONLY},
    {"second", UNLOCK_ONLY},
    {"person-add", UNLOCK_ADD},
    {"person-remove", UNLOCK_REMOVE},
    {"person-role", UNLOCK_ROLE},
    {"passphrase", UNLOCK_PASSPHRASE},
    {"recovery-make", UNLOCK_RECOVERY},
};

/* What is recorded about a change of people: who did it, and the keyed hash of whom it meant. */
static enum status follow_change(
    struct serve *serve, const struct unlock_result *result, const char *name)
{
    enum status status = node_record(serve->node, serve->verb->name, &result->self, name);

    if (!node_is_locked(serve->node))
        node_set_people(serve->node, &result->people);
    return status;
}

static void put_shares(struct json *json, const struct unlock_result *result)
{
    struct json *list = json_new_list();
    struct share shares[SHARES];

    shares_split(result->recovery, chance_system(), shares);
    for (size_t i = 0; i < SHARES; i++) {
        char text[SHARE_TEXT_BYTES];

        share_format(&shares[i], text);
        json_add_text(list, text);
        memory_wipe(text, sizeof(text));
    }
    json_give(json, "shares", &list);
    memory_wipe(shares, sizeof(shares));
}

static void finish_change(struct serve *serve, struct api_call *call,
    const struct unlock_result *result, const char *name)
{
    struct json *json;

    if (result->status != STATUS_OK) {
        fail_change(call, result->status);
        return;
    }
    enum status status = follow_change(serve, result, name);
    json = json_new_object();
    json_put_flag(json, "recorded", status == STATUS_OK);
    json_put_int(json, "people", (int64_t)result->people.n);
    if (strcmp(serve->verb->name, "recovery-make") == 0)
        put_shares(json, result);
    api_finish(call, 200, &json);
}

static void finish_second(
    struct serve *serve, struct api_call *call, const struct unlock_result *result)
{
    if (node_is_locked(serve->node) ||
        seat_agree(node_seat(serve->node), &result->self) != STATUS_OK) {
        api_fail(call, 403, "second-person",
            "It takes another person than the one who sits there, a worker or above, and "
            "an unlocked node. Nothing was changed.");
        return;
    }
    (void)!node_record(serve->node, "second", &result->self, NULL);
    finish_lock_state(serve, call);
}

/* What was open belongs to whoever sat there; a page that this is done from opens again by its own success. */
static void shut_others(struct serve *serve, const struct colleague *self)
{
    const struct colleague *before = seat_person(node_seat(serve->node));

    if (!before || !ident_equal(&before->id, &self->id))
        web_shut_sessions(serve->web);
    office_page_shut_sessions(serve->office); /* nobody can see who sits there */
}

static void finish_unlock(
    struct serve *serve, struct api_call *call, const struct unlock_result *result)
{
    bool locked = node_is_locked(serve->node);
    enum status status = locked ? node_unlock(serve->node, &result->keys) : STATUS_OK;

    if (status == STATUS_OK && !locked) /* the lock shut what was open before it */
        shut_others(serve, &result->self);
    if (status == STATUS_OK)
        status = node_enter(serve->node, &result->self, serve->pin, &result->people);
    if (status == STATUS_OK) {
        web_set_elsewhere(serve->web, false); /* a desk says so after this */
        office_page_renew(serve->office, &result->keys.master);
        finish_lock_state(serve, call);
    } else
        fail_unopened(call, status == STATUS_DENIED ? STATUS_CORRUPT : status,
            node_is_locked(serve->node));
}

static void on_keys(void *context, const struct unlock_result *result)
{
    struct serve *serve = context;
    struct api_call *call = serve->unlocking;
    bool enters = strcmp(serve->verb->name, "unlock") == 0 ||
                  strcmp(serve->verb->name, "switch") == 0;

    serve->unlocking = NULL;
    serve->active = true;
    if (!result->opened) {
        if (result->status == STATUS_DENIED)
            (void)!node_record(serve->node, "wrong-passphrase", NULL, NULL);
        fail_unopened(call, result->status, node_is_locked(serve->node));
    } else if (serve->locked_meanwhile && enters) {
        api_fail(call, 409, "conflict",
            "Somebody locked the node while the passphrase was tried. The node stays "
            "locked. Unlock it again if that is meant.");
    } else if (enters) {
        finish_unlock(serve, call, result);
    } else if (strcmp(serve->verb->name, "second") == 0) {
        finish_second(serve, call, result);
    } else {
        finish_change(serve, call, result, serve->name);
    }
    log_event(LOG_INFO, "unlock", "result=%s",
        log_text(
            serve->locked_meanwhile ? "locked-meanwhile" : status_name(result->status)));
    serve->locked_meanwhile = false;
    memory_wipe(serve->pin, sizeof(serve->pin));
}

/* Keys that are being derived are not taken, and no browser that was open before may look on. */
static void lock_node(struct serve *serve)
{
    if (loss_has_keys(serve->options.home)) /* panic does not wait */
        node_finish_rests(serve->node);
    node_lock(serve->node);
    serve->locked_meanwhile = serve->unlocking != NULL;
    web_shut_sessions(serve->web);
    office_page_shut_sessions(serve->office);
}

static void do_screen(
    struct serve *serve, const char *verb, const char *pin, struct api_call *call)
{
    struct seat *seat = node_seat(serve->node);
    enum status status = STATUS_OK;

    if (strcmp(verb, "screen-lock") == 0) {
        seat_lock_screen(seat);
        web_shut_sessions(serve->web);
        office_page_shut_sessions(serve->office);
    } else {
        status = seat_try_pin(seat, pin ? pin : "");
        if (status == STATUS_OK) { /* whoever enters has the page alone */
            web_set_elsewhere(serve->web, false);
            office_page_shut_sessions(serve->office);
        }
    }
    if (status == STATUS_OK) {
        struct json *json = json_new_object();

        json_put_flag(json, "screen_locked", seat_screen_is_locked(seat));
        api_finish(call, 200, &json);
        return;
    }
    (void)!node_record(serve->node, "wrong-pin", seat_person(seat), NULL);
    if (status == STATUS_FULL) {
        lock_node(serve);
        api_fail(call, 403, "node-locked",
            "Five wrong PINs: the node is locked now. Letters go on waiting. Unlock it "
            "with a passphrase.");
    } else {
        api_fail(call, 403, "wrong-pin",
            "This is not the PIN, or none was chosen. The screen stays locked. Try "
            "again, "
            "or enter with the passphrase: \"amaan switch\".");
    }
}

/* Says what is wrong with a request before anything is hashed; NULL if nothing is. */
static const char *find_fault(const char *verb, const struct json *request)
{
    const char *passphrase = json_find_text(request, "passphrase");
    const char *other = json_find_text(request, "new_passphrase");
    const char *name = json_find_text(request, "name");
    const char *role = json_find_text(request, "role");
    const char *pin = json_find_text(request, "pin");
    const struct verb *row = verb_find(verb);
    enum local_role parsed;

    if (!passphrase || !*passphrase)
        return "Field \"passphrase\" is missing. The node stays as it is.";
    if (strlen(passphrase) > PASSWORD_MAX_BYTES)
        return "Field \"passphrase\" is longer than a passphrase can be. The node stays "
               "as it is.";
    if (pin && *pin && !pin_is_good(pin))
        return "A PIN has 4 to 8 digits. The node stays as it is.";
    if (verb_argument(row, "name") && (!name || !person_name_is_good(name)))
        return "Field \"name\" is missing, too long, or no name. Nothing was changed.";
    if (verb_argument(row, "role") &&
        (!role || local_role_parse(role, &parsed) != STATUS_OK))
        return "Field \"role\" is one of reception, worker, supervisor, administrator. "
               "Nothing was changed.";
    if (verb_argument(row, "new_passphrase") &&
        (!other || strlen(other) < NEW_PASSPHRASE_MIN ||
            strlen(other) > PASSWORD_MAX_BYTES || !text_is_clean(span_text(other)) ||
            strchr(other, '\n')))
        return "A new passphrase has 12 to 1024 bytes in one line. Nothing was changed.";
    return NULL;
}

static void start_unlock(struct serve *serve, const char *verb,
    const struct json *request, struct api_call *call)
{
    const char *pin = json_find_text(request, "pin");
    const char *name = json_find_text(request, "name");
    const char *role = json_find_text(request, "role");
    struct unlock_order order = {.home = serve->options.home,
        .person = json_find_text(request, "person"),
        .passphrase = json_find_text(request, "passphrase"),
        .name = name,
        .new_passphrase = json_find_text(request, "new_passphrase"),
        .chance = chance_system()};

    for (size_t i = 0; i < ARRAY_LENGTH(ACTS); i++)
        if (strcmp(ACTS[i].verb, verb) == 0)
            order.act = ACTS[i].act;
    PROMISE(order.act);
    if (role)
        PROMISE(local_role_parse(role, &order.role) == STATUS_OK);
    serve->unlocking = call;
    serve->verb = verb_find(verb);
    (void)snprintf(serve->pin, sizeof(serve->pin), "%s", pin ? pin : "");
    (void)snprintf(serve->name, sizeof(serve->name), "%s", name ? name : "");
    unlock_start(serve->hashing, &order, on_keys, serve);
}

static void fail_backup(
    struct api_call *call, enum status status, const struct trouble *trouble)
{
    if (status == STATUS_LOCKED)
        api_fail(call, 423, "locked",
            "The node is locked, or was locked meanwhile. No backup was made; those that "
            "were made before stay. Give the passphrase first: \"amaan unlock\".");
    else if (status == STATUS_BUSY)
        api_fail(call, 503, "busy", "A backup is being made. Repeat in a moment.");
    else if (status == STATUS_NOT_FOUND)
        api_fail(call, 409, "no-backup-folder",
            "node.conf names no folder for backups (backup/folder), and none was given. "
            "No backup was made.");
    else
        api_fail(call, status == STATUS_FULL ? 507 : 500, "backup-failed", trouble->text);
}

static void start_backup(
    struct serve *serve, const struct json *request, struct api_call *call)
{
    struct trouble trouble = {""};
    const char *to = json_find_text(request, "to");
    enum status status = serve->backing_up ? STATUS_BUSY : STATUS_OK;

    if (json_find(request, "to") && (!to || *to != '/')) {
        api_fail(call, 400, "bad-request",
            "Field \"to\" is to be the whole path of a folder, from / on. No backup was "
            "made.");
        return;
    }
    if (status == STATUS_OK)
        status = node_backup_start(serve->node, to, &trouble);
    if (status == STATUS_OK)
        serve->backing_up = call;
    else
        fail_backup(call, status, &trouble);
}

/* Is the one that somebody waits for at its end? */
static void answer_backup(struct serve *serve)
{
    struct trouble trouble = {""};
    struct node_backup made;
    struct api_call *call = serve->backing_up;

    if (!call)
        return;
    enum status status = node_backup_ended(serve->node, &made, &trouble);
    if (status == STATUS_BUSY)
        return;
    serve->backing_up = NULL;
    if (status != STATUS_OK) {
        fail_backup(call, status, &trouble);
        return;
    }
    struct json *json = json_new_object();

    json_put_text(json, "file", made.name);
    json_put_time(json, "made_at", made.made_ms);
    json_put_int(json, "bytes", (int64_t)made.bytes);
    api_finish(call, 200, &json);
}

/* A folder for backups is chosen by an administrator, who may lead them anywhere that this user may write. */
static void set_backup_folder(
    struct serve *serve, const struct json *request, struct api_call *call)
{
    struct trouble trouble = {""};
    const char *to = json_find_text(request, "to");
    enum status status = STATUS_DENIED;

    if (node_may(serve->node, verb_find("backup-folder")))
        status = node_set_backup_folder(serve->node, to ? to : "", &trouble);
    if (status == STATUS_OK) {
        struct json *json = json_new_object();

        json_put_text(json, "folder", to);
        api_finish(call, 200, &json);
    } else if (status == STATUS_DENIED) {
        api_fail(call, 403, "not-your-role",
            "Only an administrator, who has entered, sets the folder for backups. "
            "Nothing "
            "was changed.");
    } else {
        api_fail(
            call, status == STATUS_MALFORMED ? 400 : 500, "no-such-folder", trouble.text);
    }
}

/* --- what is wrong? --------------------------------------------------------------------------------------- */

/* A turn of its own; NULL: the disk failed, which the next turn tells. */
static struct json *read_status(struct serve *serve)
{
    struct json *answer = NULL;
    int http = 0;

    if (node_begin(serve->node) != STATUS_OK)
        return NULL;
    node_call(serve->node, "status", "", NULL, &answer, &http);
    if (node_end(serve->node) != STATUS_OK || http != 200)
        json_destroy(&answer);
    return answer;
}

static void finish_findings(struct serve *serve, struct api_call *call)
{
    struct json *status = read_status(serve);
    struct json *json = health_format(serve->health, status);
    int64_t free_bytes, total_bytes;

    if (disk_room(serve->options.home, &free_bytes, &total_bytes) == STATUS_OK) {
        json_put_int(json, "free_mib", free_bytes / (1024 * 1024));
        json_put_int(json, "total_mib", total_bytes / (1024 * 1024));
    }
    json_put_time(json, "now", clock_wall_ms(serve->options.clock));
    json_put_int(json, "page_port", node_page_port(serve->node));
    api_finish(call, 200, &json);
    json_destroy(&status);
}

static void on_examined(void *context)
{
    struct serve *serve = context;
    struct api_call *call = serve->examining;

    serve->examining = NULL;
    serve->active = true;
    finish_findings(serve, call);
}

static void examine(struct serve *serve, struct api_call *call)
{
    struct json *status = read_status(serve);

    if (health_look(serve->health, status, on_examined, serve) == STATUS_OK)
        serve->examining = call;
    else
        api_fail(call, 503, "busy",
            "Somebody has this computer looked through at this moment. Repeat in a "
            "moment.");
    json_destroy(&status);
}

static void give_address(struct serve *serve, struct api_call *call)
{
    char address[WEB_ADDRESS_MAX];

    if (!serve->web) {
        api_fail(call, 409, "no-page",
            "This node has no local page: page/port in node.conf is 0, or another "
            "program has that port. Set a free port and start the node again.");
        return;
    }
    struct json *json = json_new_object();

    web_address(serve->web, address);
    json_put_text(json, "address", address);
    memory_wipe(address, sizeof(address));
    api_finish(call, 200, &json);
}

static void on_door(
    void *context, const char *verb, const struct json *request, struct api_call *call)
{
    struct serve *serve = context;
    const char *fault;

    if (strcmp(verb, "backup") == 0) {
        start_backup(serve, request, call);
        return;
    }
    if (strcmp(verb, "backup-folder") == 0) {
        set_backup_folder(serve, request, call);
        return;
    }
    if (strcmp(verb, "findings") == 0) {
        finish_findings(serve, call);
        return;
    }
    if (strcmp(verb, "doctor") == 0) {
        examine(serve, call);
        return;
    }
    if (strcmp(verb, "open") == 0) {
        give_address(serve, call);
        return;
    }
    if (strcmp(verb, "lock") == 0) {
        lock_node(serve);
        serve->stop = serve->stop || !loss_has_keys(serve->options.home);
        finish_lock_state(serve, call);
        return;
    }
    if (strcmp(verb, "screen-lock") == 0 || strcmp(verb, "screen-unlock") == 0) {
        do_screen(serve, verb, json_find_text(request, "pin"), call);
        return;
    }
    fault = find_fault(verb, request);
    if (fault)
        api_fail(call, 400, "bad-request", fault);
    else if (serve->unlocking)
        api_fail(call, 503, "busy",
            "Somebody is unlocking the node at this moment. Repeat in a moment.");
    else
        start_unlock(serve, verb, request, call);
}

/* --- the turn ------------------------------------------------------------------------------------------- */

static void hear(struct serve *serve)
{
    struct span frame;
    int n = 0;

    if (serve->connected) {
        serve->connected = false;
        serve->active = true;
        node_connected(serve->node);
    }
    if (!serve->dealer)
        return;
    for (; n < FRAMES_PER_TURN && dealer_receive(serve->dealer, &frame) == STATUS_OK;
         n++) {
        enum status status = node_receive(serve->node, frame);

        serve->active = true;
        dealer_release(serve->dealer);
        if (status != STATUS_OK) {
            log_event(
                LOG_WARNING, "session-ended", "reason=%s", log_text(status_name(status)));
            serve->restart = true;
            break;
        }
    }
    if (n == FRAMES_PER_TURN)
        loop_hurry(serve->loop);
}

static void speak(struct serve *serve)
{
    if (!serve->dealer)
        return;
    if (serve->restart || node_link_is_dead(serve->node)) {
        serve->restart = false;
        dealer_restart(serve->dealer);
    }
    while (dealer_state(serve->dealer) == DEALER_CONNECTED) {
        if (!serve->unsent && node_speak(serve->node, &serve->frame) != STATUS_OK)
            break;
        serve->unsent =
            dealer_send(serve->dealer, buffer_span(&serve->frame)) == STATUS_BUSY;
        if (serve->unsent)
            break;
    }
}

static int64_t deadline(const struct serve *serve)
{
    int64_t due = node_deadline_steady_ms(serve->node);
    int64_t waits = api_deadline_steady_ms(serve->api);
    int64_t again = loop_now_ms(serve->loop) + UNSENT_PAUSE_MS;
    int64_t cries = crier_deadline_steady_ms(serve->crier);

    if (waits < due)
        due = waits;
    if (cries < due)
        due = cries;
    return serve->unsent && again < due ? again : due;
}

/* Counts are of what is committed. A disk that fails is told by the next turn. */
static void announce(struct serve *serve)
{
    struct announce_counts counts;

    crier_turn(serve->crier);
    if (serve->active)
        crier_stir(serve->crier);
    if (crier_wants(serve->crier)) {
        bool counted = node_count_waiting(serve->node, &counts) == STATUS_OK;

        crier_take(serve->crier, counted ? &counts : NULL);
    }
}

static enum status turn(struct serve *serve)
{
    enum status status;

    if (node_deadline_steady_ms(serve->node) <= loop_now_ms(serve->loop))
        serve->active = true;
    status = node_begin(serve->node);
    if (status != STATUS_OK)
        return status;
    api_turn(serve->api);
    hear(serve);
    status = node_end(serve->node);
    if (status != STATUS_OK && status != STATUS_FULL)
        return status;
    answer_backup(serve);
    api_speak(serve->api);
    office_page_turn(serve->office);
    speak(serve);
    announce(serve);
    /* What happened at the turn's end is seen by those who wait; an answered page may ask further. */
    if ((serve->active && api_waiting(serve->api) > 0) || api_has_work(serve->api))
        loop_hurry(serve->loop);
    serve->active = false;
    return STATUS_OK;
}

/* --- life ------------------------------------------------------------------------------------------------ */

static enum status open_line(struct serve *serve, struct trouble *trouble)
{
    struct dealer_options options = {.loop = serve->loop,
        .work = serve->looking_up,
        .chance = serve->options.chance,
        .endpoint = node_endpoint(serve->node),
        .broker_key = node_broker_key(serve->node),
        .secret = node_link_secret(serve->node),
        .frame_bytes_max = FRAME_BYTES_MAX,
        .on_connected = on_connected,
        .on_lost = on_lost,
        .context = serve};

    if (!*options.endpoint)
        return STATUS_OK; /* not joined yet: the local socket alone */
    return dealer_open(&options, &serve->dealer, trouble);
}

static enum status open_socket(
    struct serve *serve, const char *path, struct trouble *trouble)
{
    struct http_options options = {.loop = serve->loop,
        .local = true,
        .body_bytes_max = API_BODY_BYTES_MAX,
        .on_request = on_request,
        .context = serve};
    enum status status = local_listen(path, &options.listen_fd, trouble);

    return status == STATUS_OK ? http_open(&options, &serve->http, trouble) : status;
}

/* Without its port the node works on: letters do not depend on a page. */
static enum status open_page(struct serve *serve, struct trouble *trouble)
{
    struct http_options options = {.loop = serve->loop,
        .body_bytes_max = WEB_FORM_BYTES_MAX,
        .fields = WEB_FIELDS,
        .n_fields = WEB_FIELDS_N,
        .on_request = on_page_request,
        .context = serve};
    struct trouble why = {""};
    uint16_t port = node_page_port(serve->node);
    const struct wizard_end *before = serve->options.wizard;

    if (before) { /* the browser that set up the desk stays where it is */
        options.listen_fd = before->page_fd;
        port = loopback_port(before->page_fd);
    }
    if (port == 0)
        return STATUS_OK;
    if (!before && loopback_listen(port, &options.listen_fd, &port, &why) != STATUS_OK) {
        log_event(LOG_WARNING, "no-page", "reason=%s", log_text(why.text));
        return STATUS_OK;
    }
    struct web_options web = {.port = port,
        .clock = serve->options.clock,
        .chance = serve->options.chance,
        .ask = ask_for_page,
        .may = may_for_page,
        .context = serve,
        .sessions = before ? before->sessions : NULL};
    serve->web = web_new(&web);
    return http_open(&options, &serve->page_http, trouble);
}

static void open_office(struct serve *serve)
{
    struct office_page_options options = {.home = serve->options.home,
        .conf = node_settings(serve->node),
        .loop = serve->loop,
        .clock = serve->options.clock,
        .chance = serve->options.chance,
        .ask = ask_for_page,
        .may = may_for_page,
        .sits = sits,
        .on_entered = on_desk_entered,
        .on_request = on_desk,
        .context = serve};

    if (*options.conf->office_address)
        serve->office = office_page_new(&options);
}

static enum status open_crier(struct serve *serve, struct trouble *trouble)
{
    struct crier_options options = {.loop = serve->loop,
        .clock = serve->options.clock,
        .command = node_announce_command(serve->node),
        .shown = node_announcing(serve->node),
        .on_announce = serve->options.on_announce,
        .context = serve->options.context};

    return crier_new(&options, &serve->crier, trouble);
}

static enum status room_of_disk(void *context, int64_t *ret_free, int64_t *ret_total)
{
    const struct serve *serve = context;

    return disk_room(serve->options.home, ret_free, ret_total);
}

static enum status start(struct serve *serve, const char *socket, struct trouble *trouble)
{
    struct node_options node = {.home = serve->options.home,
        .clock = serve->options.clock,
        .chance = serve->options.chance,
        .room = room_of_disk,
        .room_context = serve};
    struct api_options api = {.clock = serve->options.clock,
        .call = make_call,
        .door = on_door,
        .context = serve};
    enum status status = node_open(&node, &serve->node, trouble);

    if (status != STATUS_OK)
        return status;
    serve->loop = loop_new(serve->options.clock);
    loop_on_signal(serve->loop, on_signal, serve);
    serve->hashing = work_new(serve->loop);
    serve->looking_up = work_new(serve->loop);
    serve->health = health_new(&(struct health_options){.loop = serve->loop,
        .clock = serve->options.clock,
        .home = serve->options.home,
        .program = serve->options.program});
    serve->api = api_new(&api);
    status = open_crier(serve, trouble);
    if (status == STATUS_OK)
        status = open_line(serve, trouble);
    if (status == STATUS_OK)
        status = open_socket(serve, socket, trouble);
    if (status == STATUS_OK)
        status = open_page(serve, trouble);
    if (status == STATUS_OK)
        open_office(serve);
    return status;
}

static void stop(struct serve *serve)
{
    if (serve->unlocking)
        api_fail(serve->unlocking, 503, "stopping", "The node is stopping.");
    if (serve->backing_up)
        api_fail(serve->backing_up, 503, "stopping",
            "The node is stopping. No backup was made; those that were made before "
            "stay.");
    if (serve->node)
        node_finish_rests(serve->node);
    office_page_hang_up(serve->office);
    if (serve->examining)
        api_fail(serve->examining, 503, "stopping", "The node is stopping.");
    http_close(&serve->page_http);
    http_close(&serve->http);
    api_destroy(&serve->api);
    web_destroy(&serve->web);
    office_page_destroy(&serve->office);
    dealer_close(&serve->dealer);
    crier_destroy(&serve->crier);
    health_destroy(&serve->health);
    work_destroy(&serve->hashing);
    work_destroy(&serve->looking_up);
    loop_destroy(&serve->loop);
    node_close(&serve->node);
    buffer_release(&serve->frame);
}

enum status serve(const struct serve_options *options, struct trouble *trouble)
{
    struct serve *serve = memory_new(sizeof(*serve));
    char *run = disk_path(options->home, "run"), *socket = disk_path(run, "socket");
    enum status status;

    serve->options = *options;
    buffer_init(&serve->frame, FRAME_BYTES_MAX);
    status = start(serve, socket, trouble);
    if (status == STATUS_OK) {
        log_event(LOG_INFO, "node-serves", "joined=%s", serve->dealer ? "yes" : "no");
        if (options->on_ready)
            options->on_ready(options->context, socket);
    }
    while (status == STATUS_OK && !serve->stop) {
        status = loop_turn(serve->loop, deadline(serve));
        if (status == STATUS_OK)
            status = turn(serve);
        if (status != STATUS_OK)
            trouble_say(trouble,
                "The disk or the database failed (%s). Nothing was claimed that is not "
                "kept. "
                "\"amaan-node check\" looks through it.",
                status_name(status));
    }
    stop(serve);
    memory_free(run);
    memory_free(socket);
    memory_free(serve);
    return status;
}
