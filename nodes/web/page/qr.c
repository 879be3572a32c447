/* SPDX-License-Identifier: Apache-2.0
 * A path of horizontal runs: one element, some kilobytes.
 */
#include "qr.h"

#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"

enum { PIECE_BYTES = 320 };

static void open_picture(struct page_run *run, const char *title, int width)
{
    char piece[PIECE_BYTES];

    (void)snprintf(piece, sizeof(piece),
        "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" "
        "shape-rendering=\"crispEdges\"><title>",
        width, width);
    page_put(run, piece);
    page_say(run, PAGE_FLAT, title);
    (void)snprintf(piece, sizeof(piece),
        "</title><rect class=\"light\" width=\"%d\" height=\"%d\"/><path class=\"dark\" "
        "d=\"",
        width, width);
    page_put(run, piece);
}

static void put_row(struct page_run *run, const unsigned char *row, int n, int y)
{
    char piece[PIECE_BYTES];

    for (int x = 0; x < n; x++) {
        int from = x;

        while (x < n && (row[x] & 1))
            x++;
        if (x == from)
            continue;
        (void)snprintf(piece, sizeof(piece), "M%d %dh%dv1h-%dz", from + QR_QUIET,
            y + QR_QUIET, x - from, x - from);
        page_put(run, piece);
    }
}

void page_qr(struct page_run *run, const char *name, const char *title)
{
    const struct json *value = page_find(run, name);
    const char *text =
        value && json_kind(value) == JSON_TEXT_KIND ? json_text(value) : "";
    size_t n = strlen(text);
    QRcode *code = NULL;

    if (n > 0 && n <= QR_TEXT_MAX)
        code = QRcode_encodeData((int)n, (const unsigned char *)text, 0, QR_ECLEVEL_M);
    if (!code) {
        run->count.missing++;
        return;
    }
    open_picture(run, title, code->width + 2 * QR_QUIET);
    for (int y = 0; y < code->width; y++)
        put_row(run, code->data + (size_t)y * (size_t)code->width, code->width, y);
    page_put(run, "\"/></svg>");
    QRcode_free(code);
}
