/* SPDX-License-Identifier: Apache-2.0
 *
 * Nothing here that a person could not type: see docs/OPERATIONS.md for the same steps in words.
 */
#include "network.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"

enum { OUTPUT_MAX = 65536, STEWARDS = 3 };

static const char PASSPHRASE[] = "seven invented torture words";

static bool run(struct network *network, struct span input, struct buffer *output,
    const char *const *words)
{
    int code = process_run(network->log, words, input, output);
    if (code != 0)
        fprintf(stderr, "network: %s %s ended with %d; see %s\n", words[0], words[1],
            code, network->log);
    return code == 0;
}

#define RUN(network, input, output, ...)                                                 \
    run((network), (input), (output), (const char *const[]){__VA_ARGS__, NULL})

/* build/PLACE or home/PLACE, in one of a ring of static buffers: enough for one command line. */
static const char *path_of(const char *folder, const char *place)
{
    static char ring[16][NETWORK_PATH_BYTES * 2];
    static size_t next;
    char *path = ring[next++ % ARRAY_LENGTH(ring)];
    snprintf(path, sizeof ring[0], "%s/%s", folder, place);
    return path;
}

static const char *program(struct network *network, const char *place)
{
    return path_of(network->build, place);
}

static const char *file(struct network *network, const char *place)
{
    return path_of(network->home, place);
}

static bool sign(struct network *network, const char *document)
{
    static const char *const keys[] = {"steward1.key", "steward2.key"};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
        if (!RUN(network, span_text(PASSPHRASE), NULL,
                program(network, "steward/amaan-steward"), "sign", "--yes",
                "--passphrase-fd", "0", "--key", file(network, keys[i]), "--root",
                file(network, "root.amaan"), file(network, document)))
            return false;
    return true;
}

static bool make_stewards(struct network *network)
{
    char keys[STEWARDS][128] = {{0}};
    const char *steward = program(network, "steward/amaan-steward");
    for (int i = 0; i < STEWARDS; i++) {
        char name[32];
        snprintf(name, sizeof name, "steward%d.key", i + 1);
        struct buffer text;
        buffer_init(&text, OUTPUT_MAX);
        bool made =
            RUN(network, span_text(PASSPHRASE), NULL, steward, "key", "new", "--cost",
                "floor", "--passphrase-fd", "0", "--out", file(network, name)) &&
            RUN(network, span_text(""), &text, steward, "key", "show", "--public",
                file(network, name));
        if (made && text.used > 1 && text.used < sizeof keys[i])
            memcpy(keys[i], text.bytes, text.used - 1); /* without the newline */
        buffer_release(&text);
        if (!keys[i][0])
            return false;
    }
    return RUN(network, span_text(""), NULL, steward, "root", "new", "--steward", keys[0],
               "--steward", keys[1], "--steward", keys[2], "--threshold", "2", "--out",
               file(network, "root.amaan")) &&
           sign(network, "root.amaan");
}

static bool make_roster(struct network *network)
{
    const char *words[18 + 2 * NETWORK_NODES_MAX];
    size_t n = 0;
    words[n++] = program(network, "steward/amaan-steward");
    words[n++] = "roster";
    words[n++] = "new";
    words[n++] = "--root";
    words[n++] = file(network, "root.amaan");
    words[n++] = "--fingerprints-compared";
    words[n++] = "--protocol"; /* before the first member: of all of them */
    words[n++] = "isp-1:2999-12-31";
    char joins[NETWORK_NODES_MAX][NETWORK_PATH_BYTES * 2];
    for (size_t i = 0; i < network->n; i++) {
        snprintf(joins[i], sizeof joins[i], "%s/%s.join", network->homes[i],
            network->names[i]);
        words[n++] = "--admit";
        words[n++] = joins[i];
    }
    words[n++] = "--out-roster";
    words[n++] = file(network, "roster.amaan");
    words[n++] = "--out-profiles";
    words[n++] = file(network, "profiles.amaan");
    words[n++] = "--out-plain";
    words[n++] = file(network, "profiles.plain");
    words[n] = NULL;
    return run(network, span_text(""), NULL, words) && sign(network, "roster.amaan") &&
           sign(network, "profiles.amaan");
}

bool network_start_broker(struct network *network)
{
    network->broker = process_serve(
        network->log, (const char *const[]){program(network, "broker/amaan-broker"),
                          "run", "--home", file(network, "broker"), NULL});
    return network->broker > 0;
}

bool network_start_node(struct network *network, size_t i)
{
    network->nodes[i] = process_serve(
        network->log, (const char *const[]){program(network, "nodes/amaan-node"), "run",
                          network->homes[i], NULL});
    return network->nodes[i] > 0 &&
           network_ask(network, i, "unlock",
               (const char *const[]){"--passphrase-fd", "0", NULL}, span_text(PASSPHRASE),
               NULL) == 0;
}

bool network_load_roster(struct network *network)
{
    return RUN(network, span_text(""), NULL, program(network, "broker/amaan-broker"),
        "roster", "load", "--home", file(network, "broker"), file(network, "root.amaan"),
        file(network, "roster.amaan"), file(network, "profiles.amaan"));
}

const char *network_broker_db(struct network *network)
{
    return file(network, "broker/broker.db");
}

int network_ask(struct network *network, size_t i, const char *verb,
    const char *const *words, struct span input, struct buffer *ret_output)
{
    const char *line[PROCESS_WORDS_MAX] = {
        program(network, "nodes/client/amaan"), verb, "--home", network->homes[i]};
    size_t n = 4;
    for (size_t k = 0; words && words[k]; k++)
        line[n++] = words[k];
    line[n] = NULL;
    return process_run(network->log, line, input, ret_output);
}

static bool join(struct network *network, size_t i)
{
    return RUN(network, span_text(""), NULL, program(network, "nodes/amaan-node"), "join",
        "--root", file(network, "root.amaan"), "--roster", file(network, "roster.amaan"),
        "--profiles", file(network, "profiles.amaan"), "--broker",
        file(network, "broker/broker.amaan"), network->homes[i]);
}

bool network_make(struct network *network, const char *build, const char *home,
    const char *const names[], const char *const roles[], size_t n)
{
    PROMISE(n <= NETWORK_NODES_MAX);
    *network = (struct network){.n = n, .broker = -1};
    snprintf(network->build, sizeof network->build, "%s", build);
    snprintf(network->home, sizeof network->home, "%s", home);
    snprintf(network->log, sizeof network->log, "%s", file(network, "log"));
    if (!RUN(network, span_text(""), NULL, program(network, "broker/amaan-broker"),
            "init", "--endpoint", "tcp://127.0.0.1:0", file(network, "broker")))
        return false;
    mkdir(file(network, "nodes"), 0700);
    for (size_t i = 0; i < n; i++) {
        network->nodes[i] = -1;
        network->names[i] = names[i];
        network->roles[i] = roles[i];
        snprintf(network->homes[i], sizeof network->homes[i], "%s/nodes/%.100s", home,
            names[i]);
        if (!RUN(network, span_text(PASSPHRASE), NULL,
                program(network, "nodes/amaan-node"), "init", "--name", names[i],
                "--role", roles[i], "--person", "Torture person", "--cost", "floor",
                "--passphrase-fd", "0", network->homes[i]))
            return false;
    }
    if (!make_stewards(network) || !make_roster(network) ||
        !network_start_broker(network) || !network_load_roster(network))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!join(network, i) || !network_start_node(network, i))
            return false;
    return true;
}

void network_stop(struct network *network)
{
    for (size_t i = 0; i < network->n; i++)
        process_stop(&network->nodes[i]);
    process_stop(&network->broker);
}
