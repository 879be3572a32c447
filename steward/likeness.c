/* SPDX-License-Identifier: Apache-2.0
 * Names are a-z 0-9 - and '.', so a short table does: each name is read letter by letter as what it looks like.
 */
#include "likeness.h"

#include "nearest.h"

/* What the name looks like from here on; 0 at its end. */
static char next_shape(const char **name)
{
    static const struct {
        const char *letters;
        char shape;
    } rows[] = {
        {"rn", 'm'},
        {"vv", 'w'},
        {"cl", 'd'},
        {"c1", 'd'},
        {"ci", 'd'},
        {"0", 'o'},
        {"1", 'l'},
        {"i", 'l'},
        {"5", 's'},
        {"2", 'z'},
    };

    while (**name == '-' || **name == '.')
        (*name)++;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t n = strlen(rows[i].letters);

        if (strncmp(*name, rows[i].letters, n) == 0) {
            *name += n;
            return rows[i].shape;
        }
    }
    return **name ? *(*name)++ : 0;
}

bool likeness_same(const char *a, const char *b)
{
    char shape;

    do {
        shape = next_shape(&a);
        if (shape != next_shape(&b))
            return false;
    } while (shape);
    return true;
}

const char *likeness_near(const struct plain *plain, const struct profile *profile)
{
    const char *nearest = NULL;
    unsigned best = NEAREST_START;

    for (size_t i = 0; i < plain->profiles.n; i++) {
        const struct profile *other = &plain->profiles.profiles[i];

        if (!ident_equal(&other->node_id, &profile->node_id))
            nearest_consider(profile->name, other->name, &nearest, &best);
    }
    return nearest;
}
