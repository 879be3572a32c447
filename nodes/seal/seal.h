/* SPDX-License-Identifier: Apache-2.0
 *
 * seal: make an envelope from a letter for one member, and open one (PROTOCOL.md 1.1, 1.6, 1.7).
 *
 * One recipient, one key, no trial decryption: the prekey id of the header chooses the key. The signature
 * stands inside and covers header, recipient and commitment; padding is zero and checked, so header, inner
 * and body determine the ciphertext. Nothing here stores, and nothing decides what is said back: a failure
 * before the signature held must cause no answer at all.
 */
#ifndef AMAAN_SEAL_H
#define AMAAN_SEAL_H

#include "hpke.h"
#include "inner.h"
#include "prekey.h"
#include "receipt.h"
#include "transcript.h"
#include "trust.h"

/* Who seals or opens: this node. Borrowed pointers; the secret is wiped by its owner. */
struct sealer {
    const struct ident *network_id, *node_id;
    const struct sign_secret *identity;
    const struct sign_public
        *previous_identity; /* NULL if none: letters to it still open */
    struct chance *chance;
};

/* What stays the same in every sealing of a letter. */
struct letter {
    uint16_t kind;
    int64_t created_ms;
    uint32_t lifetime_s, after_back, chain_epoch;
    uint64_t pair_seq; /* 0 for unnumbered kinds; then prev_link, epoch, lifetime are 0 */
    struct hash prev_link;
    struct ident item_id;
    uint8_t body_salt[32];
    struct span body; /* borrowed */
};

struct sealing {
    const struct member *recipient; /* from the newest roster */
    const struct bundle *bundle;    /* verified */
    const struct prekey *prekey;    /* of that bundle: chosen by bundle_choose */
    enum lane lane;
    uint16_t seal_no;
    uint64_t roster_version;
    struct hash roster_hash;
    uint32_t min_bucket; /* 0, or a bucket to pad to at least */
};

/* Appends the envelope to the buffer (cleared first; give it ENVELOPE_BYTES_MAX). ret_link is link_n
 * (zero for unnumbered kinds), ret_msg_id the header's. TOO_BIG for a body beyond BODY_BYTES_MAX, FORGED
 * for a prekey of low order, UNSUPPORTED for a suite that this build lacks. */
enum status seal_apply(const struct sealer *sealer, const struct letter *letter,
    const struct sealing *sealing, struct buffer *ret_envelope, struct ident *ret_msg_id,
    struct hash *ret_link) MUST_USE;

/* Where an envelope failed; for the local log only. */
enum seal_step {
    SEAL_STEP_HEADER = 1,
    SEAL_STEP_QUEUE,
    SEAL_STEP_PREKEY,
    SEAL_STEP_OPEN,
    SEAL_STEP_INNER,
    SEAL_STEP_SENDER,
    SEAL_STEP_SIGNATURE,
    SEAL_STEP_ROSTER,
    SEAL_STEP_DONE
};

/* What the roster that the letter names is to mine (PROTOCOL.md 5): the same; older, with the hash that I
 * know for it; newer; the same or an older number with another hash, which proves a fork; or one that
 * cannot be judged: older than all I ever held, or more than ROSTER_JUMP_MAX ahead. */
enum roster_view { ROSTER_SAME, ROSTER_OLDER, ROSTER_NEWER, ROSTER_FORK, ROSTER_STRANGE };

/* An opened, proven letter. Wipe with opened_release. */
struct opened {
    struct header header;
    struct inner inner;
    struct span body; /* into the buffer given to seal_break */
    struct hash envelope, body_commit;
    struct hash
        link; /* link_n; zero if unnumbered or the sender is unknown: it binds node ids */
    const struct member *sender; /* borrowed from trust; NULL when standing is UNKNOWN */
    enum standing standing;      /* of the sender in my newest roster, now */
    enum roster_view roster;
};

/* Gives the secret of one of this node's prekeys, asked at most once an envelope; NOT_FOUND if it is
 * destroyed or was never made. */
struct prekey_source {
    enum status (*find)(void *context, uint64_t prekey_id, uint16_t *ret_suite,
        uint8_t ret_secret[static KEM_SECRET_MAX]);
    void *context;
};

/* Steps 1 to 8 of the opening order. `queues` are mine (present and previous). The plain text lands in
 * `plain` (cleared first; give it BUCKET_LARGE); it is empty after a failure. ret_step is always set:
 *   MALFORMED UNSUPPORTED  1, 5          DENIED  2, not my queue       NOT_FOUND  3, unreadable
 *   FORGED                 3 (the prekey is of another suite), 4, 7    whatever find or trust say, else
 * A sender unknown to my roster is not a failure: standing UNKNOWN, the signature then holds under the key
 * in the letter only (PARK). */
enum status seal_break(const struct sealer *sealer, struct trust *trust,
    const struct prekey_source *prekeys, const struct ident *queues, size_t n_queues,
    struct span envelope, int64_t now_ms, struct buffer *plain, struct opened *ret,
    enum seal_step *ret_step) MUST_USE;
/* Steps 5 to 8 once more, for a letter that was parked: from the header's bytes, the plain text and the
 * envelope's hash, as they were kept. `ret->body` points into plain. */
enum status seal_judge(const struct sealer *sealer, struct trust *trust,
    struct span header, struct span plain, const struct hash *envelope, int64_t now_ms,
    struct opened *ret, enum seal_step *ret_step) MUST_USE;
void opened_release(struct opened *opened);

/* A receipt for an opened, numbered letter of a known sender: RECEIPT_BYTES signed bytes. `link` is the one
 * held (for CONFLICT) or the letter's. */
void seal_receipt(const struct sealer *sealer, const struct trust *trust,
    const struct opened *letter, enum receipt_status status, enum receipt_code code,
    const struct hash *link, int64_t received_ms, uint8_t ret[static RECEIPT_BYTES]);
/* Decodes and checks a receipt against the issuer's present or previous identity; MALFORMED, FORGED (also
 * when it names another issuer). Whether the issuer is active, and which letter it fits, is the caller's
 * question. */
enum status seal_receipt_check(const struct ident *network_id,
    const struct member *issuer, struct span bytes, struct receipt *ret) MUST_USE;

/* HPKE known-answer test: to be run at start beside vault_start. */
enum status seal_self_test(struct trouble *trouble) MUST_USE;

#endif
