/* SPDX-License-Identifier: Apache-2.0
 *
 * amaan-broker: the exchange. It stores and forwards sealed envelopes and links nothing that could open one.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "command.h"
#include "commands.h"
#include "db.h"
#include "http.h"
#include "json.h"
#include "link.h"
#include "memory.h"
#include "vault.h"

enum { LIBRARIES_BYTES = 256, PRIVATE_MASK = 0077 };

int main(int argc, char **argv)
{
    const struct command rows[] = {
        CMD_INIT, CMD_RUN, CMD_ROSTER, CMD_STATUS, CMD_QUEUE, CMD_CHECK};
    static char libraries[LIBRARIES_BYTES];
    struct trouble trouble = {.text = ""};

    (void)umask(PRIVATE_MASK);
    if (vault_start(&trouble) != STATUS_OK) {
        (void)fprintf(stderr, "amaan-broker: %s\n", trouble.text);
        return EX_SOFTWARE;
    }
    (void)snprintf(libraries, sizeof libraries, "%s, %s, %s, %s", link_library(),
        db_library(), http_library(), json_library());
    command_set_libraries(libraries);
    return command_main("amaan-broker",
        "stores and forwards sealed envelopes; it cannot read one", rows,
        ARRAY_LENGTH(rows), argc, argv);
}
