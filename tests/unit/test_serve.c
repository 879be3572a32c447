/* SPDX-License-Identifier: Apache-2.0
 *
 * serve: the process of a node that has not joined yet, asked over its socket. Its slow half of unlocking is held
 * back here until the test lets it go.
 */
#include <ftw.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "call.h"
#include "check.h"
#include "link.h"
#include "loop.h"
#include "memory.h"
#include "profiles.h"
#include "serve.h"
#include "vault.h"

enum { ANSWER_MAX = 4096, PATIENCE_MS = 60000 };
#define RIGHT "{\"passphrase\":\"seven invented words of a test\"}"
#define WRONG "{\"passphrase\":\"seven words of somebody else\"}"

static sem_t begun, go_on; /* keys are being derived; they may be */

enum status __real_people_break(struct span file, const char *name,
    struct span passphrase, struct chance *chance, struct people **ret);
enum status __wrap_people_break(struct span file, const char *name,
    struct span passphrase, struct chance *chance, struct people **ret);

enum status __wrap_people_break(struct span file, const char *name,
    struct span passphrase, struct chance *chance, struct people **ret)
{
    sem_post(&begun);
    while (sem_wait(&go_on) != 0)
        continue;
    return __real_people_break(file, name, passphrase, chance, ret);
}

struct bench {
    char home[128];
    char socket[192];
    void (*script)(struct bench *bench);
    pthread_t person;
};

struct question {
    struct bench *bench;
    const char *verb, *body;
    int http;
    char answer[ANSWER_MAX];
};

static void *ask(void *context)
{
    struct question *question = context;
    struct http_call call = {.socket_path = question->bench->socket,
        .method = "POST",
        .body = span_text(question->body),
        .timeout_ms = PATIENCE_MS};
    struct buffer answer;
    char path[64];

    snprintf(path, sizeof(path), "/api/v1/%s", question->verb);
    call.path = path;
    buffer_init(&answer, ANSWER_MAX - 1);
    assert_ok(http_call(&call, &question->http, &answer, NULL));
    snprintf(question->answer, ANSWER_MAX, "%.*s", (int)answer.used, answer.bytes);
    buffer_release(&answer);
    return NULL;
}

static void expect(
    struct bench *bench, const char *verb, const char *body, int http, const char *holds)
{
    struct question question = {.bench = bench, .verb = verb, .body = body};

    ask(&question);
    assert_int_equal(question.http, http);
    assert_holds(question.answer, holds);
}

static void *play(void *context)
{
    struct bench *bench = context;

    bench->script(bench);
    (void)kill(getpid(), SIGTERM);
    return NULL;
}

static void on_ready(void *context, const char *socket_path)
{
    struct bench *bench = context;

    snprintf(bench->socket, sizeof(bench->socket), "%s", socket_path);
    assert_int_equal(pthread_create(&bench->person, NULL, play, bench), 0);
}

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

/* Serves until the script, which runs beside it, is over. */
static void run(void (*script)(struct bench *bench))
{
    struct bench bench = {.script = script};
    struct trouble trouble = {""};

    assert_ok(vault_start(&trouble));
    snprintf(bench.home, sizeof(bench.home), "/tmp/amaan-serve-XXXXXX");
    assert_non_null(mkdtemp(bench.home));
    struct node_new request = {.home = bench.home,
        .name = "fia.torkham",
        .roles = 1u << (ROLE_SCREENING - 1),
        .passphrase = span_text("seven invented words of a test"),
        .cost = COST_FLOOR,
        .clock = clock_system(),
        .chance = chance_system()};
    if (node_create(&request, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    sem_init(&begun, 0, 0);
    sem_init(&go_on, 0, 0);
    loop_block_signals();
    struct serve_options options = {.home = bench.home,
        .clock = clock_system(),
        .chance = chance_system(),
        .on_ready = on_ready,
        .context = &bench};
    if (serve(&options, &trouble) != STATUS_OK)
        fail_msg("%s", trouble.text);
    pthread_join(bench.person, NULL);
    nftw(bench.home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void lock_meanwhile(struct bench *bench)
{
    struct question unlock = {.bench = bench, .verb = "unlock", .body = RIGHT};
    pthread_t other;

    assert_int_equal(pthread_create(&other, NULL, ask, &unlock), 0);
    sem_wait(&begun);
    expect(bench, "unlock", RIGHT, 503, "busy");
    expect(bench, "lock", "{}", 200, "\"locked\":true");
    sem_post(&go_on);
    pthread_join(other, NULL);
    assert_int_equal(unlock.http, 409);
    assert_holds(unlock.answer, "stays locked");
    sem_post(&go_on);
    expect(bench, "unlock", WRONG, 403, "stays locked");
    sem_post(&go_on);
    expect(bench, "unlock", RIGHT, 200, "\"locked\":false");
}

static void serve__stays_locked_when_locked_while_it_unlocks(void **state)
{
    (void)state;
    run(lock_meanwhile);
}

static void mistype(struct bench *bench)
{
    char body[1200] = "{\"passphrase\":\"", *end = body + strlen(body);

    memset(end, 'x', 1100);
    memcpy(end + 1100, "\"}", 3);
    expect(bench, "unlock", body, 400, "longer than");
    sem_post(&go_on);
    expect(bench, "unlock", RIGHT, 200, "\"locked\":false");
    sem_post(&go_on);
    expect(bench, "unlock", WRONG, 403, "was unlocked before and stays so");
    expect(bench, "lock", "{}", 200, "\"locked\":true");
}

static void serve__says_what_a_wrong_passphrase_left_behind(void **state)
{
    (void)state;
    run(mistype);
}

/* Each passphrase that is tried waits for the test once. */
static void try(
    struct bench *bench, const char *verb, const char *body, int http, const char *holds)
{
    sem_post(&go_on);
    expect(bench, verb, body, http, holds);
}

#define FIRST                                                                            \
    "\"person\":\"administrator\",\"passphrase\":\"seven invented words of a test\""
#define SECOND_WORDS "eight more invented words of a test"
#define SECOND "\"person\":\"Gul Khan\",\"passphrase\":\"" SECOND_WORDS "\""

static void share_the_node(struct bench *bench)
{
    expect(bench, "people/add", "{" FIRST ",\"name\":\"Gul Khan\",\"role\":\"king\"}",
        400, "supervisor");
    expect(bench, "people/add",
        "{" FIRST
        ",\"name\":\"Gul Khan\",\"role\":\"worker\",\"new_passphrase\":\"short\"}",
        400, "12 to 1024");
    try(bench, "people/add",
        "{" FIRST
        ",\"name\":\"Gul Khan\",\"role\":\"worker\",\"new_passphrase\":\"" SECOND_WORDS
        "\"}",
        200, "\"people\":2");
    try(bench, "unlock", RIGHT, 400, "Say who you are");
    try(bench, "unlock", "{" FIRST ",\"pin\":\"4711\"}", 200, "\"locked\":false");
    expect(bench, "screen-lock", "{}", 200, "\"screen_locked\":true");
    expect(bench, "screen-unlock", "{\"pin\":\"0000\"}", 403, "stays locked");
    expect(bench, "screen-unlock", "{\"pin\":\"4711\"}", 200, "\"screen_locked\":false");
    try(bench, "switch", "{\"person\":\"Gul Khan\",\"passphrase\":\"wrong words\"}", 403,
        "was unlocked before");
    try(bench, "switch", "{" SECOND "}", 200, "\"locked\":false");
    try(bench, "people/role",
        "{" SECOND ",\"name\":\"Gul Khan\",\"role\":\"supervisor\"}", 403,
        "Only an administrator");
    try(bench, "second", "{" SECOND "}", 403, "another person");
    try(bench, "second", "{" FIRST "}", 200, "\"locked\":false");
    try(bench, "recovery", "{" FIRST "}", 200, "AMAAN-3-");
    try(bench, "people/remove", "{" FIRST ",\"name\":\"administrator\"}", 409, "last");
    for (int i = 1; i < 5; i++)
        expect(bench, "screen-unlock", "{\"pin\":\"1234\"}", 403, "wrong-pin");
    expect(bench, "screen-unlock", "{\"pin\":\"1234\"}", 403, "node-locked");
    try(bench, "people/remove", "{" FIRST ",\"name\":\"Gul Khan\"}", 200, "\"people\":1");
    try(bench, "unlock", "{" SECOND "}", 403, "stays locked");
    try(bench, "unlock", RIGHT, 200, "\"locked\":false");
}

static void serve__lets_several_people_work_each_with_their_own_passphrase(void **state)
{
    (void)state;
    run(share_the_node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serve__stays_locked_when_locked_while_it_unlocks),
        cmocka_unit_test(serve__says_what_a_wrong_passphrase_left_behind),
        cmocka_unit_test(serve__lets_several_people_work_each_with_their_own_passphrase),
    };
    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
