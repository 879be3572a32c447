/* SPDX-License-Identifier: Apache-2.0
 *
 * backup: the sealed file that a node is made anew from (docs/CARE.md 18), and the folder of its generations.
 *
 * Layout, big-endian:
 *     0  4 "AMB1" | 4  2 version (1) | 6  2 zero | 8  16 node id | 24  8 state_count (PROTOCOL.md 5.6)
 *    32  8 made, ms | 40  8 bytes of the content | 48  4 bytes of node.key | 52  4 zero | 56  24 salt
 *    80  node.key as it is, under its passphrases
 *     .  pieces: each a box (box.h) of 65,536 bytes of the content, the last of what is left
 * Content: 32 bytes (four u64: bytes of node.conf, of link.key, of case.key, of the database), then these four.
 *
 * The key of the boxes is derived from the master key; the place of a piece is "amaan:backup:v1 " 16 | hash of all
 * before the pieces 32 | number u64. So neither head nor node.key nor any piece can be changed, moved, left out or
 * taken from another file. The bytes of the content stand in the head: a file cut short has another length.
 *
 * A file is written under another name, synced, read back and compared, and only then gets its name: 16 random hex
 * digits and ".bin". The newest BACKUP_KEEP of this node stay; what is not this node's is never touched.
 */
#ifndef AMAAN_BACKUP_H
#define AMAAN_BACKUP_H

#include "box.h"
#include "ident.h"

enum {
    BACKUP_KEEP = 7, /* a week of daily ones */
    /* None older than that beside a newer one: what was destroyed is gone from backups, too (docs/CARE.md 17). */
    BACKUP_KEEP_DAYS = 35,
    BACKUP_KEY_FILE_MAX = 65536,
    BACKUP_STEP_BYTES = 512 * 1024, /* a slow stick takes a tenth of a second for it */
    BACKUP_NAME_BYTES = 24
};
/* Copy and image stand in memory beside each other; SQLite gets 768 MiB. */
#define BACKUP_DATABASE_MAX (INT64_C(320) * 1024 * 1024)

struct backup_head {
    struct ident node_id;
    uint64_t state_count;
    int64_t made_ms;
    uint64_t content_bytes;
    uint32_t key_file_bytes;
    uint8_t salt[24];
};

struct backup_parts {
    struct span conf, link_key, case_key,
        database; /* case_key is empty before the first case */
};

/* --- writing, in steps ---------------------------------------------------------------------------------- */
struct backup_writer;

struct backup_new {
    const char *folder;
    struct ident node_id;
    uint64_t state_count;
    int64_t made_ms;
    struct span key_file;
    struct backup_parts parts; /* borrowed until the writer stops */
    const struct box_key *master;
    struct chance *chance; /* borrowed likewise */
};
/* CLOSED: no such folder. FULL, IO (of the folder's disk: no reason to end). */
enum status backup_start(const struct backup_new *request, struct backup_writer **ret,
    struct trouble *trouble) MUST_USE;
/* Some pieces more, first written, then read back. With *ret_done it has its name and older ones are gone.
 * FULL, IO; CORRUPT: what was read back is not what was written. */
enum status backup_step(
    struct backup_writer *writer, bool *ret_done, struct trouble *trouble) MUST_USE;
const char *backup_name(const struct backup_writer *writer);
uint64_t backup_bytes(const struct backup_writer *writer); /* of the file */
uint64_t backup_file_bytes(const struct backup_head *head);
void backup_stop(struct backup_writer **writer); /* what is not finished is removed */

/* --- reading -------------------------------------------------------------------------------------------- */
/* Head and node.key of a file; nothing is proven yet. NOT_FOUND, MALFORMED (no backup; cut short), UNSUPPORTED. */
enum status backup_look(const char *path, struct backup_head *ret,
    struct buffer *ret_key_file, struct trouble *trouble) MUST_USE;
/* All of it, proven. FORGED: changed, or another node's. The parts point into *ret_content. */
enum status backup_open(const char *path, const struct box_key *master,
    struct buffer *ret_content, struct backup_parts *ret,
    struct trouble *trouble) MUST_USE;
/* The newest whole-sized file of that node. NOT_FOUND; CLOSED: no such folder. */
enum status backup_newest(
    const char *folder, const struct ident *node_id, struct backup_head *ret) MUST_USE;

#endif
