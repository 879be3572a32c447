/* SPDX-License-Identifier: Apache-2.0
 *
 * plot: pictures of numbers and times inside a page, as SVG: what {{bars ...}} and {{track ...}} of a template become.
 *
 *   bars:  a list of {KIND: word, "name"?: text for a word that the catalogue lacks, VALUE: n, PART: n} -> a bar an item, the part of it filled otherwise
 *   track: a list of {"at": time, "kind", "word", "shape": "done" | "now" | "due" | "late"} -> a line of time
 *
 * What always holds: each attribute that depends on data is a whole number made here, within the picture; each text is
 * escaped as everywhere; colours and strokes are classes of style.css. The picture reads from where its language begins.
 * Shape and words say what colour says. A table beneath holds the same: the picture's description leads there.
 */
#ifndef AMAAN_PLOT_H
#define AMAAN_PLOT_H

#include "page_run.h"

enum {
    PLOT_BARS_MAX = 20, /* of a longer list the first ones; its table has all */
    PLOT_TRACK_MAX = 40
};

/* Only generated functions call these. `part` is "-" where a bar has none; `title` is a text of the template. */
void page_bars(struct page_run *run, const char *list, const char *kind,
    const char *value, const char *part, const char *title);
void page_track(struct page_run *run, const char *list, const char *title);

#endif
