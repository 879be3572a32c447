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

#define SERVICE_WORDS                                                                    \
    "shelter medical psychosocial legal livelihood education child-protection "          \
    "supplies family-contact documents transport coordination"
#define CONSENT_HELP                                                                     \
    "who agreed, and to what: given_by, how, language, interpreter, groups, expires; "   \
    "role, rationale, reason, second, guardian_suspected where somebody else decided"

/* What is told to others rests first (docs/CARE.md 23). */
#define REST_ARGUMENT                                                                    \
    {                                                                                    \
        "rest", ARGUMENT_FLAG, false, NULL,                                              \
            "do it ten seconds from now, unless \"undo\" takes it back meanwhile"        \
    }
/* Words of services, priorities and so on stand in content's words.c; test_verbs compares. */
static const struct verb_argument REFER_ARGUMENTS[] = {
    {"to", ARGUMENT_MEMBER, true, NULL, "the member that is asked, by its name"},
    {"service", ARGUMENT_WORD, true, SERVICE_WORDS, "the one service that is asked for"},
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
    {"consent", ARGUMENT_OBJECT, false, NULL, CONSENT_HELP},
    {"case", ARGUMENT_TEXT, false, NULL,
        "alias of the case: the person's fields then come from it and not from here; it "
        "stays on this node"},
    {"groups", ARGUMENT_LANGUAGES, false, NULL,
        "a list of groups of fields: send only these, and the core"},
    {"yes_text", ARGUMENT_FLAG, false, NULL,
        "send a text that holds what looks like a telephone number or a name"},
    {"person_asked", ARGUMENT_FLAG, false, NULL,
        "the person asked for this referral while it has time to reflect"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
/* As CONSENT_HELP and desk/refer_consent.c have them. */
static const struct verb_argument CONSENT_PARTS[] = {
    {"given_by", ARGUMENT_TEXT, true, NULL, "who agreed"},
    {"how", ARGUMENT_TEXT, false, NULL, "how it was said"},
    {"language", ARGUMENT_TEXT, false, NULL, "in which it was asked, ISO 639-3"},
    {"interpreter", ARGUMENT_FLAG, false, NULL, "with an interpreter"},
    {"groups", ARGUMENT_LANGUAGES, false, NULL, "groups of fields"},
    {"expires", ARGUMENT_TIME, false, NULL, "until when, UTC"},
    {"role", ARGUMENT_TEXT, false, NULL, "of whoever decided instead"},
    {"rationale", ARGUMENT_TEXT, false, NULL, "why it was decided instead"},
    {"reason", ARGUMENT_TEXT, false, NULL, "the code of it"},
    {"second", ARGUMENT_TEXT, false, NULL, "the second person who agreed"},
    {"guardian_suspected", ARGUMENT_FLAG, false, NULL, "the guardian may be part of it"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument MATCH_ARGUMENTS[] = {
    {"service", ARGUMENT_WORD, true,
        "shelter medical psychosocial legal livelihood education child-protection "
        "supplies family-contact documents transport coordination",
        "the one service that is looked for"},
    {"district", ARGUMENT_TEXT, false, NULL,
        "where the person is, or is to be: a P-code such as PK513"},
    {"gender", ARGUMENT_WORD, false, "female male transgender other unstated",
        "as stated"},
    {"age_band", ARGUMENT_WORD, false, "unknown 0-8 9-17 18-25 26-40 41-60 over-60",
        "age in bands; unknown is treated as a child"},
    {"minor", ARGUMENT_WORD, false, "no yes unknown",
        "unknown is treated as a child; said by the age band where there is one"},
    {"languages", ARGUMENT_LANGUAGES, false, NULL,
        "codes of ISO 639-3, the best one first"},
    {"children", ARGUMENT_NUMBER, false, NULL, "how many come with the person"},
    {"boy_age", ARGUMENT_NUMBER, false, NULL, "years of the oldest boy among them"},
    {"wheelchair", ARGUMENT_FLAG, false, NULL, "the person uses a wheelchair"},
    {"tonight", ARGUMENT_FLAG, false, NULL, "it is needed before the night"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument ENQUIRE_ARGUMENTS[] = {
    {"service", ARGUMENT_WORD, true,
        "shelter medical psychosocial legal livelihood education child-protection "
        "supplies family-contact documents transport coordination",
        "the one service that is asked for"},
    {"district", ARGUMENT_TEXT, false, NULL,
        "where the person is, or is to be: a P-code such as PK513"},
    {"gender", ARGUMENT_WORD, false, "female male transgender other unstated",
        "as stated"},
    {"age_band", ARGUMENT_WORD, false, "unknown 0-8 9-17 18-25 26-40 41-60 over-60",
        "age in bands; unknown is treated as a child"},
    {"minor", ARGUMENT_WORD, false, "no yes unknown",
        "unknown is treated as a child; said by the age band where there is one"},
    {"languages", ARGUMENT_LANGUAGES, false, NULL,
        "codes of ISO 639-3, the best one first"},
    {"children", ARGUMENT_NUMBER, false, NULL, "how many come with the person"},
    {"boy_age", ARGUMENT_NUMBER, false, NULL, "years of the oldest boy among them"},
    {"wheelchair", ARGUMENT_FLAG, false, NULL, "the person uses a wheelchair"},
    {"tonight", ARGUMENT_FLAG, false, NULL, "it is needed before the night"},
    {"infant", ARGUMENT_FLAG, false, NULL, "one of the children is not yet two"},
    {"to", ARGUMENT_LANGUAGES, false, NULL,
        "a list of at most 3 members; the three best ranked if nothing is said"},
    {"hours", ARGUMENT_NUMBER, false, NULL,
        "an answer is wanted within so many hours: 2 for tonight, else 24"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument ANSWER_ENQUIRY_ARGUMENTS[] = {
    {"reference", ARGUMENT_REFERENCE, true, NULL, "the enquiry's own reference"},
    {"answer", ARGUMENT_WORD, true, "yes no waitlist", "a yes is no acceptance yet"},
    {"hours", ARGUMENT_NUMBER, false, NULL,
        "with a yes: the place is kept for so many hours"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument CAPACITY_ARGUMENTS[] = {
    {"unit", ARGUMENT_WORD, true, "place female-bed male-bed family-bed appointment",
        "what there is room of"},
    {"status", ARGUMENT_WORD, true, "open waitlist full closed ask-first",
        "open: at least one is free"},
    {"maximum", ARGUMENT_NUMBER, true, NULL, "how many there are in all"},
    {"available", ARGUMENT_NUMBER, false, NULL,
        "how many are free; 0 if nothing is said"},
    {"hours", ARGUMENT_NUMBER, false, NULL,
        "for how many hours that is good: 24, at most 744"},
    END_OF_ARGUMENTS,
};
#define ROLE_WORDS                                                                       \
    "screening shelter medical psychosocial legal livelihood education "                 \
    "child-protection supplies coordinator"
static const struct verb_argument SURGE_ADD_ARGUMENTS[] = {
    {"person", ARGUMENT_TEXT, true, NULL, "what the person is called, at most 60 bytes"},
    {"contact", ARGUMENT_TEXT, true, NULL,
        "how the person is called up, at most 60 bytes: a telephone number"},
    {"role", ARGUMENT_WORD, true, ROLE_WORDS, "what the person can do"},
    {"gender", ARGUMENT_WORD, true, "female male transgender other unstated",
        "as stated"},
    {"languages", ARGUMENT_LANGUAGES, true, NULL,
        "up to 8 codes of ISO 639-3, the best one first"},
    {"district", ARGUMENT_TEXT, false, NULL,
        "where the person is, a P-code such as PK513; not of who works at a shelter"},
    {"from", ARGUMENT_DAY, false, NULL, "the first day; today if nothing is said"},
    {"until", ARGUMENT_DAY, true, NULL, "the last day, within a year"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument SURGE_ARGUMENTS[] = {
    {"role", ARGUMENT_WORD, false, ROLE_WORDS, "only who can do this"},
    {"gender", ARGUMENT_WORD, false, "female male transgender other unstated",
        "only of this gender"},
    {"language", ARGUMENT_TEXT, false, NULL, "only who speaks it: a code of ISO 639-3"},
    {"district", ARGUMENT_TEXT, false, NULL,
        "who is in this district first, then in its province"},
    {"day", ARGUMENT_DAY, false, NULL, "for this day; today if nothing is said"},
    {"all", ARGUMENT_FLAG, false, NULL, "also who is there on other days"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument WITHDRAW_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"reason", ARGUMENT_WORD, false,
        "person-asked guardian-asked sent-in-error act-undone",
        "why; person-asked if nothing is said"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument CONSENT_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"to", ARGUMENT_MEMBER, true, NULL, "the member that may be told"},
    {"service", ARGUMENT_WORD, true, SERVICE_WORDS, "what it may be asked for"},
    {"consent", ARGUMENT_OBJECT, true, NULL, CONSENT_HELP},
    END_OF_ARGUMENTS,
};
static const struct verb_argument CASE_WITHDRAW_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"to", ARGUMENT_MEMBER, false, NULL, "only what this member was to be told"},
    {"service", ARGUMENT_WORD, false, SERVICE_WORDS, "only for this service"},
    {"reason", ARGUMENT_WORD, false, "person-asked guardian-asked sent-in-error",
        "why; person-asked if nothing is said"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument MEETING_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"point", ARGUMENT_NUMBER, true, NULL,
        "number of a meeting point: see meeting-points"},
    {"from", ARGUMENT_TIME, true, NULL, "UTC, such as 2026-11-24T14:30:00Z"},
    {"minutes", ARGUMENT_NUMBER, false, NULL,
        "how long somebody waits there; 60 if nothing is said, at most 720"},
    {"way_minutes", ARGUMENT_NUMBER, true, NULL,
        "how long the way is from there; arrival is awaited after it"},
    {"who", ARGUMENT_WORD, true,
        "a-woman a-man two-women a-woman-and-a-driver an-ambulance", "who comes"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument POINTS_ARGUMENTS[] = {
    {"district", ARGUMENT_TEXT, false, NULL, "only in this district, a P-code"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument ACT_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"second", ARGUMENT_TEXT, false, NULL,
        "who agrees: another person than the one who did it"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument BOARD_ARGUMENTS[] = {
    {"service", ARGUMENT_WORD, false, SERVICE_WORDS, "only this service"},
    {"priority", ARGUMENT_WORD, false, "normal urgent emergency tonight",
        "only this priority"},
    {"state", ARGUMENT_WORD, false,
        "requested opened accepted declined completed waitlisted scheduled in-service "
        "on-hold no-show cancel-requested cancelled redirected failed entered-in-error",
        "only in this state"},
    {"district", ARGUMENT_TEXT, false, NULL, "only of this district, a P-code"},
    {"member", ARGUMENT_MEMBER, false, NULL, "only of this member, at either end"},
    {"late", ARGUMENT_FLAG, false, NULL, "only what is past half of its time"},
    {"escalated", ARGUMENT_FLAG, false, NULL, "only what was shown to all coordinators"},
    {"all", ARGUMENT_FLAG, false, NULL, "also what nobody waits for any more"},
    {"skip", ARGUMENT_NUMBER, false, NULL, "so many of the first ones are left out"},
    {"row", ARGUMENT_NUMBER, false, NULL, "only this one, by its number on this board"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument MEMBERS_ARGUMENTS[] = {
    {"service", ARGUMENT_WORD, false, SERVICE_WORDS, "only members with this service"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument ON_BOARD_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"sender", ARGUMENT_MEMBER, false, NULL,
        "whose referral; needed only if several members use the reference"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument CALL_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"whom", ARGUMENT_WORD, true, "sender recipient coordinator", "who was telephoned"},
    {"result", ARGUMENT_WORD, true, "reached promised no-answer wrong-number cannot",
        "what came of it"},
    {"sender", ARGUMENT_MEMBER, false, NULL,
        "whose referral; needed only if several members use the reference"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument REASSIGN_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"to", ARGUMENT_MEMBER, true, NULL, "whom the sender should ask instead"},
    {"sender", ARGUMENT_MEMBER, false, NULL,
        "whose referral; needed only if several members use the reference"},
    END_OF_ARGUMENTS,
};
/* So that a decision of one who saw another state undoes nobody's. */
#define AS_SEEN_ARGUMENT                                                                 \
    {                                                                                    \
        "if_state", ARGUMENT_TEXT, false, NULL,                                          \
            "the state that was seen: if it is another one now, nothing is done"         \
    }
static const struct verb_argument ONE_REFERENCE[] = {
    REFERENCE_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument SEEN_REFERENCE[] = {
    REFERENCE_ARGUMENT, AS_SEEN_ARGUMENT, REST_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument SETTLED_REFERENCE[] = {
    REFERENCE_ARGUMENT, AS_SEEN_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument DEED_REFERENCE[] = {
    {"reference", ARGUMENT_REFERENCE, true, NULL,
        "the deed's own, as \"amaan resting\" shows it, or that of the referral it is "
        "about"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument WAITING_LETTER[] = {
    {"reference", ARGUMENT_REFERENCE, true, NULL,
        "the letter's number, as quarantine shows it"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument TRACE_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"until", ARGUMENT_WORD, false,
        "sealed held stored confirmed requested opened accepted declined completed "
        "waitlisted scheduled in-service on-hold no-show cancel-requested cancelled "
        "redirected failed entered-in-error",
        "answer only when the referral has come so far"},
    {"wait", ARGUMENT_NUMBER, false, NULL, "wait at most so many seconds, up to 8"},
    END_OF_ARGUMENTS,
};
/* The life of a referral (docs/CARE.md 7); words of body.h and update.h. */
#define DECLINE_REASONS                                                                  \
    "at-capacity not-eligible service-closed safety-conflict already-served "            \
    "client-declined insufficient-info not-eligible-gender not-eligible-age "            \
    "not-eligible-area"
#define SUGGEST_HELP "up to three members to ask instead, by their names"
static const struct verb_argument DECLINE_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"reason", ARGUMENT_WORD, true, DECLINE_REASONS,
        "why; the sender's next step depends on it"},
    {"suggest", ARGUMENT_TEXT, false, NULL, SUGGEST_HELP},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument REDIRECT_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"suggest", ARGUMENT_TEXT, true, NULL, SUGGEST_HELP},
    {"reason", ARGUMENT_WORD, false, DECLINE_REASONS, "why not here"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument WAITLIST_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"day", ARGUMENT_DAY, false, NULL, "until when it will be decided, as far as known"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument SCHEDULE_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"day", ARGUMENT_DAY, true, NULL,
        "the day of the appointment; never a time or place"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument HOLD_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"reason", ARGUMENT_WORD, true, "person-asked health legal no-room papers", "why"},
    {"day", ARGUMENT_DAY, false, NULL, "until when, as far as known"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument FAIL_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"reason", ARGUMENT_WORD, true,
        "no-contact left not-suitable provider-stopped safety", "why"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument COMPLETE_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"given", ARGUMENT_TEXT, false, NULL, "codes of the services that were given"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
#define MILESTONES                                                                       \
    "skills-training start-up-kit placement enrolled papers-issued court-hearing "       \
    "family-contact treatment-ended"
static const struct verb_argument MILESTONE_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"milestone", ARGUMENT_WORD, true, MILESTONES, "what was reached"},
    {"day", ARGUMENT_DAY, false, NULL, "when"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument GROUP_ARGUMENTS[] = {
    {"references", ARGUMENT_TEXT, true, NULL, "up to 24 references, parted by blanks"},
    {"what", ARGUMENT_WORD, true, "complete milestone", "what is said of all of them"},
    {"milestone", ARGUMENT_WORD, false, MILESTONES, "what was reached"},
    {"day", ARGUMENT_DAY, false, NULL, "when"},
    {"given", ARGUMENT_TEXT, false, NULL, "codes of the services that were given"},
    END_OF_ARGUMENTS,
};
static const struct verb_argument FOLLOW_UP_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"result", ARGUMENT_WORD, true,
        "safe-and-well needs-more not-reached moved declined-contact",
        "how the person is"},
    {"after", ARGUMENT_WORD, false, "30 90 180", "which one; the one that is due"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument CANCEL_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"reason", ARGUMENT_WORD, true,
        "person-asked no-longer-needed placed-elsewhere sent-twice", "why"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument ERROR_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    {"reason", ARGUMENT_WORD, true, "wrong-member wrong-person duplicate", "why"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
#define QUESTION_ARGUMENT                                                                \
    {                                                                                    \
        "question", ARGUMENT_WORD, true,                                                 \
            "needs-interpreter child-with-person health-urgent arrival-when escorted "   \
            "has-papers place-still-free still-needed",                                  \
            "what is asked"                                                              \
    }
static const struct verb_argument ASK_ARGUMENTS[] = {
    REFERENCE_ARGUMENT, QUESTION_ARGUMENT, REST_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument TELL_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    QUESTION_ARGUMENT,
    {"answer", ARGUMENT_WORD, true, "yes no unknown day", "what is said to it"},
    {"day", ARGUMENT_DAY, false, NULL, "which day, where the answer is a day"},
    REST_ARGUMENT,
    END_OF_ARGUMENTS,
};
static const struct verb_argument REFER_AGAIN_ARGUMENTS[] = {
    REFERENCE_ARGUMENT,
    AS_SEEN_ARGUMENT,
    {"to", ARGUMENT_MEMBER, true, NULL, "the member that is asked now, by its name"},
    {"consent", ARGUMENT_OBJECT, false, NULL,
        "who agreed to this member, as for \"refer\"; not needed where a consent of the "
        "case covers it"},
    {"yes_text", ARGUMENT_FLAG, false, NULL,
        "send a text that holds what looks like a telephone number or a name"},
    REST_ARGUMENT,
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

/* Cases. What stands in a record is one list for opening and changing; words as in content's words.c. */
#define CASE_ARGUMENT                                                                    \
    {                                                                                    \
        "reference", ARGUMENT_REFERENCE, true, NULL, "the alias of the case"             \
    }
#define PERSON_ARGUMENTS                                                                 \
    {"age_band", ARGUMENT_WORD, false, "unknown 0-8 9-17 18-25 26-40 41-60 over-60",     \
        "age in bands; unknown is treated as a child"},                                  \
        {"minor", ARGUMENT_WORD, false, "no yes unknown",                                \
            "unknown is treated as a child"},                                            \
        {"gender", ARGUMENT_WORD, false, "female male transgender other unstated",       \
            "as stated"},                                                                \
        {"languages", ARGUMENT_LANGUAGES, false, NULL,                                   \
            "up to 8 codes of ISO 639-3, the best one first"},                           \
        {"interpreter", ARGUMENT_FLAG, false, NULL, "an interpreter is needed"},         \
        {"name", ARGUMENT_TEXT, false, NULL,                                             \
            "what the person wants to be called, at most 60 bytes"},                     \
        {"full_name", ARGUMENT_TEXT, false, NULL, "at most 120 bytes"},                  \
        {"birth_day", ARGUMENT_DAY, false, NULL, "if it is known"},                      \
        {"safe_contact", ARGUMENT_TEXT, false, NULL,                                     \
            "how the person may be reached safely, at most 200 bytes"},                  \
        {"district", ARGUMENT_TEXT, false, NULL, "home district, such as PK617"},        \
        {"injury", ARGUMENT_FLAG, false, NULL, "urgent: an injury"},                     \
        {"illness", ARGUMENT_FLAG, false, NULL, "urgent: an illness"},                   \
        {"pregnancy", ARGUMENT_FLAG, false, NULL, "urgent: a pregnancy"},                \
        {"medication", ARGUMENT_FLAG, false, NULL, "urgent: needs medication"},          \
        {"health", ARGUMENT_TEXT, false, NULL, "the same in words, 400 bytes"},          \
        {"access", ARGUMENT_TEXT, false, NULL,                                           \
            "disability, access needs, at most 200 bytes"},                              \
        {"risk", ARGUMENT_WORD, false, "low medium high unknown",                        \
            "how dangerous it is now"},                                                  \
        {"searched_for", ARGUMENT_FLAG, false, NULL, "somebody may search"},             \
        {"dependants", ARGUMENT_NUMBER, false, NULL, "children with the person"},        \
        {"infant", ARGUMENT_FLAG, false, NULL, "one of them is not yet two"},            \
        {"exploitation", ARGUMENT_WORD, false, "unsaid labour sexual other",             \
            "coarse on purpose"},                                                        \
        {"skills", ARGUMENT_TEXT, false, NULL,                                           \
            "skills, education, work wished for, at most 400 bytes"},                    \
        {"guardian", ARGUMENT_TEXT, false, NULL,                                         \
            "who cares for a child, at most 200 bytes"},                                 \
        NUMBER_ARGUMENTS
#define NUMBER_ARGUMENTS                                                                 \
    {"cnic", ARGUMENT_SECRET, false, NULL, "13 digits; only a keyed hash is kept"},      \
        {"hotline", ARGUMENT_SECRET, false, NULL,                                        \
            "a hotline's number of the case; only a keyed hash is kept"},                \
    {                                                                                    \
        "rcms", ARGUMENT_SECRET, false, NULL,                                            \
            "a number of the RCMS; only a keyed hash is kept"                            \
    }
#define DISPLACEMENT_ARGUMENT                                                            \
    {                                                                                    \
        "displacement", ARGUMENT_WORD, false, "unsaid flood drought heat glof",          \
            "what drove the person from home; it stays on this node and is counted"      \
    }
static const struct verb_argument CASE_OPEN_ARGUMENTS[] = {
    {"origin", ARGUMENT_WORD, false, "screening arrival walk-in referral",
        "how the person came; walk-in if it is not said"},
    {"received", ARGUMENT_TEXT, false, NULL,
        "the reference of a received referral: its person is taken over"},
    DISPLACEMENT_ARGUMENT, PERSON_ARGUMENTS, END_OF_ARGUMENTS};
static const struct verb_argument CASE_CHANGE_ARGUMENTS[] = {
    CASE_ARGUMENT, DISPLACEMENT_ARGUMENT, PERSON_ARGUMENTS, END_OF_ARGUMENTS};
static const struct verb_argument CASE_FIND_ARGUMENTS[] = {
    {"name", ARGUMENT_TEXT, false, NULL,
        "a name or a part of it, in whichever spelling; never on a command line"},
    {"reference", ARGUMENT_TEXT, false, NULL,
        "the alias of a case, or the reference of a referral that belongs to one"},
    {"age_band", ARGUMENT_WORD, false, "unknown 0-8 9-17 18-25 26-40 41-60 over-60",
        "age in bands"},
    {"from", ARGUMENT_DAY, false, NULL, "opened on that day or later"},
    {"until", ARGUMENT_DAY, false, NULL, "opened on that day or earlier"},
    {"open", ARGUMENT_FLAG, false, NULL, "open cases only"}, NUMBER_ARGUMENTS,
    END_OF_ARGUMENTS};
static const struct verb_argument ONE_CASE[] = {CASE_ARGUMENT, END_OF_ARGUMENTS};
#define LANG_ARGUMENT                                                                    \
    {                                                                                    \
        "lang", ARGUMENT_WORD, false, "eng urd",                                         \
            "the language of the texts; eng if nothing is said"                          \
    }
#define SAID "not-asked yes no unknown declined"
static const struct verb_argument SCREEN_ARGUMENTS[] = {CASE_ARGUMENT,
    {"question", ARGUMENT_TEXT, false, NULL,
        "the one to be opened; the next without an answer if nothing is said"},
    LANG_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument SCREEN_ANSWER_ARGUMENTS[] = {CASE_ARGUMENT,
    {"question", ARGUMENT_TEXT, true, NULL, "its id, such as S1 or M12"},
    {"answer", ARGUMENT_WORD, true, SAID, "what was said; only no is no"},
    {"note", ARGUMENT_TEXT, false, NULL,
        "at most 1,000 bytes; it never leaves this node"},
    LANG_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument SCREEN_CHOOSE_ARGUMENTS[] = {CASE_ARGUMENT,
    {"choice", ARGUMENT_WORD, true, "waits goes-on",
        "what the person chose when no officer of the preferred gender is there"},
    LANG_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument SCREEN_CONFIRM_ARGUMENTS[] = {CASE_ARGUMENT,
    {"class", ARGUMENT_TEXT, true, NULL, "the class that the officer sets"},
    {"reason", ARGUMENT_WORD, false,
        "none seen-by-officer told-by-others misunderstood coached age-established other",
        "why it is another one than was proposed"},
    {"text", ARGUMENT_TEXT, false, NULL,
        "at most 1,000 bytes; needed for a lower class and for \"other\""},
    LANG_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument TRIAGE_ARGUMENTS[] = {
    {"t1", ARGUMENT_WORD, false, SAID, "hurt, ill, close to birth, in danger"},
    {"t2", ARGUMENT_WORD, false, SAID, "may be under 18"},
    {"t3", ARGUMENT_WORD, false, SAID, "somebody else holds the papers or answers"},
    {"t4", ARGUMENT_WORD, false, SAID, "very afraid, or answers as if learned"},
    {"t5", ARGUMENT_WORD, false, SAID, "somebody else arranged the journey"},
    {"t6", ARGUMENT_WORD, false, SAID, "does not know how to travel on"}, LANG_ARGUMENT,
    END_OF_ARGUMENTS};
static const struct verb_argument CASE_NOTE_ARGUMENTS[] = {CASE_ARGUMENT,
    {"text", ARGUMENT_TEXT, true, NULL, "at most 1,000 bytes; it never leaves this node"},
    END_OF_ARGUMENTS};
static const struct verb_argument CASE_CLOSE_ARGUMENTS[] = {CASE_ARGUMENT,
    {"outcome", ARGUMENT_WORD, true,
        "services-completed left declined-help taken-away transferred died not-a-case "
        "other",
        "why; taken-away is for the coordinator's ear, by telephone"},
    END_OF_ARGUMENTS};
static const struct verb_argument CASE_REOPEN_ARGUMENTS[] = {CASE_ARGUMENT,
    {"reason", ARGUMENT_WORD, true, "came-back needs-more closed-by-mistake", "why"},
    END_OF_ARGUMENTS};
static const struct verb_argument STATISTICS_ARGUMENTS[] = {
    {"month", ARGUMENT_TEXT, true, NULL, "a month that is over, such as 2026-11"},
    {"cube", ARGUMENT_WORD, false,
        "opened presumed displacement closed sent received returns arrivals",
        "this table alone; else all of the month, and with the last month of a quarter "
        "the quarter's"},
    END_OF_ARGUMENTS};
#define WITH_ARGUMENT                                                                    \
    {                                                                                    \
        "with", ARGUMENT_TEXT, true, NULL, "the alias of the other case"                 \
    }
static const struct verb_argument CASE_LINK_ARGUMENTS[] = {CASE_ARGUMENT, WITH_ARGUMENT,
    {"reason", ARGUMENT_WORD, true, "same-number same-person family", "why"},
    END_OF_ARGUMENTS};
static const struct verb_argument CASE_UNLINK_ARGUMENTS[] = {
    CASE_ARGUMENT, WITH_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument CASE_ERASE_ARGUMENTS[] = {CASE_ARGUMENT,
    {"now", ARGUMENT_FLAG, false, NULL,
        "make old copies of the database worthless now, not within 31 days"},
    END_OF_ARGUMENTS};

/* Arrivals. */
static const struct verb_argument PREVIEW_ARGUMENTS[] = {
    {"csv", ARGUMENT_TEXT, true, NULL, "the list, at most 48 KiB"}, END_OF_ARGUMENTS};
static const struct verb_argument IMPORT_ARGUMENTS[] = {
    {"csv", ARGUMENT_TEXT, true, NULL, "the list that was looked at"},
    {"list", ARGUMENT_TEXT, true, NULL, "what the preview called it: 64 hex digits"},
    END_OF_ARGUMENTS};
static const struct verb_argument TASKS_ARGUMENTS[] = {
    {"settled", ARGUMENT_WORD, false, "no yes",
        "yes: those that are done or not met, instead of those that wait"},
    END_OF_ARGUMENTS};
#define TASK_ARGUMENT                                                                    \
    {                                                                                    \
        "reference", ARGUMENT_REFERENCE, true, NULL, "the name of the task"              \
    }
static const struct verb_argument ONE_TASK[] = {TASK_ARGUMENT, END_OF_ARGUMENTS};
static const struct verb_argument TASK_DONE_ARGUMENTS[] = {TASK_ARGUMENT,
    {"case", ARGUMENT_TEXT, true, NULL, "the alias of the case that was opened"},
    END_OF_ARGUMENTS};

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
static const struct option_row OPEN_OPTIONS[] = {HOME, TIMEOUT,
    {"print", 0, NULL, "print the address and start nothing", false},
    {"browser", 0, "PROGRAM", "start this program, by its whole path", false},
    END_OF_OPTIONS};
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
    {"reference-only", 0, NULL, "print the reference alone", false},
    {"yes-text", 0, NULL, "send what looks like a number or a name in a text", false},
    {"dry-run", 0, NULL, "show what would be read; send and keep nothing", false},
    END_OF_OPTIONS};
static const struct option_row PREVIEW_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"to", 0, "MEMBER", "the member that would be asked", false},
    {"service", 's', "CODE", "the service that would be asked for", false},
    END_OF_OPTIONS};
static const struct option_row WITHDRAW_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"reason", 'r', "CODE", "why (default: person-asked)", false}, END_OF_OPTIONS};
static const struct option_row CONSENT_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"to", 0, "MEMBER", "who may be told", false},
    {"service", 's', "CODE", "what for", false}, END_OF_OPTIONS};
static const struct option_row CASE_WITHDRAW_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"to", 0, "MEMBER", "only what this member was to be told", false},
    {"service", 's', "CODE", "only for this service", false},
    {"reason", 'r', "CODE", "why (default: person-asked)", false}, END_OF_OPTIONS};
static const struct option_row MEETING_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"point", 0, "N", "number of the meeting point", false},
    {"from", 0, "TIME", "from when somebody waits there, UTC", false},
    {"minutes", 0, "N", "for how long (default 60)", false},
    {"way-minutes", 0, "N", "how long the way is from there", false},
    {"who", 0, "CODE", "who comes", false}, END_OF_OPTIONS};
static const struct option_row POINTS_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"district", 0, "CODE", "only in this district", false}, END_OF_OPTIONS};
static const struct option_row SETTLE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"second", 0, "NAME", "who agrees", false}, END_OF_OPTIONS};
static const struct option_row REASON_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"reason", 'r', "CODE", "why", false}, END_OF_OPTIONS};
static const struct option_row STATISTICS_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"month", 'm', "MONTH", "a month that is over, such as 2026-11", false},
    {"cube", 'c', "CUBE", "this table alone", false}, END_OF_OPTIONS};
#define DAY_OPTION                                                                       \
    {                                                                                    \
        "day", 'd', "DAY", "such as 2026-11-24", false                                   \
    }
#define GIVEN_OPTION                                                                     \
    {                                                                                    \
        "given", 'g', "CODES", "the services that were given", false                     \
    }
#define MILESTONE_OPTION                                                                 \
    {                                                                                    \
        "milestone", 'm', "CODE", "what was reached", false                              \
    }
static const struct option_row DECLINE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"reason", 'r', "CODE", "why", false},
    {"suggest", 's', "MEMBERS", "up to three to ask instead", false}, END_OF_OPTIONS};
static const struct option_row DAY_OPTIONS[] = {
    HOME, JSON_OPTION, TIMEOUT, KEY, DAY_OPTION, END_OF_OPTIONS};
static const struct option_row HOLD_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"reason", 'r', "CODE", "why", false}, DAY_OPTION, END_OF_OPTIONS};
static const struct option_row COMPLETE_OPTIONS[] = {
    HOME, JSON_OPTION, TIMEOUT, KEY, GIVEN_OPTION, END_OF_OPTIONS};
static const struct option_row MILESTONE_OPTIONS[] = {
    HOME, JSON_OPTION, TIMEOUT, KEY, MILESTONE_OPTION, DAY_OPTION, END_OF_OPTIONS};
static const struct option_row GROUP_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"references", 0, "REFS", "up to 24, parted by blanks", false},
    {"what", 'w', "CODE", "complete or milestone", false}, MILESTONE_OPTION, DAY_OPTION,
    GIVEN_OPTION, END_OF_OPTIONS};
static const struct option_row FOLLOW_UP_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"result", 'r', "CODE", "how the person is", false},
    {"after", 'a', "DAYS", "30, 90 or 180; the one that is due if not said", false},
    END_OF_OPTIONS};
static const struct option_row ASK_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"question", 'q', "CODE", "what is asked", false}, END_OF_OPTIONS};
static const struct option_row TELL_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"question", 'q', "CODE", "what was asked", false},
    {"answer", 'a', "CODE", "yes, no, unknown or day", false}, DAY_OPTION,
    END_OF_OPTIONS};
static const struct option_row REFER_AGAIN_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"to", 0, "MEMBER", "the member that is asked now", false}, END_OF_OPTIONS};
static const struct option_row CASE_OPEN_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"origin", 'o', "CODE", "how the person came", false},
    {"received", 0, "REF", "make the case of this received referral", false},
    END_OF_OPTIONS};
static const struct option_row MATCH_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"service", 's', "CODE", "the one service that is looked for", false},
    {"district", 'd', "CODE", "where: a P-code such as PK513", false},
    {"gender", 'g', "CODE", "as stated", false},
    {"age-band", 'a', "CODE", "age in bands", false},
    {"minor", 0, "CODE", "no, yes or unknown", false},
    {"languages", 'l', "CODES", "the best one first: pus,urd", false},
    {"children", 0, "N", "how many come with the person", false},
    {"boy-age", 0, "YEARS", "of the oldest boy among them", false},
    {"wheelchair", 0, NULL, "the person uses one", false},
    {"tonight", 0, NULL, "needed before the night", false}, END_OF_OPTIONS};
static const struct option_row BOARD_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"service", 's', "CODE", "only this service", false},
    {"priority", 'p', "CODE", "normal, urgent, emergency or tonight", false},
    {"state", 0, "STATE", "only in this state", false},
    {"district", 'd', "CODE", "a P-code such as PK513", false},
    {"member", 'm', "MEMBER", "at either end", false},
    {"late", 0, NULL, "only what is past half of its time", false},
    {"escalated", 0, NULL, "only what was shown to all coordinators", false},
    {"all", 0, NULL, "also what nobody waits for any more", false},
    {"skip", 0, "N", "leave out so many of the first ones", false},
    {"row", 0, "N", "only this one, by its number on this board", false}, END_OF_OPTIONS};
static const struct option_row MEMBERS_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"service", 's', "CODE", "only members with this service", false}, END_OF_OPTIONS};
static const struct option_row ON_BOARD_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"sender", 0, "MEMBER", "whose referral", false}, END_OF_OPTIONS};
static const struct option_row CALL_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"whom", 'w', "WHOM", "sender, recipient or coordinator", false},
    {"result", 'r', "CODE", "what came of it", false},
    {"sender", 0, "MEMBER", "whose referral", false}, END_OF_OPTIONS};
static const struct option_row REASSIGN_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"to", 't', "MEMBER", "whom the sender should ask instead", false},
    {"sender", 0, "MEMBER", "whose referral", false}, END_OF_OPTIONS};
static const struct option_row ENQUIRE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"service", 's', "CODE", "the one service that is looked for", false},
    {"district", 'd', "CODE", "where: a P-code such as PK513", false},
    {"gender", 'g', "CODE", "as stated", false},
    {"age-band", 'a', "CODE", "age in bands", false},
    {"minor", 0, "CODE", "no, yes or unknown", false},
    {"languages", 'l', "CODES", "the best one first: pus,urd", false},
    {"children", 0, "N", "how many come with the person", false},
    {"boy-age", 0, "YEARS", "of the oldest boy among them", false},
    {"wheelchair", 0, NULL, "the person uses one", false},
    {"tonight", 0, NULL, "needed before the night", false},
    {"infant", 0, NULL, "one of the children is not yet two", false},
    {"to", 't', "MEMBERS", "at most three: shelter.a,shelter.b", false},
    {"hours", 0, "N", "an answer is wanted within so many hours", false}, END_OF_OPTIONS};
static const struct option_row ANSWER_ENQUIRY_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    KEY, {"answer", 'a', "CODE", "yes, no or waitlist", false},
    {"hours", 0, "N", "with a yes: for how long it holds", false}, END_OF_OPTIONS};
static const struct option_row CAPACITY_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"unit", 'u', "CODE", "what there is room of", false},
    {"status", 's', "CODE", "open, waitlist, full, closed ...", false},
    {"maximum", 'm', "N", "how many there are in all", false},
    {"available", 'a', "N", "how many are free", false},
    {"hours", 0, "N", "for how long that is good", false}, END_OF_OPTIONS};
static const struct option_row SURGE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"role", 'r', "CODE", "only who can do this", false},
    {"gender", 'g', "CODE", "only of this gender", false},
    {"language", 'l', "CODE", "only who speaks it: pus", false},
    {"district", 'd', "CODE", "who is there first: PK513", false},
    {"day", 0, "DAY", "for this day (default: today)", false},
    {"all", 0, NULL, "also who is there on other days", false}, END_OF_OPTIONS};
static const struct option_row SURGE_ADD_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"role", 'r', "CODE", "what the person can do", false},
    {"gender", 'g', "CODE", "as stated", false},
    {"languages", 'l', "CODES", "the best one first: pus,urd", false},
    {"district", 'd', "CODE", "a P-code such as PK513", false},
    {"from", 0, "DAY", "the first day (default: today)", false},
    {"until", 0, "DAY", "the last day", false}, END_OF_OPTIONS};
static const struct option_row CASE_FIND_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"reference", 'r', "REF", "alias of a case, or reference of a referral", false},
    {"age-band", 'a', "CODE", "age in bands", false},
    {"from", 0, "DAY", "opened on that day or later", false},
    {"until", 0, "DAY", "opened on that day or earlier", false},
    {"open", 0, NULL, "open cases only", false}, END_OF_OPTIONS};
static const struct option_row CASE_CLOSE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"outcome", 'o', "CODE", "why", false}, END_OF_OPTIONS};
static const struct option_row CASE_LINK_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"with", 'w', "REF", "the other case", false}, {"reason", 'r', "CODE", "why", false},
    END_OF_OPTIONS};
static const struct option_row CASE_UNLINK_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"with", 'w', "REF", "the other case", false}, END_OF_OPTIONS};
static const struct option_row CASE_ERASE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"now", 0, NULL, "make old copies of the database worthless at once", false},
    END_OF_OPTIONS};
static const struct option_row IMPORT_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"list", 'l', "HASH", "what the preview called the list", false}, END_OF_OPTIONS};
static const struct option_row TASKS_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"settled", 0, "CODE", "yes: those that are done or not met", false}, END_OF_OPTIONS};
static const struct option_row TASK_DONE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"case", 'c', "REF", "the case that was opened", false}, END_OF_OPTIONS};
#define LANG                                                                             \
    {                                                                                    \
        "lang", 'l', "CODE", "eng or urd: the language of the texts", false              \
    }
static const struct option_row SCREEN_OPTIONS[] = {
    HOME, JSON_OPTION, TIMEOUT, LANG, END_OF_OPTIONS};
static const struct option_row SCREEN_ANSWER_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"question", 'q', "ID", "the question", false},
    {"answer", 'a', "CODE", "what was said", false},
    {"note", 'n', "TEXT", "a note that never leaves this node", false}, LANG,
    END_OF_OPTIONS};
static const struct option_row SCREEN_CHOOSE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"choice", 'c', "CODE", "waits or goes-on", false}, LANG, END_OF_OPTIONS};
static const struct option_row SCREEN_CONFIRM_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    KEY, {"class", 'c', "CLASS", "the class that the officer sets", false},
    {"reason", 'r', "CODE", "why it is another one than was proposed", false},
    {"text", 0, "TEXT", "what the reason is, in words", false}, LANG, END_OF_OPTIONS};
static const struct option_row TRIAGE_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"t1", 0, "CODE", "hurt, ill, close to birth, in danger", false},
    {"t2", 0, "CODE", "may be under 18", false},
    {"t3", 0, "CODE", "somebody else holds the papers or answers", false},
    {"t4", 0, "CODE", "very afraid, or answers as if learned", false},
    {"t5", 0, "CODE", "somebody else arranged the journey", false},
    {"t6", 0, "CODE", "does not know how to travel on", false}, LANG, END_OF_OPTIONS};
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
static const struct verb_argument BACKUP_ARGUMENTS[] = {
    {"to", ARGUMENT_TEXT, false, NULL, "the folder; else the one of node.conf"},
    END_OF_ARGUMENTS,
};
static const struct option_row BACKUP_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"to", 0, "DIR", "the folder; else the one of node.conf", false}, END_OF_OPTIONS};
static const struct verb_argument TEST_ARGUMENTS[] = {
    {"to", ARGUMENT_MEMBER, false, NULL, "the member; else a coordinator"},
    END_OF_ARGUMENTS,
};
static const struct option_row TEST_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT, KEY,
    {"to", 0, "MEMBER", "the member; else a coordinator", false}, END_OF_OPTIONS};
static const struct verb_argument FOLDER_ARGUMENTS[] = {
    {"to", ARGUMENT_TEXT, true, NULL, "the folder, a whole path"},
    END_OF_ARGUMENTS,
};
static const struct option_row FOLDER_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"to", 0, "DIR", "the folder, a whole path", false}, END_OF_OPTIONS};
static const struct option_row RESTORE_OPTIONS[] = {HOME,
    {"from", 0, "FILE", "the backup", false},
    {"dry-run", 0, NULL, "look through it and change nothing", false},
    {"person", 'p', "NAME", "whose passphrase it is, where several people work", false},
    PASSPHRASE, END_OF_OPTIONS};
static const struct option_row DOCTOR_OPTIONS[] = {HOME, JSON_OPTION, TIMEOUT,
    {"report", 0, "FILE",
        "write a report that names nobody into a new file; - is standard output", false},
    END_OF_OPTIONS};
static const struct option_row EXPLAIN_OPTIONS[] = {JSON_OPTION,
    {"lang", 'l', "CODE", "eng or urd: English (the default) or Urdu, a draft", false},
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
    {"open", VERB_AT_DOOR, "POST", "/api/v1/open", "open the local page in a browser",
        "Opens the page of this node in a browser on this machine, by a file that only "
        "you can read: no secret stands on a command line. With --print, and where there "
        "is no browser, it prints the address instead. The address is good once and for "
        "one minute. The page is shut when the node or its screen is locked. It needs a "
        "port in node.conf (page/port). Where the home is not set up yet and nobody "
        "serves it, the wizard is started first, and the page is the wizard's.",
        NULL, false, false, "", 0, 0, OPEN_OPTIONS, "amaan open\namaan open --print"},
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
    {"shift", VERB_AT_DESK, "GET", "/api/v1/shift", "what is open, for the next shift",
        "The sheet that is handed over at the end of a shift: what is open and by when. "
        "References and numbers only; no name, no text. With the number of rows and the "
        "check word of the record of who looked, which a later shift compares. For "
        "workers and above.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan shift"},
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
        SEEN_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS, "amaan accept 7K2MQ4XTA"},
    {"decline", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/decline",
        "turn a referral down",
        "Tells the sender that this member will not do it, and why.", DECLINE_ARGUMENTS,
        true, true, "REF", 1, 1, DECLINE_OPTIONS,
        "amaan decline 7K2MQ4XTA --reason at-capacity"},
    {"complete", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/complete",
        "say that it is done", "Tells the sender that the service was given.",
        COMPLETE_ARGUMENTS, true, true, "REF", 1, 1, COMPLETE_OPTIONS,
        "amaan complete 7K2MQ4XTA"},
    {"waitlist", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/waitlist",
        "put it on the waiting list",
        "Tells the sender that there is no room now, and until when it will be decided.",
        WAITLIST_ARGUMENTS, true, true, "REF", 1, 1, DAY_OPTIONS,
        "amaan waitlist 7K2MQ4XTA --day 2026-11-30"},
    {"redirect", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/redirect",
        "send the sender elsewhere",
        "Tells the sender that this member will not do it, and whom to ask instead. "
        "Nothing of the person travels on: the sender refers again.",
        REDIRECT_ARGUMENTS, true, true, "REF", 1, 1, DECLINE_OPTIONS,
        "amaan redirect 7K2MQ4XTA --suggest shelter.lahore"},
    {"schedule", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/schedule",
        "set the day of the appointment",
        "Tells the sender the day. A further one replaces it, also after a no-show.",
        SCHEDULE_ARGUMENTS, true, true, "REF", 1, 1, DAY_OPTIONS,
        "amaan schedule 7K2MQ4XTA --day 2026-11-30"},
    {"no-show", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/no-show",
        "say that the person did not come",
        "Tells the sender that nobody came to the appointment.", SEEN_REFERENCE, true,
        true, "REF", 1, 1, ACT_OPTIONS, "amaan no-show 7K2MQ4XTA"},
    {"start", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/start",
        "say that the service began",
        "Tells the sender that the person came and is served.", SEEN_REFERENCE, true,
        true, "REF", 1, 1, ACT_OPTIONS, "amaan start 7K2MQ4XTA"},
    {"hold", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/hold",
        "let the service rest", "Tells the sender that the service rests, and why.",
        HOLD_ARGUMENTS, true, true, "REF", 1, 1, HOLD_OPTIONS,
        "amaan hold 7K2MQ4XTA --reason health"},
    {"resume", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/resume",
        "go on with the service", "Tells the sender that a service that rested goes on.",
        SEEN_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS, "amaan resume 7K2MQ4XTA"},
    {"fail", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/fail",
        "say that it came to nothing",
        "Tells the sender that a service that was begun, or an appointment, came to "
        "nothing, and why.",
        FAIL_ARGUMENTS, true, true, "REF", 1, 1, REASON_OPTIONS,
        "amaan fail 7K2MQ4XTA --reason no-contact"},
    {"milestone", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/milestone",
        "say that something was reached",
        "Tells the sender what the person reached: a training, a start-up kit. It moves "
        "nothing.",
        MILESTONE_ARGUMENTS, true, true, "REF", 1, 1, MILESTONE_OPTIONS,
        "amaan milestone 7K2MQ4XTA --milestone start-up-kit"},
    {"group", VERB_AT_DESK, "POST", "/api/v1/referrals-group", "say it of a whole class",
        "Says that a service was given, or a milestone reached, of up to 24 received "
        "referrals at once: one letter each, all or none.",
        GROUP_ARGUMENTS, true, true, "", 0, 0, GROUP_OPTIONS,
        "amaan group --what milestone --milestone skills-training --references "
        "\"7K2MQ4XTA M3R8WZ0T5\""},
    {"follow-up", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/follow-up",
        "say how the person is, months later",
        "Tells the sender what a follow-up found: after 30, 90 and 180 days.",
        FOLLOW_UP_ARGUMENTS, true, true, "REF", 1, 1, FOLLOW_UP_OPTIONS,
        "amaan follow-up 7K2MQ4XTA --result safe-and-well"},
    {"follow-ups", VERB_AT_DESK, "GET", "/api/v1/follow-ups", "follow-ups that are due",
        "Lists the people whom this member served 30, 90 or 180 days ago, by reference, "
        "and "
        "who were not asked since.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan follow-ups"},
    {"cancel-confirm", VERB_AT_DESK, "POST",
        "/api/v1/referrals/{reference}/cancel-confirm", "grant a cancel",
        "Tells the sender that the cancel that it asked for is granted.", SEEN_REFERENCE,
        true, true, "REF", 1, 1, ACT_OPTIONS, "amaan cancel-confirm 7K2MQ4XTA"},
    {"cancel", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/cancel",
        "ask to cancel a referral of mine",
        "A cancel is a request: the member that was asked grants it, or says that it is "
        "done already. What never left this node is cancelled at once.",
        CANCEL_ARGUMENTS, true, true, "REF", 1, 1, REASON_OPTIONS,
        "amaan cancel 7K2MQ4XTA --reason placed-elsewhere"},
    {"entered-in-error", VERB_AT_DESK, "POST",
        "/api/v1/referrals/{reference}/entered-in-error",
        "say that a referral was a mistake",
        "The letter is stopped where it can be, and the member that has it destroys the "
        "content and proves it. It stands above everything that is decided.",
        ERROR_ARGUMENTS, true, true, "REF", 1, 1, REASON_OPTIONS,
        "amaan entered-in-error 7K2MQ4XTA --reason wrong-member"},
    {"ask", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/ask",
        "ask the other member something",
        "Asks by a code, about a referral sent or received. No text travels.",
        ASK_ARGUMENTS, true, true, "REF", 1, 1, ASK_OPTIONS,
        "amaan ask 7K2MQ4XTA --question needs-interpreter"},
    {"tell", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/tell",
        "answer a question",
        "Says yes, no, unknown or a day to a question, or without being asked.",
        TELL_ARGUMENTS, true, true, "REF", 1, 1, TELL_OPTIONS,
        "amaan tell 7K2MQ4XTA --question arrival-when --answer day --day 2026-11-30"},
    {"refer-again", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/refer-again",
        "refer the same person to another member",
        "Makes a new referral, with a new reference, of one that ended or came back: the "
        "same service, and the person as the case has it, else as the first one said. "
        "Consent to the new member is asked for as for any: by the case's consents, or "
        "in a JSON object from FILE or, with -, from standard input.",
        REFER_AGAIN_ARGUMENTS, true, true, "REF [FILE]", 1, 2, REFER_AGAIN_OPTIONS,
        "amaan refer-again 7K2MQ4XTA --to shelter.lahore - <consent.json"},
    {"case-open", VERB_AT_DESK, "POST", "/api/v1/cases", "open a case",
        "Makes a case out of a JSON object read from FILE or, with -, from standard "
        "input, "
        "and prints its alias. Nothing has to be known: {} opens a case of a person "
        "whose "
        "age is unknown and who is treated as a child. With --received the record begins "
        "with what a received referral says. If another case has the same CNIC, hotline "
        "or RCMS number, its alias is shown; the numbers themselves are not kept.",
        CASE_OPEN_ARGUMENTS, true, true, "FILE", 1, 1, CASE_OPEN_OPTIONS,
        "amaan case-open person.json\n"
        "echo {} | amaan case-open - --received 7K2MQ4XTA"},
    {"case-find", VERB_AT_DESK, "POST", "/api/v1/cases/find", "find cases",
        "Lists cases that fit all that is asked, at most 50, best name first. Names and "
        "numbers are read from a JSON object in FILE or, with -, from standard input, so "
        "that they stand in no history of the shell.",
        CASE_FIND_ARGUMENTS, false, true, "[FILE]", 0, 1, CASE_FIND_OPTIONS,
        "echo '{\"name\":\"zarq\"}' | amaan case-find -\n"
        "amaan case-find --from 2026-11-01 --open"},
    {"case-show", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/show", "read a case",
        "Shows one case: record, links, timeline. Numbers are masked: nobody has them.",
        ONE_CASE, false, true, "REF", 1, 1, READ_OPTIONS, "amaan case-show 7K2MQ4XTA"},
    {"case-summary", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/summary",
        "a case without saying whose",
        "Prints what a doctor far away or a conference about the case needs in order to "
        "advise: age band, languages, what is needed, and the course of its referrals, "
        "in codes and months. No name, reference, member, place, day or text is in it, "
        "and nothing that the person took back. Read it before you show it: a rare "
        "language or an unusual course may still tell who it is.",
        ONE_CASE, false, true, "REF", 1, 1, READ_OPTIONS, "amaan case-summary 7K2MQ4XTA"},
    {"case-change", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}",
        "change the record of a case",
        "Fields of the JSON object in FILE (- is standard input) replace those of the "
        "record; the others stay. An empty text empties a field.",
        CASE_CHANGE_ARGUMENTS, true, true, "REF FILE", 2, 2, ACT_OPTIONS,
        "amaan case-change 7K2MQ4XTA person.json"},
    {"case-note", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/note",
        "add a note to a case",
        "Puts a text into the timeline: a JSON object with the field text, from FILE or, "
        "with -, from standard input. Notes cannot be changed; a further one corrects.",
        CASE_NOTE_ARGUMENTS, true, true, "REF FILE", 2, 2, ACT_OPTIONS,
        "echo '{\"text\":\"wants to think until Monday\"}' | amaan case-note 7K2MQ4XTA "
        "-"},
    {"case-close", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/close",
        "close a case", "Ends the work on a case, with a reason. It can be opened again.",
        CASE_CLOSE_ARGUMENTS, true, true, "REF", 1, 1, CASE_CLOSE_OPTIONS,
        "amaan case-close 7K2MQ4XTA --outcome left"},
    {"case-reopen", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/reopen",
        "open a closed case again", "Goes on with a case that was closed, with a reason.",
        CASE_REOPEN_ARGUMENTS, true, true, "REF", 1, 1, REASON_OPTIONS,
        "amaan case-reopen 7K2MQ4XTA --reason came-back"},
    {"case-link", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/link",
        "say that two cases belong together",
        "Links two cases of one person, or of one family. They are never merged, and the "
        "link can be taken back.",
        CASE_LINK_ARGUMENTS, true, true, "REF", 1, 1, CASE_LINK_OPTIONS,
        "amaan case-link 7K2MQ4XTA --with M3R8WZ0T5 --reason same-person"},
    {"case-unlink", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/unlink",
        "take a link back", "Both cases are as they were; their timelines tell it.",
        CASE_UNLINK_ARGUMENTS, true, true, "REF", 1, 1, CASE_UNLINK_OPTIONS,
        "amaan case-unlink 7K2MQ4XTA --with M3R8WZ0T5"},
    {"case-erase", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/erase",
        "erase a case for ever",
        "Destroys the case's key and everything that hangs on it, and lists the members "
        "that have yet to confirm that their copy is gone. This cannot be undone. Old "
        "copies of the database become worthless within 31 days, with --now at once. "
        "Asked again, it shows how far the confirmations are.",
        CASE_ERASE_ARGUMENTS, true, true, "REF", 1, 1, CASE_ERASE_OPTIONS,
        "amaan case-erase 7K2MQ4XTA --now"},
    {"case-consent", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/consent",
        "record a consent before anything is sent",
        "Records that a service by one member was agreed to, from a JSON object with the "
        "field consent in FILE (- is standard input). Nothing is sent. A referral of "
        "this "
        "case to that member for that service then needs no further word.",
        CONSENT_ARGUMENTS, true, true, "REF FILE", 2, 2, CONSENT_OPTIONS,
        "amaan case-consent 7K2MQ4XTA --to shelter.peshawar --service shelter said.json"},
    {"case-consents", VERB_AT_DESK, "GET", "/api/v1/cases/{reference}/consents",
        "what was agreed to",
        "Lists every consent of a case: to whom, for what, which groups, who gave it, "
        "how, "
        "and until when.",
        ONE_CASE, false, true, "REF", 1, 1, READ_OPTIONS,
        "amaan case-consents 7K2MQ4XTA"},
    {"case-withdraw", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/withdraw",
        "take consents of a case back",
        "Ends the consents of a case: all of them, or those for one service, or to one "
        "member. What was not delivered is stopped; who has something destroys it and "
        "proves it. Nothing else is lowered.",
        CASE_WITHDRAW_ARGUMENTS, true, true, "REF", 1, 1, CASE_WITHDRAW_OPTIONS,
        "amaan case-withdraw 7K2MQ4XTA --service legal"},
    {"arrivals-preview", VERB_AT_DESK, "POST", "/api/v1/arrivals/preview",
        "look at a list of arrivals",
        "Reads a CSV file with the columns flight_or_bus, date, sending_state, "
        "return_type, "
        "minor, care_need and perhaps rcms, and says how many rows are good, which are "
        "not "
        "and why, and which columns are dropped. Nothing is kept. A list with a column "
        "of "
        "CNICs or passports is refused as a whole.",
        PREVIEW_ARGUMENTS, false, true, "CSV", 1, 1, READ_OPTIONS,
        "amaan arrivals-preview list.csv"},
    {"arrivals-import", VERB_AT_DESK, "POST", "/api/v1/arrivals",
        "make tasks of a list of arrivals",
        "Makes a task of each good row, in the order in which people are to be taken "
        "aside: "
        "children first. --list is what the preview said: only what was looked at is "
        "taken, "
        "and only once. Nothing of it ever flows back.",
        IMPORT_ARGUMENTS, true, true, "CSV", 1, 1, IMPORT_OPTIONS,
        "amaan arrivals-import list.csv --list HASH"},
    {"tasks", VERB_AT_DESK, "GET", "/api/v1/tasks", "whom to take aside",
        "Lists the tasks of the imported lists in order, with the reasons for it.",
        TASKS_ARGUMENTS, false, true, "", 0, 0, TASKS_OPTIONS,
        "amaan tasks\namaan tasks --settled yes"},
    {"task-take", VERB_AT_DESK, "POST", "/api/v1/tasks/{reference}/take",
        "take a task on",
        "Says that somebody goes to meet the person, so that no one else does.", ONE_TASK,
        true, true, "REF", 1, 1, ACT_OPTIONS, "amaan task-take 7K2MQ4XTA"},
    {"task-done", VERB_AT_DESK, "POST", "/api/v1/tasks/{reference}/done",
        "say that a person was met",
        "Ends a task with the case that was opened; the task's RCMS number becomes one "
        "of "
        "the case's, as a hash.",
        TASK_DONE_ARGUMENTS, true, true, "REF", 1, 1, TASK_DONE_OPTIONS,
        "amaan task-done 7K2MQ4XTA --case M3R8WZ0T5"},
    {"task-not-met", VERB_AT_DESK, "POST", "/api/v1/tasks/{reference}/not-met",
        "say that a person was not met",
        "Ends a task: the person was not there, or did not want to talk.", ONE_TASK, true,
        true, "REF", 1, 1, ACT_OPTIONS, "amaan task-not-met 7K2MQ4XTA"},
    {"members", VERB_AT_DESK, "GET", "/api/v1/members", "who can be written to",
        "Lists the members by name, with roles, services, standing, free places as told, "
        "and "
        "since when one that is cut off was not heard.",
        MEMBERS_ARGUMENTS, false, true, "", 0, 0, MEMBERS_OPTIONS,
        "amaan members\namaan members --service shelter"},
    {"match", VERB_AT_DESK, "POST", "/api/v1/match", "who may be asked, best first",
        "Ranks the members that offer a service for such a person, with the reasons for "
        "each rank, and lists who is left out and why. Asks for nothing that names the "
        "person, sends nothing and keeps nothing. Room that is told is a word of its "
        "day: only an acceptance counts.",
        MATCH_ARGUMENTS, false, true, "", 0, 0, MATCH_OPTIONS,
        "amaan match --service shelter --gender female --age-band 18-25 --district PK513 "
        "--languages pus,urd --tonight"},
    {"capacity-set", VERB_AT_DESK, "POST", "/api/v1/capacity",
        "say how much room there is",
        "Tells the coordinators and the members that refer here how many of a unit are "
        "free. It is a word of the day and no promise; when its hours are over it counts "
        "as stale everywhere. Numbers only: nobody's name and no place goes with it.",
        CAPACITY_ARGUMENTS, true, true, "", 0, 0, CAPACITY_OPTIONS,
        "amaan capacity-set --unit female-bed --status open --maximum 12 --available 3"},
    {"enquire", VERB_AT_DESK, "POST", "/api/v1/enquiries",
        "ask whether somebody may come",
        "Asks at most three members whether such a person may come, before anything of "
        "the person is sent. Codes and a district travel: no name, no number, no text. "
        "A referral then goes to one of those that say yes.",
        ENQUIRE_ARGUMENTS, true, true, "", 0, 0, ENQUIRE_OPTIONS,
        "amaan enquire --service shelter --gender female --age-band 18-25 --infant "
        "--languages pus --tonight"},
    {"test-letter", VERB_AT_DESK, "POST", "/api/v1/test-letters",
        "send an empty letter, to see that letters arrive",
        "Sends a letter without content to a coordinator of the network, where there is "
        "none to another member, and where one is named to that one. It has no effect "
        "there; its signed receipt says that both ends and the way between them work. "
        "One a day and member: a second one is the first.",
        TEST_ARGUMENTS, true, true, "", 0, 0, TEST_OPTIONS,
        "amaan test-letter\namaan test-letter --to coord.punjab"},
    {"test-letters", VERB_AT_DESK, "GET", "/api/v1/test-letters",
        "how far the test letters of the last week have come",
        "One row for each member that got one, the newest: its state and why it waits. "
        "And whom the next one goes to.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan test-letters"},
    {"enquiries", VERB_AT_DESK, "GET", "/api/v1/enquiries", "what was asked and answered",
        "Lists enquiries that were sent and received, with their answers, newest first. "
        "They are kept for a week.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan enquiries"},
    {"answer-enquiry", VERB_AT_DESK, "POST", "/api/v1/enquiries/{reference}/answer",
        "say yes, no or waitlist",
        "Answers an enquiry that came here. With a yes say for how many hours the place "
        "is kept. A later answer replaces an earlier one.",
        ANSWER_ENQUIRY_ARGUMENTS, true, true, "REF", 1, 1, ANSWER_ENQUIRY_OPTIONS,
        "amaan answer-enquiry 7K2MQ4XTA --answer yes --hours 4"},
    {"surge", VERB_AT_DESK, "POST", "/api/v1/surge/list",
        "who may be called up when many come",
        "Lists officers, interpreters, doctors and others who said that they can be "
        "called up, for today or for a day: nearest first, then by name. The list is "
        "this member's own and travels to nobody.",
        SURGE_ARGUMENTS, false, true, "", 0, 0, SURGE_OPTIONS,
        "amaan surge --role medical --language pus --gender female --district PK513"},
    {"surge-add", VERB_AT_DESK, "POST", "/api/v1/surge",
        "put somebody on the list of those who may be called up",
        "Name and telephone come in a JSON object (fields person and contact) from FILE "
        "or, with -, from standard input, so that they stand in no history of the shell. "
        "Who is past their last day goes off the list by itself. For supervisors and "
        "administrators.",
        SURGE_ADD_ARGUMENTS, true, true, "FILE", 1, 1, SURGE_ADD_OPTIONS,
        "amaan surge-add - --role medical --gender female --languages pus,urd --district "
        "PK513 --until 2026-12-31 <person.json"},
    {"surge-remove", VERB_AT_DESK, "POST", "/api/v1/surge/{reference}/remove",
        "take somebody off that list",
        "Removes one entry by the reference that \"amaan surge\" shows. For supervisors "
        "and administrators.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS,
        "amaan surge-remove 7K2MQ4XTA"},
    {"roster", VERB_AT_DESK, "GET", "/api/v1/roster", "signed documents in force",
        "Versions, hashes and dates of root, roster and profiles. Works while locked.",
        NULL, false, false, "", 0, 0, READ_OPTIONS, "amaan roster --json"},
    {"alarms", VERB_AT_DESK, "GET", "/api/v1/alarms", "what somebody must look at",
        "Lists evidence that something is wrong: gaps, conflicts, forks, letters that "
        "cannot "
        "be opened. Works while locked.",
        NULL, false, false, "", 0, 0, READ_OPTIONS, "amaan alarms"},
    {"quarantine", VERB_AT_DESK, "GET", "/api/v1/quarantine",
        "letters of suspended members that wait for a person",
        "Lists, without their content, letters that came from a member while it was "
        "suspended. They have no effect and are not answered. Talk to a steward and to "
        "the "
        "member, by a telephone number that you know, before you release one.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan quarantine"},
    {"release", VERB_AT_DESK, "POST", "/api/v1/quarantine/{reference}/release",
        "let a waiting letter have its effect",
        "The letter takes effect as if it came now, and its sender gets the receipt.",
        WAITING_LETTER, true, true, "NUMBER", 1, 1, ACT_OPTIONS, "amaan release 12"},
    {"discard", VERB_AT_DESK, "POST", "/api/v1/quarantine/{reference}/discard",
        "destroy a waiting letter",
        "Its content is destroyed. It never has an effect, and its sender gets no "
        "receipt.",
        WAITING_LETTER, true, true, "NUMBER", 1, 1, ACT_OPTIONS, "amaan discard 12"},
    {"backup", VERB_AT_DOOR, "POST", "/api/v1/backup", "make a sealed backup now",
        "Copies the whole database, node.conf and the keys into one sealed file in DIR, "
        "reads it back, and only then gives it its name. The newest 7 of this node stay "
        "there. To open it one needs the file and the passphrase.",
        BACKUP_ARGUMENTS, false, true, "", 0, 0, BACKUP_OPTIONS,
        "amaan backup\namaan backup --to /media/stick --timeout 120"},
    {"backup-folder", VERB_AT_DOOR, "POST", "/api/v1/backup/folder",
        "say where backups go by themselves",
        "Writes the folder into node.conf (backup/folder): a stick or another disk that "
        "is there and can be written. The node goes on with it at once. An administrator "
        "does it.",
        FOLDER_ARGUMENTS, false, true, "", 0, 0, FOLDER_OPTIONS,
        "amaan backup-folder --to /media/stick"},
    {"losses", VERB_AT_DESK, "GET", "/api/v1/losses", "what was lost, and by whom",
        "After a restore: letters that this node sent after the backup and does not "
        "know. And members that said that they lost their records, with the referrals "
        "that were sent to them and are not closed.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan losses"},
    {"send-again", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/send-again",
        "send a referral once more",
        "Makes a new letter of a referral that was sent to a member that lost its "
        "records. A member that still has it does nothing a second time.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS,
        "amaan send-again 7K2MQ4XTA"},
    {"restore", VERB_LOCAL, NULL, NULL, "make a node's home anew out of a backup",
        "Looks through the whole file first. --dry-run stops there. A home that holds a "
        "node is refused; a backup older than 45 days needs a typed word.",
        NULL, false, false, "", 0, 0, RESTORE_OPTIONS,
        "amaan restore --dry-run --from /media/stick/0f3a5c7e9b1d2f40.bin\n"
        "amaan restore --from /media/stick/0f3a5c7e9b1d2f40.bin"},
    {"screen", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/screen",
        "the screening form of a case",
        "Shows the questions of the form with what was answered, what may be asked now, "
        "the class that the answers propose and why, and which services can be referred. "
        "Nothing of it leaves this node.",
        SCREEN_ARGUMENTS, false, true, "REF", 1, 1, SCREEN_OPTIONS,
        "amaan screen 7K2MQ4XTA\namaan screen 7K2MQ4XTA --lang urd --json"},
    {"screen-answer", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/screen-answer",
        "answer one question of the form",
        "Keeps one answer at once: a power cut costs at most this one. An answer that "
        "changes the proposed class takes a confirmation away.",
        SCREEN_ANSWER_ARGUMENTS, true, true, "REF", 1, 1, SCREEN_ANSWER_OPTIONS,
        "amaan screen-answer 7K2MQ4XTA --question S1 --answer yes"},
    {"screen-choose", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/screen-choose",
        "wait for another officer, or go on",
        "When no officer of the preferred gender is there (S2 is no), the person "
        "chooses.",
        SCREEN_CHOOSE_ARGUMENTS, true, true, "REF", 1, 1, SCREEN_CHOOSE_OPTIONS,
        "amaan screen-choose 7K2MQ4XTA --choice waits"},
    {"screen-confirm", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/screen-confirm",
        "confirm the class, or set another",
        "No class stands before a person has confirmed it. Another one than was proposed "
        "needs a reason; a lower one needs words, too.",
        SCREEN_CONFIRM_ARGUMENTS, true, true, "REF", 1, 1, SCREEN_CONFIRM_OPTIONS,
        "amaan screen-confirm 7K2MQ4XTA --class possible-vot\n"
        "amaan screen-confirm 7K2MQ4XTA --class possible-vot-strong --reason "
        "seen-by-officer"},
    {"triage", VERB_AT_DESK, "POST", "/api/v1/triage", "a minute at the counter",
        "Six things that are seen or harmless when overheard say who is taken aside. "
        "Nothing is kept; the result is no class of a screening.",
        TRIAGE_ARGUMENTS, false, true, "", 0, 0, TRIAGE_OPTIONS,
        "amaan triage --t1 no --t2 no --t3 yes --t4 no --t5 no --t6 no"},
    {"preview", VERB_AT_DESK, "POST", "/api/v1/previews", "what a member would read",
        "Takes what \"refer\" takes and shows, field by field, what the member would "
        "read "
        "and why, what is withheld and why, and the text to be read out to the person. "
        "Sends nothing and keeps nothing. The same as \"amaan refer --dry-run\".",
        REFER_ARGUMENTS, false, true, "[FILE]", 0, 1, PREVIEW_OPTIONS,
        "amaan preview --to shelter.peshawar --service shelter referral.json"},
    {"withdraw-consent", VERB_AT_DESK, "POST",
        "/api/v1/referrals/{reference}/withdraw-consent", "the person takes it back",
        "Withdraws the consent under which a referral went, for that service and that "
        "member and nothing else. What was not delivered is stopped; the member destroys "
        "what it has and proves it.",
        WITHDRAW_ARGUMENTS, true, true, "REF", 1, 1, WITHDRAW_OPTIONS,
        "amaan withdraw-consent 7K2MQ4XTA"},
    {"shared", VERB_AT_DESK, "GET", "/api/v1/referrals/{reference}/shared",
        "what was shared with whom",
        "Prints the record of what was sent to whom, when and under which consent, in "
        "English and Urdu, for the person.",
        ONE_REFERENCE, false, true, "REF", 1, 1, READ_OPTIONS, "amaan shared 7K2MQ4XTA"},
    {"acts", VERB_AT_DESK, "GET", "/api/v1/acts", "overrides, open ones first",
        "Lists what went out without consent, here or (at a coordinator) at any member. "
        "An open act was done by one person alone and waits for another.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan acts"},
    {"meeting-points", VERB_AT_DESK, "GET", "/api/v1/meeting-points",
        "where people can be met",
        "Lists the neutral meeting points that every member knows by number.",
        POINTS_ARGUMENTS, false, true, "", 0, 0, POINTS_OPTIONS,
        "amaan meeting-points --district PK513"},
    {"due", VERB_AT_DESK, "GET", "/api/v1/due",
        "what is waited for, the most overdue first",
        "Every referral that somebody waits for: for what, whose turn it is, and until "
        "when. "
        "A letter that did not arrive is told apart from one that nobody answers. Where "
        "a "
        "referral of tonight or an emergency is not opened, it says which telephone to "
        "ring "
        "and which reference to say; where one is late, whom else to ask. Clocks of "
        "normal "
        "referrals rest while the other side cannot be heard; no others do.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan due"},
    {"settle", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/settle",
        "nothing more is needed after a referral that ended",
        "Of a referral that was declined, redirected or failed, or whose letter never "
        "arrived: the person needs no other one. It leaves the list of what is due. "
        "\"amaan refer-again\" says the same by itself.",
        SETTLED_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS,
        "amaan settle 7K2MQ4XTA"},
    {"board", VERB_AT_DESK, "POST", "/api/v1/board",
        "at a coordinator: every referral's state, the most overdue first",
        "Referrals of other members, as their signed events tell of them: state, whose "
        "turn, until when, how old, service, the provider's district. No name, no "
        "content. "
        "At most 200 lines; the counts are of all.",
        BOARD_ARGUMENTS, false, true, "", 0, 0, BOARD_OPTIONS,
        "amaan board --late\namaan board --district PK513 --service shelter"},
    {"load", VERB_AT_DESK, "GET", "/api/v1/load",
        "at a coordinator: how much is open and late, and how long people wait",
        "Counts what stands on the board by service and by the provider's district: "
        "open, "
        "overdue, not arrived, and of those who are not served yet the middle and the "
        "longest of their waits so far. No reference, no member.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan load"},
    {"call-note", VERB_AT_DESK, "POST", "/api/v1/board/{reference}/calls",
        "note a telephone call about a referral",
        "By codes: who was telephoned, and what came of it. No text.", CALL_ARGUMENTS,
        true, true, "REF", 1, 1, CALL_OPTIONS,
        "amaan call-note 7K2MQ4XTA --whom recipient --result promised"},
    {"nudge", VERB_AT_DESK, "POST", "/api/v1/board/{reference}/nudge",
        "tell whose turn it is that somebody waits",
        "Sends a letter with the reference to the member whose turn it is; it stands in "
        "\"amaan due\" there.",
        ON_BOARD_ARGUMENTS, true, true, "REF", 1, 1, ON_BOARD_OPTIONS,
        "amaan nudge 7K2MQ4XTA"},
    {"reassign", VERB_AT_DESK, "POST", "/api/v1/board/{reference}/reassign",
        "name another member to the sender",
        "A coordinator holds no content, so it cannot hand a person on: the sender is "
        "told "
        "whom to ask, and refers again.",
        REASSIGN_ARGUMENTS, true, true, "REF", 1, 1, REASSIGN_OPTIONS,
        "amaan reassign 7K2MQ4XTA --to shelter.lahore"},
    {"escalate", VERB_AT_DESK, "POST", "/api/v1/board/{reference}/escalate",
        "hand it to the other coordinators",
        "The other coordinators of that district see it on their boards, marked.",
        ON_BOARD_ARGUMENTS, true, true, "REF", 1, 1, ON_BOARD_OPTIONS,
        "amaan escalate 7K2MQ4XTA"},
    {"hand-over-propose", VERB_AT_DESK, "POST",
        "/api/v1/referrals/{reference}/handover/propose",
        "propose where and when the person is met",
        "After accepting: somebody of this member waits at a neutral meeting point. Both "
        "sides see the same six digits, which whoever comes says first. A later proposal "
        "replaces an earlier one.",
        MEETING_ARGUMENTS, true, true, "REF", 1, 1, MEETING_OPTIONS,
        "amaan hand-over-propose 7K2MQ4XTA --point 1 --from 2026-11-24T14:30:00Z --who "
        "a-woman --way-minutes 45"},
    {"hand-over-agree", VERB_AT_DESK, "POST",
        "/api/v1/referrals/{reference}/handover/agree", "agree to the newest proposal",
        "The sender of the referral brings the person to that point, at that time.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS,
        "amaan hand-over-agree 7K2MQ4XTA"},
    {"handed-over", VERB_AT_DESK, "POST",
        "/api/v1/referrals/{reference}/handover/handed-over",
        "say that the person went with them",
        "From now on arrival is awaited. When it is not said in time, both members raise "
        "an alarm and tell every coordinator.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS,
        "amaan handed-over 7K2MQ4XTA"},
    {"arrived", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/handover/arrived",
        "say that the person arrived",
        "Ends the hand-over. Meeting point, time and code are erased a day later.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS, "amaan arrived 7K2MQ4XTA"},
    {"hand-over-off", VERB_AT_DESK, "POST",
        "/api/v1/referrals/{reference}/handover/call-off", "call a meeting off",
        "Either side does, until the person has gone. A new proposal may follow.",
        ONE_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS,
        "amaan hand-over-off 7K2MQ4XTA"},
    {"missing", VERB_AT_DESK, "GET", "/api/v1/missing", "who did not arrive",
        "At a coordinator: hand-overs of any members at which nobody arrived. References "
        "only: telephone the member that told it.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan missing"},
    {"resting", VERB_AT_DESK, "GET", "/api/v1/deeds", "what is about to be sent",
        "Lists what rests and can still be taken back, and what could not be done when "
        "its "
        "time came, with the reason.",
        NULL, false, true, "", 0, 0, READ_OPTIONS, "amaan resting"},
    {"undo", VERB_AT_DESK, "POST", "/api/v1/deeds/{reference}/undo",
        "take back what is about to be sent",
        "Nothing was sealed yet, nobody was told, and nothing of it stays. What could "
        "not "
        "be done is put away by this, too.",
        DEED_REFERENCE, true, true, "REF", 1, 1, ACT_OPTIONS, "amaan undo 7K2MQ4XTA"},
    {"send-now", VERB_AT_DESK, "POST", "/api/v1/deeds/{reference}/send",
        "send at once what is about to be sent", "Ends the ten seconds.", DEED_REFERENCE,
        true, true, "REF", 1, 1, ACT_OPTIONS, "amaan send-now 7K2MQ4XTA"},
    {"confirm-act", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/confirm-act",
        "agree to an override", "A second person agrees to what one person did alone.",
        ACT_ARGUMENTS, true, true, "REF", 1, 1, SETTLE_OPTIONS,
        "amaan confirm-act 7K2MQ4XTA --second \"duty lead\""},
    {"undo-act", VERB_AT_DESK, "POST", "/api/v1/referrals/{reference}/undo-act",
        "take an override back",
        "A second person does not agree: the referral is withdrawn as if consent had "
        "been.",
        ACT_ARGUMENTS, true, true, "REF", 1, 1, SETTLE_OPTIONS,
        "amaan undo-act 7K2MQ4XTA --second \"duty lead\""},
    {"statistics", VERB_AT_DESK, "POST", "/api/v1/statistics", "tables of a month",
        "Prints fixed tables of a month that is over. Numbers below 11, and as many "
        "others as are needed so that no such number can be computed, are hidden. A "
        "month "
        "is counted once, when it is over, and is always printed as it was then. For "
        "supervisors and administrators.",
        STATISTICS_ARGUMENTS, false, true, "", 0, 0, STATISTICS_OPTIONS,
        "amaan statistics --month 2026-11\namaan statistics --month 2026-12 --cube "
        "displacement"},
    {"export", VERB_AT_DESK, "POST", "/api/v1/export", "the same tables as CSV",
        "Prints the tables of \"amaan statistics\" as CSV. The first record says who "
        "took "
        "them, when and where; no cell is a formula. Each export stands in the record of "
        "who looked. For supervisors and administrators.",
        STATISTICS_ARGUMENTS, false, true, "", 0, 0, STATISTICS_OPTIONS,
        "amaan export --month 2026-11 >november.csv"},
    {"proof", VERB_AT_DESK, "POST", "/api/v1/cases/{reference}/proof",
        "what was done for a case, provable and without content",
        "Prints, for each referral of the case, on which days it was sent, stored and "
        "decided, with the signed receipts. Whoever has the roster can check them. There "
        "is no name, no service, no reference and no content in it.",
        ONE_CASE, false, true, "REF", 1, 1, READ_OPTIONS, "amaan proof 7K2MQ4XTA"},
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
    {"findings", VERB_AT_DOOR, "GET", "/api/v1/findings",
        "what the running node found when it was looked through last",
        "Says what the node knows of itself now, and what was found of its home and its "
        "line when somebody last had it looked through on the local page; failures "
        "first. "
        "It looks at nothing: \"amaan doctor\" does.",
        NULL, false, false, "", 0, 0, READ_OPTIONS,
        "amaan findings\namaan findings --json"},
    {"doctor", VERB_AT_DOOR, "POST", "/api/v1/findings", "find out what is wrong",
        "Looks at the node's folder, keys, settings, database and disk, at the way to "
        "the "
        "exchange, and at what the running node says: one row each, with what is the "
        "case, "
        "what is safe and what to do. Works while locked, and when the node does not "
        "run; "
        "it mends nothing. A row that fails hides no other. No network, a node that is "
        "not admitted and an exchange with another key are three different rows. With "
        "--report the same is written without names, places, references or addresses, "
        "for "
        "somebody who helps. The exit status is 0 when all is well and 1 when a row is a "
        "warning or failed; 75 when something did not end in time.",
        NULL, false, false, "", 0, 0, DOCTOR_OPTIONS,
        "amaan doctor\namaan doctor --json\namaan doctor --report -"},
    {"explain", VERB_LOCAL, NULL, NULL, "say what a code means",
        "Explains a code of an error, an alarm, a refusal of the exchange, a receipt or "
        "a "
        "letter's state: what happened, what is safe, what to do. A word that stands for "
        "several is explained for each. Without ID it lists all. No node is asked. The "
        "Urdu "
        "is a draft that nobody has reviewed yet.",
        NULL, false, false, "[ID]", 0, 1, EXPLAIN_OPTIONS,
        "amaan explain disk-full\namaan explain fork --lang urd\namaan explain"},
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

const struct verb_argument *verb_part(const struct verb *verb, const char *name)
{
    static const char CONSENT[] = "consent.";
    const char *part = name + sizeof(CONSENT) - 1;

    if (strncmp(name, CONSENT, sizeof(CONSENT) - 1) != 0 ||
        !verb_argument(verb, "consent"))
        return NULL;
    for (const struct verb_argument *row = CONSENT_PARTS; row->name; row++)
        if (strcmp(row->name, part) == 0)
            return row;
    return NULL;
}
