/* SPDX-License-Identifier: Apache-2.0
 * Values go through the settings table both ways, so that what is written can be read.
 */
#include "node_conf.h"

#include <stdio.h>
#include <string.h>

#include "certificate.h"
#include "disk.h"
#include "log.h"
#include "memory.h"
#include "roles.h"
#include "subnet.h"

enum {
    NAME,
    ID,
    QUEUE,
    ROLES,
    PERSON,
    ENDPOINT,
    KEY,
    LEVEL,
    FOLDER,
    HOURS,
    PORT,
    COMMAND,
    OFFICE,
    OFFICE_NAME,
    OFFICE_PORT,
    N_ROWS
};

const struct setting NODE_CONF_ROWS[] = {
    [NAME] = {"node/name", SETTING_TEXT, "", 0, PROFILE_NAME_BYTES_MAX, NULL,
        "The member's name, as in the stewards' profiles. Made by init."},
    [ID] = {"node/id", SETTING_TEXT, "", 0, 2 * IDENT_BYTES, NULL,
        "The node's id, 32 hex digits. Made by init; never change it."},
    [QUEUE] = {"node/queue", SETTING_TEXT, "", 0, 2 * IDENT_BYTES, NULL,
        "The id of the node's queue at the exchange, 32 hex digits. Made by init; never "
        "change it."},
    [ROLES] = {"node/roles", SETTING_TEXT, "", 0, NODE_CONF_TEXT_BYTES - 1, NULL,
        "What the member is, as wished at init: one or more of screening, shelter, "
        "medical, "
        "psychosocial, legal, livelihood, education, child-protection, supplies, "
        "coordinator. "
        "The signed profile decides."},
    [PERSON] = {"node/person", SETTING_TEXT, "", 0, NODE_CONF_TEXT_BYTES - 1, NULL,
        "The first person who worked here. Stays on this machine."},
    [ENDPOINT] = {"link/endpoint", SETTING_TEXT, "", 0, NODE_CONF_TEXT_BYTES - 1, NULL,
        "The exchange's address, such as tcp://exchange.example:7117. Written by join."},
    [KEY] = {"link/broker-key", SETTING_TEXT, "", 0, 2 * NODE_CONF_KEY_BYTES, NULL,
        "The exchange's CURVE public key, 64 hex digits. Written by join."},
    [LEVEL] = {"log/level", SETTING_CHOICE, "info", 0, 0, "warning info debug",
        "How much the log on standard error tells."},
    [FOLDER] = {"backup/folder", SETTING_TEXT, "", 0, NODE_CONF_TEXT_BYTES - 1, NULL,
        "Where sealed backups go by themselves: a stick or another disk. Empty: "
        "nowhere."},
    [HOURS] = {"backup/every-hours", SETTING_INT, "24", 1, 168, NULL, "How often."},
    [PORT] = {"page/port", SETTING_INT, "0", 0, 65535, NULL,
        "The port of the local page on 127.0.0.1, for amaan open. 0: no page."},
    [COMMAND] = {"announce/command", SETTING_TEXT, "", 0, NODE_CONF_TEXT_BYTES - 1, NULL,
        "A program that makes itself heard when letters wait unopened: its whole path, "
        "from / on. It is told counts and nothing else. Empty: none."},
    [OFFICE] = {"office/address", SETTING_TEXT, "", 0, NODE_CONF_ADDRESS_BYTES - 1, NULL,
        "This machine's address in the office's network, where the page is served over "
        "TLS to the desks there. Written by amaan-node office. Empty: to nobody."},
    [OFFICE_NAME] = {"office/name", SETTING_TEXT, "", 0, CERTIFICATE_NAME_MAX - 1, NULL,
        "The name by which the office's own name service knows that address, such as "
        "amaan.office.internal. It stands in the certificate. Empty: the address alone."},
    [OFFICE_PORT] = {"office/port", SETTING_INT, "8443", 1024, 65535, NULL,
        "The port of the page for the office."},
};
const size_t NODE_CONF_ROWS_N = ARRAY_LENGTH(NODE_CONF_ROWS);

static const char HEAD[] = "SPDX-License-Identifier: Apache-2.0";

static const struct {
    const char *word;
    int level;
} LEVELS[] = {{"warning", LOG_WARNING}, {"info", LOG_INFO}, {"debug", LOG_DEBUG}};

/* Words of roles between commas and spaces. */
static enum status read_roles(const char *text, uint32_t *ret)
{
    uint32_t roles = 0;

    while (*text) {
        char word[NODE_CONF_TEXT_BYTES];
        enum role role;
        size_t n = strcspn(text, ", ");

        (void)snprintf(word, sizeof(word), "%.*s", (int)n, text);
        if (n > 0) {
            if (role_parse(word, &role) != STATUS_OK)
                return STATUS_MALFORMED;
            roles |= 1u << (role - 1);
        }
        text += n + (text[n] != 0);
    }
    *ret = roles;
    return STATUS_OK;
}

/* NULL, or the setting that is wrong; the trouble says why where it knows more than that. */
static const char *read_office(
    const struct settings *settings, struct node_conf *conf, struct trouble *trouble)
{
    uint8_t address[SUBNET_ADDRESS_BYTES];

    (void)snprintf(conf->office_address, sizeof(conf->office_address), "%s",
        settings_text(settings, NODE_CONF_ROWS[OFFICE].name));
    (void)snprintf(conf->office_name, sizeof(conf->office_name), "%s",
        settings_text(settings, NODE_CONF_ROWS[OFFICE_NAME].name));
    conf->office_port =
        (uint16_t)settings_int(settings, NODE_CONF_ROWS[OFFICE_PORT].name);
    if (*conf->office_address &&
        subnet_parse(conf->office_address, address, trouble) != STATUS_OK)
        return NODE_CONF_ROWS[OFFICE].name;
    if (*conf->office_name && !certificate_name_is_good(conf->office_name))
        return NODE_CONF_ROWS[OFFICE_NAME].name;
    return NULL;
}

static enum status fill(
    const struct settings *settings, struct node_conf *conf, struct trouble *trouble)
{
    const char *key = settings_text(settings, NODE_CONF_ROWS[KEY].name);
    const char *level = settings_text(settings, NODE_CONF_ROWS[LEVEL].name);

    (void)snprintf(conf->name, sizeof(conf->name), "%s",
        settings_text(settings, NODE_CONF_ROWS[NAME].name));
    (void)snprintf(conf->person, sizeof(conf->person), "%s",
        settings_text(settings, NODE_CONF_ROWS[PERSON].name));
    (void)snprintf(conf->endpoint, sizeof(conf->endpoint), "%s",
        settings_text(settings, NODE_CONF_ROWS[ENDPOINT].name));
    (void)snprintf(conf->backup_folder, sizeof(conf->backup_folder), "%s",
        settings_text(settings, NODE_CONF_ROWS[FOLDER].name));
    (void)snprintf(conf->announce_command, sizeof(conf->announce_command), "%s",
        settings_text(settings, NODE_CONF_ROWS[COMMAND].name));
    conf->backup_hours = settings_int(settings, NODE_CONF_ROWS[HOURS].name);
    conf->page_port = (uint16_t)settings_int(settings, NODE_CONF_ROWS[PORT].name);
    for (size_t i = 0; i < ARRAY_LENGTH(LEVELS); i++)
        if (strcmp(LEVELS[i].word, level) == 0)
            conf->log_level = LEVELS[i].level;
    const char *wrong = NULL;
    if (!profile_name_is_valid(conf->name))
        wrong = NODE_CONF_ROWS[NAME].name;
    else if (ident_parse(settings_text(settings, NODE_CONF_ROWS[ID].name),
                 &conf->node_id) != STATUS_OK)
        wrong = NODE_CONF_ROWS[ID].name;
    else if (ident_parse(settings_text(settings, NODE_CONF_ROWS[QUEUE].name),
                 &conf->queue_id) != STATUS_OK)
        wrong = NODE_CONF_ROWS[QUEUE].name;
    else if (read_roles(settings_text(settings, NODE_CONF_ROWS[ROLES].name),
                 &conf->roles) != STATUS_OK ||
             conf->roles == 0)
        wrong = NODE_CONF_ROWS[ROLES].name;
    else if (*key && hex_parse(key, conf->broker_key, NODE_CONF_KEY_BYTES) != STATUS_OK)
        wrong = NODE_CONF_ROWS[KEY].name;
    else if (*conf->announce_command && *conf->announce_command != '/')
        wrong = NODE_CONF_ROWS[COMMAND].name;
    struct trouble office = {""};
    if (!wrong)
        wrong = read_office(settings, conf, &office);
    if (!wrong)
        return STATUS_OK;
    if (*office.text) {
        trouble_say(trouble, "node.conf: %s: %s", wrong, office.text);
        return STATUS_MALFORMED;
    }
    trouble_say(trouble,
        "node.conf: the setting \"%s\" does not hold what it should. Nothing was "
        "started. Put "
        "back the file that init or join wrote.",
        wrong);
    return STATUS_MALFORMED;
}

/* Settings are gone, whatever the answer. */
static enum status take(enum status status, struct settings **settings,
    struct node_conf *ret, struct trouble *trouble)
{
    struct node_conf conf;

    memset(&conf, 0, sizeof(conf));
    if (status == STATUS_OK)
        status = fill(*settings, &conf, trouble);
    if (status == STATUS_OK)
        *ret = conf;
    settings_destroy(settings);
    return status;
}

enum status node_conf_read(
    const char *home, struct node_conf *ret, struct trouble *trouble)
{
    char *path = disk_path(home, "node.conf");
    struct settings *settings = NULL;
    enum status status =
        settings_read(NODE_CONF_ROWS, NODE_CONF_ROWS_N, path, &settings, trouble);

    status = take(status, &settings, ret, trouble);
    memory_free(path);
    return status;
}

enum status node_conf_parse(
    struct span text, const char *file, struct node_conf *ret, struct trouble *trouble)
{
    struct settings *settings = NULL;
    enum status status =
        settings_parse(NODE_CONF_ROWS, NODE_CONF_ROWS_N, text, file, &settings, trouble);

    return take(status, &settings, ret, trouble);
}

enum status node_conf_write(
    const char *home, const struct node_conf *conf, struct trouble *trouble)
{
    char id[IDENT_TEXT_BYTES], queue[IDENT_TEXT_BYTES], roles[NODE_CONF_TEXT_BYTES];
    char key[2 * NODE_CONF_KEY_BYTES + 1], hours[24], port[8], desks[8];
    const char *values[N_ROWS] = {NULL};
    char *path = disk_path(home, "node.conf");
    struct buffer text;
    enum status status;

    ident_format(&conf->node_id, id);
    ident_format(&conf->queue_id, queue);
    roles_format(conf->roles, roles, sizeof(roles));
    hex_format(conf->broker_key, NODE_CONF_KEY_BYTES, key);
    values[NAME] = conf->name;
    values[ID] = id;
    values[QUEUE] = queue;
    values[ROLES] = roles;
    values[PERSON] = conf->person;
    if (*conf->endpoint) {
        values[ENDPOINT] = conf->endpoint;
        values[KEY] = key;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(LEVELS); i++)
        if (LEVELS[i].level == conf->log_level)
            values[LEVEL] = LEVELS[i].word;
    if (*conf->backup_folder)
        values[FOLDER] = conf->backup_folder;
    if (conf->backup_hours != 0) {
        (void)snprintf(hours, sizeof(hours), "%lld", (long long)conf->backup_hours);
        values[HOURS] = hours;
    }
    (void)snprintf(port, sizeof(port), "%u", (unsigned)conf->page_port);
    values[PORT] = port;
    if (*conf->announce_command)
        values[COMMAND] = conf->announce_command;
    if (*conf->office_address)
        values[OFFICE] = conf->office_address;
    if (*conf->office_name)
        values[OFFICE_NAME] = conf->office_name;
    (void)snprintf(desks, sizeof(desks), "%u", (unsigned)conf->office_port);
    if (conf->office_port != 0)
        values[OFFICE_PORT] = desks;
    buffer_init(&text, SETTINGS_BYTES_MAX);
    status = settings_sample(NODE_CONF_ROWS, NODE_CONF_ROWS_N, HEAD, values, &text);
    if (status == STATUS_OK)
        status = disk_write(path, buffer_span(&text), 0600, trouble);
    buffer_release(&text);
    memory_free(path);
    return status;
}

enum status node_conf_sample(struct buffer *ret)
{
    return settings_sample(NODE_CONF_ROWS, NODE_CONF_ROWS_N, HEAD, NULL, ret);
}
