/* SPDX-License-Identifier: Apache-2.0
 * make_join NAME ROLES SEED FILE: a join request as a node would make it, for steward.sh. SEED is NODE or
 * NODE.KEYS: the node id follows from NODE, the keys from both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "join.h"
#include "kem.h"
#include "seeded.h"
#include "vault.h"

int main(int argc, char **argv)
{
    struct join join;
    struct seeded node, keys;
    struct sign_public identity;
    struct sign_secret secret;
    struct buffer text;
    uint8_t unused[KEM_SECRET_MAX];
    char *dot;
    FILE *file;
    unsigned long seed;

    if (argc != 5 || vault_start(NULL) || strlen(argv[1]) >= sizeof join.name)
        return 64;
    memset(&join, 0, sizeof join);
    (void)snprintf(join.name, sizeof join.name, "%s", argv[1]);
    if (strspn(join.name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != strlen(join.name))
        return 64; /* join_format would call it a bug */
    join.roles = (uint32_t)strtoul(argv[2], NULL, 10);
    join.suites = 1;
    seed = strtoul(argv[3], &dot, 10);
    join.node_id = ident_new(seeded_init(&node, seed));
    (void)seeded_init(&keys, seed + 1000 + (*dot ? 100 * strtoul(dot + 1, NULL, 10) : 0));
    join.queue_id = ident_new(&keys.chance);
    sign_new_keys(&keys.chance, &identity, &secret);
    chance_fill(&keys.chance, join.transport, sizeof join.transport);
    kem_find(1)->new_keys(&keys.chance, join.directory, unused);
    buffer_init(&text, JOIN_TEXT_BYTES_MAX);
    file = fopen(argv[4], "w");
    if (!file || join_format(&join, &secret, &text) ||
        fwrite(text.bytes, 1, text.used, file) != text.used || fclose(file) != 0)
        return 73;
    buffer_release(&text);
    return 0;
}
