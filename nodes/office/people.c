/* SPDX-License-Identifier: Apache-2.0
 * A slot's bytes are kept as they stand in the file, so that place and box are over the same bytes.
 */
#include "people.h"

#include <string.h>

#include "dh.h"
#include "hash.h"
#include "hpke.h"
#include "memory.h"

enum {
    VERSION = 1,
    HEAD_BYTES = 40,
    SEALED_BYTES = BOX_KEY_BYTES + HPKE_TAG_BYTES,
    PAIR_BYTES = DH_BYTES + DH_BYTES + SEALED_BYTES,
    MARK_BYTES = 16,
    SLOT_HEAD_BYTES = 92,
    SECRET_BYTES = DH_BYTES + BOX_EXTRA_BYTES,
    SALT_BYTES = 32
};

static const char MAGIC[4] = {'A', 'M', 'K', '2'};
static const char INFO[] = "amaan:people:v1";
static const char OLD_NAME[] = "administrator"; /* of an older file, if none was said */

struct pair {
    uint8_t public[DH_BYTES], enc[DH_BYTES], sealed[SEALED_BYTES];
};

struct slot {
    struct colleague person;
    uint8_t mark[MARK_BYTES], salt[PASSWORD_SALT_BYTES], secret[SECRET_BYTES];
    struct cost cost;
    struct pair pair;
};

struct people {
    uint8_t salt[SALT_BYTES];
    struct slot slots[PEOPLE_MAX];
    size_t n;
    int self; /* -1: by recovery */
    bool has_recovery;
    struct pair recovery;
    struct node_keys keys;
    struct box_key wrapping;
};

static const char *const ROLE_NAMES[LOCAL_ROLE_COUNT] = {
    NULL, "reception", "worker", "supervisor", "administrator"};

const char *local_role_name(enum local_role role)
{
    return role >= LOCAL_RECEPTION && role < LOCAL_ROLE_COUNT ? ROLE_NAMES[role] : "none";
}

enum status local_role_parse(const char *text, enum local_role *ret)
{
    for (int i = LOCAL_RECEPTION; i < LOCAL_ROLE_COUNT; i++)
        if (strcmp(text, ROLE_NAMES[i]) == 0) {
            *ret = (enum local_role)i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

bool person_name_is_good(const char *name)
{
    size_t n = strlen(name);

    return n > 0 && n < PERSON_NAME_BYTES && text_is_clean(span_text(name)) &&
           !strpbrk(name, "\"\n");
}

static struct people *new_people(void)
{
    struct people *people = memory_new(sizeof(*people));

    people->self = -1;
    return people;
}

void people_destroy(struct people **people)
{
    if (!*people)
        return;
    memory_wipe(*people, sizeof(**people));
    memory_free(*people);
    *people = NULL;
}

/* --- pairs and slots ------------------------------------------------------------------------------------ */

/* The key-wrapping key, sealed to a public key and bound to whose slot it is (zero: recovery). */
static enum status seal_to(const struct box_key *wrapping, const struct ident *id,
    struct chance *chance, struct pair *pair)
{
    struct hpke hpke;
    enum status status = hpke_setup_sender(
        kem_find(1), chance, pair->public, span_text(INFO), pair->enc, &hpke);

    if (status != STATUS_OK)
        return status;
    hpke_seal(
        &hpke, 0, ident_span(id), span_of(wrapping->bytes, BOX_KEY_BYTES), pair->sealed);
    hpke_release(&hpke);
    return STATUS_OK;
}

static enum status open_sealed(const struct pair *pair, const struct ident *id,
    const uint8_t secret[static DH_BYTES], struct box_key *ret)
{
    struct hpke hpke;
    enum status status =
        hpke_setup_recipient(kem_find(1), pair->enc, secret, span_text(INFO), &hpke);

    if (status != STATUS_OK)
        return status;
    status = hpke_open(
        &hpke, 0, ident_span(id), span_of(pair->sealed, SEALED_BYTES), ret->bytes);
    hpke_release(&hpke);
    return status;
}

static void make_mark(
    const struct people *people, const char *name, uint8_t ret[MARK_BYTES])
{
    struct hash hash = hash_keyed(people->salt, span_text(name));

    memcpy(ret, hash.bytes, MARK_BYTES);
}

static void write_slot_head(const struct slot *slot, struct writer *writer)
{
    writer_ident(writer, &slot->person.id);
    writer_put(writer, slot->mark, MARK_BYTES);
    writer_u8(writer, (uint8_t)slot->person.role);
    writer_zeros(writer, 3);
    writer_u32(writer, slot->cost.ops);
    writer_u32(writer, slot->cost.mem_kib);
    writer_put(writer, slot->salt, PASSWORD_SALT_BYTES);
    writer_put(writer, slot->pair.public, DH_BYTES);
}

/* The role can be changed by an administrator without the person's passphrase: it is not in the place. */
static struct span slot_place(const struct slot *slot, uint8_t memory[SLOT_HEAD_BYTES])
{
    struct slot without = *slot;
    struct writer writer = writer_over(memory, SLOT_HEAD_BYTES);

    without.person.role = 0;
    write_slot_head(&without, &writer);
    return writer_span(&writer);
}

/* A new pair, its secret under the passphrase. */
static enum status set_pair(
    struct slot *slot, struct span passphrase, struct cost cost, struct chance *chance)
{
    uint8_t secret[DH_BYTES], memory[SLOT_HEAD_BYTES];
    struct box_key key;
    struct buffer boxed;
    enum status status;

    chance_fill(chance, slot->salt, PASSWORD_SALT_BYTES);
    slot->cost = cost;
    status = password_key(passphrase, slot->salt, cost, &key);
    if (status != STATUS_OK)
        return status;
    dh_new_keys(chance, slot->pair.public, secret);
    buffer_init(&boxed, SECRET_BYTES);
    status = box_apply(
        &key, chance, slot_place(slot, memory), span_of(secret, sizeof(secret)), &boxed);
    if (status == STATUS_OK)
        memcpy(slot->secret, boxed.bytes, SECRET_BYTES);
    memory_wipe(secret, sizeof(secret));
    memory_wipe(&key, sizeof(key));
    buffer_release(&boxed);
    return status;
}

static enum status open_slot(
    const struct slot *slot, struct span passphrase, struct box_key *ret)
{
    uint8_t memory[SLOT_HEAD_BYTES];
    struct box_key key;
    struct buffer secret;
    enum status status = password_key(passphrase, slot->salt, slot->cost, &key);

    if (status != STATUS_OK)
        return status;
    buffer_init(&secret, DH_BYTES);
    status = box_break(
        &key, slot_place(slot, memory), span_of(slot->secret, SECRET_BYTES), &secret);
    if (status == STATUS_OK)
        status = open_sealed(&slot->pair, &slot->person.id, secret.bytes, ret);
    memory_wipe(&key, sizeof(key));
    buffer_release(&secret);
    return status == STATUS_OK ? STATUS_OK : STATUS_DENIED;
}

/* Everybody who is in the file now gets a new key-wrapping key; who was in it before does not. */
static enum status rewrap(struct people *people, struct chance *chance)
{
    struct ident nobody = {{0}};
    enum status status = STATUS_OK;

    box_new_key(chance, &people->wrapping);
    for (size_t i = 0; i < people->n && status == STATUS_OK; i++)
        status = seal_to(&people->wrapping, &people->slots[i].person.id, chance,
            &people->slots[i].pair);
    if (status == STATUS_OK && people->has_recovery)
        status = seal_to(&people->wrapping, &nobody, chance, &people->recovery);
    return status;
}

/* --- the file --------------------------------------------------------------------------------------------- */

static void write_pair(const struct pair *pair, bool with_public, struct writer *writer)
{
    if (with_public)
        writer_put(writer, pair->public, DH_BYTES);
    writer_put(writer, pair->enc, DH_BYTES);
    writer_put(writer, pair->sealed, SEALED_BYTES);
}

static struct span write_head(
    const struct people *people, uint8_t memory[PEOPLE_FILE_MAX])
{
    struct writer writer = writer_over(memory, PEOPLE_FILE_MAX);

    writer_put(&writer, MAGIC, sizeof(MAGIC));
    writer_u16(&writer, VERSION);
    writer_u8(&writer, (uint8_t)people->n);
    writer_u8(&writer, people->has_recovery);
    writer_put(&writer, people->salt, SALT_BYTES);
    if (people->has_recovery)
        write_pair(&people->recovery, true, &writer);
    else
        writer_zeros(&writer, PAIR_BYTES);
    for (size_t i = 0; i < people->n; i++) {
        write_slot_head(&people->slots[i], &writer);
        writer_put(&writer, people->slots[i].secret, SECRET_BYTES);
        write_pair(&people->slots[i].pair, false, &writer);
    }
    return writer_span(&writer);
}

enum status people_encode(
    const struct people *people, struct chance *chance, struct buffer *ret)
{
    uint8_t head[PEOPLE_FILE_MAX], body[KEYRING_BYTES + PEOPLE_MAX * PERSON_NAME_BYTES];
    struct writer writer = writer_over(body, sizeof(body));
    struct span place = write_head(people, head);
    enum status status;

    keyring_encode(&people->keys, &writer);
    for (size_t i = 0; i < people->n; i++)
        writer_put(&writer, people->slots[i].person.name, PERSON_NAME_BYTES);
    status = buffer_put(ret, place.at, place.n);
    if (status == STATUS_OK)
        status = box_apply(&people->wrapping, chance, place, writer_span(&writer), ret);
    memory_wipe(body, sizeof(body));
    return status;
}

static void read_slot(struct reader *reader, struct slot *slot)
{
    slot->person.id = reader_ident(reader);
    reader_copy(reader, slot->mark, MARK_BYTES);
    slot->person.role = (enum local_role)reader_u8(reader);
    reader_zeros(reader, 3);
    slot->cost.ops = reader_u32(reader);
    slot->cost.mem_kib = reader_u32(reader);
    reader_copy(reader, slot->salt, PASSWORD_SALT_BYTES);
    reader_copy(reader, slot->pair.public, DH_BYTES);
    reader_copy(reader, slot->secret, SECRET_BYTES);
    reader_copy(reader, slot->pair.enc, DH_BYTES);
    reader_copy(reader, slot->pair.sealed, SEALED_BYTES);
    if (slot->person.role < LOCAL_RECEPTION || slot->person.role >= LOCAL_ROLE_COUNT ||
        slot->cost.ops < COST_OPS_MIN || slot->cost.ops > COST_OPS_MAX ||
        slot->cost.mem_kib < COST_MEM_KIB_MIN || slot->cost.mem_kib > COST_MEM_KIB_MAX)
        reader_fail(reader);
}

static bool is_double(const struct people *people, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (ident_equal(&people->slots[i].person.id, &people->slots[j].person.id) ||
            memcmp(people->slots[i].mark, people->slots[j].mark, MARK_BYTES) == 0)
            return true;
    return false;
}

/* The clear part; *ret_place and *ret_box point into the file. */
static enum status read_head(
    struct span file, struct people *people, struct span *ret_place, struct span *ret_box)
{
    struct reader reader = reader_over(file);
    size_t body;

    reader_expect(&reader, MAGIC, sizeof(MAGIC));
    uint16_t version = reader_u16(&reader);
    if (!reader.bad && version != VERSION)
        return STATUS_UNSUPPORTED;
    people->n = reader_u8(&reader);
    uint8_t recovery = reader_u8(&reader);
    if (people->n < 1 || people->n > PEOPLE_MAX || recovery > 1)
        return STATUS_MALFORMED;
    people->has_recovery = recovery == 1;
    reader_copy(&reader, people->salt, SALT_BYTES);
    if (people->has_recovery) {
        reader_copy(&reader, people->recovery.public, DH_BYTES);
        reader_copy(&reader, people->recovery.enc, DH_BYTES);
        reader_copy(&reader, people->recovery.sealed, SEALED_BYTES);
    } else {
        reader_zeros(&reader, PAIR_BYTES);
    }
    for (size_t i = 0; i < people->n; i++) {
        read_slot(&reader, &people->slots[i]);
        if (is_double(people, i))
            reader_fail(&reader);
    }
    *ret_place = span_of(file.at, file.n - reader.left);
    body = KEYRING_BYTES + people->n * PERSON_NAME_BYTES + BOX_EXTRA_BYTES;
    *ret_box = reader_take(&reader, body);
    if (people_administrators(people) == 0)
        reader_fail(&reader);
    return reader_end(&reader);
}

static bool is_old(struct span file)
{
    return file.n >= 4 && memcmp(file.at, "AMK1", 4) == 0;
}

enum status people_inspect(struct span file)
{
    struct people *people;
    struct span place, box;
    enum keyfile_kind kind;
    struct cost cost;
    enum status status;

    if (is_old(file)) {
        status = keyfile_inspect(file, &kind, &cost);
        return status == STATUS_OK && kind != KEYFILE_NODE ? STATUS_MALFORMED : status;
    }
    people = new_people();
    status = read_head(file, people, &place, &box);
    people_destroy(&people);
    return status;
}

/* Names and marks belong to each other; a name ends. */
static enum status read_names(struct people *people, struct span names)
{
    uint8_t mark[MARK_BYTES];
    struct reader reader = reader_over(names);

    for (size_t i = 0; i < people->n; i++) {
        struct slot *slot = &people->slots[i];

        reader_copy(&reader, slot->person.name, PERSON_NAME_BYTES);
        if (slot->person.name[PERSON_NAME_BYTES - 1] ||
            !person_name_is_good(slot->person.name))
            return STATUS_MALFORMED;
        make_mark(people, slot->person.name, mark);
        if (memcmp(mark, slot->mark, MARK_BYTES) != 0)
            return STATUS_MALFORMED;
    }
    return reader_end(&reader);
}

static enum status open_body(struct people *people, struct span place, struct span box)
{
    struct buffer body;
    enum status status;

    buffer_init(&body, KEYRING_BYTES + PEOPLE_MAX * PERSON_NAME_BYTES);
    status = box_break(&people->wrapping, place, box, &body);
    if (status != STATUS_OK)
        status = STATUS_DENIED;
    if (status == STATUS_OK)
        status = keyring_decode(span_of(body.bytes, KEYRING_BYTES), &people->keys);
    if (status == STATUS_OK)
        status = read_names(
            people, span_of(body.bytes + KEYRING_BYTES, body.used - KEYRING_BYTES));
    buffer_release(&body);
    return status;
}

static int find_slot(const struct people *people, const char *name)
{
    uint8_t mark[MARK_BYTES];

    make_mark(people, name, mark);
    for (size_t i = 0; i < people->n; i++)
        if (memcmp(people->slots[i].mark, mark, MARK_BYTES) == 0)
            return (int)i;
    return -1;
}

/* An id that stays while the old file does, and is kept when the new one is made of it. */
static enum status break_old(struct span file, const char *name, struct span passphrase,
    struct chance *chance, struct people *people)
{
    enum keyfile_kind kind;
    struct cost cost;
    struct hash hash = hash_of(file);
    const char *called = person_name_is_good(name) ? name : OLD_NAME;
    struct slot *slot = &people->slots[0];
    enum status status = keyfile_inspect(file, &kind, &cost);

    if (status == STATUS_OK)
        status = keyring_break(file, passphrase, &people->keys);
    if (status != STATUS_OK)
        return status;
    memcpy(people->salt, hash.bytes, SALT_BYTES);
    memcpy(slot->person.id.bytes, hash.bytes, IDENT_BYTES);
    memcpy(slot->person.name, called, strlen(called));
    make_mark(people, called, slot->mark);
    slot->person.role = LOCAL_ADMINISTRATOR;
    people->n = 1;
    people->self = 0;
    status = set_pair(slot, passphrase, cost, chance);
    return status == STATUS_OK ? rewrap(people, chance) : status;
}

/* A name that nobody has costs as much time as a wrong passphrase: from an office's network (web_enter.h) the time would tell
 * who works here. */
static enum status break_new(
    struct span file, const char *name, struct span passphrase, struct people *people)
{
    struct span place, box;
    enum status status = read_head(file, people, &place, &box);

    if (status != STATUS_OK)
        return status;
    if (!*name && people->n > 1)
        return STATUS_NOT_FOUND;
    people->self = *name ? find_slot(people, name) : 0;
    if (people->self < 0) {
        status = open_slot(&people->slots[0], passphrase, &people->wrapping);
        return status == STATUS_FULL ? status : STATUS_DENIED;
    }
    status = open_slot(&people->slots[people->self], passphrase, &people->wrapping);
    return status == STATUS_OK ? open_body(people, place, box) : status;
}

enum status people_break(struct span file, const char *name, struct span passphrase,
    struct chance *chance, struct people **ret)
{
    struct people *people = new_people();
    enum status status = is_old(file) ? break_old(file, name, passphrase, chance, people)
                                      : break_new(file, name, passphrase, people);

    if (status != STATUS_OK) {
        people_destroy(&people);
        return status;
    }
    *ret = people;
    return STATUS_OK;
}

enum status people_break_by_recovery(
    struct span file, const uint8_t secret[static RECOVERY_BYTES], struct people **ret)
{
    struct people *people = new_people();
    struct ident nobody = {{0}};
    struct span place, box;
    enum status status =
        is_old(file) ? STATUS_DENIED : read_head(file, people, &place, &box);

    if (status == STATUS_OK && !people->has_recovery)
        status = STATUS_DENIED;
    if (status == STATUS_OK &&
        open_sealed(&people->recovery, &nobody, secret, &people->wrapping) != STATUS_OK)
        status = STATUS_DENIED;
    if (status == STATUS_OK)
        status = open_body(people, place, box);
    if (status != STATUS_OK) {
        people_destroy(&people);
        return status;
    }
    *ret = people;
    return STATUS_OK;
}

/* --- asking ----------------------------------------------------------------------------------------------- */

const struct node_keys *people_keys(const struct people *people)
{
    return &people->keys;
}

const struct colleague *people_self(const struct people *people)
{
    return people->self < 0 ? NULL : &people->slots[people->self].person;
}

size_t people_count(const struct people *people)
{
    return people->n;
}

const struct colleague *people_nth(const struct people *people, size_t i)
{
    PROMISE(i < people->n);
    return &people->slots[i].person;
}

const struct colleague *people_find(const struct people *people, const char *name)
{
    int i = find_slot(people, name);

    return i < 0 ? NULL : &people->slots[i].person;
}

size_t people_administrators(const struct people *people)
{
    size_t n = 0;

    for (size_t i = 0; i < people->n; i++)
        n += people->slots[i].person.role == LOCAL_ADMINISTRATOR;
    return n;
}

bool people_have_recovery(const struct people *people)
{
    return people->has_recovery;
}

/* --- changing --------------------------------------------------------------------------------------------- */

static bool may_change(const struct people *people)
{
    return people->self < 0 ||
           people->slots[people->self].person.role == LOCAL_ADMINISTRATOR;
}

static enum status put_person(struct people *people, const char *name,
    enum local_role role, struct span passphrase, struct cost cost, struct chance *chance)
{
    struct slot slot;
    enum status status;

    if (!person_name_is_good(name) || role < LOCAL_RECEPTION || role >= LOCAL_ROLE_COUNT)
        return STATUS_MALFORMED;
    if (find_slot(people, name) >= 0)
        return STATUS_EXISTS;
    if (people->n == PEOPLE_MAX)
        return STATUS_FULL;
    memset(&slot, 0, sizeof(slot));
    slot.person.id = ident_new(chance);
    slot.person.role = role;
    memcpy(slot.person.name, name, strlen(name));
    make_mark(people, name, slot.mark);
    status = set_pair(&slot, passphrase, cost, chance);
    if (status == STATUS_OK)
        status = seal_to(&people->wrapping, &slot.person.id, chance, &slot.pair);
    if (status == STATUS_OK)
        people->slots[people->n++] = slot;
    return status;
}

enum status people_new(const struct node_keys *keys, const char *name,
    struct span passphrase, struct cost cost, struct chance *chance, struct people **ret)
{
    struct people *people = new_people();
    enum status status;

    people->keys = *keys;
    chance_fill(chance, people->salt, SALT_BYTES);
    box_new_key(chance, &people->wrapping);
    status = put_person(people, name, LOCAL_ADMINISTRATOR, passphrase, cost, chance);
    if (status != STATUS_OK) {
        people_destroy(&people);
        return status;
    }
    people->self = 0;
    *ret = people;
    return STATUS_OK;
}

enum status people_add(struct people *people, const char *name, enum local_role role,
    struct span passphrase, struct cost cost, struct chance *chance)
{
    if (!may_change(people))
        return STATUS_DENIED;
    return put_person(people, name, role, passphrase, cost, chance);
}

static bool is_last_administrator(const struct people *people, int i)
{
    return people->slots[i].person.role == LOCAL_ADMINISTRATOR &&
           people_administrators(people) == 1;
}

enum status people_remove(struct people *people, const char *name, struct chance *chance)
{
    int i = find_slot(people, name);

    if (!may_change(people))
        return STATUS_DENIED;
    if (i < 0)
        return STATUS_NOT_FOUND;
    if (is_last_administrator(people, i) || i == people->self)
        return STATUS_CONFLICT;
    memmove(&people->slots[i], &people->slots[i + 1],
        (people->n - (size_t)i - 1) * sizeof(people->slots[0]));
    memory_wipe(&people->slots[--people->n], sizeof(people->slots[0]));
    people->self -= people->self > i;
    return rewrap(people, chance);
}

enum status people_set_role(struct people *people, const char *name, enum local_role role)
{
    int i = find_slot(people, name);

    if (!may_change(people))
        return STATUS_DENIED;
    if (i < 0)
        return STATUS_NOT_FOUND;
    if (role != LOCAL_ADMINISTRATOR && is_last_administrator(people, i))
        return STATUS_CONFLICT;
    people->slots[i].person.role = role;
    return STATUS_OK;
}

enum status people_set_passphrase(struct people *people, struct span passphrase,
    struct cost cost, struct chance *chance)
{
    enum status status;

    if (people->self < 0)
        return STATUS_DENIED;
    status = set_pair(&people->slots[people->self], passphrase, cost, chance);
    return status == STATUS_OK ? rewrap(people, chance) : status;
}

enum status people_set_recovery(struct people *people, struct chance *chance,
    uint8_t ret_secret[static RECOVERY_BYTES])
{
    if (!may_change(people))
        return STATUS_DENIED;
    dh_new_keys(chance, people->recovery.public, ret_secret);
    people->has_recovery = true;
    return rewrap(people, chance);
}

enum status people_restore(struct people *people, const char *name,
    struct span passphrase, struct cost cost, struct chance *chance)
{
    int i = find_slot(people, name);
    enum status status;

    if (people->self >= 0)
        return STATUS_DENIED;
    if (i < 0)
        status = put_person(people, name, LOCAL_ADMINISTRATOR, passphrase, cost, chance);
    else
        status = set_pair(&people->slots[i], passphrase, cost, chance);
    if (status != STATUS_OK)
        return status;
    if (i >= 0)
        people->slots[i].person.role = LOCAL_ADMINISTRATOR;
    return rewrap(people, chance);
}
