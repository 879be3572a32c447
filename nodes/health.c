/* SPDX-License-Identifier: Apache-2.0
 * A job owns copies of all that it reads; its rows become the shown ones in the loop's thread.
 */
#include "health.h"

#include <string.h>

#include "examine.h"
#include "memory.h"

/* Before http.h gives up a connection on which nothing is heard. What has not ended then is a row that says so. */
#define LOOK_MS (8 * SECOND_MS)

struct health {
    struct clock *clock;
    struct work *work;
    char *home, *program;
    struct diagnosis *rows; /* of the last look; NULL: none */
    int64_t looked_ms;
    bool looking;
};

struct job {
    struct health *health; /* not touched by the helper thread */
    char *home, *program;
    struct json *status;
    struct diagnosis *rows;
    void (*done)(void *context);
    void *context;
};

struct health *health_new(const struct health_options *options)
{
    struct health *health = memory_new(sizeof(*health));

    health->clock = options->clock;
    health->work = work_new(options->loop);
    health->home = memory_copy_text(options->home);
    health->program = options->program ? memory_copy_text(options->program) : NULL;
    return health;
}

void health_destroy(struct health **health)
{
    if (!*health)
        return;
    work_destroy(&(*health)->work);
    memory_free((*health)->home);
    memory_free((*health)->program);
    memory_free((*health)->rows);
    memory_free(*health);
    *health = NULL;
}

static void look(void *context)
{
    struct job *job = context;
    const struct examine order = {.program = job->program,
        .home = job->home,
        .status = job->status,
        .timeout_ms = LOOK_MS};

    examine_helpers(&order, job->rows);
}

static void drop(void *context)
{
    struct job *job = context;

    json_destroy(&job->status);
    memory_free(job->home);
    memory_free(job->program);
    memory_free(job->rows);
    memory_free(job);
}

static void tell(void *context)
{
    struct job *job = context;
    struct health *health = job->health;

    memory_free(health->rows);
    health->rows = job->rows;
    job->rows = NULL;
    health->looked_ms = clock_wall_ms(health->clock);
    health->looking = false;
    job->done(job->context);
    drop(job);
}

enum status health_look(struct health *health, const struct json *status,
    void (*done)(void *context), void *context)
{
    static const struct work_kind KIND = {look, tell, drop};
    struct job *job;

    if (health->looking)
        return STATUS_BUSY;
    job = memory_new(sizeof(*job));
    job->health = health;
    job->home = memory_copy_text(health->home);
    job->program = health->program ? memory_copy_text(health->program) : NULL;
    job->status = status ? json_clone(status) : NULL;
    job->rows = examine_new();
    job->done = done;
    job->context = context;
    health->looking = true;
    work_run(health->work, &KIND, job);
    return STATUS_OK;
}

/* This answer comes from the node: it runs. */
static void judge(
    const struct health *health, const struct json *status, struct diagnosis *rows)
{
    for (size_t i = 0; i < PROBES_N; i++)
        if (PROBES[i].place == PROBE_BY_HELPER && health->rows)
            rows[i] = health->rows[i];
        else if (strcmp(PROBES[i].name, "node") == 0)
            rows[i].finding = finding_find("node-runs");
    examine_status(status, rows);
}

struct json *health_format(const struct health *health, const struct json *status)
{
    static const enum finding_result ORDER[] = {
        FINDING_FAILED, FINDING_WARNING, FINDING_UNTOLD, FINDING_OK};
    struct json *json = json_new_object(), *list = json_new_list();
    struct diagnosis *rows = examine_new();

    judge(health, status, rows);
    for (size_t r = 0; r < ARRAY_LENGTH(ORDER); r++)
        for (size_t i = 0; i < PROBES_N; i++)
            if (rows[i].finding && rows[i].finding->result == ORDER[r]) {
                struct json *one = examine_format(&rows[i]);

                json_add(list, &one);
            }
    json_give(json, "items", &list);
    json_put_flag(json, "looking", health->looking);
    if (health->rows)
        json_put_time(json, "looked_at", health->looked_ms);
    memory_free(rows);
    return json;
}
