/* SPDX-License-Identifier: Apache-2.0
 *
 * view: inside of trust, for trust.c and offer.c only: what is in force, and beside it what will be after the
 * commit. Offers are judged against `next`; everybody else sees `now`.
 */
#ifndef AMAAN_VIEW_H
#define AMAAN_VIEW_H

#include "archive.h"
#include "notice.h"
#include "root.h"
#include "roster.h"
#include "trust.h"

struct held_notice {
    struct notice notice;
    int64_t taken_ms;
};

struct view {
    bool pinned, forked;
    struct ident network_id;
    struct root root;      /* the newest */
    struct roster *roster; /* owned; shared by now and next while it is the same */
    uint64_t profiles_version;
    struct hash profiles_body; /* hash of the package in force */
    int64_t profiles_created_ms;
    struct held_notice notices[NOTICES_MAX]; /* not over when last looked at */
    size_t n_notices;
};

struct trust {
    struct archive *archive;
    struct view now, next;
    bool pending; /* next differs from now */
};

/* The view that offers are judged against: made from `now` at the first offer of a transaction. */
struct view *view_next(struct trust *trust);
/* Replaces the roster of `next`. */
void view_give_roster(struct trust *trust, struct roster **roster);
int64_t view_newest_signed_ms(const struct view *view);
/* Time of day: the later of the clock and what was signed. */
int64_t view_time_ms(const struct view *view, int64_t now_ms);
bool view_notice_is_over(
    const struct view *view, const struct held_notice *held, int64_t time_ms);

#endif
