/* SPDX-License-Identifier: Apache-2.0
 *
 * spreadsheet: writes CSV (RFC 4180: CRLF, each record with the same number of fields) that no spreadsheet program
 * takes for a formula (DP26): a field that begins with = + - @, a tab or a line's end gets an apostrophe in front, and
 * every text stands in quotation marks. Full-width forms of the four count as well: some programs fold them.
 * Pure.
 */
#ifndef AMAAN_SPREADSHEET_H
#define AMAAN_SPREADSHEET_H

#include "bytes.h"

enum { SPREADSHEET_BYTES_MAX = 512 * 1024 };

/* Appends one record of n fields. Numbers are given as text of digits alone. TOO_BIG. */
enum status spreadsheet_put(
    struct buffer *buffer, const char *const *fields, size_t n) MUST_USE;

#endif
