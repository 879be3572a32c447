/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_broker: how many envelopes a real amaan-broker process stores durably and forwards.
 *
 * usage: bench_broker BUILD_DIR HOME flow MESSAGES [SENDERS RECIPIENTS] | one MESSAGES | idle NODES
 *
 *   flow  some members offer (4), others take (16), all over CURVE on loopback, in two threads of this
 *         process; every HELD comes after the broker's fsync. Prints {"n","bytes","msgs_per_s","p50_ms"}.
 *   one   one at a time: from OFFER to the DELIVER at the recipient (the broker's commit lies between), and
 *         from OFFER to HELD.
 *   idle  connects NODES members and prints the broker's memory before and after.
 *
 * All quotas are on; that of one member's offers is raised in broker.conf (tests/bench/members.c).
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dealer.h"
#include "figures.h"
#include "members.h"
#include "memory.h"
#include "vault.h"

enum {
    SENDERS = 4,
    RECIPIENTS = 16,
    LINKS_MAX = 1000,
    ENVELOPE_BYTES = 56 + 32 + BUCKET_SMALL + SEAL_TAG_BYTES,
    TAKEN_MAX = 512,
    GIVE_UP_MS = 180000
};

/* One member's connection, in the thread of its side. */
struct member_link {
    struct side *side;
    size_t index;
    struct dealer *dealer;
    bool welcomed;
    int64_t credit;
    long offered, held;
    uint64_t taken[TAKEN_MAX];
    size_t n_taken;
    int64_t taken_bytes;
};

/* All senders, or all recipients. */
struct side {
    struct bench *bench;
    struct loop *loop;
    struct work *work;
    struct seeded seeded;
    struct arena *arena;
    struct member_link *links;
    size_t n, first; /* members first .. first + n - 1 */
    bool sends;
    long done; /* HELD or received */
};

struct bench {
    struct members members;
    long n, per_sender;
    size_t senders, recipients;
    bool one_by_one;
    struct buffer *offers; /* made before the clock starts */
    int64_t *offered_us, *arrived_us, *held_us;
    atomic_long welcomed, started, arrived, held, refused;
    int64_t begun_us;
    int64_t broker_cpu_us, own_cpu_us; /* when it began */
};

static void say_hello(void *context)
{
    struct member_link *link = context;
    struct buffer frame;
    buffer_init(&frame, FRAME_BYTES_MAX);
    members_hello(&link->side->bench->members, link->side->first + link->index, &frame);
    if (dealer_send(link->dealer, buffer_span(&frame)) != STATUS_OK)
        fprintf(stderr, "bench: HELLO was not taken\n");
    buffer_release(&frame);
}

static void lose(void *context)
{
    struct member_link *link = context;
    link->welcomed = false;
}

static void send_frame(struct member_link *link, const struct frame *frame)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    PROMISE(frame_encode(frame, &bytes) == STATUS_OK);
    if (dealer_send(link->dealer, buffer_span(&bytes)) != STATUS_OK)
        fprintf(stderr, "bench: a frame was not taken\n");
    buffer_release(&bytes);
}

/* The number of an envelope travels in the first bytes of its ciphertext. */
static long number_of(struct span envelope)
{
    uint64_t number = UINT64_MAX;
    if (envelope.n == ENVELOPE_BYTES)
        memcpy(&number, envelope.at + 56 + 32, sizeof number);
    return number < INT64_MAX ? (long)number : -1;
}

static void take(struct member_link *link)
{
    if (link->n_taken == 0)
        return;
    struct frame taken = {.kind = FRAME_TAKEN};
    taken.taken.n = link->n_taken;
    taken.taken.deliveries = link->taken;
    send_frame(link, &taken);
    struct frame credit = {.kind = FRAME_CREDIT};
    credit.credit.bytes = (uint32_t)link->taken_bytes;
    send_frame(link, &credit);
    link->n_taken = 0;
    link->taken_bytes = 0;
}

static void note_delivery(struct member_link *link, const struct frame *frame)
{
    struct bench *bench = link->side->bench;
    long number = number_of(frame->deliver.envelope);
    if (number >= 0 && number < bench->n && bench->arrived_us[number] == 0) {
        bench->arrived_us[number] = figure_now_us();
        atomic_fetch_add(&bench->arrived, 1);
    }
    link->taken[link->n_taken++] = frame->deliver.delivery;
    link->taken_bytes += (int64_t)frame->deliver.envelope.n;
    if (link->n_taken == TAKEN_MAX)
        take(link);
}

static void hear(struct member_link *link, const struct frame *frame)
{
    struct bench *bench = link->side->bench;
    switch (frame->kind) {
    case FRAME_WELCOME:
        link->welcomed = true;
        link->credit = frame->welcome.credit_bytes;
        if (!link->side->sends) {
            struct frame credit = {.kind = FRAME_CREDIT};
            credit.credit.bytes = CREDIT_MAX_BYTES;
            send_frame(link, &credit);
        }
        atomic_fetch_add(&bench->welcomed, 1);
        break;
    case FRAME_CREDIT:
        link->credit += frame->credit.bytes;
        break;
    case FRAME_HELD:
        for (size_t i = 0; i < frame->held.n; i++)
            bench->held_us[(long)link->index * bench->per_sender + link->held++] =
                figure_now_us();
        atomic_fetch_add(&bench->held, (long)frame->held.n);
        break;
    case FRAME_REFUSED:
        fprintf(stderr, "bench: refused: %s\n", refusal_name(frame->refused.code));
        atomic_fetch_add(&bench->refused, 1);
        break;
    case FRAME_DELIVER:
        note_delivery(link, frame);
        break;
    default:
        break;
    }
}

static void read_frames(struct member_link *link)
{
    struct span bytes;
    while (dealer_receive(link->dealer, &bytes) == STATUS_OK) {
        struct frame frame;
        arena_reset(link->side->arena);
        if (frame_decode(link->side->arena, bytes, &frame) == STATUS_OK)
            hear(link, &frame);
        dealer_release(link->dealer);
    }
}

static void offer(struct member_link *link)
{
    struct bench *bench = link->side->bench;
    while (
        link->welcomed && link->credit >= ENVELOPE_BYTES &&
        link->offered < bench->per_sender &&
        (!bench->one_by_one || atomic_load(&bench->arrived) + atomic_load(&bench->held) ==
                                   2 * (long)link->offered)) {
        long number = (long)link->index * bench->per_sender + link->offered;
        bench->offered_us[number] = figure_now_us();
        if (dealer_send(link->dealer, buffer_span(&bench->offers[number])) != STATUS_OK)
            return;
        link->credit -= ENVELOPE_BYTES;
        link->offered++;
    }
}

static bool is_over(const struct bench *bench)
{
    return atomic_load(&bench->refused) > 0 ||
           (atomic_load(&bench->arrived) == bench->n &&
               atomic_load(&bench->held) == bench->n);
}

static void open_links(struct side *side)
{
    struct bench *bench = side->bench;
    side->loop = loop_new(clock_system());
    side->work = work_new(side->loop);
    side->arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
    side->links = memory_new_array(side->n, sizeof *side->links);
    seeded_init(&side->seeded, side->first + 1);
    for (size_t i = 0; i < side->n; i++) {
        struct member_link *link = &side->links[i];
        *link = (struct member_link){.side = side, .index = i};
        struct dealer_options options = {.loop = side->loop,
            .work = side->work,
            .chance = &side->seeded.chance,
            .endpoint = bench->members.endpoint,
            .broker_key = bench->members.broker_key,
            .secret = bench->members.secrets[side->first + i],
            .frame_bytes_max = FRAME_BYTES_MAX,
            .on_connected = say_hello,
            .on_lost = lose,
            .context = link,
            .pause_first_ms = 10,
            .pause_max_ms = 1000};
        PROMISE(dealer_open(&options, &link->dealer, NULL) == STATUS_OK);
    }
}

static void close_links(struct side *side)
{
    for (size_t i = 0; i < side->n; i++)
        dealer_close(&side->links[i].dealer);
    work_destroy(&side->work);
    loop_destroy(&side->loop);
    arena_destroy(&side->arena);
    memory_free(side->links);
}

static void begin(struct bench *bench)
{
    bench->broker_cpu_us = figure_cpu_us(bench->members.broker);
    bench->own_cpu_us = figure_own_cpu_us();
    bench->begun_us = figure_now_us();
}

static void *run_side(void *context)
{
    struct side *side = context;
    struct bench *bench = side->bench;
    int64_t end = clock_steady_ms(clock_system()) + GIVE_UP_MS;
    open_links(side);
    while (!is_over(bench) && loop_now_ms(side->loop) < end) {
        if (loop_turn(side->loop,
                loop_now_ms(side->loop) + (bench->one_by_one ? 1 : 20)) != STATUS_OK)
            break;
        for (size_t i = 0; i < side->n; i++) {
            read_frames(&side->links[i]);
            if (!side->sends) {
                take(&side->links[i]);
            } else if (atomic_load(&bench->welcomed) ==
                       (long)(bench->senders + bench->recipients)) {
                if (bench->begun_us == 0)
                    begin(bench);
                offer(&side->links[i]);
            }
        }
    }
    close_links(side);
    return NULL;
}

/* Median of to[i] - from[i], in ms. */
static double median_ms(const int64_t *from, const int64_t *to, long n)
{
    int64_t *took = memory_new_array((size_t)n, sizeof *took);
    for (long i = 0; i < n; i++)
        took[i] = to[i] - from[i];
    double ms = figure_percentile_ms(took, (size_t)n, 50);
    memory_free(took);
    return ms;
}

static void make_offers(struct bench *bench)
{
    struct seeded seeded;
    seeded_init(&seeded, (uint64_t)figure_now_us());
    bench->offers = memory_new_array((size_t)bench->n, sizeof *bench->offers);
    for (long i = 0; i < bench->n; i++) {
        struct ident id;
        buffer_init(&bench->offers[i], FRAME_BYTES_MAX);
        members_offer(&bench->members, &seeded.chance,
            bench->senders + (size_t)i % bench->recipients, &bench->offers[i], &id);
        /* the number goes where the ciphertext begins: found again at the recipient */
        struct frame frame;
        struct arena *arena = arena_new(FRAME_ARENA_BYTES, FRAME_ARENA_PIECES);
        PROMISE(frame_decode(arena, buffer_span(&bench->offers[i]), &frame) == STATUS_OK);
        uint8_t envelope[ENVELOPE_BYTES];
        memcpy(envelope, frame.offer.envelope.at, sizeof envelope);
        uint64_t number = (uint64_t)i;
        memcpy(envelope + 56 + 32, &number, sizeof number);
        frame.offer.envelope = span_of(envelope, sizeof envelope);
        buffer_clear(&bench->offers[i]);
        PROMISE(frame_encode(&frame, &bench->offers[i]) == STATUS_OK);
        arena_destroy(&arena);
    }
}

static int run_flow(
    struct bench *bench, const char *build, const char *home, long n, bool one_by_one)
{
    if (one_by_one)
        bench->senders = bench->recipients = 1;
    bench->one_by_one = one_by_one;
    bench->per_sender = n / (long)bench->senders;
    bench->n = bench->per_sender * (long)bench->senders;
    if (!members_make(&bench->members, build, home, bench->senders + bench->recipients))
        return 1;
    make_offers(bench);
    bench->offered_us = memory_new_array((size_t)bench->n, sizeof(int64_t));
    bench->arrived_us = memory_new_array((size_t)bench->n, sizeof(int64_t));
    bench->held_us = memory_new_array((size_t)bench->n, sizeof(int64_t));
    struct side from = {.bench = bench, .n = bench->senders, .first = 0, .sends = true};
    struct side to = {.bench = bench, .n = bench->recipients, .first = bench->senders};
    pthread_t threads[2];
    PROMISE(pthread_create(&threads[0], NULL, run_side, &to) == 0);
    PROMISE(pthread_create(&threads[1], NULL, run_side, &from) == 0);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    double broker_us =
        (double)(figure_cpu_us(bench->members.broker) - bench->broker_cpu_us);
    double own_us = (double)(figure_own_cpu_us() - bench->own_cpu_us);
    bool ok =
        atomic_load(&bench->arrived) == bench->n && atomic_load(&bench->held) == bench->n;
    if (ok) {
        int64_t last = 0;
        for (long i = 0; i < bench->n; i++) {
            last = bench->arrived_us[i] > last ? bench->arrived_us[i] : last;
            last = bench->held_us[i] > last ? bench->held_us[i] : last;
        }
        printf("{\"n\":%ld,\"bytes\":%d,\"msgs_per_s\":%.0f,\"p50_ms\":%.3f,\"held_p50_"
               "ms\":%.3f,\"broker_cpu_us\":%.1f,\"members_cpu_us\":%.1f}\n",
            bench->n, ENVELOPE_BYTES,
            (double)bench->n * 1e6 / (double)(last - bench->begun_us),
            median_ms(bench->offered_us, bench->arrived_us, bench->n),
            median_ms(bench->offered_us, bench->held_us, bench->n),
            broker_us / (double)bench->n, own_us / (double)bench->n);
    } else {
        fprintf(stderr, "bench: of %ld only %ld held, %ld arrived, %ld refused\n",
            bench->n, atomic_load(&bench->held), atomic_load(&bench->arrived),
            atomic_load(&bench->refused));
    }
    for (long i = 0; i < bench->n; i++)
        buffer_release(&bench->offers[i]);
    memory_free(bench->offers);
    memory_free(bench->offered_us);
    memory_free(bench->arrived_us);
    memory_free(bench->held_us);
    members_stop(&bench->members);
    return ok ? 0 : 1;
}

static int run_idle(struct bench *bench, const char *build, const char *home, long n)
{
    if (!members_make(&bench->members, build, home, (size_t)n))
        return 1;
    int64_t before = figure_memory_bytes(bench->members.broker);
    struct side side = {.bench = bench, .n = (size_t)n, .first = 0};
    int64_t end = clock_steady_ms(clock_system()) + GIVE_UP_MS;
    open_links(&side);
    while (atomic_load(&bench->welcomed) < n && loop_now_ms(side.loop) < end) {
        if (loop_turn(side.loop, loop_now_ms(side.loop) + 100) != STATUS_OK)
            break;
        for (size_t i = 0; i < side.n; i++)
            read_frames(&side.links[i]);
    }
    int64_t after = figure_memory_bytes(bench->members.broker);
    long welcomed = atomic_load(&bench->welcomed);
    close_links(&side);
    members_stop(&bench->members);
    if (welcomed < n) {
        fprintf(stderr, "bench: only %ld of %ld nodes were welcomed\n", welcomed, n);
        return 1;
    }
    printf("{\"nodes\":%ld,\"idle_rss_mib\":%.1f,\"kib_per_node\":%.1f}\n", n,
        (double)before / 1048576.0, (double)(after - before) / 1024.0 / (double)n);
    return 0;
}

/* 0 for anything but a number from 1 to max. */
static long number_in(const char *text, long max)
{
    char *end = NULL;
    long n = strtol(text, &end, 10);
    return *text && !*end && n >= 1 && n <= max ? n : 0;
}

int main(int argc, char **argv)
{
    bool sides = argc == 7;
    long n = argc == 5 || sides ? number_in(argv[4], 10000000) : 0;
    long senders = sides ? number_in(argv[5], LINKS_MAX) : SENDERS;
    long recipients = sides ? number_in(argv[6], LINKS_MAX) : RECIPIENTS;
    if (n < 1 || senders < 1 || recipients < 1) {
        fprintf(stderr, "usage: bench_broker BUILD_DIR HOME flow|one|idle COUNT [SENDERS "
                        "RECIPIENTS]\n");
        return 64;
    }
    struct trouble trouble = {""};
    signal(SIGPIPE, SIG_IGN);
    if (vault_start(&trouble) != STATUS_OK || link_start(1, &trouble) != STATUS_OK) {
        fprintf(stderr, "bench: %s\n", trouble.text);
        return 70;
    }
    struct bench bench = {.senders = (size_t)senders, .recipients = (size_t)recipients};
    int code = strcmp(argv[3], "idle") == 0
                   ? run_idle(&bench, argv[1], argv[2], n)
                   : run_flow(&bench, argv[1], argv[2], n, strcmp(argv[3], "one") == 0);
    link_stop();
    return code;
}
