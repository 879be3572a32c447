/* SPDX-License-Identifier: Apache-2.0
 *
 * The exchange as it is run: the real program, its commands and its socket.
 */
#include "check.h"
#include "ceremony.h"
#include "dealer.h"
#include "dh.h"
#include "disk.h"
#include "document.h"
#include "frame.h"
#include "limits.h"
#include "link.h"
#include "memory.h"
#include "process.h"
#include "seeded.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { PATH_BYTES = 256, OUTPUT_BYTES = 8192, WORDS_MAX = 12, GIVE_UP_MS = 20000 };

static const char PROGRAM[] = AMAAN_BINARY_DIR "/broker/amaan-broker";
static const char CONF_OF_ANY_PORT[] = "link\n    endpoint = \"tcp://127.0.0.1:0\"\n";

static char folder[] = "/tmp/amaan-test-broker-XXXXXX";
static char home[PATH_BYTES];
static char said[OUTPUT_BYTES];       /* stdout of the last command */
static char complained[OUTPUT_BYTES]; /* its stderr */
static pid_t server = -1;

static struct seeded seeded;
static struct ceremony ceremony;
static struct member member;
static uint8_t member_secret[TRANSPORT_KEY_BYTES];
static struct hash newest_hash; /* of version 2 */

static const char *path_of(const char *name)
{
    static char paths[8][PATH_BYTES];
    static size_t next;
    char *path = paths[next++ % ARRAY_LENGTH(paths)];

    (void)snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    return path;
}

static void read_text(const char *path, char *ret, size_t size)
{
    struct buffer bytes;

    ret[0] = '\0';
    if (disk_read(path, size - 1, &bytes, NULL) != STATUS_OK)
        return;
    (void)snprintf(ret, size, "%.*s", (int)bytes.used, (const char *)bytes.bytes);
    buffer_release(&bytes);
}

static void write_file(const char *name, struct span bytes)
{
    assert_ok(disk_write(path_of(name), bytes, 0600, NULL));
}

/* amaan-broker WORDS..., NULL at the end; its exit code, and what it said and complained. */
static int run(const char *const *words)
{
    const char *line[WORDS_MAX] = {PROGRAM};
    struct buffer out;
    size_t n = 1;

    for (; *words; words++) {
        assert_true(n + 1 < WORDS_MAX);
        line[n++] = *words;
    }
    (void)unlink(path_of("stderr"));
    buffer_init(&out, OUTPUT_BYTES - 1);
    int code = process_run(path_of("stderr"), line, span_text(""), &out);
    (void)snprintf(said, sizeof said, "%.*s", (int)out.used, (const char *)out.bytes);
    buffer_release(&out);
    read_text(path_of("stderr"), complained, sizeof complained);
    return code;
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void start(void)
{
    server = process_serve(
        path_of("log"), (const char *const[]){PROGRAM, "run", "--home", home, NULL});
    assert_true(server > 0);
}

/* ---- documents of a network with one member ---- */

static void make_roster_with_status(
    const char *name, const struct buffer *before, enum member_status status)
{
    struct member other = member;
    struct buffer roster;

    other.status = status;
    ceremony_roster(&ceremony, 3, buffer_span(before), clock_wall_ms(clock_system()),
        &other, 1, &roster);
    write_file(name, buffer_span(&roster));
    buffer_release(&roster);
}

static void make_documents(void)
{
    int64_t now_ms = clock_wall_ms(clock_system());
    struct chance *chance = seeded_init(&seeded, 11);
    struct sign_secret unused;
    uint8_t directory_secret[DIRECTORY_KEY_BYTES];
    struct buffer first, second, package;
    struct document document;

    member = (struct member){.node_id = ident_new(chance),
        .queue_id = ident_new(chance),
        .status = MEMBER_ACTIVE,
        .suites = suite_bits(),
        .valid_from_ms = now_ms - DAY_MS,
        .valid_to_ms = now_ms + 365 * DAY_MS,
        .status_since = 1};
    sign_new_keys(chance, &member.identity, &unused);
    dh_new_keys(chance, member.transport, member_secret);
    dh_new_keys(chance, member.directory, directory_secret);
    ceremony_init(&ceremony, chance, now_ms);
    ceremony_roster(&ceremony, 1, span_of(NULL, 0), now_ms, &member, 1, &first);
    ceremony_roster(&ceremony, 2, buffer_span(&first), now_ms, &member, 1, &second);
    ceremony_package(&ceremony, 1, now_ms, &member, 1, &package);
    assert_ok(document_decode_one(buffer_span(&second), DOCUMENT_ROSTER, &document));
    newest_hash = document.hash;
    write_file("root", buffer_span(&ceremony.root));
    write_file("roster1", buffer_span(&first));
    write_file("roster2", buffer_span(&second));
    make_roster_with_status("roster3-suspended", &second, MEMBER_SUSPENDED);
    make_roster_with_status("roster3-revoked", &second, MEMBER_REVOKED);
    write_file("profiles", buffer_span(&package));
    buffer_release(&first);
    buffer_release(&second);
    buffer_release(&package);
}

static int load(const char *a, const char *b, const char *c)
{
    return RUN("roster", "load", "--home", home, path_of(a), b ? path_of(b) : NULL,
        c ? path_of(c) : NULL);
}

/* ---- around each test ---- */

/* A node's side of one connection, if a test has opened it. */
static struct visit {
    struct loop *loop;
    struct work *work;
    struct dealer *dealer;
} visit;

static void close_visit(void)
{
    dealer_close(&visit.dealer);
    work_destroy(&visit.work);
    loop_destroy(&visit.loop);
    link_stop();
}

static int set_up(void **state)
{
    (void)state;
    memcpy(strrchr(folder, '-'), "-XXXXXX", 8);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(home, sizeof home, "%s/broker", folder);
    make_documents();
    assert_int_equal(RUN("init", "--endpoint", "tcp://127.0.0.1:0", home), EX_OK);
    return 0;
}

static void empty(const char *path)
{
    DIR *listing = opendir(path);
    struct dirent *entry;

    assert_non_null(listing);
    while ((entry = readdir(listing))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *inner = disk_path(path, entry->d_name);
        if (unlink(inner) != 0) {
            empty(inner);
            (void)rmdir(inner);
        }
        memory_free(inner);
    }
    (void)closedir(listing);
}

static int tear_down(void **state)
{
    (void)state;
    close_visit();
    process_kill(&server);
    ceremony_release(&ceremony);
    empty(folder);
    return rmdir(folder);
}

/* ---- homes and settings ---- */

static void init__may_be_repeated(void **state)
{
    (void)state;
    assert_int_equal(RUN("init", home), EX_OK);
    assert_holds(said, "is there, unchanged");
    assert_int_equal(RUN("init", "--endpoint", "tcp://127.0.0.1:1", home), EX_CANTCREAT);
    assert_holds(complained, "was left as it is");
    assert_int_equal(RUN("init"), EX_USAGE);
}

static void misspelt_setting__stops_the_start_with_its_line(void **state)
{
    (void)state;
    write_file(
        "broker/broker.conf", span_text("link\n    endpont = \"tcp://127.0.0.1:0\"\n"));
    assert_int_equal(RUN("run", "--home", home), EX_DATAERR);
    assert_string_equal(said, "");
    assert_holds(complained, "broker.conf");
    assert_holds(complained, "2");
    assert_holds(complained, "endpoint");
}

static void missing_home__is_told_with_the_way_out(void **state)
{
    (void)state;
    assert_int_equal(RUN("run", "--home", path_of("nowhere")), EX_NOINPUT);
    assert_holds(complained, "amaan-broker init");
    assert_int_equal(RUN("run"), EX_USAGE);
}

static void open_home__is_refused(void **state)
{
    (void)state;
    assert_int_equal(chmod(home, 0755), 0);
    assert_int_equal(RUN("run", "--home", home), EX_NOPERM);
}

static void version__names_the_libraries(void **state)
{
    (void)state;
    assert_int_equal(RUN("--version"), EX_OK);
    assert_holds(said, "libzmq");
    assert_holds(said, "SQLite");
}

/* ---- running ---- */

static void running_exchange__says_where_it_serves(void **state)
{
    char endpoint[128], card[1024];

    (void)state;
    start();
    read_text(path_of("broker/run/endpoint"), endpoint, sizeof endpoint);
    assert_holds(endpoint, "tcp://127.0.0.1:");
    assert_null(strstr(endpoint, ":0\n"));
    read_text(path_of("broker/broker.amaan"), card, sizeof card);
    assert_holds(card, endpoint);
    assert_int_equal(RUN("status", "--home", home), EX_OK);
    endpoint[strcspn(endpoint, "\n")] = '\0';
    assert_holds(said, endpoint);
    assert_holds(said, "no root and roster are loaded");
}

static void commands__answer_in_words_and_in_json(void **state)
{
    (void)state;
    start();
    assert_int_equal(load("root", "roster1", "profiles"), EX_OK);
    assert_int_equal(RUN("status", "--home", home), EX_OK);
    assert_holds(said, "version 1, 1 members");
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"roster_version\":1");
    assert_holds(said, "\"profiles_version\":1");
    assert_int_equal(RUN("queue", "--home", home), EX_OK);
    assert_holds(said, "envelopes");
    assert_int_equal(RUN("queue", "--home", home, "--json"), EX_OK);
    assert_holds(said, "{\"mailboxes\":[");
    assert_int_equal(RUN("check", "--home", home), EX_OK);
    assert_holds(said, "ok");
    assert_int_equal(RUN("check", "--home", home, "--json"), EX_OK);
    assert_string_equal(said, "{\"result\":\"ok\"}\n");
}

static void commands_without_an_exchange__say_how_to_start_it(void **state)
{
    (void)state;
    assert_int_equal(RUN("status", "--home", home), EX_UNAVAILABLE);
    assert_holds(complained, "amaan-broker run --home");
    assert_int_equal(RUN("queue", "--home", home, "--json"), EX_UNAVAILABLE);
    assert_string_equal(said, "");
    assert_int_equal(RUN("check", "--home", home), EX_OK); /* looks itself */
    assert_holds(said, "ok");
}

static void second_exchange_of_one_home__is_refused_with_a_sentence(void **state)
{
    (void)state;
    start();
    assert_int_equal(RUN("run", "--home", home), EX_TEMPFAIL);
    assert_string_equal(said, "");
    assert_holds(complained, "running in this home already");
    assert_int_equal(RUN("status", "--home", home), EX_OK); /* the first lives on */
}

static void full_disk__is_told_before_anything_is_lost(void **state)
{
    char conf[256];

    (void)state;
    (void)snprintf(
        conf, sizeof conf, "%sdisk\n    keep-free-mib = 16777216\n", CONF_OF_ANY_PORT);
    write_file("broker/broker.conf", span_text(conf));
    start();
    assert_int_equal(load("root", "roster1", NULL), EX_OK);
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"refusing_disk\":true");
    assert_int_equal(RUN("status", "--home", home), EX_OK);
    assert_holds(said, "disk is too full");
    assert_int_equal(process_stop(&server), EX_OK);
    write_file("broker/broker.conf", span_text(CONF_OF_ANY_PORT));
}

/* ---- documents ---- */

static void documents__may_come_in_any_order(void **state)
{
    (void)state;
    start();
    assert_int_equal(load("profiles", "roster1", "root"), EX_OK);
    assert_holds(said, "root 1: in force now\nroster 1: in force now\nprofiles 1:");
    assert_int_equal(load("roster1", "root", NULL), EX_OK);
    assert_holds(said, "roster 1: was there already");
}

static void older_roster__is_refused_with_a_sentence(void **state)
{
    (void)state;
    start();
    assert_int_equal(load("root", "roster2", NULL), EX_OK);
    assert_int_equal(load("roster1", NULL, NULL), EX_DATAERR);
    assert_holds(complained, "roster 1 was refused (expired): ");
    assert_string_equal(said, "");
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"roster_version\":2");
}

static void what_is_no_document__is_refused_by_name(void **state)
{
    (void)state;
    start();
    write_file("letter", span_text("not what stewards sign"));
    assert_int_equal(load("root", "letter", NULL), EX_DATAERR);
    assert_holds(complained, "/letter: no signed document");
    assert_int_equal(load("missing", NULL, NULL), EX_NOINPUT);
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"root_version\":0"); /* nothing of it was loaded */
    assert_int_equal(RUN("roster", "lod", "--home", home, path_of("root")), EX_USAGE);
}

static void roster__loads_while_nothing_runs(void **state)
{
    (void)state;
    assert_int_equal(load("root", "roster1", NULL), EX_OK);
    assert_holds(said, "roster 1: in force now");
    start();
    assert_int_equal(load("root", "roster1", NULL), EX_OK);
    assert_holds(said, "roster 1: was there already");
}

/* ---- ending and coming back ---- */

static void sigterm__ends_it_with_0(void **state)
{
    (void)state;
    start();
    assert_int_equal(process_stop(&server), EX_OK);
    assert_int_equal(RUN("status", "--home", home), EX_UNAVAILABLE);
}

static void killed_exchange__comes_back_at_its_port_with_its_documents(void **state)
{
    char before[128], after[128];

    (void)state;
    start();
    assert_int_equal(load("root", "roster1", NULL), EX_OK);
    read_text(path_of("broker/run/endpoint"), before, sizeof before);
    process_kill(&server);
    start();
    read_text(path_of("broker/run/endpoint"), after, sizeof after);
    assert_string_equal(before, after);
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"roster_version\":1");
}

/* ---- who may come in ---- */

static void say_hello(void *context)
{
    struct frame hello = {.kind = FRAME_HELLO};
    struct buffer bytes;

    (void)context;
    hello.hello.version_min = hello.hello.version_max = LINK_VERSION;
    hello.hello.suites = suite_bits();
    hello.hello.node_id = member.node_id;
    hello.hello.roster_version = 2;
    memcpy(hello.hello.roster_hash, newest_hash.bytes, FRAME_HASH_BYTES);
    buffer_init(&bytes, FRAME_BYTES_MAX);
    assert_ok(frame_encode(&hello, &bytes));
    assert_ok(dealer_send(visit.dealer, buffer_span(&bytes)));
    buffer_release(&bytes);
}

static void open_visit(const uint8_t *secret)
{
    static char endpoint[128];
    static uint8_t broker_secret[DH_BYTES], broker_key[DH_BYTES];
    struct buffer bytes;

    read_text(path_of("broker/run/endpoint"), endpoint, sizeof endpoint);
    endpoint[strcspn(endpoint, "\n")] = '\0';
    assert_ok(disk_read(path_of("broker/link.key"), DH_BYTES, &bytes, NULL));
    memcpy(broker_secret, bytes.bytes, DH_BYTES);
    buffer_release(&bytes);
    dh_public_of(broker_secret, broker_key);
    assert_ok(link_start(1, NULL));
    visit.loop = loop_new(clock_system());
    visit.work = work_new(visit.loop);
    assert_ok(dealer_open(&(struct dealer_options){.loop = visit.loop,
                              .work = visit.work,
                              .chance = &seeded.chance,
                              .endpoint = endpoint,
                              .broker_key = broker_key,
                              .secret = secret,
                              .frame_bytes_max = FRAME_BYTES_MAX,
                              .on_connected = say_hello,

                              .pause_first_ms = 10,
                              .pause_max_ms = 100},
        &visit.dealer, NULL));
}

/* Turns until the exchange answered or turned the key away; the kind of the answer, 0 if refused. */
static int wait_for_answer(void)
{
    int64_t end_ms = loop_now_ms(visit.loop) + GIVE_UP_MS;
    struct arena *arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    int kind = -1;

    while (kind < 0 && loop_now_ms(visit.loop) < end_ms) {
        struct span bytes;
        struct frame frame;

        assert_ok(loop_turn(visit.loop, end_ms));
        if (dealer_was_refused(visit.dealer))
            kind = 0;
        if (dealer_receive(visit.dealer, &bytes) != STATUS_OK)
            continue;
        assert_ok(frame_decode(arena, bytes, &frame));
        kind = (int)frame.kind;
        dealer_release(visit.dealer);
    }
    arena_destroy(&arena);
    return kind;
}

static void member__is_welcomed_and_seen(void **state)
{
    (void)state;
    start();
    assert_int_equal(load("root", "roster2", NULL), EX_OK);
    open_visit(member_secret);
    assert_int_equal(wait_for_answer(), FRAME_WELCOME);
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"sessions\":1");
    assert_int_equal(RUN("queue", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"connected\":true");
    assert_int_equal(process_stop(&server), EX_OK); /* with a session open */
}

static void stranger__gets_no_session(void **state)
{
    uint8_t secret[DH_BYTES], public[DH_BYTES];

    (void)state;
    start();
    assert_int_equal(load("root", "roster2", NULL), EX_OK);
    dh_new_keys(&seeded.chance, public, secret);
    open_visit(secret);
    int64_t end_ms = loop_now_ms(visit.loop) + GIVE_UP_MS;
    do { /* until the handler was asked for that key; meanwhile nothing may arrive */
        struct span bytes;

        assert_ok(loop_turn(visit.loop, loop_now_ms(visit.loop) + 50));
        assert_status(dealer_receive(visit.dealer, &bytes), STATUS_CLOSED);
        assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
        assert_true(loop_now_ms(visit.loop) < end_ms);
    } while (strstr(said, "\"asked\":0"));
    assert_holds(said, "\"admitted\":0");
    assert_holds(said, "\"sessions\":0");
}

static void suspended_member__may_come_in_and_offer_nothing(void **state)
{
    struct frame offer = {.kind = FRAME_OFFER};
    uint8_t envelope[100] = {'A', 'M', 'E', '1'};
    struct buffer bytes;

    (void)state;
    start();
    assert_int_equal(load("root", "roster2", "roster3-suspended"), EX_OK);
    open_visit(member_secret);
    assert_int_equal(wait_for_answer(), FRAME_WELCOME);
    offer.offer.envelope = span_of(envelope, sizeof envelope);
    buffer_init(&bytes, FRAME_BYTES_MAX);
    assert_ok(frame_encode(&offer, &bytes));
    assert_ok(dealer_send(visit.dealer, buffer_span(&bytes)));
    buffer_release(&bytes);
    assert_int_equal(wait_for_answer(), FRAME_REFUSED);
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"offers\":0"); /* it was not even looked at */
}

static void revoked_member__is_turned_away_by_the_transport(void **state)
{
    (void)state;
    start();
    assert_int_equal(load("root", "roster2", "roster3-revoked"), EX_OK);
    open_visit(member_secret);
    assert_int_equal(wait_for_answer(), 0);
    assert_int_equal(RUN("status", "--home", home, "--json"), EX_OK);
    assert_holds(said, "\"admitted\":0");
}

static void sigterm__ends_sessions_in_order(void **state)
{
    char log[OUTPUT_BYTES];

    (void)state;
    start();
    assert_int_equal(load("root", "roster2", NULL), EX_OK);
    open_visit(member_secret);
    assert_int_equal(wait_for_answer(), FRAME_WELCOME);
    assert_int_equal(process_stop(&server), EX_OK);
    read_text(path_of("log"), log, sizeof log);
    assert_holds(log, "event=session-end");
    assert_holds(log, "reason=draining");
    assert_null(strstr(log, "drain-cut"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(init__may_be_repeated),
        TEST(misspelt_setting__stops_the_start_with_its_line),
        TEST(missing_home__is_told_with_the_way_out),
        TEST(open_home__is_refused),
        TEST(version__names_the_libraries),
        TEST(running_exchange__says_where_it_serves),
        TEST(commands__answer_in_words_and_in_json),
        TEST(commands_without_an_exchange__say_how_to_start_it),
        TEST(second_exchange_of_one_home__is_refused_with_a_sentence),
        TEST(full_disk__is_told_before_anything_is_lost),
        TEST(documents__may_come_in_any_order),
        TEST(older_roster__is_refused_with_a_sentence),
        TEST(what_is_no_document__is_refused_by_name),
        TEST(roster__loads_while_nothing_runs),
        TEST(sigterm__ends_it_with_0),
        TEST(killed_exchange__comes_back_at_its_port_with_its_documents),
        TEST(member__is_welcomed_and_seen),
        TEST(stranger__gets_no_session),
        TEST(suspended_member__may_come_in_and_offer_nothing),
        TEST(revoked_member__is_turned_away_by_the_transport),
        TEST(sigterm__ends_sessions_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
