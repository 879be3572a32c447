/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works inside: sodium_init picks the implementations that this processor runs, so the known answers
 * are asked after it, of the code that will really be used.
 */
#include "vault.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "known.h"

enum status vault_start(struct trouble *trouble)
{
    if (sodium_init() < 0) {
        trouble_say(trouble,
            "libsodium does not start. Nothing was opened or written. Reinstall "
            "it, then start again");
        return STATUS_CORRUPT;
    }
    size_t n;
    const struct known *rows = known_rows(&n);
    return known_check(rows, n, trouble);
}

bool vault_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

enum status vault_harden_process(struct trouble *trouble)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        trouble_say(trouble,
            "this process cannot be kept out of core dumps (%s). No key was "
            "read",
            strerror(errno));
        return STATUS_IO;
    }
    return STATUS_OK;
}
