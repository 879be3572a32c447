/* SPDX-License-Identifier: Apache-2.0
 *
 * screening_reference: the rule of docs/CARE.md 12.3 and 12.4 a second time, written from that text alone and in
 * another manner: a sheet is a text of 59 letters (y yes, n no, ? unknown, - declined, . not asked), everything is
 * looked up by id in texts, the result is a line of text. Shares nothing with nodes/care/screening.
 */
#ifndef AMAAN_SCREENING_REFERENCE_H
#define AMAAN_SCREENING_REFERENCE_H

enum { SCREENING_REFERENCE_BYTES = 2048 };

/* "child-at-risk child=1 urgent=yes act=yes M=6 P=8 palermo=1 child-palermo=1 ptpa=0 | act:A1 means:M1 ..." */
void screening_reference(const char *sheet, char ret[static SCREENING_REFERENCE_BYTES]);

#endif
