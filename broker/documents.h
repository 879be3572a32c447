/* SPDX-License-Identifier: Apache-2.0
 *
 * documents: what stewards signed, as files that stand behind each other in any order: taken apart, put into
 * the order in which they build on each other (roots first, then by version), and loaded one by one. For the
 * control socket and for `roster load` without a running exchange.
 */
#ifndef AMAAN_DOCUMENTS_H
#define AMAAN_DOCUMENTS_H

#include "broker.h"
#include "json.h"

enum { DOCUMENTS_MAX = 256, DOCUMENTS_BYTES_MAX = 16 * 1024 * 1024 };

/* Are these bytes documents, all of them? MALFORMED, TOO_BIG, UNSUPPORTED, with a sentence that says where. */
enum status documents_check(struct span bytes, struct trouble *trouble) MUST_USE;

/* Gives each to broker_load. The list tells of each {type, version, result, sentence}: result is a name of
 * status.h ("ok": now in force; "exists": already there), sentence is null where nothing is to be said. One
 * that is refused does not stop the others. As documents_check: nothing was loaded. IO or CORRUPT: the
 * process must end. */
enum status documents_load(struct broker *broker, struct span bytes,
    struct json **ret_list, struct trouble *trouble) MUST_USE;

#endif
