/* SPDX-License-Identifier: Apache-2.0
 *
 * banned: calls that this project does not make. Forced into every file by the build (-include), so that a
 * use does not compile. The message of the compiler names the poisoned word; here is what to use instead:
 * strcpy strcat sprintf vsprintf gets strtok: snprintf, or a writer; gmtime localtime asctime ctime:
 * time_format; sleep usleep nanosleep: wait for the event; rand srand random: chance.h; system popen: no;
 * atoi atol: strtol with checks; alloca: memory_new.
 * random and alloca stand in macros of libraries' headers: tests/checks/banned.sh looks for those.
 */
#ifndef AMAAN_BANNED_H
#define AMAAN_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* clang-format off */
#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok gmtime localtime asctime ctime
#pragma GCC poison sleep usleep nanosleep rand srand srandom system popen atoi atol atof
#pragma GCC poison mktemp tmpnam tempnam
/* clang-format on */

#endif
