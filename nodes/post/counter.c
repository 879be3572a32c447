/* SPDX-License-Identifier: Apache-2.0
 *
 * The file is kept open and written in place: once per turn, between commit and speech, so it must cost no
 * more than one fdatasync. The slots stand in different pages of 4 KiB.
 */
#include "counter.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "hash.h"
#include "memory.h"

enum { SLOTS = 2, SLOT_STEP = 4096, SLOT_BYTES = 48, SLOT_HASHED = 16 };

struct counter {
    int file;
    uint64_t values[SLOTS];
};

static void encode_slot(uint64_t value, uint8_t ret[static SLOT_BYTES])
{
    struct writer writer = writer_over(ret, SLOT_BYTES);
    writer_put(&writer, "AMC1", 4);
    writer_u32(&writer, 0);
    writer_u64(&writer, value);
    struct hash check = hash_of(span_of(ret, SLOT_HASHED));
    writer_hash(&writer, &check);
}

static uint64_t decode_slot(struct span bytes)
{
    struct reader reader = reader_over(bytes);
    reader_expect(&reader, "AMC1", 4);
    reader_zeros(&reader, 4);
    uint64_t value = reader_u64(&reader);
    struct hash check = reader_hash(&reader);
    if (reader_end(&reader) != STATUS_OK)
        return 0;
    struct hash right = hash_of(span_of(bytes.at, SLOT_HASHED));
    return hash_equal(&check, &right) ? value : 0;
}

/* A new file gets its room and its place in the folder at once: later it must neither meet a full disk nor be
 * forgotten by a power cut. */
static enum status settle_new(int file, const char *path, struct trouble *trouble)
{
    struct stat now;
    if (fstat(file, &now) != 0)
        return STATUS_IO;
    if (now.st_size > 0 || !S_ISREG(now.st_mode))
        return STATUS_OK;
    int error = posix_fallocate(file, 0, (off_t)SLOTS * SLOT_STEP);
    if (error == ENOSPC || error == EDQUOT)
        return STATUS_FULL;
    if (fsync(file) != 0)
        return STATUS_IO;
    return disk_sync_parent(path, trouble);
}

enum status counter_open(const char *path, struct counter **ret, struct trouble *trouble)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) {
        bool denied = errno == EACCES || errno == ELOOP;
        trouble_say(trouble, "cannot open the state counter %s", path);
        return denied ? STATUS_DENIED : STATUS_IO;
    }
    struct counter *counter = memory_new(sizeof *counter);
    counter->file = file;
    enum status status = settle_new(file, path, trouble);
    if (status != STATUS_OK) {
        trouble_say(
            trouble, "cannot make the state counter %s: %s", path, status_name(status));
        counter_close(&counter);
        return status;
    }
    for (int i = 0; i < SLOTS; i++) {
        uint8_t slot[SLOT_BYTES];
        ssize_t n = pread(file, slot, sizeof slot, (off_t)i * SLOT_STEP);
        if (n < 0) {
            trouble_say(trouble, "cannot read the state counter %s", path);
            counter_close(&counter);
            return STATUS_IO;
        }
        counter->values[i] = decode_slot(span_of(slot, (size_t)n));
    }
    *ret = counter;
    return STATUS_OK;
}

void counter_close(struct counter **counter)
{
    if (*counter == NULL)
        return;
    close((*counter)->file);
    memory_free(*counter);
    *counter = NULL;
}

uint64_t counter_value(const struct counter *counter)
{
    return counter->values[0] > counter->values[1] ? counter->values[0]
                                                   : counter->values[1];
}

enum status counter_raise(struct counter *counter, uint64_t value)
{
    if (value <= counter_value(counter))
        return STATUS_OK;
    int next = counter->values[0] <= counter->values[1] ? 0 : 1;
    uint8_t slot[SLOT_BYTES];
    encode_slot(value, slot);
    ssize_t n = pwrite(counter->file, slot, sizeof slot, (off_t)next * SLOT_STEP);
    if (n != (ssize_t)sizeof slot)
        return n < 0 && errno != ENOSPC && errno != EDQUOT ? STATUS_IO : STATUS_FULL;
    if (fdatasync(counter->file) != 0)
        return STATUS_IO;
    counter->values[next] = value;
    return STATUS_OK;
}
