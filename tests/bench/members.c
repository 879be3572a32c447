/* SPDX-License-Identifier: Apache-2.0 */
#include "members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dh.h"
#include "disk.h"
#include "memory.h"

enum { BROKER_LINE_MAX = 4096 };

struct pair {
    struct member member;
    uint8_t secret[TRANSPORT_KEY_BYTES];
};

static void make_pairs(struct members *members, struct pair *pairs, int64_t now_ms)
{
    struct chance *chance = &members->seeded.chance;
    for (size_t i = 0; i < members->n; i++) {
        struct member *m = &pairs[i].member;
        struct sign_secret unused;
        uint8_t directory_secret[DIRECTORY_KEY_BYTES];
        *m = (struct member){.node_id = ident_new(chance),
            .queue_id = ident_new(chance),
            .status = MEMBER_ACTIVE,
            .suites = suite_bits(),
            .valid_from_ms = now_ms - DAY_MS,
            .valid_to_ms = now_ms + 365 * DAY_MS,
            .status_since = 1};
        sign_new_keys(chance, &m->identity, &unused);
        dh_new_keys(chance, m->transport, pairs[i].secret);
        dh_new_keys(chance, m->directory, directory_secret);
    }
    qsort(pairs, members->n, sizeof *pairs, ceremony_compare_members);
    for (size_t i = 0; i < members->n; i++) {
        members->members[i] = pairs[i].member;
        memcpy(members->secrets[i], pairs[i].secret, TRANSPORT_KEY_BYTES);
    }
}

static bool write_file(const char *path, const struct buffer *bytes)
{
    return disk_write(path, buffer_span(bytes), 0600, NULL) == STATUS_OK;
}

/* "endpoint = ..." and "key = hex" of broker.amaan; the real port stands in run/endpoint. */
static bool read_broker_file(struct members *members)
{
    char path[MEMBERS_PATH_BYTES * 2];
    struct buffer text;
    snprintf(path, sizeof path, "%s/broker/broker.amaan", members->home);
    if (disk_read(path, BROKER_LINE_MAX, &text, NULL) != STATUS_OK ||
        buffer_put(&text, "", 1) != STATUS_OK)
        return false;
    const char *key = strstr((const char *)text.bytes, "key");
    while (key && *key && strspn(key, "0123456789abcdef") < 2 * TRANSPORT_KEY_BYTES)
        key++;
    char hex[2 * TRANSPORT_KEY_BYTES + 1] = "";
    if (key)
        snprintf(hex, sizeof hex, "%.*s", 2 * TRANSPORT_KEY_BYTES, key);
    buffer_release(&text);
    if (hex_parse(hex, members->broker_key, TRANSPORT_KEY_BYTES) != STATUS_OK)
        return false;
    snprintf(path, sizeof path, "%s/broker/run/endpoint", members->home);
    if (disk_read(path, sizeof members->endpoint - 1, &text, NULL) != STATUS_OK)
        return false;
    snprintf(members->endpoint, sizeof members->endpoint, "%.*s",
        (int)strcspn((const char *)text.bytes, "\n"), (const char *)text.bytes);
    buffer_release(&text);
    return true;
}

/* The measured members hand in more at once than the usual setting lets anybody. */
static bool raise_offers(const char *home)
{
    static const char usual[] = "offers-burst = 4000",
                      raised[] = "offers-burst = 1000000";
    char path[MEMBERS_PATH_BYTES * 2];
    struct buffer text, changed;
    snprintf(path, sizeof path, "%s/broker.conf", home);
    bool ok = disk_read(path, 65536, &text, NULL) == STATUS_OK &&
              buffer_put(&text, "", 1) == STATUS_OK;
    const char *at = ok ? strstr((const char *)text.bytes, usual) : NULL;
    buffer_init(&changed, 65536 + sizeof raised);
    if (at) {
        size_t before = (size_t)(at - (const char *)text.bytes);
        const char *after = at + strlen(usual);
        ok = buffer_put(&changed, text.bytes, before) == STATUS_OK &&
             buffer_put(&changed, raised, strlen(raised)) == STATUS_OK &&
             buffer_put(&changed, after, strlen(after)) == STATUS_OK &&
             disk_write(path, buffer_span(&changed), 0600, NULL) == STATUS_OK;
    }
    buffer_release(&changed);
    buffer_release(&text);
    return ok && at;
}

bool members_make(struct members *members, const char *build, const char *home, size_t n)
{
    *members = (struct members){.n = n, .broker = -1};
    snprintf(members->home, sizeof members->home, "%s", home);
    seeded_init(&members->seeded, (uint64_t)clock_wall_ms(clock_system()));
    members->members = memory_new_array(n, sizeof *members->members);
    members->secrets = memory_new_array(n, sizeof *members->secrets);
    int64_t now_ms = clock_wall_ms(clock_system());
    struct pair *pairs = memory_new_array(n, sizeof *pairs);
    make_pairs(members, pairs, now_ms);
    memory_free(pairs);
    ceremony_init(&members->ceremony, &members->seeded.chance, now_ms);
    struct buffer roster;
    ceremony_roster(
        &members->ceremony, 1, span_of(NULL, 0), now_ms, members->members, n, &roster);
    struct document document;
    PROMISE(document_decode_one(buffer_span(&roster), DOCUMENT_ROSTER, &document) ==
            STATUS_OK);
    members->roster_hash = document.hash;
    char program[MEMBERS_PATH_BYTES * 2], log[MEMBERS_PATH_BYTES * 2],
        where[MEMBERS_PATH_BYTES * 2], root_path[MEMBERS_PATH_BYTES * 2],
        roster_path[MEMBERS_PATH_BYTES * 2];
    snprintf(program, sizeof program, "%s/broker/amaan-broker", build);
    snprintf(log, sizeof log, "%s/log", home);
    snprintf(where, sizeof where, "%s/broker", home);
    snprintf(root_path, sizeof root_path, "%s/root.amaan", home);
    snprintf(roster_path, sizeof roster_path, "%s/roster.amaan", home);
    bool ok = write_file(root_path, &members->ceremony.root) &&
              write_file(roster_path, &roster);
    buffer_release(&roster);
    ok = ok &&
         process_run(log,
             (const char *const[]){
                 program, "init", "--endpoint", "tcp://127.0.0.1:0", where, NULL},
             span_text(""), NULL) == 0 &&
         raise_offers(where);
    if (ok)
        members->broker = process_serve(
            log, (const char *const[]){program, "run", "--home", where, NULL});
    ok = ok && members->broker > 0 &&
         process_run(log,
             (const char *const[]){program, "roster", "load", "--home", where, root_path,
                 roster_path, NULL},
             span_text(""), NULL) == 0 &&
         read_broker_file(members);
    if (!ok)
        fprintf(stderr, "bench: the broker could not be made; see %s\n", log);
    return ok;
}

void members_stop(struct members *members)
{
    process_stop(&members->broker);
    ceremony_release(&members->ceremony);
    memory_free(members->members);
    memory_free(members->secrets);
}

void members_hello(const struct members *members, size_t i, struct buffer *ret_frame)
{
    struct frame hello = {.kind = FRAME_HELLO};
    hello.hello.version_min = hello.hello.version_max = LINK_VERSION;
    hello.hello.suites = suite_bits();
    hello.hello.node_id = members->members[i].node_id;
    hello.hello.roster_version = 1;
    memcpy(hello.hello.roster_hash, members->roster_hash.bytes, FRAME_HASH_BYTES);
    PROMISE(frame_encode(&hello, ret_frame) == STATUS_OK);
}

void members_offer(struct members *members, struct chance *chance, size_t to,
    struct buffer *ret_frame, struct ident *ret_msg_id)
{
    uint8_t bytes[ENVELOPE_BYTES_MAX];
    struct writer writer = writer_over(bytes, sizeof bytes);
    struct header header = {.suite = SUITE_X25519,
        .msg_id = ident_new(chance),
        .queue_id = members->members[to].queue_id,
        .prekey_id = chance_u64(chance),
        .ciphertext_bytes = BUCKET_SMALL + SEAL_TAG_BYTES};
    chance_fill(chance, header.enc, suite_find(SUITE_X25519)->enc_bytes);
    header_encode(&header, &writer);
    chance_fill(chance, bytes + writer.used, header.ciphertext_bytes);
    struct frame offer = {.kind = FRAME_OFFER};
    offer.offer.envelope = span_of(bytes, writer.used + header.ciphertext_bytes);
    PROMISE(frame_encode(&offer, ret_frame) == STATUS_OK);
    *ret_msg_id = header.msg_id;
}
