/* SPDX-License-Identifier: Apache-2.0
 *
 * people: node.key with a slot for each person.
 */
#include "check.h"
#include "memory.h"
#include "people.h"
#include "seeded.h"
#include "vault.h"

static struct seeded seeded;
static struct chance *chance;
static struct node_keys node;
#define WORDS(text) span_text(text " and some invented words")

static int start(void **state)
{
    (void)state;
    assert_ok(vault_start(NULL));
    chance = seeded_init(&seeded, 77);
    keyring_new(chance, &node);
    return 0;
}

static struct people *found(void)
{
    struct people *people = NULL;

    assert_ok(
        people_new(&node, "Zarmina T", WORDS("first"), COST_FLOOR, chance, &people));
    return people;
}

static struct buffer file_of(const struct people *people)
{
    struct buffer file;

    buffer_init(&file, PEOPLE_FILE_MAX);
    assert_ok(people_encode(people, chance, &file));
    return file;
}

static enum status try(const struct buffer *file, const char *name, struct span words)
{
    struct people *people = NULL;
    enum status status = people_break(buffer_span(file), name, words, chance, &people);

    if (status == STATUS_OK)
        assert_memory_equal(people_keys(people), &node, sizeof(node));
    people_destroy(&people);
    return status;
}

static void people__each_open_the_file_with_their_own_passphrase_only(void **state)
{
    (void)state;
    struct people *people = found();
    assert_ok(people_add(
        people, "Gul Khan", LOCAL_WORKER, WORDS("second"), COST_FLOOR, chance));
    assert_status(
        people_add(people, "Gul Khan", LOCAL_WORKER, WORDS("x"), COST_FLOOR, chance),
        STATUS_EXISTS);
    struct buffer file = file_of(people);
    assert_ok(people_inspect(buffer_span(&file)));
    assert_ok(try(&file, "Zarmina T", WORDS("first")));
    assert_ok(try(&file, "Gul Khan", WORDS("second")));
    assert_status(try(&file, "Gul Khan", WORDS("first")), STATUS_DENIED);
    assert_status(try(&file, "Nobody", WORDS("first")), STATUS_DENIED);
    assert_status(try(&file, "", WORDS("first")), STATUS_NOT_FOUND);
    buffer_release(&file);
    people_destroy(&people);
}

/* Linked in place of password_key: each call is what a guess costs. */
static int hashings;
enum status __real_password_key(struct span passphrase,
    const uint8_t salt[static PASSWORD_SALT_BYTES], struct cost cost,
    struct box_key *ret);
enum status __wrap_password_key(struct span passphrase,
    const uint8_t salt[static PASSWORD_SALT_BYTES], struct cost cost,
    struct box_key *ret);
enum status __wrap_password_key(struct span passphrase,
    const uint8_t salt[static PASSWORD_SALT_BYTES], struct cost cost, struct box_key *ret)
{
    hashings++;
    return __real_password_key(passphrase, salt, cost, ret);
}

static void people__cost_as_much_to_guess_at_as_names_that_nobody_has(void **state)
{
    static const char *const NAMES[] = {"Zarmina T", "Nobody"};
    struct people *people = found();
    struct buffer file = file_of(people);

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(NAMES); i++) {
        hashings = 0;
        assert_status(try(&file, NAMES[i], WORDS("other")), STATUS_DENIED);
        assert_int_equal(hashings, 1);
    }
    /* Not even with a passphrase that is somebody's. */
    assert_status(try(&file, "Nobody", WORDS("first")), STATUS_DENIED);
    buffer_release(&file);
    people_destroy(&people);
}

static void people__that_were_removed_open_no_new_file_even_with_their_old_slot(
    void **state)
{
    (void)state;
    enum { SLOT = 152, SLOT_BYTES = 244 };
    struct people *people = found();
    assert_ok(people_add(
        people, "Gul Khan", LOCAL_ADMINISTRATOR, WORDS("second"), COST_FLOOR, chance));
    struct buffer old = file_of(people);
    assert_status(people_remove(people, "Zarmina T", chance), STATUS_CONFLICT);
    assert_ok(people_remove(people, "Gul Khan", chance));
    struct buffer new = file_of(people);
    assert_ok(try(&new, "", WORDS("first")));
    assert_status(try(&new, "Gul Khan", WORDS("second")), STATUS_DENIED);
    /* The old slot in place of the one that is there. */
    memcpy(new.bytes + SLOT, old.bytes + SLOT + SLOT_BYTES, SLOT_BYTES);
    assert_status(try(&new, "Gul Khan", WORDS("second")), STATUS_DENIED);
    /* What CARE.md 15 says openly: the old file itself still opens. */
    assert_ok(try(&old, "Gul Khan", WORDS("second")));
    buffer_release(&old);
    buffer_release(&new);
    people_destroy(&people);
}

static void people__refuse_a_file_with_any_byte_changed(void **state)
{
    (void)state;
    struct people *people = found();
    struct buffer file = file_of(people);
    for (size_t i = 0; i < file.used; i += i < 8 ? 3 : 61) {
        file.bytes[i] ^= 1;
        assert_true(try(&file, "Zarmina T", WORDS("first")) != STATUS_OK);
        file.bytes[i] ^= 1;
    }
    file.used--;
    assert_status(people_inspect(buffer_span(&file)), STATUS_MALFORMED);
    buffer_release(&file);
    people_destroy(&people);
}

static void people__keep_the_last_administrator_and_change_roles_by_administrators(
    void **state)
{
    (void)state;
    struct people *people = found(), *worker = NULL;
    assert_status(people_set_role(people, "Zarmina T", LOCAL_WORKER), STATUS_CONFLICT);
    assert_ok(people_add(
        people, "Gul Khan", LOCAL_WORKER, WORDS("second"), COST_FLOOR, chance));
    struct buffer file = file_of(people);
    assert_ok(
        people_break(buffer_span(&file), "Gul Khan", WORDS("second"), chance, &worker));
    assert_status(
        people_set_role(worker, "Gul Khan", LOCAL_ADMINISTRATOR), STATUS_DENIED);
    assert_status(people_remove(worker, "Zarmina T", chance), STATUS_DENIED);
    assert_status(people_add(worker, "A", LOCAL_WORKER, WORDS("x"), COST_FLOOR, chance),
        STATUS_DENIED);
    assert_ok(people_set_passphrase(worker, WORDS("third"), COST_FLOOR, chance));
    buffer_release(&file);
    file = file_of(worker);
    assert_ok(try(&file, "Gul Khan", WORDS("third")));
    assert_status(try(&file, "Gul Khan", WORDS("second")), STATUS_DENIED);
    assert_ok(try(&file, "Zarmina T", WORDS("first")));
    assert_ok(people_set_role(people, "Gul Khan", LOCAL_ADMINISTRATOR));
    assert_ok(people_set_role(people, "Zarmina T", LOCAL_WORKER));
    buffer_release(&file);
    people_destroy(&worker);
    people_destroy(&people);
}

static void people__read_the_older_file_and_write_the_new_one(void **state)
{
    (void)state;
    struct people *people = NULL;
    struct buffer file;
    buffer_init(&file, PEOPLE_FILE_MAX);
    assert_ok(keyring_apply(&node, WORDS("first"), COST_FLOOR, chance, &file));
    assert_ok(people_inspect(buffer_span(&file)));
    assert_status(try(&file, "", WORDS("second")), STATUS_DENIED);
    assert_ok(
        people_break(buffer_span(&file), "Zarmina T", WORDS("first"), chance, &people));
    assert_int_equal(people_self(people)->role, LOCAL_ADMINISTRATOR);
    buffer_release(&file);
    file = file_of(people);
    assert_memory_equal(file.bytes, "AMK2", 4);
    assert_ok(try(&file, "Zarmina T", WORDS("first")));
    buffer_release(&file);
    people_destroy(&people);
}

static void people__recover_by_a_secret_that_is_in_no_file(void **state)
{
    (void)state;
    uint8_t secret[RECOVERY_BYTES], old[RECOVERY_BYTES];
    struct people *people = found(), *again = NULL;
    struct buffer file = file_of(people);
    memset(secret, 7, sizeof(secret));
    assert_status(
        people_break_by_recovery(buffer_span(&file), secret, &again), STATUS_DENIED);
    assert_ok(people_set_recovery(people, chance, old));
    assert_ok(people_set_recovery(people, chance, secret));
    buffer_release(&file);
    file = file_of(people);
    assert_status(
        people_break_by_recovery(buffer_span(&file), old, &again), STATUS_DENIED);
    assert_ok(people_break_by_recovery(buffer_span(&file), secret, &again));
    assert_ok(people_restore(again, "Zarmina T", WORDS("new"), COST_FLOOR, chance));
    buffer_release(&file);
    file = file_of(again);
    assert_ok(try(&file, "Zarmina T", WORDS("new")));
    assert_status(try(&file, "Zarmina T", WORDS("first")), STATUS_DENIED);
    buffer_release(&file);
    people_destroy(&again);
    people_destroy(&people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people__each_open_the_file_with_their_own_passphrase_only),
        cmocka_unit_test(people__cost_as_much_to_guess_at_as_names_that_nobody_has),
        cmocka_unit_test(
            people__that_were_removed_open_no_new_file_even_with_their_old_slot),
        cmocka_unit_test(people__refuse_a_file_with_any_byte_changed),
        cmocka_unit_test(
            people__keep_the_last_administrator_and_change_roles_by_administrators),
        cmocka_unit_test(people__read_the_older_file_and_write_the_new_one),
        cmocka_unit_test(people__recover_by_a_secret_that_is_in_no_file),
    };
    return cmocka_run_group_tests_name("people", tests, start, NULL);
}
