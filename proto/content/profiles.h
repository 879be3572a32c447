/* SPDX-License-Identifier: Apache-2.0
 *
 * profiles: what members say of themselves, signed by the stewards and sealed to members (PROTOCOL.md 5a).
 * Protobuf (content.proto Profiles), decoded after its hash was compared with the roster's. A shelter's
 * profile carries its coordinator's contact and never its place (eligibility.h).
 */
#ifndef AMAAN_PROFILES_H
#define AMAAN_PROFILES_H

#include "body.h"
#include "eligibility.h"
#include "ident.h"

enum role {
    ROLE_SCREENING = 1,
    ROLE_SHELTER,
    ROLE_MEDICAL,
    ROLE_PSYCHOSOCIAL,
    ROLE_LEGAL,
    ROLE_LIVELIHOOD,
    ROLE_EDUCATION,
    ROLE_CHILD_PROTECTION,
    ROLE_SUPPLIES,
    ROLE_COORDINATOR,
    ROLE_COUNT
};
enum {
    PROFILE_NAME_BYTES_MAX = 64,
    PROFILE_TEXT_BYTES_MAX = 200,
    PROFILES_ARENA_BYTES = 16 * 1024 * 1024,
    PROFILES_ARENA_PIECES = 200000
};

struct profile {
    struct ident node_id;
    const char
        *name;      /* "shelter.peshawar": lower case, digits, '-' and one or more '.' */
    uint32_t roles; /* bit 1 << (role - 1) */
    uint32_t services; /* bit 1 << (service - 1) */
    size_t n_languages;
    char languages[LANGUAGES_MAX][4];
    const char *hours, *contact; /* may be "" */
    struct eligibility eligibility;
};

struct profiles {
    uint64_t version;
    size_t n; /* ascending by node_id, no node twice, no name twice */
    const struct profile *profiles;
};

enum status profiles_encode(
    const struct profiles *profiles, struct buffer *buffer) MUST_USE;
enum status profiles_decode(
    struct arena *arena, struct span bytes, struct profiles *ret) MUST_USE;
/* Has it the role shelter, or offers it the service? Its place is in no directory (DP14). */
bool profile_is_shelter(const struct profile *profile);
bool profile_name_is_valid(const char *name);
const char *role_name(enum role role);
enum status role_parse(const char *word, enum role *ret) MUST_USE;

#endif
