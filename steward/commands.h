/* SPDX-License-Identifier: Apache-2.0
 *
 * commands: the words of amaan-steward, one file each, and what they share. A group word ("key") has a table of
 * its own words. To add one: a row in main.c or in its group, its file, a line in docs/OPERATIONS.md, a
 * test in tests/unit/steward.sh.
 */
#ifndef AMAAN_COMMANDS_H
#define AMAAN_COMMANDS_H

#include "command.h"
#include "keyfile.h"

int run_key(const struct command *command, int argc, char **argv);
int run_root(const struct command *command, int argc, char **argv);
int run_sign(const struct command *command, int argc, char **argv);
int run_roster(const struct command *command, int argc, char **argv);
int run_notice(const struct command *command, int argc, char **argv);
int run_verify(const struct command *command, int argc, char **argv);
int run_show(const struct command *command, int argc, char **argv);

extern const struct option_row SIGN_OPTIONS[], VERIFY_OPTIONS[], SHOW_OPTIONS[];

/* The text of an option that must be there: EX_USAGE and a sentence otherwise (then *ret is NULL). */
int need_option(const struct arguments *arguments, const char *name, const char **ret);
/* The value of --created, or the clock's time. */
enum status option_created(
    const struct arguments *arguments, int64_t *ret, struct trouble *trouble) MUST_USE;
/* A number of days, 1..3,650, in ms. */
enum status option_days(const struct arguments *arguments, const char *name, int days,
    int64_t *ret, struct trouble *trouble) MUST_USE;
/* Reads the key file and the passphrase, and unlocks. The caller wipes the secret. */
enum status unlock_key(const char *path, const char *passphrase_fd,
    struct sign_secret *ret, struct trouble *trouble) MUST_USE;
/* A yes to what was shown on standard output: CLOSED if that is no terminal, so that nobody confirms unseen. */
enum status confirm_shown(const char *question, struct trouble *trouble) MUST_USE;
/* Complains, and gives the exit code of the status. */
int end_with(enum status status, const struct trouble *trouble);

#endif
