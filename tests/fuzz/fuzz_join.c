/* SPDX-License-Identifier: Apache-2.0
 * Join requests as text. What parses has a signature that holds, so a find beyond that needs a corpus file
 * to start from.
 */
#include "fuzz.h"
#include "join.h"
#include "memory.h"
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
    struct join join;
    struct trouble trouble = {""};
    char digits[FINGERPRINT_TEXT_BYTES];

    if (join_parse(span_of(bytes, n), &join, &trouble)) {
        PROMISE(trouble.text[0] != 0);
        return 0;
    }
    join_fingerprint(&join, digits);
    PROMISE(fingerprint_matches(digits, digits));
    return 0;
}
