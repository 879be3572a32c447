/* SPDX-License-Identifier: Apache-2.0
 *
 * "Once a day" is a unique key over (code, peer, detail, day): the second insert is EXISTS and no news.
 */
#include "alarms.h"

#include "log.h"
#include "memory.h"

enum {
    ALARMS_MAX = 10000,
    ALARMS_PER_DAY = 32 /* of one code and member: nobody pushes other evidence out */
};
enum { INSERT, TRIM, LIST, SEE, UNSEEN, STATEMENTS };

static const char *const SQL[STATEMENTS] = {
    [INSERT] = "INSERT INTO post_alarms (code, peer, detail, day, at_ms, seen)"
               " SELECT ?1, ?2, ?3, ?4, ?5, 0 WHERE (SELECT count(*) FROM (SELECT 1 FROM"
               " post_alarms WHERE code = ?1 AND peer = ?2 AND day = ?4 LIMIT ?6)) < ?6"
               " ON CONFLICT DO NOTHING",
    [TRIM] = "DELETE FROM post_alarms WHERE id <= ?1",
    [LIST] = "SELECT id, at_ms, code, peer, detail FROM post_alarms WHERE id > ?1"
             " ORDER BY id LIMIT ?2",
    [SEE] = "UPDATE post_alarms SET seen = 1 WHERE id <= ?1 AND seen = 0",
    [UNSEEN] = "SELECT count(*) FROM post_alarms WHERE seen = 0",
};

static const char *const NAMES[ALARM_COUNT] = {
    [ALARM_CONFLICT] = "conflict",
    [ALARM_FORK] = "fork",
    [ALARM_ROSTER_AHEAD] = "roster_ahead",
    [ALARM_ROSTER_WITHHELD] = "roster_withheld",
    [ALARM_OLDER_ROSTER] = "older_roster",
    [ALARM_UNREADABLE] = "unreadable",
    [ALARM_REFUSED] = "refused",
    [ALARM_QUARANTINE_FULL] = "quarantine_full",
    [ALARM_SUSPENDED] = "suspended_sender",
    [ALARM_WINDOW] = "window",
    [ALARM_EPOCHS] = "epochs",
    [ALARM_GAP] = "gap",
    [ALARM_LOST] = "lost",
    [ALARM_RESTORED] = "restored",
    [ALARM_PEER_RESTORED] = "peer_restored",
    [ALARM_BUNDLE] = "bundle",
    [ALARM_PARKED] = "parked",
    [ALARM_EXPIRED] = "expired",
    [ALARM_UNDELIVERABLE] = "undeliverable",
    [ALARM_INVALID_LATER] = "invalid_later",
    [ALARM_BROKER_REFUSED] = "broker_refused",
    [ALARM_WAITS] = "waits",
    [ALARM_ROSTER_ENDS] = "roster_ends",
    [ALARM_BACKUP] = "backup",
    [ALARM_UNKNOWN_SENT] = "unknown_sent",
    [ALARM_MISSING] = "missing",
};

struct alarms {
    struct db *db;
    struct statements *statements;
};

const char *alarm_name(enum alarm_code code)
{
    return code > 0 && code < ALARM_COUNT ? NAMES[code] : "unknown";
}

enum status alarms_open(struct db *db, struct alarms **ret, struct trouble *trouble)
{
    struct alarms *alarms = memory_new(sizeof *alarms);
    alarms->db = db;
    enum status status =
        statements_open(db, SQL, STATEMENTS, &alarms->statements, trouble);
    if (status != STATUS_OK) {
        alarms_close(&alarms);
        return status;
    }
    *ret = alarms;
    return STATUS_OK;
}

void alarms_close(struct alarms **alarms)
{
    if (*alarms == NULL)
        return;
    statements_close(&(*alarms)->statements);
    memory_free(*alarms);
    *alarms = NULL;
}

enum status alarms_raise(struct alarms *alarms, enum alarm_code code,
    const struct ident *peer, int64_t detail, int64_t now_ms)
{
    static const struct ident nobody;
    char text[IDENT_TEXT_BYTES];
    if (peer == NULL)
        peer = &nobody;
    struct query *query = query_start(alarms->statements, INSERT);
    query_int(query, 1, code);
    query_ident(query, 2, peer);
    query_int(query, 3, detail);
    query_int(query, 4, now_ms / DAY_MS);
    query_int(query, 5, now_ms);
    query_int(query, 6, ALARMS_PER_DAY);
    enum status status = query_run(query);
    if (status != STATUS_OK || db_changes(alarms->db) == 0)
        return status;
    ident_format(peer, text);
    log_event(LOG_ALARM, "alarm", "code=%s peer=%s detail=%lld", alarm_name(code), text,
        (long long)detail);
    int64_t newest = db_last_row(alarms->db);
    if (newest <= ALARMS_MAX)
        return STATUS_OK;
    query = query_start(alarms->statements, TRIM);
    query_int(query, 1, newest - ALARMS_MAX);
    return query_run(query);
}

enum status alarms_list(struct alarms *alarms, int64_t after_id, struct post_alarm *ret,
    size_t max, size_t *ret_n)
{
    struct query *query = query_start(alarms->statements, LIST);
    query_int(query, 1, after_id);
    query_int(query, 2, (int64_t)max);
    size_t n = 0;
    bool found = false;
    enum status status = query_next(query, &found);
    while (status == STATUS_OK && found && n < max) {
        struct post_alarm alarm = {.id = row_int(query, 0),
            .at_ms = row_int(query, 1),
            .code = alarm_name((enum alarm_code)row_int(query, 2)),
            .detail = row_int(query, 4)};
        status = row_exact(query, 3, &alarm.peer, IDENT_BYTES);
        ret[n++] = alarm;
        if (status == STATUS_OK)
            status = query_next(query, &found);
    }
    query_end(query);
    if (status == STATUS_OK)
        *ret_n = n;
    return status;
}

enum status alarms_see(struct alarms *alarms, int64_t up_to_id)
{
    struct query *query = query_start(alarms->statements, SEE);
    query_int(query, 1, up_to_id);
    return query_run(query);
}

enum status alarms_unseen(struct alarms *alarms, int64_t *ret)
{
    struct query *query = query_start(alarms->statements, UNSEEN);
    bool found = false;
    enum status status = query_next(query, &found);
    if (status == STATUS_OK)
        *ret = row_int(query, 0);
    query_end(query);
    return status;
}
