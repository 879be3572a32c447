/* SPDX-License-Identifier: Apache-2.0
 *
 * The harness: a window of messages under way (1 for latency), woken by arrivals through a condition
 * variable, so that nobody spins beside the broker.
 */
#include "peer.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW = 2000, MESSAGES_MAX = 2000000, BYTES_MAX = 65536, GIVE_UP_S = 120 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static long arrived, wanted;
static double *sent_s, *took_s;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void peer_check(const char *what, long code)
{
    if (code == 0)
        return;
    fprintf(stderr, "%s: %s failed (%ld)\n", peer.name, what, code);
    exit(1);
}

void peer_arrived(const void *message, size_t bytes)
{
    uint32_t i;
    if (bytes < sizeof i)
        return;
    memcpy(&i, message, sizeof i);
    pthread_mutex_lock(&lock);
    if ((long)i < wanted) {
        took_s[i] = now_s() - sent_s[i];
        arrived++;
    }
    pthread_cond_signal(&moved);
    pthread_mutex_unlock(&lock);
}

/* Waits until at least `count` have arrived. */
static void await(long count)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += GIVE_UP_S;
    pthread_mutex_lock(&lock);
    while (arrived < count)
        if (pthread_cond_timedwait(&moved, &lock, &until) == ETIMEDOUT) {
            fprintf(stderr, "%s: only %ld of %ld arrived\n", peer.name, arrived, wanted);
            exit(1);
        }
    pthread_mutex_unlock(&lock);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    long bytes = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    bool one_by_one = argc > 3 && strcmp(argv[3], "one-by-one") == 0;
    if (n < 1 || n > MESSAGES_MAX || bytes < 4 || bytes > BYTES_MAX) {
        fprintf(stderr, "usage: %s MESSAGES BYTES [one-by-one]\n", argv[0]);
        return 64;
    }
    char *message = calloc(1, (size_t)bytes);
    sent_s = calloc((size_t)n, sizeof *sent_s);
    took_s = calloc((size_t)n, sizeof *took_s);
    if (!message || !sent_s || !took_s)
        return 71;
    wanted = n;
    peer.start((size_t)bytes);
    double begun = now_s();
    for (long i = 0; i < n; i++) {
        await(one_by_one ? i : i - WINDOW + 1);
        uint32_t number = (uint32_t)i;
        memcpy(message, &number, sizeof number);
        sent_s[i] = now_s();
        peer.publish(message);
    }
    await(n);
    double seconds = now_s() - begun;
    peer.finish();
    if (peer.confirmed() < n) {
        fprintf(stderr, "%s: only %ld of %ld publishes were confirmed\n", peer.name,
            peer.confirmed(), n);
        return 1;
    }
    qsort(took_s, (size_t)n, sizeof *took_s, compare);
    printf(
        "{\"n\":%ld,\"bytes\":%ld,\"msgs_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
        n, bytes, (double)n / seconds, took_s[n / 2] * 1e3, took_s[n * 99 / 100] * 1e3);
    free(message);
    free(sent_s);
    free(took_s);
    return 0;
}
