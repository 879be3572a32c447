/* SPDX-License-Identifier: Apache-2.0
 * How a turn ends: work, open, apply, settle, commit, counter file; or everything of it is undone. After FULL
 * time-driven work pauses FULL_PAUSE_MS, so that a full disk does not become a busy loop.
 */
#include "log.h"
#include "memory.h"
#include "members.h"
#include "node_inside.h"
#include "problem.h"

enum { LETTERS_PER_TURN = 64, CHECKPOINT_PAGES = 1000 };
#define FULL_PAUSE_MS (5 * SECOND_MS)

static bool is_fatal(enum status status)
{
    return status != STATUS_OK && status != STATUS_FULL;
}

enum status node_begin(struct node *node)
{
    enum status status;

    PROMISE(!node->in_turn);
    if (node->dead != STATUS_OK)
        return node->dead;
    status = db_begin(node->db);
    if (is_fatal(status))
        return node->dead = status;
    node->in_turn = true;
    node->begun = status;
    node->more = false;
    return STATUS_OK;
}

enum status node_receive(struct node *node, struct span frame)
{
    PROMISE(node->in_turn);
    return node->begun == STATUS_OK ? post_receive(node->post, frame) : node->begun;
}

static void promise_answer(struct node *node, struct json **answer, int *http)
{
    if (node->n_promised == node->size_promised) {
        node->size_promised = node->size_promised ? 2 * node->size_promised : 8;
        node->promised =
            memory_resize(node->promised, node->size_promised, sizeof(*node->promised));
    }
    node->promised[node->n_promised++] = (struct promised_answer){answer, http};
}

void node_call(struct node *node, const char *verb, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_http)
{
    PROMISE(node->in_turn);
    *ret_answer = NULL;
    *ret_http = 0;
    if (node->begun == STATUS_OK)
        desk_call(node->desk, verb, key, request, ret_answer, ret_http);
    promise_answer(node, ret_answer, ret_http);
}

/* What was answered in a turn that is undone was never true. */
static void take_back_answers(struct node *node, enum status status)
{
    for (size_t i = 0; i < node->n_promised; i++) {
        struct problem problem = {0};

        problem_of_status(&problem, status);
        json_destroy(node->promised[i].answer);
        *node->promised[i].answer = problem_format(&problem);
        *node->promised[i].http = problem.http;
    }
}

/* Opened letters get their effect and their receipt. */
static enum status open_letters(struct node *node)
{
    struct post_opened letter;
    enum status status = STATUS_OK;

    for (int n = 0; n < LETTERS_PER_TURN; n++) {
        enum receipt_code code = RECEIPT_CODE_NONE;

        status = post_opened(node->post, &letter);
        if (status == STATUS_BUSY)
            return STATUS_OK;
        if (status == STATUS_OK)
            status = desk_apply(node->desk, &letter, &code);
        if (status == STATUS_OK)
            status = post_settle(node->post, &letter, code);
        if (status != STATUS_OK)
            return status;
    }
    node->more = true;
    return STATUS_OK;
}

static enum status work(struct node *node)
{
    int64_t day = clock_wall_ms(node->options.clock) / DAY_MS;
    enum status status = backing_look(node);

    if (status == STATUS_OK)
        status = post_work(node->post);

    if (status == STATUS_OK)
        status = open_letters(node);
    if (status == STATUS_OK && (day != node->worked_day || desk_has_work(node->desk))) {
        bool more = false;

        status = desk_work(node->desk, &more);
        if (status == STATUS_OK && !more)
            node->worked_day = day;
        node->more = node->more || more;
    }
    if (status == STATUS_OK && node->finishing)
        status = desk_finish_rests(node->desk, &node->more);
    return status;
}

void node_refresh_members(struct node *node)
{
    uint64_t roster = trust_version(node->trust, DOCUMENT_ROSTER);
    uint64_t profiles = trust_version(node->trust, DOCUMENT_PROFILES);
    enum status status;

    if (post_is_locked(node->post) ||
        (roster == node->members_roster && profiles == node->members_profiles))
        return;
    status = members_load(node->trust, &node->conf.node_id, node->directory_secret,
        desk_directory(node->desk));
    if (status != STATUS_OK && profiles != 0)
        log_event(LOG_WARNING, "profiles-not-opened", "reason=%s version=%llu",
            log_text(status_name(status)), (unsigned long long)profiles);
    node->members_roster = roster;
    node->members_profiles = profiles;
}

static void undo(struct node *node, enum status status)
{
    db_rollback(node->db);
    trust_rolled_back(node->trust);
    post_rolled_back(node->post);
    desk_rolled_back(node->desk);
    take_back_answers(node, status);
    if (is_fatal(status)) {
        log_event(LOG_ALARM, "node-stops", "reason=%s", log_text(status_name(status)));
        node->dead = status;
    } else {
        log_event(LOG_ALARM, "disk-full", NULL);
        node->quiet_until_ms = clock_steady_ms(node->options.clock) + FULL_PAUSE_MS;
    }
}

enum status node_end(struct node *node)
{
    enum status status = node->begun;

    PROMISE(node->in_turn);
    if (status == STATUS_OK)
        status = work(node);
    if (status == STATUS_OK)
        status = db_commit(node->db);
    if (status == STATUS_OK) {
        trust_committed(node->trust);
        status = post_committed(node->post);
        if (status == STATUS_OK)
            status = desk_committed(node->desk);
        if (status == STATUS_OK) {
            node->quiet_until_ms = 0;
            node_refresh_members(node);
            enum status written = db_checkpoint(node->db, CHECKPOINT_PAGES);
            if (is_fatal(written))
                status = node->dead = written;
            else
                backing_step(node);
        } else {
            node->dead = STATUS_IO; /* committed, and the counter file does not know */
            take_back_answers(node, status);
        }
    } else {
        undo(node, status);
    }
    node->in_turn = false;
    node->n_promised = 0;
    return status;
}

void node_connected(struct node *node)
{
    post_connected(node->post);
}

void node_lost(struct node *node)
{
    post_lost(node->post);
}

bool node_link_is_dead(const struct node *node)
{
    return post_link_is_dead(node->post);
}

enum status node_speak(struct node *node, struct buffer *ret_frame)
{
    if (node->dead != STATUS_OK)
        return STATUS_BUSY;
    return post_speak(node->post, ret_frame);
}

int64_t node_deadline_steady_ms(const struct node *node)
{
    int64_t due = post_deadline_steady_ms(node->post);
    int64_t rests = desk_deadline_steady_ms(node->desk);

    due = rests < due ? rests : due;
    if (node->dead != STATUS_OK)
        return INT64_MAX;
    if (node->more || backing_runs(node))
        due = clock_steady_ms(node->options.clock);
    return due > node->quiet_until_ms ? due : node->quiet_until_ms;
}
