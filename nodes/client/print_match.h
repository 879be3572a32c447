/* SPDX-License-Identifier: Apache-2.0
 *
 * print_match: the answer of "match" for a person: who may be asked, best first, and who is left out and why.
 */
#ifndef AMAAN_PRINT_MATCH_H
#define AMAAN_PRINT_MATCH_H

#include "json.h"

void print_match(const struct json *answer);
/* The answer of "capacity-set". */
void print_capacity(const struct json *answer);
/* Of "enquire" and "enquiries"; of "answer-enquiry". */
void print_enquiries(const struct json *answer);
void print_enquiry(const struct json *answer);
/* Of "surge"; of "surge-add": the reference alone, talk beside it. */
void print_surge(const struct json *answer);
void print_surge_line(const struct json *answer);

#endif
