/* SPDX-License-Identifier: Apache-2.0
 * amaan-steward root new, rotate: drafts, which `sign` then completes.
 */
#include <string.h>
#include <sysexits.h>

#include "charter.h"
#include "commands.h"
#include "describe.h"
#include "facts.h"
#include "memory.h"
#include "paper.h"

enum { PUBLIC_MODE = 0644, ROOT_DAYS = 1095 };

static const struct option_row new_options[] = {
    {"steward", 's', "KEY", "public key (64 hex digits) or key file of a steward", true},
    {"threshold", 't', "M", "how many of them must sign", false},
    {"practice", 0, NULL, "a network for practice: nothing in it is real, for ever",
        false},
    {"out", 'o', "FILE", "where the draft goes; nothing is overwritten", false},
    {"expires-days", 0, "N", "how long it holds (default 1095)", false},
    {"created", 0, "TIME", "instead of this machine's clock", false},
    {"dry-run", 0, NULL, "check and show; write nothing", false},
    {"json", 0, NULL, "facts as JSON", false},
    {NULL, 0, NULL, NULL, false},
};
static const struct option_row rotate_options[] = {
    {"root", 'r', "FILE", "the signed root documents so far", false},
    {"add", 0, "KEY", "public key or key file of a new steward", true},
    {"remove", 0, "KEY", "of a steward who leaves", true},
    {"threshold", 't', "M", "how many must sign from now on (default: as before)", false},
    {"out", 'o', "FILE", "all root documents and the draft behind them", false},
    {"expires-days", 0, "N", "how long it holds (default 1095)", false},
    {"created", 0, "TIME", "instead of this machine's clock", false},
    {"dry-run", 0, NULL, "check and show; write nothing", false},
    {"json", 0, NULL, "facts as JSON", false},
    {NULL, 0, NULL, NULL, false},
};

static enum status add_steward(
    struct root *root, const struct sign_public *key, struct trouble *trouble)
{
    size_t at = root->n_stewards;

    if (root_has_steward(root, key)) {
        trouble_say(trouble, "one steward is named twice");
        return STATUS_EXISTS;
    }
    if (root->n_stewards == STEWARDS_MAX) {
        trouble_say(trouble, "a network has at most %d stewards", STEWARDS_MAX);
        return STATUS_TOO_BIG;
    }
    while (at > 0 &&
           memcmp(root->stewards[at - 1].bytes, key->bytes, SIGN_PUBLIC_BYTES) > 0) {
        root->stewards[at] = root->stewards[at - 1];
        at--;
    }
    root->stewards[at] = *key;
    root->n_stewards++;
    return STATUS_OK;
}

static enum status remove_steward(
    struct root *root, const struct sign_public *key, struct trouble *trouble)
{
    for (size_t i = 0; i < root->n_stewards; i++) {
        if (!sign_public_equal(&root->stewards[i], key))
            continue;
        root->n_stewards--;
        memmove(&root->stewards[i], &root->stewards[i + 1],
            (root->n_stewards - i) * sizeof root->stewards[0]);
        return STATUS_OK;
    }
    trouble_say(trouble, "--remove names a key that is no steward's");
    return STATUS_NOT_FOUND;
}

static enum status change_stewards(const struct arguments *arguments, const char *option,
    enum status (*change)(struct root *, const struct sign_public *, struct trouble *),
    struct root *root, struct trouble *trouble)
{
    struct sign_public key;
    const char *word;
    enum status status = STATUS_OK;

    for (int i = 0; status == STATUS_OK; i++) {
        word = arguments_nth(arguments, option, i);
        if (!word)
            break;
        status = steward_key_parse(word, &key, trouble);
        if (status == STATUS_OK)
            status = change(root, &key, trouble);
    }
    return status;
}

static enum status set_threshold(
    const struct arguments *arguments, struct root *root, struct trouble *trouble)
{
    const char *word = arguments_option(arguments, "threshold");
    char *end = NULL;
    unsigned long number = word ? strtoul(word, &end, 10) : root->threshold;

    if ((word && (*word < '0' || *word > '9' || *end)) || number < 1 ||
        number > root->n_stewards) {
        trouble_say(trouble,
            "--threshold is a number from 1 to the number of stewards, "
            "which is %zu",
            root->n_stewards);
        return STATUS_MALFORMED;
    }
    root->threshold = number;
    return STATUS_OK;
}

static enum status set_times(
    const struct arguments *arguments, struct root *root, struct trouble *trouble)
{
    int64_t before_ms = root->created_ms, days_ms = 0;
    enum status status = option_created(arguments, &root->created_ms, trouble);

    if (status == STATUS_OK)
        status = option_days(arguments, "expires-days", ROOT_DAYS, &days_ms, trouble);
    if (status)
        return status;
    if (root->created_ms <= before_ms) {
        trouble_say(trouble, "the root document before was made later than now: set this "
                             "machine's clock, or give the time with --created");
        return STATUS_EXPIRED;
    }
    root->expires_ms = root->created_ms + days_ms;
    return STATUS_OK;
}

/* One stolen key, or one lost one, must not decide. */
static void warn_of_threshold(const struct root *root)
{
    if (root->threshold == 1)
        (void)fprintf(stderr, "Careful: with a threshold of 1 one stolen key admits "
                              "anybody.\n");
    if (root->threshold == root->n_stewards && root->n_stewards > 1)
        (void)fprintf(stderr, "Careful: when all stewards must sign, one lost key ends "
                              "the network.\n");
}

/* Tells of the draft, and writes the roots so far (`before` NULL for version 1) and the draft behind them. */
static enum status write_draft(const struct arguments *arguments, const char *out,
    const struct charter *before, const struct root *draft, struct trouble *trouble)
{
    struct span roots = before ? buffer_span(&before->bytes) : span_of(NULL, 0);
    bool dry = arguments_flag(arguments, "dry-run");
    struct buffer bytes;
    struct document document;
    struct root root;
    struct facts facts;
    enum status status = paper_check_new(out, trouble);

    buffer_init(&bytes, PAPER_BYTES_MAX);
    if (status == STATUS_OK)
        status = buffer_put(&bytes, roots.at, roots.n);
    if (status == STATUS_OK)
        status = root_encode(draft, &bytes);
    if (status == STATUS_OK)
        status = document_decode_one(span_of(bytes.bytes + roots.n, bytes.used - roots.n),
            DOCUMENT_ROOT, &document);
    if (status == STATUS_OK)
        status = root_decode(&document, &root);
    if (status == STATUS_OK) {
        facts_begin(&facts, stdout, arguments_flag(arguments, "json"));
        describe_document(&facts, &document);
        describe_root(&facts, &root);
        if (before)
            describe_root_changes(&facts, &before->root, &root);
        facts_end(&facts);
        warn_of_threshold(&root);
        if (dry)
            (void)fprintf(stderr, "Nothing was written (--dry-run).\n");
        else
            status = paper_create(out, buffer_span(&bytes), PUBLIC_MODE, trouble);
    }
    buffer_release(&bytes);
    return status;
}

static int run_new(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct root root = {.version = 1};
    struct trouble trouble = {""};
    const char *out, *threshold;
    bool done;
    enum status status;
    int code = command_parse(command, argc, argv, 0, 0, &arguments, &done);

    if (code || done)
        return code;
    code = need_option(&arguments, "out", &out);
    if (code == EX_OK)
        code = need_option(&arguments, "threshold", &threshold);
    if (code)
        return code;
    root.practice = arguments_flag(&arguments, "practice");
    status = change_stewards(&arguments, "steward", add_steward, &root, &trouble);
    if (status == STATUS_OK && root.n_stewards == 0) {
        command_complain("--steward is needed, once for each steward");
        return EX_USAGE;
    }
    if (status == STATUS_OK)
        status = set_threshold(&arguments, &root, &trouble);
    if (status == STATUS_OK)
        status = set_times(&arguments, &root, &trouble);
    if (status == STATUS_OK)
        status = write_draft(&arguments, out, NULL, &root, &trouble);
    if (status == STATUS_OK && !arguments_flag(&arguments, "dry-run"))
        (void)fprintf(stderr,
            "%s is a draft. Compare the fingerprints with each steward; "
            "then %zu of them sign it: amaan-steward sign --key KEY %s\n",
            out, root.threshold, out);
    return end_with(status, &trouble);
}

static enum status rotate(const struct arguments *arguments, const char *path,
    const char *out, struct trouble *trouble)
{
    struct charter charter;
    struct root root;
    enum status status = charter_read(path, false, &charter, trouble);

    if (status)
        return status;
    root = charter.root;
    root.version++;
    root.previous = charter.root.hash;
    status = change_stewards(arguments, "remove", remove_steward, &root, trouble);
    if (status == STATUS_OK)
        status = change_stewards(arguments, "add", add_steward, &root, trouble);
    if (status == STATUS_OK)
        status = set_threshold(arguments, &root, trouble);
    if (status == STATUS_OK)
        status = set_times(arguments, &root, trouble);
    if (status == STATUS_OK)
        status = write_draft(arguments, out, &charter, &root, trouble);
    if (status == STATUS_OK && !arguments_flag(arguments, "dry-run"))
        (void)fprintf(stderr,
            "%s is a draft. %zu of the stewards before and %zu of the new "
            "ones sign it. Make a new roster directly after: the old "
            "one counts until then.\n",
            out, charter.root.threshold, root.threshold);
    charter_release(&charter);
    return status;
}

static int run_rotate(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    const char *path, *out;
    bool done;
    int code = command_parse(command, argc, argv, 0, 0, &arguments, &done);

    if (code || done)
        return code;
    code = need_option(&arguments, "root", &path);
    if (code == EX_OK)
        code = need_option(&arguments, "out", &out);
    if (code)
        return code;
    return end_with(rotate(&arguments, path, out, &trouble), &trouble);
}

static const struct command words[] = {
    {"new", "begin a network: its first stewards", "",
        "amaan-steward root new --steward a.key --steward b.key --steward c.key \\\n"
        "    --threshold 2 --out root.amaan",
        new_options, run_new},
    {"rotate", "change the stewards, or renew the root", "",
        "amaan-steward root rotate --root root.amaan --remove a.key --add d.key \\\n"
        "    --out root-2.amaan",
        rotate_options, run_rotate},
};

int run_root(const struct command *command, int argc, char **argv)
{
    (void)command;
    return command_main("amaan-steward root", "say who the stewards are", words,
        ARRAY_LENGTH(words), argc, argv);
}
