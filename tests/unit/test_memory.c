/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "memory.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void memory__is_zeroed_and_never_null(void **state)
{
    uint8_t *memory = memory_new(64);
    void *empty = memory_new(0);

    (void)state;
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(memory[i], 0);
    assert_non_null(empty);
    memory_free(memory);
    memory_free(empty);
    memory_free(NULL);
}

static void memory__copies_and_resizes_keep_the_content(void **state)
{
    char *text = memory_copy_text("words");
    char *copy = memory_copy(text, 3);

    (void)state;
    assert_memory_equal(copy, "wor", 3);
    text = memory_resize(text, 100, 2);
    assert_string_equal(text, "words");
    memory_free(text);
    memory_free(copy);
    memory_free(memory_copy(NULL, 0));
}

static void memory__wipes(void **state)
{
    char secret[] = "secret";

    (void)state;
    memory_wipe(secret, sizeof(secret));
    assert_memory_equal(secret, "\0\0\0\0\0\0\0", 7);
    memory_wipe(NULL, 0);
}

/* Runs it in a child and gives the signal that ended the child, with its last words. */
static int die(void (*run)(void), char said[static 256])
{
    int ends[2];
    int result;
    ssize_t got;
    size_t used = 0;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = {0, 0};

        (void)setrlimit(RLIMIT_CORE, &none);
        (void)signal(SIGABRT, SIG_DFL);
        (void)dup2(ends[1], STDERR_FILENO);
        run();
        _exit(0);
    }
    (void)close(ends[1]);
    while ((got = read(ends[0], said + used, 255 - used)) > 0)
        used += (size_t)got;
    said[used] = '\0';
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    return WIFSIGNALED(result) ? WTERMSIG(result) : 0;
}

static void ask_for_too_many(void)
{
    memory_free(memory_new_array(SIZE_MAX / 2, 3));
}

static void resize_to_too_many(void)
{
    memory_free(memory_resize(NULL, SIZE_MAX / 2, 3));
}

static void break_a_promise(void)
{
    PROMISE(1 + 1 == 3);
}

static void overfill_a_writer(void)
{
    uint8_t memory[1];
    struct writer writer = writer_over(memory, sizeof(memory));

    writer_u16(&writer, 1);
    (void)writer_span(&writer);
}

static void memory__ends_the_process_when_a_size_overflows(void **state)
{
    char said[256];

    (void)state;
    assert_int_equal(die(ask_for_too_many, said), SIGABRT);
    assert_holds(said, "overflows");
    assert_int_equal(die(resize_to_too_many, said), SIGABRT);
}

static void promise__ends_the_process_and_names_the_place(void **state)
{
    char said[256];

    (void)state;
    assert_int_equal(die(break_a_promise, said), SIGABRT);
    assert_holds(said, "BUG: ");
    assert_holds(said, "test_memory.c:");
    assert_holds(said, "1 + 1 == 3");
    PROMISE(1 + 1 == 2);
}

static void writer__that_overflowed_may_not_be_read(void **state)
{
    char said[256];

    (void)state;
    assert_int_equal(die(overfill_a_writer, said), SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory__is_zeroed_and_never_null),
        cmocka_unit_test(memory__copies_and_resizes_keep_the_content),
        cmocka_unit_test(memory__wipes),
        cmocka_unit_test(memory__ends_the_process_when_a_size_overflows),
        cmocka_unit_test(promise__ends_the_process_and_names_the_place),
        cmocka_unit_test(writer__that_overflowed_may_not_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
