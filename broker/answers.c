/* SPDX-License-Identifier: Apache-2.0
 * Records behind each other in one block: { connection, length }, frame. A round moves what is kept to the
 * front of the block. Nothing is wiped: what a broker says is no secret to it.
 */
#include "answers.h"

#include <string.h>

#include "memory.h"

struct answers {
    uint8_t *block;
    size_t size, used, read,
        last;            /* last: where the record of the last answers_next begins */
    size_t kept, n_kept; /* bytes and records at the front from earlier rounds */
    bool rounds;         /* between the first answers_next and its false */
    struct buffer frame;
};

enum { FIRST_BYTES = 65536, KEPT_BYTES = 4 * 1024 * 1024 };

struct record {
    uint64_t connection;
    uint64_t n;
};

struct answers *answers_new(void)
{
    struct answers *answers = memory_new(sizeof *answers);
    buffer_init(&answers->frame, FRAME_BYTES_MAX);
    return answers;
}

void answers_destroy(struct answers **answers)
{
    if (*answers == NULL) {
        return;
    }
    buffer_release(&(*answers)->frame);
    memory_free((*answers)->block);
    memory_free(*answers);
    *answers = NULL;
}

static uint8_t *claim(struct answers *answers, size_t n)
{
    if (n > answers->size - answers->used) {
        size_t size = answers->size > 0 ? answers->size : FIRST_BYTES;
        while (size - answers->used < n) {
            size *= 2;
        }
        answers->block = memory_resize(answers->block, size, 1);
        answers->size = size;
    }
    uint8_t *at = answers->block + answers->used;
    answers->used += n;
    return at;
}

void answers_add(struct answers *answers, uint64_t connection, const struct frame *frame)
{
    PROMISE(!answers->rounds);
    enum status status = frame_encode(frame, &answers->frame);
    PROMISE(status == STATUS_OK);
    struct span bytes = buffer_span(&answers->frame);
    struct record record = {connection, bytes.n};
    uint8_t *at = claim(answers, sizeof record + bytes.n);
    memcpy(at, &record, sizeof record);
    memcpy(at + sizeof record, bytes.at, bytes.n);
}

void answers_clear(struct answers *answers)
{
    PROMISE(!answers->rounds);
    answers->used = answers->kept;
}

static void end_round(struct answers *answers)
{
    answers->rounds = false;
    answers->used = answers->kept;
    answers->read = 0;
    if (answers->used == 0 && answers->size > KEPT_BYTES) {
        memory_free(answers->block);
        answers->block = NULL;
        answers->size = 0;
    }
}

bool answers_next(
    struct answers *answers, uint64_t *ret_connection, struct span *ret_frame)
{
    struct record record;
    if (!answers->rounds) {
        answers->rounds = true;
        answers->read = 0;
        answers->kept = 0;
        answers->n_kept = 0;
    }
    if (answers->read == answers->used) {
        end_round(answers);
        return false;
    }
    answers->last = answers->read;
    memcpy(&record, answers->block + answers->read, sizeof record);
    answers->read += sizeof record;
    *ret_connection = record.connection;
    *ret_frame = span_of(answers->block + answers->read, record.n);
    answers->read += record.n;
    return true;
}

void answers_keep(struct answers *answers)
{
    PROMISE(answers->rounds && answers->read > answers->last);
    size_t n = answers->read - answers->last;
    memmove(answers->block + answers->kept, answers->block + answers->last, n);
    answers->kept += n;
    answers->n_kept++;
    answers->last = answers->read; /* once */
}

size_t answers_kept(const struct answers *answers)
{
    return answers->n_kept;
}
