/* SPDX-License-Identifier: Apache-2.0
 *
 * local: Unix sockets of a home folder: only the user who owns it may speak there. The folder is 0700, the
 * socket 0600, and the kernel is asked who calls.
 */
#ifndef AMAAN_LOCAL_H
#define AMAAN_LOCAL_H

#include <stdbool.h>

#include "status.h"

enum { LOCAL_PATH_MAX = 100 }; /* the kernel's own limit is 107; some systems' is 103 */

/* Makes the folder if need be, and listens there. TOO_BIG (path too long: says the way out), EXISTS (a living
 * process listens there), DENIED (the folder is another user's or open to others), IO. The socket file of a
 * dead process is replaced. */
enum status local_listen(const char *path, int *ret_fd, struct trouble *trouble) MUST_USE;
/* NOT_FOUND or CLOSED: nobody listens there. DENIED: not ours. */
enum status local_connect(
    const char *path, int *ret_fd, struct trouble *trouble) MUST_USE;
/* Is the process at the other end of this connection run by this user? */
bool local_is_ours(int fd);

#endif
