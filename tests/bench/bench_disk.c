/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_disk: what an fsync costs in a folder, so that the other figures can be read.
 *
 * usage: bench_disk FOLDER TIMES
 *
 * Writes a page at the end of a file and syncs it, so many times. Prints {"n","fsync_p50_ms","fsync_p99_ms"}.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "figures.h"
#include "memory.h"

enum { PAGE_BYTES = 4096, TIMES_MAX = 100000 };

static bool measure(int fd, int64_t *took_us, size_t n)
{
    static const char page[PAGE_BYTES];
    for (size_t i = 0; i < n; i++) {
        int64_t begun = figure_now_us();
        if (write(fd, page, sizeof page) != (ssize_t)sizeof page || fdatasync(fd) != 0)
            return false;
        took_us[i] = figure_now_us() - begun;
    }
    return true;
}

int main(int argc, char **argv)
{
    char path[4096], *end = NULL;
    long n = argc == 3 ? strtol(argv[2], &end, 10) : 0;
    if (argc != 3 || n < 1 || n > TIMES_MAX || *end) {
        fprintf(stderr, "usage: bench_disk FOLDER TIMES\n");
        return 64;
    }
    snprintf(path, sizeof path, "%s/bench-disk", argv[1]);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int64_t *took_us = memory_new_array((size_t)n, sizeof *took_us);
    bool ok = fd >= 0 && measure(fd, took_us, (size_t)n);
    if (ok) {
        double median = figure_percentile_ms(took_us, (size_t)n, 50);
        printf("{\"n\":%ld,\"fsync_p50_ms\":%.3f,\"fsync_p99_ms\":%.3f}\n", n, median,
            figure_percentile_ms(took_us, (size_t)n, 99));
    } else {
        perror(path);
    }
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    memory_free(took_us);
    return ok ? 0 : 1;
}
