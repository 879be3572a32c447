/* SPDX-License-Identifier: Apache-2.0
 *
 * request: a verb's question to the node: path, fields, key. Fields of a GET are its query, of all others the
 * JSON body. A verb that changes something gets an Idempotency-Key and patience.
 */
#ifndef AMAAN_REQUEST_H
#define AMAAN_REQUEST_H

#include "ask.h"
#include "order.h"

struct request {
    const struct verb *verb;
    const char *reference;     /* of verbs whose path has one */
    const struct json *fields; /* may be NULL; a GET takes text and whole numbers only */
    int64_t timeout_ms;
};

/* One attempt, without a word. MALFORMED with a trouble also for a reference that cannot be one. */
enum status request_try(const struct order *order, const struct request *request,
    struct reply *ret, struct trouble *trouble) MUST_USE;
/* Until the order's deadline, if the verb changes something; otherwise once. 0 and the answer of success (the
 * caller releases it), or an exit code, and then the person was told. */
int request_run(
    const struct order *order, const struct request *request, struct reply *ret) MUST_USE;
/* What request_run says and gives of one attempt; the reply is gone unless it is 0. */
int request_tell(const struct order *order, enum status status,
    const struct trouble *trouble, struct reply *reply);
/* Says why there is no answer; the exit code. */
int request_complain(
    const struct order *order, enum status status, const struct trouble *trouble);

#endif
