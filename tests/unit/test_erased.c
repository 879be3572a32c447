/* SPDX-License-Identifier: Apache-2.0
 *
 * erased: the list of erased cases beside the backups.
 */
#include "erased.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "disk.h"
#include "memory.h"
#include "seeded.h"

static struct seeded seeded;
static struct box_key master;
static const struct ident node = {{7}}, other = {{8}};
static char folder[] = "/tmp/amaan-erased-XXXXXX", *path;

static struct span one(const struct ident *ident)
{
    return span_of(ident->bytes, IDENT_BYTES);
}

static void erased__lists_each_case_once_whoever_added_it(void **state)
{
    (void)state;
    struct ident a = ident_new(&seeded.chance), b = ident_new(&seeded.chance);
    struct buffer idents;
    buffer_init(&idents, ERASED_CASES_MAX * IDENT_BYTES);
    assert_status(erased_read(path, &node, &master, &idents, NULL), STATUS_NOT_FOUND);
    assert_ok(erased_add(path, &node, &master, &seeded.chance, one(&a), NULL));
    assert_ok(erased_add(path, &node, &master, &seeded.chance, one(&b), NULL));
    assert_ok(erased_add(path, &node, &master, &seeded.chance, one(&a), NULL));
    assert_ok(erased_read(path, &node, &master, &idents, NULL));
    assert_int_equal(idents.used, 2 * IDENT_BYTES);
    buffer_release(&idents);
}

static void erased__opens_for_its_own_node_and_key_and_unchanged_only(void **state)
{
    (void)state;
    struct box_key wrong = master;
    struct ident a = ident_new(&seeded.chance);
    struct buffer idents, file;
    struct trouble trouble = {""};
    buffer_init(&idents, ERASED_CASES_MAX * IDENT_BYTES);
    wrong.bytes[3] ^= 1;
    assert_ok(erased_add(path, &node, &master, &seeded.chance, one(&a), NULL));
    assert_status(erased_read(path, &other, &master, &idents, &trouble), STATUS_FORGED);
    assert_status(erased_read(path, &node, &wrong, &idents, &trouble), STATUS_FORGED);
    assert_ok(disk_read(path, ERASED_FILE_BYTES_MAX, &file, NULL));
    for (size_t i = 0; i < file.used; i++) {
        file.bytes[i] ^= 0x20;
        assert_ok(disk_write(path, buffer_span(&file), 0600, NULL));
        assert_int_not_equal(
            erased_read(path, &node, &master, &idents, &trouble), STATUS_OK);
        file.bytes[i] ^= 0x20;
    }
    for (size_t n = 0; n < file.used; n++) {
        assert_ok(disk_write(path, span_of(file.bytes, n), 0600, NULL));
        assert_int_not_equal(
            erased_read(path, &node, &master, &idents, &trouble), STATUS_OK);
    }
    assert_int_equal(idents.used, 0);
    assert_holds(trouble.text, "not this node's list");
    /* What cannot be read is replaced: the list goes on. */
    assert_ok(erased_add(path, &node, &master, &seeded.chance, one(&a), NULL));
    assert_ok(erased_read(path, &node, &master, &idents, NULL));
    buffer_release(&file);
    buffer_release(&idents);
}

static int begin(void **state)
{
    (void)state;
    seeded_init(&seeded, 4711);
    box_new_key(&seeded.chance, &master);
    if (!mkdtemp(folder))
        return -1;
    path = erased_path(folder, &node);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(path);
    memory_free(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erased__lists_each_case_once_whoever_added_it),
        cmocka_unit_test(erased__opens_for_its_own_node_and_key_and_unchanged_only),
    };
    return cmocka_run_group_tests_name("erased", tests, begin, end);
}
