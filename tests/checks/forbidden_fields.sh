#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# DP30: no message that travels and no column on a disk has a field for religion, ethnicity, politics or orientation
# DP11: no message that travels has a field for form answers, statements, CNIC or passport numbers, photographs or prints
# Fields of *.proto are read one by one; of C, the columns of CREATE TABLE.
# shellcheck source=tests/checks/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'rm -f "$FOUND" "$FOUND".*' EXIT INT TERM

never='relig|faith|sect([^a-z]|$)|sect_|denominat|ethnic|(^|_)race(_|$)|tribe|caste|clan|biradari|politic|orientation|sexuality'
travels_never='displace|cnic|nicop|passport|national_id|photo|image|finger|biometr|iris|answers|questionnaire|statement|testimony'

files_like '\.proto$' | while read -r file; do
    sed 's,//.*,,' "$file" | grep -nE '=[[:space:]]*[0-9]+' | sed -nE "s#^([0-9]+):.*[[:space:]]([a-z0-9_]+)[[:space:]]*=[[:space:]]*[0-9]+.*#$file:\\1 \\2#p"
done >"$FOUND.fields"
# Columns: names before a type, in the strings of schemas.
files_like '^(trust|broker|nodes)/.*\.c$' | while read -r file; do
    grep -q 'CREATE TABLE' "$file" || continue
    grep -noE '[a-z_]+ (INTEGER|BLOB|TEXT|REAL|ANY)' "$file" | sed -E "s#^([0-9]+):([a-z_]+) .*#$file:\\1 \\2#"
done >"$FOUND.columns"
[ -s "$FOUND.columns" ] || echo "no column was found: mend the search" >>"$FOUND"

awk '{ print $2, $1 }' "$FOUND.fields" "$FOUND.columns" | grep -iE "^[a-z_]*($never)" |
    sed 's/^\([^ ]*\) \(.*\)/\2: \1 is asked of nobody (DP30)/' >>"$FOUND" || true
awk '{ print $2, $1 }' "$FOUND.fields" | grep -iE "^[a-z_]*($travels_never)" |
    sed 's/^\([^ ]*\) \(.*\)/\2: \1 never travels (DP11)/' >>"$FOUND" || true
finish "$(wc -l <"$FOUND.fields")" "leave the field out; docs/CARE.md 1 says what a referral carries."
