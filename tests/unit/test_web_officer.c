/* SPDX-License-Identifier: Apache-2.0
 *
 * web_officer: a screening officer's way through the pages of a real node: from the counter over the form, one question
 * at a time, to the referral that was sent. The story goes on from test to test.
 */
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "disk.h"
#include "loopback.h"
#include "memory.h"
#include "network.h"
#include "node_conf.h"
#include "visitor.h"

enum { OFFICER, SHELTER, CLINIC, CAST, OUTPUT_MAX = 1 << 20, NAME_MAX_BYTES = 16 };
enum { QUESTIONS_MAX = 64 };

static char folder[] = "/tmp/amaan-officer-XXXXXX";
static struct network network;
static struct buffer output;
static struct visitor officer;
static char alias[NAME_MAX_BYTES], sent[NAME_MAX_BYTES], path[64];

static int remove_entry(
    const char *name, const struct stat *about, int type, struct FTW *ftw)
{
    (void)about, (void)type, (void)ftw;
    return remove(name);
}

static void enter(void)
{
    char token[VISITOR_SECRET], body[128];

    buffer_clear(&output);
    assert_int_equal(network_ask(&network, OFFICER, "open",
                         (const char *const[]){"--print", NULL}, span_text(""), &output),
        0);
    assert_ok(buffer_put(&output, "", 1));
    visitor_copy_after((char *)output.bytes, "/launch?t=", "\n", token, sizeof(token));
    snprintf(body, sizeof(body), "t=%s", token);
    assert_int_equal(visitor_send_with(&officer, "POST /launch", CHANGE, body), 303);
    visitor_keep_cookie(&officer);
}

static int set_up(void **state)
{
    static const char *const names[] = {
        "fia.torkham", "shelter.peshawar", "clinic.peshawar"};
    static const char *const roles[] = {"screening", "shelter", "medical"};
    struct node_conf conf;
    struct trouble trouble = {""};
    int fd;

    (void)state;
    buffer_init(&output, OUTPUT_MAX);
    assert_non_null(mkdtemp(folder));
    assert_true(network_make(&network, AMAAN_BINARY_DIR, folder, names, roles, CAST));
    assert_ok(loopback_listen(0, &fd, &officer.port, &trouble));
    close(fd);
    assert_int_equal(process_stop(&network.nodes[OFFICER]), 0);
    assert_ok(node_conf_read(network.homes[OFFICER], &conf, NULL));
    conf.page_port = officer.port;
    assert_ok(node_conf_write(network.homes[OFFICER], &conf, NULL));
    assert_true(network_start_node(&network, OFFICER));
    enter();
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

/* PAGE of the case, or a whole path. */
static const char *look(const char *page)
{
    char line[160];

    snprintf(path, sizeof(path), *page == '/' ? "%s" : "/%s/%s", page, alias);
    snprintf(line, sizeof(line), "GET %s", path);
    if (visitor_look(&officer, line) != 200)
        fail_msg("%s: %s", path, officer.text);
    if (visitor_send_now(&officer) > 0) /* nobody waits in this story */
        assert_int_equal(visitor_look(&officer, line), 200);
    assert_holds(officer.text, "</html>");
    return officer.text;
}

/* A form of the page that was looked at last. */
static int say(const char *verb, const char *fields)
{
    char line[64], all[1024];

    snprintf(line, sizeof(line), "POST /do/%s", verb);
    snprintf(all, sizeof(all), "&key=%s&back=%s%s", officer.key, path, fields);
    return visitor_change(&officer, line, all);
}

static int say_of_case(const char *verb, const char *fields)
{
    char all[512];

    snprintf(all, sizeof(all), "&reference=%s%s", alias, fields);
    return say(verb, all);
}

static void keep_open_question(char *ret)
{
    visitor_copy_after(
        officer.text, "name=\"question\" value=\"", "\"", ret, NAME_MAX_BYTES);
}

/* What the person of this story says. */
static const char *answer_to(const char *question)
{
    static const char *const YES = " S1 S2 S3 S6 A1 A2 M1 M3 P1 P2 N1 ";
    char word[NAME_MAX_BYTES + 2];

    snprintf(word, sizeof(word), " %s ", question);
    return strstr(YES, word) ? "yes" : "no";
}

static void answer(const char *question)
{
    char fields[64];

    snprintf(
        fields, sizeof(fields), "&question=%s&answer=%s", question, answer_to(question));
    if (say_of_case("screen-answer", fields) != 303)
        fail_msg("%s: %s", question, officer.text);
    (void)look("screen");
}

/* --- the story --------------------------------------------------------------------------------------------------- */

static void counter__says_in_a_minute_who_is_taken_aside(void **state)
{
    (void)state;
    assert_holds(look("/"), "href=\"/arrivals\"");
    (void)look("/arrivals");
    assert_null(strstr(officer.text, "papers, or answers"));
    assert_int_equal(say("triage", ""), 200);
    assert_holds(officer.text, "Another person holds the papers, or answers?");
    assert_null(strstr(officer.text, "Take aside, to a private place"));
    assert_int_equal(say("triage", "&t1=no&t2=no&t3=yes&t4=no&t5=no&t6=no"), 200);
    assert_holds(officer.text, "Take aside, to a private place");
    assert_null(strstr(look("/arrivals"), "Take aside, to a private place"));
}

/* A command at the terminal; its output ends with a NUL. */
static const char *at_terminal(size_t i, const char *verb, const char *const *words)
{
    buffer_clear(&output);
    if (network_ask(&network, i, verb, words, span_text(""), &output) != 0)
        fail_msg("%s: %.*s", verb, (int)output.used, output.bytes);
    assert_ok(buffer_put(&output, "", 1));
    return (char *)output.bytes;
}

static void arrivals__are_taken_met_and_become_a_case(void **state)
{
    char file[160], list[80], task[NAME_MAX_BYTES], fields[160];

    (void)state;
    snprintf(file, sizeof(file), "%s/list.csv", folder);
    assert_ok(disk_write(file,
        span_text("flight_or_bus,date,sending_state,return_type,minor,care_need\n"
                  "PK 7771,2026-11-26,IR,deported,yes,no\n"
                  "PK 7771,2026-11-26,IR,voluntary,no,no\n"),
        0600, NULL));
    visitor_copy_after(at_terminal(OFFICER, "arrivals-preview",
                           (const char *const[]){file, "--json", NULL}),
        "\"list\":\"", "\"", list, sizeof(list));
    (void)at_terminal(
        OFFICER, "arrivals-import", (const char *const[]){file, "--list", list, NULL});
    assert_holds(look("/arrivals"), "PK 7771");
    assert_holds(officer.text, "A child");
    visitor_copy_after(
        officer.text, "name=\"reference\" value=\"", "\"", task, sizeof(task));
    snprintf(fields, sizeof(fields), "&reference=%s", task);
    assert_int_equal(say("task-take", fields), 303);
    assert_holds(look("/arrivals"), "Somebody goes there");
    assert_int_equal(say("case-open", "&origin=arrival"), 303);
    visitor_copy_after(officer.text, "Location: /case/", "\r", alias, sizeof(alias));
    assert_holds(look("case"), "This is the person of");
    snprintf(fields, sizeof(fields), "&reference=%s&case=%s", task, alias);
    assert_int_equal(say("task-done", fields), 303);
    assert_null(strstr(look("case"), "This is the person of"));
    assert_null(strstr(look("/arrivals"), task));
}

static void case__is_opened_by_a_form_and_found_again(void **state)
{
    (void)state;
    (void)look("/cases");
    assert_int_equal(
        say("case-open", "&origin=screening&age_band=18-25&minor=no&gender=female&"
                         "languages=urd+pus&interpreter=yes&name=Zarq&risk=high&"
                         "safe_contact=invented+zorvexil&injury=yes"),
        303);
    visitor_copy_after(officer.text, "Location: /case/", "\r", alias, sizeof(alias));
    assert_holds(look("case"), "Zarq");
    assert_holds(officer.text, "zorvexil");
    (void)look("/cases");
    assert_null(strstr(officer.text, alias));
    assert_int_equal(say("case-find", "&name=zarq"), 200);
    assert_holds(officer.text, alias);
    assert_null(strstr(look("/cases"), alias)); /* in no address and kept nowhere */
}

static void form__asks_one_question_at_a_time_and_keeps_each_answer(void **state)
{
    char question[NAME_MAX_BYTES], again[NAME_MAX_BYTES];

    (void)state;
    assert_holds(look("screen"), "Open the form");
    assert_int_equal(say_of_case("screen", ""), 303);
    (void)look("screen");
    assert_holds(officer.text, "type=\"radio\"");
    keep_open_question(question);
    assert_string_equal(question, "S1");
    assert_holds(officer.text, "class=\"beside\" lang=\"ur\""); /* she speaks Urdu */
    answer(question);
    keep_open_question(question);
    assert_string_not_equal(question, "S1");
    /* A reload, and the other language: the same question. */
    (void)look("screen");
    keep_open_question(again);
    assert_string_equal(question, again);
    assert_int_equal(visitor_change(&officer, "POST /language", "&lang=urd"), 303);
    (void)look("screen");
    keep_open_question(again);
    assert_string_equal(question, again);
    assert_holds(officer.text, "<html lang=\"ur\"");
    assert_int_equal(visitor_change(&officer, "POST /language", "&lang=eng"), 303);
    /* No answer at all is said to be none. */
    (void)look("screen");
    assert_int_equal(say_of_case("screen-answer", "&question=S2&answer="), 400);
    assert_holds(officer.text, "role=\"alert\"");
    assert_holds(officer.text, "type=\"radio\"");
}

static void form__is_left_quietly_and_nothing_of_the_case_stays(void **state)
{
    char fields[64];

    (void)state;
    assert_holds(look("screen"), "accesskey=\"q\"");
    snprintf(fields, sizeof(fields), "&back=/arrivals");
    assert_int_equal(visitor_change(&officer, "POST /quiet", fields), 303);
    assert_holds(officer.text, "Location: /arrivals");
    assert_null(strstr(look("/arrivals"), alias));
    assert_null(strstr(look("screen"), "type=\"radio\"")); /* the button "back" */
    assert_null(strstr(look("case"), "Zarq"));
    assert_holds(look("/cases"), alias); /* a draft, by its alias */
}

static void form__opens_at_the_same_question_after_a_power_cut(void **state)
{
    char question[NAME_MAX_BYTES], again[NAME_MAX_BYTES];

    (void)state;
    (void)look("screen");
    assert_int_equal(say_of_case("screen", ""), 303);
    (void)look("screen");
    keep_open_question(question);
    process_kill(&network.nodes[OFFICER]);
    assert_true(network_start_node(&network, OFFICER));
    enter();
    (void)look("screen");
    assert_int_equal(say_of_case("screen", ""), 303);
    (void)look("screen");
    keep_open_question(again);
    assert_string_equal(question, again);
}

static void form__comes_to_its_end_and_a_person_confirms_why(void **state)
{
    char question[NAME_MAX_BYTES];

    (void)state;
    (void)look("screen");
    for (int i = 0; i < QUESTIONS_MAX && strstr(officer.text, "type=\"radio\""); i++) {
        keep_open_question(question);
        answer(question);
    }
    assert_holds(officer.text, "Everything that may be asked now is answered");
    char address[64];
    snprintf(address, sizeof(address), "/screen/%s?question=M1", alias);
    assert_holds(look(address), "Answered until now:");
    assert_holds(look("outcome"), "Proposed, not yet confirmed");
    assert_holds(officer.text, "Exploitation, done or planned.");
    assert_int_equal(say_of_case("screen-confirm", "&class=no-indicators&reason="), 409);
    assert_holds(officer.text, "role=\"alert\"");
    (void)look("outcome");
    assert_int_equal(say_of_case("screen-confirm", "&class=possible-vot-strong"), 303);
    assert_holds(look("outcome"), "Confirmed:");
}

static void agree_to(const char *member, const char *service, const char *more)
{
    char fields[512];

    (void)look("consent");
    snprintf(fields, sizeof(fields),
        "&to=%s&service=%s&consent.given_by=person&consent.how=spoken&consent.language="
        "urd&consent.interpreter=yes%s",
        member, service, more);
    assert_int_equal(say_of_case("case-consent", fields), 303);
}

static void services__are_ranked_and_the_person_is_asked_first(void **state)
{
    char fields[256];

    (void)state;
    assert_int_equal(say_of_case("case-show", ""), 303);
    (void)look("services");
    assert_int_equal(
        say("match", "&service=shelter&gender=female&age_band=18-25&minor=no&"
                     "languages=urd&languages=pus&district=&tonight=yes"),
        200);
    assert_holds(officer.text, "1. <bdi>shelter.peshawar</bdi>");
    assert_holds(officer.text, "Who is left out, and why");
    assert_int_equal(say("enquire", "&service=shelter&to=shelter.peshawar&gender=female&"
                                    "age_band=18-25&minor=no&languages=urd&tonight=yes"),
        303);
    assert_holds(look("/enquiries"), "shelter.peshawar");
    snprintf(path, sizeof(path), "/consent/%s", alias);
    snprintf(fields, sizeof(fields),
        "&to=shelter.peshawar&service=shelter&case=%s&priority=normal", alias);
    assert_int_equal(say("preview", fields), 200);
    assert_holds(officer.text, "a safe place to stay");
    assert_holds(officer.text, "Your identity card number");
    assert_holds(officer.text, "The person says no");
    assert_holds(officer.text, "1099");
    /* Signed under a draft is no consent. */
    assert_int_equal(say_of_case("case-consent",
                         "&to=shelter.peshawar&service=shelter&consent.given_by="
                         "person&consent.how=signed&consent.language=urd"),
        400);
    assert_holds(officer.text, "role=\"alert\"");
    assert_holds(officer.text, "Show it again");
    agree_to("shelter.peshawar", "shelter", "&consent.groups=contact");
    agree_to("clinic.peshawar", "medical", "&consent.groups=name");
    assert_holds(look("consent"), "clinic.peshawar");
}

static void send__shows_exactly_what_is_read_and_sends_it_once(void **state)
{
    char fields[512];

    (void)state;
    assert_holds(look("send"), "shelter.peshawar");
    snprintf(fields, sizeof(fields),
        "&case=%s&priority=tonight&note=&each=to%%3Dshelter.peshawar+service%%3Dshelter"
        "&each=to%%3Dclinic.peshawar+service%%3Dmedical",
        alias);
    assert_int_equal(say("preview", fields), 200);
    assert_holds(officer.text, "This is exactly what each will read");
    const char *shelter = strstr(officer.text, "<h3><bdi>shelter.peshawar");
    const char *clinic = strstr(officer.text, "<h3><bdi>clinic.peshawar");
    assert_true(shelter && clinic && shelter < clinic);
    /* She agreed to her contact there, and to her name here. */
    const char *contact = strstr(shelter, "zorvexil"), *name = strstr(shelter, "Zarq");
    assert_true(contact && contact < clinic);
    assert_true(name && name > clinic);
    assert_null(strstr(clinic, "zorvexil"));
    assert_holds(officer.text, "action=\"/do/refer\"");
    /* What cannot travel says so before it is tried. */
    snprintf(fields, sizeof(fields),
        "&case=%s&priority=tonight&note=call+0300+1234567&each=to%%3Dshelter.peshawar+"
        "service%%3Dshelter",
        alias);
    (void)look("send");
    assert_int_equal(say("preview", fields), 200);
    assert_holds(officer.text, "It may not leave so.");
    assert_holds(
        officer.text, "did not agree to a note"); /* why, in the page's language */
    assert_null(strstr(officer.text, "action=\"/do/refer\""));
    assert_int_equal(say("preview", "&priority=tonight&each=nonsense"), 400);
    assert_holds(officer.text, "role=\"alert\"");
    snprintf(fields, sizeof(fields),
        "&case=%s&priority=tonight&each=to%%3Dshelter.peshawar+service%%3Dshelter",
        alias);
    assert_int_equal(say("refer", fields), 400); /* a change is of one thing */
    (void)look("/sent");
    assert_holds(officer.text, "Nothing here");
    (void)look("send");
    snprintf(fields, sizeof(fields),
        "&case=%s&to=shelter.peshawar&service=shelter&priority=tonight", alias);
    assert_int_equal(say("refer", fields), 303);
    assert_int_equal(say("refer", fields), 303); /* a double click */
    (void)look("send");
    visitor_copy_after(officer.text, "<a href=\"/referral/", "\"", sent, sizeof(sent));
    const char *first = strstr(look("/sent"), sent);
    assert_non_null(first);
    assert_holds(officer.text, "class=\"tag tonight\"");
    const char *row = strstr(officer.text, "<tbody>");
    assert_null(strstr(strstr(row, "</tr>") + 1, "<tr>"));
    snprintf(fields, sizeof(fields), "/referral/%s", sent);
    assert_holds(look(fields), "shelter.peshawar");
    assert_holds(look("case"), sent);
}

static void hand_over__is_agreed_to_by_the_spoken_code(void **state)
{
    char from[TIME_TEXT_BYTES], code[NAME_MAX_BYTES], tomorrow[TIME_TEXT_BYTES];
    char page[64], fields[64];
    int64_t now_ms = clock_wall_ms(clock_system());

    (void)state;
    time_format(now_ms + HOUR_MS, from);
    time_format(now_ms + DAY_MS, tomorrow);
    tomorrow[10] = 0; /* the day alone */
    (void)at_terminal(SHELTER, "trace",
        (const char *const[]){sent, "--until", "requested", "--timeout", "60", NULL});
    (void)at_terminal(SHELTER, "accept", (const char *const[]){sent, NULL});
    (void)at_terminal(SHELTER, "hand-over-propose",
        (const char *const[]){sent, "--point", "1", "--from", from, "--way-minutes", "30",
            "--who", "a-woman", NULL});
    (void)at_terminal(/* letters come in the order in which they were sent */
        SHELTER, "schedule", (const char *const[]){sent, "--day", tomorrow, NULL});
    (void)at_terminal(OFFICER, "trace",
        (const char *const[]){sent, "--until", "scheduled", "--timeout", "60", NULL});
    snprintf(page, sizeof(page), "/referral/%s", sent);
    snprintf(fields, sizeof(fields), "&reference=%s", sent);
    (void)look(page);
    assert_int_equal(say("show", fields), 303);
    assert_holds(look(page), "What whoever comes says first");
    visitor_copy_after(
        officer.text, "class=\"digits\"><bdi dir=\"ltr\">", "<", code, sizeof(code));
    assert_int_equal(strspn(code, "0123456789"), 6);
    assert_holds(
        at_terminal(SHELTER, "show", (const char *const[]){sent, "--json", NULL}), code);
    assert_int_equal(say("hand-over-agree", fields), 303);
    (void)look(page);
    assert_int_equal(say("handed-over", fields), 303);
    (void)look(page);
    assert_null(strstr(officer.text, "action=\"/do/handed-over\""));
}

static void consent__is_taken_back_for_one_member_alone(void **state)
{
    (void)state;
    assert_holds(look("case"), "The person takes it back");
    assert_int_equal(
        say_of_case("case-withdraw", "&to=clinic.peshawar&service=medical"), 303);
    assert_holds(look("case"), "Taken back");
    assert_holds(look("send"), "to=shelter.peshawar service=shelter");
    assert_null(strstr(officer.text, "to=clinic.peshawar service=medical"));
}

static void pages__have_every_value_and_every_word_in_both_languages(void **state)
{
    static const char *const PAGES[] = {"/", "/arrivals", "/cases", "/shift", "case",
        "screen", "outcome", "services", "consent", "send"};
    struct buffer log;

    (void)state;
    for (int urdu = 1; urdu >= 0; urdu--) {
        assert_int_equal(
            visitor_change(&officer, "POST /language", urdu ? "&lang=urd" : "&lang=eng"),
            303);
        for (size_t i = 0; i < ARRAY_LENGTH(PAGES); i++)
            (void)look(PAGES[i]);
    }
    buffer_init(&log, OUTPUT_MAX);
    assert_ok(disk_read(network.log, OUTPUT_MAX, &log, NULL));
    assert_ok(buffer_put(&log, "", 1));
    const char *misses = strstr((char *)log.bytes, "page-misses");
    if (misses)
        fail_msg("%.200s", misses);
    assert_null(strstr((char *)log.bytes, "zorvexil"));
    buffer_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counter__says_in_a_minute_who_is_taken_aside),
        cmocka_unit_test(arrivals__are_taken_met_and_become_a_case),
        cmocka_unit_test(case__is_opened_by_a_form_and_found_again),
        cmocka_unit_test(form__asks_one_question_at_a_time_and_keeps_each_answer),
        cmocka_unit_test(form__is_left_quietly_and_nothing_of_the_case_stays),
        cmocka_unit_test(form__opens_at_the_same_question_after_a_power_cut),
        cmocka_unit_test(form__comes_to_its_end_and_a_person_confirms_why),
        cmocka_unit_test(services__are_ranked_and_the_person_is_asked_first),
        cmocka_unit_test(send__shows_exactly_what_is_read_and_sends_it_once),
        cmocka_unit_test(hand_over__is_agreed_to_by_the_spoken_code),
        cmocka_unit_test(consent__is_taken_back_for_one_member_alone),
        cmocka_unit_test(pages__have_every_value_and_every_word_in_both_languages),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
