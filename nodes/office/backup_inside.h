/* SPDX-License-Identifier: Apache-2.0
 *
 * backup_inside: what the three files of backup share: layout (backup_layout.c), writing (backup_write.c),
 * reading and the folder (backup.c).
 */
#ifndef AMAAN_BACKUP_INSIDE_H
#define AMAAN_BACKUP_INSIDE_H

#include "backup.h"
#include "hash.h"

enum {
    BACKUP_HEAD_BYTES = 80,
    BACKUP_TABLE_BYTES = 32,
    BACKUP_PIECE_BYTES = 65536,
    BACKUP_PLACE_BYTES = 56
};
#define BACKUP_CONTENT_MAX ((uint64_t)BACKUP_DATABASE_MAX + 1024 * 1024)

void backup_head_encode(const struct backup_head *head, struct writer *writer);
enum status backup_head_decode(struct span bytes, struct backup_head *ret) MUST_USE;
/* What binds piece number i to its file. */
struct span backup_place(
    const struct hash *file, uint64_t i, uint8_t memory[static BACKUP_PLACE_BYTES]);
struct hash backup_file_hash(const struct backup_head *head, struct span key_file);
void backup_derive_key(const struct box_key *master, struct box_key *ret);
uint64_t backup_pieces(uint64_t content_bytes);
size_t backup_piece_bytes(uint64_t content_bytes, uint64_t i);
/* n bytes of the content from `at` on, out of its parts. */
void backup_gather(const struct backup_parts *parts, uint64_t at, size_t n, uint8_t *ret);
uint64_t backup_content_bytes(const struct backup_parts *parts);
/* MALFORMED. Parts point into the content. */
enum status backup_parts_decode(struct span content, struct backup_parts *ret) MUST_USE;

bool backup_name_is_ours(const char *name);
/* All but the newest BACKUP_KEEP of that node go. */
void backup_prune(const char *folder, const struct ident *node_id);

#endif
