/* SPDX-License-Identifier: Apache-2.0
 *
 * Two hard times at a border post: five weeks without a network, and a charter of 300 within an hour. Each story counts
 * what it sent and what came, on both sides. All names are invented.
 */
#include "inside.h"
#include "people.h"
#include "seat.h"

#include <stdlib.h>

enum { BORDER, HOME, DOCTOR, LAWYER, RUSH_CAST };
static const struct world_plan CAST_OF_RUSH[RUSH_CAST] = {{"fia.torkham", ROLE_SCREENING},
    {"shelter.peshawar", ROLE_SHELTER}, {"clinic.peshawar", ROLE_MEDICAL},
    {"legal.peshawar", ROLE_LEGAL}};
#define RUSH() world_new(__LINE__, CAST_OF_RUSH, RUSH_CAST)
#define AGREED                                                                           \
    "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"pus\","      \
    "\"interpreter\":true,\"groups\":[\"name\"]}"

enum {
    OFFLINE_DAYS = 35,
    PROVIDERS = RUSH_CAST - 1,
    PASSENGERS = 300,
    REFERRED = 60,
    STAFF = 5,
    SMALL_BYTES = 1024,
    LIST_BYTES = 32768,
};
static const char *const SERVICES[PROVIDERS] = {"shelter", "medical", "legal"};
static unsigned asked;

struct sent {
    char alias[WORLD_REFERENCE_BYTES];
    char reference[WORLD_REFERENCE_BYTES];
    size_t to;
};

static char *tell(struct world *w, size_t i, const char *verb, const char *request,
    int http, const char *holds)
{
    char key[32], *text = NULL;
    snprintf(key, sizeof(key), "rush-%u", ++asked);
    int code = world_call(w, i, verb, key, request, &text);
    if (code != http)
        print_error("%s %.200s: %d %s\n", verb, request, code, text ? text : "(died)");
    assert_int_equal(code, http);
    assert_holds(text, holds);
    return text;
}

/* The verb about that reference, with further fields. */
static void say(struct world *w, size_t i, const char *verb, const char *reference,
    const char *more, int http, const char *holds)
{
    char request[SMALL_BYTES];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"%s}", reference, more);
    memory_free(tell(w, i, verb, request, http, holds));
}

/* Is that part in what the verb answers about the reference? */
static bool told(
    struct world *w, size_t i, const char *verb, const char *reference, const char *part)
{
    char request[SMALL_BYTES];
    snprintf(request, sizeof(request), "{\"reference\":\"%s\"}", reference);
    char *text = tell(w, i, verb, request, 200, reference);
    bool found = strstr(text, part) != NULL;
    memory_free(text);
    return found;
}

/* The next value of a text field from *at on; moves *at behind it; false at the end. */
static bool next_text(const char **at, const char *field, char *ret, size_t size)
{
    char mark[32];
    snprintf(mark, sizeof(mark), "\"%s\":\"", field);
    const char *found = strstr(*at, mark);
    if (found == NULL)
        return false;
    found += strlen(mark);
    snprintf(ret, size, "%.*s", (int)strcspn(found, "\""), found);
    *at = found;
    return true;
}

static void make(struct world *w, const char *verb, const char *request,
    const char *field, char ret[WORLD_REFERENCE_BYTES])
{
    char *text = tell(w, BORDER, verb, request, 201, field);
    const char *at = text;
    assert_true(next_text(&at, field, ret, WORLD_REFERENCE_BYTES));
    memory_free(text);
}

/* A person with a name of their own: what is readable at a provider tells whose letter it was. */
static void open_case(struct world *w, int n, char ret[WORLD_REFERENCE_BYTES])
{
    char request[SMALL_BYTES];
    snprintf(request, sizeof(request),
        "{\"name\":\"Vrontil-%03d\",\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":"
        "\"female\",\"languages\":[\"pus\"],\"risk\":\"high\"}",
        n);
    make(w, "case-open", request, "case", ret);
}

static void refer_under(
    struct world *w, struct sent *sent, size_t to, const char *consent)
{
    char request[SMALL_BYTES];
    sent->to = to;
    snprintf(request, sizeof(request),
        "{\"to\":\"%s\",\"service\":\"%s\",\"priority\":\"normal\",%s,\"case\":\"%s\"}",
        world_name(w, to), SERVICES[to - HOME], consent, sent->alias);
    make(w, "refer", request, "reference", sent->reference);
}

static void refer(struct world *w, struct sent *sent, size_t to)
{
    refer_under(w, sent, to, AGREED);
}

/* Every number that came to `to` came once and in time, and no referral before one that was made earlier (a withdrawal
 * may overtake them). Gives how many. */
static int count_in_order(struct world *w, size_t to)
{
    int n = 0;
    int64_t before = 0;
    struct inbox_letter letter;
    struct peer peer = peer_of(w, BORDER, to);
    for (uint64_t seq = 1; inbox_find(post_of(w, to)->inbox, world_node_id(w, BORDER),
                               peer.last_epoch, seq, &letter) == STATUS_OK;
         seq++, n++) {
        assert_false(letter.late || letter.missing);
        if (letter.lane != LANE_NORMAL)
            continue;
        assert_true(letter.id > before);
        before = letter.id;
    }
    return n;
}

static void accept_all(struct world *w, const struct sent *sent, int n)
{
    char name[32];
    for (int k = 0; k < n; k++) {
        snprintf(name, sizeof(name), "Vrontil-%03d", k);
        assert_int_equal(world_effects(w, sent[k].to, sent[k].reference), 1);
        assert_true(told(w, sent[k].to, "show", sent[k].reference, name));
        say(w, sent[k].to, "accept", sent[k].reference, "", 200, "accepted");
    }
    world_settle(w);
    world_pass(w, HOURS(1));
    for (int k = 0; k < n; k++)
        assert_care(w, BORDER, sent[k].reference, "accepted");
}

static void rush__a_border_post_without_network_for_35_days_loses_and_doubles_nothing(
    void **state)
{
    (void)state;
    static struct sent sent[OFFLINE_DAYS];
    struct sent before;
    struct world *w = RUSH();
    open_case(w, 999, before.alias);
    refer(w, &before, LAWYER);
    world_settle(w);
    assert_true(told(w, LAWYER, "show", before.reference, "Vrontil-999"));
    world_cut(w, BORDER);
    for (int day = 0; day < OFFLINE_DAYS; day++) {
        open_case(w, day, sent[day].alias);
        refer(w, &sent[day], HOME + (size_t)day % PROVIDERS);
        if (day == 10)
            say(w, BORDER, "case-withdraw", before.alias, ",\"service\":\"legal\"", 200,
                "\"letters\":1");
        world_pass(w, DAYS(1));
        /* What the officer sees is true: sealed here, gone nowhere. */
        for (int k = 0; k <= day; k++)
            assert_letter(w, BORDER, sent[k].reference, LETTER_STATE_SEALED);
    }
    assert_true(told(w, LAWYER, "show", before.reference, "Vrontil-999"));
    assert_false(told(w, BORDER, "shared", before.reference, "\"state\":\"purged\""));
    world_heal(w, BORDER);
    world_pass(w, HOURS(1));
    int came = 0, unsettled = 0;
    for (size_t to = HOME; to < RUSH_CAST; to++) {
        came += count_in_order(w, to);
        unsettled += count_unsettled(w, BORDER, to);
    }
    for (int k = 0; k < OFFLINE_DAYS; k++)
        assert_letter(w, BORDER, sent[k].reference, LETTER_STATE_STORED);
    assert_false(told(w, LAWYER, "show", before.reference, "Vrontil-999"));
    assert_true(told(w, BORDER, "shared", before.reference, "\"state\":\"purged\""));
    accept_all(w, sent, OFFLINE_DAYS);
    print_message("border: days=%d referrals=%d withdrawn=1 letters_in_order=%d "
                  "unsettled=%d answered=%d\n",
        OFFLINE_DAYS, OFFLINE_DAYS, came, unsettled, OFFLINE_DAYS);
    assert_true(came >= OFFLINE_DAYS + 2); /* and the one before, and the withdrawal */
    assert_int_equal(unsettled, 0);
    world_destroy(&w);
}

static void import(struct world *w)
{
    static char csv[LIST_BYTES], request[LIST_BYTES + SMALL_BYTES];
    char list[80];
    int n = snprintf(csv, sizeof(csv),
        "flight_or_bus,date,sending_state,return_type,minor,care_need,rcms\\r\\n");
    for (int k = 0; k < PASSENGERS; k++)
        n += snprintf(csv + n, sizeof(csv) - (size_t)n,
            "XX-4711,2026-11-26,DE,dfd,%s,no,RC%d\\r\\n", k % 25 ? "no" : "yes",
            10000 + k);
    snprintf(request, sizeof(request), "{\"csv\":\"%s\"}", csv);
    char *text = tell(w, BORDER, "arrivals-preview", request, 200, "\"rows\":300");
    const char *at = text;
    assert_true(next_text(&at, "list", list, sizeof(list)));
    memory_free(text);
    snprintf(request, sizeof(request), "{\"csv\":\"%s\",\"list\":\"%s\"}", csv, list);
    memory_free(tell(w, BORDER, "arrivals-import", request, 201, "\"imported\":true"));
    memory_free(tell(w, BORDER, "arrivals-import", request, 409, "list-known"));
}

static const struct {
    const char *name, *words;
    enum local_role role;
} PERSONS[STAFF] = {
    {"Blaszkodar", "seven invented words of the first", LOCAL_ADMINISTRATOR},
    {"Quolmina", "seven invented words of the second", LOCAL_SUPERVISOR},
    {"Dremmelina", "seven invented words of the third", LOCAL_WORKER},
    {"Farzinotte", "seven invented words of the fourth", LOCAL_WORKER},
    {"Tobbitash", "seven invented words of the fifth", LOCAL_WORKER},
};

static struct people *hire(struct world *w)
{
    struct people *people = NULL;
    assert_ok(people_new(world_keys(w, BORDER), PERSONS[0].name,
        span_text(PERSONS[0].words), COST_FLOOR, world_chance(w), &people));
    for (int i = 1; i < STAFF; i++)
        assert_ok(people_add(people, PERSONS[i].name, PERSONS[i].role,
            span_text(PERSONS[i].words), COST_FLOOR, world_chance(w)));
    return people;
}

/* That person takes the seat, with their own words, as "amaan switch" does it. */
static void sit_down(struct world *w, struct people *all, int who)
{
    struct node_people known;
    struct people *people = NULL;
    struct buffer file;
    buffer_init(&file, PEOPLE_FILE_MAX);
    assert_ok(people_encode(all, world_chance(w), &file));
    assert_ok(people_break(buffer_span(&file), PERSONS[who].name,
        span_text(PERSONS[who].words), world_chance(w), &people));
    node_people_of(people, &known);
    assert_ok(node_enter(world_node(w, BORDER), people_self(people), "4711", &known));
    people_destroy(&people);
    buffer_release(&file);
}

/* What a person said in an interview: the questions that got a yes; every other one of those that are asked of everybody
 * got a no. */
struct interview {
    const char *person; /* fields of the case */
    const char *yes, *class;
    const char *consent;
};
#define ADULT                                                                            \
    "\"age_band\":\"26-40\",\"minor\":\"no\",\"gender\":\"female\","                     \
    "\"languages\":[\"pus\"],\"risk\":\"high\""
#define DECIDED_FOR                                                                      \
    "\"consent\":{\"given_by\":\"best-interest\",\"how\":\"spoken\",\"language\":"       \
    "\"pus\",\"interpreter\":true,\"groups\":[\"name\"],\"role\":\"shift lead\","        \
    "\"rationale\":\"invented: alone on the flight\"}"
enum { A_CHILD, WORKED_WITHOUT_PAY, PAID_AN_AGENT };
static const struct interview INTERVIEWS[] = {
    [A_CHILD] = {"\"age_band\":\"9-17\",\"minor\":\"yes\",\"gender\":\"male\","
                 "\"languages\":[\"pus\"],\"risk\":\"high\"",
        " S1 S2 S3 S5 S6 A3 M11 V1 N9 ", "child-at-risk", DECIDED_FOR},
    [WORKED_WITHOUT_PAY] = {ADULT, " S1 S2 S3 S6 A1 A2 A5 M3 M9 P1 P10 V6 N5 ",
        "possible-vot-strong", AGREED},
    [PAID_AN_AGENT] = {ADULT, " S1 S2 S3 S6 K1 K2 V5 N1 N2 ", "smuggled-vulnerable",
        AGREED},
};
static const struct {
    char section;
    int n;
} QUESTIONS[] = {{'S', 6}, {'A', 6}, {'M', 15}, {'P', 11}, {'K', 2}, {'V', 8}, {'N', 11}};
enum { QUESTION_COUNT = 59 };

/* How many times that person did each, by the whole record, page after page; the supervisor asks. */
enum { TAKES, ANSWERS, CONFIRMS, DEEDS };
static const char *const DEED_VERBS[DEEDS] = {
    "task-take", "screen-answer", "screen-confirm"};
static void count_recorded(struct world *w, const char *person, int ret[DEEDS])
{
    char request[SMALL_BYTES], mark[SMALL_BYTES], verb[SMALL_BYTES];
    long long next = 0;
    memset(ret, 0, DEEDS * sizeof(*ret));
    snprintf(mark, sizeof(mark), "\"person\":\"%s\",\"times\":", person);
    do {
        snprintf(request, sizeof(request), "{\"before\":%lld}", next);
        char *page = tell(w, BORDER, "audit", request, 200, "\"items\"");
        for (const char *at = page; (at = strstr(at, mark)) != NULL;) {
            char *rest = NULL;
            long times = strtol(at + strlen(mark), &rest, 10);
            for (int deed = 0; deed < DEEDS; deed++) {
                snprintf(verb, sizeof(verb), ",\"verb\":\"%s\"", DEED_VERBS[deed]);
                if (strncmp(rest, verb, strlen(verb)) == 0)
                    ret[deed] += (int)times;
            }
            at = rest;
        }
        const char *more = strstr(page, "\"next\":");
        assert_non_null(more);
        next = strtoll(more + strlen("\"next\":"), NULL, 10);
        memory_free(page);
    } while (next > 0);
}

/* Each of the five took and screened her part, and the record says so and holds. */
static void assert_record_is_whole(struct world *w)
{
    int all[DEEDS] = {0}, did[DEEDS];
    for (int who = 0; who < STAFF; who++) {
        count_recorded(w, PERSONS[who].name, did);
        assert_int_equal(did[TAKES], PASSENGERS / STAFF);
        assert_int_equal(did[CONFIRMS], REFERRED / STAFF);
        assert_int_equal(did[ANSWERS], REFERRED / STAFF * QUESTION_COUNT);
        for (int deed = 0; deed < DEEDS; deed++)
            all[deed] += did[deed];
    }
    print_message("record: people=%d tasks_taken=%d answers=%d confirmed=%d\n", STAFF,
        all[TAKES], all[ANSWERS], all[CONFIRMS]);
    memory_free(tell(w, BORDER, "audit-verify", "{}", 200, "\"holds\":true"));
}

/* The whole instrument, question by question, in its order; then a person confirms what the rule proposes. */
static void screen(struct world *w, const char *alias, const struct interview *said)
{
    char more[SMALL_BYTES], question[8], mark[16];
    int asked_of_her = 0;
    for (size_t k = 0; k < ARRAY_LENGTH(QUESTIONS); k++)
        for (int n = 1; n <= QUESTIONS[k].n; n++, asked_of_her++) {
            snprintf(question, sizeof(question), "%c%d", QUESTIONS[k].section, n);
            snprintf(mark, sizeof(mark), " %s ", question);
            snprintf(more, sizeof(more), ",\"question\":\"%s\",\"answer\":\"%s\"",
                question, strstr(said->yes, mark) ? "yes" : "no");
            say(w, BORDER, "screen-answer", alias, more, 200, question);
        }
    assert_int_equal(asked_of_her, QUESTION_COUNT);
    say(w, BORDER, "screen", alias, "", 200, said->class);
    snprintf(more, sizeof(more), ",\"class\":\"%s\"", said->class);
    say(w, BORDER, "screen-confirm", alias, more, 200, "confirmed");
}

/* One of the list is screened, and referred as she wishes; the task ends in her case. */
static void screen_and_refer(
    struct world *w, int n, const char *task, bool child, struct sent *sent)
{
    const struct interview *said = &INTERVIEWS[child   ? A_CHILD
                                               : n % 2 ? WORKED_WITHOUT_PAY
                                                       : PAID_AN_AGENT];
    char request[SMALL_BYTES];
    snprintf(request, sizeof(request),
        "{\"name\":\"Vrontil-%03d\",\"origin\":"
        "\"arrival\",%s}",
        n, said->person);
    make(w, "case-open", request, "case", sent->alias);
    screen(w, sent->alias, said);
    refer_under(w, sent, HOME + (size_t)n % PROVIDERS, said->consent);
    snprintf(request, sizeof(request), ",\"case\":\"%s\"", sent->alias);
    say(w, BORDER, "task-done", task, request, 200, sent->alias);
}

static void rush__a_charter_of_300_in_an_hour_is_worked_off_and_nobody_is_lost(
    void **state)
{
    (void)state;
    static struct sent sent[REFERRED];
    struct world *w = RUSH();
    char task[WORLD_REFERENCE_BYTES], minor[16];
    struct people *staff = hire(w);
    sit_down(w, staff, 1);
    import(w);
    int64_t begun = world_now_ms(w);
    char *tasks = tell(w, BORDER, "tasks", "{}", 200, "\"more\":false");
    const char *at = tasks;
    int taken = 0, referred = 0, not_met = 0, children = 0;
    for (; next_text(&at, "minor", minor, sizeof(minor)) &&
           next_text(&at, "task", task, sizeof(task));
         taken++) {
        if (taken % (PASSENGERS / STAFF) == 0)
            sit_down(w, staff, taken / (PASSENGERS / STAFF));
        say(w, BORDER, "task-take", task, "", 200, "\"state\":\"taken\"");
        if (taken % (PASSENGERS / REFERRED) == 0) {
            bool child = strcmp(minor, "yes") == 0;
            screen_and_refer(w, referred, task, child, &sent[referred]);
            children += child;
            referred++;
            world_pass(w, MINUTES(1) / 2);
        } else {
            say(w, BORDER, "task-not-met", task, "", 200, "\"state\":\"not-met\"");
            not_met++;
        }
    }
    memory_free(tasks);
    world_settle(w);
    int64_t minutes = (world_now_ms(w) - begun) / MINUTES(1);
    int came = 0;
    for (size_t to = HOME; to < RUSH_CAST; to++)
        came += count_in_order(w, to);
    print_message("charter: imported=%d taken=%d screened_and_referred=%d children=%d "
                  "not_met=%d letters_in_order=%d minutes=%d\n",
        PASSENGERS, taken, referred, children, not_met, came, (int)minutes);
    assert_true(children > 0);
    assert_int_equal(taken, PASSENGERS);
    assert_int_equal(referred, REFERRED);
    assert_true(minutes <= 60 && came >= REFERRED);
    memory_free(tell(w, BORDER, "tasks", "{}", 200, "\"items\":[]"));
    sit_down(w, staff, 1);
    assert_record_is_whole(w);
    people_destroy(&staff);
    accept_all(w, sent, REFERRED);
    world_destroy(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            rush__a_border_post_without_network_for_35_days_loses_and_doubles_nothing),
        cmocka_unit_test(
            rush__a_charter_of_300_in_an_hour_is_worked_off_and_nobody_is_lost),
    };
    return cmocka_run_group_tests_name("rush", tests, NULL, NULL);
}
