/* SPDX-License-Identifier: Apache-2.0
 * Rows only, and three small searches. Options that all commands share are one macro.
 */
#include "verbs.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"

#define REFERENCE_ARGUMENT                                                               \
    {                                                                                    \
        "reference", ARGUMENT_REFERENCE, true, NULL,                                     \
            "the referral's reference, as it stands on the slip"                         \
    }
#define END_OF_ARGUMENTS                                                                 \
    {                                                                                    \
        NULL, ARGUMENT_TEXT, false, NULL, NULL                                           \
    }

/* Words of services, priorities and so on stand in content's words.c; test_verbs compares. */
static const struct verb_argument REFER_ARGUMENTS[] = {
    {"to", ARGUMENT_MEMBER, true, NULL, "the member that is asked, by its name"},
    {"service", ARGUMENT_WORD, true,
        "shelter medical psychosocial legal livelihood education child-protection "
        "supplies family-contact documents transport coordination",
        "the one service that is asked for"},
    {"priority", ARGUMENT_WORD, true, "normal urgent emergency tonight",
        "how soon; emergency and tonight travel on the express lane"},
    {"needed_by", ARGUMENT_DAY, false, NULL, "the last day on which it still helps"},
    {"age_band", ARGUMENT_WORD, true, "unknown 0-8 9-17 18-25 26-40 41-60 over-60",
        "age in bands; unknown is treated as a child"},
    {"minor", ARGUMENT_WORD, true, "no yes unknown", "unknown is treated as a child"},
    {"gender", ARGUMENT_WORD, true, "female male transgender other unstated",
        "as stated"},
    {"languages", ARGUMENT_LANGUAGES, true, NULL,
        "up to 8 codes of ISO 639-3, the best one first"},
    {"interpreter", ARGUMENT_FLAG, false, NULL, "an interpreter is needed"},
    {"risk", ARGUMENT_WORD, true, "low medium high unknown", "how dangerous it is now"},
    {"safe_contact", ARGUMENT_TEXT, false, NULL,
        "how the person may be reached safely, at most 200 bytes"},
    {"sender_role", ARGUMENT_TEXT, false, NULL,
        "what the sender does, at most 60 bytes; never a person's name"},
    {"note", ARGUMENT_TEXT, false, NULL,
        "at most 1,000 bytes; no name, no CNIC, no address"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument ONE_REFERENCE[] = {
    REFERENCE_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument TRACE_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"until", ARGUMENT_WORD, false,
        "sealed held stored confirmed requested opened accepted declined completed",
        "answer only when the referral has come so far"},
    {"wait", ARGUMENT_NUMBER, false, NULL, "wait at most so many seconds, up to 8"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument DECLINE_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"reason", ARGUMENT_WORD, true,
        "at-capacity not-eligible service-closed safety-conflict already-served "
        "client-declined insufficient-info",
        "why; the sender's next step depends on it"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument LIST_ARGUMENTS[] = {
    {"limit", ARGUMENT_NUMBER, false, NULL, "at most so many, up to 1000"},
    {"before", ARGUMENT_NUMBER, false, NULL,
        "go on from here: `next` of the answer before"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument UNLOCK_ARGUMENTS[] = {
    {"person", ARGUMENT_TEXT, false, NULL,
        "who it is; not needed where one person works"},
    {"passphrase", ARGUMENT_SECRET, true, NULL, "that person's passphrase"},
    {"pin", ARGUMENT_SECRET, false, NULL,
        "4 to 8 digits that open the screen again; kept in memory only"},
    END_OF_ARGUMENTS,
};
#define ADMINISTRATOR_ARGUMENTS                                                          \
    {"person", ARGUMENT_TEXT, false, NULL,                                               \
        "the administrator who does it; not needed where one person works"},             \
    {                                                                                    \
        "passphrase", ARGUMENT_SECRET, true, NULL, "the administrator's passphrase"      \
    }
#define NAME_ARGUMENT                                                                    \
    {                                                                                    \
        "name", ARGUMENT_TEXT, true, NULL, "who is meant, at most 63 bytes"              \
    }
#define LOCAL_ROLE_ARGUMENT                                                              \
    {                                                                                    \
        "role", ARGUMENT_WORD, true, "reception worker supervisor administrator",        \
            "what the person may do here"                                                \
    }
static const struct verb_argument PERSON_ADD_ARGUMENTS[] = {ADMINISTRATOR_ARGUMENTS,
    NAME_ARGUMENT, LOCAL_ROLE_ARGUMENT,
    {"new_passphrase", ARGUMENT_SECRET, true, NULL, "the new person's passphrase"},
    END_OF_ARGUMENTS};
static const struct verb_argument PERSON_ROLE_ARGUMENTS[] = {
    ADMINISTRATOR_ARGUMENTS, NAME_ARGUMENT, LOCAL_ROLE_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument PERSON_REMOVE_ARGUMENTS[] = {
    ADMINISTRATOR_ARGUMENTS, NAME_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument PASSPHRASE_ARGUMENTS[] = {
    {"person", ARGUMENT_TEXT, false, NULL,
        "whose it is; not needed where one person works"},
    {"passphrase", ARGUMENT_SECRET, true, NULL, "the passphrase until now"},
    {"new_passphrase", ARGUMENT_SECRET, true, NULL, "the passphrase from now on"},
    END_OF_ARGUMENTS};
static const struct verb_argument SECOND_ARGUMENTS[] = {
    {"person", ARGUMENT_TEXT, true, NULL, "the other person, a worker or above"},
    {"passphrase", ARGUMENT_SECRET, true, NULL, "that person's passphrase"},
    END_OF_ARGUMENTS};
static const struct verb_argument PIN_ARGUMENTS[] = {
    {"pin", ARGUMENT_SECRET, true, NULL, "the digits given when you entered"},
    END_OF_ARGUMENTS};
static const struct verb_argument RECOVERY_ARGUMENTS[] = {
    ADMINISTRATOR_ARGUMENTS, END_OF_ARGUMENTS};

#define HOME                                                                             \
    {                                                                                    \
        "home", 0, "DIR",                                                                \
            "the node's folder (else AMAAN_HOME, else ~/.local/share/amaan)", false      \
    }
#define TIMEOUT                                                                          \
    {                                                                                    \
        "timeout", 't', "SECONDS", "give up after so long (default 10)", false           \
    }
#define JSON_OPTION                                                                      \
    {                                                                                    \
        "json", 'j', NULL, "JSON Lines instead of a table", false                        \
    }
#define KEY                                                                              \
    {                                                                                    \
        "key", 'k', "KEY",                                                               \
            "Idempotency-Key: the same key never acts twice (default: random)", false    \
    }
#define PASSPHRASE                                                                       \
    {                                                                                    \
        "passphrase-fd", 0, "N",                                                         \
            "read the passphrase from descriptor N instead of asking", false             \
    }
#define END_OF_OPTIONS                                                                   \
    {                                                                                    \
        NULL, 0, NULL, NULL, false                                                       \
    }

static const struct option_row READ_OPTIONS[] = {
    HOME, JSON_OPTION, TIMEOUT, END_OF_OPTIONS};
static const struct option_row ACT_OPTIONS[] = {
    HOME, JSON_OPTION, TIMEOUT, KEY, END_OF_OPTIONS};
static const struct option_row DOOR_OPTIONS[] = {HOME, TIMEOUT, END_OF_OPTIONS};
#define PERSON_OPTION                                                                    \
    {                                                                                    \
        "person", 'p', "NAME", "who it is; not needed where one person works", false     \
    }
#define NEW_PASSPHRASE                                                                   \
    {                                                                                    \
        "new-passphrase-fd", 0, "N",                                                     \
            "read the new passphrase from descriptor N instead of asking", false         \
    }
#define PIN_OPTION                                                                       \
    {                                                                                    \
        "pin-fd", 0, "N", "read the PIN from descriptor N", false                        \
    }
#define LOCAL_ROLE_OPTION                                                                \
    {                                                                                    \
        "role", 'r', "ROLE", "reception, worker, supervisor or administrator", false     \
    }
static const struct option_row UNLOCK_OPTIONS[] = {HOME, TIMEOUT, PERSON_OPTION,
    PASSPHRASE, {"pin", 0, NULL, "ask for a PIN, too, that opens the screen", false},
    PIN_OPTION, END_OF_OPTIONS};
static const struct option_row PERSON_ADD_OPTIONS[] = {HOME, TIMEOUT, PERSON_OPTION,
    LOCAL_ROLE_OPTION, PASSPHRASE, NEW_PASSPHRASE, END_OF_OPTIONS};
static const struct option_row PERSON_ROLE_OPTIONS[] = {
    HOME, TIMEOUT, PERSON_OPTION, LOCAL_ROLE_OPTION, PASSPHRASE, END_OF_OPTIONS};
static const struct option_row PERSON_OPTIONS[] = {
    HOME, TIMEOUT, PERSON_OPTION, PASSPHRASE, END_OF_OPTIONS};
static const struct option_row PASSPHRASE_OPTIONS[] = {
    HOME, TIMEOUT, PERSON_OPTION, PASSPHRASE, NEW_PASSPHRASE, END_OF_OPTIONS};
static const struct option_row PIN_OPTIONS[] = {
    HOME, TIMEOUT, PIN_OPTION, END_OF_OPTIONS};
static const struct option_row LIST_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"limit", 'n', "N", "at most N, the newest first", false}, END_OF_OPTIONS};
static const struct option_row SHOW_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"until", 'u', "STATE", "wait until it has come so far", false}, END_OF_OPTIONS};
static const struct option_row REFER_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"to", 0, "MEMBER", "the member that is asked", false},
    {"service", 's', "CODE", "the service that is asked for", false},
    {"reference-only", 0, NULL, "print the reference alone", false}, END_OF_OPTIONS};
static const struct option_row DECLINE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"reason", 'r', "CODE", "why", false}, END_OF_OPTIONS};
static const struct option_row INIT_OPTIONS[] = {HOME,
    {"name", 'n', "NAME", "the member's name, such as fia.torkham", false},
    {"role", 'r', "ROLE", "what the member is: screening, shelter, medical, ...", true},
    {"person", 'p', "NAME", "what to call the first person", false},
    {"cost", 0, "COST", "of guessing the passphrase: normal, floor, or PASSES,KIB",
        false},
    PASSPHRASE, END_OF_OPTIONS};
static const struct option_row RECOVER_OPTIONS[] = {HOME,
    {"person", 'p', "NAME", "the administrator who gets the new passphrase", false},
    {"shares-fd", 0, "N", "read two shares, a line each, from descriptor N", false},
    {"cost", 0, "COST", "of guessing the passphrase: normal, floor, or PASSES,KIB",
        false},
    PASSPHRASE, END_OF_OPTIONS};
static const struct option_row PANIC_OPTIONS[] = {
    HOME, {"yes", 0, NULL, "yes, destroy the keys", false}, END_OF_OPTIONS};
static const struct option_row JOIN_OPTIONS[] = {HOME,
    {"root", 0, "FILE", "root documents", false}, {"roster", 0, "FILE", "roster", false},
    {"profiles", 0, "FILE", "sealed profiles", false},
    {"broker", 0, "FILE", "the exchange's address and key (broker.amaan)", false},
    END_OF_OPTIONS};
static const struct option_row HOME_OPTIONS[] = {HOME, END_OF_OPTIONS};
static const struct option_row NO_OPTIONS[] = {END_OF_OPTIONS};

const struct verb VERBS[] = {
    {"status", VERB_AT_DESK, "GET", "/api/v1/status", "how the node is",
        "Says who the node is, whether it is locked and connected, how many letters wait "
        "on "
        "either side, which roster is in force and how long it lasts. Works while "
        "locked.",
        NULL, false, false, "", 0, 0, READ_OPTIONS, "amaan status\namaan status --json"},
    {"unlock", VERB_AT_DOOR, "POST", "/api/v1/unlock", "give the passphrase",
        "Opens node.key. Letters that came meanwhile are opened now, express first.",
        UNLOCK_ARGUMENTS, false, false, "", 0, 0, UNLOCK_OPTIONS,
        "amaan unlock\namaan unlock --passphrase-fd 3 3<file"},
    {"lock", VERB_AT_DOOR, "POST", "/api/v1/lock", "forget the keys",
        "Wipes all keys of the casebook and the seal. The node goes on receiving: "
        "letters "
        "wait, sealed, until the next unlock.",
        NULL, false, false, "", 0, 0, DOOR_OPTIONS, "amaan lock"},
    {"switch", VERB_AT_DOOR, "POST", "/api/v1/switch", "change the person",
        "Another person enters with their passphrase, in one step. Keys stay, letters go "
        "on arriving. Without the right passphrase everything stays as it was.",
        UNLOCK_ARGUMENTS, false, false, "", 0, 0, UNLOCK_OPTIONS,
        "amaan switch --person \"Zarmina T\""},
    {"screen-lock", VERB_AT_DOOR, "POST", "/api/v1/screen-lock", "lock the screen",
        "Nothing is shown until the PIN is given. The keys stay: letters are opened and "
        "receipts go out. \"amaan lock\" locks the node itself.",
        NULL, false, false, "", 0, 0, DOOR_OPTIONS, "amaan screen-lock"},
    {"screen-unlock", VERB_AT_DOOR, "POST", "/api/v1/screen-unlock", "give the PIN",
        "Opens the screen. After five wrong ones the whole node is locked and only a "
        "passphrase opens it.",
        PIN_ARGUMENTS, false, false, "", 0, 0, PIN_OPTIONS, "amaan screen-unlock"},
    {"people", VERB_AT_DESK, "GET", "/api/v1/people", "who works at this node",
        "Lists the people in node.key with their local roles, says whether a second "
        "administrator is wanted and whether there are recovery shares.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan people"},
    {"person-add", VERB_AT_DOOR, "POST", "/api/v1/people/add", "let somebody work here",
        "An administrator gives a person a slot in node.key with a passphrase of their "
        "own.",
        PERSON_ADD_ARGUMENTS, false, false, "NAME", 1, 1, PERSON_ADD_OPTIONS,
        "amaan person-add \"Gul Khan\" --role worker"},
    {"person-remove", VERB_AT_DOOR, "POST", "/api/v1/people/remove",
        "take somebody's key away",
        "An administrator removes a person. Their passphrase opens no node.key that is "
        "written from now on; a copy of the file that they took before still opens. The "
        "last administrator stays.",
        PERSON_REMOVE_ARGUMENTS, false, false, "NAME", 1, 1, PERSON_OPTIONS,
        "amaan person-remove \"Gul Khan\""},
    {"person-role", VERB_AT_DOOR, "POST", "/api/v1/people/role",
        "change what somebody may do",
        "An administrator gives a person another local role.", PERSON_ROLE_ARGUMENTS,
        false, false, "NAME", 1, 1, PERSON_ROLE_OPTIONS,
        "amaan person-role \"Gul Khan\" --role supervisor"},
    {"passphrase", VERB_AT_DOOR, "POST", "/api/v1/passphrase",
        "change one's own passphrase", "Everybody changes their own, with the old one.",
        PASSPHRASE_ARGUMENTS, false, false, "", 0, 0, PASSPHRASE_OPTIONS,
        "amaan passphrase --person \"Gul Khan\""},
    {"second", VERB_AT_DOOR, "POST", "/api/v1/second", "agree to more cases in an hour",
        "One person opens only so many cases in an hour. Another one, a worker or above, "
        "agrees to the next block with their passphrase.",
        SECOND_ARGUMENTS, false, false, "", 0, 0, PERSON_OPTIONS,
        "amaan second --person \"Zarmina T\""},
    {"audit", VERB_AT_DESK, "GET", "/api/v1/audit", "who looked at what",
        "Lists the record of who opened, listed, sent or changed something, the newest "
        "first: hour, person, verb, a mark of what it was about; never what it said. For "
        "supervisors and administrators.",
        LIST_ARGUMENTS, false, true, "", 0, 0, LIST_OPTIONS, "amaan audit --limit 50"},
    {"audit-verify", VERB_AT_DESK, "GET", "/api/v1/audit/verify",
        "does the record of who looked hold?",
        "Checks the whole chain and says the first row that was changed, moved or taken "
        "away. Write rows and check word on the hand-over sheet: a smaller number "
        "another "
        "day means that an old copy was put back.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan audit-verify"},
    {"recovery-make", VERB_AT_DOOR, "POST", "/api/v1/recovery",
        "make three recovery shares",
        "An administrator makes three shares, any two of which open node.key again when "
        "its passphrases are lost (\"amaan recover\"). They are printed once. Write each "
        "on paper of its own and keep them apart. Earlier shares open nothing any more.",
        RECOVERY_ARGUMENTS, false, false, "", 0, 0, PERSON_OPTIONS,
        "amaan recovery-make"},
    {"refer", VERB_AT_DESK, "POST", "/api/v1/referrals", "refer a person to a member",
        "Makes a referral out of a JSON object read from FILE or standard input, keeps "
        "it, and "
        "sends it sealed to MEMBER. Success means: it is on this node's disk and will be "
        "sent until the member's signed receipt is back. Fields: see ARGUMENTS; --to and "
        "--service replace what the file says.",
        REFER_ARGUMENTS, true, true, "[FILE]", 0, 1, REFER_OPTIONS,
        "amaan refer --to shelter.peshawar --service shelter referral.json\n"
        "amaan refer --to clinic.rawalpindi --service medical - <referral.json"},
    {"inbox", VERB_AT_DESK, "GET", "/api/v1/inbox", "referrals received",
        "Lists what others asked of this member, the newest first.", LIST_ARGUMENTS,
        false, true, "", 0, 0, LIST_OPTIONS, "amaan inbox\namaan inbox --json"},
    {"sent", VERB_AT_DESK, "GET", "/api/v1/sent", "referrals sent",
        "Lists what this member asked of others: how far the letter came, and what was "
        "decided. The two are different things and never one word.",
        LIST_ARGUMENTS, false, true, "", 0, 0, LIST_OPTIONS, "amaan sent"},
    {"show", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/show",
        "read a referral",
        "Shows one referral with all its evidence. Reading a received one for the first "
        "time tells its sender that it was opened.",
        ONE_REFERENCE, false, true, "REF", 1, 1, SHOW_OPTIONS,
        "amaan show 7K2MQ4XTA\namaan show 7K2MQ4XTA --until stored --timeout 60"},
    {"trace", VERB_AT_DESK, "GET", "/api/v1/referrals/{reference}",
        "how far a referral has come",
        "Shows state and evidence of one referral without opening it.", TRACE_ARGUMENTS,
        false, true, "REF", 1, 1, SHOW_OPTIONS, "amaan trace 7K2MQ4XTA --json"},
    {"accept", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/accept",
        "take a referral on",
        "Tells the sender that this member will do it. It also says that it was opened.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS, "amaan accept 7K2MQ4XTA"},
    {"decline", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/decline",
        "turn a referral down",
        "Tells the sender that this member will not do it, and why.", DECLINE_ARGUMENTS,
        true, true, "REF", 1, 1, DECLINE_OPTIONS,
        "amaan decline 7K2MQ4XTA --reason at-capacity"},
    {"complete", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/complete",
        "say that it is done", "Tells the sender that the service was given.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS, "amaan complete 7K2MQ4XTA"},
    {"members", VERB_AT_DESK, "GET", "/api/v1/members", "who can be written to",
        "Lists the members by name, with roles, services and standing.", NULL, false,
        true, "", 0, 0, READ_OPTIONS, "amaan members"},
    {"roster", VERB_AT_DESK, "GET", "/api/v1/roster", "signed documents in force",
        "Versions, hashes and dates of root, roster and profiles. Works while locked.",
        NULL, false, false, "", 0, 0, READ_OPTIONS, "amaan roster --json"},
    {"alarms", VERB_AT_DESK, "GET", "/api/v1/alarms", "what somebody must look at",
        "Lists evidence that something is wrong: gaps, conflicts, forks, letters that "
        "cannot "
        "be opened. Works while locked.",
        NULL, false, false, "", 0, 0, READ_OPTIONS, "amaan alarms"},
    {"init", VERB_LOCAL, NULL, NULL, "make a node's home and its join request",
        "Makes keys and settings in the home folder and writes NAME.join there. Read its "
        "fingerprint to a steward.",
        NULL, false, false, "", 0, 0, INIT_OPTIONS,
        "amaan init --name fia.torkham --role screening"},
    {"join", VERB_LOCAL, NULL, NULL, "enter a network",
        "Pins the stewards' root and installs roster, profiles and the exchange's "
        "address.",
        NULL, false, false, "", 0, 0, JOIN_OPTIONS,
        "amaan join --root root.amaan --roster roster.amaan --profiles profiles.amaan "
        "--broker "
        "broker.amaan"},
    {"recover", VERB_LOCAL, NULL, NULL, "set a new passphrase with two shares",
        "While the node is stopped: two of the three recovery shares open node.key, and "
        "PERSON, new or not, becomes an administrator with a new passphrase. It stands "
        "in "
        "the record of who looked.",
        NULL, false, false, "", 0, 0, RECOVER_OPTIONS,
        "amaan recover --person \"Zarmina T\""},
    {"panic", VERB_LOCAL, NULL, NULL, "destroy this node's keys now",
        "Overwrites and removes node.key and link.key, with all people's slots, and "
        "wipes "
        "the keys of a running node, which ends. What is stored here can then be read by "
        "nobody. It asks nothing and cannot be undone; without --yes it does nothing.",
        NULL, false, false, "", 0, 0, PANIC_OPTIONS, "amaan panic --yes"},
    {"run", VERB_LOCAL, NULL, NULL, "start the node",
        "Runs the node in the foreground until it is told to stop. It says so on "
        "standard "
        "output when it serves.",
        NULL, false, false, "", 0, 0, HOME_OPTIONS, "amaan run"},
    {"completion", VERB_LOCAL, NULL, NULL, "print completion for bash",
        "Prints a script that bash can load.", NULL, false, false, "", 0, 0, NO_OPTIONS,
        "amaan completion >~/.local/share/bash-completion/completions/amaan"},
    {"man", VERB_LOCAL, NULL, NULL, "print a manual page",
        "Prints the manual page of a command, or of amaan itself, as mdoc.", NULL, false,
        false, "[COMMAND]", 0, 1, NO_OPTIONS, "amaan man refer | man -l -"},
};
const size_t VERBS_N = ARRAY_LENGTH(VERBS);

const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < VERBS_N; i++)
        if (strcmp(VERBS[i].name, name) == 0)
            return &VERBS[i];
    return NULL;
}

const struct verb_argument *verb_argument(const struct verb *verb, const char *name)
{
    for (const struct verb_argument *row = verb->arguments; row && row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

/* Does the path fit the row's? Copies what stands for {reference}. */
static bool fits(const char *pattern, const char *path, char *reference)
{
    const char *open = strchr(pattern, '{');
    size_t before = open ? (size_t)(open - pattern) : strlen(pattern);

    reference[0] = 0;
    if (!open)
        return strcmp(pattern, path) == 0;
    if (strncmp(pattern, path, before) != 0)
        return false;
    size_t n = strcspn(path + before, "/");
    if (n == 0 || n >= VERB_REFERENCE_BYTES ||
        strcmp(strchr(open, '}') + 1, path + before + n) != 0)
        return false;
    memcpy(reference, path + before, n);
    reference[n] = 0;
    return true;
}

const struct verb *verb_route(const char *method, const char *path,
    char ret_reference[static VERB_REFERENCE_BYTES], bool *ret_other_method)
{
    char reference[VERB_REFERENCE_BYTES];
    bool other = false;

    for (size_t i = 0; i < VERBS_N; i++) {
        if (!VERBS[i].path || !fits(VERBS[i].path, path, reference))
            continue;
        if (strcmp(VERBS[i].method, method) != 0) {
            other = true;
            continue;
        }
        memcpy(ret_reference, reference, sizeof(reference));
        return &VERBS[i];
    }
    if (ret_other_method)
        *ret_other_method = other;
    return NULL;
}

void verb_path(
    const struct verb *verb, const char *reference, char ret[static VERB_PATH_BYTES])
{
    const char *open;

    PROMISE(verb->path);
    open = strchr(verb->path, '{');
    if (open)
        (void)snprintf(ret, VERB_PATH_BYTES, "%.*s%.*s%s", (int)(open - verb->path),
            verb->path, VERB_REFERENCE_BYTES - 1, reference, strchr(open, '}') + 1);
    else
        (void)snprintf(ret, VERB_PATH_BYTES, "%s", verb->path);
}
