/* SPDX-License-Identifier: Apache-2.0
 * Signed documents of every type: what is taken is written back byte for byte.
 */
#include "fuzz.h"
#include "memory.h"
#include "notice.h"
#include "parcel.h"
#include "roster.h"
#include "root.h"

/* The encoders make drafts: body and an empty list. */
static void compare(const struct document *document, struct buffer *draft)
{
    PROMISE(draft->used == document->body.n + DOCUMENT_LIST_BYTES);
    PROMISE(span_equal(span_of(draft->bytes, document->body.n), document->body));
    buffer_release(draft);
}

static void try_root(const struct document *document, struct buffer *draft)
{
    struct root root;

    if (root_decode(document, &root))
        return;
    PROMISE(root_encode(&root, draft) == STATUS_OK);
    compare(document, draft);
}

static void try_roster(const struct document *document, struct buffer *draft)
{
    struct roster *roster;
    struct member *members;
    struct roster_draft again = {
        .version = document->version,
        .root_version = document->root_version,
        .created_ms = document->created_ms,
        .expires_ms = document->expires_ms,
        .previous = document->previous,
    };

    if (roster_decode(document, &roster))
        return;
    again.n = roster_count(roster);
    again.profiles = roster_profiles(roster);
    members = memory_new_array(again.n, sizeof *members);
    for (size_t i = 0; i < again.n; i++) {
        members[i] = *roster_nth(roster, i);
        PROMISE(roster_find_queue(roster, &members[i].queue_id) == roster_nth(roster, i));
        PROMISE(
            roster_find_identity(roster, &members[i].identity) == roster_nth(roster, i));
    }
    again.members = members;
    PROMISE(roster_encode(&again, draft) == STATUS_OK);
    compare(document, draft);
    memory_free(members);
    roster_destroy(&roster);
}

static void try_notice(const struct document *document, struct buffer *draft)
{
    struct notice notice;

    if (notice_decode(document, &notice))
        return;
    PROMISE(notice_names(&notice, &notice.nodes[notice.n - 1]));
    PROMISE(notice_encode(&notice, draft) == STATUS_OK);
    compare(document, draft);
}

static void try_parcel(const struct document *document)
{
    struct parcel parcel;
    struct parcel_entry entry;
    struct ident node_id = {{0}};

    if (parcel_decode(document, &parcel))
        return;
    PROMISE(parcel_find(&parcel, &node_id, &entry) != STATUS_MALFORMED);
    for (size_t i = 0; i < parcel.n; i++) {
        struct reader reader = reader_over(
            span_of(parcel.table.at + i * PARCEL_ENTRY_BYTES, PARCEL_ENTRY_BYTES));

        node_id = reader_ident(&reader);
        PROMISE(parcel_find(&parcel, &node_id, &entry) == STATUS_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct document document;
    struct buffer draft;
    size_t used;

    if (document_decode(span_of(bytes, n), &document, &used))
        return 0;
    PROMISE(used <= n && used == document.body.n + DOCUMENT_LIST_BYTES +
                                     document.n_signers * DOCUMENT_SIGNER_BYTES);
    buffer_init(&draft, document_bytes_max(document.type));
    switch (document.type) {
    case DOCUMENT_ROOT:
        try_root(&document, &draft);
        break;
    case DOCUMENT_ROSTER:
        try_roster(&document, &draft);
        break;
    case DOCUMENT_PROFILES:
        try_parcel(&document);
        break;
    case DOCUMENT_NOTICE:
        try_notice(&document, &draft);
        break;
    case DOCUMENT_TYPE_COUNT:
        BUG("document of no type");
    }
    return 0;
}
