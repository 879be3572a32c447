/* SPDX-License-Identifier: Apache-2.0
 * The roster in force says which profiles are true. While a new roster's profiles are still on their way, the
 * package in hand is judged by the roster it came with.
 */
#include "members.h"

#include "package.h"
#include "roster.h"

/* The profiles hash in that version of the roster; 0 is the newest. */
static enum status expected_hash(struct trust *trust, uint64_t version, struct hash *ret)
{
    struct buffer bytes;
    struct document document;
    struct roster *roster = NULL;
    enum status status;

    buffer_init(&bytes, ROSTER_BYTES_MAX);
    status = trust_document(trust, DOCUMENT_ROSTER, version, &bytes);
    if (status == STATUS_OK)
        status = document_decode_one(buffer_span(&bytes), DOCUMENT_ROSTER, &document);
    if (status == STATUS_OK)
        status = roster_decode(&document, &roster);
    if (status == STATUS_OK)
        *ret = roster_profiles(roster);
    roster_destroy(&roster);
    buffer_release(&bytes);
    return status;
}

static enum status open_package(struct trust *trust, const struct document *document,
    const struct ident *node_id, const uint8_t secret[static DIRECTORY_KEY_BYTES],
    struct buffer *ret_plain)
{
    const struct ident *network_id = trust_network_id(trust);
    struct hash expected;
    enum status status = expected_hash(trust, 0, &expected);

    if (status == STATUS_OK)
        status =
            package_open(document, network_id, node_id, secret, &expected, ret_plain);
    if (status == STATUS_CONFLICT &&
        expected_hash(trust, document->version, &expected) == STATUS_OK)
        status =
            package_open(document, network_id, node_id, secret, &expected, ret_plain);
    return status;
}

enum status members_load(struct trust *trust, const struct ident *node_id,
    const uint8_t directory_secret[static DIRECTORY_KEY_BYTES],
    struct directory *directory)
{
    struct buffer bytes, plain;
    struct document document;
    struct span profiles;
    enum status status;

    buffer_init(&bytes, PROFILES_BYTES_MAX);
    buffer_init(&plain, PROFILES_BYTES_MAX);
    status = trust_document(trust, DOCUMENT_PROFILES, 0, &bytes);
    if (status == STATUS_OK)
        status = document_decode_one(buffer_span(&bytes), DOCUMENT_PROFILES, &document);
    if (status == STATUS_OK)
        status = open_package(trust, &document, node_id, directory_secret, &plain);
    if (status == STATUS_OK)
        status = package_profiles(buffer_span(&plain), &profiles);
    if (status == STATUS_OK)
        status = directory_load(directory, profiles);
    buffer_release(&bytes);
    buffer_release(&plain);
    return status;
}
