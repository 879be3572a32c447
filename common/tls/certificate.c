/* SPDX-License-Identifier: Apache-2.0
 * A GnuTLS call that fails for another reason than its input fails for want of memory: both are MALFORMED here, and nothing is made.
 */
#include "certificate.h"

#include <ctype.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "memory.h"

enum { SERIAL_BYTES = 16, SHA256_BYTES = 32, MASKED_BYTES = 8, SUBJECT_BYTES = 96 };

/* Of an office without a name. */
#define NO_NAME "no-name.invalid"
#define CLOCKS_DIFFER_MS DAY_MS

bool certificate_name_is_good(const char *name)
{
    size_t n = strlen(name), numbers = strspn(name, "0123456789.");
    bool label = false;

    if (n == 0 || n >= CERTIFICATE_NAME_MAX || numbers == n || !strchr(name, '.'))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool plain = islower((unsigned char)name[i]) || isdigit((unsigned char)name[i]);

        if (name[i] == '.' || name[i] == '-') {
            if (!label || (name[i] == '.' && name[i - 1] == '-'))
                return false;
            label = name[i] == '-';
        } else if (plain) {
            label = true;
        } else {
            return false;
        }
    }
    return name[n - 1] != '.' && name[n - 1] != '-';
}

static gnutls_datum_t datum_of(struct span span)
{
    return (gnutls_datum_t){
        .data = (unsigned char *)(uintptr_t)span.at, .size = (unsigned)span.n};
}

static const char *name_of(const struct certificate_place *place)
{
    return *place->name ? place->name : NO_NAME;
}

/* --- making ------------------------------------------------------------------------------------------------- */

static enum status make_key(gnutls_x509_privkey_t *ret)
{
    if (gnutls_x509_privkey_init(ret) < 0)
        return STATUS_MALFORMED;
    return gnutls_x509_privkey_generate(*ret, GNUTLS_PK_ECDSA,
               GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) < 0
               ? STATUS_MALFORMED
               : STATUS_OK;
}

/* What both kinds have: key, serial, life. */
static bool put_frame(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, int64_t now_ms,
    int days, struct chance *chance)
{
    uint8_t serial[SERIAL_BYTES];
    int64_t from_ms = now_ms - CLOCKS_DIFFER_MS;

    chance_fill(chance, serial, sizeof(serial));
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive, and of one length */
    return gnutls_x509_crt_set_version(crt, 3) >= 0 &&
           gnutls_x509_crt_set_serial(crt, serial, sizeof(serial)) >= 0 &&
           gnutls_x509_crt_set_activation_time(crt, (time_t)(from_ms / SECOND_MS)) >= 0 &&
           gnutls_x509_crt_set_expiration_time(
               crt, (time_t)((now_ms + days * DAY_MS) / SECOND_MS)) >= 0 &&
           gnutls_x509_crt_set_key(crt, key) >= 0 &&
           gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0) >= 0;
}

/* As an organisation: a common name is read as a name of the server where no other stands (RFC 6125 6.4.4). */
static bool put_subject(
    gnutls_x509_crt_t crt, const char *kind, const struct certificate_place *place)
{
    char text[SUBJECT_BYTES];
    int n = *place->name
                ? snprintf(text, sizeof(text), "%s %s", kind, place->name)
                : snprintf(text, sizeof(text), "%s %u.%u.%u.%u", kind, place->address[0],
                      place->address[1], place->address[2], place->address[3]);

    return gnutls_x509_crt_set_dn_by_oid(
               crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, text, (unsigned)n) >= 0;
}

static bool put_key_id(gnutls_x509_crt_t crt, gnutls_x509_crt_t of,
    int (*put)(gnutls_x509_crt_t crt, const void *id, size_t n))
{
    unsigned char id[64];
    size_t n = sizeof(id);

    return gnutls_x509_crt_get_key_id(of, 0, id, &n) >= 0 && put(crt, id, n) >= 0;
}

static bool put_constraints(gnutls_x509_crt_t crt, const struct certificate_place *place)
{
    gnutls_x509_name_constraints_t names;
    uint8_t masked[MASKED_BYTES];
    bool good;

    if (gnutls_x509_name_constraints_init(&names) < 0)
        return false;
    memcpy(masked, place->address, sizeof(place->address));
    memset(masked + sizeof(place->address), 0xff, sizeof(place->address));
    gnutls_datum_t address = {masked, sizeof(masked)};
    gnutls_datum_t name = datum_of(span_text(name_of(place)));

    good = gnutls_x509_name_constraints_add_permitted(
               names, GNUTLS_SAN_IPADDRESS, &address) >= 0 &&
           gnutls_x509_name_constraints_add_permitted(names, GNUTLS_SAN_DNSNAME, &name) >=
               0 &&
           gnutls_x509_crt_set_name_constraints(crt, names, 1) >= 0;
    gnutls_x509_name_constraints_deinit(names);
    return good;
}

/* `get` is of a text that is freed by GnuTLS: wiped before, for it may be a key. */
static enum status take_text(gnutls_datum_t *text, struct buffer *ret)
{
    enum status status;

    buffer_init(ret, CERTIFICATE_TEXT_MAX);
    status = buffer_put(ret, text->data, text->size);
    memory_wipe(text->data, text->size);
    gnutls_free(text->data);
    return status;
}

static enum status give_out(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key,
    struct buffer *ret_key, struct buffer *ret_certificate)
{
    gnutls_datum_t text = {NULL, 0};
    enum status status;

    if (gnutls_x509_privkey_export2_pkcs8(
            key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &text) < 0)
        return STATUS_MALFORMED;
    status = take_text(&text, ret_key);
    if (status == STATUS_OK &&
        gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &text) < 0)
        status = STATUS_MALFORMED;
    else if (status == STATUS_OK)
        status = take_text(&text, ret_certificate);
    if (status != STATUS_OK)
        buffer_release(ret_key);
    return status;
}

enum status certificate_make_authority(const struct certificate_place *place,
    int64_t now_ms, struct chance *chance, struct buffer *ret_key,
    struct buffer *ret_certificate)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t crt = NULL;
    enum status status = make_key(&key);

    if (status == STATUS_OK && gnutls_x509_crt_init(&crt) < 0)
        status = STATUS_MALFORMED;
    if (status == STATUS_OK &&
        !(put_frame(crt, key, now_ms, CERTIFICATE_AUTHORITY_DAYS, chance) &&
            put_subject(crt, "Amaan office", place) &&
            gnutls_x509_crt_set_basic_constraints(crt, 1, 0) >= 0 &&
            gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_CERT_SIGN) >= 0 &&
            put_constraints(crt, place) &&
            put_key_id(crt, crt, gnutls_x509_crt_set_subject_key_id) &&
            gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) >= 0))
        status = STATUS_MALFORMED;
    if (status == STATUS_OK)
        status = give_out(crt, key, ret_key, ret_certificate);
    gnutls_x509_crt_deinit(crt);
    gnutls_x509_privkey_deinit(key);
    return status;
}

static enum status read_certificate(struct span text, gnutls_x509_crt_t *ret)
{
    gnutls_datum_t datum = datum_of(text);

    if (text.n > CERTIFICATE_TEXT_MAX || gnutls_x509_crt_init(ret) < 0)
        return STATUS_MALFORMED;
    if (gnutls_x509_crt_import(*ret, &datum, GNUTLS_X509_FMT_PEM) >= 0)
        return STATUS_OK;
    gnutls_x509_crt_deinit(*ret);
    *ret = NULL;
    return STATUS_MALFORMED;
}

static enum status read_key(struct span text, gnutls_x509_privkey_t *ret)
{
    gnutls_datum_t datum = datum_of(text);

    if (text.n > CERTIFICATE_TEXT_MAX || gnutls_x509_privkey_init(ret) < 0)
        return STATUS_MALFORMED;
    if (gnutls_x509_privkey_import2(
            *ret, &datum, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN) >= 0)
        return STATUS_OK;
    gnutls_x509_privkey_deinit(*ret);
    *ret = NULL;
    return STATUS_MALFORMED;
}

static bool put_names(gnutls_x509_crt_t crt, const struct certificate_place *place)
{
    return gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, place->address,
               sizeof(place->address), GNUTLS_FSAN_SET) >= 0 &&
           (!*place->name ||
               gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, place->name,
                   (unsigned)strlen(place->name), GNUTLS_FSAN_APPEND) >= 0);
}

enum status certificate_make_server(const struct certificate_authority *authority,
    const struct certificate_place *place, int64_t now_ms, struct chance *chance,
    struct buffer *ret_key, struct buffer *ret_certificate)
{
    gnutls_x509_privkey_t key = NULL, signing = NULL;
    gnutls_x509_crt_t crt = NULL, above = NULL;
    enum status status = read_certificate(authority->certificate, &above);

    if (status == STATUS_OK)
        status = read_key(authority->key, &signing);
    if (status == STATUS_OK)
        status = make_key(&key);
    if (status == STATUS_OK && gnutls_x509_crt_init(&crt) < 0)
        status = STATUS_MALFORMED;
    if (status == STATUS_OK &&
        !(put_frame(crt, key, now_ms, CERTIFICATE_SERVER_DAYS, chance) &&
            put_subject(crt, "Amaan", place) && put_names(crt, place) &&
            gnutls_x509_crt_set_basic_constraints(crt, 0, -1) >= 0 &&
            gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE) >= 0 &&
            put_key_id(crt, crt, gnutls_x509_crt_set_subject_key_id) &&
            put_key_id(crt, above, gnutls_x509_crt_set_authority_key_id) &&
            gnutls_x509_crt_sign2(crt, above, signing, GNUTLS_DIG_SHA256, 0) >= 0))
        status = STATUS_MALFORMED;
    if (status == STATUS_OK)
        status = give_out(crt, key, ret_key, ret_certificate);
    gnutls_x509_crt_deinit(crt);
    gnutls_x509_crt_deinit(above);
    gnutls_x509_privkey_deinit(key);
    gnutls_x509_privkey_deinit(signing);
    return status;
}

/* --- looking ------------------------------------------------------------------------------------------------ */

static void format_digits(
    const unsigned char bytes[SHA256_BYTES], char ret[static CERTIFICATE_DIGITS])
{
    for (size_t i = 0, used = 0; i < SHA256_BYTES; i++)
        used += (size_t)snprintf(ret + used, CERTIFICATE_DIGITS - used, "%s%02X",
            i > 0 && i % 2 == 0 ? " " : "", bytes[i]);
}

enum status certificate_inspect(struct span certificate, struct certificate_about *ret)
{
    unsigned char bytes[SHA256_BYTES];
    size_t n = sizeof(bytes);
    gnutls_x509_crt_t crt = NULL;
    enum status status = read_certificate(certificate, &crt);

    if (status != STATUS_OK)
        return status;
    if (gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, bytes, &n) < 0 ||
        n != sizeof(bytes)) {
        status = STATUS_MALFORMED;
    } else {
        ret->from_ms = (int64_t)gnutls_x509_crt_get_activation_time(crt) * SECOND_MS;
        ret->until_ms = (int64_t)gnutls_x509_crt_get_expiration_time(crt) * SECOND_MS;
        format_digits(bytes, ret->digits);
    }
    gnutls_x509_crt_deinit(crt);
    return status;
}

/* The chain, with its names; times are held against the caller's clock by the caller. */
static bool is_signed_by(gnutls_x509_crt_t crt, gnutls_x509_crt_t above)
{
    gnutls_x509_trust_list_t list;
    unsigned int verdict = 0;
    bool good = false;

    if (gnutls_x509_trust_list_init(&list, 0) < 0)
        return false;
    if (gnutls_x509_trust_list_add_cas(list, &above, 1, 0) == 1)
        good = gnutls_x509_trust_list_verify_crt(list, &crt, 1,
                   GNUTLS_VERIFY_DISABLE_TIME_CHECKS |
                       GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS,
                   &verdict, NULL) >= 0 &&
               verdict == 0;
    gnutls_x509_trust_list_deinit(list, 0);
    return good;
}

static bool is_for(gnutls_x509_crt_t crt, const struct certificate_place *place)
{
    char address[16];

    (void)snprintf(address, sizeof(address), "%u.%u.%u.%u", place->address[0],
        place->address[1], place->address[2], place->address[3]);
    return gnutls_x509_crt_check_ip(crt, place->address, sizeof(place->address), 0) !=
               0 &&
           (!*place->name || gnutls_x509_crt_check_hostname(crt, place->name) != 0);
}

enum status certificate_check(struct span certificate, struct span authority,
    const struct certificate_place *place, int64_t now_ms)
{
    gnutls_x509_crt_t crt = NULL, above = NULL;
    struct certificate_about about;
    enum status status = certificate_inspect(certificate, &about);

    if (status == STATUS_OK)
        status = read_certificate(certificate, &crt);
    if (status == STATUS_OK)
        status = read_certificate(authority, &above);
    if (status == STATUS_OK && (!is_signed_by(crt, above) || !is_for(crt, place)))
        status = STATUS_FORGED;
    if (status == STATUS_OK && (now_ms < about.from_ms || now_ms > about.until_ms))
        status = STATUS_EXPIRED;
    gnutls_x509_crt_deinit(crt);
    gnutls_x509_crt_deinit(above);
    return status;
}

/* As it would be asked of a certificate with these names. */
enum status certificate_fits(struct span authority, const struct certificate_place *place)
{
    gnutls_x509_name_constraints_t names = NULL;
    gnutls_x509_crt_t above = NULL;
    unsigned int critical = 0;
    enum status status = read_certificate(authority, &above);

    if (status == STATUS_OK && gnutls_x509_name_constraints_init(&names) < 0)
        status = STATUS_MALFORMED;
    if (status == STATUS_OK &&
        gnutls_x509_crt_get_name_constraints(above, names, 0, &critical) < 0)
        status = STATUS_CONFLICT;
    gnutls_datum_t address = {
        (unsigned char *)(uintptr_t)place->address, sizeof(place->address)};
    gnutls_datum_t name = datum_of(span_text(name_of(place)));
    if (status == STATUS_OK &&
        (!critical ||
            !gnutls_x509_name_constraints_check(names, GNUTLS_SAN_IPADDRESS, &address) ||
            !gnutls_x509_name_constraints_check(names, GNUTLS_SAN_DNSNAME, &name)))
        status = STATUS_CONFLICT;
    if (names)
        gnutls_x509_name_constraints_deinit(names);
    gnutls_x509_crt_deinit(above);
    return status;
}

enum status certificate_encode(struct span certificate, struct buffer *ret_der)
{
    gnutls_datum_t der = {NULL, 0};
    gnutls_x509_crt_t crt = NULL;
    enum status status = read_certificate(certificate, &crt);

    if (status == STATUS_OK &&
        gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) < 0)
        status = STATUS_MALFORMED;
    else if (status == STATUS_OK)
        status = take_text(&der, ret_der);
    gnutls_x509_crt_deinit(crt);
    return status;
}
