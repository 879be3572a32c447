/* SPDX-License-Identifier: Apache-2.0
 *
 * torture: real processes over CURVE on loopback, killed at random points of the flow.
 *
 * usage: amaan-torture BUILD_DIR --cycles N [--seed S] [--keep DIR]
 *
 * A cycle sends REFERRALS referrals with the command that people use; meanwhile one of sender, broker and
 * recipient gets SIGKILL at a random moment, is started again and unlocked. A command that lost its answer is
 * repeated with the same Idempotency-Key until it answers. Half-way the broker's database is deleted.
 *
 * At rest after each cycle's repair, and at the end:
 *   lost          a referral whose command answered success and that has no effect at the recipient (end)
 *   twice         more than one effect for one Idempotency-Key (end)
 *   false_stored  the sender shows STORED and the recipient has no durable row (every cycle and end)
 * The last line is cycles=N kills=K referrals=R lost=0 twice=0 false_stored=0; exit 0 only if the last three are 0
 * and K > 0.
 */
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "chance.h"
#include "clock.h"
#include "memory.h"
#include "network.h"
#include "seeded.h"

enum { SENDER, RECIPIENT, NODES, BROKER = NODES };
enum {
    REFERRALS = 5,
    KILL_WITHIN_MS = 250,
    REPEATS_MAX = 50,
    REST_SECONDS = 120,
    REFERENCE_MAX = 16
};

#define FIRST_DAY_MS INT64_C(1893456000000) /* 2030-01-01 */

struct sent {
    char key[32];
    char reference[REFERENCE_MAX];
    /* A day of its own for each key: lists show it, and not what people wrote. */
    char day[TIME_TEXT_BYTES];
};

struct torture {
    struct network network;
    struct seeded seeded;
    long cycles, kills, referrals, lost, twice, false_stored;
    struct sent *sent;
};

/* The victim's end comes from a thread of its own, so that it falls anywhere in the flow. */
struct killer {
    pthread_t thread;
    pid_t *victim;
    long after_ms;
};

static void *kill_later(void *context)
{
    struct killer *killer = context;
    poll(NULL, 0, (int)killer->after_ms); /* a random moment, not a condition */
    process_kill(killer->victim);
    return NULL;
}

static bool restart(struct torture *torture, int victim)
{
    if (victim == BROKER)
        return network_start_broker(&torture->network);
    return network_start_node(&torture->network, (size_t)victim);
}

/* One referral with its key. While the victim is being killed the command may find nobody: it then gives up
 * after `patience` seconds, and is tried again after the restart. */
static bool try_to_refer(struct torture *torture, struct sent *sent, const char *patience)
{
    char body[1024];
    snprintf(body, sizeof body,
        "{\"priority\":\"urgent\",\"age_band\":\"18-25\",\"minor\":\"no\",\"gender\":"
        "\"female\","
        "\"languages\":[\"pus\"],\"interpreter\":false,\"risk\":\"high\",\"safe_"
        "contact\":\"\","
        "\"sender_role\":\"officer\",\"note\":\"invented\",\"needed_by\":\"%s\","
        "\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\",\"language\":\"pus\","
        "\"interpreter\":true,\"groups\":[\"note\"]}}",
        sent->day);
    struct buffer output;
    buffer_init(&output, 65536);
    int code = network_ask(&torture->network, SENDER, "refer",
        (const char *const[]){"--to", "shelter.peshawar", "--service", "shelter", "--key",
            sent->key, "--timeout", patience, "--reference-only", "-", NULL},
        span_text(body), &output);
    bool done = code == 0 && output.used > 1 && output.used < sizeof sent->reference;
    if (done) {
        memcpy(sent->reference, output.bytes, output.used - 1);
        sent->reference[output.used - 1] = 0;
    }
    buffer_release(&output);
    return done;
}

/* Fills `ret` with the JSON lines of a listing of node i. */
static bool list(struct torture *torture, size_t i, const char *verb, struct buffer *ret)
{
    buffer_init(ret, PROCESS_OUTPUT_MAX);
    return network_ask(&torture->network, i, verb, (const char *const[]){"--json", NULL},
               span_text(""), ret) == 0 &&
           buffer_put(ret, "", 1) == STATUS_OK; /* a NUL, for strstr */
}

/* How often "field":"value" stands in the lines. */
static long count(const struct buffer *lines, const char *field, const char *value)
{
    char want[128];
    snprintf(want, sizeof want, "\"%s\":\"%s\"", field, value);
    long n = 0;
    for (const char *at = (const char *)lines->bytes; (at = strstr(at, want)); at++)
        n++;
    return n;
}

/* Is the letter of this reference STORED or CONFIRMED in the sender's lines? */
static bool shows_stored(const struct buffer *lines, const char *reference)
{
    char want[64];
    snprintf(want, sizeof want, "\"reference\":\"%s\"", reference);
    const char *at = strstr((const char *)lines->bytes, want);
    if (!at)
        return false;
    const char *line = at, *end = strchr(at, '\n');
    while (line > (const char *)lines->bytes && line[-1] != '\n')
        line--;
    char text[4096];
    snprintf(
        text, sizeof text, "%.*s", (int)((end ? end : at + strlen(at)) - line), line);
    return strstr(text, "\"letter\":\"stored\"") ||
           strstr(text, "\"letter\":\"confirmed\"");
}

/* Counts STOREDs without an effect; *ret_waiting: letters not STORED yet. */
static bool judge(struct torture *torture, long *ret_waiting)
{
    struct buffer sent, inbox;
    bool ok =
        list(torture, SENDER, "sent", &sent); /* first the claim, then the evidence */
    ok = list(torture, RECIPIENT, "inbox", &inbox) && ok;
    *ret_waiting = 0;
    for (long i = 0; ok && i < torture->referrals; i++) {
        if (!shows_stored(&sent, torture->sent[i].reference))
            ++*ret_waiting;
        else if (count(&inbox, "reference", torture->sent[i].reference) == 0)
            torture->false_stored++;
    }
    buffer_release(&sent);
    buffer_release(&inbox);
    return ok;
}

static bool cycle(struct torture *torture, long number)
{
    int victim = (int)chance_below(&torture->seeded.chance, 3);
    struct killer killer = {.victim = victim == BROKER ? &torture->network.broker
                                                       : &torture->network.nodes[victim],
        .after_ms = (long)chance_below(&torture->seeded.chance, KILL_WITHIN_MS)};
    struct sent *sent = &torture->sent[torture->referrals];
    bool done[REFERRALS] = {false};
    PROMISE(pthread_create(&killer.thread, NULL, kill_later, &killer) == 0);
    for (int i = 0; i < REFERRALS; i++) {
        snprintf(sent[i].key, sizeof sent[i].key, "torture-%ld-%d", number, i);
        time_format(FIRST_DAY_MS + (torture->referrals + i) * DAY_MS, sent[i].day);
        sent[i].day[strlen("2030-01-01")] = 0;
        done[i] = try_to_refer(torture, &sent[i], "1");
    }
    pthread_join(killer.thread, NULL);
    torture->kills++;
    if (!restart(torture, victim))
        return false;
    for (int i = 0; i < REFERRALS; i++)
        for (int k = 0; !done[i]; k++) {
            if (k == REPEATS_MAX)
                return false;
            done[i] = try_to_refer(torture, &sent[i], "10");
        }
    torture->referrals += REFERRALS;
    long waiting;
    return judge(torture, &waiting);
}

/* The broker's disk is lost: killed, database deleted, started, and given its documents again. */
static bool burn_the_broker(struct torture *torture)
{
    static const char *const beside[] = {"", "-wal", "-shm"};
    process_kill(&torture->network.broker);
    for (size_t i = 0; i < ARRAY_LENGTH(beside); i++) {
        char path[NETWORK_PATH_BYTES * 2];
        snprintf(
            path, sizeof path, "%s%s", network_broker_db(&torture->network), beside[i]);
        unlink(path);
    }
    printf("torture: the broker's database is deleted\n");
    return network_start_broker(&torture->network) &&
           network_load_roster(&torture->network);
}

/* The first letter from `from` on that is not STORED in the sender's lines; how many there are if all are. */
static long find_waiting(
    const struct torture *torture, const struct buffer *sent, long from)
{
    while (from < torture->referrals && shows_stored(sent, torture->sent[from].reference))
        from++;
    return from;
}

/* Waits, in the sender's node, until every letter is STORED. A program a letter would take longer than the letters do: only
 * what the list shows as waiting is waited for. False: REST_SECONDS are over, or the node cannot be asked. */
static bool come_to_rest(struct torture *torture)
{
    time_t end = time(NULL) + REST_SECONDS;
    long at = 0;
    while (at < torture->referrals) {
        struct buffer sent;
        char left[16];
        bool ok = list(torture, SENDER, "sent", &sent);
        at = ok ? find_waiting(torture, &sent, at) : at;
        buffer_release(&sent);
        if (!ok || time(NULL) >= end)
            return ok && at == torture->referrals;
        snprintf(left, sizeof left, "%ld", (long)(end - time(NULL)));
        if (at < torture->referrals &&
            network_ask(&torture->network, SENDER, "trace",
                (const char *const[]){torture->sent[at].reference, "--until", "stored",
                    "--timeout", left, "--json", NULL},
                span_text(""), NULL) != 0)
            return false;
    }
    return true;
}

static bool final_count(struct torture *torture)
{
    long waiting = 0;
    bool rest = come_to_rest(torture);
    if (!judge(torture, &waiting))
        return false;
    if (!rest)
        fprintf(stderr,
            "torture: %ld letters are not STORED %d s after the last restart\n", waiting,
            REST_SECONDS);
    struct buffer inbox;
    bool ok = list(torture, RECIPIENT, "inbox", &inbox);
    for (long i = 0; ok && i < torture->referrals; i++) {
        torture->lost += count(&inbox, "reference", torture->sent[i].reference) == 0;
        torture->twice += count(&inbox, "needed_by", torture->sent[i].day) > 1;
        if (count(&inbox, "needed_by", torture->sent[i].day) ==
            0) /* the day is how we know the key */
            torture->lost++;
    }
    buffer_release(&inbox);
    return ok && rest; /* without rest the counts prove nothing */
}

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
    (void)s, (void)type, (void)ftw;
    return remove(path);
}

static int run(struct torture *torture, const char *build, const char *home)
{
    static const char *const names[] = {"fia.torkham", "shelter.peshawar"};
    static const char *const roles[] = {"screening", "shelter"};
    if (!network_make(&torture->network, build, home, names, roles, NODES)) {
        network_stop(&torture->network);
        return 1;
    }
    bool ok = true;
    for (long i = 0; ok && i < torture->cycles; i++) {
        if (i == torture->cycles / 2)
            ok = burn_the_broker(torture);
        ok = ok && cycle(torture, i);
        if (i % 10 == 9)
            printf("torture: %ld cycles, %ld referrals\n", i + 1, torture->referrals),
                fflush(stdout);
    }
    if (!ok)
        fprintf(stderr,
            "torture: a program could not be started or asked again; see %s\n",
            torture->network.log);
    ok = ok && final_count(torture);
    network_stop(&torture->network);
    printf("cycles=%ld kills=%ld referrals=%ld lost=%ld twice=%ld false_stored=%ld\n",
        torture->cycles, torture->kills, torture->referrals, torture->lost,
        torture->twice, torture->false_stored);
    return ok && torture->kills > 0 && torture->lost == 0 && torture->twice == 0 &&
                   torture->false_stored == 0
               ? 0
               : 1;
}

static long number_of(const char *text)
{
    char *end;
    errno = 0;
    long value = text ? strtol(text, &end, 10) : -1;
    return errno == 0 && text && *text && !*end ? value : -1;
}

int main(int argc, char **argv)
{
    long cycles = -1, seed = (long)time(NULL);
    const char *keep = NULL;
    for (int i = 2; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--cycles") == 0)
            cycles = number_of(argv[i + 1]);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = number_of(argv[i + 1]);
        else if (strcmp(argv[i], "--keep") == 0)
            keep = argv[i + 1];
    }
    if (argc < 4 || cycles < 1 || cycles > 100000 || seed < 0) {
        fprintf(stderr,
            "usage: amaan-torture BUILD_DIR --cycles N [--seed S] [--keep DIR]\n");
        return 64;
    }
    struct torture torture = {.cycles = cycles};
    seeded_init(&torture.seeded, (uint64_t)seed);
    torture.sent = memory_new_array((size_t)cycles * REFERRALS, sizeof *torture.sent);
    char home[] = "/tmp/amaan-torture-XXXXXX";
    if (!keep && !mkdtemp(home))
        return 73;
    printf("torture: seed %ld\n", seed);
    int code = run(&torture, argv[1], keep ? keep : home);
    if (!keep)
        nftw(home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    memory_free(torture.sent);
    return code;
}
