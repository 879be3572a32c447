/* SPDX-License-Identifier: Apache-2.0
 *
 * qr: a text as a square that a telephone's camera reads: what {{qr NAME Title}} of a template becomes, as SVG. libqrencode's
 * front door: <qrencode.h> is included here only. Error correction M, the quiet zone of four modules, black on white in every
 * theme: readers need it so. Its numbers are made here; the title is a text of the template. What it says must stand beside it.
 */
#ifndef AMAAN_QR_H
#define AMAAN_QR_H

#include "page_run.h"

enum {
    QR_QUIET = 4,
    QR_TEXT_MAX = 1024 /* bytes; a telephone on an old screen reads no denser one */
};

/* Only generated functions call it. A value that is missing or too long is counted as missing. */
void page_qr(struct page_run *run, const char *name, const char *title);

#endif
