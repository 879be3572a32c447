/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory is what /proc says is resident, shared pages of libraries included: the figure a person sees in top.
 */
#include "figures.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int64_t figure_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

double figure_percentile_ms(int64_t *took_us, size_t n, int percent)
{
    qsort(took_us, n, sizeof *took_us, compare);
    return (double)took_us[(n - 1) * (size_t)percent / 100] / 1e3;
}

int64_t figure_memory_bytes(pid_t pid)
{
    char path[64];
    long pages = -1, total;
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)pid);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%ld %ld", &total, &pages) != 2)
        pages = -1;
    if (f)
        fclose(f);
    return pages < 0 ? -1 : (int64_t)pages * sysconf(_SC_PAGESIZE);
}

int64_t figure_cpu_us(pid_t pid)
{
    char path[64];
    long long ns = -1, one;
    snprintf(path, sizeof path, "/proc/%ld/task", (long)pid);
    DIR *threads = opendir(path);
    for (struct dirent *thread; threads && (thread = readdir(threads));) {
        char file[512];
        snprintf(file, sizeof file, "%s/%s/schedstat", path, thread->d_name);
        FILE *f = thread->d_name[0] != '.' ? fopen(file, "r") : NULL;
        if (f && fscanf(f, "%lld", &one) == 1)
            ns = (ns < 0 ? 0 : ns) + one;
        if (f)
            fclose(f);
    }
    if (threads)
        closedir(threads);
    return ns < 0 ? -1 : ns / 1000;
}

int64_t figure_own_cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
