/* SPDX-License-Identifier: Apache-2.0
 *
 * publications: written once, found again, boxed.
 */
#include "publications.h"

#include "check.h"
#include "faultvfs.h"
#include "memory.h"
#include "seeded.h"
#include "vault.h"

struct bench {
    struct faultvfs *vfs;
    struct seeded seeded;
    struct chance *chance;
    struct db *db;
    struct box_key master;
    struct publications *publications;
};

static const struct publication_place PLACE = {202611, 3, PUBLICATION_TABLE};

static void open_bench(struct bench *bench)
{
    const char *const migrations[] = {PUBLICATION_SCHEMA};

    memset(bench, 0, sizeof(*bench));
    assert_ok(vault_start(NULL));
    bench->vfs = faultvfs_new("publications");
    bench->chance = seeded_init(&bench->seeded, 31);
    box_new_key(bench->chance, &bench->master);
    struct db_options options = {.path = "care.db",
        .vfs = faultvfs_name(bench->vfs),
        .migrations = migrations,
        .n_migrations = 1,
        .application_id = 1};
    assert_ok(db_open(&options, &bench->db, NULL));
    assert_ok(publications_open(bench->db, bench->chance, &bench->publications, NULL));
    publications_unlock(bench->publications, &bench->master);
}

static void close_bench(struct bench *bench)
{
    publications_close(&bench->publications);
    db_close(&bench->db);
    faultvfs_destroy(&bench->vfs);
}

static enum status put(
    struct bench *bench, const struct publication_place *place, const char *text)
{
    assert_ok(db_begin(bench->db));
    enum status status = publications_put(bench->publications, place, span_text(text));
    if (status == STATUS_OK)
        assert_ok(db_commit(bench->db));
    else
        db_rollback(bench->db);
    return status;
}

static enum status find(
    struct bench *bench, const struct publication_place *place, char ret[static 64])
{
    struct buffer buffer;
    buffer_init(&buffer, 63);
    enum status status = publications_find(bench->publications, place, &buffer);
    snprintf(ret, 64, "%.*s", (int)buffer.used, buffer.used ? (char *)buffer.bytes : "");
    buffer_release(&buffer);
    return status;
}

static void dp20__what_was_published_is_never_replaced(void **state)
{
    (void)state;
    struct bench bench;
    char text[64];
    struct publication_place counts = PLACE, later = PLACE, other = PLACE;
    counts.kind = PUBLICATION_COUNTS;
    later.month = 202612;
    other.cube = 4;
    open_bench(&bench);
    assert_status(find(&bench, &PLACE, text), STATUS_NOT_FOUND);
    assert_ok(put(&bench, &PLACE, "first"));
    assert_status(put(&bench, &PLACE, "second"), STATUS_EXISTS);
    assert_ok(put(&bench, &counts, "counts"));
    assert_ok(put(&bench, &later, "later"));
    assert_ok(find(&bench, &PLACE, text));
    assert_string_equal(text, "first");
    assert_ok(find(&bench, &counts, text));
    assert_string_equal(text, "counts");
    assert_status(find(&bench, &other, text), STATUS_NOT_FOUND);
    close_bench(&bench);
}

static void publications__are_boxed_and_closed_while_locked(void **state)
{
    (void)state;
    struct bench bench;
    struct box_key other = {{5}};
    char text[64];
    open_bench(&bench);
    assert_ok(put(&bench, &PLACE, "vintorel"));
    publications_lock(bench.publications);
    assert_status(find(&bench, &PLACE, text), STATUS_LOCKED);
    assert_status(put(&bench, &PLACE, "x"), STATUS_LOCKED);
    publications_unlock(bench.publications, &other);
    assert_status(find(&bench, &PLACE, text), STATUS_CORRUPT);
    publications_unlock(bench.publications, &bench.master);
    assert_ok(find(&bench, &PLACE, text));
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dp20__what_was_published_is_never_replaced),
        cmocka_unit_test(publications__are_boxed_and_closed_while_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
