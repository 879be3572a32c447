/* SPDX-License-Identifier: Apache-2.0
 *
 * client_stage: the program "amaan" as a child process, and a node that answers from a script over a real Unix
 * socket. Each test has a stage: a folder of its own with run/socket in it.
 */
#ifndef AMAAN_CLIENT_STAGE_H
#define AMAAN_CLIENT_STAGE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { STAGE_STEPS_MAX = 64, STAGE_TEXT_BYTES = 65536, STAGE_PATH_BYTES = 64 };

/* What the node does with the next connection. */
struct stage_step {
    int http;         /* 0: read the request and hang up */
    const char *body; /* NULL: {} */
    const char *type; /* NULL: application/json */
    bool torn;        /* hang up in the middle of the answer */
};

struct stage_request {
    char line[512]; /* "GET /api/v1/status" */
    char key[256];  /* Idempotency-Key, "" if none */
    char type[64];  /* Content-Type */
    char body[8192];
};

struct stage {
    char home[STAGE_PATH_BYTES], socket_path[STAGE_PATH_BYTES + 16];
    int listener;
    pthread_t thread;
    bool listens;
    const struct stage_step *steps; /* the last one is repeated */
    size_t n_steps;
    struct stage_request requests[STAGE_STEPS_MAX];
    size_t n_requests;
    /* Of the last command. */
    char out[STAGE_TEXT_BYTES], err[STAGE_TEXT_BYTES];
};

struct stage *stage_new(void);
void stage_destroy(struct stage *stage);
/* Listens and answers by these steps from now on, until the stage is struck or begins anew. */
void stage_begin(struct stage *stage, const struct stage_step *steps, size_t n);
void stage_end(struct stage *stage); /* nobody listens any more */

/* Runs amaan with these words (they end with NULL), --home and its value added; standard input is `in`. The
 * exit code; what it printed stands in out and err. */
int stage_run(struct stage *stage, const char *in, const char *const *words);
/* The two halves. `program` NULL is amaan, without --home added if `bare`. `tty`, if not -1, becomes its
 * controlling terminal and standard output. */
struct stage_child {
    pid_t pid;
    int out, err;
};
struct stage_child stage_start(struct stage *stage, const char *program, const char *in,
    const char *const *words, int tty);
int stage_finish(struct stage *stage, struct stage_child *child);
/* Waits until the child watches a folder: it has tried, and failed. */
void stage_await_watch(const struct stage_child *child);

#define STAGE_RUN(stage, in, ...)                                                        \
    stage_run((stage), (in), (const char *const[]){__VA_ARGS__, NULL})
#define STAGE_BEGIN(stage, ...)                                                          \
    stage_begin((stage), (const struct stage_step[]){__VA_ARGS__},                       \
        sizeof((struct stage_step[]){__VA_ARGS__}) / sizeof(struct stage_step))

#endif
