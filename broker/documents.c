/* SPDX-License-Identifier: Apache-2.0
 *
 * How it works: a table of {type, version, span} is made and sorted; the types of frame.h are numbered in the
 * order in which they build on each other.
 */
#include "documents.h"

#include <stdlib.h>

#include "document.h"
#include "memory.h"

struct piece {
    enum document_type type;
    uint64_t version;
    struct span bytes;
};

/* At most DOCUMENTS_MAX pieces. */
static enum status take_apart(
    struct span bytes, struct piece *pieces, size_t *ret_n, struct trouble *trouble)
{
    struct span left = bytes;
    size_t n = 0;

    for (; left.n > 0; n++) {
        struct document document;
        size_t used;

        if (n == DOCUMENTS_MAX) {
            trouble_say(trouble, "these are more than %d documents", DOCUMENTS_MAX);
            return STATUS_TOO_BIG;
        }
        enum status status = document_decode(left, &document, &used);
        if (status) {
            trouble_say(trouble,
                "no signed document (root, roster, profiles or notice) stands at byte "
                "%zu: %s",
                bytes.n - left.n, status_name(status));
            return status;
        }
        pieces[n] =
            (struct piece){document.type, document.version, span_of(left.at, used)};
        left = span_of(left.at + used, left.n - used);
    }
    if (n == 0) {
        trouble_say(trouble, "there is no document in it");
        return STATUS_MALFORMED;
    }
    *ret_n = n;
    return STATUS_OK;
}

static int compare_pieces(const void *a, const void *b)
{
    const struct piece *left = a, *right = b;

    if (left->type != right->type)
        return left->type < right->type ? -1 : 1;
    if (left->version != right->version)
        return left->version < right->version ? -1 : 1;
    return 0;
}

static void add_result(struct json *list, const struct piece *piece, enum status status,
    const struct trouble *trouble)
{
    struct json *row = json_new_object();

    json_put_text(row, "type", document_type_name(piece->type));
    json_put_int(row, "version", (int64_t)(piece->version & INT64_MAX));
    json_put_text(row, "result", status_name(status));
    if (status != STATUS_OK && status != STATUS_EXISTS)
        json_put_text(row, "sentence",
            trouble->text[0] != '\0' ? trouble->text : status_name(status));
    else
        json_put_null(row, "sentence");
    json_add(list, &row);
}

enum status documents_check(struct span bytes, struct trouble *trouble)
{
    struct piece *pieces = memory_new_array(DOCUMENTS_MAX, sizeof *pieces);
    size_t n;
    enum status status = take_apart(bytes, pieces, &n, trouble);

    memory_free(pieces);
    return status;
}

enum status documents_load(struct broker *broker, struct span bytes,
    struct json **ret_list, struct trouble *trouble)
{
    struct piece *pieces = memory_new_array(DOCUMENTS_MAX, sizeof *pieces);
    struct json *list = json_new_list();
    size_t n = 0;
    enum status status = take_apart(bytes, pieces, &n, trouble);

    if (status)
        goto done;
    qsort(pieces, n, sizeof *pieces, compare_pieces);
    for (size_t i = 0; i < n; i++) {
        struct trouble why = {.text = ""};
        enum status result = broker_load(broker, pieces[i].type, pieces[i].bytes, &why);

        if (result == STATUS_IO || result == STATUS_CORRUPT) {
            status = result;
            trouble_say(trouble, "%s", why.text);
            goto done;
        }
        add_result(list, &pieces[i], result, &why);
    }
    *ret_list = list;
    list = NULL;
done:
    json_destroy(&list);
    memory_free(pieces);
    return status;
}
