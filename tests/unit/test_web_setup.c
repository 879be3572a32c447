/* SPDX-License-Identifier: Apache-2.0
 *
 * web_setup: an office's first hour in a browser, with real processes: from no home at all to a letter's receipt. The
 * wizard is killed behind every step and started again.
 */
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "disk.h"
#include "local.h"
#include "memory.h"
#include "network.h"
#include "node_conf.h"
#include "setup.h"
#include "visitor.h"

enum {
    PATH_BYTES = 256,
    OUTPUT_MAX = 1 << 20,
    REDIRECTS = 20,
    TRIES = 300,
    PAUSE_MS = 100,
    SAME_BYTES = 64
};
#define WORDS "seven+invented+words+here"
#define NAME "shelter.invented"
#define CREATE                                                                           \
    "&name=" NAME "&role=shelter&person=Zarmina+Invented&passphrase=" WORDS              \
    "&again=" WORDS

static char folder[] = "/tmp/amaan-setup-XXXXXX";
static char home[PATH_BYTES], stick[PATH_BYTES], made[PATH_BYTES];
static struct network network;
static struct visitor visitor;
static pid_t desk = -1;

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

static const char *at(const char *place)
{
    static char ring[8][PATH_BYTES * 2];
    static size_t next;
    char *path = ring[next++ % ARRAY_LENGTH(ring)];

    snprintf(path, sizeof(ring[0]), "%s/%s", folder, place);
    return path;
}

static bool is_there(const char *where, const char *name)
{
    char path[PATH_BYTES * 2];

    snprintf(path, sizeof(path), "%s/%s", where, name);
    return access(path, F_OK) == 0;
}

static int run(const char *const *words, const char *input, struct buffer *output)
{
    return process_run(network.log, words, span_text(input), output);
}
#define RUN(input, ...) run((const char *const[]){__VA_ARGS__, NULL}, (input), NULL)

static int set_up(void **state)
{
    static const char *const names[] = {"coord.punjab"}, *const roles[] = {"coordinator"};

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(home, sizeof(home), "%s/desk", folder);
    snprintf(stick, sizeof(stick), "%s/stick", folder);
    snprintf(made, sizeof(made), "%s/network", folder);
    assert_int_equal(mkdir(stick, 0700), 0);
    assert_int_equal(mkdir(made, 0700), 0);
    assert_true(network_make(&network, AMAAN_BINARY_DIR, made, names, roles, 1));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    process_kill(&desk);
    network_stop(&network);
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}

/* --- what a person does --------------------------------------------------------------------------------------- */

static void start_desk(void)
{
    desk = process_serve(
        network.log, (const char *const[]){AMAAN_BINARY_DIR "/nodes/amaan-node", "setup",
                         "--cost", "floor", home, NULL});
    assert_true(desk > 0);
}

/* What `amaan open` prints, and the button behind it. */
static void enter(void)
{
    char token[VISITOR_SECRET], body[128], port[8];
    struct buffer output;

    buffer_init(&output, OUTPUT_MAX);
    assert_int_equal(run((const char *const[]){AMAAN_BINARY_DIR "/nodes/client/amaan",
                             "open", "--print", "--home", home, NULL},
                         "", &output),
        0);
    assert_ok(buffer_put(&output, "", 1));
    visitor_copy_after(
        (char *)output.bytes, "http://127.0.0.1:", "/", port, sizeof(port));
    visitor.port = (uint16_t)strtoul(port, NULL, 10);
    visitor_copy_after((char *)output.bytes, "/launch?t=", "\n", token, sizeof(token));
    snprintf(body, sizeof(body), "t=%s", token);
    assert_int_equal(visitor_send_with(&visitor, "POST /launch", CHANGE, body), 303);
    visitor_keep_cookie(&visitor);
    buffer_release(&output);
}

static const char *look(void)
{
    int code = visitor_look(&visitor, "GET /");

    if (code != 200)
        fail_msg("%d: %s", code, visitor.text);
    return visitor.text;
}

/* The power goes. */
static void cut(void)
{
    process_kill(&desk);
    start_desk();
    enter();
}

/* A form; the code of the answer. Whatever comes back holds no passphrase. */
static int act(const char *name, const char *fields)
{
    char line[64];

    snprintf(line, sizeof(line), "POST /setup/%s", name);
    int code = visitor_change(&visitor, line, fields);
    assert_null(strstr(visitor.text, "seven invented words here"));
    assert_null(strstr(visitor.text, WORDS));
    return code;
}

static void read_file(const char *where, const char *name, struct buffer *ret)
{
    char *path = disk_path(where, name);

    assert_ok(disk_read(path, OUTPUT_MAX, ret, NULL));
    memory_free(path);
}

static void put(const char *from, const char *to)
{
    char *path = disk_path(stick, to);
    struct buffer bytes;

    assert_ok(disk_read(from, OUTPUT_MAX, &bytes, NULL));
    assert_ok(disk_write(path, buffer_span(&bytes), 0600, NULL));
    buffer_release(&bytes);
    memory_free(path);
}

static void sign(const char *document)
{
    static const char *const keys[] = {"network/steward1.key", "network/steward2.key"};

    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
        assert_int_equal(
            RUN("seven invented torture words", AMAAN_BINARY_DIR "/steward/amaan-steward",
                "sign", "--yes", "--passphrase-fd", "0", "--key", at(keys[i]), "--root",
                at("network/root.amaan"), "--previous", at("network/roster.amaan"),
                at(document)),
            0);
}

/* The stewards admit the desk, and the exchange learns of it. */
static void admit(void)
{
    assert_int_equal(
        RUN("", AMAAN_BINARY_DIR "/steward/amaan-steward", "roster", "next", "--root",
            at("network/root.amaan"), "--previous", at("network/roster.amaan"), "--plain",
            at("network/profiles.plain"), "--fingerprints-compared", "--protocol",
            "isp-1:2999-12-31", "--admit", at("desk/" NAME ".join"), "--out-roster",
            at("roster-2.amaan"), "--out-profiles", at("profiles-2.amaan"), "--out-plain",
            at("profiles-2.plain")),
        0);
    sign("roster-2.amaan");
    sign("profiles-2.amaan");
    assert_int_equal(RUN("", AMAAN_BINARY_DIR "/broker/amaan-broker", "roster", "load",
                         "--home", at("network/broker"), at("network/root.amaan"),
                         at("roster-2.amaan"), at("profiles-2.amaan")),
        0);
}

/* --- the story -------------------------------------------------------------------------------------------------- */

static void wizard__lets_in_only_whom_amaan_open_sent(void **state)
{
    (void)state;
    start_desk();
    enter();
    assert_int_equal(visitor_send_with(&visitor, "GET /", HOST, NULL), 403);
    assert_null(strstr(visitor.text, "setup/create"));
    assert_int_equal(
        visitor_send(&visitor, "GET /", "Host: stranger.example\r\n", NULL), 421);
    assert_holds(look(), "/setup/create");
    assert_holds(visitor.text, "/setup/restore");
    assert_int_equal(
        visitor_send(&visitor, "POST /setup/create", CHANGE, "form=0" CREATE), 403);
    assert_int_equal(
        visitor_send(&visitor, "POST /setup/create",
            HOST "Origin: http://stranger.example\r\n" TYPE, "form=0" CREATE),
        403);
    assert_false(is_there(home, "node.key"));
    assert_int_equal(
        RUN("", AMAAN_BINARY_DIR "/nodes/client/amaan", "inbox", "--home", home),
        1); /* not set up: it says so */
}

static void wizard__speaks_urdu_from_the_first_page(void **state)
{
    (void)state;
    (void)look();
    assert_int_equal(visitor_change(&visitor, "POST /language", "&lang=urd&back=/"), 303);
    assert_holds(look(), "lang=\"ur\"");
    assert_holds(visitor.text, "نیا ڈیسک");
    assert_int_equal(visitor_change(&visitor, "POST /language", "&lang=eng&back=/"), 303);
}

static void wizard__makes_nothing_of_what_init_would_refuse(void **state)
{
    static const struct {
        const char *fields, *says;
    } wrong[] = {
        {"&name=Shelter&role=shelter&person=Z&passphrase=" WORDS "&again=" WORDS,
            "setup-name"},
        {"&name=" NAME "&role=king&person=Z&passphrase=" WORDS "&again=" WORDS,
            "setup-role"},
        {"&name=" NAME "&role=shelter&person=&passphrase=" WORDS "&again=" WORDS,
            "setup-person"},
        {"&name=" NAME "&role=shelter&person=Z&passphrase=" WORDS "&again=other",
            "setup-two-differ"},
        {"&name=" NAME "&role=shelter&person=Z&passphrase=short&again=short",
            "setup-weak"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        (void)look();
        assert_int_equal(act("create", wrong[i].fields), 400);
        assert_holds(visitor.text, wrong[i].says);
        assert_holds(visitor.text, "Nothing was made.");
        assert_false(is_there(home, "node.key"));
    }
    assert_holds(visitor.text, "value=\"" NAME "\""); /* what was written stays */
}

static void wizard__restores_nothing_from_what_is_no_backup(void **state)
{
    char fields[PATH_BYTES * 4];

    (void)state;
    (void)look();
    snprintf(fields, sizeof(fields), "&from=%s&whose=&passphrase=" WORDS, network.log);
    assert_int_equal(act("restore", fields), 400);
    assert_holds(visitor.text, "Nothing was restored");
    assert_false(is_there(home, "node.key"));
}

static void wizard__makes_the_home_once(void **state)
{
    struct buffer before, after;

    (void)state;
    cut();
    (void)look();
    assert_int_equal(act("create", CREATE), 303);
    assert_holds(look(), "<svg class=\"qr\"");
    assert_holds(visitor.text, NAME ".join");
    assert_holds(visitor.text, "Read this aloud");
    read_file(home, "node.key", &before);
    assert_int_equal(act("create", CREATE), 303); /* "back", and the button again */
    read_file(home, "node.key", &after);
    assert_true(span_equal(buffer_span(&before), buffer_span(&after)));
    buffer_release(&before);
    buffer_release(&after);
}

static void wizard__goes_on_after_a_power_cut_with_the_same_request(void **state)
{
    char before[SAME_BYTES], after[SAME_BYTES];
    uint16_t port = visitor.port;

    (void)state;
    visitor_copy_after(
        look(), "class=\"aloud\"><bdi dir=\"ltr\">", "<", before, SAME_BYTES);
    assert_int_equal(strlen(before), 47);
    cut();
    assert_int_equal(visitor.port, port);
    visitor_copy_after(
        look(), "class=\"aloud\"><bdi dir=\"ltr\">", "<", after, SAME_BYTES);
    assert_string_equal(before, after);
}

static void wizard__takes_in_only_whole_papers(void **state)
{
    char fields[PATH_BYTES * 4];

    (void)state;
    snprintf(fields, sizeof(fields), "&folder=%s", stick);
    (void)look();
    assert_int_equal(act("papers", fields), 400);
    assert_holds(visitor.text, "root.amaan is not in that folder");
    put(at("network/root.amaan"), "root.amaan");
    put(at("network/broker/broker.amaan"), "broker.amaan");
    put(at("network/roster.amaan"), "roster.amaan");
    put(at("network/roster.amaan"), "profiles.amaan");
    (void)look();
    assert_int_equal(act("papers", fields), 400);
    assert_holds(visitor.text, "profiles.amaan is not what its name says");
    assert_false(is_there(home, "join"));
    put(at("network/profiles.amaan"), "profiles.amaan");
    (void)look();
    assert_int_equal(act("papers", fields), 303);
    assert_holds(look(), "name=\"same\"");
    assert_holds(visitor.text, "tcp://127.0.0.1:");
    assert_false(is_there(home, "node.db")); /* nothing is believed */
}

static void wizard__pins_nothing_that_was_not_compared(void **state)
{
    char fields[PATH_BYTES * 4];

    (void)state;
    cut();
    assert_holds(look(), "name=\"same\"");
    /* Another tab showed other digits. */
    assert_int_equal(
        act("compare", "&same=yes&root=00000+00000+00000+00000+00000+00000+00000+00000"),
        409);
    assert_holds(visitor.text, "setup-root-differs");
    assert_false(is_there(home, "node.db"));
    assert_false(is_there(home, "join"));
    snprintf(fields, sizeof(fields), "&folder=%s", stick);
    (void)look();
    assert_int_equal(act("papers", fields), 303);
    (void)look();
    assert_int_equal(act("compare", "&same=no&root="), 409);
    assert_holds(visitor.text, "belongs to no network");
    assert_holds(visitor.text, "/setup/papers");
    assert_false(is_there(home, "node.db"));
}

/* Takes in what is on the stick, and says yes to the digits that are shown. */
static int compare(void)
{
    char fields[PATH_BYTES * 4], root[SAME_BYTES];

    snprintf(fields, sizeof(fields), "&folder=%s", stick);
    (void)look();
    assert_int_equal(act("papers", fields), 303);
    cut();
    visitor_copy_after(
        look(), "class=\"aloud\"><bdi dir=\"ltr\">", "<", root, SAME_BYTES);
    for (char *c = root; *c; c++)
        if (*c == ' ')
            *c = '+';
    snprintf(fields, sizeof(fields), "&same=yes&root=%s", root);
    return act("compare", fields);
}

static void wizard__says_when_the_stewards_list_does_not_name_the_desk_yet(void **state)
{
    (void)state;
    assert_int_equal(compare(), 400);
    assert_holds(visitor.text, "setup-join");
    assert_holds(visitor.text, "does not name this node");
    (void)look();
    assert_int_equal(act("compare", "&same=no&root="), 409);
}

/* The browser follows at once, perhaps once more to the wizard; then it waits in the kernel's queue until the node listens. */
static void follow(void)
{
    int code = 303;

    for (int i = 0; i < REDIRECTS && code == 303; i++)
        code = visitor_send(&visitor, "GET /", HOST, NULL);
    if (code != 423)
        fail_msg("%d: %s", code, visitor.text);
    assert_int_equal(visitor_look(&visitor, "GET /"), 423);
}

static void wizard__becomes_the_node_under_the_same_session(void **state)
{
    (void)state;
    admit();
    put(at("roster-2.amaan"), "roster-2.amaan");
    put(at("profiles-2.amaan"), "profiles-2.amaan");
    assert_int_equal(compare(), 303);
    follow();
    assert_holds(visitor.text, "/do/unlock");
    assert_int_equal(visitor_change(&visitor, "POST /do/unlock",
                         "&person=&passphrase=" WORDS "&pin=&back=/"),
        303);
    visitor_keep_cookie(&visitor);
    assert_holds(look(), "Zarmina Invented");
    assert_int_equal(
        visitor_change(&visitor, "POST /setup/create", CREATE), 404); /* it is over */
    assert_false(is_there(home, "join"));
}

static void desk__tries_whether_letters_arrive(void **state)
{
    int code = 0;

    (void)state;
    assert_holds(look(), "/computer#test");
    (void)visitor_look(&visitor, "GET /computer");
    assert_holds(visitor.text, "<bdi>coord.punjab</bdi>");
    char fields[128];
    snprintf(fields, sizeof(fields), "&key=%s&back=/computer", visitor.key);
    assert_int_equal(visitor_change(&visitor, "POST /do/test-letter", fields), 303);
    assert_int_equal(visitor_change(&visitor, "POST /do/test-letter", fields), 303);
    for (int i = 0; i < TRIES && !strstr(visitor.text, "has signed for it"); i++) {
        code = visitor_look(&visitor, "GET /computer");
        poll(NULL, 0, PAUSE_MS);
    }
    assert_int_equal(code, 200);
    assert_holds(visitor.text, "has signed for it");
    assert_null(strstr(strstr(visitor.text, "has signed for it") + 1, "has signed"));
    assert_null(strstr(look(), "/computer#test"));
    /* Nobody there has anything to do with it. */
    assert_int_equal(network_ask(&network, 0, "inbox", NULL, span_text(""), NULL), 0);
}

static void open__of_a_desk_that_is_set_up_shows_its_own_page(void **state)
{
    (void)state;
    assert_int_equal(
        RUN("", AMAAN_BINARY_DIR "/nodes/amaan-node", "setup", "--needed", home), 1);
    enter();
    assert_holds(look(), "Zarmina Invented");
    cut(); /* started again, it needs no wizard */
    assert_int_equal(visitor_look(&visitor, "GET /"), 423);
}

static void wizard__brings_a_desk_back_from_a_backup(void **state)
{
    char fields[PATH_BYTES * 4];
    struct buffer output;
    char file[SAME_BYTES];

    (void)state;
    assert_int_equal(visitor_change(&visitor, "POST /do/unlock",
                         "&person=&passphrase=" WORDS "&pin=&back=/"),
        303);
    buffer_init(&output, OUTPUT_MAX);
    assert_int_equal(
        run((const char *const[]){AMAAN_BINARY_DIR "/nodes/client/amaan", "backup",
                "--json", "--to", stick, "--timeout", "60", "--home", home, NULL},
            "", &output),
        0);
    assert_ok(buffer_put(&output, "", 1));
    visitor_copy_after((char *)output.bytes, "\"file\":\"", "\"", file, sizeof(file));
    buffer_release(&output);
    assert_int_equal(process_stop(&desk), 0);
    snprintf(home, sizeof(home), "%s/again", folder); /* another computer */
    start_desk();
    enter();
    (void)look();
    snprintf(fields, sizeof(fields),
        "&from=%s/%s&whose=&passphrase=other+words+than+that", stick, file);
    assert_int_equal(act("restore", fields), 400);
    assert_holds(visitor.text, "setup-restore");
    assert_false(is_there(home, "node.key"));
    snprintf(fields, sizeof(fields), "&from=%s/%s&whose=&passphrase=" WORDS, stick, file);
    assert_int_equal(act("restore", fields), 303);
    follow();
    assert_int_equal(process_stop(&desk), 0);
}

/* The process at the other end of that socket. */
static pid_t find_server(const char *socket)
{
    struct trouble trouble = {""};
    struct ucred peer;
    socklen_t n = sizeof(peer);
    int fd;

    assert_ok(local_connect(socket, &fd, &trouble));
    assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n), 0);
    close(fd);
    return peer.pid;
}

static void open__starts_the_wizard_where_there_is_no_desk(void **state)
{
    char socket[PATH_BYTES * 2];

    (void)state;
    snprintf(home, sizeof(home), "%s/third", folder);
    snprintf(socket, sizeof(socket), "%s/run/socket", home);
    enter();
    pid_t first = find_server(socket);
    assert_holds(look(), "/setup/create");
    enter(); /* a second one starts nothing */
    assert_int_equal(find_server(socket), first);
    assert_holds(look(), "/setup/create");
    assert_int_equal(kill(first, SIGTERM), 0);
    enum status status = STATUS_OK;
    for (int i = 0; i < TRIES && status == STATUS_OK; i++) {
        struct trouble trouble = {""};
        int fd;

        status = local_connect(socket, &fd, &trouble);
        if (status == STATUS_OK)
            close(fd);
        poll(NULL, 0, PAUSE_MS);
    }
    assert_int_not_equal(status, STATUS_OK);
}

/* Of a restore that the power cut, or of a node whose key is gone: neither a new desk nor a restore may be mixed with it. */
static void setup__puts_aside_what_was_begun_and_never_a_desk(void **state)
{
    static const char *const LEFT[] = {
        "link.key", "case.key", "node.db", "node.db.counter"};
    char fresh[] = "/tmp/amaan-aside-XXXXXX";
    struct trouble trouble = {""};
    struct stat about;

    (void)state;
    assert_non_null(mkdtemp(fresh));
    char *aside = disk_path(fresh, "before-1"), *second = disk_path(fresh, "before-2");
    for (size_t i = 0; i < ARRAY_LENGTH(LEFT); i++) {
        char *path = disk_path(fresh, LEFT[i]);

        assert_ok(disk_write_new(path, span_text(LEFT[i]), 0600, &trouble));
        memory_free(path);
    }
    assert_ok(setup_put_aside(fresh, &trouble));
    assert_ok(setup_put_aside(fresh, &trouble)); /* there is nothing any more */
    assert_int_not_equal(lstat(second, &about), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(LEFT); i++) {
        char *gone = disk_path(fresh, LEFT[i]), *kept = disk_path(aside, LEFT[i]);
        struct buffer text;

        buffer_init(&text, 64);
        assert_int_not_equal(lstat(gone, &about), 0);
        assert_ok(disk_read(kept, 64, &text, &trouble));
        assert_int_equal(text.used, strlen(LEFT[i]));
        buffer_release(&text);
        /* The same beside a node.key is a desk. */
        assert_ok(disk_write_new(gone, span_text(LEFT[i]), 0600, &trouble));
        memory_free(gone);
        memory_free(kept);
    }
    char *key = disk_path(fresh, "node.key");
    assert_ok(disk_write_new(key, span_text("key"), 0600, &trouble));
    assert_ok(setup_put_aside(fresh, &trouble));
    assert_int_not_equal(lstat(second, &about), 0);
    memory_free(key);
    memory_free(aside);
    memory_free(second);
    nftw(fresh, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setup__puts_aside_what_was_begun_and_never_a_desk),
        cmocka_unit_test(wizard__lets_in_only_whom_amaan_open_sent),
        cmocka_unit_test(wizard__speaks_urdu_from_the_first_page),
        cmocka_unit_test(wizard__makes_nothing_of_what_init_would_refuse),
        cmocka_unit_test(wizard__restores_nothing_from_what_is_no_backup),
        cmocka_unit_test(wizard__makes_the_home_once),
        cmocka_unit_test(wizard__goes_on_after_a_power_cut_with_the_same_request),
        cmocka_unit_test(wizard__takes_in_only_whole_papers),
        cmocka_unit_test(wizard__pins_nothing_that_was_not_compared),
        cmocka_unit_test(wizard__says_when_the_stewards_list_does_not_name_the_desk_yet),
        cmocka_unit_test(wizard__becomes_the_node_under_the_same_session),
        cmocka_unit_test(desk__tries_whether_letters_arrive),
        cmocka_unit_test(open__of_a_desk_that_is_set_up_shows_its_own_page),
        cmocka_unit_test(wizard__brings_a_desk_back_from_a_backup),
        cmocka_unit_test(open__starts_the_wizard_where_there_is_no_desk),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
