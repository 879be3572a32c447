/* SPDX-License-Identifier: Apache-2.0 */
#include "setup.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card.h"
#include "disk.h"
#include "join.h"
#include "limits.h"
#include "memory.h"
#include "node.h"
#include "node_conf.h"
#include "node_inside.h"
#include "package.h"
#include "root.h"
#include "roster.h"

enum { NUMBER_DIGITS_MAX = 9, NAME_BYTES = 64, ASIDE_MAX = 100 };
#define PAPERS "join"

/* In the order in which they are written: the root makes them count. */
enum { BROKER, PROFILES, ROSTER, ROOT, N_PAPERS };
static const struct {
    const char *stem;
    size_t max;
    bool numbered;
} KINDS[] = {
    [BROKER] = {"broker", CARD_BYTES_MAX, false},
    [PROFILES] = {"profiles", PROFILES_BYTES_MAX, true},
    [ROSTER] = {"roster", ROSTER_BYTES_MAX, true},
    [ROOT] = {"root", ROSTER_BYTES_MAX, false},
};

struct papers {
    struct buffer files[N_PAPERS];
};

static char *paper_path(const char *folder, int kind)
{
    char name[NAME_BYTES];

    (void)snprintf(name, sizeof(name), "%s.amaan", KINDS[kind].stem);
    return disk_path(folder, name);
}

static bool is_there(const char *folder, const char *name)
{
    char *path = disk_path(folder, name);
    struct stat about;
    bool there = lstat(path, &about) == 0;

    memory_free(path);
    return there;
}

/* --- the state ------------------------------------------------------------------------------------------- */

enum setup_step setup_step(const char *home)
{
    char *papers = disk_path(home, PAPERS);
    struct node_conf conf;
    enum setup_step step = SETUP_REQUEST;

    if (!is_there(home, "node.key"))
        step = SETUP_START;
    else if (node_conf_read(home, &conf, NULL) == STATUS_OK && *conf.endpoint)
        step = SETUP_READY;
    else if (is_there(papers, "root.amaan"))
        step = SETUP_COMPARE;
    memory_free(papers);
    return step;
}

const char *setup_step_name(enum setup_step step)
{
    static const char *const NAMES[] = {[SETUP_START] = "start",
        [SETUP_REQUEST] = "request",
        [SETUP_COMPARE] = "compare",
        [SETUP_READY] = "ready"};

    return NAMES[step];
}

uint16_t setup_port(const char *home)
{
    struct node_conf conf;

    return node_conf_read(home, &conf, NULL) == STATUS_OK ? conf.page_port : 0;
}

enum status setup_keep_port(const char *home, uint16_t port, struct trouble *trouble)
{
    struct node_conf conf;
    enum status status = node_conf_read(home, &conf, trouble);

    if (status != STATUS_OK || conf.page_port != 0)
        return status;
    conf.page_port = port;
    return node_conf_write(home, &conf, trouble);
}

/* A folder that is not there yet; NULL: there are too many. */
static char *name_aside(const char *home)
{
    char name[NAME_BYTES];

    for (int n = 1; n <= ASIDE_MAX; n++) {
        (void)snprintf(name, sizeof(name), "before-%d", n);
        if (!is_there(home, name))
            return disk_path(home, name);
    }
    return NULL;
}

enum status setup_put_aside(const char *home, struct trouble *trouble)
{
    static const char *const LEFT[] = {"node.conf", "link.key", "case.key", "node.db",
        "node.db-wal", "node.db-journal", "node.db.counter", NODE_ERASED};
    char *folder = NULL;
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LENGTH(LEFT); i++) {
        if (is_there(home, "node.key") || !is_there(home, LEFT[i]))
            continue;
        if (!folder && !(folder = name_aside(home))) {
            trouble_say(trouble, "%s holds too many beginnings of a desk", home);
            return STATUS_EXISTS;
        }
        status = disk_make_folder(folder, trouble);
        char *from = disk_path(home, LEFT[i]), *to = disk_path(folder, LEFT[i]);
        if (status == STATUS_OK && rename(from, to) != 0) {
            trouble_say(trouble, "%s could not be put aside", from);
            status = STATUS_IO;
        }
        memory_free(from);
        memory_free(to);
    }
    memory_free(folder);
    return status;
}

/* --- the papers ------------------------------------------------------------------------------------------ */

static void release(struct papers *papers)
{
    for (int i = 0; i < N_PAPERS; i++)
        buffer_release(&papers->files[i]);
}

static enum status read_all(
    const char *folder, struct papers *papers, struct trouble *trouble)
{
    enum status status = STATUS_OK;

    for (int i = 0; i < N_PAPERS; i++)
        buffer_init(&papers->files[i], KINDS[i].max);
    for (int i = 0; status == STATUS_OK && i < N_PAPERS; i++) {
        char *path = paper_path(folder, i);

        status = disk_read(path, KINDS[i].max, &papers->files[i], trouble);
        memory_free(path);
    }
    return status;
}

/* "roster-12.amaan" is 12, "roster.amaan" 0; -1: another file. */
static long number_of(const char *name, const char *stem)
{
    size_t n = strlen(stem), digits;

    if (strncmp(name, stem, n) != 0)
        return -1;
    name += n;
    if (strcmp(name, ".amaan") == 0)
        return 0;
    digits = *name == '-' ? strspn(name + 1, "0123456789") : 0;
    if (digits == 0 || digits > NUMBER_DIGITS_MAX ||
        strcmp(name + 1 + digits, ".amaan") != 0)
        return -1;
    return strtol(name + 1, NULL, 10);
}

/* The highest number of that kind in the folder; false: none. */
static bool find_paper(const char *folder, int kind, char ret[static NAME_BYTES])
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    long best = -1;

    while (listing && (entry = readdir(listing)) != NULL) {
        long number = number_of(entry->d_name, KINDS[kind].stem);

        if (number > best && (number == 0 || KINDS[kind].numbered) &&
            strlen(entry->d_name) < NAME_BYTES) {
            best = number;
            memcpy(ret, entry->d_name, strlen(entry->d_name) + 1);
        }
    }
    if (listing)
        (void)closedir(listing);
    return best >= 0;
}

static enum status read_from_stick(
    const char *folder, struct papers *papers, struct trouble *trouble)
{
    enum status status = STATUS_OK;

    for (int i = 0; i < N_PAPERS; i++)
        buffer_init(&papers->files[i], KINDS[i].max);
    for (int i = N_PAPERS; status == STATUS_OK && i-- > 0;) {
        char name[NAME_BYTES];

        if (*folder != '/' || !find_paper(folder, i, name)) {
            trouble_say(trouble, "%s.amaan is not in that folder", KINDS[i].stem);
            return STATUS_NOT_FOUND;
        }
        char *path = disk_path(folder, name);
        status = disk_read(path, KINDS[i].max, &papers->files[i], trouble);
        memory_free(path);
    }
    return status;
}

/* Only what can be told without believing anything: forms, and the root's own signatures. */
static enum status judge_papers(const struct papers *papers, struct trouble *trouble)
{
    struct document document;
    struct ident network;
    struct root root;
    struct card card;
    enum status status = root_read_chain(
        buffer_span(&papers->files[ROOT]), false, &root, &document, &network, trouble);

    if (status == STATUS_OK)
        status = card_parse(buffer_span(&papers->files[BROKER]), &card, trouble);
    if (status != STATUS_OK)
        return status;
    static const struct {
        int kind;
        enum document_type type;
    } signed_ones[] = {{ROSTER, DOCUMENT_ROSTER}, {PROFILES, DOCUMENT_PROFILES}};
    for (size_t i = 0; i < ARRAY_LENGTH(signed_ones); i++) {
        status = document_decode_one(buffer_span(&papers->files[signed_ones[i].kind]),
            signed_ones[i].type, &document);
        if (status != STATUS_OK) {
            trouble_say(trouble, "%s.amaan is not what its name says",
                KINDS[signed_ones[i].kind].stem);
            return status;
        }
    }
    return STATUS_OK;
}

enum status setup_take_papers(
    const char *home, const char *folder, struct trouble *trouble)
{
    char *to = disk_path(home, PAPERS);
    struct papers papers;
    enum status status = read_from_stick(folder, &papers, trouble);

    if (status == STATUS_OK)
        status = judge_papers(&papers, trouble);
    if (status == STATUS_OK) {
        setup_drop_papers(home); /* of another stick */
        status = disk_make_folder(to, trouble);
    }
    for (int i = 0; status == STATUS_OK && i < N_PAPERS; i++) {
        char *path = paper_path(to, i);

        status = disk_write(path, buffer_span(&papers.files[i]), 0600, trouble);
        memory_free(path);
    }
    release(&papers);
    memory_free(to);
    return status;
}

/* The root first: without it the rest does not count. */
void setup_drop_papers(const char *home)
{
    char *folder = disk_path(home, PAPERS);

    for (int i = N_PAPERS; i-- > 0;) {
        char *path = paper_path(folder, i);

        (void)unlink(path);
        memory_free(path);
    }
    (void)rmdir(folder);
    memory_free(folder);
}

static void format_root(
    const struct papers *papers, char ret[static FINGERPRINT_TEXT_BYTES])
{
    struct document document;
    size_t used;

    *ret = 0;
    if (document_decode(buffer_span(&papers->files[ROOT]), &document, &used) == STATUS_OK)
        fingerprint_format(&document.hash, ret);
}

void setup_root(const char *home, char ret[static FINGERPRINT_TEXT_BYTES])
{
    char *folder = disk_path(home, PAPERS);
    struct papers papers;

    *ret = 0;
    if (read_all(folder, &papers, NULL) == STATUS_OK)
        format_root(&papers, ret);
    release(&papers);
    memory_free(folder);
}

/* Before a root is pinned for good: a list that does not name this desk yet is of no use, and the root may be another
 * network's. Its signature is judged when it is taken in. */
static enum status check_named(
    const char *home, const struct papers *papers, struct trouble *trouble)
{
    struct document document;
    struct roster *roster = NULL;
    struct node_conf conf;
    enum status status = node_conf_read(home, &conf, trouble);

    if (status == STATUS_OK)
        status = document_decode_one(
            buffer_span(&papers->files[ROSTER]), DOCUMENT_ROSTER, &document);
    if (status == STATUS_OK)
        status = roster_decode(&document, &roster);
    if (status == STATUS_OK && !roster_find_node(roster, &conf.node_id)) {
        trouble_say(trouble,
            "The roster does not name this node yet. Nothing was taken in. Give %s.join "
            "to a steward, and come back with the next roster",
            conf.name);
        status = STATUS_NOT_FOUND;
    }
    roster_destroy(&roster);
    return status;
}

static enum status join(const char *home, const struct papers *papers,
    struct clock *clock, struct chance *chance, struct trouble *trouble)
{
    struct node_options options = {.home = home, .clock = clock, .chance = chance};
    struct node_join request = {.roots = buffer_span(&papers->files[ROOT]),
        .roster = buffer_span(&papers->files[ROSTER]),
        .profiles = buffer_span(&papers->files[PROFILES])};
    struct node *node = NULL;
    struct card card;
    enum status status = card_parse(buffer_span(&papers->files[BROKER]), &card, trouble);

    if (status != STATUS_OK)
        return status;
    request.endpoint = card.endpoint;
    memcpy(request.broker_key, card.key, sizeof(request.broker_key));
    status = node_open(&options, &node, trouble);
    if (status == STATUS_OK)
        status = node_join(node, &request, trouble);
    node_close(&node);
    return status;
}

enum status setup_join(
    const char *home, struct clock *clock, struct chance *chance, struct trouble *trouble)
{
    char *folder = disk_path(home, PAPERS);
    struct papers papers;
    enum status status = read_all(folder, &papers, trouble);

    if (status == STATUS_OK)
        status = check_named(home, &papers, trouble);
    if (status == STATUS_OK)
        status = join(home, &papers, clock, chance, trouble);
    if (status == STATUS_OK)
        setup_drop_papers(home);
    release(&papers);
    memory_free(folder);
    return status;
}

/* --- what is shown ---------------------------------------------------------------------------------------- */

/* Folders of sticks where desktops put them, that hold a root. */
static void add_sticks(struct json *list, const char *where)
{
    DIR *listing = opendir(where);
    const struct dirent *entry;

    while (listing && (entry = readdir(listing)) != NULL) {
        char *path = disk_path(where, entry->d_name);

        if (*entry->d_name != '.' && json_count(list) < SETUP_STICKS_MAX &&
            text_is_clean(span_text(path)) && is_there(path, "root.amaan"))
            json_add_text(list, path);
        memory_free(path);
    }
    if (listing)
        (void)closedir(listing);
}

static void show_start(struct json *json)
{
    struct json *roles = json_new_list();

    for (int i = 1; i < ROLE_COUNT; i++)
        json_add_text(roles, role_name((enum role)i));
    json_give(json, "roles", &roles);
}

static void show_request(const char *home, struct json *json)
{
    char digits[FINGERPRINT_TEXT_BYTES], file[JOIN_NAME_BYTES + 8];
    struct json *found = json_new_list();
    struct node_conf conf;
    struct join request;
    struct buffer text;

    add_sticks(found, "/media");
    const char *user = getenv("USER");
    char *own = disk_path("/media", user && !strchr(user, '/') ? user : "");
    char *run = disk_path("/run/media", user && !strchr(user, '/') ? user : "");
    add_sticks(found, own);
    add_sticks(found, run);
    memory_free(own);
    memory_free(run);
    json_give(json, "found", &found);
    if (node_conf_read(home, &conf, NULL) != STATUS_OK)
        return;
    (void)snprintf(file, sizeof(file), "%s.join", conf.name);
    char *path = disk_path(home, file);
    buffer_init(&text, JOIN_TEXT_BYTES_MAX + 1);
    if (disk_read(path, JOIN_TEXT_BYTES_MAX, &text, NULL) == STATUS_OK &&
        join_parse(buffer_span(&text), &request, NULL) == STATUS_OK &&
        buffer_put(&text, "", 1) == STATUS_OK) {
        join_fingerprint(&request, digits);
        json_put_text(json, "name", conf.name);
        json_put_text(json, "file", path);
        json_put_text(json, "request", (const char *)text.bytes);
        json_put_text(json, "fingerprint", digits);
    }
    buffer_release(&text);
    memory_free(path);
}

static void show_compare(const char *home, struct json *json)
{
    char *folder = disk_path(home, PAPERS), digits[FINGERPRINT_TEXT_BYTES];
    struct document document;
    struct papers papers;
    struct ident network;
    struct root root;
    struct card card;

    if (read_all(folder, &papers, NULL) == STATUS_OK &&
        root_read_chain(buffer_span(&papers.files[ROOT]), false, &root, &document,
            &network, NULL) == STATUS_OK &&
        card_parse(buffer_span(&papers.files[BROKER]), &card, NULL) == STATUS_OK) {
        format_root(&papers, digits);
        json_put_text(json, "root", digits);
        json_put_text(json, "endpoint", card.endpoint);
        json_put_flag(json, "practice", root.practice);
    }
    release(&papers);
    memory_free(folder);
}

struct json *setup_show(const char *home)
{
    enum setup_step step = setup_step(home);
    struct json *json = json_new_object();

    json_put_text(json, "step", setup_step_name(step));
    if (step == SETUP_START)
        show_start(json);
    else if (step == SETUP_REQUEST)
        show_request(home, json);
    else if (step == SETUP_COMPARE)
        show_compare(home, json);
    return json;
}
