/* SPDX-License-Identifier: Apache-2.0
 * The job owns a copy of all it needs; its memory is wiped on either end.
 */
#include "unlock.h"

#include <string.h>

#include "disk.h"
#include "memory.h"

struct unlock_job {
    struct unlock_order order;
    char *path, *person, *passphrase, *name, *new_passphrase;
    struct unlock_result result;
    void (*done)(void *context, const struct unlock_result *result);
    void *context;
};

static void free_secret(char *text)
{
    memory_wipe(text, strlen(text));
    memory_free(text);
}

static void free_job(void *context)
{
    struct unlock_job *job = context;

    free_secret(job->passphrase);
    free_secret(job->new_passphrase);
    memory_free(job->person);
    memory_free(job->name);
    memory_free(job->path);
    memory_wipe(job, sizeof(*job));
    memory_free(job);
}

static enum status change(struct unlock_job *job, struct people *people)
{
    struct span words = span_text(job->new_passphrase);
    struct chance *chance = job->order.chance;

    switch (job->order.act) {
    case UNLOCK_ADD:
        return people_add(people, job->name, job->order.role, words, COST_NODE, chance);
    case UNLOCK_REMOVE:
        return people_remove(people, job->name, chance);
    case UNLOCK_ROLE:
        return people_set_role(people, job->name, job->order.role);
    case UNLOCK_PASSPHRASE:
        return people_set_passphrase(people, words, COST_NODE, chance);
    case UNLOCK_RECOVERY:
        return people_set_recovery(people, chance, job->result.recovery);
    default:
        return STATUS_OK;
    }
}

static enum status write_file(struct unlock_job *job, const struct people *people)
{
    struct buffer file;
    enum status status;

    buffer_init(&file, PEOPLE_FILE_MAX);
    status = people_encode(people, job->order.chance, &file);
    if (status == STATUS_OK)
        status = disk_write(job->path, buffer_span(&file), 0600, NULL);
    buffer_release(&file);
    return status;
}

static void derive(void *context)
{
    struct unlock_job *job = context;
    struct unlock_result *result = &job->result;
    struct people *people = NULL;
    struct buffer file;

    buffer_init(&file, PEOPLE_FILE_MAX);
    result->status = disk_read(job->path, PEOPLE_FILE_MAX, &file, NULL);
    if (result->status == STATUS_OK)
        result->status = people_break(buffer_span(&file), job->person,
            span_text(job->passphrase), job->order.chance, &people);
    buffer_release(&file);
    if (result->status != STATUS_OK)
        return;
    result->opened = true;
    result->keys = *people_keys(people);
    result->self = *people_self(people);
    result->status = change(job, people);
    if (result->status == STATUS_OK && job->order.act != UNLOCK_ONLY)
        result->status = write_file(job, people);
    node_people_of(people, &result->people);
    people_destroy(&people);
}

static void tell(void *context)
{
    struct unlock_job *job = context;

    job->done(job->context, &job->result);
    free_job(job);
}

static char *copy(const char *text)
{
    return memory_copy_text(text ? text : "");
}

void unlock_start(struct work *work, const struct unlock_order *order,
    void (*done)(void *context, const struct unlock_result *result), void *context)
{
    static const struct work_kind KIND = {derive, tell, free_job};
    struct unlock_job *job = memory_new(sizeof(*job));

    job->order = *order;
    job->path = disk_path(order->home, "node.key");
    job->person = copy(order->person);
    job->passphrase = copy(order->passphrase);
    job->name = copy(order->name);
    job->new_passphrase = copy(order->new_passphrase);
    job->done = done;
    job->context = context;
    work_run(work, &KIND, job);
}
