/* SPDX-License-Identifier: Apache-2.0
 * Key files as they come from a disk, and the body that a passphrase would open. What decodes encodes again to the
 * same bytes.
 */
#include <string.h>

#include "fuzz.h"
#include "keyring.h"
#include "memory.h"
#include "people.h"
#include "vault.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    PROMISE(vault_start(NULL) == STATUS_OK);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    enum keyfile_kind kind;
    struct node_keys keys;
    struct cost cost;
    uint8_t again[KEYRING_BYTES];
    struct writer writer = writer_over(again, sizeof(again));

    if (keyfile_inspect(span_of(bytes, n), &kind, &cost) == STATUS_OK)
        PROMISE(cost.ops >= COST_OPS_MIN && cost.mem_kib <= COST_MEM_KIB_MAX);
    if (people_inspect(span_of(bytes, n)) == STATUS_OK)
        PROMISE(n <= PEOPLE_FILE_MAX);
    if (keyring_decode(span_of(bytes, n), &keys) == STATUS_OK) {
        keyring_encode(&keys, &writer);
        PROMISE(n == sizeof(again) && memcmp(bytes, again, n) == 0);
    }
    return 0;
}
