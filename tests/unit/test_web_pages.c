/* SPDX-License-Identifier: Apache-2.0
 *
 * web_pages: every page of the table over the real answers of a real node: an officer refers, a shelter takes the
 * referral through its life with a browser. A page that asks for a value that no answer has, or a word that a language
 * lacks, says so in the node's log, and fails here.
 */
#include <ftw.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "disk.h"
#include "loopback.h"
#include "memory.h"
#include "network.h"
#include "node_conf.h"
#include "visitor.h"

enum {
    OFFICER,
    SHELTER,
    COORDINATOR,
    CAST,
    OUTPUT_MAX = 1 << 20,
    REFERENCE_MAX = 16,
    TRIES = 600
};
#define CANARY "zorvexil"
#define BOSS "&person=&passphrase=seven+invented+torture+words"

static char folder[] = "/tmp/amaan-pages-XXXXXX";
static struct network network;
static struct buffer output;
static struct visitor visitors[CAST];
static char reference[REFERENCE_MAX];

static int remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(path);
}

/* Its node is started again with a page. */
static void give_page(size_t i)
{
    struct node_conf conf;
    struct trouble trouble = {""};
    int fd;

    assert_ok(loopback_listen(0, &fd, &visitors[i].port, &trouble));
    close(fd);
    assert_int_equal(process_stop(&network.nodes[i]), 0);
    assert_ok(node_conf_read(network.homes[i], &conf, NULL));
    conf.page_port = visitors[i].port;
    assert_ok(node_conf_write(network.homes[i], &conf, NULL));
    assert_true(network_start_node(&network, i));
}

static int set_up(void **state)
{
    static const char *const names[] = {
        "fia.torkham", "shelter.peshawar", "coord.punjab"};
    static const char *const roles[] = {"screening", "shelter", "coordinator"};

    (void)state;
    buffer_init(&output, OUTPUT_MAX);
    assert_non_null(mkdtemp(folder));
    assert_true(network_make(&network, AMAAN_BINARY_DIR, folder, names, roles, CAST));
    for (size_t i = 0; i < CAST; i++)
        give_page(i);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    network_stop(&network);
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    buffer_release(&output);
    return 0;
}

/* --- what people do ------------------------------------------------------------------------------------------ */

/* A command at that node; its output ends with a NUL. */
static int ask(size_t i, const char *verb, const char *const *words, struct span input)
{
    buffer_clear(&output);
    int code = network_ask(&network, i, verb, words, input, &output);

    assert_ok(buffer_put(&output, "", 1));
    return code;
}

static void enter(size_t i)
{
    char token[VISITOR_SECRET], body[128];

    assert_int_equal(
        ask(i, "open", (const char *const[]){"--print", NULL}, span_text("")), 0);
    visitor_copy_after((char *)output.bytes, "/launch?t=", "\n", token, sizeof(token));
    snprintf(body, sizeof(body), "t=%s", token);
    if (visitor_send_with(&visitors[i], "POST /launch", CHANGE, body) != 303)
        fail_msg("%s %s", body, visitors[i].text);
    visitor_keep_cookie(&visitors[i]);
}

/* As it is, with what rests on it. */
static void look_at(size_t i, const char *path)
{
    char line[160];

    snprintf(line, sizeof(line), "GET %s", path);
    if (visitor_look(&visitors[i], line) != 200)
        fail_msg("%s: %s", path, visitors[i].text);
}

/* Nobody waits in these stories: what rests is sent at once. */
static const char *look(size_t i, const char *path)
{
    look_at(i, path);
    if (visitor_send_now(&visitors[i]) > 0)
        look_at(i, path);
    assert_holds(visitors[i].text, "</html>");
    return visitors[i].text;
}

/* A form of the page that was looked at last, with its one-time key. */
static int change(size_t i, const char *verb, const char *fields)
{
    char line[64], all[512];

    snprintf(line, sizeof(line), "POST /do/%s", verb);
    snprintf(all, sizeof(all), "&key=%s&reference=%s&back=/referral/%s%s",
        visitors[i].key, reference, reference, fields);
    return visitor_change(&visitors[i], line, all);
}

/* The page of the referral, the form on it, and the page again. */
static const char *decide(size_t i, const char *verb, const char *fields)
{
    char path[64];

    snprintf(path, sizeof(path), "/referral/%s", reference);
    (void)look(i, path);
    if (change(i, verb, fields) != 303)
        fail_msg("%s: %s", verb, strstr(visitors[i].text, "<main"));
    assert_holds(visitors[i].text, path);
    return look(i, path);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

/* Until the referral stands so at that node: a letter is on its way. */
static const char *await(size_t i, const char *until)
{
    char path[64];
    int code = ask(i, "trace",
        (const char *const[]){reference, "--until", until, "--timeout", "60", NULL},
        span_text(""));

    if (code != 0)
        fail_msg("%s at %zu: %d: %.*s", until, i, code, (int)output.used, output.bytes);
    snprintf(path, sizeof(path), "/referral/%s", reference);
    return look(i, path);
}

static void refer(void)
{
    int code = ask(OFFICER, "refer",
        (const char *const[]){"--to", "shelter.peshawar", "--service", "shelter",
            "--reference-only", "--timeout", "60", "-", NULL},
        span_text("{\"priority\":\"tonight\",\"age_band\":\"18-25\",\"minor\":\"no\","
                  "\"gender\":\"female\",\"languages\":[\"pus\"],\"risk\":\"high\","
                  "\"safe_contact\":\"0300-" CANARY "\",\"sender_role\":\"officer\","
                  "\"note\":\"<i>" CANARY "\",\"consent\":{\"given_by\":\"person\","
                  "\"how\":\"spoken\",\"language\":\"urd\",\"interpreter\":true,"
                  "\"groups\":[\"contact\",\"note\"]}}"));

    if (code != 0)
        fail_msg("refer ended with %d: %.*s", code, (int)output.used, output.bytes);
    snprintf(reference, sizeof(reference), "%.*s",
        (int)strcspn((char *)output.bytes, "\n"), output.bytes);
    (void)ask(OFFICER, "trace",
        (const char *const[]){reference, "--until", "stored", "--timeout", "60", NULL},
        span_text(""));
}

static void look_for_misses(void)
{
    struct buffer log;

    buffer_init(&log, OUTPUT_MAX);
    assert_ok(disk_read(network.log, OUTPUT_MAX, &log, NULL));
    assert_ok(buffer_put(&log, "", 1));
    const char *misses = strstr((char *)log.bytes, "page-misses");
    if (misses)
        fail_msg("%.200s", misses);
    buffer_release(&log);
}

static void fail_with_log(void)
{
    struct buffer log;

    buffer_init(&log, OUTPUT_MAX);
    assert_ok(disk_read(network.log, OUTPUT_MAX, &log, NULL));
    fail_msg("%.*s", 600, (char *)log.bytes + (log.used > 600 ? log.used - 600 : 0));
}

/* A form of a page that stands at `path`, and that page again. */
static const char *do_at(size_t i, const char *path, const char *verb, const char *fields)
{
    char line[64], all[512];

    (void)look(i, path);
    snprintf(line, sizeof(line), "POST /do/%s", verb);
    snprintf(all, sizeof(all), "&key=%s&back=%s%s", visitors[i].key, path, fields);
    if (visitor_change(&visitors[i], line, all) != 303)
        fail_msg("%s: %s", verb, visitors[i].text);
    if (strstr(visitors[i].text, "Set-Cookie: "))
        visitor_keep_cookie(&visitors[i]);
    return look(i, path);
}

/* --- the story ------------------------------------------------------------------------------------------------ */

static void page__opens_and_reads_a_referral_once(void **state)
{
    char path[64];
    const char *text;

    (void)state;
    refer();
    enter(OFFICER);
    enter(SHELTER);
    enter(COORDINATOR);
    assert_holds(look(SHELTER, "/inbox"), reference);
    assert_null(strstr(visitors[SHELTER].text, CANARY));
    snprintf(path, sizeof(path), "/referral/%s", reference);
    text = look(SHELTER, path); /* a look opens nothing and shows no words */
    assert_null(strstr(text, CANARY));
    assert_holds(text, "Open and read");
    assert_holds(text, "Asked for");
    assert_int_equal(change(SHELTER, "show", ""), 303);
    text = look(SHELTER, path);
    assert_holds(text, "0300-" CANARY);
    assert_holds(text, "&lt;i&gt;" CANARY);
    assert_null(strstr(text, "<i>"));
    assert_null(strstr(text, "Open and read"));
    text = await(OFFICER, "opened");
    assert_null(strstr(text, CANARY));
}

static void page__takes_a_referral_through_its_life(void **state)
{
    const char *text;
    char tomorrow[TIME_TEXT_BYTES], fields[64];

    (void)state;
    time_format(clock_wall_ms(clock_system()) + DAY_MS, tomorrow);
    snprintf(fields, sizeof(fields), "&day=%.10s", tomorrow);
    (void)decide(SHELTER, "ask", "&question=has-papers");
    (void)decide(SHELTER, "waitlist", "&day=");
    assert_holds(visitors[SHELTER].text, "On the waiting list");
    (void)decide(SHELTER, "accept", "");
    (void)decide(SHELTER, "schedule", fields);
    (void)decide(SHELTER, "no-show", "");
    (void)decide(SHELTER, "schedule", fields);
    (void)decide(SHELTER, "start", "");
    (void)decide(SHELTER, "hold", "&reason=health&day=");
    (void)decide(SHELTER, "resume", "");
    (void)decide(SHELTER, "milestone", "&milestone=skills-training&day=");
    text = decide(SHELTER, "complete", "&given=shelter&given=medical");
    assert_holds(text, "Shelter Medical help");
    (void)decide(SHELTER, "follow-up", "&result=safe-and-well&after=30");
    assert_holds(visitors[SHELTER].text, "Safe and well");
    text = await(OFFICER, "completed");
    assert_holds(text, "Skills training");
    assert_holds(text, "Has the person papers?");
    assert_holds(look(OFFICER, "/sent"), "Completed");
}

static void page__brings_two_members_to_one_place(void **state)
{
    char code[16], tomorrow[TIME_TEXT_BYTES], fields[128];

    (void)state;
    time_format(clock_wall_ms(clock_system()) + DAY_MS, tomorrow);
    snprintf(fields, sizeof(fields),
        "&point=1&from=%.10sT19:30&minutes=&way_minutes=45&who=a-woman", tomorrow);
    refer();
    (void)look(SHELTER, "/inbox");
    assert_int_equal(change(SHELTER, "show", ""), 303);
    (void)decide(SHELTER, "accept", "");
    (void)decide(SHELTER, "hand-over-propose", fields);
    assert_holds(visitors[SHELTER].text, ", 19:30");
    assert_holds(visitors[SHELTER].text, "A woman");
    visitor_copy_after(visitors[SHELTER].text, "class=\"digits\"><bdi dir=\"ltr\">", "<",
        code, sizeof(code));
    (void)await(OFFICER, "accepted");
    assert_int_equal(change(OFFICER, "show", ""), 303);
    (void)decide(OFFICER, "hand-over-agree", "");
    assert_holds(visitors[OFFICER].text, code);
    (void)decide(OFFICER, "handed-over", "");
    assert_holds(visitors[OFFICER].text, "On the way");
}

static void page__lets_the_sender_end_what_was_declined(void **state)
{
    (void)state;
    refer();
    (void)decide(SHELTER, "decline", "&reason=at-capacity&suggest=");
    (void)await(OFFICER, "declined");
    assert_holds(visitors[OFFICER].text, "Ask another member");
    (void)decide(OFFICER, "settle", "");
    assert_int_equal(change(OFFICER, "refer-again", "&to=shelter.nowhere"), 404);
    assert_holds(visitors[OFFICER].text, "role=\"alert\"");
    (void)decide(OFFICER, "withdraw-consent", "&reason=person-asked");
}

static void page__asks_a_second_person_about_what_one_did_alone(void **state)
{
    char fields[128];

    (void)state;
    if (ask(OFFICER, "refer",
            (const char *const[]){"--to", "shelter.peshawar", "--service", "shelter",
                "--reference-only", "--timeout", "60", "-", NULL},
            span_text("{\"priority\":\"tonight\",\"age_band\":\"18-25\",\"minor\":"
                      "\"no\",\"gender\":\"female\",\"languages\":[\"pus\"],"
                      "\"risk\":\"high\",\"sender_role\":\"officer\",\"consent\":{"
                      "\"given_by\":\"override\",\"how\":\"spoken\",\"language\":"
                      "\"urd\",\"groups\":[],\"role\":\"Zarmina\",\"reason\":"
                      "\"life-at-risk\",\"rationale\":\"invented\"}}")) != 0)
        fail_with_log();
    snprintf(reference, sizeof(reference), "%.*s",
        (int)strcspn((char *)output.bytes, "\n"), output.bytes);
    assert_holds(look(OFFICER, "/"), "Life at risk");
    snprintf(fields, sizeof(fields), "&reference=%s&second=Gul", reference);
    assert_holds(do_at(OFFICER, "/", "confirm-act", fields), "A second person agreed");
}

static void page__does_nothing_twice(void **state)
{
    char path[64], key[VISITOR_SECRET];
    const char *text;

    (void)state;
    refer();
    snprintf(path, sizeof(path), "/referral/%s", reference);
    (void)decide(SHELTER, "accept", "");
    /* A double click, the back button, a reload: the same form again. */
    (void)look(SHELTER, path);
    snprintf(key, sizeof(key), "%s", visitors[SHELTER].key);
    assert_int_equal(change(SHELTER, "schedule", "&day=2036-01-01"), 303);
    assert_int_equal(change(SHELTER, "schedule", "&day=2036-01-01"), 303);
    text = look(SHELTER, path);
    assert_int_equal(count(text, "1 January 2036"), 1);
    /* The same key with another day: nothing is done, and it is said. */
    snprintf(visitors[SHELTER].key, sizeof(key), "%s", key);
    assert_int_equal(change(SHELTER, "schedule", "&day=2036-02-02"), 409);
    assert_holds(visitors[SHELTER].text, "This form was sent already");
    assert_holds(visitors[SHELTER].text, "1 January 2036");
    assert_null(strstr(visitors[SHELTER].text, "2 February 2036"));
    /* A new look is a new form. */
    (void)decide(SHELTER, "schedule", "&day=2036-02-02");
    assert_holds(visitors[SHELTER].text, "2 February 2036");
}

static void page__holds_what_it_sends_and_takes_it_back(void **state)
{
    char path[64], fields[256], deed[32];

    (void)state;
    refer();
    snprintf(path, sizeof(path), "/referral/%s", reference);
    look_at(SHELTER, path);
    assert_int_equal(change(SHELTER, "accept", "&if_state=requested"), 303);
    look_at(SHELTER, path);
    assert_holds(visitors[SHELTER].text, "not sent yet");
    assert_null(strstr(visitors[SHELTER].text, "/do/decline"));
    visitor_copy_after(visitors[SHELTER].text, "data-deeds=\"", " ", deed, sizeof(deed));
    snprintf(fields, sizeof(fields), "&key=%s&back=%s&reference=%s",
        visitors[SHELTER].key, path, deed);
    assert_int_equal(visitor_change(&visitors[SHELTER], "POST /do/undo", fields), 303);
    assert_holds(look(SHELTER, path), "/do/decline");
    assert_null(strstr(visitors[SHELTER].text, "not sent yet"));
    assert_null(strstr(visitors[SHELTER].text, "/do/start"));
}

static void page__says_what_was_wrong_with_a_form_and_keeps_what_was_written(void **state)
{
    (void)state;
    refer();
    (void)look(SHELTER, "/inbox");
    assert_int_equal(change(SHELTER, "decline", "&reason=&suggest=coord.punjab"), 400);
    assert_holds(visitors[SHELTER].text, "role=\"alert\"");
    assert_holds(visitors[SHELTER].text, "Nothing was changed");
    assert_holds(visitors[SHELTER].text, "value=\"coord.punjab\" selected");
    assert_int_equal(change(SHELTER, "decline", "&reason=at-capacity&nonsense=1"), 400);
    assert_int_equal(change(SHELTER, "decline", "&reason=at-capacity&reason=left"), 400);
    assert_int_equal(change(SHELTER, "waitlist", "&day=2001-01-01"), 400);
    (void)decide(SHELTER, "decline", "&reason=at-capacity&suggest=");
    assert_holds(visitors[SHELTER].text, "Declined");
    assert_int_equal(change(SHELTER, "accept", ""), 409);
    assert_holds(visitors[SHELTER].text, "role=\"alert\"");
}

/* The browser of the test keeps what it was given. */
static void open__gives_the_browser_a_file_and_no_secret_in_its_words(void **state)
{
    char script[128], seen[128], text[1024], token[VISITOR_SECRET];
    struct buffer file;

    (void)state;
    snprintf(script, sizeof(script), "%s/browser", folder);
    snprintf(seen, sizeof(seen), "%s/seen", folder);
    snprintf(text, sizeof(text),
        "#!/bin/sh\n{ echo \"$@\"; stat -c %%a \"$1\"; cat \"$1\"; } >'%s'\n", seen);
    assert_ok(disk_write(script, span_text(text), 0700, NULL));
    assert_int_equal(ask(SHELTER, "open",
                         (const char *const[]){"--browser", script, NULL}, span_text("")),
        0);
    assert_null(strstr((char *)output.bytes, "http"));
    buffer_init(&file, OUTPUT_MAX);
    assert_ok(disk_read(seen, OUTPUT_MAX, &file, NULL));
    assert_ok(buffer_put(&file, "", 1));
    visitor_copy_after((char *)file.bytes, "/launch?t=", "\"", token, sizeof(token));
    snprintf(text, sizeof(text), "%s/run/open.html\n600\n", network.homes[SHELTER]);
    assert_int_equal(strncmp((char *)file.bytes, text, strlen(text)), 0);
    /* A file leads there: the browser calls that another site. */
    snprintf(text, sizeof(text), "GET /launch?t=%s", token);
    assert_int_equal(visitor_send_with(&visitors[SHELTER], text,
                         HOST "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                              "Sec-Fetch-Dest: document\r\n",
                         NULL),
        200);
    assert_holds(visitors[SHELTER].text, token);
    buffer_release(&file);
    /* No browser: the address, to be opened by hand. */
    assert_int_equal(
        ask(SHELTER, "open", (const char *const[]){"--browser", "/bin/false", NULL},
            span_text("")),
        0);
    assert_holds((char *)output.bytes, "http://127.0.0.1:");
}

static void page__tells_of_free_places_in_two_clicks(void **state)
{
    const char *text;

    (void)state;
    assert_holds(look(SHELTER, "/"), "href=\"/capacity\"");
    assert_null(
        strstr(visitors[SHELTER].text, "href=\"/arrivals\"")); /* it screens nobody */
    text = do_at(SHELTER, "/capacity", "capacity-set",
        "&unit=female-bed&maximum=12&available=3&status=open&hours=");
    assert_holds(text, "Beds for women");
    assert_holds(text, "3 / 12");
    text = do_at(SHELTER, "/capacity", "capacity-set",
        "&unit=female-bed&maximum=12&available=0&status=full");
    assert_holds(text, "0 / 12");
}

static void page__answers_an_enquiry(void **state)
{
    char enquiry[REFERENCE_MAX], fields[64];

    (void)state;
    if (ask(OFFICER, "enquire",
            (const char *const[]){"--service", "shelter", "--gender", "female",
                "--age-band", "18-25", "--infant", "--languages", "pus", "--tonight",
                "--to", "shelter.peshawar", "--json", NULL},
            span_text("")) != 0)
        fail_with_log();
    visitor_copy_after(
        (char *)output.bytes, "\"reference\":\"", "\"", enquiry, sizeof(enquiry));
    refer(); /* letters arrive in the order in which they were sent */
    assert_holds(look(SHELTER, "/enquiries"), enquiry);
    assert_holds(visitors[SHELTER].text, "one is not yet two");
    snprintf(fields, sizeof(fields), "&reference=%s&answer=yes&hours=4", enquiry);
    assert_holds(do_at(SHELTER, "/enquiries", "answer-enquiry", fields),
        "The place is kept until");
    (void)look(OFFICER, "/enquiries");
    assert_null(strstr(visitors[OFFICER].text, "/do/answer-enquiry"));
}

static void page__changes_who_works_here_and_who_sits_here(void **state)
{
    const char *text;

    (void)state;
    text = do_at(SHELTER, "/people", "person-add",
        "&name=Gul+Invented&role=reception&new_passphrase=twelve+invented+words" BOSS);
    assert_holds(text, "Gul Invented");
    assert_int_equal(visitor_change(&visitors[SHELTER], "POST /do/person-add",
                         "&name=Gul+Invented&role=reception&new_passphrase=twelve+"
                         "invented+words&back=/people" BOSS),
        400); /* several people work here now: who does it? */
    assert_holds(visitors[SHELTER].text, "Write your name");
    assert_null(strstr(visitors[SHELTER].text, "invented words"));
    text = do_at(SHELTER, "/people", "switch",
        "&person=Gul+Invented&passphrase=twelve+invented+words&pin=");
    assert_holds(text, "Sits here now");
    assert_holds(text, "<bdi>Gul Invented</bdi>");
    /* Reception: less is offered, and what is not offered is refused all the same. */
    text = look(SHELTER, "/");
    assert_null(strstr(text, "href=\"/capacity\""));
    assert_null(strstr(text, "id=\"due\""));
    assert_holds(text, "href=\"/inbox\"");
    assert_int_equal(visitor_look(&visitors[SHELTER], "GET /enquiries"), 403);
    assert_holds(visitors[SHELTER].text, "another role of this desk");
    (void)look(SHELTER, "/inbox");
    assert_int_equal(change(SHELTER, "accept", ""), 403);
    assert_int_equal(change(SHELTER, "show", ""), 403);
    look_for_misses();
}

static void page__of_this_computer_says_how_it_is(void **state)
{
    (void)state;
    assert_holds(look(COORDINATOR, "/computer"), "No folder for backups is set");
    assert_holds(visitors[COORDINATOR].text, "coord.punjab");
    assert_holds(visitors[COORDINATOR].text, "No backup is known here");
    assert_holds(visitors[COORDINATOR].text, "were not looked at yet");
}

/* The same probes as the doctor's, by processes beside the node; what is worst stands first. */
static void page__of_this_computer_is_looked_through_by_a_button(void **state)
{
    char path[1024];

    (void)state;
    snprintf(path, sizeof(path), "%s/link.key", network.homes[COORDINATOR]);
    assert_int_equal(chmod(path, 0644), 0);
    const char *text = do_at(COORDINATOR, "/computer", "doctor", "");
    assert_int_equal(chmod(path, 0600), 0);
    assert_holds(text, "Looked through last:");
    const char *open = strstr(text, "Other users may read the key of the line");
    const char *disk = strstr(text, "Room on the disk");
    assert_non_null(open);
    assert_non_null(disk);
    assert_true(open < strstr(text, "The folder is there and closed to others."));
    /* A look changes nothing and shows what was found then. */
    assert_holds(look(COORDINATOR, "/computer"), "Other users may read the key");
    assert_null(strstr(
        do_at(COORDINATOR, "/computer", "doctor", ""), "Other users may read the key"));
}

static void page__sets_the_folder_for_backups_and_makes_one(void **state)
{
    char fields[256], path[128];

    (void)state;
    snprintf(path, sizeof(path), "%s/stick", folder);
    snprintf(fields, sizeof(fields), "&to=%s&back=/computer", path);
    (void)look(COORDINATOR, "/computer");
    assert_int_equal(
        visitor_change(&visitors[COORDINATOR], "POST /do/backup-folder", fields), 500);
    assert_holds(visitors[COORDINATOR].text, "There is no such folder");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(visitor_change(&visitors[COORDINATOR], "POST /do/backup-folder",
                         "&to=stick&back=/computer"),
        400);
    snprintf(fields, sizeof(fields), "&to=%s", path);
    assert_holds(do_at(COORDINATOR, "/computer", "backup-folder", fields), path);
    const char *text = do_at(COORDINATOR, "/computer", "backup", "");
    assert_holds(text, "The newest backup:");
    assert_holds(text, "KiB");
    assert_holds(text, "There is a backup of the last 7 days.");
}

static void page__shows_recovery_shares_once(void **state)
{
    char fields[256], key[VISITOR_SECRET], share[256];
    struct visitor *visitor = &visitors[COORDINATOR];

    (void)state;
    (void)look(COORDINATOR, "/recovery");
    snprintf(key, sizeof(key), "%s", visitor->key);
    snprintf(fields, sizeof(fields),
        "&key=%s&back=/recovery&person=&passphrase=no+invented+torture+words", key);
    assert_int_equal(visitor_change(visitor, "POST /do/recovery-make", fields), 403);
    snprintf(fields, sizeof(fields), "&key=%s&back=/recovery" BOSS, key);
    assert_int_equal(visitor_change(visitor, "POST /do/recovery-make", fields), 200);
    visitor_copy_after(
        visitor->text, "<li><code dir=\"ltr\">", "<", share, sizeof(share));
    assert_int_equal(count(visitor->text, "<li><code dir=\"ltr\">"), 3);
    assert_null(strstr(visitor->text, "torture"));
    /* Reloading that answer makes no new ones, which would make the written ones worthless. */
    assert_int_equal(visitor_change(visitor, "POST /do/recovery-make", fields), 409);
    assert_null(strstr(visitor->text, share));
    assert_holds(visitor->text, "kept nowhere");
    assert_null(strstr(look(COORDINATOR, "/recovery"), share));
    look_for_misses();
}

static void page__shows_the_board_after_a_button(void **state)
{
    const char *text = look(COORDINATOR, "/board");

    (void)state;
    assert_holds(text, "Show the board");
    assert_null(strstr(text, "<table"));
    text = do_at(COORDINATOR, "/board", "board", "");
    assert_holds(text, "in all.");
    assert_null(strstr(text, CANARY));
    assert_null(strstr(look(OFFICER, "/"), "href=\"/board\""));
}

/* The board's page with that filter, as soon as the referral stands on it: its event is a letter on its way. */
static const char *look_at_board(const char *query)
{
    char path[160];

    snprintf(path, sizeof(path), "/board%s", query);
    for (int i = 0; i < TRIES; i++) {
        if (strstr(look(COORDINATOR, path), reference))
            return visitors[COORDINATOR].text;
        (void)poll(NULL, 0, 50);
    }
    fail_msg("%s is not on the board: %s", reference, visitors[COORDINATOR].text);
    return NULL;
}

static bool is_on_board(const char *query)
{
    char path[160];

    snprintf(path, sizeof(path), "/board%s", query);
    return strstr(look(COORDINATOR, path), reference) != NULL;
}

static void page__shows_of_the_board_what_was_asked_for(void **state)
{
    (void)state;
    refer();
    (void)do_at(COORDINATOR, "/board", "board", "");
    (void)look_at_board("");
    assert_true(
        is_on_board("?service=shelter&priority=tonight&state=&district=&member="));
    assert_holds(visitors[COORDINATOR].text, "<option value=\"tonight\" selected >");
    assert_false(is_on_board("?service=medical"));
    assert_holds(visitors[COORDINATOR].text, "<option value=\"medical\" selected >");
    assert_false(is_on_board("?priority=normal"));
    assert_false(is_on_board("?state=declined"));
    assert_false(is_on_board("?late=yes"));
    assert_false(is_on_board("?district=PK101"));
    assert_false(is_on_board("?member=coord.punjab"));
    assert_false(is_on_board("?escalated=yes"));
    assert_true(is_on_board("?member=shelter.peshawar&all=yes"));
    assert_holds(visitors[COORDINATOR].text, "value=\"yes\" checked");
    /* What nobody could have chosen is said, and not shown as an empty board. */
    assert_int_equal(
        visitor_look(&visitors[COORDINATOR], "GET /board?member=shelter.nowhere"), 404);
    assert_int_equal(
        visitor_look(&visitors[COORDINATOR], "GET /board?service=nothing"), 400);
    assert_int_equal(
        visitor_look(&visitors[COORDINATOR], "GET /board?district=Lahore"), 400);
}

static void page__shows_load_and_waits_as_pictures_with_their_tables(void **state)
{
    const char *text;

    (void)state;
    (void)look_at_board("");
    text = look(COORDINATOR, "/load");
    assert_int_equal(count(text, "<svg class=\"plot\""), 4);
    assert_int_equal(count(text, "</svg>"), 4);
    assert_int_equal(count(text, "<table"), 2);
    assert_holds(text, "href=\"/board?service=shelter\"");
    assert_null(strstr(text, reference)); /* counts only */
    assert_null(strstr(text, "shelter.peshawar"));
    assert_int_equal(visitor_look(&visitors[OFFICER], "GET /load"), 403);
    assert_int_equal(
        ask(COORDINATOR, "load", (const char *const[]){NULL}, span_text("")), 0);
    assert_holds((char *)output.bytes, "MEDIAN HOURS");
    assert_holds((char *)output.bytes, "shelter");
}

static void page__of_members_shows_those_with_a_service_and_whose_standing_changed(
    void **state)
{
    const char *text = look(COORDINATOR, "/members");
    size_t shelters = count(text, "shelter.peshawar"),
           officers = count(text, "fia.torkham");

    (void)state;
    assert_holds(text, "Changes of the list");
    assert_null(strstr(text, "Cut off"));
    text = look(COORDINATOR, "/members?service=shelter");
    assert_int_equal(count(text, "shelter.peshawar"), shelters);
    assert_int_equal(count(text, "fia.torkham"), officers - 1);
    assert_holds(text, "<option value=\"shelter\" selected >");
}

static int try_about_row(const char *row, const char *verb, const char *fields)
{
    char path[64], line[64], all[512];

    snprintf(path, sizeof(path), "/timeline?row=%s", row);
    (void)look(COORDINATOR, path);
    snprintf(line, sizeof(line), "POST /do/%s", verb);
    snprintf(all, sizeof(all),
        "&key=%s&back=%%2Ftimeline%%3Frow%%3D%s&reference=%s&sender=fia.torkham%s",
        visitors[COORDINATOR].key, row, reference, fields);
    return visitor_change(&visitors[COORDINATOR], line, all);
}

static const char *do_about_row(const char *row, const char *verb, const char *fields)
{
    char path[64];

    snprintf(path, sizeof(path), "/timeline?row=%s", row);
    if (try_about_row(row, verb, fields) != 303)
        fail_msg("%s: %s", verb, visitors[COORDINATOR].text);
    assert_holds(visitors[COORDINATOR].text, path);
    return look(COORDINATOR, path);
}

static void page__does_something_about_a_row_of_the_board(void **state)
{
    char path[64], row[16];
    const char *text;

    (void)state;
    refer();
    (void)do_at(COORDINATOR, "/board", "board", "");
    text = look_at_board("");
    const char *at = strstr(text, reference);
    while (at > text && strncmp(at, "?row=", 5) != 0)
        at--;
    visitor_copy_after(at, "?row=", "\"", row, sizeof(row));
    snprintf(path, sizeof(path), "/timeline?row=%s", row);
    text = look(COORDINATOR, path);
    assert_holds(text, reference);
    assert_null(strstr(text, CANARY));
    assert_int_equal(count(text, "/do/nudge"), 1);
    assert_int_equal(count(text, "<svg class=\"plot\""), 1);
    assert_holds(text, "<polygon class=\"due\"");
    assert_null(strstr(text, "<text class=\"label\" x=\"50\" y=\"62\">Promised"));
    text = do_about_row(row, "call-note", "&whom=recipient&result=promised");
    assert_holds(text, "the recipient: Promised");
    assert_holds(text, "<text class=\"label\" x=\"50\" y=\"62\">Promised</text>");
    assert_holds(do_about_row(row, "nudge", ""), "Reminded");
    (void)do_about_row(row, "reassign", "&to=shelter.peshawar");
    /* There is no other coordinator in this network: said on the page. */
    assert_int_equal(try_about_row(row, "escalate", ""), 409);
    assert_holds(visitors[COORDINATOR].text, "role=\"alert\"");
    assert_holds(visitors[COORDINATOR].text, reference);
    assert_holds(look(COORDINATOR, "/timeline?row=999999"), "not on this board any more");
    look_for_misses();
}

static const char *const PATHS[] = {"/", "/inbox", "/inbox?before=1", "/sent",
    "/sent?before=1", "/?nonsense=1", "/enquiries", "/capacity", "/members", "/people",
    "/computer", "/recovery"};

static void page__has_every_value_and_every_word(void **state)
{
    static const char *const LANGUAGES[] = {"urd", "eng"};
    char path[64], fields[64];

    (void)state;
    snprintf(path, sizeof(path), "/referral/%s", reference);
    for (size_t i = 0; i < CAST; i++)
        for (size_t l = 0; l < ARRAY_LENGTH(LANGUAGES); l++) {
            snprintf(fields, sizeof(fields), "&lang=%s", LANGUAGES[l]);
            assert_int_equal(visitor_change(&visitors[i], "POST /language", fields), 303);
            (void)look(i, i == COORDINATOR ? "/board" : path);
            if (i == COORDINATOR) {
                (void)look(i, "/load");
                (void)look(i, "/timeline?row=1");
            }
            for (size_t p = 0; p < ARRAY_LENGTH(PATHS); p++)
                (void)look(i, PATHS[p]);
            assert_int_equal(
                visitor_change(&visitors[i], "POST /do/screen-lock", ""), 303);
            assert_int_equal(visitor_look(&visitors[i], "GET /"), 423);
            assert_int_equal(visitor_change(&visitors[i], "POST /do/unlock", BOSS), 303);
            visitor_keep_cookie(&visitors[i]);
            (void)visitor_look(&visitors[i], "GET /");
        }
    look_for_misses();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page__opens_and_reads_a_referral_once),
        cmocka_unit_test(page__takes_a_referral_through_its_life),
        cmocka_unit_test(page__brings_two_members_to_one_place),
        cmocka_unit_test(page__lets_the_sender_end_what_was_declined),
        cmocka_unit_test(page__asks_a_second_person_about_what_one_did_alone),
        cmocka_unit_test(page__does_nothing_twice),
        cmocka_unit_test(page__holds_what_it_sends_and_takes_it_back),
        cmocka_unit_test(
            page__says_what_was_wrong_with_a_form_and_keeps_what_was_written),
        cmocka_unit_test(page__answers_an_enquiry),
        cmocka_unit_test(page__tells_of_free_places_in_two_clicks),
        cmocka_unit_test(page__of_this_computer_says_how_it_is),
        cmocka_unit_test(page__of_this_computer_is_looked_through_by_a_button),
        cmocka_unit_test(page__sets_the_folder_for_backups_and_makes_one),
        cmocka_unit_test(page__shows_recovery_shares_once),
        cmocka_unit_test(page__shows_the_board_after_a_button),
        cmocka_unit_test(page__shows_of_the_board_what_was_asked_for),
        cmocka_unit_test(page__shows_load_and_waits_as_pictures_with_their_tables),
        cmocka_unit_test(
            page__of_members_shows_those_with_a_service_and_whose_standing_changed),
        cmocka_unit_test(page__does_something_about_a_row_of_the_board),
        cmocka_unit_test(open__gives_the_browser_a_file_and_no_secret_in_its_words),
        cmocka_unit_test(page__has_every_value_and_every_word),
        cmocka_unit_test(page__changes_who_works_here_and_who_sits_here),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
