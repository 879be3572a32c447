/* SPDX-License-Identifier: Apache-2.0
 *
 * ask: what the commands share: the home that was named, a question to the exchange that runs there, and how
 * an answer is shown.
 */
#ifndef AMAAN_ASK_H
#define AMAAN_ASK_H

#include "command.h"
#include "home.h"
#include "json.h"

enum { ASK_QUICK_MS = 15000, ASK_LONG_MS = 600000 };

/* The row of --home, and the sentence and exit code when it is not given. */
#define ASK_HOME_OPTION                                                                  \
    {                                                                                    \
        "home", 'H', "HOME", "folder of the exchange (amaan-broker init)", false         \
    }
#define ASK_JSON_OPTION                                                                  \
    {                                                                                    \
        "json", 'j', NULL, "one line of JSON", false                                     \
    }
/* Parses the line of a command that needs --home. True: go on; false: *ret_code is the exit code. The home is
 * to be released. */
bool ask_parse(const struct command *command, int argc, char **argv, int max_words,
    struct arguments *ret, struct home *ret_home, int *ret_code);

/* GET when body is empty, POST otherwise. CLOSED (nothing runs there: the trouble says how to start it); a
 * refusal's sentence is in the trouble, with MALFORMED. */
enum status ask(const struct home *home, const char *path, struct span body,
    int timeout_ms, struct json **ret, struct trouble *trouble) MUST_USE;

/* Complains and gives the exit code. */
int ask_fail(enum status status, const struct trouble *trouble);
/* The value's JSON on stdout, one line. */
void ask_print_json(const struct json *json);

/* Opens the database of a home where nothing runs, with nobody to speak to. BUSY if something does. */
struct broker;
enum status ask_open_offline(
    const struct home *home, struct broker **ret, struct trouble *trouble) MUST_USE;

#endif
