/* SPDX-License-Identifier: Apache-2.0
 *
 * Backup and loss: a laptop burns, another one takes its place (docs/CARE.md 18, PROTOCOL.md 1.9, 5.6).
 */
#include <dirent.h>
#include <unistd.h>

#include "backup.h"
#include "disk.h"
#include "erased.h"
#include "inside.h"
#include "node_conf.h"
#include "resync.h"

static char *losses_of(struct world *w, size_t i)
{
    char *answer = NULL;
    assert_int_equal(world_call(w, i, "losses", "", NULL, &answer), 200);
    return answer;
}

static int count_words(const char *text, const char *word)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        n++;
    return n;
}

static int send_again(struct world *w, size_t i, const char *ref, char **ret_answer)
{
    char request[64];
    static int n;
    char key[32];
    snprintf(request, sizeof request, "{\"reference\":\"%s\"}", ref);
    snprintf(key, sizeof key, "again-%d", n++);
    return world_call(w, i, "send-again", key, request, ret_answer);
}

static int count_conflicts(struct world *w)
{
    int n = 0;
    for (size_t i = 0; i < CAST; i++)
        n += world_alarms(w, i, "conflict");
    return n;
}

static void
a_laptop_burnt_on_thursday_works_on_friday_and_nothing_is_unknown_to_its_senders(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    char before[2][WORLD_REFERENCE_BYTES], came[3][WORLD_REFERENCE_BYTES];
    char first_contact[WORLD_REFERENCE_BYTES], went[2][WORLD_REFERENCE_BYTES];
    char in_the_fire[WORLD_REFERENCE_BYTES], next[WORLD_REFERENCE_BYTES];
    /* Wednesday. */
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, before[0]);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, before[1]);
    world_pass(w, HOURS(8));
    char *file = world_backup(w, SHELTER);
    world_pass(w, HOURS(14));
    /* Thursday: letters both ways, one of them from a member never met before. */
    for (int i = 0; i < 3; i++)
        world_refer(w, OFFICER, SHELTER, LANE_NORMAL, came[i]);
    world_refer(w, COORDINATOR, SHELTER, LANE_EXPRESS, first_contact);
    for (int i = 0; i < 2; i++)
        world_refer(w, SHELTER, OFFICER, LANE_NORMAL, went[i]);
    world_pass(w, HOURS(6));
    accept_referral(w, SHELTER, came[0]);
    world_pass(w, HOURS(6));
    for (int i = 0; i < 3; i++)
        assert_letter(w, OFFICER, came[i], LETTER_STATE_STORED);
    assert_letter(w, COORDINATOR, first_contact, LETTER_STATE_STORED);
    assert_care(w, OFFICER, came[0], "accepted");
    world_burn_node(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, in_the_fire);
    world_pass(w, HOURS(10));
    /* Friday: another laptop. It works at once, and waits for nobody. */
    world_restore_backup(w, SHELTER, file);
    world_start_node(w, SHELTER, true);
    assert_true(status_of(w, SHELTER).restored);
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, next);
    world_pass(w, MINUTES(30));
    assert_int_equal(world_effects(w, OFFICER, next), 1);
    assert_letter(w, SHELTER, next, LETTER_STATE_STORED);
    world_pass(w, HOURS(8));
    /* What its senders believe to be there is there, once. */
    assert_int_equal(world_effects(w, SHELTER, before[0]), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(world_effects(w, SHELTER, came[i]), 1);
    assert_int_equal(world_effects(w, SHELTER, first_contact), 1);
    assert_int_equal(world_effects(w, SHELTER, in_the_fire), 1);
    /* What it sent and does not know is told: two referrals and an acceptance, and to the
     * coordinator an event of each. */
    char *losses = losses_of(w, SHELTER);
    assert_int_equal(count_words(losses, "\"told_at\""), 6);
    assert_int_equal(count_words(losses, "\"kind\":\"referral\""), 2);
    assert_int_equal(count_words(losses, "\"kind\":\"answer\""), 1);
    assert_int_equal(count_words(losses, "\"kind\":\"event\""), 3);
    assert_non_null(strstr(losses, "fia.torkham"));
    memory_free(losses);
    assert_true(world_alarms(w, SHELTER, "unknown_sent") > 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(world_effects(w, OFFICER, went[i]), 1);
    /* Its senders are told of the loss and see what is open. */
    assert_true(world_alarms(w, OFFICER, "peer_restored") > 0);
    losses = losses_of(w, OFFICER);
    assert_non_null(strstr(losses, "shelter.peshawar"));
    for (int i = 0; i < 3; i++)
        assert_non_null(strstr(losses, came[i]));
    memory_free(losses);
    /* No number stands for two letters anywhere, then or later. */
    world_pass(w, DAYS(3));
    assert_int_equal(count_conflicts(w), 0);
    assert_int_equal(world_effects(w, SHELTER, came[1]), 1);
    memory_free(file);
    world_destroy(&w);
}

static void count_cases(struct world *w, size_t i, int wanted)
{
    char *answer = NULL, holds[32];
    snprintf(holds, sizeof(holds), "\"found\":%d", wanted);
    assert_int_equal(world_call(w, i, "case-find", "", NULL, &answer), 200);
    assert_holds(answer, holds);
    memory_free(answer);
}

/* The newest generation is spoilt; the one before was made while the case was there. */
static void dp17__an_older_backup_does_not_bring_an_erased_case_back(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char *answer = NULL, request[64], alias[WORLD_REFERENCE_BYTES];
    struct json *json = NULL;
    assert_int_equal(
        world_call(w, SHELTER, "case-open", "one", "{\"name\":\"Zarq\"}", &answer), 201);
    assert_ok(json_parse(span_text(answer), JSON_TEXT_MAX, &json, NULL));
    snprintf(alias, sizeof(alias), "%s", json_find_text(json, "case"));
    json_destroy(&json);
    memory_free(answer);
    assert_int_equal(
        world_call(w, SHELTER, "case-open", "two", "{\"name\":\"Quolm\"}", &answer), 201);
    memory_free(answer);
    char *before = world_backup(w, SHELTER);
    world_pass(w, HOURS(1));
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", alias);
    assert_int_equal(world_call(w, SHELTER, "case-erase", "", request, &answer), 200);
    memory_free(answer);
    char *after = world_backup(w, SHELTER);
    world_burn_node(w, SHELTER);
    world_restore_backup(w, SHELTER, before);
    world_start_node(w, SHELTER, true);
    world_pass(w, MINUTES(5));
    count_cases(w, SHELTER, 1);
    assert_int_equal(world_call(w, SHELTER, "case-show", "", request, &answer), 404);
    assert_holds(answer, "case-erased");
    memory_free(answer);
    /* It is done once; and locking and unlocking finds nothing to do. */
    world_lock_node(w, SHELTER);
    world_unlock_node(w, SHELTER);
    count_cases(w, SHELTER, 1);
    memory_free(before);
    memory_free(after);
    world_destroy(&w);
}

static void a_referral_that_is_sent_again_has_one_effect(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    char *answer = NULL;
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_pass(w, HOURS(1));
    accept_referral(w, SHELTER, ref);
    world_pass(w, DAYS(60)); /* the letter itself is long forgotten */
    assert_int_equal(send_again(w, OFFICER, ref, &answer), 200);
    assert_non_null(strstr(answer, "\"again\""));
    memory_free(answer);
    world_pass(w, HOURS(1));
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    assert_care(w, SHELTER, ref, "accepted");
    char request[64];
    snprintf(request, sizeof request, "{\"reference\":\"%s\"}", ref);
    assert_int_equal(world_call(w, OFFICER, "trace", "", request, &answer), 200);
    const char *again = strstr(answer, "\"again\"");
    assert_non_null(again);
    assert_true(strstr(again, "\"letter\":\"stored\"") != NULL ||
                strstr(again, "\"letter\":\"confirmed\"") != NULL);
    memory_free(answer);
    world_destroy(&w);
}

static void only_an_open_referral_of_ones_own_is_sent_again(void **state)
{
    (void)state;
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    char *answer = NULL;
    world_cut(w, SHELTER);
    world_refer(w, OFFICER, SHELTER, LANE_NORMAL, ref);
    world_settle(w);
    assert_int_equal(send_again(w, OFFICER, ref, &answer), 409);
    assert_non_null(strstr(answer, "on-its-way"));
    memory_free(answer);
    world_heal(w, SHELTER);
    world_pass(w, HOURS(1));
    assert_int_equal(send_again(w, SHELTER, ref, &answer), 409);
    assert_non_null(strstr(answer, "not-yours"));
    memory_free(answer);
    char request[96];
    snprintf(request, sizeof request, "{\"reference\":\"%s\",\"reason\":\"at-capacity\"}",
        ref);
    assert_int_equal(world_call(w, SHELTER, "decline", "no", request, &answer), 200);
    memory_free(answer);
    world_pass(w, HOURS(1));
    assert_int_equal(send_again(w, OFFICER, ref, &answer), 409);
    assert_non_null(strstr(answer, "closed"));
    memory_free(answer);
    world_destroy(&w);
}

/* --- what is in the file, and when it is made ------------------------------------------------------------------------ */

static void private_prekeys_are_not_in_a_backup(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct trouble trouble = {""};
    struct buffer content;
    struct backup_parts parts;
    struct prekey prekeys[BUNDLE_PREKEYS_MAX];
    struct prekeys *there = NULL;
    struct db *db = NULL;
    size_t n = 0;
    assert_ok(prekeys_list(post_of(w, SHELTER)->prekeys, prekeys, &n));
    assert_true(n > 0);
    char *file = world_backup(w, SHELTER);
    assert_ok(
        backup_open(file, &world_keys(w, SHELTER)->master, &content, &parts, &trouble));
    const struct db_options options = {
        .path = "copy", .n_migrations = 99, .application_id = 0x414d4e4f};
    assert_ok(db_open_image(&options, parts.database, &db, &trouble));
    assert_ok(prekeys_open(db, &there, &trouble));
    assert_ok(prekeys_list(there, prekeys, &n));
    assert_int_equal(n, 0);
    prekeys_close(&there);
    db_close(&db);
    buffer_release(&content);
    memory_free(file);
    assert_ok(prekeys_list(post_of(w, SHELTER)->prekeys, prekeys, &n));
    assert_true(n > 0);
    world_destroy(&w);
}

static int count_files(const char *folder)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    int n = 0;
    assert_non_null(listing);
    while ((entry = readdir(listing)))
        n += entry->d_name[0] != '.';
    closedir(listing);
    return n;
}

static void a_backup_is_made_by_itself_each_day_and_its_lack_is_an_alarm(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct node_conf conf;
    struct trouble trouble = {""};
    char *folder = disk_path(world_home(w, SHELTER), "stick");
    char *away = disk_path(world_home(w, SHELTER), "away");
    assert_ok(disk_make_folder(folder, &trouble));
    world_crash_node(w, SHELTER);
    assert_ok(node_conf_read(world_home(w, SHELTER), &conf, &trouble));
    snprintf(conf.backup_folder, sizeof conf.backup_folder, "%s", folder);
    assert_ok(node_conf_write(world_home(w, SHELTER), &conf, &trouble));
    world_start_node(w, SHELTER, true);
    world_pass(w, HOURS(2));
    assert_int_equal(count_files(folder), 1);
    world_pass(w, DAYS(3));
    assert_in_range(count_files(folder), 3, 4);
    world_pass(w, DAYS(10));
    assert_int_equal(count_files(folder), BACKUP_KEEP);
    assert_int_equal(world_alarms(w, SHELTER, "backup"), 0);
    char *answer = NULL;
    assert_int_equal(world_call(w, SHELTER, "status", "", NULL, &answer), 200);
    assert_non_null(strstr(answer, "\"newest_at\""));
    memory_free(answer);
    /* The stick is taken away: told as soon as a backup is due, once a day. */
    assert_int_equal(rename(folder, away), 0);
    world_pass(w, HOURS(12));
    int alarms = world_alarms(w, SHELTER, "backup");
    world_pass(w, DAYS(2));
    assert_true(world_alarms(w, SHELTER, "backup") > alarms);
    assert_in_range(world_alarms(w, SHELTER, "backup"), 2, 4);
    /* It comes back while the node is locked: nothing is made until it is unlocked. */
    world_lock_node(w, SHELTER);
    assert_int_equal(rename(away, folder), 0);
    world_pass(w, HOURS(3));
    struct backup_head head, later;
    assert_ok(backup_newest(folder, world_node_id(w, SHELTER), &head));
    world_unlock_node(w, SHELTER);
    world_pass(w, HOURS(2));
    assert_ok(backup_newest(folder, world_node_id(w, SHELTER), &later));
    assert_true(later.made_ms > head.made_ms);
    memory_free(folder);
    memory_free(away);
    world_destroy(&w);
}

/* How many cases the list beside the backups names; -1: there is none. */
static int count_listed(struct world *w, const char *folder)
{
    char *path = erased_path(folder, world_node_id(w, SHELTER));
    struct buffer idents;
    buffer_init(&idents, ERASED_CASES_MAX * IDENT_BYTES);
    enum status status = erased_read(path, world_node_id(w, SHELTER),
        post_master_key(post_of(w, SHELTER)), &idents, NULL);
    int n = status == STATUS_OK ? (int)(idents.used / IDENT_BYTES) : -1;
    buffer_release(&idents);
    memory_free(path);
    return n;
}

/* The stick may be taken away before the next backup: the list is there before. A case whose erasing is undone stays, and
 * a list that named it would keep it from coming back. */
static void
dp17__the_list_of_erased_cases_is_written_at_the_next_look_and_never_of_what_was_undone(
    void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct node_conf conf;
    struct trouble trouble = {""};
    char *folder = disk_path(world_home(w, SHELTER), "stick"), *answer = NULL;
    char request[64];
    struct json *json = NULL;
    assert_ok(disk_make_folder(folder, &trouble));
    world_crash_node(w, SHELTER);
    assert_ok(node_conf_read(world_home(w, SHELTER), &conf, &trouble));
    snprintf(conf.backup_folder, sizeof conf.backup_folder, "%s", folder);
    assert_ok(node_conf_write(world_home(w, SHELTER), &conf, &trouble));
    world_start_node(w, SHELTER, true);
    assert_int_equal(
        world_call(w, SHELTER, "case-open", "one", "{\"name\":\"Zarq\"}", &answer), 201);
    assert_ok(json_parse(span_text(answer), JSON_TEXT_MAX, &json, NULL));
    snprintf(
        request, sizeof(request), "{\"reference\":\"%s\"}", json_find_text(json, "case"));
    json_destroy(&json);
    memory_free(answer);
    world_pass(w, HOURS(2));
    int backups = count_files(folder);
    assert_int_equal(count_listed(w, folder), -1);
    world_arm(w, FAULT_DISK_FULL, SHELTER, 0);
    assert_int_equal(world_call(w, SHELTER, "case-erase", "", request, &answer), 507);
    memory_free(answer);
    assert_fired(w, FAULT_DISK_FULL);
    world_free_disk(w, SHELTER);
    world_pass(w, HOURS(2));
    assert_int_equal(count_listed(w, folder), -1);
    assert_int_equal(world_call(w, SHELTER, "case-show", "", request, &answer), 200);
    memory_free(answer);
    assert_int_equal(world_call(w, SHELTER, "case-erase", "", request, &answer), 200);
    memory_free(answer);
    world_pass(w, HOURS(2));
    assert_int_equal(count_listed(w, folder), 1);
    assert_int_equal(count_files(folder), backups + 1); /* the list, and no backup more */
    memory_free(folder);
    world_destroy(&w);
}

static void a_locked_node_and_a_missing_folder_make_no_backup(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct trouble trouble = {""};
    struct node_backup made;
    struct node *node = world_node(w, SHELTER);
    assert_int_equal(node_backup_start(node, NULL, &trouble), STATUS_NOT_FOUND);
    assert_ok(node_backup_start(node, "/nowhere/at/all", &trouble));
    assert_int_equal(node_backup_start(node, "/nowhere", &trouble), STATUS_BUSY);
    world_settle(w);
    assert_int_equal(node_backup_ended(node, &made, &trouble), STATUS_CLOSED);
    assert_non_null(strstr(trouble.text, "/nowhere/at/all"));
    assert_ok(node_backup_start(node, "/nowhere", &trouble));
    world_lock_node(w, SHELTER); /* under way: the keys are gone */
    assert_int_equal(node_backup_ended(node, &made, &trouble), STATUS_LOCKED);
    assert_int_equal(node_backup_start(node, "/nowhere", &trouble), STATUS_LOCKED);
    world_destroy(&w);
}

/* --- members that say what is not so --------------------------------------------------------------------------------- */

static void post_resync(struct world_member *liar, const struct resync *resync)
{
    uint8_t bytes[RESYNC_BYTES_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);
    resync_encode(resync, &writer);
    struct letter letter = world_member_letter(liar, LETTER_RESYNC, writer_span(&writer));
    letter.created_ms = world_now_ms(liar->world);
    world_member_post(liar, &letter);
}

static int offers_of_shelter;
static bool count_offers(void *context, size_t i, struct buffer *frame)
{
    (void)context;
    if (i == SHELTER && frame->used > BUCKET_SMALL)
        offers_of_shelter++;
    return true;
}

static void a_question_after_a_loss_is_answered_once_an_hour(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct resync question = {.lost_since_ms = world_now_ms(w) - DAYS(1)};
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, SHELTER, COORDINATOR, LANE_NORMAL, ref); /* not the liar's affair */
    world_pass(w, HOURS(3));
    world_member_init(&liar, w, OFFICER, SHELTER);
    offers_of_shelter = 0;
    world_tamper_out(w, count_offers, NULL);
    for (int i = 0; i < 12; i++) {
        post_resync(&liar, &question);
        world_pass(w, MINUTES(5));
    }
    assert_int_equal(offers_of_shelter, 1);
    assert_int_equal(world_alarms(w, SHELTER, "peer_restored"), 1);
    assert_letter(w, SHELTER, ref, LETTER_STATE_STORED);
    assert_int_equal(world_effects(w, COORDINATOR, ref), 1);
    world_destroy(&w);
}

static void an_answer_that_nobody_asked_for_lists_nothing(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member liar;
    struct resync answer = {.flags = RESYNC_ANSWER, .n = 1};
    answer.letters[0] =
        (struct resync_letter){.epoch = 7, .kind = LETTER_REFERRAL, .seq = 1};
    world_member_init(&liar, w, OFFICER, SHELTER);
    post_resync(&liar, &answer);
    world_pass(w, HOURS(1));
    char *losses = losses_of(w, SHELTER);
    assert_null(strstr(losses, "\"told_at\""));
    memory_free(losses);
    assert_int_equal(world_alarms(w, SHELTER, "unknown_sent"), 0);
    world_destroy(&w);
}

static enum settled_how how_settled(struct world_member *member)
{
    struct inbox_letter letter;
    assert_ok(inbox_find(post_of(member->world, member->to)->inbox,
        world_node_id(member->world, member->from), member->epoch, member->seq, &letter));
    return letter.how;
}

/* Only word for word, and only from the member that sent it first. */
static void a_known_reference_over_other_content_is_refused_as_before(void **state)
{
    (void)state;
    struct world *w = WORLD();
    struct world_member officer, coordinator;
    struct arena *arena = arena_new(BODY_ARENA_BYTES, BODY_ARENA_PIECES);
    struct referral referral;
    struct buffer body, changed;
    char ref[REFERENCE_BYTES];
    world_member_init(&officer, w, OFFICER, SHELTER);
    world_member_init(&coordinator, w, COORDINATOR, SHELTER);
    world_member_referral(&officer, ref, &body);
    for (int i = 0; i < 2; i++) {
        struct letter letter =
            world_member_letter(&officer, LETTER_REFERRAL, buffer_span(&body));
        world_member_post(&officer, &letter);
        assert_int_equal(how_settled(&officer), SETTLED_STORED);
    }
    assert_ok(referral_decode(arena, buffer_span(&body), &referral));
    referral.person.interpreter = !referral.person.interpreter;
    buffer_init(&changed, BODY_BYTES_MAX);
    assert_ok(referral_encode(&referral, &changed));
    struct letter letter =
        world_member_letter(&officer, LETTER_REFERRAL, buffer_span(&changed));
    world_member_post(&officer, &letter);
    assert_int_equal(how_settled(&officer), SETTLED_INVALID);
    letter = world_member_letter(&coordinator, LETTER_REFERRAL, buffer_span(&body));
    world_member_post(&coordinator, &letter);
    assert_int_equal(how_settled(&coordinator), SETTLED_INVALID);
    assert_int_equal(world_effects(w, SHELTER, ref), 1);
    buffer_release(&body);
    buffer_release(&changed);
    arena_destroy(&arena);
    world_destroy(&w);
}

/* `peer` told of n letters, one after the other. */
static void assert_whole_run(
    const struct post_unknown *unknown, size_t n, const struct ident *peer, size_t n_told)
{
    uint64_t last = 0;
    size_t told = 0;
    for (size_t i = 0; i < n; i++) {
        if (!ident_equal(&unknown[i].peer, peer))
            continue;
        assert_true(told == 0 || unknown[i].pair_seq == last + 1);
        last = unknown[i].pair_seq;
        told++;
    }
    assert_int_equal(told, n_told);
}

/* It lost more letters than an answer names: they are asked for until there are no more. */
static void more_lost_letters_than_fit_one_answer_are_all_told(void **state)
{
    (void)state;
    enum { LOST = RESYNC_LETTERS_MAX + 3 };
    struct world *w = WORLD();
    char ref[WORLD_REFERENCE_BYTES];
    world_refer(w, SHELTER, OFFICER, LANE_NORMAL, ref);
    world_pass(w, HOURS(1));
    char *file = world_backup(w, SHELTER);
    for (int i = 0; i < LOST; i++)
        world_refer(w, SHELTER, OFFICER, LANE_NORMAL, ref);
    world_pass(w, HOURS(1));
    world_burn_node(w, SHELTER);
    world_restore_backup(w, SHELTER, file);
    world_start_node(w, SHELTER, true);
    world_pass(w, HOURS(8));
    /* The officer tells of the referrals, the coordinator of an event of each. */
    struct post_unknown unknown[2 * LOST + 1];
    size_t n = 0;
    assert_ok(post_unknowns(post_of(w, SHELTER), 0, unknown, 2 * LOST + 1, &n));
    assert_int_equal(n, 2 * LOST);
    assert_whole_run(unknown, n, world_node_id(w, OFFICER), LOST);
    assert_whole_run(unknown, n, world_node_id(w, COORDINATOR), LOST);
    assert_int_equal(count_conflicts(w), 0);
    memory_free(file);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            dp17__the_list_of_erased_cases_is_written_at_the_next_look_and_never_of_what_was_undone),
        cmocka_unit_test(
            a_laptop_burnt_on_thursday_works_on_friday_and_nothing_is_unknown_to_its_senders),
        cmocka_unit_test(dp17__an_older_backup_does_not_bring_an_erased_case_back),
        cmocka_unit_test(a_referral_that_is_sent_again_has_one_effect),
        cmocka_unit_test(only_an_open_referral_of_ones_own_is_sent_again),
        cmocka_unit_test(private_prekeys_are_not_in_a_backup),
        cmocka_unit_test(a_backup_is_made_by_itself_each_day_and_its_lack_is_an_alarm),
        cmocka_unit_test(a_locked_node_and_a_missing_folder_make_no_backup),
        cmocka_unit_test(a_question_after_a_loss_is_answered_once_an_hour),
        cmocka_unit_test(an_answer_that_nobody_asked_for_lists_nothing),
        cmocka_unit_test(a_known_reference_over_other_content_is_refused_as_before),
        cmocka_unit_test(more_lost_letters_than_fit_one_answer_are_all_told),
    };
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
