/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: the rows say type and range; what they cannot say (is it an endpoint, can it be told) is
 * asked when the struct is filled. A mailbox's limits may be lowered from those of limits.h, never raised.
 */
#include "conf.h"

#include <stdio.h>
#include <string.h>

#include "endpoint.h"
#include "limits.h"
#include "log.h"
#include "memory.h"

enum {
    ENDPOINT,
    PUBLIC,
    IO_THREADS,
    ENVELOPES,
    MIB,
    PER_MINUTE,
    BURST,
    KEEP_FREE,
    LEVEL,
    N_ROWS
};

enum {
    IO_THREADS_MAX = 8,
    KEEP_FREE_MIB_MAX = 16 * 1024 * 1024,
    OFFERS_SETTING_MAX = 10000000 /* more than a line carries */
};
#define MIB_BYTES (INT64_C(1024) * 1024)

const struct setting CONF_ROWS[] = {
    [ENDPOINT] = {"link/endpoint", SETTING_TEXT, "tcp://127.0.0.1:7117", 1,
        CONF_ENDPOINT_BYTES - 1, NULL,
        "The address where members' nodes connect. Port 0 takes the port of last time, "
        "or a free one."},
    [PUBLIC] = {"link/public", SETTING_TEXT, "", 0, CONF_ENDPOINT_BYTES - 1, NULL,
        "The same as members see it, such as tcp://exchange.example:7117; it is "
        "written into broker.amaan. Empty: as link/endpoint."},
    [IO_THREADS] = {"link/io-threads", SETTING_INT, "1", 1, IO_THREADS_MAX, NULL,
        "Threads that encrypt and carry frames. One is enough for 300,000 frames/s."},
    [ENVELOPES] = {"mailbox/envelopes", SETTING_INT, "20000", 1, MAILBOX_ENVELOPES_MAX,
        NULL, "Most envelopes that wait for one member; further ones are refused."},
    [MIB] = {"mailbox/mib", SETTING_INT, "64", 1, MAILBOX_BYTES_MAX / (1024 * 1024), NULL,
        "Most MiB that wait for one member; further envelopes are refused."},
    [PER_MINUTE] = {"member/offers-per-minute", SETTING_INT, "600", 1, OFFERS_SETTING_MAX,
        NULL, "Envelopes that one member may hand in each minute, on the average."},
    [BURST] = {"member/offers-burst", SETTING_INT, "4000", 1, OFFERS_SETTING_MAX, NULL,
        "Envelopes that it may hand in at once after a pause: a charter of 300 people is "
        "900 referrals and their answers."},
    [KEEP_FREE] = {"disk/keep-free-mib", SETTING_INT, "512",
        DISK_REFUSE_FREE_BYTES / (1024 * 1024), KEEP_FREE_MIB_MAX, NULL,
        "New envelopes are refused when less than this is free on the disk, or when it "
        "is nine tenths full. What waits is still delivered."},
    [LEVEL] = {"log/level", SETTING_CHOICE, "info", 0, 0, "warning info debug",
        "How much the log on standard error tells."},
};
const size_t CONF_ROWS_N = ARRAY_LENGTH(CONF_ROWS);

static const char HEAD[] =
    "SPDX-License-Identifier: Apache-2.0\n"
    "broker.conf: settings of an Amaan exchange; docs/OPERATIONS.md tells more. An "
    "unknown or misspelt name stops the start. Secrets never stand here.";

static const struct {
    const char *word;
    int level;
} LEVELS[] = {{"warning", LOG_WARNING}, {"info", LOG_INFO}, {"debug", LOG_DEBUG}};

enum status conf_check_endpoint(const char *text, struct trouble *trouble)
{
    struct endpoint endpoint;
    enum status status = endpoint_parse(text, &endpoint, trouble);

    if (status)
        return status;
    if (endpoint.numeric)
        return STATUS_OK;
    trouble_say(trouble,
        "\"%s\" is a name: an exchange listens at an address, such as 127.0.0.1 or "
        "0.0.0.0",
        endpoint.host);
    return STATUS_MALFORMED;
}

enum status conf_check_public(const char *text, struct trouble *trouble)
{
    struct endpoint endpoint;
    enum status status = endpoint_parse(text, &endpoint, trouble);

    if (status)
        return status;
    if (!endpoint.numeric || strspn(endpoint.host, "0.:") < strlen(endpoint.host))
        return STATUS_OK;
    trouble_say(trouble,
        "%s stands for every address of this machine, members cannot connect to it: say "
        "how they reach it (--public, or link/public in broker.conf)",
        endpoint.host);
    return STATUS_MALFORMED;
}

static void copy_values(const struct settings *settings, struct conf *conf)
{
    const char *level = settings_text(settings, CONF_ROWS[LEVEL].name);

    (void)snprintf(conf->endpoint, sizeof conf->endpoint, "%s",
        settings_text(settings, CONF_ROWS[ENDPOINT].name));
    (void)snprintf(conf->public, sizeof conf->public, "%s",
        settings_text(settings, CONF_ROWS[PUBLIC].name));
    conf->io_threads = (int)settings_int(settings, CONF_ROWS[IO_THREADS].name);
    conf->mailbox_envelopes_max = settings_int(settings, CONF_ROWS[ENVELOPES].name);
    conf->mailbox_bytes_max = settings_int(settings, CONF_ROWS[MIB].name) * MIB_BYTES;
    conf->offers_per_minute = settings_int(settings, CONF_ROWS[PER_MINUTE].name);
    conf->offers_burst = settings_int(settings, CONF_ROWS[BURST].name);
    conf->keep_free_bytes = settings_int(settings, CONF_ROWS[KEEP_FREE].name) * MIB_BYTES;
    for (size_t i = 0; i < ARRAY_LENGTH(LEVELS); i++)
        if (strcmp(LEVELS[i].word, level) == 0)
            conf->log_level = LEVELS[i].level;
}

enum status conf_read(const char *path, struct conf *ret, struct trouble *trouble)
{
    struct settings *settings = NULL;
    struct conf conf = {.io_threads = 1};
    enum status status = settings_read(CONF_ROWS, CONF_ROWS_N, path, &settings, trouble);

    if (status)
        return status;
    copy_values(settings, &conf);
    settings_destroy(&settings);
    status = conf_check_endpoint(conf.endpoint, trouble);
    if (status == STATUS_OK)
        status = conf_check_public(
            conf.public[0] != '\0' ? conf.public : conf.endpoint, trouble);
    if (status) {
        trouble_prefix(trouble, "%s", path);
        return status;
    }
    *ret = conf;
    return STATUS_OK;
}

enum status conf_sample(const char *endpoint, const char *public, struct buffer *ret)
{
    const char *values[N_ROWS] = {[ENDPOINT] = endpoint, [PUBLIC] = public};

    return settings_sample(CONF_ROWS, CONF_ROWS_N, HEAD, values, ret);
}
