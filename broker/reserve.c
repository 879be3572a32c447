/* SPDX-License-Identifier: Apache-2.0
 * posix_fallocate takes the blocks at once; truncating the file to nothing gives them back.
 */
#include "reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limits.h"
#include "memory.h"

struct reserve {
    int file; /* -1: none */
    bool is_held;
};

struct reserve *reserve_open(const char *database_path)
{
    struct reserve *reserve = memory_new(sizeof *reserve);
    reserve->file = -1;
    if (database_path != NULL) {
        char path[4096];
        int n = snprintf(path, sizeof path, "%s.reserve", database_path);
        if (n > 0 && (size_t)n < sizeof path) {
            reserve->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        }
    }
    reserve_restore(reserve);
    return reserve;
}

void reserve_close(struct reserve **reserve)
{
    if (*reserve == NULL) {
        return;
    }
    if ((*reserve)->file >= 0) {
        close((*reserve)->file);
    }
    memory_free(*reserve);
    *reserve = NULL;
}

void reserve_release(struct reserve *reserve)
{
    if (reserve->file >= 0 && ftruncate(reserve->file, 0) == 0) {
        reserve->is_held = false;
    }
}

void reserve_restore(struct reserve *reserve)
{
    if (reserve->file < 0 || reserve->is_held) {
        return;
    }
    reserve->is_held = posix_fallocate(reserve->file, 0, DISK_RESERVE_BYTES) == 0;
    if (!reserve->is_held) {
        (void)!ftruncate(reserve->file, 0);
    }
}

bool reserve_is_held(const struct reserve *reserve)
{
    return reserve->is_held;
}
