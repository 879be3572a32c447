/* SPDX-License-Identifier: Apache-2.0
 *
 * care_schema: the SQL script of care's tables, for the node's numbered list. Once released it is not changed: a
 * later script alters.
 */
#ifndef AMAAN_CARE_SCHEMA_H
#define AMAAN_CARE_SCHEMA_H

extern const char *const CARE_SCHEMA;

#endif
