/* SPDX-License-Identifier: Apache-2.0
 * The job owns a copy of all it needs; its memory is wiped on either end.
 */
#include "unlock.h"

#include <string.h>

#include "disk.h"
#include "memory.h"

enum { KEY_FILE_MAX = 4096 };

struct unlock_job {
    char *path, *passphrase;
    enum status status;
    struct node_keys keys;
    void (*done)(void *context, enum status status, const struct node_keys *keys);
    void *context;
};

static void free_job(void *context)
{
    struct unlock_job *job = context;

    memory_wipe(job->passphrase, strlen(job->passphrase));
    memory_free(job->passphrase);
    memory_free(job->path);
    memory_wipe(job, sizeof(*job));
    memory_free(job);
}

static void derive(void *context)
{
    struct unlock_job *job = context;
    struct buffer file;

    buffer_init(&file, KEY_FILE_MAX);
    job->status = disk_read(job->path, KEY_FILE_MAX, &file, NULL);
    if (job->status == STATUS_OK)
        job->status =
            node_derive(buffer_span(&file), span_text(job->passphrase), &job->keys);
    buffer_release(&file);
}

static void tell(void *context)
{
    struct unlock_job *job = context;

    job->done(job->context, job->status, &job->keys);
    free_job(job);
}

void unlock_start(struct work *work, const char *home, const char *passphrase,
    void (*done)(void *context, enum status status, const struct node_keys *keys),
    void *context)
{
    static const struct work_kind KIND = {derive, tell, free_job};
    struct unlock_job *job = memory_new(sizeof(*job));

    job->path = disk_path(home, "node.key");
    job->passphrase = memory_copy_text(passphrase);
    job->done = done;
    job->context = context;
    work_run(work, &KIND, job);
}
