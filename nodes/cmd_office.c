/* SPDX-License-Identifier: Apache-2.0
 *
 * office: makes or shows the papers with which the page is served to the desks of an office, and sets node.conf.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "disk.h"
#include "memory.h"
#include "node.h"
#include "node_conf.h"
#include "office_papers.h"
#include "passphrase.h"
#include "people.h"
#include "subnet.h"

const struct option_row OFFICE_OPTIONS[] = {
    {"address", 'a', "ADDRESS", "this machine's address in the office's network", false},
    {"name", 0, "NAME", "the name that the office's name service has for it", false},
    {"port", 0, "PORT", "the page's port there (8443)", false},
    {"to", 0, "FILE", "write the authority's certificate, for the desks", false},
    {"new", 0, NULL, "make another authority: every desk installs it again", false},
    {"off", 0, NULL, "serve the page to no desk any more", false},
    {"person", 'p', "NAME", "whose passphrase it is, where several people work", false},
    {"passphrase-fd", 0, "N", "read the passphrase from descriptor N instead of asking",
        false},
    {NULL, 0, NULL, NULL, false},
};

static enum status read_port(const char *text, uint16_t *ret, struct trouble *trouble)
{
    char *end;
    unsigned long port = text ? strtoul(text, &end, 10) : *ret;

    if (text && (end == text || *end || port < 1024 || port > UINT16_MAX)) {
        trouble_say(
            trouble, "--port is a number from 1024 to 65535. Nothing was changed.");
        return STATUS_MALFORMED;
    }
    *ret = (uint16_t)port;
    return STATUS_OK;
}

/* What the command line says over what the settings say. */
static enum status read_place(
    const struct arguments *arguments, struct node_conf *conf, struct trouble *trouble)
{
    const char *address = arguments_option(arguments, "address"),
               *name = arguments_option(arguments, "name");
    uint8_t parsed[SUBNET_ADDRESS_BYTES];
    enum status status = STATUS_OK;

    if (address)
        status = subnet_parse(address, parsed, trouble);
    if (status == STATUS_OK && address)
        (void)snprintf(conf->office_address, sizeof(conf->office_address), "%s", address);
    if (status == STATUS_OK && name && *name && !certificate_name_is_good(name)) {
        trouble_say(trouble,
            "--name is a name such as amaan.office.internal: small letters, digits, "
            "dashes and at least one dot, at most %d bytes. Nothing was changed.",
            CERTIFICATE_NAME_MAX - 1);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK && name)
        (void)snprintf(conf->office_name, sizeof(conf->office_name), "%s", name);
    if (status == STATUS_OK)
        status =
            read_port(arguments_option(arguments, "port"), &conf->office_port, trouble);
    if (status == STATUS_OK && !*conf->office_address) {
        trouble_say(trouble,
            "The page is served to no desk. To serve it, say where: --address ADDRESS, "
            "this machine's own in the office's network (\"ip -4 address\" shows it). "
            "Nothing was changed.");
        status = STATUS_NOT_FOUND;
    }
    return status;
}

static enum status break_keys(
    const struct arguments *arguments, struct people **ret, struct trouble *trouble)
{
    const char *person = arguments_option(arguments, "person");
    char *path = disk_path(arguments->words[0], "node.key");
    struct buffer file, passphrase;
    enum status status = disk_read(path, PEOPLE_FILE_MAX, &file, trouble);

    memory_free(path);
    if (status != STATUS_OK)
        return status;
    status = passphrase_read(
        arguments_option(arguments, "passphrase-fd"), false, &passphrase, trouble);
    if (status == STATUS_OK) {
        status = people_break(buffer_span(&file), person ? person : "",
            buffer_span(&passphrase), chance_system(), ret);
        buffer_release(&passphrase);
        if (status == STATUS_DENIED)
            trouble_say(trouble, "This is not the passphrase of that person. Nothing was "
                                 "changed.");
        else if (status == STATUS_NOT_FOUND)
            trouble_say(trouble, "Several people work at this node. Nothing was changed. "
                                 "Say whose passphrase it is: --person NAME.");
    }
    buffer_release(&file);
    return status;
}

/* An authority that every desk trusts is an administrator's to make. */
static enum status make_papers(const struct arguments *arguments,
    const struct node_conf *conf, struct trouble *trouble)
{
    struct people *people = NULL;
    bool anew = false;
    enum status status = break_keys(arguments, &people, trouble);

    if (status == STATUS_OK && people_self(people)->role != LOCAL_ADMINISTRATOR) {
        trouble_say(trouble, "Only an administrator does this. Nothing was changed.");
        status = STATUS_DENIED;
    }
    if (status == STATUS_OK) {
        const struct office_papers_order order = {.home = arguments->words[0],
            .place = office_place(conf),
            .master = &people_keys(people)->master,
            .clock = clock_system(),
            .chance = chance_system(),
            .anew = arguments_flag(arguments, "new")};

        status = office_papers_make(&order, &anew, trouble);
    }
    people_destroy(&people);
    if (status == STATUS_OK && anew)
        (void)fprintf(stderr,
            "A new authority was made. Carry its certificate (--to FILE) to each desk, "
            "compare the digits there, and install it: docs/OPERATIONS.md, \"Office "
            "mode\".\n");
    return status;
}

static enum status show(const struct arguments *arguments, const struct node_conf *conf,
    struct trouble *trouble)
{
    struct certificate_place place = office_place(conf);
    const char *to = arguments_option(arguments, "to");
    char page[TIME_TEXT_BYTES], authority[TIME_TEXT_BYTES];
    struct office_papers papers;
    struct buffer der;
    enum status status =
        office_papers_read(arguments->words[0], &place, &papers, trouble);

    if (status != STATUS_OK)
        return status;
    time_format(papers.page.until_ms, page);
    time_format(papers.authority_about.until_ms, authority);
    (void)printf("page      https://%s:%u/\nauthority %s\nuntil     %s (page: %s)\n",
        *conf->office_name ? conf->office_name : conf->office_address, conf->office_port,
        papers.authority_about.digits, authority, page);
    if (to) {
        status = certificate_encode(buffer_span(&papers.authority), &der);
        if (status == STATUS_OK) {
            status = disk_write(to, buffer_span(&der), 0644, trouble);
            buffer_release(&der);
        }
        if (status == STATUS_OK)
            (void)printf("file      %s\n", to);
    }
    office_papers_release(&papers);
    return status;
}

static bool asks_for_papers(const struct arguments *arguments)
{
    return arguments_option(arguments, "address") ||
           arguments_option(arguments, "name") || arguments_flag(arguments, "new");
}

/* Papers first: settings without them would be a page that nobody can trust. */
static enum status set_up(const struct arguments *arguments, struct trouble *trouble)
{
    const char *home = arguments->words[0];
    struct node_conf conf;
    enum status status = node_conf_read(home, &conf, trouble);

    if (status == STATUS_OK && arguments_flag(arguments, "off")) {
        *conf.office_address = 0;
        status = node_conf_write(home, &conf, trouble);
        if (status == STATUS_OK) /* else a thief of the disk passes for the page */
            status = office_papers_end(home, trouble);
        if (status == STATUS_OK)
            (void)printf("page      served to no desk\n");
        return status;
    }
    if (status == STATUS_OK)
        status = read_place(arguments, &conf, trouble);
    if (status == STATUS_OK && asks_for_papers(arguments))
        status = make_papers(arguments, &conf, trouble);
    if (status == STATUS_OK &&
        (asks_for_papers(arguments) || arguments_option(arguments, "port")))
        status = node_conf_write(home, &conf, trouble);
    return status == STATUS_OK ? show(arguments, &conf, trouble) : status;
}

int cmd_office(const struct command *command, int argc, char **argv)
{
    struct arguments arguments;
    struct trouble trouble = {""};
    struct node *node = NULL;
    bool done = false;
    int code = command_parse(command, argc, argv, 1, 1, &arguments, &done);

    if (done || code != 0)
        return code;
    struct node_options options = {
        .home = arguments.words[0], .clock = clock_system(), .chance = chance_system()};
    enum status status = node_open(&options, &node, &trouble); /* it must not run */
    if (status == STATUS_OK)
        status = set_up(&arguments, &trouble);
    node_close(&node);
    if (status != STATUS_OK)
        command_complain("%s", *trouble.text ? trouble.text : status_name(status));
    return command_exit_code(status);
}
