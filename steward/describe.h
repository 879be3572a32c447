/* SPDX-License-Identifier: Apache-2.0
 *
 * describe: documents as facts: what `show`, `verify`, `sign` and `roster` tell a person before and after. With
 * plain profiles members have names; without they have node ids. Nothing is judged here.
 */
#ifndef AMAAN_DESCRIBE_H
#define AMAAN_DESCRIBE_H

#include "charter.h"
#include "facts.h"
#include "join.h"
#include "notice.h"
#include "parcel.h"
#include "plain.h"
#include "requests.h"
#include "roster.h"

/* Type, version, times, hash; root_fingerprint for a root document. */
void describe_document(struct facts *facts, const struct document *document);
/* Who signed; with a charter also how many of those needed, and which signatures count. */
void describe_signers(struct facts *facts, const struct document *document,
    const struct charter *charter, const struct signatures *signatures);
void describe_root(struct facts *facts, const struct root *root);
/* Who comes and who goes. */
void describe_root_changes(
    struct facts *facts, const struct root *before, const struct root *after);
void describe_roster(
    struct facts *facts, const struct roster *roster, const struct plain *plain);
/* What the later roster changes; before NULL: everything is new. Renewals are told, order is not. With requests
 * (may be NULL) new keys are told with the fingerprint of the request that they agree with, or as unchecked. */
void describe_changes(struct facts *facts, const struct roster *before,
    const struct roster *after, const struct plain *plain,
    const struct requests *requests);
void describe_parcel(struct facts *facts, const struct parcel *parcel);
void describe_notice(
    struct facts *facts, const struct notice *notice, const struct plain *plain);
void describe_join(struct facts *facts, const struct join *join);
void describe_plain(struct facts *facts, const struct plain *plain);

/* The part of a document that its type gives it. MALFORMED. facts may be NULL: judged, not told. */
enum status describe_part(struct facts *facts, const struct document *document,
    const struct plain *plain) MUST_USE;

#endif
