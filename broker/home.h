/* SPDX-License-Identifier: Apache-2.0
 *
 * home: the folder of an exchange (0700), and the small files in it.
 *
 *     broker.conf     settings (conf.h)
 *     link.key        0600, the CURVE secret: 32 bytes, made once, never overwritten
 *     broker.amaan    the card: address and public key, for members' `join --broker`
 *     broker.db       the database (broker.h); only the running exchange opens it
 *     run/socket      where commands speak to the running exchange (control.h)
 *     run/endpoint    the real address of the last start
 *
 * The card is text: "endpoint = tcp://..." and "key = <64 hex digits>". Each start writes it anew when it no
 * longer tells the truth; a restarted exchange with port 0 takes its last port again if that is free, so
 * that members find it.
 */
#ifndef AMAAN_HOME_H
#define AMAAN_HOME_H

#include "bytes.h"
#include "chance.h"
#include "conf.h"
#include "dh.h"

struct home {
    char *folder, *conf, *key, *card, *database, *socket, *endpoint;
};

void home_init(struct home *home, const char *folder);
void home_release(struct home *home);

struct home_wish {
    const char *endpoint; /* NULL: the default */
    const char *public;   /* NULL: as endpoint */
    struct chance *chance;
};
struct home_made {
    bool conf, key; /* made now; false: was there and is as it was */
};
/* Makes what is missing. CONFLICT: broker.conf is there and says another address than wished. Also MALFORMED
 * (an address that cannot be), DENIED (the folder or the key is open to others), FULL, IO. */
enum status home_make(const struct home *home, const struct home_wish *wish,
    struct home_made *ret, struct trouble *trouble) MUST_USE;

/* NOT_FOUND says how to make it; DENIED: the folder is another user's, or open to others. */
enum status home_check(const struct home *home, struct trouble *trouble) MUST_USE;

/* link.key. NOT_FOUND says how to make it, DENIED (others can read it), CORRUPT (another size). The caller
 * wipes it. */
enum status home_read_secret(const struct home *home, uint8_t ret[static DH_BYTES],
    struct trouble *trouble) MUST_USE;

/* Where to listen now: that of the settings, or for port 0 the last one if nobody listens there. */
void home_choose_endpoint(const struct home *home, const struct conf *conf,
    char ret[static CONF_ENDPOINT_BYTES]);
/* Writes run/endpoint and, if it does not say so already, the card. */
enum status home_write_endpoint(const struct home *home, const struct conf *conf,
    const char *endpoint, const uint8_t public_key[static DH_BYTES],
    struct trouble *trouble) MUST_USE;

#endif
