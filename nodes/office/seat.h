/* SPDX-License-Identifier: Apache-2.0
 *
 * seat: who sits at the node now, and whether the screen is locked. In memory only, gone with the lock.
 *
 * The screen lock is apart from the node's lock: keys stay, so that letters go on being opened and receipted; reading
 * needs the PIN (4 to 8 digits, chosen when one unlocks). SEAT_TRIES_MAX wrong ones and the whole node is to be
 * locked: then only a passphrase opens it. Without a PIN only a passphrase opens the screen.
 *
 * One person opens the content of at most `limit` different cases in SEAT_WINDOW_MS; then another person has to
 * agree with a passphrase, which gives the next block. Changing seats and back does not start anew.
 */
#ifndef AMAAN_SEAT_H
#define AMAAN_SEAT_H

#include "clock.h"
#include "hash.h"
#include "local_roles.h"

enum { SEAT_TRIES_MAX = 5, PIN_DIGITS_MIN = 4, PIN_DIGITS_MAX = 8 };
#define SEAT_WINDOW_MS (60 * 60 * SECOND_MS)

struct seat;

struct seat *seat_new(size_t limit);
void seat_destroy(struct seat **seat);

bool pin_is_good(const char *pin);
/* `pin` may be NULL or "". Opens the screen, too. */
void seat_take(struct seat *seat, const struct colleague *person, const char *pin);
/* Nobody sits there any more; what was counted stays until the process ends. */
void seat_leave(struct seat *seat);
const struct colleague *seat_person(const struct seat *seat); /* NULL: nobody */

void seat_lock_screen(struct seat *seat);
bool seat_screen_is_locked(const struct seat *seat);
bool seat_has_pin(const struct seat *seat); /* else a passphrase alone opens the screen */
/* OK: open. DENIED: wrong, or no PIN was chosen. FULL: too often wrong; lock the node. */
enum status seat_try_pin(struct seat *seat, const char *pin) MUST_USE;

/* Counts the opening of a case. FULL: a second person is needed; nothing was counted. */
enum status seat_open_case(
    struct seat *seat, const struct hash *subject, int64_t steady_ms) MUST_USE;
/* Another person agreed. DENIED: the same one, or one of reception. */
enum status seat_agree(struct seat *seat, const struct colleague *second) MUST_USE;

#endif
