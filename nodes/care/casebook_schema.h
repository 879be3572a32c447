/* SPDX-License-Identifier: Apache-2.0
 *
 * casebook_schema: the SQL script of the tables of cases and arrivals, for the node's numbered list, behind
 * CARE_SCHEMA. Once released it is not changed: a later script alters.
 *
 * Whoever adds a table with rows that belong to a case gives it
 *     case_ident BLOB NOT NULL REFERENCES case_file (ident) ON DELETE CASCADE
 * with an index that begins with it, and boxes what stands in it under casebook_key: then erasing the case takes the
 * rows with it, and what old pages keep of them cannot be opened.
 */
#ifndef AMAAN_CASEBOOK_SCHEMA_H
#define AMAAN_CASEBOOK_SCHEMA_H

extern const char *const CASEBOOK_SCHEMA;
extern const char *const CASE_COPY_SCHEMA;

#endif
