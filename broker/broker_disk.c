/* SPDX-License-Identifier: Apache-2.0
 * Room is asked for once a second, and again after a full disk. A turn that had none is rolled back and its
 * speakers are told goodbye without a word about their frames; what they had TAKEN is tried once more in a
 * transaction of its own, with the reserve given up.
 */
#include "broker_private.h"

#include "log.h"
#include "memory.h"

enum { TAKEN_AGAIN_MAX = 65536 };
#define ROOM_EVERY_MS (1 * SECOND_MS)
#define FULL_PAUSE_MS (10 * SECOND_MS)

static void resume_mail(struct broker *broker)
{
    broker->refuses_disk = false;
    broker->was_full = false;
    reserve_restore(broker->reserve);
    log_event(LOG_INFO, "disk-has-room", NULL);
}

void broker_ask_room(struct broker *broker)
{
    int64_t free_bytes = INT64_MAX, total_bytes = INT64_MAX;
    if (broker->steady_ms - broker->room_asked_steady_ms < ROOM_EVERY_MS) {
        return;
    }
    broker->room_asked_steady_ms = broker->steady_ms;
    bool refuses = false;
    if (broker->options.room != NULL && broker->options.room(broker->options.room_context,
                                            &free_bytes, &total_bytes) == STATUS_OK) {
        refuses = quota_disk_refuses(free_bytes, total_bytes, broker->refuses_disk);
    }
    if (broker->was_full && broker->steady_ms - broker->full_steady_ms < FULL_PAUSE_MS) {
        refuses = true; /* whatever the figures say */
    }
    if (refuses && !broker->refuses_disk) {
        broker->refuses_disk = true;
        log_event(LOG_ALARM, "disk-refuses", "free_mib=%lld",
            (long long)(free_bytes / (1024 * 1024)));
    } else if (!refuses && broker->refuses_disk) {
        resume_mail(broker);
    }
}

int64_t broker_room_deadline_steady_ms(const struct broker *broker)
{
    return broker->refuses_disk ? broker->room_asked_steady_ms + FULL_PAUSE_MS
                                : INT64_MAX;
}

/* Those who spoke in a turn that had no room hear BYE: what they offered is not held, and they know. */
static void part_with_speakers(struct broker *broker)
{
    struct session *next = NULL;
    for (struct session *session = lobby_first(broker->lobby); session; session = next) {
        next = session->next;
        if (session->spoke_turn == broker->turn) {
            uint64_t connection = session->connection;
            broker_end_session(broker, session, false, "disk-full");
            broker_part(broker, connection, REFUSAL_DISK_FULL);
        }
    }
}

static enum status take_again(struct broker *broker, struct held **taken, size_t n)
{
    enum status status = db_begin(broker->db);
    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        status = mailbox_taken(broker->mailboxes, taken[i]);
    }
    if (status == STATUS_OK) {
        status = mailboxes_flush(broker->mailboxes, broker_hour(broker));
    }
    if (status == STATUS_OK) {
        status = db_commit(broker->db);
    }
    if (status == STATUS_OK) {
        broker_tell_committed(broker);
        broker->counts.taken += (int64_t)n;
    } else {
        db_rollback(broker->db);
        broker_tell_rolled_back(broker);
    }
    return status;
}

enum status broker_survive_full(struct broker *broker)
{
    struct held **taken = memory_new_array(TAKEN_AGAIN_MAX, sizeof(struct held *));
    size_t n = mailboxes_list_taken(broker->mailboxes, taken, TAKEN_AGAIN_MAX);
    db_rollback(broker->db);
    if (!broker->was_full) {
        log_event(LOG_ALARM, "disk-full", "reserve=%s",
            reserve_is_held(broker->reserve) ? "given-up" : "none");
    }
    broker->was_rolled_back = true;
    broker->refuses_disk = true;
    broker->was_full = true;
    broker->full_steady_ms = broker->steady_ms;
    broker->purge_steady_ms = broker->steady_ms + FULL_PAUSE_MS; /* not in every turn */
    reserve_release(broker->reserve);
    broker_tell_rolled_back(broker);
    enum status status = n > 0 ? take_again(broker, taken, n) : STATUS_OK;
    memory_free(taken);
    part_with_speakers(broker);
    broker->failure = STATUS_OK;
    return status == STATUS_FULL ? STATUS_OK : status;
}
