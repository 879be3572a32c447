/* SPDX-License-Identifier: Apache-2.0
 *
 * consent_schema: the SQL script of consent, of what was shared, of acts, and of what is left when content was
 * destroyed, for the node's numbered list. Once released it is not changed: a later script alters.
 */
#ifndef AMAAN_CONSENT_SCHEMA_H
#define AMAAN_CONSENT_SCHEMA_H

extern const char *const CONSENT_SCHEMA;

#endif
