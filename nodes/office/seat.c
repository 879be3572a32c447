/* SPDX-License-Identifier: Apache-2.0
 * Openings are kept for each person; one more person than there are slots pushes out nobody (people.h).
 */
#include "seat.h"

#include <string.h>

#include "memory.h"

struct opening {
    struct hash subject;
    int64_t at_ms;
};

struct tally {
    struct ident person;
    struct opening openings[CASES_AN_HOUR_MAX];
    size_t n;
};

struct seat {
    bool taken, screen_locked;
    struct colleague person;
    char pin[PIN_DIGITS_MAX + 1]; /* zeros behind; "" if none */
    int tries;
    size_t limit;
    struct tally tallies[PEOPLE_MAX];
    size_t n_tallies;
};

struct seat *seat_new(size_t limit)
{
    struct seat *seat = memory_new(sizeof(*seat));

    PROMISE(limit > 0 && limit <= CASES_AN_HOUR_MAX);
    seat->limit = limit;
    return seat;
}

void seat_destroy(struct seat **seat)
{
    if (!*seat)
        return;
    memory_wipe(*seat, sizeof(**seat));
    memory_free(*seat);
    *seat = NULL;
}

bool pin_is_good(const char *pin)
{
    size_t n = strlen(pin);

    return n >= PIN_DIGITS_MIN && n <= PIN_DIGITS_MAX && strspn(pin, "0123456789") == n;
}

void seat_leave(struct seat *seat)
{
    seat->taken = seat->screen_locked = false;
    seat->tries = 0;
    memory_wipe(&seat->person, sizeof(seat->person));
    memory_wipe(seat->pin, sizeof(seat->pin));
}

void seat_take(struct seat *seat, const struct colleague *person, const char *pin)
{
    seat_leave(seat);
    seat->taken = true;
    seat->person = *person;
    if (pin && pin_is_good(pin))
        memcpy(seat->pin, pin, strlen(pin));
}

const struct colleague *seat_person(const struct seat *seat)
{
    return seat->taken ? &seat->person : NULL;
}

void seat_lock_screen(struct seat *seat)
{
    seat->screen_locked = seat->taken;
}

bool seat_screen_is_locked(const struct seat *seat)
{
    return seat->screen_locked;
}

/* All bytes are compared, whatever differs first. */
bool seat_has_pin(const struct seat *seat)
{
    return *seat->pin != 0;
}

static bool pin_equal(const char stored[PIN_DIGITS_MAX + 1], const char *pin)
{
    char given[PIN_DIGITS_MAX + 1] = {0};
    unsigned char differs = 0;

    memcpy(given, pin, strlen(pin));
    for (size_t i = 0; i < sizeof(given); i++)
        differs |= (unsigned char)(given[i] ^ stored[i]);
    memory_wipe(given, sizeof(given));
    return differs == 0;
}

enum status seat_try_pin(struct seat *seat, const char *pin)
{
    if (!seat->taken)
        return STATUS_DENIED;
    if (*seat->pin && pin_is_good(pin) && pin_equal(seat->pin, pin)) {
        seat->screen_locked = false;
        seat->tries = 0;
        return STATUS_OK;
    }
    return ++seat->tries >= SEAT_TRIES_MAX ? STATUS_FULL : STATUS_DENIED;
}

static struct tally *find_tally(struct seat *seat)
{
    for (size_t i = 0; i < seat->n_tallies; i++)
        if (ident_equal(&seat->tallies[i].person, &seat->person.id))
            return &seat->tallies[i];
    if (seat->n_tallies ==
        PEOPLE_MAX) /* people came and went: the oldest one starts anew */
        memmove(&seat->tallies[0], &seat->tallies[1],
            --seat->n_tallies * sizeof(seat->tallies[0]));
    struct tally *tally = &seat->tallies[seat->n_tallies++];
    memset(tally, 0, sizeof(*tally));
    tally->person = seat->person.id;
    return tally;
}

enum status seat_open_case(
    struct seat *seat, const struct hash *subject, int64_t steady_ms)
{
    struct tally *tally;
    size_t n = 0;

    PROMISE(seat->taken);
    tally = find_tally(seat);
    for (size_t i = 0; i < tally->n; i++)
        if (steady_ms - tally->openings[i].at_ms < SEAT_WINDOW_MS)
            tally->openings[n++] = tally->openings[i];
    tally->n = n;
    for (size_t i = 0; i < n; i++)
        if (hash_equal(&tally->openings[i].subject, subject))
            return STATUS_OK;
    if (n >= seat->limit)
        return STATUS_FULL;
    tally->openings[tally->n++] = (struct opening){*subject, steady_ms};
    return STATUS_OK;
}

enum status seat_agree(struct seat *seat, const struct colleague *second)
{
    if (!seat->taken || ident_equal(&second->id, &seat->person.id) ||
        second->role < LOCAL_WORKER)
        return STATUS_DENIED;
    find_tally(seat)->n = 0;
    return STATUS_OK;
}
