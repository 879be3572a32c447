/* SPDX-License-Identifier: Apache-2.0
 * All lengths are in units of a picture that is 360 wide, as a small telephone's screen: text is as large there as beside it.
 */
#include "plot.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "memory.h"

enum {
    WIDTH = 360,
    BAR_ROW = 44, /* a line of words and a bar */
    BAR_TEXT_Y = 16,
    BAR_Y = 23,
    BAR_HEIGHT = 13,
    TRACK_ROW = 46,
    TRACK_FIRST = 16,
    AXIS_X = 14,
    LEADER_X = 42,
    TEXT_X = 50,
    MARK = 6, /* half of a mark's size */
    PIECE_BYTES = 320
};
#define VALUE_MAX                                                                        \
    INT64_C(1000000000) /* so that nothing overflows; no count of ours comes near */

struct canvas {
    struct page_run *run;
    bool rtl;
};

/* --- pieces --------------------------------------------------------------------------------------------------- */

/* From where the language begins, as SVG counts. */
static int across(const struct canvas *canvas, int x)
{
    return canvas->rtl ? WIDTH - x : x;
}

static void open_picture(
    const struct canvas *canvas, const char *id, const char *title, int height)
{
    struct page_run *run = canvas->run;
    char piece[PIECE_BYTES];

    (void)snprintf(piece, sizeof(piece),
        "<svg class=\"plot\" viewBox=\"0 0 %d %d\" direction=\"%s\" role=\"img\" "
        "aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">",
        WIDTH, height, canvas->rtl ? "rtl" : "ltr", id, id, id);
    page_put(run, piece);
    page_say(run, PAGE_FLAT, title);
    (void)snprintf(piece, sizeof(piece), "</title><desc id=\"%s-d\">", id);
    page_put(run, piece);
    page_put_word(run, "plot", "table");
    page_put(run, "</desc>");
}

static void begin_text(const struct canvas *canvas, const char *class, int x, int y)
{
    char piece[PIECE_BYTES];

    (void)snprintf(piece, sizeof(piece), "<text class=\"%s\" x=\"%d\" y=\"%d\">", class,
        across(canvas, x), y);
    page_put(canvas->run, piece);
}

static void put_box(
    const struct canvas *canvas, const char *class, int from, int until, int y)
{
    char piece[PIECE_BYTES];

    if (until <= from)
        return;
    (void)snprintf(piece, sizeof(piece),
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", class,
        canvas->rtl ? WIDTH - until : from, y, until - from, BAR_HEIGHT);
    page_put(canvas->run, piece);
}

/* A name of a list as an id: "load.services" is "load-services". */
static void make_id(const char *name, char ret[static PAGE_NAME_BYTES])
{
    (void)snprintf(ret, PAGE_NAME_BYTES, "%s", name);
    for (char *c = ret; *c; c++)
        if (*c == '.' || *c == '@')
            *c = '-';
}

static struct canvas begin(struct page_run *run)
{
    return (struct canvas){run, run->context->language != PAGE_ENG};
}

/* --- bars ----------------------------------------------------------------------------------------------------- */

static int64_t number_of(const struct json *item, const char *name)
{
    int64_t n = json_find_int(item, name);

    return n < 0 ? 0 : n > VALUE_MAX ? VALUE_MAX : n;
}

static void put_label(
    const struct canvas *canvas, const struct json *item, const char *kind)
{
    const char *name = json_find_text(item, "name");
    const char *word = json_find_text(item, kind);

    if (word && (!name || page_catalogue_find(PAGE_ENG, kind, word, 1)))
        page_put_word(canvas->run, kind, word);
    else if (name)
        page_put_escaped(canvas->run, name, strlen(name));
    else
        canvas->run->count.missing++;
}

/* "5, of these 2 overdue" */
static void put_numbers(
    const struct canvas *canvas, int64_t value, int64_t part, const char *word)
{
    char piece[PIECE_BYTES];

    (void)snprintf(piece, sizeof(piece), "<text class=\"n\" x=\"%d\" y=\"%d\">%lld",
        across(canvas, WIDTH), BAR_TEXT_Y, (long long)value);
    page_put(canvas->run, piece);
    if (part > 0) {
        (void)snprintf(piece, sizeof(piece), " · %lld ", (long long)part);
        page_put(canvas->run, piece);
        page_put_word(canvas->run, "plot", word);
    }
    page_put(canvas->run, "</text>");
}

static int scale(int64_t value, int64_t most)
{
    return most > 0 ? (int)(value * WIDTH / most) : 0;
}

void page_bars(struct page_run *run, const char *list, const char *kind,
    const char *value, const char *part, const char *title)
{
    const struct json *items = page_find(run, list);
    struct canvas canvas = begin(run);
    size_t n = json_count(items) < PLOT_BARS_MAX ? json_count(items) : PLOT_BARS_MAX;
    char id[PAGE_NAME_BYTES], piece[PIECE_BYTES];
    int64_t most = 0;

    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        if (number_of(json_nth(items, i), value) > most)
            most = number_of(json_nth(items, i), value);
    (void)snprintf(piece, sizeof(piece), "%s-%s", list, value);
    make_id(piece, id);
    open_picture(&canvas, id, title, (int)n * BAR_ROW);
    for (size_t i = 0; i < n; i++) {
        const struct json *item = json_nth(items, i);
        int64_t whole = number_of(item, value);
        int64_t some = *part == '-' ? 0 : number_of(item, part);

        some = some < whole ? some : whole;
        (void)snprintf(
            piece, sizeof(piece), "<g transform=\"translate(0 %d)\">", (int)i * BAR_ROW);
        page_put(run, piece);
        begin_text(&canvas, "label", 0, BAR_TEXT_Y);
        put_label(&canvas, item, kind);
        page_put(run, "</text>");
        put_numbers(&canvas, whole, some, part);
        put_box(&canvas, "ground", 0, WIDTH, BAR_Y);
        put_box(&canvas, "bar", 0, scale(whole, most), BAR_Y);
        put_box(&canvas, "part", 0, scale(some, most), BAR_Y);
        page_put(run, "</g>\n");
    }
    page_put(run, "</svg>");
}

/* --- track ---------------------------------------------------------------------------------------------------- */

static int64_t moment_of(const struct json *item)
{
    const char *at = json_find_text(item, "at");
    int64_t ms;

    return at && time_parse(at, &ms) == STATUS_OK ? ms : 0;
}

static void put_mark(const struct canvas *canvas, const char *shape, int y)
{
    char piece[PIECE_BYTES];
    int x = across(canvas, AXIS_X);

    if (strcmp(shape, "done") == 0)
        (void)snprintf(piece, sizeof(piece),
            "<circle class=\"done\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>", x, y, MARK - 1);
    else if (strcmp(shape, "now") == 0)
        (void)snprintf(piece, sizeof(piece),
            "<circle class=\"now\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>", x, y, MARK);
    else
        (void)snprintf(piece, sizeof(piece),
            "<polygon class=\"%s\" points=\"%d,%d %d,%d %d,%d %d,%d\"/>",
            strcmp(shape, "late") == 0 ? "late" : "due", x, y - MARK - 1, x + MARK + 1, y,
            x, y + MARK + 1, x - MARK - 1, y);
    page_put(canvas->run, piece);
}

static void put_event(
    const struct canvas *canvas, const struct json *item, int axis_y, int text_y)
{
    struct page_run *run = canvas->run;
    const char *kind = json_find_text(item, "kind"), *word = json_find_text(item, "word");
    const char *shape = json_find_text(item, "shape"), *at = json_find_text(item, "at");
    bool is_late = shape && strcmp(shape, "late") == 0;
    char piece[PIECE_BYTES];

    if (!kind || !word || !shape || !at) {
        run->count.missing++;
        return;
    }
    (void)snprintf(piece, sizeof(piece),
        "<polyline class=\"leader\" points=\"%d,%d %d,%d\"/>", across(canvas, AXIS_X),
        axis_y, across(canvas, LEADER_X), text_y);
    page_put(run, piece);
    put_mark(canvas, shape, axis_y);
    begin_text(canvas, is_late ? "label late" : "label", TEXT_X, text_y);
    page_put_word(run, kind, word);
    page_put(run, "</text>");
    begin_text(canvas, "when", TEXT_X,
        text_y + 17); /* a picture breaks no line: two short ones */
    if (strcmp(shape, "due") == 0) {
        page_put_word(run, "plot", "until");
        page_put(run, " ");
    }
    page_put_time(run, at);
    if (is_late) {
        page_put(run, " · ");
        page_put_word(run, "plot", "overdue");
    }
    page_put(run, "</text>\n");
}

/* Times ascend. On the line they stand as far from each other as they are; their words, a row each. */
void page_track(struct page_run *run, const char *list, const char *title)
{
    const struct json *items = page_find(run, list);
    struct canvas canvas = begin(run);
    size_t n = json_count(items) < PLOT_TRACK_MAX ? json_count(items) : PLOT_TRACK_MAX;
    int length = ((int)n - 1) * TRACK_ROW;
    char id[PAGE_NAME_BYTES], piece[PIECE_BYTES];

    if (n == 0)
        return;
    int64_t first = moment_of(json_nth(items, 0));
    int64_t span = moment_of(json_nth(items, n - 1)) - first;

    make_id(list, id);
    open_picture(&canvas, id, title, length + TRACK_FIRST + TRACK_ROW / 2 + 4);
    (void)snprintf(piece, sizeof(piece),
        "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>",
        across(&canvas, AXIS_X), TRACK_FIRST, across(&canvas, AXIS_X),
        TRACK_FIRST + length);
    page_put(run, piece);
    for (size_t i = 0; i < n; i++) {
        int64_t since = moment_of(json_nth(items, i)) - first;

        since = since < 0 ? 0 : since > span ? span : since;
        put_event(&canvas, json_nth(items, i),
            TRACK_FIRST + (span > 0 ? (int)(since / 1000 * length / (span / 1000 + 1))
                                    : (int)i * TRACK_ROW),
            TRACK_FIRST + (int)i * TRACK_ROW);
    }
    page_put(run, "</svg>");
}
