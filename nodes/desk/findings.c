/* SPDX-License-Identifier: Apache-2.0
 * Rows only.
 */
#include "findings.h"

#include <string.h>

#include "memory.h"

const struct probe PROBES[] = {
    {"home", PROBE_BY_HELPER, "the node's folder"},
    {"link-key", PROBE_BY_HELPER, "the key of the line"},
    {"node-key", PROBE_BY_HELPER, "the file of keys under the passphrase"},
    {"conf", PROBE_BY_HELPER, "the settings"},
    {"database", PROBE_BY_HELPER, "letters and casebook on the disk"},
    {"disk", PROBE_BY_HELPER, "room on the disk"},
    {"name", PROBE_BY_HELPER, "looking up the exchange's name"},
    {"tcp", PROBE_BY_HELPER, "reaching the exchange's machine"},
    {"curve", PROBE_BY_HELPER, "being let in by the exchange"},
    {"node", PROBE_BY_STATUS, "is the node running"},
    {"session", PROBE_BY_STATUS, "the node's line to the exchange"},
    {"clock", PROBE_BY_STATUS, "this machine's date and time"},
    {"letters", PROBE_BY_STATUS, "the oldest letter without a receipt"},
    {"prekeys", PROBE_BY_STATUS, "keys by which others can write to us"},
    {"roster", PROBE_BY_STATUS, "the stewards' list of members"},
    {"people", PROBE_BY_STATUS, "has somebody given the passphrase"},
    {"alarms", PROBE_BY_STATUS, "evidence that nobody has looked at"},
    {"backup", PROBE_BY_STATUS, "the newest backup"},
};
const size_t PROBES_N = ARRAY_LENGTH(PROBES);

#define OK FINDING_OK
#define WARNING FINDING_WARNING
#define FAILED FINDING_FAILED
#define UNTOLD FINDING_UNTOLD

const struct finding FINDINGS[] = {
    {"home-ok", "home", OK, "The folder is there and closed to others."},
    {"home-missing", "home", FAILED,
        "There is no node in this folder. Nothing was changed. Name the right folder "
        "with --home, or make a node with \"amaan init\"."},
    {"home-open", "home", FAILED,
        "Other users of this machine may enter the folder, so the node does not start. "
        "What stands in it of people is encrypted. Close it with chmod 700."},
    {"home-foreign", "home", FAILED,
        "The folder belongs to another user, so the node does not start. Nothing was "
        "changed. Run as that user, or give the folder back to this one with chown."},

    {"link-key-ok", "link-key", OK, "The key of the line is there, private and whole."},
    {"link-key-missing", "link-key", FAILED,
        "The key of the line is not there, so the node does not start. Letters are safe "
        "on this disk. Put back the copy of link.key, or have the stewards admit new "
        "keys."},
    {"link-key-open", "link-key", FAILED,
        "Other users may read the key of the line: they could take this node's mail, and "
        "could not open it. Close it with chmod 600; if anybody may have read it, ask "
        "the stewards for new keys."},
    {"link-key-damaged", "link-key", FAILED,
        "The key of the line is not one. Letters are safe on this disk. Put back the "
        "copy of link.key."},

    {"node-key-ok", "node-key", OK,
        "The file of keys is there, private and whole in form. Whether the passphrase "
        "fits is only seen at \"amaan unlock\"."},
    {"node-key-missing", "node-key", FAILED,
        "The file of keys is not there: letters go on arriving and nobody can read them. "
        "Nothing is lost as long as it is found. Put back the copy of node.key; if there "
        "is none, call the stewards."},
    {"node-key-open", "node-key", FAILED,
        "Other users may read the file of keys. The passphrase still protects it. Close "
        "it with chmod 600."},
    {"node-key-damaged", "node-key", FAILED,
        "The file of keys is damaged: letters go on arriving and nobody can read them. "
        "Put back the copy of node.key; if there is none, call the stewards."},

    {"conf-ok", "conf", OK, "The settings can be read and name an exchange."},
    {"conf-missing", "conf", FAILED,
        "There is no node.conf, so the node does not start. Letters are safe. Put back "
        "the file that init or join wrote."},
    {"conf-wrong", "conf", FAILED,
        "The settings do not hold what they should, so the node does not start. Letters "
        "are safe. Mend what the detail names."},
    {"conf-not-joined", "conf", WARNING,
        "No exchange is set: this node has not entered a network. Nothing can travel "
        "yet. Carry the join request to a steward, then \"amaan join\"."},

    {"database-ok", "database", OK,
        "The database was looked through and holds together."},
    {"database-answers", "database", OK,
        "The running node reads and writes it. To look through all of it, stop the node "
        "and run \"amaan-node check\"."},
    {"database-new", "database", OK,
        "There is no database yet: \"amaan join\" makes it."},
    {"database-missing", "database", FAILED,
        "There is no database. If this node has worked before, do not start it: look for "
        "the disk or the backup first."},
    {"database-busy", "database", UNTOLD,
        "Another process has the database open, so it was left alone. It is probably a "
        "node that is starting or stuck. Look again in a minute."},
    {"database-damaged", "database", FAILED,
        "The database does not hold together. Stop the node, copy the whole folder "
        "before anything else, and restore a backup; letters that others sent come again "
        "by themselves."},
    {"database-not-read", "database", UNTOLD,
        "The database could not be opened, because something else is wrong first. See "
        "the other rows."},

    {"disk-ok", "disk", OK, "There is room."},
    {"disk-low", "disk", WARNING,
        "Less than 15 % of the disk is free: while the node is locked it takes no more "
        "mail, which waits at the exchange. Nothing is lost. Make room."},
    {"disk-full", "disk", FAILED,
        "Less than 64 MiB are free: the node takes no more mail, which waits at the "
        "exchange, and soon keeps nothing new. What was kept is safe. Make room now."},
    {"disk-unknown", "disk", UNTOLD, "The system does not say how much room there is."},

    {"name-ok", "name", OK, "The exchange's name leads to an address."},
    {"name-number", "name", OK,
        "The exchange is written as a number: there is nothing to look up."},
    {"name-unknown", "name", FAILED,
        "No address is known for the exchange's name. Letters wait here and are safe. Is "
        "this machine on the network? If it is, ask who runs the exchange whether its "
        "name has changed."},
    {"name-none", "name", UNTOLD, "No exchange is set, or the settings cannot be read."},

    {"tcp-ok", "tcp", OK, "The exchange's machine takes connections."},
    {"tcp-refused", "tcp", FAILED,
        "The machine is there and nobody listens: the exchange is not running. Letters "
        "wait here and are safe. Tell who runs it."},
    {"tcp-silent", "tcp", FAILED,
        "The machine does not answer. Letters wait here and are safe. Is this machine on "
        "the network, and does a firewall let this port out?"},
    {"tcp-no-way", "tcp", FAILED,
        "There is no way to the exchange from here: this machine is on no network, or on "
        "one that leads nowhere. Letters wait here and are safe. Look at cable, Wi-Fi or "
        "modem."},
    {"tcp-not-tried", "tcp", UNTOLD, "There is no address to try. See the rows before."},

    {"curve-ok", "curve", OK, "The exchange has the right key and lets this node in."},
    {"curve-connected", "curve", OK,
        "The running node is connected, so the exchange has let it in."},
    {"curve-refused", "curve", FAILED,
        "The network is well and this is the exchange, but it refuses this node's key: "
        "the stewards removed the node, or gave it other keys. Letters are safe here. "
        "Call a steward."},
    {"curve-not-admitted", "curve", FAILED,
        "The network is well and this is the exchange, but it does not let this node's "
        "key in: it has no roster in which this node stands, or it is stopping. Letters "
        "are safe here. Ask a steward whether the node is admitted and the roster "
        "loaded."},
    {"curve-other", "curve", FAILED,
        "The network is well, but what listens there is not the exchange whose key this "
        "node was given: a new exchange, a wrong address, or somebody in between. "
        "Nothing was handed over. Ask a steward for the present broker.amaan, and "
        "compare it before \"amaan join\"."},
    {"curve-mute", "curve", FAILED,
        "The network is well, but what listens there takes connections and says nothing: "
        "the exchange is stuck, or something else has its place. Nothing was handed "
        "over. Tell who runs the exchange."},
    {"curve-unreached", "curve", UNTOLD,
        "No connection came about, so nobody could be asked. See the row tcp."},
    {"curve-not-tried", "curve", UNTOLD,
        "Address or key for it are not there. See the rows before."},

    {"node-runs", "node", OK, "The node is running and answers."},
    {"node-stopped", "node", WARNING,
        "The node is not running: nothing is sent or received. Letters are safe here, "
        "and others' wait at the exchange. Start it with \"amaan run\" or the service."},
    {"node-silent", "node", FAILED,
        "The node was asked and gave no answer in time: it is stuck or very busy. What "
        "it has kept is safe. Look again in a minute; if it stays so, restart it."},
    {"node-strange", "node", FAILED,
        "Something listens on the node's socket and does not answer as this user's node "
        "does. Nothing was handed over. Stop it, and start the node again."},

    {"session-ok", "session", OK, "The node is connected and the exchange serves it."},
    {"session-down", "session", WARNING,
        "The node is not connected. Letters wait here and are safe; it goes on trying by "
        "itself. The rows name, tcp and curve say why."},
    {"session-refused", "session", FAILED,
        "The exchange ends the session with a reason. Letters are safe here. \"amaan "
        "explain\" and that word say what to do."},

    {"clock-ok", "clock", OK, "The clock agrees with what others say."},
    {"clock-off", "clock", WARNING,
        "The clock is more than ten minutes off. Letters are not harmed. Set date and "
        "time, or let the system fetch them."},
    {"clock-wrong", "clock", FAILED,
        "The clock is more than a day off. The node uses the times that others signed "
        "where it can, but letters may wait or be refused. Set date and time now."},
    {"clock-alone", "clock", UNTOLD,
        "Nobody has told this node the time since it started."},

    {"letters-ok", "letters", OK, "No letter has waited long for its receipt."},
    {"letters-waiting", "letters", WARNING,
        "A letter has no receipt for more than 7 days. It is kept and offered again by "
        "itself. \"amaan sent\" shows it; telephone the member."},
    {"letters-old", "letters", FAILED,
        "A letter has no receipt for more than 35 days, longer than any usual absence. "
        "It is still kept. \"amaan sent\" shows it; telephone the member, or refer to "
        "another."},

    {"prekeys-ok", "prekeys", OK, "Others can write to this node for weeks."},
    {"prekeys-ending", "prekeys", WARNING,
        "In less than 14 days others cannot write to this node any more; their letters "
        "would wait with them. Give the passphrase with \"amaan unlock\": new keys are "
        "made then."},
    {"prekeys-none", "prekeys", FAILED,
        "Others cannot write to this node: their letters wait with them and are not "
        "lost. Give the passphrase with \"amaan unlock\", and let the node connect."},

    {"roster-ok", "roster", OK, "The roster is in force."},
    {"roster-ending", "roster", WARNING,
        "The roster ends within 30 days. Nothing stops yet. Ask a steward for the next "
        "one."},
    {"roster-over", "roster", FAILED,
        "The roster has run out: first letters to members never written to wait, the "
        "rest goes on. Ask a steward for the next one."},
    {"roster-forked", "roster", FAILED,
        "Two signed rosters of one number exist: nothing is sealed until the stewards "
        "have settled it. Letters are safe here. Telephone a steward."},
    {"roster-none", "roster", WARNING,
        "This node has entered no network. Carry the join request to a steward, then "
        "\"amaan join\"."},

    {"people-unlocked", "people", OK, "The node is unlocked."},
    {"people-locked", "people", WARNING,
        "The node is locked: letters arrive and wait, sealed, and nobody reads them. "
        "Give the passphrase with \"amaan unlock\"."},
    {"people-away", "people", FAILED,
        "Nobody has unlocked the node for more than 48 hours: people may be waiting for "
        "an answer. Letters are safe. Give the passphrase with \"amaan unlock\"."},

    {"alarms-none", "alarms", OK, "There are no alarms."},
    {"alarms-unseen", "alarms", WARNING,
        "There is evidence that somebody must look at. See \"amaan alarms\"."},

    {"backup-ok", "backup", OK, "There is a backup of the last 7 days."},
    {"backup-old", "backup", WARNING,
        "The newest backup is older than 7 days: if this disk dies, what was decided "
        "since is only with others. Make one now."},
    {"backup-none", "backup", FAILED,
        "There is no backup: if this disk dies, the casebook is lost. Make one now."},
    {"backup-unknown", "backup", UNTOLD,
        "No backup is known to this node. Keep a copy of link.key and node.key in a safe "
        "place."},

    {"not-asked", NULL, UNTOLD,
        "The node does not run and could not be asked. Start it, and look again."},
    {"no-field", NULL, UNTOLD,
        "The running node does not say it: it is of another version."},
    {"no-end", NULL, UNTOLD,
        "The probe did not end within its time and was stopped. Look again with a longer "
        "--timeout."},
    {"no-helper", NULL, UNTOLD,
        "The probe could not be run or ended without an answer. Is amaan-node beside "
        "amaan, and of the same version?"},
};
const size_t FINDINGS_N = ARRAY_LENGTH(FINDINGS);

const struct probe *probe_find(const char *name)
{
    for (size_t i = 0; i < PROBES_N; i++)
        if (strcmp(PROBES[i].name, name) == 0)
            return &PROBES[i];
    return NULL;
}

const struct finding *finding_find(const char *name)
{
    for (size_t i = 0; i < FINDINGS_N; i++)
        if (strcmp(FINDINGS[i].name, name) == 0)
            return &FINDINGS[i];
    return NULL;
}

const char *finding_result_name(enum finding_result result)
{
    switch (result) {
    case FINDING_OK:
        return "ok";
    case FINDING_WARNING:
        return "warning";
    case FINDING_FAILED:
        return "failed";
    case FINDING_UNTOLD:
        return "cannot-tell";
    }
    BUG("a finding without a result");
}
