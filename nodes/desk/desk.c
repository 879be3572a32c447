/* SPDX-License-Identifier: Apache-2.0
 * One row a verb. A call: look up, locked?, unknown fields?, known Idempotency-Key?, then the use case in a
 * savepoint, then its reply kept. Only answers of success are kept: what failed had no effect and may be
 * tried again under the same key.
 */
#include "desk.h"

#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "inside.h"
#include "memory.h"
#include "roles.h"

enum {
    WORDS_MAX = 32,
    WORD_BYTES = 32,
    KNOWN_MAX = 48,
    CONSENT_ARENA_BYTES = 4096, /* the four texts of one row */
    CONSENT_ARENA_PIECES = 8
};

struct desk_row {
    const char *verb;
    use_case *use;
    int http;
    uint32_t
        area; /* of roles.h: who has no role with it is not offered the verb; 0: everybody */
};

static const struct desk_row ROWS[] = {
    {"status", use_status, 200, 0},
    {"refer", use_refer, 201, 0}, /* says itself what such a member may do */
    {"inbox", use_inbox, 200, AREA_ANSWER},
    {"sent", use_sent, 200, 0},
    {"show", use_show, 200, 0},
    {"trace", use_trace, 200, 0},
    {"accept", use_stage, 200, AREA_ANSWER},
    {"decline", use_stage, 200, AREA_ANSWER},
    {"complete", use_stage, 200, AREA_ANSWER},
    {"waitlist", use_stage, 200, AREA_ANSWER},
    {"redirect", use_stage, 200, AREA_ANSWER},
    {"schedule", use_stage, 200, AREA_ANSWER},
    {"no-show", use_stage, 200, AREA_ANSWER},
    {"start", use_stage, 200, AREA_ANSWER},
    {"hold", use_stage, 200, AREA_ANSWER},
    {"resume", use_stage, 200, AREA_ANSWER},
    {"fail", use_stage, 200, AREA_ANSWER},
    {"milestone", use_stage, 200, AREA_ANSWER},
    {"group", use_group, 200, AREA_ANSWER},
    {"follow-up", use_follow_up, 200, AREA_ANSWER},
    {"follow-ups", use_follow_ups, 200, AREA_ANSWER},
    {"cancel-confirm", use_stage, 200, AREA_ANSWER},
    {"cancel", use_cancel, 200, AREA_REFER},
    {"entered-in-error", use_entered_in_error, 200, AREA_REFER},
    {"ask", use_talk, 200, 0},
    {"tell", use_talk, 200, 0},
    {"refer-again", use_refer_again, 201, AREA_REFER},
    {"members", use_members, 200, 0},
    {"match", use_match, 200, 0},
    {"capacity-set", use_capacity_set, 200, AREA_ANSWER},
    {"enquire", use_enquire, 201, 0}, /* says itself what such a member may do */
    {"enquiries", use_enquiries, 200, 0},
    {"test-letter", use_test_letter, 201, 0},
    {"test-letters", use_test_letters, 200, 0},
    {"answer-enquiry", use_answer_enquiry, 200, AREA_ANSWER},
    {"surge", use_surge, 200, 0},
    {"surge-add", use_surge_add, 201, 0},
    {"surge-remove", use_surge_remove, 200, 0},
    {"resting", use_resting, 200, 0},
    {"undo", use_undo, 200, 0},
    {"send-now", use_send_now, 200, 0},
    {"roster", use_roster, 200, 0},
    {"alarms", use_alarms, 200, 0},
    {"quarantine", use_quarantine, 200, 0},
    {"release", use_release, 200, 0},
    {"discard", use_discard, 200, 0},
    {"losses", use_losses, 200, 0},
    {"send-again", use_send_again, 200, 0},
    {"case-open", use_case_open, 201, AREA_CASES},
    {"case-find", use_case_find, 200, AREA_CASES},
    {"case-show", use_case_show, 200, AREA_CASES},
    {"case-change", use_case_change, 200, AREA_CASES},
    {"case-note", use_case_note, 200, AREA_CASES},
    {"case-close", use_case_close, 200, AREA_CASES},
    {"case-reopen", use_case_reopen, 200, AREA_CASES},
    {"case-link", use_case_link, 200, AREA_CASES},
    {"case-unlink", use_case_unlink, 200, AREA_CASES},
    {"case-erase", use_case_erase, 200, AREA_CASES},
    {"case-consent", use_case_consent, 201, AREA_CASES},
    {"case-consents", use_case_consents, 200, AREA_CASES},
    {"case-withdraw", use_case_withdraw, 200, AREA_CASES},
    {"arrivals-preview", use_arrivals_preview, 200, AREA_SCREEN},
    {"arrivals-import", use_arrivals_import, 201, AREA_SCREEN},
    {"tasks", use_tasks, 200, AREA_SCREEN},
    {"task-take", use_task_take, 200, AREA_SCREEN},
    {"task-done", use_task_done, 200, AREA_SCREEN},
    {"task-not-met", use_task_not_met, 200, AREA_SCREEN},
    {"screen", use_screen, 200, AREA_SCREEN},
    {"screen-answer", use_screen_answer, 200, AREA_SCREEN},
    {"screen-choose", use_screen_choose, 200, AREA_SCREEN},
    {"screen-confirm", use_screen_confirm, 200, AREA_SCREEN},
    {"triage", use_triage, 200, AREA_SCREEN},
    {"preview", use_preview, 200, 0},
    {"withdraw-consent", use_withdraw_consent, 200, 0},
    {"shared", use_shared, 200, 0},
    {"acts", use_acts, 200, 0},
    {"meeting-points", use_meeting_points, 200, 0},
    {"due", use_due, 200, 0},
    {"settle", use_settle, 200, AREA_REFER},
    {"board", use_board, 200, AREA_FOLLOW},
    {"load", use_load, 200, AREA_FOLLOW},
    {"call-note", use_call_note, 200, AREA_FOLLOW},
    {"nudge", use_nudge, 200, AREA_FOLLOW},
    {"reassign", use_reassign, 200, AREA_FOLLOW},
    {"escalate", use_escalate, 200, AREA_FOLLOW},
    {"hand-over-propose", use_hand_over_propose, 200, AREA_ANSWER},
    {"hand-over-agree", use_hand_over_agree, 200, 0},
    {"handed-over", use_handed_over, 200, 0},
    {"arrived", use_arrived, 200, AREA_ANSWER},
    {"hand-over-off", use_hand_over_off, 200, 0},
    {"missing", use_missing, 200, 0},
    {"confirm-act", use_confirm_act, 200, 0},
    {"undo-act", use_undo_act, 200, 0},
    {"statistics", use_statistics, 200, 0},
    {"export", use_export, 200, 0},
    {"proof", use_proof, 200, AREA_CASES},
    {"case-summary", use_case_summary, 200, AREA_CASES},
    {"slip", use_slip, 200, 0},
    {"people", use_people, 200, 0},
    {"audit", use_audit, 200, 0},
    {"audit-verify", use_audit_verify, 200, 0},
    {"shift", use_shift, 200, 0},
};

static const struct desk_row *find_row(const char *verb)
{
    for (size_t i = 0; i < ARRAY_LENGTH(ROWS); i++)
        if (strcmp(ROWS[i].verb, verb) == 0)
            return &ROWS[i];
    return NULL;
}

static enum status check_area(
    const struct desk *desk, const struct desk_row *row, struct problem *problem)
{
    char words[PROFILE_TEXT_BYTES_MAX];

    if (row->area == 0 || (roles_areas(desk_roles(desk)) & row->area))
        return STATUS_OK;
    roles_format(desk_roles(desk), words, sizeof(words));
    problem_say(problem, 403, "role-lacks-verb",
        "A member with the role %s has no use for \"%s\". Nothing was changed. The "
        "stewards "
        "give a member its roles.",
        words, row->verb);
    return STATUS_DENIED;
}

bool desk_knows(const char *verb)
{
    return find_row(verb) != NULL;
}

bool desk_may(const struct desk *desk, const struct verb *verb)
{
    const struct desk_row *row = find_row(verb->name);

    if (row && row->area != 0 && !(roles_areas(desk_roles(desk)) & row->area))
        return false;
    return !verb->unlocked || gate_may(desk, verb);
}

enum status desk_open(
    const struct desk_options *options, struct desk **ret, struct trouble *trouble)
{
    struct desk *desk = memory_new(sizeof(*desk));
    enum status status;

    desk->options = *options;
    retention_load(&desk->retention);
    deadlines_load(&desk->deadlines);
    desk->directory = directory_new();
    desk->places = memory_new(sizeof(*desk->places));
    places_load(desk->places);
    desk->arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    desk->consent_arena = arena_new(CONSENT_ARENA_BYTES, CONSENT_ARENA_PIECES);
    status = referrals_open(options->db, options->chance, &desk->referrals, trouble);
    if (status == STATUS_OK)
        status = decisions_open(options->db, options->chance, &desk->decisions, trouble);
    if (status == STATUS_OK)
        status = replies_open(options->db, options->chance, &desk->replies, trouble);
    if (status == STATUS_OK)
        status = agains_open(options->db, &desk->agains, trouble);
    if (status == STATUS_OK)
        status = cases_open(desk, trouble);
    if (status == STATUS_OK)
        status = sheets_open(options->db, options->chance, &desk->sheets, trouble);
    if (status == STATUS_OK)
        status = forms_new(&desk->forms, trouble);
    if (status == STATUS_OK)
        status = consents_open(options->db, options->chance, &desk->consents, trouble);
    if (status == STATUS_OK)
        status = sharings_open(options->db, options->chance, &desk->sharings, trouble);
    if (status == STATUS_OK)
        status = acts_open(options->db, options->chance, &desk->acts, trouble);
    if (status == STATUS_OK)
        status = handovers_open(options->db, options->chance, &desk->handovers, trouble);
    if (status == STATUS_OK)
        status = points_open(&desk->points, trouble);
    if (status == STATUS_OK)
        status = watches_open(options->db, &desk->watches, trouble);
    if (status == STATUS_OK)
        status = boards_open(options->db, options->chance, &desk->boards, trouble);
    if (status == STATUS_OK)
        status =
            publications_open(options->db, options->chance, &desk->publications, trouble);
    if (status == STATUS_OK)
        status =
            capacities_open(options->db, options->chance, &desk->capacities, trouble);
    if (status == STATUS_OK)
        status = enquiries_open(options->db, options->chance, &desk->enquiries, trouble);
    if (status == STATUS_OK)
        status = surges_open(options->db, options->chance, &desk->surges, trouble);
    if (status == STATUS_OK)
        status = deeds_open(options->db, options->chance, &desk->deeds, trouble);
    if (status == STATUS_OK)
        status = matrix_read_own(&desk->matrix, trouble);
    if (status == STATUS_OK)
        status = consent_texts_open(&desk->texts, trouble);
    if (status == STATUS_OK)
        status = audit_open(options->db, options->chance, &desk->audit, trouble);
    if (status == STATUS_OK)
        status = local_roles_open(&desk->roles, trouble);
    if (status == STATUS_OK)
        desk->seat = seat_new(local_roles_cases_an_hour(desk->roles));
    if (status != STATUS_OK) {
        desk_close(&desk);
        return status;
    }
    *ret = desk;
    return STATUS_OK;
}

void desk_close(struct desk **desk_p)
{
    struct desk *desk = *desk_p;

    if (!desk)
        return;
    referrals_close(&desk->referrals);
    decisions_close(&desk->decisions);
    replies_close(&desk->replies);
    agains_close(&desk->agains);
    cases_close(desk);
    sheets_close(&desk->sheets);
    forms_destroy(&desk->forms);
    consents_close(&desk->consents);
    sharings_close(&desk->sharings);
    acts_close(&desk->acts);
    handovers_close(&desk->handovers);
    points_close(&desk->points);
    watches_close(&desk->watches);
    board_forget(desk);
    boards_close(&desk->boards);
    statistics_stop(desk);
    publications_close(&desk->publications);
    capacities_close(&desk->capacities);
    enquiries_close(&desk->enquiries);
    surges_close(&desk->surges);
    deeds_close(&desk->deeds);
    consent_texts_close(&desk->texts);
    audit_close(&desk->audit);
    local_roles_close(&desk->roles);
    seat_destroy(&desk->seat);
    memory_wipe(desk->people, sizeof(desk->people));
    directory_destroy(&desk->directory);
    memory_free(desk->places);
    arena_destroy(&desk->arena);
    arena_destroy(&desk->consent_arena);
    memory_free(desk);
    *desk_p = NULL;
}

enum status desk_unlock(struct desk *desk, const struct box_key *master)
{
    audit_unlock(desk->audit, master);
    referrals_unlock(desk->referrals, master);
    decisions_unlock(desk->decisions, master);
    replies_unlock(desk->replies, master);
    cases_unlock(desk, master);
    acts_unlock(desk->acts, master);
    handovers_unlock(desk->handovers, master);
    boards_unlock(desk->boards, master);
    publications_unlock(desk->publications, master);
    capacities_unlock(desk->capacities, master);
    enquiries_unlock(desk->enquiries, master);
    surges_unlock(desk->surges, master);
    deeds_unlock(desk->deeds, master);
    rest_forget(desk);
    return audit_adopt(desk->audit);
}

void desk_lock(struct desk *desk)
{
    waiting_remember(desk);
    referrals_lock(desk->referrals);
    decisions_lock(desk->decisions);
    replies_lock(desk->replies);
    cases_lock(desk);
    acts_lock(desk->acts);
    handovers_lock(desk->handovers);
    boards_lock(desk->boards);
    board_forget(desk);
    publications_lock(desk->publications);
    statistics_stop(desk);
    capacities_lock(desk->capacities);
    enquiries_lock(desk->enquiries);
    surges_lock(desk->surges);
    deeds_lock(desk->deeds);
    rest_forget(desk);
    audit_lock(desk->audit);
    seat_leave(desk->seat);
    memory_wipe(desk->people, sizeof(desk->people));
    desk->n_people = 0;
    directory_clear(desk->directory);
    arena_reset(desk->arena);
    arena_reset(desk->consent_arena);
}

struct directory *desk_directory(struct desk *desk)
{
    return desk->directory;
}

bool desk_is_practice(const struct desk *desk)
{
    return desk->options.trust && trust_is_practice(desk->options.trust);
}

int64_t desk_now_ms(const struct desk *desk)
{
    return post_time_ms(desk->options.post);
}

int64_t desk_today(const struct desk *desk)
{
    return desk_now_ms(desk) / DAY_MS;
}

uint32_t desk_roles(const struct desk *desk)
{
    const struct profile *own = directory_find(desk->directory, &desk->options.node_id);

    return own ? own->roles : desk->options.roles;
}

enum lane desk_lane(enum priority priority)
{
    return priority == PRIORITY_EMERGENCY || priority == PRIORITY_TONIGHT ? LANE_EXPRESS
                                                                          : LANE_NORMAL;
}

enum status desk_refuse(
    struct problem *problem, enum status status, const struct trouble *trouble)
{
    problem_say(problem, status == STATUS_TOO_BIG ? 413 : 400,
        status == STATUS_TOO_BIG ? "too-big" : "bad-request",
        "%.400s. Nothing was changed.", trouble->text);
    return status;
}

enum status desk_need_word(const struct verb *verb, const struct json *request,
    const char *name, int *ret, struct problem *problem)
{
    const struct verb_argument *argument = verb_argument(verb, name);
    char memory[WORDS_MAX][WORD_BYTES];
    const char *words[WORDS_MAX];
    struct trouble trouble = {""};
    size_t n = 0, index;

    PROMISE(argument && argument->words);
    for (const char *at = argument->words; *at; n++) {
        size_t length = strcspn(at, " ");

        PROMISE(n < WORDS_MAX && length < WORD_BYTES);
        (void)snprintf(memory[n], WORD_BYTES, "%.*s", (int)length, at);
        words[n] = memory[n];
        at += length + (at[length] == ' ');
    }
    enum status status = json_need_choice(request, name, words, n, &index, &trouble);
    if (status != STATUS_OK)
        return desk_refuse(problem, status, &trouble);
    *ret = (int)index + 1;
    return STATUS_OK;
}

static enum status check_fields(
    const struct verb *verb, const struct json *request, struct problem *problem)
{
    const char *known[KNOWN_MAX] = {NULL};
    struct trouble trouble = {""};
    size_t n = 0;

    for (const struct verb_argument *row = verb->arguments; row && row->name; row++) {
        PROMISE(n < KNOWN_MAX);
        known[n++] = row->name;
    }
    enum status status = json_refuse_unknown(request, known, n, &trouble);
    return status == STATUS_OK ? status : desk_refuse(problem, status, &trouble);
}

/* What an Idempotency-Key stands for: the verb and all of its request. */
static enum status print_request(
    const char *verb, const struct json *request, struct buffer *ret)
{
    enum status status = buffer_put(ret, verb, strlen(verb) + 1);

    if (status == STATUS_OK)
        status = json_print(request, ret);
    return status;
}

static enum status repeat_reply(struct desk *desk, const char *key, struct span printed,
    struct json **ret, int *ret_http, struct problem *problem)
{
    struct buffer text;
    enum status status;

    buffer_init(&text, REPLY_ANSWER_BYTES_MAX);
    status = replies_find(desk->replies, key, printed, ret_http, &text);
    if (status == STATUS_OK &&
        json_parse(buffer_span(&text), REPLY_ANSWER_BYTES_MAX, ret, NULL) != STATUS_OK)
        status = STATUS_CORRUPT;
    if (status == STATUS_CONFLICT)
        problem_say(problem, 409, "key-used",
            "This Idempotency-Key was used for another request. Nothing was changed; "
            "what was "
            "done under it before stands. Use a new key for a new request.");
    buffer_release(&text);
    return status;
}

/* The later of the own clock and the newest signed time, where desk_work takes the earlier: a reply that was kept
 * under a clock far behind is not gone as soon as that is set. */
static int64_t kept_day(const struct desk *desk)
{
    int64_t witness = trust_newest_signed_ms(desk->options.trust);
    int64_t now = desk_now_ms(desk);

    return (witness > now ? witness : now) / DAY_MS;
}

static enum status keep_reply(struct desk *desk, const char *key, struct span printed,
    const struct json *answer, int http)
{
    struct buffer text;
    enum status status;

    buffer_init(&text, REPLY_ANSWER_BYTES_MAX);
    status = json_print(answer, &text);
    if (status == STATUS_OK)
        status = replies_put(
            desk->replies, key, printed, http, buffer_span(&text), kept_day(desk));
    const char *about = json_find_text(answer, "reference");
    if (!about) /* an answer about a case goes when the case is erased */
        about = json_find_text(answer, "case");
    if (status == STATUS_OK && about)
        status = replies_mark(desk->replies, key, about);
    buffer_release(&text);
    return status;
}

/* The use case in a savepoint, its reply beside it. */
static enum status run_row(struct desk *desk, const struct desk_row *row,
    const struct verb *verb, const struct json *request, struct json **ret,
    struct problem *problem)
{
    arena_reset(desk->arena);
    return row->use(desk, verb, request, ret, problem);
}

/* What post has in memory of a letter that is undone goes, too. */
static void unmark(struct desk *desk, bool keep)
{
    db_unmark(desk->options.db, keep);
    if (!keep)
        post_undone(desk->options.post);
}

/* Takes back or hastens a deed, and is none. */
static bool is_of_rest(const struct desk_row *row)
{
    return row->use == use_undo || row->use == use_send_now;
}

enum status desk_do(struct desk *desk, const struct verb *verb,
    const struct json *request, bool try, struct json **ret, struct problem *problem)
{
    const struct desk_row *row = find_row(verb->name);
    enum status status = row ? db_mark(desk->options.db) : STATUS_NOT_FOUND;

    if (status != STATUS_OK)
        return status;
    post_rehearse(desk->options.post, try);
    status = run_row(desk, row, verb, request, ret, problem);
    post_rehearse(desk->options.post, false);
    unmark(desk, status == STATUS_OK && !try);
    return status;
}

static enum status run_changing(struct desk *desk, const struct desk_row *row,
    const struct verb *verb, const char *key, const struct json *request,
    struct json **ret, int *ret_http, struct problem *problem)
{
    struct buffer printed;
    bool keyed = verb->changes && key && *key, rests = rest_is_asked(verb, request);
    int http = rests ? 202 : row->http;
    enum status status = STATUS_NOT_FOUND;

    buffer_init(&printed, JSON_TEXT_MAX);
    if (keyed) {
        status = print_request(verb->name, request, &printed);
        if (status == STATUS_OK)
            status =
                repeat_reply(desk, key, buffer_span(&printed), ret, ret_http, problem);
    }
    if (status == STATUS_NOT_FOUND) {
        status = verb->changes && !is_of_rest(row)
                     ? rest_go_before(desk, verb, request, problem)
                     : STATUS_OK;
        if (status == STATUS_OK)
            status = db_mark(desk->options.db);
        if (status == STATUS_OK) {
            status = rests ? rest_begin(desk, verb, request, ret, problem)
                           : run_row(desk, row, verb, request, ret, problem);
            if (status == STATUS_OK && keyed)
                status = keep_reply(desk, key, buffer_span(&printed), *ret, http);
            unmark(desk, status == STATUS_OK);
        }
        *ret_http = http;
    }
    buffer_release(&printed);
    return status;
}

void desk_call(struct desk *desk, const char *name, const char *key,
    const struct json *request, struct json **ret_answer, int *ret_http)
{
    const struct verb *verb = verb_find(name);
    const struct desk_row *row = find_row(name);
    struct problem problem = {0};
    struct json *answer = NULL, *nothing = NULL;
    int http = 0;
    enum status status;

    if (!request)
        request = nothing = json_new_object();
    if (!verb || !row) {
        problem_say(&problem, 404, "unknown-verb", "There is no use case of that name.");
        status = STATUS_NOT_FOUND;
    } else if (verb->unlocked && post_is_locked(desk->options.post)) {
        status = STATUS_LOCKED;
    } else {
        status = check_area(desk, row, &problem);
        if (status == STATUS_OK)
            status = check_fields(verb, request, &problem);
        if (status == STATUS_OK && verb->unlocked)
            status = gate_check(desk, verb, request, &problem);
        if (status == STATUS_OK)
            status =
                run_changing(desk, row, verb, key, request, &answer, &http, &problem);
        if (status == STATUS_OK && verb->unlocked)
            gate_prune(desk, verb, answer);
    }
    if (status != STATUS_OK) {
        json_destroy(&answer);
        problem_of_status(&problem, status);
        answer = problem_format(&problem);
        http = problem.http;
    }
    if (desk_is_practice(desk))
        json_put_flag(answer, "practice", true);
    arena_reset(desk->arena);
    json_destroy(&nothing);
    *ret_answer = answer;
    *ret_http = http;
}

bool desk_kind_allowed(const struct desk *desk, const struct ident *member, uint16_t kind)
{
    const struct profile *profile = directory_find(desk->directory, member);

    /* A member of the roster whose profile has not come yet was admitted by the stewards all the same:
     * receiving is not blocked by a late document. */
    return !profile || roles_may_send(profile->roles, kind);
}

enum status desk_work(struct desk *desk, bool *ret_more)
{
    struct two_days now = {
        desk_today(desk), post_certain_ms(desk->options.post) / DAY_MS};
    enum status status = replies_purge(
        desk->replies, now.witness < now.own ? now.witness : now.own, ret_more);

    if (status == STATUS_OK && retain_is_due(desk))
        status = enquiries_drop(
            desk->enquiries, post_certain_ms(desk->options.post) / DAY_MS - ENQUIRY_DAYS);
    if (status == STATUS_OK && retain_is_due(desk))
        status = surges_drop(desk->surges, now.witness < now.own ? now.witness : now.own);
    if (status == STATUS_OK) /* before what it counts is deleted */
        status = statistics_work(desk, ret_more);
    if (status == STATUS_OK)
        status = retain_work(desk, now, ret_more);
    if (status == STATUS_OK)
        status = handovers_work(desk, now);
    if (status == STATUS_OK)
        status = rest_work(desk, ret_more);
    if (status == STATUS_OK)
        status = watches_work(desk, ret_more);
    if (status == STATUS_OK)
        status = board_work(desk, ret_more);
    return status == STATUS_OK ? cases_work(desk, ret_more) : status;
}

bool desk_has_work(const struct desk *desk)
{
    return retain_is_due(desk) || handovers_are_due(desk) || watches_are_due(desk) ||
           board_is_due(desk) || statistics_are_due(desk) || rest_is_due(desk) ||
           (desk->busy && !post_is_locked(desk->options.post));
}

enum status desk_committed(struct desk *desk)
{
    enum status status = board_committed(desk);

    return status == STATUS_OK ? cases_committed(desk) : status;
}
