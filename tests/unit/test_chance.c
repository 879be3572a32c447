/* SPDX-License-Identifier: Apache-2.0 */
#include "chance.h"
#include "check.h"

struct queue {
    const uint64_t *next;
    size_t left;
};

static void fill_from_queue(void *context, void *to, size_t n)
{
    struct queue *queue = context;

    assert_int_equal(n, sizeof(uint64_t));
    assert_true(queue->left > 0);
    memcpy(to, queue->next, n);
    queue->next++;
    queue->left--;
}

static void chance__of_the_system_does_not_repeat(void **state)
{
    uint8_t a[64] = {0}, b[64] = {0};

    (void)state;
    chance_fill(chance_system(), a, sizeof(a));
    chance_fill(chance_system(), b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    chance_fill(chance_system(), NULL, 0);
}

static void chance__fills_a_large_piece_to_its_end(void **state)
{
    static uint8_t piece[1 << 20];
    size_t zeros = 0;

    (void)state;
    chance_fill(chance_system(), piece, sizeof(piece));
    for (size_t i = sizeof(piece) - 4096; i < sizeof(piece); i++)
        zeros += piece[i] == 0;
    assert_true(zeros < 256); /* 16 are expected */
}

static void chance__below_a_limit_throws_uneven_values_away(void **state)
{
    /* 2^64 mod 10 is 6: the six smallest values would favour 0..5. */
    static const uint64_t VALUES[] = {0, 5, 6, 19};
    struct queue queue = {VALUES, 4};
    struct chance chance = {.fill = fill_from_queue, .context = &queue};

    (void)state;
    assert_int_equal(chance_below(&chance, 10), 6);
    assert_int_equal(queue.left, 1);
    assert_int_equal(chance_below(&chance, 10), 9);
}

static void chance__below_one_is_zero(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(chance_below(chance_system(), 1), 0);
        assert_true(chance_below(chance_system(), 3) < 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chance__of_the_system_does_not_repeat),
        cmocka_unit_test(chance__fills_a_large_piece_to_its_end),
        cmocka_unit_test(chance__below_a_limit_throws_uneven_values_away),
        cmocka_unit_test(chance__below_one_is_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
