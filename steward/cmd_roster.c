/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward roster new, next: drafts of a roster, its sealed profiles, and the stewards' plain profiles.
 */
#include <string.h>
#include <sysexits.h>

#include "change.h"
#include "commands.h"
#include "describe.h"
#include "facts.h"
#include "memory.h"
#include "paper.h"

enum { PUBLIC_MODE = 0644, SECRET_MODE = 0600, ROSTER_DAYS = 180, VALID_DAYS = 730 };

#define EDITION_OPTIONS                                                                  \
    {"root", 'r', "FILE", "the network's signed root documents", false},                 \
        {"admit", 'a', "FILE", "the join request of a new member", true},                \
        {"fingerprint", 'f', "DIGITS", "of that request, as the member read it", true},  \
        {"fingerprints-compared", 0, NULL, "all of them were compared", false},          \
        {"name", 'n', "NAME", "of that member, instead of its wish", true},              \
        {"roles", 0, "ROLES", "of that member: screening,shelter,medical ...", true},    \
        {"services", 0, "SERVICES", "it offers (default: as its roles)", true},          \
        {"languages", 0, "CODES", "it speaks: urd,pus,eng", true},                       \
        {"hours", 0, "TEXT", "when it can be reached", true},                            \
        {"contact", 0, "TEXT", "of its coordinator; never a shelter's place", true},     \
        {"protocol", 0, "VERSION:DAY",                                                   \
            "the sharing protocol it signed, and its last day", true},                   \
        {"district", 0, "CODE", "where it is, PK528; never of a shelter", true},         \
        {"catchment", 0, "CODES", "districts it serves (default: all)", true},           \
        {"genders", 0, "WORDS", "it serves: female,male,transgender,other", true},       \
        {"ages", 0, "FROM-TO", "in years that it serves: 18-59, 18-", true},             \
        {"boys-age", 0, "YEARS", "boys up to that age beside women", true},              \
        {"children", 0, "yes|no", "may come with the person", true},                     \
        {"wheelchair", 0, "yes|no", "can get in", true},                                 \
        {"round-the-clock", 0, "yes|no", "takes people in at any hour", true},           \
        {"units", 0, "WORDS", "it has: place,female-bed,male-bed,family-bed ...", true}, \
        {"papers", 0, "WORDS", "it asks for: identity-card,police-report ...", true},    \
        {"tele", 0, "+HH:MM|no", "by telephone or video, its clock from UTC", true},     \
        {"licence", 0, "TEXT", "who verified it, and its number", true},                 \
        {"expires-days", 0, "N", "how long this edition holds (default 180)", false},    \
        {"valid-days", 0, "N", "how long a member's row holds (default 730)", false},    \
        {"created", 0, "TIME", "instead of this machine's clock", false},                \
        {"out-roster", 0, "FILE", "where the draft of the roster goes", false},          \
        {"out-profiles", 0, "FILE", "where the sealed profiles go", false},              \
        {"out-plain", 0, "FILE", "where the stewards' plain profiles go", false},        \
        {"dry-run", 0, NULL, "check and show; write nothing", false},                    \
    {                                                                                    \
        "json", 0, NULL, "facts as JSON", false                                          \
    }

static const struct option_row new_options[] = {
    EDITION_OPTIONS,
    {NULL, 0, NULL, NULL, false},
};
static const struct option_row next_options[] = {
    EDITION_OPTIONS,
    {"previous", 'p', "FILE", "the signed roster before", false},
    {"plain", 0, "FILE", "the plain profiles that were made with it", false},
    {"suspend", 0, "MEMBER", "by name or node id: takes part no more for now", true},
    {"revoke", 0, "MEMBER", "for ever", true},
    {"reactivate", 0, "MEMBER", "after a suspension", true},
    {"renew", 0, "MEMBER", "or all: the row holds for another --valid-days", true},
    {"rekey", 0, "FILE", "the new join request of a member with new keys", true},
    {"edit", 0, "MEMBER", "whose profile the following options change", true},
    {NULL, 0, NULL, NULL, false},
};

struct task {
    const struct arguments *arguments;
    const char *root, *previous, *plain_path, *out_roster, *out_profiles, *out_plain;
    struct charter charter;
    struct buffer previous_bytes;
    struct document previous_document;
    struct plain plain;
    struct buffer roster, package, fresh_plain;
};

static enum status read_previous(struct task *task, struct trouble *trouble)
{
    struct signatures signatures;
    enum status status = charter_read(task->root, false, &task->charter, trouble);

    if (status == STATUS_OK)
        status = plain_read(task->plain_path, &task->plain, trouble);
    if (status || !task->previous)
        return status;
    status = paper_read_document(task->previous, DOCUMENT_ROSTER, &task->previous_bytes,
        &task->previous_document, trouble);
    if (status)
        return status;
    status = charter_count(&task->charter, &task->previous_document, &signatures);
    if (status == STATUS_OK && signatures.enough)
        return STATUS_OK;
    trouble_say(trouble,
        "%s is not signed by enough stewards: finish that edition first, "
        "or begin again from the one before",
        task->previous);
    return STATUS_FORGED;
}

static enum status check_outputs(const struct task *task, struct trouble *trouble)
{
    enum status status = paper_check_new(task->out_roster, trouble);

    if (status == STATUS_OK)
        status = paper_check_new(task->out_profiles, trouble);
    if (status == STATUS_OK)
        status = paper_check_new(task->out_plain, trouble);
    if (status == STATUS_OK && (strcmp(task->out_roster, task->out_profiles) == 0 ||
                                   strcmp(task->out_roster, task->out_plain) == 0 ||
                                   strcmp(task->out_profiles, task->out_plain) == 0)) {
        trouble_say(trouble, "roster, profiles and plain profiles are three files: give "
                             "three different names");
        status = STATUS_MALFORMED;
    }
    return status;
}

static enum status apply_changes(const struct task *task, struct edition *edition,
    size_t *ret_n, struct trouble *trouble)
{
    struct change *changes = memory_new_array(CHANGES_MAX, sizeof *changes);
    const struct document *previous = task->previous ? &task->previous_document : NULL;
    bool compared = arguments_flag(task->arguments, "fingerprints-compared");
    enum status status = change_parse(task->arguments, changes, ret_n, trouble);

    for (size_t i = 0; status == STATUS_OK && i < *ret_n; i++)
        status =
            change_apply(&changes[i], &task->plain, previous, compared, edition, trouble);
    memory_free(changes);
    return status;
}

static enum status make_edition(struct task *task, struct trouble *trouble)
{
    struct edition_start start = {
        .charter = &task->charter,
        .previous = task->previous ? &task->previous_document : NULL,
        .plain = &task->plain,
        .chance = chance_system(),
    };
    struct edition *edition = NULL;
    int64_t days_ms = 0;
    size_t n;
    enum status status = option_created(task->arguments, &start.created_ms, trouble);

    if (status == STATUS_OK)
        status =
            option_days(task->arguments, "expires-days", ROSTER_DAYS, &days_ms, trouble);
    start.expires_ms = start.created_ms + days_ms;
    if (status == STATUS_OK)
        status = option_days(
            task->arguments, "valid-days", VALID_DAYS, &start.valid_ms, trouble);
    if (status == STATUS_OK)
        status = edition_new(&start, &edition, trouble);
    if (status == STATUS_OK)
        status = apply_changes(task, edition, &n, trouble);
    if (status == STATUS_OK)
        status = edition_finish(
            edition, &task->roster, &task->package, &task->fresh_plain, trouble);
    edition_destroy(&edition);
    return status;
}

/* All three or none: what is half an edition would only be mistaken for one. */
static enum status write_outputs(const struct task *task, struct trouble *trouble)
{
    const struct {
        const char *path;
        const struct buffer *bytes;
        mode_t mode;
    } outputs[] = {
        {task->out_plain, &task->fresh_plain, SECRET_MODE},
        {task->out_profiles, &task->package, PUBLIC_MODE},
        {task->out_roster, &task->roster, PUBLIC_MODE},
    };
    enum status status = STATUS_OK;
    size_t n = 0;

    while (status == STATUS_OK && n < ARRAY_LENGTH(outputs)) {
        status = paper_create(
            outputs[n].path, buffer_span(outputs[n].bytes), outputs[n].mode, trouble);
        n += status == STATUS_OK;
    }
    if (status == STATUS_OK)
        return status;
    while (n > 0)
        paper_remove(outputs[--n].path);
    trouble_prefix(trouble, "no file of this edition was written");
    return status;
}

static void say_what_follows(const struct task *task)
{
    if (arguments_flag(task->arguments, "dry-run"))
        (void)fprintf(stderr, "Nothing was written (--dry-run).\n");
    else
        (void)fprintf(stderr,
            "%s and %s are drafts: %zu stewards sign both. %s names "
            "every member: it stays with the stewards.\n",
            task->out_roster, task->out_profiles, task->charter.root.threshold,
            task->out_plain);
}

/* Of the drafts as everybody will read them; the plain profiles are copied, because reading takes them over. */
static enum status tell(const struct task *task, struct trouble *trouble)
{
    struct roster *before = NULL, *after = NULL;
    struct document document;
    struct plain plain = {.bytes = {NULL, 0}};
    struct buffer copy;
    struct facts facts;
    enum status status =
        document_decode_one(buffer_span(&task->roster), DOCUMENT_ROSTER, &document);

    buffer_init(&copy, PROFILES_BYTES_MAX);

    if (status == STATUS_OK)
        status = roster_decode(&document, &after);
    if (status == STATUS_OK && task->previous)
        status = roster_decode(&task->previous_document, &before);
    if (status == STATUS_OK)
        status = buffer_put(&copy, task->fresh_plain.bytes, task->fresh_plain.used);
    if (status == STATUS_OK)
        status = plain_parse(&copy, &plain);
    if (status == STATUS_OK) {
        facts_begin(&facts, stdout, arguments_flag(task->arguments, "json"));
        describe_document(&facts, &document);
        facts_number(&facts, "members", roster_count(after));
        describe_changes(&facts, before, after, &plain, NULL);
        facts_end(&facts);
    } else {
        trouble_say(trouble,
            "the drafts cannot be read back (%s), and nothing was written",
            status_name(status));
    }
    plain_release(&plain);
    buffer_release(&copy);
    roster_destroy(&before);
    roster_destroy(&after);
    return status;
}

static int run(struct task *task)
{
    struct trouble trouble = {""};
    enum status status = check_outputs(task, &trouble);

    if (status == STATUS_OK)
        status = read_previous(task, &trouble);
    if (status == STATUS_OK)
        status = make_edition(task, &trouble);
    if (status == STATUS_OK)
        status = tell(task, &trouble);
    if (status == STATUS_OK && !arguments_flag(task->arguments, "dry-run"))
        status = write_outputs(task, &trouble);
    if (status == STATUS_OK)
        say_what_follows(task);
    charter_release(&task->charter);
    plain_release(&task->plain);
    buffer_release(&task->previous_bytes);
    buffer_release(&task->roster);
    buffer_release(&task->package);
    buffer_release(&task->fresh_plain);
    return end_with(status, &trouble);
}

static int parse(const struct command *command, int argc, char **argv,
    struct arguments *arguments, struct task *task, bool *ret_done)
{
    int code = command_parse(command, argc, argv, 0, 0, arguments, ret_done);

    task->arguments = arguments;
    if (code || *ret_done)
        return code;
    code = need_option(arguments, "root", &task->root);
    if (code == EX_OK)
        code = need_option(arguments, "out-roster", &task->out_roster);
    if (code == EX_OK)
        code = need_option(arguments, "out-profiles", &task->out_profiles);
    if (code == EX_OK)
        code = need_option(arguments, "out-plain", &task->out_plain);
    return code;
}

static int run_new(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct task task = {0};
    bool done;
    int code = parse(command, argc, argv, &arguments, &task, &done);

    return code || done ? code : run(&task);
}

static int run_next(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct task task = {0};
    bool done;
    int code = parse(command, argc, argv, &arguments, &task, &done);

    if (code || done)
        return code;
    code = need_option(&arguments, "previous", &task.previous);
    if (code == EX_OK)
        code = need_option(&arguments, "plain", &task.plain_path);
    return code ? code : run(&task);
}

static const struct command words[] = {
    {"new", "the first roster of a network", "",
        "amaan-steward roster new --root root.amaan --protocol isp-1:2027-12-31 \\\n"
        "    --admit shelter.peshawar.join --languages urd,pus --hours \"24/7\" \\\n"
        "    --admit fia.torkham.join --languages urd,pus,eng \\\n"
        "    --out-roster roster-1.amaan --out-profiles profiles-1.amaan \\\n"
        "    --out-plain profiles-1.plain",
        new_options, run_new},
    {"next", "the next roster, from the one before", "",
        "amaan-steward roster next --root root.amaan --previous roster-1.amaan \\\n"
        "    --plain profiles-1.plain --protocol isp-1:2027-12-31 \\\n"
        "    --admit clinic.rawalpindi.join \\\n"
        "    --suspend shelter.peshawar --out-roster roster-2.amaan \\\n"
        "    --out-profiles profiles-2.amaan --out-plain profiles-2.plain",
        next_options, run_next},
};

int run_roster(const struct command *command, int argc, char **argv)
{
    (void)command;
    return command_main("amaan-steward roster",
        "make the next list of members and their profiles", words, ARRAY_LENGTH(words),
        argc, argv);
}
