/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: every file is written whole (disk.h). The card is compared before it is written, so that an
 * ordinary restart changes nothing on the disk but run/endpoint.
 */
#include "home.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "endpoint.h"
#include "memory.h"

enum { SMALL_FILE_MAX = 4096, PRIVATE_MODE = 0600, CARD_MODE = 0644 };

void home_init(struct home *home, const char *folder)
{
    *home = (struct home){.folder = memory_copy_text(folder),
        .conf = disk_path(folder, "broker.conf"),
        .key = disk_path(folder, "link.key"),
        .card = disk_path(folder, "broker.amaan"),
        .database = disk_path(folder, "broker.db"),
        .socket = disk_path(folder, "run/socket"),
        .endpoint = disk_path(folder, "run/endpoint")};
}

void home_release(struct home *home)
{
    char *paths[] = {home->folder, home->conf, home->key, home->card, home->database,
        home->socket, home->endpoint};

    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
        memory_free(paths[i]);
    *home = (struct home){.folder = NULL};
}

/* ---- making ---- */

static enum status make_key(const struct home *home, struct chance *chance,
    bool *ret_made, struct trouble *trouble)
{
    uint8_t secret[DH_BYTES], public[DH_BYTES];

    dh_new_keys(chance, public, secret);
    enum status status =
        disk_write_new(home->key, span_of(secret, sizeof secret), PRIVATE_MODE, trouble);
    memory_wipe(secret, sizeof secret);
    if (status && status != STATUS_EXISTS)
        return status;
    *ret_made = status == STATUS_OK;
    return STATUS_OK;
}

/* Does the broker.conf that is there say what is wished? */
static enum status compare_conf(
    const struct home *home, const struct home_wish *wish, struct trouble *trouble)
{
    struct conf conf;
    enum status status = conf_read(home->conf, &conf, trouble);

    if (status)
        return status;
    if ((!wish->endpoint || strcmp(wish->endpoint, conf.endpoint) == 0) &&
        (!wish->public || strcmp(wish->public, conf.public) == 0))
        return STATUS_OK;
    trouble_say(trouble,
        "%s is there and says %s%s%s: it was left as it is. To change the address, edit "
        "it and start the exchange again",
        home->conf, conf.endpoint, conf.public[0] != '\0' ? ", public " : "",
        conf.public);
    return STATUS_CONFLICT;
}

static enum status make_conf(const struct home *home, const struct home_wish *wish,
    bool *ret_made, struct trouble *trouble)
{
    struct buffer text;

    buffer_init(&text, SETTINGS_BYTES_MAX);
    enum status status = conf_sample(wish->endpoint, wish->public, &text);
    if (status)
        trouble_say(trouble, "broker.conf cannot be made from these addresses");
    else
        status = disk_write_new(home->conf, buffer_span(&text), PRIVATE_MODE, trouble);
    buffer_release(&text);
    if (status && status != STATUS_EXISTS)
        return status;
    *ret_made = status == STATUS_OK;
    return *ret_made ? STATUS_OK : compare_conf(home, wish, trouble);
}

static enum status check_wish(const struct home_wish *wish, struct trouble *trouble)
{
    const char *told = wish->public ? wish->public : wish->endpoint;
    enum status status = STATUS_OK;

    if (wish->endpoint)
        status = conf_check_endpoint(wish->endpoint, trouble);
    if (status == STATUS_OK && told)
        status = conf_check_public(told, trouble);
    return status;
}

/* ---- the card ---- */

static enum status write_if_new(
    const char *path, struct span text, mode_t mode, struct trouble *trouble)
{
    struct buffer before;

    if (disk_read(path, SMALL_FILE_MAX, &before, NULL) == STATUS_OK) {
        bool same = span_equal(buffer_span(&before), text);

        buffer_release(&before);
        if (same)
            return STATUS_OK;
    }
    return disk_write(path, text, mode, trouble);
}

static enum status write_card(const struct home *home, const char *endpoint,
    const uint8_t public_key[static DH_BYTES], struct trouble *trouble)
{
    char key[2 * DH_BYTES + 1], text[SMALL_FILE_MAX];

    hex_format(public_key, DH_BYTES, key);
    (void)snprintf(text, sizeof text,
        "# Address and public key of an Amaan exchange, for: amaan-node join --broker\n"
        "endpoint = %s\n"
        "key = %s\n",
        endpoint, key);
    return write_if_new(home->card, span_text(text), CARD_MODE, trouble);
}

/* The address of the last start, if it was one of the wished host. */
static bool read_last_endpoint(
    const struct home *home, const struct endpoint *wished, struct endpoint *ret)
{
    char text[CONF_ENDPOINT_BYTES];
    struct buffer bytes;

    if (disk_read(home->endpoint, sizeof text - 1, &bytes, NULL) != STATUS_OK)
        return false;
    (void)snprintf(text, sizeof text, "%.*s", (int)bytes.used, (const char *)bytes.bytes);
    buffer_release(&bytes);
    text[strcspn(text, "\n")] = '\0';
    return endpoint_parse(text, ret, NULL) == STATUS_OK && ret->numeric &&
           ret->port != 0 && strcmp(ret->host, wished->host) == 0;
}

enum status home_make(const struct home *home, const struct home_wish *wish,
    struct home_made *ret, struct trouble *trouble)
{
    struct home_made made = {.conf = false};
    struct conf conf;
    uint8_t secret[DH_BYTES], public[DH_BYTES];
    enum status status = check_wish(wish, trouble);

    if (status == STATUS_OK)
        status = disk_make_folder(home->folder, trouble);
    if (status == STATUS_OK)
        status = make_key(home, wish->chance, &made.key, trouble);
    if (status == STATUS_OK)
        status = make_conf(home, wish, &made.conf, trouble);
    if (status == STATUS_OK)
        status = conf_read(home->conf, &conf, trouble);
    if (status == STATUS_OK)
        status = home_read_secret(home, secret, trouble);
    if (status)
        return status;
    dh_public_of(secret, public);
    memory_wipe(secret, sizeof secret);
    struct endpoint wished, last;
    char endpoint[CONF_ENDPOINT_BYTES];
    PROMISE(endpoint_parse(conf.endpoint, &wished, NULL) == STATUS_OK);
    (void)snprintf(endpoint, sizeof endpoint, "%s",
        conf.public[0] != '\0' ? conf.public : conf.endpoint);
    if (conf.public[0] == '\0' && wished.port == 0 &&
        read_last_endpoint(home, &wished, &last))
        endpoint_format(last.host, last.port, endpoint);
    status = write_card(home, endpoint, public, trouble);
    if (status == STATUS_OK)
        *ret = made;
    return status;
}

/* ---- reading ---- */

enum status home_check(const struct home *home, struct trouble *trouble)
{
    struct stat about;

    if (lstat(home->folder, &about) != 0 || !S_ISDIR(about.st_mode)) {
        trouble_say(trouble,
            "%s is no folder. Make the home of an exchange with: amaan-broker init %s",
            home->folder, home->folder);
        return STATUS_NOT_FOUND;
    }
    if (about.st_uid == geteuid() && (about.st_mode & 0077) == 0)
        return STATUS_OK;
    trouble_say(trouble,
        "%s must be of the user who runs the exchange and closed to others: chown, chmod "
        "700",
        home->folder);
    return STATUS_DENIED;
}

enum status home_read_secret(
    const struct home *home, uint8_t ret[static DH_BYTES], struct trouble *trouble)
{
    struct buffer bytes;
    enum status status = disk_read(home->key, SMALL_FILE_MAX, &bytes, trouble);

    if (status == STATUS_NOT_FOUND)
        trouble_say(trouble,
            "%s is not there. Make a new home with: amaan-broker init %s; members must "
            "then join again with its broker.amaan",
            home->key, home->folder);
    if (status)
        return status;
    status = disk_check_private(home->key, trouble);
    if (status == STATUS_OK && bytes.used != DH_BYTES) {
        trouble_say(trouble, "%s does not hold a key of %d bytes", home->key, DH_BYTES);
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK)
        memcpy(ret, bytes.bytes, DH_BYTES);
    buffer_release(&bytes);
    return status;
}

/* A plain socket asks: binding the transport's own socket twice is not possible at once. */
static bool nobody_listens_at(const struct endpoint *endpoint)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.v6 = {.sin6_family = AF_UNSPEC}};
    socklen_t n = endpoint->ipv6 ? sizeof at.v6 : sizeof at.v4;
    int on = 1;

    if (endpoint->ipv6) {
        at.v6.sin6_family = AF_INET6;
        at.v6.sin6_port = htons(endpoint->port);
        if (inet_pton(AF_INET6, endpoint->host, &at.v6.sin6_addr) != 1)
            return false;
    } else {
        at.v4.sin_family = AF_INET;
        at.v4.sin_port = htons(endpoint->port);
        if (inet_pton(AF_INET, endpoint->host, &at.v4.sin_addr) != 1)
            return false;
    }
    int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool is_free = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                   bind(fd, &at.any, n) == 0 && listen(fd, 1) == 0;
    (void)close(fd);
    return is_free;
}

void home_choose_endpoint(const struct home *home, const struct conf *conf,
    char ret[static CONF_ENDPOINT_BYTES])
{
    struct endpoint wished, last;

    (void)snprintf(ret, CONF_ENDPOINT_BYTES, "%s", conf->endpoint);
    if (endpoint_parse(conf->endpoint, &wished, NULL) != STATUS_OK || wished.port != 0)
        return;
    if (read_last_endpoint(home, &wished, &last) && nobody_listens_at(&last))
        endpoint_format(last.host, last.port, ret);
}

enum status home_write_endpoint(const struct home *home, const struct conf *conf,
    const char *endpoint, const uint8_t public_key[static DH_BYTES],
    struct trouble *trouble)
{
    char line[CONF_ENDPOINT_BYTES + 1];

    (void)snprintf(line, sizeof line, "%s\n", endpoint);
    enum status status =
        write_if_new(home->endpoint, span_text(line), PRIVATE_MODE, trouble);
    if (status)
        return status;
    return write_card(
        home, conf->public[0] != '\0' ? conf->public : endpoint, public_key, trouble);
}
