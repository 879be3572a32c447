/* SPDX-License-Identifier: Apache-2.0
 * One function a probe, each from one or two fields.
 */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "memory.h"

/* Ten minutes harm nothing and are seen; from a day on sender and recipient disagree about prekeys (PROTOCOL.md 4). */
#define CLOCK_OFF_MS (10 * MINUTE_MS)
#define CLOCK_WRONG_MS (1 * DAY_MS)
/* A gap is shown after 7 days, and 35 are the longest silence that is usual (PROTOCOL.md 4 and 5). */
#define LETTER_WAITS_MS (7 * DAY_MS)
#define LETTER_OLD_MS (35 * DAY_MS)
/* One prekey is good for so long; the next unlock makes seven weeks' more. */
#define PREKEYS_END_MS (14 * DAY_MS)
#define LOCKED_LONG_MS (48 * HOUR_MS) /* PROTOCOL.md 3.8 */
#define BACKUP_OLD_MS (7 * DAY_MS)
#define ROSTER_ENDS_MS (30 * DAY_MS) /* the first of its alarms */

static const char *judge_session(const struct json *status, struct diagnosis *diagnosis)
{
    const char *refusal = json_find_text(status, "broker_refusal");

    if (json_find_flag(status, "connected"))
        return "session-ok";
    if (!refusal)
        return "session-down";
    trouble_say(&diagnosis->detail, "%s", refusal);
    return "session-refused";
}

static const char *judge_clock(const struct json *status, struct diagnosis *diagnosis)
{
    const struct json *skew = json_find(status, "broker_skew_ms");
    int64_t signed_ms = json_find_int(status, "signed_ahead_ms"),
            broker_ms = json_int(skew);
    int64_t off_ms = llabs(broker_ms) > signed_ms ? llabs(broker_ms) : signed_ms;

    diagnosis->figure = off_ms / MINUTE_MS;
    if (off_ms > CLOCK_OFF_MS)
        trouble_say(&diagnosis->detail, "%lld minutes %s", (long long)diagnosis->figure,
            signed_ms >= off_ms || broker_ms > 0 ? "behind" : "ahead");
    if (off_ms > CLOCK_OFF_MS)
        return off_ms > CLOCK_WRONG_MS ? "clock-wrong" : "clock-off";
    return skew ? "clock-ok" : "clock-alone";
}

static const char *judge_letters(const struct json *status, struct diagnosis *diagnosis)
{
    int64_t age_ms = json_find_int(status, "oldest_open_ms");

    if (age_ms <= LETTER_WAITS_MS)
        return "letters-ok";
    diagnosis->figure = age_ms / DAY_MS;
    trouble_say(&diagnosis->detail, "%lld days", (long long)diagnosis->figure);
    return age_ms > LETTER_OLD_MS ? "letters-old" : "letters-waiting";
}

static const char *judge_prekeys(const struct json *status, struct diagnosis *diagnosis)
{
    int64_t left_ms = json_find_int(status, "prekeys_left_ms");

    if (json_find_int(status, "usable_prekeys") == 0)
        return "prekeys-none";
    diagnosis->figure = left_ms / DAY_MS;
    trouble_say(&diagnosis->detail, "%lld days", (long long)diagnosis->figure);
    return left_ms < PREKEYS_END_MS ? "prekeys-ending" : "prekeys-ok";
}

static const char *judge_roster(const struct json *status, struct diagnosis *diagnosis)
{
    int64_t left_ms = json_find_int(status, "roster_left_ms");

    if (json_find_flag(status, "forked"))
        return "roster-forked";
    if (!json_find_flag(status, "joined") || !json_find(status, "roster_left_ms"))
        return "roster-none";
    diagnosis->figure = left_ms / DAY_MS;
    trouble_say(&diagnosis->detail, "%lld days left", (long long)diagnosis->figure);
    if (left_ms <= 0)
        return "roster-over";
    return left_ms < ROSTER_ENDS_MS ? "roster-ending" : "roster-ok";
}

static const char *judge_people(const struct json *status, struct diagnosis *diagnosis)
{
    int64_t locked_ms = json_find_int(status, "locked_ms");

    if (!json_find_flag(status, "locked"))
        return "people-unlocked";
    diagnosis->figure = locked_ms / HOUR_MS;
    trouble_say(&diagnosis->detail, "at least %lld hours", (long long)diagnosis->figure);
    return locked_ms > LOCKED_LONG_MS ? "people-away" : "people-locked";
}

static const char *judge_alarms(const struct json *status, struct diagnosis *diagnosis)
{
    diagnosis->figure = json_find_int(status, "alarms");
    if (diagnosis->figure == 0)
        return "alarms-none";
    trouble_say(&diagnosis->detail, "%lld", (long long)diagnosis->figure);
    return "alarms-unseen";
}

/* `backup_ms`: age of the newest backup; -1: there was none; not there: the node knows of no backups. */
static const char *judge_backup(const struct json *status, struct diagnosis *diagnosis)
{
    const struct json *age = json_find(status, "backup_ms");

    if (!age)
        return "backup-unknown";
    if (json_int(age) < 0)
        return "backup-none";
    diagnosis->figure = json_int(age) / DAY_MS;
    trouble_say(&diagnosis->detail, "%lld days", (long long)diagnosis->figure);
    return json_int(age) > BACKUP_OLD_MS ? "backup-old" : "backup-ok";
}

void judge_status(
    const struct probe *probe, const struct json *status, struct diagnosis *ret)
{
    static const struct {
        const char *probe, *field; /* the field that tells whether the node says it */
        const char *(*judge)(const struct json *status, struct diagnosis *diagnosis);
    } judges[] = {
        {"session", "connected", judge_session},
        {"clock", "signed_ahead_ms", judge_clock},
        {"letters", "outgoing", judge_letters},
        {"prekeys", "usable_prekeys", judge_prekeys},
        {"roster", "joined", judge_roster},
        {"people", "locked", judge_people},
        {"alarms", "alarms", judge_alarms},
        {"backup", "", judge_backup},
    };

    *ret = (struct diagnosis){.probe = probe, .finding = finding_find("no-field")};
    for (size_t i = 0; i < ARRAY_LENGTH(judges); i++)
        if (strcmp(judges[i].probe, probe->name) == 0 &&
            (!*judges[i].field || json_find(status, judges[i].field)))
            ret->finding = finding_find(judges[i].judge(status, ret));
}
