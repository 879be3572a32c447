/* SPDX-License-Identifier: Apache-2.0
 * Two arenas: the new profiles are decoded beside the old ones, then they change places.
 */
#include "directory.h"

#include <string.h>

#include "memory.h"

struct directory {
    struct arena *arena; /* NULL when empty */
    struct profiles profiles;
};

struct directory *directory_new(void)
{
    return memory_new(sizeof(struct directory));
}

void directory_clear(struct directory *directory)
{
    arena_destroy(&directory->arena);
    directory->profiles = (struct profiles){0};
}

void directory_destroy(struct directory **directory)
{
    if (!*directory)
        return;
    directory_clear(*directory);
    memory_free(*directory);
    *directory = NULL;
}

enum status directory_load(struct directory *directory, struct span profiles)
{
    struct arena *arena = arena_new(PROFILES_ARENA_BYTES, PROFILES_ARENA_PIECES);
    struct profiles decoded;
    enum status status = profiles_decode(arena, profiles, &decoded);

    if (status != STATUS_OK) {
        arena_destroy(&arena);
        return status;
    }
    directory_clear(directory);
    directory->arena = arena;
    directory->profiles = decoded;
    return STATUS_OK;
}

uint64_t directory_version(const struct directory *directory)
{
    return directory->profiles.version;
}

size_t directory_count(const struct directory *directory)
{
    return directory->profiles.n;
}

const struct profile *directory_nth(const struct directory *directory, size_t i)
{
    PROMISE(i < directory->profiles.n);
    return &directory->profiles.profiles[i];
}

const struct profile *directory_find(
    const struct directory *directory, const struct ident *node_id)
{
    size_t low = 0, high = directory->profiles.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct profile *profile = &directory->profiles.profiles[middle];
        int order = ident_compare(&profile->node_id, node_id);

        if (order == 0)
            return profile;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct profile *directory_find_name(
    const struct directory *directory, const char *name)
{
    for (size_t i = 0; i < directory->profiles.n; i++)
        if (strcmp(directory->profiles.profiles[i].name, name) == 0)
            return &directory->profiles.profiles[i];
    return NULL;
}

/* Names are of small letters; people are not that strict. */
static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

const struct profile *directory_suggest(
    const struct directory *directory, const char *name)
{
    size_t most = 1;
    const struct profile *nearest = NULL;

    for (size_t i = 0; i < directory->profiles.n; i++) {
        const struct profile *profile = &directory->profiles.profiles[i];
        size_t same = 0;

        while (name[same] && lower(name[same]) == profile->name[same])
            same++;
        if (same > most) {
            most = same;
            nearest = profile;
        }
    }
    return most >= 3 ? nearest : NULL;
}
