/* SPDX-License-Identifier: Apache-2.0
 * Name and roles are not compared: they are wishes, and the stewards may have given others.
 */
#include "requests.h"

#include <string.h>

#include "memory.h"
#include "paper.h"

enum status request_read(const char *path, struct join *ret, struct trouble *trouble)
{
    struct buffer text;
    enum status status = paper_read(path, JOIN_TEXT_BYTES_MAX, &text, trouble);

    if (status)
        return status;
    status = join_parse(buffer_span(&text), ret, trouble);
    if (status)
        trouble_prefix(trouble, "%s", path);
    buffer_release(&text);
    return status;
}

enum status requests_read(const struct arguments *arguments, const char *name,
    struct requests *ret, struct trouble *trouble)
{
    struct requests requests = {
        .joins = memory_new_array(REQUESTS_MAX, sizeof *requests.joins),
        .paths = memory_new_array(REQUESTS_MAX, sizeof *requests.paths),
    };
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        const char *path = arguments_nth(arguments, name, (int)requests.n);

        if (!path)
            break;
        PROMISE(requests.n < REQUESTS_MAX); /* command.h takes no more options */
        requests.paths[requests.n] = path;
        status = request_read(path, &requests.joins[requests.n], trouble);
        requests.n += status == STATUS_OK;
    }
    if (status)
        requests_release(&requests);
    else
        *ret = requests;
    return status;
}

void requests_release(struct requests *requests)
{
    memory_free(requests->joins);
    memory_free(requests->paths);
    *requests = (struct requests){NULL, NULL, 0};
}

const struct join *requests_find(
    const struct requests *requests, const struct ident *node_id)
{
    for (size_t i = 0; i < requests->n; i++) {
        if (ident_equal(&requests->joins[i].node_id, node_id))
            return &requests->joins[i];
    }
    return NULL;
}

static bool keys_are_equal(const struct join *join, const struct member *member)
{
    return sign_public_equal(&join->identity, &member->identity) &&
           memcmp(join->transport, member->transport, sizeof member->transport) == 0 &&
           memcmp(join->directory, member->directory, sizeof member->directory) == 0 &&
           ident_equal(&join->queue_id, &member->queue_id) &&
           join->suites == member->suites;
}

enum status requests_check(
    const struct requests *requests, const struct roster *roster, struct trouble *trouble)
{
    for (size_t i = 0; i < requests->n; i++) {
        const struct join *join = &requests->joins[i];
        const struct member *member = roster_find_node(roster, &join->node_id);

        if (!member) {
            trouble_say(trouble, "%s is the request of %s, which is not in this roster",
                requests->paths[i], join->name);
            return STATUS_NOT_FOUND;
        }
        if (keys_are_equal(join, member))
            continue;
        trouble_say(trouble,
            "the roster has other keys for %s than its request %s: do not sign. Nothing "
            "was signed; find out with the member and the other stewards which are its "
            "own",
            join->name, requests->paths[i]);
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}
