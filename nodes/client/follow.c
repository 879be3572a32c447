/* SPDX-License-Identifier: Apache-2.0
 * --until: the node holds the question a few seconds (`wait`) and answers when it has come so far or not; it is
 * asked again until the time is over. A node that restarts meanwhile is waited for.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "memory.h"
#include "patience.h"
#include "print.h"
#include "request.h"
#include "watch.h"

enum {
    WAIT_S_MAX = 8,
    SLACK_MS = 5000,
    PAUSE_MS = 500,
    HTTP_UNKNOWN = 404,
    HTTP_BUSY = 503
};

static int64_t left_ms(const struct order *order)
{
    return order->deadline_ms - clock_steady_ms(order->clock);
}

static void print_item(const struct order *order, const struct json *item)
{
    print_practice(item);
    if (order->json)
        print_line(item);
    else
        print_answer("trace", item);
}

/* One question; how long the node may hold it is at most what is left, in whole seconds. */
static enum status ask_whether(const struct order *order, const char *until,
    int64_t wait_s, struct reply *ret, struct trouble *trouble)
{
    struct json *fields = json_new_object();
    struct request request = {.verb = verb_find("trace"),
        .reference = order->arguments.words[0],
        .fields = fields,
        .timeout_ms = wait_s * SECOND_MS + SLACK_MS};

    json_put_text(fields, "until", until);
    json_put_int(fields, "wait", wait_s);
    enum status status = request_try(order, &request, ret, trouble);
    json_destroy(&fields);
    return status;
}

/* 0: it has come so far; EXIT_NEGATIVE: it never will; EX_TEMPFAIL: not yet, which is also said of a referral that
 * is not known here: it may be on its way. Other codes were explained. */
static int judge(const struct order *order, const struct reply *reply)
{
    const char *reached = json_find_text(reply->json, "reached");

    if (reply->http == HTTP_UNKNOWN)
        return EX_TEMPFAIL;
    int code = reply_judge(reply);
    if (code != EX_OK)
        return code;
    if (reached && strcmp(reached, "yes") == 0)
        return EX_OK;
    if (reached && strcmp(reached, "never") == 0)
        return EXIT_NEGATIVE;
    if (reached && strcmp(reached, "not-yet") == 0)
        return EX_TEMPFAIL;
    command_complain(
        "%s: the node's answer does not say how far it has come", order->verb->name);
    return EX_PROTOCOL;
}

static bool is_worth_waiting(enum status status, const struct reply *reply)
{
    return status == STATUS_CLOSED || status == STATUS_TIMEOUT ||
           (status == STATUS_OK && reply->http == HTTP_BUSY);
}

/* Asks until the matter is settled or the time is over. *ret_last is the last word of the node, if there was. */
static int await(const struct order *order, const char *until, struct reply *ret_last)
{
    struct watch *watch = watch_new(order->run);
    int code = EX_UNAVAILABLE;

    for (;;) {
        struct trouble trouble = {""};
        struct reply reply = {0};
        int64_t left = left_ms(order), began = clock_steady_ms(order->clock);
        int64_t wait_s = left <= 0 ? 0 : (left + SECOND_MS - 1) / SECOND_MS;

        wait_s = wait_s < WAIT_S_MAX ? wait_s : WAIT_S_MAX;
        enum status status = ask_whether(order, until, wait_s, &reply, &trouble);
        bool again = is_worth_waiting(status, &reply);
        if (status == STATUS_OK && !again) {
            reply_release(ret_last);
            *ret_last = reply;
            code = judge(order, &reply);
            again = code == EX_TEMPFAIL;
        } else {
            reply_release(&reply);
        }
        if (again && left_ms(order) <= 0) {
            if (!ret_last->json)
                code = request_complain(order, STATUS_CLOSED, &trouble);
            break;
        }
        if (!again) {
            if (status != STATUS_OK)
                code = request_complain(order, status, &trouble);
            break;
        }
        /* An answer before its time comes from a node that is stopping: not asked again at once. */
        if (clock_steady_ms(order->clock) - began < PAUSE_MS)
            watch_await(watch, left_ms(order) < PAUSE_MS ? left_ms(order) : PAUSE_MS);
    }
    watch_destroy(&watch);
    return code;
}

static int follow(struct order *order, const char *until)
{
    struct reply last = {0};
    int code = await(order, until, &last);

    if (code == EX_OK && strcmp(order->verb->name, "show") == 0) {
        order->deadline_ms = clock_steady_ms(order->clock) + order->timeout_ms;
        code = act_run(order);
    } else if (code == EX_OK) {
        print_item(order, last.json);
    } else if (code == EX_TEMPFAIL && last.http == HTTP_UNKNOWN) {
        (void)reply_judge(&last); /* says that it is not known, and why that may be */
    } else if (code == EX_TEMPFAIL || (code == EXIT_NEGATIVE && last.http < 300)) {
        print_item(order, last.json);
        command_complain(
            code == EX_TEMPFAIL ? "it is not %s yet" : "it will never be %s", until);
    }
    reply_release(&last);
    return code;
}

int follow_run(struct order *order)
{
    const char *until = arguments_option(&order->arguments, "until");

    return until ? follow(order, until) : act_run(order);
}
