/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_path: the whole way of a referral through three real processes, their sockets and their disks.
 *
 * usage: bench_path BUILD_DIR HOME REFERRALS
 *
 * A broker and two nodes are made in HOME, an empty folder. Referrals go one at a time; this process is the
 * person's program at both ends and speaks HTTP on the nodes' local sockets:
 *
 *   refer    from the request until the sender's node answers: the letter is on its disk
 *   effect   from the request until the recipient's node shows it in its inbox: opened, checked, on its disk
 *   receipt  from the request until the sender's node has verified the signed receipt and kept it
 *   call     a request that does nothing (status): what HTTP itself costs, once in refer, twice in effect
 *
 * Prints one line of JSON. Effect and receipt are waited for one after the other: the receipt's figure holds the
 * answer about the effect, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "figures.h"
#include "json.h"
#include "memory.h"
#include "network.h"

enum {
    SENDER,
    RECIPIENT,
    NODES,
    ANSWER_MAX = 65536,
    CALL_MS = 10000,
    WARM_UP = 5,
    REFERENCE_BYTES = 10
};

static const char *const NAMES[NODES] = {"fia.torkham", "clinic.rawalpindi"};
static const char *const ROLES[NODES] = {"screening", "medical"};
static const char REFERRAL[] =
    "{\"to\":\"clinic.rawalpindi\",\"service\":\"medical\",\"priority\":\"normal\",\"age_"
    "band\":\"26-40\","
    "\"minor\":\"no\",\"gender\":\"female\",\"languages\":[\"urd\",\"pus\"],"
    "\"interpreter\":true,"
    "\"risk\":\"medium\",\"safe_contact\":\"Ask at the desk for the folder quillomar\","
    "\"sender_role\":\"screening officer\",\"note\":\"Invented person of a bench; a "
    "cough since some days.\",\"consent\":{\"given_by\":\"person\",\"how\":\"spoken\","
    "\"language\":\"urd\",\"interpreter\":true,\"groups\":[\"contact\",\"note\"]}}";

struct bench {
    struct network network;
    char sockets[NODES][NETWORK_PATH_BYTES * 2];
    size_t referred; /* so many so far: the next one's Idempotency-Key */
    int64_t *refer_us, *effect_us, *receipt_us, *call_us;
};

/* One call that must be answered 200 or 201; the parsed answer, or NULL after saying why. */
static struct json *ask(const struct bench *bench, int node, const char *method,
    const char *path, const char *key, struct span body)
{
    struct http_call call = {.socket_path = bench->sockets[node],
        .method = method,
        .path = path,
        .key = key,
        .body = body,
        .timeout_ms = CALL_MS};
    struct trouble trouble = {""};
    struct buffer answer;
    struct json *json = NULL;
    int code = 0;
    buffer_init(&answer, ANSWER_MAX);
    enum status status = http_call(&call, &code, &answer, &trouble);
    if (status == STATUS_OK && (code == 200 || code == 201))
        status = json_parse(buffer_span(&answer), ANSWER_MAX, &json, &trouble);
    if (!json)
        fprintf(stderr, "bench: %s %s: %s, code %d %s\n%.*s\n", method, path,
            status_name(status), code, trouble.text, (int)answer.used,
            (const char *)answer.bytes);
    buffer_release(&answer);
    return json;
}

/* Waits until the referral has come so far at that node. */
static bool await(
    const struct bench *bench, int node, const char *reference, const char *until)
{
    char path[128];
    snprintf(path, sizeof path, "/api/v1/referrals/%s?until=%s&wait=8", reference, until);
    struct json *json = ask(bench, node, "GET", path, NULL, span_text(""));
    const char *reached = json ? json_find_text(json, "reached") : NULL;
    bool come = reached && strcmp(reached, "yes") == 0;
    if (json && !come)
        fprintf(stderr, "bench: %s did not come to '%s' in time\n", reference, until);
    json_destroy(&json);
    return come;
}

static bool refer(struct bench *bench, char ret_reference[static REFERENCE_BYTES])
{
    char key[32];
    snprintf(key, sizeof key, "bench-%zu", bench->referred++);
    struct json *json = ask(bench, SENDER, "POST", "/api/v1/referrals", key,
        span_of(REFERRAL, sizeof REFERRAL - 1));
    const char *reference = json ? json_find_text(json, "reference") : NULL;
    bool made = reference && strlen(reference) < REFERENCE_BYTES;
    if (made)
        snprintf(ret_reference, REFERENCE_BYTES, "%s", reference);
    json_destroy(&json);
    return made;
}

static bool measure_one(struct bench *bench, size_t at)
{
    char reference[REFERENCE_BYTES];
    int64_t begun = figure_now_us();
    if (!refer(bench, reference))
        return false;
    bench->refer_us[at] = figure_now_us() - begun;
    if (!await(bench, RECIPIENT, reference, "requested"))
        return false;
    bench->effect_us[at] = figure_now_us() - begun;
    if (!await(bench, SENDER, reference, "stored"))
        return false;
    bench->receipt_us[at] = figure_now_us() - begun;
    begun = figure_now_us();
    struct json *json = ask(bench, SENDER, "GET", "/api/v1/status", NULL, span_text(""));
    bench->call_us[at] = figure_now_us() - begun;
    bool answered = json != NULL;
    json_destroy(&json);
    return answered;
}

/* The first few warm caches and make the first contact; they do not count. */
static bool measure(struct bench *bench, size_t n)
{
    for (size_t i = 0; i < n + WARM_UP; i++)
        if (!measure_one(bench, i < WARM_UP ? 0 : i - WARM_UP))
            return false;
    return true;
}

static void print(struct bench *bench, size_t n, int64_t node_bytes, int64_t broker_bytes)
{
    printf("{\"n\":%zu", n);
    struct {
        const char *name;
        int64_t *took_us;
    } rows[] = {{"refer", bench->refer_us}, {"effect", bench->effect_us},
        {"receipt", bench->receipt_us}, {"call", bench->call_us}};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        double median = figure_percentile_ms(rows[i].took_us, n, 50);
        printf(",\"%s_p50_ms\":%.3f,\"%s_p99_ms\":%.3f", rows[i].name, median,
            rows[i].name, figure_percentile_ms(rows[i].took_us, n, 99));
    }
    printf(",\"node_idle_rss_mib\":%.1f,\"broker_idle_rss_mib\":%.1f}\n",
        (double)node_bytes / 1048576.0, (double)broker_bytes / 1048576.0);
}

static bool run(struct bench *bench, const char *build, const char *home, size_t n)
{
    if (!network_make(&bench->network, build, home, NAMES, ROLES, NODES))
        return false;
    for (int i = 0; i < NODES; i++)
        snprintf(bench->sockets[i], sizeof bench->sockets[i], "%s/run/socket",
            bench->network.homes[i]);
    /* One referral first: both nodes are then unlocked, connected and have spoken. Then they are idle. */
    bool ok = measure(bench, 1);
    int64_t node_bytes = figure_memory_bytes(bench->network.nodes[RECIPIENT]);
    int64_t broker_bytes = figure_memory_bytes(bench->network.broker);
    ok = ok && measure(bench, n);
    if (ok)
        print(bench, n, node_bytes, broker_bytes);
    return ok;
}

int main(int argc, char **argv)
{
    char *end = NULL;
    long n = argc == 4 ? strtol(argv[3], &end, 10) : 0;
    if (argc != 4 || n < 1 || n > 3500 || *end) {
        fprintf(stderr, "usage: bench_path BUILD_DIR HOME REFERRALS (up to 3500: the "
                        "exchange's quota)\n");
        return 64;
    }
    struct bench bench = {.refer_us = memory_new_array((size_t)n, sizeof(int64_t)),
        .effect_us = memory_new_array((size_t)n, sizeof(int64_t)),
        .receipt_us = memory_new_array((size_t)n, sizeof(int64_t)),
        .call_us = memory_new_array((size_t)n, sizeof(int64_t))};
    bool ok = run(&bench, argv[1], argv[2], (size_t)n);
    network_stop(&bench.network);
    memory_free(bench.refer_us);
    memory_free(bench.effect_us);
    memory_free(bench.receipt_us);
    memory_free(bench.call_us);
    return ok ? 0 : 1;
}
