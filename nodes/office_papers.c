/* SPDX-License-Identifier: Apache-2.0 */
#include "office_papers.h"

#include <string.h>

#include "disk.h"
#include "memory.h"
#include "node_conf.h"
#include "subnet.h"

enum { HEAD_BYTES = 6, AUTHORITY_MAX = 2 * CERTIFICATE_TEXT_MAX };

#define MAGIC "AMO1"
#define AUTHORITY_FILE "office.authority"
#define PAGE_FILE "office.pem"

/* The authority as its file has it: the key is still boxed. */
struct boxed {
    struct buffer file;
    struct span certificate, box; /* into the file */
};

struct certificate_place office_place(const struct node_conf *conf)
{
    struct certificate_place place = {.name = ""};
    struct trouble trouble;

    PROMISE(subnet_parse(conf->office_address, place.address, &trouble) == STATUS_OK &&
            strlen(conf->office_name) < sizeof(place.name));
    memcpy(place.name, conf->office_name, strlen(conf->office_name) + 1);
    return place;
}

void office_papers_release(struct office_papers *papers)
{
    buffer_release(&papers->server);
    buffer_release(&papers->authority);
}

static enum status read_file(const char *home, const char *name, size_t max,
    struct buffer *ret, struct trouble *trouble)
{
    char *path = disk_path(home, name);
    enum status status = disk_read(path, max, ret, trouble);

    memory_free(path);
    return status;
}

static enum status write_file(const char *home, const char *name,
    const struct buffer *text, struct trouble *trouble)
{
    char *path = disk_path(home, name);
    enum status status = disk_write(path, buffer_span(text), 0600, trouble);

    memory_free(path);
    return status;
}

/* --- the authority ------------------------------------------------------------------------------------------ */

static enum status read_boxed(
    const char *home, struct boxed *ret, struct trouble *trouble)
{
    enum status status;

    buffer_init(&ret->file, AUTHORITY_MAX);
    status = read_file(home, AUTHORITY_FILE, AUTHORITY_MAX, &ret->file, trouble);
    if (status != STATUS_OK)
        return status;
    struct reader reader = reader_over(buffer_span(&ret->file));

    reader_expect(&reader, MAGIC, sizeof(MAGIC) - 1);
    ret->certificate = reader_take(&reader, reader_u16(&reader));
    ret->box = reader_take(&reader, reader.left);
    if (reader_end(&reader) == STATUS_OK && ret->box.n > BOX_EXTRA_BYTES)
        return STATUS_OK;
    trouble_say(trouble,
        AUTHORITY_FILE " is damaged. Make another authority: \"amaan-node "
                       "office --new\"; the desks install it again.");
    buffer_release(&ret->file);
    return STATUS_MALFORMED;
}

static void derive(const struct box_key *master, struct box_key *ret)
{
    box_derive_key(master, "office authority", ret);
}

static enum status open_box(const struct boxed *boxed, const struct box_key *master,
    struct buffer *ret_key, struct trouble *trouble)
{
    struct box_key key;
    enum status status;

    derive(master, &key);
    buffer_init(ret_key, CERTIFICATE_TEXT_MAX);
    status = box_break(&key, boxed->certificate, boxed->box, ret_key);
    memory_wipe(&key, sizeof(key));
    if (status != STATUS_OK)
        trouble_say(trouble, AUTHORITY_FILE " does not belong to this node. Make another "
                                            "authority: \"amaan-node office --new\"; the "
                                            "desks install it again.");
    return status;
}

static enum status write_authority(const struct office_papers_order *order,
    const struct buffer *key, const struct buffer *certificate, struct trouble *trouble)
{
    uint8_t head[HEAD_BYTES];
    struct writer writer = writer_over(head, sizeof(head));
    struct box_key boxing;
    struct buffer file;
    enum status status;

    buffer_init(&file, AUTHORITY_MAX);
    writer_put(&writer, MAGIC, sizeof(MAGIC) - 1);
    writer_u16(&writer, (uint16_t)certificate->used);
    status = buffer_put(&file, head, sizeof(head));
    if (status == STATUS_OK)
        status = buffer_put(&file, certificate->bytes, certificate->used);
    derive(order->master, &boxing);
    if (status == STATUS_OK)
        status = box_apply(
            &boxing, order->chance, buffer_span(certificate), buffer_span(key), &file);
    memory_wipe(&boxing, sizeof(boxing));
    if (status == STATUS_OK)
        status = write_file(order->home, AUTHORITY_FILE, &file, trouble);
    buffer_release(&file);
    return status;
}

static enum status make_authority(
    const struct office_papers_order *order, struct trouble *trouble)
{
    struct buffer key, certificate;
    enum status status = certificate_make_authority(
        &order->place, clock_wall_ms(order->clock), order->chance, &key, &certificate);

    if (status != STATUS_OK) {
        trouble_say(trouble, "no certificate could be made. Nothing was changed.");
        return status;
    }
    status = write_authority(order, &key, &certificate, trouble);
    buffer_release(&key);
    buffer_release(&certificate);
    return status;
}

/* --- the server's --------------------------------------------------------------------------------------------- */

static enum status write_server(const struct office_papers_order *order,
    const struct buffer *key, const struct buffer *certificate, struct trouble *trouble)
{
    struct buffer both;
    enum status status;

    buffer_init(&both, 2 * CERTIFICATE_TEXT_MAX);
    status = buffer_put(&both, key->bytes, key->used);
    if (status == STATUS_OK)
        status = buffer_put(&both, certificate->bytes, certificate->used);
    if (status == STATUS_OK)
        status = write_file(order->home, PAGE_FILE, &both, trouble);
    buffer_release(&both);
    return status;
}

static enum status make_server(
    const struct office_papers_order *order, struct trouble *trouble)
{
    struct buffer authority_key, key, certificate;
    struct boxed boxed;
    enum status status = read_boxed(order->home, &boxed, trouble);

    if (status != STATUS_OK)
        return status;
    status = open_box(&boxed, order->master, &authority_key, trouble);
    if (status == STATUS_OK) {
        struct certificate_authority authority = {
            buffer_span(&authority_key), boxed.certificate};

        status = certificate_make_server(&authority, &order->place,
            clock_wall_ms(order->clock), order->chance, &key, &certificate);
        if (status == STATUS_OK) {
            status = write_server(order, &key, &certificate, trouble);
            buffer_release(&key);
            buffer_release(&certificate);
        }
    }
    buffer_release(&authority_key);
    buffer_release(&boxed.file);
    return status;
}

enum status office_papers_make(
    const struct office_papers_order *order, bool *ret_anew, struct trouble *trouble)
{
    struct trouble why = {""};
    struct boxed boxed;
    bool keeps = !order->anew && read_boxed(order->home, &boxed, &why) == STATUS_OK;
    enum status status = STATUS_OK;

    if (keeps) {
        keeps = certificate_fits(boxed.certificate, &order->place) == STATUS_OK;
        buffer_release(&boxed.file);
    }
    if (!keeps)
        status = make_authority(order, trouble);
    if (status == STATUS_OK)
        status = make_server(order, trouble);
    *ret_anew = !keeps;
    return status;
}

enum status office_papers_renew(
    const struct office_papers_order *order, bool *ret_renewed, struct trouble *trouble)
{
    struct office_papers papers;
    int64_t now_ms = clock_wall_ms(order->clock);
    enum status status = office_papers_read(order->home, &order->place, &papers, trouble);

    *ret_renewed = false;
    if (status != STATUS_OK)
        return status;
    if (now_ms < papers.authority_about.from_ms ||
        now_ms > papers.authority_about.until_ms) {
        office_papers_release(&papers);
        trouble_say(trouble,
            "the clock of this computer says a time at which the authority is not good "
            "(a dead battery?). The page's certificate was not changed. Set the clock, "
            "and unlock again; if the clock is right: \"amaan-node office --new\".");
        return STATUS_CONFLICT;
    }
    /* A clock that was wrong when it was made is put right, too. */
    bool due = now_ms >= papers.page.from_ms + CERTIFICATE_RENEW_DAYS * DAY_MS ||
               now_ms < papers.page.from_ms;
    office_papers_release(&papers);
    if (!due)
        return STATUS_OK;
    status = make_server(order, trouble);
    *ret_renewed = status == STATUS_OK;
    return status;
}

enum status office_papers_end(const char *home, struct trouble *trouble)
{
    char *path = disk_path(home, PAGE_FILE);
    enum status status = disk_destroy(path, trouble);

    memory_free(path);
    return status;
}

static enum status look_at(const struct certificate_place *place,
    struct office_papers *papers, struct trouble *trouble)
{
    struct span server = buffer_span(&papers->server),
                authority = buffer_span(&papers->authority);
    enum status status = certificate_inspect(server, &papers->page);

    if (status == STATUS_OK)
        status = certificate_inspect(authority, &papers->authority_about);
    if (status == STATUS_OK)
        status = certificate_fits(authority, place);
    if (status == STATUS_OK)
        status = certificate_check(server, authority, place, papers->page.from_ms);
    if (status != STATUS_OK)
        trouble_say(trouble,
            "the certificate is damaged or was made for another address or name: run "
            "\"amaan-node office\" with the address and the name of now");
    return status;
}

enum status office_papers_read(const char *home, const struct certificate_place *place,
    struct office_papers *ret, struct trouble *trouble)
{
    struct trouble why = {""};
    struct boxed boxed;
    enum status status = read_boxed(home, &boxed, &why);

    buffer_init(&ret->authority, CERTIFICATE_TEXT_MAX);
    buffer_init(&ret->server, 2 * CERTIFICATE_TEXT_MAX + 1);
    if (status == STATUS_OK) {
        status = buffer_put(&ret->authority, boxed.certificate.at, boxed.certificate.n);
        buffer_release(&boxed.file);
    }
    if (status == STATUS_OK)
        status = read_file(home, PAGE_FILE, 2 * CERTIFICATE_TEXT_MAX, &ret->server, &why);
    if (status == STATUS_NOT_FOUND)
        trouble_say(trouble, "no certificate was made yet: run \"amaan-node office\"");
    else if (status != STATUS_OK)
        trouble_say(trouble, "%s", why.text);
    if (status == STATUS_OK)
        status = look_at(place, ret, trouble);
    if (status == STATUS_OK)
        status = buffer_put(&ret->server, "", 1);
    if (status != STATUS_OK)
        office_papers_release(ret);
    return status;
}
