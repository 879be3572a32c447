/* SPDX-License-Identifier: Apache-2.0
 *
 * print_findings: what the running node found when it was looked through last, as people read it in a terminal.
 */
#ifndef AMAAN_PRINT_FINDINGS_H
#define AMAAN_PRINT_FINDINGS_H

#include "json.h"

void print_findings(const struct json *answer);

#endif
