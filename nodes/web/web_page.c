/* SPDX-License-Identifier: Apache-2.0 */
#include "web_page.h"

#include <inttypes.h>
#include <stdarg.h>

#include "memory.h"

/* Our own text; what does not fit is a fault of ours. */
static void put(struct buffer *page, const char *html)
{
    PROMISE(buffer_put(page, html, strlen(html)) == STATUS_OK);
}

void web_page_text(struct buffer *page, const char *text)
{
    static const struct {
        char byte;
        const char *entity;
    } ENTITIES[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

    for (; *text; text++) {
        char one[2] = {*text, 0};
        const char *out = one;

        for (size_t i = 0; i < ARRAY_LENGTH(ENTITIES); i++)
            if (ENTITIES[i].byte == *text)
                out = ENTITIES[i].entity;
        put(page, out);
    }
}

static void begin(struct buffer *page, const char *title)
{
    put(page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>");
    web_page_text(page, title);
    put(page, "</title></head>\n<body>\n<main>\n<h1>");
    web_page_text(page, title);
    put(page, "</h1>\n");
}

static void end(struct buffer *page)
{
    put(page, "</main>\n</body>\n</html>\n");
}

static void begin_form(struct buffer *page, const char *action, const char *form)
{
    put(page, "<form method=\"post\" action=\"");
    put(page, action);
    put(page, "\" autocomplete=\"off\">\n<input type=\"hidden\" name=\"form\" value=\"");
    web_page_text(page, form);
    put(page, "\">\n");
}

static void end_form(struct buffer *page, const char *button)
{
    put(page, "<button>");
    put(page, button);
    put(page, "</button>\n</form>\n");
}

void web_page_launch(struct buffer *page, const char *token)
{
    begin(page, "Amaan");
    put(page, "<form method=\"post\" action=\"/launch\">\n"
              "<input type=\"hidden\" name=\"t\" value=\"");
    web_page_text(page, token);
    put(page, "\">\n");
    end_form(page, "Open the page of this node");
    end(page);
}

static void put_count(
    struct buffer *page, const struct json *from, const char *name, const char *label)
{
    char number[24];

    (void)snprintf(number, sizeof(number), "%" PRId64, json_find_int(from, name));
    put(page, "<tr><th scope=\"row\">");
    put(page, label);
    put(page, "</th><td>");
    put(page, number);
    put(page, "</td></tr>\n");
}

static void put_person_form(
    struct buffer *page, const char *action, const char *form, const char *button)
{
    begin_form(page, action, form);
    put(page, "<p><label>Name, where several people work here <input "
              "name=\"person\"></label></p>\n"
              "<p><label>Passphrase <input type=\"password\" name=\"passphrase\" "
              "required></label></p>\n"
              "<p><label>PIN for the screen, 4 to 8 digits, may be empty "
              "<input type=\"password\" name=\"pin\"></label></p>\n");
    end_form(page, button);
}

void web_page_status(struct buffer *page, const struct json *status, const char *form)
{
    const char *name = json_find_text(status, "name");
    const struct json *in = json_find(status, "incoming");
    const struct json *out = json_find(status, "outgoing");
    bool locked = json_find_flag(status, "locked");

    begin(page, name ? name : "Amaan");
    if (json_find_flag(status, "practice"))
        put(page, "<p><strong>For practice: nothing here is real.</strong></p>\n");
    put(page, locked ? "<p>The node is locked. Letters go on waiting.</p>\n"
                     : "<p>The node is unlocked.</p>\n");
    put(page, json_find_flag(status, "connected")
                  ? "<p>It is connected to the exchange.</p>\n"
                  : "<p>It is not connected. Letters are kept until it is.</p>\n");
    put(page, "<table>\n");
    put_count(page, status, "undecided", "Referrals that wait for your answer");
    put_count(page, status, "late", "Referrals without an answer in time");
    put_count(page, status, "alarms", "Alarms");
    put_count(page, in, "unopened_express", "Express letters not opened yet");
    put_count(page, in, "unopened", "Letters not opened yet");
    put_count(page, out, "sealed", "Letters that wait to be sent");
    put(page, "</table>\n");
    if (locked) {
        put_person_form(page, "/unlock", form, "Unlock the node");
    } else {
        begin_form(page, "/lock", form);
        end_form(page, "Lock the node");
        put_person_form(page, "/enter", form, "Change seats");
    }
    end(page);
}

void web_page_note(struct buffer *page, const char *title, const char *text, bool back)
{
    begin(page, title);
    put(page, "<p>");
    web_page_text(page, text);
    put(page, "</p>\n");
    if (back)
        put(page, "<p><a href=\"/\">Back</a></p>\n");
    end(page);
}
