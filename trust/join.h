/* SPDX-License-Identifier: Apache-2.0
 *
 * join: the request with which a new member asks to be admitted: its public keys, its wished name and roles,
 * signed by the identity key in it (proof that it holds the secret). Carried as a small text file.
 *
 * Bytes, 208 + n (PROTOCOL.md 5a):
 *    0  4 "AMJ1" | 4  4 suites | 8  4 roles | 12  1 n, length of the name, 1..64 | 13  3 zero
 *   16 16 node id | 32 16 queue id | 48 32 identity | 80 32 transport | 112 32 directory
 *  144  n name: a-z 0-9 - and '.' | then 64 signature = Ed25519(identity, CONTEXT_JOIN | all before it)
 *
 * Text: the line "amaan join request 1", then the bytes as lower-case hex, 64 digits a line, the last line
 * shorter. A carriage return before a line end and empty lines at the end are forgiven, nothing else is.
 *
 * Fingerprint (fingerprint.h) of H(CONTEXT_JOIN | request without signature): 40 digits, read aloud
 * between steward and member.
 */
#ifndef AMAAN_JOIN_H
#define AMAAN_JOIN_H

#include "fingerprint.h"
#include "member.h"

enum { JOIN_NAME_BYTES = 65, JOIN_BYTES_MAX = 512, JOIN_TEXT_BYTES_MAX = 1024 };

struct join {
    struct ident node_id, queue_id;
    struct sign_public identity;
    uint8_t transport[TRANSPORT_KEY_BYTES];
    uint8_t directory[DIRECTORY_KEY_BYTES];
    uint32_t suites, roles; /* bits of suite.h and of the role numbers */
    char name[JOIN_NAME_BYTES];
    struct signature signature;
};

/* Signs the request (identity and signature of the struct are filled) and appends its text form (at most
 * JOIN_TEXT_BYTES_MAX). BUG for a name or keys that join_parse would refuse. */
enum status join_format(
    struct join *join, const struct sign_secret *identity, struct buffer *ret) MUST_USE;
/* MALFORMED, TOO_BIG, FORGED; the sentence says what to do. */
enum status join_parse(
    struct span text, struct join *ret, struct trouble *trouble) MUST_USE;
/* "12345 67890 ..." eight groups of five digits. */
void join_fingerprint(const struct join *join, char ret[static FINGERPRINT_TEXT_BYTES]);

#endif
